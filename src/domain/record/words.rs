//! The words of records: what became of a change that was left open and of a notice, and what a
//! notice tells. On disk they are in small letters, with hyphens. Pure.

words! {
    /// What became of a change that an earlier run left open.
    pub enum Settlement {
        /// The portal shows that it was made.
        Applied = "applied",
        /// It is done, and the portal cannot say by whom.
        AlreadySo = "already-so",
        /// It was not made.
        NotApplied = "not-applied",
        /// Nobody knows.
        Unknown = "unknown",
    }
}

impl Settlement {
    /// Whether it says that the mailbox is as the request wants it.
    pub fn is_done(self) -> bool {
        matches!(self, Self::Applied | Self::AlreadySo)
    }
}

words! {
    /// What became of a notice.
    pub enum DeliveryOutcome {
        /// A mail server took it.
        Sent = "sent",
        /// It was written to a file, to be printed.
        Printed = "printed",
        /// A mail server refused it for good.
        Refused = "refused",
        /// It was not given, and is tried again.
        Deferred = "deferred",
        /// Nobody knows whether it arrived.
        Unknown = "unknown",
    }
}

impl DeliveryOutcome {
    /// Whether the notice was given.
    pub fn is_given(self) -> bool {
        matches!(self, Self::Sent | Self::Printed)
    }
}

words! {
    /// What a notice tells.
    pub enum NoticeKind {
        /// The request arrived and waits for its approval.
        Received = "received",
        /// It is approved, and is carried out from its day on.
        Approved = "approved",
        /// It cannot be carried out now.
        Blocked = "blocked",
        /// The archive is enabled.
        Enabled = "enabled",
        /// The archive is terminated.
        Terminated = "terminated",
        /// Another request was withdrawn.
        Withdrawn = "withdrawn",
    }
}
