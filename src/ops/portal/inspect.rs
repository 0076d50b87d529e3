//! `arkib portal inspect`: what a portal is, and how arkib would work with it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::domain::mapping::scim::Mapping;
use crate::domain::policy::PortalKind;
use crate::exit::Exit;
use crate::load::folder::Folder;
use crate::load::reader;
use crate::load::today;
use crate::ops::session::{configuration, from_environment};
use crate::output::format::Format;
use crate::output::inspect::{InspectOutput, human, template};
use crate::output::writer;
use crate::output::{json, markdown};
use crate::portal::PortalError;
use crate::portal::scim;
use crate::portal::scim::{Endpoint, Inspected, Limits};
use crate::printer;
use crate::progress::Progress;

/// What is looked at.
#[derive(Debug)]
pub struct Options {
    /// The folder with `agency.yaml`, whose mapping is checked where there is one
    pub requests: PathBuf,
    /// How the result is written
    pub format: Format,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Exit {
    let (policies, broken) = policies(options);
    let (output, exit) = match inspected(&policies) {
        Ok((endpoint, portal)) => summary(&endpoint, &portal, &policies, broken),
        Err((host, error)) => {
            let reason = format!("Failed while {error}");
            let exit = json::exit(Exit::Failed, &reason).with_help(Some(error.help));
            (InspectOutput::ended(host, exit), Exit::Failed)
        }
    };
    match options.format {
        Format::Json => printer::result(&json::render(&output)),
        Format::Human if output.offers.is_none() => {}
        Format::Human => printer::result(&human(&output)),
        Format::Markdown => printer::result(&markdown::text(
            "portal inspect",
            &human(&output),
            writer::COMMENT,
        )),
    }
    if output.offers.is_none() {
        printer::say(&output.exit.told());
    }
    exit
}

/// The mappings of the policies, each with its agency, and what is to be said of those that cannot be read.
fn policies(options: &Options) -> (Vec<(String, Mapping)>, Vec<String>) {
    if !options.requests.is_dir() {
        return (Vec::new(), Vec::new());
    }
    let loaded = reader::load(&Folder::new(&options.requests), today());
    let files = loaded.findings.iter().map(|finding| &*finding.file);
    let broken: BTreeSet<&str> = files.filter(|file| file.ends_with("agency.yaml")).collect();
    let broken = broken.into_iter().map(|file| {
        format!("{file} has findings, so its mapping was left aside; `arkib check` shows them")
    });
    let policies = loaded.agencies.into_iter().map(|agency| agency.policy);
    let mapped = policies
        .filter(|policy| policy.portal == PortalKind::Scim && !policy.mapping.is_own())
        .map(|policy| (policy.agency, policy.mapping));
    (mapped.collect(), broken.collect())
}

/// What is tried: the mappings of the policies, or else arkib's own extension.
fn mappings(policies: &[(String, Mapping)]) -> Vec<Mapping> {
    match policies.is_empty() {
        true => vec![Mapping::default()],
        false => policies
            .iter()
            .map(|(_, mapping)| mapping.clone())
            .collect(),
    }
}

/// Asks the portal of the environment; else its host, where that is known, and why not.
fn inspected(
    policies: &[(String, Mapping)],
) -> Result<(Endpoint, Inspected), (Option<String>, PortalError)> {
    let endpoint = from_environment().map_err(|error| (None, error))?;
    let host = || Some(endpoint.host());
    let runtime = crate::ops::runtime().map_err(|why| (host(), configuration(why, "try again")))?;
    let progress = Progress::new("reading users");
    let (mappings, limits) = (mappings(policies), Limits::default());
    let show = |done, of| progress.at(done, of);
    match runtime.block_on(scim::inspect(&endpoint, &limits, &mappings, &show)) {
        Ok(portal) => Ok((endpoint, portal)),
        Err(mut error) => {
            error.doing = format!("{} ({})", error.doing, endpoint.host());
            Err((host(), error))
        }
    }
}

/// What was found, and how it ends: whether arkib can work with the portal.
fn summary(
    endpoint: &Endpoint,
    portal: &Inspected,
    policies: &[(String, Mapping)],
    broken: Vec<String>,
) -> (InspectOutput, Exit) {
    let ended = json::exit(Exit::Failed, "");
    let mut output = InspectOutput::ended(Some(endpoint.host()), ended).of(portal);
    if policies.is_empty() && portal.has_own() {
        output.add(None, &Mapping::default(), &portal.tried[0], portal);
    }
    for ((agency, mapping), tried) in policies.iter().zip(&portal.tried) {
        output.add(Some(agency), mapping, tried, portal);
    }
    let fits = output.problems.is_empty();
    let is_broken = !broken.is_empty();
    output.problems.extend(broken);
    let has_mapping = !output.mappings.is_empty();
    if !has_mapping {
        output.template = Some(template(&output));
    }
    let (exit, reason) = if !portal.offers.capabilities.patch {
        output.problems.push("the portal says that it takes no PATCH, so nothing can be changed in it; ask its operator to allow it".to_owned());
        (
            Exit::Failed,
            "arkib can read this portal, but change nothing in it.",
        )
    } else if !has_mapping {
        (
            Exit::Failed,
            "This portal needs a mapping: fill in the one above, and look again.",
        )
    } else if !fits && policies.is_empty() {
        (
            Exit::Failed,
            "The portal has arkib's own extension, but arkib cannot work with it.",
        )
    } else if !fits {
        (
            Exit::Failed,
            "The policy's mapping does not fit this portal.",
        )
    } else if is_broken {
        (Exit::Failed, "The policy has to be fixed first.")
    } else if policies.is_empty() {
        (
            Exit::Done,
            "The portal has arkib's own extension: no mapping is needed; write `portal: scim` in agency.yaml.",
        )
    } else {
        (Exit::Done, "The policy's mapping fits this portal.")
    };
    output.exit = json::exit(exit, reason);
    (output, exit)
}
