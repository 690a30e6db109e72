//! `Scheduler`: what workers share, and how work, Processors and workers find each other.
//!
//! # Locks
//! Everything in [`State`] is under one lock. It is taken when workers go idle or are woken, never in a switch from one
//! goroutine to the next; nothing is allocated from the heap and no other lock taken under it, but the timers'.
//!
//! How work and idle workers find each other is told in [`super::searchers`].

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize};

use gc::sync::{LockRank, RankedGuard, RankedMutex};
use gc::{Cache, Heap};

use super::descriptors::Awaiting;
use super::parker::{Gate, Parker};
use super::processor::{ProcessorSlot, ProcessorStatus};
use super::searchers::Searchers;
use super::stop_watch::StopWatch;
use crate::goroutine::Goroutine;
use crate::instance::Instance;
use crate::random::Random;
use crate::{fatal, trap};

/// Processors there can be; GOMAXPROCS may say more, which then has no effect.
pub(super) const MAX_PROCESSORS: usize = 256;

/// Reasons for workers to look up from the next goroutine ([`Scheduler::attention`]).
pub mod attention {
    /// The world is to stop.
    pub const STOP: u32 = 1;
    /// The program ends.
    pub const END: u32 = 2;
    /// A worker back from a system call waits for a Processor.
    pub const WAITING: u32 = 4;
    /// Timers may be due.
    pub const TIMERS: u32 = 8;
    /// SIGQUIT.
    pub const QUIT: u32 = 16;
    /// There are more Processors than GOMAXPROCS.
    pub const SURPLUS: u32 = 32;
}

/// What others need of a worker: where it sleeps, and what it is woken for.
#[derive(Debug, Default)]
pub struct WorkerHandle {
    /// Its number, from 0, for traces.
    pub id: u32,
    /// Number of the goroutine it is locked to, for traces; 0 without one.
    pub locked_to: AtomicU64,
    /// Where it sleeps.
    pub parker: Parker,
    /// The Processor it is given; null while it sleeps for nothing. Written under the scheduler's lock.
    pub assigned: AtomicPtr<ProcessorSlot>,
    /// Whether it is given that to search for work.
    pub is_to_search: AtomicBool,
    /// Whether the goroutine it is locked to came out of a queue before it slept. Changes under the scheduler's lock.
    pub is_own_ready: AtomicBool,
}

/// What is under the lock.
#[derive(Default)]
pub struct State {
    /// Processors nobody holds, the one given up last at the end. Their queues are empty.
    pub idle_processors: Vec<*const ProcessorSlot>,
    /// All workers but those whose threads have ended, for traces.
    pub workers: Vec<Arc<WorkerHandle>>,
    /// How many workers there ever were.
    pub worker_total: u32,
    /// Workers that sleep.
    pub idle_workers: Vec<Arc<WorkerHandle>>,
    /// Workers back from a system call, without a Processor.
    pub waiting: VecDeque<Arc<WorkerHandle>>,
    /// Ready goroutines that belong to no Processor.
    pub global: VecDeque<*mut Goroutine>,
    /// Workers in system calls, or back from one, that hold no Processor.
    pub blocked_count: u32,
    /// Workers that sleep until the goroutines they are locked to can run.
    pub locked_workers: Vec<Arc<WorkerHandle>>,
    /// In a seeded run: workers whose goroutines wait for a descriptor.
    pub awaiting: Vec<Awaiting>,
    /// The idle worker that sleeps only until the next timer is due.
    pub timer_waiter: Option<Arc<WorkerHandle>>,
    /// Whether somebody stops, or has stopped, the world.
    pub is_stopping: bool,
    /// Whether Processors were asked for meanwhile.
    lacks_processors: bool,
    /// Threads of workers but the first.
    pub threads: Vec<std::thread::JoinHandle<()>>,
    /// Where new Processors' random choices come from.
    random: Option<Random>,
}

impl State {
    /// What others are to know of a new worker.
    pub(super) fn new_handle(&mut self) -> Arc<WorkerHandle> {
        let id = self.worker_total;
        self.worker_total += 1;
        Arc::new(WorkerHandle {
            id,
            ..WorkerHandle::default()
        })
    }
}

// SAFETY: goroutines in the queue belong to whoever takes them out; Processors live as long as the program.
unsafe impl Send for State {}

/// What all workers of a program share.
pub struct Scheduler {
    state: RankedMutex<State>,
    /// Bits of [`attention`]: a worker looks at them between goroutines.
    attention: AtomicU32,
    /// How many Processors are idle, `idle_processors.len()`, and how many workers search.
    pub(super) searchers: Searchers,
    /// `global.len()`.
    global_count: AtomicUsize,
    /// `awaiting.len()`.
    pub(super) awaiting_count: AtomicUsize,
    /// Processors in use.
    active_count: AtomicU32,
    /// Processors that GOMAXPROCS asks for.
    wanted_count: AtomicU32,
    /// GOMAXPROCS as the program stated it.
    stated_count: AtomicU64,
    processors: [AtomicPtr<ProcessorSlot>; MAX_PROCESSORS],
    /// How many were made.
    made_count: AtomicUsize,
    /// Until when the timer waiter sleeps; `u64::MAX` without one.
    pub(super) timer_waiter_until_ns: AtomicU64,
    /// Where who stops the world waits for the others.
    pub(super) stop_signal: Parker,
    /// Where the others wait for the start.
    pub(super) start_gate: Gate,
    /// Workers there are, for traces.
    pub(super) worker_count: AtomicU32,
    /// The thread that ends the program; 0 while nobody does.
    ending_thread: AtomicI32,
    exit_status: AtomicI32,
    /// Runs one goroutine at a time, on one thread.
    is_serial: bool,
    /// Watches stops, if asked to.
    pub(super) stop_watch: Option<StopWatch>,
}

impl Scheduler {
    /// A scheduler with `count` Processors, the first of which is held by the caller. It tells what the system takes of stops if
    /// `watches_stops`.
    pub fn new(count: u64, is_serial: bool, watches_stops: bool, random: Random) -> Self {
        let scheduler = Self {
            state: RankedMutex::new(
                LockRank(2000),
                State {
                    random: Some(random),
                    ..State::default()
                },
            ),
            attention: AtomicU32::new(0),
            searchers: Searchers::default(),
            global_count: AtomicUsize::new(0),
            awaiting_count: AtomicUsize::new(0),
            active_count: AtomicU32::new(1),
            wanted_count: AtomicU32::new(1),
            stated_count: AtomicU64::new(count),
            processors: [const { AtomicPtr::new(std::ptr::null_mut()) }; MAX_PROCESSORS],
            made_count: AtomicUsize::new(0),
            timer_waiter_until_ns: AtomicU64::new(u64::MAX),
            stop_signal: Parker::default(),
            start_gate: Gate::default(),
            worker_count: AtomicU32::new(1),
            ending_thread: AtomicI32::new(0),
            exit_status: AtomicI32::new(0),
            is_serial,
            stop_watch: watches_stops.then(StopWatch::new),
        };
        scheduler
            .wanted_count
            .store(scheduler.wanted_for(count), Relaxed);
        let mut state = scheduler.lock();
        scheduler.make_processors(None, &mut state, 1);
        // The first worker holds it from the start.
        state.idle_processors.clear();
        scheduler.note_idle(&state);
        scheduler
            .slot(0)
            .shared
            .set_status(ProcessorStatus::Running);
        drop(state);
        scheduler
    }

    /// Whether GOMAXPROCS asks for more Processors than are in use. Until the program has a second goroutine there is no use
    /// for them.
    #[inline]
    pub fn wants_processors(&self) -> bool {
        self.active_count() < self.wanted_count.load(Relaxed)
    }

    /// Makes the Processors that GOMAXPROCS asks for.
    #[cold]
    pub fn make_wanted_processors(&self, heap: &Heap) {
        let mut state = self.lock();
        // A world being stopped must not have new ones: it gets them when it starts.
        state.lacks_processors = state.is_stopping;
        if !state.is_stopping {
            self.activate(heap, &mut state, self.wanted_count.load(Relaxed));
        }
    }

    /// As [`Self::make_wanted_processors`], if that came too late for the stop that has just ended.
    pub(super) fn make_lacking_processors(&self, heap: &Heap, state: &mut State) {
        if std::mem::take(&mut state.lacks_processors) {
            self.activate(heap, state, self.wanted_count.load(Relaxed));
        }
    }

    /// Has `wanted` Processors in use, which is not fewer than before.
    fn activate(&self, heap: &Heap, state: &mut State, wanted: u32) {
        let old = self.active_count.load(Relaxed);
        if wanted <= old {
            return;
        }
        let made = self.made_count.load(Relaxed) as u32;
        self.active_count.store(wanted, Relaxed);
        for id in old..wanted.min(made) {
            // One that is not idle is still held by a worker, which now keeps it.
            let slot = self.slot(id as usize);
            if slot.shared.status() == ProcessorStatus::Idle {
                state.idle_processors.push(slot);
            }
        }
        self.make_processors(Some(heap), state, wanted as usize);
        self.note_idle(state);
    }

    fn wanted_for(&self, stated: u64) -> u32 {
        if self.is_serial {
            1
        } else {
            stated.clamp(1, MAX_PROCESSORS as u64) as u32
        }
    }

    /// Without `heap`: before anything runs.
    fn make_processors(&self, heap: Option<&Heap>, state: &mut State, count: usize) {
        let made = self.made_count.load(Relaxed);
        for id in made..count {
            let random = state
                .random
                .as_mut()
                .expect("a scheduler has a source")
                .split();
            let cache = heap.map_or_else(Cache::new, Heap::new_cache);
            let slot = Box::into_raw(Box::new(ProcessorSlot::new(id as u32, random, cache)));
            self.processors[id].store(slot, Release);
            state.idle_processors.push(slot);
        }
        self.made_count.store(count.max(made), Release);
    }

    /// The Processor of number `id`, which was made.
    pub fn slot(&self, id: usize) -> &ProcessorSlot {
        // SAFETY: Processors are never taken apart before the scheduler is.
        unsafe { &*self.processors[id].load(Acquire) }
    }

    /// All Processors that were made.
    pub fn slots(&self) -> impl Iterator<Item = &ProcessorSlot> {
        (0..self.made_count.load(Acquire)).map(|id| self.slot(id))
    }

    /// Processors in use: those with smaller numbers.
    pub fn active_count(&self) -> u32 {
        self.active_count.load(Relaxed)
    }

    /// GOMAXPROCS as the program knows it.
    pub fn stated_count(&self) -> u64 {
        self.stated_count.load(Relaxed)
    }

    /// Whether one goroutine runs at a time, on one thread.
    pub fn is_serial(&self) -> bool {
        self.is_serial
    }

    /// The lock on what is shared.
    pub fn lock(&self) -> RankedGuard<'_, State> {
        self.state.lock()
    }

    /// Bits of [`attention`].
    #[inline]
    pub fn attention(&self) -> u32 {
        self.attention.load(Relaxed)
    }

    /// Sets a bit of [`attention`]. Allowed in signal handlers.
    pub fn call_attention(&self, bit: u32) {
        self.attention.fetch_or(bit, SeqCst);
    }

    /// Clears a bit; whether it was set.
    pub fn take_attention(&self, bit: u32) -> bool {
        self.attention.fetch_and(!bit, SeqCst) & bit != 0
    }

    /// How many goroutines there are, but for the runtime's own.
    pub fn live_count(&self) -> u64 {
        let balance = |slot: &ProcessorSlot| slot.shared.live_balance.load(Relaxed);
        self.slots().map(balance).fold(0, u64::wrapping_add)
    }

    /// How many goroutines wait in the global queue.
    pub fn global_count(&self) -> usize {
        self.global_count.load(Relaxed)
    }

    /// How many Processors idle.
    pub fn idle_count(&self) -> u32 {
        self.searchers.idle_count()
    }

    /// How many workers search for work.
    pub fn searching_count(&self) -> i32 {
        self.searchers.count()
    }

    /// Whether a worker that finds nothing to do should search: not more than half of those that work.
    pub fn may_search(&self) -> bool {
        let busy = self.active_count() as i32 - self.idle_count() as i32;
        2 * self.searchers.count() < busy
    }

    /// Whether work lies where anybody could take it.
    pub fn has_work(&self) -> bool {
        self.global_count() > 0 || self.slots().any(|slot| !slot.shared.queue.is_empty())
    }

    fn note_idle(&self, state: &State) {
        self.searchers.note_idle(state.idle_processors.len() as u32);
    }

    /// Work was put where others can take it: wakes a worker if a Processor idles and nobody searches.
    #[inline]
    pub fn offer(&self, instance: &Instance) {
        if self.searchers.is_to_wake() {
            self.wake_searcher(instance);
        }
    }

    #[cold]
    fn wake_searcher(&self, instance: &Instance) {
        let mut state = self.lock();
        if let Some(slot) = self.take_idle(&mut state) {
            let woken = self.start_worker(instance, &mut state, slot, true);
            drop(state);
            wake(woken);
        } else {
            drop(state);
            self.searchers.end();
        }
    }

    /// Takes an idle Processor unless the world stops. The caller holds it then.
    pub fn take_idle<'a>(&self, state: &mut State) -> Option<&'a ProcessorSlot> {
        if state.is_stopping || self.is_ending() {
            return None;
        }
        let slot = state.idle_processors.pop()?;
        self.note_idle(state);
        // SAFETY: Processors live as long as the program.
        let slot = unsafe { &*slot };
        slot.shared.set_status(ProcessorStatus::Running);
        Some(slot)
    }

    /// Has an idle worker, or a new one, run `slot`. The worker to be woken once the lock is released.
    #[must_use]
    pub fn start_worker(
        &self,
        instance: &Instance,
        state: &mut State,
        slot: &ProcessorSlot,
        is_to_search: bool,
    ) -> Option<Arc<WorkerHandle>> {
        // Who waits for a timer is taken last.
        let is_free =
            |handle: &Arc<WorkerHandle>| !is_same(Some(handle), state.timer_waiter.as_ref());
        let position = state.idle_workers.iter().rposition(is_free);
        if let Some(position) = position.or(state.idle_workers.len().checked_sub(1)) {
            let handle = state.idle_workers.remove(position);
            assign(&handle, slot, is_to_search);
            return Some(handle);
        }
        let handle = state.new_handle();
        assign(&handle, slot, is_to_search);
        if let Ok(thread) = super::worker::start_thread(instance, Arc::clone(&handle)) {
            self.worker_count.fetch_add(1, Relaxed);
            state.workers.push(handle);
            state.threads.push(thread);
            return None;
        }
        // The workers there are have to do.
        self.put_idle(state, slot);
        if is_to_search {
            self.searchers.end();
        }
        None
    }

    fn put_idle(&self, state: &mut State, slot: &ProcessorSlot) {
        slot.shared.set_current(std::ptr::null_mut());
        slot.shared.set_status(ProcessorStatus::Idle);
        if slot.shared.id < self.active_count() {
            state.idle_processors.push(slot);
            self.note_idle(state);
        }
    }

    /// Gives up `slot`, which the caller holds: to a worker that waits for one, to one that does what is left to do, or to
    /// nobody. Whether it was to nobody; and a worker to be woken once the lock is released.
    #[must_use]
    pub fn release(
        &self,
        instance: &Instance,
        state: &mut State,
        slot: &ProcessorSlot,
    ) -> (bool, Option<Arc<WorkerHandle>>) {
        if slot.shared.id >= self.active_count() {
            // SAFETY: the caller holds it.
            let rest = unsafe { slot.own() }.next.take().into_iter();
            let rest = rest.chain(std::iter::from_fn(|| slot.shared.queue.pop()));
            state.global.extend(rest);
            self.note_global(state);
            self.put_idle(state, slot);
            return (true, None);
        }
        if let Some(handle) = state.waiting.pop_front() {
            if state.waiting.is_empty() {
                self.take_attention(attention::WAITING);
            }
            assign(&handle, slot, false);
            return (false, Some(handle));
        }
        // SAFETY: the caller holds it.
        let has_work = unsafe { slot.has_work() } || !state.global.is_empty();
        if has_work && !state.is_stopping && !self.is_ending() {
            return (false, self.start_worker(instance, state, slot, false));
        }
        self.put_idle(state, slot);
        (true, None)
    }

    /// A Processor for the worker of `handle`, which waits until there is one. It is counted as blocked until then. `preferred`
    /// is the one it had.
    pub fn acquire<'a>(
        &self,
        instance: &Instance,
        handle: &Arc<WorkerHandle>,
        preferred: u32,
    ) -> &'a ProcessorSlot {
        loop {
            let ticket = self.start_gate.ticket();
            let mut state = self.lock();
            if state.is_stopping {
                drop(state);
                self.await_start(ticket);
                continue;
            }
            let position = state
                .idle_processors
                .iter()
                // SAFETY: Processors live as long as the program.
                .position(|&slot| unsafe { &*slot }.shared.id == preferred);
            if let Some(position) = position {
                let slot = state.idle_processors.remove(position);
                state.idle_processors.push(slot);
            }
            if let Some(slot) = self.take_idle(&mut state) {
                state.blocked_count -= 1;
                return slot;
            }
            state.waiting.push_back(Arc::clone(handle));
            self.call_attention(attention::WAITING);
            drop(state);
            return self.wait_for_assignment(instance, handle);
        }
    }

    /// Waits until somebody gives the worker of `handle`, which is counted as blocked until then, a Processor.
    pub(super) fn wait_for_assignment<'a>(
        &self,
        instance: &Instance,
        handle: &WorkerHandle,
    ) -> &'a ProcessorSlot {
        loop {
            handle.parker.wait(None);
            let slot = handle.assigned.swap(std::ptr::null_mut(), Acquire);
            // SAFETY: Processors live as long as the program.
            if let Some(slot) = unsafe { slot.as_ref() } {
                self.lock().blocked_count -= 1;
                return slot;
            }
            if trap::is_quitting() {
                fatal::quit(instance, None);
                // There may be nobody to give it one any more.
                crate::exit_now(fatal::FATAL_STATUS);
            }
        }
    }

    /// Takes `slot` again, which the caller has just put among the idle ones, under the same lock.
    pub(super) fn take_back(&self, state: &mut State, slot: &ProcessorSlot) {
        state
            .idle_processors
            .retain(|&idle| !std::ptr::eq(idle, slot));
        self.note_idle(state);
        slot.shared.set_status(ProcessorStatus::Running);
    }

    fn note_global(&self, state: &State) {
        self.global_count.store(state.global.len(), SeqCst);
    }

    /// Puts goroutines at the end of the global queue.
    pub fn push_global(&self, goroutines: &[*mut Goroutine]) {
        let mut state = self.lock();
        state.global.extend(goroutines);
        self.note_global(&state);
    }

    /// Takes the first of the global queue; some more, a fair part of it, go to `slot`, which the caller holds.
    pub fn pop_global(&self, state: &mut State, slot: &ProcessorSlot) -> Option<*mut Goroutine> {
        let first = state.global.pop_front()?;
        let fair = state.global.len() / self.active_count() as usize;
        let room = (super::run_queue::CAPACITY - slot.shared.queue.len()) as usize;
        for _ in 0..fair.min(room).min(super::run_queue::CAPACITY as usize / 2) {
            let g = state.global.pop_front().expect("there are that many");
            slot.shared.queue.push(g, |_| unreachable!("there is room"));
        }
        self.note_global(state);
        Some(first)
    }

    /// Sets GOMAXPROCS; the one before. The world is stopped by the caller. Workers that hold one Processor too many give it
    /// up before they run the next goroutine.
    pub fn set_count(&self, heap: &Heap, count: u64) -> u64 {
        let mut state = self.lock();
        let before = self.stated_count.swap(count, Relaxed);
        let wanted = self.wanted_for(count);
        self.wanted_count.store(wanted, Relaxed);
        let old = self.active_count();
        if wanted < old {
            self.active_count.store(wanted, Relaxed);
            // SAFETY: Processors live as long as the program.
            let is_active = |&slot: &*const ProcessorSlot| unsafe { &*slot }.shared.id < wanted;
            state.idle_processors.retain(is_active);
            self.note_idle(&state);
            self.call_attention(attention::SURPLUS);
        } else if old > 1 {
            self.activate(heap, &mut state, wanted);
        }
        before
    }

    /// Claims the end of the program for the calling thread; false if another thread ends it already.
    pub fn claim_end(&self) -> bool {
        // SAFETY: only returns a number.
        let thread = unsafe { libc::gettid() };
        match self
            .ending_thread
            .compare_exchange(0, thread, SeqCst, SeqCst)
        {
            Ok(_) => true,
            Err(other) => other == thread,
        }
    }

    /// Whether somebody ends the program: no Processor is handed out any more.
    pub fn is_ending(&self) -> bool {
        self.ending_thread.load(Relaxed) != 0
    }

    /// Tells all workers that the program has ended with `status`.
    pub fn end(&self, status: i32) {
        self.exit_status.store(status, Relaxed);
        self.call_attention(attention::END);
        for slot in self.slots() {
            slot.shared.preempt();
        }
        let state = self.lock();
        let sleepers: Vec<_> = state
            .idle_workers
            .iter()
            .chain(&state.waiting)
            .chain(&state.locked_workers)
            .cloned()
            .collect();
        drop(state);
        for handle in sleepers {
            handle.parker.wake();
        }
    }

    /// Whether other threads than the first run goroutines, or did.
    pub fn has_several_workers(&self) -> bool {
        self.worker_count.load(Relaxed) > 1
    }

    /// Workers there are.
    pub fn worker_count(&self) -> u32 {
        self.worker_count.load(Relaxed)
    }

    /// With what status it ended.
    pub fn exit_status(&self) -> i32 {
        self.exit_status.load(Relaxed)
    }
}

/// Wakes a worker that [`Scheduler::release`] or [`Scheduler::start_worker`] named.
pub(super) fn wake(handle: Option<Arc<WorkerHandle>>) {
    if let Some(handle) = handle {
        handle.parker.wake();
    }
}

/// Whether both are the same worker.
pub(super) fn is_same(left: Option<&Arc<WorkerHandle>>, right: Option<&Arc<WorkerHandle>>) -> bool {
    matches!((left, right), (Some(left), Some(right)) if Arc::ptr_eq(left, right))
}

pub(super) fn assign(handle: &WorkerHandle, slot: &ProcessorSlot, is_to_search: bool) {
    handle.is_to_search.store(is_to_search, Relaxed);
    slot.shared.set_status(ProcessorStatus::Running);
    // Release: pairs with the acquire of the worker that takes it.
    handle
        .assigned
        .store(std::ptr::from_ref(slot).cast_mut(), Release);
}

impl Drop for Scheduler {
    fn drop(&mut self) {
        for slot in &self.processors {
            let slot = slot.load(Acquire);
            if !slot.is_null() {
                // SAFETY: made by `Box::into_raw` in `make_processors`; the program is over.
                drop(unsafe { Box::from_raw(slot) });
            }
        }
    }
}
