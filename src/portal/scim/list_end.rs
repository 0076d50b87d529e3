//! How a reading of a list ends, and whether the list ends where its total says: some portals count the
//! page and not all (RFC 7644 section 3.4.2.4), and their first page looks like the whole portal.

use super::consistency::{Contradiction, ListAccumulator};
use super::http::RequestFailure;
use super::page;
use super::page_size::OVERLAP_FROM;
use super::query::PagePosition;
use super::read_session::{MailboxSelection, ReadSession};
use crate::domain::observed::MailboxFilter;

/// Why a reading ended.
pub(super) enum ListError {
    Failed(RequestFailure),
    Contradiction(Contradiction),
}

impl From<RequestFailure> for ListError {
    fn from(failure: RequestFailure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Contradiction> for ListError {
    fn from(contradiction: Contradiction) -> Self {
        Self::Contradiction(contradiction)
    }
}

/// What was asked for and what came.
#[derive(Debug, Clone, Copy)]
pub(super) struct FirstPageSize {
    /// How many mailboxes the first page was to have.
    pub(super) asked: usize,
    /// How many it had.
    pub(super) got: usize,
}

impl ReadSession {
    /// Asks for the mailbox behind the end of a list whose last page was full.
    pub(super) async fn check_nothing_after_end(
        &self,
        selection: MailboxSelection<'_>,
        reading: &ListAccumulator,
        first: FirstPageSize,
    ) -> Result<(), ListError> {
        if !may_go_on(selection, reading.read_count(), first) {
            return Ok(());
        }
        let position = PagePosition::Index { start: reading.read_count() + 1, count: 1 };
        let body =
            match self.fetch_body(selection, position, self.uses_attributes_parameter()).await {
                Ok(body) => body,
                Err(failure) => match failure.status() {
                    // Some portals refuse a page behind the end, and some fail.
                    Some(400 | 404 | 416 | 422 | 500 | 501) => return Ok(()),
                    _ => return Err(failure.into()),
                },
            };
        match page::decode(&body, &self.matcher, &MailboxFilter::named_only(&[])) {
            Ok(behind) => Ok(reading.check_page_after_end(&behind)?),
            // Nor does this show anybody.
            Err(_) => Ok(()),
        }
    }
}

/// Small pages that hold less than they were to hold are no full ones; nor is there more where a filter
/// gave as many as it names.
fn may_go_on(selection: MailboxSelection<'_>, total: usize, first: FirstPageSize) -> bool {
    let is_whole = match selection {
        MailboxSelection::All(_) => false,
        MailboxSelection::Filter(_, wanted) => wanted.len() <= total,
    };
    let FirstPageSize { asked, got } = first;
    let is_full = got >= OVERLAP_FROM || total == got && got >= asked;
    !is_whole && is_full && total.is_multiple_of(got)
}
