//! The credentials that the environment names: exactly one of a token, OAuth, or user and password.

use std::sync::Arc;

use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};

use super::auth_method::AuthMethod;
use super::oauth::TokenEndpoint;
use super::redaction::Secrets;
use super::source::RereadableSecret;
use super::static_credential::StaticCredential;
use crate::environment::secret::{SecretKind, check_one_line};
use crate::environment::{CredentialAccess, EnvError, Variable, unusable};
use crate::http::{UrlVariable, proxy_from_environment};
use crate::language::Message;
use crate::text::one_line;

pub(crate) const TOKEN: &str = "ARKIB_PORTAL_TOKEN";
pub(crate) const TOKEN_FILE: &str = "ARKIB_PORTAL_TOKEN_FILE";
const OAUTH_URL: &str = "ARKIB_PORTAL_OAUTH_URL";
const OAUTH_CLIENT_ID: &str = "ARKIB_PORTAL_OAUTH_CLIENT_ID";
const OAUTH_CLIENT_SECRET: &str = "ARKIB_PORTAL_OAUTH_CLIENT_SECRET";
const OAUTH_CLIENT_SECRET_FILE: &str = "ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE";
const OAUTH_SCOPE: &str = "ARKIB_PORTAL_OAUTH_SCOPE";
/// How the secret is sent: `basic` or `post`.
const OAUTH_AUTH: &str = "ARKIB_PORTAL_OAUTH_AUTH";
pub(crate) const USER: &str = "ARKIB_PORTAL_USER";
const PASSWORD: &str = "ARKIB_PORTAL_PASSWORD";
const PASSWORD_FILE: &str = "ARKIB_PORTAL_PASSWORD_FILE";

pub(crate) const TOKENS: &[&str] = &[TOKEN, TOKEN_FILE];
pub(crate) const OAUTH: &[&str] = &[
    OAUTH_URL,
    OAUTH_CLIENT_ID,
    OAUTH_CLIENT_SECRET,
    OAUTH_CLIENT_SECRET_FILE,
    OAUTH_SCOPE,
    OAUTH_AUTH,
];
pub(crate) const USERS: &[&str] = &[USER, PASSWORD, PASSWORD_FILE];

static THE_TOKEN: SecretKind = SecretKind {
    name: || message!("setting-portal-token"),
    variable: TOKEN,
    file: TOKEN_FILE,
    is_token: true,
};
static CLIENT_SECRET: SecretKind = SecretKind {
    name: || message!("setting-client-secret"),
    variable: OAUTH_CLIENT_SECRET,
    file: OAUTH_CLIENT_SECRET_FILE,
    is_token: false,
};
static THE_PASSWORD: SecretKind = SecretKind {
    name: || message!("setting-password"),
    variable: PASSWORD,
    file: PASSWORD_FILE,
    is_token: false,
};

const TOKEN_ENDPOINT: UrlVariable = UrlVariable {
    what: || message!("setting-token-address"),
    variable: OAUTH_URL,
    example: || Message::verbatim("https://host/oauth2/token"),
    secret: || message!("setting-client-secret"),
    instead: || {
        let (id, secret) = (OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET);
        message!("setting-client-instead", id, secret, file = OAUTH_CLIENT_SECRET_FILE)
    },
    may_have_query: true,
};

/// A bearer token that stays as it is.
pub(crate) fn bearer_token_method(token: &SecretString) -> Result<AuthMethod, EnvError> {
    let secrets = Secrets::new(None);
    let token = THE_TOKEN.parse_secret(token.expose_secret())?;
    secrets.add_secret(token.expose_secret());
    let stored =
        StaticCredential::new(None, RereadableSecret::from_variable(&THE_TOKEN, token), secrets)?;
    Ok(AuthMethod::StaticCredential(Arc::new(stored)))
}

/// Reads the variables of the one method that is set.
///
/// # Errors
/// Where none is, or more than one; or what is wrong with its variables.
pub(crate) fn from_environment(
    variable: Variable<'_>,
    access: &CredentialAccess,
) -> Result<AuthMethod, EnvError> {
    let named: Vec<&[&str]> = [TOKENS, OAUTH, USERS]
        .into_iter()
        .filter(|names| names.iter().any(|name| variable(name).is_some()))
        .collect();
    let secrets = Secrets::new(Some(access.clone()));
    let (user, kind) = match named[..] {
        [TOKENS] => (None, &THE_TOKEN),
        [USERS] => (Some(read_user(variable)?), &THE_PASSWORD),
        [OAUTH] => {
            let endpoint = read_token_endpoint(variable, access, secrets)?;
            return Ok(AuthMethod::OAuth(Arc::new(endpoint)));
        }
        [] => {
            let (token, file, oauth, user) = (TOKEN, TOKEN_FILE, OAUTH_URL, USER);
            return Err(
                unusable!("setting-no-credentials", token, file, oauth, user; token, file, oauth, user),
            );
        }
        _ => return Err(several_methods_error(&named.concat(), variable)),
    };
    let source = RereadableSecret::find(kind, variable, access, &secrets)?;
    let stored = StaticCredential::new(user, source, secrets)?;
    Ok(AuthMethod::StaticCredential(Arc::new(stored)))
}

/// Says which were found, and which of them hold nothing.
fn several_methods_error(names: &[&str], variable: Variable<'_>) -> EnvError {
    let set = names.iter().filter_map(|name| Some((name, variable(name)?)));
    let mut empty = "none";
    let found = Message::joined(
        set.map(|(name, value)| match value.trim() {
            "" => {
                empty = "some";
                message!("setting-several-empty", name = *name)
            }
            _ => Message::verbatim(*name),
        }),
        ", ",
    );
    unusable!("setting-several", found; empty)
}

fn read_user(variable: Variable<'_>) -> Result<String, EnvError> {
    let user = required_variable(variable, USER, message!("setting-is-user"))?;
    if user.contains(':') {
        return Err(
            unusable!("setting-colon", user = USER; password = PASSWORD, file = PASSWORD_FILE),
        );
    }
    Ok(user)
}

fn read_token_endpoint(
    variable: Variable<'_>,
    access: &CredentialAccess,
    secrets: Secrets,
) -> Result<TokenEndpoint, EnvError> {
    let url: Url = TOKEN_ENDPOINT.parse_url(&required_variable(
        variable,
        OAUTH_URL,
        message!("setting-is-token-address"),
    )?)?;
    let client_id = required_variable(variable, OAUTH_CLIENT_ID, message!("setting-is-client-id"))?;
    let secret = RereadableSecret::find(&CLIENT_SECRET, variable, access, &secrets)?;
    let scope = read_scope(variable)?;
    let is_in_form = match optional_variable(variable, OAUTH_AUTH)?.as_deref() {
        None | Some("basic") => false,
        Some("post") => true,
        Some(_) => {
            return Err(unusable!("setting-oauth-auth", variable = OAUTH_AUTH));
        }
    };
    Ok(TokenEndpoint {
        proxy: proxy_from_environment(&url, variable)?,
        url,
        client_id,
        secret,
        scope,
        is_in_form,
        secrets,
        cache: Default::default(),
    })
}

/// Words of visible ASCII but `"` and `\` (RFC 6749 section 3.3).
fn read_scope(variable: Variable<'_>) -> Result<Option<String>, EnvError> {
    let scope = optional_variable(variable, OAUTH_SCOPE)?;
    let is_allowed = |character: char| {
        character == ' ' || character.is_ascii_graphic() && !matches!(character, '"' | '\\')
    };
    match scope {
        Some(scope) if !scope.chars().all(is_allowed) => {
            Err(unusable!("setting-scope", variable = OAUTH_SCOPE))
        }
        scope => Ok(scope.as_deref().map(one_line)),
    }
}

fn required_variable(
    variable: Variable<'_>,
    name: &str,
    what: Message,
) -> Result<String, EnvError> {
    optional_variable(variable, name)?.ok_or_else(|| unusable!("setting-unset", name; name, what))
}

/// A variable that is set but empty is a mistake.
fn optional_variable(variable: Variable<'_>, name: &str) -> Result<Option<String>, EnvError> {
    let Some(value) = variable(name) else {
        return Ok(None);
    };
    let value = value.trim();
    if value.is_empty() {
        let help = message!("setting-empty-help");
        return Err(EnvError { why: message!("setting-empty", name), help });
    }
    check_one_line(name, value)?;
    Ok(Some(value.to_owned()))
}
