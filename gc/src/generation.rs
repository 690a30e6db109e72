//! The two generations: which objects a marking need not look at.
//!
//! Most objects die young (Ungar, "Generation Scavenging", 1984). Objects do not move here, so what tells old from young is a
//! bit that is there already, the mark bit, which sticks (Demers, Weiser, Hayes, Boehm, Bobrow, Shenker, "Combining Generational
//! and Conservative Garbage Collection: Framework and Implementations", 1990):
//! - After a marking, all that it reached is **old**. What was allocated since it began is **young**, though black while it ran:
//!   much of it may be dead already. Sweeping leaves the mark bits of the old as they are.
//! - A **young cycle** is a cycle as any other, but for what it finds marked when it begins. Besides the roots it looks at the
//!   [cards](crate::cards) in which pointers were stored, for those from old objects to young ones. It frees nothing that is old.
//! - A **full cycle** begins with no marks at all.
//!
//! When a marking ends, it is decided which kind the next one will be ([`Generations::is_young_next`]), and sweeping keeps the
//! marks or wipes them accordingly. A full cycle that was not planned, since the program asked for it, wipes them first.
//!
//! What must hold (I11): every pointer from an old object to one allocated since the last stop A lies in a marked card. It can have
//! been stored only after that stop, when the cards were wiped. So a store may leave its card alone only if its target was
//! allocated with no safepoint since, is a root, or what it stores is no pointer to an object.
//!
//! Go built the same (`golang.org/issue/19839`) and gave it up, because its young objects die on the stack, and its barrier cost
//! more than was won. Here the barrier is four instructions without a branch, beside the test that is there in any case; and what
//! dies on the stack costs neither. Which kind of cycle pays is measured as the program runs, so one whose objects live long
//! has full cycles only.

use std::sync::atomic::Ordering::Relaxed;

use crate::heap::Heap;
use crate::pacer::Pacer;

/// Which cycles look at young objects only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Young {
    /// None: `gcyoung=0`.
    Never,
    /// Those for which that pays.
    #[default]
    Paced,
    /// All but every fourth, and those the program asks for: `gcyoung=2`, to test them.
    Often,
}

/// A full cycle comes after so many young ones at most, with [`Young::Often`].
const OFTEN: u32 = 4;

/// What the last cycles found about the lives of objects.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Generations {
    /// Bytes that the last full cycle found live, and of those allocated while it ran as many as can be expected to be, at least
    /// half. What became old since may be dead.
    pub full_live_bytes: u64,
    /// The part of the young that a cycle finds live, 0 to 1.
    pub survival: f64,
    /// Young cycles in a row that freed too little.
    pub disappointments: u32,
    /// Full cycles that have to come before another is tried.
    pub full_cycles_due: u32,
}

/// Beyond this survival a young cycle frees too little for what it looks at.
const MAX_SURVIVAL: f64 = 0.4;

/// With this survival something is being built.
const BUILDING_SURVIVAL: f64 = 0.9;

/// At least this part of what was allocated while marking counts as live. Go counts all of it; most is garbage, as a rule. But where
/// none is counted, a program that allocates fast has a third less room than with Go, and as many more cycles.
const MIN_BLACK_SURVIVAL: f64 = 0.5;

/// How much of the way from live to goal has to be left for young objects: with less, cycles would follow one another too soon.
const MIN_WAY_LEFT: f64 = 0.4;

/// So many young cycles in a row that free too little make no more difference: there is one in 32 cycles then. A full cycle cannot
/// tell whether it was the old that died, or the young; where the oldest always die first, as in a queue, it takes every young
/// cycle for a good idea.
const MAX_DISAPPOINTMENTS: u32 = 5;

/// What a cycle costs that marks nothing, in bytes that could be marked instead: some 200 us of stops, roots and threads woken.
const CYCLE_COST_BYTES: f64 = (256 << 10) as f64;

/// What a cycle saw of the young.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Cohort {
    /// Whether it was a young cycle.
    pub is_young: bool,
    /// Bytes that the cycle before had marked, and those it left alone as old.
    pub former_old_bytes: u64,
    /// Size when this one began.
    pub heap_bytes: u64,
    /// Bytes it marked.
    pub marked_bytes: u64,
    /// Bytes allocated meanwhile.
    pub black_bytes: u64,
}

impl Generations {
    /// After a cycle that saw `cohort`.
    #[must_use]
    pub fn after(self, cohort: Cohort) -> Self {
        let young_bytes = cohort.heap_bytes.saturating_sub(cohort.former_old_bytes);
        let survivors = if cohort.is_young {
            cohort.marked_bytes
        } else {
            // Of the old some may have died, which nobody can tell from the young.
            cohort.marked_bytes.saturating_sub(cohort.former_old_bytes)
        };
        let found = (survivors as f64 / young_bytes.max(1) as f64).min(1.0);
        // After a full cycle a young one is worth a try as soon as it may pay: it is the last for a while if it does not.
        let survival = if cohort.is_young {
            f64::midpoint(self.survival, found)
        } else {
            found
        };
        let (disappointments, full_cycles_due) = if !cohort.is_young {
            (self.disappointments, self.full_cycles_due.saturating_sub(1))
        } else if found < MAX_SURVIVAL {
            (0, 0)
        } else {
            let in_a_row = (self.disappointments + 1).min(MAX_DISAPPOINTMENTS);
            (in_a_row, (1 << in_a_row) - 1)
        };
        let full_live_bytes = if cohort.is_young {
            self.full_live_bytes
        } else {
            let part = survival.max(MIN_BLACK_SURVIVAL);
            cohort.marked_bytes + (cohort.black_bytes as f64 * part) as u64
        };
        Self {
            full_live_bytes,
            survival,
            disappointments,
            full_cycles_due,
        }
    }

    /// Whether nearly all that is made lives: the program builds something.
    pub fn is_building(&self) -> bool {
        self.survival > BUILDING_SURVIVAL
    }

    /// Whether the next cycle should look at the young only, with a heap of `live_bytes` now that may grow to `goal_bytes`.
    pub fn is_young_next(&self, live_bytes: u64, goal_bytes: u64) -> bool {
        let way = goal_bytes.saturating_sub(self.full_live_bytes) as f64;
        let left = goal_bytes.saturating_sub(live_bytes) as f64;
        // What each costs for a byte that can be allocated until then.
        let young_cost = (CYCLE_COST_BYTES + left * self.survival) / left.max(1.0);
        let full_cost = (CYCLE_COST_BYTES + self.full_live_bytes as f64) / way.max(1.0);
        self.full_cycles_due == 0
            && self.survival < MAX_SURVIVAL
            && left >= way * MIN_WAY_LEFT
            && young_cost <= full_cost
    }
}

impl Heap {
    /// Decides which kind the next cycle will be, when a marking ends that found `found`.
    pub(crate) fn plan_next_cycle(&self, found: &Pacer) {
        let goal_bytes = found.goal_bytes(self.gogc_now(), self.effective_limit_bytes());
        let is_young = match self.options.young {
            Young::Never => false,
            Young::Paced => found
                .generations
                .is_young_next(found.live_bytes, goal_bytes),
            Young::Often => !self.cycle.load(Relaxed).is_multiple_of(OFTEN),
        };
        self.keeps_marks.store(is_young, Relaxed);
    }

    /// Whether there are old objects, whose marks a full cycle has to wipe first. All is swept.
    pub(crate) fn has_old(&self) -> bool {
        self.keeps_marks.load(Relaxed)
    }

    /// Makes all objects young, when all is swept and nobody marks.
    pub(crate) fn forget_old(&self) {
        let last_page = self.pages.lock().counts().committed;
        let mut page = 1;
        while page <= last_page {
            // A free page begins no span; of one that is about to, somebody else wipes the marks.
            let page_count = self.arena.info(page).page_count.load(Relaxed) as usize;
            if page_count > 0 {
                for word in self.arena.marks(page) {
                    word.store(0, Relaxed);
                }
            }
            page += page_count.max(1);
        }
        self.keeps_marks.store(false, Relaxed);
    }

    /// Says that a pointer is about to be stored somewhere in `size_bytes` at `address`, by which an old object may get to point
    /// to a young one. No safepoint comes before it is.
    #[inline]
    pub fn note_store(&self, address: *const u8, size_bytes: usize) {
        self.cards.mark(address.addr(), size_bytes);
    }

    /// Where compiled code notes stores: a byte at this address plus the low 32 bits of the address it stores to, shifted right by
    /// [`CARD_SHIFT`](crate::layout::CARD_SHIFT). Only for stores of [`CARD_BYTES`](crate::layout::CARD_BYTES) at most.
    pub fn card_table(&self) -> *mut u8 {
        self.cards.address()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    fn young(former: u64, heap: u64, marked: u64) -> Cohort {
        Cohort {
            is_young: true,
            former_old_bytes: former * MIB,
            heap_bytes: heap * MIB,
            marked_bytes: marked * MIB,
            black_bytes: 0,
        }
    }

    fn full(former: u64, heap: u64, marked: u64) -> Cohort {
        Cohort {
            is_young: false,
            ..young(former, heap, marked)
        }
    }

    #[test]
    fn a_growing_heap_has_full_cycles() {
        let found = Generations::default().after(full(0, 4, 4));
        assert!((found.survival - 1.0).abs() < 1e-9);
        assert!(!found.is_young_next(4 * MIB, 8 * MIB));
    }

    #[test]
    fn garbage_is_found_by_young_cycles_until_too_little_room_is_left() {
        let mut found = Generations::default().after(full(0, 200, 100));
        found = found.after(full(100, 200, 100));
        assert!(found.is_young_next(100 * MIB, 200 * MIB));
        for live in [100, 110, 120, 130, 140, 150] {
            assert!(found.is_young_next(live * MIB, 200 * MIB), "{live}");
            found = found.after(young(live, 200, 10));
            assert_eq!(found.full_live_bytes, 100 * MIB);
        }
        assert!(!found.is_young_next(170 * MIB, 200 * MIB));
    }

    #[test]
    fn what_was_allocated_meanwhile_counts_as_far_as_it_may_live() {
        let mut cohort = full(50, 100, 60);
        cohort.black_bytes = 20 * MIB;
        let found = Generations::default().after(cohort);
        assert_eq!(found.full_live_bytes, 70 * MIB);
        cohort.marked_bytes = 95 * MIB;
        let found = Generations::default().after(cohort);
        assert_eq!(found.full_live_bytes, 113 * MIB);
    }

    #[test]
    fn a_small_heap_is_looked_at_whole_before_there_is_little_room() {
        let found = Generations {
            full_live_bytes: MIB / 4,
            survival: 0.05,
            ..Generations::default()
        };
        assert!(found.is_young_next(MIB / 4, 4 * MIB));
        assert!(!found.is_young_next(2 * MIB, 4 * MIB));
    }

    #[test]
    fn where_the_oldest_die_young_cycles_become_rare() {
        let mut found = Generations::default().after(full(0, 100, 100));
        let mut young_cycles = 0;
        for _ in 0..320 {
            let is_young = found.is_young_next(100 * MIB, 200 * MIB);
            young_cycles += u32::from(is_young);
            // Half of the heap is new in each cycle, and lives.
            let cohort = if is_young {
                young(100, 200, 100)
            } else {
                full(100, 200, 100)
            };
            found = found.after(cohort);
        }
        assert!((5..=16).contains(&young_cycles), "{young_cycles}");
        found = found.after(young(100, 200, 5));
        assert_eq!(found.full_cycles_due, 0);
    }

    #[test]
    fn what_survives_counts_by_halves() {
        let found = Generations {
            full_live_bytes: 100 * MIB,
            survival: 0.0,
            ..Generations::default()
        };
        let found = found.after(young(100, 200, 50));
        assert!((found.survival - 0.25).abs() < 1e-9);
        let found = found.after(young(150, 200, 50));
        assert!((found.survival - 0.625).abs() < 1e-9);
        assert!(!found.is_young_next(100 * MIB, 200 * MIB));
    }
}
