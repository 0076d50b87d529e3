//! README shows exactly what the program prints: every `console` block is run, in order, in a
//! clone of the example agency. A line `…` stands for any lines.

use std::path::Path;

use crate::session::{Session, copy, stderr, stdout};

/// A fresh clone: the example agency in a git repository with one commit.
fn fresh_clone() -> Session {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let session = Session::new();
    for folder in ["requests", "examples"] {
        std::fs::create_dir(session.path().join(folder)).unwrap();
        copy(&root.join(folder), &session.path().join(folder));
    }
    for file in [".gitignore", "portal.csv"] {
        session.write(file, std::fs::read(root.join(file)).unwrap());
    }
    session.git(&["init", "-q", "-b", "main"]);
    session.git(&["add", "."]);
    session.git(&["commit", "-q", "-m", "Requests"]);
    session
}

/// Commands and the lines shown below them.
fn blocks(readme: &str) -> Vec<(String, Vec<String>)> {
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command.to_owned(), Vec::new())),
                (None, Some((_, shown))) => shown.push(line.to_owned()),
                (None, None) => panic!("output before any command: {line}"),
            },
        }
    }
    commands
}

/// Whether the lines are those shown, where `…` stands for any lines.
fn matches(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == "…" => {
            (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..]))
        }
        Some((line, rest)) => printed.first() == Some(line) && matches(rest, &printed[1..]),
    }
}

/// The commit's name differs in every clone, and so does the day.
fn same_commit(line: &str) -> String {
    // The commands of README ran on the day of the test.
    if let Some((before, _)) = line.split_once("    done 20") {
        return format!("{before}    done DAY");
    }
    let mut after_at = false;
    let words = line.trim_end().split(' ').map(|word| {
        let is_commit = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let shown = if after_at && is_commit { "COMMIT" } else { word };
        after_at = word == "at";
        shown
    });
    words.collect::<Vec<&str>>().join(" ")
}

#[test]
fn readme_shows_real_output() {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let session = fresh_clone();
    let mut ran = 0;
    for (command, shown) in blocks(&readme) {
        let words: Vec<&str> = command.split_whitespace().collect();
        let arguments = match words.as_slice() {
            ["cargo", "run", "--", arguments @ ..] | ["arkib", arguments @ ..] => arguments,
            ["cargo", "test"] => continue,
            ["git", arguments @ ..] => {
                session.git(arguments);
                continue;
            }
            ["cp", file, folder] => {
                let name = Path::new(file).file_name().unwrap();
                let to = session.path().join(folder).join(name);
                std::fs::copy(session.path().join(file), to).unwrap();
                continue;
            }
            other => panic!("README shows a command that nobody tests: {other:?}"),
        };
        let output = session.run(arguments);
        let trim = |lines: Vec<String>| -> Vec<String> {
            let mut lines: Vec<String> = lines.iter().map(|line| same_commit(line)).collect();
            while lines.last().is_some_and(String::is_empty) {
                lines.pop();
            }
            lines
        };
        // A terminal shows both; without a result the messages of the run count.
        let said = match stdout(&output) {
            result if result.is_empty() => stderr(&output),
            result => result,
        };
        let printed = trim(said.lines().map(str::to_owned).collect());
        let shown = trim(shown);
        assert!(
            matches(&shown, &printed),
            "README's `{command}` prints something else:\n{}\n{}",
            printed.join("\n"),
            stderr(&output)
        );
        ran += 1;
    }
    assert!(ran >= 5, "only {ran} commands of README were run");
}

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
    let commands = "check reconcile status request import notify register records portal schema";
    let mut known: String = commands.split(' ').map(|command| help(&[command])).collect();
    let portal = [["portal", "inspect"], ["portal", "rehearse"]];
    for below in [["request", "enable"], ["records", "verify"]].into_iter().chain(portal) {
        known += &help(&below);
    }
    let mut named = 0;
    let documents = "README.md docs/en/FILES.md docs/en/CONNECT.md docs/en/NOTICES.md docs/en/PORTALS.md docs/en/SHARDS.md src/domain/texts/en.yaml src/domain/texts/ms.yaml";
    for file in documents.split(' ') {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        let lines = text.lines().filter(|line| line.contains("arkib "));
        for line in lines.filter(|line| !line.contains("git ") && !line.contains("cargo ")) {
            let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            for option in words.filter(|word| word.starts_with("--") && word.len() > 3) {
                assert!(known.contains(option), "{file}: {line}: no {option}");
                named += 1;
            }
        }
    }
    assert!(named > 30, "only {named} options");
}
