//! Forgets what no block contains any more, and numbers the rest in the order of the code.
//!
//! Passes take instructions out of blocks, but leave them and their results in the function's tables: about half of all by the
//! end, which escape analysis and the code generator would carry along.

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{PrimaryMap, SecondaryMap};
use smallvec::SmallVec;

use super::Context;
use crate::ssa::{Block, BlockData, Definition, Function, Inst, InstData, Op, Value, ValueData};

/// Renumbers the instructions and values of `function`. Blocks keep their numbers.
pub(super) fn run(function: &mut Function, _context: &mut Context) {
    let mut renumbered = Renumbered::default();
    for index in 0..function.layout.len() {
        renumbered.take(function, function.layout[index]);
    }
    let Renumbered {
        is_in_code,
        inst_of,
        value_of,
        mut insts,
        mut values,
    } = renumbered;
    for data in insts.values_mut() {
        data.op
            .for_each_operand_mut(|value| *value = value_of[*value].expect("defined in a block"));
    }
    // They do not grow any more.
    insts.shrink_to_fit();
    values.shrink_to_fit();
    function.insts = insts;
    function.values = values;
    for (block, data) in &mut function.blocks {
        if !is_in_code[block] {
            *data = BlockData::default();
        }
    }
    for inst in &mut function.recover_results {
        *inst = inst_of[*inst].expect("no pass removes it");
    }
    let is_kept = |inst: &mut Inst| {
        let new = inst_of[*inst].expand();
        *inst = new.unwrap_or(*inst);
        new.is_some()
    };
    function
        .self_assignments
        .retain_mut(|assignment| is_kept(&mut assignment.inst));
    function
        .interface_calls
        .retain_mut(|call| is_kept(&mut call.inst));
}

/// What was renumbered so far: the new tables, and where in them something old is.
#[derive(Default)]
struct Renumbered {
    is_in_code: SecondaryMap<Block, bool>,
    inst_of: SecondaryMap<Inst, PackedOption<Inst>>,
    value_of: SecondaryMap<Value, PackedOption<Value>>,
    insts: PrimaryMap<Inst, InstData>,
    values: PrimaryMap<Value, ValueData>,
}

impl Renumbered {
    /// Moves what is in a block; operands keep their old numbers.
    fn take(&mut self, function: &mut Function, block: Block) {
        self.is_in_code[block] = true;
        let data = &mut function.blocks[block];
        for parameter in &mut data.parameters {
            *parameter = self.define(*parameter, function.values[*parameter]);
        }
        for inst in &mut data.insts {
            let removed = InstData {
                op: Op::Unreachable,
                results: SmallVec::new(),
                span: function.insts[*inst].span,
                site: None.into(),
            };
            let mut moved = std::mem::replace(&mut function.insts[*inst], removed);
            let new = self.insts.next_key();
            for (index, result) in moved.results.iter_mut().enumerate() {
                let definition = Definition::Result(new, index as u32);
                let ty = function.values[*result].ty;
                *result = self.define(*result, ValueData { ty, definition });
            }
            self.inst_of[*inst] = new.into();
            *inst = self.insts.push(moved);
        }
    }

    fn define(&mut self, old: Value, data: ValueData) -> Value {
        let new = self.values.push(data);
        self.value_of[old] = new.into();
        new
    }
}
