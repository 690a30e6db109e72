//! `Monitor`: the thread that asks goroutines to yield when they run too long.
//!
//! It is started by the first `go` statement or timer, so that a program without either never pays for a thread. To ask
//! for a yield it sets the goroutine's preempt flag, which loops poll, and poisons its stack limit, which every call
//! checks. The goroutine may just have stopped running: then it, or the next to use it, yields once without need.

use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::goroutine::Goroutine;
use crate::instance::Instance;
use crate::stack::POISONED_LIMIT;

/// How long a goroutine may run while others wait, as in Go.
const TIME_SLICE: Duration = Duration::from_millis(10);

/// Ticks of a minute.
pub const TICKS_PER_MINUTE: u64 = 60_000 / TIME_SLICE.as_millis() as u64;

/// What the monitor thread and the workers share. All atomics are relaxed: each is a hint of its own.
#[derive(Debug, Default)]
pub struct Monitor {
    running: AtomicPtr<Goroutine>,
    /// Counts time slices begun.
    slices: AtomicU64,
    /// Time slices that have passed since the thread began.
    ticks: AtomicU64,
    /// Set at each: timers may be due.
    has_ticked: AtomicBool,
    is_wanted: AtomicBool,
    must_stop: Mutex<bool>,
    stop: Condvar,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Monitor {
    /// Notes who runs now; null for nobody.
    pub fn set_running(&self, g: *mut Goroutine) {
        self.running.store(g, Relaxed);
    }

    /// Notes that the goroutine running now began a time slice of its own.
    pub fn begin_slice(&self) {
        self.slices
            .store(self.slices.load(Relaxed).wrapping_add(1), Relaxed);
    }

    /// Whether a tick has passed since this was last asked.
    pub fn take_tick(&self) -> bool {
        self.has_ticked.load(Relaxed) && self.has_ticked.swap(false, Relaxed)
    }

    /// A coarse clock: time slices since the thread began, 0 before.
    pub fn ticks(&self) -> u64 {
        self.ticks.load(Relaxed)
    }

    /// Starts the thread unless it runs already.
    pub fn want(&self, instance: &Instance) {
        if self.is_wanted.load(Relaxed) || self.is_wanted.swap(true, Relaxed) {
            return;
        }
        let monitor = Arc::clone(&instance.monitor);
        let builder = std::thread::Builder::new()
            .name("monitor".to_owned())
            .stack_size(64 << 10);
        // Without the thread the program still runs, only less fairly.
        if let Ok(thread) = builder.spawn(move || monitor.watch()) {
            *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
        }
    }

    /// Ends the thread; afterwards it touches no goroutine.
    pub fn stop(&self) {
        *self
            .must_stop
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
        self.stop.notify_all();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            // It holds no locks and does not panic; if it did, there is nothing to clean up.
            let _ = thread.join();
        }
    }

    fn watch(&self) {
        let mut seen_slice = 0;
        let mut must_stop = self
            .must_stop
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        loop {
            must_stop = self
                .stop
                .wait_timeout(must_stop, TIME_SLICE)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
            if *must_stop {
                return;
            }
            self.ticks.fetch_add(1, Relaxed);
            self.has_ticked.store(true, Relaxed);
            let slice = self.slices.load(Relaxed);
            if slice == seen_slice {
                self.preempt();
            }
            seen_slice = slice;
        }
    }

    /// Asks whoever runs to yield. Also called in signal handlers.
    pub(crate) fn preempt(&self) {
        let g = self.running.load(Relaxed);
        if g.is_null() {
            return;
        }
        // SAFETY: goroutines live as long as the instance, which stops this thread before it goes away; only the
        // fields that are shared are borrowed, as atomics.
        unsafe {
            (*std::ptr::addr_of!((*g).block.preempt).cast::<std::sync::atomic::AtomicU8>())
                .store(1, Relaxed);
            (*std::ptr::addr_of!((*g).block.stack_limit).cast::<AtomicU64>())
                .store(POISONED_LIMIT, Relaxed);
        }
    }
}
