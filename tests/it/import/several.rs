//! Imports of many archives, of several agencies, and concurrent ones.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use super::{files, import, mailboxes_named, names, run, unmanaged, with_portal};
use crate::outputs::{DAY, numbered, valid};
use crate::session::{Session, ended, status};

#[test]
fn a_thousand_archives_are_split_without_duplicates() {
    let session = unmanaged(1_000);
    let dry = valid(&session, "import", &import(&["--dry-run", "--format", "json"]), 0);
    assert!(files(&session).is_empty() && !session.path().join("requests/2026").exists());
    let would = dry["agencies"][0]["files"].as_array().unwrap();
    assert_eq!(would.len(), 5);
    let json = valid(&session, "import", &import(&["--format", "json"]), 0);
    let wrote = json["agencies"][0]["files"].as_array().unwrap();
    for ((dry, wrote), (name, text)) in would.iter().zip(wrote).zip(files(&session)) {
        // A dry run shows what is then written, byte by byte.
        assert_eq!(dry["text"].as_str(), Some(text.as_str()));
        assert_eq!((&dry["written"], &wrote["written"]), (&Value::from(false), &Value::from(true)));
        assert_eq!(wrote["request"], format!("requests/{name}"));
        assert_eq!(dry["mailboxes"], wrote["mailboxes"]);
        assert_eq!(wrote["mailboxes"].as_array().unwrap().len(), 200);
    }
    let expected: Vec<String> =
        numbered(1_000).iter().map(|name| format!("{name}@agensi.example")).collect();
    assert_eq!(mailboxes_named(&session), expected);
    run(&session, &["check", DAY[0], DAY[1]], 0);
    // The limit of the format is the maximum.
    assert_eq!(status(&session.run(&import(&["--per-request", "10001"]))), 64);
    let one = unmanaged(1_000);
    run(&one, &import(&["--per-request", "10000"]), 0);
    assert_eq!(files(&one).len(), 1);
}

#[test]
fn approvers_and_inactive_accounts_get_separate_requests() {
    let session = with_portal(
        "mailbox,state,account,request\n\
         pentadbir@agensi.example,enabled,active,LAMA-1\n\
         ali@agensi.example,enabled,disabled,LAMA-1\n\
         siti@agensi.example,enabled,active,LAMA-1\n\
         tan@agensi.example,enabled,active,LAMA-1\n",
    );
    let json = valid(&session, "import", &import(&["--format", "json"]), 0);
    let groups: Vec<&str> = json["agencies"][0]["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|request| request["group"].as_str().unwrap())
        .collect();
    assert_eq!(groups, ["request", "inactive", "approver"]);
    // The only approver may not approve their own mailbox.
    assert_eq!(json["findings"][0]["kind"], "nobody-may-approve");
}

#[test]
fn each_agency_gets_its_own_import() {
    let session = Session::new();
    let mut csv = "mailbox,state\n".to_owned();
    for name in ["sihat", "ajar", "diam"] {
        let policy = format!(
            "version: 1\nagency: {name}\nname: Jabatan {name}\ndomains: [{name}.example]\napprovers: [uc@{name}.example]\nportal: embedded\nlanguage: en\n"
        );
        session.write(&format!("requests/{name}/agency.yaml"), policy);
        if name != "diam" {
            let _ = writeln!(csv, "a@{name}.example,enabled\nb@{name}.example,enabled");
        }
    }
    session.write("portal.csv", csv);
    let text = run(&session, &import(&[]), 0);
    assert!(text.contains("copy the files to the git repository of the requests"), "{text}");
    let expected = ["ajar/2026/ajar-2026-0001.yaml", "sihat/2026/sihat-2026-0001.yaml"];
    assert_eq!(names(&session), expected);
    for (name, text) in files(&session) {
        let own = format!("a@{}.example", name.split('/').next().unwrap());
        assert!(text.contains(&own) && text.matches('@').count() == 2, "{text}");
        assert!(text.contains("Group: the portal does not show the date."), "{text}");
    }
    run(&session, &["check", DAY[0], DAY[1]], 0);
}

#[test]
fn the_branch_holds_only_the_new_files() {
    let session = unmanaged(5);
    session.write("requests/README.md", "not of this");
    session.git(&["config", "user.name", "Kerani"]);
    session.git(&["config", "user.email", "kerani@agensi.example"]);
    let text = run(&session, &import(&["--branch", "--per-request", "2"]), 0);
    let branch = "import/CONTOH-2026-0001";
    assert!(text.contains(&format!("on the branch {branch}.")), "{text}");
    let shown = session.git(&["show", "--name-only", "--format=%s", branch]);
    assert_eq!(
        shown,
        "Import CONTOH-2026-0001: enter 5 archives\n\nrequests/2026/CONTOH-2026-0001.yaml\nrequests/2026/CONTOH-2026-0002.yaml\nrequests/2026/CONTOH-2026-0003.yaml"
    );
    // If no branch can be made, nothing is written.
    let bare = unmanaged(1);
    fs::remove_dir_all(bare.path().join(".git")).unwrap();
    let text = run(&bare, &import(&["--branch"]), 1);
    assert!(text.contains("no branch can be made"), "{text}");
    assert!(files(&bare).is_empty());
}

#[test]
fn concurrent_imports_name_each_archive_once() {
    let session = unmanaged(60);
    let arguments = import(&["--per-request", "3"]);
    let spawn = || {
        let mut command = session.arkib(&arguments);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        command.spawn().unwrap()
    };
    let both = [spawn(), spawn()];
    for mut program in both {
        assert!(ended(&mut program).success());
    }
    let expected: Vec<String> =
        numbered(60).iter().map(|name| format!("{name}@agensi.example")).collect();
    assert_eq!(mailboxes_named(&session), expected);
}
