//! Collections: when they happen, and how the collector finds what the program holds.
//!
//! A goroutine that allocates, at the beginning of the runtime call ([`poll`]), begins a cycle when it is time to, helps to mark
//! when the markers are late, and ends the marking when it finds nothing left; the collector's thread, see [`crate::collector`],
//! marks beside it. Where the world stops for marking, the goroutine does all of it. Its context is
//! saved. All others do not run, or are in system calls, see [`crate::scheduler`]. Roots are, for every goroutine: the
//! slots that stack maps name, the frames of its object stack, deferred closures and panic values, the values it is
//! about to send or receive; and besides: package variables, timers, and the argument words of the native call in
//! progress. Words that may or may not be pointers are visited conservatively.
//!
//! While the collector marks, no goroutine runs before it has been scanned ([`before_run`]); so one that does not run is
//! as it was when marking began, and may be scanned at any time. Others change of it only what they hold themselves: where
//! it waits for a value, and its state in the scheduler.

use std::ops::Range;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use gc::{Cache, CollectReason, ConcurrentWorld, CycleReport, RootVisitor, StopTimes, World};

use crate::abi::ObjectFrameHeader;
use crate::goroutine::{Goroutine, Resume, Status};
use crate::instance::Instance;
use crate::scheduler::{
    ProcessorSlot, TimerAction, Wait, attention, blocking, instance_of, processor_of, slot_of,
};
use crate::{collector, stack, stack_walk};

/// Assists made at one safepoint when the heap is far beyond its goal.
const MAX_ASSISTS: usize = 4;

/// How long a goroutine steps aside for the collector's thread when only that can go on, and how often before it allocates all
/// the same.
const STEP_ASIDE: Duration = Duration::from_micros(50);
const MAX_STEPS_ASIDE: usize = 16;

/// Has the heap collected if it is time to, and helps if the collector is late. The goroutine must be at a safepoint, with
/// nothing fresh in its hands.
#[inline]
pub fn poll(g: &mut Goroutine) {
    let heap = &instance_of(g).heap;
    if heap.should_collect() || heap.wants_assist() {
        advance_cycle(g);
    }
}

#[cold]
fn advance_cycle(g: &mut Goroutine) {
    let instance = instance_of(g);
    let heap = &instance.heap;
    if heap.options().stop_world {
        collect(g, CollectReason::HeapGoal);
        return;
    }
    let mut world = WorldView::around(g);
    if heap.should_collect() && heap.try_begin_cycle(&mut world, CollectReason::HeapGoal) {
        instance.collector.wake(instance);
    }
    for _ in 0..MAX_ASSISTS {
        if !heap.wants_assist() {
            break;
        }
        let assisted = heap.assist(&mut world);
        print_trace(instance, assisted.report.as_ref());
        if !assisted.should_repeat {
            break;
        }
    }
    for _ in 0..MAX_STEPS_ASIDE {
        let is_stopping = instance.scheduler.attention() & attention::STOP != 0;
        if !heap.is_held_up() || is_stopping {
            break;
        }
        // Who stops the world does not wait until it ends: 50 us may take the system 1 ms.
        blocking(g, Wait::Short, || std::thread::sleep(STEP_ASIDE));
    }
    // The world may have been stopped, and the goroutine be stale.
    before_run(g);
}

/// How many small steps of something long are made between two looks at whether the world is to stop: some 5 us.
pub const STEPS_BETWEEN_LOOKS: usize = 64;

/// Lets the world be stopped in the midst of something long. As for [`poll`].
#[inline]
pub fn let_stop(g: &mut Goroutine) {
    let instance = instance_of(g);
    if instance.scheduler.attention() & attention::STOP != 0 {
        instance.scheduler.stop_here(slot_of(g));
        before_run(g);
    }
}

/// Collects, and returns when that is done, unless another goroutine collects. As for [`poll`].
#[cold]
pub fn collect(g: &mut Goroutine, reason: CollectReason) {
    try_collect(g, reason);
}

/// Collects; when another goroutine does, again after it. As for [`poll`].
pub fn collect_forced(g: &mut Goroutine) {
    let instance = instance_of(g);
    if !instance.heap.options().stop_world {
        collector::collect_and_wait(g);
        return;
    }
    while !try_collect(g, CollectReason::Forced) && !instance.options.never_collect {
        // The other one waits for this worker to stop, or sweeps.
        instance.scheduler.stop_here(slot_of(g));
        std::thread::yield_now();
    }
}

/// Whether it was this call that collected.
fn try_collect(g: &mut Goroutine, reason: CollectReason) -> bool {
    let instance = instance_of(g);
    let report = instance.heap.collect(&mut WorldView::around(g), reason);
    print_trace(instance, report.as_ref());
    instance.finalizers.start(instance);
    before_run(g);
    report.is_some()
}

/// Prints the line of a cycle if asked to.
pub fn print_trace(instance: &Instance, report: Option<&CycleReport>) {
    if instance.options.trace_collections
        && let Some(report) = report
    {
        let count = instance.scheduler.stated_count() as usize;
        crate::fatal::write_error(&format!("{}\n", report.trace_line(count)));
    }
}

/// To be called before `g` runs, by the worker that runs it: when it is taken from a queue, and after each wait at a safepoint
/// in which the world may have been stopped. Compiled code sees the phase and the cards of now, and while marking `g` has been
/// scanned.
#[inline]
pub fn before_run(g: &mut Goroutine) {
    let instance = instance_of(g);
    scan(instance, g);
    g.block.cards = instance.heap.card_table();
    g.block.phase = processor_of(g).cache.phase() as u8;
}

/// Scans `g`, which does not run, if the collector marks and nobody has done so. To be called before anything of `g` is
/// changed by others that its roots depend on.
#[inline]
pub fn scan(instance: &Instance, g: &Goroutine) {
    instance
        .heap
        .scan_before_run(&g.scan_state, |roots| visit_goroutine(instance, g, roots));
}

/// The program, seen by the collector.
pub struct WorldView<'instance> {
    instance: &'instance Instance,
    /// The goroutine whose worker stops it; null on the collector's thread.
    own: *mut Goroutine,
}

impl<'instance> WorldView<'instance> {
    /// The world as `g`, which is at a safepoint, may stop it.
    pub fn around(g: &mut Goroutine) -> Self {
        Self {
            instance: instance_of(g),
            own: g,
        }
    }

    /// The world as a thread may stop it that runs no goroutine.
    pub fn from_outside(instance: &'instance Instance) -> Self {
        Self {
            instance,
            own: std::ptr::null_mut(),
        }
    }
}

impl World for WorldView<'_> {
    fn stop(&mut self) -> StopTimes {
        // SAFETY: it runs on this thread, at a safepoint.
        let own: Option<&ProcessorSlot> = unsafe { self.own.as_ref() }.map(slot_of);
        let times = self.instance.scheduler.stop_world(own);
        // SAFETY: as above.
        if let Some(g) = unsafe { self.own.as_mut() } {
            // Somebody else may have stopped it before.
            before_run(g);
        }
        times
    }

    fn begin_cycle(&mut self) {
        // SAFETY: the world is stopped.
        unsafe { self.instance.pools.lock().age() };
    }

    fn start(&mut self) {
        self.instance.scheduler.start_world(self.instance);
    }

    fn visit_caches(&mut self, visit: &mut dyn FnMut(&mut Cache)) {
        for slot in self.instance.scheduler.slots() {
            // SAFETY: the world is stopped: nobody else uses it.
            visit(unsafe { &mut slot.own().cache });
        }
    }

    fn visit_roots(&mut self, roots: &mut RootVisitor<'_, '_>) {
        self.instance.pools.lock().visit_roots(roots);
        visit_globals(self.instance, roots);
        visit_timers(self.instance, roots);
        self.instance.goroutines.lock().visit_live(|g| {
            // SAFETY: the world is stopped, so no goroutine is used by anyone else, but for one in a system call, whose
            // context is saved and whose worker looks only at its arguments.
            let g = unsafe { &mut *g };
            visit_goroutine(self.instance, g, roots);
            if matches!(g.status(), Status::Runnable | Status::Waiting) && !has_not_begun(g) {
                stack::shrink(self.instance, g);
            }
        });
    }

    fn stacks(&mut self) -> Vec<Range<usize>> {
        let mut stacks = Vec::new();
        self.instance.goroutines.lock().visit_live(|g| {
            // SAFETY: as above.
            let g = unsafe { &*g };
            stacks.push(g.stack().low as usize..g.stack().high as usize);
            stacks.extend(g.object_stack.ranges());
        });
        stacks
    }
}

impl ConcurrentWorld for WorldView<'_> {
    fn visit_roots_concurrently(&mut self, part: usize, roots: &mut RootVisitor<'_, '_>) -> bool {
        let Some(part) = part.checked_sub(1) else {
            self.instance.pools.lock().visit_roots(roots);
            visit_globals(self.instance, roots);
            visit_timers(self.instance, roots);
            return true;
        };
        // Those made meanwhile hold nothing of their own.
        let some = self.instance.goroutines.lock().part(part);
        for &g in &some {
            // SAFETY: as below.
            unsafe { &(*g).scan_state }.prefetch();
        }
        for &g in &some {
            // SAFETY: goroutines live as long as the program; one that is stale does not run, see the header.
            let g = unsafe { &*g };
            roots.visit_stale(&self.instance.heap, &g.scan_state, |roots| {
                if g.status() != Status::Dead {
                    visit_goroutine(self.instance, g, roots);
                }
            });
        }
        !some.is_empty()
    }
}

/// Whether `g` has no frames yet, only a closure in its first result word.
fn has_not_begun(g: &Goroutine) -> bool {
    g.status() == Status::Runnable && g.block.saved_fp == 0
}

#[expect(
    clippy::cast_ptr_alignment,
    reason = "regions with pointers are aligned to words"
)]
fn visit_globals(instance: &Instance, roots: &mut RootVisitor<'_, '_>) {
    for region in &instance.image.globals {
        roots.add_globals_bytes(region.descriptor.pointer_prefix_bytes() as u64);
        for word in region.descriptor.pointer_words() {
            // SAFETY: the image's regions are as large as their descriptors; compiled code stores whole words.
            let word = unsafe { &*region.start.cast::<AtomicUsize>().add(word) };
            roots.visit(std::ptr::with_exposed_provenance(word.load(Relaxed)));
        }
    }
}

fn visit_timers(instance: &Instance, roots: &mut RootVisitor<'_, '_>) {
    for slot in instance.scheduler.slots() {
        for action in slot.shared.timers.lock().actions() {
            match *action {
                TimerAction::Wake(_) => {}
                TimerAction::Call(closure) => roots.visit(pointer(closure)),
                TimerAction::Receive(channel) => roots.visit(channel.cast()),
            }
        }
    }
}

fn visit_goroutine(instance: &Instance, g: &Goroutine, roots: &mut RootVisitor<'_, '_>) {
    if instance.options.verify_heap {
        let unused = g
            .object_stack
            .unused(g.block.object_top, g.block.object_limit);
        roots.forbid(unused.collect());
        visit_goroutine_roots(instance, g, roots);
        roots.forbid(Vec::new());
    } else {
        visit_goroutine_roots(instance, g, roots);
    }
}

fn visit_goroutine_roots(instance: &Instance, g: &Goroutine, roots: &mut RootVisitor<'_, '_>) {
    if !has_not_begun(g) {
        stack_walk::visit_stack(&instance.image, g, roots);
    }
    if g.status() == Status::Running {
        // SAFETY: the running goroutine's block points at the words of its worker.
        let arguments = unsafe {
            std::slice::from_raw_parts(g.block.arguments, g.block.argument_count as usize)
        };
        for &word in arguments {
            roots.visit_conservative(word as usize);
        }
    } else {
        for word in g.block.results {
            roots.visit_conservative(word as usize);
        }
    }
    if let Resume::Registers(registers) = &g.resume {
        // It yielded in a prologue, perhaps: its arguments are nowhere else.
        for word in registers.words {
            roots.visit_conservative(word as usize);
        }
    }
    roots.visit(pointer(g.start));
    visit_object_frames(g, roots);
    for record in &g.defers {
        roots.visit(pointer(record.closure));
    }
    for panic in &g.panics {
        roots.visit_conservative(panic.value.data as usize);
        // The deferred call being made: its own frame need not hold its closure.
        roots.visit(
            panic
                .running
                .as_ref()
                .map_or(std::ptr::null(), |record| pointer(record.closure)),
        );
    }
    if g.status() == Status::Waiting {
        roots.visit_conservative(g.waiter.word as usize);
        roots.visit_conservative(g.waiter.element as usize);
        if let Some(select) = &g.select {
            select.visit_roots(roots);
        }
    }
}

fn visit_object_frames(g: &Goroutine, roots: &mut RootVisitor<'_, '_>) {
    let mut header: *const ObjectFrameHeader =
        std::ptr::with_exposed_provenance(g.block.object_frame as usize);
    while !header.is_null() {
        // SAFETY: compiled code links the frames of the object stack, and unlinks them when they end.
        let frame = unsafe { &*header };
        // SAFETY: a frame's slots follow its header.
        let slots = unsafe { header.add(1) }.cast::<*const u8>();
        // SAFETY: descriptors live as long as the image.
        for word in unsafe { &*frame.descriptor }.pointer_words() {
            // SAFETY: the descriptor is that of the frame's slots.
            roots.visit(unsafe { *slots.add(word) });
        }
        header = std::ptr::with_exposed_provenance(frame.previous as usize);
    }
}

fn pointer(word: u64) -> *const u8 {
    std::ptr::with_exposed_provenance(word as usize)
}
