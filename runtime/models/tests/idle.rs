//! The protocol by which work and idle workers find each other, under many schedules: the runtime's own counters, queues and
//! parkers, with the worker's loop around them cut down to what the protocol is about.
//!
//! Items of work put others into their queue, submit them, and then run until all items have begun, as goroutines may that do
//! not yield. So each needs a worker of its own: one wake-up lost and the model hangs.

use minigo_runtime_models::parker::Parker;
use minigo_runtime_models::run_queue::RunQueue;
use minigo_runtime_models::searchers::Searchers;
use shuttle::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use shuttle::sync::{Arc, Mutex};
use shuttle::thread;

const SCHEDULES: usize = 1500;

/// Goroutines are only passed on: numbers from 1 will do.
fn number_of<T>(g: *mut T) -> usize {
    g.addr()
}

/// Who submits whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Each item the next one.
    Chain,
    /// The first item all others.
    Fan,
}

/// A worker as others see it.
#[derive(Debug, Default)]
struct Handle {
    parker: Parker,
    /// The Processor it was given, and whether to search.
    assigned: Mutex<Option<(usize, bool)>>,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<usize>,
    sleepers: Vec<Arc<Handle>>,
}

struct World {
    searchers: Searchers,
    state: Mutex<State>,
    queues: Vec<RunQueue>,
    shape: Shape,
    /// Items begun, items done, and how many there are.
    begun: AtomicUsize,
    done: AtomicUsize,
    total: usize,
    handles: Vec<Arc<Handle>>,
}

struct Worker {
    world: Arc<World>,
    handle: Arc<Handle>,
    processor: Option<usize>,
    is_searching: bool,
}

impl World {
    /// `holders` of the Processors have a worker from the beginning, the others idle.
    fn new(shape: Shape, processors: usize, holders: usize) -> Self {
        let world = Self {
            searchers: Searchers::default(),
            state: Mutex::default(),
            queues: (0..processors).map(|_| RunQueue::default()).collect(),
            shape,
            begun: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            total: processors,
            handles: (0..processors).map(|_| Arc::default()).collect(),
        };
        let mut state = world.state.lock().expect("no panic");
        state.idle.extend(holders..processors);
        world.searchers.note_idle(state.idle.len() as u32);
        drop(state);
        world
    }

    fn is_over(&self) -> bool {
        self.done.load(SeqCst) == self.total
    }

    fn take_idle(&self, state: &mut State) -> Option<usize> {
        let processor = state.idle.pop()?;
        self.searchers.note_idle(state.idle.len() as u32);
        Some(processor)
    }

    fn offer(&self) {
        if !self.searchers.is_to_wake() {
            return;
        }
        let mut state = self.state.lock().expect("no panic");
        let Some(processor) = self.take_idle(&mut state) else {
            drop(state);
            self.searchers.end();
            return;
        };
        // Where the runtime would start a thread, there is a worker on its way to sleep.
        let handle = state.sleepers.pop();
        let Some(handle) = handle else {
            state.idle.push(processor);
            self.searchers.note_idle(state.idle.len() as u32);
            drop(state);
            self.searchers.end();
            thread::yield_now();
            return self.offer();
        };
        *handle.assigned.lock().expect("no panic") = Some((processor, true));
        drop(state);
        handle.parker.wake();
    }

    /// Does item `number`, on `processor`.
    fn execute(&self, number: usize, processor: usize) {
        let submitted = match self.shape {
            Shape::Chain => number + 1..=self.total.min(number + 1),
            Shape::Fan if number == 1 => 2..=self.total,
            Shape::Fan => number..=0,
        };
        for next in submitted {
            let next = std::ptr::without_provenance_mut(next);
            self.queues[processor].push(next, |_| panic!("there is room"));
            self.offer();
        }
        self.begun.fetch_add(1, SeqCst);
        while self.begun.load(SeqCst) < self.total {
            thread::yield_now();
        }
        if self.done.fetch_add(1, SeqCst) + 1 == self.total {
            for handle in &self.handles {
                handle.parker.wake();
            }
        }
    }
}

impl Worker {
    fn run(&mut self) {
        let world = Arc::clone(&self.world);
        while !world.is_over() {
            let Some(processor) = self.processor else {
                self.sleep();
                continue;
            };
            let Some(item) = self.find(processor) else {
                self.go_idle(processor);
                continue;
            };
            if std::mem::take(&mut self.is_searching) && world.searchers.end() {
                world.offer();
            }
            world.execute(item, processor);
        }
    }

    fn find(&mut self, processor: usize) -> Option<usize> {
        let (queues, searchers) = (&self.world.queues, &self.world.searchers);
        if let Some(item) = queues[processor].pop() {
            return Some(number_of(item));
        }
        // As in the runtime, not more than half of those that are busy search.
        let busy = queues.len() as i32 - searchers.idle_count() as i32;
        if !self.is_searching {
            if 2 * searchers.count() >= busy {
                return None;
            }
            self.is_searching = true;
            searchers.begin();
        }
        let victims = queues.iter().enumerate().filter(|&(id, _)| id != processor);
        let mut stolen = victims.filter_map(|(_, queue)| queue.steal_into(&queues[processor]));
        stolen.next().map(number_of)
    }

    fn go_idle(&mut self, processor: usize) {
        let world = &self.world;
        self.processor = world.searchers.go_idle(
            std::mem::take(&mut self.is_searching),
            || {
                let mut state = world.state.lock().expect("no panic");
                state.idle.push(processor);
                world.searchers.note_idle(state.idle.len() as u32);
                true
            },
            || world.queues.iter().any(|queue| !queue.is_empty()),
            || world.take_idle(&mut world.state.lock().expect("no panic")),
        );
        self.is_searching = self.processor.is_some();
    }

    fn sleep(&mut self) {
        let mut state = self.world.state.lock().expect("no panic");
        state
            .sleepers
            .retain(|handle| !Arc::ptr_eq(handle, &self.handle));
        if let Some((processor, is_to_search)) =
            self.handle.assigned.lock().expect("no panic").take()
        {
            (self.processor, self.is_searching) = (Some(processor), is_to_search);
            return;
        }
        if self.world.is_over() {
            return;
        }
        state.sleepers.push(Arc::clone(&self.handle));
        drop(state);
        self.handle.parker.wait(None);
    }
}

fn all_begin(shape: Shape, processors: usize, holders: usize) {
    shuttle::check_random(
        move || {
            let world = Arc::new(World::new(shape, processors, holders));
            world.queues[0].push(std::ptr::without_provenance_mut(1), |_| {
                panic!("there is room")
            });
            let threads: Vec<_> = (0..processors)
                .map(|id| {
                    let world = Arc::clone(&world);
                    thread::spawn(move || {
                        let mut worker = Worker {
                            handle: Arc::clone(&world.handles[id]),
                            processor: (id < holders).then_some(id),
                            is_searching: false,
                            world,
                        };
                        worker.run();
                    })
                })
                .collect();
            for thread in threads {
                thread.join().expect("a worker ends");
            }
        },
        SCHEDULES,
    );
}

#[test]
fn submitted_work_wakes_workers_that_sleep() {
    all_begin(Shape::Chain, 3, 1);
    all_begin(Shape::Fan, 3, 1);
}

#[test]
fn submitted_work_is_seen_by_workers_that_go_idle() {
    for shape in [Shape::Chain, Shape::Fan] {
        all_begin(shape, 2, 2);
        all_begin(shape, 3, 3);
    }
}
