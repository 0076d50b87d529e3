//! What a pull request may not do under the branch's policy, and how it changes policies, one rule a
//! test.

use jiff::civil::date;

use super::*;

const TODAY: Date = date(2026, 11, 23);
const POLICY: &str = "version: 1\nagency: A\nname: Jabatan\ndomains: [agensi.example]\napprovers: [uc@agensi.example, lama@agensi.example]\nportal: embedded\nprotected: [a@agensi.example, b@agensi.example]\n";
const PENDING: &str = "version: 1\nid: R-1\naction: terminate\nmailboxes: [a@agensi.example]\nreceived: { date: 2026-01-02, channel: memo, reference: R }\n";

fn request(by: &str) -> String {
    format!("{PENDING}approvals:\n  - by: {by}@agensi.example\n    date: 2026-01-02\n")
}

fn snapshot(files: &[(&str, &str)]) -> FolderSnapshot {
    let mut snapshot = FolderSnapshot::new("requests".into());
    for (path, text) in files {
        snapshot.insert_file((*path).to_owned(), Ok(text.as_bytes().into()));
    }
    snapshot
}

/// A pull request that makes these files of those, and what is read of both.
fn pulled(
    before: &[(&str, &str)],
    after: &[(&str, &str)],
) -> (MergedPullRequest, LoadedAgencies, LoadedAgencies) {
    let base = snapshot(before);
    let pull = MergedPullRequest::new(base.clone(), &base, &snapshot(after));
    let (before, after) =
        (agency_loader::load(&pull.base, TODAY), agency_loader::load(&pull.merged, TODAY));
    (pull, before, after)
}

/// The approvals that may not be given yet.
fn too_early(before: &[(&str, &str)], after: &[(&str, &str)]) -> Vec<String> {
    let (pull, before, after) = pulled(before, after);
    let broken = only_errors(&before.findings).map(|item| &*item.file).collect();
    let found = check_approvals(&pull, &before, &after, &broken);
    let each = found.iter();
    each.map(|item| format!("{} {}", item.kind, item.place_text())).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn a_request_is_approved_under_a_policy_that_is_merged() {
    let policy = ("agency.yaml", POLICY);
    let new = request("uc");
    let new = ("R-1.yaml", &*new);
    let early = ["policy-not-merged requests/R-1.yaml:7:9"];
    assert_eq!(too_early(&[policy], &[policy, new]), NONE);
    assert_eq!(too_early(&[], &[policy, new]), early);
    // A policy that could not be read judged nobody.
    let broken = ("agency.yaml", "version: 1\n");
    assert_eq!(too_early(&[broken], &[policy, new]), early);
    // What waits may come with its policy; what was there before is not this pull request's doing.
    let pending = ("R-1.yaml", PENDING);
    assert_eq!(too_early(&[], &[policy, pending]), NONE);
    assert_eq!(too_early(&[policy, new], &[policy, new]), NONE);
    // Another agency's policy beside it says nothing of this one.
    let other = POLICY.replace("agensi.example", "b.example");
    let other = other.replace("agency: A", "agency: B");
    let other = ("b/agency.yaml", &*other);
    assert_eq!(too_early(&[policy], &[policy, new, other]), NONE);
}

#[test]
fn a_former_approver_approves_nothing_new() {
    let lines = "approvers: [uc@agensi.example]\nformer_approvers: [lama@agensi.example]";
    let both = "approvers: [uc@agensi.example, lama@agensi.example]";
    let policy = POLICY.replace(both, lines);
    let policy = ("agency.yaml", &*policy);
    let [by_former, by_present] = ["lama", "uc"].map(request);
    let former = ("R-1.yaml", &*by_former);
    assert_eq!(too_early(&[policy], &[policy, former]), ["former-approver requests/R-1.yaml:7:9"]);
    assert_eq!(too_early(&[policy, former], &[policy, former]), NONE);
    let present = ("R-1.yaml", &*by_present);
    assert_eq!(too_early(&[policy], &[policy, present]), NONE);
    // Who approved when the branch still said so.
    let before = ("agency.yaml", POLICY);
    assert_eq!(too_early(&[before], &[policy, former]), NONE);
}

#[test]
fn an_approval_that_comes_is_of_the_last_days() {
    let policy = ("agency.yaml", POLICY);
    let dated = |day: &str| {
        let text = request("uc").replace(
            "uc@agensi.example\n    date: 2026-01-02",
            &format!("uc@agensi.example\n    date: {day}"),
        );
        assert!(text.contains(day), "{text}");
        text
    };
    let misdated = |was: &[(&str, &str)], is: &str| -> Vec<String> {
        let (pull, before, after) = pulled(was, &[policy, ("R-1.yaml", is)]);
        let found = approval_dates::find_misdated_approvals(&pull, &before, &after, TODAY);
        let each = found.iter();
        each.map(|item| format!("{} {} {}", item.kind, item.place_text(), item.message)).collect()
    };
    let says = |kind: &str, day: &str| {
        format!(
            "{kind} requests/R-1.yaml:8:11 found an approval of {day}, expected a day from 2026-10-23 to 2026-11-23"
        )
    };
    for day in ["2026-10-23", "2026-11-23"] {
        assert_eq!(misdated(&[policy], &dated(day)), NONE, "{day}");
    }
    for (day, kind) in
        [("2026-10-22", "approval-too-old"), ("2026-11-24", "approval-in-the-future")]
    {
        let text = dated(day);
        assert_eq!(misdated(&[policy], &text), [says(kind, day)]);
        assert_eq!(misdated(&[policy, ("R-1.yaml", PENDING)], &text), [says(kind, day)]);
        // It was merged before.
        assert_eq!(misdated(&[policy, ("R-1.yaml", &text)], &text), NONE);
        let edited = format!("{text}reason: x\n");
        assert_eq!(misdated(&[policy, ("R-1.yaml", &text)], &edited), NONE);
    }
    assert_eq!(misdated(&[policy], PENDING), NONE);
}

/// How many requests are planned; `None` where nothing is, and nothing is said of that.
fn count_planned(before: &[(&str, &str)], after: &[(&str, &str)]) -> Option<usize> {
    let (pull, mut before, _) = pulled(before, after);
    let found = before.findings.clone();
    let broken = only_errors(&found).map(|item| &*item.file).collect();
    let planned = requests_to_plan(&pull, TODAY, &broken, &mut before);
    if planned.agencies.is_empty() && planned.findings.is_empty() {
        return None;
    }
    let each = planned.agencies.iter();
    Some(each.map(|agency| agency.requests.len()).sum())
}

#[test]
fn nothing_is_planned_under_a_policy_that_is_not_merged() {
    let new = request("uc");
    let [policy, new] = [("agency.yaml", POLICY), ("R-1.yaml", &*new)];
    let broken = ("agency.yaml", "version: 1\n");
    assert_eq!(count_planned(&[policy], &[policy, new]), Some(1));
    assert_eq!(count_planned(&[], &[policy, new]), None);
    assert_eq!(count_planned(&[broken], &[policy, new]), None);
    // The branch's own policy goes on judging whatever becomes of it.
    assert_eq!(count_planned(&[policy], &[broken, new]), Some(1));
    assert_eq!(count_planned(&[policy], &[new]), Some(1));
    let laxer = POLICY.replace("uc@", "lain@");
    let by = request("lain");
    let laxer = [("agency.yaml", &*laxer), ("R-1.yaml", &*by)];
    assert_eq!(count_planned(&[policy], &laxer), Some(0));
}

/// How policies change, each as `file: words`.
fn changes(before: &[(&str, &str)], after: &[(&str, &str)]) -> Vec<String> {
    let (pull, before, after) = pulled(before, after);
    let decisions = new_decisions::describe_new_decisions(&before, &after, TODAY);
    let changes =
        policy_changes::policy_changes([&before, &after], &pull.merged, decisions).into_iter();
    let lines = changes.flat_map(|(file, words)| {
        words.into_iter().map(move |line| format!("{file}: {}", line.text()))
    });
    lines.collect()
}

#[test]
fn a_reviewer_sees_how_policies_change() {
    let file = "requests/agency.yaml";
    let policy = ("agency.yaml", POLICY);
    assert_eq!(changes(&[policy], &[policy]), NONE);
    assert_eq!(changes(&[policy], &[]), [format!("{file}: removed: the policy of A")]);
    let broken = ("agency.yaml", "version: 1\n");
    let unknown = "it can no longer be read, so its other changes are not known";
    assert_eq!(changes(&[policy], &[broken]), [format!("{file}: {unknown}")]);
    assert!(!changes(&[], &[policy]).is_empty());
}

const ROOTS: &str = include_str!("../../../tests/approvals/fixtures/authorities.pem");
const LISTS: &str = include_str!("../../../tests/approvals/fixtures/revocations.pem");
const SIGNERS: &str = include_str!("../../../tests/approvals/fixtures/allowed_signers");

#[test]
fn a_reviewer_sees_whose_signatures_will_count() {
    let policy = ("agency.yaml", POLICY);
    let files =
        [("allowed_signers", SIGNERS), ("authorities.pem", ROOTS), ("revocations.pem", LISTS)];
    let all = [&[policy], &files[..]].concat();
    let added = changes(&[policy], &all);
    assert_eq!(added.len(), 12 + 3 + 2, "{added:#?}");
    let removed = changes(&all, &[policy]);
    for (lines, verb) in [(&added, "adds"), (&removed, "removes")] {
        for start in [
            "allowed_signers: VERB ed25519@agensi.example ssh-ed25519 AAAA",
            "authorities.pem: VERB Contoh Root, Jabatan Contoh, MY SHA256:",
            "revocations.pem: VERB Contoh Root, Jabatan Contoh, MY of 2026-11-20T00:00:00Z, 4 revoked, SHA256:",
        ] {
            let start = format!("requests/agency.yaml: {}", start.replace("VERB", verb));
            assert!(lines.iter().any(|line| line.starts_with(&start)), "{start} {lines:#?}");
        }
    }
    // The branch's keys count, not those that the pull request brings or takes away.
    let (pull, ..) = pulled(&[policy, files[2]], &[policy, files[0], files[1]]);
    let planned = pull.snapshot_under_base_policy();
    assert_eq!(
        planned.files().map(|(path, _)| path).collect::<Vec<_>>(),
        ["agency.yaml", "revocations.pem"]
    );
    assert!(pull.changes_rules());
}

#[test]
fn a_mailbox_that_loses_its_protection_is_named_where_it_is_to_be_terminated() {
    let open = POLICY.replace("protected: [a@agensi.example, b@agensi.example]\n", "");
    let open = ("agency.yaml", &*open);
    let policy = ("agency.yaml", POLICY);
    let may = |request: &str| {
        let request = ("R-1.yaml", request);
        let mut words = changes(&[policy, request], &[open, request]);
        words.retain(|word| word.contains("may then"));
        words
    };
    let words =
        "requests/agency.yaml: protected: a@agensi.example may then be terminated, as R-1 asks";
    assert_eq!(may(&request("uc")), [words]);
    assert_eq!(may(PENDING), NONE);
    assert_eq!(may(&request("uc").replace("terminate", "enable")), NONE);
    assert_eq!(may(&request("uc").replace("a@", "c@")), NONE);
}

#[test]
fn what_only_the_branchs_policy_refuses_says_that_the_policy_comes_first() {
    let head = NamedCommit {
        commit: String::new(),
        short: "4f2c9e1".into(),
        branch: Some("origin/main".into()),
    };
    let finding = |kind| Finding::whole_file(&"R-1.yaml".into(), kind, "why", "do so");
    let mut found = [finding("foreign-domain"), finding("self-approval")];
    add_merge_policy_first(&mut found, &[finding("self-approval")], &head);
    assert_eq!(
        found[0].help,
        "do so; the policy on origin/main applies, so merge a policy change first, in a pull request of its own"
    );
    assert_eq!(found[1].help, "do so");
}

#[test]
fn of_what_is_committed_the_commit_counts() {
    let fork = snapshot(&[("kept.yaml", "a\n"), ("deleted.yaml", "b\n")]);
    let committed = [("kept.yaml", "a\n"), ("new.yaml", "“\n")];
    let mut head = snapshot(&committed);
    let disk = snapshot(&[
        ("kept.yaml", "a\r\n"),
        ("deleted.yaml", "b\n"),
        ("new.yaml", "\"\n"),
        ("more.yaml", "m\n"),
    ]);
    assert_eq!(add_uncommitted(&mut head, &fork, disk), ["more.yaml"]);
    let named = head.findings.iter().map(|found| (found.kind, &*found.file, found.severity));
    let differs = |file| ("not-as-committed", file, Severity::Warning);
    let expected = [differs("requests/deleted.yaml"), differs("requests/new.yaml")];
    assert_eq!(named.collect::<Vec<_>>(), expected);
    let held = head.files().map(|(path, content)| (path, content.clone().expect("bytes")));
    let held: Vec<(&str, Arc<[u8]>)> = held.collect();
    let bytes = |text: &str| Arc::from(text.as_bytes());
    let all =
        [("kept.yaml", bytes("a\n")), ("more.yaml", bytes("m\n")), ("new.yaml", bytes("“\n"))];
    assert_eq!(held, all);
    // What is missing on disk is committed all the same.
    let mut head = snapshot(&committed);
    assert_eq!(add_uncommitted(&mut head, &fork, snapshot(&[])), NONE);
    assert_eq!((head.files().count(), head.findings.len()), (2, 0));
}

/// Only what may then be terminated or no longer counts.
fn decisions(before: &[(&str, &str)], after: &[(&str, &str)]) -> Vec<String> {
    let mut lines = changes(before, after);
    lines.retain(|line| line.contains(": approvals: "));
    lines
}

#[test]
fn a_reviewer_sees_what_another_rule_terminates() {
    let two = POLICY.replace("portal:", "approvals: { terminate: 2 }\nportal:");
    let asked = request("uc");
    let one = ("R-1.yaml", &*asked);
    let [policy, strict] = [("agency.yaml", POLICY), ("agency.yaml", &*two)];
    let ends = |file: &str| {
        [format!("{file}: approvals: a@agensi.example may then be terminated, as R-1 asks")]
    };
    // Fewer approvals are enough; more are not.
    assert_eq!(decisions(&[strict, one], &[policy, one]), ends("requests/agency.yaml"));
    let gone = "approvals: what was decided about a@agensi.example then no longer counts";
    assert_eq!(
        decisions(&[policy, one], &[strict, one]),
        [format!("requests/agency.yaml: {gone}")]
    );
    // The same, by moving the policy, or by putting another one below it.
    let below = ("b/R-1.yaml", &*asked);
    let moved = ("b/agency.yaml", POLICY);
    assert_eq!(decisions(&[strict, below], &[moved, below]), ends("requests/b/agency.yaml"));
    let elsewhere = two.replace("domains: [agensi.example]", "domains: [lain.example]");
    let other = POLICY.replace("agency: A", "agency: B");
    let nested = [("agency.yaml", &*elsewhere), ("b/agency.yaml", &*other), below];
    assert_eq!(decisions(&[strict, below], &nested), ends("requests/b/agency.yaml"));
    // An approval that nobody signed counts once signatures are not asked for; the other way round it does not.
    let repository = "provenance: signed\nrepository: 0198c1d2e3f40516\nportal:";
    let signed = POLICY.replace("portal:", repository);
    let signed = ("agency.yaml", &*signed);
    assert_eq!(decisions(&[signed, one], &[policy, one]), ends("requests/agency.yaml"));
    assert_eq!(
        decisions(&[policy, one], &[signed, one]),
        [format!("requests/agency.yaml: {gone}")]
    );
    // Also what is scheduled.
    let later = format!("{asked}effective: 2026-12-05\n");
    let later = ("R-1.yaml", &*later);
    assert_eq!(decisions(&[signed, later], &[policy, later]), ends("requests/agency.yaml"));
}

#[test]
fn an_approval_of_an_earlier_day_does_not_pass_a_newer_rule() {
    let rule = "approvals: { terminate: 2, since: 2026-01-10 }\nportal:";
    let policy = POLICY.replace("portal:", rule);
    let policy = ("agency.yaml", &*policy);
    let brought = |was: &[(&str, &str)], text: &str| -> Vec<String> {
        let (pull, before, after) = pulled(was, &[policy, ("R-1.yaml", text)]);
        let found = approval_dates::find_approvals_before_the_rule(&pull, &before, &after, TODAY);
        let each = found.iter();
        each.map(|item| format!("{} {}", item.kind, item.place_text())).collect()
    };
    let [one, second] =
        [request("uc"), "  - by: lama@agensi.example\n    date: 2026-01-03\n".into()];
    let late = ["approval-before-the-rule requests/R-1.yaml:6:1"];
    assert_eq!(brought(&[policy], &one), late);
    assert_eq!(brought(&[policy, ("R-1.yaml", PENDING)], &one), late);
    assert_eq!(brought(&[policy], &format!("{one}{second}")), NONE);
    // What was approved before stays approved.
    assert_eq!(brought(&[policy, ("R-1.yaml", &one)], &one), NONE);
}

#[test]
fn an_approval_that_is_merged_is_not_judged_again() {
    let two = POLICY.replace("portal:", "approvals: { terminate: 2 }\nportal:");
    let left = "approvers: [uc@agensi.example, ketua@agensi.example]\nformer_approvers: [lama@agensi.example]";
    let policy = two.replace("approvers: [uc@agensi.example, lama@agensi.example]", left);
    let policy = ("agency.yaml", &*policy);
    let one = request("lama");
    let both = format!("{one}  - by: uc@agensi.example\n    date: 2026-01-03\n");
    assert_eq!(too_early(&[policy, ("R-1.yaml", &one)], &[policy, ("R-1.yaml", &both)]), NONE);
    let added = ["former-approver requests/R-1.yaml:7:9"];
    assert_eq!(too_early(&[policy], &[policy, ("R-1.yaml", &both)]), added);
}
