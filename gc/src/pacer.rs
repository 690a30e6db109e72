//! `Pacer`: when the next cycle begins. Arithmetic only: no clock, no lock.
//!
//! As in Go (`src/runtime/mgcpacer.go`): the heap may grow by GOGC percent of what the collector had to look at, live heap
//! and roots alike:
//! ```text
//!   goal = live + (live + stacks + globals) * GOGC / 100,   at least 4 MiB * GOGC / 100
//! ```
//! The memory limit lowers the goal, but not below what is live and a twentieth: a limit that cannot be kept must not have
//! the program do nothing but collect.
//!
//! A cycle begins before the goal, at the **trigger**: as much before as the last cycle saw allocated while it marked, and a
//! half more, since half of that is what a cycle is off by; at least a twentieth of the way from live to goal, at most
//! half. With the world stopped for marking, the trigger is the goal itself: nothing is allocated while it runs.

/// What one cycle found, in bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Pacer {
    /// Objects reached.
    pub live_bytes: u64,
    /// Stacks scanned.
    pub stack_bytes: u64,
    /// Globals with pointers.
    pub globals_bytes: u64,
    /// The heap, live and dead, when marking ended.
    pub heap_bytes: u64,
    /// What was allocated while it was under way.
    pub allocated_while_marking_bytes: u64,
}

/// The least goal at GOGC=100. A smaller one would collect tiny heaps over and over; a larger one would show in every small
/// program's memory. It is Go's.
pub const MIN_GOAL_BYTES: u64 = 4 << 20;

impl Pacer {
    /// Size that the heap may have when the next cycle ends; `u64::MAX` when `gogc` is off and nothing limits it.
    pub fn goal_bytes(&self, gogc: Option<u32>, limit_bytes: u64) -> u64 {
        let share = |bytes: u64, percent: u32| {
            u64::try_from(u128::from(bytes) * u128::from(percent) / 100).unwrap_or(u64::MAX)
        };
        let looked_at = self
            .live_bytes
            .saturating_add(self.stack_bytes)
            .saturating_add(self.globals_bytes);
        let by_growth = gogc.map_or(u64::MAX, |percent| {
            self.live_bytes
                .saturating_add(share(looked_at, percent))
                .max(share(MIN_GOAL_BYTES, percent))
        });
        if limit_bytes >= crate::NO_LIMIT {
            return by_growth;
        }
        // Fragmentation and tables take their part of the limit.
        let by_limit = share(limit_bytes, LIMIT_PERCENT)
            .saturating_sub(self.stack_bytes)
            .saturating_sub(self.globals_bytes)
            .max(self.live_bytes.saturating_add(self.live_bytes / 20))
            .max(MIN_LIMITED_GOAL_BYTES);
        by_growth.min(by_limit)
    }

    /// Size of the heap at which the cycle begins that is to end at `goal_bytes`.
    pub fn trigger_bytes(&self, goal_bytes: u64) -> u64 {
        if goal_bytes == u64::MAX {
            return u64::MAX;
        }
        let way = goal_bytes.saturating_sub(self.live_bytes);
        let head_start = self
            .allocated_while_marking_bytes
            .saturating_add(self.allocated_while_marking_bytes / 2)
            .clamp(way / 20, way / 2);
        goal_bytes - head_start
    }

    /// Bytes of dirty free pages worth keeping when the heap is expected to grow to `wanted_bytes` again: that and a tenth, as
    /// Go keeps, less what is in use.
    pub fn retained_bytes(wanted_bytes: u64, in_use_bytes: u64) -> u64 {
        wanted_bytes
            .saturating_add(wanted_bytes / 10)
            .saturating_sub(in_use_bytes)
    }
}

/// The part of the memory limit that objects may fill.
const LIMIT_PERCENT: u32 = 90;

/// The least goal under a memory limit.
const MIN_LIMITED_GOAL_BYTES: u64 = 256 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NO_LIMIT;

    fn found(live_bytes: u64) -> Pacer {
        Pacer {
            live_bytes,
            stack_bytes: 2 << 20,
            globals_bytes: 1 << 20,
            ..Pacer::default()
        }
    }

    #[test]
    fn the_goal_doubles_the_live_heap_and_counts_roots() {
        let pacer = found(10 << 20);
        assert_eq!(pacer.goal_bytes(Some(100), NO_LIMIT), 23 << 20);
        assert_eq!(
            pacer.goal_bytes(Some(50), NO_LIMIT),
            (10 << 20) + (13 << 19)
        );
    }

    #[test]
    fn a_small_heap_has_the_floor() {
        let pacer = Pacer::default();
        assert_eq!(pacer.goal_bytes(Some(100), NO_LIMIT), 4 << 20);
        assert_eq!(pacer.goal_bytes(Some(25), NO_LIMIT), 1 << 20);
        assert_eq!(pacer.goal_bytes(Some(0), NO_LIMIT), 0);
    }

    #[test]
    fn off_and_huge_never_overflow() {
        let pacer = Pacer {
            live_bytes: u64::MAX / 2,
            stack_bytes: u64::MAX,
            globals_bytes: 1,
            ..Pacer::default()
        };
        assert_eq!(pacer.goal_bytes(None, NO_LIMIT), u64::MAX);
        assert_eq!(pacer.goal_bytes(Some(u32::MAX), NO_LIMIT), u64::MAX);
        assert_eq!(pacer.trigger_bytes(u64::MAX), u64::MAX);
        assert_eq!(Pacer::retained_bytes(u64::MAX, 5), u64::MAX - 5);
        assert_eq!(Pacer::retained_bytes(100, 500), 0);
    }

    #[test]
    fn a_limit_lowers_the_goal_but_leaves_room_to_work() {
        let limit = 100 << 20;
        let goal = found(40 << 20).goal_bytes(None, limit);
        assert_eq!(goal, (90 << 20) - (3 << 20));
        assert_eq!(found(10 << 20).goal_bytes(Some(100), limit), 23 << 20);
        let beyond = found(200 << 20);
        assert_eq!(beyond.goal_bytes(Some(100), limit), 210 << 20);
    }

    #[test]
    fn the_trigger_leaves_time_to_mark() {
        let mut pacer = found(100 << 20);
        let goal = 200 << 20;
        assert_eq!(pacer.trigger_bytes(goal), 195 << 20);
        pacer.allocated_while_marking_bytes = 10 << 20;
        assert_eq!(pacer.trigger_bytes(goal), 185 << 20);
        pacer.allocated_while_marking_bytes = 90 << 20;
        assert_eq!(pacer.trigger_bytes(goal), 150 << 20);
        assert_eq!(pacer.trigger_bytes(50 << 20), 50 << 20);
    }
}
