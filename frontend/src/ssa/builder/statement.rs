//! Statements but assignments, `range`, `switch` and `select`.

use super::super::Op;
use super::function::{FunctionBuilder, Place, Scope};
use super::texts::TEMPORARY;
use super::unreached::{constant_condition, is_never, reached};
use crate::ast::{
    BinaryOp, Block, Declaration, ExprId, ExprKind, ForHeader, ForStatement, IdentId, IfStatement,
    Name, Statement, StatementKind, UnaryOp, ValueSpec,
};
use crate::check::ObjectId;
use crate::source::Span;

impl FunctionBuilder<'_, '_> {
    /// The statements of a block.
    pub(super) fn block(&mut self, block: &Block) {
        self.statements(&block.statements);
    }

    /// Statements in order, less those that gc leaves out.
    pub(super) fn statements(&mut self, statements: &[Statement]) {
        let depth = self.loop_depth;
        for statement in reached(self.typed, statements) {
            self.statement(statement);
        }
        self.loop_depth = depth;
    }

    /// One statement.
    pub(super) fn statement(&mut self, statement: &Statement) {
        let label = self.pending_label.take();
        let span = statement.span;
        match &statement.kind {
            StatementKind::Empty => {}
            StatementKind::Expression(expr) => self.expression_statement(*expr),
            StatementKind::Send {
                channel,
                value,
                arrow,
            } => self.send(*channel, *value, Span::at(*arrow)),
            StatementKind::IncDec {
                operand,
                is_increment,
                operator,
            } => {
                let op = if *is_increment {
                    BinaryOp::Add
                } else {
                    BinaryOp::Subtract
                };
                self.assign_op(*operand, op, None, Span::at(*operator));
            }
            StatementKind::Assign {
                left,
                op,
                right,
                operator,
            } => match op {
                Some(op) => self.assign_op(left[0], *op, Some(right[0]), Span::at(*operator)),
                None => self.assign(left, right, Span::at(*operator)),
            },
            StatementKind::Define {
                left,
                right,
                operator,
            } => self.define(left, right, Span::at(*operator)),
            StatementKind::Block(block) => self.block(block),
            StatementKind::If(statement) => self.if_statement(statement, span),
            StatementKind::For(statement) => self.for_statement(statement, label, span),
            StatementKind::Switch(statement) => self.switch(statement, label, span),
            StatementKind::TypeSwitch(statement) => self.type_switch(statement, label),
            StatementKind::Select(clauses) => self.select(clauses, label, span),
            StatementKind::Labeled { label, statement } => self.labeled(*label, statement, span),
            StatementKind::Go(call) => self.go_or_defer(*call, true, span),
            StatementKind::Defer(call) => self.go_or_defer(*call, false, span),
            StatementKind::Return(values) => self.return_statement(values, span),
            StatementKind::Break(label) => {
                let target = self.scope(*label, false).break_to;
                self.jump(target, Vec::new(), span);
            }
            StatementKind::Continue(label) => {
                let target = self
                    .scope(*label, true)
                    .continue_to
                    .expect("continue names a loop");
                self.jump(target, Vec::new(), span);
            }
            StatementKind::Goto(label) => {
                let target = self.label_block(self.typed.ast.idents[*label].name);
                self.jump(target, Vec::new(), span);
            }
            StatementKind::Fallthrough => {
                let target = self
                    .fallthrough_to
                    .expect("fallthrough stands in a clause that is not the last");
                self.jump(target, Vec::new(), span);
            }
            StatementKind::Declaration(declaration) => {
                if let Declaration::Var(specs) = &**declaration {
                    for spec in specs {
                        self.local_variables(spec);
                    }
                }
            }
        }
    }

    fn expression_statement(&mut self, expr: ExprId) {
        let inner = self.typed.ast.unparen(expr);
        self.hoist_all(&[inner]);
        match self.typed.ast.exprs[inner].kind {
            ExprKind::Call { .. } => {
                self.call_values(inner);
            }
            _ => {
                self.expr(inner);
            }
        }
    }

    fn send(&mut self, channel: ExprId, value: ExprId, span: Span) {
        self.hoist_all(&[channel, value]);
        let channel = self.expr(channel);
        let element = self.element_type(self.function.type_of(channel));
        let value = self.expr_as(value, element);
        self.emit0(Op::Send { channel, value }, span);
    }

    /// `var x, y T = a, b` in a function.
    fn local_variables(&mut self, spec: &ValueSpec) {
        let objects: Vec<Option<ObjectId>> = spec
            .names
            .iter()
            .map(|name| self.typed.object_of(*name))
            .map(|object| object.filter(|object| !self.is_blank_object(*object)))
            .collect();
        if spec.values.is_empty() {
            for object in objects.into_iter().flatten() {
                self.declare(object);
            }
            return;
        }
        self.define_objects(&objects, &spec.values, spec.span);
    }

    fn if_statement(&mut self, statement: &IfStatement, span: Span) {
        if let Some(init) = &statement.init {
            self.statement(init);
        }
        // As in gc, what a constant condition excludes is not there.
        if let Some(holds) = constant_condition(self.typed, statement.condition) {
            if holds {
                self.block(&statement.then);
            } else if let Some(otherwise) = &statement.otherwise {
                self.statement(otherwise);
            }
            return;
        }
        let (then, end) = (self.new_block(), self.new_block());
        let otherwise = if statement.otherwise.is_some() {
            self.new_block()
        } else {
            end
        };
        self.condition(statement.condition, then, otherwise, span);
        self.switch_to(then);
        self.block(&statement.then);
        self.jump(end, Vec::new(), span);
        if let Some(statement) = &statement.otherwise {
            self.switch_to(otherwise);
            self.statement(statement);
            self.jump(end, Vec::new(), span);
        }
        self.join(end);
    }

    /// Goes on in a block that the code before jumped to; without a current block if none did.
    pub(super) fn join(&mut self, block: super::super::Block) {
        debug_assert!(self.current.is_none());
        if self.jumped_to.contains(&block) {
            self.switch_to(block);
        }
    }

    fn for_statement(&mut self, statement: &ForStatement, label: Option<Name>, span: Span) {
        match &statement.header {
            ForHeader::Clause {
                init,
                condition,
                post,
            } => {
                self.for_clause(
                    [init.as_ref(), post.as_ref()],
                    *condition,
                    &statement.body,
                    label,
                    span,
                );
            }
            ForHeader::Range {
                key,
                value,
                is_define,
                operand,
                range,
            } => {
                self.range(
                    [*key, *value],
                    *is_define,
                    *operand,
                    &statement.body,
                    label,
                    Span::at(*range),
                );
            }
        }
    }

    /// A loop with a clause. Variables that closures or addresses may keep are new each round: the
    /// value goes from round to round through a temporary, and each round copies it to memory of
    /// its own.
    fn for_clause(
        &mut self,
        [init, post]: [Option<&Statement>; 2],
        condition: Option<ExprId>,
        body: &Block,
        label: Option<Name>,
        span: Span,
    ) {
        let copied = self.per_iteration_variables(init);
        self.hidden.extend(copied.iter().copied());
        if let Some(init) = init {
            self.statement(init);
        }
        for object in &copied {
            self.hidden.remove(object);
        }
        if is_never(self.typed, condition) {
            return;
        }
        let hidden: Vec<_> = copied
            .iter()
            .map(|object| self.address_of_variable(*object))
            .collect();
        let post_in_header =
            !copied.is_empty() && post.is_some_and(|post| !self.is_plain_post(post));

        let (header, body_block) = (self.new_block(), self.new_block());
        let (next, end) = (self.new_block(), self.new_block());
        let bool_type = self.bool_type();
        if post_in_header {
            let is_first = self.function.add_block_parameter(header, bool_type);
            let first = self.boolean(true, bool_type, span);
            self.jump(header, vec![first], span);
            self.loop_depth += 1;
            self.switch_to(header);
            self.copy_to_round(&copied, &hidden, span);
            let (post_block, test) = (self.new_block(), self.new_block());
            self.branch(is_first, test, post_block, span);
            self.switch_to(post_block);
            if let Some(post) = post {
                self.statement(post);
            }
            self.continue_in(test, span);
        } else {
            self.jump(header, Vec::new(), span);
            self.loop_depth += 1;
            self.switch_to(header);
            self.copy_to_round(&copied, &hidden, span);
        }
        match condition {
            Some(condition) if constant_condition(self.typed, condition) != Some(true) => {
                self.condition(condition, body_block, end, span);
                self.switch_to(body_block);
            }
            _ => self.continue_in(body_block, span),
        }
        self.scopes.push(Scope {
            label,
            break_to: end,
            continue_to: Some(next),
        });
        self.block(body);
        self.scopes.pop();
        self.jump(next, Vec::new(), span);
        self.join(next);
        if self.current.is_some() {
            for (object, address) in copied.iter().zip(&hidden) {
                let round = self.address_of_variable(*object);
                let value = self.load(round, span);
                self.store(*address, value, span);
                self.variables.insert(*object, Place::Address(*address));
            }
            if post_in_header {
                let again = self.boolean(false, bool_type, span);
                self.jump(header, vec![again], span);
            } else {
                if let Some(post) = post {
                    self.statement(post);
                }
                self.jump(header, Vec::new(), span);
            }
        }
        self.loop_depth -= 1;
        self.join(end);
    }

    fn address_of_variable(&self, object: ObjectId) -> super::super::Value {
        match self.variables.get(&object) {
            Some(Place::Address(address)) => *address,
            other => unreachable!("a loop variable is in memory: {other:?}"),
        }
    }

    fn copy_to_round(&mut self, copied: &[ObjectId], hidden: &[super::super::Value], span: Span) {
        for (object, address) in copied.iter().zip(hidden) {
            let value = self.load(*address, span);
            let round = self.declare(*object);
            self.store(round, value, span);
        }
    }

    /// The variables an init statement declares that each round must have its own copy of.
    fn per_iteration_variables(&self, init: Option<&Statement>) -> Vec<ObjectId> {
        let Some(Statement {
            kind: StatementKind::Define { left, .. },
            ..
        }) = init
        else {
            return Vec::new();
        };
        left.iter()
            .filter_map(|target| self.defined_object(*target))
            .filter(|object| self.facts.is_per_iteration(*object))
            .collect()
    }

    /// Whether a post statement cannot make the loop variable outlive the round.
    fn is_plain_post(&self, post: &Statement) -> bool {
        match &post.kind {
            StatementKind::IncDec { operand, .. } => self.is_plain_expr(*operand),
            StatementKind::Assign { left, right, .. } => left
                .iter()
                .chain(right)
                .all(|expr| self.is_plain_expr(*expr)),
            _ => false,
        }
    }

    fn is_plain_expr(&self, expr: ExprId) -> bool {
        match &self.typed.ast.exprs[expr].kind {
            ExprKind::Name(_) | ExprKind::Literal(_) => true,
            ExprKind::Paren(inner)
            | ExprKind::Star(inner)
            | ExprKind::Selector { operand: inner, .. } => self.is_plain_expr(*inner),
            ExprKind::Unary(op, inner) => *op != UnaryOp::AddressOf && self.is_plain_expr(*inner),
            ExprKind::Binary { left, right, .. } => {
                self.is_plain_expr(*left) && self.is_plain_expr(*right)
            }
            ExprKind::Index { operand, indices } => {
                self.is_plain_expr(*operand)
                    && indices.iter().all(|index| self.is_plain_expr(*index))
            }
            _ => false,
        }
    }

    fn labeled(&mut self, label: IdentId, statement: &Statement, span: Span) {
        let name = self.typed.ast.idents[label].name;
        // Nothing can name a blank label, and there may be several.
        let is_blank = self.program.text(name) == "_";
        let block = if is_blank {
            self.new_block()
        } else {
            self.label_block(name)
        };
        self.continue_in(block, span);
        if self.facts.looping_labels.contains(&label) {
            // As gc counts: the label of a backward goto opens a loop that nothing closes.
            self.loop_depth += 1;
        }
        self.pending_label = Some(name);
        self.statement(statement);
        self.pending_label = None;
    }

    fn label_block(&mut self, name: Name) -> super::super::Block {
        if let Some(block) = self.labels.get(&name) {
            return *block;
        }
        let block = self.new_block();
        self.labels.insert(name, block);
        block
    }

    /// The statement that `break` or `continue` leaves.
    fn scope(&self, label: Option<IdentId>, is_continue: bool) -> &Scope {
        let name = label.map(|label| self.typed.ast.idents[label].name);
        self.scopes
            .iter()
            .rev()
            .find(|scope| match name {
                Some(name) => scope.label == Some(name),
                None => !is_continue || scope.continue_to.is_some(),
            })
            .expect("the checker found what break and continue leave")
    }

    fn return_statement(&mut self, values: &[ExprId], span: Span) {
        let types = self.function.results.clone();
        if values.is_empty() {
            if self.function.has_defer {
                self.emit0(Op::RunDefers, span);
            }
            let addresses = self.result_addresses.clone();
            let values = addresses
                .into_iter()
                .map(|address| self.load(address, span))
                .collect();
            self.emit0(Op::Return(values), span);
            return;
        }
        self.hoist_all(values);
        let mut converted = Vec::with_capacity(types.len());
        if let [call] = values
            && types.len() > 1
        {
            let values = self.call_values(*call);
            for (value, ty) in values.into_iter().zip(&types) {
                converted.push(self.assignable_value(value, *ty, TEMPORARY, span));
            }
        } else {
            for (value, ty) in values.iter().zip(&types) {
                converted.push(self.expr_as(*value, *ty));
            }
        }
        self.emit_return(converted, span);
    }
}
