//! The command line of `arkib comment`.

use std::path::PathBuf;

use crate::exit::Exit;
use crate::ops::comment;
use crate::ops::comment::Options;

/// Keeps one comment on the pull request of this CI job up to date.
///
/// The environment of the job says which pull request, at GitHub, GitLab, Forgejo or Gitea. Where the
/// branch has a newer commit, nothing is written: the run of that commit comments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The text, as `reconcile --format markdown` printed it; if it is missing or empty, the comment
    /// says that the job failed
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Show what would be written, and where; ask the forge nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    comment::run(&Options { file: args.file, dry_run: args.dry_run })
}
