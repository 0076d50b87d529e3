//! The file of a new request as it would be, checked among all others.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use super::told::Told;
use crate::commands::load::Source;
use crate::finding::{self, Finding, Position};
use crate::observed::Observed;
use crate::policy;
use crate::request::folder::Folder;
use crate::request::intake::{self, Intake};
use crate::request::overlay::Overlay;
use crate::request::reader::{self, Agency};
use crate::request::{Evidence, Request, RequestId, next_id, write};
use crate::yaml::has_errors;

/// A file that is to be written, and what is to be said of it.
pub(super) struct Candidate {
    /// The agency's short name.
    pub agency: String,
    pub id: RequestId,
    /// Its way from the requests folder.
    pub path: String,
    /// Where it will lie.
    pub file: PathBuf,
    /// The same, as the user knows it.
    pub shown: Arc<str>,
    pub text: String,
    /// The documents beside it.
    pub evidence: Vec<Evidence>,
    /// What is wrong with it, or with others because of it.
    pub findings: Vec<Finding>,
}

/// What a candidate is made from.
pub(super) struct Making<'a> {
    pub intake: &'a Intake,
    /// The id that was asked for.
    pub id: Option<&'a RequestId>,
    pub observed: Option<&'a Observed>,
    pub as_of: Date,
    /// The requests folder.
    pub root: PathBuf,
}

/// Makes the file and checks it.
///
/// # Errors
/// Where there is no place for it.
pub(super) fn make(making: &Making<'_>, source: &Source) -> Result<Candidate, Box<Told>> {
    let refused = |reason: String, help: &str| {
        Box::new(Told {
            help: Some(help.to_owned()),
            ..Told::unwritten(format!("Nothing was written: {reason}."))
        })
    };
    let intake = making.intake;
    let agency = intake::agency_of(&intake.subject, &source.loaded.agencies)
        .map_err(|(why, help)| refused(why, help))?;
    let folder = folder_of(source, agency);
    let used = used(source, agency, &folder);
    let year = intake.received.date.year();
    let id = match making.id {
        Some(id) => id.clone(),
        None => {
            let used: Vec<_> = used.iter().map(|(id, day)| (id.as_str(), *day)).collect();
            next_id::next(&used, &agency.policy.agency, year)
        }
    };
    if used
        .iter()
        .any(|(it, _)| it.eq_ignore_ascii_case(id.as_str()))
    {
        let help = "leave --id out; then the next one is taken";
        return Err(refused(format!("the id `{id}` is in use"), help));
    }
    let path = format!("{folder}{year:04}/{id}.yaml");
    let text = write::file(&intake.draft(&id)).map_err(|error| {
        let help = "report this as a fault of arkib; meanwhile write the file by hand";
        refused(error.to_string(), help)
    })?;
    let file = making.root.join(&path);
    if let Some(year) = file.parent()
        && year.symlink_metadata().is_ok_and(|it| !it.is_dir())
    {
        let why = format!("{} is no folder but something else", year.display());
        return Err(refused(
            why,
            "move it away; requests of a year lie in a folder",
        ));
    }
    let files = Folder::new(&making.root);
    let overlay = Overlay {
        files: &files,
        path: &path,
        text: &text,
    };
    let entry = overlay.entry();
    let after = reader::load(&overlay, making.as_of);
    let mut findings = beyond(after.findings, &source.loaded.findings);
    let found = after.agencies.iter().find_map(|agency| {
        let mut own = agency.requests.iter();
        Some((agency, own.find(|request| request.file == entry.shown)?))
    });
    match found {
        Some((owner, request)) if owner.policy.file == agency.policy.file => {
            let issues = issues(making, request, agency);
            findings.extend(reader::place_all(&overlay, &entry, issues));
        }
        None if has_errors(&findings) => {}
        _ => {
            let why = format!("{} would be another agency's", entry.shown);
            return Err(refused(why, "move that agency's folder to another name"));
        }
    }
    finding::sort(&mut findings);
    Ok(Candidate {
        agency: agency.policy.agency.clone(),
        file,
        shown: entry.shown,
        path,
        evidence: intake.evidence(&id),
        id,
        text,
        findings,
    })
}

fn issues(making: &Making<'_>, request: &Request, agency: &Agency) -> Vec<crate::yaml::Issue> {
    let others = &agency.requests;
    intake::issues(
        request,
        &agency.policy,
        others,
        making.observed,
        making.as_of,
    )
}

/// The way to an agency's folder from the requests folder, with a slash at its end where there is one.
fn folder_of(source: &Source, agency: &Agency) -> String {
    let file = source.path(&agency.policy.file);
    let folder = file.strip_suffix(policy::FILE_NAME);
    folder.unwrap_or_default().to_owned()
}

/// The ids that are in use in an agency, those of files that cannot be read included; and the day of
/// receipt where it is known.
fn used(source: &Source, agency: &Agency, folder: &str) -> Vec<(String, Option<Date>)> {
    let read = agency.requests.iter();
    let mut used: Vec<(String, Option<Date>)> = read
        .map(|request| (request.id.to_string(), Some(request.received.date)))
        .collect();
    let known: BTreeSet<String> = used.iter().map(|(id, _)| id.clone()).collect();
    let files = &source.loaded.files;
    let others: Vec<&str> = files
        .keys()
        .filter_map(|path| path.strip_suffix(policy::FILE_NAME))
        .filter(|other| other.len() > folder.len() && other.starts_with(folder))
        .collect();
    for path in files.keys() {
        let is_own = path.starts_with(folder) && !others.iter().any(|it| path.starts_with(it));
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name
            .strip_suffix(".yaml")
            .filter(|_| name != policy::FILE_NAME);
        if let (true, Some(stem)) = (is_own, stem)
            && !known.contains(stem)
        {
            used.push((stem.to_owned(), None));
        }
    }
    used
}

/// What was not found before.
fn beyond(after: Vec<Finding>, before: &[Finding]) -> Vec<Finding> {
    type Key<'a> = (&'a str, Option<Position>, &'a str);
    fn key(finding: &Finding) -> Key<'_> {
        (&finding.file, finding.position, &finding.message)
    }
    let before: BTreeSet<Key<'_>> = before.iter().map(key).collect();
    let is_new = |finding: &Finding| !before.contains(&key(finding));
    after.into_iter().filter(is_new).collect()
}
