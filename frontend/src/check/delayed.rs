//! What has to wait until the types around it are complete.

use std::fmt::Write as _;
use std::rc::Rc;

use super::{Checker, Environment, ObjectId, PackageId};
use crate::ast::{BodyId, ExprId, ExprKind, Name};
use crate::source::Span;
use crate::types::{Basic, NamedId, Type, TypeId};

/// A check that waits.
#[derive(Debug)]
pub(super) enum Delayed {
    /// A defined type must not contain itself.
    ValidType(ObjectId),
    /// A struct type's fields and methods must have different names.
    FieldsAndMethods {
        object: ObjectId,
        named: NamedId,
        ty: ExprId,
    },
    /// A map's key must be comparable.
    MapKey {
        key: ExprId,
        ty: TypeId,
        package: PackageId,
    },
    /// The type arguments of a generic type must satisfy their constraints.
    Arguments {
        generic: ObjectId,
        arguments: Vec<TypeId>,
        spans: Vec<Span>,
        package: PackageId,
    },
    /// An embedded field must not be a pointer or a pointer to an interface.
    Embedded { span: Span, ty: TypeId },
    /// A receiver must be of a type of this package.
    Receiver {
        base: Span,
        ty: TypeId,
        package: PackageId,
    },
    /// The body of a function literal.
    Literal {
        body: BodyId,
        results: Rc<[ObjectId]>,
        environment: Box<Environment>,
    },
}

impl Checker<'_> {
    /// Does what was delayed since the queue had `from` entries, and what that delays in turn.
    pub(super) fn process_delayed(&mut self, from: usize) {
        let mut index = from;
        while index < self.delayed.len() {
            // The entry is not needed again: leave something cheap in its place.
            let placeholder = Delayed::Embedded {
                span: Span::default(),
                ty: self.invalid(),
            };
            let action = std::mem::replace(&mut self.delayed[index], placeholder);
            self.perform(action);
            index += 1;
        }
        self.delayed.truncate(from);
    }

    /// Does what was delayed, if no declaration is in progress outside of functions.
    pub(super) fn process_delayed_at_rest(&mut self) {
        if self.path.is_empty()
            && self.environment.results.is_none()
            && !self.reachability.is_processing
        {
            self.reachability.is_processing = true;
            self.process_delayed(0);
            self.reachability.is_processing = false;
        }
    }

    fn perform(&mut self, action: Delayed) {
        match action {
            Delayed::ValidType(object) => {
                if self.is_valid(self.objects[object].ty) {
                    self.in_package_of(object, |checker| checker.check_valid_type(object));
                }
            }
            Delayed::FieldsAndMethods { object, named, ty } => {
                self.in_package_of(object, |checker| {
                    checker.check_fields_and_methods(named, ty);
                });
            }
            Delayed::MapKey { key, ty, package } => {
                if !self.is_valid(ty) {
                    return;
                }
                let underlying = self.underlying_id(ty);
                if self.is_valid(underlying) && !self.types.is_comparable(ty) {
                    let outer = std::mem::replace(&mut self.environment.package, package);
                    let message = format!("invalid map key type {}", self.type_text(ty));
                    self.error(self.span(key), "map-key", message);
                    self.environment.package = outer;
                }
            }
            Delayed::Arguments {
                generic,
                arguments,
                spans,
                package,
            } => self.check_arguments(generic, &arguments, &spans, package),
            Delayed::Embedded { span, ty } => self.check_embedded(span, ty),
            Delayed::Receiver { base, ty, package } => self.check_receiver(base, ty, package),
            Delayed::Literal {
                body,
                results,
                environment,
            } => {
                let outer = std::mem::replace(&mut self.environment, *environment);
                self.check_body(body, results);
                self.environment = outer;
            }
        }
    }

    /// Reports array types larger than what any program could have in memory. Types must be known
    /// to be valid.
    pub(super) fn check_type_sizes(&mut self) {
        // gc's limit.
        const ADDRESS_SPACE: u64 = 1 << 50;
        // A channel's element is shorter: gc keeps its size in 16 bits.
        const CHANNEL_ELEMENT: u64 = 1 << 16;
        for (span, ty, package) in std::mem::take(&mut self.sized_types) {
            if let Type::Channel(_, element) = *self.types.get(ty) {
                if self
                    .types
                    .size_bytes(element)
                    .is_none_or(|size| size >= CHANNEL_ELEMENT)
                {
                    self.error(span, "too-large", "channel element type too large (>64kB)");
                }
            } else if self
                .types
                .size_bytes(ty)
                .is_none_or(|size| size >= ADDRESS_SPACE)
            {
                self.environment.package = package;
                let message = format!("type {} larger than address space", self.type_text(ty));
                self.error(span, "too-large", message);
            }
        }
    }

    fn in_package_of(&mut self, object: ObjectId, check: impl FnOnce(&mut Self)) {
        let package = self.objects[object]
            .package
            .unwrap_or(self.environment.package);
        let outer = std::mem::replace(&mut self.environment.package, package);
        check(self);
        self.environment.package = outer;
    }

    fn check_embedded(&mut self, span: Span, ty: TypeId) {
        let (target, is_pointer) = match *self.types.get(ty) {
            Type::Pointer(element) => (element, true),
            _ => (ty, false),
        };
        let message = match self.underlying(target) {
            Type::Basic(Basic::UnsafePointer) => "embedded field type cannot be unsafe.Pointer",
            Type::Pointer(_) => "embedded field type cannot be a pointer",
            Type::Interface(_) if is_pointer => {
                "embedded field type cannot be a pointer to an interface"
            }
            _ => return,
        };
        self.error(span, "embedded", message);
    }

    fn check_receiver(&mut self, base: Span, ty: TypeId, package: PackageId) {
        let outer = std::mem::replace(&mut self.environment.package, package);
        let target = match *self.types.get(ty) {
            Type::Pointer(element) => element,
            _ => ty,
        };
        let message = match self.types.get(target).clone() {
            Type::Basic(Basic::Invalid) => None,
            Type::Named(named) if self.types.named(named).package == Some(package) => {
                match self.underlying(target) {
                    Type::Pointer(_) | Type::Interface(_) => Some(format!(
                        "invalid receiver type {} (pointer or interface type)",
                        self.type_text(target)
                    )),
                    _ => None,
                }
            }
            Type::Named(_) | Type::Basic(_) => Some(format!(
                "cannot define new methods on non-local type {}",
                self.type_text(target)
            )),
            _ => Some(format!("invalid receiver type {}", self.type_text(ty))),
        };
        if let Some(message) = message {
            self.error(base, "receiver", message);
        }
        self.environment.package = outer;
    }

    fn check_fields_and_methods(&mut self, named: NamedId, ty: ExprId) {
        let Some(underlying) = self.types.named(named).underlying else {
            return;
        };
        let Type::Struct(fields) = self.types.get(underlying) else {
            return;
        };
        let clashes: Vec<(ObjectId, Name)> = {
            let named = self.types.named(named);
            let methods = named.methods.iter().zip(&named.method_keys);
            methods
                .filter(|(_, key)| {
                    fields
                        .iter()
                        .any(|field| field.name == key.name && field.package == key.package)
                })
                .map(|(method, key)| (*method, key.name))
                .collect()
        };
        for (method, name) in clashes {
            let mut message = format!("field and method with the same name {}", self.text(name));
            if let Some(span) = self.field_span(ty, name) {
                let position = self.position(span.start);
                let _ = write!(
                    message,
                    "\n\t{position}: other declaration of {}",
                    self.text(name)
                );
            }
            self.error(self.objects[method].span, "duplicate-method", message);
        }
    }

    /// Where a field is declared in a struct type's text.
    fn field_span(&self, ty: ExprId, name: Name) -> Option<Span> {
        let ExprKind::StructType(fields) = &self.ast.exprs[self.ast.unparen(ty)].kind else {
            return None;
        };
        for field in fields {
            let named = field.names.iter().copied();
            let embedded = if field.names.is_empty() {
                self.embedded_name(field.ty)
            } else {
                None
            };
            for ident in named.chain(embedded) {
                if self.ast.idents[ident].name == name {
                    return Some(self.ast.idents[ident].span);
                }
            }
        }
        None
    }
}
