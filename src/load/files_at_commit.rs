//! The requests folder as commits have it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::fast::RandomState;
use itertools::Itertools as _;
use rayon::prelude::*;

use crate::domain::policy::signer_files::{max_bytes, too_large_finding};
use crate::domain::request::folder_entry;
use crate::domain::request::folder_entry::{
    EntryKind, EntryTreatment, is_git_name, is_ignored_folder,
};
use crate::domain::request::request_file_source::{
    Content, FileDigest, FolderSnapshot, MOST_BYTES, MOST_PROBLEMS, file_digest, find_excess,
    split_folder,
};
use crate::finding::Finding;
use crate::git;
use crate::git::{FileMode, GitError, GitFolder};

/// The bytes of a file on disk, by its path in the folder.
pub(super) type FileOnDisk<'a> = &'a (dyn Fn(&str) -> Option<Arc<[u8]>> + Sync);

/// The folder in several commits. What they share with the first is read and held once.
pub(super) fn read_snapshots(
    place: &GitFolder,
    commits: &[&str],
    shown: &Arc<str>,
    on_disk: FileOnDisk<'_>,
) -> Result<Vec<FolderSnapshot>, GitError> {
    let mut distinct: Vec<&str> = Vec::new();
    for commit in commits {
        if !distinct.contains(commit) {
            distinct.push(commit);
        }
    }
    let listed = distinct.par_iter().map(|commit| list_files(place, commit, shown));
    let listed: Vec<ListedFiles> = listed.collect::<Result<_, _>>()?;
    let Some((first, others)) = listed.split_first() else { return Ok(Vec::new()) };
    let others: Vec<Changes<'_>> = others.par_iter().map(|other| first.changes_to(other)).collect();
    let contents = read_contents(place, first, &others, on_disk, |bytes| bytes)?;
    if contents.excess[0].is_some() && distinct.len() > 1 {
        // Nothing of the first is held that the others could share.
        let each = commits.iter().map(|commit| read_snapshots(place, &[commit], shown, on_disk));
        return Ok(each.collect::<Result<Vec<_>, _>>()?.concat());
    }
    let content = |found: Option<Arc<[u8]>>, path: &str| -> Content {
        let too_large =
            || too_large_finding(&format!("{shown}/{path}").into(), split_folder(path).1);
        found.ok_or_else(|| Box::new(too_large()))
    };
    let files = first.files.par_iter().zip(contents.of_first).map(|((path, id), found)| {
        let found = found.map(|(_, bytes)| bytes);
        let found = found.or_else(|| contents.by_id.get(&**id).cloned());
        (path.clone(), content(found, path))
    });
    let base = FolderSnapshot::of_files(Arc::clone(shown), files.collect());
    let unchanged = Changes::default();
    let changes = std::iter::once(&unchanged).chain(&others);
    let each = listed.iter().zip(changes).zip(contents.excess);
    let snapshots = each.map(|((listed, changes), excess)| {
        if let Some(finding) = excess {
            let mut nothing = FolderSnapshot::new(Arc::clone(shown));
            nothing.findings.push(finding);
            return nothing;
        }
        let mut snapshot = base.clone();
        snapshot.findings.clone_from(&listed.findings);
        changes.removed.iter().for_each(|place| snapshot.remove_file(&first.files[*place].0));
        for (path, id) in &changes.added {
            let found = contents.by_id.get(id).cloned();
            snapshot.insert_file((*path).to_owned(), content(found, path));
        }
        snapshot
    });
    let snapshots: Vec<FolderSnapshot> = snapshots.collect();
    let position = |commit: &&str| distinct.iter().position(|other| other == commit);
    Ok(commits.iter().filter_map(position).map(|place| snapshots[place].clone()).collect())
}

/// The digests of the folder's files in a commit; of one that is too large, none.
pub(super) fn file_digests(
    place: &GitFolder,
    commit: &str,
    shown: &Arc<str>,
    on_disk: FileOnDisk<'_>,
) -> Result<BTreeMap<String, Option<FileDigest>>, GitError> {
    let listed = list_files(place, commit, shown)?;
    let digests = read_contents(place, &listed, &[], on_disk, |bytes| file_digest(&bytes))?;
    if digests.excess.iter().any(Option::is_some) {
        return Ok(BTreeMap::new());
    }
    let by_id = &digests.by_id;
    let files = listed.files.iter().zip(digests.of_first);
    let digest = |id: &str, found: Option<(u64, FileDigest)>| {
        found.map(|(_, digest)| digest).or_else(|| by_id.get(id).copied())
    };
    Ok(files.map(|((path, id), found)| (path.clone(), digest(id, found))).collect())
}

/// The files of a commit that are to be read: path and content's name, sorted by path.
struct ListedFiles {
    shown: Arc<str>,
    files: Vec<(String, String)>,
    /// Findings about the folder itself.
    findings: Vec<Finding>,
}

/// How the files of a commit differ from those of the first one. What has another content there was removed
/// and added.
#[derive(Default)]
struct Changes<'l> {
    /// By their places in the first.
    removed: Vec<usize>,
    added: Vec<(&'l str, &'l str)>,
}

impl ListedFiles {
    fn changes_to<'l>(&'l self, other: &'l Self) -> Changes<'l> {
        let mut changes = Changes::default();
        let files = self.files.iter().enumerate();
        let pairs = files.merge_join_by(&other.files, |(_, (here, _)), (there, _)| here.cmp(there));
        for pair in pairs {
            let (here, there) = pair.left_and_right();
            if matches!((here, there), (Some((_, (_, one))), Some((_, other))) if one == other) {
                continue;
            }
            changes.removed.extend(here.map(|(place, _)| place));
            changes.added.extend(there.map(|(path, id)| (&**path, &**id)));
        }
        changes
    }
}

/// By the names of contents.
type ById<'l, T> = HashMap<&'l str, T, RandomState>;

/// What was made of contents that are not too large.
struct Contents<'l, T> {
    /// Of each file of the first commit, with its size, if it was on disk.
    of_first: Vec<Option<(u64, T)>>,
    /// Of all others.
    by_id: ById<'l, T>,
    /// For each commit, that it has more than arkib reads; what it has alone is then not read.
    excess: Vec<Option<Finding>>,
}

/// What `of` makes of the contents that are not too large. A file on disk whose bytes have that name in git
/// is that content, whatever made it; git is only asked for the others.
fn read_contents<'l, T: Send>(
    place: &GitFolder,
    first: &'l ListedFiles,
    others: &[Changes<'l>],
    on_disk: FileOnDisk<'_>,
    of: impl Fn(Arc<[u8]>) -> T + Sync,
) -> Result<Contents<'l, T>, GitError> {
    let kept = AtomicU64::new(0);
    let from_disk = |path: &str, id: &str| {
        let has_room = kept.load(Ordering::Relaxed) <= MOST_BYTES;
        let bytes = has_room.then(|| on_disk(path)).flatten()?;
        let bytes = as_in_git(bytes, id)?;
        let size = bytes.len() as u64;
        kept.fetch_add(size, Ordering::Relaxed);
        Some((size, of(bytes)))
    };
    let of_first = first.files.par_iter().map(|(path, id)| from_disk(path, id));
    let of_first: Vec<Option<(u64, T)>> = of_first.collect();
    let (mut sizes, mut by_id): (ById<'_, u64>, ById<'_, T>) = <_>::default();
    for (path, id) in others.iter().flat_map(|other| &other.added) {
        if !sizes.contains_key(id)
            && let Some((size, of)) = from_disk(path, id)
        {
            sizes.insert(id, size);
            by_id.insert(id, of);
        }
    }
    let of_first_in_git = || {
        let files = first.files.iter().zip(&of_first).filter(|(_, found)| found.is_none());
        files.map(|((path, id), _)| (&**path, &**id))
    };
    let added = || others.iter().map(|other| &other.added);
    let all = of_first_in_git().chain(added().flatten().copied()).map(|(_, id)| id);
    let asked = distinct_ids(all.filter(|id| !sizes.contains_key(id)));
    let answered = git::blob_sizes(place, &asked)?;
    sizes.extend(asked.iter().copied().zip(answered));
    let size_at = |place: usize| match &of_first[place] {
        Some((size, _)) => *size,
        None => sizes.get(&*first.files[place].1).copied().unwrap_or_default(),
    };
    let (files, bytes) = (first.files.len(), (0..first.files.len()).map(size_at).sum::<u64>());
    let mut excess = vec![find_excess(&first.shown, files, bytes)];
    excess.extend(others.iter().map(|other| {
        let removed: u64 = other.removed.iter().map(|place| size_at(*place)).sum();
        let added: u64 = other.added.iter().filter_map(|(_, id)| sizes.get(id)).sum();
        let files = files - other.removed.len() + other.added.len();
        find_excess(&first.shown, files, bytes - removed + added)
    }));
    let is_wanted = |(path, id): &(&str, &str)| {
        let most = max_bytes(split_folder(path).1) as u64;
        !by_id.contains_key(id) && sizes.get(id).is_some_and(|size| *size <= most)
    };
    let of_first_allowed = of_first_in_git().filter(|_| excess[0].is_none());
    let added = added().zip(&excess[1..]).filter(|(_, excess)| excess.is_none());
    let added = added.flat_map(|(added, _)| added).copied();
    let wanted = distinct_ids(of_first_allowed.chain(added).filter(is_wanted).map(|(_, id)| id));
    let read = git::map_blobs(place, &wanted, |bytes| of(bytes.into()))?;
    by_id.extend(wanted.into_iter().zip(read));
    Ok(Contents { of_first, by_id, excess })
}

fn distinct_ids<'l>(ids: impl Iterator<Item = &'l str>) -> Vec<&'l str> {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The bytes of a file on disk as they are in git, if they have that name there; git may have changed line ends
/// on checkout.
fn as_in_git(bytes: Arc<[u8]>, id: &str) -> Option<Arc<[u8]>> {
    if git::is_blob(&bytes, id) {
        return Some(bytes);
    }
    if !bytes.windows(2).any(|pair| pair == b"\r\n") {
        return None;
    }
    let mut plain = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(text) => plain.extend(text.iter().chain(b"\n")),
            None => plain.extend(line),
        }
    }
    git::is_blob(&plain, id).then(|| plain.into())
}

/// Whether a file with that path is read, if it is a regular file.
pub(super) fn is_read(path: &str) -> bool {
    let (folder, name) = split_folder(path);
    let is_elsewhere = folder.split('/').any(|part| is_git_name(part) || is_ignored_folder(part));
    !is_elsewhere && folder_entry::classify_entry(name, EntryKind::File) == EntryTreatment::Read
}

fn list_files(place: &GitFolder, commit: &str, shown: &Arc<str>) -> Result<ListedFiles, GitError> {
    let mut listed =
        ListedFiles { shown: Arc::clone(shown), files: Vec::new(), findings: Vec::new() };
    for entry in git::list_tree(place, commit)? {
        let (path, is_utf8) = match String::from_utf8(entry.path) {
            Ok(path) => (path, true),
            Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), false),
        };
        let (folder, _) = split_folder(&path);
        if folder.split('/').any(is_ignored_folder) {
            continue;
        }
        let verdict = match entry.mode {
            _ if folder.split('/').any(is_git_name) => EntryTreatment::GitDirectory,
            FileMode::File => folder_entry::classify_entry(&path, EntryKind::File),
            FileMode::Link => folder_entry::classify_entry(&path, EntryKind::Link),
            FileMode::Submodule => EntryTreatment::Submodule,
        };
        let refused = match verdict {
            EntryTreatment::Read if is_utf8 => {
                listed.files.push((path, entry.id));
                continue;
            }
            EntryTreatment::Read => EntryTreatment::NotUtf8,
            verdict => verdict,
        };
        if listed.findings.len() <= MOST_PROBLEMS {
            listed.findings.extend(refused.refusal_finding(&format!("{shown}/{path}").into()));
        }
    }
    // Git sorts them, and names none twice; a tree that git did not make may be otherwise: the last counts.
    listed.files.par_sort_by(|(one, _), (other, _)| one.cmp(other));
    listed.files.dedup_by(|later, first| {
        let is_same = later.0 == first.0;
        if is_same {
            std::mem::swap(later, first);
        }
        is_same
    });
    Ok(listed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::request::request_file_source::RequestFileSource as _;
    use crate::git::tests::Scratch;
    use crate::yaml::MAX_BYTES;

    #[test]
    fn what_a_commit_has_is_read_or_refused() {
        let scratch = Scratch::new();
        scratch.write("requests/R-3.yaml", &"x".repeat(MAX_BYTES));
        scratch.write("requests/R-4.yaml", &"x".repeat(MAX_BYTES + 1));
        scratch.write("requests/.github/R-5.yaml", "five\n");
        let first = scratch.commit();
        // What no file system of a test may hold: git makes no such tree of files.
        let one = scratch.git(&["rev-parse", "HEAD:requests/R-1.yaml"]);
        let tree = |entries: &[(&str, &str, &[u8])]| {
            let line = |(about, id, name): &(&str, &str, &[u8])| {
                [format!("{about} {id}\t").as_bytes(), name, b"\0"].concat()
            };
            scratch.git_reading(
                &["mktree", "-z", "--missing"],
                &entries.iter().flat_map(line).collect::<Vec<u8>>(),
            )
        };
        let git = tree(&[("100644 blob", &one, b"R-6.yaml")]);
        let requests = tree(&[
            ("040000 tree", &git, b".git"),
            ("100644 blob", &one, b"R-1.yaml"),
            ("100644 blob", &one, b"R-\xff.yaml"),
            ("120000 blob", &one, b"link.yaml"),
            ("160000 commit", &first, b"module"),
        ]);
        let whole = tree(&[("040000 tree", &requests, b"requests")]);
        let second = scratch.git(&["commit-tree", "-m", "x", &whole]);
        let shown: Arc<str> = "requests".into();
        let snapshots = read_snapshots(&scratch.place(), &[&first, &second], &shown, &nothing);
        let found: Vec<Vec<String>> = snapshots
            .expect("commits")
            .iter()
            .map(|snapshot| {
                let (entries, findings) = snapshot.list();
                let files = entries.iter().map(|entry| match snapshot.read_file(entry) {
                    Ok(bytes) => format!("{} {}", entry.path, bytes.len()),
                    Err(finding) => format!("{} {}", entry.path, finding.kind),
                });
                let findings =
                    findings.iter().map(|found| format!("{} {}", found.file, found.kind));
                files.chain(findings).collect()
            })
            .collect();
        let read = ["R-1.yaml 4", "R-3.yaml 1048576", "R-4.yaml file-too-large", "sub/R-2.yaml 8"];
        assert_eq!(found[0], read);
        let refused = [
            "R-1.yaml 4",
            "requests/.git/R-6.yaml git-directory",
            "requests/R-\u{fffd}.yaml bad-file-name",
            "requests/link.yaml link",
            "requests/module submodule",
        ];
        assert_eq!(found[1], refused);
        let digests = file_digests(&scratch.place(), &first, &shown, &nothing).expect("digests");
        let digests: Vec<_> = digests.iter().map(|(path, digest)| (&**path, *digest)).collect();
        let of = |bytes: &[u8]| Some(file_digest(bytes));
        assert_eq!(digests[0], ("R-1.yaml", of(b"one\n")));
        assert_eq!(digests[1], ("R-3.yaml", of("x".repeat(MAX_BYTES).as_bytes())));
        assert_eq!(digests[2..], [("R-4.yaml", None), ("sub/R-2.yaml", of(b"two two\n"))]);
    }

    fn nothing(_: &str) -> Option<Arc<[u8]>> {
        None
    }

    #[test]
    fn a_file_on_disk_counts_only_by_its_bytes() {
        let scratch = Scratch::new();
        let id = scratch.git(&["rev-parse", "HEAD:requests/R-1.yaml"]);
        for (on_disk, is_known) in [
            ("one\n", true),
            ("one\r\n", true),
            ("one", false),
            ("one\r", false),
            ("two\r\n", false),
            ("one\r\n\r\n", false),
        ] {
            let found = as_in_git(on_disk.as_bytes().into(), &id);
            assert_eq!(found.as_deref(), is_known.then_some(&b"one\n"[..]), "{on_disk:?}");
        }
        // Whatever is on disk, a commit is read as it is; one that git no longer has is read from disk.
        let head = scratch.git(&["rev-parse", "HEAD"]);
        let other = |_: &str| Some(b"other\n"[..].into());
        let read = |on_disk: FileOnDisk<'_>| {
            let read = read_snapshots(&scratch.place(), &[&head], &"requests".into(), on_disk)?;
            Ok::<_, GitError>(read[0].content("R-1.yaml").expect("a file").clone().expect("bytes"))
        };
        assert_eq!(&*read(&other).expect("a commit"), b"one\n");
        let (folder, file) = id.split_at(2);
        std::fs::remove_file(scratch.path(&format!(".git/objects/{folder}/{file}")))
            .expect("the object");
        let same =
            |path: &str| Some(if path == "R-1.yaml" { b"one\n"[..].into() } else { other(path)? });
        assert_eq!(&*read(&same).expect("a commit"), b"one\n");
        assert!(read(&other).is_err());
    }

    #[test]
    fn requests_are_read_wherever_they_may_be() {
        for (path, is_request) in [
            ("R-1.yaml", true),
            ("sub/below/R-1.yaml", true),
            ("README.md", false),
            ("R-1.yml", false),
            (".git/R-1.yaml", false),
            ("sub/.git/below/R-1.yaml", false),
            (".github/R-1.yaml", false),
            ("sub/.github/below/R-1.yaml", false),
        ] {
            assert_eq!(is_read(path), is_request, "{path}");
        }
    }
}
