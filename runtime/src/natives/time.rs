//! Natives of `time`: the clocks, sleeping, and timers.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{NativeCall, Table};
use crate::goroutine::WaitReason;
use crate::scheduler::{self, ParkedUnder, TimerAction};

pub(super) const NATIVES: Table = &[
    ("time.now", now),
    ("time.Sleep", sleep),
    ("time.startTimer", start_timer),
    ("time.stopTimer", stop_timer),
];

/// Where the wall clock of a seeded run begins: 2009-11-10 23:00 UTC, Go's birthday.
const SEEDED_WALL: Duration = Duration::from_hours(349_415);

fn now(call: &mut NativeCall<'_>) {
    let instance = call.instance();
    instance.step_clock(None);
    let monotonic = instance.now_ns();
    let wall = if instance.options.is_seeded {
        SEEDED_WALL + Duration::from_nanos(monotonic)
    } else {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.unwrap_or_default()
    };
    call.put(wall.as_secs());
    call.put(u64::from(wall.subsec_nanos()));
    call.put(monotonic);
}

fn sleep(call: &mut NativeCall<'_>) {
    let duration_ns = call.int();
    let Some(duration_ns) = u64::try_from(duration_ns)
        .ok()
        .filter(|&duration_ns| duration_ns > 0)
    else {
        return;
    };
    let when_ns = call.instance().now_ns().saturating_add(duration_ns);
    scheduler::park(call.g, WaitReason::Sleep, ParkedUnder::Timer(when_ns));
}

fn start_timer(call: &mut NativeCall<'_>) {
    let (when_ns, period_ns, channel, closure) = (call.int(), call.int(), call.word(), call.word());
    let action = TimerAction::Call {
        closure,
        channel,
        period_ns: u64::try_from(period_ns).unwrap_or(0),
    };
    let instance = call.instance();
    let when_ns = u64::try_from(when_ns).unwrap_or(0);
    let id = instance.timers.lock().add(when_ns, action);
    scheduler::note_timer(&instance.scheduler, when_ns);
    // A goroutine that never waits must not keep the timer from firing.
    instance.monitor.want(instance);
    call.put(id);
}

fn stop_timer(call: &mut NativeCall<'_>) {
    let id = call.word();
    let was_queued = call.instance().timers.lock().remove(id);
    call.put_bool(was_queued);
}
