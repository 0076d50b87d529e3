//! The stages of a request, from its receipt to its end. Pure.

words! {
    /// How far a request, or one mailbox of it, has come. The order is that of urgency: what stands
    /// before another says more about a request of several mailboxes.
    pub enum Stage {
        /// Received, and waits for the approver (procedure step 2).
        Pending = "pending",
        /// It is wanted and cannot be done; someone has to look.
        Blocked = "blocked",
        /// Approved and due; the next run does it (step 3).
        Waiting = "waiting",
        /// The portal is working on it.
        InProgress = "in-progress",
        /// Approved, and its day has not come.
        Scheduled = "scheduled",
        /// It was done; of a withdrawal, it counts.
        Done = "done",
        /// Another request decides, and nothing says that this one was done before.
        Superseded = "superseded",
        /// It counts as never made.
        Withdrawn = "withdrawn",
    }
}

impl Stage {
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
