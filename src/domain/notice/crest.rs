//! The agency's crest: a small PNG or JPEG picture, which pages to print hold within themselves. It is data
//! of a branch, so what it is shows in its bytes and not in its name. Pure.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::language::Message;

/// Its file in the folder of templates, by one of these names.
pub const CREST_FILES: [&str; 3] = ["crest.png", "crest.jpg", "crest.jpeg"];
/// The largest file, in bytes.
pub const LARGEST_CREST: u64 = 128 << 10;
/// The most points across and down: a small file can hold a picture that no browser has room for.
const MOST_POINTS: u32 = 4_000;

/// The picture as a `data:` URI.
///
/// # Errors
/// Why it is no crest; a clause.
pub fn embed_crest(bytes: &[u8]) -> Result<String, Message> {
    let (kind, size) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        ("png", png_size(bytes))
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        ("jpeg", jpeg_size(bytes))
    } else {
        return Err(message!("notify-crest-kind"));
    };
    match size {
        None => Err(message!("notify-crest-damaged")),
        Some((width, height)) if [width, height].iter().any(|n| !(1..=MOST_POINTS).contains(n)) => {
            let (width, height, most) = (width as usize, height as usize, MOST_POINTS as usize);
            Err(message!("notify-crest-large", width, height, most))
        }
        Some(_) => Ok(format!("data:image/{kind};base64,{}", BASE64_STANDARD.encode(bytes))),
    }
}

/// Width and height in the header of a PNG (ISO/IEC 15948 section 11.2.2).
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.get(12..24).filter(|header| header.starts_with(b"IHDR"))?;
    let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    Some((number(4)?, number(8)?))
}

/// Width and height in the frame header of a JPEG (ITU-T T.81 annex B.2.2).
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let word = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let mut at = 2;
    loop {
        let marker = word(at)?;
        // Segments of which none is a frame come before it, each with its length.
        match marker {
            0xffff => at += 1,
            0xffc4 | 0xffc8 | 0xffcc => at += 2 + usize::from(word(at + 2)?),
            0xffc0..=0xffcf => return Some((word(at + 7)?.into(), word(at + 5)?.into())),
            0xffda | ..0xff01 | 0xffd0..=0xffd9 => return None,
            _ => at += 2 + usize::from(word(at + 2)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    fn jpeg(height: u16, width: u16) -> Vec<u8> {
        let mut bytes = b"\xff\xd8\xff\xe0\0\x04JF\xff\xdb\0\x03q\xff\xff\xc2\0\x0b\x08".to_vec();
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes
    }

    #[test]
    fn a_picture_is_known_by_its_bytes() {
        let begin =
            |bytes: &[u8]| embed_crest(bytes).map(|uri| uri.chars().take(22).collect::<String>());
        assert_eq!(begin(&png(90, 110)).as_deref(), Ok("data:image/png;base64,"));
        assert_eq!(begin(&jpeg(110, 90)).as_deref(), Ok("data:image/jpeg;base64"));
        assert_eq!(jpeg_size(&jpeg(110, 90)), Some((90, 110)));
        for bad in
            [&b""[..], b"<svg onload=alert(1)>", b"GIF89a", b"%PDF-1.7", b"RIFF1234WEBP", b"PNG"]
        {
            assert!(embed_crest(bad).is_err_and(|why| why.contains("neither")), "{bad:?}");
        }
    }

    #[test]
    fn a_picture_has_a_sensible_size() {
        for (bytes, why) in [
            (png(60_000, 60_000), "60000 × 60000"),
            (png(0, 10), "0 × 10"),
            (jpeg(65_000, 10), "10 × 65000"),
            (png(9, 9)[..20].to_vec(), "cut off"),
            (jpeg(9, 9)[..22].to_vec(), "cut off"),
            (b"\xff\xd8\xff\xda\0\x02".to_vec(), "cut off"),
            (b"\xff\xd8\xff\0".to_vec(), "cut off"),
        ] {
            let found = embed_crest(&bytes).expect_err(why);
            assert!(found.contains(why), "{found}");
        }
    }
}
