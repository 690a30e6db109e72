//! The statements that gc leaves out before it looks any closer: what a constant condition excludes, and what stands after a
//! statement that obviously leaves. `-m` has no lines for them, and no code is made.
//!
//! Source: Go's `cmd/compile/internal/noder` (its `stmts` and `terminates`).

use crate::ast::{Block, ExprId, ExprKind, Statement, StatementKind};
use crate::check::constant::Constant;
use crate::check::{Builtin, TypedProgram};

/// The statements of a list that are not left out. Up to the last label all are there: what comes after it may use what is
/// declared before.
pub fn reached<'s>(
    typed: &TypedProgram,
    statements: &'s [Statement],
) -> impl Iterator<Item = &'s Statement> {
    let is_label = |statement: &Statement| matches!(statement.kind, StatementKind::Labeled { .. });
    let last_label = statements.iter().rposition(is_label);
    let mut has_left = false;
    let numbered = statements.iter().enumerate();
    numbered.filter_map(move |(index, statement)| {
        if has_left && last_label.is_none_or(|last| index > last) {
            return None;
        }
        has_left = leaves(typed, statement);
        Some(statement)
    })
}

/// Whether gc sees that nothing after a statement is reached.
fn leaves(typed: &TypedProgram, statement: &Statement) -> bool {
    let last_leaves = |block: &Block| {
        let is_empty = |statement: &&Statement| matches!(statement.kind, StatementKind::Empty);
        let last = block.statements.iter().rev().find(|one| !is_empty(one));
        last.is_some_and(|statement| leaves(typed, statement))
    };
    match &statement.kind {
        StatementKind::Return(_) | StatementKind::Goto(_) => true,
        StatementKind::Expression(expr) => {
            let ast = &typed.ast;
            match ast.exprs[ast.unparen(*expr)].kind {
                ExprKind::Call { callee, .. } => typed.builtin_of(callee) == Some(Builtin::Panic),
                _ => false,
            }
        }
        StatementKind::Block(block) => last_leaves(block),
        StatementKind::If(statement) => {
            let holds = constant_condition(typed, statement.condition);
            let otherwise = statement.otherwise.as_ref();
            (holds == Some(false) || last_leaves(&statement.then))
                && (holds == Some(true)
                    || otherwise.is_some_and(|otherwise| leaves(typed, otherwise)))
        }
        _ => false,
    }
}

/// What a condition always is.
pub fn constant_condition(typed: &TypedProgram, condition: ExprId) -> Option<bool> {
    match typed.constant_of(typed.ast.unparen(condition)) {
        Some(Constant::Bool(holds)) => Some(*holds),
        _ => None,
    }
}

/// Whether a loop with this condition has no round: gc leaves out its body.
pub fn is_never(typed: &TypedProgram, condition: Option<ExprId>) -> bool {
    condition.and_then(|condition| constant_condition(typed, condition)) == Some(false)
}
