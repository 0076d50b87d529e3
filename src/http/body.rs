//! The body of an answer, read piece by piece and never further than allowed, unpacked where it came
//! as gzip. Knows nothing of what is in it.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use reqwest::Response;

/// What gzip begins with (RFC 1952 section 2.3.1), and no JSON does.
const GZIP: &[u8] = b"\x1f\x8b";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads the body, at most `most` bytes of it, packed or not; nothing where it is longer.
///
/// # Errors
/// Where it stopped coming.
pub async fn read(response: &mut Response, most: usize) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let announced =
        response.content_length().map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    if announced.is_some_and(|length| length > most) {
        return Ok(None);
    }
    // Content-Length may lie, so it is good for a first guess only.
    let mut body = Vec::with_capacity(announced.unwrap_or_default().min(1 << 20));
    while let Some(piece) = response.chunk().await? {
        if body.len() + piece.len() > most {
            return Ok(None);
        }
        body.extend_from_slice(&piece);
    }
    Ok(unpack(body, most))
}

/// Some servers and proxies pack an answer that nobody asked them to pack, and put a byte order mark
/// before the JSON. What claims to be packed and is not stays as it is.
fn unpack(mut body: Vec<u8>, most: usize) -> Option<Vec<u8>> {
    if body.starts_with(GZIP) {
        let mut plain = Vec::new();
        let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
        match MultiGzDecoder::new(&*body).take(limit).read_to_end(&mut plain) {
            Ok(length) if length > most => return None,
            Ok(_) => body = plain,
            Err(_) => {}
        }
    }
    if body.starts_with(BYTE_ORDER_MARK) {
        body.drain(..BYTE_ORDER_MARK.len());
    }
    Some(body)
}
