//! `Heap`: one program's collected memory, the door to all of it.

use crate::cache::Cache;
use crate::layout::{LayoutId, LayoutTable, TypeDescriptor};
use crate::object::ObjectRef;
use crate::options::Options;
use crate::roots::World;
use crate::statistics::Statistics;

/// One program's collected memory. Shared by its Processors, each of which allocates through a [`Cache`] of its own.
pub struct Heap {
    options: Options,
}

impl Heap {
    /// Reserves address space for a heap whose compiled code uses `layouts`.
    pub fn new(options: Options, layouts: LayoutTable) -> Result<Self, HeapError> {
        let _ = layouts;
        Ok(Self { options })
    }

    /// One value of `descriptor`'s type, zeroed. Neither collects nor parks.
    pub fn allocate(
        &self,
        cache: &mut Cache,
        descriptor: &TypeDescriptor,
    ) -> Result<*mut u8, AllocationError> {
        let _ = (cache, descriptor);
        Err(AllocationError::OutOfMemory)
    }

    /// `count` values of `element`'s type in a row, zeroed.
    pub fn allocate_array(
        &self,
        cache: &mut Cache,
        element: &TypeDescriptor,
        count: usize,
    ) -> Result<*mut u8, AllocationError> {
        let _ = (cache, element, count);
        Err(AllocationError::OutOfMemory)
    }

    /// `size_bytes` without pointers, zeroed.
    pub fn allocate_noscan(
        &self,
        cache: &mut Cache,
        size_bytes: usize,
    ) -> Result<*mut u8, AllocationError> {
        let _ = (cache, size_bytes);
        Err(AllocationError::OutOfMemory)
    }

    /// A value of `header`'s type, then at once `count` of `element`'s, in one object, zeroed. The elements begin
    /// `header.size_bytes()` after the start, rounded up to a word.
    pub fn allocate_with_header(
        &self,
        cache: &mut Cache,
        header: &TypeDescriptor,
        element: &TypeDescriptor,
        count: usize,
    ) -> Result<*mut u8, AllocationError> {
        let _ = (cache, header, element, count);
        Err(AllocationError::OutOfMemory)
    }

    /// The slow path of inline allocation: refills the cell of `layout` and takes one slot from it, zeroed to its end.
    ///
    /// `layout` must [have a cell](LayoutId::has_cell) and be registered in the table this heap was made with.
    pub fn allocate_layout(
        &self,
        cache: &mut Cache,
        layout: LayoutId,
    ) -> Result<*mut u8, AllocationError> {
        let _ = (cache, layout);
        Err(AllocationError::OutOfMemory)
    }

    /// Whether the next safepoint should call [`Self::collect`]. Changes only when a cell is refilled or a medium or large
    /// object allocated, so the runtime asks on its slow path, before it allocates.
    pub fn should_collect(&self) -> bool {
        self.options.never_collect
    }

    /// One whole cycle: stops the world, marks, starts it. Dead objects are swept later, on demand.
    pub fn collect(&self, world: &mut dyn World, reason: CollectReason) -> CycleReport {
        let _ = (world, reason);
        CycleReport {}
    }

    /// Sweeps all that the last cycle left, as Go's `runtime.GC` does before it returns.
    pub fn finish_sweep(&self) {}

    /// The allocated object that `address` points into, at its start or inside; `None` for anything else.
    pub fn find_object(&self, address: usize) -> Option<ObjectRef> {
        let _ = address;
        None
    }

    /// Whether `address` lies in the reservation.
    pub fn contains(&self, address: usize) -> bool {
        let _ = address;
        false
    }

    /// Figures for `runtime.ReadMemStats`, exact. The world must be stopped: `world` is only asked for its caches.
    pub fn statistics(&self, world: &mut dyn World) -> Statistics {
        let _ = world;
        Statistics::default()
    }

    /// Changes GOGC (`debug.SetGCPercent`); returns the former value. `None` is off.
    pub fn set_gogc(&self, gogc: Option<u32>) -> Option<u32> {
        let _ = gogc;
        self.options.gogc
    }

    /// Gives `cache`'s unused slots back, for a Processor that goes away.
    pub fn retire_cache(&self, cache: &mut Cache) {
        let _ = cache;
    }

    /// How this heap was asked to behave.
    pub fn options(&self) -> &Options {
        &self.options
    }
}

/// Why a cycle runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CollectReason {
    /// The heap reached its goal, or stress mode asks.
    HeapGoal,
    /// The program asked (`runtime.GC`).
    Forced,
    /// Nothing was collected for two minutes.
    Periodic,
}

/// What a cycle did.
pub struct CycleReport {}

impl CycleReport {
    /// The cycle as a line in the format of Go's `gctrace=1`, without line feed.
    pub fn trace_line(&self) -> String {
        String::new()
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

/// Why a heap cannot be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HeapError {
    /// The system grants not even the smallest reservation; the number is its error code.
    Reservation(i32),
}
