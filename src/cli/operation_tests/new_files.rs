//! Commands that write requests, notices or files for people.

use std::fs;

use super::world::{POLICY, ROSTER, World};
use crate::exit::Exit::{Done, Failed, Refused, Usage};
use crate::language::Language;

#[test]
fn request_writes_a_file_that_waits_for_approval() {
    let world = World::new();
    let enable = "request enable zul@agensi.example --received 2026-11-20 --channel memo --reference R --yes";
    world.run(&format!("{enable} --dry-run")).ends(Done, &["Dry run", "channel: memo"]);
    // The word of a Malay letter is taken; the file has the English one.
    for (malay, written) in [("surat", "letter"), ("e-mel", "email"), ("borang", "form")] {
        let line = format!("{enable} --dry-run").replace("memo", malay);
        world.run(&line).ends(Done, &[&format!("channel: {written}")]);
    }
    assert!(!world.path("requests/2026").exists());
    world.run(enable).ends(Done, &["which names 1 mailbox"]);
    let text = fs::read_to_string(world.path("requests/2026/R-3.yaml"));
    assert!(text.expect("the file").contains("zul@agensi.example"));
    world.run(enable).ends(Done, &["already-asked", "R-4.yaml"]);
    world
        .run(&enable.replace("zul@agensi", "zul@lain"))
        .ends(Failed, &["foreign-domain", "Nothing was written"]);
    world.run("request enable zul@agensi.example --yes").ends(Usage, &["--channel", "--reference"]);
    // What was done is not undone.
    let withdraw = enable.replace("enable zul@agensi.example", "withdraw R-1");
    world.run(&format!("{withdraw} --dry-run")).ends(Done, &["file a request to"]);
    // An earlier request about its mailbox decides again.
    world.request("R-0", "terminate", "siti");
    let earlier = fs::read_to_string(world.path("requests/R-0.yaml")).expect("the file");
    world.write("requests/R-0.yaml", &earlier.replace("2026-11-", "2026-10-"));
    let instead = "R-0 then decides about its mailbox";
    world.run(&withdraw).ends(Done, &["warning[in-effect]", "what the portal has done", instead]);
    let pending = world.reconcile("--dry-run");
    pending.ends(Done, &["3 pending"]).lacks("zul@agensi.example  R");
}

#[test]
fn import_writes_requests_for_archives_that_none_names() {
    let world = World::new();
    world.run("import --reference R --yes").ends(Done, &["wan@agensi.example", "1 file"]);
    let text = fs::read_to_string(world.path("requests/2026/R-3.yaml"));
    assert!(text.expect("the file").contains("wan@agensi.example"));
    world.run("import --reference R --yes").ends(Done, &["there is no archive to import"]);
    world.run("import --yes").ends(Usage, &["--reference"]);
    world
        .run("import --reference R --yes --only x@lain.example")
        .ends(Failed, &["belongs to none of these agencies"]);
}

#[test]
fn notices_are_printed_once() {
    let notices = "notices: {since: 2026-11-01, from: uc@agensi.example}\n";
    let world = World::empty("embedded", notices);
    world.request("R-1", "enable", "siti");
    let notify = |options: &str| {
        world.run(&format!("notify --allow-uncommitted --output {{}}/pages {options}"))
    };
    notify("--dry-run").ends(Done, &["siti@agensi.example", "approved"]);
    world.reconcile("--yes");
    notify("--dry-run --show").ends(Done, &["Arkib e-mel telah diaktifkan"]);
    assert!(!world.path("pages").exists());
    notify("").ends(Usage, &["--yes"]);
    let json = notify("--yes --format json").json();
    assert_eq!(json["notices"].as_array().map(Vec::len), Some(1), "{json}");
    assert_eq!(json["notices"][0]["outcome"], "printed", "{json}");
    assert_eq!(fs::read_dir(world.path("pages")).map(Iterator::count).ok(), Some(1));
    let again = notify("--yes --format json").json();
    assert_eq!(again["notices"].as_array().map(Vec::len), Some(0), "{again}");
    // Only what is asked for is repeated, though another notice is due.
    world.request("R-2", "enable", "tan");
    notify("--dry-run").ends(Done, &["tan@"]);
    notify("--dry-run --again R-9").ends(Usage, &["R-9"]);
    notify("--dry-run --again R-1 --to tan@agensi.example").ends(Done, &[]).lacks("@");
    let again = notify("--yes --again R-1");
    again.ends(Done, &["siti@", "1 ready to print."]).lacks("tan@");
    World::new().run("notify --dry-run").ends(Failed, &["notices"]);
}

#[test]
fn the_question_before_notices_says_what_is_sent_and_what_is_written() {
    let question = |mails: usize, pages: usize| message!("run-ask-notices", mails, pages);
    for (mails, pages, english, malay) in [
        (
            2,
            3,
            "Send 2 e-mails and write 3 pages to print?",
            "Hantar 2 e-mel dan tulis 3 halaman untuk dicetak?",
        ),
        (1, 0, "Send 1 e-mail?", "Hantar 1 e-mel?"),
        (0, 1, "Write 1 page to print?", "Tulis 1 halaman untuk dicetak?"),
    ] {
        assert_eq!(question(mails, pages).in_english(), english);
        assert_eq!(question(mails, pages).render(Language::Malay), malay);
    }
}

#[test]
fn a_notice_about_a_withdrawal_that_waits_for_the_portal_is_named() {
    let notices = "notices: {since: 2026-11-01, from: uc@agensi.example}\n";
    let world = World::empty("embedded", notices);
    world.write(
        "portal.csv",
        &ROSTER
            .replace("siti@agensi.example,active,disabled", "siti@agensi.example,active,enabling"),
    );
    world.request("R-1", "enable", "siti");
    world.request("R-2", "withdraw", "siti");
    let file = fs::read_to_string(world.path("requests/R-2.yaml")).expect("the file");
    let named = "mailboxes:\n  - siti@agensi.example";
    world.write("requests/R-2.yaml", &file.replace(named, "withdraws: R-1"));
    let waits = "the notice about R-2 waits until the portal has finished with siti@agensi.example";
    let lines =
        ["status", "status --all", "status R-2", "status siti@agensi.example", "notify --dry-run"];
    for line in lines {
        world.run(line).ends(Done, &[waits]);
    }
    let other = world.run("notify --dry-run --only R-1");
    assert!(!other.2.contains(waits), "{other:?}");
}

#[test]
fn the_worst_of_several_agencies_counts() {
    let world = World::new();
    let lain = POLICY.replace("agency: CONTOH", "agency: LAIN");
    let lain = lain.replace("[agensi.example]", "[lain.example]");
    let lain = lain.replace("changes: 500", "changes: 1");
    world.write("requests/lain/agency.yaml", &format!("{lain}portal: embedded\n"));
    let roster = format!(
        "{ROSTER}a@lain.example,active,enabled,false\nb@lain.example,active,enabled,false\n"
    );
    world.write("portal.csv", &roster);
    for (id, name) in [("L-1", "a@lain.example"), ("L-2", "b@lain.example")] {
        world.request_in("lain/", id, "terminate", "x");
        let file = format!("requests/lain/{id}.yaml");
        let text = fs::read_to_string(world.path(&file)).expect("it is there");
        world.write(&file, &text.replace("x@agensi.example", name));
    }
    let ran = world.reconcile("--yes");
    ran.ends(Refused, &["CONTOH", "2 applied.", "LAIN", "limits.changes"]);
    let json = world.reconcile("--dry-run --format json").json();
    assert_eq!(json.as_array().map(Vec::len), Some(2), "{json}");
}

#[test]
fn changes_are_handed_over_until_the_export_shows_them() {
    let world = World::empty("files", "export: {columns: {mailbox: E-mel, state: Arkib}}\n");
    world.request("R-1", "enable", "siti");
    let export = |state: &str| {
        world.write(
            "export.csv",
            &format!("E-mel,Arkib\nsiti@agensi.example,{state}\ntan@agensi.example,Ya\n"),
        );
    };
    let reconcile = |options: &str| {
        world.reconcile(&format!("--portal-export {{}}/export.csv --hand-over {{}}/out {options}"))
    };
    export("Tidak");
    reconcile("--dry-run").ends(Done, &["+ enable  siti@"]);
    reconcile("--yes").ends(Done, &["handed over"]);
    assert_eq!(fs::read_dir(world.path("out")).map(Iterator::count).ok(), Some(1));
    reconcile("--yes").ends(Done, &["in progress"]);
    export("Ya");
    reconcile("--yes").ends(Done, &["Of what was handed over: 1 seen done.", "1 in sync"]);
    // A copy of the first export has the date of today.
    export("Tidak");
    let again =
        ["has the same content as export.csv, which an earlier run used before a newer one"];
    reconcile("--yes").ends(Refused, &again);
    world.reconcile("--dry-run").ends(Failed, &["--portal-export"]);
}

#[test]
fn a_withdrawal_that_nobody_signed_withdraws_nothing() {
    let world = World::empty("embedded", "");
    let signed = POLICY.replace("committed", "signed\nrepository: 0198c1d2e3f40516");
    world.write("requests/agency.yaml", &format!("{signed}portal: embedded\n"));
    world.request("R-1", "enable", "siti");
    world.request("R-2", "withdraw", "siti");
    let text = fs::read_to_string(world.path("requests/R-2.yaml")).expect("it is there");
    let named = "mailboxes:\n  - siti@agensi.example";
    world.write("requests/R-2.yaml", &text.replace(named, "withdraws: R-1"));
    let ran = world.reconcile("--dry-run");
    ran.ends(Done, &["siti@agensi.example  R-1  the approval of R-1 is not verified", "1 blocked"]);
}

#[test]
fn texts_and_documents_have_limits() {
    let world = World::new();
    let text = fs::read_to_string(world.path("requests/R-1.yaml")).expect("it is there");
    for (length, exit) in [(200, Done), (201, Failed)] {
        let reference = format!("reference: {}", "x".repeat(length));
        world.write("requests/R-1.yaml", &text.replace("reference: R (1)", &reference));
        let codes: &[&str] = if exit == Failed { &["text-too-long"] } else { &[] };
        world.run("check").ends(exit, codes);
    }
    world.write("requests/surat.pdf", "%PDF");
    // sha256("%PDF")
    let sha256 = "315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027";
    for (size, code) in [("5", "evidence-changed"), ("0", "bad-size")] {
        let evidence = format!(
            "{text}evidence:\n  - file: surat.pdf\n    sha256: {sha256}\n    size: {size}\n"
        );
        world.write("requests/R-1.yaml", &evidence);
        world.run("check").ends(Failed, &[code]);
    }
    fs::remove_file(world.path("requests/surat.pdf")).expect("it is there");
    world.write(
        "requests/R-1.yaml",
        &fs::read_to_string(world.path("requests/R-1.yaml"))
            .expect("it is there")
            .replace("size: 0", "size: 4"),
    );
    world.run("check").ends(Failed, &["evidence-missing", "put the file next to the request"]);
}
