//! Index and slice expressions (spec: "Index expressions", "Slice expressions").

use super::constant::Constant;
use super::operand::Operand;
use super::{Checker, Mode};
use crate::ast::ExprId;
use crate::source::Span;
use crate::types::{Basic, Type};

impl Checker<'_> {
    pub(super) fn index_expression(
        &mut self,
        expr: ExprId,
        operand: ExprId,
        indices: &[ExprId],
    ) -> Operand {
        let mut x = self.generic_expr(operand);
        match x.mode {
            Mode::Generic => return self.instantiation(expr, x, operand, indices),
            Mode::None => {
                self.use_all(indices);
                return x;
            }
            Mode::Type => {
                let ty = self.type_expression(expr);
                let mode = if self.is_valid(ty) {
                    Mode::Type
                } else {
                    Mode::None
                };
                return self.operand(mode, ty, expr);
            }
            // A builtin is told that it cannot be indexed.
            Mode::Builtin => {}
            _ => self.exclude(&mut x, true),
        }
        if !x.is_valid() {
            return x;
        }
        let mut length = None;
        let is_valid = match self.underlying(x.ty).clone() {
            Type::Basic(basic) if basic.is_string() => {
                if x.is_constant()
                    && let Some(Constant::String(bytes)) = &x.value
                {
                    length = Some(bytes.len() as i64);
                }
                if x.is_constant() && self.is_untyped(x.ty) {
                    self.settle_untyped(operand, Basic::String);
                }
                x.mode = Mode::Value;
                x.ty = self.universe.byte;
                true
            }
            Type::Array(element, count) => {
                length = i64::try_from(count).ok();
                if x.mode != Mode::Variable {
                    x.mode = Mode::Value;
                }
                x.ty = element;
                true
            }
            Type::Pointer(array) => match *self.underlying(array) {
                Type::Array(element, count) => {
                    length = i64::try_from(count).ok();
                    x.mode = Mode::Variable;
                    x.ty = element;
                    true
                }
                _ => false,
            },
            Type::Slice(element) => {
                x.mode = Mode::Variable;
                x.ty = element;
                true
            }
            Type::Map(key, element) => {
                let index = self.single_index(indices);
                let mut index = self.expr(index);
                self.assign(&mut index, Some(key), "map index");
                x.mode = Mode::MapElement;
                x.ty = element;
                return x;
            }
            _ => false,
        };
        x.value = None;
        if !is_valid {
            let message = format!("cannot index {}", self.describe(&x));
            self.error(Span::at(self.ast.exprs[expr].position), "index", message);
            self.use_all(indices);
            x.invalidate();
            return x;
        }
        let index = self.single_index(indices);
        self.check_index(index, length);
        x
    }

    /// A generic function or type with type arguments; of a function's some may be left out.
    fn instantiation(
        &mut self,
        expr: ExprId,
        mut x: Operand,
        operand: ExprId,
        indices: &[ExprId],
    ) -> Operand {
        let Some(object) = x.generic.as_ref().map(|generic| generic.object) else {
            return x;
        };
        if self.is_generic_type_object(object) {
            let ty = self.instantiated_type(operand, object, indices);
            let mode = if self.is_valid(ty) {
                Mode::Type
            } else {
                Mode::None
            };
            return self.operand(mode, ty, expr);
        }
        let arguments: Vec<_> = indices
            .iter()
            .map(|index| self.type_expression(*index))
            .collect();
        let head = self.head(object);
        let (have, want) = (arguments.len(), head.parameters.len());
        if have > want {
            let message = format!("got {have} type arguments but want {want}");
            self.error(self.span(indices[want]), "type-arguments", message);
            return self.invalid_operand(expr);
        }
        if !arguments.iter().all(|ty| self.is_valid(*ty)) {
            return self.invalid_operand(expr);
        }
        x.expr = expr;
        if have == want {
            let spans: Vec<_> = indices.iter().map(|index| self.span(*index)).collect();
            let is_satisfied = self.verify(&head, &arguments, |index| spans[index]);
            self.finish_instantiation(&mut x, object, is_satisfied.then_some(arguments), spans[0]);
        } else if let Some(generic) = x.generic.as_deref_mut() {
            generic.arguments = arguments;
        }
        x
    }

    fn single_index(&mut self, indices: &[ExprId]) -> ExprId {
        if let Some(second) = indices.get(1) {
            self.error(
                self.span(*second),
                "index",
                "invalid operation: more than one index",
            );
        }
        indices[0]
    }

    /// Checks an index below `limit`; gives its value if it is constant and valid, and tells whether
    /// it was valid at all.
    pub(super) fn check_index(&mut self, expr: ExprId, limit: Option<i64>) -> (bool, Option<i64>) {
        let mut x = self.expr(expr);
        if !self.is_valid_index(&mut x, "index", false) {
            return (false, None);
        }
        if !x.is_constant() {
            return (true, None);
        }
        let Some(value) = x.value.as_ref().and_then(Constant::to_i64) else {
            return (false, None);
        };
        if let Some(limit) = limit
            && value >= limit
        {
            let message = format!("invalid argument: index {value} out of bounds [0:{limit}]");
            self.error(self.operand_span(&x), "index", message);
            return (false, None);
        }
        (true, Some(value))
    }

    pub(super) fn is_valid_index(
        &mut self,
        x: &mut Operand,
        what: &str,
        allow_negative: bool,
    ) -> bool {
        if !x.is_valid() {
            return false;
        }
        let int = self.types.basic(Basic::Int);
        self.convert_untyped(x, int);
        if !x.is_valid() {
            return false;
        }
        let problem = if !self.is_basic(x.ty, Basic::is_integer) {
            "must be integer"
        } else if let (true, Some(value)) = (x.is_constant(), &x.value) {
            if !allow_negative && value.sign() < 0 {
                "must not be negative"
            } else if Self::fit(value, Basic::Int).is_none() {
                "overflows int"
            } else {
                return true;
            }
        } else {
            return true;
        };
        let message = format!("invalid argument: {what} {} {problem}", self.describe(x));
        self.error(self.operand_span(x), "index", message);
        false
    }

    pub(super) fn slice_expression(
        &mut self,
        expr: ExprId,
        operand: ExprId,
        bounds: [Option<ExprId>; 3],
        is_full: bool,
    ) -> Operand {
        let mut x = self.expr(operand);
        if !x.is_valid() {
            for bound in bounds.into_iter().flatten() {
                self.use_expression(bound);
            }
            return x;
        }
        let mut length = None;
        let is_valid = match self.underlying(x.ty).clone() {
            Type::Basic(basic) if basic.is_string() => {
                if is_full {
                    // A missing bound is where the bracket closes.
                    let at =
                        bounds[2].map_or(Span::at(self.span(expr).end - 1), |max| self.span(max));
                    self.error(at, "slice", "invalid operation: 3-index slice of string");
                    x.invalidate();
                    return x;
                }
                if let (true, Some(Constant::String(bytes))) = (x.is_constant(), &x.value) {
                    length = Some(bytes.len() as i64);
                }
                if self.is_untyped(x.ty) {
                    self.settle_untyped(operand, Basic::String);
                    x.ty = self.types.basic(Basic::String);
                }
                true
            }
            Type::Array(element, count) => {
                length = i64::try_from(count).ok();
                if x.mode != Mode::Variable {
                    let message = format!("cannot slice unaddressable value {}", self.describe(&x));
                    self.error(self.operand_span(&x), "slice", message);
                    x.invalidate();
                    return x;
                }
                x.ty = self.types.slice_of(element);
                true
            }
            Type::Pointer(array) => match *self.underlying(array) {
                Type::Array(element, count) => {
                    length = i64::try_from(count).ok();
                    x.ty = self.types.slice_of(element);
                    true
                }
                _ => false,
            },
            Type::Slice(_) => true,
            _ => false,
        };
        if !is_valid {
            let message = format!("cannot slice {}", self.describe(&x));
            self.error(self.operand_span(&x), "slice", message);
            for bound in bounds.into_iter().flatten() {
                self.use_expression(bound);
            }
            x.invalidate();
            return x;
        }
        x.mode = Mode::Value;
        x.value = None;
        let mut values = [None; 3];
        for (position, bound) in bounds.iter().enumerate() {
            values[position] = match bound {
                Some(bound) => self.check_index(*bound, length.map(|length| length + 1)).1,
                None if position == 0 => Some(0),
                None => length,
            };
        }
        for (position, value) in values[..2].iter().enumerate() {
            let Some(value) = value.filter(|value| *value > 0) else {
                continue;
            };
            for later in position + 1..3 {
                if let (Some(bound), Some(other)) = (bounds[later], values[later])
                    && other < value
                {
                    let message = format!("invalid slice indices: {other} < {value}");
                    self.error(self.span(bound), "slice", message);
                    return x;
                }
            }
        }
        x
    }
}
