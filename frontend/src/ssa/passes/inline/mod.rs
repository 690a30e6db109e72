//! Copies functions into their callers: which, and in which order.
//!
//! | callee | copied into |
//! |---|---|
//! | small, and can neither fail nor call, allocate or block: nobody can tell | every function |
//! | small | functions of the user's |
//! | called from one place only | the same, unless it is large |
//!
//! The library's own code stays as it is otherwise: it was written with its costs in mind, and
//! copying it lengthens the start of every program. What defers, recovers, makes closures or calls
//! itself is never copied, nor what is marked `//go:noinline`. Synthesized callers get leaves only:
//! `recover` looks through their frames, and must not look through others.
//!
//! Callees come first, and a function is simplified as soon as it has got its copies, so sizes are
//! those of finished code. This runs before the analysis that decides what a run keeps on stacks:
//! what a small function returns is often used up in its caller (`return &T{...}`).

use std::ops::ControlFlow;

use cranelift_entity::SecondaryMap;

use crate::ssa::loops::Loops;
use crate::ssa::op::{BinaryOp, Callee, ConstantValue, ConvertKind, Op};
use crate::ssa::{Block, Function, FunctionId, FunctionKind, Inst, Program, Value};
use crate::types::layout::size_and_align;
use crate::types::{Basic, Type, TypeTable};

mod splice;

/// The cost of the largest function that is copied wherever it is called.
const MAX_COST: u32 = 60;
/// The same for one that is called from one place.
const MAX_COST_OF_SINGLE: u32 = 400;
/// What a call weighs: that much is saved and needed again around it.
const CALL_COST: u32 = 5;
/// What has larger variables is not copied, lest frames grow.
const MAX_VARIABLE_BYTES: u64 = 1024;
/// A leaf may have that many instructions.
const MAX_LEAF_INSTS: usize = 40;
/// As above, for blocks.
const MAX_LEAF_BLOCKS: usize = 6;
/// A function that copies have made this long stays as it is.
const MAX_CALLER_INSTS: usize = 20_000;

/// Inlines where it is possible; `simplify` is called on every function, and told whether it changed.
///
/// # Errors
/// The first of `simplify`.
pub(super) fn run(
    program: &mut Program,
    mut simplify: impl FnMut(&mut Program, FunctionId, bool) -> Result<(), String>,
) -> Result<(), String> {
    let uses = Uses::count(program);
    let mut kinds: SecondaryMap<FunctionId, Inlinable> = SecondaryMap::new();
    let mut copied = Vec::new();
    for id in callees_first(program) {
        let is_users = is_users(program, id);
        // Out of its place while it changes: what it calls is read meanwhile.
        let placeholder = Function::new(
            String::new(),
            FunctionKind::Entry,
            crate::source::Span::default(),
        );
        let mut function = std::mem::replace(&mut program.functions[id], placeholder);
        let takes = |callee: FunctionId| match kinds[callee] {
            Inlinable::Never => false,
            Inlinable::Leaf => true,
            Inlinable::Small => {
                is_users
                    && matches!(
                        function.kind,
                        FunctionKind::Declared | FunctionKind::Closure | FunctionKind::Init
                    )
            }
        };
        let calls = calls_to_replace(&function, &takes);
        let has_changed = !calls.is_empty();
        for (block, inst, callee) in calls {
            if function.insts.len() > MAX_CALLER_INSTS {
                break;
            }
            replace(program, &mut function, block, inst, callee);
            copied.push(callee);
        }
        program.functions[id] = function;
        simplify(program, id, has_changed)?;
        kinds[id] = inlinable(program, id, &uses);
    }
    drop_unused(program, copied);
    Ok(())
}

/// Whether a function may be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Inlinable {
    /// No; also while it is not finished.
    #[default]
    Never,
    /// Into every function.
    Leaf,
    /// Into functions of the user's.
    Small,
}

/// From how many places each function is used.
struct Uses {
    calls: SecondaryMap<FunctionId, u32>,
    /// Whether something else than a call may get at it.
    others: SecondaryMap<FunctionId, bool>,
}

impl Uses {
    fn count(program: &Program) -> Self {
        let mut uses = Uses {
            calls: SecondaryMap::new(),
            others: SecondaryMap::new(),
        };
        for function in program.functions.values() {
            let insts = function
                .layout
                .iter()
                .flat_map(|block| &function.blocks[*block].insts);
            for inst in insts {
                match &function.insts[*inst].op {
                    Op::Call {
                        callee: Callee::Function(callee),
                        ..
                    } => uses.calls[*callee] += 1,
                    Op::FunctionValue(function) | Op::MakeClosure { function, .. } => {
                        uses.others[*function] = true;
                    }
                    _ => {}
                }
            }
        }
        for entry in program.method_tables.values().flatten() {
            uses.others[entry.function] = true;
        }
        uses.others[program.entry] = true;
        uses
    }

    fn is_single(&self, id: FunctionId) -> bool {
        self.calls[id] == 1 && !self.others[id]
    }
}

/// All functions with bodies, those a function calls before it; in a circle somebody is first.
fn callees_first(program: &Program) -> Vec<FunctionId> {
    let callees = |id: FunctionId| -> Vec<FunctionId> {
        let function = &program.functions[id];
        let insts = function
            .layout
            .iter()
            .flat_map(|block| &function.blocks[*block].insts);
        insts
            .filter_map(|inst| match function.insts[*inst].op {
                Op::Call {
                    callee: Callee::Function(callee),
                    ..
                } => Some(callee),
                _ => None,
            })
            .collect()
    };
    let mut order = Vec::new();
    let mut is_met: SecondaryMap<FunctionId, bool> = SecondaryMap::new();
    for root in program.functions.keys() {
        // A stack of functions with those of their callees that are still to come.
        let mut stack = Vec::new();
        if !is_met[root] && program.functions[root].has_body() {
            is_met[root] = true;
            stack.push((root, callees(root)));
        }
        while let Some((id, rest)) = stack.last_mut() {
            let Some(next) = rest.pop() else {
                order.push(*id);
                stack.pop();
                continue;
            };
            if !is_met[next] && program.functions[next].has_body() {
                is_met[next] = true;
                let of_next = callees(next);
                stack.push((next, of_next));
            }
        }
    }
    order
}

/// Whether a function was written by the user.
fn is_users(program: &Program, id: FunctionId) -> bool {
    let mut function = &program.functions[id];
    loop {
        match (function.object, function.parent) {
            (Some(object), _) => {
                return program.typed.objects[object].package == Some(program.typed.main);
            }
            (None, Some(parent)) => function = &program.functions[parent],
            (None, None) => return false,
        }
    }
}

/// The calls in a function that copies shall replace.
fn calls_to_replace(
    function: &Function,
    takes: &dyn Fn(FunctionId) -> bool,
) -> Vec<(Block, Inst, FunctionId)> {
    let mut calls = Vec::new();
    for &block in &function.layout {
        // What leads to a certain panic need not be fast.
        let ends = &function.insts[function.terminator(block)].op;
        let is_cold = matches!(ends, Op::Panic(_) | Op::Unreachable);
        for &inst in &function.blocks[block].insts {
            if let Op::Call {
                callee: Callee::Function(callee),
                ..
            } = function.insts[inst].op
                && !is_cold
                && takes(callee)
            {
                calls.push((block, inst, callee));
            }
        }
    }
    // From the end, so that those before stay in their blocks.
    calls.reverse();
    calls
}

fn replace(
    program: &mut Program,
    function: &mut Function,
    block: Block,
    call: Inst,
    callee: FunctionId,
) {
    let mut insts = function.blocks[block].insts.iter();
    let position = insts.position(|inst| *inst == call);
    let position = position.expect("calls are replaced from the end");
    let body = &program.functions[callee];
    splice::splice(function, block, position, body, &mut program.inlined);
}

/// Drops the functions that live on in copies only.
fn drop_unused(program: &mut Program, mut copied: Vec<FunctionId>) {
    copied.sort_unstable();
    copied.dedup();
    // What a dropped one alone called is dropped in the next round.
    loop {
        let uses = Uses::count(program);
        let is_asked_for =
            |id: &FunctionId| uses.calls[*id] > 0 || uses.others[*id] || !is_users(program, *id);
        let (kept, dropped): (Vec<_>, Vec<_>) = copied.into_iter().partition(is_asked_for);
        if dropped.is_empty() {
            return;
        }
        for id in dropped {
            program.functions[id].layout.clear();
        }
        copied = kept;
    }
}

fn inlinable(program: &Program, id: FunctionId, uses: &Uses) -> Inlinable {
    let function = &program.functions[id];
    let is_simple = matches!(
        function.kind,
        FunctionKind::Declared | FunctionKind::Wrapper
    ) && function.has_body()
        && !function.has_defer
        && !function.has_recover
        && function.captures.is_empty();
    if !is_simple || has_noinline_mark(program, function) {
        return Inlinable::Never;
    }
    let Some(cost) = cost(&program.typed.types, function, id) else {
        return Inlinable::Never;
    };
    let insts = || {
        let blocks = function.layout.iter();
        blocks.flat_map(|block| &function.blocks[*block].insts)
    };
    let is_leaf = function.layout.len() <= MAX_LEAF_BLOCKS
        && insts().count() <= MAX_LEAF_INSTS
        && insts().all(|inst| cannot_fail(&program.typed.types, function, *inst))
        // Without loops nothing has to be polled.
        && Loops::of(function).loops.is_empty();
    let limit = if uses.is_single(id) {
        MAX_COST_OF_SINGLE
    } else {
        MAX_COST
    };
    if is_leaf {
        Inlinable::Leaf
    } else if cost <= limit {
        Inlinable::Small
    } else {
        Inlinable::Never
    }
}

/// How much code a function is, roughly in machine instructions; `None` if it must not be copied.
fn cost(types: &TypeTable, function: &Function, id: FunctionId) -> Option<u32> {
    let mut insts = function
        .layout
        .iter()
        .flat_map(|block| &function.blocks[*block].insts);
    let sum = insts.try_fold(0, |sum, inst| {
        let cost = match &function.insts[*inst].op {
            Op::Call {
                callee: Callee::Function(callee),
                ..
            } if *callee == id => return ControlFlow::Break(()),
            Op::MakeClosure { .. }
            | Op::Capture(_)
            | Op::Go(_)
            | Op::Defer(_)
            | Op::RunDefers
            | Op::Recover => return ControlFlow::Break(()),
            Op::Alloc(ty) if size_and_align(types, *ty).0 > MAX_VARIABLE_BYTES => {
                return ControlFlow::Break(());
            }
            Op::Call { .. } => CALL_COST,
            Op::Constant(_)
            | Op::GlobalAddress(_)
            | Op::Aggregate(_)
            | Op::Field(..)
            | Op::Element(..)
            | Op::FieldAddress(..)
            | Op::NilCheck(_)
            | Op::Convert(ConvertKind::Retype, _)
            | Op::Jump(_)
            | Op::Return(_) => 0,
            _ => 1,
        };
        ControlFlow::Continue(sum + cost)
    });
    match sum {
        ControlFlow::Continue(cost) => Some(cost),
        ControlFlow::Break(()) => None,
    }
}

/// Whether `//go:noinline` stands in the comment above a function.
fn has_noinline_mark(program: &Program, function: &Function) -> bool {
    let sources = &program.typed.sources;
    if function.span.is_none() {
        return false;
    }
    let Some(file) = sources.file_of(function.span.start) else {
        return false;
    };
    let file = sources.file(file);
    let before = &file.text[..(function.span.start - file.base) as usize];
    // The first is the part of the function's own line.
    let mut comment = before.rsplit('\n').skip(1).map(str::trim_end);
    comment
        .by_ref()
        .take_while(|line| line.starts_with("//"))
        .any(|line| line == "//go:noinline")
}

fn cannot_fail(types: &TypeTable, function: &Function, inst: Inst) -> bool {
    let data = &function.insts[inst];
    let basic = |value: Value| types.as_basic(function.type_of(value));
    let constant = |value: Value| {
        let inst = function.defining_inst(value)?;
        match function.insts[inst].op {
            Op::Constant(ConstantValue::Integer(value)) => Some(value),
            _ => None,
        }
    };
    if data.site.is_some() {
        return false;
    }
    match &data.op {
        Op::Jump(_) | Op::Branch { .. } | Op::Switch { .. } | Op::Return(_) => true,
        Op::Binary(op, left, right) => match op {
            BinaryOp::Divide | BinaryOp::Remainder => {
                basic(*left).is_some_and(Basic::is_float)
                    || constant(*right).is_some_and(|divisor| divisor != 0)
            }
            BinaryOp::ShiftLeft | BinaryOp::ShiftRight => {
                basic(*right).is_some_and(Basic::is_unsigned)
                    || constant(*right).is_some_and(|count| count >= 0)
            }
            // Comparing interfaces, and what holds them, may panic; comparing strings calls.
            _ => basic(*left).is_some_and(|basic| basic.is_numeric() || basic.is_boolean()),
        },
        Op::Convert(kind, _) => matches!(kind, ConvertKind::Retype | ConvertKind::Numeric),
        Op::Constant(_)
        | Op::GlobalAddress(_)
        | Op::Unary(..)
        | Op::Aggregate(_)
        | Op::Field(..)
        | Op::Element(..) => true,
        Op::Len(value) | Op::Cap(value) => !matches!(
            types.underlying(function.type_of(*value)),
            Type::Map(..) | Type::Channel(..)
        ),
        _ => false,
    }
}
