//! `RunQueue`: the goroutines of one Processor that are ready to run.

use std::collections::VecDeque;

use crate::goroutine::Goroutine;

/// Goroutines in the order in which they run, with one in front of all.
///
/// The one made ready last runs next, in the time slice of the one that made it ready: goroutines that hand values to
/// each other stay together, as in Go. It displaces the previous one to the end of the queue.
#[derive(Debug, Default)]
pub struct RunQueue {
    next: Option<*mut Goroutine>,
    queue: VecDeque<*mut Goroutine>,
}

impl RunQueue {
    /// Puts `g` at the end.
    pub fn push(&mut self, g: *mut Goroutine) {
        self.queue.push_back(g);
    }

    /// Puts `g` in front.
    pub fn push_next(&mut self, g: *mut Goroutine) {
        if let Some(displaced) = self.next.replace(g) {
            self.queue.push_back(displaced);
        }
    }

    /// Takes the one to run, and whether it inherits the running time slice.
    pub fn pop(&mut self) -> Option<(*mut Goroutine, bool)> {
        if let Some(next) = self.next.take() {
            return Some((next, true));
        }
        self.queue.pop_front().map(|g| (g, false))
    }

    /// Whether nobody is ready.
    pub fn is_empty(&self) -> bool {
        self.next.is_none() && self.queue.is_empty()
    }

    /// How many are ready.
    pub fn len(&self) -> usize {
        self.queue.len() + usize::from(self.next.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goroutines(count: usize) -> Vec<*mut Goroutine> {
        (1..=count)
            .map(|index| std::ptr::without_provenance_mut(index * 16))
            .collect()
    }

    #[test]
    fn the_last_one_made_ready_runs_first_and_the_others_in_order() {
        let mut queue = RunQueue::default();
        let g = goroutines(3);
        for &g in &g {
            queue.push_next(g);
        }
        assert_eq!(queue.len(), 3);
        assert_eq!(queue.pop(), Some((g[2], true)));
        assert_eq!(queue.pop(), Some((g[0], false)));
        assert_eq!(queue.pop(), Some((g[1], false)));
        assert!(queue.is_empty());
    }

    #[test]
    fn one_that_yields_goes_behind_all() {
        let mut queue = RunQueue::default();
        let g = goroutines(3);
        queue.push_next(g[0]);
        queue.push(g[1]);
        queue.push(g[2]);
        let (first, _) = queue.pop().expect("three are ready");
        queue.push(first);
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).map(|(g, _)| g).collect();
        assert_eq!(order, [g[1], g[2], g[0]]);
    }
}
