//! Reads what the portals have, each once. Reading is all that is done with them.

use super::options::Options;
use super::summary::Told;
use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::policy::Policy;
use crate::ops::failure::Failure;
use crate::ops::session::{Session, Wanted};
use crate::portal;
use crate::portal::{PortalError, Scope};
use crate::progress::Progress;

/// The most requests to the portal that are under way at a time.
const CONCURRENCY: usize = 4;

/// What was looked at, each with the policy that says where.
pub(super) type Portals = Vec<(Policy, Observed)>;

/// What the portals of these agencies have.
///
/// # Errors
/// Where one cannot be read whole.
pub(super) fn read(args: &Options, agencies: &[Agency]) -> Result<Portals, Box<Told>> {
    let runtime = crate::ops::runtime()
        .map_err(|reason| Box::new(Told::unwritten(format!("Nothing was written: {reason}."))))?;
    let mut portals = Portals::new();
    for Agency { policy, .. } in agencies {
        if of(&portals, policy).is_some() {
            continue;
        }
        let observed = runtime.block_on(observe(args, policy)).map_err(|error| {
            let Failure {
                exit, reason, help, ..
            } = error.into();
            Box::new(Told {
                exit,
                help,
                ..Told::unwritten(format!("Nothing was written. {reason}"))
            })
        })?;
        portals.push((policy.clone(), observed));
    }
    Ok(portals)
}

/// What an agency's portal has.
pub(super) fn of<'a>(portals: &'a Portals, policy: &Policy) -> Option<&'a Observed> {
    let is_it = |it: &Policy| it.file == policy.file || it.looks_at_the_same(policy);
    let mut found = portals.iter().filter(|(it, _)| is_it(it));
    found.next().map(|(_, observed)| observed)
}

async fn observe(args: &Options, policy: &Policy) -> Result<Observed, PortalError> {
    let wanted = Wanted {
        portal: &args.portal,
        requests: &args.requests,
        today: args.as_of,
        may_write: false,
        concurrency: CONCURRENCY,
    };
    let only: &[Mailbox] = &args.only;
    let session = Session::open(policy.portal, &wanted).await?;
    let reader = session.reader(policy).await?;
    let observed = {
        let progress = Progress::new("reading mailboxes");
        portal::observe(&reader, &Scope::of(only), &|done, of| progress.at(done, of)).await?
    };
    session.close().await;
    Ok(observed)
}
