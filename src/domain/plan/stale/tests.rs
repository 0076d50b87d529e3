//! Why a saved plan is outdated, one line for each reason.

use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::State;
use crate::domain::desired::fold_requests;
use crate::domain::observed::{Observed, ObservedMailbox, sample_mailbox};
use crate::domain::plan::saved::{PlanFile, SealedContents};
use crate::domain::plan::{
    BlockedMailbox, Cause, MailboxInProgress, NotCleared, Note, Obstacle, plan, policy_digest,
};
use crate::domain::request::sample::{change, policy};
use crate::domain::request::{Request, RequestId};

const OTHER_LIMITS: &str = "it exceeds other limits now, or by a different amount";

const LIMITS: &str = "limits: {terminations: 9, terminations_percent: 10, changes: 9}";

/// The plan that terminates a and enables b and c, and measures by so many archives kept.
fn made(kept: usize) -> Plan {
    let requests = [
        change("R-1", "terminate", &["a"], "2026-01-03", ""),
        change("R-2", "enable", &["b", "c"], "2026-01-03", ""),
    ];
    let mut desired = fold_requests(&requests, date(2026, 11, 23), &UnverifiedApprovals::new());
    desired.kept = kept;
    let seen = |user: &str, state| ObservedMailbox {
        version: Some("W/1".into()),
        ..sample_mailbox(&format!("{user}@agensi.example"), user, state)
    };
    let portal =
        vec![seen("a", State::Enabled), seen("b", State::Disabled), seen("c", State::Disabled)];
    plan(&desired, &Observed::new(portal, true), &policy("A", LIMITS))
}

fn digest() -> Digest {
    policy_digest(&policy("A", LIMITS))
}

/// Why the plan no longer holds once it became so.
fn stale(become_so: impl FnOnce(&mut Plan)) -> Vec<String> {
    let kept = SavedAgencyPlan::new(&made(100), digest(), digest());
    let mut now = made(100);
    become_so(&mut now);
    let stale = kept.stale_reasons(&now, digest(), digest()).into_iter();
    stale.map(words).collect()
}

fn words(stale: StaleReason) -> String {
    let user = stale.subject.as_deref().unwrap_or("");
    let user = user.split('@').next().unwrap_or("");
    format!("{user}: {}", stale.why)
}

fn another_request() -> Arc<Request> {
    change("R-9", "enable", &["b"], "2026-01-03", "")
}

#[test]
fn a_plan_that_is_made_anew_alike_holds() {
    assert_eq!(stale(|_| ()), [""; 0]);
    // Where the request's file lies and on which day it is made is nobody's review.
    assert_eq!(stale(|now| now.changes[1].line += 1), [""; 0]);
    assert_eq!(stale(|now| now.in_sync += 1), [""; 0]);
    assert_eq!(stale(|now| now.changes[1].cause = Cause::Recorded), [""; 0]);
}

#[test]
fn what_is_otherwise_of_a_change_is_named() {
    type Become = fn(&mut Change);
    let cases: [(Become, &str); 7] = [
        (|plan| plan.request = another_request(), "b: R-9 decides now, not R-2"),
        (|plan| plan.target = Target::Terminated, "b: to terminate would be planned now"),
        (|plan| plan.id = "2".into(), "b: it is another account in the portal now"),
        (
            |plan| plan.from = State::Terminated,
            "b: the archive is terminated now; the plan was made when it was disabled",
        ),
        (|plan| plan.version = None, "b: it was changed in the portal after the plan was made"),
        (
            |plan| plan.note = Some(Note::OldArchiveUnknown),
            "b: what happens to its mail has changed",
        ),
        (|plan| plan.cause = Cause::Drift, "b: the cause is drift now, not request"),
    ];
    for (become_so, expected) in cases {
        assert_eq!(stale(|now| become_so(&mut now.changes[1])), [expected]);
    }
}

#[test]
fn the_day_until_which_an_archive_is_kept_moves_on() {
    let kept_until = |day| Some(Note::KeptUntil(date(2026, 12, day)));
    let with = |saved: Option<Note>, note: Option<Note>| {
        let mut made = made(100);
        made.changes[0].note = saved;
        let kept = SavedAgencyPlan::new(&made, digest(), digest());
        made.changes[0].note = note;
        kept.stale_reasons(&made, digest(), digest()).len()
    };
    assert_eq!(with(kept_until(1), kept_until(2)), 0);
    assert_eq!(with(kept_until(1), Some(Note::KeepingUnknown)), 1);
    assert_eq!(with(None, kept_until(2)), 1);
}

#[test]
fn why_nothing_would_be_done_now_is_said() {
    let without = |more: fn(&mut Plan, Change)| {
        stale(|now| {
            let gone = now.changes.remove(1);
            more(now, gone);
        })
    };
    let done = "b: nothing remains to be done; it is as its requests say";
    assert_eq!(without(|_, _| ()), [done]);
    let blocked = without(|now, gone| {
        now.blocked.push(BlockedMailbox {
            mailbox: gone.mailbox,
            target: gone.target,
            obstacle: Obstacle::Hold,
            request: gone.request,
            line: 1,
        });
    });
    let hold = format!("b: it is blocked now: {}", Obstacle::Hold);
    assert_eq!(blocked, [hold]);
    let in_progress = without(|now, gone| {
        now.in_progress.push(MailboxInProgress {
            mailbox: gone.mailbox,
            state: State::Enabling,
            target: gone.target,
            request: RequestId::parse("R-2").expect("an id"),
            handed_over: None,
        });
    });
    assert_eq!(in_progress, ["b: the portal is enabling it now"]);
    let scheduled = without(|now, gone| now.scheduled.push(gone.request));
    assert_eq!(scheduled, ["b: R-2 is not due yet"]);
    let pending = without(|now, gone| now.pending.push(gone.request));
    assert_eq!(pending, ["b: R-2 waits for approval"]);
}

#[test]
fn what_would_be_done_besides_is_said() {
    let found = stale(|now| {
        let mut more = now.changes[1].clone();
        more.mailbox = crate::domain::mailbox_address::Mailbox::from_portal("d@agensi.example");
        now.changes.push(more);
    });
    let more = "d: enable would be done now, but is not in the plan";
    assert_eq!(found, [more]);
}

#[test]
fn a_plan_is_bound_to_policy_requests_limits_and_digest() {
    let kept = SavedAgencyPlan::new(&made(100), digest(), digest());
    let other = policy_digest(&policy("A", ""));
    let found = |now: &Plan, policy, requests| -> Vec<String> {
        let stale = kept.stale_reasons(now, policy, requests).into_iter();
        stale.map(words).collect()
    };
    let now = made(100);
    assert_eq!(
        found(&now, other, digest()),
        [": the policy of A has changed since the plan was made"]
    );
    assert_eq!(
        found(&now, digest(), other),
        [": the requests have changed since the plan was made"]
    );
    let limits = format!(": {OTHER_LIMITS}");
    assert_eq!(found(&made(0), digest(), digest()), [limits]);
    let named = stale(|now| now.digest = other);
    assert_eq!(named, [": its digest does not match its changes"]);
}

#[test]
fn a_plan_of_a_portal_that_had_lost_its_mailboxes_never_holds() {
    for code in Refusal::SIGNS_OF_LOSS {
        let mut made = made(100);
        made.refusals = vec![Refusal::new(code, &[], "lost")];
        let kept = SavedAgencyPlan::new(&made, digest(), digest());
        let stale = kept.stale_reasons(&made, digest(), digest());
        assert_eq!(stale.len(), 1, "{code}");
    }
}

/// The shard of which there are changes in both parts, and the part of the plan that is its own.
fn shared(kept: usize) -> (SavedAgencyPlan, Shard, Plan) {
    let whole = made(kept);
    let shard: Shard = "1/2".parse().expect("a shard");
    let mut part = whole.clone().restrict_to_shard(shard, 0);
    // It is planned alone, and so has another name.
    part.digest = Digest::default();
    assert!((1..whole.changes.len()).contains(&part.changes.len()));
    (SavedAgencyPlan::new(&whole, digest(), digest()), shard, part)
}

/// How a shard's part is judged where the plan was made with so many archives kept, and now there
/// are others.
fn judged(made_with: usize, now_with: usize) -> (Vec<String>, Vec<&'static str>, bool) {
    let (whole, shard, mut part) = shared(made_with);
    let by = (&policy("A", LIMITS), now_with);
    let stale = whole.stale_shard_reasons(shard, &mut part, by, digest());
    let codes = part.refusals.iter().map(Refusal::code).collect();
    let is_whole = part.digest.to_string() == whole.digest;
    (stale.into_iter().map(words).collect(), codes, is_whole)
}

#[test]
fn a_shards_part_has_the_limits_and_the_digest_of_the_whole() {
    assert_eq!(judged(100, 100), (vec![], vec![], true));
    let over = vec!["terminations-percent"];
    assert_eq!(judged(0, 0), (vec![], over, true));
}

#[test]
fn a_shards_part_is_stale_where_a_limit_is_exceeded_newly_or_no_longer() {
    let stale = || vec![format!(": {OTHER_LIMITS}")];
    let over = vec!["terminations-percent"];
    assert_eq!(judged(100, 0), (stale(), over, true));
    assert_eq!(judged(0, 100), (stale(), vec![], true));
}

#[test]
fn a_shards_part_is_stale_where_its_portal_lost_mailboxes() {
    let (whole, shard, mut part) = shared(100);
    part.refusals = vec![Refusal::new(Refusal::CHANGES_UNDONE, &[], "gone")];
    let by = (&policy("A", LIMITS), 100);
    let stale = whole.stale_shard_reasons(shard, &mut part, by, digest());
    assert_eq!(stale, [StaleReason::about_plan(message!("plan-stale-other-limits"))]);
    let refused = part.clear_to_run(&[], true).map(drop);
    assert!(matches!(refused, Err(NotCleared::Refused(_))));
}

#[test]
fn a_shard_asks_for_its_own_rows_alone() {
    let (mut whole, shard, part) = shared(100);
    let is_own = |plan: &SavedChange| shard.contains_address(&plan.mailbox);
    for own in [false, true] {
        let mut rows = whole.changes.iter_mut();
        rows.find(|plan| is_own(plan) == own).expect("a row").id = "other".into();
        let mut part = part.clone();
        let by = (&policy("A", LIMITS), 100);
        let stale = whole.stale_shard_reasons(shard, &mut part, by, digest());
        assert_eq!(stale.len(), usize::from(own));
    }
}

#[test]
fn a_plan_is_too_old_or_of_the_future() {
    use crate::domain::plan::saved::SealedContents;
    let made = |at: &str| {
        PlanFile::new(SealedContents {
            made_at: at.into(),
            arkib: String::new(),
            commit: None,
            as_of: String::new(),
            agencies: vec![],
        })
    };
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("a moment");
    let most = SignedDuration::from_hours(24);
    let why = |at: &str| made(at).check_age(now, most).map(|stale| stale.why);
    for good in ["2026-11-22T12:00:00Z", "2026-11-23T12:05:00Z"] {
        assert_eq!(why(good), None, "{good}");
    }
    for (at, begins) in [
        ("2026-11-22T11:59:59Z", "it was made 24 h 0 min ago"),
        ("2026-11-23T12:05:01Z", "it was made in the future"),
        ("yesterday", "it does not say when"),
    ] {
        assert!(why(at).is_some_and(|why| why.in_english().starts_with(begins)), "{at}");
    }
}

#[test]
fn a_plan_counts_its_changes() {
    let plan = made(100);
    assert_eq!((plan.count_terminations(), plan.count_enables()), (1, 2));
}

#[test]
fn a_changed_saved_plan_is_not_read() {
    let saved = |mailbox: &str| {
        let mut plan = SavedAgencyPlan::new(&made(100), digest(), digest());
        plan.changes[0].mailbox = mailbox.to_owned();
        SealedContents {
            arkib: "0.1.0".into(),
            made_at: "2026-11-23T01:00:00Z".into(),
            as_of: "2026-11-23".into(),
            commit: None,
            agencies: vec![plan],
        }
    };
    let good = PlanFile::new(saved("a@agensi.example"));
    assert_eq!(PlanFile::read(&good.to_text()), Ok(good.clone()));
    // The seal of another plan, and a plan in another form.
    let forged = PlanFile { sealed: saved("victim@agensi.example"), ..good.clone() };
    for text in [
        forged.to_text(),
        good.to_text().replace("  ", " "),
        good.to_text().replace("arkib.plan", "arkib.plam"),
        String::new(),
    ] {
        assert!(PlanFile::read(&text).is_err(), "{text}");
    }
}
