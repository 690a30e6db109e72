//! A goroutine is scanned once in a cycle, and does not run before.

use crate::heap::Heap;
use crate::roots::RootVisitor;
use crate::scan_state::ScanState;
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use loom::thread;

struct Goroutine {
    heap: Heap,
    state: ScanState,
    stack: UnsafeCell<u32>,
    scans: AtomicUsize,
}

// SAFETY: what is under test. The checker reports an access to the stack that is not ordered with another.
unsafe impl Sync for Goroutine {}

impl Goroutine {
    fn scan(&self) {
        // SAFETY: whoever scans a goroutine has claimed it; the checker sees whether that is so.
        let word = self.stack.with(|stack| unsafe { *stack });
        assert_eq!(word, 1, "it is scanned as it was when marking began");
        self.scans.fetch_add(1, Relaxed);
    }
}

fn explore(is_scanned_before_it_runs: bool, is_at_rest: bool) {
    crate::explore(move || {
        let goroutine = Arc::new(Goroutine {
            heap: Heap::new(is_at_rest),
            state: ScanState::default(),
            stack: UnsafeCell::new(1),
            scans: AtomicUsize::new(0),
        });
        let marker = {
            let goroutine = Arc::clone(&goroutine);
            thread::spawn(move || {
                let mut roots = RootVisitor::default();
                roots.visit_stale(&goroutine.heap, &goroutine.state, |_| goroutine.scan());
            })
        };
        if is_scanned_before_it_runs {
            let scan = |_: &mut RootVisitor<'_, '_>| goroutine.scan();
            goroutine.heap.scan_before_run(&goroutine.state, scan);
        }
        // It runs.
        // SAFETY: as in `scan`.
        goroutine.stack.with_mut(|stack| unsafe { *stack = 2 });
        marker.join().expect("it ends");
        assert_eq!(goroutine.scans.load(Relaxed), 1);
    });
}

#[test]
fn whoever_comes_first_scans_and_the_others_wait() {
    explore(true, false);
}

#[test]
fn one_that_rests_is_scanned_by_who_runs_it_alone() {
    explore(true, true);
}

#[test]
#[should_panic]
fn a_goroutine_that_runs_unscanned_is_found() {
    explore(false, false);
}
