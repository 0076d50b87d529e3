//! Exit statuses: the contract that CI uses. The only place that ends the program.

use std::process::ExitCode;

/// How a run ended. The numbers are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[repr(u8)]
pub enum Exit {
    /// Done, or nothing to do.
    #[default]
    Done = 0,
    /// Failed: findings, the portal, or every change.
    Failed = 1,
    /// A dry run found what `--fail-on` names.
    Pending = 2,
    /// Some changes were made and others were not, or the run was interrupted, or an earlier one was killed
    /// while it handed over.
    Partly = 3,
    /// Refused: a limit, another plan than the accepted one, an outdated saved plan, uncommitted
    /// requests, or a comment that cannot hold all terminations.
    Refused = 4,
    /// The command line is wrong.
    Usage = 64,
}

impl Exit {
    /// The number.
    pub fn status(self) -> u8 {
        self as u8
    }

    /// The status of a run over several agencies: the worst one. Partly outranks failed, because
    /// something was changed.
    #[must_use]
    pub fn combine(self, other: Self) -> Self {
        let rank = |exit: Self| match exit {
            Self::Done => 0,
            Self::Pending => 1,
            Self::Refused => 2,
            Self::Failed => 3,
            Self::Partly => 4,
            Self::Usage => 5,
        };
        if rank(self) >= rank(other) { self } else { other }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.status())
    }
}

/// Ends an interrupted program that does not end by itself. The next run finds out what became of changes
/// in progress.
pub fn abort() -> ! {
    #[expect(clippy::exit, reason = "this is the one place")]
    std::process::exit(Exit::Partly.status().into())
}
