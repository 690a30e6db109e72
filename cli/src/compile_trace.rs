//! Where the time before a program's first instruction goes: `MINIGODEBUG=compiletrace=1`.

use std::time::Instant;

/// A clock that reports each stage as it ends, a line on standard error.
#[derive(Debug)]
pub struct CompileTrace {
    started: Instant,
    /// The end of the last stage; `None` if nobody wants to know.
    last: Option<Instant>,
}

impl CompileTrace {
    /// Starts the clock; it stays silent unless somebody wants to know.
    pub fn start(is_wanted: bool) -> Self {
        let started = Instant::now();
        CompileTrace {
            started,
            last: is_wanted.then_some(started),
        }
    }

    /// Reports that a stage has ended; `counted` says what it worked on, such as `17 functions`.
    pub fn stage(&mut self, name: &str, counted: impl FnOnce() -> String) {
        let Some(last) = self.last else { return };
        let now = Instant::now();
        let stage_us = (now - last).as_nanos() as f64 / 1e3;
        let total_us = (now - self.started).as_nanos() as f64 / 1e3;
        eprintln!(
            "compile {name:<9} {stage_us:>9.0} us {total_us:>9.0} us in all  {}",
            counted()
        );
        self.last = Some(Instant::now());
    }
}
