//! The open requests and who must act next, for people and for programs.

use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write as _;

use jiff::civil::Date;

use super::align_columns::align;
use super::json::{AgencyOutput, ExitOutput, FindingOutput};
use super::status::{NoticeDeliveryOutput, StatusHead};
use super::{AgencyResult, human};
use crate::domain::approval::verification::UnverifiedReason;
use crate::domain::lifecycle::{MailboxLifecycle, RequestLifecycle, Stage};
use crate::domain::plan::Obstacle;
use crate::domain::record::history::History;
use crate::finding::Finding;
use crate::language::Message;
use crate::printer;
use crate::printer::{fit_line, text};
use crate::text::escape;

/// The output of `arkib status --all --format json` for one agency.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WaitingOutput")]
pub struct OpenRequestsOutput {
    #[serde(flatten)]
    head: StatusHead,
    /// The open requests, sorted by who must act next, then the oldest first.
    waiting: Vec<OpenRequestRow>,
    /// Notices that did not arrive, or may not have arrived.
    notices: Vec<NoticeDeliveryOutput>,
    /// The notices about withdrawals that wait until the portal has finished with a mailbox.
    pub waiting_notices: Vec<Message>,
    /// The numbers of requests that were done, replaced and withdrawn.
    closed: ClosedCounts,
    /// Problems of the files.
    findings: Vec<FindingOutput>,
    /// How the run ended.
    exit: ExitOutput,
}

impl AgencyOutput for OpenRequestsOutput {
    const FORMAT: &'static str = "arkib.waiting/2";
}

impl OpenRequestsOutput {
    /// Builds the output.
    pub fn new(
        head: StatusHead,
        known: (&[RequestLifecycle], &History, Date),
        found: &[Finding],
        exit: ExitOutput,
    ) -> Self {
        Self {
            head,
            waiting: open_request_rows(known.0, known.2),
            notices: undelivered_notices(known.0, known.1),
            waiting_notices: Vec::new(),
            closed: ClosedCounts::new(known.0),
            findings: found.iter().map(FindingOutput::new).collect(),
            exit,
        }
    }
}

/// An open request.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WaitingRow")]
pub struct OpenRequestRow {
    /// Its id.
    request: String,
    /// enable, terminate or withdraw.
    action: &'static str,
    /// pending, blocked, waiting, in-progress or scheduled.
    stage: &'static str,
    /// Who acts next: approver, administrator, run (the next one), portal, or day (nobody before that day).
    waits_for: &'static str,
    /// The day of receipt.
    received: String,
    /// The days since then.
    age: i32,
    /// The day it takes effect, if it is approved.
    day: Option<String>,
    /// The number of mailboxes that it names.
    mailboxes: usize,
    /// The mailboxes that are not done yet.
    open: Vec<OpenMailbox>,
    /// For a withdrawal, the request that it withdraws.
    withdraws: Option<String>,
    /// The same with what that asks for, for people.
    #[serde(skip)]
    withdrawn: Option<Message>,
    /// While it is pending or scheduled, why an approval does not count, so that it will not be carried out.
    unverified: Option<Message>,
}

impl OpenRequestRow {
    /// Builds the output.
    pub fn new(lifecycle: &RequestLifecycle, waits_for: &'static str, age: i32) -> Self {
        let withdraws = lifecycle.withdraws.as_ref();
        Self {
            request: lifecycle.request.id.to_string(),
            action: lifecycle.request.action_word(),
            stage: lifecycle.stage.as_str(),
            waits_for,
            received: lifecycle.request.received.date.to_string(),
            age,
            day: lifecycle.request.effect_day().map(|day| day.to_string()),
            mailboxes: lifecycle.mailboxes.len(),
            open: open_mailboxes(&lifecycle.mailboxes),
            withdraws: withdraws.map(|other| other.id.to_string()),
            withdrawn: withdraws.map(|other| {
                message!("status-withdrawn", id = other.id.as_str(), what = other.describe_change())
            }),
            unverified: lifecycle.unverified.as_ref().map(UnverifiedReason::describe),
        }
    }
}

/// A mailbox that is not done yet.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpenMailbox {
    /// The address.
    mailbox: String,
    /// The stage, as for the request.
    stage: &'static str,
    /// Why it cannot be done, or how the last attempt failed.
    why: Option<Message>,
}

impl OpenMailbox {
    /// Builds the output.
    pub fn new(lifecycle: &MailboxLifecycle) -> Self {
        Self {
            mailbox: lifecycle.mailbox.to_string(),
            stage: lifecycle.stage.as_str(),
            why: obstacle_or_last_failure(lifecycle),
        }
    }
}

/// The numbers of closed requests.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClosedCounts {
    /// Requests that were done.
    done: usize,
    /// Requests that others replaced before they were done.
    superseded: usize,
    /// Requests that were withdrawn.
    withdrawn: usize,
}

impl ClosedCounts {
    /// Builds the output.
    pub fn new(lifecycles: &[RequestLifecycle]) -> Self {
        Self {
            done: count_in_stage(lifecycles, Stage::Done),
            superseded: count_in_stage(lifecycles, Stage::Superseded),
            withdrawn: count_in_stage(lifecycles, Stage::Withdrawn),
        }
    }
}

fn open_request_rows(lifecycles: &[RequestLifecycle], as_of: Date) -> Vec<OpenRequestRow> {
    let open = lifecycles.iter().filter(|lifecycle| lifecycle.stage.is_open());
    let mut open: Vec<&RequestLifecycle> = open.collect();
    open.sort_by_cached_key(|lifecycle| {
        let request = &lifecycle.request;
        (lifecycle.stage, request.received.date, request.id.clone())
    });
    let row = |lifecycle: &RequestLifecycle| {
        Some(OpenRequestRow::new(
            lifecycle,
            lifecycle.stage.waits_for()?,
            lifecycle.age_in_days(as_of)?,
        ))
    };
    open.into_iter().filter_map(row).collect()
}

fn open_mailboxes(mailboxes: &[MailboxLifecycle]) -> Vec<OpenMailbox> {
    let open = mailboxes.iter().filter(|lifecycle| lifecycle.stage.is_open());
    open.map(OpenMailbox::new).collect()
}

fn obstacle_or_last_failure(lifecycle: &MailboxLifecycle) -> Option<Message> {
    let obstacle = lifecycle.obstacle.as_ref().map(Obstacle::describe);
    obstacle.or_else(|| Some(message!("status-last-time", trouble = lifecycle.last_failure()?)))
}

fn count_in_stage(lifecycles: &[RequestLifecycle], stage: Stage) -> usize {
    lifecycles.iter().filter(|lifecycle| lifecycle.stage == stage).count()
}

/// The notices that did not arrive, or may not have arrived, by request.
fn undelivered_notices(
    lifecycles: &[RequestLifecycle],
    history: &History,
) -> Vec<NoticeDeliveryOutput> {
    let requests = lifecycles.iter().map(|lifecycle| lifecycle.request.id.as_str());
    let notices = requests.flat_map(|id| history.notices(id));
    notices
        .filter(|given| !given.outcome.is_sent_or_printed() && !given.is_under_way)
        .map(NoticeDeliveryOutput::new)
        .collect()
}

/// The groups: who acts next, the heading, and who that is in a word.
fn groups(offline: bool) -> [(&'static str, Message, Message); 5] {
    // Only the portal shows whether something blocks it.
    let run = match offline {
        true => message!("status-waits-run-offline"),
        false => message!("status-waits-run"),
    };
    let administrator = message!("status-for-administrator");
    [
        ("approver", message!("status-waits-approver"), message!("status-for-approver")),
        ("administrator", message!("status-waits-administrator"), administrator),
        ("run", run, message!("status-for-run")),
        ("portal", message!("status-waits-portal"), message!("status-for-portal")),
        ("day", message!("status-waits-day"), message!("status-for-day")),
    ]
}

/// For people.
pub fn render_text(output: &OpenRequestsOutput) -> String {
    let mut text = output.head.first_line();
    for (group, heading, _) in groups(output.head.offline) {
        let rows = output.waiting.iter().filter(|row| row.waits_for == group);
        let cells: Vec<[String; 5]> = rows.map(open_request_cells).collect();
        if !cells.is_empty() {
            let _ = writeln!(text, "\n{} ({})", printer::render(&heading), cells.len());
            for line in align(&cells, 2, printer::columns()) {
                let _ = writeln!(text, "  {line}");
            }
        }
    }
    if !output.notices.is_empty() {
        let _ = writeln!(text, "\n{}", text!("status-undelivered"));
        for notice in &output.notices {
            let _ = writeln!(text, "  {}  {}", notice.request, notice.notice_line());
        }
    }
    for waits in &output.waiting_notices {
        let _ = writeln!(text, "\n{}", printer::render(waits));
    }
    if output.waiting.is_empty() && output.notices.is_empty() {
        let _ = writeln!(text, "\n{}", text!("status-nothing-open"));
    }
    let closed = &output.closed;
    let totals = text!(
        "status-totals",
        open = output.waiting.len(),
        done = closed.done,
        replaced = closed.superseded,
        withdrawn = closed.withdrawn,
    );
    let _ = writeln!(text, "\n{totals}");
    text
}

/// The lines of a small terminal that are left above the next command, and above what --watch adds.
const SCREEN_LINES: usize = 21;

/// For people, on one screen: the totals, then what waits for whom: first for people, then for the next run
/// and the portal, last for a day; the oldest first.
pub fn render_overview(output: &OpenRequestsOutput, run: &AgencyResult) -> String {
    let mut text = human::header(run);
    text.extend(run.plan.iter().map(human::totals));
    let drifted = run.plan.iter().flat_map(|plan| &plan.changes);
    let drifted = drifted.filter(|change| change.cause.is_drift()).count();
    let facts = [
        (drifted, message!("status-drifted", count = drifted)),
        (output.notices.len(), message!("status-undelivered-count", count = output.notices.len())),
    ];
    let waiting = output.waiting_notices.iter().map(|waits| (1, waits.clone()));
    for (count, fact) in facts.into_iter().chain(waiting) {
        text += &if count > 0 { fit_line(&printer::render(&fact), 2) } else { String::new() };
    }
    let mut rows: Vec<&OpenRequestRow> = output.waiting.iter().collect();
    let groups = groups(false);
    rows.sort_by_key(|row| {
        let group = groups.iter().position(|(group, ..)| *group == row.waits_for);
        (group, &row.received, &row.request)
    });
    if rows.is_empty() {
        return text + &format!("\n{}\n", text!("status-nothing-open"));
    }
    let count_by_group = |rows: &[&OpenRequestRow]| {
        let parts = groups.iter().filter_map(|(group, _, who)| {
            let count = rows.iter().filter(|row| row.waits_for == *group).count();
            (count > 0).then(|| message!("status-count", count, who))
        });
        Message::joined(parts, ", ")
    };
    let parts = count_by_group(&rows);
    text += &format!("\n{}", fit_line(&text!("status-waiting", count = rows.len(), parts), 2));
    let cells: Vec<[String; 4]> = rows
        .iter()
        .map(|row| {
            let who = groups.iter().find(|(group, ..)| *group == row.waits_for);
            overview_cells(row, who.map(|(_, _, who)| who))
        })
        .collect();
    // Two lines for what is left out.
    let mut room = SCREEN_LINES.saturating_sub(text.lines().count() + 2);
    let mut shown = 0;
    for line in align(&cells, 2, printer::columns()) {
        match room.checked_sub(line.lines().count()) {
            Some(left) => room = left,
            None => break,
        }
        let _ = writeln!(text, "  {line}");
        shown += 1;
    }
    match rows.len() - shown {
        0 => text,
        count => {
            let parts = count_by_group(&rows[shown..]);
            text + &fit_line(&format!("  {}", text!("status-rest", count, parts)), 2)
        }
    }
}

fn overview_cells(row: &OpenRequestRow, who: Option<&Message>) -> [String; 4] {
    let [request, action, about, ..] = open_request_cells(row);
    let age = text!("status-age", count = row.age as usize);
    let who = match (row.waits_for, &row.day) {
        ("day", Some(day)) => text!("plan-from-day", day),
        _ => who.map(printer::render).unwrap_or_default(),
    };
    [request, age, who, format!("{action} {about}")]
}

fn open_request_cells(row: &OpenRequestRow) -> [String; 5] {
    // The mailbox that determines the stage of the request.
    let first = row.open.iter().find(|mailbox| mailbox.stage == row.stage);
    let mut about = match first {
        Some(first) => escape(&first.mailbox).into_owned(),
        None => row.withdrawn.as_ref().map(printer::render).unwrap_or_default(),
    };
    if first.is_some() && row.open.len() > 1 {
        about = text!("status-and-more", mailbox = about, count = row.open.len() - 1);
    }
    let since = match row.age {
        0 => text!("status-received-today"),
        age => text!("status-received-ago", count = age as usize),
    };
    let why = match (row.waits_for, &row.day) {
        ("day", Some(day)) => Some(message!("plan-from-day", day)),
        _ => first.and_then(|mailbox| mailbox.why.clone()),
    };
    let unverified = row.unverified.as_ref();
    let unverified = unverified.map(|reason| message!("status-not-verified", reason));
    let why = Message::joined(why.into_iter().chain(unverified), "; ");
    let why = escape(&printer::render(&why)).into_owned();
    let action = printer::render(&Message::from_word(row.action));
    [row.request.clone(), action, about, since, why]
}
