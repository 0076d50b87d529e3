//! The command line of `arkib status`.

use std::path::PathBuf;
use std::time::Duration;

use super::arguments::{PortalArgs, RequestsLocationArgs};
use crate::exit::Exit;
use crate::ops::status;
use crate::ops::status::Options;
use crate::output::format::Format;

/// Shows the state of a mailbox, a request, or everything.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A mailbox or the id of a request
    #[arg(value_name = "MAILBOX or ID")]
    subject: Option<String>,
    /// Every open request, grouped by who must act next
    #[arg(long, conflicts_with = "subject")]
    all: bool,
    /// Draw it again on the terminal after so many seconds, until Ctrl-C
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "30", value_parser = clap::value_parser!(u64).range(1..))]
    watch: Option<u64>,
    /// Do not read the portal; use only the records of runs
    #[arg(long)]
    offline: bool,
    /// The folder with the records [default: `records` next to the agency's policy]
    #[arg(long, value_name = "DIR", help_heading = "Records")]
    records: Option<PathBuf>,
    #[command(flatten)]
    requests: RequestsLocationArgs,
    #[command(flatten)]
    portal: PortalArgs,
    /// The format of the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    status::run(&Options {
        subject: args.subject,
        all: args.all,
        offline: args.offline,
        records: args.records,
        requests: args.requests.into(),
        portal: args.portal.into(),
        format: args.format,
        watch: args.watch.map(Duration::from_secs),
    })
}
