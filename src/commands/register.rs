//! The command line of `arkib register`.

use crate::exit::Exit;
use crate::ops::register;
use crate::ops::register::Options;

/// Writes the register of requests and what became of them.
///
/// Every request from its receipt to the notices about it, as one page that needs no network, or
/// as CSV, JSON or Markdown. It holds personal data: who may read the requests may read it, and
/// nobody else.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib register                                  the page, register.html, of every request
  arkib register --period 2026 -o 2026.html       of those received in 2026
  arkib register --format csv -o register.csv     for a spreadsheet, one line a request and mailbox
  arkib register --offline --format json          what the records tell, without the portal

In CSV a cell that a spreadsheet would take for a formula (it begins with = + - or @) begins with
an apostrophe. A real portal is found and opened through the variables ARKIB_PORTAL_…, as by
`arkib reconcile` (see its --help).")]
pub struct Args {
    #[command(flatten)]
    options: Options,
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    register::run(&args.options)
}
