//! The order in which gc meets what a body mentions.
//!
//! gc visits its tree from the top: a call before what it calls and its arguments, of a `for` clause
//! the condition and the post statement before the body. The order of functions in `-m` follows.

use std::collections::HashMap;

use frontend::ast::visit::{self, Visitor};
use frontend::ast::{Body, ExprId, ExprKind, Statement, StatementKind};
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
}

impl<'p> Visitor<'p> for Walk<'p> {
    fn expr(&mut self, expr: ExprId) {
        self.meet(self.typed.ast.exprs[expr].position);
        self.exprs(&parts(self.typed, expr));
    }

    fn statement(&mut self, statement: &'p Statement) {
        let (StatementKind::Go(call) | StatementKind::Defer(call)) = statement.kind else {
            return visit::walk_statement(self, statement);
        };
        // The operands are evaluated first; the call is in a closure.
        let call = self.typed.ast.unparen(call);
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
}
