//! The documents of a request: read before anything is asked, and copied next to the request's file
//! under its id, so that no file name contains personal data.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::domain::request::Evidence;
use crate::domain::request::evidence::MAX_EVIDENCE;
use crate::domain::request::intake::ReceivedDocument;
use crate::load::document_facts::hash_regular_file;
use crate::ops::failure::Failure;
use crate::ops::filing::failure_before_writing;
use crate::private_files::{create_folder, create_new};
use crate::text::escape;

pub(super) fn read_documents(files: &[PathBuf]) -> Result<Vec<ReceivedDocument>, Failure> {
    if files.len() > MAX_EVIDENCE {
        let why = format!("a request takes at most {MAX_EVIDENCE} documents");
        return Err(failure_before_writing(&why, "combine several pages in one file"));
    }
    let mut wrong = Vec::new();
    let mut documents = Vec::new();
    for file in files {
        match hash_regular_file(file) {
            Ok((_, 0)) => wrong.push(format!("{} is empty", display_path(file))),
            Ok((sha256, size)) => {
                documents.push(ReceivedDocument { ending: file_extension(file), sha256, size })
            }
            Err(error) => wrong.push(format!(
                "{} cannot be filed: {}",
                display_path(file),
                error.in_english()
            )),
        }
    }
    if wrong.is_empty() {
        Ok(documents)
    } else {
        let help = "use regular files of at most 100 MiB";
        Err(failure_before_writing(wrong.join("; "), help))
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
            let why = format!("{} has just been changed", display_path(file));
            return Err(io::Error::other(why));
        }
    }
    Ok(copies)
}
