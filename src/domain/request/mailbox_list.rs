//! Reads a list of mailboxes in a file: one per line, or a table (CSV) with a column of addresses. Pure.

use std::borrow::Cow;
use std::iter;
use std::sync::Arc;

use super::pasted_list;
use super::rules::MAX_MAILBOXES;
use crate::domain::mailbox_address::Mailbox;
use crate::finding;
use crate::finding::Finding;
use crate::text::excerpt;
use crate::yaml::MAX_FINDINGS;

/// The largest list that is read, in bytes: ten thousand rows of four hundred.
pub const LARGEST: usize = 4 << 20;

/// The names of a column of addresses, in lower case; the first match is used.
const COLUMNS: [&[&str]; 3] =
    [&["mailbox", "mailboxes", "peti mel"], &["e-mel", "emel", "email", "e-mail"], &["alamat"]];

/// The mailboxes of a list, in its order.
pub fn read_mailboxes(file: &Arc<str>, bytes: &[u8]) -> Result<Vec<Mailbox>, Vec<Finding>> {
    let text = decode_text(file, bytes)?;
    let mut mailboxes = Vec::new();
    let mut faults = Vec::new();
    for cell in cells(text) {
        match cell {
            Ok((line, cell)) if cell.is_empty() => {
                let help = "fill it in, or delete the row";
                let why = "found no address in this row".to_owned();
                faults.push((line, "not-an-address", why, help));
            }
            Ok((line, cell)) => {
                for read in pasted_list::parse_mailboxes(&cell) {
                    match read {
                        Ok(mailbox) => mailboxes.push(mailbox),
                        Err(why) => faults.push((line, "not-an-address", why, COLUMN_HELP)),
                    }
                }
            }
            Err((line, why)) => {
                faults.push((line, "bad-list", why, COLUMN_HELP));
                break;
            }
        }
        // More findings would not help.
        if faults.len() > MAX_FINDINGS || mailboxes.len() > MAX_MAILBOXES {
            break;
        }
    }
    if mailboxes.is_empty() && faults.is_empty() {
        let why = "found no mailboxes in the list".to_owned();
        faults.push((1, "no-mailboxes", why, COLUMN_HELP));
    }
    if faults.is_empty() {
        return Ok(mailboxes);
    }
    let mut findings = faults
        .into_iter()
        .map(|(line, kind, why, help)| {
            let at = (line, text.lines().nth(line.saturating_sub(1)));
            Finding::whole_line(file, at, kind, excerpt(&why, 300), help)
        })
        .collect();
    finding::keep_first_of_file(&mut findings, file, MAX_FINDINGS);
    Err(findings)
}

const COLUMN_HELP: &str = "give one mailbox per line, or a table whose first row names a column `mailbox`, `e-mel`, `email` or `alamat`";

/// The text of a list, without its BOM.
fn decode_text<'a>(file: &Arc<str>, bytes: &'a [u8]) -> Result<&'a str, Vec<Finding>> {
    if bytes.len() > LARGEST {
        let why = format!("the list is larger than {LARGEST} bytes");
        let help = "split it into several requests";
        return Err(vec![Finding::whole_file(file, "file-too-large", why, help)]);
    }
    let not_utf_8 = |why: &str| {
        let help = "save the list as text in UTF-8; in Excel as `CSV UTF-8 (comma delimited)`";
        vec![Finding::whole_file(file, "not-utf-8", why, help)]
    };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(not_utf_8("the list is in UTF-16, expected UTF-8"));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(not_utf_8("the list is a workbook or a ZIP file, expected text"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let (before, rest) = bytes.split_at(error.valid_up_to());
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let byte = rest[0];
        not_utf_8(&format!("line {line} contains the byte 0x{byte:02x}, which is not UTF-8"))
    })
}

/// A column of addresses, and the delimiter between columns.
#[derive(Clone, Copy)]
struct AddressColumn {
    index: usize,
    delimiter: u8,
}

/// The column of addresses, found by its name in the first row; `None` if there is no such row.
fn find_address_column(text: &str) -> Result<Option<AddressColumn>, (usize, String)> {
    let mut lines = text.lines().enumerate();
    let Some((number, first)) = lines.find(|(_, line)| has_content(line)) else {
        return Ok(None);
    };
    for delimiter in [b',', b';', b'\t'] {
        let names = first.split(char::from(delimiter));
        let names: Vec<String> =
            names.map(|name| name.trim().trim_matches('"').trim().to_lowercase()).collect();
        for known in COLUMNS {
            let names = (0..).zip(&names);
            let mut found = names.filter(|(_, name)| known.contains(&name.as_str()));
            match (found.next(), found.next()) {
                (None, _) => {}
                (Some((index, _)), None) => return Ok(Some(AddressColumn { index, delimiter })),
                (Some((_, one)), Some((_, other))) => {
                    let why = format!("found two columns of addresses, `{one}` and `{other}`");
                    return Err((number + 1, why));
                }
            }
        }
    }
    Ok(None)
}

/// Whether a line is neither blank nor a comment.
fn has_content(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

/// A possible address with its line; or where and why the list cannot be read further.
type Cell<'a> = Result<(usize, Cow<'a, str>), (usize, String)>;

fn cells(text: &str) -> Box<dyn Iterator<Item = Cell<'_>> + '_> {
    match find_address_column(text) {
        Ok(Some(column)) => Box::new(column_cells(text, column)),
        Ok(None) => {
            let lines = (1..).zip(text.lines()).filter(|(_, line)| has_content(line));
            Box::new(lines.map(|(number, line)| Ok((number, line.into()))))
        }
        Err(fault) => Box::new(iter::once(Err(fault))),
    }
}

/// A column's cells below the first row.
fn column_cells(text: &str, column: AddressColumn) -> impl Iterator<Item = Cell<'_>> {
    let rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(column.delimiter)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes())
        .into_records();
    let line = |at: Option<&csv::Position>| at.map_or(1, csv::Position::line) as usize;
    let is_empty = |row: &csv::StringRecord| row.iter().all(|cell| cell.trim().is_empty());
    let rows = rows.filter(move |row| !row.as_ref().is_ok_and(is_empty));
    rows.skip(1).map(move |row| match row {
        Ok(row) => {
            let cell = row.get(column.index).unwrap_or_default().trim();
            Ok((line(row.position()), cell.to_owned().into()))
        }
        Err(error) => {
            let why = format!("the table cannot be read: {error}");
            Err((line(error.position()), why))
        }
    })
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
        ] {
            assert_eq!(read(text), both, "{text:?}");
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
            (b"email\nsiti@a.example\0\n", "senarai.csv:2:1 not-an-address"),
            (b"bil,email\n1,\"siti@a.example\n2,tan@a.example\n", "senarai.csv:2:1 not-an-address"),
            (b"", "senarai.csv:1:1 no-mailboxes"),
            (b"email\n", "senarai.csv:1:1 no-mailboxes"),
            (b"# nothing\n", "senarai.csv:1:1 no-mailboxes"),
            (b"\xff\xfes\0i\0", "senarai.csv not-utf-8"),
            (b"PK\x03\x04\x14", "senarai.csv not-utf-8"),
            (b"siti@a.example\nAmin\xe9\n", "senarai.csv not-utf-8"),
        ] {
            assert_eq!(faults(text), expected, "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(faults(&vec![b'x'; LARGEST + 1]), "senarai.csv file-too-large");
        // For a wrong kind of file not every line is reported.
        assert_eq!(read("x\n".repeat(9_000)).expect_err("faults").len(), MAX_FINDINGS + 1);
    }
}
