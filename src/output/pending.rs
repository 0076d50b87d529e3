//! What waits for whom, for people and for programs.

use std::fmt::Write as _;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::findings::plural;
use super::groups::SMALL;
use super::json;
use super::json::{ExitOutput, FindingOutput};
use super::status::{Head, NoticeStory};
use super::table::align;
use crate::domain::lifecycle::{Life, MailboxLife, Stage};
use crate::domain::record::history::History;
use crate::finding::Finding;
use crate::text::visible;

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
    notices: Vec<NoticeStory>,
    /// How many requests were done, replaced and withdrawn.
    closed: ClosedCounts,
    /// Problems of the files.
    findings: Vec<FindingOutput>,
    /// How the run ended.
    exit: ExitOutput,
}

impl WaitingOutput {
    /// What waits, of the lives of an agency's requests.
    pub fn new(
        head: Head,
        (lives, history, as_of): (&[Life], &History, Date),
        found: &[Finding],
        exit: ExitOutput,
    ) -> Self {
        Self {
            format: "arkib.waiting/1",
            head,
            waiting: rows(lives, as_of),
            notices: undelivered(lives, history),
            closed: closed(lives),
            findings: found.iter().map(json::finding).collect(),
            exit,
        }
    }
}

/// A request that waits.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WaitingRow {
    /// Its id.
    pub request: String,
    /// enable, terminate or withdraw.
    pub action: &'static str,
    /// pending, blocked, waiting, in-progress or scheduled.
    pub stage: &'static str,
    /// Who acts next: approver, administrator, run (the next one), portal, or day (nobody, until then).
    pub waits_for: &'static str,
    /// The day of receipt.
    pub received: String,
    /// The days since.
    pub age: i32,
    /// The day it takes effect, where it is approved.
    pub day: Option<String>,
    /// How many mailboxes it names.
    pub mailboxes: usize,
    /// Those for which something is still to be done.
    pub open: Vec<OpenMailbox>,
    /// Of a withdrawal, the request that it withdraws.
    pub withdraws: Option<String>,
}

/// A mailbox for which something is still to be done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpenMailbox {
    /// The address.
    pub mailbox: String,
    /// As for the request.
    pub stage: &'static str,
    /// Why it cannot be done, or what came of the last attempt.
    pub why: Option<String>,
}

/// How many requests nothing is to be done for.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct ClosedCounts {
    /// They were done.
    pub done: usize,
    /// Others decided before they were done.
    pub superseded: usize,
    /// They count as never made.
    pub withdrawn: usize,
}

fn rows(lives: &[Life], as_of: Date) -> Vec<WaitingRow> {
    let open = lives.iter().filter(|life| life.stage.is_open());
    let mut open: Vec<&Life> = open.collect();
    open.sort_by_cached_key(|life| {
        let request = &life.request;
        (life.stage, request.received.date, request.id.clone())
    });
    let each = open.into_iter();
    each.filter_map(|life| row(life, as_of)).collect()
}

fn row(life: &Life, as_of: Date) -> Option<WaitingRow> {
    let request = &life.request;
    let mailboxes = life.mailboxes.iter();
    let open = mailboxes.filter(|mailbox| mailbox.stage.is_open());
    let open = open.map(|mailbox| OpenMailbox {
        mailbox: mailbox.mailbox.to_string(),
        stage: mailbox.stage.as_str(),
        why: why(mailbox),
    });
    Some(WaitingRow {
        request: request.id.to_string(),
        action: request.action_word(),
        stage: life.stage.as_str(),
        waits_for: life.stage.waits_for()?,
        received: request.received.date.to_string(),
        age: life.age(as_of)?,
        day: request.day().map(|day| day.to_string()),
        mailboxes: life.mailboxes.len(),
        open: open.collect(),
        withdraws: life.withdraws.as_ref().map(|other| other.id.to_string()),
    })
}

fn why(life: &MailboxLife) -> Option<String> {
    let obstacle = life.obstacle.as_ref().map(ToString::to_string);
    obstacle.or_else(|| Some(format!("last time {}", life.trouble_words()?)))
}

/// How many lives are closed.
fn closed(lives: &[Life]) -> ClosedCounts {
    let count = |stage| lives.iter().filter(|life| life.stage == stage).count();
    ClosedCounts {
        done: count(Stage::Done),
        superseded: count(Stage::Superseded),
        withdrawn: count(Stage::Withdrawn),
    }
}

/// The notices that did not arrive, or of which nobody knows, by request.
fn undelivered(lives: &[Life], history: &History) -> Vec<NoticeStory> {
    let requests = lives.iter().map(|life| life.request.id.as_str());
    let notices = requests.flat_map(|id| history.notices(id));
    notices
        .filter(|given| !given.outcome.is_given() && !given.is_under_way)
        .map(NoticeStory::of)
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
        more => format!("  … and {more} more; --format json has them all\n"),
    }
}

fn cells(row: &WaitingRow) -> [String; 5] {
    // The one that gives the request its stage is the one to look at.
    let first = row.open.iter().find(|mailbox| mailbox.stage == row.stage);
    let mut about = match first {
        Some(first) => visible(&first.mailbox).into_owned(),
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
            visible(why.unwrap_or_default()).into_owned()
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
