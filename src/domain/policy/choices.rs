//! The choices that a policy makes by a word: language, kind of portal, provenance of approvals. Pure.

words! {
    /// Language of notices and the register.
    pub enum Language {
        /// Malay.
        Malay = "ms",
        /// English.
        English = "en",
    }
}

words! {
    /// The kinds of portal. Address and credentials come from the environment alone.
    pub enum PortalKind {
        /// The development portal inside the process.
        Embedded = "embedded",
        /// A real portal that speaks SCIM 2.0.
        Scim = "scim",
        /// A real portal that people operate, by its exports and bulk-change files.
        Files = "files",
    }
}

impl PortalKind {
    /// Whether it is only for rehearsals; what is done to another has effects in the world.
    pub fn is_rehearsal(self) -> bool {
        self == Self::Embedded
    }
}

words! {
    /// How an approval is verified.
    pub enum Provenance {
        /// By being committed: what is applied is what the commit holds.
        Committed = "committed",
        /// By the approver's own signature on the commit that brought the approval.
        Signed = "signed",
    }
}
