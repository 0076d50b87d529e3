//! The development portal: a complete SCIM 2.0 server (RFC 7643, RFC 7644, RFC 9865) on SQLite, on
//! loopback only. It shares the names on the wire with the client and nothing else; may not know
//! requests, policy or plan.

mod archive;
mod attribute_path;
mod audit;
mod bulk;
mod discovery;
mod enum_words;
mod error;
mod faults;
mod filter;
mod http;
mod list;
mod list_query;
mod options;
mod patch;
mod portal;
mod projection;
mod roster;
mod routes;
mod schema;
mod schema_validation;
mod seed;
mod store;
#[cfg(test)]
mod tests;
mod user;
mod user_renderer;
mod user_table;
mod user_writes;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use options::{Clock, Options};
pub(crate) use portal::PortalContext;
pub use roster::{Roster, RosterError};
pub use seed::SeedOutcome;
pub use store::DatabaseLocation;

/// How long [`RunningPortal::stop`] waits for requests under way.
const GRACE: Duration = Duration::from_secs(2);

/// Why the portal did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The development portal never listens where another machine could reach it.
    #[error("the development portal listens on loopback addresses only, and {0} is not one")]
    NotLoopback(SocketAddr),
    /// An option has a value that it cannot have.
    #[error("{0}")]
    Option(&'static str),
    /// The port is in use or not allowed.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The requested address.
        address: SocketAddr,
        /// The system's error.
        source: std::io::Error,
    },
    /// The database cannot be opened, made or filled.
    #[error("the portal's database: {0}")]
    Database(String),
}

/// A portal that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct RunningPortal {
    url: String,
    seed_outcome: SeedOutcome,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

/// Opens the database, seeds it where it is empty, and serves. Needs a Tokio runtime.
///
/// # Errors
/// An address that is not loopback, a port that is taken, a database that cannot be used, or an
/// option out of its range.
pub async fn start(options: Options) -> Result<RunningPortal, StartError> {
    let address = options.listen;
    if !address.ip().is_loopback() {
        return Err(StartError::NotLoopback(address));
    }
    if !(0.0..=1.0).contains(&options.fault_rate) {
        return Err(StartError::Option("the fault rate must be from 0 to 1"));
    }
    if options.page_size == 0 {
        return Err(StartError::Option("the page size must be at least 1"));
    }
    if options.token.expose_secret().trim().is_empty() {
        return Err(StartError::Option("the portal needs a token"));
    }
    let listen = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let url = format!("http://{address}{}", routes::ROOT);
    let base = url.clone();
    let (portal, seed_outcome) = tokio::task::spawn_blocking(move || open_and_seed(options, base))
        .await
        .unwrap_or_else(|error| Err(error.to_string()))
        .map_err(StartError::Database)?;
    let portal = Arc::new(portal);
    let router = axum::Router::new().fallback(move |request| {
        let portal = Arc::clone(&portal);
        routes::answer_request(portal, request)
    });
    let (stop, stopped) = oneshot::channel::<()>();
    // Without this the last packet of an answer waits for the client's acknowledgement. A socket
    // that refuses it is as slow as before and no worse.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let server = tokio::spawn(async move {
        let served = axum::serve(listener, router).with_graceful_shutdown(async move {
            // Stopped or dropped: either way it ends.
            let _ = stopped.await;
        });
        if let Err(error) = served.await {
            tracing::error!(%error, "the development portal ended");
        }
    });
    Ok(RunningPortal { url, seed_outcome, stop, server })
}

/// Opens the database and fills it. Its roster, which can be large, is not kept.
fn open_and_seed(
    mut options: Options,
    base: String,
) -> Result<(PortalContext, SeedOutcome), String> {
    let roster = options.roster.take();
    let portal = PortalContext::open(options, base).map_err(|error| error.to_string())?;
    let seed_outcome = seed::seed(&portal, roster.as_ref()).map_err(|error| error.detail)?;
    Ok((portal, seed_outcome))
}

impl RunningPortal {
    /// The address of SCIM: `http://127.0.0.1:PORT/scim/v2`. The audit trail is at `/audit` of the
    /// same host.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The state of the database at the start.
    pub fn seed_outcome(&self) -> SeedOutcome {
        self.seed_outcome
    }

    /// Lets requests under way finish, for two seconds at most, and ends. Dropping ends it too,
    /// without waiting.
    pub async fn stop(self) {
        let mut server = self.server;
        // The server may have ended already; then nobody receives this.
        let _ = self.stop.send(());
        if tokio::time::timeout(GRACE, &mut server).await.is_err() {
            server.abort();
        }
    }
}
