//! Sleeping on a word of memory until another thread says that it has changed: Linux's futexes.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

/// Sleeps as long as `word` is `value`; may return at any time.
pub fn sleep_while(word: &AtomicU32, value: u32, timeout_ns: Option<u64>) {
    let time = timeout_ns.map(|ns| libc::timespec {
        tv_sec: (ns / 1_000_000_000).min(i64::MAX as u64) as libc::time_t,
        tv_nsec: (ns % 1_000_000_000) as libc::c_long,
    });
    let time = time
        .as_ref()
        .map_or(std::ptr::null(), |time| &raw const *time);
    if word.load(Relaxed) != value {
        return;
    }
    // SAFETY: the word and the time live through the call.
    unsafe {
        libc::syscall(
            libc::SYS_futex,
            word.as_ptr(),
            libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG,
            value,
            time,
        );
    }
}

/// Wakes up to `count` threads that sleep on `word`. Allowed in signal handlers.
pub fn wake(word: &AtomicU32, count: i32) {
    // SAFETY: the system only uses the address to find sleepers.
    unsafe {
        libc::syscall(
            libc::SYS_futex,
            word.as_ptr(),
            libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG,
            count,
        );
    }
}
