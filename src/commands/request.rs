//! The command line of `arkib request`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use jiff::civil::Date;

use super::arguments::{FilingArgs, PortalArgs};
use crate::commands::arguments::localized_parser;
use crate::domain::archive_state::Target;
use crate::domain::field_validator::OTHER_WORDS;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::new_request::NewRequest;
use crate::domain::request::{Approval, Channel, RequestId, pasted_list};
use crate::exit::Exit;
use crate::ops::filing::parse_answers;
use crate::ops::request;
use crate::ops::request::Options;

/// Writes the file for a request that has arrived.
///
/// On a terminal, it asks for missing values. The file is checked as by `arkib check` before it is
/// written, and no file is ever overwritten. The file is requests/YEAR/ID.yaml; merge it like any
/// other change.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: RequestCommand,
}

#[derive(Debug, clap::Subcommand)]
enum RequestCommand {
    /// Asks to enable archives of mailboxes (procedure 4.1)
    Enable(ArchiveChangeArgs),
    /// Asks to terminate archives of mailboxes (procedure 4.2)
    Terminate(ArchiveChangeArgs),
    /// Withdraws a request, as if it had never been made
    Withdraw(WithdrawArgs),
}

#[derive(Debug, clap::Args)]
struct ArchiveChangeArgs {
    /// Addresses, in any form that can be pasted
    #[arg(value_name = "MAILBOX")]
    mailboxes: Vec<String>,
    /// Read the mailboxes from a list: one per line, or a table (CSV, Excel)
    ///
    /// A table has a column `mailbox`, `e-mel`, `email` or `alamat`. `-` is standard input.
    #[arg(long, value_name = "FILE")]
    from_file: Option<PathBuf>,
    #[command(flatten)]
    request: RequestArgs,
}

#[derive(Debug, clap::Args)]
struct WithdrawArgs {
    /// The id of the request to withdraw
    #[arg(value_name = "ID", value_parser = parse_answers::parse_id)]
    withdraws: Option<RequestId>,
    #[command(flatten)]
    request: RequestArgs,
}

/// Options that every request has.
#[derive(Debug, clap::Args)]
struct RequestArgs {
    /// The day it arrived [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_answers::parse_date)]
    received: Option<Date>,
    /// How it arrived; also e-mel, surat, borang
    #[arg(long, value_parser = parse_channel_argument())]
    channel: Option<Channel>,
    /// The file reference of the document
    #[arg(long, value_name = "TEXT", value_parser = parse_answers::parse_reference, allow_hyphen_values = true)]
    reference: Option<String>,
    /// The applicant
    #[arg(long, value_name = "ADDRESS", value_parser = localized_parser(pasted_list::parse_single_mailbox))]
    from: Option<Mailbox>,
    /// The applicant's name, to address an answer on paper to
    #[arg(long, value_name = "TEXT", value_parser = parse_answers::parse_reference, allow_hyphen_values = true, help_heading = "Details of the request")]
    name: Option<String>,
    /// The agency's own file for the answer (Ruj. Kami)
    #[arg(long, value_name = "TEXT", value_parser = parse_answers::parse_reference, allow_hyphen_values = true, help_heading = "Details of the request")]
    file: Option<String>,
    /// Take effect on this day at the earliest
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_answers::parse_date, help_heading = "Details of the request")]
    effective: Option<Date>,
    /// A scanned document, copied next to the file; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Details of the request")]
    evidence: Vec<PathBuf>,
    /// Why, in a sentence or two
    #[arg(long, value_name = "TEXT", value_parser = parse_answers::parse_reason, allow_hyphen_values = true)]
    reason: Option<String>,
    /// The id [default: the one after the agency's newest]
    #[arg(long, value_name = "ID", value_parser = parse_answers::parse_new_id, help_heading = "Details of the request")]
    id: Option<RequestId>,
    /// Who approved it, if it is already approved
    #[arg(long, value_name = "ADDRESS", value_parser = localized_parser(pasted_list::parse_single_mailbox), requires = "approved", help_heading = "Details of the request")]
    approved_by: Option<Mailbox>,
    /// The day of the approval
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_answers::parse_date, requires = "approved_by", help_heading = "Details of the request")]
    approved: Option<Date>,
    /// Look up the mailboxes in the portal; the default on a terminal
    #[arg(long, conflicts_with = "no_portal", help_heading = "Portal")]
    portal: bool,
    /// Do not read the portal
    #[arg(long, help_heading = "Portal")]
    no_portal: bool,
    #[command(flatten)]
    portal_args: PortalArgs,
    #[command(flatten)]
    filing: FilingArgs,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    request::run(&args.into())
}

impl From<Args> for Options {
    fn from(args: Args) -> Self {
        let (target, change) = match args.command {
            RequestCommand::Enable(change) => (Target::Enabled, change),
            RequestCommand::Terminate(change) => (Target::Terminated, change),
            RequestCommand::Withdraw(withdraw) => {
                let mut options = Self::from(withdraw.request);
                options.intake.withdraws = withdraw.withdraws;
                return options;
            }
        };
        let mut options = Self::from(change.request);
        options.intake.target = Some(target);
        Self { mailboxes: change.mailboxes, list: change.from_file, ..options }
    }
}

impl From<RequestArgs> for Options {
    fn from(args: RequestArgs) -> Self {
        let approval = args.approved_by.zip(args.approved);
        Self {
            intake: NewRequest {
                received: args.received,
                channel: args.channel,
                reference: args.reference,
                from: args.from,
                name: args.name,
                effective: args.effective,
                reason: args.reason,
                approval: approval.map(|(by, date)| Approval { by, date, signature: None }),
                file: args.file,
                ..NewRequest::default()
            },
            mailboxes: Vec::new(),
            list: None,
            portal: (!args.no_portal).then(|| args.portal_args.into()),
            always_asks: args.portal,
            evidence: args.evidence,
            id: args.id,
            filing: args.filing.into(),
        }
    }
}

/// Parses the word of a channel, also in Malay; files have the English one.
pub(super) fn parse_channel_argument() -> impl TypedValueParser<Value = Channel> {
    let others = |channel: Channel| {
        let own = OTHER_WORDS.iter().filter(move |(_, meant)| *meant == channel.as_str());
        own.map(|(word, _)| *word)
    };
    let words = Channel::ALL.map(|one| PossibleValue::new(one.as_str()).aliases(others(one)));
    PossibleValuesParser::new(words).map(move |word| {
        let is_meant = |one: &Channel| one.as_str() == word || others(*one).any(|own| own == word);
        // Every word that it lets through is of a channel.
        Channel::ALL.into_iter().find(is_meant).unwrap_or(Channel::Letter)
    })
}
