//! What a page of very many mailboxes keeps of a register, so that a browser can still open it: the
//! first of each request, and what the others come to. CSV and JSON have them all. Pure.

use std::collections::BTreeMap;

use serde::Serialize;

use super::agency::Register;
use super::row::{MailboxRow, Row};

/// How many mailboxes a page holds with all that is known of each: some fifteen megabytes, which a
/// browser on an office computer opens in a few seconds.
pub(super) const MOST: usize = 100_000;
/// How many mailboxes of each request are kept where that is too much.
pub(super) const KEPT: usize = 100;
/// How many archives are kept of those that no request names, and of those that have drifted.
pub(super) const LISTED: usize = 2_000;

/// What the mailboxes of a request come to that the page leaves out.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Rest {
    /// How many they are.
    pub(super) count: usize,
    /// How many were done on which day.
    pub(super) done: BTreeMap<String, usize>,
    /// How many were done on a day that is not known.
    pub(super) unknown: usize,
    /// Whether any is no longer as it was made.
    pub(super) drifted: bool,
}

/// The most mailboxes that a request may have on a page of these registers.
pub(super) fn most(registers: &[Register]) -> usize {
    let rows = registers.iter().flat_map(|register| &register.rows);
    if rows.map(|row| row.mailboxes.len()).sum::<usize>() > MOST {
        KEPT
    } else {
        usize::MAX
    }
}

/// Cuts a row to at most so many mailboxes, those that need a look first; gives what the others
/// come to.
pub(super) fn cut(row: &mut Row, most: usize) -> Option<Rest> {
    if row.mailboxes.len() <= most {
        return None;
    }
    // Stable: otherwise the order of the file stays.
    row.mailboxes
        .sort_by_key(|mailbox| !needs_attention(mailbox));
    let others = row.mailboxes.split_off(most);
    row.notices.truncate(most);
    let mut rest = Rest {
        count: others.len(),
        ..Rest::default()
    };
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
            obstacle: None,
            superseded_by: None,
            drifted: number == 8,
            recoverable_until: None,
            trouble: None,
        }
    }

    fn row(count: usize) -> Row {
        Row {
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
            },
            approval: None,
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
        let rest = cut(&mut kept, 3);
        let names: Vec<&str> = kept
            .mailboxes
            .iter()
            .map(|mailbox| &*mailbox.mailbox)
            .collect();
        assert_eq!(
            names,
            [
                "m8@agensi.example",
                "m0@agensi.example",
                "m1@agensi.example"
            ]
        );
        let rest = rest.expect("a rest");
        assert_eq!((rest.count, rest.unknown, rest.drifted), (7, 4, false));
        assert_eq!(rest.done["2026-11-03"], 3);
    }

    #[test]
    fn keeps_all_that_fits() {
        let mut whole = row(3);
        assert_eq!((cut(&mut whole, 3), whole), (None, row(3)));
    }
}
