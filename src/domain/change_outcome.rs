//! The outcome of a change. Pure.

use crate::language::Message;

/// The outcome of one change. Claims only what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The portal accepted the change from this run, and shows it; `settling` if the portal has accepted it and still works on it.
    Applied {
        /// Whether the portal still works on it.
        settling: bool,
    },
    /// It is so, but this run has not seen that it made the change: another run or person may have.
    AlreadySo {
        /// What was found.
        detail: Message,
        /// Whether the portal still works on it.
        settling: bool,
    },
    /// People who operate the portal were asked to make the change; its next export shows it.
    HandedOver {
        /// The file that asks for it.
        file: String,
    },
    /// The change was not made.
    Failed {
        /// Why.
        why: Message,
    },
    /// It is not known whether the change was made; the next run finds out.
    Unknown {
        /// Why.
        why: Message,
    },
    /// The change was not tried.
    Skipped {
        /// Why.
        why: Message,
        /// Because a person or the system interrupted the run.
        interrupted: bool,
    },
}

words! {
    /// The outcome as one word, as in records.
    pub enum OutcomeKind {
        /// [`Outcome::Applied`].
        Applied = "applied",
        /// [`Outcome::AlreadySo`].
        AlreadySo = "already-so",
        /// [`Outcome::HandedOver`].
        HandedOver = "handed-over",
        /// [`Outcome::Failed`].
        Failed = "failed",
        /// [`Outcome::Unknown`].
        Unknown = "unknown",
        /// [`Outcome::Skipped`].
        Skipped = "skipped",
    }
}

impl OutcomeKind {
    /// Whether it is still open if the change was made or will be made.
    pub fn is_open(self) -> bool {
        match self {
            Self::HandedOver | Self::Unknown => true,
            Self::Applied | Self::AlreadySo | Self::Failed | Self::Skipped => false,
        }
    }

    /// Whether it says that the mailbox is as the request wants it.
    pub fn is_done(self) -> bool {
        matches!(self, Self::Applied | Self::AlreadySo)
    }
}

impl Outcome {
    /// The kind of outcome.
    pub fn kind(&self) -> OutcomeKind {
        match self {
            Self::Applied { .. } => OutcomeKind::Applied,
            Self::AlreadySo { .. } => OutcomeKind::AlreadySo,
            Self::HandedOver { .. } => OutcomeKind::HandedOver,
            Self::Failed { .. } => OutcomeKind::Failed,
            Self::Unknown { .. } => OutcomeKind::Unknown,
            Self::Skipped { .. } => OutcomeKind::Skipped,
        }
    }

    /// The word in outputs.
    pub fn as_str(&self) -> &'static str {
        self.kind().as_str()
    }

    /// Its cause or further details.
    pub fn detail(&self) -> Option<Message> {
        match self {
            Self::Applied { settling } => settling.then(|| message!("outcome-settling")),
            Self::AlreadySo { detail, .. } => Some(detail.clone()),
            Self::HandedOver { file } => Some(file.into()),
            Self::Failed { why } | Self::Unknown { why } | Self::Skipped { why, .. } => {
                Some(why.clone())
            }
        }
    }

    /// Whether the portal has accepted the change and still works on it.
    pub fn is_settling(&self) -> bool {
        matches!(
            self,
            Self::Applied { settling: true, .. } | Self::AlreadySo { settling: true, .. }
        )
    }

    /// The outcome after the portal has finished successfully.
    #[must_use]
    pub fn into_settled(mut self) -> Self {
        if let Self::Applied { settling, .. } | Self::AlreadySo { settling, .. } = &mut self {
            *settling = false;
        }
        self
    }

    /// Whether the mailbox is, or will soon be, as the request says.
    pub fn is_done_or_handed_over(&self) -> bool {
        self.kind().is_done() || self.kind() == OutcomeKind::HandedOver
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settling_ends_when_the_portal_is_done() {
        let made = |settling| Outcome::Applied { settling };
        let found = |settling| Outcome::AlreadySo { settling, detail: "x".into() };
        for settling in [true, false] {
            for outcome in [made(settling), found(settling)] {
                assert_eq!(outcome.is_settling(), settling);
                assert!(!outcome.into_settled().is_settling());
            }
        }
        assert!(!Outcome::Failed { why: "x".into() }.is_settling());
    }
}
