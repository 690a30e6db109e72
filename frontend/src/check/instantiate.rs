//! Instances: what generic declarations become with type arguments (spec: "Instantiations").
//!
//! Each list of type arguments makes a declaration anew, with a code of its own: a defined type with its
//! methods, or a function. Instances are made once for each list of canonical types, so they are identical where the
//! specification says so, and everything after the checker takes them for ordinary declarations.
//!
//! # In two steps
//! A use needs types, in the middle of a walk: the instance's signature, methods and underlying type are those of the generic
//! declaration ([`generic`]) with other types in place of the parameters ([`Checker::substitute`]).
//!
//! A *body* is checked later, when nobody walks the trees, as bodies of the library are that something reaches. It is
//! parsed again for each instance, and in the scope around it the names of the type parameters mean the type
//! arguments. What the checker finds out is kept by expression, so each instance needs expressions of its own; the text is
//! short, and there is no second way to copy a tree or to check with type parameters.
//!
//! A generic function without body is a native that works for all types alike; its instances share a name.
//!
//! # Type arguments of functions in the tree
//! `f[T](x)` names an instance as `f(x)` does when the argument is inferred. When checking is done, the brackets are taken
//! out of the tree (`finish`), and an identifier has its instance as object.
//!
//! [`generic`]: super::generic

use std::rc::Rc;

use super::delayed::Delayed;
use super::generic::{GenericKind, Head};
use super::{
    Checker, Colour, FunctionObject, Mode, Object, ObjectId, ObjectKind, PackageId, Receiver,
};
use crate::ast::{Declaration, ExprId, ExprKind, IdentId};
use crate::hash::HashMap;
use crate::parser::Bodies;
use crate::source::Span;
use crate::types::lookup::Key;
use crate::types::{
    InterfaceMethod, MethodKey, Named, NamedId, Signature, Spelling, StructField, Type, TypeId,
    TypeList,
};

/// All instances of a program.
#[derive(Debug, Default)]
pub(super) struct Instances {
    /// By generic declaration and type arguments, which are canonical.
    made: HashMap<(ObjectId, TypeList), ObjectId>,
    origins: HashMap<ObjectId, Origin>,
    /// Index expressions that name an instance of a function.
    pub(super) named: Vec<ExprId>,
}

/// What an instance was made of.
#[derive(Debug, Clone)]
struct Origin {
    generic: ObjectId,
    arguments: TypeList,
    /// Which method of the generic type.
    method: Option<usize>,
}

/// A generic function or type as an operand: it has not all of its type arguments.
#[derive(Debug, Clone)]
pub(super) struct GenericOperand {
    pub(super) object: ObjectId,
    /// The first of its type arguments.
    pub(super) arguments: Vec<TypeId>,
}

/// Types for type parameters.
pub(super) type Substitution = HashMap<TypeId, TypeId>;

impl Head {
    /// These types for the type parameters, as far as there are any.
    pub(super) fn substitution(&self, arguments: &[TypeId]) -> Substitution {
        let parameters = self.parameters.iter().map(|parameter| parameter.ty);
        parameters.zip(arguments.iter().copied()).collect()
    }
}

impl Checker<'_> {
    /// The type that a generic type is with these arguments, which satisfy their constraints.
    pub(super) fn instantiate_type(&mut self, generic: ObjectId, arguments: &[TypeId]) -> TypeId {
        let canonical: TypeList = arguments
            .iter()
            .map(|ty| self.types.canonical(*ty))
            .collect();
        let key = (generic, canonical.clone());
        let ty = match self.generics.instances.made.get(&key) {
            Some(object) => self.objects[*object].ty,
            None => self.make_type(key),
        };
        if *canonical == *arguments {
            return ty;
        }
        let arguments = arguments.into();
        self.types.spell(ty, Spelling::Instance { arguments })
    }

    fn make_type(&mut self, (generic, arguments): (ObjectId, TypeList)) -> TypeId {
        let object = self.objects[generic].clone();
        let object = self.objects.push(Object {
            kind: ObjectKind::TypeName,
            ..object
        });
        let Object { name, package, .. } = self.objects[object];
        let (named, ty) = self.types.define(Named {
            object,
            name,
            package,
            underlying: None,
            methods: Vec::new(),
            method_keys: Vec::new(),
            local_number: 0,
            arguments: arguments.clone(),
        });
        self.objects[object].ty = ty;
        let is_complete_instance = !arguments.iter().any(|ty| self.has_parameters(*ty));
        let origin = Origin {
            generic,
            arguments: arguments.clone(),
            method: None,
        };
        self.generics
            .instances
            .made
            .insert((generic, arguments), object);
        self.generics
            .instances
            .origins
            .insert(object, origin.clone());
        let declaration = self.generic(generic);
        for (index, method) in declaration.methods.iter().enumerate() {
            let crate::ast::Ident { name, span } = self.ast.idents[method.name];
            let receiver = method.receiver.as_deref().and_then(<[_]>::first);
            let is_pointer = receiver.is_some_and(|receiver| self.unpack_receiver(receiver.ty).0);
            let receiver = Receiver { named, is_pointer };
            let origin = Origin {
                method: Some(index),
                ..origin.clone()
            };
            let method =
                self.instance_function(declaration.package, name, span, Some(receiver), origin);
            self.colours[method] = Colour::White;
            let key = Key::new(&self.names, name, declaration.package);
            let named = self.types.named_mut(named);
            named.methods.push(method);
            named.method_keys.push(MethodKey {
                name,
                package: key.package,
                is_pointer,
            });
        }
        // One with type parameters in it is only a step on the way to others.
        if is_complete_instance {
            self.incomplete.push(object);
        }
        ty
    }

    /// Whether two objects are instances of one generic type.
    pub(super) fn is_same_generic(&self, left: ObjectId, right: ObjectId) -> bool {
        let origin = |object| Some(self.generics.instances.origins.get(object)?.generic);
        origin(&left).is_some() && origin(&left) == origin(&right)
    }

    /// Finds the underlying type of an instance; says whether the type is one.
    pub(super) fn complete_instance(&mut self, named: NamedId) -> bool {
        let object = self.types.named(named).object;
        let Some(origin) = self.generics.instances.origins.get(&object).cloned() else {
            return false;
        };
        let map = self.head(origin.generic).substitution(&origin.arguments);
        let underlying = self.generic_underlying(origin.generic);
        let underlying = self.substitute(underlying, &map);
        let underlying = self.underlying_id(underlying);
        self.types.named_mut(named).underlying = Some(underlying);
        true
    }

    /// The function that a generic function is with these arguments, which satisfy their constraints, and its type.
    pub(super) fn instantiate_function(
        &mut self,
        generic: ObjectId,
        arguments: &[TypeId],
    ) -> (ObjectId, TypeId) {
        let head = self.head(generic);
        let signature = head.signature.unwrap_or(self.invalid());
        let canonical: TypeList = arguments
            .iter()
            .map(|ty| self.types.canonical(*ty))
            .collect();
        let key = (generic, canonical.clone());
        let object = if let Some(object) = self.generics.instances.made.get(&key) {
            *object
        } else {
            let Object { name, span, .. } = self.objects[generic];
            let declaration = self.generic(generic);
            let has_body = match &declaration.kind {
                GenericKind::Function(function) => function.body.is_some(),
                GenericKind::Type(_) => false,
            };
            // As traces show it: the type arguments are left out.
            let name = if has_body {
                let text = format!("{}[...]", self.text(name));
                self.names.intern(&text)
            } else {
                name
            };
            let origin = Origin {
                generic,
                arguments: canonical.clone(),
                method: None,
            };
            let object = self.instance_function(declaration.package, name, span, None, origin);
            self.generics.instances.made.insert(key, object);
            let map = head.substitution(&canonical);
            self.objects[object].ty = self.substitute(signature, &map);
            object
        };
        let map = head.substitution(arguments);
        (object, self.substitute(signature, &map))
    }

    fn instance_function(
        &mut self,
        package: PackageId,
        name: crate::ast::Name,
        span: Span,
        receiver: Option<Receiver>,
        origin: Origin,
    ) -> ObjectId {
        let ty = self.invalid();
        let object = self.objects.push(Object {
            name,
            span,
            package: Some(package),
            ty,
            kind: ObjectKind::Function(FunctionObject {
                receiver,
                body: None,
                archived: None,
                parameters: Vec::new(),
                results: Vec::new(),
            }),
        });
        self.generics.instances.origins.insert(object, origin);
        object
    }

    /// Finds the signature of an instance's method.
    pub(super) fn resolve_instance(&mut self, object: ObjectId) {
        let Some(origin) = self.generics.instances.origins.get(&object).cloned() else {
            return;
        };
        let Some(index) = origin.method else { return };
        self.colours[object] = Colour::Black;
        let signature = self.generic_method(origin.generic, index);
        let map = self.head(origin.generic).substitution(&origin.arguments);
        self.objects[object].ty = self.substitute(signature, &map);
    }

    /// Checks the body of an instance, while nobody walks the trees; says whether the function is one.
    pub(super) fn check_instance(&mut self, object: ObjectId) -> bool {
        let Some(origin) = self.generics.instances.origins.get(&object).cloned() else {
            return false;
        };
        let generic = self.generic(origin.generic);
        let name = self.objects[object].span.start;
        let mut declarations = self.parse_part(
            generic.package,
            generic.file,
            |outline| outline.name == name,
            Bodies::Parse,
        );
        self.parse_mentioned_generics();
        let Some(Declaration::Function(function)) = declarations.pop() else {
            unreachable!("an instance is of a function");
        };
        let Some(body) = function.body else {
            return true;
        };
        let receiver = function.receiver.as_deref().and_then(<[_]>::first);
        let names: Vec<IdentId> = if receiver.is_some() {
            self.receiver_parameters(&function)
        } else {
            let groups = function.type_parameters.iter();
            groups
                .flat_map(|group| group.names.iter().copied())
                .collect()
        };
        self.in_scope(generic.package, generic.file_scope, |checker| {
            checker.open_scope();
            for (ident, argument) in names.into_iter().zip(&origin.arguments) {
                checker.bind_type(ident, *argument);
            }
            let checked = checker.signature(receiver, &function.signature);
            debug_assert!(
                checker
                    .types
                    .identical(checked.ty, checker.objects[object].ty)
            );
            let mut parameters: Vec<ObjectId> = checked.receiver.into_iter().collect();
            parameters.extend(&checked.parameters);
            if let ObjectKind::Function(instance) = &mut checker.objects[object].kind {
                instance.body = Some(body);
                instance.parameters = parameters;
                instance.results.clone_from(&checked.results);
            }
            checker.environment.scope = checked.scope;
            checker.check_function_body(object, body, checked.results.into());
        });
        true
    }

    /// Whether a type parameter occurs in a type.
    pub(super) fn has_parameters(&self, ty: TypeId) -> bool {
        let any = |types: &[TypeId]| types.iter().any(|ty| self.has_parameters(*ty));
        match self.types.get(ty) {
            Type::Parameter(_) => true,
            Type::Basic(_) => false,
            Type::Named(named) => any(&self.types.named(*named).arguments),
            Type::Pointer(element)
            | Type::Slice(element)
            | Type::Array(element, _)
            | Type::Channel(_, element) => self.has_parameters(*element),
            Type::Map(key, element) => any(&[*key, *element]),
            Type::Struct(fields) => fields.iter().any(|field| self.has_parameters(field.ty)),
            Type::Function(signature) => any(&signature.parameters) || any(&signature.results),
            Type::Interface(methods) => methods
                .iter()
                .any(|method| self.has_parameters(method.signature)),
            Type::Tuple(members) => any(members),
        }
    }

    /// A type with other types in place of type parameters.
    pub(super) fn substitute(&mut self, ty: TypeId, map: &Substitution) -> TypeId {
        if !self.has_parameters(ty) {
            return ty;
        }
        let list = |checker: &mut Self, types: &[TypeId]| -> TypeList {
            types
                .iter()
                .map(|ty| checker.substitute(*ty, map))
                .collect()
        };
        let form = match self.types.get(ty).clone() {
            Type::Parameter(_) => return map.get(&ty).copied().unwrap_or(ty),
            Type::Named(named) => {
                let Named {
                    object, arguments, ..
                } = self.types.named(named).clone();
                let arguments = list(self, &arguments);
                let generic = self.generics.instances.origins[&object].generic;
                return self.instantiate_type(generic, &arguments);
            }
            Type::Basic(basic) => Type::Basic(basic),
            Type::Pointer(element) => Type::Pointer(self.substitute(element, map)),
            Type::Slice(element) => Type::Slice(self.substitute(element, map)),
            Type::Array(element, length) => Type::Array(self.substitute(element, map), length),
            Type::Channel(direction, element) => {
                Type::Channel(direction, self.substitute(element, map))
            }
            Type::Map(key, element) => {
                Type::Map(self.substitute(key, map), self.substitute(element, map))
            }
            Type::Struct(fields) => {
                let fields = fields.iter().map(|field| StructField {
                    ty: self.substitute(field.ty, map),
                    ..field.clone()
                });
                Type::Struct(fields.collect())
            }
            Type::Function(signature) => Type::Function(Signature {
                parameters: list(self, &signature.parameters),
                results: list(self, &signature.results),
                is_variadic: signature.is_variadic,
            }),
            Type::Interface(methods) => {
                let methods = methods.iter().map(|method| InterfaceMethod {
                    signature: self.substitute(method.signature, map),
                    ..method.clone()
                });
                Type::Interface(methods.collect())
            }
            Type::Tuple(members) => Type::Tuple(list(self, &members)),
        };
        let substituted = self.types.intern(form);
        match self.types.spelling(ty).cloned() {
            Some(spelling @ Spelling::Parameters { .. }) => self.types.spell(substituted, spelling),
            _ => substituted,
        }
    }

    /// A type expression with type arguments.
    pub(super) fn instantiated_type(
        &mut self,
        operand: ExprId,
        generic: ObjectId,
        indices: &[ExprId],
    ) -> TypeId {
        let arguments: Vec<TypeId> = indices
            .iter()
            .map(|index| self.type_expression(*index))
            .collect();
        let spans: Vec<Span> = indices.iter().map(|index| self.span(*index)).collect();
        if !arguments.iter().all(|ty| self.is_valid(*ty)) {
            return self.invalid();
        }
        let head = self.head(generic);
        let (have, want) = (arguments.len(), head.parameters.len());
        if have != want {
            let qualifier = if have < want {
                "not enough"
            } else {
                "too many"
            };
            let name = self.text(self.objects[generic].name);
            let message =
                format!("{qualifier} type arguments for type {name}: have {have}, want {want}");
            let at = Span::at(self.ast.exprs[operand].position);
            self.error(at, "type-arguments", message);
            return self.invalid();
        }
        // Whether they satisfy their constraints may depend on types in progress.
        self.delayed.push(Delayed::Arguments {
            generic,
            arguments: arguments.clone(),
            spans,
            package: self.environment.package,
        });
        self.instantiate_type(generic, &arguments)
    }

    /// Checks the type arguments of a generic type, once all types are known.
    pub(super) fn check_arguments(
        &mut self,
        generic: ObjectId,
        arguments: &[TypeId],
        spans: &[Span],
        package: PackageId,
    ) {
        let outer = std::mem::replace(&mut self.environment.package, package);
        let head = self.head(generic);
        self.verify(&head, arguments, |index| spans[index]);
        self.environment.package = outer;
    }

    /// Reports the first argument that does not satisfy its constraint.
    pub(super) fn verify(
        &mut self,
        head: &Rc<Head>,
        arguments: &[TypeId],
        place: impl Fn(usize) -> Span,
    ) -> bool {
        let map = head.substitution(arguments);
        for (index, parameter) in head.parameters.iter().enumerate() {
            if let Some(message) = self.unsatisfied(arguments[index], &parameter.constraint, &map) {
                self.error(place(index), "constraint", message);
                return false;
            }
        }
        true
    }

    /// Makes an expression that names a generic function name an instance.
    pub(super) fn settle_generic(&mut self, expr: ExprId, instance: ObjectId, ty: TypeId) {
        let mut expr = expr;
        loop {
            self.info.types[expr] = ty.into();
            self.info.modes[expr] = Mode::Value;
            expr = match self.ast.exprs[expr].kind {
                ExprKind::Paren(inner) => inner,
                ExprKind::Index { operand, .. } => {
                    self.generics.instances.named.push(expr);
                    operand
                }
                ExprKind::Selector { name, .. } | ExprKind::Name(name) => {
                    self.record_object(name, instance);
                    break;
                }
                _ => break,
            };
        }
        self.reach_function(instance);
    }

    /// Takes type arguments of functions out of the trees.
    pub(super) fn drop_function_arguments(&mut self) {
        let ast = Rc::get_mut(&mut self.ast).expect("nobody walks the trees any more");
        for expr in std::mem::take(&mut self.generics.instances.named) {
            if let ExprKind::Index { operand, .. } = ast.exprs[expr].kind {
                ast.exprs[expr].kind = ExprKind::Paren(operand);
            }
        }
    }
}
