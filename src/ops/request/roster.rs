//! The mailboxes that the portal has, to pick from and to warn of slips. The portal is only read, and
//! where it cannot be, that is a note: a request is filed all the same.

use std::future::Future;
use std::time::Duration;

use super::options::Options;
use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox};
use crate::load::Source;
use crate::ops::session::PortalOptions;
use crate::ops::survey;
use crate::ops::survey::Observer;
use crate::portal::{PortalError, Scope};
use crate::printer;
use crate::text::escape;

/// For how long a clerk waits for the portal to answer at all.
const FIRST_ANSWER: Duration = Duration::from_secs(15);
/// And for all its mailboxes.
const ALL: Duration = Duration::from_secs(120);

/// The portal's mailboxes, where they are wanted and can be had: those that are named, or all to pick
/// from where none is. Else perhaps a note that they are not known.
pub(super) fn read(
    options: &Options,
    source: &Source,
    only: &[Mailbox],
    is_dialogue: bool,
) -> (Option<Observed>, Option<String>) {
    let is_wanted = options.always_asks || is_dialogue || printer::is_interactive();
    let Some(portal) = options.portal.as_ref().filter(|_| is_wanted) else {
        return (None, None);
    };
    match all(source, only, options, portal) {
        Ok(observed) => (Some(observed), None),
        Err(why) => {
            let note =
                "note: the portal's mailboxes are not known, so slips go unnoticed until later";
            (None, Some(format!("{note}: {why}")))
        }
    }
}

/// What the portals of all agencies have, each of them asked once.
fn all(
    source: &Source,
    only: &[Mailbox],
    options: &Options,
    portal: &PortalOptions,
) -> Result<Observed, String> {
    let mut observer = Observer::new(source, &options.filing.requests, portal, None);
    let mut agencies: Vec<&Agency> = Vec::new();
    for agency in &source.loaded.agencies {
        let is_same = |known: &&Agency| known.policy.reads_same_portal_as(&agency.policy);
        if !agencies.iter().any(is_same) {
            agencies.push(agency);
        }
    }
    let runtime = crate::ops::runtime()?;
    let read = runtime.block_on(async {
        let mut all = Vec::new();
        for agency in agencies {
            all.extend(observe(&mut observer, agency, only).await?);
        }
        observer.session.close().await;
        Ok(Observed::new(all, only.is_empty()))
    });
    // What still waits for an answer is not waited for.
    runtime.shutdown_background();
    read
}

async fn observe(
    observer: &mut Observer<'_>,
    agency: &Agency,
    only: &[Mailbox],
) -> Result<Vec<ObservedMailbox>, String> {
    let reader = within(FIRST_ANSWER, observer.session.reader(&agency.policy)).await?;
    observer
        .check_order(agency, &reader)
        .map_err(|failure| escape(&failure.reason).into_owned())?;
    let observed = within(ALL, survey::read(&reader, &Scope::of(only))).await?;
    Ok(observed.mailboxes().to_vec())
}

/// What the portal answers within a time.
async fn within<T>(
    time: Duration,
    answer: impl Future<Output = Result<T, PortalError>>,
) -> Result<T, String> {
    match tokio::time::timeout(time, answer).await {
        Ok(answer) => answer.map_err(|error| escape(&error.to_string()).into_owned()),
        Err(_) => Err(format!("no answer within {} seconds", time.as_secs())),
    }
}
