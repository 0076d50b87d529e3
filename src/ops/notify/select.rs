//! Looks at what is known of an agency's requests, and decides which notices are due.

use std::collections::BTreeSet;

use super::options::Context;
use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::notice::Kind;
use crate::domain::notice::due;
use crate::domain::notice::due::{Due, Facts};
use crate::domain::plan::Digest;
use crate::domain::policy::Provenance;
use crate::domain::policy::notices::Notices;
use crate::domain::request::across::concerned;
use crate::ops::approvals::{Side, doubted};
use crate::ops::failure::Failure;
use crate::ops::survey::{Observer, Survey, survey};
use crate::output::notify::{DoubtOutput, NotifySummary};
use crate::printer;

/// What is known of the requests that are written about.
pub(super) async fn look(
    context: &Context<'_>,
    agency: &Agency,
    notices: &Notices,
) -> Result<Survey, Failure> {
    let options = context.options;
    let requests = agency.requests.iter();
    let written_about = requests.filter(|request| request.received.date >= notices.since);
    let named = written_about.flat_map(|request| concerned(request, &agency.requests));
    let mailboxes: BTreeSet<Mailbox> = named.map(|named| named.mailbox.clone()).collect();
    let mailboxes = Vec::from_iter(mailboxes);
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

/// The notices that are due, and their digest; what may not have arrived is noted in `run`.
pub(super) fn decide(
    context: &Context<'_>,
    agency: &Agency,
    notices: &Notices,
    surveyed: &Survey,
    run: &mut NotifySummary,
) -> Result<(Vec<Due>, Digest), Failure> {
    let options = context.options;
    let lives = surveyed.lives(agency);
    let facts = Facts {
        lives: &lives,
        history: &surveyed.history,
        since: notices.since,
        as_of: options.requests.as_of(),
        recoverable_days: agency.policy.recoverable_days,
        observed: surveyed.portal.as_ref().map(|(observed, _)| observed),
        again: &options.again,
        again_to: options.to.as_ref(),
    };
    let mut found = due::due(&facts);
    found.retain(|due| options.ask_for(due));
    retain_believed(context, agency, &mut found)?;
    let doubts = due::in_doubt(&facts).into_iter();
    run.doubts = doubts
        .filter(|(due, _)| options.ask_for(due))
        .map(|(due, given)| DoubtOutput::of(&due, given))
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
