//! Copies small functions that cannot fail into their callers.
//!
//! Only functions that can neither panic nor call, allocate or block are copied: then nobody can
//! tell, not even by a trace. What allocates or may fail comes with a table of inlined frames, when
//! there is one. Runs when both sides have been simplified; the caller is simplified again.

use cranelift_entity::SecondaryMap;

use crate::ssa::op::{BinaryOp, Callee, ConstantValue, ConvertKind, Op, Target};
use crate::ssa::{Block, Function, FunctionId, FunctionKind, Inst, Program, Value};
use crate::types::Basic;

/// Longer functions gain little from being copied.
const MAX_INSTS: usize = 40;
/// As above, for blocks.
const MAX_BLOCKS: usize = 6;
/// A function that inlined calls have made this long stays as it is.
const MAX_CALLER_INSTS: usize = 20_000;

/// Inlines where it is possible; returns the functions that changed.
pub(super) fn run(program: &mut Program) -> Vec<FunctionId> {
    let mut bodies: SecondaryMap<FunctionId, Option<Function>> = SecondaryMap::new();
    let mut is_any = false;
    for (id, function) in &program.functions {
        if is_inlinable(program, function) {
            bodies[id] = Some(function.clone());
            is_any = true;
        }
    }
    if !is_any {
        return Vec::new();
    }
    let mut changed = Vec::new();
    for (id, function) in &mut program.functions {
        if function.has_body() && inline_calls(function, id, &bodies) {
            changed.push(id);
        }
    }
    changed
}

fn is_inlinable(program: &Program, function: &Function) -> bool {
    matches!(function.kind, FunctionKind::Declared | FunctionKind::Wrapper)
        && function.has_body()
        && !function.has_defer
        && !function.has_recover
        && function.captures.is_empty()
        && function.layout.len() <= MAX_BLOCKS
        && function.layout.iter().map(|block| function.blocks[*block].insts.len()).sum::<usize>() <= MAX_INSTS
        // Without loops nothing has to be polled.
        && !has_loop(function)
        && function.layout.iter().all(|block| {
            function.blocks[*block].insts.iter().all(|inst| cannot_fail(program, function, *inst))
        })
}

fn has_loop(function: &Function) -> bool {
    let mut place: SecondaryMap<Block, usize> = SecondaryMap::new();
    let dominators = crate::ssa::dominators::Dominators::compute(function);
    for (index, block) in dominators.reverse_postorder().iter().enumerate() {
        place[*block] = index;
    }
    let blocks = dominators.reverse_postorder().iter();
    blocks.copied().any(|block| {
        function
            .successors(block)
            .any(|successor| place[successor] <= place[block])
    })
}

fn cannot_fail(program: &Program, function: &Function, inst: Inst) -> bool {
    let data = &function.insts[inst];
    let basic = |value: Value| program.typed.types.as_basic(function.type_of(value));
    let constant = |value: Value| {
        function
            .defining_inst(value)
            .and_then(|inst| match function.insts[inst].op {
                Op::Constant(ConstantValue::Integer(value)) => Some(value),
                _ => None,
            })
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
            program.typed.types.underlying(function.type_of(*value)),
            crate::types::Type::Map(..) | crate::types::Type::Channel(..)
        ),
        _ => false,
    }
}

/// Copies the bodies of the calls in `function`; whether there were any.
fn inline_calls(
    function: &mut Function,
    id: FunctionId,
    bodies: &SecondaryMap<FunctionId, Option<Function>>,
) -> bool {
    let mut changed = false;
    let mut index = 0;
    while index < function.layout.len() {
        let block = function.layout[index];
        index += 1;
        let position =
            function.blocks[block]
                .insts
                .iter()
                .position(|inst| match &function.insts[*inst].op {
                    Op::Call {
                        callee: Callee::Function(callee),
                        ..
                    } => *callee != id && bodies[*callee].is_some(),
                    _ => false,
                });
        let Some(position) = position else { continue };
        if function.insts.len() > MAX_CALLER_INSTS {
            return changed;
        }
        changed = true;
        inline_one(function, block, position, index, bodies);
        // The rest of the block is a block of its own now and is met later.
    }
    changed
}

fn inline_one(
    function: &mut Function,
    block: Block,
    position: usize,
    layout_index: usize,
    bodies: &SecondaryMap<FunctionId, Option<Function>>,
) {
    let call = function.blocks[block].insts[position];
    let Op::Call {
        callee: Callee::Function(callee),
        arguments,
    } = function.insts[call].op.clone()
    else {
        unreachable!("the caller found a call")
    };
    let body = bodies[callee].as_ref().expect("the caller looked");
    // What follows the call goes to a block whose parameters are the results.
    let rest = function.blocks[block].insts.split_off(position + 1);
    function.blocks[block].insts.pop();
    let next = function.blocks.push(crate::ssa::BlockData {
        parameters: Vec::new(),
        insts: rest,
    });
    for (index, result) in function.insts[call].results.clone().into_iter().enumerate() {
        function.values[result].definition = crate::ssa::Definition::Parameter(next, index as u32);
        function.blocks[next].parameters.push(result);
    }
    let mut blocks: SecondaryMap<Block, Option<Block>> = SecondaryMap::new();
    let mut values: SecondaryMap<Value, Option<Value>> = SecondaryMap::new();
    let mut copied = Vec::new();
    for &source in &body.layout {
        let copy = function.blocks.push(crate::ssa::BlockData::default());
        blocks[source] = Some(copy);
        copied.push(copy);
        for (index, &parameter) in body.blocks[source].parameters.iter().enumerate() {
            values[parameter] = Some(if source == body.entry() {
                arguments[index]
            } else {
                function.add_block_parameter(copy, body.type_of(parameter))
            });
        }
    }
    let span = function.insts[call].span;
    // Results first: a block may use what a later one in the layout defines.
    let mut insts: Vec<Vec<Inst>> = Vec::new();
    for &source in &body.layout {
        let mut list = Vec::new();
        for &inst in &body.blocks[source].insts {
            let types: Vec<_> = body.insts[inst]
                .results
                .iter()
                .map(|result| body.type_of(*result))
                .collect();
            let copy = function.make_inst(Op::Unreachable, &types, span);
            for (result, new) in body.insts[inst]
                .results
                .iter()
                .zip(function.insts[copy].results.clone())
            {
                values[*result] = Some(new);
            }
            list.push(copy);
        }
        insts.push(list);
    }
    for (&source, list) in body.layout.iter().zip(&insts) {
        for (&inst, &copy) in body.blocks[source].insts.iter().zip(list) {
            let mut op = body.insts[inst].op.clone();
            op.for_each_operand_mut(|value| *value = values[*value].expect("defined in the body"));
            op.for_each_target_mut(|target| {
                target.block = blocks[target.block].expect("in the body");
            });
            if let Op::Return(results) = op {
                op = Op::Jump(Target {
                    block: next,
                    arguments: results,
                });
            }
            function.insts[copy].op = op;
        }
        function.blocks[blocks[source].expect("in the body")]
            .insts
            .clone_from(list);
    }
    let into = function.make_inst(Op::Jump(Target::new(copied[0])), &[], span);
    function.blocks[block].insts.push(into);
    copied.push(next);
    let tail = function.layout.split_off(layout_index);
    function.layout.extend(copied);
    function.layout.extend(tail);
}
