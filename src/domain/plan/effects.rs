//! Everything that a pull request does besides its plan, and whether that is nothing. Pure.

use std::sync::Arc;

use super::{Change, LaterDayChange, Plan};
use crate::domain::desired::DesiredMailbox;
use crate::domain::other_files::OtherFile;
use crate::domain::policy::diff::PolicyChange;
use crate::domain::request::Request;

/// What else a pull request does besides its plan.
#[derive(Debug, Default)]
pub struct PullRequestEffects {
    /// The branch to merge into, and its commit.
    pub base: String,
    /// Changes that it prevents or replaces.
    pub prevented: Vec<Change>,
    /// What it asks for and is already so.
    pub met: Vec<DesiredMailbox>,
    /// Requests that it withdraws.
    pub lifted: Vec<Arc<Request>>,
    /// Policies that it changes, by file, in words.
    pub policies: Vec<PolicyChange>,
    /// Other files that it changes.
    pub files: Vec<OtherFile>,
    /// What happens on later days, and mailboxes about which no request decides any more.
    pub later: Vec<LaterDayChange>,
    /// Terminations that are due without it, too.
    pub due_terminations: Vec<Change>,
    /// What is already outstanding without it.
    pub outstanding: OutstandingOnBase,
}

impl PullRequestEffects {
    /// Whether nothing will ever come of the pull request: no change now or later, and nothing else that it
    /// changes. `plan` is its plan.
    pub fn is_no_op(&self, plan: &Plan) -> bool {
        let Self {
            base: _,
            prevented,
            met,
            lifted,
            policies,
            files,
            later,
            due_terminations: _,
            outstanding: _,
        } = self;
        let is_without = plan.by_mailbox().is_empty()
            && [plan.pending.len(), plan.scheduled.len(), plan.unmanaged.len()] == [0; 3]
            && plan.recalled.is_empty();
        is_without
            && [prevented.len(), met.len(), lifted.len(), policies.len()] == [0; 4]
            && files.is_empty()
            && later.iter().all(|change| change.is_on_base)
    }
}

/// What is already outstanding without the pull request.
#[derive(Debug)]
pub enum OutstandingOnBase {
    /// The plan of the base.
    Counted(Box<Plan>),
    /// Not read: the number of other mailboxes that requests name.
    NotLookedAt(usize),
}

impl Default for OutstandingOnBase {
    fn default() -> Self {
        Self::NotLookedAt(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::archive_state::{State, Target};
    use crate::domain::desired::fold_requests;
    use crate::domain::observed::Observed;
    use crate::domain::plan::{LaterDayEffect, plan};
    use crate::domain::request::sample;

    #[test]
    fn nothing_is_only_nothing_if_nothing_ever_comes_of_it() {
        let day = jiff::civil::date(2026, 11, 23);
        let request = sample::change("R-1", "enable", &["a"], "2026-01-03", "");
        let pending = sample::change("R-2", "enable", &["a"], "", "");
        let scheduled = sample::change("R-3", "enable", &["a"], "2026-12-01", "");
        let made = |requests: &[Arc<Request>]| {
            let desired = fold_requests(requests, day, &Default::default());
            plan(&desired, &Observed::default(), &sample::policy("A", ""))
        };
        let wanted = fold_requests(&[Arc::clone(&request)], day, &Default::default());
        let wanted = wanted.mailboxes[0].clone();
        let nothing = made(&[]);
        let none = PullRequestEffects::default;
        assert!(none().is_no_op(&nothing));
        let later = LaterDayChange::new(LaterDayEffect::Ended, day, &wanted);
        let change = Change {
            mailbox: wanted.mailbox.clone(),
            target: Target::Enabled,
            cause: crate::domain::plan::Cause::Request,
            request: Arc::clone(&request),
            line: 1,
            from: State::Disabled,
            id: "1".into(),
            version: None,
            note: None,
            last_change: crate::domain::plan::LastChange::default(),
        };
        let file = OtherFile {
            kind: crate::domain::other_files::OtherFileKind::Other,
            file: "x".to_owned(),
            verb: "adds",
        };
        for (plan, effects) in [
            (made(&[Arc::clone(&request)]), none()),
            (made(&[pending]), none()),
            (made(&[scheduled]), none()),
            (Plan { changes: vec![change.clone()], ..nothing.clone() }, none()),
            (nothing.clone(), PullRequestEffects { met: vec![wanted], ..none() }),
            (nothing.clone(), PullRequestEffects { prevented: vec![change.clone()], ..none() }),
            (nothing.clone(), PullRequestEffects { lifted: vec![Arc::clone(&request)], ..none() }),
            (nothing.clone(), PullRequestEffects { later: vec![later.clone()], ..none() }),
            (nothing.clone(), PullRequestEffects { files: vec![file], ..none() }),
            (
                nothing.clone(),
                PullRequestEffects { policies: vec![(String::new(), vec![])], ..none() },
            ),
        ] {
            assert!(!effects.is_no_op(&plan), "{plan:?} {effects:?}");
        }
        // What happens with or without it does not come of it.
        let later = vec![LaterDayChange { is_on_base: true, ..later }];
        let outstanding = PullRequestEffects { later, due_terminations: vec![change], ..none() };
        assert!(outstanding.is_no_op(&nothing));
    }
}
