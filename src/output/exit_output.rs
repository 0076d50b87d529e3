//! How a run ended, for people and for programs alike.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::exit::Exit;
use crate::language::Message;
use crate::printer;
use crate::printer::text;
use crate::text::escape;

/// How a run ended.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct ExitOutput {
    /// The exit status of the program for this agency.
    #[serde(serialize_with = "serialize_status")]
    #[schemars(with = "u8")]
    pub status: Exit,
    /// The reason, in words.
    pub reason: Message,
    /// What the user can do, if anything.
    pub help: Option<Message>,
}

fn serialize_status<S: Serializer>(status: &Exit, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u8(status.status())
}

/// Makes the result of a run.
pub fn exit_output(status: Exit, reason: impl Into<Message>) -> ExitOutput {
    ExitOutput { status, reason: reason.into(), help: None }
}

impl ExitOutput {
    /// The reason and the help as text for people.
    pub fn to_text(&self) -> String {
        format!("{}{}", escape(&printer::render(&self.reason)), self.help_text())
    }

    /// The help in a line of its own, behind a line end; empty if there is none.
    pub fn help_text(&self) -> String {
        let help = self.help.as_ref().map(printer::render);
        help.map_or_else(String::new, |help| {
            format!("\n{}", text!("run-help", help = escape(&help)))
        })
    }

    /// Sets what the user can do.
    #[must_use]
    pub fn with_help(mut self, help: Option<Message>) -> Self {
        self.help = help;
        self
    }
}
