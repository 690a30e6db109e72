//! `switch` on values and on types.

use std::collections::HashSet;

use super::super::op::{BinaryOp, ConstantValue, Op};
use super::super::{Block, SiteKind, Target, Value};
use super::function::{FunctionBuilder, Scope};
use crate::ast::{CaseClause, ExprId, Name, SwitchStatement, TypeSwitchStatement};
use crate::check::Mode;
use crate::source::Span;
use crate::types::{Basic, TypeId};

/// From this many constant integer cases on a switch is one instruction.
const MIN_TABLE_CASES: usize = 4;

impl FunctionBuilder<'_, '_> {
    /// A switch on values.
    pub(super) fn switch(&mut self, statement: &SwitchStatement, label: Option<Name>, span: Span) {
        if let Some(init) = &statement.init {
            self.statement(init);
        }
        let common = self.common_interface(statement);
        let tag = statement.tag.map(|tag| {
            if let Some(any) = common {
                self.hoist_all(&[tag]);
                return (self.expr_as(tag, any), any);
            }
            let value = self.rooted(tag);
            (value, self.function.type_of(value))
        });
        let (bodies, end, default) = self.clause_blocks(&statement.clauses);
        match tag.and_then(|(value, ty)| Some((value, self.table(statement, ty, &bodies)?))) {
            Some((value, cases)) => {
                self.emit0(
                    Op::Switch {
                        value,
                        cases,
                        default: Target::new(default),
                    },
                    span,
                );
            }
            None => self.compare_cases(statement, tag, common, &bodies, default),
        }
        self.clause_bodies(&statement.clauses, &bodies, end, label, |_, _| {});
    }

    /// `any`, if the tag is no interface but some case is one: as in gc all are then compared as values
    /// of `any`.
    fn common_interface(&mut self, statement: &SwitchStatement) -> Option<TypeId> {
        if statement
            .tag
            .is_some_and(|tag| self.is_interface(self.type_of(tag)))
        {
            return None;
        }
        let mut cases = statement
            .clauses
            .iter()
            .flat_map(|clause| clause.cases.iter().flatten());
        let is_mixed = cases.any(|case| {
            let inner = self.typed.ast.unparen(*case);
            self.typed.info.modes[inner] != Mode::Nil && self.is_interface(self.value_type(inner))
        });
        is_mixed.then(|| self.program.types.empty_interface())
    }

    /// The cases as a table, if all are constant integers and there are enough.
    fn table(
        &self,
        statement: &SwitchStatement,
        ty: TypeId,
        bodies: &[Block],
    ) -> Option<Vec<(i64, Target)>> {
        if !self
            .program
            .types
            .as_basic(ty)
            .is_some_and(Basic::is_integer)
        {
            return None;
        }
        let mut cases = Vec::new();
        let mut seen = HashSet::new();
        for (clause, body) in statement.clauses.iter().zip(bodies) {
            for case in clause.cases.iter().flatten() {
                let crate::check::constant::Constant::Integer(value) =
                    self.typed.constant_of(self.typed.ast.unparen(*case))?
                else {
                    return None;
                };
                let value = i64::try_from(&**value)
                    .or_else(|_| u64::try_from(&**value).map(|value| value as i64))
                    .ok()?;
                if seen.insert(value) {
                    cases.push((value, Target::new(*body)));
                }
            }
        }
        (cases.len() >= MIN_TABLE_CASES).then_some(cases)
    }

    /// Tests the cases one after the other.
    fn compare_cases(
        &mut self,
        statement: &SwitchStatement,
        tag: Option<(Value, TypeId)>,
        common: Option<TypeId>,
        bodies: &[Block],
        default: Block,
    ) {
        for (clause, body) in statement.clauses.iter().zip(bodies) {
            for case in clause.cases.iter().flatten() {
                let next = self.new_block();
                let span = self.span_of(*case);
                match (tag, common) {
                    // Without tag the cases are compared with true; an interface may hold it.
                    (None, Some(any)) => {
                        let bool_type = self.bool_type();
                        let holds = self.boolean(true, bool_type, span);
                        let holds = self.assignable_value(holds, any, "", span);
                        let is_equal = self.case_equals(*case, holds, any);
                        self.branch(is_equal, *body, next, span);
                    }
                    (None, None) => self.condition(*case, *body, next, span),
                    (Some((value, ty)), _) => {
                        let is_equal = self.case_equals(*case, value, ty);
                        self.branch(is_equal, *body, next, span);
                    }
                }
                self.switch_to(next);
            }
        }
        self.jump(default, Vec::new(), statement.body);
    }

    fn case_equals(&mut self, case: ExprId, tag: Value, tag_type: TypeId) -> Value {
        let span = self.span_of(case);
        let bool_type = self.bool_type();
        self.hoist_all(&[case]);
        let is_nil = self.typed.info.modes[self.typed.ast.unparen(case)] == Mode::Nil;
        let ty = if is_nil
            || self
                .typed
                .constant_of(self.typed.ast.unparen(case))
                .is_some()
        {
            tag_type
        } else {
            self.common_type(tag_type, self.value_type(case))
        };
        let value = self.expr_as(case, ty);
        let tag = self.assignable_value(tag, ty, "", span);
        self.emit1(Op::Binary(BinaryOp::Equal, tag, value), bool_type, span)
    }

    /// A block for each clause, one for what follows, and where control goes if no case matches.
    fn clause_blocks(&mut self, clauses: &[CaseClause]) -> (Vec<Block>, Block, Block) {
        let bodies: Vec<Block> = clauses.iter().map(|_| self.new_block()).collect();
        let end = self.new_block();
        let default = clauses.iter().position(|clause| clause.cases.is_none());
        let default = default.map_or(end, |index| bodies[index]);
        (bodies, end, default)
    }

    /// Lowers the bodies of clauses; `enter` runs at the start of each.
    fn clause_bodies(
        &mut self,
        clauses: &[CaseClause],
        bodies: &[Block],
        end: Block,
        label: Option<Name>,
        mut enter: impl FnMut(&mut Self, usize),
    ) {
        self.scopes.push(Scope {
            label,
            break_to: end,
            continue_to: None,
        });
        let outer = self.fallthrough_to.take();
        for (index, clause) in clauses.iter().enumerate() {
            if !self.jumped_to.contains(&bodies[index]) {
                continue;
            }
            self.fallthrough_to = bodies.get(index + 1).copied();
            self.switch_to(bodies[index]);
            enter(self, index);
            self.statements(&clause.body);
            self.jump(end, Vec::new(), clause.span);
        }
        self.fallthrough_to = outer;
        self.scopes.pop();
        self.join(end);
    }

    /// A switch on the dynamic type of an interface.
    pub(super) fn type_switch(&mut self, statement: &TypeSwitchStatement, label: Option<Name>) {
        if let Some(init) = &statement.init {
            self.statement(init);
        }
        let span = statement.guard;
        let operand = self.rooted(statement.operand);
        let (bodies, end, default) = self.clause_blocks(&statement.clauses);
        let symbols: Vec<_> = statement
            .clauses
            .iter()
            .map(|clause| {
                self.typed
                    .info
                    .clause_symbols
                    .get(&clause.span.start)
                    .copied()
            })
            .collect();
        // A clause with one type gets the asserted value as a parameter of its block.
        let mut parameters: Vec<Option<Value>> = vec![None; bodies.len()];
        for (index, clause) in statement.clauses.iter().enumerate() {
            let cases = clause.cases.as_deref().unwrap_or_default();
            for case in cases {
                let next = self.new_block();
                let (value, is_match) = self.type_case(*case, operand);
                let mut target = Target::new(bodies[index]);
                if cases.len() == 1
                    && symbols[index].is_some()
                    && let Some(value) = value
                {
                    let ty = self.function.type_of(value);
                    parameters[index] = Some(self.function.add_block_parameter(bodies[index], ty));
                    target.arguments.push(value);
                }
                self.emit0(
                    Op::Branch {
                        condition: is_match,
                        then: target,
                        otherwise: Target::new(next),
                    },
                    span,
                );
                self.switch_to(next);
            }
        }
        self.jump(default, Vec::new(), span);
        self.clause_bodies(&statement.clauses, &bodies, end, label, |builder, index| {
            let Some(object) = symbols[index] else { return };
            let value = parameters[index].unwrap_or(operand);
            let value = builder.assignable_value(value, builder.typed.objects[object].ty, "", span);
            // gc places the variable of a clause at the clause's last type.
            let clause = &statement.clauses[index];
            let last = clause.cases.as_ref().and_then(|cases| cases.last());
            let position = last.map_or(clause.span.start, |last| builder.position_of(*last));
            let address = builder.declare_at(object, SiteKind::Variable, position);
            builder.store(address, value, span);
        });
    }

    /// Tests one case of a type switch: the asserted value (none for `nil`) and whether it matches.
    fn type_case(&mut self, case: ExprId, operand: Value) -> (Option<Value>, Value) {
        let span = self.span_of(case);
        let bool_type = self.bool_type();
        if self.typed.info.modes[self.typed.ast.unparen(case)] == Mode::Nil {
            let ty = self.function.type_of(operand);
            let nil = self.emit1(Op::Constant(ConstantValue::Zero), ty, span);
            return (
                None,
                self.emit1(Op::Binary(BinaryOp::Equal, operand, nil), bool_type, span),
            );
        }
        let ty = self.type_of(case);
        let asserted = self.emit_many(
            Op::TypeAssert {
                value: operand,
                ty,
                comma_ok: true,
            },
            &[ty, bool_type],
            span,
        );
        (Some(asserted[0]), asserted[1])
    }
}
