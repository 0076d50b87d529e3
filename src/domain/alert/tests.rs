//! What an operator hears, and above all what not.

use jiff::civil::date;

use super::*;
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::desired::fold_requests;
use crate::domain::observed::{Observed, ObservedMailbox, sample_mailbox};
use crate::domain::plan::plan;
use crate::domain::policy::signer_files::{ALLOWED_SIGNERS, AUTHORITIES, REVOCATIONS, add_file};
use crate::domain::request::Request;
use crate::domain::request::sample::{change, policy_from};
use crate::signature::SignerKeys;
use std::sync::Arc;

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH319Ml2V3WNpSV3HL6XuxQQYIerLeu7sknFGsU1lL7p";
const OTHER_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJWrjJBIAuMxvmjep6bNcZeiNtBQEDPiQ+yUa2YCh5PF";
const ROOTS: &str = include_str!("../../../tests/approvals/fixtures/authorities.pem");
const LISTS: &str = include_str!("../../../tests/approvals/fixtures/revocations.pem");

fn agency(provenance: &str, files: &[(&str, &str)]) -> Agency {
    let policy = policy_from(&format!(
        "version: 1\nagency: A\nname: A\ndomains: [agensi.example]\napprovers: [uc@agensi.example, tan@agensi.example]\nportal: embedded\nrepository: 0198c1aa-0000-7000\nprovenance: {provenance}\n"
    ));
    let mut keys = SignerKeys::default();
    for (name, text) in files {
        add_file(&mut keys, name, &(*name).into(), text.as_bytes()).expect("a good file");
    }
    Agency { policy, requests: Vec::new(), keys }
}

/// What a dry run of that day says about an agency.
fn alert_of(
    agency: &Agency,
    requests: &[Arc<Request>],
    seen: Vec<ObservedMailbox>,
    day: Date,
) -> Alert {
    let desired = fold_requests(requests, day, &UnverifiedApprovals::new());
    let plan = plan(&desired, &Observed::new(seen, true), &agency.policy);
    let run = FinishedRun { agency, plan: Some(&plan), outcomes: None, day, failure: None };
    let mut alert = Alert::default();
    alert.add_run(&run);
    alert.add_review(&run);
    alert
}

fn seen(name: &str, state: State) -> ObservedMailbox {
    sample_mailbox(&format!("{name}@agensi.example"), name, state)
}

#[test]
fn where_all_is_well_there_is_nothing_to_hear() {
    let day = date(2026, 11, 10);
    // In sync, due today, and a request and a blocked mailbox that have waited for a week.
    let requests = [
        change("R-1", "enable", &["siti"], "2026-11-03", ""),
        change("R-2", "enable", &["due"], "2026-11-09", ""),
        change("R-3", "enable", &["gone"], "2026-11-03", ""),
    ];
    let observed = vec![seen("siti", State::Enabled), seen("due", State::Disabled)];
    let alert = alert_of(&agency("committed", &[]), &requests, observed, day);
    assert!(alert.is_empty(), "{alert:#?}");
}

#[test]
fn drift_says_what_the_portal_tells_and_what_became_of_it() {
    let requests = [
        change("R-1", "enable", &["siti", "tan"], "2026-11-03", ""),
        change("R-2", "enable", &["due"], "2026-11-09", ""),
    ];
    let at = "2026-11-09T18:30:00Z".parse().ok();
    let drifted = ObservedMailbox {
        request: Some("R-1".into()),
        changed_at: at,
        ..seen("tan", State::Terminated)
    };
    let observed =
        vec![seen("siti", State::Enabled), seen("due", State::Disabled), drifted.clone()];
    let agency = agency("committed", &[]);
    let alert = alert_of(&agency, &requests, observed, date(2026, 11, 10));
    let expected = DriftedMailbox {
        agency: "A".into(),
        mailbox: drifted.mailbox,
        from: State::Terminated,
        to: Target::Enabled,
        request: requests[0].id.clone(),
        last_change: LastChange { at, request: Some("R-1".into()) },
        outcome: None,
    };
    assert_eq!(alert, Alert { drift: vec![expected], ..Alert::default() });
}

#[test]
fn an_applying_run_says_what_became_of_drift_and_why_it_failed() {
    let requests = [
        change("R-1", "enable", &["tan"], "2026-11-03", ""),
        change("R-2", "terminate", &["due"], "2026-11-09", ""),
    ];
    let drifted = ObservedMailbox { request: Some("R-1".into()), ..seen("tan", State::Disabled) };
    let agency = agency("committed", &[]);
    let day = date(2026, 11, 10);
    let desired = fold_requests(&requests, day, &UnverifiedApprovals::new());
    let observed = Observed::new(vec![drifted, seen("due", State::Enabled)], true);
    let plan = plan(&desired, &observed, &agency.policy);
    // The termination comes first.
    let outcomes = [Outcome::Failed { why: "no".into() }, Outcome::Applied { settling: false }];
    let mut alert = Alert::default();
    alert.add_run(&FinishedRun {
        agency: &agency,
        plan: Some(&plan),
        outcomes: Some(&outcomes),
        day,
        failure: Some((3, "1 applied, 1 failed.")),
    });
    let drift: Vec<_> = alert.drift.iter().map(|item| item.outcome).collect();
    assert_eq!(drift, [Some(OutcomeKind::Applied)]);
    let failed =
        FailedRun { agency: Some("A".into()), status: 3, reason: "1 applied, 1 failed.".into() };
    assert_eq!(alert.failed, [failed]);
}

#[test]
fn what_waits_for_more_than_a_week_is_heard_the_longest_first() {
    let day = date(2026, 11, 11);
    let requests = [
        // Received on 2026-01-01.
        change("R-1", "enable", &["asked"], "", ""),
        change("R-2", "enable", &["gone"], "2026-11-03", ""),
        change("R-3", "enable", &["young"], "2026-11-04", ""),
        // Approved long ago, but due only since yesterday.
        change("R-4", "enable", &["later"], "2026-01-03", "effective: 2026-11-10"),
    ];
    let alert =
        alert_of(&agency("committed", &[]), &requests, vec![seen("x", State::Disabled)], day);
    let heard: Vec<_> = alert
        .waiting
        .iter()
        .map(|item| {
            let cause = match &item.cause {
                WaitingCause::Approvals(missing) => missing.to_string(),
                WaitingCause::Blocked(mailbox, why) => format!("{mailbox}: {why}"),
            };
            format!("{}: {cause}; {} {}", item.request, item.since, item.days)
        })
        .collect();
    assert_eq!(
        heard,
        [
            "R-1: 1; 2026-01-01 314",
            "R-2: gone@agensi.example: the portal has no such account; 2026-11-03 8"
        ]
    );
}

#[test]
fn archives_that_no_request_names_are_heard() {
    let observed = vec![seen("kamal", State::Enabled), seen("off", State::Disabled)];
    let alert = alert_of(&agency("committed", &[]), &[], observed, date(2026, 11, 10));
    let heard: Vec<_> = alert.unmanaged.iter().map(|item| item.mailbox.as_str()).collect();
    assert_eq!(heard, ["kamal@agensi.example"]);
}

/// What ends, as an operator hears of it on a day.
fn heard_of_ends(agency: &Agency, day: Date) -> Vec<String> {
    let alert = alert_of(agency, &[], Vec::new(), day);
    let ends = alert.ending.iter();
    ends.map(|item| format!("{} {} {}", item.ending.kind.as_str(), item.ending.name, item.days))
        .collect()
}

#[test]
fn a_key_is_heard_of_in_its_last_thirty_days() {
    let line = format!("uc@agensi.example valid-before=\"20261231\" {KEY}\n");
    let own = agency("signed", &[(ALLOWED_SIGNERS, &line)]);
    // The key ends with the beginning of that day.
    for (day, heard) in [
        (date(2026, 11, 30), &[][..]),
        (date(2026, 12, 1), &["key uc@agensi.example 30"]),
        (date(2026, 12, 31), &["key uc@agensi.example 0"]),
        (date(2027, 1, 1), &[]),
    ] {
        assert_eq!(heard_of_ends(&own, day), heard, "{day}");
    }
    let day = date(2026, 12, 24);
    assert_eq!(heard_of_ends(&own, day), ["key uc@agensi.example 7"]);
    // With another key there is nothing to do; one that is not for approvals is none.
    let with = |more: &str| {
        heard_of_ends(&agency("signed", &[(ALLOWED_SIGNERS, &format!("{line}{more}"))]), day)
    };
    assert_eq!(with(&format!("uc@agensi.example {OTHER_KEY}\n")), [""; 0]);
    let git_only = format!("uc@agensi.example namespaces=\"git\" {OTHER_KEY}\n");
    assert_eq!(with(&git_only), ["key uc@agensi.example 7"]);
    let of_another = format!("lain@agensi.example valid-before=\"20261225\" {OTHER_KEY}\n");
    assert_eq!(with(&of_another), ["key uc@agensi.example 7"]);
    // Where approvals are not signed, keys do not matter.
    assert_eq!(heard_of_ends(&agency("committed", &[(ALLOWED_SIGNERS, &line)]), day), [""; 0]);
}

#[test]
fn a_key_that_is_over_hides_none_that_ends_next() {
    let over = format!("tan@agensi.example valid-before=\"20200101\" {OTHER_KEY}\n");
    let next = format!("uc@agensi.example valid-before=\"20261231\" {KEY}\n");
    let own = agency("signed", &[(ALLOWED_SIGNERS, &format!("{over}{next}"))]);
    let ends = expiring_credentials(&own, date(2026, 10, 1));
    let names: Vec<_> = ends.iter().map(|ending| &*ending.name).collect();
    assert_eq!(names, ["uc@agensi.example"]);
}

#[test]
fn certificates_and_lists_are_heard_of_and_a_list_after_its_end_too() {
    let own = agency("signed", &[(AUTHORITIES, ROOTS), (REVOCATIONS, LISTS)]);
    let soon = heard_of_ends(&own, date(2026, 12, 10));
    assert!(soon.contains(&"revocations Contoh Root, Jabatan Contoh, MY 10".into()), "{soon:?}");
    assert!(!soon.iter().any(|line| line.starts_with("authority")), "{soon:?}");
    let over = heard_of_ends(&own, date(2026, 12, 30));
    assert!(over.contains(&"revocations Contoh Root, Jabatan Contoh, MY -10".into()), "{over:?}");
    let last_days = heard_of_ends(&own, date(2039, 12, 20));
    let root = |line: &String| line.starts_with("authority Contoh Root");
    assert!(last_days.iter().any(root), "{last_days:?}");
    assert!(!heard_of_ends(&own, date(2040, 2, 1)).iter().any(root));
}
