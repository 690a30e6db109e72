//! Terminating statements (spec: "Terminating statements").

use super::Checker;
use crate::ast::{ExprKind, ForHeader, IdentId, Name, Statement, StatementKind};

impl Checker<'_> {
    pub(super) fn is_terminating_list(&self, list: &[Statement], label: Option<Name>) -> bool {
        let last = list
            .iter()
            .rev()
            .find(|statement| !matches!(statement.kind, StatementKind::Empty));
        last.is_some_and(|statement| self.is_terminating(statement, label))
    }

    fn is_terminating(&self, statement: &Statement, label: Option<Name>) -> bool {
        match &statement.kind {
            StatementKind::Labeled { label, statement } => {
                self.is_terminating(statement, Some(self.ast.idents[*label].name))
            }
            StatementKind::Expression(expr) => {
                let call = self.ast.unparen(*expr);
                matches!(self.ast.exprs[call].kind, ExprKind::Call { .. })
                    && self.panic_calls.contains(&call)
            }
            StatementKind::Return(_) | StatementKind::Goto(_) | StatementKind::Fallthrough => true,
            StatementKind::Block(block) => self.is_terminating_list(&block.statements, None),
            StatementKind::If(statement) => {
                self.is_terminating_list(&statement.then.statements, None)
                    && statement
                        .otherwise
                        .as_ref()
                        .is_some_and(|otherwise| self.is_terminating(otherwise, None))
            }
            StatementKind::Switch(switch) => {
                let bodies = switch
                    .clauses
                    .iter()
                    .map(|clause| (clause.cases.is_none(), &clause.body[..]));
                self.is_terminating_switch(bodies, label)
            }
            StatementKind::TypeSwitch(switch) => {
                let bodies = switch
                    .clauses
                    .iter()
                    .map(|clause| (clause.cases.is_none(), &clause.body[..]));
                self.is_terminating_switch(bodies, label)
            }
            StatementKind::Select(clauses) => clauses.iter().all(|clause| {
                self.is_terminating_list(&clause.body, None)
                    && !self.has_break(&clause.body, label, true)
            }),
            StatementKind::For(statement) => match &statement.header {
                ForHeader::Clause {
                    condition: None, ..
                } => !self.has_break(&statement.body.statements, label, true),
                _ => false,
            },
            _ => false,
        }
    }

    fn is_terminating_switch<'t>(
        &self,
        bodies: impl Iterator<Item = (bool, &'t [Statement])>,
        label: Option<Name>,
    ) -> bool {
        let mut has_default = false;
        for (is_default, body) in bodies {
            has_default |= is_default;
            if !self.is_terminating_list(body, None) || self.has_break(body, label, true) {
                return false;
            }
        }
        has_default
    }

    /// Whether a `break` leaves the statement around `list`: an unlabelled one if `is_implicit`, or
    /// one with its label.
    fn has_break(&self, list: &[Statement], label: Option<Name>, is_implicit: bool) -> bool {
        list.iter()
            .any(|statement| self.breaks(statement, label, is_implicit))
    }

    fn breaks(&self, statement: &Statement, label: Option<Name>, is_implicit: bool) -> bool {
        let name = |ident: &IdentId| self.ast.idents[*ident].name;
        match &statement.kind {
            StatementKind::Labeled { statement, .. } => self.breaks(statement, label, is_implicit),
            StatementKind::Break(None) => is_implicit,
            StatementKind::Break(Some(target)) => label == Some(name(target)),
            StatementKind::Block(block) => self.has_break(&block.statements, label, is_implicit),
            StatementKind::If(statement) => {
                self.has_break(&statement.then.statements, label, is_implicit)
                    || statement
                        .otherwise
                        .as_ref()
                        .is_some_and(|otherwise| self.breaks(otherwise, label, is_implicit))
            }
            StatementKind::Switch(switch) if label.is_some() => switch
                .clauses
                .iter()
                .any(|clause| self.has_break(&clause.body, label, false)),
            StatementKind::TypeSwitch(switch) if label.is_some() => switch
                .clauses
                .iter()
                .any(|clause| self.has_break(&clause.body, label, false)),
            StatementKind::Select(clauses) if label.is_some() => clauses
                .iter()
                .any(|clause| self.has_break(&clause.body, label, false)),
            StatementKind::For(statement) if label.is_some() => {
                self.has_break(&statement.body.statements, label, false)
            }
            _ => false,
        }
    }
}
