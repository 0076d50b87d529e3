//! The changes that earlier runs left open according to their records, what became of them, and what
//! people were asked to do.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use jiff::Timestamp;

use super::committed_records::check_committed_records;
use super::hand_over_place::{FileFate, HandOverPlace};
use super::options::ReconcileContext;
use crate::domain::agency::Agency;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::plan::{Plan, Shard};
use crate::domain::policy::PortalKind;
use crate::domain::record::chain::{RunRecord, verify};
use crate::domain::record::entry::{Event, HandOverFile, Settled};
use crate::domain::record::enums::Settlement;
use crate::domain::record::open_changes::{
    OpenChange, ReservedFile, open_changes_for_portal, reserved_files,
};
use crate::domain::record::settlement::{settle_by_portal, settled_event};
use crate::language::Message;
use crate::ops::agency_state::{Observer, describe_record_problems};
use crate::ops::failure::Failure;
use crate::portal;
use crate::portal::any_reader::AnyReader;
use crate::portal::{PortalReader as _, ReadScope};
use crate::printer;
use crate::printer::text;

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
    /// What to record.
    pub events: Vec<Event>,
    /// What became of changes.
    settled: Vec<Settled>,
    /// Whether a run was killed while it handed changes over.
    pub is_hand_over_cut: bool,
    /// What became of each file that it announced, also in words.
    files: BTreeMap<String, (FileFate, Message)>,
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
            read.map_err(|failure| failure.into_refusal(message!("run-nothing-changed")))?;
        if let Some(problems) = describe_record_problems(&verify(&runs)) {
            // A broken chain does not stop the run: otherwise anyone who breaks it could stop every
            // change. Each run reports it until it is fixed.
            printer::print_message(&text!("run-records-note", problems));
        }
        if agency.policy.portal == PortalKind::Files {
            check_committed_records(&folder)?;
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
                let planned: HashSet<&str> =
                    plan.changes.iter().map(|change| change.mailbox.as_str()).collect();
                for open in own() {
                    let settled = settle_by_portal(open, &observed, keeps, now);
                    let is_cancelled = observer.is_cancelled_by_user(open);
                    match place {
                        Some(place) if open.file.is_none() => {
                            done.add_cut(open, settled, place, is_cancelled);
                        }
                        // The new file closes it, once it is there.
                        _ if settled.is_none() && is_cancelled => {
                            let is_anew = match context.options.only.is_empty() {
                                true => !planned.is_empty(),
                                false => planned.contains(open.intent.mailbox.as_str()),
                            };
                            done.add((!is_anew).then(|| cancelled_event(open)));
                        }
                        Some(place) if settled.is_none() => done.add_from_file(open, place),
                        _ => done.add(settled),
                    }
                }
                done
            }
            Err(error) => {
                printer::print_message(&text!("run-left-open-note", error = error.message()));
                SettledChanges::default()
            }
        }
    }

    /// The open changes of a shard.
    fn open_of(&self, shard: Option<Shard>) -> impl Iterator<Item = &OpenChange> {
        self.open.iter().filter(move |open| open.is_in_shard(shard))
    }

    /// What became of the open changes of a shard, in words.
    pub fn describe_settled(&self, done: &SettledChanges, shard: Option<Shard>) -> Option<Message> {
        let is_plain = |hash: &str| !done.in_files.contains(hash);
        let hand_over_intents: HashSet<&str> = self
            .handed_over()
            .map(|open| open.hash.as_str())
            .filter(|hash| is_plain(hash))
            .collect();
        let settled = done.settled.iter().filter(|settled| is_plain(&settled.intent));
        let (handed_over, others): (Vec<&Settled>, Vec<&Settled>) =
            settled.partition(|settled| hand_over_intents.contains(settled.intent.as_str()));
        let mut sentences: Vec<Message> =
            done.files.values().map(|(_, text)| text.clone()).collect();
        if !hand_over_intents.is_empty() {
            let mut parts = count_by_result(&handed_over);
            let open = hand_over_intents.len() - handed_over.len();
            if open > 0 {
                parts.push(message!("run-not-yet-done", count = open));
            }
            let parts = Message::joined(parts, ", ");
            sentences.push(message!("run-of-handed-over", parts));
        }
        let left =
            self.open_of(shard).filter(|open| open.file.is_none() && is_plain(&open.hash)).count();
        if left > 0 {
            let mut parts = count_by_result(&others);
            let open = left - others.len();
            if open > 0 {
                parts.push(message!("run-not-seen", count = open));
            }
            let parts = Message::joined(parts, ", ");
            sentences.push(message!("run-of-earlier", count = left, parts));
        }
        (!sentences.is_empty()).then(|| Message::joined(sentences, " "))
    }

    /// The open changes that were handed over, or may have been.
    pub fn handed_over(&self) -> impl Iterator<Item = &OpenChange> {
        self.open.iter().filter(|open| open.file.is_some())
    }

    /// The files that runs were to hand over.
    pub fn reserved_files(&self) -> Vec<ReservedFile<'_>> {
        reserved_files(&self.runs, &self.open)
    }

    /// The files that runs were to hand over of which nothing is left, once this is on record.
    pub fn files_that_are_over(&self, done: &SettledChanges) -> HashSet<String> {
        let settled: HashSet<&str> = done.settled.iter().map(|settled| &*settled.intent).collect();
        let mut open = self.open.clone();
        open.retain(|open| !settled.contains(&*open.hash));
        let files = reserved_files(&self.runs, &open);
        files.iter().filter(|file| file.is_over).map(|file| file.file.to_owned()).collect()
    }
}

impl SettledChanges {
    fn add(&mut self, settled: Option<Settled>) {
        self.events.extend(settled.clone().map(Event::Settled));
        self.settled.extend(settled);
    }

    /// Adds what became of the changes that the portal was working on before this run, and that it waited for;
    /// returns what to record.
    pub fn add_waited(&mut self, waited: Self, plan: &Plan) -> Vec<Event> {
        let is_waited = |settled: &Settled| {
            plan.in_progress.iter().any(|item| item.mailbox.as_str() == settled.mailbox)
        };
        let before = self.events.len();
        for settled in waited.settled.into_iter().filter(is_waited) {
            self.add(Some(settled));
        }
        self.events.split_off(before)
    }

    /// Adds a change whose run handed nothing over, according to its record.
    fn add_cut(
        &mut self,
        open: &OpenChange,
        seen: Option<Settled>,
        place: &HandOverPlace,
        is_cancelled: bool,
    ) {
        // Another kind of portal; only that shows it.
        if open.portal != Some(PortalKind::Files) {
            return self.add(seen);
        }
        self.is_hand_over_cut |= !is_cancelled;
        let file = open.reserved_file.as_ref();
        let is_proven = file.is_none_or(|file| place.is_unfinished(file));
        let not_made = || {
            let why = "its run was cut off before it handed anything over".to_owned();
            is_proven.then(|| settled_event(open, Settlement::NotApplied, why))
        };
        let cancelled = || is_cancelled.then(|| cancelled_event(open));
        let seen = seen.filter(|seen| seen.outcome.is_done());
        self.add(seen.or_else(not_made).or_else(cancelled));
    }

    /// Adds a change that was handed over. If the run that was to do that was killed, the file shows what
    /// became of it.
    fn add_from_file(&mut self, open: &OpenChange, place: &HandOverPlace) {
        let Some(announced) = open.file.as_ref().filter(|announced| !announced.is_there) else {
            return;
        };
        self.is_hand_over_cut = true;
        self.in_files.insert(open.hash.clone());
        let (file, sha256) = (announced.file.file.clone(), announced.file.sha256.clone());
        let (fate, text) = match self.files.get(&file) {
            Some(found) => found.clone(),
            None => {
                let found = place.find(&announced.file);
                self.files.insert(file.clone(), found.clone());
                if found.0 == FileFate::There {
                    self.events.push(Event::HandedOver(HandOverFile { file, sha256 }));
                }
                found
            }
        };
        let is_absent = fate == FileFate::Absent;
        self.add(is_absent.then(|| settled_event(open, Settlement::NotApplied, text.in_english())));
    }

    /// Whether a file is there whose run was killed.
    pub fn is_there(&self, file: &str) -> bool {
        self.files.get(file).is_some_and(|(fate, _)| *fate == FileFate::There)
    }

    /// What to do with the files of runs that were killed, if there is anything.
    pub fn describe_next_step(&self, place: &HandOverPlace) -> Option<Message> {
        let is = |wanted| self.files.iter().find(|(_, (fate, _))| *fate == wanted);
        if let Some((file, _)) = is(FileFate::There) {
            let name = file.strip_suffix(".csv").unwrap_or(file);
            return Some(place.describe_next_step(name));
        }
        is(FileFate::Unclear).map(|_| message!("run-ask-holder-help"))
    }
}

/// A change that was handed over, or may have been, and is cancelled.
fn cancelled_event(open: &OpenChange) -> Settled {
    let why = "cancelled by the user with --hand-over-again";
    settled_event(open, Settlement::Unknown, why.to_owned())
}

/// "2 seen done, 1 unclear".
fn count_by_result(settled: &[&Settled]) -> Vec<Message> {
    let of = |word, message: fn(usize) -> Message| {
        let count = settled.iter().filter(|settled| settled.outcome == word).count();
        (count > 0).then(|| message(count))
    };
    let parts = [
        of(Settlement::SeenDone, |count| message!("run-seen-done", count)),
        of(Settlement::AlreadySo, |count| message!("run-already-so", count)),
        of(Settlement::NotApplied, |count| message!("run-not-made", count)),
        of(Settlement::Unknown, |count| message!("run-unclear", count)),
    ];
    parts.into_iter().flatten().collect()
}
