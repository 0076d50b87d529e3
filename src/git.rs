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
pub use history::{changed_on_disk, changed_since, commits_by_content};
pub use signature::{Signature, signatures};
pub use tree::{Mode, TreeEntry, blobs, each, map_blobs, tree};
