//! What README and the texts promise of options, exit statuses and the example agency.

use std::path::Path;

use crate::book::fresh_clone;
use crate::session::{Session, stderr, stdout};

#[test]
fn the_first_command_exits_as_documented() {
    let session = fresh_clone();
    let first = ["reconcile", "--dry-run", "--as-of", "2026-11-23"];
    assert_eq!(session.run(&first).status.code(), Some(0));
    let detailed = [&first[..], &["--detailed-exitcode"]].concat();
    assert_eq!(session.run(&detailed).status.code(), Some(2));
    assert!(!session.path().join(".arkib").exists(), "a dry run left something behind");
}

#[test]
fn changes_in_progress_in_the_example_finish() {
    let session = fresh_clone();
    let waiting = ["reconcile", "--yes", "--wait", "--wait-timeout", "60", "--as-of", "2026-11-23"];
    let output = session.run(&waiting);
    assert!(stdout(&output).contains("~ in progress  ain.sulaiman@agensi.example"));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let again = session.run(&["reconcile", "--dry-run", "--as-of", "2026-11-23"]);
    assert!(!stdout(&again).contains("in progress"), "{}", stdout(&again));
}

/// Every option that a page, a notice or a document gives to arkib is in the help of a command.
#[test]
fn options_in_texts_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let session = Session::new();
    let help = |words: &[&str]| stdout(&session.run(&[words, &["--help"]].concat()));
    let commands =
        "check reconcile status request approve import init notify register records portal schema";
    let mut known = help(&[]);
    known.extend(commands.split(' ').map(|command| help(&[command])));
    let portal = [["portal", "inspect"], ["portal", "rehearse"]];
    for below in [["request", "enable"], ["records", "verify"]].into_iter().chain(portal) {
        known += &help(&below);
    }
    let mut named = 0;
    let texts =
        ["README.md", "README.ms.md", "src/domain/texts/en.yaml", "src/domain/texts/ms.yaml"];
    let pages = ["docs/en", "docs/ms"].into_iter().flat_map(|book| {
        let pages = std::fs::read_dir(root.join(book)).unwrap();
        pages
            .map(|page| page.unwrap().path())
            .filter(|page| page.extension().is_some_and(|end| end == "md"))
    });
    for file in texts.into_iter().map(|name| root.join(name)).chain(pages) {
        let text = std::fs::read_to_string(&file).unwrap();
        let file = file.display();
        let lines = text.lines().filter(|line| line.contains("arkib "));
        let others = ["git ", "cargo ", "setup-arkib "];
        for line in lines.filter(|line| !others.iter().any(|other| line.contains(other))) {
            let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            for option in words.filter(|word| word.starts_with("--") && word.len() > 3) {
                assert!(known.contains(option), "{file}: {line}: no {option}");
                named += 1;
            }
        }
    }
    assert!(named > 30, "only {named} options");
}
