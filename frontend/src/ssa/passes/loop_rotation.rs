//! Turns loops round: the test at the top is copied to the bottom, so that a round takes one branch.
//!
//! ```text
//! header: test; branch body, exit        header: test; branch body, exit     (entered once)
//! body:   ...; jump header          =>   body:   ...; test; branch body, exit
//! ```
//!
//! Runs on the naive form, where variables are memory and a header's values are used in the header
//! alone: copying needs no repair of SSA form.

use cranelift_entity::SecondaryMap;

use super::Context;
use crate::ssa::dominators::Dominators;
use crate::ssa::op::Op;
use crate::ssa::{Block, Function, Inst, Value};

/// A longer header is not worth copying.
const MAX_HEADER_INSTS: usize = 16;

/// Rotates the loops of a function.
pub(super) fn run(function: &mut Function, _context: &mut Context) {
    let dominators = Dominators::compute(function);
    function
        .layout
        .retain(|block| dominators.is_reachable(*block));
    let mut latches: SecondaryMap<Block, Vec<Block>> = SecondaryMap::new();
    let mut headers = Vec::new();
    for &block in &function.layout {
        if let Op::Jump(target) = &function.insts[function.terminator(block)].op
            && target.block != block
            && dominators.dominates(target.block, block)
        {
            if latches[target.block].is_empty() {
                headers.push(target.block);
            }
            latches[target.block].push(block);
        }
    }
    if headers.is_empty() {
        return;
    }
    let is_local = local_values(function);
    for header in headers {
        // With several ways back the copies would outgrow the gain.
        if latches[header].len() == 1 && is_copyable(function, header, &is_local) {
            copy_to_latch(function, header, latches[header][0]);
        }
    }
}

/// Which values are used only in the block that defines them.
fn local_values(function: &Function) -> SecondaryMap<Value, bool> {
    let mut home: SecondaryMap<Value, Option<Block>> = SecondaryMap::new();
    let mut is_local: SecondaryMap<Value, bool> = SecondaryMap::with_default(true);
    for &block in &function.layout {
        for &inst in &function.blocks[block].insts {
            for &result in &function.insts[inst].results {
                home[result] = Some(block);
            }
        }
    }
    for &block in &function.layout {
        for &inst in &function.blocks[block].insts {
            function.insts[inst].op.for_each_operand(|value| {
                if home[value] != Some(block) {
                    is_local[value] = false;
                }
            });
        }
    }
    is_local
}

fn is_copyable(function: &Function, header: Block, is_local: &SecondaryMap<Value, bool>) -> bool {
    let data = &function.blocks[header];
    data.parameters.is_empty()
        && data.insts.len() <= MAX_HEADER_INSTS
        && matches!(function.insts[function.terminator(header)].op, Op::Branch { .. })
        // An allocation site stands for one place in the code.
        && data.insts.iter().all(|inst| {
            let data = &function.insts[*inst];
            data.site.is_none() && data.results.iter().all(|result| is_local[*result])
        })
}

fn copy_to_latch(function: &mut Function, header: Block, latch: Block) {
    function.blocks[latch].insts.pop();
    let mut copies: Vec<(Value, Value)> = Vec::new();
    for inst in function.blocks[header].insts.clone() {
        let copy = copy_inst(function, inst, &copies);
        let originals = function.insts[inst].results.clone();
        copies.extend(
            originals
                .into_iter()
                .zip(function.insts[copy].results.clone()),
        );
        function.blocks[latch].insts.push(copy);
    }
}

fn copy_inst(function: &mut Function, inst: Inst, copies: &[(Value, Value)]) -> Inst {
    let mut op = function.insts[inst].op.clone();
    op.for_each_operand_mut(|value| {
        if let Some((_, copy)) = copies.iter().find(|(original, _)| original == value) {
            *value = *copy;
        }
    });
    let types: Vec<_> = function.insts[inst]
        .results
        .iter()
        .map(|result| function.type_of(*result))
        .collect();
    let span = function.insts[inst].span;
    function.make_inst(op, &types, span)
}
