//! `go` and `defer`: what is evaluated at once, and the closure that makes the call.

use std::rc::Rc;

use frontend::ast::{ExprId, ExprKind};
use frontend::check::Builtin;
use frontend::ssa::builder::operands::Operand;
use frontend::types::layout::size_and_align;

use super::body::{Body, Literal, MAX_CAPTURE_BY_VALUE_BYTES, Source};
use super::builtin::BuiltinCall;
use super::call::{Argument, Call};
use super::declare::{self, Purpose};
use super::graph::{HEAP, Hole, Kind, Location, Role};
use super::words::Node;

impl<'p> Body<'p, '_> {
    /// `go call` and `defer call`: unless a function value is called without arguments, these are
    /// evaluated into temporaries and a closure makes the call.
    pub(super) fn go_or_defer(&mut self, call: ExprId, is_go: bool, position: u32) {
        let typed = self.typed;
        let call = typed.ast.unparen(call);
        let ExprKind::Call {
            callee,
            arguments,
            spread,
            ..
        } = &typed.ast.exprs[call].kind
        else {
            return;
        };
        if let Some(Source::Temporary(location, ty, _)) = self.callee_temporary(call)
            && let Some(value) = declare::callee_in_temporary(typed, call)
        {
            self.operands.insert(value, (location, ty));
        }
        let is_kept = is_go || self.loop_depth > 1;
        if declare::needs_no_thunk(typed, call) && self.texts().builtin_of(*callee).is_none() {
            let hole = self.kept(is_kept);
            self.expr(&hole, *callee);
            self.operands.clear();
            return;
        }
        let operands = declare::thunk_operands(typed, call);
        let temporaries = self.temporaries(Purpose::Deferred, position, operands.len());
        self.evaluate_operands(&operands, &temporaries, position);
        let hole = self.kept(is_kept);
        let inside = self.spill(&hole, Node::text("func literal"), position);
        for location in &temporaries {
            self.captured(*location);
            if is_kept && self.is_shared(*location) {
                self.shared.push(*location);
            }
        }
        let name = self.thunk_name(is_go);
        let function = self.graph.add_function(name, Some(self.function));
        self.parameters.push(Vec::new());
        self.closures.push(Literal {
            hole: inside,
            captures: temporaries
                .iter()
                .map(|at| (*at, self.graph.locations[at.0].position))
                .collect(),
        });
        let around = (self.function, self.loop_depth);
        (self.function, self.loop_depth) = (function, 1);
        for (operand, location) in operands.iter().zip(&temporaries) {
            if operand.is_receiver {
                let position = self.position(call);
                self.receivers.insert(position, *location);
            } else {
                let expr = typed.ast.unparen(operand.expr);
                self.operands.insert(expr, (*location, operand.ty));
            }
        }
        let thunk = Thunk {
            call,
            callee: *callee,
            arguments,
            has_spread: spread.is_some(),
        };
        match self.texts().builtin_of(*callee) {
            Some(builtin) => self.builtin_thunk(&thunk, builtin, &operands, &temporaries),
            None => self.thunk(&thunk, &operands, &temporaries),
        }
        self.operands.clear();
        (self.function, self.loop_depth) = around;
    }

    /// Whether a closure holds the address of an operand instead of its value.
    fn is_shared(&self, location: Location) -> bool {
        let ty = self.types_of.get(&location);
        ty.is_some_and(|ty| size_and_align(self.types, *ty).0 > MAX_CAPTURE_BY_VALUE_BYTES)
    }

    /// The call of a builtin function that the closure of `go` and `defer` makes.
    fn builtin_thunk(
        &mut self,
        thunk: &Thunk<'_>,
        builtin: Builtin,
        operands: &[Operand],
        temporaries: &[Location],
    ) {
        let values = thunk.arguments.iter().map(|argument| {
            let place = operands.iter().position(|one| one.expr == *argument);
            match place {
                Some(index) => Source::Temporary(temporaries[index], operands[index].ty, None),
                None => Source::Expression(*argument, None),
            }
        });
        let mut call = BuiltinCall {
            expr: thunk.call,
            builtin,
            values: values.collect(),
            has_spread: thunk.has_spread,
            node: Node::Expression(thunk.call),
        };
        let texts: Vec<String> = call
            .values
            .iter()
            .map(|value| match value {
                Source::Expression(expr, _) => self.texts().expression_text(*expr),
                Source::Temporary(location, ..) => self.location_name(*location),
            })
            .collect();
        call.node = Node::text(self.builtin_text(&call, &texts));
        self.builtin(None, &call);
    }

    /// Where the closure of `go` and `defer` goes.
    fn kept(&mut self, is_kept: bool) -> Hole<'p> {
        if is_kept {
            return Hole::of(HEAP);
        }
        let location = self.graph.add(
            Kind::Temporary,
            Role::Local,
            0,
            self.function,
            self.loop_depth,
        );
        self.graph.keep(location);
        Hole::of(location)
    }

    fn thunk_name(&mut self, is_go: bool) -> Rc<str> {
        let count = self.thunks.entry((self.function, is_go)).or_default();
        *count += 1;
        let kind = if is_go { "gowrap" } else { "deferwrap" };
        format!("{}.{kind}{count}", self.graph.functions[self.function].name).into()
    }

    fn evaluate_operands(&mut self, operands: &[Operand], temporaries: &[Location], position: u32) {
        if operands.is_empty() {
            return;
        }
        let typed = self.typed;
        let names: Vec<String> = temporaries
            .iter()
            .map(|location| self.location_name(*location))
            .collect();
        let texts: Vec<String> = operands
            .iter()
            .map(|operand| self.operand_text(operand))
            .collect();
        let node = Node::text(format!("{} = {}", names.join(", "), texts.join(", ")));
        for (operand, location) in operands.iter().zip(temporaries) {
            self.graph.locations[location.0].loop_depth = self.loop_depth;
            let hole = Hole::of(*location).note(node.clone(), position, "assign-pair");
            match (
                &typed.ast.exprs[operand.expr].kind,
                typed.info.selections.get(&operand.expr),
            ) {
                (ExprKind::Selector { operand: base, .. }, Some(selection))
                    if operand.is_receiver =>
                {
                    self.receiver(&hole, operand.expr, *base, selection);
                }
                _ => self.converted(&hole, operand.expr, operand.ty),
            }
        }
    }

    fn operand_text(&self, operand: &Operand) -> String {
        let typed = self.typed;
        match (
            &typed.ast.exprs[operand.expr].kind,
            typed.info.selections.get(&operand.expr),
        ) {
            (ExprKind::Selector { operand: base, .. }, Some(selection)) if operand.is_receiver => {
                if selection.path.is_empty() {
                    self.texts().expression_text(*base)
                } else {
                    self.texts()
                        .path_text(*base, selection, selection.path.len())
                }
            }
            _ => self.texts().expression_text(operand.expr),
        }
    }

    /// The call that the closure of `go` and `defer` makes.
    fn thunk(&mut self, thunk: &Thunk<'_>, operands: &[Operand], temporaries: &[Location]) {
        let typed = self.typed;
        let position = self.position(thunk.call);
        let callee = typed.ast.unparen(thunk.callee);
        let (known, _) = self.known(position);
        let place = |expr: ExprId| {
            operands
                .iter()
                .position(|operand| operand.expr == expr)
                .map(|index| (temporaries[index], operands[index].ty))
        };
        let mut call = Call {
            known,
            callee: None,
            arguments: Vec::new(),
            spread: None,
            variadic: None,
        };
        let mut head = self.texts().callee_text(callee);
        let mut shown = Vec::new();
        if let Some((location, ty)) = place(callee) {
            let source = Source::Temporary(location, ty, None);
            let name = self.location_name(location);
            if declare::is_method(typed, callee) {
                call.arguments.push(Argument::One(source));
                if let Some(method) = self.texts().called_method_text(callee) {
                    head = method;
                    shown.push(name);
                } else {
                    let method = head.rsplit('.').next().unwrap_or_default();
                    head = format!("{name}.{method}");
                }
            } else {
                call.callee = Some(source);
                head = name;
            }
        }
        let Some(signature) = self.types.as_signature(self.type_of(callee)) else {
            return;
        };
        let (parameters, is_variadic) = (signature.parameters.clone(), signature.is_variadic);
        let is_packed = is_variadic && !thunk.has_spread;
        let fixed = parameters.len() - usize::from(is_packed);
        let mut rest = Vec::new();
        for (index, argument) in thunk.arguments.iter().enumerate() {
            let source = match place(*argument) {
                Some((location, ty)) => Source::Temporary(location, ty, None),
                None => Source::Expression(*argument, parameters.get(index).copied()),
            };
            let text = match source {
                Source::Temporary(location, ..) => self.location_name(location),
                Source::Expression(expr, _) => self.texts().expression_text(expr),
            };
            if index < fixed {
                call.arguments.push(Argument::One(source));
                shown.push(text);
            } else {
                rest.push(source);
            }
        }
        if is_packed {
            shown.push(if rest.is_empty() {
                "nil...".to_owned()
            } else {
                "... argument...".to_owned()
            });
            call.variadic = Some((rest, parameters[fixed]));
        }
        let node = Node::text(format!("{head}({})", shown.join(", ")));
        self.emit(None, &call, &node, position);
    }
}

/// What `go` and `defer` call.
struct Thunk<'s> {
    call: ExprId,
    callee: ExprId,
    arguments: &'s [ExprId],
    has_spread: bool,
}
