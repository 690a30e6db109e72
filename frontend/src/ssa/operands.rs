//! The operands and effects of operations, in one table each.

use super::Value;
use super::op::{Callee, Op, SelectCase};

/// Lists the operands of `$op` with `$f`, by shared or mutable reference as the binding mode of
/// `$op` says; branch arguments are included. One macro, so that the two walks cannot differ.
macro_rules! walk_operands {
    ($op:expr, $f:expr, $iter:ident) => {{
        let mut visit = $f;
        match $op {
            Op::Constant(_)
            | Op::GlobalAddress(_)
            | Op::FunctionValue(_)
            | Op::Capture(_)
            | Op::Alloc(_)
            | Op::RunDefers
            | Op::Recover
            | Op::Unreachable => {}
            Op::Unary(_, value)
            | Op::Convert(_, value)
            | Op::Field(value, _)
            | Op::Element(value, _)
            | Op::FieldAddress(value, _)
            | Op::Len(value)
            | Op::Cap(value)
            | Op::Load(value)
            | Op::Clear(value)
            | Op::NilCheck(value)
            | Op::MakeInterface(value)
            | Op::ClearSlice(value)
            | Op::MapClear(value)
            | Op::ChangeInterface(value)
            | Op::Go(value)
            | Op::Defer(value)
            | Op::Close(value)
            | Op::Panic(value) => visit(value),
            Op::Binary(_, left, right) | Op::DecodeRune(left, right) => {
                visit(left);
                visit(right);
            }
            Op::Aggregate(values)
            | Op::Min(values)
            | Op::Max(values)
            | Op::StringConcat(values)
            | Op::Return(values) => {
                values.$iter().for_each(visit);
            }
            Op::IndexAddress { base, index, .. } => {
                visit(base);
                visit(index);
            }
            Op::StringIndex { string, index, .. } => {
                visit(string);
                visit(index);
            }
            Op::Slice {
                base,
                low,
                high,
                max,
            } => {
                visit(base);
                for bound in [low, high, max] {
                    if let Some(bound) = bound {
                        visit(bound);
                    }
                }
            }
            Op::Store { address, value } => {
                visit(address);
                visit(value);
            }
            Op::Move { target, source } | Op::Copy { target, source } => {
                visit(target);
                visit(source);
            }
            Op::MakeSlice { len, cap } => {
                visit(len);
                if let Some(cap) = cap {
                    visit(cap);
                }
            }
            Op::MakeMap { hint: size } | Op::MakeChannel { size } => {
                if let Some(size) = size {
                    visit(size);
                }
            }
            Op::MakeClosure { captures, .. } => captures.$iter().for_each(visit),
            Op::Append { slice, elements } => {
                visit(slice);
                elements.$iter().for_each(visit);
            }
            Op::AppendSlice { slice, other } => {
                visit(slice);
                visit(other);
            }
            Op::MapFind { map, key } | Op::MapAssign { map, key } | Op::MapDelete { map, key } => {
                visit(map);
                visit(key);
            }
            Op::MapIterateStart { map, iterator } => {
                visit(map);
                visit(iterator);
            }
            Op::MapIterateNext { iterator, .. } => visit(iterator),
            Op::Print { values, .. } => values.$iter().for_each(visit),
            Op::TypeAssert { value, .. } => visit(value),
            Op::Call { callee, arguments } => {
                match callee {
                    Callee::Function(_) => {}
                    Callee::Closure(value)
                    | Callee::Interface {
                        receiver: value, ..
                    } => visit(value),
                }
                arguments.$iter().for_each(visit);
            }
            Op::Send { channel, value } => {
                visit(channel);
                visit(value);
            }
            Op::Receive { channel, .. } => visit(channel),
            Op::Select { cases, .. } => {
                for case in cases.$iter() {
                    match case {
                        SelectCase::Send { channel, value } => {
                            visit(channel);
                            visit(value);
                        }
                        SelectCase::Receive { channel } => visit(channel),
                    }
                }
            }
            Op::Jump(target) => target.arguments.$iter().for_each(visit),
            Op::Branch {
                condition,
                then,
                otherwise,
            } => {
                visit(condition);
                then.arguments.$iter().for_each(&mut visit);
                otherwise.arguments.$iter().for_each(&mut visit);
            }
            Op::Switch {
                value,
                cases,
                default,
            } => {
                visit(value);
                for (_, target) in cases.$iter() {
                    target.arguments.$iter().for_each(&mut visit);
                }
                default.arguments.$iter().for_each(&mut visit);
            }
        }
    }};
}

impl Op {
    /// Calls `f` with every operand, branch arguments included, in order.
    pub fn for_each_operand(&self, mut f: impl FnMut(Value)) {
        walk_operands!(self, |value: &Value| f(*value), iter);
    }

    /// Calls `f` with every operand to change it.
    pub fn for_each_operand_mut(&mut self, mut f: impl FnMut(&mut Value)) {
        walk_operands!(self, |value: &mut Value| f(value), iter_mut);
    }

    /// Whether an unused result makes the instruction superfluous: it writes nothing, calls
    /// nothing and cannot panic. Allocations count as superfluous when unused.
    pub fn is_removable(&self) -> bool {
        match self {
            Op::Constant(_)
            | Op::GlobalAddress(_)
            | Op::FunctionValue(_)
            | Op::Capture(_)
            | Op::Unary(..)
            | Op::Aggregate(_)
            | Op::Field(..)
            | Op::Element(..)
            | Op::FieldAddress(..)
            | Op::Len(_)
            | Op::Cap(_)
            | Op::Min(_)
            | Op::Max(_)
            | Op::DecodeRune(..)
            | Op::Alloc(_)
            | Op::MakeClosure { .. }
            | Op::MakeInterface(_)
            | Op::MakeMap { hint: None }
            | Op::StringConcat(_)
            | Op::ChangeInterface(_)
            | Op::TypeAssert { comma_ok: true, .. } => true,
            Op::IndexAddress { in_bounds, .. } | Op::StringIndex { in_bounds, .. } => *in_bounds,
            Op::Convert(kind, _) => *kind != super::ConvertKind::SliceToArrayPointer,
            // Division and shifts may panic, comparisons of interfaces too.
            Op::Binary(op, ..) => {
                use super::BinaryOp as B;
                matches!(
                    op,
                    B::Add
                        | B::Subtract
                        | B::Multiply
                        | B::And
                        | B::Or
                        | B::Xor
                        | B::AndNot
                        | B::Less
                        | B::LessEqual
                        | B::Greater
                        | B::GreaterEqual
                )
            }
            _ => false,
        }
    }
}

impl Op {
    /// Calls `f` with every branch target of a terminator to change it.
    pub fn for_each_target_mut(&mut self, mut f: impl FnMut(&mut super::Target)) {
        match self {
            Op::Jump(target) => f(target),
            Op::Branch {
                then, otherwise, ..
            } => {
                f(then);
                f(otherwise);
            }
            Op::Switch { cases, default, .. } => {
                cases.iter_mut().for_each(|(_, target)| f(target));
                f(default);
            }
            _ => {}
        }
    }
}
