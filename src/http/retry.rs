//! How long to wait before a request is sent again. Pure but for the jitter: sends nothing and sleeps
//! nowhere; the wall clock is passed in.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBuilder};

/// Delays that double, each with full jitter: anything from nothing to the whole delay, so that
/// clients that failed together do not come back together.
pub fn retry_delays(
    first: Duration,
    longest: Duration,
    retries: usize,
) -> impl Iterator<Item = Duration> + Send {
    let doubling = ExponentialBuilder::new()
        .with_min_delay(first)
        .with_max_delay(longest)
        .with_max_times(retries);
    // backon adds up to a whole delay on top; less the delay itself that is full jitter.
    doubling
        .with_jitter()
        .build()
        .zip(doubling.build())
        .map(|(jittered, plain)| jittered.saturating_sub(plain))
}

/// Reads Retry-After: seconds or an HTTP-date (RFC 9110 section 10.2.3). What is neither is none.
pub(super) fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a u64 holds is a long time all the same.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_with_full_jitter() {
        for _ in 0..50 {
            let delays: Vec<_> =
                retry_delays(Duration::from_millis(100), Duration::from_millis(250), 4).collect();
            assert_eq!(delays.len(), 4);
            for (delay, most) in delays.iter().zip([100, 200, 250, 250]) {
                assert!(*delay <= Duration::from_millis(most), "{delay:?} > {most} ms");
            }
        }
        let many: Vec<_> = (0..50)
            .filter_map(|_| retry_delays(Duration::from_secs(1), Duration::from_secs(1), 1).next())
            .collect();
        assert!(many.iter().any(|delay| *delay < Duration::from_millis(500)));
        assert!(many.iter().any(|delay| *delay > Duration::from_millis(500)));
    }

    #[test]
    fn reads_retry_after_as_seconds_or_date() {
        let now = httpdate::parse_http_date("Mon, 23 Nov 2026 08:00:00 GMT").expect("a date");
        for (value, expected) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("Mon, 23 Nov 2026 08:01:30 GMT", Some(90)),
            ("Mon, 23 Nov 2026 07:00:00 GMT", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(
                parse_retry_after(value, now),
                expected.map(Duration::from_secs),
                "{value:?}"
            );
        }
    }
}
