//! What a pull request's plan says beside what is to be done without it.

use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::State;
use crate::domain::desired::fold_requests;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::sample_mailbox;
use crate::domain::plan::{Refusal, Shard};
use crate::domain::request::Request;
use crate::domain::request::sample;
use crate::domain::request::sample::{change, withdrawal};

fn folded(requests: &[Arc<Request>]) -> Desired {
    fold_requests(requests, date(2026, 11, 23), &UnverifiedApprovals::new())
}

/// The plan of a pull request that adds requests; each mailbox is in that state.
fn adding(base: &[Arc<Request>], added: &[Arc<Request>], state: &State) -> PullRequestPlan {
    let all: Vec<_> = base.iter().chain(added).cloned().collect();
    let (before, head) = (folded(base), folded(&all));
    let difference = head.difference_from(&before);
    let same = before.keep_only(&difference.named, base);
    let named = all.iter().flat_map(|request| request.mailboxes());
    let seen = named.map(|named| sample_mailbox(named.mailbox.as_str(), "1", state.clone()));
    let observed = Observed::new(seen.collect(), true);
    plan_pull_request(&difference, &same, &head, &observed, &sample::policy("A", ""))
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.refusals.iter().map(Refusal::code).collect()
}

fn users(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("m{number:02}")).collect()
}

/// Requests that enable so many mailboxes.
fn enabling(id: &str, users: &[String]) -> Arc<Request> {
    let users: Vec<&str> = users.iter().map(String::as_str).collect();
    change(id, "enable", &users, "2026-01-03", "")
}

#[test]
fn a_pull_request_is_measured_by_all_that_is_kept_with_it() {
    let users = users(40);
    let ends = change("R-9", "terminate", &["m39"], "2026-01-04", "");
    let base = [enabling("R-1", &users[..30]), enabling("R-2", &users[30..])];
    let delta = adding(&base, std::slice::from_ref(&ends), &State::Enabled);
    assert_eq!((delta.plan.changes.len(), codes(&delta.plan)), (1, vec![]));
    // Withdrawn with it, the thirty are kept no longer: one of ten is too many.
    let withdrawn = [ends, withdrawal("R-8", "R-1", "2026-01-04", "")];
    let delta = adding(&base, &withdrawn, &State::Enabled);
    assert_eq!(codes(&delta.plan), ["terminations-percent"]);
}

#[test]
fn some_mailboxes_are_measured_by_all_that_are_kept() {
    let users = users(40);
    let requests =
        [enabling("R-1", &users), change("R-2", "terminate", &["m39"], "2026-01-04", "")];
    let last = Mailbox::from_portal("m39@agensi.example");
    let desired = folded(&requests).keep_only(&[last], &requests);
    let seen = sample_mailbox("m39@agensi.example", "1", State::Enabled);
    let observed = Observed::new(vec![seen], false);
    let plan = plan(&desired, &observed, &sample::policy("A", ""));
    assert_eq!((plan.changes.len(), codes(&plan)), (1, vec![]));
}

#[test]
fn only_what_is_so_is_met() {
    let added = [change("R-1", "enable", &["a"], "2026-01-03", "")];
    for (state, met, in_progress, changes) in [
        (State::Enabled, 1, 0, 0),
        (State::Enabling, 0, 1, 0),
        (State::Terminating, 0, 1, 0),
        (State::Disabled, 0, 0, 1),
        (State::Unknown("?".into()), 0, 0, 0),
    ] {
        let delta = adding(&[], &added, &state);
        let found = (delta.met.len(), delta.plan.in_progress.len(), delta.plan.changes.len());
        assert_eq!(found, (met, in_progress, changes), "{state}");
    }
}

#[test]
fn what_would_be_done_without_it_is_prevented() {
    let base = [change("R-1", "terminate", &["a"], "2026-01-03", "")];
    let enables = change("R-2", "enable", &["a"], "2026-01-04", "");
    let withdraws = withdrawal("R-2", "R-1", "2026-01-04", "");
    let again = change("R-2", "terminate", &["a"], "2026-01-04", "");
    let other = change("R-2", "terminate", &["b"], "2026-01-04", "");
    for (added, prevented, changes, unmanaged) in [
        (enables, 1, 0, 0),
        // Nobody names the archive any more.
        (withdraws, 1, 0, 1),
        // It is done on another request's word.
        (again, 1, 1, 0),
        (other, 0, 1, 0),
    ] {
        let delta = adding(&base, &[added], &State::Enabled);
        let found = (delta.prevented.len(), delta.plan.changes.len(), delta.plan.unmanaged.len());
        assert_eq!(found, (prevented, changes, unmanaged));
    }
}

#[test]
fn a_pull_request_is_not_refused_for_what_it_does_not_look_at() {
    let base = [enabling("R-1", &users(4))];
    let added = [change("R-2", "terminate", &["x", "y"], "2026-01-03", "")];
    let all = [base[0].clone(), added[0].clone()];
    let (before, head) = (folded(&base), folded(&all));
    let difference = head.difference_from(&before);
    let same = before.keep_only(&difference.named, &base);
    let nothing = Observed::new(Vec::new(), true).with_unkept_mailboxes(true);
    let delta = plan_pull_request(&difference, &same, &head, &nothing, &sample::policy("A", ""));
    assert_eq!(codes(&delta.plan), [""; 0]);
    // Neither account was seen.
    assert_eq!((delta.met.len(), delta.plan.blocked.len()), (0, 2));
}

#[test]
fn a_shards_part_is_cleared_as_the_whole() {
    let users = users(8);
    let requests = [enabling("R-1", &users)];
    let seen = users.iter().map(|user| {
        let address = format!("{user}@agensi.example");
        sample_mailbox(&address, user, State::Disabled)
    });
    let observed = Observed::new(seen.collect(), true);
    let policy = sample::policy("A", "limits: {changes: 7}");
    let whole = plan(&folded(&requests), &observed, &policy);
    let mut parts = 0;
    for shard in ["1/2", "2/2"] {
        let shard: Shard = shard.parse().expect("a shard");
        let part = whole.clone().restrict_to_shard(shard, 3);
        assert!(part.changes.iter().all(|item| shard.contains_mailbox(&item.mailbox)));
        assert_eq!((part.in_sync, codes(&part)), (3, vec!["changes"]));
        assert_eq!(part.digest, whole.digest);
        parts += part.changes.len();
    }
    assert_eq!(parts, 8);
}
