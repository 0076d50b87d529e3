//! Sentences about a run, the same on a screen and in a comment. Pure.

use super::{OutstandingOnBase, PullRequestEffects};
use crate::domain::change_outcome::{Outcome, OutcomeKind};
use crate::domain::local_time::to_local_time;
use crate::domain::mapping::written_words::WrittenWord;
use crate::domain::observed::ExportFile;
use crate::domain::plan::{LaterDayChange, LaterDayEffect, Plan};
use crate::text::{escape, plural};

/// How many requests the command to approve them names.
const NAMED_TO_APPROVE: usize = 4;

/// The export that was read, if people operate the portal.
pub fn export_read(export: &ExportFile) -> String {
    let taken = to_local_time(export.taken).strftime("%Y-%m-%d %H:%M");
    format!("export {} of {taken}", escape(&export.name))
}

/// `arkib 0.2.0 · BMT · requests at 4f2c9e1 (main)`, and more about the run.
pub fn header<const N: usize>(agency: &str, requests: &str, more: [Option<String>; N]) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let (agency, requests) = (escape(agency), escape(requests));
    let begins = format!("arkib {version} · {agency} · requests {requests}");
    let parts = std::iter::once(begins).chain(more.into_iter().flatten());
    parts.collect::<Vec<_>>().join(" · ")
}

/// `2 applied`: the numbers that are not zero.
pub fn nonzero_counts<const N: usize>(parts: [(usize, &str); N]) -> Vec<String> {
    let some = parts.into_iter().filter(|(count, _)| *count > 0);
    some.map(|(count, what)| format!("{count} {what}")).collect()
}

/// `1 to terminate, 2 to enable, 1 blocked · 209 in sync · 3 unmanaged`; and the number of changes that
/// a pull request prevents.
pub fn plan_totals(plan: &Plan, pull_request: Option<&PullRequestEffects>) -> String {
    let later = |effect: LaterDayEffect, waits: bool| {
        let later = pull_request.into_iter().flat_map(|pull_request| &pull_request.later);
        let is_counted = |change: &&LaterDayChange| {
            !change.is_on_base && change.effect == effect && change.waits.is_some() == waits
        };
        later.filter(is_counted).count()
    };
    let doing = nonzero_counts([
        (plan.count_terminations(), "to terminate"),
        (plan.count_enables(), "to enable"),
        (later(LaterDayEffect::Terminated, false), "to terminate later"),
        (later(LaterDayEffect::Enabled, false), "to enable later"),
        (later(LaterDayEffect::Terminated, true), "to terminate once approved"),
        (later(LaterDayEffect::Enabled, true), "to enable once approved"),
        (plan.blocked.len(), "blocked"),
    ]);
    let doing = match (doing.as_slice(), pull_request) {
        // Something may still come of it.
        ([], Some(pull_request)) if !pull_request.is_nothing(plan) => {
            "no change of an archive".to_owned()
        }
        ([], _) => "nothing to do".to_owned(),
        (doing, _) => doing.join(", "),
    };
    let outstanding = pull_request.map_or(0, |pull_request| {
        let later = pull_request.later.iter().filter(|change| change.is_on_base);
        pull_request.due_terminations.len() + later.count()
    });
    let policies = pull_request.map_or(0, |pull_request| pull_request.policies.len());
    let files = pull_request.map_or(0, |pull_request| pull_request.files.len());
    let withdrawn = pull_request.map_or(0, |pull_request| pull_request.lifted.len());
    let prevented = pull_request.map_or(0, |pull_request| pull_request.prevented.len());
    let besides = nonzero_counts([
        (plan.in_progress.len(), "in progress"),
        (plan.in_sync, "in sync"),
        (plan.unmanaged.len(), "unmanaged"),
        (plan.pending.len(), "pending"),
        (plan.scheduled.len(), "scheduled"),
        (prevented, "prevented"),
        (withdrawn, "withdrawn"),
        (policies, if policies == 1 { "policy change" } else { "policy changes" }),
        (files, if files == 1 { "other file changed" } else { "other files changed" }),
        (outstanding, "to terminate also without it"),
    ]);
    [vec![doing], besides].concat().join(" · ")
}

/// What is outstanding with or without the pull request.
pub fn outstanding(pull_request: &PullRequestEffects) -> String {
    match &pull_request.outstanding {
        OutstandingOnBase::Counted(outstanding) => {
            let changes = outstanding.changes.iter();
            let drift = match changes.filter(|change| change.cause.is_drift()).count() {
                0 => String::new(),
                1 => "; 1 of these changes is drift".to_owned(),
                count => format!("; {count} of these changes are drift"),
            };
            let counts = plan_totals(outstanding, None);
            format!("Without this pull request: {counts}{drift}.")
        }
        OutstandingOnBase::NotLookedAt(0) => "No request names any other mailbox.".to_owned(),
        OutstandingOnBase::NotLookedAt(others) => format!(
            "Not read: {} of other requests; --drift also counts changes of other requests.",
            plural(*others, "mailbox", "mailboxes")
        ),
    }
}

/// How the requests that a pull request brings, or adds approvals to, are approved.
pub fn how_to_approve(plan: &Plan) -> Option<String> {
    let ids = plan.pending.iter().take(NAMED_TO_APPROVE).map(|request| request.id.as_str());
    let ids: Vec<&str> = ids.collect();
    let more = if plan.pending.len() > ids.len() { " …" } else { "" };
    let command = format!("arkib approve {}{more}", ids.join(" "));
    (!ids.is_empty()).then(|| format!("To approve, on this branch: {command}"))
}

/// The title of the other files that a pull request changes.
pub const OTHER_FILES_TITLE: &str = "Other files of this pull request:";

/// What the changes of a policy mean.
pub fn policy_change_title(words: &[String]) -> &'static str {
    if words.first().is_some_and(|word| word.starts_with("new: ")) {
        "is new; it applies after the merge"
    } else {
        "changes; until the merge, the current policy applies"
    }
}

/// The title of the limits that a plan exceeds.
pub fn limits_title(accepted: bool) -> &'static str {
    if accepted {
        "This plan exceeds limits and is accepted by its digest:"
    } else {
        "This plan is not applied, because it exceeds limits:"
    }
}

/// "2 applied, 1 failed". Changes that the portal has accepted and still works on are separate.
pub fn outcome_counts(outcomes: &[Outcome]) -> String {
    let is_under_way =
        |outcome: &&Outcome| matches!(outcome, Outcome::Applied { settling: true, .. });
    let under_way = outcomes.iter().filter(is_under_way).count();
    let count = |kind: OutcomeKind| {
        let of_kind = outcomes.iter().filter(|outcome| outcome.kind() == kind);
        of_kind.count()
    };
    nonzero_counts([
        (count(OutcomeKind::Applied) - under_way, "applied"),
        (under_way, "accepted and in progress in the portal"),
        (count(OutcomeKind::AlreadySo), "already so"),
        (count(OutcomeKind::HandedOver), "handed over"),
        (count(OutcomeKind::Failed), "failed"),
        (count(OutcomeKind::Unknown), "unknown"),
        (count(OutcomeKind::Skipped), "skipped"),
    ])
    .join(", ")
}

/// The words that are written to the portal, a line each; warnings begin with `!`.
pub fn written_words(words: &[WrittenWord]) -> Vec<String> {
    let each = words
        .iter()
        .map(|word| format!("{}: `{}`", word.target.verb(), escape(&word.assignment())));
    let title = (!words.is_empty()).then(|| "Written to the portal:".to_owned());
    let each = each.map(|text| format!("  {text}"));
    let warnings = words.iter().filter_map(WrittenWord::unseen_warning);
    let warnings = warnings.map(|warning| format!("! {}", escape(&warning)));
    title.into_iter().chain(each).chain(warnings).collect()
}
