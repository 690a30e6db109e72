//! Natives of `time`: the clocks, sleeping, and timers.

use super::{NativeCall, Table};
use crate::goroutine::WaitReason;
use crate::scheduler::{self, ParkedUnder, TimerAction, slot_of};
use crate::timer_channel;

pub(super) const NATIVES: Table = &[
    ("time.now", now),
    ("time.Sleep", sleep),
    ("time.startTimer", start_timer),
    ("time.stopTimer", stop_timer),
    ("time.newTimerChannel", new_timer_channel),
    ("time.setTimer", set_timer),
];

fn now(call: &mut NativeCall<'_>) {
    let instance = call.instance();
    instance.step_clock(None);
    let monotonic = instance.now_ns();
    let wall = instance.wall_clock(monotonic);
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
    let (when_ns, closure) = (call.int(), call.word());
    let instance = call.instance();
    let when_ns = u64::try_from(when_ns).unwrap_or(0);
    let action = TimerAction::Call(closure);
    let id = slot_of(call.g).shared.timers.lock().add(when_ns, action);
    scheduler::note_timer(&instance.scheduler, when_ns);
    // A goroutine that never waits must not keep the timer from firing.
    instance.monitor.want(instance);
    call.put(id);
}

fn new_timer_channel(call: &mut NativeCall<'_>) {
    let location = call.pointer();
    let channel = timer_channel::make(call.g, location);
    call.put_pointer(channel.cast());
}

fn set_timer(call: &mut NativeCall<'_>) {
    let (channel, when_ns, period_ns) = (call.pointer(), call.int(), call.int());
    let instance = call.instance();
    let [when_ns, period_ns] = [when_ns, period_ns].map(|ns| u64::try_from(ns).unwrap_or(0));
    // SAFETY: the library passes what `new_timer_channel` made.
    let was_pending = unsafe { timer_channel::set(channel.cast(), call.g, when_ns, period_ns) };
    instance.monitor.want(instance);
    call.put_bool(was_pending);
}

fn stop_timer(call: &mut NativeCall<'_>) {
    let id = call.word();
    let was_queued = call.instance().scheduler.remove_timer(id);
    call.put_bool(was_queued);
}
