//! The stages of a request, from its receipt to its end. Pure.

words! {
    /// How far a request, or one mailbox of it, has come; the most urgent stage first. A request
    /// of several mailboxes has the first of their stages.
    pub enum Stage {
        /// Received, and waits for the approver (procedure step 2).
        Pending = "pending",
        /// It cannot be done; someone has to look.
        Blocked = "blocked",
        /// Approved and due; the next run does it (step 3).
        Waiting = "waiting",
        /// The portal is working on it.
        InProgress = "in-progress",
        /// Approved and not due yet.
        Scheduled = "scheduled",
        /// It was done; a withdrawal has taken effect.
        Done = "done",
        /// Another request decides, and there is no sign that this one was done before.
        Superseded = "superseded",
        /// It was withdrawn and no longer counts.
        Withdrawn = "withdrawn",
    }
}

impl Stage {
    /// Who has to act next, as a key of the texts (`waits.…`); `None` if it is closed.
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

    /// Whether it is still open.
    pub fn is_open(self) -> bool {
        self.waits_for().is_some()
    }
}
