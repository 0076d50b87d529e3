//! What every agency of a run has in common.

use jiff::civil::Date;

use super::options::Options;
use crate::apply::Stop;
use crate::domain::plan::Stale;
use crate::domain::plan::saved::SavedPlans;
use crate::load::Source;

/// What every agency of a run has in common.
pub(super) struct Context<'a> {
    pub options: &'a Options,
    pub source: &'a Source,
    /// What interrupts the run.
    pub stop: &'a Stop,
    /// The real day.
    pub today: Date,
    /// The kept plan that is to be carried out.
    pub plan: Option<&'a SavedPlans>,
    /// Why it holds for no agency.
    pub stale: Vec<Stale>,
}

impl Context<'_> {
    /// Prints for people; for programs everything comes at the end.
    pub fn show(&self, text: impl FnOnce() -> String) {
        self.options.output.show(text);
    }
}
