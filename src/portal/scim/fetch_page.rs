//! One page of the portal's list: how it is asked for, fetched and read. May not know which page
//! comes next.

use std::sync::Arc;

use super::http::{RequestFailure, malformed_error};
use super::page;
use super::page::DecodedPage;
use super::query;
use super::query::PagePosition;
use super::quirks::Quirks;
use super::read_session::{MailboxSelection, ReadSession};
use super::user;

/// Answers of so many bytes are read on a thread of their own.
const READ_BESIDE: usize = 64 << 10;

impl ReadSession {
    /// One page, with only the attributes that arkib needs where the portal can do that.
    pub(super) async fn fetch_page(
        &self,
        selection: MailboxSelection<'_>,
        position: PagePosition<'_>,
    ) -> Result<DecodedPage, RequestFailure> {
        if !self.uses_attributes_parameter() {
            return self.fetch_and_read(selection, position, false).await;
        }
        let page = match self.fetch_and_read(selection, position, true).await {
            Ok(page) => page,
            Err(failure) if refuses_attributes(&failure) && !self.matcher.on_request => {
                let page = self.fetch_and_read(selection, position, false).await?;
                self.lock_quirks().whole_users = true;
                return Ok(page);
            }
            Err(failure) => return Err(failure),
        };
        if page.marks.is_empty() {
            return Ok(page);
        }
        let works = std::mem::replace(&mut self.lock_quirks().attributes_work, true);
        if works || page.shown.state || self.matcher.on_request {
            return Ok(page);
        }
        // Nobody has an archive, or the portal drops the state where `attributes` are asked for.
        // The latter would make every archive look disabled, so ask once without.
        let whole = self.fetch_and_read(selection, position, false).await?;
        if whole.shown.state {
            self.lock_quirks().whole_users = true;
        }
        Ok(whole)
    }

    async fn fetch_and_read(
        &self,
        selection: MailboxSelection<'_>,
        position: PagePosition<'_>,
        few_attributes: bool,
    ) -> Result<DecodedPage, RequestFailure> {
        let body = self.fetch_body(selection, position, few_attributes).await?;
        self.decode_body(selection, body).await
    }

    pub(super) async fn fetch_body(
        &self,
        selection: MailboxSelection<'_>,
        position: PagePosition<'_>,
        few_attributes: bool,
    ) -> Result<Vec<u8>, RequestFailure> {
        let filter = match selection {
            MailboxSelection::All(_) => None,
            MailboxSelection::Filter(filter, _) => Some(filter),
        };
        let Quirks { largest_page: largest, tries_page_sizes, .. } = *self.lock_quirks();
        let position = largest.map_or(position, |most| position.with_max_count(most));
        let attributes = few_attributes.then_some(&*self.matcher.attributes);
        let query = query::list_query(filter, position, attributes);
        let doing = selection.doing();
        let answer = match tries_page_sizes {
            true => self.http.get_once("Users", &query, doing).await?,
            false => self.http.get("Users", &query, doing).await?,
        };
        Ok(answer.body)
    }

    pub(super) async fn decode_body(
        &self,
        selection: MailboxSelection<'_>,
        body: Vec<u8>,
    ) -> Result<DecodedPage, RequestFailure> {
        let mailbox_filter = match selection {
            MailboxSelection::All(mailbox_filter) => Arc::clone(mailbox_filter),
            MailboxSelection::Filter(..) => Arc::default(),
        };
        self.update_counts(|counts| counts.count_page(&body));
        let is_long = body.len() >= READ_BESIDE;
        let matcher = Arc::clone(&self.matcher);
        let decode = move || page::decode(&body, &matcher, &mailbox_filter);
        let page = match is_long {
            false => decode(),
            // So that the next ones come in meanwhile.
            true => tokio::task::spawn_blocking(decode)
                .await
                .unwrap_or_else(|_| Err("it could not be read; this is a bug in arkib".into())),
        };
        let page = page.map_err(|why| malformed_error(selection.doing(), &why))?;
        self.http.raise_receive_limit(page.marks.len());
        user::warn_of_unreadable_dates(page.unreadable_dates);
        let mut quirks = self.lock_quirks();
        quirks.shown = quirks.shown.or(page.shown);
        quirks.lists_state |= page.shown.state;
        quirks.claimed.extend_from_slice(&page.claimed);
        quirks.aliases.extend_from_slice(&page.aliases);
        Ok(page)
    }

    /// Whether it is settled how pages are asked for.
    pub(super) fn is_attribute_support_known(&self) -> bool {
        let quirks = self.lock_quirks();
        quirks.attributes_work || quirks.whole_users
    }

    pub(super) fn uses_attributes_parameter(&self) -> bool {
        !self.lock_quirks().whole_users
    }
}

/// A 400 that may be about `attributes`, not about the filter or the cursor.
fn refuses_attributes(failure: &RequestFailure) -> bool {
    failure.status() == Some(400)
        && !["invalidFilter", "expiredCursor", "invalidCursor"]
            .iter()
            .any(|scim_type| failure.has_scim_type(scim_type))
}
