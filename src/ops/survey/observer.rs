//! The one way to observe an agency's portal, for every command: it is opened, read in a scope, and
//! what only the records of runs know is added: what was handed over, and which request was carried out.
//! May not know what a command does with it.

use std::path::{Path, PathBuf};

use super::order;
use crate::apply::Stop;
use crate::domain::agency::Agency;
use crate::domain::approval::Doubts;
use crate::domain::desired;
use crate::domain::desired::Desired;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::policy::{Policy, PortalKind};
use crate::domain::record::chain::Run;
use crate::domain::record::history::last_done;
use crate::domain::record::open::{Open, handed_over, open};
use crate::journal::folder;
use crate::load::{Location, Source};
use crate::ops::approvals::{Side, believed};
use crate::ops::failure::Failure;
use crate::ops::interrupt::unless_interrupted;
use crate::ops::records_folder::folder_of;
use crate::ops::session::{Access, PortalOptions, Sessions};
use crate::portal;
use crate::portal::any::Reader;
use crate::portal::scim::Writer;
use crate::portal::{PortalError, PortalRead as _, Scope};
use crate::progress::Progress;

/// The most requests to the portal that are under way at a time, where nobody said how many.
const CONCURRENCY: usize = 4;

/// Observes the portals of agencies: what a command says of how, the same for all of them.
pub struct Observer<'a> {
    /// The requests.
    pub source: &'a Source,
    /// How the portals are reached.
    pub access: Access<'a>,
    /// The folder of the records, where one was named.
    pub records: Option<&'a Path>,
    /// What interrupts the reading, where a command ends in an orderly way when it is interrupted.
    pub stop: Option<&'a Stop>,
    /// The mailboxes for which what was handed over before will not be done any more, on the word of
    /// whoever runs arkib; all of them where none is named.
    pub given_up: Option<&'a [Mailbox]>,
    /// The portals that are open.
    pub sessions: Sessions,
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
            access: Access {
                portal,
                requests,
                may_write: false,
                concurrency: CONCURRENCY,
            },
            records,
            stop: None,
            given_up: None,
            sessions: Sessions::default(),
        }
    }

    /// The agency's portal, to be read.
    ///
    /// # Errors
    /// Where it cannot be reached, or its export cannot be used.
    pub async fn connect(&mut self, policy: &Policy) -> Result<Reader, PortalError> {
        let session = self.sessions.open(policy.portal, &self.access).await?;
        session.reader(policy).await
    }

    /// The agency's portal, to be written to; `None` where people do that.
    ///
    /// # Errors
    /// Where it cannot be reached.
    pub async fn writer(&mut self, policy: &Policy) -> Result<Option<Writer>, PortalError> {
        let session = self.sessions.open(policy.portal, &self.access).await?;
        session.writer(policy).await
    }

    /// Refuses an export that is older than one that a run was made of.
    ///
    /// # Errors
    /// Where it is, or where the records cannot tell.
    pub fn check_order(&self, agency: &Agency, reader: &Reader) -> Result<(), Failure> {
        match reader.report() {
            Some(export) => order::check(export, &self.runs(agency, true)?),
            None => Ok(()),
        }
    }

    /// What the portal has, and what the records of runs say of it where it cannot.
    ///
    /// # Errors
    /// Where the portal or the records cannot be read, or an export is not in its order.
    pub async fn observe(
        &mut self,
        agency: &Agency,
        scope: &Scope<'_>,
    ) -> Result<(Reader, Observed), Failure> {
        unless_interrupted(self.stop, async {
            let reader = self.connect(&agency.policy).await?;
            let observed = read(&reader, scope).await?;
            if reader.holds_requests() {
                return Ok((reader, observed));
            }
            let runs = self.runs(agency, agency.policy.portal == PortalKind::Files)?;
            let observed = self.add_recorded(agency, &reader, observed, &runs)?;
            Ok((reader, observed))
        })
        .await
    }

    /// What an agency's requests want, before anybody asks whose the approvals are.
    pub fn fold(&self, agency: &Agency) -> Desired {
        let as_of = self.access.requests.as_of();
        desired::fold(&agency.requests, as_of, &Doubts::new())
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
        let (folder, shown) = folder_of(self.access.requests, self.records, self.source, agency)?;
        let runs = folder::read(&folder, &shown).map_err(|error| {
            let why = format!("the records in {shown} cannot be read: {error}");
            Failure::failed(why, "mend that first; nothing is changed unrecorded")
        })?;
        Ok((folder, runs))
    }

    /// The records of an agency's runs, oldest first.
    pub(super) fn runs(&self, agency: &Agency, are_needed: bool) -> Result<Vec<Run>, Failure> {
        // A commit of a bare repository has no folder beside it; then nothing is known of runs.
        let has_folder = self.records.is_some() || self.access.requests.requests.is_dir();
        if !has_folder && !are_needed {
            return Ok(Vec::new());
        }
        let (_, runs) = self
            .records(agency)
            .map_err(|failure| failure.refusing(""))?;
        Ok(runs)
    }

    /// Adds what was handed over and what was carried out, where the portal itself does not tell.
    pub(super) fn add_recorded(
        &self,
        agency: &Agency,
        reader: &Reader,
        mut observed: Observed,
        runs: &[Run],
    ) -> Result<Observed, Failure> {
        if let Some(export) = reader.report() {
            order::check(export, runs)?;
            let mut open = open(runs);
            open.retain(|open| !self.is_given_up(open));
            observed = observed.with_handed_over(handed_over(&open));
        }
        if !reader.holds_requests() {
            let is_rehearsal = agency.policy.portal.is_rehearsal();
            observed = observed.with_recorded(last_done(runs, is_rehearsal));
        }
        Ok(observed)
    }

    /// Whether what was handed over will not be done any more.
    pub fn is_given_up(&self, open: &Open) -> bool {
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
