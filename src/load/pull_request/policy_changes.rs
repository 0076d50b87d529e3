//! How a pull request changes policies, in words for its reviewer; what may then be terminated comes first.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::agency::{Agency, LoadedAgencies};
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::Target;
use crate::domain::desired::fold_requests;
use crate::domain::observed::Observed;
use crate::domain::plan::{LaterDays, LaterEffect};
use crate::domain::policy::Policy;
use crate::domain::policy::diff::{
    MAY_BE_TERMINATED, PolicyChangeLines, describe_changes, describe_new_policy,
};
use crate::domain::policy::signer_files::{ALLOWED_SIGNERS, AUTHORITIES, REVOCATIONS};
use crate::domain::request::Request;
use crate::domain::request::file_source::{FileSource as _, FolderSnapshot};
use crate::signature::SignerKeys;
use crate::text::path_below;

/// What a pull request changes of one policy: its file as the user knows it, and a line a change.
pub type PolicyChange = (String, Vec<String>);

/// How policies and signers' keys differ before and after. `planned` are the requests of the pull request
/// under the policies before.
pub(super) fn policy_changes(
    [before, planned, after]: [&LoadedAgencies; 3],
    merged: &FolderSnapshot,
    as_of: Date,
) -> Vec<PolicyChange> {
    let files: BTreeSet<&str> = [before, after]
        .iter()
        .flat_map(|loaded| &loaded.agencies)
        .map(|agency| &*agency.policy.file)
        .collect();
    let no_keys = SignerKeys::default();
    let mut changes = Vec::new();
    for file in files {
        let (old, new) = (before.agency(file), after.agency(file));
        let mut words = PolicyChangeLines(match (old, new) {
            (Some(old), Some(new)) => {
                // Terminations come first.
                let mut words = describe_lost_protection(&old.policy, new);
                if let Some(planned) = planned.agency(file) {
                    words.extend(describe_recounted_approvals(planned, new, as_of));
                }
                words.extend(describe_changes(&old.policy, &new.policy));
                words
            }
            (None, Some(new)) => describe_new_policy(&new.policy),
            (Some(_), None) if merged.files.contains_key(path_below(file, &merged.name())) => {
                vec!["it can no longer be read, so its other changes are not known".to_owned()]
            }
            (Some(old), None) => vec![format!("removed: the policy of {}", old.policy.agency)],
            (None, None) => Vec::new(),
        });
        let [old, new] = [old, new].map(|agency| agency.map_or(&no_keys, |agency| &agency.keys));
        words.compare_lists(ALLOWED_SIGNERS, &old.ssh, &new.ssh);
        words.compare_lists(AUTHORITIES, &old.authorities, &new.authorities);
        let [old, new] = [old, new]
            .map(|keys| keys.revocations.iter().map(ToString::to_string).collect::<Vec<String>>());
        words.compare_lists(REVOCATIONS, &old, &new);
        if !words.0.is_empty() {
            changes.push((file.to_owned(), words.0));
        }
    }
    changes
}

/// What requests decide otherwise because the policy asks for fewer or more approvals: terminations first.
fn describe_recounted_approvals(planned: &Agency, now: &Agency, as_of: Date) -> Vec<String> {
    if planned.policy.approvals == now.policy.approvals {
        return Vec::new();
    }
    let [was, is] = [planned, now]
        .map(|agency| fold_requests(&agency.requests, as_of, &UnverifiedApprovals::new()));
    let today = is.difference_from(&was);
    let today = today.named.iter().map(|mailbox| {
        let effect = is.get(mailbox).map(|wanted| (wanted.target, Arc::clone(&wanted.request)));
        (mailbox.clone(), effect)
    });
    let later = LaterDays::new(&planned.requests, &now.requests, as_of);
    let later = later.changes(&Observed::default(), &now.policy).into_iter();
    let later = later.filter(|change| !change.is_on_base).map(|change| {
        let target = match change.effect {
            LaterEffect::Terminated => Some(Target::Terminated),
            LaterEffect::Enabled => Some(Target::Enabled),
            LaterEffect::Prevented(_) | LaterEffect::Ended => None,
        };
        (change.mailbox, target.map(|target| (target, change.request)))
    });
    let mut changed: Vec<_> = today.chain(later).collect();
    changed.sort_by_key(|(_, effect)| {
        effect.as_ref().map(|(target, _)| *target) != Some(Target::Terminated)
    });
    let lines = changed.iter().map(|(mailbox, effect)| match effect {
        Some((Target::Terminated, request)) => {
            format!("approvals: {mailbox} {MAY_BE_TERMINATED}, as {} asks", request.id)
        }
        Some((Target::Enabled, request)) => {
            format!("approvals: {mailbox} may then be enabled, as {} asks", request.id)
        }
        None => format!("approvals: what was decided about {mailbox} then no longer counts"),
    });
    lines.collect()
}

/// What happens to mailboxes that lose their protection.
fn describe_lost_protection(before: &Policy, now: &Agency) -> Vec<String> {
    let kept = &now.policy.protected;
    let protected = before.protected.iter();
    let lost: HashSet<_> = protected.filter(|mailbox| !kept.contains(mailbox)).collect();
    let is_approved = |request: &&Arc<Request>| {
        request.target() == Some(Target::Terminated) && request.approved_on().is_some()
    };
    let mut words = Vec::new();
    for request in now.requests.iter().filter(is_approved) {
        let named = request.mailboxes().iter().map(|named| &named.mailbox);
        words.extend(named.filter(|mailbox| lost.contains(mailbox)).map(|mailbox| {
            let id = &request.id;
            format!("protected: {mailbox} {MAY_BE_TERMINATED}, as {id} asks")
        }));
    }
    words
}
