//! The result of filing and the next commands, for people; each command prints the same as JSON.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use crate::exit::Exit;
use crate::finding::Finding;
use crate::language::Message;
use crate::ops::failure::Failure;
use crate::output::json;
use crate::output::json::{ExitOutput, FindingOutput};
use crate::printer;
use crate::printer::{fit_line, text};
use crate::text::escape;

#[derive(Debug, Default)]
pub(crate) struct FilingResult {
    /// The branch on which files were committed.
    pub branch: Option<String>,
    /// The next commands for the user.
    pub next: Vec<String>,
    /// The page on which the pull request is opened.
    pub pull_request: Option<String>,
    pub notes: Vec<Message>,
    /// What may turn out wrong.
    pub warnings: Vec<Message>,
    pub findings: Vec<Finding>,
    pub exit: Exit,
    pub reason: Message,
    pub help: Option<Message>,
}

/// The last keys of the outputs of `arkib request` and `arkib import`.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct FilingResultOutput {
    /// The branch on which files were committed.
    branch: Option<String>,
    /// The commands that come next.
    next: Vec<String>,
    /// The page on which the pull request is opened, if the remote is on a forge that is known.
    pull_request: Option<String>,
    /// What else is worth knowing.
    notes: Vec<Message>,
    /// What is wrong with files; with an error among them nothing was written.
    findings: Vec<FindingOutput>,
    /// How the command ended.
    exit: ExitOutput,
}

impl From<Failure> for FilingResult {
    fn from(failure: Failure) -> Self {
        Self {
            findings: failure.findings,
            exit: failure.exit,
            reason: failure.reason,
            help: failure.help,
            ..Self::default()
        }
    }
}

impl FilingResult {
    /// Sets the failure; everything else stays.
    pub(crate) fn set_failure(&mut self, failure: Failure) {
        self.exit = failure.exit;
        self.reason = failure.reason;
        self.help = failure.help;
    }

    /// For programs.
    pub(crate) fn to_output(&self) -> FilingResultOutput {
        FilingResultOutput {
            branch: self.branch.clone(),
            next: self.next.clone(),
            pull_request: self.pull_request.clone(),
            notes: self.warnings.iter().chain(&self.notes).cloned().collect(),
            findings: self.findings.iter().map(FindingOutput::new).collect(),
            exit: json::exit_output(self.exit, &self.reason).with_help(self.help.clone()),
        }
    }

    pub(crate) fn print_notes(&self) {
        let text = |message: &Message| escape(&printer::render(message)).into_owned();
        self.warnings.iter().for_each(|warning| printer::print_message(&text(warning)));
        self.notes.iter().for_each(|note| printer::print_note(&text(note)));
    }

    /// Prints the result to standard output. The reason follows below it if something was done; else
    /// the reason goes to standard error, like the notes. `closing` ends the next steps.
    pub(crate) fn print_result(&self, mut result: String, is_done: bool, closing: &Message) {
        let reason = printer::render(&self.reason);
        let reason: Vec<_> = reason.lines().map(escape).collect();
        let reason = reason.join("\n");
        if is_done {
            result.push_str(&fit_line(&reason, 2));
        }
        let steps = self.next.iter().chain(&self.pull_request);
        let steps: Vec<_> = steps.map(|step| escape(step)).collect();
        if !steps.is_empty() && !printer::is_quiet() {
            let _ = writeln!(result, "\n{}", text!("filing-next"));
            steps.iter().for_each(|step| result.push_str(&format!("  {step}\n")));
            result.push_str(&fit_line(&printer::render(closing), 0));
        }
        printer::print_result(&result);
        if !is_done {
            printer::print_message(&reason);
        }
        if let Some(help) = &self.help {
            printer::print_message(&text!("run-help", help = escape(&printer::render(help))));
        }
    }
}
