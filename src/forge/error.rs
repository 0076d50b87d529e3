//! Why a forge does not do what it is asked to. Pure.

use crate::environment::EnvError;
use crate::http::HttpError;
use crate::language::Message;

/// Why a forge does not do what it is asked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgeError {
    /// Whether it refuses the token, or shows it nothing there.
    pub is_refusal: bool,
    /// The status, where it answered with one.
    pub status: Option<u16>,
    /// What happened.
    pub why: Message,
    /// What to do.
    pub help: Message,
}

impl ForgeError {
    /// An error without an answer of a forge.
    pub fn new(why: Message, help: Message) -> Self {
        Self { is_refusal: false, status: None, why, help }
    }
}

impl From<HttpError> for ForgeError {
    fn from(error: HttpError) -> Self {
        Self::new(Message::verbatim(error.why), Message::verbatim(error.help))
    }
}

impl From<EnvError> for ForgeError {
    fn from(error: EnvError) -> Self {
        Self::new(error.why, error.help)
    }
}
