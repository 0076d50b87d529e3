//! Reads what the portals have, each once. Reading is all that is done with them.

use super::options::Options;
use crate::domain::observed::Observed;
use crate::domain::policy::Policy;
use crate::load::reader::Agency;
use crate::ops::failure::Failure;
use crate::ops::filing::unwritten;
use crate::ops::session::{Session, Wanted};
use crate::portal::{self, PortalError, Scope};
use crate::progress::Progress;

/// The most requests to the portal that are under way at a time.
const CONCURRENCY: usize = 4;

/// What the portals have, each with the policy that says where it is.
pub(super) struct Portals(Vec<(Policy, Observed)>);

impl Portals {
    /// Reads the portals of these agencies.
    ///
    /// # Errors
    /// Where one cannot be read whole.
    pub(super) fn read(options: &Options, agencies: &[Agency]) -> Result<Self, Failure> {
        let runtime = crate::ops::runtime().map_err(|why| unwritten(&why, ""))?;
        let mut portals = Self(Vec::new());
        for Agency { policy, .. } in agencies {
            if portals.of(policy).is_some() {
                continue;
            }
            let observed = runtime
                .block_on(observe(options, policy))
                .map_err(|error| {
                    let failure = Failure::from(error);
                    Failure {
                        reason: format!("Nothing was written. {}", failure.reason),
                        ..failure
                    }
                })?;
            portals.0.push((policy.clone(), observed));
        }
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

async fn observe(options: &Options, policy: &Policy) -> Result<Observed, PortalError> {
    let wanted = Wanted {
        portal: &options.portal,
        requests: &options.filing.requests.requests,
        today: options.filing.requests.as_of,
        may_write: false,
        concurrency: CONCURRENCY,
    };
    let session = Session::open(policy.portal, &wanted).await?;
    let reader = session.reader(policy).await?;
    let observed = {
        let progress = Progress::new("reading mailboxes");
        let shows = |done, of| progress.at(done, of);
        portal::observe(&reader, &Scope::of(&options.only), &shows).await?
    };
    session.close().await;
    Ok(observed)
}
