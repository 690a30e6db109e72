//! Natives of `sync`.

use super::{NativeCall, Table};
use crate::goroutine::WaitReason;
use crate::scheduler::slot_of;
use crate::{fatal, semaphore};

pub(super) const NATIVES: Table = &[
    ("sync.semacquire", acquire),
    ("sync.semrelease", release),
    ("sync.nanotime", monotonic_time),
    ("sync.processor", processor),
    ("sync.registerPool", register_pool),
    ("sync.fatal", fatal_error),
];

/// What the library's numbers stand for.
const REASONS: [WaitReason; 6] = [
    WaitReason::Semaphore,
    WaitReason::MutexLock,
    WaitReason::ReadLock,
    WaitReason::WriteLock,
    WaitReason::WaitGroupWait,
    WaitReason::ConditionWait,
];

fn acquire(call: &mut NativeCall<'_>) {
    let (address, reason, is_first) = (call.pointer(), call.word() as usize, call.bool());
    let reason = REASONS
        .get(reason)
        .copied()
        .unwrap_or(WaitReason::Semaphore);
    // SAFETY: the library passes the address of a field of a live value.
    unsafe { semaphore::acquire(call.g, address.cast(), reason, is_first) };
}

fn release(call: &mut NativeCall<'_>) {
    let address = call.pointer();
    // SAFETY: as above.
    unsafe { semaphore::release(call.g, address.cast()) };
}

fn monotonic_time(call: &mut NativeCall<'_>) {
    let now_ns = call.instance().now_ns();
    call.put(now_ns);
}

fn processor(call: &mut NativeCall<'_>) {
    let own = slot_of(call.g).shared.id;
    let count = call.instance().scheduler.active_count();
    call.put(u64::from(own));
    call.put(u64::from(count));
}

fn register_pool(call: &mut NativeCall<'_>) {
    let pool = call.pointer();
    call.instance().pools.lock().add(pool.cast());
}

fn fatal_error(call: &mut NativeCall<'_>) {
    let message = String::from_utf8_lossy(call.string());
    fatal::throw_user(call.g, &message);
}
