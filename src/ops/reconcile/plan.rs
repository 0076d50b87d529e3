//! Makes the plan of one agency: of everything, of a pull request, or again for a saved plan.

use std::cmp::Reverse;

use jiff::civil::Date;

use super::options::ReconcileContext;
use super::saved_plan;
use crate::domain::agency::Agency;
use crate::domain::approval::verification::{UnverifiedApprovals, find_unverified};
use crate::domain::archive_state::Target;
use crate::domain::desired;
use crate::domain::desired::{Desired, DesiredMailbox};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::other_files::OtherFile;
use crate::domain::plan;
use crate::domain::plan::saved::{PlanFile, SavedAgencyPlan};
use crate::domain::plan::{
    LaterDayPlanner, OutstandingOnBase, Plan, PullRequestEffects, StaleReason, policy_digest,
};
use crate::domain::policy;
use crate::domain::policy::diff::PolicyChange;
use crate::load::BaseComparison;
use crate::ops::agency_state::Observer;
use crate::ops::failure::Failure;
use crate::ops::verify_approvals::verify_approvals;
use crate::output::AgencyResult;
use crate::portal::ReadScope;
use crate::portal::any_reader::AnyReader;
use crate::printer;
use crate::printer::text;
use crate::text::escape;

/// A plan, and the portal that was read; `None` if nothing had to be read.
pub(super) type Planned = (Plan, Option<AnyReader>);

/// The plan of everything, or of the mailboxes of --only.
pub(super) async fn plan_all(
    context: &ReconcileContext<'_>,
    agency: &Agency,
    observer: &mut Observer<'_>,
    run: &mut AgencyResult,
) -> Result<Planned, Failure> {
    let only = &context.options.only;
    let everything = observer.fold_requests(agency);
    warn_of_unnamed(context, &everything, agency);
    let scope = match only.is_empty() {
        true => ReadScope::Filtered(everything.mailbox_filter(&agency.requests).into()),
        false => ReadScope::These(only),
    };
    let (reader, observed) = observer.observe(agency, &scope, &everything, None).await?;
    let everything = verify_approvals(agency, everything, &observed);
    let desired =
        if only.is_empty() { everything } else { everything.keep_only(only, &agency.requests) };
    let mut plan = plan::plan(&desired, &observed, &agency.policy);
    if let Some(share) = &mut run.share {
        share.of_changes = Some(plan.changes.len());
        let shard = share.shard;
        let mut own = desired.named.clone();
        own.retain(|mailbox| shard.contains_mailbox(mailbox));
        let own = desired.keep_only(&own, &agency.requests);
        let in_sync = plan::plan(&own, &observed, &agency.policy).in_sync;
        plan = plan.restrict_to_shard(shard, in_sync);
    }
    Ok((plan, reader))
}

fn warn_of_unnamed(context: &ReconcileContext<'_>, desired: &Desired, agency: &Agency) {
    for mailbox in &context.options.only {
        if agency.policy.owns_domain_of(mailbox) && desired.named.binary_search(mailbox).is_err() {
            let mailbox = escape(mailbox.as_str());
            printer::print_message(&text!("run-unnamed-note", mailbox));
        }
    }
}

/// The plan of what a pull request adds, changes or prevents.
pub(super) async fn plan_pull_request(
    context: &ReconcileContext<'_>,
    agency: &Agency,
    base: &BaseComparison,
    observer: &mut Observer<'_>,
    run: &mut AgencyResult,
) -> Result<Planned, Failure> {
    let policy = &agency.policy;
    // A base with a broken policy does nothing.
    let none = Agency { requests: Vec::new(), ..agency.clone() };
    let before = base.agency(policy).unwrap_or(&none);
    let as_of = context.options.requests.as_of();
    let fold =
        |of: &Agency| desired::fold_requests(&of.requests, as_of, &UnverifiedApprovals::new());
    let (desired_before, head) = rayon::join(|| fold(before), || fold(agency));
    let new = head.difference_from(&desired_before);
    let waiting = LaterDayPlanner::once_approved(&agency.requests, &new.pending, head.as_of);
    let touched = new.named;
    let later = later_days(agency, before, head.as_of);
    let policies = policy_changes(context, agency, base);
    let mut read = [&*touched, &*later.mailboxes, &*waiting.mailboxes].concat();
    if !read.is_empty() || !policies.is_empty() {
        read.extend(newest_terminations(&desired_before));
    }
    read.sort_unstable();
    read.dedup();
    let scope = match context.options.drift {
        true => {
            let both = before.requests.iter().chain(&agency.requests);
            ReadScope::Filtered(desired::mailbox_filter(both).into())
        }
        false => ReadScope::These(&read),
    };
    let (reader, observed) = observer.observe(agency, &scope, &head, None).await?;
    let desired_before = verify_approvals(before, desired_before, &observed);
    let head = verify_approvals(agency, head, &observed);
    let difference = head.difference_from(&desired_before);
    let others = |mailbox: &&Mailbox| read.binary_search(mailbox).is_err();
    let not_read = desired_before.named.iter().filter(others).count();
    let (outstanding, due_terminations) = match context.options.drift {
        true => {
            let outstanding = plan::plan(&desired_before, &observed, policy);
            let due = outstanding.other_terminations(&difference);
            (OutstandingOnBase::Counted(Box::new(outstanding)), due)
        }
        false => {
            let seen = desired_before.keep_only(&read, &before.requests);
            let due = plan::plan(&seen, &observed, policy).other_terminations(&difference);
            (OutstandingOnBase::NotLookedAt(not_read), due)
        }
    };
    let same = desired_before.keep_only(&difference.named, &before.requests);
    let delta = plan::plan_pull_request(&difference, &same, &head, &observed, policy);
    let mut later = later.changes(&observed, policy);
    later.extend(delta.ended);
    later.extend(waiting.changes(&observed, policy));
    run.pull_request = Some(PullRequestEffects {
        base: base.describe().in_english(),
        prevented: delta.prevented,
        met: delta.met,
        lifted: head.newly_withdrawn(&desired_before, &before.requests),
        policies,
        files: other_files(context, agency, base),
        later,
        due_terminations,
        outstanding,
    });
    Ok((delta.plan, reader))
}

/// The later days of a pull request; approvals are verified if the policy requires it.
fn later_days(agency: &Agency, before: &Agency, as_of: Date) -> LaterDayPlanner {
    let mut later = LaterDayPlanner::new(&before.requests, &agency.requests, as_of);
    later.unverified = find_unverified(later.later_requests(), &agency.policy, &agency.keys);
    later
}

/// So many terminations of the base are looked at, so that a pull request shows what is due anyway.
const NEWEST: usize = 50;

/// The mailboxes of the base's newest terminations.
fn newest_terminations(base: &Desired) -> Vec<Mailbox> {
    let ended = base.mailboxes.iter().filter(|wanted| wanted.target == Target::Terminated);
    let mut ended: Vec<&DesiredMailbox> = ended.collect();
    ended.sort_by_key(|wanted| Reverse(wanted.request.effect_day()));
    ended.iter().take(NEWEST).map(|wanted| wanted.mailbox.clone()).collect()
}

/// The other changed files below this agency's folder; for the first agency, also those below none.
fn other_files(
    context: &ReconcileContext<'_>,
    agency: &Agency,
    base: &BaseComparison,
) -> Vec<OtherFile> {
    let agencies = &context.source.loaded.agencies;
    let is_first = agencies.first().is_some_and(|first| first.policy.file == agency.policy.file);
    let is_below = |agency: &Agency, file: &OtherFile| {
        let folder = agency.policy.file.strip_suffix(policy::FILE_NAME);
        folder.is_some_and(|folder| file.file.starts_with(folder))
    };
    let belongs = |file: &&OtherFile| {
        let of_none = || !agencies.iter().any(|agency| is_below(agency, file));
        is_below(agency, file) || (is_first && of_none())
    };
    base.other_files.iter().filter(belongs).cloned().collect()
}

/// The changes of this agency's policy; for the first agency, also new and deleted policies.
fn policy_changes(
    context: &ReconcileContext<'_>,
    agency: &Agency,
    base: &BaseComparison,
) -> Vec<PolicyChange> {
    let agencies = &context.source.loaded.agencies;
    let is_first = agencies.first().is_some_and(|first| first.policy.file == agency.policy.file);
    let of_others = |file: &str| agencies.iter().any(|agency| *agency.policy.file == *file);
    let belongs = |file: &str| *file == *agency.policy.file || (is_first && !of_others(file));
    let own = base.policies.iter().filter(|(file, _)| belongs(file));
    own.cloned().collect()
}

/// Plans the mailboxes of a saved plan again; any difference makes the saved plan outdated.
pub(super) async fn replan_saved(
    context: &ReconcileContext<'_>,
    agency: &Agency,
    kept: &SavedAgencyPlan,
    observer: &mut Observer<'_>,
    run: &mut AgencyResult,
) -> Result<Planned, Failure> {
    let shard = context.options.shard;
    let mut mailboxes = kept.mailboxes();
    mailboxes.retain(|mailbox| shard.is_none_or(|shard| shard.contains_mailbox(mailbox)));
    let everything = observer.fold_requests(agency);
    let scope = ReadScope::These(&mailboxes);
    let (reader, observed) = observer.observe(agency, &scope, &everything, None).await?;
    // A saved plan covers only its own mailboxes, even if more were read.
    let observed = observed.keep_only(&mailboxes);
    let everything = verify_approvals(agency, everything, &observed);
    let desired = everything.keep_only(&mailboxes, &agency.requests);
    let policy = &agency.policy;
    let mut plan = plan::plan(&desired, &observed, policy);
    let requests = saved_plan::requests_digest(context.source, agency);
    run.stale.extend(match shard {
        Some(shard) => kept.stale_shard_reasons(shard, &mut plan, (policy, desired.kept), requests),
        None => kept.stale_reasons(&plan, policy_digest(policy), requests),
    });
    if let (false, Some(plans)) = (kept.requests == requests.to_string(), context.plan) {
        run.stale.extend(saved_plan::changed_files(context.source, plans));
    }
    if let Some(share) = &mut run.share {
        share.of_changes = Some(kept.changes.len());
    }
    Ok((plan, reader))
}

/// Why a saved plan is outdated for all agencies: it is too old, has other agencies, or is outdated for
/// one of several. This is checked before anything is done for any of them.
pub(super) async fn stale_for_all_agencies(
    context: &ReconcileContext<'_>,
    plans: &PlanFile,
    observer: &mut Observer<'_>,
) -> Vec<StaleReason> {
    let mut stale: Vec<StaleReason> =
        plans.check_age(jiff::Timestamp::now(), context.options.max_age).into_iter().collect();
    let agencies = &context.source.loaded.agencies;
    let known = |name: &str| agencies.iter().any(|agency| agency.policy.agency == name);
    for kept in &plans.sealed.agencies {
        if !known(&kept.agency) {
            stale.push(StaleReason::about_subject(&*kept.agency, message!("run-agency-gone")));
        }
    }
    if agencies.len() == 1 {
        return stale;
    }
    for agency in agencies {
        let name = &agency.policy.agency;
        let why = match plans.plan_of(name) {
            None => Some(message!("run-plan-without-agency")),
            Some(kept) => {
                let mut run = AgencyResult::default();
                match replan_saved(context, agency, kept, observer, &mut run).await {
                    Ok(_) if run.stale.is_empty() => None,
                    Ok(_) => Some(message!("run-plan-outdated-there")),
                    Err(_) => Some(message!("run-plan-not-made-there")),
                }
            }
        };
        stale.extend(why.map(|why| StaleReason::about_subject(name.as_str(), why)));
    }
    stale
}
