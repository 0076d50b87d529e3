//! The result of `arkib request`, for people and for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::exit::Exit;
use crate::load::LoadedRequests;
use crate::ops::failure::Failure;
use crate::ops::filing::candidate::Candidate;
use crate::ops::filing::filing_result::{FilingResult, FilingResultOutput};
use crate::output::findings;
use crate::output::format::DialogueFormat;
use crate::output::json;
use crate::printer;
use crate::text::escape;

impl From<Failure> for RequestOutput {
    fn from(failure: Failure) -> Self {
        Self { ending: failure.into(), ..Self::default() }
    }
}

/// The output of `arkib request --format json`.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(title = "arkib request output")]
pub struct RequestOutput {
    /// `arkib.request/1`.
    format: &'static str,
    /// The short name of the agency that the request belongs to.
    agency: Option<String>,
    /// The id of the request; if it was not written, the id that it would have.
    pub(super) id: Option<String>,
    /// enable, terminate or withdraw.
    action: Option<&'static str>,
    /// The file, as shown to the user.
    file: Option<String>,
    /// The path of the file from the top of the repository, if it is in one.
    request: Option<String>,
    /// Whether the file was written.
    pub(super) written: bool,
    /// The content of the file, if it was not written.
    pub(super) text: Option<String>,
    #[serde(flatten)]
    ended: FilingResultOutput,
    /// Whether the findings are already shown.
    #[serde(skip)]
    pub(super) is_shown: bool,
    /// Whether it already has an approval.
    #[serde(skip)]
    is_approved: bool,
    #[serde(skip)]
    pub(super) ending: FilingResult,
}

impl RequestOutput {
    /// The output before the file is written.
    pub(super) fn new(candidate: &Candidate, source: &LoadedRequests) -> Self {
        let repository = source.repository();
        Self {
            agency: Some(candidate.agency.clone()),
            id: Some(candidate.id.to_string()),
            action: Some(candidate.intake.verb()),
            file: Some(candidate.shown.to_string()),
            request: repository.map(|place| place.path_in_repository(&candidate.path)),
            is_approved: candidate.intake.approval.is_some(),
            ..Self::default()
        }
    }

    pub(super) fn print(mut self, format: DialogueFormat) {
        if format == DialogueFormat::Human {
            return self.print_human();
        }
        self.format = "arkib.request/1";
        self.ended = self.ending.to_output();
        printer::print_result(&json::render(&self));
    }

    fn print_human(&self) {
        self.ending.print_notes();
        let mut text = match self.is_shown {
            true => String::new(),
            false => findings::render_findings(&self.ending.findings),
        };
        if let (Exit::Done, Some(file)) = (self.ending.exit, &self.text) {
            // The result is only the file, so that it can be redirected into one.
            if !text.is_empty() {
                printer::print_message(text.trim_end());
            }
            text = file.lines().map(|line| format!("{}\n", escape(line))).collect();
        }
        let closing = match self.is_approved {
            true => message!("filing-open-approved"),
            false => message!("filing-open"),
        };
        self.ending.print_result(text, self.written, &closing);
    }
}
