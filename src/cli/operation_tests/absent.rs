//! Not seen is not done: an account that the portal does not show meets nothing.

use std::fs;

use super::world::World;
use crate::exit::Exit::{Done, Failed, Refused};

const NOTICES: &str = "notices: {since: 2026-11-01, from: uc@agensi.example}\n";

#[test]
fn an_absent_account_is_blocked_with_the_nearest_address() {
    let world = World::new();
    world.request("R-3", "terminate", "wna");
    world.request("R-4", "terminate", "entah.siapa");
    // Of a mailbox that is not kept.
    world.request("R-5", "enable", "zuhl");
    let ran = world.reconcile("--dry-run");
    ran.ends(
        Done,
        &[
            "R-3  the portal has no such account; did you mean wan@agensi.example?",
            "R-4  the portal has no such account\n",
            "R-5  the portal has no such account; did you mean zul@agensi.example?",
            "3 blocked",
        ],
    );
    world.run("status R-4").ends(Done, &["no such account"]);
    world.run("register --format csv").ends(Done, &["blocked"]).lacks("R-4,done");
}

#[test]
fn an_account_that_went_after_its_termination_stays_terminated() {
    let world = World::empty("embedded", NOTICES);
    world.request("R-2", "terminate", "tan");
    let portal_has = |rows: &str| {
        world.reset_portal(&format!("mailbox,state,created\n{rows}"));
    };
    portal_has("wan@agensi.example,enabled,\ntan@agensi.example,enabled,\n");
    world.reconcile("--yes").ends(Done, &["1 applied."]);
    portal_has("wan@agensi.example,enabled,\n");
    world.reconcile("--dry-run").ends(Done, &["nothing to do · 1 in sync"]);
    // Only the records know it.
    let moved = fs::rename(world.path("requests/records"), world.path("records"));
    moved.expect("it is there");
    world.reconcile("--dry-run").ends(Done, &["tan@agensi.example  R-2  the portal has no such"]);
    let notices = world.run("notify --dry-run --show --allow-uncommitted");
    notices.ends(Done, &[]).lacks("telah ditamatkan");
}

#[test]
fn a_row_that_an_export_lacks_is_not_done() {
    let more = format!("export: {{columns: {{mailbox: E-mel, state: Arkib}}}}\n{NOTICES}");
    let world = World::empty("files", &more);
    world.request("R-1", "terminate", "zaid");
    let export = |rows: &str| {
        world.write("export.csv", &format!("E-mel,Arkib\ntan@agensi.example,Ya\n{rows}"));
    };
    let from_export = "--portal-export {}/export.csv";
    let reconcile =
        |options: &str| world.reconcile(&format!("{from_export} --hand-over {{}}/out {options}"));
    export("zaid@agensi.example,Ya\n");
    reconcile("--yes").ends(Done, &["handed over"]);
    export("");
    let second = reconcile("--yes");
    second.ends(Done, &["zaid@agensi.example  R-1  the portal has no such account", "1 blocked"]);
    world.run(&format!("status R-1 {from_export}")).ends(Done, &["no such account"]);
    let notify = format!("notify --dry-run --show --allow-uncommitted {from_export}");
    world.run(&notify).ends(Done, &[]).lacks("telah ditamatkan");
    // The row comes back, as it was.
    export("zaid@agensi.example,Ya\n");
    reconcile("--dry-run").ends(Done, &["in progress"]);
    export("zaid@agensi.example,Tidak\n");
    reconcile("--yes").ends(Done, &["Of what was handed over: 1 seen done."]);
}

const NO_LETTER: &str = "telah ditamatkan";

/// An agency whose portal people operate; a termination was handed over by the first export.
fn handed_over(rows: &str) -> World {
    let world = World::empty("files", NOTICES);
    world.request("R-1", "terminate", "zaid");
    world.write("export.csv", &format!("Alamat E-mel,Arkib\nzaid@agensi.example,Ya\n{rows}"));
    run_with_export(&world, "reconcile --allow-uncommitted --yes").ends(Done, &["handed over"]);
    world
}

fn run_with_export(world: &World, command: &str) -> super::world::Ran {
    let hand_over = if command.starts_with("reconcile") { " --hand-over {}/out" } else { "" };
    world.run(&format!("{command} --portal-export {{}}/export.csv{hand_over}"))
}

#[test]
fn a_page_of_an_export_is_not_the_portal() {
    let rows: String = (10..40).map(|number| format!("user{number}@agensi.example,Ya\n")).collect();
    let world = handed_over(&rows);
    let page = format!("Halaman 1 daripada 2\nAlamat E-mel,Arkib\n{rows}");
    world.write("export.csv", &page);
    for (command, exit) in [
        ("reconcile --allow-uncommitted --yes", Failed),
        ("status zaid@agensi.example", Failed),
        ("notify --dry-run --show --allow-uncommitted", Failed),
    ] {
        let ran = run_with_export(&world, command);
        ran.ends(exit, &["line 1 says `Halaman 1 daripada 2`"]).lacks(NO_LETTER);
    }
}

#[test]
fn a_row_that_cannot_be_read_blocks_what_it_probably_is() {
    let rows = "tan@agensi.example,Ya\n";
    for (address, more) in [
        ("zaid@agensi.example\u{200b}", ""),
        ("SMTP:zaid@agensi.example", ""),
        // Of two rows it is not known which is right.
        ("SMTP:zaid@agensi.example", "zaid@agensi.example,Tidak\n"),
    ] {
        let world = handed_over(rows);
        let text = format!("Alamat E-mel,Arkib\n{rows}{more}{address},Ya\n");
        world.write("export.csv", &text);
        let row = text.lines().count();
        let second = run_with_export(&world, "reconcile --allow-uncommitted --yes");
        let why = format!("probably this mailbox: export.csv:{row}");
        second.ends(Done, &["1 blocked", &why]).lacks("1 seen done");
        run_with_export(&world, "status R-1").ends(Done, &[&why]);
        let notify = run_with_export(&world, "notify --dry-run --show --allow-uncommitted");
        notify.ends(Done, &[]).lacks(NO_LETTER);
    }
}

#[test]
fn a_portal_without_mailboxes_is_refused_also_for_some() {
    let world = World::new();
    world.write("portal.csv", "mailbox,state\n");
    let shows_none = ["the portal shows no mailboxes at all"];
    world.reconcile("--yes").ends(Refused, &shows_none);
    world.reconcile("--yes --only tan@agensi.example").ends(Refused, &shows_none);
}

#[test]
fn a_request_is_not_carried_out_on_the_account_of_another_person() {
    let world = World::empty("embedded", "");
    let portal_has = |rows: &str| {
        world.reset_portal(&format!("mailbox,state,created\n{rows}"));
    };
    world.request("R-1", "terminate", "tan");
    // The account is younger than the request.
    portal_has("wan@agensi.example,enabled,\ntan@agensi.example,enabled,2026-11-10T02:00:00Z\n");
    let why = "tan@agensi.example  R-1  the account was created on 2026-11-10, after the request";
    world.reconcile("--yes").ends(Done, &[why, "1 blocked"]);
    world.run("status R-1").ends(Done, &["the account was created on 2026-11-10"]);
    // It was there, and its archive is terminated.
    portal_has("wan@agensi.example,enabled,\ntan@agensi.example,enabled,\n");
    world.reconcile("--yes").ends(Done, &["1 applied."]);
    // Somebody else got the address, with an archive: the request is over.
    portal_has("tan@agensi.example,enabled,\n");
    let unmanaged = "1 unmanaged";
    world.reconcile("--yes").ends(Done, &["nothing to do", unmanaged]).lacks("terminate  ");
    world.run("register --format csv").ends(Done, &["R-1"]).lacks("waiting");
    // The account has another address now.
    portal_has("wan@agensi.example,enabled,\ntan.mei@agensi.example,enabled,\n");
    let renamed =
        "R-1  the account has the address tan.mei@agensi.example now; a request must name";
    world.reconcile("--yes").ends(Done, &[renamed, "1 blocked"]).lacks("terminate  ");
}

#[test]
fn a_portal_that_was_set_up_anew_is_refused_until_the_policy_says_so() {
    let rows = |created: &str| {
        let row = |n| format!("user{n}@agensi.example,disabled,{created}\n");
        format!("mailbox,state,created\n{}", (1..=6).map(row).collect::<String>())
    };
    for (more, created, exit) in [
        ("", "", Done),
        ("", "2026-11-20T02:00:00Z", Refused),
        ("portal_since: 2026-11-20\n", "2026-11-20T02:00:00Z", Done),
    ] {
        let world = World::empty("embedded", more);
        for n in 1..=6 {
            world.request(&format!("R-{n}"), "enable", &format!("user{n}"));
        }
        world.write("portal.csv", &rows(created));
        let text = match exit {
            Refused => "6 of the 6 accounts that requests name were created after their requests",
            _ => "6 applied.",
        };
        world.reconcile("--yes").ends(exit, &[text]);
    }
}
