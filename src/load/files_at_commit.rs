//! The requests folder as commits have it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::domain::policy::signer_files::{max_bytes, too_large_finding};
use crate::domain::request::folder_entry;
use crate::domain::request::folder_entry::{
    EntryKind, EntryTreatment, is_git_name, is_ignored_folder,
};
use crate::domain::request::request_file_source::{
    Content, FileDigest, FolderSnapshot, MOST_PROBLEMS, file_digest, find_excess, split_folder,
};
use crate::git;
use crate::git::{FileMode, GitError, GitFolder};

/// The folder in several commits; a content that they share is read once.
pub(super) fn read_snapshots(
    place: &GitFolder,
    commits: &[&str],
    shown: &Arc<str>,
) -> Result<Vec<FolderSnapshot>, GitError> {
    let listed: Vec<ListedFiles> =
        commits.iter().map(|commit| list_files(place, commit, shown)).collect::<Result<_, _>>()?;
    let mut ids: Vec<&str> = listed.iter().flat_map(ListedFiles::readable_blob_ids).collect();
    ids.sort_unstable();
    ids.dedup();
    let contents = git::read_blobs(place, &ids)?.into_iter().map(Arc::from);
    let held: HashMap<&str, Arc<[u8]>> = ids.iter().copied().zip(contents).collect();
    let filled = listed.iter().map(|listed| {
        let mut snapshot = listed.folder.clone();
        for (path, id, _) in &listed.files {
            let content: Content = match held.get(id.as_str()) {
                Some(bytes) => Ok(Arc::clone(bytes)),
                None => Err(Box::new(too_large_finding(
                    &snapshot.display_path(path),
                    split_folder(path).1,
                ))),
            };
            snapshot.insert_file(path.clone(), content);
        }
        snapshot
    });
    Ok(filled.collect())
}

/// The digests of the folder's files in a commit; of one that is too large, none.
pub(super) fn file_digests(
    place: &GitFolder,
    commit: &str,
    shown: &Arc<str>,
) -> Result<BTreeMap<String, Option<FileDigest>>, GitError> {
    let listed = list_files(place, commit, shown)?;
    let ids: Vec<&str> = listed.readable_blob_ids().collect();
    let digests = git::map_blobs(place, &ids, file_digest)?;
    let digests: HashMap<&str, FileDigest> = ids.iter().copied().zip(digests).collect();
    let files = listed.files.iter();
    Ok(files.map(|(path, id, _)| (path.clone(), digests.get(id.as_str()).copied())).collect())
}

/// The files of a commit that are to be read: path, content's name and size.
struct ListedFiles {
    folder: FolderSnapshot,
    files: Vec<(String, String, u64)>,
}

impl ListedFiles {
    /// The names of the contents that are not too large.
    fn readable_blob_ids(&self) -> impl Iterator<Item = &str> {
        let files = self.files.iter();
        let small = files.filter(|(path, _, size)| *size <= max_bytes(split_folder(path).1) as u64);
        small.map(|(_, id, _)| id.as_str())
    }
}

/// Whether a file with that path is read, if it is a regular file.
pub(super) fn is_read(path: &str) -> bool {
    let (folder, name) = split_folder(path);
    let is_elsewhere = folder.split('/').any(|part| is_git_name(part) || is_ignored_folder(part));
    !is_elsewhere && folder_entry::classify_entry(name, EntryKind::File) == EntryTreatment::Read
}

fn list_files(place: &GitFolder, commit: &str, shown: &Arc<str>) -> Result<ListedFiles, GitError> {
    let mut listed =
        ListedFiles { folder: FolderSnapshot::new(Arc::clone(shown)), files: Vec::new() };
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
                listed.files.push((path, entry.id, entry.size));
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
    let bytes = listed.files.iter().map(|(.., size)| size).sum();
    if let Some(finding) = find_excess(shown, listed.files.len(), bytes) {
        listed.files.clear();
        listed.folder.findings = vec![finding];
    }
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
        let snapshots = read_snapshots(&scratch.place(), &[&first, &second], &shown);
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
        let digests = file_digests(&scratch.place(), &first, &shown).expect("digests");
        let digests: Vec<_> = digests.iter().map(|(path, digest)| (&**path, *digest)).collect();
        let of = |bytes: &[u8]| Some(file_digest(bytes));
        assert_eq!(digests[0], ("R-1.yaml", of(b"one\n")));
        assert_eq!(digests[1], ("R-3.yaml", of("x".repeat(MAX_BYTES).as_bytes())));
        assert_eq!(digests[2..], [("R-4.yaml", None), ("sub/R-2.yaml", of(b"two two\n"))]);
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
