//! Makes the file of a request: checks, shows and writes it, and commits it if that was asked for.

use std::path::PathBuf;

use super::clerk_files::FilesOnDisk;
use super::documents::copy_documents;
use super::options::Options;
use super::portal_mailboxes::Roster;
use super::prompt::context::{Answers, PromptContext};
use super::prompt::review;
use super::summary::RequestOutput;
use crate::domain::observed::Observed;
use crate::domain::request::Request;
use crate::domain::request::new_request::NewRequest;
use crate::git::BranchBase;
use crate::load::LoadedRequests;
use crate::ops::failure::Failure;
use crate::ops::filing::branch::{FileWording, NewBranch};
use crate::ops::filing::candidate;
use crate::ops::filing::candidate::Candidate;
use crate::ops::filing::filing_result::FilingResult;
use crate::ops::filing::prompter::{Prompter as _, Terminal, Unanswered};
use crate::ops::filing::{FilingOptions, failure_before_writing, failure_of_findings};
use crate::output::findings::count_problems;
use crate::printer;
use crate::printer::text;
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

/// Files the request. On a terminal the clerk sees the whole before it is written and can change it, so that no
/// answer is lost because of one that is wrong.
pub(super) fn file_request(
    options: &Options,
    mut answers: Answers,
    mut source: LoadedRequests,
    mut roster: Roster,
) -> Result<RequestOutput, Failure> {
    let filing = &options.filing;
    let can_ask = !filing.yes && !filing.dry_run && printer::is_interactive();
    let mut wants_branch = filing.branch;
    let mut is_agreed = !can_ask;
    let mut tries = 0;
    while tries < TRIES {
        let made = make_and_check(options, &answers.intake, &source, roster.observed.as_ref());
        let (candidate, mut summary) = match made {
            Err(failure) if can_ask => {
                show_failure(&failure);
                change(options, &mut answers, &source, &mut roster)?;
                continue;
            }
            made => made?,
        };
        let is_faulty = has_errors(&summary.ending.findings);
        if is_faulty && !can_ask {
            let why = count_problems(&summary.ending.findings);
            summary.ending.set_failure(failure_before_writing(why, ""));
            summary.text = Some(candidate.text);
            return Ok(summary);
        }
        if is_faulty {
            is_agreed = false;
            review::show(
                &mut Terminal,
                &answers,
                (&candidate, find_withdrawn(&answers.intake, &source)),
                &summary.ending.findings,
            );
            change(options, &mut answers, &source, &mut roster)?;
            continue;
        }
        let (name, base) =
            (format!("request/{}", candidate.id), branch_base(&answers.intake, &source)?);
        let branch = match wants_branch {
            true => NewBranch::check_possible(filing, name, (&candidate.path, base), &source),
            false => Ok(NewBranch::by_hand(filing, name, base)),
        };
        let branch = match branch {
            Ok(branch) => branch,
            Err(failure) if can_ask => {
                show_failure(&failure);
                wants_branch = ask_about_branch()?;
                continue;
            }
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
            review::show(
                &mut Terminal,
                &answers,
                (&candidate, find_withdrawn(&answers.intake, &source)),
                &summary.ending.findings,
            );
            is_agreed = review::confirm(&mut Terminal)?;
        }
        if !is_agreed {
            change(options, &mut answers, &source, &mut roster)?;
            continue;
        }
        tries += 1;
        match write_with_documents(&answers.evidence, &candidate)? {
            WriteOutcome::Written => {
                summary.is_shown = can_ask;
                summary.written = true;
                finish_filing(&candidate, &source, branch, &mut summary.ending);
                return Ok(summary);
            }
            WriteOutcome::Taken => {
                let file = escape(&candidate.shown);
                printer::print_note(&text!("request-taken", file));
                source = load_with_agencies(filing)?;
            }
        }
    }
    Err(failure_before_writing(message!("request-others-faster"), ""))
}

/// Shows why the request cannot be filed as it is.
fn show_failure(failure: &Failure) {
    printer::print_message(&format!("\n! {}", escape(&printer::render(&failure.reason))));
    if let Some(help) = &failure.help {
        printer::print_message(&format!("  {}", escape(&printer::render(help))));
    }
}

/// Lets the clerk change an answer.
fn change(
    options: &Options,
    answers: &mut Answers,
    source: &LoadedRequests,
    roster: &mut Roster,
) -> Result<(), Failure> {
    roster.make_whole(options, source);
    let about = PromptContext {
        agencies: &source.loaded.agencies,
        roster: roster.observed.as_ref(),
        today: options.filing.requests.as_of(),
        files: &FilesOnDisk,
    };
    Ok(review::change(&mut Terminal, answers, &about)?)
}

/// Whether the branch is tried again; else the file is written without one.
fn ask_about_branch() -> Result<bool, Failure> {
    let options =
        [text!("request-branch-again"), text!("request-without-branch"), text!("request-stop")];
    match Terminal.choose(&text!("request-ask-branch"), &options, 0) {
        Ok(0) => Ok(true),
        Ok(1) => Ok(false),
        Ok(_) => Err(Unanswered::Stopped.into()),
        Err(unanswered) => Err(unanswered.into()),
    }
}

/// Makes the file, and the summary with its findings.
fn make_and_check(
    options: &Options,
    intake: &NewRequest,
    source: &LoadedRequests,
    observed: Option<&Observed>,
) -> Result<(Candidate, RequestOutput), Failure> {
    let (filing, id) = (&options.filing, options.id.as_ref());
    let (mut candidates, findings) =
        candidate::make_and_check(filing, source, [intake.clone()], id, observed)
            .map_err(|failure| failure.with_prefix(message!("filing-nothing-written")))?;
    let nothing = || failure_before_writing(message!("filing-folder-changed"), "");
    let candidate = candidates.pop().ok_or_else(nothing)?;
    let mut summary = RequestOutput::new(&candidate, source);
    summary.ending.findings = findings;
    if has_errors(&source.loaded.findings) {
        let problems = count_problems(&source.loaded.findings);
        summary.ending.warnings.push(message!("request-other-problems", problems));
    }
    Ok((candidate, summary))
}

/// What the branch begins from: the default branch, unless the request withdraws one that is only on the branch
/// that is checked out.
fn branch_base(intake: &NewRequest, source: &LoadedRequests) -> Result<BranchBase, Failure> {
    let found = find_withdrawn(intake, source).zip(source.repository());
    let Some((withdrawn, place)) = found else { return Ok(BranchBase::Default) };
    match place.is_file_on_default_branch(source.relative_path(&withdrawn.file)) {
        Ok(true) => Ok(BranchBase::Default),
        Ok(false) => Ok(BranchBase::Here),
        Err(error) => Err(failure_before_writing(error.to_string(), error.help())),
    }
}

/// The request that this one withdraws.
fn find_withdrawn<'a>(intake: &NewRequest, source: &'a LoadedRequests) -> Option<&'a Request> {
    let mut requests = source.loaded.agencies.iter().flat_map(|agency| &agency.requests);
    requests.find(|request| Some(&request.id) == intake.withdraws.as_ref()).map(|found| &**found)
}

/// Copies the documents and writes the file, or neither.
fn write_with_documents(
    documents: &[PathBuf],
    candidate: &Candidate,
) -> Result<WriteOutcome, Failure> {
    let write = || {
        let evidence = candidate.intake.evidence(&candidate.id);
        let mut copies = copy_documents(documents, &evidence, &candidate.file)?;
        let placed = write_new(&candidate.file, &candidate.text)?;
        if matches!(placed, WriteOutcome::Written) {
            copies.iter_mut().for_each(|copy| copy.disable_cleanup(true));
        }
        Ok(placed)
    };
    write().map_err(|error: std::io::Error| {
        let (file, why) = (&*candidate.shown, error.to_string());
        Failure::failed(message!("request-unwritable", file, why), "")
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
