//! `Pacer`: when the next cycle begins. Arithmetic only: no clock, no lock.
//!
//! As in Go (`src/runtime/mgcpacer.go`): the heap may grow by GOGC percent of what the collector had to look at, live heap
//! and roots alike:
//! ```text
//!   goal = live + (live + stacks + globals) * GOGC / 100,   at least 4 MiB * GOGC / 100
//! ```
//! With the world stopped for marking, the trigger is the goal itself: nothing is allocated while it runs.

/// What one cycle found, in bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Pacer {
    /// Objects reached.
    pub live_bytes: u64,
    /// Stacks scanned.
    pub stack_bytes: u64,
    /// Globals with pointers.
    pub globals_bytes: u64,
}

/// The least goal at GOGC=100. A smaller one would collect tiny heaps over and over; a larger one would show in every small
/// program's memory. It is Go's.
pub const MIN_GOAL_BYTES: u64 = 4 << 20;

impl Pacer {
    /// Size of the heap at which the next cycle begins; `u64::MAX` when `gogc` is off.
    pub fn goal_bytes(&self, gogc: Option<u32>) -> u64 {
        let Some(percent) = gogc else { return u64::MAX };
        let share = |bytes: u64| {
            u64::try_from(u128::from(bytes) * u128::from(percent) / 100).unwrap_or(u64::MAX)
        };
        let looked_at = self
            .live_bytes
            .saturating_add(self.stack_bytes)
            .saturating_add(self.globals_bytes);
        self.live_bytes
            .saturating_add(share(looked_at))
            .max(share(MIN_GOAL_BYTES))
    }

    /// Bytes of dirty free pages worth keeping when the heap is expected to grow to `wanted_bytes` again: that and a tenth, as
    /// Go keeps, less what is in use.
    pub fn retained_bytes(wanted_bytes: u64, in_use_bytes: u64) -> u64 {
        wanted_bytes
            .saturating_add(wanted_bytes / 10)
            .saturating_sub(in_use_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_goal_doubles_the_live_heap_and_counts_roots() {
        let pacer = Pacer {
            live_bytes: 10 << 20,
            stack_bytes: 2 << 20,
            globals_bytes: 1 << 20,
        };
        assert_eq!(pacer.goal_bytes(Some(100)), 23 << 20);
        assert_eq!(pacer.goal_bytes(Some(50)), (10 << 20) + (13 << 19));
    }

    #[test]
    fn a_small_heap_has_the_floor() {
        assert_eq!(Pacer::default().goal_bytes(Some(100)), 4 << 20);
        assert_eq!(Pacer::default().goal_bytes(Some(25)), 1 << 20);
        assert_eq!(Pacer::default().goal_bytes(Some(0)), 0);
    }

    #[test]
    fn off_and_huge_never_overflow() {
        let pacer = Pacer {
            live_bytes: u64::MAX / 2,
            stack_bytes: u64::MAX,
            globals_bytes: 1,
        };
        assert_eq!(pacer.goal_bytes(None), u64::MAX);
        assert_eq!(pacer.goal_bytes(Some(u32::MAX)), u64::MAX);
        assert_eq!(Pacer::retained_bytes(u64::MAX, 5), u64::MAX - 5);
        assert_eq!(Pacer::retained_bytes(100, 500), 0);
    }
}
