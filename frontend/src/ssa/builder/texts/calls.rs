//! Calls and conversions, what is called, and selectors with the embedded fields on their way.

use super::{PRIMARY, Texts, UNLISTED};
use crate::ast::{self, ExprId, ExprKind};
use crate::check::constant::Constant;
use crate::check::{Builtin, Mode, ObjectKind, Selection};
use crate::ssa::builder::variables::StaticSize;
use crate::types::{Basic, Type, TypeId};

impl Texts<'_> {
    pub(super) fn selector_text(
        &self,
        expr: ExprId,
        operand: ExprId,
        name: ast::IdentId,
    ) -> String {
        let typed = self.typed;
        let name_text = typed.ast.ident_text(name);
        let Some(selection) = typed.info.selections.get(&expr) else {
            return format!("{}.{name_text}", self.expression_text(operand));
        };
        let mut text = if typed.info.modes[operand] == Mode::Type {
            let of = self.type_expr_text(operand);
            if of.starts_with('*') {
                format!("({of})")
            } else {
                of
            }
        } else {
            self.operand_text(operand, PRIMARY)
        };
        let is_field = selection.kind == crate::check::SelectionKind::Field;
        let on_the_way = selection.path.len() - usize::from(is_field);
        self.push_path(&mut text, selection, on_the_way);
        text.push('.');
        text.push_str(name_text);
        text
    }

    pub(super) fn call_text(
        &self,
        expr: ExprId,
        callee: ExprId,
        arguments: &[ExprId],
        has_spread: bool,
    ) -> (String, u8) {
        if self.is_conversion(callee) {
            let ty = self.type_of(expr);
            let written = self.type_expr_text(callee);
            let is_symbol =
                matches!(self.types.get(ty), Type::Named(_) | Type::Basic(_)) || written == "any";
            // gc makes a literal of the runes of a constant.
            let is_of_runes = matches!(
                self.types.underlying(ty),
                Type::Slice(element) if self.types.as_basic(*element) == Some(Basic::Int32)
            );
            if is_of_runes
                && let Some(Constant::String(bytes)) = self.typed.constant_of(arguments[0])
            {
                let elements = if bytes.is_empty() { "" } else { "..." };
                return (format!("{written}{{{elements}}}"), PRIMARY);
            }
            let written = if is_symbol {
                written
            } else {
                format!("({written})")
            };
            return (
                format!("{written}({})", self.converted_text(ty, arguments[0])),
                PRIMARY,
            );
        }
        let builtin = self.builtin_of(callee);
        let text_of = |(index, argument): (usize, &ExprId)| {
            if self.typed.info.modes[*argument] == Mode::Type {
                return self.type_expr_text(*argument);
            }
            // The size of a slice is shown as the constant it is taken for.
            let is_slice_size = builtin == Some(Builtin::Make) && index + 1 == arguments.len();
            if is_slice_size && matches!(self.types.underlying(self.type_of(expr)), Type::Slice(_))
            {
                match self.static_size(*argument) {
                    Some(StaticSize::Constant(constant, origin)) => {
                        return self.constant_text(*argument, constant, origin);
                    }
                    Some(StaticSize::Length(length)) => return length.to_string(),
                    None => {}
                }
            }
            self.expression_text(*argument)
        };
        let variadic = match builtin {
            Some(_) => None,
            None => self
                .types
                .as_signature(self.type_of(callee))
                .filter(|signature| signature.is_variadic),
        };
        let shown = match variadic {
            Some(signature) if !has_spread => {
                &arguments[..arguments.len().min(signature.parameters.len() - 1)]
            }
            _ => arguments,
        };
        let mut texts: Vec<String> = shown.iter().enumerate().map(text_of).collect();
        let method = self.called_method(callee);
        if let Some((_, receiver)) = &method {
            texts.insert(0, receiver.clone());
        }
        if variadic.is_some() && !has_spread {
            let is_empty = shown.len() == arguments.len();
            texts.push(
                if is_empty {
                    "nil..."
                } else {
                    "... argument..."
                }
                .to_owned(),
            );
        }
        if has_spread && let Some(last) = texts.last_mut() {
            last.push_str("...");
        }
        let strength = match builtin {
            Some(Builtin::Make)
                if !matches!(self.types.underlying(self.type_of(expr)), Type::Slice(_)) =>
            {
                UNLISTED
            }
            Some(Builtin::Recover) => UNLISTED,
            _ => PRIMARY,
        };
        let callee = match (builtin, method) {
            (Some(_), _) => self.builtin_text(callee),
            (None, Some((method, _))) => method,
            (None, None) => self.operand_text(callee, PRIMARY),
        };
        (format!("{callee}({})", texts.join(", ")), strength)
    }

    /// The operand of a conversion to `ty`.
    fn converted_text(&self, ty: TypeId, operand: ExprId) -> String {
        if self.types.is_interface(ty)
            && let Some((constant, origin)) = self.static_constant(operand)
        {
            return self.constant_text(operand, constant, origin);
        }
        let text = self.expression_text(operand);
        // Text comes from slices of these two alone: others are converted first.
        let elements = match self
            .types
            .underlying(self.type_of(self.typed.ast.unparen(operand)))
        {
            Type::Slice(element) if self.is_string(self.types.underlying_id(ty)) => *element,
            _ => return text,
        };
        match (self.types.get(elements), self.types.underlying(elements)) {
            (Type::Named(_), Type::Basic(Basic::Uint8)) => format!("([]byte)({text})"),
            (Type::Named(_), Type::Basic(Basic::Int32)) => format!("([]rune)({text})"),
            _ => text,
        }
    }

    /// The first `steps` fields on the way of a selector.
    pub fn path_text(&self, operand: ExprId, selection: &Selection, steps: usize) -> String {
        let mut text = self.operand_text(operand, PRIMARY);
        self.push_path(&mut text, selection, steps);
        text
    }

    fn push_path(&self, text: &mut String, selection: &Selection, steps: usize) {
        let mut ty = selection.receiver;
        for index in &selection.path[..steps] {
            let structure = self.types.pointee(ty).unwrap_or(ty);
            let Type::Struct(fields) = self.types.underlying(structure) else {
                break;
            };
            let field = &fields[*index as usize];
            text.push('.');
            text.push_str(self.text(field.name));
            ty = field.ty;
        }
    }

    /// What is called, as an operand.
    pub fn callee_text(&self, callee: ExprId) -> String {
        self.operand_text(callee, PRIMARY)
    }

    /// The declared method that a callee names, as a method expression.
    pub fn called_method_text(&self, callee: ExprId) -> Option<String> {
        self.called_method(callee).map(|(method, _)| method)
    }

    /// A call of a declared method is a call of a function to gc: that function, as a method
    /// expression, and its receiver.
    fn called_method(&self, callee: ExprId) -> Option<(String, String)> {
        let typed = self.typed;
        let callee = typed.ast.unparen(callee);
        let ExprKind::Selector { operand, name } = typed.ast.exprs[callee].kind else {
            return None;
        };
        let selection = typed.info.selections.get(&callee)?;
        if selection.kind != crate::check::SelectionKind::MethodValue {
            return None;
        }
        let declared = self.function_object(selection.method?).receiver?;
        let mut ty = selection.receiver;
        let mut receiver = self.operand_text(operand, PRIMARY);
        for index in &selection.path {
            let structure = self.types.pointee(ty).unwrap_or(ty);
            let Type::Struct(fields) = self.types.underlying(structure) else {
                break;
            };
            let field = &fields[*index as usize];
            receiver.push('.');
            receiver.push_str(self.text(field.name));
            ty = field.ty;
        }
        if selection.path.is_empty() {
            receiver = self.expression_text(operand);
        }
        // The `&` or `*` that the call implies is not shown.
        let of = self.type_text(match self.types.pointee(ty) {
            Some(element) => element,
            None => ty,
        });
        let name = typed.ast.ident_text(name);
        let method = if declared.is_pointer {
            format!("(*{of}).{name}")
        } else {
            format!("{of}.{name}")
        };
        Some((method, receiver))
    }

    fn builtin_text(&self, callee: ExprId) -> String {
        let callee = self.typed.ast.unparen(callee);
        match &self.typed.ast.exprs[callee].kind {
            ExprKind::Name(ident) | ExprKind::Selector { name: ident, .. } => {
                debug_assert!(self.typed.object_of(*ident).is_some_and(|object| matches!(
                    self.typed.objects[object].kind,
                    ObjectKind::Builtin(_)
                )));
                self.typed.ast.ident_text(*ident).to_owned()
            }
            _ => String::new(),
        }
    }
}
