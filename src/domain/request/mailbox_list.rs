//! A list of mailboxes in a file: one a line, or a table (CSV) with a column of addresses. Pure.

use std::sync::Arc;

use super::check::MAX_MAILBOXES;
use super::pasted_list;
use crate::domain::mailbox::Mailbox;
use crate::finding;
use crate::finding::{Finding, Position};
use crate::text::excerpt;
use crate::yaml::MAX_FINDINGS;

/// The largest list that is read, in bytes: ten thousand rows of four hundred.
pub const LARGEST: usize = 4 << 20;

/// What a column of addresses may be called, in small letters; the first that is there is taken.
const COLUMNS: [&[&str]; 3] = [
    &["mailbox", "mailboxes", "peti mel"],
    &["e-mel", "emel", "email", "e-mail"],
    &["alamat"],
];

/// The mailboxes of a list, in its order.
///
/// # Errors
/// Everything in it that is no mailbox, and where.
pub fn mailboxes(file: &Arc<str>, bytes: &[u8]) -> Result<Vec<Mailbox>, Vec<Finding>> {
    let text = text(file, bytes).map_err(|finding| vec![*finding])?;
    let mut list = List {
        file,
        text,
        mailboxes: Vec::new(),
        findings: Vec::new(),
    };
    match column(text) {
        Ok(Some(column)) => list.table(column),
        Ok(None) => list.lines(),
        Err((line, why)) => list.fault(line, "bad-list", why, COLUMN_HELP),
    }
    if list.mailboxes.is_empty() && list.findings.is_empty() {
        let why = "found no mailbox in the list";
        list.fault(1, "no-mailboxes", why.to_owned(), COLUMN_HELP);
    }
    if list.findings.is_empty() {
        Ok(list.mailboxes)
    } else {
        finding::cut(&mut list.findings, file, MAX_FINDINGS);
        Err(list.findings)
    }
}

const COLUMN_HELP: &str = "give one mailbox a line, or a table whose first row names a column `mailbox`, `e-mel`, `email` or `alamat`";

/// The text of a list, without its BOM.
fn text<'a>(file: &Arc<str>, bytes: &'a [u8]) -> Result<&'a str, Box<Finding>> {
    if bytes.len() > LARGEST {
        let why = format!("the list is larger than {LARGEST} bytes");
        let help = "split it, one request each";
        return Err(Box::new(Finding::whole_file(
            file,
            "file-too-large",
            why,
            help,
        )));
    }
    utf_8(bytes).map_err(|why| {
        let help = "save the list as text in UTF-8; in Excel as `CSV UTF-8 (comma delimited)`";
        Box::new(Finding::whole_file(file, "not-utf-8", why, help))
    })
}

fn utf_8(bytes: &[u8]) -> Result<&str, String> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err("the list is in UTF-16, expected UTF-8".to_owned());
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err("the list is a workbook or an archive, expected text".to_owned());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let (before, rest) = bytes.split_at(error.valid_up_to());
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        format!(
            "line {line} holds the byte 0x{:02x}, which is not UTF-8",
            rest[0]
        )
    })
}

/// A column of addresses and what stands between columns.
#[derive(Clone, Copy)]
struct Column {
    index: usize,
    between: u8,
}

/// The column that the first row names; none where there is no such row.
fn column(text: &str) -> Result<Option<Column>, (usize, String)> {
    let mut lines = text.lines().enumerate();
    let Some((number, first)) = lines.find(|(_, line)| counts(line)) else {
        return Ok(None);
    };
    for between in [b',', b';', b'\t'] {
        let names: Vec<String> = first
            .split(char::from(between))
            .map(|name| name.trim().trim_matches('"').trim().to_lowercase())
            .collect();
        for known in COLUMNS {
            let mut found = (0..)
                .zip(&names)
                .filter(|(_, name)| known.contains(&name.as_str()));
            match (found.next(), found.next()) {
                (None, _) => {}
                (Some((index, _)), None) => return Ok(Some(Column { index, between })),
                (Some((_, one)), Some((_, other))) => {
                    let why = format!("found two columns of addresses, `{one}` and `{other}`");
                    return Err((number + 1, why));
                }
            }
        }
    }
    Ok(None)
}

/// Whether a line is more than blanks and a comment.
fn counts(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

struct List<'a> {
    file: &'a Arc<str>,
    text: &'a str,
    mailboxes: Vec<Mailbox>,
    findings: Vec<Finding>,
}

impl List<'_> {
    fn lines(&mut self) {
        for (number, line) in (1..)
            .zip(self.text.lines())
            .filter(|(_, line)| counts(line))
        {
            self.cell(number, line);
            if self.is_full() {
                return;
            }
        }
    }

    fn table(&mut self, column: Column) {
        let rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(column.between)
            .comment(Some(b'#'))
            .from_reader(self.text.as_bytes())
            .into_records();
        let is_empty = |row: &csv::StringRecord| row.iter().all(|cell| cell.trim().is_empty());
        let mut header = true;
        for row in rows {
            let row = match row {
                Ok(row) if is_empty(&row) => continue,
                Ok(row) => row,
                Err(error) => {
                    let line = error.position().map_or(1, csv::Position::line);
                    let why = format!("the table cannot be read: {error}");
                    return self.fault(line as usize, "bad-list", why, COLUMN_HELP);
                }
            };
            if std::mem::take(&mut header) {
                continue;
            }
            let line = row.position().map_or(1, csv::Position::line) as usize;
            match row.get(column.index).map(str::trim) {
                None | Some("") => {
                    let why = "found no address in this row".to_owned();
                    self.fault(line, "not-an-address", why, "fill it in, or delete the row");
                }
                Some(cell) => self.cell(line, cell),
            }
            if self.is_full() {
                return;
            }
        }
    }

    /// Whether more would help nobody.
    fn is_full(&self) -> bool {
        self.findings.len() > MAX_FINDINGS || self.mailboxes.len() > MAX_MAILBOXES
    }

    fn cell(&mut self, line: usize, text: &str) {
        for read in pasted_list::mailboxes(text) {
            match read {
                Ok(mailbox) => self.mailboxes.push(mailbox),
                Err(why) => self.fault(line, "not-an-address", why, COLUMN_HELP),
            }
        }
    }

    fn fault(&mut self, line: usize, kind: &'static str, message: String, help: &str) {
        let message = excerpt(&message, 300);
        let source_line = self.text.lines().nth(line.saturating_sub(1));
        self.findings.push(Finding {
            position: Some(Position {
                line,
                column: 1,
                length: source_line.map_or(0, |line| line.chars().count()),
            }),
            source_line: source_line.map(Into::into),
            ..Finding::whole_file(self.file, kind, message, help)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: impl AsRef<[u8]>) -> Result<Vec<String>, Vec<String>> {
        match mailboxes(&"senarai.csv".into(), text.as_ref()) {
            Ok(mailboxes) => Ok(mailboxes.iter().map(ToString::to_string).collect()),
            Err(found) => Err(found
                .iter()
                .map(|it| format!("{} {}", it.place(), it.kind))
                .collect()),
        }
    }

    #[test]
    fn lists_and_tables_are_read() {
        let both = Ok(vec![
            "siti@a.example".to_owned(),
            "tan@a.example".to_owned(),
        ]);
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
        ] {
            assert_eq!(read(text), both, "{text:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_where_it_stands() {
        let faults = |text: &[u8]| read(text).expect_err("faults").join(", ");
        for (text, expected) in [
            (
                &b"siti@a.example\nsiti\n"[..],
                "senarai.csv:2:1 not-an-address",
            ),
            (
                b"Nama,Jawatan\nSiti,Kerani\n",
                "senarai.csv:1:1 not-an-address, senarai.csv:1:1 not-an-address, senarai.csv:2:1 not-an-address, senarai.csv:2:1 not-an-address",
            ),
            (b"email,e-mel\na,b\n", "senarai.csv:1:1 bad-list"),
            (b"email\nx\n", "senarai.csv:2:1 not-an-address"),
            (b"nama,email\nSiti\n", "senarai.csv:2:1 not-an-address"),
            (
                b"email\n=cmd|'/c calc'!A0\n",
                "senarai.csv:2:1 not-an-address",
            ),
            (
                b"email\nsiti@a.example\0\n",
                "senarai.csv:2:1 not-an-address",
            ),
            (
                b"bil,email\n1,\"siti@a.example\n2,tan@a.example\n",
                "senarai.csv:2:1 not-an-address",
            ),
            (b"", "senarai.csv:1:1 no-mailboxes"),
            (b"email\n", "senarai.csv:1:1 no-mailboxes"),
            (b"# nothing\n", "senarai.csv:1:1 no-mailboxes"),
            (b"\xff\xfes\0i\0", "senarai.csv not-utf-8"),
            (b"PK\x03\x04\x14", "senarai.csv not-utf-8"),
            (b"siti@a.example\nAmin\xe9\n", "senarai.csv not-utf-8"),
        ] {
            assert_eq!(faults(text), expected, "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(
            faults(&vec![b'x'; LARGEST + 1]),
            "senarai.csv file-too-large"
        );
        // A list of another kind is not told line by line.
        assert_eq!(
            read("x\n".repeat(9_000)).expect_err("faults").len(),
            MAX_FINDINGS + 1
        );
    }
}
