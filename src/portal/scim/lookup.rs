//! A few mailboxes by their addresses. The portal's answer to a filter is checked on this side: it
//! may give more, or pay no regard to the filter. Where filters do not work, everything is read.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::directory::{Directory, Trouble, Which};
use super::query;
use crate::domain::mailbox::Mailbox;
use crate::domain::mapping::scim::Address;
use crate::domain::observed::{ObservedMailbox, Sieve};
use crate::portal::PortalError;

/// The longest filter, percent-encoded, in bytes: with the attributes and the path the address
/// stays within what every server takes (4 kB).
const LONGEST_FILTER: usize = 3000;
/// Lookups under way at once.
const AT_ONCE: usize = 4;

impl Directory {
    /// The mailboxes of these addresses that the portal has.
    pub(super) async fn look_up(
        &self,
        mailboxes: &[Mailbox],
    ) -> Result<Vec<ObservedMailbox>, PortalError> {
        let mut wanted = mailboxes.to_vec();
        wanted.sort();
        wanted.dedup();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let by_filter = self.capabilities.filter && !self.learnt.no_filter.load(Relaxed);
        let mut found = if by_filter {
            match self.by_filter_believed(&wanted).await {
                Ok(Some(found)) => found,
                Ok(None) => self.among_all(&wanted).await?,
                Err(trouble) if no_filter(&trouble) => {
                    tracing::info!("the portal does not answer filters; every mailbox is read");
                    self.learnt.no_filter.store(true, Relaxed);
                    self.among_all(&wanted).await?
                }
                Err(trouble) => return Err(trouble.into()),
            }
        } else {
            self.among_all(&wanted).await?
        };
        found.retain(|it| wanted.binary_search(&it.mailbox).is_ok());
        Ok(found)
    }

    /// The same by reading everything.
    async fn among_all(&self, wanted: &[Mailbox]) -> Result<Vec<ObservedMailbox>, PortalError> {
        let sieve = Arc::new(Sieve::these(wanted));
        Ok(self.everything(&sieve, &|_, _| {}).await?.mailboxes)
    }

    /// What a filter gave, if that is all there is: somebody could look as if they had no account.
    /// Every portal finds users by `userName`, though some only as they spell it; some find nothing
    /// by other attributes and say nothing of it. Nor does an answer count in which nobody says what
    /// the state is, where nothing else shows that the mapping names it rightly.
    async fn by_filter_believed(
        &self,
        wanted: &[Mailbox],
    ) -> Result<Option<Vec<ObservedMailbox>>, Trouble> {
        let found = self.by_filter(wanted).await?;
        let given: HashSet<&Mailbox> = found.iter().map(|it| &it.mailbox).collect();
        let is_whole = wanted.iter().all(|it| given.contains(it));
        let by_name = self.matcher.mapping().mailbox == Address::UserName;
        let is_all = is_whole || by_name && self.disregards_case(&found).await?;
        Ok(Some(found).filter(|_| is_all && self.unknown().is_none()))
    }

    async fn by_filter(&self, wanted: &[Mailbox]) -> Result<Vec<ObservedMailbox>, Trouble> {
        let mut batches =
            query::batches(self.matcher.address(), wanted, LONGEST_FILTER).into_iter();
        let mut found = Vec::new();
        // The first alone: it teaches what the portal takes.
        if let Some(batch) = batches.next() {
            found = self.batch(batch).await?;
        }
        let mut under_way: FuturesUnordered<_> = batches
            .by_ref()
            .take(AT_ONCE)
            .map(|batch| self.batch(batch))
            .collect();
        while let Some(more) = under_way.next().await {
            found.extend(more?);
            under_way.extend(batches.next().map(|batch| self.batch(batch)));
        }
        // A portal that matches more than it was asked for may give an account to two batches.
        let mut seen = HashSet::new();
        found.retain(|it| seen.insert(it.id.clone()));
        Ok(found)
    }

    async fn batch(&self, batch: &[Mailbox]) -> Result<Vec<ObservedMailbox>, Trouble> {
        let filter = query::filter(self.matcher.address(), batch);
        let listed = self.list(Which::Filter(&filter, batch), &|_, _| {}).await?;
        Ok(listed.mailboxes)
    }
}

/// Whether the portal will not have this filter, so that it must be done without.
fn no_filter(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::FilterIgnored => true,
        Trouble::Failed(failure) => {
            matches!(failure.status(), Some(400 | 403 | 414 | 501))
                && (failure.status() != Some(403) || failure.is("sensitive"))
        }
        Trouble::Contradiction(_) => false,
    }
}
