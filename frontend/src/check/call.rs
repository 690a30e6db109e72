//! Calls and conversions (spec: "Calls", "Passing arguments to ... parameters", "Conversions").

use super::expression::ExpressionKind;
use super::instantiate::GenericOperand;
use super::operand::Operand;
use super::{Checker, Mode};
use crate::ast::ExprId;
use crate::source::Span;
use crate::types::{Basic, Signature, Spelling, Type, TypeId};

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        expr: ExprId,
        callee: ExprId,
        arguments: &[ExprId],
        has_spread: bool,
    ) -> (Operand, ExpressionKind) {
        let x = self.generic_expr(callee);
        match x.mode {
            Mode::Generic => return self.generic_call(expr, x, callee, arguments, has_spread),
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
                let result = self.builtin_call(expr, x.expr, builtin, arguments, has_spread);
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
        let mut values = self.argument_list(arguments);
        self.pass_arguments(expr, callee, &signature, &mut values, arguments, has_spread);
        (
            self.call_result(expr, x.ty, &signature),
            ExpressionKind::Statement,
        )
    }

    /// A call of a generic function, whose type arguments are found from the arguments.
    fn generic_call(
        &mut self,
        expr: ExprId,
        mut x: Operand,
        callee: ExprId,
        arguments: &[ExprId],
        has_spread: bool,
    ) -> (Operand, ExpressionKind) {
        let refused = (self.invalid_operand(expr), ExpressionKind::Statement);
        let Some(GenericOperand {
            object,
            arguments: given,
        }) = x.generic.as_deref().cloned()
        else {
            return refused;
        };
        let head = self.head(object);
        let Some(signature) = head
            .signature
            .and_then(|ty| self.types.as_signature(ty))
            .cloned()
        else {
            self.exclude_generic(&mut x);
            self.use_all(arguments);
            return refused;
        };
        let mut values = self.argument_list(arguments);
        let wanted = self.parameters_for(expr, callee, &signature, &values, arguments, has_spread);
        let Some(wanted) = wanted else {
            return refused;
        };
        let inferred = self.infer_from_arguments(expr, callee, &head, &given, &wanted, &values);
        let at = Span::at(self.ast.exprs[expr].position);
        self.finish_instantiation(&mut x, object, inferred, at);
        let Some(signature) = self
            .types
            .as_signature(x.ty)
            .filter(|_| x.is_valid())
            .cloned()
        else {
            return refused;
        };
        self.pass_arguments(expr, callee, &signature, &mut values, arguments, has_spread);
        (
            self.call_result(expr, x.ty, &signature),
            ExpressionKind::Statement,
        )
    }

    fn call_result(&mut self, call: ExprId, function: TypeId, signature: &Signature) -> Operand {
        let mut result = self.invalid_operand(call);
        match &signature.results[..] {
            [] => result.mode = Mode::NoValue,
            [only] => {
                result.mode = Mode::Value;
                result.ty = *only;
            }
            several => {
                result.mode = Mode::Value;
                result.ty = self.result_tuple(function, several);
            }
        }
        self.environment.has_call_or_receive = true;
        result
    }

    /// Evaluates the arguments of a call, generic functions among them.
    fn argument_list(&mut self, arguments: &[ExprId]) -> Vec<Operand> {
        let mut values = match arguments {
            [only] if self.is_call(*only) => self.multi_expr(*only, false).0,
            list => list.iter().map(|expr| self.initial_value(*expr)).collect(),
        };
        for value in &mut values {
            // Several results of one call are all called by the call.
            value.text = None;
        }
        values
    }

    /// The type of a call of several results, which remembers their names for messages.
    fn result_tuple(&mut self, function: TypeId, results: &[TypeId]) -> TypeId {
        if let Some(tuple) = self.result_tuples.get(&function) {
            return *tuple;
        }
        let mut tuple = self.types.intern(Type::Tuple(results.into()));
        if let Some(Spelling::Parameters { results, .. }) = self.types.spelling(function).cloned() {
            tuple = self.types.spell(
                tuple,
                Spelling::Parameters {
                    parameters: Box::default(),
                    results,
                },
            );
        }
        self.result_tuples.insert(function, tuple);
        tuple
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
                self.error(self.span(expr), "conversion", message);
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
        let wanted = self.parameters_for(call, callee, signature, values, arguments, has_spread);
        for (value, ty) in values.iter_mut().zip(wanted.unwrap_or_default()) {
            self.pass_generic(call, callee, value, ty);
            // The context's text is only made for messages: most arguments fit.
            self.assign_in(value, Some(ty), |checker| {
                format!("argument to {}", checker.expression(callee))
            });
        }
    }

    /// Makes an argument that is a generic function the instance that its parameter decides.
    fn pass_generic(&mut self, call: ExprId, callee: ExprId, value: &mut Operand, ty: TypeId) {
        let Some(GenericOperand { object, arguments }) = value.generic.as_deref().cloned() else {
            return;
        };
        if matches!(self.underlying(ty), Type::Function(_)) {
            return self.instantiate_operand(value, ty, "parameter");
        }
        let head = self.head(object);
        let arguments = self.infer_from_arguments(call, callee, &head, &arguments, &[], &[]);
        let at = Span::at(self.ast.exprs[call].position);
        self.finish_instantiation(value, object, arguments, at);
    }

    /// The type of the parameter that each argument is passed to, or a report if there are too many or too few.
    fn parameters_for(
        &mut self,
        call: ExprId,
        callee: ExprId,
        signature: &Signature,
        values: &[Operand],
        arguments: &[ExprId],
        has_spread: bool,
    ) -> Option<Vec<TypeId>> {
        let mut wanted: Vec<TypeId> = signature.parameters.to_vec();
        let mut count = wanted.len();
        if signature.is_variadic {
            if has_spread {
                if arguments.len() == 1 && values.len() > 1 {
                    let text = self.expression(arguments[0]);
                    let message = format!("cannot use ... with {}-valued {text}", values.len());
                    self.error(self.span(call), "spread", message);
                    return None;
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
            return None;
        }
        if values.len() != count {
            let (at, qualifier) = if values.len() > count {
                (self.operand_span(&values[count]), "too many")
            } else if let Some(last) = values.last() {
                (self.operand_span(last), "not enough")
            } else {
                (self.span(call), "not enough")
            };
            let have: Vec<TypeId> = values.iter().map(|value| value.ty).collect();
            let have = self.types_summary(&have, false, has_spread);
            let want = self.types_summary(&signature.parameters, signature.is_variadic, false);
            let callee = self.expression(callee);
            let message =
                format!("{qualifier} arguments in call to {callee}\n\thave {have}\n\twant {want}");
            self.error(at, "argument-count", message);
            return None;
        }
        Some(wanted)
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
