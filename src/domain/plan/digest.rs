//! The digest of a plan: two plans have the same digest only if they do the same to the same
//! mailboxes in the same state under the same policy. Pure.

use std::fmt;

use crate::hash::hex;

/// A SHA-256, shown in lower-case hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digest(pub(super) [u8; 32]);

impl Digest {
    /// The first eight digits, to distinguish plans on a screen.
    pub fn short(&self) -> String {
        self.to_string()[..8].to_owned()
    }

    /// The fewest digits that accept a plan: 128 bits, so that nobody can make two plans with the
    /// same digits.
    pub const SHORTEST: usize = 32;

    /// Enough digits to accept the plan.
    pub fn shortest_accepted_prefix(&self) -> String {
        self.to_string()[..Self::SHORTEST].to_owned()
    }

    /// Parses all 64 digits.
    pub(super) fn parse_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// Whether a user's text, at least as long as [`Digest::shortest_accepted_prefix`], names this plan.
    pub fn is_abbreviated_by(&self, text: &str) -> bool {
        text.len() >= Self::SHORTEST && self.to_string().starts_with(&text.to_ascii_lowercase())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}
