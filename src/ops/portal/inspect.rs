//! `arkib portal inspect`: what a portal is, and how arkib would work with it.

use std::path::PathBuf;

use crate::domain::mapping::scim::Mapping;
use crate::domain::policy::{PortalKind, mapping};
use crate::exit::Exit;
use crate::load::folder::Folder;
use crate::load::reader;
use crate::load::today;
use crate::ops::session::from_environment;
use crate::output::format::Format;
use crate::output::inspect::{InspectOutput, human};
use crate::output::writer;
use crate::output::{json, markdown};
use crate::portal::PortalError;
use crate::portal::scim;
use crate::portal::scim::{Endpoint, Guess, Inspected, Limits};
use crate::printer;

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
    let (output, exit) = match inspected() {
        Ok((endpoint, portal)) => told(options, &endpoint, &portal),
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

/// Asks the portal of the environment; else its host, where that is known, and why not.
fn inspected() -> Result<(Endpoint, Inspected), (Option<String>, PortalError)> {
    let endpoint = from_environment().map_err(|error| (None, error))?;
    let host = || Some(endpoint.host());
    let runtime = crate::ops::runtime().map_err(|why| {
        let error = crate::ops::session::configuration(why, "try again");
        (host(), error)
    })?;
    let asked = runtime.block_on(scim::inspect(&endpoint, &Limits::default()));
    match asked {
        Ok(portal) => Ok((endpoint, portal)),
        Err(mut error) => {
            error.doing = format!("{} ({})", error.doing, endpoint.host());
            Err((host(), error))
        }
    }
}

/// How it ends: whether arkib can work with it, and why.
struct Verdict(Exit, String);

fn told(options: &Options, endpoint: &Endpoint, portal: &Inspected) -> (InspectOutput, Exit) {
    let ended = json::exit(Exit::Failed, "");
    let mut output = InspectOutput::ended(Some(endpoint.host()), ended).of(portal);
    let mappings = mappings(options, &mut output);
    let is_broken = !output.problems.is_empty();
    let Verdict(mut exit, mut reason) = if !mappings.is_empty() {
        by_policy(&mappings, portal, &mut output)
    } else if portal.has_own() {
        by_own(portal, &mut output)
    } else {
        let guess = portal.guess();
        output.by = Some("guess");
        by_guess(&guess, portal, &mut output)
    };
    if !portal.offers.capabilities.patch {
        output.problems.push("the portal says that it takes no PATCH, so nothing can be changed in it; ask its operator to allow it".to_owned());
        exit = Exit::Failed;
        reason = "arkib can read this portal, but change nothing in it.".to_owned();
    }
    if is_broken && exit == Exit::Done {
        exit = Exit::Failed;
        reason = "The policy has to be mended first.".to_owned();
    }
    output.exit = json::exit(exit, &reason);
    (output, exit)
}

/// The mappings of the policies, as far as they can be read, each with its agency.
fn mappings(options: &Options, output: &mut InspectOutput) -> Vec<(String, Mapping)> {
    if !options.requests.is_dir() {
        return Vec::new();
    }
    let loaded = reader::load(&Folder::new(&options.requests), today());
    let mut broken: Vec<&str> = Vec::new();
    let policies = loaded
        .findings
        .iter()
        .filter(|finding| finding.file.ends_with("agency.yaml"));
    for finding in policies {
        if !broken.contains(&&*finding.file) {
            broken.push(&finding.file);
        }
    }
    for file in broken {
        output.problems.push(format!(
            "{file} has findings, so its mapping was left aside; `arkib check` shows them"
        ));
    }
    let each = loaded.agencies.into_iter().map(|agency| agency.policy);
    each.filter(|policy| policy.portal == PortalKind::Scim && !policy.mapping.is_own())
        .map(|policy| (policy.agency, policy.mapping))
        .collect()
}

fn by_policy(
    mappings: &[(String, Mapping)],
    portal: &Inspected,
    output: &mut InspectOutput,
) -> Verdict {
    output.by = Some("policy");
    let mut fits = true;
    for (agency, mapping) in mappings {
        let mut seen = portal.try_out(mapping);
        if mappings.len() > 1 {
            seen.problems
                .iter_mut()
                .for_each(|it| *it = format!("{agency}: {it}"));
        }
        fits &= seen.problems.is_empty();
        if seen.ambiguous > 0 {
            output.doubts.push(format!(
                "{} addresses are of users that have several and no primary one: requests for them are blocked",
                seen.ambiguous
            ));
        }
        output.seen(&seen);
        unknown(output);
    }
    if fits {
        return Verdict(
            Exit::Done,
            "The policy's mapping fits this portal.".to_owned(),
        );
    }
    // What would fit helps to mend it.
    if !portal.has_own() {
        output.guessed(&portal.guess());
    }
    Verdict(
        Exit::Failed,
        "The policy's mapping does not fit this portal.".to_owned(),
    )
}

fn by_own(portal: &Inspected, output: &mut InspectOutput) -> Verdict {
    output.by = Some("own");
    let seen = portal.try_out(&Mapping::default());
    output.seen(&seen);
    unknown(output);
    match seen.problems.is_empty() {
        true => Verdict(Exit::Done, "The portal has arkib's own extension: no mapping is needed; write `portal: scim` in agency.yaml.".to_owned()),
        false => Verdict(Exit::Failed, "The portal has arkib's own extension, but arkib cannot work with it.".to_owned()),
    }
}

fn by_guess(guess: &Guess, portal: &Inspected, output: &mut InspectOutput) -> Verdict {
    output.guessed(guess);
    let usable = match mapping::parse(&guess.section) {
        Ok(mapping) => {
            let seen = portal.try_out(&mapping);
            output.seen(&seen);
            unknown(output);
            // Words that none of them understands are no guess at all.
            let understands =
                seen.states.is_empty() || seen.states.keys().any(|it| it != "unknown");
            guess.is_usable && understands && seen.problems.is_empty()
        }
        Err(problems) => {
            output.problems.extend(problems);
            false
        }
    };
    match usable {
        true => Verdict(Exit::Done, "arkib can work with this portal by this mapping. Paste it, then look at `arkib reconcile --dry-run` before anything is changed.".to_owned()),
        false => Verdict(Exit::Failed, "arkib cannot work with this portal yet: mend what is missing or doubtful above.".to_owned()),
    }
}

/// Says that mailboxes in a state that nobody knows are left alone.
fn unknown(output: &mut InspectOutput) {
    let unknown = output
        .states
        .iter()
        .find(|it| it.state == "unknown")
        .map(|it| it.mailboxes);
    if let Some(count) = unknown {
        output.doubts.push(format!("{count} of the mailboxes looked at have a word for their state that arkib does not know; they are left alone"));
    }
}
