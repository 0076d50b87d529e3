//! Reads a list of mailboxes in a file: one per line, or a table (CSV, Excel) with a column of addresses,
//! read like the export of a portal. Pure.

use std::sync::Arc;

use super::pasted_list;
use super::rules::MAX_MAILBOXES;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::export_file::{ExportField, field_of_default_name, fold_name};
use crate::finding;
use crate::finding::Finding;
use crate::language::Message;
use crate::table;
use crate::table::{FileFormat, Header, NumberedRow, Pages, TableError};
use crate::yaml::MAX_FINDINGS;

/// The largest list that is read, in bytes: ten thousand rows of four hundred.
pub const LARGEST: usize = 4 << 20;

/// The mailboxes of a list, in its order.
pub fn read_mailboxes(file: &Arc<str>, bytes: &[u8]) -> Result<Vec<Mailbox>, Vec<Finding>> {
    if bytes.len() > LARGEST {
        let why = message!("list-large", most = LARGEST);
        let help = message!("list-large-help");
        return Err(vec![Finding::whole_file(file, "file-too-large", why, help)]);
    }
    let mut list = MailboxListReader::default();
    let read = list.read(bytes);
    list.faults.extend(read.err());
    if let Some((number, line)) = list.pages.missing(list.mailboxes.len()) {
        let why = message!("list-part", line);
        let help = message!("list-part-help");
        let fault = Fault { help, ..Fault::new(number, "bad-list", why) };
        list.faults.insert(0, fault);
    }
    if list.mailboxes.is_empty() && list.faults.is_empty() {
        list.faults.push(Fault::new(1, "no-mailboxes", message!("list-empty")));
    }
    if list.faults.is_empty() {
        return Ok(list.mailboxes);
    }
    let text = table::decode_text(bytes).ok().flatten().unwrap_or_default();
    let mut findings: Vec<Finding> = list
        .faults
        .into_iter()
        .map(|Fault { line, kind, why, help }| match line {
            0 => Finding::whole_file(file, kind, why, help),
            line => {
                let at = (line, text.lines().nth(line - 1));
                Finding::whole_line(file, at, kind, why, help)
            }
        })
        .collect();
    finding::limit_findings_of_file(&mut findings, file, MAX_FINDINGS);
    Err(findings)
}

/// What is wrong in a line; 0 is the whole file.
struct Fault {
    line: usize,
    kind: &'static str,
    why: Message,
    help: Message,
}

impl Fault {
    fn new(line: u64, kind: &'static str, why: impl Into<Message>) -> Self {
        let line = usize::try_from(line).unwrap_or_default();
        Self { line, kind, why: why.into(), help: message!("list-shape-help") }
    }
}

impl From<TableError> for Fault {
    fn from(error: TableError) -> Self {
        let help = match error.help.is_empty() {
            true => message!("list-save-again-help"),
            false => error.help,
        };
        Self { help, ..Self::new(0, "bad-list", error.detail) }
    }
}

/// A column of addresses.
struct AddressColumn {
    index: usize,
    /// The number of its header row, and how many columns that has.
    header: u64,
    width: usize,
    /// Whether the first column numbers the rows, so that `#` begins no comment.
    is_numbered: bool,
}

impl Header for AddressColumn {
    fn width(&self) -> usize {
        self.width
    }
}

/// How surely a name is that of a column of addresses; the least is the surest.
fn rank_name(name: &str) -> Option<usize> {
    if name.trim_start().starts_with('#') {
        return None;
    }
    match &*fold_name(name) {
        "mailbox" | "mailboxes" | "petimel" => Some(0),
        "alamat" => Some(2),
        name => (field_of_default_name(name) == Some(ExportField::Mailbox)).then_some(1),
    }
}

/// The column of addresses, found by its name in a row above all addresses.
fn find_address_column(rows: &[NumberedRow]) -> Result<AddressColumn, (usize, Fault)> {
    let has_address = |row: &NumberedRow| row.cells.iter().any(|cell| cell.contains('@'));
    for row in rows.iter().take_while(|row| !has_address(row)) {
        let ranks: Vec<Option<usize>> = row.cells.iter().map(|cell| rank_name(cell)).collect();
        let Some(best) = ranks.iter().flatten().min() else {
            continue;
        };
        let mut found = (0..).zip(&ranks).filter(|(_, rank)| *rank == &Some(*best));
        if let (Some((index, _)), other) = (found.next(), found.next()) {
            if let Some((other, _)) = other {
                let (one, other) = (row.cells[index].trim(), row.cells[other].trim());
                let why = message!("list-two-columns", one, other);
                return Err((1, Fault::new(row.number, "bad-list", why)));
            }
            let last = row.cells.iter().rposition(|cell| !cell.trim().is_empty());
            return Ok(AddressColumn {
                index,
                header: row.number,
                width: last.map_or(0, |last| last + 1),
                is_numbered: row.cells[0].trim().starts_with('#'),
            });
        }
    }
    Err((0, Fault::new(0, NO_COLUMN, message!("list-no-column"))))
}

/// The kind of fault of a list without a column of addresses.
const NO_COLUMN: &str = "no-mailboxes";

/// What was read of a list.
#[derive(Default)]
struct MailboxListReader {
    mailboxes: Vec<Mailbox>,
    faults: Vec<Fault>,
    pages: Pages,
}

impl MailboxListReader {
    fn read(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        if bytes.trim_ascii().is_empty() {
            return Ok(());
        }
        match table::find_table(bytes, &find_address_column) {
            Ok((mut table, column)) => {
                let is_text = table.format() == FileFormat::Text;
                table.for_each_row(&mut |number, cells| {
                    self.take_row(&column, (number, is_text), cells)?;
                    Ok(self.wants_more())
                })
            }
            Err(fault) if fault.kind == NO_COLUMN => match table::decode_text(bytes)? {
                Some(text) => {
                    self.read_lines(&text);
                    Ok(())
                }
                None => Err(fault),
            },
            Err(fault) => Err(fault),
        }
    }

    /// More findings would not help.
    fn wants_more(&self) -> bool {
        self.faults.len() <= MAX_FINDINGS && self.mailboxes.len() <= MAX_MAILBOXES
    }

    /// A list without columns.
    fn read_lines(&mut self, text: &str) {
        let lines = (1..).zip(text.lines());
        for (number, line) in lines {
            if !self.wants_more() {
                return;
            }
            let is_of_pages = self.pages.add_row(number, &[line]);
            if !is_of_pages && !line.trim().starts_with('#') {
                self.take_text(number, line);
            }
        }
    }

    fn take_text(&mut self, number: u64, text: &str) {
        for read in pasted_list::parse_mailboxes(text) {
            match read {
                Ok(mailbox) => self.mailboxes.push(mailbox),
                Err(why) => self.faults.push(Fault::new(number, "not-an-address", why)),
            }
        }
    }

    /// Nothing of a row is left out unnoticed: it may be somebody's.
    fn take_row(
        &mut self,
        column: &AddressColumn,
        (number, is_text): (u64, bool),
        cells: &[&str],
    ) -> Result<(), Fault> {
        let is_of_pages = self.pages.add_row(number, cells);
        let is_empty = || cells.iter().all(|cell| cell.trim().is_empty());
        if number <= column.header || is_of_pages || is_empty() {
            return Ok(());
        }
        let no = |kind, why: Message, help| Err(Fault { help, ..Fault::new(number, kind, why) });
        if is_text && cells.iter().any(|cell| cell.contains('\n') && cell.contains('@')) {
            let why = message!("list-quote");
            return no("bad-list", why, message!("list-quote-help"));
        }
        if !column.is_numbered && cells[0].trim().starts_with('#') {
            if !cells[1..].iter().any(|cell| cell.contains('@')) {
                return Ok(());
            }
            let why = message!("list-comment");
            return no("bad-list", why, message!("list-comment-help"));
        }
        let more = cells.get(column.width..).unwrap_or_default();
        if more.iter().any(|cell| !cell.trim().is_empty()) {
            let why = message!("list-more-fields");
            return no("bad-list", why, message!("list-more-fields-help"));
        }
        match cells.get(column.index).map_or("", |cell| cell.trim()) {
            "" => {
                let why = message!("list-no-address");
                self.faults
                    .extend(no("not-an-address", why, message!("list-no-address-help")).err());
            }
            cell => self.take_text(number, cell),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: impl AsRef<[u8]>) -> Result<Vec<String>, Vec<String>> {
        match read_mailboxes(&"senarai.csv".into(), text.as_ref()) {
            Ok(mailboxes) => Ok(mailboxes.iter().map(ToString::to_string).collect()),
            Err(found) => Err(found
                .iter()
                .map(|finding| format!("{} {}", finding.place_text(), finding.kind))
                .collect()),
        }
    }

    #[test]
    fn reads_lists_and_tables() {
        let both = Ok(vec!["siti@a.example".to_owned(), "tan@a.example".to_owned()]);
        for text in [
            "siti@a.example\ntan@a.example",
            "\u{feff}# senarai\r\n\r\nSITI@a.example\r\n  # nota\r\n tan@a.example \r\n",
            "siti@a.example, tan@a.example",
            "Mailbox\nsiti@a.example\ntan@a.example\n",
            "Bil,Nama,E-mel\n1,\"Aminah, Siti\",siti@a.example\n2,Tan,tan@a.example\n,,\n",
            "Nama;EMEL\nSiti;siti@a.example\nTan;tan@a.example\n",
            "Nama\te-mail\nSiti\tmailto:siti@a.example\n# x\nTan\tTan <tan@a.example>\n",
            // The postal address is another column.
            "alamat,email\nJalan 1,siti@a.example\n\"Jalan 2\nKL\",tan@a.example\n",
            "\"Alamat\"\nsiti@a.example;tan@a.example\n",
            "sep=;\nNama;Alamat E-mel\nSiti;siti@a.example\nTan;tan@a.example\n",
            "Senarai penamatan\nBil. 1/2026\n\nBil,Peti Mel\n1,siti@a.example\n2,tan@a.example\n",
            "#,Nama,E-mel\n1,Siti,siti@a.example\n#2,Tan,tan@a.example\n",
            "E-mel\n=\"siti@a.example\"\n'tan@a.example\n",
            "=\"siti@a.example\"\n'tan@a.example\n",
        ] {
            assert_eq!(read(text), both, "{text:?}");
        }
        let (mut latin, mut wide) = (b"Nama,E-mel\n".to_vec(), vec![0xff, 0xfe]);
        latin.extend(b"Aim\xe9e,siti@a.example\nTan,tan@a.example\n");
        wide.extend("siti@a.example\ntan@a.example".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(read(latin), both);
        assert_eq!(read(wide), both);
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let rows =
            [["Senarai", ""], ["Nama", "E-mel"], ["S", "siti@a.example"], ["T", "tan@a.example"]];
        for (row, cells) in (0..).zip(rows) {
            sheet.write_row(row, 0, cells).expect("a row");
        }
        assert_eq!(read(book.save_to_buffer().expect("a workbook")), both);
    }

    #[test]
    fn no_row_is_lost() {
        for (text, expected) in [
            // A quote that swallows the rows up to the next one.
            (
                "Nama,E-mel\n\"Siti (Ah),siti@a.example\nTan,tan@a.example\n\"Zul,zul@a.example\n",
                "senarai.csv:2:1 bad-list",
            ),
            ("Nama,E-mel\nSiti,siti@a.example\n\"Tan,tan@a.example\n", "senarai.csv:3:1 bad-list"),
            ("E-mel\nsiti@a.example,tan@a.example\n", "senarai.csv:2:1 bad-list"),
            ("Bil,E-mel\n#1,siti@a.example\n", "senarai.csv:2:1 bad-list"),
            (
                "Dari,zul@a.example\nNama,E-mel\nSiti,siti@a.example\n",
                "senarai.csv:1:1 not-an-address",
            ),
        ] {
            let faults = read(text).expect_err("faults");
            assert_eq!(faults[0], expected, "{text:?}");
        }
    }

    #[test]
    fn a_page_of_a_list_is_no_list() {
        let rows = "siti@a.example\ntan@a.example\n";
        for page in ["Halaman 1 daripada 2", "# Senarai (1/3)", "1-2 of 45", "\"Ms. 1/2\""] {
            for text in [
                format!("{page}\n{rows}"),
                format!("{rows}{page}\n"),
                format!("{page}\nNama,E-mel\nSiti,siti@a.example\n"),
                format!("Nama,E-mel\nSiti,siti@a.example\n{page},\n"),
            ] {
                let faults = read(&text).expect_err(&text);
                assert!(faults.len() == 1 && faults[0].ends_with(" bad-list"), "{faults:?} {text}");
            }
        }
        for whole in ["# Halaman 1 daripada 1", "# 1-2 daripada 2", "# Bil. 1/2026"] {
            assert_eq!(read(format!("{whole}\n{rows}")).map(|list| list.len()), Ok(2), "{whole}");
        }
    }

    #[test]
    fn mistakes_are_reported_at_their_place() {
        let faults = |text: &[u8]| read(text).expect_err("faults").join(", ");
        for (text, expected) in [
            (&b"siti@a.example\nsiti\n"[..], "senarai.csv:2:1 not-an-address"),
            (
                b"Nama,Jawatan\nSiti,Kerani\n",
                "senarai.csv:1:1 not-an-address, senarai.csv:1:1 not-an-address, senarai.csv:2:1 not-an-address, senarai.csv:2:1 not-an-address",
            ),
            (b"email,e-mel\na,b\n", "senarai.csv:1:1 bad-list"),
            (b"email\nx\n", "senarai.csv:2:1 not-an-address"),
            (b"nama,email\nSiti\n", "senarai.csv:2:1 not-an-address"),
            (b"email\n=cmd|'/c calc'!A0\n", "senarai.csv:2:1 not-an-address"),
            (b"email\nsiti@a.example\0\n", "senarai.csv bad-list"),
            (b"bil,email\n1,\"siti@a.example\n2,tan@a.example\n", "senarai.csv:2:1 bad-list"),
            (b"", "senarai.csv:1:1 no-mailboxes"),
            (b"email\n", "senarai.csv:1:1 no-mailboxes"),
            (b"# nothing\n", "senarai.csv:1:1 no-mailboxes"),
            (b"\xff\xfes\0i\0", "senarai.csv:1:1 not-an-address"),
            (b"PK\x03\x04\x14", "senarai.csv bad-list"),
            (b"siti@a.example\nAmin\xe9\n", "senarai.csv:2:1 not-an-address"),
        ] {
            assert_eq!(faults(text), expected, "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(faults(&vec![b'x'; LARGEST + 1]), "senarai.csv file-too-large");
        // For a wrong kind of file not every line is reported.
        assert_eq!(read("x\n".repeat(9_000)).expect_err("faults").len(), MAX_FINDINGS + 1);
    }
}
