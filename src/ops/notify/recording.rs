//! Records a run that delivers notices (procedure section 6): each notice is recorded and synced
//! before and after its delivery.

use std::path::Path;

use super::options::{NotifyContext, early_refusal};
use super::prepare::RenderedNotice;
use crate::domain::agency::Agency;
use crate::domain::plan::{Digest, policy_digest};
use crate::domain::record::chain::RunRecord;
use crate::domain::record::entry::{Delivery, Ended, Event, FORMAT, Notice, NotifyBegun, Settled};
use crate::domain::record::enums::DeliveryOutcome;
use crate::exit::Exit;
use crate::hash::sha256;
use crate::journal::append::Journal;
use crate::ops::actor::{ci_job_url, current_user};
use crate::ops::failure::Failure;
use crate::ops::failure::record_incomplete;
use crate::output::notify::{NoticeOutput, NotifyOutput};
use crate::printer;
use crate::system_limits;
use crate::text::shown_path;

/// The record of one agency's run in progress.
pub(super) struct DeliveryRecorder(Journal);

impl DeliveryRecorder {
    /// Opens the record of a run, linked to those of earlier runs.
    pub(super) fn begin_record(
        context: &NotifyContext<'_>,
        agency: &Agency,
        folder: &Path,
        previous_runs: &[RunRecord],
        (digest, notices): (&Digest, usize),
    ) -> Result<Self, Failure> {
        let by = current_user(context.source)
            .map_err(|unknown| unknown.into_refusal(message!("notify-none-given")))?;
        let begun = Event::Notifying(NotifyBegun {
            format: FORMAT.to_owned(),
            arkib: env!("CARGO_PKG_VERSION").to_owned(),
            agency: agency.policy.agency.clone(),
            by,
            job: ci_job_url(),
            commit: context.source.clean_commit().map(str::to_owned),
            policy: policy_digest(&agency.policy).to_string(),
            as_of: context.options.requests.as_of().to_string(),
            notices,
        });
        let journal = Journal::start(folder, &digest.short(), previous_runs, begun);
        journal.map(Self).map_err(|error| {
            let folder = shown_path(folder);
            let help = system_limits::help(&error);
            let help = help.unwrap_or_else(|| message!("notify-no-record-help"));
            early_refusal(message!("run-not-recorded", folder, error = error.to_string()), help)
        })
    }

    /// Records what the portal shows as done. The end of the record waits for the disk.
    pub(super) fn record_seen_done(&self, seen_done: Vec<Settled>) {
        for mut settled in seen_done {
            settled.detail = printer::without_secrets(&settled.detail).into_owned();
            self.0.write_later(Event::Settled(settled));
        }
    }

    /// Records that a notice is about to be delivered; the entry is on disk when this returns.
    ///
    /// # Errors
    /// Why it must not be delivered.
    pub(super) async fn record_attempt(
        &self,
        prepared: &RenderedNotice,
        file: Option<&str>,
    ) -> Result<(), Failure> {
        let due = &prepared.due;
        let notice = Event::Notice(Notice {
            request: due.request.id.to_string(),
            kind: due.kind,
            to: due.to.to_string(),
            channel: due.request.received.channel,
            message_id: prepared.message_id.clone(),
            file: file.map(str::to_owned),
            sha256: sha256(&prepared.bytes),
        });
        self.0.write(notice).await.map_err(|error| {
            let why = message!("notify-unrecorded", error = error.to_string());
            Failure::failed(why, message!("notify-unrecorded-help"))
        })
    }

    /// Records the outcome.
    ///
    /// # Errors
    /// Why the record is incomplete; the next run then treats the notice as unknown.
    pub(super) async fn record_delivery(
        &self,
        prepared: &RenderedNotice,
        outcome: DeliveryOutcome,
        detail: Option<&str>,
    ) -> Result<(), Failure> {
        let due = &prepared.due;
        let delivery = Event::Delivery(Delivery {
            request: due.request.id.to_string(),
            kind: due.kind,
            to: due.to.to_string(),
            outcome,
            detail: detail.map(|detail| printer::without_secrets(detail).into_owned()),
        });
        self.0.write(delivery).await.map_err(|error| {
            let why = message!("notify-incomplete", error = error.to_string());
            Failure::failed(why, message!("notify-unrecorded-help"))
        })
    }

    /// Ends the record with how the run ended.
    pub(super) async fn end_record(self, run: &mut NotifyOutput) {
        let ended = Event::Ended(Ended {
            status: run.exit.status.status(),
            reason: printer::without_secrets(&run.exit.reason.in_english()).into_owned(),
        });
        let (file, written) = self.0.end(ended).await;
        if let Err(trouble) = written {
            run.exit.status = run.exit.status.combine(Exit::Partly);
            run.exit.reason.push(record_incomplete(&file, trouble));
        }
        run.record = Some(file);
    }
}

/// A notice in delivery, and its output.
pub(super) struct NoticeInDelivery<'a> {
    pub prepared: &'a RenderedNotice,
    pub output: &'a mut NoticeOutput,
}
