//! Lists of mailboxes by pages: by index with pages fetched ahead (RFC 7644 section 3.4.2.4), or by
//! cursor (RFC 9865). Read again where a reading contradicts itself, never trusted then.
//! Knows pages and their order; what makes them one list is in [`super::consistency`].

use std::collections::HashSet;
use std::pin::pin;
use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream;

use super::confirmed_attributes;
use super::consistency::{Contradiction, ListAccumulator};
use super::cursor_peek;
use super::http::RequestFailure;
use super::list_end::{FirstPageSize, ListError};
use super::mapping_fit;
use super::mapping_trial::InspectCounts;
use super::page::DecodedPage;
use super::page_size::OVERLAP_FROM;
use super::query::PagePosition;
use super::read_session::{MailboxSelection, ReadSession};
use crate::domain::observed::{MailboxFilter, ObservedMailbox};
use crate::portal::{ErrorKind, PortalError, Progress};

/// Pages under way at once.
const AHEAD: usize = 4;
/// Empty pages in a row that a cursor may lead through.
const EMPTY_PAGES: usize = 3;

/// The `scimType` of a failure that arkib found itself: mailboxes that the filter does not name.
pub(super) const FILTER_IGNORED: &str = "invalidFilter";

/// A cursor, and what was fetched by it.
type PrefetchedPage = (String, Result<Vec<u8>, RequestFailure>);

impl ReadSession {
    /// Of every mailbox those that the filter keeps.
    ///
    /// # Errors
    /// Also where nothing in the portal shows that there is such a thing as the state that the
    /// mapping names.
    pub(super) async fn read_everything(
        &self,
        mailbox_filter: &Arc<MailboxFilter>,
        progress: Progress<'_>,
    ) -> Result<ListAccumulator, PortalError> {
        let selection = MailboxSelection::All(mailbox_filter);
        let mut whole = self.read_list(selection, progress).await?;
        let may_drop_state = self.uses_attributes_parameter() && !self.matcher.on_request;
        if may_drop_state && whole.pages > 1 && !self.lock_quirks().lists_state {
            // Only of the first page is it known that `attributes` do not drop it.
            self.lock_quirks().whole_users = true;
            whole = self.read_list(selection, progress).await?;
        }
        self.check_list_shows_state(&whole.mailboxes).await?;
        let open = self.unlisted_problems(whole.with_address > 0);
        if let Some(error) = mapping_fit::misfit_error(&self.matcher.mapping, &open) {
            return Err(error);
        }
        // By arkib's own extension all are without an archive where nobody says anything: a portal
        // that has the extension has it by that name. A mapping may have slipped.
        let unconfirmed = self.unconfirmed_attribute().filter(|_| whole.with_address > 0);
        match unconfirmed {
            Some(attribute) => {
                Err(confirmed_attributes::unconfirmed_error(&attribute, whole.with_address))
            }
            None => Ok(whole),
        }
    }

    /// The mailboxes of a list, read up to [`ClientLimits::readings`] times until it agrees with itself.
    pub(super) async fn read_list(
        &self,
        selection: MailboxSelection<'_>,
        progress: Progress<'_>,
    ) -> Result<ListAccumulator, RequestFailure> {
        let mut reading = 1;
        loop {
            self.update_counts(InspectCounts::restart);
            let found = match self.capabilities.cursor {
                true => self.read_by_cursor(selection, progress).await,
                false => self.read_by_index(selection, progress).await,
            };
            let contradiction = match found {
                Err(ListError::Contradiction(contradiction)) => contradiction,
                Err(ListError::Failed(failure)) => return Err(failure),
                // The others counted for the list to be whole.
                Ok(mut whole) => {
                    whole.forget_marks();
                    whole.mailboxes.retain(|user| !user.mailbox.is_empty_name());
                    return Ok(whole);
                }
            };
            if contradiction == Contradiction::Repeats {
                self.lock_quirks().no_overlap = true;
            }
            if reading >= self.limits.readings {
                return Err(RequestFailure::from(PortalError::new(
                    ErrorKind::Inconsistent,
                    selection.doing(),
                    format!("the list contradicts itself, read {reading} times: {contradiction}"),
                    "nothing was changed, because a mailbox could be missing from such a list; run again when fewer accounts are added and removed, and if it keeps failing, tell the portal's operator",
                )));
            }
            tracing::info!(%contradiction, reading, "the portal's list contradicts itself; arkib reads it again");
            tokio::time::sleep(self.limits.reading_pause).await;
            reading += 1;
        }
    }

    async fn read_by_index(
        &self,
        selection: MailboxSelection<'_>,
        progress: Progress<'_>,
    ) -> Result<ListAccumulator, ListError> {
        let count = self.page_size();
        let first = self.fetch_first_page(selection, count).await?;
        check_filter_was_applied(selection, &first)?;
        let step = first.marks.len();
        let mut reading = ListAccumulator::start_with_page(first, self.limits.max_mailboxes)?;
        progress(reading.read_count(), reading.total);
        let Some(total) = reading.total else {
            // Without a total the list ends with the first empty page.
            loop {
                let start = reading.read_count() + 1;
                let page = self.fetch_page(selection, PagePosition::Index { start, count }).await?;
                if page.marks.is_empty() {
                    return Ok(reading.finish()?);
                }
                reading.add_page(page)?;
                progress(reading.read_count(), None);
            }
        };
        if step == 0 {
            return Ok(reading.finish()?);
        }
        let overlap = usize::from(step >= OVERLAP_FROM && !self.lock_quirks().no_overlap);
        // 0-based: each window begins where the one before ended, or on its last mailbox.
        let windows = (step..total)
            .step_by(step - overlap)
            .map(|begin| (begin - overlap, (begin - overlap + step).min(total)));
        let windows = windows.map(|window| self.read_window(selection, window));
        let mut windows = pin!(stream::iter(windows).buffered(AHEAD));
        while let Some(pages) = windows.next().await {
            for (index, page) in pages?.into_iter().enumerate() {
                if index == 0 && overlap == 1 {
                    reading.add_overlapping_page(page)?;
                } else {
                    reading.add_page(page)?;
                }
            }
            progress(reading.read_count(), Some(total));
        }
        let whole = reading.finish()?;
        self.check_nothing_after_end(selection, &whole, FirstPageSize { asked: count, got: step })
            .await?;
        Ok(whole)
    }

    /// The mailboxes from `begin` up to `end` (0-based); more than one page where the portal's
    /// pages turn out smaller.
    async fn read_window(
        &self,
        selection: MailboxSelection<'_>,
        (begin, end): (usize, usize),
    ) -> Result<Vec<DecodedPage>, RequestFailure> {
        let mut pages = Vec::with_capacity(1);
        let mut at = begin;
        while at < end {
            let position = PagePosition::Index { start: at + 1, count: end - at };
            let page = self.fetch_page(selection, position).await?;
            let got = page.marks.len();
            pages.push(page);
            if got == 0 {
                break;
            }
            at += got;
        }
        Ok(pages)
    }

    async fn read_by_cursor(
        &self,
        selection: MailboxSelection<'_>,
        progress: Progress<'_>,
    ) -> Result<ListAccumulator, ListError> {
        let count = self.page_size();
        let mut first = self.fetch_first_page(selection, count).await?;
        check_filter_was_applied(selection, &first)?;
        let mut next = first.next_cursor.take();
        let mut reading = ListAccumulator::start_with_page(first, self.limits.max_mailboxes)?;
        progress(reading.read_count(), reading.total);
        let mut cursors = HashSet::new();
        let mut empty = 0;
        // The page that is on its way, where the one before it told its cursor early.
        let mut ahead: Option<PrefetchedPage> = None;
        while let Some(cursor) = next {
            let (page, next_ahead) =
                self.read_and_prefetch(selection, &cursor, count, ahead.take()).await;
            ahead = next_ahead;
            let mut page = match page {
                Ok(page) => page,
                Err(failure)
                    if failure.has_scim_type("expiredCursor")
                        || failure.has_scim_type("invalidCursor") =>
                {
                    return Err(Contradiction::Expired.into());
                }
                Err(failure) => return Err(failure.into()),
            };
            next = page.next_cursor.take();
            empty = if page.marks.is_empty() { empty + 1 } else { 0 };
            reading.add_page(page)?;
            progress(reading.read_count(), reading.total);
            if !cursors.insert(cursor) || empty > EMPTY_PAGES {
                return Err(Contradiction::Repeats.into());
            }
        }
        Ok(reading.finish()?)
    }

    /// A page, which may have been fetched ahead. While it is read, the one that seems to come next is
    /// fetched, where it is settled how pages are asked for.
    async fn read_and_prefetch(
        &self,
        selection: MailboxSelection<'_>,
        cursor: &str,
        count: usize,
        ahead: Option<PrefetchedPage>,
    ) -> (Result<DecodedPage, RequestFailure>, Option<PrefetchedPage>) {
        let at = |cursor| PagePosition::Cursor { cursor, count };
        if !self.is_attribute_support_known() {
            return (self.fetch_page(selection, at(cursor)).await, None);
        }
        let body = match ahead {
            Some((guess, body)) if guess == cursor => body,
            _ => self.fetch_body(selection, at(cursor), self.uses_attributes_parameter()).await,
        };
        let body = match body {
            Ok(body) => body,
            Err(failure) => return (Err(failure), None),
        };
        let guess = cursor_peek::find_next_cursor(&body);
        let next = async {
            let position = at(guess.as_deref()?);
            Some(self.fetch_body(selection, position, self.uses_attributes_parameter()).await)
        };
        let (page, next) = tokio::join!(self.decode_body(selection, body), next);
        (page, guess.zip(next))
    }

    /// Some mailbox; none where the portal has none.
    pub(super) async fn read_first_mailbox(
        &self,
    ) -> Result<Option<ObservedMailbox>, RequestFailure> {
        let everything = Arc::new(MailboxFilter::EVERYTHING);
        let page = self.fetch_first_page(MailboxSelection::All(&everything), 1).await?;
        Ok(page.mailboxes.into_iter().next())
    }
}

/// A long answer with strangers in it is no answer to a filter.
fn check_filter_was_applied(
    selection: MailboxSelection<'_>,
    first: &DecodedPage,
) -> Result<(), RequestFailure> {
    let MailboxSelection::Filter(_, wanted) = selection else {
        return Ok(());
    };
    let given = &first.mailboxes;
    let is_whole =
        first.next_cursor.is_none() && first.total.is_some_and(|total| total <= given.len());
    let mut names = given.iter().map(|observed| &observed.mailbox);
    if is_whole || names.all(|name| wanted.binary_search(name).is_ok()) {
        return Ok(());
    }
    Err(RequestFailure {
        scim_type: Some(FILTER_IGNORED.into()),
        ..RequestFailure::from(PortalError::new(
            ErrorKind::Inconsistent,
            selection.doing(),
            "the portal ignores the filter",
            "run again; if it keeps failing, tell the portal's operator",
        ))
    })
}
