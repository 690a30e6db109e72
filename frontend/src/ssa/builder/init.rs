//! Package initialisation and the program's entry.
//!
//! The user's package is initialised as written. Library packages are free of side effects in
//! their initialisers, so only those whose variables reachable code mentions are lowered, each in a
//! function of its own that the package's `init` calls in order.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::{Callee, FunctionId, FunctionKind, Op, SiteKind};
use super::ProgramBuilder;
use super::function::FunctionBuilder;
use super::texts::TEMPORARY;
use super::variables::Variables;
use crate::ast::{BinaryOp, ExprId, ExprKind, UnaryOp};
use crate::check::{
    Builtin, InitialValue, Initializer, Mode, ObjectId, ObjectKind, PackageId, SelectionKind,
    TypedProgram,
};
use crate::source::Span;
use crate::types::{Type, TypeTable};

impl ProgramBuilder<'_> {
    /// Lowers everything and returns the entry.
    pub(super) fn build_all(&mut self) -> FunctionId {
        let typed = self.typed;
        let entry = self.add_function("main".to_owned(), FunctionKind::Entry, Span::default());
        for object in &typed.checked_functions {
            if typed.objects[*object].package == Some(typed.main) {
                self.function_for(*object);
            }
        }
        let main_name = typed.ast.names.find("main");
        let main = typed.checked_functions.iter().copied().find(|object| {
            let declared = &typed.objects[*object];
            let is_method = match &declared.kind {
                ObjectKind::Function(function) => function.receiver.is_some(),
                _ => true,
            };
            declared.package == Some(typed.main) && Some(declared.name) == main_name && !is_method
        });
        let user_init = self.user_init(typed.main);
        for (id, package) in &typed.packages {
            if id != typed.main {
                for function in &package.init_functions {
                    self.function_for(*function);
                }
            }
        }
        self.note_support();
        let initializers = self.lower_reachable();
        let mut calls = Vec::new();
        for (id, _) in &typed.packages {
            if id == typed.main {
                calls.extend(user_init);
            } else {
                calls.extend(self.library_init(id, &initializers));
            }
        }
        if let Some(main) = main {
            calls.push(self.function_for(main));
        }
        self.call_sequence(entry, &calls);
        entry
    }

    /// What the runtime itself calls and makes values of.
    fn note_support(&mut self) {
        for object in &self.typed.support {
            let declared = &self.typed.objects[*object];
            match declared.kind {
                ObjectKind::Function(_) => {
                    self.function_for(*object);
                }
                ObjectKind::TypeName => {
                    let pointer = self.types.pointer_to(declared.ty);
                    self.note_types(&[declared.ty, pointer]);
                    self.note_converted(pointer);
                }
                _ => {}
            }
        }
    }

    /// Works off everything that is reachable; returns the initialisers of library variables.
    fn lower_reachable(&mut self) -> HashMap<(PackageId, usize), FunctionId> {
        let typed = self.typed;
        let mut by_variable: HashMap<ObjectId, (PackageId, usize)> = HashMap::new();
        for (id, package) in &typed.packages {
            if id == typed.main {
                continue;
            }
            for (index, initializer) in package.initializers.iter().enumerate() {
                by_variable.extend(
                    initializer
                        .variables
                        .iter()
                        .map(|variable| (*variable, (id, index))),
                );
            }
        }
        let mut lowered = HashMap::new();
        let mut globals_done = 0;
        loop {
            self.lower_pending();
            self.lower_methods();
            while globals_done < self.globals.len() {
                let object = self
                    .globals
                    .values()
                    .nth(globals_done)
                    .and_then(|global| global.object);
                globals_done += 1;
                let Some(place) = object.and_then(|object| by_variable.get(&object)).copied()
                else {
                    continue;
                };
                if let std::collections::hash_map::Entry::Vacant(entry) = lowered.entry(place) {
                    let package = &typed.packages[place.0];
                    let initializer = &package.initializers[place.1];
                    entry.insert(self.lower_initializer(&package.path, initializer));
                }
            }
            if self.pending.is_empty()
                && globals_done == self.globals.len()
                && !self.has_new_methods()
            {
                return lowered;
            }
        }
    }

    /// Lowers the declared functions that were mentioned, and those they mention.
    pub(super) fn lower_pending(&mut self) {
        while let Some(object) = self.pending.pop_front() {
            self.lower_declared(object);
        }
    }

    /// Lowers a declared function's body.
    fn lower_declared(&mut self, object: ObjectId) {
        let id = self.function_of[&object];
        let declared = self.function_object(object);
        if let Some(body) = declared.archived {
            self.declare_archived(body, id);
            return;
        }
        let body = declared.body.expect("only functions with a body wait");
        let facts = Rc::new(Variables::of_body(self.typed, &self.types, body));
        let has_defer = facts.has_defer;
        let mut builder = FunctionBuilder::new(self, id, facts);
        builder.declare_signature(&declared.parameters, &declared.results, has_defer);
        builder.body(body);
    }

    /// `init` of the user's package: variables, then `init` functions.
    fn user_init(&mut self, package: PackageId) -> Option<FunctionId> {
        let package = &self.typed.packages[package];
        if package.initializers.is_empty() && package.init_functions.is_empty() {
            return None;
        }
        let name = format!("{}.init", package.path);
        let id = self.add_function(name.clone(), FunctionKind::Init, Span::default());
        let init_functions: Vec<FunctionId> = package
            .init_functions
            .iter()
            .enumerate()
            .map(|(index, object)| {
                let function = self.function_for(*object);
                self.functions[function].name = format!("{name}.{index}");
                function
            })
            .collect();
        let mut builder = FunctionBuilder::new(self, id, Rc::default());
        for initializer in &package.initializers {
            builder.initializer(initializer);
        }
        for function in init_functions {
            builder.emit0(
                Op::Call {
                    callee: Callee::Function(function),
                    arguments: Vec::new(),
                },
                Span::default(),
            );
        }
        builder.finish(Span::default());
        Some(id)
    }

    /// A function that runs one initialiser of a library package.
    pub(super) fn lower_initializer(
        &mut self,
        path: &str,
        initializer: &Initializer,
    ) -> FunctionId {
        let id = self.add_function(format!("{path}.init"), FunctionKind::Init, Span::default());
        if let InitialValue::Archived(body) = initializer.value {
            self.declare_archived(body, id);
            return id;
        }
        let mut builder = FunctionBuilder::new(self, id, Rc::default());
        builder.initializer(initializer);
        builder.finish(Span::default());
        id
    }

    /// What initialises a library package: its reachable initialisers, then its `init` functions.
    fn library_init(
        &mut self,
        id: PackageId,
        initializers: &HashMap<(PackageId, usize), FunctionId>,
    ) -> Option<FunctionId> {
        let package = &self.typed.packages[id];
        let variables = 0..package.initializers.len();
        let mut calls: Vec<FunctionId> = variables
            .filter_map(|index| initializers.get(&(id, index)).copied())
            .collect();
        calls.extend(
            package
                .init_functions
                .iter()
                .map(|function| self.function_of[function]),
        );
        if calls.is_empty() {
            return None;
        }
        let init = self.add_function(
            format!("{}.init", package.path),
            FunctionKind::Init,
            Span::default(),
        );
        self.call_sequence(init, &calls);
        Some(init)
    }

    /// Gives a function a body that calls others in order.
    fn call_sequence(&mut self, id: FunctionId, calls: &[FunctionId]) {
        let mut builder = FunctionBuilder::new(self, id, Rc::default());
        for function in calls {
            let callee = Callee::Function(*function);
            builder.emit0(
                Op::Call {
                    callee,
                    arguments: Vec::new(),
                },
                Span::default(),
            );
        }
        builder.finish(Span::default());
    }
}

impl FunctionBuilder<'_, '_> {
    /// `variables = value` at package level.
    fn initializer(&mut self, initializer: &Initializer) {
        let typed = self.typed;
        let InitialValue::Expression(expr) = initializer.value else {
            unreachable!("archived initialisers are imported");
        };
        if is_dropped(typed, &self.program.types, initializer) {
            return;
        }
        self.facts = Rc::new(Variables::of_expr(typed, &self.program.types, expr));
        let span = self.span_of(expr);
        self.note_static_data(expr);
        self.hoist_all(&[expr]);
        if let [variable] = *initializer.variables {
            let ty = typed.objects[variable].ty;
            if self.is_blank_object(variable) {
                self.expr(expr);
                return;
            }
            let global = self.global_address(variable, span);
            if self.is_aggregate(ty) {
                self.initialize(global, expr, ty);
            } else {
                let value = self.expr_as(expr, ty);
                self.store(global, value, span);
            }
            return;
        }
        // gc converts the values of a call here, those of nothing else, and for `_` too.
        let text = if self.is_tuple(expr) { TEMPORARY } else { "" };
        let names = typed.objects[initializer.variables[0]].span;
        let values = self.several(expr);
        for (variable, value) in initializer.variables.iter().zip(values) {
            let value = self.assignable_value(value, typed.objects[*variable].ty, text, names);
            if !self.is_blank_object(*variable) {
                let global = self.global_address(*variable, span);
                self.store(global, value, span);
            }
        }
    }

    /// Notes the literals of an initialiser that gc lays out as data before escape analysis: all
    /// but maps, and none inside calls; and what is put into them, since a box for it is data too.
    fn note_static_data(&mut self, expr: ExprId) {
        let expr = self.typed.ast.unparen(expr);
        self.static_places.insert(expr);
        if self.typed.constant_of(expr).is_some() {
            self.static_data.insert(expr);
            return;
        }
        match &self.typed.ast.exprs[expr].kind {
            ExprKind::Call {
                callee, arguments, ..
            } if self.is_conversion(*callee) => {
                if self.typed.constant_of(arguments[0]).is_some() {
                    self.static_data.insert(expr);
                } else if self.is_interface(self.type_of(expr)) {
                    self.note_static_data(arguments[0]);
                }
            }
            ExprKind::FunctionLiteral { .. } => {
                self.static_data.insert(expr);
            }
            ExprKind::Unary(UnaryOp::AddressOf, operand) => {
                self.static_data.insert(expr);
                self.note_static_data(*operand);
            }
            ExprKind::CompositeLiteral { elements, .. } => {
                let ty = self.type_of(expr);
                if !matches!(self.program.types.underlying(ty), Type::Map(..)) {
                    self.static_data.insert(expr);
                    for element in elements {
                        self.note_static_data(element.value);
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn is_blank_object(&self, object: ObjectId) -> bool {
        self.program.text(self.typed.objects[object].name) == "_"
    }

    fn global_address(&mut self, object: ObjectId, span: Span) -> super::super::Value {
        let global = self.program.global_for(object);
        let pointer = self.pointer_to(self.typed.objects[object].ty);
        self.emit1(Op::GlobalAddress(global), pointer, span)
    }

    /// A site that is called what its expression is.
    pub(super) fn expression_site(&mut self, kind: SiteKind, expr: ExprId) -> super::super::SiteId {
        let text = self.texts().expression_text(expr);
        let position = self.position_of(expr);
        self.site(kind, text, position)
    }
}

/// Whether gc drops an initialiser: it sets nothing, and whoever evaluates it sees no effect.
pub fn is_dropped(typed: &TypedProgram, types: &TypeTable, initializer: &Initializer) -> bool {
    let InitialValue::Expression(expr) = initializer.value else {
        return false;
    };
    let is_blank = |object: &ObjectId| typed.ast.names.text(typed.objects[*object].name) == "_";
    initializer.variables.iter().all(is_blank) && !has_effects(typed, types, expr)
}

/// Whether gc takes it that something may happen when an expression is evaluated.
fn has_effects(typed: &TypedProgram, types: &TypeTable, expr: ExprId) -> bool {
    let expr = typed.ast.unparen(expr);
    if typed.constant_of(expr).is_some()
        || matches!(
            typed.info.modes[expr],
            Mode::Nil | Mode::Type | Mode::Builtin
        )
    {
        return false;
    }
    let any = |exprs: &[ExprId]| exprs.iter().any(|expr| has_effects(typed, types, *expr));
    match &typed.ast.exprs[expr].kind {
        ExprKind::Name(_) | ExprKind::Literal(_) => false,
        ExprKind::CompositeLiteral { elements, .. } => elements.iter().any(|element| {
            let key = element
                .key
                .filter(|key| typed.info.modes[*key] != Mode::None);
            key.is_some_and(|key| has_effects(typed, types, key))
                || has_effects(typed, types, element.value)
        }),
        ExprKind::Unary(UnaryOp::Receive, _) => true,
        ExprKind::Unary(_, operand) => has_effects(typed, types, *operand),
        ExprKind::Binary { op, left, right } => {
            let is_division = matches!(op, BinaryOp::Divide | BinaryOp::Remainder);
            let divides = is_division && typed.constant_of(*right).is_none();
            divides || any(&[*left, *right])
        }
        ExprKind::Selector { operand, .. } => match typed.info.selections.get(&expr) {
            // A pointer on the way may be nil.
            Some(selection) => {
                selection.kind != SelectionKind::Field
                    || types.pointee(typed.type_of(*operand)).is_some()
                    || has_effects(typed, types, *operand)
            }
            None => false,
        },
        ExprKind::Call {
            callee, arguments, ..
        } => {
            let is_conversion = typed.info.modes[typed.ast.unparen(*callee)] == Mode::Type;
            let is_quiet = is_conversion
                || match typed.builtin_of(*callee) {
                    Some(Builtin::Len | Builtin::Cap | Builtin::New) => true,
                    Some(Builtin::Make) => {
                        arguments.len() == 1
                            && !matches!(types.underlying(typed.type_of(expr)), Type::Slice(_))
                    }
                    _ => false,
                };
            !is_quiet || any(arguments)
        }
        _ => true,
    }
}
