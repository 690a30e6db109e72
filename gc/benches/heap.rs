//! Micro-benchmarks of the heap: `cargo bench -p minigo-gc`. Prints minimum and median of several runs.
//!
//! Allocation goes through the published offsets, as compiled code does; collections run when the heap asks for them, so
//! their share is in every figure.

use std::time::Instant;

use minigo_gc::layout::{
    CACHE_CELLS_OFFSET, CELL_BASE_OFFSET, CELL_FREE_OFFSET, CELL_SIZE_BYTES, LayoutId, LayoutTable,
    PointerBitmap, TypeDescriptor,
};
use minigo_gc::{Cache, CollectReason, Heap, Options, RootVisitor, StopTimes, World};

fn main() {
    println!("{:44} {:>8} {:>8}", "", "min", "median");
    dropped("24 B dropped, 1 pointer, with collections", 24, 0b001);
    dropped("24 B dropped, no pointers", 24, 0);
    dropped("64 B dropped, 2 pointers", 64, 0b101);
    dropped("256 B dropped, 1 pointer", 256, 1);
    half_live("32 B into pages half full at random");
    dropped_arrays("make([]*T, 10), called, dropped");
    dropped_large("make([]byte, 1 MiB), called, dropped");
    marking("mark a tree in allocation order, per object", false);
    marking("mark a tree in random order, per object", true);
    starting("make a heap and its first object, and drop it");
    small_cycle("one whole cycle of an empty heap");
}

/// One mutator with a few roots.
struct Mutator {
    cache: Box<Cache>,
    roots: Vec<usize>,
}

impl World for Mutator {
    fn stop(&mut self) -> StopTimes {
        StopTimes::since(Instant::now())
    }

    fn start(&mut self) {}

    fn visit_caches(&mut self, visit: &mut dyn FnMut(&mut Cache)) {
        visit(&mut self.cache);
    }

    fn visit_roots(&mut self, roots: &mut RootVisitor<'_, '_>) {
        for &root in &self.roots {
            roots.visit(std::ptr::without_provenance(root));
        }
    }
}

impl Mutator {
    fn new() -> Self {
        let mut cache = Box::new(Cache::new());
        let _exposed = (&raw mut *cache).expose_provenance();
        Self {
            cache,
            roots: Vec::new(),
        }
    }

    /// The inline sequence; the slow path is the safepoint.
    #[inline]
    fn allocate(&mut self, heap: &Heap, layout: LayoutId, slot_size_bytes: usize) -> usize {
        let cell =
            (&raw const *self.cache).addr() + CACHE_CELLS_OFFSET + CELL_SIZE_BYTES * layout.index();
        let free = read(cell + CELL_FREE_OFFSET);
        if free == 0 {
            return self.allocate_slow(heap, layout);
        }
        write(cell + CELL_FREE_OFFSET, free & (free - 1));
        read(cell + CELL_BASE_OFFSET) + free.trailing_zeros() as usize * slot_size_bytes
    }

    #[cold]
    #[inline(never)]
    fn allocate_slow(&mut self, heap: &Heap, layout: LayoutId) -> usize {
        if heap.should_collect() {
            heap.collect(self, CollectReason::HeapGoal);
        }
        heap.allocate_layout(&mut self.cache, layout)
            .expect("memory")
            .addr()
    }
}

fn object(table: &mut LayoutTable, size_bytes: usize, mask: u64) -> (LayoutId, usize) {
    let layout = table
        .register_object(&TypeDescriptor::new(
            size_bytes,
            8,
            PointerBitmap::Inline(mask),
        ))
        .expect("room");
    (layout, table.get(layout).slot_size_bytes())
}

fn dropped(name: &str, size_bytes: usize, mask: u64) {
    const COUNT: usize = 10_000_000;
    let mut table = LayoutTable::new();
    let (layout, slot_size_bytes) = object(&mut table, size_bytes, mask);
    let heap = Heap::new(Options::default(), table).expect("address space");
    let mut mutator = Mutator::new();
    report(name, COUNT, || {
        for index in 0..COUNT {
            let object = mutator.allocate(&heap, layout, slot_size_bytes);
            for offset in (0..size_bytes).step_by(8) {
                write(object + offset, 0);
            }
            write(object + size_bytes - 8, index);
        }
    });
}

fn half_live(name: &str) {
    const LIVE: usize = 262_144;
    let mut table = LayoutTable::new();
    let (layout, slot_size_bytes) = object(&mut table, 32, 0);
    let heap = Heap::new(
        Options {
            gogc: None,
            ..Options::default()
        },
        table,
    )
    .expect("address space");
    let mut mutator = Mutator::new();
    for _ in 0..2 * LIVE {
        let object = mutator.allocate(&heap, layout, slot_size_bytes);
        mutator.roots.push(object);
    }
    shuffle(&mut mutator.roots);
    mutator.roots.truncate(LIVE);
    let mut samples = Vec::new();
    for _ in 0..9 {
        heap.collect(&mut mutator, CollectReason::HeapGoal);
        let began = Instant::now();
        for index in 0..LIVE - 64 {
            let object = mutator.allocate(&heap, layout, slot_size_bytes);
            for offset in (0..32).step_by(8) {
                write(object + offset, index);
            }
        }
        samples.push(began.elapsed().as_secs_f64() / (LIVE - 64) as f64);
    }
    print(name, &mut samples);
}

fn dropped_arrays(name: &str) {
    const COUNT: usize = 2_000_000;
    let heap = Heap::new(Options::default(), LayoutTable::new()).expect("address space");
    let element = TypeDescriptor::new(8, 8, PointerBitmap::Inline(1));
    let mut mutator = Mutator::new();
    report(name, COUNT, || {
        for _ in 0..COUNT {
            if heap.should_collect() {
                heap.collect(&mut mutator, CollectReason::HeapGoal);
            }
            heap.allocate_array(&mut mutator.cache, &element, 10)
                .expect("memory");
        }
    });
}

fn dropped_large(name: &str) {
    const COUNT: usize = 500;
    let heap = Heap::new(Options::default(), LayoutTable::new()).expect("address space");
    let mut mutator = Mutator::new();
    report(name, COUNT, || {
        for _ in 0..COUNT {
            if heap.should_collect() {
                heap.collect(&mut mutator, CollectReason::HeapGoal);
            }
            heap.allocate_noscan(&mut mutator.cache, 1 << 20)
                .expect("memory");
        }
    });
}

fn marking(name: &str, is_shuffled: bool) {
    const COUNT: usize = 1 << 20;
    let mut table = LayoutTable::new();
    let (layout, slot_size_bytes) = object(&mut table, 32, 0b11);
    let heap = Heap::new(
        Options {
            gogc: None,
            ..Options::default()
        },
        table,
    )
    .expect("address space");
    let mut mutator = Mutator::new();
    let mut nodes: Vec<usize> = (0..COUNT)
        .map(|_| mutator.allocate(&heap, layout, slot_size_bytes))
        .collect();
    if is_shuffled {
        shuffle(&mut nodes);
    }
    for (index, &node) in nodes.iter().enumerate() {
        let child = |which: usize| nodes.get(2 * index + which).copied().unwrap_or(0);
        write(node, child(1));
        write(node + 8, child(2));
    }
    mutator.roots.push(nodes[0]);
    let mut samples: Vec<f64> = (0..9)
        .map(|_| {
            let report = heap
                .collect(&mut mutator, CollectReason::HeapGoal)
                .expect("collection is on");
            assert_eq!(report.live_bytes, (COUNT * 32) as u64);
            report.mark.as_secs_f64() / COUNT as f64
        })
        .collect();
    print(name, &mut samples);
}

fn starting(name: &str) {
    report(name, 100, || {
        for _ in 0..100 {
            let heap = Heap::new(Options::default(), LayoutTable::new()).expect("address space");
            heap.allocate_noscan(&mut Cache::new(), 24).expect("memory");
        }
    });
}

fn small_cycle(name: &str) {
    let heap = Heap::new(Options::default(), LayoutTable::new()).expect("address space");
    let mut mutator = Mutator::new();
    report(name, 1000, || {
        for _ in 0..1000 {
            heap.collect(&mut mutator, CollectReason::HeapGoal);
        }
    });
}

fn report(name: &str, count: usize, mut run: impl FnMut()) {
    let mut samples: Vec<f64> = (0..9)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed().as_secs_f64() / count as f64
        })
        .collect();
    print(name, &mut samples);
}

fn print(name: &str, samples: &mut [f64]) {
    samples.sort_by(f64::total_cmp);
    let (min, median) = (samples[0] * 1e9, samples[samples.len() / 2] * 1e9);
    println!("{name:44} {min:8.2} {median:8.2} ns");
}

fn shuffle(items: &mut [usize]) {
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for index in (1..items.len()).rev() {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        items.swap(index, (random >> 11) as usize % (index + 1));
    }
}

#[inline]
fn read(address: usize) -> usize {
    // SAFETY: an object just allocated, or a cell of the mutator's own cache.
    unsafe { std::ptr::with_exposed_provenance::<usize>(address).read() }
}

#[inline]
fn write(address: usize, value: usize) {
    // SAFETY: as for `read`.
    unsafe { std::ptr::with_exposed_provenance_mut::<usize>(address).write(value) }
}
