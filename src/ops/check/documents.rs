//! Looks whether the documents that requests name are there and are what they were (procedure
//! section 6): on disk, or in the commit that is checked. With a base, those of the requests that
//! the pull request touches, and whichever of the others it changes or takes away.

use std::collections::{HashMap, HashSet};
use std::path::Path as Folder;

use rayon::prelude::*;

use crate::domain::request::evidence::{Named, each, path};
use crate::finding::Finding;
use crate::git;
use crate::git::{GitError, Mode, Place, TreeEntry};
use crate::load::Source;
use crate::load::documents;
use crate::load::documents::{Found, LARGEST_POINTER, look};
use crate::load::reader;
use crate::yaml::{Issue, Path};

/// A document to be looked at, and whether it is one of a merged request.
struct Wanted<'a> {
    named: Named<'a>,
    /// Its way from the requests folder.
    way: String,
    is_merged: bool,
    /// Whether the pull request's commits take it away, whatever lies on disk.
    is_deleted: bool,
}

/// What is wrong with the documents.
///
/// # Errors
/// Where git does not answer.
pub(super) fn verify(source: &Source) -> Result<Vec<Finding>, GitError> {
    let wanted = wanted(source)?;
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let seen: Vec<Result<Found, String>> = match (source.on_disk(), source.repository()) {
        (None, Some(place)) => in_commit(place, source.commit().unwrap_or("HEAD"), &wanted)?,
        (folder, _) => on_disk(folder.unwrap_or(Folder::new(".")), &wanted),
    };
    let issues = wanted.iter().zip(seen);
    let issues: Vec<_> = issues
        .filter_map(|(wanted, found)| Some((wanted, issue(wanted, found)?)))
        .collect();
    if issues.is_empty() {
        return Ok(Vec::new());
    }
    let files = source.files()?;
    let placed = issues
        .into_iter()
        .flat_map(|(wanted, issue)| reader::place_request(&*files, &wanted.named.0.file, issue));
    Ok(placed.collect())
}

fn wanted(source: &Source) -> Result<Vec<Wanted<'_>>, GitError> {
    let requests = source.loaded.agencies.iter().flat_map(|it| &it.requests);
    let all = requests
        .flat_map(|request| each(request))
        .map(|named| Wanted {
            way: source.path(&path(&named.0.file, named.2)).to_owned(),
            named,
            is_merged: false,
            is_deleted: false,
        });
    let Some(onto) = &source.onto else {
        return Ok(all.collect());
    };
    let mut all: Vec<Wanted<'_>> = all.collect();
    if all.is_empty() {
        return Ok(all);
    }
    let changed = match (source.repository(), source.on_disk()) {
        (Some(place), Some(_)) => git::changed_here(place)?,
        _ => Vec::new(),
    };
    let prefix = source.repository().map_or("", |place| &*place.prefix);
    let below = |path: &'_ str| -> String {
        let path = path.strip_prefix(prefix).unwrap_or(path);
        path.trim_start_matches('/').to_owned()
    };
    let both = onto.changed.iter().chain(&changed);
    let changed: HashSet<String> = both.map(|(_, path)| below(path)).collect();
    let gone = onto.changed.iter().filter(|(letter, _)| *letter == 'D');
    let gone: HashSet<String> = gone.map(|(_, path)| below(path)).collect();
    all.retain_mut(|wanted| {
        let file = &*wanted.named.0.file;
        wanted.is_merged = onto.base_has(source.path(file));
        wanted.is_deleted = gone.contains(&wanted.way);
        onto.touched.contains(file) || changed.contains(&wanted.way)
    });
    Ok(all)
}

fn on_disk(folder: &Folder, wanted: &[Wanted<'_>]) -> Vec<Result<Found, String>> {
    let each = wanted.par_iter().map(|wanted| {
        if wanted.is_deleted {
            return Ok(Found::Nothing);
        }
        look(folder, &wanted.way, wanted.named.2.size).map_err(|error| error.to_string())
    });
    each.collect()
}

fn in_commit(
    place: &Place,
    commit: &str,
    wanted: &[Wanted<'_>],
) -> Result<Vec<Result<Found, String>>, GitError> {
    let ways: HashSet<&[u8]> = wanted.iter().map(|it| it.way.as_bytes()).collect();
    let tree: HashMap<Vec<u8>, TreeEntry> = git::tree(place, commit)?
        .into_iter()
        .filter(|entry| ways.contains(&*entry.path))
        .map(|entry| (entry.path.clone(), entry))
        .collect();
    let entry = |wanted: &Wanted<'_>| tree.get(wanted.way.as_bytes());
    // What is of another size is not read, unless it may stand for the document.
    let is_read = |wanted: &Wanted<'_>, entry: &TreeEntry| {
        entry.mode == Mode::File
            && (entry.size == wanted.named.2.size || entry.size <= LARGEST_POINTER)
    };
    let mut ids: Vec<&str> = wanted
        .iter()
        .filter_map(|it| Some((it, entry(it)?)))
        .filter(|(it, entry)| is_read(it, entry))
        .map(|(_, entry)| entry.id.as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let digests = git::each(place, &ids, &mut documents::read)?;
    let digests: HashMap<&str, _> = ids.iter().copied().zip(digests).collect();
    let found = wanted.iter().map(|wanted| match entry(wanted) {
        None => Ok(Found::Nothing),
        Some(entry) if entry.mode != Mode::File => Ok(Found::NoFile),
        Some(entry) => Ok(match digests.get(entry.id.as_str()) {
            Some(seen) if is_read(wanted, entry) => Found::File(seen.clone()),
            _ => Found::OfSize(entry.size),
        }),
    });
    Ok(found.collect())
}

fn issue(wanted: &Wanted<'_>, found: Result<Found, String>) -> Option<Issue> {
    let (_, index, evidence) = &wanted.named;
    let file = &evidence.file;
    let expected = format!("{} bytes with SHA-256 {}", evidence.size, evidence.sha256);
    let (kind, message) = match found {
        Ok(Found::File(seen)) if seen.sha256 == evidence.sha256 && seen.size == evidence.size => {
            return None;
        }
        Ok(Found::File(seen)) => (
            "evidence-changed",
            format!(
                "found `{file}` with {} bytes with SHA-256 {}, expected {expected}",
                seen.size, seen.sha256
            ),
        ),
        Ok(Found::OfSize(size)) => (
            "evidence-changed",
            format!("found `{file}` with {size} bytes, expected {expected}"),
        ),
        Ok(Found::Nothing) => (
            "evidence-missing",
            format!("the document `{file}` is not there"),
        ),
        Ok(Found::NoFile) => (
            "evidence-not-a-file",
            format!("found a link or a folder at or above `{file}`, expected a regular file"),
        ),
        Err(error) => (
            "evidence-unreadable",
            format!("the document `{file}` cannot be read: {error}"),
        ),
    };
    let help = match (kind, wanted.is_merged) {
        ("evidence-unreadable", _) => "mend the permissions",
        (_, true) => "put it back as it was; a document of a merged request is a record",
        ("evidence-missing", _) => {
            "put the file there, beside the request, and add it to the commit"
        }
        ("evidence-changed", _) => {
            "put back the file that was meant, or give the SHA-256 and the size of this one"
        }
        _ => "put the file itself there; a link could show another file's content",
    };
    Some(Issue::error(
        Path::keys("evidence").index(*index),
        kind,
        message,
        help,
    ))
}
