//! `arkib status`: what was asked, approved and done, and what the portal has.

mod timeline;

use std::path::PathBuf;

use self::timeline::{Index, mailboxes_of, story};
use super::failure::Failure;
use super::session::PortalOptions;
use super::survey::{Observer, survey};
use crate::domain::agency::Agency;
use crate::domain::plan::Plan;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::load::{Location, Source};
use crate::output::findings;
use crate::output::findings::count;
use crate::output::format::Format;
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

/// What is asked.
#[derive(Debug)]
pub struct Options {
    /// A mailbox, or the id of a request
    pub subject: Option<String>,
    /// Every request for which something is still to be done, by whom it waits for
    pub all: bool,
    /// Leave the portal alone; the records of runs alone tell what was done
    pub offline: bool,
    /// The folder of the records [default: `records` beside the agency's policy]
    pub records: Option<PathBuf>,
    /// Where the requests are.
    pub requests: Location,
    /// Which portal, as far as the environment does not say.
    pub portal: PortalOptions,
    /// How the result is written
    pub format: Format,
}

/// What is told.
#[derive(Default)]
struct Told {
    stories: Vec<StatusOutput>,
    waiting: Vec<WaitingOutput>,
    plans: Vec<Reconciled>,
}

/// Runs the command.
pub fn run(options: &Options) -> Exit {
    if options.offline && options.subject.is_none() && !options.all {
        printer::say("What the next run would do cannot be told without the portal.");
        printer::say("help: leave --offline out, or name a mailbox, a request, or --all");
        return Exit::Usage;
    }
    let source = match options.requests.load(None) {
        Ok(source) => source,
        Err(error) => {
            let reason = format!("The requests cannot be read: {error}");
            let failure = Failure::failed(reason, error.help());
            return ended(options, options.requests.folder(), &[], failure);
        }
    };
    let found = &source.loaded.findings;
    if has_errors(found) {
        let failure = Failure::failed(count(found), "");
        return ended(options, source.place(), found, failure);
    }
    let runtime = match super::runtime() {
        Ok(runtime) => runtime,
        Err(reason) => {
            let failure = Failure::failed(reason, "");
            return ended(options, source.place(), &[], failure);
        }
    };
    match runtime.block_on(tell(options, &source)) {
        Ok(exit) => exit,
        Err(failure) => ended(options, source.place(), &[], failure),
    }
}

/// Ends a run that could tell nothing.
fn ended(options: &Options, place: String, found: &[Finding], failure: Failure) -> Exit {
    let Failure {
        exit: status,
        reason,
        help,
        ..
    } = failure;
    let shown = || {
        let help = help.iter().map(|help| format!("help: {help}\n"));
        format!("{reason}\n{}", help.collect::<String>())
    };
    match options.format {
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
            let exit = json::exit(status, &reason).with_help(help);
            let as_of = options.requests.as_of().to_string();
            printer::result(&if options.all {
                json::render(&WaitingOutput {
                    format: pending::FORMAT,
                    agency: None,
                    requests: place,
                    as_of,
                    offline: options.offline,
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
                    offline: options.offline,
                    mailboxes: Vec::new(),
                    findings,
                    exit,
                })
            });
        }
    }
    status
}

async fn tell(options: &Options, source: &Source) -> Result<Exit, Failure> {
    let as_of = options.requests.as_of();
    let records = options.records.as_deref();
    let mut observer = Observer::new(source, &options.requests, &options.portal, records);
    let mut told = Told::default();
    for agency in &source.loaded.agencies {
        let mailboxes = options
            .subject
            .as_deref()
            .map(|subject| mailboxes_of(subject, agency));
        if mailboxes.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        let only = mailboxes.as_deref();
        let survey = survey(&mut observer, agency, only, options.offline).await?;
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
                    offline: options.offline,
                    mailboxes: stories.map(|mailbox| story(mailbox, &index)).collect(),
                    findings: found(),
                    exit: json::exit(Exit::Done, "told"),
                });
            }
            None if options.all => told.waiting.push(WaitingOutput {
                format: pending::FORMAT,
                agency: Some(agency.policy.agency.clone()),
                requests: source.place(),
                as_of: as_of.to_string(),
                offline: options.offline,
                waiting: pending::rows(&lives, as_of),
                notices: pending::undelivered(&lives, &survey.history),
                closed: pending::closed(&lives),
                findings: found(),
                exit: json::exit(Exit::Done, "told"),
            }),
            None => {
                let plan = survey.portal.map(|(_, plan)| plan);
                let overview = |plan| overview(options, source, agency, plan);
                told.plans.extend(plan.map(overview));
            }
        }
    }
    observer.session.close().await;
    Ok(show(options, source, &told))
}

fn show(options: &Options, source: &Source, told: &Told) -> Exit {
    if let (Some(subject), []) = (&options.subject, told.stories.as_slice()) {
        let subject = crate::text::excerpt(subject, 80);
        let reason =
            format!("`{subject}` is neither a mailbox nor the id of a request of these agencies");
        return ended(options, source.place(), &[], Failure::failed(reason, ""));
    }
    match options.format {
        Format::Human => printer::result(&shown(source, told)),
        Format::Markdown => {
            let text = shown(source, told);
            printer::result(&markdown::text("status", &text, writer::COMMENT));
        }
        Format::Json if options.all => printer::result(&json::one_or_many(&told.waiting)),
        Format::Json if options.subject.is_some() => {
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

fn overview(options: &Options, source: &Source, agency: &Agency, plan: Plan) -> Reconciled {
    Reconciled {
        plan: Some(plan),
        reason: "told".to_owned(),
        ..Reconciled::begin(&agency.policy, source.place(), options.requests.as_of)
    }
}
