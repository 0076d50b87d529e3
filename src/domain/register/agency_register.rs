//! The register of one agency: its fields beside the rows, and how it is made. Pure.

use std::collections::{BTreeMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::build_rows::{RegisterContext, register_row};
use super::figures::Figures;
use super::period::Period;
use super::row::RequestRow;
use crate::domain::archive_state::Target;
use crate::domain::lifecycle::RequestLifecycle;
use crate::domain::observed::Observed;
use crate::domain::plan::Plan;
use crate::language::Message;

/// The register of one agency.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Register {
    /// The agency's short name.
    pub agency: String,
    /// Its full name.
    pub name: String,
    /// Where the requests were read: a commit, or a folder.
    pub requests: Message,
    /// The commit that holds all that was read; null if none does.
    pub commit: Option<String>,
    /// The day for which it was made.
    pub as_of: String,
    /// The days of receipt that it covers; null if it covers all.
    pub period: Option<Period>,
    /// The only request that it covers; null if it covers all.
    pub only: Option<String>,
    /// The portal's kind.
    pub portal: &'static str,
    /// Whether the portal was asked. If not, only the records say what was done.
    pub portal_asked: bool,
    /// How an approval is verified: committed or signed. Signatures are verified only if the portal
    /// was asked.
    pub provenance: &'static str,
    /// How many runs are on record.
    pub runs: usize,
    /// How many problems `arkib records verify` finds in these records.
    pub record_problems: usize,
    /// The figures over all rows.
    pub figures: Figures,
    /// The requests, by day of receipt, then by id.
    pub rows: Vec<RequestRow>,
    /// The days of effect of the requests that withdrew or replaced others.
    pub days: BTreeMap<String, String>,
    /// Archives that no request names; null if the portal was not asked, or for one request.
    pub unmanaged: Option<Vec<UnmanagedArchive>>,
    /// Archives that are no longer as an approved request made them; null like `unmanaged`.
    pub drifted: Option<Vec<DriftedArchive>>,
}

/// An archive that no request names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnmanagedArchive {
    /// The mailbox.
    pub mailbox: String,
    /// The archive's state in the portal.
    pub state: String,
}

/// An archive that is no longer as an approved request made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DriftedArchive {
    /// The mailbox.
    pub mailbox: String,
    /// The request.
    pub request: String,
    /// What the archive should be: enabled or terminated.
    pub wanted: &'static str,
    /// What the portal has.
    pub state: String,
}

/// The register of an agency.
pub fn build_register(lifecycles: &[RequestLifecycle], context: &RegisterContext<'_>) -> Register {
    let is_asked_for = |lifecycle: &&RequestLifecycle| {
        let received = lifecycle.request.received.date;
        context.period.is_none_or(|period| period.contains(received))
            && context.only.is_none_or(|only| lifecycle.request.id == *only)
    };
    let asked_for = lifecycles.iter().filter(is_asked_for);
    let mut rows: Vec<RequestRow> =
        asked_for.map(|lifecycle| register_row(lifecycle, context)).collect();
    rows.sort_by(|a, b| (&a.received.date, &a.id).cmp(&(&b.received.date, &b.id)));
    let (policy, portal) = (context.policy, context.portal.filter(|_| context.only.is_none()));
    Register {
        agency: policy.agency.clone(),
        name: policy.name.clone(),
        requests: context.requests_at.clone(),
        commit: context.commit.map(str::to_owned),
        as_of: context.as_of.to_string(),
        period: context.period,
        only: context.only.map(ToString::to_string),
        portal: policy.portal.as_str(),
        portal_asked: context.portal.is_some(),
        provenance: policy.provenance.as_str(),
        runs: context.runs.len(),
        record_problems: context.record_problems,
        figures: Figures::from_rows(&rows),
        days: list_days(&rows, lifecycles),
        rows,
        unmanaged: portal.map(|(_, plan)| list_unmanaged(plan)),
        drifted: portal.map(|(observed, plan)| list_drifted(lifecycles, observed, plan)),
    }
}

fn list_days(rows: &[RequestRow], lifecycles: &[RequestLifecycle]) -> BTreeMap<String, String> {
    let superseding = rows.iter().flat_map(|row| &row.mailboxes).map(|one| &one.superseded_by);
    let named = rows.iter().map(|row| &row.withdrawn_by).chain(superseding);
    let named: HashSet<&str> = named.flatten().map(String::as_str).collect();
    let requests = lifecycles.iter().map(|lifecycle| &lifecycle.request);
    let requests = requests.filter(|request| named.contains(request.id.as_str()));
    let day =
        requests.map(|request| Some((request.id.to_string(), request.effect_day()?.to_string())));
    day.flatten().collect()
}

fn list_unmanaged(plan: &Plan) -> Vec<UnmanagedArchive> {
    let each = plan.unmanaged.iter().map(|unmanaged| UnmanagedArchive {
        mailbox: unmanaged.mailbox.to_string(),
        state: unmanaged.state.to_string(),
    });
    each.collect()
}

/// The drift in the plan, and what is no longer as the records say it was done.
fn list_drifted(
    lifecycles: &[RequestLifecycle],
    observed: &Observed,
    plan: &Plan,
) -> Vec<DriftedArchive> {
    let changes = plan.changes.iter();
    let by_plan = changes.filter(|change| change.cause.is_drift());
    let by_plan = by_plan.map(|change| (&change.mailbox, &change.request));
    let by_record = lifecycles.iter().flat_map(|lifecycle| {
        let mailboxes = lifecycle.mailboxes.iter();
        let drifted = mailboxes.filter(|mailbox| mailbox.has_drifted);
        drifted.map(|mailbox| (&mailbox.mailbox, &lifecycle.request))
    });
    let mut all: Vec<_> = by_plan.chain(by_record).collect();
    all.sort_by(|a, b| a.0.cmp(b.0));
    all.dedup_by(|a, b| a.0 == b.0);
    let each = all.into_iter().map(|(mailbox, request)| DriftedArchive {
        mailbox: mailbox.to_string(),
        request: request.id.to_string(),
        wanted: request.target().map_or("", Target::state_word),
        state: match observed.find_mailbox(mailbox) {
            Some(observed) => observed.state.to_string(),
            None => "none".to_owned(),
        },
    });
    each.collect()
}
