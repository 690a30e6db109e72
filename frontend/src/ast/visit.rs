//! One walk over statements, for those that look for something in them.
//!
//! Parts come in gc's order: an initial statement before the rest, of a `for` clause the condition and the post statement
//! before the body, of a `range` the operand before what it assigns to. A visitor says what it does with expressions and
//! overrides what it has something to say about; the rest of a statement it has walked for it with [`walk_statement`].

use super::{Block, Declaration, ExprId, ForHeader, Statement, StatementKind};

/// Somebody who looks for something.
pub trait Visitor<'a> {
    /// An expression that is evaluated, or a type where one may stand.
    fn expr(&mut self, expr: ExprId);

    /// What is assigned to, declared by `:=` or by a `range`.
    fn target(&mut self, target: ExprId) {
        self.expr(target);
    }

    /// A statement.
    fn statement(&mut self, statement: &'a Statement) {
        walk_statement(self, statement);
    }

    /// The statements of a block or clause.
    fn statements(&mut self, statements: &'a [Statement]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    /// What a loop begins with.
    fn for_header(&mut self, header: &'a ForHeader) {
        walk_for_header(self, header);
    }

    // ---- for short ----

    /// A block.
    fn block(&mut self, block: &'a Block) {
        self.statements(&block.statements);
    }

    /// A statement, if there is one.
    fn optional(&mut self, statement: Option<&'a Statement>) {
        if let Some(statement) = statement {
            self.statement(statement);
        }
    }

    /// Several expressions.
    fn exprs(&mut self, exprs: &[ExprId]) {
        for expr in exprs {
            self.expr(*expr);
        }
    }

    /// Several left sides.
    fn targets(&mut self, targets: &[ExprId]) {
        for target in targets {
            self.target(*target);
        }
    }
}

/// Visits the parts of a statement.
pub fn walk_statement<'a>(visitor: &mut (impl Visitor<'a> + ?Sized), statement: &'a Statement) {
    match &statement.kind {
        StatementKind::Empty
        | StatementKind::Break(_)
        | StatementKind::Continue(_)
        | StatementKind::Goto(_)
        | StatementKind::Fallthrough => {}
        StatementKind::Expression(expr) | StatementKind::Go(expr) | StatementKind::Defer(expr) => {
            visitor.expr(*expr);
        }
        StatementKind::Send { channel, value, .. } => visitor.exprs(&[*channel, *value]),
        StatementKind::IncDec { operand, .. } => visitor.expr(*operand),
        StatementKind::Assign { left, right, .. } | StatementKind::Define { left, right, .. } => {
            visitor.targets(left);
            visitor.exprs(right);
        }
        StatementKind::Block(block) => visitor.block(block),
        StatementKind::If(statement) => {
            visitor.optional(statement.init.as_ref());
            visitor.expr(statement.condition);
            visitor.block(&statement.then);
            visitor.optional(statement.otherwise.as_ref());
        }
        StatementKind::For(statement) => {
            visitor.for_header(&statement.header);
            visitor.block(&statement.body);
        }
        StatementKind::Switch(statement) => {
            visitor.optional(statement.init.as_ref());
            visitor.exprs(statement.tag.as_slice());
            for clause in &statement.clauses {
                visitor.exprs(clause.cases.as_deref().unwrap_or_default());
                visitor.statements(&clause.body);
            }
        }
        // Its cases are types.
        StatementKind::TypeSwitch(statement) => {
            visitor.optional(statement.init.as_ref());
            visitor.expr(statement.operand);
            for clause in &statement.clauses {
                visitor.statements(&clause.body);
            }
        }
        StatementKind::Select(clauses) => {
            for clause in clauses {
                visitor.optional(clause.communication.as_ref());
                visitor.statements(&clause.body);
            }
        }
        StatementKind::Labeled { statement, .. } => visitor.statement(statement),
        StatementKind::Return(values) => visitor.exprs(values),
        StatementKind::Declaration(declaration) => {
            if let Declaration::Var(specs) = &**declaration {
                for spec in specs {
                    visitor.exprs(&spec.values);
                }
            }
        }
    }
}

/// Visits the parts of what a loop begins with.
pub fn walk_for_header<'a>(visitor: &mut (impl Visitor<'a> + ?Sized), header: &'a ForHeader) {
    match header {
        ForHeader::Clause {
            init,
            condition,
            post,
        } => {
            visitor.optional(init.as_ref());
            visitor.exprs(condition.as_slice());
            visitor.optional(post.as_ref());
        }
        ForHeader::Range {
            key,
            value,
            operand,
            ..
        } => {
            visitor.expr(*operand);
            visitor.targets(key.as_slice());
            visitor.targets(value.as_slice());
        }
    }
}
