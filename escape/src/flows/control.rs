//! What flows where in statements that decide what runs: `if`, `for` in its forms, `switch`.

use frontend::ast::{self, ExprId, ExprKind, ForHeader, Statement, StatementKind};
use frontend::check::{Mode, ObjectId};
use frontend::ssa::builder::{constant_condition, is_never};
use frontend::types::{Type, TypeId};

use super::body::Body;
use super::declare::{self, Purpose};
use super::graph::{BLANK, Hole, Kind, Location, Role};
use super::words::Node;
use crate::build::has_pointers;

impl<'p> Body<'p, '_> {
    pub(super) fn if_statement(&mut self, statement: &'p ast::IfStatement) {
        self.optional(statement.init.as_ref());
        match constant_condition(self.typed, statement.condition) {
            Some(true) => self.block(&statement.then.statements),
            Some(false) => self.optional_block(statement.otherwise.as_ref()),
            None => {
                self.discard(statement.condition);
                self.block(&statement.then.statements);
                self.optional_block(statement.otherwise.as_ref());
            }
        }
    }

    fn optional_block(&mut self, statement: Option<&'p Statement>) {
        if let Some(statement) = statement {
            self.block(std::slice::from_ref(statement));
        }
    }

    pub(super) fn for_statement(&mut self, statement: &'p ast::ForStatement) {
        let typed = self.typed;
        let body = &statement.body;
        match &statement.header {
            ForHeader::Clause {
                init,
                condition,
                post,
            } => {
                self.optional(init.as_ref());
                if is_never(typed, *condition) {
                    return;
                }
                let targets = match init.as_ref().map(|init| &init.kind) {
                    Some(StatementKind::Define { left, .. }) => left.as_slice(),
                    _ => &[],
                };
                self.loop_depth += 1;
                // What each round has its own of belongs to the loop.
                for target in targets {
                    let object = self.defined(*target);
                    if let Some(object) = object
                        && declare::is_of_a_round(self.facts, object)
                        && let Some(location) = self.variable(object)
                    {
                        self.graph.locations[location.0].loop_depth = self.loop_depth;
                    }
                }
                if let Some(condition) = condition {
                    self.discard(*condition);
                }
                self.optional(post.as_ref());
                self.block(&body.statements);
                self.loop_depth -= 1;
            }
            ForHeader::Range {
                key,
                value,
                is_define,
                operand,
                range,
            } => {
                let targets = [*key, *value];
                if *is_define {
                    for target in targets.into_iter().flatten() {
                        if let ExprKind::Name(ident) = typed.ast.exprs[target].kind {
                            self.declared(ident);
                        }
                    }
                }
                let temporary = self.graph.add(
                    Kind::Temporary,
                    Role::Local,
                    0,
                    self.function,
                    self.loop_depth,
                );
                self.graph.keep(temporary);
                self.expr(&Hole::of(temporary), *operand);
                self.loop_depth += 1;
                self.range_targets(targets, *is_define, *operand, *range, temporary);
                self.block(&body.statements);
                self.loop_depth -= 1;
            }
        }
    }

    /// The object that a left side of `:=` declares.
    fn defined(&self, target: ExprId) -> Option<ObjectId> {
        let ExprKind::Name(ident) = self.typed.ast.exprs[target].kind else {
            return None;
        };
        self.typed.object_of(ident)
    }

    fn range_targets(
        &mut self,
        targets: [Option<ExprId>; 2],
        is_define: bool,
        operand: ExprId,
        position: u32,
        temporary: Location,
    ) {
        let node = Node::text("for loop");
        let mut copies = Vec::new();
        let mut places: Vec<Target<'p>> = Vec::new();
        for (index, target) in targets.into_iter().flatten().enumerate() {
            let object = self.defined(target).filter(|_| is_define);
            let own = object
                .filter(|object| declare::is_of_a_round(self.facts, *object))
                .and_then(|object| Some((object, self.variable(object)?)));
            let hole = match own {
                Some((_, variable)) => {
                    let copy = self.temporaries(Purpose::Round, position, index + 1)[index];
                    copies.push((variable, copy));
                    Hole::of(copy)
                }
                None => self.place(target),
            };
            places.push(Target {
                hole,
                ty: self.target_type(target),
            });
        }
        let ty = self.type_of(operand);
        if let Some(place) = places.get(1)
            && place.ty.is_none_or(|ty| has_pointers(self.types, ty))
        {
            let hole = if matches!(self.types.underlying(ty), Type::Array(..)) {
                place.hole.note(node, position, "range")
            } else {
                place.hole.deref(node, position, "range-deref")
            };
            self.graph.flow(&hole, temporary);
        }
        for place in &places {
            self.reassigned(&place.hole);
        }
        for (variable, copy) in copies {
            self.graph.locations[variable.0].loop_depth = self.loop_depth;
            let text = format!(
                "{} := {}",
                self.location_name(variable),
                self.location_name(copy)
            );
            let hole = Hole::of(variable).note(Node::text(text), position, "assign");
            if self
                .types_of
                .get(&variable)
                .is_some_and(|ty| has_pointers(self.types, *ty))
            {
                self.graph.flow(&hole, copy);
            }
        }
    }

    pub(super) fn switch(&mut self, statement: &'p ast::SwitchStatement) {
        self.optional(statement.init.as_ref());
        let mut tag_type = None;
        if let Some(tag) = statement.tag {
            tag_type = Some(self.type_of(tag));
        }
        let meets_interface = !tag_type.is_some_and(|ty| self.types.is_interface(ty))
            && statement
                .clauses
                .iter()
                .flat_map(|clause| clause.cases.iter().flatten())
                .any(|case| self.is_interface_value(*case));
        if meets_interface {
            // All are then compared as values of `any`.
            tag_type = self.types.find(&Type::Interface(Box::default()));
        }
        if let (Some(tag), Some(ty)) = (statement.tag, tag_type) {
            self.converted(&Hole::of(BLANK), tag, ty);
        }
        for clause in &statement.clauses {
            for case in clause.cases.iter().flatten() {
                match tag_type {
                    Some(ty) if self.types.is_interface(ty) => {
                        self.converted(&Hole::of(BLANK), *case, ty);
                    }
                    _ => self.discard(*case),
                }
            }
            self.block(&clause.body);
        }
    }

    fn is_interface_value(&self, expr: ExprId) -> bool {
        let inner = self.typed.ast.unparen(expr);
        self.typed.info.modes[inner] != Mode::Nil && self.types.is_interface(self.type_of(inner))
    }

    pub(super) fn type_switch(&mut self, statement: &'p ast::TypeSwitchStatement) {
        self.optional(statement.init.as_ref());
        let mut holes = Vec::new();
        for clause in &statement.clauses {
            let symbol = self.typed.info.clause_symbols.get(&clause.span.start);
            let Some(object) = symbol.copied() else {
                continue;
            };
            let Some(location) = self.variable(object) else {
                continue;
            };
            let position = declare::clause_position(self.typed, clause);
            let data = &mut self.graph.locations[location.0];
            (data.loop_depth, data.position) = (self.loop_depth, position);
            let ty = self.typed.objects[object].ty;
            if has_pointers(self.types, ty) {
                let hole = self.of_type(
                    &Hole::of(location),
                    ty,
                    Node::Clause(clause),
                    clause.span.start,
                    "switch case",
                );
                holes.push(hole);
            }
        }
        let hole = self.tee(&holes);
        self.expr(&hole, statement.operand);
        for clause in &statement.clauses {
            self.block(&clause.body);
        }
    }
}

/// A place a `range` assigns to.
struct Target<'p> {
    hole: Hole<'p>,
    ty: Option<TypeId>,
}
