//! Several threads on one heap.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex, MutexGuard};
use std::time::Instant;

use crate::layout::{LayoutTable, PointerBitmap, TypeDescriptor};
use crate::toy::{Random, read, write};
use crate::{Cache, CollectReason, Heap, Options, RootVisitor, StopTimes, World};

fn options() -> Options {
    Options {
        reservation_bytes: 1 << 30,
        ..Options::default()
    }
}

/// Several caches, whose owners wait while the first thread collects.
struct Crew {
    caches: Vec<Box<Cache>>,
    /// Kept objects of each cache's owner.
    kept: Vec<Vec<usize>>,
}

impl World for Crew {
    fn stop(&mut self) -> StopTimes {
        StopTimes::since(Instant::now())
    }

    fn start(&mut self) {}

    fn visit_caches(&mut self, visit: &mut dyn FnMut(&mut Cache)) {
        self.caches.iter_mut().for_each(|cache| visit(cache));
    }

    fn visit_roots(&mut self, roots: &mut RootVisitor<'_, '_>) {
        for &object in self.kept.iter().flatten() {
            roots.visit(std::ptr::without_provenance(object));
        }
    }
}

#[test]
fn four_caches_allocate_at_once_and_never_the_same_slot() {
    const THREADS: usize = 4;
    const ROUNDS: usize = 6;
    let heap = Heap::new(
        Options {
            verify: true,
            poison: true,
            ..options()
        },
        LayoutTable::new(),
    )
    .expect("address space");
    let cell = TypeDescriptor::new(24, 8, PointerBitmap::Inline(0b10));
    let mut crew = Crew {
        caches: (0..THREADS).map(|_| Box::new(Cache::new())).collect(),
        kept: vec![Vec::new(); THREADS],
    };
    for round in 0..ROUNDS {
        let barrier = Barrier::new(THREADS);
        std::thread::scope(|scope| {
            for (thread, (cache, kept)) in crew.caches.iter_mut().zip(&mut crew.kept).enumerate() {
                let (heap, barrier, cell) = (&heap, &barrier, &cell);
                scope.spawn(move || {
                    barrier.wait();
                    let mut random = Random((thread + 1) as u64 * 7919 + round as u64);
                    churn(heap, cache, cell, kept, &mut random, thread);
                });
            }
        });
        heap.collect(&mut crew, CollectReason::HeapGoal);
        for (thread, kept) in crew.kept.iter().enumerate() {
            for &object in kept {
                assert_eq!(
                    read(object),
                    thread + 1,
                    "an object belongs to the thread that made it"
                );
            }
        }
    }
    let total: usize = crew.kept.iter().map(Vec::len).sum();
    let live = heap.find_object(crew.kept[0][0]).is_some();
    assert!(live && total > 1000);
}

fn churn(
    heap: &Heap,
    cache: &mut Cache,
    cell: &TypeDescriptor,
    kept: &mut Vec<usize>,
    random: &mut Random,
    thread: usize,
) {
    for _ in 0..20_000 {
        let object = match random.below(50) {
            0 => heap.allocate_noscan(cache, 16 + random.below(40_000)),
            1 => heap.allocate_array(cache, cell, 1 + random.below(100)),
            _ => heap.allocate(cache, cell),
        };
        let object = object.expect("memory").addr();
        assert_eq!(read(object), 0);
        write(object, thread + 1);
        if random.below(10) == 0 {
            kept.push(object);
        }
        if kept.len() > 3000 {
            kept.swap_remove(random.below(3000));
        }
    }
}

/// Threads that run at the same time, collect whenever the heap asks, and stop each other for it.
///
/// A thread runs while it holds the lock of its own state; the world is stopped when somebody else holds all of them.
struct Crowd<'threads> {
    threads: &'threads [Mutex<Member>],
    /// Asks running threads to let go of their locks.
    is_stopping: &'threads AtomicBool,
    stopped: Vec<MutexGuard<'threads, Member>>,
}

struct Member {
    cache: Box<Cache>,
    /// Head of a list of cells {value, next}, whose values fall by one to 1.
    list: usize,
    length: usize,
}

impl World for Crowd<'_> {
    fn stop(&mut self) -> StopTimes {
        let asked = Instant::now();
        self.is_stopping.store(true, Ordering::SeqCst);
        self.stopped = self
            .threads
            .iter()
            .map(|thread| thread.lock().expect("no thread failed"))
            .collect();
        StopTimes::since(asked)
    }

    fn start(&mut self) {
        self.is_stopping.store(false, Ordering::SeqCst);
        self.stopped.clear();
    }

    fn visit_caches(&mut self, visit: &mut dyn FnMut(&mut Cache)) {
        self.stopped
            .iter_mut()
            .for_each(|member| visit(&mut member.cache));
    }

    fn visit_roots(&mut self, roots: &mut RootVisitor<'_, '_>) {
        for member in &self.stopped {
            roots.visit(std::ptr::without_provenance(member.list));
        }
    }
}

#[test]
fn threads_stop_each_other_and_lose_nothing() {
    const THREADS: usize = 4;
    let heap = Heap::new(
        Options {
            verify: true,
            poison: true,
            stress_every: 700,
            ..options()
        },
        LayoutTable::new(),
    )
    .expect("address space");
    let member = || {
        Mutex::new(Member {
            cache: Box::new(Cache::new()),
            list: 0,
            length: 0,
        })
    };
    let members: Vec<Mutex<Member>> = (0..THREADS).map(|_| member()).collect();
    let (is_stopping, cycles) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for index in 0..THREADS {
            let (heap, members, is_stopping, cycles) = (&heap, &members[..], &is_stopping, &cycles);
            scope.spawn(move || run_member(heap, members, index, is_stopping, cycles));
        }
    });
    assert!(cycles.load(Ordering::SeqCst) > 20);
    for member in &members {
        check_list(&member.lock().expect("no thread failed"));
    }
}

fn run_member(
    heap: &Heap,
    members: &[Mutex<Member>],
    index: usize,
    is_stopping: &AtomicBool,
    cycles: &AtomicUsize,
) {
    let cell = TypeDescriptor::new(16, 8, PointerBitmap::Inline(0b10));
    let mut random = Random(index as u64 + 77);
    let mut own = members[index].lock().expect("no thread failed");
    for _ in 0..20_000 {
        if heap.should_collect() || is_stopping.load(Ordering::SeqCst) {
            drop(own);
            if heap.should_collect() {
                let mut world = Crowd {
                    threads: members,
                    is_stopping,
                    stopped: Vec::new(),
                };
                let report = heap.collect(&mut world, CollectReason::HeapGoal);
                cycles.fetch_add(usize::from(report.is_some()), Ordering::SeqCst);
            }
            while is_stopping.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            own = members[index].lock().expect("no thread failed");
            check_list(&own);
        }
        if random.below(3) == 0 {
            heap.allocate_noscan(&mut own.cache, 8 + random.below(5000))
                .expect("memory");
        }
        let object = heap.allocate(&mut own.cache, &cell).expect("memory").addr();
        own.length = if own.length == 300 { 0 } else { own.length + 1 };
        if own.length > 0 {
            write(object, own.length);
            write(object + 8, own.list);
            own.list = object;
        } else {
            own.list = 0;
        }
    }
}

fn check_list(member: &Member) {
    let mut cell = member.list;
    for value in (1..=member.length).rev() {
        assert_eq!(read(cell), value);
        cell = read(cell + 8);
    }
    assert_eq!(cell, 0);
}
