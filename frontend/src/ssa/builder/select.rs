//! `select`.

use super::super::op::{Op, SelectCase};
use super::super::{Block, Target, Value};
use super::function::{FunctionBuilder, Scope};
use super::place::AssignTarget;
use crate::ast::{ExprId, ExprKind, Name, SelectClause, Statement, StatementKind, UnaryOp};
use crate::source::Span;
use crate::types::TypeId;

/// The receive expression of a clause's communication and the statement it stands in.
struct Receive<'s> {
    channel: ExprId,
    expr: ExprId,
    statement: &'s Statement,
}

impl FunctionBuilder<'_, '_> {
    /// A select: all channels and values are evaluated in order, one communication happens, and its
    /// clause runs.
    pub(super) fn select(&mut self, clauses: &[SelectClause], label: Option<Name>, span: Span) {
        let mut cases = Vec::new();
        let mut types: Vec<TypeId> = vec![self.int_type(), self.bool_type()];
        // For each clause: the number of its case and, for a receive, of its result.
        let mut numbers: Vec<(Option<usize>, Option<usize>)> = Vec::new();
        let mut has_default = false;
        for clause in clauses {
            let Some(communication) = &clause.communication else {
                has_default = true;
                numbers.push((None, None));
                continue;
            };
            let number = cases.len();
            if let StatementKind::Send { channel, value, .. } = &communication.kind {
                self.hoist_all(&[*channel, *value]);
                let channel = self.expr(*channel);
                let element = self.element_type(self.function.type_of(channel));
                let value = self.expr_as(*value, element);
                cases.push(SelectCase::Send { channel, value });
                numbers.push((Some(number), None));
            } else {
                let receive = self.receive_of(communication);
                let channel = self.rooted(receive.channel);
                numbers.push((Some(number), Some(types.len())));
                types.push(self.element_type(self.function.type_of(channel)));
                cases.push(SelectCase::Receive { channel });
            }
        }
        let blocks_forever = cases.is_empty() && !has_default;
        let results = self.emit_many(Op::Select { cases, has_default }, &types, span);
        let end = self.new_block();
        if blocks_forever {
            self.emit0(Op::Unreachable, span);
            return;
        }
        self.dispatch(clauses, &numbers, &results, end, label, span);
        self.join(end);
    }

    fn dispatch(
        &mut self,
        clauses: &[SelectClause],
        numbers: &[(Option<usize>, Option<usize>)],
        results: &[Value],
        end: Block,
        label: Option<Name>,
        span: Span,
    ) {
        let bodies: Vec<Block> = clauses.iter().map(|_| self.new_block()).collect();
        let default = numbers.iter().position(|(case, _)| case.is_none());
        let mut targets: Vec<(i64, Target)> = Vec::new();
        for ((case, _), body) in numbers.iter().zip(&bodies) {
            if let Some(case) = case {
                targets.push((*case as i64, Target::new(*body)));
            }
        }
        // Without default some case is chosen: the last needs no test.
        let otherwise = match default {
            Some(default) => Target::new(bodies[default]),
            None => {
                targets
                    .pop()
                    .expect("a select without cases blocks forever")
                    .1
            }
        };
        if targets.is_empty() {
            self.jump(otherwise.block, Vec::new(), span);
        } else {
            self.emit0(
                Op::Switch {
                    value: results[0],
                    cases: targets,
                    default: otherwise,
                },
                span,
            );
        }
        self.scopes.push(Scope {
            label,
            break_to: end,
            continue_to: None,
        });
        for ((clause, (_, received)), body) in clauses.iter().zip(numbers).zip(bodies) {
            self.switch_to(body);
            if let (Some(communication), Some(received)) = (&clause.communication, received) {
                self.receive_assignment(communication, results[*received], results[1]);
            }
            self.statements(&clause.body);
            self.jump(end, Vec::new(), clause.span);
        }
        self.scopes.pop();
    }

    /// The receive of a communication clause that is no send.
    fn receive_of<'s>(&self, statement: &'s Statement) -> Receive<'s> {
        let expr = match &statement.kind {
            StatementKind::Expression(expr) => *expr,
            StatementKind::Assign { right, .. } | StatementKind::Define { right, .. } => right[0],
            other => unreachable!("not a communication: {other:?}"),
        };
        let expr = self.typed.ast.unparen(expr);
        match self.typed.ast.exprs[expr].kind {
            ExprKind::Unary(UnaryOp::Receive, channel) => Receive {
                channel,
                expr,
                statement,
            },
            _ => unreachable!("the checker wants a receive in a communication clause"),
        }
    }

    /// Stores what was received where the clause says.
    fn receive_assignment(&mut self, statement: &Statement, value: Value, is_open: Value) {
        let receive = self.receive_of(statement);
        let span = self.span_of(receive.expr);
        let values = [value, is_open];
        match &receive.statement.kind {
            StatementKind::Define { left, .. } => {
                for (target, value) in left.iter().zip(values) {
                    if let Some(object) = self.defined_object(*target) {
                        let address = self.declare(object);
                        self.store(address, value, span);
                    }
                }
            }
            StatementKind::Assign { left, operator, .. } => {
                for target in left {
                    if !self.is_blank(*target) {
                        self.hoist_all(&[*target]);
                    }
                }
                let targets: Vec<AssignTarget> =
                    left.iter().map(|target| self.target(*target)).collect();
                let span = if left.len() == 1 {
                    span
                } else {
                    Span::at(*operator)
                };
                self.assign_values(targets, &values[..left.len()], span);
            }
            _ => {}
        }
    }
}
