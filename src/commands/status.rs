//! The command line of `arkib status`.

use crate::exit::Exit;
use crate::ops::status;
use crate::ops::status::Options;

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
    #[command(flatten)]
    options: Options,
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    status::run(&args.options)
}
