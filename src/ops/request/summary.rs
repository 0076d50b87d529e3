//! What became of filing a request, for people and for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::request::RequestId;
use crate::exit::Exit;
use crate::load::Source;
use crate::ops::failure::Failure;
use crate::ops::filing::candidate::Candidate;
use crate::ops::filing::ending::Ending;
use crate::output::findings;
use crate::output::format::DialogueFormat;
use crate::output::json;
use crate::output::json::{ExitOutput, FindingOutput};
use crate::printer;
use crate::text::visible;

/// What became of it.
#[derive(Default)]
pub(super) struct RequestSummary {
    pub agency: Option<String>,
    pub id: Option<RequestId>,
    pub action: Option<&'static str>,
    /// The file as the user knows it.
    pub file: Option<String>,
    /// The file from the top of the repository.
    pub in_repository: Option<String>,
    /// The file's text, where the file itself does not show it.
    pub text: Option<String>,
    /// Whether a person has seen the findings already.
    pub is_shown: bool,
    pub is_written: bool,
    /// Whether an approval is in it already.
    pub is_approved: bool,
    pub ending: Ending,
}

impl From<Failure> for RequestSummary {
    fn from(failure: Failure) -> Self {
        Self {
            ending: failure.into(),
            ..Self::default()
        }
    }
}

/// The output of `arkib request --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "arkib request output")]
pub struct RequestOutput {
    /// `arkib.request/1`.
    format: &'static str,
    /// The short name of the agency that the request belongs to.
    agency: Option<String>,
    /// The id of the request; of one that was not written, the id that it would have had.
    id: Option<String>,
    /// enable, terminate or withdraw.
    action: Option<&'static str>,
    /// The file, as the user knows it.
    file: Option<String>,
    /// The file's way from the top of the repository, where it is in one.
    request: Option<String>,
    /// Whether the file is there now.
    written: bool,
    /// What the file would hold, where it was not written.
    text: Option<String>,
    /// The branch on which the file was committed.
    branch: Option<String>,
    /// The commands that come next.
    next: Vec<String>,
    /// What else is worth knowing.
    notes: Vec<String>,
    /// What is wrong with it; with an error among them nothing was written.
    findings: Vec<FindingOutput>,
    /// How the command ended.
    exit: ExitOutput,
}

impl RequestSummary {
    /// What is to be said whatever becomes of the file.
    pub(super) fn of(candidate: &Candidate, source: &Source) -> Self {
        let repository = source.repository();
        Self {
            agency: Some(candidate.agency.clone()),
            id: Some(candidate.id.clone()),
            action: Some(candidate.intake.subject.verb()),
            file: Some(candidate.shown.to_string()),
            in_repository: repository.map(|place| place.in_repository(&candidate.path)),
            is_approved: candidate.intake.approval.is_some(),
            ..Self::default()
        }
    }

    /// Prints it.
    pub(super) fn print(self, format: DialogueFormat) {
        match format {
            DialogueFormat::Json => printer::result(&json::render(&self.output())),
            DialogueFormat::Human => self.human(),
        }
    }

    fn output(self) -> RequestOutput {
        RequestOutput {
            format: "arkib.request/1",
            agency: self.agency,
            id: self.id.map(|id| id.to_string()),
            action: self.action,
            file: self.file,
            request: self.in_repository,
            written: self.is_written,
            text: self.text,
            findings: self.ending.findings.iter().map(FindingOutput::of).collect(),
            exit: self.ending.exit(),
            branch: self.ending.branch,
            next: self.ending.next,
            notes: self.ending.notes,
        }
    }

    fn human(&self) {
        self.ending.say_notes();
        let mut text = match self.is_shown {
            true => String::new(),
            false => findings::human(&self.ending.findings),
        };
        if let (Exit::Done, Some(file)) = (self.ending.exit, &self.text) {
            // The result is the file alone, so that it can go into one.
            if !text.is_empty() {
                printer::say(text.trim_end());
            }
            text = file
                .lines()
                .map(|line| format!("{}\n", visible(line)))
                .collect();
        }
        let closing = match self.is_approved {
            true => "and open the pull request.",
            false => "and open the pull request, in which an approver adds the approval.",
        };
        self.ending.print(text, self.is_written, closing);
    }
}
