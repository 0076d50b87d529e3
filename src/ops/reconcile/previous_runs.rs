//! The changes that earlier runs left open according to their records, what became of them, and what
//! people were asked to do.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use jiff::Timestamp;

use super::hand_over_place::HandOverPlace;
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
    AnnouncedFile, OpenChange, find_settlement, open_changes_for_portal, settled_event,
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

/// What became of the changes that earlier runs left open.
#[derive(Default)]
pub(super) struct SettledChanges {
    /// The settlements to record.
    pub settled: Vec<Settled>,
    /// Whether a run was killed while it handed changes over.
    pub is_hand_over_cut: bool,
    /// What became of each file that it announced, also in words.
    files: BTreeMap<String, (Option<Settlement>, String)>,
    /// The hashes of the changes in them.
    in_files: HashSet<String>,
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
        place: Option<&HandOverPlace>,
    ) -> SettledChanges {
        let own = || self.open_of(context.options.shard);
        let mut mailboxes: Vec<Mailbox> =
            own().filter_map(|open| Mailbox::parse(&open.intent.mailbox).ok()).collect();
        mailboxes.sort_unstable();
        mailboxes.dedup();
        if mailboxes.is_empty() {
            return SettledChanges::default();
        }
        let scope = ReadScope::These(&mailboxes);
        let observed = tokio::select! {
            biased;
            () = context.stop.wait_until_stop_requested() => return SettledChanges::default(),
            observed = portal::observe(reader, &scope, &|_, _| {}) => observed,
        };
        match observed {
            Ok(observed) => {
                let (keeps, now) = (reader.stores_request_id(), Timestamp::now());
                let mut done = SettledChanges::default();
                for open in own() {
                    let settled = find_settlement(open, &observed, keeps, now)
                        .or_else(|| settle_given_up(observer, open, plan));
                    let place = place.filter(|_| !observer.is_cancelled_by_user(open));
                    done.add(open, settled, place);
                }
                done
            }
            Err(error) => {
                printer::write_message(&format!(
                    "note: the changes that earlier runs left open stay open: {error}"
                ));
                SettledChanges::default()
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
        self.open.iter().filter(move |open| open.is_in_shard(shard))
    }

    /// What became of the open changes of a shard, in words.
    pub fn describe_settled(&self, done: &SettledChanges, shard: Option<Shard>) -> Option<String> {
        let is_plain = |hash: &str| !done.in_files.contains(hash);
        let hand_over_intents: HashSet<&str> = self
            .handed_over()
            .map(|open| open.hash.as_str())
            .filter(|hash| is_plain(hash))
            .collect();
        let settled = done.settled.iter().filter(|settled| is_plain(&settled.intent));
        let (handed_over, others): (Vec<&Settled>, Vec<&Settled>) =
            settled.partition(|settled| hand_over_intents.contains(settled.intent.as_str()));
        let mut sentences: Vec<String> =
            done.files.values().map(|(_, text)| text.clone()).collect();
        if !hand_over_intents.is_empty() {
            let mut parts = count_by_result(&handed_over);
            let open = hand_over_intents.len() - handed_over.len();
            if open > 0 {
                parts.push(format!("{open} not yet done, according to the export"));
            }
            sentences.push(format!("Of what was handed over: {}.", parts.join(", ")));
        }
        let left =
            self.open_of(shard).filter(|open| open.file.is_none() && is_plain(&open.hash)).count();
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

    /// The open changes that were handed over, or may have been.
    pub fn handed_over(&self) -> impl Iterator<Item = &OpenChange> {
        self.open.iter().filter(|open| open.file.is_some())
    }

    /// The names of all files that were handed over, or were about to be.
    pub fn handed_over_files(&self) -> HashSet<&str> {
        let lines = self.runs.iter().flat_map(|run| &run.lines);
        lines
            .filter_map(|(_, line)| match &line.event {
                Event::HandOver(file) => Some(file.file.as_str()),
                Event::Outcome(outcome) if outcome.outcome == OutcomeKind::HandedOver => {
                    outcome.detail.as_deref()?.split(" (").next()
                }
                _ => None,
            })
            .collect()
    }
}

impl SettledChanges {
    /// Adds a change. If the run that was to hand it over was killed, the file shows what became of it.
    fn add(&mut self, open: &OpenChange, settled: Option<Settled>, place: Option<&HandOverPlace>) {
        let announced = open.file.as_ref().filter(|announced| !announced.is_there);
        let Some(place) = place else { return self.settled.extend(settled) };
        if let (None, Some(AnnouncedFile { file, .. })) = (&settled, announced) {
            self.is_hand_over_cut = true;
            self.in_files.insert(open.hash.clone());
            let found = self.files.entry(file.file.clone());
            let (outcome, text) = found.or_insert_with(|| place.find(file));
            self.settled.extend(outcome.map(|end| settled_event(open, end, text.clone())));
        } else {
            let is_cut = open.file.is_none();
            let not_made = || {
                let why = "its run was cut off before it handed anything over".to_owned();
                is_cut.then(|| settled_event(open, Settlement::NotApplied, why))
            };
            self.is_hand_over_cut |= is_cut;
            self.settled.extend(settled.or_else(not_made));
        }
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
        (of(Settlement::NotApplied), "not made"),
        (of(Settlement::Unknown), "unclear"),
    ])
}
