//! The exit status for the outcomes of a plan.

use crate::domain::outcome::Outcome;
use crate::exit::Exit;

/// The exit status for these outcomes.
pub(crate) fn exit_status(outcomes: &[Outcome]) -> Exit {
    // An unknown outcome may have changed something, so it is not a plain failure.
    let is_partial = |outcome: &Outcome| {
        let is_open = matches!(
            outcome,
            Outcome::Unknown { .. }
                | Outcome::Skipped {
                    interrupted: true,
                    ..
                }
        );
        is_open || outcome.is_good()
    };
    if outcomes.iter().all(Outcome::is_good) {
        Exit::Done
    } else if outcomes.iter().any(is_partial) {
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
    fn exit_status_follows_the_outcomes() {
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
