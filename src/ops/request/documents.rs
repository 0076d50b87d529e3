//! The documents of a request: read before anything is asked, and copied next to the request's file
//! under its id, so that no file name contains personal data.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::domain::request::Evidence;
use crate::domain::request::evidence::MAX_EVIDENCE;
use crate::domain::request::new_request::ReceivedDocument;
use crate::language::Message;
use crate::load::document_facts::hash_regular_file;
use crate::ops::failure::Failure;
use crate::ops::filing::failure_before_writing;
use crate::printer::text;
use crate::private_files::{create_folder, create_new};
use crate::text::escape;

pub(super) fn read_documents(files: &[PathBuf]) -> Result<Vec<ReceivedDocument>, Failure> {
    if files.len() > MAX_EVIDENCE {
        let why = message!("request-many-documents", most = MAX_EVIDENCE);
        return Err(failure_before_writing(why, message!("request-many-documents-help")));
    }
    let mut wrong = Vec::new();
    let mut documents = Vec::new();
    for file in files {
        match read_received_document(file) {
            Ok(document) => documents.push(document),
            Err(why) => wrong.push(why),
        }
    }
    match wrong.is_empty() {
        true => Ok(documents),
        false => {
            let why = Message::joined(wrong, "; ");
            Err(failure_before_writing(why, message!("request-documents-help")))
        }
    }
}

/// What a document is, or why it cannot be filed, as a clause.
pub(super) fn read_received_document(file: &Path) -> Result<ReceivedDocument, Message> {
    match hash_regular_file(file) {
        Ok((_, 0)) => Err(message!("request-document-empty", file = display_path(file))),
        Ok((sha256, size)) => Ok(ReceivedDocument { ending: file_extension(file), sha256, size }),
        Err(_) if !file.exists() => {
            Err(message!("request-document-missing", file = display_path(file)))
        }
        Err(why) => Err(message!("request-document-unread", file = display_path(file), why)),
    }
}

fn display_path(file: &Path) -> String {
    escape(&file.to_string_lossy()).into_owned()
}

/// The extension of a file name, or `bin` if it is unusual.
fn file_extension(file: &Path) -> String {
    let ending = file.extension().unwrap_or_default().to_string_lossy();
    let ending = ending.to_ascii_lowercase();
    let is_good = (1..=8).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        // Files with these extensions have a meaning in this folder.
        && !matches!(&*ending, "yaml" | "yml" | "jsonl");
    if is_good { ending } else { "bin".to_owned() }
}

/// Copies the documents next to a request's file, each under its new name, never over another file. The
/// copies are deleted again unless their cleanup is disabled; none is left behind if one cannot be
/// copied completely or has changed since it was read.
pub(super) fn copy_documents(
    files: &[PathBuf],
    evidence: &[Evidence],
    request: &Path,
) -> io::Result<Vec<TempPath>> {
    let folder = request.parent().unwrap_or(Path::new("."));
    if !files.is_empty() {
        create_folder(folder)?;
    }
    let mut copies = Vec::new();
    for (file, evidence) in files.iter().zip(evidence) {
        let to = folder.join(&evidence.file);
        let mut copy = create_new(&to)?;
        copies.push(TempPath::try_from_path(&to)?);
        io::copy(&mut File::open(file)?, &mut copy)?;
        copy.sync_all()?;
        if hash_regular_file(&to) != Ok((evidence.sha256.clone(), evidence.size)) {
            let file = display_path(file);
            return Err(io::Error::other(text!("evidence-just-changed", file)));
        }
    }
    Ok(copies)
}
