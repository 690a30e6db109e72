//! `Heap`: one program's collected memory, the door to all of it.
//!
//! All state hangs off a `Heap` value; two programs in one process have one each. It is shared by the Processors, each of
//! which allocates through a [`Cache`] of its own. Allocation never collects by itself: the runtime asks
//! [`Heap::should_collect`] where it has a safepoint.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, AtomicUsize};
use std::time::Instant;

use crate::arena::Arena;
use crate::assist::AssistLine;
use crate::cache::Cache;
use crate::cards::CardTable;
use crate::central::Central;
use crate::checkmark::visit_pointers;
use crate::cycle::{CycleState, Progress};
use crate::layout::{
    LayoutId, LayoutTable, MAX_LAYOUTS, PAGE_SIZE_BYTES, Pattern, TooManyLayouts, TypeDescriptor,
    WORD_SIZE_BYTES, zero_size_address,
};
use crate::layout_memo::LayoutKey;
use crate::mark_pool::MarkPool;
use crate::object::{self, ObjectRef};
use crate::options::Options;
use crate::pacer::Pacer;
use crate::page_heap::PageHeap;
use crate::size_class::{CLASS_COUNT, MAX_MEDIUM_SIZE_BYTES, MAX_SMALL_SIZE_BYTES, SizeClass};
use crate::span::{self, Slot};
use crate::special::Specials;
use crate::statistics::AvailableTime;
use crate::sync::{LockRank, RankedMutex};
use crate::system::available_memory_bytes;

/// One program's collected memory.
pub struct Heap {
    pub(crate) options: Options,
    pub(crate) arena: Arena,
    pub(crate) layouts: RankedMutex<Arc<LayoutTable>>,
    /// Where pointers were stored.
    pub(crate) cards: CardTable,
    /// Whether mark bits outlive the sweep: the next cycle is to look at young objects only.
    pub(crate) keeps_marks: AtomicBool,
    /// Spans of slots, by layout with a cell.
    pub(crate) centrals: Box<[Central]>,
    /// Where [`Heap::reclaim`] goes on.
    pub(crate) reclaim_position: AtomicUsize,
    /// Layouts from here on had no spans when the last marking ended, and so have none to sweep.
    pub(crate) sweep_limit: AtomicUsize,
    pub(crate) large: RankedMutex<LargeSpans>,
    pub(crate) pages: RankedMutex<PageHeap>,
    /// Whether a cycle is under way.
    pub(crate) is_collecting: AtomicBool,
    pub(crate) cycle_state: RankedMutex<CycleState>,
    /// The marking under way, unless somebody is about to end it.
    pub(crate) in_progress: RankedMutex<Option<Progress>>,
    /// Threads outside the world that sweep.
    pub(crate) background_sweepers: AtomicU32,
    /// Cycles marked so far, plus one. A span is swept when it was swept in this cycle.
    pub(crate) cycle: AtomicU32,
    /// Size the heap should not exceed when the next cycle ends.
    pub(crate) goal_bytes: AtomicU64,
    /// What that was when pages were given back to the system last.
    pub(crate) last_goal_bytes: AtomicU64,
    /// Size of the heap at which the next cycle begins.
    pub(crate) trigger_bytes: AtomicU64,
    /// GOMEMLIMIT now; [`NO_LIMIT`] without one.
    pub(crate) limit_bytes: AtomicU64,
    /// What the system allows: a limit where the program states none; [`NO_LIMIT`] without one.
    system_limit_bytes: AtomicU64,
    /// The size beyond which the heap does not grow at all.
    hard_limit_bytes: AtomicU64,
    /// Whether markers are at work while mutators run. Changes only while the world is stopped.
    pub(crate) is_marking: AtomicBool,
    /// Markings begun while mutators run: a goroutine not scanned in this one is stale.
    pub(crate) epoch: AtomicU32,
    /// What markers share.
    pub(crate) pool: MarkPool,
    /// What is to happen when objects die.
    pub(crate) specials: Specials,
    /// When mutators have to help them.
    pub(crate) assist_line: AssistLine,
    /// Delays of `gcjitter` so far.
    pub(crate) jitter_count: AtomicU64,
    /// GOGC now; [`GOGC_OFF`] when off.
    pub(crate) gogc: AtomicU64,
    /// Allocations until stress mode asks for a cycle.
    pub(crate) stress_countdown: AtomicI64,
    /// Whether the heap has grown more than once.
    is_outgrown: AtomicBool,
    /// Whether the system's limit was asked for.
    knows_system_limit: AtomicBool,
    /// What of the machine's time the program may use, see [`Heap::set_processors`].
    pub(crate) available: AvailableTime,
    pub(crate) counters: Counters,
    /// When the heap was made.
    pub(crate) born: Instant,
    /// Makes the marker overlook every so many pointers in objects, to see that the checks notice.
    #[cfg(test)]
    pub(crate) overlook_every: u32,
}

/// Large spans, by their first page.
#[derive(Default)]
pub(crate) struct LargeSpans {
    pub(crate) unswept: Vec<usize>,
    pub(crate) swept: Vec<usize>,
}

/// Running sums. Those of slots are brought up to date when a cache is flushed.
pub(crate) struct Counters {
    pub(crate) allocated_objects: AtomicU64,
    pub(crate) allocated_bytes: AtomicU64,
    pub(crate) freed_objects: AtomicU64,
    pub(crate) freed_bytes: AtomicU64,
    /// Live at the last marking, plus what was handed out since: what the goal is compared with.
    pub(crate) heap_live_bytes: AtomicU64,
    /// Nanoseconds that mutators helped to mark in this cycle.
    pub(crate) assist_ns: AtomicU64,
    /// Nanoseconds that others spent on this cycle.
    pub(crate) marking_ns: AtomicU64,
    /// Objects of each size class, as above.
    pub(crate) classes: [ClassCounters; CLASS_COUNT],
    /// Spans of small shared layouts ever cut.
    pub(crate) shared_pages: AtomicU64,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            allocated_objects: AtomicU64::new(0),
            allocated_bytes: AtomicU64::new(0),
            freed_objects: AtomicU64::new(0),
            freed_bytes: AtomicU64::new(0),
            heap_live_bytes: AtomicU64::new(0),
            assist_ns: AtomicU64::new(0),
            marking_ns: AtomicU64::new(0),
            classes: std::array::from_fn(|_| ClassCounters::default()),
            shared_pages: AtomicU64::new(0),
        }
    }
}

/// Running sums of one size class.
#[derive(Default)]
pub(crate) struct ClassCounters {
    pub(crate) allocated: AtomicU64,
    pub(crate) freed: AtomicU64,
}

/// Stands for "off" in the atomic that holds GOGC.
pub(crate) const GOGC_OFF: u64 = u64::MAX;

/// A heap of this size asks for the system's limit, if nobody has told it.
const MEDIUM_HEAP_BYTES: u64 = 4 << 20;

/// A heap of this size looks at the machine's memory before it grows.
const LARGE_HEAP_BYTES: u64 = 1 << 30;

/// What it leaves to the rest of the machine.
const RESERVE_BYTES: u64 = 64 << 20;

/// Stands for no memory limit.
pub const NO_LIMIT: u64 = i64::MAX as u64;

impl Heap {
    /// Reserves address space for a heap whose compiled code uses `layouts`.
    pub fn new(options: Options, layouts: LayoutTable) -> Result<Self, HeapError> {
        let arena = Arena::reserve(options.reservation_bytes).map_err(HeapError::Reservation)?;
        let cards = CardTable::new().map_err(HeapError::Reservation)?;
        let first = Pacer::default();
        let first_goal_bytes = first.goal_bytes(options.gogc, options.limit_bytes);
        let first_trigger_bytes = if options.stop_world {
            first_goal_bytes
        } else {
            first.trigger_bytes(first_goal_bytes, false)
        };
        Ok(Self {
            arena,
            cards,
            keeps_marks: AtomicBool::new(false),
            layouts: RankedMutex::new(LockRank::LAYOUTS, Arc::new(layouts)),
            centrals: (0..MAX_LAYOUTS).map(|_| Central::new()).collect(),
            reclaim_position: AtomicUsize::new(0),
            sweep_limit: AtomicUsize::new(0),
            large: RankedMutex::new(LockRank::LARGE_SPANS, LargeSpans::default()),
            pages: RankedMutex::new(LockRank::PAGE_HEAP, PageHeap::default()),
            is_collecting: AtomicBool::new(false),
            cycle_state: RankedMutex::new(LockRank::CYCLE, CycleState::default()),
            in_progress: RankedMutex::new(LockRank::PROGRESS, None),
            background_sweepers: AtomicU32::new(0),
            cycle: AtomicU32::new(1),
            goal_bytes: AtomicU64::new(first_goal_bytes),
            last_goal_bytes: AtomicU64::new(first_goal_bytes),
            trigger_bytes: AtomicU64::new(first_trigger_bytes),
            limit_bytes: AtomicU64::new(options.limit_bytes),
            system_limit_bytes: AtomicU64::new(NO_LIMIT),
            hard_limit_bytes: AtomicU64::new(NO_LIMIT),
            is_marking: AtomicBool::new(false),
            epoch: AtomicU32::new(0),
            pool: MarkPool::new(),
            specials: Specials::new(),
            assist_line: AssistLine::default(),
            jitter_count: AtomicU64::new(0),
            gogc: AtomicU64::new(options.gogc.map_or(GOGC_OFF, u64::from)),
            stress_countdown: AtomicI64::new(i64::from(options.stress_every)),
            is_outgrown: AtomicBool::new(false),
            knows_system_limit: AtomicBool::new(false),
            available: AvailableTime::new(),
            counters: Counters::default(),
            born: Instant::now(),
            #[cfg(test)]
            overlook_every: 0,
            options,
        })
    }

    /// One value of `descriptor`'s type, zeroed. Neither collects nor parks.
    pub fn allocate(
        &self,
        cache: &mut Cache,
        descriptor: &TypeDescriptor,
    ) -> Result<*mut u8, AllocationError> {
        let size_bytes = descriptor.size_bytes();
        if !descriptor.has_pointers() {
            return self.allocate_noscan(cache, size_bytes);
        }
        let key = LayoutKey::new(descriptor, size_bytes, false);
        let layout = self.find_layout(cache, key, size_bytes, || Pattern::of_object(descriptor))?;
        self.allocate_scanned(cache, layout, size_bytes, 0)
    }

    /// `count` values of `element`'s type in a row, zeroed. Neither collects nor parks.
    pub fn allocate_array(
        &self,
        cache: &mut Cache,
        element: &TypeDescriptor,
        count: usize,
    ) -> Result<*mut u8, AllocationError> {
        self.allocate_array_beyond(cache, element, count, 0)
    }

    /// `count` values of `element`'s type in a row, of which the first `written_bytes` hold anything: the caller writes them
    /// before the next safepoint. The rest is zeroed. Neither collects nor parks.
    pub fn allocate_array_beyond(
        &self,
        cache: &mut Cache,
        element: &TypeDescriptor,
        count: usize,
        written_bytes: usize,
    ) -> Result<*mut u8, AllocationError> {
        let size_bytes = element
            .size_bytes()
            .checked_mul(count)
            .ok_or(AllocationError::SizeOverflow)?;
        if !element.has_pointers() {
            return self.allocate_noscan_beyond(cache, size_bytes, written_bytes);
        }
        if size_bytes == 0 {
            return Ok(zero_size_address());
        }
        let slot_size_bytes = SizeClass::for_size(size_bytes).map_or(0, SizeClass::slot_size_bytes);
        let key = LayoutKey::new(element, slot_size_bytes, true);
        let layout = self.find_layout(cache, key, size_bytes, || Pattern::of_array(element))?;
        self.allocate_scanned(cache, layout, size_bytes, written_bytes)
    }

    /// `size_bytes` without pointers, zeroed. Neither collects nor parks.
    pub fn allocate_noscan(
        &self,
        cache: &mut Cache,
        size_bytes: usize,
    ) -> Result<*mut u8, AllocationError> {
        self.allocate_noscan_beyond(cache, size_bytes, 0)
    }

    /// `size_bytes` without pointers, holding anything: the caller writes all of them before others may read. Neither collects
    /// nor parks.
    pub fn allocate_unwritten(
        &self,
        cache: &mut Cache,
        size_bytes: usize,
    ) -> Result<*mut u8, AllocationError> {
        self.allocate_noscan_beyond(cache, size_bytes, size_bytes)
    }

    /// `size_bytes` without pointers, zeroed but for the first `written_bytes`.
    fn allocate_noscan_beyond(
        &self,
        cache: &mut Cache,
        size_bytes: usize,
        written_bytes: usize,
    ) -> Result<*mut u8, AllocationError> {
        if size_bytes == 0 {
            return Ok(zero_size_address());
        }
        let Some(class) = SizeClass::for_size(size_bytes) else {
            let layout = self.register_layout(size_bytes, Pattern::Noscan)?;
            return self.allocate_large(layout, size_bytes, true, written_bytes);
        };
        self.take_zeroed(cache, LayoutId::noscan(class), size_bytes, written_bytes)
    }

    /// A value of `header`'s type, then at once `count` of `element`'s, in one object, zeroed. The elements begin
    /// `header.size_bytes()` after the start, rounded up to a word. Neither collects nor parks.
    pub fn allocate_with_header(
        &self,
        cache: &mut Cache,
        header: &TypeDescriptor,
        element: &TypeDescriptor,
        count: usize,
    ) -> Result<*mut u8, AllocationError> {
        let overflow = AllocationError::SizeOverflow;
        let header_bytes = header
            .size_bytes()
            .checked_next_multiple_of(WORD_SIZE_BYTES)
            .ok_or(overflow)?;
        let elements_bytes = element.size_bytes().checked_mul(count).ok_or(overflow)?;
        let size_bytes = header_bytes.checked_add(elements_bytes).ok_or(overflow)?;
        let pattern = Pattern::of_header_and_array(header, element);
        if pattern == Pattern::Noscan {
            return self.allocate_noscan(cache, size_bytes);
        }
        let layout = self.register_layout(size_bytes, pattern)?;
        self.allocate_scanned(cache, layout, size_bytes, 0)
    }

    /// The slow path of inline allocation: one slot of `layout`, zeroed to its end. Refills the cell. Neither collects nor
    /// parks.
    ///
    /// # Panics
    /// When `layout` [has no cell](LayoutId::has_cell) or is shared.
    pub fn allocate_layout(
        &self,
        cache: &mut Cache,
        layout: LayoutId,
    ) -> Result<*mut u8, AllocationError> {
        self.allocate_layout_beyond(cache, layout, 0)
    }

    /// As [`Self::allocate_layout`], zeroed but for the first `written_bytes`.
    fn allocate_layout_beyond(
        &self,
        cache: &mut Cache,
        layout: LayoutId,
        written_bytes: usize,
    ) -> Result<*mut u8, AllocationError> {
        assert!(layout.has_cell() && !layout.is_shared());
        // Of a layout with a cell of its own slots are small, and the cell knows how small once it has some.
        let slot = cache.take(self, layout)?;
        let slot_size_bytes = cache.sources[layout.index()].slot_size_bytes as usize;
        object::zero_beyond(&self.arena, slot.addr(), written_bytes, slot_size_bytes);
        Ok(slot)
    }

    /// Whether markers are at work while mutators run.
    #[inline]
    pub fn is_marking(&self) -> bool {
        self.is_marking.load(Relaxed)
    }

    /// Whether a cycle is under way.
    pub fn is_collecting(&self) -> bool {
        self.is_collecting.load(SeqCst)
    }

    /// Whether the next safepoint should have a cycle run. Changes only when a cell is refilled or a medium or large
    /// object allocated, so the runtime asks on its slow path, before it allocates.
    #[inline]
    pub fn should_collect(&self) -> bool {
        let is_due =
            self.counters.heap_live_bytes.load(Relaxed) >= self.trigger_bytes.load(Relaxed);
        let is_stressed =
            self.options.stress_every != 0 && self.stress_countdown.load(Relaxed) <= 0;
        (is_due || is_stressed) && !self.options.never_collect
    }

    /// The object that `address` points into, at its start or inside; `None` for anything else.
    ///
    /// Exact while the world is stopped and caches are flushed. At other times it is right about objects that the caller
    /// keeps alive; a slot that waits in a cache counts as an object, and one that died may still.
    pub fn find_object(&self, address: usize) -> Option<ObjectRef> {
        let slot = Slot::find(&self.arena, address)?;
        let is_object = slot.is_allocated(&self.arena, self.cycle.load(Relaxed));
        let size_bytes = slot.size_bytes(&self.arena);
        (is_object && address - slot.base < size_bytes).then(|| ObjectRef {
            base: slot.base,
            size_bytes,
            layout: slot.layout(&self.arena),
            index: slot.index,
        })
    }

    /// Whether an object may hold pointers.
    pub fn has_pointers(&self, object: &ObjectRef) -> bool {
        let slot = Slot::find(&self.arena, object.base);
        slot.is_some_and(|slot| !slot.descriptor.is_noscan())
    }

    /// Whether one of the pointers in the object that `address` points into is of a kind; of no object none is. Nobody writes
    /// to the object meanwhile.
    pub fn any_pointer(&self, address: usize, is_of_kind: impl Fn(usize) -> bool) -> bool {
        let Some(object) = self.find_object(address) else {
            return false;
        };
        let layouts = std::sync::Arc::clone(&self.layouts.lock());
        let mut found = false;
        visit_pointers(self, &layouts, object, &mut |pointer| {
            found |= is_of_kind(pointer);
        });
        found
    }

    /// Whether `address` lies in the reservation.
    pub fn contains(&self, address: usize) -> bool {
        self.arena.page_of(address).is_some()
    }

    /// Changes GOGC (`debug.SetGCPercent`); returns the former value. `None` is off. The goal follows at once.
    pub fn set_gogc(&self, gogc: Option<u32>) -> Option<u32> {
        let state = self.cycle_state.lock();
        let former = self.gogc.swap(gogc.map_or(GOGC_OFF, u64::from), Relaxed);
        self.set_goal(&state.found);
        u32::try_from(former).ok()
    }

    /// Changes the memory limit (`debug.SetMemoryLimit`); returns the former value. [`NO_LIMIT`] is none. The goal follows at
    /// once.
    pub fn set_limit_bytes(&self, limit_bytes: u64) -> u64 {
        let state = self.cycle_state.lock();
        let former = self.limit_bytes.swap(limit_bytes, Relaxed);
        self.set_goal(&state.found);
        former
    }

    /// Bytes of the heap now: live at the last marking, and handed out since.
    pub fn live_bytes(&self) -> u64 {
        self.counters.heap_live_bytes.load(Relaxed)
    }

    /// The memory limit now.
    pub fn limit_bytes(&self) -> u64 {
        self.limit_bytes.load(Relaxed)
    }

    /// Says what the system allows: from `limit_bytes` on it might end the process, so that is a memory limit besides the one the
    /// program states; and pages for more than `hard_bytes` are out of memory.
    pub fn set_system_limit_bytes(&self, limit_bytes: u64, hard_bytes: u64) {
        let state = self.cycle_state.lock();
        self.system_limit_bytes.store(limit_bytes, Relaxed);
        self.hard_limit_bytes.store(hard_bytes, Relaxed);
        self.set_goal(&state.found);
    }

    /// The limit that the goal has to respect.
    pub(crate) fn effective_limit_bytes(&self) -> u64 {
        self.limit_bytes
            .load(Relaxed)
            .min(self.system_limit_bytes.load(Relaxed))
    }

    /// A cache for a Processor that is made while the program runs, in the phase that the others are in. The caller is at no
    /// safepoint until [`World::visit_caches`](crate::World::visit_caches) visits it.
    pub fn new_cache(&self) -> Cache {
        let mut cache = Cache::new();
        if self.is_marking() {
            cache.begin_marking(&self.arena, &self.options);
        }
        cache
    }

    /// How this heap was asked to behave.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The layout for `size_bytes` of the type that `key` stands for, from the cache's memo or the table.
    fn find_layout(
        &self,
        cache: &mut Cache,
        key: Option<LayoutKey>,
        size_bytes: usize,
        pattern: impl FnOnce() -> Pattern,
    ) -> Result<LayoutId, AllocationError> {
        if let Some(layout) = key.and_then(|key| cache.memo.get(key)) {
            return Ok(layout);
        }
        let layout = self.register_layout(size_bytes, pattern())?;
        if let Some(key) = key {
            cache.memo.put(key, layout);
        }
        Ok(layout)
    }

    /// The layout of an object of `size_bytes` with its pointers as in `pattern`.
    fn register_layout(
        &self,
        size_bytes: usize,
        pattern: Pattern,
    ) -> Result<LayoutId, TooManyLayouts> {
        let mut layouts = self.layouts.lock();
        match layouts.find(size_bytes, &pattern) {
            Some(layout) => Ok(layout),
            // Copies the table if markers hold it: at most once a cycle.
            None => Arc::make_mut(&mut layouts).register(size_bytes, pattern),
        }
    }

    /// An object with pointers, of `size_bytes` and `layout`: from the layout's own cell, a shared slot, or large. Zeroed but for
    /// the first `written_bytes`.
    fn allocate_scanned(
        &self,
        cache: &mut Cache,
        layout: LayoutId,
        size_bytes: usize,
        written_bytes: usize,
    ) -> Result<*mut u8, AllocationError> {
        if layout.has_cell() {
            return self.allocate_layout_beyond(cache, layout, written_bytes);
        }
        let Some(class) = SizeClass::for_size(size_bytes) else {
            return self.allocate_large(layout, size_bytes, false, written_bytes);
        };
        let shared = LayoutId::shared(class);
        let slot = self.take_zeroed(cache, shared, class.slot_size_bytes(), written_bytes)?;
        let (page, index) = cache.position_of(shared, slot);
        self.arena.slot_layouts(page)[index].store(layout.index() as u16, Relaxed);
        Ok(slot)
    }

    /// A slot of `layout`, zero from `written_bytes` to `size_bytes`.
    #[inline]
    fn take_zeroed(
        &self,
        cache: &mut Cache,
        layout: LayoutId,
        size_bytes: usize,
        written_bytes: usize,
    ) -> Result<*mut u8, AllocationError> {
        let slot = cache.take(self, layout)?;
        // Where writing takes longer than asking: memory that is not written costs nothing until the program uses it.
        let is_zero = size_bytes > MAX_SMALL_SIZE_BYTES
            && self
                .arena
                .info(cache.page_of(layout))
                .is_fresh
                .load(Relaxed);
        if !is_zero {
            object::zero_beyond(&self.arena, slot.addr(), written_bytes, size_bytes);
        }
        Ok(slot)
    }

    /// Writes zeroes over the pages of a large object, but for its first `written_bytes` and pages that are zero, being fresh from
    /// the system.
    pub(crate) fn clear_pages(&self, pages: Range<usize>, written_bytes: usize) {
        for (index, page) in pages.enumerate() {
            if self.arena.info(page).is_dirty.load(Relaxed) {
                let written_bytes = written_bytes.saturating_sub(index * PAGE_SIZE_BYTES);
                let address = self.arena.page_address(page);
                object::zero_beyond(&self.arena, address, written_bytes, PAGE_SIZE_BYTES);
            }
        }
    }

    /// An object with a span of its own, zeroed but for the first `written_bytes`.
    fn allocate_large(
        &self,
        layout: LayoutId,
        size_bytes: usize,
        is_noscan: bool,
        written_bytes: usize,
    ) -> Result<*mut u8, AllocationError> {
        debug_assert!(size_bytes > MAX_MEDIUM_SIZE_BYTES);
        let size_bytes = size_bytes
            .checked_next_multiple_of(WORD_SIZE_BYTES)
            .ok_or(AllocationError::SizeOverflow)?;
        let page_count = size_bytes.div_ceil(PAGE_SIZE_BYTES);
        let page = self.allocate_pages(page_count)?;
        self.clear_pages(page..page + page_count, written_bytes);
        span::begin_large(
            &self.arena,
            page,
            size_bytes,
            layout,
            is_noscan,
            self.is_marking(),
            self.cycle.load(Relaxed),
        );
        self.large.lock().swept.push(page);
        self.note_allocated(1, size_bytes as u64);
        self.note_flushed(1, size_bytes as u64);
        Ok(self.arena.pointer(self.arena.page_address(page)))
    }

    /// A span of `layout` with dead slots, for a cache to own: a swept one, one to sweep, or fresh pages.
    pub(crate) fn acquire_span(&self, layout: LayoutId) -> Result<usize, AllocationError> {
        let central = &self.centrals[layout.index()];
        if let Some(page) = central
            .take_partial(self.cycle.load(Relaxed))
            .or_else(|| self.sweep_for(layout))
        {
            return Ok(page);
        }
        let class = self
            .layouts
            .lock()
            .get(layout)
            .class
            .expect("a layout with a cell has a class");
        let page = self.allocate_pages(class.page_count())?;
        span::begin_slots(&self.arena, page, class, layout, self.cycle.load(Relaxed));
        if layout.is_shared() && class.is_small() {
            self.counters.shared_pages.fetch_add(1, Relaxed);
        }
        central.put_owned(page, self.cycle.load(Relaxed));
        Ok(page)
    }

    /// `count` free pages in a row: found, swept for, or committed.
    pub(crate) fn allocate_pages(&self, count: usize) -> Result<usize, AllocationError> {
        if let Some(page) = self.pages.lock().allocate(&self.arena, count) {
            return Ok(page);
        }
        self.reclaim(count);
        let mut pages = self.pages.lock();
        if let Some(page) = pages.allocate(&self.arena, count) {
            return Ok(page);
        }
        let counts = pages.counts();
        let backed_pages = counts.committed - (counts.free - counts.free_dirty);
        let wanted_bytes = (backed_pages + count).saturating_mul(PAGE_SIZE_BYTES) as u64;
        if wanted_bytes > self.hard_limit_bytes.load(Relaxed) {
            return Err(AllocationError::OutOfMemory);
        }
        let committed_bytes = (counts.committed * PAGE_SIZE_BYTES) as u64;
        if committed_bytes >= LARGE_HEAP_BYTES {
            // Beyond what there is the system would end the process, or another, without a word.
            let step_bytes = (pages.growth_step().max(count) * PAGE_SIZE_BYTES) as u64;
            let available_bytes = available_memory_bytes();
            if available_bytes.is_some_and(|bytes| bytes < step_bytes + RESERVE_BYTES) {
                return Err(AllocationError::OutOfMemory);
            }
        }
        let is_first_growth = counts.committed == 0;
        if !pages.grow(&self.arena, count) {
            return Err(AllocationError::OutOfMemory);
        }
        let allocated = pages.allocate(&self.arena, count);
        drop(pages);
        if let Some(outgrown) = self.options.outgrown
            && !is_first_growth
            && !self.is_outgrown.swap(true, Relaxed)
        {
            outgrown();
        }
        if let Some(limit) = self.options.find_system_limit
            && committed_bytes >= MEDIUM_HEAP_BYTES
            && !self.knows_system_limit.swap(true, Relaxed)
        {
            limit(self);
        }
        allocated.ok_or(AllocationError::OutOfMemory)
    }

    /// Bytes of a slot of a layout with a cell.
    pub(crate) fn slot_size_bytes(&self, layout: LayoutId) -> usize {
        self.layouts.lock().get(layout).slot_size_bytes()
    }

    /// Which of the free bits a refill hands out: all, or in stress mode the first few.
    pub(crate) fn limit_refill(&self, bits: u64) -> u64 {
        let mut rest = bits;
        if self.options.stress_every == 0 {
            return bits;
        }
        for _ in 0..self.options.stress_every.min(u64::BITS) {
            rest &= rest.wrapping_sub(1);
        }
        bits & !rest
    }

    /// Counts objects handed out towards the next cycle.
    #[inline]
    pub(crate) fn note_allocated(&self, objects: u64, bytes: u64) {
        self.counters.heap_live_bytes.fetch_add(bytes, Relaxed);
        if self.options.stress_every != 0 {
            self.stress_countdown.fetch_sub(objects as i64, Relaxed);
        }
    }

    /// Takes back from the count towards the next cycle what a cache returned.
    pub(crate) fn note_unused(&self, bytes: u64) {
        self.counters.heap_live_bytes.fetch_sub(bytes, Relaxed);
    }

    /// Counts objects really allocated in slots of `slot_size_bytes`.
    pub(crate) fn note_class(&self, slot_size_bytes: u32, objects: u64) {
        if let Some(class) = SizeClass::for_size(slot_size_bytes as usize) {
            self.counters.classes[class.index()]
                .allocated
                .fetch_add(objects, Relaxed);
        }
    }

    /// Counts objects really allocated.
    pub(crate) fn note_flushed(&self, objects: u64, bytes: u64) {
        self.counters.allocated_objects.fetch_add(objects, Relaxed);
        self.counters.allocated_bytes.fetch_add(bytes, Relaxed);
    }
}

/// Why an allocation failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AllocationError {
    /// The size does not fit the address space: what Go calls `makeslice: len out of range` and the like.
    SizeOverflow,
    /// The reservation is used up or the system refuses memory: a fatal error for the program.
    OutOfMemory,
    /// The program uses too many different layouts.
    TooManyLayouts,
}

impl From<TooManyLayouts> for AllocationError {
    fn from(_: TooManyLayouts) -> Self {
        Self::TooManyLayouts
    }
}

impl std::fmt::Display for AllocationError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::SizeOverflow => "allocation size out of range",
            Self::OutOfMemory => "out of memory",
            Self::TooManyLayouts => "too many different object layouts",
        })
    }
}

impl std::error::Error for AllocationError {}

/// Why a heap cannot be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HeapError {
    /// The system grants not even the smallest reservation; the number is its error code.
    Reservation(i32),
}

impl std::fmt::Display for HeapError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Reservation(code) => {
                write!(
                    formatter,
                    "cannot reserve address space: {}",
                    std::io::Error::from_raw_os_error(*code)
                )
            }
        }
    }
}

impl std::error::Error for HeapError {}
