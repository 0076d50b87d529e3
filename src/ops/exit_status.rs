//! The one table of what the exit status of a run depends on. Pure: may not know how any of it came
//! about.

#[cfg(test)]
mod tests;

use crate::domain::change_outcome::Outcome;
use crate::domain::plan::Plan;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::yaml::has_errors;

words! {
    /// What `--fail-on` can name: each by itself makes the status of a dry run 2.
    pub enum FailOn {
        /// Changes that were made before and are no longer so.
        Drift = "drift",
        /// Archives that no request names.
        Unmanaged = "unmanaged",
        /// Mailboxes whose wanted change cannot be made.
        Blocked = "blocked",
        /// All other changes.
        Due = "due",
        /// Requests that wait for approval.
        Pending = "pending",
    }
}

impl FailOn {
    /// What `--detailed-exitcode` names: every change.
    pub const CHANGES: [Self; 2] = [Self::Drift, Self::Due];

    /// Which of these a plan has. `prevents`: whether a pull request prevents changes.
    pub fn found_in(these: &[Self], plan: &Plan, prevents: bool) -> Vec<Self> {
        let is_found = |this: &Self| match this {
            Self::Drift => plan.changes.iter().any(|change| change.cause.is_drift()),
            Self::Due => prevents || plan.changes.iter().any(|change| !change.cause.is_drift()),
            Self::Unmanaged => !plan.unmanaged.is_empty(),
            Self::Blocked => !plan.blocked.is_empty(),
            Self::Pending => !plan.pending.is_empty(),
        };
        Self::ALL.into_iter().filter(|this| these.contains(this) && is_found(this)).collect()
    }
}

/// Something that happened in a run, as far as its exit status depends on it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RunEvent<'a> {
    /// A dry run found these of what `--fail-on` names.
    Looked { found: &'a [FailOn] },
    /// The plan of a dry run was shown: whether the text could not hold all terminations.
    Shown { is_cut: bool },
    /// The changes of the plan ended so.
    Applied(&'a [Outcome]),
    /// The portal had not finished what it was working on before the run, of so many mailboxes:
    /// whether `--wait` asked for its end.
    Unsettled { mailboxes: usize, wait: bool },
    /// So many mailboxes are blocked: whether `--strict` counts that as a failure.
    Blocked { mailboxes: usize, strict: bool },
    /// An earlier run was killed while it handed changes over, and this one closed or completed that.
    HandOverCut,
    /// The record of the run is not whole.
    RecordBroken,
    /// Something else that was asked for, such as a saved plan or a summary, could not be written.
    NotWritten,
}

/// The status of a run that had `exit`, after that.
pub(crate) fn exit_after(exit: Exit, happened: RunEvent<'_>) -> Exit {
    match happened {
        RunEvent::Looked { found: [_, ..] } => exit.combine(Exit::Pending),
        RunEvent::Shown { is_cut: true } => exit.combine(Exit::Refused),
        RunEvent::Applied(outcomes) => exit.combine(exit_of_outcomes(outcomes)),
        // With --wait, unfinished changes are not a success.
        RunEvent::Unsettled { mailboxes: 1.., wait: true } => exit.combine(Exit::Partly),
        RunEvent::Blocked { mailboxes: 1.., strict: true } => match exit {
            Exit::Done | Exit::Pending => Exit::Failed,
            other => other,
        },
        RunEvent::RecordBroken | RunEvent::HandOverCut => exit.combine(Exit::Partly),
        RunEvent::NotWritten => exit.combine(Exit::Failed),
        RunEvent::Looked { .. }
        | RunEvent::Shown { .. }
        | RunEvent::Unsettled { .. }
        | RunEvent::Blocked { .. } => exit,
    }
}

/// The exit status for these outcomes.
pub(crate) fn exit_of_outcomes(outcomes: &[Outcome]) -> Exit {
    // An unknown outcome may have changed something, so it is not a plain failure.
    let is_partial = |outcome: &Outcome| {
        let is_open =
            matches!(outcome, Outcome::Unknown { .. } | Outcome::Skipped { interrupted: true, .. });
        is_open || outcome.is_done_or_handed_over()
    };
    if outcomes.iter().all(Outcome::is_done_or_handed_over) {
        Exit::Done
    } else if outcomes.iter().any(is_partial) {
        Exit::Partly
    } else {
        Exit::Failed
    }
}

/// What the problems of the files make of a run; `--strict` counts warnings, too.
pub(crate) fn exit_of_findings(found: &[Finding], strict: bool) -> Exit {
    match has_errors(found) || (strict && !found.is_empty()) {
        true => Exit::Failed,
        false => Exit::Done,
    }
}
