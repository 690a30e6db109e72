//! Expressions as values, and the order in which their calls run.
//!
//! # Order
//! The specification orders calls, receives and logical operators of a statement lexically and
//! leaves open when variables are read between them. gc runs the calls first and reads variables
//! after them, and so does [`FunctionBuilder::hoist`]: before the operands of a statement are
//! lowered it lowers their calls, innermost first in lexical order, and keeps the results for the
//! moment they are asked for. What gc counts as a call is in [`FunctionBuilder::is_hoistable`].

use dashu::integer::IBig;

use super::super::op::{BinaryOp, ConstantValue, Op, UnaryOp};
use super::super::{SiteKind, Target, Value};
use super::function::FunctionBuilder;
use crate::ast::{self, ExprId, ExprKind};
use crate::check::constant::Constant;
use crate::check::{Builtin, Mode, ObjectKind};
use crate::source::Span;
use crate::types::{Basic, Type, TypeId};

/// The bits of an integer constant: sign-extended or zero-extended by its type.
fn integer_bits(value: &IBig) -> i64 {
    i64::try_from(value).unwrap_or_else(|_| u64::try_from(value).unwrap_or_default() as i64)
}

impl FunctionBuilder<'_, '_> {
    /// An expression on its own: its calls first, then the rest.
    pub(super) fn rooted(&mut self, expr: ExprId) -> Value {
        self.hoist_operands(expr);
        self.expr(expr)
    }

    /// As `rooted`, converted to a type it is assignable to.
    pub(super) fn rooted_as(&mut self, expr: ExprId, ty: TypeId) -> Value {
        self.hoist_operands(expr);
        self.expr_as(expr, ty)
    }

    /// Whether an expression runs a call, receive or the like.
    pub(super) fn has_call(&self, expr: ExprId) -> bool {
        if self.typed.constant_of(expr).is_some() || self.typed.info.modes[expr] == Mode::Type {
            return false;
        }
        self.is_hoistable(expr) || self.any_operand(expr, &mut |operand| self.has_call(operand))
    }

    /// Whether the expression itself is what the order of evaluation is about.
    fn is_hoistable(&self, expr: ExprId) -> bool {
        match &self.typed.ast.exprs[expr].kind {
            ExprKind::Unary(ast::UnaryOp::Receive, _) | ExprKind::Slice { .. } => true,
            ExprKind::TypeAssertion { .. } => {
                !super::super::is_pointer_shaped(&self.program.types, self.type_of(expr))
            }
            ExprKind::CompositeLiteral { .. } => self.is_dynamic_map_literal(expr),
            ExprKind::Call { callee, .. } => match self.typed.info.modes[*callee] {
                // From strings: memory is made.
                Mode::Type => matches!(self.underlying(self.type_of(expr)), Type::Slice(_)),
                Mode::Builtin => matches!(
                    self.builtin_of(*callee),
                    Some(
                        Builtin::Append
                            | Builtin::Cap
                            | Builtin::Copy
                            | Builtin::Len
                            | Builtin::Max
                            | Builtin::Min
                            | Builtin::Recover
                            | Builtin::Panic
                            | Builtin::Print
                            | Builtin::Println
                    )
                ),
                _ => true,
            },
            _ => false,
        }
    }

    /// The builtin a callee names.
    pub(super) fn builtin_of(&self, callee: ExprId) -> Option<Builtin> {
        self.texts().builtin_of(callee)
    }

    /// Asks a question of the direct operands, in lexical order, until one says yes.
    fn any_operand(&self, expr: ExprId, f: &mut dyn FnMut(ExprId) -> bool) -> bool {
        match &self.typed.ast.exprs[expr].kind {
            ExprKind::Paren(inner) | ExprKind::Star(inner) | ExprKind::Unary(_, inner) => f(*inner),
            ExprKind::Selector { operand, .. } => {
                self.typed.info.selections.contains_key(&expr) && f(*operand)
            }
            ExprKind::Index { operand, indices } => {
                f(*operand) || indices.iter().any(|index| f(*index))
            }
            ExprKind::Slice {
                operand,
                low,
                high,
                max,
                ..
            } => {
                f(*operand)
                    || [low, high, max]
                        .into_iter()
                        .flatten()
                        .any(|bound| f(*bound))
            }
            ExprKind::TypeAssertion { operand, .. } => f(*operand),
            ExprKind::Call {
                callee, arguments, ..
            } => {
                (!matches!(self.typed.info.modes[*callee], Mode::Builtin | Mode::Type)
                    && f(*callee))
                    || arguments.iter().any(|argument| f(*argument))
            }
            ExprKind::Binary { left, right, .. } => f(*left) || f(*right),
            ExprKind::CompositeLiteral { elements, .. } => {
                let has_field_keys = self.is_struct_literal(expr);
                elements.iter().any(|element| {
                    element.key.is_some_and(|key| !has_field_keys && f(key)) || f(element.value)
                })
            }
            _ => false,
        }
    }

    fn is_struct_literal(&self, expr: ExprId) -> bool {
        let ty = self.type_of(expr);
        let ty = self.program.types.pointee(ty).unwrap_or(ty);
        matches!(self.program.types.underlying(ty), Type::Struct(_))
    }

    /// Runs the calls of several operands of one statement, in order.
    pub(super) fn hoist_all(&mut self, exprs: &[ExprId]) {
        if let [single] = exprs {
            self.hoist_operands(*single);
            return;
        }
        for expr in exprs {
            self.hoist(*expr);
        }
    }

    /// Runs the calls inside an expression, but not the expression itself.
    fn hoist_operands(&mut self, expr: ExprId) {
        let expr = self.typed.ast.unparen(expr);
        if self.typed.constant_of(expr).is_some() || self.typed.info.modes[expr] == Mode::Type {
            return;
        }
        // These order their operands themselves.
        if self.is_short_circuit(expr) || self.is_dynamic_map_literal(expr) {
            return;
        }
        let mut operands = Vec::new();
        self.any_operand(expr, &mut |operand| {
            operands.push(operand);
            false
        });
        for operand in operands {
            self.hoist(operand);
        }
    }

    fn is_short_circuit(&self, expr: ExprId) -> bool {
        matches!(
            self.typed.ast.exprs[expr].kind,
            ExprKind::Binary {
                op: ast::BinaryOp::LogicalAnd | ast::BinaryOp::LogicalOr,
                ..
            }
        )
    }

    /// Runs the calls of an operand ahead of the rest of its statement.
    pub(super) fn hoist(&mut self, expr: ExprId) {
        let expr = self.typed.ast.unparen(expr);
        if self.typed.constant_of(expr).is_some() || self.typed.info.modes[expr] == Mode::Type {
            return;
        }
        if self.is_short_circuit(expr) {
            if self.has_call(expr) {
                let value = self.expr(expr);
                self.hoisted.insert(expr, vec![value]);
            }
            return;
        }
        self.hoist_operands(expr);
        if self.is_hoistable(expr) {
            let values = match &self.typed.ast.exprs[expr].kind {
                ExprKind::Call { .. } => self.call_values(expr),
                _ => vec![self.expr(expr)],
            };
            self.hoisted.insert(expr, values);
        }
    }

    /// A constant as a value of a type.
    pub(super) fn constant(&mut self, constant: &Constant, ty: TypeId, span: Span) -> Value {
        let basic = self.program.types.as_basic(ty);
        let is_float = basic.is_some_and(Basic::is_float);
        let is_single = basic == Some(Basic::Float32);
        let value = match constant {
            Constant::Bool(value) => ConstantValue::Bool(*value),
            Constant::String(bytes) => ConstantValue::String(bytes.clone()),
            Constant::Integer(value) if !is_float => ConstantValue::Integer(integer_bits(value)),
            Constant::Integer(value) if is_single => {
                ConstantValue::Float(f64::from(value.to_f32().value()))
            }
            Constant::Integer(value) => ConstantValue::Float(value.to_f64().value()),
            Constant::Float(value) if !is_float => {
                ConstantValue::Integer(integer_bits(value.numerator()))
            }
            Constant::Float(value) if is_single => {
                ConstantValue::Float(f64::from(value.to_f32().value()))
            }
            Constant::Float(value) => ConstantValue::Float(value.to_f64().value()),
            // Out of range of every type but those it rounds to zero in.
            Constant::Wide(_) => ConstantValue::Float(0.0),
        };
        self.emit1(Op::Constant(value), ty, span)
    }

    /// An expression's value.
    pub(super) fn expr(&mut self, expr: ExprId) -> Value {
        let typed = self.typed;
        let expr = typed.ast.unparen(expr);
        if let Some(values) = self.hoisted.remove(&expr) {
            return values[0];
        }
        let span = self.span_of(expr);
        if let Some(constant) = typed.constant_of(expr) {
            let ty = self.type_of(expr);
            if self.is_interface(ty) {
                return self.constant_in_interface(expr, constant, ty, span);
            }
            return self.constant(constant, ty, span);
        }
        if typed.info.modes[expr] == Mode::Nil {
            let ty = self.type_of(expr);
            return self.zero(ty, span);
        }
        match &typed.ast.exprs[expr].kind {
            ExprKind::Name(ident) => match typed
                .object_of(*ident)
                .map(|object| (object, &typed.objects[object].kind))
            {
                Some((object, ObjectKind::Function(_))) => {
                    self.function_value(object, self.type_of(expr), span)
                }
                _ => self.load_place(expr),
            },
            ExprKind::Selector { name, .. } => {
                if typed.info.selections.contains_key(&expr) {
                    return self.selector(expr);
                }
                match typed
                    .object_of(*name)
                    .map(|object| (object, &typed.objects[object].kind))
                {
                    Some((object, ObjectKind::Function(_))) => {
                        self.function_value(object, self.type_of(expr), span)
                    }
                    _ => self.load_place(expr),
                }
            }
            ExprKind::CompositeLiteral { .. } => self.composite_literal(expr),
            ExprKind::FunctionLiteral { body, .. } => self.function_literal(expr, *body),
            ExprKind::Index { operand, indices } => self.index(expr, *operand, indices[0]),
            ExprKind::Slice {
                operand,
                low,
                high,
                max,
                ..
            } => self.slice(expr, *operand, [*low, *high, *max]),
            ExprKind::TypeAssertion { operand, .. } => {
                let value = self.expr(*operand);
                let ty = self.value_type(expr);
                self.emit1(
                    Op::TypeAssert {
                        value,
                        ty,
                        comma_ok: false,
                    },
                    ty,
                    span,
                )
            }
            ExprKind::Call { .. } => self.call_values(expr)[0],
            ExprKind::Star(_) => self.load_place(expr),
            ExprKind::Unary(op, operand) => self.unary(expr, *op, *operand),
            ExprKind::Binary { op, left, right } => self.binary(expr, *op, *left, *right),
            other => unreachable!("not a value: {other:?}"),
        }
    }

    /// The type of a single value of an expression that may also be asked with comma-ok.
    pub(super) fn value_type(&self, expr: ExprId) -> TypeId {
        let ty = self.type_of(expr);
        match self.program.types.get(ty) {
            Type::Tuple(types) => types[0],
            _ => ty,
        }
    }

    fn function_value(&mut self, object: crate::check::ObjectId, ty: TypeId, span: Span) -> Value {
        let function = self.program.function_for(object);
        self.emit1(Op::FunctionValue(function), ty, span)
    }

    fn index(&mut self, expr: ExprId, operand: ExprId, index: ExprId) -> Value {
        let span = self.span_of(expr);
        let ty = self.type_of(operand);
        match self.underlying(ty) {
            Type::Map(key, _) => {
                let map = self.expr(operand);
                let key = self.expr_as(index, key);
                self.map_find(map, key, span)[0]
            }
            Type::Basic(_) => {
                let string = self.expr(operand);
                let index = self.index_value(index);
                let ty = self.basic(Basic::Uint8);
                self.emit1(
                    Op::StringIndex {
                        string,
                        index,
                        in_bounds: false,
                    },
                    ty,
                    span,
                )
            }
            _ => self.load_place(expr),
        }
    }

    /// The element of a map and whether it is there.
    pub(super) fn map_find(&mut self, map: Value, key: Value, span: Span) -> Vec<Value> {
        let element = self.element_type(self.function.type_of(map));
        let (pointer, boolean) = (self.pointer_to(element), self.bool_type());
        let found = self.emit_many(Op::MapFind { map, key }, &[pointer, boolean], span);
        vec![self.load(found[0], span), found[1]]
    }

    /// An index or bound: a constant is an `int` (its type may be untyped float or rune).
    pub(super) fn index_value(&mut self, index: ExprId) -> Value {
        let ty = self.type_of(index);
        let is_integer = self
            .program
            .types
            .as_basic(ty)
            .is_some_and(Basic::is_integer);
        match self.typed.constant_of(index) {
            Some(constant) if !is_integer => {
                let int = self.int_type();
                self.constant(constant, int, self.span_of(index))
            }
            _ => self.expr(index),
        }
    }

    fn slice(&mut self, expr: ExprId, operand: ExprId, bounds: [Option<ExprId>; 3]) -> Value {
        let span = self.span_of(expr);
        let ty = self.type_of(operand);
        let base = match self.underlying(ty) {
            Type::Array(..) => self.address_of(operand),
            Type::Pointer(_) => {
                let pointer = self.expr(operand);
                self.nil_check(pointer, span);
                pointer
            }
            _ => self.expr(operand),
        };
        let [low, high, max] = bounds.map(|bound| bound.map(|bound| self.index_value(bound)));
        let ty = self.type_of(expr);
        self.emit1(
            Op::Slice {
                base,
                low,
                high,
                max,
            },
            ty,
            span,
        )
    }

    fn unary(&mut self, expr: ExprId, op: ast::UnaryOp, operand: ExprId) -> Value {
        let span = self.span_of(expr);
        let op = match op {
            ast::UnaryOp::Plus | ast::UnaryOp::Tilde => return self.expr(operand),
            ast::UnaryOp::AddressOf => {
                let inner = self.typed.ast.unparen(operand);
                if matches!(
                    self.typed.ast.exprs[inner].kind,
                    ExprKind::CompositeLiteral { .. }
                ) {
                    return self.pointer_literal(expr, inner, span);
                }
                return self.address_of(operand);
            }
            ast::UnaryOp::Receive => {
                let channel = self.expr(operand);
                let ty = self.element_type(self.function.type_of(channel));
                return self.emit1(
                    Op::Receive {
                        channel,
                        comma_ok: false,
                    },
                    ty,
                    span,
                );
            }
            ast::UnaryOp::Minus => UnaryOp::Negate,
            ast::UnaryOp::Not => UnaryOp::Not,
            ast::UnaryOp::Complement => UnaryOp::Complement,
        };
        let ty = self.type_of(expr);
        let value = self.expr_as(operand, ty);
        self.emit1(Op::Unary(op, value), ty, span)
    }

    fn binary(&mut self, expr: ExprId, op: ast::BinaryOp, left: ExprId, right: ExprId) -> Value {
        let span = self.span_of(expr);
        let ty = self.type_of(expr);
        match op {
            ast::BinaryOp::LogicalAnd | ast::BinaryOp::LogicalOr => {
                self.logical(expr, op, left, right)
            }
            _ if op.is_comparison() => {
                let (left, right) = self.comparison_operands(left, right);
                self.emit1(Op::Binary(arithmetic(op), left, right), ty, span)
            }
            ast::BinaryOp::Add if self.is_string(ty) => self.string_concat(expr, ty, span),
            _ if op.is_shift() => {
                let left = self.expr_as(left, ty);
                let right = self.index_value(right);
                self.emit1(Op::Binary(arithmetic(op), left, right), ty, span)
            }
            _ => {
                let left = self.expr_as(left, ty);
                let right = self.expr_as(right, ty);
                self.emit1(Op::Binary(arithmetic(op), left, right), ty, span)
            }
        }
    }

    /// Both sides of a comparison with one type: nil takes the other's, a concrete value meets an
    /// interface as one.
    fn comparison_operands(&mut self, left: ExprId, right: ExprId) -> (Value, Value) {
        let is_nil = |expr| self.typed.info.modes[self.typed.ast.unparen(expr)] == Mode::Nil;
        let ty = if is_nil(left) {
            self.value_type(right)
        } else if is_nil(right) {
            self.value_type(left)
        } else {
            self.common_type(self.value_type(left), self.value_type(right))
        };
        let left = self.expr_as(left, ty);
        let right = self.expr_as(right, ty);
        (left, right)
    }

    /// The type two comparable operands are compared in.
    pub(super) fn common_type(&self, left: TypeId, right: TypeId) -> TypeId {
        match (self.is_interface(left), self.is_interface(right)) {
            (true, true) => match (
                self.program.types.underlying(left),
                self.program.types.underlying(right),
            ) {
                (Type::Interface(more), Type::Interface(fewer)) if fewer.len() > more.len() => left,
                _ => right,
            },
            (true, false) => left,
            (false, true) => right,
            // Between a bidirectional and a directed channel, or a named and an unnamed type, the
            // representation is the same: either will do.
            (false, false) => left,
        }
    }

    /// `a + b + c` of strings as one instruction.
    fn string_concat(&mut self, expr: ExprId, ty: TypeId, span: Span) -> Value {
        let operands = self.texts().concatenated(expr);
        let values = operands
            .into_iter()
            .map(|operand| self.expr_as(operand, ty))
            .collect();
        let site = self.expression_site(SiteKind::StringConcat, expr);
        self.emit_site(Op::StringConcat(values), ty, site, span)
    }

    /// `&&` and `||` as control flow.
    fn logical(&mut self, expr: ExprId, op: ast::BinaryOp, left: ExprId, right: ExprId) -> Value {
        let span = self.span_of(expr);
        let ty = self.type_of(expr);
        let is_and = op == ast::BinaryOp::LogicalAnd;
        let condition = self.rooted_as(left, ty);
        let (evaluate_right, join) = (self.new_block(), self.new_block());
        let result = self.function.add_block_parameter(join, ty);
        let decided = self.boolean(!is_and, ty, span);
        let to_right = Target::new(evaluate_right);
        let to_join = Target {
            block: join,
            arguments: vec![decided],
        };
        let (then, otherwise) = if is_and {
            (to_right, to_join)
        } else {
            (to_join, to_right)
        };
        self.emit0(
            Op::Branch {
                condition,
                then,
                otherwise,
            },
            span,
        );
        self.switch_to(evaluate_right);
        let value = self.rooted_as(right, ty);
        self.jump(join, vec![value], span);
        self.switch_to(join);
        result
    }

    /// Branches on a condition without making a boolean of `&&`, `||` and `!`.
    pub(super) fn condition(
        &mut self,
        expr: ExprId,
        then: super::super::Block,
        otherwise: super::super::Block,
        span: Span,
    ) {
        let inner = self.typed.ast.unparen(expr);
        if self.typed.constant_of(inner).is_none() {
            match self.typed.ast.exprs[inner].kind {
                ExprKind::Binary {
                    op: ast::BinaryOp::LogicalAnd,
                    left,
                    right,
                } => {
                    let middle = self.new_block();
                    self.condition(left, middle, otherwise, span);
                    self.switch_to(middle);
                    self.condition(right, then, otherwise, span);
                    return;
                }
                ExprKind::Binary {
                    op: ast::BinaryOp::LogicalOr,
                    left,
                    right,
                } => {
                    let middle = self.new_block();
                    self.condition(left, then, middle, span);
                    self.switch_to(middle);
                    self.condition(right, then, otherwise, span);
                    return;
                }
                ExprKind::Unary(ast::UnaryOp::Not, operand) => {
                    self.condition(operand, otherwise, then, span);
                    return;
                }
                _ => {}
            }
        }
        let value = self.rooted(inner);
        self.branch(value, then, otherwise, span);
    }
}

/// The operation of a binary operator that is no control flow.
pub(super) fn arithmetic(op: ast::BinaryOp) -> BinaryOp {
    match op {
        ast::BinaryOp::Add => BinaryOp::Add,
        ast::BinaryOp::Subtract => BinaryOp::Subtract,
        ast::BinaryOp::Multiply => BinaryOp::Multiply,
        ast::BinaryOp::Divide => BinaryOp::Divide,
        ast::BinaryOp::Remainder => BinaryOp::Remainder,
        ast::BinaryOp::And | ast::BinaryOp::LogicalAnd => BinaryOp::And,
        ast::BinaryOp::Or | ast::BinaryOp::LogicalOr => BinaryOp::Or,
        ast::BinaryOp::Xor => BinaryOp::Xor,
        ast::BinaryOp::AndNot => BinaryOp::AndNot,
        ast::BinaryOp::ShiftLeft => BinaryOp::ShiftLeft,
        ast::BinaryOp::ShiftRight => BinaryOp::ShiftRight,
        ast::BinaryOp::Equal => BinaryOp::Equal,
        ast::BinaryOp::NotEqual => BinaryOp::NotEqual,
        ast::BinaryOp::Less => BinaryOp::Less,
        ast::BinaryOp::LessEqual => BinaryOp::LessEqual,
        ast::BinaryOp::Greater => BinaryOp::Greater,
        ast::BinaryOp::GreaterEqual => BinaryOp::GreaterEqual,
    }
}
