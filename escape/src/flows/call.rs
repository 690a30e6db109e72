//! Calls of functions and methods.

use frontend::ast::{ExprId, ExprKind};
use frontend::check::{Selection, SelectionKind};
use frontend::ssa::builder::Texts;
use frontend::ssa::builder::operands;
use frontend::ssa::op::{Callee, Op};
use frontend::ssa::{FunctionId, FunctionKind};
use frontend::types::{Type, TypeId};

use super::body::{Body, Source};
use super::declare::{self, Purpose};
use super::graph::{BLANK, CALLEE, HEAP, Hole, MUTATOR};
use super::words::Node;
use crate::build::has_pointers;
use crate::callees::{dereferenced_method, loses_receiver};
use crate::{ParamSummary, go_library};

/// The functions that a call may end in; none if that is not known.
type Known = Vec<FunctionId>;

/// An operand of a call.
#[derive(Clone, Copy)]
pub(super) enum Argument<'s> {
    /// An expression or a temporary.
    One(Source),
    /// The receiver that a method selection passes.
    Receiver(ExprId, ExprId, &'s Selection),
    /// The receiver of an interface call that can only end in the method of one type.
    Contents(ExprId, TypeId),
}

/// A call with its operands.
pub(super) struct Call<'s> {
    pub(super) known: Known,
    /// The value that is called, if it is one.
    pub(super) callee: Option<Source>,
    pub(super) arguments: Vec<Argument<'s>>,
    /// The call whose values are the arguments, with their types: it is evaluated with the first.
    pub(super) spread: Option<(ExprId, Vec<TypeId>)>,
    /// The values that make up the slice of a variadic call, and the slice's type.
    pub(super) variadic: Option<(Vec<Source>, TypeId)>,
}

impl<'p> Body<'p, '_> {
    /// A call with one value, a conversion, or a builtin.
    pub(super) fn call_expr(&mut self, hole: &Hole<'p>, expr: ExprId) {
        let ExprKind::Call {
            callee, arguments, ..
        } = &self.typed.ast.exprs[expr].kind
        else {
            return;
        };
        if self.texts().is_conversion(*callee) {
            self.conversion(hole, expr, arguments[0]);
        } else {
            self.call(Some(std::slice::from_ref(hole)), expr);
        }
    }

    /// A call, builtins included; the holes say where its values go. Without holes it is a
    /// statement.
    pub(super) fn call(&mut self, holes: Option<&[Hole<'p>]>, expr: ExprId) {
        let typed = self.typed;
        let ExprKind::Call {
            callee,
            arguments,
            spread,
            ..
        } = &typed.ast.exprs[expr].kind
        else {
            return;
        };
        if self.texts().is_conversion(*callee) {
            self.discard(expr);
            return;
        }
        if let Some(builtin) = self.texts().builtin_of(*callee) {
            self.builtin_call(holes, expr, builtin, arguments, spread.is_some());
            return;
        }
        let position = self.position(expr);
        let call = self.prepared(expr, *callee, arguments, spread.is_some());
        self.emit(holes, &call, &Node::Expression(expr), position);
    }

    /// Evaluates the operands of a call into its parameters.
    pub(super) fn emit(
        &mut self,
        holes: Option<&[Hole<'p>]>,
        call: &Call<'_>,
        node: &Node<'p>,
        position: u32,
    ) {
        if let Some(holes) = holes {
            for id in &call.known {
                if let Some(function) = self.members.get(id) {
                    let results = self.graph.functions[*function].results.clone();
                    for (hole, result) in holes.iter().zip(results) {
                        let ty = self.types_of.get(&result).copied();
                        if ty.is_none_or(|ty| has_pointers(self.types, ty)) {
                            self.graph.flow(hole, result);
                        }
                    }
                }
            }
        }
        if let Some(callee) = call.callee {
            let is_followed = call.known.is_empty()
                && holes.is_some_and(|holes| holes.iter().any(|hole| hole.target != BLANK));
            let hole = if is_followed {
                Hole::of(CALLEE).note(node.clone(), position, "callee operand")
            } else {
                Hole::of(BLANK)
            };
            self.source(&hole, callee);
        }
        let mut spread = call.spread.as_ref();
        for (index, argument) in call.arguments.iter().enumerate() {
            let hole = self.parameter(holes, &call.known, index);
            let hole = hole.note(node.clone(), position, "call parameter");
            match argument {
                Argument::One(source) => {
                    self.evaluate_spread(&mut spread, position);
                    self.source(&hole, *source);
                }
                Argument::Receiver(selector, operand, selection) => {
                    self.receiver(&hole, *selector, *operand, selection);
                }
                Argument::Contents(operand, ty) => {
                    let texts = self.texts();
                    let text = format!(
                        "{}.({})",
                        texts.expression_text(*operand),
                        texts.type_text(*ty)
                    );
                    let hole = self.of_type(&hole, *ty, Node::text(text), position, "dot");
                    self.expr(&hole, *operand);
                }
            }
        }
        if let Some((values, slice)) = &call.variadic {
            let hole = self.parameter(holes, &call.known, call.arguments.len());
            let hole = hole.note(node.clone(), position, "call parameter");
            if values.is_empty() {
                return;
            }
            let node = Node::text("... argument");
            let hole = self.spill(&hole, node.clone(), position);
            let hole = hole.note(node, position, "slice-literal-element");
            self.evaluate_spread(&mut spread, position);
            let element = match self.types.underlying(*slice) {
                Type::Slice(element) => *element,
                _ => *slice,
            };
            for value in values {
                let value = match *value {
                    Source::Expression(expr, _) => Source::Expression(expr, Some(element)),
                    Source::Temporary(location, from, _) => {
                        Source::Temporary(location, from, Some(element))
                    }
                };
                self.source(&hole, value);
            }
        }
    }

    /// Evaluates the call whose values are arguments, once.
    fn evaluate_spread(&mut self, spread: &mut Option<&(ExprId, Vec<TypeId>)>, position: u32) {
        if let Some((expr, types)) = spread.take() {
            self.unpack(*expr, types, &[], position);
        }
    }

    /// Where an argument of a call goes.
    pub(super) fn parameter(
        &mut self,
        holes: Option<&[Hole<'p>]>,
        known: &[FunctionId],
        index: usize,
    ) -> Hole<'p> {
        if known.is_empty() {
            return Hole::of(HEAP);
        }
        let all: Vec<Hole<'p>> = known
            .iter()
            .map(|id| self.parameter_of(holes, *id, index))
            .collect();
        self.tee(&all)
    }

    fn parameter_of(
        &mut self,
        holes: Option<&[Hole<'p>]>,
        id: FunctionId,
        index: usize,
    ) -> Hole<'p> {
        let method = dereferenced_method(self.program, id);
        let id = method.unwrap_or(id);
        if let Some(function) = self.members.get(&id) {
            let parameter = self.parameters[*function].get(index).copied();
            return Hole::of(parameter.unwrap_or(BLANK));
        }
        if method.is_some() && index == 0 && loses_receiver(self.program, id) {
            return Hole::of(HEAP);
        }
        let mut summaries = self.results.summaries(id).to_vec();
        go_library::adapt(&self.program.functions[id].name, &mut summaries);
        let summary = summaries
            .get(index)
            .cloned()
            .unwrap_or_else(ParamSummary::unknown);
        let special = [
            (HEAP, summary.heap),
            (MUTATOR, summary.mutator),
            (CALLEE, summary.callee),
        ];
        let mut all: Vec<Hole<'p>> = special
            .into_iter()
            .filter_map(|(target, derefs)| Some(Hole::of(target).shift(derefs?)))
            .collect();
        if let Some(holes) = holes {
            for (hole, derefs) in holes.iter().zip(&summary.results) {
                if let Some(derefs) = derefs {
                    all.push(hole.shift(*derefs));
                }
            }
        }
        self.tee(&all)
    }

    /// What the receiver of a method value flows to besides the closure.
    pub(super) fn bound_receiver(&mut self, selection: &Selection) -> Hole<'p> {
        let id = selection
            .method
            .and_then(|method| self.index.functions.get(&method).copied());
        match id {
            Some(id) => {
                let results = vec![Hole::of(HEAP); self.program.functions[id].results.len()];
                self.parameter_of(Some(&results), id, 0)
            }
            None => Hole::of(HEAP),
        }
    }

    /// Which functions a call ends in, and for an interface call that ends in one the type.
    pub(super) fn known(&self, position: u32) -> (Known, Option<TypeId>) {
        let Some(&(id, inst)) = self.index.calls.get(&position) else {
            return (Known::new(), None);
        };
        let Op::Call { callee, .. } = &self.program.functions[id].insts[inst].op else {
            return (Known::new(), None);
        };
        match callee {
            Callee::Function(callee) => (vec![*callee], None),
            Callee::Closure(value) => (self.callees.resolve(id, *value).unwrap_or_default(), None),
            Callee::Interface { receiver, method } => {
                match self.callees.method(id, *receiver, *method) {
                    Some((ty, callee)) => (vec![self.behind_wrapper(callee)], Some(ty)),
                    None => (Known::new(), None),
                }
            }
        }
    }

    /// The method that a wrapper for interfaces calls.
    fn behind_wrapper(&self, id: FunctionId) -> FunctionId {
        let function = &self.program.functions[id];
        if function.kind != FunctionKind::Wrapper {
            return id;
        }
        let mut called = function.insts.values().filter_map(|data| match data.op {
            Op::Call {
                callee: Callee::Function(callee),
                ..
            } => Some(callee),
            _ => None,
        });
        match (called.next(), called.next()) {
            (Some(callee), None) => callee,
            _ => id,
        }
    }

    /// Evaluates what is called into a temporary, if gc does so.
    pub(super) fn callee_temporary(&mut self, call: ExprId) -> Option<Source> {
        let typed = self.typed;
        let value = declare::callee_in_temporary(typed, call)?;
        let position = self.position(call);
        let location = self.temporaries(Purpose::Callee, position, 1)[0];
        if location == BLANK {
            return None;
        }
        self.graph.locations[location.0].loop_depth = self.loop_depth;
        let texts = Texts {
            replaced: None,
            ..self.texts()
        };
        let name = self.location_name(location);
        let text = format!("{name} = {}", texts.expression_text(value));
        let hole = Hole::of(location).note(Node::text(text), position, "assign");
        self.expr(&hole, value);
        Some(Source::Temporary(location, typed.type_of(value), None))
    }

    fn prepared(
        &mut self,
        expr: ExprId,
        callee: ExprId,
        arguments: &[ExprId],
        has_spread: bool,
    ) -> Call<'p> {
        let typed = self.typed;
        let callee = typed.ast.unparen(callee);
        let position = self.position(expr);
        let (known, contents) = self.known(position);
        let mut call = Call {
            known,
            callee: None,
            arguments: Vec::new(),
            spread: None,
            variadic: None,
        };
        match (
            &typed.ast.exprs[callee].kind,
            typed.info.selections.get(&callee),
        ) {
            (ExprKind::Selector { operand, .. }, Some(selection))
                if selection.kind == SelectionKind::MethodValue =>
            {
                let temporary = self.callee_temporary(expr);
                call.arguments.push(match (contents, temporary) {
                    (Some(ty), _) => Argument::Contents(*operand, ty),
                    (None, Some(source)) => Argument::One(source),
                    (None, None) => Argument::Receiver(callee, *operand, selection),
                });
            }
            _ if operands::is_declared_function(typed, callee) => {}
            _ => {
                let temporary = self.callee_temporary(expr);
                call.callee = Some(temporary.unwrap_or(Source::Expression(callee, None)));
            }
        }
        let Some(signature) = self.types.as_signature(self.type_of(callee)) else {
            return call;
        };
        let (parameters, is_variadic) = (signature.parameters.clone(), signature.is_variadic);
        let is_packed = is_variadic && !has_spread;
        let fixed = parameters.len() - usize::from(is_packed);
        let mut values: Vec<Source> = match arguments {
            [single] if declare::value_types(typed, *single).len() > 1 => {
                let types = declare::value_types(typed, *single);
                let converted = declare::parameter_types(typed, callee, types.len(), false);
                let temporaries = self.temporaries(Purpose::Value, position, types.len());
                let sources =
                    temporaries
                        .iter()
                        .zip(&types)
                        .enumerate()
                        .map(|(index, (at, ty))| {
                            Source::Temporary(*at, *ty, converted.get(index).copied())
                        });
                let sources = sources.collect();
                call.spread = Some((*single, types));
                sources
            }
            _ => arguments
                .iter()
                .enumerate()
                .map(|(index, argument)| {
                    Source::Expression(
                        *argument,
                        parameters.get(index).copied().filter(|_| index < fixed),
                    )
                })
                .collect(),
        };
        let rest = values.split_off(fixed.min(values.len()));
        call.arguments.extend(values.into_iter().map(Argument::One));
        if is_packed {
            call.variadic = Some((rest, parameters[fixed]));
        }
        call
    }
}
