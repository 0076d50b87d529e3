//! Request files, wherever they come from: a folder, a commit, or what a pull request makes of both. Pure.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::finding::Finding;

/// Where request files come from.
pub trait Files: Sync {
    /// Every file below the folder, and what is wrong with the folder itself.
    fn list(&self) -> (Vec<Entry>, Vec<Finding>);

    /// The bytes of a file, never more than the reader takes plus one.
    fn read(&self, entry: &Entry) -> Result<Vec<u8>, Box<Finding>>;

    /// The folder, as the user knows it.
    fn name(&self) -> Arc<str>;
}

/// One YAML file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its way from the requests folder, with forward slashes.
    pub path: String,
    /// As the user knows it: the requests folder, then the way.
    pub shown: Arc<str>,
}

/// The folder that a file lies in, and its name.
pub(crate) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The name of a file without `.yaml`: the id of the request that it is of.
pub(crate) fn stem(path: &str) -> &str {
    let (_, name) = split(path);
    name.strip_suffix(".yaml").unwrap_or(name)
}

/// SHA-256 of a file's bytes, with every line end as a single line feed.
pub type FileDigest = [u8; 32];

/// The digest of a file's bytes.
pub fn digest(bytes: &[u8]) -> FileDigest {
    let mut hasher = Sha256::new();
    for (index, part) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if index > 0 {
            hasher.update(b"\n");
        }
        hasher.update(part.strip_suffix(b"\r").unwrap_or(part));
    }
    hasher.finalize().into()
}
