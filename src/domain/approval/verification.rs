//! Whether the approvals of a request are their approvers' own: each is signed over its own statement,
//! by its approver, with a key that approved nothing else of it. Pure.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

use jiff::civil::time;

use super::statement::statement;
use crate::domain::local_time::to_timestamp_at;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::policy::Policy;
use crate::domain::request::{Approval, Request, RequestId};
use crate::signature;
use crate::signature::{Signer, SignerKeys};
use crate::text::escape;

/// Why an approval is unverified, as the end of a sentence "the approval … is not verified: ".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedReason {
    /// The line of the approval's `by`, from one.
    pub line: u32,
    /// The place of the approval in the request, from zero.
    pub index: usize,
    text: Cow<'static, str>,
}

impl fmt::Display for UnverifiedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The requests whose approvals are not all verified, with the first reason.
pub type UnverifiedApprovals = BTreeMap<RequestId, UnverifiedReason>;

/// Why approvals of a request are not verified: a reason for each that is not, in the file's order.
pub fn unverified_reasons<'a>(
    request: &'a Request,
    policy: &'a Policy,
    keys: &'a SignerKeys,
) -> impl Iterator<Item = UnverifiedReason> + use<'a> {
    let mut used: HashMap<String, &Mailbox> = HashMap::new();
    request.approvals.iter().enumerate().filter_map(move |(index, approval)| {
        let fault = match verify_approval(request, approval, policy, keys) {
            Err(fault) => fault,
            Ok(signer) => {
                let other = used.insert(signer.key, &approval.by)?;
                format!("it is signed with the same key as the approval of {}", escape(other.as_str())).into()
            }
        };
        Some(UnverifiedReason { line: approval.line, index, text: fault })
    })
}

/// Who signed an approval: always its approver.
fn verify_approval(
    request: &Request,
    approval: &Approval,
    policy: &Policy,
    keys: &SignerKeys,
) -> Result<Signer, Cow<'static, str>> {
    let Some(signature) = &approval.signature else {
        return Err("it has no signature".into());
    };
    let statement = statement(request, policy, &approval.by, approval.date);
    // A key is judged at one moment, the last second of the day that the approver signed for.
    let at = to_timestamp_at(approval.date, time(23, 59, 59, 0));
    let signer = signature::verify(signature, statement.as_bytes(), keys, at)
        .map_err(|fault| fault.to_string())?;
    if signer.address == approval.by.as_str() {
        return Ok(signer);
    }
    Err(format!("it is signed by {}, not by the approver", escape(&signer.address)).into())
}
