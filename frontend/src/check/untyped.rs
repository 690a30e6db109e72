//! Untyped expressions until their type is known (spec: "Constants", "Conversions").
//!
//! An untyped expression is remembered with its kind; when a context gives it a type, the type goes
//! down to its operands as far as they share it. A left operand of a shift learns here that it is no
//! integer.

use super::constant::Constant;
use super::operand::Operand;
use super::{Checker, Mode};
use crate::ast::{ExprId, ExprKind};
use crate::types::{Basic, Type, TypeId};

/// An expression whose type is not final.
#[derive(Debug, Clone)]
pub(super) struct Untyped {
    /// Whether it is the left operand of a shift whose count is not constant.
    pub(super) is_shifted: bool,
    mode: Mode,
    ty: TypeId,
    value: Option<Constant>,
}

/// Why an untyped value does not fit a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfit {
    /// A fraction would be lost.
    Truncated,
    /// It is out of range.
    Overflows,
    /// Kinds differ.
    Kind,
}

impl Checker<'_> {
    /// Records what an expression was found to be.
    pub(super) fn record(&mut self, x: &Operand) {
        let expr = x.expr;
        if x.text.is_some() {
            return;
        }
        let value = if x.mode == Mode::Constant {
            x.value.clone()
        } else {
            None
        };
        if x.is_valid() && self.is_untyped(x.ty) {
            self.untyped.insert(
                expr,
                Untyped {
                    is_shifted: false,
                    mode: x.mode,
                    ty: x.ty,
                    value,
                },
            );
            return;
        }
        let ty = if x.mode == Mode::NoValue {
            self.empty_tuple()
        } else {
            x.ty
        };
        self.record_final(expr, x.mode, ty, value);
    }

    fn empty_tuple(&mut self) -> TypeId {
        self.types.intern(Type::Tuple(Box::default()))
    }

    fn record_final(&mut self, expr: ExprId, mode: Mode, ty: TypeId, value: Option<Constant>) {
        self.info.types[expr] = ty.into();
        self.info.modes[expr] = mode;
        if let (Mode::Constant, Some(value)) = (mode, value) {
            let value = match self.basic(ty) {
                Some(basic) => Self::fit(&value, basic).unwrap_or(value),
                None => value,
            };
            self.info.constants.insert(expr, value);
        }
    }

    /// Gives what is still untyped at the end its default type.
    pub(super) fn record_remaining_untyped(&mut self) {
        for (expr, untyped) in std::mem::take(&mut self.untyped) {
            let ty = self.default_type(untyped.ty);
            self.record_final(expr, untyped.mode, ty, untyped.value);
        }
    }

    /// The type an untyped value takes without context; typed ones keep theirs.
    pub(super) fn default_type(&self, ty: TypeId) -> TypeId {
        match self.types.get(ty) {
            Type::Basic(Basic::UntypedBool) => self.types.basic(Basic::Bool),
            Type::Basic(Basic::UntypedInt) => self.types.basic(Basic::Int),
            Type::Basic(Basic::UntypedRune) => self.universe.rune,
            Type::Basic(Basic::UntypedFloat) => self.types.basic(Basic::Float64),
            Type::Basic(Basic::UntypedComplex) => self.types.basic(Basic::Complex128),
            Type::Basic(Basic::UntypedString) => self.types.basic(Basic::String),
            _ => ty,
        }
    }

    /// Marks an untyped expression as the left operand of a shift by a variable count.
    pub(super) fn mark_shifted(&mut self, expr: ExprId) {
        if let Some(untyped) = self.untyped.get_mut(&expr) {
            untyped.is_shifted = true;
        }
    }

    /// Makes a constant expression of an untyped kind a value of a basic type, as array lengths are.
    pub(super) fn settle_untyped(&mut self, expr: ExprId, basic: Basic) {
        let ty = self.types.basic(basic);
        self.update_type(expr, ty, true);
    }

    /// Gives an untyped expression a type, and its operands where they share it. Unless `is_final`
    /// the type may itself be untyped.
    pub(super) fn update_type(&mut self, expr: ExprId, ty: TypeId, is_final: bool) {
        let Some(old) = self.untyped.get(&expr).cloned() else {
            return;
        };
        let ast = self.ast.clone();
        match &ast.exprs[expr].kind {
            ExprKind::Paren(inner) => self.update_type(*inner, ty, is_final),
            ExprKind::Unary(_, operand) if old.value.is_none() => {
                self.update_type(*operand, ty, is_final);
            }
            ExprKind::Binary { op, left, right } if old.value.is_none() => {
                if op.is_comparison() {
                    // The operands have their own type.
                } else if op.is_shift() {
                    self.update_type(*left, ty, is_final);
                } else {
                    self.update_type(*left, ty, is_final);
                    self.update_type(*right, ty, is_final);
                }
            }
            _ => {}
        }
        if !is_final && self.is_untyped(ty) {
            if let Some(untyped) = self.untyped.get_mut(&expr) {
                untyped.ty = ty;
            }
            return;
        }
        self.untyped.remove(&expr);
        if old.is_shifted && !self.is_basic(ty, Basic::is_integer) {
            let message = format!(
                "invalid operation: shifted operand {} (type {}) must be integer",
                self.expression(expr),
                self.type_text(ty)
            );
            self.error(self.span(expr), "shift", message);
            return;
        }
        if let Some(value) = &old.value {
            let mut x = self.operand(old.mode, old.ty, expr);
            x.value = Some(value.clone());
            self.convert_untyped(&mut x, ty);
            if !x.is_valid() {
                return;
            }
        }
        self.record_final(expr, old.mode, ty, old.value);
    }

    fn update_value(&mut self, expr: ExprId, value: &Constant) {
        if let Some(untyped) = self.untyped.get_mut(&expr) {
            untyped.value = Some(value.clone());
        }
    }

    /// A constant as a value of a basic type, rounded; `None` if it does not fit.
    pub(super) fn fit(value: &Constant, basic: Basic) -> Option<Constant> {
        if basic.is_integer() {
            let integer = value.to_integer()?;
            let bits = match basic.size_bytes() {
                None => return Some(Constant::Integer(integer)),
                Some(bytes) => bytes as usize * 8,
            };
            let constant = Constant::Integer(integer.clone());
            let length = constant.bit_length();
            let fits = if basic.is_unsigned() {
                constant.sign() >= 0 && length <= bits
            } else {
                // The most negative value has one bit more than the others.
                length < bits
                    || (constant.sign() < 0
                        && *integer == -(dashu::integer::IBig::ONE << (bits - 1)))
            };
            return fits.then_some(constant);
        }
        match basic {
            Basic::Float32 => value.rounded_to_f32(),
            Basic::Float64 => value.rounded_to_f64(),
            Basic::UntypedFloat if matches!(value, Constant::Wide(_)) => Some(value.clone()),
            Basic::UntypedFloat => value.to_rational().map(Constant::Float),
            _ if basic.is_string() => matches!(value, Constant::String(_)).then(|| value.clone()),
            _ if basic.is_boolean() => matches!(value, Constant::Bool(_)).then(|| value.clone()),
            _ => None,
        }
    }

    /// The constant `x` as a value of `basic`.
    pub(super) fn representation(
        &mut self,
        x: &Operand,
        basic: Basic,
    ) -> Result<Option<Constant>, Misfit> {
        let Some(value) = &x.value else {
            return Ok(None);
        };
        if let Some(fitted) = Self::fit(value, basic) {
            return Ok(Some(fitted));
        }
        let from = self.basic(x.ty).unwrap_or(Basic::Invalid);
        Err(if from.is_numeric() && basic.is_numeric() {
            if !from.is_integer() && basic.is_integer() {
                Misfit::Truncated
            } else {
                Misfit::Overflows
            }
        } else {
            Misfit::Kind
        })
    }

    /// Checks that the constant `x` fits its or another basic type, and rounds it.
    pub(super) fn represent(&mut self, x: &mut Operand, basic: Basic, target: TypeId) {
        match self.representation(x, basic) {
            Ok(value) => x.value = value,
            Err(misfit) => {
                self.report_misfit(x, misfit, target);
                x.invalidate();
            }
        }
    }

    fn report_misfit(&mut self, x: &Operand, misfit: Misfit, target: TypeId) {
        let (description, ty) = (self.describe(x), self.type_text(target));
        let message = match misfit {
            Misfit::Kind => format!("cannot convert {description} to type {ty}"),
            Misfit::Truncated => format!("{description} truncated to {ty}"),
            Misfit::Overflows => format!("{description} overflows {ty}"),
        };
        self.error(self.operand_span(x), "constant-range", message);
    }

    /// The type an untyped operand takes when `target` is wanted, and a constant's value then.
    pub(super) fn implicit_type(
        &mut self,
        x: &Operand,
        target: TypeId,
    ) -> Result<(TypeId, Option<Constant>), Misfit> {
        if !x.is_valid() || !self.is_untyped(x.ty) || !self.is_valid(target) {
            return Ok((x.ty, None));
        }
        let Some(kind) = self.basic(x.ty) else {
            return Ok((x.ty, None));
        };
        if self.is_untyped(target) {
            let Some(other) = self.basic(target) else {
                return Err(Misfit::Kind);
            };
            return if kind == other || (kind.is_numeric() && other.is_numeric()) {
                Ok((self.types.basic(kind.max(other)), None))
            } else {
                Err(Misfit::Kind)
            };
        }
        if x.is_nil() {
            self.underlying(target);
            return if self.types.has_nil(target) {
                Ok((target, None))
            } else {
                Err(Misfit::Kind)
            };
        }
        match self.underlying(target).clone() {
            Type::Basic(basic) => {
                if x.is_constant() {
                    return Ok((target, self.representation(x, basic)?));
                }
                let is_same_kind = match kind {
                    Basic::UntypedBool => basic.is_boolean(),
                    Basic::UntypedString => basic.is_string(),
                    _ => kind.is_numeric() && basic.is_numeric(),
                };
                if is_same_kind {
                    Ok((target, None))
                } else {
                    Err(Misfit::Kind)
                }
            }
            Type::Interface(methods) if methods.is_empty() => Ok((self.default_type(x.ty), None)),
            _ => Err(Misfit::Kind),
        }
    }

    /// Converts an untyped operand to `target`, or reports that it cannot be.
    pub(super) fn convert_untyped(&mut self, x: &mut Operand, target: TypeId) {
        match self.implicit_type(x, target) {
            Ok((ty, value)) => self.adopt(x, ty, value),
            Err(misfit) => {
                let underlying = self.underlying_id(target);
                self.report_misfit(x, misfit, underlying);
                x.invalidate();
            }
        }
    }

    /// Gives an operand the type and value that [`Self::implicit_type`] found.
    pub(super) fn adopt(&mut self, x: &mut Operand, ty: TypeId, value: Option<Constant>) {
        if let Some(value) = value {
            self.update_value(x.expr, &value);
            x.value = Some(value);
        }
        if ty != x.ty {
            x.ty = ty;
            if x.text.is_none() {
                self.update_type(x.expr, ty, false);
            }
        }
    }
}
