//! The addresses that the environment names, and what they may be: where a secret goes must be
//! certain, and nobody on the way may read it. Pure.

use reqwest::Url;

use crate::environment;
use crate::environment::{EnvError, unusable};
use crate::language::Message;

/// One of the addresses.
pub struct UrlVariable {
    /// What it is, for errors.
    pub what: fn() -> Message,
    /// The variable that holds it.
    pub variable: &'static str,
    /// One that is right.
    pub example: fn() -> Message,
    /// What would be shown to everyone where it is plain http.
    pub secret: fn() -> Message,
    /// Where a secret that stands in it belongs.
    pub instead: fn() -> Message,
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
        let (what, variable, example) = (self.what, self.variable, self.example);
        let rewrite = || message!("setting-url-help", variable, example = example());
        let url = Url::parse(text.trim()).map_err(|error| {
            let why = message!("setting-no-url", what = what(), error = error.to_string());
            EnvError { why, help: rewrite() }
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                unusable!("setting-url-login", what = what(); variable, instead = (self.instead)()),
            );
        }
        if url.fragment().is_some() || (url.query().is_some() && !self.may_have_query) {
            let part = if self.may_have_query { "hash" } else { "both" };
            return Err(
                unusable!("setting-url-part", what = what(), part; variable, example = example()),
            );
        }
        match url.scheme() {
            "https" => Ok(url),
            "http" if is_loopback(&url) => Ok(url),
            "http" => Err(
                unusable!("setting-plain-http", what = what(), secret = (self.secret)(); variable),
            ),
            _ => {
                Err(EnvError { why: message!("setting-no-https", what = what()), help: rewrite() })
            }
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
