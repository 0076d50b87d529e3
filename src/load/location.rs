//! Where the requests are, and for which day they are read.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::local_time::local_day;
use crate::domain::repository_path_resolver::RepositoryPathResolver;
use crate::domain::request::request_file_source::RequestFileSource as _;
use crate::git;
use crate::git::GitFolder;
use crate::load::folder::RequestsFolder;
use crate::text::shown_path;

/// The agency's calendar day when it was first asked for: one for a whole run, also past midnight.
pub fn today() -> Date {
    static TODAY: OnceLock<Date> = OnceLock::new();
    *TODAY.get_or_init(|| local_day(Timestamp::now()))
}

/// The name of the folder with the requests, where no other is named.
const USUAL_FOLDER: &str = "requests";

/// The folder that is named, else `requests` here, or else the only one in the folders above in the same
/// repository: of several, somebody may have added one to be taken for the other.
pub fn find_requests_folder(named: Option<PathBuf>) -> PathBuf {
    let is_folder = |folder: &PathBuf| folder.symlink_metadata().is_ok_and(|about| about.is_dir());
    let found = || {
        let here = PathBuf::from(USUAL_FOLDER);
        if here.exists() {
            return None;
        }
        let up = |folder: &PathBuf| Some(Path::new("..").join(folder));
        let depth = git::depth_in_repository(Path::new("."))?;
        let mut above = std::iter::successors(Some(here), up).skip(1).take(depth).filter(is_folder);
        above.next().filter(|_| above.next().is_none())
    };
    named.or_else(found).unwrap_or_else(|| USUAL_FOLDER.into())
}

/// Where the requests are.
#[derive(Debug)]
pub struct RequestsLocation {
    /// The folder with the requests and their `agency.yaml`.
    pub requests: PathBuf,
    /// The commit, branch or tag whose folder is read instead of the work tree.
    pub reference: Option<String>,
    /// The day that is taken for today.
    pub as_of: Option<Date>,
}

impl RequestsLocation {
    /// The day that was asked for, or the real one.
    pub fn as_of(&self) -> Date {
        self.as_of.unwrap_or_else(today)
    }

    /// Where the folder is, while nothing is known of its repository.
    pub fn repository_path_resolver(&self) -> RepositoryPathResolver {
        let place = GitFolder::find(&self.requests).ok();
        RepositoryPathResolver::new(
            &RequestsFolder::new(&self.requests).folder_name(),
            place.as_ref().map(|place| place.prefix.as_str()),
        )
    }

    /// The folder, as text.
    pub fn folder_text(&self) -> String {
        shown_path(&self.requests)
    }
}
