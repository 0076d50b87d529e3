//! The command line of `arkib portal rehearse`.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::commands::arguments::{
    LONGEST_WAIT, PortalArgs, RequestsLocationArgs, localized_parser, number,
};
use crate::domain::mailbox_address::Mailbox;
use crate::exit::Exit;
use crate::ops::portal::rehearse;
use crate::ops::portal::rehearse::Options;
use crate::output::format::Format;

/// Proves the policy's mapping on one test mailbox.
///
/// It reads the mailbox, enables its archive, reads it again, terminates it, reads it again, and puts
/// it back as it was found, also after a failure or Ctrl-C. Each change is recorded, and no request
/// counts as carried out by it. It refuses a mailbox that any request names, that the policy protects,
/// or that is on hold.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The test mailbox; no request may name it
    #[arg(long, value_name = "ADDRESS", value_parser = localized_parser(Mailbox::parse))]
    mailbox: Mailbox,
    /// The same address again, if there is no terminal to ask on
    #[arg(long, value_name = "ADDRESS", value_parser = localized_parser(Mailbox::parse))]
    confirm: Option<Mailbox>,
    /// Whether the portal's own pages show an archive of it now, if there is no terminal to ask on
    #[arg(long, value_enum, value_name = "YES or NO")]
    has_archive: Option<YesOrNo>,
    /// The longest time to wait until the portal has finished a change
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = number(0..=LONGEST_WAIT))]
    wait_timeout: u64,
    /// The folder with the records of earlier runs; this run is recorded there, too
    /// [default: `records` next to the agency's policy]
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum YesOrNo {
    Yes,
    No,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    rehearse::run(&Options {
        mailbox: args.mailbox,
        confirm: args.confirm,
        has_archive: args.has_archive.map(|answer| answer == YesOrNo::Yes),
        wait_timeout: args.wait_timeout,
        requests: args.requests.into(),
        portal: args.portal.into(),
        records: args.records,
        format: args.format,
    })
}
