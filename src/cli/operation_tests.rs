//! Every operation from its command line to its output, in this process: an agency in a temporary
//! folder, and the embedded portal.

use std::fs;
use std::path::PathBuf;

use clap::Parser as _;
use tempfile::TempDir;

use super::Cli;
use crate::exit::Exit;
use crate::exit::Exit::{Done, Failed, Pending, Refused, Usage};
use crate::load::today;
use crate::printer::capture;

const POLICY: &str = "version: 1
agency: CONTOH
name: Jabatan Contoh Malaysia
domains: [agensi.example]
approvers: [uc@agensi.example]
language: ms
limits: {terminations: 10, terminations_percent: 100, changes: 500}
provenance: committed
recoverable_days: 30
";
const ROSTER: &str = "mailbox,account,state,hold
siti@agensi.example,active,disabled,false
tan@agensi.example,active,enabled,false
wan@agensi.example,active,enabled,true
zul@agensi.example,disabled,disabled,false
";

/// An agency with its requests and its portal.
struct World(TempDir);

/// How a command ended, and what it printed to standard output and standard error.
#[derive(Debug)]
struct Ran(Exit, String, String);

impl Ran {
    /// Checks the exit status, and that each text is in the output.
    fn ends(&self, exit: Exit, texts: &[&str]) -> &Self {
        assert_eq!(self.0, exit, "{self:?}");
        for text in texts {
            assert!(
                self.1.contains(text) || self.2.contains(text),
                "{text}: {}{}",
                self.1,
                self.2
            );
        }
        self
    }

    fn lacks(&self, text: &str) -> &Self {
        assert!(!self.1.contains(text), "{text}: {}", self.1);
        self
    }

    /// The result as JSON.
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.1).expect("JSON")
    }
}

impl World {
    /// Nothing is requested yet.
    fn empty(portal: &str, more: &str) -> Self {
        let world = Self(tempfile::tempdir().expect("a folder"));
        world.write(
            "requests/agency.yaml",
            &format!("{POLICY}portal: {portal}\n{more}"),
        );
        world.write("portal.csv", ROSTER);
        world
    }

    /// `siti` is to be enabled and `tan` terminated.
    fn new() -> Self {
        let world = Self::empty("embedded", "");
        world.request("R-1", "enable", "siti");
        world.request("R-2", "terminate", "tan");
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// An approved request about one mailbox, below a folder of the requests.
    fn request_in(&self, folder: &str, id: &str, action: &str, name: &str) {
        self.write(
            &format!("requests/{folder}{id}.yaml"),
            &format!(
                "version: 1\nid: {id}\naction: {action}\nmailboxes:\n  - {name}@agensi.example\nreceived:\n  date: 2026-11-02\n  channel: letter\n  reference: R (1)\napproval:\n  by: uc@agensi.example\n  date: 2026-11-03\n"
            ),
        );
    }

    fn request(&self, id: &str, action: &str, name: &str) {
        self.request_in("", id, action, name);
    }

    /// Runs a command line. `{}` stands for the folder; the folder of the requests and the day are
    /// added.
    fn run(&self, line: &str) -> Ran {
        let folder = self.0.path().to_str().expect("UTF-8").to_owned();
        let mut words = vec!["arkib".to_owned()];
        words.extend(
            line.split_whitespace()
                .map(|word| word.replace("{}", &folder)),
        );
        words.push(format!("--requests={folder}/requests"));
        if !line.starts_with("records") && !line.contains("--as-of") {
            words.push("--as-of=2026-11-23".to_owned());
        }
        let cli = Cli::try_parse_from(&words).expect("a command line");
        let (exit, output, messages) = capture(|| cli.run());
        Ran(exit, output, messages)
    }

    /// Runs `arkib reconcile` on requests that are not in git.
    fn reconcile(&self, options: &str) -> Ran {
        self.run(&format!("reconcile --allow-uncommitted {options}"))
    }
}

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
    world.write(
        "requests/R-1.yaml",
        &format!("{text}effective: 2026-11-01\n"),
    );
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
    first.ends(
        Done,
        &[
            "✓ applied  terminate  tan@",
            "✓ applied  enable     siti@",
            "2 applied.",
        ],
    );
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
    world
        .reconcile("--yes")
        .ends(Done, &["records of earlier runs"]);
}

#[test]
fn only_limits_a_run_to_named_mailboxes() {
    let world = World::new();
    let one = world.reconcile("--dry-run --only tan@agensi.example");
    one.ends(Done, &["- terminate  tan@"])
        .lacks("siti@")
        .lacks("unmanaged");
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
    let digest = refused
        .2
        .split("--accept ")
        .nth(1)
        .or(refused.1.split("--accept ").nth(1));
    let digest = digest.and_then(|rest| rest.split_whitespace().next());
    let digest = digest.expect("a digest").to_owned();
    world
        .reconcile("--yes --accept 0123456789abcdef0123456789abcdef")
        .ends(Refused, &["not this one"]);
    world
        .reconcile(&format!("--yes --accept {digest}"))
        .ends(Done, &["2 applied."]);
}

#[test]
fn a_saved_plan_applies_or_is_outdated() {
    let world = World::new();
    let save = "--dry-run --plan-out {}/plan.json";
    world.reconcile(save).ends(Done, &["Saved to", "2 changes"]);
    world.request("R-3", "enable", "zul");
    world.reconcile("--yes --plan {}/plan.json").ends(
        Refused,
        &["the saved plan is outdated", "the requests have changed"],
    );
    fs::remove_file(world.path("requests/R-3.yaml")).expect("it is there");
    world
        .reconcile("--yes --plan {}/plan.json")
        .ends(Done, &["2 applied."]);
    world
        .reconcile("--yes --plan {}/plan.json")
        .ends(Refused, &["nothing remains to be done"]);
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
    world
        .run("status tan@agensi.example")
        .ends(Done, &["tan@agensi.example", "R-2", "enabled"]);
    world
        .run("status R-1")
        .ends(Done, &["siti@", "R-1"])
        .lacks("R-2");
    world
        .run("status")
        .ends(Done, &["1 to terminate", "1 to enable", "1 blocked"]);
    let waiting = world.run("status --all");
    waiting.ends(Done, &["Blocked; the administrator must look into it (1)"]);
    let json = world.run("status --all --format json").json();
    assert!(json.to_string().contains("nobody@agensi.example"), "{json}");
    world
        .run("status entah")
        .ends(Failed, &["`entah` is neither a mailbox nor a request id"]);
    world.run("status --offline").ends(Usage, &["--all"]);
    world.reconcile("--yes");
    world
        .run("status R-2 --offline --format json")
        .ends(Done, &["\"stage\": \"done\""]);
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
    world
        .run("register --output {}/other.html")
        .ends(Failed, &["--offline"]);
    assert!(!world.path("other.html").exists());
}

#[test]
fn request_writes_a_file_that_waits_for_approval() {
    let world = World::new();
    let enable = "request enable zul@agensi.example --received 2026-11-20 --channel memo --reference R --yes";
    world
        .run(&format!("{enable} --dry-run"))
        .ends(Done, &["Dry run", "channel: memo"]);
    assert!(!world.path("requests/2026").exists());
    world.run(enable).ends(Done, &["which names 1 mailbox"]);
    let text = fs::read_to_string(world.path("requests/2026/R-3.yaml"));
    assert!(text.expect("the file").contains("zul@agensi.example"));
    world.run(enable).ends(Done, &["already-asked", "R-4.yaml"]);
    world
        .run(&enable.replace("zul@agensi", "zul@lain"))
        .ends(Failed, &["foreign-domain", "Nothing was written"]);
    world
        .run("request enable zul@agensi.example --yes")
        .ends(Usage, &["--channel", "--reference"]);
    let pending = world.reconcile("--dry-run");
    pending
        .ends(Done, &["2 pending"])
        .lacks("zul@agensi.example  R");
}

#[test]
fn import_writes_requests_for_archives_that_none_names() {
    let world = World::new();
    world
        .run("import --reference R --yes")
        .ends(Done, &["wan@agensi.example", "1 file"]);
    let text = fs::read_to_string(world.path("requests/2026/R-3.yaml"));
    assert!(text.expect("the file").contains("wan@agensi.example"));
    world
        .run("import --reference R --yes")
        .ends(Done, &["there is no archive to import"]);
    world.run("import --yes").ends(Usage, &["--reference"]);
    world
        .run("import --reference R --yes --only x@lain.example")
        .ends(Failed, &["belongs to none of these agencies"]);
}

#[test]
fn notices_are_printed_once() {
    let notices = "notices: {since: 2026-11-01, from: uc@agensi.example}\n";
    let world = World::empty("embedded", notices);
    world.request("R-1", "enable", "siti");
    let notify = |options: &str| {
        world.run(&format!(
            "notify --allow-uncommitted --output {{}}/pages {options}"
        ))
    };
    notify("--dry-run").ends(Done, &["siti@agensi.example", "approved"]);
    world.reconcile("--yes");
    notify("--dry-run --show").ends(Done, &["Arkib e-mel telah diaktifkan"]);
    assert!(!world.path("pages").exists());
    notify("").ends(Usage, &["--yes"]);
    let json = notify("--yes --format json").json();
    assert_eq!(json["notices"].as_array().map(Vec::len), Some(1), "{json}");
    assert_eq!(json["notices"][0]["outcome"], "printed", "{json}");
    assert_eq!(
        fs::read_dir(world.path("pages")).map(Iterator::count).ok(),
        Some(1)
    );
    let again = notify("--yes --format json").json();
    assert_eq!(
        again["notices"].as_array().map(Vec::len),
        Some(0),
        "{again}"
    );
    notify("--yes --again R-1").ends(Done, &["siti@"]);
    World::new()
        .run("notify --dry-run")
        .ends(Failed, &["notices"]);
}

#[test]
fn the_worst_of_several_agencies_counts() {
    let world = World::new();
    let lain = POLICY.replace("agency: CONTOH", "agency: LAIN");
    let lain = lain.replace("[agensi.example]", "[lain.example]");
    let lain = lain.replace("changes: 500", "changes: 1");
    world.write(
        "requests/lain/agency.yaml",
        &format!("{lain}portal: embedded\n"),
    );
    let roster = format!(
        "{ROSTER}a@lain.example,active,enabled,false\nb@lain.example,active,enabled,false\n"
    );
    world.write("portal.csv", &roster);
    for (id, name) in [("L-1", "a@lain.example"), ("L-2", "b@lain.example")] {
        world.request_in("lain/", id, "terminate", "x");
        let file = format!("requests/lain/{id}.yaml");
        let text = fs::read_to_string(world.path(&file)).expect("it is there");
        world.write(&file, &text.replace("x@agensi.example", name));
    }
    let ran = world.reconcile("--yes");
    ran.ends(Refused, &["CONTOH", "2 applied.", "LAIN", "limits.changes"]);
    let json = world.reconcile("--dry-run --format json").json();
    assert_eq!(json.as_array().map(Vec::len), Some(2), "{json}");
}

#[test]
fn changes_are_handed_over_until_the_export_shows_them() {
    let world = World::empty(
        "files",
        "export: {columns: {mailbox: E-mel, state: Arkib}}\n",
    );
    world.request("R-1", "enable", "siti");
    let export = |state: &str| {
        world.write(
            "export.csv",
            &format!("E-mel,Arkib\nsiti@agensi.example,{state}\ntan@agensi.example,Ya\n"),
        );
    };
    // A real portal is changed only as of today.
    let today = today();
    let reconcile = |options: &str| {
        world.reconcile(&format!(
            "--portal-export {{}}/export.csv --hand-over {{}}/out --as-of={today} {options}"
        ))
    };
    export("Tidak");
    reconcile("--dry-run").ends(Done, &["+ enable     siti@"]);
    reconcile("--yes").ends(Done, &["handed over"]);
    assert_eq!(
        fs::read_dir(world.path("out")).map(Iterator::count).ok(),
        Some(1)
    );
    reconcile("--yes").ends(Done, &["in progress"]);
    export("Ya");
    reconcile("--yes").ends(Done, &["Of what was handed over: 1 made.", "1 in sync"]);
    world
        .reconcile("--dry-run")
        .ends(Failed, &["--portal-export"]);
}

#[test]
fn a_withdrawal_that_nobody_signed_withdraws_nothing() {
    let world = World::empty("embedded", "");
    let signed = POLICY.replace("committed", "signed");
    world.write(
        "requests/agency.yaml",
        &format!("{signed}portal: embedded\n"),
    );
    world.request("R-1", "enable", "siti");
    world.request("R-2", "withdraw", "siti");
    let text = fs::read_to_string(world.path("requests/R-2.yaml")).expect("it is there");
    let named = "mailboxes:\n  - siti@agensi.example";
    world.write("requests/R-2.yaml", &text.replace(named, "withdraws: R-1"));
    let ran = world.reconcile("--dry-run");
    ran.ends(
        Done,
        &[
            "siti@agensi.example  R-1  the approval of R-1 is not verified",
            "1 blocked",
        ],
    );
}

#[test]
fn texts_and_documents_have_limits() {
    let world = World::new();
    let text = fs::read_to_string(world.path("requests/R-1.yaml")).expect("it is there");
    for (length, exit) in [(200, Done), (201, Failed)] {
        let reference = format!("reference: {}", "x".repeat(length));
        world.write(
            "requests/R-1.yaml",
            &text.replace("reference: R (1)", &reference),
        );
        let codes: &[&str] = if exit == Failed {
            &["text-too-long"]
        } else {
            &[]
        };
        world.run("check").ends(exit, codes);
    }
    world.write("requests/surat.pdf", "%PDF");
    // sha256("%PDF")
    let sha256 = "315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027";
    for (size, code) in [("5", "evidence-changed"), ("0", "bad-size")] {
        let evidence = format!(
            "{text}evidence:\n  - file: surat.pdf\n    sha256: {sha256}\n    size: {size}\n"
        );
        world.write("requests/R-1.yaml", &evidence);
        world.run("check").ends(Failed, &[code]);
    }
    fs::remove_file(world.path("requests/surat.pdf")).expect("it is there");
    world.write(
        "requests/R-1.yaml",
        &fs::read_to_string(world.path("requests/R-1.yaml"))
            .expect("it is there")
            .replace("size: 0", "size: 4"),
    );
    world.run("check").ends(
        Failed,
        &["evidence-missing", "put the file next to the request"],
    );
}
