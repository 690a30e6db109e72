//! The seam to the runtime: how the collector stops mutators and finds what they hold.
//!
//! The heap never calls back for anything else. Tests implement [`World`] with a toy mutator.

use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use crate::cache::Cache;
use crate::heap::Heap;
use crate::layout::{PointerBitmap, TypeDescriptor, WORD_SIZE_BYTES};
use crate::mark::Marker;
use crate::mark_pool::Found;
use crate::object::POISON;
use crate::verify;

/// How long it took to stop the world.
#[derive(Clone, Copy, Debug)]
pub struct StopTimes {
    /// When the mutators were asked.
    pub asked: Instant,
    /// When the last of them stood.
    pub last_arrival: Instant,
    /// Of the time between, what was lost because the system did not run mutators that were ready; zero where nobody watches.
    pub lost: Duration,
}

impl StopTimes {
    /// Of a stop that nobody watched: the last mutator stands since now.
    pub fn since(asked: Instant) -> Self {
        Self {
            asked,
            last_arrival: Instant::now(),
            lost: Duration::ZERO,
        }
    }
}

/// The mutators of one heap, as the collector needs them.
///
/// The contract of a cycle: `stop`, then caches and roots are visited (any number of times), then `start`. Between the
/// two no other thread touches the heap, a cache or a root. Afterwards nothing of the visitor is kept.
pub trait World {
    /// Brings every mutator to a safepoint and keeps it there. Returns when the last has arrived.
    ///
    /// When two threads stop the world at once, one is stopped by the other first: waiting here is a safepoint. The heap
    /// holds no lock while it calls.
    ///
    /// At a safepoint every pointer into the heap is in a root that [`Self::visit_roots`] visits, or in the heap (I9),
    /// and every slot handed out has been initialised as [`crate::layout`] demands.
    fn stop(&mut self) -> StopTimes;

    /// Does what has to be done to roots before any is visited. In the first stop of a cycle.
    fn begin_cycle(&mut self) {}

    /// Lets the mutators run again.
    fn start(&mut self);

    /// Calls `visit` with the cache of every Processor, each once, the idle ones too. Only between `stop` and `start`.
    fn visit_caches(&mut self, visit: &mut dyn FnMut(&mut Cache));

    /// Hands every root to `roots`. Only between `stop` and `start`.
    fn visit_roots(&mut self, roots: &mut RootVisitor<'_, '_>);

    /// Memory of stacks, to which no object of the heap may point: asked for by `gcverify`. Only between `stop` and `start`.
    fn stacks(&mut self) -> Vec<Range<usize>> {
        Vec::new()
    }
}

/// Mutators that can run while markers are at work.
///
/// The contract: when the first stop of a cycle ends, every goroutine is stale, see [`ScanState`](crate::ScanState), and is
/// scanned before it runs on (I6). Until then nothing on its stack changes, except that others may store values they hold
/// where it waits for some. At any time, whoever does that calls [`Heap::note_given`] before the next safepoint.
pub trait ConcurrentWorld: World {
    /// Hands a part of the roots to `roots` while mutators run: globals, tables, and all goroutines that are stale still. Parts
    /// are small, and numbered from 0; each is visited once, in any order, some perhaps at the same time. Returns whether more
    /// may follow. Stores to globals and tables go through the barrier, so it does not matter when each is visited.
    fn visit_roots_concurrently(&mut self, part: usize, roots: &mut RootVisitor<'_, '_>) -> bool;
}

/// Takes the roots of one cycle.
pub struct RootVisitor<'sink, 'heap> {
    sink: Sink<'sink, 'heap>,
    /// Where no root may point to just now.
    dead: Vec<Range<usize>>,
    pub(crate) stack_bytes: u64,
    pub(crate) globals_bytes: u64,
}

enum Sink<'sink, 'heap> {
    Marker(&'sink mut Marker<'heap>),
    Lists(&'sink Heap, &'sink mut RootLists),
}

/// Room for what a goroutine that waits usually holds.
const USUAL_WORDS: usize = 32;

/// Roots to be looked at later.
#[derive(Default)]
pub(crate) struct RootLists {
    /// Known to be pointers.
    pub(crate) precise: Vec<usize>,
    /// Perhaps pointers.
    pub(crate) conservative: Vec<usize>,
}

impl Heap {
    /// Takes one root that leaves a table of the runtime, if marking. For threads without a cache; see [`Self::shade`].
    pub fn shade_root(&self, word: usize) {
        if self.is_marking() && self.contains(word) {
            self.pool.add_found(Found {
                words: vec![word],
                is_precise: false,
            });
        }
    }

    /// Takes roots for the markers to look at soon.
    pub(crate) fn shade_roots(&self, visit: impl FnOnce(&mut RootVisitor<'_, '_>)) {
        let mut lists = RootLists {
            precise: Vec::with_capacity(USUAL_WORDS),
            conservative: Vec::with_capacity(USUAL_WORDS),
        };
        let mut roots = RootVisitor::into_lists(self, &mut lists);
        visit(&mut roots);
        self.pool.stack_bytes.fetch_add(roots.stack_bytes, Relaxed);
        self.pool.add_found(Found {
            words: lists.precise,
            is_precise: true,
        });
        self.pool.add_found(Found {
            words: lists.conservative,
            is_precise: false,
        });
    }
}

impl<'sink, 'heap> RootVisitor<'sink, 'heap> {
    pub(crate) fn new(marker: &'sink mut Marker<'heap>) -> Self {
        Self {
            sink: Sink::Marker(marker),
            dead: Vec::new(),
            stack_bytes: 0,
            globals_bytes: 0,
        }
    }

    pub(crate) fn into_lists(heap: &'sink Heap, lists: &'sink mut RootLists) -> Self {
        Self {
            sink: Sink::Lists(heap, lists),
            dead: Vec::new(),
            stack_bytes: 0,
            globals_bytes: 0,
        }
    }

    /// A pointer, known to be one: anywhere into a live object, or not into the heap at all (nil included).
    ///
    /// Aborts the process when it points into free memory: something was freed that is still in use.
    pub fn visit(&mut self, pointer: *const u8) {
        let address = pointer.addr();
        if self.dead.iter().any(|range| range.contains(&address)) {
            verify::fatal(&format!("a root points into a dead frame: {address:#x}"));
        }
        match &mut self.sink {
            Sink::Marker(marker) => marker.shade_root(address),
            Sink::Lists(heap, lists) => {
                if heap.contains(address) || address == POISON {
                    lists.precise.push(address);
                }
            }
        }
    }

    /// Says where the pointers that come next may not point to: frames that have ended. A check of `gcverify`; it ends the process.
    pub fn forbid(&mut self, dead: Vec<Range<usize>>) {
        self.dead = dead;
    }

    /// A word that may be a pointer. Marks the object when it happens to point into one; anything else is ignored.
    pub fn visit_conservative(&mut self, word: usize) {
        match &mut self.sink {
            Sink::Marker(marker) => marker.shade_conservative(word),
            Sink::Lists(heap, lists) => {
                if heap.contains(word) {
                    lists.conservative.push(word);
                }
            }
        }
    }

    /// Memory outside the heap that holds pointers where `pointers` says: globals, a part of the object stack.
    ///
    /// # Safety
    /// The words at `base` that `pointers` names can be read, and nobody writes them while the world is stopped.
    pub unsafe fn visit_range(&mut self, base: *const usize, pointers: &PointerBitmap) {
        for word in pointers.pointer_words() {
            // SAFETY: the caller vouches for every word named by the bitmap.
            let word = unsafe { base.add(word).read() };
            self.visit(std::ptr::without_provenance(word));
        }
    }

    /// `count` values of `descriptor`'s type outside the heap, from `base` on.
    ///
    /// # Safety
    /// As for [`Self::visit_range`], for all of the values.
    pub unsafe fn visit_values(
        &mut self,
        base: *const usize,
        descriptor: &TypeDescriptor,
        count: usize,
    ) {
        let value_words = descriptor.size_bytes().div_ceil(WORD_SIZE_BYTES);
        for index in 0..if descriptor.has_pointers() { count } else { 0 } {
            for word in descriptor.pointer_words() {
                // SAFETY: the caller vouches for every word of the values.
                let word = unsafe { base.add(index * value_words + word).read() };
                self.visit(std::ptr::without_provenance(word));
            }
        }
    }

    /// Tells the pacer of `size_bytes` of stack in use: scanning them is work that the next goal accounts for.
    pub fn add_stack_bytes(&mut self, size_bytes: u64) {
        self.stack_bytes += size_bytes;
    }

    /// Tells the pacer of `size_bytes` of globals with pointers.
    pub fn add_globals_bytes(&mut self, size_bytes: u64) {
        self.globals_bytes += size_bytes;
    }
}
