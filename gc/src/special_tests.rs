//! Specials under a mutator with a list of roots: who dies when, and what is called in which order.

use std::time::Instant;

use crate::layout::{PointerBitmap, TypeDescriptor};
use crate::special::{Finalizer, Ready};
use crate::toy::{read, write};
use crate::{Cache, CollectReason, ConcurrentWorld, Heap, Options, RootVisitor, StopTimes, World};

type Meanwhile<'heap> = dyn FnMut(&Heap, &mut Cache) + 'heap;

/// One Processor, and roots. Between the visit of the roots and the end of a concurrent marking `meanwhile` runs.
struct Mutator<'heap> {
    heap: &'heap Heap,
    cache: Box<Cache>,
    roots: Vec<usize>,
    meanwhile: Option<Box<Meanwhile<'heap>>>,
}

impl World for Mutator<'_> {
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

impl ConcurrentWorld for Mutator<'_> {
    fn visit_roots_concurrently(&mut self, part: usize, roots: &mut RootVisitor<'_, '_>) -> bool {
        assert_eq!(part, 0);
        self.visit_roots(roots);
        if let Some(mut meanwhile) = self.meanwhile.take() {
            meanwhile(self.heap, &mut self.cache);
        }
        false
    }
}

fn heap() -> Heap {
    let options = Options {
        verify: true,
        poison: true,
        check_marks: true,
        reservation_bytes: 16 << 20,
        ..Options::default()
    };
    Heap::new(options, crate::layout::LayoutTable::new()).expect("address space")
}

impl<'heap> Mutator<'heap> {
    fn new(heap: &'heap Heap) -> Self {
        Self {
            heap,
            cache: Box::new(Cache::new()),
            roots: Vec::new(),
            meanwhile: None,
        }
    }

    /// Two words, both pointers; the first to `target`.
    fn pair(&mut self, target: usize) -> usize {
        let descriptor = TypeDescriptor::new(16, 8, PointerBitmap::from_pointer_words([0, 1]));
        let object = self.heap.allocate(&mut self.cache, &descriptor);
        let object = object.expect("memory").addr();
        write(object, target);
        object
    }

    fn function(&mut self) -> usize {
        self.pair(0)
    }

    fn set_finalizer(&mut self, object: usize) -> Finalizer {
        let finalizer = Finalizer {
            function: self.function(),
            context: [1, 2],
        };
        assert!(self.heap.set_finalizer(object, finalizer));
        finalizer
    }

    /// In turns with the world stopped and not.
    fn collect(&mut self) {
        let cycle = self.heap.cycle.load(std::sync::atomic::Ordering::Relaxed);
        if cycle.is_multiple_of(2) {
            assert!(self.heap.collect(self, CollectReason::Forced).is_some());
        } else {
            self.collect_concurrently();
        }
    }

    fn collect_concurrently(&mut self) {
        let heap = self.heap;
        assert!(heap.begin_cycle(self, CollectReason::Forced));
        assert!(heap.help(self).is_some());
        heap.tidy();
    }

    fn take_all(&mut self) -> Vec<Ready> {
        std::iter::from_fn(|| self.heap.take_ready(&mut self.cache)).collect()
    }

    fn is_object(&self, address: usize) -> bool {
        self.heap.find_object(address).is_some()
    }
}

#[test]
fn an_object_is_whole_when_its_finalizer_is_called_and_then_dies() {
    let heap = heap();
    let mut mutator = Mutator::new(&heap);
    let content = mutator.pair(0);
    let object = mutator.pair(content);
    let finalizer = mutator.set_finalizer(object);
    mutator.roots = vec![object];
    mutator.collect();
    assert!(mutator.take_all().is_empty(), "it is reachable");
    mutator.roots.clear();
    mutator.collect();
    // Nobody takes it through some cycles.
    mutator.collect();
    mutator.collect();
    assert_eq!(mutator.take_all(), [Ready::Finalizer(object, finalizer)]);
    assert_eq!(read(object), content);
    assert!(mutator.is_object(content) && mutator.is_object(finalizer.function));
    assert!(!heap.has_specials());
    mutator.collect();
    heap.finish_sweep();
    assert!(mutator.take_all().is_empty());
    assert!(!mutator.is_object(object) && !mutator.is_object(content));
}

#[test]
fn who_points_to_another_goes_first_and_who_reaches_itself_never() {
    let heap = heap();
    let mut mutator = Mutator::new(&heap);
    let last = mutator.pair(0);
    let middle = mutator.pair(last);
    let first = mutator.pair(middle);
    let finalizers = [first, middle, last].map(|object| mutator.set_finalizer(object));
    let circle = mutator.pair(0);
    let other = mutator.pair(circle);
    write(circle, other);
    mutator.set_finalizer(circle);
    for (object, finalizer) in [first, middle, last].into_iter().zip(finalizers) {
        mutator.collect();
        assert_eq!(mutator.take_all(), [Ready::Finalizer(object, finalizer)]);
    }
    mutator.collect();
    assert!(mutator.take_all().is_empty() && mutator.is_object(circle));
}

#[test]
fn a_finalizer_is_set_once_until_it_is_cleared() {
    let heap = heap();
    let mut mutator = Mutator::new(&heap);
    let object = mutator.pair(0);
    let finalizer = mutator.set_finalizer(object);
    assert!(!heap.set_finalizer(object, finalizer));
    heap.clear_finalizer(object);
    heap.clear_finalizer(object);
    assert!(!heap.has_specials());
    mutator.collect();
    heap.finish_sweep();
    assert!(mutator.take_all().is_empty() && !mutator.is_object(object));
    let object = mutator.pair(0);
    let finalizer = mutator.set_finalizer(object);
    mutator.collect();
    assert_eq!(mutator.take_all(), [Ready::Finalizer(object, finalizer)]);
    assert!(
        heap.set_finalizer(object, finalizer),
        "a revived object may have another"
    );
}

#[test]
fn cleanups_run_when_the_object_is_gone_for_good() {
    let heap = heap();
    let mut mutator = Mutator::new(&heap);
    let object = mutator.pair(0);
    let argument = mutator.pair(0);
    let function = mutator.pair(argument);
    let cleanup = Ready::Cleanup(function);
    let stopped = heap.add_cleanup(object, function);
    heap.add_cleanup(object, function);
    let inner = heap.add_cleanup(object + 8, function);
    assert!(inner != stopped);
    heap.stop_cleanup(object, stopped);
    heap.stop_cleanup(object, inner); // another address
    let finalizer = mutator.set_finalizer(object);
    mutator.collect();
    assert_eq!(mutator.take_all(), [Ready::Finalizer(object, finalizer)]);
    mutator.collect();
    assert!(mutator.is_object(argument));
    assert_eq!(mutator.take_all(), [cleanup, cleanup]);
    assert!(!heap.has_specials());
}

#[test]
fn a_weak_handle_is_cleared_with_its_object_before_the_finalizer_is_called() {
    let heap = heap();
    let mut mutator = Mutator::new(&heap);
    let (plain, finalized) = (mutator.pair(0), mutator.pair(0));
    let handle = heap.weak_handle(&mut mutator.cache, plain).expect("memory");
    assert_eq!(heap.weak_handle(&mut mutator.cache, plain), Ok(handle));
    let inner = heap
        .weak_handle(&mut mutator.cache, plain + 8)
        .expect("memory");
    let other = heap
        .weak_handle(&mut mutator.cache, finalized)
        .expect("memory");
    assert!(handle != inner && handle != other);
    mutator.set_finalizer(finalized);
    mutator.roots = vec![plain, finalized];
    mutator.collect();
    mutator.collect();
    assert_eq!(heap.weak_value(&mut mutator.cache, handle), plain);
    assert_eq!(heap.weak_value(&mut mutator.cache, inner), plain + 8);
    mutator.roots = vec![handle, inner, other];
    mutator.collect();
    for handle in [handle, inner, other] {
        assert_eq!(heap.weak_value(&mut mutator.cache, handle), 0);
    }
    assert_eq!(mutator.take_all().len(), 1);
    assert!(!heap.has_specials());
}

#[test]
fn a_value_taken_from_a_weak_handle_while_marking_lives_with_all_it_points_to() {
    let heap = heap();
    let mut mutator = Mutator::new(&heap);
    let content = mutator.pair(0);
    let object = mutator.pair(content);
    let handle = heap
        .weak_handle(&mut mutator.cache, object)
        .expect("memory");
    mutator.roots = vec![handle];
    mutator.meanwhile = Some(Box::new(move |heap, cache| {
        assert_eq!(heap.weak_value(cache, handle), object);
    }));
    mutator.collect_concurrently();
    heap.finish_sweep();
    assert!(mutator.is_object(object) && mutator.is_object(content));
    mutator.collect();
    assert_eq!(heap.weak_value(&mut mutator.cache, handle), 0);
}

#[test]
fn what_is_taken_while_marking_lives() {
    let heap = heap();
    let mut mutator = Mutator::new(&heap);
    let content = mutator.pair(0);
    let object = mutator.pair(content);
    mutator.set_finalizer(object);
    mutator.collect();
    assert!(heap.has_ready());
    mutator.meanwhile = Some(Box::new(|heap, cache| {
        assert!(heap.take_ready(cache).is_some());
    }));
    mutator.collect_concurrently();
    heap.finish_sweep();
    assert!(mutator.is_object(object) && mutator.is_object(content));
}

/// A span can be swept before the collector comes to its specials, and its slots used for others.
#[test]
fn sweeping_decides_first() {
    let heap = heap();
    let mut mutator = Mutator::new(&heap);
    let object = mutator.pair(0);
    let handle = heap
        .weak_handle(&mut mutator.cache, object)
        .expect("memory");
    let finalized = mutator.pair(0);
    let finalizer = mutator.set_finalizer(finalized);
    mutator.roots = vec![handle];
    mutator.collect();
    // As a sweeper of the next cycle would find them.
    assert_eq!(mutator.take_all(), [Ready::Finalizer(finalized, finalizer)]);
    let fresh = mutator.pair(0);
    assert!(heap.set_finalizer(fresh, finalizer));
    assert!(
        mutator.take_all().is_empty(),
        "what is added after a marking is not decided by it"
    );
    heap.finish_sweep();
    heap.decide_specials(|| false);
    assert!(mutator.take_all().is_empty());
    assert_eq!(heap.weak_value(&mut mutator.cache, handle), 0);
}

#[test]
fn large_and_pointer_free_objects_have_specials_too() {
    let heap = heap();
    let mut mutator = Mutator::new(&heap);
    let element = TypeDescriptor::new(8, 8, PointerBitmap::from_pointer_words([0]));
    let large = heap.allocate_array(&mut mutator.cache, &element, 4_500);
    let large = large.expect("memory").addr();
    let content = mutator.pair(0);
    write(large + 8 * 4_499, content);
    let small = heap
        .allocate_noscan(&mut mutator.cache, 4)
        .expect("memory")
        .addr();
    let finalizers = [large, small].map(|object| mutator.set_finalizer(object));
    mutator.collect();
    let mut ready = mutator.take_all();
    ready.sort_by_key(|ready| matches!(ready, Ready::Finalizer(object, _) if *object == small));
    assert_eq!(
        ready,
        [
            Ready::Finalizer(large, finalizers[0]),
            Ready::Finalizer(small, finalizers[1])
        ]
    );
    assert!(mutator.is_object(content));
    mutator.collect();
    heap.finish_sweep();
    assert!(!mutator.is_object(large));
}
