//! Whether a portal takes longer of late than it used to. Pure: durations come in, a word goes out.

use std::time::Duration;

/// How the latest request went, beside those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LatencyVerdict {
    /// As usual, or too early to tell.
    Usual,
    /// Markedly slower; it has been said already.
    Slow,
    /// Markedly slower, and enough were seen since it was last said.
    Slower,
}

/// How long requests of one purpose take: usually, and of late. In seconds.
#[derive(Debug, Default)]
pub(super) struct LatencyTrend {
    usual: f64,
    of_late: f64,
    /// Requests since the portal was last found slower.
    seen: u32,
}

/// Requests that are looked at before anything is said.
const ENOUGH: u32 = 16;
/// What one request weighs in the latest, and in the usual where that rises.
const LATEST: f64 = 1.0 / 8.0;
const DRIFT: f64 = 1.0 / 256.0;
/// Slower is more than twice the usual and this: nobody minds milliseconds.
const SLACK: f64 = 0.05;

impl LatencyTrend {
    /// Takes one more request into account. `at_least`: as few as may be are under way already, so
    /// that what is slow is so by itself.
    pub(super) fn add_duration(&mut self, took: Duration, at_least: bool) -> LatencyVerdict {
        let took = took.as_secs_f64();
        if self.usual == 0.0 {
            (self.usual, self.of_late) = (took, took);
        }
        self.of_late += (took - self.of_late) * LATEST;
        self.usual = self.usual.min(self.of_late);
        self.seen = self.seen.saturating_add(1);
        if self.of_late <= 2.0 * self.usual + SLACK {
            return LatencyVerdict::Usual;
        }
        if at_least {
            // No load of ours makes it so: in time this is its usual.
            self.usual += (self.of_late - self.usual) * DRIFT;
        }
        if self.seen < ENOUGH {
            return LatencyVerdict::Slow;
        }
        self.seen = 0;
        LatencyVerdict::Slower
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(trend: &mut LatencyTrend, times: usize, millis: u64) -> Vec<LatencyVerdict> {
        (0..times).map(|_| trend.add_duration(Duration::from_millis(millis), false)).collect()
    }

    #[test]
    fn reports_a_slow_portal_once_in_a_while() {
        let mut trend = LatencyTrend::default();
        assert!(run(&mut trend, 50, 100).iter().all(|pace| *pace == LatencyVerdict::Usual));
        let paces = run(&mut trend, 50, 400);
        let said = paces.iter().filter(|pace| **pace == LatencyVerdict::Slower).count();
        assert!((2..=3).contains(&said), "{paces:?}");
        assert_eq!(paces.last(), Some(&LatencyVerdict::Slow));
    }

    #[test]
    fn ignores_single_hangs_and_milliseconds() {
        let mut trend = LatencyTrend::default();
        run(&mut trend, 50, 100);
        assert_eq!(run(&mut trend, 1, 900), [LatencyVerdict::Usual]);
        let mut quick = LatencyTrend::default();
        run(&mut quick, 50, 1);
        assert!(run(&mut quick, 50, 40).iter().all(|pace| *pace == LatencyVerdict::Usual));
    }

    #[test]
    fn slowness_without_load_becomes_usual() {
        for (at_least, expected) in [(true, LatencyVerdict::Usual), (false, LatencyVerdict::Slow)] {
            let mut trend = LatencyTrend::default();
            run(&mut trend, 50, 100);
            let last = (0..1_003).map(|_| trend.add_duration(Duration::from_millis(400), at_least));
            assert_eq!(last.last(), Some(expected));
        }
    }
}
