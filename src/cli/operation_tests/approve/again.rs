//! Approvals that do not count: how their approvers replace them, and how plan and status show them.

use std::fs;

use super::super::world::World;
use super::{
    KETUA, UC, commit_all, git, item, pending, require_signatures, signed_for_another_day, text_of,
    world, world_of_vector,
};
use crate::exit::Exit::{Done, Failed};

const ID: &str = "BMT-2026-0043";

/// A request with both approvals signed for another day, and as it is with both signatures right.
fn two_for_other_days() -> (World, String) {
    let (world, text) = world_of_vector("two-approvals", ID);
    for (number, part) in text.split("signature: |\n").skip(1).enumerate() {
        let signature = part.split("  - by").next().unwrap_or(part).replace("      ", "");
        world.write(&format!("{number}.sig"), &signature);
    }
    let wrong = text.replace("date: 2026-11-03", "date: 2026-11-04");
    let wrong = wrong.replace("date: 2026-11-05", "date: 2026-11-06");
    world.write(&format!("requests/{ID}.yaml"), &wrong);
    (world, text)
}

fn line(number: usize, by: &str, day: &str) -> String {
    format!("approve {ID} --as {by} --date {day} --signature {{}}/{number}.sig --yes --offline")
}

#[test]
fn two_approvals_that_do_not_count_are_replaced_one_after_the_other() {
    let (world, text) = two_for_other_days();
    let words = [
        "  replaces    your approval of 2026-11-04",
        "it has all its approvals; but the signature of ketua.unit@agensi.example does not count",
        "; let ketua.unit@agensi.example approve it again.",
    ];
    let (uc, ketua) = ("pentadbir.uc@agensi.example", "ketua.unit@agensi.example");
    world.run(&line(0, uc, "2026-11-03")).ends(Done, &words);
    // Nobody approves beside one that does not count.
    world.run(&line(0, uc, "2026-11-03")).ends(Failed, &["can no longer be approved"]);
    let second = world.run(&line(1, ketua, "2026-11-05"));
    second.ends(Done, &["  replaces    your approval of 2026-11-06"]).lacks("but the signature");
    assert_eq!(text_of(&world, ID), text);
    world.run("check").ends(Done, &["no problems"]);
}

#[test]
fn a_pending_request_with_an_approval_that_does_not_count_is_marked() {
    let world = world();
    require_signatures(&world);
    let text = text_of(&world, "R-2");
    world.write("requests/R-2.yaml", &format!("{text}approvals:\n{}", item(UC)));
    let why = "not verified: uc@agensi.example did not sign it";
    let row = format!("waits for 1 more of {KETUA}; {why}");
    world.reconcile("--dry-run").ends(Done, &[&row]);
    world.run("status --all").ends(Done, &["Waits for the approver", why]);
    world.run("status R-2").ends(Done, &[why]);
    let json = world.reconcile("--dry-run --format json").json();
    let marks = json["plan"]["pending"].as_array().expect("requests").iter();
    let marks: Vec<Option<&str>> = marks.map(|request| request["unverified"].as_str()).collect();
    assert_eq!(marks, [None, Some("uc@agensi.example did not sign it")]);
}

#[test]
fn a_merged_approval_is_merged_wherever_a_branch_moves_its_file() {
    let (world, _, line) = signed_for_another_day();
    commit_all(&world);
    git(&world, &["switch", "-q", "-c", "move"]);
    fs::create_dir(world.path("requests/2026")).expect("a folder");
    git(&world, &["mv", "requests/BMT-2026-0042.yaml", "requests/2026/"]);
    git(&world, &["commit", "-q", "-m", "move"]);
    world.run(line).ends(Failed, &["can no longer be approved", "file a new request"]);
}

#[test]
fn a_conflict_is_explained_for_the_file_that_has_it() {
    let world = world();
    pending(&world, "R-3", "enable\n<<<<<<< HEAD", "");
    let again = "run `arkib approve` again";
    world.run("check").ends(Failed, &["conflict", again]);
    fs::remove_file(world.path("requests/R-3.yaml")).expect("it is there");
    let policy = fs::read_to_string(world.path("requests/agency.yaml")).expect("the policy");
    world.write("requests/agency.yaml", &format!("{policy}<<<<<<< HEAD\n"));
    let found = world.run("check");
    found.ends(Failed, &["choose the lines that hold"]).lacks(again);
}
