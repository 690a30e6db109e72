//! Specials: what is to happen when an object is no longer reachable. Finalizers, cleanups and weak handles of all objects are in
//! one table beside the heap, by span and address; an object without any costs nothing.
//!
//! # What they keep alive
//! While marking, a finalizer's function and everything its object points to is a root, but not the object: so it is found
//! white if nothing else reaches it, and whole if it is handed to the finalizer then. Of two objects with finalizers the one
//! that points to the other goes first, and one that reaches itself never goes. A cleanup's function is a root, and
//! so is a weak handle as long as its object lives.
//!
//! Adding a special while marking needs no barrier: who adds it holds object and function, so both are of the snapshot, or
//! black (see `barrier`). What leaves the table for a goroutine is shaded.
//!
//! # When it is decided
//! After stop B mark bits say what lives, until a span is swept. So the specials of a span are looked at once a cycle, before
//! it is swept: by its sweeper, by whoever asks for the value of one of its weak handles, or by the collector, which goes
//! through all of them in the background as soon as the world runs again ([`Heap::decide_specials`]). No stop waits for it, and no finalizer waits
//! for a lazy sweep. A dead object's weak handles are cleared. If it has a finalizer it is marked after all, as its contents
//! are, and waits with its finalizer for a goroutine to take it; its cleanups are left for the time it dies for good. If it
//! has none, its cleanups wait to be run.
//!
//! # What must hold
//! - The specials of a span are decided at most once in a cycle, and before it is swept. A span whose first special is added
//!   after the marking counts as decided: its objects were live a moment ago.
//! - Between stop B and the decision nobody makes a pointer from a weak handle.
//! - `PageInfo::has_specials` says of a span's first page whether the table has an entry for it.
//!
//! Source: Go's `mfinal.go`, `mcleanup.go` and the specials in `mheap.go`, which decide when a span is swept.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU32, AtomicUsize};

use crate::cache::Cache;
use crate::heap::{AllocationError, Heap};
use crate::mark::Marker;
use crate::object::{read_shared_word, write_shared_word};
use crate::span::{self, Slot, is_set};
use crate::sync::{LockRank, RankedMutex};

/// A function to call with an object that is otherwise dead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Finalizer {
    /// The function value.
    pub function: usize,
    /// What the runtime must know to call it; no pointers into the heap.
    pub context: [usize; 2],
}

/// What is to be called, and has been taken from the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ready {
    /// The finalizer, with the address it was set for.
    Finalizer(usize, Finalizer),
    /// The cleanup, a function value without parameters.
    Cleanup(usize),
}

#[derive(Clone, Copy)]
enum Kind {
    Finalizer(Finalizer),
    Cleanup {
        id: u64,
        function: usize,
    },
    /// A word in the heap that holds the object's address, and is no pointer to the marker.
    WeakHandle(usize),
}

#[derive(Clone, Copy)]
struct Special {
    /// The address it was made for, in the object.
    pointer: usize,
    /// Which slot of the span.
    index: u16,
    kind: Kind,
}

/// The specials of a span, by address.
#[derive(Default)]
struct SpanSpecials {
    /// The cycle in which they were last decided.
    decided_cycle: u32,
    specials: Vec<Special>,
}

#[derive(Default)]
struct Table {
    /// By first page of the span.
    spans: BTreeMap<usize, SpanSpecials>,
    ready: VecDeque<Ready>,
    last_cleanup: u64,
    /// Where markers go on: a page, and in `ready` the distance from the end, which stays the same when the first is taken.
    next_root: (usize, usize),
}

/// All specials of a heap.
pub(crate) struct Specials {
    table: RankedMutex<Table>,
    /// The last cycle all of whose specials are decided.
    decided_cycle: AtomicU32,
    /// How many spans have specials.
    span_count: AtomicUsize,
    /// `ready.len()`.
    ready_count: AtomicUsize,
}

/// What specials keep alive.
enum Root {
    Word(usize),
    /// What the object at this address points to.
    Contents(usize),
}

/// How much of what is ready a marker looks at at a time.
const READY_AT_ONCE: usize = 64;

impl Specials {
    pub(crate) fn new() -> Self {
        Self {
            table: RankedMutex::new(LockRank::SPECIALS, Table::default()),
            decided_cycle: AtomicU32::new(1),
            span_count: AtomicUsize::new(0),
            ready_count: AtomicUsize::new(0),
        }
    }

    /// Begins a marking: nobody has looked at what specials keep alive.
    pub(crate) fn begin_marking(&self) {
        self.table.lock().next_root = (0, 0);
    }

    /// Some of what specials keep alive and nobody has looked at since marking began; nothing when all was.
    fn claim_roots(&self) -> Option<Vec<Root>> {
        let mut table = self.table.lock();
        let (page, from_end) = table.next_root;
        if let Some((&page, span)) = table.spans.range(page..).next() {
            let roots = span.specials.iter().flat_map(Special::roots).collect();
            table.next_root.0 = page + 1;
            return Some(roots);
        }
        let ready = table.ready.iter().rev().skip(from_end);
        let roots: Vec<_> = ready.take(READY_AT_ONCE).flat_map(Ready::roots).collect();
        table.next_root.1 += READY_AT_ONCE;
        (!roots.is_empty()).then_some(roots)
    }
}

impl Special {
    fn roots(&self) -> [Root; 2] {
        match self.kind {
            Kind::Finalizer(finalizer) => {
                [Root::Word(finalizer.function), Root::Contents(self.pointer)]
            }
            Kind::Cleanup { function, .. } => [function, 0].map(Root::Word),
            Kind::WeakHandle(handle) => [handle, 0].map(Root::Word),
        }
    }
}

impl Ready {
    fn roots(&self) -> [Root; 2] {
        self.words().map(Root::Word)
    }

    fn words(&self) -> [usize; 2] {
        match *self {
            Self::Finalizer(object, finalizer) => [object, finalizer.function],
            Self::Cleanup(function) => [function, 0],
        }
    }
}

impl Table {
    /// Where in its span a special for `pointer` is or would be inserted, behind others of the same address.
    fn insert(&mut self, heap: &Heap, slot: &Slot, pointer: usize, kind: Kind) {
        let span = self.spans.entry(slot.page).or_insert_with(|| {
            heap.arena.info(slot.page).has_specials.store(true, Relaxed);
            heap.specials.span_count.fetch_add(1, Relaxed);
            SpanSpecials {
                decided_cycle: heap.cycle.load(Relaxed),
                specials: Vec::new(),
            }
        });
        let position = span
            .specials
            .partition_point(|special| special.pointer <= pointer);
        let special = Special {
            pointer,
            index: slot.index as u16,
            kind,
        };
        span.specials.insert(position, special);
    }

    /// The specials made for exactly this address.
    fn at(&self, page: usize, pointer: usize) -> impl Iterator<Item = &Special> {
        let specials = self
            .spans
            .get(&page)
            .map_or(&[][..], |span| &span.specials[..]);
        let first = specials.partition_point(|special| special.pointer < pointer);
        specials[first..]
            .iter()
            .take_while(move |special| special.pointer == pointer)
    }

    /// Takes the special of this address out for which `is_wanted`, if there is one.
    fn remove(&mut self, heap: &Heap, pointer: usize, is_wanted: impl Fn(&Kind) -> bool) {
        let Some(slot) = heap.slot_of(pointer) else {
            return;
        };
        let Some(span) = self.spans.get_mut(&slot.page) else {
            return;
        };
        span.specials
            .retain(|special| special.pointer != pointer || !is_wanted(&special.kind));
        self.forget_if_empty(heap, slot.page);
    }

    fn forget_if_empty(&mut self, heap: &Heap, page: usize) {
        if self.spans[&page].specials.is_empty() {
            self.spans.remove(&page);
            heap.arena.info(page).has_specials.store(false, Relaxed);
            heap.specials.span_count.fetch_sub(1, Relaxed);
        }
    }

    /// Decides the specials of the span that begins with `page`, unless that was done in this cycle.
    fn decide(&mut self, heap: &Heap, page: usize) {
        let cycle = heap.cycle.load(Relaxed);
        let marks = heap.arena.marks(page);
        let Some(span) = self.spans.get_mut(&page) else {
            return;
        };
        if span.decided_cycle == cycle {
            return;
        }
        span.decided_cycle = cycle;
        let is_live = |special: &Special| is_set(marks, usize::from(special.index));
        if span.specials.iter().all(is_live) {
            return;
        }
        let all = std::mem::take(&mut span.specials);
        for of_object in all.chunk_by(|left, right| left.index == right.index) {
            if is_live(&of_object[0]) {
                span.specials.extend(of_object);
                continue;
            }
            let has_finalizer = of_object
                .iter()
                .any(|special| matches!(special.kind, Kind::Finalizer(_)));
            if has_finalizer {
                heap.revive(of_object[0].pointer);
            }
            for special in of_object {
                match special.kind {
                    Kind::WeakHandle(handle) => write_shared_word(&heap.arena, handle, 0),
                    Kind::Finalizer(finalizer) => self
                        .ready
                        .push_back(Ready::Finalizer(special.pointer, finalizer)),
                    Kind::Cleanup { .. } if has_finalizer => span.specials.push(*special),
                    Kind::Cleanup { function, .. } => {
                        self.ready.push_back(Ready::Cleanup(function));
                    }
                }
            }
        }
        heap.specials.ready_count.store(self.ready.len(), Relaxed);
        self.forget_if_empty(heap, page);
    }
}

impl Heap {
    /// Sets the finalizer of the live object that `pointer` points into. False when one was set for this address already.
    ///
    /// # Panics
    /// When `pointer` points into no object.
    pub fn set_finalizer(&self, pointer: usize, finalizer: Finalizer) -> bool {
        let slot = self
            .slot_of(pointer)
            .expect("finalizers are set for objects");
        let mut table = self.specials.table.lock();
        let is_set = table
            .at(slot.page, pointer)
            .any(|special| matches!(special.kind, Kind::Finalizer(_)));
        if !is_set {
            table.insert(self, &slot, pointer, Kind::Finalizer(finalizer));
        }
        !is_set
    }

    /// Takes the finalizer that was set for `pointer`, if any, away again.
    pub fn clear_finalizer(&self, pointer: usize) {
        let mut table = self.specials.table.lock();
        table.remove(self, pointer, |kind| matches!(kind, Kind::Finalizer(_)));
    }

    /// Has `function`, a function value without parameters, called when the live object that `pointer` points into has died. The
    /// number is for [`Self::stop_cleanup`]; never 0.
    ///
    /// # Panics
    /// When `pointer` points into no object.
    pub fn add_cleanup(&self, pointer: usize, function: usize) -> u64 {
        let slot = self.slot_of(pointer).expect("cleanups are for objects");
        let mut table = self.specials.table.lock();
        table.last_cleanup += 1;
        let id = table.last_cleanup;
        table.insert(self, &slot, pointer, Kind::Cleanup { id, function });
        id
    }

    /// Undoes [`Self::add_cleanup`], with the same pointer, unless it is too late.
    pub fn stop_cleanup(&self, pointer: usize, cleanup: u64) {
        let mut table = self.specials.table.lock();
        table.remove(
            self,
            pointer,
            |kind| matches!(kind, Kind::Cleanup { id, .. } if *id == cleanup),
        );
    }

    /// The handle from which [`Self::weak_value`] gets `pointer` as long as the object lives: a pointer to be kept as any other,
    /// one for each address. Neither collects nor parks.
    ///
    /// # Panics
    /// When `pointer` points into no object.
    pub fn weak_handle(&self, cache: &mut Cache, pointer: usize) -> Result<usize, AllocationError> {
        let slot = self
            .slot_of(pointer)
            .expect("weak handles are made for objects");
        let find = |table: &Table| {
            table
                .at(slot.page, pointer)
                .find_map(|special| match special.kind {
                    Kind::WeakHandle(handle) => Some(handle),
                    _ => None,
                })
        };
        if let Some(handle) = find(&self.specials.table.lock()) {
            return Ok(handle);
        }
        // Not under the lock: allocation may sweep.
        let fresh = self.allocate_noscan(cache, size_of::<usize>())?.addr();
        write_shared_word(&self.arena, fresh, pointer);
        let mut table = self.specials.table.lock();
        if let Some(handle) = find(&table) {
            return Ok(handle);
        }
        table.insert(self, &slot, pointer, Kind::WeakHandle(fresh));
        Ok(fresh)
    }

    /// The pointer for which `handle` was made, a strong one from now on; 0 if its object has died.
    pub fn weak_value(&self, cache: &mut Cache, handle: usize) -> usize {
        let mut pointer = read_shared_word(&self.arena, handle);
        let is_decided = self.specials.decided_cycle.load(Acquire) == self.cycle.load(Relaxed);
        if pointer != 0 && !is_decided {
            let mut table = self.specials.table.lock();
            if let Some(slot) = self.slot_of(pointer) {
                table.decide(self, slot.page);
            }
            pointer = read_shared_word(&self.arena, handle);
        }
        self.shade(cache, pointer);
        pointer
    }

    /// Whether something waits for [`Self::take_ready`].
    pub fn has_ready(&self) -> bool {
        self.specials.ready_count.load(Relaxed) > 0
    }

    /// Whether a collection may make something ready.
    pub fn has_specials(&self) -> bool {
        self.specials.span_count.load(Relaxed) > 0
    }

    /// The next finalizer or cleanup to call. The caller keeps its pointers.
    pub fn take_ready(&self, cache: &mut Cache) -> Option<Ready> {
        let mut table = self.specials.table.lock();
        let ready = table.ready.pop_front()?;
        self.specials.ready_count.store(table.ready.len(), Relaxed);
        drop(table);
        for word in ready.words() {
            self.shade(cache, word);
        }
        Some(ready)
    }

    /// Whether a collection that is under way, or what is left to do of one, may make something ready.
    pub fn may_make_ready(&self) -> bool {
        let is_decided = self.specials.decided_cycle.load(Relaxed) == self.cycle.load(Relaxed);
        self.has_specials() && (self.is_collecting() || !is_decided)
    }

    /// Shades some of what specials keep alive; whether there was anything left.
    pub(crate) fn mark_some_specials(&self, marker: &mut Marker<'_>) -> bool {
        if !self.pool.has_specials() {
            return false;
        }
        let Some(roots) = self.specials.claim_roots() else {
            self.pool.end_specials();
            return false;
        };
        for root in roots {
            match root {
                Root::Word(word) => marker.shade_root(word),
                Root::Contents(address) => marker.scan_contents(address),
            }
        }
        true
    }

    /// Calls `visit` with each word that specials keep alive, for `gccheck`; `contents` calls it with the pointers in an object.
    /// With the world stopped.
    pub(crate) fn visit_special_words(
        &self,
        mut visit: impl FnMut(usize),
        contents: impl Fn(usize, &mut dyn FnMut(usize)),
    ) {
        let table = self.specials.table.lock();
        let specials = table.spans.values().flat_map(|span| &span.specials);
        let ready = table.ready.iter().flat_map(Ready::roots);
        for root in specials.flat_map(Special::roots).chain(ready) {
            match root {
                Root::Word(word) => visit(word),
                Root::Contents(address) => contents(address, &mut visit),
            }
        }
    }

    /// Decides the specials of a span that is about to be swept.
    pub(crate) fn decide_before_sweep(&self, page: usize) {
        if self.arena.info(page).has_specials.load(Relaxed) {
            self.specials.table.lock().decide(self, page);
        }
    }

    /// Decides all specials after a marking, until it is to stop. No other marking ends meanwhile.
    pub(crate) fn decide_specials(&self, is_to_stop: impl Fn() -> bool) {
        let mut next = 0;
        while !is_to_stop() {
            let mut table = self.specials.table.lock();
            let Some((&page, _)) = table.spans.range(next..).next() else {
                let cycle = self.cycle.load(Relaxed);
                self.specials.decided_cycle.store(cycle, Release);
                return;
            };
            table.decide(self, page);
            next = page + 1;
        }
    }

    /// Marks a dead object of a span that is not yet swept: what it points to is marked.
    fn revive(&self, pointer: usize) {
        let slot = self.slot_of(pointer).expect("specials are of objects");
        span::set(self.arena.marks(slot.page), slot.index);
        let size_bytes = slot.size_bytes(&self.arena) as u64;
        self.counters.heap_live_bytes.fetch_add(size_bytes, Relaxed);
    }

    fn slot_of(&self, pointer: usize) -> Option<Slot> {
        Slot::find(&self.arena, pointer)
    }
}
