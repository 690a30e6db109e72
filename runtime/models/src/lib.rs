//! Models of the scheduler's shared structures: the runtime's own files, compiled with the atomics and threads of a model
//! checker ([shuttle](shuttle)), which tries interleavings at random and names the schedule when one fails.
//!
//! The files below are those of the runtime, word for word. What they use of the rest is stood in for here: a goroutine is a
//! thread of the model, the heap is leaked boxes, and parking ([`scheduler`]) keeps to the contract of the runtime's worker:
//! what a goroutine parked under is released once it has parked, and who is woken first leaves the queues of its `select`.
//!
//! What is not modelled: weaker orders of memory than sequential consistency.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::large_stack_arrays,
    clippy::missing_safety_doc,
    clippy::not_unsafe_ptr_arg_deref,
    reason = "files of another crate, of which only a part is used here"
)]

#[path = "../../src/channel.rs"]
pub mod channel;
#[path = "../../src/scheduler/parker.rs"]
pub mod parker;
#[path = "../../src/random.rs"]
pub mod random;
#[path = "../../src/scheduler/run_queue.rs"]
pub mod run_queue;
#[path = "../../src/scheduler/searchers.rs"]
pub mod searchers;
#[path = "../../src/select.rs"]
pub mod select;
#[path = "../../src/spin_lock.rs"]
pub mod spin_lock;
#[path = "../../src/wait_queue.rs"]
pub mod wait_queue;

pub mod history;
pub mod program;
mod stand_ins;

use stand_ins::{
    abi, alloc, barrier, entry, futex, goroutine, instance, panic, runtime_error, safepoint,
    scheduler, timer_channel,
};

/// The model checker's side of the door.
mod sync {
    pub(crate) use shuttle::sync::atomic;
    pub(crate) use shuttle::{hint, thread};
}
