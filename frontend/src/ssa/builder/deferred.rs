//! `go` and `defer`: the call becomes a closure without parameters.
//!
//! Callee and arguments are evaluated at the statement and captured by value in a thunk that makes
//! the call. A function value without arguments and results is its own closure.

use super::super::{Callee, Capture, FunctionKind, Op, SiteKind, Value};
use super::call::{PreparedCall, Variadic};
use super::function::FunctionBuilder;
use crate::ast::{ExprId, ExprKind};
use crate::source::Span;
use crate::types::{Signature, Type};

impl FunctionBuilder<'_, '_> {
    /// `go call` or `defer call`.
    pub(super) fn go_or_defer(&mut self, call: ExprId, is_go: bool, span: Span) {
        self.hoist_arguments(call);
        let call = self.typed.ast.unparen(call);
        let closure = self.deferred_closure(call, is_go);
        let op = if is_go {
            Op::Go(closure)
        } else {
            Op::Defer(closure)
        };
        self.emit0(op, span);
    }

    /// Runs the calls among callee and arguments first.
    fn hoist_arguments(&mut self, call: ExprId) {
        let call = self.typed.ast.unparen(call);
        if let ExprKind::Call {
            callee, arguments, ..
        } = &self.typed.ast.exprs[call].kind
        {
            if self.builtin_of(*callee).is_none() && !self.is_conversion(*callee) {
                self.hoist(*callee);
            }
            for argument in arguments {
                self.hoist(*argument);
            }
        }
    }

    fn deferred_closure(&mut self, call: ExprId, is_go: bool) -> Value {
        let typed = self.typed;
        let ExprKind::Call {
            callee,
            arguments,
            spread,
            ..
        } = &typed.ast.exprs[call].kind
        else {
            unreachable!("the checker wants a call after go and defer")
        };
        let prepared = match self.builtin_of(*callee) {
            Some(builtin) => self.prepare_builtin(call, builtin, arguments),
            None if self.is_conversion(*callee) => {
                unreachable!("the checker refuses to defer a conversion")
            }
            None => self.prepare_call(call, *callee, arguments, spread.is_some(), Variadic::Later),
        };
        match &prepared.op {
            Op::Call {
                callee: Callee::Closure(function),
                arguments,
            } if arguments.is_empty() && prepared.results.is_empty() => *function,
            Op::Call {
                callee: Callee::Interface { receiver, .. },
                ..
            } => {
                // The method is looked up at the statement, so a nil interface panics here.
                self.nil_check(*receiver, prepared.span);
                self.thunk(prepared, is_go)
            }
            _ => self.thunk(prepared, is_go),
        }
    }

    /// A closure that makes a prepared call.
    fn thunk(&mut self, prepared: PreparedCall, is_go: bool) -> Value {
        let PreparedCall {
            mut op,
            results,
            span,
            loose,
        } = prepared;
        let (counter, suffix) = if is_go {
            (&mut self.nested.go_thunks, "gowrap")
        } else {
            (&mut self.nested.defer_thunks, "deferwrap")
        };
        *counter += 1;
        let name = format!("{}.{suffix}{counter}", self.function.name);
        let id = self
            .program
            .add_function(name, FunctionKind::Thunk, Span::default());
        let unnamed = self
            .typed
            .ast
            .names
            .find("")
            .or_else(|| self.typed.ast.names.find("_"));
        let name = unnamed.unwrap_or_else(|| self.typed.packages[self.typed.main].name);
        let mut values = Vec::new();
        op.for_each_operand(|value| values.push(value));
        let mut captures = Vec::new();
        for value in &values {
            captures.push(Capture {
                name,
                ty: self.function.type_of(*value),
                is_by_reference: false,
                object: None,
            });
        }
        let function = &mut self.program.functions[id];
        function.captures = captures;
        function.parent = Some(self.id);
        let analysis = std::rc::Rc::clone(&self.analysis);
        let mut thunk = FunctionBuilder::new(self.program, id, analysis);
        let mut index = 0;
        let captures = thunk.function.captures.clone();
        op.for_each_operand_mut(|value| {
            *value = thunk.emit1(Op::Capture(index), captures[index as usize].ty, span);
            index += 1;
        });
        // The slice belongs to the call: it need not live longer.
        if let (Some((slice, count)), Op::Call { arguments, .. }) = (loose, &mut op) {
            let elements = arguments.split_off(arguments.len() - count);
            arguments.push(thunk.variadic_values(&elements, slice, span));
        }
        if op == Op::Recover {
            thunk.function.has_recover = true;
        }
        thunk.emit(op, &results, span);
        thunk.finish(span);
        let signature = Signature {
            parameters: Box::default(),
            results: Box::default(),
            is_variadic: false,
        };
        let ty = self.program.types.intern(Type::Function(signature));
        let site = self.site(SiteKind::Thunk, "func literal".to_owned(), span.start);
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
}
