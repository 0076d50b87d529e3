//! The mailboxes that the portal has, to pick from and to warn of slips. The portal is only read, and
//! where it cannot be, that is a note: a request is filed all the same.

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox};
use crate::load::{Location, Source};
use crate::ops::session::PortalOptions;
use crate::ops::survey;
use crate::ops::survey::Observer;
use crate::portal::{PortalError, Scope};
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
        source: &Source,
        only: &[Mailbox],
        requests: &Path,
        portal: &PortalOptions,
    ) -> Result<Self, String> {
        let requests = Location {
            requests: requests.to_owned(),
            reference: None,
            as_of: None,
        };
        let mut observer = Observer::new(source, &requests, portal, None);
        let mut agencies: Vec<&Agency> = Vec::new();
        for agency in &source.loaded.agencies {
            let is_same = |known: &&Agency| known.policy.looks_at_the_same(&agency.policy);
            if !agencies.iter().any(is_same) {
                agencies.push(agency);
            }
        }
        let runtime = crate::ops::runtime()?;
        let read = async {
            let mut all = Vec::new();
            for agency in agencies {
                all.extend(observe(&mut observer, agency, only).await?);
            }
            observer.sessions.close().await;
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
    observer: &mut Observer<'_>,
    agency: &Agency,
    only: &[Mailbox],
) -> Result<Vec<ObservedMailbox>, String> {
    let reader = within(FIRST_ANSWER, observer.connect(&agency.policy)).await?;
    observer
        .check_order(agency, &reader)
        .map_err(|failure| visible(&failure.reason).into_owned())?;
    let observed = within(ALL, survey::read(&reader, &Scope::of(only))).await?;
    Ok(observed.mailboxes().to_vec())
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
