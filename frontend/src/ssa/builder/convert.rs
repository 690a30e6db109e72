//! Conversions: explicit `T(x)` and those that assignability implies.

use super::super::{ConvertKind, Op, SiteKind, Value};
use super::function::FunctionBuilder;
use super::variables::StaticSize;
use crate::ast::ExprId;
use crate::check::Mode;
use crate::check::constant::Constant;
use crate::source::Span;
use crate::types::{Basic, Type, TypeId};

/// What a conversion to an interface is called in `-m`.
pub(super) struct BoxedText {
    pub(super) text: String,
    pub(super) position: u32,
}

impl<'a> FunctionBuilder<'a, '_> {
    /// An expression's value as a type it is assignable to.
    pub(super) fn expr_as(&mut self, expr: ExprId, ty: TypeId) -> Value {
        let inner = self.typed.ast.unparen(expr);
        let span = self.span_of(inner);
        if self.typed.info.modes[inner] == Mode::Nil {
            return self.zero(ty, span);
        }
        if let Some(constant) = self.typed.constant_of(inner)
            && !self.is_interface(ty)
        {
            return self.constant(constant, ty, span);
        }
        if self.is_interface(ty)
            && !self.hoisted.contains_key(&inner)
            && let Some((constant, origin)) = self.static_constant(inner)
        {
            // As gc does, so that the box can be read-only data.
            let from = self.type_of(inner);
            let value = self.constant(constant, from, span);
            let text = if self.static_places.contains(&inner) {
                String::new()
            } else {
                self.texts().constant_text(inner, constant, origin)
            };
            let position = self.position_of(expr);
            let boxed = BoxedText { text, position };
            return self.boxed(value, ty, boxed, span);
        }
        let value = self.expr(inner);
        self.assignable(value, ty, expr)
    }

    /// The constant that a variable which never changes was declared with.
    pub(super) fn static_constant(&self, expr: ExprId) -> Option<(&'a Constant, ExprId)> {
        self.facts
            .static_constant(self.typed, &self.program.types, expr)
    }

    /// The size that an expression is known to be.
    pub(super) fn static_size(&self, expr: ExprId) -> Option<StaticSize<'a>> {
        self.facts
            .static_size(self.typed, &self.program.types, expr)
    }

    /// Converts a value that `expr` gave to a type it is assignable to.
    pub(super) fn assignable(&mut self, value: Value, ty: TypeId, expr: ExprId) -> Value {
        let span = self.span_of(self.typed.ast.unparen(expr));
        if self.needs_box(value, ty) {
            // gc places the conversion where the operand begins, at its parentheses if it has any.
            let boxed = BoxedText {
                text: if self.static_places.contains(&self.typed.ast.unparen(expr)) {
                    String::new()
                } else {
                    self.texts().expression_text(expr)
                },
                position: self.position_of(expr),
            };
            return self.boxed(value, ty, boxed, span);
        }
        self.convert_without_box(value, ty, span)
    }

    /// As `assignable` for a value that no expression stands for; without a text gc reports
    /// nothing.
    pub(super) fn assignable_value(
        &mut self,
        value: Value,
        ty: TypeId,
        text: &str,
        span: Span,
    ) -> Value {
        if self.needs_box(value, ty) {
            return self.boxed(
                value,
                ty,
                BoxedText {
                    text: text.to_owned(),
                    position: span.start,
                },
                span,
            );
        }
        self.convert_without_box(value, ty, span)
    }

    fn needs_box(&self, value: Value, ty: TypeId) -> bool {
        self.is_interface(ty) && !self.is_interface(self.function.type_of(value))
    }

    /// A concrete value as an interface.
    pub(super) fn boxed(
        &mut self,
        value: Value,
        ty: TypeId,
        boxed: BoxedText,
        span: Span,
    ) -> Value {
        self.program.note_converted(self.function.type_of(value));
        let kind = if boxed.text.is_empty() {
            SiteKind::Temporary
        } else {
            SiteKind::Interface
        };
        let site = self.site(kind, boxed.text, boxed.position);
        self.emit_site(Op::MakeInterface(value), ty, site, span)
    }

    fn convert_without_box(&mut self, value: Value, ty: TypeId, span: Span) -> Value {
        let from = self.function.type_of(value);
        if self.is_interface(ty)
            && self.program.types.underlying_id(from) != self.program.types.underlying_id(ty)
        {
            return self.emit1(Op::ChangeInterface(value), ty, span);
        }
        self.retype(value, ty, span)
    }

    /// The same representation under another type.
    pub(super) fn retype(&mut self, value: Value, ty: TypeId, span: Span) -> Value {
        if self.function.type_of(value) == ty {
            return value;
        }
        self.emit1(Op::Convert(ConvertKind::Retype, value), ty, span)
    }

    /// A constant whose recorded type is an interface: boxed with its default type.
    pub(super) fn constant_in_interface(
        &mut self,
        expr: ExprId,
        constant: &Constant,
        ty: TypeId,
        span: Span,
    ) -> Value {
        let basic = match constant {
            Constant::Bool(_) => Basic::Bool,
            Constant::String(_) => Basic::String,
            Constant::Integer(_) => Basic::Int,
            Constant::Float(_) | Constant::Wide(_) => Basic::Float64,
        };
        let value = self.constant(constant, self.basic(basic), span);
        let boxed = BoxedText {
            text: self.texts().expression_text(expr),
            position: span.start,
        };
        self.boxed(value, ty, boxed, span)
    }

    /// `T(x)`
    pub(super) fn conversion(&mut self, expr: ExprId, operand: ExprId) -> Value {
        let span = self.span_of(expr);
        let ty = self.type_of(expr);
        let inner = self.typed.ast.unparen(operand);
        if self.typed.info.modes[inner] == Mode::Nil {
            return self.zero(ty, span);
        }
        let value = self.expr(inner);
        if self.needs_box(value, ty) {
            let text = if self.static_places.contains(&self.typed.ast.unparen(expr)) {
                String::new()
            } else {
                self.texts().expression_text(expr)
            };
            let position = self.position_of(operand);
            return self.boxed(value, ty, BoxedText { text, position }, span);
        }
        let from = self.function.type_of(value);
        if self.is_interface(ty) || from == ty {
            return self.convert_without_box(value, ty, span);
        }
        let (source, target) = (self.underlying(from), self.underlying(ty));
        let kind = match (&source, &target) {
            (Type::Slice(element), Type::Basic(basic)) if basic.is_string() => {
                if self.is_byte(*element) {
                    ConvertKind::BytesToString
                } else {
                    ConvertKind::RunesToString
                }
            }
            (Type::Basic(basic), Type::Slice(element)) if basic.is_string() => {
                if self.is_byte(*element) {
                    ConvertKind::StringToBytes
                } else {
                    ConvertKind::StringToRunes
                }
            }
            (Type::Basic(from), Type::Basic(to)) if from.is_integer() && to.is_string() => {
                ConvertKind::IntegerToString
            }
            (Type::Basic(from), Type::Basic(to))
                if from.is_numeric() && to.is_numeric() && from != to =>
            {
                ConvertKind::Numeric
            }
            (Type::Slice(_), Type::Pointer(_)) => ConvertKind::SliceToArrayPointer,
            (Type::Slice(_), Type::Array(_, length)) => {
                return self.slice_to_array(value, ty, *length, span);
            }
            _ => ConvertKind::Retype,
        };
        match kind {
            ConvertKind::Retype | ConvertKind::Numeric | ConvertKind::SliceToArrayPointer => {
                self.emit1(Op::Convert(kind, value), ty, span)
            }
            _ => {
                let text = self.texts().expression_text(expr);
                let position = self.position_of(operand);
                let kind_of_site = self.literal_kind(expr, SiteKind::Conversion);
                let site = self.site(kind_of_site, text, position);
                self.emit_site(Op::Convert(kind, value), ty, site, span)
            }
        }
    }

    fn is_byte(&self, ty: TypeId) -> bool {
        self.program.types.as_basic(ty) == Some(Basic::Uint8)
    }

    /// `[N]T(slice)`: the array behind the slice, copied. A nil slice has none to copy if N is 0.
    fn slice_to_array(&mut self, slice: Value, ty: TypeId, length: u64, span: Span) -> Value {
        if length == 0 {
            return self.zero(ty, span);
        }
        let array = self.program.types.underlying_id(ty);
        let pointer = self.pointer_to(array);
        let address = self.emit1(
            Op::Convert(ConvertKind::SliceToArrayPointer, slice),
            pointer,
            span,
        );
        let value = self.load(address, span);
        self.retype(value, ty, span)
    }

    /// Whether an expression is a conversion.
    pub(super) fn is_conversion(&self, callee: ExprId) -> bool {
        self.texts().is_conversion(callee)
    }
}
