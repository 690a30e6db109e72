//! `go` and `defer`: the call becomes a closure without parameters.
//!
//! What is called and the operands among the arguments ([`operands`]) are evaluated at the statement
//! and captured by value in a thunk that makes the call. A function value without arguments and
//! results is its own closure.

use super::super::{Callee, Capture, FunctionKind, InterfaceCall, Op, SiteKind, Value};
use super::function::FunctionBuilder;
use super::operands;
use super::texts::TEMPORARY;
use crate::ast::{ExprId, ExprKind};
use crate::check::Builtin;
use crate::source::Span;
use crate::types::{Signature, Type, TypeId};

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
        let span = self.span_of(call);
        let signature = match self.builtin_of(*callee) {
            Some(builtin) => {
                if builtin == Builtin::Recover {
                    self.function.has_recover = true;
                }
                let operands = self.builtin_operands(builtin, arguments);
                return self.thunk(is_go, span, operands, |thunk, _| {
                    let prepared = thunk.prepare_builtin(call, builtin, arguments);
                    thunk.emit(prepared.op, &prepared.results, prepared.span);
                });
            }
            None => self.signature(self.type_of(typed.ast.unparen(*callee))),
        };
        let (parameters, results, is_variadic) = signature;
        let callee = typed.ast.unparen(*callee);
        let (target, receiver) = self.callee(callee, span);
        if let Callee::Closure(function) = target
            && arguments.is_empty()
            && results.is_empty()
            && !is_variadic
        {
            return function;
        }
        // What is called comes before the arguments.
        let mut operands = Operands::default();
        operands.values.extend(receiver);
        match target {
            Callee::Closure(value) => operands.values.push(value),
            Callee::Interface { receiver, .. } => {
                // The method is looked up at the statement, so a nil interface panics here.
                self.nil_check(receiver, span);
                operands.values.push(receiver);
            }
            Callee::Function(_) => {}
        }
        if let [single] = arguments[..]
            && self.is_tuple(single)
        {
            let values = self.arguments(&parameters, is_variadic, arguments, false, span);
            operands.values.extend(values);
            return self.thunk(is_go, span, operands, |thunk, mut values| {
                let (callee, mut passed) = called(target, &mut values, receiver.is_some());
                passed.append(&mut values);
                thunk.deferred_call(call, callee, passed, &results);
            });
        }
        let rest = is_variadic && spread.is_none();
        let types = arguments.iter().enumerate().map(|(index, _)| {
            let last = parameters.len() - 1;
            if rest && index >= last {
                self.element_type(parameters[last])
            } else {
                parameters[index]
            }
        });
        let types: Vec<TypeId> = types.collect();
        self.evaluate(arguments, &types, &mut operands);
        let has_spread = spread.is_some();
        self.thunk(is_go, span, operands, |thunk, mut values| {
            let (callee, mut passed) = called(target, &mut values, receiver.is_some());
            passed.extend(thunk.arguments(&parameters, is_variadic, arguments, has_spread, span));
            thunk.deferred_call(call, callee, passed, &results);
        })
    }

    /// Emits the call of a thunk.
    fn deferred_call(
        &mut self,
        call: ExprId,
        callee: Callee,
        arguments: Vec<Value>,
        results: &[TypeId],
    ) {
        let is_interface_call = matches!(callee, Callee::Interface { .. });
        let span = self.span_of(call);
        let inst = self.emit(Op::Call { callee, arguments }, results, span);
        if is_interface_call
            && let ExprKind::Call { callee, .. } = self.typed.ast.exprs[call].kind
            && let ExprKind::Selector { name, .. } =
                self.typed.ast.exprs[self.typed.ast.unparen(callee)].kind
        {
            let text = format!("{TEMPORARY}.{}", self.typed.ast.ident_text(name));
            let position = self.position_of(call);
            self.function.interface_calls.push(InterfaceCall {
                inst,
                position,
                text,
            });
        }
    }

    /// Evaluates the operands in the arguments of a builtin function.
    fn builtin_operands(&mut self, builtin: Builtin, arguments: &[ExprId]) -> Operands {
        let mut operands = Operands::default();
        if let [single] = arguments[..]
            && self.is_tuple(single)
        {
            let values = self.call_values(single);
            operands.expressions.push((single, values.len()));
            operands.values = values;
            return operands;
        }
        // A panic converts to it.
        self.program.types.empty_interface();
        let table = &self.program.types;
        let types: Vec<TypeId> = arguments
            .iter()
            .enumerate()
            .map(|(index, argument)| {
                operands::builtin_parameter(self.typed, table, builtin, arguments, index)
                    .unwrap_or_else(|| self.type_of(*argument))
            })
            .collect();
        self.evaluate(arguments, &types, &mut operands);
        operands
    }

    /// Evaluates the operands in arguments that are converted to types.
    fn evaluate(&mut self, arguments: &[ExprId], types: &[TypeId], operands: &mut Operands) {
        let mut found = Vec::new();
        for (argument, ty) in arguments.iter().zip(types) {
            operands::of_argument(self.typed, &self.program.types, *argument, *ty, &mut found);
        }
        for operand in found {
            let value = self.expr_as(operand.expr, operand.ty);
            let expr = self.typed.ast.unparen(operand.expr);
            operands.expressions.push((expr, 1));
            operands.values.push(value);
        }
    }

    /// A closure that captures operands; `call` gets those that are no expressions.
    fn thunk(
        &mut self,
        is_go: bool,
        span: Span,
        operands: Operands,
        call: impl FnOnce(&mut FunctionBuilder<'_, '_>, Vec<Value>),
    ) -> Value {
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
        let captures: Vec<Capture> = operands
            .values
            .iter()
            .map(|value| Capture {
                name,
                ty: self.function.type_of(*value),
                is_by_reference: false,
                object: None,
            })
            .collect();
        let function = &mut self.program.functions[id];
        function.captures.clone_from(&captures);
        function.parent = Some(self.id);
        let facts = std::rc::Rc::clone(&self.facts);
        let mut thunk = FunctionBuilder::new(self.program, id, facts);
        let mut values: Vec<Value> = captures
            .iter()
            .enumerate()
            .map(|(index, capture)| thunk.emit1(Op::Capture(index as u32), capture.ty, span))
            .collect();
        for (expr, count) in operands.expressions.into_iter().rev() {
            let evaluated = values.split_off(values.len() - count);
            thunk.hoisted.insert(expr, evaluated);
        }
        call(&mut thunk, values);
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
                captures: operands.values,
            },
            ty,
            site,
            span,
        )
    }
}

/// What a thunk captures.
#[derive(Default)]
struct Operands {
    /// All values, first those that are no expressions.
    values: Vec<Value>,
    /// The expressions, with how many of the last values each has.
    expressions: Vec<(ExprId, usize)>,
}

/// What a thunk calls and the receiver it passes, taken from the front of what it captured.
fn called(target: Callee, values: &mut Vec<Value>, has_receiver: bool) -> (Callee, Vec<Value>) {
    let passed = values.drain(..usize::from(has_receiver)).collect();
    let callee = match target {
        Callee::Closure(_) => Callee::Closure(values.remove(0)),
        Callee::Interface { method, .. } => Callee::Interface {
            receiver: values.remove(0),
            method,
        },
        Callee::Function(_) => target,
    };
    (callee, passed)
}
