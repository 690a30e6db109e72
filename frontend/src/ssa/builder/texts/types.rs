//! Types, those of values and those that are written out.

use super::Texts;
use super::constants::quoted;
use crate::ast::{self, ChannelDirection, ExprId, ExprKind};
use crate::types::print::{Printer, Style};
use crate::types::{Basic, Type, TypeId};

impl Texts<'_> {
    /// The type arguments of an instance, which are part of its name.
    fn arguments_text(&self, arguments: &[TypeId]) -> String {
        let printer = Printer {
            types: self.types,
            names: &self.typed.ast.names,
            packages: &self.typed.packages,
            style: Style::RunTimeArgument,
            with_parameter_names: false,
        };
        printer.arguments_string(arguments)
    }

    /// A type.
    pub fn type_text(&self, ty: TypeId) -> String {
        let list = |types: &[TypeId]| {
            types
                .iter()
                .map(|ty| self.type_text(*ty))
                .collect::<Vec<_>>()
                .join(", ")
        };
        match self.types.get(ty) {
            // Aliases are not kept apart from what they stand for; `byte` is met more often.
            Type::Basic(Basic::Uint8) => "byte".to_owned(),
            Type::Basic(basic) => basic.name().to_owned(),
            Type::Named(named) => {
                let declared = self.types.named(*named);
                let name = self.text(declared.name);
                let arguments = self.arguments_text(&declared.arguments);
                match declared.package {
                    Some(package) if package != self.typed.main => {
                        let package = self.text(self.typed.packages[package].name);
                        format!("{package}.{name}{arguments}")
                    }
                    _ => format!("{name}{arguments}"),
                }
            }
            Type::Pointer(element) => format!("*{}", self.type_text(*element)),
            Type::Slice(element) => format!("[]{}", self.type_text(*element)),
            Type::Array(element, length) => format!("[{length}]{}", self.type_text(*element)),
            Type::Map(key, element) => {
                format!("map[{}]{}", self.type_text(*key), self.type_text(*element))
            }
            Type::Channel(direction, element) => {
                channel_text(*direction, &self.type_text(*element))
            }
            Type::Struct(fields) => {
                if fields.is_empty() {
                    return "struct {}".to_owned();
                }
                let fields: Vec<String> = fields
                    .iter()
                    .map(|field| {
                        if field.is_embedded {
                            self.type_text(field.ty)
                        } else {
                            format!("{} {}", self.text(field.name), self.type_text(field.ty))
                        }
                    })
                    .collect();
                format!("struct {{ {} }}", fields.join("; "))
            }
            Type::Function(_) => format!("func{}", self.signature_text(ty)),
            Type::Interface(methods) => {
                if methods.is_empty() {
                    return "any".to_owned();
                }
                let methods: Vec<String> = methods
                    .iter()
                    .map(|method| {
                        format!(
                            "{}{}",
                            self.method_name_text(method.name),
                            self.signature_text(method.signature)
                        )
                    })
                    .collect();
                format!("interface {{ {} }}", methods.join("; "))
            }
            Type::Tuple(types) => format!("({})", list(types)),
            Type::Parameter(parameter) => self.text(parameter.name).to_owned(),
        }
    }

    /// A signature without `func`.
    fn signature_text(&self, ty: TypeId) -> String {
        let Some(signature) = self.types.as_signature(ty) else {
            return String::new();
        };
        let last = signature.parameters.len().wrapping_sub(1);
        let parameters: Vec<String> = signature
            .parameters
            .iter()
            .enumerate()
            .map(|(index, ty)| match self.types.get(*ty) {
                Type::Slice(element) if signature.is_variadic && index == last => {
                    format!("...{}", self.type_text(*element))
                }
                _ => self.type_text(*ty),
            })
            .collect();
        let results: Vec<String> = signature
            .results
            .iter()
            .map(|ty| self.type_text(*ty))
            .collect();
        let results = match results.len() {
            0 => String::new(),
            1 => format!(" {}", results[0]),
            _ => format!(" ({})", results.join(", ")),
        };
        format!("({}){results}", parameters.join(", "))
    }

    /// A type as it is written, normalised: this keeps `byte` and `any` apart from what they are.
    pub(super) fn type_expr_text(&self, expr: ExprId) -> String {
        let typed = self.typed;
        let expr = typed.ast.unparen(expr);
        let resolved = || {
            typed.info.types[expr]
                .expand()
                .map_or_else(String::new, |ty| self.type_text(ty))
        };
        match &typed.ast.exprs[expr].kind {
            ExprKind::Name(ident) => {
                let is_named = typed.info.types[expr].expand().is_some_and(|ty| {
                    let is_empty_interface = matches!(self.types.get(ty), Type::Interface(methods) if methods.is_empty());
                    matches!(self.types.get(ty), Type::Basic(_)) || is_empty_interface
                });
                let is_predeclared = typed
                    .object_of(*ident)
                    .is_some_and(|object| typed.objects[object].package.is_none());
                if is_named && is_predeclared {
                    typed.ast.ident_text(*ident).to_owned()
                } else {
                    resolved()
                }
            }
            ExprKind::Star(element) => format!("*{}", self.type_expr_text(*element)),
            ExprKind::SliceType(element) => format!("[]{}", self.type_expr_text(*element)),
            ExprKind::ArrayType { element, .. } => {
                let length = match typed.info.types[expr]
                    .expand()
                    .map(|ty| self.types.underlying(ty))
                {
                    Some(Type::Array(_, length)) => length.to_string(),
                    _ => return resolved(),
                };
                format!("[{length}]{}", self.type_expr_text(*element))
            }
            ExprKind::MapType { key, value } => {
                format!(
                    "map[{}]{}",
                    self.type_expr_text(*key),
                    self.type_expr_text(*value)
                )
            }
            ExprKind::ChannelType { direction, element } => {
                channel_text(*direction, &self.type_expr_text(*element))
            }
            ExprKind::StructType(fields) if !fields.is_empty() => {
                let fields: Vec<String> = fields
                    .iter()
                    .flat_map(|field| self.field_texts(field))
                    .collect();
                format!("struct {{ {} }}", fields.join("; "))
            }
            ExprKind::FunctionType(signature) => {
                format!("func{}", self.written_signature_text(signature))
            }
            ExprKind::InterfaceType(elements) if elements.is_empty() => "interface {}".to_owned(),
            ExprKind::InterfaceType(elements) => self.interface_expr_text(expr, elements),
            _ => resolved(),
        }
    }

    /// The fields of one type in a struct.
    fn field_texts(&self, field: &ast::Field) -> Vec<String> {
        let ast = &self.typed.ast;
        let ty = self.type_expr_text(field.ty);
        let tag = field.tag.map_or_else(String::new, |span| {
            format!(" {}", tag_text(self.typed.sources.text(span)))
        });
        if field.names.is_empty() {
            return vec![format!("{ty}{tag}")];
        }
        let names = field.names.iter();
        names
            .map(|name| format!("{} {ty}{tag}", ast.ident_text(*name)))
            .collect()
    }

    fn written_signature_text(&self, signature: &ast::FunctionType) -> String {
        let types = |list: &[ast::Parameter]| -> Vec<String> {
            let text = |parameter: &ast::Parameter| {
                let dots = if parameter.is_variadic { "..." } else { "" };
                format!("{dots}{}", self.type_expr_text(parameter.ty))
            };
            list.iter().map(text).collect()
        };
        let results = types(&signature.results);
        let results = match results.len() {
            0 => String::new(),
            1 => format!(" {}", results[0]),
            _ => format!(" ({})", results.join(", ")),
        };
        format!("({}){results}", types(&signature.parameters).join(", "))
    }

    /// The methods of an interface in their order, those that are written as they are written.
    fn interface_expr_text(&self, expr: ExprId, elements: &[ast::InterfaceElement]) -> String {
        let Some(ty) = self.typed.info.types[expr].expand() else {
            return String::new();
        };
        let Type::Interface(methods) = self.types.underlying(ty) else {
            return self.type_text(ty);
        };
        let ast = &self.typed.ast;
        let written = |name: ast::Name| {
            elements.iter().find_map(|element| match element {
                ast::InterfaceElement::Method {
                    name: ident,
                    signature,
                } if ast.idents[*ident].name == name => Some(signature),
                _ => None,
            })
        };
        let methods: Vec<String> = methods
            .iter()
            .map(|method| {
                let signature = match written(method.name) {
                    Some(signature) => self.written_signature_text(signature),
                    None => self.signature_text(method.signature),
                };
                format!("{}{signature}", self.method_name_text(method.name))
            })
            .collect();
        format!("interface {{ {} }}", methods.join("; "))
    }

    /// A method's name in an interface type: with its package if it is not exported.
    fn method_name_text(&self, name: ast::Name) -> String {
        let text = self.text(name);
        if text.chars().next().is_some_and(char::is_uppercase) {
            return text.to_owned();
        }
        let package = &self.typed.packages[self.typed.main];
        format!("{}.{text}", self.text(package.name))
    }
}

/// A field's tag as gc quotes it.
fn tag_text(literal: &str) -> String {
    match literal
        .strip_prefix('`')
        .and_then(|rest| rest.strip_suffix('`'))
    {
        Some(raw) => quoted(raw.as_bytes()),
        None => literal.to_owned(),
    }
}

fn channel_text(direction: ChannelDirection, element: &str) -> String {
    match direction {
        ChannelDirection::Both if element.starts_with("<-") => format!("chan ({element})"),
        ChannelDirection::Both => format!("chan {element}"),
        ChannelDirection::Send => format!("chan<- {element}"),
        ChannelDirection::Receive => format!("<-chan {element}"),
    }
}
