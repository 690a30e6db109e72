//! `Pacer`: when the next cycle begins. Arithmetic only: no clock, no lock.
//!
//! As in Go (`src/runtime/mgcpacer.go`): the heap may grow by GOGC percent of what the collector had to look at, live heap
//! and roots alike:
//! ```text
//!   goal = live + (live + stacks + globals) * GOGC / 100,   at least 4 MiB * GOGC / 100
//! ```
//! A goal bounds what is dead when the next cycle finds it. While the program builds something, nothing is: a cycle only finds out
//! whether that is over, and what is built is looked at again and again. Then a quarter less is added. It costs a sixth more marking
//! until the structure stands, and saves a quarter of the garbage that is there when a cycle notices that it was dropped.
//!
//! The memory limit lowers the goal, but not below what is live and a twentieth: a limit that cannot be kept must not have
//! the program do nothing but collect.
//!
//! A cycle begins before the goal, at the **trigger**, so that marking ends when the heap reaches the goal: as much before as
//! mutators allocate, when they do nothing else, while the collector's own thread marks what lives. Both speeds are those of
//! the last cycles. At least a twentieth of the way from live to goal, at most three tenths: what is allocated while marking
//! lives until the next cycle, so beginning early to spare mutators work makes for a larger heap. A program that allocates
//! faster than that leaves time for marks some of it itself, see [`Runway`]. With the world stopped for marking, the trigger is
//! the goal: nothing is allocated while it runs.

use crate::generation::Generations;

/// What one cycle found, in bytes.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Pacer {
    /// Objects reached, and those that were not looked at since they are old.
    pub live_bytes: u64,
    /// What is known of young and old.
    pub generations: Generations,
    /// Stacks scanned.
    pub stack_bytes: u64,
    /// Globals with pointers.
    pub globals_bytes: u64,
    /// The heap, live and dead, when marking ended.
    pub heap_bytes: u64,
    /// What was allocated while it was under way.
    pub allocated_while_marking_bytes: u64,
    /// Bytes that a program like this one allocates while the collector's thread marks a byte.
    pub cons_mark_ratio: f64,
}

/// The way of the heap from trigger to goal, on which the marking is to be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Runway {
    /// Size of the heap when marking began.
    pub start_bytes: u64,
    /// Size at which it should be over.
    pub goal_bytes: u64,
    /// What is to be marked.
    pub work_bytes: u64,
}

impl Runway {
    /// Size that the heap may have by now, `marked_bytes` being marked. The first thirtieth of the work is not asked for: the
    /// markers have just been woken. Beyond the goal no work is enough.
    pub fn covered_bytes(&self, marked_bytes: u64) -> u64 {
        let way_bytes = self.goal_bytes.saturating_sub(self.start_bytes);
        let done = (marked_bytes as f64 / self.work_bytes.max(1) as f64 + 1.0 / 32.0).min(1.0);
        self.start_bytes
            .saturating_add((way_bytes as f64 * done) as u64)
            .min(self.goal_bytes)
    }

    /// Size beyond which the goal is missed by more than a little.
    pub fn far_out_bytes(&self) -> u64 {
        self.goal_bytes.saturating_add(self.goal_bytes / 16)
    }
}

/// What a cycle measured of the speeds of marking and allocating.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Speeds {
    /// Bytes marked.
    pub marked_bytes: u64,
    /// Bytes allocated meanwhile.
    pub allocated_bytes: u64,
    /// How long that took, by the clock.
    pub elapsed_ns: u64,
    /// Processor time of mutators that marked.
    pub assist_ns: u64,
    /// Mutators that could run at a time.
    pub mutators: u64,
}

impl Speeds {
    /// As [`Pacer::cons_mark_ratio`]: what was allocated would have been more without assists, what was marked less. Half of it
    /// is what was known before, `former`.
    pub fn cons_mark_ratio(&self, former: f64) -> f64 {
        if self.marked_bytes == 0 || self.elapsed_ns == 0 {
            return former;
        }
        let mutator_ns = (self.elapsed_ns * self.mutators.max(1)) as f64;
        let allocating = (1.0 - self.assist_ns as f64 / mutator_ns).max(0.05);
        let marking = 1.0 + self.assist_ns as f64 / self.elapsed_ns as f64;
        let ratio = self.allocated_bytes as f64 / self.marked_bytes as f64 * marking / allocating;
        if former == 0.0 {
            ratio
        } else {
            f64::midpoint(former, ratio)
        }
    }
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
            .generations
            .full_live_bytes
            .saturating_add(self.stack_bytes)
            .saturating_add(self.globals_bytes);
        let growth = if self.generations.is_building() {
            share(looked_at, BUILDING_PERCENT)
        } else {
            looked_at
        };
        let by_growth = gogc.map_or(u64::MAX, |percent| {
            self.generations
                .full_live_bytes
                .saturating_add(share(growth, percent))
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

    /// Size of the heap at which the cycle begins that is to end at `goal_bytes`, a young one or a full one.
    pub fn trigger_bytes(&self, goal_bytes: u64, is_young: bool) -> u64 {
        if goal_bytes == u64::MAX {
            return u64::MAX;
        }
        let way = goal_bytes.saturating_sub(self.live_bytes);
        let head_start =
            (self.work_bytes(goal_bytes, is_young) as f64 * self.cons_mark_ratio) as u64;
        let head_start = head_start.clamp(way / 20, way / 10 * 3);
        goal_bytes - head_start
    }

    /// Bytes of the objects that are old now.
    pub fn old_bytes(&self) -> u64 {
        self.live_bytes
            .saturating_sub(self.allocated_while_marking_bytes)
    }

    /// What the next cycle will have to mark, which begins with a heap of about `start_bytes`: of what was allocated while this
    /// one marked, half is taken for dead; of the young, as much as lately.
    pub fn work_bytes(&self, start_bytes: u64, is_young: bool) -> u64 {
        if is_young {
            let young_bytes = start_bytes.saturating_sub(self.old_bytes());
            return (young_bytes as f64 * self.generations.survival) as u64;
        }
        self.live_bytes
            .saturating_sub(self.allocated_while_marking_bytes / 2)
    }

    /// The way of a cycle that begins with a heap of `start_bytes`.
    pub fn runway(&self, start_bytes: u64, goal_bytes: u64, is_young: bool) -> Runway {
        Runway {
            start_bytes,
            // A goal already reached, since it was lowered, still leaves some way.
            goal_bytes: goal_bytes.max(start_bytes.saturating_add(start_bytes / 20)),
            // Of the first cycle nothing is known.
            work_bytes: if self.live_bytes == 0 {
                start_bytes
            } else {
                self.work_bytes(start_bytes, is_young)
            },
        }
    }

    /// Bytes that the heap is expected to take when it grows to `goal_bytes`, having taken `peak_bytes` on its way to
    /// `last_goal_bytes`: in proportion, and at least the goal.
    pub fn expected_bytes(peak_bytes: u64, last_goal_bytes: u64, goal_bytes: u64) -> u64 {
        let ratio = goal_bytes as f64 / last_goal_bytes.max(1) as f64;
        ((peak_bytes as f64 * ratio.min(1.0)) as u64).max(goal_bytes)
    }

    /// Bytes of dirty free pages worth keeping when the heap is expected to grow to `wanted_bytes` again: that and a tenth, as
    /// Go keeps, less what is in use.
    pub fn retained_bytes(wanted_bytes: u64, in_use_bytes: u64) -> u64 {
        wanted_bytes
            .saturating_add(wanted_bytes / 10)
            .saturating_sub(in_use_bytes)
    }
}

/// The part of the growth that a structure under construction gets.
const BUILDING_PERCENT: u32 = 75;

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
            generations: Generations {
                full_live_bytes: live_bytes,
                survival: 0.5,
                ..Generations::default()
            },
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
    fn less_is_added_while_all_that_is_made_lives() {
        let mut pacer = found(10 << 20);
        pacer.generations.survival = 0.95;
        let growth = (13 << 20) * 3 / 4;
        assert_eq!(pacer.goal_bytes(Some(100), NO_LIMIT), (10 << 20) + growth);
        assert_eq!(
            pacer.goal_bytes(Some(200), NO_LIMIT),
            (10 << 20) + 2 * growth
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
            generations: Generations {
                full_live_bytes: u64::MAX / 2,
                survival: 1.0,
                ..Generations::default()
            },
            stack_bytes: u64::MAX,
            globals_bytes: 1,
            ..Pacer::default()
        };
        assert_eq!(pacer.goal_bytes(None, NO_LIMIT), u64::MAX);
        assert_eq!(pacer.goal_bytes(Some(u32::MAX), NO_LIMIT), u64::MAX);
        assert_eq!(pacer.trigger_bytes(u64::MAX, false), u64::MAX);
        assert_eq!(Pacer::retained_bytes(u64::MAX, 5), u64::MAX - 5);
        assert_eq!(Pacer::retained_bytes(100, 500), 0);
    }

    #[test]
    fn pages_are_expected_to_be_needed_in_proportion() {
        assert_eq!(Pacer::expected_bytes(120, 100, 100), 120);
        assert_eq!(Pacer::expected_bytes(120, 100, 50), 60);
        assert_eq!(Pacer::expected_bytes(120, 100, 300), 300);
        assert_eq!(Pacer::expected_bytes(60, 100, 100), 100);
        assert_eq!(Pacer::expected_bytes(60, 0, 100), 100);
        assert_eq!(Pacer::expected_bytes(60, 100, u64::MAX), u64::MAX);
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
        assert_eq!(pacer.trigger_bytes(goal, false), 195 << 20);
        pacer.cons_mark_ratio = 0.125;
        assert_eq!(pacer.trigger_bytes(goal, false), (200 << 20) - (100 << 17));
        pacer.cons_mark_ratio = 3.0;
        assert_eq!(pacer.trigger_bytes(goal, false), 170 << 20);
        assert_eq!(pacer.trigger_bytes(50 << 20, false), 50 << 20);
    }

    #[test]
    fn assists_count_as_speed_that_the_collector_lacks() {
        let alone = Speeds {
            marked_bytes: 100,
            allocated_bytes: 50,
            elapsed_ns: 1000,
            assist_ns: 0,
            mutators: 1,
        };
        assert!((alone.cons_mark_ratio(0.0) - 0.5).abs() < 1e-9);
        assert!((alone.cons_mark_ratio(1.5) - 1.0).abs() < 1e-9);
        // The mutator marked half of the time: it would allocate twice as much, and two thirds would be marked.
        let helped = Speeds {
            assist_ns: 500,
            ..alone
        };
        assert!((helped.cons_mark_ratio(0.0) - 1.5).abs() < 1e-9);
        assert!((Speeds::default().cons_mark_ratio(0.25) - 0.25).abs() < 1e-9);
    }

    #[test]
    fn the_runway_asks_for_work_in_proportion() {
        let runway = Runway {
            start_bytes: 100,
            goal_bytes: 420,
            work_bytes: 1000,
        };
        assert_eq!(runway.covered_bytes(0), 110);
        assert_eq!(runway.covered_bytes(500), 270);
        assert_eq!(runway.covered_bytes(1000), 420);
        assert_eq!(runway.covered_bytes(u64::MAX), 420);
        let beyond = Runway {
            goal_bytes: 50,
            ..runway
        };
        assert_eq!(beyond.covered_bytes(500), 50);
    }
}
