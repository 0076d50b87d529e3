//! What every request needs: the store, the options, and what is derived from them once. May not
//! know HTTP or users.

use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use super::archive::TransitionTiming;
use super::faults::FaultInjector;
use super::options::{Options, wall_clock_millis};
use super::store::Store;

/// What every request of one portal needs.
#[derive(Debug)]
pub(crate) struct PortalContext {
    pub(crate) store: Store,
    pub(crate) options: Options,
    /// The address of SCIM, as in `meta.location`.
    pub(crate) base: String,
    pub(crate) token_digest: [u8; 32],
    pub(crate) request_faults: FaultInjector,
}

impl PortalContext {
    /// Opens the store.
    ///
    /// # Errors
    /// A database that cannot be used.
    pub(crate) fn open(options: Options, base: String) -> rusqlite::Result<Self> {
        Ok(Self {
            store: Store::open(&options.database)?,
            token_digest: Sha256::digest(options.token.expose_secret().trim()).into(),
            request_faults: FaultInjector::new(&options),
            options,
            base,
        })
    }

    /// The rules of a write that happens now.
    pub(crate) fn transition_timing(&self) -> TransitionTiming {
        let options = &self.options;
        let delay = i64::try_from(options.provisioning_delay.as_millis()).unwrap_or(i64::MAX);
        let settles_at = wall_clock_millis().saturating_add(delay);
        TransitionTiming { now: options.clock.now(), settles_at: (delay > 0).then_some(settles_at) }
    }
}
