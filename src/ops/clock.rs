//! Whether the clock of this machine may be believed: what is due depends on the day, and a run on a
//! wrong day would terminate archives too early. Compares it with the clocks that a run meets anyway.

use std::time::Duration;

use jiff::Timestamp;

use super::agency_state::Observer;
use super::records_access::records_folder_of;
use crate::domain::agency::Agency;
use crate::domain::local_time::format_minute;
use crate::journal::read_records::newest;
use crate::language::Message;
use crate::printer;
use crate::printer::text;

/// How far clocks may differ: the wrong time zone is no wrong day.
const TOLERANCE: Duration = Duration::from_secs(24 * 60 * 60);

/// Checks the clock of a run; a dry run only says what is wrong. The portal that is for rehearsals may
/// have any day.
///
/// # Errors
/// Why the day must be wrong, and what to do.
pub(super) fn check_clock(
    observer: &Observer<'_>,
    agency: &Agency,
    portal: Option<Timestamp>,
    is_dry_run: bool,
) -> Result<(), (Message, Message)> {
    if agency.policy.portal.is_rehearsal() {
        return Ok(());
    }
    let (requests, source) = (observer.session.requests, observer.source);
    let folder = records_folder_of(requests, observer.records, source, agency).ok();
    let record = folder.and_then(|(folder, _)| newest(&folder));
    let record = record.as_ref().map(|(name, begun)| (&**name, *begun));
    match compare(Timestamp::now(), portal, record, source.commit_time()) {
        Some((why, help)) if is_dry_run => {
            let warning = [text!("clock-dry-run", why), text!("run-help", help)];
            printer::print_message(&warning.join("\n"));
            Ok(())
        }
        Some(wrong) => Err(wrong),
        None => Ok(()),
    }
}

/// A quiet agency has old records and old commits, so these show only a clock that is behind; the portal
/// shows both.
fn compare(
    now: Timestamp,
    portal: Option<Timestamp>,
    record: Option<(&str, Timestamp)>,
    commit: Option<(&str, Timestamp)>,
) -> Option<(Message, Message)> {
    let differs = |time: &Timestamp| now.duration_since(*time).unsigned_abs() > TOLERANCE;
    let is_ahead = |(_, time): &(&str, Timestamp)| *time > now && differs(time);
    let now_shown = format_minute(now);
    if let Some(time) = portal.filter(differs) {
        let why = message!("clock-portal", now = now_shown, time = format_minute(time));
        return Some((why, message!("clock-portal-help")));
    }
    if let Some((name, time)) = record.filter(is_ahead) {
        let why = message!("clock-record", now = now_shown, name, time = format_minute(time));
        return Some((why, message!("clock-record-help")));
    }
    let (commit, time) = commit.filter(is_ahead)?;
    let why = message!("clock-commit", now = now_shown, commit, time = format_minute(time));
    Some((why, message!("clock-commit-help")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_portal_shows_a_clock_that_is_ahead() {
        let at = |days: i64| Timestamp::from_second(days * 24 * 60 * 60 + 3600).unwrap();
        let now = at(400);
        let says = |portal: Option<i64>, record: i64, commit: i64| {
            let record = Some(("20260101T000000000Z-1-1.jsonl", at(record)));
            compare(now, portal.map(at), record, Some(("4f2c9e1", at(commit))))
                .map(|(why, _)| why.in_english())
                .unwrap_or_default()
        };
        assert_eq!(says(None, 0, 0), "");
        assert_eq!(says(Some(401), 401, 401), "");
        assert!(says(Some(0), 400, 400).ends_with("by that of the portal 1970-01-01 09:00"));
        assert!(says(Some(402), 400, 400).contains("by that of the portal"));
        assert!(says(None, 402, 402).contains("the record 2026"));
        assert!(says(Some(400), 400, 402).contains("the commit 4f2c9e1 was made at 1971-02-07"));
    }
}
