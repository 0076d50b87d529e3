//! The content of a commit: its tree, and its files through one `cat-file --batch`.

use std::io::{self, BufRead, Read as _};

use super::{GitError, GitFolder};

/// What a tree has at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileMode {
    /// A file.
    File,
    /// A symbolic link.
    Link,
    /// A commit of another repository.
    Submodule,
}

/// One entry of a tree that is not a tree itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeEntry {
    /// What it is.
    pub mode: FileMode,
    /// The object's name.
    pub id: String,
    /// The path from the requests folder, with forward slashes; not always UTF-8.
    pub path: Vec<u8>,
}

/// Every entry of the requests folder in a commit; none where the commit has no such folder, and
/// one without a path if there is something other than a folder in its place.
///
/// # Errors
/// Where git does not answer, or does not have the objects.
pub fn list_tree(place: &GitFolder, commit: &str) -> Result<Vec<TreeEntry>, GitError> {
    let folder = Some(&*place.prefix).filter(|prefix| !prefix.is_empty());
    let asked: Vec<&str> = [commit].into_iter().chain(folder).collect();
    // A few objects can unfold to billions of entries: nothing is looked up for each.
    let listing = place.run_git("ls-tree -r -z --full-tree", &asked)?;
    refuse_excess(&listing, MOST_ENTRIES)?;
    let below = |mut entry: TreeEntry| {
        let rest = entry.path.strip_prefix(place.prefix.as_bytes())?;
        let rest = rest.strip_prefix(b"/").unwrap_or(rest);
        entry.path.drain(..entry.path.len() - rest.len());
        Some(entry)
    };
    let entries = listing.split(|byte| *byte == 0).filter_map(parse_tree_entry).filter_map(below);
    Ok(entries.collect())
}

/// The sizes of contents in bytes, in the order of their names; 0 of what git lacks.
///
/// # Errors
/// Where git does not answer.
pub fn blob_sizes(place: &GitFolder, ids: &[&str]) -> Result<Vec<u64>, GitError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let asked = ids.join("\n") + "\n";
    let command = ["cat-file", "--batch-check=%(objectsize)", "--buffer"];
    let answer = place.repository.run(&command, asked.as_bytes())?;
    let sizes = answer.split(|byte| *byte == b'\n').map(|line| {
        let size = str::from_utf8(line).ok().and_then(|size| size.parse().ok());
        size.unwrap_or_default()
    });
    Ok(sizes.take(ids.len()).collect())
}

/// Refuses a listing of more entries than that, each of which ends in a null byte.
fn refuse_excess(listing: &[u8], most: usize) -> Result<(), GitError> {
    if listing.iter().filter(|byte| **byte == 0).count() > most {
        let why = format!("the commit has more than {most} files");
        return Err(GitError::new(why, "keep nothing but requests in the requests folder"));
    }
    Ok(())
}

/// The most entries of a commit; twice the most requests that anyone has.
const MOST_ENTRIES: usize = 2_000_000;

/// `100644 blob 4f2c9e1…\tpath`; a submodule is a `commit`, a link has the mode 120000.
fn parse_tree_entry(line: &[u8]) -> Option<TreeEntry> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let about = std::str::from_utf8(&line[..tab]).ok()?;
    let mut words = about.split_ascii_whitespace();
    let (mode, kind, id) = (words.next()?, words.next()?, words.next()?);
    Some(TreeEntry {
        mode: match (mode, kind) {
            ("120000", _) => FileMode::Link,
            (_, "blob") => FileMode::File,
            _ => FileMode::Submodule,
        },
        id: id.to_owned(),
        path: line[tab + 1..].to_vec(),
    })
}

/// The contents of objects, in the order of their names.
///
/// # Errors
/// Where git does not have one of them.
pub fn read_blobs(place: &GitFolder, ids: &[&str]) -> Result<Vec<Vec<u8>>, GitError> {
    map_blobs(place, ids, <[u8]>::to_vec)
}

/// Applies `of` to the contents of objects, in the order of their names; only one content is in memory
/// at a time.
///
/// # Errors
/// Where git does not have one of them.
pub fn map_blobs<T>(
    place: &GitFolder,
    ids: &[&str],
    of: impl Fn(&[u8]) -> T,
) -> Result<Vec<T>, GitError> {
    let mut bytes = Vec::new();
    read_each_blob(place, ids, &mut |content, _| {
        bytes.clear();
        content.read_to_end(&mut bytes)?;
        Ok(of(&bytes))
    })
}

/// Takes one content, of so many bytes.
pub type Take<'t, T> = &'t mut dyn FnMut(&mut dyn io::Read, u64) -> io::Result<T>;

/// What `take` reads of the contents of objects, in the order of their names, one after the other
/// through one `git cat-file --batch`. It reads each to its end.
///
/// # Errors
/// Where git does not have one of them.
pub fn read_each_blob<T>(
    place: &GitFolder,
    ids: &[&str],
    take: Take<'_, T>,
) -> Result<Vec<T>, GitError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let asked = ids.join("\n") + "\n";
    let arguments = ["cat-file", "--batch", "--buffer"];
    place.repository.run_streamed(&arguments, asked.as_bytes(), |answer| {
        ids.iter().map(|_| read_next_blob(answer, take)).collect()
    })
}

/// The next content of an answer: `ID blob SIZE`, a line end, the bytes, a line end.
fn read_next_blob<T>(answer: &mut dyn BufRead, take: Take<'_, T>) -> io::Result<T> {
    let lack = || {
        let why = "an answer of `cat-file --batch` that is cut off, or lacks an object";
        io::Error::other(why)
    };
    let mut about = Vec::new();
    answer.take(LONGEST_LINE).read_until(b'\n', &mut about)?;
    let about = str::from_utf8(&about).map_err(|_| lack())?;
    let size = about.trim_end().rsplit(' ').next();
    let size: u64 = size.and_then(|size| size.parse().ok()).ok_or_else(lack)?;
    let mut content = answer.take(size);
    let taken = take(&mut content, size)?;
    if content.limit() > 0 {
        return Err(lack());
    }
    let mut end = [0];
    answer.read_exact(&mut end).map_err(|_| lack())?;
    Ok(taken)
}

/// The longest line about an object, in bytes.
const LONGEST_LINE: u64 = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_a_batch_and_reports_missing_objects() {
        let taken = |mut answer: &[u8], count: usize| -> Option<Vec<Vec<u8>>> {
            let mut whole = |content: &mut dyn io::Read, _| {
                let mut bytes = Vec::new();
                content.read_to_end(&mut bytes)?;
                Ok(bytes)
            };
            (0..count).map(|_| read_next_blob(&mut answer, &mut whole).ok()).collect()
        };
        let answer = b"aa blob 3\na\nb\ncc blob 0\n\n";
        assert_eq!(taken(answer, 2), Some(vec![b"a\nb".to_vec(), Vec::new()]));
        assert_eq!(taken(answer, 3), None);
        assert_eq!(taken(b"aa missing\n", 1), None);
        assert_eq!(taken(b"aa blob 9\nshort\n", 1), None);
        assert_eq!(taken(b"aa blob 3\nabc", 1), None);
    }

    #[test]
    fn a_content_is_read_to_its_end() {
        let mut one = |content: &mut dyn io::Read, _| content.read_exact(&mut [0]);
        assert!(read_next_blob(&mut &b"aa blob 2\nab\n"[..], &mut one).is_err());
        assert!(read_next_blob(&mut &b"aa blob 1\na\n"[..], &mut one).is_ok());
    }

    #[test]
    fn a_commit_of_too_many_files_is_refused() {
        for (listing, most, is_refused) in
            [(&b"abc\0de\0"[..], 2, false), (b"abc\0de\0", 1, true), (b"", 0, false)]
        {
            assert_eq!(refuse_excess(listing, most).is_err(), is_refused, "{listing:?} {most}");
        }
    }

    #[test]
    fn reads_tree_entries_with_any_path() {
        let file = parse_tree_entry(b"100644 blob 4f2c\ta\tb\xff.yaml").unwrap();
        assert_eq!((file.mode, &*file.id), (FileMode::File, "4f2c"));
        assert_eq!(file.path, b"a\tb\xff.yaml");
        assert_eq!(parse_tree_entry(b"120000 blob 4f2c\tx").unwrap().mode, FileMode::Link);
        assert_eq!(parse_tree_entry(b"160000 commit 4f2c\tx").unwrap().mode, FileMode::Submodule);
    }
}
