//! `Worker`: a thread that runs goroutines.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::{AfterSwitch, Origin, Processor, TimerAction, retire, spawn};
use crate::abi::ARGUMENT_WORDS;
use crate::channel;
use crate::context;
use crate::goroutine::{Goroutine, Resume, Status};
use crate::instance::Instance;
use crate::stack::POISONED_LIMIT;
use crate::{fatal, panic, trap};

/// Every so many switches timers are looked at although others are ready to run.
const SWITCHES_PER_TIMER_CHECK: u32 = 64;

/// A thread that runs goroutines. It does not move while it runs: they point at it.
#[derive(Debug)]
pub struct Worker {
    /// Arguments and results of natives and wide runtime calls; `block.arguments` points here.
    pub arguments: [u64; ARGUMENT_WORDS],
    /// What the goroutine that leaves wants done.
    pub after: AfterSwitch,
    instance: *const Instance,
    processor: *mut Processor,
    switch_count: u32,
}

impl Worker {
    /// A worker that holds the Processor of number `processor`.
    pub fn new(instance: &Instance, processor: usize) -> Box<Self> {
        Box::new(Self {
            arguments: [0; ARGUMENT_WORDS],
            after: AfterSwitch::Nothing,
            instance,
            processor: instance.processors[processor].get(),
            switch_count: 0,
        })
    }

    /// The Processor it holds.
    ///
    /// # Safety
    /// Called on the worker's own thread, and the reference is not used across a call that makes another.
    #[expect(
        clippy::mut_from_ref,
        reason = "the Processor is not part of the worker"
    )]
    pub unsafe fn processor(&self) -> &mut Processor {
        // SAFETY: held by this worker alone; the caller vouches for the rest.
        unsafe { &mut *self.processor }
    }

    fn instance<'a>(&self) -> &'a Instance {
        // SAFETY: the instance outlives its workers.
        unsafe { &*self.instance }
    }

    /// Runs goroutines until the program ends; its exit status.
    pub fn run(&mut self) -> i32 {
        loop {
            match self.next() {
                Ok((g, inherits_slice)) => {
                    if let Some(status) = self.execute(g, inherits_slice) {
                        return status;
                    }
                }
                Err(status) => return status,
            }
        }
    }

    /// The goroutine to run next; waits for timers if there is none. The exit status if there will never be one.
    fn next(&mut self) -> Result<(*mut Goroutine, bool), i32> {
        let instance = self.instance();
        self.switch_count += 1;
        if self.switch_count >= SWITCHES_PER_TIMER_CHECK || instance.monitor.take_tick() {
            self.switch_count = 0;
            self.fire_timers();
        }
        loop {
            if trap::is_quitting() {
                return Err(fatal::quit(instance));
            }
            // SAFETY: this is the worker's thread.
            if let Some(next) = unsafe { self.processor() }.run_queue.pop() {
                return Ok(next);
            }
            self.fire_timers();
            // SAFETY: as above.
            if !unsafe { self.processor() }.run_queue.is_empty() {
                continue;
            }
            let Some(when_ns) = self.next_timer_that_counts() else {
                return Err(fatal::deadlock(instance));
            };
            instance.monitor.set_running(std::ptr::null_mut());
            let wait_ns = when_ns.saturating_sub(instance.now_ns());
            sleep(Duration::from_nanos(wait_ns));
        }
    }

    /// When the next timer is due, if some timer may yet wake a goroutine.
    fn next_timer_that_counts(&self) -> Option<u64> {
        let mut timers = self.instance().timers.lock();
        let counts = timers.actions().any(|action| match *action {
            TimerAction::Wake(_) | TimerAction::Call { channel: 0, .. } => true,
            TimerAction::Call { channel, .. } => channel::has_receivers(channel),
        });
        if counts { timers.next_ns() } else { None }
    }

    /// Does what is due.
    fn fire_timers(&mut self) {
        let instance = self.instance();
        loop {
            let mut timers = instance.timers.lock();
            if timers.is_empty() {
                return;
            }
            let action = timers.pop_due(instance.now_ns());
            drop(timers);
            match action {
                None => return,
                Some(TimerAction::Wake(g)) => {
                    // SAFETY: a sleeping goroutine belongs to its timer, which was just taken out.
                    unsafe { (*g).set_status(Status::Runnable) };
                    // SAFETY: this is the worker's thread.
                    unsafe { self.processor() }.run_queue.push(g);
                }
                Some(TimerAction::Call {
                    closure, channel, ..
                }) => {
                    let origin = if channel == 0 {
                        Origin::Timer
                    } else {
                        Origin::ChannelTimer
                    };
                    if let Some(g) = spawn(instance, closure, origin) {
                        // SAFETY: as above.
                        unsafe { self.processor() }.run_queue.push(g);
                    }
                }
            }
        }
    }

    /// Runs `pointer` until it stops running. The exit status if it ended the program.
    fn execute(&mut self, pointer: *mut Goroutine, inherits_slice: bool) -> Option<i32> {
        let instance = self.instance();
        // SAFETY: it came from the run queue, so it is this worker's.
        let g = unsafe { &mut *pointer };
        g.set_status(Status::Running);
        g.worker = self;
        g.block.arguments = self.arguments.as_mut_ptr();
        // SAFETY: this is the worker's thread.
        g.block.cache = (&raw mut *unsafe { self.processor() }.cache).cast();
        instance.monitor.set_running(pointer);
        if !inherits_slice {
            instance.monitor.begin_slice();
        }
        // One that was stopped in a prologue goes on with the very check that would stop it again.
        if instance.options.preempt_always && !matches!(g.resume, Resume::Registers(_)) {
            g.stack_limit().store(POISONED_LIMIT, Relaxed);
            g.preempt_flag().store(1, Relaxed);
        }
        if matches!(g.resume, Resume::Panic) {
            g.resume = Resume::Return;
            self.after = AfterSwitch::AdvancePanic;
        }
        loop {
            if self.after == AfterSwitch::Nothing {
                enter(g);
                g.block.leave = 0;
            }
            match std::mem::take(&mut self.after) {
                AfterSwitch::Yield => {
                    g.set_status(Status::Runnable);
                    // SAFETY: as above.
                    unsafe { self.processor() }.run_queue.push(pointer);
                    return None;
                }
                AfterSwitch::Park => {
                    g.set_status(Status::Waiting);
                    g.wait_since_ticks = instance.monitor.ticks();
                    return None;
                }
                AfterSwitch::AdvancePanic => match panic::advance(g) {
                    panic::Next::Enter => {}
                    panic::Next::Finish => {
                        retire(instance, pointer);
                        return None;
                    }
                    panic::Next::Exit(status) => return Some(status),
                },
                AfterSwitch::Finish => {
                    // The program ends with its first goroutine.
                    let is_main = g.id == 1;
                    retire(instance, pointer);
                    return is_main.then_some(0);
                }
                AfterSwitch::Exit(status) => return Some(status),
                AfterSwitch::Nothing => {
                    unreachable!("a goroutine leaves with something to be done")
                }
            }
        }
    }
}

/// Sleeps, but not longer than until a signal is handled.
fn sleep(duration: Duration) {
    let time = libc::timespec {
        tv_sec: duration.as_secs() as libc::time_t,
        tv_nsec: i64::from(duration.subsec_nanos()),
    };
    // SAFETY: the time is read, and nothing is written.
    unsafe { libc::nanosleep(&raw const time, std::ptr::null_mut()) };
}

/// Lets `g` go on; returns when it leaves.
fn enter(g: &mut Goroutine) {
    let resume = std::mem::take(&mut g.resume);
    // SAFETY: the worker owns `g` and set its pointers; `resume` was written together with the saved context.
    unsafe {
        match resume {
            Resume::Return | Resume::Panic => context::enter_return(g),
            Resume::Jump(address) => context::enter_jump(g, address),
            Resume::Registers(registers) => context::enter_registers(g, &raw const *registers),
        }
    }
}
