//! `arkib portal` alone: the development portal by itself, for rehearsals.

use std::io;
use std::io::Write as _;
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
use crate::ops::interrupt::wait_for_signal;
use crate::ops::session::embedded::{new_token, prepared, read_roster};
use crate::printer;

/// How the development portal runs.
#[derive(Debug)]
pub struct Options {
    /// All that is not in a file; its token, roster, database and clock come from those below.
    pub portal: devportal::Options,
    /// Its mailboxes when it is first started, as CSV.
    pub roster: Option<PathBuf>,
    /// Its database; without one it forgets everything when it stops.
    pub database: Option<PathBuf>,
    /// A file for its token; made where it does not exist.
    pub token_file: PathBuf,
    /// Write its URL to this file once it listens.
    pub url_file: Option<PathBuf>,
    /// Take this day for today.
    pub as_of: Option<Date>,
    /// Stop by itself after so long.
    pub stop_after: Option<Duration>,
}

impl Options {
    /// A portal as it is where nothing is asked for but the file of its token.
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

/// The shortest token that is taken from a file.
const SHORTEST_TOKEN: usize = 8;

/// Runs the command.
pub(crate) fn run(options: Options) -> Exit {
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

async fn serve(options: Options) -> anyhow::Result<()> {
    let mut portal = options.portal;
    portal.token = token(&options.token_file)?;
    if let Some(file) = options.database {
        portal.database = Database::File(prepared(file)?);
    }
    portal.roster = options.roster.as_deref().map(read_roster).transpose()?;
    if let Some(today) = options.as_of {
        portal.clock = Clock::Fixed(noon(today));
    }
    let running = start(portal)
        .await
        .context("the portal does not start; see --listen and --database")?;
    if let Some(file) = &options.url_file {
        write_file(file, running.url())?;
    }
    greet(&options.token_file, &running);
    let stopped = wait_for_signal();
    match options.stop_after {
        // Whichever comes first.
        Some(limit) => drop(tokio::time::timeout(limit, stopped).await),
        None => stopped.await,
    }
    running.stop().await;
    printer::say("The portal stopped.");
    Ok(())
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

/// Writes a file that only its owner reads: such is one that is made as a temporary one.
fn write_secret(file: &Path, text: &str) -> io::Result<()> {
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    let mut beside = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    beside.write_all(text.as_bytes())?;
    beside.persist(file).map_err(|error| error.error)?;
    Ok(())
}

fn write_file(file: &Path, text: &str) -> anyhow::Result<()> {
    prepared(file.to_owned())?;
    // Whole or not at all: whoever waits for the file must not read half an address.
    let partial = file.with_extension("partial");
    std::fs::write(&partial, text)
        .and_then(|()| std::fs::rename(&partial, file))
        .with_context(|| format!("the file {}", file.display()))
}

fn greet(token_file: &Path, running: &Running) {
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
        token_file.display()
    ));
}
