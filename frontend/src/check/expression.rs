//! Expressions: the dispatch by kind, names, literals and type assertions.

use std::rc::Rc;

use super::constant::{self, Constant};
use super::delayed::Delayed;
use super::instantiate::GenericOperand;
use super::operand::Operand;
use super::{Checker, Mode, ObjectId, ObjectKind};
use crate::ast::{BodyId, ExprId, ExprKind, FunctionType, IdentId, LiteralKind};
use crate::source::Span;
use crate::types::{Basic, Type, TypeId};

/// What an expression is as a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExpressionKind {
    /// A conversion.
    Conversion,
    /// Any other that has no effect.
    Expression,
    /// A call or receive, or one with an error that was reported.
    Statement,
}

/// Longer number literals are mistakes.
const LONGEST_NUMBER: usize = 10_000;

impl Checker<'_> {
    /// Evaluates an expression to a single value.
    pub(super) fn expr(&mut self, expr: ExprId) -> Operand {
        self.expr_with_hint(expr, None)
    }

    /// As [`Self::expr`], for an element whose literal type may be left out.
    pub(super) fn expr_with_hint(&mut self, expr: ExprId, hint: Option<TypeId>) -> Operand {
        let (mut x, _) = self.raw_expr(expr, hint);
        self.exclude(&mut x, false);
        self.single_value(&mut x);
        x
    }

    /// Evaluates an expression that may denote a type.
    pub(super) fn expr_or_type(&mut self, expr: ExprId) -> Operand {
        let (mut x, _) = self.raw_expr(expr, None);
        if x.mode == Mode::NoValue {
            let message = format!("{} used as value or type", self.describe(&x));
            self.error(self.operand_span(&x), "no-value", message);
            x.invalidate();
        }
        self.exclude_generic(&mut x);
        self.single_value(&mut x);
        x
    }

    /// Evaluates an expression that may also denote a type or a generic function or type: what is called, indexed, or
    /// passed.
    pub(super) fn generic_expr(&mut self, expr: ExprId) -> Operand {
        let (mut x, _) = self.raw_expr(expr, None);
        if x.mode != Mode::Generic {
            if x.mode == Mode::NoValue {
                let message = format!("{} used as value or type", self.describe(&x));
                self.error(self.operand_span(&x), "no-value", message);
                x.invalidate();
            }
            self.single_value(&mut x);
        }
        x
    }

    /// Evaluates an expression to a single value, or to a generic function, of which the place where it goes makes an
    /// instance (`assign`).
    pub(super) fn initial_value(&mut self, expr: ExprId) -> Operand {
        let (mut x, _) = self.raw_expr(expr, None);
        if !self.is_generic_function(&x) {
            self.exclude(&mut x, false);
            self.single_value(&mut x);
        }
        x
    }

    /// Whether an operand is a generic function.
    fn is_generic_function(&self, x: &Operand) -> bool {
        let generic = x.generic.as_ref();
        generic.is_some_and(|generic| !self.is_generic_type_object(generic.object))
    }

    /// Makes an operand one of a generic declaration.
    pub(super) fn generic_operand(&mut self, x: &mut Operand, object: ObjectId) {
        x.mode = Mode::Generic;
        x.ty = self.head(object).signature.unwrap_or(self.invalid());
        x.generic = Some(Box::new(GenericOperand {
            object,
            arguments: Vec::new(),
        }));
    }

    /// Reports a generic function or type without type arguments.
    pub(super) fn exclude_generic(&mut self, x: &mut Operand) {
        let Some(generic) = x.generic.take() else {
            return;
        };
        if !generic.arguments.is_empty() {
            let head = self.head(generic.object);
            let arguments = self.infer_rest(x.expr, &head, &generic.arguments);
            let at = Span::at(self.ast.exprs[x.expr].position);
            return self.finish_instantiation(x, generic.object, arguments, at);
        }
        let what = if self.is_generic_type_object(generic.object) {
            "type"
        } else {
            "function"
        };
        let text = self.expression(x.expr);
        let message = format!("cannot use generic {what} {text} without instantiation");
        self.error(self.operand_span(x), "generic", message);
        x.invalidate();
    }

    /// Evaluates an expression that may yield several values, also by comma-ok.
    pub(super) fn multi_expr(
        &mut self,
        expr: ExprId,
        allow_comma_ok: bool,
    ) -> (Vec<Operand>, bool) {
        let (mut x, _) = self.raw_expr(expr, None);
        self.exclude(&mut x, false);
        if x.is_valid()
            && let Type::Tuple(members) = self.types.get(x.ty).clone()
        {
            let list = members.iter().enumerate().map(|(index, ty)| {
                let suffix = match index {
                    0 => "st",
                    1 => "nd",
                    2 => "rd",
                    _ => "th",
                };
                let mut member = self.operand(Mode::Value, *ty, expr);
                member.text = Some(format!("{}{suffix} function result", index + 1).into());
                member
            });
            return (list.collect(), false);
        }
        if allow_comma_ok && matches!(x.mode, Mode::MapElement | Mode::CommaOk) {
            let mut ok = self.operand(Mode::Value, self.types.basic(Basic::UntypedBool), expr);
            ok.text = Some("ok value of (comma, ok) expression".into());
            return (vec![x, ok], true);
        }
        (vec![x], false)
    }

    /// Reports an operand that is no value.
    pub(super) fn exclude(&mut self, x: &mut Operand, allow_type: bool) {
        let what = match x.mode {
            Mode::Generic => return self.exclude_generic(x),
            Mode::NoValue => "used as value",
            Mode::Builtin => "must be called",
            Mode::Type if !allow_type => "is not an expression",
            _ => return,
        };
        let message = format!("{} {what}", self.describe(x));
        self.error(self.operand_span(x), "no-value", message);
        x.invalidate();
    }

    /// Reports an operand of several values.
    pub(super) fn single_value(&mut self, x: &mut Operand) {
        if x.mode == Mode::Value && matches!(self.types.get(x.ty), Type::Tuple(_)) {
            let message = format!(
                "multiple-value {} in single-value context",
                self.describe(x)
            );
            self.error(self.operand_span(x), "single-value", message);
            x.invalidate();
        }
    }

    /// Evaluates an expression of any kind and records what it is.
    pub(super) fn raw_expr(
        &mut self,
        expr: ExprId,
        hint: Option<TypeId>,
    ) -> (Operand, ExpressionKind) {
        let (mut x, kind) = self.evaluate(expr, hint);
        x.expr = expr;
        self.record(&x);
        (x, kind)
    }

    fn evaluate(&mut self, expr: ExprId, hint: Option<TypeId>) -> (Operand, ExpressionKind) {
        let ast = self.ast.clone();
        let x = match &ast.exprs[expr].kind {
            ExprKind::Name(ident) => self.identifier(expr, *ident, false),
            ExprKind::Literal(kind) => self.literal(expr, *kind),
            ExprKind::FunctionLiteral { signature, body } => {
                self.function_literal(expr, signature, *body)
            }
            ExprKind::CompositeLiteral {
                ty,
                elements,
                close,
            } => self.composite_literal(expr, *ty, elements, *close, hint),
            ExprKind::Paren(inner) => {
                let (x, kind) = self.raw_expr(*inner, None);
                return (x, kind);
            }
            ExprKind::Selector { operand, name } => self.selector(expr, *operand, *name, false),
            ExprKind::Index { operand, indices } => self.index_expression(expr, *operand, indices),
            ExprKind::Slice {
                operand,
                low,
                high,
                max,
                is_full,
            } => self.slice_expression(expr, *operand, [*low, *high, *max], *is_full),
            ExprKind::TypeAssertion { operand, ty } => self.type_assertion(expr, *operand, *ty),
            ExprKind::Call {
                callee,
                arguments,
                spread,
                close: _,
            } => {
                return self.call(expr, *callee, arguments, spread.is_some());
            }
            ExprKind::Star(operand) => self.dereference(*operand),
            ExprKind::Unary(op, operand) => {
                let x = self.unary(expr, *op, *operand);
                let is_receive = *op == crate::ast::UnaryOp::Receive;
                let kind = if is_receive || !x.is_valid() {
                    ExpressionKind::Statement
                } else {
                    ExpressionKind::Expression
                };
                return (x, kind);
            }
            ExprKind::Binary { op, left, right } => self.binary(Some(expr), *left, *right, *op),
            ExprKind::ArrayType { .. }
            | ExprKind::SliceType(_)
            | ExprKind::MapType { .. }
            | ExprKind::ChannelType { .. }
            | ExprKind::FunctionType(_)
            | ExprKind::StructType(_)
            | ExprKind::InterfaceType(_) => {
                let ty = self.type_expression(expr);
                let mode = if self.is_valid(ty) {
                    Mode::Type
                } else {
                    Mode::None
                };
                self.operand(mode, ty, expr)
            }
        };
        let kind = if x.is_valid() {
            ExpressionKind::Expression
        } else {
            ExpressionKind::Statement
        };
        (x, kind)
    }

    /// What a name denotes.
    pub(super) fn identifier(&mut self, expr: ExprId, ident: IdentId, want_type: bool) -> Operand {
        let crate::ast::Ident { name, span } = self.ast.idents[ident];
        let mut x = self.invalid_operand(expr);
        let Some((scope, object)) = self.scopes.lookup(self.environment.scope, name) else {
            if self.is_blank(name) {
                self.error(span, "blank", "cannot use _ as value or type");
            } else {
                let message = format!("undefined: {}", self.text(name));
                self.error(span, "undefined", message);
            }
            return x;
        };
        self.record_object(ident, object);
        let is_type = matches!(self.objects[object].kind, ObjectKind::TypeName)
            || self.is_generic_type_object(object);
        if want_type && !is_type {
            let message = format!(
                "{} ({}) is not a type",
                self.text(name),
                self.object_kind(object)
            );
            self.error(span, "not-a-type", message);
            self.used.insert(object);
            return x;
        }
        self.resolve(object);
        if let Some(import) = self.dot_imports.get(&(scope, name)) {
            self.used.insert(*import);
        }
        x.ty = self.objects[object].ty;
        match &self.objects[object].kind {
            ObjectKind::PackageName(_) => {
                let message = format!("use of package {} not in selector", self.text(name));
                self.error(span, "package", message);
            }
            ObjectKind::Constant(value) => {
                let value = value.clone();
                self.add_dependency(object);
                if !self.is_valid(x.ty) {
                    return x;
                }
                if object == self.universe.iota {
                    let Some(iota) = self.environment.iota else {
                        self.error(span, "iota", "cannot use iota outside constant declaration");
                        return x;
                    };
                    x.value = Some(Constant::integer(iota));
                } else {
                    x.value = Some(value);
                }
                x.mode = Mode::Constant;
            }
            ObjectKind::TypeName => {
                if object == self.universe.comparable {
                    self.unsupported(span, "generics", "type constraints");
                    x.ty = self.invalid();
                    return x;
                }
                let is_complex =
                    matches!(self.types.get(x.ty), Type::Basic(basic) if basic.is_complex());
                if is_complex && self.objects[object].package.is_none() {
                    self.unsupported(span, "complex", "complex numbers");
                    x.ty = self.invalid();
                    return x;
                }
                if self.is_valid(x.ty) {
                    x.mode = Mode::Type;
                }
            }
            ObjectKind::Global | ObjectKind::Local(_) => {
                self.used.insert(object);
                self.add_dependency(object);
                if self.is_valid(x.ty) {
                    x.mode = Mode::Variable;
                }
            }
            ObjectKind::Function(_) => {
                self.add_dependency(object);
                self.reach_function(object);
                if self.is_valid(x.ty) {
                    x.mode = Mode::Value;
                }
            }
            ObjectKind::Builtin(builtin) => {
                x.builtin = Some(*builtin);
                x.mode = Mode::Builtin;
            }
            ObjectKind::Generic => self.generic_operand(&mut x, object),
            ObjectKind::Nil => x.mode = Mode::Nil,
            ObjectKind::Field | ObjectKind::Label => {}
        }
        x
    }

    fn literal(&mut self, expr: ExprId, kind: LiteralKind) -> Operand {
        let span = self.span(expr);
        let text = self.sources.text(span);
        let mut x = self.invalid_operand(expr);
        // The lexer has told what is wrong with it.
        if self.diagnostics.is_malformed(span) {
            return x;
        }
        let is_number = matches!(
            kind,
            LiteralKind::Integer | LiteralKind::Float | LiteralKind::Imaginary
        );
        if is_number && text.len() > LONGEST_NUMBER {
            let message = format!(
                "excessively long constant: {}... ({} chars)",
                &text[..10],
                text.len()
            );
            self.error(span, "literal", message);
            return x;
        }
        let (value, basic) = match kind {
            LiteralKind::Integer => (constant::integer_literal(text), Basic::UntypedInt),
            LiteralKind::Float => (constant::float_literal(text), Basic::UntypedFloat),
            LiteralKind::Rune => (constant::rune_literal(text), Basic::UntypedRune),
            LiteralKind::String => (
                constant::string_literal(text).map(|bytes| Constant::string(&bytes)),
                Basic::UntypedString,
            ),
            LiteralKind::Imaginary => {
                self.unsupported(span, "complex", "complex numbers");
                return x;
            }
        };
        if value.is_none() {
            let message = format!("malformed constant: {text}");
            self.error(span, "literal", message);
            return x;
        }
        x.value = value;
        x.ty = self.types.basic(basic);
        x.mode = Mode::Constant;
        self.check_overflow(&mut x);
        x
    }

    fn function_literal(
        &mut self,
        expr: ExprId,
        signature: &FunctionType,
        body: BodyId,
    ) -> Operand {
        let checked = self.signature(None, signature);
        let results: Rc<[_]> = checked.results.clone().into();
        let mut environment = Box::new(self.environment.clone());
        environment.scope = checked.scope;
        environment.results = Some(results.clone());
        self.info
            .literal_variables
            .insert(expr, (checked.parameters, checked.results));
        self.delayed.push(Delayed::Literal {
            body,
            results,
            environment,
        });
        self.operand(Mode::Value, checked.ty, expr)
    }

    fn dereference(&mut self, operand: ExprId) -> Operand {
        let mut x = self.expr_or_type(operand);
        match x.mode {
            Mode::None => {}
            Mode::Type => x.ty = self.types.pointer_to(x.ty),
            _ => {
                if let Type::Pointer(element) = *self.underlying(x.ty) {
                    x.mode = Mode::Variable;
                    x.ty = element;
                } else {
                    let message =
                        format!("invalid operation: cannot indirect {}", self.describe(&x));
                    self.error(self.operand_span(&x), "indirection", message);
                    x.invalidate();
                }
            }
        }
        x.value = None;
        x
    }

    fn type_assertion(&mut self, expr: ExprId, operand: ExprId, ty: Option<ExprId>) -> Operand {
        let mut x = self.expr(operand);
        let Some(ty) = ty else {
            self.error(
                self.span(expr),
                "type-switch",
                "invalid syntax tree: use of .(type) outside type switch",
            );
            x.invalidate();
            return x;
        };
        if !x.is_valid() {
            return x;
        }
        if !matches!(self.underlying(x.ty), Type::Interface(_)) {
            let message = format!(
                "invalid operation: {} is not an interface",
                self.describe(&x)
            );
            self.error(self.operand_span(&x), "assertion", message);
            x.invalidate();
            return x;
        }
        let target = self.type_expression(ty);
        if !self.is_valid(target) {
            x.invalidate();
            return x;
        }
        self.check_assertable(expr, &x, target, false);
        x.mode = Mode::CommaOk;
        x.ty = target;
        x
    }

    /// Reports an assertion that can never hold.
    pub(super) fn check_assertable(
        &mut self,
        at: ExprId,
        x: &Operand,
        target: TypeId,
        is_case: bool,
    ) {
        if matches!(self.underlying(target), Type::Interface(_)) {
            return;
        }
        let Some(cause) = self.missing_method(target, x.ty, false) else {
            return;
        };
        let text = self.expression(at);
        let (target, description) = (self.type_text(target), self.describe(x));
        let message = if is_case {
            format!(
                "impossible type switch case: {text}\n\t{description} cannot have dynamic type {target} {cause}"
            )
        } else {
            let interface = self.type_text(x.ty);
            format!(
                "impossible type assertion: {text}\n\t{target} does not implement {interface} {cause}"
            )
        };
        self.error(self.span(at), "assertion", message);
    }

    /// Evaluates an expression only so that what it uses counts as used and its mistakes are
    /// found. Tells whether it was valid.
    pub(super) fn use_expression(&mut self, expr: ExprId) -> bool {
        self.use_one(expr, false)
    }

    /// As [`Self::use_expression`] for all, without stopping.
    pub(super) fn use_all(&mut self, list: &[ExprId]) -> bool {
        let mut is_valid = true;
        for expr in list {
            is_valid &= self.use_one(*expr, false);
        }
        is_valid
    }

    /// As [`Self::use_all`] for left sides of an assignment, which do not use their variables.
    pub(super) fn use_left(&mut self, list: &[ExprId]) -> bool {
        let mut is_valid = true;
        for expr in list {
            is_valid &= self.use_one(*expr, true);
        }
        is_valid
    }

    fn use_one(&mut self, expr: ExprId, is_left: bool) -> bool {
        let inner = self.ast.unparen(expr);
        let ExprKind::Name(ident) = self.ast.exprs[inner].kind else {
            return self.raw_expr(expr, None).0.is_valid();
        };
        let name = self.ast.idents[ident].name;
        if self.is_blank(name) {
            return true;
        }
        let variable = if is_left { self.lookup(name) } else { None };
        let was_used = variable.is_some_and(|variable| self.used.contains(&variable));
        let x = self.expr_or_type(inner);
        if let Some(variable) = variable
            && !was_used
        {
            self.used.remove(&variable);
        }
        x.is_valid()
    }
}
