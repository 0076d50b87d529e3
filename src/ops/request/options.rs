//! What can be said of a request on the command line.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use jiff::civil::Date;

use super::answers;
use super::prompt::Known;
use super::summary::Told;
use crate::domain::calendar::parse_day;
use crate::domain::desired::Target;
use crate::domain::mailbox::Mailbox;
use crate::domain::request::{Channel, RequestId, mailbox_list, pasted_list};
use crate::environment::read_bounded;
use crate::finding::Finding;
use crate::load;
use crate::ops::session::PortalArgs;
use crate::output::findings::count;
use crate::text::visible;

/// Writes the file of a request that has arrived.
///
/// What is missing is asked for on a terminal. The file is checked as `arkib check` does before it is
/// written; nothing is ever written over. It lies then in requests/YEAR/ID.yaml, and is merged like
/// any other change.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib request enable                                 asks for everything
  arkib request terminate rosli@agensi.example         asks for the rest
  arkib request enable --from-file senarai.csv         the mailboxes of a list
  arkib request withdraw BMT-2026-0042 --branch        and commits it on a branch of its own
  arkib request enable siti.aminah@agensi.example --channel letter \\
    --reference \"CONTOH.600-1/2/3 (12)\" --received 2026-11-02")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// To enable the archives of mailboxes (procedure 4.1)
    Enable(Change),
    /// To terminate the archives of mailboxes (procedure 4.2)
    Terminate(Change),
    /// To withdraw a request, which then counts as never made
    Withdraw(Withdraw),
}

#[derive(Debug, clap::Args)]
struct Change {
    /// Addresses, in any form in which they can be pasted
    #[arg(value_name = "MAILBOX")]
    mailboxes: Vec<String>,
    /// Take the mailboxes from a list: one a line, or a table (CSV) with a column `mailbox`, `e-mel`,
    /// `email` or `alamat`; `-` is standard input
    #[arg(long, value_name = "FILE")]
    from_file: Option<PathBuf>,
    #[command(flatten)]
    lookup: Lookup,
    #[command(flatten)]
    filing: Filing,
}

#[derive(Debug, clap::Args)]
struct Withdraw {
    /// The id of the request that is withdrawn
    #[arg(value_name = "ID", value_parser = answers::id)]
    withdraws: Option<RequestId>,
    #[command(flatten)]
    filing: Filing,
}

/// Whether the portal is asked for its mailboxes.
#[derive(Debug, clap::Args)]
pub(super) struct Lookup {
    /// Look the mailboxes up in the portal; on a terminal that is done anyway
    #[arg(long, conflicts_with = "no_portal")]
    pub portal: bool,
    /// Do not ask the portal
    #[arg(long)]
    pub no_portal: bool,
    #[command(flatten)]
    pub portal_args: PortalArgs,
}

/// What is said of every request.
#[derive(Debug, clap::Args)]
pub(super) struct Filing {
    /// The day it arrived [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = answers::day)]
    pub received: Option<Date>,
    /// How it arrived
    #[arg(long, value_parser = PossibleValuesParser::new(Channel::ALL.map(|(word, _)| word)).map(channel))]
    pub channel: Option<Channel>,
    /// The reference under which the document is filed
    #[arg(long, value_name = "TEXT", value_parser = answers::reference, allow_hyphen_values = true)]
    pub reference: Option<String>,
    /// The applicant
    #[arg(long, value_name = "ADDRESS", value_parser = pasted_list::one)]
    pub from: Option<Mailbox>,
    /// Not before this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = answers::day)]
    pub effective: Option<Date>,
    /// A scanned document of it, which is copied beside the file; may be said several times
    #[arg(long, value_name = "FILE")]
    pub evidence: Vec<PathBuf>,
    /// Why, in a sentence or two
    #[arg(long, value_name = "TEXT", value_parser = answers::reason, allow_hyphen_values = true)]
    pub reason: Option<String>,
    /// The id [default: the next after the agency's newest]
    #[arg(long, value_name = "ID", value_parser = answers::new_id)]
    pub id: Option<RequestId>,
    /// Who approved it, where that has been done already
    #[arg(long, value_name = "ADDRESS", value_parser = pasted_list::one, requires = "approved")]
    pub approved_by: Option<Mailbox>,
    /// The day of that approval
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = answers::day, requires = "approved_by")]
    pub approved: Option<Date>,
    /// Write the file without showing it first
    #[arg(long)]
    pub yes: bool,
    /// Show the file, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Also make the branch request/ID, and on it a commit of this file alone; nothing is pushed
    #[arg(long)]
    pub branch: bool,
    /// The folder with the requests and their `agency.yaml`
    #[arg(
        long,
        value_name = "DIR",
        default_value = "requests",
        env = "ARKIB_REQUESTS"
    )]
    pub requests: PathBuf,
    /// Take this day for today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    pub as_of: Option<Date>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = RequestFormat::Human)]
    pub format: RequestFormat,
}

/// How the result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum RequestFormat {
    /// For people
    Human,
    /// For programs; `arkib schema new-request` describes it
    Json,
}

pub(crate) fn channel(word: String) -> Channel {
    let found = Channel::ALL.into_iter().find(|(name, _)| *name == word);
    // Only words of that list come here.
    found.map_or(Channel::Email, |(_, channel)| channel)
}

impl Filing {
    /// The day that was asked for, or the real one.
    pub(super) fn as_of(&self) -> Date {
        self.as_of.unwrap_or_else(load::today)
    }
}

/// The command line, whichever of the three it is.
pub(super) struct Asked<'a> {
    /// None to withdraw.
    pub target: Option<Target>,
    mailboxes: &'a [String],
    list: Option<&'a Path>,
    withdraws: Option<&'a RequestId>,
    pub lookup: Option<&'a Lookup>,
    pub filing: &'a Filing,
}

impl Args {
    pub(super) fn asked(&self) -> Asked<'_> {
        let (target, change) = match &self.what {
            What::Enable(change) => (Target::Enabled, change),
            What::Terminate(change) => (Target::Terminated, change),
            What::Withdraw(withdraw) => {
                return Asked {
                    target: None,
                    mailboxes: &[],
                    list: None,
                    withdraws: withdraw.withdraws.as_ref(),
                    lookup: None,
                    filing: &withdraw.filing,
                };
            }
        };
        Asked {
            target: Some(target),
            mailboxes: &change.mailboxes,
            list: change.from_file.as_deref(),
            withdraws: None,
            lookup: Some(&change.lookup),
            filing: &change.filing,
        }
    }
}

impl Asked<'_> {
    /// Everything that was said, the list's mailboxes included.
    pub(super) fn known(&self) -> Result<Known, Box<Told>> {
        let mut mailboxes = Vec::new();
        let mut wrong = Vec::new();
        for read in self
            .mailboxes
            .iter()
            .flat_map(|it| pasted_list::mailboxes(it))
        {
            match read {
                Ok(mailbox) => mailboxes.push(mailbox),
                Err(none) => wrong.push(format!("\n  {}", visible(&none.why))),
            }
        }
        if !wrong.is_empty() {
            let reason = format!("Nothing was written. Not taken:{}", wrong.concat());
            return Err(Box::new(Told {
                exit: crate::exit::Exit::Usage,
                ..Told::unwritten(reason)
            }));
        }
        if let Some(file) = self.list {
            mailboxes.extend(read_list(file).map_err(|findings| {
                let reason = format!("Nothing was written: {}.", count(&findings));
                Box::new(Told {
                    findings,
                    ..Told::unwritten(reason)
                })
            })?);
        }
        let filing = self.filing;
        Ok(Known {
            mailboxes,
            withdraws: self.withdraws.cloned(),
            received: filing.received,
            channel: filing.channel,
            reference: filing.reference.clone(),
            from: filing.from.clone(),
            effective: filing.effective,
            reason: filing.reason.clone(),
        })
    }
}

fn read_list(file: &Path) -> Result<Vec<Mailbox>, Vec<Finding>> {
    let is_input = file == Path::new("-");
    let shown: Arc<str> = match is_input {
        true => "standard input".into(),
        false => file.to_string_lossy().into(),
    };
    let bytes = if is_input {
        let mut bytes = Vec::new();
        let most = mailbox_list::LARGEST as u64 + 1;
        let read = std::io::stdin().lock().take(most).read_to_end(&mut bytes);
        read.map(|_| bytes)
    } else {
        read_bounded(file, mailbox_list::LARGEST as u64)
    };
    let bytes = bytes.map_err(|error| {
        let why = format!("the list cannot be read: {error}");
        let help = "name a file that holds one mailbox a line, or a table";
        vec![Finding::whole_file(&shown, "cannot-read", why, help)]
    })?;
    mailbox_list::mailboxes(&shown, &bytes)
}
