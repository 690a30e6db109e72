//! The checks of `gcverify=1`, and what happens when one fails.
//!
//! Before marking, with all caches flushed: every pointer word of every allocated object hits an allocated slot, or lies
//! outside the heap. After marking: every pointer word of every marked object hits a *marked* slot, which is to say that
//! the marker overlooked nothing, and none points into a stack. Both times, of every span: I3 (its cycle), I8 (its descriptor and its list agree on the
//! layout), I10 (no bits beyond its slots, no marks on the dead). Before the flush, of every cache: I1 and the reserved
//! half of I2.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;

use crate::arena::BitLine;
use crate::heap::Heap;
use crate::layout::{LayoutTable, WORD_SIZE_BYTES};
use crate::object::{POISON, read_word};
use crate::roots::World;
use crate::span::{PageDescriptor, PageKind, Slot, group_mask, is_set};

/// Which objects of the heap to check, and what their pointers must hit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Liveness {
    /// All allocated ones, by alloc bits.
    Allocated,
    /// Those the marking reached, by mark bits.
    Marked,
}

/// Checks that no slot is free in two caches and that every free slot is reserved. With the world stopped.
pub(crate) fn check_caches(heap: &Heap, world: &mut dyn World) {
    let mut groups = HashSet::new();
    world.visit_caches(&mut |cache| {
        for layout in &cache.used_cells {
            let (cell, source) = (&cache.cells[layout.index()], &cache.sources[layout.index()]);
            if !groups.insert((source.page, source.group)) {
                fatal(&format!("I1: page {} group {} is in two caches", source.page, source.group));
            }
            let page = source.page as usize;
            let allocated = heap.arena.allocs(page)[usize::from(source.group)].load(Relaxed);
            let free = cell.free | source.withheld;
            if free & !allocated != 0 || cell.free & source.withheld != 0 {
                fatal(&format!("I2: page {page} has free slots {free:#x} in a cache, reserved are {allocated:#x}"));
            }
            let info = heap.arena.info(page);
            if info.swept_cycle.load(Relaxed) != heap.cycle.load(Relaxed) {
                fatal(&format!("I3: page {page} is allocated from before it was swept"));
            }
        }
    });
}

/// What every object is held against.
struct Check<'heap> {
    heap: &'heap Heap,
    layouts: &'heap LayoutTable,
    liveness: Liveness,
    /// Where none may point to, in order.
    stacks: Vec<Range<usize>>,
}

/// Checks every span and every object that `liveness` names. With the world stopped, caches flushed, all swept.
pub(crate) fn check_heap(heap: &Heap, world: &mut dyn World, liveness: Liveness) {
    let mut stacks = match liveness {
        // What died may point anywhere outside the heap by now.
        Liveness::Allocated => Vec::new(),
        Liveness::Marked => world.stacks(),
    };
    stacks.sort_unstable_by_key(|stack| stack.start);
    let check = &Check {
        heap,
        layouts: &heap.layouts_now(),
        liveness,
        stacks,
    };
    let mut seen = HashSet::new();
    for (index, central) in heap.centrals.iter().enumerate() {
        for page in central.all_spans() {
            if !seen.insert(page) {
                fatal(&format!("span {page} is in two lists"));
            }
            let descriptor = PageDescriptor::of(&heap.arena, page);
            if descriptor.kind() != PageKind::Slots || descriptor.layout().index() != index {
                fatal(&format!(
                    "I8: page {page} is listed under layout {index} but described as {descriptor:?}"
                ));
            }
            check.span(page);
        }
    }
    let large = {
        let spans = heap.large.lock();
        [&spans.unswept[..], &spans.swept].concat()
    };
    for page in large {
        if PageDescriptor::of(&heap.arena, page).kind() != PageKind::Large {
            fatal(&format!(
                "page {page} is listed as a large span but is none"
            ));
        }
        check.span(page);
    }
}

impl Check<'_> {
    fn span(&self, page: usize) {
        let Check { heap, liveness, .. } = *self;
        let info = heap.arena.info(page);
        let (swept_cycle, cycle) = (info.swept_cycle.load(Relaxed), heap.cycle.load(Relaxed));
        if swept_cycle != cycle {
            fatal(&format!(
                "I3: page {page} was last swept in cycle {swept_cycle}, now is {cycle}"
            ));
        }
        let slots = usize::from(info.slot_count.load(Relaxed));
        let (allocs, marks) = (heap.arena.allocs(page), heap.arena.marks(page));
        for group in 0..allocs.len() {
            let (allocated, marked) = (allocs[group].load(Relaxed), marks[group].load(Relaxed));
            if allocated & !group_mask(slots, group) != 0 || marked & !allocated != 0 {
                fatal(&format!(
                    "I10: page {page} group {group}: allocated {allocated:#x}, marked {marked:#x}"
                ));
            }
        }
        let descriptor = PageDescriptor::of(&heap.arena, page);
        if descriptor.is_noscan() {
            return;
        }
        let line = live_line(heap, page, liveness);
        for index in (0..slots).filter(|&index| is_set(line, index)) {
            let offset = if descriptor.kind() == PageKind::Large {
                0
            } else {
                index * descriptor.slot_size_bytes()
            };
            let slot = Slot {
                page,
                index,
                base: heap.arena.page_address(page) + offset,
                descriptor,
            };
            self.object(slot);
        }
    }

    fn object(&self, slot: Slot) {
        let Check {
            heap,
            layouts,
            liveness,
            ..
        } = *self;
        let object_words = slot.size_bytes(&heap.arena) / WORD_SIZE_BYTES;
        let pattern = &layouts.get(slot.layout(&heap.arena)).pattern;
        pattern.visit_pointer_words(0, usize::MAX, object_words, |word| {
            let pointer = read_word(&heap.arena, slot.base + word * WORD_SIZE_BYTES);
            let problem = match heap.arena.page_of(pointer) {
                None if pointer == POISON => "is out of freed memory",
                None if self.is_in_stack(pointer) => "points into a stack",
                None => return,
                Some(page) => match Slot::at(&heap.arena, page, pointer) {
                    None => "points into free pages",
                    Some(target)
                        if is_set(live_line(heap, target.page, liveness), target.index) =>
                    {
                        return;
                    }
                    Some(_) if liveness == Liveness::Marked => {
                        "points to an object the marker overlooked"
                    }
                    Some(_) => "points to a freed object",
                },
            };
            let holder = describe_object(heap, layouts, slot.base);
            fatal(&format!("word {word} of {holder} {problem}: {pointer:#x}"));
        });
    }

    fn is_in_stack(&self, address: usize) -> bool {
        let behind = self.stacks.partition_point(|stack| stack.start <= address);
        let last = behind.checked_sub(1).map(|index| &self.stacks[index]);
        last.is_some_and(|stack| stack.contains(&address))
    }
}

fn live_line(heap: &Heap, page: usize, liveness: Liveness) -> &BitLine {
    match liveness {
        Liveness::Allocated => heap.arena.allocs(page),
        Liveness::Marked => heap.arena.marks(page),
    }
}

/// Says of an object what helps to find who made it.
pub(crate) fn describe_object(heap: &Heap, layouts: &LayoutTable, base: usize) -> String {
    let Some(slot) = Slot::find(&heap.arena, base) else {
        return format!("something at {base:#x}");
    };
    let layout = slot.layout(&heap.arena);
    let size_bytes = slot.size_bytes(&heap.arena);
    let pattern = &layouts.get(layout).pattern;
    format!(
        "the object at {base:#x}, {size_bytes} bytes, layout {} {pattern:?}",
        layout.index()
    )
}

/// Ends the process: memory is corrupted, and nothing that runs on can be trusted.
#[cold]
pub(crate) fn fatal(message: &str) -> ! {
    #[cfg(test)]
    panic!("{message}");
    #[cfg(not(test))]
    {
        eprintln!("fatal error: {message}");
        std::process::abort();
    }
}
