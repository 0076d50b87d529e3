//! Reads the requests folder's repository through the `git` program. Only reads, except for
//! the branch of a new request, and that of the records.

mod blob_id;
mod default_branch;
mod discovery;
mod error;
mod git_folder;
mod history;
mod new_branch;
mod objects;
mod program;
mod remote_branch;
mod remote_login;
#[cfg(test)]
pub(crate) mod tests;

pub use blob_id::{as_committed, is_blob};
pub use default_branch::{BranchBase, NextCommit};
pub use discovery::{EnclosingRepository, depth_in_repository, find_enclosing_repository};
pub use error::GitError;
pub use git_folder::{GitFolder, NamedCommit};
pub use history::{
    FolderHistory, branch_with_file, files_added_on_branches, files_changed_between, files_staged,
    folder_history,
};
pub use new_branch::BranchStart;
pub use objects::{
    FileMode, TreeEntry, blob_sizes, list_tree, map_blobs, read_blobs, read_each_blob,
};
pub use program::stop_git;
pub use remote_branch::RemoteBranch;
