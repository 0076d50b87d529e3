//! Every operation from its command line to its output, in this process.

mod absent;
mod approve;
mod cut_off;
mod hand_over;
mod new_files;
mod pull_request;
mod rehearse;
mod unreachable_approvals;
mod world;

use std::fs;

use self::world::{POLICY, World};
use crate::exit::Exit::{Done, Failed, Pending, Refused, Usage};

#[test]
fn check_counts_requests_and_problems() {
    let world = World::new();
    let good = world.run("check");
    good.ends(Done, &["2 requests checked, no problems"]);
    world.write("requests/R-3.yaml", "version: 1\nid: R-3\nactoin: enable\n");
    let bad = world.run("check --format json");
    bad.ends(Failed, &["unknown-key", "R-3.yaml"]);
    assert_eq!(bad.json()["requests"], 3);
    // A warning fails only a strict check.
    fs::remove_file(world.path("requests/R-3.yaml")).expect("it is there");
    let text = fs::read_to_string(world.path("requests/R-1.yaml")).expect("it is there");
    world.write("requests/R-1.yaml", &format!("{text}effective: 2026-11-01\n"));
    let warned = ["warning[effective-before-approval]", "1 problem"];
    world.run("check").ends(Done, &warned);
    world.run("check --strict").ends(Failed, &warned);
}

#[test]
fn a_dry_run_shows_and_changes_nothing() {
    let world = World::new();
    let shown = ["- terminate  tan@", "+ enable     siti@", "1 unmanaged"];
    world.reconcile("--dry-run").ends(Done, &shown);
    let pending = world.reconcile("--dry-run --detailed-exitcode");
    pending.ends(Pending, &shown);
    assert!(!world.path("requests/records").exists());
    world.reconcile("").ends(Usage, &["--yes"]);
    world.run("reconcile --yes").ends(Refused, &["git"]);
}

#[test]
fn apply_changes_once_and_records_it() {
    let world = World::new();
    let first = world.reconcile("--yes --strict");
    first.ends(Done, &["✓ applied  terminate  tan@", "✓ applied  enable     siti@", "2 applied."]);
    let again = world.reconcile("--dry-run --detailed-exitcode");
    again.ends(Done, &["nothing to do · 2 in sync"]);
    let records = world.run("records list");
    records.ends(Done, &["2 announced, 2 done", "1 record, no problems"]);
    let verified = world.run("records verify --format json").json();
    assert_eq!(verified["exit"]["status"], 0);
    assert_eq!(verified["runs"].as_array().map(Vec::len), Some(1));

    let folder = fs::read_dir(world.path("requests/records")).expect("records");
    let file = folder.last().expect("a record").expect("a file").path();
    let text = fs::read_to_string(&file).expect("text");
    fs::write(&file, text.replace("tan@", "wan@")).expect("it is writable");
    let damaged = world.run("records verify");
    damaged.ends(Failed, &["error["]);
    // Changes go on; each run reports the damage.
    world.reconcile("--yes").ends(Done, &["records of earlier runs"]);
}

#[test]
fn only_limits_a_run_to_named_mailboxes() {
    let world = World::new();
    let one = world.reconcile("--dry-run --only tan@agensi.example");
    one.ends(Done, &["- terminate  tan@"]).lacks("siti@").lacks("unmanaged");
    let none = world.reconcile("--dry-run --only zul@agensi.example");
    none.ends(Done, &["no request names zul@", "nothing to do"]);
}

#[test]
fn blocked_mailboxes_fail_a_strict_run() {
    let world = World::new();
    world.request("R-3", "terminate", "wan");
    world.request("R-4", "enable", "zul");
    world.request("R-5", "enable", "nobody");
    let blocked = [
        "wan@agensi.example     R-3  the archive is on legal hold",
        "zul@agensi.example     R-4  the account is disabled",
        "nobody@agensi.example  R-5  the portal has no such account",
        "3 blocked",
    ];
    world.reconcile("--dry-run").ends(Done, &blocked);
    world.reconcile("--dry-run --strict").ends(Failed, &blocked);
    let applied = world.reconcile("--yes --format json");
    applied.ends(Done, &[]);
    let json = applied.json();
    assert_eq!(json["outcomes"].as_array().map(Vec::len), Some(2), "{json}");
}

#[test]
fn a_plan_above_a_limit_needs_its_digest() {
    let world = World::new();
    let strict = format!("{POLICY}portal: embedded\n").replace("changes: 500", "changes: 1");
    world.write("requests/agency.yaml", &strict);
    let refused = world.reconcile("--yes");
    refused.ends(Refused, &["limits.changes", "nothing was changed"]);
    let digest = refused.2.split("--accept ").nth(1).or(refused.1.split("--accept ").nth(1));
    let digest = digest.and_then(|rest| rest.split_whitespace().next());
    let digest = digest.expect("a digest").to_owned();
    world
        .reconcile("--yes --accept 0123456789abcdef0123456789abcdef")
        .ends(Refused, &["not this one"]);
    world.reconcile(&format!("--yes --accept {digest}")).ends(Done, &["2 applied."]);
}

#[test]
fn a_saved_plan_applies_or_is_outdated() {
    let world = World::new();
    let save = "--dry-run --plan-out {}/plan.json";
    world.reconcile(save).ends(Done, &["Saved to", "2 changes"]);
    world.request("R-3", "enable", "zul");
    world
        .reconcile("--yes --plan {}/plan.json")
        .ends(Refused, &["the saved plan is outdated", "the requests have changed"]);
    fs::remove_file(world.path("requests/R-3.yaml")).expect("it is there");
    world.reconcile("--yes --plan {}/plan.json").ends(Done, &["2 applied."]);
    world.reconcile("--yes --plan {}/plan.json").ends(Refused, &["nothing remains to be done"]);
}

#[cfg(unix)]
#[test]
fn outputs_follow_links() {
    let world = World::new();
    for (name, command) in [
        ("plan", "reconcile --allow-uncommitted --dry-run --plan-out {}/plan"),
        ("register", "register --output {}/register"),
    ] {
        let target = world.path(&format!("{name}.file"));
        std::os::unix::fs::symlink(&target, world.path(name)).expect("a link");
        world.run(command).ends(Done, &[]);
        assert!(world.path(name).is_symlink() && target.is_file(), "{name}");
    }
}

#[test]
fn shards_share_the_changes() {
    let world = World::new();
    let parts = ["1/2", "2/2"].map(|part| {
        let ran = world.reconcile(&format!("--dry-run --format json --shard {part}"));
        ran.ends(Done, &[]);
        ran.json()["plan"]["changes"].as_array().map_or(0, Vec::len)
    });
    assert_eq!(parts.iter().sum::<usize>(), 2, "{parts:?}");
}

#[test]
fn status_shows_mailboxes_requests_and_what_waits() {
    let world = World::new();
    world.request("R-3", "enable", "nobody");
    world.run("status tan@agensi.example").ends(Done, &["tan@agensi.example", "R-2", "enabled"]);
    world.run("status R-1").ends(Done, &["siti@", "R-1"]).lacks("R-2");
    world.run("status").ends(Done, &["1 to terminate", "1 to enable", "1 blocked"]);
    let waiting = world.run("status --all");
    waiting.ends(Done, &["Blocked; the administrator must look into it (1)"]);
    let json = world.run("status --all --format json").json();
    assert!(json.to_string().contains("nobody@agensi.example"), "{json}");
    world.run("status entah").ends(Failed, &["`entah` is neither a mailbox nor a request id"]);
    world.run("status --offline").ends(Usage, &["--all"]);
    world.reconcile("--yes");
    world.run("status R-2 --offline --format json").ends(Done, &["\"stage\": \"done\""]);
}

#[test]
fn register_lists_requests_with_their_outcome() {
    let world = World::new();
    world.reconcile("--yes");
    let page = world.run("register --output {}/register.html");
    page.ends(Done, &["2 requests", "personal data"]);
    let html = fs::read_to_string(world.path("register.html")).expect("the page");
    assert!(html.contains("siti@agensi.example") && html.contains("R-2"));
    let csv = world.run("register --format csv --offline");
    csv.ends(Done, &["R-1", "R-2", "2026-11-02"]);
    let none = world.run("register --format csv --period 2025");
    none.ends(Done, &[]).lacks("R-1");
    fs::remove_file(world.path("portal.csv")).expect("it is there");
    fs::remove_dir_all(world.path(".arkib")).expect("it is there");
    world.run("register --output {}/other.html").ends(Failed, &["--offline"]);
    assert!(!world.path("other.html").exists());
}

#[cfg(unix)]
#[test]
fn names_that_windows_cannot_hold_are_found_on_every_system() {
    let world = World::new();
    world.request_in("aux/", "R-3", "enable", "zul");
    world.request_in("", "COM1", "enable", "zul");
    world.request("r-1", "enable", "wan");
    let found = world.run("check --format json");
    found.ends(Failed, &[]);
    let found = found.json();
    let found = found["findings"].as_array().expect("findings").iter();
    let found: Vec<String> = found
        .map(|item| {
            let file = item["file"].as_str().expect("a file");
            format!("{} {}", item["kind"], file.rsplit("/requests/").next().unwrap_or(file))
        })
        .collect();
    let expected =
        ["\"bad-file-name\" COM1.yaml", "\"bad-file-name\" aux/R-3.yaml", "\"id-twice\" r-1.yaml"];
    assert_eq!(found, expected);
}

#[cfg(unix)]
#[test]
fn all_that_runs_write_is_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let world = World::new();
    world.reconcile("--dry-run --plan-out {}/out/plan.json").ends(Done, &["Saved to"]);
    world.reconcile("--yes --report {}/out/report.md").ends(Done, &["2 applied."]);
    world.run("register --offline --output {}/out/register.html").ends(Done, &[]);
    let mut files = Vec::new();
    for folder in ["out", "requests/records", ".arkib"] {
        let folder = world.path(folder);
        let mode = |path: &std::path::Path| {
            fs::metadata(path).expect("it is there").permissions().mode() & 0o777
        };
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
            files.push(path);
        }
    }
    // The plan, the report, the register, the record and the portal.
    assert!(files.len() >= 5, "{files:?}");
}
