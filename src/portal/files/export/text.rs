//! The characters of a text file: UTF-8, UTF-16, or Windows-1252 as the last resort.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::{DOWNLOAD_AGAIN, inconsistent};
use super::kind::{DOWNLOAD, is_other};
use crate::portal::PortalError;

/// How much of a file tells whether it is UTF-16 without saying so.
const SAMPLE: usize = 4096;

/// The text.
pub(super) fn decode(bytes: &[u8]) -> Result<String, PortalError> {
    let mut text = characters(bytes)?;
    // Old programs end a file with it.
    if text.ends_with('\u{1a}') {
        text.pop();
    }
    // Text holds no such controls; a file that does is something else.
    if text.contains(|it| it <= '\u{8}') {
        return Err(is_other("not text", DOWNLOAD));
    }
    Ok(text)
}

fn characters(bytes: &[u8]) -> Result<String, PortalError> {
    let (said, mark) = Encoding::for_bom(bytes).unzip();
    let rest = &bytes[mark.unwrap_or(0)..];
    match said.or_else(|| plainly_utf_16(bytes)) {
        Some(encoding) if encoding == UTF_8 => {
            let text = str::from_utf8(rest).map_err(|error| {
                damaged(&format!(
                    "it says that it is UTF-8 and is not from byte {} on",
                    error.valid_up_to() + 3
                ))
            })?;
            Ok(text.to_owned())
        }
        Some(utf_16) => utf_16
            .decode_without_bom_handling_and_without_replacement(rest)
            .map(Cow::into_owned)
            .ok_or_else(|| damaged("its UTF-16 is cut off or damaged")),
        None => match str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            // All but the last character is UTF-8, with more than ASCII in it: the end is missing.
            Err(error)
                if error.error_len().is_none() && !bytes[..error.valid_up_to()].is_ascii() =>
            {
                Err(damaged("its last character is cut in two"))
            }
            Err(_) => {
                let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
                Ok(text.into_owned())
            }
        },
    }
}

/// Zeros in every other place are the upper halves of Latin letters.
fn plainly_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
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

fn damaged(how: &str) -> PortalError {
    inconsistent(format!("the file is damaged: {how}"), DOWNLOAD_AGAIN)
}
