//! Ends of the program that nothing can catch: what they print, and the exit status 2.

use crate::goroutine::Goroutine;
use crate::instance::Instance;
use crate::panic_text;
use crate::scheduler::{self, AfterSwitch, ProcessorSlot, instance_of, slot_of};
use crate::stack::DEFAULT_STACK_CAP_BYTES;
use crate::trace;

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

/// As [`throw`], for mistakes of the program.
pub fn throw_user(g: &mut Goroutine, text: &str) {
    throw(g, text);
}

/// Claims the end of the program for the calling thread. Does not return when another thread has: the process is about to end.
pub fn claim_end(instance: &Instance) {
    while !instance.scheduler.claim_end() {
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
}

/// Claims the end, and stops all others as far as they can be, so that their traces can be shown. `own` is the caller's
/// Processor.
fn claim_and_freeze(instance: &Instance, own: Option<&ProcessorSlot>) {
    claim_end(instance);
    if instance.scheduler.has_several_workers() {
        instance.scheduler.freeze_world(own, FREEZE_TURNS);
    }
}

/// Prints what [`throw`] prints; the exit status.
pub fn die(g: &Goroutine, text: &str) -> i32 {
    let instance = instance_of(g);
    claim_and_freeze(instance, Some(slot_of(g)));
    let mut out = format!("fatal error: {text}\n");
    trace::push_goroutine(&mut out, instance, g);
    push_others(&mut out, instance, g.id);
    write_error(&out);
    FATAL_STATUS
}

/// The end of a program in which no goroutine will ever run again.
pub fn deadlock(instance: &Instance) {
    claim_end(instance);
    if instance.scheduler.live_count() == 0 {
        write_error("fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n");
    } else {
        let mut out = "fatal error: all goroutines are asleep - deadlock!\n".to_owned();
        push_others(&mut out, instance, 0);
        write_error(&out);
    }
    instance.end(FATAL_STATUS);
}

/// The end after SIGQUIT: all goroutines are shown. `own` is the caller's Processor.
pub fn quit(instance: &Instance, own: Option<&ProcessorSlot>) {
    claim_and_freeze(instance, own);
    let mut out = "SIGQUIT: quit\n".to_owned();
    push_others(&mut out, instance, 0);
    write_error(&out);
    instance.end(FATAL_STATUS);
}

/// The stack of `g` reached the cap.
pub fn stack_overflow(g: &mut Goroutine) {
    let instance = instance_of(g);
    claim_and_freeze(instance, Some(slot_of(g)));
    let cap = instance.stated_stack_cap_bytes();
    debug_assert!(cap > 0 && DEFAULT_STACK_CAP_BYTES > 0);
    let mut out = format!(
        "runtime: goroutine stack exceeds {cap}-byte limit\nruntime: sp={:#x} stack=[{:#x}, {:#x}]\n\
         fatal error: stack overflow\n",
        g.block.saved_sp, g.block.stack_low, g.block.stack_high,
    );
    trace::push_goroutine(&mut out, instance, g);
    push_others(&mut out, instance, g.id);
    write_error(&out);
    scheduler::leave(g, AfterSwitch::Exit(FATAL_STATUS));
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
    trace::push_goroutine(&mut out, instance_of(g), g);
    bytes.extend_from_slice(out.as_bytes());
    write_error_bytes(&bytes);
    FATAL_STATUS
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
