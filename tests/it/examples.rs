//! The example agency: what its README tells people to do runs nothing that a branch brings.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::session::{Session, copy, stdout};

/// The commands of a section, which are indented.
fn commands(readme: &str, section: &str) -> Vec<String> {
    let (_, rest) = readme.split_once(section).unwrap();
    let section = rest.split("\n## ").next().unwrap();
    let lines = section.lines().filter_map(|line| line.strip_prefix("    "));
    lines.filter(|line| !line.starts_with("arkib")).map(str::to_owned).collect()
}

#[test]
fn a_branch_brings_no_hook_that_runs() {
    let agency = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/agency");
    let readme = fs::read_to_string(agency.join("README.md")).unwrap();
    let commands = commands(&readme, "\n## On your computer\n");
    assert_eq!(commands.len(), 1, "{commands:?}");
    let session = Session::new();
    copy(&agency, session.path());
    session.git(&["init", "-q", "-b", "main"]);
    // As git's own template, which tests leave out.
    fs::create_dir(session.path().join(".git/hooks")).unwrap();
    session.git(&["add", "-A", "."]);
    session.git(&["commit", "-q", "-m", "x"]);
    for command in &commands {
        let done = Command::new("sh").args(["-c", command]).current_dir(session.path()).status();
        assert!(done.unwrap().success(), "{command}");
    }
    assert!(session.path().join(".git/hooks/pre-commit").exists());
    session.git(&["checkout", "-q", "-b", "pr"]);
    for name in ["post-checkout", "pre-commit", "post-commit"] {
        session.write(&format!("hooks/{name}"), "#!/bin/sh\ntouch ran\n");
        let hook = session.path().join("hooks").join(name);
        fs::set_permissions(hook, fs::Permissions::from_mode(0o755)).unwrap();
    }
    session.git(&["add", "-A", "."]);
    session.git(&["commit", "-q", "--no-verify", "-m", "x"]);
    session.git(&["checkout", "-q", "main"]);
    session.git(&["checkout", "-q", "pr"]);
    assert!(!session.path().join("ran").exists(), "a hook of the branch ran");
}

/// Each example is valid as it stands, and makes its plan against what is beside it.
#[test]
fn the_other_examples_are_valid_and_make_their_plans() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let session = Session::new();
    copy(&examples, session.path());
    for (name, requests) in [("files", 3), ("several", 2)] {
        let folder = format!("{name}/requests");
        let checked = session.run(&["check", "--strict", "--requests", &folder]);
        let said = stdout(&checked);
        assert!(
            checked.status.success() && said.contains(&format!("{requests} requests")),
            "{said}"
        );
    }
    let export = "files/laporan-contoh.csv";
    let arguments = ["reconcile", "--dry-run", "--requests", "files/requests", "--portal-export"];
    let plan = session.run(&[&arguments[..], &[export]].concat());
    assert!(plan.status.success(), "{}", stdout(&plan));
    assert!(stdout(&plan).contains("1 to terminate, 1 to enable"), "{}", stdout(&plan));
}
