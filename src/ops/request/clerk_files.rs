//! The files that the clerk names in a dialogue, on disk.

use std::fs;
use std::path::{MAIN_SEPARATOR, Path};

use super::documents::read_received_document;
use super::options::read_list;
use super::prompt::context::ClerkFiles;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::new_request::ReceivedDocument;
use crate::printer;
use crate::printer::text;
use crate::text::{escape, excerpt};

/// The most files that are suggested.
const MOST_SUGGESTED: usize = 30;

/// The files of this machine.
pub(super) struct FilesOnDisk;

impl ClerkFiles for FilesOnDisk {
    fn read_list(&self, file: &Path) -> Result<Vec<Mailbox>, String> {
        read_list(file).map_err(|findings| {
            let why = findings.first().map_or_else(String::new, |finding| {
                let problem = printer::render(&finding.message);
                match finding.position {
                    Some(position) => text!("request-list-line", line = position.line, problem),
                    None => problem,
                }
            });
            let file = escape(&file.to_string_lossy()).into_owned();
            text!("request-list-unread", file, why, more = findings.len().saturating_sub(1))
        })
    }

    fn read_received_document(&self, file: &Path) -> Result<ReceivedDocument, String> {
        read_received_document(file).map_err(|why| printer::render(&why))
    }

    fn complete(&self, typed: &str) -> Vec<String> {
        let separators = ['/', MAIN_SEPARATOR];
        let (folder, name) = typed
            .rsplit_once(separators)
            .map_or(("", typed), |(folder, name)| (&typed[..=folder.len()], name));
        if typed.starts_with(['"', '\'', '-']) || typed.is_empty() {
            return Vec::new();
        }
        let at = if folder.is_empty() { Path::new(".") } else { Path::new(folder) };
        let Ok(entries) = fs::read_dir(at) else { return Vec::new() };
        let name = name.to_lowercase();
        let mut found: Vec<String> = entries
            .flatten()
            .filter_map(|entry| {
                let file = entry.file_name().into_string().ok()?;
                let is_meant = file.to_lowercase().starts_with(&name)
                    && (!file.starts_with('.') || name.starts_with('.'));
                // One that cannot be shown as it is cannot be typed either.
                let is_plain = excerpt(&file, usize::MAX) == file;
                let end = if entry.path().is_dir() { "/" } else { "" };
                (is_meant && is_plain).then(|| format!("{folder}{file}{end}"))
            })
            .collect();
        found.sort_unstable();
        found.truncate(MOST_SUGGESTED);
        found
    }
}
