//! Calls of builtin functions, and conversions.

use frontend::ast::{ExprId, ExprKind};
use frontend::check::{Builtin, Mode};
use frontend::types::{Basic, Type, TypeId};

use super::body::{Body, Source};
use super::declare::{self, Purpose};
use super::graph::{BLANK, HEAP, Hole, MUTATOR};
use super::words::Node;
use crate::build::has_pointers;

impl<'p> Body<'p, '_> {
    /// A call of a builtin function; its arguments may be the values of one call.
    pub(super) fn builtin_call(
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

    pub(super) fn builtin_text(&self, call: &BuiltinCall<'p>, values: &[String]) -> String {
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

    pub(super) fn builtin(&mut self, holes: Option<&[Hole<'p>]>, call: &BuiltinCall<'p>) {
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
    pub(super) fn conversion(&mut self, hole: &Hole<'p>, expr: ExprId, operand: ExprId) {
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
}

/// A call of a builtin function.
pub(super) struct BuiltinCall<'p> {
    pub(super) expr: ExprId,
    pub(super) builtin: Builtin,
    pub(super) values: Vec<Source>,
    pub(super) has_spread: bool,
    /// What messages name.
    pub(super) node: Node<'p>,
}
