//! The development portal: a complete SCIM 2.0 server (RFC 7643, RFC 7644, RFC 9865) on SQLite, on
//! loopback only. It shares the names on the wire with the client and nothing else; may not know
//! requests, policy or plan.

mod archive;
mod audit;
mod bulk;
mod clock;
mod discovery;
mod error;
mod faults;
mod filter;
mod http;
mod list;
mod patch;
mod path;
mod projection;
mod render;
mod roster;
mod routes;
mod rows;
mod schema;
mod seed;
mod store;
#[cfg(test)]
mod tests;
mod user;
mod users;
mod value;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use clock::Clock;
pub use roster::{Roster, RosterError};
pub use seed::Seeded;
pub use store::Database;

use archive::Rules;
use faults::Weather;
use store::Store;

/// How long [`Running::stop`] waits for requests under way.
const GRACE: Duration = Duration::from_secs(10);

/// How the portal is to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; must be loopback. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where the data is.
    pub database: Database,
    /// What an empty database is filled with.
    pub roster: Option<Roster>,
    /// The bearer token that every request must carry.
    pub token: SecretString,
    /// Where time stamps come from.
    pub clock: Clock,
    /// How long enabling and terminating take; zero: they are done at once, and what the roster has
    /// begun is done after eight seconds.
    pub provisioning_delay: Duration,
    /// How long a terminated archive can be had back, in days.
    pub recoverable_days: u32,
    /// How long every SCIM request waits before anything is done.
    pub latency: Duration,
    /// SCIM requests a second, above which 429 is answered.
    pub rate_limit: Option<NonZeroU32>,
    /// The share of SCIM requests, 0 to 1, that are answered 500 or 503 before anything is done.
    pub fault_rate: f64,
    /// Which requests these are; the same seed gives the same ones.
    pub fault_seed: u64,
    /// The most users on a page.
    pub page_size: usize,
    /// Whether If-Match is heeded (RFC 7644 section 3.14); some portals do not, and say so.
    pub if_match: bool,
    /// The most operations of a bulk request (RFC 7644 section 3.7); 0 takes none, as some portals.
    pub max_operations: usize,
}

impl Options {
    /// A portal in memory on a free port of 127.0.0.1, empty, in good weather, by the machine's clock.
    pub fn new(token: SecretString) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            database: Database::Memory,
            roster: None,
            token,
            clock: Clock::System,
            provisioning_delay: Duration::ZERO,
            recoverable_days: 30,
            latency: Duration::ZERO,
            rate_limit: None,
            fault_rate: 0.0,
            fault_seed: 0,
            page_size: 1000,
            if_match: true,
            max_operations: bulk::MAX_OPERATIONS,
        }
    }
}

/// Why the portal did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The development portal never listens where another machine could reach it.
    #[error("the development portal listens on loopback only, and {0} is not loopback")]
    NotLoopback(SocketAddr),
    /// An option has a value that it cannot have.
    #[error("{0}")]
    Option(&'static str),
    /// The port is taken, or may not be used.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where it was to listen.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database cannot be opened, made or filled.
    #[error("the portal's database: {0}")]
    Database(String),
}

/// What every request needs.
#[derive(Debug)]
pub(crate) struct Portal {
    store: Store,
    clock: Clock,
    delay_millis: i64,
    recoverable_days: u32,
    if_match: bool,
    max_operations: usize,
    page_size: usize,
    token_digest: [u8; 32],
    /// The address of SCIM, as in `meta.location`.
    base: String,
    weather: Weather,
}

impl Portal {
    /// The rules of a write that happens now.
    fn rules(&self) -> Rules {
        Rules {
            now: self.clock.now(),
            settles_at: (self.delay_millis > 0)
                .then(|| self.clock.wall_millis().saturating_add(self.delay_millis)),
            recoverable_days: self.recoverable_days,
        }
    }
}

/// A portal that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    url: String,
    seeded: Seeded,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

/// Opens the database, seeds it where it is empty, and serves. Needs a Tokio runtime.
///
/// # Errors
/// An address that is not loopback, a port that is taken, a database that cannot be used, or an
/// option out of its range.
pub async fn start(options: Options) -> Result<Running, StartError> {
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
    let url = format!(
        "http://{}{}",
        listener.local_addr().map_err(listen)?,
        routes::ROOT
    );
    let base = url.clone();
    let (portal, seeded) = tokio::task::spawn_blocking(move || open(options, base))
        .await
        .map_err(|error| StartError::Database(error.to_string()))??;
    let portal = Arc::new(portal);
    let router = axum::Router::new().fallback(move |request| {
        let portal = Arc::clone(&portal);
        routes::answer(portal, request)
    });
    let (stop, stopped) = oneshot::channel::<()>();
    // Without this the last packet of an answer waits for the client's acknowledgement. A socket
    // that refuses it is as slow as before and no worse.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let server = tokio::spawn(async move {
        let served = axum::serve(listener, router).with_graceful_shutdown(async move {
            // Told to stop, or dropped: either way it ends.
            let _ = stopped.await;
        });
        if let Err(error) = served.await {
            tracing::error!(%error, "the development portal ended");
        }
    });
    Ok(Running {
        url,
        seeded,
        stop,
        server,
    })
}

fn open(options: Options, base: String) -> Result<(Portal, Seeded), StartError> {
    let store =
        Store::open(&options.database).map_err(|error| StartError::Database(error.to_string()))?;
    let portal = Portal {
        store,
        clock: options.clock,
        delay_millis: i64::try_from(options.provisioning_delay.as_millis()).unwrap_or(i64::MAX),
        recoverable_days: options.recoverable_days,
        page_size: options.page_size,
        if_match: options.if_match,
        max_operations: options.max_operations,
        token_digest: Sha256::digest(options.token.expose_secret().trim()).into(),
        base,
        weather: Weather::new(
            options.latency,
            options.rate_limit,
            options.fault_rate,
            options.fault_seed,
        ),
    };
    let seeded = seed::seed(&portal, options.roster.as_ref())
        .map_err(|error| StartError::Database(error.detail))?;
    Ok((portal, seeded))
}

impl Running {
    /// The address of SCIM: `http://127.0.0.1:PORT/scim/v2`. The audit trail is at `/audit` of the
    /// same host.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What was found in the database when it started.
    pub fn seeded(&self) -> Seeded {
        self.seeded
    }

    /// Lets requests under way finish, for ten seconds at most, and ends. Dropping ends it too,
    /// without waiting.
    pub async fn stop(self) {
        let Self {
            stop, mut server, ..
        } = self;
        // The server may have ended by itself; then there is nobody to tell.
        let _ = stop.send(());
        if tokio::time::timeout(GRACE, &mut server).await.is_err() {
            server.abort();
        }
    }
}
