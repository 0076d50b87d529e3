//! Gives a command the portal that the policy names. Address and credentials come from the
//! environment alone, so a pull request cannot send the token elsewhere. May not know requests or plan.

mod beside;
#[cfg(feature = "embedded")]
pub(super) mod embedded;
mod export;
mod options;

pub(super) use self::beside::beside;
pub use self::options::PortalOptions;
pub(super) use self::options::{Access, configuration};

use std::sync::Arc;

use self::export::Exports;
use crate::domain::policy::{Policy, PortalKind};
use crate::environment;
use crate::environment::Outside;
use crate::portal::PortalError;
use crate::portal::any::Reader;
use crate::portal::scim;
use crate::portal::scim::{Endpoint, Limits, Writer};
use crate::printer;

/// The portals that are open, each kind once.
#[derive(Default)]
pub(super) struct Sessions(Vec<(PortalKind, Session)>);

impl Sessions {
    /// The portal of a kind, opened where it is not yet.
    ///
    /// # Errors
    /// As for [`Session::open`].
    pub async fn open(
        &mut self,
        kind: PortalKind,
        access: &Access<'_>,
    ) -> Result<&Session, PortalError> {
        let index = match self.0.iter().position(|(open, _)| *open == kind) {
            Some(index) => index,
            None => {
                self.0.push((kind, Session::open(kind, access).await?));
                self.0.len() - 1
            }
        };
        Ok(&self.0[index].1)
    }

    /// Ends what was started.
    pub async fn close(self) {
        #[cfg(feature = "embedded")]
        for (_, session) in self.0 {
            if let Session::Scim(portal) = session
                && let Some(running) = portal.embedded
            {
                running.stop().await;
            }
        }
    }
}

/// A portal that can be reached.
pub(super) enum Session {
    /// One that speaks SCIM, be it real or the embedded one.
    Scim(Box<Scim>),
    /// One that people operate.
    Files(Exports),
}

/// A portal that speaks SCIM.
pub(super) struct Scim {
    endpoint: Endpoint,
    limits: Limits,
    #[cfg(feature = "embedded")]
    embedded: Option<crate::devportal::Running>,
}

impl Session {
    /// Finds the portal of a kind, and starts it where it is the embedded one.
    ///
    /// # Errors
    /// Where the environment does not say where it is, or where it cannot be started.
    async fn open(kind: PortalKind, access: &Access<'_>) -> Result<Self, PortalError> {
        let limits = Limits {
            concurrency: access.concurrency,
            ..Limits::default()
        };
        match kind {
            PortalKind::Scim => Ok(Self::Scim(Box::new(Scim {
                endpoint: from_environment()?,
                limits,
                #[cfg(feature = "embedded")]
                embedded: None,
            }))),
            PortalKind::Files => Exports::new(access.portal).map(Self::Files),
            #[cfg(feature = "embedded")]
            PortalKind::Embedded => {
                let (endpoint, running) = embedded::open(access).await?;
                Ok(Self::Scim(Box::new(Scim {
                    endpoint,
                    limits,
                    embedded: Some(running),
                })))
            }
            #[cfg(not(feature = "embedded"))]
            PortalKind::Embedded => Err(configuration(
                "this arkib was built without the embedded portal".to_owned(),
                "use a build with the feature `embedded`, or `portal: scim` in the policy",
            )),
        }
    }

    /// A handle that can only read, for an agency.
    ///
    /// # Errors
    /// Where the portal does not answer as the policy says, or its report may not be used.
    pub async fn reader(&self, policy: &Policy) -> Result<Reader, PortalError> {
        match self {
            Self::Scim(portal) => scim::connect(&portal.endpoint, &portal.limits, &policy.mapping)
                .await
                .map(Reader::Scim)
                .map_err(|error| portal.named(error)),
            Self::Files(reports) => reports.reader(policy).map(Reader::Files),
        }
    }

    /// A handle that writes, for `apply` alone; `None` where people do that.
    ///
    /// # Errors
    /// As for [`Session::reader`].
    pub async fn writer(&self, policy: &Policy) -> Result<Option<Writer>, PortalError> {
        match self {
            Self::Scim(portal) => {
                scim::connect_to_write(&portal.endpoint, &portal.limits, &policy.mapping)
                    .await
                    .map(Some)
                    .map_err(|error| portal.named(error))
            }
            Self::Files(_) => Ok(None),
        }
    }
}

impl Scim {
    /// Says which host could not be reached or understood.
    fn named(&self, mut error: PortalError) -> PortalError {
        error.doing = format!("{} ({})", error.doing, self.endpoint.host());
        error
    }
}

/// The real portal, as the environment says.
pub(super) fn from_environment() -> Result<Endpoint, PortalError> {
    let outside = Outside {
        read_file: Arc::new(environment::read_credential),
        hide: Arc::new(printer::never_print),
    };
    Endpoint::from_environment(&environment::variable, &outside)
}
