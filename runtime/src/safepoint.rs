//! Collections: when they happen, and how the collector finds what the program holds.
//!
//! A collection happens in a runtime call, at its beginning ([`poll`]), on the thread of the goroutine that called, whose
//! context is saved. All others do not run, or are in system calls, see [`crate::scheduler`]. Roots are, for every goroutine: the
//! slots that stack maps name, the frames of its object stack, deferred closures and panic values, the values it is
//! about to send or receive; and besides: package variables, timers, and the argument words of the native call in
//! progress. Words that may or may not be pointers are visited conservatively.

use gc::{Cache, CollectReason, RootVisitor, World};

use crate::abi::ObjectFrameHeader;
use crate::goroutine::{Goroutine, Resume, Status};
use crate::instance::Instance;
use crate::scheduler::{ProcessorSlot, TimerAction, instance_of, slot_of};
use crate::{stack, stack_walk};

/// Collects if it is time to. The goroutine must be at a safepoint, with nothing fresh in its hands.
#[inline]
pub fn poll(g: &Goroutine) {
    let instance = instance_of(g);
    if instance.heap.should_collect() {
        collect(g, CollectReason::HeapGoal);
    }
}

/// Collects now, unless another goroutine does. As for [`poll`].
#[cold]
pub fn collect(g: &Goroutine, reason: CollectReason) {
    try_collect(g, reason);
}

/// Collects now; when another goroutine does, again after it. As for [`poll`].
pub fn collect_forced(g: &Goroutine) {
    let instance = instance_of(g);
    while !try_collect(g, CollectReason::Forced) && !instance.options.never_collect {
        // The other one waits for this worker to stop, or sweeps.
        instance.scheduler.stop_here(slot_of(g));
        std::thread::yield_now();
    }
}

/// Whether it was this call that collected.
fn try_collect(g: &Goroutine, reason: CollectReason) -> bool {
    let instance = instance_of(g);
    let report = instance.heap.collect(&mut StoppedWorld::around(g), reason);
    if instance.options.trace_collections
        && let Some(report) = &report
    {
        let count = instance.scheduler.active_count() as usize;
        crate::fatal::write_error(&format!("{}\n", report.trace_line(count)));
    }
    report.is_some()
}

/// The program, seen by the collector on the thread of a goroutine's worker.
pub struct StoppedWorld<'instance> {
    instance: &'instance Instance,
    /// The Processor of who stops it.
    own: &'instance ProcessorSlot,
}

impl StoppedWorld<'_> {
    /// The world as `g`, which is at a safepoint, may stop it.
    pub fn around(g: &Goroutine) -> Self {
        Self {
            instance: instance_of(g),
            own: slot_of(g),
        }
    }
}

impl World for StoppedWorld<'_> {
    fn stop(&mut self) {
        self.instance.scheduler.stop_world(self.own);
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
        let mut pools = self.instance.pools.lock();
        // SAFETY: the world is stopped.
        unsafe { pools.age() };
        pools.visit_roots(roots);
        drop(pools);
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
}

/// Whether `g` has no frames yet, only a closure in its first result word.
fn has_not_begun(g: &Goroutine) -> bool {
    g.status() == Status::Runnable && matches!(g.resume, Resume::Jump(_)) && g.block.saved_fp == 0
}

#[expect(
    clippy::cast_ptr_alignment,
    reason = "regions with pointers are aligned to words"
)]
fn visit_globals(instance: &Instance, roots: &mut RootVisitor<'_, '_>) {
    for region in &instance.image.globals {
        roots.add_globals_bytes(region.descriptor.pointer_prefix_bytes() as u64);
        for word in region.descriptor.pointer_words() {
            // SAFETY: the image's regions are as large as their descriptors.
            roots.visit(unsafe { *region.start.cast::<*const u8>().add(word) });
        }
    }
}

fn visit_timers(instance: &Instance, roots: &mut RootVisitor<'_, '_>) {
    for action in instance.timers.lock().actions() {
        match *action {
            TimerAction::Wake(_) => {}
            TimerAction::Call(closure) => roots.visit(pointer(closure)),
            TimerAction::Receive(channel) => roots.visit(channel.cast()),
        }
    }
}

fn visit_goroutine(instance: &Instance, g: &Goroutine, roots: &mut RootVisitor<'_, '_>) {
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
