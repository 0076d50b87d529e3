//! Notices (procedure step 4): which are due, what they say, and how they look. Pure: `mail` sends,
//! and the command prints and records.

mod addressee;
pub mod crest;
pub mod due;
pub mod html_to_text;
mod page_check;
pub mod template;
pub mod template_context;
#[cfg(test)]
mod tests;

use crate::domain::archive_state::Target;
use crate::domain::request::{Action, Request};

pub use crate::domain::record::enums::NoticeKind as Kind;

impl Kind {
    /// Whether it is the last notice about a request.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Enabled | Self::Terminated | Self::Withdrawn)
    }

    /// The notice that a request was carried out.
    fn completion_kind(request: &Request) -> Self {
        match &request.action {
            Action::Change { target: Target::Enabled, .. } => Self::Enabled,
            Action::Change { target: Target::Terminated, .. } => Self::Terminated,
            Action::Withdraw { .. } => Self::Withdrawn,
        }
    }
}
