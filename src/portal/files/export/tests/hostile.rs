//! Files that mean harm, or are what is left of a file.

use std::io::{Cursor, Write as _};

use super::*;
use crate::portal::files::export::LARGEST;
use crate::table::{MOST_COLUMNS, check_unpacked_size};

/// Numbers that look like chance and are the same in every run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(most).unwrap()).unwrap()
    }
}

/// One file with some bytes changed, taken out or put in.
fn damaged(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(8) {
        let at = random.below(bytes.len());
        match random.below(5) {
            0 => bytes[at] = b"\",;\n\r\t\0<&\xff0"[random.below(11)],
            1 => bytes[at] ^= 1 << random.below(8),
            2 => bytes.truncate(at.max(4)),
            3 => bytes.insert(at, bytes[random.below(bytes.len())]),
            _ => {
                let end = (at + random.below(40)).min(bytes.len());
                if bytes.len() - (end - at) > 4 {
                    bytes.drain(at..end);
                }
            }
        }
    }
    bytes
}

#[test]
fn survives_damaged_text() {
    let mut random = Random(0x2026_1125);
    let text = separated(&ROWS, ';');
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for _ in 0..1500 {
        for bytes in [text.as_bytes(), &wide] {
            let _ = taken(&damaged(bytes, &mut random));
        }
    }
}

/// The files inside a workbook.
pub(super) fn parts(book: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let each = (0..zip.len()).map(|index| {
        let mut file = zip.by_index(index).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    });
    each.collect()
}

pub(super) fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn survives_damaged_workbooks() {
    let mut random = Random(0x0666_1125);
    let book = workbook(&ROWS);
    let whole = parts(&book);
    for _ in 0..400 {
        let _ = taken(&damaged(&book, &mut random));
        let mut changed = whole.clone();
        let part = random.below(changed.len());
        changed[part].1 = damaged(&changed[part].1, &mut random);
        let _ = taken(&zipped(&changed));
    }
}

/// A workbook whose sheet is this XML.
fn with_sheet(xml: &str) -> Vec<u8> {
    let mut changed = parts(&workbook(&ROWS));
    for (name, bytes) in &mut changed {
        if name == "xl/worksheets/sheet1.xml" {
            *bytes = xml.as_bytes().to_vec();
        }
    }
    zipped(&changed)
}

pub(super) fn sheet_of(rows: &str) -> Vec<u8> {
    with_sheet(&format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
    ))
}

pub(super) fn cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn refuses_cells_at_impossible_places() {
    let head = format!("<row r=\"1\">{}{}</row>", cell("A1", "E-mel"), cell("B1", "Arkib"));
    let row =
        format!("<row r=\"2\">{}{}</row>", cell("A2", "siti@agensi.example"), cell("B2", "Ya"));
    let good = taken(&sheet_of(&(head.clone() + &row))).expect("an export");
    assert_eq!(shown(&good), ["siti@agensi.example enabled active"]);
    for rest in [
        cell("XFD1048576", "x"),
        cell("A4294967295", "x"),
        cell("A99999999999999999999", "x"),
        cell("ZZZZZZZZ3", "x"),
        cell("A0", "x"),
        cell("", "x"),
        cell("A1", "twice@agensi.example"),
        cell("A2", "twice@agensi.example"),
        "<c r=\"C3\"><f t=\"shared\" ref=\"A1:XFD1048576\" si=\"4000000000\">A1</f><v>1</v></c>"
            .to_owned(),
        "<c r=\"A3\" t=\"s\"><v>99999999</v></c>".to_owned(),
        "<c r=\"A3\" s=\"99999999\"><v>1e308</v></c>".to_owned(),
    ] {
        assert!(taken(&sheet_of(&format!("{head}{row}<row>{rest}</row>"))).is_err(), "{rest}");
    }
}

#[test]
fn refuses_decompression_bombs() {
    let book = workbook(&ROWS);
    let mut parts = parts(&book);
    parts.push(("xl/media/zeros.bin".to_owned(), vec![0; 3 * 1024 * 1024]));
    let bomb = zipped(&parts);
    assert!(bomb.len() < 100_000);
    let most = 2 * 1024 * 1024;
    let said = check_unpacked_size(&bomb, most).expect_err("a bomb");
    assert!(said.detail.contains("unpacks to more than 2 MiB"));
    assert!(check_unpacked_size(&book, most).is_ok());
}

/// A workbook of which one file is another.
fn with_part(name: &str, text: String) -> Vec<u8> {
    let mut parts = parts(&workbook(&ROWS));
    parts.retain(|(known, _)| known != name);
    parts.push((name.to_owned(), text.into_bytes()));
    zipped(&parts)
}

#[test]
fn refuses_what_grows_after_it_is_unpacked() {
    let strings = |about: &str, text: &str| {
        with_part("xl/sharedStrings.xml", format!("<sst {about}>{text}</sst>"))
    };
    let styles =
        |text: String| with_part("xl/styles.xml", format!("<styleSheet>{text}</styleSheet>"));
    let sheet = |text: String| {
        with_part("xl/worksheets/sheet1.xml", format!("<worksheet>{text}</worksheet>"))
    };
    let font = |length: usize| {
        format!("<fonts><font><name val=\"{}\"/></font></fonts>", "x".repeat(length))
    };
    for (what, bomb) in [
        ("reserved", strings("uniqueCount=\"9999999999\"", "")),
        (
            "reserved late",
            strings(
                &format!(
                    "a=\"{}\" uniqueCount = '99999999999999999999'",
                    " ".repeat((1 << 20) - 40)
                ),
                "",
            ),
        ),
        ("styles", styles(format!("<cellXfs>{}</cellXfs>", "<xf/>".repeat(60_000)))),
        ("fonts", styles(font(100_000) + "<cellXfs><xf fontId=\"0\"/></cellXfs>")),
        (
            "fonts of two pieces",
            styles(" ".repeat(100) + &"<a/>".repeat(9) + &font((1 << 20) + 900)),
        ),
        ("merged", sheet("<mergeCell ref=\"A1:B2\"/>".repeat(210_000))),
        ("names", with_part("xl/workbook.xml", "<x:definedName/>".repeat(210_000))),
    ] {
        let said = check_unpacked_size(&bomb, 512 << 20).expect_err(what);
        assert!(said.detail.contains("or to more texts or styles than one has"), "{what}");
    }
    let usual =
        styles(font(90) + &format!("<cellXfs>{}</cellXfs>", "<xf fontId=\"0\"/>".repeat(1_000)));
    assert!(check_unpacked_size(&usual, 1 << 20).is_ok());
    assert!(
        check_unpacked_size(&strings("uniqueCount=\"3\"", "<si><t>sheet</t></si>"), 1 << 20)
            .is_ok()
    );
}

#[test]
fn refuses_files_that_are_too_large() {
    let said = |bytes: &[u8]| refusal(bytes, &ExportMapping::default());
    assert!(said(&vec![b'x'; LARGEST + 1]).contains("at most"));
    let wide = format!("E-mel,Arkib{}\n", ",x".repeat(MOST_COLUMNS));
    assert!(said(wide.as_bytes()).contains("columns, but at most 200"));
    let long = format!("E-mel,Arkib\nsiti@agensi.example,{}\n", "x".repeat(40_000));
    assert!(said(long.as_bytes()).contains("line 2 has more or longer fields"));
}

#[test]
fn escapes_control_characters() {
    let text = "E-mel,Arkib\u{1b},Arkib\nsiti@agensi.example,Ya,Ya\n";
    let said = refusal(text.as_bytes(), &ExportMapping::default());
    assert!(!said.contains('\u{1b}'), "{said:?}");
    let text = "E-mel,Arkib\nsiti@agensi.example,\u{1b}[2J\u{202e}aY\n";
    let export = export(text);
    let shown = format!("{:?}{:?}", export.remarks, export.mailboxes[0].state.as_str());
    assert!(shown.contains('␛') && !shown.contains("\\u{1b}"), "{shown}");
    // The mark by which the end is known cannot be brought in.
    let text = "E-mel,Arkib\nsiti@agensi.example,Ya\n\u{1}end\n\"";
    assert!(taken(text.as_bytes()).is_err());
}
