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
use super::session::PortalArgs;
use crate::apply::Stop;
use crate::cli::Format;
use crate::domain::mailbox::Mailbox;
use crate::domain::plan::Digest;
use crate::domain::policy::Language;
use crate::domain::request::RequestId;
use crate::exit::Exit;
use crate::load::{Requests, Source, today};
use crate::output::findings;
use crate::output::findings::count;
use crate::output::json;
use crate::output::markdown;
use crate::output::notify as report;
use crate::output::notify::{FORMAT, Notified, NotifyOutput};
use crate::output::writer;
use crate::printer;
use crate::yaml::has_errors;

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
    #[arg(long, value_name = "ms or en", value_parser = language)]
    language: Option<Language>,
    /// Let exactly the notices of this digest exceed the limit; several times for several agencies
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
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

/// What a run is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Only {
    Request(RequestId),
    Address(Mailbox),
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

fn language(text: &str) -> Result<Language, String> {
    let mut known = Language::ALL.into_iter();
    known
        .find(|language| language.as_str() == text)
        .ok_or_else(|| "expected ms or en".to_owned())
}

fn digest(text: &str) -> Result<String, String> {
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !(Digest::SHORTEST..=64).contains(&text.len()) || !is_hex {
        return Err(format!(
            "a digest has {} to 64 hexadecimal digits; the refused run shows it",
            Digest::SHORTEST
        ));
    }
    Ok(text.to_ascii_lowercase())
}

/// What every agency of a run has in common.
struct Context<'a> {
    args: &'a Args,
    source: &'a Source,
    stop: Arc<Stop>,
    /// The real day.
    today: Date,
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    let asks = !args.dry_run && !args.yes;
    if asks && (args.format != Format::Human || !printer::is_interactive()) {
        let reason =
            "nobody can be asked here: give --yes to give the notices, or --dry-run to look";
        return ended(args, None, Exit::Usage, reason, None);
    }
    let source = match args.requests.load(None) {
        Ok(source) => source,
        Err(error) => {
            let reason = format!("The requests cannot be read: {error}. Nobody was told anything.");
            let help = Some(error.help().to_owned());
            return ended(args, None, Exit::Failed, &reason, help);
        }
    };
    let found = &source.loaded.findings;
    if has_errors(found) {
        let reason = format!("{}; nobody was told anything", count(found));
        return ended(args, Some(&source), Exit::Failed, &reason, None);
    }
    if source.loaded.agencies.is_empty() {
        let reason = "Nothing to do yet: no policy is merged.";
        return ended(args, Some(&source), Exit::Done, reason, None);
    }
    let runtime = match super::runtime() {
        Ok(runtime) => runtime,
        Err(reason) => return ended(args, Some(&source), Exit::Failed, &reason, None),
    };
    show(args, || findings::human(found));
    let runs = runtime.block_on(agencies(args, &source));
    finish(args, &source, &runs);
    // A question that nobody answered any more must not keep the program.
    runtime.shutdown_background();
    runs.iter().fold(Exit::Done, |exit, run| exit.and(run.exit))
}

async fn agencies(args: &Args, source: &Source) -> Vec<Notified> {
    let context = Context {
        args,
        source,
        stop: interrupt::heed(),
        today: today(),
    };
    let mut runs: Vec<Notified> = Vec::new();
    for agency in &source.loaded.agencies {
        if !runs.is_empty() {
            show(args, || "\n".to_owned());
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
    warn_of_nothing_again(args, &runs);
    runs
}

/// What was asked for by name and is not there is said.
fn warn_of_nothing_again(args: &Args, runs: &[Notified]) {
    let has_looked = |run: &Notified| matches!(run.exit, Exit::Done | Exit::Partly);
    if !runs.iter().all(has_looked) {
        return;
    }
    for id in &args.again {
        let mut notices = runs.iter().flat_map(|run| &run.notices);
        if !notices.any(|notice| notice.request == id.as_str()) {
            printer::say(&format!(
                "note: there is no notice about {id} to be given again now; `arkib status {id}` shows how far it has come"
            ));
        }
    }
}

/// Writes what comes at the end of a run; people have been told everything by then.
fn finish(args: &Args, source: &Source, runs: &[Notified]) {
    let found = &source.loaded.findings;
    match args.format {
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
    args: &Args,
    source: Option<&Source>,
    exit: Exit,
    reason: &str,
    help: Option<String>,
) -> Exit {
    let none = Vec::new();
    let found = source.map_or(&none, |source| &source.loaded.findings);
    let helps = help.iter().map(|help| format!("\nhelp: {help}"));
    let said = format!("{reason}{}", helps.collect::<String>());
    match args.format {
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
                requests: source.map_or_else(|| args.requests.folder(), Source::place),
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
fn show(args: &Args, text: impl FnOnce() -> String) {
    if args.format == Format::Human {
        printer::result(&text());
    }
}
