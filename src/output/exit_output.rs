//! How a run ended, for people and for programs alike.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::exit::Exit;
use crate::text::{escape, prefix_if_some};

/// How a run ended.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct ExitOutput {
    /// The exit status of the program for this agency.
    #[serde(serialize_with = "serialize_status")]
    #[schemars(with = "u8")]
    pub status: Exit,
    /// The reason, in words.
    pub reason: String,
    /// What the user can do, if anything.
    pub help: Option<String>,
}

fn serialize_status<S: Serializer>(status: &Exit, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u8(status.status())
}

/// Makes the result of a run.
pub fn exit_output(status: Exit, reason: &str) -> ExitOutput {
    ExitOutput { status, reason: reason.to_owned(), help: None }
}

impl ExitOutput {
    /// The reason and the help as text for people.
    pub fn to_text(&self) -> String {
        let help = prefix_if_some("\nhelp: ", self.help.as_ref());
        format!("{}{help}", escape(&self.reason))
    }

    /// Sets what the user can do.
    #[must_use]
    pub fn with_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }
}
