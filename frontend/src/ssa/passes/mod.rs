//! The passes over SSA, as data: what runs, in which order, and why the order matters.
//!
//! A run places objects in what the passes leave; what `-m` explains never comes here (see the header
//! of `ssa`). [`run`] checks the table against [`ORDER`] before it does anything; in debug builds the verifier
//! runs after every pass.

use super::{Function, FunctionId, Program, verify};
use crate::types::TypeTable;

mod bounds_check;
mod dead_code;
mod inline;
mod lift;
mod loop_rotation;
mod merged_pointers;
mod nil_check;
mod renumber;
mod scalar_replacement;
mod simplify;

/// What a pass may use besides the function.
pub struct Context<'p> {
    /// All types; passes may intern pointers to parts.
    pub types: &'p mut TypeTable,
}

/// A pass.
#[derive(Clone, Copy)]
pub struct Pass {
    /// Its name, as tests name it.
    pub name: &'static str,
    run: fn(&mut Function, &mut Context),
}

/// The passes in the order they run.
pub const PASSES: &[Pass] = &[
    Pass {
        name: "loop_rotation",
        run: loop_rotation::run,
    },
    Pass {
        name: "scalar_replacement",
        run: scalar_replacement::run,
    },
    Pass {
        name: "lift",
        run: lift::run,
    },
    Pass {
        name: "simplify",
        run: simplify::run,
    },
    Pass {
        name: "nil_check",
        run: nil_check::run,
    },
    Pass {
        name: "bounds_check",
        run: bounds_check::run,
    },
    Pass {
        name: "dead_code",
        run: dead_code::run,
    },
];

/// Passes that find something only when the others have run.
pub const LATE: &[Pass] = &[
    Pass {
        name: "merged_pointers",
        run: merged_pointers::run,
    },
    Pass {
        name: "renumber",
        run: renumber::run,
    },
];

/// `(before, after, why)`
pub const ORDER: &[(&str, &str, &str)] = &[
    (
        "loop_rotation",
        "lift",
        "copying a test needs no repair while variables are memory",
    ),
    (
        "simplify",
        "bounds_check",
        "loop counters and lengths must be plain values",
    ),
    (
        "scalar_replacement",
        "lift",
        "the parts of a struct can be values only once they are variables of their own",
    ),
    (
        "lift",
        "simplify",
        "lifting leaves aggregates that are taken apart again",
    ),
    (
        "lift",
        "nil_check",
        "which pointers are one is visible only in values",
    ),
    (
        "simplify",
        "dead_code",
        "simplifying leaves definitions without use",
    ),
];

/// Runs all passes, or those up to and including `last`, on all functions; then inlines and runs what
/// has something to do after that.
///
/// # Errors
/// What the verifier found after which pass, in debug builds.
pub fn run(program: &mut Program, last: Option<&str>) -> Result<(), String> {
    check_order()?;
    let mut all: Vec<FunctionId> = program
        .functions
        .keys()
        .filter(|id| program.functions[*id].has_body())
        .collect();
    for pass in PASSES {
        run_pass(program, pass, &all)?;
        if last == Some(pass.name) {
            return Ok(());
        }
    }
    inline::run(program, |program, id, has_changed| {
        let function = &program.functions[id];
        if !has_changed && !merged_pointers::may_apply(function, &program.typed.types) {
            return Ok(());
        }
        AFTER_INLINING
            .iter()
            .try_for_each(|name| run_pass(program, named(name), &[id]))
    })?;
    // What was inlined everywhere has no body any more.
    all.retain(|id| program.functions[*id].has_body());
    run_pass(program, named("renumber"), &all)
}

/// Runs one pass on one function; false if there is none of this name.
pub fn run_one(name: &str, function: &mut Function, types: &mut TypeTable) -> bool {
    let pass = pass_of_name(name);
    if let Some(pass) = pass {
        (pass.run)(function, &mut Context { types });
    }
    pass.is_some()
}

fn pass_of_name(name: &str) -> Option<&'static Pass> {
    PASSES.iter().chain(LATE).find(|pass| pass.name == name)
}

/// As `pass_of_name`, of a name that is in this file.
fn named(name: &str) -> &'static Pass {
    pass_of_name(name).expect("a pass of the tables")
}

/// What runs on a function that calls were inlined in, or that late passes may have something to do in.
/// The first makes of arguments and results what they are in the caller, so that what they point at can
/// be lifted.
const AFTER_INLINING: &[&str] = &[
    "simplify",
    "merged_pointers",
    "scalar_replacement",
    "lift",
    "simplify",
    "nil_check",
    "bounds_check",
    "dead_code",
];

fn run_pass(program: &mut Program, pass: &Pass, functions: &[FunctionId]) -> Result<(), String> {
    for &id in functions {
        (pass.run)(
            &mut program.functions[id],
            &mut Context {
                types: &mut program.typed.types,
            },
        );
        if cfg!(debug_assertions) {
            verify::function(program, &program.functions[id])
                .map_err(|error| format!("after {}: {error}", pass.name))?;
        }
    }
    Ok(())
}

fn check_order() -> Result<(), String> {
    let place = |name: &str| PASSES.iter().position(|pass| pass.name == name);
    for (before, after, why) in ORDER {
        if place(before) >= place(after) {
            return Err(format!("pass {before} must run before {after}: {why}"));
        }
    }
    Ok(())
}

/// How many machine words a value of a type is when taken apart, if at most `limit`; `None` beyond.
///
/// Values of at most [`REGISTER_WORDS`] live in registers; larger ones are kept in memory, and their
/// variables are never lifted.
pub fn flattened_words(types: &TypeTable, ty: crate::types::TypeId, limit: u64) -> Option<u64> {
    use crate::types::{Basic, Type};
    let words = match types.underlying(ty) {
        Type::Basic(Basic::String | Basic::Complex64 | Basic::Complex128) | Type::Interface(_) => 2,
        Type::Slice(_) => 3,
        Type::Array(element, count) => {
            if *count > limit {
                // An array of empty structs is no words, however long; refusing it is harmless.
                return None;
            }
            flattened_words(types, *element, limit)? * count
        }
        Type::Struct(fields) => {
            let mut sum = 0;
            for field in fields {
                sum += flattened_words(types, field.ty, limit)?;
                if sum > limit {
                    return None;
                }
            }
            sum
        }
        _ => 1,
    };
    (words <= limit).then_some(words)
}

/// The largest value that lives in registers, in words.
pub const REGISTER_WORDS: u64 = 8;
