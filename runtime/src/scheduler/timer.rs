//! `Timers`: what is to happen at which time. Every Processor has its own.
//!
//! A timer is a sleeping goroutine, a function to be called in a new goroutine, or one whose channel somebody waits for. It is
//! kept by the Processor on which it was made; timers that are due are taken out by the worker that holds that, between two
//! goroutines, and by any worker that has nothing else to do, or is called to by the monitor. Timers of one Processor that are
//! due at the same time fire in the order they were made.
//!
//! A queue is a heap with four children to a node, as that is flatter and its levels lie together; each timer knows its place
//! in the heap, so it can be taken out at once. Source: Go's `time.go` (timers of a P, since Go 1.14).

use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use gc::sync::{LockRank, RankedGuard, RankedMutex};

use super::shared::{MAX_PROCESSORS, Scheduler};
use crate::channel::Channel;
use crate::goroutine::Goroutine;

/// Rank of the locks on timers; nobody holds two of them.
const RANK: LockRank = LockRank(2050);

/// Names a timer; never 0 and never used again. From the low end: its Processor's number, its place in that one's table, and
/// how often the place was used.
pub type TimerId = u64;

const PROCESSOR_BITS: u32 = 8;
const PLACE_BITS: u32 = 28;
const LAST_USE: u32 = (1 << (64 - PROCESSOR_BITS - PLACE_BITS)) - 1;

const _: () = assert!(MAX_PROCESSORS <= 1 << PROCESSOR_BITS);

/// What happens when a timer is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerAction {
    /// This goroutine wakes up.
    Wake(*mut Goroutine),
    /// A new goroutine calls this: a function value without parameters and results.
    Call(u64),
    /// Who waits to receive from this channel, that of a timer, gets the time.
    Receive(*mut Channel),
}

/// A timer in the heap.
#[derive(Debug, Clone, Copy)]
struct Node {
    when_ns: u64,
    /// How many were made before it.
    order: u64,
    /// Where in the table it is.
    place: u32,
}

impl Node {
    fn is_before(&self, other: &Node) -> bool {
        (self.when_ns, self.order) < (other.when_ns, other.order)
    }
}

/// A place in the table.
#[derive(Debug)]
struct Entry {
    /// How often the place was used, this time included.
    uses: u32,
    /// Where in the heap its timer is.
    position: u32,
    /// `None` while it is free.
    action: Option<TimerAction>,
}

/// Timers of one Processor that are not due yet, or nobody has looked at since.
#[derive(Debug, Default)]
pub struct TimerQueue {
    processor: u32,
    heap: Vec<Node>,
    table: Vec<Entry>,
    free: Vec<u32>,
    made_count: u64,
}

// SAFETY: the goroutines named are used by the worker that takes them out.
unsafe impl Send for TimerQueue {}

/// The timers of a Processor, for all workers.
#[derive(Debug)]
pub struct Timers {
    queue: RankedMutex<TimerQueue>,
    /// When the next one is due, `u64::MAX` for never: what the queue last said. Only a hint of when to look.
    next_ns: AtomicU64,
}

impl Timers {
    /// No timers, of this Processor.
    pub fn new(processor: u32) -> Self {
        let queue = TimerQueue {
            processor,
            ..TimerQueue::default()
        };
        Self {
            queue: RankedMutex::new(RANK, queue),
            next_ns: AtomicU64::new(u64::MAX),
        }
    }

    /// When the next one is due, `u64::MAX` if there is none.
    pub fn next_ns(&self) -> u64 {
        self.next_ns.load(Relaxed)
    }

    /// The queue, to be changed.
    pub fn lock(&self) -> TimersGuard<'_> {
        TimersGuard {
            queue: self.queue.lock(),
            next_ns: &self.next_ns,
        }
    }
}

impl Scheduler {
    /// When the next timer of the program is due, `u64::MAX` if there is none: a hint of when to look.
    pub fn next_timer_ns(&self) -> u64 {
        let next = self.slots().map(|slot| slot.shared.timers.next_ns()).min();
        next.unwrap_or(u64::MAX)
    }

    /// Whether a timer is queued.
    pub(super) fn has_timers(&self) -> bool {
        self.slots()
            .any(|slot| !slot.shared.timers.lock().is_empty())
    }

    /// Removes a timer; whether it was still queued.
    pub fn remove_timer(&self, id: TimerId) -> bool {
        let processor = id as usize & ((1 << PROCESSOR_BITS) - 1);
        self.slot(processor).shared.timers.lock().remove(id)
    }
}

/// Holds the queue; when dropped, notes when the next timer is due.
#[derive(Debug)]
pub struct TimersGuard<'timers> {
    queue: RankedGuard<'timers, TimerQueue>,
    next_ns: &'timers AtomicU64,
}

impl Deref for TimersGuard<'_> {
    type Target = TimerQueue;

    fn deref(&self) -> &TimerQueue {
        &self.queue
    }
}

impl DerefMut for TimersGuard<'_> {
    fn deref_mut(&mut self) -> &mut TimerQueue {
        &mut self.queue
    }
}

impl Drop for TimersGuard<'_> {
    fn drop(&mut self) {
        let next_ns = self.queue.next_ns().unwrap_or(u64::MAX);
        self.next_ns.store(next_ns, Relaxed);
    }
}

impl TimerQueue {
    /// Adds a timer for time `when_ns`.
    ///
    /// # Panics
    /// With more timers than memory has room for.
    pub fn add(&mut self, when_ns: u64, action: TimerAction) -> TimerId {
        let place = self.free.pop().unwrap_or_else(|| {
            let place = self.table.len() as u32;
            assert!(place < 1 << PLACE_BITS, "a Processor has room for timers");
            self.table.push(Entry {
                uses: 0,
                position: 0,
                action: None,
            });
            place
        });
        let entry = &mut self.table[place as usize];
        entry.uses += 1;
        entry.action = Some(action);
        let id = u64::from(entry.uses) << (PROCESSOR_BITS + PLACE_BITS)
            | u64::from(place) << PROCESSOR_BITS
            | u64::from(self.processor);
        let node = Node {
            when_ns,
            order: self.made_count,
            place,
        };
        self.made_count += 1;
        self.heap.push(node);
        self.rise(self.heap.len() - 1, node);
        id
    }

    /// Removes a timer; whether it was still queued.
    pub fn remove(&mut self, id: TimerId) -> bool {
        let place = (id >> PROCESSOR_BITS) as u32 & ((1 << PLACE_BITS) - 1);
        let uses = (id >> (PROCESSOR_BITS + PLACE_BITS)) as u32;
        let Some(entry) = self.table.get(place as usize) else {
            return false;
        };
        if entry.uses != uses || entry.action.is_none() {
            return false;
        }
        self.take_out(entry.position as usize);
        true
    }

    /// Takes out one that is due at `now_ns`.
    pub fn pop_due(&mut self, now_ns: u64) -> Option<(TimerId, TimerAction)> {
        let first = *self.heap.first()?;
        if first.when_ns > now_ns {
            return None;
        }
        let uses = self.table[first.place as usize].uses;
        let id = u64::from(uses) << (PROCESSOR_BITS + PLACE_BITS)
            | u64::from(first.place) << PROCESSOR_BITS
            | u64::from(self.processor);
        Some((id, self.take_out(0)?))
    }

    /// When the next one is due.
    pub fn next_ns(&self) -> Option<u64> {
        self.heap.first().map(|node| node.when_ns)
    }

    /// Whether no timer is queued.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// How many timers are queued.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// All actions queued.
    pub fn actions(&self) -> impl Iterator<Item = &TimerAction> {
        self.table.iter().filter_map(|entry| entry.action.as_ref())
    }

    /// Takes the timer at a position of the heap out of heap and table.
    fn take_out(&mut self, position: usize) -> Option<TimerAction> {
        let place = self.heap[position].place;
        let last = self.heap.pop()?;
        if position < self.heap.len() {
            // It may belong to another branch, and be before what is above.
            let position = self.sink(position, last);
            self.rise(position, last);
        }
        let entry = &mut self.table[place as usize];
        // No name is given twice: a place that has used up its own stays empty.
        if entry.uses < LAST_USE {
            self.free.push(place);
        }
        entry.action.take()
    }

    fn put(&mut self, position: usize, node: Node) {
        self.heap[position] = node;
        self.table[node.place as usize].position = position as u32;
    }

    /// Puts `node` at `position` or above it, where it belongs.
    fn rise(&mut self, mut position: usize, node: Node) {
        while position > 0 {
            let parent = (position - 1) / CHILDREN;
            if !node.is_before(&self.heap[parent]) {
                break;
            }
            self.put(position, self.heap[parent]);
            position = parent;
        }
        self.put(position, node);
    }

    /// Puts `node` at `position` or below it, where it belongs; says where.
    fn sink(&mut self, mut position: usize, node: Node) -> usize {
        loop {
            let first = position * CHILDREN + 1;
            let children = first..(first + CHILDREN).min(self.heap.len());
            let Some(least) = children.reduce(|least, child| {
                if self.heap[child].is_before(&self.heap[least]) {
                    child
                } else {
                    least
                }
            }) else {
                break;
            };
            if !self.heap[least].is_before(&node) {
                break;
            }
            self.put(position, self.heap[least]);
            position = least;
        }
        self.put(position, node);
        position
    }
}

/// Children of a node of the heap.
const CHILDREN: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn timers_fire_in_order_of_time_then_of_making() {
        let mut timers = TimerQueue::default();
        let third = timers.add(30, TimerAction::Call(3));
        let first = timers.add(10, TimerAction::Call(1));
        let second = timers.add(10, TimerAction::Call(2));
        assert_eq!(timers.pop_due(5), None);
        assert_eq!(timers.next_ns(), Some(10));
        assert_eq!(timers.pop_due(20), Some((first, TimerAction::Call(1))));
        assert_eq!(timers.pop_due(20), Some((second, TimerAction::Call(2))));
        assert_eq!(timers.pop_due(20), None);
        assert_eq!(timers.pop_due(30), Some((third, TimerAction::Call(3))));
        assert!(timers.is_empty());
    }

    #[test]
    fn a_removed_timer_does_not_fire() {
        let mut timers = TimerQueue::default();
        let id = timers.add(10, TimerAction::Call(1));
        assert!(timers.remove(id));
        assert!(!timers.remove(id));
        assert_eq!(timers.next_ns(), None);
        assert_eq!(timers.pop_due(100), None);
        // Its place is used again, its name is not.
        let other = timers.add(10, TimerAction::Call(2));
        assert_ne!(id, other);
        assert!(!timers.remove(id) && timers.remove(other));
        assert!(timers.heap.is_empty() && timers.table.len() == 1);
    }

    #[test]
    fn a_place_with_no_names_left_stays_empty() {
        let mut timers = TimerQueue::default();
        let id = timers.add(10, TimerAction::Call(1));
        timers.remove(id);
        timers.table[0].uses = LAST_USE - 1;
        let last = timers.add(10, TimerAction::Call(1));
        assert!(timers.remove(last));
        let next = timers.add(10, TimerAction::Call(1));
        assert!(last != next && next != id && timers.table.len() == 2);
    }

    /// Against a list that is searched.
    #[test]
    fn any_timers_are_kept_as_a_list_would_keep_them() {
        let mut random = Random::from_seed(1);
        let mut timers = TimerQueue::default();
        let mut list: Vec<(u64, TimerId)> = Vec::new();
        for step in 0..20_000 {
            match random.below(5) {
                0..=2 => {
                    let when_ns = random.below(1000);
                    list.push((when_ns, timers.add(when_ns, TimerAction::Call(step))));
                }
                3 if !list.is_empty() => {
                    let (_, id) = list.remove(random.below(list.len() as u64) as usize);
                    assert!(timers.remove(id));
                }
                _ => {
                    let now_ns = random.below(200);
                    // The first of the least, as the list is in order of making.
                    let least = list.iter().min_by_key(|(when_ns, _)| *when_ns).copied();
                    let due = least.filter(|&(when_ns, _)| when_ns <= now_ns);
                    let popped = timers.pop_due(now_ns).map(|(id, _)| id);
                    assert_eq!(popped, due.map(|(_, id)| id));
                    list.retain(|&(_, id)| Some(id) != popped);
                }
            }
            assert_eq!(
                timers.next_ns(),
                list.iter().map(|&(when_ns, _)| when_ns).min()
            );
        }
        assert_eq!(timers.actions().count(), list.len());
    }
}
