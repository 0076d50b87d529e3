//! The words of records: settlements of open changes, outcomes of notices, and kinds of notices. On
//! disk they are in lower case with hyphens. Pure.

words! {
    /// The outcome of a change that an earlier run left open.
    pub enum Settlement {
        /// The portal shows it as done, and names its request. Which run made it is not known.
        SeenDone = "seen-done",
        /// It is done, but nothing says that this change did it.
        AlreadySo = "already-so",
        /// It was not made: the file that was to ask people for it never appeared.
        NotApplied = "not-applied",
        /// It is not known.
        Unknown = "unknown",
    }
}

impl Settlement {
    /// Whether it says that the mailbox is as the request wants it.
    pub fn is_done(self) -> bool {
        matches!(self, Self::SeenDone | Self::AlreadySo)
    }
}

words! {
    /// The outcome of a notice.
    pub enum DeliveryOutcome {
        /// A mail server accepted it.
        Sent = "sent",
        /// It was written to a file for printing.
        Printed = "printed",
        /// A mail server refused it for good.
        Refused = "refused",
        /// It was not given and will be tried again.
        Deferred = "deferred",
        /// It is not known whether it arrived.
        Unknown = "unknown",
    }
}

impl DeliveryOutcome {
    /// Whether the notice was given.
    pub fn is_sent_or_printed(self) -> bool {
        matches!(self, Self::Sent | Self::Printed)
    }
}

words! {
    /// What a notice reports.
    pub enum NoticeKind {
        /// The request arrived and waits for approval.
        Received = "received",
        /// It is approved and takes effect on its day.
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
