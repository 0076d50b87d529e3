//! `arkib notify`: the notices that are due (procedure step 4), for all agencies. The work for one
//! agency is in [`agency`].

mod agency;
mod deliver;
mod email;
mod guard;
mod options;
mod prepare;
mod print_folder;
mod recording;
mod templates;

use std::cell::Cell;
use std::sync::Arc;

use self::options::NotifyContext;
use self::prepare::concerns;
use super::failure::Failure;
use super::records_branch::RecordsBranch;
use super::{interrupt, read_requests, records_branch};
use crate::apply::Stop;
use crate::domain::agency::Agency;
use crate::exit::Exit;
use crate::load::{LoadedRequests, today};
use crate::output::findings;
use crate::output::findings::count_problems;
use crate::output::format::Format;
use crate::output::json;
use crate::output::notify as output;
use crate::output::notify::NotifyOutput;
use crate::output::result_printer;
use crate::printer;
use crate::printer::text;
use crate::yaml::has_errors;

pub use self::options::{NoticeFilter, Options, parse_request_id};

/// Runs the command.
pub fn run(mut options: Options) -> Exit {
    let runtime = match super::new_runtime() {
        Ok(runtime) => runtime,
        Err(why) => return end_early(&options, None, Failure::failed(why, "")),
    };
    let stop = interrupt::listen_for_signals(&runtime, records_branch::stop_git);
    let (folder, name) = (&options.requests.requests, options.records_branch.as_deref());
    let branch = RecordsBranch::open(folder, name, &mut options.records)
        .map_err(|failure| failure.with_prefix(message!("notify-nobody-informed")));
    let mut branch = match interrupt::unless_stopped(&stop, branch) {
        Ok(branch) => branch.filter(|_| !options.dry_run),
        Err(failure) => return end_early(&options, None, failure),
    };
    let options = &options;
    let source = match load_requests(options, &stop) {
        Ok(source) => source,
        Err(failure) => return end_early(options, None, failure),
    };
    if let Err(failure) = check_source(options, &source) {
        return end_early(options, Some(&source), failure);
    }
    let found = &source.loaded.findings;
    options.print_if_human(|| findings::render_findings(found));
    branch.iter().for_each(RecordsBranch::begin);
    let mut runs = runtime.block_on(notify_agencies(options, &source, stop));
    if let Some(Err(why)) = branch.as_mut().map(RecordsBranch::push) {
        printer::print_message(&printer::render(&why));
        for run in &mut runs {
            run.exit.status = run.exit.status.combine(Exit::Partly);
            run.exit.reason.push(&why);
        }
    }
    // For people, everything is already shown.
    if options.format != Format::Human {
        let text = || {
            let shown: Vec<String> = runs.iter().map(output::render_text).collect();
            format!("{}{}", findings::render_findings(found), shown.join("\n"))
        };
        result_printer::print_formatted_result(options.format, "notify", text, || {
            json::render_agencies(&runs)
        });
    }
    // An unanswered question must not keep the program running.
    runtime.shutdown_background();
    let exits = runs.iter().map(|run| run.exit.status);
    exits.fold(Exit::Done, Exit::combine)
}

fn load_requests(options: &Options, stop: &Stop) -> Result<LoadedRequests, Failure> {
    let asks = !options.dry_run && !options.yes;
    if asks && (options.format != Format::Human || !printer::is_interactive()) {
        return Err(Failure::new(Exit::Usage, message!("notify-no-terminal"), ""));
    }
    let so = format!(". {}", text!("notify-none-given"));
    interrupt::unless_stopped(stop, read_requests::read_with_base(&options.requests, None, &so))
}

/// Checks that the requests have no errors and there is an agency.
fn check_source(options: &Options, source: &LoadedRequests) -> Result<(), Failure> {
    let found = &source.loaded.findings;
    if has_errors(found) {
        let reason = message!("run-problems-no-notice", problems = count_problems(found));
        return Err(Failure::failed(reason, ""));
    }
    let agencies = &source.loaded.agencies;
    if agencies.is_empty() {
        let reason = message!("run-no-policy-yet");
        return Err(Failure::new(Exit::Done, reason, ""));
    }
    let only = options.only.iter().filter_map(|only| match only {
        NoticeFilter::Request(id) => Some(id),
        NoticeFilter::Address(_) => None,
    });
    for id in only.chain(&options.again) {
        let mut requests = agencies.iter().flat_map(|agency| &agency.requests);
        if !requests.any(|request| request.id == *id) {
            let reason = message!("run-unknown-request", id = id.as_str());
            return Err(Failure::new(Exit::Usage, reason, message!("run-unknown-request-help")));
        }
    }
    Ok(())
}

async fn notify_agencies(
    options: &Options,
    source: &LoadedRequests,
    stop: Arc<Stop>,
) -> Vec<NotifyOutput> {
    let context = NotifyContext { options, source, stop, budget: Cell::default(), today: today() };
    let mut runs: Vec<NotifyOutput> = Vec::new();
    for agency in &source.loaded.agencies {
        if !runs.is_empty() {
            options.print_if_human(|| "\n".to_owned());
        }
        runs.push(agency::notify(&context, agency).await);
    }
    note_subjects_without_notice(options, &source.loaded.agencies, &runs);
    runs
}

/// Reports each request of --again, and each address of --only, without a notice.
fn note_subjects_without_notice(options: &Options, agencies: &[Agency], runs: &[NotifyOutput]) {
    let has_looked = |run: &NotifyOutput| matches!(run.exit.status, Exit::Done | Exit::Partly);
    if !runs.iter().all(has_looked) {
        return;
    }
    for id in &options.again {
        let mut notices = runs.iter().flat_map(|run| &run.notices);
        if !notices.any(|notice| notice.request == id.as_str()) {
            printer::print_note(&text!("notify-none-again", id = id.as_str()));
        }
    }
    for only in &options.only {
        let NoticeFilter::Address(to) = only else { continue };
        let mut notices = runs.iter().flat_map(|run| &run.notices);
        if notices.any(|notice| notice.to == to.as_str()) {
            continue;
        }
        let names_them = |agency: &Agency| {
            let mut requests = agency.requests.iter();
            requests.any(|request| concerns(agency, request, to))
        };
        printer::print_note(&match agencies.iter().any(names_them) {
            true => text!("notify-none-to", to),
            false => text!("notify-unnamed", to),
        });
    }
}

/// Ends a run before the first agency.
fn end_early(options: &Options, source: Option<&LoadedRequests>, failure: Failure) -> Exit {
    let status = failure.exit;
    let found = source.map_or(&[][..], |source| &source.loaded.findings);
    result_printer::print_failure(options.format, "notify", found, failure.into(), |exit| {
        let requests = source
            .map_or_else(|| options.requests.folder_text().into(), LoadedRequests::describe_source);
        let mut summary = NotifyOutput::new(None, requests, None, found);
        summary.exit = exit;
        json::render_agencies(&[summary])
    });
    status
}
