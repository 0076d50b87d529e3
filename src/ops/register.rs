//! `arkib register`: the register of requests and what became of them (procedure section 6).

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf, absolute};

use jiff::Timestamp;

use super::failure::Failure;
use super::session::PortalOptions;
use super::survey::{Observer, survey};
use crate::domain::policy::Language;
use crate::domain::register::{Around, Links, Page, Period, Register, csv, html, register};
use crate::exit::Exit;
use crate::finding::Finding;
use crate::load::{Location, Source};
use crate::output::findings;
use crate::output::findings::{count, plural};
use crate::output::format::RegisterFormat;
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
    let source = match options.requests.load(None) {
        Ok(source) => source,
        Err(error) => {
            let reason = format!("The requests cannot be read: {error}");
            let failure = Failure::failed(reason, error.help());
            return ended(options, made_at, &[], failure);
        }
    };
    let found = &source.loaded.findings;
    if has_errors(found) {
        return ended(options, made_at, found, Failure::failed(count(found), ""));
    }
    let runtime = match super::runtime() {
        Ok(runtime) => runtime,
        Err(reason) => return ended(options, made_at, &[], Failure::failed(reason, "")),
    };
    match runtime.block_on(registers(options, &source)) {
        Ok(registers) => show(options, made_at, &source, registers),
        Err(failure) => {
            let help = help(failure.help.clone(), failure.is_of_portal);
            ended(options, made_at, found, Failure { help, ..failure })
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

async fn registers(options: &Options, source: &Source) -> Result<Vec<Register>, Failure> {
    let links = links(options).map_err(|error| {
        let reason = format!("The current folder cannot be found: {error}");
        let help = "run arkib in a folder that is there";
        Failure::new(Exit::Failed, reason, help.to_owned())
    })?;
    let requests_at = source.place();
    let records = options.records.as_deref();
    let mut observer = Observer::new(source, &options.requests, &options.portal, records);
    let mut registers = Vec::new();
    for agency in &source.loaded.agencies {
        let survey = survey(&mut observer, agency, None, options.offline).await?;
        let around = Around {
            policy: &agency.policy,
            requests_at: &requests_at,
            commit: source.clean_commit(),
            as_of: options.requests.as_of(),
            period: options.period,
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
    observer.session.close().await;
    Ok(registers)
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

fn show(options: &Options, made_at: Timestamp, source: &Source, registers: Vec<Register>) -> Exit {
    let found = &source.loaded.findings;
    if options.format != RegisterFormat::Json && !found.is_empty() {
        printer::say(findings::human(found).trim_end());
    }
    let requests: usize = registers.iter().map(|it| it.rows.len()).sum();
    let agencies = registers.len();
    let whole = match options.format {
        RegisterFormat::Html => {
            let policy = source.loaded.agencies.first().map(|it| it.policy.language);
            let page = Page {
                registers: &registers,
                language: options.language.or(policy).unwrap_or(Language::Malay),
                made_at: &made_at.to_string(),
            };
            match html(&page) {
                Ok(page) => page,
                Err(error) => {
                    let failure = Failure::failed(error.to_string(), "");
                    return ended(options, made_at, found, failure);
                }
            }
        }
        RegisterFormat::Csv => csv(&registers),
        RegisterFormat::Markdown => {
            let texts: Vec<String> = registers.iter().map(text).collect();
            let most = file(options).map_or(writer::COMMENT, |_| usize::MAX);
            markdown::text("register", &texts.join("\n"), most)
        }
        RegisterFormat::Json => {
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
    let Some(file) = file(options) else {
        printer::result(&whole);
        return Exit::Done;
    };
    if let Err(error) = write(file, printer::without_secrets(&whole).as_bytes()) {
        let reason = format!("{} cannot be written: {error}", file.display());
        let help = Some("name a file in a folder that is there and can be written to".to_owned());
        return complain(Failure {
            help,
            ..Failure::failed(reason, "")
        });
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

/// Ends a run that could tell nothing. A file that is there stays as it is.
fn ended(options: &Options, made_at: Timestamp, found: &[Finding], failure: Failure) -> Exit {
    if options.format == RegisterFormat::Json && file(options).is_none() {
        let output = RegisterOutput {
            format: FORMAT,
            made_at: made_at.to_string(),
            arkib: env!("CARGO_PKG_VERSION"),
            register: None,
            findings: found.iter().map(json::finding).collect(),
            exit: json::exit(failure.exit, &failure.reason).with_help(failure.help),
        };
        printer::result(&json::render(&output));
        return failure.exit;
    }
    if !found.is_empty() {
        printer::say(findings::human(found).trim_end());
    }
    complain(failure)
}

fn complain(failure: Failure) -> Exit {
    printer::say(&failure.reason);
    if let Some(help) = failure.help {
        printer::say(&format!("help: {help}"));
    }
    failure.exit
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
