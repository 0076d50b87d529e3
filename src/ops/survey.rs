//! Looks at everything that is known of an agency's requests: what they want, what the portal has,
//! and what the records of runs say. For the commands that tell and change nothing in the portal.

use std::path::Path;

use super::approvals::{Side, believed};
use super::failure::Failure;
use super::records_folder::folder_of;
use super::session::{PortalOptions, Session, Wanted};
use crate::domain::approval::Doubts;
use crate::domain::desired;
use crate::domain::desired::Desired;
use crate::domain::lifecycle;
use crate::domain::lifecycle::{Known, Life};
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::plan;
use crate::domain::plan::Plan;
use crate::domain::policy::PortalKind;
use crate::domain::record::chain::Run;
use crate::domain::record::history::{History, last_done};
use crate::domain::record::open::{handed_over, open};
use crate::journal::folder;
use crate::load::reader::Agency;
use crate::load::{Location, Source};
use crate::portal;
use crate::portal::{PortalRead as _, Scope};
use crate::progress::Progress;

/// The most requests to the portal that are under way at a time.
const CONCURRENCY: usize = 4;

/// What a survey needs to know.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Where the requests are, and for which day it is asked.
    pub requests: &'a Location,
    /// The embedded portal's options.
    pub portal: &'a PortalOptions,
    /// The folder of the records, where one was named.
    pub records: Option<&'a Path>,
    /// Whether the portal is left alone, so that the records alone tell.
    pub is_offline: bool,
    /// Only these mailboxes; all where none are named.
    pub only: Option<&'a [Mailbox]>,
}

/// What is known of one agency.
pub(super) struct Survey {
    /// What its requests want.
    pub desired: Desired,
    /// What the portal has and what is to be done about it, where it was asked.
    pub portal: Option<(Observed, Plan)>,
    /// The records of its runs, oldest first.
    pub runs: Vec<Run>,
    /// What they say.
    pub history: History,
}

impl Survey {
    /// The life of every request of the agency.
    pub(super) fn lives(&self, agency: &Agency) -> Vec<Life> {
        lifecycle::lives(&Known {
            requests: &agency.requests,
            desired: &self.desired,
            portal: self
                .portal
                .as_ref()
                .map(|(observed, plan)| (observed, plan)),
            history: &self.history,
        })
    }
}

/// Looks.
///
/// # Errors
/// Where the portal, git or the records cannot be read.
pub(super) async fn survey(
    asked: &Asked<'_>,
    source: &Source,
    agency: &Agency,
) -> Result<Survey, Failure> {
    let runs = records(asked, source, agency)?;
    let history = History::of(&runs);
    let policy = &agency.policy;
    let everything = desired::fold(&agency.requests, asked.requests.as_of(), &Doubts::new());
    let narrow = |desired: Desired| match asked.only {
        Some(only) => desired.only(only, &agency.requests),
        None => desired,
    };
    if asked.is_offline {
        return Ok(Survey {
            desired: narrow(everything),
            portal: None,
            runs,
            history,
        });
    }
    let (mut observed, holds_requests) = look(asked, agency).await?;
    // Of what was handed over before only a portal that people operate knows.
    if policy.portal == PortalKind::Files {
        observed = observed.with_handed_over(handed_over(&open(&runs)));
    }
    if !holds_requests {
        observed = observed.with_recorded(last_done(&runs, policy.portal.is_rehearsal()));
    }
    let side = Side {
        requests: &agency.requests,
        loaded: &source.loaded,
        commits: &source.commits(),
    };
    let everything = believed(source, side, policy, everything, &observed)?;
    let kept = everything.wanted();
    let desired = narrow(everything);
    let plan = plan::plan(&desired, &observed, policy, kept);
    Ok(Survey {
        desired,
        portal: Some((observed, plan)),
        runs,
        history,
    })
}

/// What the portal has, and whether it holds the ids of requests.
async fn look(asked: &Asked<'_>, agency: &Agency) -> Result<(Observed, bool), Failure> {
    let wanted = Wanted {
        portal: asked.portal,
        requests: &asked.requests.requests,
        today: asked.requests.as_of,
        may_write: false,
        concurrency: CONCURRENCY,
    };
    let session = Session::open(agency.policy.portal, &wanted).await?;
    let reader = session.reader(&agency.policy).await?;
    let observed = {
        let progress = Progress::new("reading mailboxes");
        let scope = match asked.only {
            Some(only) if !only.is_empty() => Scope::These(only),
            _ => Scope::Sieved(desired::sieve(&agency.requests).into()),
        };
        portal::observe(&reader, &scope, &|done, of| progress.at(done, of)).await?
    };
    let holds_requests = reader.holds_requests();
    session.close().await;
    Ok((observed, holds_requests))
}

fn records(asked: &Asked<'_>, source: &Source, agency: &Agency) -> Result<Vec<Run>, Failure> {
    // A commit of a bare repository has no folder beside it; then nothing is known of runs.
    if asked.records.is_none() && !asked.requests.requests.is_dir() {
        return Ok(Vec::new());
    }
    let (folder, shown) = folder_of(asked.requests, asked.records, source, agency)?;
    folder::read(&folder, &shown).map_err(|error| {
        Failure::failed(
            format!("The records in {shown} cannot be read: {error}"),
            "mend the permissions, so that no record is overlooked",
        )
    })
}
