//! `arkib portal`: runs the development portal, for rehearsals.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use secrecy::{ExposeSecret as _, SecretString};

use crate::devportal;
use crate::devportal::{Clock, DatabaseLocation, RunningPortal, SeedOutcome, start};
use crate::domain::local_time::noon;
use crate::environment;
use crate::environment::read_credential_file;
use crate::exit::Exit;
use crate::language::Message;
use crate::ops::interrupt::wait_for_signal;
use crate::ops::portal_session::embedded::{create_parent_dir, new_token, read_roster};
use crate::printer;
use crate::printer::text;
use crate::private_files::{replace, replace_secret};

/// The options of the development portal.
#[derive(Debug)]
pub struct Options {
    /// Everything that is not in a file; token, roster, database and clock come from the fields below.
    pub portal: devportal::Options,
    /// CSV file with the mailboxes that it starts with.
    pub roster: Option<PathBuf>,
    /// Its database; without one, everything is lost when it stops.
    pub database: Option<PathBuf>,
    /// File with its token; created if it does not exist.
    pub token_file: PathBuf,
    /// Write its URL to this file when it is ready.
    pub url_file: Option<PathBuf>,
    /// Use this day as today.
    pub as_of: Option<Date>,
    /// Stop after this time.
    pub stop_after: Option<Duration>,
}

impl Options {
    /// The default options with the file of the token.
    pub(crate) fn new(token_file: PathBuf) -> Self {
        Self {
            portal: devportal::Options::new(SecretString::default()),
            roster: None,
            database: None,
            token_file,
            url_file: None,
            as_of: None,
            stop_after: None,
        }
    }
}

/// The shortest valid token in a file.
const SHORTEST_TOKEN: usize = 8;

/// Runs the command.
pub(crate) fn run(options: Options) -> Exit {
    let runtime = match crate::ops::new_runtime() {
        Ok(runtime) => runtime,
        Err(reason) => {
            printer::print_message(&printer::render(&reason));
            return Exit::Failed;
        }
    };
    match runtime.block_on(serve(options)) {
        Ok(()) => Exit::Done,
        Err(error) => {
            printer::print_message(&text!("portal-serve-failed", error));
            Exit::Failed
        }
    }
}

async fn serve(options: Options) -> Result<(), Message> {
    let mut portal = options.portal;
    portal.token = read_or_create_token(&options.token_file)?;
    if let Some(file) = options.database {
        let file = create_parent_dir(file).map_err(|error| error.message())?;
        portal.database = DatabaseLocation::File(file);
    }
    let roster = options.roster.as_deref().map(read_roster).transpose();
    portal.roster = roster.map_err(|error| error.message())?;
    if let Some(today) = options.as_of {
        portal.clock = Clock::Fixed(noon(today));
    }
    let running = start(portal)
        .await
        .map_err(|error| message!("portal-does-not-start", error = format!("{error:#}")))?;
    if let Some(file) = &options.url_file {
        write_file(file, running.url(), replace)?;
    }
    print_how_to_connect(&options.token_file, &running);
    let stopped = wait_for_signal();
    match options.stop_after {
        // Whichever comes first.
        Some(limit) => drop(tokio::time::timeout(limit, stopped).await),
        None => stopped.await,
    }
    running.stop().await;
    printer::print_message(&text!("portal-stopped"));
    Ok(())
}

/// The token in a file, or a new token, written to a file that only its owner can read.
fn read_or_create_token(file: &Path) -> Result<SecretString, Message> {
    let shown = file.display().to_string();
    let failed = |error: String| message!("portal-token-file", file = shown.clone(), error);
    let text = match read_credential_file(file) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|error| failed(error.to_string()))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed(error.to_string())),
    };
    let text = text.trim();
    if text.is_empty() {
        let token = new_token().map_err(|error| error.message())?;
        write_file(file, token.expose_secret(), replace_secret)?;
        return Ok(token);
    }
    let is_token = text.len() >= SHORTEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic());
    match is_token {
        true => Ok(text.to_owned().into()),
        false => Err(message!("portal-no-token", file = shown, count = SHORTEST_TOKEN)),
    }
}

/// Complete or not at all: a program that waits for the file must not read half a URL.
fn write_file(
    file: &Path,
    text: &str,
    write: fn(&Path, &[u8]) -> io::Result<()>,
) -> Result<(), Message> {
    create_parent_dir(file.to_owned()).map_err(|error| error.message())?;
    let shown = file.display().to_string();
    write(file, text.as_bytes())
        .map_err(|error| message!("portal-file", file = shown, error = error.to_string()))
}

fn print_how_to_connect(token_file: &Path, running: &RunningPortal) {
    let (count, place) = match running.seed_outcome() {
        SeedOutcome::Fresh { mailboxes } => (mailboxes, "roster"),
        SeedOutcome::Kept { mailboxes, same_roster: false } => (mailboxes, "other"),
        SeedOutcome::Kept { mailboxes, .. } => (mailboxes, "database"),
    };
    let shell = environment::shell();
    printer::print_message(&format!(
        "{}\n\n  {}\n  {}\n",
        text!("portal-ready", count, place),
        shell.set_variable("ARKIB_PORTAL_URL", running.url()),
        shell.set_variable("ARKIB_PORTAL_TOKEN_FILE", &token_file.to_string_lossy())
    ));
}
