//! Sentences about a run, the same on a screen and in a comment. Pure.

use super::{OutstandingOnBase, PullRequestEffects};
use crate::domain::change_outcome::{Outcome, OutcomeKind};
use crate::domain::local_time::format_minute;
use crate::domain::mapping::written_words::WrittenWord;
use crate::domain::observed::ExportFile;
use crate::domain::plan::{LaterDayChange, LaterDayEffect, Plan};
use crate::domain::policy::diff::PolicyLine;
use crate::domain::request::Request;
use crate::language::Message;
use crate::printer;
use crate::printer::text;
use crate::text::{escape, excerpt, one_line};

/// How many requests the command to approve them names.
const NAMED_TO_APPROVE: usize = 4;
/// The most characters of a reason.
const LONGEST_REASON: usize = 200;

/// The export that was read, if people operate the portal.
pub fn export_read(export: &ExportFile) -> String {
    let taken = format_minute(export.taken);
    text!("plan-export-read", name = escape(&export.name), taken)
}

/// `arkib 0.2.0 · BMT · requests at 4f2c9e1 (main)`, and more about the run.
pub fn header<const N: usize>(
    agency: &str,
    requests: &Message,
    more: [Option<String>; N],
) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let agency = escape(agency);
    let requests = text!("plan-requests", requests = escape(&printer::render(requests)));
    let begins = format!("arkib {version} · {agency} · {requests}");
    let parts = std::iter::once(begins).chain(more.into_iter().flatten());
    parts.collect::<Vec<_>>().join(" · ")
}

/// A text about a number that is not zero.
fn phrase_unless_zero(count: usize, say: impl Fn(usize) -> Message) -> Option<Message> {
    (count > 0).then(|| say(count))
}

/// `1 to terminate, 2 to enable, 1 blocked · 209 in sync · 3 unmanaged`; and the number of changes that
/// a pull request prevents.
pub fn plan_totals(plan: &Plan, pull_request: Option<&PullRequestEffects>) -> Message {
    let work = plan_work(plan, pull_request);
    Message::joined(std::iter::once(work).chain(plan_besides(plan, pull_request)), " · ")
}

/// What a reviewer decides by: what is done, that it waits for approval, or that there is nothing to do.
pub fn headline(plan: &Plan, pull_request: Option<&PullRequestEffects>) -> Message {
    let later = |waits: bool| count_later(pull_request, None, waits);
    let acts = plan.changes.len() + plan.blocked.len() + later(false) > 0;
    match (acts, later(true), plan.pending.len()) {
        (false, 0, 0) | (true, ..) => plan_work(plan, pull_request),
        (false, 0, count) => {
            message!("comment-waits", what = message!("plan-count-requests", count))
        }
        (false, ..) => message!("comment-waits", what = plan_work(plan, pull_request)),
    }
}

/// How much a pull request brings on a later day, that waits for approval or not.
fn count_later(
    pull_request: Option<&PullRequestEffects>,
    effect: Option<LaterDayEffect>,
    waits: bool,
) -> usize {
    let later = pull_request.into_iter().flat_map(|pull_request| &pull_request.later);
    let is_counted = |change: &&LaterDayChange| {
        !change.is_on_base
            && effect.is_none_or(|effect| change.effect == effect)
            && change.waits.is_some() == waits
    };
    later.filter(is_counted).count()
}

/// `1 to terminate, 2 to enable, 1 blocked`.
fn plan_work(plan: &Plan, pull_request: Option<&PullRequestEffects>) -> Message {
    let later = |effect, waits| count_later(pull_request, Some(effect), waits);
    let doing = [
        phrase_unless_zero(plan.count_terminations(), |count| message!("plan-to-terminate", count)),
        phrase_unless_zero(plan.count_enables(), |count| message!("plan-to-enable", count)),
        phrase_unless_zero(later(LaterDayEffect::Terminated, false), |count| {
            message!("plan-to-terminate-later", count)
        }),
        phrase_unless_zero(later(LaterDayEffect::Enabled, false), |count| {
            message!("plan-to-enable-later", count)
        }),
        phrase_unless_zero(later(LaterDayEffect::Terminated, true), |count| {
            message!("plan-to-terminate-once-approved", count)
        }),
        phrase_unless_zero(later(LaterDayEffect::Enabled, true), |count| {
            message!("plan-to-enable-once-approved", count)
        }),
        phrase_unless_zero(plan.blocked.len(), |count| message!("plan-count-blocked", count)),
    ];
    let doing: Vec<Message> = doing.into_iter().flatten().collect();
    match (doing.as_slice(), pull_request) {
        // Something may still come of it.
        ([], Some(pull_request)) if !pull_request.is_no_op(plan) => {
            message!("plan-no-archive-change")
        }
        ([], _) => message!("plan-nothing-to-do"),
        _ => Message::joined(doing, ", "),
    }
}

/// `209 in sync`, `3 unmanaged`: the other numbers of a plan.
pub fn plan_besides(
    plan: &Plan,
    pull_request: Option<&PullRequestEffects>,
) -> impl Iterator<Item = Message> {
    let outstanding = pull_request.map_or(0, |pull_request| {
        let later = pull_request.later.iter().filter(|change| change.is_on_base);
        pull_request.due_terminations.len() + later.count()
    });
    let of = |number: fn(&PullRequestEffects) -> usize| pull_request.map_or(0, number);
    let besides = [
        phrase_unless_zero(plan.in_progress.len(), |count| {
            message!("plan-count-in-progress", count)
        }),
        phrase_unless_zero(plan.in_sync, |count| message!("plan-count-in-sync", count)),
        phrase_unless_zero(plan.unmanaged.len(), |count| message!("plan-count-unmanaged", count)),
        phrase_unless_zero(plan.pending.len(), |count| message!("plan-count-pending", count)),
        phrase_unless_zero(plan.scheduled.len(), |count| message!("plan-count-scheduled", count)),
        phrase_unless_zero(of(|pull| pull.prevented.len()), |count| {
            message!("plan-count-prevented", count)
        }),
        phrase_unless_zero(of(|pull| pull.lifted.len()), |count| {
            message!("plan-count-withdrawn", count)
        }),
        phrase_unless_zero(of(|pull| pull.policies.len()), |count| {
            message!("plan-count-policies", count)
        }),
        phrase_unless_zero(of(|pull| pull.files.len()), |count| {
            message!("plan-count-files", count)
        }),
        phrase_unless_zero(outstanding, |count| message!("plan-to-terminate-without-it", count)),
    ];
    besides.into_iter().flatten()
}

/// What is outstanding with or without the pull request.
pub fn outstanding(pull_request: &PullRequestEffects) -> String {
    match &pull_request.outstanding {
        OutstandingOnBase::Counted(outstanding) => {
            let changes = outstanding.changes.iter();
            let drift = changes.filter(|change| change.cause.is_drift()).count();
            text!("plan-outstanding", totals = plan_totals(outstanding, None), drift)
        }
        OutstandingOnBase::NotLookedAt(0) => text!("plan-no-other-mailbox"),
        OutstandingOnBase::NotLookedAt(others) => text!("plan-not-read", count = *others),
    }
}

/// How the requests that a pull request brings, or adds approvals to, are approved.
pub fn how_to_approve(plan: &Plan) -> Option<String> {
    let ids = plan.pending.iter().take(NAMED_TO_APPROVE).map(|request| request.id.as_str());
    let ids: Vec<&str> = ids.collect();
    let more = if plan.pending.len() > ids.len() { " …" } else { "" };
    let command = format!("`arkib approve {}{more}`", ids.join(" "));
    (!ids.is_empty()).then(|| text!("plan-how-to-approve", command))
}

/// Where a request is, who approved it, and why it was made: `requests/R-1.yaml:5-9; approved 2026-11-05
/// by …; reason: …`.
pub fn request_details(request: &Request, lines: impl IntoIterator<Item = u32>) -> String {
    let place = format!("{}{}", escape(&request.file), line_range(lines));
    let said = [approved_by(request), reason(request)].into_iter().flatten();
    let said = said.map(|message| escape(&printer::render(&message)).into_owned());
    std::iter::once(place).chain(said).collect::<Vec<_>>().join("; ")
}

/// `:5`, or `:5-9`.
fn line_range(lines: impl IntoIterator<Item = u32>) -> String {
    let lines: Vec<u32> = lines.into_iter().collect();
    match (lines.iter().min(), lines.iter().max()) {
        (Some(first), Some(last)) if first < last => format!(":{first}-{last}"),
        (Some(line), _) => format!(":{line}"),
        (None, _) => String::new(),
    }
}

/// Who approved a request so far, and on which day it was approved.
pub fn approved_by(request: &Request) -> Option<Message> {
    let approvers: Vec<&str> = request.approvals.iter().map(|given| given.by.as_str()).collect();
    let approvers = approvers.join(", ");
    match (approvers.is_empty(), request.approved_on()) {
        (true, _) => None,
        (false, Some(day)) => Some(message!("plan-approved-by", day, approvers)),
        (false, None) => Some(message!("plan-approved-so-far", approvers)),
    }
}

/// Why a request was made.
pub fn reason(request: &Request) -> Option<Message> {
    // A quotation mark in it would look like its end.
    let reason = one_line(request.reason.as_ref()?).replace(['“', '”'], "\"");
    let reason = excerpt(&reason, LONGEST_REASON);
    Some(message!("plan-reason", reason))
}

/// What the changes of a policy mean; `file` is as it is shown.
pub fn policy_change_title(file: &str, lines: &[PolicyLine]) -> String {
    if matches!(lines.first(), Some(PolicyLine::New(_))) {
        text!("plan-policy-new", file)
    } else {
        text!("plan-policy-changes", file)
    }
}

/// The title of the limits that a plan exceeds.
pub fn limits_title(accepted: bool) -> String {
    match accepted {
        true => text!("plan-limits-accepted"),
        false => text!("plan-limits-exceeded"),
    }
}

/// "2 applied, 1 failed". Changes that the portal has accepted and still works on are separate.
pub fn outcome_counts(outcomes: &[Outcome]) -> Message {
    let is_under_way =
        |outcome: &&Outcome| matches!(outcome, Outcome::Applied { settling: true, .. });
    let under_way = outcomes.iter().filter(is_under_way).count();
    let count = |kind: OutcomeKind| {
        let of_kind = outcomes.iter().filter(|outcome| outcome.kind() == kind);
        of_kind.count()
    };
    let applied = count(OutcomeKind::Applied) - under_way;
    let counts = [
        phrase_unless_zero(applied, |count| message!("outcome-applied", count)),
        phrase_unless_zero(under_way, |count| message!("outcome-under-way", count)),
        phrase_unless_zero(count(OutcomeKind::AlreadySo), |count| {
            message!("outcome-already-so", count)
        }),
        phrase_unless_zero(count(OutcomeKind::HandedOver), |count| {
            message!("outcome-handed-over", count)
        }),
        phrase_unless_zero(count(OutcomeKind::Failed), |count| message!("outcome-failed", count)),
        phrase_unless_zero(count(OutcomeKind::Unknown), |count| message!("outcome-unknown", count)),
        phrase_unless_zero(count(OutcomeKind::Skipped), |count| message!("outcome-skipped", count)),
    ];
    Message::joined(counts.into_iter().flatten(), ", ")
}

/// The words that are written to the portal, a line each; warnings begin with `!`.
pub fn written_words(words: &[WrittenWord]) -> Vec<String> {
    let each = words.iter().map(|word| {
        let verb = printer::render(&Message::from_word(word.target.verb()));
        format!("  {verb}: `{}`", escape(&word.assignment()))
    });
    let title = (!words.is_empty()).then(|| text!("plan-written-words"));
    let warnings = words.iter().filter_map(WrittenWord::unseen_warning);
    let warnings = warnings.map(|warning| format!("! {}", escape(&printer::render(&warning))));
    title.into_iter().chain(each).chain(warnings).collect()
}
