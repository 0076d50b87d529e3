//! The register as CSV (RFC 4180), for spreadsheets: one line per request and mailbox. Pure.

use super::agency_register::Register;
use super::row::{MailboxRow, RequestRow};
use crate::text::escape;

/// By this a spreadsheet recognizes UTF-8.
const BOM: &str = "\u{feff}";

/// Gives a cell for a register, one of its rows and a mailbox; a withdrawal has no mailbox.
type Cell = fn(&Register, &RequestRow, Option<&MailboxRow>) -> Option<String>;

const COLUMNS: [(&str, Cell); 34] = [
    ("agency", |register, _, _| Some(register.agency.clone())),
    ("request", |_, row, _| Some(row.id.clone())),
    ("action", |_, row, _| Some(row.action.to_owned())),
    ("stage", |_, row, _| Some(row.stage.to_owned())),
    ("waits_for", |_, row, _| row.waits_for.map(str::to_owned)),
    ("received", |_, row, _| Some(row.received.date.clone())),
    ("channel", |_, row, _| Some(row.received.channel.to_owned())),
    ("reference", |_, row, _| Some(row.received.reference.clone())),
    ("applicant", |_, row, _| row.received.from.clone()),
    ("name", |_, row, _| row.received.name.clone()),
    ("own_file", |_, row, _| row.received.file.clone()),
    ("approved_by", |_, row, _| Some(approvers_cell(row))),
    ("approved", |_, row, _| row.approved.clone()),
    ("effective", |_, row, _| row.day.clone()),
    ("done", |_, row, _| row.done_on.clone()),
    ("days_to_done", |_, row, _| Some(row.days_to_done?.to_string())),
    ("age_days", |_, row, _| Some(row.age_days?.to_string())),
    ("withdraws", |_, row, _| row.withdraws.clone()),
    ("withdrawn_by", |_, row, _| row.withdrawn_by.clone()),
    ("mailbox", |_, _, of| Some(of?.mailbox.clone())),
    ("mailbox_stage", |_, _, of| Some(of?.stage.to_owned())),
    ("mailbox_done", |_, _, of| of?.done_on.clone()),
    ("mailbox_done_at", |_, _, of| of?.done_at.clone()),
    ("obstacle", |_, _, of| Some(of?.obstacle.as_ref()?.code.to_owned())),
    ("superseded_by", |_, _, of| of?.superseded_by.clone()),
    ("drifted", |_, _, of| Some(if of?.drifted { "yes" } else { "no" }.to_owned())),
    ("recoverable_until", |_, _, of| of?.recoverable_until.clone()),
    ("trouble", |_, _, of| Some(of?.trouble.as_ref()?.outcome.clone())),
    ("trouble_cause", |_, _, of| of?.trouble.as_ref()?.cause.clone()),
    ("notices", |_, row, _| Some(notices_cell(row))),
    ("evidence", |_, row, _| Some(evidence_cell(row))),
    ("reason", |_, row, _| row.reason.clone()),
    ("file", |_, row, _| Some(row.file.clone())),
    ("as_of", |register, _, _| Some(register.as_of.clone())),
];

fn approvers_cell(row: &RequestRow) -> String {
    let approvers: Vec<&str> = row.approvals.iter().map(|approval| &*approval.by).collect();
    approvers.join("; ")
}

/// The registers of all agencies, with CRLF and a byte order mark.
///
/// A cell that a spreadsheet could treat as a formula begins with an apostrophe.
pub fn render_csv(registers: &[Register]) -> String {
    let mut lines = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BOM.as_bytes().to_vec());
    // Writing to memory cannot fail, and every line has the same number of cells.
    let _ = lines.write_record(COLUMNS.map(|(name, _)| name));
    let mut line = |register, row, mailbox| {
        let cells = COLUMNS.map(|(_, of)| of(register, row, mailbox));
        let _ = lines.write_record(cells.map(|text| sanitize_cell(&text.unwrap_or_default())));
    };
    for register in registers {
        for row in &register.rows {
            if row.mailboxes.is_empty() {
                line(register, row, None);
            }
            for mailbox in &row.mailboxes {
                line(register, row, Some(mailbox));
            }
        }
    }
    let bytes = lines.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn notices_cell(row: &RequestRow) -> String {
    let each = row.notices.iter();
    let each = each.map(|of| format!("{} {} {} {}", of.day, of.kind, of.to, of.outcome));
    each.collect::<Vec<_>>().join("; ")
}

fn evidence_cell(row: &RequestRow) -> String {
    let files = row.evidence.iter().map(|document| &*document.file);
    files.collect::<Vec<_>>().join("; ")
}

/// A cell with escapes for characters that hide text or change its direction, and without formulas.
fn sanitize_cell(value: &str) -> String {
    // A line end inside a cell is a line feed, as spreadsheets write it.
    let lines: Vec<_> = value.lines().map(escape).collect();
    let shown = lines.join("\n");
    if is_formula(value) { format!("'{shown}") } else { shown }
}

/// Whether a spreadsheet may treat a cell as a formula: after blanks it begins with a formula sign,
/// normal or full-width, or it begins with a tab or a line end.
fn is_formula(value: &str) -> bool {
    let first = value.trim_start().chars().next();
    value.starts_with(['\t', '\r', '\n'])
        || first.is_some_and(|first| "=+-@＝＋－＠﹦﹢﹣﹫−".contains(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formula_cells_are_defused() {
        for (value, expected) in [
            ("=1+1", "'=1+1"),
            ("+60312345678", "'+60312345678"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "'  =1"),
            ("\u{a0}=1", "'⟨U+00A0⟩=1"),
            ("\u{3000}＝1", "'⟨U+3000⟩＝1"),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠A", "'＠A"),
            ("\t=1", "'␉=1"),
            ("\tx", "'␉x"),
            ("\r\n=1", "'\n=1"),
        ] {
            assert_eq!(sanitize_cell(value), expected, "{value:?}");
        }
    }

    #[test]
    fn other_cells_are_unchanged() {
        for (value, expected) in [
            ("", ""),
            ("2026-11-02", "2026-11-02"),
            ("a=b", "a=b"),
            ("siti-aminah@agensi.example", "siti-aminah@agensi.example"),
            ("a\r\nb", "a\nb"),
            ("x\u{202e}y\u{2028}z", "x⟨U+202E⟩y⟨U+2028⟩z"),
            // It would be a formula without the invisible mark, which is shown.
            ("\u{200b}=1", "⟨U+200B⟩=1"),
        ] {
            assert_eq!(sanitize_cell(value), expected, "{value:?}");
        }
    }
}
