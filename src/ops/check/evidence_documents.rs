//! Checks that the documents that requests name exist and are unchanged (procedure section 6): on
//! disk, or in the commit that is checked. With a base: those of requests that the pull request
//! touches, and all others that its commits change or delete.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::Path as Folder;
use std::sync::Arc;

use rayon::prelude::*;

use crate::domain::request::evidence::{DocumentFacts, evidence_path};
use crate::domain::request::{Evidence, Request};
use crate::finding::Finding;
use crate::git;
use crate::git::{FileMode, GitError, GitFolder, TreeEntry};
use crate::load::document_facts;
use crate::load::document_facts::read_document_facts;
use crate::load::document_facts::{DocumentStatus, LARGEST_POINTER, inspect_document};
use crate::load::{LoadedRequests, agency_loader};
use crate::text::path_below;
use crate::yaml::{UnlocatedFinding, YamlPath};

struct ExpectedDocument<'a> {
    /// The file of the request that names the document.
    request: &'a Arc<str>,
    /// Its position in the request's list.
    index: usize,
    evidence: &'a Evidence,
    /// Its path from the requests folder.
    path: String,
    is_merged: bool,
    /// Whether its request is on disk and not in the commit.
    is_on_disk: bool,
}

/// The findings about the documents of these requests.
///
/// # Errors
/// If git fails.
pub(in crate::ops) fn verify_documents(
    source: &LoadedRequests,
    is_meant: &dyn Fn(&Request) -> bool,
) -> Result<Vec<Finding>, GitError> {
    let wanted = expected_documents(source, is_meant);
    let (mut wanted, committed): (Vec<_>, Vec<_>) =
        wanted.into_iter().partition(|wanted| wanted.is_on_disk);
    let mut found = find_on_disk(source.folder_on_disk().unwrap_or(Folder::new(".")), &wanted);
    if let (Some(place), false) = (source.repository(), committed.is_empty()) {
        found.extend(find_in_commit(place, source.commit().unwrap_or("HEAD"), &committed)?);
        wanted.extend(committed);
    }
    let issues = wanted.iter().zip(found);
    let issues = issues.filter_map(|(wanted, found)| {
        let mut issue = document_issue(wanted, found)?;
        if issue.kind == "evidence-changed" && only_line_ends_differ(source, wanted) {
            issue.message = message!("finding-line-ends-differ", message = issue.message);
            issue.help = message!("finding-line-ends-differ-help");
        }
        Some((wanted, issue))
    });
    let issues: Vec<_> = issues.collect();
    if issues.is_empty() {
        return Ok(Vec::new());
    }
    let files = source.request_file_source()?;
    let placed = issues.into_iter();
    let placed = placed.flat_map(|(wanted, issue)| {
        agency_loader::locate_request_findings(&*files, wanted.request, vec![issue])
    });
    Ok(placed.collect())
}

/// Whether a document would be the right one with other line ends.
fn only_line_ends_differ(source: &LoadedRequests, wanted: &ExpectedDocument<'_>) -> bool {
    let ExpectedDocument { evidence, path, is_on_disk, .. } = wanted;
    let found = match (is_on_disk, source.repository()) {
        (false, Some(place)) => {
            let commit = source.commit().unwrap_or("HEAD");
            let object = format!("{commit}:{}", place.path_in_repository(path));
            let mut read =
                |content: &mut dyn Read, _| document_facts::facts_with_other_line_ends(content);
            git::read_each_blob(place, &[&object], &mut read).ok().and_then(|mut read| read.pop())
        }
        _ => File::open(source.folder_on_disk().unwrap_or(Folder::new(".")).join(path))
            .and_then(|mut file| document_facts::facts_with_other_line_ends(&mut file))
            .ok(),
    };
    let is_wanted =
        |facts: &DocumentFacts| facts.sha256 == evidence.sha256 && facts.size == evidence.size;
    found.is_some_and(|found| found.iter().any(is_wanted))
}

fn expected_documents<'a>(
    source: &'a LoadedRequests,
    is_meant: &dyn Fn(&Request) -> bool,
) -> Vec<ExpectedDocument<'a>> {
    let requests = source.loaded.agencies.iter().flat_map(|agency| &agency.requests);
    let requests = requests.filter(|request| is_meant(request));
    let each = requests.flat_map(|request| {
        let documents = request.evidence.iter().enumerate();
        documents.map(|(index, evidence)| ExpectedDocument {
            request: &request.file,
            index,
            evidence,
            path: source.relative_path(&evidence_path(&request.file, evidence)).to_owned(),
            is_merged: false,
            is_on_disk: source.is_on_disk(source.relative_path(&request.file)),
        })
    });
    let mut all: Vec<ExpectedDocument<'_>> = each.collect();
    let Some(base) = source.base.as_ref().filter(|_| !all.is_empty()) else {
        return all;
    };
    let prefix = source.repository().map_or("", |place| &*place.prefix);
    let changed: HashSet<&str> =
        base.changed.iter().map(|(_, path)| path_below(path, prefix)).collect();
    all.retain_mut(|wanted| {
        wanted.is_merged = base.has_file(source.relative_path(wanted.request));
        base.touched.contains(&**wanted.request) || changed.contains(&*wanted.path)
    });
    all
}

fn find_on_disk(
    folder: &Folder,
    wanted: &[ExpectedDocument<'_>],
) -> Vec<Result<DocumentStatus, String>> {
    let each = wanted.par_iter().map(|wanted| {
        inspect_document(folder, &wanted.path, wanted.evidence.size)
            .map_err(|error| error.to_string())
    });
    each.collect()
}

fn find_in_commit(
    place: &GitFolder,
    commit: &str,
    wanted: &[ExpectedDocument<'_>],
) -> Result<Vec<Result<DocumentStatus, String>>, GitError> {
    let paths: HashSet<&[u8]> = wanted.iter().map(|wanted| wanted.path.as_bytes()).collect();
    let tree: HashMap<Vec<u8>, TreeEntry> = git::list_tree(place, commit)?
        .into_iter()
        .filter(|entry| paths.contains(&*entry.path))
        .map(|entry| (entry.path.clone(), entry))
        .collect();
    let ids: Vec<&str> = tree.values().map(|entry| &*entry.id).collect();
    let sizes = git::blob_sizes(place, &ids)?;
    let sizes: HashMap<&str, u64> = ids.into_iter().zip(sizes).collect();
    let size = |entry: &TreeEntry| sizes.get(&*entry.id).copied().unwrap_or_default();
    let entry = |wanted: &ExpectedDocument<'_>| tree.get(wanted.path.as_bytes());
    // A file of another size is not read, unless it may be a pointer to the document.
    let is_read = |wanted: &ExpectedDocument<'_>, entry: &TreeEntry| {
        entry.mode == FileMode::File
            && (size(entry) == wanted.evidence.size || size(entry) <= LARGEST_POINTER)
    };
    let entries = wanted.iter().filter_map(|wanted| Some((wanted, entry(wanted)?)));
    let ids: BTreeSet<&str> = entries
        .filter(|(wanted, entry)| is_read(wanted, entry))
        .map(|(_, entry)| entry.id.as_str())
        .collect();
    let ids = Vec::from_iter(ids);
    let digests = git::read_each_blob(place, &ids, &mut read_document_facts)?;
    let digests: HashMap<&str, _> = ids.into_iter().zip(digests).collect();
    let found = wanted.iter().map(|wanted| match entry(wanted) {
        None => Ok(DocumentStatus::Nothing),
        Some(entry) if entry.mode != FileMode::File => Ok(DocumentStatus::NoFile),
        Some(entry) => Ok(match digests.get(entry.id.as_str()) {
            Some(digest) if is_read(wanted, entry) => DocumentStatus::File(digest.clone()),
            _ => DocumentStatus::OfSize(size(entry)),
        }),
    });
    Ok(found.collect())
}

fn document_issue(
    wanted: &ExpectedDocument<'_>,
    found: Result<DocumentStatus, String>,
) -> Option<UnlocatedFinding> {
    let evidence = wanted.evidence;
    let file = &evidence.file;
    let bytes = |size| message!("evidence-bytes", count = size);
    let document = |size, sha256| message!("evidence-document", size = bytes(size), sha = sha256);
    let expected = document(evidence.size, &evidence.sha256);
    let (kind, message) = match found {
        Ok(DocumentStatus::File(DocumentFacts { sha256, size })) => {
            if sha256 == evidence.sha256 && size == evidence.size {
                return None;
            }
            let found = document(size, &sha256);
            ("evidence-changed", message!("evidence-changed", file, found, expected))
        }
        Ok(DocumentStatus::OfSize(size)) => {
            ("evidence-changed", message!("evidence-changed", file, found = bytes(size), expected))
        }
        Ok(DocumentStatus::Nothing) => ("evidence-missing", message!("evidence-missing", file)),
        Ok(DocumentStatus::NoFile) => ("evidence-not-a-file", message!("evidence-link", file)),
        Err(error) => ("evidence-unreadable", message!("evidence-unreadable", file, error)),
    };
    let help = match (kind, wanted.is_merged) {
        ("evidence-unreadable", _) => message!("evidence-permissions-help"),
        (_, true) => message!("evidence-restore-help"),
        ("evidence-missing", _) => message!("evidence-put-help"),
        ("evidence-changed", _) => message!("evidence-original-help"),
        _ => message!("evidence-link-help"),
    };
    Some(UnlocatedFinding::error(
        YamlPath::keys("evidence").index(wanted.index),
        kind,
        message,
        help,
    ))
}
