//! Expression and type switches (spec: "Switch statements").

use std::collections::HashMap;

use super::constant::Constant;
use super::literal::KeyValue;
use super::operand::Operand;
use super::{Checker, Mode, ObjectId};
use crate::ast::{BinaryOp, CaseClause, ExprId, ExprKind, SwitchStatement, TypeSwitchStatement};
use crate::source::Span;
use crate::types::{Basic, Type, TypeId};

impl Checker<'_> {
    fn check_defaults(&mut self, clauses: &[CaseClause]) {
        let mut first: Option<&CaseClause> = None;
        for clause in clauses.iter().filter(|clause| clause.cases.is_none()) {
            match first {
                None => first = Some(clause),
                Some(first) => {
                    let position = self.position(first.span.start);
                    let message = format!("multiple defaults (first at {position})");
                    self.error(clause.span, "duplicate-default", message);
                }
            }
        }
    }

    pub(super) fn switch_statement(&mut self, switch: &SwitchStatement) {
        self.open_scope();
        if let Some(init) = &switch.init {
            self.statement(init);
        }
        let mut tag = match switch.tag {
            Some(tag) => {
                let mut x = self.expr(tag);
                self.assign(&mut x, None, "switch expression");
                if x.is_valid() && !self.types.is_comparable(x.ty) && !self.types.has_nil(x.ty) {
                    let (description, ty) = (self.describe(&x), self.type_text(x.ty));
                    let message =
                        format!("cannot switch on {description} ({ty} is not comparable)");
                    self.error(self.operand_span(&x), "switch", message);
                    x.invalidate();
                }
                Some(x)
            }
            None => None,
        };
        self.check_defaults(&switch.clauses);
        let mut seen: HashMap<(KeyValue, TypeId), Span> = HashMap::new();
        for clause in &switch.clauses {
            for case in clause.cases.iter().flatten() {
                if tag.is_none() {
                    // Without tag the cases are compared with `true`.
                    let mut x = self.operand(Mode::Constant, self.types.basic(Basic::Bool), *case);
                    x.value = Some(Constant::Bool(true));
                    x.text = Some("true".into());
                    x.at = switch.clauses.first().map(|first| first.span);
                    tag = Some(x);
                }
                if let Some(tag) = &tag {
                    self.case_value(tag.clone(), *case, &mut seen);
                }
            }
            self.open_scope();
            self.statements(&clause.body);
            self.close_scope();
        }
        self.close_scope();
    }

    fn case_value(
        &mut self,
        mut tag: Operand,
        case: ExprId,
        seen: &mut HashMap<(KeyValue, TypeId), Span>,
    ) {
        let mut x = self.expr(case);
        if !tag.is_valid() || !x.is_valid() {
            return;
        }
        self.convert_untyped(&mut x, tag.ty);
        if !x.is_valid() {
            return;
        }
        let mut result = x.clone();
        self.comparison(&mut result, &mut tag, BinaryOp::Equal, true);
        if !result.is_valid() || !x.is_constant() {
            return;
        }
        let Some(value) = &x.value else { return };
        if matches!(value, Constant::Bool(_)) {
            return;
        }
        let key = (KeyValue::new(value), self.types.canonical(x.ty));
        let span = self.operand_span(&x);
        match seen.get(&key) {
            Some(previous) => {
                let previous = self.position(previous.start);
                let message = format!(
                    "duplicate case {} in expression switch\n\t{previous}: previous case",
                    self.describe(&x)
                );
                self.error(span, "duplicate-case", message);
            }
            None => {
                // gc names the operator's place here, not the first byte.
                seen.insert(key, Span::at(self.ast.exprs[case].position));
            }
        }
    }

    pub(super) fn type_switch(&mut self, switch: &TypeSwitchStatement) {
        self.open_scope();
        if let Some(init) = &switch.init {
            self.statement(init);
        }
        let mut symbol = switch.symbol.map(|ident| self.ast.idents[ident]);
        if let Some(ident) = symbol
            && self.is_blank(ident.name)
        {
            self.error(ident.span, "define", "no new variable on left side of :=");
            symbol = None;
        }
        let mut operand = self.expr(switch.operand);
        if operand.is_valid() && !matches!(self.underlying(operand.ty), Type::Interface(_)) {
            let message = format!("{} is not an interface", self.describe(&operand));
            self.error(self.operand_span(&operand), "type-switch", message);
            operand.invalidate();
        }
        self.check_defaults(&switch.clauses);
        let mut seen: HashMap<Option<TypeId>, Span> = HashMap::new();
        let mut variables: Vec<ObjectId> = Vec::new();
        for clause in &switch.clauses {
            let ty = self.case_types(
                &operand,
                clause.cases.as_deref().unwrap_or_default(),
                &mut seen,
            );
            self.open_scope();
            if let (Some(_), Some(ident)) = (symbol, switch.symbol) {
                let variable = self.local_variable(ident, ty);
                self.declare(self.environment.scope, variable);
                self.info.clause_symbols.insert(clause.span.start, variable);
                variables.push(variable);
            }
            self.statements(&clause.body);
            self.close_scope();
        }
        if let Some(ident) = symbol {
            if !variables
                .iter()
                .any(|variable| self.used.contains(variable))
            {
                let message = format!("{} declared and not used", self.text(ident.name));
                self.error(ident.span, "unused-variable", message);
            }
            self.used.extend(variables);
        }
        self.close_scope();
    }

    /// Checks the types of a clause; gives the type its variable has.
    fn case_types(
        &mut self,
        operand: &Operand,
        cases: &[ExprId],
        seen: &mut HashMap<Option<TypeId>, Span>,
    ) -> TypeId {
        let mut last = None;
        for case in cases {
            let span = self.span(*case);
            let ty = if self.is_nil_name(*case) {
                self.expr(*case);
                None
            } else {
                let ty = self.type_expression(*case);
                if !self.is_valid(ty) {
                    last = Some(ty);
                    continue;
                }
                Some(ty)
            };
            last = ty;
            let key = ty.map(|ty| self.types.canonical(ty));
            if let Some(previous) = seen.get(&key) {
                let previous = self.position(previous.start);
                let text = ty.map_or("nil".to_owned(), |ty| self.type_text(ty));
                let message =
                    format!("duplicate case {text} in type switch\n\t{previous}: previous case");
                self.error(span, "duplicate-case", message);
                continue;
            }
            seen.insert(key, span);
            if let (true, Some(ty)) = (operand.is_valid(), ty) {
                self.check_assertable(*case, operand, ty, true);
            }
        }
        match (cases, last) {
            ([_], Some(ty)) => ty,
            _ if operand.is_valid() => operand.ty,
            _ => self.invalid(),
        }
    }

    fn is_nil_name(&self, expr: ExprId) -> bool {
        match self.ast.exprs[self.ast.unparen(expr)].kind {
            ExprKind::Name(ident) => {
                self.lookup(self.ast.idents[ident].name) == Some(self.universe.nil)
            }
            _ => false,
        }
    }
}
