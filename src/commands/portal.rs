//! `arkib portal`: the development portal by itself, for rehearsals.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use secrecy::{ExposeSecret as _, SecretString};

use super::connect::embedded::{new_token, prepared, read_roster};
use super::interrupt::signalled;
use crate::calendar::{noon, parse_day};
use crate::exit::Exit;
use crate::portal::PortalError;
use crate::portal::embedded::{Clock, Database, Options, Running, Seeded, start};
use crate::printer;

/// Runs the development portal by itself, for rehearsals.
///
/// A complete SCIM 2.0 server on this machine alone, with the failings of real portals on demand.
/// It stops with Ctrl-C, or by itself with --stop-after.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib portal --roster examples/roster.csv
  arkib portal --roster examples/roster.csv --latency 200 --rate-limit 50 --fault-rate 0.05
  arkib portal --roster examples/roster.csv --provisioning-delay 30

Then, in another terminal, with `portal: scim` in the policy:
  export ARKIB_PORTAL_URL=…  ARKIB_PORTAL_TOKEN_FILE=…     (the portal prints both)
  arkib reconcile --dry-run")]
pub struct Args {
    /// Where to listen: an address of this machine's loopback, port 0 for any
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8643")]
    listen: SocketAddr,
    /// Its mailboxes when it is first started, as CSV
    #[arg(long, value_name = "FILE", env = "ARKIB_EMBEDDED_ROSTER")]
    roster: Option<PathBuf>,
    /// Its database; without one it forgets everything when it stops
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// A file for its token; made where it does not exist
    #[arg(long, value_name = "FILE", default_value = ".arkib/portal.token")]
    token_file: PathBuf,
    /// Write its URL to this file once it listens
    #[arg(long, value_name = "FILE")]
    url_file: Option<PathBuf>,
    /// Take this day for today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    as_of: Option<Date>,
    /// Answer so much later
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    latency: u64,
    /// Answer 429 beyond so many requests a second
    #[arg(long, value_name = "N")]
    rate_limit: Option<NonZeroU32>,
    /// Answer this share of requests with 500 or 503, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    fault_rate: f64,
    /// Begins the row of faults; the same seed gives the same row
    #[arg(long, value_name = "N", default_value_t = 1)]
    fault_seed: u64,
    /// Work so long on each change before it is done
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    provisioning_delay: u64,
    /// Stop by itself after so long
    #[arg(long, value_name = "SECONDS")]
    stop_after: Option<u64>,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share @ 0.0..=1.0) => Ok(share),
        _ => Err("expected a number from 0 to 1, such as 0.05".to_owned()),
    }
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    let runtime = match super::runtime() {
        Ok(runtime) => runtime,
        Err(reason) => {
            printer::say(&reason);
            return Exit::Failed;
        }
    };
    match runtime.block_on(serve(args)) {
        Ok(()) => Exit::Done,
        Err(error) => {
            printer::say(&format!("Failed while {error}\nhelp: {}", error.help));
            Exit::Failed
        }
    }
}

async fn serve(args: &Args) -> Result<(), PortalError> {
    let options = options(args)?;
    let running = start(options).await.map_err(|error| {
        let help = "choose another address with --listen, or another database with --database";
        super::connect::configuration(error.to_string(), help)
    })?;
    if let Some(file) = &args.url_file {
        write_file(file, running.url())?;
    }
    greet(args, &running);
    let limit = args.stop_after.map(Duration::from_secs);
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

fn options(args: &Args) -> Result<Options, PortalError> {
    let mut options = Options::new(token(&args.token_file)?);
    options.listen = args.listen;
    options.database = match &args.database {
        Some(file) => Database::File(prepared(file.clone())?),
        None => Database::Memory,
    };
    options.roster = args.roster.as_deref().map(read_roster).transpose()?;
    if let Some(today) = args.as_of {
        options.clock = Clock::Fixed(noon(today));
    }
    options.latency = Duration::from_millis(args.latency);
    options.rate_limit = args.rate_limit;
    options.fault_rate = args.fault_rate;
    options.fault_seed = args.fault_seed;
    options.provisioning_delay = Duration::from_secs(args.provisioning_delay);
    Ok(options)
}

/// The token of a file, or a new one, written where only its owner reads it.
fn token(file: &Path) -> Result<SecretString, PortalError> {
    match std::fs::read_to_string(file) {
        Ok(text) if !text.trim().is_empty() => return Ok(text.trim().to_owned().into()),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(unwritable(file, &error));
        }
        _ => {}
    }
    let token = new_token()?;
    prepared(file.to_owned())?;
    write_secret(file, token.expose_secret()).map_err(|error| unwritable(file, &error))?;
    Ok(token)
}

#[cfg(unix)]
fn write_secret(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(file)?
        .write_all(text.as_bytes())
}

/// A file in the user's own profile is already closed to others on Windows.
#[cfg(windows)]
fn write_secret(file: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(file, text)
}

fn write_file(file: &Path, text: &str) -> Result<(), PortalError> {
    prepared(file.to_owned())?;
    // Whole or not at all: whoever waits for the file must not read half an address.
    let partial = file.with_extension("partial");
    std::fs::write(&partial, text)
        .and_then(|()| std::fs::rename(&partial, file))
        .map_err(|error| unwritable(file, &error))
}

fn unwritable(file: &Path, error: &std::io::Error) -> PortalError {
    super::connect::configuration(format!("{}: {error}", file.display()), "name another file")
}

fn greet(args: &Args, running: &Running) {
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
        args.token_file.display()
    ));
}
