//! Prints expressions as gc prints them in diagnostics: one line, bodies and elements shortened to `…`.
//!
//! The format is that of `ShortForm` in `cmd/compile/internal/syntax`: `x + y`, `f(a, b...)`,
//! `[]int{…}`, `func(x int) {…}`, `struct{a, b int; c string}`. Parentheses stay where they are
//! written, except around types, where the parser does not keep them.

use std::fmt::Write as _;

use crate::ast::*;
use crate::source::{SourceMap, Span};

/// An expression as gc prints it.
pub fn expression(ast: &Ast, names: &Names, sources: &SourceMap, expr: ExprId) -> String {
    let (text, base) = match sources.file_of(ast.exprs[expr].span.start) {
        Some(id) => (&*sources.file(id).text, sources.file(id).base),
        None => ("", 0),
    };
    Printer::new(ast, names, text, base).expression(expr)
}

/// Prints nodes of one file.
pub(crate) struct Printer<'a> {
    ast: &'a Ast,
    names: &'a Names,
    text: &'a str,
    base: u32,
}

impl<'a> Printer<'a> {
    /// A printer for nodes of the file with this text, whose first byte has the offset `base`.
    pub(crate) fn new(ast: &'a Ast, names: &'a Names, text: &'a str, base: u32) -> Self {
        Printer {
            ast,
            names,
            text,
            base,
        }
    }

    fn ident_text(&self, ident: IdentId) -> &'a str {
        self.names.text(self.ast.idents[ident].name)
    }

    pub(crate) fn expression(&self, expr: ExprId) -> String {
        let mut out = String::new();
        self.print(&mut out, expr);
        out
    }

    /// Expressions with commas between them.
    pub(crate) fn list(&self, list: &[ExprId]) -> String {
        let mut out = String::new();
        self.print_list(&mut out, list);
        out
    }

    /// A simple statement; others print as nothing.
    pub(crate) fn simple_statement(&self, statement: &Statement) -> String {
        match &statement.kind {
            StatementKind::Expression(expression) => self.expression(*expression),
            StatementKind::Send { channel, value, .. } => {
                format!(
                    "{} <- {}",
                    self.expression(*channel),
                    self.expression(*value)
                )
            }
            StatementKind::IncDec {
                operand,
                is_increment,
                ..
            } => {
                format!(
                    "{}{}",
                    self.expression(*operand),
                    if *is_increment { "++" } else { "--" }
                )
            }
            StatementKind::Assign {
                left, op, right, ..
            } => {
                let op = op.map_or("", BinaryOp::text);
                format!("{} {op}= {}", self.list(left), self.list(right))
            }
            StatementKind::Define { left, right, .. } => {
                format!("{} := {}", self.list(left), self.list(right))
            }
            _ => String::new(),
        }
    }

    fn source(&self, span: Span) -> &'a str {
        let range = span
            .start
            .checked_sub(self.base)
            .zip(span.end.checked_sub(self.base));
        range
            .and_then(|(start, end)| self.text.get(start as usize..end as usize))
            .unwrap_or("")
    }

    fn print_list(&self, out: &mut String, list: &[ExprId]) {
        for (index, expr) in list.iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            self.print(out, *expr);
        }
    }

    fn print(&self, out: &mut String, expr: ExprId) {
        let expr = &self.ast.exprs[expr];
        match &expr.kind {
            ExprKind::Name(ident) => out.push_str(self.ident_text(*ident)),
            ExprKind::Literal(_) => out.push_str(self.source(expr.span)),
            ExprKind::CompositeLiteral { ty, elements, .. } => {
                if let Some(ty) = ty {
                    self.print(out, *ty);
                }
                out.push_str(if elements.is_empty() { "{}" } else { "{…}" });
            }
            ExprKind::FunctionLiteral { signature, body } => {
                out.push_str("func");
                self.print_signature(out, signature);
                let is_empty = matches!(&self.ast.bodies[*body], Body::Parsed(block) if block.statements.is_empty());
                out.push_str(if is_empty { " {}" } else { " {…}" });
            }
            ExprKind::Paren(inner) => {
                out.push('(');
                self.print(out, *inner);
                out.push(')');
            }
            ExprKind::Selector { operand, name } => {
                self.print(out, *operand);
                let _ = write!(out, ".{}", self.ident_text(*name));
            }
            ExprKind::Index { operand, indices } => {
                self.print(out, *operand);
                out.push('[');
                self.print_list(out, indices);
                out.push(']');
            }
            ExprKind::Slice {
                operand,
                low,
                high,
                max,
                ..
            } => {
                self.print(out, *operand);
                out.push('[');
                self.print_optional(out, *low);
                out.push(':');
                self.print_optional(out, *high);
                if max.is_some() {
                    out.push(':');
                    self.print_optional(out, *max);
                }
                out.push(']');
            }
            ExprKind::TypeAssertion { operand, ty } => {
                self.print(out, *operand);
                out.push_str(".(");
                match ty {
                    Some(ty) => self.print(out, *ty),
                    None => out.push_str("type"),
                }
                out.push(')');
            }
            ExprKind::Call {
                callee,
                arguments,
                spread,
                ..
            } => {
                self.print(out, *callee);
                out.push('(');
                self.print_list(out, arguments);
                out.push_str(if spread.is_some() { "...)" } else { ")" });
            }
            ExprKind::Star(target) => {
                out.push('*');
                self.print(out, *target);
            }
            ExprKind::Unary(op, operand) => {
                out.push_str(op.text());
                self.print(out, *operand);
            }
            ExprKind::Binary { op, left, right } => {
                self.print(out, *left);
                let _ = write!(out, " {} ", op.text());
                self.print(out, *right);
            }
            _ => self.print_type(out, &expr.kind),
        }
    }

    fn print_optional(&self, out: &mut String, expr: Option<ExprId>) {
        if let Some(expr) = expr {
            self.print(out, expr);
        }
    }

    fn print_type(&self, out: &mut String, kind: &ExprKind) {
        match kind {
            ExprKind::ArrayType { length, element } => {
                out.push('[');
                match length {
                    Some(length) => self.print(out, *length),
                    None => out.push_str("..."),
                }
                out.push(']');
                self.print(out, *element);
            }
            ExprKind::SliceType(element) => {
                out.push_str("[]");
                self.print(out, *element);
            }
            ExprKind::MapType { key, value } => {
                out.push_str("map[");
                self.print(out, *key);
                out.push(']');
                self.print(out, *value);
            }
            ExprKind::ChannelType { direction, element } => {
                self.print_channel(out, *direction, *element);
            }
            ExprKind::FunctionType(signature) => {
                out.push_str("func");
                self.print_signature(out, signature);
            }
            ExprKind::StructType(fields) => {
                out.push_str("struct{");
                for (index, field) in fields.iter().enumerate() {
                    out.push_str(if index > 0 { "; " } else { "" });
                    self.print_field(out, field);
                }
                out.push('}');
            }
            ExprKind::InterfaceType(elements) => {
                out.push_str("interface{");
                for (index, element) in elements.iter().enumerate() {
                    out.push_str(if index > 0 { "; " } else { "" });
                    match element {
                        InterfaceElement::Method { name, signature } => {
                            out.push_str(self.ident_text(*name));
                            self.print_signature(out, signature);
                        }
                        InterfaceElement::Embedded(terms) => self.print_union(out, terms),
                    }
                }
                out.push('}');
            }
            _ => unreachable!("not a type"),
        }
    }

    fn print_channel(&self, out: &mut String, direction: ChannelDirection, element: ExprId) {
        out.push_str(match direction {
            ChannelDirection::Both => "chan ",
            ChannelDirection::Send => "chan<- ",
            ChannelDirection::Receive => "<-chan ",
        });
        // `chan (<-chan T)` would read as `chan<- chan T` without parentheses.
        let element_kind = &self.ast.exprs[element].kind;
        let receives = matches!(
            element_kind,
            ExprKind::ChannelType {
                direction: ChannelDirection::Receive,
                ..
            }
        );
        if direction == ChannelDirection::Both && receives {
            out.push('(');
            self.print(out, element);
            out.push(')');
        } else {
            self.print(out, element);
        }
    }

    fn print_union(&self, out: &mut String, terms: &[UnionTerm]) {
        for (index, term) in terms.iter().enumerate() {
            out.push_str(if index > 0 { " | " } else { "" });
            out.push_str(if term.has_tilde { "~" } else { "" });
            self.print(out, term.ty);
        }
    }

    fn print_field(&self, out: &mut String, field: &Field) {
        for (index, name) in field.names.iter().enumerate() {
            out.push_str(if index > 0 { ", " } else { "" });
            out.push_str(self.ident_text(*name));
        }
        if !field.names.is_empty() {
            out.push(' ');
        }
        self.print(out, field.ty);
        if let Some(tag) = field.tag {
            let _ = write!(out, " {}", self.source(tag));
        }
    }

    fn print_signature(&self, out: &mut String, signature: &FunctionType) {
        self.print_parameters(out, &signature.parameters);
        match &signature.results[..] {
            [] => {}
            [Parameter { name: None, ty, .. }] => {
                out.push(' ');
                self.print(out, *ty);
            }
            results => {
                out.push(' ');
                self.print_parameters(out, results);
            }
        }
    }

    fn print_parameters(&self, out: &mut String, parameters: &[Parameter]) {
        out.push('(');
        for (index, parameter) in parameters.iter().enumerate() {
            out.push_str(if index > 0 { ", " } else { "" });
            if let Some(name) = parameter.name {
                out.push_str(self.ident_text(name));
                let shares_type = |next: &Parameter| next.name.is_some() && next.ty == parameter.ty;
                if parameters.get(index + 1).is_some_and(shares_type) {
                    continue;
                }
                out.push(' ');
            }
            out.push_str(if parameter.is_variadic { "..." } else { "" });
            self.print(out, parameter.ty);
        }
        out.push(')');
    }
}
