//! Looks at what is known of an agency's requests, and decides which notices are due.

use std::sync::Arc;

use super::{Context, Only};
use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::notice::Kind;
use crate::domain::notice::due;
use crate::domain::notice::due::{Again, Due, Facts};
use crate::domain::plan::{Digest, lost};
use crate::domain::policy::Provenance;
use crate::domain::policy::notices::Notices;
use crate::domain::record::chain::verify;
use crate::domain::request::{Action, Request};
use crate::ops::approvals::{Side, doubted};
use crate::ops::failure::Failure;
use crate::ops::survey::{Observer, Survey, survey};
use crate::output::findings::plural;
use crate::output::notify::{DoubtOutput, Notified};
use crate::printer;
use crate::yaml::has_errors;

/// What is known of the requests that are written about.
pub(super) async fn look(
    context: &Context<'_>,
    agency: &Agency,
    notices: &Notices,
) -> Result<Survey, Failure> {
    let options = context.options;
    let mut mailboxes: Vec<Mailbox> = concerned(agency, notices);
    mailboxes.sort_unstable();
    mailboxes.dedup();
    let records = options.records.as_deref();
    let mut observer = Observer {
        stop: Some(&context.stop),
        ..Observer::new(context.source, &options.requests, &options.portal, records)
    };
    // Nobody named would mean everybody.
    let is_offline = mailboxes.is_empty();
    let surveyed = survey(&mut observer, agency, Some(&mailboxes), is_offline).await?;
    observer.session.close().await;
    Ok(surveyed)
}

/// What keeps everybody from being told, where the records or the portal are not what they should be.
pub(super) fn doubtful(surveyed: &Survey) -> Option<String> {
    let found = verify(&surveyed.runs);
    let lost = surveyed
        .portal
        .as_ref()
        .and_then(|(observed, plan)| lost(plan, &surveyed.desired, observed));
    if has_errors(&found) {
        Some(format!(
            "there are {} in the records of earlier runs, which `arkib records verify` shows, so that nobody knows who was told",
            plural(found.len(), "problem", "problems")
        ))
    } else {
        lost.map(|refusal| refusal.to_string())
    }
}

/// The mailboxes of the requests that are written about.
fn concerned(agency: &Agency, notices: &Notices) -> Vec<Mailbox> {
    let named = |request: &Request| {
        let named = request.mailboxes().iter();
        named.map(|named| named.mailbox.clone()).collect::<Vec<_>>()
    };
    let written_about = |request: &&Arc<Request>| request.received.date >= notices.since;
    let mut mailboxes = Vec::new();
    for request in agency.requests.iter().filter(written_about) {
        mailboxes.extend(named(request));
        if let Action::Withdraw { withdraws } = &request.action {
            let withdrawn = agency.requests.iter().filter(|it| it.id == *withdraws);
            withdrawn.for_each(|it| mailboxes.extend(named(it)));
        }
    }
    mailboxes
}

/// The notices that are due, and their digest; what may not have arrived is noted in `run`.
pub(super) fn decide(
    context: &Context<'_>,
    agency: &Agency,
    notices: &Notices,
    surveyed: &Survey,
    run: &mut Notified,
) -> Result<(Vec<Due>, Digest), Failure> {
    let options = context.options;
    let lives = surveyed.lives(agency);
    let observed = surveyed.portal.as_ref().map(|(observed, _)| observed);
    let again: Vec<Again> = options
        .again
        .iter()
        .map(|id| Again {
            request: id.clone(),
            to: options.to.clone(),
        })
        .collect();
    let facts = Facts {
        lives: &lives,
        history: &surveyed.history,
        since: notices.since,
        as_of: options.requests.as_of(),
        recoverable_days: agency.policy.recoverable_days,
        has_account: &|mailbox| observed.is_some_and(|seen| seen.get(mailbox).is_some()),
        again: &again,
    };
    let is_asked = |due: &Due| {
        let mut only = options.only.iter();
        options.only.is_empty()
            || only.any(|only| match only {
                Only::Request(id) => *id == due.request.id,
                Only::Address(mailbox) => *mailbox == due.to,
            })
    };
    let mut found = due::due(&facts);
    found.retain(is_asked);
    retain_believed(context, agency, &mut found)?;
    let doubts = due::in_doubt(&facts).into_iter();
    run.doubts = doubts
        .filter(|(due, _)| is_asked(due))
        .map(|(due, given)| DoubtOutput {
            request: due.request.id.to_string(),
            kind: due.kind.as_str(),
            to: due.to.to_string(),
            outcome: given.outcome.clone(),
            at: given.at.to_string(),
            detail: given.detail.clone(),
        })
        .collect();
    let digest = due::digest(&agency.policy.agency, &found);
    run.digest = (!found.is_empty()).then(|| digest.to_string());
    Ok((found, digest))
}

/// Nobody is told of an approval that is not its approver's own. The plan looks into those alone that
/// a change rests on.
fn retain_believed(
    context: &Context<'_>,
    agency: &Agency,
    found: &mut Vec<Due>,
) -> Result<(), Failure> {
    if agency.policy.provenance != Provenance::Signed {
        return Ok(());
    }
    let approved = found.iter().filter(|due| due.kind != Kind::Received);
    let requests: Vec<_> = approved.map(|due| &due.request).collect();
    let side = Side::of(context.source, agency);
    let doubts = doubted(context.source, &side, &agency.policy, &requests)?;
    found.retain(|due| due.kind == Kind::Received || !doubts.contains_key(&due.request.id));
    for id in doubts.keys() {
        printer::say(&format!(
            "note: the approval of {id} is not verified, so nobody is told of it"
        ));
    }
    Ok(())
}
