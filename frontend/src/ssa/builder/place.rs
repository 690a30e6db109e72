//! Operands as places: variables, fields, elements, dereferences.
//!
//! A place is an address or, for what lives in no memory, a value ([`Place`]). For assignments a
//! place is evaluated in two steps, as the specification asks: [`FunctionBuilder::target`]
//! evaluates its operands, [`FunctionBuilder::assign_target`] does the indexing and dereferencing
//! that may panic, after the right side has been evaluated.

use super::super::{ConstantValue, Op, Value};
use super::function::{FunctionBuilder, Place};
use crate::ast::{ExprId, ExprKind};
use crate::check::constant::Constant;
use crate::check::{ObjectKind, SelectionKind};
use crate::source::Span;
use crate::types::{Type, TypeId};

/// A place to assign to, its operands evaluated.
pub(super) enum AssignTarget {
    /// `_`
    Blank,
    /// Memory: an address and what is still to be done to it.
    Memory {
        base: Value,
        steps: Vec<Step>,
        ty: TypeId,
        span: Span,
    },
    /// `map[key]`
    MapElement {
        map: Value,
        key: Value,
        ty: TypeId,
        span: Span,
    },
}

/// A step from a pointer to the next that may panic, and so waits for the right side.
pub(super) enum Step {
    NilCheck(Span),
    Field(u32, Span),
    Index(Value, Span),
}

impl FunctionBuilder<'_, '_> {
    /// The value at a place.
    pub(super) fn load_from(&mut self, place: Place, span: Span) -> Value {
        match place {
            Place::Address(address) => self.load(address, span),
            Place::Value(value) => value,
        }
    }

    /// The value of an expression that is a place.
    pub(super) fn load_place(&mut self, expr: ExprId) -> Value {
        let place = self.place(expr);
        self.load_from(place, self.span_of(expr))
    }

    /// The address of an addressable expression; of others that of a copy.
    pub(super) fn address_of(&mut self, expr: ExprId) -> Value {
        match self.place(expr) {
            Place::Address(address) => address,
            Place::Value(value) => self.spill(value, self.span_of(expr)),
        }
    }

    /// Where an expression's value is.
    pub(super) fn place(&mut self, expr: ExprId) -> Place {
        let typed = self.typed;
        let expr = typed.ast.unparen(expr);
        if typed.constant_of(expr).is_some() || self.hoisted.contains_key(&expr) {
            return Place::Value(self.expr(expr));
        }
        let span = self.span_of(expr);
        match &typed.ast.exprs[expr].kind {
            ExprKind::Name(ident) => self.named_place(*ident, expr, span),
            ExprKind::Selector { operand, name } => match typed.info.selections.get(&expr) {
                Some(selection) if selection.kind == SelectionKind::Field => {
                    let (place, _) = self.walk(*operand, &selection.path, span);
                    place
                }
                Some(_) => Place::Value(self.expr(expr)),
                None => self.named_place(*name, expr, span),
            },
            ExprKind::Index { operand, indices } => {
                let ty = self.type_of(*operand);
                match self.underlying(ty) {
                    Type::Array(..) => {
                        let array = self.place(*operand);
                        self.array_element(array, indices[0], span)
                    }
                    Type::Slice(_) => {
                        let base = self.expr(*operand);
                        let index = self.index_value(indices[0]);
                        Place::Address(self.index_address(base, index, false, span))
                    }
                    Type::Pointer(_) => {
                        let base = self.expr(*operand);
                        let index = self.index_value(indices[0]);
                        self.nil_check(base, span);
                        Place::Address(self.index_address(base, index, false, span))
                    }
                    _ => Place::Value(self.expr(expr)),
                }
            }
            ExprKind::Star(pointer) => {
                let pointer = self.expr(*pointer);
                self.nil_check(pointer, span);
                Place::Address(self.plain_pointer(pointer, span))
            }
            _ => Place::Value(self.expr(expr)),
        }
    }

    /// A pointer of a defined type as one of its underlying type, so that `*T` is what it is.
    fn plain_pointer(&mut self, pointer: Value, span: Span) -> Value {
        let ty = self.function.type_of(pointer);
        let plain = self.program.types.underlying_id(ty);
        self.retype(pointer, plain, span)
    }

    fn named_place(&mut self, ident: crate::ast::IdentId, expr: ExprId, span: Span) -> Place {
        let object = self
            .typed
            .object_of(ident)
            .expect("a used name has an object");
        match self.typed.objects[object].kind {
            ObjectKind::Global => {
                let global = self.program.global_for(object);
                let pointer = self.pointer_to(self.typed.objects[object].ty);
                Place::Address(self.emit1(Op::GlobalAddress(global), pointer, span))
            }
            ObjectKind::Local(_) => match self.variables.get(&object) {
                Some(place) => *place,
                // Only code that nothing reaches can use what was never declared.
                None => Place::Address(self.declare(object)),
            },
            _ => Place::Value(self.expr(expr)),
        }
    }

    /// An element of an array in memory or not.
    fn array_element(&mut self, array: Place, index: ExprId, span: Span) -> Place {
        if let Place::Value(value) = array
            && let Some(Constant::Integer(constant)) = self.typed.constant_of(index)
            && let Ok(constant) = u64::try_from(&**constant)
        {
            let element = self.element_type(self.function.type_of(value));
            return Place::Value(self.emit1(Op::Element(value, constant), element, span));
        }
        let base = match array {
            Place::Address(address) => address,
            Place::Value(value) => self.spill(value, span),
        };
        let index = self.index_value(index);
        Place::Address(self.index_address(base, index, false, span))
    }

    /// Follows a path of fields from an operand; pointers on the way are checked and followed.
    /// Returns also the type of what is found.
    pub(super) fn walk(&mut self, operand: ExprId, path: &[u32], span: Span) -> (Place, TypeId) {
        let ty = self.value_type(operand);
        let place = self.place(operand);
        self.walk_place(place, ty, path, span)
    }

    /// As `walk`, from a place.
    pub(super) fn walk_place(
        &mut self,
        mut place: Place,
        mut ty: TypeId,
        path: &[u32],
        span: Span,
    ) -> (Place, TypeId) {
        for index in path {
            if self.program.types.pointee(ty).is_some() {
                (place, ty) = self.follow(place, ty, span);
            }
            place = match place {
                Place::Address(address) => {
                    Place::Address(self.field_address(address, *index, span))
                }
                Place::Value(value) => {
                    let field = self.field_type(ty, *index);
                    Place::Value(self.emit1(Op::Field(value, *index), field, span))
                }
            };
            ty = self.field_type(ty, *index);
        }
        (place, ty)
    }

    /// What the pointer at a place points to.
    pub(super) fn follow(&mut self, place: Place, ty: TypeId, span: Span) -> (Place, TypeId) {
        let pointer = self.load_from(place, span);
        self.nil_check(pointer, span);
        (
            Place::Address(self.plain_pointer(pointer, span)),
            self.pointee(ty),
        )
    }

    /// Evaluates the operands of a place to assign to.
    pub(super) fn target(&mut self, expr: ExprId) -> AssignTarget {
        let expr = self.typed.ast.unparen(expr);
        if self.is_blank(expr) {
            return AssignTarget::Blank;
        }
        let span = self.span_of(expr);
        if let ExprKind::Index { operand, indices } = &self.typed.ast.exprs[expr].kind
            && let Type::Map(key, element) = self.underlying(self.type_of(*operand))
        {
            let map = self.expr(*operand);
            let key = self.expr_as(indices[0], key);
            return AssignTarget::MapElement {
                map,
                key,
                ty: element,
                span,
            };
        }
        let mut steps = Vec::new();
        let base = self.target_base(expr, &mut steps);
        AssignTarget::Memory {
            base,
            steps,
            ty: self.value_type(expr),
            span,
        }
    }

    /// Whether an expression is `_`.
    pub(super) fn is_blank(&self, expr: ExprId) -> bool {
        match self.typed.ast.exprs[self.typed.ast.unparen(expr)].kind {
            ExprKind::Name(ident) => self.typed.ast.ident_text(ident) == "_",
            _ => false,
        }
    }

    fn target_base(&mut self, expr: ExprId, steps: &mut Vec<Step>) -> Value {
        let typed = self.typed;
        let expr = typed.ast.unparen(expr);
        let span = self.span_of(expr);
        match &typed.ast.exprs[expr].kind {
            ExprKind::Selector { operand, .. } if typed.info.selections.contains_key(&expr) => {
                let path = &typed.info.selections[&expr].path;
                let mut ty = self.value_type(*operand);
                let mut base = if self.program.types.pointee(ty).is_some() {
                    self.expr(*operand)
                } else {
                    self.target_base(*operand, steps)
                };
                let mut is_pointer = self.program.types.pointee(ty).is_some();
                for (position, index) in path.iter().enumerate() {
                    if is_pointer {
                        if position > 0 {
                            // An embedded pointer: what was to be done so far is needed now.
                            base = self.take_steps(base, std::mem::take(steps));
                            base = self.load(base, span);
                        }
                        ty = self.pointee(ty);
                        base = self.plain_pointer(base, span);
                        steps.push(Step::NilCheck(span));
                    }
                    steps.push(Step::Field(*index, span));
                    ty = self.field_type(ty, *index);
                    is_pointer = self.program.types.pointee(ty).is_some();
                }
                base
            }
            ExprKind::Index { operand, indices } => {
                let ty = self.type_of(*operand);
                match self.underlying(ty) {
                    Type::Array(..) => {
                        let base = self.target_base(*operand, steps);
                        let index = self.index_value(indices[0]);
                        steps.push(Step::Index(index, span));
                        base
                    }
                    kind => {
                        let base = self.expr(*operand);
                        let index = self.index_value(indices[0]);
                        if matches!(kind, Type::Pointer(_)) {
                            steps.push(Step::NilCheck(span));
                        }
                        steps.push(Step::Index(index, span));
                        base
                    }
                }
            }
            ExprKind::Star(pointer) => {
                let pointer = self.expr(*pointer);
                steps.push(Step::NilCheck(span));
                self.plain_pointer(pointer, span)
            }
            _ => self.address_of(expr),
        }
    }

    /// Does what a target still needs: the address.
    pub(super) fn take_steps(&mut self, mut address: Value, steps: Vec<Step>) -> Value {
        for step in steps {
            match step {
                Step::NilCheck(span) => self.nil_check(address, span),
                Step::Field(index, span) => address = self.field_address(address, index, span),
                Step::Index(index, span) => {
                    address = self.index_address(address, index, false, span);
                }
            }
        }
        address
    }

    /// The type of a place to assign to; none for `_`.
    pub(super) fn target_type(target: &AssignTarget) -> Option<TypeId> {
        match target {
            AssignTarget::Blank => None,
            AssignTarget::Memory { ty, .. } | AssignTarget::MapElement { ty, .. } => Some(*ty),
        }
    }

    /// Assigns a value of the target's type.
    pub(super) fn assign_target(&mut self, target: AssignTarget, value: Value) {
        match target {
            AssignTarget::Blank => {}
            AssignTarget::Memory {
                base, steps, span, ..
            } => {
                let address = self.take_steps(base, steps);
                self.store(address, value, span);
            }
            AssignTarget::MapElement { map, key, ty, span } => {
                let pointer = self.pointer_to(ty);
                let address = self.emit1(Op::MapAssign { map, key }, pointer, span);
                self.store(address, value, span);
            }
        }
    }

    /// An `int` constant.
    pub(super) fn int_constant(&mut self, value: u64, span: Span) -> Value {
        let int = self.int_type();
        self.emit1(
            Op::Constant(ConstantValue::Integer(value as i64)),
            int,
            span,
        )
    }
}
