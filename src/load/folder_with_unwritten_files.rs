//! A requests folder with some files more, so that new requests are checked among the others before
//! they are written. Reads the others one by one, so it costs no more memory than reading them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::request::request_file_source::{FileEntry, RequestFileSource};
use crate::finding::Finding;

/// The files of a folder and those that are to come.
pub struct FolderWithUnwrittenFiles<'a> {
    files: &'a dyn RequestFileSource,
    /// What each will hold, by its way from the folder, with forward slashes.
    texts: BTreeMap<&'a str, &'a str>,
}

impl<'a> FolderWithUnwrittenFiles<'a> {
    /// A folder with these files more: the way to each from the folder, and what it will hold.
    pub fn new(
        files: &'a dyn RequestFileSource,
        texts: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        Self { files, texts: texts.into_iter().collect() }
    }
}

impl RequestFileSource for FolderWithUnwrittenFiles<'_> {
    fn list(&self) -> (Vec<FileEntry>, Vec<Finding>) {
        let (mut entries, findings) = self.files.list();
        entries.retain(|entry| !self.texts.contains_key(&*entry.path));
        entries.extend(self.texts.keys().map(|path| FileEntry {
            path: (*path).to_owned(),
            shown: format!("{}/{path}", self.files.folder_name()).into(),
        }));
        (entries, findings)
    }

    fn read_file(&self, entry: &FileEntry) -> Result<Cow<'_, [u8]>, Box<Finding>> {
        match self.texts.get(&*entry.path) {
            Some(text) => Ok(text.as_bytes().into()),
            None => self.files.read_file(entry),
        }
    }

    fn folder_name(&self) -> Arc<str> {
        self.files.folder_name()
    }
}
