//! The body of an answer, read piece by piece and never further than allowed. Knows nothing of what
//! is in it.

use reqwest::Response;

/// Why a body could not be had.
#[derive(Debug)]
pub(crate) enum NoBody {
    /// Longer than allowed.
    TooLarge,
    /// It stopped coming.
    Transport(reqwest::Error),
}

/// Reads the body, at most `most` bytes of it.
pub(crate) async fn read(response: &mut Response, most: usize) -> Result<Vec<u8>, NoBody> {
    let announced = response
        .content_length()
        .map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    if announced.is_some_and(|length| length > most) {
        return Err(NoBody::TooLarge);
    }
    // Content-Length may lie, so it is good for a first guess only.
    let mut body = Vec::with_capacity(announced.unwrap_or_default().min(1 << 20));
    while let Some(piece) = response.chunk().await.map_err(NoBody::Transport)? {
        if body.len() + piece.len() > most {
            return Err(NoBody::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}
