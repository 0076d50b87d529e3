//! `arkib records`: verifies and lists the records of past runs (procedure section 6).

use std::collections::HashSet;
use std::path::PathBuf;

use super::exit_status::exit_of_findings;
use super::records_folder::records_folder_of;
use crate::domain::record::chain::{RunRecord, head_hashes, verify};
use crate::domain::record::open_changes;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::journal::read_records;
use crate::load::RequestsLocation;
use crate::output::findings::count_problems;
use crate::output::format::Format;
use crate::output::records::{RecordsOutput, RunOutput, render_runs};
use crate::output::{findings, json, result_writer};
use crate::text::plural;

/// The options of the command.
#[derive(Debug)]
pub struct Options {
    /// Where the requests are.
    pub requests: RequestsLocation,
    /// The folder of the records.
    pub records: Option<PathBuf>,
    /// Whether to list the runs, oldest first.
    pub lists: bool,
    /// The format of the result.
    pub format: Format,
}

/// Runs the command.
pub fn run(options: &Options) -> Exit {
    let (chains, mut found) = match read_all_agencies(options) {
        Ok(chains) => {
            let found = chains.iter().flat_map(|runs| verify(runs)).collect();
            (chains, found)
        }
        Err(finding) => (Vec::new(), vec![*finding]),
    };
    crate::finding::sort_findings(&mut found);
    let exit = exit_of_findings(&found, false);
    let heads: Vec<String> = chains.iter().flat_map(|runs| head_hashes(runs)).collect();
    let runs: Vec<RunRecord> = chains.into_iter().flatten().collect();
    let reason = exit_reason(runs.len(), &found, &heads);
    let open: HashSet<String> =
        open_changes::open_changes(&runs).into_iter().map(|open| open.hash).collect();
    let rows = runs.iter().map(|run| RunOutput::new(run, &open)).collect();
    let output = RecordsOutput::new(rows, &found, json::exit_output(exit, &reason));
    let text = || {
        let listed = options.lists.then(|| render_runs(&output.runs));
        let found = findings::render_findings(&found);
        format!("{}{found}{reason}\n", listed.unwrap_or_default())
    };
    result_writer::write_result(options.format, "records", text, || json::render(&output));
    exit
}

/// How many records were read, what was found, and their last hashes.
fn exit_reason(records: usize, found: &[Finding], heads: &[String]) -> String {
    let read = plural(records, "record", "records");
    let found = match found {
        [] => "no problems".to_owned(),
        found => count_problems(found),
    };
    let heads: Vec<&str> = heads.iter().filter_map(|head| head.get(..16)).collect();
    match heads.as_slice() {
        [] => format!("{read}, {found}"),
        heads => format!("{read}, {found}; the newest ends with {}", heads.join(", ")),
    }
}

/// The records of each agency.
fn read_all_agencies(options: &Options) -> Result<Vec<Vec<RunRecord>>, Box<Finding>> {
    let trouble = |place: &str, why: &str, help: &str| {
        Box::new(Finding::whole_file(&place.into(), "cannot-read", why, help))
    };
    let folder = options.requests.folder_text();
    let source = options
        .requests
        .load(None)
        .map_err(|error| trouble(&folder, &error.to_string(), error.help()))?;
    if source.loaded.agencies.is_empty() {
        let help = "run `arkib check` to see why";
        return Err(trouble(&folder, "no policy can be read here", help));
    }
    if let Some(chosen) = options.records.as_deref().filter(|folder| !folder.is_dir()) {
        let help = "use --records with the folder of the records";
        return Err(trouble(&chosen.to_string_lossy(), "there is no such folder", help));
    }
    let mut chains = Vec::new();
    for agency in &source.loaded.agencies {
        let chosen = options.records.as_deref();
        let (folder, shown) = records_folder_of(&options.requests, chosen, &source, agency)
            .map_err(|failure| {
                let help = failure.help.unwrap_or_default();
                trouble(&folder, &failure.reason, &help)
            })?;
        let read = read_records::read(&folder, &shown).map_err(|error| {
            let help = "fix the permissions, so that no record is overlooked";
            trouble(&shown, &error.to_string(), help)
        })?;
        chains.push(read);
    }
    Ok(chains)
}
