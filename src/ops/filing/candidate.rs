//! The files of new requests before they are written, each in the folder of its agency, checked
//! together with all others.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use super::FilingOptions;
use crate::domain::agency::Agency;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::policy;
use crate::domain::request::new_request::{NewRequest, warnings};
use crate::domain::request::next_id::UsedIds;
use crate::domain::request::{Request, RequestId, yaml_writer};
use crate::environment;
use crate::finding;
use crate::finding::{Finding, Position};
use crate::git::{branch_with_file, files_added_on_branches};
use crate::language::Message;
use crate::load::folder::RequestsFolder;
use crate::load::folder_with_unwritten_files::FolderWithUnwrittenFiles;
use crate::load::{LoadedRequests, agency_loader};
use crate::ops::failure::Failure;
use crate::text::shown_path;
use crate::yaml::has_errors;

/// A file to write.
pub(crate) struct Candidate {
    pub agency: String,
    pub id: RequestId,
    /// Its content.
    pub intake: NewRequest,
    /// Its path from the requests folder.
    pub path: String,
    /// Where it will be.
    pub file: PathBuf,
    /// The same path, as shown to the user.
    pub shown: Arc<str>,
    pub text: String,
}

/// Makes the files of requests and checks them together, so that none is written if one is wrong.
/// Returns also the problems of these files, and of others because of them. `id` is the id that was
/// asked for, if there is a single request.
pub(crate) fn make_and_check(
    filing: &FilingOptions,
    source: &LoadedRequests,
    intakes: impl IntoIterator<Item = NewRequest>,
    id: Option<&RequestId>,
    observed: Option<&Observed>,
) -> Result<(Vec<Candidate>, Vec<Finding>), Failure> {
    let before = &source.loaded;
    let as_of = filing.requests.as_of();
    let mut used: HashMap<&str, AgencyIds> = HashMap::new();
    let on_branches = files_on_branches(source)?;
    let mut candidates = Vec::new();
    let mut owners = Vec::new();
    for intake in intakes {
        let withdraws = intake.withdraws.as_ref();
        let agency = find_owning_agency(&intake.mailboxes, withdraws, &before.agencies)?;
        let used = used.entry(&agency.policy.file);
        let used = used.or_insert_with(|| AgencyIds::new(source, agency, &on_branches));
        candidates.push(draft_candidate(filing, source, intake, id, used)?);
        owners.push(agency);
    }
    let folder = RequestsFolder::new(&filing.requests.requests);
    let new = candidates.iter().map(|candidate| (&*candidate.path, &*candidate.text));
    let files = FolderWithUnwrittenFiles::new(&folder, new);
    let after = agency_loader::load(&files, as_of);
    let find = |file: &str| {
        let mut agencies = after.agencies.iter();
        agencies.find_map(|agency| {
            let found = agency.requests.binary_search_by(|request| (*request.file).cmp(file));
            Some((&agency.policy.file, &agency.requests[found.ok()?]))
        })
    };
    let mut findings = new_findings(&after.findings, &before.findings);
    let is_faulty = has_errors(&findings);
    for (candidate, agency) in candidates.iter().zip(owners) {
        let (policy, others) = (&agency.policy, &agency.requests);
        match find(&candidate.shown) {
            Some((owner, request)) if *owner == policy.file => {
                let issues = warnings::find_warnings(request, policy, others, observed, as_of);
                findings.extend(agency_loader::locate_request_findings(
                    &files,
                    &candidate.shown,
                    issues,
                ));
            }
            None if is_faulty => {}
            _ => {
                let file = &*candidate.shown;
                let why = message!("filing-other-agency", file);
                return Err(Failure::failed(why, message!("filing-other-agency-help")));
            }
        }
    }
    finding::sort_findings(&mut findings);
    Ok((candidates, findings))
}

/// Makes the file of one request, and checks only that its path is free.
fn draft_candidate(
    filing: &FilingOptions,
    source: &LoadedRequests,
    mut intake: NewRequest,
    id: Option<&RequestId>,
    used: &mut AgencyIds,
) -> Result<Candidate, Failure> {
    let today = || filing.requests.as_of();
    let received = *intake.received.get_or_insert_with(today);
    let id = id.cloned().unwrap_or_else(|| used.all.next_id(&used.agency, received.year()));
    if !used.insert(id.as_str(), Some(received)) {
        let why = message!("filing-id-in-use", id = id.as_str());
        return Err(Failure::failed(why, message!("filing-id-in-use-help")));
    }
    let text = yaml_writer::draft_to_yaml(&intake.to_draft(&id)).map_err(|why| {
        let help = message!("filing-bug-help");
        Failure::failed(why, help)
    })?;
    let path = format!("{}{:04}/{id}.yaml", used.folder, received.year());
    let file = filing.requests.requests.join(&path);
    let year = file.parent().unwrap_or(&file);
    if year.symlink_metadata().is_ok_and(|metadata| !metadata.is_dir()) {
        let why = message!("filing-no-folder", file = shown_path(year));
        return Err(Failure::failed(why, message!("filing-no-folder-help")));
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

pub(crate) fn new_findings(after: &[Finding], before: &[Finding]) -> Vec<Finding> {
    fn finding_key(finding: &Finding) -> (&str, Option<Position>, &Message) {
        (&finding.file, finding.position, &finding.message)
    }
    let before: BTreeSet<_> = before.iter().map(finding_key).collect();
    let is_new = |finding: &&Finding| !before.contains(&finding_key(finding));
    after.iter().filter(is_new).cloned().collect()
}

/// The request files that other branches bring: their ids are taken.
fn files_on_branches(source: &LoadedRequests) -> Result<Vec<String>, Failure> {
    let Some(place) = source.repository() else { return Ok(Vec::new()) };
    files_added_on_branches(place).map_err(|error| Failure::failed(error.to_string(), error.help()))
}

/// The ids of an agency.
struct AgencyIds {
    agency: String,
    /// The path of its folder from the requests folder, empty or with a slash at its end.
    folder: String,
    /// Those of its folder, also of unreadable files, in small letters.
    own: HashSet<String>,
    /// The same, and those of requests on branches that are not merged.
    all: UsedIds,
}

impl AgencyIds {
    fn new(source: &LoadedRequests, agency: &Agency, on_branches: &[String]) -> Self {
        let file = source.relative_path(&agency.policy.file);
        let folder = file.strip_suffix(policy::FILE_NAME).unwrap_or_default();
        let paths = || source.loaded.files.keys();
        let others: Vec<&str> = paths()
            .filter_map(|path| path.strip_suffix(policy::FILE_NAME))
            .filter(|other| other.len() > folder.len() && other.starts_with(folder))
            .collect();
        let own_id = |path: &'_ str| -> Option<String> {
            let is_own =
                path.starts_with(folder) && !others.iter().any(|other| path.starts_with(other));
            let name = path.rsplit('/').next().filter(|name| is_own && *name != policy::FILE_NAME);
            name.and_then(|name| name.strip_suffix(".yaml")).map(str::to_owned)
        };
        let read = agency.requests.iter();
        let days: HashMap<&str, Date> =
            read.map(|request| (request.id.as_str(), request.received.date)).collect();
        let mut ids = Self {
            agency: agency.policy.agency.clone(),
            folder: folder.to_owned(),
            own: HashSet::new(),
            all: UsedIds::default(),
        };
        for id in paths().filter_map(|path| own_id(path)) {
            ids.insert(&id, days.get(&*id).copied());
        }
        for id in on_branches.iter().filter_map(|path| own_id(path)) {
            ids.all.insert(&id, None);
        }
        ids
    }

    /// Adds an id of its folder; false if it is in use there.
    fn insert(&mut self, id: &str, received: Option<Date>) -> bool {
        self.all.insert(id, received);
        self.own.insert(id.to_ascii_lowercase())
    }
}

/// The agency that a request belongs to, by its mailboxes or by the request that it withdraws; or why
/// there is none, as a clause.
pub(crate) fn find_owning_agency<'a>(
    mailboxes: &[Mailbox],
    withdraws: Option<&RequestId>,
    agencies: &'a [Agency],
) -> Result<&'a Agency, Failure> {
    match (agencies, withdraws) {
        ([only], _) => Ok(only),
        (_, Some(id)) => request_with_id(id, agencies).map(|(agency, _)| agency),
        (_, None) => agency_owning_all(mailboxes, agencies),
    }
}

/// The one request that has an id, and its agency.
pub(crate) fn request_with_id<'a>(
    id: &RequestId,
    agencies: &'a [Agency],
) -> Result<(&'a Agency, &'a Arc<Request>), Failure> {
    let of = |agency: &'a Agency| {
        let request = agency.requests.iter().find(|request| request.id == *id)?;
        Some((agency, request))
    };
    let mut found = agencies.iter().filter_map(of);
    let (why, help) = match (found.next(), found.next()) {
        (Some(one), None) => return Ok(one),
        (None, _) => {
            (message!("filing-unknown-id", id = id.as_str()), message!("filing-unknown-id-help"))
        }
        (Some((one, _)), Some((other, _))) => {
            let (one, other) = (&one.policy.agency, &other.policy.agency);
            let why = message!("filing-id-twice", id = id.as_str(), one, other);
            (why, message!("filing-id-twice-help"))
        }
    };
    Err(Failure::failed(why, help))
}

/// As [`request_with_id`]; nothing was written.
pub(crate) fn find_request<'a>(
    source: &'a LoadedRequests,
    id: &RequestId,
) -> Result<(&'a Agency, &'a Arc<Request>), Failure> {
    request_with_id(id, &source.loaded.agencies).map_err(|failure| {
        let failure = failure.with_prefix(message!("filing-nothing-written"));
        Failure { help: help_elsewhere(source, id.as_str()).or(failure.help), ..failure }
    })
}

/// Where a request is that is not here, if it is on another branch of this clone.
pub(crate) fn help_elsewhere(source: &LoadedRequests, id: &str) -> Option<Message> {
    let file = format!("{}.yaml", RequestId::parse(id)?);
    let branch = branch_with_file(source.repository()?, &file).ok().flatten()?;
    let branch = environment::shell().quote_for_shell(&branch);
    Some(message!("filing-elsewhere-help", branch))
}

/// The one agency that owns all of these mailboxes.
fn agency_owning_all<'a>(
    mailboxes: &[Mailbox],
    agencies: &'a [Agency],
) -> Result<&'a Agency, Failure> {
    let mut chosen: Option<(&Agency, &Mailbox)> = None;
    for mailbox in mailboxes {
        let Some(owner) = agencies.iter().find(|agency| agency.policy.owns_domain_of(mailbox))
        else {
            return Err(foreign_mailbox_failure(mailbox, agencies));
        };
        let (agency, first) = *chosen.get_or_insert((owner, mailbox));
        if agency.policy.file != owner.policy.file {
            let (one, other) = (&agency.policy.agency, &owner.policy.agency);
            let (first, mailbox) = (first.as_str(), mailbox.as_str());
            let why = message!("filing-two-agencies", first, one, mailbox, other);
            return Err(Failure::failed(why, message!("filing-two-agencies-help")));
        }
    }
    let agency = chosen.map(|(agency, _)| agency);
    let nobody =
        || Failure::failed(message!("filing-no-mailbox"), message!("filing-no-mailbox-help"));
    agency.ok_or_else(nobody)
}

/// The failure for a mailbox that no agency owns.
pub(crate) fn foreign_mailbox_failure(mailbox: &Mailbox, agencies: &[Agency]) -> Failure {
    let domains = agencies.iter().flat_map(|agency| &agency.policy.domains);
    let domains: Vec<&str> = domains.map(String::as_str).collect();
    let why = message!("filing-foreign", mailbox = mailbox.as_str(), domains = domains.join(", "));
    Failure::failed(why, message!("filing-foreign-help"))
}
