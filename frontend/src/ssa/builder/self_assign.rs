//! Assignments from a variable's memory to other memory of the same variable: `b.buf = b.buf[n:m]`,
//! `p.x, p.y = p.y, p.x`, `v.a[i] = v.a[j]`. They store no pointer that was not reachable from there
//! before, so escape analysis need not follow them. The rules are gc's.

use super::super::{Op, SelfAssignment};
use super::function::FunctionBuilder;
use super::texts::Texts;
use crate::ast::{BinaryOp, ExprId, ExprKind, IdentId};
use crate::check::{Builtin, SelectionKind};
use crate::types::Type;

/// The statement an assignment is part of.
#[derive(Clone, Copy)]
pub(super) struct Assignment<'a> {
    pub(super) left: &'a [ExprId],
    pub(super) op: Option<BinaryOp>,
    pub(super) right: &'a [ExprId],
    /// Offset of its operator.
    pub(super) position: u32,
}

impl FunctionBuilder<'_, '_> {
    /// Notes that what was emitted last assigns `value` to `target`, if that is a self-assignment.
    pub(super) fn note_self_assignment(
        &mut self,
        statement: Assignment<'_>,
        target: ExprId,
        value: ExprId,
    ) {
        if !self.texts().is_self_assignment(target, value) {
            return;
        }
        let Some((inst, data)) = self.function.insts.iter().next_back() else {
            return;
        };
        if !matches!(data.op, Op::Store { .. } | Op::Move { .. }) {
            return;
        }
        let list = |exprs: &[ExprId]| {
            let texts: Vec<String> = exprs
                .iter()
                .map(|expr| self.texts().expression_text(*expr))
                .collect();
            texts.join(", ")
        };
        let op = statement.op.map_or("", |op| op.text());
        let text = format!("{} {op}= {}", list(statement.left), list(statement.right));
        self.function.self_assignments.push(SelfAssignment {
            inst,
            position: statement.position,
            text,
        });
    }
}

impl Texts<'_> {
    /// Whether an assignment gives a variable's memory nothing that is not in it already.
    pub fn is_self_assignment(&self, target: ExprId, value: ExprId) -> bool {
        let ast = &self.typed.ast;
        let (target, value) = (ast.unparen(target), ast.unparen(value));
        let is_place = |expr: ExprId| {
            matches!(
                ast.exprs[expr].kind,
                ExprKind::Selector { .. } | ExprKind::Index { .. } | ExprKind::Star(_)
            )
        };
        let is_slice = matches!(ast.exprs[value].kind, ExprKind::Slice { .. });
        if !is_place(target)
            || !(is_place(value) || is_slice)
            || self.type_of(target) != self.type_of(value)
        {
            return false;
        }
        if self.is_slice_of_own_memory(target, value) {
            return true;
        }
        match (&ast.exprs[target].kind, &ast.exprs[value].kind) {
            (
                ExprKind::Selector { operand: left, .. },
                ExprKind::Selector { operand: right, .. },
            ) => self.have_one_base(target, value) && self.is_same_and_safe(*left, *right),
            (
                ExprKind::Index {
                    operand: left,
                    indices: left_index,
                },
                ExprKind::Index {
                    operand: right,
                    indices: right_index,
                },
            ) => {
                !self.is_map(*left)
                    && !self.is_map(*right)
                    && self.is_string_free(*right)
                    && self.touches_no_memory(left_index[0])
                    && self.touches_no_memory(right_index[0])
                    && self.is_same_and_safe(*left, *right)
            }
            _ => false,
        }
    }

    /// `*p = (*p)[i:j]`, `p.f = p.g[i:j]`: what is sliced is behind the same variable.
    fn is_slice_of_own_memory(&self, target: ExprId, value: ExprId) -> bool {
        let ExprKind::Slice { operand, .. } = &self.typed.ast.exprs[value].kind else {
            return false;
        };
        if matches!(
            self.types.underlying(self.type_of(*operand)),
            Type::Array(..)
        ) {
            return false;
        }
        match (
            self.dereferenced_variable(target),
            self.dereferenced_variable(*operand),
        ) {
            (Some(target), Some(operand)) => {
                self.typed.object_of(target) == self.typed.object_of(operand)
            }
            _ => false,
        }
    }

    /// The variable `p` in `*p` and, through a pointer, `p.f`.
    fn dereferenced_variable(&self, expr: ExprId) -> Option<IdentId> {
        let ast = &self.typed.ast;
        let operand = match &ast.exprs[ast.unparen(expr)].kind {
            ExprKind::Star(operand) => *operand,
            ExprKind::Selector { operand, .. } => {
                let selection = self.typed.info.selections.get(&ast.unparen(expr))?;
                let is_pointer = self.types.pointee(self.type_of(*operand)).is_some();
                let is_plain = selection.kind == SelectionKind::Field && selection.path.len() == 1;
                (is_pointer && is_plain).then_some(*operand)?
            }
            _ => return None,
        };
        match ast.exprs[ast.unparen(operand)].kind {
            ExprKind::Name(ident) => Some(ident),
            _ => None,
        }
    }

    /// Whether two selectors are fields that differ in the last step at most.
    fn have_one_base(&self, left: ExprId, right: ExprId) -> bool {
        let selections = &self.typed.info.selections;
        match (selections.get(&left), selections.get(&right)) {
            (Some(left), Some(right)) => {
                let (left_base, right_base) = (
                    &left.path[..left.path.len().saturating_sub(1)],
                    &right.path[..right.path.len().saturating_sub(1)],
                );
                left.kind == SelectionKind::Field
                    && right.kind == SelectionKind::Field
                    && left_base == right_base
            }
            _ => false,
        }
    }

    /// Whether two expressions are the same place, and evaluating it twice does nothing twice.
    fn is_same_and_safe(&self, left: ExprId, right: ExprId) -> bool {
        let ast = &self.typed.ast;
        let (left, right) = (ast.unparen(left), ast.unparen(right));
        if let (Some(left), Some(right)) =
            (self.typed.constant_of(left), self.typed.constant_of(right))
        {
            return left == right;
        }
        match (&ast.exprs[left].kind, &ast.exprs[right].kind) {
            (ExprKind::Name(left), ExprKind::Name(right)) => {
                self.typed.object_of(*left) == self.typed.object_of(*right)
            }
            (
                ExprKind::Selector { operand, .. },
                ExprKind::Selector {
                    operand: other_operand,
                    ..
                },
            ) => {
                let selections = &self.typed.info.selections;
                match (selections.get(&left), selections.get(&right)) {
                    (Some(one), Some(other)) => {
                        one.kind == SelectionKind::Field
                            && other.kind == SelectionKind::Field
                            && one.path == other.path
                            && self.is_same_and_safe(*operand, *other_operand)
                    }
                    _ => false,
                }
            }
            (ExprKind::Star(left), ExprKind::Star(right)) => self.is_same_and_safe(*left, *right),
            (
                ExprKind::Index { operand, indices },
                ExprKind::Index {
                    operand: other_operand,
                    indices: other_indices,
                },
            ) => {
                self.is_same_and_safe(*operand, *other_operand)
                    && self.is_same_and_safe(indices[0], other_indices[0])
            }
            _ => false,
        }
    }

    /// Whether evaluating an expression changes no memory.
    fn touches_no_memory(&self, expr: ExprId) -> bool {
        let ast = &self.typed.ast;
        let expr = ast.unparen(expr);
        if self.typed.constant_of(expr).is_some() {
            return true;
        }
        match &ast.exprs[expr].kind {
            ExprKind::Name(_) | ExprKind::Literal(_) => true,
            ExprKind::Binary { op, left, right } => {
                !op.is_comparison()
                    && !matches!(op, BinaryOp::LogicalAnd | BinaryOp::LogicalOr)
                    && self.touches_no_memory(*left)
                    && self.touches_no_memory(*right)
            }
            ExprKind::Index { operand, indices } => {
                !self.is_map(*operand)
                    && self.touches_no_memory(*operand)
                    && self.touches_no_memory(indices[0])
            }
            ExprKind::Selector { operand, .. } => {
                let selection = self.typed.info.selections.get(&expr);
                selection.is_some_and(|selection| selection.kind == SelectionKind::Field)
                    && self.touches_no_memory(*operand)
            }
            ExprKind::Star(operand) => self.touches_no_memory(*operand),
            ExprKind::Call {
                callee, arguments, ..
            } => {
                let is_size = matches!(self.builtin_of(*callee), Some(Builtin::Len | Builtin::Cap));
                (is_size || self.is_conversion(*callee)) && self.touches_no_memory(arguments[0])
            }
            _ => false,
        }
    }

    fn is_map(&self, expr: ExprId) -> bool {
        matches!(self.types.underlying(self.type_of(expr)), Type::Map(..))
    }

    fn is_string_free(&self, expr: ExprId) -> bool {
        !self.is_string(self.type_of(expr))
    }
}
