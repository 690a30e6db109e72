//! Tests of the tests: with a part of the collector switched off, programs must fail that pass with it.
//!
//! Without the write barrier something reachable stays unmarked sooner or later, which the second marking of `gccheck=1` finds;
//! when depends on timing, so each program has several tries. Without cards a cycle that looks at young objects only overlooks those
//! that nothing but old ones point to, which the second marking finds as well. Without any collection, programs that look at its effects fail.

use std::path::Path;
use std::process::{Command, Stdio};

/// Tries until a mutation counts as not caught.
const TRIES: usize = 20;

const NO_BARRIER: &str = "gcyoung=0,gcstress=13,gcjitter=5,gccheck=1,gcpoison=1";

const YOUNG: &str = "gcyoung=2,gcstop=1,gcstress=7,gccheck=1,gcpoison=1";

/// Whether the program ends as its golden file says.
fn passes(program: &str, modes: &str) -> bool {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(program);
    let expected = std::fs::read(file.with_extension("out")).expect("a golden file");
    let outcome = Command::new(env!("CARGO_BIN_EXE_minigo-under-test"))
        .arg("run")
        .arg(&file)
        .env("MINIGODEBUG", modes)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    outcome.status.success() && outcome.stdout == expected
}

fn is_caught(program: &str, modes: &str) -> bool {
    (0..TRIES).any(|_| !passes(program, modes))
}

#[test]
fn programs_pass_with_all_of_it() {
    for program in [
        "run/garbage.mg",
        "run/memory_statistics.mg",
        "scheduling/finalizers.mg",
        "scheduling/pointers_swapped_while_marking.mg",
        "scheduling/pools.mg",
    ] {
        assert!(passes(program, NO_BARRIER), "{program}");
    }
}

#[test]
fn a_collector_without_barrier_is_caught_by_three_programs() {
    for program in [
        "run/memory_statistics.mg",
        "scheduling/finalizers.mg",
        "scheduling/pointers_swapped_while_marking.mg",
    ] {
        let modes = format!("gcnobarrier=1,{NO_BARRIER}");
        assert!(is_caught(program, &modes), "{program}");
    }
}

#[test]
fn young_cycles_without_cards_are_caught_by_three_programs() {
    for program in ["run/garbage.mg", "run/interfaces.mg", "run/maps.mg"] {
        assert!(passes(program, YOUNG), "{program}");
        let modes = format!("gcnocards=1,{YOUNG}");
        assert!(is_caught(program, &modes), "{program}");
    }
}

#[test]
fn a_collector_that_never_collects_is_caught_by_three_programs() {
    for program in [
        "run/garbage.mg",
        "scheduling/pools.mg",
        "scheduling/timer_channels.mg",
    ] {
        assert!(is_caught(program, "gcnever=1"), "{program}");
    }
}
