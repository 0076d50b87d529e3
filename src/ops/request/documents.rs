//! The documents that came with a request: looked at before anything is asked, and copied beside the
//! request's file under its id, so that no name tells of a person.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::domain::request::Evidence;
use crate::domain::request::evidence::MAX_EVIDENCE;
use crate::domain::request::intake::Document;
use crate::load::documents::describe;
use crate::ops::failure::Failure;
use crate::ops::filing::unwritten;
use crate::text::escape;

pub(super) fn read(files: &[PathBuf]) -> Result<Vec<Document>, Failure> {
    if files.len() > MAX_EVIDENCE {
        let why = format!("a request takes at most {MAX_EVIDENCE} documents");
        return Err(unwritten(&why, "put many pages into one file"));
    }
    let mut wrong = Vec::new();
    let mut documents = Vec::new();
    for file in files {
        match describe(file) {
            Ok((_, 0)) => wrong.push(format!("{} is empty", shown(file))),
            Ok((sha256, size)) => documents.push(Document {
                ending: ending(file),
                sha256,
                size,
            }),
            Err(error) => wrong.push(format!("{} cannot be filed: {error}", shown(file))),
        }
    }
    if wrong.is_empty() {
        Ok(documents)
    } else {
        let help = "name the scanned documents themselves, as regular files of at most 100 MiB";
        Err(unwritten(&wrong.join("; "), help))
    }
}

fn shown(file: &Path) -> String {
    escape(&file.to_string_lossy()).into_owned()
}

/// The ending of a name, where it is one that says what a file is.
fn ending(file: &Path) -> String {
    let ending = file.extension().unwrap_or_default().to_string_lossy();
    let ending = ending.to_ascii_lowercase();
    let is_good = (1..=8).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        // Files of these endings mean something in this folder.
        && !matches!(&*ending, "yaml" | "yml" | "jsonl");
    if is_good { ending } else { "bin".to_owned() }
}

/// Copies the documents beside a request's file, each under its name there; never over another file.
/// The copies are taken away again unless their cleanup is disabled; none is left behind where one
/// cannot be copied whole as it was when it was looked at.
pub(super) fn copy(
    files: &[PathBuf],
    evidence: &[Evidence],
    request: &Path,
) -> io::Result<Vec<TempPath>> {
    let folder = request.parent().unwrap_or(Path::new("."));
    if !files.is_empty() {
        fs::create_dir_all(folder)?;
    }
    let mut copies = Vec::new();
    for (file, evidence) in files.iter().zip(evidence) {
        let to = folder.join(&evidence.file);
        let mut copy = File::create_new(&to)?;
        copies.push(TempPath::try_from_path(&to)?);
        io::copy(&mut File::open(file)?, &mut copy)?;
        copy.sync_all()?;
        if describe(&to)? != (evidence.sha256.clone(), evidence.size) {
            let why = format!("{} has just been changed", shown(file));
            return Err(io::Error::other(why));
        }
    }
    Ok(copies)
}
