//! One of N parts of a run, and which mailboxes belong to it. It is computed from the address alone
//! (docs/en/SHARDS.md). Pure.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use super::Plan;
use crate::domain::mailbox_address::Mailbox;

/// The most shards of a run.
const MOST: u64 = 1024;

/// Shard `index` of `count`, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    count: u64,
}

impl Shard {
    /// Its number, from one.
    pub fn index(self) -> u64 {
        self.index
    }

    /// The number of shards.
    pub fn count(self) -> u64 {
        self.count
    }

    /// Whether a mailbox belongs to it: the first eight bytes of the SHA-256 of the address in lower
    /// case, as a big-endian number, modulo the count, plus one, is its index.
    pub fn contains_mailbox(self, mailbox: &Mailbox) -> bool {
        self.contains_address(mailbox.as_str())
    }

    /// As [`Shard::contains_mailbox`], for an address as written.
    pub fn contains_address(self, address: &str) -> bool {
        let digest = Sha256::digest(address.to_ascii_lowercase().as_bytes());
        let first = digest.iter().take(8);
        let number = first.fold(0, |number, byte| (number << 8) | u64::from(*byte));
        number % self.count + 1 == self.index
    }

    /// Whether both are different parts of the same number of shards.
    pub fn is_sibling_of(self, other: Self) -> bool {
        self.count == other.count && self.index != other.index
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |digits: &str| -> Option<u64> {
            let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            is_plain.then(|| digits.parse().ok()).flatten()
        };
        let (index, count) = text.split_once('/').unwrap_or_default();
        let (Some(index), Some(count)) = (number(index), number(count)) else {
            return Err("expected a shard number and the number of shards, such as 3/8".to_owned());
        };
        if !(1..=MOST).contains(&count) {
            return Err(format!("found {count} shards, expected 1 to {MOST}"));
        }
        if !(1..=count).contains(&index) {
            return Err(format!(
                "found shard {index} of {count}; shards are counted from 1 to {count} (if your count begins at 0, add one)"
            ));
        }
        Ok(Self { index, count })
    }
}

/// A shard, and how many changes the whole plan has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShardSummary {
    /// Which part.
    pub shard: Shard,
    /// The number of changes of all shards; `None` before there is a plan.
    pub of_changes: Option<usize>,
}

impl Plan {
    /// A shard's part of this plan. It keeps the exceeded limits and the digest of the whole plan, so
    /// that clearing the part clears the whole. `in_sync` is its number of mailboxes in sync.
    #[must_use]
    pub fn restrict_to_shard(mut self, shard: Shard, in_sync: usize) -> Self {
        self.changes.retain(|change| shard.contains_mailbox(&change.mailbox));
        self.blocked.retain(|blocked| shard.contains_mailbox(&blocked.mailbox));
        self.in_progress.retain(|item| shard.contains_mailbox(&item.mailbox));
        self.unmanaged.retain(|unmanaged| shard.contains_mailbox(&unmanaged.mailbox));
        self.in_sync = in_sync;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shard_of_an_address_is_stable() {
        // printf %s ADDRESS | sha256sum
        for (address, first) in EXPECTED {
            for count in [1, 2, 8, 1000, 1024] {
                for index in 1..=count {
                    let shard = Shard { index, count };
                    let holds = first % count + 1 == index;
                    assert_eq!(shard.contains_mailbox(&Mailbox::from_portal(address)), holds);
                    assert_eq!(shard.contains_address(&address.to_ascii_uppercase()), holds);
                }
            }
        }
    }

    #[test]
    fn siblings_are_other_parts_of_as_many() {
        let shard = |text: &str| text.parse::<Shard>().unwrap();
        for (one, other, are_siblings) in [
            ("1/4", "2/4", true),
            ("1/4", "1/4", false),
            ("1/4", "2/3", false),
            ("1/4", "1/3", false),
        ] {
            assert_eq!(shard(one).is_sibling_of(shard(other)), are_siblings, "{one} {other}");
        }
    }

    #[test]
    fn a_share_has_the_shards_own_mailboxes_alone() {
        use crate::domain::approval::verification::UnverifiedApprovals;
        use crate::domain::archive_state::State;
        use crate::domain::desired::fold_requests;
        use crate::domain::observed::{Observed, sample_mailbox};
        use crate::domain::plan::diff::plan_changes;
        use crate::domain::request::sample::policy;

        let addresses: Vec<String> = (0..40).map(|n| format!("m{n}@agensi.example")).collect();
        let seen = addresses.iter();
        let seen = seen.map(|address| sample_mailbox(address, address, State::Enabled));
        let observed = Observed::new(seen.collect(), true);
        let nothing =
            fold_requests(&[], jiff::civil::date(2026, 11, 10), &UnverifiedApprovals::new());
        let whole = plan_changes(&nothing, &observed, &policy("A", ""));
        assert_eq!(whole.unmanaged.len(), 40);
        let mut shown = Vec::new();
        for index in 1..=4 {
            let share = whole.clone().restrict_to_shard(Shard { index, count: 4 }, 7);
            assert_eq!(share.in_sync, 7);
            assert!(share.unmanaged.len() < 40);
            shown.extend(share.unmanaged.into_iter().map(|one| one.mailbox));
        }
        shown.sort();
        let each: Vec<Mailbox> = whole.unmanaged.into_iter().map(|one| one.mailbox).collect();
        assert_eq!(shown, each);
    }

    const EXPECTED: [(&str, u64); 2] = [
        ("siti.aminah@agensi.example", 0x28e8_126e_d01e_1050),
        ("rosli@agensi.example", 0x386a_6a88_fd02_b054),
    ];

    #[test]
    fn refuses_what_is_not_a_shard() {
        assert_eq!("3/8".parse::<Shard>().map(|shard| shard.to_string()), Ok("3/8".into()));
        assert!("1024/1024".parse::<Shard>().is_ok());
        for (text, why) in [
            ("0/8", "add one"),
            ("9/8", "counted from 1 to 8"),
            ("1/0", "expected 1 to 1024"),
            ("1/1025", "1 to 1024"),
            ("3", "such as 3/8"),
            ("+3/8", "such as 3/8"),
            ("/", "such as 3/8"),
            ("3/8/2", "such as 3/8"),
            ("", "such as 3/8"),
            ("99999999999999999999/8", "such as 3/8"),
        ] {
            let message = text.parse::<Shard>().expect_err(text);
            assert!(message.contains(why), "{text}: {message}");
        }
    }
}
