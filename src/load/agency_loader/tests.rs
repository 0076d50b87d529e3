//! Where in which file a finding is, a line a case.

use jiff::civil::date;

use super::*;
use crate::domain::request::request_file_source::{
    FolderSnapshot, MOST_FILES, find_exceeded_folder_limit,
};

const TODAY: Date = date(2026, 11, 23);
const POLICY: &str = "version: 1\nagency: A\nname: Jabatan\ndomains:\n  - agensi.example\napprovers: [uc@agensi.example]\nportal: embedded\n";

/// A request whose mailboxes stand from line 4 on, and whose approver on line 9 where it has two of them.
fn request(id: &str, action: &str, users: [&str; 2], more: &str) -> String {
    let [one, two] = users;
    format!(
        "version: 1\nid: {id}\nmailboxes:\n  - {one}@agensi.example\n  - {two}@agensi.example\naction: {action}\nreceived: {{ date: 2026-01-02, channel: memo, reference: R }}\napprovals:\n  - by: uc@agensi.example\n    date: 2026-01-03\n{more}"
    )
}

fn snapshot(files: &[(&str, &str)]) -> FolderSnapshot {
    let mut snapshot = FolderSnapshot::new("requests".into());
    for (path, text) in files {
        snapshot.insert_file((*path).to_owned(), Ok(text.as_bytes().into()));
    }
    snapshot
}

/// Each as `kind file:line:column`.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let loaded = load(&snapshot(files), TODAY);
    let each = loaded.findings.iter();
    each.map(|item| format!("{} {}", item.kind, item.place_text())).collect()
}

/// What is found beside the policy.
fn found_under_policy(files: &[(&str, &str)]) -> Vec<String> {
    found(&[&[("agency.yaml", POLICY)], files].concat())
}

const NONE: [&str; 0] = [];

#[test]
fn what_all_agencies_have_together_is_bounded() {
    let two = request("R-1", "enable", ["x", "a"], "");
    let three = request("R-2", "enable", ["y", "b"], "");
    let bad = "version: 1\n[\n";
    let other = POLICY.replace("agency: A", "agency: B").replace("agensi.example", "b.example");
    let found = |limits: LoadLimits, files: &[(&str, &str)]| {
        let loaded = load_within(limits, &snapshot(files), TODAY, None);
        let each = loaded.findings.iter().filter(|finding| finding.kind == "too-much");
        each.map(|finding| finding.message.in_english()).collect::<Vec<_>>()
    };
    let files =
        [("agency.yaml", POLICY), ("R-1.yaml", &two), ("R-2.yaml", &three), ("R-3.yaml", bad)];
    let none: [&str; 0] = [];
    assert_eq!(found(LIMITS, &files), none);
    assert_eq!(found(LoadLimits { mailboxes: 4, ..LIMITS }, &files), none);
    let named = found(LoadLimits { mailboxes: 3, ..LIMITS }, &files);
    assert_eq!(named, ["the requests name more than 5000000 mailboxes together"]);
    let problems = found(LoadLimits { problems: 1, ..LIMITS }, &files);
    assert!(problems[0].starts_with("there are so many problems"), "{problems:?}");
    let agencies = [("agency.yaml", POLICY), ("b/agency.yaml", &*other)];
    assert_eq!(found(LoadLimits { agencies: 2, ..LIMITS }, &agencies), none);
    let agencies = found(LoadLimits { agencies: 1, ..LIMITS }, &agencies);
    assert_eq!(agencies, ["there are more than 1 agencies"]);
    // Files and bytes are counted before any is read.
    let shown = "requests".into();
    assert_eq!(find_exceeded_folder_limit(&shown, MOST_FILES, 2 << 30), None);
    let many = find_exceeded_folder_limit(&shown, MOST_FILES + 1, 0).expect("too many files");
    assert_eq!(many.message, "there are more than 2000000 files");
    let large = find_exceeded_folder_limit(&shown, 1, (2 << 30) + 1).expect("too many bytes");
    assert_eq!(large.message, "the files have more than 2 GiB together");
}

#[test]
fn a_text_that_a_comment_sign_cuts_is_found() {
    let with = |reference: &str, more: &str| {
        let request = request("R-1", "enable", ["x", "a"], more);
        let old = "received: { date: 2026-01-02, channel: memo, reference: R }";
        let received =
            format!("received:\n  date: 2026-01-02\n  channel: memo\n  reference: {reference}");
        found_under_policy(&[("R-1.yaml", &request.replace(old, &received))])
    };
    let cut = "text-cut requests/R-1.yaml";
    assert_eq!(with("CONTOH.600-1/2/3 Jld. 2 #16", ""), [format!("{cut}:10:38")]);
    assert_eq!(with("R", "reason: Peti mel #2 penuh.\n"), [format!("{cut}:14:18")]);
    assert_eq!(with("R", "reason: Peti mel yang\n  penuh #2\n"), [format!("{cut}:15:9")]);
    let evidence = format!(
        "evidence:\n  - file: R-1-surat.pdf #2\n    sha256: {}\n    size: 1\n",
        "0".repeat(64)
    );
    assert_eq!(with("R", &evidence), [format!("{cut}:15:25")]);
    for reference in ["'R #16'", "\"R #16\" # ya", "R#16", "R  # nota"] {
        assert_eq!(with(reference, "# reason: x #2\nreason: |\n  Peti mel #2\n"), NONE);
    }
}

#[test]
fn what_is_wrong_between_requests_is_found_in_its_line() {
    let enables = request("R-1", "enable", ["x", "a"], "");
    let ends = request("R-2", "terminate", ["y", "a"], "");
    let [one, two] = [("R-1.yaml", &*enables), ("2026/R-2.yaml", &*ends)];
    assert_eq!(found_under_policy(&[one, two]), ["contradiction requests/R-1.yaml:5:5"]);
    let twin = enables.replace("enable", "terminate");
    assert_eq!(
        found_under_policy(&[one, ("b/R-1.yaml", &twin)]),
        [
            "id-twice requests/b/R-1.yaml:2:5",
            "contradiction requests/b/R-1.yaml:4:5",
            "contradiction requests/b/R-1.yaml:5:5"
        ]
    );
    let withdraws = "version: 1\nid: R-3\naction: withdraw\nwithdraws: R-9\nreceived: { date: 2026-01-02, channel: memo, reference: R }\n";
    assert_eq!(
        found_under_policy(&[one, ("R-3.yaml", withdraws)]),
        ["withdraws-unknown requests/R-3.yaml:4:12"]
    );
    // Of a file that cannot be read nobody knows what it would have said.
    let known = withdraws.replace("R-9", "R-8");
    assert_eq!(
        found_under_policy(&[("R-3.yaml", &known), ("R-8.yaml", "version: x\n")]).len(),
        found_under_policy(&[("R-8.yaml", "version: x\n")]).len()
    );
}

#[test]
fn what_is_wrong_with_a_request_is_found_in_its_line() {
    for (what, with, expected) in [
        ("  - b@agensi", "  - b@lain", "foreign-domain requests/R-1.yaml:5:5"),
        ("by: uc@", "by: lain@", "unknown-approver requests/R-1.yaml:9:9"),
        ("- b@", "- a@", "mailbox-twice requests/R-1.yaml:5:5"),
        (
            "  date: 2026-01-03",
            "  date: 2026-01-01",
            "approval-before-receipt requests/R-1.yaml:10:11",
        ),
        ("id: R-1", "id: R-2", "id-is-not-file-name requests/R-1.yaml:2:5"),
    ] {
        let text = request("R-1", "enable", ["a", "b"], "").replace(what, with);
        assert_eq!(found_under_policy(&[("R-1.yaml", &text)]), [expected]);
    }
    let early = request("R-1", "enable", ["a", "b"], "effective: 2026-01-02\n");
    assert_eq!(
        found_under_policy(&[("R-1.yaml", &early)]),
        ["effective-before-approval requests/R-1.yaml:11:12"]
    );
}

#[test]
fn what_is_wrong_between_agencies_is_found_in_the_later_policy() {
    let other = POLICY.replace("agency: A", "agency: B");
    let domain = other.replace("  - agensi.example", "  - b.example\n  - agensi.example");
    // Twice in one policy is no harm.
    let twice = POLICY.replace("  - agensi", "  - agensi.example\n  - agensi");
    assert_eq!(found(&[("agency.yaml", &*twice)]), NONE);
    let name = POLICY.replace("agensi.example", "b.example");
    let small = name.replace("agency: A", "agency: a");
    for (policy, expected) in [
        (&domain, "domain-twice requests/b/agency.yaml:6:5"),
        (&name, "agency-twice requests/b/agency.yaml:2:9"),
        (&small, "agency-twice requests/b/agency.yaml:2:9"),
    ] {
        let found = found(&[("a/agency.yaml", POLICY), ("b/agency.yaml", policy)]);
        assert_eq!(found, [expected]);
    }
}

const ROOTS: &str = include_str!("../../../tests/approvals/fixtures/authorities.pem");
const LISTS: &str = include_str!("../../../tests/approvals/fixtures/revocations.pem");
const SIGNERS: &str = include_str!("../../../tests/approvals/fixtures/allowed_signers");

#[test]
fn each_agency_has_the_keys_of_its_own_folder() {
    let other = POLICY.replace("agency: A", "agency: B");
    let other = other.replace("  - agensi.example", "  - b.example");
    let loaded = load(
        &snapshot(&[
            ("agency.yaml", POLICY),
            ("authorities.pem", ROOTS),
            ("revocations.pem", LISTS),
            ("b/agency.yaml", &other),
            ("b/allowed_signers", SIGNERS),
        ]),
        TODAY,
    );
    assert_eq!(loaded.findings, []);
    let counts: Vec<[usize; 3]> = loaded
        .agencies
        .iter()
        .map(|Agency { keys, .. }| [keys.ssh.len(), keys.authorities.len(), keys.revocations.len()])
        .collect();
    assert_eq!(counts, [[0, 3, 2], [12, 0, 0]]);
    assert_eq!(loaded.files.len(), 5);
}

#[test]
fn what_is_wrong_with_keys_is_found_in_its_line() {
    let bad = ("allowed_signers", "# x\n *@agensi.example x");
    assert_eq!(found_under_policy(&[bad]), ["not-an-address requests/allowed_signers:2:2"]);
    let bad = ("authorities.pem", "# x\nsubject=x");
    assert_eq!(found_under_policy(&[bad]), ["not-pem requests/authorities.pem:2:1"]);
    let alone = found_under_policy(&[("revocations.pem", LISTS)]);
    assert_eq!(alone[0], "revocations-not-signed requests/revocations.pem:1:1");
    // A list has its own limit, because its authority signed all of it.
    let long = format!("{LISTS}{}\n", "#".repeat(2 << 20));
    assert_eq!(found_under_policy(&[("authorities.pem", ROOTS), ("revocations.pem", &long)]), NONE);
    let longer = "#".repeat(17 << 20);
    let found = found_under_policy(&[("revocations.pem", &longer)]);
    assert_eq!(found, ["file-too-large requests/revocations.pem"]);
}

#[test]
fn a_file_is_judged_by_the_nearest_policy_above_it() {
    let other = POLICY.replace("agency: A", "agency: B");
    let other = other.replace("  - agensi.example", "  - b.example");
    let text = request("R-1", "enable", ["a", "c"], "");
    let policies = [("agency.yaml", POLICY), ("b/agency.yaml", &*other)];
    for (file, count) in
        [("R-1.yaml", 0), ("bb/R-1.yaml", 0), ("b/R-1.yaml", 2), ("b/c/R-1.yaml", 2)]
    {
        let found = found(&[&policies[..], &[(file, &*text)]].concat());
        assert_eq!(found.len(), count, "{file}: {found:?}");
    }
    assert_eq!(found(&[policies[1], ("R-1.yaml", &text)]), ["no-policy requests/R-1.yaml"]);
    assert_eq!(found(&[]), ["no-policy requests"]);
    assert_eq!(found(&policies), NONE);
}

#[test]
fn what_was_read_before_is_taken_only_where_file_and_policy_are_the_same() {
    let text = request("R-1", "enable", ["a", "b"], "");
    let files = |policy: &str, text: &str| snapshot(&[("agency.yaml", policy), ("R-1.yaml", text)]);
    let before = load(&files(POLICY, &text), TODAY);
    let again = |policy: &str, text: &str| {
        let files = files(policy, text);
        let reused = load_reusing(&files, TODAY, Some(&before));
        let fresh = load(&files, TODAY);
        assert_eq!(reused.findings, fresh.findings);
        assert_eq!(reused.files, fresh.files);
        let requests = |loaded: &LoadedAgencies| -> Vec<Arc<Request>> {
            let each = loaded.agencies.iter();
            each.flat_map(|agency| agency.requests.clone()).collect()
        };
        assert_eq!(requests(&reused), requests(&fresh));
        let known = &before.agencies[0].requests[0];
        requests(&reused).iter().any(|item| Arc::ptr_eq(item, known))
    };
    assert!(again(POLICY, &text));
    assert!(!again(POLICY, &text.replace("- b@", "- c@")));
    let stricter = POLICY.replace("[uc@", "[lain@");
    assert!(!again(&stricter, &text));
}
