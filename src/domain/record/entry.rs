//! The lines of a record, and how they are written. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::enums::{DeliveryOutcome, NoticeKind, Settlement};
use crate::domain::archive_state::Target;
use crate::domain::change_outcome::OutcomeKind;
use crate::domain::policy::PortalKind;
use crate::domain::rehearsal::RehearsalAction;
use crate::domain::request::Channel;
use crate::hash::sha256;

/// The version of the format.
pub const FORMAT: &str = "arkib.record/1";

/// One line of a run's record.
///
/// The hash is over [`FORMAT`] and everything else in the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordLine {
    /// Counts the lines of a run, from zero.
    pub seq: u64,
    /// When it was written (RFC 3339).
    pub at: String,
    /// The hash of the line before. For the first line of a run: the hashes of the last lines of all
    /// earlier runs that no other run follows.
    pub prev: Vec<String>,
    /// The event.
    pub event: Event,
    /// The line's hash: SHA-256, in hexadecimal.
    pub hash: String,
}

/// The event of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Event {
    /// A run that applies a plan begins.
    Begun(Begun),
    /// What an earlier run left open, as the portal shows it now.
    Settled(Settled),
    /// A change is about to be sent to the portal.
    Intent(Intent),
    /// How a change ended.
    Outcome(OutcomeEvent),
    /// A file that asks people for all changes of the run that are open is written, and is about to appear.
    HandOver(HandOver),
    /// A file that was about to appear is there.
    HandedOver(HandOverFile),
    /// A run that gives notices begins.
    Notifying(NotifyBegun),
    /// A notice is about to be given.
    Notice(Notice),
    /// The outcome of a notice.
    Delivery(Delivery),
    /// A rehearsal of the mapping begins; it is no authority for anything.
    Rehearsing(RehearsalBegun),
    /// A change of a rehearsal is about to be sent.
    Rehearsal(RehearsalIntent),
    /// What was read back after a change of a rehearsal.
    Rehearsed(RehearsalOutcome),
    /// The run finished.
    Ended(Ended),
}

/// Who ran what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Begun {
    /// `arkib.record/1`.
    pub format: String,
    /// The version of arkib.
    pub arkib: String,
    /// The agency's short name.
    pub agency: String,
    /// Who ran it: the person, or the account of CI.
    pub by: String,
    /// The job that ran it, if CI names it.
    pub job: Option<String>,
    /// The kind of portal; a rehearsal's is embedded.
    pub portal: PortalKind,
    /// The export from which the plan was made, if people operate the portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<RecordedExport>,
    /// The commit that holds all the requests as they were read; null if none does.
    pub commit: Option<String>,
    /// Whether the plan exceeded limits and was accepted by its digest.
    pub accepted: bool,
    /// The digest of what the policy means.
    pub policy: String,
    /// The digest of the plan.
    pub plan: String,
    /// The day for which it was made.
    pub as_of: String,
    /// How many changes the plan has, or the shard's part of it.
    pub changes: usize,
    /// The file that it is to hand over, if people operate the portal. From before this line until the file
    /// appears, or the run has ended, there is a folder of that name beginning with `.unfinished-`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand_over: Option<String>,
    /// Which part of the plan this run made, if several machines shared it: `3/8`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<String>,
}

/// An export of a portal that people operate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Export")]
pub struct RecordedExport {
    /// Its file's name.
    pub name: String,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// The digest of its rows, in any order.
    pub rows: String,
    /// When it was made (RFC 3339).
    pub taken: String,
}

/// A change, before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// The mailbox.
    pub mailbox: String,
    /// The action.
    pub action: Target,
    /// The request that is the authority for it.
    pub request: String,
    /// The archive's state when it was planned.
    pub from: String,
    /// The portal's key of the mailbox.
    pub id: String,
}

/// How a change ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Outcome")]
pub struct OutcomeEvent {
    /// The mailbox.
    pub mailbox: String,
    /// The request.
    pub request: String,
    /// The outcome.
    pub outcome: OutcomeKind,
    /// Whether the portal accepted it and still worked on it.
    #[serde(default, rename = "settling", skip_serializing_if = "std::ops::Not::not")]
    pub is_settling: bool,
    /// Its cause, or further details.
    pub detail: Option<String>,
}

/// A file that is about to ask the people who operate a portal for changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// Its name.
    pub file: String,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// Earlier files that must not be uploaded any more, as its page says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub void: Vec<String>,
    /// Those of them that the user cancelled with --hand-over-again: what they ask for is open no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cancelled: Vec<String>,
}

/// A file that asks the people who operate a portal for changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HandedOver")]
pub struct HandOverFile {
    /// Its name.
    pub file: String,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

/// The outcome of a change that an earlier run left open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// The mailbox.
    pub mailbox: String,
    /// The request.
    pub request: String,
    /// The hash of the line that announced it.
    pub intent: String,
    /// The outcome.
    pub outcome: Settlement,
    /// When it was done, if the portal says so (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<String>,
    /// What the portal shows.
    pub detail: String,
}

/// Who gave notices (procedure step 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Notifying")]
pub struct NotifyBegun {
    /// `arkib.record/1`.
    pub format: String,
    /// The version of arkib.
    pub arkib: String,
    /// The agency's short name.
    pub agency: String,
    /// Who ran it: the person, or the account of CI.
    pub by: String,
    /// The job that ran it, if CI names it.
    pub job: Option<String>,
    /// The commit that holds all the requests as they were read; null if none does.
    pub commit: Option<String>,
    /// The digest of what the policy means.
    pub policy: String,
    /// The day for which it ran.
    pub as_of: String,
    /// How many notices were due.
    pub notices: usize,
}

/// A notice, before it is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// The request that it is about.
    pub request: String,
    /// What it reports.
    pub kind: NoticeKind,
    /// The recipient.
    pub to: String,
    /// How it is given.
    pub channel: Channel,
    /// The Message-ID of a message (RFC 5322 section 3.6.4).
    pub message_id: Option<String>,
    /// The name of the file to print.
    pub file: Option<String>,
    /// The SHA-256 of the message or the file, in hexadecimal.
    pub sha256: String,
}

/// The outcome of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// The request.
    pub request: String,
    /// The kind of the notice.
    pub kind: NoticeKind,
    /// The recipient.
    pub to: String,
    /// The outcome. Without a delivery on record, it is not known whether the notice arrived.
    pub outcome: DeliveryOutcome,
    /// The mail server's answer, or further details.
    pub detail: Option<String>,
}

/// Who rehearsed the mapping, on which mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Rehearsing")]
pub struct RehearsalBegun {
    /// `arkib.record/1`.
    pub format: String,
    /// The version of arkib.
    pub arkib: String,
    /// The agency's short name.
    pub agency: String,
    /// Who ran it.
    pub by: String,
    /// The job that ran it, if CI names it.
    pub job: Option<String>,
    /// The kind of portal.
    pub portal: PortalKind,
    /// The commit that holds all the requests as they were read; null if none does.
    pub commit: Option<String>,
    /// The digest of what the policy means.
    pub policy: String,
    /// The test mailbox.
    pub mailbox: String,
    /// The portal's key of the mailbox.
    pub id: String,
    /// The state in which its archive was found, and to which it is put back.
    pub found: String,
}

/// A change of a rehearsal, before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RehearsalIntent {
    /// The change.
    pub action: RehearsalAction,
    /// Whether it is sent in a bulk request.
    pub bulk: bool,
    /// The attribute and the word that are written.
    pub written: String,
    /// The archive's state before.
    pub from: String,
}

/// How a change of a rehearsal ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RehearsalOutcome {
    /// The change.
    pub action: RehearsalAction,
    /// The archive's state that was read back; null if it could not be read.
    pub read_back: Option<String>,
    /// What is wrong; null if it is as it should be.
    pub problem: Option<String>,
}

/// The end of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// The exit status for this agency.
    pub status: u8,
    /// The reason, as a text.
    pub reason: String,
}

impl RecordLine {
    /// A line with its hash.
    pub fn new(seq: u64, at: String, prev: Vec<String>, event: Event) -> Self {
        let hash = hash_line(seq, &at, &prev, &event);
        Self { seq, at, prev, event, hash }
    }

    /// The line as it is written, with its line end.
    pub fn to_text(&self) -> String {
        // These types always fit into JSON; a line feed in a text is escaped.
        let mut text = serde_json::to_string(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads a line without its line end; `None` if it is not exactly as arkib wrote it.
    pub fn read(text: &str) -> Option<Self> {
        let line: Self = serde_json::from_str(text).ok()?;
        let is_whole = line.to_text().strip_suffix('\n') == Some(text);
        let is_its_own = line.hash == hash_line(line.seq, &line.at, &line.prev, &line.event);
        (is_whole && is_its_own).then_some(line)
    }
}

fn hash_line(seq: u64, at: &str, prev: &[String], event: &Event) -> String {
    let prev = prev.join(",");
    let event = serde_json::to_string(event).unwrap_or_default();
    sha256(format!("{FORMAT}\n{seq}\n{at}\n{prev}\n{event}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(action: &str) -> String {
        let intent = format!(
            r#"{{"intent":{{"mailbox":"a@agensi.example","action":"{action}","request":"R-1","from":"enabled","id":"1"}}}}"#
        );
        let at = "2026-11-23T01:02:03.000Z";
        let hash = sha256(format!("{FORMAT}\n0\n{at}\n\n{intent}").as_bytes());
        format!(r#"{{"seq":0,"at":"{at}","prev":[],"event":{intent},"hash":"{hash}"}}"#)
    }

    #[test]
    fn refuses_a_line_with_an_unknown_action() {
        for (word, target) in [("enable", Target::Enabled), ("terminate", Target::Terminated)] {
            let read = RecordLine::read(&line(word)).expect("a line");
            let Event::Intent(intent) = read.event else {
                panic!("{word}: another event");
            };
            assert_eq!(intent.action, target);
        }
        for word in ["delete", "Terminate", ""] {
            assert_eq!(RecordLine::read(&line(word)), None, "{word}");
        }
    }
}
