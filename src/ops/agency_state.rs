//! Everything that is known about an agency's requests: the desired state, the state in the portal, and
//! the records of runs. For commands that change nothing in the portal.

mod export_order;
mod observer;

pub(super) use self::export_order::describe_record_problems;
pub(super) use self::observer::{Observer, read_portal};

use jiff::Timestamp;

use super::failure::Failure;
use super::interrupt::unless_interrupted;
use super::verify_approvals::verify_approvals;
use crate::domain::agency::Agency;
use crate::domain::desired;
use crate::domain::desired::Desired;
use crate::domain::lifecycle;
use crate::domain::lifecycle::{LifecycleInput, RequestLifecycle};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::notice::due::withdrawal;
use crate::domain::observed::Observed;
use crate::domain::plan;
use crate::domain::plan::Plan;
use crate::domain::record::chain::{RunRecord, verify};
use crate::domain::record::history::History;
use crate::domain::request::RequestId;
use crate::finding::Finding;
use crate::language::Message;
use crate::portal::ReadScope;
use crate::portal::any_reader::AnyReader;
use crate::printer;
use crate::printer::text;

/// Everything that is known about one agency.
pub(super) struct AgencyState {
    /// The desired state by its requests.
    pub desired: Desired,
    /// The state in the portal and the plan, if the portal was observed.
    pub portal: Option<(Observed, Plan)>,
    /// The portal's clock, if the portal was observed and says it.
    pub portal_time: Option<Timestamp>,
    /// The records of its runs, oldest first.
    pub runs: Vec<RunRecord>,
    /// The history in these records.
    pub history: History,
    /// What is wrong with them, also by what git had.
    pub record_problems: Vec<Finding>,
}

impl AgencyState {
    /// The lifecycle of every request of the agency.
    pub fn lifecycles(&self, agency: &Agency) -> Vec<RequestLifecycle> {
        lifecycle::request_lifecycles(&LifecycleInput {
            requests: &agency.requests,
            desired: &self.desired,
            portal: self.portal.as_ref().map(|(observed, plan)| (observed, plan)),
            history: &self.history,
        })
    }

    /// Warns that its records are not intact; returns how many problems they have.
    pub fn report_record_problems(&self) -> Option<Message> {
        let problems = describe_record_problems(&self.record_problems)?;
        printer::print_message(&text!("run-records-note", problems = &problems));
        Some(problems)
    }

    /// The withdrawals with a notice that waits, each with the mailboxes on which the portal still works.
    pub fn waiting_withdrawals<'a>(
        &self,
        agency: &Agency,
        lifecycles: &'a [RequestLifecycle],
    ) -> Vec<(&'a RequestId, Vec<&'a Mailbox>)> {
        let Some(notices) = &agency.policy.notices else { return Vec::new() };
        let observed = self.portal.as_ref().map(|(observed, _)| observed);
        withdrawal::waiting_withdrawals(lifecycles, &self.history, observed, notices.since)
    }
}

/// Reads the state of an agency. If `is_offline`, only the records of runs say what was done.
///
/// # Errors
/// Those of [`Observer::observe`]; and if git fails.
pub(super) async fn read_agency_state(
    observer: &mut Observer<'_>,
    agency: &Agency,
    only: Option<&[Mailbox]>,
    is_offline: bool,
) -> Result<AgencyState, Failure> {
    unless_interrupted(observer.stop, async {
        let runs = observer.read_runs(agency)?;
        let history = History::from_runs(&runs);
        let mut record_problems = verify(&runs);
        observer.add_lost_records(agency, &mut record_problems);
        let everything = observer.fold_requests(agency);
        let narrow = |desired: Desired| match only {
            Some(only) => desired.keep_only(only, &agency.requests),
            None => desired,
        };
        if is_offline {
            return Ok(AgencyState {
                desired: narrow(everything),
                portal: None,
                portal_time: None,
                runs,
                history,
                record_problems,
            });
        }
        let scope = match only {
            Some(only) if !only.is_empty() => ReadScope::These(only),
            _ => ReadScope::Filtered(desired::mailbox_filter(&agency.requests).into()),
        };
        let (reader, observed) = observer.observe(agency, &scope, &everything, Some(&runs)).await?;
        let everything = verify_approvals(agency, everything, &observed);
        let desired = narrow(everything);
        let plan = plan::plan(&desired, &observed, &agency.policy);
        let portal_time = reader.as_ref().and_then(AnyReader::portal_time);
        let portal = Some((observed, plan));
        Ok(AgencyState { desired, portal, portal_time, runs, history, record_problems })
    })
    .await
}
