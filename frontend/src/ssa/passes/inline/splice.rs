//! Puts a copy of a function in the place of a call.
//!
//! The block is cut behind the call; what follows becomes a block whose parameters are the call's
//! results, and every `Return` of the copy jumps there. Sites are copied too: each copy may be
//! placed by itself. A copied instruction stands at an inlined position, so that a trace can tell
//! both functions.

use cranelift_entity::SecondaryMap;

use crate::source::Span;
use crate::ssa::inlined::{InlinedPosition, InlinedPositions};
use crate::ssa::op::{Callee, Op, Target};
use crate::ssa::{
    Block, BlockData, Definition, Function, FunctionId, FunctionKind, Inst, SelfAssignment, Value,
};

/// Replaces the call at `position` in `block` by a copy of `body`, the function it calls. Returns
/// the block with what followed.
pub(super) fn splice(
    function: &mut Function,
    block: Block,
    position: usize,
    body: &Function,
    inlined: &mut InlinedPositions,
) -> Block {
    let call = function.blocks[block].insts[position];
    let Op::Call {
        callee: Callee::Function(callee),
        arguments,
    } = function.insts[call].op.clone()
    else {
        unreachable!("only calls of known functions are replaced")
    };
    let next = cut(function, block, position);
    let span = function.insts[call].span;
    let mut positions = Positions {
        inlined,
        callee,
        call: span,
        is_hidden: body.kind == FunctionKind::Wrapper,
    };
    let mut copy = Copy {
        blocks: SecondaryMap::new(),
        values: SecondaryMap::new(),
    };
    let mut copied = Vec::with_capacity(body.layout.len() + 1);
    for &source in &body.layout {
        let target = function.blocks.push(BlockData::default());
        copy.blocks[source] = Some(target);
        copied.push(target);
        for (index, &parameter) in body.blocks[source].parameters.iter().enumerate() {
            copy.values[parameter] = Some(if source == body.entry() {
                arguments[index]
            } else {
                function.add_block_parameter(target, body.type_of(parameter))
            });
        }
    }
    // Results first: a block may use what a later one in the layout defines.
    let mut insts: SecondaryMap<Inst, Option<Inst>> = SecondaryMap::new();
    for &source in &body.layout {
        for &inst in &body.blocks[source].insts {
            let data = &body.insts[inst];
            let types: Vec<_> = data
                .results
                .iter()
                .map(|result| body.type_of(*result))
                .collect();
            let new = function.make_inst(Op::Unreachable, &types, positions.of(data.span));
            if let Some(site) = data.site.expand() {
                function.insts[new].site = function.sites.push(body.sites[site].clone()).into();
            }
            for (index, result) in data.results.iter().enumerate() {
                copy.values[*result] = Some(function.insts[new].results[index]);
            }
            insts[inst] = Some(new);
        }
    }
    for (&source, &target) in body.layout.iter().zip(&copied) {
        for &inst in &body.blocks[source].insts {
            let new = insts[inst].expect("copied above");
            function.insts[new].op = copy.op(&body.insts[inst].op, next);
            function.blocks[target].insts.push(new);
        }
    }
    for assignment in &body.self_assignments {
        if let Some(inst) = insts[assignment.inst] {
            let copy = SelfAssignment {
                inst,
                ..assignment.clone()
            };
            function.self_assignments.push(copy);
        }
    }
    let into = function.make_inst(Op::Jump(Target::new(copied[0])), &[], span);
    function.blocks[block].insts.push(into);
    copied.push(next);
    let place = function.layout.iter().position(|other| *other == block);
    let behind = place.expect("a block of the layout") + 1;
    function.layout.splice(behind..behind, copied);
    next
}

/// Takes what follows a call out of its block, and the call too; its results become parameters.
fn cut(function: &mut Function, block: Block, position: usize) -> Block {
    let rest = function.blocks[block].insts.split_off(position + 1);
    let call = function.blocks[block].insts.pop().expect("the call");
    let results = std::mem::take(&mut function.insts[call].results);
    let next = function.blocks.push(BlockData {
        parameters: results.to_vec(),
        insts: rest,
    });
    for (index, result) in results.into_iter().enumerate() {
        function.values[result].definition = Definition::Parameter(next, index as u32);
    }
    next
}

/// Where copied instructions stand.
struct Positions<'i> {
    inlined: &'i mut InlinedPositions,
    callee: FunctionId,
    call: Span,
    /// Whether traces do not show the callee.
    is_hidden: bool,
}

impl Positions<'_> {
    fn of(&mut self, span: Span) -> Span {
        if span.is_none() || self.call.is_none() || self.is_hidden {
            return self.call;
        }
        Span::at(self.inlined.offset_of(InlinedPosition {
            position: span.start,
            callee: self.callee,
            call: self.call.start,
        }))
    }
}

/// What the callee's blocks and values are in the copy.
struct Copy {
    blocks: SecondaryMap<Block, Option<Block>>,
    values: SecondaryMap<Value, Option<Value>>,
}

impl Copy {
    fn op(&self, op: &Op, next: Block) -> Op {
        let mut op = op.clone();
        op.for_each_operand_mut(|value| *value = self.values[*value].expect("defined in the body"));
        op.for_each_target_mut(|target| {
            target.block = self.blocks[target.block].expect("in the body");
        });
        if let Op::Return(results) = op {
            op = Op::Jump(Target {
                block: next,
                arguments: results,
            });
        }
        op
    }
}
