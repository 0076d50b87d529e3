//! The command line of `arkib import`.

use jiff::civil::Date;

use super::arguments::{FilingArgs, PortalArgs};
use super::request::parse_channel_argument;
use crate::commands::arguments::{localized_parser, number};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::rules::MAX_MAILBOXES;
use crate::domain::request::{Channel, pasted_list};
use crate::exit::Exit;
use crate::ops::filing::parse_answers;
use crate::ops::import;
use crate::ops::import::Options;

/// Writes requests for archives in the portal that no request names.
///
/// The requests ask to enable archives that are already enabled, and wait for approval. Once an
/// approver approves them, each archive has a recorded authority and arkib keeps it. Nothing is
/// changed in the portal. Archives are grouped into files by the request that the portal names for
/// several of them, or else by the month of their last change; months with few archives share a
/// file. Archives of accounts that are not in use, and those of an approver, get files of their
/// own.
///
/// An archive that a request already names is not named again, even if that request still waits for
/// approval, so an import can be repeated at any time. All files are checked before the first is
/// written, and no file is ever overwritten. Archives that the portal is terminating, or whose
/// state arkib does not know, are listed and left alone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file reference of the decision to import; on a terminal arkib asks for it
    #[arg(long, value_name = "TEXT", value_parser = parse_answers::parse_reference, allow_hyphen_values = true)]
    reference: Option<String>,
    /// How the decision arrived
    #[arg(long, default_value = "memo", value_parser = parse_channel_argument())]
    channel: Channel,
    /// The day it arrived [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_answers::parse_date)]
    received: Option<Date>,
    /// The most mailboxes in one file
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = number(1..=MAX_MAILBOXES as u16))]
    per_request: u16,
    /// Only these mailboxes; may be repeated
    #[arg(long, value_name = "MAILBOX", num_args = 1.., value_parser = localized_parser(pasted_list::parse_single_mailbox))]
    only: Vec<Mailbox>,
    #[command(flatten)]
    filing: FilingArgs,
    /// What the environment does not say about the portal
    #[command(flatten)]
    portal: PortalArgs,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    import::run(&Options {
        reference: args.reference,
        channel: args.channel,
        received: args.received,
        per_request: args.per_request,
        only: args.only,
        portal: args.portal.into(),
        filing: args.filing.into(),
    })
}
