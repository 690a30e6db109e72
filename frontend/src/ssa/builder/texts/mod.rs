//! Expressions and types as gc prints them in `-m`.
//!
//! gc prints its own tree: parentheses of the source are gone and come back by precedence,
//! constants are folded and show their type unless it is their default type, embedded fields on
//! the way of a selector are written out, literals show no elements. Formats were read from
//! messages of gc and from `cmd/compile/internal/ir/fmt.go`. Here are expressions; [`types`],
//! [`constants`] and [`calls`] have files of their own.

mod calls;
mod constants;
mod types;

use std::collections::HashMap;

use super::ProgramBuilder;
use super::function::FunctionBuilder;
use super::variables::{StaticSize, Variables};
use crate::ast::{self, BinaryOp, ExprId, ExprKind, UnaryOp};
use crate::check::constant::Constant;
use crate::check::{Builtin, FunctionObject, Mode, ObjectId, ObjectKind, TypedProgram};
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

fn precedence(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::LogicalOr => 1,
        BinaryOp::LogicalAnd => 2,
        _ if op.is_comparison() => 4,
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Or | BinaryOp::Xor => 5,
        _ => 6,
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

    /// `channel <- value`
    pub fn send_text(&self, channel: ExprId, value: ExprId) -> String {
        let channel = self.operand_text(channel, SEND);
        format!("{channel} <- {}", self.operand_text(value, SEND + 1))
    }
}
