//! `arkib status`: what was requested, approved and done, and the state in the portal.

mod timeline;
mod watch;

use std::path::PathBuf;
use std::time::Duration;

use self::timeline::{MailboxIndex, mailboxes_of_subject, timeline};
use super::agency_state::{Observer, read_agency_state};
use super::failure::Failure;
use super::filing::candidate::help_elsewhere;
use super::portal_session::PortalFileOptions;
use super::read_requests;
use crate::domain::notice::due::withdrawal::describe_waiting;
use crate::domain::record::history::History;
use crate::exit::Exit;
use crate::load::{LoadedRequests, RequestsLocation};
use crate::output::format::Format;
use crate::output::json;
use crate::output::json::ReconcileOutput;
use crate::output::open_requests;
use crate::output::open_requests::OpenRequestsOutput;
use crate::output::status;
use crate::output::status::{StatusHead, StatusOutput};
use crate::output::{AgencyResult, findings, result_printer};
use crate::printer;
use crate::yaml::has_errors;

/// The options of the command.
#[derive(Debug)]
pub struct Options {
    /// A mailbox or the id of a request
    pub subject: Option<String>,
    /// Every open request, grouped by who must act next
    pub all: bool,
    /// Do not read the portal; use only the records of runs
    pub offline: bool,
    /// The folder of the records [default: `records` next to the agency's policy]
    pub records: Option<PathBuf>,
    /// Where the requests are.
    pub requests: RequestsLocation,
    /// What the environment does not say about the portal.
    pub portal: PortalFileOptions,
    /// The format of the result
    pub format: Format,
    /// Draws it again and again, with such a pause.
    pub watch: Option<Duration>,
}

/// The result, one item per agency: the mailboxes asked for, the open requests, or what the next run
/// would do.
#[derive(Default)]
struct StatusResult {
    mailboxes: Vec<StatusOutput>,
    waiting: Vec<OpenRequestsOutput>,
    plans: Vec<(AgencyResult, OpenRequestsOutput)>,
}

/// Runs the command.
pub fn run(options: &Options) -> Exit {
    let refusal = match options {
        _ if options.offline && options.subject.is_none() && !options.all => {
            Some((message!("status-needs-portal"), message!("status-needs-portal-help")))
        }
        Options { watch: Some(_), format, .. }
            if *format != Format::Human || !printer::is_redrawable() =>
        {
            Some((message!("status-watch-terminal"), message!("status-watch-terminal-help")))
        }
        _ => None,
    };
    if let Some((reason, help)) = refusal {
        printer::print_message(
            &json::exit_output(Exit::Usage, reason).with_help(Some(help)).to_text(),
        );
        return Exit::Usage;
    }
    let runtime = match super::new_runtime() {
        Ok(runtime) => runtime,
        Err(reason) => return end_early(options, None, Failure::failed(reason, "")),
    };
    if let Some(pause) = options.watch {
        let read = async || match read(options).await {
            Ok((source, summary)) => Ok(text(&source, &summary)),
            Err((_, failure)) => Err(failure),
        };
        return runtime.block_on(watch::watch(pause, read));
    }
    match runtime.block_on(read(options)) {
        Ok((source, summary)) => {
            let text = || text(&source, &summary);
            result_printer::print_formatted_result(options.format, "status", text, || {
                json(options, &source, &summary)
            });
            Exit::Done
        }
        Err((source, failure)) => end_early(options, source.as_ref(), failure),
    }
}

/// Reads everything that is asked for; a failure comes with the requests, if they could be read.
async fn read(
    options: &Options,
) -> Result<(LoadedRequests, StatusResult), (Option<LoadedRequests>, Failure)> {
    let source = read_requests::read_with_base(&options.requests, None, "")
        .map_err(|failure| (None, failure))?;
    let found = &source.loaded.findings;
    let summary = match has_errors(found) {
        true => Err(Failure::failed(findings::count_problems(found), "")),
        false => summarize(options, &source).await,
    };
    match summary {
        Ok(summary) => Ok((source, summary)),
        Err(failure) => Err((Some(source), failure)),
    }
}

/// Ends a run without a result.
fn end_early(options: &Options, source: Option<&LoadedRequests>, failure: Failure) -> Exit {
    let status = failure.exit;
    let exit = failure.into();
    let found = source.map_or(&[][..], |source| &source.loaded.findings);
    // Warnings are not the reason for the failure.
    let found = if has_errors(found) { found } else { &[] };
    result_printer::print_failure(options.format, "status", found, exit, |exit| {
        let place = source
            .map_or_else(|| options.requests.folder_text().into(), LoadedRequests::describe_source);
        let head = StatusHead::new(None, place, options.requests.as_of(), options.offline);
        if options.all {
            let known = (&[][..], &History::default(), options.requests.as_of());
            json::render_agencies(&[OpenRequestsOutput::new(head, known, found, exit)])
        } else {
            json::render_agencies(&[StatusOutput::new(head, Vec::new(), found, exit)])
        }
    });
    status
}

async fn summarize(options: &Options, source: &LoadedRequests) -> Result<StatusResult, Failure> {
    let records = options.records.as_deref();
    let mut observer = Observer::new(source, &options.requests, &options.portal, records);
    let mut summary = StatusResult::default();
    for agency in &source.loaded.agencies {
        let subject = options.subject.as_deref();
        let mailboxes = subject.map(|subject| mailboxes_of_subject(subject, agency));
        if mailboxes.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        let only = mailboxes.as_deref();
        let agency_state = read_agency_state(&mut observer, agency, only, options.offline).await?;
        agency_state.report_record_problems();
        let found = &source.loaded.findings;
        let (name, as_of) = (&agency.policy.agency, options.requests.as_of());
        let head = StatusHead::new(Some(name), source.describe_source(), as_of, options.offline);
        let exit = json::exit_output(Exit::Done, "shown");
        match mailboxes {
            Some(mailboxes) => {
                let lifecycles = agency_state.lifecycles(agency);
                let index = MailboxIndex::new(&mailboxes, &agency_state, agency, &lifecycles);
                let each = mailboxes.iter().map(|mailbox| timeline(mailbox, &index));
                let output = StatusOutput::new(head, each.collect(), found, exit);
                summary.mailboxes.push(output);
            }
            None => {
                let lifecycles = agency_state.lifecycles(agency);
                let known = (&*lifecycles, &agency_state.history, as_of);
                let mut waiting = OpenRequestsOutput::new(head, known, found, exit);
                let waits = agency_state.waiting_withdrawals(agency, &lifecycles).into_iter();
                let waits = waits.map(|(id, mailboxes)| describe_waiting(id, &mailboxes));
                waiting.waiting_notices = waits.collect();
                if options.all {
                    summary.waiting.push(waiting);
                    continue;
                }
                let (policy, as_of) = (&agency.policy, options.requests.as_of);
                let run = AgencyResult {
                    plan: agency_state.portal.map(|(_, plan)| plan),
                    reason: message!("status-shown"),
                    ..AgencyResult::for_policy(policy, source.describe_source(), as_of)
                };
                summary.plans.push((run, waiting));
            }
        }
    }
    observer.session.stop_embedded_portals().await;
    if let (Some(subject), []) = (&options.subject, &*summary.mailboxes) {
        let help = help_elsewhere(source, subject).unwrap_or_default();
        let subject = crate::text::excerpt(subject, 80);
        return Err(Failure::failed(message!("status-not-a-subject", subject), help));
    }
    Ok(summary)
}

/// For programs.
fn json(options: &Options, source: &LoadedRequests, summary: &StatusResult) -> String {
    if options.all {
        return json::render_agencies(&summary.waiting);
    }
    if options.subject.is_some() {
        return json::render_agencies(&summary.mailboxes);
    }
    let output = |(run, _): &(AgencyResult, OpenRequestsOutput)| {
        ReconcileOutput::new(run, &source.loaded.findings)
    };
    json::render_agencies(&summary.plans.iter().map(output).collect::<Vec<_>>())
}

/// For people.
fn text(source: &LoadedRequests, summary: &StatusResult) -> String {
    let mut text = findings::render_findings(&source.loaded.findings);
    text.extend(summary.mailboxes.iter().map(status::render_text));
    text.extend(summary.waiting.iter().map(open_requests::render_text));
    let overview = |(run, waiting): &(_, _)| open_requests::render_overview(waiting, run);
    text.extend(summary.plans.iter().map(overview));
    printer::wrap(&text, printer::columns(), 2)
}
