//! What waits for whom, for people and for programs.

use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write as _;

use jiff::civil::Date;

use super::groups::{SMALL, and_more};
use super::json::{ExitOutput, FindingOutput};
use super::status::{Head, NoticeTimeline};
use super::table::align;
use crate::domain::lifecycle::{MailboxLifecycle, RequestLifecycle, Stage};
use crate::domain::record::history::History;
use crate::finding::Finding;
use crate::text::{escape, plural};

/// The output of `arkib status --all --format json` for one agency.
#[derive(Debug, Serialize, JsonSchema)]

pub struct WaitingOutput {
    /// `arkib.waiting/1`.
    format: &'static str,
    #[serde(flatten)]
    head: Head,
    /// The requests for which something is still to be done: by whom they wait for, then the oldest
    /// first.
    waiting: Vec<WaitingRow>,
    /// Notices that did not arrive, or of which nobody knows.
    notices: Vec<NoticeTimeline>,
    /// How many requests were done, replaced and withdrawn.
    closed: ClosedCounts,
    /// Problems of the files.
    findings: Vec<FindingOutput>,
    /// How the run ended.
    exit: ExitOutput,
}

impl WaitingOutput {
    /// Builds it.
    pub fn of(
        head: Head,
        known: (&[RequestLifecycle], &History, Date),
        found: &[Finding],
        exit: ExitOutput,
    ) -> Self {
        Self {
            format: "arkib.waiting/1",
            head,
            waiting: rows(known.0, known.2),
            notices: undelivered(known.0, known.1),
            closed: ClosedCounts::of(known.0),
            findings: found.iter().map(FindingOutput::of).collect(),
            exit,
        }
    }
}

/// A request that waits.
#[derive(Debug, Serialize, JsonSchema)]

pub struct WaitingRow {
    /// Its id.
    request: String,
    /// enable, terminate or withdraw.
    action: &'static str,
    /// pending, blocked, waiting, in-progress or scheduled.
    stage: &'static str,
    /// Who acts next: approver, administrator, run (the next one), portal, or day (nobody, until then).
    waits_for: &'static str,
    /// The day of receipt.
    received: String,
    /// The days since.
    age: i32,
    /// The day it takes effect, where it is approved.
    day: Option<String>,
    /// How many mailboxes it names.
    mailboxes: usize,
    /// Those for which something is still to be done.
    open: Vec<OpenMailbox>,
    /// Of a withdrawal, the request that it withdraws.
    withdraws: Option<String>,
}

impl WaitingRow {
    /// Builds it.
    pub fn of(life: &RequestLifecycle, waits_for: &'static str, age: i32) -> Self {
        Self {
            request: life.request.id.to_string(),
            action: life.request.action_word(),
            stage: life.stage.as_str(),
            waits_for,
            received: life.request.received.date.to_string(),
            age,
            day: life.request.day().map(|day| day.to_string()),
            mailboxes: life.mailboxes.len(),
            open: open(&life.mailboxes),
            withdraws: life.withdraws.as_ref().map(|other| other.id.to_string()),
        }
    }
}

/// A mailbox for which something is still to be done.
#[derive(Debug, Serialize, JsonSchema)]

pub struct OpenMailbox {
    /// The address.
    mailbox: String,
    /// As for the request.
    stage: &'static str,
    /// Why it cannot be done, or what came of the last attempt.
    why: Option<String>,
}

impl OpenMailbox {
    /// Builds it.
    pub fn of(life: &MailboxLifecycle) -> Self {
        Self {
            mailbox: life.mailbox.to_string(),
            stage: life.stage.as_str(),
            why: why(life),
        }
    }
}

/// How many requests nothing is to be done for.
#[derive(Debug, Serialize, JsonSchema)]

pub struct ClosedCounts {
    /// They were done.
    done: usize,
    /// Others decided before they were done.
    superseded: usize,
    /// They count as never made.
    withdrawn: usize,
}

impl ClosedCounts {
    /// Builds it.
    pub fn of(lives: &[RequestLifecycle]) -> Self {
        Self {
            done: count(lives, Stage::Done),
            superseded: count(lives, Stage::Superseded),
            withdrawn: count(lives, Stage::Withdrawn),
        }
    }
}

fn rows(lives: &[RequestLifecycle], as_of: Date) -> Vec<WaitingRow> {
    let open = lives.iter().filter(|life| life.stage.is_open());
    let mut open: Vec<&RequestLifecycle> = open.collect();
    open.sort_by_cached_key(|life| {
        let request = &life.request;
        (life.stage, request.received.date, request.id.clone())
    });
    let row = |life: &RequestLifecycle| {
        Some(WaitingRow::of(
            life,
            life.stage.waits_for()?,
            life.age(as_of)?,
        ))
    };
    open.into_iter().filter_map(row).collect()
}

fn open(mailboxes: &[MailboxLifecycle]) -> Vec<OpenMailbox> {
    let open = mailboxes.iter().filter(|life| life.stage.is_open());
    open.map(OpenMailbox::of).collect()
}

fn why(life: &MailboxLifecycle) -> Option<String> {
    let obstacle = life.obstacle.as_ref().map(ToString::to_string);
    obstacle.or_else(|| Some(format!("last time {}", life.problem_text()?)))
}

fn count(lives: &[RequestLifecycle], stage: Stage) -> usize {
    lives.iter().filter(|life| life.stage == stage).count()
}

/// The notices that did not arrive, or of which nobody knows, by request.
fn undelivered(lives: &[RequestLifecycle], history: &History) -> Vec<NoticeTimeline> {
    let requests = lives.iter().map(|life| life.request.id.as_str());
    let notices = requests.flat_map(|id| history.notices(id));
    notices
        .filter(|given| !given.outcome.is_given() && !given.is_under_way)
        .map(NoticeTimeline::of)
        .collect()
}

/// The groups, each with its heading.
const GROUPS: [(&str, &str); 5] = [
    ("approver", "Waits for the approver"),
    (
        "administrator",
        "Cannot be done as things are; the administrator has to look",
    ),
    ("run", "Waits for the next run of `arkib reconcile`"),
    ("portal", "The portal is working on it"),
    ("day", "Waits for its day"),
];

/// For people.
pub fn human(output: &WaitingOutput) -> String {
    let mut text = output.head.line();
    for (group, heading) in GROUPS {
        // Whether anything is in the way shows only in the portal.
        let heading = match group {
            "run" if output.head.offline => "Not done, as far as the records tell",
            _ => heading,
        };
        let rows = output.waiting.iter().filter(|row| row.waits_for == group);
        let count = rows.clone().count();
        // The oldest come first: what is not shown has waited less long.
        let cells: Vec<[String; 5]> = rows.take(SMALL).map(cells).collect();
        if count > 0 {
            let _ = writeln!(text, "\n{heading} ({count})");
            for line in align(&cells) {
                let _ = writeln!(text, "  {line}");
            }
            text.push_str(&more(count));
        }
    }
    if !output.notices.is_empty() {
        text.push_str("\nNotices that did not arrive, or of which nobody knows\n");
        for notice in output.notices.iter().take(SMALL) {
            let _ = writeln!(text, "  {}  {}", notice.request, notice.line());
        }
        text.push_str(&more(output.notices.len()));
    }
    if output.waiting.is_empty() && output.notices.is_empty() {
        text.push_str("\nNothing waits.\n");
    }
    let closed = &output.closed;
    let _ = write!(
        text,
        "\n{} open · {} done · {} replaced by others · {} withdrawn",
        output.waiting.len(),
        closed.done,
        closed.superseded,
        closed.withdrawn
    );
    text.push('\n');
    text
}

/// How many rows are not shown.
fn more(count: usize) -> String {
    match count.saturating_sub(SMALL) {
        0 => String::new(),
        more => format!("  {}\n", and_more(more)),
    }
}

fn cells(row: &WaitingRow) -> [String; 5] {
    // The one that gives the request its stage is the one to look at.
    let first = row.open.iter().find(|mailbox| mailbox.stage == row.stage);
    let mut about = match first {
        Some(first) => escape(&first.mailbox).into_owned(),
        None => row.withdraws.clone().unwrap_or_default(),
    };
    if first.is_some() && row.open.len() > 1 {
        let _ = write!(about, " and {} more", row.open.len() - 1);
    }
    let since = match row.age {
        0 => "received today".to_owned(),
        age => format!("received {} ago", plural(age as usize, "day", "days")),
    };
    let why = match (row.waits_for, &row.day) {
        ("day", Some(day)) => format!("from {day} on"),
        _ => {
            let why = first.and_then(|mailbox| mailbox.why.as_deref());
            escape(why.unwrap_or_default()).into_owned()
        }
    };
    [
        row.request.clone(),
        row.action.to_owned(),
        about,
        since,
        why,
    ]
}
