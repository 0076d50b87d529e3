//! What a file is, told by its content: names lie, and portals give HTML the name of a workbook; and
//! the characters of one that is text: UTF-8, UTF-16, or Windows-1252 as the last resort.

use std::borrow::Cow;
use std::io::Cursor;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use zip::ZipArchive;

use super::error::{TableError, incomplete_error, malformed_error};
use crate::language::Message;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Text, which CSV is.
    Text,
    /// An Excel workbook (ISO/IEC 29500, .xlsx).
    Workbook,
}

impl FileFormat {
    /// A row of it, as people find it.
    pub fn row_place(self, number: u64) -> Message {
        match self {
            Self::Text => message!("table-line", number),
            Self::Workbook => message!("table-row", number),
        }
    }
}

/// What a file of another kind is and what to do, by how it begins.
fn other_format(bytes: &[u8]) -> Option<(Message, Message)> {
    let what = match bytes {
        [b'P', b'K', ..] => return Some((message!("table-empty-zip"), Message::default())),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => {
            return Some((message!("table-old-workbook"), message!("table-save-help")));
        }
        [b'%', b'P', b'D', b'F', ..] => message!("table-pdf"),
        [b'{', b'\\', b'r', b't', b'f', ..] => message!("table-rtf"),
        [0x1f, 0x8b, ..] => message!("table-gzip"),
        [b'R', b'a', b'r', b'!', ..] => message!("table-rar"),
        [b'7', b'z', 0xbc, 0xaf, ..] => message!("table-seven-zip"),
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => message!("table-picture"),
        _ => return None,
    };
    Some((what, message!("table-other-help")))
}

pub(super) fn detect_format(bytes: &[u8]) -> Result<FileFormat, TableError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(wrong_format_error(message!("table-empty"), Message::default()));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return detect_in_zip(bytes);
    }
    if let Some((what, help)) = other_format(bytes) {
        return Err(wrong_format_error(what, help));
    }
    if is_markup(bytes) {
        return Err(wrong_format_error(message!("table-markup"), message!("table-save-help")));
    }
    Ok(FileFormat::Text)
}

/// Why a file that is something else is no table.
fn wrong_format_error(what: Message, help: Message) -> TableError {
    let detail = message!("table-wrong-format", what);
    malformed_error(detail, help)
}

fn detect_in_zip(bytes: &[u8]) -> Result<FileFormat, TableError> {
    let archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|_| incomplete_error(message!("table-workbook-cut")))?;
    let names: Vec<String> =
        archive.file_names().filter_map(|name| name.ok().map(Cow::into_owned)).collect();
    let has = |name: &str| names.iter().any(|entry| entry.eq_ignore_ascii_case(name));
    let begins = |name: &str| names.iter().any(|entry| entry.starts_with(name));
    if has("xl/workbook.bin") {
        Err(wrong_format_error(message!("table-binary-workbook"), message!("table-save-help")))
    } else if has("[Content_Types].xml") && begins("xl/") {
        Ok(FileFormat::Workbook)
    } else if has("content.xml") && has("mimetype") {
        Err(wrong_format_error(message!("table-opendocument"), message!("table-save-help")))
    } else if begins("word/") {
        Err(wrong_format_error(message!("table-word-document"), message!("table-save-help")))
    } else {
        let help = message!("table-unpack-help");
        Err(wrong_format_error(message!("table-zip"), help))
    }
}

/// How HTML and XML begin, in small letters.
const MARKUP: &str = "<!doctype <html <head <body <meta <table <?xml <!-- <style mime-version";

/// Whether text begins as HTML or XML does, in any encoding that keeps letters apart by zeros.
fn is_markup(bytes: &[u8]) -> bool {
    let begin: Vec<u8> = bytes
        .iter()
        .take(512)
        .filter(|byte| byte.is_ascii() && **byte != 0)
        .map(u8::to_ascii_lowercase)
        .skip_while(u8::is_ascii_whitespace)
        .collect();
    let mut known = MARKUP.split(' ');
    known.any(|known| begin.starts_with(known.as_bytes()))
}

/// How much of a file tells whether it is UTF-16 without saying so.
const SAMPLE: usize = 4096;

pub(super) fn decode_text(bytes: &[u8]) -> Result<String, TableError> {
    let mut text = decode_characters(bytes)?;
    // Old programs end a file with it.
    if text.ends_with('\u{1a}') {
        text.pop();
    }
    // Text holds no such controls; a file that does is something else.
    if text.contains(|character| character <= '\u{8}') {
        return Err(wrong_format_error(message!("table-not-text"), message!("table-other-help")));
    }
    Ok(text)
}

fn decode_characters(bytes: &[u8]) -> Result<String, TableError> {
    let (said, mark) = Encoding::for_bom(bytes).unzip();
    let rest = &bytes[mark.unwrap_or(0)..];
    match said.or_else(|| guess_utf_16(bytes)) {
        Some(encoding) if encoding == UTF_8 => {
            let text = str::from_utf8(rest).map_err(|error| {
                damaged_file_error(message!("table-byte-not-utf-8", byte = error.valid_up_to() + 3))
            })?;
            Ok(text.to_owned())
        }
        Some(utf_16) => utf_16
            .decode_without_bom_handling_and_without_replacement(rest)
            .map(Cow::into_owned)
            .ok_or_else(|| damaged_file_error(message!("table-utf-16-damaged"))),
        None => match str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            // All but the last character is UTF-8, with more than ASCII in it: the end is missing.
            Err(error)
                if error.error_len().is_none() && !bytes[..error.valid_up_to()].is_ascii() =>
            {
                Err(damaged_file_error(message!("table-last-character")))
            }
            Err(_) => {
                let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
                Ok(text.into_owned())
            }
        },
    }
}

/// Zeros in every other place are the upper halves of Latin letters.
fn guess_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let zeros = |from: usize| {
        let halves = sample.iter().skip(from).step_by(2);
        halves.filter(|byte| **byte == 0).count()
    };
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    if pairs == 0 {
        return None;
    }
    if odd * 10 >= pairs * 7 && even * 20 <= pairs {
        Some(UTF_16LE)
    } else if even * 10 >= pairs * 7 && odd * 20 <= pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn damaged_file_error(how: Message) -> TableError {
    incomplete_error(message!("table-damaged", how))
}
