//! Calls: of functions, methods and builtins, and those after `go` and `defer`.

use std::rc::Rc;

use frontend::ast::{ExprId, ExprKind};
use frontend::check::{Builtin, Mode, Selection, SelectionKind};
use frontend::ssa::builder::Texts;
use frontend::ssa::builder::operands::{self, Operand};
use frontend::ssa::op::{Callee, Op};
use frontend::ssa::{FunctionId, FunctionKind};
use frontend::types::layout::size_and_align;
use frontend::types::{Basic, Type, TypeId};

use super::body::{Body, Literal, MAX_CAPTURE_BY_VALUE_BYTES, Source};
use super::declare::{self, Purpose};
use super::graph::{BLANK, CALLEE, HEAP, Hole, Kind, Location, MUTATOR, Role};
use super::words::Node;
use crate::build::has_pointers;
use crate::callees::{dereferenced_method, loses_receiver};
use crate::{ParamSummary, go_library};

/// The functions that a call may end in; none if that is not known.
type Known = Vec<FunctionId>;

/// An operand of a call.
#[derive(Clone, Copy)]
enum Argument<'s> {
    /// An expression or a temporary.
    One(Source),
    /// The receiver that a method selection passes.
    Receiver(ExprId, ExprId, &'s Selection),
    /// The receiver of an interface call that can only end in the method of one type.
    Contents(ExprId, TypeId),
}

/// A call with its operands.
struct Call<'s> {
    known: Known,
    /// The value that is called, if it is one.
    callee: Option<Source>,
    arguments: Vec<Argument<'s>>,
    /// The call whose values are the arguments, with their types: it is evaluated with the first.
    spread: Option<(ExprId, Vec<TypeId>)>,
    /// The values that make up the slice of a variadic call, and the slice's type.
    variadic: Option<(Vec<Source>, TypeId)>,
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
    fn emit(
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
    fn parameter(
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
    fn known(&self, position: u32) -> (Known, Option<TypeId>) {
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
    fn callee_temporary(&mut self, call: ExprId) -> Option<Source> {
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

    /// A call of a builtin function; its arguments may be the values of one call.
    fn builtin_call(
        &mut self,
        holes: Option<&[Hole<'p>]>,
        expr: ExprId,
        builtin: Builtin,
        arguments: &[ExprId],
        has_spread: bool,
    ) {
        let mut call = BuiltinCall {
            expr,
            builtin,
            values: arguments
                .iter()
                .map(|argument| Source::Expression(*argument, None))
                .collect(),
            has_spread,
            node: Node::Expression(expr),
        };
        if let [single] = arguments[..] {
            let types = declare::value_types(self.typed, single);
            if types.len() > 1 && !self.typed.info.comma_ok.contains_key(&single) {
                let (values, texts) = self.unpack(single, &types, &[], self.position(expr));
                call.values = values;
                call.node = Node::text(self.builtin_text(&call, &texts));
            }
        }
        self.builtin(holes, &call);
    }

    fn builtin_text(&self, call: &BuiltinCall<'p>, values: &[String]) -> String {
        let ExprKind::Call { callee, .. } = self.typed.ast.exprs[call.expr].kind else {
            return String::new();
        };
        format!(
            "{}({})",
            self.texts().callee_text(callee),
            values.join(", ")
        )
    }

    /// The type of what a source evaluates to.
    fn source_type(&self, source: Source) -> TypeId {
        match source {
            Source::Expression(expr, _) => self.type_of(expr),
            Source::Temporary(_, ty, _) => ty,
        }
    }

    /// Evaluates a value that is converted.
    fn converted_source(&mut self, hole: &Hole<'p>, source: Source, ty: Option<TypeId>) {
        let source = match source {
            Source::Expression(expr, _) => Source::Expression(expr, ty),
            Source::Temporary(location, from, _) => Source::Temporary(location, from, ty),
        };
        self.source(hole, source);
    }

    fn builtin(&mut self, holes: Option<&[Hole<'p>]>, call: &BuiltinCall<'p>) {
        let expr = call.expr;
        let position = self.position(expr);
        let node = call.node.clone();
        let blank = Hole::of(BLANK);
        let hole = holes.and_then(|holes| holes.first()).unwrap_or(&blank);
        let argument = |hole: &Hole<'p>| hole.note(node.clone(), position, "call parameter");
        let values = &call.values;
        match call.builtin {
            Builtin::Append => self.append(hole, call),
            Builtin::Copy => {
                self.source(&argument(&Hole::of(MUTATOR)), values[0]);
                let copied = if self.has_pointer_elements(self.source_type(values[1])) {
                    Hole::of(HEAP).deref(node.clone(), position, "copied slice")
                } else {
                    Hole::of(BLANK)
                };
                self.source(&argument(&copied), values[1]);
            }
            Builtin::Panic => {
                let any = self.types.find(&Type::Interface(Box::default()));
                self.converted_source(&argument(&Hole::of(HEAP)), values[0], any);
            }
            Builtin::Min | Builtin::Max => {
                for value in values {
                    self.source(&argument(hole), *value);
                }
            }
            Builtin::Clear => self.source(&argument(&Hole::of(MUTATOR)), values[0]),
            Builtin::New => match values[..] {
                [Source::Expression(value, _)] if self.typed.info.modes[value] != Mode::Type => {
                    self.new_variable(hole, expr, value);
                }
                _ => {
                    self.spill(hole, node, position);
                }
            },
            Builtin::Make => {
                let is_channel =
                    matches!(self.types.underlying(self.type_of(expr)), Type::Channel(..));
                if !is_channel {
                    self.spill(hole, node, position);
                }
                for size in &values[1..] {
                    self.source(&blank, *size);
                }
            }
            Builtin::Delete => {
                self.source(&blank, values[0]);
                let key = match self.types.underlying(self.source_type(values[0])) {
                    Type::Map(key, _) => *key,
                    _ => return,
                };
                self.converted_source(&blank, values[1], Some(key));
            }
            _ => {
                for value in values {
                    self.source(&blank, *value);
                }
            }
        }
    }

    /// `new(x)`: the address of a variable that is set to `x`.
    fn new_variable(&mut self, hole: &Hole<'p>, expr: ExprId, value: ExprId) {
        let position = self.position(expr);
        let location = self.temporaries(Purpose::New, position, 1)[0];
        if location == BLANK {
            return;
        }
        self.graph.locations[location.0].loop_depth = self.loop_depth;
        let name = self.location_name(location);
        let text = format!("{name} := {}", self.texts().expression_text(value));
        let inside = Hole::of(location).note(Node::text(text), position, "assign");
        let ty = self.types_of.get(&location).copied();
        self.converted_source(&inside, Source::Expression(value, None), ty);
        let node = Node::text(format!("&{name}"));
        self.graph
            .flow(&hole.address(node, position, "address-of"), location);
    }

    fn append(&mut self, hole: &Hole<'p>, call: &BuiltinCall<'p>) {
        let position = self.position(call.expr);
        let node = call.node.clone();
        let values = &call.values;
        let slice = self.source_type(values[0]);
        let mut appendee = self.tee(&[hole.clone(), Hole::of(MUTATOR)]);
        if self.has_pointer_elements(slice) {
            let content = Hole::of(HEAP).deref(node.clone(), position, "appendee slice");
            appendee = self.tee(&[appendee, content]);
        }
        let appendee = appendee.note(node.clone(), position, "call parameter");
        self.source(&appendee, values[0]);
        if call.has_spread {
            let appended = if self.has_pointer_elements(self.source_type(values[1])) {
                Hole::of(HEAP).deref(node.clone(), position, "appended slice...")
            } else {
                Hole::of(BLANK)
            };
            let appended = appended.note(node.clone(), position, "call parameter");
            self.source(&appended, values[1]);
        } else if let Type::Slice(element) = self.types.underlying(slice) {
            let element = *element;
            let heap = Hole::of(HEAP).note(node.clone(), position, "call parameter");
            for value in &values[1..] {
                self.converted_source(&heap, *value, Some(element));
            }
        }
        let store = self.spill(hole, node, position);
        self.graph.locations[store.target.0].loop_depth = 0;
    }

    fn has_pointer_elements(&self, ty: TypeId) -> bool {
        match self.types.underlying(ty) {
            Type::Slice(element) => has_pointers(self.types, *element),
            _ => false,
        }
    }

    /// `T(x)`
    fn conversion(&mut self, hole: &Hole<'p>, expr: ExprId, operand: ExprId) {
        let inner = self.typed.ast.unparen(operand);
        if self.typed.info.modes[inner] == Mode::Nil {
            return;
        }
        let (from, ty) = (self.type_of(inner), self.type_of(expr));
        let node = Node::Expression(expr);
        let position = self.position(operand);
        if self.types.is_interface(ty) {
            let hole = if from == ty {
                hole.clone()
            } else {
                self.boxed(hole, from, node, position)
            };
            self.expr(&hole, inner);
            return;
        }
        let text = |ty: TypeId| self.types.as_basic(ty).is_some_and(Basic::is_string);
        let is_allocated = match (self.types.underlying(from), self.types.underlying(ty)) {
            (Type::Slice(_), _) => text(ty),
            (_, Type::Slice(_)) => text(from),
            (Type::Basic(basic), _) => basic.is_integer() && text(ty),
            _ => false,
        };
        if is_allocated {
            self.spill(hole, node, position);
            self.discard(inner);
            return;
        }
        let is_array_of_slice = matches!(
            (self.types.underlying(from), self.types.underlying(ty)),
            (Type::Slice(_), Type::Array(..))
        );
        if is_array_of_slice {
            self.expr(&hole.deref(node, position, "slice-to-array"), inner);
        } else {
            self.expr(hole, inner);
        }
    }

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

/// A call of a builtin function.
struct BuiltinCall<'p> {
    expr: ExprId,
    builtin: Builtin,
    values: Vec<Source>,
    has_spread: bool,
    /// What messages name.
    node: Node<'p>,
}
