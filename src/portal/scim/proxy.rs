//! The way to the portal where it leads through an HTTP proxy, as the environment of the machine
//! says it. The proxy is asked for a tunnel (CONNECT, RFC 9110 section 9.3.6): it learns the portal's
//! host and port, and never sees the token or anything else that is sent.

use reqwest::{NoProxy, Proxy, Url};

use super::address::is_loopback;
use crate::environment::{Unusable, Variable};

/// As curl reads them; the first that holds anything counts.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// Hosts that are reached without it.
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The proxy on the way to an address, if one is named; none to this machine.
pub(super) fn to(url: &Url, variable: Variable<'_>) -> Result<Option<Proxy>, Unusable> {
    if is_loopback(url) {
        return Ok(None);
    }
    from_environment(variable)
}

/// The proxy for HTTPS, if one is named. A value that cannot be used is an error: the HTTP library
/// would pass over it and go straight to the portal.
fn from_environment(variable: Variable<'_>) -> Result<Option<Proxy>, Unusable> {
    let first = |names: &[&'static str]| {
        names.iter().find_map(|name| {
            let value = variable(name)?;
            (!value.trim().is_empty()).then_some((*name, value))
        })
    };
    let Some((name, value)) = first(&PROXIES) else {
        return Ok(None);
    };
    let proxy = address(name, value.trim()).and_then(|url| {
        Proxy::https(url).map_err(|_| unusable(name, "it is not the address of a proxy"))
    })?;
    let exceptions = first(&EXCEPTIONS).and_then(|(_, hosts)| NoProxy::from_string(&hosts));
    Ok(Some(proxy.no_proxy(exceptions)))
}

/// `host:port`, or a URL with or without a login.
fn address(name: &str, value: &str) -> Result<Url, Unusable> {
    let url = if value.contains("://") {
        Url::parse(value)
    } else {
        Url::parse(&format!("http://{value}"))
    };
    let url = url.map_err(|error| unusable(name, &error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(unusable(
            name,
            "arkib goes through HTTP proxies only, no SOCKS",
        ));
    }
    Ok(url)
}

/// The value itself is not shown: it may hold a password.
fn unusable(name: &str, why: &str) -> Unusable {
    Unusable::new(
        format!("the proxy that {name} names cannot be used: {why}"),
        format!(
            "write {name} as http://host:port or http://user:password@host:port (special characters percent-encoded), or name the portal's host in NO_PROXY and take {name} away"
        ),
    )
}
