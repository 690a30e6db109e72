//! Selectors: qualified identifiers, fields, methods (spec: "Selectors", "Method expressions").

use super::operand::Operand;
use super::{Checker, Mode, ObjectId, ObjectKind, PackageId, Selection, SelectionKind};
use crate::ast::{ExprId, ExprKind, IdentId, Name};
use crate::source::Span;
use crate::types::lookup::{Found, Key, Member, NotFound, is_exported};
use crate::types::{Signature, Spelling, Type, TypeId};
use std::fmt::Write as _;

impl Checker<'_> {
    pub(super) fn selector(
        &mut self,
        expr: ExprId,
        operand: ExprId,
        ident: IdentId,
        want_type: bool,
    ) -> Operand {
        if let ExprKind::Name(package_ident) = self.ast.exprs[operand].kind {
            let name = self.ast.idents[package_ident].name;
            if let Some(object) = self.lookup(name)
                && let ObjectKind::PackageName(package) = self.objects[object].kind
            {
                self.record_object(package_ident, object);
                self.used.insert(object);
                return self.qualified_identifier(expr, package, ident);
            }
        }
        let mut x = self.expr_or_type(operand);
        let crate::ast::Ident { name, span } = self.ast.idents[ident];
        if x.mode == Mode::Builtin {
            let message = format!(
                "invalid use of {} in selector expression",
                self.describe(&x)
            );
            self.error(Span::at(self.ast.exprs[expr].position), "builtin", message);
            return self.invalid_operand(expr);
        }
        if !x.is_valid() {
            return self.invalid_operand(expr);
        }
        let underlying = self.underlying_id(x.ty);
        if !self.is_valid(underlying) {
            return self.invalid_operand(expr);
        }
        if want_type {
            let message = format!("{} is not a type", self.expression(expr));
            self.error(span, "not-a-type", message);
            return self.invalid_operand(expr);
        }
        self.prepare_lookup(x.ty);
        let key = Key::new(&self.names, name, self.environment.package);
        let is_addressable = x.mode == Mode::Variable;
        let found = match self.types.lookup_field_or_method(x.ty, is_addressable, key) {
            Ok(found) if !self.is_blank(name) => found,
            Ok(_) => {
                self.report_missing(&x, name, ident, NotFound::Missing);
                return self.invalid_operand(expr);
            }
            Err(why) => {
                self.report_missing(&x, name, ident, why);
                return self.invalid_operand(expr);
            }
        };
        self.select(expr, operand, &mut x, ident, found);
        x
    }

    fn select(
        &mut self,
        expr: ExprId,
        operand: ExprId,
        x: &mut Operand,
        ident: IdentId,
        found: Found,
    ) {
        let receiver = x.ty;
        if let Member::Field(ty) = found.member {
            if x.mode == Mode::Type {
                let name = self.text(self.ast.idents[ident].name);
                let message = format!(
                    "operand for field selector {name} must be value of type {}",
                    self.type_text(receiver)
                );
                self.error(self.span(operand), "selector", message);
                x.invalidate();
                return;
            }
            let selection = Selection {
                kind: SelectionKind::Field,
                path: found.path,
                method: None,
                interface_method: None,
                receiver,
                ty,
            };
            self.info.selections.insert(expr, selection);
            x.mode = if x.mode == Mode::Variable || found.is_indirect {
                Mode::Variable
            } else {
                Mode::Value
            };
            x.ty = ty;
            return;
        }
        let Some((_, mut ty)) = self.method_of(&found) else {
            x.invalidate();
            return;
        };
        let (method, interface_method) = match found.member {
            Member::Method { object, .. } => {
                self.add_dependency(object);
                self.reach_function(object);
                self.record_object(ident, object);
                (Some(object), None)
            }
            Member::Interface { index, .. } => (None, Some(index)),
            Member::Field(_) => (None, None),
        };
        if !self.is_valid(ty) {
            x.invalidate();
            return;
        }
        let kind = if x.mode == Mode::Type {
            ty = self.method_expression_type(receiver, ty, method);
            SelectionKind::MethodExpression
        } else {
            SelectionKind::MethodValue
        };
        let selection = Selection {
            kind,
            path: found.path,
            method,
            interface_method,
            receiver,
            ty,
        };
        self.info.selections.insert(expr, selection);
        x.mode = Mode::Value;
        x.ty = ty;
        x.value = None;
    }

    /// The type of `T.m`: the method's with its receiver as first parameter, and the names of both.
    fn method_expression_type(
        &mut self,
        receiver: TypeId,
        method: TypeId,
        object: Option<ObjectId>,
    ) -> TypeId {
        let Type::Function(signature) = self.types.get(method).clone() else {
            return method;
        };
        let parameters: Box<[TypeId]> = std::iter::once(receiver)
            .chain(signature.parameters.iter().copied())
            .collect();
        let ty = self.types.intern(Type::Function(Signature {
            parameters,
            ..signature
        }));
        let Some(Spelling::Parameters {
            parameters,
            results,
        }) = self.types.spelling(method).cloned()
        else {
            return ty;
        };
        let has_names = parameters
            .first()
            .is_some_and(|name| *name != self.universe.unnamed);
        let receiver_name = match object.map(|object| &self.objects[object].kind) {
            Some(ObjectKind::Function(function)) if has_names => {
                let name = function
                    .parameters
                    .first()
                    .map(|receiver| self.objects[*receiver].name);
                name.filter(|name| *name != self.universe.unnamed)
                    .unwrap_or(self.universe.blank)
            }
            _ if has_names => self.universe.blank,
            _ => self.universe.unnamed,
        };
        let parameters = std::iter::once(receiver_name)
            .chain(parameters.iter().copied())
            .collect();
        self.types.spell(
            ty,
            Spelling::Parameters {
                parameters,
                results,
            },
        )
    }

    /// Name and signature of a method that was found, its declaration checked.
    pub(super) fn method_of(&mut self, found: &Found) -> Option<(Name, TypeId)> {
        match found.member {
            Member::Field(_) => None,
            Member::Method { object, .. } => {
                self.resolve(object);
                Some((self.objects[object].name, self.objects[object].ty))
            }
            Member::Interface { signature, .. } => Some((self.universe.unnamed, signature)),
        }
    }

    fn qualified_identifier(
        &mut self,
        expr: ExprId,
        package: PackageId,
        ident: IdentId,
    ) -> Operand {
        let crate::ast::Ident { name, span } = self.ast.idents[ident];
        let mut x = self.invalid_operand(expr);
        if self.broken_packages.contains(&package) {
            return x;
        }
        let text = self.text(name).to_owned();
        let Some(object) = self.package_member(package, &text) else {
            let text = text.to_lowercase();
            let alternative = self
                .package_names(package)
                .into_iter()
                .filter(|other| is_exported(other) && other.to_lowercase() == text)
                .min();
            let mut message = format!("undefined: {}", self.expression(expr));
            if let Some(alternative) = alternative {
                let _ = write!(message, " (but have {alternative})");
            }
            self.error(span, "undefined", message);
            return x;
        };
        if !is_exported(self.text(name)) {
            let package = self.text(self.packages[package].name);
            let message = format!("name {} not exported by package {package}", self.text(name));
            self.error(span, "unexported", message);
            return x;
        }
        self.record_object(ident, object);
        self.resolve(object);
        if matches!(self.objects[object].kind, ObjectKind::Generic) {
            self.generic_operand(&mut x, object);
            return x;
        }
        x.ty = self.objects[object].ty;
        if !self.is_valid(x.ty) {
            return x;
        }
        match &self.objects[object].kind {
            ObjectKind::Constant(value) => {
                x.value = Some(value.clone());
                x.mode = Mode::Constant;
            }
            ObjectKind::TypeName => x.mode = Mode::Type,
            ObjectKind::Global => x.mode = Mode::Variable,
            ObjectKind::Function(_) => {
                self.reach_function(object);
                x.mode = Mode::Value;
            }
            _ => {}
        }
        x
    }

    /// Completes the types a lookup goes through.
    pub(super) fn prepare_lookup(&mut self, ty: TypeId) {
        if !self.incomplete.is_empty() || !self.path.is_empty() {
            self.complete_embedded(ty, &mut Vec::new());
        }
    }

    fn complete_embedded(&mut self, ty: TypeId, seen: &mut Vec<TypeId>) {
        let ty = match *self.types.get(ty) {
            Type::Pointer(element) => element,
            _ => ty,
        };
        if seen.contains(&ty) {
            return;
        }
        seen.push(ty);
        match self.underlying(ty).clone() {
            Type::Struct(fields) => {
                for field in fields.iter().filter(|field| field.is_embedded) {
                    self.complete_embedded(field.ty, seen);
                }
            }
            Type::Pointer(element) => self.complete_embedded(element, seen),
            _ => {}
        }
    }

    /// Checks the declarations of the methods an interface asks of a type.
    pub(super) fn prepare_methods(&mut self, ty: TypeId, interface: TypeId) {
        let Type::Interface(wanted) = self.underlying(interface).clone() else {
            return;
        };
        for method in &wanted {
            let key = Key {
                name: method.name,
                package: method.package,
            };
            if let Ok(Found {
                member: Member::Method { object, .. },
                ..
            }) = self
                .types
                .lookup_matching(ty, true, |candidate| candidate == key)
            {
                self.resolve(object);
            }
        }
    }

    fn report_missing(&mut self, x: &Operand, name: Name, ident: IdentId, why: NotFound) {
        let span = self.ast.idents[ident].span;
        let text = self.text(name).to_owned();
        let ty = self.type_text(x.ty);
        let underlying = self.underlying_id(x.ty);
        if !self.is_valid(underlying) {
            return;
        }
        let operand = self.operand_text(x);
        let message = match why {
            NotFound::Ambiguous => format!("ambiguous selector {operand}.{text}"),
            NotFound::NeedsPointer if x.mode == Mode::Type => {
                format!(
                    "invalid method expression {ty}.{text} (needs pointer receiver (*{ty}).{text})"
                )
            }
            NotFound::NeedsPointer => format!("cannot call pointer method {text} on {ty}"),
            NotFound::Missing => {
                let why = if self.types.is_interface_pointer(x.ty) {
                    format!("type {ty} is pointer to interface, not interface")
                } else {
                    let alternative = self.alternative(x.ty, x.mode == Mode::Variable, &text);
                    self.lookup_error(&ty, &text, alternative.as_ref(), false)
                };
                format!("{operand}.{text} undefined ({why})")
            }
        };
        self.error(span, "selector", message);
    }

    /// A field or method whose name differs in case only: name, package and whether it is a field.
    pub(super) fn alternative(
        &mut self,
        ty: TypeId,
        is_addressable: bool,
        text: &str,
    ) -> Option<(String, PackageId, bool)> {
        if text == "_" {
            return None;
        }
        let folded = text.to_lowercase();
        let names = &self.names;
        let hit = std::cell::Cell::new(None);
        let matches = |key: Key| {
            let is_match = names.text(key.name).to_lowercase() == folded;
            if is_match {
                hit.set(Some(key));
            }
            is_match
        };
        let found = self
            .types
            .lookup_matching(ty, is_addressable, matches)
            .ok()?;
        let key = hit.get()?;
        let is_field = !found.member.is_method();
        let mut package = key.package;
        if package == crate::types::EXPORTED {
            // Exported names carry no package; a method's object and a field's struct know it.
            package = match found.member {
                Member::Method { named, .. } => self.types.named(named).package,
                _ => self
                    .types
                    .named_behind(ty)
                    .and_then(|named| self.types.named(named).package),
            }
            .unwrap_or(self.environment.package);
        }
        Some((self.text(key.name).to_owned(), package, is_field))
    }

    /// gc's explanation of a name that was not found, given one that differs in case.
    pub(super) fn lookup_error(
        &self,
        ty: &str,
        name: &str,
        alternative: Option<&(String, PackageId, bool)>,
        in_literal: bool,
    ) -> String {
        enum Case {
            Missing,
            Misspelled,
            Unexported,
            Inaccessible,
        }
        let tail = |text: &str| text.chars().skip(1).collect::<String>();
        let (other, what, case) = match alternative {
            None => ("", "object", Case::Missing),
            Some((other, package, is_field)) => {
                let case = if *package == self.environment.package {
                    Case::Misspelled
                } else if is_exported(name) {
                    if is_exported(other) {
                        Case::Misspelled
                    } else if tail(name) == tail(other) {
                        Case::Unexported
                    } else {
                        Case::Missing
                    }
                } else if is_exported(other) {
                    if tail(name) == tail(other) {
                        Case::Misspelled
                    } else {
                        Case::Missing
                    }
                } else if name == other {
                    Case::Inaccessible
                } else {
                    Case::Missing
                };
                (&other[..], if *is_field { "field" } else { "method" }, case)
            }
        };
        if in_literal {
            return match case {
                Case::Missing => format!("unknown field {name} in struct literal of type {ty}"),
                Case::Misspelled => {
                    format!(
                        "unknown field {name} in struct literal of type {ty}, but does have {other}"
                    )
                }
                Case::Unexported => {
                    format!(
                        "unknown field {name} in struct literal of type {ty}, but does have unexported {other}"
                    )
                }
                Case::Inaccessible => {
                    format!(
                        "cannot refer to unexported field {other} in struct literal of type {ty}"
                    )
                }
            };
        }
        match case {
            Case::Missing => format!("type {ty} has no field or method {name}"),
            Case::Misspelled => {
                format!("type {ty} has no field or method {name}, but does have {what} {other}")
            }
            Case::Unexported => {
                format!(
                    "type {ty} has no field or method {name}, but does have unexported {what} {other}"
                )
            }
            Case::Inaccessible => format!("cannot refer to unexported {what} {other}"),
        }
    }
}
