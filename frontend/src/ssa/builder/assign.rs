//! Assignments and definitions.
//!
//! Two phases (spec: "Assignment statements"): operands of the left sides and the right sides
//! first, then the assignments from left to right. Aggregates move in memory where the right side
//! is a place and there is one assignment only.

use super::super::op::{BinaryOp, Op};
use super::super::{SiteKind, Value};
use super::expression::arithmetic;
use super::function::{FunctionBuilder, Place};
use super::place::AssignTarget;
use super::self_assign::Assignment;
use super::texts::TEMPORARY;
use crate::ast::{self, ExprId, ExprKind};
use crate::check::ObjectId;
use crate::check::constant::Constant;
use crate::source::Span;
use crate::types::{Basic, Type, TypeId};

impl FunctionBuilder<'_, '_> {
    /// `left = right`
    pub(super) fn assign(&mut self, left: &[ExprId], right: &[ExprId], span: Span) {
        let statement = Assignment {
            left,
            op: None,
            right,
            position: span.start,
        };
        if let ([target], [value]) = (left, right) {
            self.assign_one(*target, *value);
            self.note_self_assignment(statement, *target, *value);
            return;
        }
        let all: Vec<ExprId> = left
            .iter()
            .filter(|target| !self.is_blank(**target))
            .chain(right)
            .copied()
            .collect();
        for expr in &all[..all.len() - right.len()] {
            self.hoist_target(*expr);
        }
        if right.len() == 1 {
            self.hoist_all(right);
        } else {
            for expr in right {
                self.hoist(*expr);
            }
        }
        let targets: Vec<AssignTarget> = left.iter().map(|target| self.target(*target)).collect();
        if left.len() == right.len() {
            let mut values = Vec::with_capacity(right.len());
            for (target, expr) in targets.iter().zip(right) {
                values.push(match Self::target_type(target) {
                    Some(ty) => self.expr_as(*expr, ty),
                    None => self.expr(*expr),
                });
            }
            for (index, (target, value)) in targets.into_iter().zip(values).enumerate() {
                self.assign_target(target, value);
                self.note_self_assignment(statement, left[index], right[index]);
            }
            return;
        }
        let values = self.several(right[0]);
        self.assign_values(targets, &values, span);
    }

    /// Assigns the values of one expression to several targets.
    pub(super) fn assign_values(
        &mut self,
        targets: Vec<AssignTarget>,
        values: &[Value],
        span: Span,
    ) {
        let mut converted = Vec::with_capacity(values.len());
        for (target, value) in targets.iter().zip(values) {
            converted.push(match Self::target_type(target) {
                Some(ty) => self.assignable_value(*value, ty, TEMPORARY, span),
                None => *value,
            });
        }
        for (target, value) in targets.into_iter().zip(converted) {
            self.assign_target(target, value);
        }
    }

    /// The values of a call with several results or of a comma-ok form.
    pub(super) fn several(&mut self, expr: ExprId) -> Vec<Value> {
        let typed = self.typed;
        let expr = typed.ast.unparen(expr);
        let span = self.span_of(expr);
        let bool_type = self.bool_type();
        match &typed.ast.exprs[expr].kind {
            ExprKind::Index { operand, indices } => {
                let map = self.expr(*operand);
                let Type::Map(key, _) = self.underlying(self.function.type_of(map)) else {
                    unreachable!("comma-ok indexes a map")
                };
                let key = self.expr_as(indices[0], key);
                self.map_find(map, key, span)
            }
            ExprKind::TypeAssertion {
                operand,
                ty: Some(written),
            } => {
                let value = self.expr(*operand);
                let ty = self.type_of(*written);
                self.emit_many(
                    Op::TypeAssert {
                        value,
                        ty,
                        comma_ok: true,
                    },
                    &[ty, bool_type],
                    span,
                )
            }
            ExprKind::Unary(ast::UnaryOp::Receive, operand) => {
                let channel = self.expr(*operand);
                let ty = self.element_type(self.function.type_of(channel));
                self.emit_many(
                    Op::Receive {
                        channel,
                        comma_ok: true,
                    },
                    &[ty, bool_type],
                    span,
                )
            }
            _ => self.call_values(expr),
        }
    }

    /// Runs the calls among the operands of a place to assign to.
    fn hoist_target(&mut self, target: ExprId) {
        self.hoist_all(&[target]);
    }

    fn assign_one(&mut self, target: ExprId, right: ExprId) {
        if self.is_blank(target) {
            self.hoist_all(&[right]);
            let inner = self.typed.ast.unparen(right);
            if self.typed.info.modes[inner] != crate::check::Mode::Nil {
                self.expr(inner);
            }
            return;
        }
        self.hoist_target(target);
        self.hoist(right);
        let target = self.target(target);
        let inner = self.typed.ast.unparen(right);
        let ty = Self::target_type(&target).expect("only blank targets have no type");
        let is_in_memory = self.is_aggregate(ty)
            && self.value_type(inner) == ty
            && self.is_memory_expr(inner)
            && self.typed.constant_of(inner).is_none();
        if is_in_memory && matches!(target, AssignTarget::Memory { .. }) {
            let span = self.span_of(inner);
            let place = self.place(inner);
            let AssignTarget::Memory {
                base,
                steps,
                span: target_span,
                ..
            } = target
            else {
                return;
            };
            let address = self.take_steps(base, steps);
            match place {
                Place::Address(source) => self.emit0(
                    Op::Move {
                        target: address,
                        source,
                    },
                    span,
                ),
                Place::Value(value) => self.store(address, value, target_span),
            }
            return;
        }
        let value = self.expr_as(right, ty);
        self.assign_target(target, value);
    }

    /// Whether an expression is a place in memory (or large and best built there).
    fn is_memory_expr(&self, expr: ExprId) -> bool {
        matches!(
            self.typed.ast.exprs[expr].kind,
            ExprKind::Name(_)
                | ExprKind::Selector { .. }
                | ExprKind::Index { .. }
                | ExprKind::Star(_)
        ) && !self.hoisted.contains_key(&expr)
    }

    /// `target op= value`, or by one.
    pub(super) fn assign_op(
        &mut self,
        target: ExprId,
        op: ast::BinaryOp,
        value: Option<ExprId>,
        span: Span,
    ) {
        self.hoist_target(target);
        if let Some(value) = value {
            self.hoist(value);
        }
        let place = self.target(target);
        let Some(ty) = Self::target_type(&place) else {
            return;
        };
        let operand = self.operand_of(op, value, ty, span);
        match place {
            AssignTarget::Blank => {}
            AssignTarget::Memory { base, steps, .. } => {
                let address = self.take_steps(base, steps);
                let old = self.load(address, span);
                let new = self.operate(op, old, operand, ty, span);
                self.store(address, new, span);
            }
            AssignTarget::MapElement { map, key, .. } => {
                let pointer = self.pointer_to(ty);
                if self.is_string(ty) || op.is_shift() || op.is_division() {
                    // The new value may take a collection or a panic: the entry is made after it.
                    let old = self.map_find(map, key, span)[0];
                    let new = self.operate(op, old, operand, ty, span);
                    let address = self.emit1(Op::MapAssign { map, key }, pointer, span);
                    self.store(address, new, span);
                } else {
                    let address = self.emit1(Op::MapAssign { map, key }, pointer, span);
                    let old = self.load(address, span);
                    let new = self.operate(op, old, operand, ty, span);
                    self.store(address, new, span);
                }
            }
        }
    }

    /// The right operand of `op=`.
    fn operand_of(
        &mut self,
        op: ast::BinaryOp,
        value: Option<ExprId>,
        ty: TypeId,
        span: Span,
    ) -> Value {
        match value {
            Some(value) if op.is_shift() => self.index_value(value),
            Some(value) => self.expr_as(value, ty),
            None if self.program.types.as_basic(ty).is_some_and(Basic::is_float) => {
                self.constant(&Constant::Integer(std::rc::Rc::new(1.into())), ty, span)
            }
            None => self.integer(1, ty, span),
        }
    }

    fn operate(
        &mut self,
        op: ast::BinaryOp,
        old: Value,
        operand: Value,
        ty: TypeId,
        span: Span,
    ) -> Value {
        if !(self.is_string(ty) && op == ast::BinaryOp::Add) {
            let op: BinaryOp = arithmetic(op);
            return self.emit1(Op::Binary(op, old, operand), ty, span);
        }
        // gc has no message for it: the concatenation appears after its escape analysis.
        let site = self.site(SiteKind::Temporary, String::new(), span.start);
        self.emit_site(Op::StringConcat(vec![old, operand]), ty, site, span)
    }

    /// The object a left side of `:=` declares, if it declares one.
    pub(super) fn defined_object(&self, target: ExprId) -> Option<ObjectId> {
        let ExprKind::Name(ident) = self.typed.ast.exprs[target].kind else {
            return None;
        };
        let object = self.typed.object_of(ident)?;
        (self.typed.objects[object].span.start == self.typed.ast.idents[ident].span.start
            && !self.is_blank(target))
        .then_some(object)
    }

    /// `left := right`
    pub(super) fn define(&mut self, left: &[ExprId], right: &[ExprId], span: Span) {
        let objects: Vec<Option<ObjectId>> = left
            .iter()
            .map(|target| self.defined_object(*target))
            .collect();
        let is_all_new = left
            .iter()
            .zip(&objects)
            .all(|(target, object)| object.is_some() || self.is_blank(*target));
        if is_all_new {
            self.define_objects(&objects, right, span);
            return;
        }
        self.hoist_all(right);
        let values = if left.len() == right.len() {
            let mut values = Vec::with_capacity(right.len());
            for (target, expr) in left.iter().zip(right) {
                values.push(if self.is_blank(*target) {
                    self.expr(*expr)
                } else {
                    let ty = self.target_name_type(*target);
                    self.expr_as(*expr, ty)
                });
            }
            values
        } else {
            let values = self.several(right[0]);
            let mut converted = Vec::with_capacity(values.len());
            for (target, value) in left.iter().zip(values) {
                converted.push(if self.is_blank(*target) {
                    value
                } else {
                    let ty = self.target_name_type(*target);
                    self.assignable_value(value, ty, TEMPORARY, span)
                });
            }
            converted
        };
        for ((target, object), value) in left.iter().zip(objects).zip(values) {
            match object {
                Some(object) => {
                    let address = self.declare(object);
                    self.store(address, value, span);
                }
                None if self.is_blank(*target) => {}
                None => {
                    let target = self.target(*target);
                    self.assign_target(target, value);
                }
            }
        }
    }

    fn target_name_type(&self, target: ExprId) -> TypeId {
        match self.typed.ast.exprs[target].kind {
            ExprKind::Name(ident) => {
                let object = self
                    .typed
                    .object_of(ident)
                    .expect("a name on the left has an object");
                self.typed.objects[object].ty
            }
            _ => self.type_of(target),
        }
    }

    /// Declares new variables (`None` for `_`) with values.
    pub(super) fn define_objects(
        &mut self,
        objects: &[Option<ObjectId>],
        values: &[ExprId],
        span: Span,
    ) {
        self.hoist_all(values);
        if let ([Some(object)], [value]) = (objects, values) {
            let ty = self.typed.objects[*object].ty;
            if self.is_aggregate(ty) {
                let address = self.declare(*object);
                self.initialize(address, *value, ty);
            } else {
                let value = self.expr_as(*value, ty);
                let address = self.declare(*object);
                self.store(address, value, span);
            }
            return;
        }
        let values: Vec<Value> = if objects.len() == values.len() {
            let mut lowered = Vec::with_capacity(values.len());
            for (object, expr) in objects.iter().zip(values) {
                lowered.push(match object {
                    Some(object) => self.expr_as(*expr, self.typed.objects[*object].ty),
                    None => self.expr(*expr),
                });
            }
            lowered
        } else {
            let values = self.several(values[0]);
            let mut converted = Vec::with_capacity(objects.len());
            for (object, value) in objects.iter().zip(values) {
                converted.push(match object {
                    Some(object) => {
                        let ty = self.typed.objects[*object].ty;
                        self.assignable_value(value, ty, TEMPORARY, span)
                    }
                    None => value,
                });
            }
            converted
        };
        for (object, value) in objects.iter().zip(values) {
            if let Some(object) = object {
                let address = self.declare(*object);
                self.store(address, value, span);
            }
        }
    }
}
