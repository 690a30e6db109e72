//! Calls: of functions, methods, function values and interface methods, and method values.
//!
//! Calls after `go` and `defer` are made by thunks ([`super::deferred`]).

use super::super::{Callee, InterfaceCall, Op, SiteKind, Value};
use super::function::{FunctionBuilder, Place};
use super::texts::TEMPORARY;
use crate::ast::{ExprId, ExprKind};
use crate::check::{ObjectId, ObjectKind, Selection, SelectionKind};
use crate::source::Span;
use crate::types::{Type, TypeId};

/// A call whose operands are evaluated.
pub(super) struct PreparedCall {
    pub(super) op: Op,
    pub(super) results: Vec<TypeId>,
    pub(super) span: Span,
}

impl FunctionBuilder<'_, '_> {
    /// The values of a call, conversion or builtin.
    pub(super) fn call_values(&mut self, expr: ExprId) -> Vec<Value> {
        let expr = self.typed.ast.unparen(expr);
        if let Some(values) = self.hoisted.remove(&expr) {
            return values;
        }
        let typed = self.typed;
        let ExprKind::Call {
            callee,
            arguments,
            spread,
            ..
        } = &typed.ast.exprs[expr].kind
        else {
            return vec![self.expr(expr)];
        };
        if self.is_conversion(*callee) {
            return vec![self.conversion(expr, arguments[0])];
        }
        if let Some(builtin) = self.builtin_of(*callee) {
            return self.builtin(expr, builtin, arguments, spread.is_some());
        }
        let prepared = self.prepare_call(expr, *callee, arguments, spread.is_some());
        let is_interface_call = matches!(
            prepared.op,
            Op::Call {
                callee: Callee::Interface { .. },
                ..
            }
        );
        let inst = self.emit(prepared.op, &prepared.results, prepared.span);
        if is_interface_call {
            let position = self.position_of(expr);
            let text = self.texts().expression_text(*callee);
            self.function.interface_calls.push(InterfaceCall {
                inst,
                position,
                text,
            });
        }
        self.function.insts[inst].results.to_vec()
    }

    /// Evaluates callee and arguments of a call that is neither builtin nor conversion.
    pub(super) fn prepare_call(
        &mut self,
        expr: ExprId,
        callee: ExprId,
        arguments: &[ExprId],
        has_spread: bool,
    ) -> PreparedCall {
        let span = self.span_of(expr);
        let callee = self.typed.ast.unparen(callee);
        let (parameters, results, is_variadic) = self.signature(self.type_of(callee));
        let (callee, receiver) = self.callee(callee, span);
        let mut values: Vec<Value> = receiver.into_iter().collect();
        values.extend(self.arguments(&parameters, is_variadic, arguments, has_spread, span));
        PreparedCall {
            op: Op::Call {
                callee,
                arguments: values,
            },
            results: results.to_vec(),
            span,
        }
    }

    /// Who is called, and the receiver to pass first.
    pub(super) fn callee(&mut self, callee: ExprId, span: Span) -> (Callee, Option<Value>) {
        let typed = self.typed;
        match &typed.ast.exprs[callee].kind {
            ExprKind::Name(ident) => {
                if let Some(function) = self.function_object_of(*ident) {
                    return (Callee::Function(self.program.function_for(function)), None);
                }
            }
            ExprKind::Selector { operand, name } => match typed.info.selections.get(&callee) {
                None => {
                    if let Some(function) = self.function_object_of(*name) {
                        return (Callee::Function(self.program.function_for(function)), None);
                    }
                }
                Some(selection) if selection.kind == SelectionKind::MethodValue => {
                    return self.method_callee(*operand, selection, span);
                }
                Some(selection) if selection.kind == SelectionKind::MethodExpression => {
                    let function = self.program.method_expression(selection);
                    return (Callee::Function(function), None);
                }
                Some(_) => {}
            },
            _ => {}
        }
        (Callee::Closure(self.expr(callee)), None)
    }

    fn function_object_of(&self, ident: crate::ast::IdentId) -> Option<ObjectId> {
        let object = self.typed.object_of(ident)?;
        matches!(self.typed.objects[object].kind, ObjectKind::Function(_)).then_some(object)
    }

    fn method_callee(
        &mut self,
        operand: ExprId,
        selection: &Selection,
        span: Span,
    ) -> (Callee, Option<Value>) {
        let (place, ty) = self.walk(operand, &selection.path, span);
        match (selection.method, selection.interface_method) {
            (Some(method), _) => {
                let receiver = self.receiver(place, ty, method, span);
                (
                    Callee::Function(self.program.function_for(method)),
                    Some(receiver),
                )
            }
            (None, Some(method)) => {
                let receiver = self.load_from(place, span);
                (Callee::Interface { receiver, method }, None)
            }
            (None, None) => unreachable!("a method selection names a method"),
        }
    }

    /// The receiver argument of a declared method from where the method's type was found.
    pub(super) fn receiver(
        &mut self,
        place: Place,
        ty: TypeId,
        method: ObjectId,
        span: Span,
    ) -> Value {
        let declared = self
            .program
            .function_object(method)
            .receiver
            .expect("a method has a receiver");
        let wanted = self
            .program
            .receiver_type(method)
            .expect("a method has a receiver");
        let is_pointer = self.program.types.pointee(ty).is_some();
        let value = match (declared.is_pointer, is_pointer) {
            (true, false) => match place {
                Place::Address(address) => address,
                Place::Value(value) => self.spill(value, span),
            },
            (false, true) => {
                let (place, _) = self.follow(place, ty, span);
                self.load_from(place, span)
            }
            _ => self.load_from(place, span),
        };
        self.retype(value, wanted, span)
    }

    /// The arguments of a call, converted; those of a variadic parameter packed in a slice.
    pub(super) fn arguments(
        &mut self,
        parameters: &[TypeId],
        is_variadic: bool,
        arguments: &[ExprId],
        has_spread: bool,
        span: Span,
    ) -> Vec<Value> {
        let fixed = if is_variadic && !has_spread {
            parameters.len() - 1
        } else {
            parameters.len()
        };
        // f(g()) with several results of g.
        if let [single] = arguments
            && self.result_types(*single).len() > 1
            && self.is_tuple(*single)
        {
            let values = self.call_values(*single);
            let mut converted = Vec::new();
            for (index, value) in values.iter().enumerate() {
                let ty = if index < fixed {
                    parameters[index]
                } else {
                    self.element_type(parameters[fixed])
                };
                converted.push(self.assignable_value(*value, ty, TEMPORARY, span));
            }
            if fixed < parameters.len() {
                let rest = converted.split_off(fixed);
                converted.push(self.variadic_values(&rest, parameters[fixed], span));
            }
            return converted;
        }
        let mut values = Vec::with_capacity(parameters.len());
        for (argument, parameter) in arguments.iter().zip(&parameters[..fixed]) {
            values.push(self.expr_as(*argument, *parameter));
        }
        if fixed < parameters.len() {
            let slice = parameters[fixed];
            let rest = &arguments[fixed.min(arguments.len())..];
            values.push(self.variadic(rest, slice, span));
        }
        values
    }

    /// Whether an expression is a call with several results (rather than a comma-ok form).
    pub(super) fn is_tuple(&self, expr: ExprId) -> bool {
        let inner = self.typed.ast.unparen(expr);
        matches!(self.typed.ast.exprs[inner].kind, ExprKind::Call { .. })
            && self.typed.info.types[inner]
                .expand()
                .is_some_and(|ty| matches!(self.program.types.get(ty), Type::Tuple(_)))
    }

    fn variadic(&mut self, arguments: &[ExprId], slice: TypeId, span: Span) -> Value {
        let element = self.element_type(slice);
        self.variadic_slice(arguments, slice, span, |builder, address, argument| {
            builder.initialize(address, *argument, element);
        })
    }

    /// The slice of a variadic call from its elements.
    pub(super) fn variadic_values(&mut self, values: &[Value], slice: TypeId, span: Span) -> Value {
        self.variadic_slice(values, slice, span, |builder, address, value| {
            builder.store(address, *value, span);
        })
    }

    /// The slice of a variadic call: nil, or an array with an element for each item, which `put` stores.
    fn variadic_slice<T>(
        &mut self,
        items: &[T],
        slice: TypeId,
        span: Span,
        put: impl Fn(&mut Self, Value, &T),
    ) -> Value {
        if items.is_empty() {
            return self.zero(slice, span);
        }
        let array = self.backing_array(
            self.element_type(slice),
            items.len() as u64,
            SiteKind::VariadicSlice,
            "... argument".to_owned(),
            span,
        );
        for (index, item) in items.iter().enumerate() {
            let index = self.int_constant(index as u64, span);
            let address = self.index_address(array, index, true, span);
            put(self, address, item);
        }
        self.whole_slice(array, slice, span)
    }

    /// A selector that is a field, a method value or a method expression.
    pub(super) fn selector(&mut self, expr: ExprId) -> Value {
        let typed = self.typed;
        let selection = &typed.info.selections[&expr];
        let span = self.span_of(expr);
        match selection.kind {
            SelectionKind::Field => self.load_place(expr),
            SelectionKind::MethodExpression => {
                let function = self.program.method_expression(selection);
                let ty = self.type_of(expr);
                self.emit1(Op::FunctionValue(function), ty, span)
            }
            SelectionKind::MethodValue => self.method_value(expr, selection, span),
        }
    }

    /// `x.m` as a value: the receiver is evaluated now and bound.
    fn method_value(&mut self, expr: ExprId, selection: &Selection, span: Span) -> Value {
        let ExprKind::Selector { operand, .. } = self.typed.ast.exprs[expr].kind else {
            unreachable!("a method value is a selector")
        };
        let (place, ty) = self.walk(operand, &selection.path, span);
        let (receiver, function) = match (selection.method, selection.interface_method) {
            (Some(method), _) => {
                let receiver = self.receiver(place, ty, method, span);
                (receiver, self.program.bound_method(method))
            }
            (None, Some(index)) => {
                let receiver = self.load_from(place, span);
                self.nil_check(receiver, span);
                (receiver, self.program.bound_interface_method(ty, index))
            }
            (None, None) => unreachable!("a method selection names a method"),
        };
        let ty = self.type_of(expr);
        let site = self.expression_site(SiteKind::MethodValue, expr);
        self.emit_site(
            Op::MakeClosure {
                function,
                captures: vec![receiver],
            },
            ty,
            site,
            span,
        )
    }
}
