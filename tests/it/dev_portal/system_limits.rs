//! Limits of the system: each is an error that says what to do.

use std::process::{Command, Output};

use super::signals::path_with_git;
use super::{APPLY, agency, count, json};
use crate::portal::Portal;
use crate::session::{InTime as _, status, stderr, stdout};

/// Runs a command below a limit of the shell.
fn limited(limit: &str, command: &Command) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit {limit}; exec \"$@\""), "sh"]);
    shell.arg(command.get_program()).args(command.get_args()).env_clear();
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.current_dir(command.get_current_dir().unwrap()).in_time()
}

#[test]
fn each_limit_is_an_error_that_says_what_to_do() {
    let session = agency(1);
    session.git(&["init", "-q", "-b", "main"]);
    session.git(&["add", "."]);
    session.git(&["commit", "-q", "-m", "x"]);
    let check = ["check", "--ref", "HEAD"];
    let portal = Portal::start(&session, &[]);
    let reconcile = portal.arkib(&session, &["reconcile", "--yes", "--format", "json"]);
    let mut failed = 0;
    for files in 6..=18 {
        let (command, is_check) = match files % 2 {
            0 => (&session.arkib(&check), true),
            _ => (&reconcile, false),
        };
        let output = limited(&format!("-n {files}"), command);
        let text = format!("{files}: {}{}", stdout(&output), stderr(&output));
        if status(&output) != 0 {
            failed += 1;
            assert!(text.contains("Too many open files") && text.contains("`ulimit -n`"), "{text}");
        }
        assert!(!text.contains("panicked") && !text.contains("PATH"), "{text}");
        assert!(is_check || status(&output) != 0 || portal.audit().len() == 1, "{text}");
    }
    assert!(failed > 5, "only {failed}");

    let path = path_with_git(&session, "kill -KILL $$");
    let output = session.arkib(&check).env("PATH", path).in_time();
    let text = stderr(&output);
    assert_eq!(status(&output), 1, "{text}");
    assert!(text.contains("git was killed") && text.contains("9 (SIGKILL)"), "{text}");

    // Stacks that no machine can give its threads.
    let output =
        session.arkib(&["check"]).env("RUST_MIN_STACK", (1_u64 << 47).to_string()).in_time();
    let text = stderr(&output);
    assert_eq!(status(&output), 1, "{text}");
    assert!(text.contains("Failed: the system") && text.contains("`ulimit -u`"), "{text}");
}

#[test]
fn a_limit_of_file_sizes_is_a_full_disk() {
    let session = agency(40);
    let portal = Portal::start(&session, &["--no-bulk"]);
    let output = limited("-f 4", &portal.arkib(&session, APPLY));
    assert_eq!(status(&output), 3, "{}{}", stdout(&output), stderr(&output));
    let report = json(&output);
    assert!(report["exit"]["reason"].to_string().contains("File too large"), "{report:#}");
    assert_eq!(count(&report, "applied"), portal.audit().len(), "{report:#}");
    assert!(count(&report, "skipped") > 0, "{report:#}");
}
