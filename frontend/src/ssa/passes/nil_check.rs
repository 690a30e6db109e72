//! Removes nil checks of pointers that cannot be nil or were checked before: by a dominating check,
//! load or store, or because they are addresses of variables.

use cranelift_entity::SecondaryMap;

use super::Context;
use crate::ssa::dominators::Dominators;
use crate::ssa::op::Op;
use crate::ssa::{Block, Function, Value};

/// Removes superfluous checks.
pub(super) fn run(function: &mut Function, _context: &mut Context) {
    let dominators = Dominators::compute(function);
    let mut checked = Checked {
        scope_of: SecondaryMap::new(),
    };
    let children = dominators.children();
    // Scopes nest as the dominator tree does; leaving one forgets what it learned.
    enum Step {
        Enter(Block),
        Forget(Vec<Value>),
    }
    let mut steps = vec![Step::Enter(function.entry())];
    while let Some(step) = steps.pop() {
        match step {
            Step::Forget(values) => values
                .into_iter()
                .for_each(|value| checked.scope_of[value] = false),
            Step::Enter(block) => {
                let mut learned = Vec::new();
                let mut insts = std::mem::take(&mut function.blocks[block].insts);
                insts.retain(|inst| {
                    let op = &function.insts[*inst].op;
                    if let Op::NilCheck(value) = op
                        && (checked.scope_of[*value] || is_never_nil(function, *value))
                    {
                        return false;
                    }
                    let mut learn = |value: Value| {
                        if !checked.scope_of[value] {
                            checked.scope_of[value] = true;
                            learned.push(value);
                        }
                    };
                    match op {
                        Op::NilCheck(value)
                        | Op::Load(value)
                        | Op::Clear(value)
                        | Op::Store { address: value, .. } => learn(*value),
                        Op::Move { target, source } => {
                            learn(*target);
                            learn(*source);
                        }
                        _ => {}
                    }
                    true
                });
                function.blocks[block].insts = insts;
                steps.push(Step::Forget(learned));
                steps.extend(children[block].iter().map(|child| Step::Enter(*child)));
            }
        }
    }
}

struct Checked {
    /// Whether a pointer was checked where the walk stands.
    scope_of: SecondaryMap<Value, bool>,
}

/// Whether a pointer is the address of something by construction.
fn is_never_nil(function: &Function, value: Value) -> bool {
    function.defining_inst(value).is_some_and(|inst| {
        matches!(
            function.insts[inst].op,
            Op::Alloc(_)
                | Op::GlobalAddress(_)
                | Op::FieldAddress(..)
                | Op::IndexAddress { .. }
                | Op::MapAssign { .. }
        )
    })
}
