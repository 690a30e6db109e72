//! Assignments and initialisations of variables (spec: "Assignment statements", "Variable
//! declarations", "Return statements").

use super::operand::Operand;
use super::untyped::Misfit;
use super::{Checker, LocalKind, Mode, ObjectId, ObjectKind};
use crate::ast::{ExprId, ExprKind};
use crate::source::Span;
use crate::types::{Type, TypeId};

impl Checker<'_> {
    /// Checks that an operand may be assigned to a variable of type `target`, or of its own type if
    /// there is none, and makes it that. `context` ends the message.
    pub(super) fn assign(&mut self, x: &mut Operand, target: Option<TypeId>, context: &str) {
        self.assign_in(x, target, |_| context.to_owned());
    }

    /// As [`Self::assign`] with a context that is made only when needed.
    pub(super) fn assign_in(
        &mut self,
        x: &mut Operand,
        target: Option<TypeId>,
        context: impl Fn(&Self) -> String,
    ) {
        self.exclude_generic(x);
        self.single_value(x);
        match x.mode {
            Mode::None => return,
            Mode::NoValue | Mode::Builtin | Mode::Type => {
                let target = target.map_or("nil".to_owned(), |target| self.type_text(target));
                let message = format!(
                    "cannot assign {} to {target} in {}",
                    self.describe(x),
                    context(self)
                );
                self.error(self.operand_span(x), "assign", message);
                x.invalidate();
                return;
            }
            _ => {}
        }
        if self.is_untyped(x.ty) {
            let mut wanted = target;
            if x.is_nil() {
                if target.is_none() {
                    let message = format!("use of untyped nil in {}", context(self));
                    self.error(self.operand_span(x), "nil", message);
                    x.invalidate();
                    return;
                }
            } else if target
                .is_none_or(|target| matches!(self.underlying(target), Type::Interface(_)))
            {
                wanted = Some(self.default_type(x.ty));
            }
            let wanted = wanted.unwrap_or(x.ty);
            match self.implicit_type(x, wanted) {
                Ok((ty, value)) => self.adopt(x, ty, value),
                Err(misfit) => {
                    let (description, ty) = (self.describe(x), self.type_text(wanted));
                    let suffix = match misfit {
                        Misfit::Truncated => " (truncated)",
                        Misfit::Overflows => " (overflows)",
                        Misfit::Kind => "",
                    };
                    let message = format!(
                        "cannot use {description} as {ty} value in {}{suffix}",
                        context(self)
                    );
                    self.error(self.operand_span(x), "assign", message);
                    x.invalidate();
                    return;
                }
            }
        }
        let Some(target) = target else { return };
        if let Err(cause) = self.assignable(x, target) {
            let (description, ty) = (self.describe(x), self.type_text(target));
            let mut message = format!(
                "cannot use {description} as {ty} value in {}",
                context(self)
            );
            if !cause.is_empty() {
                message.push_str(": ");
                message.push_str(&cause);
            }
            self.error(self.operand_span(x), "assign", message);
            x.invalidate();
        }
    }

    /// Makes a generic function the instance that the function type it is assigned to decides; `description` is of what it is
    /// assigned to.
    fn place_generic(
        &mut self,
        x: &mut Operand,
        target: Option<TypeId>,
        description: impl Fn(&Self) -> String,
    ) {
        if x.mode != Mode::Generic {
            return;
        }
        match target {
            Some(target) if matches!(self.underlying(target), Type::Function(_)) => {
                self.instantiate_operand(x, target, &description(self));
            }
            _ => self.exclude_generic(x),
        }
    }

    /// Gives a new variable its value, and its type if it has none.
    pub(super) fn initialize_variable(
        &mut self,
        variable: ObjectId,
        has_type: bool,
        x: &mut Operand,
        context: &str,
    ) {
        let ty = self.objects[variable].ty;
        let name = self.objects[variable].name;
        self.place_generic(x, has_type.then_some(ty), |checker| {
            checker.text(name).to_owned()
        });
        if !x.is_valid() || !self.is_valid(x.ty) || (has_type && !self.is_valid(ty)) {
            x.invalidate();
            return;
        }
        let mut ty = ty;
        if !has_type {
            if x.is_nil() && self.is_untyped(x.ty) {
                let message = format!("use of untyped nil in {context}");
                self.error(self.operand_span(x), "nil", message);
                x.invalidate();
                return;
            }
            ty = self.default_type(x.ty);
            if matches!(self.types.get(ty), Type::Tuple(_)) {
                ty = self.invalid();
            }
            self.objects[variable].ty = ty;
        }
        self.assign(x, Some(ty), context);
    }

    /// Gives variables their values; `return_at` is set for results of a return statement.
    pub(super) fn initialize_variables(
        &mut self,
        variables: &[ObjectId],
        has_type: bool,
        values: &[ExprId],
        return_at: Option<Span>,
    ) {
        let context = match return_at {
            Some(_) => "return statement",
            None if variables.len() > 1 => "multiple assignment",
            None => "assignment",
        };
        // Only results and redeclared variables have their types before.
        let has_type_of = |checker: &Self, variable: ObjectId| {
            has_type
                || !matches!(
                    checker.objects[variable].kind,
                    ObjectKind::Local(LocalKind::Variable) | ObjectKind::Global
                )
                || checker.is_valid(checker.objects[variable].ty)
        };
        let is_call = matches!(values, [only] if self.is_call(*only));
        if variables.len() == values.len() && !is_call {
            for (variable, value) in variables.iter().zip(values) {
                let has_type = has_type_of(self, *variable);
                let mut x = self.initial_value(*value);
                self.initialize_variable(*variable, has_type, &mut x, context);
            }
            return;
        }
        let [value] = values else {
            if self.use_all(values) {
                match return_at {
                    Some(at) => {
                        let list = self.expression_list(values);
                        self.report_return(at, variables, &list);
                    }
                    None => self.report_mismatch(values, variables.len(), values.len()),
                }
            }
            return;
        };
        let (mut list, is_comma_ok) =
            self.multi_expr(*value, variables.len() == 2 && return_at.is_none());
        if list.len() == variables.len() {
            for (variable, x) in variables.iter().zip(&mut list) {
                let has_type = has_type_of(self, *variable);
                self.initialize_variable(*variable, has_type, x, context);
            }
            if is_comma_ok {
                self.record_comma_ok(*value, &list);
            }
            return;
        }
        if list.first().is_none_or(Operand::is_valid) {
            match return_at {
                Some(at) => self.report_return(at, variables, &list),
                None => self.report_mismatch(values, variables.len(), list.len()),
            }
        }
    }

    pub(super) fn is_call(&self, expr: ExprId) -> bool {
        matches!(
            self.ast.exprs[self.ast.unparen(expr)].kind,
            ExprKind::Call { .. }
        )
    }

    /// Records that a comma-ok form yields two values.
    fn record_comma_ok(&mut self, expr: ExprId, list: &[Operand]) {
        let [value, ok] = list else { return };
        if !value.is_valid() || !ok.is_valid() {
            return;
        }
        let ok = self.types.canonical(self.default_type(ok.ty));
        let mut inner = expr;
        loop {
            self.info.comma_ok.insert(inner, ok);
            let ExprKind::Paren(next) = self.ast.exprs[inner].kind else {
                break;
            };
            inner = next;
        }
    }

    /// `1 variable but f() returns 2 values`
    fn report_mismatch(&mut self, values: &[ExprId], variables: usize, count: usize) {
        let Some(first) = values.first() else { return };
        let measure = |count: usize, unit: &str| {
            format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
        };
        let (left, right) = (measure(variables, "variable"), measure(count, "value"));
        let message = match (values, &self.ast.exprs[self.ast.unparen(*first)].kind) {
            ([_], ExprKind::Call { callee, .. }) => {
                format!(
                    "assignment mismatch: {left} but {} returns {right}",
                    self.expression(*callee)
                )
            }
            _ => format!("assignment mismatch: {left} but {right}"),
        };
        self.error(self.span(*first), "assignment-count", message);
    }

    fn report_return(&mut self, at: Span, results: &[ObjectId], values: &[Operand]) {
        let (at, qualifier) = if values.len() > results.len() {
            (self.operand_span(&values[results.len()]), "too many")
        } else if let Some(last) = values.last() {
            (self.operand_span(last), "not enough")
        } else {
            (at, "not enough")
        };
        let have: Vec<TypeId> = values.iter().map(|value| value.ty).collect();
        let want: Vec<TypeId> = results
            .iter()
            .map(|result| self.objects[*result].ty)
            .collect();
        let have = self.types_summary(&have, false, false);
        let want = self.types_summary(&want, false, false);
        let message = format!("{qualifier} return values\n\thave {have}\n\twant {want}");
        self.error(at, "return-count", message);
    }

    /// The type of a left side: `None` after an error, `Some(None)` for the blank name.
    #[expect(
        clippy::option_option,
        reason = "an error and a blank name are different things"
    )]
    fn left_side(&mut self, left: ExprId) -> Option<Option<TypeId>> {
        let inner = self.ast.unparen(left);
        let mut variable = None;
        if let ExprKind::Name(ident) = self.ast.exprs[inner].kind {
            let name = self.ast.idents[ident].name;
            if self.is_blank(name) {
                return Some(None);
            }
            // Being assigned to is no use.
            variable = self.lookup(name).filter(|object| {
                matches!(self.objects[*object].kind, ObjectKind::Local(_))
                    && !self.used.contains(object)
            });
        }
        let x = self.expr(left);
        if let Some(variable) = variable {
            self.used.remove(&variable);
        }
        if !x.is_valid() || !self.is_valid(x.ty) {
            return None;
        }
        if matches!(x.mode, Mode::Variable | Mode::MapElement) {
            return Some(Some(x.ty));
        }
        let mut message = None;
        if let ExprKind::Selector { operand, .. } = self.ast.exprs[x.expr].kind
            && self.expr_or_type(operand).mode == Mode::MapElement
        {
            message = Some(format!(
                "cannot assign to struct field {} in map",
                self.expression(x.expr)
            ));
        }
        let message = message.unwrap_or_else(|| {
            format!(
                "cannot assign to {} (neither addressable nor a map index expression)",
                self.expression(x.expr)
            )
        });
        self.error(self.operand_span(&x), "assign", message);
        None
    }

    /// Assigns an operand to a left side.
    pub(super) fn assign_operand(&mut self, left: ExprId, x: &mut Operand, context: &str) {
        let Some(target) = self.left_side(left) else {
            x.invalidate();
            return;
        };
        let context = if target.is_none() && context == "assignment" {
            "assignment to _ identifier"
        } else {
            context
        };
        self.assign(x, target, context);
    }

    fn assign_expression(&mut self, left: ExprId, right: ExprId, context: &str) {
        let Some(target) = self.left_side(left) else {
            self.use_expression(right);
            return;
        };
        let mut x = self.initial_value(right);
        self.place_generic(&mut x, target, |checker| checker.expression(left));
        let context = if target.is_none() && context == "assignment" {
            "assignment to _ identifier"
        } else {
            context
        };
        self.assign(&mut x, target, context);
    }

    /// `a, b = x, y`
    pub(super) fn assign_all(&mut self, left: &[ExprId], right: &[ExprId]) {
        let context = if left.len() > 1 {
            "multiple assignment"
        } else {
            "assignment"
        };
        let is_call = matches!(right, [only] if self.is_call(*only));
        if left.len() == right.len() && !is_call {
            for (left, right) in left.iter().zip(right) {
                self.assign_expression(*left, *right, context);
            }
            return;
        }
        let [value] = right else {
            let is_left_fine = self.use_left(left);
            if self.use_all(right) && is_left_fine {
                self.report_mismatch(right, left.len(), right.len());
            }
            return;
        };
        let (mut list, is_comma_ok) = self.multi_expr(*value, left.len() == 2);
        if list.len() == left.len() {
            for (left, x) in left.iter().zip(&mut list) {
                self.assign_operand(*left, x, context);
            }
            if is_comma_ok {
                self.record_comma_ok(*value, &list);
            }
            return;
        }
        if list.first().is_none_or(Operand::is_valid) {
            self.report_mismatch(right, left.len(), list.len());
        }
        self.use_left(left);
    }

    /// `a, b := x, y`
    pub(super) fn define(&mut self, at: Span, left: &[ExprId], right: &[ExprId]) {
        let top = self.delayed.len();
        let scope = self.environment.scope;
        let mut seen = Vec::with_capacity(left.len());
        let mut variables = Vec::with_capacity(left.len());
        let mut new = Vec::new();
        let mut has_error = false;
        let invalid = self.invalid();
        for expr in left {
            let span = self.span(*expr);
            let ExprKind::Name(ident) = self.ast.exprs[*expr].kind else {
                self.use_left(&[*expr]);
                let message = format!("non-name {} on left side of :=", self.expression(*expr));
                self.error(span, "define", message);
                has_error = true;
                variables.push(None);
                continue;
            };
            let name = self.ast.idents[ident].name;
            if !self.is_blank(name) {
                if seen.contains(&name) {
                    let message = format!("{} repeated on left side of :=", self.text(name));
                    self.error(span, "define", message);
                    has_error = true;
                    variables.push(None);
                    continue;
                }
                seen.push(name);
                if let Some(other) = self.scopes.get(scope, name) {
                    self.record_object(ident, other);
                    if matches!(self.objects[other].kind, ObjectKind::Local(_)) {
                        variables.push(Some(other));
                        self.info.types[*expr] = self.objects[other].ty.into();
                        self.info.modes[*expr] = Mode::Variable;
                    } else {
                        let message = format!("cannot assign to {}", self.text(name));
                        self.error(span, "define", message);
                        has_error = true;
                        variables.push(None);
                    }
                    continue;
                }
            }
            let variable = self.local_variable(ident, invalid);
            if !self.is_blank(name) {
                new.push(variable);
            }
            variables.push(Some(variable));
        }
        let variables: Vec<ObjectId> = variables
            .into_iter()
            .zip(left)
            .map(|(variable, expr)| {
                variable.unwrap_or_else(|| {
                    let (name, span) = (self.universe.blank, self.span(*expr));
                    let package = Some(self.environment.package);
                    let kind = ObjectKind::Local(LocalKind::Variable);
                    self.objects.push(super::Object {
                        name,
                        span,
                        package,
                        ty: invalid,
                        kind,
                    })
                })
            })
            .collect();
        self.initialize_variables(&variables, false, right, None);
        self.process_delayed(top);
        for (expr, variable) in left.iter().zip(&variables) {
            if self.info.modes[*expr] == Mode::None {
                self.info.types[*expr] = self.objects[*variable].ty.into();
                self.info.modes[*expr] = Mode::Variable;
            }
        }
        if new.is_empty() && !has_error {
            self.error(at, "define", "no new variables on left side of :=");
            return;
        }
        for variable in new {
            self.declare(scope, variable);
        }
    }
}
