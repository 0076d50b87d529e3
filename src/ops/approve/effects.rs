//! What the requests would do in the portal once they have all their approvals, as `arkib reconcile` shows
//! it. The portal is only read.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::options::Options;
use super::select::ChosenRequest;
use crate::domain::agency::Agency;
use crate::domain::plan;
use crate::domain::plan::{LaterDayPlanner, OutstandingOnBase, Plan, PullRequestEffects};
use crate::domain::request::{Request, RequestId};
use crate::load::LoadedRequests;
use crate::ops::agency_state::Observer;
use crate::ops::failure::Failure;
use crate::ops::filing::failure_before_writing;
use crate::ops::portal_session::PortalFileOptions;
use crate::output::human;
use crate::portal::ReadScope;

/// The longest time to wait for the portal.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What the requests would do, as text. `approved` are the requests with the approval.
///
/// # Errors
/// If the portal cannot be read.
pub(super) fn render_effects(
    options: &Options,
    portal: &PortalFileOptions,
    source: &LoadedRequests,
    chosen: &[ChosenRequest<'_>],
    approved: &[Arc<Request>],
) -> Result<String, Failure> {
    let runtime = crate::ops::new_runtime().map_err(|why| failure_before_writing(&why, ""))?;
    let mut observer = Observer::new(source, &options.filing.requests, portal, None);
    let mut text = String::new();
    for agency in &source.loaded.agencies {
        let is_own = |chosen: &ChosenRequest<'_>| chosen.agency.policy.file == agency.policy.file;
        if !chosen.iter().any(is_own) {
            continue;
        }
        let after = with_all_approvals(agency, approved, options);
        let planned = runtime.block_on(async {
            let planned = plan_difference(&mut observer, agency, &after);
            tokio::time::timeout(LONGEST_WAIT, planned).await
        });
        let seconds = LONGEST_WAIT.as_secs();
        let late = || Failure::failed(message!("approve-effects-late", seconds), "");
        let (plan, effects) =
            planned.map_err(|_| late()).and_then(|planned| planned).map_err(unread_failure)?;
        text.push_str(&human::approval_effects(&plan, &effects));
    }
    runtime.block_on(observer.session.stop_embedded_portals());
    // Do not wait for requests without an answer.
    runtime.shutdown_background();
    Ok(text)
}

fn unread_failure(failure: Failure) -> Failure {
    let reason = message!("approve-effects-unknown", reason = &failure.reason);
    let failure = failure.with_more_help(message!("approve-effects-unknown-help"));
    Failure { reason, ..failure }
}

/// The agency once these requests have all their approvals, the last of them today.
fn with_all_approvals(agency: &Agency, approved: &[Arc<Request>], options: &Options) -> Agency {
    let approved: HashMap<&RequestId, &Arc<Request>> =
        approved.iter().map(|request| (&request.id, request)).collect();
    let requests = agency.requests.iter().map(|request| {
        match approved.get(&request.id).filter(|approved| approved.file == request.file) {
            None => Arc::clone(request),
            Some(approved) => {
                let day = approved.approved_on().unwrap_or(options.today());
                Arc::new(approved.as_approved_on(day))
            }
        }
    });
    Agency { requests: requests.collect(), ..agency.clone() }
}

/// The plan of what differs between two states of an agency's requests.
async fn plan_difference(
    observer: &mut Observer<'_>,
    before: &Agency,
    after: &Agency,
) -> Result<(Plan, PullRequestEffects), Failure> {
    let policy = &after.policy;
    let (base, head) = (observer.fold_requests(before), observer.fold_requests(after));
    let difference = head.difference_from(&base);
    let later = LaterDayPlanner::new(&before.requests, &after.requests, head.as_of);
    let mut read = [&*difference.named, &*later.mailboxes].concat();
    read.sort_unstable();
    read.dedup();
    let (_, observed) = observer.observe(after, &ReadScope::These(&read), &head, None).await?;
    let same = base.keep_only(&difference.named, &before.requests);
    let made = plan::plan_pull_request(&difference, &same, &head, &observed, policy);
    let mut later = later.changes(&observed, policy);
    later.retain(|change| !change.is_on_base);
    later.extend(made.ended);
    let effects = PullRequestEffects {
        prevented: made.prevented,
        met: made.met,
        lifted: head.newly_withdrawn(&base, &before.requests),
        later,
        outstanding: OutstandingOnBase::default(),
        ..PullRequestEffects::default()
    };
    Ok((made.plan, effects))
}
