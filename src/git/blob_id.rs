//! Git's name of a file's bytes. Pure.

use std::sync::Arc;

use sha1::Sha1;
use sha2::Sha256;
use sha2::digest::Digest;

use crate::hash::hex;

/// The length of a name by SHA-256, in hexadecimal digits; one by SHA-1 has 40.
const SHA_256_DIGITS: usize = 64;

/// Whether git gives these bytes that name (gitformat-loose-objects in git's documentation).
pub fn is_blob(bytes: &[u8], id: &str) -> bool {
    match id.len() {
        SHA_256_DIGITS => blob_id::<Sha256>(bytes) == id,
        _ => blob_id::<Sha1>(bytes) == id,
    }
}

/// The bytes of a file on disk as they are in git, if they have that name there; git may have changed line ends
/// on checkout.
pub fn as_committed(bytes: Arc<[u8]>, id: &str) -> Option<Arc<[u8]>> {
    if is_blob(&bytes, id) {
        return Some(bytes);
    }
    if !bytes.windows(2).any(|pair| pair == b"\r\n") {
        return None;
    }
    let mut plain = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(text) => plain.extend(text.iter().chain(b"\n")),
            None => plain.extend(line),
        }
    }
    is_blob(&plain, id).then(|| plain.into())
}

fn blob_id<D: Digest>(bytes: &[u8]) -> String {
    let mut hasher = D::new();
    hasher.update(format!("blob {}\0", bytes.len()));
    hasher.update(bytes);
    hex(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_git() {
        // `printf 'hello\n' | git hash-object --stdin`, and in a repository with --object-format=sha256.
        let by_sha1 = "ce013625030ba8dba906f756967f9e9ca394464a";
        let by_sha256 = "2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4";
        for id in [by_sha1, by_sha256] {
            assert!(is_blob(b"hello\n", id), "{id}");
            assert!(!is_blob(b"hello\r\n", id) && !is_blob(b"hello", id), "{id}");
        }
        assert!(!is_blob(b"hello\n", "") && !is_blob(b"hello\n", &by_sha1[..39]));
    }
}
