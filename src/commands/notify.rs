//! The command line of `arkib notify`.

use std::path::PathBuf;

use super::arguments::{PortalArgs, Requests, notices_digest};
use crate::domain::mailbox::Mailbox;
use crate::domain::policy::Language;
use crate::domain::request::RequestId;
use crate::exit::Exit;
use crate::ops::notify;
use crate::ops::notify::{Only, Options};
use crate::output::format::Format;

/// Gives the notices that are due: tells each user and applicant how far their request has come.
///
/// A request is answered by the channel it came by: by e-mail, or by a memo, letter or form to print.
/// Only the notice of the stage that a request is in now is due, and only requests received since
/// the day in the policy's `notices` count.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib notify --dry-run                  who would be told what, and by which channel
  arkib notify --dry-run --show           with the whole text of each notice
  arkib notify                            show it, ask, give the notices
  arkib notify --yes --output notices     in CI; what is to be printed goes into this folder
  arkib notify --only BMT-2026-0042       about this request alone
  arkib notify --again BMT-2026-0042 --to siti@agensi.example   give one once more

What is guaranteed: nobody is given the same notice twice by itself. Each is recorded, and synced,
before the mail server has its text or its file is made; a run that is killed in between leaves it
`unknown`, which is told and never given again without --again. This holds as long as the records
of earlier runs are there: keep the folder `records` (in CI, commit it after each run). On one machine
runs over the same records take turns. Runs on two machines do not know of each other: let CI run
one at a time, and let each begin with the records of the one before.

A mail server is found through the environment, and only where a message is due:
  ARKIB_SMTP_URL            smtps://host (TLS), or smtp://host:587 (STARTTLS, which must be offered);
                            without TLS only on this machine, such as smtp://127.0.0.1:2525
  ARKIB_SMTP_USER           the name to log in with, where the server wants one, and
  ARKIB_SMTP_PASSWORD_FILE  a file with its password; or ARKIB_SMTP_PASSWORD, the password itself
  ARKIB_SMTP_CA             PEM file of the authorities to trust, in place of the system's

Templates in the folder `templates` beside the policy replace arkib's own: email.txt, email.html,
memo.html, letter.html, form.html, print.css. docs/NOTICES.md says what they are given.")]
pub struct Args {
    #[command(flatten)]
    requests: Requests,
    #[command(flatten)]
    portal: PortalArgs,
    /// Show the notices, give and write nothing
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// With --dry-run: show the whole text of each notice
    #[arg(long, requires = "dry_run")]
    show: bool,
    /// Give them without asking
    #[arg(long)]
    yes: bool,
    /// Only about this request, or for this address; several times for several
    #[arg(long, value_name = "ID or ADDRESS", value_parser = only)]
    only: Vec<Only>,
    /// Give the notice that this request is at once more, whatever became of it before
    #[arg(long, value_name = "ID", value_parser = id)]
    again: Vec<RequestId>,
    /// With --again: only for this address
    #[arg(long, value_name = "ADDRESS", value_parser = Mailbox::parse, requires = "again")]
    to: Option<Mailbox>,
    /// The folder for what is to be printed
    #[arg(long, value_name = "DIR", default_value = "notices")]
    output: PathBuf,
    /// Write in this language, whatever the policy says
    #[arg(long, value_enum)]
    language: Option<Language>,
    /// Let exactly the notices of this digest exceed the limit; several times for several agencies
    #[arg(long, value_name = "DIGEST", value_parser = notices_digest)]
    accept: Vec<String>,
    /// The folder to record the run in [default: `records` beside the agency's policy]
    #[arg(long, value_name = "DIR")]
    records: Option<PathBuf>,
    /// Give notices about requests that are not committed; for rehearsals
    #[arg(long, conflicts_with = "reference")]
    allow_uncommitted: bool,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    notify::run(&Options {
        requests: args.requests.into(),
        portal: args.portal.into(),
        dry_run: args.dry_run,
        show: args.show,
        yes: args.yes,
        only: args.only,
        again: args.again,
        to: args.to,
        output: args.output,
        language: args.language,
        accept: args.accept,
        records: args.records,
        allow_uncommitted: args.allow_uncommitted,
        format: args.format,
    })
}

fn only(text: &str) -> Result<Only, String> {
    if text.contains('@') {
        let mailbox = Mailbox::parse(text).map_err(|why| why.to_string())?;
        return Ok(Only::Address(mailbox));
    }
    id(text).map(Only::Request)
}

fn id(text: &str) -> Result<RequestId, String> {
    RequestId::parse(text)
        .ok_or_else(|| "expected the id of a request, such as BMT-2026-0042".to_owned())
}
