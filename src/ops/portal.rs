//! The development portal by itself, and a look at a real one.

pub(crate) mod inspect;
#[cfg(feature = "embedded")]
pub(crate) mod serve;
