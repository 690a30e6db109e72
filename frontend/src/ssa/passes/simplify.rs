//! Small simplifications that need no analysis: parts of aggregates, branches on constants,
//! straight-line blocks, block parameters that always get the same value.

use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;

use super::Context;
use crate::ssa::dominators::Dominators;
use crate::ssa::op::{BinaryOp, ConstantValue, Op, Target, UnaryOp};
use crate::ssa::{Block, Definition, Function, Value};

/// Simplifies until nothing changes, a few rounds at most.
pub(super) fn run(function: &mut Function, _context: &mut Context) {
    for _ in 0..4 {
        let mut changed = forward(function);
        changed |= redundant_parameters(function);
        changed |= merge_blocks(function);
        if !changed {
            break;
        }
    }
}

/// Values that stand for others.
type Renamed = SecondaryMap<Value, PackedOption<Value>>;

fn resolve(renamed: &Renamed, mut value: Value) -> Value {
    while let Some(next) = renamed[value].expand() {
        value = next;
    }
    value
}

fn apply(function: &mut Function, renamed: &Renamed) {
    for index in 0..function.layout.len() {
        let block = function.layout[index];
        for position in 0..function.blocks[block].insts.len() {
            let inst = function.blocks[block].insts[position];
            function.insts[inst]
                .op
                .for_each_operand_mut(|value| *value = resolve(renamed, *value));
        }
    }
}

/// The operation that defines a value.
fn definition<'f>(function: &'f Function, renamed: &Renamed, value: Value) -> Option<&'f Op> {
    function
        .defining_inst(resolve(renamed, value))
        .map(|inst| &function.insts[inst].op)
}

/// Parts of aggregates and zeros become what they are; negated conditions and constant branches
/// become plain ones.
fn forward(function: &mut Function) -> bool {
    let mut renamed: Renamed = SecondaryMap::new();
    let mut changed = false;
    for index in 0..function.layout.len() {
        let block = function.layout[index];
        for position in 0..function.blocks[block].insts.len() {
            let inst = function.blocks[block].insts[position];
            let new_op = match &function.insts[inst].op {
                Op::Field(value, field) => {
                    part(function, &mut renamed, inst, *value, *field as usize)
                }
                Op::Element(value, element) => {
                    part(function, &mut renamed, inst, *value, *element as usize)
                }
                Op::Branch {
                    condition,
                    then,
                    otherwise,
                } => branch(function, &renamed, *condition, then, otherwise),
                Op::Switch {
                    value,
                    cases,
                    default,
                } => switch(function, &renamed, *value, cases, default),
                Op::Binary(op, left, right) => fold(function, &renamed, *op, *left, *right),
                _ => Part::Unchanged,
            };
            match new_op {
                Part::Unchanged => {}
                Part::Renamed => changed = true,
                Part::Op(op) => {
                    function.insts[inst].op = op;
                    changed = true;
                }
            }
        }
    }
    if changed {
        apply(function, &renamed);
    }
    changed
}

enum Part {
    Unchanged,
    Renamed,
    Op(Op),
}

fn part(
    function: &Function,
    renamed: &mut Renamed,
    inst: crate::ssa::Inst,
    whole: Value,
    index: usize,
) -> Part {
    match definition(function, renamed, whole) {
        Some(Op::Aggregate(values)) => {
            let result = function.result(inst);
            if renamed[result].is_some() {
                return Part::Unchanged;
            }
            let value = resolve(renamed, values[index]);
            renamed[result] = value.into();
            Part::Renamed
        }
        Some(Op::Constant(ConstantValue::Zero)) => Part::Op(Op::Constant(ConstantValue::Zero)),
        _ => Part::Unchanged,
    }
}

fn branch(
    function: &Function,
    renamed: &Renamed,
    condition: Value,
    then: &Target,
    otherwise: &Target,
) -> Part {
    match definition(function, renamed, condition) {
        Some(Op::Constant(ConstantValue::Bool(value))) => {
            Part::Op(Op::Jump(if *value { then } else { otherwise }.clone()))
        }
        Some(Op::Constant(ConstantValue::Zero)) => Part::Op(Op::Jump(otherwise.clone())),
        Some(Op::Unary(UnaryOp::Not, inner)) => Part::Op(Op::Branch {
            condition: *inner,
            then: otherwise.clone(),
            otherwise: then.clone(),
        }),
        _ if then == otherwise => Part::Op(Op::Jump(then.clone())),
        _ => Part::Unchanged,
    }
}

fn integer(function: &Function, renamed: &Renamed, value: Value) -> Option<i64> {
    match definition(function, renamed, value)? {
        Op::Constant(ConstantValue::Integer(value)) => Some(*value),
        _ => None,
    }
}

fn switch(
    function: &Function,
    renamed: &Renamed,
    value: Value,
    cases: &[(i64, Target)],
    default: &Target,
) -> Part {
    match integer(function, renamed, value) {
        Some(value) => {
            let target = cases
                .iter()
                .find(|(case, _)| *case == value)
                .map_or(default, |(_, target)| target);
            Part::Op(Op::Jump(target.clone()))
        }
        None => Part::Unchanged,
    }
}

/// Comparisons of integer constants, which inlined code and lifted variables leave behind.
fn fold(function: &Function, renamed: &Renamed, op: BinaryOp, left: Value, right: Value) -> Part {
    let (Some(left), Some(right)) = (
        integer(function, renamed, left),
        integer(function, renamed, right),
    ) else {
        return Part::Unchanged;
    };
    // Order depends on the type's signedness; equality does not.
    let value = match op {
        BinaryOp::Equal => left == right,
        BinaryOp::NotEqual => left != right,
        _ => return Part::Unchanged,
    };
    Part::Op(Op::Constant(ConstantValue::Bool(value)))
}

/// A parameter that gets one and the same value (or itself) from everywhere is that value.
fn redundant_parameters(function: &mut Function) -> bool {
    let dominators = Dominators::compute(function);
    function
        .layout
        .retain(|block| dominators.is_reachable(*block));
    let predecessors = function.predecessors();
    let mut renamed: Renamed = SecondaryMap::new();
    let mut dropped: SecondaryMap<Block, Vec<bool>> = SecondaryMap::new();
    let mut changed = false;
    loop {
        let mut progress = false;
        for index in 1..function.layout.len() {
            let block = function.layout[index];
            let count = function.blocks[block].parameters.len();
            for position in 0..count {
                let parameter = function.blocks[block].parameters[position];
                if renamed[parameter].is_some() {
                    continue;
                }
                if let Some(value) = single_source(
                    function,
                    &predecessors[block],
                    &renamed,
                    block,
                    position,
                    parameter,
                ) {
                    renamed[parameter] = value.into();
                    dropped[block].resize(count, false);
                    dropped[block][position] = true;
                    progress = true;
                }
            }
        }
        if !progress {
            break;
        }
        changed = true;
    }
    if !changed {
        return false;
    }
    apply(function, &renamed);
    for index in 0..function.layout.len() {
        let block = function.layout[index];
        let terminator = function.terminator(block);
        function.insts[terminator].op.for_each_target_mut(|target| {
            drop_flagged(&mut target.arguments, &dropped[target.block]);
        });
        drop_flagged(&mut function.blocks[block].parameters, &dropped[block]);
        for (position, value) in function.blocks[block].parameters.iter().enumerate() {
            function.values[*value].definition = Definition::Parameter(block, position as u32);
        }
    }
    true
}

fn drop_flagged(values: &mut Vec<Value>, flags: &[bool]) {
    if !flags.is_empty() {
        let mut flags = flags.iter();
        values.retain(|_| !*flags.next().expect("one flag a value"));
    }
}

fn single_source(
    function: &Function,
    predecessors: &[Block],
    renamed: &Renamed,
    block: Block,
    position: usize,
    parameter: Value,
) -> Option<Value> {
    let mut source = None;
    for &predecessor in predecessors {
        for target in function.insts[function.terminator(predecessor)]
            .op
            .targets()
        {
            if target.block != block {
                continue;
            }
            let value = resolve(renamed, target.arguments[position]);
            if value == parameter || source == Some(value) {
                continue;
            }
            if source.is_some() {
                return None;
            }
            source = Some(value);
        }
    }
    source
}

/// A block whose only predecessor ends in a jump to it is appended to that predecessor.
fn merge_blocks(function: &mut Function) -> bool {
    let mut renamed: Renamed = SecondaryMap::new();
    let predecessors = function.predecessors();
    let mut merged: SecondaryMap<Block, bool> = SecondaryMap::new();
    let mut changed = false;
    for index in 0..function.layout.len() {
        let block = function.layout[index];
        if merged[block] {
            continue;
        }
        loop {
            let terminator = function.terminator(block);
            let Op::Jump(target) = &function.insts[terminator].op else {
                break;
            };
            let next = target.block;
            if next == block || next == function.entry() || predecessors[next].len() != 1 {
                break;
            }
            let arguments = target.arguments.clone();
            for (parameter, argument) in std::mem::take(&mut function.blocks[next].parameters)
                .into_iter()
                .zip(arguments)
            {
                renamed[parameter] = argument.into();
            }
            let moved = std::mem::take(&mut function.blocks[next].insts);
            function.blocks[block].insts.pop();
            function.blocks[block].insts.extend(moved);
            merged[next] = true;
            changed = true;
        }
    }
    if changed {
        function.layout.retain(|block| !merged[*block]);
        apply(function, &renamed);
    }
    changed
}
