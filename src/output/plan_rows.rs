//! The plan as rows, one per mailbox or request, the same on a screen and in a pull request.

mod row;

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::archive_state::Target;
use crate::domain::desired::DesiredMailbox;
use crate::domain::other_files::OtherFile;
use crate::domain::plan::{
    Change, LaterDayChange, LaterDayEffect, Plan, RecalledChange, StaleReason,
};
use crate::domain::request::{Action, Request, RequestId};
use crate::language::Message;
use crate::printer;
use crate::text::escape;

use self::row::{
    RowLabel, blocked, enable, plan_row, prevented, remarks, state_word, terminate, word_of,
};
use super::{PullRequestEffects, groups};

pub use self::row::{RowKind, RowSource, TextRow};

/// The archives to enable, then the obstacles.
pub fn enable_and_obstacle_rows(
    plan: &Plan,
    pull_request: Option<&PullRequestEffects>,
) -> Vec<TextRow> {
    let enables = plan.changes.iter().filter(|change| change.target == Target::Enabled);
    enables.map(change_row).chain(obstacle_rows(plan, pull_request)).collect()
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
        let verb = word_of(Target::Terminated);
        let about = message!("plan-blocked-remark", verb, obstacle = blocked.obstacle.describe());
        let (mailbox, request) = (&blocked.mailbox, &blocked.request.id);
        plan_row(RowKind::Terminate, self::blocked(), mailbox, request, &about)
            .with_source(&blocked.request, blocked.line)
    }));
    let due = pull_request.due_terminations.iter().map(change_row);
    let outstanding = due.chain(on_base.into_iter().map(later_day_change_row));
    rows.extend(outstanding.map(|row| TextRow { kind: RowKind::Outstanding, ..row }));
    rows
}

/// What a pull request changes on a later day, and is no termination.
fn later_day_change_rows(pull_request: &PullRequestEffects) -> impl Iterator<Item = TextRow> {
    let later = pull_request.later.iter();
    later.filter(|change| change.effect != LaterDayEffect::Terminated).map(later_day_change_row)
}

fn later_day_change_row(change: &LaterDayChange) -> TextRow {
    let day = change.day;
    let remark = change.remark.clone();
    if let Some(waits) = &change.waits {
        let (kind, word) = match change.effect {
            LaterDayEffect::Terminated => (RowKind::Terminate, terminate('?')),
            LaterDayEffect::Enabled => (RowKind::Enable, enable('?')),
            LaterDayEffect::Prevented(_) | LaterDayEffect::Ended => {
                (RowKind::Prevented, ('?', message!("plan-ended")))
            }
        };
        let then = change.request.effective.filter(|effective| *effective == day);
        let then = then.map(|day| message!("plan-then-from-day", day));
        let about = remarks(std::iter::once(waits.describe()).chain(then).chain(remark));
        return plan_row(kind, word, &change.mailbox, &change.request.id, &about)
            .with_source(&change.request, change.line);
    }
    let (kind, word, what) = match change.effect {
        LaterDayEffect::Terminated => {
            (RowKind::Terminate, terminate('-'), message!("plan-from-day", day))
        }
        LaterDayEffect::Enabled => (RowKind::Enable, enable('+'), message!("plan-from-day", day)),
        LaterDayEffect::Prevented(target) => {
            let what = message!("plan-prevented-from-day", state = state_word(target), day);
            (RowKind::Prevented, prevented(), what)
        }
        LaterDayEffect::Ended => {
            let what = message!("plan-ends-on-day", day);
            (RowKind::Prevented, ('×', message!("plan-ended")), what)
        }
    };
    let about = remarks([what].into_iter().chain(remark));
    plan_row(kind, word, &change.mailbox, &change.request.id, &about)
        .with_source(&change.request, change.line)
}

/// The files that a pull request changes and that are no requests, the first of each kind; each with the
/// number of rows that it represents.
pub fn other_file_lines(files: &[OtherFile]) -> Vec<(String, usize)> {
    let kinds = files.chunk_by(|one, other| one.kind == other.kind);
    let lines = kinds.flat_map(|same| {
        let (shown, more) = groups::split_first(same, groups::NAMED);
        let lines = shown.iter().map(|file| (other_file_text(file), 1));
        let others = (more > 0).then(|| {
            let files = message!("plan-files-of-this-kind", count = more);
            (groups::and_more_text(files), more)
        });
        lines.chain(others).collect::<Vec<(String, usize)>>()
    });
    lines.collect()
}

fn other_file_text(file: &OtherFile) -> String {
    format!("{}: {}", escape(&file.file), printer::render(&file.describe()))
}

/// Blocked changes, changes that were handed over and are recalled, and changes that a pull request
/// makes later or prevents.
pub fn obstacle_rows(plan: &Plan, pull_request: Option<&PullRequestEffects>) -> Vec<TextRow> {
    let is_shown = |target| pull_request.is_some() && target == Target::Terminated;
    let blocked = plan.blocked.iter().filter(|blocked| !is_shown(blocked.target));
    let blocked = blocked.map(|blocked| {
        let about = blocked.obstacle.describe();
        let (mailbox, request) = (&blocked.mailbox, &blocked.request.id);
        plan_row(RowKind::Blocked, self::blocked(), mailbox, request, &about)
            .with_source(&blocked.request, blocked.line)
    });
    let mut rows: Vec<TextRow> = pull_request.into_iter().flat_map(later_day_change_rows).collect();
    rows.extend(blocked.chain(plan.recalled.iter().map(recalled_row)));
    rows.extend(pull_request.into_iter().flat_map(|effects| prevented_rows(effects, plan.as_of)));
    rows
}

fn recalled_row(recalled: &RecalledChange) -> TextRow {
    let handed_over = &recalled.handed_over;
    let (handed, verb) = (handed_over.describe(), word_of(handed_over.target));
    let about = match recalled.is_done {
        true => message!("plan-recalled-done", handed, verb),
        false => message!("plan-recalled-open", handed, verb, file = &*handed_over.file),
    };
    let (mailbox, request) = (&handed_over.mailbox, &handed_over.request);
    let word = ('!', message!("plan-recalled"));
    plan_row(RowKind::Blocked, word, mailbox, request, &about)
}

fn prevented_rows(pull_request: &PullRequestEffects, as_of: Date) -> Vec<TextRow> {
    let prevented = pull_request.prevented.iter().map(|change| {
        let about = message!("plan-prevented-now", state = state_word(change.target));
        let (mailbox, request) = (&change.mailbox, &change.request.id);
        plan_row(RowKind::Prevented, self::prevented(), mailbox, request, &about)
            .with_source(&change.request, change.line)
    });
    let lifted = pull_request.lifted.iter().map(|lifted| {
        let waits = match (lifted.effect_day(), lifted.missing_approvals()) {
            (Some(day), _) if day > as_of => message!("plan-lifted-scheduled", day),
            (Some(day), _) => message!("plan-lifted-due", day),
            (None, missing) => {
                let waits = missing.cloned().unwrap_or_default().describe();
                message!("plan-lifted-pending", waits)
            }
        };
        let word = ('×', message!("plan-withdrawn"));
        request_row(RowKind::Prevented, word, (lifted, None), waits)
    });
    prevented.chain(lifted).collect()
}

/// All changes in progress.
pub fn in_progress_rows(plan: &Plan) -> Vec<TextRow> {
    let each = plan.in_progress.iter().map(|item| {
        let (state, wanted) = (Message::from_word(item.state.as_str()), state_word(item.target));
        let about = match &item.handed_over {
            Some(handed_over) => {
                let handed = handed_over.describe();
                message!("plan-wanted-of-export", handed, state, wanted)
            }
            None => message!("plan-wanted", state, wanted),
        };
        let word = ('~', message!("plan-in-progress"));
        plan_row(RowKind::Quiet, word, &item.mailbox, &item.request, &about)
    });
    each.collect()
}

/// What a pull request asks for and is already so, unmanaged archives if they are asked for, and waiting
/// requests: the first of each.
pub fn side_rows(
    plan: &Plan,
    pull_request: Option<&PullRequestEffects>,
    most: usize,
    names_unmanaged: bool,
) -> Vec<TextRow> {
    let met = pull_request.map_or(&[][..], |pull_request| &pull_request.met);
    let mut met: Vec<&DesiredMailbox> = met.iter().collect();
    met.sort_by_key(|wanted| wanted.target != Target::Terminated);
    let ends = met.iter().take_while(|wanted| wanted.target == Target::Terminated).count();
    let met = first_rows(('=', message!("plan-in-sync")), &met, most.max(ends), |word, wanted| {
        let about = message!("plan-already-so", verb = word_of(wanted.target));
        plan_row(RowKind::Quiet, word, &wanted.mailbox, &wanted.request.id, &about)
            .with_source(&wanted.request, wanted.line)
    });
    let word = ('·', message!("plan-unmanaged"));
    let unmanaged = if names_unmanaged { &plan.unmanaged[..] } else { &[] };
    let unmanaged = first_rows(word, unmanaged, most, |word, item| {
        let state = Message::from_word(item.state.as_str());
        let about = message!("plan-no-request-names-it", state);
        plan_row(RowKind::Quiet, word, &item.mailbox, "", &about)
    });
    let later = pull_request.into_iter().flat_map(|pull_request| &pull_request.later);
    let later: HashSet<&RequestId> = later.map(|change| &change.request.id).collect();
    let with_doubt = |request: &Request, waits| match plan.unverified.get(&request.id) {
        Some(why) => message!("plan-not-verified", waits, reason = why.describe()),
        None => waits,
    };
    // A later change has a row of its own.
    let pending = plan.pending.iter().filter(|request| !later.contains(&request.id));
    let pending: Vec<&Arc<Request>> = pending.collect();
    let word = ('?', message!("plan-pending"));
    let pending = first_rows(word, &pending, most, |word, pending| {
        let missing = pending.missing_approvals().cloned().unwrap_or_default();
        let waits = with_doubt(pending, missing.describe());
        request_row(RowKind::Quiet, word, (pending, Some(plan)), waits)
    });
    let scheduled = plan.scheduled.iter().filter(|request| !later.contains(&request.id));
    let scheduled: Vec<&Arc<Request>> = scheduled.collect();
    let word = ('@', message!("plan-scheduled"));
    let scheduled = first_rows(word, &scheduled, most, |word, scheduled| {
        let day = scheduled.effect_day().map(|day| day.to_string());
        let from = message!("plan-from-day", day = day.unwrap_or_default());
        request_row(RowKind::Quiet, word, (scheduled, Some(plan)), with_doubt(scheduled, from))
    });
    [met, unmanaged, pending, scheduled].concat()
}

/// The first rows, and one that counts the others.
fn first_rows<T>(
    word: RowLabel,
    items: &[T],
    most: usize,
    each: impl Fn(RowLabel, &T) -> TextRow,
) -> Vec<TextRow> {
    let (shown, more) = groups::split_first(items, most);
    let mut rows: Vec<TextRow> = shown.iter().map(|item| each(word.clone(), item)).collect();
    if more > 0 {
        let about = groups::and_more_text(more).into();
        let row = plan_row(RowKind::Quiet, word, "", "", &about);
        rows.push(TextRow { count: more, ..row });
    }
    rows
}

/// A request that waits; a withdrawal with what it withdraws, as far as the plan knows that.
fn request_row(
    kind: RowKind,
    word: RowLabel,
    (request, plan): (&Arc<Request>, Option<&Plan>),
    waits: Message,
) -> TextRow {
    let mailboxes = request.mailboxes();
    let (first, line) =
        mailboxes.first().map_or(("", 1), |named| (named.mailbox.as_str(), named.line));
    let verb = Message::from_word(request.action_word());
    let about = match (&request.action, mailboxes.len()) {
        (Action::Withdraw { withdraws }, _) => match plan
            .and_then(|plan| plan.find_request(withdraws))
        {
            Some(withdrawn) => {
                let (request, what) = (withdraws.as_str(), withdrawn.describe_change());
                message!("plan-waiting-withdrawal-of", verb, request, what, waits)
            }
            None => message!("plan-waiting-withdrawal", verb, request = withdraws.as_str(), waits),
        },
        (Action::Change { .. }, 0 | 1) => message!("plan-waiting-one", verb, waits),
        (Action::Change { .. }, count) => message!("plan-waiting-several", verb, count, waits),
    };
    plan_row(kind, word, first, &request.id, &about).with_source(request, line)
}

/// A change as a row.
pub fn change_row(change: &Change) -> TextRow {
    let (kind, word) = match change.target {
        Target::Terminated => (RowKind::Terminate, terminate('-')),
        Target::Enabled => (RowKind::Enable, enable('+')),
    };
    let about = remarks(drift_and_note(change));
    let (mailbox, request) = (&change.mailbox, &change.request.id);
    let (source, line) = (Arc::clone(&change.request), change.line);
    let change = Some((change.from.clone(), change.target));
    let source = Some(RowSource { request: source, line, change });
    TextRow { source, ..plan_row(kind, word, mailbox, request, &about) }
}

fn drift_and_note(change: &Change) -> impl Iterator<Item = Message> {
    let drift = change.cause.is_drift().then(|| {
        let (was, is) = (state_word(change.target), Message::from_word(change.from.as_str()));
        message!("plan-drift", was, is)
    });
    drift.into_iter().chain(change.remark())
}

/// Why a saved plan is outdated, as a line without a sign.
pub fn stale_text(stale: &StaleReason) -> String {
    let why = printer::render(&stale.why);
    match &stale.subject {
        Some(subject) => format!("{}: {}", escape(subject), escape(&why)),
        None => escape(&why).into_owned(),
    }
}
