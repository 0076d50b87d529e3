//! Where the portal is, the credentials that open it, and the way there; all of it comes from the
//! environment alone, so that no pull request can send a secret elsewhere. May not know HTTP beyond
//! what an address is.

use std::fmt;
use std::sync::Arc;

use reqwest::Url;
use secrecy::SecretString;

use super::credentials::{AuthMethod, choice};
use super::http::outage::Outage;
use super::variables::{TLS, URL};
use crate::environment::{CredentialAccess, EnvError, Variable, VariableNames, unusable};
use crate::http::{Tls, UrlVariable, host_and_port, proxy_from_environment};
use crate::language::Message;
use crate::portal::PortalError;

const PORTAL: UrlVariable = UrlVariable {
    what: || message!("setting-portal-address"),
    variable: URL,
    example: || Message::verbatim("https://host/scim/v2"),
    secret: || message!("setting-token"),
    instead: || {
        let (token, file) = (choice::TOKEN, choice::TOKEN_FILE);
        message!("setting-portal-instead", token, file, user = choice::USER)
    },
    may_have_query: false,
};

/// The portal's address and the credentials for it (RFC 7644 section 2), how each knows the other,
/// and the way there. Its clones share one token, and what is
/// known of its outages.
#[derive(Clone)]
pub struct ConnectionConfig {
    /// Without a slash at its end.
    pub(super) base: Url,
    /// How arkib gets in.
    pub(super) method: Arc<AuthMethod>,
    /// How the portal and arkib know each other.
    pub(super) tls: Tls,
    /// The proxy that the environment names, which an address on this machine never needs.
    pub(super) proxy: Option<reqwest::Proxy>,
    /// What the variables are called that say all this.
    names: VariableNames,
    /// How long the portal was away, if it is waited for then.
    pub outage: Option<Arc<Outage>>,
}

impl ConnectionConfig {
    /// Takes an address as `https://host/scim/v2`, and a bearer token (RFC 6750). Plain HTTP is for
    /// loopback only.
    ///
    /// # Errors
    /// [`crate::portal::ErrorKind::Configuration`], saying what is wrong with the address or the token.
    pub fn new(url: &str, token: SecretString) -> Result<Self, PortalError> {
        Ok(Self {
            base: parse_base_url(url)?,
            method: Arc::new(choice::bearer_token_method(&token)?),
            tls: Tls::default(),
            proxy: None,
            names: VariableNames::default(),
            outage: None,
        })
    }

    /// Reads `ARKIB_PORTAL_URL`, the variables of one of the ways in, the files of [`Tls`], and the
    /// proxy; of an agency with variables of its own, those. The environment and the file system are
    /// passed in.
    ///
    /// # Errors
    /// [`crate::portal::ErrorKind::Configuration`], naming the variable that is missing, empty, one too many, or
    /// holds what cannot be used.
    pub fn from_environment(
        variable: Variable<'_>,
        access: &CredentialAccess,
    ) -> Result<Self, PortalError> {
        let variable = |name: &str| variable(access.names.actual_name(name));
        let read = Self::read_variables(&variable, access);
        read.map_err(|error| rename_variables(&access.names, error))
    }

    fn read_variables(
        variable: Variable<'_>,
        access: &CredentialAccess,
    ) -> Result<Self, PortalError> {
        let url = variable(URL).ok_or_else(|| {
            let what = message!("setting-is-portal-address");
            let help = message!("setting-unset-help", name = URL, what);
            EnvError { why: message!("setting-unset", name = URL), help }
        })?;
        if url.trim().is_empty() {
            let help = message!("setting-portal-empty-help", url = URL);
            return Err(EnvError { why: message!("setting-empty", name = URL), help }.into());
        }
        let base = parse_base_url(&url)?;
        let method = Arc::new(choice::from_environment(variable, access)?);
        let tls = Tls::from_environment(&TLS, variable, &*access.read_file)?;
        if base.scheme() == "http" && !method.speaks_tls() && !tls.is_default() {
            return Err(PortalError::from(unusable!("setting-certificates", url = URL; url = URL)));
        }
        let proxy = proxy_from_environment(&base, variable)?;
        Ok(Self { base, method, tls, proxy, names: access.names.clone(), outage: None })
    }

    /// An error of this connection, with the variables as they are called here.
    pub fn rename_variables(&self, error: PortalError) -> PortalError {
        rename_variables(&self.names, error)
    }

    /// Host and port, for display.
    pub fn host_and_port(&self) -> String {
        host_and_port(&self.base)
    }
}

/// Shows where, never what opens it.
impl fmt::Debug for ConnectionConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("host", &self.host_and_port())
            .field("credentials", &self.method)
            .finish()
    }
}

fn rename_variables(names: &VariableNames, error: PortalError) -> PortalError {
    let rename = |text: Message| text.map_verbatim(&|text| names.rename(text));
    PortalError { detail: rename(error.detail), help: rename(error.help), ..error }
}

fn parse_base_url(text: &str) -> Result<Url, EnvError> {
    let mut url = PORTAL.parse_url(text)?;
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}
