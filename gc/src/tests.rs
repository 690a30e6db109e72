//! The heap as a whole, under the toy mutator.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use crate::generation::Young;
use crate::layout::{
    LayoutId, LayoutTable, PAGE_SIZE_BYTES, PointerBitmap, TypeDescriptor, zero_size_address,
};
use crate::object::POISON;
use crate::size_class::SizeClass;
use crate::toy::{Toy, allocate_inline, read, shapes, write};
use crate::{AllocationError, Cache, CollectReason, Heap, Options, RootVisitor, StopTimes, World};

fn options() -> Options {
    Options {
        reservation_bytes: 1 << 30,
        ..Options::default()
    }
}

fn run_toy(options: Options, seed: u64, steps: usize) {
    let (table, shapes) = shapes();
    let heap = Heap::new(options, table).expect("address space");
    let mut toy = Toy::new(&heap, shapes, seed);
    toy.run(steps);
    let before = heap.statistics(&mut toy.graph);
    let live = toy.graph.reachable_bytes() as u64;
    assert!(before.heap_alloc_bytes >= live);
    toy.drop_all();
    toy.collect(CollectReason::Forced);
    let after = heap.statistics(&mut toy.graph);
    assert_eq!(
        (
            after.heap_objects,
            after.heap_alloc_bytes,
            after.heap_inuse_bytes
        ),
        (0, 0, 0)
    );
    assert_eq!(after.mallocs, after.frees);
}

#[test]
fn a_random_graph_survives_ordinary_collections() {
    for seed in 1..4 {
        run_toy(options(), seed, 20_000);
    }
}

/// So small that an interpreter gets through: `.ci/miri`.
#[test]
fn a_small_random_graph_survives() {
    let options = Options {
        poison: true,
        check_marks: true,
        young: Young::Often,
        stress_every: 20,
        reservation_bytes: 16 << 20,
        ..options()
    };
    run_toy(options, 1, 120);
}

#[test]
fn a_random_graph_survives_verified_and_poisoned_collections() {
    for seed in 1..4 {
        run_toy(
            Options {
                verify: true,
                poison: true,
                stress_every: 97,
                ..options()
            },
            seed,
            4_000,
        );
    }
}

#[test]
fn a_random_graph_survives_collection_at_every_allocation() {
    run_toy(
        Options {
            verify: true,
            poison: true,
            stress_every: 1,
            ..options()
        },
        5,
        1_200,
    );
    run_toy(
        Options {
            stress_every: 3,
            ..options()
        },
        6,
        3_000,
    );
}

#[test]
fn a_marker_that_overlooks_pointers_is_caught() {
    let modes = [
        (
            "verify",
            Options {
                verify: true,
                stress_every: 50,
                ..options()
            },
        ),
        (
            "poison",
            Options {
                poison: true,
                stress_every: 50,
                ..options()
            },
        ),
        (
            "model",
            Options {
                stress_every: 50,
                ..options()
            },
        ),
    ];
    for (name, options) in modes {
        let (table, shapes) = shapes();
        let mut heap = Heap::new(options, table).expect("address space");
        heap.overlook_every = 7;
        let outcome = catch_unwind(AssertUnwindSafe(|| Toy::new(&heap, shapes, 9).run(5_000)));
        assert!(outcome.is_err(), "{name} did not notice a broken marker");
    }
}

#[test]
fn the_verifier_names_the_object_it_died_of() {
    let (table, shapes) = shapes();
    let mut heap = Heap::new(
        Options {
            verify: true,
            stress_every: 50,
            ..options()
        },
        table,
    )
    .expect("address space");
    heap.overlook_every = 7;
    let outcome = catch_unwind(AssertUnwindSafe(|| Toy::new(&heap, shapes, 9).run(5_000)));
    let message = outcome
        .expect_err("a broken marker")
        .downcast::<String>()
        .expect("a message");
    assert!(
        message.contains("points to an object the marker overlooked"),
        "{message}"
    );
    assert!(
        message.contains("the object at 0x") && message.contains("layout"),
        "{message}"
    );
}

#[test]
fn garbage_does_not_accumulate() {
    let heap = Heap::new(options(), LayoutTable::new()).expect("address space");
    let mut world = Toy::new(&heap, Vec::new(), 1);
    for _ in 0..2_000_000 {
        if heap.should_collect() {
            world.collect(CollectReason::HeapGoal);
        }
        heap.allocate_noscan(&mut world.graph.cache, 24)
            .expect("memory");
    }
    let statistics = heap.statistics(&mut world.graph);
    assert_eq!(statistics.mallocs, 2_000_000);
    assert!(
        statistics.heap_sys_bytes <= 8 << 20,
        "{}",
        statistics.heap_sys_bytes
    );
    assert!(
        (8..16).contains(&statistics.num_gc),
        "{}",
        statistics.num_gc
    );
}

#[test]
fn without_collection_garbage_does_accumulate() {
    let heap = Heap::new(
        Options {
            never_collect: true,
            ..options()
        },
        LayoutTable::new(),
    )
    .expect("address space");
    let mut world = Toy::new(&heap, Vec::new(), 1);
    for _ in 0..2_000_000 {
        assert!(!heap.should_collect());
        heap.allocate_noscan(&mut world.graph.cache, 24)
            .expect("memory");
    }
    assert!(world.collect(CollectReason::Forced).is_none());
    assert!(heap.statistics(&mut world.graph).heap_sys_bytes > 40 << 20);
}

#[test]
fn layouts_without_cells_are_collected_precisely() {
    let (mut table, mut all_shapes) = shapes();
    for mask in 1..600_u64 {
        let descriptor = TypeDescriptor::new(88, 8, PointerBitmap::Inline(mask));
        table.register_object(&descriptor).expect("room");
        if mask > 590 {
            all_shapes.insert(0, crate::toy::Shape::Object(descriptor));
        }
    }
    let heap = Heap::new(
        Options {
            verify: true,
            poison: true,
            stress_every: 31,
            ..options()
        },
        table,
    )
    .expect("address space");
    let mut toy = Toy::new(&heap, all_shapes, 3);
    toy.run(2_000);
    assert!(heap.statistics(&mut toy.graph).shared_pages > 0);
}

#[test]
fn sizes_that_cannot_be_are_errors() {
    let heap = Heap::new(options(), LayoutTable::new()).expect("address space");
    let mut cache = Cache::new();
    let pointer = TypeDescriptor::new(8, 8, PointerBitmap::Inline(1));
    let pair = TypeDescriptor::noscan(16, 8);
    assert_eq!(
        heap.allocate_array(&mut cache, &pair, usize::MAX / 8),
        Err(AllocationError::SizeOverflow)
    );
    assert_eq!(
        heap.allocate_array(&mut cache, &pointer, usize::MAX),
        Err(AllocationError::SizeOverflow)
    );
    assert_eq!(
        heap.allocate_array(&mut cache, &pointer, usize::MAX / 16),
        Err(AllocationError::OutOfMemory)
    );
    assert_eq!(
        heap.allocate_noscan(&mut cache, usize::MAX),
        Err(AllocationError::SizeOverflow)
    );
    assert_eq!(
        heap.allocate_noscan(&mut cache, 2 << 30),
        Err(AllocationError::OutOfMemory)
    );
    let overflowing = heap.allocate_with_header(
        &mut cache,
        &TypeDescriptor::noscan(24, 8),
        &pair,
        usize::MAX / 16,
    );
    assert_eq!(overflowing, Err(AllocationError::SizeOverflow));
    assert!(
        heap.allocate(&mut cache, &pointer).is_ok(),
        "a refused request harms nobody"
    );
}

#[test]
fn values_of_no_size_share_an_address_outside_the_heap() {
    let heap = Heap::new(options(), LayoutTable::new()).expect("address space");
    let mut cache = Cache::new();
    let pointer = TypeDescriptor::new(8, 8, PointerBitmap::Inline(1));
    assert_eq!(heap.allocate_noscan(&mut cache, 0), Ok(zero_size_address()));
    assert_eq!(
        heap.allocate_array(&mut cache, &pointer, 0),
        Ok(zero_size_address())
    );
    assert!(!heap.contains(zero_size_address().addr()));
}

#[test]
fn a_full_reservation_is_an_error_until_something_dies() {
    let heap = Heap::new(
        Options {
            reservation_bytes: 16 << 20,
            gogc: None,
            ..Options::default()
        },
        LayoutTable::new(),
    )
    .expect("address space");
    let mut toy = Toy::new(&heap, Vec::new(), 1);
    let mut count = 0;
    while heap.allocate_noscan(&mut toy.graph.cache, 1 << 20).is_ok() {
        count += 1;
    }
    assert_eq!(count, 15);
    while heap.allocate_noscan(&mut toy.graph.cache, 64).is_ok() {}
    assert!(!heap.should_collect(), "GOGC=off");
    toy.collect(CollectReason::Forced);
    assert!(heap.allocate_noscan(&mut toy.graph.cache, 8 << 20).is_ok());
}

#[test]
fn large_memory_is_zero_when_fresh_and_when_reused() {
    let heap = Heap::new(options(), LayoutTable::new()).expect("address space");
    let mut toy = Toy::new(&heap, Vec::new(), 1);
    for _ in 0..4 {
        let object = heap
            .allocate_noscan(&mut toy.graph.cache, 100_000)
            .expect("memory")
            .addr();
        for offset in (0..100_000 / 8 * 8).step_by(8) {
            assert_eq!(read(object + offset), 0);
            write(object + offset, usize::MAX);
        }
        toy.collect(CollectReason::Forced);
    }
}

#[test]
fn idle_memory_returns_to_the_system() {
    let heap = Heap::new(options(), LayoutTable::new()).expect("address space");
    let mut toy = Toy::new(&heap, Vec::new(), 1);
    let bytes = 64 << 20;
    heap.allocate_noscan(&mut toy.graph.cache, bytes)
        .expect("memory");
    assert!(heap.statistics(&mut toy.graph).heap_inuse_bytes >= bytes as u64);
    toy.collect(CollectReason::Forced);
    toy.collect(CollectReason::Forced);
    let statistics = heap.statistics(&mut toy.graph);
    assert!(statistics.heap_idle_bytes - statistics.heap_released_bytes < 8 << 20);
    heap.release_memory();
    let statistics = heap.statistics(&mut toy.graph);
    assert_eq!(statistics.heap_idle_bytes, statistics.heap_released_bytes);
}

#[test]
fn counts_are_exact_in_the_middle_of_a_refill() {
    let heap = Heap::new(options(), LayoutTable::new()).expect("address space");
    let mut toy = Toy::new(&heap, Vec::new(), 1);
    let layout = LayoutId::noscan(SizeClass::for_size(48).expect("small"));
    for _ in 0..101 {
        allocate_inline(&heap, &mut toy.graph.cache, layout, 48, 48);
    }
    let statistics = heap.statistics(&mut toy.graph);
    assert_eq!(
        (statistics.mallocs, statistics.total_alloc_bytes),
        (101, 101 * 48)
    );
    toy.collect(CollectReason::Forced);
    let statistics = heap.statistics(&mut toy.graph);
    assert_eq!(
        (
            statistics.mallocs,
            statistics.frees,
            statistics.heap_objects
        ),
        (101, 101, 0)
    );
    assert_eq!((statistics.num_gc, statistics.num_forced_gc), (1, 1));
    assert_eq!(statistics.pause_total_ns, statistics.pause_ns[0]);
}

#[test]
fn gogc_can_be_changed_and_switched_off() {
    let heap = Heap::new(options(), LayoutTable::new()).expect("address space");
    assert_eq!(heap.set_gogc(None), Some(100));
    assert!(!heap.should_collect());
    assert_eq!(heap.set_gogc(Some(0)), None);
    assert!(heap.should_collect());
    assert_eq!(heap.set_gogc(Some(50)), Some(0));
    assert!(!heap.should_collect());
}

/// Tries to collect while it is being stopped for a collection.
struct Impatient<'heap> {
    heap: &'heap Heap,
    was_refused: bool,
}

impl World for Impatient<'_> {
    fn stop(&mut self) -> StopTimes {
        let asked = Instant::now();
        let mut other = Impatient {
            heap: self.heap,
            was_refused: false,
        };
        self.was_refused = self
            .heap
            .collect(&mut other, CollectReason::Forced)
            .is_none();
        StopTimes::since(asked)
    }

    fn start(&mut self) {}

    fn visit_caches(&mut self, _visit: &mut dyn FnMut(&mut Cache)) {}

    fn visit_roots(&mut self, _roots: &mut RootVisitor<'_, '_>) {}
}

#[test]
fn one_collection_runs_at_a_time_and_nobody_waits_for_it() {
    let heap = Heap::new(options(), LayoutTable::new()).expect("address space");
    let mut world = Impatient {
        heap: &heap,
        was_refused: false,
    };
    assert!(heap.collect(&mut world, CollectReason::HeapGoal).is_some());
    assert!(world.was_refused);
    assert!(heap.collect(&mut world, CollectReason::HeapGoal).is_some());
}

#[test]
fn two_heaps_in_one_process_do_not_meet() {
    let heaps = [0, 1].map(|_| Heap::new(options(), LayoutTable::new()).expect("address space"));
    let mut toys = [0, 1].map(|index| Toy::new(&heaps[index], Vec::new(), 1));
    let objects = [0, 1].map(|index| {
        heaps[index]
            .allocate_noscan(&mut toys[index].graph.cache, PAGE_SIZE_BYTES)
            .expect("memory")
            .addr()
    });
    assert!(heaps[0].contains(objects[0]) && !heaps[0].contains(objects[1]));
    assert!(heaps[0].find_object(objects[1]).is_none());
    assert!(heaps[1].find_object(objects[1]).is_some());
}

/// A world with one root, and a stack of which a part is used.
struct Lone {
    cache: Cache,
    root: usize,
}

impl World for Lone {
    fn stop(&mut self) -> StopTimes {
        StopTimes::since(Instant::now())
    }

    fn start(&mut self) {}

    fn visit_caches(&mut self, visit: &mut dyn FnMut(&mut Cache)) {
        visit(&mut self.cache);
    }

    fn visit_roots(&mut self, roots: &mut RootVisitor<'_, '_>) {
        roots.forbid(std::iter::once(0x1800..0x2000).collect());
        roots.visit(std::ptr::without_provenance(self.root));
    }

    fn stacks(&mut self) -> Vec<std::ops::Range<usize>> {
        vec![0x100..0x200, 0x1000..0x2000, 0x3000..0x4000]
    }
}

fn poisoned() -> (Heap, Lone, TypeDescriptor) {
    let heap = Heap::new(
        Options {
            poison: true,
            ..options()
        },
        LayoutTable::new(),
    )
    .expect("address space");
    (
        heap,
        Lone {
            cache: Cache::new(),
            root: 0,
        },
        TypeDescriptor::new(40, 8, PointerBitmap::Inline(0b10)),
    )
}

#[test]
fn poison_shows_what_was_freed_and_spares_what_was_not() {
    let (heap, mut world, descriptor) = poisoned();
    let dead = heap
        .allocate(&mut world.cache, &descriptor)
        .expect("memory")
        .addr();
    world.root = heap
        .allocate(&mut world.cache, &descriptor)
        .expect("memory")
        .addr();
    heap.collect(&mut world, CollectReason::Forced);
    assert!((0..5).all(|word| read(dead + word * 8) == POISON));
    assert!((0..5).all(|word| read(world.root + word * 8) == 0));
}

#[test]
#[should_panic(expected = "a pointer to a freed object")]
fn a_root_to_a_freed_object_is_fatal() {
    let (heap, mut world, descriptor) = poisoned();
    let dead = heap
        .allocate(&mut world.cache, &descriptor)
        .expect("memory")
        .addr();
    let _live = heap.allocate_noscan(&mut world.cache, 40);
    heap.collect(&mut world, CollectReason::Forced);
    heap.allocate(&mut world.cache, &descriptor)
        .expect("memory");
    let second = dead + 40;
    world.root = second;
    heap.collect(&mut world, CollectReason::Forced);
}

#[test]
#[should_panic(expected = "a pointer out of freed memory: 0xdeadbeefdeadbeef in the object at")]
fn a_pointer_read_from_freed_memory_is_fatal() {
    let (heap, mut world, descriptor) = poisoned();
    world.root = heap
        .allocate(&mut world.cache, &descriptor)
        .expect("memory")
        .addr();
    write(world.root + 8, POISON);
    heap.collect(&mut world, CollectReason::Forced);
}

#[test]
#[should_panic(expected = "a pointer into free pages")]
fn a_root_into_free_pages_is_fatal_without_any_mode() {
    let heap = Heap::new(options(), LayoutTable::new()).expect("address space");
    let mut world = Lone {
        cache: Cache::new(),
        root: 0,
    };
    world.root = heap
        .allocate_noscan(&mut world.cache, 100_000)
        .expect("memory")
        .addr()
        + 200_000;
    heap.collect(&mut world, CollectReason::Forced);
}

#[test]
#[should_panic(expected = "a root points into a dead frame: 0x1800")]
fn a_root_into_a_dead_frame_is_fatal() {
    let (heap, mut world, _) = poisoned();
    world.root = 0x17F8;
    heap.collect(&mut world, CollectReason::Forced);
    world.root = 0x1800;
    heap.collect(&mut world, CollectReason::Forced);
}

#[test]
#[should_panic(expected = "points into a stack: 0x1234")]
fn a_pointer_from_the_heap_into_a_stack_is_fatal() {
    let options = Options {
        verify: true,
        ..options()
    };
    let heap = Heap::new(options, LayoutTable::new()).expect("address space");
    let mut world = Lone {
        cache: Cache::new(),
        root: 0,
    };
    let descriptor = TypeDescriptor::new(40, 8, PointerBitmap::Inline(0b10));
    let object = heap.allocate(&mut world.cache, &descriptor);
    world.root = object.expect("memory").addr();
    write(world.root + 8, 0x2000);
    heap.collect(&mut world, CollectReason::Forced);
    write(world.root + 8, 0x1234);
    heap.collect(&mut world, CollectReason::Forced);
}

#[test]
fn medium_objects_are_zero_whoever_had_their_slots() {
    let heap = Heap::new(options(), LayoutTable::new()).expect("address space");
    let mut world = Lone {
        cache: Cache::new(),
        root: 0,
    };
    let pointer = TypeDescriptor::new(8, 8, PointerBitmap::Inline(1));
    for round in 0..4 {
        for index in 0..30 {
            // Slots of 10,240 bytes.
            let words = 1250 + index;
            let object = if index % 2 == 0 {
                heap.allocate_noscan(&mut world.cache, words * 8)
            } else {
                heap.allocate_array(&mut world.cache, &pointer, words)
            };
            let base = object.expect("memory").addr();
            for word in 0..words {
                assert_eq!(read(base + word * 8), 0, "object {index} of round {round}");
                // What has pointers is dropped before anybody looks.
                write(base + word * 8, !0);
            }
            // Spans that have one object left, and others that are free.
            if index == 10 {
                world.root = base;
            }
        }
        heap.collect(&mut world, CollectReason::Forced);
    }
}

#[test]
fn a_large_object_finds_the_pages_that_were_cleaned_for_it() {
    const SIZE_BYTES: usize = 1 << 20;
    const WRITTEN_BYTES: usize = 3 * PAGE_SIZE_BYTES + 8;
    let heap = Heap::new(options(), LayoutTable::new()).expect("address space");
    let mut world = Lone {
        cache: Cache::new(),
        root: 0,
    };
    assert!(
        heap.begin_cleaning(SIZE_BYTES, 0).is_none(),
        "fresh pages are clean"
    );
    let make = |world: &mut Lone| {
        let object = heap.allocate_noscan(&mut world.cache, SIZE_BYTES);
        object.expect("memory").addr()
    };
    let dead = make(&mut world);
    for word in 0..SIZE_BYTES / 8 {
        write(dead + word * 8, !0);
    }
    heap.collect(&mut world, CollectReason::Forced);
    assert!(heap.begin_cleaning(SIZE_BYTES, SIZE_BYTES).is_none());
    let cleaning = heap.begin_cleaning(SIZE_BYTES, WRITTEN_BYTES);
    let cleaning = cleaning.expect("pages of the dead object");
    // A cycle passes the pages over.
    heap.collect(&mut world, CollectReason::Forced);
    heap.clean(&cleaning);
    heap.end_cleaning(cleaning);
    // What is to be written is as it was; the rest is zero, before anybody has the pages.
    for page in 0..SIZE_BYTES / PAGE_SIZE_BYTES {
        let expected = if page < 3 { !0 } else { 0 };
        assert_eq!(read(dead + page * PAGE_SIZE_BYTES), expected, "{page}");
    }
    assert_eq!(make(&mut world), dead);
    assert!((0..SIZE_BYTES / 8).all(|word| read(dead + word * 8) == 0));
}

#[test]
fn the_system_s_limit_lowers_the_goal_and_is_the_end_of_growth() {
    let heap = Heap::new(options(), LayoutTable::new()).expect("address space");
    heap.set_gogc(None);
    let mut cache = Cache::new();
    heap.set_system_limit_bytes(16 << 20, 12 << 20);
    assert_eq!(
        heap.limit_bytes(),
        crate::NO_LIMIT,
        "what the program stated stays"
    );
    let mut held = 0;
    while heap.allocate_noscan(&mut cache, 1 << 20).is_ok() {
        held += 1;
        assert!(held < 16, "growth goes on beyond the limit");
    }
    assert!(held >= 10, "{held} MiB is too little");
    assert!(!heap.should_collect() || heap.live_bytes() >= 10 << 20);
    // Small objects find no room for new spans either.
    let mut count = 0;
    while heap.allocate_noscan(&mut cache, 1024).is_ok() {
        count += 1;
        assert!(count < 8192, "small objects are not limited");
    }
}

#[test]
fn the_census_counts_every_object_once() {
    let (table, shapes) = shapes();
    let heap = Heap::new(options(), table).expect("address space");
    let mut toy = Toy::new(&heap, shapes, 5);
    toy.run(3_000);
    toy.collect(CollectReason::Forced);
    let statistics = heap.statistics(&mut toy.graph);
    toy.graph.stop();
    let census = heap.census(&mut toy.graph);
    toy.graph.start();
    let spans: Vec<crate::SpanUse> = census.classes.into_iter().chain([census.large]).collect();
    let sum = |of: fn(&crate::SpanUse) -> u64| spans.iter().map(of).sum::<u64>();
    assert_eq!(sum(|used| used.objects), statistics.heap_objects);
    assert_eq!(sum(|used| used.object_bytes), statistics.heap_alloc_bytes);
    assert_eq!(sum(|used| used.span_bytes), statistics.heap_inuse_bytes);
    let by_layout: u64 = census.layouts.iter().map(|(_, used)| used.objects).sum();
    assert_eq!(by_layout, statistics.heap_objects);
    for (class, counted) in statistics.classes.iter().zip(&census.classes) {
        assert_eq!(
            class.mallocs - class.frees,
            counted.objects,
            "of {} bytes",
            class.size_bytes
        );
    }
}
