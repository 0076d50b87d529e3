//! The one way to observe an agency's portal, for every command: it is opened, read in a scope, and
//! what only the records of runs know is added: what was handed over, and which request was carried out.
//! May not know what a command does with it.

use std::path::{Path, PathBuf};

use super::export_order;
use crate::apply::Stop;
use crate::domain::agency::Agency;
use crate::domain::approval::UnverifiedApprovals;
use crate::domain::desired;
use crate::domain::desired::Desired;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::policy::PortalKind;
use crate::domain::record::chain::Run;
use crate::domain::record::history::last_done;
use crate::domain::record::open::{OpenChange, handed_over, open_changes};
use crate::journal::folder;
use crate::load::{Location, Source};
use crate::ops::approvals::{Side, believed};
use crate::ops::failure::Failure;
use crate::ops::interrupt::unless_interrupted;
use crate::ops::records_folder::folder_of;
use crate::ops::session::{PortalOptions, Session};
use crate::portal;
use crate::portal::any::Reader;
use crate::portal::{PortalError, PortalRead as _, Scope};
use crate::progress::Progress;

/// Observes the portals of agencies: what a command says of how, the same for all of them.
pub struct Observer<'a> {
    /// The requests.
    pub source: &'a Source,
    /// The portals that are open, and how they are reached.
    pub session: Session<'a>,
    /// The folder of the records, where one was named.
    pub records: Option<&'a Path>,
    /// What interrupts the reading, where a command ends in an orderly way when it is interrupted.
    pub stop: Option<&'a Stop>,
    /// The mailboxes for which what was handed over before will not be done any more, on the word of
    /// whoever runs arkib; all of them where none is named.
    pub given_up: Option<&'a [Mailbox]>,
    /// Whether it is for a command that changes the portal: then broken records stop it where only they
    /// know what was handed over. A command that only shows says what is wrong with them.
    pub is_to_change: bool,
}

impl<'a> Observer<'a> {
    /// For a command that only reads.
    pub fn new(
        source: &'a Source,
        requests: &'a Location,
        portal: &'a PortalOptions,
        records: Option<&'a Path>,
    ) -> Self {
        Self {
            source,
            session: Session::new(requests, portal),
            records,
            stop: None,
            given_up: None,
            is_to_change: false,
        }
    }

    /// Refuses an export that is older than one that a run was made of.
    ///
    /// # Errors
    /// Where it is, or where the records cannot tell.
    pub fn check_order(&self, agency: &Agency, reader: &Reader) -> Result<(), Failure> {
        match reader.export() {
            Some(export) => export_order::check(export, &self.runs(agency)?),
            None => Ok(()),
        }
    }

    /// What the portal has, and what the records of runs say of it where it cannot; the records are
    /// read where they are not given. Where the scope names no mailbox, no portal is opened.
    ///
    /// # Errors
    /// Where the portal or the records cannot be read, or an export is not in its order.
    pub async fn observe(
        &mut self,
        agency: &Agency,
        scope: &Scope<'_>,
        runs: Option<&[Run]>,
    ) -> Result<(Option<Reader>, Observed), Failure> {
        if matches!(scope, Scope::These([])) {
            return Ok((None, Observed::default()));
        }
        unless_interrupted(self.stop, async {
            let reader = self.session.reader(&agency.policy).await?;
            let observed = read(&reader, scope).await?;
            if reader.holds_requests() {
                return Ok((Some(reader), observed));
            }
            let observed = match runs {
                Some(runs) => self.add_recorded(agency, &reader, observed, runs)?,
                None => {
                    let runs = self.runs(agency)?;
                    self.add_recorded(agency, &reader, observed, &runs)?
                }
            };
            Ok((Some(reader), observed))
        })
        .await
    }

    /// What an agency's requests want, before anybody asks whose the approvals are.
    pub fn fold(&self, agency: &Agency) -> Desired {
        let as_of = self.session.requests.as_of();
        desired::fold(&agency.requests, as_of, &UnverifiedApprovals::new())
    }

    /// What they want by approvals that are their approvers' own.
    ///
    /// # Errors
    /// Where git fails.
    pub fn believed(
        &self,
        agency: &Agency,
        desired: Desired,
        observed: &Observed,
    ) -> Result<Desired, Failure> {
        let side = Side::of(self.source, agency);
        let (source, policy) = (self.source, &agency.policy);
        Ok(believed(source, &side, policy, desired, observed)?)
    }

    /// The folder of an agency's records, and the records in it, oldest first.
    ///
    /// # Errors
    /// Why they cannot be read, as a bare reason.
    pub fn records(&self, agency: &Agency) -> Result<(PathBuf, Vec<Run>), Failure> {
        let (folder, shown) = folder_of(self.session.requests, self.records, self.source, agency)?;
        let runs = folder::read(&folder, &shown).map_err(|error| {
            if self.is_to_change {
                let why = format!("the records in {shown} cannot be read: {error}");
                return Failure::failed(why, "mend that first; nothing is changed unrecorded");
            }
            Failure::failed(
                format!("The records in {shown} cannot be read: {error}"),
                "mend the permissions, so that no record is overlooked",
            )
        })?;
        Ok((folder, runs))
    }

    /// The records of an agency's runs, oldest first.
    pub(super) fn runs(&self, agency: &Agency) -> Result<Vec<Run>, Failure> {
        // A commit of a bare repository has no folder beside it; then nothing is known of runs.
        let has_folder = self.records.is_some() || self.session.requests.requests.is_dir();
        let are_needed = self.is_to_change && agency.policy.portal == PortalKind::Files;
        if !has_folder && !are_needed {
            return Ok(Vec::new());
        }
        match self.records(agency) {
            Ok((_, runs)) => Ok(runs),
            Err(failure) if self.is_to_change => Err(failure.refusing("")),
            Err(failure) => Err(failure),
        }
    }

    /// Adds what was handed over and what was carried out, of a portal that does not tell.
    fn add_recorded(
        &self,
        agency: &Agency,
        reader: &Reader,
        mut observed: Observed,
        runs: &[Run],
    ) -> Result<Observed, Failure> {
        if let Some(export) = reader.export() {
            if self.is_to_change {
                export_order::check_records(runs)?;
            }
            export_order::check(export, runs)?;
            let mut open = open_changes(runs);
            open.retain(|open| !self.is_given_up(open));
            observed = observed.with_handed_over(handed_over(&open));
        }
        Ok(observed.with_recorded(last_done(runs, agency.policy.portal.is_rehearsal())))
    }

    /// Whether what was handed over will not be done any more.
    pub fn is_given_up(&self, open: &OpenChange) -> bool {
        let is_meant = |only: &[Mailbox]| {
            let mut only_these = only.iter();
            only.is_empty() || only_these.any(|only| only.as_str() == open.intent.mailbox)
        };
        open.is_handed_over && self.given_up.is_some_and(is_meant)
    }
}

/// What a portal has of a scope.
///
/// # Errors
/// Where it does not answer, or contradicts itself.
pub async fn read(reader: &Reader, scope: &Scope<'_>) -> Result<Observed, PortalError> {
    let progress = Progress::new("reading mailboxes");
    portal::observe(reader, scope, &|done, of| progress.at(done, of)).await
}
