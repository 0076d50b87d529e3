//! Whether an account is the one that a request is about: an address can pass from one person to another.
//! Pure.

use jiff::civil::Date;

use crate::domain::desired::DesiredMailbox;
use crate::domain::local_time::local_day;
use crate::domain::observed::{Observed, ObservedMailbox, is_portal_account_id};
use crate::domain::policy::Policy;

/// An account that has the address of a request, and is not the one that the request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AnotherAccount {
    /// The day on which it was created, if the portal says so.
    pub created: Option<Date>,
    /// Whether the request was carried out on the account that had the address before: then it is over.
    pub is_over: bool,
}

/// Whether the account of an address is another one than the request is about: it was created after the
/// day of the approval, or it has another key than the account on which the request was carried out.
///
/// What happened up to the policy's `portal_since` does not count: a portal that was set up anew gives
/// all accounts new keys and new dates.
pub(super) fn find_another_account(
    wanted: &DesiredMailbox,
    mailbox: &ObservedMailbox,
    observed: &Observed,
    policy: &Policy,
) -> Option<AnotherAccount> {
    let request = &wanted.request;
    let recorded = observed.recorded_request_of(&wanted.mailbox);
    let recorded = recorded.filter(|entry| *entry.request == *request.id.as_str());
    // What the portal only accepted was not seen done.
    let is_done = recorded.is_some_and(|entry| entry.is_finished);
    let counts = |day: &Date| policy.portal_since.is_none_or(|since| *day > since);
    let created = mailbox.created.map(local_day).filter(counts);
    let has_key = is_portal_account_id(&mailbox.id, wanted.mailbox.as_str());
    if let Some(key) = recorded.and_then(|entry| entry.id.as_ref()).filter(|_| has_key) {
        let is_another = *key != mailbox.id;
        return is_another.then_some(AnotherAccount { created, is_over: is_done });
    }
    let approved = request.approved_on();
    let is_younger = created.zip(approved).is_some_and(|(created, approved)| created > approved);
    is_younger.then_some(AnotherAccount { created, is_over: is_done })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::approval::verification::UnverifiedApprovals;
    use crate::domain::archive_state::{State, Target};
    use crate::domain::desired::fold_requests;
    use crate::domain::local_time::noon;
    use crate::domain::observed::{RecordedRequest, sample_mailbox};
    use crate::domain::plan::{Obstacle, plan};
    use crate::domain::request::sample;

    /// What the plan does with an account of that key: `enable`, `in sync`, `blocked` or `over`. `done_on`:
    /// the account on which the request was carried out, `""` if its key is not known; after `~` one that the portal
    /// only accepted.
    fn outcome(
        created: Option<Date>,
        id: &str,
        done_on: Option<&str>,
        policy: &str,
    ) -> &'static str {
        let request = sample::request(
            "R-1",
            "date: 2026-01-02, channel: memo, reference: R",
            "action: enable\nmailboxes: [a@agensi.example]\napprovals: [{by: uc@agensi.example, date: 2026-03-03}]",
        );
        let desired = fold_requests(&[request], date(2026, 11, 23), &UnverifiedApprovals::new());
        let read = ObservedMailbox {
            created: created.map(noon),
            ..sample_mailbox("a@agensi.example", id, State::Disabled)
        };
        let recorded = done_on.map(|key| RecordedRequest {
            mailbox: read.mailbox.clone(),
            request: "R-1".into(),
            target: Target::Enabled,
            is_finished: !key.starts_with('~'),
            id: Some(key.trim_start_matches('~')).filter(|key| !key.is_empty()).map(Into::into),
        });
        let observed =
            Observed::new(vec![read], true).with_recorded_requests(recorded.into_iter().collect());
        let plan = plan(&desired, &observed, &sample::policy("A", policy));
        match (&*plan.blocked, plan.changes.len(), plan.in_sync) {
            ([blocked], 0, 0) => {
                assert!(matches!(blocked.obstacle, Obstacle::AnotherAccount(_)));
                "blocked"
            }
            ([], 1, 0) => "enable",
            ([], 0, 0) => "over",
            _ => "something else",
        }
    }

    #[test]
    fn a_request_is_about_the_account_of_its_time() {
        let (that_day, later) = (Some(date(2026, 3, 3)), Some(date(2026, 3, 4)));
        for (created, id, done_on, policy, expected) in [
            // Nothing is known: it was always there.
            (None, "1", None, "", "enable"),
            (that_day, "1", None, "", "enable"),
            (later, "1", None, "", "blocked"),
            // The portal accepted it, and no run saw the end: the request was not carried out.
            (None, "2", Some("~1"), "", "blocked"),
            (later, "1", Some("~"), "", "blocked"),
            // The portal was set up anew on that day.
            (later, "1", None, "portal_since: 2026-03-04", "enable"),
            (later, "1", None, "portal_since: 2026-03-03", "blocked"),
            // It was carried out on this account, and on another one.
            (later, "1", Some("1"), "", "enable"),
            (None, "2", Some("1"), "", "over"),
            (later, "2", Some("1"), "", "over"),
            // Its key is not known.
            (None, "2", Some(""), "", "enable"),
            (later, "2", Some(""), "", "over"),
            // An export without keys.
            (None, "a@agensi.example", Some("1"), "", "enable"),
            (later, "a@agensi.example", Some("1"), "", "over"),
        ] {
            let outcome = outcome(created, id, done_on, policy);
            assert_eq!(outcome, expected, "{created:?} {id} {done_on:?} {policy}");
        }
    }
}
