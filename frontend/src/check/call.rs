//! Calls and conversions (spec: "Calls", "Passing arguments to ... parameters", "Conversions").

use super::expression::ExpressionKind;
use super::operand::Operand;
use super::{Checker, Mode};
use crate::ast::ExprId;
use crate::types::{Basic, Signature, Type, TypeId};

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        expr: ExprId,
        callee: ExprId,
        arguments: &[ExprId],
        has_spread: bool,
    ) -> (Operand, ExpressionKind) {
        let x = self.expr_or_type(callee);
        match x.mode {
            Mode::None => {
                self.use_all(arguments);
                return (self.invalid_operand(expr), ExpressionKind::Statement);
            }
            Mode::Type => {
                let x = self.conversion_call(expr, x.ty, arguments, has_spread);
                return (x, ExpressionKind::Conversion);
            }
            Mode::Builtin => {
                let Some(builtin) = x.builtin else {
                    return (x, ExpressionKind::Statement);
                };
                let result = self.builtin_call(expr, x, builtin, arguments, has_spread);
                if result.is_valid() && !result.is_constant() {
                    self.environment.has_call_or_receive = true;
                }
                return (result, super::builtins::statement_kind(builtin));
            }
            _ => {}
        }
        let Type::Function(signature) = self.underlying(x.ty).clone() else {
            let (description, ty) = (self.describe(&x), self.type_text(x.ty));
            let message =
                format!("invalid operation: cannot call {description}: {ty} is not a function");
            self.error(self.operand_span(&x), "call", message);
            self.use_all(arguments);
            return (self.invalid_operand(expr), ExpressionKind::Statement);
        };
        let mut values = self.expression_list(arguments);
        self.pass_arguments(expr, callee, &signature, &mut values, arguments, has_spread);
        let mut result = self.invalid_operand(expr);
        match &signature.results[..] {
            [] => result.mode = Mode::NoValue,
            [only] => {
                result.mode = Mode::Value;
                result.ty = *only;
            }
            several => {
                result.mode = Mode::Value;
                result.ty = self.types.intern(Type::Tuple(several.into()));
            }
        }
        self.environment.has_call_or_receive = true;
        (result, ExpressionKind::Statement)
    }

    fn conversion_call(
        &mut self,
        expr: ExprId,
        target: TypeId,
        arguments: &[ExprId],
        has_spread: bool,
    ) -> Operand {
        self.underlying(target);
        match arguments {
            [] => {
                let message = format!(
                    "missing argument in conversion to {}",
                    self.type_text(target)
                );
                self.error(self.end_of_call(expr), "conversion", message);
            }
            [argument] => {
                let mut x = self.expr(*argument);
                if x.is_valid() {
                    if has_spread {
                        let message = format!(
                            "invalid use of ... in conversion to {}",
                            self.type_text(target)
                        );
                        self.error(self.span(*argument), "conversion", message);
                        return self.invalid_operand(expr);
                    }
                    self.conversion(&mut x, target);
                }
                x.expr = expr;
                return x;
            }
            [.., last] => {
                self.use_all(arguments);
                let message = format!(
                    "too many arguments in conversion to {}",
                    self.type_text(target)
                );
                self.error(self.span(*last), "conversion", message);
            }
        }
        self.invalid_operand(expr)
    }

    /// Where gc reports about a call as a whole.
    fn end_of_call(&self, expr: ExprId) -> crate::source::Span {
        self.span(expr)
    }

    /// Evaluates arguments; one call of several results counts as several.
    pub(super) fn expression_list(&mut self, list: &[ExprId]) -> Vec<Operand> {
        match list {
            [only] => self.multi_expr(*only, false).0,
            list => list.iter().map(|expr| self.expr(*expr)).collect(),
        }
    }

    pub(super) fn pass_arguments(
        &mut self,
        call: ExprId,
        callee: ExprId,
        signature: &Signature,
        values: &mut [Operand],
        arguments: &[ExprId],
        has_spread: bool,
    ) {
        let mut wanted: Vec<TypeId> = signature.parameters.to_vec();
        let mut count = wanted.len();
        if signature.is_variadic {
            if has_spread {
                if arguments.len() == 1 && values.len() > 1 {
                    let text = self.expression(arguments[0]);
                    let message = format!("cannot use ... with {}-valued {text}", values.len());
                    self.error(self.span(call), "spread", message);
                    return;
                }
            } else if values.len() + 1 >= count {
                let last = wanted.pop().unwrap_or(self.invalid());
                let element = match self.types.get(last) {
                    Type::Slice(element) => *element,
                    _ => last,
                };
                wanted.resize(values.len(), element);
                count = values.len();
            } else {
                count -= 1;
            }
        } else if has_spread {
            let message = format!(
                "cannot use ... in call to non-variadic {}",
                self.expression(callee)
            );
            self.error(self.span(call), "spread", message);
            return;
        }
        if values.len() != count {
            let (at, qualifier) = if values.len() > count {
                (self.operand_span(&values[count]), "too many")
            } else if let Some(last) = values.last() {
                (self.operand_span(last), "not enough")
            } else {
                (self.end_of_arguments(call), "not enough")
            };
            let have: Vec<TypeId> = values.iter().map(|value| value.ty).collect();
            let have = self.types_summary(&have, false, has_spread);
            let want = self.types_summary(&signature.parameters, signature.is_variadic, false);
            let callee = self.expression(callee);
            let message =
                format!("{qualifier} arguments in call to {callee}\n\thave {have}\n\twant {want}");
            self.error(at, "argument-count", message);
            return;
        }
        for (value, ty) in values.iter_mut().zip(wanted) {
            // The context's text is only made for messages: most arguments fit.
            self.assign_in(value, Some(ty), |checker| {
                format!("argument to {}", checker.expression(callee))
            });
        }
    }

    /// Where gc reports missing arguments of a call without any: its closing parenthesis.
    fn end_of_arguments(&self, call: ExprId) -> crate::source::Span {
        match self.ast.exprs[call].kind {
            crate::ast::ExprKind::Call { close, .. } => crate::source::Span::at(close),
            _ => self.span(call),
        }
    }

    /// Types in parentheses, as gc lists what was given and what is wanted.
    pub(super) fn types_summary(
        &mut self,
        types: &[TypeId],
        is_variadic: bool,
        has_spread: bool,
    ) -> String {
        let mut parts = Vec::with_capacity(types.len());
        for (index, ty) in types.iter().enumerate() {
            let is_last = index + 1 == types.len();
            let mut text = match self.types.get(*ty) {
                Type::Basic(Basic::Invalid) => "unknown type".to_owned(),
                Type::Basic(basic) if basic.is_untyped() && basic.is_numeric() => {
                    "number".to_owned()
                }
                Type::Basic(basic) if basic.is_untyped() => basic.name().replace("untyped ", ""),
                Type::Slice(element) if is_variadic && is_last => {
                    format!("...{}", self.type_text(*element))
                }
                _ => self.type_text(*ty),
            };
            if has_spread && is_last {
                text.push_str("...");
            }
            parts.push(text);
        }
        format!("({})", parts.join(", "))
    }
}
