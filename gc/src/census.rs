//! `Census`: what the heap consists of, span by span; for reports when a program ends, not for the way there.

use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;

use crate::cache::Cache;
use crate::heap::Heap;
use crate::layout::{LayoutId, LayoutTable, PAGE_SIZE_BYTES, Pattern, TypeDescriptor};
use crate::roots::World;
use crate::size_class::{CLASS_COUNT, SizeClass};
use crate::span::{PageDescriptor, PageKind, Slot};

/// What spans hold.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct SpanUse {
    /// Spans.
    pub spans: u64,
    /// Bytes of their pages.
    pub span_bytes: u64,
    /// Objects in them: allocated, and not yet found dead.
    pub objects: u64,
    /// Bytes of the slots of these objects.
    pub object_bytes: u64,
}

impl SpanUse {
    /// The share of the pages that no object uses, 0 to 1.
    pub fn fragmentation(&self) -> f64 {
        if self.span_bytes == 0 {
            return 0.0;
        }
        1.0 - self.object_bytes as f64 / self.span_bytes as f64
    }

    fn add(&mut self, objects: u64, slot_bytes: u64) {
        self.objects += objects;
        self.object_bytes += objects * slot_bytes;
    }
}

/// What the heap consists of.
#[derive(Clone, Debug)]
pub struct Census {
    /// By size class.
    pub classes: [SpanUse; CLASS_COUNT],
    /// Objects with spans of their own.
    pub large: SpanUse,
    /// Objects by layout, the most bytes first.
    pub layouts: Vec<(LayoutId, SpanUse)>,
    table: LayoutTable,
}

impl Census {
    /// What is counted under `layout`, in words that need no type: whether there are pointers, and the slots' size.
    pub fn describe(&self, layout: LayoutId) -> String {
        let known = self.table.get(layout);
        let what = match known.pattern {
            Pattern::Noscan => "without pointers",
            _ => "with pointers",
        };
        match known.class {
            Some(class) => format!("{what}, of {} bytes", class.slot_size_bytes()),
            None => what.to_owned(),
        }
    }

    /// Whether values of `descriptor`'s type are counted under `layout`.
    pub fn is_object_of(&self, layout: LayoutId, descriptor: &TypeDescriptor) -> bool {
        descriptor.has_pointers()
            && self
                .table
                .find(descriptor.size_bytes(), &Pattern::of_object(descriptor))
                == Some(layout)
    }

    /// Whether arrays of values of `descriptor`'s type are counted under `layout`.
    pub fn is_array_of(&self, layout: LayoutId, descriptor: &TypeDescriptor) -> bool {
        descriptor.has_pointers() && self.table.get(layout).pattern == Pattern::of_array(descriptor)
    }
}

impl Heap {
    /// Counts what the heap holds. The world must be stopped already; of `world` only the caches are seen.
    pub fn census(&self, world: &mut dyn World) -> Census {
        // Slots that wait in caches have alloc bits, but are no objects.
        let mut waiting: HashMap<(usize, usize), u64> = HashMap::new();
        world.visit_caches(&mut |cache: &mut Cache| {
            for layout in &cache.used_cells {
                let source = &cache.sources[layout.index()];
                let unused = cache.cells[layout.index()].free | source.withheld;
                waiting.insert((source.page as usize, usize::from(source.group)), unused);
            }
        });
        let table = LayoutTable::clone(&self.layouts.lock());
        let end = self.pages.lock().counts().committed + 1;
        let mut census = Census {
            classes: [SpanUse::default(); CLASS_COUNT],
            large: SpanUse::default(),
            layouts: Vec::new(),
            table,
        };
        let mut by_layout: HashMap<usize, SpanUse> = HashMap::new();
        let mut page = 1;
        while page < end {
            let descriptor = PageDescriptor::of(&self.arena, page);
            let page_count = self.arena.info(page).page_count.load(Relaxed) as usize;
            if descriptor.kind() == PageKind::Free || page_count == 0 {
                page += 1;
                continue;
            }
            self.count_span(page, descriptor, &waiting, &mut census, &mut by_layout);
            page += page_count;
        }
        census.layouts = by_layout
            .into_iter()
            .map(|(index, used)| (LayoutId::from_index(index), used))
            .collect();
        census
            .layouts
            .sort_by_key(|(layout, used)| (std::cmp::Reverse(used.object_bytes), layout.index()));
        census
    }

    fn count_span(
        &self,
        page: usize,
        descriptor: PageDescriptor,
        waiting: &HashMap<(usize, usize), u64>,
        census: &mut Census,
        by_layout: &mut HashMap<usize, SpanUse>,
    ) {
        let info = self.arena.info(page);
        let span_bytes = u64::from(info.page_count.load(Relaxed)) * PAGE_SIZE_BYTES as u64;
        let slot_at = |index: usize| Slot {
            page,
            index,
            base: self.arena.page_address(page),
            descriptor,
        };
        let slot_bytes = slot_at(0).size_bytes(&self.arena) as u64;
        let used = if descriptor.kind() == PageKind::Large {
            &mut census.large
        } else {
            let class =
                SizeClass::for_size(slot_bytes as usize).expect("slots have sizes of classes");
            &mut census.classes[class.index()]
        };
        used.spans += 1;
        used.span_bytes += span_bytes;
        let slots = usize::from(info.slot_count.load(Relaxed));
        for group in 0..slots.div_ceil(64) {
            let unused = waiting.get(&(page, group)).copied().unwrap_or(0);
            let mut bits = self.arena.allocs(page)[group].load(Relaxed) & !unused;
            used.add(u64::from(bits.count_ones()), slot_bytes);
            let is_beside = descriptor.kind() == PageKind::Large || descriptor.layout().is_shared();
            if !is_beside && bits != 0 {
                let layout = descriptor.layout().index();
                let count = u64::from(bits.count_ones());
                by_layout.entry(layout).or_default().add(count, slot_bytes);
                continue;
            }
            while bits != 0 {
                let index = group * 64 + bits.trailing_zeros() as usize;
                let layout = slot_at(index).layout(&self.arena).index();
                by_layout.entry(layout).or_default().add(1, slot_bytes);
                bits &= bits - 1;
            }
        }
    }
}
