//! `arkib register`: the register of requests and what became of them (procedure section 6).

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf, absolute};

use jiff::Timestamp;

use super::failure::Failure;
use super::read_requests;
use super::session::PortalOptions;
use super::survey::{Observer, survey};
use crate::domain::policy::Language;
use crate::domain::register::{Links, Period, Register, RegisterContext, csv, html, register};
use crate::exit::Exit;
use crate::finding::Finding;
use crate::load::{Location, Source};
use crate::output::findings;
use crate::output::format::RegisterFormat;
use crate::output::json;
use crate::output::json::ExitOutput;
use crate::output::markdown;
use crate::output::register::{RegisterOutput, text};
use crate::output::writer;
use crate::printer;
use crate::text::{escape, plural};

/// The page's file, where none is named.
const PAGE: &str = "register.html";
/// Standard output, as a file.
const STDOUT: &str = "-";

/// What register is asked for.
#[derive(Debug)]
pub struct Options {
    /// How the register is written
    pub format: RegisterFormat,
    /// The file that it is written to, `-` for standard output
    /// [default: register.html for the page, else standard output]
    pub output: Option<PathBuf>,
    /// Only requests received then: 2026, 2026-01, 2026-01-31, or two of these as FROM..TO
    pub period: Option<Period>,
    /// Leave the portal alone; the records of runs alone tell what was done
    pub offline: bool,
    /// The language that the page opens in; it can be switched there [default: the policy's]
    pub language: Option<Language>,
    /// Where the requests are.
    pub requests: Location,
    /// The folder of the records [default: `records` beside the agency's policy]
    pub records: Option<PathBuf>,
    /// Which portal, as far as the environment does not say.
    pub portal: PortalOptions,
}

/// Runs the command.
pub fn run(options: &Options) -> Exit {
    let made_at = Timestamp::now();
    let source = match read_requests::read(&options.requests, None, "") {
        Ok(source) => source,
        Err(failure) => return ended(options, made_at, &[], failure),
    };
    let registers = read_requests::runtime(&source)
        .and_then(|runtime| runtime.block_on(registers(options, &source)));
    match registers.and_then(|registers| show(options, made_at, &source, registers)) {
        Ok(exit) => exit,
        Err(failure) => ended(options, made_at, &source.loaded.findings, failure),
    }
}

async fn registers(options: &Options, source: &Source) -> Result<Vec<Register>, Failure> {
    let links = links(options).map_err(|error| {
        let reason = format!("The current folder cannot be found: {error}");
        Failure::failed(reason, "run arkib in a folder that is there")
    })?;
    let requests_at = source.place();
    let records = options.records.as_deref();
    let mut observer = Observer::new(source, &options.requests, &options.portal, records);
    let mut registers = Vec::new();
    for agency in &source.loaded.agencies {
        let survey = survey(&mut observer, agency, None, options.offline)
            .await
            .map_err(or_without_portal)?;
        let portal = survey.portal.as_ref();
        let context = RegisterContext {
            policy: &agency.policy,
            requests_at: &requests_at,
            commit: source.clean_commit(),
            as_of: options.requests.as_of(),
            period: options.period,
            portal: portal.map(|(observed, plan)| (observed, plan)),
            runs: &survey.runs,
            history: &survey.history,
            files: &source.shown,
            links: &links,
        };
        registers.push(register(&survey.lives(agency), &context));
    }
    observer.session.close().await;
    Ok(registers)
}

/// Where the portal fails, there is another way.
fn or_without_portal(mut failure: Failure) -> Failure {
    if failure.is_of_portal {
        let help = failure.help.iter().map(|help| format!("{help}; "));
        let help = help.collect::<String>();
        failure.help = Some(format!(
            "{help}--offline leaves the portal alone, so that the records alone tell"
        ));
    }
    failure
}

/// How what is written leads to the files beside the requests.
fn links(options: &Options) -> io::Result<Links> {
    let written = file(options).unwrap_or(Path::new(PAGE));
    let page = absolute(written)?;
    let page = page.parent().unwrap_or(&page);
    Ok(Links::new(page, &absolute(&options.requests.requests)?))
}

/// The file that is written to; `None` is standard output.
fn file(options: &Options) -> Option<&Path> {
    match (&options.output, options.format) {
        (Some(file), _) => Some(file.as_path()).filter(|file| *file != Path::new(STDOUT)),
        (None, RegisterFormat::Html) => Some(Path::new(PAGE)),
        (None, _) => None,
    }
}

fn show(
    options: &Options,
    made_at: Timestamp,
    source: &Source,
    registers: Vec<Register>,
) -> Result<Exit, Failure> {
    let found = &source.loaded.findings;
    let requests: usize = registers.iter().map(|register| register.rows.len()).sum();
    let agencies = registers.len();
    let whole = match options.format {
        RegisterFormat::Html => {
            let mut agencies = source.loaded.agencies.iter();
            let policy = agencies.next().map(|agency| agency.policy.language);
            let language = options.language.or(policy).unwrap_or(Language::Malay);
            html(registers, language, &made_at.to_string())
                .map_err(|error| Failure::failed(error.to_string(), ""))?
        }
        RegisterFormat::Csv => csv(&registers),
        RegisterFormat::Markdown => {
            let texts: Vec<String> = registers.iter().map(text).collect();
            let most = file(options).map_or(writer::COMMENT, |_| usize::MAX);
            markdown::text("register", &texts.join("\n"), most)
        }
        RegisterFormat::Json => {
            let output = |register| {
                RegisterOutput::of(
                    made_at,
                    Some(register),
                    found,
                    json::exit(Exit::Done, "told"),
                )
            };
            json::one_or_many(&registers.into_iter().map(output).collect::<Vec<_>>())
        }
    };
    if options.format != RegisterFormat::Json {
        say_findings(found);
    }
    let Some(file) = file(options) else {
        printer::result(&whole);
        return Ok(Exit::Done);
    };
    if let Err(error) = write(file, printer::without_secrets(&whole).as_bytes()) {
        printer::say(&format!("{} cannot be written: {error}", file.display()));
        printer::say("help: name a file in a folder that is there and can be written to");
        return Ok(Exit::Failed);
    }
    let agencies = match agencies {
        1 => String::new(),
        several => format!(" of {}", plural(several, "agency", "agencies")),
    };
    printer::say(&format!(
        "{}: {}{agencies}. It holds personal data.",
        escape(&file.display().to_string()),
        plural(requests, "request", "requests"),
    ));
    Ok(Exit::Done)
}

fn say_findings(found: &[Finding]) {
    if !found.is_empty() {
        printer::say(findings::human(found).trim_end());
    }
}

/// Ends a run that could tell nothing. A file that is there stays as it is.
fn ended(options: &Options, made_at: Timestamp, found: &[Finding], failure: Failure) -> Exit {
    let status = failure.exit;
    let exit = ExitOutput::from(failure);
    if options.format == RegisterFormat::Json && file(options).is_none() {
        printer::result(&json::render(&RegisterOutput::of(
            made_at, None, found, exit,
        )));
        return status;
    }
    say_findings(found);
    printer::say(&exit.reason);
    if let Some(help) = exit.help {
        printer::say(&format!("help: {help}"));
    }
    status
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
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
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
