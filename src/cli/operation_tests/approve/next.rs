//! The commands that come after an approval: each can be run as it stands, and none pushes to the default
//! branch.

use std::fs;

use super::super::world::World;
use super::{KETUA, UC, commit_all, git, pending, text_of, world};
use crate::exit::Exit::Done;

const MAILBOX: &str = "mailboxes:\n  - siti@agensi.example\n";

/// The next commands that an approval prints.
fn next(world: &World, line: &str) -> Vec<String> {
    let ran = world.run(&format!("{line} --yes --format json"));
    ran.ends(Done, &[]);
    let json = ran.json();
    let commands = json["next"].as_array().expect("commands").iter();
    commands.map(|command| command.as_str().expect("text").to_owned()).collect()
}

/// Whether one of the commands ends so.
fn has(commands: &[String], end: &str) -> bool {
    commands.iter().any(|command| command.ends_with(end))
}

fn add_r_3(world: &World, branch: &str) {
    git(world, &["switch", "-q", "-c", branch]);
    pending(world, "R-3", "enable", MAILBOX);
    git(world, &["add", "requests"]);
    git(world, &["commit", "-q", "-m", "R-3"]);
}

#[test]
fn no_name_of_a_branch_is_a_command_to_overwrite() {
    let world = world();
    commit_all(&world);
    add_r_3(&world, "+main");
    let commands = next(&world, "approve R-3");
    assert!(has(&commands, " push --set-upstream origin refs/heads/+main"), "{commands:?}");
}

#[test]
fn what_main_has_and_did_not_push_is_approved_on_a_branch() {
    let world = world();
    commit_all(&world);
    git(&world, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    pending(&world, "R-3", "enable", MAILBOX);
    git(&world, &["add", "requests"]);
    git(&world, &["commit", "-q", "-m", "R-3"]);
    let commands = next(&world, "approve R-3");
    assert!(has(&commands, " switch --create approve/R-3"), "{commands:?}");
    assert!(has(&commands, " origin refs/heads/approve/R-3"), "{commands:?}");
}

#[test]
fn a_branch_that_is_there_is_used_or_left_alone() {
    let world = world();
    commit_all(&world);
    git(&world, &["remote", "add", "origin", "elsewhere"]);
    git(&world, &["branch", "approve/R-2"]);
    let commands = next(&world, &format!("approve R-2 --as {UC}"));
    assert!(has(&commands, " switch --create approve/R-2-2"), "{commands:?}");
    git(&world, &["switch", "-q", "approve/R-2"]);
    let commands = next(&world, &format!("approve R-2 --as {KETUA}"));
    assert!(has(&commands, " origin refs/heads/approve/R-2"), "{commands:?}");
    assert_eq!(commands.len(), 3, "{commands:?}");
}

#[test]
fn an_approval_in_a_merge_is_committed_with_it() {
    let world = world();
    commit_all(&world);
    git(&world, &["remote", "add", "origin", "elsewhere"]);
    let pending = text_of(&world, "R-2");
    let approve = |branch: &str, by: &str| {
        git(&world, &["switch", "-q", "-c", branch, "main"]);
        world.run(&format!("approve R-2 --as {by} --yes --offline")).ends(Done, &[]);
        git(&world, &["commit", "-q", "-a", "-m", branch]);
    };
    approve("approve/R-2", UC);
    approve("other", KETUA);
    assert_ne!(text_of(&world, "R-2"), pending);
    git(&world, &["switch", "-q", "approve/R-2"]);
    // The base's file is taken.
    git(&world, &["merge", "-q", "--no-commit", "-s", "ours", "other"]);
    git(&world, &["checkout", "other", "--", "requests/R-2.yaml"]);
    let commands = next(&world, &format!("approve R-2 --as {UC}"));
    assert!(has(&commands[..1], " add -- R-2.yaml"), "{commands:?}");
    assert!(has(&commands[1..2], " commit --no-edit"), "{commands:?}");
    assert!(has(&commands[2..], " origin refs/heads/approve/R-2"), "{commands:?}");
    assert_eq!(commands.len(), 3, "{commands:?}");
    // They can be run.
    git(&world, &["add", "--", "requests/R-2.yaml"]);
    git(&world, &["commit", "-q", "--no-edit"]);
    let text = fs::read_to_string(world.path("requests/R-2.yaml")).expect("the request");
    assert_eq!(text.matches("- by").count(), 2, "{text}");
}

#[test]
fn a_run_that_was_cut_off_goes_on_with_the_rest() {
    let world = world();
    commit_all(&world);
    next(&world, &format!("approve R-1 --as {UC}"));
    let dry = world.run(&format!("approve R-1 R-2 --as {UC} --dry-run"));
    dry.ends(Done, &["R-1 has your approval already; it stays as it is.\n"]);
    let commands = next(&world, &format!("approve R-1 R-2 --as {UC}"));
    assert!(has(&commands, " -- R-2.yaml R-1.yaml"), "{commands:?}");
    assert!(commands[2].contains("Approve 2 requests: R-2, R-1"), "{commands:?}");
    assert_eq!(text_of(&world, "R-1").matches("- by").count(), 1);
    assert_eq!(text_of(&world, "R-2").matches("- by").count(), 1);
}
