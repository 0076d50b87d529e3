//! Exports as portals and spreadsheet programs write them, made by the tests themselves.

mod formats;
mod hostile;
mod meanings;
mod refusals;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::{ExportContent, read};
use crate::domain::mapping::export_file::ExportMapping;
use crate::portal::PortalError;

/// The rows that every format is tried with.
const ROWS: [[&str; 6]; 4] = [
    ["Bil.", "Nama", "Alamat E-mel", "Status", "Arkib", "Dikemas kini"],
    [
        "1",
        "Siti \"Ami\" Aminah; binti, Ali",
        "Siti.Aminah@agensi.example",
        "Aktif",
        "Ya",
        "25/11/2026 10:30",
    ],
    ["2", "José\nRosli", "rosli@agensi.example", "Tidak Aktif", "Ditamatkan", "3/4/2026"],
    ["3", "Tan Mei", "tan.mei@agensi.example", "Aktif", "Sedang Diprosés", ""],
];

fn domains() -> Vec<String> {
    vec!["agensi.example".to_owned()]
}

fn taken(bytes: &[u8]) -> Result<ExportContent, PortalError> {
    read(bytes, "laporan.csv", &ExportMapping::default(), &domains())
}

fn export(text: &str) -> ExportContent {
    taken(text.as_bytes()).expect("an export")
}

/// What is said of a file that is refused, with what to do.
fn refusal(bytes: &[u8], mapping: &ExportMapping) -> String {
    match read(bytes, "laporan.csv", mapping, &domains()) {
        Ok(export) => panic!("read {} mailboxes", export.mailboxes.len()),
        Err(error) => format!("{error}\n{}", error.help),
    }
}

/// One line a mailbox.
fn shown(export: &ExportContent) -> Vec<String> {
    let each = export.mailboxes.iter().map(|mailbox| {
        let mut line = format!("{} {} {}", mailbox.id, mailbox.state, mailbox.account.as_str());
        if mailbox.hold {
            line += " held";
        }
        for part in mailbox.request.iter() {
            line += &format!(" {part}");
        }
        for moment in mailbox.changed_at.iter() {
            line += &format!(" {moment}");
        }
        line
    });
    each.collect()
}

/// Rows as CSV.
fn separated(rows: &[impl AsRef<[&'static str]>], delimiter: char) -> String {
    let field = |cell: &str| {
        if cell.contains([delimiter, '"', '\n']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    };
    let line = |cells: &[&str]| -> String {
        let fields: Vec<String> = cells.iter().map(|cell| field(cell)).collect();
        fields.join(&delimiter.to_string()) + "\r\n"
    };
    rows.iter().map(|row| line(row.as_ref())).collect()
}

/// Rows as a workbook, dates as dates.
fn workbook(rows: &[impl AsRef<[&'static str]>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells.as_ref()) {
            let written = match *cell {
                "" => continue,
                "25/11/2026 10:30" => {
                    let moment = ExcelDateTime::from_ymd(2026, 11, 25).unwrap();
                    let moment = moment.and_hms(10, 30, 0).unwrap();
                    sheet.write_datetime_with_format(row, column, moment, &date)
                }
                text => sheet.write_string(row, column, text),
            };
            written.unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}
