//! Reads what the portals have, each once. Reading is all that is done with them.

use super::options::Options;
use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::policy::Policy;
use crate::load::Source;
use crate::ops::failure::Failure;
use crate::ops::filing::unwritten;
use crate::ops::survey;
use crate::ops::survey::Observer;
use crate::portal::Scope;

/// What the portals have, each with the policy that says where it is.
pub(super) struct Portals(Vec<(Policy, Observed)>);

impl Portals {
    /// Reads the portals of these agencies.
    ///
    /// # Errors
    /// Where one cannot be read whole.
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

    /// What an agency's portal has.
    pub(super) fn of(&self, policy: &Policy) -> Option<&Observed> {
        let is_its = |it: &Policy| it.file == policy.file || it.looks_at_the_same(policy);
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
