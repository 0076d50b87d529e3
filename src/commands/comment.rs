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
#[command(after_help = "\
Examples:
  arkib reconcile --dry-run --pull-request --format markdown > comment.md
  arkib comment comment.md            write it to the pull request
  arkib comment --dry-run comment.md  show what would be written, and where

Exit status 0 also means that a fork's job has no token to comment with.

The environment says who comments:
  ARKIB_COMMENT_TOKEN       a token that may write comments; or
                            ARKIB_COMMENT_TOKEN_FILE, a file with it
  GITHUB_TOKEN              if neither is set: the token of the job (GitHub,
                            Forgejo, Gitea)
  ARKIB_COMMENT_CA          PEM file with the authorities to trust, instead of
                            those of the system; ARKIB_COMMENT_CERT and
                            ARKIB_COMMENT_KEY, PEM files of a client
                            certificate, if the forge asks for one
  HTTPS_PROXY, NO_PROXY     a proxy (http://user:password@host:port), and hosts
                            that do not use it")]
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
