//! Random numbers from a seed.

use std::sync::atomic::{AtomicU64, Ordering};

/// xorshift64: small, and the same everywhere. Shared by tasks, so the choices are the same as long
/// as the requests come in the same order.
pub struct Random(AtomicU64);

impl Random {
    pub fn new(seed: u64) -> Self {
        // Consecutive seeds must give unrelated numbers.
        Self(AtomicU64::new(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1))
    }

    fn next_number(&self) -> u64 {
        let next = |mut x: u64| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^ (x << 17)
        };
        let before = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |x| Some(next(x)));
        // The low bits are weak.
        next(before.unwrap_or(1)) >> 16
    }

    /// A number below the limit.
    pub fn below(&self, limit: usize) -> usize {
        (self.next_number() % limit.max(1) as u64) as usize
    }

    /// True so often in a thousand.
    pub fn chance_per_mille(&self, often: u64) -> bool {
        self.next_number() % 1_000 < often
    }

    /// A random element.
    pub fn pick<T: Copy>(&self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}
