//! Lines that show what the scheduler does: `MINIGODEBUG=schedtrace=N` prints one to standard error every N milliseconds, and
//! with `scheddetail=1` more for every Processor and every goroutine. The forms are Go's (`runtime`, "Environment Variables").
//!
//! Everything is read while the program runs: figures of one line need not be of one moment.

use std::fmt::Write as _;
use std::sync::atomic::Ordering::Relaxed;

use super::processor::ProcessorStatus;
use crate::goroutine::Status;
use crate::instance::Instance;

/// The lines for now.
pub(super) fn lines(instance: &Instance) -> String {
    let scheduler = &instance.scheduler;
    let mut out = String::new();
    let idle_workers = scheduler.lock().idle_workers.len();
    // The monitor is a thread too.
    let threads = scheduler.worker_count.load(Relaxed) + 1;
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

fn push_details(out: &mut String, instance: &Instance) {
    let scheduler = &instance.scheduler;
    let is_stopping = scheduler.lock().is_stopping;
    let _ = writeln!(
        out,
        " gcwaiting={is_stopping} nmidlelocked=0 stopwait=0 sysmonwait=false"
    );
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
            "  P{}: status={status} schedtick={slices} syscalltick={} runqsize={}",
            slot.shared.id,
            word >> super::processor::STATUS_BITS,
            slot.shared.queue.len(),
        );
    }
    instance.goroutines.lock().visit_live(|g| {
        // SAFETY: goroutines live as long as the program; only what is atomic, or set before it is live, is read.
        let (id, status) = unsafe { ((*g).id, (*g).status()) };
        let status = match status {
            Status::Dead => 6,
            Status::Runnable => 1,
            Status::Running => 2,
            Status::Waiting => 4,
        };
        let _ = writeln!(out, "  G{id}: status={status}");
    });
}
