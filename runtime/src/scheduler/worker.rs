//! `Worker`: a thread that runs goroutines.
//!
//! It holds a Processor while it does, and gives it up in system calls that wait, and when there is nothing to do.

use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed};

use super::blocking::{Wait, blocking};
use super::idle;
use super::processor::{Processor, ProcessorSlot};
use super::shared::{Scheduler, WorkerHandle, attention, wake};
use super::{AfterSwitch, ParkedUnder, retire};
use crate::abi::ARGUMENT_WORDS;
use crate::context;
use crate::goroutine::{Goroutine, Resume, Status};
use crate::instance::Instance;
use crate::stack::POISONED_LIMIT;
use crate::{fatal, panic, safepoint, select, trap};

/// Every so many switches a worker looks at the global queue and the timers first, although it has work of its own. A prime,
/// so that no pattern of the program's goes with it; as in Go.
const SWITCHES_PER_LOOK: u32 = 61;

/// Rounds of looking for something to steal.
const STEAL_ROUNDS: usize = 4;

/// How many goroutines that are ready may be passed over in a seeded run.
const MOST_PASSED: u64 = 16;

/// Stack of a worker's thread: natives run on it. It is reserved, not committed.
const THREAD_STACK_BYTES: usize = 8 << 20;

/// A thread that runs goroutines. It does not move while it runs: they point at it.
pub struct Worker {
    /// Arguments and results of natives and wide runtime calls; `block.arguments` points here.
    pub arguments: [u64; ARGUMENT_WORDS],
    /// What the goroutine that leaves wants done.
    pub after: AfterSwitch,
    pub(super) instance: *const Instance,
    /// The Processor it holds; null without one.
    pub(super) slot: *const ProcessorSlot,
    /// How others reach it.
    pub(super) handle: Arc<WorkerHandle>,
    /// Whether it is counted among those that search for work.
    pub(super) is_searching: bool,
    /// The goroutine that is locked to this thread; null without one.
    pub(super) locked: *mut Goroutine,
    /// Whether its thread is one that may end before the program does.
    pub(super) can_end: bool,
    /// Whether its thread is to end.
    pub(super) is_to_end: bool,
}

/// Starts a thread for a worker that was given a Processor by way of `handle`.
pub(super) fn start_thread(
    instance: &Instance,
    handle: Arc<WorkerHandle>,
) -> std::io::Result<std::thread::JoinHandle<()>> {
    struct Shared(*const Instance);
    // SAFETY: an instance may be used by many threads, and outlives its workers: see `Instance::shut_down`.
    unsafe impl Send for Shared {}
    let shared = Shared(instance);
    std::thread::Builder::new()
        .name("worker".to_owned())
        .stack_size(THREAD_STACK_BYTES)
        .spawn(move || {
            let shared = shared;
            let _alternate_stack = trap::use_alternate_stack();
            // SAFETY: as above.
            let mut worker = Worker::new(unsafe { &*shared.0 }, handle);
            worker.can_end = true;
            worker.run();
        })
}

impl Worker {
    /// The worker that holds the first Processor from the beginning.
    pub fn first(instance: &Instance) -> Box<Self> {
        let mut state = instance.scheduler.lock();
        let handle = state.new_handle();
        state.workers.push(Arc::clone(&handle));
        drop(state);
        let mut worker = Self::new(instance, handle);
        worker.slot = instance.scheduler.slot(0);
        worker
    }

    fn new(instance: &Instance, handle: Arc<WorkerHandle>) -> Box<Self> {
        Box::new(Self {
            arguments: [0; ARGUMENT_WORDS],
            after: AfterSwitch::Nothing,
            instance,
            slot: std::ptr::null(),
            handle,
            is_searching: false,
            locked: std::ptr::null_mut(),
            can_end: false,
            is_to_end: false,
        })
    }

    /// The Processor it holds.
    ///
    /// # Panics
    /// Without one.
    pub fn slot<'a>(&self) -> &'a ProcessorSlot {
        // SAFETY: Processors live as long as the program.
        unsafe { self.slot.as_ref() }.expect("the worker holds a Processor")
    }

    /// What it may use of it without a lock.
    ///
    /// # Safety
    /// Called on the worker's own thread, and the reference is not used across a call that makes another.
    #[inline]
    pub unsafe fn processor<'a>(&self) -> &'a mut Processor {
        debug_assert!(!self.slot.is_null(), "the worker holds a Processor");
        // SAFETY: held by this worker alone; the caller vouches for the rest.
        unsafe { (*self.slot).own() }
    }

    pub(super) fn instance<'a>(&self) -> &'a Instance {
        // SAFETY: the instance outlives its workers.
        unsafe { &*self.instance }
    }

    pub(super) fn scheduler<'a>(&self) -> &'a Scheduler {
        &self.instance().scheduler
    }

    /// Runs goroutines until the program ends, or the thread is to end before; the program's exit status.
    pub fn run(&mut self) -> i32 {
        if let Some(watch) = &self.scheduler().stop_watch {
            watch.note_worker(self.handle.id);
        }
        while let Some((g, inherits_slice)) = self.next() {
            // SAFETY: it came from a run queue, so it is this worker's.
            if unsafe { (*g).lock_count } > 0 {
                self.hand_to_its_worker(g);
                continue;
            }
            self.execute(g, inherits_slice);
            if (!self.locked.is_null() || self.is_to_end) && !self.run_locked() {
                break;
            }
        }
        if self.is_to_end {
            return 0;
        }
        self.scheduler().exit_status()
    }

    /// The goroutine to run next, and whether it inherits the running time slice; waits for one. `None` when the program has
    /// ended.
    fn next(&mut self) -> Option<(*mut Goroutine, bool)> {
        let scheduler = self.scheduler();
        loop {
            if self.slot.is_null() && !self.wait_for_processor() {
                return None;
            }
            let reasons = scheduler.attention();
            if reasons != 0 {
                if reasons & attention::END != 0 {
                    return None;
                }
                self.attend(reasons);
                if self.slot.is_null() {
                    continue;
                }
            }
            let slot = self.slot();
            // SAFETY: this is the worker's thread.
            let own = unsafe { slot.own() };
            own.hand_off.end();
            own.switch_count = own.switch_count.wrapping_add(1);
            let mut found = None;
            let is_time_to_look = own.switch_count.is_multiple_of(SWITCHES_PER_LOOK);
            if scheduler.is_serial() {
                self.fire_timers();
                if is_time_to_look && self.yield_to_ready_descriptor() {
                    continue;
                }
                shuffle(slot);
            }
            if is_time_to_look {
                self.fire_timers();
                found = self.pop_global();
            }
            // SAFETY: as above; firing timers made another reference.
            let own = unsafe { slot.own() };
            let found = match found {
                Some(g) => Some((g, false)),
                None => match own.next.take() {
                    Some(g) => Some((g, true)),
                    None => slot.shared.queue.pop().map(|g| (g, false)),
                },
            };
            if let Some(found) = found.or_else(|| self.find_elsewhere()) {
                self.stop_searching();
                return Some(found);
            }
            self.go_idle();
        }
    }

    /// Does what it is asked to between two goroutines.
    #[cold]
    fn attend(&mut self, reasons: u32) {
        let (scheduler, instance) = (self.scheduler(), self.instance());
        let slot = self.slot();
        if reasons & attention::STOP != 0 {
            scheduler.stop_here(slot);
        }
        if reasons & attention::QUIT != 0 {
            fatal::quit(instance, Some(slot));
            return;
        }
        if reasons & attention::TIMERS != 0 && scheduler.take_attention(attention::TIMERS) {
            self.fire_all_timers();
        }
        let is_surplus = slot.shared.id >= scheduler.active_count();
        if reasons & attention::SURPLUS != 0 {
            if is_surplus {
                self.give_up_processor();
                scheduler.offer(instance);
                return;
            }
            idle::settle_surplus(scheduler);
        }
        if reasons & attention::WAITING != 0 {
            let mut state = scheduler.lock();
            if !state.waiting.is_empty() {
                let (_, woken) = scheduler.release(instance, &mut state, slot);
                self.slot = std::ptr::null();
                drop(state);
                wake(woken);
                self.drop_search();
            }
        }
    }

    fn pop_global(&self) -> Option<*mut Goroutine> {
        let scheduler = self.scheduler();
        if scheduler.global_count() == 0 {
            return None;
        }
        scheduler.pop_global(&mut scheduler.lock(), self.slot())
    }

    /// Looks at timers, the global queue, and other Processors.
    fn find_elsewhere(&mut self) -> Option<(*mut Goroutine, bool)> {
        let (scheduler, slot) = (self.scheduler(), self.slot());
        if self.fire_all_timers() {
            // SAFETY: this is the worker's thread.
            let next = unsafe { slot.own() }.next.take();
            if let Some(g) = next.or_else(|| slot.shared.queue.pop()) {
                return Some((g, false));
            }
        }
        if let Some(g) = self.pop_global() {
            return Some((g, false));
        }
        let count = scheduler.active_count() as usize;
        if count == 1 || !(self.is_searching || scheduler.may_search()) {
            return None;
        }
        if !self.is_searching {
            self.is_searching = true;
            scheduler.searchers.begin();
        }
        for _ in 0..STEAL_ROUNDS {
            // SAFETY: this is the worker's thread.
            let first = unsafe { slot.own() }.random.below(count as u64) as usize;
            for offset in 0..count {
                let victim = scheduler.slot((first + offset) % count);
                if std::ptr::eq(victim, slot) {
                    continue;
                }
                if let Some(g) = victim.shared.queue.steal_into(&slot.shared.queue) {
                    return Some((g, false));
                }
            }
        }
        None
    }

    /// Found something: if nobody searches any more, somebody else is to.
    #[inline]
    fn stop_searching(&mut self) {
        if self.is_searching {
            self.is_searching = false;
            if self.scheduler().searchers.end() {
                self.scheduler().offer(self.instance());
            }
        }
    }

    /// Is not counted as searching any more, for whatever reason.
    pub(super) fn drop_search(&mut self) {
        if std::mem::take(&mut self.is_searching) {
            self.scheduler().searchers.end();
        }
    }

    /// Gives the Processor up.
    fn give_up_processor(&mut self) {
        let scheduler = self.scheduler();
        let mut state = scheduler.lock();
        let (_, woken) = scheduler.release(self.instance(), &mut state, self.slot());
        self.slot = std::ptr::null();
        drop(state);
        wake(woken);
        self.drop_search();
    }

    /// There is nothing to do: gives the Processor up, unless a second look finds something.
    fn go_idle(&mut self) {
        let (scheduler, instance) = (self.scheduler(), self.instance());
        let mut state = scheduler.lock();
        if state.is_stopping || !state.global.is_empty() {
            return;
        }
        let slot = self.slot();
        self.slot = std::ptr::null();
        let give_up = || {
            let (is_idle, woken) = scheduler.release(instance, &mut state, slot);
            drop(state);
            wake(woken);
            is_idle
        };
        let taken = scheduler.searchers.go_idle(
            std::mem::take(&mut self.is_searching),
            give_up,
            || scheduler.has_work(),
            || scheduler.take_idle(&mut scheduler.lock()),
        );
        if let Some(slot) = taken {
            self.slot = slot;
            self.is_searching = true;
        }
    }

    /// Runs `pointer` until it stops running.
    pub(super) fn execute(&mut self, pointer: *mut Goroutine, inherits_slice: bool) {
        let instance = self.instance();
        // SAFETY: it came from a run queue, so it is this worker's.
        let g = unsafe { &mut *pointer };
        safepoint::scan(instance, g);
        g.set_status(Status::Running);
        g.worker = self;
        g.block.arguments = self.arguments.as_mut_ptr();
        let slot = self.slot();
        // SAFETY: this is the worker's thread.
        g.block.cache = (&raw mut *unsafe { slot.own() }.cache).cast();
        safepoint::before_run(g);
        slot.shared.set_current(pointer);
        slot.shared.set_holder(self.handle.id);
        if !inherits_slice {
            slot.shared.begin_slice();
        }
        // One that was stopped in a prologue goes on with the very check that would stop it again.
        if instance.options.preempt_always && !matches!(g.resume, Resume::Registers(_)) {
            g.stack_limit().store(POISONED_LIMIT, Relaxed);
            g.preempt_flag().store(1, Relaxed);
        }
        if instance.options.is_seeded {
            instance.step_clock(None);
            g.preempt_flag().store(1, Relaxed);
        }
        match g.resume {
            Resume::Panic => {
                g.resume = Resume::Return;
                select::leave_queues(g);
                self.after = AfterSwitch::AdvancePanic;
            }
            Resume::Select => {
                g.resume = Resume::Return;
                select::leave_queues(g);
            }
            Resume::Jump(_) if g.has_fresh_stack => {
                g.has_fresh_stack = false;
                let stack = g.stack();
                blocking(g, Wait::Short, || stack.touch());
            }
            _ => {}
        }
        loop {
            if self.after == AfterSwitch::Nothing {
                enter(g);
                g.block.leave = 0;
            }
            match std::mem::take(&mut self.after) {
                AfterSwitch::Yield => {
                    g.set_status(Status::Runnable);
                    self.push_back(pointer);
                    return;
                }
                AfterSwitch::Preempt => {
                    g.set_status(Status::Runnable);
                    if self.scheduler().attention() & attention::STOP == 0 {
                        self.push_back(pointer);
                        return;
                    }
                    // Nobody wanted its place, only that it stops.
                    self.scheduler().stop_here(self.slot());
                    safepoint::before_run(g);
                    g.set_status(Status::Running);
                }
                AfterSwitch::Park(under) => {
                    g.wait_since_ticks = instance.ticks();
                    g.set_status(Status::Waiting);
                    // From here on others may run it.
                    self.let_go(pointer, under);
                    return;
                }
                AfterSwitch::AdvancePanic => match panic::advance(g) {
                    panic::Next::Enter => {}
                    panic::Next::Finish => return self.finish(pointer),
                    panic::Next::Exit(status) => return self.end_program(status),
                },
                AfterSwitch::Finish => {
                    // The program ends with its first goroutine.
                    if g.id == 1 {
                        return self.end_program(0);
                    }
                    return self.finish(pointer);
                }
                AfterSwitch::Exit(status) => return self.end_program(status),
                AfterSwitch::Nothing => {
                    unreachable!("a goroutine leaves with something to be done")
                }
            }
        }
    }

    /// The goroutine has ended. A thread that was locked to it is not used for others: nobody knows what was done to it.
    fn finish(&mut self, pointer: *mut Goroutine) {
        retire(self.instance(), self.slot(), pointer);
        if self.locked == pointer {
            self.handle.locked_to.store(0, Relaxed);
            self.locked = std::ptr::null_mut();
            self.is_to_end = true;
        }
    }

    /// Releases what a goroutine parked under, now that its context is saved.
    #[inline]
    fn let_go(&mut self, pointer: *mut Goroutine, under: ParkedUnder) {
        match under {
            ParkedUnder::Nothing => {}
            // SAFETY: the lock is that of a channel or table that the goroutine keeps alive, or of the program.
            ParkedUnder::Lock(lock) => unsafe { (*lock).unlock() },
            ParkedUnder::SelectedChannels => select::unlock_channels(pointer),
            ParkedUnder::Timer(when_ns) => self.sleep_until(pointer, when_ns),
        }
    }

    /// Puts a goroutine that goes on behind all others. If it is the only one, nobody else need have it.
    fn push_back(&mut self, g: *mut Goroutine) {
        let slot = self.slot();
        // SAFETY: this is the worker's thread.
        let has_others = unsafe { slot.has_work() };
        push(self.scheduler(), slot, g);
        if has_others || self.scheduler().global_count() > 0 {
            self.scheduler().offer(self.instance());
        }
    }

    fn end_program(&mut self, status: i32) {
        let instance = self.instance();
        fatal::claim_end(instance);
        if instance.options.reports_collections {
            fatal::freeze(instance, Some(self.slot()));
            crate::collection_report::print(instance);
        }
        instance.end(status);
    }

    /// Takes the Processor that somebody assigned to it.
    pub(super) fn take_assigned(&mut self) -> bool {
        let slot = self.handle.assigned.swap(std::ptr::null_mut(), Acquire);
        if slot.is_null() {
            return false;
        }
        self.slot = slot;
        self.is_searching = self.handle.is_to_search.load(Relaxed);
        true
    }
}

/// Lets chance decide, in a seeded run, who of those that are ready runs next.
fn shuffle(slot: &ProcessorSlot) {
    let queue = &slot.shared.queue;
    // SAFETY: the caller holds it.
    let own = unsafe { slot.own() };
    if !queue.is_empty()
        && queue.len() < super::run_queue::CAPACITY
        && own.random.below(2) == 0
        && let Some(next) = own.next.take()
    {
        queue.push(next, |_| unreachable!("there is room"));
    }
    let waiting = u64::from(queue.len());
    let passed = if waiting > 1 {
        own.random.below(waiting)
    } else {
        0
    };
    for _ in 0..passed.min(MOST_PASSED) {
        if let Some(g) = queue.pop() {
            queue.push(g, |_| unreachable!("it was just taken out"));
        }
    }
}

/// Puts `g` at the end of `slot`'s queue, which the caller holds.
pub(super) fn push(scheduler: &Scheduler, slot: &ProcessorSlot, g: *mut Goroutine) {
    slot.shared
        .queue
        .push(g, |batch| scheduler.push_global(batch));
}

/// Lets `g` go on; returns when it leaves.
fn enter(g: &mut Goroutine) {
    let resume = std::mem::take(&mut g.resume);
    // SAFETY: the worker owns `g` and set its pointers; `resume` was written together with the saved context.
    unsafe {
        match resume {
            Resume::Return | Resume::Panic | Resume::Select => context::enter_return(g),
            Resume::Jump(address) => context::enter_jump(g, address),
            Resume::Registers(registers) => context::enter_registers(g, &raw const *registers),
        }
    }
}
