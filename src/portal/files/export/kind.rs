//! What a file is, told by its content: names lie, and portals give HTML the name of a workbook.

use std::borrow::Cow;
use std::io::Cursor;

use zip::ZipArchive;

use super::error::{DOWNLOAD_AGAIN, Trouble};

/// The kinds of file that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, which CSV is.
    Text,
    /// An Excel workbook (ISO/IEC 29500, .xlsx).
    Workbook,
}

const SAVE: &str =
    "open it in a spreadsheet program, save it as CSV or .xlsx, and give arkib that file";

/// Tells the kind.
pub(super) fn of(bytes: &[u8]) -> Result<Kind, Trouble> {
    let refuse = |what: &str, help: &str| {
        let detail =
            format!("the file is {what}; a report is a CSV file or an Excel workbook (.xlsx)");
        Err(Trouble::malformed(detail, help))
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return refuse("empty", DOWNLOAD_AGAIN);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return zipped(bytes);
    }
    if bytes.starts_with(b"PK") {
        return refuse("an empty or split zip file", DOWNLOAD_AGAIN);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return refuse(
            "an old Excel workbook (.xls), or one that a password protects",
            SAVE,
        );
    }
    let known: [(&[u8], &str); 7] = [
        (b"%PDF", "a PDF document"),
        (b"{\\rtf", "a text document (RTF)"),
        (&[0x1f, 0x8b], "compressed (gzip)"),
        (b"Rar!", "compressed (RAR)"),
        (b"7z\xbc\xaf", "compressed (7z)"),
        (b"\x89PNG", "a picture"),
        (&[0xff, 0xd8, 0xff], "a picture"),
    ];
    if let Some((_, what)) = known.iter().find(|(begin, _)| bytes.starts_with(begin)) {
        return refuse(
            what,
            "download the report from the portal as CSV or as an Excel workbook",
        );
    }
    if is_markup(bytes) {
        return refuse("a web page or XML, whatever its name says", SAVE);
    }
    Ok(Kind::Text)
}

fn zipped(bytes: &[u8]) -> Result<Kind, Trouble> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| {
        Trouble::inconsistent(
            "the file begins like an Excel workbook and does not end like one: it is damaged or cut off",
            DOWNLOAD_AGAIN,
        )
    })?;
    let names: Vec<String> = archive
        .file_names()
        .filter_map(|name| name.ok().map(Cow::into_owned))
        .collect();
    let has = |name: &str| names.iter().any(|it| it.eq_ignore_ascii_case(name));
    let begins = |name: &str| names.iter().any(|it| it.starts_with(name));
    let what = if has("xl/workbook.bin") {
        "a binary Excel workbook (.xlsb)"
    } else if has("[Content_Types].xml") && begins("xl/") {
        return Ok(Kind::Workbook);
    } else if has("content.xml") && has("mimetype") {
        "an OpenDocument file (.ods)"
    } else if begins("word/") {
        "a Word document"
    } else {
        return Err(Trouble::malformed(
            "the file is a zip file; a report is a CSV file or an Excel workbook (.xlsx)",
            "take the report out of it and give arkib that file",
        ));
    };
    Err(Trouble::malformed(
        format!("the file is {what}; a report is a CSV file or an Excel workbook (.xlsx)"),
        SAVE,
    ))
}

/// Whether text begins as HTML or XML does, in any encoding that keeps letters apart by zeros.
fn is_markup(bytes: &[u8]) -> bool {
    let begin: Vec<u8> = bytes
        .iter()
        .take(512)
        .filter(|byte| byte.is_ascii() && **byte != 0)
        .map(u8::to_ascii_lowercase)
        .skip_while(u8::is_ascii_whitespace)
        .collect();
    let known: [&[u8]; 10] = [
        b"<!doctype",
        b"<html",
        b"<head",
        b"<body",
        b"<meta",
        b"<table",
        b"<?xml",
        b"<!--",
        b"<style",
        b"mime-version",
    ];
    known.iter().any(|known| begin.starts_with(known))
}
