//! `arkib reconcile`: the main command (procedure step 3), for all agencies. The work for one agency
//! is in [`agency`].

mod agency;
mod apply;
mod carry_out;
mod committed_records;
mod hand_over;
mod hand_over_place;
mod options;
mod plan;
mod previous_runs;
mod recent_changes;
mod recording;
mod run_report;
mod saved_plan;

pub use self::options::Options;

use std::sync::Arc;

use tokio::runtime::Runtime;

use self::options::ReconcileContext;
use self::run_report::{EndedRun, RunReporter, early_reason};
use super::agency_state::Observer;
use super::base::Base;
use super::exit_status::{RunEvent, exit_after, exit_of_findings};
use super::failure::Failure;
use super::records_branch::RecordsBranch;
use super::{interrupt, read_requests, records_branch};
use crate::apply::Stop;
use crate::domain::agency::Agency;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::plan::saved::PlanFile;
use crate::domain::request::Request;
use crate::domain::request::cross_checks::concerned_mailboxes;
use crate::exit::Exit;
use crate::language::Message;
use crate::load::{LoadedRequests, today};
use crate::output::findings;
use crate::output::findings::count_problems;
use crate::output::format::ReportFormat;
use crate::output::json::ExitOutput;
use crate::output::report_writer;
use crate::output::result_printer;
use crate::output::{AgencyResult, RunResult, human, json};
use crate::printer;
use crate::printer::text;
use crate::text::{escape, excerpt};

/// Runs the command.
pub fn run(mut options: Options) -> Exit {
    let runtime = match super::new_runtime() {
        Ok(runtime) => runtime,
        Err(why) => return end_early(&options, None, Failure::failed(why, "")).status,
    };
    let stop = interrupt::listen_for_signals(&runtime, records_branch::stop_git);
    let aftermath = RunReporter::begin(&options);
    let mut source = None;
    let mut runs = Vec::new();
    let result = reconcile_all(&mut options, &runtime, &stop, &mut source, &mut runs);
    let source = source.as_ref();
    let (exit, reason) = match result {
        Ok((exit, reason)) => (exit, reason),
        Err(failure) => {
            let ended = end_early(&options, source, failure);
            (ended.status, Some(early_reason(&options, source, &ended)))
        }
    };
    let mut ended = EndedRun { source, runs: &runs, reason, exit };
    let exit = aftermath.end(&options, &mut ended, &runtime, &stop);
    // An unanswered question must not keep the program running.
    runtime.shutdown_background();
    exit
}

/// Reconciles every agency, and writes the results. Leaves the requests in `source` and the results in
/// `runs`, as far as it comes. Returns the exit status, and its reason if no agency's result has it.
///
/// # Errors
/// Why it ended before the first agency.
fn reconcile_all(
    options: &mut Options,
    runtime: &Runtime,
    stop: &Arc<Stop>,
    source: &mut Option<LoadedRequests>,
    runs: &mut Vec<AgencyResult>,
) -> Result<(Exit, Option<String>), Failure> {
    check_options(options)?;
    let base = Base::resolve(options.base.as_ref())?;
    let plan = options.plan.as_deref().map(saved_plan::read).transpose()?;
    let (folder, name) = (&options.requests.requests, options.records_branch.as_deref());
    let branch = RecordsBranch::open(folder, name, &mut options.records)
        .map_err(|failure| failure.with_prefix(message!("outcome-nothing-changed")));
    let branch = interrupt::unless_stopped(stop, branch)?;
    let mut branch = branch.filter(|_| !options.dry_run);
    let options = &*options;
    let (requests, base) = (&options.requests, base.as_deref());
    let read = read_requests::read_with_base(requests, base, ". Nothing was changed.");
    let source = source.insert(interrupt::unless_stopped(stop, read)?);
    check_source(options, source)?;
    options.output.print_if_human(|| findings::render_findings(&source.loaded.findings));
    branch.iter().for_each(RecordsBranch::begin);
    *runs = runtime.block_on(reconcile_agencies(options, source, plan.as_ref(), stop));
    if let Some(Err(why)) = branch.as_mut().map(RecordsBranch::push) {
        fail_all_runs(runs, why);
    }
    if let Some(file) = &options.plan_out
        && let Err(why) = saved_plan::write(file, source, runs)
    {
        fail_all_runs(runs, why);
    }
    if let Err(why) = report_writer::write_report_file(
        &options.output,
        &run_result(options, Some(source), runs, None),
    ) {
        fail_all_runs(runs, why);
    }
    let summary = run_result(options, Some(source), runs, None);
    let is_cut = report_writer::print_final_output(&options.output, &summary, || {
        json::render_run_result(&summary)
    });
    let exit = runs.iter().fold(Exit::Done, |exit, run| exit.combine(run.exit));
    let is_cut = is_cut && options.dry_run;
    let reason = is_cut.then(|| message!("run-output-cut").in_english());
    Ok((exit_after(exit, RunEvent::Shown { is_cut }), reason))
}

/// Refuses options that cannot be used together.
fn check_options(options: &Options) -> Result<(), Failure> {
    let asks = !options.dry_run && !options.yes;
    let is_human = options.output.format == ReportFormat::Human;
    if asks && (!is_human || !printer::is_interactive()) {
        let reason = message!("run-no-terminal");
        return Err(Failure::new(Exit::Usage, reason, ""));
    }
    if options.shard.is_some() && options.plan.is_none() && !options.accept.is_empty() {
        let reason = message!("plan-shard-accept");
        let help = message!("plan-shard-accept-help");
        return Err(Failure::new(Exit::Usage, reason, help));
    }
    Ok(())
}

/// Checks that the requests have no errors and there is an agency.
fn check_source(options: &Options, source: &LoadedRequests) -> Result<(), Failure> {
    let found = &source.loaded.findings;
    if exit_of_findings(found, options.strict) != Exit::Done {
        let reason = message!("run-problems-nothing-changed", problems = count_problems(found));
        return Err(Failure::failed(reason, ""));
    }
    if source.loaded.agencies.is_empty() {
        return Err(match options.plan_out {
            None => Failure::new(Exit::Done, message!("run-no-policy-yet"), ""),
            Some(_) => Failure::failed(message!("run-no-policy-no-plan"), ""),
        });
    }
    check_only(&options.only, &source.loaded.agencies)
}

/// Refuses a name of --only that is no address; of a request, its mailboxes are named.
fn check_only(only: &[Mailbox], agencies: &[Agency]) -> Result<(), Failure> {
    for name in only.iter().map(Mailbox::as_str) {
        let Err(why) = Mailbox::parse(name) else { continue };
        let is_this = |request: &&Arc<Request>| request.id.as_str().eq_ignore_ascii_case(name);
        let find = |agency: &'_ Agency| {
            let request = agency.requests.iter().find(is_this)?;
            let named = concerned_mailboxes(request, &agency.requests).iter();
            let named: Vec<&str> = named.map(|named| named.mailbox.as_str()).collect();
            let mailboxes = excerpt(&named.join(", "), 400);
            Some(message!("run-only-request", id = request.id.as_str(), mailboxes))
        };
        let reason = agencies.iter().find_map(find);
        let no_address = || message!("run-only-no-address", name = escape(name), why);
        return Err(Failure::new(Exit::Usage, reason.unwrap_or_else(no_address), ""));
    }
    Ok(())
}

fn run_result<'a>(
    options: &Options,
    source: Option<&'a LoadedRequests>,
    runs: &'a [AgencyResult],
    ended: Option<ExitOutput>,
) -> RunResult<'a> {
    RunResult {
        command: "reconcile",
        requests_at: source
            .map_or_else(|| options.requests.folder_text().into(), LoadedRequests::describe_source),
        findings: source.map_or(&[], |source| &source.loaded.findings),
        // The summary of an agency includes its own policy.
        policies: source
            .filter(|_| ended.is_some())
            .map_or(&[], LoadedRequests::policy_change_summaries),
        files: source.filter(|_| ended.is_some()).map_or(&[], LoadedRequests::other_files),
        runs,
        ended,
        places: source.map_or_else(
            || options.requests.repository_path_resolver(),
            read_requests::repository_pages,
        ),
    }
}

/// Makes every run a failure, because an extra output that was asked for is missing.
fn fail_all_runs(runs: &mut [AgencyResult], why: impl Into<Message>) {
    let why = why.into();
    printer::print_message(&printer::render(&why));
    for run in runs {
        run.exit = exit_after(run.exit, RunEvent::NotWritten);
        run.reason.push(&why);
    }
}

/// Ends a run before the first agency.
fn end_early(options: &Options, source: Option<&LoadedRequests>, failure: Failure) -> ExitOutput {
    let ended = ExitOutput::from(failure);
    if options.output.format == ReportFormat::Human {
        let policies =
            human::policy_changes(source.map_or(&[], LoadedRequests::policy_change_summaries));
        let files = human::other_files(source.map_or(&[], LoadedRequests::other_files));
        let found = source
            .map_or(String::new(), |source| findings::render_findings(&source.loaded.findings));
        result_printer::print_early_end(&format!("{policies}{files}{found}"), &ended);
    }
    let summary = run_result(options, source, &[], Some(ended.clone()));
    report_writer::write_early_end(&options.output, &summary, || json::render_run_result(&summary));
    ended
}

async fn reconcile_agencies(
    options: &Options,
    source: &LoadedRequests,
    plan: Option<&PlanFile>,
    stop: &Arc<Stop>,
) -> Vec<AgencyResult> {
    let records = options.records.as_deref();
    let mut observer = Observer {
        stop: Some(stop),
        given_up: options.hand_over_again.then_some(&*options.only),
        is_to_change: true,
        ..Observer::new(source, &options.requests, &options.portal, records)
    };
    observer.session.may_write = !options.dry_run;
    observer.session.concurrency = options.concurrency.into();
    observer.session.stop = Some(Arc::clone(stop));
    let mut context =
        ReconcileContext { options, source, stop, today: today(), plan, stale: Vec::new() };
    if let Some(plans) = plan {
        context.stale = plan::stale_for_all_agencies(&context, plans, &mut observer).await;
    }
    warn_of_mailboxes_without_agency(options, &source.loaded.agencies);
    let mut runs: Vec<AgencyResult> = Vec::new();
    for agency in &source.loaded.agencies {
        if !runs.is_empty() {
            context.print_if_human(|| "\n".to_owned());
        }
        runs.push(agency::reconcile(&context, agency, &mut observer).await);
    }
    observer.session.stop_embedded_portals().await;
    runs
}

fn warn_of_mailboxes_without_agency(options: &Options, agencies: &[Agency]) {
    for mailbox in &options.only {
        if !agencies.iter().any(|agency| agency.policy.owns_domain_of(mailbox)) {
            let mailbox = escape(mailbox.as_str());
            printer::print_message(&text!("run-no-agency-of", mailbox));
        }
    }
}
