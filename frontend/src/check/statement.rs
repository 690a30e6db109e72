//! Statements (spec: "Statements"), less switches, range loops and branches.

use std::rc::Rc;

use super::expression::ExpressionKind;
use super::{Checker, Mode, ObjectId};
use crate::ast::{
    Block, Body, BodyId, ExprId, ExprKind, ForHeader, ForStatement, IfStatement, SelectClause,
    Statement, StatementKind, UnaryOp,
};
use crate::source::Span;
use crate::types::Basic;

impl Checker<'_> {
    /// Checks the body of a function in its environment, whose scope holds the parameters.
    pub(super) fn check_body(&mut self, body: BodyId, results: Rc<[ObjectId]>) {
        let ast = self.ast.clone();
        let Body::Parsed(block) = &ast.bodies[body] else {
            return;
        };
        let has_results = !results.is_empty();
        let outer = self.environment.results.replace(results);
        let outer_iota = self.environment.iota;
        for statement in &block.statements {
            self.statement(statement);
        }
        self.check_branches(block);
        if has_results && !self.is_terminating_list(&block.statements, None) {
            let close = block.span.end.saturating_sub(1);
            self.error(
                Span::new(close, block.span.end),
                "missing-return",
                "missing return",
            );
        }
        self.environment.iota = outer_iota;
        self.environment.results = outer;
    }

    /// Statements in a scope of their own.
    pub(super) fn block(&mut self, block: &Block) {
        self.open_scope();
        self.statements(&block.statements);
        self.close_scope();
    }

    pub(super) fn statements(&mut self, list: &[Statement]) {
        for statement in list {
            self.statement(statement);
        }
    }

    pub(super) fn statement(&mut self, statement: &Statement) {
        let top = self.delayed.len();
        self.statement_without_delay(statement);
        if self.delayed.len() > top {
            self.process_delayed(top);
        }
    }

    fn statement_without_delay(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Empty
            | StatementKind::Break(_)
            | StatementKind::Continue(_)
            | StatementKind::Goto(_)
            | StatementKind::Fallthrough => {}
            StatementKind::Expression(expr) => self.expression_statement(*expr),
            StatementKind::Send {
                channel,
                value,
                arrow: _,
            } => {
                let channel = self.expr(*channel);
                let mut value = self.expr(*value);
                if !channel.is_valid() || !value.is_valid() {
                    return;
                }
                if let Some(element) = self.channel_element(statement.span, &channel, false) {
                    self.assign(&mut value, Some(element), "send");
                }
            }
            StatementKind::IncDec {
                operand,
                is_increment,
                operator: _,
            } => {
                let mut x = self.expr(*operand);
                if !x.is_valid() {
                    return;
                }
                if !self.is_basic(x.ty, Basic::is_numeric) {
                    let operator = if *is_increment { "++" } else { "--" };
                    let (text, ty) = (self.expression(*operand), self.type_text(x.ty));
                    let message =
                        format!("invalid operation: {text}{operator} (non-numeric type {ty})");
                    self.error(self.span(*operand), "operator", message);
                    return;
                }
                self.assign_operand(*operand, &mut x, "assignment");
            }
            StatementKind::Assign {
                left,
                op: None,
                right,
                operator: _,
            } => self.assign_all(left, right),
            StatementKind::Assign {
                left,
                op: Some(op),
                right,
                operator: _,
            } => {
                let ([left], [right]) = (&left[..], &right[..]) else {
                    let message = format!(
                        "assignment operation {}= requires single-valued expressions",
                        op.text()
                    );
                    self.error(statement.span, "assign", message);
                    return;
                };
                let mut x = self.binary(None, *left, *right, *op);
                // The value is no expression of the source.
                if x.is_valid() && !self.is_untyped(x.ty) {
                    x.text = Some(self.operand_text(&x).into());
                }
                self.assign_operand(*left, &mut x, "assignment");
            }
            StatementKind::Define {
                left,
                right,
                operator,
            } => {
                self.define(Span::new(*operator, *operator + 2), left, right);
            }
            StatementKind::Block(block) => self.block(block),
            StatementKind::If(statement) => self.if_statement(statement),
            StatementKind::For(for_statement) => self.for_statement(statement, for_statement),
            StatementKind::Switch(switch) => self.switch_statement(switch),
            StatementKind::TypeSwitch(switch) => self.type_switch(switch),
            StatementKind::Select(clauses) => self.select_statement(clauses),
            StatementKind::Labeled {
                label: _,
                statement,
            } => self.statement_without_delay(statement),
            StatementKind::Go(call) => self.suspended_call("go", *call),
            StatementKind::Defer(call) => self.suspended_call("defer", *call),
            StatementKind::Return(values) => self.return_statement(statement.span, values),
            StatementKind::Declaration(declaration) => self.local_declaration(declaration),
        }
    }

    fn expression_statement(&mut self, expr: ExprId) {
        let (mut x, kind) = self.raw_expr(expr, None);
        let what = match x.mode {
            Mode::Generic => return self.exclude_generic(&mut x),
            Mode::Builtin => "must be called",
            Mode::Type => "is not an expression",
            _ if kind == ExpressionKind::Statement => return,
            _ => "is not used",
        };
        let message = format!("{} {what}", self.describe(&x));
        self.error(self.operand_span(&x), "unused-expression", message);
    }

    fn suspended_call(&mut self, keyword: &str, call: ExprId) {
        if !matches!(self.ast.exprs[call].kind, ExprKind::Call { .. }) {
            let message = format!("expression in {keyword} must be function call");
            self.error(self.span(call), "go-defer", message);
            self.use_expression(call);
            return;
        }
        let (x, kind) = self.raw_expr(call, None);
        let what = match kind {
            ExpressionKind::Statement => return,
            ExpressionKind::Conversion => "requires function call, not conversion",
            ExpressionKind::Expression => "discards result of",
        };
        let message = format!("{keyword} {what} {}", self.describe(&x));
        self.error(self.operand_span(&x), "go-defer", message);
    }

    fn return_statement(&mut self, span: Span, values: &[ExprId]) {
        let Some(results) = self.environment.results.clone() else {
            return;
        };
        let is_named = results
            .first()
            .is_some_and(|result| self.objects[*result].name != self.universe.unnamed);
        if values.is_empty() && is_named {
            for result in results.iter() {
                let name = self.objects[*result].name;
                if self.is_blank(name) {
                    continue;
                }
                if let Some(other) = self.lookup(name).filter(|other| other != result) {
                    let text = self.text(name).to_owned();
                    let position = self.position(self.objects[other].span.start);
                    let ty = self.type_text(self.objects[*result].ty);
                    let message = format!(
                        "result parameter {text} not in scope at return\n\t{position}: inner declaration of var {text} {ty}"
                    );
                    self.error(span, "return", message);
                }
            }
        } else if !values.is_empty() || !results.is_empty() {
            if results.is_empty() {
                let extra = self.expression_list(values);
                if extra.iter().all(super::operand::Operand::is_valid)
                    && let Some(first) = extra.first()
                {
                    let have: Vec<_> = extra.iter().map(|value| value.ty).collect();
                    let at = self.operand_span(first);
                    let have = self.types_summary(&have, false, false);
                    let message = format!("too many return values\n\thave {have}\n\twant ()");
                    self.error(at, "return-count", message);
                }
                return;
            }
            if values.is_empty() {
                let want: Vec<_> = results
                    .iter()
                    .map(|result| self.objects[*result].ty)
                    .collect();
                let want = self.types_summary(&want, false, false);
                let message = format!("not enough return values\n\thave ()\n\twant {want}");
                self.error(span, "return-count", message);
                return;
            }
            self.initialize_variables(&results, true, values, Some(span));
        }
    }

    fn condition(&mut self, condition: ExprId, statement: &str) {
        let x = self.expr(condition);
        if x.is_valid() && !self.is_basic(x.ty, Basic::is_boolean) {
            let message = format!("non-boolean condition in {statement} statement");
            self.error(self.span(condition), "condition", message);
        }
    }

    fn if_statement(&mut self, statement: &IfStatement) {
        // A chain of `else if` is a loop here: generated programs have long ones.
        let mut scopes = 0;
        let mut current = statement;
        loop {
            self.open_scope();
            scopes += 1;
            if let Some(init) = &current.init {
                self.statement(init);
            }
            self.condition(current.condition, "if");
            self.block(&current.then);
            match current.otherwise.as_ref().map(|otherwise| &otherwise.kind) {
                Some(StatementKind::If(next)) => current = next,
                Some(StatementKind::Block(block)) => {
                    self.block(block);
                    break;
                }
                _ => break,
            }
        }
        for _ in 0..scopes {
            self.close_scope();
        }
    }

    fn for_statement(&mut self, whole: &Statement, statement: &ForStatement) {
        match &statement.header {
            ForHeader::Range { .. } => self.range_statement(whole.span, statement),
            ForHeader::Clause {
                init,
                condition,
                post,
            } => {
                self.open_scope();
                if let Some(init) = init {
                    self.statement(init);
                }
                if let Some(condition) = condition {
                    self.condition(*condition, "for");
                }
                if let Some(post) = post {
                    if let StatementKind::Define { left, .. } = &post.kind {
                        self.error(
                            post.span,
                            "for",
                            "cannot declare in post statement of for loop",
                        );
                        self.use_left(left);
                    } else {
                        self.statement(post);
                    }
                }
                self.block(&statement.body);
                self.close_scope();
            }
        }
    }

    fn select_statement(&mut self, clauses: &[SelectClause]) {
        let mut first: Option<&SelectClause> = None;
        for clause in clauses
            .iter()
            .filter(|clause| clause.communication.is_none())
        {
            match first {
                None => first = Some(clause),
                Some(first) => {
                    let position = self.position(first.span.start);
                    let message = format!("multiple defaults (first at {position})");
                    self.error(clause.span, "duplicate-default", message);
                }
            }
        }
        for clause in clauses {
            let is_receive = |expr: &ExprId| {
                matches!(
                    self.ast.exprs[self.ast.unparen(*expr)].kind,
                    ExprKind::Unary(UnaryOp::Receive, _)
                )
            };
            let is_valid = match clause
                .communication
                .as_ref()
                .map(|statement| &statement.kind)
            {
                None | Some(StatementKind::Send { .. }) => true,
                Some(StatementKind::Expression(expr)) => is_receive(expr),
                Some(
                    StatementKind::Assign {
                        right, op: None, ..
                    }
                    | StatementKind::Define { right, .. },
                ) => {
                    matches!(&right[..], [only] if is_receive(only))
                }
                Some(_) => false,
            };
            if !is_valid {
                let communication = clause.communication.as_ref();
                let span = match communication.map(|statement| (&statement.kind, statement.span)) {
                    Some((StatementKind::Expression(expr), _)) => {
                        Span::at(self.ast.exprs[*expr].position)
                    }
                    Some((_, span)) => span,
                    None => clause.span,
                };
                let message = "select case must be send or receive (possibly with assignment)";
                self.error(span, "select", message);
                continue;
            }
            self.open_scope();
            if let Some(statement) = &clause.communication {
                self.statement(statement);
            }
            self.statements(&clause.body);
            self.close_scope();
        }
    }
}
