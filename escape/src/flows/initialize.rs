//! Initialisers of package variables: what the function `init` begins with.
//!
//! gc lays out as data what it can before it analyzes: constants, function literals, and literals of
//! structs, arrays and slices with what they point at. What is left are assignments into that data.

use frontend::ast::{ExprId, ExprKind, UnaryOp};
use frontend::check::{Mode, ObjectId, TypedProgram};
use frontend::ssa::FunctionId;
use frontend::ssa::builder::{TEMPORARY, operands};
use frontend::types::layout::{field_offsets, size_and_align};
use frontend::types::{Type, TypeId};

use super::body::Body;
use super::declare::{self, Purpose};
use super::graph::{BLANK, FunctionIndex, HEAP, Hole, Kind, Role};
use super::words::Node;

/// A place in data.
#[derive(Clone)]
struct Datum {
    /// The variable.
    symbol: String,
    /// Bytes from its start.
    offset: u64,
}

/// Whether some value of a call is of another type than the variable it is for.
fn is_converted(typed: &TypedProgram, variables: &[ObjectId], call: ExprId) -> bool {
    let values = declare::value_types(typed, call);
    let mut pairs = variables.iter().zip(values);
    pairs.any(|(variable, ty)| typed.objects[*variable].ty != ty)
}

impl<'p> Body<'p, '_> {
    /// Reads an initialiser.
    pub(super) fn initialize(&mut self, variables: &[ObjectId], value: ExprId) {
        let typed = self.typed;
        let names: Vec<&str> = variables
            .iter()
            .map(|object| typed.ast.names.text(typed.objects[*object].name))
            .collect();
        let position = variables
            .first()
            .map_or(0, |object| typed.objects[*object].span.start);
        let inner = typed.ast.unparen(value);
        if let [variable] = variables {
            let declared = &typed.objects[*variable];
            let is_blank = names[0] == "_";
            let datum = Datum {
                symbol: self.symbol(names[0]),
                offset: 0,
            };
            if !is_blank && self.laid_out(&datum, inner, declared.ty) {
                return;
            }
            let text = format!("{} = {}", names[0], self.texts().expression_text(value));
            let hole = Hole::of(if is_blank { BLANK } else { HEAP });
            let hole = hole.note(Node::text(text), position, "assign");
            if is_blank {
                self.expr(&hole, value);
            } else {
                self.converted(&hole, value, declared.ty);
            }
            return;
        }
        let is_call = matches!(typed.ast.exprs[inner].kind, ExprKind::Call { .. });
        if is_call && is_converted(typed, variables, inner) {
            let values = declare::value_types(typed, inner);
            let types: Vec<Option<TypeId>> = variables
                .iter()
                .map(|object| Some(typed.objects[*object].ty))
                .collect();
            let (sources, texts) = self.unpack(inner, &values, &types, position);
            let text = format!("{} = {}", names.join(", "), texts.join(", "));
            for (name, source) in names.iter().zip(sources) {
                let hole = Hole::of(if *name == "_" { BLANK } else { HEAP });
                let node = Node::text(text.as_str());
                self.source(&hole.note(node, position, "assign-pair"), source);
            }
            return;
        }
        let holes: Vec<Hole<'p>> = variables.iter().map(|_| Hole::of(HEAP)).collect();
        if is_call {
            self.call(Some(&holes), inner);
        } else {
            self.expr(&holes[0], inner);
        }
    }

    /// Makes the temporaries of initialisers: for the values of calls that are converted.
    pub(super) fn declare_initialized(
        &mut self,
        initialized: &[(FunctionId, &[ObjectId], ExprId)],
        function: FunctionIndex,
    ) {
        let typed = self.typed;
        let mut count = 0;
        for (_, variables, expr) in initialized {
            let inner = typed.ast.unparen(*expr);
            let is_call = matches!(typed.ast.exprs[inner].kind, ExprKind::Call { .. });
            if variables.len() < 2 || !is_call || !is_converted(typed, variables, inner) {
                continue;
            }
            let position = typed.objects[variables[0]].span.start;
            for (index, ty) in declare::value_types(typed, inner).into_iter().enumerate() {
                let kind = Kind::Variable(format!("{TEMPORARY}{count}").into());
                let location = self.graph.add(kind, Role::Local, position, function, 1);
                self.types_of.insert(location, ty);
                let key = (Purpose::Value, position, index);
                self.temporaries.insert(key, location);
                count += 1;
            }
        }
    }

    fn symbol(&self, name: &str) -> String {
        let path = &self.typed.packages[self.typed.main].path;
        format!("{path}.{name}")
    }

    fn next_static(&mut self) -> Datum {
        let symbol = self.symbol(&format!(".stmp_{}", self.statics));
        self.statics += 1;
        Datum { symbol, offset: 0 }
    }

    /// Whether a value is data; assignments into the data are read.
    fn laid_out(&mut self, datum: &Datum, expr: ExprId, ty: TypeId) -> bool {
        let typed = self.typed;
        let expr = typed.ast.unparen(expr);
        if typed.info.modes[expr] == Mode::Nil
            || typed.constant_of(expr).is_some()
            || operands::is_declared_function(typed, expr)
        {
            return true;
        }
        let from = self.type_of(expr);
        if self.types.is_interface(ty) && from != ty && !self.is_direct(from) {
            let inside = self.next_static();
            self.laid_out_or_assigned(&inside, expr, from);
            return true;
        }
        match &typed.ast.exprs[expr].kind {
            ExprKind::FunctionLiteral { .. } => true,
            ExprKind::Call {
                callee, arguments, ..
            } => {
                if !self.texts().is_conversion(*callee) {
                    return false;
                }
                if self.types.is_interface(from) {
                    return self.laid_out(datum, arguments[0], from);
                }
                typed.constant_of(typed.ast.unparen(arguments[0])).is_some()
            }
            ExprKind::Unary(UnaryOp::AddressOf, operand) => {
                let operand = typed.ast.unparen(*operand);
                match typed.ast.exprs[operand].kind {
                    ExprKind::CompositeLiteral { .. } => {
                        let inside = self.next_static();
                        self.laid_out_or_assigned(&inside, operand, self.type_of(operand));
                        true
                    }
                    ExprKind::Name(_) => true,
                    _ => false,
                }
            }
            ExprKind::CompositeLiteral { .. } => self.literal_laid_out(datum, expr, from),
            _ => false,
        }
    }

    fn literal_laid_out(&mut self, datum: &Datum, expr: ExprId, ty: TypeId) -> bool {
        let typed = self.typed;
        let ExprKind::CompositeLiteral { elements, .. } = &typed.ast.exprs[expr].kind else {
            return false;
        };
        let (mut datum, ty) = match self.types.pointee(ty) {
            Some(pointee) => (self.next_static(), pointee),
            None => (datum.clone(), ty),
        };
        match self.types.underlying(ty) {
            Type::Struct(fields) => {
                let offsets = field_offsets(self.types, ty);
                for (index, item) in elements.iter().enumerate() {
                    let field = operands::field_index(typed, item, index);
                    let inside = Datum {
                        symbol: datum.symbol.clone(),
                        offset: datum.offset + offsets[field],
                    };
                    self.laid_out_or_assigned(&inside, item.value, fields[field].ty);
                }
                true
            }
            Type::Array(element, _) | Type::Slice(element) => {
                if matches!(self.types.underlying(ty), Type::Slice(_)) {
                    datum = self.next_static();
                }
                let bytes = size_and_align(self.types, *element).0;
                for (index, item) in elements.iter().enumerate() {
                    let inside = Datum {
                        symbol: datum.symbol.clone(),
                        offset: datum.offset + bytes * index as u64,
                    };
                    self.laid_out_or_assigned(&inside, item.value, *element);
                }
                true
            }
            _ => false,
        }
    }

    fn laid_out_or_assigned(&mut self, datum: &Datum, expr: ExprId, ty: TypeId) {
        if self.laid_out(datum, expr, ty) {
            return;
        }
        let texts = self.texts();
        let text = format!(
            "({})({}@{}) = {}",
            texts.type_text(ty),
            datum.symbol,
            datum.offset,
            texts.expression_text(expr)
        );
        let position = self.position(expr);
        let hole = Hole::of(HEAP).note(Node::text(text), position, "assign");
        self.converted(&hole, expr, ty);
    }
}
