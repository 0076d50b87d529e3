//! Asks git who brought an approval, where the policy wants it signed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::load::Source;
use crate::desired::{self, Desired};
use crate::git::{self, GitError, Mode, Place};
use crate::observed::Observed;
use crate::plan::{self, Obstacle, Plan};
use crate::policy::{Policy, Provenance};
use crate::provenance::{ALLOWED_SIGNERS, Doubt, Doubts, Signer, judge};
use crate::request::reader::{self, FileDigest};
use crate::request::{Action, Request, RequestId};
use crate::yaml::MAX_BYTES;

/// The largest `allowed_signers` that is read, in bytes.
const LARGEST_SIGNERS: u64 = 1 << 20;

/// The requests of an agency, and what was read of their files.
#[derive(Clone, Copy)]
pub(super) struct Read<'a> {
    /// All of them.
    pub requests: &'a [Arc<Request>],
    /// The digest of each file, by its way from the folder.
    pub files: &'a BTreeMap<String, FileDigest>,
}

/// What the requests of an agency want, with doubt cast on every approval that a change would rest
/// on and that is not its approver's own. Only those are verified: a signature takes git longer
/// than reading a thousand requests.
///
/// # Errors
/// Where git fails.
pub(super) fn believed(
    source: &Source,
    read: Read<'_>,
    policy: &Policy,
    desired: Desired,
    observed: &Observed,
) -> Result<Desired, GitError> {
    if policy.provenance == Provenance::Committed {
        return Ok(desired);
    }
    let as_of = desired.as_of;
    let mut verified: HashSet<RequestId> = HashSet::new();
    let mut doubts = Doubts::new();
    let mut desired = desired;
    // A withdrawal that is not believed may let another request decide, which is verified then.
    loop {
        let plan = plan::plan(&desired, observed, policy, 0);
        let mut wanted = authorities(&plan);
        wanted.extend(read.requests.iter().filter(|request| {
            let is_due = request.day().is_some_and(|day| day <= as_of);
            is_due && matches!(request.action, Action::Withdraw { .. })
        }));
        wanted.retain(|request| verified.insert(request.id.clone()));
        if wanted.is_empty() {
            return Ok(desired);
        }
        doubts.extend(doubted(source, read.files, policy, &wanted)?);
        desired = desired::fold(read.requests, as_of, &doubts);
    }
}

/// The requests that the changes of a plan rest on.
fn authorities(plan: &Plan) -> Vec<&Arc<Request>> {
    let changes = plan.changes.iter().map(|change| &change.request);
    let blocked = plan.blocked.iter().filter_map(|blocked| {
        matches!(blocked.obstacle, Obstacle::Unverified(_)).then_some(&blocked.request)
    });
    changes.chain(blocked).collect()
}

/// Which of these approved requests are in doubt. One pass of `git log` finds the commits that
/// brought them; another verifies those.
///
/// # Errors
/// Where git fails.
pub(super) fn doubted(
    source: &Source,
    files: &BTreeMap<String, FileDigest>,
    policy: &Policy,
    requests: &[&Arc<Request>],
) -> Result<Doubts, GitError> {
    let all = |doubt: Doubt| -> Doubts {
        let each = requests.iter();
        each.map(|request| (request.id.clone(), doubt.clone()))
            .collect()
    };
    let Some((place, commits)) = source.history() else {
        return Ok(all(Doubt::NotCommitted));
    };
    if place.is_shallow()? {
        return Ok(all(Doubt::Shallow));
    }
    let paths: Vec<&str> = requests.iter().map(|it| source.path(&it.file)).collect();
    let held = held(files, place, &commits, &paths)?;
    let brought = git::bringing(place, &commits, &held)?;
    let mut bringing: Vec<&str> = brought.values().flatten().map(String::as_str).collect();
    bringing.sort_unstable();
    bringing.dedup();
    // With a base its keys count, so that no pull request vouches for itself.
    let counting = commits.last().copied().unwrap_or_default();
    let folder = source
        .path(&policy.file)
        .strip_suffix(crate::policy::FILE_NAME);
    let allowed = format!("{}{ALLOWED_SIGNERS}", folder.unwrap_or_default());
    let allowed = git::blob(place, counting, &allowed, LARGEST_SIGNERS)?.unwrap_or_default();
    let signers: HashMap<String, Signer> = git::signatures(place, &bringing, &allowed)?;
    Ok(requests
        .iter()
        .zip(&paths)
        .filter_map(|(request, path)| {
            let approval = request.approval.as_ref()?;
            let commits = brought.get(*path).into_iter().flatten();
            let doubt = judge(&approval.by, commits.filter_map(|it| signers.get(it)))?;
            Some((request.id.clone(), doubt))
        })
        .collect())
}

/// The names of contents in git, by path: those that are what was read.
fn held(
    files: &BTreeMap<String, FileDigest>,
    place: &Place,
    commits: &[&str],
    paths: &[&str],
) -> Result<HashMap<String, String>, GitError> {
    let mut held = HashMap::new();
    for commit in commits {
        let wanted: HashSet<&str> = paths
            .iter()
            .filter(|path| !held.contains_key(**path))
            .copied()
            .collect();
        let entries: Vec<(String, String)> = git::tree(place, commit)?
            .into_iter()
            .filter(|entry| entry.mode == Mode::File && entry.size <= MAX_BYTES as u64)
            .filter_map(|entry| Some((String::from_utf8(entry.path).ok()?, entry.id)))
            .filter(|(path, _)| wanted.contains(path.as_str()))
            .collect();
        let ids: Vec<&str> = entries.iter().map(|(_, id)| id.as_str()).collect();
        let contents = git::blobs(place, &ids)?;
        for ((path, id), bytes) in entries.into_iter().zip(contents) {
            if files.get(&path) == Some(&reader::digest(&bytes)) {
                held.insert(path, id);
            }
        }
    }
    Ok(held)
}
