//! Pieces of messages: expressions, types, objects and positions as gc prints them.

use super::{Checker, LocalKind, ObjectId, ObjectKind, PackageId};
use crate::ast::{ExprId, Name};
use crate::types::print::{Printer, Style};
use crate::types::{Type, TypeId};
use std::fmt::Write as _;

impl Checker<'_> {
    /// The text of an expression, in gc's form.
    pub(super) fn expression(&self, expr: ExprId) -> String {
        crate::syntax_print::expression(&self.ast, &self.names, &self.sources, expr)
    }

    fn printer(&self) -> Printer<'_> {
        Printer {
            types: &self.types,
            names: &self.names,
            packages: &self.packages,
            style: Style::Diagnostic(self.environment.package),
            with_parameter_names: true,
        }
    }

    /// A type as the current package would write it.
    pub(super) fn type_text(&self, ty: TypeId) -> String {
        self.printer().type_string(ty)
    }

    /// A method with its signature, parameters without names.
    pub(super) fn method_text(&self, name: Name, signature: TypeId) -> String {
        let printer = Printer {
            with_parameter_names: false,
            ..self.printer()
        };
        format!("{}{}", self.text(name), printer.signature_string(signature))
    }

    /// A name qualified by its package, unless that is the current one.
    pub(super) fn qualified(&self, package: Option<PackageId>, name: Name) -> String {
        self.printer().qualified(package, name)
    }

    /// `file:line:column` of an offset.
    pub(super) fn position(&self, offset: u32) -> String {
        self.sources.display(offset)
    }

    /// Adds the line that tells where something else of the name was declared.
    pub(super) fn add_other_declaration(&self, message: &mut String, other: ObjectId) {
        let object = &self.objects[other];
        if !object.span.is_none() {
            let position = self.position(object.span.start);
            let _ = write!(
                message,
                "\n\t{position}: other declaration of {}",
                self.text(object.name)
            );
        }
    }

    /// What kind of thing an object is, as gc says it.
    pub(super) fn object_kind(&self, object: ObjectId) -> &'static str {
        match &self.objects[object].kind {
            ObjectKind::PackageName(_) => "package name",
            ObjectKind::Constant(_) => "constant",
            ObjectKind::Global => "package-level variable",
            ObjectKind::Local(LocalKind::Variable) => "local variable",
            ObjectKind::Local(LocalKind::Parameter) => "parameter",
            ObjectKind::Local(LocalKind::Result) => "result variable",
            ObjectKind::Field => "struct field",
            ObjectKind::TypeName => match self.types.spelling(self.objects[object].ty) {
                Some(_) => "type alias",
                None if matches!(self.types.get(self.objects[object].ty), Type::Named(_)) => {
                    "defined type"
                }
                None => "type",
            },
            ObjectKind::Function(function) if function.receiver.is_some() => "method",
            ObjectKind::Function(_) => "function",
            ObjectKind::Generic => "generic function",
            ObjectKind::Builtin(_) => "built-in function",
            ObjectKind::Label => "label",
            ObjectKind::Nil => "untyped nil",
        }
    }
}
