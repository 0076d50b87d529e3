//! The requests folder as commits have it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::fast::RandomState;
use itertools::{EitherOrBoth, Itertools as _};
use rayon::iter::Either;
use rayon::prelude::*;

use crate::domain::policy::signer_files::{max_bytes, too_large_finding};
use crate::domain::request::folder_entry;
use crate::domain::request::folder_entry::{
    EntryKind, EntryTreatment, is_git_name, is_ignored_folder,
};
use crate::domain::request::request_file_source::{
    Content, FileDigest, FolderSnapshot, MOST_BYTES, MOST_PROBLEMS, RequestFileSource as _,
    file_digest, find_exceeded_folder_limit, split_folder,
};
use crate::finding::Finding;
use crate::git;
use crate::git::{FileMode, GitError, GitFolder};

/// The bytes of a file on disk, by its path in the folder.
pub(super) type FileOnDisk<'a> = &'a (dyn Fn(&str) -> Option<Arc<[u8]>> + Sync);

/// The folder in several commits; what they share is read once and held once.
pub(super) fn read_snapshots(
    place: &GitFolder,
    commits: &[&str],
    shown: &Arc<str>,
    on_disk: FileOnDisk<'_>,
) -> Result<Vec<FolderSnapshot>, GitError> {
    let mut distinct = commits.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let listed = distinct.par_iter().map(|commit| list_files(place, commit, shown));
    let listed: Vec<ListedFiles> = listed.collect::<Result<_, _>>()?;
    let contents = read_contents(place, &listed, on_disk, |bytes| bytes)?;
    let content = |(path, id): (&String, &String)| -> (String, Content) {
        let shown = || format!("{shown}/{path}").into();
        let too_large = || Box::new(too_large_finding(&shown(), split_folder(path).1));
        (path.clone(), contents.found.get(&**id).map(Arc::clone).ok_or_else(too_large))
    };
    // Of a first one that is too much nothing is held.
    let is_held = contents.excess.first().is_some_and(Option::is_none);
    let nothing = BTreeMap::new();
    let held = if is_held { &listed[0].files } else { &nothing };
    let base = FolderSnapshot::of_files(Arc::clone(shown), held.par_iter().map(content).collect());
    let filled = listed.iter().zip(&contents.excess).map(|(listed, excess)| {
        let mut snapshot = listed.folder.clone();
        if let Some(finding) = excess {
            snapshot.findings = vec![finding.clone()];
            return snapshot;
        }
        snapshot = base.clone();
        snapshot.findings.clone_from(&listed.folder.findings);
        for pair in held.iter().merge_join_by(&listed.files, |one, other| one.0.cmp(other.0)) {
            match pair {
                EitherOrBoth::Both((_, one), (_, other)) if one == other => {}
                EitherOrBoth::Left((path, _)) => snapshot.remove_file(path),
                EitherOrBoth::Both(_, file) | EitherOrBoth::Right(file) => {
                    let (path, content) = content(file);
                    snapshot.insert_file(path, content);
                }
            }
        }
        snapshot
    });
    let filled: Vec<FolderSnapshot> = filled.collect();
    let of = |commit: &&str| distinct.iter().zip(&filled).find(|(known, _)| *known == commit);
    Ok(commits.iter().filter_map(of).map(|(_, snapshot)| snapshot.clone()).collect())
}

/// The digests of the folder's files in a commit; of one that is too large, none.
pub(super) fn file_digests(
    place: &GitFolder,
    commit: &str,
    shown: &Arc<str>,
    on_disk: FileOnDisk<'_>,
) -> Result<BTreeMap<String, Option<FileDigest>>, GitError> {
    let listed = [list_files(place, commit, shown)?];
    let digests = read_contents(place, &listed, on_disk, |bytes| file_digest(&bytes))?;
    let [listed] = &listed;
    if digests.excess.iter().any(Option::is_some) {
        return Ok(BTreeMap::new());
    }
    let digest = |id: &str| digests.found.get(id).copied();
    Ok(listed.files.iter().map(|(path, id)| (path.clone(), digest(id))).collect())
}

/// The files of a commit that are to be read: path and content's name.
struct ListedFiles {
    folder: FolderSnapshot,
    files: BTreeMap<String, String>,
}

/// By the names of contents.
type ById<'l, T> = HashMap<&'l str, T, RandomState>;

/// What was made of contents.
struct Contents<'l, T> {
    /// Of those that are not too large.
    found: ById<'l, T>,
    /// For each commit, that it has more than arkib reads; what it has alone is then not read.
    excess: Vec<Option<Finding>>,
}

/// What `of` makes of the contents that are not too large. A file on disk whose bytes have that name in git
/// is that content, whatever made it; git is only asked for the others.
fn read_contents<'l, T: Send>(
    place: &GitFolder,
    listed: &'l [ListedFiles],
    on_disk: FileOnDisk<'_>,
    of: impl Fn(Arc<[u8]>) -> T + Sync,
) -> Result<Contents<'l, T>, GitError> {
    let files = || listed.iter().flat_map(|listed| &listed.files);
    let paths: ById<'_, &str> = files().map(|(path, id)| (&**id, &**path)).collect();
    let kept = AtomicU64::new(0);
    let from_disk = |(id, path): (&&'l str, &&str)| {
        let has_room = kept.load(Ordering::Relaxed) <= MOST_BYTES;
        let bytes = has_room.then(|| on_disk(path)).flatten();
        match bytes.and_then(|bytes| git::as_committed(bytes, id)) {
            None => Either::Right(*id),
            Some(bytes) => {
                let size = bytes.len() as u64;
                kept.fetch_add(size, Ordering::Relaxed);
                Either::Left((*id, size, of(bytes)))
            }
        }
    };
    let (on_disk, others): (Vec<_>, Vec<&str>) = paths.par_iter().partition_map(from_disk);
    let other_sizes = git::blob_sizes(place, &others)?;
    let mut sizes: ById<'_, u64> = others.into_iter().zip(other_sizes).collect();
    let mut found: ById<'_, T> = ById::default();
    for (id, size, content) in on_disk {
        sizes.insert(id, size);
        found.insert(id, content);
    }
    let excess = |listed: &ListedFiles| {
        let sizes = listed.files.values().filter_map(|id| sizes.get(&**id));
        find_exceeded_folder_limit(&listed.folder.folder_name(), listed.files.len(), sizes.sum())
    };
    let excess: Vec<Option<Finding>> = listed.par_iter().map(excess).collect();
    let is_wanted = |path: &str, id: &str| {
        let most = max_bytes(split_folder(path).1) as u64;
        !found.contains_key(id) && sizes.get(id).is_some_and(|size| *size <= most)
    };
    let allowed = listed.iter().zip(&excess).filter(|(_, excess)| excess.is_none());
    let allowed = allowed.flat_map(|(listed, _)| &listed.files);
    let mut wanted: Vec<&str> =
        allowed.filter(|(path, id)| is_wanted(path, id)).map(|(_, id)| &**id).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let read = git::map_blobs(place, &wanted, |bytes| of(bytes.into()))?;
    found.extend(wanted.into_iter().zip(read));
    Ok(Contents { found, excess })
}

/// Whether a file with that path is read, if it is a regular file.
pub(super) fn is_read(path: &str) -> bool {
    let (folder, name) = split_folder(path);
    let is_elsewhere = folder.split('/').any(|part| is_git_name(part) || is_ignored_folder(part));
    !is_elsewhere && folder_entry::classify_entry(name, EntryKind::File) == EntryTreatment::Read
}

fn list_files(place: &GitFolder, commit: &str, shown: &Arc<str>) -> Result<ListedFiles, GitError> {
    let mut listed =
        ListedFiles { folder: FolderSnapshot::new(Arc::clone(shown)), files: BTreeMap::new() };
    for entry in git::list_tree(place, commit)? {
        let path = String::from_utf8_lossy(&entry.path).into_owned();
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
            EntryTreatment::Read if std::str::from_utf8(&entry.path).is_ok() => {
                listed.files.insert(path, entry.id);
                continue;
            }
            EntryTreatment::Read => EntryTreatment::NotUtf8,
            verdict => verdict,
        };
        if listed.folder.findings.len() <= MOST_PROBLEMS {
            let finding = refused.refusal_finding(&listed.folder.display_path(&path));
            listed.folder.findings.extend(finding);
        }
    }
    Ok(listed)
}

#[cfg(test)]
mod tests {
    use super::*;
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
            let found = git::as_committed(on_disk.as_bytes().into(), &id);
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
