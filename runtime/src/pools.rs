//! The library's pools that hold something (`sync.Pool`), for collections to empty: what was put before the last but one goes.
//!
//! What must hold: a pool is in the table as long as one of its two fields is not nil. So it is kept alive by the table, and
//! nobody else need tell the collector of its end.
//!
//! Source: Go's `sync/pool.go` (`poolCleanup`).

use gc::RootVisitor;

/// How a pool begins.
#[repr(C)]
#[derive(Debug)]
pub struct PoolHead {
    /// What was put since the last collection; nil or a pointer.
    local: u64,
    /// What was put between the last two.
    victim: u64,
}

/// All pools that hold something.
#[derive(Debug, Default)]
pub struct PoolTable {
    /// Those with `local`; some have a victim too, and are then also below.
    fresh: Vec<*mut PoolHead>,
    /// Those with a victim.
    old: Vec<*mut PoolHead>,
}

// SAFETY: pools are changed with the world stopped only.
unsafe impl Send for PoolTable {}

impl PoolTable {
    /// Adds a pool whose `local` was nil.
    pub fn add(&mut self, pool: *mut PoolHead) {
        self.fresh.push(pool);
    }

    /// A collection begins, with the world stopped: nothing is marked yet.
    ///
    /// # Safety
    /// No goroutine runs.
    pub unsafe fn age(&mut self) {
        for &pool in &self.old {
            // SAFETY: the table has kept it alive, and the caller keeps others away.
            unsafe { (*pool).victim = 0 };
        }
        for &pool in &self.fresh {
            // SAFETY: as above.
            unsafe {
                (*pool).victim = (*pool).local;
                (*pool).local = 0;
            }
        }
        self.old = std::mem::take(&mut self.fresh);
    }

    /// Keeps the pools alive.
    pub fn visit_roots(&self, roots: &mut RootVisitor<'_, '_>) {
        for &pool in self.fresh.iter().chain(&self.old) {
            roots.visit(pool.cast());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_empty_after_two_collections() {
        let mut head = PoolHead {
            local: 8,
            victim: 0,
        };
        let pool = &raw mut head;
        let mut table = PoolTable::default();
        table.add(pool);
        // SAFETY: nobody else uses the pool.
        unsafe {
            table.age();
            assert_eq!(((*pool).local, (*pool).victim), (0, 8));
            // Used again before the second one.
            (*pool).local = 16;
            table.add(pool);
            table.age();
            assert_eq!(((*pool).local, (*pool).victim), (0, 16));
            table.age();
            assert_eq!(((*pool).local, (*pool).victim), (0, 0));
        }
        assert!(table.fresh.is_empty() && table.old.is_empty());
    }
}
