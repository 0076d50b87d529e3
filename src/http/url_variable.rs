//! The addresses that the environment names, and what they may be: where a secret goes must be
//! certain, and nobody on the way may read it. Pure.

use reqwest::Url;

use crate::environment;
use crate::environment::{EnvError, unusable};

/// One of the addresses.
pub struct UrlVariable {
    /// What it is, for errors.
    pub what: &'static str,
    /// The variable that holds it.
    pub variable: &'static str,
    /// One that is right.
    pub example: &'static str,
    /// What would be shown to everyone where it is plain http.
    pub secret: &'static str,
    /// Where a secret that stands in it belongs.
    pub instead: &'static str,
    /// Whether it may have a ? part.
    pub may_have_query: bool,
}

impl UrlVariable {
    /// Reads it. Plain HTTP is for loopback only. The text itself is never shown: it may hold a
    /// password.
    ///
    /// # Errors
    /// Where it is no address that a secret may go to.
    pub fn parse_url(&self, text: &str) -> Result<Url, EnvError> {
        let Self { what, variable, example, secret, instead, may_have_query } = self;
        let url = Url::parse(text.trim()).map_err(|error| {
            unusable!("{what} is not a URL: {error}", "write {variable} as {example}")
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(unusable!(
                "{what} has a user name or password in it",
                "remove the part before the @ from {variable}; {instead}"
            ));
        }
        if url.fragment().is_some() || (url.query().is_some() && !may_have_query) {
            let part = if *may_have_query { "#" } else { "? or #" };
            return Err(unusable!(
                "{what} has a {part} part",
                "write {variable} without it, such as {example}"
            ));
        }
        match url.scheme() {
            "https" => Ok(url),
            "http" if is_loopback(&url) => Ok(url),
            "http" => Err(unusable!(
                "{what} is plain http, which would show {secret} to others on the network",
                "write {variable} with https://; plain http is allowed for this machine only"
            )),
            _ => Err(unusable!(
                "{what} does not start with https://",
                "write {variable} as {example}"
            )),
        }
    }
}

/// This machine; the HTTP client resolves `localhost` itself to it.
pub(super) fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(environment::is_loopback)
}

/// Host and port, for display.
pub fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
