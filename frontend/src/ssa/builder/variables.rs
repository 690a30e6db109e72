//! What must be known of the variables of a function before it is lowered.
//!
//! One walk over a declared function, literals inside included, finds for every local variable
//! whether it is assigned after its declaration and whether its address is taken, and for every
//! literal which variables it captures. As in gc a variable is captured by value if neither holds
//! and it is small, else by reference; flow does not matter.

use std::collections::{HashMap, HashSet};

use super::literal::element_count;
use crate::ast::visit::{self, Visitor};
use crate::ast::{
    Ast, Body, BodyId, Declaration, ExprId, ExprKind, ForHeader, IdentId, Name, Statement,
    StatementKind, UnaryOp, ValueSpec,
};
use crate::check::constant::Constant;
use crate::check::{Builtin, Mode, ObjectId, ObjectKind, SelectionKind, TypedProgram};
use crate::source::Span;
use crate::types::{Type, TypeId, TypeTable};

/// What is known of a function's variables.
#[derive(Debug, Default)]
pub struct Variables {
    /// Local variables that are assigned apart from their declaration.
    pub reassigned: HashSet<ObjectId>,
    /// Of those, variables that are only assigned before the first literal that captures them is
    /// reached, with no loop in between: to literals they are constants.
    pub settled: HashSet<ObjectId>,
    /// Local variables whose address is taken, also implicitly.
    pub address_taken: HashSet<ObjectId>,
    /// What local variables were declared with, where one value stands for one variable.
    pub initial_values: HashMap<ObjectId, ExprId>,
    /// Local variables that some literal captures.
    pub captured: HashSet<ObjectId>,
    /// The variables each literal captures, in order of first use.
    pub literals: HashMap<ExprId, Vec<ObjectId>>,
    /// Labels that a `goto` jumps back to.
    pub looping_labels: HashSet<IdentId>,
    /// Whether the function itself contains `defer`.
    pub has_defer: bool,
    /// Literals that contain `defer`.
    pub literals_with_defer: HashSet<ExprId>,
}

/// A size that is known although it is no constant of the source.
#[derive(Debug, Clone, Copy)]
pub enum StaticSize<'t> {
    /// A constant, and how it is written.
    Constant(&'t Constant, ExprId),
    /// A number of elements.
    Length(u64),
}

impl StaticSize<'_> {
    /// The number, or the largest there is.
    pub fn count(self) -> u64 {
        match self {
            StaticSize::Constant(constant, _) => constant
                .to_integer()
                .and_then(|value| u64::try_from(&*value).ok())
                .unwrap_or(u64::MAX),
            StaticSize::Length(count) => count,
        }
    }
}

impl Variables {
    /// The value a variable always has: that of its declaration, if nothing can change it.
    pub fn static_value(&self, object: ObjectId) -> Option<ExprId> {
        let is_fixed = !self.reassigned.contains(&object) && !self.address_taken.contains(&object);
        self.initial_values
            .get(&object)
            .copied()
            .filter(|_| is_fixed)
    }

    /// The constant that a variable which never changes was declared with, and how it is written.
    pub fn static_constant<'t>(
        &self,
        typed: &'t TypedProgram,
        types: &TypeTable,
        expr: ExprId,
    ) -> Option<(&'t Constant, ExprId)> {
        let mut expr = typed.ast.unparen(expr);
        let is_interface = |expr: ExprId| {
            let ty = typed.info.types[expr].expand();
            ty.map(|ty| types.is_interface(ty))
        };
        if typed.constant_of(expr).is_some() || is_interface(expr)? {
            return None;
        }
        expr = self.origin(typed, expr);
        let constant = typed.constant_of(expr)?;
        (!is_interface(expr)?).then_some((constant, expr))
    }

    /// What a variable that never changes was declared with, through other such variables.
    fn origin(&self, typed: &TypedProgram, expr: ExprId) -> ExprId {
        let mut expr = typed.ast.unparen(expr);
        while let ExprKind::Name(ident) = typed.ast.exprs[expr].kind
            && let Some(value) = typed
                .object_of(ident)
                .and_then(|object| self.static_value(object))
        {
            expr = typed.ast.unparen(value);
        }
        expr
    }

    /// The size that gc takes an expression for where it makes a slice: the constant that it always
    /// is, or the length of a slice literal.
    pub fn static_size<'t>(
        &self,
        typed: &'t TypedProgram,
        types: &TypeTable,
        expr: ExprId,
    ) -> Option<StaticSize<'t>> {
        if let Some((constant, origin)) = self.static_constant(typed, types, expr) {
            return (constant.sign() >= 0).then_some(StaticSize::Constant(constant, origin));
        }
        let ExprKind::Call {
            callee,
            ref arguments,
            ..
        } = typed.ast.exprs[self.origin(typed, expr)].kind
        else {
            return None;
        };
        if typed.builtin_of(callee) != Some(Builtin::Len) {
            return None;
        }
        let slice = self.origin(typed, arguments[0]);
        let ExprKind::CompositeLiteral { elements, .. } = &typed.ast.exprs[slice].kind else {
            return None;
        };
        let is_slice = matches!(types.underlying(typed.type_of(slice)), Type::Slice(_));
        is_slice.then(|| StaticSize::Length(element_count(typed, elements)))
    }

    /// Whether a `for` clause must give each round its own copy of the variable.
    pub fn is_per_iteration(&self, object: ObjectId) -> bool {
        self.address_taken.contains(&object)
            || (self.captured.contains(&object) && self.changes_under_literals(object))
    }

    /// Whether a literal that captures the variable may see it change.
    pub(super) fn changes_under_literals(&self, object: ObjectId) -> bool {
        self.reassigned.contains(&object) && !self.settled.contains(&object)
    }

    /// Adds what is known of the variables of another function.
    pub fn absorb(&mut self, other: Variables) {
        self.reassigned.extend(other.reassigned);
        self.settled.extend(other.settled);
        self.address_taken.extend(other.address_taken);
        self.initial_values.extend(other.initial_values);
        self.captured.extend(other.captured);
        self.literals.extend(other.literals);
        self.looping_labels.extend(other.looping_labels);
        self.has_defer |= other.has_defer;
        self.literals_with_defer.extend(other.literals_with_defer);
    }

    /// Analyses a declared function's body.
    pub fn of_body(typed: &TypedProgram, types: &TypeTable, body: BodyId) -> Self {
        let mut walk = Walk::new(typed, types);
        walk.body(body);
        walk.settle();
        walk.variables.has_defer = walk.frames.pop().expect("the function's frame").has_defer;
        walk.variables
    }

    /// Analyses an initialiser at package level.
    pub fn of_expr(typed: &TypedProgram, types: &TypeTable, expr: ExprId) -> Self {
        let mut walk = Walk::new(typed, types);
        walk.expr(expr);
        walk.settle();
        walk.variables
    }
}

/// A function or literal around the current point of the walk.
struct Frame {
    /// The literal and its span; none for the declared function.
    literal: Option<(ExprId, Span)>,
    labels: HashMap<Name, IdentId>,
    has_defer: bool,
    /// When the walk came to it, and how many loops were around it in the function it stands in.
    entered: Moment,
    /// Loops and labels around the current point inside this function.
    loop_depth: u32,
}

/// A point of the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment {
    /// Counts assignments and literals.
    time: u32,
    loop_depth: u32,
}

/// What decides whether a captured variable is settled.
#[derive(Debug, Default)]
struct History {
    declared_depth: HashMap<ObjectId, u32>,
    last_assigned: HashMap<ObjectId, u32>,
    first_captured: HashMap<ObjectId, Moment>,
}

struct Walk<'a> {
    typed: &'a TypedProgram,
    ast: &'a Ast,
    types: &'a TypeTable,
    variables: Variables,
    history: History,
    time: u32,
    frames: Vec<Frame>,
}

impl<'a> Walk<'a> {
    fn new(typed: &'a TypedProgram, types: &'a TypeTable) -> Self {
        let outermost = Frame {
            literal: None,
            labels: HashMap::new(),
            has_defer: false,
            entered: Moment {
                time: 0,
                loop_depth: 1,
            },
            loop_depth: 1,
        };
        Walk {
            typed,
            ast: &typed.ast,
            types,
            variables: Variables::default(),
            history: History::default(),
            time: 0,
            frames: vec![outermost],
        }
    }

    fn body(&mut self, body: BodyId) {
        if let Body::Parsed(block) = &self.ast.bodies[body] {
            self.block(block);
        }
    }

    fn var_spec(&mut self, spec: &ValueSpec) {
        let objects = spec.names.iter().map(|name| self.typed.object_of(*name));
        let objects: Vec<Option<ObjectId>> = objects.collect();
        for object in &objects {
            self.declared(*object);
        }
        if spec.names.len() == spec.values.len() {
            let declared = objects.into_iter().zip(spec.values.iter().copied());
            let known = declared.filter_map(|(object, value)| Some((object?, value)));
            self.variables.initial_values.extend(known);
        }
        self.exprs(&spec.values);
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames
            .last_mut()
            .expect("the walk is inside a function")
    }

    /// Notes an assignment to the variable a place belongs to.
    fn assigned(&mut self, target: ExprId) {
        if let Some(object) = self.root_variable(target) {
            self.reassigned(object);
        }
    }

    fn reassigned(&mut self, object: ObjectId) {
        self.time += 1;
        self.variables.reassigned.insert(object);
        self.history.last_assigned.insert(object, self.time);
    }

    fn declared(&mut self, object: Option<ObjectId>) {
        let depth = self.frame().loop_depth;
        if let Some(object) = object {
            self.history.declared_depth.insert(object, depth);
        }
    }

    /// Finds the variables that are settled when the first literal captures them.
    fn settle(&mut self) {
        let history = &self.history;
        for (object, moment) in &history.first_captured {
            let depth = history.declared_depth.get(object).copied().unwrap_or(1);
            let assigned = history.last_assigned.get(object).copied().unwrap_or(0);
            if depth == moment.loop_depth && assigned <= moment.time {
                self.variables.settled.insert(*object);
            }
        }
    }

    /// Notes the left side of `:=`, which assigns only what was declared before.
    fn defined(&mut self, target: ExprId, value: Option<ExprId>) {
        let ExprKind::Name(ident) = self.ast.exprs[target].kind else {
            return;
        };
        let Some(object) = self.typed.object_of(ident) else {
            return;
        };
        if self.typed.objects[object].span.start != self.ast.idents[ident].span.start {
            self.expr(target);
            self.reassigned(object);
            return;
        }
        self.declared(Some(object));
        if let Some(value) = value {
            self.variables.initial_values.insert(object, value);
        }
    }

    fn address_taken(&mut self, operand: ExprId) {
        if let Some(object) = self.root_variable(operand) {
            self.variables.address_taken.insert(object);
        }
    }

    /// The local variable whose memory an operand is part of.
    fn root_variable(&self, expr: ExprId) -> Option<ObjectId> {
        let expr = self.ast.unparen(expr);
        match &self.ast.exprs[expr].kind {
            ExprKind::Name(ident) => {
                let object = self.typed.object_of(*ident)?;
                matches!(self.typed.objects[object].kind, ObjectKind::Local(_)).then_some(object)
            }
            ExprKind::Selector { operand, .. } => {
                let selection = self.typed.info.selections.get(&expr)?;
                if selection.kind != SelectionKind::Field
                    || !self.is_direct(self.typed.type_of(*operand), &selection.path)
                {
                    return None;
                }
                self.root_variable(*operand)
            }
            ExprKind::Index { operand, .. } => {
                let ty = self.typed.info.types[*operand].expand()?;
                matches!(self.types.underlying(ty), Type::Array(..))
                    .then(|| self.root_variable(*operand))?
            }
            _ => None,
        }
    }

    /// Whether a path of fields stays inside the operand's memory: no pointer but the last field.
    fn is_direct(&self, mut ty: TypeId, path: &[u32]) -> bool {
        for index in path {
            match self.types.underlying(ty) {
                Type::Struct(fields) => ty = fields[*index as usize].ty,
                _ => return false,
            }
        }
        true
    }

    /// `x.m` takes the address of `x` if the method wants a pointer and `x` is none.
    fn method_receiver(&mut self, expr: ExprId, operand: ExprId) {
        let Some(selection) = self.typed.info.selections.get(&expr) else {
            return;
        };
        if selection.kind != SelectionKind::MethodValue {
            return;
        }
        let Some(method) = selection.method else {
            return;
        };
        let ObjectKind::Function(function) = &self.typed.objects[method].kind else {
            return;
        };
        let wants_pointer = function
            .receiver
            .is_some_and(|receiver| receiver.is_pointer);
        let ty = self.typed.type_of(operand);
        if wants_pointer && self.is_direct(ty, &selection.path) {
            let end = selection
                .path
                .iter()
                .fold(ty, |ty, index| match self.types.underlying(ty) {
                    Type::Struct(fields) => fields[*index as usize].ty,
                    _ => ty,
                });
            if self.types.pointee(end).is_none() {
                self.address_taken(operand);
            }
        }
    }

    /// Notes the use of a variable: literals between it and its declaration capture it.
    fn used(&mut self, ident: IdentId) {
        let Some(object) = self.typed.object_of(ident) else {
            return;
        };
        if !matches!(self.typed.objects[object].kind, ObjectKind::Local(_)) {
            return;
        }
        let declared = self.typed.objects[object].span.start;
        let mut captured_at = None;
        for frame in self.frames.iter().rev() {
            let Some((literal, span)) = frame.literal else {
                break;
            };
            if (span.start..span.end).contains(&declared) {
                break;
            }
            captured_at = Some(frame.entered);
            self.variables.captured.insert(object);
            let captures = self.variables.literals.entry(literal).or_default();
            if !captures.contains(&object) {
                captures.push(object);
            }
        }
        // The outermost literal counts: the others are part of it.
        if let Some(moment) = captured_at {
            self.history.first_captured.entry(object).or_insert(moment);
        }
    }
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn statements(&mut self, statements: &'a [Statement]) {
        let depth = self.frame().loop_depth;
        for statement in statements {
            self.statement(statement);
        }
        self.frame().loop_depth = depth;
    }

    fn statement(&mut self, statement: &'a Statement) {
        match &statement.kind {
            StatementKind::Defer(_) => {
                self.frame().has_defer = true;
                if let Some((literal, _)) = self.frame().literal {
                    self.variables.literals_with_defer.insert(literal);
                }
                visit::walk_statement(self, statement);
            }
            StatementKind::IncDec { operand, .. } => {
                self.assigned(*operand);
                self.expr(*operand);
            }
            StatementKind::Assign { left, .. } => {
                visit::walk_statement(self, statement);
                for target in left {
                    self.assigned(*target);
                }
            }
            StatementKind::Define { left, right, .. } => {
                self.exprs(right);
                for (index, target) in left.iter().enumerate() {
                    let value = (left.len() == right.len()).then(|| right[index]);
                    self.defined(*target, value);
                }
            }
            StatementKind::For(_) => {
                // The variables of the clause belong to a round, and so to the loop.
                self.frame().loop_depth += 1;
                visit::walk_statement(self, statement);
                self.frame().loop_depth -= 1;
            }
            StatementKind::Labeled { label, .. } => {
                let name = self.ast.idents[*label].name;
                self.frame().labels.insert(name, *label);
                // It may be where a loop begins, to the end of the block.
                self.frame().loop_depth += 1;
                visit::walk_statement(self, statement);
            }
            StatementKind::Goto(label) => {
                let name = self.ast.idents[*label].name;
                if let Some(label) = self.frame().labels.get(&name).copied() {
                    self.variables.looping_labels.insert(label);
                }
            }
            StatementKind::Declaration(declaration) => {
                if let Declaration::Var(specs) = &**declaration {
                    for spec in specs {
                        self.var_spec(spec);
                    }
                }
            }
            _ => visit::walk_statement(self, statement),
        }
    }

    fn for_header(&mut self, header: &'a ForHeader) {
        let ForHeader::Range {
            key,
            value,
            is_define,
            operand,
            ..
        } = header
        else {
            return visit::walk_for_header(self, header);
        };
        self.expr(*operand);
        for target in [key, value].into_iter().flatten() {
            if !*is_define {
                self.assigned(*target);
                self.expr(*target);
            } else if let ExprKind::Name(ident) = self.ast.exprs[*target].kind {
                self.declared(self.typed.object_of(ident));
            }
        }
    }

    fn expr(&mut self, expr: ExprId) {
        if self.typed.info.modes[expr] == Mode::Type {
            return;
        }
        let ast = self.ast;
        match &ast.exprs[expr].kind {
            ExprKind::Name(ident) => self.used(*ident),
            ExprKind::CompositeLiteral { elements, .. } => {
                let is_struct = self.typed.info.types[expr].expand().is_some_and(|ty| {
                    let ty = self.types.pointee(ty).unwrap_or(ty);
                    matches!(self.types.underlying(ty), Type::Struct(_))
                });
                for element in elements {
                    if let Some(key) = element.key
                        && !is_struct
                    {
                        self.expr(key);
                    }
                    self.expr(element.value);
                }
            }
            ExprKind::FunctionLiteral { body, .. } => {
                let span = ast.exprs[expr].span;
                self.variables.literals.entry(expr).or_default();
                self.time += 1;
                let entered = Moment {
                    time: self.time,
                    loop_depth: self.frame().loop_depth,
                };
                self.frames.push(Frame {
                    literal: Some((expr, span)),
                    labels: HashMap::new(),
                    has_defer: false,
                    entered,
                    loop_depth: 1,
                });
                self.body(*body);
                self.frames.pop();
            }
            ExprKind::Paren(inner) | ExprKind::Star(inner) => self.expr(*inner),
            ExprKind::Selector { operand, .. } => {
                self.expr(*operand);
                self.method_receiver(expr, *operand);
            }
            ExprKind::Index { operand, indices } => {
                self.expr(*operand);
                self.exprs(indices);
            }
            ExprKind::Slice {
                operand,
                low,
                high,
                max,
                ..
            } => {
                let is_array = self.typed.info.types[*operand]
                    .expand()
                    .is_some_and(|ty| matches!(self.types.underlying(ty), Type::Array(..)));
                if is_array {
                    self.address_taken(*operand);
                }
                self.expr(*operand);
                for bound in [low, high, max].into_iter().flatten() {
                    self.expr(*bound);
                }
            }
            ExprKind::TypeAssertion { operand, .. } => self.expr(*operand),
            ExprKind::Call {
                callee, arguments, ..
            } => {
                self.expr(*callee);
                self.exprs(arguments);
            }
            ExprKind::Unary(op, operand) => {
                if *op == UnaryOp::AddressOf {
                    self.address_taken(*operand);
                }
                self.expr(*operand);
            }
            ExprKind::Binary { left, right, .. } => self.exprs(&[*left, *right]),
            ExprKind::Literal(_)
            | ExprKind::ArrayType { .. }
            | ExprKind::SliceType(_)
            | ExprKind::MapType { .. }
            | ExprKind::ChannelType { .. }
            | ExprKind::FunctionType(_)
            | ExprKind::StructType(_)
            | ExprKind::InterfaceType(_) => {}
        }
    }
}
