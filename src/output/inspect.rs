//! The output of `arkib portal inspect` for programs; the one for people is in `human`. Knows no portal.

pub mod human;

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::portal_inspection::PortalInspection;
use crate::language::Message;
use crate::output::json::ExitOutput;

/// The version of the output.
pub const FORMAT: &str = "arkib.inspect/1";

/// The output of `arkib portal inspect --format json`.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(title = "arkib portal inspect output")]
pub struct InspectOutput {
    /// `arkib.inspect/1`.
    pub format: &'static str,
    /// The portal's host; null if the environment does not name it.
    pub host: Option<String>,
    /// What was found.
    #[serde(flatten)]
    pub found: PortalInspection,
    /// What does not fit.
    pub problems: Vec<Message>,
    /// What fits, but may not be as intended.
    pub warnings: Vec<Message>,
    /// `portal` and `mapping` for the policy, as YAML to fill in; null if there is a mapping.
    pub template: Option<String>,
    /// How the run ended.
    pub exit: ExitOutput,
}
