//! Reads the requests that a command works on, and where they are.

use std::path::PathBuf;

use crate::git::{self, Head};
use crate::request::folder::Folder;
use crate::request::reader::{self, Loaded};

/// Where the requests are.
#[derive(Debug, clap::Args)]
pub struct Requests {
    /// The folder with the requests and their `agency.yaml`
    #[arg(
        long,
        value_name = "DIR",
        default_value = "requests",
        env = "ARKIB_REQUESTS"
    )]
    pub requests: PathBuf,
}

/// The requests, and the commit they are at.
pub struct Source {
    /// Everything that was read.
    pub loaded: Loaded,
    /// The commit, where the folder is in git.
    pub head: Option<Head>,
    folder: PathBuf,
}

impl Requests {
    /// Reads everything.
    pub fn read(&self) -> Loaded {
        reader::load(&Folder::new(&self.requests))
    }

    /// Reads everything, and asks git where it is.
    pub fn load(&self) -> Source {
        Source {
            loaded: self.read(),
            head: git::head(&self.requests),
            folder: self.requests.clone(),
        }
    }
}

impl Source {
    /// "at 4f2c9e1 (main)", or the folder where there is no commit.
    pub fn place(&self) -> String {
        let Some(head) = &self.head else {
            return format!("in {} (not in git)", self.folder.display());
        };
        let branch = head.branch.as_deref().unwrap_or("no branch");
        let changed = if head.uncommitted.is_empty() {
            ""
        } else {
            ", with uncommitted changes"
        };
        format!("at {} ({branch}){changed}", head.commit)
    }

    /// Why these requests may not be applied: an approval counts only once it is committed.
    pub fn why_uncommitted(&self) -> Option<String> {
        match &self.head {
            None => Some(format!(
                "{} is not in a git repository with a commit, so nobody can tell who approved its requests",
                self.folder.display()
            )),
            Some(head) => head.uncommitted.first().map(|first| {
                let more = match head.uncommitted.len() - 1 {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                format!(
                    "the requests differ from the commit {}: {}{more}",
                    head.commit,
                    crate::visible::visible(first)
                )
            }),
        }
    }
}
