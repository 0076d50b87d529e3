//! What may be rehearsed on: a mailbox of the agency that no request names, that is in use, and that
//! nothing protects.

use crate::domain::agency::Agency;
use crate::domain::archive_state::{AccountState, State};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox, RecordedRequest};
use crate::domain::plan::Obstacle;
use crate::domain::policy::PortalKind;
use crate::domain::record::chain::RunRecord;
use crate::domain::record::entry::Event;
use crate::domain::rehearsal::NO_REQUEST;
use crate::language::Message;
use crate::load::{LoadedRequests, RequestsLocation};
use crate::ops::failure::Failure;
use crate::text::{escape, excerpt};

fn refuse(why: Message) -> Failure {
    Failure::refused(why, message!("rehearsal-another-mailbox-help"))
}

/// The agency of the mailbox.
pub(super) fn find_agency<'a>(
    agencies: &'a [Agency],
    mailbox: &Mailbox,
) -> Result<&'a Agency, Failure> {
    let mut owners = agencies.iter().filter(|agency| agency.policy.owns_domain_of(mailbox));
    match (owners.next(), owners.next()) {
        (Some(agency), None) => Ok(agency),
        (None, _) => Err(Failure::refused(
            message!("rehearsal-foreign", mailbox),
            message!("rehearsal-foreign-help"),
        )),
        (Some(_), Some(_)) => Err(Failure::refused(
            message!("rehearsal-several-agencies", mailbox),
            message!("rehearsal-several-agencies-help"),
        )),
    }
}

/// For a portal to which arkib does not write.
pub(super) fn people_operate_failure() -> Failure {
    Failure::refused(message!("rehearsal-of-files"), message!("rehearsal-of-files-help"))
}

/// Refuses a mailbox that a request names, in any state and of any agency, or that the policy protects.
pub(super) fn check_requests(
    agencies: &[Agency],
    agency: &Agency,
    mailbox: &Mailbox,
) -> Result<(), Failure> {
    if agency.policy.portal == PortalKind::Files {
        return Err(people_operate_failure());
    }
    let mut requests = agencies.iter().flat_map(|agency| &agency.requests);
    let naming = requests.find(|request| {
        let mut named = request.mailboxes().iter();
        named.any(|named| named.mailbox == *mailbox)
    });
    if let Some(request) = naming {
        return Err(refuse(message!("rehearsal-named", id = &request.id, mailbox)));
    }
    if agency.policy.protected.contains(mailbox) {
        return Err(refuse(message!("rehearsal-protected", mailbox)));
    }
    Ok(())
}

/// Refuses a mailbox that a run changed for a request, even if the request is not here.
pub(super) fn check_records(done: &[RecordedRequest], mailbox: &Mailbox) -> Result<(), Failure> {
    match done.iter().find(|done| done.mailbox == *mailbox) {
        Some(done) => {
            Err(refuse(message!("rehearsal-changed", mailbox, id = escape(&done.request))))
        }
        None => Ok(()),
    }
}

/// Refuses a mailbox that the last rehearsal, which was killed, may have left otherwise than it found it.
pub(super) fn check_last_rehearsal_ended(
    runs: &[RunRecord],
    found: &ObservedMailbox,
) -> Result<(), Failure> {
    let begun = |run: &RunRecord| match run.lines.first().map(|(_, line)| &line.event) {
        Some(Event::Rehearsing(begun)) if begun.mailbox == found.mailbox.as_str() => {
            Some(begun.found.clone())
        }
        _ => None,
    };
    let mut rehearsals = runs.iter().filter_map(|run| Some((run, begun(run)?)));
    match rehearsals.next_back() {
        Some((run, before))
            if !run.has_ended() && !run.is_under_way && before != found.state.as_str() =>
        {
            let why = message!(
                "rehearsal-was-cut-off",
                mailbox = &found.mailbox,
                file = escape(&run.file),
                before = Message::from_word(&escape(&before)),
                now = &found.state
            );
            Err(Failure::refused(why, message!("rehearsal-was-cut-off-help")))
        }
        _ => Ok(()),
    }
}

/// Refuses requests that may not be all that there are: of another commit, or not committed.
pub(super) fn check_source(
    source: &LoadedRequests,
    agency: &Agency,
    location: &RequestsLocation,
) -> Result<(), Failure> {
    if agency.policy.portal.is_rehearsal() {
        return Ok(());
    }
    if location.reference.is_some() {
        let why = message!("rehearsal-of-ref");
        return Err(Failure::refused(why, message!("rehearsal-of-ref-help")));
    }
    match source.why_uncommitted() {
        Some((why, help)) => Err(Failure::refused(why, help)),
        None => Ok(()),
    }
}

/// Refuses an account that a request names by another address, or on which a run carried one out.
pub(super) fn check_account(
    agencies: &[Agency],
    observed: &Observed,
    done: &[RecordedRequest],
    found: &ObservedMailbox,
) -> Result<(), Failure> {
    for alias in observed.aliases_of(&found.mailbox) {
        let requests = agencies.iter().flat_map(|agency| &agency.requests);
        let mut named = requests.flat_map(|request| request.mailboxes());
        if named.any(|named| named.mailbox == *alias) {
            let mailbox = &found.mailbox;
            return Err(refuse(message!("rehearsal-alias-named", alias, mailbox)));
        }
    }
    match done.iter().find(|done| done.id.as_ref() == Some(&found.id)) {
        Some(done) => Err(refuse(message!(
            "rehearsal-account-changed",
            id = escape(&done.request),
            mailbox = &done.mailbox
        ))),
        None => Ok(()),
    }
}

/// The mailbox, if it may be changed.
pub(super) fn check_mailbox<'a>(
    observed: &'a Observed,
    mailbox: &Mailbox,
) -> Result<&'a ObservedMailbox, Failure> {
    let blocked = |obstacle: Obstacle| {
        let why = [Message::verbatim(mailbox.as_str()), obstacle.describe()];
        Err(refuse(Message::joined(why, ": ")))
    };
    if observed.is_ambiguous(mailbox) {
        return blocked(Obstacle::Ambiguous);
    }
    let Some(found) = observed.find_mailbox(mailbox) else {
        return Err(refuse(message!("rehearsal-no-account", mailbox)));
    };
    if found.account != AccountState::Active {
        return blocked(Obstacle::AccountNotActive(found.account.as_str().into()));
    }
    if found.hold {
        return blocked(Obstacle::Hold);
    }
    match &found.state {
        State::Enabled | State::Disabled | State::Terminated => {}
        State::Unknown(word) => return blocked(Obstacle::UnknownState(word.clone())),
        State::Enabling | State::Terminating => {
            return Err(refuse(message!("rehearsal-settling", mailbox, state = &found.state)));
        }
    }
    match found.request.as_deref() {
        Some(request) if request != NO_REQUEST => {
            Err(refuse(message!("rehearsal-changed-last", id = excerpt(request, 80), mailbox)))
        }
        _ => Ok(found),
    }
}
