//! Everything about a run that can be set from outside: the one table of knobs.
//!
//! | name | meaning |
//! |---|---|
//! | `GOGC=N` / `off` | growth in percent before the next collection; 100 |
//! | `GOMEMLIMIT=N` / `off` | bytes the heap should not exceed, with `B`, `KiB`, `MiB`, `GiB` or `TiB`; off |
//! | `GOMAXPROCS=N` | how many goroutines run at the same time; the machine's processors |
//! | `GOTRACEBACK=level` | what is shown when the program dies, see [`crate::traceback`]; `single` |
//! | `MINIGODEBUG=gcstress=N` | collect after every N allocations |
//! | `MINIGODEBUG=gcverify=1` | check the whole heap before and after each collection; nothing may point into a frame that has ended, nor from the heap into a stack |
//! | `MINIGODEBUG=gcpoison=1` | overwrite freed memory, freed stacks too |
//! | `MINIGODEBUG=gctrace=1` | a line on standard error for each collection, in Go's form |
//! | `MINIGODEBUG=gcstop=1` | mark with the world stopped; without it, beside the program; seeded runs always stop |
//! | `MINIGODEBUG=gccheck=1` | mark again after marking, with the world stopped, and die if that reaches more |
//! | `MINIGODEBUG=gcjitter=N` | random delays in the collector, from this seed |
//! | `MINIGODEBUG=gcnever=1` | never collect |
//! | `MINIGODEBUG=gcnobarrier=1` | no write barrier: for tests of the tests |
//! | `MINIGODEBUG=schedtrace=N` | a line on standard error every N milliseconds, in Go's form |
//! | `MINIGODEBUG=scheddetail=1` | with it, a line for every processor and goroutine |
//! | `MINIGODEBUG=preempt=always` | ask for a yield each time a goroutine is entered |
//! | `MINIGODEBUG=seed=N` | as the option `-seed N`: every choice comes from N, and one goroutine runs at a time |
//! | `MINIGODEBUG=compiletrace=1`, `passes=0`, `stackhash=...` | for the compiler: `cli::settings` |
//!
//! Several settings in `MINIGODEBUG` are separated by commas. Unknown ones are ignored, as Go ignores unknown `GODEBUG`s.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::traceback::Traceback;

/// How a program runs.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches, each named in the table above"
)]
#[derive(Debug, Clone)]
pub struct Options {
    /// The program's arguments, its name first: bytes, as the system passes them.
    pub arguments: Vec<Vec<u8>>,
    /// Where every random choice begins.
    pub seed: u64,
    /// Whether the seed was stated: then one goroutine runs at a time, and the same seed gives the same run.
    pub is_seeded: bool,
    /// Whether the process ends with the program.
    pub ends_process: bool,
    /// Growth in percent before the next collection; `None` for never.
    pub gogc: Option<u32>,
    /// Bytes the heap should not exceed; an error is a text that says no such number.
    pub limit_bytes: Result<u64, String>,
    /// GOMAXPROCS at the start.
    pub processors: u32,
    /// What is shown when the program dies.
    pub traceback: Traceback,
    /// Collect after every so many allocations; 0 for when the heap has grown.
    pub collect_every: u32,
    /// Check the heap around collections.
    pub verify_heap: bool,
    /// Overwrite freed memory.
    pub poison_freed: bool,
    /// Print a line a collection.
    pub trace_collections: bool,
    /// Print what the collector did when the program ends.
    pub reports_collections: bool,
    /// Print a line about the scheduler every so many milliseconds; 0 for never.
    pub schedule_trace_ms: u64,
    /// Print more of it.
    pub schedule_trace_detail: bool,
    /// Never collect.
    pub never_collect: bool,
    /// Mark with the world stopped.
    pub stop_world: bool,
    /// Mark twice.
    pub check_marks: bool,
    /// Random delays in the collector; 0 for none.
    pub collector_jitter: u64,
    /// No write barrier.
    pub no_barrier: bool,
    /// Which cycles look at young objects only.
    pub young: gc::generation::Young,
    /// Young cycles do not look at cards.
    pub no_cards: bool,
    /// Ask every goroutine to yield as soon as it runs.
    pub preempt_always: bool,
}

impl Options {
    /// Everything as when nothing is set, with a seed from the clock.
    pub fn new() -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self {
            arguments: Vec::new(),
            seed: now.as_nanos() as u64 ^ u64::from(std::process::id()) << 32,
            is_seeded: false,
            ends_process: false,
            gogc: Some(100),
            limit_bytes: Ok(gc::NO_LIMIT),
            processors: available_processors(),
            traceback: Traceback::SINGLE,
            collect_every: 0,
            verify_heap: false,
            poison_freed: false,
            trace_collections: false,
            reports_collections: false,
            schedule_trace_ms: 0,
            schedule_trace_detail: false,
            never_collect: false,
            stop_world: false,
            check_marks: false,
            collector_jitter: 0,
            no_barrier: false,
            young: gc::generation::Young::default(),
            no_cards: false,
            preempt_always: false,
        }
    }

    /// As the environment says.
    pub fn from_environment() -> Self {
        let mut options = Self::new();
        if let Ok(value) = std::env::var("GOGC") {
            options.set_gogc(&value);
        }
        if let Ok(value) = std::env::var("GOMEMLIMIT") {
            options.set_memory_limit(&value);
        }
        if let Some(count) = std::env::var("GOMAXPROCS")
            .ok()
            .and_then(|value| value.parse().ok())
            && count > 0
        {
            options.processors = count;
        }
        if let Ok(value) = std::env::var("GOTRACEBACK") {
            options.traceback = Traceback::from_name(&value);
        }
        if let Ok(value) = std::env::var("MINIGODEBUG") {
            options.set_debug(&value);
        }
        options
    }

    /// Takes a value of `GOGC`.
    pub fn set_gogc(&mut self, value: &str) {
        if value == "off" {
            self.gogc = None;
        } else if let Ok(percent) = value.parse::<i64>() {
            self.gogc = u32::try_from(percent).ok();
        }
    }

    /// Takes a value of `GOMEMLIMIT`.
    pub fn set_memory_limit(&mut self, value: &str) {
        self.limit_bytes = match value {
            "" | "off" => Ok(gc::NO_LIMIT),
            _ => parse_byte_count(value).ok_or_else(|| value.to_owned()),
        };
    }

    /// States the seed.
    pub fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
        self.is_seeded = true;
    }

    /// Takes a value of `MINIGODEBUG`.
    pub fn set_debug(&mut self, value: &str) {
        for setting in value.split(',') {
            let (name, value) = setting.split_once('=').unwrap_or((setting, "1"));
            let number = value.parse::<u64>().unwrap_or(0);
            match name.trim() {
                "gcstress" => self.collect_every = number as u32,
                "gcverify" => self.verify_heap = number != 0,
                "gcpoison" => self.poison_freed = number != 0,
                "gctrace" => self.trace_collections = number != 0,
                "gcstop" => self.stop_world = number != 0,
                "gccheck" => self.check_marks = number != 0,
                "gcjitter" => self.collector_jitter = number,
                "gcnobarrier" => self.no_barrier = number != 0,
                "gcyoung" => {
                    self.young = match number {
                        0 => gc::generation::Young::Never,
                        1 => gc::generation::Young::Paced,
                        _ => gc::generation::Young::Often,
                    }
                }
                "gcnocards" => self.no_cards = number != 0,
                "gcnever" => self.never_collect = number != 0,
                "schedtrace" => self.schedule_trace_ms = number,
                "scheddetail" => self.schedule_trace_detail = number != 0,
                "preempt" => self.preempt_always = value == "always",
                "seed" => self.set_seed(number),
                _ => {}
            }
        }
    }

    /// What of it concerns the heap.
    pub fn heap_options(&self) -> gc::Options {
        gc::Options {
            gogc: self.gogc,
            stress_every: self.collect_every,
            verify: self.verify_heap,
            poison: self.poison_freed,
            trace: self.trace_collections,
            never_collect: self.never_collect,
            // Without an end of the process, nobody would wait for the collector's thread.
            stop_world: !self.ends_process || self.is_seeded || self.stop_world,
            check_marks: self.check_marks,
            jitter: self.collector_jitter,
            no_barrier: self.no_barrier,
            young: self.young,
            no_cards: self.no_cards,
            limit_bytes: *self.limit_bytes.as_ref().unwrap_or(&gc::NO_LIMIT),
            find_system_limit: Some(crate::memory_limit::respect_control_group),
            outgrown: self
                .ends_process
                .then_some(crate::process::release_unused as fn()),
            ..gc::Options::default()
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

/// Processors this process may use: those it may be scheduled on. The standard library would also read a dozen files of the
/// control groups, which takes longer than a small program runs.
pub fn available_processors() -> u32 {
    // SAFETY: the set is plain data, as large as stated, and only written to by the call.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        if libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &raw mut set) != 0 {
            return 1;
        }
        libc::CPU_COUNT(&set).max(1) as u32
    }
}

/// Digits, perhaps with a unit; less than 2^63, as Go's `parseByteCount` takes it.
fn parse_byte_count(text: &str) -> Option<u64> {
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("B", 0)];
    let (digits, shift) = units
        .into_iter()
        .find_map(|(unit, shift)| Some((text.strip_suffix(unit)?, shift)))
        .unwrap_or((text, 0));
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count = digits.parse::<u64>().ok()?.checked_mul(1 << shift)?;
    i64::try_from(count).is_ok().then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_settings_are_separated_by_commas() {
        let mut options = Options::new();
        options.set_debug("gcstress=3,gcverify=1,unknown=9,preempt=always");
        assert_eq!(options.collect_every, 3);
        assert!(options.verify_heap && options.preempt_always && !options.poison_freed);
    }

    #[test]
    fn a_memory_limit_has_go_s_units() {
        let limit = |text: &str| {
            let mut options = Options::new();
            options.set_memory_limit(text);
            options.limit_bytes
        };
        for (text, bytes) in [
            ("", gc::NO_LIMIT),
            ("off", gc::NO_LIMIT),
            ("5000", 5000),
            ("7B", 7),
            ("3KiB", 3 << 10),
            ("10MiB", 10 << 20),
            ("2GiB", 2 << 30),
            ("1TiB", 1 << 40),
        ] {
            assert_eq!(limit(text), Ok(bytes), "{text}");
        }
        for text in [
            "1KB",
            "-5",
            "1e3",
            "10 MiB",
            "B",
            "+1",
            "9223372036854775808",
            "16777216TiB",
        ] {
            assert_eq!(limit(text), Err(text.to_owned()));
        }
    }

    #[test]
    fn gogc_off_and_negative_turn_collection_off() {
        let mut options = Options::new();
        options.set_gogc("off");
        assert_eq!(options.gogc, None);
        options.set_gogc("50");
        assert_eq!(options.gogc, Some(50));
        options.set_gogc("-1");
        assert_eq!(options.gogc, None);
    }
}
