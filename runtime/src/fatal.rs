//! Ends of the program that nothing can catch: what they print, and the exit status 2.

use crate::goroutine::Goroutine;
use crate::instance::Instance;
use crate::panic_text;
use crate::scheduler::{self, AfterSwitch, ProcessorSlot, instance_of, slot_of};
use crate::stack::DEFAULT_STACK_CAP_BYTES;
use crate::traceback::Traceback;
use crate::{collection_report, trace, trap};

/// The status of a program that a panic or fatal error ended.
pub const FATAL_STATUS: i32 = 2;

/// How often who ends the program asks the others to stop; a turn is about a millisecond.
const FREEZE_TURNS: u32 = 50;

/// Writes to standard error, unbuffered. Nothing can be done if that fails.
pub fn write_error(text: &str) {
    write_error_bytes(text.as_bytes());
}

/// As [`write_error`], for bytes.
pub fn write_error_bytes(mut bytes: &[u8]) {
    while !bytes.is_empty() {
        // SAFETY: the range is readable.
        let written = unsafe { libc::write(2, bytes.as_ptr().cast(), bytes.len()) };
        match usize::try_from(written) {
            Ok(0) => return,
            Ok(count) => bytes = &bytes[count..],
            Err(_) if std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted => {
            }
            Err(_) => return,
        }
    }
}

/// Ends the program in a runtime call of `g`: `fatal error: ` and the text, the trace of all goroutines.
pub fn throw(g: &mut Goroutine, text: &str) {
    let status = die(g, text);
    scheduler::leave(g, AfterSwitch::Exit(status));
}

/// As [`throw`], for mistakes of the program: the others are shown only when asked for.
pub fn throw_user(g: &mut Goroutine, text: &str) {
    let level = instance_of(g).traceback.get();
    claim_end(instance_of(g));
    let status = end_with(g, &format!("fatal error: {text}\n"), level);
    scheduler::leave(g, AfterSwitch::Exit(status));
}

/// What is shown of errors of the runtime's own.
fn at_least_all(instance: &Instance) -> Traceback {
    let stated = instance.traceback.get();
    if stated.aborts() {
        stated
    } else {
        Traceback::from_name("all")
    }
}

/// Prints the message and the trace of `g`, with those of the others if the level says so; the exit status. The caller has
/// claimed the end.
fn end_with(g: &Goroutine, message: &str, level: Traceback) -> i32 {
    let instance = instance_of(g);
    let mut out = message.to_owned();
    if level.shows_all() {
        freeze(instance, Some(slot_of(g)));
    }
    if level.shows_any() {
        trace::push_goroutine(&mut out, instance, g);
    }
    if level.shows_all() {
        push_others(&mut out, instance, g.id);
    }
    write_error(&out);
    finish(instance, level)
}

/// What is left once all is printed: the exit status, unless the process is to abort.
fn finish(instance: &Instance, level: Traceback) -> i32 {
    if instance.options.is_seeded {
        write_error(&format!("seed {}\n", instance.options.seed));
    }
    if level.aborts() {
        std::process::abort();
    }
    FATAL_STATUS
}

/// Claims the end of the program for the calling thread. Does not return when another thread has: the process is about to end.
pub fn claim_end(instance: &Instance) {
    while !instance.scheduler.claim_end() {
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
}

/// Stops all others as far as they can be, so that their traces can be shown. `own` is the caller's Processor.
pub fn freeze(instance: &Instance, own: Option<&ProcessorSlot>) {
    if instance.scheduler.has_several_workers() {
        instance.scheduler.freeze_world(own, FREEZE_TURNS);
    }
}

/// Prints what [`throw`] prints; the exit status.
pub fn die(g: &Goroutine, text: &str) -> i32 {
    claim_end(instance_of(g));
    let level = at_least_all(instance_of(g));
    end_with(g, &format!("fatal error: {text}\n"), level)
}

/// The end when the heap cannot grow by an object of `size_bytes`, as Go's; what fills it is said as well.
pub fn out_of_heap(g: &Goroutine, size_bytes: usize) -> ! {
    let instance = instance_of(g);
    claim_end(instance);
    freeze(instance, Some(slot_of(g)));
    let message = format!(
        "runtime: out of memory: cannot allocate {size_bytes}-byte block ({} in use)\nfatal error: out of memory\n\n{}",
        instance.heap.live_bytes(),
        collection_report::heap_summary(instance),
    );
    crate::exit_now(end_with(g, &message, at_least_all(instance)))
}

/// The end when there is no memory for a goroutine that a timer starts.
pub fn out_of_memory(instance: &Instance) -> ! {
    claim_end(instance);
    write_error("fatal error: runtime: out of memory\n");
    crate::exit_now(finish(instance, instance.traceback.get()))
}

/// The end when a goroutine is locked to its thread, and there is no other thread to run the rest.
pub fn no_thread(instance: &Instance) -> ! {
    claim_end(instance);
    let error = std::io::Error::last_os_error();
    write_error(&format!(
        "runtime: failed to create new OS thread (have {} already; errno={})\nfatal error: newosproc\n",
        instance.scheduler.worker_count(),
        error.raw_os_error().unwrap_or(libc::EAGAIN),
    ));
    crate::exit_now(finish(instance, instance.traceback.get()))
}

/// The end of a program in which no goroutine will ever run again.
pub fn deadlock(instance: &Instance) {
    claim_end(instance);
    let level = instance.traceback.get();
    if instance.scheduler.live_count() == 0 {
        write_error("fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n");
    } else {
        let mut out = "fatal error: all goroutines are asleep - deadlock!\n".to_owned();
        if level.shows_any() {
            push_others(&mut out, instance, 0);
        }
        write_error(&out);
    }
    instance.end(finish(instance, level));
}

/// The end after SIGQUIT, which arrived at `pc`: all goroutines are shown. `own` is the caller's Processor.
pub fn quit(instance: &Instance, own: Option<&ProcessorSlot>) {
    claim_end(instance);
    freeze(instance, own);
    let level = instance.traceback.get();
    let pc = trap::quit_pc();
    let mut out = format!("SIGQUIT: quit\nPC={pc:#x} m=0 sigcode=0\n");
    if level.shows_any() {
        push_others(&mut out, instance, 0);
    }
    write_error(&out);
    instance.end(finish(instance, level));
}

/// The stack of `g` reached the cap.
pub fn stack_overflow(g: &mut Goroutine) {
    let instance = instance_of(g);
    claim_end(instance);
    let cap = instance.stated_stack_cap_bytes();
    debug_assert!(cap > 0 && DEFAULT_STACK_CAP_BYTES > 0);
    let message = format!(
        "runtime: goroutine stack exceeds {cap}-byte limit\nruntime: sp={:#x} stack=[{:#x}, {:#x}]\n\
         fatal error: stack overflow\n",
        g.block.saved_sp, g.block.stack_low, g.block.stack_high,
    );
    let status = end_with(g, &message, at_least_all(instance));
    scheduler::leave(g, AfterSwitch::Exit(status));
}

/// Prints the panics of `g` and its trace; the exit status.
pub fn uncaught_panic(g: &Goroutine) -> i32 {
    claim_end(instance_of(g));
    let mut bytes = panic_text::describe(&g.panics);
    let mut out = String::new();
    if let Some(signal) = g
        .panics
        .iter()
        .rev()
        .find_map(|panic| panic.signal.map(|signal| (signal, panic.origin_pc - 1)))
    {
        let (signal, pc) = signal;
        let name = match signal.number {
            libc::SIGBUS => "SIGBUS: bus error",
            libc::SIGFPE => "SIGFPE: floating-point exception",
            libc::SIGILL => "SIGILL: illegal instruction",
            _ => "SIGSEGV: segmentation violation",
        };
        out = format!(
            "[signal {name} code={:#x} addr={:#x} pc={pc:#x}]\n",
            signal.code, signal.address
        );
    }
    bytes.extend_from_slice(out.as_bytes());
    write_error_bytes(&bytes);
    end_with(g, "", instance_of(g).traceback.get())
}

fn push_others(out: &mut String, instance: &Instance, except: u64) {
    let live = instance.goroutines.lock().live();
    for g in live {
        // SAFETY: the program has stopped; nobody uses its goroutines.
        let g = unsafe { &*g };
        if g.id != except {
            trace::push_goroutine(out, instance, g);
        }
    }
}
