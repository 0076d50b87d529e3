//! Records a rehearsal (procedure section 6), shows each step, and asks what the portal's own pages show.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::options::Options;
use crate::apply::Stop;
use crate::apply::rehearse::RehearsalListener;
use crate::domain::agency::Agency;
use crate::domain::archive_state::Target;
use crate::domain::mapping::scim::Mapping;
use crate::domain::observed::ObservedMailbox;
use crate::domain::plan::policy_digest;
use crate::domain::record::chain::RunRecord;
use crate::domain::record::entry::{
    Ended, Event, FORMAT, RehearsalBegun, RehearsalIntent, RehearsalOutcome,
};
use crate::domain::rehearsal::RehearsalStep;
use crate::exit::Exit;
use crate::journal::append::Journal;
use crate::language::Message;
use crate::load::LoadedRequests;
use crate::ops::actor::{ci_job_url, current_user};
use crate::ops::failure::Failure;
use crate::ops::failure::record_incomplete;
use crate::ops::interrupt::ask_unless_interrupted;
use crate::output::format::Format;
use crate::output::json::ExitOutput;
use crate::output::rehearse::StepOutput;
use crate::printer;
use crate::printer::{text, wrap};
use crate::system_limits;
use crate::text::shown_path;

/// The record of a rehearsal in progress.
pub(super) struct RehearsalRecorder<'a> {
    journal: Journal,
    mapping: &'a Mapping,
    stop: Arc<Stop>,
    options: &'a Options,
    steps: Mutex<Vec<StepOutput>>,
}

impl<'a> RehearsalRecorder<'a> {
    /// Opens the record.
    ///
    /// # Errors
    /// Why it cannot be written.
    pub(super) fn begin_record(
        (source, agency): (&LoadedRequests, &'a Agency),
        found: &ObservedMailbox,
        (folder, runs): (&Path, &[RunRecord]),
        stop: Arc<Stop>,
        options: &'a Options,
    ) -> Result<Self, Failure> {
        let policy = policy_digest(&agency.policy);
        let begun = Event::Rehearsing(RehearsalBegun {
            format: FORMAT.to_owned(),
            arkib: env!("CARGO_PKG_VERSION").to_owned(),
            agency: agency.policy.agency.clone(),
            by: current_user(source)
                .map_err(|unknown| unknown.into_refusal(message!("run-nothing-changed")))?,
            job: ci_job_url(),
            portal: agency.policy.portal,
            commit: source.clean_commit().map(str::to_owned),
            policy: policy.to_string(),
            mailbox: found.mailbox.to_string(),
            id: redact(&found.id),
            found: found.state.to_string(),
        });
        let journal = Journal::start(folder, &policy.short(), runs, begun).map_err(|error| {
            let help = system_limits::help(&error).map(Message::verbatim);
            let folder = shown_path(folder);
            Failure::refused(
                message!("run-not-recorded", folder, error = error.to_string()),
                help.unwrap_or_else(|| message!("run-no-record-help")),
            )
        })?;
        let mapping = &agency.policy.mapping;
        Ok(Self { journal, mapping, stop, options, steps: Mutex::default() })
    }

    /// Each change so far.
    pub(super) fn steps(&self) -> Vec<StepOutput> {
        self.lock_steps().clone()
    }

    fn lock_steps(&self) -> MutexGuard<'_, Vec<StepOutput>> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn write(&self, event: Event) -> Result<(), String> {
        self.journal.write(event).await.map_err(|error| error.to_string())
    }

    /// Ends the record with how the run ended. Gives its file; an incomplete record is reported.
    pub(super) async fn end_record(self, mut exit: ExitOutput) -> (String, ExitOutput) {
        let ended =
            Ended { status: exit.status.status(), reason: redact(&exit.reason.in_english()) };
        let (file, written) = self.journal.end(Event::Ended(ended)).await;
        if let Err(trouble) = written {
            exit.status = exit.status.combine(Exit::Partly);
            exit.reason.push(record_incomplete(&file, trouble));
        }
        (file, exit)
    }
}

/// Any text from a portal may contain the token.
fn redact(text: &str) -> String {
    printer::without_secrets(text).into_owned()
}

impl RehearsalListener for RehearsalRecorder<'_> {
    async fn before_change(&self, step: &RehearsalStep) -> Result<(), String> {
        self.write(Event::Rehearsal(RehearsalIntent {
            action: step.action,
            bulk: step.in_bulk,
            written: step.written.clone(),
            from: redact(step.from.as_str()),
        }))
        .await
    }

    async fn on_end(&self, step: &RehearsalStep) {
        let output = StepOutput::new(step, self.mapping);
        let rehearsed = Event::Rehearsed(RehearsalOutcome {
            action: step.action,
            read_back: step.read_back.as_ref().map(|state| redact(state.as_str())),
            problem: output.problem.as_ref().map(|problem| redact(&problem.in_english())),
        });
        // The end of the record reports what could not be written.
        let _ = self.write(rehearsed).await;
        if self.options.format == Format::Human {
            printer::print_result(&output.line());
        }
        self.lock_steps().push(output);
    }

    async fn web_pages_show_it(&self, target: Target) -> Option<bool> {
        if !self.options.can_ask() {
            return None;
        }
        let state = target.state_word();
        let question = text!("rehearsal-ask-shown", state = Message::from_word(state));
        let question = wrap(&format!("  {question} "), printer::columns(), 2);
        let typed = ask_unless_interrupted(&self.stop, move || printer::ask_line(&question)).await;
        printer::parse_yes_or_no(&typed.ok()?.ok()??)
    }
}
