//! Stores that put a pointer back where it came from: `p.buffer = append(p.buffer, b...)`.
//!
//! A store through a pointer counts as one to the heap, since nobody knows how long what the pointer leads to lives. But
//! what was loaded from a place had been stored there before, and whoever did that has seen to it that it lives long
//! enough. So of what such a statement stores, only what is not from the place itself gets a longer life. Without this no
//! buffer could be on the stack that a method appends to.
//!
//! gc knows the same of `b.buf = b.buf[n:m]` only, so its verdicts do not come from here.

use frontend::ssa::op::{Callee, ConvertKind, Op};
use frontend::ssa::{Definition, Function, FunctionId, Value};

use crate::Mode;
use crate::build::Builder;

impl Builder<'_> {
    /// What a store of `value` to `address` keeps alive besides what it finds there, with the dereferences on the way;
    /// `None` if the value does not come from there.
    pub(crate) fn kept_besides(
        &self,
        id: FunctionId,
        address: Value,
        value: Value,
    ) -> Option<Vec<(Value, i32)>> {
        if self.mode != Mode::Full {
            return None;
        }
        let function = &self.program.functions[id];
        let Definition::Result(inst, index) = function.values[value].definition else {
            return None;
        };
        match &function.insts[inst].op {
            Op::Load(from) if is_one_place(function, *from, address) => Some(Vec::new()),
            // What is appended is in the heap, or goes there, in any case.
            Op::Append { slice: base, .. }
            | Op::AppendSlice { slice: base, .. }
            | Op::Slice { base, .. }
            | Op::Convert(ConvertKind::Retype, base) => self.kept_besides(id, address, *base),
            Op::Call {
                callee: Callee::Function(callee),
                arguments,
            } if !self.group.contains(callee) => {
                let mut kept = Vec::new();
                let mut comes_from_there = false;
                for (argument, summary) in arguments.iter().zip(self.results.summaries(*callee)) {
                    let Some(derefs) = summary.results.get(index as usize).copied().flatten()
                    else {
                        continue;
                    };
                    match self.kept_besides(id, address, *argument) {
                        Some(others) if derefs == 0 => {
                            comes_from_there = true;
                            kept.extend(others);
                        }
                        _ => kept.push((*argument, derefs)),
                    }
                }
                comes_from_there.then_some(kept)
            }
            _ => None,
        }
    }
}

/// Whether two addresses are certainly the same.
fn is_one_place(function: &Function, one: Value, other: Value) -> bool {
    if one == other {
        return true;
    }
    let op = |value| {
        let inst = function.defining_inst(value)?;
        Some(&function.insts[inst].op)
    };
    match (op(one), op(other)) {
        (Some(Op::FieldAddress(one, field)), Some(Op::FieldAddress(other, other_field))) => {
            field == other_field && is_one_place(function, *one, *other)
        }
        _ => false,
    }
}
