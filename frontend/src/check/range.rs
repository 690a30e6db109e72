//! `for` with a range clause (spec: "For statements with range clause").

use super::operand::Operand;
use super::{Checker, Mode, ObjectId};
use crate::ast::{ChannelDirection, ExprId, ExprKind, ForHeader, ForStatement};
use crate::source::Span;
use crate::types::{Basic, Type, TypeId};

/// What a range clause yields per round, or why it yields nothing.
enum Yields {
    Values(Option<TypeId>, Option<TypeId>),
    Refused(&'static str),
    Functions,
}

impl Checker<'_> {
    pub(super) fn range_statement(&mut self, span: Span, statement: &ForStatement) {
        let ForHeader::Range {
            key,
            value,
            is_define,
            operand,
            range: _,
        } = statement.header
        else {
            return;
        };
        let mut x = self.expr(operand);
        let (mut key_type, mut value_type) = (None, None);
        if x.is_valid() {
            match self.range_yields(x.ty) {
                Yields::Functions => {
                    self.unsupported(
                        self.operand_span(&x),
                        "range-over-func",
                        "range loops over functions",
                    );
                    x.invalidate();
                }
                Yields::Refused(cause) => {
                    let mut message = format!("cannot range over {}", self.describe(&x));
                    if !cause.is_empty() {
                        message.push_str(": ");
                        message.push_str(cause);
                        if cause.ends_with("channel") {
                            message.push(' ');
                            message.push_str(&self.type_text(x.ty));
                        }
                    }
                    self.error(self.operand_span(&x), "range", message);
                    x.invalidate();
                }
                Yields::Values(first, second) => {
                    if let (None, Some(key)) = (first, key) {
                        let message = format!(
                            "range over {} permits no iteration variables",
                            self.describe(&x)
                        );
                        self.error(self.span(key), "range", message);
                    } else if let (None, Some(value)) = (second, value) {
                        let message = format!(
                            "range over {} permits only one iteration variable",
                            self.describe(&x)
                        );
                        self.error(self.span(value), "range", message);
                    }
                    (key_type, value_type) = (first, second);
                }
            }
        }
        self.open_scope();
        let over_integer = x.is_valid() && self.is_basic(x.ty, Basic::is_integer);
        let over_string = x.is_valid() && self.is_basic(x.ty, Basic::is_string);
        let sides = [(key, key_type), (value, value_type)];
        if is_define {
            let mut variables: Vec<ObjectId> = Vec::new();
            for (left, ty) in sides {
                let Some(left) = left else { continue };
                let ExprKind::Name(ident) = self.ast.exprs[left].kind else {
                    let message = format!("non-name {} on left side of :=", self.expression(left));
                    self.error(self.span(left), "define", message);
                    continue;
                };
                let variable = self.local_variable(ident, self.invalid());
                if !self.is_blank(self.ast.idents[ident].name) {
                    variables.push(variable);
                }
                let Some(ty) = ty.filter(|ty| self.is_valid(*ty)) else {
                    self.used.insert(variable);
                    continue;
                };
                if over_integer {
                    self.initialize_variable(variable, false, &mut x, "range clause");
                } else {
                    let mut y = self.operand(Mode::Value, ty, left);
                    y.text = Some(self.expression(left).into());
                    self.initialize_variable(variable, false, &mut y, "assignment");
                }
                self.info.types[left] = self.objects[variable].ty.into();
                self.info.modes[left] = Mode::Variable;
            }
            if variables.is_empty() {
                self.error(span, "define", "no new variables on left side of :=");
            }
            for variable in variables {
                self.declare(self.environment.scope, variable);
            }
        } else if key.is_some() {
            for (left, ty) in sides {
                let (Some(left), Some(ty)) = (left, ty) else {
                    continue;
                };
                if over_integer {
                    self.assign_operand(left, &mut x, "range clause");
                    if x.is_valid() && !self.is_basic(x.ty, Basic::is_integer) {
                        let message = format!(
                            "cannot use iteration variable of type {}",
                            self.type_text(x.ty)
                        );
                        self.error(self.span(left), "range", message);
                    }
                } else {
                    let mut y = self.operand(Mode::Value, ty, left);
                    y.text = Some(self.expression(left).into());
                    self.assign_operand(left, &mut y, "assignment");
                }
            }
        } else if over_integer {
            self.assign(&mut x, None, "range clause");
        }
        if over_integer || over_string {
            // An untyped operand has found its type by now, or takes its default.
            self.finish_untyped(&x, operand);
        }
        self.block(&statement.body);
        self.close_scope();
    }

    fn finish_untyped(&mut self, x: &Operand, operand: ExprId) {
        let ty = self.default_type(x.ty);
        self.update_type(operand, ty, true);
    }

    fn range_yields(&mut self, ty: TypeId) -> Yields {
        let int = self.types.basic(Basic::Int);
        if let Type::Pointer(element) = *self.underlying(ty) {
            self.underlying(element);
        }
        self.underlying(ty);
        match *self.types.array_behind(ty) {
            Type::Basic(basic) if basic.is_string() => {
                Yields::Values(Some(int), Some(self.universe.rune))
            }
            Type::Basic(basic) if basic.is_integer() => Yields::Values(Some(ty), None),
            Type::Array(element, _) | Type::Slice(element) => {
                Yields::Values(Some(int), Some(element))
            }
            Type::Map(key, value) => Yields::Values(Some(key), Some(value)),
            Type::Channel(ChannelDirection::Send, _) => {
                Yields::Refused("receive from send-only channel")
            }
            Type::Channel(_, element) => Yields::Values(Some(element), None),
            Type::Function(ref signature) => {
                let signature = signature.clone();
                self.range_over_function(&signature)
            }
            _ => Yields::Refused(""),
        }
    }

    fn range_over_function(&mut self, signature: &crate::types::Signature) -> Yields {
        let [callback] = signature.parameters[..] else {
            return Yields::Refused(
                "func must be func(yield func(...) bool): wrong argument count",
            );
        };
        if !signature.results.is_empty() {
            return Yields::Refused("func must be func(yield func(...) bool): unexpected results");
        }
        let Type::Function(callback) = self.underlying(callback).clone() else {
            return Yields::Refused(
                "func must be func(yield func(...) bool): argument is not func",
            );
        };
        if callback.parameters.len() > 2 {
            return Yields::Refused(
                "func must be func(yield func(...) bool): yield func has too many parameters",
            );
        }
        match callback.results[..] {
            [result] if self.types.identical(result, self.types.basic(Basic::Bool)) => {
                Yields::Functions
            }
            [result] if self.is_basic(result, Basic::is_boolean) => Yields::Refused(
                "func must be func(yield func(...) bool): yield func returns user-defined boolean, not bool",
            ),
            _ => Yields::Refused(
                "func must be func(yield func(...) bool): yield func does not return bool",
            ),
        }
    }
}
