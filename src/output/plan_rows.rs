//! The plan as rows, one per mailbox or request, the same on a screen and in a pull request.

use std::fmt::Display;

use similar::{ChangeTag, TextDiff};

use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::MAX_ADDRESS;
use crate::domain::plan::{Change, Plan, RecalledChange, StaleReason};
use crate::domain::request::{Action, Request};
use crate::text::{escape, excerpt};

use super::{PullRequestEffects, groups};

/// The kind of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A termination.
    Terminate,
    /// An archive that would be enabled.
    Enable,
    /// A request that cannot be carried out.
    Blocked,
    /// A change that a pull request prevents.
    Prevented,
    /// Everything else.
    Quiet,
}

/// One row; in a plan: sign and word, subject, request, remark.
#[derive(Debug, Clone)]
pub struct TextRow<const N: usize = 4> {
    /// Its cells, escaped for a screen.
    pub cells: [String; N],
    /// Its kind.
    pub kind: RowKind,
    /// The number of rows that it represents.
    pub count: usize,
}

impl<const N: usize> TextRow<N> {
    /// A row that represents itself.
    pub fn new(kind: RowKind, cells: [String; N]) -> Self {
        Self { cells, kind, count: 1 }
    }
}

fn plan_row(
    kind: RowKind,
    word: &str,
    subject: impl Display,
    request: impl Display,
    about: String,
) -> TextRow {
    let subject = excerpt(&subject.to_string(), MAX_ADDRESS);
    let request = escape(&request.to_string()).into_owned();
    TextRow::new(kind, [word.to_owned(), subject, request, about])
}

/// All changes and obstacles, in the plan's order.
pub fn change_and_obstacle_rows(
    plan: &Plan,
    pull_request: Option<&PullRequestEffects>,
) -> Vec<TextRow> {
    let changes = plan.changes.iter().map(change_row);
    changes.chain(obstacle_rows(plan, pull_request)).collect()
}

/// Blocked changes, changes that were handed over and are recalled, and changes that a pull request
/// prevents.
pub fn obstacle_rows(plan: &Plan, pull_request: Option<&PullRequestEffects>) -> Vec<TextRow> {
    let blocked = plan.blocked.iter().map(|blocked| {
        let about = escape(&blocked.obstacle.to_string()).into_owned();
        let (mailbox, request) = (&blocked.mailbox, &blocked.request.id);
        plan_row(RowKind::Blocked, "! blocked", mailbox, request, about)
    });
    let rows = blocked.chain(plan.recalled.iter().map(recalled_row));
    rows.chain(pull_request.into_iter().flat_map(prevented_rows)).collect()
}

fn recalled_row(recalled: &RecalledChange) -> TextRow {
    let handed_over = &recalled.handed_over;
    let handed = handed_over.describe();
    let verb = handed_over.target.verb();
    let about = match recalled.is_done {
        true => format!("was {handed} to {verb}, and is done, but its request no longer applies"),
        false => format!(
            "was {handed} to {verb}, and is no longer wanted: do not upload {}",
            escape(&handed_over.file)
        ),
    };
    let (mailbox, request) = (&handed_over.mailbox, &handed_over.request);
    plan_row(RowKind::Blocked, "! recalled", mailbox, request, about)
}

fn prevented_rows(pull_request: &PullRequestEffects) -> Vec<TextRow> {
    let prevented = pull_request.prevented.iter().map(|change| {
        let state = change.target.state_word();
        let about = format!("would be {state} without this pull request");
        let (mailbox, request) = (&change.mailbox, &change.request.id);
        plan_row(RowKind::Prevented, "× prevented", mailbox, request, about)
    });
    let lifted = pull_request.lifted.iter().map(|lifted| {
        let waits = match lifted.effect_day() {
            Some(day) => format!("scheduled for {day}; is withdrawn"),
            None => "waits for approval; is withdrawn".to_owned(),
        };
        waiting_request_row(RowKind::Prevented, "× withdrawn", lifted, &waits)
    });
    prevented.chain(lifted).collect()
}

/// All changes in progress.
pub fn in_progress_rows(plan: &Plan) -> Vec<TextRow> {
    let each = plan.in_progress.iter().map(|item| {
        let (state, wanted) = (&item.state, item.target.state_word());
        let about = match &item.handed_over {
            Some(handed_over) => {
                let handed = handed_over.describe();
                format!("{handed}; {state} in the portal's export, wanted {wanted}")
            }
            None => format!("{state} in the portal; wanted {wanted}"),
        };
        quiet_row("~ in progress", &item.mailbox, &item.request, about)
    });
    each.collect()
}

/// What a pull request asks for and is already so, unmanaged archives, and waiting requests: the first
/// of each.
pub fn side_rows(
    plan: &Plan,
    pull_request: Option<&PullRequestEffects>,
    most: usize,
) -> Vec<TextRow> {
    let met = pull_request.map_or(&[][..], |pull_request| &pull_request.met);
    let met = first_rows("= in sync", met, most, |wanted| {
        let about = format!("{}; already so", wanted.target.verb());
        quiet_row("= in sync", &wanted.mailbox, &wanted.request.id, about)
    });
    let unmanaged = first_rows("· unmanaged", &plan.unmanaged, most, |item| {
        let about = format!("{} in the portal; no request names it", item.state);
        quiet_row("· unmanaged", &item.mailbox, "", about)
    });
    let pending = first_rows("? pending", &plan.pending, most, |pending| {
        waiting_request_row(RowKind::Quiet, "? pending", pending, "waits for approval")
    });
    let scheduled = first_rows("@ scheduled", &plan.scheduled, most, |scheduled| {
        let day = scheduled.effect_day().map(|day| day.to_string());
        let waits = format!("from {} on", day.unwrap_or_default());
        waiting_request_row(RowKind::Quiet, "@ scheduled", scheduled, &waits)
    });
    [met, unmanaged, pending, scheduled].concat()
}

fn quiet_row(word: &str, subject: impl Display, request: impl Display, about: String) -> TextRow {
    plan_row(RowKind::Quiet, word, subject, request, about)
}

/// The first rows, and one that counts the others.
fn first_rows<T>(
    word: &str,
    items: &[T],
    most: usize,
    each: impl Fn(&T) -> TextRow,
) -> Vec<TextRow> {
    let (shown, more) = groups::split_first(items, most);
    let mut rows: Vec<TextRow> = shown.iter().map(each).collect();
    if more > 0 {
        rows.push(TextRow { count: more, ..quiet_row(word, "", "", groups::and_more_text(more)) });
    }
    rows
}

fn waiting_request_row(kind: RowKind, word: &str, request: &Request, waits: &str) -> TextRow {
    let mailboxes = request.mailboxes();
    let first = mailboxes.first().map_or("", |named| named.mailbox.as_str());
    let others = match mailboxes.len() {
        0 | 1 => String::new(),
        count => format!(" {count} mailboxes, the first one is shown"),
    };
    let verb = request.action_word();
    let about = match &request.action {
        Action::Withdraw { withdraws } => format!("{verb} {withdraws}; {waits}"),
        Action::Change { .. } => format!("{verb}{others}; {waits}"),
    };
    plan_row(kind, word, first, &request.id, about)
}

/// The kind of row for a target.
pub fn kind_of_target(target: Target) -> RowKind {
    match target {
        Target::Terminated => RowKind::Terminate,
        Target::Enabled => RowKind::Enable,
    }
}

/// A change as a row.
pub fn change_row(change: &Change) -> TextRow {
    let word = match change.target {
        Target::Terminated => "- terminate",
        Target::Enabled => "+ enable",
    };
    let approval = change.request.approval.as_ref();
    let approved = approval
        .filter(|_| !change.cause.is_drift())
        .map(|approval| format!("approved {}", approval.date));
    let remark = Some(change_remark(change)).filter(|remark| !remark.is_empty());
    let about: Vec<String> = approved.into_iter().chain(remark).collect();
    let (mailbox, request) = (&change.mailbox, &change.request.id);
    plan_row(kind_of_target(change.target), word, mailbox, request, about.join("; "))
}

/// The remark about a change: drift and note.
pub fn change_remark(change: &Change) -> String {
    let drift = change.cause.is_drift().then(|| {
        let (was, is) = (change.target.state_word(), &change.from);
        format!("drift: was {was}, is {is} in the portal")
    });
    let remarks: Vec<String> = drift.into_iter().chain(change.remark()).collect();
    escape(&remarks.join("; ")).into_owned()
}

/// The unified diff of one archive between portal and requests.
pub fn diff_lines(change: &Change) -> Vec<(RowKind, String)> {
    let portal = format!("--- portal    {}", escape(change.mailbox.as_str()));
    let (id, file) = (&change.request.id, escape(&change.request.file));
    let requests = format!("+++ requests  {id} ({file}:{})", change.line);
    let mut lines = vec![(RowKind::Terminate, portal), (RowKind::Enable, requests)];
    let before = format!("archive: {}\n", escape(change.from.as_str()));
    let after = format!("archive: {}\n", change.target.state_word());
    for line in TextDiff::from_lines(&before, &after).iter_all_changes() {
        let kind = match line.tag() {
            ChangeTag::Delete => RowKind::Terminate,
            ChangeTag::Insert => RowKind::Enable,
            ChangeTag::Equal => continue,
        };
        lines.push((kind, format!("{}{}", line.tag(), line.value().trim_end())));
    }
    lines
}

/// Why a saved plan is outdated, as a line without a sign.
pub fn stale_text(stale: &StaleReason) -> String {
    match &stale.subject {
        Some(subject) => format!("{}: {}", escape(subject), escape(&stale.why)),
        None => escape(&stale.why).into_owned(),
    }
}
