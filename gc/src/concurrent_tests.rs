//! Mutators that run while the collector marks: a toy with threads, goroutines and a shared table.
//!
//! Each goroutine has a small stack of pointers. A thread runs one for a while, then another, half of them seldom; and now and then
//! gives one that does not run a pointer. Cells are reached from stacks
//! and from the table, which all goroutines store to; a cell says by its contents whether it is what it was. Every cycle ends
//! with `gccheck`, which says exactly whether anything reachable is not marked.

use std::cell::UnsafeCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::generation::Young;
use crate::layout::{LayoutTable, PointerBitmap, TypeDescriptor};
use crate::toy::{Random, read, write};
use crate::{
    Cache, CollectReason, ConcurrentWorld, Heap, Options, RootVisitor, ScanState, StopTimes, World,
};

const THREADS: usize = 3;
const GOROUTINES: usize = 24;
const TABLE_WORDS: usize = 4000;
const STACK_WORDS: usize = 6;

/// How often marking waits, at most, for somebody to run meanwhile.
const LONGEST_NAPS: usize = 100;

/// A cell is {number, pointer, pointer, seal of the number}.
const SEAL: usize = 0x5ea1_5ea1_5ea1_5ea1;

struct Goroutine {
    stack: UnsafeCell<[usize; STACK_WORDS]>,
    /// What it was given while it did not run.
    given: AtomicUsize,
    scan_state: ScanState,
    /// Whether a thread runs it.
    is_taken: AtomicBool,
}

// SAFETY: the stack is used by the thread that took the goroutine, and by whoever scans it, while it does not run.
unsafe impl Sync for Goroutine {}

struct Toy {
    heap: Heap,
    /// A thread runs while it holds the lock of its own cache; who holds all has stopped the world.
    caches: Vec<Mutex<Box<Cache>>>,
    goroutines: Vec<Goroutine>,
    table: AtomicUsize,
    /// Threads that stop the world or want to.
    stopping: AtomicUsize,
    /// Set when a thread failed or is done.
    is_over: AtomicBool,
    phase_seen: AtomicU8,
    /// Whether nobody notes what was given.
    gives_in_secret: bool,
}

/// The toy as a thread may stop it; one that runs goroutines is stopped by others as long as it waits.
struct ToyWorld<'toy> {
    toy: &'toy Toy,
    /// The thread's own cache, if it has one: held but while the thread waits.
    own: Option<(usize, MutexGuard<'toy, Box<Cache>>)>,
    stopped: Vec<MutexGuard<'toy, Box<Cache>>>,
}

impl World for ToyWorld<'_> {
    fn stop(&mut self) -> StopTimes {
        let asked = Instant::now();
        self.toy.stopping.fetch_add(1, SeqCst);
        let own = self.own.take().map(|(thread, _)| thread);
        self.stopped = (0..THREADS).map(|thread| self.toy.lock(thread)).collect();
        self.own = own.map(|thread| (thread, self.stopped.remove(thread)));
        StopTimes::since(asked)
    }

    fn start(&mut self) {
        self.toy.stopping.fetch_sub(1, SeqCst);
        self.stopped.clear();
    }

    fn visit_caches(&mut self, visit: &mut dyn FnMut(&mut Cache)) {
        let own = self.own.as_mut().map(|(_, cache)| cache);
        self.stopped
            .iter_mut()
            .chain(own)
            .for_each(|cache| visit(cache));
    }

    fn visit_roots(&mut self, roots: &mut RootVisitor<'_, '_>) {
        roots.visit(std::ptr::without_provenance(self.toy.table.load(Relaxed)));
        for goroutine in &self.toy.goroutines {
            visit_stack(goroutine, roots);
        }
    }
}

impl ConcurrentWorld for ToyWorld<'_> {
    fn visit_roots_concurrently(&mut self, part: usize, roots: &mut RootVisitor<'_, '_>) -> bool {
        let goroutine = self.toy.goroutines.get(part);
        if let Some(goroutine) = goroutine {
            roots.visit_stale(&self.toy.heap, &goroutine.scan_state, |roots| {
                visit_stack(goroutine, roots);
            });
        } else {
            // Last, since all else is reached from it; and late: a heap this small would be marked before any thread goes on. On a
            // busy machine it takes long until one does.
            for _ in 0..LONGEST_NAPS {
                std::thread::sleep(std::time::Duration::from_micros(20));
                if self.toy.phase_seen.load(Relaxed) != 0 {
                    break;
                }
            }
            roots.visit(std::ptr::without_provenance(self.toy.table.load(Relaxed)));
        }
        goroutine.is_some()
    }
}

fn visit_stack(goroutine: &Goroutine, roots: &mut RootVisitor<'_, '_>) {
    roots.visit(std::ptr::without_provenance(goroutine.given.load(Relaxed)));
    // SAFETY: it is stale and does not run, or the world is stopped.
    for &word in unsafe { &*goroutine.stack.get() } {
        roots.visit(std::ptr::without_provenance(word));
    }
}

impl Toy {
    fn new(options: &Options) -> Self {
        let heap = Heap::new(
            Options {
                reservation_bytes: 1 << 30,
                ..options.clone()
            },
            LayoutTable::new(),
        )
        .expect("address space");
        let toy = Self {
            heap,
            caches: (0..THREADS)
                .map(|_| Mutex::new(Box::new(Cache::new())))
                .collect(),
            goroutines: (0..GOROUTINES)
                .map(|_| Goroutine {
                    stack: UnsafeCell::new([0; STACK_WORDS]),
                    given: AtomicUsize::new(0),
                    scan_state: ScanState::default(),
                    is_taken: AtomicBool::new(false),
                })
                .collect(),
            table: AtomicUsize::new(0),
            stopping: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
            phase_seen: AtomicU8::new(0),
            gives_in_secret: false,
        };
        let mut cache = toy.caches[0].lock().expect("unused");
        let word = TypeDescriptor::new(8, 8, PointerBitmap::Inline(1));
        let table = toy
            .heap
            .allocate_array(&mut cache, &word, TABLE_WORDS)
            .expect("memory");
        drop(cache);
        toy.table.store(table.addr(), Relaxed);
        toy
    }

    fn lock(&self, thread: usize) -> MutexGuard<'_, Box<Cache>> {
        self.caches[thread]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs goroutines on all threads, which also collect, and `cycles` cycles meanwhile.
    fn run(&self, cycles: usize, seed: u64) {
        std::thread::scope(|scope| {
            let mutators: Vec<_> = (0..THREADS)
                .map(|thread| scope.spawn(move || self.run_thread(thread, seed)))
                .collect();
            let mut world = ToyWorld {
                toy: self,
                own: None,
                stopped: Vec::new(),
            };
            let mut failure = catch_unwind(AssertUnwindSafe(|| {
                for _ in 0..cycles {
                    // One that a mutator began is as good.
                    self.heap.begin_cycle(&mut world, CollectReason::HeapGoal);
                    self.heap.help(&mut world);
                    self.heap.tidy();
                    std::thread::sleep(std::time::Duration::from_micros(200));
                }
            }))
            .err();
            self.is_over.store(true, SeqCst);
            drop(world);
            for mutator in mutators {
                failure = mutator.join().err().or(failure);
            }
            if let Some(error) = failure {
                std::panic::resume_unwind(error);
            }
        });
    }

    fn run_thread(&self, thread: usize, seed: u64) {
        let mut random = Random(seed * 64 + thread as u64 * 2 + 1);
        let mut world = ToyWorld {
            toy: self,
            own: Some((thread, self.lock(thread))),
            stopped: Vec::new(),
        };
        while !self.is_over.load(SeqCst) {
            let is_any = random.below(50) == 0;
            let choices = if is_any { GOROUTINES } else { GOROUTINES / 2 };
            let goroutine = &self.goroutines[random.below(choices)];
            if goroutine.is_taken.swap(true, SeqCst) {
                continue;
            }
            for _ in 0..random.below(8) {
                // A safepoint, after which the goroutine may be stale.
                if self.stopping.load(SeqCst) > 0 {
                    world.own = None;
                    while self.stopping.load(SeqCst) > 0 && !self.is_over.load(SeqCst) {
                        std::thread::yield_now();
                    }
                    world.own = Some((thread, self.lock(thread)));
                }
                if random.below(500) == 0 {
                    self.heap
                        .try_begin_cycle(&mut world, CollectReason::HeapGoal);
                }
                if self.heap.wants_assist() {
                    self.heap.assist(&mut world);
                }
                self.heap
                    .scan_before_run(&goroutine.scan_state, |roots| visit_stack(goroutine, roots));
                let (_, own) = world.own.as_mut().expect("held between stops");
                // SAFETY: taken, and scanned.
                let stack = unsafe { &mut *goroutine.stack.get() };
                stack[0] = check(goroutine.given.load(Relaxed));
                self.phase_seen.fetch_max(own.phase() as u8, Relaxed);
                for _ in 0..random.below(30) {
                    self.step(own, stack, &mut random);
                }
                self.give(own, stack[0], &mut random);
            }
            goroutine.is_taken.store(false, SeqCst);
        }
    }

    /// Gives `cell` to a goroutine that does not run, as a sender does to who waits.
    fn give(&self, cache: &mut Cache, cell: usize, random: &mut Random) {
        let receiver = &self.goroutines[random.below(GOROUTINES)];
        if receiver.is_taken.swap(true, SeqCst) {
            return;
        }
        self.heap.shade(cache, receiver.given.swap(cell, Relaxed));
        if !self.gives_in_secret {
            self.heap.note_given(&receiver.scan_state);
        }
        receiver.is_taken.store(false, SeqCst);
    }

    fn step(&self, cache: &mut Cache, stack: &mut [usize; STACK_WORDS], random: &mut Random) {
        let entry = self.table.load(Relaxed) + 8 * random.below(TABLE_WORDS);
        let top = random.below(STACK_WORDS);
        let cell = stack[random.below(STACK_WORDS)];
        match random.below(8) {
            0 | 1 => {
                let descriptor = TypeDescriptor::new(32, 8, PointerBitmap::Inline(0b110));
                let new = self
                    .heap
                    .allocate(cache, &descriptor)
                    .expect("memory")
                    .addr();
                let number = random.below(1 << 40);
                write(new, number);
                write(new + 24, number ^ SEAL);
                // No barrier: it is fresh.
                write(new + 8, cell);
                stack[top] = new;
            }
            2 => stack[top] = 0,
            3 => self.store(cache, entry, stack[top]),
            4 => self.store(cache, entry, 0),
            5 => {
                stack[top] = check(read(entry));
            }
            6 if cell != 0 => stack[top] = check(read(cell + 8 + 8 * random.below(2))),
            7 if cell != 0 => {
                let target = stack[top];
                self.store(cache, cell + 8 + 8 * random.below(2), target);
            }
            _ => {}
        }
    }

    /// As compiled code stores.
    fn store(&self, cache: &mut Cache, slot: usize, new: usize) {
        // SAFETY: the slot is a word of a live object.
        unsafe {
            let slot = std::ptr::with_exposed_provenance(slot);
            self.heap.before_overwrite(cache, slot, 8);
            self.heap.note_store(slot, 8);
        }
        write(slot, new);
    }
}

/// A cell that a word points to must be whole.
fn check(cell: usize) -> usize {
    if cell != 0 {
        let (number, seal) = (read(cell), read(cell + 24));
        // Others may store to the pointers, never to these.
        assert_eq!(number ^ SEAL, seal, "a cell in use was freed");
    }
    cell
}

fn checked() -> Options {
    Options {
        poison: true,
        check_marks: true,
        young: Young::Often,
        ..Options::default()
    }
}

#[test]
fn what_goroutines_pass_around_while_marking_survives() {
    for seed in 1..4 {
        let toy = Toy::new(&checked());
        toy.run(25, seed);
        assert_eq!(toy.phase_seen.load(Relaxed), 1, "nobody ran while marking");
    }
}

#[test]
fn delays_at_hand_overs_lose_nothing() {
    for seed in 1..4 {
        let toy = Toy::new(&Options {
            jitter: seed,
            verify: true,
            ..checked()
        });
        toy.run(12, seed);
    }
}

#[test]
fn without_checks_too() {
    Toy::new(&Options::default()).run(60, 9);
}

#[test]
fn a_collector_without_barrier_is_caught() {
    let is_caught = (1..50).any(|seed| {
        let toy = Toy::new(&Options {
            no_barrier: true,
            // So that there is much to mark, which takes time.
            young: Young::Never,
            jitter: seed,
            ..checked()
        });
        catch_unwind(AssertUnwindSafe(|| toy.run(20, seed))).is_err()
    });
    assert!(is_caught, "nothing noticed the missing barrier");
}

#[test]
fn one_that_rests_and_is_given_something_in_secret_is_caught() {
    let is_caught = (1..50).any(|seed| {
        let toy = Toy {
            gives_in_secret: true,
            ..Toy::new(&checked())
        };
        catch_unwind(AssertUnwindSafe(|| toy.run(20, seed))).is_err()
    });
    assert!(is_caught, "nothing noticed that what was given was lost");
}
