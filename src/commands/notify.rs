//! The command line of `arkib notify`.

use std::path::PathBuf;

use super::arguments::{PortalArgs, RequestsLocationArgs, parse_commit_name, parse_notices_digest};
use crate::commands::arguments::localized_parser;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::RequestId;
use crate::exit::Exit;
use crate::language::Language;
use crate::ops::notify;
use crate::ops::notify::{NoticeFilter, Options, parse_request_id};
use crate::output::format::Format;

/// Sends or prints the notices that are due.
///
/// They tell users and applicants how far their requests are. A notice uses the channel of the request: e-mail, or a memo, letter or form to print. Only the
/// notice for the current stage of a request is due. Requests received before the day in the
/// policy's `notices` get none.
#[derive(Debug, clap::Args)]
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
    #[arg(long, value_name = "ID or ADDRESS", value_parser = localized_parser(NoticeFilter::parse))]
    only: Vec<NoticeFilter>,
    /// Repeat the current notice of this request, even if it was given before; without --only, give no
    /// other
    #[arg(long, value_name = "ID", value_parser = localized_parser(parse_request_id))]
    again: Vec<RequestId>,
    /// With --again: send only to this address
    #[arg(long, value_name = "ADDRESS", value_parser = localized_parser(Mailbox::parse), requires = "again")]
    to: Option<Mailbox>,
    /// The folder for pages to print
    #[arg(long, value_name = "DIR", default_value = "notices")]
    output: PathBuf,
    /// Allow exactly the notices with this digest to exceed the limit; repeat for several agencies
    #[arg(long, value_name = "DIGEST", value_parser = parse_notices_digest, help_heading = "Limits")]
    accept: Vec<Option<String>>,
    /// The folder with the records of earlier runs; this run is recorded there, too [default:
    /// `records` next to the agency's policy]
    #[arg(long, value_name = "DIR", help_heading = "Records")]
    records: Option<PathBuf>,
    /// Keep the records on this branch of the remote repository: fetched before the run, pushed after it
    #[arg(long, value_name = "NAME", conflicts_with = "records", value_parser = parse_commit_name, help_heading = "Records")]
    records_branch: Option<String>,
    /// Allow requests that are not committed; for rehearsals
    #[arg(long, conflicts_with = "reference", help_heading = "Requests")]
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
