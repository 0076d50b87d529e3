//! Reads policies and requests: finds the agencies, parses their files on all cores, and gathers
//! every finding of every file. Where the files come from is [`RequestFileSource`]' business.

mod changed_files;
#[cfg(test)]
mod tests;

pub use changed_files::load_changed;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::domain::agency::{Agency, LoadedAgencies};
use crate::domain::policy;
use crate::domain::policy::Policy;
use crate::domain::policy::raw::RawPolicy;
use crate::domain::policy::signer_files;
use crate::domain::request::portable_name;
use crate::domain::request::raw::RawRequest;
use crate::domain::request::request_file_source::{
    FileDigest, FileEntry, MOST_PROBLEMS, RequestFileSource, file_digest, file_stem, split_folder,
    too_much_finding,
};
use crate::domain::request::rules::RuleContext;
use crate::domain::request::{Request, check, cross_checks, truncated_text};
use crate::finding;
use crate::finding::Finding;
use crate::signature::SignerKeys;
use crate::text::path_below;
use crate::yaml::{MAX_FINDINGS, RawDocument, UnlocatedFinding, YamlPath, YamlText};

/// The most that arkib reads, of all agencies together.
#[derive(Clone, Copy)]
struct LoadLimits {
    agencies: usize,
    /// What requests name; a portal's list has no more, either.
    mailboxes: usize,
    problems: usize,
}

const LIMITS: LoadLimits =
    LoadLimits { agencies: 1_000, mailboxes: 5_000_000, problems: MOST_PROBLEMS };
/// How many files are read before their sums are looked at.
const AT_ONCE: usize = 2_000;

/// Requests that were read before, to be taken where a file is the same.
struct ReusableRequests<'a> {
    digests: Option<&'a BTreeMap<String, FileDigest>>,
    /// By the file, as the user knows it; only of the policy that judges now.
    requests: HashMap<&'a str, &'a Arc<Request>, RandomState>,
}

impl<'a> ReusableRequests<'a> {
    fn reusable_under_policy(
        policy: Option<&Policy>,
        previous: Option<&'a LoadedAgencies>,
    ) -> Self {
        let same = |agency: &&Agency| Some(&agency.policy) == policy;
        let agencies = previous.iter().flat_map(|previous| &previous.agencies);
        let requests = agencies.filter(same).flat_map(|agency| &agency.requests);
        Self {
            digests: previous.map(|previous| &previous.files),
            requests: requests.map(|request| (&*request.file, request)).collect(),
        }
    }

    fn find_unchanged(&self, entry: &FileEntry, digest: &FileDigest) -> Option<Arc<Request>> {
        let known = self.requests.get(&*entry.shown)?;
        let is_same = self.digests?.get(&entry.path) == Some(digest);
        is_same.then(|| Arc::clone(known))
    }
}

/// Reads everything. `as_of` is the day for which it is asked.
pub fn load(files: &dyn RequestFileSource, as_of: Date) -> LoadedAgencies {
    load_reusing(files, as_of, None)
}

/// As [`load`]; what stands in the same words under the same policy in what was read `previous` is
/// taken from there and not read for its meaning again.
pub fn load_reusing(
    files: &dyn RequestFileSource,
    as_of: Date,
    previous: Option<&LoadedAgencies>,
) -> LoadedAgencies {
    load_within(LIMITS, files, as_of, previous)
}

fn load_within(
    limits: LoadLimits,
    files: &dyn RequestFileSource,
    as_of: Date,
    previous: Option<&LoadedAgencies>,
) -> LoadedAgencies {
    let (mut entries, findings) = files.list();
    entries.par_sort_unstable();
    let mut loaded = LoadedAgencies { findings, ..LoadedAgencies::default() };
    let paths = entries.iter().map(|entry| &*entry.path);
    loaded.findings.extend(portable_name::find_case_colliding_folders(paths, &files.folder_name()));
    let (key_files, entries): (Vec<FileEntry>, Vec<FileEntry>) = entries
        .into_iter()
        .partition(|entry| signer_files::is_signer_file(split_folder(&entry.path).1));
    let mut keys: HashMap<&str, SignerKeys> = HashMap::new();
    for entry in &key_files {
        let (folder, name) = split_folder(&entry.path);
        let keys = keys.entry(folder).or_default();
        let (digest, checked) = read_and_digest(files, entry, |bytes, _| {
            signer_files::add_file(keys, name, &entry.shown, bytes)
        });
        loaded.files.extend(digest.map(|digest| (entry.path.clone(), digest)));
        loaded.findings.extend(checked.err().into_iter().flatten());
    }
    let (mut policies, requests): (Vec<FileEntry>, Vec<FileEntry>) =
        entries.into_iter().partition(|entry| split_folder(&entry.path).1 == policy::FILE_NAME);
    if policies.is_empty() && loaded.findings.is_empty() {
        loaded.findings.push(no_policy_finding(&files.folder_name()));
    }
    loaded.request_files = requests.len();
    let mut without_policy = requests;
    // The deepest folder first, so that a file goes to the nearest policy above it.
    policies.sort_by_key(|entry| std::cmp::Reverse(entry.path.matches('/').count()));
    if policies.len() > limits.agencies {
        let why = message!("folder-many-agencies", most = limits.agencies);
        loaded.findings.push(too_much_finding(&files.folder_name(), why));
        return loaded;
    }
    let mut left = limits;
    for policy_entry in &policies {
        let (folder, _) = split_folder(&policy_entry.path);
        let (own, rest) =
            without_policy.into_iter().partition(|entry: &FileEntry| is_below(&entry.path, folder));
        without_policy = rest;
        let agency =
            build_agency(files, policy_entry, own, (as_of, previous), &mut loaded, &mut left);
        loaded.agencies.extend(
            agency.map(|agency| Agency { keys: keys.remove(folder).unwrap_or_default(), ..agency }),
        );
    }
    let file = |agency: &Agency| agency.policy.file.clone();
    loaded.agencies.sort_by_key(file);
    loaded.findings.extend(check_agencies_are_distinct(files, &loaded.agencies));
    if !policies.is_empty() {
        let without = without_policy.iter().take(limits.problems);
        loaded.findings.extend(without.map(|entry| no_policy_finding(&entry.shown)));
    }
    finding::sort_findings(&mut loaded.findings);
    if loaded.findings.len() > limits.problems {
        loaded.findings.truncate(limits.problems);
        let why = message!("folder-many-problems", most = limits.problems);
        loaded.findings.push(too_much_finding(&files.folder_name(), why));
    }
    loaded
}

/// Every mailbox belongs to one agency, so that its policy cannot be passed by through another's.
fn check_agencies_are_distinct(files: &dyn RequestFileSource, agencies: &[Agency]) -> Vec<Finding> {
    let mut names: HashMap<String, &Policy> = HashMap::new();
    let mut domains: HashMap<&str, &Policy> = HashMap::new();
    let mut findings = Vec::new();
    for Agency { policy, .. } in agencies {
        let mut issues = Vec::new();
        if let Some(other) = names.insert(policy.agency.to_ascii_uppercase(), policy) {
            issues.push(UnlocatedFinding::error(
                YamlPath::keys("agency"),
                "agency-twice",
                message!("folder-same-agency", name = &other.agency, file = &other.file),
                message!("folder-same-agency-help"),
            ));
        }
        for (index, domain) in policy.domains.iter().enumerate() {
            if let Some(other) = domains.insert(domain, policy)
                && other.file != policy.file
            {
                issues.push(UnlocatedFinding::error(
                    YamlPath::keys("domains").index(index),
                    "domain-twice",
                    message!("folder-same-domain", domain, file = &other.file),
                    message!("folder-same-domain-help"),
                ));
            }
        }
        for issue in issues {
            findings.extend(locate_policy_findings(files, &policy.file, vec![issue]));
        }
    }
    findings
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn no_policy_finding(place: &Arc<str>) -> Finding {
    Finding::whole_file(
        place,
        "no-policy",
        message!("folder-no-policy", name = policy::FILE_NAME),
        message!("folder-no-policy-help"),
    )
}

fn build_agency(
    files: &dyn RequestFileSource,
    policy_entry: &FileEntry,
    entries: Vec<FileEntry>,
    (as_of, previous): (Date, Option<&LoadedAgencies>),
    loaded: &mut LoadedAgencies,
    left: &mut LoadLimits,
) -> Option<Agency> {
    let findings = &mut loaded.findings;
    let (digest, policy) = read_policy(files, policy_entry);
    let policy = policy.map_err(|found| findings.extend(found)).ok();
    let known = ReusableRequests::reusable_under_policy(policy.as_ref(), previous);
    let mut examined: Vec<FileReadResult<ReadRequest>> = Vec::with_capacity(entries.len());
    for some in entries.chunks(AT_ONCE) {
        let begin = examined.len();
        let read = some.par_iter().map(|entry| read_request(files, entry, policy.as_ref(), &known));
        examined.par_extend(read);
        for (_, read) in &examined[begin..] {
            let (named, wrong) = match read {
                Ok((request, _)) => (request.mailboxes().len(), 0),
                Err(found) => (0, found.len()),
            };
            if named > left.mailboxes {
                let most = LIMITS.mailboxes;
                let why = message!("folder-many-mailboxes", most);
                findings.push(too_much_finding(&files.folder_name(), why));
                return None;
            }
            left.mailboxes -= named;
            left.problems = left.problems.saturating_sub(wrong);
        }
        if left.problems == 0 {
            let why = message!("folder-not-all-read");
            findings.push(too_much_finding(&files.folder_name(), why));
            break;
        }
    }
    let mut digests = Vec::with_capacity(examined.len());
    let mut requests = Vec::with_capacity(examined.len());
    let mut unread = HashSet::new();
    for ((digest, result), entry) in examined.into_iter().zip(&entries) {
        digests.push(digest);
        match result {
            Ok((request, warnings)) => {
                // A million files may each have something that is no error.
                let has_room = findings.len() < MOST_PROBLEMS / 2;
                findings.extend(warnings.into_iter().filter(|_| has_room));
                if let Some(issue) = check::find_warning(&request).filter(|_| has_room) {
                    findings.extend(locate_request_findings(files, &entry.shown, vec![issue]));
                }
                requests.push(request);
            }
            Err(found) => {
                unread.insert(file_stem(&entry.path));
                findings.extend(found);
            }
        }
    }
    let crossed = cross_checks::check(&requests, &unread, as_of).into_iter();
    for (index, issue) in crossed.take(MOST_PROBLEMS) {
        findings.extend(locate_request_findings(files, &requests[index].file, vec![issue]));
    }
    let paths = entries.into_iter().map(|entry| entry.path).zip(digests);
    let all = std::iter::once((policy_entry.path.clone(), digest)).chain(paths);
    let digests = all.filter_map(|(path, digest)| Some((path, digest?)));
    // Sorted but for the first, and so put together at once.
    loaded.files.append(&mut digests.collect());
    policy.map(|policy| Agency { policy, requests, keys: SignerKeys::default() })
}

/// The digest of a file, where it can be read, and what it says.
type FileReadResult<T> = (Option<FileDigest>, Result<T, Vec<Finding>>);

/// A request, and what to say of the words of its file.
type ReadRequest = (Arc<Request>, Vec<Finding>);

fn read_and_digest<T>(
    files: &dyn RequestFileSource,
    entry: &FileEntry,
    says: impl FnOnce(&[u8], &FileDigest) -> Result<T, Vec<Finding>>,
) -> FileReadResult<T> {
    match files.read_file(entry) {
        Err(finding) => (None, Err(vec![*finding])),
        Ok(bytes) => {
            let digest = file_digest(&bytes);
            (Some(digest), says(&bytes, &digest))
        }
    }
}

fn read_policy(files: &dyn RequestFileSource, entry: &FileEntry) -> FileReadResult<Policy> {
    let check = |draft: &RawPolicy, _: &str| policy::check(draft, &entry.shown);
    read_and_digest(files, entry, |bytes, _| parse_and_check(entry, bytes, check))
}

fn read_request(
    files: &dyn RequestFileSource,
    entry: &FileEntry,
    policy: Option<&Policy>,
    known: &ReusableRequests<'_>,
) -> FileReadResult<ReadRequest> {
    let check = |draft: &RawRequest, text: &str| {
        let origin = RuleContext { file: &entry.shown, stem: file_stem(&entry.path), text, policy };
        check::check(draft, &origin)
    };
    read_and_digest(files, entry, |bytes, digest| {
        let known = known.find_unchanged(entry, digest).map(Ok);
        let request = known.unwrap_or_else(|| parse_and_check(entry, bytes, check).map(Arc::new));
        let request = request.map_err(explain_conflict)?;
        let warnings = truncated_text::find_truncated_texts(&request, &entry.shown, bytes);
        Ok((request, warnings))
    })
}

/// Says what to do where git's conflict in a request is that of two approvals.
fn explain_conflict(mut findings: Vec<Finding>) -> Vec<Finding> {
    for conflict in findings.iter_mut().filter(|finding| finding.kind == "conflict") {
        let otherwise = conflict.help.clone();
        conflict.help = message!("finding-conflict-of-approvals-help", otherwise);
    }
    findings
}

/// One file: the fast way, and the exact way where anything is amiss.
fn parse_and_check<D: RawDocument, T>(
    entry: &FileEntry,
    bytes: &[u8],
    check: impl Fn(&D, &str) -> Result<T, Vec<UnlocatedFinding>>,
) -> Result<T, Vec<Finding>> {
    let source = YamlText::new(&entry.shown, bytes)?;
    if let Some(draft) = source.parse_fast::<D>()
        && let Ok(good) = check(&draft, source.text())
    {
        return Ok(good);
    }
    let mut exact = source.check_document::<D>();
    let mut findings = std::mem::take(&mut exact.findings);
    if let Some(draft) = &exact.draft {
        match check(draft, source.text()) {
            Ok(good) if findings.is_empty() => return Ok(good),
            Ok(_) => {}
            Err(issues) => findings.extend(exact.locate_findings(issues)),
        }
    }
    if findings.is_empty() {
        // Every ill-shaped value has been reported, so this is a gap in the exact reader; the
        // file is refused all the same.
        let why = message!("folder-wrong-format");
        let help = message!("folder-wrong-format-help");
        findings.push(Finding::whole_file(&entry.shown, "unreadable", why, help));
    }
    finding::limit_findings_of_file(&mut findings, &entry.shown, MAX_FINDINGS);
    Err(findings)
}

/// Gives issues found in a request from outside their place, by reading its file once more.
pub fn locate_request_findings(
    files: &dyn RequestFileSource,
    shown: &Arc<str>,
    issues: Vec<UnlocatedFinding>,
) -> Vec<Finding> {
    locate_findings_in::<RawRequest>(files, shown, issues)
}

/// As [`locate_request_findings`], in a policy.
pub fn locate_policy_findings(
    files: &dyn RequestFileSource,
    shown: &Arc<str>,
    issues: Vec<UnlocatedFinding>,
) -> Vec<Finding> {
    locate_findings_in::<RawPolicy>(files, shown, issues)
}

fn locate_findings_in<D: RawDocument>(
    files: &dyn RequestFileSource,
    shown: &Arc<str>,
    issues: Vec<UnlocatedFinding>,
) -> Vec<Finding> {
    if issues.is_empty() {
        return Vec::new();
    }
    let entry = FileEntry {
        path: path_below(shown, &files.folder_name()).to_owned(),
        shown: Arc::clone(shown),
    };
    let bytes = match files.read_file(&entry) {
        Ok(bytes) => bytes,
        Err(finding) => return vec![*finding],
    };
    match YamlText::new(shown, &bytes) {
        Ok(source) => source.check_document::<D>().locate_findings(issues),
        Err(findings) => findings,
    }
}
