//! Marks indexing that cannot be out of range.
//!
//! An index is in range of a slice or array when it is not negative and below its length. Known are
//! - comparisons that dominate the use: `if i < len(s) { ... s[i] ... }`;
//! - comparisons on all edges into a block, for its parameters: what a rotated loop leaves behind;
//! - earlier accesses with the same base and index;
//! - constants below an array's length.
//!
//! An index is not negative if it is a non-negative constant, a length, of an unsigned type, or a
//! loop counter: a parameter that starts so and is only counted up while it is below something.
//!
//! Source: the dominance-based part of Bodik, Gupta, Sarkar, "ABCD: Eliminating Array Bounds Checks on
//! Demand" (2000), without its inequality graph.

use cranelift_entity::SecondaryMap;

use super::Context;
use crate::ssa::dominators::Dominators;
use crate::ssa::op::{BinaryOp, ConstantValue, Op, Target};
use crate::ssa::{Block, Definition, Function, Inst, Value};
use crate::types::{Basic, Type};

/// What an index is below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// The length of this slice or string.
    Length(Value),
    /// A constant.
    Constant(i64),
    /// Another value.
    Value(Value),
}

/// Marks what is in range.
pub(super) fn run(function: &mut Function, context: &mut Context) {
    let has_indexing = function.layout.iter().any(|block| {
        function.blocks[*block].insts.iter().any(|inst| {
            matches!(
                function.insts[*inst].op,
                Op::IndexAddress {
                    in_bounds: false,
                    ..
                } | Op::StringIndex {
                    in_bounds: false,
                    ..
                }
            )
        })
    });
    if !has_indexing {
        return;
    }
    let dominators = Dominators::compute(function);
    function
        .layout
        .retain(|block| dominators.is_reachable(*block));
    let mut home: SecondaryMap<Inst, Option<Block>> = SecondaryMap::new();
    for &block in &function.layout {
        for &inst in &function.blocks[block].insts {
            home[inst] = Some(block);
        }
    }
    let predecessors = function.predecessors();
    let mut pass = Pass {
        context,
        dominators: &dominators,
        home,
        predecessors,
        facts: Vec::new(),
        checked: Vec::new(),
    };
    let children = dominators.children();
    enum Step {
        Enter(Block),
        Leave { facts: usize, checked: usize },
    }
    let mut steps = vec![Step::Enter(function.entry())];
    while let Some(step) = steps.pop() {
        match step {
            Step::Leave { facts, checked } => {
                pass.facts.truncate(facts);
                pass.checked.truncate(checked);
            }
            Step::Enter(block) => {
                steps.push(Step::Leave {
                    facts: pass.facts.len(),
                    checked: pass.checked.len(),
                });
                pass.block(function, block);
                steps.extend(children[block].iter().map(|child| Step::Enter(*child)));
            }
        }
    }
}

struct Pass<'a, 'p> {
    context: &'a Context<'p>,
    dominators: &'a Dominators,
    /// The block of each instruction.
    home: SecondaryMap<Inst, Option<Block>>,
    predecessors: SecondaryMap<Block, Vec<Block>>,
    /// `.0 < .1` holds where the walk stands: from the entry of block `.2` on.
    facts: Vec<(Value, Bound, Block)>,
    /// Indices that were found in range of a base before.
    checked: Vec<(Value, Value)>,
}

impl Pass<'_, '_> {
    fn block(&mut self, function: &mut Function, block: Block) {
        self.learn_on_entry(function, block);
        for position in 0..function.blocks[block].insts.len() {
            let inst = function.blocks[block].insts[position];
            let (base, index) = match function.insts[inst].op {
                Op::IndexAddress {
                    base,
                    index,
                    in_bounds: false,
                } => (base, index),
                Op::StringIndex {
                    string,
                    index,
                    in_bounds: false,
                } => (string, index),
                _ => continue,
            };
            if self.is_in_range(function, base, index) {
                match &mut function.insts[inst].op {
                    Op::IndexAddress { in_bounds, .. } | Op::StringIndex { in_bounds, .. } => {
                        *in_bounds = true;
                    }
                    _ => {}
                }
            } else {
                self.checked.push((base, index));
            }
        }
    }

    /// Adds what the edges into a block tell.
    fn learn_on_entry(&mut self, function: &Function, block: Block) {
        let predecessors = &self.predecessors[block];
        let mut common: Option<Vec<(Value, Bound)>> = None;
        for &predecessor in predecessors {
            let mut edges = 0;
            for (target, facts) in edge_facts(function, predecessor) {
                if target.block != block {
                    continue;
                }
                edges += 1;
                // In terms of this block: an argument is the parameter it fills.
                let facts: Vec<(Value, Bound)> = facts
                    .into_iter()
                    .flat_map(|(index, bound)| {
                        let parameters = target
                            .arguments
                            .iter()
                            .zip(&function.blocks[block].parameters);
                        let as_parameter = parameters
                            .filter(move |(argument, _)| **argument == index)
                            .map(move |(_, parameter)| (*parameter, bound));
                        as_parameter
                            .chain(std::iter::once((index, bound)))
                            .collect::<Vec<_>>()
                    })
                    .collect();
                common = Some(match common {
                    None => facts,
                    Some(before) => before
                        .into_iter()
                        .filter(|fact| facts.contains(fact))
                        .collect(),
                });
            }
            if edges == 0 {
                return;
            }
        }
        // A fact about a value that is not defined on all ways here would be about nothing; but the
        // same value in the facts of all edges dominates them all, and parameters are ours.
        self.facts.extend(
            common
                .unwrap_or_default()
                .into_iter()
                .map(|(value, bound)| (value, bound, block)),
        );
    }

    fn is_in_range(&self, function: &Function, base: Value, index: Value) -> bool {
        let array_length = self.array_length(function, base);
        if let (Some(length), Some(index)) = (array_length, integer(function, index)) {
            return index >= 0 && (index as u64) < length;
        }
        if self.checked.contains(&(base, index)) {
            return true;
        }
        if !self.is_not_negative(function, index, 0) {
            return false;
        }
        let length_of_made = match function
            .defining_inst(base)
            .map(|inst| &function.insts[inst].op)
        {
            Some(Op::MakeSlice { len, .. }) => Some(*len),
            _ => None,
        };
        self.facts.iter().any(|(value, bound, _)| {
            *value == index
                && match *bound {
                    Bound::Length(of) => of == base,
                    Bound::Constant(bound) => array_length.is_some_and(|length| {
                        u64::try_from(bound).is_ok_and(|bound| bound <= length)
                    }),
                    Bound::Value(bound) => length_of_made == Some(bound),
                }
        })
    }

    fn array_length(&self, function: &Function, base: Value) -> Option<u64> {
        let types = &self.context.types;
        match types.underlying(types.pointee(function.type_of(base))?) {
            Type::Array(_, length) => Some(*length),
            _ => None,
        }
    }

    fn is_not_negative(&self, function: &Function, value: Value, depth: u32) -> bool {
        let basic = self.context.types.as_basic(function.type_of(value));
        if basic.is_some_and(Basic::is_unsigned) {
            return true;
        }
        match function.values[value].definition {
            Definition::Result(inst, _) => match &function.insts[inst].op {
                Op::Constant(ConstantValue::Integer(value)) => *value >= 0,
                Op::Constant(ConstantValue::Zero) | Op::Len(_) | Op::Cap(_) => true,
                Op::Binary(BinaryOp::And, left, right) => [left, right]
                    .into_iter()
                    .any(|side| integer(function, *side).is_some_and(|value| value >= 0)),
                _ => false,
            },
            Definition::Parameter(block, index) => {
                depth < 4
                    && block != function.entry()
                    && self.predecessors[block].iter().all(|predecessor| {
                        let terminator = function.terminator(*predecessor);
                        function.insts[terminator]
                            .op
                            .targets()
                            .filter(|target| target.block == block)
                            .all(|target| {
                                let argument = target.arguments[index as usize];
                                argument == value
                                    || self.counts_up(function, argument, value)
                                    || self.is_not_negative(function, argument, depth + 1)
                            })
                    })
            }
        }
    }

    /// Whether `next` is `counter` plus one, computed where the counter is known to be below something:
    /// then it cannot wrap.
    fn counts_up(&self, function: &Function, next: Value, counter: Value) -> bool {
        let Some(inst) = function.defining_inst(next) else {
            return false;
        };
        let Op::Binary(BinaryOp::Add, left, right) = function.insts[inst].op else {
            return false;
        };
        let is_next = left == counter && integer(function, right) == Some(1);
        let is_below = |place| {
            self.facts.iter().any(|(value, _, since)| {
                *value == counter && self.dominators.dominates(*since, place)
            })
        };
        is_next && self.home[inst].is_some_and(is_below)
    }
}

fn integer(function: &Function, value: Value) -> Option<i64> {
    match function.insts[function.defining_inst(value)?].op {
        Op::Constant(ConstantValue::Integer(value)) => Some(value),
        Op::Constant(ConstantValue::Zero) => Some(0),
        _ => None,
    }
}

/// The targets of a block's terminator with what holds on the way there.
fn edge_facts(function: &Function, block: Block) -> Vec<(&Target, Vec<(Value, Bound)>)> {
    match &function.insts[function.terminator(block)].op {
        Op::Branch {
            condition,
            then,
            otherwise,
        } => {
            let (if_true, if_false) = comparison_facts(function, *condition);
            vec![(then, if_true), (otherwise, if_false)]
        }
        op => op.targets().map(|target| (target, Vec::new())).collect(),
    }
}

type Facts = Vec<(Value, Bound)>;

/// What a condition tells when true and when false.
fn comparison_facts(function: &Function, condition: Value) -> (Facts, Facts) {
    let nothing = (Vec::new(), Vec::new());
    let Some(inst) = function.defining_inst(condition) else {
        return nothing;
    };
    let Op::Binary(op, left, right) = function.insts[inst].op else {
        return nothing;
    };
    match op {
        BinaryOp::Less => (vec![(left, bound(function, right))], Vec::new()),
        BinaryOp::Greater => (vec![(right, bound(function, left))], Vec::new()),
        BinaryOp::GreaterEqual => (Vec::new(), vec![(left, bound(function, right))]),
        BinaryOp::LessEqual => (Vec::new(), vec![(right, bound(function, left))]),
        _ => nothing,
    }
}

fn bound(function: &Function, value: Value) -> Bound {
    match function
        .defining_inst(value)
        .map(|inst| &function.insts[inst].op)
    {
        Some(Op::Len(of)) => Bound::Length(*of),
        Some(Op::Constant(ConstantValue::Integer(value))) => Bound::Constant(*value),
        _ => Bound::Value(value),
    }
}
