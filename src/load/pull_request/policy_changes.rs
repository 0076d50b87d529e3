//! How a pull request changes policies, in words for its reviewer; what may then be terminated comes first.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::new_decisions::NewDecisions;
use crate::domain::agency::{Agency, LoadedAgencies};
use crate::domain::archive_state::Target;
use crate::domain::policy::Policy;
use crate::domain::policy::diff::{
    PolicyChange, PolicyChangeLines, PolicyLine, describe_changes, describe_new_policy,
};
use crate::domain::policy::signer_files::{ALLOWED_SIGNERS, AUTHORITIES, REVOCATIONS};
use crate::domain::request::Request;
use crate::domain::request::request_file_source::{FolderSnapshot, RequestFileSource as _};
use crate::language::Message;
use crate::signature::SignerKeys;
use crate::text::path_below;

/// How policies and signers' keys differ before and after, and what is then decided otherwise.
pub(super) fn policy_changes(
    [before, after]: [&LoadedAgencies; 2],
    merged: &FolderSnapshot,
    mut decisions: NewDecisions,
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
                words.extend(decisions.remove(file).unwrap_or_default());
                words.extend(describe_changes(&old.policy, &new.policy));
                words
            }
            (None, Some(new)) => {
                let mut words = describe_new_policy(&new.policy);
                words.splice(1..1, decisions.remove(file).unwrap_or_default());
                words
            }
            (Some(_), None)
                if merged.content(path_below(file, &merged.folder_name())).is_some() =>
            {
                vec![PolicyLine::Other(message!("policy-unread"))]
            }
            (Some(old), None) => {
                let removed =
                    PolicyLine::Other(message!("policy-removed", agency = &old.policy.agency));
                let decided = decisions.remove(file).unwrap_or_default();
                std::iter::once(removed).chain(decided).collect()
            }
            (None, None) => Vec::new(),
        });
        let [old, new] = [old, new].map(|agency| agency.map_or(&no_keys, |agency| &agency.keys));
        words.compare_lists(ALLOWED_SIGNERS, (&old.ssh, &new.ssh), verbatim);
        words.compare_lists(AUTHORITIES, (&old.authorities, &new.authorities), verbatim);
        let [old, new] = [old, new]
            .map(|keys| keys.revocations.iter().map(ToString::to_string).collect::<Vec<String>>());
        words.compare_lists(REVOCATIONS, (&old, &new), verbatim);
        if !words.0.is_empty() {
            changes.push((file.to_owned(), words.0));
        }
    }
    changes
}

fn verbatim(entry: &impl ToString) -> Message {
    Message::verbatim(entry.to_string())
}

/// What happens to mailboxes that lose their protection.
fn describe_lost_protection(before: &Policy, now: &Agency) -> Vec<PolicyLine> {
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
            PolicyLine::Termination(message!("policy-unprotected", mailbox, request = &request.id))
        }));
    }
    words
}
