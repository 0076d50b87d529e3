//! The guards that stop notices before they are delivered.

use super::options::{NotifyContext, early_refusal};
use super::templates;
use crate::domain::agency::Agency;
use crate::domain::plan::{Digest, detect_loss};
use crate::domain::policy::notices::Notices;
use crate::language::Message;
use crate::ops::agency_state::{AgencyState, describe_record_problems};
use crate::ops::failure::Failure;

/// Whether this many notices may be sent, and whether records and portal are reliable.
pub(super) fn check_limits(
    context: &NotifyContext<'_>,
    notices: &Notices,
    agency_state: &AgencyState,
    (digest, count): (&Digest, usize),
) -> Result<(), Failure> {
    let unreliable = unreliable_reason(agency_state);
    let accepted = &context.options.accept;
    let is_accepted = accepted.iter().any(|text| digest.is_abbreviated_by(text));
    if is_accepted || (count == 0 && unreliable.is_none()) {
        return Ok(());
    }
    let digest = digest.shortest_accepted_prefix();
    let is_alone = context.source.loaded.agencies.len() == 1;
    if !accepted.is_empty() && is_alone {
        return Err(early_refusal(
            message!("notify-not-accepted", digest),
            message!("notify-not-accepted-help"),
        ));
    }
    if let Some(why) = unreliable {
        return Err(early_refusal(why, message!("notify-unreliable-help", digest)));
    }
    if count as u64 > notices.limit {
        return Err(early_refusal(
            message!("notify-over-limit", count, limit = notices.limit),
            message!("notify-over-limit-help", digest),
        ));
    }
    Ok(())
}

/// Why no notice may be sent: problems in the records, or a portal that has lost mailboxes.
fn unreliable_reason(agency_state: &AgencyState) -> Option<Message> {
    if let Some(problems) = describe_record_problems(&agency_state.record_problems) {
        return Some(message!("notify-records-unreliable", problems));
    }
    let (observed, plan) = agency_state.portal.as_ref()?;
    Some(detect_loss(plan, &agency_state.desired, observed)?.describe().clone())
}

/// Whether notices may be sent now.
pub(super) fn check_date_and_commits(
    context: &NotifyContext<'_>,
    agency: &Agency,
) -> Result<(), Failure> {
    let requests = &context.options.requests;
    if !agency.policy.portal.is_rehearsal() && requests.as_of() != context.today {
        return Err(early_refusal(
            message!("notify-other-day", today = context.today),
            message!("run-other-day-help"),
        ));
    }
    if context.options.allow_uncommitted || requests.reference.is_some() {
        return Ok(());
    }
    if let Some((why, help)) = context.source.why_uncommitted() {
        return Err(early_refusal(why, help));
    }
    match templates::find_uncommitted(context.source, agency)? {
        Some(template) => Err(early_refusal(
            message!("notify-template-uncommitted", template),
            message!("notify-template-uncommitted-help"),
        )),
        None => Ok(()),
    }
}
