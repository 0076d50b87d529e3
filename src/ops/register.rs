//! `arkib register`: the register of requests and their outcomes (procedure section 6).

use std::io;
use std::path::{Path, PathBuf, absolute};

use jiff::Timestamp;

use super::agency_state::{Observer, read_agency_state};
use super::failure::Failure;
use super::portal_session::PortalFileOptions;
use super::read_requests;
use super::records_branch::RecordsBranch;
use crate::domain::register::{
    Period, Register, RegisterContext, RelativeLinks, build_register, render_csv, render_html,
};
use crate::domain::request::RequestId;
use crate::domain::request::cross_checks::concerned_mailboxes;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::language::{Language, Message};
use crate::load::{LoadedRequests, RequestsLocation};
use crate::output::findings;
use crate::output::format::RegisterFormat;
use crate::output::json;
use crate::output::json::ExitOutput;
use crate::output::markdown;
use crate::output::register::{RegisterOutput, render_text};
use crate::output::report_writer;
use crate::printer;
use crate::printer::text;
use crate::private_files;
use crate::text::{escape, shown_path};

/// The default file of the web page.
const PAGE: &str = "register.html";
/// The file name that means standard output.
const STDOUT: &str = "-";

/// The options of the command.
#[derive(Debug)]
pub struct Options {
    /// The format of the register
    pub format: RegisterFormat,
    /// The file to write, `-` for standard output
    /// [default: register.html for the web page, else standard output]
    pub output: Option<PathBuf>,
    /// Only this request; the web page is for printing
    pub only: Option<RequestId>,
    /// Only requests received in this period
    pub period: Option<Period>,
    /// Do not read the portal; use only the records of runs
    pub offline: bool,
    /// The first language of the web page [default: the policy's], and that of CSV [default: English]
    pub language: Option<Language>,
    /// Where the requests are.
    pub requests: RequestsLocation,
    /// The folder of the records [default: `records` next to the agency's policy]
    pub records: Option<PathBuf>,
    /// The branch of the remote repository with the records, in place of a folder
    pub records_branch: Option<String>,
    /// What the environment does not say about the portal.
    pub portal: PortalFileOptions,
}

/// Runs the command.
pub fn run(mut options: Options) -> Exit {
    let made_at = Timestamp::now();
    let (requests, name) = (&options.requests.requests, options.records_branch.as_deref());
    let fetched = RecordsBranch::open(requests, name, &mut options.records);
    let options = &options;
    if let Err(failure) = fetched {
        return end_early(options, made_at, &[], failure);
    }
    let source = match read_requests::read_with_base(&options.requests, None, "") {
        Ok(source) => source,
        Err(failure) => return end_early(options, made_at, &[], failure),
    };
    let registers = read_requests::runtime_if_valid(&source)
        .and_then(|runtime| runtime.block_on(build_registers(options, &source)));
    match registers.and_then(|registers| write_registers(options, made_at, &source, registers)) {
        Ok(exit) => exit,
        Err(failure) => end_early(options, made_at, &source.loaded.findings, failure),
    }
}

/// The registers, and what is wrong with the records of which they are made.
async fn build_registers(
    options: &Options,
    source: &LoadedRequests,
) -> Result<(Vec<Register>, Option<Message>), Failure> {
    let links = request_links(options).map_err(|error| {
        let reason = message!("register-no-current-folder", error = error.to_string());
        Failure::failed(reason, message!("register-no-current-folder-help"))
    })?;
    let requests_at = source.describe_source();
    let records = options.records.as_deref();
    let mut observer = Observer::new(source, &options.requests, &options.portal, records);
    let (mut registers, mut problems) = (Vec::new(), None);
    for agency in &source.loaded.agencies {
        let only = options.only.as_ref();
        let one = only.map(|id| agency.requests.iter().find(|request| request.id == *id));
        if let Some(None) = one {
            continue;
        }
        let mailboxes = one.flatten().map(|request| {
            let named = concerned_mailboxes(request, &agency.requests).iter();
            named.map(|named| named.mailbox.clone()).collect::<Vec<_>>()
        });
        // An empty list would mean all of them.
        let is_offline = options.offline || mailboxes.as_ref().is_some_and(Vec::is_empty);
        let agency_state =
            read_agency_state(&mut observer, agency, mailboxes.as_deref(), is_offline)
                .await
                .map_err(suggest_offline)?;
        problems = agency_state.report_record_problems().or(problems);
        let portal = agency_state.portal.as_ref();
        let context = RegisterContext {
            policy: &agency.policy,
            requests_at: &requests_at,
            commit: source.clean_commit(),
            as_of: options.requests.as_of(),
            period: options.period,
            only,
            portal: portal.map(|(observed, plan)| (observed, plan)),
            runs: &agency_state.runs,
            record_problems: agency_state.record_problems.len(),
            history: &agency_state.history,
            files: &source.shown,
            links: &links,
        };
        registers.push(build_register(&agency_state.lifecycles(agency), &context));
    }
    observer.session.stop_embedded_portals().await;
    match &options.only {
        Some(id) if registers.is_empty() => {
            let help = message!("register-no-request-help");
            Err(Failure::failed(message!("register-no-request", id = id.as_str()), help))
        }
        _ => Ok((registers, problems)),
    }
}

/// Adds --offline to the help if the portal failed.
fn suggest_offline(failure: Failure) -> Failure {
    match failure.is_of_portal {
        true => failure.with_more_help(message!("register-offline-help")),
        false => failure,
    }
}

/// The links from the register to the request files.
fn request_links(options: &Options) -> io::Result<RelativeLinks> {
    let page = absolute(output_file(options).unwrap_or(PAGE.into()))?;
    let page = page.parent().unwrap_or(&page);
    Ok(RelativeLinks::new(page, &absolute(&options.requests.requests)?))
}

/// The file to write; `None` is standard output.
fn output_file(options: &Options) -> Option<PathBuf> {
    match (&options.output, options.format, &options.only) {
        (Some(file), ..) => Some(file.clone()).filter(|file| file != Path::new(STDOUT)),
        (None, RegisterFormat::Html, Some(id)) => Some(format!("{id}.html").into()),
        (None, RegisterFormat::Html, None) => Some(PAGE.into()),
        (None, ..) => None,
    }
}

fn write_registers(
    options: &Options,
    made_at: Timestamp,
    source: &LoadedRequests,
    (registers, problems): (Vec<Register>, Option<Message>),
) -> Result<Exit, Failure> {
    // As `arkib records verify` ends.
    let exit = if problems.is_some() { Exit::Failed } else { Exit::Done };
    let found = &source.loaded.findings;
    let requests: usize = registers.iter().map(|register| register.rows.len()).sum();
    let agencies = registers.len();
    let whole = match options.format {
        RegisterFormat::Html => {
            let mut agencies = source.loaded.agencies.iter();
            let policy = agencies.next().map(|agency| agency.policy.language);
            let language = options.language.or(policy).unwrap_or(Language::Malay);
            render_html(registers, language, &made_at.to_string())
                .map_err(|error| Failure::failed(error.to_string(), ""))?
        }
        RegisterFormat::Csv => {
            render_csv(&registers, options.language.unwrap_or(Language::English))
        }
        RegisterFormat::Markdown => {
            let texts: Vec<String> = registers.iter().map(render_text).collect();
            let most = output_file(options).map_or(report_writer::COMMENT, |_| usize::MAX);
            markdown::fence_text("register", &texts.join("\n"), most)
        }
        RegisterFormat::Json => {
            let reason = problems.unwrap_or_else(|| "written".into());
            let output = |register| {
                let exit = json::exit_output(exit, &reason);
                RegisterOutput::new(made_at, Some(register), found, exit)
            };
            json::render_agencies(&registers.into_iter().map(output).collect::<Vec<_>>())
        }
    };
    if options.format != RegisterFormat::Json {
        print_findings(found);
    }
    let Some(file) = output_file(options) else {
        printer::print_result(&whole);
        return Ok(exit);
    };
    let text = printer::without_secrets(&whole);
    let shown = shown_path(&file);
    private_files::replace(&file, text.as_bytes()).map_err(|error| {
        let help = private_files::replace_help(&error);
        Failure::failed(
            message!("register-unwritten", file = &shown, error = error.to_string()),
            help,
        )
    })?;
    printer::print_note(&match agencies {
        1 => text!("register-written", file = escape(&shown), requests),
        _ => text!("register-written-several", file = escape(&shown), requests, agencies),
    });
    Ok(exit)
}

fn print_findings(found: &[Finding]) {
    if !found.is_empty() {
        printer::print_message(findings::render_findings(found).trim_end());
    }
}

/// Ends a run without a register. An existing file stays as it is.
fn end_early(options: &Options, made_at: Timestamp, found: &[Finding], failure: Failure) -> Exit {
    let status = failure.exit;
    let exit = ExitOutput::from(failure);
    if options.format == RegisterFormat::Json && output_file(options).is_none() {
        printer::print_result(&json::render_agencies(&[RegisterOutput::new(
            made_at, None, found, exit,
        )]));
        return status;
    }
    print_findings(found);
    printer::print_message(&exit.to_text());
    status
}
