//! Runs the development portal, and inspects a real one.

pub(crate) mod inspect;
#[cfg(feature = "embedded")]
pub(crate) mod serve;
