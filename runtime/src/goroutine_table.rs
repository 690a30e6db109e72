//! `GoroutineTable`: all goroutines of a program, and which of them can be used again.

use crate::goroutine::{Goroutine, Status};
use crate::instance::Instance;
use crate::stack::INITIAL_STACK_BYTES;

/// Dead goroutines that a Processor takes or gives back at a time; it keeps up to twice as many.
pub const GOROUTINES_PER_MOVE: usize = 32;

/// Numbers that a Processor takes at a time.
pub const NUMBERS_PER_MOVE: u64 = 16;

/// All goroutines there ever were. Finished ones wait to be used again.
#[derive(Debug, Default)]
pub struct GoroutineTable {
    // The boxes are only ever given up with the whole program.
    all: Vec<*mut Goroutine>,
    free: Vec<*mut Goroutine>,
    last_id: u64,
}

impl GoroutineTable {
    /// Moves some dead goroutines to `target`, for new function calls; if there is none, says how many are worth making.
    pub fn take(&mut self, target: &mut Vec<*mut Goroutine>) -> Result<(), usize> {
        let kept = self.free.len().saturating_sub(GOROUTINES_PER_MOVE);
        target.extend(self.free.drain(kept..));
        if target.is_empty() {
            return Err(self.all.len().clamp(1, GOROUTINES_PER_MOVE));
        }
        Ok(())
    }

    /// Adds fresh goroutines, all of them dead.
    fn add(&mut self, fresh: &[*mut Goroutine]) {
        self.all.extend(fresh);
        self.free.extend(fresh);
    }

    /// Takes back some of the goroutines in `source`, which have ended.
    pub fn give_back(&mut self, source: &mut Vec<*mut Goroutine>) {
        let kept = source.len().saturating_sub(GOROUTINES_PER_MOVE);
        self.free.extend(source.drain(kept..));
    }

    /// The first of some numbers, [`NUMBERS_PER_MOVE`] of them, that no goroutine had yet.
    pub fn take_numbers(&mut self) -> u64 {
        let first = self.last_id + 1;
        self.last_id += NUMBERS_PER_MOVE;
        first
    }

    /// One part of all goroutines, live or dead, for the collector; empty beyond the last.
    pub fn part(&self, part: usize) -> Vec<*mut Goroutine> {
        const SIZE: usize = 64;
        let mut parts = self.all.chunks(SIZE);
        parts.nth(part).map_or_else(Vec::new, <[_]>::to_vec)
    }

    /// All that have not ended, in order of their numbers.
    pub fn live(&self) -> Vec<*mut Goroutine> {
        let mut live: Vec<_> = self
            .all
            .iter()
            .copied()
            .filter(|&g| status_of(g) != Status::Dead)
            .collect();
        // SAFETY: goroutines live as long as the table; nothing runs while all goroutines are looked at.
        live.sort_by_key(|&g| unsafe { (*g).id });
        live
    }

    /// All that have not ended, in no order, without allocating.
    pub fn visit_live(&self, mut visit: impl FnMut(*mut Goroutine)) {
        for &g in &self.all {
            if status_of(g) != Status::Dead {
                visit(g);
            }
        }
    }
}

/// Makes `count` dead goroutines with stacks, as far as there is memory. Where memory was never used the system may take half a
/// millisecond to find some: best done where nobody waits.
pub fn make_goroutines(instance: &Instance, count: usize) {
    let mut fresh: Vec<_> = (0..count).map(|_| Goroutine::new(instance)).collect();
    {
        let mut stacks = instance.stacks.lock();
        for g in &mut fresh {
            if let Ok(stack) = stacks.allocate(INITIAL_STACK_BYTES) {
                g.set_stack(stack);
                g.has_fresh_stack = true;
            }
        }
    }
    let fresh: Vec<_> = fresh.into_iter().map(Box::into_raw).collect();
    instance.goroutines.lock().add(&fresh);
}

// SAFETY: goroutines are used by whoever runs them or took them from here.
unsafe impl Send for GoroutineTable {}

fn status_of(g: *mut Goroutine) -> Status {
    // SAFETY: goroutines live as long as the table.
    unsafe { (*g).status() }
}

impl Drop for GoroutineTable {
    fn drop(&mut self) {
        for &g in &self.all {
            // SAFETY: made by `Box::into_raw` in `make_goroutines`, and the program is over.
            drop(unsafe { Box::from_raw(g) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_there_are_the_more_are_made_at_a_time() {
        let mut table = GoroutineTable::default();
        let mut made = Vec::new();
        for _ in 0..8 {
            let mut taken = Vec::new();
            let missing = table.take(&mut taken).expect_err("all are taken");
            made.push(missing);
            let fresh = (0..missing).map(|_| Box::into_raw(Goroutine::new(std::ptr::null())));
            table.add(&fresh.collect::<Vec<_>>());
            assert_eq!(table.take(&mut taken), Ok(()));
            assert_eq!(taken.len(), missing);
        }
        assert_eq!(made, [1, 1, 2, 4, 8, 16, 32, 32]);
    }
}
