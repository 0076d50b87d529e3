//! The command line of `arkib approve`.

use std::path::PathBuf;

use jiff::civil::Date;

use super::arguments::{FilingArgs, PortalArgs};
use crate::commands::arguments::localized_parser;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::{RequestId, pasted_list};
use crate::exit::Exit;
use crate::ops::approve;
use crate::ops::approve::Options;
use crate::ops::filing::parse_answers;

/// Adds your approval to requests.
///
/// Shows what each request asks for, the documents to open, and what it would do in the portal; asks once for
/// all of them; with `provenance: signed` signs with ssh-keygen and your key. Nothing else in the files changes.
/// If git finds a conflict with another approval, take the base's file, then run arkib approve again.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The requests
    #[arg(value_name = "ID", required = true, value_parser = parse_answers::parse_id)]
    ids: Vec<RequestId>,
    /// Who approves [default: git's user.email]
    #[arg(long = "as", value_name = "ADDRESS", value_parser = localized_parser(pasted_list::parse_single_mailbox))]
    approver: Option<Mailbox>,
    /// The day of the approval [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_answers::parse_date)]
    date: Option<Date>,
    /// The SSH key to sign with, or its public key if ssh-agent holds it
    /// [default: git's user.signingkey]
    #[arg(long, value_name = "FILE", conflicts_with = "signature", help_heading = "Signature")]
    key: Option<PathBuf>,
    /// A signature made with another program over the text of --print: SSH, or CMS as PEM
    #[arg(long, value_name = "FILE", help_heading = "Signature")]
    signature: Option<PathBuf>,
    /// Print the text that is signed, and do nothing else; for one request
    #[arg(long, conflicts_with_all = ["key", "signature", "offline", "yes", "dry_run", "branch", "push", "format"], help_heading = "Signature")]
    print: bool,
    /// Do not read the portal: approve without seeing what it would do
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    filing: FilingArgs,
    #[command(flatten)]
    portal: PortalArgs,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    approve::run(&args.into())
}

impl From<Args> for Options {
    fn from(args: Args) -> Self {
        Self {
            ids: args.ids,
            approver: args.approver,
            date: args.date,
            key: args.key,
            signature: args.signature,
            print: args.print,
            portal: (!args.offline).then(|| args.portal.into()),
            filing: args.filing.into(),
        }
    }
}
