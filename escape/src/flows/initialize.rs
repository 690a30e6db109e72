//! Initialisers of package variables: what the function `init` begins with.
//!
//! gc lays out as data what it can before it analyzes: constants, function literals, and literals of
//! structs, arrays and slices with what they point at. What is left are assignments into that data.

use frontend::ast::{ExprId, ExprKind, UnaryOp};
use frontend::check::{Mode, ObjectId};
use frontend::types::layout::{field_offsets, size_and_align};
use frontend::types::{Type, TypeId};

use super::body::Body;
use super::declare;
use super::graph::{BLANK, HEAP, Hole};
use super::words::Node;

/// A place in data.
#[derive(Clone)]
struct Datum {
    /// The variable.
    symbol: String,
    /// Bytes from its start.
    offset: u64,
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
            self.converted(&hole, value, declared.ty);
            return;
        }
        let holes: Vec<Hole<'p>> = variables.iter().map(|_| Hole::of(HEAP)).collect();
        if matches!(typed.ast.exprs[inner].kind, ExprKind::Call { .. }) {
            self.call(Some(&holes), inner);
        } else {
            self.expr(&holes[0], inner);
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
            || declare::is_declared_function(typed, expr)
        {
            return true;
        }
        let from = self.type_of(expr);
        if self.types.is_interface(ty) && from != ty && !self.is_direct(from) {
            let inside = self.next_static();
            return self.laid_out(&inside, expr, from);
        }
        match &typed.ast.exprs[expr].kind {
            ExprKind::FunctionLiteral { .. } => true,
            ExprKind::Call {
                callee, arguments, ..
            } => {
                self.texts().is_conversion(*callee)
                    && typed.constant_of(typed.ast.unparen(arguments[0])).is_some()
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
                    let field = declare::field_index(typed, item, index);
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
