//! `Monitor`: the thread that asks goroutines to yield when they run too long.
//!
//! It is started by the first `go` statement or timer, so that a program without either never pays for a thread. To ask
//! for a yield it sets the goroutine's preempt flag, which loops poll, and poisons its stack limit, which every call
//! checks. It also takes the Processors of workers whose system calls last, and looks whether work lies about.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::parker::Parker;
use super::processor::{ProcessorSlot, ProcessorStatus};
use super::report;
use super::shared::{MAX_PROCESSORS, attention, wake};
use crate::fatal;
use crate::instance::Instance;

/// How often the monitor looks.
const TICK: Duration = Duration::from_millis(5);

/// How many ticks a goroutine may run while others wait: 10 ms, as in Go.
const TICKS_PER_SLICE: u8 = 2;

/// Nanoseconds of a tick.
pub const TICK_NS: u64 = TICK.as_nanos() as u64;

/// Ticks of a minute.
pub const TICKS_PER_MINUTE: u64 = 60_000 / TICK.as_millis() as u64;

/// What the monitor thread and the workers share.
#[derive(Debug, Default)]
pub struct Monitor {
    /// Ticks that have passed since the thread began.
    ticks: AtomicU64,
    is_wanted: AtomicBool,
    must_stop: AtomicBool,
    stop: Parker,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Monitor {
    /// A coarse clock: ticks since the thread began, 0 before.
    pub fn ticks(&self) -> u64 {
        self.ticks.load(Relaxed)
    }

    /// Starts the thread unless it runs already.
    pub fn want(&self, instance: &Instance) {
        // A seeded run knows no time but its own.
        let is_seeded = instance.options.is_seeded;
        if !self.is_wanted.load(Relaxed) && !is_seeded && !self.is_wanted.swap(true, Relaxed) {
            self.start(instance);
        }
    }

    #[cold]
    fn start(&self, instance: &Instance) {
        struct Shared(*const Instance);
        // SAFETY: an instance may be used by many threads, and outlives this one: `stop` waits for it.
        unsafe impl Send for Shared {}
        let shared = Shared(instance);
        let builder = std::thread::Builder::new()
            .name("monitor".to_owned())
            .stack_size(64 << 10);
        let thread = builder.spawn(move || {
            let shared = shared;
            // SAFETY: as above.
            watch(unsafe { &*shared.0 });
        });
        // Without the thread the program still runs, only less fairly.
        if let Ok(thread) = thread {
            *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
        }
    }

    /// Ends the thread; afterwards it touches nothing of the program.
    pub fn stop(&self) {
        self.must_stop.store(true, Relaxed);
        self.stop.wake();
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
}

/// What was seen of a Processor at the last tick, and how often in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Seen {
    progress: (u32, u32),
    count: u8,
}

fn watch(instance: &Instance) {
    let monitor = &instance.monitor;
    let scheduler = &instance.scheduler;
    let mut seen = vec![Seen::default(); MAX_PROCESSORS];
    let trace_ns = instance.options.schedule_trace_ms * 1_000_000;
    let mut next_trace_ns = 0;
    loop {
        if trace_ns > 0 && instance.now_ns() >= next_trace_ns {
            next_trace_ns = instance.now_ns() + trace_ns;
            fatal::write_error(&report::lines(instance));
        }
        monitor.stop.wait(Some(TICK_NS));
        if monitor.must_stop.load(Relaxed) {
            return;
        }
        monitor.ticks.fetch_add(1, Relaxed);
        let is_timer_due = scheduler.next_timer_ns() <= instance.now_ns();
        if is_timer_due {
            scheduler.call_attention(attention::TIMERS);
        }
        for (slot, seen) in scheduler.slots().zip(&mut seen) {
            look_at(instance, slot, seen, is_timer_due);
        }
        if is_timer_due || scheduler.has_work() {
            scheduler.offer(instance);
        }
    }
}

/// Looks at a Processor: whether nothing has changed on it since the last ticks.
fn look_at(instance: &Instance, slot: &ProcessorSlot, seen: &mut Seen, is_timer_due: bool) {
    let progress = slot.shared.progress();
    if seen.progress != progress {
        *seen = Seen { progress, count: 0 };
        return;
    }
    seen.count = seen.count.saturating_add(1);
    match slot.shared.status() {
        ProcessorStatus::Running if seen.count >= TICKS_PER_SLICE || is_timer_due => {
            slot.shared.preempt();
        }
        ProcessorStatus::Blocking => take_over(instance, slot),
        _ => {}
    }
}

/// Takes the Processor of a worker whose system call lasts, for others.
fn take_over(instance: &Instance, slot: &ProcessorSlot) {
    let scheduler = &instance.scheduler;
    let mut state = scheduler.lock();
    if state.is_stopping || scheduler.is_ending() {
        return;
    }
    if slot.shared.take_from_blocking(ProcessorStatus::Running) {
        state.blocked_count += 1;
        let (_, woken) = scheduler.release(instance, &mut state, slot);
        drop(state);
        wake(woken);
    }
}
