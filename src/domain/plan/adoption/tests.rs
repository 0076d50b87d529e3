//! Which archives are asked for, and how they fall into files.

use jiff::civil::date;

use super::*;
use crate::domain::approval::UnverifiedApprovals;
use crate::domain::archive::Account;
use crate::domain::desired::fold;
use crate::domain::observed::entry;
use crate::domain::request::sample;

fn seen(name: &str, request: Option<&str>, changed: Option<&str>) -> ObservedMailbox {
    ObservedMailbox {
        request: request.map(Into::into),
        changed_at: changed.map(|it| it.parse().expect("a moment")),
        ..entry(&format!("{name}@agensi.example"), name, State::Enabled)
    }
}

/// The lots of what was seen, and what is left, as short lines.
fn told(read: Vec<ObservedMailbox>, only: &[&str], most: usize) -> (Vec<String>, Vec<String>) {
    let policy = sample::policy("A", "");
    let named = sample::request(
        "R-1",
        "date: 2026-01-02, channel: memo, reference: R",
        "action: enable\nmailboxes: [named@agensi.example]",
    );
    let desired = fold(&[named], date(2026, 11, 23), &UnverifiedApprovals::new());
    let only: Vec<Mailbox> = only
        .iter()
        .map(|it| Mailbox::from_portal(&format!("{it}@agensi.example")))
        .collect();
    let found = adopt(&Observed::new(read, true), &desired, &policy, &only, most);
    let short = |it: &Mailbox| it.as_str().replace("@agensi.example", "");
    let lots = found.lots.iter().map(|lot| {
        let names: Vec<String> = lot.mailboxes.iter().map(short).collect();
        format!("{}: {}", lot.group, names.join(" "))
    });
    let left = found.left.iter();
    let left = left.map(|it| format!("{} {}", short(&it.mailbox), it.code));
    (lots.collect(), left.collect())
}

#[test]
fn archives_are_grouped_by_request_then_by_month() {
    let read = vec![
        seen("d", None, None),
        seen("c", Some(" OLD-7 "), Some("2025-03-31T16:00:00Z")),
        seen("a", Some("OLD-7"), None),
        seen("e", Some("OLD-8"), Some("2025-03-31T15:59:59Z")),
        seen("b", Some(" "), Some("2025-03-31T16:00:00Z")),
        seen("uc", Some("OLD-7"), None),
        ObservedMailbox {
            account: Account::Disabled,
            ..seen("f", Some("OLD-7"), None)
        },
        seen("named", None, None),
    ];
    let (lots, left) = told(read, &[], 200);
    assert_eq!(
        lots,
        [
            "request OLD-7 in the portal: a c",
            // One that is alone goes by its month, of the agency's calendar; a few go together.
            "changed last in 2025-03/2025-04: b e",
            "the portal does not say since when: d",
            "the account is not in use: f",
            "an approver's own: uc",
        ]
    );
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_cannot_be_asked_for_is_told() {
    let with = |name: &str, state: State| ObservedMailbox {
        state,
        ..seen(name, None, None)
    };
    let mut read = vec![
        with("a", State::Enabling),
        with("b", State::Terminating),
        with("c", State::Unknown("x".into())),
        with("d", State::Disabled),
        with("e", State::Terminated),
        seen("f", None, None),
        seen("g g", None, None),
    ];
    read.push(ObservedMailbox {
        id: "other".into(),
        ..seen("f", None, None)
    });
    let (lots, left) = told(read.clone(), &[], 200);
    assert_eq!(lots, ["the portal does not say since when: a"]);
    let all = [
        "b terminating",
        "c unknown-state",
        "f ambiguous",
        "g g not-an-address",
    ];
    assert_eq!(left, all);
    // Of those that are named each is accounted for.
    let (lots, left) = told(read, &["named", "d", "nobody", "a", "b"], 200);
    assert_eq!(lots, ["the portal does not say since when: a"]);
    let named = [
        "b terminating",
        "d no-archive",
        "named named",
        "nobody no-account",
    ];
    assert_eq!(left, named);
}

#[test]
fn no_lot_is_larger_than_asked_and_order_does_not_matter() {
    let name = |number: usize| format!("m{number:03}");
    let read: Vec<_> = (0..450)
        .map(|it| seen(&name(it * 7 % 450), None, None))
        .collect();
    let (lots, _) = told(read, &[], 200);
    let sizes: Vec<usize> = lots.iter().map(|it| it.matches(" m").count()).collect();
    assert_eq!(sizes, [200, 200, 50]);
    assert!(lots[2].ends_with(" m448 m449"));
}

#[test]
fn months_in_a_row_go_together_while_they_are_few() {
    let read = (0..60).map(|number| {
        let month = match number {
            0..20 => "2024-12",
            20..25 => "2025-01",
            25 => "2025-03",
            _ => "2025-04",
        };
        seen(
            &format!("m{number:02}"),
            None,
            Some(&format!("{month}-05T00:00:00Z")),
        )
    });
    let (lots, _) = told(read.collect(), &[], 200);
    let names: Vec<&str> = lots.iter().filter_map(|it| it.split(':').next()).collect();
    assert_eq!(
        names,
        [
            "changed last in 2024-12/2025-01",
            "changed last in 2025-03",
            "changed last in 2025-04",
        ]
    );
}
