//! What CI says of its run, and the one comment that arkib keeps on a pull request at GitHub, GitLab,
//! Forgejo and Gitea; and the page on which one is opened. May not know plans: the text of the comment is data.

pub mod api;
pub mod ci_run;
pub mod comment_text;
pub mod comments;
pub mod error;
mod meanings;
pub mod pull_request_page;
pub mod settings;
