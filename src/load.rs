//! Reads the requests that a command works on: from the folder, from a commit, or as a pull
//! request makes them.

pub mod agency_loader;
mod changed_records;
pub mod document_facts;
mod files_at_commit;
pub mod folder;
pub mod folder_with_unwritten_files;
mod location;
mod pull_request;

pub use location::{RequestsLocation, find_requests_folder, today};

use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::domain::agency::LoadedAgencies;
use crate::domain::other_files::OtherFile;
use crate::domain::policy::diff::PolicyChange;
use crate::domain::repository_path_resolver::RepositoryPathResolver;
use crate::domain::request::request_file_source::{FolderSnapshot, RequestFileSource};
use crate::git::{GitError, GitFolder, NamedCommit};
use crate::language::Message;
use crate::load::folder::RequestsFolder;
use crate::text::{escape, path_below};

pub use pull_request::BaseComparison;

/// The requests, and the commit they are at.
pub struct LoadedRequests {
    /// Everything that was read; with a base, the pull request's under the base's policies. Never
    /// given back: the program ends with it, and freeing a hundred thousand requests one by one
    /// takes a twentieth of the time that a check takes.
    pub loaded: ManuallyDrop<LoadedAgencies>,
    /// The branch that a pull request is to be merged into, where one was named; not given back, either.
    pub base: ManuallyDrop<Option<BaseComparison>>,
    /// The folder as the user knows it.
    pub shown: Arc<str>,
    folder: PathBuf,
    /// Asked for once, and only where the answer is needed.
    head: OnceLock<Result<NamedCommit, GitError>>,
    place: OnceLock<Result<GitFolder, GitError>>,
    is_commit: bool,
    differences: OnceLock<Result<Vec<Difference>, GitError>>,
}

/// A file that was read with other bytes than the commit has, by its path in the folder, or that only
/// one of the two has. Line ends make no difference.
struct Difference {
    path: String,
    is_missing: bool,
}

/// "2026/R-1.yaml and 2 more".
fn name_first(differ: &[Difference]) -> Message {
    let first = differ.first().map_or(String::new(), |file| escape(&file.path).into_owned());
    match differ.len() {
        0 | 1 => Message::verbatim(first),
        all => message!("folder-and-more", first, count = all - 1),
    }
}

impl RequestsLocation {
    /// Reads everything, and asks git where it is. With a base, what is read is what the pull
    /// request makes of the base.
    pub fn load(&self, base: Option<&str>) -> Result<LoadedRequests, GitError> {
        let folder = RequestsFolder::new(&self.requests);
        let shown = folder.folder_name();
        let mut source = LoadedRequests {
            loaded: ManuallyDrop::default(),
            base: ManuallyDrop::new(None),
            shown,
            folder: self.requests.clone(),
            head: OnceLock::new(),
            place: OnceLock::new(),
            is_commit: self.reference.is_some(),
            differences: OnceLock::new(),
        };
        if let Some(reference) = &self.reference {
            let head = source.git_folder()?.named_commit(reference)?;
            source.head = OnceLock::from(Ok(head));
        }
        match base {
            Some(base) => {
                let (place, head) = (source.git_folder()?, source.head_in_git()?);
                let (loaded, base) =
                    pull_request::read_both_sides(self, place, head, base, &folder)?;
                source.loaded = ManuallyDrop::new(loaded);
                source.base = ManuallyDrop::new(Some(base));
            }
            None if source.is_commit => {
                let committed = source.read_committed()?;
                source.loaded = ManuallyDrop::new(agency_loader::load(&committed, self.as_of()));
            }
            None => source.loaded = ManuallyDrop::new(agency_loader::load(&folder, self.as_of())),
        }
        Ok(source)
    }
}

impl LoadedRequests {
    /// "at 4f2c9e1 (main) onto origin/main at 77aa0b1", or the folder where there is no commit; and
    /// how what was read differs from the commit, which costs a look at every file.
    pub fn describe_source(&self) -> Message {
        let source = self.describe_head();
        self.onto_base(match self.differences() {
            Ok([]) => source,
            Ok(differ) if differ.len() == self.missing_files() => {
                message!("plan-source-without", source, count = differ.len())
            }
            Ok(differ) => message!("plan-source-changed-in", source, files = name_first(differ)),
            Err(_) if self.head_in_git().is_err() => source,
            Err(_) => message!("plan-source-changed", source),
        })
    }

    /// As [`LoadedRequests::describe_source`], without that look.
    pub fn describe_commits(&self) -> Message {
        self.onto_base(self.describe_head())
    }

    fn describe_head(&self) -> Message {
        let folder = &*self.shown;
        match self.head_in_git() {
            Err(error) if error.is_from_git() => message!("plan-source-folder", folder),
            Err(error) => message!("plan-source-unknown", folder, error = error.to_string()),
            Ok(NamedCommit { short, branch: Some(branch), .. }) => {
                message!("plan-source-branch", commit = short, branch)
            }
            Ok(NamedCommit { short, branch: None, .. }) => {
                message!("plan-source-commit", commit = short)
            }
        }
    }

    fn onto_base(&self, source: Message) -> Message {
        match &*self.base {
            None => source,
            Some(base) => message!("plan-source-on-base", source, base = base.describe()),
        }
    }

    /// Compares what was read with what the commit holds: what git says of a work tree is not asked,
    /// because it can be set to overlook files, and filters of attributes have a say in it.
    fn differences(&self) -> Result<&[Difference], &GitError> {
        let compare = || {
            if let Some(base) = &*self.base {
                let paths = base.uncommitted.iter().cloned();
                return Ok(paths.map(|path| Difference { path, is_missing: false }).collect());
            }
            if self.is_commit {
                return Ok(Vec::new());
            }
            let (place, head) = (self.git_folder()?, self.head_in_git()?);
            let on_disk = self.on_disk();
            let committed =
                files_at_commit::file_digests(place, &head.commit, &self.shown, &on_disk)?;
            let read = &self.loaded.files;
            let differ =
                read.iter().filter(|(path, digest)| committed.get(*path) != Some(&Some(**digest)));
            let missing = committed.keys().filter(|path| !read.contains_key(*path));
            let differ = differ.map(|(path, _)| (path, false));
            let all = differ.chain(missing.map(|path| (path, true)));
            Ok(all
                .map(|(path, is_missing)| Difference { path: path.clone(), is_missing })
                .collect())
        };
        self.differences.get_or_init(compare).as_deref()
    }

    /// The commit that holds all that was read.
    pub fn clean_commit(&self) -> Option<&str> {
        self.commit().filter(|_| self.differences().is_ok_and(<[_]>::is_empty))
    }

    /// How many files of the commit are not on disk, as in a sparse checkout.
    pub fn missing_files(&self) -> usize {
        let differ = self.differences().unwrap_or_default();
        differ.iter().filter(|file| file.is_missing).count()
    }

    /// Whether a file, by its path in the folder, was read from disk and not from a commit.
    pub fn is_on_disk(&self, path: &str) -> bool {
        match &*self.base {
            Some(base) => base.uncommitted.contains(path),
            None => !self.is_commit,
        }
    }

    /// The commit that was read or is checked out.
    pub fn commit(&self) -> Option<&str> {
        self.head_in_git().ok().map(|head| head.commit.as_str())
    }

    /// The short name of the commit that was read or is checked out, and when it was made.
    pub fn commit_time(&self) -> Option<(&str, jiff::Timestamp)> {
        let (place, head) = (self.git_folder().ok()?, self.head_in_git().ok()?);
        let second = place.commit_time(head).ok()??;
        Some((&head.short, jiff::Timestamp::from_second(second).ok()?))
    }

    /// The repository, where there is one.
    pub fn repository(&self) -> Option<&GitFolder> {
        self.git_folder().ok()
    }

    /// Whether a pull request adds or changes a file; as the user knows it.
    pub fn is_touched(&self, file: &str) -> bool {
        self.base.as_ref().is_some_and(|base| base.touched.contains(file))
    }

    /// How a pull request changes policies: by file, in words.
    pub fn policy_change_summaries(&self) -> &[PolicyChange] {
        self.base.as_ref().map_or(&[], |base| &base.policies)
    }

    /// The files that a pull request changes and that are no requests.
    pub fn other_files(&self) -> &[OtherFile] {
        self.base.as_ref().map_or(&[], |base| &base.other_files)
    }

    /// The path of a file from the requests folder.
    pub fn relative_path<'a>(&self, shown: &'a str) -> &'a str {
        path_below(shown, &self.shown)
    }

    /// The files that the requests were read from, to read one again; with a base, as the pull
    /// request makes them.
    pub fn request_file_source(&self) -> Result<Box<dyn RequestFileSource + '_>, GitError> {
        Ok(match (&*self.base, self.is_commit) {
            (Some(base), _) => Box::new(base.merged.clone()),
            (None, true) => Box::new(self.read_committed()?),
            (None, false) => Box::new(RequestsFolder::new(&self.folder)),
        })
    }

    /// The folder on disk, where the requests were read from it and not from a commit.
    pub fn folder_on_disk(&self) -> Option<&std::path::Path> {
        (!self.is_commit).then_some(&*self.folder)
    }

    /// Where the files are in the repository, for forges.
    pub fn repository_path_resolver(&self) -> RepositoryPathResolver {
        RepositoryPathResolver::new(
            &self.shown,
            self.repository().map(|place| place.prefix.as_str()),
        )
    }

    /// Why these requests may not be applied, and what to do: an approval counts only once it is
    /// committed. Compares what was read with what the commit holds, byte by byte, but for line
    /// ends, which git may change on checkout.
    pub fn why_uncommitted(&self) -> Option<(Message, Message)> {
        let differ = match self.differences() {
            Ok(differ) => differ,
            Err(error) => {
                let folder = escape(&self.shown);
                let why = message!("folder-git-unknown", folder, error = error.to_string());
                let help = match error.is_from_git() {
                    true => message!("folder-git-unknown-help"),
                    false => error.help(),
                };
                return Some((why, help));
            }
        };
        if differ.is_empty() {
            return None;
        }
        let why = message!("folder-differs", files = name_first(differ));
        let help = match self.missing_files() {
            0 => message!("folder-commit-help"),
            _ => message!("folder-sparse-help"),
        };
        Some((why, help))
    }

    fn read_committed(&self) -> Result<FolderSnapshot, GitError> {
        let (place, head) = (self.git_folder()?, self.head_in_git()?);
        let (commits, on_disk) = ([&*head.commit], self.on_disk());
        let mut read = files_at_commit::read_snapshots(place, &commits, &self.shown, &on_disk)?;
        Ok(read.swap_remove(0))
    }

    /// Files that may be what a commit has, which their bytes show.
    fn on_disk(&self) -> impl Fn(&str) -> Option<Arc<[u8]>> + Sync {
        let folder = RequestsFolder::new(&self.folder);
        move |path| folder.read_if_file(path)
    }

    fn git_folder(&self) -> Result<&GitFolder, GitError> {
        let ask = || GitFolder::find(&self.folder);
        self.place.get_or_init(ask).as_ref().map_err(Clone::clone)
    }

    fn head_in_git(&self) -> Result<&NamedCommit, GitError> {
        let ask = || self.git_folder()?.head();
        self.head.get_or_init(ask).as_ref().map_err(Clone::clone)
    }
}
