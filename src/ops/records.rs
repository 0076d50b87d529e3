//! `arkib records`: verifies and lists the records of past runs (procedure section 6).

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::records_folder::folder_of;
use crate::domain::record::chain::{Run, heads, verify};
use crate::domain::record::entry::{Begun, Event, Notifying, Redacting};
use crate::domain::record::open;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::journal::folder;
use crate::load::Location;
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
    /// Who ran what; null where that line is gone or was taken out.
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
    /// How many events were taken out of it.
    redacted: usize,
    /// Who took personal data out of what, where it is the record of that.
    redacting: Option<Redacting>,
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
        let (folder, shown) =
            folder_of(&options.requests, chosen, &source, agency).map_err(|failure| {
                let help = failure.help.unwrap_or_default();
                trouble(&folder, &failure.reason, &help)
            })?;
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
        redacted: 0,
        redacting: None,
    };
    for (_, line) in &run.lines {
        match &line.event {
            Event::Begun(begun) => output.begun = Some(begun.clone()),
            Event::Intent(_) => {
                output.intents += 1;
                output.open += usize::from(open.contains(&line.hash));
            }
            Event::Outcome(outcome) if matches!(&*outcome.outcome, "applied" | "already-so") => {
                output.done += 1;
            }
            Event::Outcome(_) => output.not_done += 1,
            Event::Redacted(_) => output.redacted += 1,
            Event::Redacting(redacting) => output.redacting = Some(redacting.clone()),
            Event::Notifying(notifying) => output.notifying = Some(notifying.clone()),
            Event::Notice(_) => {
                output.intents += 1;
                output.open += 1;
            }
            Event::Delivery(delivery) => {
                output.open = output.open.saturating_sub(1);
                match &*delivery.outcome {
                    "sent" | "printed" => output.done += 1,
                    _ => output.not_done += 1,
                }
            }
            Event::Ended(ended) => output.ended = Some(ended.reason.clone()),
            _ => {}
        }
    }
    output
}

fn list(rows: &[RunOutput]) -> String {
    let mut text = String::new();
    for row in rows {
        let at = row.at.as_deref().unwrap_or("?");
        if let Some(redacting) = &row.redacting {
            text.push_str(&redaction(at, redacting, row));
            continue;
        }
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
            (None, None) if row.redacted > 0 => {
                writeln!(text, "{at}  its first line was taken out")
            }
            (None, None) => writeln!(text, "{at}  its first line cannot be read"),
        };
        let gone = match row.redacted {
            0 => String::new(),
            gone => format!(", {} taken out", plural(gone, "event", "events")),
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
            "  {} announced, {} done, {} not done{open}{gone}; {}\n  {}\n",
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

/// The record of a redaction.
fn redaction(at: &str, redacting: &Redacting, row: &RunOutput) -> String {
    let ended = row.ended.as_deref();
    format!(
        "{at}  {}  by {}: {} and {} lost personal data\n  {}; {}\n  {}\n\n",
        visible(&redacting.agency),
        visible(&redacting.by),
        plural(redacting.lines.len(), "event", "events"),
        plural(redacting.requests.len(), "request", "requests"),
        visible(&redacting.reason),
        visible(ended.unwrap_or("it did not come to its end")),
        visible(&row.file),
    )
}
