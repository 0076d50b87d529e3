//! The files of new requests as they would be, checked among all others.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use super::Filing;
use super::agency_of::agency_of;
use super::ids::UsedIds;
use crate::domain::observed::Observed;
use crate::domain::request::intake::{Intake, warnings};
use crate::domain::request::{Request, RequestId, write};
use crate::finding;
use crate::finding::{Finding, Position};
use crate::load::folder::Folder;
use crate::load::overlay::Overlay;
use crate::load::{Source, reader};
use crate::ops::failure::Failure;
use crate::yaml::has_errors;

/// A file that is to be written.
pub(crate) struct Candidate {
    /// The agency's short name.
    pub agency: String,
    pub id: RequestId,
    /// What it says.
    pub intake: Intake,
    /// Its way from the requests folder.
    pub path: String,
    /// Where it will lie.
    pub file: PathBuf,
    /// The same, as the user knows it.
    pub shown: Arc<str>,
    pub text: String,
}

/// Makes the files of requests and checks them together, so that none is written where one is not good.
/// Gives what is wrong with any of them, or with others because of them. `id` is the one that was asked
/// for, of a single request.
///
/// # Errors
/// Why there is no place for one, as a clause.
pub(crate) fn make(
    filing: &Filing,
    source: &Source,
    intakes: impl IntoIterator<Item = Intake>,
    id: Option<&RequestId>,
    observed: Option<&Observed>,
) -> Result<(Vec<Candidate>, Vec<Finding>), Failure> {
    let before = &source.loaded;
    let as_of = filing.requests.as_of();
    let mut used: HashMap<&str, UsedIds> = HashMap::new();
    let mut candidates = Vec::new();
    let mut owners = Vec::new();
    for intake in intakes {
        let agency = agency_of(
            &intake.mailboxes,
            intake.withdraws.as_ref(),
            &before.agencies,
        )?;
        let used = used.entry(&agency.policy.file);
        let used = used.or_insert_with(|| UsedIds::of(source, agency));
        candidates.push(draft(filing, source, intake, id, used)?);
        owners.push(agency);
    }
    let files = Folder::new(&filing.requests.requests);
    let texts = candidates.iter().map(|it| (&*it.path, &*it.text));
    let overlay = Overlay::new(&files, texts);
    let after = reader::load(&overlay, as_of);
    let requests: HashMap<&str, (&str, &Request)> = after
        .agencies
        .iter()
        .flat_map(|agency| agency.requests.iter().map(move |it| (agency, it)))
        .map(|(agency, request)| (&*request.file, (&*agency.policy.file, &**request)))
        .collect();
    let mut findings = beyond(after.findings, &before.findings);
    let is_faulty = has_errors(&findings);
    for (candidate, agency) in candidates.iter().zip(owners) {
        let (policy, others) = (&agency.policy, &agency.requests);
        match requests.get(&*candidate.shown) {
            Some((owner, request)) if **owner == *policy.file => {
                let issues = warnings::issues(request, policy, others, observed, as_of);
                let entry = overlay.entry(&candidate.path);
                findings.extend(reader::place_all(&overlay, &entry, issues));
            }
            None if is_faulty => {}
            _ => {
                let why = format!("{} would be another agency's", candidate.shown);
                let help = "move that agency's folder to another name";
                return Err(Failure::failed(why, help));
            }
        }
    }
    finding::sort(&mut findings);
    Ok((candidates, findings))
}

/// The file of one request, of which nothing is checked but that it has a place.
fn draft(
    filing: &Filing,
    source: &Source,
    mut intake: Intake,
    id: Option<&RequestId>,
    used: &mut UsedIds,
) -> Result<Candidate, Failure> {
    let today = || filing.requests.as_of();
    let received = *intake.received.get_or_insert_with(today);
    let id = id.cloned().unwrap_or_else(|| used.next(received.year()));
    if !used.take(&id, received) {
        let help = "leave --id out; then the next one is taken";
        return Err(Failure::failed(format!("the id `{id}` is in use"), help));
    }
    let text = write::file(&intake.draft(&id)).map_err(|why| {
        let help = "report this as a fault of arkib; meanwhile write the file by hand";
        Failure::failed(why, help)
    })?;
    let path = format!("{}{:04}/{id}.yaml", used.folder, received.year());
    let file = filing.requests.requests.join(&path);
    let year = file.parent().unwrap_or(&file);
    if year.symlink_metadata().is_ok_and(|it| !it.is_dir()) {
        let why = format!("{} is no folder but something else", year.display());
        let help = "move it away; requests of a year lie in a folder";
        return Err(Failure::failed(why, help));
    }
    Ok(Candidate {
        agency: used.agency.clone(),
        shown: format!("{}/{path}", source.shown).into(),
        file,
        path,
        id,
        intake,
        text,
    })
}

/// What was not found before.
fn beyond(after: Vec<Finding>, before: &[Finding]) -> Vec<Finding> {
    fn key(finding: &Finding) -> (&str, Option<Position>, &str) {
        (&finding.file, finding.position, &finding.message)
    }
    let before: BTreeSet<_> = before.iter().map(key).collect();
    let is_new = |finding: &Finding| !before.contains(&key(finding));
    after.into_iter().filter(is_new).collect()
}
