//! Expressions and types as gc prints them in `-m`.
//!
//! gc prints its own tree: parentheses of the source are gone and come back by precedence,
//! constants are folded and show their type unless it is their default type, embedded fields on
//! the way of a selector are written out, literals show no elements. Formats were read from
//! messages of gc and from `cmd/compile/internal/ir/fmt.go`.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::ProgramBuilder;
use super::function::FunctionBuilder;
use super::variables::{StaticSize, Variables};
use crate::ast::{self, BinaryOp, ChannelDirection, ExprId, ExprKind, UnaryOp};
use crate::check::constant::Constant;
use crate::check::{Builtin, FunctionObject, Mode, ObjectId, ObjectKind, Selection, TypedProgram};
use crate::types::{Basic, Type, TypeId, TypeTable};

/// Precedence of names, calls, selectors, literals.
const PRIMARY: u8 = 8;
/// Precedence of prefix operators.
const PREFIX: u8 = 7;
/// Precedence of the arrow of a send.
const SEND: u8 = 3;
/// What gc lists no precedence for is put in parentheses wherever it is an operand.
const UNLISTED: u8 = 0;
/// What temporaries are called. The number behind it says how many variables gc declares before,
/// which only who explains in gc's order knows.
pub const TEMPORARY: &str = ".autotmp_";
/// Longest string constant shown, quotes included.
const MAX_STRING_CHARACTERS: usize = 72;

fn precedence(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::LogicalOr => 1,
        BinaryOp::LogicalAnd => 2,
        _ if op.is_comparison() => 4,
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Or | BinaryOp::Xor => 5,
        _ => 6,
    }
}

/// A string constant in quotes, shortened as gc does.
fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            push_escaped(&mut text, character, '"');
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text.push('"');
    if text.chars().count() > MAX_STRING_CHARACTERS {
        text = text.chars().take(MAX_STRING_CHARACTERS - 3).collect();
        text.push_str("...");
    }
    text
}

fn push_escaped(text: &mut String, character: char, quote: char) {
    match character {
        '\n' => text.push_str("\\n"),
        '\t' => text.push_str("\\t"),
        '\r' => text.push_str("\\r"),
        '\\' => text.push_str("\\\\"),
        '\u{7}' => text.push_str("\\a"),
        '\u{8}' => text.push_str("\\b"),
        '\u{b}' => text.push_str("\\v"),
        '\u{c}' => text.push_str("\\f"),
        _ if character == quote => {
            text.push('\\');
            text.push(quote);
        }
        _ if (character as u32) < 0x20 || character as u32 == 0x7f => {
            let _ = write!(text, "\\x{:02x}", character as u32);
        }
        _ => text.push(character),
    }
}

/// A float with six digits; with all of them if six look like an integer and it is none.
fn float_text(value: f64) -> String {
    let short = short_float(value);
    if value.fract() == 0.0 || short.contains('.') {
        return short;
    }
    let scientific = format!("{value:e}");
    match scientific.split_once('e') {
        Some((digits, exponent)) if exponent.starts_with('-') && value.abs() < 1e-4 => {
            format!("{digits}e-{:0>2}", exponent.trim_start_matches('-'))
        }
        _ => value.to_string(),
    }
}

/// A float as C's `%.6g`.
fn short_float(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.5e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| -> String {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    if (-4..6).contains(&exponent) {
        trim(&format!("{value:.*}", (5 - exponent).max(0) as usize))
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trim(digits), exponent.abs())
    }
}

/// Prints expressions, constants and types of a checked program.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    /// The program.
    pub typed: &'a TypedProgram,
    /// Its types: while it is lowered they are not in `typed`.
    pub types: &'a TypeTable,
    /// What is known of the variables of the function around; without it no variable stands for a
    /// constant.
    pub variables: Option<&'a Variables>,
    /// Expressions that are shown as something else.
    pub replaced: Option<&'a HashMap<ExprId, String>>,
}

impl ProgramBuilder<'_> {
    /// A type.
    pub(super) fn type_text(&self, ty: TypeId) -> String {
        let texts = Texts {
            typed: self.typed,
            types: &self.types,
            variables: None,
            replaced: None,
        };
        texts.type_text(ty)
    }
}

impl FunctionBuilder<'_, '_> {
    /// What prints the expressions of this function.
    pub(super) fn texts(&self) -> Texts<'_> {
        Texts {
            typed: self.typed,
            types: &self.program.types,
            variables: Some(&self.facts),
            replaced: None,
        }
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

impl<'a> Texts<'a> {
    /// The type of an expression; untyped ones have their default type.
    pub fn type_of(&self, expr: ExprId) -> TypeId {
        let ty = self.typed.type_of(expr);
        let default = match self.types.get(ty) {
            Type::Basic(Basic::UntypedBool) => Basic::Bool,
            Type::Basic(Basic::UntypedInt) => Basic::Int,
            Type::Basic(Basic::UntypedRune) => Basic::Int32,
            Type::Basic(Basic::UntypedFloat) => Basic::Float64,
            Type::Basic(Basic::UntypedString) => Basic::String,
            _ => return ty,
        };
        self.types.basic(default)
    }

    /// Whether a call of this is a conversion.
    pub fn is_conversion(&self, callee: ExprId) -> bool {
        self.typed.info.modes[callee] == Mode::Type
            || matches!(self.typed.ast.exprs[callee].kind, ExprKind::Paren(inner) if self.is_conversion(inner))
    }

    /// The builtin function an expression names.
    pub fn builtin_of(&self, callee: ExprId) -> Option<Builtin> {
        self.typed.builtin_of(callee)
    }

    /// The operands of a chain of string concatenations.
    pub fn concatenated(&self, expr: ExprId) -> Vec<ExprId> {
        let mut operands = Vec::new();
        let mut rest = vec![expr];
        while let Some(next) = rest.pop() {
            let next = self.typed.ast.unparen(next);
            match self.typed.ast.exprs[next].kind {
                ExprKind::Binary {
                    op: BinaryOp::Add,
                    left,
                    right,
                } if self.typed.constant_of(next).is_none() => {
                    rest.push(right);
                    rest.push(left);
                }
                _ => operands.push(next),
            }
        }
        operands
    }

    fn static_constant(&self, expr: ExprId) -> Option<(&'a Constant, ExprId)> {
        self.variables?
            .static_constant(self.typed, self.types, expr)
    }

    fn static_size(&self, expr: ExprId) -> Option<StaticSize<'a>> {
        self.variables?.static_size(self.typed, self.types, expr)
    }

    pub(super) fn is_string(&self, ty: TypeId) -> bool {
        self.types.as_basic(ty).is_some_and(Basic::is_string)
    }

    fn text(&self, name: ast::Name) -> &'a str {
        self.typed.ast.names.text(name)
    }

    fn function_object(&self, object: ObjectId) -> &'a FunctionObject {
        match &self.typed.objects[object].kind {
            ObjectKind::Function(function) => function,
            other => unreachable!("not a function: {other:?}"),
        }
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
                match declared.package {
                    Some(package) if package != self.typed.main => {
                        format!("{}.{name}", self.text(self.typed.packages[package].name))
                    }
                    _ => name.to_owned(),
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
    /// An expression.
    pub fn expression_text(&self, expr: ExprId) -> String {
        self.operand_text(expr, UNLISTED)
    }

    /// A composite literal of type `ty`, without `&`.
    pub fn literal_text(&self, literal: ExprId, ty: TypeId) -> String {
        let ExprKind::CompositeLiteral {
            ty: written,
            elements,
            ..
        } = &self.typed.ast.exprs[literal].kind
        else {
            return self.expression_text(literal);
        };
        let ty = match written {
            Some(written) => self.type_expr_text(*written),
            None => self.type_text(ty),
        };
        format!("{ty}{{{}}}", if elements.is_empty() { "" } else { "..." })
    }

    /// A type as it is written, normalised: this keeps `byte` and `any` apart from what they are.
    fn type_expr_text(&self, expr: ExprId) -> String {
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

    /// The constant that an expression is or is known to be; `origin` is what it was written as.
    pub fn constant_text(&self, expr: ExprId, constant: &Constant, origin: ExprId) -> String {
        let ty = self.type_of(expr);
        let basic = match self.types.get(ty) {
            Type::Basic(basic) => Some(*basic),
            _ => None,
        };
        let is_rune = self
            .typed
            .info
            .runes
            .contains(&self.typed.ast.unparen(expr));
        let is_float = self.types.as_basic(ty).is_some_and(Basic::is_float);
        let float = |value: f64| (float_text(value), Basic::Float64);
        let (text, default) = match constant {
            Constant::Bool(value) => (value.to_string(), Basic::Bool),
            Constant::String(bytes) => (quoted(bytes), Basic::String),
            Constant::Integer(value) if is_float => float(value.to_f64().value()),
            Constant::Integer(value) => {
                if is_rune
                    && let Ok(code) = u32::try_from(&**value)
                    && let Some(character) = char::from_u32(code)
                {
                    let mut text = String::from("'");
                    push_escaped(&mut text, character, '\'');
                    text.push('\'');
                    return text;
                }
                (value.to_string(), Basic::Int)
            }
            Constant::Float(value) => float(value.to_f64().value()),
            Constant::Wide(_) => (constant.to_string(), Basic::Float64),
        };
        if basic == Some(default) || self.types.is_interface(ty) {
            text
        } else {
            let origin = self.typed.ast.unparen(origin);
            let written = match self.typed.ast.exprs[origin].kind {
                ExprKind::Call { callee, .. } if self.is_conversion(callee) => {
                    self.type_expr_text(callee)
                }
                _ if is_rune => "rune".to_owned(),
                _ => self.type_text(ty),
            };
            format!("{written}({text})")
        }
    }

    /// An expression as an operand of something that binds with strength `around`.
    fn operand_text(&self, expr: ExprId, around: u8) -> String {
        let typed = self.typed;
        let expr = typed.ast.unparen(expr);
        if let Some(constant) = typed.constant_of(expr) {
            return self.constant_text(expr, constant, expr);
        }
        if let Some(text) = self.replaced.and_then(|replaced| replaced.get(&expr)) {
            return text.clone();
        }
        let (text, strength) = self.text_and_strength(expr);
        if around > strength {
            format!("({text})")
        } else {
            text
        }
    }

    fn text_and_strength(&self, expr: ExprId) -> (String, u8) {
        let typed = self.typed;
        match &typed.ast.exprs[expr].kind {
            ExprKind::Name(ident) => {
                let text = typed.ast.ident_text(*ident);
                if typed.info.modes[expr] == Mode::Nil {
                    return ("nil".to_owned(), PRIMARY);
                }
                (text.to_owned(), PRIMARY)
            }
            ExprKind::Literal(_) => (
                typed.sources.text(typed.ast.exprs[expr].span).to_owned(),
                PRIMARY,
            ),
            ExprKind::CompositeLiteral { .. } => {
                let ty = self.type_of(expr);
                match self.types.pointee(ty) {
                    Some(element) => (format!("&{}", self.literal_text(expr, element)), UNLISTED),
                    None => (self.literal_text(expr, ty), PRIMARY),
                }
            }
            ExprKind::FunctionLiteral { .. } => ("func literal".to_owned(), UNLISTED),
            ExprKind::Selector { operand, name } => {
                (self.selector_text(expr, *operand, *name), PRIMARY)
            }
            ExprKind::Index { operand, indices } => {
                let index = self.expression_text(indices[0]);
                (
                    format!("{}[{index}]", self.operand_text(*operand, PRIMARY)),
                    PRIMARY,
                )
            }
            ExprKind::Slice {
                operand,
                low,
                high,
                max,
                is_full,
            } => {
                let bound = |bound: &Option<ExprId>| {
                    bound
                        .map(|bound| self.expression_text(bound))
                        .unwrap_or_default()
                };
                let mut text = format!(
                    "{}[{}:{}",
                    self.operand_text(*operand, PRIMARY),
                    bound(low),
                    bound(high)
                );
                if *is_full {
                    text.push(':');
                    text.push_str(&bound(max));
                }
                text.push(']');
                (text, PRIMARY)
            }
            ExprKind::TypeAssertion { operand, ty } => {
                let ty = ty.map_or_else(|| "type".to_owned(), |ty| self.type_expr_text(ty));
                (
                    format!("{}.({ty})", self.operand_text(*operand, PRIMARY)),
                    PRIMARY,
                )
            }
            ExprKind::Call {
                callee,
                arguments,
                spread,
                ..
            } => self.call_text(expr, *callee, arguments, spread.is_some()),
            ExprKind::Star(inner) if typed.info.modes[expr] != Mode::Type => (
                format!("*{}", self.operand_text(*inner, PREFIX + 1)),
                PREFIX,
            ),
            ExprKind::Unary(UnaryOp::AddressOf, inner)
                if matches!(
                    typed.ast.exprs[typed.ast.unparen(*inner)].kind,
                    ExprKind::CompositeLiteral { .. }
                ) =>
            {
                (
                    format!("&{}", self.operand_text(*inner, UNLISTED)),
                    UNLISTED,
                )
            }
            ExprKind::Unary(op, inner) => {
                let operand = self.operand_text(*inner, PREFIX + 1);
                let is_repeated = matches!(
                    typed.ast.exprs[typed.ast.unparen(*inner)].kind,
                    ExprKind::Unary(inner, _) if inner == *op
                );
                let space = if is_repeated { " " } else { "" };
                (format!("{}{space}{operand}", op.text()), PREFIX)
            }
            ExprKind::Binary { op, left, right } => self.binary_text(expr, *op, *left, *right),
            _ => (self.type_expr_text(expr), PRIMARY),
        }
    }

    fn binary_text(&self, expr: ExprId, op: BinaryOp, left: ExprId, right: ExprId) -> (String, u8) {
        if op == BinaryOp::Add && self.is_string(self.type_of(expr)) {
            // gc has one node for a chain of concatenations.
            let parts = self.concatenated(expr);
            let parts: Vec<String> = parts
                .into_iter()
                .map(|part| self.operand_text(part, UNLISTED))
                .collect();
            return (parts.join(" + "), UNLISTED);
        }
        let strength = precedence(op);
        let left = self.operand_text(left, strength);
        let right_text = if op.is_shift() && self.typed.constant_of(right).is_some() {
            self.shift_count_text(right)
        } else {
            self.operand_text(right, strength + 1)
        };
        (format!("{left} {} {right_text}", op.text()), strength)
    }

    /// gc makes an untyped constant shift count a `uint`.
    fn shift_count_text(&self, count: ExprId) -> String {
        let text = self.expression_text(count);
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("uint({text})")
        } else {
            text
        }
    }

    fn selector_text(&self, expr: ExprId, operand: ExprId, name: ast::IdentId) -> String {
        let typed = self.typed;
        let name_text = typed.ast.ident_text(name);
        let Some(selection) = typed.info.selections.get(&expr) else {
            return format!("{}.{name_text}", self.expression_text(operand));
        };
        let mut text = if typed.info.modes[operand] == Mode::Type {
            let of = self.type_expr_text(operand);
            if of.starts_with('*') {
                format!("({of})")
            } else {
                of
            }
        } else {
            self.operand_text(operand, PRIMARY)
        };
        let is_field = selection.kind == crate::check::SelectionKind::Field;
        let on_the_way = selection.path.len() - usize::from(is_field);
        self.push_path(&mut text, selection, on_the_way);
        text.push('.');
        text.push_str(name_text);
        text
    }

    fn call_text(
        &self,
        expr: ExprId,
        callee: ExprId,
        arguments: &[ExprId],
        has_spread: bool,
    ) -> (String, u8) {
        if self.is_conversion(callee) {
            let ty = self.type_of(expr);
            let written = self.type_expr_text(callee);
            let is_symbol =
                matches!(self.types.get(ty), Type::Named(_) | Type::Basic(_)) || written == "any";
            // gc makes a literal of the runes of a constant.
            let is_of_runes = matches!(
                self.types.underlying(ty),
                Type::Slice(element) if self.types.as_basic(*element) == Some(Basic::Int32)
            );
            if is_of_runes
                && let Some(Constant::String(bytes)) = self.typed.constant_of(arguments[0])
            {
                let elements = if bytes.is_empty() { "" } else { "..." };
                return (format!("{written}{{{elements}}}"), PRIMARY);
            }
            let written = if is_symbol {
                written
            } else {
                format!("({written})")
            };
            return (
                format!("{written}({})", self.converted_text(ty, arguments[0])),
                PRIMARY,
            );
        }
        let builtin = self.builtin_of(callee);
        let text_of = |(index, argument): (usize, &ExprId)| {
            if self.typed.info.modes[*argument] == Mode::Type {
                return self.type_expr_text(*argument);
            }
            // The size of a slice is shown as the constant it is taken for.
            let is_slice_size = builtin == Some(Builtin::Make) && index + 1 == arguments.len();
            if is_slice_size && matches!(self.types.underlying(self.type_of(expr)), Type::Slice(_))
            {
                match self.static_size(*argument) {
                    Some(StaticSize::Constant(constant, origin)) => {
                        return self.constant_text(*argument, constant, origin);
                    }
                    Some(StaticSize::Length(length)) => return length.to_string(),
                    None => {}
                }
            }
            self.expression_text(*argument)
        };
        let variadic = match builtin {
            Some(_) => None,
            None => self
                .types
                .as_signature(self.type_of(callee))
                .filter(|signature| signature.is_variadic),
        };
        let shown = match variadic {
            Some(signature) if !has_spread => {
                &arguments[..arguments.len().min(signature.parameters.len() - 1)]
            }
            _ => arguments,
        };
        let mut texts: Vec<String> = shown.iter().enumerate().map(text_of).collect();
        let method = self.called_method(callee);
        if let Some((_, receiver)) = &method {
            texts.insert(0, receiver.clone());
        }
        if variadic.is_some() && !has_spread {
            let is_empty = shown.len() == arguments.len();
            texts.push(
                if is_empty {
                    "nil..."
                } else {
                    "... argument..."
                }
                .to_owned(),
            );
        }
        if has_spread && let Some(last) = texts.last_mut() {
            last.push_str("...");
        }
        let strength = match builtin {
            Some(Builtin::Make)
                if !matches!(self.types.underlying(self.type_of(expr)), Type::Slice(_)) =>
            {
                UNLISTED
            }
            Some(Builtin::Recover) => UNLISTED,
            _ => PRIMARY,
        };
        let callee = match (builtin, method) {
            (Some(_), _) => self.builtin_text(callee),
            (None, Some((method, _))) => method,
            (None, None) => self.operand_text(callee, PRIMARY),
        };
        (format!("{callee}({})", texts.join(", ")), strength)
    }

    /// The operand of a conversion to `ty`.
    fn converted_text(&self, ty: TypeId, operand: ExprId) -> String {
        if self.types.is_interface(ty)
            && let Some((constant, origin)) = self.static_constant(operand)
        {
            return self.constant_text(operand, constant, origin);
        }
        let text = self.expression_text(operand);
        // Text comes from slices of these two alone: others are converted first.
        let elements = match self
            .types
            .underlying(self.type_of(self.typed.ast.unparen(operand)))
        {
            Type::Slice(element) if self.is_string(self.types.underlying_id(ty)) => *element,
            _ => return text,
        };
        match (self.types.get(elements), self.types.underlying(elements)) {
            (Type::Named(_), Type::Basic(Basic::Uint8)) => format!("([]byte)({text})"),
            (Type::Named(_), Type::Basic(Basic::Int32)) => format!("([]rune)({text})"),
            _ => text,
        }
    }

    /// The first `steps` fields on the way of a selector.
    pub fn path_text(&self, operand: ExprId, selection: &Selection, steps: usize) -> String {
        let mut text = self.operand_text(operand, PRIMARY);
        self.push_path(&mut text, selection, steps);
        text
    }

    fn push_path(&self, text: &mut String, selection: &Selection, steps: usize) {
        let mut ty = selection.receiver;
        for index in &selection.path[..steps] {
            let structure = self.types.pointee(ty).unwrap_or(ty);
            let Type::Struct(fields) = self.types.underlying(structure) else {
                break;
            };
            let field = &fields[*index as usize];
            text.push('.');
            text.push_str(self.text(field.name));
            ty = field.ty;
        }
    }

    /// `channel <- value`
    pub fn send_text(&self, channel: ExprId, value: ExprId) -> String {
        let channel = self.operand_text(channel, SEND);
        format!("{channel} <- {}", self.operand_text(value, SEND + 1))
    }

    /// What is called, as an operand.
    pub fn callee_text(&self, callee: ExprId) -> String {
        self.operand_text(callee, PRIMARY)
    }

    /// The declared method that a callee names, as a method expression.
    pub fn called_method_text(&self, callee: ExprId) -> Option<String> {
        self.called_method(callee).map(|(method, _)| method)
    }

    /// A call of a declared method is a call of a function to gc: that function, as a method
    /// expression, and its receiver.
    fn called_method(&self, callee: ExprId) -> Option<(String, String)> {
        let typed = self.typed;
        let callee = typed.ast.unparen(callee);
        let ExprKind::Selector { operand, name } = typed.ast.exprs[callee].kind else {
            return None;
        };
        let selection = typed.info.selections.get(&callee)?;
        if selection.kind != crate::check::SelectionKind::MethodValue {
            return None;
        }
        let declared = self.function_object(selection.method?).receiver?;
        let mut ty = selection.receiver;
        let mut receiver = self.operand_text(operand, PRIMARY);
        for index in &selection.path {
            let structure = self.types.pointee(ty).unwrap_or(ty);
            let Type::Struct(fields) = self.types.underlying(structure) else {
                break;
            };
            let field = &fields[*index as usize];
            receiver.push('.');
            receiver.push_str(self.text(field.name));
            ty = field.ty;
        }
        if selection.path.is_empty() {
            receiver = self.expression_text(operand);
        }
        // The `&` or `*` that the call implies is not shown.
        let of = self.type_text(match self.types.pointee(ty) {
            Some(element) => element,
            None => ty,
        });
        let name = typed.ast.ident_text(name);
        let method = if declared.is_pointer {
            format!("(*{of}).{name}")
        } else {
            format!("{of}.{name}")
        };
        Some((method, receiver))
    }

    fn builtin_text(&self, callee: ExprId) -> String {
        let callee = self.typed.ast.unparen(callee);
        match &self.typed.ast.exprs[callee].kind {
            ExprKind::Name(ident) | ExprKind::Selector { name: ident, .. } => {
                debug_assert!(self.typed.object_of(*ident).is_some_and(|object| matches!(
                    self.typed.objects[object].kind,
                    ObjectKind::Builtin(_)
                )));
                self.typed.ast.ident_text(*ident).to_owned()
            }
            _ => String::new(),
        }
    }
}
