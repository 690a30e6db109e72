//! The runtime of `MiniGo` programs: goroutines, channels, memory, panics.
//!
//! # What it is
//! [`run`] takes an [`image::Image`], a compiled program, and runs it to its end. Compiled code runs on goroutine stacks
//! and calls in through the trampolines of [`entry`]; everything written in Rust runs on the thread's own stack. So a
//! goroutine that does not run is no more than a saved stack pointer and frame pointer, its stack holds compiled frames
//! only, and can be scanned precisely ([`stack_walk`]), moved ([`stack`]) and cut off (a recovered [`panic`]).
//!
//! # The parts
//! - The contract with compiled code: [`abi`], [`image`], [`entry`], [`context`].
//! - Goroutines: [`goroutine`], [`stack`], [`object_stack`], [`scheduler`].
//! - Waiting: [`wait_queue`], [`channel`], [`select`], [`semaphore`].
//! - Memory: [`alloc`], [`safepoint`] (when collections happen and what the roots are), [`stack_walk`]; the heap
//!   itself is the `gc` crate.
//! - Things that go wrong: [`panic`], [`defer`], [`runtime_error`], [`trap`], [`fatal`], [`trace`], [`panic_text`].
//! - The language's builtins: [`map`], [`string`], [`equality`], [`interface`], [`print`]; natives of the library: [`natives`].
//!
//! # What must hold
//! - All state hangs off one [`instance::Instance`]; only the fault handler's table of code belongs to the process.
//! - Every random choice comes from the Processors' generators, which [`options::Options::seed`] begins.
//! - No Rust frame is live while Go code runs on top of it, or is jumped over: entries return, and what they want done
//!   then is done by the worker ([`scheduler::AfterSwitch`]).
//! - A collection happens only at the beginning of a runtime call that is a safepoint.

pub mod abi;
pub mod alloc;
pub mod barrier;
pub mod channel;
pub mod cleanup;
pub mod collection_report;
pub mod collector;
pub mod context;
pub mod defer;
pub mod entry;
pub mod equality;
pub mod fatal;
pub mod finalizer;
pub mod futex;
pub mod go_size;
pub mod goroutine;
pub mod goroutine_table;
pub mod image;
pub mod instance;
pub mod interface;
#[cfg(all(test, target_arch = "x86_64"))]
mod machine_tests;
pub mod map;
pub mod memory;
pub mod memory_limit;
pub mod natives;
pub mod object_stack;
pub mod options;
pub mod panic;
pub mod panic_text;
pub mod pools;
pub mod print;
pub mod process;
pub mod random;
pub mod runtime_error;
pub mod safepoint;
pub mod scheduler;
pub mod select;
pub mod semaphore;
mod short;
pub mod spin_lock;
pub mod stack;
pub mod stack_walk;
pub mod string;
mod sync;
#[cfg(test)]
mod test_types;
pub mod timer_channel;
pub mod trace;
pub mod traceback;
pub mod trap;
pub mod wait_queue;

use image::Image;
use instance::Instance;
use options::Options;
use scheduler::Worker;

/// Runs a program to its end; its exit status. Nothing of it runs afterwards.
pub fn run(image: Image, options: Options) -> i32 {
    if let Err(text) = &options.limit_bytes {
        fatal::write_error(&format!(
            "GOMEMLIMIT={text}\nfatal error: malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`\n"
        ));
        return fatal::FATAL_STATUS;
    }
    let instance = match Instance::new(image, options) {
        Ok(instance) => instance,
        Err(error) => {
            fatal::write_error(&format!("minigo: {error}\n"));
            return fatal::FATAL_STATUS;
        }
    };
    let Some(_registration) = trap::register(&instance) else {
        fatal::write_error("minigo: too many programs run in this process\n");
        return fatal::FATAL_STATUS;
    };
    let _alternate_stack = trap::use_alternate_stack();
    let closure = (&raw const *instance.main_closure).expose_provenance() as u64;
    let status = run_main(&instance, closure);
    instance.shut_down();
    status
}

/// Runs `closure` as the first goroutine, on the calling thread, until the program ends; its exit status.
fn run_main(instance: &Instance, closure: u64) -> i32 {
    let mut worker = Worker::first(instance);
    let Some(main) = scheduler::spawn(instance, worker.slot(), closure, scheduler::Origin::Main)
    else {
        fatal::write_error("fatal error: out of memory (goroutine stack)\n");
        return fatal::FATAL_STATUS;
    };
    if instance.options.schedule_trace_ms > 0 {
        instance.monitor.want(instance);
    }
    // SAFETY: this is the worker's thread.
    unsafe { worker.processor() }.next = Some(main);
    worker.run()
}

/// Ends the process at once, for ends that cannot wait for their caller to return. Nothing is buffered that could be lost.
pub fn exit_now(status: i32) -> ! {
    // SAFETY: ends the process.
    unsafe { libc::_exit(status) }
}
