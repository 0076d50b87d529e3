//! A requests folder with one file more, so that a new request is checked among the others before it
//! is anywhere. Pure.

use std::sync::Arc;

use super::reader::{Entry, Files};
use crate::finding::Finding;

/// The files of a folder and one that is to come.
pub struct Overlay<'a> {
    /// The folder.
    pub files: &'a dyn Files,
    /// The way to the file from the folder, with forward slashes.
    pub path: &'a str,
    /// What it will hold.
    pub text: &'a str,
}

impl Overlay<'_> {
    /// The file that is to come.
    pub fn entry(&self) -> Entry {
        Entry {
            path: self.path.to_owned(),
            shown: format!("{}/{}", self.files.name(), self.path).into(),
        }
    }
}

impl Files for Overlay<'_> {
    fn list(&self) -> (Vec<Entry>, Vec<Finding>) {
        let (mut entries, findings) = self.files.list();
        entries.retain(|entry| entry.path != self.path);
        entries.push(self.entry());
        (entries, findings)
    }

    fn read(&self, entry: &Entry) -> Result<Vec<u8>, Box<Finding>> {
        if entry.path == self.path {
            Ok(self.text.as_bytes().to_vec())
        } else {
            self.files.read(entry)
        }
    }

    fn name(&self) -> Arc<str> {
        self.files.name()
    }
}
