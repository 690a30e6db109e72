//! A marker of a heap of a few objects: it takes from the pool and gives to it as the real one does.

use crate::mark_pool::{Found, MarkPool, Work};
use crate::sync::atomic::AtomicUsize;
use crate::sync::atomic::Ordering::Relaxed;
use crate::work::SlotSet;

/// What a marker does wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mutation {
    /// Nothing.
    None,
    /// It says that it has nothing before it has given away what it has.
    LeavesFirst,
    /// It drops what it has when its time is over.
    DropsTheRest,
}

/// Objects, by index, each with what it points to.
pub struct Graph {
    pub targets: Vec<Vec<usize>>,
    marks: Vec<AtomicUsize>,
    scans: Vec<AtomicUsize>,
    pub pool: MarkPool,
}

impl Graph {
    /// A heap at the beginning of marking, its roots visited: they name `found`.
    pub fn new(targets: Vec<Vec<usize>>, found: &[usize]) -> Self {
        let counters = || targets.iter().map(|_| AtomicUsize::new(0)).collect();
        let pool = MarkPool::new();
        pool.open();
        pool.end_roots();
        pool.end_specials();
        pool.end_cards();
        pool.add_found(Found {
            words: found.to_vec(),
            is_precise: true,
        });
        Self {
            marks: counters(),
            scans: counters(),
            targets,
            pool,
        }
    }

    /// Marks until nothing is left to take, or `budget` objects were scanned.
    pub fn mark(&self, mut budget: usize, mutation: Mutation) {
        let mut grey = Vec::new();
        if !self.pool.enter() {
            return;
        }
        while budget > 0 {
            if let Some(set) = grey.pop() {
                self.scan(set, &mut grey);
                budget -= 1;
                if grey.len() > 1 && self.pool.is_hungry() {
                    self.pool.add_grey(vec![grey.remove(0)], &mut Vec::new());
                }
                continue;
            }
            match self.pool.take() {
                Some(Work::Found(found)) => {
                    for object in found.words {
                        self.shade(object, &mut grey);
                    }
                }
                Some(Work::Grey(sets)) => grey = sets,
                Some(Work::Piece(_)) => unreachable!("no object is large"),
                None => break,
            }
        }
        if mutation == Mutation::DropsTheRest {
            grey.clear();
        }
        if mutation == Mutation::LeavesFirst {
            self.pool.leave();
        }
        self.pool.add_grey(grey, &mut Vec::new());
        if mutation != Mutation::LeavesFirst {
            self.pool.leave();
        }
    }

    /// Marks, alone or with others, until it is over.
    pub fn mark_to_the_end(&self) {
        while !self.pool.close_if_drained() {
            self.mark(usize::MAX, Mutation::None);
            crate::sync::thread::yield_now();
        }
    }

    fn shade(&self, object: usize, grey: &mut Vec<SlotSet>) {
        if self.marks[object].swap(1, Relaxed) == 0 {
            grey.push(SlotSet {
                page: object as u32,
                group: 0,
                slots: 1,
            });
        }
    }

    fn scan(&self, set: SlotSet, grey: &mut Vec<SlotSet>) {
        let object = set.page as usize;
        self.scans[object].fetch_add(1, Relaxed);
        for &target in &self.targets[object] {
            self.shade(target, grey);
        }
    }

    /// How often each object was scanned.
    pub fn scans(&self) -> Vec<usize> {
        let scans = self.scans.iter();
        scans.map(|count| count.load(Relaxed)).collect()
    }
}
