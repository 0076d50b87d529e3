//! Runs the commands of a page as its reader would, one after the other, and compares what they print.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::page::commands;
use super::world::World;
use crate::session::{InTime as _, stderr, stdout};

/// Commands that build or test arkib itself: the test runs in what they make.
const BUILDS: [&str; 2] = ["cargo test", "cargo build --release"];

/// Pages show what a terminal of usual width shows.
const COLUMNS: &str = "80";

/// Runs every command of a page for somebody who reads that language; returns how many.
pub fn run_page(world: &World, text: &str, language: &str) -> usize {
    let mut before = Vec::new();
    let commands = commands(text);
    for (command, shown) in &commands {
        if BUILDS.contains(&command.as_str()) {
            continue;
        }
        let Some(output) = run(world, &before, &answered(&world.place(command)), language) else {
            continue;
        };
        if is_setting(command) {
            before.push(world.place(command));
        }
        let seen = format!("{}\n{}", stdout(&output), stderr(&output));
        // A page may show what a mistake looks like.
        let is_error =
            |line: &String| ["error[", "ralat["].iter().any(|word| line.starts_with(word));
        let may_fail = shown.iter().any(is_error);
        assert!(output.status.success() || may_fail, "`{command}` fails:\n{seen}");
        // A terminal shows both; without a result the messages of the run count.
        let said = match stdout(&output) {
            result if result.is_empty() => stderr(&output),
            result => result,
        };
        let printed = trim(said.lines());
        let shown = trim(shown.iter().map(String::as_str));
        let is_right = shown.is_empty() || matches(&shown, &printed);
        assert!(is_right, "`{command}` prints something else:\n{}\n{seen}", printed.join("\n"));
    }
    commands.len()
}

/// Whether a command changes the shell for those after it.
fn is_setting(command: &str) -> bool {
    let name = command.split('=').next().unwrap_or_default();
    let is_assignment =
        name != command && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_assignment || command.starts_with("export ") || command.starts_with("cd ")
}

/// A command that asks a person gets its answer.
fn answered(command: &str) -> String {
    let command = command.split(" # ").next().unwrap_or_default().trim_end();
    let asking = ["approve", "reconcile", "request", "notify"];
    let asks = asking.iter().any(|name| command.starts_with(&format!("arkib {name} ")));
    let is_told = ["--yes", "--dry-run", "--print"].iter().any(|option| command.contains(option));
    if asks && !is_told { format!("{command} --yes") } else { command.to_owned() }
}

/// Plain commands run on every system; others need a shell. Copying a file prints nothing.
fn run(world: &World, before: &[String], command: &str, language: &str) -> Option<Output> {
    let session = &world.session;
    let is_plain =
        before.is_empty() && !command.contains(['$', '>', '<', '|', '\'', '"', '\\', '=']);
    let words: Vec<&str> = command.split_whitespace().collect();
    match words.as_slice() {
        ["cargo", "run", "--", arguments @ ..] | ["arkib", arguments @ ..] if is_plain => {
            Some(session.arkib(arguments).envs(reader(language)).in_time())
        }
        ["git", arguments @ ..] if is_plain => {
            session.git(arguments);
            None
        }
        ["cp", file, folder] if is_plain => {
            let name = Path::new(file).file_name().unwrap();
            let to = session.path().join(folder).join(name);
            fs::copy(session.path().join(file), to).unwrap();
            None
        }
        _ => Some(in_shell(world, &format!("{}\n{command}\n", before.join("\n")), language)),
    }
}

/// The environment of a reader's terminal.
fn reader(language: &str) -> [(&str, &str); 2] {
    [("COLUMNS", COLUMNS), ("ARKIB_LANGUAGE", language)]
}

fn in_shell(world: &World, script: &str, language: &str) -> Output {
    let session = &world.session;
    // Its folder, its environment, and git as the person of the page.
    let arkib = session.arkib(&[]);
    let git = session.git_command(&[]);
    // A program by its path is started without a copy of this process.
    let mut command = Command::new(if cfg!(unix) { "/bin/sh" } else { "sh" });
    command.args(["-euc", script]).current_dir(session.path()).env_clear();
    for (name, value) in git.get_envs().chain(arkib.get_envs()) {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let program = Path::new(arkib.get_program()).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(program).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(folders).unwrap()).env("HOME", session.path());
    command.envs(reader(language));
    command.stdin(std::process::Stdio::null()).in_time()
}

fn trim<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut lines: Vec<String> = lines.map(same_commit).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Whether the lines are those shown, where `…` stands for any lines, and ` …` for the rest of its line.
fn matches(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == "…" => {
            (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..]))
        }
        Some((line, rest)) => {
            let Some(first) = printed.first() else { return false };
            let is_same = match line.strip_suffix('…') {
                Some(start) if start.ends_with(' ') => first.starts_with(start),
                _ => first == line,
            };
            is_same && matches(rest, &printed[1..])
        }
    }
}

/// The commit's name differs in every clone, and so does the day.
fn same_commit(line: &str) -> String {
    // The commands of README ran on the day of the test.
    for done in ["    done ", "    dilaksanakan "] {
        if let Some((before, _)) = line.split_once(&format!("{done}20")) {
            return format!("{before}{done}DAY");
        }
    }
    let mut after_at = false;
    let words = line.trim_end().split(' ').map(|word| {
        let is_commit = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let shown = if after_at && is_commit { "COMMIT" } else { word };
        after_at = word == "at" || word == "pada";
        shown
    });
    words.collect::<Vec<&str>>().join(" ")
}
