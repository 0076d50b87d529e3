//! Why a plan is refused: which limit, and by how much. Pure.

use std::fmt;

/// A limit that a plan exceeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// More terminations than the policy allows.
    Terminations {
        /// Planned.
        planned: u64,
        /// Allowed.
        limit: u64,
    },
    /// A larger share of terminations than the policy allows.
    TerminationsPercent {
        /// Planned.
        planned: u64,
        /// The archives that requests keep, those to be terminated included.
        kept: u64,
        /// Allowed, in percent.
        limit: u64,
    },
    /// More changes than the policy allows.
    Changes {
        /// Planned.
        planned: u64,
        /// Allowed.
        limit: u64,
    },
    /// The portal shows no mailbox at all.
    PortalEmpty {
        /// Mailboxes whose archives requests want.
        wanted: u64,
    },
    /// The portal shows far fewer mailboxes than requests want archives for.
    PortalShrunken {
        /// Of those wanted, how many the portal does not have.
        missing: u64,
        /// Mailboxes whose archives requests want.
        wanted: u64,
    },
    /// Most archives that were enabled are so no longer, as far as the portal shows.
    ArchivesGone {
        /// How many.
        gone: u64,
        /// Mailboxes whose archives requests want.
        wanted: u64,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Terminations { planned, limit } => write!(
                f,
                "{} {} more than the limit of {limit} (limits.terminations)",
                amount(*planned, "termination is", "terminations are"),
                planned - limit
            ),
            Self::TerminationsPercent {
                planned,
                kept,
                limit,
            } => {
                // Rounded up: what exceeds the limit must not look equal to it.
                let share = (planned * 1000).div_ceil(*kept.max(&1));
                write!(
                    f,
                    "{} {kept}, which is {}.{} %, over the limit of {limit} % (limits.terminations_percent)",
                    amount(*planned, "archive would be terminated of", "archives would be terminated of"),
                    share / 10,
                    share % 10
                )
            }
            Self::Changes { planned, limit } => write!(
                f,
                "{} {} more than the limit of {limit} (limits.changes)",
                amount(*planned, "change is", "changes are"),
                planned - limit
            ),
            Self::PortalEmpty { .. } => f.write_str(
                "the portal shows no mailbox at all, though requests name some; it may be the wrong portal, or it may have lost them",
            ),
            Self::PortalShrunken { missing, wanted } => write!(
                f,
                "the portal lacks {missing} of the {wanted} mailboxes whose archives are wanted; it may be the wrong portal, or it may have lost them"
            ),
            Self::ArchivesGone { gone, wanted } => write!(
                f,
                "{gone} archives of the {wanted} that are wanted were enabled before and are no longer, as far as the portal shows; it may be the wrong portal, or the policy's words for states may have another meaning than before"
            ),
        }
    }
}

impl Refusal {
    /// The stable name of [`Refusal::PortalEmpty`].
    pub const PORTAL_EMPTY: &'static str = "portal-empty";
    /// The stable name of [`Refusal::PortalShrunken`].
    pub const PORTAL_SHRUNKEN: &'static str = "portal-shrunken";

    /// The stable name of [`Refusal::ArchivesGone`].
    pub const ARCHIVES_GONE: &'static str = "archives-gone";

    /// The stable name in outputs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Terminations { .. } => "terminations",
            Self::TerminationsPercent { .. } => "terminations-percent",
            Self::Changes { .. } => "changes",
            Self::PortalEmpty { .. } => Self::PORTAL_EMPTY,
            Self::PortalShrunken { .. } => Self::PORTAL_SHRUNKEN,
            Self::ArchivesGone { .. } => Self::ARCHIVES_GONE,
        }
    }
}

/// "1 change is", "2 changes are".
pub(crate) fn amount(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
