//! What the portal has in place of an account that it does not have: the same account under another
//! address, or an address that looks like a slip. Pure.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{Observed, PortalId, RecordedRequest, find_pair};
use crate::domain::mailbox_address::Mailbox;

/// The most characters that are wrong, missing or swapped in a slip.
const MAX_SLIPS: usize = 2;

/// The account that is probably meant by an address that has no account of its own. Nothing is done to it:
/// a person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelatedAccount {
    /// The account on which the request was carried out has this address now.
    RenamedTo(Mailbox),
    /// The address is another one of the account with this address.
    AliasOf(Mailbox),
    /// This address looks like it.
    Similar(Mailbox),
}

impl Observed {
    /// What the portal has in place of an account of that address. Similar addresses are looked for among
    /// these, if any are given.
    pub fn find_related_account(
        &self,
        mailbox: &Mailbox,
        addresses: Option<&SimilarAddressIndex<'_>>,
    ) -> Option<RelatedAccount> {
        let renamed = find_pair(&self.renamed, mailbox).cloned().map(RelatedAccount::RenamedTo);
        let alias = || find_pair(&self.aliases, mailbox).cloned().map(RelatedAccount::AliasOf);
        let similar = || addresses?.find_similar(mailbox).map(RelatedAccount::Similar);
        renamed.or_else(alias).or_else(similar)
    }

    /// The addresses of records that have no account, whose account has another address now.
    pub(super) fn find_renamed(&self, recorded: &[RecordedRequest]) -> Vec<(Mailbox, Mailbox)> {
        let gone = recorded.iter().filter(|entry| self.find_mailbox(&entry.mailbox).is_none());
        let gone: HashMap<&PortalId, &Mailbox> =
            gone.filter_map(|entry| Some((entry.id.as_ref()?, &entry.mailbox))).collect();
        let mut renamed: Vec<(Mailbox, Mailbox)> = Vec::new();
        if !gone.is_empty() {
            let all = self.mailboxes.iter();
            renamed.extend(all.filter_map(|observed| {
                Some(((*gone.get(&observed.id)?).clone(), observed.mailbox.clone()))
            }));
            renamed.sort_unstable();
        }
        renamed
    }

    /// All addresses, to look for similar ones; also those of mailboxes that were not kept.
    pub fn all_addresses(&self) -> SimilarAddressIndex<'_> {
        let kept = self.mailboxes().iter().map(|observed| observed.mailbox.as_str());
        let all = kept.chain(self.other_addresses.lines());
        let mut index: HashMap<u64, Vec<(u32, &str)>, RandomState> = HashMap::default();
        for address in all {
            index.entry(digits(address)).or_default().push((letter_set(address), address));
        }
        SimilarAddressIndex(index)
    }
}

/// Addresses by their digits, each with its letters: made once, so that many searches take little.
#[derive(Debug)]
pub struct SimilarAddressIndex<'a>(HashMap<u64, Vec<(u32, &'a str)>, RandomState>);

impl SimilarAddressIndex<'_> {
    /// The address that is most like one, if one looks like a slip of the other.
    fn find_similar(&self, mailbox: &Mailbox) -> Option<Mailbox> {
        let wanted = mailbox.as_str();
        let letters = letter_set(wanted);
        let is_near = |(other_letters, other): &&(u32, &str)| {
            (other_letters ^ letters).count_ones() as usize <= 2 * MAX_SLIPS
                && other.len().abs_diff(wanted.len()) <= MAX_SLIPS
                && other.ends_with(mailbox.domain())
        };
        let same_digits = self.0.get(&digits(wanted)).map_or(&[][..], Vec::as_slice);
        let near = same_digits.iter().filter(is_near).map(|(_, other)| *other);
        near.map(|other| (strsim::osa_distance(wanted, &other.to_ascii_lowercase()), other))
            .filter(|(slips, _)| (1..=MAX_SLIPS).contains(slips))
            .min_by_key(|(slips, _)| *slips)
            .map(|(_, other)| Mailbox::from_portal(other))
    }
}

/// Which letters an address has, as bits: few addresses of half a million have nearly the same.
fn letter_set(address: &str) -> u32 {
    let letters = address.bytes().filter(u8::is_ascii_alphabetic);
    letters.fold(0, |set, letter| set | 1 << (letter.to_ascii_lowercase() - b'a'))
}

/// The digits of an address as one number. Numbers tell accounts apart: user1 is no slip of user2.
fn digits(address: &str) -> u64 {
    let digits = address.bytes().filter(u8::is_ascii_digit);
    // One before them, so that leading zeros count.
    digits.fold(1, |number: u64, digit| number.wrapping_mul(10).wrapping_add((digit - b'0').into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::archive_state::{State, Target};
    use crate::domain::observed::{RecordedRequest, sample_mailbox};

    fn related(address: &str) -> Option<RelatedAccount> {
        let read = ["siti.aminah", "ahmad", "rosli.baharu", "user12"];
        let read =
            read.map(|name| sample_mailbox(&format!("{name}@x.example"), name, State::Enabled));
        let mailbox = |name: &str| Mailbox::from_portal(&format!("{name}@x.example"));
        let recorded = RecordedRequest {
            mailbox: mailbox("rosli"),
            request: "R-1".into(),
            target: Target::Enabled,
            is_finished: true,
            id: Some("rosli.baharu".into()),
        };
        let observed = Observed::new(read.into(), true)
            .with_other_addresses("kamal@x.example\nzaid@x.example\n".to_owned())
            .with_recorded_requests(vec![recorded])
            .with_aliases(vec![(mailbox("aminah"), mailbox("siti.aminah"))]);
        observed.find_related_account(&mailbox(address), Some(&observed.all_addresses()))
    }

    #[test]
    fn a_missing_address_leads_to_the_account_that_is_meant() {
        let at = |name: &str| Mailbox::from_portal(&format!("{name}@x.example"));
        for (address, expected) in [
            ("siti.amina", Some(RelatedAccount::Similar(at("siti.aminah")))),
            ("siti.aimnah", Some(RelatedAccount::Similar(at("siti.aminah")))),
            ("aminah", Some(RelatedAccount::AliasOf(at("siti.aminah")))),
            ("rosli", Some(RelatedAccount::RenamedTo(at("rosli.baharu")))),
            ("kamall", Some(RelatedAccount::Similar(at("kamal")))),
            ("user11", None),
            ("ah", None),
            ("zainab", None),
        ] {
            assert_eq!(related(address), expected, "{address}");
        }
    }
}
