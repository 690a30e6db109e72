//! Statements, and other things that explanations name, as gc prints them.
//!
//! gc prints its own tree here too: values of calls with several results go through temporaries,
//! loops and switches show nothing of what is in them.

use std::collections::HashMap;
use std::rc::Rc;

use frontend::ast::{
    BinaryOp, Block, CaseClause, Declaration, ExprId, ExprKind, Statement, StatementKind,
};
use frontend::check::TypedProgram;
use frontend::ssa::builder::{TEMPORARY, Texts, Variables};
use frontend::types::TypeId;

/// Something of the source that a message names.
#[derive(Debug, Clone)]
pub(super) enum Node<'p> {
    /// An expression.
    Expression(ExprId),
    /// An expression converted to an interface: the same, or the constant it is known to be.
    Boxed(ExprId),
    /// A composite literal of this type, without the `&` before it.
    Literal(ExprId, TypeId),
    /// A statement.
    Statement(&'p Statement),
    /// A clause of a switch.
    Clause(&'p CaseClause),
    /// Something else.
    Text(Rc<str>),
}

impl Node<'_> {
    /// Something with this text.
    pub(super) fn text(text: impl Into<Rc<str>>) -> Self {
        Node::Text(text.into())
    }
}

/// What prints nodes and positions.
#[derive(Clone, Copy)]
pub(super) struct Words<'p> {
    pub(super) typed: &'p TypedProgram,
    /// Calls that are shown as calls of the methods they can only end in.
    pub(super) replaced: &'p HashMap<ExprId, String>,
    pub(super) variables: &'p Variables,
}

impl<'p> Words<'p> {
    /// What prints expressions. Sizes and boxed values are late replaced by the constants they are
    /// known to be.
    pub(super) fn texts(&self, is_late: bool) -> Texts<'p> {
        Texts {
            typed: self.typed,
            types: &self.typed.types,
            variables: is_late.then_some(self.variables),
            replaced: Some(self.replaced),
        }
    }

    /// A node.
    pub(super) fn node(&self, node: &Node<'_>, is_late: bool) -> String {
        let texts = self.texts(is_late);
        match node {
            // Where a temporary gets its value, that is shown.
            Node::Expression(expr)
                if self
                    .replaced
                    .get(expr)
                    .is_some_and(|text| text.starts_with(TEMPORARY)) =>
            {
                let plain = Texts {
                    replaced: None,
                    ..texts
                };
                plain.expression_text(*expr)
            }
            Node::Expression(expr) => texts.expression_text(*expr),
            Node::Boxed(expr) => {
                let constant = self
                    .variables
                    .static_constant(self.typed, &self.typed.types, *expr)
                    .filter(|_| is_late);
                match constant {
                    Some((constant, origin)) => texts.constant_text(*expr, constant, origin),
                    None => texts.expression_text(*expr),
                }
            }
            Node::Literal(expr, ty) => texts.literal_text(*expr, *ty),
            Node::Statement(statement) => statement_text(&texts, statement),
            Node::Clause(clause) => {
                let body: Vec<String> = clause
                    .body
                    .iter()
                    .map(|statement| statement_text(&texts, statement))
                    .collect();
                let head = match &clause.cases {
                    Some(cases) => format!("case {}", list_text(&texts, cases)),
                    None => "default".to_owned(),
                };
                format!("{head}: {}", body.join("; "))
            }
            Node::Text(text) => text.to_string(),
        }
    }

    /// `file:line:column`
    pub(super) fn position(&self, offset: u32) -> String {
        self.typed.sources.display_late(offset)
    }
}

/// Expressions with commas between.
pub(super) fn list_text(texts: &Texts<'_>, exprs: &[ExprId]) -> String {
    let texts: Vec<String> = exprs
        .iter()
        .map(|expr| texts.expression_text(*expr))
        .collect();
    texts.join(", ")
}

fn block_text(texts: &Texts<'_>, block: &Block) -> String {
    let statements: Vec<String> = block
        .statements
        .iter()
        .map(|statement| statement_text(texts, statement))
        .collect();
    statements.join("; ")
}

fn statement_text(texts: &Texts<'_>, statement: &Statement) -> String {
    let ast = &texts.typed.ast;
    let expr = |expr: &ExprId| texts.expression_text(*expr);
    match &statement.kind {
        StatementKind::Empty => String::new(),
        StatementKind::Expression(inner) => expr(inner),
        StatementKind::Send { channel, value, .. } => texts.send_text(*channel, *value),
        StatementKind::IncDec {
            operand,
            is_increment,
            ..
        } => format!(
            "{}{}",
            expr(operand),
            if *is_increment { "++" } else { "--" }
        ),
        StatementKind::Assign {
            left, op, right, ..
        } => format!(
            "{} {}= {}",
            list_text(texts, left),
            op.map_or("", BinaryOp::text),
            list_text(texts, right)
        ),
        StatementKind::Define { left, right, .. } => {
            format!("{} := {}", list_text(texts, left), list_text(texts, right))
        }
        StatementKind::Block(block) => block_text(texts, block),
        StatementKind::If(statement) => {
            let init = statement
                .init
                .as_ref()
                .map(|init| format!("{}; ", statement_text(texts, init)))
                .unwrap_or_default();
            let otherwise = statement
                .otherwise
                .as_ref()
                .map(|otherwise| format!(" else {{ {} }}", statement_text(texts, otherwise)))
                .unwrap_or_default();
            format!(
                "if {init}{} {{ {} }}{otherwise}",
                expr(&statement.condition),
                block_text(texts, &statement.then)
            )
        }
        StatementKind::For(_) => "for loop".to_owned(),
        StatementKind::Switch(_) | StatementKind::TypeSwitch(_) => "switch statement".to_owned(),
        StatementKind::Select(_) => "select statement".to_owned(),
        StatementKind::Labeled { label, statement } => {
            format!(
                "{}: ; {}",
                ast.ident_text(*label),
                statement_text(texts, statement)
            )
        }
        StatementKind::Go(call) => format!("go {}", expr(call)),
        StatementKind::Defer(call) => format!("defer {}", expr(call)),
        StatementKind::Return(values) => format!("return {}", list_text(texts, values)),
        StatementKind::Break(label) => jump_text("break", texts, *label),
        StatementKind::Continue(label) => jump_text("continue", texts, *label),
        StatementKind::Goto(label) => jump_text("goto", texts, Some(*label)),
        StatementKind::Fallthrough => "fallthrough".to_owned(),
        StatementKind::Declaration(declaration) => match &**declaration {
            Declaration::Var(specs) => {
                let specs: Vec<String> = specs
                    .iter()
                    .map(|spec| {
                        let names: Vec<&str> = spec
                            .names
                            .iter()
                            .map(|name| ast.ident_text(*name))
                            .collect();
                        let names = names.join(", ");
                        if spec.values.is_empty() {
                            format!("{names} = <nil>")
                        } else {
                            format!("{names} := {}", list_text(texts, &spec.values))
                        }
                    })
                    .collect();
                specs.join("; ")
            }
            _ => String::new(),
        },
    }
}

fn jump_text(word: &str, texts: &Texts<'_>, label: Option<frontend::ast::IdentId>) -> String {
    match label {
        Some(label) => format!("{word} {}", texts.typed.ast.ident_text(label)),
        None => word.to_owned(),
    }
}

/// What is evaluated to evaluate an expression, in order; not what is in function literals.
pub(crate) fn parts(typed: &TypedProgram, expr: ExprId) -> Vec<ExprId> {
    match &typed.ast.exprs[expr].kind {
        ExprKind::Paren(inner)
        | ExprKind::Star(inner)
        | ExprKind::Unary(_, inner)
        | ExprKind::Selector { operand: inner, .. }
        | ExprKind::TypeAssertion { operand: inner, .. } => vec![*inner],
        ExprKind::CompositeLiteral { elements, .. } => {
            let keys_count = typed.info.types[expr].expand().is_some_and(|ty| {
                let ty = typed.types.pointee(ty).unwrap_or(ty);
                matches!(typed.types.underlying(ty), frontend::types::Type::Map(..))
            });
            let of = |element: &frontend::ast::Element| {
                let key = element.key.filter(|_| keys_count);
                key.into_iter().chain([element.value])
            };
            elements.iter().flat_map(of).collect()
        }
        ExprKind::Index { operand, indices } => {
            [operand].into_iter().chain(indices).copied().collect()
        }
        ExprKind::Slice {
            operand,
            low,
            high,
            max,
            ..
        } => {
            let bounds = [low, high, max].into_iter().filter_map(|bound| *bound);
            [*operand].into_iter().chain(bounds).collect()
        }
        ExprKind::Call {
            callee, arguments, ..
        } => [callee].into_iter().chain(arguments).copied().collect(),
        ExprKind::Binary { left, right, .. } => vec![*left, *right],
        _ => Vec::new(),
    }
}
