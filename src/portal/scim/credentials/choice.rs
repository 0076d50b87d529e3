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
use crate::text::one_line;

const TOKEN: &str = "ARKIB_PORTAL_TOKEN";
const TOKEN_FILE: &str = "ARKIB_PORTAL_TOKEN_FILE";
const OAUTH_URL: &str = "ARKIB_PORTAL_OAUTH_URL";
const OAUTH_CLIENT_ID: &str = "ARKIB_PORTAL_OAUTH_CLIENT_ID";
const OAUTH_CLIENT_SECRET: &str = "ARKIB_PORTAL_OAUTH_CLIENT_SECRET";
const OAUTH_CLIENT_SECRET_FILE: &str = "ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE";
const OAUTH_SCOPE: &str = "ARKIB_PORTAL_OAUTH_SCOPE";
/// How the secret is sent: `basic` or `post`.
const OAUTH_AUTH: &str = "ARKIB_PORTAL_OAUTH_AUTH";
const USER: &str = "ARKIB_PORTAL_USER";
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

static THE_TOKEN: SecretKind =
    SecretKind { name: "the portal's token", variable: TOKEN, file: TOKEN_FILE, is_token: true };
static CLIENT_SECRET: SecretKind = SecretKind {
    name: "the client secret",
    variable: OAUTH_CLIENT_SECRET,
    file: OAUTH_CLIENT_SECRET_FILE,
    is_token: false,
};
static THE_PASSWORD: SecretKind =
    SecretKind { name: "the password", variable: PASSWORD, file: PASSWORD_FILE, is_token: false };

const OFTEN: &str = "an unset CI secret often looks like this";

const TOKEN_ENDPOINT: UrlVariable = UrlVariable {
    what: "the token endpoint's address",
    variable: OAUTH_URL,
    example: "https://host/oauth2/token",
    secret: "the client secret",
    instead: "the client's name goes into ARKIB_PORTAL_OAUTH_CLIENT_ID, its secret into ARKIB_PORTAL_OAUTH_CLIENT_SECRET or ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE",
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
            return Err(unusable!(
                "no credentials are set: neither {TOKEN}, {TOKEN_FILE}, {OAUTH_URL} nor {USER}",
                "set {TOKEN} to the portal's bearer token, or {TOKEN_FILE} to a file that holds it; for OAuth set {OAUTH_URL}, and for a user's name and password {USER}"
            ));
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
    let shown = |(name, value): (&&str, String)| match value.trim() {
        "" => format!("{name} (empty)"),
        _ => (*name).to_owned(),
    };
    let found = set.map(shown).collect::<Vec<_>>().join(", ");
    let empty = match found.contains(" (empty)") {
        true => format!("; a variable that is not used must not be set to an empty value: {OFTEN}"),
        false => String::new(),
    };
    unusable!(
        "more than one kind of credentials is set, and only one is allowed: {found}",
        "keep the variables of one kind (a token, OAuth, or user and password) and remove the others{empty}"
    )
}

fn read_user(variable: Variable<'_>) -> Result<String, EnvError> {
    let user = required_variable(variable, USER, "the user name in the portal")?;
    if user.contains(':') {
        return Err(unusable!(
            "{USER} contains a colon, after which a server would read the password",
            "write the name alone, and the password into {PASSWORD} or {PASSWORD_FILE}"
        ));
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
        "the address of the token endpoint, such as https://login.agensi.example/oauth2/token",
    )?)?;
    let client_id =
        required_variable(variable, OAUTH_CLIENT_ID, "the client's id at the token endpoint")?;
    let secret = RereadableSecret::find(&CLIENT_SECRET, variable, access, &secrets)?;
    let scope = read_scope(variable)?;
    let is_in_form = match optional_variable(variable, OAUTH_AUTH)?.as_deref() {
        None | Some("basic") => false,
        Some("post") => true,
        Some(_) => {
            return Err(unusable!(
                "{OAUTH_AUTH} is neither basic nor post",
                "write basic, or post if the token endpoint accepts the secret in the form only; the default is basic"
            ));
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
        Some(scope) if !scope.chars().all(is_allowed) => Err(unusable!(
            "{OAUTH_SCOPE} contains a character that is not allowed in a scope",
            "write scopes with spaces between them, without quotation marks"
        )),
        scope => Ok(scope.as_deref().map(one_line)),
    }
}

fn required_variable(variable: Variable<'_>, name: &str, what: &str) -> Result<String, EnvError> {
    optional_variable(variable, name)?
        .ok_or_else(|| unusable!("{name} is not set", "set {name} to {what}"))
}

/// A variable that is set but empty is a mistake.
fn optional_variable(variable: Variable<'_>, name: &str) -> Result<Option<String>, EnvError> {
    let Some(value) = variable(name) else {
        return Ok(None);
    };
    let value = value.trim();
    if value.is_empty() {
        return Err(unusable!("{name} is empty", "set it, or remove it; {OFTEN}"));
    }
    check_one_line(name, value)?;
    Ok(Some(value.to_owned()))
}
