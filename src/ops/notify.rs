//! `arkib notify`: the notices that are due (procedure step 4): the command line, and the run over
//! all agencies. What is done for each is in [`agency`].

mod agency;
mod deliver;
mod email;
mod print;
mod recording;
mod render;
mod select;
mod templates;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use super::interrupt;
use super::session::PortalOptions;
use crate::apply::Stop;
use crate::domain::mailbox::Mailbox;
use crate::domain::policy::Language;
use crate::domain::request::RequestId;
use crate::exit::Exit;
use crate::load::{Location, Source, today};
use crate::output::findings;
use crate::output::findings::count;
use crate::output::format::Format;
use crate::output::json;
use crate::output::markdown;
use crate::output::notify as report;
use crate::output::notify::{FORMAT, Notified, NotifyOutput};
use crate::output::writer;
use crate::printer;
use crate::yaml::has_errors;

/// How notices are given.
#[derive(Debug)]
pub struct Options {
    /// Where the requests are.
    pub requests: Location,
    /// Which portal, as far as the environment does not say.
    pub portal: PortalOptions,
    /// Show the notices, give and write nothing
    pub dry_run: bool,
    /// With --dry-run: show the whole text of each notice
    pub show: bool,
    /// Give them without asking
    pub yes: bool,
    /// Only about this request, or for this address; several times for several
    pub only: Vec<Only>,
    /// Give the notice that this request is at once more, whatever became of it before
    pub again: Vec<RequestId>,
    /// With --again: only for this address
    pub to: Option<Mailbox>,
    /// The folder for what is to be printed
    pub output: PathBuf,
    /// Write in this language, whatever the policy says
    pub language: Option<Language>,
    /// Let exactly the notices of this digest exceed the limit; several times for several agencies
    pub accept: Vec<String>,
    /// The folder to record the run in [default: `records` beside the agency's policy]
    pub records: Option<PathBuf>,
    /// Give notices about requests that are not committed; for rehearsals
    pub allow_uncommitted: bool,
    /// How the result is written
    pub format: Format,
}

/// What a run is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Only {
    /// About this request.
    Request(RequestId),
    /// For this address.
    Address(Mailbox),
}

/// What every agency of a run has in common.
struct Context<'a> {
    options: &'a Options,
    source: &'a Source,
    stop: Arc<Stop>,
    /// The real day.
    today: Date,
}

/// Runs the command.
pub fn run(options: &Options) -> Exit {
    let asks = !options.dry_run && !options.yes;
    if asks && (options.format != Format::Human || !printer::is_interactive()) {
        let reason =
            "nobody can be asked here: give --yes to give the notices, or --dry-run to look";
        return ended(options, None, Exit::Usage, reason, None);
    }
    let source = match options.requests.load(None) {
        Ok(source) => source,
        Err(error) => {
            let reason = format!("The requests cannot be read: {error}. Nobody was told anything.");
            let help = Some(error.help().to_owned());
            return ended(options, None, Exit::Failed, &reason, help);
        }
    };
    let found = &source.loaded.findings;
    if has_errors(found) {
        let reason = format!("{}; nobody was told anything", count(found));
        return ended(options, Some(&source), Exit::Failed, &reason, None);
    }
    if source.loaded.agencies.is_empty() {
        let reason = "Nothing to do yet: no policy is merged.";
        return ended(options, Some(&source), Exit::Done, reason, None);
    }
    let runtime = match super::runtime() {
        Ok(runtime) => runtime,
        Err(reason) => return ended(options, Some(&source), Exit::Failed, &reason, None),
    };
    show(options, || findings::human(found));
    let runs = runtime.block_on(agencies(options, &source));
    finish(options, &source, &runs);
    // A question that nobody answered any more must not keep the program.
    runtime.shutdown_background();
    runs.iter().fold(Exit::Done, |exit, run| exit.and(run.exit))
}

async fn agencies(options: &Options, source: &Source) -> Vec<Notified> {
    let context = Context {
        options,
        source,
        stop: interrupt::heed(),
        today: today(),
    };
    let mut runs: Vec<Notified> = Vec::new();
    for agency in &source.loaded.agencies {
        if !runs.is_empty() {
            show(options, || "\n".to_owned());
        }
        runs.push(agency::notify(&context, agency).await);
    }
    let agencies = &source.loaded.agencies;
    if agencies
        .iter()
        .all(|agency| agency.policy.notices.is_none())
    {
        for run in &mut runs {
            run.exit = run.exit.and(Exit::Failed);
        }
    }
    warn_of_nothing_again(options, &runs);
    runs
}

/// What was asked for by name and is not there is said.
fn warn_of_nothing_again(options: &Options, runs: &[Notified]) {
    let has_looked = |run: &Notified| matches!(run.exit, Exit::Done | Exit::Partly);
    if !runs.iter().all(has_looked) {
        return;
    }
    for id in &options.again {
        let mut notices = runs.iter().flat_map(|run| &run.notices);
        if !notices.any(|notice| notice.request == id.as_str()) {
            printer::say(&format!(
                "note: there is no notice about {id} to be given again now; `arkib status {id}` shows how far it has come"
            ));
        }
    }
}

/// Writes what comes at the end of a run; people have been told everything by then.
fn finish(options: &Options, source: &Source, runs: &[Notified]) {
    let found = &source.loaded.findings;
    match options.format {
        Format::Human => {}
        Format::Markdown => {
            let shown: Vec<String> = runs.iter().map(report::human).collect();
            let text = format!("{}{}", findings::human(found), shown.join("\n"));
            printer::result(&markdown::text("notify", &text, writer::COMMENT));
        }
        Format::Json => {
            let output = |run: &Notified| run.output(found.iter().map(json::finding).collect());
            let outputs: Vec<NotifyOutput> = runs.iter().map(output).collect();
            printer::result(&json::one_or_many(&outputs));
        }
    }
}

/// Ends a run that never came to an agency.
fn ended(
    options: &Options,
    source: Option<&Source>,
    exit: Exit,
    reason: &str,
    help: Option<String>,
) -> Exit {
    let none = Vec::new();
    let found = source.map_or(&none, |source| &source.loaded.findings);
    let helps = help.iter().map(|help| format!("\nhelp: {help}"));
    let said = format!("{reason}{}", helps.collect::<String>());
    match options.format {
        Format::Human => {
            printer::result(&findings::human(found));
            printer::say(&said);
        }
        Format::Markdown => {
            let text = format!("{}{said}\n", findings::human(found));
            printer::result(&markdown::text("notify", &text, writer::COMMENT));
        }
        Format::Json => {
            let output = NotifyOutput {
                format: FORMAT,
                agency: None,
                requests: source.map_or_else(|| options.requests.folder(), Source::place),
                notices: Vec::new(),
                doubts: Vec::new(),
                digest: None,
                record: None,
                findings: found.iter().map(json::finding).collect(),
                exit: json::exit(exit, reason).with_help(help),
            };
            printer::result(&json::render(&output));
        }
    }
    exit
}

/// Prints for people; for programs everything comes at the end.
fn show(options: &Options, text: impl FnOnce() -> String) {
    if options.format == Format::Human {
        printer::result(&text());
    }
}
