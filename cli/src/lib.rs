//! The `minigo` command as a library: arguments, the stages of a compilation, and how their results
//! are reported. Compiler crates do no I/O; this one does it all.

use std::process::ExitCode;
use std::sync::Arc;

pub mod args;
pub mod compile_trace;
pub mod pipeline;
pub mod report;
pub mod settings;

#[global_allocator]
static ALLOCATOR: runtime::process::Allocator = runtime::process::Allocator;

/// Stack of the thread that compiles: syntax trees of any depth are walked by recursion. It is
/// reserved, not committed; where the system limits address space, less will do.
const COMPILER_STACK_BYTES: usize = 1 << 30;

/// The least of it.
const MIN_COMPILER_STACK_BYTES: usize = 16 << 20;

/// The whole command.
pub fn main() -> ExitCode {
    runtime::process::tune_allocator();
    let command = match args::parse(std::env::args_os()) {
        Ok(command) => command,
        Err(exit) => return exit,
    };
    let command = Arc::new(command);
    let mut stack_bytes = COMPILER_STACK_BYTES;
    let compiler = loop {
        let command = Arc::clone(&command);
        let compiler = std::thread::Builder::new()
            .stack_size(stack_bytes)
            .spawn(move || report::execute(&command));
        if compiler.is_ok() || stack_bytes == MIN_COMPILER_STACK_BYTES {
            break compiler;
        }
        // The heap needs its share.
        stack_bytes = (stack_bytes / 16).max(MIN_COMPILER_STACK_BYTES);
    };
    match compiler.map(std::thread::JoinHandle::join) {
        Ok(Ok(status)) => ExitCode::from(status),
        Ok(Err(_)) => ExitCode::from(report::INTERNAL_ERROR),
        Err(error) => {
            eprintln!("minigo: cannot start the compiler's thread: {error}");
            ExitCode::from(1)
        }
    }
}
