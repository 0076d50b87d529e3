//! Which archives are adopted, and how they are grouped into files.

use jiff::civil::date;

use super::*;
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::AccountState;
use crate::domain::desired::fold_requests;
use crate::domain::observed::sample_mailbox;
use crate::domain::request::sample;

fn archive(name: &str, request: Option<&str>, changed: Option<&str>) -> ObservedMailbox {
    ObservedMailbox {
        request: request.map(Into::into),
        changed_at: changed.map(|at| at.parse().expect("a moment")),
        ..sample_mailbox(&format!("{name}@agensi.example"), name, State::Enabled)
    }
}

/// The batches, and what is not adopted, as short lines.
fn adopted(read: Vec<ObservedMailbox>, only: &[&str], most: usize) -> (Vec<String>, Vec<String>) {
    let policy = sample::policy("A", "");
    let named = sample::request(
        "R-1",
        "date: 2026-01-02, channel: memo, reference: R",
        "action: enable\nmailboxes: [named@agensi.example]",
    );
    let desired = fold_requests(&[named], date(2026, 11, 23), &UnverifiedApprovals::new());
    let only: Vec<Mailbox> =
        only.iter().map(|name| Mailbox::from_portal(&format!("{name}@agensi.example"))).collect();
    let found = plan_adoption(&Observed::new(read, true), &desired, &policy, &only, most);
    let short = |mailbox: &Mailbox| mailbox.as_str().replace("@agensi.example", "");
    let batches = found.batches.iter().map(|batch| {
        let names: Vec<String> = batch.mailboxes.iter().map(short).collect();
        format!("{}: {}", batch.group.describe(), names.join(" "))
    });
    let left = found.left.iter();
    let left = left.map(|left| format!("{} {}", short(&left.mailbox), left.code));
    (batches.collect(), left.collect())
}

#[test]
fn archives_are_grouped_by_request_then_by_month() {
    let read = vec![
        archive("d", None, None),
        archive("c", Some(" OLD-7 "), Some("2025-03-31T16:00:00Z")),
        archive("a", Some("OLD-7"), None),
        archive("e", Some("OLD-8"), Some("2025-03-31T15:59:59Z")),
        archive("b", Some(" "), Some("2025-03-31T16:00:00Z")),
        archive("uc", Some("OLD-7"), None),
        ObservedMailbox { account: AccountState::Disabled, ..archive("f", Some("OLD-7"), None) },
        archive("named", None, None),
    ];
    let (batches, left) = adopted(read, &[], 200);
    assert_eq!(
        batches,
        [
            "request OLD-7 in the portal: a c",
            // A single one is grouped by month of the agency's calendar; small months are merged.
            "last changed in 2025-03/2025-04: b e",
            "the portal does not say when it was changed: d",
            "the account is not active: f",
            "an approver's own mailbox: uc",
        ]
    );
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn reports_archives_that_cannot_be_adopted() {
    let with = |name: &str, state: State| ObservedMailbox { state, ..archive(name, None, None) };
    let mut read = vec![
        with("a", State::Enabling),
        with("b", State::Terminating),
        with("c", State::Unknown("x".into())),
        with("d", State::Disabled),
        with("e", State::Terminated),
        archive("f", None, None),
        archive("g g", None, None),
    ];
    read.push(ObservedMailbox { id: "other".into(), ..archive("f", None, None) });
    let (batches, left) = adopted(read.clone(), &[], 200);
    assert_eq!(batches, ["the portal does not say when it was changed: a"]);
    let all = ["b terminating", "c unknown-state", "f ambiguous", "g g not-an-address"];
    assert_eq!(left, all);
    // Each mailbox in `only` has a result.
    let (batches, left) = adopted(read, &["named", "d", "nobody", "a", "b"], 200);
    assert_eq!(batches, ["the portal does not say when it was changed: a"]);
    let named = ["b terminating", "d no-archive", "named named", "nobody no-account"];
    assert_eq!(left, named);
}

#[test]
fn batches_respect_the_size_limit() {
    let name = |number: usize| format!("m{number:03}");
    let read: Vec<_> =
        (0..450).map(|number| archive(&name(number * 7 % 450), None, None)).collect();
    let (batches, _) = adopted(read, &[], 200);
    let sizes: Vec<usize> = batches.iter().map(|batch| batch.matches(" m").count()).collect();
    assert_eq!(sizes, [200, 200, 50]);
    assert!(batches[2].ends_with(" m448 m449"));
}

#[test]
fn small_consecutive_months_are_merged() {
    let read = (0..60).map(|number| {
        let month = match number {
            0..20 => "2024-12",
            20..25 => "2025-01",
            25 => "2025-03",
            _ => "2025-04",
        };
        archive(&format!("m{number:02}"), None, Some(&format!("{month}-05T00:00:00Z")))
    });
    let (batches, _) = adopted(read.collect(), &[], 200);
    let names: Vec<&str> = batches.iter().filter_map(|batch| batch.split(':').next()).collect();
    assert_eq!(
        names,
        ["last changed in 2024-12/2025-01", "last changed in 2025-03", "last changed in 2025-04",]
    );
}
