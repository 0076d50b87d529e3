//! Reads the requests folder's repository through the `git` program. Only reads, except for
//! the branch of a new request.

mod branch;
mod error;
mod folder;
mod history;
mod program;
mod signature;
mod tree;

pub use branch::BranchStart;
pub use error::GitError;
pub use folder::{GitFolder, Head};
pub use history::{commits_by_content, files_changed_between, files_changed_on_disk};
pub use signature::{Signature, read_signatures};
pub use tree::{Mode, TreeEntry, list_tree, map_blobs, read_blobs, read_each_blob};
