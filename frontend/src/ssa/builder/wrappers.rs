//! Synthesized functions around methods: what method tables, method expressions and method values
//! point to.
//!
//! - A *promoted* wrapper takes the outer receiver, follows the path of embedded fields and calls
//!   the method. It serves interfaces (for types that are not pointer-shaped the data word is a
//!   pointer to the value, so `*T`'s wrapper is `T`'s table entry) and method expressions.
//! - A *bound* wrapper is a closure that captured the receiver.
//!
//! No wrapper is made where the declared function has the right shape already.

use std::rc::Rc;

use super::super::{BinaryOp, Callee, Capture, ConstantValue, FunctionId, FunctionKind, Op, Value};
use super::ProgramBuilder;
use super::convert::BoxedText;
use super::function::{FunctionBuilder, Place};
use super::method_set::Implementation;
use crate::check::{ObjectId, ObjectKind, Selection};
use crate::source::Span;
use crate::types::{Type, TypeId};

/// Names a wrapper, so that each is made once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum WrapperKey {
    Promoted(TypeId, Vec<u32>, Implementation),
    Bound(ObjectId),
    BoundInterface(TypeId, u32),
}

impl ProgramBuilder<'_> {
    /// The function a method expression `T.m` denotes: the receiver is the first parameter.
    pub(super) fn method_expression(&mut self, selection: &Selection) -> FunctionId {
        let implementation = match (selection.method, selection.interface_method) {
            (Some(method), _) => Implementation::Declared(method),
            (None, Some(index)) => {
                let interface = self.path_end(selection.receiver, &selection.path);
                Implementation::Interface(interface, index)
            }
            (None, None) => unreachable!("a method selection names a method"),
        };
        self.method_function(selection.receiver, &selection.path, implementation)
    }

    fn path_end(&self, mut ty: TypeId, path: &[u32]) -> TypeId {
        for index in path {
            let structure = self.types.pointee(ty).unwrap_or(ty);
            if let Type::Struct(fields) = self.types.underlying(structure) {
                ty = fields[*index as usize].ty;
            }
        }
        ty
    }

    /// A function that takes a receiver of the given type and calls the method found by the path.
    pub(super) fn method_function(
        &mut self,
        receiver: TypeId,
        path: &[u32],
        implementation: Implementation,
    ) -> FunctionId {
        if let Implementation::Declared(method) = implementation
            && path.is_empty()
            && self.receiver_type(method) == Some(receiver)
        {
            return self.function_for(method);
        }
        let key = WrapperKey::Promoted(receiver, path.to_vec(), implementation);
        if let Some(id) = self.wrappers.get(&key) {
            return *id;
        }
        let (method_name, signature) = self.implementation_parts(implementation);
        let name = format!("{}.{method_name}", self.receiver_text(receiver));
        let id = self.add_function(name, FunctionKind::Wrapper, Span::default());
        self.wrappers.insert(key, id);
        let signature = self
            .types
            .as_signature(signature)
            .expect("a method has a signature")
            .clone();
        let function = &mut self.functions[id];
        function.parameters = std::iter::once(receiver)
            .chain(signature.parameters.iter().copied())
            .collect();
        function.results = signature.results.to_vec();
        let mut builder = FunctionBuilder::new(self, id, Rc::default());
        let parameters = builder.entry_parameters();
        let span = Span::default();
        builder.refuse_nil_receiver(parameters[0], path, implementation);
        let place = Place::Value(parameters[0]);
        let (place, ty) = builder.walk_place(place, receiver, path, span);
        builder.call_implementation(
            place,
            ty,
            implementation,
            &parameters[1..],
            &signature.results,
            span,
        );
        builder.finish(span);
        id
    }

    /// The closure function of a method value of a declared method; its capture is the receiver.
    pub(super) fn bound_method(&mut self, method: ObjectId) -> FunctionId {
        let receiver = self.receiver_type(method).expect("a method has a receiver");
        let name = format!("{}-fm", self.declared_name(method));
        self.bound(
            WrapperKey::Bound(method),
            name,
            receiver,
            Implementation::Declared(method),
        )
    }

    /// The closure function of a method value of an interface method.
    pub(super) fn bound_interface_method(&mut self, interface: TypeId, index: u32) -> FunctionId {
        let implementation = Implementation::Interface(interface, index);
        let (method, _) = self.implementation_parts(implementation);
        let name = format!("{}.{method}-fm", self.receiver_text(interface));
        self.bound(
            WrapperKey::BoundInterface(interface, index),
            name,
            interface,
            implementation,
        )
    }

    fn bound(
        &mut self,
        key: WrapperKey,
        name: String,
        receiver: TypeId,
        implementation: Implementation,
    ) -> FunctionId {
        if let Some(id) = self.wrappers.get(&key) {
            return *id;
        }
        let id = self.add_function(name, FunctionKind::Wrapper, Span::default());
        self.wrappers.insert(key, id);
        let (_, signature) = self.implementation_parts(implementation);
        let signature = self
            .types
            .as_signature(signature)
            .expect("a method has a signature")
            .clone();
        let capture_name = self.typed.packages[self.typed.main].name;
        let function = &mut self.functions[id];
        function.parameters = signature.parameters.to_vec();
        function.results = signature.results.to_vec();
        function.captures = vec![Capture {
            name: capture_name,
            ty: receiver,
            is_by_reference: false,
            object: None,
        }];
        let mut builder = FunctionBuilder::new(self, id, Rc::default());
        let parameters = builder.entry_parameters();
        let span = Span::default();
        let value = builder.emit1(Op::Capture(0), receiver, span);
        builder.call_implementation(
            Place::Value(value),
            receiver,
            implementation,
            &parameters,
            &signature.results,
            span,
        );
        builder.finish(span);
        id
    }

    /// A method's name and its signature without receiver.
    fn implementation_parts(&self, implementation: Implementation) -> (String, TypeId) {
        match implementation {
            Implementation::Declared(method) => {
                let object = &self.typed.objects[method];
                (self.text(object.name).to_owned(), object.ty)
            }
            Implementation::Interface(interface, index) => match self.types.underlying(interface) {
                Type::Interface(methods) => {
                    let method = &methods[index as usize];
                    (self.text(method.name).to_owned(), method.signature)
                }
                other => unreachable!("not an interface: {other:?}"),
            },
        }
    }

    /// A receiver type as function names show it: `main.T`, `main.(*T)`.
    fn receiver_text(&self, receiver: TypeId) -> String {
        let (named, is_pointer) = match self.types.get(receiver) {
            Type::Pointer(element) => (*element, true),
            _ => (receiver, false),
        };
        let (package, name) = match self.types.get(named) {
            Type::Named(id) => {
                let declared = self.types.named(*id);
                let package = declared
                    .package
                    .map_or("", |package| self.package_path(package));
                (package, self.text(declared.name).to_owned())
            }
            _ => ("go", self.type_text(named)),
        };
        if is_pointer {
            format!("{package}.(*{name})")
        } else {
            format!("{package}.{name}")
        }
    }
}

impl FunctionBuilder<'_, '_> {
    /// A method of `T` called through a nil `*T` panics with words of its own.
    fn refuse_nil_receiver(
        &mut self,
        receiver: Value,
        path: &[u32],
        implementation: Implementation,
    ) {
        let ty = self.function.type_of(receiver);
        let (Implementation::Declared(method), Some(pointee), []) =
            (implementation, self.program.types.pointee(ty), path)
        else {
            return;
        };
        let takes_value = self
            .program
            .function_object(method)
            .receiver
            .is_some_and(|receiver| !receiver.is_pointer);
        let error = self
            .typed
            .support
            .iter()
            .map(|object| &self.typed.objects[*object]);
        let error = error
            .filter(|object| matches!(object.kind, ObjectKind::TypeName))
            .find(|object| self.program.text(object.name) == "plainError");
        let (true, Some(error)) = (takes_value, error) else {
            return;
        };
        let name = self.program.receiver_text(pointee);
        let method = self.program.text(self.typed.objects[method].name);
        let base = name.rsplit('.').next().unwrap_or(&name);
        let message = format!("value method {name}.{method} called using nil *{base} pointer");
        let span = Span::default();
        let (boolean, any) = (self.bool_type(), self.program.types.empty_interface());
        let nil = self.zero(ty, span);
        let is_nil = self.emit1(Op::Binary(BinaryOp::Equal, receiver, nil), boolean, span);
        let (refuse, go_on) = (self.new_block(), self.new_block());
        self.branch(is_nil, refuse, go_on, span);
        self.switch_to(refuse);
        let message = ConstantValue::String(message.into_bytes().into());
        let message = self.emit1(Op::Constant(message), error.ty, span);
        let panic = self.boxed(
            message,
            any,
            BoxedText {
                text: String::new(),
                position: span.start,
            },
            span,
        );
        self.emit0(Op::Panic(panic), span);
        self.switch_to(go_on);
    }

    /// Calls a method on what is at a place and returns its results.
    fn call_implementation(
        &mut self,
        place: Place,
        ty: TypeId,
        implementation: Implementation,
        parameters: &[Value],
        results: &[TypeId],
        span: Span,
    ) {
        let mut arguments = Vec::new();
        let callee = match implementation {
            Implementation::Declared(method) => {
                arguments.push(self.receiver(place, ty, method, span));
                Callee::Function(self.program.function_for(method))
            }
            Implementation::Interface(_, method) => {
                // A pointer to a value that embeds the interface ends at the interface itself; a
                // receiver that is the interface needs no step.
                Callee::Interface {
                    receiver: self.load_from(place, span),
                    method,
                }
            }
        };
        arguments.extend_from_slice(parameters);
        let values = self.emit_many(Op::Call { callee, arguments }, results, span);
        self.emit0(Op::Return(values), span);
    }
}
