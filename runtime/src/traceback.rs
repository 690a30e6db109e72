//! `GOTRACEBACK`: what is shown when the program dies of a panic or a fatal error, and how it ends then.
//!
//! | level | shown | end |
//! |---|---|---|
//! | `none`, `0` | the message | status 2 |
//! | `single`, nothing | the goroutine at fault, if there is one; else all | status 2 |
//! | `all`, `1`, any other number or word | all goroutines | status 2 |
//! | `system`, `2` | the same: no frame of the runtime is on a goroutine's stack here | status 2 |
//! | `crash` | the same | SIGABRT, for a core dump |
//!
//! Errors of the runtime's own, such as a stack overflow, show all goroutines whatever the level.
//! Source: the `runtime` package's "Environment Variables".

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

/// A level of `GOTRACEBACK`. Levels are sets of wishes, and add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traceback(u8);

const ANY: u8 = 1;
const ALL: u8 = 2;
const ABORT: u8 = 4;

impl Traceback {
    /// What holds when nothing is said.
    pub const SINGLE: Self = Self(ANY);

    /// The level of this name.
    pub fn from_name(name: &str) -> Self {
        Self(match name {
            "none" => 0,
            "single" | "" => ANY,
            "all" | "system" => ANY | ALL,
            "crash" => ANY | ALL | ABORT,
            // A word that is no level counts as a number that is 0; yet if anything is shown, all is.
            _ => match name.parse::<u32>() {
                Ok(number) if number > 0 => ANY | ALL,
                _ => ALL,
            },
        })
    }

    /// Whether a trace is shown at all.
    pub fn shows_any(self) -> bool {
        self.0 & ANY != 0
    }

    /// Whether goroutines that are not at fault are shown too.
    pub fn shows_all(self) -> bool {
        self.0 & (ANY | ALL) == ANY | ALL
    }

    /// Whether the process is to abort.
    pub fn aborts(self) -> bool {
        self.0 & ABORT != 0
    }
}

/// The level in force: that of the environment, and what the program adds to it.
#[derive(Debug)]
pub struct TracebackSetting {
    least: Traceback,
    now: AtomicU8,
}

impl TracebackSetting {
    /// The environment's.
    pub fn new(least: Traceback) -> Self {
        Self {
            least,
            now: AtomicU8::new(least.0),
        }
    }

    /// The level in force.
    pub fn get(&self) -> Traceback {
        Traceback(self.now.load(Relaxed))
    }

    /// `debug.SetTraceback`: never less than the environment asks for.
    pub fn set(&self, level: Traceback) {
        self.now.store(self.least.0 | level.0, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_those_of_the_environment_variable() {
        let shown = |name| {
            let level = Traceback::from_name(name);
            (level.shows_any(), level.shows_all(), level.aborts())
        };
        assert_eq!(shown("none"), (false, false, false));
        assert_eq!(shown("0"), (false, false, false));
        assert_eq!(shown(""), (true, false, false));
        assert_eq!(shown("single"), (true, false, false));
        assert_eq!(shown("all"), (true, true, false));
        assert_eq!(shown("2"), (true, true, false));
        assert_eq!(shown("crash"), (true, true, true));
        assert_eq!(shown("nonsense"), (false, false, false));
    }

    #[test]
    fn the_program_cannot_go_below_the_environment() {
        let setting = TracebackSetting::new(Traceback::from_name("all"));
        setting.set(Traceback::from_name("none"));
        assert!(setting.get().shows_all());
        let setting = TracebackSetting::new(Traceback::SINGLE);
        setting.set(Traceback::from_name("all"));
        assert!(setting.get().shows_all());
        setting.set(Traceback::from_name("single"));
        assert!(!setting.get().shows_all());
    }
}
