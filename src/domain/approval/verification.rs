//! Whether the approvals of a request are their approvers' own: each is signed over its own statement,
//! by its approver, with a key that signed no other approval of the request. Pure.

mod cause;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use jiff::civil::time;
use rayon::prelude::*;

pub use self::cause::UnverifiedCause;
use super::statement::statement;
use crate::domain::local_time::to_timestamp_at;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::policy::{ApprovalProvenance, Policy};
use crate::domain::request::{Approval, Request, RequestId};
use crate::language::Message;
use crate::signature;
use crate::signature::{Signer, SignerKeys};
use crate::text::escape;

/// Why an approval is unverified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedReason {
    /// The place of the approval in its request, from zero.
    pub index: usize,
    /// Who approved.
    pub approver: Mailbox,
    /// What is wrong.
    pub cause: UnverifiedCause,
}

impl UnverifiedReason {
    /// Why the approval does not count, for people.
    pub fn describe(&self) -> Message {
        let approver = self.approver.as_str();
        match &self.cause {
            UnverifiedCause::NotSigned => message!("plan-not-signed", approver),
            UnverifiedCause::Signature(fault) => {
                message!("plan-signature-fault", approver, fault = fault.message())
            }
            UnverifiedCause::OtherSigner(signer) => {
                message!("plan-other-signer", approver, signer = escape(signer))
            }
            UnverifiedCause::SameKey(other) => {
                message!("plan-same-key", approver, other = other.as_str())
            }
        }
    }
}

impl fmt::Display for UnverifiedReason {
    /// For programs and diagnostics.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe().in_english())
    }
}

/// The requests of which not every approval is verified, each with the first reason.
pub type UnverifiedApprovals = BTreeMap<RequestId, UnverifiedReason>;

/// Which of these requests are not verified, on all cores: a signature takes longer than reading a request.
pub fn find_unverified<'a>(
    requests: impl IntoParallelIterator<Item = &'a Arc<Request>>,
    policy: &Policy,
    keys: &SignerKeys,
) -> UnverifiedApprovals {
    let first = |request: &'a Arc<Request>| {
        let reason = unverified_reasons(request, policy, keys).next()?;
        Some((request.id.clone(), reason))
    };
    requests.into_par_iter().filter_map(first).collect()
}

/// Why approvals of a request are not verified, in the order of the file; nothing where all are, or where
/// the policy requires no signatures.
pub fn unverified_reasons<'a>(
    request: &'a Request,
    policy: &'a Policy,
    keys: &'a SignerKeys,
) -> impl Iterator<Item = UnverifiedReason> + use<'a> {
    let mut used: HashMap<String, &Mailbox> = HashMap::new();
    let approvals = match policy.provenance {
        ApprovalProvenance::Signed => &request.approvals[..],
        ApprovalProvenance::Committed => &[],
    };
    approvals.iter().enumerate().filter_map(move |(index, approval)| {
        let cause = match verify_approval(request, approval, policy, keys) {
            Err(cause) => cause,
            Ok(signer) => {
                let other = used.insert(signer.key, &approval.by)?;
                UnverifiedCause::SameKey(other.clone())
            }
        };
        Some(UnverifiedReason { index, approver: approval.by.clone(), cause })
    })
}

/// Who signed an approval, if that is its approver.
fn verify_approval(
    request: &Request,
    approval: &Approval,
    policy: &Policy,
    keys: &SignerKeys,
) -> Result<Signer, UnverifiedCause> {
    let signature = approval.signature.as_ref().ok_or(UnverifiedCause::NotSigned)?;
    let statement = statement(request, policy, &approval.by, approval.date);
    // Keys are judged at one moment, the last second of the day that the approver signed for.
    let at = to_timestamp_at(approval.date, time(23, 59, 59, 0));
    let signer = signature::verify(signature, statement.as_bytes(), keys, at)
        .map_err(UnverifiedCause::Signature)?;
    match signer.address == approval.by.as_str() {
        true => Ok(signer),
        false => Err(UnverifiedCause::OtherSigner(signer.address)),
    }
}
