//! What a run says of changes that earlier runs made or left open, and that the portal shows otherwise.

use std::fs;

use super::world::{ROSTER, World};
use crate::exit::Exit::{Done, Refused};

#[test]
fn a_change_of_a_killed_run_stays_open_until_it_is_seen() {
    let world = World::empty("embedded", "");
    world.request("R-1", "enable", "siti");
    world.reconcile("--yes").ends(Done, &["1 applied."]);
    // As if the run had been killed while its write was under way.
    let mut files = fs::read_dir(world.path("requests/records")).expect("records");
    let file = files.next().expect("a record").expect("a file").path();
    let text = fs::read_to_string(&file).expect("text");
    let end = text.find("\"outcome\":{").and_then(|at| text[..at].rfind('\n')).expect("an outcome");
    fs::write(&file, &text[..=end]).expect("it is writable");
    world.reset_portal(ROSTER);
    let not_seen = "Earlier runs did not see the end of 1 change: 1 not seen so far.";
    world.reconcile("--yes").ends(Done, &[not_seen, "1 applied."]);
    world.run("status R-1").ends(Done, &["done"]).lacks("not carried out");
    // Now it is seen, but the second run says that it made it.
    let done = "Earlier runs did not see the end of 1 change: 1 already so.";
    world.reconcile("--yes").ends(Done, &[done]);
    world.reconcile("--yes").ends(Done, &["Nothing to do."]).lacks("Earlier runs");
    world.run("records verify").ends(Done, &["no-end"]);
}

#[test]
fn a_portal_that_was_restored_is_told_and_refused() {
    let world = World::empty("embedded", "");
    let users: Vec<String> = (0..12).map(|number| format!("user{number}")).collect();
    let roster = |enabled: usize| {
        let row = |(number, user): (usize, &String)| {
            let state = if number < enabled { "enabled" } else { "disabled" };
            format!("{user}@agensi.example,{state}\n")
        };
        let rows: String = users.iter().enumerate().map(row).collect();
        world.reset_portal(&format!("mailbox,state\n{rows}"));
    };
    for (number, user) in users.iter().enumerate() {
        world.request(&format!("R-{number}"), "enable", user);
    }
    roster(0);
    world.reconcile("--yes").ends(Done, &["12 applied."]);
    // A few may be undone by people.
    roster(7);
    let each = "user7@agensi.example   R-7   drift: was enabled, is disabled in the portal; the portal went back: a run on record made this change before";
    world.reconcile("--dry-run").ends(Done, &[each, "5 to enable"]);
    roster(6);
    let why = "the portal shows 6 of the 12 changes on record as undone; it may have been restored";
    let refused = world.reconcile("--yes");
    refused.ends(Refused, &[why, "the portal went back", "--accept"]);
    let text = format!("{}{}", refused.1, refused.2);
    let digest = text.split("--accept ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let accept = format!("--yes --accept {}", digest.expect("a digest"));
    world.reconcile(&accept).ends(Done, &["6 applied."]);
}
