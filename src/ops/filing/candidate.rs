//! The files of new requests as they would be, each in the folder of the agency that it belongs to,
//! checked among all others.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use super::Filing;
use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::policy;
use crate::domain::request::intake::{Intake, warnings};
use crate::domain::request::{RequestId, next_id, write};
use crate::finding;
use crate::finding::{Finding, Position};
use crate::load::folder::Folder;
use crate::load::overlay::Overlay;
use crate::load::{Source, reader};
use crate::ops::failure::Failure;
use crate::yaml::has_errors;

/// A file that is to be written.
pub(crate) struct Candidate {
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
        let withdraws = intake.withdraws.as_ref();
        let agency = agency_of(&intake.mailboxes, withdraws, &before.agencies)?;
        let used = used.entry(&agency.policy.file);
        let used = used.or_insert_with(|| UsedIds::of(source, agency));
        candidates.push(draft(filing, source, intake, id, used)?);
        owners.push(agency);
    }
    let folder = Folder::new(&filing.requests.requests);
    let new = candidates.iter().map(|it| (&*it.path, &*it.text));
    let files = Overlay::new(&folder, new);
    let after = reader::load(&files, as_of);
    let find = |file: &str| {
        let mut agencies = after.agencies.iter();
        agencies.find_map(|agency| {
            let found = agency.requests.binary_search_by(|it| (*it.file).cmp(file));
            Some((&agency.policy.file, &agency.requests[found.ok()?]))
        })
    };
    let mut findings = beyond(&after.findings, &before.findings);
    let is_faulty = has_errors(&findings);
    for (candidate, agency) in candidates.iter().zip(owners) {
        let (policy, others) = (&agency.policy, &agency.requests);
        match find(&candidate.shown) {
            Some((owner, request)) if *owner == policy.file => {
                let issues = warnings::issues(request, policy, others, observed, as_of);
                findings.extend(reader::place(&files, &candidate.shown, issues));
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

fn beyond(after: &[Finding], before: &[Finding]) -> Vec<Finding> {
    fn key(finding: &Finding) -> (&str, Option<Position>, &str) {
        (&finding.file, finding.position, &finding.message)
    }
    let before: BTreeSet<_> = before.iter().map(key).collect();
    let is_new = |finding: &&Finding| !before.contains(&key(finding));
    after.iter().filter(is_new).cloned().collect()
}

struct UsedIds {
    agency: String,
    /// The way to its folder from the requests folder, with a slash at its end where there is one.
    folder: String,
    /// Its ids, those of files that cannot be read included; and the day of receipt where it is known.
    ids: Vec<(String, Option<Date>)>,
}

impl UsedIds {
    fn of(source: &Source, agency: &Agency) -> Self {
        let file = source.path(&agency.policy.file);
        let folder = file.strip_suffix(policy::FILE_NAME).unwrap_or_default();
        let paths = || source.loaded.files.keys();
        let others: Vec<&str> = paths()
            .filter_map(|path| path.strip_suffix(policy::FILE_NAME))
            .filter(|other| other.len() > folder.len() && other.starts_with(folder))
            .collect();
        let is_arkib_extension = |path: &&String| {
            path.starts_with(folder) && !others.iter().any(|other| path.starts_with(other))
        };
        let names = paths()
            .filter(is_arkib_extension)
            .filter_map(|path| path.rsplit('/').next());
        let requests = names.filter(|name| *name != policy::FILE_NAME);
        let ids = requests.filter_map(|name| name.strip_suffix(".yaml"));
        let read = agency.requests.iter();
        let days: HashMap<&str, Date> = read
            .map(|request| (request.id.as_str(), request.received.date))
            .collect();
        Self {
            agency: agency.policy.agency.clone(),
            folder: folder.to_owned(),
            ids: ids
                .map(|id| (id.to_owned(), days.get(id).copied()))
                .collect(),
        }
    }

    /// The id after the agency's newest.
    fn next(&self, year: i16) -> RequestId {
        next_id::next_id(&self.ids, &self.agency, year)
    }

    /// Takes an id; false where it is in use.
    fn take(&mut self, id: &RequestId, received: Date) -> bool {
        let mut used = self.ids.iter();
        let is_free = !used.any(|(used, _)| used.eq_ignore_ascii_case(id.as_str()));
        self.ids.push((id.to_string(), Some(received)));
        is_free
    }
}

/// The agency that a request belongs to, by its mailboxes or the request that it withdraws; or why
/// there is none, as a clause.
pub(crate) fn agency_of<'a>(
    mailboxes: &[Mailbox],
    withdraws: Option<&RequestId>,
    agencies: &'a [Agency],
) -> Result<&'a Agency, Failure> {
    match (agencies, withdraws) {
        ([only], _) => Ok(only),
        (_, Some(id)) => holder(id, agencies),
        (_, None) => owner(mailboxes, agencies),
    }
}

/// The one agency that has a request.
fn holder<'a>(id: &RequestId, agencies: &'a [Agency]) -> Result<&'a Agency, Failure> {
    let has = |agency: &&Agency| agency.requests.iter().any(|request| request.id == *id);
    let mut found = agencies.iter().filter(has);
    let (why, help) = match (found.next(), found.next()) {
        (Some(agency), None) => return Ok(agency),
        (None, _) => (
            format!("no request of these agencies has the id `{id}`"),
            "name the id of a request, as its file is called",
        ),
        (Some(one), Some(other)) => {
            let (one, other) = (&one.policy.agency, &other.policy.agency);
            let why = format!("the id `{id}` is that of a request in {one} and in {other}");
            (why, "name the folder of one agency with --requests DIR")
        }
    };
    Err(Failure::failed(why, help))
}

/// The one agency that owns all of these mailboxes.
fn owner<'a>(mailboxes: &[Mailbox], agencies: &'a [Agency]) -> Result<&'a Agency, Failure> {
    let mut chosen: Option<(&Agency, &Mailbox)> = None;
    for mailbox in mailboxes {
        let Some(owner) = agencies.iter().find(|it| it.policy.owns(mailbox)) else {
            return Err(foreign(mailbox, agencies));
        };
        let (agency, first) = *chosen.get_or_insert((owner, mailbox));
        if agency.policy.file != owner.policy.file {
            let (one, other) = (&agency.policy.agency, &owner.policy.agency);
            let why = format!("`{first}` is of {one} and `{mailbox}` of {other}");
            return Err(Failure::failed(why, "file one request for each agency"));
        }
    }
    let agency = chosen.map(|(agency, _)| agency);
    agency.ok_or_else(|| Failure::failed("no mailbox is named", "name at least one"))
}

/// Why a mailbox cannot be named: no agency owns it.
pub(crate) fn foreign(mailbox: &Mailbox, agencies: &[Agency]) -> Failure {
    let domains = agencies.iter().flat_map(|it| &it.policy.domains);
    let domains: Vec<&str> = domains.map(String::as_str).collect();
    let why = format!(
        "`{mailbox}` is of none of these agencies, whose domains are {}",
        domains.join(", ")
    );
    Failure::failed(why, "mend the address, or leave it out")
}
