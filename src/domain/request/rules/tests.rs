//! What a request must satisfy, a line a case.

use jiff::civil::date;

use super::*;
use crate::domain::request::sample;
use crate::yaml::PathSegment;

/// Parts that satisfy every rule: R-1 enables a and b.
fn good() -> PartialRequest {
    PartialRequest {
        id: RequestId::parse("R-1"),
        verb: Some(ActionKind::Change(Target::Enabled)),
        mailboxes: Some(vec![address("a"), address("b")]),
        received_date: Some(date(2026, 1, 2)),
        approvals: vec![approval("uc", 2)],
        ..PartialRequest::default()
    }
}

#[test]
fn a_name_is_of_the_applicant_or_the_only_user() {
    let named = |name: &str, has_from: bool, users: &[&str]| {
        found_under(
            None,
            &PartialRequest {
                name: Some(name.into()),
                has_from,
                mailboxes: Some(users.iter().map(|user| address(user)).collect()),
                ..good()
            },
        )
    };
    assert_eq!(named("Siti\nKetua\n", true, &["a", "b"]), Vec::<String>::new());
    assert_eq!(named("Siti", false, &["a"]), Vec::<String>::new());
    assert_eq!(named("Siti", false, &["a", "b"]), ["name-of-nobody received.name"]);
    assert_eq!(named(&"Siti\n".repeat(7), true, &["a"]), ["too-many-lines received.name"]);
    let withdrawal = PartialRequest { name: Some("Siti".into()), ..withdrawing() };
    assert_eq!(found_under(None, &withdrawal), ["name-of-nobody received.name"]);
}

/// Likewise, R-1 withdraws R-0.
fn withdrawing() -> PartialRequest {
    PartialRequest {
        verb: Some(ActionKind::Withdraw),
        mailboxes: None,
        withdraws: RequestId::parse("R-0"),
        has_withdraws: true,
        ..good()
    }
}

fn approval(user: &str, day: i8) -> PartialApproval {
    PartialApproval { by: address(user), date: Some(date(2026, 1, day)), signature: None }
}

fn address(user: &str) -> Option<Mailbox> {
    Mailbox::parse(&format!("{user}@agensi.example")).ok()
}

fn foreign() -> Option<Mailbox> {
    Mailbox::parse("a@lain.example").ok()
}

/// What is found in a file called R-1.yaml, each as `kind at`.
fn found_under(policy: Option<&Policy>, parts: &PartialRequest) -> Vec<String> {
    let origin = RuleContext { file: &"R-1.yaml".into(), stem: "R-1", text: "", policy };
    let mut issues = Vec::new();
    for rule in RULES {
        rule(parts, &origin, &mut issues);
    }
    let each = issues.iter().map(|issue| {
        let steps = issue.at.segments().iter().map(|step| match step {
            PathSegment::Key(key) => key.clone(),
            PathSegment::Index(index) => index.to_string(),
        });
        let at: Vec<String> = steps.collect();
        format!("{} {}", issue.kind, at.join("."))
    });
    each.collect()
}

fn found(parts: &PartialRequest) -> Vec<String> {
    let former = "former_approvers: [lama@agensi.example]";
    found_under(Some(&sample::policy("A", former)), parts)
}

const NONE: [&str; 0] = [];

#[test]
fn good_requests_satisfy_every_rule() {
    assert_eq!(found(&good()), NONE);
    assert_eq!(found(&withdrawing()), NONE);
    assert_eq!(found_under(None, &good()), NONE);
}

#[test]
fn each_rule_finds_what_breaks_it() {
    type Break = fn(&mut PartialRequest);
    let cases: [(Break, &str); 16] = [
        (|parts| parts.id = RequestId::parse("R-2"), "id-is-not-file-name id"),
        (|parts| parts.id = RequestId::parse("r-1"), "id-is-not-file-name id"),
        (|parts| parts.mailboxes = None, "missing-key mailboxes"),
        (|parts| parts.mailboxes = Some(vec![]), "no-mailboxes mailboxes"),
        (|parts| parts.has_withdraws = true, "withdraws-without-withdraw withdraws"),
        (
            |parts| parts.mailboxes = Some(vec![address("a"), address("b"), address("A")]),
            "mailbox-twice mailboxes.2",
        ),
        (
            |parts| parts.mailboxes = Some(vec![address("a"), foreign()]),
            "foreign-domain mailboxes.1",
        ),
        // An entry that is no address keeps its place.
        (|parts| parts.mailboxes = Some(vec![None, foreign()]), "foreign-domain mailboxes.1"),
        (
            |parts| parts.mailboxes = Some(vec![address("a"), None, address("a")]),
            "mailbox-twice mailboxes.2",
        ),
        (|parts| parts.approvals.push(approval("lain", 2)), "unknown-approver approvals.1.by"),
        (|parts| parts.approvals[0].by = foreign(), "unknown-approver approvals.0.by"),
        (|parts| parts.from = address("uc"), "self-approval approvals.0.by"),
        (|parts| parts.approvals.push(approval("uc", 3)), "approval-twice approvals.1.by"),
        (
            |parts| parts.mailboxes = Some(vec![address("a"), address("uc")]),
            "self-approval approvals.0.by",
        ),
        (
            |parts| parts.approvals.push(approval("lama", 1)),
            "approval-before-receipt approvals.1.date",
        ),
        (|parts| parts.verb = Some(ActionKind::Withdraw), "withdraw-with-mailboxes mailboxes"),
    ];
    for (number, (breaks, expected)) in cases.into_iter().enumerate() {
        let mut parts = good();
        breaks(&mut parts);
        let found = found(&parts);
        assert_eq!(found.first().map(String::as_str), Some(expected), "{number}");
        let others = usize::from(expected.starts_with("withdraw-with"));
        assert_eq!(found.len(), 1 + others, "{number}: {found:?}");
    }
}

#[test]
fn a_withdrawal_names_another_request_and_no_mailboxes() {
    type Break = fn(&mut PartialRequest);
    let cases: [(Break, &str); 3] = [
        (|parts| parts.has_withdraws = false, "missing-key withdraws"),
        (|parts| parts.mailboxes = Some(vec![]), "withdraw-with-mailboxes mailboxes"),
        (|parts| parts.withdraws = RequestId::parse("R-1"), "withdraws-itself withdraws"),
    ];
    for (breaks, expected) in cases {
        let mut parts = withdrawing();
        breaks(&mut parts);
        assert_eq!(found(&parts), [expected]);
    }
}

#[test]
fn what_is_allowed_is_not_found() {
    type Become = fn(&mut PartialRequest);
    let cases: [Become; 9] = [
        |parts| parts.approvals[0].by = address("lama"),
        |parts| parts.approvals.push(approval("lama", 5)),
        |parts| parts.from = address("a"),
        |parts| parts.from = foreign(),
        |parts| parts.approvals[0].date = Some(date(2026, 1, 3)),
        |parts| parts.approvals.clear(),
        |parts| parts.mailboxes = Some(vec![None]),
        // What could not be read has a finding of its own.
        |parts| parts.verb = None,
        |parts| parts.id = None,
    ];
    for (number, become_so) in cases.into_iter().enumerate() {
        let mut parts = good();
        become_so(&mut parts);
        assert_eq!(found(&parts), NONE, "{number}");
    }
}

#[test]
fn a_request_names_ten_thousand_mailboxes_and_no_more() {
    let with = |count: usize| PartialRequest {
        mailboxes: Some((0..count).map(|parts| address(&format!("m{parts}"))).collect()),
        ..good()
    };
    assert_eq!(found(&with(10_000)), NONE);
    assert_eq!(found(&with(10_001)), ["too-many-mailboxes mailboxes"]);
}

#[test]
fn without_a_policy_domains_and_approvers_are_not_judged() {
    let parts = PartialRequest {
        mailboxes: Some(vec![foreign()]),
        approvals: vec![approval("lain", 2)],
        ..good()
    };
    assert_eq!(found_under(None, &parts), NONE);
    assert_eq!(found(&parts).len(), 2);
}
