//! Models of what markers, sweepers and mutators share: the heap's own files, compiled with the atomics, locks and threads of a
//! model checker ([loom]), which goes through all interleavings up to a number of preemptions, and through what weak orders of
//! memory allow.
//!
//! The files with a path are those of the heap, word for word. What they use of the rest is stood in for here. Each model comes
//! with mutations: the same with one step left out or misplaced, which the checker must find.
#![cfg(test)]
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::should_panic_without_expect,
    clippy::unused_self,
    reason = "files of another crate, of which only a part is used here"
)]

#[path = "../../src/central.rs"]
mod central;
#[path = "../../src/mark_pool.rs"]
mod mark_pool;
#[path = "../../src/scan_state.rs"]
mod scan_state;
#[path = "../../src/work.rs"]
mod work;

mod goroutines;
mod marker;
mod marking;
mod stand_ins;
mod sweeping;

use stand_ins::{heap, object, roots, span, sync};

/// Runs `model` in every interleaving with so few preemptions that it ends within seconds.
fn explore(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(5);
    builder.check(model);
}
