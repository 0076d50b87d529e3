//! The body of an answer, read piece by piece and never further than allowed. Knows nothing of what
//! is in it.

use reqwest::Response;

/// Reads the body, at most `most` bytes of it; nothing where it is longer.
///
/// # Errors
/// Where it stopped coming.
pub(crate) async fn read(
    response: &mut Response,
    most: usize,
) -> Result<Option<Vec<u8>>, reqwest::Error> {
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
    Ok(Some(body))
}
