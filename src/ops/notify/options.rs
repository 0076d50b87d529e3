//! The options of `arkib notify`, and what all of its agencies have in common.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use crate::apply::Stop;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::notice::template::RenderBudget;
use crate::domain::request::RequestId;
use crate::language::Language;
use crate::language::Message;
use crate::load::{LoadedRequests, RequestsLocation};
use crate::ops::failure::Failure;
use crate::ops::portal_session::PortalFileOptions;
use crate::output::format::Format;
use crate::printer;

/// The options of a run.
#[derive(Debug)]
pub struct Options {
    /// Where the requests are.
    pub requests: RequestsLocation,
    /// What the environment does not say about the portal.
    pub portal: PortalFileOptions,
    /// Show the notices; send, print and record nothing
    pub dry_run: bool,
    /// With --dry-run: show the full text of each notice
    pub show: bool,
    /// Do not ask first
    pub yes: bool,
    /// Only about these requests or to these addresses
    pub only: Vec<NoticeFilter>,
    /// Repeat the current notice of these requests, even if it was given before; without --only, give no other
    pub again: Vec<RequestId>,
    /// With --again: send only to this address
    pub to: Option<Mailbox>,
    /// The folder for pages to print
    pub output: PathBuf,
    /// The language of the notices, if not the policy's
    pub language: Option<Language>,
    /// The digests of notices that may exceed the limit
    pub accept: Vec<String>,
    /// The folder of the records [default: `records` next to the agency's policy]
    pub records: Option<PathBuf>,
    /// The branch of the remote repository with the records, in place of a folder
    pub records_branch: Option<String>,
    /// Allow requests that are not committed; for rehearsals
    pub allow_uncommitted: bool,
    /// The format of the result
    pub format: Format,
}

/// What a run is limited to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeFilter {
    /// About this request.
    Request(RequestId),
    /// To this address.
    Address(Mailbox),
}

impl NoticeFilter {
    /// Parses an address, or the id of a request.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, Message> {
        match text.contains('@') {
            true => Mailbox::parse(text).map(Self::Address),
            false => parse_request_id(text).map(Self::Request),
        }
    }
}

/// Parses the id of a request.
///
/// # Errors
/// What was expected.
pub fn parse_request_id(text: &str) -> Result<RequestId, Message> {
    RequestId::parse(text).ok_or_else(|| message!("notify-id-expected"))
}

impl Options {
    /// Whether the options include notices about a request to such a recipient.
    pub(super) fn include(&self, request: &RequestId, is_to: impl Fn(&Mailbox) -> bool) -> bool {
        let is_meant = |only: &NoticeFilter| match only {
            NoticeFilter::Request(id) => id == request,
            NoticeFilter::Address(mailbox) => is_to(mailbox),
        };
        match self.only.is_empty() {
            true if self.again.is_empty() => true,
            true => self.again.contains(request) && self.to.as_ref().is_none_or(&is_to),
            false => self.only.iter().any(is_meant),
        }
    }

    /// Prints for people; programs get everything at the end.
    pub(super) fn print_if_human(&self, text: impl FnOnce() -> String) {
        if self.format == Format::Human {
            printer::print_result(&text());
        }
    }
}

/// What every agency of a run has in common.
pub(super) struct NotifyContext<'a> {
    pub options: &'a Options,
    pub source: &'a LoadedRequests,
    pub stop: Arc<Stop>,
    /// What the notices of all agencies may still cost.
    pub budget: Cell<RenderBudget>,
    /// Today, whatever --as-of says.
    pub today: Date,
}

/// A failure before the first notice; `why` is a clause.
pub(super) fn early_failure(why: impl Into<Message>, help: impl Into<Message>) -> Failure {
    Failure::failed(message!("notify-failed", why = why.into()), help)
}

/// A refusal before the first notice; `why` is a clause.
pub(super) fn early_refusal(why: impl Into<Message>, help: impl Into<Message>) -> Failure {
    Failure::failed(why, help).into_refusal(message!("notify-none-given"))
}
