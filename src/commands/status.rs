//! The command line of `arkib status`.

use std::path::PathBuf;

use super::arguments::{PortalArgs, Requests};
use crate::exit::Exit;
use crate::ops::status;
use crate::ops::status::Options;
use crate::output::format::Format;

/// Tells the story of a mailbox or of a request, or how everything stands.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib status                               what the next run would do, and what waits
  arkib status siti.aminah@agensi.example    a mailbox: its requests and its archive
  arkib status BMT-2026-0042                 a request and its mailboxes
  arkib status --all                         every request that waits, and for whom

A real portal is found and opened through the variables ARKIB_PORTAL_…, as by `arkib reconcile`
(see its --help).")]
pub struct Args {
    /// A mailbox, or the id of a request
    #[arg(value_name = "MAILBOX or ID")]
    subject: Option<String>,
    /// Every request for which something is still to be done, by whom it waits for
    #[arg(long, conflicts_with = "subject")]
    all: bool,
    /// Leave the portal alone; the records of runs alone tell what was done
    #[arg(long)]
    offline: bool,
    /// The folder of the records [default: `records` beside the agency's policy]
    #[arg(long, value_name = "DIR")]
    records: Option<PathBuf>,
    #[command(flatten)]
    requests: Requests,
    #[command(flatten)]
    portal: PortalArgs,
    /// How the result is written
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
    })
}
