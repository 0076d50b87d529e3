//! A lease as a ref of a remote, outside branches and tags. A remote is the one place that two runs
//! surely share, and its server compares and swaps: `git push --force-with-lease` (git-push(1)).
//! The ref leads to a commit without files and without a parent, whose message is the note: forges
//! take commits anywhere. The only module through which arkib writes anything into a remote.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::program::text;
use super::{GitError, Place};
use crate::lease::{Held, Note, Store, Swapped};

/// For how long git may wait for the remote.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a ref that changes while it is read is read.
const LOOKS: usize = 3;
/// The largest commit that is read, in bytes; a note has some hundred.
const LARGEST: u64 = 16 << 10;

/// The ref of a remote that is one agency's lease.
#[derive(Debug, Clone)]
pub struct LeaseRef {
    place: Place,
    /// The remote's name or address.
    remote: String,
    /// The ref's full name.
    name: String,
}

impl LeaseRef {
    /// The lease of an agency in a remote.
    pub fn new(place: &Place, remote: &str, agency: &str) -> Self {
        Self {
            place: place.clone(),
            remote: remote.to_owned(),
            name: format!("refs/arkib/lease/{}", plain(agency)),
        }
    }

    /// The ref's full name.
    pub fn name(&self) -> &str {
        &self.name
    }

    async fn git(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
        self.place.git_far(arguments, input, PATIENCE).await
    }

    /// The object that the ref leads to.
    async fn id(&self) -> Result<Option<String>, GitError> {
        let arguments = ["ls-remote", "--quiet", "--", &self.remote, &self.name];
        let answer = self.git(&arguments, &[]).await?;
        let answer = String::from_utf8_lossy(&answer);
        // It also names refs that merely end like this one.
        let mut lines = answer.lines().filter_map(|line| line.split_once('\t'));
        let found = lines.find(|(_, name)| *name == self.name);
        Ok(found.map(|(id, _)| id.to_owned()))
    }

    /// The note in an object, which says nothing where it is none. No answer where the object is
    /// not here.
    async fn note(&self, id: &str) -> Result<Option<Note>, GitError> {
        let asked = format!("{id}\n").into_bytes();
        let about = text(self.git(&["cat-file", "--batch-check"], &asked).await?);
        let words: Vec<&str> = about.split(' ').skip(1).collect();
        let ["commit", size] = words.as_slice() else {
            let is_other = words.len() == 2;
            return Ok(is_other.then(Note::default));
        };
        if size.parse::<u64>().is_ok_and(|size| size > LARGEST) {
            return Ok(Some(Note::default()));
        }
        let commit = self.git(&["cat-file", "commit", id], &[]).await?;
        let message = commit.windows(2).position(|it| it == b"\n\n");
        let message = message.map_or(&[][..], |at| commit[at..].trim_ascii());
        Ok(Some(Note::read(message)))
    }

    /// Brings what the ref leads to; no ref and no file here changes.
    async fn fetch(&self) -> Result<(), GitError> {
        let arguments = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-prune",
            "--no-write-fetch-head",
            "--no-auto-maintenance",
            "--no-recurse-submodules",
            "--refmap=",
            "--",
            &self.remote,
            &self.name,
        ];
        self.git(&arguments, &[]).await.map(|_| ())
    }

    /// Makes a commit of a note. It is written as it is, so that nothing in the configuration, such
    /// as signing or whose name stands on commits, has a part in it.
    async fn write(&self, note: &Note) -> Result<String, GitError> {
        let object = ["hash-object", "-w", "--stdin", "-t"];
        let tree = [&object[..], &["tree"]].concat();
        let tree = text(self.git(&tree, &[]).await?);
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default().as_secs();
        let who = format!("arkib <arkib@localhost> {now} +0000");
        let note = note.to_text();
        let commit = format!("tree {tree}\nauthor {who}\ncommitter {who}\n\n{note}\n");
        let arguments = [&object[..], &["commit"]].concat();
        let id = self.git(&arguments, commit.as_bytes()).await?;
        Ok(text(id))
    }

    async fn push(&self, seen: Option<&str>, id: &str) -> Result<(), GitError> {
        let name = &self.name;
        // Without a name after the colon: there must be no such ref.
        let lease = format!("--force-with-lease={name}:{}", seen.unwrap_or_default());
        let refspec = format!("{id}:{name}");
        let arguments = [
            "push",
            "--quiet",
            // The hooks of this clone are for what people push.
            "--no-verify",
            "--no-signed",
            "--no-follow-tags",
            "--recurse-submodules=no",
            &lease,
            "--",
            &self.remote,
            &refspec,
        ];
        self.git(&arguments, &[]).await.map(|_| ())
    }
}

impl Store for LeaseRef {
    type Error = GitError;

    async fn look(&self) -> Result<Option<Held>, GitError> {
        for _ in 0..LOOKS {
            let Some(id) = self.id().await? else {
                return Ok(None);
            };
            if let Some(note) = self.note(&id).await? {
                return Ok(Some(Held { id, note }));
            }
            let fetched = self.fetch().await;
            if let Some(note) = self.note(&id).await? {
                return Ok(Some(Held { id, note }));
            }
            // It may have been renewed or let go meanwhile, so that there was another or none.
            if fetched.is_err() && self.id().await? == Some(id) {
                fetched?;
            }
        }
        Err(GitError::Says(format!(
            "{} changes all the time",
            self.name
        )))
    }

    async fn swap(&self, seen: Option<&str>, note: Option<&Note>) -> Result<Swapped, GitError> {
        let id = match note {
            Some(note) => self.write(note).await?,
            None => String::new(),
        };
        let Err(error) = self.push(seen, &id).await else {
            return Ok(Swapped::Done(id));
        };
        // Why a push fails is told in many ways, and its answer may have been lost: what stands there
        // now says whether it was done, or somebody else was faster.
        match self.id().await {
            Ok(now) if now.as_deref().unwrap_or_default() == id => Ok(Swapped::Done(id)),
            Ok(now) if now.as_deref() != seen => Ok(Swapped::Lost),
            _ => Err(error),
        }
    }
}

/// An agency's name as a part of a ref's name, in which much is not allowed (git-check-ref-format(1)).
fn plain(agency: &str) -> String {
    let mut name = String::new();
    for byte in agency.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' => name.push(byte.into()),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_agency_has_a_ref_of_its_own() {
        assert_eq!(plain("CONTOH"), "CONTOH");
        assert_eq!(plain("a.b/c d.lock"), "a%2Eb%2Fc%20d%2Elock");
        assert_eq!(plain("Jabatan é"), "Jabatan%20%C3%A9");
        assert_eq!(plain("%2E"), "%252E");
    }
}
