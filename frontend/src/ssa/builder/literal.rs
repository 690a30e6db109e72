//! Composite literals.
//!
//! Small struct literals are values; everything else is built in memory that nothing else can
//! see yet, element by element, so that the size of the code is linear in the source.

use super::super::{Op, SiteKind, Value};
use super::function::{FunctionBuilder, Place};
use crate::ast::{Element, ExprId, ExprKind};
use crate::check::constant::Constant;
use crate::check::{Mode, TypedProgram};
use crate::source::Span;
use crate::types::{Type, TypeId};

/// Structs with more fields are built in memory.
const MAX_VALUE_FIELDS: usize = 8;

impl FunctionBuilder<'_, '_> {
    fn elements(&self, expr: ExprId) -> &[Element] {
        match &self.typed.ast.exprs[expr].kind {
            ExprKind::CompositeLiteral { elements, .. } => elements,
            other => unreachable!("not a composite literal: {other:?}"),
        }
    }

    /// A composite literal's value.
    pub(super) fn composite_literal(&mut self, expr: ExprId) -> Value {
        let span = self.span_of(expr);
        let ty = self.type_of(expr);
        match self.underlying(ty) {
            // An elided `&T` inside another literal.
            Type::Pointer(_) => self.pointer_literal(expr, expr, span),
            Type::Struct(fields)
                if fields.len() <= MAX_VALUE_FIELDS && !self.sets_promoted_fields(expr) =>
            {
                self.struct_value(expr, ty, span)
            }
            Type::Slice(element) => self.slice_literal(expr, ty, element, span),
            Type::Map(key, element) => self.map_literal(expr, ty, key, element, span),
            _ => {
                let address = self.temporary(ty, span);
                self.literal_into(address, expr, ty);
                self.load(address, span)
            }
        }
    }

    /// `&T{...}`, or a literal whose `&` is left out: then both expressions are the same.
    pub(super) fn pointer_literal(&mut self, expr: ExprId, literal: ExprId, span: Span) -> Value {
        let written = self.type_of(literal);
        let ty = self.program.types.pointee(written).unwrap_or(written);
        let text = format!("&{}", self.texts().literal_text(literal, ty));
        let site = self.site(
            self.literal_kind(expr, SiteKind::PointerLiteral),
            text,
            span.start,
        );
        let pointer = self.pointer_to(ty);
        let address = self.emit_site(Op::Alloc(ty), pointer, site, span);
        self.literal_into(address, literal, ty);
        if self.program.types.pointee(written).is_some() {
            return self.retype(address, written, span);
        }
        address
    }

    /// Builds a literal of type `ty` in zeroed memory that nothing else refers to.
    pub(super) fn literal_into(&mut self, address: Value, expr: ExprId, ty: TypeId) {
        let span = self.span_of(expr);
        match self.underlying(ty) {
            Type::Struct(_) => {
                for (position, element) in self.elements(expr).to_vec().into_iter().enumerate() {
                    let (mut place, mut field) = (address, ty);
                    for index in self.field_path(&element, position) {
                        place = self.field_address(place, index, span);
                        field = self.field_type(field, index);
                    }
                    self.initialize(place, element.value, field);
                }
            }
            Type::Array(element, _) => self.elements_into(address, expr, element, span),
            Type::Slice(element) => {
                let value = self.slice_literal(expr, ty, element, span);
                self.store(address, value, span);
            }
            Type::Map(key, element) => {
                let value = self.map_literal(expr, ty, key, element, span);
                self.store(address, value, span);
            }
            other => unreachable!("no literal of this type: {other:?}"),
        }
    }

    /// Stores an expression in zeroed memory that nothing else refers to.
    pub(super) fn initialize(&mut self, address: Value, expr: ExprId, ty: TypeId) {
        let inner = self.typed.ast.unparen(expr);
        let span = self.span_of(inner);
        let is_literal = matches!(
            self.typed.ast.exprs[inner].kind,
            ExprKind::CompositeLiteral { .. }
        );
        if self.is_aggregate(ty)
            && self.value_type(inner) == ty
            && !self.hoisted.contains_key(&inner)
        {
            if is_literal {
                self.literal_into(address, inner, ty);
                return;
            }
            match self.place(inner) {
                Place::Address(source) => self.emit0(
                    Op::Move {
                        target: address,
                        source,
                    },
                    span,
                ),
                Place::Value(value) => self.store(address, value, span),
            }
            return;
        }
        let value = self.expr_as(expr, ty);
        self.store(address, value, span);
    }

    /// The field an element of a struct literal sets, from the struct inwards: promoted fields may be given too.
    fn field_path(&self, element: &Element, position: usize) -> Vec<u32> {
        let selection = element
            .key
            .map(|key| &self.typed.info.selections[&key].path);
        selection.map_or_else(|| vec![position as u32], Clone::clone)
    }

    fn sets_promoted_fields(&self, expr: ExprId) -> bool {
        let elements = self.elements(expr).iter().enumerate();
        elements
            .map(|(position, element)| self.field_path(element, position))
            .any(|path| path.len() > 1)
    }

    fn struct_value(&mut self, expr: ExprId, ty: TypeId, span: Span) -> Value {
        let Type::Struct(fields) = self.underlying(ty) else {
            unreachable!("a struct literal")
        };
        let elements = self.elements(expr).to_vec();
        let mut values: Vec<Option<Value>> = vec![None; fields.len()];
        for (position, element) in elements.iter().enumerate() {
            let index = self.field_path(element, position)[0] as usize;
            values[index] = Some(self.expr_as(element.value, fields[index].ty));
        }
        if elements.is_empty() {
            return self.zero(ty, span);
        }
        let mut complete = Vec::with_capacity(fields.len());
        for (value, field) in values.into_iter().zip(&*fields) {
            complete.push(match value {
                Some(value) => value,
                None => self.zero(field.ty, span),
            });
        }
        self.emit1(Op::Aggregate(complete), ty, span)
    }

    /// The index of each element of an array or slice literal.
    fn element_indices(&self, elements: &[Element]) -> Vec<u64> {
        element_indices(self.typed, elements)
    }

    /// Stores the elements of an array or slice literal in a zeroed array.
    fn elements_into(&mut self, array: Value, expr: ExprId, element_type: TypeId, span: Span) {
        let elements = self.elements(expr).to_vec();
        for (element, index) in elements.iter().zip(self.element_indices(&elements)) {
            let index = self.int_constant(index, span);
            let address = self.index_address(array, index, true, span);
            self.initialize(address, element.value, element_type);
        }
    }

    fn slice_literal(&mut self, expr: ExprId, ty: TypeId, element: TypeId, span: Span) -> Value {
        let length = element_count(self.typed, self.elements(expr));
        let text = self.texts().literal_text(expr, ty);
        let kind = self.literal_kind(expr, SiteKind::SliceLiteral);
        let array = self.backing_array(element, length, kind, text, span);
        self.elements_into(array, expr, element, span);
        self.whole_slice(array, ty, span)
    }

    /// All of an array, as a slice.
    pub(super) fn whole_slice(&mut self, array: Value, slice: TypeId, span: Span) -> Value {
        self.emit1(
            Op::Slice {
                base: array,
                low: None,
                high: None,
                max: None,
            },
            slice,
            span,
        )
    }

    /// The array behind a slice.
    pub(super) fn backing_array(
        &mut self,
        element: TypeId,
        length: u64,
        kind: SiteKind,
        text: String,
        span: Span,
    ) -> Value {
        let array = self.program.types.intern(Type::Array(element, length));
        self.alloc(array, kind, text, span.start, span)
    }

    fn map_literal(
        &mut self,
        expr: ExprId,
        ty: TypeId,
        key: TypeId,
        element: TypeId,
        span: Span,
    ) -> Value {
        let elements = self.elements(expr).to_vec();
        let hint = if elements.is_empty() {
            None
        } else {
            Some(self.int_constant(elements.len() as u64, span))
        };
        let text = self.texts().literal_text(expr, ty);
        let site = self.site(SiteKind::MapLiteral, text, span.start);
        let map = self.emit_site(Op::MakeMap { hint }, ty, site, span);
        let pointer = self.pointer_to(element);
        // As gc: first what is known, then the rest as so many assignments.
        let (known, computed): (Vec<Element>, Vec<Element>) = elements
            .into_iter()
            .partition(|entry| self.is_static_entry(entry));
        for entry in known.into_iter().chain(computed) {
            let entry_key = entry.key.expect("the checker wants keys in map literals");
            let at = self.span_of(entry_key);
            self.hoist(entry_key);
            self.hoist(entry.value);
            let key = self.expr_as(entry_key, key);
            let value = self.expr_as(entry.value, element);
            let address = self.emit1(Op::MapAssign { map, key }, pointer, at);
            self.store(address, value, at);
        }
        map
    }

    /// Whether key and value of an entry of a map literal are known before the program runs.
    fn is_static_entry(&self, entry: &Element) -> bool {
        entry.key.is_some_and(|key| self.is_static_value(key)) && self.is_static_value(entry.value)
    }

    fn is_static_value(&self, expr: ExprId) -> bool {
        let expr = self.typed.ast.unparen(expr);
        if self.typed.constant_of(expr).is_some() || self.typed.info.modes[expr] == Mode::Nil {
            return true;
        }
        let ExprKind::CompositeLiteral { elements, .. } = &self.typed.ast.exprs[expr].kind else {
            return false;
        };
        matches!(
            self.underlying(self.type_of(expr)),
            Type::Struct(_) | Type::Array(..)
        ) && elements
            .iter()
            .all(|element| self.is_static_value(element.value))
    }

    /// Whether an expression is a map literal with entries to be computed.
    pub(super) fn is_dynamic_map_literal(&self, expr: ExprId) -> bool {
        let ExprKind::CompositeLiteral { elements, .. } = &self.typed.ast.exprs[expr].kind else {
            return false;
        };
        matches!(self.underlying(self.type_of(expr)), Type::Map(..))
            && !elements.iter().all(|entry| self.is_static_entry(entry))
    }
}

/// The index of each element of an array or slice literal.
fn element_indices(typed: &TypedProgram, elements: &[Element]) -> Vec<u64> {
    let mut next = 0;
    let mut indices = Vec::with_capacity(elements.len());
    for element in elements {
        if let Some(key) = element.key {
            next = match typed.constant_of(key) {
                Some(Constant::Integer(index)) => u64::try_from(&**index).unwrap_or(next),
                Some(Constant::Float(index)) => u64::try_from(index.numerator()).unwrap_or(next),
                _ => next,
            };
        }
        indices.push(next);
        next += 1;
    }
    indices
}

/// How many elements a slice literal makes.
pub(super) fn element_count(typed: &TypedProgram, elements: &[Element]) -> u64 {
    let last = element_indices(typed, elements).into_iter().max();
    last.map_or(0, |last| last + 1)
}
