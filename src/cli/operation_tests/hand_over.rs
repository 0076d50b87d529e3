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
/// file, two outcomes.
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
    assert!(at(2, "\"intent\"") && at(3, "\"hand-over\"") && at(4, "\"outcome\""), "{text}");
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
    use Folder::{Nothing, Unfinished};
    // Before anything was announced, nothing was to be handed over.
    let world = killed(1, Unfinished);
    world.reconcile(RUN).ends(Done, &["2 handed over."]);
    for (lines, left) in [(2, Nothing), (2, Unfinished), (3, Nothing), (3, Unfinished)] {
        let world = killed(lines, left);
        world.reconcile("--dry-run --portal-export {}/1.csv").ends(Done, &["1 to terminate"]);
        let count = if lines == 2 { "of 1 change: 1 not made" } else { "of 2 changes: 2 not made" };
        world.reconcile(RUN).ends(Partly, &[count, "2 handed over.", "give "]);
        converges(&world, &format!("{lines} lines, {left:?}"));
    }
    // The file was announced, and did not appear.
    let world = killed(4, Unfinished);
    world
        .reconcile("--dry-run --portal-export {}/1.csv")
        .ends(Done, &["~ in progress  siti@agensi.example", "perhaps handed over on "]);
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
    world.reconcile(RUN).ends(Partly, &["had just written it: it is handed over"]);
    converges(&world, "appeared");
    let world = killed(5, Folder::There);
    world.reconcile(RUN).ends(Partly, &["it is handed over", "1 not yet done"]);
    converges(&world, "half of it is recorded");
    converges(&killed(6, Folder::There), "all is recorded");
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
        unclear.ends(Partly, &["It is not known whether CONTOH-", "--hand-over-again"]);
        assert_eq!(folders(&world), [""; 0]);
    }
    world.reconcile(&format!("{RUN} --hand-over-again")).ends(Done, &["2 handed over."]);
    converges(&world, "cancelled");
}

#[test]
fn a_record_that_was_cut_causes_no_second_hand_over() {
    for lines in 0..4 {
        let world = killed(lines, Folder::There);
        let cut = world.reconcile(RUN);
        cut.ends(Refused, &["handed over before without a record, or the record is lost"]);
        assert_eq!((folders(&world).len(), records(&world).len()), (1, 1), "{lines}");
        // Also if nothing is wanted any more: people may still upload it.
        for id in ["R-1", "R-2"] {
            fs::remove_file(world.path(&format!("requests/{id}.yaml"))).expect("it is there");
        }
        world.reconcile(RUN).ends(Refused, &["the record is lost"]);
    }
}
