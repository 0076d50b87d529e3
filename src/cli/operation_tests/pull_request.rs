//! What a reviewer sees of a pull request in each format, however much it is.

use std::collections::HashSet;
use std::fs;
use std::process::Command;

use super::world::World;
use crate::exit::Exit::{Done, Refused};

/// An agency on `main`, and a branch that terminates so many mailboxes from 2027 on, and enables as many.
fn world(terminations: usize) -> World {
    let world = World::empty("embedded", "");
    let git = |words: &[&str]| {
        let done = Command::new("git")
            .args(["-c", "user.name=x", "-c", "user.email=x@agensi.example"])
            .args(words)
            .current_dir(world.path(""))
            .output();
        assert!(done.is_ok_and(|done| done.status.success()), "git {words:?}");
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "requests"]);
    git(&["commit", "-q", "-m", "main"]);
    git(&["checkout", "-q", "-b", "pr"]);
    for (id, action, count) in [("A-1", "enable", terminations), ("Z-1", "terminate", terminations)]
    {
        let names = (0..count).map(|number| format!("{action}.{number:04}"));
        let names = names.collect::<Vec<_>>().join("@agensi.example\n  - ");
        world.request(id, action, &names);
        let file = format!("requests/{id}.yaml");
        let text = fs::read_to_string(world.path(&file)).expect("the request");
        world.write(&file, &format!("{text}effective: 2027-01-01\n"));
    }
    git(&["add", "requests"]);
    git(&["commit", "-q", "-m", "pr"]);
    world
}

#[test]
fn every_format_names_every_termination_of_a_branch() {
    const COUNT: usize = 2_400;
    let world = world(COUNT);
    let shown = |format: &str| world.run(&format!("reconcile --dry-run --base main {format}"));
    for format in ["human", "github", "gitlab", "json"] {
        let ran = shown(&format!("--format {format}"));
        ran.ends(Done, &[]);
        // Each text is gone through once: searched for one after the other, they are the test's time.
        let named = ran.1.split("terminate.").skip(1).filter_map(|rest| rest.get(..5));
        let named: HashSet<&str> = named.collect();
        let all = (0..COUNT).all(|number| named.contains(&*format!("{number:04}@")));
        assert!(all, "{format}");
    }
    // A comment that has no room for them is no basis for a decision.
    let ran = shown("--format markdown --report {}/whole.md");
    ran.ends(Refused, &["2400 to terminate later, 2400 to enable later"]);
    let first = ran.1.lines().next().expect("a line");
    assert!(first.starts_with("<!-- arkib reconcile --> <strong>"), "{first}");
    assert!(first.contains("terminations are not shown here"), "{first}");
    assert!(ran.1.len() <= 60_000 && !ran.1.contains("`enable."), "{} bytes", ran.1.len());
    let whole = fs::read_to_string(world.path("whole.md")).expect("the whole output");
    assert_eq!(whole.matches("`terminate.").count(), COUNT);
    assert!(whole.starts_with("<!-- arkib reconcile -->\n"), "{}", &whole[..200]);
}

#[test]
fn a_portal_without_mailboxes_is_refused_also_for_a_pull_request() {
    let world = world(1);
    world.request("R-1", "terminate", "tan");
    let absent = "R-1  terminate; the portal has no such account";
    for (row, exit, more) in [
        ("", Refused, "the portal shows no mailboxes at all"),
        // Of which no request speaks.
        ("wan@agensi.example,enabled\n", Done, "1 blocked"),
    ] {
        world.reset_portal(&format!("mailbox,state\n{row}"));
        world.run("reconcile --dry-run --base main").ends(exit, &[absent, more]);
    }
}

#[test]
fn a_comment_with_room_for_all_terminations_is_no_failure() {
    let ran = world(40).run("reconcile --dry-run --base main --format markdown");
    ran.ends(Done, &["40 to terminate later, 40 to enable later"]);
    assert_eq!(ran.1.matches("`terminate.").count(), 40);
    assert!(ran.1.find("`terminate.") < ran.1.find("`enable."), "{}", ran.1);
}
