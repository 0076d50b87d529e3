//! What every agency of a run has in common.

use std::sync::Arc;

use jiff::civil::Date;

use super::options::Options;
use crate::apply::Stop;
use crate::load::Source;
use crate::ops::failure::Failure;

/// What every agency of a run has in common.
pub(super) struct Context<'a> {
    pub options: &'a Options,
    pub source: &'a Source,
    pub stop: Arc<Stop>,
    /// The real day.
    pub today: Date,
}

/// What it means that a run ends before the first notice.
pub(super) const NOBODY_TOLD: &str = "Nobody was told anything.";

/// Something went wrong before the first notice; `why` comes as a sentence without its end.
pub(super) fn failed(why: &str, help: &str) -> Failure {
    Failure::failed(format!("Failed: {why}. {NOBODY_TOLD}"), help)
}

/// A guard says no before the first notice; `why` comes likewise.
pub(super) fn refused(why: impl Into<String>, help: impl Into<String>) -> Failure {
    Failure::failed(why, help).refusing(NOBODY_TOLD)
}
