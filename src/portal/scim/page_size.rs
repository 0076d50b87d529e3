//! How large a page a portal gives: where it fails with the size that arkib asks for, smaller ones are
//! tried, and then one of whatever size. May not know what is in a page.

use super::http::RequestFailure;
use super::page::DecodedPage;
use super::query::PagePosition;
use super::read_session::{MailboxSelection, ReadSession};

/// Asked for where the portal names no largest page.
const USUAL_PAGE: usize = 1000;
/// Never asked for more, so that a page stays far below the largest body.
const LARGEST_PAGE: usize = 2000;
/// Pages this large overlap by one mailbox, at a cost of no more than a tenth.
pub(super) const OVERLAP_FROM: usize = 10;
/// Tried in turn; 0 asks for no size at all.
const SMALLER: [usize; 3] = [100, 20, 0];

impl ReadSession {
    pub(super) fn page_size(&self) -> usize {
        self.capabilities.largest_page.unwrap_or(USUAL_PAGE).clamp(1, LARGEST_PAGE)
    }

    /// The first page, of so many mailboxes or of as many as the portal can give.
    ///
    /// # Errors
    /// Where the portal fails with every size.
    pub(super) async fn fetch_first_page(
        &self,
        selection: MailboxSelection<'_>,
        count: usize,
    ) -> Result<DecodedPage, RequestFailure> {
        if !self.lock_quirks().fails_always {
            self.lock_quirks().tries_page_sizes = true;
            let found = self.try_page_sizes(selection, count).await;
            self.lock_quirks().tries_page_sizes = false;
            if let Some(answer) = found {
                return answer;
            }
            // So the size is not why.
            self.lock_quirks().fails_always = true;
        }
        self.fetch_page(selection, self.first_position(count)).await
    }

    /// The answer for the first size with which the portal does not fail; each is asked for once, the
    /// first twice, as anything may fail once.
    async fn try_page_sizes(
        &self,
        selection: MailboxSelection<'_>,
        count: usize,
    ) -> Option<Result<DecodedPage, RequestFailure>> {
        let smaller = SMALLER.into_iter().filter(|smaller| *smaller < count);
        for size in [count, count].into_iter().chain(smaller) {
            match self.fetch_page(selection, self.first_position(size)).await {
                Err(failure) if may_be_about_size(selection, &failure) => {}
                Ok(page) if size != count => {
                    tracing::info!(count = size, "the portal fails with larger pages");
                    self.lock_quirks().largest_page = Some(size);
                    return Some(Ok(page));
                }
                answer => return Some(answer),
            }
        }
        None
    }

    fn first_position(&self, count: usize) -> PagePosition<'static> {
        match self.capabilities.cursor {
            true => PagePosition::Cursor { cursor: "", count },
            false => PagePosition::Index { start: 1, count },
        }
    }
}

/// A refusal of a filter is more likely about the filter; and who asks for a pause takes the request later.
fn may_be_about_size(selection: MailboxSelection<'_>, failure: &RequestFailure) -> bool {
    match failure.status().filter(|_| failure.retry_after.is_none()) {
        Some(400 | 413 | 422) => matches!(selection, MailboxSelection::All(_)),
        Some(status) => matches!(status, 500 | 504),
        None => false,
    }
}
