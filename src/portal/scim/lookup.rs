//! A few mailboxes by their addresses. The portal's answer to a filter is checked on this side: it
//! may give more, or pay no regard to the filter. Where filters do not work, everything is read.

use std::collections::HashSet;
use std::slice;
use std::sync::Arc;

use futures_util::stream;
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::http::RequestFailure;
use super::list::FILTER_IGNORED;
use super::query;
use super::read_session::{MailboxSelection, ReadSession};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::scim::AddressAttribute;
use crate::domain::observed::{MailboxFilter, ObservedMailbox};
use crate::portal::PortalError;

/// The longest filter, percent-encoded, in bytes: with the attributes and the path the address
/// stays within what every server takes (4 kB).
const LONGEST_FILTER: usize = 3000;
/// Lookups under way at once.
const AT_ONCE: usize = 4;

impl ReadSession {
    /// The mailboxes of these addresses that the portal has.
    pub(super) async fn look_up_mailboxes(
        &self,
        mailboxes: &[Mailbox],
    ) -> Result<Vec<ObservedMailbox>, PortalError> {
        let mut wanted = mailboxes.to_vec();
        wanted.sort();
        wanted.dedup();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let found = match self.look_up_by_filter(&wanted).await {
            Err(failure) if refuses_filter(&failure) => {
                tracing::info!("the portal does not support filters; arkib reads every mailbox");
                self.lock_quirks().no_filter = true;
                None
            }
            found => found?,
        };
        let mut found = match found {
            Some(found) => found,
            None => {
                let mailbox_filter = Arc::new(MailboxFilter::named_only(&wanted));
                self.read_everything(&mailbox_filter, &|_, _| {}).await?.mailboxes
            }
        };
        found.retain(|observed| wanted.binary_search(&observed.mailbox).is_ok());
        Ok(found)
    }

    /// What a filter gave, if that is all there is: somebody could look as if they had no account.
    /// Every portal finds users by `userName`, though some only as they spell it; some find nothing
    /// by other attributes and say nothing of it. Nor does an answer count in which nobody says what
    /// the state is, where nothing else shows that the mapping names it rightly.
    async fn look_up_by_filter(
        &self,
        wanted: &[Mailbox],
    ) -> Result<Option<Vec<ObservedMailbox>>, RequestFailure> {
        if !self.capabilities.filter || self.lock_quirks().no_filter {
            return Ok(None);
        }
        let batches = query::split_into_batches(&self.matcher.address, wanted, LONGEST_FILTER);
        let batches: Vec<_> = batches.iter().map(|batch| self.look_up_batch(batch)).collect();
        let mut batches = batches.into_iter();
        let mut found = Vec::new();
        // The first alone: it teaches what the portal takes.
        if let Some(first) = batches.next() {
            found = first.await?;
        }
        let others = stream::iter(batches).buffer_unordered(AT_ONCE);
        found.extend(others.try_concat().await?);
        found.extend(self.look_up_singly(wanted, &found).await?);
        // A portal that matches more than it was asked for may give an account to two batches.
        let mut seen = HashSet::new();
        found.retain(|observed| seen.insert(observed.id.clone()));
        let given: HashSet<&Mailbox> = found.iter().map(|observed| &observed.mailbox).collect();
        let is_whole = wanted.iter().all(|mailbox| given.contains(mailbox));
        let is_all = is_whole || self.finds_everybody(wanted, &found).await?;
        self.check_list_shows_state(&found).await?;
        let is_clear = is_all
            && self.unconfirmed_attribute().is_none()
            && self.unlisted_problems(!found.is_empty()).is_empty();
        Ok(Some(found).filter(|_| is_clear))
    }

    /// Whether somebody whom the filter did not give is not there. A filter that gives others, too, may
    /// not have been applied; and one that finds plain addresses may not find `a+b@` or `d'cruz@`.
    async fn finds_everybody(
        &self,
        wanted: &[Mailbox],
        found: &[ObservedMailbox],
    ) -> Result<bool, RequestFailure> {
        let is_wanted = |mailbox: &Mailbox| wanted.binary_search(mailbox).is_ok();
        let is_given =
            |mailbox: &Mailbox| found.iter().any(|observed| observed.mailbox == *mailbox);
        let is_plain = |mailbox: &Mailbox| {
            let mut bytes = mailbox.as_str().bytes();
            bytes.all(|byte| byte.is_ascii_alphanumeric() || b"@.-_".contains(&byte))
        };
        let is_sure = self.matcher.mapping.mailbox == AddressAttribute::UserName
            && found.iter().all(|observed| is_wanted(&observed.mailbox))
            && wanted.iter().all(|mailbox| is_plain(mailbox) || is_given(mailbox));
        Ok(is_sure && self.filter_ignores_case(found).await?)
    }

    /// Asks once more, one by one, for those that a filter of several terms did not give: some portals
    /// read only its first term.
    async fn look_up_singly(
        &self,
        wanted: &[Mailbox],
        found: &[ObservedMailbox],
    ) -> Result<Vec<ObservedMailbox>, RequestFailure> {
        let given: HashSet<&Mailbox> = found.iter().map(|observed| &observed.mailbox).collect();
        let missing = wanted.iter().filter(|mailbox| !given.contains(mailbox));
        let is_clear = wanted.len() == 1 || self.lock_quirks().all_terms;
        let missing: Vec<&Mailbox> = missing.filter(|_| !is_clear).collect();
        let each = missing.into_iter().map(|mailbox| self.look_up_batch(slice::from_ref(mailbox)));
        stream::iter(each.collect::<Vec<_>>()).buffer_unordered(AT_ONCE).try_concat().await
    }

    async fn look_up_batch(
        &self,
        batch: &[Mailbox],
    ) -> Result<Vec<ObservedMailbox>, RequestFailure> {
        let filter = query::address_filter(&self.matcher.address, batch);
        let listed = self.read_list(MailboxSelection::Filter(&filter, batch), &|_, _| {}).await?;
        let is_given = |mailbox: &&Mailbox| {
            listed.mailboxes.iter().any(|observed| observed.mailbox == **mailbox)
        };
        if batch.iter().filter(is_given).nth(1).is_some() {
            self.lock_quirks().all_terms = true;
        }
        Ok(listed.mailboxes)
    }

    /// Whether a mailbox that the filter did not give, among these that it gave, is not there. RFC 7643
    /// section 8.7.1 wants `userName` to be found however it is spelt, and some portals do otherwise.
    /// Costs a look at one that is there, by a spelling that nobody uses; once a run.
    pub(super) async fn filter_ignores_case(
        &self,
        given: &[ObservedMailbox],
    ) -> Result<bool, RequestFailure> {
        if self.lock_quirks().any_case {
            return Ok(true);
        }
        let someone = match given.first() {
            Some(given) => given.mailbox.clone(),
            None => match self.read_first_mailbox().await? {
                Some(first) => {
                    self.lock_quirks().has_mailboxes = true;
                    first.mailbox
                }
                None => return Ok(true),
            },
        };
        let filter = query::address_filter(&self.matcher.address, slice::from_ref(&someone));
        let odd = filter.replace(someone.as_str(), &alternate_letter_case(&someone));
        if odd == filter {
            return Ok(false);
        }
        let selection = MailboxSelection::Filter(&odd, slice::from_ref(&someone));
        let found = self.read_list(selection, &|_, _| {}).await?;
        let any_case = found.mailboxes.iter().any(|observed| observed.mailbox == someone);
        self.lock_quirks().any_case = any_case;
        Ok(any_case)
    }
}

/// Whether the portal refuses this filter, so that arkib must do without it.
fn refuses_filter(failure: &RequestFailure) -> bool {
    match failure.status() {
        None => failure.has_scim_type(FILTER_IGNORED),
        Some(403) => failure.has_scim_type("sensitive"),
        Some(status) => matches!(status, 400 | 414 | 501),
    }
}

/// Every other letter in upper case: a spelling that nobody uses.
fn alternate_letter_case(mailbox: &Mailbox) -> String {
    let mut large = true;
    let spell = |letter: char| {
        large ^= letter.is_ascii_alphabetic();
        match large {
            true => letter.to_ascii_uppercase(),
            false => letter,
        }
    };
    mailbox.as_str().chars().map(spell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_spelling_differs() {
        let odd = alternate_letter_case(&Mailbox::from_portal("a1@Agensi.Example"));
        assert_eq!(odd, "a1@AgEnSi.ExAmPlE");
        assert_eq!(Mailbox::from_portal(&odd).as_str(), "a1@agensi.example");
    }
}
