//! The policy's choices that are single words: language, kind of portal, provenance. Pure.

words! {
    /// The kinds of portal. Address and credentials come only from the environment.
    pub enum PortalKind {
        /// The development portal inside the process.
        Embedded = "embedded",
        /// A real portal that speaks SCIM 2.0.
        Scim = "scim",
        /// A real portal that people operate, with exports and bulk-change files.
        Files = "files",
    }
}

impl PortalKind {
    /// Whether it is only for rehearsals; changes to any other portal are real.
    pub fn is_rehearsal(self) -> bool {
        self == Self::Embedded
    }
}

words! {
    /// How an approval is verified.
    pub enum ApprovalProvenance {
        /// It is committed: arkib applies what is in the commit.
        Committed = "committed",
        /// The approver signed the commit that added the approval.
        Signed = "signed",
    }
}
