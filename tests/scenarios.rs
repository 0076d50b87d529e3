//! Scenarios: a folder each, with requests, a portal, commands, and the transcript that is
//! expected. A new case needs files, not code, and each is a separate test:
//! `cargo test --test scenarios NAME`. `ARKIB_BLESS=1 cargo test --test scenarios` writes the
//! transcripts again; read the difference before you commit it.
//!
//! Digests are shown as `[DIGEST 1]`, `[DIGEST 2]`, …, in the order in which they first appear: it
//! matters here which are the same, not what they are.
//!
//! Lines of `command`:
//! - `# …`                         what the scenario shows
//! - `arkib …`                     runs the program
//! - `portal MAILBOX name=value …` someone else changes the mailbox in the portal
//! - `add FILE`                    moves `later/FILE` into the requests and replaces an existing file
//! - `remove FILE`                 deletes a file of the requests
//! - `columns N`                   from here on, the screen of `arkib` is so wide
//! - `webhook`                     from here on, `arkib` sends alerts, which are shown below its output
//! - `git …`                       runs git; the same commits have the same names everywhere

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arkib::devportal::{Clock, DatabaseLocation, Options, Roster, start};
use libtest_mimic::{Arguments, Failed, Trial};
use secrecy::SecretString;

use session::{InTime as _, Session, status, stderr, stdout};
use webhook::Webhook;

#[path = "it/session.rs"]
#[allow(dead_code, reason = "shared with the tests of `it`")]
mod session;
#[path = "it/webhook.rs"]
#[allow(dead_code, reason = "shared with the tests of `it`")]
mod webhook;

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut folders: Vec<PathBuf> = fs::read_dir(scenarios())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    assert!(folders.len() >= 40, "only {} scenarios", folders.len());
    let trials = folders.into_iter().map(|folder| {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        Trial::test(name, move || check(&folder).map_err(Failed::from))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn check(folder: &Path) -> Result<(), String> {
    let commands = fs::read_to_string(folder.join("command"))
        .map_err(|error| format!("no file `command`: {error}"))?;
    let got = transcript(folder, &commands)?;
    let file = folder.join("expected");
    if std::env::var_os("ARKIB_BLESS").is_some() {
        fs::write(&file, &got).unwrap();
        return Ok(());
    }
    let expected =
        fs::read_to_string(&file).map_err(|error| format!("no file `expected`: {error}"))?;
    if expected == got {
        return Ok(());
    }
    let diff = similar::TextDiff::from_lines(&expected, &got);
    Err(diff.unified_diff().header("expected", "got").to_string())
}

fn transcript(folder: &Path, commands: &str) -> Result<String, String> {
    let session = Session::new();
    session::copy(folder, session.path());
    // The day may change while it runs.
    let begun = today();
    let mut text = String::new();
    let mut ran = 0;
    let mut webhook: Option<Webhook> = None;
    let mut columns = None;
    for line in commands.lines().filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["#", ..] => {}
            ["arkib", arguments @ ..] => {
                ran += 1;
                let digest = last_whole_digest(&text).unwrap_or("[DIGEST]");
                let arguments: Vec<&str> = arguments
                    .iter()
                    .map(|word| if *word == "[DIGEST]" { digest } else { word })
                    .collect();
                let mut command = session.arkib(&arguments);
                if let Some(webhook) = &webhook {
                    command.env("ARKIB_ALERT_URL", webhook.url());
                }
                command.envs(columns.map(|columns| ("COLUMNS", columns)));
                let output = command.in_time();
                let _ = writeln!(text, "$ {line}");
                text.push_str(&stdout(&output));
                for line in stderr(&output).lines() {
                    let _ = writeln!(text, "stderr: {line}");
                }
                for (_, body) in webhook.iter().flat_map(Webhook::take) {
                    let alert: serde_json::Value = serde_json::from_str(&body).unwrap();
                    for line in alert["text"].as_str().unwrap().lines() {
                        let _ = writeln!(text, "{}", format!("alert: {line}").trim_end());
                    }
                }
                let _ = writeln!(text, "exit {}\n", status(&output));
            }
            ["columns", number] => {
                columns = Some(*number);
                let _ = writeln!(text, "$ {line}\n");
            }
            ["webhook"] => webhook = Some(Webhook::start()),
            ["portal", mailbox, changes @ ..] => {
                change(&session, mailbox, changes)?;
                let _ = writeln!(text, "$ {line}\n");
            }
            ["add", file] => {
                let to = session.path().join("requests").join(file);
                let _ = fs::create_dir_all(to.parent().unwrap());
                fs::rename(session.path().join("later").join(file), to)
                    .map_err(|error| format!("add {file}: {error}"))?;
                let _ = writeln!(text, "$ {line}\n");
            }
            ["remove", file] => {
                fs::remove_file(session.path().join("requests").join(file))
                    .map_err(|error| format!("remove {file}: {error}"))?;
                let _ = writeln!(text, "$ {line}\n");
            }
            ["git", arguments @ ..] => {
                let said = session.git(arguments);
                let _ = writeln!(text, "$ {line}");
                if !said.is_empty() {
                    let _ = writeln!(text, "{said}");
                }
                text.push('\n');
            }
            _ => return Err(format!("unknown command `{line}`")),
        }
    }
    if ran == 0 {
        return Err("no command ran".to_owned());
    }
    let text = text.replace(concat!("arkib ", env!("CARGO_PKG_VERSION")), "arkib [VERSION]");
    let text =
        text.replace(concat!("Version\": \"", env!("CARGO_PKG_VERSION")), "Version\": \"[VERSION]");
    Ok(without_digests(&without_days(&without_times(&text), &[begun, today()])))
}

/// Whether that can be a digest, whole (32 or 64 hexadecimal digits) or its beginning (8).
fn is_digest(word: &str) -> bool {
    let hexadecimal = word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    // Eight digits of this century are a day.
    let is_day = word.starts_with("20") && word.bytes().all(|b| b.is_ascii_digit());
    hexadecimal && !is_day && matches!(word.len(), 8 | 32 | 64)
}

fn is_between_words(character: char) -> bool {
    !character.is_ascii_alphanumeric()
}

fn last_whole_digest(text: &str) -> Option<&str> {
    let mut words = text.rsplit(is_between_words);
    let whole = words.find(|word| is_digest(word) && word.len() > 8);
    whole.map(|digest| &digest[..32])
}

/// A digest is called after its place among those that were shown.
fn without_digests(text: &str) -> String {
    let mut known: Vec<&str> = Vec::new();
    let mut shown = String::new();
    for piece in text.split_inclusive(is_between_words) {
        let word = piece.trim_end_matches(is_between_words);
        if !is_digest(word) {
            shown.push_str(piece);
            continue;
        }
        let beginning = &word[..8];
        if !known.contains(&beginning) {
            known.push(beginning);
        }
        let number = known.iter().position(|one| *one == beginning).unwrap_or_default();
        let _ = write!(shown, "[DIGEST {}]{}", number + 1, &piece[word.len()..]);
    }
    shown
}

fn today() -> String {
    arkib::domain::local_time::local_day(jiff::Timestamp::now()).to_string()
}

/// Hides the days on which this test ran, in the lines that say when something was done.
fn without_days(text: &str, days: &[String]) -> String {
    let masked = |line: &str| {
        let mask = |line: String, day: &String| line.replace(day, "[TODAY]");
        days.iter().fold(line.to_owned(), mask)
    };
    let lines = text.lines().map(|line| match line.trim_start() {
        said if said.starts_with("done ") || said.starts_with("notice ") => masked(line),
        _ => line.to_owned(),
    });
    let mut shown = lines.collect::<Vec<_>>().join("\n");
    if text.ends_with('\n') {
        shown.push('\n');
    }
    shown
}

/// A record is called after the moment of its run.
fn without_times(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("records/20") {
        let end = after.find(".jsonl").expect("a record's name");
        shown.push_str(before);
        shown.push_str("records/[RECORD]");
        rest = &after[end..];
    }
    shown + rest
}

/// Someone else's change, made through the portal's own front door.
fn change(session: &Session, mailbox: &str, changes: &[&str]) -> Result<(), String> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let token = "scenario";
        let mut options = Options::new(SecretString::from(token));
        options.database = DatabaseLocation::File(session.path().join(".arkib/portal.db"));
        if let Ok(bytes) = fs::read(session.path().join("portal.csv")) {
            options.roster =
                Some(Roster::read(&bytes, "portal.csv").map_err(|error| error.to_string())?);
            fs::create_dir_all(session.path().join(".arkib")).unwrap();
        }
        options.clock = Clock::Fixed("2026-11-23T04:00:00Z".parse().unwrap());
        let running = start(options).await.map_err(|error| error.to_string())?;
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::new();
        let found: serde_json::Value = client
            .get(format!("{}/Users", running.url()))
            .query(&[("filter", format!("userName eq \"{mailbox}\""))])
            .bearer_auth(token)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(|error| error.to_string())?
            .json()
            .await
            .map_err(|error| error.to_string())?;
        let id = found["Resources"][0]["id"].as_str().ok_or("no such mailbox")?;
        let operations: Vec<serde_json::Value> =
            changes.iter().map(|change| operation(change)).collect();
        let body = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": operations,
        });
        let answer = client
            .patch(format!("{}/Users/{id}", running.url()))
            .bearer_auth(token)
            .json(&body)
            .send()
            .await
            .map_err(|error| error.to_string())?;
        let good = answer.status().is_success();
        let text = answer.text().await.unwrap_or_default();
        running.stop().await;
        if good { Ok(()) } else { Err(format!("portal {mailbox}: {text}")) }
    })
}

fn operation(change: &str) -> serde_json::Value {
    let (name, value) = change.split_once('=').expect("name=value");
    let value = match value {
        "true" => serde_json::Value::Bool(true),
        "false" => serde_json::Value::Bool(false),
        text => text.into(),
    };
    serde_json::json!({
        "op": "replace",
        "path": format!("urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox:{name}"),
        "value": value,
    })
}
