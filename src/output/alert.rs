//! The one message of a run for its operators: as JSON for programs, and in the shapes that Slack,
//! Mattermost, Teams and e-mail take. Values of files and of the portal are hostile: in a message for
//! people none can hide, begin a line, mention somebody or be a link, whatever the shape makes of text.

mod json;
#[cfg(test)]
mod tests;
mod webhook_formats;

pub use json::AlertOutput;
pub use webhook_formats::AlertFormat;

use std::borrow::Cow;

use crate::domain::alert::{
    Alert, DriftedMailbox, EndingKind, EndingSoon, FailedRun, UnmanagedArchive, Waiting,
    WaitingCause,
};
use crate::domain::local_time::to_local_time;
use crate::language::Message;
use crate::printer::text;
use crate::text::excerpt;

/// The most lines of a kind.
pub(super) const MOST_LINES: usize = 10;
/// The most characters of a line.
const LONGEST_LINE: usize = 300;
/// The most bytes of all lines: Mattermost takes 16,383 characters, Teams 28 kB with all that is around.
const MOST_BYTES: usize = 12_000;
/// The most characters of a line if they would be more.
const SHORTENED_LINE: usize = 50;

/// Where and how a run was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRun {
    /// Whether it was a dry run.
    pub is_dry_run: bool,
    /// Where the requests were read: a commit, or a folder.
    pub requests: String,
    /// The page of the CI job, if there is one.
    pub job: Option<String>,
    /// When it ended.
    pub ended: jiff::Timestamp,
    /// The exit status of the program.
    pub status: u8,
}

/// The message for people.
#[derive(Debug, PartialEq, Eq)]
pub struct AlertText {
    /// How much there is of each kind. Only words and numbers of arkib's own.
    pub title: String,
    /// Each kind with its lines.
    pub sections: Vec<Section>,
    /// The page of the CI job, if there is one.
    pub job: Option<String>,
}

/// The lines of a kind.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    /// What they are. Only arkib's own words.
    pub heading: String,
    /// The lines; each is plain and harmless text.
    pub lines: Vec<String>,
}

impl AlertText {
    /// Builds the message.
    pub fn new(alert: &Alert, run: &AlertRun) -> Self {
        let Alert { failed, drift, unmanaged, waiting, ending } = alert;
        let counts = [
            (failed.len(), message!("alert-failed-count", count = failed.len())),
            (drift.len(), message!("alert-drift-count", count = drift.len())),
            (unmanaged.len(), message!("alert-unmanaged-count", count = unmanaged.len())),
            (waiting.len(), message!("alert-waiting-count", count = waiting.len())),
            (ending.len(), message!("alert-ending-count", count = ending.len())),
        ];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        let counts = Message::joined(counts.map(|(_, said)| said), ", ");
        let mut sections = sections(alert, LONGEST_LINE);
        let lines = sections.iter().flat_map(|section| &section.lines);
        if lines.map(String::len).sum::<usize>() > MOST_BYTES {
            sections = self::sections(alert, SHORTENED_LINE);
        }
        let is_page = |job: &String| {
            let plain = |c: char| c.is_ascii_graphic() && !"<>|\"'`()[]\\".contains(c);
            (job.starts_with("https://") || job.starts_with("http://")) && job.chars().all(plain)
        };
        let job = run.job.clone().filter(is_page);
        Self { title: text!("alert-title", counts), sections, job }
    }

    /// The message as plain text.
    pub fn to_plain_text(&self) -> String {
        let mut text = format!("{}\n", self.title);
        for Section { heading, lines } in &self.sections {
            text.push_str(&format!("\n{heading}\n"));
            lines.iter().for_each(|line| text.push_str(&format!("- {line}\n")));
        }
        if let Some(job) = &self.job {
            text.push_str(&format!("\n{}\n", text!("alert-job-at", job)));
        }
        text
    }
}

/// The sections of an alert; each line has at most so many characters.
fn sections(alert: &Alert, longest: usize) -> Vec<Section> {
    let Alert { failed, drift, unmanaged, waiting, ending } = alert;
    let sections = [
        section(text!("alert-failed"), failed, failed_line, longest),
        section(text!("alert-drift"), drift, drift_line, longest),
        section(text!("alert-unmanaged"), unmanaged, unmanaged_line, longest),
        section(text!("alert-waiting"), waiting, waiting_line, longest),
        section(text!("alert-ending"), ending, ending_line, longest),
    ];
    sections.into_iter().filter(|section| !section.lines.is_empty()).collect()
}

fn section<T>(heading: String, items: &[T], line: fn(&T) -> String, longest: usize) -> Section {
    let shown = items.iter().take(MOST_LINES);
    let mut lines: Vec<String> = shown.map(|item| harmless(&line(item), longest)).collect();
    if items.len() > MOST_LINES {
        lines.push(text!("alert-more", count = items.len() - MOST_LINES));
    }
    Section { heading, lines }
}

fn failed_line(failed: &FailedRun) -> String {
    let FailedRun { agency, status, reason } = failed;
    let agency = agency.as_ref().map_or(Cow::Borrowed(""), |agency| format!("{agency}: ").into());
    text!("alert-failed-line", agency, status = *status, reason)
}

fn drift_line(drift: &DriftedMailbox) -> String {
    let DriftedMailbox { agency, mailbox, from, to, request, last_change, outcome } = drift;
    let at = last_change.at.map(|at| {
        let local = to_local_time(at);
        let (day, time) = (local.date(), local.strftime("%H:%M").to_string());
        message!("alert-changed", day, time)
    });
    let other = last_change.request.as_deref().filter(|named| *named != request.as_str());
    let other = other.map(|named| message!("alert-portal-names", request = named));
    let outcome = outcome
        .map(|outcome| message!("alert-this-run", outcome = Message::from_word(outcome.as_str())));
    text!(
        "alert-drift-line",
        agency,
        mailbox = mailbox.as_str(),
        from = Message::from_word(&from.to_string()),
        to = Message::from_word(to.state_word()),
        request = request.as_str(),
        more = Message::joined([at, other, outcome].into_iter().flatten(), "")
    )
}

fn unmanaged_line(archive: &UnmanagedArchive) -> String {
    let UnmanagedArchive { agency, mailbox, state } = archive;
    let state = Message::from_word(&state.to_string());
    text!("alert-unmanaged-line", agency, mailbox = mailbox.as_str(), state)
}

fn waiting_line(waiting: &Waiting) -> String {
    let Waiting { agency, request, cause, since, days } = waiting;
    let (request, days) = (request.as_str(), days_text(*days));
    match cause {
        WaitingCause::Approvals(count) => {
            text!("alert-waiting-line", agency, request, count = *count, since, days)
        }
        WaitingCause::Blocked(mailbox, why) => {
            let mailbox = mailbox.as_str();
            text!("alert-blocked-line", agency, mailbox, request, since, days, why)
        }
    }
}

fn ending_line(ending: &EndingSoon) -> String {
    let EndingSoon { agency, ending, days } = ending;
    let name = &ending.name;
    let what = match ending.kind {
        EndingKind::Key => message!("alert-key-ends", name),
        EndingKind::Authority => message!("alert-authority-ends", name),
        EndingKind::Revocations => message!("alert-list-ends", name),
    };
    let when = match days {
        ..0 => message!("alert-ago", days = days_text(-days)),
        0 => message!("alert-today"),
        1.. => message!("alert-in-days", days = days_text(*days)),
    };
    text!("alert-ending-line", agency, what, day = ending.day(), when)
}

fn days_text(days: i32) -> Message {
    message!("alert-days", count = u64::from(days.unsigned_abs()))
}

/// A line that is harmless in every shape: without unsafe characters, marks of HTML and of Slack, code
/// marks, mentions and links. The `@` of an address stays.
fn harmless(line: &str, longest: usize) -> String {
    let mut harmless = String::new();
    let mut before = None;
    for character in excerpt(line, longest).chars() {
        match character {
            '<' => harmless.push('‹'),
            '>' => harmless.push('›'),
            '`' => harmless.push('\''),
            '@' if !before.is_some_and(|before: char| before.is_ascii_alphanumeric()) => {
                harmless.push_str("(at)");
            }
            // `://` begins a link, and `//` one without a scheme.
            '/' if before == Some('/') || before == Some(':') => harmless.push_str(" /"),
            other => harmless.push(other),
        }
        before = Some(character);
    }
    harmless
}
