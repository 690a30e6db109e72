//! Types as they are written (spec: "Types").

use std::collections::HashMap;

use super::constant::Constant;
use super::delayed::Delayed;
use super::generic::GenericKind;
use super::{Checker, Mode, ObjectKind};
use crate::ast::{ExprId, ExprKind, Field, IdentId, InterfaceElement, Name, UnaryOp, UnionTerm};
use crate::source::Span;
use crate::types::lookup::Key;
use crate::types::{InterfaceMethod, StructField, Type, TypeId};

impl Checker<'_> {
    /// The type an expression denotes; invalid after a report.
    pub(super) fn type_expression(&mut self, expr: ExprId) -> TypeId {
        let ty = self.type_of_expression(expr);
        self.info.types[expr] = ty.into();
        self.info.modes[expr] = Mode::Type;
        ty
    }

    fn type_of_expression(&mut self, expr: ExprId) -> TypeId {
        let ast = self.ast.clone();
        match &ast.exprs[expr].kind {
            ExprKind::Name(ident) => {
                let x = self.identifier(expr, *ident, true);
                self.type_operand(&x)
            }
            ExprKind::Selector { operand, name } => {
                let x = self.selector(expr, *operand, *name, true);
                self.type_operand(&x)
            }
            ExprKind::Paren(inner) => self.type_expression(*inner),
            ExprKind::ArrayType { length, element } => {
                let Some(length) = length else {
                    let message = "invalid use of [...] array (outside a composite literal)";
                    self.error(ast.exprs[expr].span, "array-length", message);
                    self.type_expression(*element);
                    return self.invalid();
                };
                let length = self.array_length(*length);
                let element = self.type_expression(*element);
                match length {
                    Some(length) if self.is_valid(element) => {
                        let ty = self.types.intern(Type::Array(element, length));
                        let package = self.environment.package;
                        self.sized_types.push((ast.exprs[expr].span, ty, package));
                        ty
                    }
                    _ => self.invalid(),
                }
            }
            ExprKind::SliceType(element) => {
                let element = self.type_expression(*element);
                self.types.slice_of(element)
            }
            ExprKind::Star(element) => {
                let element = self.type_expression(*element);
                if !self.is_valid(element) {
                    return self.invalid();
                }
                self.types.pointer_to(element)
            }
            ExprKind::MapType { key, value } => {
                let key_type = self.type_expression(*key);
                let value = self.type_expression(*value);
                let package = self.environment.package;
                self.delayed.push(Delayed::MapKey {
                    key: *key,
                    ty: key_type,
                    package,
                });
                self.types.intern(Type::Map(key_type, value))
            }
            ExprKind::ChannelType { direction, element } => {
                let element = self.type_expression(*element);
                let ty = self.types.intern(Type::Channel(*direction, element));
                let package = self.environment.package;
                self.sized_types.push((ast.exprs[expr].span, ty, package));
                ty
            }
            ExprKind::FunctionType(signature) => self.signature(None, signature).ty,
            ExprKind::StructType(fields) => self.struct_type(fields),
            ExprKind::InterfaceType(elements) => {
                self.open_interfaces
                    .push((ast.exprs[expr].span, self.path.len()));
                let ty = self.interface_type(elements);
                self.open_interfaces.pop();
                ty
            }
            ExprKind::Index { operand, indices } => {
                let x = match &ast.exprs[*operand].kind {
                    ExprKind::Name(ident) => self.identifier(*operand, *ident, true),
                    ExprKind::Selector {
                        operand: package,
                        name,
                    } => self.selector(*operand, *package, *name, true),
                    _ => {
                        let ty = self.type_expression(*operand);
                        self.operand(Mode::Type, ty, *operand)
                    }
                };
                if let Some(generic) = &x.generic
                    && self.is_generic_type_object(generic.object)
                {
                    return self.instantiated_type(*operand, generic.object, indices);
                }
                let operand = self.type_operand(&x);
                if self.is_valid(operand) {
                    let message = format!(
                        "invalid operation: {} ({} is not a generic type)",
                        self.expression(expr),
                        self.type_text(operand)
                    );
                    self.error(ast.exprs[expr].span, "not-generic", message);
                }
                for index in indices {
                    self.use_expression(*index);
                }
                self.invalid()
            }
            ExprKind::Unary(UnaryOp::Tilde, _) => {
                self.unsupported(ast.exprs[expr].span, "generics", "type constraints");
                self.invalid()
            }
            _ => {
                let message = format!("{} is not a type", self.expression(expr));
                self.error(ast.exprs[expr].span, "not-a-type", message);
                self.use_expression(expr);
                self.invalid()
            }
        }
    }

    fn type_operand(&mut self, x: &super::operand::Operand) -> TypeId {
        match x.mode {
            Mode::Type => x.ty,
            Mode::None => self.invalid(),
            Mode::Generic => {
                self.report_generic_type(x);
                self.invalid()
            }
            Mode::NoValue => {
                let message = format!("{} used as type", self.describe(x));
                self.error(self.operand_span(x), "not-a-type", message);
                self.invalid()
            }
            _ => {
                let message = format!("{} is not a type", self.describe(x));
                self.error(self.operand_span(x), "not-a-type", message);
                self.invalid()
            }
        }
    }

    /// Reports a generic type without type arguments, or a generic function, where a type must stand.
    fn report_generic_type(&mut self, x: &super::operand::Operand) {
        let Some(generic) = &x.generic else { return };
        let object = generic.object;
        let text = self.operand_text(x);
        let declared = self.generic(object);
        let message = match &declared.kind {
            GenericKind::Function(_) => format!("{} is not a type", self.describe(x)),
            GenericKind::Type(spec) if spec.type_parameters.is_empty() => format!(
                "cannot use type {text} outside a type constraint: interface contains type constraints"
            ),
            GenericKind::Type(_) => {
                let parameters = self.parameters_text(object);
                format!("cannot use generic type {text}{parameters} without instantiation")
            }
        };
        self.error(self.operand_span(x), "generic", message);
    }

    fn array_length(&mut self, expr: ExprId) -> Option<u64> {
        let span = self.span(expr);
        if let ExprKind::Name(ident) = self.ast.exprs[expr].kind {
            let name = self.ast.idents[ident].name;
            match self.lookup(name) {
                None => {
                    let text = self.text(name);
                    let message =
                        format!("undefined array length {text} or missing type constraint");
                    self.error(span, "array-length", message);
                    return None;
                }
                Some(object) if !matches!(self.objects[object].kind, ObjectKind::Constant(_)) => {
                    let message = format!("invalid array length {}", self.text(name));
                    self.error(span, "array-length", message);
                    return None;
                }
                Some(_) => {}
            }
        }
        let x = self.expr(expr);
        if !x.is_constant() {
            if x.is_valid() {
                let message = format!("array length {} must be constant", self.describe(&x));
                self.error(span, "array-length", message);
            }
            return None;
        }
        let is_integer = self.is_basic(x.ty, crate::types::Basic::is_integer);
        if is_integer || self.is_untyped(x.ty) {
            let length = x.value.as_ref().and_then(Constant::to_i64);
            if let Some(length) = length.and_then(|length| u64::try_from(length).ok()) {
                if self.is_untyped(x.ty) {
                    self.settle_untyped(expr, crate::types::Basic::Int);
                }
                return Some(length);
            }
        }
        let description = self.describe(&x);
        let message = if is_integer {
            format!("invalid array length {description}")
        } else {
            format!("array length {description} must be integer")
        };
        self.error(span, "array-length", message);
        None
    }

    /// The name of an embedded field, from its type.
    pub(super) fn embedded_name(&self, ty: ExprId) -> Option<IdentId> {
        match self.ast.exprs[ty].kind {
            ExprKind::Name(ident) => Some(ident),
            ExprKind::Star(inner) if !matches!(self.ast.exprs[inner].kind, ExprKind::Star(_)) => {
                self.embedded_name(inner)
            }
            ExprKind::Selector { name, .. } => Some(name),
            ExprKind::Index { operand, .. } => self.embedded_name(operand),
            ExprKind::Paren(inner) => self.embedded_name(inner),
            _ => None,
        }
    }

    fn struct_type(&mut self, fields: &[Field]) -> TypeId {
        let mut list: Vec<StructField> = Vec::new();
        let mut seen: HashMap<Name, Span> = HashMap::new();
        for field in fields {
            let ty = self.type_expression(field.ty);
            let tag = field.tag.map(|span| {
                let bytes =
                    super::constant::string_literal(self.sources.text(span)).unwrap_or_default();
                String::from_utf8_lossy(&bytes)
                    .into_owned()
                    .into_boxed_str()
            });
            // An empty tag is no tag.
            let tag = tag.filter(|tag| !tag.is_empty());
            let is_embedded = field.names.is_empty();
            let embedded = if is_embedded {
                self.embedded_name(field.ty)
            } else {
                None
            };
            if is_embedded {
                let span = self.span(field.ty);
                if embedded.is_none() {
                    let message =
                        format!("invalid embedded field type {}", self.expression(field.ty));
                    self.error(span, "embedded", message);
                    continue;
                }
                self.delayed.push(Delayed::Embedded { span, ty });
            }
            for ident in field.names.iter().copied().chain(embedded) {
                let crate::ast::Ident { name, span } = self.ast.idents[ident];
                if !self.is_blank(name) {
                    if let Some(other) = seen.get(&name) {
                        let (text, other) = (self.text(name), self.position(other.start));
                        let message =
                            format!("{text} redeclared\n\t{other}: other declaration of {text}");
                        self.error(span, "redeclared", message);
                        continue;
                    }
                    seen.insert(name, span);
                }
                let package = Key::new(&self.names, name, self.environment.package).package;
                list.push(StructField {
                    name,
                    package,
                    ty,
                    is_embedded,
                    tag: tag.clone(),
                });
            }
        }
        self.types.intern(Type::Struct(list.into()))
    }

    fn interface_type(&mut self, elements: &[InterfaceElement]) -> TypeId {
        let mut methods: Vec<(InterfaceMethod, Span)> = Vec::new();
        let mut embedded: Vec<(InterfaceMethod, Span)> = Vec::new();
        for element in elements {
            match element {
                InterfaceElement::Method { name, signature } => {
                    let crate::ast::Ident { name, span } = self.ast.idents[*name];
                    if self.is_blank(name) {
                        self.error(
                            span,
                            "blank-method",
                            "methods must have a unique non-blank name",
                        );
                        continue;
                    }
                    let signature = self.signature(None, signature).ty;
                    let package = Key::new(&self.names, name, self.environment.package).package;
                    let method = InterfaceMethod {
                        name,
                        package,
                        signature,
                    };
                    let same = |(other, _): &&(InterfaceMethod, Span)| {
                        other.name == name && other.package == package
                    };
                    if let Some((_, other)) = methods.iter().find(same) {
                        let other = *other;
                        self.duplicate_method(name, span, other);
                        continue;
                    }
                    methods.push((method, span));
                }
                InterfaceElement::Embedded(terms) => {
                    self.embedded_interface(terms, &mut embedded);
                }
            }
        }
        for (method, span) in embedded {
            let same = |(other, _): &&(InterfaceMethod, Span)| {
                other.name == method.name && other.package == method.package
            };
            match methods.iter().find(same) {
                None => methods.push((method, span)),
                Some((other, at)) if !self.types.identical(other.signature, method.signature) => {
                    let at = *at;
                    self.duplicate_method(method.name, span, at);
                }
                Some(_) => {}
            }
        }
        let mut methods: Vec<InterfaceMethod> =
            methods.into_iter().map(|(method, _)| method).collect();
        let names = &self.names;
        methods.sort_by(|left, right| {
            names
                .text(left.name)
                .cmp(names.text(right.name))
                .then(left.package.cmp(&right.package))
        });
        self.types.intern(Type::Interface(methods.into()))
    }

    fn embedded_interface(
        &mut self,
        terms: &[UnionTerm],
        methods: &mut Vec<(InterfaceMethod, Span)>,
    ) {
        let span = terms
            .first()
            .map_or(Span::default(), |term| self.span(term.ty));
        let [
            UnionTerm {
                has_tilde: false,
                ty,
            },
        ] = terms
        else {
            self.unsupported(span, "generics", "type constraints");
            return;
        };
        let ty = self.type_expression(*ty);
        if !self.is_valid(ty) {
            return;
        }
        match self.underlying(ty).clone() {
            Type::Interface(list) => {
                methods.extend(list.iter().map(|method| (method.clone(), span)));
            }
            Type::Basic(crate::types::Basic::Invalid) => {}
            _ => self.unsupported(span, "generics", "type constraints"),
        }
    }

    fn duplicate_method(&mut self, name: Name, span: Span, other: Span) {
        let (text, other) = (self.text(name), self.position(other.start));
        let message =
            format!("duplicate method {text}\n\t{other}: other declaration of method {text}");
        self.error(span, "duplicate-method", message);
    }
}
