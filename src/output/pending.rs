//! What waits for whom, for people and for programs.

use std::fmt::Write as _;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::findings::plural;
use super::groups::SMALL;
use super::json::{ExitOutput, FindingOutput};
use super::status::NoticeStory;
use super::table::align;
use crate::domain::lifecycle::{Life, MailboxLife, Stage};
use crate::domain::record::history::History;
use crate::text::visible;

/// The version of the output.
pub const FORMAT: &str = "arkib.waiting/1";

/// The output of `arkib status --all --format json` for one agency.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WaitingOutput {
    /// `arkib.waiting/1`.
    pub format: &'static str,
    /// The agency's short name; null where the run ended before one was looked at.
    pub agency: Option<String>,
    /// Where the requests were read: a commit, or a folder.
    pub requests: String,
    /// The day for which it holds.
    pub as_of: String,
    /// Whether the portal was left alone, so that the records alone tell.
    pub offline: bool,
    /// The requests for which something is still to be done: by whom they wait for, then the oldest
    /// first.
    pub waiting: Vec<WaitingRow>,
    /// Notices that did not arrive, or of which nobody knows.
    pub notices: Vec<NoticeStory>,
    /// How many requests were done, replaced and withdrawn.
    pub closed: ClosedCounts,
    /// Problems of the files.
    pub findings: Vec<FindingOutput>,
    /// How the run ended.
    pub exit: ExitOutput,
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

/// What waits, of the lives of an agency's requests.
pub fn rows(lives: &[Life], as_of: Date) -> Vec<WaitingRow> {
    let mut rows: Vec<(Stage, WaitingRow)> = lives
        .iter()
        .filter_map(|life| Some((life.stage, row(life, as_of)?)))
        .collect();
    rows.sort_by(|(stage, row), (other_stage, other)| {
        let key =
            |stage: Stage, row: &WaitingRow| (stage, row.received.clone(), row.request.clone());
        key(*stage, row).cmp(&key(*other_stage, other))
    });
    rows.into_iter().map(|(_, row)| row).collect()
}

fn row(life: &Life, as_of: Date) -> Option<WaitingRow> {
    let request = &life.request;
    let open = life.mailboxes.iter().filter(|it| it.stage.is_open());
    Some(WaitingRow {
        request: request.id.to_string(),
        action: request.action_word(),
        stage: life.stage.as_str(),
        waits_for: life.waits_for()?,
        received: request.received.date.to_string(),
        age: life.age(as_of)?,
        day: request.day().map(|day| day.to_string()),
        mailboxes: life.mailboxes.len(),
        open: open
            .map(|it| OpenMailbox {
                mailbox: it.mailbox.to_string(),
                stage: it.stage.as_str(),
                why: why(it),
            })
            .collect(),
        withdraws: life.withdraws.as_ref().map(|it| it.id.to_string()),
    })
}

fn why(life: &MailboxLife) -> Option<String> {
    match (&life.obstacle, &life.trouble) {
        (Some(obstacle), _) => Some(obstacle.to_string()),
        (None, Some((outcome, Some(cause)))) => Some(format!("last time {outcome}: {cause}")),
        (None, Some((outcome, None))) => Some(format!("last time {outcome}")),
        (None, None) => None,
    }
}

/// How many lives are closed.
pub fn closed(lives: &[Life]) -> ClosedCounts {
    let count = |stage| lives.iter().filter(|life| life.stage == stage).count();
    ClosedCounts {
        done: count(Stage::Done),
        superseded: count(Stage::Superseded),
        withdrawn: count(Stage::Withdrawn),
    }
}

/// The notices that did not arrive, or of which nobody knows, by request.
pub fn undelivered(lives: &[Life], history: &History) -> Vec<NoticeStory> {
    let each = lives.iter().flat_map(|life| {
        let id = life.request.id.as_str();
        history.notices(id).iter()
    });
    each.filter(|(_, given)| !given.outcome.is_given() && !given.is_under_way)
        .map(|(key, given)| NoticeStory::of(key, given))
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
    let mut text = super::status::header(
        output.agency.as_deref(),
        &output.requests,
        &output.as_of,
        output.offline,
    );
    for (group, heading) in GROUPS {
        // Whether anything is in the way shows only in the portal.
        let heading = match group {
            "run" if output.offline => "Not done, as far as the records tell",
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
        let _ = writeln!(
            text,
            "\nNotices that did not arrive, or of which nobody knows"
        );
        for notice in output.notices.iter().take(SMALL) {
            let _ = writeln!(text, "  {}  {}", notice.request, notice.line());
        }
        text.push_str(&more(output.notices.len()));
    }
    if output.waiting.is_empty() && output.notices.is_empty() {
        text.push_str("\nNothing waits.\n");
    }
    let ClosedCounts {
        done,
        superseded,
        withdrawn,
    } = output.closed;
    let _ = writeln!(
        text,
        "\n{} open · {done} done · {superseded} replaced by others · {withdrawn} withdrawn",
        output.waiting.len()
    );
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
    let first = row.open.iter().find(|it| it.stage == row.stage);
    let about = match (first, &row.withdraws) {
        (Some(first), _) if row.open.len() > 1 => {
            format!(
                "{} and {} more",
                visible(&first.mailbox),
                row.open.len() - 1
            )
        }
        (Some(first), _) => visible(&first.mailbox).into_owned(),
        (None, withdraws) => withdraws.clone().unwrap_or_default(),
    };
    let since = match row.age {
        0 => "received today".to_owned(),
        age => format!("received {} ago", plural(age as usize, "day", "days")),
    };
    let why = match (row.waits_for, &row.day) {
        ("day", Some(day)) => format!("from {day} on"),
        _ => first
            .and_then(|it| it.why.as_deref())
            .map(|why| visible(why).into_owned())
            .unwrap_or_default(),
    };
    [
        row.request.clone(),
        row.action.to_owned(),
        about,
        since,
        why,
    ]
}
