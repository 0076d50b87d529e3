//! What became of an import, for people and for programs.

use crate::output::format::DialogueFormat;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::options::Options;
use super::summary::{AgencyTold, FileTold, Told};
use crate::exit::Exit;
use crate::output::findings;
use crate::output::json;
use crate::output::json::{ExitOutput, FindingOutput};
use crate::printer;
use crate::text::visible;

/// The version of the output.
const FORMAT: &str = "arkib.import/1";

/// The output of `arkib import --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "arkib import output")]
pub struct ImportOutput {
    /// `arkib.import/1`.
    format: &'static str,
    /// Where the requests were read: a commit, or a folder; null where they could not be.
    requests: Option<String>,
    /// The day for which it was asked.
    as_of: String,
    /// By agency; none where nothing could be looked at.
    agencies: Vec<AgencyOutput>,
    /// The branch on which the files were committed.
    branch: Option<String>,
    /// The commands that come next.
    next: Vec<String>,
    /// What else is worth knowing.
    notes: Vec<String>,
    /// What is wrong with files, or what should be minded.
    findings: Vec<FindingOutput>,
    /// How the command ended.
    exit: ExitOutput,
}

/// One agency's part of an import.
#[derive(Debug, Serialize, JsonSchema)]
struct AgencyOutput {
    /// Its short name.
    agency: String,
    /// The files that were written; of a dry run, those that would be.
    files: Vec<FileOutput>,
    /// Archives that were looked at and left alone.
    left: Vec<LeftOutput>,
}

/// A request file.
#[derive(Debug, Serialize, JsonSchema)]
struct FileOutput {
    /// The id of the request.
    id: String,
    /// The file, as the user knows it.
    file: String,
    /// The file's way from the top of the repository, where it was written into one.
    request: Option<String>,
    /// Whether the file is there now.
    written: bool,
    /// What its archives have in common: request, month, undated, inactive or approver.
    group: &'static str,
    /// The portal's word for the request; the month as YYYY-MM, or YYYY-MM/YYYY-MM from one to another;
    /// or the approver.
    group_value: Option<String>,
    /// The mailboxes that it names, sorted.
    mailboxes: Vec<String>,
    /// What the file would hold, of a dry run with a reference.
    text: Option<String>,
}

/// An archive that was left alone.
#[derive(Debug, Serialize, JsonSchema)]
struct LeftOutput {
    /// The mailbox.
    mailbox: String,
    /// terminating, unknown-state, ambiguous or not-an-address; of those that were named with --only
    /// also no-account, no-archive and named.
    code: &'static str,
    /// Why, in words.
    reason: String,
}

/// Tells it.
pub(super) fn tell(args: &Options, told: &Told) {
    match args.format {
        DialogueFormat::Json => printer::result(&json::render(&output(args, told))),
        DialogueFormat::Human => human(told),
    }
}

fn output(args: &Options, told: &Told) -> ImportOutput {
    ImportOutput {
        format: FORMAT,
        requests: told.place.clone(),
        as_of: args.as_of().to_string(),
        agencies: told.agencies.iter().map(agency).collect(),
        branch: told.branch.clone(),
        next: told.next.clone(),
        notes: told.notes.clone(),
        findings: told.findings.iter().map(json::finding).collect(),
        exit: json::exit(told.exit, &told.reason).with_help(told.help.clone()),
    }
}

fn agency(told: &AgencyTold) -> AgencyOutput {
    let file = |it: &FileTold| FileOutput {
        id: it.id.clone(),
        file: it.shown.clone(),
        request: it.in_repository.clone(),
        written: it.is_written,
        group: it.group.as_str(),
        group_value: it.group.value(),
        mailboxes: it.mailboxes.iter().map(ToString::to_string).collect(),
        text: it.text.clone(),
    };
    let left = told.left.iter().map(|(mailbox, why, code)| LeftOutput {
        mailbox: mailbox.to_string(),
        code,
        reason: why.clone(),
    });
    AgencyOutput {
        agency: told.agency.clone(),
        files: told.files.iter().map(file).collect(),
        left: left.collect(),
    }
}

/// The result goes to standard output; notes, and why there is none, to standard error.
fn human(told: &Told) {
    for note in &told.notes {
        printer::say(&visible(note));
    }
    let reason: Vec<_> = told.reason.lines().map(visible).collect();
    let reason = reason.join("\n");
    let mut text = findings::human(&told.findings);
    text.push_str(&told.list());
    if told.exit == Exit::Done || told.written() > 0 {
        let _ = writeln!(text, "{reason}");
    }
    if !told.next.is_empty() {
        text.push_str("\nNext:\n");
        for command in &told.next {
            let _ = writeln!(text, "  {}", visible(command));
        }
        text.push_str(
            "and open the pull request, in which an approver adds the approval to each file.\n",
        );
    }
    printer::result(&text);
    if told.exit != Exit::Done && told.written() == 0 {
        printer::say(&reason);
    }
    if let Some(help) = &told.help {
        printer::say(&format!("help: {}", visible(help)));
    }
}
