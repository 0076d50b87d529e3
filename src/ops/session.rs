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

use crate::domain::policy::{Policy, PortalKind};
use crate::environment;
use crate::environment::Outside;
use crate::portal::PortalError;
use crate::portal::any::{Reader, Writer};
use crate::portal::scim;
use crate::portal::scim::{Endpoint, Limits};
use crate::printer;

/// The portals that a run has opened.
pub(super) struct Session<'a> {
    /// How they are reached.
    pub access: Access<'a>,
    open: Vec<(PortalKind, Scim)>,
}

/// A portal that speaks SCIM, be it real or the embedded one.
struct Scim {
    endpoint: Endpoint,
    limits: Limits,
    #[cfg(feature = "embedded")]
    embedded: Option<crate::devportal::Running>,
}

impl<'a> Session<'a> {
    /// One in which nothing is open yet.
    pub fn new(access: Access<'a>) -> Self {
        let open = Vec::new();
        Self { access, open }
    }

    /// A handle that can only read, for an agency.
    ///
    /// # Errors
    /// Where the portal cannot be opened, does not answer as the policy says, or its report may not be
    /// used.
    pub async fn reader(&mut self, policy: &Policy) -> Result<Reader, PortalError> {
        if policy.portal == PortalKind::Files {
            return export::reader(self.access.portal, policy).map(Reader::Files);
        }
        let portal = self.scim(policy.portal).await?;
        let reader = scim::connect(&portal.endpoint, &portal.limits, &policy.mapping).await;
        reader
            .map(Reader::Scim)
            .map_err(|error| portal.named(error))
    }

    /// A handle that writes, for `apply` alone; `None` where people do that.
    ///
    /// # Errors
    /// As for [`Session::reader`].
    pub async fn writer(&mut self, policy: &Policy) -> Result<Option<Writer>, PortalError> {
        if policy.portal == PortalKind::Files {
            return Ok(None);
        }
        let portal = self.scim(policy.portal).await?;
        let writer =
            scim::connect_to_write(&portal.endpoint, &portal.limits, &policy.mapping).await;
        let writer = writer.map_err(|error| portal.named(error))?;
        Ok(Some(Writer::Scim(writer)))
    }

    /// The portal of a kind, opened where it is not yet.
    async fn scim(&mut self, kind: PortalKind) -> Result<&Scim, PortalError> {
        let index = match self.open.iter().position(|(open, _)| *open == kind) {
            Some(index) => index,
            None => {
                let portal = Scim::open(kind, &self.access).await?;
                self.open.push((kind, portal));
                self.open.len() - 1
            }
        };
        Ok(&self.open[index].1)
    }

    /// Ends what was started.
    pub async fn close(self) {
        #[cfg(feature = "embedded")]
        for (_, portal) in self.open {
            if let Some(running) = portal.embedded {
                running.stop().await;
            }
        }
    }
}

impl Scim {
    /// Finds it, or starts it where it is the embedded one.
    async fn open(kind: PortalKind, access: &Access<'_>) -> Result<Self, PortalError> {
        let limits = Limits {
            concurrency: access.concurrency,
            ..Limits::default()
        };
        #[cfg(feature = "embedded")]
        if kind == PortalKind::Embedded {
            let (endpoint, running) = embedded::open(access).await?;
            return Ok(Self {
                endpoint,
                limits,
                embedded: Some(running),
            });
        }
        #[cfg(not(feature = "embedded"))]
        if kind == PortalKind::Embedded {
            return Err(configuration(
                "this arkib was built without the embedded portal".to_owned(),
                "use a build with the feature `embedded`, or `portal: scim` in the policy",
            ));
        }
        Ok(Self {
            endpoint: from_environment()?,
            limits,
            #[cfg(feature = "embedded")]
            embedded: None,
        })
    }

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
