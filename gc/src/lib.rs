//! The collected heap: memory for the objects of one program, and the collector that finds those no longer reachable.
//!
//! This crate knows no goroutine, no type of the language and no compiler. Compiled code agrees with it on [`layout`]; the
//! runtime gives it a [`World`]: how to stop the mutators and where their roots are. All state hangs off one [`Heap`].
//!
//! # The model
//!
//! Objects never move. Their address is therefore theirs for life, and a root may be any copy of it, wherever the compiler
//! left one; a pointer into the middle of an object keeps all of it.
//!
//! **Pages have layouts, objects have no headers.** A [layout](layout::Layout) is a slot size and the places of pointers in
//! such a slot. A page of 8 KiB holds slots of one layout, so that what the marker must know of an object is known of
//! its page, and allocation writes no pointer map. Types that agree in size and pointers share pages.
//! ```text
//!   small    16 B .. 2 KiB    one page, one layout         inline allocation from a cell of the cache
//!   medium   .. 32 KiB        a run of pages, one size     layout beside each slot (without pointers: of the run)
//!   large    above            a run of pages, one object   scanned in pieces of 128 KiB
//! ```
//! When a program uses more than [`MAX_LAYOUTS`](layout::MAX_LAYOUTS) layouts, the rest share pages by size as medium
//! objects do: a little slower, never wrong.
//!
//! **Bits beside the pages.** Each span has a line of alloc bits and one of mark bits, in tables apart from the objects:
//! marking an object without pointers does not touch it, and sweeping a page is copying 64 bytes.
//!
//! **Two generations.** Between cycles a mark bit says that an object is old. Most cycles look at what is young only, and at the
//! places where a pointer to something young may have been stored in something old ([`generation`], `cards`).
//!
//! **Allocation is bit picking.** A cache holds, for every layout, up to 64 free bits of one page; taking the lowest is
//! five instructions in compiled code. Refilling takes the page's next word; then a swept page with room; then sweeps pages
//! of the layout; then cuts a fresh page. Locks are taken only from the second step on.
//!
//! # A cycle
//!
//! ```text
//!            | finish sweep | stop A |     mark      | stop B | large spans |   sweep on demand, in the background ...
//!   mutators   run            ......   run, and help   ......   run
//! ```
//! 1. When what is live plus what was handed out since reaches the trigger ([`pacer`]), [`Heap::should_collect`] turns true, and
//!    the mutator that sees it calls [`Heap::try_begin_cycle`].
//! 2. Stop A. From here on stores log what they erase (`barrier`), and what is allocated is black.
//! 3. Roots are shaded while the program runs; no goroutine runs before it was scanned ([`ScanState`]). **White** objects have no
//!    mark bit; **grey** ones have it and wait to be scanned; **black** ones were scanned. Mutators that allocate faster than
//!    the markers mark lend a hand (`assist`). When no grey is left, white is garbage.
//! 4. Stop B, which ends marking if nothing grey is left in any log. Then finalizers, cleanups and weak handles of what is white
//!    are dealt with (`special`).
//! 5. A span's marks become its alloc bits when somebody sweeps it: whoever needs its slots, whoever wants fresh pages, or the
//!    collector in the background, at the latest when the next cycle begins.
//!
//! [`Heap::collect`] does all of it in one stop. When marking ends it is decided whether the next cycle will be a **young** one,
//! which takes all that was marked for live, or a **full** one, for which the sweep wipes the marks.
//!
//! # Invariants, and where each is stated and checked
//!
//! | | | stated | checked by |
//! |---|---|---|---|
//! | I1 | no slot is free in two caches | `cache` | `verify::check_caches` |
//! | I2 | a slot is exactly one of object, free in a cache, dead | `span` | `verify::check_caches`, a flush |
//! | I3 | a span was swept in this cycle or the one before; nobody allocates from the latter | `span` | both, `span::sweep` |
//! | I4 | while marking, what is handed out is marked | `cache` | `gccheck=1`, `span::sweep` |
//! | I5 | what is reachable and white is reachable from grey through white | `barrier` | `gccheck=1`, `tests/protocol.rs` |
//! | I6 | no goroutine runs before it was scanned in this cycle | [`ScanState`] | `gccheck=1`, `tests/protocol.rs` |
//! | I7 | mark bits change only between stop A and stop B, and when a span is swept | `mark` | `span::sweep` |
//! | I8 | a page's layout does not change while a slot is live | `span` | `verify::check_heap` |
//! | I9 | at a safepoint every pointer is in a root or in the heap | [`World`] | poison, and every test under stress |
//! | I10 | objects, free and dead slots add up to a span | `span` | `verify::check_heap` |
//! | I11 | a pointer from an old object to one allocated since the last stop A lies in a marked card | [`generation`] | `gccheck=1` with `gcyoung=2` |
//!
//! # Modes
//!
//! [`Options`] has them: collect at every N-th allocation, verify before and after marking, poison what is freed, never
//! collect. The verifier's second pass is a proof that the marker overlooked nothing reachable from what it marked. A test
//! breaks the marker on purpose and expects each mode to notice.
//!
//! # What is left out, and why
//!
//! - **Moving.** Would make every use of a pointer across a call a reload in compiled code.
//! - **A tiny allocator.** Packing small values in one slot keeps dead neighbours alive.
//!
//! # Sources
//!
//! Go's runtime (`src/runtime/mgc.go`, `mgcpacer.go`, `mcheckmark.go`) for pacing, sweeping on demand and self-checks; the
//! OCaml 5 runtime (`runtime/major_gc.c`) for the prefetching marker; Jones, Hosking, Moss, *The Garbage Collection
//! Handbook* (2nd edition, 2023), chapters 2 and 7, for mark-sweep with side bitmaps and segregated fits.

mod arena;
mod assist;
mod barrier;
mod cache;
mod cards;
mod census;
mod central;
mod checkmark;
mod cleaning;
mod collector;
mod cpu_limiter;
mod cycle;
mod descriptor;
pub mod generation;
mod heap;
pub mod layout;
mod layout_memo;
mod mark;
mod mark_pool;
mod object;
mod options;
pub mod pacer;
mod page_heap;
pub mod phase;
mod ready;
mod roots;
mod scan_state;
pub mod size_class;
mod span;
mod special;
mod statistics;
mod sweep;
pub mod sync;
mod system;
mod trace;
mod verify;
mod work;

pub use assist::Assisted;
pub use cache::Cache;
pub use census::{Census, SpanUse};
pub use cleaning::Cleaning;
pub use cycle::CollectReason;
pub use heap::{AllocationError, Heap, HeapError, NO_LIMIT};
pub use object::ObjectRef;
pub use options::{DEFAULT_RESERVATION_BYTES, Options};
pub use roots::{ConcurrentWorld, RootVisitor, StopTimes, World};
pub use scan_state::ScanState;
pub use special::{Finalizer, Ready};
pub use statistics::{ClassStatistics, PauseHistogram, RECENT_PAUSES, Statistics};
pub use trace::CycleReport;

#[cfg(test)]
mod concurrent_tests;
#[cfg(test)]
mod special_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod thread_tests;
#[cfg(test)]
mod toy;
