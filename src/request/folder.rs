//! Request files on disk. Follows no link, opens nothing but regular files, and never reads more
//! of a file than it may hold.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::reader::{Entry, Files};
use crate::finding::Finding;
use crate::yaml::MAX_BYTES;

/// A requests folder.
pub struct Folder {
    root: PathBuf,
    shown: Arc<str>,
}

impl Folder {
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

    fn entry(&self, path: &Path) -> Option<Entry> {
        let relative = path.strip_prefix(&self.root).ok()?;
        let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
        let path = parts?.join("/");
        Some(Entry {
            shown: format!("{}/{path}", self.shown).into(),
            path,
        })
    }

    fn shown(&self, path: &Path) -> Arc<str> {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        format!(
            "{}/{}",
            self.shown,
            relative.to_string_lossy().replace('\\', "/")
        )
        .into()
    }

    fn visit(
        &self,
        item: &ignore::DirEntry,
        entries: &mut Vec<Entry>,
        findings: &mut Vec<Finding>,
    ) {
        let path = item.path();
        let Some(kind) = item.file_type() else { return };
        if kind.is_dir() {
            return;
        }
        let mut refuse = |kind, message: &str, help: &str| {
            findings.push(Finding::whole_file(&self.shown(path), kind, message, help));
        };
        if kind.is_symlink() {
            let help =
                "put the file itself into the folder; a link could show another file's content";
            return refuse(
                "link",
                "found a symbolic link, expected a file or folder",
                help,
            );
        }
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().to_lowercase());
        let name = name.unwrap_or_default();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            if !kind.is_file() {
                let help = "delete it; a request is an ordinary file";
                return refuse(
                    "not-a-file",
                    "found something that is no regular file",
                    help,
                );
            }
            match self.entry(path) {
                Some(entry) => entries.push(entry),
                None => {
                    let help = "name the file after its id, such as BMT-2026-0042.yaml";
                    refuse("bad-file-name", "the name of the file is not UTF-8", help);
                }
            }
        } else if name.contains(".yaml") || name.contains(".yml") || is_nameless(&name) {
            let help = "rename it to end in `.yaml`, so that the request is not overlooked; keep other files outside the folder";
            refuse(
                "bad-file-name",
                "found a name that may be a request's but does not end in `.yaml`",
                help,
            );
        }
    }
}

impl Files for Folder {
    fn list(&self) -> (Vec<Entry>, Vec<Finding>) {
        let mut entries = Vec::new();
        let mut findings = Vec::new();
        if !self.root.is_dir() {
            let message = if self.root.exists() {
                "found a file, expected the folder with the requests"
            } else {
                "there is no such folder"
            };
            findings.push(Finding::whole_file(
                &self.shown,
                "no-folder",
                message,
                "run arkib where the requests are, or name their folder with --requests DIR",
            ));
            return (entries, findings);
        }
        let walk = ignore::WalkBuilder::new(&self.root)
            .standard_filters(false)
            .follow_links(false)
            .filter_entry(|item| {
                // The folder that was asked for may be called anything.
                let folder = item.file_type().is_some_and(|kind| kind.is_dir());
                item.depth() == 0
                    || !(folder && is_passed_over(&item.file_name().to_string_lossy()))
            })
            .build();
        for item in walk {
            match item {
                Ok(item) => self.visit(&item, &mut entries, &mut findings),
                Err(error) => findings.push(Finding::whole_file(
                    &self.shown,
                    "cannot-read",
                    format!("the folder cannot be read whole: {error}"),
                    "mend the permissions, so that no request is overlooked",
                )),
            }
        }
        (entries, findings)
    }

    fn read(&self, entry: &Entry) -> Result<Vec<u8>, Box<Finding>> {
        let mut bytes = Vec::new();
        File::open(self.root.join(&entry.path))
            .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
            .map_err(|error| {
                Box::new(Finding::whole_file(
                    &entry.shown,
                    "cannot-read",
                    format!("the file cannot be read: {error}"),
                    "mend the permissions, so that no request is overlooked",
                ))
            })?;
        Ok(bytes)
    }

    fn name(&self) -> Arc<str> {
        Arc::clone(&self.shown)
    }
}

/// Whether a folder of that name holds no requests: git's own, and what forges and editors keep.
pub fn is_passed_over(name: &str) -> bool {
    matches!(name, ".git" | ".github" | ".gitlab" | ".vscode" | ".idea")
}

/// A name without any ending, as a request saved in haste may have; not the few that are known.
fn is_nameless(name: &str) -> bool {
    !name.contains('.') && !matches!(name, "readme" | "license" | "codeowners" | "makefile")
}
