//! The command line of `arkib notify`.

use std::path::PathBuf;

use super::arguments::{PortalArgs, RequestsLocationArgs, parse_commit_name, parse_notices_digest};
use crate::commands::arguments::value_of;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::RequestId;
use crate::exit::Exit;
use crate::language::Language;
use crate::ops::notify;
use crate::ops::notify::{NoticeFilter, Options, parse_request_id};
use crate::output::format::Format;

/// Sends or prints the notices that are due, so that users and applicants know how far
/// their requests are.
///
/// A notice uses the channel of the request: e-mail, or a memo, letter or form to print. Only the
/// notice for the current stage of a request is due. Requests received before the day in the
/// policy's `notices` get none.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib notify --dry-run               show the notices and their channels
  arkib notify --dry-run --show        also show the full text of each notice
  arkib notify                         show them, ask, then send or print them
  arkib notify --yes --output notices  in CI; pages to print go into this folder
  arkib notify --only BMT-2026-0042    only about this request
  arkib notify --again BMT-2026-0042 --to siti@agensi.example  repeat one notice

Nobody gets the same notice twice without --again. Each notice is recorded, and
the record is on disk, before the mail server gets the text or the file is made.
If a run is killed in between, the notice is `unknown`: arkib reports it and
repeats it only with --again. This needs the records of earlier runs, so keep
the folder `records` (in CI, commit it after each run). On one machine, a second
run with the same records waits a minute for the first one. Runs on two
machines do not know of each other: let CI run one at a time, and start each
with the records of the one before.

The environment says where the mail server is. It is used only for e-mail:
  ARKIB_SMTP_URL            smtps://host (TLS) or smtp://host:587 (STARTTLS,
                            required); without TLS only on this machine,
                            such as smtp://127.0.0.1:2525
  ARKIB_SMTP_USER           the user name, if the server requires a login
  ARKIB_SMTP_PASSWORD_FILE  a file with the password; or ARKIB_SMTP_PASSWORD,
                            the password itself
  ARKIB_SMTP_CA             PEM file with the authorities to trust, instead of
                            those of the system

Templates in the folder `templates` next to the policy replace those of arkib:
email.txt, email.html, memo.html, letter.html, form.html, letterhead.html,
copies.html, print.css.
docs/en/NOTICES.md describes their variables.")]
pub struct Args {
    #[command(flatten)]
    requests: RequestsLocationArgs,
    #[command(flatten)]
    portal: PortalArgs,
    /// Show the notices; send, print and record nothing
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// With --dry-run: show the full text of each notice
    #[arg(long, requires = "dry_run")]
    show: bool,
    /// Do not ask first
    #[arg(long)]
    yes: bool,
    /// Only about this request or to this address; may be repeated
    #[arg(long, value_name = "ID or ADDRESS", value_parser = value_of(NoticeFilter::parse))]
    only: Vec<NoticeFilter>,
    /// Repeat the current notice of this request, even if it was given before
    #[arg(long, value_name = "ID", value_parser = value_of(parse_request_id))]
    again: Vec<RequestId>,
    /// With --again: send only to this address
    #[arg(long, value_name = "ADDRESS", value_parser = value_of(Mailbox::parse), requires = "again")]
    to: Option<Mailbox>,
    /// The folder for pages to print
    #[arg(long, value_name = "DIR", default_value = "notices")]
    output: PathBuf,
    /// Allow exactly the notices with this digest to exceed the limit; repeat for several agencies
    #[arg(long, value_name = "DIGEST", value_parser = parse_notices_digest)]
    accept: Vec<Option<String>>,
    /// The folder with the records of earlier runs; this run is recorded there, too [default:
    /// `records` next to the agency's policy]
    #[arg(long, value_name = "DIR")]
    records: Option<PathBuf>,
    /// Keep the records on this branch of the remote repository: fetched before the run, pushed after it
    #[arg(long, value_name = "NAME", conflicts_with = "records", value_parser = parse_commit_name)]
    records_branch: Option<String>,
    /// Allow requests that are not committed; for rehearsals
    #[arg(long, conflicts_with = "reference")]
    allow_uncommitted: bool,
    /// The format of the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Runs the command; the notices have this language, or the policy's.
pub fn run(args: Args, language: Option<Language>) -> Exit {
    notify::run(Options {
        requests: args.requests.into(),
        portal: args.portal.into(),
        dry_run: args.dry_run,
        show: args.show,
        yes: args.yes,
        only: args.only,
        again: args.again,
        to: args.to,
        output: args.output,
        language,
        accept: args.accept.into_iter().flatten().collect(),
        records: args.records,
        records_branch: args.records_branch,
        allow_uncommitted: args.allow_uncommitted,
        format: args.format,
    })
}
