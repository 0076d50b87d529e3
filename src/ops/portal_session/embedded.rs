//! Starts the embedded portal for one run.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::file_options::{PortalFileOptions, configuration_error, path_beside};
use crate::devportal::{
    Clock, DatabaseLocation, Options, Roster, RunningPortal, SeedOutcome, start,
};
use crate::domain::local_time::noon;
use crate::environment::read_bounded;
use crate::hash::hex;
use crate::load::RequestsLocation;
use crate::portal::PortalError;
use crate::portal::scim::ConnectionConfig;
use crate::printer;
use crate::printer::text;
use crate::private_files::create_folder;
use crate::text::shown_path;

/// Starts the portal. It stops when the returned value is dropped.
///
/// # Errors
/// If its files cannot be used, or if it does not start.
pub(super) async fn start_portal(
    portal: &PortalFileOptions,
    requests: &RequestsLocation,
    may_write: bool,
) -> Result<(ConnectionConfig, RunningPortal), PortalError> {
    let folder = &requests.requests;
    let named = portal.database.clone();
    let file = named.unwrap_or_else(|| path_beside(folder, ".arkib/portal.db"));
    let exists = file.exists();
    let roster = find_roster(portal, folder, exists)?;
    let token = new_token()?;
    let mut options = Options::new(token.clone());
    options.roster = roster;
    options.database = if exists || may_write {
        DatabaseLocation::File(create_parent_dir(file)?)
    } else {
        DatabaseLocation::Memory
    };
    if let Some(today) = requests.as_of {
        options.clock = Clock::Fixed(noon(today));
    }
    let running = start(options).await.map_err(|error| {
        configuration_error(
            message!("portal-embedded-fails", error = error.to_string()),
            message!("portal-embedded-fails-help"),
        )
    })?;
    warn_of_another_roster(&running);
    Ok((ConnectionConfig::new(running.url(), token)?, running))
}

/// The roster that was named, or the one next to the requests.
fn find_roster(
    portal: &PortalFileOptions,
    requests: &Path,
    has_mailboxes: bool,
) -> Result<Option<Roster>, PortalError> {
    let named = portal.roster.clone();
    let file = named.unwrap_or_else(|| path_beside(requests, "portal.csv"));
    if portal.roster.is_some() || file.exists() {
        return read_roster(&file).map(Some);
    }
    if has_mailboxes {
        return Ok(None);
    }
    Err(configuration_error(
        message!("portal-no-mailboxes", file = shown_path(&file)),
        message!("portal-no-mailboxes-help"),
    ))
}

/// A random token.
///
/// # Errors
/// If the system provides no random numbers.
pub(crate) fn new_token() -> Result<SecretString, PortalError> {
    let mut bytes = [0; 24];
    rustls::crypto::ring::default_provider().secure_random.fill(&mut bytes).map_err(|_| {
        configuration_error(message!("portal-no-random"), message!("portal-no-random-help"))
    })?;
    Ok(hex(&bytes).into())
}

/// The largest roster that is read, in bytes: a million mailboxes.
const LARGEST_ROSTER: u64 = 128 << 20;

/// Reads a roster from disk.
///
/// # Errors
/// If it cannot be read or is not a roster.
pub(crate) fn read_roster(file: &Path) -> Result<Roster, PortalError> {
    let name = shown_path(file);
    let bytes = read_bounded(file, LARGEST_ROSTER).map_err(|error| {
        configuration_error(
            message!("portal-roster-unread", name = &name, error = error.to_string()),
            message!("portal-roster-unread-help"),
        )
    })?;
    Roster::read(&bytes, &name).map_err(|error| {
        let help = message!("portal-roster-help", columns = Roster::COLUMNS);
        configuration_error(error.to_string(), help)
    })
}

/// Creates the folder of a file.
///
/// # Errors
/// If it cannot be created.
pub(crate) fn create_parent_dir(file: PathBuf) -> Result<PathBuf, PortalError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        create_folder(folder).map_err(|error| {
            configuration_error(
                message!(
                    "portal-no-folder",
                    folder = shown_path(folder),
                    error = error.to_string()
                ),
                message!("portal-no-folder-help"),
            )
        })?;
    }
    Ok(file)
}

fn warn_of_another_roster(running: &RunningPortal) {
    if let SeedOutcome::Kept { same_roster: false, .. } = running.seed_outcome() {
        printer::print_message(&text!("portal-other-roster"));
    }
}
