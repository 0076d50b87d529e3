//! Reads what the portals have, each once. Reading is all that is done with them.

use super::options::Options;
use super::summary::Told;
use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::policy::Policy;
use crate::load::{Location, Source};
use crate::ops::failure::Failure;
use crate::ops::survey;
use crate::ops::survey::Observer;
use crate::portal::Scope;

/// What was looked at, each with the policy that says where.
pub(super) type Portals = Vec<(Policy, Observed)>;

/// What the portals of these agencies have.
///
/// # Errors
/// Where one cannot be read whole.
pub(super) fn read(args: &Options, source: &Source) -> Result<Portals, Box<Told>> {
    let runtime = crate::ops::runtime()
        .map_err(|reason| Box::new(Told::unwritten(format!("Nothing was written: {reason}."))))?;
    let requests = Location {
        requests: args.requests.clone(),
        reference: None,
        as_of: args.as_of,
    };
    let mut observer = Observer::new(source, &requests, &args.portal, None);
    let mut portals = Portals::new();
    for agency in &source.loaded.agencies {
        if of(&portals, &agency.policy).is_some() {
            continue;
        }
        let observed = runtime.block_on(observe(&mut observer, agency, &args.only));
        let observed = observed.map_err(|failure| {
            let Failure {
                exit, reason, help, ..
            } = failure;
            Box::new(Told {
                exit,
                help,
                ..Told::unwritten(format!("Nothing was written. {reason}"))
            })
        })?;
        portals.push((agency.policy.clone(), observed));
    }
    runtime.block_on(observer.sessions.close());
    Ok(portals)
}

/// What an agency's portal has.
pub(super) fn of<'a>(portals: &'a Portals, policy: &Policy) -> Option<&'a Observed> {
    let is_it = |it: &Policy| it.file == policy.file || it.looks_at_the_same(policy);
    let mut found = portals.iter().filter(|(it, _)| is_it(it));
    found.next().map(|(_, observed)| observed)
}

async fn observe(
    observer: &mut Observer<'_>,
    agency: &Agency,
    only: &[Mailbox],
) -> Result<Observed, Failure> {
    let reader = observer.connect(&agency.policy).await?;
    observer.check_order(agency, &reader)?;
    Ok(survey::read(&reader, &Scope::of(only)).await?)
}
