//! What is still to be imported: the archives that the portals have and no request names, as files
//! that are made and checked all together. Each portal is read once, and nothing else is done with it.

use jiff::civil::Date;

use super::summary::ImportOutput;
use crate::domain::agency::Agency;
use crate::domain::approval::UnverifiedApprovals;
use crate::domain::archive::Target;
use crate::domain::desired;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::plan::adoption::{Adoption, Group, adopt};
use crate::domain::policy::Policy;
use crate::domain::request::Channel;
use crate::domain::request::intake::Intake;
use crate::load::Source;
use crate::ops::failure::Failure;
use crate::ops::filing::candidate;
use crate::ops::filing::candidate::Candidate;
use crate::ops::filing::{Filing, faulty, unwritten};
use crate::ops::session::PortalOptions;
use crate::ops::survey;
use crate::ops::survey::Observer;
use crate::output::findings::count;
use crate::portal::Scope;
use crate::yaml::has_errors;

/// How an import goes.
#[derive(Debug)]
pub struct Options {
    /// The reference under which the decision to import is filed; asked for on a terminal.
    pub reference: Option<String>,
    /// How that decision arrived.
    pub channel: Channel,
    /// The day it arrived, where it is not today.
    pub received: Option<Date>,
    /// The most mailboxes that one file names.
    pub per_request: u16,
    /// Only these mailboxes; all where none is named.
    pub only: Vec<Mailbox>,
    /// Which portal, as far as the environment does not say.
    pub portal: PortalOptions,
    /// Where the files go, and how.
    pub filing: Filing,
}

/// What every round of an import rests on.
pub(super) struct Context<'a> {
    pub options: &'a Options,
    /// What the portals have.
    pub portals: Portals,
    /// Under which it is filed.
    pub reference: String,
}

/// What is to be written in one round: the files, in their order, and what the archives of each have
/// in common.
pub(super) struct Round {
    pub source: Source,
    pub files: Vec<(Group, Candidate)>,
}

/// The requests as they lie in the folder, none of them with an error: with one that cannot be read
/// nobody knows whom it names.
pub(super) fn load(options: &Options) -> Result<Source, Failure> {
    let source = options.filing.load()?;
    if has_errors(&source.loaded.findings) {
        let help = "mend them first: a file that cannot be read may name any archive";
        return Err(faulty(source.loaded.findings.clone(), help));
    }
    Ok(source)
}

/// What becomes of each agency's archives that no request names.
pub(super) fn adopt_all(
    options: &Options,
    agencies: &[Agency],
    portals: &Portals,
) -> Vec<Adoption> {
    let as_of = options.filing.requests.as_of();
    let adoption = |agency: &Agency| {
        let observed = portals.of(&agency.policy)?;
        let desired = desired::fold(&agency.requests, as_of, &UnverifiedApprovals::new());
        let most = options.per_request.into();
        let only = &options.only;
        Some(adopt(observed, &desired, &agency.policy, only, most))
    };
    let all = agencies.iter().map(adoption);
    all.map(Option::unwrap_or_default).collect()
}

impl Context<'_> {
    /// Makes the files of what is left, and checks them. The summary gets what is left alone.
    pub(super) fn prepare(
        &self,
        source: Source,
        adoptions: Vec<Adoption>,
        summary: &mut ImportOutput,
    ) -> Result<Round, Failure> {
        let options = self.options;
        let mut groups = Vec::new();
        let mut intakes = Vec::new();
        for (agency, adoption) in source.loaded.agencies.iter().zip(adoptions) {
            summary.set_left(agency, adoption.left);
            for lot in adoption.batches {
                intakes.push(Intake {
                    target: Some(Target::Enabled),
                    mailboxes: lot.mailboxes,
                    received: options.received,
                    channel: Some(options.channel),
                    reference: Some(self.reference.clone()),
                    reason: Some(lot.group.reason(agency.policy.language)),
                    ..Intake::default()
                });
                groups.push(lot.group);
            }
            let received = options.received.unwrap_or(options.filing.requests.as_of());
            summary.warn_of_notices(&agency.policy, received);
        }
        let filing = &options.filing;
        let (candidates, findings) = candidate::make(filing, &source, intakes, None, None)?;
        let problems = has_errors(&findings).then(|| count(&findings));
        summary.ending.findings = findings;
        match problems {
            Some(problems) => Err(Failure::failed(problems, "")),
            None => Ok(Round {
                files: groups.into_iter().zip(candidates).collect(),
                source,
            }),
        }
    }
}

/// What the portals have, each with the policy that says where it is.
pub(super) struct Portals(Vec<(Policy, Observed)>);

impl Portals {
    pub(super) fn read(options: &Options, source: &Source) -> Result<Self, Failure> {
        let runtime = crate::ops::runtime().map_err(|why| unwritten(&why, ""))?;
        let requests = &options.filing.requests;
        let mut observer = Observer::new(source, requests, &options.portal, None);
        let mut portals = Self(Vec::new());
        for agency in &source.loaded.agencies {
            if portals.of(&agency.policy).is_some() {
                continue;
            }
            let observed = runtime.block_on(observe(&mut observer, agency, &options.only));
            let observed = observed.map_err(|failure| Failure {
                reason: format!("Nothing was written. {}", failure.reason),
                ..failure
            })?;
            portals.0.push((agency.policy.clone(), observed));
        }
        runtime.block_on(observer.session.close());
        Ok(portals)
    }

    pub(super) fn of(&self, policy: &Policy) -> Option<&Observed> {
        let is_its = |it: &Policy| it.file == policy.file || it.reads_same_portal_as(policy);
        let mut portals = self.0.iter();
        let found = portals.find(|(policy, _)| is_its(policy));
        found.map(|(_, observed)| observed)
    }
}

async fn observe(
    observer: &mut Observer<'_>,
    agency: &Agency,
    only: &[Mailbox],
) -> Result<Observed, Failure> {
    let reader = observer.session.reader(&agency.policy).await?;
    observer.check_order(agency, &reader)?;
    Ok(survey::read(&reader, &Scope::of(only)).await?)
}
