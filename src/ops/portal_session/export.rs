//! Finds the exports of portals that people operate, and refuses old ones.

use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::file_options::{PortalFileOptions, configuration_error};
use crate::domain::local_time::{local_day, to_local_time};
use crate::domain::observed::{ExportFile, ObservedMailbox};
use crate::domain::policy::Policy;
use crate::environment::read_bounded;
use crate::hash::sha256;
use crate::language::Message;
use crate::portal::files::LoadedExport;
use crate::portal::files::export;
use crate::portal::files::export::{DayOrMoment, ExportContent};
use crate::portal::{ErrorKind, PortalError};
use crate::printer;
use crate::printer::text;
use crate::text::{escape, shown_path};

/// The largest export that is read, in bytes.
const LARGEST: u64 = export::LARGEST as u64;
/// All but the end of a second.
const SECOND: SignedDuration = SignedDuration::from_millis(999);
/// How far an export may be in the future by this machine's clock.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// Reads the export of an agency.
///
/// # Errors
/// If none is named, or it cannot be read, belongs to another agency, or is too old
/// ([`ErrorKind::Refused`]).
pub(super) fn read_export(
    options: &PortalFileOptions,
    policy: &Policy,
) -> Result<LoadedExport, PortalError> {
    let named = Path::new(export_file_of(options, &policy.agency)?);
    let Found { path, bytes, content } = match named.is_dir() {
        true => newest_in_folder(named, policy)?,
        false => read_file(named.to_owned(), policy)?,
    };
    let changed = std::fs::metadata(&path).and_then(|about| about.modified());
    let changed = changed.ok().and_then(|at| Timestamp::try_from(at).ok());
    let name = file_name(&path);
    let taken = time_of_export(content.taken_on, changed)
        .ok_or_else(|| refused_error(message!("export-no-date"), message!("export-date-help")))?;
    check_age(taken, Timestamp::now(), options.max_export_age)?;
    for remark in &content.remarks {
        let text = text!("export-remark", name = &name, remark);
        printer::print_message(&escape(&text));
    }
    let export = ExportFile {
        name,
        sha256: sha256(&bytes),
        rows: digest_of_mailboxes(&content.mailboxes),
        taken,
        dated: content.taken_on.map(|on| if on.is_day { on.at } else { on.at + SECOND }),
    };
    Ok(LoadedExport::new(content, export))
}

/// An export as it was read.
struct Found {
    path: PathBuf,
    bytes: Vec<u8>,
    content: ExportContent,
}

fn read_file(path: PathBuf, policy: &Policy) -> Result<Found, PortalError> {
    // Reading a pipe might never end.
    if std::fs::metadata(&path).is_ok_and(|about| !about.is_file()) {
        return Err(unreadable_error(&path, message!("export-not-regular")));
    }
    let bytes =
        read_bounded(&path, LARGEST).map_err(|error| unreadable_error(&path, error.to_string()))?;
    let content = export::read(&bytes, &file_name(&path), &policy.export, &policy.domains)?;
    Ok(Found { path, bytes, content })
}

/// The newest export in a folder, by the days that the exports themselves say: the times of their files
/// are those of a checkout.
fn newest_in_folder(folder: &Path, policy: &Policy) -> Result<Found, PortalError> {
    let unreadable = |error: io::Error| unreadable_error(folder, error.to_string());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let kind = path.extension().unwrap_or_default().to_ascii_lowercase();
        if kind == "csv" || kind == "xlsx" {
            found.push(read_file(path, policy)?);
        }
    }
    let undated = found.iter().find(|one| one.content.taken_on.is_none());
    if let Some(undated) = undated {
        return Err(refused_error(
            message!("export-undated", file = shown_path(&undated.path)),
            message!("export-date-help"),
        ));
    }
    let taken = |one: &Found| one.content.taken_on.map(|said| said.at);
    found.sort_by_key(taken);
    let newest =
        found.pop().ok_or_else(|| unreadable_error(folder, message!("export-folder-empty")))?;
    match found.pop() {
        Some(other) if taken(&other) == taken(&newest) => Err(refused_error(
            message!(
                "export-same-time",
                one = shown_path(&other.path),
                other = shown_path(&newest.path)
            ),
            message!("export-delete-older-help"),
        )),
        _ => Ok(newest),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The digest of what an export says of the mailboxes, in any order.
fn digest_of_mailboxes(mailboxes: &[ObservedMailbox]) -> String {
    let row = |one: &ObservedMailbox| {
        let ObservedMailbox { mailbox, id, version: _, state, account, hold, .. } = one;
        let more = (&one.request, one.changed_at, one.recoverable_until, one.created);
        format!("{mailbox} {id} {state} {} {hold} {more:?}", account.as_str())
    };
    let mut rows: Vec<String> = mailboxes.iter().map(row).collect();
    rows.sort_unstable();
    sha256(rows.join("\n").as_bytes())
}

/// The export file of an agency: the one with its name, or the only one.
fn export_file_of<'a>(
    options: &'a PortalFileOptions,
    agency: &str,
) -> Result<&'a str, PortalError> {
    let named = options.portal_export.iter().map(String::as_str);
    let named = named.filter(|text| !text.trim().is_empty());
    let split: Vec<(Option<&str>, &str)> = named
        .map(|text| match text.split_once('=') {
            Some((agency, file)) if !Path::new(text).exists() => (Some(agency), file),
            _ => (None, text),
        })
        .collect();
    if split.is_empty() {
        return Err(configuration_error(message!("export-none"), message!("export-none-help")));
    }
    let of = |wanted: Option<&str>| -> Vec<&'a str> {
        let of_wanted = split.iter().filter(|(agency, _)| *agency == wanted);
        of_wanted.map(|(_, file)| *file).collect()
    };
    match (&*of(Some(agency)), &*of(None)) {
        ([file], _) | ([], [file]) => Ok(file),
        ([], []) => Err(configuration_error(
            message!("export-none-for-agency", agency),
            message!("export-none-for-agency-help"),
        )),
        _ => Err(configuration_error(
            message!("export-several-for-agency", agency),
            message!("export-several-for-agency-help"),
        )),
    }
}

fn unreadable_error(path: &Path, why: impl Into<Message>) -> PortalError {
    configuration_error(
        message!("export-unreadable", name = path.display().to_string(), why = why.into()),
        message!("export-unreadable-help"),
    )
}

/// The time of an export: the time that it states, else the time of its file. If it states only a day
/// and the file was written on that day, the time of the file.
fn time_of_export(said: Option<DayOrMoment>, written: Option<Timestamp>) -> Option<Timestamp> {
    match said {
        None => written,
        Some(said) if said.is_day => {
            let same = written.filter(|at| local_day(*at) == local_day(said.at));
            same.or(Some(said.at))
        }
        Some(said) => Some(said.at),
    }
}

/// Refuses an export that is too old, or in the future.
fn check_age(taken: Timestamp, now: Timestamp, oldest: SignedDuration) -> Result<(), PortalError> {
    let age = now.duration_since(taken);
    if age > oldest {
        return Err(refused_error(
            message!("export-old", age = age_in_words(age), oldest = format!("{oldest:#}")),
            message!("export-old-help"),
        ));
    }
    if age < -AHEAD {
        return Err(refused_error(
            message!(
                "export-future",
                taken = to_local_time(taken).strftime("%Y-%m-%d %H:%M").to_string()
            ),
            message!("export-future-help"),
        ));
    }
    Ok(())
}

fn age_in_words(age: SignedDuration) -> Message {
    let hours = usize::try_from(age.as_hours()).unwrap_or_default();
    match hours {
        0..48 => message!("export-hours", count = hours),
        _ => message!("export-days", count = hours / 24),
    }
}

fn refused_error(detail: Message, help: Message) -> PortalError {
    PortalError::new(ErrorKind::Refused, message!("export-reading-portals"), detail, help)
}
