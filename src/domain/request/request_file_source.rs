//! Request files from any source: a folder, a commit, or a pull request merged into its base. Pure.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use itertools::{Either, EitherOrBoth, Itertools as _};
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::finding::Finding;
use crate::language::Message;

/// Where request files come from.
pub trait RequestFileSource: Sync {
    /// Every file below the folder, and findings about the folder itself.
    fn list(&self) -> (Vec<FileEntry>, Vec<Finding>);

    /// The bytes of a file, at most one more than the reader accepts.
    fn read_file(&self, entry: &FileEntry) -> Result<Cow<'_, [u8]>, Box<Finding>>;

    /// The folder, as the user names it.
    fn folder_name(&self) -> Arc<str>;
}

/// The most files of all agencies together.
pub(crate) const MOST_FILES: usize = 2_000_000;
/// The most bytes of all of them.
pub(crate) const MOST_BYTES: u64 = 2 << 30;
/// The most problems that are kept of all of them.
pub(crate) const MOST_PROBLEMS: usize = 10_000;

/// Whether a folder has more than arkib reads, before any of it is read.
pub(crate) fn find_exceeded_folder_limit(
    shown: &Arc<str>,
    files: usize,
    bytes: u64,
) -> Option<Finding> {
    let why = if files > MOST_FILES {
        message!("folder-many-files", most = MOST_FILES)
    } else if bytes > MOST_BYTES {
        message!("folder-many-bytes", most = MOST_BYTES >> 30)
    } else {
        return None;
    };
    Some(too_much_finding(shown, why))
}

/// More than arkib reads, or than it tells.
pub(crate) fn too_much_finding(shown: &Arc<str>, why: Message) -> Finding {
    let help = message!("folder-too-much-help");
    Finding::whole_file(shown, "too-much", why, help)
}

/// One YAML file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileEntry {
    /// Its path in the requests folder, with forward slashes.
    pub path: String,
    /// As the user names it: the requests folder, then the path.
    pub shown: Arc<str>,
}

/// The folder of a file, and its name.
pub(crate) fn split_folder(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The name of a file without `.yaml`, which is the id of its request.
pub(crate) fn file_stem(path: &str) -> &str {
    let (_, name) = split_folder(path);
    name.strip_suffix(".yaml").unwrap_or(name)
}

/// The SHA-256 of a file's bytes, with every line end as a single line feed.
pub type FileDigest = [u8; 32];

/// The digest of a file's bytes.
pub fn file_digest(bytes: &[u8]) -> FileDigest {
    if !bytes.contains(&b'\r') {
        return Sha256::digest(bytes).into();
    }
    let mut hasher = Sha256::new();
    for (index, part) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if index > 0 {
            hasher.update(b"\n");
        }
        hasher.update(part.strip_suffix(b"\r").unwrap_or(part));
    }
    hasher.finalize().into()
}

/// A file's bytes, or why they cannot be read.
pub type Content = Result<Arc<[u8]>, Box<Finding>>;

/// A requests folder at one moment. Copies share what was read, and each holds its own changes.
#[derive(Debug, Clone)]
pub struct FolderSnapshot {
    shown: Arc<str>,
    /// Every file as it was read, sorted by its path in the folder.
    read: Arc<Vec<(String, Content)>>,
    /// What was added, replaced or removed since.
    changed: BTreeMap<String, Option<Content>>,
    /// Findings about the folder itself.
    pub findings: Vec<Finding>,
}

impl FolderSnapshot {
    /// An empty folder with that name.
    pub fn new(shown: Arc<str>) -> Self {
        Self::of_files(shown, Vec::new())
    }

    /// A folder with these files, by their paths in it.
    pub fn of_files(shown: Arc<str>, mut files: Vec<(String, Content)>) -> Self {
        files.par_sort_by(|(one, _), (other, _)| one.cmp(other));
        Self { shown, read: files.into(), changed: BTreeMap::new(), findings: Vec::new() }
    }

    /// Reads all files.
    pub fn read_all(files: &dyn RequestFileSource) -> Self {
        let (entries, findings) = files.list();
        let contents = entries.into_par_iter().map(|entry| {
            let content = files.read_file(&entry).map(Into::into);
            (entry.path, content)
        });
        Self { findings, ..Self::of_files(files.folder_name(), contents.collect()) }
    }

    /// A path as the user names it.
    pub fn display_path(&self, path: &str) -> Arc<str> {
        [&*self.shown, "/", path].concat().into()
    }

    /// The content of a file.
    pub fn content(&self, path: &str) -> Option<&Content> {
        match self.changed.get(path) {
            Some(changed) => changed.as_ref(),
            None => {
                let found = self.read.binary_search_by(|(read, _)| (**read).cmp(path));
                found.ok().map(|place| &self.read[place].1)
            }
        }
    }

    /// Every file, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Content)> {
        let read = self.read.iter().map(|(path, content)| (&**path, Some(content)));
        let changed = self.changed.iter().map(|(path, content)| (&**path, content.as_ref()));
        let files = read.merge_join_by(changed, |(read, _), (changed, _)| read.cmp(changed));
        files.filter_map(|pair| {
            let (path, content) = pair.reduce(|_, changed| changed);
            Some((path, content?))
        })
    }

    /// Each path with its content here and there; of changed copies of one folder, what may differ.
    pub fn pair_with<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (&'a str, Option<&'a Content>, Option<&'a Content>)> {
        if Arc::ptr_eq(&self.read, &other.read) {
            let changed: BTreeSet<&String> =
                self.changed.keys().chain(other.changed.keys()).collect();
            let both = |path: &'a String| (&**path, self.content(path), other.content(path));
            return Either::Left(changed.into_iter().map(both));
        }
        let pairs =
            self.files().merge_join_by(other.files(), |(here, _), (there, _)| here.cmp(there));
        Either::Right(pairs.map(|pair| match pair {
            EitherOrBoth::Both((path, here), (_, there)) => (path, Some(here), Some(there)),
            EitherOrBoth::Left((path, here)) => (path, Some(here), None),
            EitherOrBoth::Right((path, there)) => (path, None, Some(there)),
        }))
    }

    /// Adds or replaces a file.
    pub fn insert_file(&mut self, path: String, content: Content) {
        self.changed.insert(path, Some(content));
    }

    /// Removes a file.
    pub fn remove_file(&mut self, path: &str) {
        self.changed.insert(path.to_owned(), None);
    }
}

/// Whether two contents are the same text. Line ends make no difference, because git may change them
/// on checkout.
pub fn is_same_content(one: Option<&Content>, other: Option<&Content>) -> bool {
    match (one, other) {
        (Some(Ok(one)), Some(Ok(other))) => {
            Arc::ptr_eq(one, other) || one == other || file_digest(one) == file_digest(other)
        }
        (Some(Err(one)), Some(Err(other))) => one.kind == other.kind,
        (one, other) => one.is_none() && other.is_none(),
    }
}

impl RequestFileSource for FolderSnapshot {
    fn list(&self) -> (Vec<FileEntry>, Vec<Finding>) {
        let paths: Vec<&str> = self.files().map(|(path, _)| path).collect();
        let entry =
            |path: &str| FileEntry { path: path.to_owned(), shown: self.display_path(path) };
        (paths.into_par_iter().map(entry).collect(), self.findings.clone())
    }

    fn read_file(&self, entry: &FileEntry) -> Result<Cow<'_, [u8]>, Box<Finding>> {
        let absent = || {
            let (why, help) = (message!("folder-file-gone"), message!("run-again-short-help"));
            Box::new(Finding::whole_file(&entry.shown, "cannot-read", why, help))
        };
        let content = self.content(&entry.path).ok_or_else(absent)?;
        content.as_ref().map(|bytes| Cow::Borrowed(&**bytes)).map_err(Clone::clone)
    }

    fn folder_name(&self) -> Arc<str> {
        Arc::clone(&self.shown)
    }
}
