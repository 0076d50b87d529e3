//! The files of new requests as they would be, checked among all others.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::summary::Told;
use crate::domain::agency::Agency;
use crate::domain::observed::Observed;
use crate::domain::policy;
use crate::domain::request::intake;
use crate::domain::request::intake::Intake;
use crate::domain::request::{Evidence, Request, RequestId, next_id, write};
use crate::finding;
use crate::finding::{Finding, Position};
use crate::load::Source;
use crate::load::folder::Folder;
use crate::load::overlay::Overlay;
use crate::load::reader;
use crate::yaml::has_errors;

/// A file that is to be written, and what is to be said of it.
pub(crate) struct Candidate {
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

/// What candidates are made from.
pub(crate) struct Making<'a> {
    pub intakes: &'a [Intake],
    /// The id that was asked for, of a single one.
    pub id: Option<&'a RequestId>,
    pub observed: Option<&'a Observed>,
    pub as_of: Date,
    /// The requests folder.
    pub root: PathBuf,
}

/// Why there is no place for a file, and what to do.
pub(crate) struct Refused {
    pub reason: String,
    pub help: &'static str,
}

impl Refused {
    fn new(reason: String, help: &'static str) -> Self {
        Self { reason, help }
    }
}

impl From<Refused> for Box<Told> {
    fn from(refused: Refused) -> Self {
        Self::new(Told {
            help: Some(refused.help.to_owned()),
            ..Told::unwritten(format!("Nothing was written: {}.", refused.reason))
        })
    }
}

/// Makes the file of one request and checks it.
///
/// # Errors
/// Where there is no place for it.
pub(super) fn make(making: &Making<'_>, source: &Source) -> Result<Candidate, Refused> {
    let (candidates, findings) = make_all(making, source)?;
    let candidate = candidates
        .into_iter()
        .next()
        .ok_or_else(|| Refused::new("nothing was asked for".to_owned(), "run arkib again"))?;
    Ok(Candidate {
        findings,
        ..candidate
    })
}

/// Makes the files of several requests and checks them together, so that none is written where one
/// is not good. Gives what is wrong with any of them, or with others because of them.
///
/// # Errors
/// Where there is no place for one.
pub(crate) fn make_all(
    making: &Making<'_>,
    source: &Source,
) -> Result<(Vec<Candidate>, Vec<Finding>), Refused> {
    let mut known: HashMap<&str, Used> = HashMap::new();
    let mut candidates = Vec::new();
    let mut owners = Vec::new();
    for intake in making.intakes {
        let agency = intake::agency_of(&intake.subject, &source.loaded.agencies)
            .map_err(|(why, help)| Refused::new(why, help))?;
        let used = known
            .entry(&agency.policy.file)
            .or_insert_with(|| Used::of(source, agency));
        candidates.push(draft(making, intake, used, source)?);
        owners.push(agency);
    }
    let files = Folder::new(&making.root);
    let each = candidates.iter();
    let texts = each.map(|it| (it.path.as_str(), it.text.as_str()));
    let overlay = Overlay::new(&files, texts);
    let after = reader::load(&overlay, making.as_of);
    let requests = after.agencies.iter().flat_map(|agency| {
        let own = agency.requests.iter();
        own.map(|request| (&*request.file, (&*agency.policy.file, request)))
    });
    let requests: HashMap<&str, (&str, &Arc<Request>)> = requests.collect();
    let mut findings = beyond(after.findings, &source.loaded.findings);
    let is_faulty = has_errors(&findings);
    for (candidate, agency) in candidates.iter().zip(owners) {
        match requests.get(&*candidate.shown) {
            Some((owner, request)) if **owner == *agency.policy.file => {
                let issues = issues(making, request, agency);
                let entry = overlay.entry(&candidate.path);
                findings.extend(reader::place_all(&overlay, &entry, issues));
            }
            None if is_faulty => {}
            _ => {
                let why = format!("{} would be another agency's", candidate.shown);
                let help = "move that agency's folder to another name";
                return Err(Refused::new(why, help));
            }
        }
    }
    finding::sort(&mut findings);
    Ok((candidates, findings))
}

/// The file of one request, of which nothing is checked but that it has a place.
fn draft(
    making: &Making<'_>,
    intake: &Intake,
    used: &mut Used,
    source: &Source,
) -> Result<Candidate, Refused> {
    let year = intake.received.date.year();
    let id = match making.id {
        Some(id) => id.clone(),
        None => used.next(year),
    };
    if used.holds(&id) {
        let help = "leave --id out; then the next one is taken";
        return Err(Refused::new(format!("the id `{id}` is in use"), help));
    }
    used.ids.push((id.to_string(), Some(intake.received.date)));
    let path = format!("{}{year:04}/{id}.yaml", used.folder);
    let text = write::file(&intake.draft(&id)).map_err(|error| {
        let help = "report this as a fault of arkib; meanwhile write the file by hand";
        Refused::new(error.to_string(), help)
    })?;
    let file = making.root.join(&path);
    if let Some(why) = file.parent().and_then(why_no_folder) {
        let help = "move it away; requests of a year lie in a folder";
        return Err(Refused::new(why, help));
    }
    Ok(Candidate {
        agency: used.agency.clone(),
        shown: format!("{}/{path}", source.shown).into(),
        file,
        path,
        evidence: intake.evidence(&id),
        id,
        text,
        findings: Vec::new(),
    })
}

/// Why the folder of a year cannot be used, where something else lies there.
fn why_no_folder(year: &Path) -> Option<String> {
    let is_something_else = year.symlink_metadata().is_ok_and(|it| !it.is_dir());
    is_something_else.then(|| format!("{} is no folder but something else", year.display()))
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

/// What is in use in an agency.
struct Used {
    /// The agency's short name.
    agency: String,
    /// The way to its folder from the requests folder, with a slash at its end where there is one.
    folder: String,
    /// Its ids, those of files that cannot be read included; and the day of receipt where it is known.
    ids: Vec<(String, Option<Date>)>,
}

impl Used {
    fn of(source: &Source, agency: &Agency) -> Self {
        let file = source.path(&agency.policy.file);
        let folder = file.strip_suffix(policy::FILE_NAME).unwrap_or_default();
        Self {
            agency: agency.policy.agency.clone(),
            folder: folder.to_owned(),
            ids: ids(source, agency, folder),
        }
    }

    fn next(&self, year: i16) -> RequestId {
        let ids: Vec<_> = self
            .ids
            .iter()
            .map(|(id, day)| (id.as_str(), *day))
            .collect();
        next_id::next(&ids, &self.agency, year)
    }

    fn holds(&self, id: &RequestId) -> bool {
        let mut ids = self.ids.iter();
        ids.any(|(it, _)| it.eq_ignore_ascii_case(id.as_str()))
    }
}

fn ids(source: &Source, agency: &Agency, folder: &str) -> Vec<(String, Option<Date>)> {
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
