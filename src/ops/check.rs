//! `arkib check`: validates policy, requests and signatures, offline (procedure step 2). With a base, also
//! that merged requests do not change.

mod approval_signatures;
pub(super) mod evidence_documents;
mod unreachable_approvals;

use super::base::Base;
use super::exit_status::exit_of_findings;
use super::failure::Failure;
use super::read_requests::{load, repository_pages};
use crate::exit::Exit;
use crate::finding;
use crate::finding::Finding;
use crate::git::GitError;
use crate::load::{LoadedRequests, RequestsLocation};
use crate::output::findings;
use crate::output::findings::count_problems;
use crate::output::format::ReportFormat;
use crate::output::json;
use crate::output::json::{CheckOutput, ExitOutput};
use crate::output::report_writer;
use crate::output::report_writer::OutputOptions;
use crate::output::{RunResult, human};
use crate::printer;

/// The options of a check.
#[derive(Debug)]
pub struct Options {
    /// Where the requests are.
    pub requests: RequestsLocation,
    /// The branch to merge into
    pub base: Option<Base>,
    /// Also fail on warnings
    pub strict: bool,
    /// The format of the result, and the file for a copy.
    pub output: OutputOptions,
}

/// Runs the command.
pub fn run(options: &Options) -> Exit {
    let is_human = options.output.format == ReportFormat::Human;
    let (found, source) = match load_and_check(options) {
        Ok(checked) => checked,
        Err(failure) => {
            let reason = message!("check-nothing", reason = failure.reason);
            let ended = ExitOutput::from(Failure { reason, ..failure });
            if is_human {
                printer::print_message(&ended.to_text());
            }
            return write_check_output(options, None, &[], ended);
        }
    };
    let is_wrong_folder =
        matches!(&*found, [only] if matches!(only.kind, "no-folder" | "no-policy"));
    let reason = match (&*found, source.loaded.request_files) {
        (_, 0) if is_wrong_folder => {
            message!("check-wrong-folder", folder = options.requests.folder_text())
        }
        ([], count) => message!("check-checked", count, problems = message!("check-no-problems")),
        (_, count) => message!("check-checked", count, problems = count_problems(&found)),
    };
    let ended = ExitOutput { status: exit_of_findings(&found, options.strict), reason, help: None };
    if is_human {
        let policies = human::policy_changes(source.policy_change_summaries());
        let files = human::other_files(source.other_files());
        let shown = findings::render_findings(&found);
        printer::print_result(&format!(
            "{policies}{files}{shown}{}\n",
            printer::render(&ended.reason)
        ));
    }
    write_check_output(options, Some(&source), &found, ended)
}

fn load_and_check(options: &Options) -> Result<(Vec<Finding>, LoadedRequests), Failure> {
    let base = Base::resolve(options.base.as_ref())?;
    let checked = load(&options.requests, base.as_deref());
    let checked = checked.and_then(|source| Ok((collect_findings(&source)?, source)));
    checked.map_err(|error| Failure::failed(error.to_string(), error.help()))
}

/// Writes the output that comes at the end of the run.
fn write_check_output(
    options: &Options,
    source: Option<&LoadedRequests>,
    found: &[Finding],
    ended: ExitOutput,
) -> Exit {
    let exit = ended.status;
    if options.output.format == ReportFormat::Human && options.output.report.is_none() {
        // Everything is shown; git is asked only for what is still needed.
        return exit;
    }
    let summary = RunResult {
        command: "check",
        requests_at: source.map_or_else(
            || options.requests.folder_text().into(),
            LoadedRequests::describe_commits,
        ),
        findings: found,
        policies: source.map_or(&[], LoadedRequests::policy_change_summaries),
        files: source.map_or(&[], LoadedRequests::other_files),
        runs: &[],
        ended: Some(ended),
        places: source
            .map_or_else(|| options.requests.repository_path_resolver(), repository_pages),
    };
    report_writer::write_early_end(&options.output, &summary, || {
        let agencies = source.into_iter().flat_map(|source| &source.loaded.agencies);
        let names = agencies.map(|agency| agency.policy.agency.clone());
        let requests = source.map_or(0, |source| source.loaded.request_files);
        json::render(&CheckOutput::new(requests, names.collect(), &summary))
    });
    exit
}

/// All findings: in the files, in the documents next to them, and in the signatures.
fn collect_findings(source: &LoadedRequests) -> Result<Vec<Finding>, GitError> {
    let mut found = source.loaded.findings.clone();
    found.extend(evidence_documents::verify_documents(source, &|_| true)?);
    found.extend(approval_signatures::find_unverified_approvals(source)?);
    found.extend(unreachable_approvals::find_unreachable_approvals(source)?);
    finding::sort_findings(&mut found);
    Ok(found)
}
