//! The register as CSV (RFC 4180), for spreadsheets: one line per request and mailbox. Pure.

use super::agency_register::Register;
use super::row::{MailboxRow, RequestRow};
use crate::language::Language;
use crate::text::escape;

/// By this a spreadsheet recognizes UTF-8.
const BOM: &str = "\u{feff}";

/// Gives a cell for a register, one of its rows and a mailbox; a withdrawal has no mailbox.
type Cell = fn(Words, &Register, &RequestRow, Option<&MailboxRow>) -> Option<String>;

/// Gives a word of JSON by its section of the texts, as it is or in the language of the sheet.
type Words = fn(&str, &str) -> String;

/// The columns; `csv.NAME` of the texts heads each.
const COLUMNS: [(&str, Cell); 38] = [
    ("agency", |_, register, _, _| Some(register.agency.clone())),
    ("request", |_, _, row, _| Some(row.id.clone())),
    ("action", |words, _, row, _| Some(words("action", row.action))),
    ("stage", |words, _, row, _| Some(words("stage", row.stage))),
    ("waits_for", |words, _, row, _| Some(words("waits", row.waits_for?))),
    ("received", |_, _, row, _| Some(row.received.date.clone())),
    ("channel", |words, _, row, _| Some(words("channel", row.received.channel))),
    ("reference", |_, _, row, _| Some(row.received.reference.clone())),
    ("applicant", |_, _, row, _| row.received.from.clone()),
    ("name", |_, _, row, _| row.received.name.clone()),
    ("own_file", |_, _, row, _| row.received.file.clone()),
    ("approved_by", |_, _, row, _| Some(approvers_cell(row))),
    ("approved", |_, _, row, _| row.approved.clone()),
    ("effective", |_, _, row, _| row.day.clone()),
    ("done", |_, _, row, _| row.done_on.clone()),
    ("days_to_done", |_, _, row, _| Some(row.days_to_done?.to_string())),
    ("age_days", |_, _, row, _| Some(row.age_days?.to_string())),
    ("withdraws", |_, _, row, _| row.withdraws.clone()),
    ("withdrawn_by", |_, _, row, _| row.withdrawn_by.clone()),
    ("mailbox", |_, _, _, of| Some(of?.mailbox.clone())),
    ("mailbox_stage", |words, _, _, of| Some(words("stage", of?.stage))),
    ("mailbox_done", |_, _, _, of| of?.done_on.clone()),
    ("mailbox_done_at", |_, _, _, of| of?.done_at.clone()),
    ("obstacle", |words, _, _, of| Some(words("obstacle", of?.obstacle.as_ref()?.code))),
    ("superseded_by", |_, _, _, of| of?.superseded_by.clone()),
    ("drifted", |words, _, _, of| Some(words("csv", if of?.drifted { "yes" } else { "no" }))),
    ("recoverable_until", |_, _, _, of| of?.recoverable_until.clone()),
    ("trouble", |words, _, _, of| Some(words("register.outcomes", &of?.trouble.as_ref()?.outcome))),
    ("trouble_cause", |_, _, _, of| of?.trouble.as_ref()?.cause.clone()),
    ("notices", |words, _, row, _| Some(notices_cell(words, row))),
    ("evidence", |_, _, row, _| Some(evidence_cell(row))),
    ("reason", |_, _, row, _| row.reason.clone()),
    ("file", |_, _, row, _| Some(row.file.clone())),
    ("as_of", |_, register, _, _| Some(register.as_of.clone())),
    ("approvals", |_, _, row, _| Some(approvals_cell(row))),
    ("last_recoverable_day", |_, _, _, of| of?.last_recoverable_day.clone()),
    ("done_by", |_, _, _, of| of?.done_by.clone()),
    ("record", |_, _, _, of| of?.record.clone()),
];

fn approvers_cell(row: &RequestRow) -> String {
    let approvers: Vec<&str> = row.approvals.iter().map(|approval| &*approval.by).collect();
    approvers.join("; ")
}

/// Each approver with the day.
fn approvals_cell(row: &RequestRow) -> String {
    let each = row.approvals.iter().map(|approval| format!("{} {}", approval.by, approval.date));
    each.collect::<Vec<_>>().join("; ")
}

/// The registers of all agencies, with CRLF and a byte order mark. In English the words are those of JSON.
///
/// A cell that a spreadsheet could treat as a formula begins with an apostrophe.
pub fn render_csv(registers: &[Register], language: Language) -> String {
    let words: Words = match language {
        Language::English => |_, word| word.to_owned(),
        Language::Malay => |section, word| Language::Malay.texts().text_in_section(section, word),
    };
    let mut lines = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BOM.as_bytes().to_vec());
    // Writing to memory cannot fail, and every line has the same number of cells.
    let _ =
        lines.write_record(COLUMNS.map(|(name, _)| language.texts().text_in_section("csv", name)));
    let mut line = |register, row, mailbox| {
        let cells = COLUMNS.map(|(_, of)| of(words, register, row, mailbox));
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

fn notices_cell(words: Words, row: &RequestRow) -> String {
    let each = row.notices.iter().map(|of| {
        let (kind, outcome) =
            (words("register.notice", &of.kind), words("register.outcomes", &of.outcome));
        format!("{} {kind} {} {outcome}", of.day, of.to)
    });
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
