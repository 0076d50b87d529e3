//! Request files on disk. Follows no link, opens nothing but regular files, and never reads more
//! of a file than it may hold.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::{self, DirEntry, File, FileType};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::Scope;

use crate::domain::policy::signer_files::max_bytes;
use crate::domain::request::folder_entry;
use crate::domain::request::folder_entry::{
    EntryKind, EntryTreatment, is_git_name, is_ignored_folder,
};
use crate::domain::request::request_file_source::{
    FileEntry, MOST_FILES, MOST_PROBLEMS, RequestFileSource, find_exceeded_folder_limit,
    split_folder,
};
use crate::finding::Finding;
use crate::language::Message;
use crate::system_limits;

/// Room for a request of one mailbox or a few, so that most files are read in one go.
const USUAL_BYTES: usize = 2048;

impl FolderListing {
    /// Whether nobody needs to look any further.
    fn is_too_much(&self) -> bool {
        self.entries.len() > MOST_FILES || self.findings.len() > MOST_PROBLEMS
    }
}

/// A requests folder.
pub struct RequestsFolder {
    root: PathBuf,
    shown: Arc<str>,
}

#[derive(Default)]
struct FolderListing {
    entries: Vec<FileEntry>,
    bytes: u64,
    findings: Vec<Finding>,
}

impl RequestsFolder {
    /// The folder at that path; it is looked at when it is listed.
    pub fn new(root: &Path) -> Self {
        let text = root.to_string_lossy().replace('\\', "/");
        let trimmed = text.trim_end_matches('/');
        Self {
            // The folder that is asked for may be a link; what is in it may not.
            root: root.canonicalize().unwrap_or_else(|_| root.to_owned()),
            shown: if trimmed.is_empty() { "/" } else { trimmed }.into(),
        }
    }

    /// The bytes of a regular file, if there is one at that path.
    pub fn read_if_file(&self, path: &str) -> Option<Arc<[u8]>> {
        let about = fs::symlink_metadata(self.root.join(path)).ok()?;
        let entry = FileEntry { path: path.to_owned(), shown: Arc::clone(&self.shown) };
        about.is_file().then(|| self.read_file(&entry).ok()).flatten().map(Into::into)
    }

    fn file_entry(&self, path: &Path) -> Option<FileEntry> {
        let relative = path.strip_prefix(&self.root).ok()?;
        let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
        let path = parts?.join("/");
        Some(FileEntry { shown: format!("{}/{path}", self.shown).into(), path })
    }

    fn display_path(&self, path: &Path) -> Arc<str> {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        format!("{}/{}", self.shown, relative.to_string_lossy().replace('\\', "/")).into()
    }

    /// Looks at what a folder holds, while others look at the folders in it.
    fn walk<'s>(&'s self, folder: &Path, found: &'s Mutex<FolderListing>, scope: &Scope<'s>) {
        let mut here = FolderListing::default();
        if let Err(error) = self.list_folder(folder, &mut here, found, scope) {
            here.findings.push(Finding::whole_file(
                &self.shown,
                "cannot-read",
                message!(
                    "folder-unreadable",
                    path = self.display_path(folder),
                    error = error.to_string()
                ),
                match error.kind() {
                    io::ErrorKind::NotFound => message!("folder-gone"),
                    _ => unreadable_help(&error),
                },
            ));
        }
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        found.bytes += here.bytes;
        found.entries.append(&mut here.entries);
        found.findings.append(&mut here.findings);
    }

    fn list_folder<'s>(
        &'s self,
        folder: &Path,
        here: &mut FolderListing,
        found: &'s Mutex<FolderListing>,
        scope: &Scope<'s>,
    ) -> io::Result<()> {
        if found.lock().unwrap_or_else(PoisonError::into_inner).is_too_much() {
            return Ok(());
        }
        for item in fs::read_dir(folder)? {
            let item = item?;
            let (name, kind) = (item.file_name(), item.file_type()?);
            // The folder may be the top of its repository.
            if name == ".git" && folder == self.root {
                continue;
            }
            let text = name.to_string_lossy();
            if here.is_too_much() {
                break;
            } else if !kind.is_dir() || is_git_name(&text) {
                self.add_entry(&item, &name, kind, here);
            } else if !is_ignored_folder(&text) {
                let path = item.path();
                scope.spawn(move |scope| self.walk(&path, found, scope));
            }
        }
        Ok(())
    }

    fn add_entry(&self, item: &DirEntry, name: &OsStr, kind: FileType, here: &mut FolderListing) {
        let path = &item.path();
        let kind = match (kind.is_symlink(), kind.is_file()) {
            (true, _) => EntryKind::Link,
            (false, true) => EntryKind::File,
            (false, false) => EntryKind::Other,
        };
        let entry = self.file_entry(path);
        let name = name.to_string_lossy();
        let path_below = entry.as_ref().map_or(&*name, |entry| &*entry.path);
        let verdict = match (folder_entry::classify_entry(path_below, kind), entry) {
            (EntryTreatment::Read, Some(entry)) => {
                // Whether it can be read is seen when it is.
                here.bytes += item.metadata().map_or(0, |about| about.len());
                return here.entries.push(entry);
            }
            (EntryTreatment::Read, None) => EntryTreatment::NotUtf8,
            (verdict, _) => verdict,
        };
        here.findings.extend(verdict.refusal_finding(&self.display_path(path)));
    }
}

fn unreadable_help(error: &io::Error) -> Message {
    match system_limits::help(error) {
        Some(help) => Message::verbatim(help),
        None => message!("folder-permissions-help"),
    }
}

impl RequestFileSource for RequestsFolder {
    fn list(&self) -> (Vec<FileEntry>, Vec<Finding>) {
        if !self.root.is_dir() {
            let message = if self.root.exists() {
                message!("folder-is-file")
            } else {
                message!("folder-missing")
            };
            let help = message!("folder-missing-help");
            let finding = Finding::whole_file(&self.shown, "no-folder", message, help);
            return (Vec::new(), vec![finding]);
        }
        let found = Mutex::new(FolderListing::default());
        // The folder that was asked for may be called anything.
        rayon::scope(|scope| self.walk(&self.root, &found, scope));
        let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        match find_exceeded_folder_limit(&self.shown, found.entries.len(), found.bytes) {
            None => (found.entries, found.findings),
            Some(finding) => (Vec::new(), vec![finding]),
        }
    }

    fn read_file(&self, entry: &FileEntry) -> Result<Cow<'_, [u8]>, Box<Finding>> {
        let mut bytes = Vec::with_capacity(USUAL_BYTES);
        let most = max_bytes(split_folder(&entry.path).1);
        File::open(self.root.join(&entry.path))
            .and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes))
            .map_err(|error| {
                let why = message!("folder-file-unreadable", error = error.to_string());
                let help = unreadable_help(&error);
                Box::new(Finding::whole_file(&entry.shown, "cannot-read", why, help))
            })?;
        Ok(bytes.into())
    }

    fn folder_name(&self) -> Arc<str> {
        Arc::clone(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::MAX_BYTES;

    fn kinds(folder: &Path) -> (Vec<String>, Vec<String>) {
        let (entries, findings) = RequestsFolder::new(folder).list();
        let mut paths: Vec<String> = entries.into_iter().map(|entry| entry.path).collect();
        paths.sort_unstable();
        let kinds = findings.iter();
        (paths, kinds.map(|finding| format!("{}: {}", finding.kind, finding.help)).collect())
    }

    #[test]
    fn looking_ends_where_there_is_too_much() {
        let entry = FileEntry { path: String::new(), shown: "x".into() };
        let finding = Finding::whole_file(&"x".into(), "link", "a link", "delete it");
        let is_too_much = |entries, findings| {
            let entries = vec![entry.clone(); entries];
            let findings = vec![finding.clone(); findings];
            FolderListing { entries, bytes: 0, findings }.is_too_much()
        };
        assert!(!is_too_much(1, 1));
        assert!(!is_too_much(MOST_FILES, MOST_PROBLEMS));
        assert!(is_too_much(MOST_FILES + 1, 0) && is_too_much(MOST_FILES + 2, 0));
        assert!(is_too_much(0, MOST_PROBLEMS + 1) && is_too_much(0, MOST_PROBLEMS + 2));
    }

    /// Files with a length and no bytes on disk.
    #[cfg(unix)]
    #[test]
    fn the_bytes_of_all_folders_count_together() {
        let scratch = tempfile::tempdir().expect("a folder");
        let sparse = |name: &str, bytes: u64| {
            let path = scratch.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            File::create(path).and_then(|file| file.set_len(bytes)).expect("a file");
        };
        for (number, folder) in ["", "a/", "b/"].iter().enumerate() {
            sparse(&format!("{folder}R-{number}.yaml"), 512 << 20);
            sparse(&format!("{folder}S-{number}.yaml"), 128 << 20);
        }
        assert_eq!(kinds(scratch.path()).0.len(), 6);
        sparse("b/below/R-4.yaml", (128 << 20) + 1);
        let (paths, found) = kinds(scratch.path());
        assert!(paths.is_empty() && found[0].starts_with("too-much: "), "{paths:?} {found:?}");
    }

    #[test]
    fn a_file_is_read_until_it_is_known_to_be_too_large() {
        let scratch = tempfile::tempdir().expect("a folder");
        fs::write(scratch.path().join("R-1.yaml"), vec![b'x'; MAX_BYTES + 9]).expect("a file");
        let folder = RequestsFolder::new(scratch.path());
        let (entries, _) = folder.list();
        assert_eq!(
            folder.read_file(&entries[0]).map(|bytes| bytes.len()).ok(),
            Some(MAX_BYTES + 1)
        );
        fs::remove_file(scratch.path().join("R-1.yaml")).expect("a file");
        assert_eq!(folder.read_file(&entries[0]).expect_err("no file").kind, "cannot-read");
    }

    #[test]
    fn a_git_directory_belongs_at_the_top() {
        let scratch = tempfile::tempdir().expect("a folder");
        fs::create_dir(scratch.path().join(".git")).expect("a folder");
        fs::create_dir(scratch.path().join("sub")).expect("a folder");
        assert_eq!(kinds(scratch.path()), (Vec::new(), Vec::new()));
        fs::create_dir(scratch.path().join("sub/.git")).expect("a folder");
        let (_, found) = kinds(scratch.path());
        assert!(found.len() == 1 && found[0].starts_with("git-directory: "), "{found:?}");
    }

    #[test]
    fn what_cannot_be_read_is_told_apart() {
        let scratch = tempfile::tempdir().expect("a folder");
        fs::write(scratch.path().join("file"), "x").expect("a file");
        let folder = RequestsFolder::new(scratch.path());
        let help = |name: &str| {
            let found = Mutex::new(FolderListing::default());
            rayon::scope(|scope| folder.walk(&folder.root.join(name), &found, scope));
            let found = found.into_inner().expect("a listing").findings;
            (found.len(), found[0].kind, found[0].help.to_string())
        };
        let gone = "it disappeared while arkib read it; run arkib again";
        assert_eq!(help("gone"), (1, "cannot-read", gone.to_owned()));
        let rights = "fix the permissions, so that no request is missed";
        assert_eq!(help("file"), (1, "cannot-read", rights.to_owned()));
    }
}
