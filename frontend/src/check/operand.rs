//! What an expression evaluates to while it is checked.

use super::constant::Constant;
use super::instantiate::GenericOperand;
use super::{Builtin, Checker, Mode};
use crate::ast::ExprId;
use crate::source::Span;
use crate::types::{Basic, Spelling, Type, TypeId};

/// The value of an expression as the checker knows it.
#[derive(Debug, Clone)]
pub(super) struct Operand {
    /// What it is; `Mode::None` after an error.
    pub(super) mode: Mode,
    /// Its type.
    pub(super) ty: TypeId,
    /// The expression, for its position and text.
    pub(super) expr: ExprId,
    /// The value of a constant; `None` if it could not be computed, which was reported.
    pub(super) value: Option<Constant>,
    /// The builtin, for `Mode::Builtin`.
    pub(super) builtin: Option<Builtin>,
    /// The generic declaration, for `Mode::Generic`.
    pub(super) generic: Option<Box<GenericOperand>>,
    /// What messages call it instead of its expression's text, such as "2nd function result".
    pub(super) text: Option<Box<str>>,
    /// Where messages about it stand instead of at its expression.
    pub(super) at: Option<Span>,
}

impl Operand {
    /// Whether no error was found.
    pub(super) fn is_valid(&self) -> bool {
        self.mode != Mode::None
    }

    /// Marks it as erroneous.
    pub(super) fn invalidate(&mut self) {
        self.mode = Mode::None;
    }

    /// Whether it is a constant.
    pub(super) fn is_constant(&self) -> bool {
        self.mode == Mode::Constant
    }

    /// Whether it is the predeclared `nil`.
    pub(super) fn is_nil(&self) -> bool {
        self.mode == Mode::Nil
    }
}

impl Checker<'_> {
    /// An operand that stands for an error.
    pub(super) fn invalid_operand(&self, expr: ExprId) -> Operand {
        Operand {
            mode: Mode::None,
            ty: self.invalid(),
            expr,
            value: None,
            builtin: None,
            generic: None,
            text: None,
            at: None,
        }
    }

    /// An operand with a mode and type.
    pub(super) fn operand(&self, mode: Mode, ty: TypeId, expr: ExprId) -> Operand {
        Operand {
            mode,
            ty,
            ..self.invalid_operand(expr)
        }
    }

    /// Where messages about an operand stand.
    pub(super) fn operand_span(&self, x: &Operand) -> Span {
        x.at.unwrap_or_else(|| self.span(x.expr))
    }

    /// The expression's text as gc prints it.
    pub(super) fn operand_text(&self, x: &Operand) -> String {
        match &x.text {
            Some(text) => text.to_string(),
            None => self.expression(x.expr),
        }
    }

    /// The kind of a composite type as gc names it; empty for basic types.
    pub(super) fn composite_kind(&mut self, ty: TypeId) -> &'static str {
        match self.underlying(ty) {
            Type::Array(..) => "array",
            Type::Slice(_) => "slice",
            Type::Struct(_) => "struct",
            Type::Pointer(_) => "pointer",
            Type::Function(_) => "func",
            Type::Interface(_) => "interface",
            Type::Map(..) => "map",
            Type::Channel(..) => "chan",
            Type::Tuple(_) => "tuple",
            Type::Parameter(_) => "type parameter",
            Type::Basic(_) | Type::Named(_) => "",
        }
    }

    /// The basic type under a type.
    pub(super) fn basic(&mut self, ty: TypeId) -> Option<Basic> {
        match self.underlying(ty) {
            Type::Basic(basic) => Some(*basic),
            _ => None,
        }
    }

    /// Whether a type is untyped.
    pub(super) fn is_untyped(&self, ty: TypeId) -> bool {
        matches!(self.types.get(ty), Type::Basic(basic) if basic.is_untyped())
    }

    /// Whether the basic type under `ty` satisfies `predicate`.
    pub(super) fn is_basic(&mut self, ty: TypeId, predicate: impl Fn(Basic) -> bool) -> bool {
        self.basic(ty).is_some_and(predicate)
    }

    /// An operand as gc describes it in messages: text, kind and type.
    pub(super) fn describe(&mut self, x: &Operand) -> String {
        if x.mode == Mode::Nil {
            return if self.is_untyped(x.ty) {
                "nil".to_owned()
            } else if self.is_valid(x.ty) {
                format!("nil (of type {})", self.type_text(x.ty))
            } else {
                "nil (with invalid type)".to_owned()
            };
        }
        let text = self.operand_text(x);
        let mut out = format!("{text} (");
        let mut has_type = false;
        if !matches!(
            x.mode,
            Mode::None | Mode::NoValue | Mode::Builtin | Mode::Type
        ) {
            match self.types.get(x.ty) {
                Type::Basic(basic) if basic.is_untyped() => {
                    out.push_str(basic.name());
                    out.push(' ');
                }
                _ => has_type = true,
            }
        }
        out.push_str(match x.mode {
            Mode::None => "invalid operand",
            Mode::NoValue => "no value",
            Mode::Builtin => "built-in",
            Mode::Generic => "value",
            Mode::Type => "type",
            Mode::Constant => "constant",
            Mode::Variable => "variable",
            Mode::MapElement => "map index expression",
            Mode::Value => "value",
            Mode::Nil => "nil",
            Mode::CommaOk => "comma, ok expression",
        });
        if x.mode == Mode::Constant {
            let value = x
                .value
                .as_ref()
                .map_or("unknown".to_owned(), ToString::to_string);
            if value != text {
                out.push(' ');
                out.push_str(&value);
            }
        }
        if has_type {
            if self.is_valid(x.ty) {
                let is_byte_or_rune = matches!(self.types.get(x.ty), Type::Basic(_))
                    && matches!(
                        self.types.spelling(x.ty),
                        Some(Spelling::Alias { package: None, .. })
                    );
                let is_alias = matches!(self.types.spelling(x.ty), Some(Spelling::Alias { .. }));
                let mut kind = "";
                if matches!(self.types.get(x.ty), Type::Named(_)) || (is_alias && !is_byte_or_rune)
                {
                    kind = self.composite_kind(x.ty);
                    if kind.is_empty() {
                        kind = self.basic(x.ty).map_or("", Basic::name);
                    }
                }
                out.push_str(" of ");
                if !kind.is_empty() {
                    out.push_str(kind);
                    out.push(' ');
                }
                out.push_str("type ");
                out.push_str(&self.type_text(x.ty));
            } else {
                out.push_str(" with invalid type");
            }
        }
        out.push(')');
        out
    }
}
