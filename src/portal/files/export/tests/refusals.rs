//! What is refused, and in which words.

use std::collections::BTreeMap;

use super::hostile::{cell as cell_of, sheet_of};
use super::*;
use crate::domain::mapping::export_file::ExportField;

/// Refused, in words that hold each of these.
fn refuses(bytes: &[u8], words: &[&str]) {
    let said = refusal(bytes, &ExportMapping::default());
    for word in words {
        assert!(said.contains(word), "`{word}` is not in: {said}");
    }
    assert!(said.starts_with("reading the export laporan.csv: "), "{said}");
    assert!(!said.contains("siti"), "personal data in: {said}");
}

#[test]
fn names_other_kinds_of_files() {
    let cfb = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest";
    for (bytes, words) in [
        (&b""[..], "empty"),
        (b" \r\n", "empty"),
        (cfb, "(.xls)"),
        (b"%PDF-1.7", "PDF"),
        (b"\n <HTML><table><tr><td>E-mel</td></tr>", "web page"),
        (b"\xef\xbb\xbf<?xml version=\"1.0\"?><Workbook/>", "web page or XML"),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0", "web page"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PK\x05\x06\0\0", "zip"),
        (b"PK\x03\x04....", "incomplete"),
        (b"E-mel,Arkib\n\0\0\0siti@agensi.example,Ya", "not text"),
    ] {
        refuses(bytes, &[words]);
    }
    refuses(cfb, &["save it as CSV or .xlsx"]);
    let zip = |files: &[&str]| {
        use std::io::Write as _;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for file in files {
            zip.start_file(*file, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(b"x").unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    refuses(&zip(&["mimetype", "content.xml"]), &["(.ods)"]);
    refuses(&zip(&["[Content_Types].xml", "xl/workbook.bin"]), &["(.xlsb)"]);
    refuses(&zip(&["[Content_Types].xml", "word/document.xml"]), &["Word"]);
    refuses(&zip(&["laporan.csv"]), &["a zip file", "unpack it and give arkib the file inside"]);
    refuses(&zip(&["[Content_Types].xml", "xl/workbook.xml"]), &["damaged"]);
}

#[test]
fn lists_missing_and_ambiguous_columns() {
    refuses(
        b"Nama,Alamat E-mel,Servis\nSiti,siti@agensi.example,Ya\n",
        &[
            "no column holds the states of the archives",
            "the columns are `Nama`, `Alamat E-mel`, `Servis`",
            "`export: {columns: {state: …}}`",
        ],
    );
    refuses(
        b"Laporan\n\nPengenalan;Servis\nsiti@agensi.example;Ya\n",
        &["the mailboxes' addresses, and no column holds", "`Pengenalan`, `Servis`"],
    );
    refuses(
        b"E-mel;Email;Arkib\nsiti@agensi.example;siti@agensi.example;Ya\n",
        &["several columns hold the mailboxes' addresses: `E-mel`, `Email`", "{mailbox: …}"],
    );
    // Without a head the first row is a person's, and is not shown.
    refuses(
        b"siti;siti@agensi.example;Ya\n",
        &["none of the first 100 rows is a header with the names of the columns"],
    );
    refuses(b"siti;Ya\nsiti;Tidak\n", &["none of the first 100 rows"]);
    let named = ExportMapping {
        columns: BTreeMap::from([(ExportField::Hold, "Beku".to_owned())]),
        ..ExportMapping::default()
    };
    let text = b"E-mel;Arkib\nsiti@agensi.example;Ya\n";
    let said = refusal(text, &named);
    assert!(said.contains("there is no column `Beku`; the columns are `E-mel`, `Arkib`"), "{said}");
    let agency = ExportMapping { agency: Some("CONTOH".to_owned()), ..ExportMapping::default() };
    let said = refusal(text, &agency);
    assert!(
        said.contains("no column holds the agencies") && said.contains("{agency: …}"),
        "{said}"
    );
}

#[test]
fn refuses_a_truncated_export() {
    let whole = "Nama;E-mel;Arkib\n\"S\";s1@agensi.example;Ya\n\"T\";s2@agensi.example;Tidak\n";
    assert_eq!(export(whole).mailboxes.len(), 2);
    refuses(
        &whole.as_bytes()[..whole.len() - 7],
        &["incomplete", "line 3", "from the portal again"],
    );
    refuses(&whole.as_bytes()[..whole.len() - 27], &["quote", "line 3"]);
    refuses(format!("{whole}Jumlah: 3;;\n").as_bytes(), &["line 4 gives the total 3", "2 rows"]);
    refuses(format!("Jumlah rekod: 5,000\n{whole}").as_bytes(), &["line 1", "5000", "2 rows"]);
    refuses(
        format!("{whole}Total 2\n\"U\";s3@agensi.example;Ya\n").as_bytes(),
        &["line 5 follows the total in line 4"],
    );
    // A quote that closes in the next row would hide a mailbox.
    refuses(whole.replace("\"S\"", "\"S").as_bytes(), &["line 2", "perhaps a quote is missing"]);
    let middle = whole.replace("\"T\"", "\"U\";s9@agensi.example\n\"T\"");
    refuses(middle.as_bytes(), &["line 3 ends early"]);
    refuses(whole.replace("Tidak", "Tidak;x").as_bytes(), &["line 3 has more fields"]);
    assert_eq!(export(&whole.replace("Tidak", "Tidak;;")).mailboxes.len(), 2);
    refuses(b"E-mel,Nama,Arkib\ns@agensi.example,Jos\xc3\xa9,Jos\xc3", &["damaged"]);
    refuses(b"\xff\xfeE\0-\0m", &["UTF-16"]);
    let book = workbook(&ROWS);
    refuses(&book[..book.len() - 30], &["incomplete"]);
    let mut changed = book.clone();
    changed[book.len() / 2] ^= 0x55;
    assert!(taken(&changed).is_err());
}

#[test]
fn reports_rows_without_address_by_number() {
    refuses(
        b"Nama,E-mel,Arkib\nsiti,s@agensi.example,Ya\nsiti,,Ya\n",
        &["line 3 has no address in the column `E-mel`"],
    );
    let rows = [vec!["Nama", "E-mel", "Arkib"], vec!["siti", "siti", "Ya"]];
    refuses(&workbook(&rows), &["row 2 has no address in the column `E-mel`"]);
    refuses(b"E-mel,Arkib\n,\n", &["header row but no mailboxes"]);
}

#[test]
fn refuses_the_export_of_another_agency() {
    refuses(
        b"E-mel,Arkib\nsiti@lain.example,Ya\nsiti@lain.example,Ya\nsiti@agensi.example,Ya\n",
        &["only 1 of 3 mailboxes are in your domains; most are in lain.example"],
    );
    let half = b"E-mel,Arkib\nsiti@lain.example,Ya\nsiti@Agensi.Example,Ya\n";
    assert_eq!(taken(half).expect("an export").mailboxes.len(), 2);
    let agency = ExportMapping { agency: Some("CONTOH".to_owned()), ..ExportMapping::default() };
    let said = refusal(b"E-mel,Arkib,Agensi\nsiti@agensi.example,Ya,LAIN\n", &agency);
    assert!(
        said.contains("no row belongs to the agency `CONTOH`; the export has 1 row of others"),
        "{said}"
    );
    let merged = b"E-mel,Arkib,Agensi\nsiti@agensi.example,Ya,CONTOH\nsiti@agensi.example,Ya,\n";
    let said = refusal(merged, &agency);
    assert!(said.contains("line 3 has no agency in the column `Agensi`"), "{said}");
}

#[test]
fn refuses_and_hides_columns_that_hold_no_states() {
    let mut text = "Nama,E-mel,Arkib\n".to_owned();
    for number in 0..60 {
        text += &format!("siti ke-{number},s{number}@agensi.example,Ya\n");
    }
    let names = ExportMapping {
        columns: BTreeMap::from([(ExportField::State, "Nama".to_owned())]),
        ..ExportMapping::default()
    };
    let said = refusal(text.as_bytes(), &names);
    assert!(said.contains("the column `Nama` has more than 50 different unknown words"), "{said}");
    assert!(said.contains("{state: …}") && !said.contains("siti"), "{said}");
    let address =
        "E-mel,Arkib\na@agensi.example,siti@agensi.example\nb@agensi.example,800101011234\n";
    let export = export(address);
    assert_eq!(shown(&export)[0], "a@agensi.example not shown active");
    assert!(!export.remarks[0].contains("siti") && !export.remarks[0].contains("8001"));
}

#[test]
fn refuses_uncalculated_formulas_and_two_exports() {
    let sheet = |cell: &str| {
        let head = [cell_of("A1", "E-mel"), cell_of("B1", "Arkib")].concat();
        let address = cell_of("A2", "siti@agensi.example");
        sheet_of(&format!("<row>{head}</row><row>{address}{cell}</row>"))
    };
    for cell in ["<c r=\"B2\"><f>A1</f><v></v></c>", "<c r=\"B2\"><f>A1</f></c>"] {
        refuses(&sheet(cell), &["row 2 has a formula whose result is not in the file"]);
    }
    let text = "<c r=\"B2\" t=\"str\"><f>A1</f><v>Ya</v></c>";
    let export = taken(&sheet(text)).expect("an export");
    assert_eq!(shown(&export), ["siti@agensi.example enabled active"]);
    let mut book = Workbook::new();
    for name in ["Januari", "Februari"] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write_row(0, 0, ["E-mel", "Arkib"]).unwrap();
    }
    refuses(&book.save_to_buffer().unwrap(), &["several sheets", "`Januari`, `Februari`"]);
}

#[test]
fn refuses_rows_that_end_early() {
    for cut in [
        &b"E-mel,Status,Arkib\nsiti@agensi.example,Aktif,Ya\ntan@agensi.example,Aktif,"[..],
        b"E-mel,Arkib,Tahanan\r\nsiti@agensi.example,Ya,Ya\r\ntan@agensi.example,Ya,",
    ] {
        refuses(cut, &["line 3, the last one, ends after"]);
    }
    let whole = b"E-mel,Status,Arkib\nsiti@agensi.example,Aktif,Ya\ntan@agensi.example,Aktif,\n";
    let read = read(whole, "laporan.csv", &ExportMapping::default(), &domains());
    assert_eq!(read.expect("an export").mailboxes.len(), 2);
}

#[test]
fn refuses_merged_cells() {
    use rust_xlsxwriter::{Format, Workbook};
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["E-mel", "Arkib"].into_iter().enumerate() {
        sheet.write(0, column as u16, name).unwrap();
    }
    sheet.write(1, 0, "siti@agensi.example").unwrap();
    sheet.write(2, 0, "tan@agensi.example").unwrap();
    sheet.merge_range(1, 1, 2, 1, "Ya", &Format::new()).unwrap();
    refuses(&book.save_to_buffer().unwrap(), &["merged from row 2 to row 3"]);
}

#[test]
fn refuses_cells_merged_over_columns_that_have_a_name() {
    use rust_xlsxwriter::{Format, Workbook};
    let book = |merged: &[(u32, &str)], cells: &[(u32, u16, &str)]| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (row, column, text) in
            [(0, 0, "E-mel"), (1, 0, "siti@agensi.example")].iter().chain(cells)
        {
            sheet.write(*row, *column, *text).unwrap();
        }
        for (row, text) in merged.iter().chain(&[(2, "Jumlah: 1")]) {
            sheet.merge_range(*row, 1, *row, 2, text, &Format::new()).unwrap();
        }
        book.save_to_buffer().unwrap()
    };
    let hides = ["row 2 has other columns than the header row"];
    refuses(&book(&[(1, "Ya")], &[(0, 1, "Arkib"), (0, 2, "Tahanan")]), &hides);
    refuses(&book(&[(0, "Arkib")], &[(1, 2, "Ya")]), &hides);
    // Both are merged in the same way.
    let export = taken(&book(&[(0, "Arkib"), (1, "Ya")], &[])).expect("an export");
    assert_eq!(shown(&export), ["siti@agensi.example enabled active"]);
}

#[test]
fn refuses_a_page_of_a_list() {
    let rows = "E-mel,Arkib\nsiti@agensi.example,Ya\n";
    refuses(
        format!("Halaman 1 daripada 2\n{rows}").as_bytes(),
        &["line 1 says `Halaman 1 daripada 2`", "holds only a part"],
    );
    refuses(format!("{rows}Page 2 of 2,\n").as_bytes(), &["line 3 says"]);
    let both = format!("{rows}Page 1 of 2,\ntan@agensi.example,Ya\nPage 2 of 2,\n");
    assert_eq!(export(&both).mailboxes.len(), 2);
}

#[test]
fn refuses_an_unreadable_day() {
    for line in
        ["Generated: Nov 2026, the 20th", "Tarikh laporan: 20.11.26", "Tarikh laporan;46346"]
    {
        let text = format!("{line}\nE-mel,Arkib\nsiti@agensi.example,Ya\n");
        refuses(text.as_bytes(), &["line 1 seems to say when"]);
    }
}
