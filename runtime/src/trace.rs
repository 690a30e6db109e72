//! Traces of goroutines, as Go prints them.

use std::collections::VecDeque;
use std::fmt::Write as _;

use crate::context;
use crate::goroutine::{Goroutine, Resume, Status};
use crate::image::Image;
use crate::instance::Instance;
use crate::panic::{self, Any, PanicRecord};
use crate::scheduler::TICKS_PER_MINUTE;
use crate::stack_walk::{Frame, Frames, SourceFrame, find_function, source_frames};

/// Frames printed at each end of a deep stack; those between are counted.
const FRAMES_AT_EACH_END: usize = 50;

/// Appends an empty line, then the trace of `g`.
pub fn push_goroutine(out: &mut String, instance: &Instance, g: &Goroutine) {
    let status = match g.status() {
        Status::Waiting => g.wait_reason.text(),
        Status::Runnable => "runnable",
        _ => "running",
    };
    let minutes = match g.status() {
        Status::Waiting => (instance.ticks() - g.wait_since_ticks) / TICKS_PER_MINUTE,
        _ => 0,
    };
    let _ = write!(out, "\ngoroutine {} [{status}", g.id);
    if minutes > 0 {
        let _ = write!(out, ", {minutes} minutes");
    }
    if g.lock_count > 0 {
        out.push_str(", locked to thread");
    }
    out.push_str("]:\n");
    push_frames(out, instance, g);
    if g.created_at != 0 {
        let creator = source_frames(&instance.image, g.created_at - 1).next();
        let name = creator.map_or("unknown", |frame| frame.name);
        let _ = writeln!(out, "created by {name} in goroutine {}", g.created_by);
        if let Some(frame) = creator {
            push_position(out, instance, g.created_at, frame);
        }
    }
}

/// Whether `g` has no frames yet.
fn has_not_begun(g: &Goroutine) -> bool {
    matches!(g.resume, Resume::Jump(_)) && g.block.saved_fp == 0
}

fn push_frames(out: &mut String, instance: &Instance, g: &Goroutine) {
    if has_not_begun(g) {
        return;
    }
    let mut shown = ShownFrames::new(&instance.image);
    let mut count = 0;
    let mut outermost = VecDeque::with_capacity(FRAMES_AT_EACH_END);
    for frame in Frames::of(&instance.image, g) {
        let panic = panic_under_stub(g, frame);
        let entries = match panic {
            Some(_) => 1,
            None => shown.count(frame.pc),
        };
        for index in 0..entries {
            let entry = match panic {
                Some(value) => TraceEntry::Panic(value),
                None => TraceEntry::Call(frame.pc, index),
            };
            count += 1;
            if count <= FRAMES_AT_EACH_END {
                push_entry(out, instance, entry);
                continue;
            }
            if outermost.len() == FRAMES_AT_EACH_END {
                outermost.pop_front();
            }
            outermost.push_back(entry);
        }
    }
    if count > 2 * FRAMES_AT_EACH_END {
        let _ = writeln!(
            out,
            "...{} frames elided...",
            count - 2 * FRAMES_AT_EACH_END
        );
    }
    for entry in outermost {
        push_entry(out, instance, entry);
    }
}

/// What a trace shows of a frame.
#[derive(Debug, Clone, Copy)]
enum TraceEntry {
    /// A call that returns to this address, in the so manieth of the functions that share it.
    Call(u64, usize),
    /// The `panic` that made a deferred call.
    Panic(Any),
}

/// The value of the panic whose deferred call was made by the stub with this frame.
fn panic_under_stub(g: &Goroutine, frame: Frame) -> Option<Any> {
    if frame.pc != context::deferred_return as *const () as u64 {
        return None;
    }
    let made_it = |panic: &&PanicRecord| {
        panic.stub_frame != 0 && g.stack_address(panic.stub_frame) == frame.fp
    };
    let panic = g.panics.iter().find(made_it)?;
    (!panic.is_goexit).then_some(panic.value)
}

/// Tells how many functions are shown for a frame. Deep stacks are made of few functions, so answers are remembered.
struct ShownFrames<'image> {
    image: &'image Image,
    known: [(u64, usize); 64],
}

impl<'image> ShownFrames<'image> {
    fn new(image: &'image Image) -> Self {
        Self {
            image,
            known: [(0, 0); 64],
        }
    }

    fn count(&mut self, pc: u64) -> usize {
        let known = &mut self.known[(pc % 61) as usize];
        if known.0 != pc {
            *known = (pc, source_frames(self.image, pc - 1).count());
        }
        known.1
    }
}

fn push_entry(out: &mut String, instance: &Instance, entry: TraceEntry) {
    let (pc, index) = match entry {
        TraceEntry::Call(pc, index) => (pc, index),
        TraceEntry::Panic(Any { ty, data }) => {
            let _ = writeln!(out, "panic({{{ty:#x}, {data:#x}}})\n\t{}", panic::POSITION);
            return;
        }
    };
    let Some(frame) = source_frames(&instance.image, pc - 1).nth(index) else {
        return;
    };
    let arguments = if frame.has_parameters { "(...)" } else { "()" };
    let _ = writeln!(out, "{}{arguments}", frame.name);
    push_position(out, instance, pc, frame);
}

/// Appends the source line of the call that returns to `pc`. A copied function has no start to count from.
fn push_position(out: &mut String, instance: &Instance, pc: u64, frame: SourceFrame<'_>) {
    let Some((file, line)) = frame.position else {
        return;
    };
    let _ = write!(out, "\t{file}:{line}");
    if !frame.is_inlined {
        let function = find_function(&instance.image, pc - 1);
        let offset = function.map_or(0, |function| pc - function.start);
        let _ = write!(out, " +{offset:#x}");
    }
    out.push('\n');
}
