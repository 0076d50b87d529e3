//! Records a run that gives notices (procedure section 6): each is written down, and synced, before
//! it is given and when it has been.

use std::path::Path;

use jiff::Timestamp;

use super::Context;
use super::render::{Content, Prepared};
use crate::domain::agency::Agency;
use crate::domain::plan::{Digest, of_policy};
use crate::domain::record::chain::{Run, heads};
use crate::domain::record::entry;
use crate::domain::record::entry::{Delivery, Ended, Event, Notice, Notifying};
use crate::domain::record::words::DeliveryOutcome;
use crate::exit::Exit;
use crate::hash::sha256;
use crate::journal::append::Journal;
use crate::ops::actor::{job, who};
use crate::output::notify::Notified;
use crate::printer;

/// The record of one agency's run, under way.
pub(super) struct Recording {
    journal: Journal,
}

impl Recording {
    /// Opens the record of a run.
    ///
    /// # Errors
    /// Why it cannot be written, and what to do.
    pub(super) fn begin(
        context: &Context<'_>,
        agency: &Agency,
        folder: &Path,
        earlier: &[Run],
        digest: &Digest,
        notices: usize,
    ) -> Result<Self, (String, String)> {
        let now = Timestamp::now();
        let name = format!(
            "{}-{}-{:x}",
            now.strftime("%Y%m%dT%H%M%S%3fZ"),
            digest.short(),
            std::process::id()
        );
        let begun = Event::Notifying(Notifying {
            format: entry::FORMAT.to_owned(),
            arkib: env!("CARGO_PKG_VERSION").to_owned(),
            agency: agency.policy.agency.clone(),
            by: who(),
            job: job(),
            commit: context.source.clean_commit().map(str::to_owned),
            policy: of_policy(&agency.policy).to_string(),
            as_of: context.options.requests.as_of().to_string(),
            notices,
        });
        let begun = Journal::begin(folder, &name, heads(earlier), begun, Timestamp::now);
        let journal = begun.map_err(|error| {
            let why = format!(
                "the run cannot be recorded in {}: {error}",
                folder.display()
            );
            let help = "no notice is given unrecorded; name another folder with --records DIR";
            (why, help.to_owned())
        })?;
        Ok(Self { journal })
    }

    /// Writes down that a notice is about to be given; it is on disk when this ends.
    ///
    /// # Errors
    /// Why it must not be given.
    pub(super) async fn announce(
        &self,
        prepared: &Prepared,
        file: Option<&str>,
    ) -> Result<(), String> {
        let due = &prepared.due;
        let (message_id, bytes) = match &prepared.content {
            Content::Email { bytes, id, .. } => (Some(id.clone()), bytes.as_slice()),
            Content::Page(html) => (None, html.as_bytes()),
        };
        let notice = Event::Notice(Notice {
            request: due.request.id.to_string(),
            kind: due.kind,
            to: due.to.to_string(),
            channel: due.request.received.channel,
            message_id,
            file: file.map(str::to_owned),
            sha256: sha256(bytes),
        });
        let written = self.journal.write(notice).await;
        written.map_err(|error| format!("it cannot be recorded, so it is not given: {error}"))
    }

    /// Writes down what became of it.
    ///
    /// # Errors
    /// Why the record is not whole; the notice is unknown to the next run then.
    pub(super) async fn delivered(
        &self,
        prepared: &Prepared,
        outcome: DeliveryOutcome,
        detail: Option<&str>,
    ) -> Result<(), String> {
        let due = &prepared.due;
        let detail = detail.map(|detail| printer::without_secrets(detail).into_owned());
        let delivery = Event::Delivery(Delivery {
            request: due.request.id.to_string(),
            kind: due.kind,
            to: due.to.to_string(),
            outcome,
            detail,
        });
        let written = self.journal.write(delivery).await;
        written.map_err(|error| format!("the record is not whole: {error}"))
    }

    /// Ends the record with how the run ended.
    pub(super) async fn end(self, run: &mut Notified) {
        let ended = Event::Ended(Ended {
            status: run.exit.status(),
            reason: printer::without_secrets(&run.reason).into_owned(),
        });
        let written = self.journal.write(ended).await;
        run.record = Some(self.journal.file().to_string_lossy().replace('\\', "/"));
        self.journal.close();
        if let Err(error) = written {
            run.exit = run.exit.and(Exit::Partly);
            run.reason = format!("{} The record is not whole: {error}.", run.reason);
        }
    }
}
