//! `gccheck=1`: a second marking, with the world stopped, into a table of its own. Slow, and so simple that it is right: what
//! it reaches and the first did not is a bug of the collector, and it can say by which way.

use std::collections::HashMap;

use crate::heap::Heap;
use crate::layout::{LayoutTable, WORD_SIZE_BYTES};
use crate::object::{ObjectRef, read_word};
use crate::roots::{RootLists, RootVisitor, World};
use crate::span::{Slot, is_set};
use crate::verify::{describe_object, fatal};

/// Dies with a path if anything reachable is not marked. With the world stopped, and before caches are flushed.
///
/// Words that only may be pointers do not count: what a goroutine left in a word that it will not read again may have died
/// before the cycle. What they hold alive is the business of `gcpoison`, as soon as it gets to a root or an object.
pub(crate) fn check(heap: &Heap, world: &mut dyn World) {
    let mut lists = RootLists::default();
    world.visit_roots(&mut RootVisitor::into_lists(heap, &mut lists));
    let layouts = std::sync::Arc::clone(&heap.layouts.lock());
    let contents = |address: usize, visit: &mut dyn FnMut(usize)| {
        if let Some(object) = heap.find_object(address) {
            visit_pointers(heap, &layouts, object, visit);
        }
    };
    heap.visit_special_words(|word| lists.precise.push(word), contents);
    // For each object reached, the one it was reached from; 0 for a root.
    let mut reached: HashMap<usize, usize> = HashMap::new();
    let mut grey = Vec::new();
    for word in lists.precise {
        if let Some(object) = heap.find_object(word)
            && reached.insert(object.base, 0).is_none()
        {
            grey.push(object);
        }
    }
    while let Some(object) = grey.pop() {
        let slot = Slot::find(&heap.arena, object.base).expect("an object is in the heap");
        if !is_set(heap.arena.marks(slot.page), slot.index) {
            let mut path = String::new();
            let mut base = object.base;
            while base != 0 {
                path.push_str("\n\tin ");
                path.push_str(&describe_object(heap, &layouts, base));
                base = reached[&base];
            }
            fatal(&format!(
                "gccheck: a reachable object is not marked:{path}\n\tin a root"
            ));
        }
        if slot.descriptor.is_noscan() {
            continue;
        }
        visit_pointers(heap, &layouts, object, &mut |pointer| {
            if let Some(target) = heap.find_object(pointer)
                && let std::collections::hash_map::Entry::Vacant(entry) = reached.entry(target.base)
            {
                entry.insert(object.base);
                grey.push(target);
            }
        });
    }
}

/// Calls `visit` with each pointer in an object to which nobody writes.
pub(crate) fn visit_pointers(
    heap: &Heap,
    layouts: &LayoutTable,
    object: ObjectRef,
    visit: &mut dyn FnMut(usize),
) {
    let pattern = &layouts.get(object.layout).pattern;
    let object_words = object.size_bytes / WORD_SIZE_BYTES;
    pattern.visit_pointer_words(0, usize::MAX, object_words, |word| {
        visit(read_word(&heap.arena, object.base + word * WORD_SIZE_BYTES));
    });
}
