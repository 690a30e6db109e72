//! Stores that put a pointer back where it came from: `p.buffer = append(p.buffer, b...)`.
//!
//! A store through a pointer counts as one to the heap, since nobody knows how long what the pointer leads to lives. But
//! what was loaded from a place had been stored there before, and whoever did that has seen to it that it lives long
//! enough. So of what such a statement stores, only what is not from the place itself gets a longer life. Without this no
//! buffer could be on the stack that a method appends to.
//!
//! gc knows the same of `b.buf = b.buf[n:m]` only, so its verdicts do not come from here.

use std::collections::HashMap;

use frontend::ssa::op::{Callee, ConvertKind, Op};
use frontend::ssa::{Definition, Function, FunctionId, Value};

use crate::Mode;
use crate::build::Builder;

/// How many values of a statement are looked at; what else it stores counts as from elsewhere. What people write has a
/// few, and long chains of such statements must not take the square of their length.
const MAX_VALUES: usize = 64;

impl Builder<'_> {
    /// What a store of `value` to `address` keeps alive besides what it finds there, with the dereferences on the way;
    /// `None` if the value does not come from there.
    pub(super) fn kept_besides(
        &self,
        id: FunctionId,
        address: Value,
        value: Value,
    ) -> Option<Vec<(Value, i32)>> {
        if self.mode != Mode::Full {
            return None;
        }
        let mut search = Search {
            builder: self,
            function: &self.program.functions[id],
            address,
            seen: HashMap::new(),
            kept: Vec::new(),
        };
        search.comes_from_there(value).then_some(search.kept)
    }
}

struct Search<'b> {
    builder: &'b Builder<'b>,
    function: &'b Function,
    /// The place.
    address: Value,
    /// Whether a value comes from the place: each is looked at once, however many expressions it is part of.
    seen: HashMap<Value, bool>,
    /// What the values that come from there keep besides.
    kept: Vec<(Value, i32)>,
}

impl Search<'_> {
    fn comes_from_there(&mut self, value: Value) -> bool {
        if let Some(known) = self.seen.get(&value) {
            return *known;
        }
        if self.seen.len() >= MAX_VALUES {
            return false;
        }
        // No value is made of itself but through a block parameter, where the search ends.
        self.seen.insert(value, false);
        let comes = self.is_made_from_there(value);
        self.seen.insert(value, comes);
        comes
    }

    fn is_made_from_there(&mut self, value: Value) -> bool {
        let function = self.function;
        let Definition::Result(inst, index) = function.values[value].definition else {
            return false;
        };
        match &function.insts[inst].op {
            Op::Load(from) => is_one_place(function, *from, self.address),
            // What is appended is in the heap, or goes there, in any case.
            Op::Append { slice: base, .. }
            | Op::AppendSlice { slice: base, .. }
            | Op::Slice { base, .. }
            | Op::Convert(ConvertKind::Retype, base) => self.comes_from_there(*base),
            Op::Call {
                callee: Callee::Function(callee),
                arguments,
            } if !self.builder.group.contains(callee) => {
                let kept_before = self.kept.len();
                let mut comes = false;
                let summaries = self.builder.results.summaries(*callee);
                for (argument, summary) in arguments.iter().zip(summaries) {
                    let Some(derefs) = summary.results.get(index as usize).copied().flatten()
                    else {
                        continue;
                    };
                    if derefs == 0 && self.comes_from_there(*argument) {
                        comes = true;
                    } else {
                        self.kept.push((*argument, derefs));
                    }
                }
                if !comes {
                    self.kept.truncate(kept_before);
                }
                comes
            }
            _ => false,
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
