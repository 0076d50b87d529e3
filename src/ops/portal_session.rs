//! Opens the portal that the policy names. URL and credentials come only from the environment, so a
//! pull request cannot send the token elsewhere. May not know requests or plan.

#[cfg(feature = "embedded")]
pub(super) mod embedded;
mod export;
mod file_options;

pub use self::file_options::PortalFileOptions;
pub(super) use self::file_options::{configuration_error, path_beside};

use std::sync::Arc;

use futures_util::FutureExt as _;

use super::credential_access;
use crate::apply::Stop;
use crate::domain::policy::{Policy, PortalKind};
use crate::environment;
use crate::environment::VariableNames;
use crate::load::RequestsLocation;
use crate::portal::PortalError;
use crate::portal::any_reader::AnyReader;
use crate::portal::scim;
use crate::portal::scim::{ClientLimits, ConnectionConfig, Outage, Writer};
use crate::progress;

/// The most requests to the portal at a time, by default.
const CONCURRENCY: usize = 4;

/// The portals that a run has opened, and how to open others.
pub(super) struct PortalSession<'a> {
    /// The options of the portal.
    portal: &'a PortalFileOptions,
    /// The requests: the embedded portal keeps its files next to their folder, and uses their day as
    /// today.
    pub requests: &'a RequestsLocation,
    /// Whether the run may write; a dry run creates no database for the embedded portal.
    pub may_write: bool,
    /// Whether the persons behind the mailboxes are read, too.
    pub reads_people: bool,
    /// The most requests to the portal at a time.
    pub concurrency: usize,
    /// Ends the waiting for a portal that is away, if the command supports that.
    pub stop: Option<Arc<Stop>>,
    open: Vec<(PortalKey, ScimEndpoint)>,
}

/// What two agencies with one connection have in common.
type PortalKey = (PortalKind, VariableNames);

/// A SCIM portal, real or embedded.
struct ScimEndpoint {
    endpoint: ConnectionConfig,
    limits: ClientLimits,
    #[cfg(feature = "embedded")]
    embedded: Option<crate::devportal::RunningPortal>,
}

impl<'a> PortalSession<'a> {
    /// A session that only reads, without open portals.
    pub fn new(requests: &'a RequestsLocation, portal: &'a PortalFileOptions) -> Self {
        Self {
            portal,
            requests,
            may_write: false,
            reads_people: false,
            concurrency: CONCURRENCY,
            stop: None,
            open: Vec::new(),
        }
    }

    /// Whether two agencies have the same portal, and read it in the same way with the same credentials.
    pub fn is_same_portal(&self, one: &Policy, other: &Policy) -> bool {
        let key = |policy: &Policy| self.portal_key(policy).ok();
        one.reads_portal_as(other) && key(one).is_some_and(|one| key(other) == Some(one))
    }

    fn portal_key(&self, policy: &Policy) -> Result<PortalKey, PortalError> {
        let names = match policy.portal {
            PortalKind::Scim => scim::names_for_agency(&policy.agency, &environment::variable)?,
            PortalKind::Embedded | PortalKind::Files => VariableNames::default(),
        };
        Ok((policy.portal, names))
    }

    /// A read-only handle for an agency's portal.
    ///
    /// # Errors
    /// If the portal cannot be opened, does not fit the policy, or its export may not be used.
    pub async fn open_reader(&mut self, policy: &Policy) -> Result<AnyReader, PortalError> {
        if policy.portal == PortalKind::Files {
            return export::read_export(self.portal, policy).map(AnyReader::Files);
        }
        let reads_people = self.reads_people;
        let portal = self.scim_portal(policy).await?;
        let (endpoint, limits) = (&portal.endpoint, &portal.limits);
        let reader = match reads_people {
            true => scim::connect_to_read_people(endpoint, limits, &policy.mapping).await,
            false => scim::connect(endpoint, limits, &policy.mapping).await,
        };
        reader.map(AnyReader::Scim).map_err(|error| portal.add_host_to_error(error))
    }

    /// A handle that writes, only for `apply`; `None` if people operate the portal.
    ///
    /// # Errors
    /// As for [`PortalSession::open_reader`].
    pub async fn open_writer(&mut self, policy: &Policy) -> Result<Option<Writer>, PortalError> {
        if policy.portal == PortalKind::Files {
            return Ok(None);
        }
        let portal = self.scim_portal(policy).await?;
        let writer =
            scim::connect_to_write(&portal.endpoint, &portal.limits, &policy.mapping).await;
        writer.map(Some).map_err(|error| portal.add_host_to_error(error))
    }

    /// The portal of an agency; opens it if needed.
    async fn scim_portal(&mut self, policy: &Policy) -> Result<&ScimEndpoint, PortalError> {
        let key = self.portal_key(policy)?;
        let index = match self.open.iter().position(|(open, _)| *open == key) {
            Some(index) => index,
            None => {
                let portal = self.open_scim(&key).await?;
                self.open.push((key, portal));
                self.open.len() - 1
            }
        };
        Ok(&self.open[index].1)
    }

    /// Finds the real portal, or starts the embedded one.
    async fn open_scim(&self, (kind, names): &PortalKey) -> Result<ScimEndpoint, PortalError> {
        let limits = ClientLimits {
            concurrency: self.concurrency,
            report_wait: progress::print_note,
            ..ClientLimits::default()
        };
        #[cfg(feature = "embedded")]
        if *kind == PortalKind::Embedded {
            let (endpoint, running) =
                embedded::start_portal(self.portal, self.requests, self.may_write).await?;
            return Ok(ScimEndpoint { endpoint, limits, embedded: Some(running) });
        }
        #[cfg(not(feature = "embedded"))]
        if *kind == PortalKind::Embedded {
            return Err(configuration_error(
                message!("portal-not-built-in"),
                message!("portal-not-built-in-help"),
            ));
        }
        let stop = self.stop.clone().unwrap_or_default();
        let mut endpoint = endpoint_from_environment(names.clone())?;
        endpoint.outage = Some(Arc::new(Outage::new(progress::print_note, move || {
            let stop = Arc::clone(&stop);
            async move { stop.wait_until_stop_requested().await }.boxed()
        })));
        Ok(ScimEndpoint {
            endpoint,
            limits,
            #[cfg(feature = "embedded")]
            embedded: None,
        })
    }

    /// Stops the embedded portal.
    pub async fn stop_embedded_portals(self) {
        #[cfg(feature = "embedded")]
        for (_, portal) in self.open {
            if let Some(running) = portal.embedded {
                running.stop().await;
            }
        }
    }
}

impl ScimEndpoint {
    /// Adds the host to an error, and says what the variables are called.
    fn add_host_to_error(&self, error: PortalError) -> PortalError {
        let mut error = self.endpoint.rename_variables(error);
        let host = format!("({})", self.endpoint.host_and_port());
        error.doing.push(host);
        error
    }
}

/// The real portal, as variables of these names say.
pub(super) fn endpoint_from_environment(
    names: VariableNames,
) -> Result<ConnectionConfig, PortalError> {
    ConnectionConfig::from_environment(&environment::variable, &credential_access(names))
}
