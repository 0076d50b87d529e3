//! `arkib register`: the register of requests and what became of them (procedure section 6).

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf, absolute};

use clap::ValueEnum;
use jiff::Timestamp;

use super::failure::Failure;
use super::session::PortalArgs;
use super::survey::{Asked, survey};
use crate::domain::policy::Language;
use crate::domain::register::{Around, Links, Page, Period, Register, csv, html, register};
use crate::exit::Exit;
use crate::finding::Finding;
use crate::load::{Requests, Source};
use crate::output::findings;
use crate::output::findings::{count, plural};
use crate::output::json;
use crate::output::markdown;
use crate::output::register::{FORMAT, RegisterOutput, text};
use crate::output::writer;
use crate::printer;
use crate::text::visible;
use crate::yaml::has_errors;

/// The page's file, where none is named.
const PAGE: &str = "register.html";
/// Standard output, as a file.
const STDOUT: &str = "-";

/// Writes the register of requests and what became of them.
///
/// Every request from its receipt to the notices about it, as one page that needs no network, or
/// as CSV, JSON or Markdown. It holds personal data: who may read the requests may read it, and
/// nobody else.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib register                                  the page, register.html, of every request
  arkib register --period 2026 -o 2026.html       of those received in 2026
  arkib register --format csv -o register.csv     for a spreadsheet, one line a request and mailbox
  arkib register --offline --format json          what the records tell, without the portal

In CSV a cell that a spreadsheet would take for a formula (it begins with = + - or @) begins with
an apostrophe. A real portal is found and opened through the variables ARKIB_PORTAL_…, as by
`arkib reconcile` (see its --help).")]
pub struct Args {
    /// How the register is written
    #[arg(long, value_enum, default_value_t = Format::Html)]
    format: Format,
    /// The file that it is written to, `-` for standard output
    /// [default: register.html for the page, else standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only requests received then: 2026, 2026-01, 2026-01-31, or two of these as FROM..TO
    #[arg(long, value_name = "PERIOD", value_parser = Period::parse)]
    period: Option<Period>,
    /// Leave the portal alone; the records of runs alone tell what was done
    #[arg(long)]
    offline: bool,
    /// The language that the page opens in; it can be switched there [default: the policy's]
    #[arg(long, value_enum)]
    language: Option<Spoken>,
    #[command(flatten)]
    requests: Requests,
    /// The folder of the records [default: `records` beside the agency's policy]
    #[arg(long, value_name = "DIR")]
    records: Option<PathBuf>,
    #[command(flatten)]
    portal: PortalArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A page for people, in one file
    Html,
    /// For spreadsheets
    Csv,
    /// For programs; `arkib schema register` describes it
    Json,
    /// For a comment
    Markdown,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Spoken {
    /// Malay
    Ms,
    /// English
    En,
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    let made_at = Timestamp::now();
    let source = match args.requests.load(None) {
        Ok(source) => source,
        Err(error) => {
            let reason = format!("The requests cannot be read: {error}");
            let help = Some(error.help().to_owned());
            return ended(args, made_at, &[], reason, help);
        }
    };
    let found = &source.loaded.findings;
    if has_errors(found) {
        return ended(args, made_at, found, count(found), None);
    }
    let runtime = match super::runtime() {
        Ok(runtime) => runtime,
        Err(reason) => return ended(args, made_at, &[], reason, None),
    };
    match runtime.block_on(registers(args, &source)) {
        Ok(registers) => show(args, made_at, &source, registers),
        Err(failure) => {
            let help = help(failure.help, failure.is_of_portal);
            ended(args, made_at, found, failure.reason, help)
        }
    }
}

/// What to do; where the portal fails, there is another way.
fn help(help: Option<String>, is_of_portal: bool) -> Option<String> {
    let other = "--offline leaves the portal alone, so that the records alone tell";
    match (is_of_portal, help) {
        (false, help) => help,
        (true, None) => Some(other.to_owned()),
        (true, Some(help)) => Some(format!("{help}; {other}")),
    }
}

async fn registers(args: &Args, source: &Source) -> Result<Vec<Register>, Failure> {
    let links = links(args).map_err(|error| {
        let reason = format!("The current folder cannot be found: {error}");
        let help = "run arkib in a folder that is there";
        Failure::new(Exit::Failed, reason, help.to_owned())
    })?;
    let requests_at = source.place();
    let mut registers = Vec::new();
    for agency in &source.loaded.agencies {
        let asked = Asked {
            requests: &args.requests,
            portal: &args.portal,
            records: args.records.as_deref(),
            is_offline: args.offline,
            only: None,
        };
        let survey = survey(&asked, source, agency).await?;
        let around = Around {
            policy: &agency.policy,
            requests_at: &requests_at,
            commit: source.clean_commit(),
            as_of: args.requests.as_of(),
            period: args.period,
            portal: survey
                .portal
                .as_ref()
                .map(|(observed, plan)| (observed, plan)),
            runs: &survey.runs,
            history: &survey.history,
            files: &source.shown,
            links: &links,
        };
        registers.push(register(&survey.lives(agency), &around));
    }
    Ok(registers)
}

/// How what is written leads to the files beside the requests.
fn links(args: &Args) -> io::Result<Links> {
    let written = file(args).unwrap_or(Path::new(PAGE));
    let page = absolute(written)?;
    let page = page.parent().unwrap_or(&page);
    Ok(Links::new(page, &absolute(&args.requests.requests)?))
}

/// The file that is written to; `None` is standard output.
fn file(args: &Args) -> Option<&Path> {
    match (&args.output, args.format) {
        (Some(file), _) => Some(file.as_path()).filter(|file| *file != Path::new(STDOUT)),
        (None, Format::Html) => Some(Path::new(PAGE)),
        (None, _) => None,
    }
}

fn show(args: &Args, made_at: Timestamp, source: &Source, registers: Vec<Register>) -> Exit {
    let found = &source.loaded.findings;
    if args.format != Format::Json && !found.is_empty() {
        printer::say(findings::human(found).trim_end());
    }
    let requests: usize = registers.iter().map(|it| it.rows.len()).sum();
    let agencies = registers.len();
    let whole = match args.format {
        Format::Html => {
            let policy = source.loaded.agencies.first().map(|it| it.policy.language);
            let page = Page {
                registers: &registers,
                language: language(args).or(policy).unwrap_or(Language::Malay),
                made_at: &made_at.to_string(),
            };
            match html(&page) {
                Ok(page) => page,
                Err(error) => return ended(args, made_at, found, error.to_string(), None),
            }
        }
        Format::Csv => csv(&registers),
        Format::Markdown => {
            let texts: Vec<String> = registers.iter().map(text).collect();
            let most = file(args).map_or(writer::COMMENT, |_| usize::MAX);
            markdown::text("register", &texts.join("\n"), most)
        }
        Format::Json => {
            let outputs = registers.into_iter().map(|register| RegisterOutput {
                format: FORMAT,
                made_at: made_at.to_string(),
                arkib: env!("CARGO_PKG_VERSION"),
                register: Some(register),
                findings: found.iter().map(json::finding).collect(),
                exit: json::exit(Exit::Done, "told"),
            });
            json::one_or_many(&outputs.collect::<Vec<_>>())
        }
    };
    let Some(file) = file(args) else {
        printer::result(&whole);
        return Exit::Done;
    };
    if let Err(error) = write(file, printer::without_secrets(&whole).as_bytes()) {
        let reason = format!("{} cannot be written: {error}", file.display());
        let help = Some("name a file in a folder that is there and can be written to".to_owned());
        return complain(reason, help);
    }
    let agencies = match agencies {
        1 => String::new(),
        several => format!(" of {}", plural(several, "agency", "agencies")),
    };
    printer::say(&format!(
        "{}: {}{agencies}. It holds personal data.",
        visible(&file.display().to_string()),
        plural(requests, "request", "requests"),
    ));
    Exit::Done
}

fn language(args: &Args) -> Option<Language> {
    Some(match args.language? {
        Spoken::Ms => Language::Malay,
        Spoken::En => Language::English,
    })
}

/// Ends a run that could tell nothing. A file that is there stays as it is.
fn ended(
    args: &Args,
    made_at: Timestamp,
    found: &[Finding],
    reason: String,
    help: Option<String>,
) -> Exit {
    if args.format == Format::Json {
        let output = RegisterOutput {
            format: FORMAT,
            made_at: made_at.to_string(),
            arkib: env!("CARGO_PKG_VERSION"),
            register: None,
            findings: found.iter().map(json::finding).collect(),
            exit: json::exit(Exit::Failed, &reason).with_help(help.clone()),
        };
        if file(args).is_none() {
            printer::result(&json::render(&output));
            return Exit::Failed;
        }
    }
    if !found.is_empty() {
        printer::say(findings::human(found).trim_end());
    }
    complain(reason, help)
}

fn complain(reason: String, help: Option<String>) -> Exit {
    printer::say(&reason);
    if let Some(help) = help {
        printer::say(&format!("help: {help}"));
    }
    Exit::Failed
}

/// Writes beside the file, then puts it in its place, so that nobody ever reads half a register.
fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if file.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    if fs::metadata(file).is_ok_and(|known| !known.is_file()) {
        // A device or a pipe is written to, not replaced.
        return fs::write(file, bytes);
    }
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
    // As a new file of the user's: sites are published from what others may read.
    let mut beside = tempfile::Builder::new()
        .make_in(folder.unwrap_or(Path::new(".")), |path| {
            File::create_new(path)
        })?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    beside.persist(file).map_err(|error| error.error)?;
    Ok(())
}
