//! Request files from any source: a folder, a commit, or a pull request merged into its base. Pure.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use itertools::{EitherOrBoth, Itertools as _};
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

/// A requests folder at one moment.
#[derive(Debug, Clone)]
pub struct FolderSnapshot {
    shown: Arc<str>,
    /// Every file, by its path in the folder.
    pub files: BTreeMap<String, Content>,
    /// Findings about the folder itself.
    pub findings: Vec<Finding>,
}

impl FolderSnapshot {
    /// An empty folder with that name.
    pub fn new(shown: Arc<str>) -> Self {
        Self { shown, files: BTreeMap::new(), findings: Vec::new() }
    }

    /// Reads all files.
    pub fn read_all(files: &dyn RequestFileSource) -> Self {
        let (entries, findings) = files.list();
        let contents = entries.into_par_iter().map(|entry| {
            let content = files.read_file(&entry).map(Into::into);
            (entry.path, content)
        });
        Self { shown: files.folder_name(), files: contents.collect(), findings }
    }

    /// A path as the user names it.
    pub fn display_path(&self, path: &str) -> Arc<str> {
        format!("{}/{path}", self.shown).into()
    }

    /// Each path of both folders, with its content here and there.
    pub fn pair_with<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (&'a str, Option<&'a Content>, Option<&'a Content>)> {
        let (here, there) = (self.files.iter(), other.files.iter());
        let pairs = here.merge_join_by(there, |(here, _), (there, _)| here.cmp(there));
        pairs.map(|pair| match pair {
            EitherOrBoth::Both((path, here), (_, there)) => (&**path, Some(here), Some(there)),
            EitherOrBoth::Left((path, here)) => (&**path, Some(here), None),
            EitherOrBoth::Right((path, there)) => (&**path, None, Some(there)),
        })
    }

    /// Adds or replaces a file.
    pub fn insert_file(&mut self, path: String, content: Content) {
        self.files.insert(path, content);
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
        let paths = self.files.par_iter().map(|(path, _)| path);
        let entries =
            paths.map(|path| FileEntry { path: path.clone(), shown: self.display_path(path) });
        (entries.collect(), self.findings.clone())
    }

    fn read_file(&self, entry: &FileEntry) -> Result<Cow<'_, [u8]>, Box<Finding>> {
        let absent = || {
            let (why, help) = (message!("folder-file-gone"), message!("run-again-short-help"));
            Box::new(Finding::whole_file(&entry.shown, "cannot-read", why, help))
        };
        let content = self.files.get(&entry.path).ok_or_else(absent)?;
        content.as_ref().map(|bytes| Cow::Borrowed(&**bytes)).map_err(Clone::clone)
    }

    fn folder_name(&self) -> Arc<str> {
        Arc::clone(&self.shown)
    }
}
