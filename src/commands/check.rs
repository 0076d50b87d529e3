//! The command line of `arkib check`.

use super::arguments::{Output, Requests, reference};
use crate::exit::Exit;
use crate::ops::check;
use crate::ops::check::Options;

/// Checks policy and requests, without a portal.
///
/// Reads every file and shows all problems of all of them, each at its line and column. With --base
/// it also refuses edits, new names and deletions of requests that are merged already, and judges
/// by the policy of the base.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib check                            check the folder requests/
  arkib check --base origin/main         check what this branch makes of main
  arkib check --requests examples/broken see what each kind of mistake looks like
  arkib check --format json              for a program")]
pub struct Args {
    #[command(flatten)]
    requests: Requests,
    /// The branch that this is to be merged into
    #[arg(long, value_name = "REF", value_parser = reference)]
    base: Option<String>,
    /// Fail on warnings, too
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    output: Output,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    check::run(&args.into())
}

impl From<Args> for Options {
    fn from(args: Args) -> Self {
        Self {
            requests: args.requests.into(),
            base: args.base,
            strict: args.strict,
            output: args.output.into(),
        }
    }
}
