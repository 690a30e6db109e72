//! Declarations, checked on demand (spec: "Declarations and scope").

use std::collections::HashSet;
use std::rc::Rc;

use cranelift_entity::entity_impl;

use super::delayed::Delayed;
use super::scope::ScopeId;
use super::{
    Checker, Colour, Environment, FunctionObject, LocalKind, Mode, Object, ObjectId, ObjectKind,
    PackageId, Receiver,
};
use crate::ast::{self, Declaration, ExprId, ExprKind, FunctionDeclaration, Name, TypeSpec};
use crate::types::lookup::Key;
use crate::types::{Basic, MethodKey, Named, NamedId, Spelling, Type, TypeId};

/// A declaration at package level.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct DeclarationId(u32);
entity_impl!(DeclarationId, "declaration");

/// What is needed to check a declaration, and what it was found to depend on.
#[derive(Debug)]
pub(super) struct DeclarationInfo {
    /// Its package.
    pub(super) package: PackageId,
    /// The scope of its file.
    pub(super) scope: ScopeId,
    /// Its file and the position of the declaration in it.
    file: Rc<ast::File>,
    index: usize,
    /// What it declares.
    pub(super) kind: DeclarationKind,
    /// The objects at package level its initialiser or body mentions, in order.
    pub(super) dependencies: Vec<ObjectId>,
    seen: HashSet<ObjectId>,
}

/// Kinds of declarations.
#[derive(Debug, Clone)]
pub(super) enum DeclarationKind {
    /// A constant.
    Constant {
        ty: Option<ExprId>,
        value: Option<ExprId>,
        is_inherited: bool,
        iota: u32,
    },
    /// A variable; `joint` are all variables that one call sets.
    Variable {
        ty: Option<ExprId>,
        value: Option<ExprId>,
        joint: Option<Rc<[ObjectId]>>,
    },
    /// A type.
    Type { spec: usize },
    /// A function or method.
    Function,
}

impl DeclarationInfo {
    pub(super) fn new(
        package: PackageId,
        scope: ScopeId,
        file: Rc<ast::File>,
        index: usize,
        kind: DeclarationKind,
    ) -> Self {
        DeclarationInfo {
            package,
            scope,
            file,
            index,
            kind,
            dependencies: Vec::new(),
            seen: HashSet::new(),
        }
    }

    /// The type declaration, if it is one.
    pub(super) fn type_spec(&self) -> Option<&TypeSpec> {
        match (&self.file.declarations[self.index], &self.kind) {
            (Declaration::Type(specs), DeclarationKind::Type { spec }) => Some(&specs[*spec]),
            _ => None,
        }
    }

    /// Whether it is a function.
    pub(super) fn is_function(&self) -> bool {
        matches!(self.kind, DeclarationKind::Function)
    }
}

/// A checked signature with its variables.
pub(super) struct CheckedSignature {
    pub(super) ty: TypeId,
    pub(super) scope: ScopeId,
    pub(super) receiver: Option<ObjectId>,
    pub(super) parameters: Vec<ObjectId>,
    pub(super) results: Vec<ObjectId>,
}

impl Checker<'_> {
    /// Notes that the current declaration depends on an object at package level.
    pub(super) fn add_dependency(&mut self, on: ObjectId) {
        if let Some(from) = self.environment.declaration
            && self.declaration_of.contains_key(&on)
        {
            let info = &mut self.declarations[from];
            if info.seen.insert(on) {
                info.dependencies.push(on);
            }
        }
    }

    /// Checks the declaration of an object, if that was not done. A cycle ends here.
    pub(super) fn resolve(&mut self, object: ObjectId) {
        match self.colours[object] {
            Colour::Black => return,
            Colour::Grey => return self.resolve_again(object),
            Colour::White => {}
        }
        let Some(&id) = self.declaration_of.get(&object) else {
            return self.resolve_instance(object);
        };
        self.colours[object] = Colour::Grey;
        self.path.push(object);
        let info = &self.declarations[id];
        let (package, scope, kind) = (info.package, info.scope, info.kind.clone());
        let (file, index) = (info.file.clone(), info.index);
        let environment =
            std::mem::replace(&mut self.environment, Environment::new(package, scope));
        match (&file.declarations[index], kind) {
            (
                _,
                DeclarationKind::Constant {
                    ty,
                    value,
                    is_inherited,
                    iota,
                },
            ) => {
                self.environment.declaration = Some(id);
                self.constant_declaration(object, ty, value, is_inherited, iota);
            }
            (_, DeclarationKind::Variable { ty, value, joint }) => {
                self.environment.declaration = Some(id);
                self.variable_declaration(object, joint.as_deref(), ty, value);
                for other in joint.iter().flat_map(|joint| joint.iter()) {
                    if *other != object && self.colours[*other] == Colour::White {
                        self.colours[*other] = Colour::Black;
                    }
                }
            }
            (Declaration::Type(specs), DeclarationKind::Type { spec }) => {
                self.type_declaration(object, &specs[spec]);
            }
            (Declaration::Function(function), DeclarationKind::Function) => {
                self.function_declaration(object, function);
            }
            _ => {}
        }
        self.environment = environment;
        self.path.pop();
        self.colours[object] = Colour::Black;
        self.settle();
    }

    /// Completes types and checks what had to wait, once no declaration is in progress.
    pub(super) fn settle(&mut self) {
        while self.path.is_empty()
            && let Some(object) = self.incomplete.pop()
        {
            if let Type::Named(named) = *self.types.get(self.objects[object].ty)
                && self.types.named(named).underlying.is_none()
            {
                self.complete(named);
            }
        }
    }

    pub(super) fn constant_declaration(
        &mut self,
        object: ObjectId,
        ty: Option<ExprId>,
        value: Option<ExprId>,
        is_inherited: bool,
        iota: u32,
    ) {
        let outer = (self.environment.iota, self.environment.error_span);
        self.environment.iota = Some(iota);
        self.environment.error_span = None;
        let mut declared = None;
        if let Some(expr) = ty {
            let ty = self.type_expression(expr);
            let is_constant_type = self.is_basic(ty, |basic| {
                basic <= Basic::String && basic != Basic::UnsafePointer
            });
            if !is_constant_type {
                let underlying = self.underlying_id(ty);
                if self.is_valid(underlying) {
                    let message = format!("invalid constant type {}", self.type_text(ty));
                    self.error(self.span(expr), "constant-type", message);
                }
                (self.environment.iota, self.environment.error_span) = outer;
                return;
            }
            declared = Some(ty);
            self.objects[object].ty = ty;
        }
        if let Some(value) = value {
            if is_inherited {
                self.environment.error_span = Some(self.objects[object].span);
            }
            let mut x = self.expr(value);
            if !x.is_valid() || !self.is_valid(x.ty) {
                // Reported.
                if declared.is_none() {
                    self.objects[object].ty = self.invalid();
                }
            } else if !x.is_constant() {
                let message = format!("{} is not constant", self.describe(&x));
                self.error(self.operand_span(&x), "not-constant", message);
                if declared.is_none() {
                    self.objects[object].ty = self.invalid();
                }
            } else {
                let ty = declared.unwrap_or(x.ty);
                self.objects[object].ty = ty;
                self.assign(&mut x, Some(ty), "constant declaration");
                match x.value {
                    Some(value) if x.mode != Mode::None => {
                        self.objects[object].kind = ObjectKind::Constant(value);
                    }
                    _ => self.objects[object].ty = self.invalid(),
                }
            }
        }
        (self.environment.iota, self.environment.error_span) = outer;
    }

    pub(super) fn variable_declaration(
        &mut self,
        object: ObjectId,
        joint: Option<&[ObjectId]>,
        ty: Option<ExprId>,
        value: Option<ExprId>,
    ) {
        if let Some(expr) = ty {
            let ty = self.type_expression(expr);
            self.objects[object].ty = ty;
            for other in joint.unwrap_or_default() {
                self.objects[*other].ty = ty;
            }
        }
        let Some(value) = value else { return };
        let has_type = ty.is_some();
        if let Some(joint) = joint {
            self.initialize_variables(joint, has_type, &[value], None);
            return;
        }
        let mut x = self.initial_value(value);
        self.initialize_variable(object, has_type, &mut x, "variable declaration");
    }

    /// Declares a type: an alias of another, or a defined type whose underlying type comes later.
    pub(super) fn type_declaration(&mut self, object: ObjectId, spec: &TypeSpec) {
        if let Some(group) = spec.type_parameters.first() {
            let span = group
                .names
                .first()
                .map_or(self.objects[object].span, |name| {
                    self.ast.idents[*name].span
                });
            self.unsupported(span, "generics", "generic types");
            return;
        }
        if spec.is_alias {
            let target = self.type_expression(spec.ty);
            if self.is_valid(target) && !self.is_blank(self.objects[object].name) {
                let Object { name, package, .. } = self.objects[object];
                self.objects[object].ty =
                    self.types.spell(target, Spelling::Alias { name, package });
            }
            return;
        }
        if self.is_unsafe_pointer(object) {
            self.objects[object].ty = self.types.basic(Basic::UnsafePointer);
            return;
        }
        self.define_type(object, 0);
    }

    /// Whether a type is the one that a library package declares for others to have `unsafe.Pointer`.
    fn is_unsafe_pointer(&self, object: ObjectId) -> bool {
        let package = self.objects[object].package;
        package.is_some_and(|package| {
            let package = &self.packages[package];
            package.is_library && &*package.path == "internal/unsafe"
        })
    }

    /// Creates the defined type of a declaration, without underlying type.
    pub(super) fn define_type(&mut self, object: ObjectId, local_number: u32) -> NamedId {
        let Object { name, package, .. } = self.objects[object];
        let named = Named {
            object,
            name,
            package,
            underlying: None,
            methods: Vec::new(),
            method_keys: Vec::new(),
            local_number,
            arguments: Box::default(),
        };
        let (named, ty) = self.types.define(named);
        self.objects[object].ty = ty;
        self.collect_methods(object, named);
        self.incomplete.push(object);
        named
    }

    fn collect_methods(&mut self, object: ObjectId, named: NamedId) {
        let Some(methods) = self.reachability.declared_methods.get(&object).cloned() else {
            return;
        };
        let mut seen: std::collections::HashMap<Name, ObjectId> = std::collections::HashMap::new();
        for (method, is_pointer) in methods {
            let Object {
                name,
                span,
                package,
                ..
            } = self.objects[method];
            if let Some(other) = seen.get(&name) {
                let other = self.position(self.objects[*other].span.start);
                let ty = self.text(self.objects[object].name);
                let message = format!(
                    "method {ty}.{} already declared at {other}",
                    self.text(name)
                );
                self.error(span, "duplicate-method", message);
                continue;
            }
            seen.insert(name, method);
            let package = package.unwrap_or(self.environment.package);
            let key = Key::new(&self.names, name, package);
            let named = self.types.named_mut(named);
            named.methods.push(method);
            named.method_keys.push(MethodKey {
                name,
                package: key.package,
                is_pointer,
            });
        }
    }

    /// Finds the underlying type of a defined type.
    pub(super) fn complete(&mut self, named: NamedId) {
        let object = self.types.named(named).object;
        if let Some(start) = self.path.iter().position(|other| *other == object)
            && self.reachability.completing.contains(&object)
        {
            let cycle = self.path[start..].to_vec();
            let depth = self.path.len();
            let mut around = self
                .open_interfaces
                .iter()
                .filter(|(_, length)| *length == depth);
            match (around.next().copied(), around.next()) {
                (Some((span, _)), Some(_)) if cycle.len() == 1 => {
                    let message = "invalid recursive type: anonymous interface refers to itself \
                                   (see https://go.dev/issue/56103)";
                    self.error(span, "cycle", message);
                }
                _ => self.report_cycle(&cycle, None),
            }
            self.types.named_mut(named).underlying = Some(self.invalid());
            return;
        }
        if self.complete_instance(named) {
            return;
        }
        let Some(&id) = self.declaration_of.get(&object) else {
            return;
        };
        let info = &self.declarations[id];
        let (package, scope, file, index) =
            (info.package, info.scope, info.file.clone(), info.index);
        let DeclarationKind::Type { spec } = info.kind else {
            return;
        };
        let Declaration::Type(specs) = &file.declarations[index] else {
            return;
        };
        let environment =
            std::mem::replace(&mut self.environment, Environment::new(package, scope));
        self.complete_with(named, object, specs[spec].ty);
        self.environment = environment;
        self.settle();
        self.process_delayed_at_rest();
    }

    /// Completes a defined type from its type expression, in the current environment.
    pub(super) fn complete_with(&mut self, named: NamedId, object: ObjectId, ty: ExprId) {
        self.path.push(object);
        self.reachability.completing.insert(object);
        self.delayed.push(Delayed::ValidType(object));
        let rhs = self.type_expression(ty);
        self.declared_as.insert(named, rhs);
        let underlying = self.underlying_id(rhs);
        self.reachability.completing.remove(&object);
        self.path.pop();
        // A cycle may have been reported, and the type given up, meanwhile.
        if self.types.named(named).underlying.is_none() {
            self.types.named_mut(named).underlying = Some(underlying);
        }
        self.delayed
            .push(Delayed::FieldsAndMethods { object, named, ty });
    }

    fn function_declaration(&mut self, object: ObjectId, function: &FunctionDeclaration) {
        if let Some(group) = function.type_parameters.first() {
            let span = group
                .names
                .first()
                .map_or(self.objects[object].span, |name| {
                    self.ast.idents[*name].span
                });
            self.unsupported(span, "generics", "generic functions");
            return;
        }
        if let Some(receiver) = &function.receiver {
            let message = match &receiver[..] {
                [] => Some("method has no receiver"),
                [_] => None,
                _ => Some("method has multiple receivers"),
            };
            if let Some(message) = message {
                self.error(function.signature.span, "receiver", message);
                return;
            }
            let base = match self.ast.exprs[self.ast.unparen(receiver[0].ty)].kind {
                ExprKind::Star(inner) => self.ast.unparen(inner),
                _ => self.ast.unparen(receiver[0].ty),
            };
            if matches!(self.ast.exprs[base].kind, ExprKind::Index { .. }) {
                // The generic type itself was refused; its methods go silently.
                return;
            }
        }
        let receiver = function
            .receiver
            .as_ref()
            .and_then(|receiver| receiver.first());
        let checked = self.signature(receiver, &function.signature);
        let mut parameters: Vec<ObjectId> = checked.receiver.into_iter().collect();
        parameters.extend(&checked.parameters);
        let named = checked.receiver.and_then(|receiver| {
            let ty = self.objects[receiver].ty;
            let is_pointer = matches!(self.types.get(ty), Type::Pointer(_));
            self.types
                .named_behind(ty)
                .map(|named| Receiver { named, is_pointer })
        });
        self.objects[object].ty = checked.ty;
        self.objects[object].kind = ObjectKind::Function(FunctionObject {
            receiver: named,
            body: function.body,
            archived: None,
            parameters,
            results: checked.results,
        });
        self.reachability
            .function_scopes
            .insert(object, checked.scope);
    }

    /// Checks a signature in a scope of its own, which stays for the body.
    pub(super) fn signature(
        &mut self,
        receiver: Option<&ast::Parameter>,
        signature: &ast::FunctionType,
    ) -> CheckedSignature {
        self.open_scope();
        let scope = self.environment.scope;
        let receiver = receiver.map(|parameter| {
            let ty = self.type_expression(parameter.ty);
            let (_, base) = self.unpack_receiver(parameter.ty);
            self.delayed.push(Delayed::Receiver {
                base: self.span(base),
                ty,
                package: self.environment.package,
            });
            (
                self.parameter(parameter, ty, LocalKind::Parameter),
                parameter.name,
            )
        });
        let mut list = |list: &[ast::Parameter], kind: LocalKind| {
            let mut types = Vec::with_capacity(list.len());
            let mut objects = Vec::with_capacity(list.len());
            let mut previous: Option<(ExprId, TypeId)> = None;
            for parameter in list {
                // Names that share a type share its expression too.
                let mut ty = match previous {
                    Some((expr, ty)) if expr == parameter.ty => ty,
                    _ => self.type_expression(parameter.ty),
                };
                previous = Some((parameter.ty, ty));
                if parameter.is_variadic {
                    ty = self.types.slice_of(ty);
                }
                types.push(ty);
                objects.push(self.parameter(parameter, ty, kind));
            }
            (types, objects)
        };
        let (parameter_types, parameters) = list(&signature.parameters, LocalKind::Parameter);
        let (result_types, results) = list(&signature.results, LocalKind::Result);
        for object in receiver
            .iter()
            .map(|(object, _)| object)
            .chain(&parameters)
            .chain(&results)
        {
            if self.objects[*object].name != self.universe.unnamed {
                self.declare(scope, *object);
            }
        }
        self.close_scope();
        let is_variadic = signature
            .parameters
            .last()
            .is_some_and(|last| last.is_variadic);
        let mut ty = self.types.intern(Type::Function(crate::types::Signature {
            parameters: parameter_types.into(),
            results: result_types.into(),
            is_variadic,
        }));
        let names = |objects: &[ObjectId]| {
            objects
                .iter()
                .map(|object| self.objects[*object].name)
                .collect::<Box<_>>()
        };
        let is_named =
            |list: &[ast::Parameter]| list.iter().any(|parameter| parameter.name.is_some());
        if is_named(&signature.parameters) || is_named(&signature.results) {
            let spelling = Spelling::Parameters {
                parameters: names(&parameters),
                results: names(&results),
            };
            ty = self.types.spell(ty, spelling);
        }
        CheckedSignature {
            ty,
            scope,
            receiver: receiver.map(|(object, _)| object),
            parameters,
            results,
        }
    }

    fn parameter(&mut self, parameter: &ast::Parameter, ty: TypeId, kind: LocalKind) -> ObjectId {
        let (name, span) = match parameter.name {
            Some(ident) => (self.ast.idents[ident].name, self.ast.idents[ident].span),
            None => (self.universe.unnamed, self.span(parameter.ty)),
        };
        let package = Some(self.environment.package);
        let object = self.objects.push(Object {
            name,
            span,
            package,
            ty,
            kind: ObjectKind::Local(kind),
        });
        if let Some(ident) = parameter.name {
            self.record_object(ident, object);
        }
        object
    }
}
