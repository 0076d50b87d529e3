//! Documents on disk: their digests, read in pieces and never beyond the largest size. Follows no
//! link and opens nothing but regular files.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::domain::request::evidence::{DocumentFacts, MAX_SIZE, parse_lfs_pointer};
use crate::hash::hex;
use crate::language::Message;

/// The largest Git LFS pointer, in bytes (git-lfs specification: less than 1024).
pub const LARGEST_POINTER: u64 = 1024;

/// What stands where a document is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentStatus {
    /// Nothing.
    Nothing,
    /// Something else than a regular file, or a link on the way.
    NoFile,
    /// A file.
    File(DocumentFacts),
    /// A file of another size than the one that was expected, so that it was not read.
    OfSize(u64),
}

/// The SHA-256, in hexadecimal, and the size of a document that is to be filed: a regular file that is
/// not larger than a document may be.
pub fn hash_regular_file(path: &Path) -> Result<(String, u64), Message> {
    let verbatim = |error: io::Error| Message::verbatim(error.to_string());
    let about = fs::symlink_metadata(path).map_err(verbatim)?;
    if !about.is_file() {
        return Err(message!("evidence-not-regular"));
    }
    let file = File::open(path).map_err(verbatim)?;
    let seen = hash_to_end(&mut file.take(MAX_SIZE + 1)).map_err(verbatim)?;
    if seen.size > MAX_SIZE {
        return Err(message!("evidence-too-large", most = MAX_SIZE));
    }
    Ok((seen.sha256, seen.size))
}

/// What stands at a way below a folder, which itself may be a link. A file of another size than the
/// one expected is not read; a Git LFS pointer counts as the document that it stands for.
pub fn inspect_document(folder: &Path, way: &str, expected: u64) -> io::Result<DocumentStatus> {
    let mut at = folder.to_owned();
    let mut about = None;
    for part in way.split('/') {
        at.push(part);
        match fs::symlink_metadata(&at) {
            Err(error) if is_not_found(&error) => return Ok(DocumentStatus::Nothing),
            Err(error) => return Err(error),
            Ok(metadata) if metadata.is_symlink() => return Ok(DocumentStatus::NoFile),
            Ok(metadata) => about = Some(metadata),
        }
    }
    let Some(about) = about.filter(fs::Metadata::is_file) else {
        return Ok(DocumentStatus::NoFile);
    };
    if about.len() <= LARGEST_POINTER {
        let mut file = File::open(&at)?.take(LARGEST_POINTER + 1);
        return read_document_facts(&mut file, about.len()).map(DocumentStatus::File);
    }
    if about.len() != expected {
        return Ok(DocumentStatus::OfSize(about.len()));
    }
    // One byte more, so that a file that grows meanwhile is not taken for the one expected.
    hash_to_end(&mut File::open(&at)?.take(expected + 1)).map(DocumentStatus::File)
}

/// What a content of so many bytes is; a small one may point to the document that it stands for.
pub fn read_document_facts(content: &mut dyn Read, size: u64) -> io::Result<DocumentFacts> {
    if size > LARGEST_POINTER {
        return hash_to_end(content);
    }
    let mut bytes = Vec::new();
    content.read_to_end(&mut bytes)?;
    parse_lfs_pointer(&bytes).map_or_else(|| hash_to_end(&mut &*bytes), Ok)
}

/// What a content would be with its line ends as CR LF, and as LF alone.
pub fn facts_with_other_line_ends(content: &mut dyn Read) -> io::Result<[DocumentFacts; 2]> {
    let (mut windows, mut unix) = (Vec::new(), Vec::new());
    let mut bytes = Vec::new();
    content.take(MAX_SIZE).read_to_end(&mut bytes)?;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(rest) => {
                let rest = rest.strip_suffix(b"\r").unwrap_or(rest);
                windows.extend([rest, b"\r\n"].concat());
                unix.extend([rest, b"\n"].concat());
            }
            None => [&mut windows, &mut unix].into_iter().for_each(|to| to.extend(line)),
        }
    }
    Ok([hash_to_end(&mut &*windows)?, hash_to_end(&mut &*unix)?])
}

/// A file in place of a folder on the way is an absence, too.
fn is_not_found(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Reads to the end, in pieces.
fn hash_to_end(reader: &mut dyn Read) -> io::Result<DocumentFacts> {
    let mut hasher = Sha256::new();
    let mut size = 0;
    let mut piece = vec![0; 1 << 16];
    loop {
        let count = reader.read(&mut piece)?;
        if count == 0 {
            let sha256 = hex(&hasher.finalize());
            return Ok(DocumentFacts { sha256, size });
        }
        hasher.update(&piece[..count]);
        size += count as u64;
    }
}
