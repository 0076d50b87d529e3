//! Where a forge is asked, with which token and certificates: all of it comes from the environment alone,
//! so that no pull request can send the token elsewhere.

use reqwest::{Proxy, Url};
use secrecy::SecretString;

use super::ci_run::{Forge, PullRequestRun, non_empty_variable};
use super::error::ForgeError;
use crate::environment::secret::SecretKind;
use crate::environment::{CredentialAccess, EnvError, Variable};
use crate::http::{Peer, Tls, TlsVariables, UrlVariable, proxy_from_environment};
use crate::language::Message;

static TOKEN: SecretKind = SecretKind {
    name: || message!("setting-comment-token"),
    variable: "ARKIB_COMMENT_TOKEN",
    file: "ARKIB_COMMENT_TOKEN_FILE",
    is_token: true,
};
/// The token of a job; on GitLab that one may not comment.
static JOB_TOKEN: SecretKind = SecretKind { variable: "GITHUB_TOKEN", ..TOKEN };

const CERT: &str = "ARKIB_COMMENT_CERT";
const KEY: &str = "ARKIB_COMMENT_KEY";
static TLS: TlsVariables = TlsVariables { ca: "ARKIB_COMMENT_CA", cert: CERT, key: KEY };
/// A runner that was given the authorities of its GitLab hands them on.
static RUNNER_TLS: TlsVariables =
    TlsVariables { ca: "CI_SERVER_TLS_CA_FILE", cert: CERT, key: KEY };

/// How one forge is asked.
pub struct ForgeSettings {
    pub(super) api: Url,
    pub(super) token: SecretString,
    pub(super) tls: Tls,
    pub(super) proxy: Option<Proxy>,
    pub(super) peer: Peer,
}

impl ForgeSettings {
    /// Reads the environment. Nothing where it has no token.
    ///
    /// # Errors
    /// What cannot be used.
    pub fn from_environment(
        run: &PullRequestRun,
        variable: Variable<'_>,
        access: &CredentialAccess,
    ) -> Result<Option<Self>, EnvError> {
        let variable: Variable<'_> = &|name| non_empty_variable(variable, name);
        let Some(token) = find_token(run.forge, variable, access)? else { return Ok(None) };
        (access.hide)(&token);
        let api = parse_api(run)?;
        let is_runners = run.forge == Forge::Gitlab
            && variable(TLS.ca).is_none()
            && variable(RUNNER_TLS.ca).is_some();
        let names = if is_runners { &RUNNER_TLS } else { &TLS };
        Ok(Some(Self {
            token,
            tls: Tls::from_environment(names, variable, &*access.read_file)?,
            proxy: proxy_from_environment(&api, variable)?,
            peer: Peer { name: run.forge.name(), variable: run.forge.api_variable(), tls: names },
            api,
        }))
    }
}

fn find_token(
    forge: Forge,
    variable: Variable<'_>,
    access: &CredentialAccess,
) -> Result<Option<SecretString>, EnvError> {
    if let Some(token) = TOKEN.find_if_given(variable, &*access.read_file)? {
        return Ok(Some(token));
    }
    match forge {
        Forge::Gitlab => Ok(None),
        Forge::Github | Forge::Forgejo => {
            variable(JOB_TOKEN.variable).map(|text| JOB_TOKEN.parse_secret(&text)).transpose()
        }
    }
}

/// Why nothing can be written without a token.
pub fn no_token(forge: Forge) -> ForgeError {
    let name = forge.name();
    let why = message!("forge-no-token", forge = name);
    let help = message!("forge-no-token-help", forge = name);
    ForgeError { is_refusal: true, ..ForgeError::new(why, help) }
}

/// Plain HTTP is for loopback only, as for the portal.
fn parse_api(run: &PullRequestRun) -> Result<Url, EnvError> {
    let api = UrlVariable {
        what: || message!("setting-api-address"),
        variable: run.forge.api_variable(),
        example: || Message::verbatim("https://host/api/v4"),
        secret: || message!("setting-token"),
        instead: || message!("setting-api-instead", token = TOKEN.variable),
        may_have_query: false,
    };
    api.parse_url(&run.api)
}
