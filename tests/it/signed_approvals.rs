//! Approvals that are signed with real SSH keys, and what git has no say in.

mod attacks;
mod git_history;

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;

use arkib::domain::approval::statement::statement;
use arkib::domain::mailbox_address::Mailbox;
use arkib::domain::request::request_file_source::FolderSnapshot;
use arkib::load::agency_loader;
use jiff::civil::date;
use serde_json::Value;

use crate::session::{InTime as _, Session, status, stderr, stdout};

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\nrepository: 0198c1f2-7a30-7c52\napprovers: [pentadbir@agensi.example, noraini@agensi.example]\nportal: embedded\nlimits: { terminations: 99, terminations_percent: 100, changes: 99 }\nprovenance: signed\n";
const DRY: &[&str] = &["reconcile", "--dry-run", "--as-of", "2026-11-23", "--format", "json"];
/// The day of all approvals.
const DAY: &str = "2026-11-03";

/// Who signs an approval of `pentadbir`.
#[derive(Clone, Copy)]
enum Signer {
    Nobody,
    Key(&'static str),
}
const PENTADBIR: Signer = Signer::Key("pentadbir");
const NORAINI: Signer = Signer::Key("noraini");
const STRANGER: Signer = Signer::Key("stranger");

/// A request without approvals.
fn request(number: u8, action: &str) -> String {
    let what = match action {
        "withdraw" => "withdraws: R-1\n".to_owned(),
        _ => format!("mailboxes:\n  - m{number}@agensi.example\n"),
    };
    format!(
        "version: 1\nid: R-{number}\naction: {action}\n{what}received:\n  date: 2026-11-02\n  channel: memo\n  reference: R\n"
    )
}

/// The statement that approves a request.
fn statement_of(policy: &str, number: u8, request: &str, by: &str) -> String {
    let mut folder = FolderSnapshot::new("requests".into());
    for (name, text) in [("agency.yaml", policy), (&*format!("R-{number}.yaml"), request)] {
        folder.insert_file(name.into(), Ok(Arc::from(text.as_bytes())));
    }
    let loaded = agency_loader::load(&folder, date(2026, 11, 23));
    let agency = &loaded.agencies[0];
    let request = agency.requests.first().unwrap_or_else(|| panic!("{:?}", loaded.findings));
    statement(request, &agency.policy, &Mailbox::parse(by).unwrap(), DAY.parse().unwrap())
}

struct Agency(Session);

impl Agency {
    /// A policy, its signers, and a portal with nine mailboxes without archives.
    fn new() -> Self {
        let agency = Self(Session::new());
        let mut signers = String::from("# who is who\n");
        for name in ["pentadbir", "noraini", "stranger"] {
            let key = agency.make_key(name);
            if name != "stranger" {
                signers += &format!("{name}@agensi.example namespaces=\"arkib-approval\" {key}\n");
            }
        }
        agency.0.write("requests/agency.yaml", POLICY);
        agency.0.write("requests/allowed_signers", signers);
        let rows: Vec<String> = (1..=9).map(|n| format!("m{n}@agensi.example,disabled")).collect();
        agency.0.write("portal.csv", format!("mailbox,state\n{}\n", rows.join("\n")));
        agency.0.git(&["init", "-q", "-b", "main"]);
        agency.commit();
        agency
    }

    /// Creates a key and returns its public half.
    fn make_key(&self, name: &str) -> String {
        let file = self.0.path().join(format!("{name}.key"));
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"])
            .arg(&file)
            .output()
            .expect("these tests need ssh-keygen, of the package openssh-client");
        assert!(made.status.success(), "{}", stderr(&made));
        fs::read_to_string(file.with_extension("key.pub")).unwrap().trim().to_owned()
    }

    /// Signs a text as ssh-keygen does.
    fn sign(&self, key: &str, text: &str) -> String {
        use std::io::Write as _;
        let mut signing = Command::new("ssh-keygen")
            .args(["-q", "-Y", "sign", "-n", "arkib-approval", "-f"])
            .arg(self.0.path().join(format!("{key}.key")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        signing.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let signed = signing.in_time();
        assert!(signed.status.success(), "{}", stderr(&signed));
        stdout(&signed)
    }

    /// The lines of an approval of `by`.
    fn approval(&self, by: &str, signature: Option<&str>) -> String {
        let mut text = format!("  - by: {by}@agensi.example\n    date: {DAY}\n");
        if let Some(signature) = signature {
            text += "    signature: |\n";
            text.extend(signature.lines().map(|line| format!("      {line}\n")));
        }
        text
    }

    /// A request that pentadbir approved, signed by that key.
    fn approved(&self, number: u8, action: &str, signer: Signer) -> String {
        let request = request(number, action);
        let signature = match signer {
            Signer::Nobody => None,
            Signer::Key(key) => {
                let by = "pentadbir@agensi.example";
                Some(self.sign(key, &statement_of(POLICY, number, &request, by)))
            }
        };
        format!("{request}approvals:\n{}", self.approval("pentadbir", signature.as_deref()))
    }

    fn write(&self, number: u8, text: &str) {
        self.0.write(&format!("requests/R-{number}.yaml"), text);
    }

    fn commit(&self) {
        self.0.git(&["add", "requests"]);
        self.0.git(&["commit", "-q", "-m", "x"]);
    }

    /// Commits one approved request.
    fn add(&self, number: u8, action: &str, signer: Signer) {
        self.write(number, &self.approved(number, action, signer));
        self.commit();
    }

    fn plan(&self, more: &[&str]) -> Value {
        let output = self.0.run(&[DRY, more].concat());
        assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
        crate::session::json(&output)
    }
}

/// The requests that a dry run would carry out.
fn carried_out(plan: &Value) -> Vec<&str> {
    let changes = plan["plan"]["changes"].as_array().unwrap().iter();
    changes.map(|change| change["request"].as_str().unwrap()).collect()
}

/// Why each request is blocked, because it is not verified.
fn unverified(plan: &Value) -> Vec<&str> {
    let blocked = plan["plan"]["blocked"].as_array().unwrap().iter();
    let reasons = blocked.map(|change| {
        assert_eq!(change["code"], "unverified", "{plan:#}");
        change["reason"].as_str().unwrap()
    });
    reasons.collect()
}

#[test]
fn only_signed_approvals_are_applied() {
    let agency = Agency::new();
    agency.add(1, "enable", PENTADBIR);
    agency.add(2, "enable", Signer::Nobody);
    agency.add(3, "enable", STRANGER);
    agency.add(4, "enable", NORAINI);
    let plan = agency.plan(&[]);
    assert_eq!(carried_out(&plan), ["R-1"]);
    let found = unverified(&plan);
    let count = "the signature of pentadbir@agensi.example does not count: ";
    assert_eq!(
        found[0],
        "the approval of R-2 is not verified: pentadbir@agensi.example did not sign it"
    );
    assert!(
        found[1].contains(&format!("R-3 is not verified: {count}the key SHA256:")),
        "{found:?}"
    );
    assert!(found[2].ends_with(&format!("{count}it is of noraini@agensi.example")), "{found:?}");
    // The same is applied.
    let output = agency.0.run(&["reconcile", "--yes", "--as-of", "2026-11-23"]);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    assert!(stdout(&output).contains("1 applied."), "{}", stdout(&output));
    let output = agency.0.run(&["status", "m2@agensi.example", "--as-of", "2026-11-23"]);
    assert!(
        stdout(&output).contains("nothing, because the approval of R-2 is not verified"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_scheduled_request_is_marked_before_its_day() {
    let agency = Agency::new();
    for (number, signer) in [(1, PENTADBIR), (2, Signer::Nobody)] {
        let later = agency.approved(number, "enable", signer);
        agency.write(number, &format!("{later}effective: 2026-12-01\n"));
    }
    agency.commit();
    let plan = agency.plan(&[]);
    let scheduled = plan["plan"]["scheduled"].as_array().unwrap();
    let unverified = |number: usize| scheduled[number]["unverified"].as_str();
    // The signature of R-1 is for the request without its day.
    assert!(unverified(0).unwrap().contains("it does not sign this statement"), "{plan:#}");
    assert_eq!(unverified(1), Some("pentadbir@agensi.example did not sign it"));
    let words = "from 2026-12-01 on; not verified: pentadbir@agensi.example did not sign it";
    let day = "--as-of=2026-11-23";
    for arguments in [
        &["reconcile", "--dry-run", day][..],
        &["reconcile", "--dry-run", day, "--report=laporan.md"],
        &["status", "--all", day],
    ] {
        let output = agency.0.run(arguments);
        assert!(stdout(&output).contains(words), "{arguments:?}: {}", stdout(&output));
    }
    let output = agency.0.run(&["status", "R-2", day]);
    let words = "    not verified: pentadbir@agensi.example did not sign it\n";
    assert!(stdout(&output).contains(words), "{}", stdout(&output));
}

#[test]
fn an_unverified_withdrawal_only_blocks_its_request() {
    let agency = Agency::new();
    agency.add(1, "enable", PENTADBIR);
    agency.add(8, "withdraw", NORAINI);
    let plan = agency.plan(&[]);
    assert!(unverified(&plan)[0].contains("the approval of R-8 is not verified"), "{plan:#}");
    agency.add(8, "withdraw", PENTADBIR);
    let plan = agency.plan(&[]);
    assert_eq!((carried_out(&plan), unverified(&plan)), (vec![], vec![]));
}

#[test]
fn a_pull_request_cannot_add_its_own_signer() {
    let agency = Agency::new();
    agency.add(5, "enable", Signer::Nobody);
    agency.add(6, "enable", NORAINI);
    agency.0.git(&["checkout", "-q", "-b", "pr"]);
    let stranger = fs::read_to_string(agency.0.path().join("stranger.key.pub")).unwrap();
    let known = fs::read_to_string(agency.0.path().join("requests/allowed_signers")).unwrap();
    agency
        .0
        .write("requests/allowed_signers", format!("{known}pentadbir@agensi.example {stranger}"));
    agency.add(1, "enable", STRANGER);
    agency.add(2, "enable", PENTADBIR);
    let check = ["check", "--base", "main", "--as-of", "2026-11-23", "--format", "json"];
    let output = agency.0.run(&check);
    assert_eq!(status(&output), 1, "{}", stdout(&output));
    let found: Value = crate::session::json(&output);
    let found = found["findings"].as_array().unwrap().iter().map(|finding| {
        let [file, kind, severity] = ["file", "kind", "severity"]
            .map(|key| finding[key].as_str().unwrap().trim_start_matches("requests/").to_owned());
        format!("{severity} {kind} {file}:{}", finding["line"])
    });
    // It is by the keys of main that R-1 is not verified; by those of the branch, all others are
    // looked at again.
    let expected = [
        "error not-signed R-1.yaml:11",
        "warning not-signed R-5.yaml:11",
        "error not-signed R-6.yaml:11",
    ];
    assert_eq!(found.collect::<Vec<String>>(), expected);
    let output = agency.0.run(&["check", "--base", "main", "--as-of", "2026-11-23"]);
    let text = stdout(&output);
    assert!(text.contains("allowed_signers: adds pentadbir@agensi.example ssh-ed25519"), "{text}");
    let plan = agency.plan(&["--base", "main"]);
    assert_eq!(carried_out(&plan), ["R-2"]);
    assert_eq!(unverified(&plan).len(), 1, "{plan:#}");
}

#[test]
fn a_check_names_every_approval_that_is_not_verified() {
    let agency = Agency::new();
    let two = POLICY.replace("provenance", "approvals: { terminate: 2 }\nprovenance");
    agency.0.write("requests/agency.yaml", &two);
    let request = request(1, "terminate");
    let signed = ["pentadbir", "noraini"].map(|by| {
        let statement = statement_of(&two, 1, &request, &format!("{by}@agensi.example"));
        (by, agency.sign(by, &statement))
    });
    let with = |signatures: [&str; 2]| {
        let each = signed.iter().zip(signatures);
        let each = each.map(|((by, _), signature)| agency.approval(by, Some(signature)));
        agency.write(1, &format!("{request}approvals:\n{}", each.collect::<String>()));
        let output = agency.0.run(&["check", "--as-of", "2026-11-23"]);
        (status(&output), stdout(&output).matches("error[not-signed]").count())
    };
    let [(_, pentadbir), (_, noraini)] = &signed;
    assert_eq!(with([pentadbir, noraini]), (0, 0));
    assert_eq!(with([pentadbir, pentadbir]), (1, 1));
    assert_eq!(with([noraini, pentadbir]), (1, 2));
}

/// A key that was stolen goes from the file; what it signed is blocked, and nobody is kept from merging that.
#[test]
fn the_key_of_a_merged_approval_may_go() {
    let agency = Agency::new();
    agency.add(1, "enable", PENTADBIR);
    agency.0.git(&["checkout", "-q", "-b", "pr"]);
    let known = fs::read_to_string(agency.0.path().join("requests/allowed_signers")).unwrap();
    let left = known.lines().filter(|line| !line.starts_with("pentadbir@"));
    let left: String = left.map(|line| format!("{line}\n")).collect();
    agency.0.write("requests/allowed_signers", left);
    agency.0.git(&["commit", "-q", "-a", "-m", "Key"]);
    let check = ["check", "--base", "main", "--as-of", "2026-11-23"];
    let output = agency.0.run(&check);
    let text = stdout(&output);
    assert_eq!(status(&output), 0, "{text}");
    assert!(text.contains("warning[not-signed]"), "{text}");
    assert!(text.contains("what was decided about"), "{text}");
    assert_eq!(status(&agency.0.run(&check[..1])), 0);
}
