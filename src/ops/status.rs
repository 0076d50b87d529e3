//! `arkib status`: what was asked, approved and done, and what the portal has.

mod timeline;

use std::path::PathBuf;

use self::timeline::{Index, mailboxes_of, story};
use super::failure::Failure;
use super::session::PortalArgs;
use super::survey::{Asked, survey};
use crate::cli::Format;
use crate::domain::plan::Plan;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::load::reader::Agency;
use crate::load::{Requests, Source};
use crate::output::findings;
use crate::output::findings::count;
use crate::output::json;
use crate::output::json::ReconcileOutput;
use crate::output::pending;
use crate::output::pending::{ClosedCounts, WaitingOutput};
use crate::output::status::{StatusOutput, human};
use crate::output::writer;
use crate::output::{Reconciled, human as plans, markdown};
use crate::printer;
use crate::yaml::has_errors;

/// The version of the output.
const FORMAT: &str = "arkib.status/1";

/// Tells the story of a mailbox or of a request, or how everything stands.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib status                               what the next run would do, and what waits
  arkib status siti.aminah@agensi.example    a mailbox: its requests and its archive
  arkib status BMT-2026-0042                 a request and its mailboxes
  arkib status --all                         every request that waits, and for whom

A real portal is found and opened through the variables ARKIB_PORTAL_…, as by `arkib reconcile`
(see its --help).")]
pub struct Args {
    /// A mailbox, or the id of a request
    #[arg(value_name = "MAILBOX or ID")]
    subject: Option<String>,
    /// Every request for which something is still to be done, by whom it waits for
    #[arg(long, conflicts_with = "subject")]
    all: bool,
    /// Leave the portal alone; the records of runs alone tell what was done
    #[arg(long)]
    offline: bool,
    /// The folder of the records [default: `records` beside the agency's policy]
    #[arg(long, value_name = "DIR")]
    records: Option<PathBuf>,
    #[command(flatten)]
    requests: Requests,
    #[command(flatten)]
    portal: PortalArgs,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// What is told.
#[derive(Default)]
struct Told {
    stories: Vec<StatusOutput>,
    waiting: Vec<WaitingOutput>,
    plans: Vec<Reconciled>,
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    if args.offline && args.subject.is_none() && !args.all {
        printer::say("What the next run would do cannot be told without the portal.");
        printer::say("help: leave --offline out, or name a mailbox, a request, or --all");
        return Exit::Usage;
    }
    let source = match args.requests.load(None) {
        Ok(source) => source,
        Err(error) => {
            let reason = format!("The requests cannot be read: {error}");
            let help = Some(error.help().to_owned());
            return ended(args, args.requests.folder(), &[], reason, help);
        }
    };
    let found = &source.loaded.findings;
    if has_errors(found) {
        return ended(args, source.place(), found, count(found), None);
    }
    let runtime = match super::runtime() {
        Ok(runtime) => runtime,
        Err(reason) => return ended(args, source.place(), &[], reason, None),
    };
    match runtime.block_on(tell(args, &source)) {
        Ok(exit) => exit,
        Err(failure) => ended(args, source.place(), &[], failure.reason, failure.help),
    }
}

/// Ends a run that could tell nothing.
fn ended(
    args: &Args,
    place: String,
    found: &[Finding],
    reason: String,
    help: Option<String>,
) -> Exit {
    let shown = || {
        let help = help.iter().map(|help| format!("help: {help}\n"));
        format!("{reason}\n{}", help.collect::<String>())
    };
    match args.format {
        Format::Human => {
            printer::result(&findings::human(found));
            printer::say(shown().trim_end());
        }
        Format::Markdown => {
            let text = format!("{}{}", findings::human(found), shown());
            printer::result(&markdown::text("status", &text, writer::COMMENT));
        }
        Format::Json => {
            let findings = found.iter().map(json::finding).collect();
            let exit = json::exit(Exit::Failed, &reason).with_help(help);
            let as_of = args.requests.as_of().to_string();
            printer::result(&if args.all {
                json::render(&WaitingOutput {
                    format: pending::FORMAT,
                    agency: None,
                    requests: place,
                    as_of,
                    offline: args.offline,
                    waiting: Vec::new(),
                    notices: Vec::new(),
                    closed: ClosedCounts::default(),
                    findings,
                    exit,
                })
            } else {
                json::render(&StatusOutput {
                    format: FORMAT,
                    agency: None,
                    requests: place,
                    as_of,
                    offline: args.offline,
                    mailboxes: Vec::new(),
                    findings,
                    exit,
                })
            });
        }
    }
    Exit::Failed
}

async fn tell(args: &Args, source: &Source) -> Result<Exit, Failure> {
    let as_of = args.requests.as_of();
    let mut told = Told::default();
    for agency in &source.loaded.agencies {
        let mailboxes = args
            .subject
            .as_deref()
            .map(|subject| mailboxes_of(subject, agency));
        if mailboxes.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        let asked = Asked {
            requests: &args.requests,
            portal: &args.portal,
            records: args.records.as_deref(),
            is_offline: args.offline,
            only: mailboxes.as_deref(),
        };
        let survey = survey(&asked, source, agency).await?;
        let found = || source.loaded.findings.iter().map(json::finding).collect();
        let lives = survey.lives(agency);
        match mailboxes {
            Some(mailboxes) => {
                let index = Index::of(&mailboxes, agency, &survey, &lives);
                let stories = mailboxes.iter();
                told.stories.push(StatusOutput {
                    format: FORMAT,
                    agency: Some(agency.policy.agency.clone()),
                    requests: source.place(),
                    as_of: as_of.to_string(),
                    offline: args.offline,
                    mailboxes: stories.map(|mailbox| story(mailbox, &index)).collect(),
                    findings: found(),
                    exit: json::exit(Exit::Done, "told"),
                });
            }
            None if args.all => told.waiting.push(WaitingOutput {
                format: pending::FORMAT,
                agency: Some(agency.policy.agency.clone()),
                requests: source.place(),
                as_of: as_of.to_string(),
                offline: args.offline,
                waiting: pending::rows(&lives, as_of),
                notices: pending::undelivered(&lives, &survey.history),
                closed: pending::closed(&lives),
                findings: found(),
                exit: json::exit(Exit::Done, "told"),
            }),
            None => {
                let plan = survey.portal.map(|(_, plan)| plan);
                let overview = |plan| overview(args, source, agency, plan);
                told.plans.extend(plan.map(overview));
            }
        }
    }
    Ok(show(args, source, &told))
}

fn show(args: &Args, source: &Source, told: &Told) -> Exit {
    if let (Some(subject), []) = (&args.subject, told.stories.as_slice()) {
        let subject = crate::text::excerpt(subject, 80);
        let reason =
            format!("`{subject}` is neither a mailbox nor the id of a request of these agencies");
        return ended(args, source.place(), &[], reason, None);
    }
    match args.format {
        Format::Human => printer::result(&shown(source, told)),
        Format::Markdown => {
            let text = shown(source, told);
            printer::result(&markdown::text("status", &text, writer::COMMENT));
        }
        Format::Json if args.all => printer::result(&json::one_or_many(&told.waiting)),
        Format::Json if args.subject.is_some() => {
            printer::result(&json::one_or_many(&told.stories));
        }
        Format::Json => {
            let output = |run| ReconcileOutput::of(run, &source.loaded.findings);
            let outputs: Vec<ReconcileOutput> = told.plans.iter().map(output).collect();
            printer::result(&json::one_or_many(&outputs));
        }
    }
    Exit::Done
}

/// For people.
fn shown(source: &Source, told: &Told) -> String {
    let mut text = findings::human(&source.loaded.findings);
    let stories = told.stories.iter();
    stories.for_each(|story| text.push_str(&human(story)));
    let waiting = told.waiting.iter();
    waiting.for_each(|output| text.push_str(&pending::human(output)));
    for run in &told.plans {
        text.push_str(&plans::header(run));
        let plan = run.plan.iter();
        plan.for_each(|plan| text.push_str(&plans::plan(plan, None, false)));
    }
    text
}

fn overview(args: &Args, source: &Source, agency: &Agency, plan: Plan) -> Reconciled {
    Reconciled {
        plan: Some(plan),
        reason: "told".to_owned(),
        ..Reconciled::begin(&agency.policy, source.place(), args.requests.as_of)
    }
}
