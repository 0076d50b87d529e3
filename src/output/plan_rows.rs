//! The plan as rows, one per mailbox or request, the same on a screen and in a pull request.

use std::collections::HashSet;
use std::fmt::Display;
use std::sync::Arc;

use jiff::civil::Date;
use similar::{ChangeTag, TextDiff};

use crate::domain::archive_state::Target;
use crate::domain::desired::DesiredMailbox;
use crate::domain::mailbox_address::MAX_ADDRESS;
use crate::domain::other_files::OtherFile;
use crate::domain::plan::{
    Change, LaterDayChange, LaterDayEffect, Plan, RecalledChange, StaleReason,
};
use crate::domain::request::{Action, Request, RequestId};
use crate::text::{escape, excerpt, plural, prefix_if_some};

use super::{PullRequestEffects, groups};

/// The kind of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A termination; of a pull request, also a later or blocked one. It is never left out.
    Terminate,
    /// A termination with or without the pull request.
    Outstanding,
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
    let enables = plan.changes.iter().filter(|change| change.target == Target::Enabled);
    let mut rows = termination_rows(plan, pull_request);
    rows.extend(enables.map(change_row));
    rows.extend(obstacle_rows(plan, pull_request));
    rows
}

/// The terminations, of a pull request also the later and the blocked ones; then those that are
/// outstanding without it.
pub fn termination_rows(plan: &Plan, pull_request: Option<&PullRequestEffects>) -> Vec<TextRow> {
    let now = plan.changes.iter().filter(|change| change.target == Target::Terminated);
    let mut rows: Vec<TextRow> = now.map(change_row).collect();
    let Some(pull_request) = pull_request else {
        return rows;
    };
    let later = pull_request.later.iter();
    let later = later.filter(|change| change.effect == LaterDayEffect::Terminated);
    let (on_base, new): (Vec<_>, Vec<_>) = later.partition(|change| change.is_on_base);
    rows.extend(new.into_iter().map(later_day_change_row));
    let blocked = plan.blocked.iter().filter(|blocked| blocked.target == Target::Terminated);
    rows.extend(blocked.map(|blocked| {
        let about = format!("terminate; {}", escape(&blocked.obstacle.to_string()));
        let (mailbox, request) = (&blocked.mailbox, &blocked.request.id);
        plan_row(RowKind::Terminate, "! blocked", mailbox, request, about)
    }));
    let due = pull_request.due_terminations.iter().map(change_row);
    rows.extend(due.chain(on_base.into_iter().map(later_day_change_row)).map(|row| {
        let [word, mailbox, request, about] = row.cells;
        let about = format!("also without this pull request; {about}");
        TextRow::new(RowKind::Outstanding, [word, mailbox, request, about])
    }));
    rows
}

/// What a pull request changes on a later day, and is no termination.
fn later_day_change_rows(pull_request: &PullRequestEffects) -> impl Iterator<Item = TextRow> {
    let later = pull_request.later.iter();
    later.filter(|change| change.effect != LaterDayEffect::Terminated).map(later_day_change_row)
}

fn later_day_change_row(change: &LaterDayChange) -> TextRow {
    let day = change.day;
    let remark = change.remark.as_deref().map(|remark| escape(remark).into_owned());
    if let Some(waits) = &change.waits {
        let (kind, word) = match change.effect {
            LaterDayEffect::Terminated => (RowKind::Terminate, "? terminate"),
            LaterDayEffect::Enabled => (RowKind::Enable, "? enable"),
            LaterDayEffect::Prevented(_) | LaterDayEffect::Ended => (RowKind::Prevented, "? ended"),
        };
        let then = change.request.effective.filter(|effective| *effective == day);
        let then = then.map(|day| format!("then from {day} on"));
        let about = std::iter::once(waits.to_string()).chain(then).chain(remark);
        let about = about.collect::<Vec<_>>().join("; ");
        return plan_row(kind, word, &change.mailbox, &change.request.id, about);
    }
    let approved = change.request.approved_on().map(|day| format!("approved {day}"));
    let (kind, word, approved, what) = match change.effect {
        LaterDayEffect::Terminated => {
            (RowKind::Terminate, "- terminate", approved, format!("from {day} on"))
        }
        LaterDayEffect::Enabled => {
            (RowKind::Enable, "+ enable", approved, format!("from {day} on"))
        }
        LaterDayEffect::Prevented(target) => {
            let state = target.state_word();
            let what = format!("would be {state} from {day} on without this pull request");
            (RowKind::Prevented, "× prevented", None, what)
        }
        LaterDayEffect::Ended => {
            let what = format!("from {day} on no request decides about it any more");
            (RowKind::Prevented, "× ended", None, what)
        }
    };
    let about: Vec<String> = approved.into_iter().chain([what]).chain(remark).collect();
    plan_row(kind, word, &change.mailbox, &change.request.id, about.join("; "))
}

/// The files that a pull request changes and that are no requests, the first of each kind; each with the
/// number of rows that it represents.
pub fn other_file_lines(files: &[OtherFile]) -> Vec<(String, usize)> {
    let kinds = files.chunk_by(|one, other| one.kind == other.kind);
    let lines = kinds.flat_map(|same| {
        let (shown, more) = groups::split_first(same, groups::NAMED);
        let lines = shown.iter().map(|file| (format!("{}: {file}", escape(&file.file)), 1));
        let others = (more > 0).then(|| {
            let files = plural(more, "file", "files");
            (groups::and_more_text(format!("{files} of this kind")), more)
        });
        lines.chain(others).collect::<Vec<(String, usize)>>()
    });
    lines.collect()
}

/// Blocked changes, changes that were handed over and are recalled, and changes that a pull request
/// makes later or prevents.
pub fn obstacle_rows(plan: &Plan, pull_request: Option<&PullRequestEffects>) -> Vec<TextRow> {
    let is_shown = |target| pull_request.is_some() && target == Target::Terminated;
    let blocked = plan.blocked.iter().filter(|blocked| !is_shown(blocked.target));
    let blocked = blocked.map(|blocked| {
        let about = escape(&blocked.obstacle.to_string()).into_owned();
        let (mailbox, request) = (&blocked.mailbox, &blocked.request.id);
        plan_row(RowKind::Blocked, "! blocked", mailbox, request, about)
    });
    let mut rows: Vec<TextRow> = pull_request.into_iter().flat_map(later_day_change_rows).collect();
    rows.extend(blocked.chain(plan.recalled.iter().map(recalled_row)));
    rows.extend(pull_request.into_iter().flat_map(|effects| prevented_rows(effects, plan.as_of)));
    rows
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

fn prevented_rows(pull_request: &PullRequestEffects, as_of: Date) -> Vec<TextRow> {
    let prevented = pull_request.prevented.iter().map(|change| {
        let state = change.target.state_word();
        let about = format!("would be {state} without this pull request");
        let (mailbox, request) = (&change.mailbox, &change.request.id);
        plan_row(RowKind::Prevented, "× prevented", mailbox, request, about)
    });
    let lifted = pull_request.lifted.iter().map(|lifted| {
        let waits = match (lifted.effect_day(), lifted.missing_approvals()) {
            (Some(day), _) if day > as_of => format!("scheduled for {day}; is withdrawn"),
            (Some(day), _) => format!("from {day} on; is withdrawn"),
            (None, missing) => format!("{}; is withdrawn", missing.cloned().unwrap_or_default()),
        };
        request_row(RowKind::Prevented, "× withdrawn", lifted, &waits)
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
    let mut met: Vec<&DesiredMailbox> = met.iter().collect();
    met.sort_by_key(|wanted| wanted.target != Target::Terminated);
    let ends = met.iter().take_while(|wanted| wanted.target == Target::Terminated).count();
    let met = first_rows("= in sync", &met, most.max(ends), |wanted| {
        let about = format!("{}; already so", wanted.target.verb());
        quiet_row("= in sync", &wanted.mailbox, &wanted.request.id, about)
    });
    let unmanaged = first_rows("· unmanaged", &plan.unmanaged, most, |item| {
        let about = format!("{} in the portal; no request names it", item.state);
        quiet_row("· unmanaged", &item.mailbox, "", about)
    });
    let later = pull_request.into_iter().flat_map(|pull_request| &pull_request.later);
    let later: HashSet<&RequestId> = later.map(|change| &change.request.id).collect();
    let unverified = |request: &Request| {
        prefix_if_some(
            "; not verified: ",
            plan.unverified.get(&request.id).map(ToString::to_string),
        )
    };
    // A later change has a row of its own.
    let pending = plan.pending.iter().filter(|request| !later.contains(&request.id));
    let pending: Vec<&Arc<Request>> = pending.collect();
    let pending = first_rows("? pending", &pending, most, |pending| {
        let missing = pending.missing_approvals().cloned().unwrap_or_default();
        let waits = format!("{missing}{}", unverified(pending));
        request_row(RowKind::Quiet, "? pending", pending, &waits)
    });
    let scheduled = plan.scheduled.iter().filter(|request| !later.contains(&request.id));
    let scheduled: Vec<&Arc<Request>> = scheduled.collect();
    let scheduled = first_rows("@ scheduled", &scheduled, most, |scheduled| {
        let day = scheduled.effect_day().map(|day| day.to_string());
        let waits = format!("from {} on{}", day.unwrap_or_default(), unverified(scheduled));
        request_row(RowKind::Quiet, "@ scheduled", scheduled, &waits)
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

fn request_row(kind: RowKind, word: &str, request: &Request, waits: &str) -> TextRow {
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
    let approved = change.request.approved_on().filter(|_| !change.cause.is_drift());
    let approved = approved.map(|day| format!("approved {day}"));
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
