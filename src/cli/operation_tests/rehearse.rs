//! `arkib portal rehearse` from its command line to its output, on the embedded portal.

use std::fs;

use super::world::{Ran, World};
use crate::exit::Exit;
use crate::exit::Exit::{Done, Failed, Refused, Usage};

/// Rehearses on this mailbox, named twice.
fn rehearse(world: &World, name: &str, options: &str) -> Ran {
    let mailbox = format!("{name}@agensi.example");
    world.run(&format!("portal rehearse --mailbox {mailbox} --confirm {mailbox} {options}"))
}

#[test]
fn every_step_is_shown_recorded_and_put_back() {
    for (name, has_archive, steps) in
        [("siti", "no", ["enable", "terminate"]), ("tan", "yes", ["terminate", "enable"])]
    {
        let world = World::empty("embedded", "");
        let ran = rehearse(&world, name, &format!("--has-archive {has_archive}"));
        let shown = ["wrote `state: enabled` in a bulk request; read back: enabled", "is proven"];
        ran.ends(Done, &shown);
        let at = steps.map(|step| ran.1.find(&format!("\n  {step}")).expect(step));
        assert!(at.is_sorted(), "{}", ran.1);
        // Again, and it is as before; for programs.
        let json = rehearse(&world, name, &format!("--has-archive {has_archive} --format json"));
        let json = json.json();
        assert_eq!(
            (&json["exit"]["status"], &json["as_found"]),
            (&0.into(), &true.into()),
            "{json}"
        );
        world.run("records list").ends(
            Done,
            &[
                &format!("rehearsal on {name}@agensi.example, found"),
                "3 announced, 3 done, 0 not done",
                "2 records, no problems",
            ],
        );
        let listed = world.run("records verify --format json").json();
        assert_eq!(listed["runs"][0]["rehearsing"]["mailbox"], format!("{name}@agensi.example"));
    }
}

/// By arkib's own extension only the portal sets `disabled`.
#[test]
fn a_state_that_cannot_be_written_back_is_said() {
    let left = "siti@agensi.example has no archive, as it was found, but its state was disabled and is terminated now";
    let world = World::empty("embedded", "");
    rehearse(&world, "siti", "--has-archive no").ends(Done, &["is proven", left]);
    let other = World::empty("embedded", "");
    let json = rehearse(&other, "siti", "--has-archive no --format json").json();
    assert_eq!((&json["exit"]["status"], &json["as_found"]), (&0.into(), &false.into()), "{json}");
    // As it is found now, it is put back.
    let again = rehearse(&world, "siti", "--has-archive no");
    again.ends(Done, &["siti@agensi.example is as it was found."]).lacks(left);
}

/// A later request is not carried out, drifted or shown because of a rehearsal.
#[test]
fn a_rehearsal_is_no_authority() {
    let world = World::empty("embedded", "");
    rehearse(&world, "siti", "--has-archive no").ends(Done, &[]);
    rehearse(&world, "tan", "--has-archive yes").ends(Done, &[]);
    let without = World::empty("embedded", "");
    for world in [&world, &without] {
        world.request("R-1", "enable", "siti");
        world.request("R-2", "terminate", "tan");
    }
    for line in ["status --all --offline --format json", "register --format csv --offline"] {
        let texts = [&world, &without].map(|world| {
            let folder = world.path("").to_string_lossy().replace('\\', "/");
            world.run(line).1.replace(folder.trim_end_matches('/'), "")
        });
        assert_eq!(texts[0], texts[1]);
    }
    let plan = world.reconcile("--dry-run");
    plan.ends(
        Done,
        &["+ enable     siti@agensi.example  R-1", "- terminate  tan@agensi.example   R-2"],
    );
    plan.lacks("drift").lacks("in sync");
}

#[test]
fn a_killed_rehearsal_leaves_nothing_for_requests() {
    let world = World::new();
    rehearse(&world, "nur", "").ends(Usage, &["--has-archive"]);
    world.write("portal.csv", "mailbox,account,state,hold\nnur@agensi.example,active,enabled,false\nsiti@agensi.example,active,disabled,false\ntan@agensi.example,active,enabled,false\n");
    rehearse(&world, "nur", "--has-archive yes").ends(Done, &[]);
    let folder = fs::read_dir(world.path("requests/records")).expect("records");
    let file = folder.last().expect("a record").expect("a file").path();
    let text = fs::read_to_string(&file).expect("text");
    let kept: Vec<&str> = text.lines().take(2).collect();
    fs::write(&file, kept.join("\n") + "\n").expect("it is writable");
    world.run("records list").ends(Done, &["1 announced, 0 done, 0 not done, 1 open; cut off"]);
    let applied = world.reconcile("--yes");
    applied.ends(Done, &["2 applied."]).lacks("An earlier run was cut off");
    // It may have left the mailbox otherwise.
    world.reset_portal("mailbox,account,state,hold\nnur@agensi.example,active,disabled,false\n");
    let again = rehearse(&world, "nur", "--has-archive no");
    again.ends(Refused, &["was cut off", "its archive was enabled before it, and is disabled now"]);
}

#[test]
fn a_wrong_answer_changes_nothing() {
    let world = World::empty("embedded", "");
    let ran = rehearse(&world, "tan", "--has-archive no");
    ran.ends(
        Failed,
        &[
            "arkib reads the archive as enabled",
            "the portal's own pages show no archive",
            "Nothing was changed.",
        ],
    );
    assert!(!has_records(&world), "something was recorded");
}

#[test]
fn what_may_not_be_rehearsed_on_is_refused() {
    let refused = |world: &World, name: &str, exit: Exit, text: &str| {
        let ran = rehearse(world, name, "--has-archive no");
        ran.ends(exit, &[text]);
        assert!(!has_records(world), "something was recorded");
    };
    let world = World::new();
    refused(&world, "tan", Refused, "R-2 names tan@agensi.example");
    refused(&world, "wan", Refused, "the archive is on legal hold");
    refused(&world, "zul", Refused, "the account is disabled");
    refused(&world, "nobody", Refused, "the portal has no account nobody@agensi.example");
    // Also one that waits for approval.
    let pending = fs::read_to_string(world.path("requests/R-1.yaml")).expect("it is there");
    let pending = pending.split("approvals:").next().expect("a part").replace("siti", "ros");
    world.write("requests/R-3.yaml", &pending.replace("R-1", "R-3"));
    refused(&world, "ros", Refused, "R-3 names ros@agensi.example");
    world.write("requests/R-3.yaml", "version: 1\n");
    refused(&world, "lim", Refused, "an unreadable request may name the mailbox");

    let protected = World::empty("embedded", "protected: [tan@agensi.example]\n");
    refused(&protected, "tan", Refused, "the policy protects tan@agensi.example");
    let other =
        "portal rehearse --mailbox a@lain.example --confirm a@lain.example --has-archive no";
    protected.run(other).ends(Refused, &["a@lain.example is in no domain of an agency"]);
    let differ = "portal rehearse --mailbox tan@agensi.example --confirm wan@agensi.example";
    protected.run(differ).ends(Usage, &["--mailbox and --confirm differ"]);
    let once = "portal rehearse --mailbox tan@agensi.example";
    protected.run(once).ends(Usage, &["name the mailbox twice", "a test mailbox"]);
    let files = World::empty("files", "");
    refused(&files, "tan", Refused, "people operate this portal (portal: files)");
}

/// The lock makes the folder; what counts is what is in it.
fn has_records(world: &World) -> bool {
    let records = std::fs::read_dir(world.path("requests/records"));
    records.is_ok_and(|mut records| records.next().is_some())
}
