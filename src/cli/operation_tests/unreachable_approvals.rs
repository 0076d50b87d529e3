//! `arkib check` on approvals that nobody can give.

use super::world::{POLICY, World};
use crate::exit::Exit::Done;

const ALL: &str = "[uc@agensi.example, ketua@agensi.example, timbalan@agensi.example]";

fn world(policy: &str) -> World {
    let world = World::empty("embedded", "");
    let own = POLICY.replace("[uc@agensi.example]", ALL);
    world.write("requests/agency.yaml", &format!("{own}portal: embedded\n{policy}"));
    world
}

fn request(world: &World, id: &str, what: &str, from: &str) {
    let text = format!(
        "version: 1\nid: {id}\n{what}received:\n  date: 2026-11-02\n  channel: letter\n  reference: R (1)\n{from}"
    );
    world.write(&format!("requests/{id}.yaml"), &text);
}

const TERMINATE: &str = "action: terminate\nmailboxes:\n  - siti@agensi.example\n";
const FROM_UC: &str = "  from: uc@agensi.example\n";

#[test]
fn a_request_that_too_few_may_approve_is_a_warning() {
    let world = world("approvals: {terminate: 3, withdraw: 3}\n");
    request(&world, "R-1", TERMINATE, "");
    world.run("check").ends(Done, &["no problems"]);
    let words = [
        "warning[unreachable-approvals]: it cannot be approved: it needs 3 approvals, and only 2 approvers may give one",
        "requests/R-1.yaml:3",
    ];
    request(&world, "R-1", TERMINATE, FROM_UC);
    world.run("check").ends(Done, &words);
    // Whoever asked for what is withdrawn may not approve the withdrawal.
    request(&world, "R-2", "action: withdraw\nwithdraws: R-1\n", "");
    world.run("check").ends(Done, &["requests/R-2.yaml:3"]);
    let all = "action: terminate\nmailboxes:\n  - uc@agensi.example\n  - ketua@agensi.example\n  - timbalan@agensi.example\n";
    request(&world, "R-1", all, "");
    world.run("check").ends(Done, &["it needs 3 approvals, and no approver may give one"]);
}

#[test]
fn an_agency_without_keys_that_asks_for_signatures_is_a_warning() {
    let world = world("");
    world.run("check").ends(Done, &["no problems"]);
    let policy =
        format!("{}repository: 0198c1f2-contoh-arkib\n", POLICY.replace("committed", "signed"));
    world.write("requests/agency.yaml", &format!("{policy}portal: embedded\n"));
    let words = ["warning[nobody-can-sign]", "allowed_signers", "requests/agency.yaml:"];
    world.run("check").ends(Done, &words);
    let line = "uc@agensi.example namespaces=\"arkib-approval\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBfo3EpkAg4QVWP7dYpL1xGXqKDAgQUGeRcGkWBVPAXk\n";
    world.write("requests/allowed_signers", line);
    world.run("check").ends(Done, &["no problems"]);
}
