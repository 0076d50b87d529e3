//! Runs the development portal, inspects a real one, and proves a mapping on a test mailbox.

pub(crate) mod inspect;
pub(crate) mod rehearse;
#[cfg(feature = "embedded")]
pub(crate) mod serve;
