//! Looks at a portal: connects to it, reads all of it or some of it, and has no way to write.

use std::fmt;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::capabilities;
use super::compiled_mapping::CompiledMapping;
use super::connection_config::ConnectionConfig;
use super::limits::ClientLimits;
use super::mapping_fit;
use super::quirks::Quirks;
use super::read_session::ReadSession;
use super::schemas;
use super::scim_client::GetOnlyClient;
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::scim::{ENTERPRISE, Mapping};
use crate::domain::observed::{MailboxFilter, Observed, ObservedMailbox};
use crate::portal::{Doing, ErrorKind, PortalError, PortalReader, Progress};

/// Connects to a portal to look, and asks what it can do: two requests.
///
/// # Errors
/// Where the portal does not answer, refuses the token, is not SCIM, or says that it has not what
/// the mapping names.
pub async fn connect(
    endpoint: &ConnectionConfig,
    limits: &ClientLimits,
    mapping: &Mapping,
) -> Result<Reader, PortalError> {
    connect_to_read(endpoint, limits, mapping, false).await
}

/// The same, to read who the persons behind the mailboxes are, too.
///
/// # Errors
/// As for [`connect`].
pub async fn connect_to_read_people(
    endpoint: &ConnectionConfig,
    limits: &ClientLimits,
    mapping: &Mapping,
) -> Result<Reader, PortalError> {
    connect_to_read(endpoint, limits, mapping, true).await
}

async fn connect_to_read(
    endpoint: &ConnectionConfig,
    limits: &ClientLimits,
    mapping: &Mapping,
    reads_people: bool,
) -> Result<Reader, PortalError> {
    let http = GetOnlyClient::new(endpoint, limits)?;
    let capabilities = capabilities::discover(&http).await?;
    let offered = schemas::read(&http).await?;
    let fit = mapping_fit::check_fit(mapping, &offered);
    let mut matcher = CompiledMapping::new(mapping).with_on_request(fit.on_request);
    if reads_people {
        matcher = matcher.with_people(offered.get(ENTERPRISE).is_some());
    }
    let refusal = mapping_fit::misfit_error(mapping, &fit.problems);
    if let Some(refusal) = refusal.filter(|_| fit.is_refused()) {
        return Err(refusal);
    }
    let quirks = Quirks {
        shown: fit.confirmed,
        unlisted: fit.unlisted,
        // An address in other letters would look as if there were no such account.
        no_filter: fit.has_exact_addresses,
        ..Quirks::default()
    };
    Ok(Reader {
        session: ReadSession {
            http,
            matcher: Arc::new(matcher),
            capabilities,
            limits: limits.clone(),
            quirks: Mutex::new(quirks),
            counts: None,
        },
    })
}

/// Looks at the portal; what it holds can send nothing but GET.
pub struct Reader {
    pub(super) session: ReadSession,
}

impl Reader {
    /// Whether a mailbox has the word that arkib writes for a change; `None` before the whole list was
    /// read, and if the portal has no mailboxes.
    pub fn has_seen_word(&self, target: Target) -> Option<bool> {
        let quirks = self.session.lock_quirks();
        quirks.read_all.then(|| quirks.shown.has_word(target))
    }

    /// The time by the portal's clock at its last answer, where it says it (RFC 9110 section 6.6.1).
    pub fn portal_time(&self) -> Option<Timestamp> {
        self.session.http.portal_time()
    }

    fn to_observed(&self, read: Vec<ObservedMailbox>, is_complete: bool) -> Observed {
        let quirks = self.session.lock_quirks();
        Observed::new(read, is_complete)
            .with_ambiguous_addresses(quirks.claimed.clone())
            .with_aliases(quirks.aliases.clone())
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl PortalReader for Reader {
    fn stores_request_id(&self) -> bool {
        self.session.matcher.mapping.request.is_some()
    }

    fn can_look_up(&self) -> bool {
        self.session.capabilities.filter && !self.session.lock_quirks().no_filter
    }

    async fn read_all(
        &self,
        mailbox_filter: &Arc<MailboxFilter>,
        progress: Progress<'_>,
    ) -> Result<Observed, PortalError> {
        let limit = self.session.limits.reading;
        let reading = self.session.read_everything(mailbox_filter, progress);
        let read = tokio::time::timeout(limit, reading).await;
        let read = read.map_err(|_| {
            PortalError::new(
                ErrorKind::Timeout,
                Doing::Listing,
                format!(
                    "the list did not end within {} minutes",
                    limit.as_secs() / 60
                ),
                "the portal is too slow, or its list does not end; ask its operator for larger pages",
            )
        })?;
        let whole = read?;
        self.session.lock_quirks().read_all = whole.with_address > 0;
        let observed =
            self.to_observed(whole.mailboxes, true).with_other_addresses(whole.other_addresses);
        Ok(observed.with_unkept_mailboxes(whole.with_address > 0))
    }

    async fn read_some(&self, mailboxes: &[Mailbox]) -> Result<Observed, PortalError> {
        let found = self.session.look_up_mailboxes(mailboxes).await?;
        // To find none of them is one thing, a portal that shows nobody at all is another.
        let is_known = !found.is_empty() || self.session.lock_quirks().has_mailboxes;
        let has_any = is_known || self.session.read_first_mailbox().await?.is_some();
        Ok(self.to_observed(found, false).with_unkept_mailboxes(has_any))
    }
}
