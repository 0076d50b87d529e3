//! The guards that stop notices before they are delivered.

use super::options::{NotifyContext, early_refusal};
use super::templates;
use crate::domain::agency::Agency;
use crate::domain::plan::{Digest, detect_loss};
use crate::domain::policy::notices::Notices;
use crate::ops::agency_state::{AgencyState, describe_record_problems};
use crate::ops::failure::Failure;
use crate::printer;
use crate::text::plural;

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
            format!("these are not the accepted notices; their digest is {digest}"),
            "review the notices above; if they are right, accept their digest",
        ));
    }
    if let Some(why) = unreliable {
        return Err(early_refusal(
            why,
            format!(
                "fix this; or review the notices with --dry-run, and if every notice is right, allow exactly these: --accept {digest}"
            ),
        ));
    }
    if count as u64 > notices.limit {
        let due = plural(count, "notice is due", "notices are due");
        return Err(early_refusal(
            format!("{due}, more than the policy's limit of {}", notices.limit),
            format!(
                "review them with --dry-run; if every one is right, allow exactly these: --accept {digest}"
            ),
        ));
    }
    Ok(())
}

/// Why no notice may be sent: problems in the records, or a portal that has lost mailboxes.
fn unreliable_reason(agency_state: &AgencyState) -> Option<String> {
    if let Some(problems) = describe_record_problems(&agency_state.runs) {
        let problems = printer::render(&problems);
        return Some(format!(
            "the records of earlier runs have {problems}, so it is unknown who was informed; `arkib records verify` shows them"
        ));
    }
    let (observed, plan) = agency_state.portal.as_ref()?;
    let detect_loss = detect_loss(plan, &agency_state.desired, observed)?;
    Some(detect_loss.to_string())
}

/// Whether notices may be sent now.
pub(super) fn check_date_and_commits(
    context: &NotifyContext<'_>,
    agency: &Agency,
) -> Result<(), Failure> {
    let requests = &context.options.requests;
    if !agency.policy.portal.is_rehearsal() && requests.as_of() != context.today {
        return Err(early_refusal(
            format!(
                "today is {}, and notices about a real portal are sent only as of today",
                context.today
            ),
            "leave out --as-of; it is for dry runs and rehearsals",
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
            format!("the template {template} differs from the commit"),
            "commit the templates first; --allow-uncommitted is for rehearsals",
        )),
        None => Ok(()),
    }
}
