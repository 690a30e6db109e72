//! Removes what nothing needs: unreachable blocks, unused definitions, unused block parameters.

use cranelift_entity::SecondaryMap;

use super::Context;
use crate::ssa::dominators::Dominators;
use crate::ssa::{Block, Definition, Function, Op, Value};

/// Removes dead code.
pub(super) fn run(function: &mut Function, _context: &mut Context) {
    let dominators = Dominators::compute(function);
    function
        .layout
        .retain(|block| dominators.is_reachable(*block));
    let used = used_values(function);
    for index in 0..function.layout.len() {
        let block = function.layout[index];
        let mut insts = std::mem::take(&mut function.blocks[block].insts);
        insts.retain(|inst| {
            let data = &function.insts[*inst];
            !data.op.is_removable()
                // Recovery reads them.
                || function.recover_results.contains(inst)
                || data.results.is_empty()
                || data.results.iter().any(|result| used[*result])
        });
        function.blocks[block].insts = insts;
    }
    remove_parameters(function, &used);
}

/// Marks, from the instructions that must stay, what they need.
fn used_values(function: &Function) -> SecondaryMap<Value, bool> {
    let mut used: SecondaryMap<Value, bool> = SecondaryMap::new();
    let mut work = Vec::new();
    let predecessors = function.predecessors();
    for &block in &function.layout {
        for &inst in &function.blocks[block].insts {
            let op = &function.insts[inst].op;
            if op.is_terminator() {
                // Branch arguments count only when the parameter they fill is used.
                match op {
                    Op::Jump(_) => {}
                    Op::Branch {
                        condition: value, ..
                    }
                    | Op::Switch { value, .. } => mark(*value, &mut used, &mut work),
                    _ => op.for_each_operand(|value| mark(value, &mut used, &mut work)),
                }
            } else if !op.is_removable() {
                op.for_each_operand(|value| mark(value, &mut used, &mut work));
            }
        }
    }
    while let Some(value) = work.pop() {
        match function.values[value].definition {
            Definition::Result(inst, _) => {
                let op = &function.insts[inst].op;
                if op.is_removable() {
                    op.for_each_operand(|value| mark(value, &mut used, &mut work));
                }
            }
            Definition::Parameter(block, index) => {
                for &predecessor in &predecessors[block] {
                    for target in function.insts[function.terminator(predecessor)]
                        .op
                        .targets()
                    {
                        if target.block == block {
                            mark(target.arguments[index as usize], &mut used, &mut work);
                        }
                    }
                }
            }
        }
    }
    used
}

fn mark(value: Value, used: &mut SecondaryMap<Value, bool>, work: &mut Vec<Value>) {
    if !used[value] {
        used[value] = true;
        work.push(value);
    }
}

/// Removes unused block parameters and the arguments that fill them; the entry keeps its own.
fn remove_parameters(function: &mut Function, used: &SecondaryMap<Value, bool>) {
    let mut kept: SecondaryMap<Block, Option<Vec<bool>>> = SecondaryMap::new();
    for index in 1..function.layout.len() {
        let block = function.layout[index];
        let flags: Vec<bool> = function.blocks[block]
            .parameters
            .iter()
            .map(|value| used[*value])
            .collect();
        if flags.iter().all(|flag| *flag) {
            continue;
        }
        retain_by(&mut function.blocks[block].parameters, &flags);
        for (index, value) in function.blocks[block].parameters.iter().enumerate() {
            function.values[*value].definition = Definition::Parameter(block, index as u32);
        }
        kept[block] = Some(flags);
    }
    for index in 0..function.layout.len() {
        let terminator = function.terminator(function.layout[index]);
        function.insts[terminator].op.for_each_target_mut(|target| {
            if let Some(flags) = &kept[target.block] {
                retain_by(&mut target.arguments, flags);
            }
        });
    }
}

fn retain_by(values: &mut Vec<Value>, flags: &[bool]) {
    let mut flags = flags.iter();
    values.retain(|_| *flags.next().expect("one flag a value"));
}
