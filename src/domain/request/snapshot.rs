//! Request files held in memory: those of a commit, or what a pull request makes of them. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::domain::request::files::{Entry, Files};
use crate::finding::Finding;

/// A file's bytes, or why they cannot be had.
pub type Content = Result<Arc<[u8]>, Box<Finding>>;

/// A requests folder as it is at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    shown: Arc<str>,
    files: BTreeMap<String, Content>,
    findings: Vec<Finding>,
}

impl Snapshot {
    /// An empty folder of that name.
    pub fn new(shown: Arc<str>) -> Self {
        Self {
            shown,
            files: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    /// Everything that is there.
    pub fn take(files: &dyn Files) -> Self {
        let (entries, findings) = files.list();
        let contents = entries.into_par_iter().map(|entry| {
            let content = files.read(&entry).map(Into::into);
            (entry.path, content)
        });
        Self {
            shown: files.name(),
            files: contents.collect(),
            findings,
        }
    }

    /// A path as the user knows it.
    pub fn shown(&self, path: &str) -> Arc<str> {
        format!("{}/{path}", self.shown).into()
    }

    /// Adds or replaces a file.
    pub fn put(&mut self, path: String, content: Content) {
        self.files.insert(path, content);
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// Adds a finding about the folder itself.
    pub fn find(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// What is wrong with the folder itself.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The same files, and nothing wrong with the folder.
    #[must_use]
    pub fn without_findings(mut self) -> Self {
        self.findings.clear();
        self
    }

    /// Every file, by its way from the folder.
    pub fn files(&self) -> &BTreeMap<String, Content> {
        &self.files
    }

    /// A file's content.
    pub fn get(&self, path: &str) -> Option<&Content> {
        self.files.get(path)
    }
}

/// Whether two contents are the same text: line ends, which git may change on checkout, do not
/// count.
pub fn is_same(one: &Content, other: &Content) -> bool {
    let lines = |bytes: &[u8]| -> Vec<Vec<u8>> {
        let lines = bytes.split(|byte| *byte == b'\n');
        lines
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line).to_vec())
            .collect()
    };
    match (one, other) {
        (Ok(one), Ok(other)) => {
            Arc::ptr_eq(one, other) || one == other || lines(one) == lines(other)
        }
        (Err(one), Err(other)) => one.kind == other.kind,
        _ => false,
    }
}

impl Files for Snapshot {
    fn list(&self) -> (Vec<Entry>, Vec<Finding>) {
        let entries = self.files.keys().map(|path| Entry {
            path: path.clone(),
            shown: self.shown(path),
        });
        (entries.collect(), self.findings.clone())
    }

    fn read(&self, entry: &Entry) -> Result<Vec<u8>, Box<Finding>> {
        match self.files.get(&entry.path) {
            Some(content) => content
                .as_ref()
                .map(|bytes| bytes.to_vec())
                .map_err(Clone::clone),
            None => Err(Box::new(Finding::whole_file(
                &entry.shown,
                "cannot-read",
                "the file is not there",
                "run arkib again",
            ))),
        }
    }

    fn name(&self) -> Arc<str> {
        Arc::clone(&self.shown)
    }
}
