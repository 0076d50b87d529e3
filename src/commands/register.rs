//! The command line of `arkib register`.

use std::path::PathBuf;

use super::arguments::{PortalArgs, Requests};
use crate::domain::policy::Language;
use crate::domain::register::Period;
use crate::exit::Exit;
use crate::ops::register;
use crate::ops::register::Options;
use crate::output::format::RegisterFormat;

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
    /// How the register is written
    #[arg(long, value_enum, default_value_t = RegisterFormat::Html)]
    format: RegisterFormat,
    /// The file that it is written to, `-` for standard output
    /// [default: register.html for the page, else standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only requests received then: 2026, 2026-01, 2026-01-31, or two of these as FROM..TO
    #[arg(long, value_name = "PERIOD", value_parser = Period::parse)]
    period: Option<Period>,
    /// Leave the portal alone; the records of runs alone tell what was done
    #[arg(long)]
    offline: bool,
    /// The language that the page opens in; it can be switched there [default: the policy's]
    #[arg(long, value_enum)]
    language: Option<Language>,
    #[command(flatten)]
    requests: Requests,
    /// The folder of the records [default: `records` beside the agency's policy]
    #[arg(long, value_name = "DIR")]
    records: Option<PathBuf>,
    #[command(flatten)]
    portal: PortalArgs,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    register::run(&Options {
        format: args.format,
        output: args.output,
        period: args.period,
        offline: args.offline,
        language: args.language,
        requests: args.requests.into(),
        records: args.records,
        portal: args.portal.into(),
    })
}
