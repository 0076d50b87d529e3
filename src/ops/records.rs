//! `arkib records`: verifies and lists the records of past runs (procedure section 6).

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use super::exit_status::exit_of_findings;
use super::read_requests::load;
use super::records_access::{
    add_lost_records, agency_subpath, history_of_records, records_folder_of,
};
use super::records_branch::RecordsBranch;
use crate::domain::record::chain::{RunRecord, head_hashes, verify};
use crate::domain::record::open_changes;
use crate::exit::Exit;
use crate::finding::{Finding, Severity};
use crate::journal::read_records;
use crate::language::Message;
use crate::load::RequestsLocation;
use crate::output::findings::count_problems;
use crate::output::format::Format;
use crate::output::records::{
    RecordsOutput, RunOutput, note_voided_subjects, render_commits, render_runs,
};
use crate::output::{findings, json, result_printer};
use crate::printer;
use crate::printer::text;
use crate::system_limits;
use crate::text::escape;

/// The options of the command.
#[derive(Debug)]
pub struct Options {
    /// Where the requests are.
    pub requests: RequestsLocation,
    /// The folder of the records.
    pub records: Option<PathBuf>,
    /// The branch of the remote repository with the records, in place of a folder
    pub records_branch: Option<String>,
    /// Whether to list the runs, oldest first.
    pub lists: bool,
    /// Show only runs about this mailbox or request.
    pub about: Option<String>,
    /// The format of the result.
    pub format: Format,
}

/// Runs the command.
pub fn run(mut options: Options) -> Exit {
    let (chains, commits, mut found) = read_all_agencies(&mut options)
        .unwrap_or_else(|finding| (Vec::new(), BringingCommits::new(), vec![*finding]));
    crate::finding::sort_findings(&mut found);
    let exit = exit_of_findings(&found, false);
    let heads: Vec<String> = chains.iter().flat_map(|runs| head_hashes(runs)).collect();
    let runs: Vec<RunRecord> = chains.into_iter().flatten().collect();
    let reason = exit_reason(runs.len(), &found, &heads);
    let open: HashSet<String> =
        open_changes::open_changes(&runs).into_iter().map(|open| open.hash).collect();
    let commit = |run: &RunRecord| commits.get(&*run.file).cloned();
    let rows = runs.iter().map(|run| RunOutput::new(run, &open, commit(run)));
    let mut rows: Vec<RunOutput> = rows.collect();
    note_voided_subjects(&mut rows);
    let about = options.about.as_deref();
    rows.retain(|row| about.is_none_or(|about| row.is_about(about)));
    let output = RecordsOutput::new(rows, &found, json::exit_output(exit, &reason));
    let is_incomplete = found.iter().any(|found| found.severity == Severity::Error);
    let text = || {
        let listed =
            match (options.lists, about.filter(|_| output.runs.is_empty() && !is_incomplete)) {
                (_, Some(about)) => text!("record-none-about", about = escape(about)) + "\n",
                (true, None) => render_runs(&output.runs, about),
                (false, None) => render_commits(&output.runs),
            };
        let found = findings::render_findings(&found);
        let end = printer::wrap(&printer::render(&reason), printer::columns(), 2);
        format!("{listed}{found}{end}\n")
    };
    result_printer::print_formatted_result(options.format, "records", text, || {
        json::render(&output)
    });
    exit
}

/// How many records were read, what was found, and their last hashes.
fn exit_reason(records: usize, found: &[Finding], heads: &[String]) -> Message {
    let found = match found {
        [] if records == 0 => return message!("record-read-none"),
        [] => message!("check-no-problems"),
        found => count_problems(found),
    };
    let heads: Vec<&str> = heads.iter().filter_map(|head| head.get(..16)).collect();
    match heads.as_slice() {
        [] => message!("record-read", records, found),
        heads => message!("record-read-heads", records, found, heads = heads.join(", ")),
    }
}

/// The commits that brought records, by their files as shown.
type BringingCommits = HashMap<String, String>;

type AllRecords = (Vec<Vec<RunRecord>>, BringingCommits, Vec<Finding>);

/// The records of each agency, the commits that brought them, and what git says against them.
fn read_all_agencies(options: &mut Options) -> Result<AllRecords, Box<Finding>> {
    let trouble = |place: &str, why: Message, help: Message| {
        Box::new(Finding::whole_file(&place.into(), "cannot-read", why, help))
    };
    let folder = options.requests.folder_text();
    let (requests, name) = (&options.requests.requests, options.records_branch.as_deref());
    let branch = RecordsBranch::open(requests, name, &mut options.records)
        .map_err(|failure| trouble(&folder, failure.reason, failure.help.unwrap_or_default()))?;
    let on_branch = branch.map(|branch| branch.history());
    let source = load(&options.requests, None)
        .map_err(|error| trouble(&folder, error.to_string().into(), error.help()))?;
    if source.loaded.agencies.is_empty() {
        let help = message!("record-no-policy-help");
        return Err(trouble(&folder, message!("record-no-policy"), help));
    }
    if let Some(chosen) = options.records.as_deref().filter(|folder| !folder.is_dir()) {
        let (what, help) = (message!("record-absent"), message!("record-absent-help"));
        return Err(trouble(&chosen.to_string_lossy(), what, help));
    }
    let (mut chains, mut commits, mut found) = (Vec::new(), BringingCommits::new(), Vec::new());
    for agency in &source.loaded.agencies {
        let chosen = options.records.as_deref();
        let (folder, shown) = records_folder_of(&options.requests, chosen, &source, agency)
            .map_err(|failure| {
                trouble(&folder, failure.reason, failure.help.unwrap_or_default())
            })?;
        let read = read_records::read(&folder, &shown).map_err(|error| {
            let help = system_limits::help(&error);
            let help = help.unwrap_or_else(|| message!("record-not-read-help"));
            trouble(&shown, error.to_string().into(), help)
        })?;
        let below = agency_subpath(&source, agency);
        let below = if on_branch.is_some() { below } else { "" };
        let history = on_branch.clone().unwrap_or_else(|| history_of_records(&folder));
        let warning = match &history {
            Ok(history) if history.is_cut => Some((message!("record-history-cut"), None)),
            Ok(_) => None,
            Err(error) => {
                let why = message!("record-history-unread", error = error.to_string());
                Some((why, Some(error.help())))
            }
        };
        found.extend(warning.map(|(why, help)| Finding {
            severity: Severity::Warning,
            ..*trouble(&shown, why, help.unwrap_or_else(|| message!("record-history-cut-help")))
        }));
        let history = history.unwrap_or_default();
        found.extend(verify(&read));
        add_lost_records(&mut found, &history, below, (&folder, &shown));
        commits.extend(read.iter().filter_map(|run| {
            let (_, name) = run.file.rsplit_once('/')?;
            Some((run.file.to_string(), history.brought.get(&format!("{below}{name}"))?.clone()))
        }));
        chains.push(read);
    }
    Ok((chains, commits, found))
}
