//! Faults for rehearsals: latency, a rate limit and errors, before a request does anything.
//! May not know SCIM or the store.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{StatusCode, header};

use super::error::{ScimError, ScimResult};
use super::options::Options;

/// Where the sequence of faults begins; each portal gives the same faults.
const SEED: u64 = 7;

/// What every request passes through.
#[derive(Debug)]
pub(crate) struct FaultInjector {
    latency: Duration,
    bucket: Option<Mutex<TokenBucket>>,
    fault_rate: f64,
    /// The state of the random numbers that choose faults.
    faults: AtomicU64,
}

/// A token bucket of one second's requests.
#[derive(Debug)]
struct TokenBucket {
    per_second: f64,
    tokens: f64,
    filled: Instant,
}

impl TokenBucket {
    fn take_token(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.filled = now;
        self.tokens = (self.tokens + passed * self.per_second).min(self.per_second);
        let granted = self.tokens >= 1.0;
        if granted {
            self.tokens -= 1.0;
        }
        granted
    }
}

impl FaultInjector {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            latency: options.latency,
            bucket: options.rate_limit.map(|limit| {
                let per_second = f64::from(limit.get());
                Mutex::new(TokenBucket { per_second, tokens: per_second, filled: Instant::now() })
            }),
            fault_rate: options.fault_rate,
            faults: AtomicU64::new(SEED),
        }
    }

    /// Lets a request through, delays it, or refuses it.
    ///
    /// # Errors
    /// 429 with Retry-After above the rate limit; 500 or 503 for a fault.
    pub(crate) async fn delay_or_refuse(&self) -> ScimResult<()> {
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        if let Some(bucket) = &self.bucket {
            let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
            if !bucket.take_token(Instant::now()) {
                let status = StatusCode::TOO_MANY_REQUESTS;
                let error = ScimError::new(status, "the request rate is above the limit");
                return Err(error.with_header(header::RETRY_AFTER, "1"));
            }
        }
        self.fail_at_random()
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014): the same seed gives the same faults.
    fn next_random(&self) -> u64 {
        let step = 0x9e37_79b9_7f4a_7c15;
        let mut mixed = self.faults.fetch_add(step, Relaxed).wrapping_add(step);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn fail_at_random(&self) -> ScimResult<()> {
        let drawn = self.next_random();
        // The upper 53 bits as a fraction; the lowest bit decides which fault.
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let fraction = (drawn >> 11) as f64 / (1_u64 << 53) as f64;
        if fraction >= self.fault_rate {
            return Ok(());
        }
        let status = if drawn & 1 == 0 {
            StatusCode::INTERNAL_SERVER_ERROR
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        Err(ScimError::new(status, "a requested fault"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(rate: f64) -> Vec<u16> {
        let request_faults =
            FaultInjector::new(&Options { fault_rate: rate, ..Options::new("token".into()) });
        (0..1000)
            .map(|_| {
                request_faults.fail_at_random().err().map_or(200, |error| error.status.as_u16())
            })
            .collect()
    }

    #[test]
    fn faults_follow_their_rate() {
        let some = outcomes(0.2);
        let faults = some.iter().filter(|status| **status != 200).count();
        assert!((150..250).contains(&faults), "{faults}");
        assert!(some.contains(&500) && some.contains(&503));
        assert_eq!(some, outcomes(0.2));
        assert!(outcomes(1.0).iter().all(|status| *status != 200));
    }

    #[test]
    fn bucket_keeps_its_rate_and_refills() {
        let start = Instant::now();
        let mut bucket = TokenBucket { per_second: 2.0, tokens: 2.0, filled: start };
        let taken: Vec<bool> = (0..3).map(|_| bucket.take_token(start)).collect();
        assert_eq!(taken, [true, true, false]);
        assert!(bucket.take_token(start + Duration::from_millis(500)));
        assert!(!bucket.take_token(start + Duration::from_millis(500)));
    }
}
