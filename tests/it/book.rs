//! The book and README show real commands: every `console` block is run, page by page and in order, in a world that the page
//! speaks of. A line `…` stands for any lines; a command without lines below it may print anything. docs/ms and README.ms.md
//! have the same commands, and show what they print in Malay.

mod page;
mod shell;
mod world;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use page::{Block, blocks, headings, indented_blocks};
pub use world::fresh_clone;

/// The lines of `text` blocks, by their beginning: what cannot be run here, and why.
const FOREIGN: &[(&str, &str, &str)] = &[
    ("INSTALL.md", "sudo apt-get install", "changes the machine, and only that of Debian"),
    ("INSTALL.md", "sudo dnf install", "changes the machine, and only that of Fedora and its kin"),
    ("INSTALL.md", "skopeo copy", "needs a registry of images"),
    ("INSTALL.md", "$from =", "PowerShell, as all below"),
    ("INSTALL.md", "Invoke-WebRequest", "PowerShell"),
    ("INSTALL.md", "(Get-FileHash", ""),
    ("INSTALL.md", "Select-String", ""),
    ("INSTALL.md", "Expand-Archive", ""),
    ("INSTALL.md", "$env:Path", ""),
    ("INSTALL.md", "arkib --version", ""),
];

/// Words that begin a command.
const PROGRAMS: &str = "$ arkib cargo git curl openssl ssh-keygen sha256sum tar export cd sudo podman docker kubectl systemctl";

/// Languages of blocks that hold no commands.
const DATA: [&str; 4] = ["", "yaml", "http", "mermaid"];

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The pages of a book, by name.
fn pages(book: &str) -> BTreeSet<String> {
    let names = fs::read_dir(root().join(book)).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".md")).collect()
}

fn read(book: &str, page: &str) -> String {
    fs::read_to_string(root().join(book).join(page)).unwrap()
}

#[test]
fn the_readmes_show_real_output() {
    for (name, language) in [("README.md", "en"), ("README.ms.md", "ms")] {
        let ran = shell::run_page(&world::readme(), &read("", name), language);
        assert!(ran >= 5, "only {ran} commands of {name} were run");
    }
}

/// The pages need a shell, openssl and the commands of GNU.
#[cfg(target_os = "linux")]
#[test]
fn the_book_shows_real_output() {
    let ran = run_book("docs/en", "en", |text| !page::commands(text).is_empty());
    assert!(ran >= 20, "only {ran} commands of the book were run");
}

/// What no page shows in Malay was run in English.
#[cfg(target_os = "linux")]
#[test]
fn the_malay_book_shows_real_output() {
    let ran = run_book("docs/ms", "ms", |text| {
        let mut shown = page::commands(text).into_iter().flat_map(|(_, lines)| lines);
        shown.any(|line| line.trim() != "…")
    });
    assert!(ran >= 20, "only {ran} commands of the book in Malay were run");
}

/// Runs the pages that are to be run; returns how many commands.
#[cfg(target_os = "linux")]
fn run_book(book: &str, language: &str, is_run: fn(&str) -> bool) -> usize {
    let pages = pages(book).into_iter().map(|page| (read(book, &page), page));
    let run = pages.filter(|(text, _)| is_run(text));
    run.map(|(text, page)| shell::run_page(&world::of(&page), &text, language)).sum()
}

/// A command that is in no `console` block, and is not in the list of foreign ones either.
fn stray_commands(page: &str, text: &str) -> Vec<String> {
    let is_foreign = |line: &str| {
        FOREIGN.iter().any(|(place, start, _)| *place == page && line.starts_with(start))
    };
    let is_command = |line: &str| {
        line.split(' ')
            .next()
            .is_some_and(|word| PROGRAMS.split_whitespace().any(|known| known == word))
    };
    let mut stray = indented_blocks(text);
    for Block { language, lines } in blocks(text) {
        match language.as_str() {
            "console" => {}
            "text" => {
                stray.extend(lines.into_iter().filter(|line| is_command(line) && !is_foreign(line)))
            }
            known if DATA.contains(&known) => {
                stray.extend(lines.into_iter().filter(|line| is_command(line)));
            }
            other => stray.push(format!("a block of the language {other:?}")),
        }
    }
    stray
}

#[test]
fn commands_stand_only_where_they_are_run() {
    for page in pages("docs/en") {
        let stray = stray_commands(&page, &read("docs/en", &page));
        assert!(stray.is_empty(), "docs/en/{page}: {stray:#?}");
    }
    let stray = stray_commands("README.md", &read("", "README.md"));
    assert!(stray.is_empty(), "README.md: {stray:#?}");
    for (page, start, _) in FOREIGN {
        let lines = blocks(&read("docs/en", page)).into_iter().flat_map(|block| block.lines);
        assert!(lines.into_iter().any(|line| line.starts_with(start)), "{page} has no {start}");
    }
}

#[test]
fn stray_commands_are_found() {
    for text in [
        "```sh\nls\n```\n",
        "```\narkib check\n```\n",
        "```text\nopenssl version\n```\n",
        "```yaml\n$ arkib check\n```\n",
        "So:\n\n    arkib check\n",
        "1. So:\n\n       arkib check\n",
    ] {
        assert_eq!(stray_commands("START.md", text).len(), 1, "{text}");
    }
    let fine = "1. So:\n\n   ```console\n   $ arkib check\n   ```\n   arkib reads it.\n";
    assert_eq!(stray_commands("START.md", fine), [""; 0]);
}

/// A block without what may be translated: its comments, and what commands print.
fn without_texts(block: Block) -> Block {
    let Block { language, lines } = block;
    let has_comments = ["yaml", "console"].contains(&language.as_str());
    let cut = |line: String| match line.split_once(" #") {
        Some((before, _)) if has_comments => before.trim_end().to_owned(),
        _ => line,
    };
    let lines = match language.as_str() {
        "console" => page::commands_of(lines).into_iter().map(|(command, _)| command).collect(),
        _ => lines,
    };
    let lines = lines.into_iter().map(cut).filter(|line| !has_comments || !line.starts_with('#'));
    Block { lines: lines.collect(), language }
}

/// How the Malay page differs from the English one in what is no prose.
fn differences(english: &str, malay: &str) -> Vec<String> {
    let of = |text: &str| blocks(text).into_iter().map(without_texts).collect::<Vec<Block>>();
    let (ours, theirs) = (of(english), of(malay));
    let mut found = Vec::new();
    if headings(english).len() != headings(malay).len() {
        found.push(format!("{} headings, not {}", headings(malay).len(), headings(english).len()));
    }
    if ours.len() != theirs.len() {
        found.push(format!("{} blocks, not {}", theirs.len(), ours.len()));
    }
    let pairs = ours.into_iter().zip(theirs).filter(|(ours, theirs)| ours != theirs);
    found.extend(pairs.map(|(ours, theirs)| format!("{theirs:#?} is not {ours:#?}")));
    found
}

#[test]
fn the_malay_book_has_the_same_blocks() {
    assert_eq!(pages("docs/ms"), pages("docs/en"));
    for page in pages("docs/en") {
        let found = differences(&read("docs/en", &page), &read("docs/ms", &page));
        assert!(found.is_empty(), "docs/ms/{page}: {}", found.join("\n"));
    }
    let found = differences(&read("", "README.md"), &read("", "README.ms.md"));
    assert!(found.is_empty(), "README.ms.md: {}", found.join("\n"));
}

/// A page that opens with the project: its length, and that of its code on a terminal.
#[test]
fn the_readmes_fit_a_terminal() {
    for name in ["README.md", "README.ms.md"] {
        let text = read("", name);
        assert!(text.lines().count() <= 150, "{name} has {} lines", text.lines().count());
        let code = blocks(&text).into_iter().flat_map(|block| block.lines);
        let long: Vec<String> = code.filter(|line| line.chars().count() > 80).collect();
        assert!(long.is_empty(), "{name}: {long:#?}");
    }
}

#[test]
fn differences_between_the_books_are_found() {
    let english = "# A\n\n## B\n\n```console\n$ arkib check  # offline\nno problems\n```\n\n```\n1 # one\n```\n";
    let translated = "# A\n\n## B\n\n```console\n$ arkib check # luar talian\ntiada masalah\n```\n\n```\n1 # one\n```\n";
    assert_eq!(differences(english, translated), [""; 0]);
    for (from, to) in [
        ("## B\n", ""),
        ("arkib check", "arkib status"),
        ("console", "text"),
        ("1 # one", "1 # satu"),
        ("```\n1 # one\n```\n", ""),
    ] {
        let malay = english.replacen(from, to, 1);
        assert!(!differences(english, &malay).is_empty(), "{from} -> {to}");
    }
}
