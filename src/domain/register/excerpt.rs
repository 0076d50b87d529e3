//! What a page of very many mailboxes keeps of a register, so that a browser can still open it: the
//! first of each request, and what the others come to. CSV and JSON have them all. Pure.

use std::collections::BTreeMap;

use serde::Serialize;

use super::row::{MailboxRow, Register, Row};

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

/// A row with at most so many mailboxes, those that need a look first; and what the others come to.
pub(super) fn cut(row: &Row, most: usize) -> (Row, Option<Rest>) {
    if row.mailboxes.len() <= most {
        return (row.clone(), None);
    }
    let mut order: Vec<&MailboxRow> = row.mailboxes.iter().collect();
    // Stable: otherwise the order of the file stays.
    order.sort_by_key(|it| !needs_a_look(it));
    let (kept, others) = order.split_at(most);
    let mut rest = Rest {
        count: others.len(),
        ..Rest::default()
    };
    for it in others {
        match &it.done_on {
            Some(day) => *rest.done.entry(day.clone()).or_default() += 1,
            None => rest.unknown += usize::from(it.stage == "done"),
        }
        rest.drifted |= it.drifted;
    }
    let kept = kept.iter().map(|it| (*it).clone()).collect();
    // The others are not copied, only to be thrown away.
    let shell = Row {
        mailboxes: kept,
        withdraws: row.withdraws.clone(),
        received: row.received.clone(),
        approval: row.approval.clone(),
        day: row.day.clone(),
        done_on: row.done_on.clone(),
        withdrawn_by: row.withdrawn_by.clone(),
        reason: row.reason.clone(),
        notices: row.notices.iter().take(most).cloned().collect(),
        evidence: row.evidence.clone(),
        id: row.id.clone(),
        file: row.file.clone(),
        ..*row
    };
    (shell, Some(rest))
}

fn needs_a_look(it: &MailboxRow) -> bool {
    it.drifted || it.obstacle.is_some() || it.trouble.is_some() || it.superseded_by.is_some()
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
    fn what_needs_a_look_is_kept_and_the_rest_is_counted() {
        let whole = row(10);
        let (kept, rest) = cut(&whole, 3);
        let names: Vec<&str> = kept.mailboxes.iter().map(|it| &*it.mailbox).collect();
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
    fn what_fits_is_kept_as_it_is() {
        let whole = row(3);
        assert_eq!(cut(&whole, 3), (whole.clone(), None));
    }
}
