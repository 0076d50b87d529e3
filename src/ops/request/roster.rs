//! The mailboxes that the portal has, to pick from and to warn of slips. The portal is only read, and
//! where it cannot be, that is a note: a request is filed all the same.

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox};
use crate::domain::policy::Policy;
use crate::ops::session::{PortalOptions, Session, Wanted};
use crate::portal;
use crate::portal::{PortalError, Scope};
use crate::progress::Progress;
use crate::text::visible;

/// For how long a clerk waits for the portal to answer at all.
const FIRST_ANSWER: Duration = Duration::from_secs(15);
/// And for all its mailboxes.
const ALL: Duration = Duration::from_secs(120);

/// What the portal has, as far as it was asked.
pub(super) struct Roster(Observed);

impl Roster {
    /// Asks the portal for these mailboxes, or for all where none is named.
    ///
    /// # Errors
    /// Why it cannot be read, in a sentence and what to do.
    pub(super) fn read(
        agencies: &[Agency],
        only: &[Mailbox],
        requests: &Path,
        portal: &PortalOptions,
    ) -> Result<Self, String> {
        let wanted = Wanted {
            portal,
            requests,
            today: None,
            may_write: false,
            concurrency: 4,
        };
        let mut policies: Vec<&Policy> = Vec::new();
        for agency in agencies {
            let policy = &agency.policy;
            if !policies.iter().any(|it| it.looks_at_the_same(policy)) {
                policies.push(policy);
            }
        }
        let runtime = crate::ops::runtime()?;
        let read = async {
            let mut all = Vec::new();
            for policy in policies {
                all.extend(observe(policy, only, &wanted).await?);
            }
            Ok(all)
        };
        let read = runtime.block_on(read);
        // What still waits for an answer is not waited for.
        runtime.shutdown_background();
        read.map(|all| Self(Observed::new(all, only.is_empty())))
    }

    /// What was read.
    pub(super) fn observed(&self) -> &Observed {
        &self.0
    }

    /// The mailboxes that hold a part of an address.
    pub(super) fn find(&self, part: &str) -> Vec<&ObservedMailbox> {
        let part = part.trim().to_lowercase();
        let holds = |it: &&ObservedMailbox| it.mailbox.as_str().contains(&part);
        self.0.mailboxes().iter().filter(holds).collect()
    }

    #[cfg(test)]
    pub(super) fn of(mailboxes: Vec<ObservedMailbox>) -> Self {
        Self(Observed::new(mailboxes, true))
    }
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
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(visible(&error.to_string()).into_owned()),
        Err(_) => Err(format!("no answer within {} seconds", time.as_secs())),
    }
}
