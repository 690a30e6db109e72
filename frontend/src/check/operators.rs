//! Unary and binary operators (spec: "Operators", "Constant expressions").

use super::constant::Constant;
use super::operand::Operand;
use super::{Checker, Mode};
use crate::ast::{BinaryOp, ChannelDirection, ExprId, ExprKind, UnaryOp};
use crate::source::Span;
use crate::types::{Basic, Type, TypeId};

/// Larger shifts of constants are mistakes; it is the least that can express the smallest float64.
const LARGEST_SHIFT: i64 = 1023 - 1 + 52;
/// Bits of an untyped integer constant.
const INTEGER_BITS: usize = 512;
/// Bytes of a constant string. (gc takes 2e9; a compiler need not hold that in memory.)
const STRING_BYTES: usize = 1 << 28;

fn is_ordered(basic: Basic) -> bool {
    basic.is_integer() || basic.is_float() || basic.is_string()
}

impl Checker<'_> {
    /// Where gc reports about the result of an operation.
    fn operator_span(&self, expr: ExprId) -> Span {
        match self.ast.exprs[expr].kind {
            ExprKind::Binary { .. } => Span::at(self.ast.exprs[expr].position),
            _ => self.span(expr),
        }
    }

    /// Checks that a constant that was just computed is in range.
    pub(super) fn check_overflow(&mut self, x: &mut Operand) {
        let Some(value) = &x.value else {
            self.error(
                self.operator_span(x.expr),
                "constant-range",
                "constant result is not representable",
            );
            return;
        };
        if !self.is_untyped(x.ty) {
            if let Some(basic) = self.basic(x.ty) {
                self.represent(x, basic, self.types.underlying_id(x.ty));
            }
            return;
        }
        if value.bit_length() > INTEGER_BITS {
            let operation = match &self.ast.exprs[x.expr].kind {
                ExprKind::Unary(UnaryOp::Complement, _) => "bitwise complement ",
                ExprKind::Binary { op, .. } => match op {
                    BinaryOp::Add => "addition ",
                    BinaryOp::Subtract => "subtraction ",
                    BinaryOp::Xor => "bitwise XOR ",
                    BinaryOp::Multiply => "multiplication ",
                    BinaryOp::ShiftLeft => "shift ",
                    _ => "",
                },
                _ => "",
            };
            let message = format!("constant {operation}overflow");
            self.error(self.operator_span(x.expr), "constant-range", message);
            x.value = None;
        } else if let Constant::String(bytes) = value
            && bytes.len() > STRING_BYTES
        {
            let message = format!(
                "constant string too long ({} bytes > {STRING_BYTES} bytes)",
                bytes.len()
            );
            self.error(self.operator_span(x.expr), "constant-range", message);
            x.value = None;
        }
    }

    pub(super) fn unary(&mut self, expr: ExprId, op: UnaryOp, operand: ExprId) -> Operand {
        let mut x = self.expr(operand);
        if !x.is_valid() {
            return x;
        }
        match op {
            UnaryOp::AddressOf => {
                let is_literal = matches!(
                    self.ast.exprs[self.ast.unparen(operand)].kind,
                    ExprKind::CompositeLiteral { .. }
                );
                if !is_literal && x.mode != Mode::Variable {
                    let message = format!(
                        "invalid operation: cannot take address of {}",
                        self.describe(&x)
                    );
                    self.error(self.operand_span(&x), "address", message);
                    x.invalidate();
                    return x;
                }
                x.mode = Mode::Value;
                x.ty = self.types.pointer_to(x.ty);
                return x;
            }
            UnaryOp::Receive => {
                match self.channel_element(self.operand_span(&x), &x, true) {
                    Some(element) => {
                        x.mode = Mode::CommaOk;
                        x.ty = element;
                        self.environment.has_call_or_receive = true;
                    }
                    None => x.invalidate(),
                }
                return x;
            }
            UnaryOp::Tilde => {
                let mut message = "cannot use ~ outside of interface or type constraint".to_owned();
                if self.is_basic(x.ty, Basic::is_integer) {
                    message.push_str(" (use ^ for bitwise complement)");
                }
                self.error(self.span(expr), "operator", message);
                x.invalidate();
                return x;
            }
            UnaryOp::Plus | UnaryOp::Minus | UnaryOp::Not | UnaryOp::Complement => {}
        }
        let is_defined = match op {
            UnaryOp::Plus | UnaryOp::Minus => self.is_basic(x.ty, Basic::is_numeric),
            UnaryOp::Complement => self.is_basic(x.ty, Basic::is_integer),
            _ => self.is_basic(x.ty, Basic::is_boolean),
        };
        if !is_defined {
            self.report_undefined_operator(&x, op.text());
            x.invalidate();
            return x;
        }
        if x.is_constant() {
            let Some(value) = &x.value else { return x };
            let unsigned = self
                .types
                .as_basic(x.ty)
                .filter(|basic| basic.is_unsigned());
            x.value = match op {
                UnaryOp::Minus => value.negated(),
                UnaryOp::Complement => {
                    value.complemented(unsigned.and_then(Basic::size_bytes).map(|bytes| bytes * 8))
                }
                UnaryOp::Not => match value {
                    Constant::Bool(value) => Some(Constant::Bool(!value)),
                    _ => None,
                },
                _ => Some(value.clone()),
            };
            x.expr = expr;
            self.check_overflow(&mut x);
            return x;
        }
        x.mode = Mode::Value;
        x
    }

    fn report_undefined_operator(&mut self, x: &Operand, operator: &str) {
        let message = format!(
            "invalid operation: operator {operator} not defined on {}",
            self.describe(x)
        );
        self.error(self.operand_span(x), "operator", message);
    }

    /// The element type of a channel that is sent to or received from.
    pub(super) fn channel_element(
        &mut self,
        at: Span,
        x: &Operand,
        is_receive: bool,
    ) -> Option<TypeId> {
        let cause = match *self.underlying(x.ty) {
            Type::Channel(ChannelDirection::Send, _) if is_receive => "send-only channel",
            Type::Channel(ChannelDirection::Receive, _) if !is_receive => "receive-only channel",
            Type::Channel(_, element) => return Some(element),
            _ => "non-channel",
        };
        let verb = if is_receive {
            "receive from"
        } else {
            "send to"
        };
        let (description, ty) = (self.describe(x), self.type_text(x.ty));
        let message = format!("invalid operation: cannot {verb} {cause} {ty} {description}");
        self.error(at, "channel", message);
        None
    }

    /// `left op right`; `expr` is the whole expression, or none for `left op= right`.
    pub(super) fn binary(
        &mut self,
        expr: Option<ExprId>,
        left: ExprId,
        right: ExprId,
        op: BinaryOp,
    ) -> Operand {
        let mut x = self.expr(left);
        let mut y = self.expr(right);
        if !x.is_valid() {
            return x;
        }
        if !y.is_valid() {
            x.invalidate();
            x.expr = y.expr;
            return x;
        }
        if op.is_shift() {
            self.shift(&mut x, &mut y, expr, op);
            return x;
        }
        self.match_types(&mut x, &mut y);
        if !x.is_valid() {
            return x;
        }
        if op.is_comparison() {
            self.comparison(&mut x, &mut y, op, false);
            return x;
        }
        if !self.types.identical(x.ty, y.ty) {
            if self.is_valid(x.ty) && self.is_valid(y.ty) {
                let (left_type, right_type) = (self.type_text(x.ty), self.type_text(y.ty));
                let what = match expr {
                    Some(expr) => self.expression(expr),
                    None => format!(
                        "{} {}= {}",
                        self.expression(left),
                        op.text(),
                        self.expression(right)
                    ),
                };
                let message = format!(
                    "invalid operation: {what} (mismatched types {left_type} and {right_type})"
                );
                self.error(self.operand_span(&x), "mismatched-types", message);
            }
            x.invalidate();
            return x;
        }
        let is_defined = match op {
            BinaryOp::Add => self.is_basic(x.ty, |basic| basic.is_numeric() || basic.is_string()),
            BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide => {
                self.is_basic(x.ty, Basic::is_numeric)
            }
            BinaryOp::LogicalAnd | BinaryOp::LogicalOr => self.is_basic(x.ty, Basic::is_boolean),
            _ => self.is_basic(x.ty, Basic::is_integer),
        };
        if !is_defined {
            self.report_undefined_operator(&x, op.text());
            x.invalidate();
            return x;
        }
        let is_integer = self.is_basic(x.ty, Basic::is_integer);
        if matches!(op, BinaryOp::Divide | BinaryOp::Remainder)
            && (x.is_constant() || is_integer)
            && y.is_constant()
            && y.value.as_ref().is_some_and(|value| value.sign() == 0)
        {
            self.error(
                self.operand_span(&y),
                "division-by-zero",
                "invalid operation: division by zero",
            );
            x.invalidate();
            return x;
        }
        if x.is_constant() && y.is_constant() {
            let (Some(left), Some(right)) = (&x.value, &y.value) else {
                x.value = None;
                return x;
            };
            let is_too_long = matches!((left, right), (Constant::String(left), Constant::String(right))
                if left.len() + right.len() > STRING_BYTES);
            if is_too_long {
                self.error(
                    self.operator_span(expr.unwrap_or(x.expr)),
                    "constant-range",
                    "constant string too long",
                );
                x.invalidate();
                return x;
            }
            x.value = Constant::binary(op, left, right, is_integer);
            if let Some(expr) = expr {
                x.expr = expr;
            }
            self.check_overflow(&mut x);
            return x;
        }
        x.mode = Mode::Value;
        x
    }

    /// Converts an untyped operand to the other's type, where that may make sense.
    pub(super) fn match_types(&mut self, x: &mut Operand, y: &mut Operand) {
        if self.may_convert(x, y) {
            self.convert_untyped(x, y.ty);
            if !x.is_valid() {
                return;
            }
            self.convert_untyped(y, x.ty);
            if !y.is_valid() {
                x.invalidate();
            }
        }
    }

    fn may_convert(&mut self, x: &Operand, y: &Operand) -> bool {
        if !self.is_untyped(x.ty) && !self.is_untyped(y.ty) {
            return false;
        }
        if self.is_basic(x.ty, Basic::is_numeric) != self.is_basic(y.ty, Basic::is_numeric) {
            // An interface takes anything, but gc asks for equal kinds first.
            return false;
        }
        if self.types.is_interface(x.ty) || self.types.is_interface(y.ty) {
            return true;
        }
        if self.is_basic(x.ty, Basic::is_boolean) != self.is_basic(y.ty, Basic::is_boolean)
            || self.is_basic(x.ty, Basic::is_string) != self.is_basic(y.ty, Basic::is_string)
        {
            return false;
        }
        if x.is_nil() {
            return self.types.has_nil(y.ty);
        }
        if y.is_nil() {
            return self.types.has_nil(x.ty);
        }
        let is_pointer =
            |checker: &mut Self, ty| matches!(checker.underlying(ty), Type::Pointer(_));
        !is_pointer(self, x.ty) && !is_pointer(self, y.ty)
    }

    /// Checks a comparison; `x` becomes its result. In a switch, `x` is the case and `y` the tag.
    pub(super) fn comparison(
        &mut self,
        x: &mut Operand,
        y: &mut Operand,
        op: BinaryOp,
        is_case: bool,
    ) {
        if !self.is_valid(x.ty) || !self.is_valid(y.ty) {
            x.invalidate();
            return;
        }
        let mut cause = String::new();
        let mut is_at_left = true;
        let mut code = "operator";
        let is_assignable = self.assignable(x, y.ty).is_ok() || self.assignable(y, x.ty).is_ok();
        let is_fine = if !is_assignable {
            is_at_left = false;
            code = "mismatched-types";
            cause = format!(
                "mismatched types {} and {}",
                self.type_text(x.ty),
                self.type_text(y.ty)
            );
            false
        } else if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
            if x.is_nil() || y.is_nil() {
                let ty = if x.is_nil() { y.ty } else { x.ty };
                is_at_left = false;
                self.types.has_nil(ty)
            } else if !self.types.is_comparable(x.ty) {
                cause = self.incomparable_cause(x.ty);
                false
            } else if !self.types.is_comparable(y.ty) {
                is_at_left = false;
                cause = self.incomparable_cause(y.ty);
                false
            } else {
                true
            }
        } else if !self.is_basic(x.ty, is_ordered) {
            false
        } else if !self.is_basic(y.ty, is_ordered) {
            is_at_left = false;
            false
        } else {
            true
        };
        if !is_fine {
            let culprit = if is_at_left { &*x } else { &*y };
            if cause.is_empty() {
                let ty = culprit.ty;
                let kind = self.composite_kind(ty);
                let what = if kind.is_empty() {
                    self.type_text(ty)
                } else {
                    kind.to_owned()
                };
                cause = format!("operator {} not defined on {what}", op.text());
            }
            let (left, right) = (self.operand_text(x), self.operand_text(y));
            if is_case {
                let message = format!("invalid case {left} in switch on {right} ({cause})");
                self.error(self.operand_span(x), code, message);
            } else {
                let span = self.operand_span(if is_at_left { x } else { y });
                let message = format!("invalid operation: {left} {} {right} ({cause})", op.text());
                self.error(span, code, message);
            }
            x.invalidate();
            return;
        }
        if x.is_constant() && y.is_constant() {
            x.value = match (&x.value, &y.value) {
                (Some(left), Some(right)) => Constant::holds(op, left, right).map(Constant::Bool),
                _ => None,
            };
        } else {
            x.mode = Mode::Value;
            for operand in [&*x, &*y] {
                if operand.text.is_none() {
                    let ty = self.default_type(operand.ty);
                    self.update_type(operand.expr, ty, true);
                }
            }
        }
        x.ty = self.types.basic(Basic::UntypedBool);
    }

    fn incomparable_cause(&mut self, ty: TypeId) -> String {
        match self.underlying(ty).clone() {
            Type::Slice(_) | Type::Function(_) | Type::Map(..) => {
                format!("{} can only be compared to nil", self.composite_kind(ty))
            }
            Type::Struct(_) => {
                let culprit = self
                    .types
                    .first_incomparable(ty, &mut std::collections::HashSet::new());
                let culprit = culprit.map_or_else(String::new, |ty| self.type_text(ty));
                format!("struct containing {culprit} cannot be compared")
            }
            Type::Array(..) => format!("{} cannot be compared", self.type_text(ty)),
            _ => String::new(),
        }
    }

    fn shift(&mut self, x: &mut Operand, y: &mut Operand, expr: Option<ExprId>, op: BinaryOp) {
        let integer = if x.is_constant() {
            x.value.as_ref().and_then(Constant::to_integer)
        } else {
            None
        };
        let is_integer = self.is_basic(x.ty, Basic::is_integer);
        if !is_integer && (!self.is_untyped(x.ty) || integer.is_none()) {
            self.report_shifted_operand(x);
            return;
        }
        if y.is_constant() {
            let count = y
                .value
                .as_ref()
                .and_then(Constant::to_integer)
                .map(Constant::Integer);
            if count.is_some_and(|count| count.sign() < 0) {
                let message = format!(
                    "invalid operation: negative shift count {}",
                    self.describe(y)
                );
                self.error(self.operand_span(y), "shift", message);
                x.invalidate();
                return;
            }
            if self.is_untyped(y.ty) {
                let uint = self.types.basic(Basic::Uint);
                self.represent(y, Basic::Uint, uint);
                if !y.is_valid() {
                    x.invalidate();
                    return;
                }
                // A constant count has no say in the type; at run time it is a uint.
                if !x.is_constant() {
                    self.update_type(y.expr, uint, true);
                }
            } else if !x.is_constant() && !self.is_basic(y.ty, Basic::is_integer) {
                // (Of a constant shift gc takes a count of any numeric type.)
                let message = format!(
                    "invalid operation: shift count {} must be integer",
                    self.describe(y)
                );
                self.error(self.operand_span(y), "shift", message);
                x.invalidate();
                return;
            }
        } else if self.is_basic(y.ty, Basic::is_integer) {
            if self.is_untyped(y.ty) {
                let uint = self.types.basic(Basic::Uint);
                self.convert_untyped(y, uint);
            }
        } else if self.is_untyped(y.ty) {
            let uint = self.types.basic(Basic::Uint);
            self.convert_untyped(y, uint);
            if !y.is_valid() {
                x.invalidate();
                return;
            }
        } else {
            let message = format!(
                "invalid operation: shift count {} must be integer",
                self.describe(y)
            );
            self.error(self.operand_span(y), "shift", message);
            x.invalidate();
            return;
        }
        if x.is_constant() {
            if y.is_constant() {
                let untyped_int = self.types.basic(Basic::UntypedInt);
                let (Some(value), Some(count)) = (&x.value, &y.value) else {
                    x.value = None;
                    if !is_integer {
                        x.ty = untyped_int;
                    }
                    return;
                };
                let Some(count) = count.to_i64().filter(|count| *count <= LARGEST_SHIFT) else {
                    let message = format!(
                        "invalid operation: invalid shift count {}",
                        self.describe(y)
                    );
                    self.error(self.operand_span(y), "shift", message);
                    x.invalidate();
                    return;
                };
                x.value = value.shifted(op, count as usize);
                if !is_integer {
                    x.ty = untyped_int;
                }
                if let Some(expr) = expr {
                    x.expr = expr;
                }
                self.check_overflow(x);
                return;
            }
            if self.is_untyped(x.ty) {
                // The type comes from the context, "as if the shift were not there".
                self.mark_shifted(x.expr);
                x.mode = Mode::Value;
                return;
            }
        }
        if !is_integer {
            self.report_shifted_operand(x);
            return;
        }
        x.mode = Mode::Value;
    }

    fn report_shifted_operand(&mut self, x: &mut Operand) {
        let message = format!(
            "invalid operation: shifted operand {} must be integer",
            self.describe(x)
        );
        self.error(self.operand_span(x), "shift", message);
        x.invalidate();
    }
}
