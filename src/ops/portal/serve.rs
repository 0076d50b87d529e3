//! `arkib portal`: runs the development portal, for rehearsals.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use jiff::civil::Date;
use secrecy::{ExposeSecret as _, SecretString};

use crate::devportal;
use crate::devportal::{Clock, DatabaseLocation, RunningPortal, SeedOutcome, start};
use crate::domain::local_time::noon;
use crate::environment;
use crate::environment::read_credential_file;
use crate::exit::Exit;
use crate::ops::interrupt::wait_for_signal;
use crate::ops::portal_session::embedded::{create_parent_dir, new_token, read_roster};
use crate::printer;
use crate::private_files::{replace, replace_secret};
use crate::text::plural;

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
            printer::print_message(&reason);
            return Exit::Failed;
        }
    };
    match runtime.block_on(serve(options)) {
        Ok(()) => Exit::Done,
        Err(error) => {
            printer::print_message(&format!("Failed: {error:#}"));
            Exit::Failed
        }
    }
}

async fn serve(options: Options) -> anyhow::Result<()> {
    let mut portal = options.portal;
    portal.token = read_or_create_token(&options.token_file)?;
    if let Some(file) = options.database {
        portal.database = DatabaseLocation::File(create_parent_dir(file)?);
    }
    portal.roster = options.roster.as_deref().map(read_roster).transpose()?;
    if let Some(today) = options.as_of {
        portal.clock = Clock::Fixed(noon(today));
    }
    let running =
        start(portal).await.context("the portal does not start; see --listen and --database")?;
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
    printer::print_message("The portal stopped.");
    Ok(())
}

/// The token in a file, or a new token, written to a file that only its owner can read.
fn read_or_create_token(file: &Path) -> anyhow::Result<SecretString> {
    let named = || format!("the token file {}", file.display());
    let text = match read_credential_file(file) {
        Ok(bytes) => String::from_utf8(bytes).with_context(named)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(named),
    };
    let text = text.trim();
    if text.is_empty() {
        let token = new_token()?;
        write_file(file, token.expose_secret(), replace_secret).with_context(named)?;
        return Ok(token);
    }
    let is_token = text.len() >= SHORTEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic());
    anyhow::ensure!(
        is_token,
        "{} contains no token: expected at least {SHORTEST_TOKEN} letters, digits or signs without a space",
        named()
    );
    Ok(text.to_owned().into())
}

/// Complete or not at all: a program that waits for the file must not read half a URL.
fn write_file(
    file: &Path,
    text: &str,
    write: fn(&Path, &[u8]) -> io::Result<()>,
) -> anyhow::Result<()> {
    create_parent_dir(file.to_owned())?;
    write(file, text.as_bytes()).with_context(|| format!("the file {}", file.display()))
}

fn print_how_to_connect(token_file: &Path, running: &RunningPortal) {
    let (mailboxes, place) = match running.seed_outcome() {
        SeedOutcome::Fresh { mailboxes } => (mailboxes, "the roster"),
        SeedOutcome::Kept { mailboxes, same_roster: false } => {
            (mailboxes, "its database; the roster is a different one and was not used")
        }
        SeedOutcome::Kept { mailboxes, .. } => (mailboxes, "its database"),
    };
    let mailboxes = plural(mailboxes, "mailbox", "mailboxes");
    let shell = environment::shell();
    printer::print_message(&format!(
        "The development portal is ready, with {mailboxes} from {place}. Ctrl-C stops it.\n\n  {}\n  {}\n",
        shell.set_variable("ARKIB_PORTAL_URL", running.url()),
        shell.set_variable("ARKIB_PORTAL_TOKEN_FILE", &token_file.to_string_lossy())
    ));
}
