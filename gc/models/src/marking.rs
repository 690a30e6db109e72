//! Markers that share work, and the one wave that ends marking.

use crate::explore;
use crate::mark_pool::Found;
use crate::marker::{Graph, Mutation};
use loom::sync::Arc;
use loom::sync::Mutex;
use loom::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use loom::thread;

/// A mutator that helps for a while, and a marker that ends the marking when nothing is left.
fn helped(mutation: Mutation) {
    explore(move || {
        let graph = Arc::new(Graph::new(vec![vec![1], vec![2, 3], vec![], vec![]], &[0]));
        let helper = {
            let graph = Arc::clone(&graph);
            thread::spawn(move || graph.mark(2, mutation))
        };
        graph.mark_to_the_end();
        assert_eq!(
            graph.scans(),
            [1; 4],
            "each object is scanned once when marking is over"
        );
        assert!(!graph.pool.enter(), "nobody marks afterwards");
        helper.join().expect("it ends");
        assert_eq!(graph.scans(), [1; 4]);
    });
}

#[test]
fn marking_ends_once_everything_is_marked() {
    helped(Mutation::None);
}

#[test]
#[should_panic(expected = "scanned once")]
fn a_marker_that_leaves_before_it_gives_is_found() {
    helped(Mutation::LeavesFirst);
}

#[test]
#[should_panic(expected = "scanned once")]
fn a_marker_that_drops_the_rest_is_found() {
    helped(Mutation::DropsTheRest);
}

/// Three of them, and roots that come in two parts: nobody may end the marking while a part is unclaimed, or being visited.
#[test]
fn roots_are_visited_in_parts_before_marking_ends() {
    explore(|| {
        let graph = Arc::new(Graph::new(vec![vec![], vec![]], &[]));
        assert!(graph.pool.close_if_drained());
        graph.pool.open();
        graph.pool.end_specials();
        graph.pool.end_cards();
        let visit = |graph: &Graph| {
            if !graph.pool.enter() {
                return;
            }
            while let Some(part) = graph.pool.claim_roots() {
                if part >= 1 {
                    graph.pool.end_roots();
                }
                if part <= 1 {
                    graph.pool.add_found(Found {
                        words: vec![part],
                        is_precise: true,
                    });
                }
            }
            graph.pool.leave();
        };
        let helper = {
            let graph = Arc::clone(&graph);
            thread::spawn(move || visit(&graph))
        };
        visit(&graph);
        graph.mark_to_the_end();
        assert_eq!(graph.scans(), [1, 1]);
        helper.join().expect("it ends");
    });
}

/// A Processor: who holds its lock runs, or has stopped it. Its log is behind the lock.
type Log = Mutex<Vec<usize>>;

/// The mutator moves the only pointer to an object from a slot that was not yet visited to one that was.
fn moved(is_handed_over: bool, log_limit: usize) {
    explore(move || {
        let graph = Arc::new(Graph::new(vec![vec![1], vec![]], &[]));
        let slots = Arc::new([AtomicUsize::new(usize::MAX), AtomicUsize::new(0)]);
        let log = Arc::new(Log::new(Vec::new()));
        let mutator = {
            let (graph, slots, log) = (Arc::clone(&graph), Arc::clone(&slots), Arc::clone(&log));
            thread::spawn(move || {
                let mut log = log.lock().expect("no panic");
                let held = slots[1].load(Relaxed);
                log.push(held);
                if log.len() >= log_limit {
                    let words = std::mem::take(&mut *log);
                    graph.pool.add_found(Found {
                        words,
                        is_precise: false,
                    });
                }
                slots[1].store(usize::MAX, Relaxed);
                slots[0].store(held, Relaxed);
            })
        };
        for slot in &*slots {
            let word = slot.load(Relaxed);
            if word != usize::MAX {
                graph.pool.add_found(Found {
                    words: vec![word],
                    is_precise: true,
                });
            }
        }
        loop {
            graph.mark(usize::MAX, Mutation::None);
            // The last stop: nothing is half done.
            let mut log = log.lock().expect("no panic");
            if is_handed_over {
                let words = std::mem::take(&mut *log);
                graph.pool.add_found(Found {
                    words,
                    is_precise: false,
                });
            }
            if graph.pool.close_if_drained() {
                break;
            }
            drop(log);
            thread::yield_now();
        }
        assert_eq!(graph.scans(), [1, 1], "what was held is marked");
        mutator.join().expect("it ends");
    });
}

#[test]
fn what_a_store_erases_is_marked_wherever_its_log_is() {
    moved(true, 1);
    moved(true, 2);
}

#[test]
#[should_panic(expected = "what was held is marked")]
fn a_last_stop_that_forgets_the_logs_is_found() {
    moved(false, 2);
}
