//! What became of filing a request, for people and for programs.

use crate::output::format::DialogueFormat;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::options::Options;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::output::findings;
use crate::output::json;
use crate::output::json::{ExitOutput, FindingOutput};
use crate::printer;
use crate::text::visible;

/// Everything that is to be told.
pub(super) struct Told {
    pub agency: Option<String>,
    pub id: Option<String>,
    pub action: Option<&'static str>,
    /// The file as the user knows it.
    pub file: Option<String>,
    /// The file from the top of the repository.
    pub in_repository: Option<String>,
    /// The file's text, where the file itself does not tell it.
    pub text: Option<String>,
    pub branch: Option<String>,
    /// Commands that are to be given next.
    pub next: Vec<String>,
    pub notes: Vec<String>,
    pub findings: Vec<Finding>,
    /// Whether a person has seen the findings already.
    pub is_shown: bool,
    pub is_written: bool,
    /// Whether an approval is in it already.
    pub is_approved: bool,
    pub exit: Exit,
    pub reason: String,
    pub help: Option<String>,
}

impl Default for Told {
    fn default() -> Self {
        Self {
            agency: None,
            id: None,
            action: None,
            file: None,
            in_repository: None,
            text: None,
            branch: None,
            next: Vec::new(),
            notes: Vec::new(),
            findings: Vec::new(),
            is_shown: false,
            is_written: false,
            is_approved: false,
            exit: Exit::Done,
            reason: String::new(),
            help: None,
        }
    }
}

impl Told {
    /// Nothing was written, and why.
    pub(super) fn unwritten(reason: impl Into<String>) -> Self {
        Self {
            exit: Exit::Failed,
            reason: reason.into(),
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

/// Tells it.
pub(super) fn tell(asked: &Options, told: &Told) {
    match asked.filing.format {
        DialogueFormat::Json => printer::result(&json::render(&output(told))),
        DialogueFormat::Human => human(told),
    }
}

fn output(told: &Told) -> RequestOutput {
    RequestOutput {
        format: "arkib.request/1",
        agency: told.agency.clone(),
        id: told.id.clone(),
        action: told.action,
        file: told.file.clone(),
        request: told.in_repository.clone(),
        written: told.is_written,
        text: told.text.clone(),
        branch: told.branch.clone(),
        next: told.next.clone(),
        notes: told.notes.clone(),
        findings: told.findings.iter().map(json::finding).collect(),
        exit: json::exit(told.exit, &told.reason).with_help(told.help.clone()),
    }
}

/// The result goes to standard output; why there is none, and notes, to standard error.
fn human(told: &Told) {
    for note in &told.notes {
        printer::say(&visible(note));
    }
    let found = if told.is_shown {
        &[][..]
    } else {
        &told.findings
    };
    let mut text = findings::human(found);
    if let (Exit::Done, Some(file)) = (told.exit, &told.text) {
        // The result is the file alone, so that it can go into one.
        if !text.is_empty() {
            printer::say(text.trim_end());
        }
        text = file
            .lines()
            .map(|line| format!("{}\n", visible(line)))
            .collect();
    }
    let reason: Vec<_> = told.reason.lines().map(visible).collect();
    let reason = reason.join("\n");
    if told.is_written {
        let _ = writeln!(text, "{reason}");
        if !told.next.is_empty() {
            text.push_str("\nNext:\n");
        }
        for command in &told.next {
            let _ = writeln!(text, "  {}", visible(command));
        }
        if !told.next.is_empty() {
            text.push_str(match told.is_approved {
                true => "and open the pull request.\n",
                false => "and open the pull request, in which an approver adds the approval.\n",
            });
        }
    }
    printer::result(&text);
    if !told.is_written {
        printer::say(&reason);
    }
    if let Some(help) = &told.help {
        printer::say(&format!("help: {}", visible(help)));
    }
}
