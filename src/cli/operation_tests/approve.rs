//! `arkib approve`: what an approver sees, what is written, and what is refused.

mod again;
mod next;

use std::fs;
use std::process::Command;

use super::world::{POLICY, Ran, World};
use crate::exit::Exit;
use crate::exit::Exit::{Done, Failed, Usage};

const UC: &str = "uc@agensi.example";
const KETUA: &str = "ketua@agensi.example";

/// Two approvers, both of whom a termination needs; are pending.
fn world() -> World {
    let world = World::empty("embedded", "");
    let policy = POLICY.replace("[uc@agensi.example]", "[uc@agensi.example, ketua@agensi.example]");
    world.write(
        "requests/agency.yaml",
        &format!("{policy}portal: embedded\napprovals: {{terminate: 2}}\n"),
    );
    pending(&world, "R-1", "enable", "mailboxes:\n  - siti@agensi.example\n");
    pending(&world, "R-2", "terminate", "mailboxes:\n  - tan@agensi.example\n");
    world
}

fn pending(world: &World, id: &str, action: &str, what: &str) {
    let text = format!(
        "version: 1\nid: {id}\naction: {action}\n{what}received:\n  date: 2026-11-02\n  channel: letter\n  reference: R (1)\n"
    );
    world.write(&format!("requests/{id}.yaml"), &text);
}

fn text_of(world: &World, id: &str) -> String {
    fs::read_to_string(world.path(&format!("requests/{id}.yaml"))).expect("the request")
}

fn git(world: &World, words: &[&str]) -> String {
    let done = Command::new("git").args(words).current_dir(world.path("")).output();
    let done = done.expect("git");
    assert!(done.status.success(), "git {words:?}: {done:?}");
    String::from_utf8(done.stdout).expect("text")
}

/// Commits the requests on main, as `uc`.
fn commit_all(world: &World) {
    for words in [
        &["init", "-q", "-b", "main"][..],
        &["config", "user.name", "UC"],
        &["config", "user.email", UC],
        &["add", "requests"],
        &["commit", "-q", "-m", "main"],
    ] {
        git(world, words);
    }
}

fn item(by: &str) -> String {
    format!("  - by: {by}\n    date: 2026-11-23\n")
}

/// Runs a command line that must leave the requests as they are.
fn refused(world: &World, line: &str, exit: Exit, words: &[&str]) -> Ran {
    let before = ["R-1", "R-2"].map(|id| text_of(world, id));
    let ran = world.run(line);
    ran.ends(exit, words);
    assert_eq!(["R-1", "R-2"].map(|id| text_of(world, id)), before, "{line}");
    ran
}

#[test]
fn each_approval_is_shown_added_and_counted() {
    let world = world();
    let before = text_of(&world, "R-2");
    let first = world.run(&format!("approve R-2 --as {UC} --yes"));
    first.ends(
        Done,
        &[
            "R-2: terminate 1 archive · CONTOH\n",
            "  mailboxes   tan@agensi.example\n",
            "  received    2026-11-02 by letter\n",
            "  reference   R (1)\n",
            "  with yours  it waits for 1 more of ketua@agensi.example\n",
            "- terminate  tan@agensi.example  R-2",
            "1 to terminate\n",
            "Approved R-2 as uc@agensi.example: it waits for 1 more of ketua@agensi.example.",
        ],
    );
    // The rows below are those of `arkib reconcile`.
    let mut lines = first.2.lines().take_while(|line| !line.starts_with("Once approved"));
    assert!(lines.all(|line| line.chars().count() <= 80), "{}", first.2);
    assert_eq!(text_of(&world, "R-2"), format!("{before}approvals:\n{}", item(UC)));
    world.reconcile("--dry-run").ends(Done, &["2 pending"]).lacks("- terminate");

    let second = world.run(&format!("approve R-2 --as {KETUA} --yes --format json"));
    second.ends(Done, &["  approved by uc@agensi.example on 2026-11-23\n"]);
    let json = second.json();
    assert_eq!(json["format"], "arkib.approve/1");
    assert_eq!(json["requests"][0]["missing_approvals"], 0, "{json}");
    let both = format!("{before}approvals:\n{}{}", item(UC), item(KETUA));
    assert_eq!(text_of(&world, "R-2"), both);
    world.run("check").ends(Done, &["no problems"]);
    world.reconcile("--dry-run").ends(Done, &["- terminate  tan@"]);
}

#[test]
fn one_run_approves_several_requests_or_none() {
    let world = world();
    let stranger = "R-2: `uc@agensi.example` approved it already, on 2026-11-23";
    let all = world.run(&format!("approve R-1 R-2 R-1 --as {UC} --yes"));
    all.ends(
        Done,
        &["R-1: enable 1 archive", "R-2: terminate 1 archive", "1 to terminate, 1 to enable"],
    );
    assert_eq!(text_of(&world, "R-1").matches("- by").count(), 1);
    refused(&world, &format!("approve R-2 --as {UC} --yes"), Failed, &[stranger]);
    let done = "R-1: it has all its approvals since 2026-11-23, by uc@agensi.example";
    refused(&world, &format!("approve R-2 R-1 --as {KETUA} --yes"), Failed, &[done]);
}

#[test]
fn who_may_not_approve_is_refused() {
    let world = world();
    for (line, exit, words) in [
        (
            "R-1 --as lain@agensi.example --yes",
            Failed,
            "is not an approver of CONTOH; its approvers are uc@",
        ),
        (
            "R-9 --as uc@agensi.example --yes",
            Failed,
            "no request of these agencies has the id `R-9`",
        ),
        ("R-1 --yes", Failed, "--as ADDRESS"),
        ("R-1 --as uc@agensi.example", Usage, "--yes"),
        ("R-1 --as uc@agensi.example --yes --date 2026-12-01", Usage, "in the future"),
        ("R-1 --as uc@agensi.example --yes --date 2026-11-01", Failed, "approval-before-receipt"),
        ("R-1 R-2 --as uc@agensi.example --yes --signature {}/x", Usage, "one request"),
        ("R-1 R-2 --as uc@agensi.example --print", Usage, "one request"),
    ] {
        refused(&world, &format!("approve {line}"), exit, &["Nothing was", words]);
    }
    // The applicant, a mailbox, and whoever asked for what is withdrawn.
    let own = text_of(&world, "R-1").replace("R (1)\n", "R (1)\n  from: uc@agensi.example\n");
    world.write("requests/R-1.yaml", &own);
    refused(
        &world,
        &format!("approve R-1 --as {UC} --yes"),
        Failed,
        &["self-approval", "is the applicant"],
    );
    pending(&world, "R-3", "withdraw", "withdraws: R-1\n");
    refused(&world, &format!("approve R-3 --as {UC} --yes"), Failed, &["self-approval"]);
    world.write("requests/R-4.yaml", "version: 1\n");
    refused(&world, &format!("approve R-2 --as {UC} --yes"), Failed, &["R-4.yaml", "missing-key"]);
}

#[test]
fn without_the_portal_only_who_says_so_approves() {
    let world = world();
    fs::remove_file(world.path("portal.csv")).expect("it is there");
    let words = ["what the requests would do is not known", "approve with --offline"];
    refused(&world, &format!("approve R-1 --as {UC} --yes"), Failed, &words);
    let dry = ["R-1: enable 1 archive", "The portal was not read", "Dry run: nothing was written."];
    refused(&world, &format!("approve R-1 --as {UC} --dry-run --offline"), Done, &dry);
    let line = format!("approve R-1 --as {UC} --yes --offline --date 2026-11-20");
    world.run(&line).ends(Done, &["The portal was not read", "it has all its approvals"]);
    assert!(text_of(&world, "R-1").ends_with("    date: 2026-11-20\n"));
}

#[test]
fn the_effects_are_those_of_all_approvals() {
    let world = world();
    let text = text_of(&world, "R-1");
    world.write("requests/R-1.yaml", &text.replace("siti@", "zul@"));
    let blocked = world.run(&format!("approve R-1 --as {UC} --yes"));
    blocked.ends(Done, &["! blocked", "the account is disabled"]);
    world.write("requests/R-1.yaml", &text.replace("siti@", "tan@"));
    world.run(&format!("approve R-1 --as {UC} --yes")).ends(Done, &["1 in sync"]);
    let later = format!("{text}effective: 2026-12-24\n");
    world.write("requests/R-1.yaml", &later);
    let later = world.run(&format!("approve R-1 --as {UC} --yes"));
    later.ends(Done, &["  not before  2026-12-24\n", "from 2026-12-24 on"]);
    pending(&world, "R-3", "withdraw", "withdraws: R-1\n");
    let withdrawal = world.run(&format!("approve R-3 --as {UC} --yes"));
    withdrawal.ends(Done, &["R-3: withdraw R-1", "siti@agensi.example", "withdrawn"]);
}

#[test]
fn documents_are_named_and_must_be_what_the_request_says() {
    let world = world();
    // sha256("%PDF")
    let sha256 = "315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027";
    let text = text_of(&world, "R-1");
    let evidence = format!("evidence:\n  - file: surat.pdf\n    sha256: {sha256}\n    size: 4\n");
    world.write("requests/R-1.yaml", &format!("{text}{evidence}"));
    let line = format!("approve R-1 --as {UC} --yes");
    refused(&world, &line, Failed, &["evidence-missing"]);
    world.write("requests/surat.pdf", "%PDX");
    refused(&world, &line, Failed, &["evidence-changed"]);
    world.write("requests/surat.pdf", "%PDF");
    world.run(&line).ends(Done, &["requests/surat.pdf (4", "unchanged)"]);
}

#[test]
fn the_statement_is_printed_alone() {
    let world = world();
    let printed = refused(&world, &format!("approve R-1 --as {UC} --print"), Done, &[]);
    let expected = "arkib-approval/1\nagency: CONTOH\nid: R-1\naction: enable\nmailbox: siti@agensi.example\nreceived.date: 2026-11-02\nreceived.channel: letter\nreceived.reference: R (1)\napprover: uc@agensi.example\ndate: 2026-11-23\n";
    assert_eq!((&*printed.1, &*printed.2), (expected, ""));
    refused(&world, "approve R-1 --as lain@agensi.example --print", Failed, &["not an approver"]);
    // Later, it is what was signed.
    world.run(&format!("approve R-1 --as {UC} --yes --date 2026-11-20"));
    let printed = world.run(&format!("approve R-1 --as {UC} --print"));
    assert!(printed.1.ends_with("date: 2026-11-20\n"), "{printed:?}");
}

#[test]
fn a_branch_holds_only_the_approvals_of_gits_user() {
    let world = world();
    commit_all(&world);
    let git = |words: &[&str]| git(&world, words);
    world.write("requests/other.txt", "x");
    let ran = world.run("approve R-1 --yes --branch");
    ran.ends(
        Done,
        &["on the branch approve/R-1.", "push --set-upstream origin refs/heads/approve/R-1"],
    );
    let shown = git(&["show", "--name-status", "--format=%ae %s"]);
    assert_eq!(shown, "uc@agensi.example Approve R-1\n\nM\trequests/R-1.yaml\n");
    world.run("approve R-2 --yes --branch=lulus").ends(Done, &["on the branch lulus."]);
    refused(
        &world,
        &format!("approve R-2 --as {KETUA} --yes --branch=lulus"),
        Failed,
        &["exists already"],
    );
    git(&["config", "user.email", "UC"]);
    refused(&world, "approve R-2 --yes", Failed, &["git's user.email `UC` is not an address"]);
    git(&["config", "--unset", "user.email"]);
}

#[test]
fn a_request_that_its_branch_brings_is_approved_on_it() {
    let world = world();
    commit_all(&world);
    git(&world, &["switch", "-q", "-c", "request/R-3"]);
    pending(&world, "R-3", "enable", "mailboxes:\n  - siti@agensi.example\n");
    git(&world, &["add", "requests"]);
    git(&world, &["commit", "-q", "-m", "R-3"]);
    let approved = world.run("approve R-3 --yes");
    // Each shell has its own quotes.
    let words = ["commit -m", "Approve R-3", "push --set-upstream origin refs/heads/request/R-3\n"];
    approved.ends(Done, &words).lacks("switch");
    let merged = world.run("approve R-1 --yes");
    merged.ends(Done, &["switch --create approve/R-1\n", "origin refs/heads/approve/R-1\n"]);
}

/// Asks for signatures from now on.
fn require_signatures(world: &World) {
    let policy = fs::read_to_string(world.path("requests/agency.yaml")).expect("the policy");
    let policy = policy.replace("committed", "signed");
    world.write("requests/agency.yaml", &format!("{policy}repository: 0198c1f2-contoh-arkib\n"));
}

/// The agency and the request of a test vector, and the text of the request.
fn world_of_vector(vector: &str, id: &str) -> (World, String) {
    let world = World::empty("embedded", "");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/approvals/vectors");
    for file in ["agency.yaml", "allowed_signers", &format!("{id}.yaml")] {
        let text = fs::read_to_string(format!("{folder}/{vector}/{file}")).expect("a vector");
        world.write(&format!("requests/{file}"), &text);
    }
    let text = text_of(&world, id);
    (world, text)
}

/// A signed request with its only approval signed for another day, and the options that approve it again.
fn signed_for_another_day() -> (World, String, &'static str) {
    let (world, text) = world_of_vector("ssh-ed25519", "BMT-2026-0042");
    let (_, signature) = text.split_once("signature: |\n").expect("a signature");
    world.write("x.sig", &signature.replace("      ", ""));
    let other = text.replace("    date: 2026-11-03", "    date: 2026-11-04");
    assert_ne!(text, other);
    world.write("requests/BMT-2026-0042.yaml", &other);
    let line = "approve BMT-2026-0042 --as pentadbir.uc@agensi.example --date 2026-11-03 --signature {}/x.sig --yes --offline";
    (world, text, line)
}

#[test]
fn an_approver_replaces_an_own_approval_that_does_not_count() {
    let (world, text, line) = signed_for_another_day();
    let words = ["  replaces    your approval of 2026-11-04, which does not count", "approvals"];
    world.run(line).ends(Done, &words);
    assert_eq!(text_of(&world, "BMT-2026-0042"), text);
    world.run(line).ends(Failed, &["approved it already"]);
}

#[test]
fn an_own_approval_that_is_merged_stays() {
    let (world, text, line) = signed_for_another_day();
    let wrong = text_of(&world, "BMT-2026-0042");
    commit_all(&world);
    world.run(line).ends(Failed, &["can no longer be approved", "file a new request"]);
    assert_eq!(text_of(&world, "BMT-2026-0042"), wrong);
    // On a branch that brings it, it is not merged.
    let pending = text.split("approvals:").next().expect("a request");
    world.write("requests/BMT-2026-0042.yaml", pending);
    git(&world, &["commit", "-q", "-a", "--amend", "-m", "main"]);
    git(&world, &["switch", "-q", "-c", "approve"]);
    world.write("requests/BMT-2026-0042.yaml", &wrong);
    git(&world, &["commit", "-q", "-a", "-m", "approve"]);
    world.run(line).ends(Done, &["  replaces    your approval of 2026-11-04"]);
    assert_eq!(text_of(&world, "BMT-2026-0042"), text);
}

#[test]
fn a_text_that_takes_no_approval_is_left_alone() {
    let world = world();
    let text = text_of(&world, "R-2");
    let list = "approvals: [{by: uc@agensi.example, date: 2026-11-20}]\n";
    world.write("requests/R-2.yaml", &format!("{text}{list}"));
    let words = ["line 10 writes `approvals` in brackets", "`  - by: ADDRESS`"];
    refused(&world, &format!("approve R-2 --as {KETUA} --yes"), Failed, &words);
}

#[test]
fn what_an_approval_cannot_make_count_is_refused() {
    let world = world();
    require_signatures(&world);
    let text = text_of(&world, "R-2");
    world.write("requests/R-2.yaml", &format!("{text}approvals:\n{}", item(UC)));
    let words = [
        "R-2: it can no longer be approved, because uc@agensi.example did not sign it; file a new request",
        "Nothing was written",
    ];
    refused(&world, &format!("approve R-2 --as {KETUA} --yes --offline"), Failed, &words);
    // Its approver may replace it.
    let line = format!("approve R-2 --as {UC} --dry-run --offline");
    let words = [
        "  repository  0198c1f2-contoh-arkib\n",
        "  replaces    your approval of 2026-11-23, which does not count:\n",
        "  with yours  it waits for 1 more of ketua@agensi.example\n",
    ];
    refused(&world, &line, Done, &words);
}

#[test]
fn nobody_completes_a_request_that_was_changed_since_its_first_approval() {
    let (world, text) = world_of_vector("two-approvals", "BMT-2026-0043");
    let (first, second) = text.split_once("  - by: ketua.unit").expect("two approvals");
    let (_, signature) = second.split_once("|\n").expect("a signature");
    world.write("x.sig", &signature.replace("      ", ""));
    let line = "approve BMT-2026-0043 --as ketua.unit@agensi.example --date 2026-11-05 --signature {}/x.sig --yes --offline";
    let changed = first.replace("siti.aminah@", "tan@");
    world.write("requests/BMT-2026-0043.yaml", &changed);
    let words = [
        "can no longer be approved, because the signature of pentadbir.uc@agensi.example does not",
        "; file a new request",
    ];
    world.run(line).ends(Failed, &words);
    assert_eq!(text_of(&world, "BMT-2026-0043"), changed);
    world.write("requests/BMT-2026-0043.yaml", first);
    world.run(line).ends(Done, &["it has all its approvals"]);
    assert_eq!(text_of(&world, "BMT-2026-0043"), text);
}

#[test]
fn what_is_signed_follows_the_policy() {
    let world = world();
    let policy = fs::read_to_string(world.path("requests/agency.yaml")).expect("the policy");
    world.write("x.sig", "-----BEGIN SSH SIGNATURE-----\n");
    let line = format!("approve R-1 --as {UC} --yes --offline --signature {{}}/x.sig");
    let words = ["provenance: committed`, so no signature is written"];
    refused(&world, &line, Failed, &words);
    let policy = policy.replace("committed", "signed");
    world.write("requests/agency.yaml", &format!("{policy}repository: 0198c1f2-contoh-arkib\n"));
    let words = ["there is no key to sign with; git has no user.signingkey"];
    let line = format!("approve R-2 --as {KETUA} --offline");
    // Before anything is shown and asked.
    let ran = refused(&world, &format!("{line} --yes"), Failed, &words);
    assert!(!ran.2.contains("R-2: terminate"), "{}", ran.2);
    refused(&world, &format!("{line} --dry-run"), Done, &["R-2: terminate 1 archive"]);
}
