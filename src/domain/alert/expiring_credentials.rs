//! The keys, certificates and lists by which approvals are verified, and when each ends. Pure.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::agency::Agency;
use crate::domain::local_time::local_day;
use crate::domain::policy::ApprovalProvenance;
use crate::signature::{Authority, RevocationList};

words! {
    /// What ends.
    pub enum EndingKind {
        /// The last key of an approver (`valid-before` in `allowed_signers`).
        Key = "key",
        /// The certificate of an authority.
        Authority = "authority",
        /// An authority's list of revoked certificates.
        Revocations = "revocations",
    }
}

/// Something by which approvals are verified, and its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiringCredential {
    /// What it is.
    pub kind: EndingKind,
    /// The approver's address, or the authority's name.
    pub name: String,
    /// The last moment at which it counts.
    pub at: Timestamp,
}

impl ExpiringCredential {
    /// The day of its end.
    pub fn day(&self) -> Date {
        local_day(self.at)
    }

    /// What is over is no news, but for a list: without a new one, nobody hears of what is revoked since.
    fn matters(&self, day: Date) -> bool {
        self.day() >= day || self.kind == EndingKind::Revocations
    }
}

/// All by which an agency verifies approvals that ends on that day or later, and lists that are over, the
/// soonest first. What has a successor is not among it: another key of the same approver, certificate of
/// the same authority, or newer list.
pub fn expiring_credentials(agency: &Agency, day: Date) -> Vec<ExpiringCredential> {
    let (policy, keys) = (&agency.policy, &agency.keys);
    if policy.provenance != ApprovalProvenance::Signed {
        return Vec::new();
    }
    let approvers = policy.approvers.iter().filter_map(|approver| {
        let own = keys.ssh.iter().filter(|signer| signer.address == approver.as_str());
        let own = own.filter(|signer| signer.may_sign_approvals());
        // A key without an end is greater than any that ends.
        let last = own.map(|signer| signer.valid_before.unwrap_or(Timestamp::MAX)).max()?;
        let ends = last < Timestamp::MAX;
        ends.then(|| ExpiringCredential {
            kind: EndingKind::Key,
            name: approver.to_string(),
            at: last,
        })
    });
    let same_name = |a: &Authority, b: &Authority| a.name() == b.name();
    let authorities = without_successor(&keys.authorities, same_name, Authority::valid_until);
    let authorities = authorities.map(|authority| ExpiringCredential {
        kind: EndingKind::Authority,
        name: authority.name().to_owned(),
        at: authority.valid_until(),
    });
    let lists = &keys.revocations;
    let lists =
        without_successor(lists, RevocationList::has_issuer_of, RevocationList::next_update);
    let lists = lists.map(|list| ExpiringCredential {
        kind: EndingKind::Revocations,
        name: list.name().to_owned(),
        at: list.next_update(),
    });
    let mut all: Vec<ExpiringCredential> = approvers.chain(authorities).chain(lists).collect();
    all.retain(|ending| ending.matters(day));
    all.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.name.cmp(&b.name)));
    all
}

/// Those of which no other of the same kind ends later.
fn without_successor<T>(
    all: &[T],
    is_same: impl Fn(&T, &T) -> bool,
    end: impl Fn(&T) -> Timestamp,
) -> impl Iterator<Item = &T> {
    let rank = move |index: usize| (end(&all[index]), index);
    let has_successor = move |index: usize| {
        let mut others = (0..all.len()).filter(|other| is_same(&all[*other], &all[index]));
        others.any(|other| rank(other) > rank(index))
    };
    let indexes = (0..all.len()).filter(move |index| !has_successor(*index));
    indexes.map(|index| &all[index])
}
