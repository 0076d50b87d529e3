//! The HTTP client: it follows no redirect, and repeats nothing by itself. May not know what it is asked.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, Proxy, Url};

use super::tls::Tls;
use super::transport_error::root_cause;
use super::url_variable::is_loopback;
use crate::environment::{EnvError, unusable};

/// For how long is waited.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For a connection to be made.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub read: Duration,
    /// For a request as a whole.
    pub request: Duration,
}

/// Makes one that talks to loopback without a proxy and without the system's certificates.
///
/// # Errors
/// Where the system's certificates cannot be used.
pub fn build_client(
    to: &Url,
    tls: &Tls,
    proxy: Option<&Proxy>,
    timeouts: Timeouts,
    headers: HeaderMap,
) -> Result<Client, EnvError> {
    // An error says that a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("arkib/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(timeouts.connect)
        .read_timeout(timeouts.read)
        .timeout(timeouts.request)
        .pool_idle_timeout(Duration::from_secs(30));
    builder = tls.configure_client(builder);
    if is_loopback(to) {
        let port = to.port_or_known_default().unwrap_or_default();
        builder = builder.no_proxy().resolve_to_addrs(
            "localhost",
            &[([127, 0, 0, 1], port).into(), (std::net::Ipv6Addr::LOCALHOST, port).into()],
        );
        if to.scheme() == "http" {
            builder = builder.tls_certs_only([]);
        }
    } else {
        builder = builder.https_only(true);
        // Otherwise the system's own settings may name one.
        if let Some(proxy) = proxy {
            builder = builder.proxy(proxy.clone());
        }
    }
    builder.build().map_err(|error| {
        let why = root_cause(&error);
        unusable!("setting-no-client", why)
    })
}
