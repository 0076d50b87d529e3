//! How a run ended, for people and for programs alike.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::exit::Exit;
use crate::text::{escape, optional};

/// How a run ended.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct ExitOutput {
    /// The exit status of the program for this agency.
    #[serde(serialize_with = "number")]
    #[schemars(with = "u8")]
    pub status: Exit,
    /// In words.
    pub reason: String,
    /// What the user can do, where something can be done.
    pub help: Option<String>,
}

fn number<S: Serializer>(status: &Exit, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u8(status.status())
}

/// How a run ended, for the other outputs.
pub fn exit(status: Exit, reason: &str) -> ExitOutput {
    ExitOutput {
        status,
        reason: reason.to_owned(),
        help: None,
    }
}

impl ExitOutput {
    /// For people: in words, and what the user can do.
    pub fn to_text(&self) -> String {
        let help = optional("\nhelp: ", self.help.as_ref());
        format!("{}{help}", escape(&self.reason))
    }

    /// With what the user can do.
    #[must_use]
    pub fn with_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }
}
