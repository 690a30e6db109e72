//! Package initialisation and the program's entry.
//!
//! The user's package is initialised as written. Library packages are free of side effects in
//! their initialisers, so only those whose variables reachable code mentions are lowered, each in a
//! function of its own that the package's `init` calls in order.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::{Callee, FunctionId, FunctionKind, Op, SiteKind};
use super::ProgramBuilder;
use super::closure::Analysis;
use super::function::FunctionBuilder;
use crate::ast::{ExprId, ExprKind, UnaryOp};
use crate::check::{InitialValue, Initializer, Mode, ObjectId, ObjectKind, PackageId};
use crate::source::Span;
use crate::types::Type;

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
        let analysis = Rc::new(Analysis::of_body(self.typed, &self.types, body));
        let has_defer = analysis.has_defer;
        let mut builder = FunctionBuilder::new(self, id, analysis);
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
        self.analysis = Rc::new(Analysis::of_expr(typed, &self.program.types, expr));
        let span = self.span_of(expr);
        self.note_static_data(expr);
        self.hoist_all(&[expr]);
        if let [variable] = *initializer.variables {
            let ty = typed.objects[variable].ty;
            if self.is_blank_object(variable) {
                self.expr_as(expr, ty);
                return;
            }
            let global = self.global_address(variable, span);
            if self.is_aggregate(ty) {
                self.initialize(global, expr, ty);
            } else {
                let value = if self.is_interface(ty) && !self.is_nil(expr) {
                    let value = self.expr(expr);
                    self.assignable_value(value, ty, "", span)
                } else {
                    self.expr_as(expr, ty)
                };
                self.store(global, value, span);
            }
            return;
        }
        let values = self.several(expr);
        let names = self.temporary_names(values.len(), 0);
        for ((variable, value), name) in initializer.variables.iter().zip(values).zip(&names) {
            if !self.is_blank_object(*variable) {
                let value = self.assignable_value(value, typed.objects[*variable].ty, name, span);
                let global = self.global_address(*variable, span);
                self.store(global, value, span);
            }
        }
    }

    fn is_nil(&self, expr: ExprId) -> bool {
        self.typed.info.modes[self.typed.ast.unparen(expr)] == Mode::Nil
    }

    /// Notes the literals of an initialiser that gc lays out as data before escape analysis: all
    /// but maps, and none inside calls.
    fn note_static_data(&mut self, expr: ExprId) {
        let expr = self.typed.ast.unparen(expr);
        if self.typed.constant_of(expr).is_some() {
            self.static_data.insert(expr);
            return;
        }
        match &self.typed.ast.exprs[expr].kind {
            ExprKind::Call {
                callee, arguments, ..
            } if self.is_conversion(*callee) && self.typed.constant_of(arguments[0]).is_some() => {
                self.static_data.insert(expr);
            }
            ExprKind::FunctionLiteral { .. } => {
                self.static_data.insert(expr);
            }
            ExprKind::Unary(UnaryOp::AddressOf, operand) => self.note_static_data(*operand),
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

    fn is_blank_object(&self, object: ObjectId) -> bool {
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
