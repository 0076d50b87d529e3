//! Takes people out, so that a kill at any step leaves nothing that a second run does not finish:
//! first the record of it, then the records of runs, then documents and requests, those that
//! terminate last. Every file is replaced whole.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use jiff::Timestamp;

use super::Wanted;
use super::gather::{BOM, OneRecord, OneRequest, Work};
use crate::domain::record::chain::heads;
use crate::domain::record::entry;
use crate::domain::record::entry::{Ended, Event, Redacting};
use crate::domain::record::redaction::without;
use crate::exit::Exit;
use crate::journal::append::{Journal, sync_folder};
use crate::load::documents::{Found, look};
use crate::ops::actor::who;
use crate::output::findings::plural;

/// Does the work of one agency.
///
/// # Errors
/// What failed; what was done before stays done, and is done again by nobody.
pub(super) async fn carry_out(wanted: &Wanted<'_>, work: &Work) -> Result<(), String> {
    let journal = begin(wanted, work).map_err(|error| {
        format!(
            "it cannot be recorded in {}: {error}",
            work.folder.display()
        )
    })?;
    let done = steps(wanted, work);
    let (status, reason) = match &done {
        Ok(()) => (Exit::Done, summary(work)),
        // Which file it was is for the person who runs it; names of files may name people.
        Err(_) => (Exit::Partly, "It stopped before its end.".to_owned()),
    };
    let ended = Event::Ended(Ended {
        status: status.status(),
        reason,
    });
    let written = journal.write(ended).await;
    journal.close();
    done?;
    written.map_err(|error| format!("the record of it is not whole: {error}"))
}

fn steps(wanted: &Wanted<'_>, work: &Work) -> Result<(), String> {
    let records = work.records.iter().map(|record| &record.path);
    let files = records.chain(work.requests.iter().map(|one| &one.path));
    let folders: BTreeSet<&Path> = files.filter_map(|file| file.parent()).collect();
    for folder in folders {
        let done = sweep(folder);
        done.map_err(|error| format!("{} cannot be tidied: {error}", folder.display()))?;
    }
    for record in &work.records {
        let done = black_out(wanted, record);
        done.map_err(|error| format!("{} cannot be rewritten: {error}", record.file))?;
    }
    for one in &work.requests {
        let done = rewrite(wanted, one);
        done.map_err(|error| format!("{} cannot be rewritten: {error}", one.request.file))?;
    }
    Ok(())
}

fn summary(work: &Work) -> String {
    format!(
        "{} and {} without them.",
        plural(work.records.len(), "record", "records"),
        plural(work.requests.len(), "request", "requests")
    )
}

fn begin(wanted: &Wanted<'_>, work: &Work) -> io::Result<Journal> {
    let now = Timestamp::now();
    let name = format!(
        "{}-redaction-{:x}",
        now.strftime("%Y%m%dT%H%M%S%3fZ"),
        std::process::id()
    );
    let hashes: BTreeSet<&String> = work.records.iter().flat_map(|it| &it.hashes).collect();
    // The record of an earlier redaction that names them as the one who decided it goes, too; what it
    // said was taken out is said here then.
    let lines = work.runs.iter().flat_map(|run| &run.lines);
    let gone = lines.filter(|(_, line)| hashes.contains(&line.hash));
    let earlier: BTreeSet<&String> = gone
        .filter_map(|(_, line)| match &line.event {
            Event::Redacting(redacting) => Some(&redacting.lines),
            _ => None,
        })
        .flatten()
        .collect();
    let redacting = Event::Redacting(Redacting {
        format: entry::FORMAT.to_owned(),
        arkib: env!("CARGO_PKG_VERSION").to_owned(),
        agency: work.agency.clone(),
        by: who(),
        reason: format!("on the word of {}: {}", wanted.by, wanted.reason),
        lines: hashes.union(&earlier).map(|it| (*it).clone()).collect(),
        requests: work
            .requests
            .iter()
            .map(|one| one.request.id.to_string())
            .collect(),
    });
    Journal::begin(
        &work.folder,
        &name,
        heads(&work.runs),
        redacting,
        Timestamp::now,
    )
}

fn black_out(wanted: &Wanted<'_>, record: &OneRecord) -> io::Result<()> {
    let bytes = fs::read(&record.path)?;
    let hashes: HashSet<&str> = record.hashes.iter().map(String::as_str).collect();
    let (text, count) = without(&bytes, &hashes, wanted.people);
    if count != hashes.len() {
        return Err(io::Error::other("it was changed meanwhile"));
    }
    replace(&record.path, &text)
}

fn rewrite(wanted: &Wanted<'_>, one: &OneRequest) -> io::Result<()> {
    if fs::read(&one.path)? != one.before {
        return Err(io::Error::other("it was changed meanwhile"));
    }
    // Documents first: a request that still names one that is gone is found again, and a document
    // that no request names is not.
    for way in &one.files {
        match look(wanted.folder, way, 0)? {
            Found::Nothing => {}
            Found::NoFile => {
                let why = format!("{way} is no regular file, or a link leads to it");
                return Err(io::Error::other(why));
            }
            Found::File(_) | Found::OfSize(_) => fs::remove_file(wanted.folder.join(way))?,
        }
    }
    let mark = if one.before.starts_with(BOM) {
        BOM
    } else {
        b""
    };
    replace(&one.path, &[mark, one.without.text.as_bytes()].concat())
}

/// How files begin that were not renamed yet.
const UNFINISHED: &str = ".arkib-redact-";

/// Takes away what a killed run left unfinished beside a file that it did not come to replace.
fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_ours = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
        if is_ours && entry.file_type()?.is_file() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Replaces a file by another that is whole on disk before it takes its place.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file()
        .set_permissions(fs::metadata(path)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}
