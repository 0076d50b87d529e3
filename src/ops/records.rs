//! `arkib records`: verifies and lists the records of past runs (procedure section 6).

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::agency::Agency;
use crate::domain::policy;
use crate::domain::record::chain::{Run, heads, verify};
use crate::domain::record::entry::{Begun, Event, Notifying};
use crate::domain::record::open;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::journal::folder;
use crate::load::{Location, Source};
use crate::output::findings;
use crate::output::findings::{count, plural};
use crate::output::format::Format;
use crate::output::json;
use crate::output::json::{ExitOutput, FindingOutput};
use crate::output::markdown;
use crate::output::writer;
use crate::printer;
use crate::text::visible;
use crate::yaml::has_errors;

/// What of the records is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// What is wrong with them.
    Findings,
    /// The runs, oldest first.
    Runs,
}

/// Which records.
#[derive(Debug)]
pub struct Options {
    /// Where the requests are.
    pub requests: Location,
    /// The folder of the records.
    pub records: Option<PathBuf>,
    /// How the result is written.
    pub format: Format,
}

/// Where the records of an agency are, and as the user knows it.
///
/// # Errors
/// Why there is no such place, and what to do.
pub(super) fn folder_of(
    requests: &Location,
    chosen: Option<&Path>,
    source: &Source,
    agency: &Agency,
) -> Result<(PathBuf, String), (String, String)> {
    let file = source.path(&agency.policy.file);
    let below = file.strip_suffix(policy::FILE_NAME).unwrap_or_default();
    let folder = match chosen {
        Some(folder) => folder.join(below),
        None => requests.requests.join(below).join(folder::FOLDER),
    };
    if chosen.is_none() && !requests.requests.is_dir() {
        let why = format!(
            "there is no folder {} on disk to keep the record in",
            requests.folder()
        );
        return Err((why, "name one with --records DIR".to_owned()));
    }
    let shown = folder.to_string_lossy().replace('\\', "/");
    Ok((folder, shown.trim_end_matches('/').to_owned()))
}

/// The output of `arkib records --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "arkib records output")]
pub struct RecordsOutput {
    /// `arkib.records/1`.
    format: &'static str,
    /// The runs, oldest first.
    runs: Vec<RunOutput>,
    /// What is wrong with them.
    findings: Vec<FindingOutput>,
    /// How the command ended.
    exit: ExitOutput,
}

/// One run.
#[derive(Debug, Serialize, JsonSchema)]
struct RunOutput {
    file: String,
    /// When its first line was written.
    at: Option<String>,
    /// Who ran what; null where that line is gone.
    begun: Option<Begun>,
    /// Who gave notices, where the run did that.
    notifying: Option<Notifying>,
    /// How many changes or notices were announced.
    intents: usize,
    /// How many ended well: applied or already so, sent or printed.
    done: usize,
    /// How many ended otherwise.
    not_done: usize,
    /// How many are open: announced, and no record knows of their end. A notice stays so.
    open: usize,
    /// How it ended; null where it did not by itself.
    ended: Option<String>,
    /// Whether it is still under way on this machine.
    under_way: bool,
}

/// Runs the command.
pub fn run(shown: Shown, options: &Options) -> Exit {
    let lists = shown == Shown::Runs;
    let (chains, mut found) = match read(options) {
        Ok(chains) => {
            let found = chains.iter().flat_map(|runs| verify(runs)).collect();
            (chains, found)
        }
        Err(finding) => (Vec::new(), vec![*finding]),
    };
    crate::finding::sort(&mut found);
    let heads: Vec<String> = chains.iter().flat_map(|runs| heads(runs)).collect();
    let runs: Vec<Run> = chains.into_iter().flatten().collect();
    let exit = if has_errors(&found) {
        Exit::Failed
    } else {
        Exit::Done
    };
    let read = plural(runs.len(), "record", "records");
    let newest = match heads.as_slice() {
        [] => String::new(),
        heads => {
            let heads: Vec<&str> = heads.iter().filter_map(|head| head.get(..16)).collect();
            format!("; the newest ends with {}", heads.join(", "))
        }
    };
    let reason = match found.as_slice() {
        [] => format!("{read}, nothing wrong found{newest}"),
        found => format!("{read}, {}{newest}", count(found)),
    };
    let open: HashSet<String> = open::open(&runs).into_iter().map(|it| it.hash).collect();
    let rows: Vec<RunOutput> = runs.iter().map(|run| output(run, &open)).collect();
    let shown = || {
        let listed = if lists { list(&rows) } else { String::new() };
        format!("{listed}{}{reason}\n", findings::human(&found))
    };
    match options.format {
        Format::Human => printer::result(&shown()),
        Format::Markdown => printer::result(&markdown::text("records", &shown(), writer::COMMENT)),
        Format::Json => printer::result(&json::render(&RecordsOutput {
            format: "arkib.records/1",
            runs: rows,
            findings: found.iter().map(json::finding).collect(),
            exit: json::exit(exit, &reason),
        })),
    }
    exit
}

/// The records of each agency.
fn read(options: &Options) -> Result<Vec<Vec<Run>>, Box<Finding>> {
    let trouble = |place: &str, why: &str, help: &str| {
        Box::new(Finding::whole_file(&place.into(), "cannot-read", why, help))
    };
    let folder = options.requests.folder();
    let source = options
        .requests
        .load(None)
        .map_err(|error| trouble(&folder, &error.to_string(), error.help()))?;
    if source.loaded.agencies.is_empty() {
        let help = "run `arkib check` to see why";
        return Err(trouble(&folder, "no policy can be read here", help));
    }
    if let Some(chosen) = options.records.as_deref().filter(|folder| !folder.is_dir()) {
        let help = "name the folder in which the records are";
        return Err(trouble(
            &chosen.to_string_lossy(),
            "there is no such folder",
            help,
        ));
    }
    let mut chains = Vec::new();
    for agency in &source.loaded.agencies {
        let chosen = options.records.as_deref();
        let (folder, shown) = folder_of(&options.requests, chosen, &source, agency)
            .map_err(|(why, help)| trouble(&folder, &why, &help))?;
        let read = folder::read(&folder, &shown).map_err(|error| {
            let help = "mend the permissions, so that no record is overlooked";
            trouble(&shown, &error.to_string(), help)
        })?;
        chains.push(read);
    }
    Ok(chains)
}

fn output(run: &Run, open: &HashSet<String>) -> RunOutput {
    let first = run.lines.first().map(|(_, line)| line);
    let mut output = RunOutput {
        file: run.file.to_string(),
        at: first.map(|line| line.at.clone()),
        begun: None,
        notifying: None,
        intents: 0,
        done: 0,
        not_done: 0,
        open: 0,
        ended: None,
        under_way: run.is_under_way,
    };
    for (_, line) in &run.lines {
        match &line.event {
            Event::Begun(begun) => output.begun = Some(begun.clone()),
            Event::Intent(_) => {
                output.intents += 1;
                output.open += usize::from(open.contains(&line.hash));
            }
            Event::Outcome(outcome) if outcome.outcome.is_done() => output.done += 1,
            Event::Outcome(_) => output.not_done += 1,
            Event::Notifying(notifying) => output.notifying = Some(notifying.clone()),
            Event::Notice(_) => {
                output.intents += 1;
                output.open += 1;
            }
            Event::Delivery(delivery) => {
                output.open = output.open.saturating_sub(1);
                if delivery.outcome.is_given() {
                    output.done += 1;
                } else {
                    output.not_done += 1;
                }
            }
            Event::Ended(ended) => output.ended = Some(ended.reason.clone()),
            Event::Settled(_) => {}
        }
    }
    output
}

fn list(rows: &[RunOutput]) -> String {
    let mut text = String::new();
    for row in rows {
        let at = row.at.as_deref().unwrap_or("?");
        let short = |commit: &Option<String>| {
            let commit = commit.as_deref().and_then(|it| it.get(..7));
            commit.unwrap_or("none").to_owned()
        };
        let _ = match (&row.begun, &row.notifying) {
            (Some(begun), _) => writeln!(
                text,
                "{at}  {}  by {}  plan {}{}  commit {}",
                visible(&begun.agency),
                visible(&begun.by),
                begun.plan.get(..8).unwrap_or("?"),
                part(begun.shard.as_deref()),
                short(&begun.commit),
            ),
            (None, Some(run)) => writeln!(
                text,
                "{at}  {}  by {}  notices  commit {}",
                visible(&run.agency),
                visible(&run.by),
                short(&run.commit),
            ),
            (None, None) => writeln!(text, "{at}  its first line cannot be read"),
        };
        let open = match row.open {
            0 => String::new(),
            open => format!(", {open} open"),
        };
        let otherwise = if row.under_way {
            "it is under way"
        } else {
            "it did not come to its end"
        };
        let ended = row.ended.as_deref().unwrap_or(otherwise);
        let _ = writeln!(
            text,
            "  {} announced, {} done, {} not done{open}; {}\n  {}\n",
            row.intents,
            row.done,
            row.not_done,
            visible(ended),
            visible(&row.file)
        );
    }
    text
}

/// Which part of a plan a run made, where it made a part.
fn part(shard: Option<&str>) -> String {
    shard.map_or_else(String::new, |it| format!("  shard {}", visible(it)))
}
