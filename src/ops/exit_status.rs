//! What the outcomes of a plan make of the exit status.

use crate::domain::outcome::Outcome;
use crate::exit::Exit;

/// What the outcomes of a plan make of the run.
pub(crate) fn exit_status(outcomes: &[Outcome]) -> Exit {
    let good = outcomes.iter().filter(|outcome| outcome.is_good()).count();
    let interrupted = outcomes.iter().any(|outcome| {
        matches!(
            outcome,
            Outcome::Skipped {
                interrupted: true,
                ..
            }
        )
    });
    // Where nobody knows, something may have been changed: that is not plain failure.
    let unknown = outcomes
        .iter()
        .any(|outcome| matches!(outcome, Outcome::Unknown { .. }));
    if good == outcomes.len() {
        Exit::Done
    } else if good > 0 || interrupted || unknown {
        Exit::Partly
    } else {
        Exit::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied() -> Outcome {
        Outcome::Applied {
            settling: false,
            detail: None,
        }
    }

    fn failed() -> Outcome {
        Outcome::Failed { why: "x".into() }
    }

    #[test]
    fn the_status_claims_no_more_than_the_outcomes() {
        assert_eq!(exit_status(&[]), Exit::Done);
        assert_eq!(exit_status(&[applied(), applied()]), Exit::Done);
        assert_eq!(exit_status(&[applied(), failed()]), Exit::Partly);
        assert_eq!(exit_status(&[failed(), failed()]), Exit::Failed);
        assert_eq!(
            exit_status(&[Outcome::Unknown { why: "x".into() }]),
            Exit::Partly
        );
        let skipped = |interrupted| Outcome::Skipped {
            why: "x".into(),
            interrupted,
        };
        assert_eq!(exit_status(&[skipped(true)]), Exit::Partly);
        assert_eq!(exit_status(&[failed(), skipped(false)]), Exit::Failed);
    }
}
