//! What `arkib redact` prints.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::due::Due;
use super::gather::{OneRequest, Work};
use crate::output::findings::plural;
use crate::output::json::ExitOutput;
use crate::text::visible;

/// The output of `arkib redact --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "arkib redact output")]
pub struct RedactOutput {
    /// `arkib.redact/1`.
    pub(super) format: &'static str,
    /// Whether the files were changed.
    pub(super) done: bool,
    /// What is taken out of which request.
    pub(super) requests: Vec<RequestOutput>,
    /// Out of which records how many events are taken.
    pub(super) records: Vec<RecordOutput>,
    /// What stays, and what is to be known.
    pub(super) notes: Vec<String>,
    /// With --list: the mailboxes whose requests are all closed.
    pub(super) closed: Vec<Due>,
    /// How the command ended.
    pub(super) exit: ExitOutput,
}

/// What is taken out of one request.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RequestOutput {
    file: String,
    id: String,
    /// How many mailboxes.
    mailboxes: usize,
    /// How many are left.
    left: usize,
    /// Whether the applicant is.
    applicant: bool,
    /// Whether the reason is.
    reason: bool,
    /// How many comments.
    comments: usize,
    /// The documents, as the request names them.
    evidence: Vec<String>,
}

/// What is taken out of one record.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RecordOutput {
    file: String,
    /// How many events.
    events: usize,
}

/// For the end of every run that names people: what it cannot do.
pub(super) const HISTORY: &str = "\
Commit all of it in one pull request; `arkib check --base` takes it as it is.
Older commits still hold what was taken out, and so do clones, caches and backups of the repository. Where it
must go from there, too, the repository's owner rewrites its history (git filter-repo) and has everyone clone
anew; the commits that records name can then no longer be found. arkib does not do that: docs/RETENTION.md.
";

pub(super) fn requests(work: &Work) -> Vec<RequestOutput> {
    work.requests.iter().map(request).collect()
}

fn request(one: &OneRequest) -> RequestOutput {
    let without = &one.without;
    RequestOutput {
        file: one.request.file.to_string(),
        id: one.request.id.to_string(),
        mailboxes: without.mailboxes,
        left: one.request.mailboxes().len() - without.mailboxes,
        applicant: without.applicant,
        reason: without.reason,
        comments: without.comments,
        evidence: without.evidence.iter().map(|it| it.file.clone()).collect(),
    }
}

pub(super) fn records(work: &Work) -> Vec<RecordOutput> {
    let each = work.records.iter().map(|record| RecordOutput {
        file: record.file.to_string(),
        events: record.hashes.len(),
    });
    each.collect()
}

/// For people: what goes, and what stays.
pub(super) fn human(output: &RedactOutput) -> String {
    let mut text = String::new();
    for request in &output.requests {
        let mut parts = Vec::new();
        if request.mailboxes > 0 {
            let gone = plural(request.mailboxes, "mailbox", "mailboxes");
            parts.push(match request.left {
                0 => format!("{gone}, none is left"),
                left => format!("{gone}, {left} left"),
            });
        }
        if request.applicant {
            parts.push("the applicant".to_owned());
        }
        if request.reason {
            parts.push("the reason".to_owned());
        }
        if request.comments > 0 {
            parts.push(plural(request.comments, "comment", "comments"));
        }
        if !request.evidence.is_empty() {
            parts.push(plural(request.evidence.len(), "document", "documents"));
        }
        let file = visible(&request.file);
        let _ = writeln!(text, "  {file}  {}", parts.join("; "));
    }
    for record in &output.records {
        let events = plural(record.events, "event", "events");
        let _ = writeln!(text, "  {}  {events}", visible(&record.file));
    }
    if !text.is_empty() {
        text.insert_str(0, "Taken out:\n");
        text.push('\n');
    }
    for note in &output.notes {
        let _ = writeln!(text, "note: {note}");
    }
    if !output.notes.is_empty() {
        text.push('\n');
    }
    text
}

/// For people: whose data may go, and when.
pub(super) fn list(closed: &[Due]) -> String {
    let mut text = String::new();
    for due in closed {
        let when = if due.may_go {
            "may go since"
        } else {
            "not before"
        };
        let _ = writeln!(
            text,
            "{when} {}  {}  {}  newest day {}, in {}",
            due.from,
            visible(&due.mailbox),
            visible(&due.agency),
            due.newest,
            due.requests.join(", ")
        );
    }
    text
}
