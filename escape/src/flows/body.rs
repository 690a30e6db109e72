//! Function bodies: what flows where when statements run.

use std::collections::HashMap;
use std::rc::Rc;

use frontend::ast::{self, BodyId, Declaration, ExprId, ExprKind, Statement, StatementKind};
use frontend::check::{ObjectId, TypedProgram};
use frontend::ssa::builder::{TEMPORARY, Texts, Variables, reached};
use frontend::ssa::{FunctionId, Inst, Program};
use frontend::types::layout::size_and_align;
use frontend::types::{Type, TypeId, TypeTable};

use super::declare::{self, Declared, Purpose};
use super::graph::{BLANK, FunctionIndex, Graph, HEAP, Hole, Kind, Location, Role};
use super::words::{Node, list_text};
use crate::EscapeResults;
use crate::build::has_pointers;
use crate::callees::Callees;

/// Variables above this size are captured by reference, as in gc.
pub(super) const MAX_CAPTURE_BY_VALUE_BYTES: u64 = 128;

/// Where the SSA form has what the source speaks of.
pub(super) struct Index {
    /// Declared functions.
    pub(super) functions: HashMap<ObjectId, FunctionId>,
    /// Function literals, by where their text begins.
    pub(super) literals: HashMap<u32, FunctionId>,
    /// The same literals as expressions.
    pub(super) written: HashMap<u32, ExprId>,
    /// Calls, by their position.
    pub(super) calls: HashMap<u32, (FunctionId, Inst)>,
    /// Where each variable is used.
    pub(super) uses: HashMap<ObjectId, Vec<u32>>,
}

/// A closure that was met, with the variables it captures and where it uses them first.
pub(super) struct Literal<'p> {
    pub(super) hole: Hole<'p>,
    pub(super) captures: Vec<(Location, u32)>,
}

/// A function of the group.
pub(super) struct Member {
    pub(super) id: FunctionId,
    pub(super) body: BodyId,
    pub(super) parameters: Vec<ObjectId>,
    pub(super) results: Vec<ObjectId>,
}

/// What a right side assigns.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// An expression, converted to this type if one is given.
    Expression(ExprId, Option<TypeId>),
    /// A temporary of a type, converted.
    Temporary(Location, TypeId, Option<TypeId>),
}

/// The reader of the bodies of a group.
pub(super) struct Body<'p, 'i> {
    pub(super) program: &'p Program,
    pub(super) typed: &'p TypedProgram,
    pub(super) types: &'p TypeTable,
    pub(super) results: &'i EscapeResults,
    pub(super) callees: &'i Callees<'p>,
    pub(super) index: &'i Index,
    pub(super) facts: &'p Variables,
    pub(super) graph: Graph<'p>,
    pub(super) members: HashMap<FunctionId, FunctionIndex>,
    pub(super) parameters: Vec<Vec<Location>>,
    pub(super) variables: HashMap<ObjectId, Location>,
    pub(super) temporaries: HashMap<(Purpose, u32, usize), Location>,
    pub(super) closures: Vec<Literal<'p>>,
    pub(super) types_of: HashMap<Location, TypeId>,
    /// The function the walk is in.
    pub(super) function: FunctionIndex,
    pub(super) loop_depth: u32,
    /// How many closures of `go` and `defer` each function has so far.
    pub(super) thunks: HashMap<(FunctionIndex, bool), usize>,
    /// Operands that are evaluated already: in the closure of `go` and `defer` they are these.
    pub(super) operands: HashMap<ExprId, (Location, TypeId)>,
    /// Variables that `new` makes for values.
    pub(super) nameless: Vec<Location>,
    /// Receivers that `go` and `defer` keep, by the positions of the calls.
    pub(super) receivers: HashMap<u32, Location>,
    /// Operands of `go` and `defer` that closures in the heap share.
    pub(super) shared: Vec<Location>,
    /// How many nameless variables hold data of initialisers.
    pub(super) statics: u32,
}

impl<'p> Body<'p, '_> {
    pub(super) fn texts(&self) -> Texts<'p> {
        self.graph.words.texts(false)
    }

    /// The location of a local variable.
    pub(super) fn variable(&self, object: ObjectId) -> Option<Location> {
        self.variables.get(&object).copied()
    }

    /// Makes the locations of a function's variables.
    pub(super) fn declare(&mut self, member: &Member, function: FunctionIndex) {
        let mut parameters = Vec::new();
        let signature = member
            .parameters
            .iter()
            .map(|object| (*object, Role::Parameter))
            .chain(
                member
                    .results
                    .iter()
                    .enumerate()
                    .map(|(index, object)| (*object, Role::Result(index))),
            );
        let mut count = 0;
        for (object, role) in signature {
            let declared = &self.typed.objects[object];
            let name = self.typed.ast.names.text(declared.name);
            let is_unnamed = name.is_empty() || name == "_";
            let shown: Rc<str> = match role {
                Role::Result(index) if is_unnamed => format!("~r{index}").into(),
                _ => name.into(),
            };
            let (ty, position) = (declared.ty, declared.span.start);
            let location = self
                .graph
                .add(Kind::Variable(shown), role, position, function, 1);
            self.variables.insert(object, location);
            self.types_of.insert(location, ty);
            count += 1;
            match role {
                Role::Parameter if is_unnamed => parameters.push(BLANK),
                Role::Parameter => parameters.push(location),
                _ => self.graph.functions[function].results.push(location),
            }
        }
        self.parameters.push(parameters);
        for declared in declare::variables(self.typed, self.facts, member.body) {
            let (name, position, ty): (Rc<str>, u32, TypeId) = match declared {
                Declared::Object(object) => {
                    let object = &self.typed.objects[object];
                    let name = self.typed.ast.names.text(object.name);
                    (name.into(), object.span.start, object.ty)
                }
                Declared::Temporary { ty, position, .. } => {
                    (format!("{TEMPORARY}{count}").into(), position, ty)
                }
            };
            count += 1;
            let kind = Kind::Variable(name);
            let location = self.graph.add(kind, Role::Local, position, function, 1);
            self.types_of.insert(location, ty);
            match declared {
                Declared::Object(object) => {
                    self.variables.insert(object, location);
                }
                Declared::Temporary { key, .. } => {
                    self.temporaries.insert(key, location);
                    if key.0 == Purpose::New {
                        self.nameless.push(location);
                    }
                }
            }
        }
    }

    /// Reads a body.
    pub(super) fn walk(&mut self, function: FunctionIndex, body: BodyId) {
        let around = (self.function, self.loop_depth);
        (self.function, self.loop_depth) = (function, 1);
        let typed = self.typed;
        if let ast::Body::Parsed(block) = &typed.ast.bodies[body] {
            self.statements(&block.statements);
        }
        (self.function, self.loop_depth) = around;
    }

    /// Reads the body of a function literal.
    pub(super) fn walk_literal(&mut self, expr: ExprId, function: FunctionIndex) {
        if let ExprKind::FunctionLiteral { body, .. } = self.typed.ast.exprs[expr].kind {
            self.walk(function, body);
        }
    }

    /// Connects closures with what they capture, once all that happens to it is known.
    pub(super) fn connect_closures(&mut self) {
        for Literal { hole, captures } in std::mem::take(&mut self.closures) {
            for (location, position) in captures {
                let data = &self.graph.locations[location.0];
                let bytes = self
                    .types_of
                    .get(&location)
                    .map_or(0, |ty| size_and_align(self.types, *ty).0);
                let (address, assign) = (data.is_address_taken, data.is_reassigned);
                let is_by_value = !address && !assign && bytes <= MAX_CAPTURE_BY_VALUE_BYTES;
                let Kind::Variable(name) = data.kind.clone() else {
                    continue;
                };
                let how = if is_by_value { "value" } else { "ref" };
                let owner = &self.graph.functions[data.function].name;
                let text = format!(
                    "{owner} capturing by {how}: {name} (addr={address} assign={assign} width={bytes})"
                );
                let line = (data.position, text);
                self.graph.lines.push(line);
                let node = Node::Text(name);
                let mut hole = hole.clone();
                if !is_by_value {
                    hole = hole.address(node.clone(), position, "reference");
                }
                self.graph.flow(
                    &hole.note(node, position, "captured by a closure"),
                    location,
                );
            }
        }
    }

    /// Where a variable is first used inside a function literal.
    pub(super) fn first_use(&self, object: ObjectId, literal: ExprId) -> u32 {
        let span = self.typed.ast.exprs[literal].span;
        let uses = self.index.uses.get(&object);
        uses.into_iter()
            .flatten()
            .copied()
            .find(|position| (span.start..span.end).contains(position))
            .unwrap_or(span.start)
    }

    pub(super) fn block(&mut self, statements: &'p [Statement]) {
        let depth = self.loop_depth;
        self.statements(statements);
        self.loop_depth = depth;
    }

    fn statements(&mut self, statements: &'p [Statement]) {
        for statement in reached(self.typed, statements) {
            self.statement(statement);
        }
    }

    pub(super) fn optional(&mut self, statement: Option<&'p Statement>) {
        if let Some(statement) = statement {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &'p Statement) {
        let typed = self.typed;
        let node = Node::Statement(statement);
        match &statement.kind {
            StatementKind::Empty
            | StatementKind::Break(_)
            | StatementKind::Continue(_)
            | StatementKind::Goto(_)
            | StatementKind::Fallthrough => {}
            StatementKind::Expression(expr) => {
                let expr = typed.ast.unparen(*expr);
                if matches!(typed.ast.exprs[expr].kind, ExprKind::Call { .. }) {
                    self.call(None, expr);
                } else {
                    self.discard(expr);
                }
            }
            StatementKind::Send {
                channel,
                value,
                arrow,
            } => {
                self.discard(*channel);
                let element = match self.types.underlying(self.type_of(*channel)) {
                    Type::Channel(_, element) => *element,
                    _ => self.type_of(*value),
                };
                self.converted(&Hole::of(HEAP).note(node, *arrow, "send"), *value, element);
            }
            StatementKind::IncDec { operand, .. } => {
                let hole = self.place(*operand);
                self.reassigned(&hole);
            }
            StatementKind::Assign {
                left,
                op,
                right,
                operator,
            } => {
                if op.is_some() {
                    let hole = self.place(left[0]);
                    self.expr(&hole.note(node, *operator, "assign"), right[0]);
                    self.reassigned(&hole);
                } else {
                    self.assign(left, right, node, *operator, "=");
                }
            }
            StatementKind::Define {
                left,
                right,
                operator,
            } => {
                for target in left {
                    if let ExprKind::Name(ident) = typed.ast.exprs[*target].kind {
                        self.declared(ident);
                    }
                }
                self.assign(left, right, node, *operator, ":=");
            }
            StatementKind::Block(block) => self.statements(&block.statements),
            StatementKind::If(statement) => self.if_statement(statement),
            StatementKind::For(statement) => self.for_statement(statement),
            StatementKind::Switch(statement) => self.switch(statement),
            StatementKind::TypeSwitch(statement) => self.type_switch(statement),
            StatementKind::Select(clauses) => {
                for clause in clauses {
                    let received = clause
                        .communication
                        .as_ref()
                        .and_then(|communication| declare::converted_receive(typed, communication));
                    match received {
                        Some((target, value)) => {
                            let operator = clause.communication.as_ref().map(operator_position);
                            self.received(target, value, operator.unwrap_or_default());
                        }
                        None => self.optional(clause.communication.as_ref()),
                    }
                    self.block(&clause.body);
                }
            }
            StatementKind::Labeled { label, statement } => {
                if self.facts.looping_labels.contains(label) {
                    self.loop_depth += 1;
                }
                self.statement(statement);
            }
            StatementKind::Go(call) => self.go_or_defer(*call, true, statement.span.start),
            StatementKind::Defer(call) => self.go_or_defer(*call, false, statement.span.start),
            StatementKind::Return(values) => self.return_values(values, node, statement.span.start),
            StatementKind::Declaration(declaration) => {
                if let Declaration::Var(specs) = &**declaration {
                    for spec in specs {
                        self.var_spec(spec);
                    }
                }
            }
        }
    }

    /// `x = <-c` in a `select`, with a conversion: it goes through a temporary.
    fn received(&mut self, target: ExprId, value: ExprId, operator: u32) {
        self.discard(value);
        let position = self.typed.ast.exprs[value].position;
        let temporary = self.temporaries(Purpose::Value, position, 1)[0];
        let name = self.location_name(temporary);
        let text = format!("{} = {name}", self.texts().expression_text(target));
        let hole = self.place(target);
        self.source(
            &hole.note(Node::text(text), operator, "assign"),
            Source::Temporary(temporary, self.type_of(value), self.target_type(target)),
        );
        self.reassigned(&hole);
    }

    /// A variable belongs to the loops that are around its declaration.
    pub(super) fn declared(&mut self, ident: ast::IdentId) {
        let Some(object) = self.typed.object_of(ident) else {
            return;
        };
        let is_declaration =
            self.typed.objects[object].span.start == self.typed.ast.idents[ident].span.start;
        if let Some(location) = self.variable(object)
            && is_declaration
        {
            self.graph.locations[location.0].loop_depth = self.loop_depth;
        }
    }

    pub(super) fn reassigned(&mut self, hole: &Hole<'p>) {
        self.graph.locations[hole.target.0].is_reassigned = true;
    }

    /// Whether a left side declares what it names.
    fn is_declaration(&self, target: ExprId) -> bool {
        let ExprKind::Name(ident) = self.typed.ast.exprs[target].kind else {
            return false;
        };
        self.typed.object_of(ident).is_some_and(|object| {
            self.typed.objects[object].span.start == self.typed.ast.idents[ident].span.start
        })
    }

    fn is_blank(&self, target: ExprId) -> bool {
        let ast = &self.typed.ast;
        match ast.exprs[ast.unparen(target)].kind {
            ExprKind::Name(ident) => ast.ident_text(ident) == "_",
            _ => false,
        }
    }

    /// Whether gc leaves out the evaluation of a value that nobody reads.
    fn has_no_effect(&self, value: ExprId) -> bool {
        let value = self.typed.ast.unparen(value);
        self.typed.constant_of(value).is_some()
            || matches!(
                self.typed.ast.exprs[value].kind,
                ExprKind::Name(_) | ExprKind::FunctionLiteral { .. }
            )
    }

    pub(super) fn target_type(&self, target: ExprId) -> Option<TypeId> {
        let inner = self.typed.ast.unparen(target);
        if let ExprKind::Name(ident) = self.typed.ast.exprs[inner].kind {
            if self.typed.ast.ident_text(ident) == "_" {
                return None;
            }
            if let Some(object) = self.typed.object_of(ident) {
                return Some(self.typed.objects[object].ty);
            }
        }
        self.typed.info.types[inner].expand()
    }

    fn assign(
        &mut self,
        left: &[ExprId],
        right: &[ExprId],
        node: Node<'p>,
        position: u32,
        sign: &str,
    ) {
        let types: Vec<Option<TypeId>> = left
            .iter()
            .map(|target| self.target_type(*target))
            .collect();
        let is_dropped: Vec<bool> = left
            .iter()
            .map(|target| self.is_blank(*target) && !left.iter().all(|all| self.is_blank(*all)))
            .collect();
        let has_dropped = left.len() == right.len()
            && right
                .iter()
                .zip(&is_dropped)
                .any(|(value, is_dropped)| *is_dropped && self.has_no_effect(*value));
        let node = if has_dropped {
            let texts = self.texts();
            let shown: Vec<String> = right
                .iter()
                .zip(&is_dropped)
                .map(|(value, is_dropped)| {
                    if *is_dropped && self.has_no_effect(*value) {
                        "0".to_owned()
                    } else {
                        texts.expression_text(*value)
                    }
                })
                .collect();
            Node::text(format!(
                "{} {sign} {}",
                list_text(&texts, left),
                shown.join(", ")
            ))
        } else {
            node
        };
        let (sources, node) = self.sources(right, &types, &is_dropped, node, position, |texts| {
            format!("{} {sign} ", list_text(texts, left))
        });
        let holes: Vec<Hole<'p>> = left.iter().map(|target| self.place(*target)).collect();
        let why = if left.len() == 1 {
            "assign"
        } else {
            "assign-pair"
        };
        for (index, (hole, source)) in holes.iter().zip(&sources).enumerate() {
            let is_self_assignment = left.len() == right.len()
                && self.texts().is_self_assignment(left[index], right[index]);
            let hole = if is_self_assignment {
                Hole::of(BLANK)
            } else {
                hole.clone()
            };
            self.source(&hole.note(node.clone(), position, why), *source);
        }
        for (hole, target) in holes.iter().zip(left) {
            if !self.is_declaration(*target) {
                self.reassigned(hole);
            }
        }
    }

    /// What the right side of an assignment, the operands of `return` and arguments come to, and how
    /// the statement is shown: values of one expression go through temporaries first.
    pub(super) fn sources(
        &mut self,
        right: &[ExprId],
        types: &[Option<TypeId>],
        is_dropped: &[bool],
        node: Node<'p>,
        position: u32,
        head: impl Fn(&Texts<'p>) -> String,
    ) -> (Vec<Source>, Node<'p>) {
        let [single] = right else {
            let sources = right
                .iter()
                .zip(types)
                .map(|(expr, ty)| Source::Expression(*expr, *ty));
            return (sources.collect(), node);
        };
        let values = declare::several(self.typed, *single);
        if types.len() < 2 || values.len() < 2 {
            let ty = types.first().copied().flatten();
            return (vec![Source::Expression(*single, ty)], node);
        }
        let (sources, mut texts) = self.unpack(*single, &values, types, position);
        for (text, is_dropped) in texts.iter_mut().zip(is_dropped).skip(1) {
            if *is_dropped {
                "0".clone_into(text);
            }
        }
        let text = format!("{}{}", head(&self.texts()), texts.join(", "));
        (sources, Node::text(text))
    }

    /// Sets temporaries to the values of an expression with several; returns them and their texts.
    pub(super) fn unpack(
        &mut self,
        expr: ExprId,
        values: &[TypeId],
        types: &[Option<TypeId>],
        position: u32,
    ) -> (Vec<Source>, Vec<String>) {
        let expr = self.typed.ast.unparen(expr);
        let temporaries = self.temporaries(Purpose::Value, position, values.len());
        for location in &temporaries {
            self.graph.locations[location.0].loop_depth = self.loop_depth;
        }
        let names: Vec<String> = temporaries
            .iter()
            .map(|location| self.location_name(*location))
            .collect();
        let node = || {
            Node::text(format!(
                "{} := {}",
                names.join(", "),
                self.texts().expression_text(expr)
            ))
        };
        let holes: Vec<Hole<'p>> = temporaries.iter().map(|at| Hole::of(*at)).collect();
        match &self.typed.ast.exprs[expr].kind {
            ExprKind::Call { .. } => self.call(Some(&holes), expr),
            ExprKind::TypeAssertion { .. } => {
                let hole = holes[0].note(node(), position, "assign-pair-dot-type");
                self.expr(&hole, expr);
            }
            ExprKind::Index { .. } => {
                let hole = holes[0].note(node(), position, "assign-pair-mapr");
                self.expr(&hole, expr);
            }
            _ => {
                let hole = holes[0].note(node(), position, "assign-pair-receive");
                self.expr(&hole, expr);
            }
        }
        let mut sources = Vec::new();
        let mut texts = Vec::new();
        for (index, (location, from)) in temporaries.iter().zip(values).enumerate() {
            let ty = types.get(index).copied().flatten();
            let is_converted = ty.is_some_and(|ty| ty != *from);
            texts.push(if index == 0 && !is_converted {
                // The statement that sets them hangs at the first.
                let of = self.texts().type_text(*from);
                let of = match self.types.get(*from) {
                    Type::Named(_) | Type::Basic(_) => of,
                    _ if of == "any" => of,
                    _ => format!("({of})"),
                };
                format!("{of}({})", names[index])
            } else {
                names[index].clone()
            });
            sources.push(Source::Temporary(*location, *from, ty));
        }
        (sources, texts)
    }

    pub(super) fn location_name(&self, location: Location) -> String {
        match &self.graph.locations[location.0].kind {
            Kind::Variable(name) => name.to_string(),
            _ => "_".to_owned(),
        }
    }

    /// Evaluates what is assigned into a hole.
    pub(super) fn source(&mut self, hole: &Hole<'p>, source: Source) {
        match source {
            Source::Expression(expr, None) => self.expr(hole, expr),
            Source::Expression(expr, Some(ty)) => self.converted(hole, expr, ty),
            Source::Temporary(location, from, ty) => {
                let target = ty.unwrap_or(from);
                let mut hole = hole.clone();
                if self.types.is_interface(target) && from != target {
                    let node = Node::text(self.location_name(location));
                    let position = self.graph.locations[location.0].position;
                    hole = self.boxed(&hole, from, node, position);
                }
                if has_pointers(self.types, from) && location != BLANK {
                    self.graph.flow(&hole, location);
                }
            }
        }
    }

    fn return_values(&mut self, values: &[ExprId], node: Node<'p>, position: u32) {
        let results = self.graph.functions[self.function].results.clone();
        let types: Vec<Option<TypeId>> = results
            .iter()
            .map(|location| self.types_of.get(location).copied())
            .collect();
        let (sources, node) = self.sources(values, &types, &[], node, position, |_| {
            "return ".to_owned()
        });
        for (result, source) in results.iter().zip(sources) {
            let hole = Hole::of(*result).note(node.clone(), position, "return");
            self.source(&hole, source);
        }
        for result in results {
            self.graph.locations[result.0].is_reassigned = true;
        }
    }

    fn var_spec(&mut self, spec: &'p ast::ValueSpec) {
        let typed = self.typed;
        for name in &spec.names {
            self.declared(*name);
        }
        if spec.values.is_empty() {
            return;
        }
        let position = typed.ast.idents[spec.names[0]].span.start;
        let names: Vec<&str> = spec
            .names
            .iter()
            .map(|name| typed.ast.ident_text(*name))
            .collect();
        let names = names.join(", ");
        let holes: Vec<(Hole<'p>, Option<TypeId>)> = spec
            .names
            .iter()
            .map(|name| {
                let object = typed
                    .object_of(*name)
                    .filter(|_| typed.ast.ident_text(*name) != "_");
                match object {
                    Some(object) => (
                        Hole::of(self.variable(object).unwrap_or(BLANK)),
                        Some(typed.objects[object].ty),
                    ),
                    None => (Hole::of(BLANK), None),
                }
            })
            .collect();
        let types: Vec<Option<TypeId>> = holes.iter().map(|(_, ty)| *ty).collect();
        let is_used = types.iter().any(Option::is_some);
        let is_dropped: Vec<bool> = types.iter().map(|ty| is_used && ty.is_none()).collect();
        let node = Node::text(format!(
            "{names} := {}",
            list_text(&self.texts(), &spec.values)
        ));
        let (sources, node) =
            self.sources(&spec.values, &types, &is_dropped, node, position, |_| {
                format!("{names} := ")
            });
        let why = if holes.len() == 1 {
            "assign"
        } else {
            "assign-pair"
        };
        for ((hole, _), source) in holes.iter().zip(sources) {
            self.source(&hole.note(node.clone(), position, why), source);
        }
    }
}

/// Where the `=` of an assignment is.
fn operator_position(statement: &Statement) -> u32 {
    match statement.kind {
        StatementKind::Assign { operator, .. } => operator,
        _ => statement.span.start,
    }
}
