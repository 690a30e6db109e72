//! Expressions: what flows where when one is evaluated.

use frontend::ast::{BinaryOp, Element, ExprId, ExprKind, UnaryOp};
use frontend::check::{Mode, Selection, SelectionKind};
use frontend::ssa::builder::operands;
use frontend::types::{Basic, Type, TypeId};

use super::body::{Body, Literal, Source};
use super::declare::{self, Purpose};
use super::graph::{BLANK, HEAP, Hole, Kind, Location, MUTATOR, Role};
use super::words::Node;
use crate::build::has_pointers;

impl<'p> Body<'p, '_> {
    /// Evaluates an expression for its effects.
    pub(super) fn discard(&mut self, expr: ExprId) {
        self.expr(&Hole::of(BLANK), expr);
    }

    /// Something is written through the value of an expression.
    fn mutate(&mut self, expr: ExprId) {
        self.expr(&Hole::of(MUTATOR), expr);
    }

    /// A location for what an expression allocates, whose address flows to `hole`; returns where
    /// that which is put into it goes.
    pub(super) fn spill(&mut self, hole: &Hole<'p>, node: Node<'p>, position: u32) -> Hole<'p> {
        let location = self.storage(node.clone(), position);
        self.graph
            .flow(&hole.address(node, position, "spill"), location);
        Hole::of(location)
    }

    fn storage(&mut self, node: Node<'p>, position: u32) -> Location {
        self.graph.add(
            Kind::Storage(node),
            Role::Local,
            position,
            self.function,
            self.loop_depth,
        )
    }

    pub(super) fn position(&self, expr: ExprId) -> u32 {
        self.typed.ast.exprs[expr].position
    }

    pub(super) fn type_of(&self, expr: ExprId) -> TypeId {
        self.texts().type_of(self.typed.ast.unparen(expr))
    }

    /// Evaluates an expression and converts it to a type it is assignable to.
    pub(super) fn converted(&mut self, hole: &Hole<'p>, expr: ExprId, ty: TypeId) {
        let inner = self.typed.ast.unparen(expr);
        if self.typed.info.modes[inner] == Mode::Nil {
            return;
        }
        if self.operands.contains_key(&inner) {
            self.expr(hole, inner);
            return;
        }
        let from = self.type_of(inner);
        if self.types.is_interface(ty) && from != ty {
            let hole = self.boxed(hole, from, Node::Boxed(expr), self.position(expr));
            self.expr(&hole, inner);
        } else {
            self.expr(hole, inner);
        }
    }

    /// Where a value goes that is converted to an interface.
    pub(super) fn boxed(
        &mut self,
        hole: &Hole<'p>,
        from: TypeId,
        node: Node<'p>,
        position: u32,
    ) -> Hole<'p> {
        let is_direct = self.types.is_interface(from) || self.is_direct(from);
        if is_direct {
            return hole.note(node, position, "interface-converted");
        }
        let hole = self.spill(hole, node.clone(), position);
        hole.note(node, position, "interface-converted")
    }

    /// Whether an interface holds values of the type themselves.
    pub(super) fn is_direct(&self, ty: TypeId) -> bool {
        crate::explain::is_direct(self.types, ty)
    }

    /// Evaluates an expression into a hole.
    pub(super) fn expr(&mut self, hole: &Hole<'p>, expr: ExprId) {
        let typed = self.typed;
        let expr = typed.ast.unparen(expr);
        if let Some(&(location, ty)) = self.operands.get(&expr) {
            self.source(hole, Source::Temporary(location, ty, None));
            return;
        }
        let mode = typed.info.modes[expr];
        if matches!(mode, Mode::Type | Mode::Nil) || typed.constant_of(expr).is_some() {
            return;
        }
        let mut hole = hole.clone();
        if hole.derefs >= 0
            && let Some(ty) = typed.info.types[expr].expand()
            && !matches!(self.types.get(ty), Type::Tuple(_))
            && !has_pointers(self.types, ty)
        {
            hole.target = BLANK;
        }
        let hole = &hole;
        let position = self.position(expr);
        let node = Node::Expression(expr);
        match &typed.ast.exprs[expr].kind {
            ExprKind::Name(ident) => {
                if let Some(object) = typed.object_of(*ident)
                    && let Some(location) = self.variable(object)
                {
                    self.graph.flow(hole, location);
                }
            }
            ExprKind::CompositeLiteral { elements, .. } => self.literal(hole, expr, elements),
            ExprKind::FunctionLiteral { .. } => self.function_literal(hole, expr),
            ExprKind::Selector { operand, .. } => self.selector(hole, expr, *operand),
            ExprKind::Index { operand, indices } => self.index(hole, expr, *operand, indices[0]),
            ExprKind::Slice {
                operand,
                low,
                high,
                max,
                ..
            } => {
                let mut inside = hole.note(node, position, "slice");
                if matches!(
                    self.types.underlying(self.type_of(*operand)),
                    Type::Array(..)
                ) {
                    inside = inside.address(Node::Expression(*operand), position, "address-of");
                }
                self.expr(&inside, *operand);
                for bound in [low, high, max].into_iter().flatten() {
                    self.discard(*bound);
                }
            }
            ExprKind::TypeAssertion { operand, .. } => {
                let hole = self.of_type(hole, self.type_of(expr), node, position, "dot");
                self.expr(&hole, *operand);
            }
            ExprKind::Call { .. } => self.call_expr(hole, expr),
            ExprKind::Star(inner) => {
                self.expr(&hole.deref(node, position, "indirection"), *inner);
            }
            ExprKind::Unary(UnaryOp::AddressOf, inner) => {
                let inner = typed.ast.unparen(*inner);
                if matches!(
                    typed.ast.exprs[inner].kind,
                    ExprKind::CompositeLiteral { .. }
                ) {
                    let inside = self.spill(hole, node, position);
                    self.expr(&inside, inner);
                } else {
                    self.expr(&hole.address(node, position, "address-of"), inner);
                }
            }
            ExprKind::Unary(_, inner) => self.discard(*inner),
            ExprKind::Binary { op, left, right } => self.binary(hole, expr, *op, *left, *right),
            _ => {}
        }
    }

    /// A value taken out of an interface.
    pub(super) fn of_type(
        &self,
        hole: &Hole<'p>,
        ty: TypeId,
        node: Node<'p>,
        position: u32,
        why: &'static str,
    ) -> Hole<'p> {
        if self.types.is_interface(ty) || self.is_direct(ty) {
            hole.note(node, position, why)
        } else {
            hole.deref(node, position, why)
        }
    }

    fn binary(&mut self, hole: &Hole<'p>, expr: ExprId, op: BinaryOp, left: ExprId, right: ExprId) {
        let is_string = self
            .types
            .as_basic(self.type_of(expr))
            .is_some_and(Basic::is_string);
        if op == BinaryOp::Add && is_string {
            self.spill(hole, Node::Expression(expr), self.position(expr));
            for part in self.texts().concatenated(expr) {
                self.discard(part);
            }
            return;
        }
        if op.is_comparison() {
            self.compared(left, right);
            self.compared(right, left);
            return;
        }
        self.discard(left);
        self.discard(right);
    }

    /// One side of a comparison; a concrete value meets an interface as one.
    fn compared(&mut self, expr: ExprId, other: ExprId) {
        let other = self.typed.ast.unparen(other);
        if self.typed.info.modes[other] == Mode::Nil {
            self.discard(expr);
            return;
        }
        let (ours, theirs) = (self.type_of(expr), self.type_of(other));
        if self.types.is_interface(theirs) && !self.types.is_interface(ours) {
            self.converted(&Hole::of(BLANK), expr, theirs);
        } else {
            self.discard(expr);
        }
    }

    fn index(&mut self, hole: &Hole<'p>, expr: ExprId, operand: ExprId, index: ExprId) {
        let (node, position) = (Node::Expression(expr), self.position(expr));
        let ty = self.type_of(operand);
        match self.types.underlying(ty) {
            Type::Map(key, _) => {
                let key = *key;
                self.discard(operand);
                self.converted(&Hole::of(BLANK), index, key);
                return;
            }
            Type::Array(..) => {
                self.expr(&hole.note(node, position, "fixed-array-index-of"), operand);
            }
            Type::Pointer(_) => {
                let inside = hole.note(node, position, "fixed-array-index-of").deref(
                    Node::Expression(operand),
                    position,
                    "indirection",
                );
                self.expr(&inside, operand);
            }
            _ => self.expr(&hole.deref(node, position, "dot of pointer"), operand),
        }
        self.discard(index);
    }

    fn selector(&mut self, hole: &Hole<'p>, expr: ExprId, operand: ExprId) {
        let typed = self.typed;
        // A package's function or variable has no selection.
        let Some(selection) = typed.info.selections.get(&expr) else {
            return;
        };
        match selection.kind {
            SelectionKind::Field => {
                self.field(hole, expr, operand, selection, selection.path.len());
            }
            SelectionKind::MethodExpression => {}
            SelectionKind::MethodValue => {
                let closure = self.spill(hole, Node::Expression(expr), self.position(expr));
                let parameter = self.bound_receiver(selection);
                let both = self.tee(&[parameter, closure]);
                self.receiver(&both, expr, operand, selection);
            }
        }
    }

    /// The value of the first `steps` fields of a selector.
    fn field(
        &mut self,
        hole: &Hole<'p>,
        expr: ExprId,
        operand: ExprId,
        selection: &Selection,
        steps: usize,
    ) {
        let position = self.position(expr);
        let mut types = vec![selection.receiver];
        for index in &selection.path[..steps] {
            let ty = *types.last().expect("the receiver");
            let structure = self.types.pointee(ty).unwrap_or(ty);
            if let Type::Struct(fields) = self.types.underlying(structure) {
                types.push(fields[*index as usize].ty);
            }
        }
        let mut hole = hole.clone();
        for step in (0..steps).rev() {
            let node = self.field_node(expr, operand, selection, step + 1);
            hole = if self.types.pointee(types[step]).is_some() {
                hole.deref(node, position, "dot of pointer")
            } else {
                hole.note(node, position, "dot")
            };
        }
        self.expr(&hole, operand);
    }

    /// The first `steps` fields of a selector.
    fn field_node(
        &self,
        expr: ExprId,
        operand: ExprId,
        selection: &Selection,
        steps: usize,
    ) -> Node<'p> {
        if selection.kind == SelectionKind::Field && steps == selection.path.len() {
            return Node::Expression(expr);
        }
        Node::text(self.texts().path_text(operand, selection, steps))
    }

    /// The receiver that a method selection passes.
    pub(super) fn receiver(
        &mut self,
        hole: &Hole<'p>,
        expr: ExprId,
        operand: ExprId,
        selection: &Selection,
    ) {
        let steps = selection.path.len();
        let ty = declare::selected_type(self.typed, selection);
        let node = || {
            if steps == 0 {
                Node::Expression(operand)
            } else {
                self.field_node(expr, operand, selection, steps)
            }
        };
        let position = self.position(expr);
        let mut hole = hole.clone();
        if let Some(wants_pointer) = declare::wants_pointer(self.typed, selection) {
            match (wants_pointer, self.types.pointee(ty).is_some()) {
                (true, false) => hole = hole.address(node(), position, "address-of"),
                (false, true) => hole = hole.deref(node(), position, "indirection"),
                _ => {}
            }
        }
        if steps == 0 {
            self.expr(&hole, operand);
        } else {
            self.field(&hole, expr, operand, selection, steps);
        }
    }

    fn literal(&mut self, hole: &Hole<'p>, expr: ExprId, elements: &'p [Element]) {
        let position = self.position(expr);
        let ty = self.type_of(expr);
        // In a list the `&` of an element may be left out.
        let (hole, ty) = match self.types.pointee(ty) {
            Some(pointee) => (&self.spill(hole, Node::Expression(expr), position), pointee),
            None => (hole, ty),
        };
        let node = Node::Literal(expr, ty);
        match self.types.underlying(ty) {
            Type::Array(element, _) => {
                let hole = hole.note(node, position, "array literal element");
                let element = *element;
                for item in elements {
                    self.converted(&hole, item.value, element);
                }
            }
            Type::Slice(element) => {
                let element = *element;
                let hole = self.spill(hole, node.clone(), position);
                let hole = hole.note(node, position, "slice-literal-element");
                for item in elements {
                    self.converted(&hole, item.value, element);
                }
            }
            Type::Struct(fields) => {
                let hole = hole.note(node, position, "struct literal element");
                for (index, item) in elements.iter().enumerate() {
                    let field = operands::field_index(self.typed, item, index);
                    self.converted(&hole, item.value, fields[field].ty);
                }
            }
            Type::Map(key, value) => {
                let (key, value) = (*key, *value);
                self.spill(hole, node.clone(), position);
                let heap = Hole::of(HEAP);
                for item in elements {
                    if let Some(written) = item.key {
                        let hole = heap.note(node.clone(), position, "map literal key");
                        self.converted(&hole, written, key);
                    }
                    let hole = heap.note(node.clone(), position, "map literal value");
                    self.converted(&hole, item.value, value);
                }
            }
            _ => {}
        }
    }

    fn function_literal(&mut self, hole: &Hole<'p>, expr: ExprId) {
        let position = self.position(expr);
        let inside = self.spill(hole, Node::text("func literal"), position);
        let captures = self
            .facts
            .literals
            .get(&expr)
            .map_or(&[][..], Vec::as_slice);
        let locations: Vec<(Location, u32)> = captures
            .iter()
            .filter_map(|object| {
                let location = self.variable(*object)?;
                Some((location, self.first_use(*object, expr)))
            })
            .collect();
        for (location, _) in &locations {
            self.captured(*location);
        }
        let Some(id) = self.index.literals.get(&typed_start(self.typed, expr)) else {
            return;
        };
        if let Some(&function) = self.members.get(id) {
            self.graph.locations[inside.target.0].closure = Some(function);
            self.closures.push(Literal {
                hole: inside,
                captures: locations,
            });
            if !captures.is_empty() {
                self.walk_literal(expr, function);
            }
        }
    }

    /// Notes that a closure captures a variable.
    pub(super) fn captured(&mut self, location: Location) {
        let data = &mut self.graph.locations[location.0];
        if !std::mem::replace(&mut data.is_captured, true) && data.loop_depth == self.loop_depth {
            // Assignments on the straight way to the first closure do not count.
            data.is_reassigned = false;
        }
    }

    /// A hole that flows to all of some.
    pub(super) fn tee(&mut self, holes: &[Hole<'p>]) -> Hole<'p> {
        match holes {
            [] => Hole::of(BLANK),
            [hole] => hole.clone(),
            _ => {
                let location = self.graph.add(
                    Kind::Temporary,
                    Role::Local,
                    0,
                    self.function,
                    self.loop_depth,
                );
                for hole in holes {
                    self.graph.flow(hole, location);
                }
                Hole::of(location)
            }
        }
    }

    /// Where an assignment to a place goes.
    pub(super) fn place(&mut self, expr: ExprId) -> Hole<'p> {
        let typed = self.typed;
        let expr = typed.ast.unparen(expr);
        match &typed.ast.exprs[expr].kind {
            ExprKind::Name(ident) => {
                if typed.ast.ident_text(*ident) == "_" {
                    return Hole::of(BLANK);
                }
                let location = typed
                    .object_of(*ident)
                    .and_then(|object| self.variable(object));
                Hole::of(location.unwrap_or(HEAP))
            }
            ExprKind::Selector { operand, .. } => {
                let Some(selection) = typed.info.selections.get(&expr) else {
                    return Hole::of(HEAP);
                };
                let mut ty = selection.receiver;
                let mut last_pointer = None;
                for (step, index) in selection.path.iter().enumerate() {
                    if self.types.pointee(ty).is_some() {
                        last_pointer = Some(step);
                    }
                    let structure = self.types.pointee(ty).unwrap_or(ty);
                    if let Type::Struct(fields) = self.types.underlying(structure) {
                        ty = fields[*index as usize].ty;
                    }
                }
                match last_pointer {
                    None => self.place(*operand),
                    Some(steps) => {
                        self.field(&Hole::of(MUTATOR), expr, *operand, selection, steps);
                        Hole::of(HEAP)
                    }
                }
            }
            ExprKind::Index { operand, indices } => {
                let ty = self.type_of(*operand);
                match self.types.underlying(ty) {
                    Type::Map(key, _) => {
                        let key = *key;
                        self.discard(*operand);
                        let hole = Hole::of(HEAP).note(
                            Node::Expression(expr),
                            self.position(expr),
                            "key of map put",
                        );
                        self.converted(&hole, indices[0], key);
                        Hole::of(HEAP)
                    }
                    Type::Array(..) => {
                        self.discard(indices[0]);
                        self.place(*operand)
                    }
                    _ => {
                        self.discard(indices[0]);
                        self.mutate(*operand);
                        Hole::of(HEAP)
                    }
                }
            }
            ExprKind::Star(inner) => {
                self.mutate(*inner);
                Hole::of(HEAP)
            }
            _ => Hole::of(HEAP),
        }
    }

    /// The temporaries that hold the values of an expression with several.
    pub(super) fn temporaries(
        &self,
        purpose: Purpose,
        position: u32,
        count: usize,
    ) -> Vec<Location> {
        (0..count)
            .map(|index| {
                self.temporaries
                    .get(&(purpose, position, index))
                    .copied()
                    .unwrap_or(BLANK)
            })
            .collect()
    }
}

/// Where the text of an expression begins.
pub(super) fn typed_start(typed: &frontend::check::TypedProgram, expr: ExprId) -> u32 {
    typed.ast.exprs[expr].span.start
}
