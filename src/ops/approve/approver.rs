//! Who approves: the person that the command line names, or git's user.

use super::options::Options;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::policy::Policy;
use crate::language::Message;
use crate::load::LoadedRequests;
use crate::ops::failure::Failure;
use crate::ops::filing::failure_before_writing;
use crate::text::excerpt;

/// The person who approves.
///
/// # Errors
/// If nobody is named, or git's address is none.
pub(super) fn find_approver(
    options: &Options,
    source: &LoadedRequests,
) -> Result<Mailbox, Failure> {
    if let Some(approver) = &options.approver {
        return Ok(approver.clone());
    }
    let fail = |why: Message| failure_before_writing(why, message!("approve-who-help"));
    let Some(place) = source.repository() else {
        return Err(fail(message!("approve-who-no-git")));
    };
    let address = place.setting("user.email");
    let address =
        address.map_err(|error| failure_before_writing(error.to_string(), error.help()))?;
    let address = address.ok_or_else(|| fail(message!("approve-who-no-email")))?;
    Mailbox::parse(&address).map_err(|_| {
        let address = excerpt(&address, 80);
        fail(message!("approve-who-no-address", address))
    })
}

/// Why somebody may not approve requests of an agency, as a clause.
pub(super) fn reason_not_approver(policy: &Policy, approver: &Mailbox) -> Option<Message> {
    if policy.approvers.contains(approver) {
        return None;
    }
    let approvers: Vec<&str> = policy.approvers.iter().map(Mailbox::as_str).collect();
    let (agency, approvers) = (&policy.agency, approvers.join(", "));
    Some(message!("approve-stranger", approver = approver.as_str(), agency, approvers))
}
