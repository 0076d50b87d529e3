//! The output of a run, for people and as JSON for programs. Makes text; only
//! `result_printer` and `report_writer` print.

pub mod alert;
mod align_columns;
mod annotations;
mod exit_output;
pub mod fields;
pub mod findings;
pub mod format;
pub mod github;
pub mod gitlab;
mod grouped_plan;
mod groups;
pub mod human;
pub mod inspect;
pub mod json;
pub mod markdown;
pub mod metrics;
pub mod notify;
pub mod open_requests;
mod outcomes;
mod phrases;
mod plan_rows;
pub mod records;
pub mod register;
pub mod rehearse;
pub(crate) mod report_writer;
mod request_details;
pub(crate) mod result_printer;
mod row_lines;
mod run_result;
pub mod sarif;
pub mod status;

pub use crate::domain::plan::{OutstandingOnBase, PullRequestEffects};
pub use run_result::{AgencyResult, RunResult};
