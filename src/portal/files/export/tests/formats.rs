//! One table in every encoding, with every delimiter, and as a workbook.

use super::*;
use crate::domain::mapping::upload_file::Encoding;

const EXPECTED: [&str; 3] = [
    "siti.aminah@agensi.example enabled active 2026-11-25T02:30:00Z",
    "rosli@agensi.example terminated disabled 2026-04-02T16:00:00Z",
    "tan.mei@agensi.example Sedang Diprosés active",
];

fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let wide = |to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
    let (little, big) = (wide(u16::to_le_bytes), wide(u16::to_be_bytes));
    let old = text.chars().map(|character| Encoding::encode_windows_1252(character).unwrap());
    vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
        ("UTF-16", [&b"\xff\xfe"[..], &little].concat()),
        ("UTF-16", [&b"\xfe\xff"[..], &big].concat()),
        ("UTF-16", little),
        ("UTF-16", big),
        ("Windows-1252", old.collect()),
    ]
}

#[test]
fn reads_every_encoding_and_delimiter() {
    for (delimiter, name) in [(',', "commas"), (';', "semicolons"), ('\t', "tabs")] {
        let text = separated(&ROWS, delimiter);
        for end in ["\r\n", "\n"] {
            for (encoding, bytes) in encodings(&text.replace("\r\n", end)) {
                let export =
                    taken(&bytes).unwrap_or_else(|error| panic!("{encoding} {name}: {error}"));
                assert_eq!(shown(&export), EXPECTED, "{encoding} {name}");
            }
        }
    }
}

#[test]
fn reads_a_workbook_like_its_csv() {
    let export = taken(&workbook(&ROWS)).expect("an export");
    assert_eq!(shown(&export), EXPECTED);
}

#[test]
fn reads_old_line_ends_and_delimiter_lines() {
    let text = separated(&ROWS, ';');
    for text in [
        text.replace("\r\n", "\r").replace("José\nRosli", "Rosli"),
        format!("sep=;\r\n{text}"),
        format!("\u{feff}\"sep=;\"\n{text}"),
    ] {
        assert_eq!(shown(&export(&text)), EXPECTED);
    }
    // What old programs and databases leave: a mark of the end, a line below the names.
    let ruled = text.replacen("\r\n", "\r\n---;----;---;---;---;---\r\n", 1);
    assert_eq!(shown(&export(&format!("{ruled}\u{1a}"))), EXPECTED);
    // More than can be read in one line, by a delimiter that is not meant.
    let commas = text.replace("Tan Mei", &format!("Tan Mei{}", ",".repeat(300)));
    assert_eq!(shown(&export(&commas)), EXPECTED);
    // What it says counts, even where another delimiter would find columns too.
    let odd = "sep=|\nE-mel,x|Arkib,y\n";
    assert!(taken(odd.as_bytes()).is_err());
    let tabs = format!("sep=\t\n{}", separated(&ROWS, '\t'));
    assert_eq!(shown(&export(&tabs)), EXPECTED);
}

#[test]
fn reads_the_date_around_the_table() {
    let mut rows: Vec<Vec<&str>> = vec![
        vec!["LAPORAN PERKHIDMATAN PENGARKIBAN E-MEL"],
        vec![""],
        vec!["Jabatan Contoh Malaysia; Arkib"],
        vec!["Tempoh: 01/11/2026 hingga 30/11/2026"],
        vec!["Tarikh laporan:", "25/11/2026 10:30"],
        vec!["Jumlah rekod: 3"],
        vec![""],
    ];
    rows.extend(ROWS.map(Vec::from));
    // A page further on names the columns again.
    rows.insert(9, ROWS[0].to_vec());
    rows.extend([vec![""], vec!["", "Jumlah:", "3 peti mel"], vec!["Muka surat 1 / 1"]]);
    for bytes in [separated(&rows, ';').into_bytes(), workbook(&rows)] {
        let export = taken(&bytes).expect("an export");
        assert_eq!(shown(&export), EXPECTED);
        let taken_on = export.taken_on.expect("a day");
        assert_eq!(taken_on.at.to_string(), "2026-11-25T02:30:00Z");
        assert!(!taken_on.is_day);
    }
}

#[test]
fn reads_the_date_from_the_name() {
    let text = separated(&ROWS, ',');
    let named = |name: &str| {
        let export = read(text.as_bytes(), name, &ExportMapping::default(), &domains());
        let taken = export.expect("an export").taken_on;
        taken.map(|moment| format!("{} {}", moment.at, moment.is_day))
    };
    let expected = "2026-11-24T16:00:00Z true";
    for name in ["laporan-2026-11-25.csv", "/tmp/20250101/laporan 25-11-2026.csv", "20261125.csv"] {
        assert_eq!(named(name).as_deref(), Some(expected), "{name}");
    }
    // The first of two: the export may not count as newer than it is.
    assert_eq!(named("2026-12-01_2026-11-25.csv").as_deref(), Some(expected));
    assert_eq!(named("laporan.csv"), None);
    // What the export says itself counts before its name.
    let said = format!("Dicetak pada 20/11/2026\n{text}");
    let export = read(said.as_bytes(), "2026-11-25.csv", &ExportMapping::default(), &domains());
    let taken = export.expect("an export").taken_on.expect("a day");
    assert_eq!(taken.at.to_string(), "2026-11-19T16:00:00Z");
}

#[test]
fn finds_the_export_among_other_sheets() {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "Nota").unwrap();
    let hidden = book.add_worksheet();
    hidden.set_hidden(true);
    hidden.write_row(0, 0, ["E-mel", "Arkib"]).unwrap();
    let sheet = book.add_worksheet().set_name("Laporan").unwrap();
    sheet.write_row(2, 1, ["E-mel", "Arkib"]).unwrap();
    sheet.write_string(3, 1, "siti@agensi.example").unwrap();
    sheet.write_boolean(3, 2, true).unwrap();
    let export = taken(&book.save_to_buffer().unwrap()).expect("an export");
    assert_eq!(shown(&export), ["siti@agensi.example enabled active"]);
}

#[test]
fn takes_the_earliest_of_several_days() {
    let text = format!(
        "Dicetak pada 25/11/2026\nTarikh laporan: 24/11/2026 09:00\n{}Dijana 26/11/2026\n",
        separated(&ROWS, ',')
    );
    let taken_on = export(&text).taken_on.expect("a day");
    assert_eq!(taken_on.at.to_string(), "2026-11-24T01:00:00Z");
    // A note below the table dates it, too.
    let below = format!("{}Dijana 26/11/2026\n", separated(&ROWS, ','));
    let taken_on = export(&below).taken_on.expect("a day");
    assert_eq!(taken_on.at.to_string(), "2026-11-25T16:00:00Z");
}

#[test]
fn reads_workbooks_with_1904_dates() {
    let mut changed = hostile::parts(&workbook(&ROWS));
    for (name, bytes) in &mut changed {
        let text = String::from_utf8_lossy(bytes);
        if name == "xl/workbook.xml" {
            *bytes = text.replace("<workbookPr", "<workbookPr date1904=\"1\"").into();
        } else if name == "xl/worksheets/sheet1.xml" {
            *bytes = text.replace("46351.4375", "44889.4375").into();
        }
    }
    let export = taken(&hostile::zipped(&changed)).expect("an export");
    assert_eq!(shown(&export), EXPECTED);
}

#[test]
fn reads_five_thousand_windows_1252_mailboxes() {
    let mut text = String::from("Nama;Alamat E-mél;Status;Arkib\r\n");
    for number in 0..5000 {
        let state = if number % 2 == 0 { "Ya" } else { "Tidak" };
        text +=
            &format!("\"Pegawai José {number}\";pegawai{number}@agensi.example;Aktif;{state}\r\n");
    }
    text += "Jumlah;5000;;\r\n";
    let bytes: Vec<u8> =
        text.chars().map(|character| Encoding::encode_windows_1252(character).unwrap()).collect();
    let export = taken(&bytes).expect("an export");
    assert_eq!(export.mailboxes.len(), 5000);
    assert!(export.remarks.is_empty(), "{:?}", export.remarks);
}
