//! Which agency a new request belongs to.

use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::request::RequestId;
use crate::ops::failure::Failure;

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
