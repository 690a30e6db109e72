//! The write barrier: what a store erases while markers are at work, they are told.
//!
//! Marking is of a snapshot: everything reachable when the world stopped at the beginning of the cycle is marked, and so is
//! everything allocated since. For that it is enough that each pointer of the snapshot that is overwritten, before a marker
//! has read it, be logged (Yuasa's deletion barrier, "Real-time garbage collection on general-purpose machines", 1990):
//! ```text
//!   if cache.phase != 0 { log(*slot) }      ; no safepoint between the test and the store
//!   *slot = new
//! ```
//! The snapshot of stacks is taken lazily: a goroutine that has not been scanned does not run (I6), so its stack is as it
//! was. That is why no store has to log what it *writes*: whoever writes a pointer holds it, so it is of the snapshot or
//! black. (Schemes that scan stacks which run need that second barrier as long as any stack is grey.)
//!
//! Two stores that race for a slot may both log the older value; the one written in between was held by its writer, so
//! nothing is lost.
//!
//! The other half of what a store has to tell, and not only while markers are at work, is in [`crate::cards`].
//!
//! What is logged is looked at as words that may be pointers: what a store erases may be memory that was not yet written,
//! and the log may name an object that died before the cycle.
//!
//! `tests/protocol.rs` explores all interleavings of this protocol on a small heap.

use std::mem::offset_of;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use crate::cache::Cache;
use crate::heap::Heap;
use crate::layout::{LOG_COUNT_OFFSET, LOG_LIMIT_OFFSET, LOG_WORDS_OFFSET, WORD_SIZE_BYTES};
use crate::mark_pool::Found;
use crate::options::Options;
use crate::phase::Phase;

/// Words logged before they are handed to the markers: a lock in so many stores.
const LOG_WORDS: usize = 256;

/// With `gcjitter`, so that hand-overs are frequent.
const JITTERY_LOG_WORDS: usize = 2;

/// What the stores of one Processor erased: compiled code appends single words itself, as long as there is room.
#[repr(C)]
pub(crate) struct BarrierLog {
    count: usize,
    /// Room for words; 0 unless marking.
    limit: usize,
    words: [usize; LOG_WORDS],
}

const _: () = {
    assert!(offset_of!(BarrierLog, count) == LOG_COUNT_OFFSET);
    assert!(offset_of!(BarrierLog, limit) == LOG_LIMIT_OFFSET);
    assert!(offset_of!(BarrierLog, words) == LOG_WORDS_OFFSET);
};

impl BarrierLog {
    pub(crate) const fn new() -> Self {
        Self {
            count: 0,
            limit: 0,
            words: [0; LOG_WORDS],
        }
    }

    /// Opens the log when marking begins.
    pub(crate) fn begin_marking(&mut self, options: &Options) {
        self.limit = match options {
            _ if options.no_barrier => 0,
            _ if options.jitter == 0 => LOG_WORDS,
            _ => JITTERY_LOG_WORDS,
        };
    }

    /// Closes it. What is in it was handed over.
    pub(crate) fn end_marking(&mut self) {
        debug_assert_eq!(self.count, 0);
        self.limit = 0;
    }
}

impl Heap {
    /// The barrier of all words in `size_bytes` at `address`, which are about to be overwritten. Does nothing unless marking.
    ///
    /// # Safety
    /// The range can be read, whatever it holds, and is aligned to words. Others may store to it meanwhile.
    #[inline]
    pub unsafe fn before_overwrite(
        &self,
        cache: &mut Cache,
        address: *const u8,
        size_bytes: usize,
    ) {
        if cache.phase() != Phase::Idle {
            // SAFETY: the caller's.
            unsafe { self.log_range(cache, address.cast(), size_bytes / WORD_SIZE_BYTES) };
        }
    }

    /// # Safety
    /// As [`Self::before_overwrite`].
    #[cold]
    unsafe fn log_range(&self, cache: &mut Cache, first: *const AtomicUsize, count: usize) {
        for index in 0..count {
            // SAFETY: in the caller's range; read as an atomic, since other stores may race.
            self.shade(cache, unsafe { (*first.add(index)).load(Relaxed) });
        }
    }

    /// The barrier of a root outside stacks and globals, `word`, that is about to be dropped. Does nothing unless marking.
    #[inline]
    pub fn shade(&self, cache: &mut Cache, word: usize) {
        if cache.phase() == Phase::Idle || !self.contains(word) || self.options.no_barrier {
            return;
        }
        if cache.log.count >= cache.log.limit {
            self.hand_over_log(cache);
        }
        cache.log.words[cache.log.count] = word;
        cache.log.count += 1;
    }

    /// Gives the markers what `cache` has logged; whether that was anything.
    pub(crate) fn hand_over_log(&self, cache: &mut Cache) -> bool {
        let count = std::mem::take(&mut cache.log.count);
        if count == 0 {
            return false;
        }
        let words = cache.log.words[..count].to_vec();
        self.pool.add_found(Found {
            words,
            is_precise: false,
        });
        true
    }
}
