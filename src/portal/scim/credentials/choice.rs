//! Which way in the environment names: exactly one of a token, OAuth, or user and password.

use std::sync::Arc;

use reqwest::Url;

use super::oauth::{Auth, Cache, TokenEndpoint};
use super::secrets::Secrets;
use super::source::check_line;
use super::standing::Scheme;
use super::variables::{
    CLIENT_SECRET, OAUTH_AUTH, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, OAUTH_CLIENT_SECRET_FILE,
    OAUTH_SCOPE, OAUTH_URL, PASSWORD, PASSWORD_FILE, THE_PASSWORD, THE_TOKEN, TOKEN, TOKEN_FILE,
    USER,
};
use super::way::{Kind, Way};
use crate::environment::{Outside, Unusable, Variable};
use crate::portal::scim::address::Named;
use crate::portal::scim::proxy;

const TOKENS: &[&str] = &[TOKEN, TOKEN_FILE];
const OAUTH: &[&str] = &[
    OAUTH_URL,
    OAUTH_CLIENT_ID,
    OAUTH_CLIENT_SECRET,
    OAUTH_CLIENT_SECRET_FILE,
    OAUTH_SCOPE,
    OAUTH_AUTH,
];
const USERS: &[&str] = &[USER, PASSWORD, PASSWORD_FILE];

const OFTEN: &str = "an unset CI secret often looks like this";

const TOKEN_ENDPOINT: Named = Named {
    what: "the token endpoint's address",
    variable: OAUTH_URL,
    example: "https://host/oauth2/token",
    secret: "the client secret",
    instead: "the client's name goes into ARKIB_PORTAL_OAUTH_CLIENT_ID, its secret into ARKIB_PORTAL_OAUTH_CLIENT_SECRET or ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE",
    may_have_query: true,
};

/// Reads the variables of the one way that is named.
///
/// # Errors
/// Where none is, or more than one; or what is wrong with its variables.
pub(crate) fn from_environment(variable: Variable<'_>, outside: &Outside) -> Result<Way, Unusable> {
    let ways = [TOKENS, OAUTH, USERS];
    let named: Vec<&[&str]> = ways
        .into_iter()
        .filter(|names| names.iter().any(|name| variable(name).is_some()))
        .collect();
    let secrets = Secrets::new(Some(outside.clone()));
    match named[..] {
        [] => Err(none()),
        [TOKENS] => {
            let token = THE_TOKEN.find(variable, outside, &secrets)?;
            Way::standing(Scheme::Bearer, token, secrets)
        }
        [USERS] => {
            let user = user(variable)?;
            let password = THE_PASSWORD.find(variable, outside, &secrets)?;
            Way::standing(Scheme::Basic(user), password, secrets)
        }
        [OAUTH] => {
            let endpoint = token_endpoint(variable, outside, &secrets)?;
            Ok(Way {
                kind: Kind::OAuth(Arc::new(endpoint)),
                secrets: Arc::new(secrets),
            })
        }
        _ => Err(several(&named.concat(), variable)),
    }
}

fn none() -> Unusable {
    Unusable::new(
        format!(
            "nothing says how to get in: neither {TOKEN}, {TOKEN_FILE}, {OAUTH_URL} nor {USER} is set"
        ),
        format!(
            "set {TOKEN} to the portal's bearer token, or {TOKEN_FILE} to a file that holds it; for OAuth set {OAUTH_URL}, and for a user's name and password {USER}"
        ),
    )
}

/// Says which were found, and which of them hold nothing.
fn several(names: &[&str], variable: Variable<'_>) -> Unusable {
    let mut has_empty = false;
    let found: Vec<String> = names
        .iter()
        .filter_map(|name| {
            let value = variable(name)?;
            let is_empty = value.trim().is_empty();
            has_empty |= is_empty;
            Some(format!("{name}{}", if is_empty { " (empty)" } else { "" }))
        })
        .collect();
    let mut help =
        "keep the variables of one way, a token, OAuth, or user and password, and take the others away"
            .to_owned();
    if has_empty {
        help += "; what is empty must not be set at all: ";
        help += OFTEN;
    }
    let found = found.join(", ");
    Unusable::new(
        format!("more than one way in is set, and only one can be meant: {found}"),
        help,
    )
}

fn user(variable: Variable<'_>) -> Result<String, Unusable> {
    let user = needed(variable, USER, "the user's name at the portal")?;
    if user.contains(':') {
        return Err(Unusable::new(
            format!("{USER} has a colon in it, where a server would begin to read the password"),
            format!("write the name alone, and the password into {PASSWORD} or {PASSWORD_FILE}"),
        ));
    }
    Ok(user)
}

fn token_endpoint(
    variable: Variable<'_>,
    outside: &Outside,
    secrets: &Secrets,
) -> Result<TokenEndpoint, Unusable> {
    let url: Url = TOKEN_ENDPOINT.read(&needed(
        variable,
        OAUTH_URL,
        "the address that gives tokens out, such as https://login.agensi.example/oauth2/token",
    )?)?;
    let client_id = needed(variable, OAUTH_CLIENT_ID, "the client's name there")?;
    let secret = CLIENT_SECRET.find(variable, outside, secrets)?;
    let scope = scope(variable)?;
    let auth = match optional(variable, OAUTH_AUTH)?.as_deref() {
        None | Some("basic") => Auth::Basic,
        Some("post") => Auth::Post,
        Some(_) => {
            return Err(Unusable::new(
                format!("{OAUTH_AUTH} is neither basic nor post"),
                format!(
                    "write basic, or post where the token endpoint takes the secret in the form only; without {OAUTH_AUTH} it is basic"
                ),
            ));
        }
    };
    let proxy = proxy::to(&url, variable)?;
    Ok(TokenEndpoint {
        url,
        proxy,
        client_id,
        secret,
        scope,
        auth,
        cache: Cache::default(),
    })
}

/// Words of visible ASCII but `"` and `\` (RFC 6749 section 3.3).
fn scope(variable: Variable<'_>) -> Result<Option<String>, Unusable> {
    let scope = optional(variable, OAUTH_SCOPE)?;
    let is_allowed = |it: char| it == ' ' || it.is_ascii_graphic() && !matches!(it, '"' | '\\');
    match scope {
        Some(scope) if !scope.chars().all(is_allowed) => Err(Unusable::new(
            format!("{OAUTH_SCOPE} has a character in it that no scope has"),
            "write scopes with spaces between them, without quotation marks",
        )),
        scope => Ok(scope.map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "))),
    }
}

fn needed(variable: Variable<'_>, name: &str, what: &str) -> Result<String, Unusable> {
    optional(variable, name)?.ok_or_else(|| {
        Unusable::new(
            format!("{name} is not set"),
            format!("set {name} to {what}"),
        )
    })
}

/// What is set and holds nothing is a mistake.
fn optional(variable: Variable<'_>, name: &str) -> Result<Option<String>, Unusable> {
    let Some(value) = variable(name) else {
        return Ok(None);
    };
    let value = value.trim().to_owned();
    if value.is_empty() {
        return Err(Unusable::new(
            format!("{name} is empty"),
            format!("set it, or take it away altogether; {OFTEN}"),
        ));
    }
    check_line(name, &value)?;
    Ok(Some(value))
}
