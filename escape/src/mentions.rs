//! The order in which gc meets what a body mentions.
//!
//! gc visits its tree from the top: a call before what it calls and its arguments, of a `for` clause
//! the condition and the post statement before the body. The order of functions in `-m` follows.

use std::collections::HashMap;

use frontend::ast::{
    Block, Body, Declaration, ExprId, ExprKind, ForHeader, Statement, StatementKind,
};
use frontend::check::{InitialValue, TypedProgram};

use crate::flows::parts;

/// For the position of each expression in the user's package, and of each `go` and `defer`, when it
/// is met.
pub(crate) fn ranks(typed: &TypedProgram) -> HashMap<u32, u32> {
    let mut walk = Walk {
        typed,
        ranks: HashMap::new(),
    };
    for initializer in &typed.packages[typed.main].initializers {
        if let InitialValue::Expression(expr) = initializer.value {
            walk.expr(expr);
        }
    }
    for body in typed.ast.bodies.values() {
        if let Body::Parsed(block) = body {
            walk.block(block);
        }
    }
    walk.ranks
}

struct Walk<'p> {
    typed: &'p TypedProgram,
    ranks: HashMap<u32, u32>,
}

impl Walk<'_> {
    fn meet(&mut self, position: u32) {
        let rank = self.ranks.len() as u32;
        self.ranks.entry(position).or_insert(rank);
    }

    fn exprs(&mut self, exprs: &[ExprId]) {
        for expr in exprs {
            self.expr(*expr);
        }
    }

    fn expr(&mut self, expr: ExprId) {
        self.meet(self.typed.ast.exprs[expr].position);
        self.exprs(&parts(self.typed, expr));
    }

    fn block(&mut self, block: &Block) {
        self.statements(&block.statements);
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn optional(&mut self, statement: Option<&Statement>) {
        if let Some(statement) = statement {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Empty
            | StatementKind::Break(_)
            | StatementKind::Continue(_)
            | StatementKind::Goto(_)
            | StatementKind::Fallthrough => {}
            StatementKind::Expression(expr) => self.expr(*expr),
            StatementKind::Send { channel, value, .. } => self.exprs(&[*channel, *value]),
            StatementKind::IncDec { operand, .. } => self.expr(*operand),
            StatementKind::Assign { left, right, .. }
            | StatementKind::Define { left, right, .. } => {
                self.exprs(left);
                self.exprs(right);
            }
            StatementKind::Block(block) => self.block(block),
            StatementKind::If(statement) => {
                self.optional(statement.init.as_ref());
                self.expr(statement.condition);
                self.block(&statement.then);
                self.optional(statement.otherwise.as_ref());
            }
            StatementKind::For(statement) => {
                match &statement.header {
                    ForHeader::Clause {
                        init,
                        condition,
                        post,
                    } => {
                        self.optional(init.as_ref());
                        self.exprs(condition.as_slice());
                        self.optional(post.as_ref());
                    }
                    ForHeader::Range {
                        key,
                        value,
                        operand,
                        ..
                    } => {
                        self.expr(*operand);
                        self.exprs(key.as_slice());
                        self.exprs(value.as_slice());
                    }
                }
                self.block(&statement.body);
            }
            StatementKind::Switch(statement) => {
                self.optional(statement.init.as_ref());
                self.exprs(statement.tag.as_slice());
                for clause in &statement.clauses {
                    self.exprs(clause.cases.as_deref().unwrap_or_default());
                    self.statements(&clause.body);
                }
            }
            StatementKind::TypeSwitch(statement) => {
                self.optional(statement.init.as_ref());
                self.expr(statement.operand);
                for clause in &statement.clauses {
                    self.statements(&clause.body);
                }
            }
            StatementKind::Select(clauses) => {
                for clause in clauses {
                    self.optional(clause.communication.as_ref());
                    self.statements(&clause.body);
                }
            }
            StatementKind::Labeled { statement, .. } => self.statement(statement),
            StatementKind::Go(call) | StatementKind::Defer(call) => {
                // The operands are evaluated first; the call is in a closure.
                let call = self.typed.ast.unparen(*call);
                if let ExprKind::Call {
                    callee, arguments, ..
                } = &self.typed.ast.exprs[call].kind
                {
                    self.exprs(arguments);
                    self.meet(statement.span.start);
                    self.meet(self.typed.ast.exprs[call].position);
                    self.expr(*callee);
                }
            }
            StatementKind::Return(values) => self.exprs(values),
            StatementKind::Declaration(declaration) => {
                if let Declaration::Var(specs) = &**declaration {
                    for spec in specs {
                        self.exprs(&spec.values);
                    }
                }
            }
        }
    }
}
