//! The changes that earlier runs left open according to their records, what became of them, and what
//! people were asked to do.

use std::collections::HashSet;
use std::path::PathBuf;

use jiff::Timestamp;

use super::options::ReconcileContext;
use crate::apply::Outcome;
use crate::domain::agency::Agency;
use crate::domain::change_outcome::OutcomeKind;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::plan::{Plan, Shard};
use crate::domain::record::chain::RunRecord;
use crate::domain::record::entry::{Event, Settled};
use crate::domain::record::enums::Settlement;
use crate::domain::record::open_changes::{
    OpenChange, find_settlement, open_changes_for_portal, settled_event,
};
use crate::ops::agency_state::{Observer, describe_record_problems};
use crate::ops::failure::Failure;
use crate::output::human::nonzero_counts;
use crate::portal;
use crate::portal::any_reader::AnyReader;
use crate::portal::{PortalReader as _, ReadScope};
use crate::printer;
use crate::text::plural;

/// The records of earlier runs.
pub(super) struct PreviousRuns {
    /// The folder of their records.
    pub folder: PathBuf,
    /// Their records, oldest first.
    pub runs: Vec<RunRecord>,
    /// The changes that they left open.
    pub open: Vec<OpenChange>,
}

impl PreviousRuns {
    /// Reads their records.
    ///
    /// # Errors
    /// Why nothing may be changed now.
    pub fn read(observer: &Observer<'_>, agency: &Agency) -> Result<Self, Failure> {
        let read = observer.read_records(agency);
        let (folder, runs) =
            read.map_err(|failure| failure.into_refusal("Nothing was changed."))?;
        if let Some(problems) = describe_record_problems(&runs) {
            // A broken chain does not stop the run: otherwise anyone who breaks it could stop every
            // change. Each run reports it until it is fixed.
            printer::write_message(&format!(
                "note: {problems} in the records of earlier runs; `arkib records verify` shows them"
            ));
        }
        let open = open_changes_for_portal(agency.policy.portal, &runs);
        Ok(Self { folder, runs, open })
    }

    /// Settles the open changes by the state in the portal. If it cannot be read, they stay open for the
    /// next run.
    pub async fn settle(
        &self,
        context: &ReconcileContext<'_>,
        observer: &Observer<'_>,
        reader: &AnyReader,
        plan: &Plan,
    ) -> Vec<Settled> {
        let own = || self.open_of(context.options.shard);
        let mut mailboxes: Vec<Mailbox> =
            own().filter_map(|open| Mailbox::parse(&open.intent.mailbox).ok()).collect();
        mailboxes.sort_unstable();
        mailboxes.dedup();
        if mailboxes.is_empty() {
            return Vec::new();
        }
        let scope = ReadScope::These(&mailboxes);
        let observed = tokio::select! {
            biased;
            () = context.stop.wait_until_stop_requested() => return Vec::new(),
            observed = portal::observe(reader, &scope, &|_, _| {}) => observed,
        };
        match observed {
            Ok(observed) => {
                let (keeps, now) = (reader.stores_request_id(), Timestamp::now());
                own()
                    .filter_map(|open| {
                        find_settlement(open, &observed, keeps, now)
                            .or_else(|| settle_given_up(observer, open, plan))
                    })
                    .collect()
            }
            Err(error) => {
                printer::write_message(&format!(
                    "note: the changes that earlier runs left open stay open: {error}"
                ));
                Vec::new()
            }
        }
    }

    /// Changes that were handed over before and are in the new file: it will stay unknown which file did
    /// them.
    pub fn replaced_changes(&self, plan: &Plan, outcomes: &[Outcome]) -> Vec<Settled> {
        let anew: HashSet<&str> = plan
            .changes
            .iter()
            .zip(outcomes)
            .filter(|(_, outcome)| matches!(outcome, Outcome::HandedOver { .. }))
            .map(|(change, _)| change.mailbox.as_str())
            .collect();
        self.handed_over()
            .filter(|open| anew.contains(open.intent.mailbox.as_str()))
            .map(|open| {
                let why = "no export shows it, and a new file asks for the change again";
                settled_event(open, Settlement::Unknown, why.to_owned())
            })
            .collect()
    }

    /// The open changes of a shard.
    fn open_of(&self, shard: Option<Shard>) -> impl Iterator<Item = &OpenChange> {
        self.open.iter().filter(move |open| open.is_settled_by(shard))
    }

    /// What became of the open changes of a shard, in words.
    pub fn describe_settled(&self, settled: &[Settled], shard: Option<Shard>) -> Option<String> {
        let hand_over_intents: HashSet<&str> =
            self.handed_over().map(|open| open.hash.as_str()).collect();
        let (handed_over, others): (Vec<&Settled>, Vec<&Settled>) =
            settled.iter().partition(|settled| hand_over_intents.contains(settled.intent.as_str()));
        let mut sentences = Vec::new();
        if !hand_over_intents.is_empty() {
            let mut parts = count_by_result(&handed_over);
            let open = hand_over_intents.len() - handed_over.len();
            if open > 0 {
                parts.push(format!("{open} not yet done, according to the export"));
            }
            sentences.push(format!("Of what was handed over: {}.", parts.join(", ")));
        }
        let left = self.open_of(shard).filter(|open| !open.is_handed_over).count();
        if left > 0 {
            let mut parts = count_by_result(&others);
            let open = left - others.len();
            if open > 0 {
                parts.push(format!("{open} not seen so far"));
            }
            sentences.push(format!(
                "Earlier runs did not see the end of {}: {}.",
                plural(left, "change", "changes"),
                parts.join(", ")
            ));
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// The open changes that were handed over.
    pub fn handed_over(&self) -> impl Iterator<Item = &OpenChange> {
        self.open.iter().filter(|open| open.is_handed_over)
    }

    /// The names of all files that were handed over.
    pub fn handed_over_files(&self) -> HashSet<&str> {
        let lines = self.runs.iter().flat_map(|run| &run.lines);
        lines
            .filter_map(|(_, line)| match &line.event {
                Event::Outcome(outcome) if outcome.outcome == OutcomeKind::HandedOver => {
                    outcome.detail.as_deref()?.split(" (").next()
                }
                _ => None,
            })
            .collect()
    }
}

/// A change that was handed over and is cancelled by the user with --hand-over-again, unless the new
/// plan contains it, which replaces it later.
fn settle_given_up(observer: &Observer<'_>, open: &OpenChange, plan: &Plan) -> Option<Settled> {
    let mut changes = plan.changes.iter();
    let is_anew = changes.any(|change| change.mailbox.as_str() == open.intent.mailbox);
    (observer.is_cancelled_by_user(open) && !is_anew).then(|| {
        let why = "cancelled by the user with --hand-over-again";
        settled_event(open, Settlement::Unknown, why.to_owned())
    })
}

/// "2 seen done, 1 unclear".
fn count_by_result(settled: &[&Settled]) -> Vec<String> {
    let of = |word| settled.iter().filter(|settled| settled.outcome == word).count();
    nonzero_counts([
        (of(Settlement::SeenDone), "seen done"),
        (of(Settlement::AlreadySo), "already so"),
        (of(Settlement::Unknown), "unclear"),
    ])
}
