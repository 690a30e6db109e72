//! Object stacks: where a goroutine keeps locals whose address is taken but that do not escape.
//!
//! Unlike the control stack they do not move, so they are chains of segments. Compiled code bumps `object_top` up to
//! `object_limit` and calls [`entries::grow_object_stack`] for more. A function saves `object_top`, `object_limit` and
//! `object_frame` at its entry and stores all three back when it returns, so top and limit always name the same segment
//! (or none: both are 0 where there is none yet), and returning to an older segment needs no call.
//!
//! The runtime learns of it when it is next asked for room: the segment that ends at `object_limit` is the current one,
//! and all newer ones are unused. The first of them is taken if it is large enough, else freed with the rest.

use std::alloc::{Layout, alloc, dealloc};
use std::ops::Range;

use crate::goroutine::Goroutine;

/// Bytes of the first segment: few, so that a goroutine that waits stays small.
const FIRST_SEGMENT_BYTES: u64 = 256;

/// Segments double up to this size.
const LARGEST_SEGMENT_BYTES: u64 = 1 << 20;

/// What an object stack may have however low `debug.SetMaxStack` is set.
const LEAST_CAP_BYTES: u64 = 64 << 20;

/// Why an object stack does not grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GrowthError {
    /// It would be larger than it may be: the recursion has no end.
    Overflow,
    OutOfMemory,
}

/// The segments of one goroutine, oldest first.
#[derive(Debug, Default)]
pub struct ObjectStack {
    segments: Vec<Segment>,
}

#[derive(Debug)]
struct Segment {
    start: u64,
    size_bytes: u64,
}

impl Segment {
    /// `None` if the system has no memory.
    fn new(size_bytes: u64) -> Option<Self> {
        // SAFETY: the size is not zero.
        let start = unsafe { alloc(layout_of(size_bytes)) };
        (!start.is_null()).then(|| Self {
            start: start.expose_provenance() as u64,
            size_bytes,
        })
    }

    fn end(&self) -> u64 {
        self.start + self.size_bytes
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        let start: *mut u8 = std::ptr::with_exposed_provenance_mut(self.start as usize);
        // SAFETY: allocated in `new` with this layout; no frame is in it (see the header), so nobody reads it again.
        unsafe { dealloc(start, layout_of(self.size_bytes)) };
    }
}

fn layout_of(size_bytes: u64) -> Layout {
    Layout::from_size_align(size_bytes as usize, 16).expect("a segment's size is reasonable")
}

impl ObjectStack {
    /// Room for `size_bytes` in a segment newer than the one that ends at `limit`: its start and end. All segments
    /// together stay within `cap_bytes`.
    fn extend(
        &mut self,
        limit: u64,
        size_bytes: u64,
        cap_bytes: u64,
    ) -> Result<(u64, u64), GrowthError> {
        let current = self
            .segments
            .iter()
            .rposition(|segment| segment.end() == limit);
        let next = current.map_or(0, |index| index + 1);
        if self
            .segments
            .get(next)
            .is_none_or(|segment| segment.size_bytes < size_bytes)
        {
            self.segments.truncate(next);
            let previous_bytes = self.segments.last().map_or(0, |segment| segment.size_bytes);
            let usual_bytes =
                (previous_bytes * 2).clamp(FIRST_SEGMENT_BYTES, LARGEST_SEGMENT_BYTES);
            if size_bytes > cap_bytes {
                return Err(GrowthError::Overflow);
            }
            let new_bytes = usual_bytes.max(size_bytes.next_multiple_of(16));
            if self.size_bytes() + new_bytes > cap_bytes {
                return Err(GrowthError::Overflow);
            }
            let segment = Segment::new(new_bytes).ok_or(GrowthError::OutOfMemory)?;
            self.segments.push(segment);
        }
        // One spare segment beyond is kept, so that a loop that calls across the end does not allocate each time.
        self.segments.truncate(next + 2);
        let segment = &self.segments[next];
        Ok((segment.start, segment.end()))
    }

    /// Frees all but a first segment of the usual size: the goroutine has ended, and is kept for the next. Where many begin and
    /// end, they do so without allocating.
    pub fn clear(&mut self) {
        let is_usual = |segment: &Segment| segment.size_bytes == FIRST_SEGMENT_BYTES;
        let kept = usize::from(self.segments.first().is_some_and(is_usual));
        self.segments.truncate(kept);
    }

    /// Top and limit before the first frame.
    pub fn beginning(&self) -> (u64, u64) {
        let first = self.segments.first();
        first.map_or((0, 0), |first| (first.start, first.end()))
    }

    /// Whether an address lies in it.
    pub fn contains(&self, address: u64) -> bool {
        let holds = |segment: &Segment| (segment.start..segment.end()).contains(&address);
        self.segments.iter().any(holds)
    }

    /// All of it.
    pub fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        let range = |segment: &Segment| segment.start as usize..segment.end() as usize;
        self.segments.iter().map(range)
    }

    /// The parts in which no frame is, if the newest ends at `top` in the segment that ends at `limit`.
    pub fn unused(&self, top: u64, limit: u64) -> impl Iterator<Item = Range<usize>> {
        let current = self.ranges().position(|range| range.end as u64 == limit);
        let ranges = self.ranges().enumerate();
        ranges.filter_map(move |(index, range)| match current {
            Some(current) if index < current => None,
            Some(current) if index == current => Some(top as usize..range.end),
            _ => Some(range),
        })
    }

    /// Bytes of all segments.
    pub fn size_bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.size_bytes).sum()
    }
}

/// What compiled code calls.
pub(crate) mod entries {
    use super::{Goroutine, GrowthError, LEAST_CAP_BYTES};
    use crate::fatal;
    use crate::scheduler::instance_of;

    /// Makes `object_top..object_limit` hold `size_bytes`. The program ends if the goroutine has more than a stack may
    /// have: to it, this is its stack.
    ///
    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn grow_object_stack(g: *mut Goroutine, size_bytes: u64) {
        // SAFETY: the trampoline passes the running goroutine, which this worker owns.
        let g = unsafe { &mut *g };
        // A program that asks for tiny stacks still has its large variables here, which Go keeps elsewhere.
        let cap_bytes = instance_of(g).stack_cap_bytes().max(LEAST_CAP_BYTES);
        let limit = g.block.object_limit;
        match g.object_stack.extend(limit, size_bytes, cap_bytes) {
            Ok((start, end)) => {
                g.block.object_top = start;
                g.block.object_limit = end;
            }
            Err(GrowthError::Overflow) => fatal::stack_overflow(g),
            Err(GrowthError::OutOfMemory) => fatal::throw(g, "runtime: out of memory"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_chain_and_are_used_again() {
        let mut stack = ObjectStack::default();
        let mut extend = |limit, size_bytes| {
            stack
                .extend(limit, size_bytes, 1 << 20)
                .expect("less than the cap")
        };
        let (first, first_end) = extend(0, 64);
        assert_eq!(first % 16, 0);
        assert_eq!(first_end - first, FIRST_SEGMENT_BYTES);
        let (second, second_end) = extend(first_end, 64);
        assert_eq!(second_end - second, 2 * FIRST_SEGMENT_BYTES);
        // Compiled code went back to the first segment, then needs room again.
        assert_eq!(extend(first_end, 64), (second, second_end));
        // A frame too large for the next segment replaces it.
        let (large, large_end) = extend(first_end, 100_000);
        assert!(large_end - large >= 100_000);
        assert_eq!(extend(0, 64), (first, first_end));
    }

    #[test]
    fn the_next_goroutine_has_the_first_segment_unless_it_is_large() {
        let mut stack = ObjectStack::default();
        assert_eq!(stack.beginning(), (0, 0));
        let first = stack.extend(0, 64, 1 << 20).expect("less than the cap");
        stack
            .extend(first.1, 64, 1 << 20)
            .expect("less than the cap");
        stack.clear();
        assert_eq!(stack.beginning(), first);
        assert_eq!(stack.size_bytes(), FIRST_SEGMENT_BYTES);
        let mut stack = ObjectStack::default();
        stack.extend(0, 1000, 1 << 20).expect("less than the cap");
        stack.clear();
        assert_eq!((stack.beginning(), stack.size_bytes()), ((0, 0), 0));
    }

    #[test]
    fn recursion_without_end_is_noticed() {
        let mut stack = ObjectStack::default();
        assert_eq!(
            stack.extend(0, u64::MAX, 1 << 20),
            Err(GrowthError::Overflow)
        );
        let mut limit = 0;
        while let Ok((_, end)) = stack.extend(limit, 8192, 1 << 20) {
            limit = end;
        }
        assert!(stack.size_bytes() <= 1 << 20);
    }
}
