//! The command line of `arkib records`.

use std::path::PathBuf;

use super::arguments::{RequestsLocationArgs, parse_commit_name};
use crate::exit::Exit;
use crate::ops::records;
use crate::ops::records::Options;
use crate::output::format::Format;

/// Verifies and lists the records of past runs.
///
/// Each run that applies changes writes a file into the folder `records` next to the agency's
/// policy: who ran it, from which commit, each change before it was sent, and its outcome.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: RecordsCommand,
}

#[derive(Debug, clap::Subcommand)]
enum RecordsCommand {
    /// Checks that no record is missing, changed or out of order
    Verify(VerifyOrListArgs),
    /// Lists the runs, oldest first
    List(VerifyOrListArgs),
}

#[derive(Debug, clap::Args)]
struct VerifyOrListArgs {
    /// Show only runs about this mailbox or request
    #[arg(value_name = "MAILBOX or ID")]
    about: Option<String>,
    #[command(flatten)]
    requests: RequestsLocationArgs,
    /// The folder with the records [default: `records` next to the agency's policy]
    #[arg(long, value_name = "DIR", help_heading = "Records")]
    records: Option<PathBuf>,
    /// Fetch the records from this branch of the remote repository
    #[arg(long, value_name = "NAME", conflicts_with = "records", value_parser = parse_commit_name, help_heading = "Records")]
    records_branch: Option<String>,
    /// The format of the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    let (lists, which) = match args.command {
        RecordsCommand::Verify(which) => (false, which),
        RecordsCommand::List(which) => (true, which),
    };
    records::run(Options {
        requests: which.requests.into(),
        records: which.records,
        records_branch: which.records_branch,
        lists,
        about: which.about,
        format: which.format,
    })
}
