//! `arkib portal` alone: the development portal by itself, for rehearsals.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use jiff::civil::Date;
use secrecy::{ExposeSecret as _, SecretString};

use crate::devportal;
use crate::devportal::{Clock, Database, Running, Seeded, start};
use crate::domain::calendar::noon;
use crate::environment::read_credential;
use crate::exit::Exit;
use crate::ops::interrupt::signalled;
use crate::ops::session::embedded::{new_token, prepared, read_roster};
use crate::printer;

/// How the development portal runs.
#[derive(Debug)]
pub struct Options {
    /// Where to listen: an address of this machine's loopback such as 127.0.0.1:8643; port 0 for any
    pub listen: SocketAddr,
    /// Its mailboxes when it is first started, as CSV
    pub roster: Option<PathBuf>,
    /// Its database; without one it forgets everything when it stops
    pub database: Option<PathBuf>,
    /// A file for its token; made where it does not exist
    pub token_file: PathBuf,
    /// Write its URL to this file once it listens
    pub url_file: Option<PathBuf>,
    /// Take this day for today
    pub as_of: Option<Date>,
    /// Answer so much later
    pub latency: u64,
    /// Answer 429 beyond so many requests a second
    pub rate_limit: Option<NonZeroU32>,
    /// Pay no heed to If-Match, as some portals do, and say so
    pub no_if_match: bool,
    /// Take no bulk requests, as some portals do, and say so
    pub no_bulk: bool,
    /// Answer this share of requests with 500 or 503, from 0 to 1
    pub fault_rate: f64,
    /// Begins the row of faults; the same seed gives the same row
    pub fault_seed: u64,
    /// Work so long on each change before it is done, and on what the roster has begun; with 0 the
    /// latter takes eight seconds
    pub provisioning_delay: u64,
    /// Stop by itself after so long
    pub stop_after: Option<u64>,
}

/// The shortest token that is taken from a file.
const SHORTEST_TOKEN: usize = 8;

/// Runs the command.
pub(crate) fn run(options: &Options) -> Exit {
    let runtime = match crate::ops::runtime() {
        Ok(runtime) => runtime,
        Err(reason) => {
            printer::say(&reason);
            return Exit::Failed;
        }
    };
    match runtime.block_on(serve(options)) {
        Ok(()) => Exit::Done,
        Err(error) => {
            printer::say(&format!("Failed: {error:#}"));
            Exit::Failed
        }
    }
}

async fn serve(options: &Options) -> anyhow::Result<()> {
    let running = start(configured(options)?)
        .await
        .context("the portal does not start; see --listen and --database")?;
    if let Some(file) = &options.url_file {
        write_file(file, running.url())?;
    }
    greet(options, &running);
    let limit = options.stop_after.map(Duration::from_secs);
    tokio::select! {
        () = signalled() => {}
        () = ended_after(limit) => {}
    }
    running.stop().await;
    printer::say("The portal stopped.");
    Ok(())
}

async fn ended_after(limit: Option<Duration>) {
    match limit {
        Some(limit) => tokio::time::sleep(limit).await,
        None => std::future::pending().await,
    }
}

fn configured(options: &Options) -> anyhow::Result<devportal::Options> {
    let mut configured = devportal::Options::new(token(&options.token_file)?);
    configured.listen = options.listen;
    configured.database = match &options.database {
        Some(file) => Database::File(prepared(file.clone())?),
        None => Database::Memory,
    };
    configured.roster = options.roster.as_deref().map(read_roster).transpose()?;
    if let Some(today) = options.as_of {
        configured.clock = Clock::Fixed(noon(today));
    }
    configured.latency = Duration::from_millis(options.latency);
    configured.rate_limit = options.rate_limit;
    configured.if_match = !options.no_if_match;
    if options.no_bulk {
        configured.max_operations = 0;
    }
    configured.fault_rate = options.fault_rate;
    configured.fault_seed = options.fault_seed;
    configured.provisioning_delay = Duration::from_secs(options.provisioning_delay);
    Ok(configured)
}

/// The token of a file, or a new one, written where only its owner reads it.
fn token(file: &Path) -> anyhow::Result<SecretString> {
    let named = || format!("the token file {}", file.display());
    let text = match read_credential(file) {
        Ok(bytes) => String::from_utf8(bytes).with_context(named)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(named),
    };
    let text = text.trim();
    if text.is_empty() {
        let token = new_token()?;
        prepared(file.to_owned())?;
        write_secret(file, token.expose_secret()).with_context(named)?;
        return Ok(token);
    }
    let is_token = text.len() >= SHORTEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic());
    anyhow::ensure!(
        is_token,
        "{} holds no token: expected at least {SHORTEST_TOKEN} letters, digits or signs without a blank",
        named()
    );
    Ok(text.to_owned().into())
}

#[cfg(unix)]
fn write_secret(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(file)?
        .write_all(text.as_bytes())?;
    // The mode above counts only where the file is made.
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))
}

/// A file in the user's own profile is already closed to others on Windows.
#[cfg(windows)]
fn write_secret(file: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(file, text)
}

fn write_file(file: &Path, text: &str) -> anyhow::Result<()> {
    prepared(file.to_owned())?;
    // Whole or not at all: whoever waits for the file must not read half an address.
    let partial = file.with_extension("partial");
    std::fs::write(&partial, text)
        .and_then(|()| std::fs::rename(&partial, file))
        .with_context(|| format!("the file {}", file.display()))
}

fn greet(options: &Options, running: &Running) {
    let mailboxes = match running.seeded() {
        Seeded::Fresh { mailboxes } => format!("{mailboxes} mailboxes from the roster"),
        Seeded::Kept {
            mailboxes,
            same_roster: false,
        } => format!(
            "{mailboxes} mailboxes kept from before; the roster is another one and was not used"
        ),
        Seeded::Kept { mailboxes, .. } => format!("{mailboxes} mailboxes kept from before"),
    };
    printer::say(&format!(
        "The development portal listens, with {mailboxes}. Ctrl-C stops it.\n\n  \
         export ARKIB_PORTAL_URL={}\n  export ARKIB_PORTAL_TOKEN_FILE={}\n",
        running.url(),
        options.token_file.display()
    ));
}
