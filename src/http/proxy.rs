//! The HTTP proxy on the way, if the environment of the machine names one. The proxy is asked for a
//! tunnel (CONNECT, RFC 9110 section 9.3.6): it learns the host and port, and never sees the token or
//! anything else that is sent.

use reqwest::{NoProxy, Proxy, Url};

use super::url_variable::is_loopback;
use crate::environment::{EnvError, Variable, unusable};
use crate::language::Value;

/// As curl reads them; the first that holds anything counts.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// Hosts that are reached without it.
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The proxy on the way to an address, if one is named; none to this machine. A value that cannot be
/// used is an error: the HTTP library would pass over it and go there straight.
///
/// # Errors
/// Where the named proxy cannot be used.
pub fn from_environment(url: &Url, variable: Variable<'_>) -> Result<Option<Proxy>, EnvError> {
    let first = |names: &[&'static str]| {
        let named = names.iter().map(|name| (*name, variable(name)));
        let mut held = named.filter_map(|(name, value)| Some((name, value?)));
        held.find(|(_, value)| !value.trim().is_empty())
    };
    let Some((name, value)) = first(&PROXIES).filter(|_| !is_loopback(url)) else {
        return Ok(None);
    };
    // The value itself is not shown: it may hold a password.
    let unusable = |why: Value| unusable!("setting-proxy", name, why; name);
    // `host:port`, or a URL with or without a login.
    let value = value.trim();
    let address = match value.contains("://") {
        true => Url::parse(value),
        false => Url::parse(&format!("http://{value}")),
    };
    let address = address.map_err(|error| unusable(error.to_string().into()))?;
    if !matches!(address.scheme(), "http" | "https") {
        return Err(unusable(message!("setting-proxy-socks").into()));
    }
    let proxy = Proxy::https(address);
    let proxy = proxy.map_err(|_| unusable(message!("setting-proxy-address").into()))?;
    let exceptions = first(&EXCEPTIONS).and_then(|(_, hosts)| NoProxy::from_string(&hosts));
    Ok(Some(proxy.no_proxy(exceptions)))
}
