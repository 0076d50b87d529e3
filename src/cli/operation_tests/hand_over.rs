//! A hand-over is one transaction: whatever a killed run left, the next one says it and ends it, and
//! nothing is handed over twice.

use std::fs;
use std::path::PathBuf;

use super::world::World;
use crate::exit::Exit::{Done, Partly, Refused};

/// A run after the other one, on the same export.
const RUN: &str = "--yes --portal-export {}/1.csv";

/// What a killed run left of its folder.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Folder {
    Nothing,
    Unfinished,
    There,
}

/// The folders that were handed over, and those that are not yet.
fn folders(world: &World) -> Vec<String> {
    let entries = fs::read_dir(world.path(".arkib/hand-over")).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name != ".gitignore").collect();
    names.sort();
    names
}

fn records(world: &World) -> Vec<PathBuf> {
    let entries = fs::read_dir(world.path("requests/records")).expect("records");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files
}

/// A run that was killed when its record had so many lines, and that left this: begun, two intents, the
/// file, that it is there.
fn killed(lines: usize, left: Folder) -> World {
    let world = World::empty("files", "");
    world.request("R-1", "enable", "siti");
    world.request("R-2", "terminate", "tan");
    let rows =
        "Alamat E-mel;Arkib;Status\nsiti@agensi.example;Tidak;Aktif\ntan@agensi.example;Ya;Aktif\n";
    world.write("1.csv", rows);
    world.reconcile(RUN).ends(Done, &["2 handed over."]);
    let record = &records(&world)[0];
    let text = fs::read_to_string(record).expect("a record");
    let kept: String = text.split_inclusive('\n').take(lines).collect();
    let at =
        |line: usize, word: &str| text.lines().nth(line).is_some_and(|text| text.contains(word));
    assert!(at(2, "\"intent\"") && at(3, "\"hand-over\"") && at(4, "\"handed-over\""), "{text}");
    fs::write(record, kept).expect("it is writable");
    let name = &folders(&world)[0];
    let place = |name: &str| world.path(&format!(".arkib/hand-over/{name}"));
    let unfinished = place(&format!(".unfinished-{name}"));
    match left {
        Folder::There => {}
        Folder::Nothing => fs::remove_dir_all(place(name)).expect("it is there"),
        Folder::Unfinished => fs::rename(place(name), unfinished).expect("it is there"),
    }
    world
}

/// Both changes are handed over, once, and it stays so.
fn converges(world: &World, how: &str) {
    let again = world.reconcile(RUN);
    again.ends(Done, &["2 mailboxes wait for the people"]);
    assert_eq!(folders(world).len(), 1, "{how}: {:?}", folders(world));
    world.run("records verify").ends(Done, &[]);
}

#[test]
fn what_was_not_handed_over_is_planned_again() {
    use Folder::Unfinished;
    // Before anything was announced, nothing was to be handed over.
    let world = killed(1, Unfinished);
    world.reconcile(RUN).ends(Done, &["2 handed over."]);
    for lines in [2, 3] {
        let world = killed(lines, Unfinished);
        world
            .reconcile("--dry-run --portal-export {}/1.csv")
            .ends(Done, &["1 to terminate", "was killed while it handed over"]);
        let count = if lines == 2 { "of 1 change: 1 not made" } else { "of 2 changes: 2 not made" };
        let ran = world.reconcile(RUN);
        ran.ends(Partly, &[count, "2 handed over.", "give "]);
        // What remains to be done is no result.
        assert!(ran.2.contains("2 handed over.") && ran.2.contains("help: "), "{ran:?}");
        converges(&world, &format!("{lines} lines"));
    }
    // The file was announced, and did not appear.
    let world = killed(4, Unfinished);
    world.reconcile("--dry-run --portal-export {}/1.csv").ends(
        Done,
        &[
            "~ in progress  siti@agensi.example",
            "perhaps handed over on ",
            "over 2 changes; the next run",
        ],
    );
    let closed = world.reconcile(RUN);
    closed.ends(Partly, &["nothing of it was handed over", "run arkib again"]);
    closed
        .ends(Partly, &["2 mailboxes wait, because the run that was to hand the change over was"]);
    assert_eq!(folders(&world), [""; 0]);
    world.reconcile(RUN).ends(Done, &["2 handed over."]);
    converges(&world, "announced");
}

#[test]
fn what_appeared_is_handed_over() {
    let world = killed(4, Folder::There);
    let found = world.reconcile(RUN);
    found.ends(
        Partly,
        &["had just written it: it is handed over", "help: give ", "2 mailboxes wait for the"],
    );
    found.lacks("was killed.").lacks("run arkib again\n");
    converges(&world, "appeared");
    converges(&killed(5, Folder::There), "all is recorded");
    // Once a record says that it is there, all of it may be with the officer.
    let world = killed(5, Folder::Nothing);
    world.reconcile(RUN).ends(Done, &["2 mailboxes wait for the people"]);
    // The export settles it like any other.
    world.write(
        "2.csv",
        "Alamat E-mel;Arkib;Status\nsiti@agensi.example;Ya;Aktif\ntan@agensi.example;Tidak;Aktif\n",
    );
    world
        .reconcile("--yes --portal-export {}/2.csv")
        .ends(Done, &["Of what was handed over: 2 seen done"]);
}

#[test]
fn a_file_that_is_gone_waits_for_a_person() {
    let world = killed(4, Folder::Nothing);
    for _ in 0..2 {
        let unclear = world.reconcile(RUN);
        unclear
            .ends(Partly, &["It is not known whether CONTOH-", "lacks it", "ask who has the file"]);
        assert_eq!(folders(&world), [""; 0]);
    }
    world.reconcile(&format!("{RUN} --hand-over-again")).ends(Done, &["2 handed over."]);
    converges(&world, "cancelled");
    // One that was changed is not gone.
    let world = killed(4, Folder::There);
    let name = &folders(&world)[0];
    world.write(&format!(".arkib/hand-over/{name}/{name}.csv"), "rows\n");
    world.reconcile(RUN).ends(Partly, &["was changed: its SHA-256 is another"]).lacks("lacks it");
}

#[test]
fn a_record_that_was_cut_causes_no_second_hand_over() {
    for lines in 0..4 {
        let why = match lines {
            0 => "1 empty record",
            _ => "handed over before without a record, or the record is lost",
        };
        let world = killed(lines, Folder::There);
        world.reconcile(RUN).ends(Refused, &[why]);
        assert_eq!((folders(&world).len(), records(&world).len()), (1, 1), "{lines}");
        // Also if nothing is wanted any more: people may still upload it.
        for id in ["R-1", "R-2"] {
            fs::remove_file(world.path(&format!("requests/{id}.yaml"))).expect("it is there");
        }
        world.reconcile(RUN).ends(Refused, &[why]);
    }
}

#[test]
fn a_cut_record_proves_nothing_when_its_folder_was_taken_away() {
    killed(0, Folder::Nothing).reconcile(RUN).ends(Refused, &["1 empty record"]);
    for (lines, has) in
        [(1, "has 0 of its 2 changes"), (2, "tan@agensi.example"), (3, "siti@agensi.example")]
    {
        let world = killed(lines, Folder::Nothing);
        for _ in 0..2 {
            let refused = world.reconcile(RUN);
            refused.ends(Refused, &["it is not known whether CONTOH-", has, "--hand-over-again"]);
            assert_eq!((folders(&world), records(&world).len()), (vec![], 1), "{lines}");
        }
        let only = "--hand-over-again --only tan@agensi.example";
        world.reconcile(&format!("{RUN} {only}")).ends(Refused, &[has]);
        world.reconcile(&format!("{RUN} --hand-over-again")).ends(Done, &["2 handed over."]);
        assert!(page(&world, 0).contains("class=\"void\""), "the page declares the other one void");
        converges(&world, "cancelled");
    }
}

/// The page of the folder with that number, the oldest first.
fn page(world: &World, number: usize) -> String {
    let name = &folders(world)[number];
    let page = world.path(&format!(".arkib/hand-over/{name}/{name}.html"));
    fs::read_to_string(page).expect("a page")
}

/// The files that the page of a folder says are to be uploaded first, and those that are void.
fn first_and_void(world: &World, number: usize) -> [Vec<usize>; 2] {
    let (page, folders) = (page(world, number), folders(world));
    let section = |class: &str| {
        let text = page.split(&format!("class=\"{class}\"")).nth(1).unwrap_or_default();
        let text = text.split("</section>").next().unwrap_or_default();
        (0..folders.len()).filter(|index| text.contains(&folders[*index])).collect()
    };
    [section("previous"), section("void")]
}

/// Cuts the newest record to so many lines.
fn cut_last_record(world: &World, lines: usize) {
    let record = records(world).pop().expect("a record");
    let text = fs::read_to_string(&record).expect("a record");
    let kept: String = text.split_inclusive('\n').take(lines).collect();
    assert!(kept.lines().last().is_some_and(|line| line.contains("\"hand-over\"")), "{kept}");
    fs::write(&record, kept).expect("it is writable");
}

/// Three changes were handed over, or one is still to come.
fn handed_over() -> World {
    let world = World::empty("files", "");
    world.request("R-1", "enable", "siti");
    world.request("R-2", "terminate", "tan");
    let rows = ["siti@agensi.example;Tidak", "tan@agensi.example;Ya", "wan@agensi.example;Tidak"];
    world.write("1.csv", &format!("Alamat E-mel;Arkib;Status\n{};Aktif\n", rows.join(";Aktif\n")));
    world.reconcile(RUN).ends(Done, &["2 handed over."]);
    world
}

#[test]
fn a_killed_run_that_hands_over_again_voids_the_old_file() {
    let world = handed_over();
    world.reconcile(&format!("{RUN} --hand-over-again")).ends(Done, &["2 handed over."]);
    assert_eq!(first_and_void(&world, 1), [vec![], vec![0]]);
    cut_last_record(&world, 4);
    world.request("R-3", "enable", "wan");
    world.reconcile(RUN).ends(Partly, &["it is handed over", "1 handed over."]);
    assert_eq!(first_and_void(&world, 2), [vec![1], vec![]]);
    world.reconcile(RUN).ends(Done, &["3 mailboxes wait for the people"]);
}

#[test]
fn what_is_wanted_again_after_its_file_was_voided_is_handed_over_again() {
    let world = handed_over();
    let request = fs::read_to_string(world.path("requests/R-1.yaml")).expect("a request");
    fs::remove_file(world.path("requests/R-1.yaml")).expect("it is there");
    world.reconcile(RUN).ends(Done, &["! recalled", "1 handed over."]);
    assert_eq!(first_and_void(&world, 1), [vec![], vec![0]]);
    cut_last_record(&world, 3);
    world.write("requests/R-1.yaml", &request);
    world.reconcile(RUN).ends(Partly, &["it is handed over", "1 handed over."]);
    assert_eq!(first_and_void(&world, 2), [vec![1], vec![0]]);
    world.reconcile(RUN).ends(Done, &["2 mailboxes wait for the people"]);
    world.run("records verify").ends(Done, &[]);
}
