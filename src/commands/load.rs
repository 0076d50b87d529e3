//! Reads the requests that a command works on, and where they are.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{local_day, parse_day};
use crate::git::{self, GitError, Head};
use crate::request::folder::{Folder, is_passed_over};
use crate::request::reader::{self, FileDigest, Loaded};

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
    /// Take this day for today; a real portal is only changed as of the real one
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    pub as_of: Option<Date>,
}

/// The agency's calendar day when it was first asked for: one for a whole run, also past midnight.
pub fn today() -> Date {
    static TODAY: OnceLock<Date> = OnceLock::new();
    *TODAY.get_or_init(|| local_day(Timestamp::now()))
}

/// The requests, and the commit they are at.
pub struct Source {
    /// Everything that was read.
    pub loaded: Loaded,
    head: Result<Head, GitError>,
    folder: PathBuf,
}

impl Requests {
    /// Reads everything.
    pub fn read(&self) -> Loaded {
        reader::load(&Folder::new(&self.requests), self.as_of())
    }

    /// The day that was asked for, or the real one.
    pub fn as_of(&self) -> Date {
        self.as_of.unwrap_or_else(today)
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
        match &self.head {
            Err(_) => format!("in {} (not in git)", self.folder.display()),
            Ok(Head { commit, branch }) => {
                format!("at {commit} ({})", branch.as_deref().unwrap_or("no branch"))
            }
        }
    }

    /// Why these requests may not be applied, and what to do: an approval counts only once it is
    /// committed. Compares what was read with what the commit holds, byte by byte, but for line
    /// ends, which git may change on checkout.
    pub fn why_uncommitted(&self) -> Option<(String, String)> {
        let commit_first =
            "commit the requests first; --allow-uncommitted is for rehearsals".to_owned();
        let committed = match self.head.clone().and_then(|_| git::committed(&self.folder)) {
            Ok(committed) => committed,
            Err(error) => {
                let folder = self.folder.display();
                let why = format!("git cannot tell who approved the requests in {folder}: {error}");
                let help = "apply from a checkout that git knows and trusts; --allow-uncommitted is for rehearsals";
                return Some((why, help.to_owned()));
            }
        };
        let held: BTreeMap<&str, FileDigest> = committed
            .iter()
            .filter(|(path, _)| !is_hidden(path))
            .map(|(path, bytes)| (path.as_str(), reader::digest(bytes)))
            .collect();
        let read = &self.loaded.files;
        let mut differ: Vec<&str> = read
            .iter()
            .filter(|(path, digest)| held.get(path.as_str()) != Some(digest))
            .map(|(path, _)| path.as_str())
            .collect();
        differ.extend(held.keys().filter(|path| !read.contains_key(**path)));
        let first = differ.first()?;
        let more = match differ.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let why = format!(
            "the requests differ from the commit: {}{more}",
            crate::visible::visible(first)
        );
        Some((why, commit_first))
    }
}

/// Whether a path leads through a folder that is not read.
fn is_hidden(path: &str) -> bool {
    path.split('/').rev().skip(1).any(is_passed_over)
}
