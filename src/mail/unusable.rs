//! Why mail cannot be set up. Knows nothing of how it is.

/// Why mail cannot be set up, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// What was found.
    pub why: String,
    /// What to do.
    pub help: String,
}
