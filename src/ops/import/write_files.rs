//! Shows the files of an import, then writes them one by one, each completely or not at all.

use std::sync::Arc;

use super::prepare::{ImportContext, ImportRound, load_without_errors, plan_adoptions};
use super::summary::ImportOutput;
use crate::apply::Stop;
use crate::domain::plan::adoption::AdoptionPlan;
use crate::exit::Exit;
use crate::git::BranchBase;
use crate::load::LoadedRequests;
use crate::ops::failure::Failure;
use crate::ops::filing::branch::{FileWording, NewBranch};
use crate::ops::filing::{FilingOptions, failure_before_writing};
use crate::ops::interrupt;
use crate::printer;
use crate::printer::text;
use crate::private_files::{WriteOutcome, write_new};
use crate::text::{escape, plural};

pub(super) fn write_import(
    context: &ImportContext<'_>,
    source: LoadedRequests,
    adoptions: Vec<AdoptionPlan>,
    mut summary: ImportOutput,
) -> Result<ImportOutput, Failure> {
    let filing = &context.options.filing;
    let mut round = match context.make_files(source, adoptions, &mut summary) {
        Ok(round) => round,
        Err(failure) => return Ok(summary.ended_by_failure(failure)),
    };
    let mut branch = prepare_branch(filing, &round)?;
    if filing.dry_run {
        let is_whole = context.options.reference.is_some();
        for file in &round.files {
            summary.add_file(file).text = is_whole.then(|| file.1.text.clone());
        }
        summary.ending.reason = message!("import-dry", count = round.files.len());
        return Ok(summary);
    }
    let runtime = crate::ops::new_runtime().map_err(|why| failure_before_writing(&why, ""))?;
    // A git that commits is not ended: it would leave its locks behind.
    let stop = interrupt::listen_for_signals(&runtime, || ());
    if !filing.yes && printer::is_interactive() {
        show_files(&mut summary, &round);
        let files = message!("import-files", count = round.files.len());
        let question = message!("import-ask", files);
        let ask = move || printer::confirm(&question);
        if !runtime.block_on(interrupt::ask_unless_interrupted(&stop, ask))? {
            return Err(Failure::failed(message!("filing-not-confirmed"), ""));
        }
    }
    let mut last_taken: Option<Arc<str>> = None;
    while let Some(taken) = write_all_files(&round, &stop, &mut summary) {
        // A request with that name would have been read.
        if last_taken.as_ref() == Some(&taken) {
            summary.ending.set_failure(Failure::failed(
                message!("import-taken", file = &taken),
                message!("import-taken-help"),
            ));
            break;
        }
        printer::print_note(&text!("import-just-taken", file = escape(&taken)));
        last_taken = Some(taken);
        let source = load_without_errors(context.options)?;
        let adoptions = plan_adoptions(context.options, &source.loaded.agencies, &context.portals);
        round = match context.make_files(source, adoptions, &mut summary) {
            Ok(round) => round,
            Err(failure) => return Ok(summary.ended_by_failure(failure)),
        };
        if summary.all_files().next().is_none() {
            branch = prepare_branch(filing, &round)?;
        }
    }
    // Do not wait for the task that waits for signals.
    runtime.shutdown_background();
    finish_filing(&round.source, branch, &mut summary);
    Ok(summary)
}

/// The branch for the files, named after the first one.
fn prepare_branch<'a>(
    filing: &'a FilingOptions,
    round: &ImportRound,
) -> Result<Option<NewBranch<'a>>, Failure> {
    let Some((_, first)) = round.files.first() else {
        return Ok(None);
    };
    let name = format!("import/{}", first.id);
    let from = (&*first.path, BranchBase::Default);
    NewBranch::check_possible(filing, name, from, &round.source).map(Some)
}

/// Shows the files to write.
fn show_files(summary: &mut ImportOutput, round: &ImportRound) {
    for file in &round.files {
        summary.add_file(file);
    }
    printer::print_message(&format!("{}\n", summary.list_text().trim_end()));
    summary.clear_files();
}

/// Writes the files until one of them exists already, which is returned, or until a stop or an error.
fn write_all_files(
    round: &ImportRound,
    stop: &Stop,
    summary: &mut ImportOutput,
) -> Option<Arc<str>> {
    for file in &round.files {
        let (_, candidate) = file;
        if stop.is_stop_requested() {
            let reason = message!("import-interrupted");
            summary.ending.set_failure(Failure::new(Exit::Partly, reason, ""));
            return None;
        }
        match write_new(&candidate.file, &candidate.text) {
            Ok(WriteOutcome::Written) => {
                let place = round.source.repository();
                let written = summary.add_file(file);
                written.written = true;
                written.request = place.map(|place| place.path_in_repository(&candidate.path));
            }
            Ok(WriteOutcome::Taken) => return Some(Arc::clone(&candidate.shown)),
            Err(error) => {
                let (file, error) = (&candidate.shown, error.to_string());
                let reason = message!("import-unwritten", file, error);
                summary.ending.set_failure(Failure::failed(reason, ""));
                return None;
            }
        }
    }
    None
}

/// Reports what was written and what comes next; commits if that was asked for.
fn finish_filing(
    source: &LoadedRequests,
    branch: Option<NewBranch<'_>>,
    summary: &mut ImportOutput,
) {
    let first = summary.all_files().next().map(|file| file.id.clone());
    let paths: Vec<String> = summary.all_files().map(|file| file.path.clone()).collect();
    let mailboxes: usize = summary.all_files().map(|file| file.mailboxes.len()).sum();
    let ending = &mut summary.ending;
    let (Some(first), Some(branch)) = (first, branch) else {
        ending.reason = match ending.reason.is_empty() {
            true => message!("import-all-imported"),
            false => message!("import-nothing-written", reason = &ending.reason),
        };
        return;
    };
    let stopped = std::mem::take(&mut ending.reason);
    ending.reason = message!(
        "import-wrote",
        files = message!("import-files", count = paths.len()),
        mailboxes = message!("import-mailboxes", count = mailboxes)
    );
    if !stopped.is_empty() {
        ending.reason.push(stopped);
    }
    if ending.exit != Exit::Done {
        ending.exit = Exit::Partly;
        ending.help.get_or_insert_with(|| message!("import-again-help"));
    }
    let archives = plural(mailboxes, "archive", "archives");
    let message = format!("Import {first}: enter {archives}");
    branch.commit(source, (&paths, &[]), &message, FileWording::Many, ending);
}
