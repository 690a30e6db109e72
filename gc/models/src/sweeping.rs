//! Claims of spans to sweep.

use crate::central::Central;
use crate::span::Swept;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};
use loom::thread;

/// The cycle whose marks are to become alloc bits.
const CYCLE: u32 = 2;

struct Spans {
    central: Central,
    swept_cycle: [AtomicU32; 3],
    owners: [AtomicUsize; 3],
}

impl Spans {
    /// One of them full, two not.
    fn new() -> Self {
        let spans = Self {
            central: Central::new(),
            swept_cycle: std::array::from_fn(|_| AtomicU32::new(CYCLE - 1)),
            owners: std::array::from_fn(|_| AtomicUsize::new(0)),
        };
        spans.central.put_owned(0, CYCLE - 1);
        for page in [1, 2] {
            spans.central.put_swept(page, Self::found(page), CYCLE - 1);
        }
        spans
    }

    fn found(page: usize) -> Swept {
        Swept {
            live: 2 - page,
            freed: 0,
            slots: 2,
        }
    }

    fn sweep(&self, page: usize) {
        let before = self.swept_cycle[page].swap(CYCLE, Relaxed);
        assert_eq!(before, CYCLE - 1, "a span is swept once a cycle");
    }

    /// Sweeps for itself: takes a swept span with room, or the first that has room when swept.
    fn acquire(&self) {
        let page = self.central.take_partial(CYCLE).or_else(|| {
            while let Some(page) = self.central.claim_unswept(CYCLE) {
                self.sweep(page);
                if page > 0 {
                    self.central.put_owned(page, CYCLE);
                    return Some(page);
                }
                self.central.put_swept(
                    page,
                    Swept {
                        live: 2,
                        freed: 0,
                        slots: 2,
                    },
                    CYCLE,
                );
            }
            None
        });
        if let Some(page) = page {
            assert_eq!(self.swept_cycle[page].load(Relaxed), CYCLE);
            assert_eq!(
                self.owners[page].fetch_add(1, Relaxed),
                0,
                "a span has one owner"
            );
        }
    }

    /// Sweeps for all.
    fn sweep_all(&self) {
        while let Some(page) = self.central.claim_unswept(CYCLE) {
            self.sweep(page);
            self.central.put_swept(page, Self::found(page), CYCLE);
        }
    }
}

fn explore(sweep: fn(&Spans)) {
    crate::explore(move || {
        let spans = Arc::new(Spans::new());
        let threads = [Spans::acquire, sweep].map(|work| {
            let spans = Arc::clone(&spans);
            thread::spawn(move || work(&spans))
        });
        spans.acquire();
        for thread in threads {
            thread.join().expect("it ends");
        }
        spans.sweep_all();
        let mut all = spans.central.all_spans();
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2], "each span is in one list");
        assert!(
            spans
                .swept_cycle
                .iter()
                .all(|cycle| cycle.load(Relaxed) == CYCLE)
        );
    });
}

#[test]
fn a_span_is_swept_once_and_has_one_owner() {
    explore(Spans::sweep_all);
}

#[test]
#[should_panic(expected = "swept once")]
fn a_sweeper_that_claims_nothing_is_found() {
    explore(|spans| {
        for page in spans.central.all_spans() {
            if spans.swept_cycle[page].load(Relaxed) != CYCLE {
                spans.sweep(page);
            }
        }
    });
}
