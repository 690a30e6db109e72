//! The `minigo` command as a library: arguments, the stages of a compilation, and how their results
//! are reported. Compiler crates do no I/O; this one does it all.

use std::process::ExitCode;

pub mod args;
pub mod compile_trace;
pub mod pipeline;
pub mod report;

#[global_allocator]
static ALLOCATOR: runtime::process::Allocator = runtime::process::Allocator;

/// Stack of the thread that compiles: syntax trees of any depth are walked by recursion. It is
/// reserved, not committed.
const COMPILER_STACK_BYTES: usize = 1 << 30;

/// The whole command.
pub fn main() -> ExitCode {
    runtime::process::tune_allocator();
    let command = match args::parse(std::env::args_os()) {
        Ok(command) => command,
        Err(exit) => return exit,
    };
    let compiler = std::thread::Builder::new()
        .stack_size(COMPILER_STACK_BYTES)
        .spawn(move || report::execute(&command));
    match compiler.map(std::thread::JoinHandle::join) {
        Ok(Ok(status)) => ExitCode::from(status),
        Ok(Err(_)) => ExitCode::from(report::INTERNAL_ERROR),
        Err(error) => {
            eprintln!("minigo: cannot start the compiler's thread: {error}");
            ExitCode::from(1)
        }
    }
}
