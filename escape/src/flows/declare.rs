//! The variables of a function in the order gc makes them, temporaries included.
//!
//! gc numbers its temporaries by how many variables the function has by then, and walks locations
//! in the order they were made: both show in explanations.

use frontend::ast::visit::{self, Visitor};
use frontend::ast::{
    Body, BodyId, CaseClause, Declaration, ExprId, ExprKind, ForHeader, ForStatement, IdentId,
    Statement, StatementKind, UnaryOp,
};
use frontend::check::{
    Builtin, Mode, ObjectId, ObjectKind, Selection, SelectionKind, TypedProgram,
};
use frontend::ssa::builder::operands::{self, Operand, is_declared_function};
use frontend::ssa::builder::{TEMPORARY, Variables, constant_condition, is_never, reached};
use frontend::types::{Basic, Type, TypeId};

use super::words::parts;

/// What a temporary is for; with a position it names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Purpose {
    /// A value of an expression with several.
    Value,
    /// An argument of a call after `go` or `defer`.
    Deferred,
    /// What a variable that each round has its own of is set to.
    Round,
    /// What `new` makes for a value.
    New,
    /// What is called, or whose method, if there is a call in it.
    Callee,
}

/// A variable of a function.
#[derive(Debug)]
pub(super) enum Declared {
    /// One of the source.
    Object(ObjectId),
    /// A temporary.
    Temporary {
        /// What for, and at which position, and which of those there.
        key: (Purpose, u32, usize),
        ty: TypeId,
        /// The position that messages give it.
        position: u32,
        /// The expression that messages show it for.
        stands_for: Option<StandsFor>,
    },
}

/// An expression that messages show as a temporary.
#[derive(Debug, Clone, Copy)]
pub(super) enum StandsFor {
    /// As its address.
    Address(ExprId),
    /// As itself.
    Value(ExprId),
}

/// What messages show for the expressions of a body that temporaries stand for; `first` variables are
/// declared before.
pub(super) fn shown_as_temporaries(
    typed: &TypedProgram,
    body: BodyId,
    first: usize,
) -> Vec<(ExprId, String)> {
    let facts = Variables::of_body(typed, &typed.types, body);
    let declared = variables(typed, &facts, body);
    let numbered = declared.into_iter().zip(first..);
    let shown = numbered.filter_map(|(declared, number)| match declared {
        Declared::Temporary { stands_for, .. } => Some(match stands_for? {
            StandsFor::Address(expr) => (expr, format!("&{TEMPORARY}{number}")),
            StandsFor::Value(expr) => (expr, format!("{TEMPORARY}{number}")),
        }),
        Declared::Object(_) => None,
    });
    shown.collect()
}

/// Lists the variables that a body declares, apart from parameters and results.
pub(super) fn variables(typed: &TypedProgram, facts: &Variables, body: BodyId) -> Vec<Declared> {
    let mut lister = Lister {
        typed,
        facts,
        declared: Vec::new(),
        rounds: Vec::new(),
    };
    if let Body::Parsed(block) = &typed.ast.bodies[body] {
        lister.statements(&block.statements);
    }
    lister.declared.append(&mut lister.rounds);
    lister.declared
}

/// Where gc has the variable of a clause of a type switch: at the last of its types.
pub(super) fn clause_position(typed: &TypedProgram, clause: &CaseClause) -> u32 {
    let last = clause.cases.as_ref().and_then(|cases| cases.last());
    last.map_or(clause.span.start, |last| typed.ast.exprs[*last].position)
}

/// The types of an expression's values.
pub(super) fn value_types(typed: &TypedProgram, expr: ExprId) -> Vec<TypeId> {
    let expr = typed.ast.unparen(expr);
    match typed.info.types[expr].expand() {
        None => Vec::new(),
        Some(ty) => match typed.types.get(ty) {
            Type::Tuple(types) => types.to_vec(),
            _ => vec![ty],
        },
    }
}

/// Variables of a `range` that each round has its own of: a literal or an address may keep it.
pub(super) fn is_of_a_round(facts: &Variables, object: ObjectId) -> bool {
    facts.captured.contains(&object) || facts.address_taken.contains(&object)
}

/// Whether `go` and `defer` call a function value without further ado.
pub(super) fn needs_no_thunk(typed: &TypedProgram, call: ExprId) -> bool {
    let ExprKind::Call {
        callee, arguments, ..
    } = &typed.ast.exprs[call].kind
    else {
        return false;
    };
    let callee = typed.ast.unparen(*callee);
    let has_no_results = typed.info.types[callee].expand().is_some_and(|ty| {
        typed.types.as_signature(ty).is_some_and(|signature| {
            signature.results.is_empty() && signature.parameters.is_empty()
        })
    });
    arguments.is_empty() && has_no_results && !is_method(typed, callee)
}

/// The operands of a call after `go` or `defer` that are evaluated at once.
pub(super) fn thunk_operands(typed: &TypedProgram, call: ExprId) -> Vec<Operand> {
    let ExprKind::Call {
        callee,
        arguments,
        spread,
        ..
    } = &typed.ast.exprs[call].kind
    else {
        return Vec::new();
    };
    let callee = typed.ast.unparen(*callee);
    let mut operands = Vec::new();
    if let Some(builtin) = typed.builtin_of(callee) {
        for (index, argument) in arguments.iter().enumerate() {
            if typed.info.modes[*argument] != Mode::Type {
                let ty =
                    operands::builtin_parameter(typed, &typed.types, builtin, arguments, index)
                        .unwrap_or_else(|| typed.type_of(*argument));
                operands::of_argument(typed, &typed.types, *argument, ty, &mut operands);
            }
        }
        return operands;
    }
    let is_receiver = is_method(typed, callee);
    if is_receiver || !is_declared_function(typed, callee) {
        let ty = match typed.info.selections.get(&callee) {
            Some(selection) if is_receiver => receiver_type(typed, selection),
            _ => typed.type_of(callee),
        };
        operands.push(Operand {
            expr: callee,
            ty,
            is_receiver,
        });
    }
    for (argument, ty) in arguments.iter().zip(parameter_types(
        typed,
        callee,
        arguments.len(),
        spread.is_some(),
    )) {
        operands::of_argument(typed, &typed.types, *argument, ty, &mut operands);
    }
    operands
}

/// The position of an operand's temporary: names lend theirs to nothing, then it is the statement's.
pub(super) fn operand_position(
    typed: &TypedProgram,
    call: ExprId,
    operand: &Operand,
    statement: u32,
) -> u32 {
    let mut expr = typed.ast.unparen(operand.expr);
    if operand.is_receiver
        && let ExprKind::Selector { operand: base, .. } = typed.ast.exprs[expr].kind
        && typed.info.selections[&expr].path.is_empty()
        && typed.type_of(typed.ast.unparen(base)) == operand.ty
    {
        expr = typed.ast.unparen(base);
    }
    let is_name = matches!(typed.ast.exprs[expr].kind, ExprKind::Name(_))
        || callee_in_temporary(typed, call) == Some(expr);
    let is_converted = typed.type_of(expr) != operand.ty;
    if is_name && !is_converted {
        statement
    } else {
        typed.ast.exprs[expr].position
    }
}

/// Whether a callee is `x.m`.
pub(super) fn is_method(typed: &TypedProgram, callee: ExprId) -> bool {
    typed
        .info
        .selections
        .get(&callee)
        .is_some_and(|selection| selection.kind == SelectionKind::MethodValue)
}

/// The type of what the fields on the way of a selector lead to.
pub(super) fn selected_type(typed: &TypedProgram, selection: &Selection) -> TypeId {
    let mut ty = selection.receiver;
    for index in &selection.path {
        let structure = typed.types.pointee(ty).unwrap_or(ty);
        if let Type::Struct(fields) = typed.types.underlying(structure) {
            ty = fields[*index as usize].ty;
        }
    }
    ty
}

/// Whether the selected method has a pointer receiver; nothing if no method is known.
pub(super) fn wants_pointer(typed: &TypedProgram, selection: &Selection) -> Option<bool> {
    match &typed.objects[selection.method?].kind {
        ObjectKind::Function(function) => Some(function.receiver?.is_pointer),
        _ => None,
    }
}

/// The type of the receiver that a method selection passes.
pub(super) fn receiver_type(typed: &TypedProgram, selection: &Selection) -> TypeId {
    let ty = selected_type(typed, selection);
    match (wants_pointer(typed, selection), typed.types.pointee(ty)) {
        (Some(false), Some(element)) => element,
        (Some(true), None) => typed
            .types
            .find(&Type::Pointer(ty))
            .unwrap_or_else(|| typed.types.basic(Basic::UnsafePointer)),
        _ => ty,
    }
}

/// The types that the arguments of a call are converted to.
pub(super) fn parameter_types(
    typed: &TypedProgram,
    callee: ExprId,
    count: usize,
    has_spread: bool,
) -> Vec<TypeId> {
    let Some(signature) = typed.types.as_signature(typed.type_of(callee)) else {
        return Vec::new();
    };
    let parameters = &signature.parameters;
    if !signature.is_variadic || has_spread {
        return parameters.to_vec();
    }
    let fixed = parameters.len() - 1;
    let rest = match typed.types.underlying(parameters[fixed]) {
        Type::Slice(element) => *element,
        _ => parameters[fixed],
    };
    (0..count)
        .map(|index| {
            if index < fixed {
                parameters[index]
            } else {
                rest
            }
        })
        .collect()
}

/// The target and the value of `x = <-c`, if the value is converted to an interface.
pub(super) fn converted_receive(
    typed: &TypedProgram,
    statement: &Statement,
) -> Option<(ExprId, ExprId)> {
    let StatementKind::Assign { left, right, .. } = &statement.kind else {
        return None;
    };
    let (&[target], &[value]) = (&left[..], &right[..]) else {
        return None;
    };
    let value = typed.ast.unparen(value);
    let inner = typed.ast.unparen(target);
    let target_type = match typed.ast.exprs[inner].kind {
        ExprKind::Name(ident) => typed.objects[typed.object_of(ident)?].ty,
        _ => typed.info.types[inner].expand()?,
    };
    let is_converted =
        typed.types.is_interface(target_type) && !typed.types.is_interface(typed.type_of(value));
    is_converted.then_some((target, value))
}

/// Of a call the function value, or the interface whose method it calls, if gc evaluates that into a
/// temporary first: there is another call or a receive in it.
pub(super) fn callee_in_temporary(typed: &TypedProgram, expr: ExprId) -> Option<ExprId> {
    let ExprKind::Call { callee, .. } = typed.ast.exprs[typed.ast.unparen(expr)].kind else {
        return None;
    };
    let callee = typed.ast.unparen(callee);
    if matches!(typed.info.modes[callee], Mode::Type | Mode::Builtin)
        || is_declared_function(typed, callee)
    {
        return None;
    }
    let value = match (
        &typed.ast.exprs[callee].kind,
        typed.info.selections.get(&callee),
    ) {
        (ExprKind::Selector { operand, .. }, Some(selection))
            if selection.kind == SelectionKind::MethodValue =>
        {
            if selection.method.is_some() || !selection.path.is_empty() {
                return None;
            }
            typed.ast.unparen(*operand)
        }
        _ => callee,
    };
    calls(typed, value).then_some(value)
}

/// Whether something is called or received where an expression is evaluated, literals not looked into.
fn calls(typed: &TypedProgram, expr: ExprId) -> bool {
    if typed.constant_of(expr).is_some() {
        return false;
    }
    let is_call = match typed.ast.exprs[expr].kind {
        ExprKind::Unary(UnaryOp::Receive, _) => true,
        ExprKind::Call { callee, .. } => {
            typed.info.modes[typed.ast.unparen(callee)] != Mode::Type
                && typed.builtin_of(callee) != Some(Builtin::New)
        }
        _ => false,
    };
    is_call
        || parts(typed, expr)
            .into_iter()
            .any(|part| calls(typed, part))
}

struct Lister<'p> {
    typed: &'p TypedProgram,
    facts: &'p Variables,
    declared: Vec<Declared>,
    /// gc makes these when it has read the whole function.
    rounds: Vec<Declared>,
}

impl<'p> Lister<'p> {
    /// A temporary that belongs to a call.
    fn temporary_for(&mut self, purpose: Purpose, call: ExprId, ty: TypeId, what: StandsFor) {
        let position = self.typed.ast.exprs[call].position;
        self.declared.push(Declared::Temporary {
            key: (purpose, position, 0),
            ty,
            position,
            stands_for: Some(what),
        });
    }

    fn temporaries(&mut self, purpose: Purpose, position: u32, types: &[TypeId]) {
        for (index, ty) in types.iter().enumerate() {
            self.declared.push(Declared::Temporary {
                key: (purpose, position, index),
                ty: *ty,
                position,
                stands_for: None,
            });
        }
    }

    fn name(&mut self, ident: IdentId) {
        let typed = self.typed;
        if let Some(object) = typed.object_of(ident)
            && typed.objects[object].span.start == typed.ast.idents[ident].span.start
            && typed.ast.ident_text(ident) != "_"
        {
            self.declared.push(Declared::Object(object));
        }
    }

    fn names(&mut self, targets: &[ExprId]) {
        for target in targets {
            if let ExprKind::Name(ident) = self.typed.ast.exprs[*target].kind {
                self.name(ident);
            }
        }
    }

    /// The right side of an assignment to `count` places.
    fn values(&mut self, count: usize, right: &[ExprId], position: u32) {
        self.exprs(right);
        if let [single] = right
            && count > 1
        {
            let types = several(self.typed, *single);
            self.temporaries(Purpose::Value, position, &types);
        }
    }

    fn go_or_defer(&mut self, call: ExprId, start: u32) {
        let typed = self.typed;
        let call = typed.ast.unparen(call);
        self.expr(call);
        if !needs_no_thunk(typed, call) {
            let operands = thunk_operands(typed, call);
            for (index, operand) in operands.iter().enumerate() {
                self.declared.push(Declared::Temporary {
                    key: (Purpose::Deferred, start, index),
                    ty: operand.ty,
                    position: operand_position(typed, call, operand, start),
                    stands_for: None,
                });
            }
        }
    }

    /// What a message of a `select` is received into, to be converted.
    fn received(&mut self, communication: &Statement) {
        if let Some((_, received)) = converted_receive(self.typed, communication) {
            let position = self.typed.ast.exprs[received].position;
            let types = [self.typed.type_of(received)];
            self.temporaries(Purpose::Value, position, &types);
        }
    }

    fn for_statement(&mut self, statement: &'p ForStatement) {
        let body = &statement.body;
        match &statement.header {
            ForHeader::Clause {
                init,
                condition,
                post,
            } => {
                self.optional(init.as_ref());
                if is_never(self.typed, *condition) {
                    return;
                }
                self.exprs(condition.as_slice());
                self.optional(post.as_ref());
                self.block(body);
                if let Some(init) = init {
                    self.rounds_of_clause(init, post.is_some(), body.span.start);
                }
            }
            ForHeader::Range {
                key,
                value,
                is_define,
                operand,
                range,
            } => {
                let targets: Vec<ExprId> = [key, value].into_iter().flatten().copied().collect();
                if *is_define {
                    self.names(&targets);
                } else {
                    self.exprs(&targets);
                }
                self.expr(*operand);
                self.block(body);
                if *is_define {
                    self.rounds_of(&targets, *range);
                }
            }
        }
    }

    /// The temporaries that the variables of a clause need, for each round to have its own.
    fn rounds_of_clause(&mut self, init: &Statement, has_post: bool, position: u32) {
        let StatementKind::Define { left, .. } = &init.kind else {
            return;
        };
        self.rounds_of(left, position);
        if has_post && !self.rounds.is_empty() {
            // Whether it is the first round.
            self.rounds.push(Declared::Temporary {
                key: (Purpose::Round, position, left.len()),
                ty: self.typed.types.basic(Basic::Bool),
                position,
                stands_for: None,
            });
        }
    }

    fn rounds_of(&mut self, targets: &[ExprId], position: u32) {
        let typed = self.typed;
        for (index, target) in targets.iter().enumerate() {
            let ExprKind::Name(ident) = typed.ast.exprs[*target].kind else {
                continue;
            };
            if let Some(object) = typed.object_of(ident)
                && is_of_a_round(self.facts, object)
            {
                self.rounds.push(Declared::Temporary {
                    key: (Purpose::Round, position, index),
                    ty: typed.objects[object].ty,
                    position,
                    stands_for: None,
                });
            }
        }
    }
}

impl<'p> Visitor<'p> for Lister<'p> {
    fn statements(&mut self, statements: &'p [Statement]) {
        for statement in reached(self.typed, statements) {
            self.statement(statement);
        }
    }

    fn expr(&mut self, expr: ExprId) {
        let typed = self.typed;
        if typed.constant_of(expr).is_some() {
            return;
        }
        self.exprs(&parts(typed, expr));
        if let ExprKind::Call {
            callee, arguments, ..
        } = &typed.ast.exprs[expr].kind
            && let [single] = arguments[..]
        {
            if typed.builtin_of(*callee) == Some(Builtin::New)
                && typed.info.modes[single] != Mode::Type
                && let Some(ty) = typed.types.pointee(typed.type_of(expr))
            {
                let stands_for = StandsFor::Address(typed.ast.unparen(expr));
                self.temporary_for(Purpose::New, expr, ty, stands_for);
            }
            let types = value_types(typed, single);
            if types.len() > 1 && !typed.info.comma_ok.contains_key(&single) {
                self.temporaries(Purpose::Value, typed.ast.exprs[expr].position, &types);
            }
        }
        if let Some(callee) = callee_in_temporary(typed, expr) {
            let stands_for = StandsFor::Value(callee);
            self.temporary_for(Purpose::Callee, expr, typed.type_of(callee), stands_for);
        }
    }

    fn statement(&mut self, statement: &'p Statement) {
        let typed = self.typed;
        match &statement.kind {
            StatementKind::Go(call) | StatementKind::Defer(call) => {
                self.go_or_defer(*call, statement.span.start);
            }
            StatementKind::Assign {
                left,
                right,
                operator,
                ..
            } => {
                self.exprs(left);
                self.values(left.len(), right, *operator);
            }
            StatementKind::Define {
                left,
                right,
                operator,
            } => {
                self.names(left);
                self.values(left.len(), right, *operator);
            }
            StatementKind::If(statement) => {
                self.optional(statement.init.as_ref());
                self.expr(statement.condition);
                let holds = constant_condition(typed, statement.condition);
                if holds != Some(false) {
                    self.block(&statement.then);
                }
                if holds != Some(true) {
                    self.optional(statement.otherwise.as_ref());
                }
            }
            StatementKind::For(statement) => self.for_statement(statement),
            StatementKind::TypeSwitch(statement) => {
                self.optional(statement.init.as_ref());
                self.expr(statement.operand);
                for clause in &statement.clauses {
                    if let Some(object) = typed.info.clause_symbols.get(&clause.span.start) {
                        self.declared.push(Declared::Object(*object));
                    }
                    self.statements(&clause.body);
                }
            }
            StatementKind::Select(clauses) => {
                for clause in clauses {
                    self.optional(clause.communication.as_ref());
                    self.statements(&clause.body);
                    if let Some(communication) = &clause.communication {
                        self.received(communication);
                    }
                }
            }
            StatementKind::Return(values) => {
                self.exprs(values);
                if let [single] = values[..] {
                    let types = value_types(typed, single);
                    if types.len() > 1 {
                        self.temporaries(Purpose::Value, statement.span.start, &types);
                    }
                }
            }
            StatementKind::Declaration(declaration) => {
                if let Declaration::Var(specs) = &**declaration {
                    for spec in specs {
                        for name in &spec.names {
                            self.name(*name);
                        }
                        let position = typed.ast.idents[spec.names[0]].span.start;
                        self.values(spec.names.len(), &spec.values, position);
                    }
                }
            }
            _ => visit::walk_statement(self, statement),
        }
    }
}

/// The types of the values of an expression with several, comma-ok forms included.
pub(super) fn several(typed: &TypedProgram, expr: ExprId) -> Vec<TypeId> {
    let inner = typed.ast.unparen(expr);
    let mut types = value_types(typed, inner);
    if let Some(ok) = typed.info.comma_ok.get(&inner) {
        types.push(*ok);
    }
    types
}
