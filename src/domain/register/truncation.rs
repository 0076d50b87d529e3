//! Shortens a register with very many mailboxes, so that a browser can still open the page: it keeps
//! the first mailboxes of each request and counts the rest. CSV and JSON have them all. Pure.

use std::collections::BTreeMap;

use serde::Serialize;

use super::agency_register::Register;
use super::row::{MailboxRow, RequestRow};

/// The most mailboxes on a page with all their details: about fifteen megabytes, which a browser on
/// an office computer opens in a few seconds.
pub(super) const MOST: usize = 100_000;
/// How many mailboxes of each request are kept if there are more.
pub(super) const KEPT: usize = 100;
/// How many archives are kept in each list: those without a request, and those that drifted.
pub(super) const LISTED: usize = 2_000;

/// The counts of a request's mailboxes that the page leaves out.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct OmittedCounts {
    /// How many there are.
    pub(super) count: usize,
    /// How many were done on each day.
    pub(super) done: BTreeMap<String, usize>,
    /// How many were done on an unknown day.
    pub(super) unknown: usize,
    /// Whether any of them drifted.
    pub(super) drifted: bool,
}

/// The most mailboxes per request on a page of these registers.
pub(super) fn max_mailboxes_per_row(registers: &[Register]) -> usize {
    let rows = registers.iter().flat_map(|register| &register.rows);
    if rows.map(|row| row.mailboxes.len()).sum::<usize>() > MOST { KEPT } else { usize::MAX }
}

/// Cuts a row to at most `most` mailboxes, those that need attention first, and returns the counts of
/// the others.
pub(super) fn truncate_mailboxes(row: &mut RequestRow, most: usize) -> Option<OmittedCounts> {
    if row.mailboxes.len() <= most {
        return None;
    }
    // The sort is stable, so the order of the file stays otherwise.
    row.mailboxes.sort_by_key(|mailbox| !needs_attention(mailbox));
    let others = row.mailboxes.split_off(most);
    row.notices.truncate(most);
    let mut rest = OmittedCounts { count: others.len(), ..OmittedCounts::default() };
    for mailbox in others {
        match mailbox.done_on {
            Some(day) => *rest.done.entry(day).or_default() += 1,
            None => rest.unknown += usize::from(mailbox.stage == "done"),
        }
        rest.drifted |= mailbox.drifted;
    }
    Some(rest)
}

fn needs_attention(mailbox: &MailboxRow) -> bool {
    mailbox.drifted
        || mailbox.obstacle.is_some()
        || mailbox.trouble.is_some()
        || mailbox.superseded_by.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::register::row::ReceivedRow;

    fn mailbox(number: usize) -> MailboxRow {
        MailboxRow {
            mailbox: format!("m{number}@agensi.example"),
            stage: "done",
            done_on: number.is_multiple_of(2).then(|| "2026-11-03".to_owned()),
            done_at: None,
            done_by: None,
            record: None,
            obstacle: None,
            superseded_by: None,
            drifted: number == 8,
            recoverable_until: None,
            last_recoverable_day: None,
            trouble: None,
        }
    }

    fn row(count: usize) -> RequestRow {
        RequestRow {
            id: "R-1".into(),
            action: "enable",
            withdraws: None,
            stage: "done",
            waits_for: None,
            received: ReceivedRow {
                date: "2026-11-02".into(),
                channel: "memo",
                reference: "R".into(),
                from: None,
                name: None,
                file: None,
            },
            approvals: Vec::new(),
            approved: None,
            day: None,
            done_on: None,
            days_to_done: None,
            age_days: None,
            withdrawn_by: None,
            reason: None,
            mailboxes: (0..count).map(mailbox).collect(),
            notices: Vec::new(),
            evidence: Vec::new(),
            file: "R-1.yaml".into(),
        }
    }

    #[test]
    fn keeps_problems_first_and_counts_the_rest() {
        let mut kept = row(10);
        let rest = truncate_mailboxes(&mut kept, 3);
        let names: Vec<&str> = kept.mailboxes.iter().map(|mailbox| &*mailbox.mailbox).collect();
        assert_eq!(names, ["m8@agensi.example", "m0@agensi.example", "m1@agensi.example"]);
        let rest = rest.expect("a rest");
        assert_eq!((rest.count, rest.unknown, rest.drifted), (7, 4, false));
        assert_eq!(rest.done["2026-11-03"], 3);
    }

    #[test]
    fn keeps_all_that_fits() {
        let mut whole = row(3);
        assert_eq!((truncate_mailboxes(&mut whole, 3), whole), (None, row(3)));
    }
}
