//! The command line of `arkib records`.

use crate::exit::Exit;
use crate::ops::records;
use crate::ops::records::Options;

/// Verifies and lists the records of past runs.
///
/// Each run that applies writes a file into the folder `records` beside the agency's policy: who
/// ran it, on which commit, each change before it was sent, and what became of it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib records verify            is anything missing, changed, reordered or torn?
  arkib records list              each run, and what became of it")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Checks that no record is missing, changed or reordered
    Verify(Options),
    /// Lists the runs, oldest first
    List(Options),
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    let (lists, options) = match &args.what {
        What::Verify(options) => (false, options),
        What::List(options) => (true, options),
    };
    records::run(options, lists)
}
