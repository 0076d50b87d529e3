//! What a lease says of its holder, and how it is written. Pure.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::LONGEST;
use crate::text::excerpt;

/// The version of the format.
const FORMAT: &str = "arkib.lease/1";
/// How much of a text is shown, in characters.
const SHOWN: usize = 200;

/// Who holds a lease. What another run wrote is only shown and never believed, but for the length:
/// whoever watches a holder must be as patient as the holder expects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    format: String,
    /// The person, or the account of CI.
    pub by: String,
    /// The job, where CI says.
    pub job: Option<String>,
    /// When it was taken (RFC 3339), by the holder's clock; nothing is decided by it.
    pub since: String,
    /// After how many seconds without renewal its holder counts as dead.
    pub length: u64,
    /// How often it was renewed, so that each renewal is another object.
    pub renewals: u64,
    /// Random: which run's it is, and never the same twice.
    pub nonce: String,
}

impl Note {
    /// The note of a run that wants the lease.
    pub fn new(by: String, job: Option<String>, since: String, nonce: String) -> Self {
        Self {
            format: FORMAT.to_owned(),
            by,
            job,
            since,
            length: 0,
            renewals: 0,
            nonce,
        }
    }

    /// Reads what somebody put there: the note, or one that says nothing.
    pub fn read(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    /// One line of JSON.
    ///
    /// # Panics
    /// Never: it holds only texts and numbers.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// For how long a holder is watched at least before it counts as dead.
    pub fn length(&self) -> Duration {
        Duration::from_secs(self.length).min(LONGEST)
    }

    /// Whether both are of one run.
    pub(super) fn is_of(&self, other: &Self) -> bool {
        !self.nonce.is_empty() && self.nonce == other.nonce
    }

    /// "ci-bot, https://gitlab.example/jobs/7, since 2026-11-25T01:00:00Z by its clock".
    pub fn holder(&self) -> String {
        if self.by.is_empty() {
            return "someone who does not say who".to_owned();
        }
        let job = self.job.iter().map(|job| excerpt(job, SHOWN));
        let since = format!("since {} by its clock", excerpt(&self.since, 40));
        let parts = std::iter::once(excerpt(&self.by, SHOWN));
        let parts: Vec<String> = parts.chain(job).chain([since]).collect();
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_as_it_was_written_and_whatever_else_says_nothing() {
        let job = Some("https://gitlab.example/jobs/7".to_owned());
        let mut note = Note::new("ci".into(), job, "2026-11-25T01:00:00Z".into(), "x".into());
        note.length = 300;
        assert_eq!(Note::read(note.to_text().as_bytes()), note);
        assert_eq!(
            note.holder(),
            "ci, https://gitlab.example/jobs/7, since 2026-11-25T01:00:00Z by its clock"
        );
        for other in [&b""[..], b"\xff", b"{\"by\":7}", b"[]"] {
            assert_eq!(Note::read(other), Note::default());
        }
        // Of a later version what is known counts.
        assert_eq!(Note::read(b"{\"length\":900,\"more\":1}").length, 900);
    }

    #[test]
    fn what_others_wrote_is_shown_safely_and_takes_no_run_for_ever() {
        let note = Note {
            by: format!("\u{1b}[2J\u{202e}{}", "x".repeat(10_000)),
            length: u64::MAX,
            ..Note::default()
        };
        let shown = note.holder();
        assert!(shown.starts_with("␛[2J⟨U+202E⟩xxx"), "{shown}");
        assert!(shown.chars().count() < 300, "{shown}");
        assert_eq!(note.length(), LONGEST);
        assert!(!Note::default().is_of(&Note::default()));
    }
}
