//! Calls of builtin functions.

use super::super::{Op, SiteKind, Value};
use super::call::PreparedCall;
use super::function::FunctionBuilder;
use super::texts::TEMPORARY;
use super::variables::StaticSize;
use crate::ast::{ExprId, ExprKind};
use crate::check::{Builtin, Mode};
use crate::source::Span;
use crate::types::Type;

impl FunctionBuilder<'_, '_> {
    /// A builtin call's values; none for those that are statements.
    pub(super) fn builtin(
        &mut self,
        expr: ExprId,
        builtin: Builtin,
        arguments: &[ExprId],
        has_spread: bool,
    ) -> Vec<Value> {
        let span = self.span_of(expr);
        match builtin {
            Builtin::Len | Builtin::Cap => vec![self.length(expr, builtin, arguments[0], span)],
            Builtin::Append => vec![self.append(expr, arguments, has_spread, span)],
            Builtin::Make => vec![self.make(expr, arguments, span)],
            Builtin::New => vec![self.new_value(expr, arguments[0], span)],
            Builtin::Min | Builtin::Max => {
                let ty = self.type_of(expr);
                let values = match self.tuple_arguments(arguments) {
                    Some(values) => values,
                    None => arguments
                        .iter()
                        .map(|argument| self.expr_as(*argument, ty))
                        .collect(),
                };
                if values.len() == 1 {
                    return values;
                }
                let op = if builtin == Builtin::Min {
                    Op::Min(values)
                } else {
                    Op::Max(values)
                };
                vec![self.emit1(op, ty, span)]
            }
            Builtin::Complex | Builtin::Imag | Builtin::Real => {
                unreachable!("complex numbers are refused")
            }
            Builtin::Clear
            | Builtin::Close
            | Builtin::Copy
            | Builtin::Delete
            | Builtin::Panic
            | Builtin::Print
            | Builtin::Println
            | Builtin::Recover => {
                let prepared = self.prepare_builtin(expr, builtin, arguments);
                self.emit_many(prepared.op, &prepared.results, prepared.span)
            }
        }
    }

    /// Evaluates the arguments of a builtin that may stand in a `go` or `defer` statement.
    pub(super) fn prepare_builtin(
        &mut self,
        expr: ExprId,
        builtin: Builtin,
        arguments: &[ExprId],
    ) -> PreparedCall {
        let span = self.span_of(expr);
        let mut results = Vec::new();
        let op = match builtin {
            Builtin::Clear => {
                let value = self.expr(arguments[0]);
                match self.underlying(self.function.type_of(value)) {
                    Type::Map(..) => Op::MapClear(value),
                    _ => Op::ClearSlice(value),
                }
            }
            Builtin::Close => Op::Close(self.expr(arguments[0])),
            Builtin::Copy => {
                results.push(self.int_type());
                let values = self.argument_values(arguments);
                Op::Copy {
                    target: values[0],
                    source: values[1],
                }
            }
            Builtin::Delete => {
                let tuple = self.tuple_arguments(arguments);
                let map = tuple
                    .as_ref()
                    .map_or_else(|| self.expr(arguments[0]), |values| values[0]);
                let Type::Map(key, _) = self.underlying(self.function.type_of(map)) else {
                    unreachable!("delete wants a map")
                };
                let key = match tuple {
                    Some(values) => self.assignable_value(values[1], key, "", span),
                    None => self.expr_as(arguments[1], key),
                };
                Op::MapDelete { map, key }
            }
            Builtin::Panic => {
                let any = self.program.types.empty_interface();
                Op::Panic(self.expr_as(arguments[0], any))
            }
            Builtin::Print | Builtin::Println => {
                let values = self.argument_values(arguments);
                Op::Print {
                    values,
                    is_line: builtin == Builtin::Println,
                }
            }
            Builtin::Recover => {
                self.function.has_recover = true;
                results.push(self.program.types.empty_interface());
                Op::Recover
            }
            _ => unreachable!("{builtin:?} is no statement"),
        };
        PreparedCall { op, results, span }
    }

    /// The values of `f(g())` with several results of `g`.
    fn tuple_arguments(&mut self, arguments: &[ExprId]) -> Option<Vec<Value>> {
        match arguments {
            [single] if self.is_tuple(*single) => Some(self.call_values(*single)),
            _ => None,
        }
    }

    fn argument_values(&mut self, arguments: &[ExprId]) -> Vec<Value> {
        match self.tuple_arguments(arguments) {
            Some(values) => values,
            None => arguments
                .iter()
                .map(|argument| self.expr(*argument))
                .collect(),
        }
    }

    fn length(&mut self, expr: ExprId, builtin: Builtin, operand: ExprId, span: Span) -> Value {
        let ty = self.type_of(expr);
        let operand_type = self.type_of(operand);
        let array = match self.underlying(operand_type) {
            Type::Array(_, length) => Some(length),
            Type::Pointer(array) => match self.program.types.underlying(array) {
                Type::Array(_, length) => Some(*length),
                _ => None,
            },
            _ => None,
        };
        let value = self.expr(operand);
        match array {
            Some(length) => self.integer(length as i64, ty, span),
            None if builtin == Builtin::Len => self.emit1(Op::Len(value), ty, span),
            None => self.emit1(Op::Cap(value), ty, span),
        }
    }

    fn append(
        &mut self,
        expr: ExprId,
        arguments: &[ExprId],
        has_spread: bool,
        span: Span,
    ) -> Value {
        let ty = self.type_of(expr);
        if let Some(mut values) = self.tuple_arguments(arguments) {
            let slice = values.remove(0);
            let element = self.element_type(ty);
            let elements = values
                .into_iter()
                .map(|value| self.assignable_value(value, element, TEMPORARY, span))
                .collect();
            let site = self.site(SiteKind::Append, "append".to_owned(), span.start);
            return self.emit_site(Op::Append { slice, elements }, ty, site, span);
        }
        let slice = self.expr_as(arguments[0], ty);
        if has_spread {
            let other = arguments[1];
            if self.typed.info.modes[self.typed.ast.unparen(other)] == Mode::Nil {
                return slice;
            }
            let other = self.expr(other);
            let site = self.site(SiteKind::Append, "append".to_owned(), span.start);
            return self.emit_site(Op::AppendSlice { slice, other }, ty, site, span);
        }
        let element = self.element_type(ty);
        let elements = arguments[1..]
            .iter()
            .map(|argument| self.expr_as(*argument, element))
            .collect();
        let kind = if self.is_first_append(arguments[0]) {
            SiteKind::FirstAppend
        } else {
            SiteKind::Append
        };
        let site = self.site(kind, "append".to_owned(), span.start);
        self.emit_site(Op::Append { slice, elements }, ty, site, span)
    }

    /// See [`SiteKind::FirstAppend`].
    fn is_first_append(&mut self, slice: ExprId) -> bool {
        let typed = self.typed;
        match typed.ast.exprs[typed.ast.unparen(slice)].kind {
            ExprKind::Name(ident) => typed
                .object_of(ident)
                .is_none_or(|object| self.appended.insert(object)),
            ExprKind::Selector { .. } | ExprKind::Index { .. } | ExprKind::Star(_) => false,
            _ => true,
        }
    }

    fn make(&mut self, expr: ExprId, arguments: &[ExprId], span: Span) -> Value {
        let ty = self.type_of(expr);
        let mut sizes = Vec::new();
        let is_slice = matches!(self.underlying(ty), Type::Slice(_));
        for (index, size) in arguments.iter().enumerate().skip(1) {
            let is_last = index + 1 == arguments.len();
            // As gc does, so that the size is known: a frame may then hold the slice.
            let known = if is_slice && is_last {
                self.static_size(*size)
            } else {
                None
            };
            sizes.push(match known {
                Some(StaticSize::Constant(constant, _)) => {
                    let from = self.type_of(*size);
                    self.constant(constant, from, self.span_of(*size))
                }
                Some(StaticSize::Length(length)) => self.int_constant(length, self.span_of(*size)),
                None => self.index_value(*size),
            });
        }
        let first = sizes.first().copied();
        let (op, kind) = match self.underlying(ty) {
            Type::Slice(_) => {
                let len = first.expect("make of a slice has a length");
                (
                    Op::MakeSlice {
                        len,
                        cap: sizes.get(1).copied(),
                    },
                    SiteKind::MakeSlice,
                )
            }
            Type::Map(..) => (Op::MakeMap { hint: first }, SiteKind::MakeMap),
            _ => (Op::MakeChannel { size: first }, SiteKind::MakeChannel),
        };
        let site = self.expression_site(kind, expr);
        self.emit_site(op, ty, site, span)
    }

    /// `new(T)`, or `new(x)` for a variable with the value of `x`.
    fn new_value(&mut self, expr: ExprId, operand: ExprId, span: Span) -> Value {
        let ty = self.type_of(expr);
        let element = self.pointee(ty);
        if self.typed.info.modes[operand] == Mode::Type {
            let site = self.expression_site(SiteKind::New, expr);
            return self.emit_site(Op::Alloc(element), ty, site, span);
        }
        // gc has a variable for the value and takes its address.
        let value = self.expr_as(operand, element);
        let site = self.site(SiteKind::Variable, TEMPORARY.to_owned(), span.start);
        let address = self.emit_site(Op::Alloc(element), ty, site, span);
        self.store(address, value, span);
        address
    }
}
