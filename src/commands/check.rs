//! The command line of `arkib check`.

use super::arguments::{OutputArgs, RequestsLocationArgs, parse_base, parse_commit_name};
use crate::exit::Exit;
use crate::ops::check;
use crate::ops::check::Options;

/// Checks the policy and the requests, without the portal.
///
/// Reads every file and shows every problem with its line and column. With --base it also refuses
/// to edit, rename or delete requests that are already merged, and it uses the policy of the base
/// branch.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    requests: RequestsLocationArgs,
    /// The branch to merge into
    #[arg(long, value_name = "REF", value_parser = parse_commit_name)]
    base: Option<String>,
    /// As --base, with the branch that the pull request of this CI job is to be merged into
    #[arg(long, conflicts_with = "base")]
    pull_request: bool,
    /// Also fail on warnings
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    check::run(&Options {
        requests: args.requests.into(),
        base: parse_base(args.base, args.pull_request),
        strict: args.strict,
        output: args.output.into(),
    })
}
