//! Settles what the grammar leaves open: lists of parameters, headers of statements, declarations.
//!
//! Each function gets the whole construct and gives it the shape of [`crate::ast`], or reports gc's
//! error and goes on with something harmless: a tree with errors is never used.
//!
//! Spec: "Function types", "Type parameter declarations", "Statements", "Source file organization".

use crate::ast::*;
use crate::builder::*;
use crate::parser::ParseFailure;
use crate::source::Span;
use crate::token::Token;

// ---------------------------------------------------------------- parameters

impl Builder<'_> {
    /// Parameters and results; the span starts at the opening parenthesis.
    pub(crate) fn signature(
        &mut self,
        parameters: ParameterList,
        results: Results,
    ) -> FunctionType {
        let span = Span::new(parameters.open, results.end.unwrap_or(parameters.close + 1));
        let parameters = self.parameters(parameters, true);
        FunctionType {
            parameters,
            results: results.list,
            span,
        }
    }

    pub(crate) fn result_list(&mut self, list: ParameterList) -> Results {
        let end = list.close + 1;
        Results {
            list: self.parameters(list, false),
            end: Some(end),
        }
    }

    pub(crate) fn single_result(&mut self, ty: ExprId) -> Results {
        Results {
            list: vec![Parameter {
                name: None,
                ty,
                is_variadic: false,
            }],
            end: Some(self.span(ty).end),
        }
    }

    /// Decides whether entries are named: if one is, all are, and a lone name takes the next type.
    fn parameters(&mut self, list: ParameterList, may_be_variadic: bool) -> Vec<Parameter> {
        let ParameterList { entries, close, .. } = list;
        self.check_ellipses(&entries, may_be_variadic);
        if entries.iter().all(|entry| entry.name.is_none()) {
            let unnamed = |entry: &ParameterEntry| Parameter {
                name: None,
                ty: entry.ty,
                is_variadic: entry.ellipsis.is_some(),
            };
            return entries.iter().map(unnamed).collect();
        }
        let mut settled: Vec<Parameter> = Vec::with_capacity(entries.len());
        let mut last_type: Option<(ExprId, bool)> = None;
        let mut unnamed_type = None;
        let mut lacks_type = false;
        for entry in entries.iter().rev() {
            let is_variadic = entry.ellipsis.is_some();
            if entry.name.is_some() {
                last_type = Some((entry.ty, is_variadic));
                settled.push(Parameter {
                    name: entry.name,
                    ty: entry.ty,
                    is_variadic,
                });
            } else if let (ExprKind::Name(name), false) =
                (&self.ast.exprs[entry.ty].kind, is_variadic)
            {
                let name = *name;
                lacks_type |= last_type.is_none();
                let (ty, is_variadic) = last_type.unwrap_or((entry.ty, false));
                settled.push(Parameter {
                    name: Some(name),
                    ty,
                    is_variadic,
                });
            } else {
                last_type = Some((entry.ty, is_variadic));
                unnamed_type = Some(entry.ellipsis.unwrap_or(self.span(entry.ty).start));
                settled.push(Parameter {
                    name: None,
                    ty: entry.ty,
                    is_variadic,
                });
            }
        }
        if let Some(offset) = unnamed_type {
            self.error(offset, "syntax error: missing parameter name");
        } else if lacks_type {
            self.error(close, "syntax error: missing parameter type");
        }
        settled.reverse();
        settled
    }

    fn check_ellipses(&mut self, entries: &[ParameterEntry], may_be_variadic: bool) {
        let last = entries.len().saturating_sub(1);
        let wrong = entries
            .iter()
            .enumerate()
            .filter(|(index, entry)| {
                // `x, y ...int` makes `x` variadic too.
                let is_shared =
                    *index > 0 && entry.name.is_some() && entries[index - 1].name.is_none();
                !may_be_variadic || *index < last || is_shared
            })
            .find_map(|(_, entry)| entry.ellipsis);
        if let Some(offset) = wrong {
            let message = if may_be_variadic {
                "can only use ... with final parameter"
            } else {
                "invalid use of ..."
            };
            self.error(offset, message);
        }
    }

    /// Type parameters are always named; a lone name takes the next constraint.
    pub(crate) fn type_parameters(
        &mut self,
        entries: Vec<TypeParameterEntry>,
        close: u32,
    ) -> Vec<TypeParameter> {
        let count = entries.len();
        let mut groups: Vec<TypeParameter> = Vec::new();
        let mut waiting: Vec<IdentId> = Vec::new();
        let mut unnamed = None;
        for entry in entries {
            match (entry.name, self.lone_name(&entry.constraint)) {
                (Some(name), _) => {
                    let mut names = std::mem::take(&mut waiting);
                    names.push(name);
                    groups.push(TypeParameter {
                        names,
                        constraint: entry.constraint,
                    });
                }
                (None, Some(name)) => waiting.push(name),
                (None, None) => {
                    unnamed = unnamed.or(entry
                        .constraint
                        .first()
                        .map(|term| self.span(term.ty).start));
                    waiting.clear();
                }
            }
        }
        if let Some(offset) = unnamed {
            let rest = if count == 1 {
                " or invalid array length"
            } else {
                ""
            };
            self.error(
                offset,
                format!("syntax error: missing type parameter name{rest}"),
            );
        } else if !waiting.is_empty() {
            self.error(close, "syntax error: missing type constraint");
        }
        groups
    }

    fn lone_name(&self, constraint: &[UnionTerm]) -> Option<IdentId> {
        match constraint {
            [
                UnionTerm {
                    has_tilde: false,
                    ty,
                },
            ] => match self.ast.exprs[*ty].kind {
                ExprKind::Name(name) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) fn empty_type_parameters(&mut self, close: u32) -> Vec<TypeParameter> {
        self.error(close, "syntax error: empty type parameter list");
        Vec::new()
    }
}

// ---------------------------------------------------------------- declarations

impl Builder<'_> {
    /// Checks the order of top-level declarations.
    pub(crate) fn top_declaration(&mut self, start: u32, declaration: &Declaration) {
        let is_import = matches!(declaration, Declaration::Import(_));
        if is_import && !self.last_was_import {
            self.error(
                start,
                "syntax error: imports must appear before other declarations",
            );
        }
        self.last_was_import = is_import;
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of the production")]
    pub(crate) fn function(
        &mut self,
        start: u32,
        receiver: Option<ParameterList>,
        name_start: u32,
        name: IdentId,
        type_parameters: Option<Vec<TypeParameter>>,
        mut signature: FunctionType,
        body: Option<BodyId>,
    ) -> Declaration {
        let receiver = receiver.map(|list| {
            let receiver = self.parameters(list, false);
            match receiver.len() {
                0 => self.error(name_start, "method has no receiver"),
                1 => {}
                _ => self.error(name_start, "method has multiple receivers"),
            }
            receiver
        });
        let mut span = Span::new(start, signature.span.end);
        signature.span.start = start;
        if let Some(body) = body {
            span = match &self.ast.bodies[body] {
                Body::Parsed(block) => span.to(block.span),
                Body::Unparsed(body) => span.to(*body),
            };
        }
        let type_parameters = type_parameters.unwrap_or_default();
        Declaration::Function(Box::new(FunctionDeclaration {
            receiver,
            name,
            type_parameters,
            signature,
            body,
            span,
        }))
    }

    pub(crate) fn import(&mut self, name: ImportName, path: LiteralToken) -> ImportSpec {
        if path.kind != LiteralKind::String {
            self.error(
                path.span.start,
                "syntax error: import path must be a string",
            );
        }
        ImportSpec {
            name,
            path: path.span,
        }
    }
}

/// A line of a `const` or `var` declaration that stands alone.
pub(crate) fn value_spec(
    names: Vec<IdentId>,
    ty: Option<ExprId>,
    values: Vec<ExprId>,
    start: u32,
    end: u32,
) -> ValueSpec {
    ValueSpec {
        names,
        ty,
        values,
        index_in_group: 0,
        span: Span::new(start, end),
    }
}

/// Numbers the lines of a group.
pub(crate) fn number_lines(mut lines: Vec<ValueSpec>) -> Vec<ValueSpec> {
    for (index, line) in lines.iter_mut().enumerate() {
        line.index_in_group = index as u32;
    }
    lines
}

// ---------------------------------------------------------------- statements

/// A statement with its span.
pub(crate) fn statement(kind: StatementKind, start: u32, end: u32) -> Statement {
    Statement {
        kind,
        span: Span::new(start, end),
    }
}

/// A block as a statement.
pub(crate) fn block_statement(block: Block) -> Statement {
    Statement {
        span: block.span,
        kind: StatementKind::Block(block),
    }
}

/// Adds a statement to a list; empty ones mean nothing there.
pub(crate) fn push_statement(mut list: Vec<Statement>, statement: Statement) -> Vec<Statement> {
    if !matches!(statement.kind, StatementKind::Empty) {
        list.push(statement);
    }
    list
}

/// `case` or `default` of a `switch`.
pub(crate) fn case_clause(
    start: u32,
    cases: Option<Vec<ExprId>>,
    colon: u32,
    body: Vec<Statement>,
) -> CaseClause {
    let end = body
        .last()
        .map_or(colon + 1, |statement| statement.span.end);
    CaseClause {
        cases,
        body,
        span: Span::new(start, end),
        colon,
    }
}

/// `case` or `default` of a `select`.
pub(crate) fn select_clause(
    start: u32,
    communication: Option<Statement>,
    colon: u32,
    body: Vec<Statement>,
) -> SelectClause {
    let end = body
        .last()
        .map_or(colon + 1, |statement| statement.span.end);
    SelectClause {
        communication,
        body,
        span: Span::new(start, end),
        colon,
    }
}

/// Any `for`.
pub(crate) fn for_statement(start: u32, header: ForHeader, body: Block) -> Statement {
    let end = body.span.end;
    statement(
        StatementKind::For(Box::new(ForStatement { header, body })),
        start,
        end,
    )
}

impl Builder<'_> {
    pub(crate) fn expression_statement(&mut self, expression: ExprId) -> Statement {
        Statement {
            kind: StatementKind::Expression(expression),
            span: self.span(expression),
        }
    }

    pub(crate) fn send(&mut self, channel: ExprId, arrow: u32, value: ExprId) -> Statement {
        let span = self.span(channel).to(self.span(value));
        Statement {
            kind: StatementKind::Send {
                channel,
                value,
                arrow,
            },
            span,
        }
    }

    pub(crate) fn increment(
        &mut self,
        operand: ExprId,
        operator: u32,
        is_increment: bool,
    ) -> Statement {
        let start = self.span(operand).start;
        statement(
            StatementKind::IncDec {
                operand,
                is_increment,
                operator,
            },
            start,
            operator + 2,
        )
    }

    pub(crate) fn assign(
        &mut self,
        left: Vec<ExprId>,
        op: Option<BinaryOp>,
        operator: u32,
        right: Vec<ExprId>,
    ) -> Statement {
        let span = self.list_span(&left).to(self.list_span(&right));
        Statement {
            kind: StatementKind::Assign {
                left,
                op,
                right,
                operator,
            },
            span,
        }
    }

    pub(crate) fn define(
        &mut self,
        left: Vec<ExprId>,
        operator: u32,
        right: Vec<ExprId>,
    ) -> Statement {
        let span = self.list_span(&left).to(self.list_span(&right));
        Statement {
            kind: StatementKind::Define {
                left,
                right,
                operator,
            },
            span,
        }
    }

    fn list_span(&self, list: &[ExprId]) -> Span {
        match list {
            [] => Span::default(),
            [first, .., last] => self.span(*first).to(self.span(*last)),
            [only] => self.span(*only),
        }
    }

    /// The operand of `go` or `defer`, without parentheses.
    pub(crate) fn call_operand(&mut self, call: ExprId, keyword: &str) -> ExprId {
        let inner = self.ast.unparen(call);
        if inner != call {
            let start = self.span(call).start;
            self.error(
                start,
                format!("expression in {keyword} must not be parenthesized"),
            );
        }
        inner
    }

    pub(crate) fn labeled(
        &mut self,
        label: IdentId,
        colon: u32,
        labeled: Statement,
    ) -> Result<Statement, ParseFailure> {
        let start = self.ast.idents[label].span.start;
        if matches!(labeled.kind, StatementKind::Empty)
            && !matches!(
                self.token_from(colon + 1),
                Some(Token::RightBrace | Token::Semicolon(_))
            )
        {
            self.error(colon, "syntax error: missing statement after label");
        }
        self.label_chain = if matches!(labeled.kind, StatementKind::Labeled { .. }) {
            self.label_chain + 1
        } else {
            0
        };
        if self.label_chain > MAX_NESTING {
            return Err(too_deep(start));
        }
        let end = if matches!(labeled.kind, StatementKind::Empty) {
            colon + 1
        } else {
            labeled.span.end
        };
        Ok(statement(
            StatementKind::Labeled {
                label,
                statement: Box::new(labeled),
            },
            start,
            end,
        ))
    }

    pub(crate) fn if_statement(
        &mut self,
        start: u32,
        init: Option<Statement>,
        condition: &Statement,
        then: Block,
        otherwise: Option<Box<If>>,
    ) -> Result<Box<If>, ParseFailure> {
        let chain = otherwise
            .as_ref()
            .map_or(0, |otherwise| otherwise.chain + 1);
        if chain > MAX_NESTING {
            return Err(too_deep(start));
        }
        let condition = self.value_of(condition);
        let end = otherwise
            .as_ref()
            .map_or(then.span.end, |otherwise| otherwise.statement.span.end);
        let otherwise = otherwise.map(|otherwise| otherwise.statement);
        let kind = StatementKind::If(Box::new(IfStatement {
            init,
            condition,
            then,
            otherwise,
        }));
        Ok(Box::new(If {
            statement: statement(kind, start, end),
            chain,
        }))
    }

    /// The expression a header needs where a statement is accepted.
    fn value_of(&mut self, header: &Statement) -> ExprId {
        let (offset, stand_in) = match &header.kind {
            StatementKind::Expression(expression) => return *expression,
            StatementKind::Send { arrow, value, .. } => (*arrow, *value),
            StatementKind::IncDec {
                operator, operand, ..
            } => (*operator, *operand),
            StatementKind::Assign {
                operator, right, ..
            }
            | StatementKind::Define {
                operator, right, ..
            } => (*operator, right[0]),
            kind => unreachable!("{kind:?} is not a simple statement"),
        };
        let text = match &header.kind {
            StatementKind::Assign {
                left,
                op: None,
                right,
                ..
            } => {
                let (left, right) = (self.emphasized(left), self.emphasized(right));
                format!("assignment {left} = {right}")
            }
            _ => self.printer().simple_statement(header),
        };
        self.error(offset, format!("syntax error: cannot use {text} as value"));
        stand_in
    }

    /// One side of an assignment; a binary expression in parentheses, so that the `=` stands out.
    fn emphasized(&self, list: &[ExprId]) -> String {
        let text = self.printer().list(list);
        match list {
            [only] if matches!(self.ast.exprs[*only].kind, ExprKind::Binary { .. }) => {
                format!("({text})")
            }
            _ => text,
        }
    }

    pub(crate) fn for_clause(
        &mut self,
        init: Option<Statement>,
        condition: Option<Statement>,
        post: Option<Statement>,
    ) -> ForHeader {
        if let Some(Statement {
            kind: StatementKind::Define { operator, .. },
            ..
        }) = &post
        {
            self.error(
                *operator,
                "syntax error: cannot declare in post statement of for loop",
            );
        }
        let condition = condition.map(|condition| self.value_of(&condition));
        ForHeader::Clause {
            init,
            condition,
            post,
        }
    }

    pub(crate) fn range(
        &mut self,
        left: &[ExprId],
        is_define: bool,
        range: u32,
        operand: ExprId,
    ) -> ForHeader {
        if let Some(extra) = left.get(2) {
            let start = self.span(*extra).start;
            self.error(
                start,
                "range clause permits at most two iteration variables",
            );
        }
        ForHeader::Range {
            key: left.first().copied(),
            value: left.get(1).copied(),
            is_define,
            operand,
            range,
        }
    }

    pub(crate) fn switch(
        &mut self,
        start: u32,
        header: SwitchHeader,
        clauses: Vec<CaseClause>,
        open: u32,
        end: u32,
    ) -> Statement {
        let SwitchHeader { init, tag } = header;
        let body = Span::new(open, end);
        let guard = tag.as_ref().and_then(|tag| self.guard_of(tag));
        let kind = if let Some((symbol, operand, guard)) = guard {
            self.claim_guard(guard);
            let guard = self.span(guard);
            StatementKind::TypeSwitch(Box::new(TypeSwitchStatement {
                init,
                symbol,
                operand,
                guard,
                clauses,
                body,
            }))
        } else {
            let tag = tag.map(|tag| self.value_of(&tag));
            StatementKind::Switch(Box::new(SwitchStatement {
                init,
                tag,
                clauses,
                body,
            }))
        };
        statement(kind, start, end)
    }

    /// Of `x.(type)` or `name := x.(type)` the name, `x` and `x.(type)`.
    fn guard_of(&self, tag: &Statement) -> Option<(Option<IdentId>, ExprId, ExprId)> {
        let (symbol, expression) = match &tag.kind {
            StatementKind::Expression(expression) => (None, *expression),
            StatementKind::Define { left, right, .. } => match (&left[..], &right[..]) {
                ([left], [right]) => match self.ast.exprs[*left].kind {
                    ExprKind::Name(name) => (Some(name), *right),
                    _ => return None,
                },
                _ => return None,
            },
            _ => return None,
        };
        match self.ast.exprs[expression].kind {
            ExprKind::TypeAssertion { operand, ty: None } => Some((symbol, operand, expression)),
            _ => None,
        }
    }
}

fn too_deep(offset: u32) -> ParseFailure {
    ParseFailure::User {
        error: TooDeep(offset),
    }
}
