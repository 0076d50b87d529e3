//! How words of the command line are read that several operations take.

use jiff::SignedDuration;

use crate::domain::plan::Digest;

/// A span of time as people write it, such as 90m or 24h.
pub fn age(text: &str) -> Result<SignedDuration, String> {
    let duration: SignedDuration = text
        .parse()
        .map_err(|_| "expected a time such as 90m or 24h".to_owned())?;
    if duration.is_positive() {
        Ok(duration)
    } else {
        Err("expected more than no time".to_owned())
    }
}

/// Reads the digest of a plan, or its beginning.
///
/// # Errors
/// What was expected.
pub fn plan_digest(text: &str) -> Result<String, String> {
    digest(text).ok_or_else(|| {
        let least = Digest::SHORTEST;
        format!("a plan's digest has {least} to 64 hexadecimal digits; the refused plan shows it")
    })
}

/// Reads the digest of notices, or its beginning.
///
/// # Errors
/// What was expected.
pub fn notices_digest(text: &str) -> Result<String, String> {
    digest(text).ok_or_else(|| {
        let least = Digest::SHORTEST;
        format!("a digest has {least} to 64 hexadecimal digits; the refused run shows it")
    })
}

fn digest(text: &str) -> Option<String> {
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_digest = is_hex && (Digest::SHORTEST..=64).contains(&text.len());
    is_digest.then(|| text.to_ascii_lowercase())
}
