//! Lines that show what the scheduler does: `MINIGODEBUG=schedtrace=N` prints one to standard error every N milliseconds, and
//! with `scheddetail=1` more for every Processor (P), worker (M) and goroutine (G). The forms are Go's (`runtime`,
//! "Environment Variables"), so tools that read those read these.
//!
//! Everything is read while the program runs: figures of one line need not be of one moment. What has no counterpart here
//! (`mallocing`, `throwing`, `preemptoff`, `locks`, `dying`, `needspinning`) is shown as Go shows it at rest.

use std::fmt::Write as _;
use std::sync::atomic::Ordering::Relaxed;

use super::processor::ProcessorStatus;
use super::shared::{Scheduler, is_same};
use crate::goroutine::Status;
use crate::instance::Instance;

/// The lines for now.
pub(super) fn lines(instance: &Instance) -> String {
    let scheduler = &instance.scheduler;
    let mut out = String::new();
    let idle_workers = scheduler.lock().idle_workers.len();
    // The monitor is a thread too.
    let threads = scheduler.worker_count() + 1;
    let _ = write!(
        out,
        "SCHED {}ms: gomaxprocs={} idleprocs={} threads={threads} spinningthreads={} needspinning=0 idlethreads={idle_workers} \
         runqueue={}",
        instance.now_ns() / 1_000_000,
        scheduler.stated_count(),
        u64::from(scheduler.idle_count()) + unused_count(instance),
        scheduler.searching_count(),
        scheduler.global_count(),
    );
    if instance.options.schedule_trace_detail {
        push_details(&mut out, instance);
        return out;
    }
    out.push_str(" [ ");
    for slot in scheduler.slots() {
        let _ = write!(out, "{} ", slot.shared.queue.len());
    }
    out.push_str("] schedticks=[ ");
    for slot in scheduler.slots() {
        let _ = write!(out, "{} ", slot.shared.progress().0);
    }
    out.push_str("]\n");
    out
}

/// Processors that GOMAXPROCS allows and nobody has needed yet.
fn unused_count(instance: &Instance) -> u64 {
    let scheduler = &instance.scheduler;
    scheduler
        .stated_count()
        .saturating_sub(u64::from(scheduler.active_count()))
}

/// A number, or `nil`.
fn or_nil<T: std::fmt::Display>(number: Option<T>) -> String {
    number.map_or_else(|| "nil".to_owned(), |number| number.to_string())
}

fn push_details(out: &mut String, instance: &Instance) {
    let scheduler = &instance.scheduler;
    let state = scheduler.lock();
    let _ = writeln!(
        out,
        " gcwaiting={} nmidlelocked={} stopwait=0 sysmonwait=false",
        state.is_stopping,
        state.locked_workers.len(),
    );
    drop(state);
    for slot in scheduler.slots() {
        let (slices, word) = slot.shared.progress();
        let status = match slot.shared.status() {
            ProcessorStatus::Idle => 0,
            ProcessorStatus::Running => 1,
            ProcessorStatus::Blocking => 2,
            ProcessorStatus::Stopped | ProcessorStatus::Captured => 3,
        };
        let _ = writeln!(
            out,
            "  P{}: status={status} schedtick={slices} syscalltick={} m={} runqsize={} gfreecnt=0 timerslen={}",
            slot.shared.id,
            word >> super::processor::STATUS_BITS,
            or_nil(slot.shared.holder()),
            slot.shared.queue.len(),
            slot.shared.timers.lock().len(),
        );
    }
    push_workers(out, scheduler);
    push_goroutines(out, instance);
}

/// Number of the goroutine that runs on the Processor `worker` holds, and that Processor's.
fn runs_on(scheduler: &Scheduler, worker: u32) -> Option<(u64, u32)> {
    let slot = scheduler
        .slots()
        .find(|slot| slot.shared.holder() == Some(worker))?;
    // SAFETY: goroutines live as long as the program; one just taken off has kept its number.
    let current = unsafe { slot.shared.current().as_ref() };
    let running = current.filter(|g| g.status() == Status::Running);
    Some((running.map_or(0, |g| g.id), slot.shared.id))
}

fn push_workers(out: &mut String, scheduler: &Scheduler) {
    let state = scheduler.lock();
    for handle in &state.workers {
        let sleepers = [&state.idle_workers, &state.locked_workers];
        let is_asleep = sleepers
            .iter()
            .copied()
            .flatten()
            .chain(&state.waiting)
            .any(|sleeper| is_same(Some(sleeper), Some(handle)));
        let place = runs_on(scheduler, handle.id).filter(|_| !is_asleep);
        let nonzero = |number: u64| Some(number).filter(|&number| number != 0);
        let _ = writeln!(
            out,
            "  M{}: p={} curg={} mallocing=0 throwing=0 preemptoff= locks=0 dying=0 spinning=false blocked={is_asleep} lockedg={}",
            handle.id,
            or_nil(place.map(|(_, processor)| processor)),
            or_nil(place.and_then(|(g, _)| nonzero(g))),
            or_nil(nonzero(handle.locked_to.load(Relaxed))),
        );
    }
}

fn push_goroutines(out: &mut String, instance: &Instance) {
    let scheduler = &instance.scheduler;
    let state = scheduler.lock();
    let ids_of_workers = state.workers.iter().map(|handle| {
        let running = runs_on(scheduler, handle.id).map_or(0, |(g, _)| g);
        (handle.id, running, handle.locked_to.load(Relaxed))
    });
    let workers: Vec<_> = ids_of_workers.collect();
    drop(state);
    let mut lines = Vec::new();
    instance.goroutines.lock().visit_live(|g| {
        // SAFETY: goroutines live as long as the program; only what is atomic, set before it is live, or one byte is read.
        let (id, status, reason) = unsafe { ((*g).id, (*g).status(), (*g).wait_reason) };
        let (status, reason) = match status {
            Status::Dead => (6, ""),
            Status::Runnable => (1, ""),
            Status::Running => (2, ""),
            Status::Waiting => (4, reason.text()),
        };
        let runner = workers.iter().find(|(_, running, _)| *running == id);
        let locked = workers.iter().find(|(_, _, locked)| *locked == id);
        lines.push((
            id,
            format!(
                "  G{id}: status={status}({reason}) m={} lockedm={}\n",
                or_nil(runner.map(|(worker, ..)| worker)),
                or_nil(locked.map(|(worker, ..)| worker)),
            ),
        ));
    });
    lines.sort_unstable();
    out.extend(lines.into_iter().map(|(_, line)| line));
}
