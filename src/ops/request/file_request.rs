//! Makes the file of a request: checks, shows and writes it, and commits it if that was asked for.

use super::documents::copy_documents;
use super::options::Options;
use super::summary::RequestOutput;
use crate::domain::observed::Observed;
use crate::domain::request::intake::Intake;
use crate::finding::Finding;
use crate::git::BranchBase;
use crate::load::LoadedRequests;
use crate::ops::failure::Failure;
use crate::ops::filing::branch::{FileWording, NewBranch};
use crate::ops::filing::candidate;
use crate::ops::filing::candidate::Candidate;
use crate::ops::filing::filing_result::FilingResult;
use crate::ops::filing::prompter::{Prompter as _, Terminal};
use crate::ops::filing::{FilingOptions, failure_before_writing, failure_of_findings};
use crate::output::findings;
use crate::output::findings::count_problems;
use crate::printer;
use crate::private_files::{WriteOutcome, write_new};
use crate::text::{escape, plural};
use crate::yaml::has_errors;

/// How often the next id is tried because another run was faster.
const TRIES: usize = 50;

/// Reads the requests in the folder; fails if there is no agency.
pub(super) fn load_with_agencies(filing: &FilingOptions) -> Result<LoadedRequests, Failure> {
    let source = filing.load()?;
    match source.loaded.agencies.is_empty() {
        true => Err(failure_of_findings(source.loaded.findings.clone(), "")),
        false => Ok(source),
    }
}

pub(super) fn file_request(
    options: &Options,
    intake: &Intake,
    mut source: LoadedRequests,
    observed: Option<&Observed>,
) -> Result<RequestOutput, Failure> {
    let filing = &options.filing;
    let mut is_agreed = filing.yes || !printer::is_interactive();
    let mut is_shown = false;
    for _ in 0..TRIES {
        let (candidate, mut summary) = make_and_check(options, intake, &source, observed)?;
        if has_errors(&summary.ending.findings) {
            let why = count_problems(&summary.ending.findings);
            summary.ending.set_failure(failure_before_writing(&why, ""));
            summary.text = Some(candidate.text);
            return Ok(summary);
        }
        let name = format!("request/{}", candidate.id);
        let from = (&*candidate.path, branch_base(intake, &source)?);
        let branch = match NewBranch::check_possible(filing, name, from, &source) {
            Ok(branch) => branch,
            Err(failure) => {
                let mut failed = RequestOutput::from(failure);
                failed.id = summary.id;
                return Ok(failed);
            }
        };
        if filing.dry_run {
            summary.ending.reason = message!("request-dry", file = &*candidate.shown);
            summary.text = Some(candidate.text);
            return Ok(summary);
        }
        if !is_agreed {
            is_shown = true;
            is_agreed = confirm_file(&candidate, &summary.ending.findings);
        }
        if !is_agreed {
            return Err(Failure::failed("Not confirmed: nothing was written.", ""));
        }
        match write_with_documents(options, &candidate)? {
            WriteOutcome::Written => {
                summary.is_shown = is_shown;
                summary.written = true;
                finish_filing(&candidate, &source, branch, &mut summary.ending);
                return Ok(summary);
            }
            WriteOutcome::Taken => {
                printer::print_message(&format!(
                    "note: someone else has just written {}; arkib uses the next id.",
                    escape(&candidate.shown)
                ));
                source = load_with_agencies(filing)?;
            }
        }
    }
    let why = "other runs take every new id first";
    Err(failure_before_writing(why, ""))
}

/// Makes the file, and the summary with its findings.
fn make_and_check(
    options: &Options,
    intake: &Intake,
    source: &LoadedRequests,
    observed: Option<&Observed>,
) -> Result<(Candidate, RequestOutput), Failure> {
    let (filing, id) = (&options.filing, options.id.as_ref());
    let (mut candidates, findings) =
        candidate::make_and_check(filing, source, [intake.clone()], id, observed)
            .map_err(|failure| failure.with_prefix("Nothing was written"))?;
    let nothing = || failure_before_writing("nothing was asked for", "run arkib again");
    let candidate = candidates.pop().ok_or_else(nothing)?;
    let mut summary = RequestOutput::new(&candidate, source);
    summary.ending.findings = findings;
    if has_errors(&source.loaded.findings) {
        summary.ending.notes.push(format!(
            "note: other files have problems ({}); `arkib check` shows them",
            count_problems(&source.loaded.findings)
        ));
    }
    Ok((candidate, summary))
}

/// What the branch begins from: the default branch, unless the request withdraws one that is only on the branch
/// that is checked out.
fn branch_base(intake: &Intake, source: &LoadedRequests) -> Result<BranchBase, Failure> {
    let (Some(id), Some(place)) = (&intake.withdraws, source.repository()) else {
        return Ok(BranchBase::Default);
    };
    let mut requests = source.loaded.agencies.iter().flat_map(|agency| &agency.requests);
    let Some(withdrawn) = requests.find(|request| request.id == *id) else {
        return Ok(BranchBase::Default);
    };
    match place.is_on_default_branch(source.relative_path(&withdrawn.file)) {
        Ok(true) => Ok(BranchBase::Default),
        Ok(false) => Ok(BranchBase::Here),
        Err(error) => Err(failure_before_writing(&error.to_string(), error.help())),
    }
}

/// Shows the file and its warnings, and asks.
fn confirm_file(candidate: &Candidate, found: &[Finding]) -> bool {
    printer::print_message("");
    let warnings = findings::render_findings(found);
    if !warnings.is_empty() {
        printer::print_message(warnings.trim_end());
        printer::print_message("");
    }
    printer::print_message(&format!("{}:\n", escape(&candidate.shown)));
    for line in candidate.text.lines() {
        printer::print_message(&format!("  {}", escape(line)));
    }
    let answer = Terminal.ask("\nWrite this file? Type yes to continue: ");
    answer.is_some_and(|answer| answer.trim() == "yes")
}

/// Copies the documents and writes the file, or neither.
fn write_with_documents(options: &Options, candidate: &Candidate) -> Result<WriteOutcome, Failure> {
    let write = || {
        let evidence = candidate.intake.evidence(&candidate.id);
        let mut copies = copy_documents(&options.evidence, &evidence, &candidate.file)?;
        let placed = write_new(&candidate.file, &candidate.text)?;
        if matches!(placed, WriteOutcome::Written) {
            copies.iter_mut().for_each(|copy| copy.disable_cleanup(true));
        }
        Ok(placed)
    };
    write().map_err(|error: std::io::Error| {
        let reason = format!("{} cannot be written: {error}.", candidate.shown);
        Failure::failed(reason, "")
    })
}

/// Reports the written file, and prepares the branch and the next commands.
fn finish_filing(
    candidate: &Candidate,
    source: &LoadedRequests,
    branch: NewBranch<'_>,
    ending: &mut FilingResult,
) {
    let Candidate { id, intake, .. } = candidate;
    let file = &*candidate.shown;
    let (archives, reason) = match intake.mailboxes.len() {
        0 => (String::new(), message!("request-wrote", file)),
        count => (
            format!(" {}", plural(count, "archive", "archives")),
            message!("request-wrote-mailboxes", file, count),
        ),
    };
    ending.reason = reason;
    let (folder, _) = candidate.path.rsplit_once('/').unwrap_or_default();
    let documents = intake.evidence(id);
    let mut paths = vec![candidate.path.clone()];
    paths.extend(documents.iter().map(|document| format!("{folder}/{}", document.file)));
    let message = format!("Request {id}: {}{archives}", intake.verb());
    branch.commit(source, (&paths, &documents), &message, FileWording::One, ending);
}
