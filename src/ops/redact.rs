//! `arkib redact`: takes a person out of requests and records, on the word of whoever may say so,
//! in such a way that everything still verifies (procedure section 6).

mod carry_out;
mod due;
mod gather;
mod told;

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use self::gather::{Refusal, Work, gather};
pub use self::told::RedactOutput;
use super::records::folder_of;
use crate::cli::Format;
use crate::domain::calendar::parse_day;
use crate::domain::mailbox::Mailbox;
use crate::domain::personal::mentions;
use crate::exit::Exit;
use crate::journal::lock::Turn;
use crate::load::{Requests, Source};
use crate::output::findings::{count, plural};
use crate::output::writer;
use crate::output::{findings, json, markdown};
use crate::printer;
use crate::text::{is_unsafe, visible};
use crate::yaml::has_errors;

/// Takes a person's data out of requests and records, so that everything still verifies.
///
/// A mailbox goes from all requests of its agency at once, and events that name it from all records;
/// each request and a record of its own say on whose word and why. It is refused while an archive is
/// to be there, a request waits, or a run is under way.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib redact --list                            whose requests are all closed, and since when they may go
  arkib redact rosli@agensi.example --by pentadbir.uc@agensi.example \\
    --reason 'Tempoh simpanan tamat' --dry-run   what would be taken out, and what stays
  the same without --dry-run                     show it, ask, do it

Commits that are there already keep what they hold: docs/RETENTION.md says what to do about that.")]
pub struct Args {
    /// Whose data: addresses of mailboxes or applicants
    #[arg(value_name = "MAILBOX", value_parser = Mailbox::parse, required_unless_present = "list")]
    mailboxes: Vec<Mailbox>,
    /// On whose word: one of the policy's approvers
    #[arg(long, value_name = "ADDRESS", value_parser = Mailbox::parse, required_unless_present = "list")]
    by: Option<Mailbox>,
    /// Why, without personal data
    #[arg(long, value_name = "TEXT", value_parser = reason, required_unless_present = "list")]
    reason: Option<String>,
    /// Also the whole reason of each request that named them, which may name a person in words
    #[arg(long)]
    reasons: bool,
    /// Also the documents of each request that named them; their files are deleted
    #[arg(long)]
    evidence: bool,
    /// Show what would be taken out and change nothing
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// Do it without asking
    #[arg(long)]
    yes: bool,
    /// List the mailboxes whose requests are all closed, and when the policy's retention_years are over
    #[arg(long, conflicts_with_all = ["mailboxes", "by", "reason", "reasons", "evidence", "dry_run", "yes"])]
    list: bool,
    /// The folder with the requests and their `agency.yaml`
    #[arg(
        long,
        value_name = "DIR",
        default_value = "requests",
        env = "ARKIB_REQUESTS"
    )]
    requests: PathBuf,
    /// The folder of the records [default: `records` beside the agency's policy]
    #[arg(long, value_name = "DIR")]
    records: Option<PathBuf>,
    /// Take this day for today
    #[arg(long = "as-of", value_name = "YYYY-MM-DD", value_parser = parse_day)]
    as_of: Option<Date>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

fn reason(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() || text.chars().count() > 500 || text.chars().any(is_unsafe) {
        return Err("expected a sentence of at most 500 characters on one line");
    }
    Ok(text.trim().to_owned())
}

/// What is asked for, and where.
struct Wanted<'a> {
    people: &'a [Mailbox],
    by: &'a Mailbox,
    reason: &'a str,
    reasons: bool,
    evidence: bool,
    as_of: Date,
    requests: &'a Requests,
    folder: &'a Path,
    records: Option<&'a Path>,
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    let asks = !args.list && !args.dry_run && !args.yes;
    if asks && (args.format != Format::Human || !printer::is_interactive()) {
        let why = "nobody can be asked here: give --yes to do it, or --dry-run to look";
        return ended(args, begun(), Exit::Usage, why, None);
    }
    let requests = Requests {
        requests: args.requests.clone(),
        reference: None,
        as_of: args.as_of,
    };
    let source = match requests.load(None) {
        Ok(source) => source,
        Err(error) => {
            let why = format!("The requests cannot be read: {error}");
            return ended(
                args,
                begun(),
                Exit::Failed,
                &why,
                Some(error.help().to_owned()),
            );
        }
    };
    let found = &source.loaded.findings;
    if has_errors(found) {
        if args.format == Format::Human {
            printer::result(&findings::human(found));
        }
        let why = format!("{}; nothing was changed", count(found));
        let help = "run `arkib check` to see them, and mend them first".to_owned();
        return ended(args, begun(), Exit::Failed, &why, Some(help));
    }
    match (&args.by, &args.reason) {
        (Some(by), Some(reason)) => redact(
            args,
            &source,
            &Wanted {
                people: &args.mailboxes,
                by,
                reason,
                reasons: args.reasons,
                evidence: args.evidence,
                as_of: requests.as_of(),
                requests: &requests,
                folder: &args.requests,
                records: args.records.as_deref(),
            },
        ),
        _ => list(args, &source, requests.as_of()),
    }
}

fn redact(args: &Args, source: &Source, wanted: &Wanted<'_>) -> Exit {
    let mut output = begun();
    // Two at once would each write over what the other took out.
    let turns = match args.dry_run {
        true => Ok(Vec::new()),
        false => turns(wanted, source),
    };
    let work = match turns.and_then(|turns| Ok((turns, works(wanted, source)?))) {
        Ok(work) => work,
        Err((why, help)) => {
            let why = format!("Refused: {why}. Nothing was changed.");
            return ended(args, output, Exit::Refused, &why, Some(help));
        }
    };
    let (_turns, work) = work;
    for work in &work {
        output.requests.extend(told::requests(work));
        output.records.extend(told::records(work));
        output.notes.extend(work.notes.iter().cloned());
    }
    let people: Vec<&str> = wanted.people.iter().map(Mailbox::as_str).collect();
    if output.requests.is_empty() && output.records.is_empty() {
        let why = format!("There is nothing to take out: {}", people.join(", "));
        return ended(args, output, Exit::Done, &why, None);
    }
    let what = format!(
        "{} and {}",
        plural(output.requests.len(), "request", "requests"),
        plural(output.records.len(), "record", "records")
    );
    if args.dry_run {
        let why = format!("Dry run: {what} would be changed; nothing was.");
        return ended(args, output, Exit::Done, &why, None);
    }
    if !args.yes {
        printer::result(&told::human(&output));
        let question = format!("Take them out of {what}? This cannot be undone here. yes/no:");
        if !printer::confirm(&question) {
            printer::say("Not confirmed: nothing was changed.");
            return Exit::Failed;
        }
    }
    match carry_out(wanted, &work, source) {
        Ok(()) => {
            output.done = true;
            let why = format!("Done: they are taken out of {what}.");
            ended(args, output, Exit::Done, &why, None)
        }
        Err(why) => {
            let help = "mend that and run the same command again; it goes on where it stopped";
            ended(args, output, Exit::Partly, &why, Some(help.to_owned()))
        }
    }
}

/// While this run has them, no other redacts, or gives notices, from the same records.
fn turns(wanted: &Wanted<'_>, source: &Source) -> Result<Vec<Turn>, Refusal> {
    let mut turns = Vec::new();
    for agency in &source.loaded.agencies {
        let (folder, shown) = folder_of(wanted.requests, wanted.records, source, agency)?;
        let taken = Turn::take(&folder).map_err(|error| {
            let why = format!("{} cannot be locked: {error}", visible(&shown));
            (why, "mend the permissions of the folder".to_owned())
        })?;
        turns.push(taken.ok_or_else(|| {
            let why = format!("another run is at work on {}", visible(&shown));
            (
                why,
                "wait until it has ended, and run arkib again".to_owned(),
            )
        })?);
    }
    Ok(turns)
}

/// What is to be done in each agency.
fn works(wanted: &Wanted<'_>, source: &Source) -> Result<Vec<Work>, Refusal> {
    if mentions(wanted.reason, wanted.people) {
        let why = "the reason names the address that is to go";
        return Err((why.to_owned(), "say it without personal data".to_owned()));
    }
    if wanted.people.contains(wanted.by) {
        let why = format!("{} would decide about their own data", wanted.by);
        return Err((
            why,
            "let another of the policy's approvers decide it".to_owned(),
        ));
    }
    let agencies = source.loaded.agencies.iter();
    let works = agencies.map(|agency| gather(wanted, source, agency));
    works.filter_map(Result::transpose).collect()
}

fn carry_out(wanted: &Wanted<'_>, works: &[Work], source: &Source) -> Result<(), String> {
    let runtime = super::runtime()?;
    for work in works.iter().filter(|it| it.has_work()) {
        runtime.block_on(carry_out::carry_out(wanted, work))?;
    }
    // What was written is read once more.
    let again = Requests {
        requests: wanted.requests.requests.clone(),
        reference: None,
        as_of: wanted.requests.as_of,
    };
    let read = again.load(None).map_err(|error| error.to_string())?;
    if has_errors(&read.loaded.findings) {
        return Err(format!("afterwards, {}", count(&read.loaded.findings)));
    }
    let left = self::works(wanted, &read).map_err(|(why, _)| why)?;
    if left.iter().any(Work::has_work) || read.loaded.agencies.len() != source.loaded.agencies.len()
    {
        return Err("afterwards, something is still there".to_owned());
    }
    Ok(())
}

impl Work {
    fn has_work(&self) -> bool {
        !self.requests.is_empty() || !self.records.is_empty()
    }
}

fn list(args: &Args, source: &Source, as_of: Date) -> Exit {
    let mut output = begun();
    for agency in &source.loaded.agencies {
        match agency.policy.retention_years {
            Some(years) => output.closed.extend(due::due(agency, as_of, years)),
            None => output.notes.push(format!(
                "{} does not say for how long requests are kept: add `retention_years: 7`, or as many as your agency's rules say",
                visible(&agency.policy.file)
            )),
        }
    }
    let may_go = output.closed.iter().filter(|it| it.may_go).count();
    let why = format!(
        "{} closed, {may_go} of them past the time for which they are kept",
        plural(output.closed.len(), "mailbox", "mailboxes")
    );
    ended(args, output, Exit::Done, &why, None)
}

fn begun() -> RedactOutput {
    RedactOutput {
        format: "arkib.redact/1",
        done: false,
        requests: Vec::new(),
        records: Vec::new(),
        notes: Vec::new(),
        closed: Vec::new(),
        exit: json::exit(Exit::Done, ""),
    }
}

fn ended(
    args: &Args,
    mut output: RedactOutput,
    exit: Exit,
    reason: &str,
    help: Option<String>,
) -> Exit {
    output.exit = json::exit(exit, reason).with_help(help.clone());
    let has_work = !output.requests.is_empty() || !output.records.is_empty();
    // Whoever was asked has seen it.
    let is_told = output.done && !args.yes;
    let text = || {
        let mut text = match is_told {
            true => String::new(),
            false => told::human(&output),
        };
        text.push_str(&told::list(&output.closed));
        text.push_str(reason);
        text.push('\n');
        if has_work && matches!(exit, Exit::Done | Exit::Partly) {
            text.push_str(told::HISTORY);
        }
        text
    };
    match args.format {
        Format::Json => printer::result(&json::render(&output)),
        Format::Markdown => {
            let help = help.map_or_else(String::new, |help| format!("help: {help}\n"));
            let text = format!("{}{help}", text());
            printer::result(&markdown::text("redact", &text, writer::COMMENT));
        }
        Format::Human if exit == Exit::Done => printer::result(&text()),
        Format::Human => {
            printer::say(text().trim_end());
            if let Some(help) = help {
                printer::say(&format!("help: {help}"));
            }
        }
    }
    exit
}
