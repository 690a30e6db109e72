//! Function literals: what they capture and how, and their bodies.

use std::rc::Rc;

use super::super::{FunctionKind, Op, SiteKind, Value};
use super::function::{FunctionBuilder, Place};
use crate::ast::{Body, BodyId, ExprId};
use crate::check::{ObjectId, ObjectKind};
use crate::source::Span;
use crate::types::layout::size_and_align;

/// Captured variables above this size are captured by reference, as in gc.
const MAX_CAPTURE_BY_VALUE_BYTES: u64 = 128;

impl FunctionBuilder<'_, '_> {
    /// Whether a closure gets a copy of the variable. Results are assigned by every `return`.
    fn is_captured_by_value(&self, object: ObjectId) -> bool {
        let is_result = matches!(
            self.typed.objects[object].kind,
            ObjectKind::Local(crate::check::LocalKind::Result)
        );
        !is_result
            && !self.facts.changes_under_literals(object)
            && !self.facts.address_taken.contains(&object)
            && size_and_align(&self.program.types, self.typed.objects[object].ty).0
                <= MAX_CAPTURE_BY_VALUE_BYTES
    }

    /// A function literal: lowers its body and makes the closure.
    pub(super) fn function_literal(&mut self, expr: ExprId, body: BodyId) -> Value {
        let span = self.span_of(expr);
        let ty = self.type_of(expr);
        let (parameters, results, _) = self.signature(ty);
        let name = self.next_literal_name();
        let id =
            self.program
                .add_function(name, FunctionKind::Closure, self.typed.ast.exprs[expr].span);
        let objects = self.facts.literals.get(&expr).cloned().unwrap_or_default();
        let mut captures = Vec::new();
        let mut values = Vec::new();
        for object in objects {
            let is_by_reference = !self.is_captured_by_value(object);
            captures.push(self.capture_of(object, is_by_reference));
            let place = self
                .variables
                .get(&object)
                .copied()
                .expect("a captured variable is declared before");
            values.push(match place {
                Place::Address(address) if is_by_reference => address,
                Place::Address(address) => self.load(address, span),
                Place::Value(value) => value,
            });
        }
        let function = &mut self.program.functions[id];
        function.parameters = parameters.to_vec();
        function.results = results.to_vec();
        function.captures = captures;
        function.parent = Some(self.id);
        let facts = Rc::clone(&self.facts);
        let nested = FunctionBuilder::new(self.program, id, facts);
        nested.literal_body(expr, body);
        let site = self.site(
            self.literal_kind(expr, SiteKind::Closure),
            "func literal".to_owned(),
            span.start,
        );
        self.emit_site(
            Op::MakeClosure {
                function: id,
                captures: values,
            },
            ty,
            site,
            span,
        )
    }

    fn literal_body(mut self, expr: ExprId, body: BodyId) {
        self.declare_captures();
        let typed = self.typed;
        let (parameters, results) = &typed.info.literal_variables[&expr];
        let has_defer = self.facts.literals_with_defer.contains(&expr);
        self.declare_signature(parameters, results, has_defer);
        self.body(body);
    }

    /// Lowers the statements of a body and ends the function.
    pub(super) fn body(mut self, body: BodyId) {
        let typed = self.typed;
        let Body::Parsed(block) = &typed.ast.bodies[body] else {
            unreachable!(
                "the checker parsed every reachable body: {}",
                self.function.name
            )
        };
        self.block(block);
        let close = block.span.end.saturating_sub(1);
        self.finish(Span::new(close, block.span.end));
    }
}
