//! The net under escape analysis: random programs do the same with every object in the heap, of the code as it was written,
//! and with the analysis, the passes and the inliner on.
//!
//! When one does not, the wrong decision is searched by halving (`MINIGODEBUG=stackhash=...`, see `cli::settings`) and named.
//!
//! | variable | meaning |
//! |---|---|
//! | `MINIGO_PROGRAMS=N` | how many programs; 200 |
//! | `MINIGO_SEED=N` | where they begin; 1. The same seed makes the same programs |
//! | `MINIGO_KEEP=1` | leave their files in the target folder, for Go to run |

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

mod generator;

/// Programs that are compiled together.
const CASES: u64 = 50;

/// What all others are compared with: nothing is on a stack, and nothing was optimized.
const REFERENCE: &str = "passes=0,stackhash=none";

/// How else they run.
const MODES: &[&str] = &[
    "",
    "gcstop=1,gcstress=997,gcverify=1,gcpoison=1",
    "passes=0,gcstress=97,gcjitter=3,gccheck=1,gcpoison=1",
];

#[derive(PartialEq)]
struct Outcome {
    status: Option<i32>,
    output: Vec<u8>,
}

fn run(file: &Path, modes: &str) -> (Outcome, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_minigo-under-test"))
        .arg("run")
        .arg(file)
        .env("MINIGODEBUG", modes)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let outcome = Outcome {
        status: ran.status.code(),
        output: ran.stdout,
    };
    (outcome, String::from_utf8_lossy(&ran.stderr).into_owned())
}

/// The placements that make a program differ from `expected`, one if that is possible.
fn guilty(file: &Path, modes: &str, expected: &Outcome) -> String {
    let with = |bits: &str| format!("{modes},stackhash={bits}");
    if run(file, &with("none")).0 != *expected {
        return "with nothing on stacks too".to_owned();
    }
    let mut bits = String::new();
    let mut listing = String::new();
    while bits.len() < 64 {
        let half = ["0", "1"].map(|bit| format!("{bit}{bits}"));
        let fails = half.into_iter().find_map(|bits| {
            let (outcome, errors) = run(file, &with(&bits));
            (outcome != *expected).then_some((bits, errors))
        });
        // Two together, or chance: what the last half holds is as far as it goes.
        let Some((found, errors)) = fails else { break };
        let placed = errors.lines().filter(|line| line.starts_with("place "));
        listing = placed.map(|line| format!("\n  {line}")).collect();
        bits = found;
        if listing.matches('\n').count() == 1 {
            break;
        }
    }
    format!("because of these on the stack (stackhash={bits}):{listing}")
}

/// Makes the programs of a seed and runs them; the error says what differs.
fn check(seed: u64, cases: u64) -> Result<(), String> {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("soundness_{seed}.mg"));
    std::fs::write(&file, generator::program(seed, cases)).expect("a writable folder");
    let (expected, errors) = run(&file, REFERENCE);
    let name = file.display();
    if expected.status != Some(0) {
        return Err(format!("{name} under {REFERENCE}: {errors}"));
    }
    for modes in MODES {
        let (outcome, errors) = run(&file, modes);
        if outcome != expected {
            let why = guilty(&file, modes, &expected);
            return Err(format!(
                "{name} differs under MINIGODEBUG={modes}, {why}\n{errors}"
            ));
        }
    }
    if std::env::var_os("MINIGO_KEEP").is_none() {
        std::fs::remove_file(&file).expect("the file that was written");
    }
    Ok(())
}

fn setting(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(default, |text| text.parse().expect("a number"))
}

#[test]
fn random_programs_do_the_same_wherever_their_objects_are() {
    let (programs, first) = (setting("MINIGO_PROGRAMS", 200), setting("MINIGO_SEED", 1));
    let files = programs.div_ceil(CASES);
    let (next, failures) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= files {
                        return;
                    }
                    let cases = CASES.min(programs - index * CASES);
                    if let Err(failure) = check(first + index, cases) {
                        let mut failures = failures.lock().unwrap_or_else(PoisonError::into_inner);
                        failures.push(failure);
                    }
                }
            });
        }
    });
    let failures = failures
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
