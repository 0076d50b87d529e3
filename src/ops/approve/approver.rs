//! Who approves: the person that the command line names, or git's user.

use super::options::Options;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::policy::Policy;
use crate::load::LoadedRequests;
use crate::ops::failure::Failure;
use crate::ops::filing::failure_before_writing;
use crate::text::excerpt;

const HELP: &str = "name yourself with --as ADDRESS, or with `git config user.email ADDRESS`";

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
    let fail = |why: &str| failure_before_writing(why, HELP);
    let Some(place) = source.repository() else {
        return Err(fail("it is not known who approves; the requests are in no git repository"));
    };
    let address = place.setting("user.email");
    let address =
        address.map_err(|error| failure_before_writing(error.to_string(), error.help()))?;
    let address =
        address.ok_or_else(|| fail("it is not known who approves; git has no user.email"))?;
    Mailbox::parse(&address).map_err(|_| {
        let address = excerpt(&address, 80);
        fail(&format!("git's user.email `{address}` is not an address that can approve"))
    })
}

/// Why somebody may not approve requests of an agency, as a clause.
pub(super) fn refuse_stranger(policy: &Policy, approver: &Mailbox) -> Option<String> {
    if policy.approvers.contains(approver) {
        return None;
    }
    let approvers: Vec<&str> = policy.approvers.iter().map(Mailbox::as_str).collect();
    let (agency, approvers) = (&policy.agency, approvers.join(", "));
    Some(format!("`{approver}` is not an approver of {agency}; its approvers are {approvers}"))
}
