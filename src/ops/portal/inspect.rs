//! `arkib portal inspect`: what a portal supports, and how arkib would work with it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::domain::mapping::scim::Mapping;
use crate::domain::policy::PortalKind;
use crate::domain::portal_inspection::PortalInspection;
use crate::environment::VariableNames;
use crate::exit::Exit;
use crate::language::{Language, Message};
use crate::load::agency_loader;
use crate::load::folder::RequestsFolder;
use crate::load::today;
use crate::ops::portal_session::{configuration_error, endpoint_from_environment};
use crate::output::format::Format;
use crate::output::inspect::human::{mapping_template, render_text};
use crate::output::inspect::{FORMAT, InspectOutput};
use crate::output::report_writer;
use crate::output::{json, markdown};
use crate::portal::PortalError;
use crate::portal::scim;
use crate::portal::scim::ClientLimits;
use crate::printer;
use crate::progress;
use crate::progress::Progress;

/// The options of an inspection.
#[derive(Debug)]
pub struct Options {
    /// The folder with `agency.yaml`; its mapping is checked, if it has one
    pub requests: PathBuf,
    /// The format of the result
    pub format: Format,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Exit {
    let (policies, broken) = read_mappings(options);
    let mut host = None;
    let output = match inspect_portal(&policies, &mut host) {
        Ok(found) => summarize_inspection(host, found, &policies, broken),
        Err(error) => {
            let reason = message!("run-portal-failed", error = error.message());
            InspectOutput {
                format: FORMAT,
                host,
                exit: json::exit_output(Exit::Failed, reason).with_help(Some(error.help)),
                ..InspectOutput::default()
            }
        }
    };
    let is_known = output.found.offers.is_some();
    match options.format {
        Format::Json => printer::print_result(&json::render(&output)),
        Format::Human if !is_known => {}
        Format::Human => printer::print_result(&render_text(&output)),
        Format::Markdown => printer::print_result(&markdown::fence_text(
            "portal inspect",
            &render_text(&output),
            report_writer::COMMENT,
        )),
    }
    if !is_known {
        printer::print_message(&output.exit.to_text());
    }
    output.exit.status
}

/// The mappings of the policies, each with its agency, and a problem for each unreadable policy.
fn read_mappings(options: &Options) -> (Vec<(String, Mapping)>, Vec<Message>) {
    if !options.requests.is_dir() {
        return (Vec::new(), Vec::new());
    }
    let loaded = agency_loader::load(&RequestsFolder::new(&options.requests), today());
    let files = loaded.findings.iter().map(|finding| &*finding.file);
    let broken: BTreeSet<&str> = files.filter(|file| file.ends_with("agency.yaml")).collect();
    let broken = broken.into_iter().map(|file| message!("portal-broken-policy", file));
    let policies = loaded.agencies.into_iter().map(|agency| agency.policy);
    let mapped = policies
        .filter(|policy| policy.portal == PortalKind::Scim && !policy.mapping.is_arkib_extension())
        .map(|policy| (policy.agency, policy.mapping));
    (mapped.collect(), broken.collect())
}

/// Inspects the portal that the environment names, and sets its host as soon as it is known. Tries the
/// mappings of the policies, or else arkib's own extension.
fn inspect_portal(
    policies: &[(String, Mapping)],
    host: &mut Option<String>,
) -> Result<PortalInspection, PortalError> {
    let endpoint = endpoint_from_environment(VariableNames::default())?;
    *host = Some(endpoint.host_and_port());
    let runtime = crate::ops::new_runtime()
        .map_err(|why| configuration_error(why, message!("rehearsal-try-again")))?;
    let progress = Progress::new(&message!("run-users"));
    let mut mappings: Vec<Mapping> = policies.iter().map(|(_, mapping)| mapping.clone()).collect();
    if mappings.is_empty() {
        mappings.push(Mapping::default());
    }
    let show = |done, of| progress.update(done, of);
    let limits = ClientLimits { report_wait: progress::print_note, ..ClientLimits::default() };
    let found = runtime.block_on(scim::inspect(&endpoint, &limits, &mappings, &show));
    found.map_err(|mut error| {
        let host = format!("({})", endpoint.host_and_port());
        error.doing.push(host);
        error
    })
}

/// The output: what was found, and whether arkib can work with the portal.
fn summarize_inspection(
    host: Option<String>,
    mut found: PortalInspection,
    policies: &[(String, Mapping)],
    broken: Vec<Message>,
) -> InspectOutput {
    let has_policies = !policies.is_empty();
    if !has_policies && !found.has_arkib_extension {
        found.mappings.clear();
    }
    for (tried, (agency, _)) in found.mappings.iter_mut().zip(policies) {
        tried.agency = Some(agency.clone());
    }
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());
    for tried in &mut found.mappings {
        let agency = tried.agency.as_ref();
        // What the client of the portal says of it is English, as all of its diagnostics.
        let of_agency = |said: &String| match agency {
            Some(agency) => Message::verbatim(format!("{agency}: {said}")),
            None => Message::verbatim(said),
        };
        problems.extend(tried.problems.iter().map(of_agency));
        warnings.extend(tried.warnings.iter().map(of_agency));
        if !tried.problems.is_empty() {
            tried.states.clear();
        }
    }
    let (fits, is_broken) = (problems.is_empty(), !broken.is_empty());
    problems.extend(broken);
    let has_mapping = !found.mappings.is_empty();
    let is_writable = found.offers.as_ref().is_some_and(|offers| offers.patch);
    if !is_writable {
        problems.push(message!("portal-no-patch"));
    }
    let reason = if !is_writable {
        message!("portal-read-only")
    } else if !has_mapping {
        message!("portal-needs-mapping")
    } else if !fits && !has_policies {
        message!("portal-bad-extension")
    } else if !fits {
        message!("portal-bad-mapping")
    } else if is_broken {
        message!("portal-fix-policy")
    } else if !has_policies {
        message!("portal-good-extension")
    } else {
        message!("portal-good-mapping")
    };
    let is_good = is_writable && has_mapping && fits && !is_broken;
    let exit = if is_good { Exit::Done } else { Exit::Failed };
    InspectOutput {
        format: FORMAT,
        host,
        template: (!has_mapping).then(|| mapping_template(&found.schemas, Language::English)),
        found,
        problems,
        warnings,
        exit: json::exit_output(exit, reason),
    }
}
