//! Builds the nodes of the tree for the grammar's actions.
//!
//! The grammar accepts a superset of Go. What is wrong in it is found here when the node around it is
//! built: the shape of parameter lists and headers, misplaced parentheses and the like, in gc's
//! words. Lists and headers are settled in [`crate::settle`].
//!
//! Positions follow `cmd/compile/internal/syntax`: see [`Expr::position`].

use std::collections::BTreeSet;

use crate::ast::*;
use crate::source::Span;
use crate::syntax_print::Printer;
use crate::token::{Spanned, Token};

/// The tree is deeper than [`MAX_NESTING`]: parsing stops at once. The offset says where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TooDeep(pub(crate) u32);

/// How deep brackets, operators, types and `else if` chains may nest; later stages walk the tree by
/// recursion. Generated code stays far below.
pub(crate) const MAX_NESTING: usize = 10_000;

/// What a start symbol yields.
pub(crate) enum Parsed {
    /// A source file.
    File {
        /// The name after `package`.
        package: IdentId,
        /// Its declarations.
        declarations: Vec<Declaration>,
    },
    /// The body of one function.
    Body(Block),
}

/// A literal as a token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LiteralToken {
    pub(crate) kind: LiteralKind,
    pub(crate) span: Span,
}

/// An entry of a parameter list: `T`, `name T`, `...T` or `name ...T`. A lone name looks like a type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ParameterEntry {
    pub(crate) name: Option<IdentId>,
    pub(crate) ellipsis: Option<u32>,
    pub(crate) ty: ExprId,
}

/// A parameter list before it is known whether its entries are named.
#[derive(Debug)]
pub(crate) struct ParameterList {
    pub(crate) entries: Vec<ParameterEntry>,
    pub(crate) open: u32,
    pub(crate) close: u32,
}

/// An entry of a type parameter list; without a name it may be one.
#[derive(Debug)]
pub(crate) struct TypeParameterEntry {
    pub(crate) name: Option<IdentId>,
    pub(crate) constraint: Vec<UnionTerm>,
}

/// The results of a function.
#[derive(Debug)]
pub(crate) struct Results {
    pub(crate) list: Vec<Parameter>,
    /// Where they end, if they are written.
    pub(crate) end: Option<u32>,
}

impl Results {
    pub(crate) fn none() -> Self {
        Results {
            list: Vec::new(),
            end: None,
        }
    }
}

/// `{ elements }`
#[derive(Debug)]
pub(crate) struct LiteralValue {
    pub(crate) elements: Vec<Element>,
    pub(crate) open: u32,
    pub(crate) close: u32,
}

/// What stands in the parentheses of a call.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) list: Vec<ExprId>,
    pub(crate) spread: Option<u32>,
}

/// An `if` statement, or the block behind the last `else`.
pub(crate) struct If {
    pub(crate) statement: Statement,
    /// How many `if`s hang below it.
    pub(crate) chain: usize,
}

/// What stands before the clauses of a `switch`.
pub(crate) struct SwitchHeader {
    pub(crate) init: Option<Statement>,
    pub(crate) tag: Option<Statement>,
}

/// Builds nodes into an [`Ast`].
pub(crate) struct Builder<'s> {
    pub(crate) ast: &'s mut Ast,
    text: &'s str,
    base: u32,
    tokens: &'s [Spanned],
    /// Mistakes found so far: where, and what in gc's words.
    pub(crate) errors: Vec<(u32, String)>,
    /// The deepest expression, if it is too deep.
    pub(crate) too_deep: Option<TooDeep>,
    /// Start and depth of each expression that is not yet part of a bigger one.
    open_depths: Vec<(u32, u32)>,
    /// `x.(type)`s that no switch has claimed yet.
    guards: BTreeSet<ExprId>,
    /// How many labels stand directly before the statement that was built last.
    pub(crate) label_chain: usize,
    /// Whether the last top-level declaration was an import.
    pub(crate) last_was_import: bool,
}

impl<'s> Builder<'s> {
    /// A builder for the tokens of `text`, whose first byte has the offset `base`.
    pub(crate) fn new(ast: &'s mut Ast, text: &'s str, base: u32, tokens: &'s [Spanned]) -> Self {
        Builder {
            ast,
            text,
            base,
            tokens,
            errors: Vec::new(),
            too_deep: None,
            open_depths: Vec::new(),
            guards: BTreeSet::new(),
            label_chain: 0,
            last_was_import: true,
        }
    }

    /// Notes a mistake; `message` is all that gc prints behind the position.
    pub(crate) fn error(&mut self, offset: u32, message: impl Into<String>) {
        self.errors.push((offset, message.into()));
    }

    /// Ends a complete tree: what was left open is an error now.
    pub(crate) fn finish(&mut self) {
        for guard in std::mem::take(&mut self.guards) {
            let start = self.ast.exprs[guard].span.start;
            self.error(
                start,
                "invalid syntax tree: use of .(type) outside type switch",
            );
        }
    }

    pub(crate) fn claim_guard(&mut self, guard: ExprId) {
        self.guards.remove(&guard);
    }

    /// The token at or behind an offset.
    pub(crate) fn token_from(&self, offset: u32) -> Option<Token> {
        let index = self
            .tokens
            .partition_point(|spanned| spanned.start < offset);
        self.tokens.get(index).map(|spanned| spanned.token)
    }

    pub(crate) fn text_of(&self, span: Span) -> &'s str {
        &self.text[(span.start - self.base) as usize..(span.end - self.base) as usize]
    }

    pub(crate) fn printer(&self) -> Printer<'_> {
        Printer::new(self.ast, &self.ast.names, self.text, self.base)
    }

    pub(crate) fn span(&self, expr: ExprId) -> Span {
        self.ast.exprs[expr].span
    }

    /// Adds a node. All nodes that begin inside its span and were not yet part of another are its
    /// parts, function bodies included: that is how its depth is known.
    fn push(&mut self, kind: ExprKind, span: Span, position: u32) -> ExprId {
        let mut depth = 0;
        while let Some(&(start, inner)) = self.open_depths.last() {
            if start < span.start {
                break;
            }
            depth = depth.max(inner);
            self.open_depths.pop();
        }
        depth += 1;
        if depth as usize > MAX_NESTING && self.too_deep.is_none() {
            self.too_deep = Some(TooDeep(position));
        }
        self.open_depths.push((span.start, depth));
        self.ast.exprs.push(Expr {
            kind,
            span,
            position,
        })
    }

    // ------------------------------------------------------------ names, literals, operands

    pub(crate) fn ident(&mut self, start: u32, end: u32) -> IdentId {
        let span = Span::new(start, end);
        let name = self.ast.names.intern(self.text_of(span));
        self.ast.idents.push(Ident { name, span })
    }

    pub(crate) fn name(&mut self, ident: IdentId) -> ExprId {
        let span = self.ast.idents[ident].span;
        self.push(ExprKind::Name(ident), span, span.start)
    }

    pub(crate) fn literal(&mut self, literal: LiteralToken) -> ExprId {
        self.push(
            ExprKind::Literal(literal.kind),
            literal.span,
            literal.span.start,
        )
    }

    pub(crate) fn parenthesized(&mut self, start: u32, inner: ExprId, end: u32) -> ExprId {
        self.push(ExprKind::Paren(inner), Span::new(start, end), start)
    }

    pub(crate) fn function_literal(
        &mut self,
        start: u32,
        type_parameters: Option<&[TypeParameter]>,
        mut signature: FunctionType,
        body: Block,
    ) -> ExprId {
        self.refuse_type_parameters(type_parameters, start);
        signature.span.start = start;
        let span = Span::new(start, body.span.end);
        let body = self.body(Body::Parsed(body));
        self.push(
            ExprKind::FunctionLiteral {
                signature: Box::new(signature),
                body,
            },
            span,
            start,
        )
    }

    pub(crate) fn body(&mut self, body: Body) -> BodyId {
        self.ast.bodies.push(body)
    }

    pub(crate) fn composite(&mut self, ty: Option<ExprId>, value: LiteralValue) -> ExprId {
        let mut span = Span::new(value.open, value.close + 1);
        if let Some(ty) = ty {
            span.start = self.span(ty).start;
            self.check_literal_type(ty, value.open);
        }
        let kind = ExprKind::CompositeLiteral {
            ty,
            elements: value.elements,
            close: value.close,
        };
        self.push(kind, span, value.open)
    }

    fn check_literal_type(&mut self, ty: ExprId, brace: u32) {
        let inner = self.ast.unparen(ty);
        let may_be_type = match &self.ast.exprs[inner].kind {
            ExprKind::Name(_) | ExprKind::Selector { .. } => true,
            ExprKind::Index { .. } => !self.must_be_value(inner),
            ExprKind::ArrayType { .. }
            | ExprKind::SliceType(_)
            | ExprKind::MapType { .. }
            | ExprKind::StructType(_) => true,
            _ => false,
        };
        if !may_be_type {
            self.error(brace, "syntax error: unexpected { at end of statement");
        } else if inner != ty {
            self.error(
                brace,
                "syntax error: cannot parenthesize type in composite literal",
            );
        }
    }

    /// Whether an expression cannot be a type by its looks.
    fn must_be_value(&self, mut expr: ExprId) -> bool {
        loop {
            match &self.ast.exprs[expr].kind {
                ExprKind::Literal(_)
                | ExprKind::CompositeLiteral { .. }
                | ExprKind::FunctionLiteral { .. }
                | ExprKind::Slice { .. }
                | ExprKind::TypeAssertion { .. }
                | ExprKind::Call { .. }
                | ExprKind::Unary(..)
                | ExprKind::Binary { .. } => return true,
                ExprKind::Paren(inner) => expr = *inner,
                ExprKind::Index { operand, indices } => {
                    if let [index] = indices[..]
                        && matches!(
                            self.ast.exprs[index].kind,
                            ExprKind::Literal(_) | ExprKind::Binary { .. }
                        )
                    {
                        return true;
                    }
                    expr = *operand;
                }
                _ => return false,
            }
        }
    }

    // ------------------------------------------------------------ primary expressions

    pub(crate) fn selector(&mut self, operand: ExprId, dot: u32, name: IdentId) -> ExprId {
        let span = self.span(operand).to(self.ast.idents[name].span);
        self.push(ExprKind::Selector { operand, name }, span, dot)
    }

    pub(crate) fn index(
        &mut self,
        operand: ExprId,
        open: u32,
        first: ExprId,
        rest: Vec<ExprId>,
        end: u32,
    ) -> ExprId {
        let span = Span::new(self.span(operand).start, end);
        let indices = prepend(first, rest);
        self.push(ExprKind::Index { operand, indices }, span, open)
    }

    /// `full` holds the second colon and what follows it, if there is one.
    pub(crate) fn slice(
        &mut self,
        operand: ExprId,
        open: u32,
        low: Option<ExprId>,
        high: Option<ExprId>,
        full: Option<(u32, Option<ExprId>)>,
        end: u32,
    ) -> ExprId {
        if let Some((colon, max)) = full {
            if high.is_none() {
                self.error(colon, "middle index required in 3-index slice");
            }
            if max.is_none() {
                self.error(end - 1, "final index required in 3-index slice");
            }
        }
        let span = Span::new(self.span(operand).start, end);
        let max = full.and_then(|(_, max)| max);
        self.push(
            ExprKind::Slice {
                operand,
                low,
                high,
                max,
                is_full: full.is_some(),
            },
            span,
            open,
        )
    }

    pub(crate) fn assertion(
        &mut self,
        operand: ExprId,
        dot: u32,
        ty: Option<ExprId>,
        end: u32,
    ) -> ExprId {
        let span = Span::new(self.span(operand).start, end);
        let expr = self.push(ExprKind::TypeAssertion { operand, ty }, span, dot);
        if ty.is_none() {
            self.guards.insert(expr);
        }
        expr
    }

    pub(crate) fn call(
        &mut self,
        callee: ExprId,
        open: u32,
        arguments: Arguments,
        close: u32,
    ) -> ExprId {
        let span = Span::new(self.span(callee).start, close + 1);
        let Arguments {
            list: arguments,
            spread,
        } = arguments;
        self.push(
            ExprKind::Call {
                callee,
                arguments,
                spread,
                close,
            },
            span,
            open,
        )
    }

    // ------------------------------------------------------------ operators

    pub(crate) fn star(&mut self, start: u32, target: ExprId) -> ExprId {
        let span = Span::new(start, self.span(target).end);
        self.push(ExprKind::Star(target), span, start)
    }

    pub(crate) fn unary(&mut self, op: UnaryOp, start: u32, mut operand: ExprId) -> ExprId {
        let span = Span::new(start, self.span(operand).end);
        if op == UnaryOp::AddressOf {
            // `&(T{})` is `&T{}`; like gc keep no parentheses.
            operand = self.ast.unparen(operand);
        }
        self.push(ExprKind::Unary(op, operand), span, start)
    }

    pub(crate) fn binary(&mut self, op: BinaryOp, left: ExprId, at: u32, right: ExprId) -> ExprId {
        let span = self.span(left).to(self.span(right));
        self.push(ExprKind::Binary { op, left, right }, span, at)
    }

    /// `<-` before an operand. Before a channel type the arrow belongs to it, and the arrows of
    /// send-only channels inside move one channel inwards: `<-(chan<- T)` is `<-chan (<-T)`.
    pub(crate) fn receive(&mut self, start: u32, ty: ExprId) -> ExprId {
        if !matches!(self.ast.exprs[ty].kind, ExprKind::ChannelType { .. }) {
            return self.unary(UnaryOp::Receive, start, ty);
        }
        let end = self.span(ty).end;
        let mut channel = ty;
        let mut arrow = start;
        loop {
            let Expr {
                kind,
                span,
                position,
            } = &mut self.ast.exprs[channel];
            let ExprKind::ChannelType { direction, element } = kind else {
                let found = self.printer().expression(channel);
                self.error(
                    end,
                    format!("syntax error: unexpected {found}, expected chan"),
                );
                break;
            };
            let (old, element) = (*direction, *element);
            *direction = ChannelDirection::Receive;
            // Where the arrow of `chan<-` stood is known only roughly; nothing is reported there.
            span.start = arrow;
            *position = arrow;
            match old {
                ChannelDirection::Both => break,
                ChannelDirection::Receive => {
                    self.error(end, "syntax error: unexpected <-, expected chan");
                    break;
                }
                ChannelDirection::Send => {
                    arrow = self.span(element).start;
                    channel = element;
                }
            }
        }
        ty
    }

    // ------------------------------------------------------------ types

    pub(crate) fn channel(
        &mut self,
        start: u32,
        direction: ChannelDirection,
        element: ExprId,
    ) -> ExprId {
        let span = Span::new(start, self.span(element).end);
        self.push(ExprKind::ChannelType { direction, element }, span, start)
    }

    pub(crate) fn slice_type(&mut self, start: u32, element: ExprId) -> ExprId {
        let span = Span::new(start, self.span(element).end);
        self.push(ExprKind::SliceType(element), span, start)
    }

    pub(crate) fn array_type(
        &mut self,
        start: u32,
        length: Option<ExprId>,
        element: ExprId,
    ) -> ExprId {
        let span = Span::new(start, self.span(element).end);
        self.push(ExprKind::ArrayType { length, element }, span, start)
    }

    pub(crate) fn map_type(&mut self, start: u32, key: ExprId, value: ExprId) -> ExprId {
        let span = Span::new(start, self.span(value).end);
        self.push(ExprKind::MapType { key, value }, span, start)
    }

    pub(crate) fn struct_type(&mut self, start: u32, fields: Vec<Field>, end: u32) -> ExprId {
        self.push(ExprKind::StructType(fields), Span::new(start, end), start)
    }

    pub(crate) fn interface_type(
        &mut self,
        start: u32,
        elements: Vec<InterfaceElement>,
        end: u32,
    ) -> ExprId {
        self.push(
            ExprKind::InterfaceType(elements),
            Span::new(start, end),
            start,
        )
    }

    pub(crate) fn function_type(
        &mut self,
        start: u32,
        type_parameters: Option<&[TypeParameter]>,
        parameters: ParameterList,
        results: Results,
    ) -> ExprId {
        self.refuse_type_parameters(type_parameters, start);
        let mut signature = self.signature(parameters, results);
        signature.span.start = start;
        let span = signature.span;
        self.push(ExprKind::FunctionType(Box::new(signature)), span, start)
    }

    fn refuse_type_parameters(&mut self, list: Option<&[TypeParameter]>, function: u32) {
        if list.is_some() {
            // gc names the bracket, which stands right behind the keyword.
            let bracket = self
                .tokens
                .partition_point(|spanned| spanned.start <= function);
            let offset = self
                .tokens
                .get(bracket)
                .map_or(function, |spanned| spanned.start);
            self.error(
                offset,
                "syntax error: function type must have no type parameters",
            );
        }
    }

    pub(crate) fn field(
        &mut self,
        names: Vec<IdentId>,
        ty: ExprId,
        tag: Option<LiteralToken>,
    ) -> Field {
        if let Some(LiteralToken { kind, span }) = tag
            && kind != LiteralKind::String
        {
            self.error(span.start, "struct field tag must be a string");
        }
        Field {
            names,
            ty,
            tag: tag.map(|tag| tag.span),
        }
    }
}

/// The result of an alternative that only a marker enters; no marker is ever in the input.
pub(crate) fn unreachable_marker<T>() -> T {
    unreachable!("the lexer produces no markers")
}

/// `first` and then `rest`.
pub(crate) fn prepend<T>(first: T, mut rest: Vec<T>) -> Vec<T> {
    rest.insert(0, first);
    rest
}
