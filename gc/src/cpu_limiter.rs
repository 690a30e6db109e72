//! `CpuLimiter`: keeps a memory limit from having the program do little but collect.
//!
//! A leaky bucket, as in Go (`src/runtime/mgclimit.go`): the collector's processor time fills it, what is left to the program
//! drains it. Full, the collector took more than half for a while; then mutators no longer assist, so that the collector has at
//! most what its own thread gets, and the heap grows beyond the limit. Arithmetic only.

/// How much more time than the program the collector may take, for each processor, until it is limited: Go's second.
const CAPACITY_NS: u64 = 1_000_000_000;

/// The bucket.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct CpuLimiter {
    filled_ns: u64,
    is_full: bool,
}

impl CpuLimiter {
    /// Takes account of a time in which `processors` had `available_ns` in all, of which the collector took `collecting_ns`.
    pub(crate) fn update(&mut self, collecting_ns: u64, available_ns: u64, processors: u32) {
        let capacity_ns = CAPACITY_NS * u64::from(processors.max(1));
        let program_ns = available_ns.saturating_sub(collecting_ns);
        let level_ns = self
            .filled_ns
            .saturating_add(collecting_ns)
            .saturating_sub(program_ns);
        self.is_full = level_ns >= capacity_ns;
        self.filled_ns = level_ns.min(capacity_ns);
    }

    /// Whether mutators should be left alone.
    pub(crate) fn is_limiting(&self) -> bool {
        self.is_full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_limits_after_a_second_a_processor_of_more_than_half() {
        let mut limiter = CpuLimiter::default();
        for _ in 0..100 {
            limiter.update(50, 100, 2);
        }
        assert!(!limiter.is_limiting(), "half is allowed");
        for _ in 0..4 {
            assert!(!limiter.is_limiting());
            limiter.update(750_000_000, 1_000_000_000, 2);
        }
        assert!(limiter.is_limiting());
        // One time of less is enough to go on.
        limiter.update(10, 100, 2);
        assert!(!limiter.is_limiting());
        limiter.update(90, 100, 2);
        assert!(limiter.is_limiting());
    }

    #[test]
    fn the_bucket_is_not_less_than_empty() {
        let mut limiter = CpuLimiter::default();
        limiter.update(0, u64::MAX, 8);
        limiter.update(1_000_000_000, 1_000_000_000, 1);
        assert!(limiter.is_limiting());
    }
}
