//! The mailboxes that the portal has, to pick from and to warn of slips. The portal is only read, and
//! where it cannot be, that is a note: a request is filed all the same.

use std::future::Future;
use std::time::Duration;

use super::options::Options;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox};
use crate::domain::policy::Policy;
use crate::load::reader::Agency;
use crate::ops::session::{Session, Wanted};
use crate::portal::{self, PortalError, Scope};
use crate::printer;
use crate::progress::Progress;
use crate::text::visible;

/// For how long a clerk waits for the portal to answer at all.
const FIRST_ANSWER: Duration = Duration::from_secs(15);
/// And for all its mailboxes.
const ALL: Duration = Duration::from_secs(120);

/// The portal's mailboxes, where they are wanted and can be had: those that are named, or all to pick
/// from where none is. Else perhaps a note that they are not known.
pub(super) fn read(
    options: &Options,
    agencies: &[Agency],
    only: &[Mailbox],
    is_dialogue: bool,
) -> (Option<Observed>, Option<String>) {
    let is_wanted = options.always_asks || is_dialogue || printer::is_interactive();
    let Some(portal) = options.portal.as_ref().filter(|_| is_wanted) else {
        return (None, None);
    };
    let wanted = Wanted {
        portal,
        requests: &options.filing.requests.requests,
        today: None,
        may_write: false,
        concurrency: 4,
    };
    match all(agencies, only, &wanted) {
        Ok(observed) => (Some(observed), None),
        Err(why) => {
            let note =
                "note: the portal's mailboxes are not known, so slips go unnoticed until later";
            (None, Some(format!("{note}: {why}")))
        }
    }
}

/// The mailboxes that hold a part of an address.
pub(super) fn find<'a>(observed: &'a Observed, part: &str) -> Vec<&'a ObservedMailbox> {
    let part = part.trim().to_lowercase();
    let holds = |it: &&ObservedMailbox| it.mailbox.as_str().contains(&part);
    observed.mailboxes().iter().filter(holds).collect()
}

/// What the portals of all agencies have, each of them asked once.
fn all(agencies: &[Agency], only: &[Mailbox], wanted: &Wanted<'_>) -> Result<Observed, String> {
    let mut policies: Vec<&Policy> = Vec::new();
    for Agency { policy, .. } in agencies {
        if !policies.iter().any(|it| it.looks_at_the_same(policy)) {
            policies.push(policy);
        }
    }
    let runtime = crate::ops::runtime()?;
    let read = runtime.block_on(async {
        let mut all = Vec::new();
        for policy in policies {
            all.extend(observe(policy, only, wanted).await?);
        }
        Ok(Observed::new(all, only.is_empty()))
    });
    // What still waits for an answer is not waited for.
    runtime.shutdown_background();
    read
}

async fn observe(
    policy: &Policy,
    only: &[Mailbox],
    wanted: &Wanted<'_>,
) -> Result<Vec<ObservedMailbox>, String> {
    let connect = async {
        let session = Session::open(policy.portal, wanted).await?;
        let reader = session.reader(policy).await?;
        Ok((session, reader))
    };
    let (session, reader) = within(FIRST_ANSWER, connect).await?;
    let progress = Progress::new("reading the portal's mailboxes");
    let shows = |done, of| progress.at(done, of);
    let read = within(ALL, portal::observe(&reader, &Scope::of(only), &shows)).await;
    session.close().await;
    Ok(read?.mailboxes().to_vec())
}

/// What the portal answers within a time.
async fn within<T>(
    time: Duration,
    answer: impl Future<Output = Result<T, PortalError>>,
) -> Result<T, String> {
    match tokio::time::timeout(time, answer).await {
        Ok(answer) => answer.map_err(|error| visible(&error.to_string()).into_owned()),
        Err(_) => Err(format!("no answer within {} seconds", time.as_secs())),
    }
}
