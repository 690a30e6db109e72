//! `Processor`: the right to run Go code.

use gc::Cache;

use super::RunQueue;
use crate::goroutine::{Goroutine, Status};
use crate::print::PrintBuffer;
use crate::random::Random;

/// What a running goroutine uses without a lock. Held by one worker at a time.
pub struct Processor {
    /// Its number, from 0.
    pub id: u32,
    /// Free slots of the heap.
    pub cache: Box<Cache>,
    /// Who runs next.
    pub run_queue: RunQueue,
    /// Where its random choices come from.
    pub random: Random,
    /// The `print` in progress.
    pub print: PrintBuffer,
}

impl Processor {
    /// A Processor with nothing to run.
    pub fn new(id: u32, random: Random) -> Self {
        Self {
            id,
            cache: Box::new(Cache::new()),
            run_queue: RunQueue::default(),
            random,
            print: PrintBuffer::default(),
        }
    }

    /// Lets a waiting goroutine run next.
    #[expect(
        clippy::not_unsafe_ptr_arg_deref,
        reason = "goroutines live as long as their program"
    )]
    pub fn make_ready(&mut self, g: *mut Goroutine) {
        // SAFETY: a waiting goroutine belongs to whoever wakes it; goroutines live as long as the program.
        unsafe { (*g).set_status(Status::Runnable) };
        self.run_queue.push_next(g);
    }
}
