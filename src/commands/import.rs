//! The command line of `arkib import`.

use jiff::civil::Date;

use super::arguments::{Folder, PortalArgs};
use super::request::channel;
use crate::domain::mailbox::Mailbox;
use crate::domain::request::parts::MAX_MAILBOXES;
use crate::domain::request::{Channel, pasted_list};
use crate::exit::Exit;
use crate::ops::filing::{Filing, answers};
use crate::ops::import;
use crate::ops::import::Options;
use crate::output::format::DialogueFormat;

/// Writes requests for the archives that the portal has and no request names.
///
/// The requests are to enable what is enabled, and wait for approval: once an approver has added it, each
/// archive has its authority on record, and arkib keeps it. Nothing is changed in the portal. Archives
/// fall into files by the request that the portal names for several of them, else by the month in which
/// they were changed, where months with few go together; those whose accounts are not in use, and an approver's own, are by themselves.
///
/// Archives that a request names already, also one that waits for approval, are not named again, so that
/// an import may be run again at any time. All files are checked before the first is written, and no
/// file is ever written over. Archives that the portal is terminating, or of whose state arkib knows
/// nothing, are listed and left alone.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib import --dry-run                                   what would be written
  arkib import --reference \"CONTOH.600-1/2/3 (12)\"         writes the files
  arkib import --reference R --branch                      and commits them on a branch of their own
  arkib import --reference R --only siti@agensi.example    this archive alone

A real portal is found through ARKIB_PORTAL_URL and ARKIB_PORTAL_TOKEN_FILE, as by `arkib reconcile`.")]
pub struct Args {
    /// The reference under which the decision to import is filed; asked for on a terminal
    #[arg(long, value_name = "TEXT", value_parser = answers::reference, allow_hyphen_values = true)]
    reference: Option<String>,
    /// How that decision arrived
    #[arg(long, default_value = "memo", value_parser = channel())]
    channel: Channel,
    /// The day it arrived [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = answers::day)]
    received: Option<Date>,
    /// The most mailboxes that one file names
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..=MAX_MAILBOXES as i64))]
    per_request: u16,
    /// Only these mailboxes; may be said several times
    #[arg(long, value_name = "MAILBOX", num_args = 1.., value_parser = pasted_list::one)]
    only: Vec<Mailbox>,
    /// Write the files without asking first
    #[arg(long)]
    yes: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Also make the branch import/ID, and on it a commit of these files alone; nothing is pushed
    #[arg(long)]
    branch: bool,
    #[command(flatten)]
    folder: Folder,
    /// Which portal, as far as the environment does not say
    #[command(flatten)]
    portal: PortalArgs,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = DialogueFormat::Human)]
    format: DialogueFormat,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    import::run(&args.into())
}

impl From<Args> for Options {
    fn from(args: Args) -> Self {
        Self {
            reference: args.reference,
            channel: args.channel,
            received: args.received,
            per_request: args.per_request,
            only: args.only,
            portal: args.portal.into(),
            filing: Filing {
                requests: args.folder.into(),
                yes: args.yes,
                dry_run: args.dry_run,
                branch: args.branch,
                format: args.format,
            },
        }
    }
}
