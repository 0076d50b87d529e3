//! The archives to import: those in the portals that no request names, as files that are made and
//! checked together. Each portal is read once, and never changed.

use jiff::civil::Date;

use super::summary::ImportOutput;
use crate::domain::agency::Agency;
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::Target;
use crate::domain::desired;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::plan::adoption::{AdoptionPlan, ArchiveGroupKey, plan_adoption};
use crate::domain::policy::Policy;
use crate::domain::request::Channel;
use crate::domain::request::new_request::NewRequest;
use crate::load::LoadedRequests;
use crate::ops::agency_state;
use crate::ops::agency_state::Observer;
use crate::ops::failure::Failure;
use crate::ops::filing::candidate;
use crate::ops::filing::candidate::Candidate;
use crate::ops::filing::{FilingOptions, failure_before_writing, failure_of_findings};
use crate::ops::portal_session::PortalFileOptions;
use crate::output::findings::count_problems;
use crate::portal::ReadScope;
use crate::yaml::has_errors;

/// The options of an import.
#[derive(Debug)]
pub struct Options {
    /// The file reference of the decision to import; a terminal asks for it.
    pub reference: Option<String>,
    /// How the decision arrived.
    pub channel: Channel,
    /// The day it arrived, if not today.
    pub received: Option<Date>,
    /// The most mailboxes in one file.
    pub per_request: u16,
    /// Only these mailboxes; all if empty.
    pub only: Vec<Mailbox>,
    /// What the environment does not say about the portal.
    pub portal: PortalFileOptions,
    /// Where and how the files are written.
    pub filing: FilingOptions,
}

/// What every round of an import uses.
pub(super) struct ImportContext<'a> {
    pub options: &'a Options,
    /// What the portals have.
    pub portals: ObservedPortals,
    /// The file reference.
    pub reference: String,
}

/// The files to write in one round, in order, and what the archives of each have in common.
pub(super) struct ImportRound {
    pub source: LoadedRequests,
    pub files: Vec<(ArchiveGroupKey, Candidate)>,
}

/// Reads the requests in the folder. Fails on any error, because an unreadable request may name any
/// archive.
pub(super) fn load_without_errors(options: &Options) -> Result<LoadedRequests, Failure> {
    let source = options.filing.load()?;
    if has_errors(&source.loaded.findings) {
        let help = message!("import-fix-first");
        return Err(failure_of_findings(source.loaded.findings.clone(), help));
    }
    Ok(source)
}

/// For each agency: what happens to the archives that no request names.
pub(super) fn plan_adoptions(
    options: &Options,
    agencies: &[Agency],
    portals: &ObservedPortals,
) -> Vec<AdoptionPlan> {
    let as_of = options.filing.requests.as_of();
    let adoption = |agency: &Agency| {
        let observed = portals.find_for_policy(&agency.policy)?;
        let desired = desired::fold_requests(&agency.requests, as_of, &UnverifiedApprovals::new());
        let most = options.per_request.into();
        let only = &options.only;
        Some(plan_adoption(observed, &desired, &agency.policy, only, most))
    };
    let all = agencies.iter().map(adoption);
    all.map(Option::unwrap_or_default).collect()
}

impl ImportContext<'_> {
    /// Makes and checks the files. Archives that are left alone are noted in the summary.
    pub(super) fn make_files(
        &self,
        source: LoadedRequests,
        adoptions: Vec<AdoptionPlan>,
        summary: &mut ImportOutput,
    ) -> Result<ImportRound, Failure> {
        let options = self.options;
        let mut groups = Vec::new();
        let mut intakes = Vec::new();
        for (agency, adoption) in source.loaded.agencies.iter().zip(adoptions) {
            summary.note_left_archives(agency, adoption.left);
            for lot in adoption.batches {
                intakes.push(NewRequest {
                    target: Some(Target::Enabled),
                    mailboxes: lot.mailboxes,
                    received: options.received,
                    channel: Some(options.channel),
                    reference: Some(self.reference.clone()),
                    reason: Some(lot.group.reason(agency.policy.language)),
                    ..NewRequest::default()
                });
                groups.push(lot.group);
            }
            let received = options.received.unwrap_or(options.filing.requests.as_of());
            summary.warn_of_notices(&agency.policy, received);
        }
        let filing = &options.filing;
        let (candidates, findings) =
            candidate::make_and_check(filing, &source, intakes, None, None)?;
        let problems = has_errors(&findings).then(|| count_problems(&findings));
        summary.ending.findings = findings;
        match problems {
            Some(problems) => Err(Failure::failed(problems, "")),
            None => Ok(ImportRound { files: groups.into_iter().zip(candidates).collect(), source }),
        }
    }
}

/// What was read from the portals, each with the policies that name it.
pub(super) struct ObservedPortals(Vec<(Vec<Policy>, Observed)>);

impl ObservedPortals {
    pub(super) fn read_all(options: &Options, source: &LoadedRequests) -> Result<Self, Failure> {
        let runtime = crate::ops::new_runtime().map_err(|why| failure_before_writing(&why, ""))?;
        let requests = &options.filing.requests;
        let mut observer = Observer::new(source, requests, &options.portal, None);
        let mut portals = Self(Vec::new());
        for agency in &source.loaded.agencies {
            let policy = &agency.policy;
            let is_same = |known: &Policy| observer.session.is_same_portal(known, policy);
            let mut known = portals.0.iter_mut().map(|(policies, _)| policies);
            if let Some(policies) = known.find(|policies| policies.iter().any(is_same)) {
                policies.push(policy.clone());
                continue;
            }
            let observed = runtime.block_on(observe_agency(&mut observer, agency, &options.only));
            let observed = observed.map_err(|failure| Failure {
                reason: message!("import-nothing-written", reason = failure.reason),
                ..failure
            })?;
            portals.0.push((vec![policy.clone()], observed));
        }
        runtime.block_on(observer.session.stop_embedded_portals());
        Ok(portals)
    }

    pub(super) fn find_for_policy(&self, policy: &Policy) -> Option<&Observed> {
        let is_its = |known: &Policy| known.file == policy.file;
        let mut portals = self.0.iter();
        let found = portals.find(|(policies, _)| policies.iter().any(is_its));
        found.map(|(_, observed)| observed)
    }
}

async fn observe_agency(
    observer: &mut Observer<'_>,
    agency: &Agency,
    only: &[Mailbox],
) -> Result<Observed, Failure> {
    let reader = observer.session.open_reader(&agency.policy).await?;
    observer.check_export_order(agency, &reader)?;
    Ok(agency_state::read_portal(&reader, &ReadScope::mailboxes_or_all(only)).await?)
}
