//! Types as text: for diagnostics as gc writes them, and at run time as `reflect` does.

use cranelift_entity::PrimaryMap;
use std::fmt::Write as _;

use super::lookup::is_exported;
use super::{Signature, Spelling, Type, TypeId, TypeTable};
use crate::ast::{ChannelDirection, Name, Names};
use crate::check::{Package, PackageId};

/// Which of the two forms is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As gc's diagnostics: names of this package are not qualified, parameters have their names.
    Diagnostic(PackageId),
    /// As `reflect.Type.String`: every defined type is qualified by its package's name.
    RunTime,
    /// As types stand in the name of an instance at run time: qualified by the package's path, local types numbered.
    RunTimeArgument,
}

/// Writes types.
#[derive(Debug, Clone, Copy)]
pub struct Printer<'a> {
    /// Where the types are.
    pub types: &'a TypeTable,
    /// Where the names are.
    pub names: &'a Names,
    /// Where the packages are.
    pub packages: &'a PrimaryMap<PackageId, Package>,
    /// Which form.
    pub style: Style,
    /// Whether parameters are written with their names where the source has them.
    pub with_parameter_names: bool,
}

impl Printer<'_> {
    /// A type.
    pub fn type_string(&self, ty: TypeId) -> String {
        let mut out = String::new();
        self.write(ty, &mut out);
        out
    }

    /// Type arguments in brackets, if there are any.
    pub fn arguments_string(&self, arguments: &[TypeId]) -> String {
        let mut out = String::new();
        self.write_arguments(arguments, &mut out);
        out
    }

    /// A signature without `func`.
    pub fn signature_string(&self, ty: TypeId) -> String {
        let mut out = String::new();
        if let Type::Function(signature) = self.types.underlying(ty) {
            self.write_signature(ty, signature, &mut out);
        }
        out
    }

    /// A name as it is written from the current package.
    pub fn qualified(&self, package: Option<PackageId>, name: Name) -> String {
        let mut out = String::new();
        self.write_qualified(package, name, &mut out);
        out
    }

    fn is_diagnostic(&self) -> bool {
        matches!(self.style, Style::Diagnostic(_))
    }

    fn write_qualified(&self, package: Option<PackageId>, name: Name, out: &mut String) {
        if let Some(id) = package
            && self.style != Style::Diagnostic(id)
        {
            let package = &self.packages[id];
            if self.style == Style::RunTimeArgument {
                out.push_str(&package.path);
                out.push('.');
                return out.push_str(self.names.text(name));
            }
            let is_ambiguous = self.is_diagnostic()
                && self
                    .packages
                    .values()
                    .filter(|other| other.name == package.name)
                    .count()
                    > 1;
            if is_ambiguous {
                let _ = write!(out, "{:?}", package.path);
            } else {
                out.push_str(self.names.text(package.name));
            }
            out.push('.');
        }
        out.push_str(self.names.text(name));
    }

    fn write(&self, ty: TypeId, out: &mut String) {
        if let (true, Some(Spelling::Alias { name, package })) =
            (self.is_diagnostic(), self.types.spelling(ty))
        {
            return self.write_qualified(*package, *name, out);
        }
        if let (true, Some(Spelling::Instance { arguments }), Type::Named(named)) = (
            self.is_diagnostic(),
            self.types.spelling(ty),
            self.types.get(ty),
        ) {
            let named = self.types.named(*named);
            self.write_qualified(named.package, named.name, out);
            return self.write_arguments(arguments, out);
        }
        match self.types.get(ty) {
            Type::Basic(basic) => out.push_str(basic.name()),
            Type::Named(named) => {
                let named = self.types.named(*named);
                self.write_qualified(named.package, named.name, out);
                if self.style == Style::RunTimeArgument && named.local_number > 0 {
                    let _ = write!(out, "·{}", named.local_number);
                }
                self.write_arguments(&named.arguments, out);
            }
            Type::Pointer(element) => {
                out.push('*');
                self.write(*element, out);
            }
            Type::Slice(element) => {
                out.push_str("[]");
                self.write(*element, out);
            }
            Type::Array(element, length) => {
                let _ = write!(out, "[{length}]");
                self.write(*element, out);
            }
            Type::Map(key, value) => {
                out.push_str("map[");
                self.write(*key, out);
                out.push(']');
                self.write(*value, out);
            }
            Type::Channel(direction, element) => {
                let receives = |ty| {
                    matches!(
                        self.types.get(ty),
                        Type::Channel(ChannelDirection::Receive, _)
                    )
                };
                let in_parentheses = *direction == ChannelDirection::Both && receives(*element);
                out.push_str(match direction {
                    ChannelDirection::Both => "chan ",
                    ChannelDirection::Send => "chan<- ",
                    ChannelDirection::Receive => "<-chan ",
                });
                if in_parentheses {
                    out.push('(');
                }
                self.write(*element, out);
                if in_parentheses {
                    out.push(')');
                }
            }
            Type::Struct(fields) => {
                let is_diagnostic = self.is_diagnostic();
                out.push_str(if is_diagnostic { "struct{" } else { "struct {" });
                for (index, field) in fields.iter().enumerate() {
                    if index > 0 {
                        out.push(';');
                    }
                    if (!is_diagnostic) || index > 0 {
                        out.push(' ');
                    }
                    if !field.is_embedded {
                        let name = self.names.text(field.name);
                        if self.style == Style::RunTimeArgument
                            && !is_exported(name)
                            && let Some(package) = self.packages.get(field.package)
                        {
                            out.push_str(&package.path);
                            out.push('.');
                        }
                        out.push_str(name);
                        out.push(' ');
                    }
                    self.write(field.ty, out);
                    if let Some(tag) = &field.tag
                        && !tag.is_empty()
                    {
                        out.push(' ');
                        out.push_str(&crate::check::constant::quote(tag.as_bytes()));
                    }
                }
                if !is_diagnostic && !fields.is_empty() {
                    out.push(' ');
                }
                out.push('}');
            }
            Type::Function(signature) => {
                out.push_str("func");
                self.write_signature(ty, signature, out);
            }
            Type::Interface(methods) => {
                let is_diagnostic = self.is_diagnostic();
                out.push_str(if is_diagnostic {
                    "interface{"
                } else {
                    "interface {"
                });
                for (index, method) in methods.iter().enumerate() {
                    if index > 0 {
                        out.push(';');
                    }
                    if (!is_diagnostic) || index > 0 {
                        out.push(' ');
                    }
                    let name = self.names.text(method.name);
                    if !is_diagnostic
                        && !is_exported(name)
                        && let Some(package) = self.packages.get(method.package)
                    {
                        out.push_str(self.names.text(package.name));
                        out.push('.');
                    }
                    out.push_str(name);
                    if let Type::Function(signature) = self.types.get(method.signature) {
                        self.write_signature(method.signature, signature, out);
                    }
                }
                if !is_diagnostic && !methods.is_empty() {
                    out.push(' ');
                }
                out.push('}');
            }
            Type::Tuple(members) => {
                let names = match self.types.spelling(ty) {
                    Some(Spelling::Parameters { results, .. }) => Some(&results[..]),
                    _ => None,
                };
                self.write_list(members, names, false, out);
            }
            Type::Parameter(parameter) => out.push_str(self.names.text(parameter.name)),
        }
    }

    /// Type arguments, if there are any.
    fn write_arguments(&self, arguments: &[TypeId], out: &mut String) {
        if arguments.is_empty() {
            return;
        }
        let printer = match self.style {
            Style::RunTime => Printer {
                style: Style::RunTimeArgument,
                ..*self
            },
            Style::RunTimeArgument | Style::Diagnostic(_) => *self,
        };
        out.push('[');
        for (index, argument) in arguments.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            printer.write(*argument, out);
        }
        out.push(']');
    }

    fn write_signature(&self, ty: TypeId, signature: &Signature, out: &mut String) {
        let names = match self.types.spelling(ty) {
            Some(Spelling::Parameters {
                parameters,
                results,
            }) if self.with_parameter_names && self.is_diagnostic() => Some((parameters, results)),
            _ => None,
        };
        self.write_list(
            &signature.parameters,
            names.map(|(parameters, _)| &parameters[..]),
            signature.is_variadic,
            out,
        );
        let results = names.map(|(_, results)| &results[..]);
        match &signature.results[..] {
            [] => {}
            [only]
                if results.is_none_or(|names| {
                    names.iter().all(|name| self.names.text(*name).is_empty())
                }) =>
            {
                out.push(' ');
                self.write(*only, out);
            }
            several => {
                out.push(' ');
                self.write_list(several, results, false, out);
            }
        }
    }

    fn write_list(
        &self,
        types: &[TypeId],
        names: Option<&[Name]>,
        is_variadic: bool,
        out: &mut String,
    ) {
        out.push('(');
        for (index, ty) in types.iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            if let Some(name) = names.and_then(|names| names.get(index))
                && !self.names.text(*name).is_empty()
            {
                out.push_str(self.names.text(*name));
                out.push(' ');
            }
            match self.types.get(*ty) {
                Type::Slice(element) if is_variadic && index + 1 == types.len() => {
                    out.push_str("...");
                    self.write(*element, out);
                }
                _ => self.write(*ty, out),
            }
        }
        out.push(')');
    }
}
