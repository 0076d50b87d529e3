//! The characters of a text file: UTF-8, UTF-16, or Windows-1252 as the last resort.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::{DOWNLOAD_AGAIN, Trouble};

/// How much of a file tells whether it is UTF-16 without saying so.
const SAMPLE: usize = 4096;

/// The text, and the name of its encoding.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, &'static str), Trouble> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        let text = str::from_utf8(rest).map_err(|error| {
            damaged(&format!(
                "it says that it is UTF-8 and is not from byte {} on",
                error.valid_up_to() + 3
            ))
        })?;
        return whole(text.to_owned(), "UTF-8");
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return utf_16(rest, UTF_16LE);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return utf_16(rest, UTF_16BE);
    }
    if let Some(encoding) = plainly_utf_16(bytes) {
        return utf_16(bytes, encoding);
    }
    match str::from_utf8(bytes) {
        Ok(text) => whole(text.to_owned(), "UTF-8"),
        // All but the last character is UTF-8, with more than ASCII in it: the end is missing.
        Err(error) if error.error_len().is_none() && !bytes[..error.valid_up_to()].is_ascii() => {
            Err(damaged("its last character is cut in two"))
        }
        Err(_) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            whole(text.into_owned(), "Windows-1252")
        }
    }
}

fn utf_16(
    bytes: &[u8],
    encoding: &'static encoding_rs::Encoding,
) -> Result<(String, &'static str), Trouble> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    let text = text.ok_or_else(|| damaged("its UTF-16 is cut off or damaged"))?;
    whole(text.into_owned(), "UTF-16")
}

/// Zeros in every other place are the upper halves of Latin letters.
fn plainly_utf_16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let zeros = |from: usize| {
        sample
            .iter()
            .skip(from)
            .step_by(2)
            .filter(|it| **it == 0)
            .count()
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

/// Text holds no such controls; a file that does is something else.
fn whole(mut text: String, encoding: &'static str) -> Result<(String, &'static str), Trouble> {
    // Old programs end a file with it.
    if text.ends_with('\u{1a}') {
        text.pop();
    }
    if text.contains(|it| it <= '\u{8}') {
        return Err(Trouble::malformed(
            "the file is not text; a report is a CSV file or an Excel workbook (.xlsx)",
            "download the report from the portal as CSV or as an Excel workbook",
        ));
    }
    Ok((text, encoding))
}

fn damaged(how: &str) -> Trouble {
    Trouble::inconsistent(format!("the file is damaged: {how}"), DOWNLOAD_AGAIN)
}
