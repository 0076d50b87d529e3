//! Records a run (procedure section 6): opens its file, and records each change before it is sent and
//! after it has ended.

#[cfg(test)]
mod tests;

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::options::ReconcileContext;
use super::previous_runs::PreviousRuns;
use crate::apply::{ChangeListener, Outcome};
use crate::domain::agency::Agency;
use crate::domain::plan::{Change, Plan, policy_digest};
use crate::domain::record::entry;
use crate::domain::record::entry::{Begun, Ended, Event, HandOver, HandOverFile, Intent};
use crate::journal::append::Journal;
use crate::language::Message;
use crate::ops::actor::{ci_job_url, current_user};
use crate::ops::exit_status::{RunEvent, exit_after};
use crate::ops::failure::Failure;
use crate::ops::failure::record_incomplete;
use crate::output::AgencyResult;
use crate::printer;
use crate::printer::text;
use crate::progress::Progress;
use crate::system_limits;
use crate::text::{escape, shown_path};

/// The record of one agency's run in progress.
pub(super) struct ChangeRecorder {
    journal: Journal,
    pub(super) progress: Progress,
    sent: AtomicUsize,
    total: usize,
}

impl ChangeRecorder {
    /// Opens the record of a run.
    ///
    /// # Errors
    /// Why it cannot be written.
    pub fn begin_record(
        context: &ReconcileContext<'_>,
        agency: &Agency,
        plan: &Plan,
        run: &AgencyResult,
        previous: &PreviousRuns,
        hand_over: Option<String>,
    ) -> Result<Self, Failure> {
        // Two machines may start processes with the same number at the same time.
        let part = context
            .options
            .shard
            .map_or_else(String::new, |shard| format!("-{}of{}", shard.index(), shard.count()));
        let name = format!("{}{part}", plan.digest.short());
        let begun = Event::Begun(Begun {
            format: entry::FORMAT.to_owned(),
            arkib: env!("CARGO_PKG_VERSION").to_owned(),
            agency: agency.policy.agency.clone(),
            by: current_user(context.source)
                .map_err(|unknown| unknown.into_refusal(message!("run-nothing-changed")))?,
            job: ci_job_url(),
            portal: agency.policy.portal,
            export: run.export.as_ref().map(|export| entry::RecordedExport {
                name: export.name.clone(),
                sha256: export.sha256.clone(),
                rows: export.rows.clone(),
                taken: export.taken.to_string(),
            }),
            commit: context.source.clean_commit().map(str::to_owned),
            accepted: run.accepted,
            policy: policy_digest(&agency.policy).to_string(),
            plan: plan.digest.to_string(),
            as_of: plan.as_of.to_string(),
            changes: plan.changes.len(),
            hand_over,
            shard: context.options.shard.map(|shard| shard.to_string()),
        });
        let journal = Journal::start(&previous.folder, &name, &previous.runs, begun);
        let journal = journal.map_err(|error| {
            let folder = shown_path(&previous.folder);
            let help = message!("run-no-record-help");
            let help = system_limits::help(&error).unwrap_or(help);
            Failure::refused(message!("run-not-recorded", folder, error = error.to_string()), help)
        })?;
        Ok(Self {
            journal,
            progress: Progress::new(&message!("run-applying")),
            sent: AtomicUsize::new(0),
            total: plan.changes.len(),
        })
    }

    /// Records what became of what earlier runs left open. The end of the record waits for the disk, and
    /// reports what is not on it.
    pub fn record_settled(&self, settled: Vec<Event>) {
        for event in settled {
            self.journal.write_later(redact_secrets(event));
        }
    }

    /// Ends the record with the result of the run. If it is incomplete, that is reported, and each change
    /// with its outcome: no record has them at its place. Returns whether it is complete.
    pub async fn end_record(self, plan: &Plan, run: &mut AgencyResult) -> bool {
        let ended =
            Event::Ended(Ended { status: run.exit.status(), reason: run.reason.in_english() });
        let (file, written) = self.journal.end(redact_secrets(ended)).await;
        let is_complete = written.is_ok();
        if let Err(trouble) = written {
            run.exit = exit_after(run.exit, RunEvent::RecordBroken);
            let incomplete = record_incomplete(&file, trouble);
            printer::print_message(&printer::render(&incomplete));
            run.reason.push(incomplete);
            for (change, outcome) in plan.changes.iter().zip(run.outcomes.iter().flatten()) {
                printer::print_message(&escape(&format!(
                    "{}: {} {} ({})",
                    outcome.as_str(),
                    change.target.verb(),
                    change.mailbox,
                    change.request.id
                )));
            }
        }
        run.record = Some(file);
        is_complete
    }

    /// Nothing depends on this entry, so the next change need not wait until it is on disk; the end of the
    /// record does.
    pub(super) fn record_outcome(&self, change: &Change, outcome: &Outcome) {
        self.journal.write_later(redact_secrets(Event::Outcome(entry::OutcomeEvent {
            mailbox: change.mailbox.to_string(),
            request: change.request.id.to_string(),
            outcome: outcome.kind(),
            is_settling: outcome.is_settling(),
            detail: outcome.detail().map(|detail| detail.in_english()),
        })));
    }

    async fn write(&self, event: Event) -> io::Result<()> {
        self.journal.write(redact_secrets(event)).await
    }
}

/// Removes the token from an event, because any text from a portal may contain it.
fn redact_secrets(mut event: Event) -> Event {
    let texts = match &mut event {
        Event::Intent(intent) => vec![&mut intent.from, &mut intent.id],
        Event::Outcome(outcome) => outcome.detail.iter_mut().collect(),
        Event::Settled(settled) => vec![&mut settled.detail],
        Event::Ended(ended) => vec![&mut ended.reason],
        // The others contain no text from a portal.
        _ => Vec::new(),
    };
    for text in texts {
        *text = printer::without_secrets(text).into_owned();
    }
    event
}

impl ChangeListener for ChangeRecorder {
    async fn before_change(&self, change: &Change) -> Result<(), Message> {
        let intent = Event::Intent(Intent {
            mailbox: change.mailbox.to_string(),
            action: change.target,
            request: change.request.id.to_string(),
            from: change.from.to_string(),
            id: change.id.to_string(),
        });
        let written = self.write(intent).await;
        written.map_err(|error| message!("outcome-unrecorded", error = error.to_string()))
    }

    async fn before_hand_over(&self, file: &HandOver) -> Result<(), Message> {
        let written = self.write(Event::HandOver(file.clone())).await;
        written.map_err(|error| message!("outcome-unrecorded-file", error = error.to_string()))
    }

    fn after_hand_over(&self, HandOver { file, sha256, .. }: &HandOver) {
        let (file, sha256) = (file.clone(), sha256.clone());
        self.journal.write_later(Event::HandedOver(HandOverFile { file, sha256 }));
    }

    fn on_accepted(&self, change: &Change) {
        let why = message!("outcome-not-read-back");
        self.record_outcome(change, &Outcome::Unknown { why });
    }

    async fn on_end(&self, change: &Change, outcome: &Outcome) {
        self.record_outcome(change, outcome);
    }

    fn on_sent(&self) {
        let sent = self.sent.fetch_add(1, Ordering::Relaxed) + 1;
        self.progress.update(sent, Some(self.total));
    }

    fn on_note(&self, note: &Message) {
        printer::print_note(&text!("outcome-note", note));
    }
}
