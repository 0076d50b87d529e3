//! The only way to observe an agency's portal, for every command: opens it, reads a scope, and adds what
//! only the records of runs say: what was handed over, and which request was carried out. May not know
//! what a command does with it.

use std::path::{Path, PathBuf};

use super::export_order;
use crate::apply::Stop;
use crate::domain::agency::Agency;
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::desired;
use crate::domain::desired::Desired;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::policy::PortalKind;
use crate::domain::record::chain::RunRecord;
use crate::domain::record::history::last_done_requests;
use crate::domain::record::open_changes::{OpenChange, handed_over_changes, open_changes};
use crate::finding::Finding;
use crate::journal::read_records;
use crate::load::{LoadedRequests, RequestsLocation};
use crate::ops::failure::Failure;
use crate::ops::interrupt::unless_interrupted;
use crate::ops::portal_session::{PortalFileOptions, PortalSession};
use crate::ops::records_access::{add_lost_records, history_of_records, records_folder_of};
use crate::portal;
use crate::portal::any_reader::AnyReader;
use crate::portal::{PortalError, PortalReader as _, ReadScope};
use crate::printer;
use crate::printer::text;
use crate::progress::Progress;
use crate::system_limits;

/// Observes the portals of agencies, in the same way for all of them.
pub struct Observer<'a> {
    /// The requests.
    pub source: &'a LoadedRequests,
    /// The open portals, and how to open others.
    pub session: PortalSession<'a>,
    /// The folder of the records, if one was named.
    pub records: Option<&'a Path>,
    /// Interrupts the reading, if the command supports that.
    pub stop: Option<&'a Stop>,
    /// The mailboxes whose changes that were handed over are cancelled by --hand-over-again; all if the
    /// list is empty.
    pub given_up: Option<&'a [Mailbox]>,
    /// Whether the command changes the portal: then broken records stop it if only they say what was
    /// handed over. A command that only shows reports their problems.
    pub is_to_change: bool,
}

impl<'a> Observer<'a> {
    /// An observer for a command that only reads.
    pub fn new(
        source: &'a LoadedRequests,
        requests: &'a RequestsLocation,
        portal: &'a PortalFileOptions,
        records: Option<&'a Path>,
    ) -> Self {
        Self {
            source,
            session: PortalSession::new(requests, portal),
            records,
            stop: None,
            given_up: None,
            is_to_change: false,
        }
    }

    /// Refuses an export that is older than one that an earlier run used.
    ///
    /// # Errors
    /// If it is older, or if the records cannot be read.
    pub fn check_export_order(&self, agency: &Agency, reader: &AnyReader) -> Result<(), Failure> {
        match reader.export() {
            Some(export) => export_order::check_export(export, &self.read_runs(agency)?),
            None => Ok(()),
        }
    }

    /// Reads the portal, and adds what only the records of runs say: which request was carried out, on
    /// which account, and what was handed over. The records are read if `runs` is `None`. If the scope
    /// names no mailbox, no portal is opened.
    ///
    /// A mailbox that `desired` names and a list lacks is asked for by itself before its absence is
    /// believed.
    ///
    /// # Errors
    /// If the portal or the records cannot be read, or the export is older than one used before.
    pub async fn observe(
        &mut self,
        agency: &Agency,
        scope: &ReadScope<'_>,
        desired: &Desired,
        runs: Option<&[RunRecord]>,
    ) -> Result<(Option<AnyReader>, Observed), Failure> {
        if matches!(scope, ReadScope::These([])) {
            return Ok((None, Observed::default()));
        }
        unless_interrupted(self.stop, async {
            let reader = self.session.open_reader(&agency.policy).await?;
            let observed = read_portal(&reader, scope).await?;
            let absent = absent(desired, &observed, scope);
            let observed = ask_for_absent(&reader, observed, &absent).await?;
            let observed = match runs {
                Some(runs) => self.add_from_records(agency, &reader, observed, runs)?,
                None => {
                    let runs = self.read_runs(agency)?;
                    self.add_from_records(agency, &reader, observed, &runs)?
                }
            };
            Ok((Some(reader), observed))
        })
        .await
    }

    /// The desired state by an agency's requests, before approvals are verified.
    pub fn fold_requests(&self, agency: &Agency) -> Desired {
        let as_of = self.session.requests.as_of();
        desired::fold_requests(&agency.requests, as_of, &UnverifiedApprovals::new())
    }

    /// The folder of an agency's records, and the records in it, oldest first.
    ///
    /// # Errors
    /// If they cannot be read; the reason is a clause.
    pub fn read_records(&self, agency: &Agency) -> Result<(PathBuf, Vec<RunRecord>), Failure> {
        let (folder, shown) =
            records_folder_of(self.session.requests, self.records, self.source, agency)?;
        let runs = read_records::read(&folder, &shown).map_err(|error| {
            if self.is_to_change {
                let why = message!("record-unreadable", shown, error = error.to_string());
                let help = message!("record-unreadable-help");
                return Failure::failed(why, system_limits::help(&error).unwrap_or(help));
            }
            Failure::failed(
                message!("record-not-read", shown, error = error.to_string()),
                system_limits::help(&error).unwrap_or_else(|| message!("record-not-read-help")),
            )
        })?;
        Ok((folder, runs))
    }

    /// The records of an agency's runs, oldest first.
    pub(super) fn read_runs(&self, agency: &Agency) -> Result<Vec<RunRecord>, Failure> {
        // A commit of a bare repository has no folder, so there are no records.
        let has_folder = self.records.is_some() || self.session.requests.requests.is_dir();
        let are_needed = self.is_to_change && agency.policy.portal == PortalKind::Files;
        if !has_folder && !are_needed {
            return Ok(Vec::new());
        }
        match self.read_records(agency) {
            Ok((_, runs)) => Ok(runs),
            Err(failure) if self.is_to_change => Err(failure.into_refusal("")),
            Err(failure) => Err(failure),
        }
    }

    /// Adds the records of an agency that are not in their folder as git has, or had, them. What git does not
    /// say, only `arkib records verify` misses.
    pub(super) fn add_lost_records(&self, agency: &Agency, found: &mut Vec<Finding>) {
        let requests = self.session.requests;
        let Ok((folder, shown)) = records_folder_of(requests, self.records, self.source, agency)
        else {
            return;
        };
        let history = history_of_records(&folder).unwrap_or_default();
        add_lost_records(found, &history, "", (&folder, &shown));
    }

    /// Adds what was handed over and carried out, for a portal that does not say it.
    fn add_from_records(
        &self,
        agency: &Agency,
        reader: &AnyReader,
        mut observed: Observed,
        runs: &[RunRecord],
    ) -> Result<Observed, Failure> {
        if let Some(export) = reader.export() {
            if self.is_to_change {
                export_order::check_records(runs)?;
            }
            export_order::check_export(export, runs)?;
            let mut open = open_changes(runs);
            open.retain(|open| !self.is_cancelled_by_user(open));
            observed = observed.with_handed_over(handed_over_changes(&open));
        }
        let policy = &agency.policy;
        let is_rehearsal = policy.portal.is_rehearsal();
        let recorded = last_done_requests(runs, is_rehearsal, policy.portal_since);
        Ok(observed.with_recorded_requests(recorded))
    }

    /// Whether a change that was handed over is cancelled.
    pub fn is_cancelled_by_user(&self, open: &OpenChange) -> bool {
        let is_meant = |only: &[Mailbox]| {
            let mut only_these = only.iter();
            only.is_empty() || only_these.any(|only| only.as_str() == open.intent.mailbox)
        };
        let is_handed_over = open.file.is_some() || open.reserved_file.is_some();
        is_handed_over && self.given_up.is_some_and(is_meant)
    }
}

/// The mailboxes of the desired state that were read for and are not there, sorted.
fn absent(desired: &Desired, observed: &Observed, scope: &ReadScope<'_>) -> Vec<Mailbox> {
    let is_meant = |mailbox: &Mailbox| match scope {
        ReadScope::These(only) => only.contains(mailbox),
        ReadScope::Filtered(_) => true,
    };
    let mut ascending = observed.ascending_search();
    let mailboxes = desired.mailboxes.iter().map(|wanted| &wanted.mailbox);
    let absent = mailboxes.filter(|mailbox| ascending.find_mailbox(mailbox).is_none());
    absent.filter(|mailbox| is_meant(mailbox)).cloned().collect()
}

/// The most mailboxes that are asked for by themselves; if a portal lacks more, it has lost them, which
/// the limits of the plan report.
const MOST_ASKED_FOR: usize = 200;

/// Asks for mailboxes that a list lacks: some portals show in a list less than they have.
async fn ask_for_absent(
    reader: &AnyReader,
    observed: Observed,
    absent: &[Mailbox],
) -> Result<Observed, PortalError> {
    let is_list = observed.is_complete() && reader.can_look_up();
    if !is_list || absent.is_empty() || absent.len() > MOST_ASKED_FOR {
        return Ok(observed);
    }
    let found = reader.read_some(absent).await?;
    let count = found.mailboxes().len();
    if count == 0 {
        return Ok(observed);
    }
    printer::print_message(&text!("run-list-lacks", count));
    Ok(observed.with_found(found))
}

/// Reads a scope of a portal.
///
/// # Errors
/// If it does not answer, or contradicts itself.
pub async fn read_portal(
    reader: &AnyReader,
    scope: &ReadScope<'_>,
) -> Result<Observed, PortalError> {
    let progress = Progress::new(&message!("run-reading"));
    portal::observe(reader, scope, &|done, of| progress.update(done, of)).await
}
