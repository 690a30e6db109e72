//! A toy mutator: a random graph of objects, and a model of it that says what every word must hold.
//!
//! The model lives outside the heap. Whatever the collector frees too early is reused and overwritten, so comparing the
//! reachable part of the model with the heap shows it; `gcverify` and `gcpoison` show it sooner.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use crate::layout::{
    CACHE_CELLS_OFFSET, CELL_BASE_OFFSET, CELL_FREE_OFFSET, CELL_SIZE_BYTES, LayoutId, LayoutTable,
    PointerBitmap, TypeDescriptor, WORD_SIZE_BYTES,
};
use crate::{Cache, CollectReason, CycleReport, Heap, RootVisitor, StopTimes, World};

/// The mutator and its model.
pub(crate) struct Toy<'heap> {
    pub(crate) heap: &'heap Heap,
    pub(crate) graph: Graph,
    shapes: Vec<Shape>,
    random: Random,
    next_id: u64,
}

/// What the collector sees of it.
pub(crate) struct Graph {
    pub(crate) cache: Box<Cache>,
    nodes: BTreeMap<u64, Node>,
    /// Ids of nodes, and how the root is given to the collector.
    roots: Vec<(u64, RootKind)>,
    is_stopped: bool,
}

#[derive(Clone, Copy)]
enum RootKind {
    Precise,
    Conservative,
    InRange,
}

struct Node {
    address: usize,
    size_words: usize,
    /// By index of the word: the node it points into and at which byte, if any.
    pointers: BTreeMap<usize, Option<(u64, usize)>>,
}

/// A kind of object the mutator makes.
pub(crate) enum Shape {
    /// As compiled code allocates.
    Inline {
        layout: LayoutId,
        slot_size_bytes: usize,
        zeroed_bytes: usize,
        descriptor: TypeDescriptor,
    },
    Object(TypeDescriptor),
    Array(TypeDescriptor, usize),
    WithHeader(TypeDescriptor, TypeDescriptor, usize),
}

impl Shape {
    fn size_bytes(&self) -> usize {
        match self {
            Self::Inline { descriptor, .. } | Self::Object(descriptor) => descriptor.size_bytes(),
            Self::Array(element, count) => element.size_bytes() * count,
            Self::WithHeader(header, element, count) => {
                header.size_bytes() + element.size_bytes() * count
            }
        }
    }

    fn pointer_words(&self) -> Vec<usize> {
        let array = |element: &TypeDescriptor, count: usize| {
            TypeDescriptor::array(element, count)
                .expect("small")
                .pointer_words()
                .collect::<Vec<_>>()
        };
        match self {
            Self::Inline { descriptor, .. } | Self::Object(descriptor) => {
                descriptor.pointer_words().collect()
            }
            Self::Array(element, count) => array(element, *count),
            Self::WithHeader(header, element, count) => {
                let first = header.size_bytes() / WORD_SIZE_BYTES;
                header
                    .pointer_words()
                    .chain(array(element, *count).into_iter().map(|word| first + word))
                    .collect()
            }
        }
    }
}

/// Layouts and shapes of all kinds: exact fits and loose ones, small to large, with long bitmaps and none.
pub(crate) fn shapes() -> (LayoutTable, Vec<Shape>) {
    let mut table = LayoutTable::new();
    let of = |words: usize, pointers: &[usize]| {
        TypeDescriptor::new(
            words * 8,
            8,
            PointerBitmap::from_pointer_words(pointers.iter().copied()),
        )
    };
    let inline = |table: &mut LayoutTable, descriptor: TypeDescriptor| {
        let layout = table.register_object(&descriptor).expect("room");
        let found = table.get(layout);
        Shape::Inline {
            layout,
            slot_size_bytes: found.slot_size_bytes(),
            zeroed_bytes: found.zeroed_size_bytes(descriptor.size_bytes()),
            descriptor,
        }
    };
    let mut shapes = vec![
        inline(&mut table, of(3, &[0, 2])),
        inline(&mut table, of(9, &[8])),
        inline(&mut table, of(2, &[0, 1])),
        inline(&mut table, of(33, &[0, 7, 31])),
        inline(&mut table, TypeDescriptor::noscan(24, 8)),
        Shape::Object(of(5, &[1, 3])),
        Shape::Object(of(200, &[0, 64, 130, 199])),
        Shape::Object(of(1000, &[0, 999])),
        Shape::Object(of(6000, &[5, 4097])),
        Shape::Object(TypeDescriptor::noscan(8, 8)),
        Shape::Array(TypeDescriptor::noscan(8, 8), 700),
        Shape::Array(TypeDescriptor::noscan(8, 8), 9000),
        Shape::WithHeader(of(4, &[1, 2]), of(3, &[2]), 7),
        Shape::WithHeader(of(4, &[1, 2]), TypeDescriptor::noscan(8, 8), 40),
        Shape::WithHeader(TypeDescriptor::noscan(24, 8), of(2, &[0]), 1000),
    ];
    for count in [1, 2, 3, 7, 40, 300, 2000] {
        shapes.push(Shape::Array(of(1, &[0]), count));
        shapes.push(Shape::Array(of(3, &[1]), count));
    }
    shapes.push(Shape::Array(of(1, &[0]), 40_000));
    (table, shapes)
}

impl<'heap> Toy<'heap> {
    pub(crate) fn new(heap: &'heap Heap, shapes: Vec<Shape>, seed: u64) -> Self {
        let graph = Graph {
            cache: Box::new(Cache::new()),
            nodes: BTreeMap::new(),
            roots: Vec::new(),
            is_stopped: false,
        };
        Self {
            heap,
            graph,
            shapes,
            random: Random(seed | 1),
            next_id: 1,
        }
    }

    /// Makes `steps` random moves, collecting whenever the heap asks.
    pub(crate) fn run(&mut self, steps: usize) {
        for step in 0..steps {
            if self.heap.should_collect() {
                self.collect(CollectReason::HeapGoal);
            }
            match self.random.below(10) {
                0..6 => self.allocate(),
                6..8 => self.relink(),
                _ => self.drop_root(),
            }
            if step % 512 == 0 {
                self.check();
            }
        }
        self.check();
    }

    pub(crate) fn collect(&mut self, reason: CollectReason) -> Option<CycleReport> {
        self.graph.forget_unreachable();
        self.heap.collect(&mut self.graph, reason)
    }

    /// Drops all roots.
    pub(crate) fn drop_all(&mut self) {
        self.graph.roots.clear();
        self.graph.forget_unreachable();
    }

    fn allocate(&mut self) {
        // Small shapes come first in the list; prefer them, as programs do.
        let limit = if self.random.below(20) == 0 {
            self.shapes.len()
        } else {
            7
        };
        let shape = &self.shapes[self.random.below(limit)];
        let address = allocate_shape(self.heap, &mut self.graph.cache, shape);
        let size_words = shape.size_bytes() / WORD_SIZE_BYTES;
        for word in 0..size_words {
            assert_eq!(
                read(address + word * WORD_SIZE_BYTES),
                0,
                "fresh memory is zero"
            );
        }
        let node = Node {
            address,
            size_words,
            pointers: shape
                .pointer_words()
                .into_iter()
                .map(|word| (word, None))
                .collect(),
        };
        let id = self.next_id;
        self.next_id += 1;
        for word in (0..size_words).filter(|word| !node.pointers.contains_key(word)) {
            write(address + word * WORD_SIZE_BYTES, value_of(id, word));
        }
        self.graph.nodes.insert(id, node);
        self.link_some(id);
        let kind =
            [RootKind::Precise, RootKind::Conservative, RootKind::InRange][self.random.below(3)];
        self.graph.roots.push((id, kind));
        if self.graph.roots.len() > 64 {
            let victim = self.random.below(self.graph.roots.len());
            self.graph.roots.swap_remove(victim);
        }
    }

    /// Points some words of `id` into reachable nodes.
    fn link_some(&mut self, id: u64) {
        let words: Vec<usize> = self.graph.nodes[&id].pointers.keys().copied().collect();
        for _ in 0..words.len().min(4) {
            let word = words[self.random.below(words.len())];
            let target = self.pick_reachable();
            self.set(id, word, target);
        }
    }

    fn relink(&mut self) {
        if let Some(id) = self.pick_reachable() {
            self.link_some(id);
        }
    }

    fn drop_root(&mut self) {
        if self.graph.roots.len() > 8 {
            let victim = self.random.below(self.graph.roots.len());
            self.graph.roots.swap_remove(victim);
        }
    }

    /// A root, or what a few random steps from it lead to.
    fn pick_reachable(&mut self) -> Option<u64> {
        if self.graph.roots.is_empty() {
            return None;
        }
        let mut id = self.graph.roots[self.random.below(self.graph.roots.len())].0;
        for _ in 0..self.random.below(5) {
            let targets: Vec<u64> = self.graph.nodes[&id]
                .pointers
                .values()
                .flatten()
                .map(|&(id, _)| id)
                .collect();
            if targets.is_empty() {
                break;
            }
            id = targets[self.random.below(targets.len())];
        }
        Some(id)
    }

    fn set(&mut self, id: u64, word: usize, target: Option<u64>) {
        let target = target.map(|target| {
            (
                target,
                self.random.below(self.graph.nodes[&target].size_words * 8),
            )
        });
        let pointer = target.map_or(0, |(target, offset)| {
            self.graph.nodes[&target].address + offset
        });
        let node = self
            .graph
            .nodes
            .get_mut(&id)
            .expect("a reachable node is in the model");
        node.pointers.insert(word, target);
        let place = node.address + word * WORD_SIZE_BYTES;
        self.heap.note_store(std::ptr::without_provenance(place), 8);
        write(place, pointer);
    }

    /// Compares every word of every reachable node with the model, and each address with the heap's view.
    pub(crate) fn check(&mut self) {
        for id in self.graph.reachable() {
            let node = &self.graph.nodes[&id];
            let object = self
                .heap
                .find_object(node.address + node.size_words * 8 - 1)
                .expect("a live object");
            assert_eq!(object.base, node.address);
            assert!(object.size_bytes >= node.size_words * WORD_SIZE_BYTES);
            for word in 0..node.size_words {
                let expected = match node.pointers.get(&word) {
                    None => value_of(id, word),
                    Some(None) => 0,
                    Some(Some((target, offset))) => self.graph.nodes[target].address + offset,
                };
                assert_eq!(
                    read(node.address + word * WORD_SIZE_BYTES),
                    expected,
                    "word {word} of node {id}"
                );
            }
        }
    }
}

impl Graph {
    /// Bytes of all reachable nodes.
    pub(crate) fn reachable_bytes(&self) -> usize {
        self.reachable()
            .iter()
            .map(|id| self.nodes[id].size_words * WORD_SIZE_BYTES)
            .sum()
    }

    fn reachable(&self) -> BTreeSet<u64> {
        let mut reached = BTreeSet::new();
        let mut grey: Vec<u64> = self.roots.iter().map(|&(id, _)| id).collect();
        while let Some(id) = grey.pop() {
            if reached.insert(id) {
                grey.extend(
                    self.nodes[&id]
                        .pointers
                        .values()
                        .flatten()
                        .map(|&(target, _)| target),
                );
            }
        }
        reached
    }

    fn forget_unreachable(&mut self) {
        let reached = self.reachable();
        self.nodes.retain(|id, _| reached.contains(id));
    }
}

impl World for Graph {
    fn stop(&mut self) -> StopTimes {
        assert!(!self.is_stopped);
        self.is_stopped = true;
        StopTimes::since(Instant::now())
    }

    fn start(&mut self) {
        assert!(self.is_stopped);
        self.is_stopped = false;
    }

    fn visit_caches(&mut self, visit: &mut dyn FnMut(&mut Cache)) {
        assert!(self.is_stopped);
        visit(&mut self.cache);
    }

    fn visit_roots(&mut self, roots: &mut RootVisitor<'_, '_>) {
        assert!(self.is_stopped);
        let mut range = Vec::new();
        for &(id, kind) in &self.roots {
            let node = &self.nodes[&id];
            let interior = node.address + id as usize % (node.size_words * 8);
            match kind {
                RootKind::Precise => roots.visit(std::ptr::without_provenance(interior)),
                RootKind::Conservative => roots.visit_conservative(interior),
                RootKind::InRange => range.extend([0x1234_5678, interior]),
            }
        }
        // What looks like no pointer, or points where nothing is, must do no harm.
        roots.visit(std::ptr::null());
        roots.visit_conservative(usize::MAX);
        let pointers =
            PointerBitmap::from_pointer_words((0..range.len()).filter(|word| word % 2 == 1));
        // SAFETY: the bitmap names words of the vector only.
        unsafe { roots.visit_range(range.as_ptr(), &pointers) };
    }
}

/// Allocates as the runtime or, for an inline shape, as compiled code would.
pub(crate) fn allocate_shape(heap: &Heap, cache: &mut Cache, shape: &Shape) -> usize {
    let result = match shape {
        Shape::Inline {
            layout,
            slot_size_bytes,
            zeroed_bytes,
            ..
        } => {
            return allocate_inline(heap, cache, *layout, *slot_size_bytes, *zeroed_bytes);
        }
        Shape::Object(descriptor) => heap.allocate(cache, descriptor),
        Shape::Array(element, count) => heap.allocate_array(cache, element, *count),
        Shape::WithHeader(header, element, count) => {
            heap.allocate_with_header(cache, header, element, *count)
        }
    };
    result.expect("enough memory").addr()
}

/// The sequence of `layout.rs`, by its published offsets only.
pub(crate) fn allocate_inline(
    heap: &Heap,
    cache: &mut Cache,
    layout: LayoutId,
    slot_size_bytes: usize,
    zeroed_bytes: usize,
) -> usize {
    let cell = (&raw mut *cache).addr() + CACHE_CELLS_OFFSET + CELL_SIZE_BYTES * layout.index();
    let _exposed = (&raw mut *cache).expose_provenance();
    let free = read(cell + CELL_FREE_OFFSET) as u64;
    if free == 0 {
        return heap
            .allocate_layout(cache, layout)
            .expect("enough memory")
            .addr();
    }
    write(cell + CELL_FREE_OFFSET, (free & (free - 1)) as usize);
    let slot = read(cell + CELL_BASE_OFFSET) + free.trailing_zeros() as usize * slot_size_bytes;
    for offset in (0..zeroed_bytes).step_by(WORD_SIZE_BYTES) {
        write(slot + offset, 0);
    }
    slot
}

/// What word `word` of node `id` holds when it is no pointer: looks like one now and then.
fn value_of(id: u64, word: usize) -> usize {
    (id.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (word as u64).wrapping_mul(0xd6e8_feb8_6659_fd93))
        as usize
}

pub(crate) fn read(address: usize) -> usize {
    // SAFETY: the tests read objects they keep reachable, and cells of caches they own.
    unsafe { std::ptr::with_exposed_provenance::<usize>(address).read() }
}

pub(crate) fn write(address: usize, value: usize) {
    // SAFETY: as for `read`.
    unsafe { std::ptr::with_exposed_provenance_mut::<usize>(address).write(value) }
}

/// Marsaglia's xorshift: the same graph for the same seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }
}
