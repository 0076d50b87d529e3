//! What follows a run, whether it failed or not: the message to operators, and the file with figures.

use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;
use tokio::runtime::Runtime;

use super::options::Options;
use crate::apply::Stop;
use crate::domain::alert::{Alert, FailedRun, FinishedRun, expiring_credentials};
use crate::domain::mailbox_address::Mailbox;
use crate::environment;
use crate::exit::Exit;
use crate::finding::{Finding, Severity};
use crate::forge::ci_run::job_url;
use crate::language::Message;
use crate::load::LoadedRequests;
use crate::ops::alert::AlertTarget;
use crate::ops::exit_status::{FailOn, exit_of_findings};
use crate::output::AgencyResult;
use crate::output::alert::AlertRun;
use crate::output::json::ExitOutput;
use crate::output::metrics;
use crate::output::metrics::RunFigures;
use crate::output::report_writer::unwritten_message;
use crate::printer;
use crate::printer::text;
use crate::private_files::replace_public;

/// How a run ended, as far as it came.
pub(super) struct EndedRun<'a> {
    /// The requests, if they were read.
    pub source: Option<&'a LoadedRequests>,
    /// The result of each agency, in their order.
    pub runs: &'a [AgencyResult],
    /// Why it ended, if that was before the first agency or after the last.
    pub reason: Option<String>,
    /// The exit status of the program.
    pub exit: Exit,
}

/// What a run will say of itself when it has ended.
pub(super) struct RunReporter {
    begun: Instant,
    target: Option<AlertTarget>,
}

impl RunReporter {
    /// To be called when the run begins: an address that cannot be used is said at once, also by a run
    /// after which there is nothing to send.
    pub fn begin(options: &Options) -> Self {
        let target = match options.base {
            None => AlertTarget::from_environment(
                &environment::variable,
                &environment::read_credential_file,
            ),
            // The comment on the pull request says everything.
            Some(_) => Ok(None),
        };
        let target = target.unwrap_or_else(|error| {
            let why = format!("{}; {}", error.why, error.help);
            printer::print_message(&text!("run-no-alert", why));
            None
        });
        Self { begun: Instant::now(), target }
    }

    /// Writes the figures and sends the message. Returns the exit status of the program, which a failure
    /// to write the figures changes.
    pub fn end(
        &self,
        options: &Options,
        ended: &mut EndedRun<'_>,
        runtime: &Runtime,
        stop: &Stop,
    ) -> Exit {
        let now = Timestamp::now();
        if let Some(file) = &options.metrics
            && let Err(why) = self.write_metrics(options, file, ended, now)
        {
            printer::report_write_failure(&why);
            ended.exit = ended.exit.combine(Exit::Failed);
            ended.reason.get_or_insert(why);
        }
        if let Some(target) = &self.target {
            let alert = alert_of(options, ended);
            if !alert.is_empty() {
                let run = AlertRun {
                    is_dry_run: options.dry_run,
                    requests: ended.source.map_or_else(
                        || options.requests.folder_text(),
                        |source| source.describe_source().in_english(),
                    ),
                    job: job_url(&environment::variable),
                    ended: now,
                    status: ended.exit.status(),
                };
                let sent = target.send(&alert, &run, sender(ended.source), stop);
                if let Err(why) = runtime.block_on(sent) {
                    printer::print_message(&text!("run-alert-unsent", why));
                }
            }
        }
        ended.exit
    }

    fn write_metrics(
        &self,
        options: &Options,
        file: &Path,
        ended: &EndedRun<'_>,
        now: Timestamp,
    ) -> Result<(), String> {
        let agencies = ended.source.map_or(&[][..], |source| &source.loaded.agencies);
        let day = options.requests.as_of();
        let next_ends =
            agencies.iter().map(|agency| Some(expiring_credentials(agency, day).first()?.at));
        let next_ends = next_ends.chain(std::iter::repeat(None));
        let agencies: Vec<_> = ended.runs.iter().zip(next_ends).collect();
        let status = ended.exit.status();
        let seconds = self.begun.elapsed().as_secs_f64();
        let text = metrics::render(&agencies, &RunFigures { ended: now, seconds, status });
        replace_public(file, printer::without_secrets(&text).as_bytes())
            .map_err(|error| unwritten_message(file, &error))
    }
}

/// Who sends e-mail: as notices, so that the mail server knows the address.
fn sender(source: Option<&LoadedRequests>) -> Option<&Mailbox> {
    let agencies = source.map_or(&[][..], |source| &source.loaded.agencies);
    let mut notices = agencies.iter().filter_map(|agency| agency.policy.notices.as_ref());
    notices.next().map(|notices| &notices.from)
}

/// What operators should hear: of a dry run everything, of one that applies only what it met. Of a plan that
/// is only saved for runs to apply, that it failed: those runs tell what they meet.
fn alert_of(options: &Options, ended: &EndedRun<'_>) -> Alert {
    let agencies = ended.source.map_or(&[][..], |source| &source.loaded.agencies);
    let is_only_saved = options.plan_out.is_some() && options.fail_on.is_empty();
    let mut alert = Alert::default();
    for (agency, result) in agencies.iter().zip(ended.runs) {
        let reason = with_help(&result.reason, result.help.as_ref());
        let run = FinishedRun {
            agency,
            plan: result.plan.as_ref(),
            outcomes: result.outcomes.as_deref(),
            day: options.requests.as_of(),
            failure: is_failure(result.exit).then(|| (result.exit.status(), &*reason)),
        };
        alert.add_run(&run);
        if options.dry_run && !is_only_saved {
            alert.add_review(&run);
        }
    }
    if is_only_saved {
        alert.drift.clear();
    }
    // Who says what to look for, and not these, would hear of them every night.
    if !options.fail_on.is_empty() && !options.fail_on.contains(&FailOn::Unmanaged) {
        alert.unmanaged.clear();
    }
    if let (Some(reason), true) = (&ended.reason, is_failure(ended.exit)) {
        let (status, reason) = (ended.exit.status(), reason.clone());
        alert.failed.push(FailedRun { agency: None, status, reason });
    }
    alert
}

/// Why a run ended before the first agency: where files have problems, with the first of them.
pub(super) fn early_reason(
    options: &Options,
    source: Option<&LoadedRequests>,
    ended: &ExitOutput,
) -> String {
    let found = source.map_or(&[][..], |source| &source.loaded.findings);
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    let first = found.iter().find(is_error).or(found.first());
    match first.filter(|_| exit_of_findings(found, options.strict) != Exit::Done) {
        Some(first) => {
            let (place, first_problem) = (first.place_text(), &first.message);
            let reason =
                message!("run-first-problem", reason = &ended.reason, place, first_problem);
            with_help(&reason, Some(&first.help))
        }
        None => with_help(&ended.reason, ended.help.as_ref()),
    }
}

/// In English, like all of an alert, which programs read, too.
fn with_help(reason: &Message, help: Option<&Message>) -> String {
    let reason = reason.in_english();
    match help.map(Message::in_english) {
        Some(help) => format!("{}; {help}", reason.trim_end_matches('.')),
        None => reason,
    }
}

/// What a dry run found is no failure; each kind is heard of by itself.
fn is_failure(exit: Exit) -> bool {
    !matches!(exit, Exit::Done | Exit::Pending)
}
