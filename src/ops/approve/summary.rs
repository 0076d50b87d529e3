//! The result of `arkib approve`, for people and for programs.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::select::ChosenRequest;
use super::show::state_after;
use crate::domain::request::{Approval, Request};
use crate::language::Message;
use crate::load::LoadedRequests;
use crate::ops::failure::Failure;
use crate::ops::filing::filing_result::{FilingResult, FilingResultOutput};
use crate::output::findings;
use crate::output::format::DialogueFormat;
use crate::output::json;
use crate::printer;

/// The output of `arkib approve --format json`.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(title = "arkib approve output")]
pub struct ApproveOutput {
    /// `arkib.approve/1`.
    format: &'static str,
    /// Who approves.
    approver: Option<String>,
    /// The day of the approval.
    date: Option<String>,
    /// Whether the approvals were written.
    written: bool,
    /// The approved requests; none if nothing was written.
    requests: Vec<ApprovedRequestOutput>,
    #[serde(flatten)]
    ended: FilingResultOutput,
    #[serde(skip)]
    pub(super) ending: FilingResult,
}

/// A request that was approved.
#[derive(Debug, Serialize, JsonSchema)]
struct ApprovedRequestOutput {
    /// Its id.
    id: String,
    /// The short name of its agency.
    agency: String,
    /// enable, terminate or withdraw.
    action: &'static str,
    /// Its file, as shown to the user.
    file: String,
    /// The path of the file from the top of the repository, if it is in one.
    request: Option<String>,
    /// How many more approvals it waits for.
    missing_approvals: usize,
    /// Who may give them.
    approvers: Vec<String>,
}

impl From<Failure> for ApproveOutput {
    fn from(failure: Failure) -> Self {
        Self { ending: failure.into(), ..Self::default() }
    }
}

impl ApproveOutput {
    /// The output once the approvals are written; `approved` are the requests with them.
    pub(super) fn new(
        source: &LoadedRequests,
        chosen: &[ChosenRequest<'_>],
        approved: &[Arc<Request>],
        approval: &Approval,
    ) -> Self {
        let repository = source.repository();
        let output = |(chosen, approved): (&ChosenRequest<'_>, &Arc<Request>)| {
            let missing = approved.missing_approvals();
            let approvers = missing.iter().flat_map(|missing| &missing.approvers);
            ApprovedRequestOutput {
                id: approved.id.to_string(),
                agency: chosen.agency.policy.agency.clone(),
                action: approved.action_word(),
                file: approved.file.to_string(),
                request: repository.map(|place| place.path_in_repository(chosen.path)),
                missing_approvals: missing.map_or(0, |missing| missing.needs),
                approvers: approvers.map(ToString::to_string).collect(),
            }
        };
        let state = |(chosen, approved): (&ChosenRequest<'_>, &Arc<Request>)| {
            let state = state_after(chosen, approved);
            let (id, by) = (approved.id.as_str(), approval.by.as_str());
            message!("approve-approved", id, by, state)
        };
        let reasons = chosen.iter().zip(approved).map(state);
        Self {
            approver: Some(approval.by.to_string()),
            date: Some(approval.date.to_string()),
            written: true,
            requests: chosen.iter().zip(approved).map(output).collect(),
            ending: FilingResult {
                reason: Message::joined(reasons, "\n"),
                ..FilingResult::default()
            },
            ..Self::default()
        }
    }

    /// The output if nothing is to be written.
    pub(super) fn of_dry_run() -> Self {
        let reason = message!("approve-dry");
        Self { ending: FilingResult { reason, ..FilingResult::default() }, ..Self::default() }
    }

    pub(super) fn print(mut self, format: DialogueFormat) {
        if format == DialogueFormat::Human {
            self.ending.print_notes();
            let text = findings::render_findings(&self.ending.findings);
            let closing = message!("approve-open");
            return self.ending.print_result(text, self.written, &closing);
        }
        self.format = "arkib.approve/1";
        self.ended = self.ending.to_output();
        printer::print_result(&json::render(&self));
    }
}
