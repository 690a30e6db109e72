//! Natives of `sync/atomic`: one table of operations over the five integer types. All are sequentially consistent.

use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicU32, AtomicU64};

use super::{NativeCall, Table};
use crate::{panic, runtime_error};

/// The natives of every operation, for each type: its name, the atomic it is done on, and how its bits become a word
/// (the function widens with or without sign).
macro_rules! define_natives {
    ($($suffix:literal: $atomic:ident, $unsigned:ty, $widen:expr;)*) => {
        pub(super) const NATIVES: Table = &[
            $(
                (concat!("sync/atomic.Add", $suffix), |call| operate(call, |address: &$atomic, delta| {
                    ($widen)(address.fetch_add(delta as $unsigned, SeqCst).wrapping_add(delta as $unsigned))
                })),
                (concat!("sync/atomic.And", $suffix), |call| operate(call, |address: &$atomic, mask| {
                    ($widen)(address.fetch_and(mask as $unsigned, SeqCst))
                })),
                (concat!("sync/atomic.Or", $suffix), |call| operate(call, |address: &$atomic, mask| {
                    ($widen)(address.fetch_or(mask as $unsigned, SeqCst))
                })),
                (concat!("sync/atomic.Swap", $suffix), |call| operate(call, |address: &$atomic, new| {
                    ($widen)(address.swap(new as $unsigned, SeqCst))
                })),
                (concat!("sync/atomic.Load", $suffix), |call| {
                    if let Some(address) = target::<$atomic>(call) {
                        call.put(($widen)(address.load(SeqCst)));
                    }
                }),
                (concat!("sync/atomic.Store", $suffix), |call| {
                    if let Some(address) = target::<$atomic>(call) {
                        address.store(call.word() as $unsigned, SeqCst);
                    }
                }),
                (concat!("sync/atomic.CompareAndSwap", $suffix), |call| {
                    if let Some(address) = target::<$atomic>(call) {
                        let (old, new) = (call.word() as $unsigned, call.word() as $unsigned);
                        call.put_bool(address.compare_exchange(old, new, SeqCst, SeqCst).is_ok());
                    }
                }),
            )*
            ("sync/atomic.yield", super::runtime::yield_now),
        ];
    };
}

define_natives! {
    "Int32": AtomicU32, u32, |bits: u32| i64::from(bits.cast_signed()).cast_unsigned();
    "Int64": AtomicU64, u64, u64::from;
    "Uint32": AtomicU32, u32, u64::from;
    "Uint64": AtomicU64, u64, u64::from;
    "Uintptr": AtomicU64, u64, u64::from;
}

/// The variable an operation is for; a nil address begins a panic.
fn target<'call, T>(call: &mut NativeCall<'call>) -> Option<&'call T> {
    let address = call.pointer().cast::<T>();
    if address.is_null() {
        let value = runtime_error::nil_dereference(call.g);
        panic::start(call.g, value);
        return None;
    }
    // SAFETY: not null, so it is the address of a variable of the type, which is as wide as `T` and aligned.
    Some(unsafe { &*address })
}

/// Takes an address and one operand, leaves what `operation` gives.
fn operate<'call, T: 'call>(call: &mut NativeCall<'call>, operation: fn(&T, u64) -> u64) {
    if let Some(address) = target::<T>(call) {
        let operand = call.word();
        call.put(operation(address, operand));
    }
}
