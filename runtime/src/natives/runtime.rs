//! Natives of `runtime`, `runtime/debug` and `weak`: the program's door to scheduler, collector and call stack.

#![expect(
    clippy::cast_ptr_alignment,
    reason = "values lie aligned where their types say"
)]

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use super::{NativeCall, Table};
use crate::abi::Kind;
use crate::options::available_processors;
use crate::safepoint::{self, WorldView};
use crate::scheduler::{self, AfterSwitch, slot_of};
use crate::stack_walk::{Frames, find_function, source_frames};
use crate::traceback::Traceback;
use crate::{cleanup, finalizer, panic, runtime_error, trace};

pub(super) const NATIVES: Table = &[
    ("runtime.GC", collect),
    ("runtime.Gosched", yield_now),
    ("runtime.Goexit", |call| panic::start_goexit(call.g)),
    ("runtime.lockThread", |call| {
        scheduler::lock_to_thread(call.g);
    }),
    ("runtime.unlockThread", |call| {
        scheduler::unlock_from_thread(call.g);
    }),
    ("runtime.errorText", error_text),
    ("runtime.NumGoroutine", goroutine_count),
    ("runtime.NumCPU", processor_total),
    ("runtime.setProcessors", processors),
    ("runtime.KeepAlive", |_| {}),
    ("runtime.setFinalizer", finalizer::set),
    ("runtime.nextFinalizer", finalizer::next),
    ("runtime.checkCleanup", cleanup::check),
    ("runtime.addCleanup", cleanup::add),
    ("runtime.stopCleanup", cleanup::stop),
    ("runtime.Breakpoint", breakpoint),
    ("runtime.memoryStatistics", memory_statistics),
    ("runtime.callers", callers),
    ("runtime.describe", describe),
    ("runtime.funcEntry", function_entry),
    ("runtime.stackTrace", stack_trace),
    ("runtime/debug.setGCPercent", set_gc_percent),
    ("runtime/debug.setMemoryLimit", set_memory_limit),
    ("runtime/debug.setMaxStack", set_stack_cap),
    ("runtime/debug.setMaxThreads", set_thread_cap),
    ("runtime/debug.setTraceback", set_traceback),
    ("runtime/debug.freeOSMemory", collect),
    ("weak.handleOf", cleanup::weak_handle),
    ("weak.valueOf", cleanup::weak_value),
];

/// Limits a program may state and read back, which nothing here can exceed or keep.
#[derive(Debug)]
pub struct StatedLimits {
    threads: AtomicI64,
}

impl Default for StatedLimits {
    fn default() -> Self {
        Self {
            threads: AtomicI64::new(10_000),
        }
    }
}

/// A forced collection sweeps everything, and gives idle pages back. Then the others run: a goroutine that does nothing but
/// collect must not take a whole time slice each time.
fn collect(call: &mut NativeCall<'_>) {
    safepoint::collect_forced(call.g);
    yield_now(call);
}

/// Lets the others run.
pub(super) fn yield_now(call: &mut NativeCall<'_>) {
    scheduler::leave(call.g, AfterSwitch::Yield);
}

/// Stops under a debugger; ends the process without one.
fn breakpoint(_: &mut NativeCall<'_>) {
    // SAFETY: raising a signal involves no memory of ours.
    unsafe {
        libc::raise(libc::SIGTRAP);
    }
}

fn error_text(call: &mut NativeCall<'_>) {
    let value = panic::Any {
        ty: call.word(),
        data: call.word(),
    };
    // SAFETY: the argument is an `any` of the running program.
    let text = unsafe { runtime_error::text(&call.instance().known, value) };
    call.put_string(text.unwrap_or_default().as_bytes());
}

fn goroutine_count(call: &mut NativeCall<'_>) {
    let count = call.instance().scheduler.live_count();
    call.put(count);
}

fn processor_total(call: &mut NativeCall<'_>) {
    call.put(u64::from(available_processors()));
}

fn processors(call: &mut NativeCall<'_>) {
    let count = call.int();
    let (instance, slot) = (call.instance(), slot_of(call.g));
    let scheduler = &instance.scheduler;
    let mut before = scheduler.stated_count();
    if let Ok(count) = u64::try_from(count)
        && count > 0
        && count != before
    {
        scheduler.stop_world(Some(slot));
        safepoint::before_run(call.g);
        before = scheduler.set_count(&instance.heap, count);
        instance
            .heap
            .set_processors(u32::try_from(count).unwrap_or(u32::MAX));
        scheduler.start_world(instance);
    }
    call.put(before);
}

/// Bytes of the stacks of all goroutines that have not ended.
fn stack_bytes(call: &mut NativeCall<'_>) -> u64 {
    let instance = call.instance();
    let mut bytes = 0;
    in_stopped_world(call, || {
        instance.goroutines.lock().visit_live(|g| {
            // SAFETY: goroutines live as long as the program, and the world is stopped.
            let g = unsafe { &*g };
            bytes += g.stack().high - g.stack().low + g.object_stack.size_bytes();
        });
    });
    bytes
}

/// Looks at what other goroutines change while they run.
fn in_stopped_world(call: &mut NativeCall<'_>, look: impl FnOnce()) {
    let (instance, slot) = (call.instance(), slot_of(call.g));
    instance.scheduler.stop_world(Some(slot));
    safepoint::before_run(call.g);
    look();
    instance.scheduler.start_world(instance);
}

/// The figures of `runtime.MemStats`, all of one moment, in the order that `NATIVES.md` states.
fn memory_statistics(call: &mut NativeCall<'_>) {
    let out = call.words_mut();
    let instance = call.instance();
    let heap = instance.heap.statistics(&mut WorldView::around(call.g));
    let stack_bytes = stack_bytes(call);
    let code_bytes: u64 = instance
        .image
        .functions
        .iter()
        .map(|function| function.end - function.start)
        .sum();
    let (heap_sys_bytes, cache_bytes) = (heap.heap_sys_bytes, heap.cache_bytes);
    let sys_bytes = heap_sys_bytes
        + stack_bytes
        + heap.span_sys_bytes
        + cache_bytes
        + heap.gc_sys_bytes
        + code_bytes;
    // The heap goes by the system's clock, with which that of a seeded run has nothing to do: what ended, ended by now.
    let now_unix_ns = if instance.options.is_seeded {
        instance.wall_clock(instance.now_ns()).as_nanos() as u64
    } else {
        u64::MAX
    };
    let by_now = |unix_ns: u64| unix_ns.min(now_unix_ns);
    let scalars = [
        heap.heap_alloc_bytes,
        heap.total_alloc_bytes,
        sys_bytes,
        0,
        heap.mallocs,
        heap.frees,
        heap.heap_alloc_bytes,
        heap_sys_bytes,
        heap.heap_idle_bytes,
        heap.heap_inuse_bytes,
        heap.heap_released_bytes,
        heap.heap_objects,
        stack_bytes,
        stack_bytes,
        heap.span_inuse_bytes,
        heap.span_sys_bytes,
        cache_bytes,
        cache_bytes,
        0,
        heap.gc_sys_bytes,
        code_bytes,
        heap.next_gc_bytes,
        by_now(heap.last_gc_unix_ns),
        heap.pause_total_ns,
        u64::from(heap.num_gc),
        u64::from(heap.num_forced_gc),
        (heap.gc_cpu_fraction * 1e9) as u64,
    ];
    let classes = heap
        .classes
        .iter()
        .flat_map(|class| [class.size_bytes, class.mallocs, class.frees]);
    let figures = scalars
        .into_iter()
        .chain(heap.pause_ns)
        .chain(heap.pause_end_unix_ns.into_iter().map(by_now))
        .chain(classes);
    out.fill(0);
    out.iter_mut()
        .zip(figures)
        .for_each(|(word, figure)| *word = figure);
}

/// Where a program counter, as programs see them, says which of the functions that share a return address is meant: none
/// of the system's addresses has bits there.
const FRAME_SHIFT: u32 = 48;

fn callers(call: &mut NativeCall<'_>) {
    let (skip, out) = (call.int(), call.words_mut());
    let image = &call.instance().image;
    let shown = Frames::of(image, call.g).flat_map(|frame| {
        let count = source_frames(image, frame.pc - 1).count() as u64;
        (0..count).map(move |index| frame.pc | index << FRAME_SHIFT)
    });
    let mut count = 0;
    for (word, pc) in out
        .iter_mut()
        .zip(shown.skip(usize::try_from(skip).unwrap_or(0)))
    {
        *word = pc;
        count += 1;
    }
    call.put(count);
}

fn describe(call: &mut NativeCall<'_>) {
    let word = call.word();
    let (index, pc) = (word >> FRAME_SHIFT, word & ((1 << FRAME_SHIFT) - 1));
    let image = &call.instance().image;
    // A function's own address says where the function is; a return address, where the call is.
    let is_entry = find_function(image, pc).is_some_and(|function| function.start == pc);
    let address = if is_entry { pc } else { pc.wrapping_sub(1) };
    let Some(function) = find_function(image, address) else {
        (0..6).for_each(|_| call.put(0));
        return;
    };
    // Hidden functions are no frames, yet have names and places.
    let (name, position) = source_frames(image, address)
        .nth(index as usize)
        .map_or((function.name.as_str(), None), |frame| {
            (frame.name, frame.position)
        });
    let (file, line) = position
        .or_else(|| {
            let file = image.files.get(function.position.0 as usize)?;
            Some((file.as_str(), function.position.1))
        })
        .unwrap_or(("", 0));
    call.put_static_string(name);
    call.put_static_string(file);
    call.put(u64::from(line));
    call.put(function.start);
}

fn function_entry(call: &mut NativeCall<'_>) {
    let value = call.any();
    let is_function = value.ty.is_some_and(|ty| ty.kind == Kind::Function) && !value.data.is_null();
    let entry = if is_function {
        // SAFETY: a function value that is not nil is the address of a closure, which begins with its code.
        unsafe { *value.data.cast::<u64>() }
    } else {
        0
    };
    call.put(entry);
}

/// The trace without the empty line it begins with, and without `runtime.Stack`, which Go's does not show.
fn without_caller(trace: &str) -> String {
    let trace = trace.trim_start_matches('\n');
    let (head, frames) = trace.split_once('\n').unwrap_or((trace, ""));
    let mut rest = frames;
    if frames.starts_with("runtime.Stack(") {
        // A function, then its position.
        rest = frames.splitn(3, '\n').nth(2).unwrap_or("");
    }
    format!("{head}\n{rest}")
}

fn stack_trace(call: &mut NativeCall<'_>) {
    let (buffer, all) = (call.bytes_mut(), call.bool());
    let instance = call.instance();
    let mut text = String::new();
    trace::push_goroutine(&mut text, instance, call.g);
    if all {
        let own = call.g.id;
        in_stopped_world(call, || {
            for other in instance.goroutines.lock().live() {
                // SAFETY: goroutines live as long as the program, and the world is stopped.
                let other = unsafe { &*other };
                if other.id != own {
                    trace::push_goroutine(&mut text, instance, other);
                }
            }
        });
    }
    let text = without_caller(&text);
    let text = text.as_bytes();
    let count = text.len().min(buffer.len());
    buffer[..count].copy_from_slice(&text[..count]);
    call.put(count as u64);
}

fn set_gc_percent(call: &mut NativeCall<'_>) {
    let percent = u32::try_from(call.int().min(i64::from(u32::MAX))).ok();
    let before = call.instance().heap.set_gogc(percent);
    call.put_int(before.map_or(-1, i64::from));
}

fn set_memory_limit(call: &mut NativeCall<'_>) {
    let bytes = call.int();
    let heap = &call.instance().heap;
    let before = u64::try_from(bytes)
        .map_or_else(|_| heap.limit_bytes(), |bytes| heap.set_limit_bytes(bytes));
    call.put_int(before.cast_signed());
}

fn set_stack_cap(call: &mut NativeCall<'_>) {
    let bytes = call.int().max(0) as u64;
    let before = call.instance().set_stack_cap_bytes(bytes);
    call.put(before);
}

fn set_thread_cap(call: &mut NativeCall<'_>) {
    let threads = call.int();
    let before = call.instance().stated_limits.threads.swap(threads, Relaxed);
    call.put_int(before);
}

fn set_traceback(call: &mut NativeCall<'_>) {
    let level = Traceback::from_name(&String::from_utf8_lossy(call.string()));
    call.instance().traceback.set(level);
}

#[cfg(test)]
mod tests {
    use super::without_caller;

    #[test]
    fn a_trace_for_the_program_begins_with_its_own_function() {
        let trace = "\ngoroutine 1 [running]:\nruntime.Stack(...)\n\tstack.mg:9 +0x1\nmain.main()\n\ta.mg:3 +0x2\n";
        assert_eq!(
            without_caller(trace),
            "goroutine 1 [running]:\nmain.main()\n\ta.mg:3 +0x2\n"
        );
        assert_eq!(
            without_caller("\ngoroutine 2 [sleep]:\n"),
            "goroutine 2 [sleep]:\n"
        );
    }
}
