//! The stages of a request, from its receipt to its end. Pure.

/// How far a request, or one mailbox of it, has come. The order is that of urgency: what stands
/// before another says more about a request of several mailboxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Received, and waits for the approver (procedure step 2).
    Pending,
    /// It is wanted and cannot be done; someone has to look.
    Blocked,
    /// Approved and due; the next run does it (step 3).
    Waiting,
    /// The portal is working on it.
    InProgress,
    /// Approved, and its day has not come.
    Scheduled,
    /// It was done; of a withdrawal, it counts.
    Done,
    /// Another request decides, and nothing says that this one was done before.
    Superseded,
    /// It counts as never made.
    Withdrawn,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Blocked,
        Self::Waiting,
        Self::InProgress,
        Self::Scheduled,
        Self::Done,
        Self::Superseded,
        Self::Withdrawn,
    ];

    /// Its word in outputs, and its key among the texts (`stage.…`).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Blocked => "blocked",
            Self::Waiting => "waiting",
            Self::InProgress => "in-progress",
            Self::Scheduled => "scheduled",
            Self::Done => "done",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Who has to act next, as a key among the texts (`waits.…`); nobody where it is closed.
    pub fn waits_for(self) -> Option<&'static str> {
        match self {
            Self::Pending => Some("approver"),
            Self::Blocked => Some("administrator"),
            Self::Waiting => Some("run"),
            Self::InProgress => Some("portal"),
            Self::Scheduled => Some("day"),
            Self::Done | Self::Superseded | Self::Withdrawn => None,
        }
    }

    /// Whether something is still to be done.
    pub fn is_open(self) -> bool {
        self.waits_for().is_some()
    }
}
