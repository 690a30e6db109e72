//! Escape analysis: what may live on a stack.
//!
//! # Promises
//! 1. No pointer to a stack-placed object is ever stored in the heap or in a package variable.
//! 2. No pointer to a stack-placed object outlives the activation, or the loop iteration, that made
//!    the object.
//!
//! # Model
//! As in Go's compiler, every variable and allocating expression is a *location*; the code is read
//! as assignments between locations with a number of dereferences each. `derefs` counts `*` less
//! `&` on the way from source to destination and is at least -1:
//!
//! | code | edge (destination <- source) | derefs |
//! |---|---|---|
//! | `p = &q` | p <- q | -1 |
//! | `p = q` | p <- q | 0 |
//! | `p = *q` | p <- q | 1 |
//! | `*p = q`, global = q, c <- q | heap <- q | 0 |
//!
//! The analysis is insensitive to flow, paths, contexts and fields: an assignment to a field is one
//! to the whole variable. Stores through pointers go to the heap location, but in [`Mode::Full`] those
//! of what came from there ([`build`]'s `put_back`). Functions are walked
//! callees first, in groups that call each other, closures with the function they stand in;
//! inside a group parameters are connected directly, between groups by a [`ParamSummary`].
//!
//! To explain, it reads the naive SSA form, where variables are `Alloc`s; an SSA value is a location
//! too, one that lives for a moment and never holds anything alive. To run, it reads optimized SSA,
//! where variables are values: those that go round a loop, and what closures return, do hold
//! something alive, and loops are those of the control flow.
//!
//! # Left out
//! Calls of unknown function values leak their arguments. So do calls of interface methods unless
//! one method is the only one they can end in, or, in [`Mode::Full`], all types that are ever
//! converted to interfaces are known: then the worst of their methods counts.
//!
//! Sources: Go's `cmd/compile/internal/escape` (its documented model); Choi et al., "Escape Analysis
//! for Java" (1999), for connection graphs with summaries.

use std::collections::HashSet;

use crate::callees::Callees;
use cranelift_entity::SecondaryMap;
use frontend::ssa::{FunctionId, Inst, Program, SiteId};
use frontend::types::TypeId;

mod bounds;
mod build;
mod call_graph;
mod callees;
mod explain;
mod flows;
mod go_library;
mod graph;
mod json;
mod mentions;
mod message;
mod native;
mod selection;
mod solve;
mod summary;
mod why;

pub use explain::{explained_messages, improvements, messages, messages_of_both};
pub use json::json;
pub use message::{LeakTarget, Message, Subject};
pub use selection::Selection;
pub use summary::ParamSummary;
pub use why::why;

/// What the analysis is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To say exactly what gc says.
    Go,
    /// To run: what gc has on the stack, and more.
    Full,
}

/// Where an allocation site's memory lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// In the frame of the function.
    Stack,
    /// In the heap, and why.
    Heap(Reason),
}

impl Default for Placement {
    /// What nobody decided about is in the heap: right for every site.
    fn default() -> Self {
        Placement::Heap(Reason::default())
    }
}

/// Why a site is in the heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reason {
    /// A pointer to it outlives it.
    #[default]
    Escapes,
    /// It is larger than a frame should be.
    TooLarge,
    /// Its size is known only at run time.
    NonConstantSize,
    /// Its elements have no size, and gc has no stack slices of such.
    Empty,
}

/// An interface call that can only end in one method.
#[derive(Debug, Clone, Copy)]
struct Devirtualized {
    function: FunctionId,
    /// The call.
    inst: Inst,
    /// The type in the interface.
    concrete: TypeId,
    /// The function in its method table.
    callee: FunctionId,
}

/// What the analysis found out about a whole program: a side table, the SSA stays untouched.
#[derive(Debug, Default)]
pub struct EscapeResults {
    placements: SecondaryMap<FunctionId, SecondaryMap<SiteId, Placement>>,
    summaries: SecondaryMap<FunctionId, Vec<ParamSummary>>,
    /// Sites whose memory nothing writes to once they are made.
    unwritten: HashSet<(FunctionId, SiteId)>,
    /// Interface calls whose method is known.
    devirtualized: Vec<Devirtualized>,
    /// The functions in the order they were analyzed, in their groups.
    order: Vec<Vec<FunctionId>>,
}

impl EscapeResults {
    /// Where a site's memory lives.
    pub fn placement(&self, function: FunctionId, site: SiteId) -> Placement {
        self.placements[function][site]
    }

    /// Whether a site's memory is in its function's frame.
    pub fn is_on_stack(&self, function: FunctionId, site: SiteId) -> bool {
        self.placement(function, site) == Placement::Stack
    }

    /// What may be on stacks, a line each: position, hash and the site's text, in the program's order.
    pub fn listing(&self, program: &Program) -> String {
        let mut lines = String::new();
        for (id, function) in &program.functions {
            for (site, data) in &function.sites {
                let placement = self.placement(id, site);
                // What is small at run time may be there too.
                if placement == Placement::Stack
                    || placement == Placement::Heap(Reason::NonConstantSize)
                {
                    let mut position = data.position;
                    while let Some(inlined) = program.inlined.get(position) {
                        position = inlined.position;
                    }
                    let position = program.typed.sources.display(position);
                    let hash = selection::hash(program, id, site);
                    let (kind, text, name) = (data.kind, &data.text, &function.name);
                    lines += &format!("place {hash:016x} {position}: {kind:?} {text} in {name}\n");
                }
            }
        }
        lines
    }

    /// How far each parameter of a function leaks.
    pub fn summaries(&self, function: FunctionId) -> &[ParamSummary] {
        &self.summaries[function]
    }
}

/// Analyzes a program: in naive form to explain it, in any to run it.
pub fn analyze(program: &Program, mode: Mode) -> EscapeResults {
    analyze_selected(program, mode, Selection::All)
}

/// The same, with only a part of the sites on stacks.
pub fn analyze_selected(program: &Program, mode: Mode, selection: Selection) -> EscapeResults {
    let mut results = EscapeResults::default();
    let callees = Callees::of_program(program);
    for group in call_graph::groups(program, &callees, mode) {
        let mut built = build::build(program, mode, selection, &callees, &group, &results);
        solve::solve(&mut built.graph);
        built.record(program, &mut results);
        results.order.push(group);
    }
    results
}
