//! The register as CSV (RFC 4180), for spreadsheets: one line a request and mailbox. Pure.

use super::row::{MailboxRow, Register, Row};
use crate::text::visible;

/// What a spreadsheet knows UTF-8 by.
const BOM: &str = "\u{feff}";

const COLUMNS: [&str; 32] = [
    "agency",
    "request",
    "action",
    "stage",
    "waits_for",
    "received",
    "channel",
    "reference",
    "applicant",
    "approved_by",
    "approved",
    "effective",
    "done",
    "days_to_done",
    "age_days",
    "withdraws",
    "withdrawn_by",
    "mailbox",
    "mailbox_stage",
    "mailbox_done",
    "mailbox_done_at",
    "obstacle",
    "superseded_by",
    "drifted",
    "recoverable_until",
    "trouble",
    "trouble_cause",
    "notices",
    "evidence",
    "reason",
    "file",
    "as_of",
];

/// The registers of all agencies, with CRLF and a byte order mark.
///
/// A cell that a spreadsheet would take for a formula begins with an apostrophe.
pub fn csv(registers: &[Register]) -> String {
    let mut lines = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BOM.as_bytes().to_vec());
    let mut line = |cells: &[String]| {
        // Memory takes everything, and every line has as many cells.
        let _ = lines.write_record(cells);
    };
    line(&COLUMNS.map(str::to_owned));
    for register in registers {
        for row in &register.rows {
            if row.mailboxes.is_empty() {
                line(&cells(register, row, None).map(|it| cell(&it)));
            }
            for mailbox in &row.mailboxes {
                line(&cells(register, row, Some(mailbox)).map(|it| cell(&it)));
            }
        }
    }
    let bytes = lines.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn cells(register: &Register, row: &Row, mailbox: Option<&MailboxRow>) -> [String; 32] {
    let text = |text: &str| text.to_owned();
    let maybe = |text: Option<&String>| text.cloned().unwrap_or_default();
    let number = |number: Option<i32>| number.map(|it| it.to_string()).unwrap_or_default();
    let approval = row.approval.as_ref();
    let trouble = mailbox.and_then(|it| it.trouble.as_ref());
    let notices = row.notices.iter();
    let notices: Vec<String> = notices
        .map(|it| format!("{} {} {} {}", it.day, it.kind, it.to, it.outcome))
        .collect();
    let evidence: Vec<&str> = row.evidence.iter().map(|it| it.file.as_str()).collect();
    [
        register.agency.clone(),
        row.id.clone(),
        text(row.action),
        text(row.stage),
        text(row.waits_for.unwrap_or_default()),
        row.received.date.clone(),
        text(row.received.channel),
        row.received.reference.clone(),
        maybe(row.received.from.as_ref()),
        maybe(approval.map(|it| &it.by)),
        maybe(approval.map(|it| &it.date)),
        maybe(row.day.as_ref()),
        maybe(row.done_on.as_ref()),
        number(row.days_to_done),
        number(row.age_days),
        maybe(row.withdraws.as_ref()),
        maybe(row.withdrawn_by.as_ref()),
        maybe(mailbox.map(|it| &it.mailbox)),
        text(mailbox.map_or("", |it| it.stage)),
        maybe(mailbox.and_then(|it| it.done_on.as_ref())),
        maybe(mailbox.and_then(|it| it.done_at.as_ref())),
        text(
            mailbox
                .and_then(|it| it.obstacle.as_ref())
                .map_or("", |it| it.code),
        ),
        maybe(mailbox.and_then(|it| it.superseded_by.as_ref())),
        text(mailbox.map_or("", |it| yes(it.drifted))),
        maybe(mailbox.and_then(|it| it.recoverable_until.as_ref())),
        maybe(trouble.map(|it| &it.outcome)),
        maybe(trouble.and_then(|it| it.cause.as_ref())),
        notices.join("; "),
        evidence.join("; "),
        maybe(row.reason.as_ref()),
        row.file.clone(),
        register.as_of.clone(),
    ]
}

fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

/// A cell: nothing that hides or turns what stands around it, and nothing that counts as a formula.
fn cell(value: &str) -> String {
    // A line end inside a cell is a line feed, as spreadsheets write it.
    let lines: Vec<_> = value.lines().map(visible).collect();
    let shown = lines.join("\n");
    if is_formula(value) {
        format!("'{shown}")
    } else {
        shown
    }
}

/// Whether a spreadsheet may take a cell for a formula: after blanks, it begins with a sign that
/// begins one, narrow or full-width, or it begins with a tab or a line end.
fn is_formula(value: &str) -> bool {
    let first = value.trim_start().chars().next();
    value.starts_with(['\t', '\r', '\n'])
        || first.is_some_and(|first| "=+-@＝＋－＠﹦﹢﹣﹫−".contains(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (value, expected) in [
            ("=1+1", "'=1+1"),
            ("+60312345678", "'+60312345678"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "'  =1"),
            ("\u{a0}=1", "'\u{a0}=1"),
            ("\u{3000}＝1", "'\u{3000}＝1"),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠A", "'＠A"),
            ("\t=1", "'␉=1"),
            ("\tx", "'␉x"),
            ("\r\n=1", "'\n=1"),
        ] {
            assert_eq!(cell(value), expected, "{value:?}");
        }
    }

    #[test]
    fn other_cells_stay_as_they_are() {
        for (value, expected) in [
            ("", ""),
            ("2026-11-02", "2026-11-02"),
            ("a=b", "a=b"),
            ("siti-aminah@agensi.example", "siti-aminah@agensi.example"),
            ("a\r\nb", "a\nb"),
            ("x\u{202e}y\u{2028}z", "x⟨U+202E⟩y⟨U+2028⟩z"),
            // What would be a formula once the mark is dropped does not begin with it any more.
            ("\u{200b}=1", "⟨U+200B⟩=1"),
        ] {
            assert_eq!(cell(value), expected, "{value:?}");
        }
    }
}
