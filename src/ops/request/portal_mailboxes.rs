//! The mailboxes in the portal, to pick from and to find mistakes. The portal is only read. If it cannot
//! be read, that is only a note, and the request is still written.

use std::future::Future;
use std::time::Duration;

use super::options::Options;
use crate::domain::agency::Agency;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox};
use crate::language::Message;
use crate::load::LoadedRequests;
use crate::ops::agency_state;
use crate::ops::agency_state::Observer;
use crate::ops::portal_session::PortalFileOptions;
use crate::portal::{PortalError, ReadScope};
use crate::printer;

/// The longest time to wait for the first answer of the portal.
const FIRST_ANSWER: Duration = Duration::from_secs(15);
/// The longest time to wait for all mailboxes.
const ALL: Duration = Duration::from_secs(120);

/// The mailboxes in the portal, as far as they were read.
pub(super) struct Roster {
    pub observed: Option<Observed>,
    /// Whether all of them were asked for.
    is_whole: bool,
}

impl Roster {
    /// Reads them, if they are needed: those of `only`, or all if it is empty. Returns a note if they cannot be
    /// read.
    pub fn read_if_wanted(
        options: &Options,
        source: &LoadedRequests,
        only: &[Mailbox],
        is_dialogue: bool,
    ) -> (Self, Option<Message>) {
        let is_wanted = options.always_asks || is_dialogue || printer::is_interactive();
        let is_whole = only.is_empty();
        let Some(portal) = options.portal.as_ref().filter(|_| is_wanted) else {
            return (Self { observed: None, is_whole: true }, None);
        };
        match read_all_portals(source, only, options, portal) {
            Ok(observed) => (Self { observed: Some(observed), is_whole }, None),
            Err(why) => {
                let note = message!("request-portal-unread", why);
                (Self { observed: None, is_whole: true }, Some(note))
            }
        }
    }

    /// Reads all of them, if only some were read: other mailboxes may be named now.
    pub fn make_whole(&mut self, options: &Options, source: &LoadedRequests) {
        if !self.is_whole {
            (*self, _) = Self::read_if_wanted(options, source, &[], true);
        }
    }
}

/// The mailboxes in the portals of all agencies, each read once.
fn read_all_portals(
    source: &LoadedRequests,
    only: &[Mailbox],
    options: &Options,
    portal: &PortalFileOptions,
) -> Result<Observed, Message> {
    let mut observer = Observer::new(source, &options.filing.requests, portal, None);
    let mut agencies: Vec<&Agency> = Vec::new();
    for agency in &source.loaded.agencies {
        let is_same =
            |known: &&Agency| observer.session.is_same_portal(&known.policy, &agency.policy);
        if !agencies.iter().any(is_same) {
            agencies.push(agency);
        }
    }
    let runtime = crate::ops::new_runtime()?;
    let read = runtime.block_on(async {
        let mut all = Vec::new();
        for agency in agencies {
            all.extend(observe_agency(&mut observer, agency, only).await?);
        }
        observer.session.stop_embedded_portals().await;
        Ok(Observed::new(all, only.is_empty()))
    });
    // Do not wait for requests without an answer.
    runtime.shutdown_background();
    read
}

async fn observe_agency(
    observer: &mut Observer<'_>,
    agency: &Agency,
    only: &[Mailbox],
) -> Result<Vec<ObservedMailbox>, Message> {
    let reader = with_timeout(FIRST_ANSWER, observer.session.open_reader(&agency.policy)).await?;
    observer.check_export_order(agency, &reader).map_err(|failure| failure.reason)?;
    let observed =
        with_timeout(ALL, agency_state::read_portal(&reader, &ReadScope::mailboxes_or_all(only)))
            .await?;
    Ok(observed.mailboxes().to_vec())
}

/// Waits for an answer of the portal, but no longer than `time`.
async fn with_timeout<T>(
    time: Duration,
    answer: impl Future<Output = Result<T, PortalError>>,
) -> Result<T, Message> {
    match tokio::time::timeout(time, answer).await {
        Ok(answer) => answer.map_err(|error| error.message()),
        Err(_) => Err(message!("request-portal-silent", seconds = time.as_secs())),
    }
}
