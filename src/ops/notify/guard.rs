//! What keeps notices from being given.

use super::options::{Context, refused};
use super::templates;
use crate::domain::agency::Agency;
use crate::domain::plan::{Digest, signs_of_loss};
use crate::domain::policy::notices::Notices;
use crate::domain::record::chain::verify;
use crate::ops::failure::Failure;
use crate::ops::survey::Survey;
use crate::text::plural;
use crate::yaml::has_errors;

/// Whether so many notices may be given at once, and with what is known.
pub(super) fn allow(
    context: &Context<'_>,
    notices: &Notices,
    surveyed: &Survey,
    (digest, count): (&Digest, usize),
) -> Result<(), Failure> {
    let doubtful = doubtful(surveyed);
    let accepted = &context.options.accept;
    let is_accepted = accepted.iter().any(|text| digest.is_named_by(text));
    if is_accepted || (count == 0 && doubtful.is_none()) {
        return Ok(());
    }
    let digest = digest.handle();
    let is_alone = context.source.loaded.agencies.len() == 1;
    if !accepted.is_empty() && is_alone {
        return Err(refused(
            format!("the accepted notices are not these, which are {digest}"),
            "review the notices above, and accept them by their own digest if they are right",
        ));
    }
    if let Some(why) = doubtful {
        return Err(refused(
            why,
            format!(
                "mend that; or look with --dry-run, and if every notice is right, let exactly these through: --accept {digest}"
            ),
        ));
    }
    if count as u64 > notices.limit {
        return Err(refused(
            format!(
                "{count} notices are due, more than the policy's limit of {}",
                notices.limit
            ),
            format!(
                "look at them with --dry-run; if every one is right, let exactly these through: --accept {digest}"
            ),
        ));
    }
    Ok(())
}

/// What keeps everybody from being told, where the records or the portal are not what they should be.
fn doubtful(surveyed: &Survey) -> Option<String> {
    let found = verify(&surveyed.runs);
    if has_errors(&found) {
        return Some(format!(
            "there are {} in the records of earlier runs, which `arkib records verify` shows, so that nobody knows who was told",
            plural(found.len(), "problem", "problems")
        ));
    }
    let (observed, plan) = surveyed.portal.as_ref()?;
    let signs_of_loss = signs_of_loss(plan, &surveyed.desired, observed)?;
    Some(signs_of_loss.to_string())
}

/// Whether notices may be given here and now.
pub(super) fn may_give(context: &Context<'_>, agency: &Agency) -> Result<(), Failure> {
    let requests = &context.options.requests;
    if !agency.policy.portal.is_rehearsal() && requests.as_of() != context.today {
        return Err(refused(
            format!(
                "today is {}, and notices about a real portal are given as of today only",
                context.today
            ),
            "leave --as-of out; it is for dry runs and rehearsals",
        ));
    }
    if context.options.allow_uncommitted || requests.reference.is_some() {
        return Ok(());
    }
    if let Some((why, help)) = context.source.why_uncommitted() {
        return Err(refused(why, help));
    }
    match templates::uncommitted(context.source, agency)? {
        Some(template) => Err(refused(
            format!("the template {template} differs from the commit"),
            "commit the templates first; --allow-uncommitted is for rehearsals",
        )),
        None => Ok(()),
    }
}
