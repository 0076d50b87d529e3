//! What is known of an agency's requests: what they want, what the portal has, and what the records of
//! runs say. For the commands that show it and change nothing in the portal.

mod export_order;
mod observer;

pub(super) use self::export_order::problems;
pub(super) use self::observer::{Observer, read};

use super::failure::Failure;
use super::interrupt::unless_interrupted;
use crate::domain::agency::Agency;
use crate::domain::desired;
use crate::domain::desired::Desired;
use crate::domain::lifecycle;
use crate::domain::lifecycle::{LifecycleInput, RequestLifecycle};
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::plan;
use crate::domain::plan::Plan;
use crate::domain::record::chain::Run;
use crate::domain::record::history::History;
use crate::portal::Scope;

/// What is known of one agency.
pub(super) struct Survey {
    /// What its requests want.
    pub desired: Desired,
    /// What the portal has and what is to be done about it, where it was observed.
    pub portal: Option<(Observed, Plan)>,
    /// The records of its runs, oldest first.
    pub runs: Vec<Run>,
    /// What they say.
    pub history: History,
}

impl Survey {
    /// The life of every request of the agency.
    pub fn lives(&self, agency: &Agency) -> Vec<RequestLifecycle> {
        lifecycle::lifecycles(&LifecycleInput {
            requests: &agency.requests,
            desired: &self.desired,
            portal: self
                .portal
                .as_ref()
                .map(|(observed, plan)| (observed, plan)),
            history: &self.history,
        })
    }
}

/// Everything that is known of an agency's requests: what they want, what the portal has, and
/// what the records of runs say. Where the portal is left alone the records alone tell.
///
/// # Errors
/// As for [`Observer::observe`]; and where git fails.
pub(super) async fn survey(
    observer: &mut Observer<'_>,
    agency: &Agency,
    only: Option<&[Mailbox]>,
    is_offline: bool,
) -> Result<Survey, Failure> {
    unless_interrupted(observer.stop, async {
        let runs = observer.runs(agency)?;
        let history = History::from_runs(&runs);
        let everything = observer.fold(agency);
        let narrow = |desired: Desired| match only {
            Some(only) => desired.keep_only(only, &agency.requests),
            None => desired,
        };
        if is_offline {
            return Ok(Survey {
                desired: narrow(everything),
                portal: None,
                runs,
                history,
            });
        }
        let scope = match only {
            Some(only) if !only.is_empty() => Scope::These(only),
            _ => Scope::Sieved(desired::sieve(&agency.requests).into()),
        };
        let (_, observed) = observer.observe(agency, &scope, Some(&runs)).await?;
        let everything = observer.believed(agency, everything, &observed)?;
        let desired = narrow(everything);
        let plan = plan::plan(&desired, &observed, &agency.policy);
        Ok(Survey {
            desired,
            portal: Some((observed, plan)),
            runs,
            history,
        })
    })
    .await
}
