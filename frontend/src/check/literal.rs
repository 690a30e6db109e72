//! Composite literals (spec: "Composite literals").

use std::collections::{HashMap, HashSet};

use super::constant::Constant;
use super::operand::Operand;
use super::{Checker, Mode, Selection, SelectionKind};
use crate::ast::{Element, ExprId, ExprKind};
use crate::source::Span;
use crate::types::lookup::{Key, Member, is_exported};
use crate::types::{Basic, StructField, Type, TypeId};

impl Checker<'_> {
    pub(super) fn composite_literal(
        &mut self,
        expr: ExprId,
        written: Option<ExprId>,
        elements: &[Element],
        close: u32,
        hint: Option<TypeId>,
    ) -> Operand {
        let ast = self.ast.clone();
        if let Some(written) = written
            && let ExprKind::ArrayType {
                length: None,
                element,
            } = ast.exprs[written].kind
        {
            let element = self.type_expression(element);
            let length = self.indexed_elements(elements, element, None);
            if !self.is_valid(element) {
                return self.invalid_operand(expr);
            }
            let ty = self
                .types
                .intern(Type::Array(element, length.unsigned_abs()));
            self.info.types[written] = ty.into();
            self.info.modes[written] = Mode::Type;
            return self.operand(Mode::Value, ty, expr);
        }
        let (ty, base, is_element) = match (written, hint) {
            (Some(written), _) => {
                let ty = self.type_expression(written);
                (ty, ty, false)
            }
            (None, Some(hint)) => {
                let base = match *self.underlying(hint) {
                    Type::Pointer(element) => element,
                    _ => hint,
                };
                (hint, base, true)
            }
            (None, None) => {
                self.error(
                    self.span(expr),
                    "literal",
                    "missing type in composite literal",
                );
                (self.invalid(), self.invalid(), false)
            }
        };
        match self.underlying(base).clone() {
            Type::Struct(fields) => self.struct_elements(base, &fields, elements, close),
            Type::Array(element, length) => {
                self.indexed_elements(elements, element, i64::try_from(length).ok());
            }
            Type::Slice(element) => {
                self.indexed_elements(elements, element, None);
            }
            Type::Map(key, value) => self.map_elements(elements, key, value),
            underlying => {
                for element in elements {
                    self.use_expression(element.value);
                }
                if !matches!(underlying, Type::Basic(Basic::Invalid)) {
                    let qualifier = if is_element { " element" } else { "" };
                    let message = format!(
                        "invalid composite literal{qualifier} type {}",
                        self.type_text(ty)
                    );
                    self.error(self.span(expr), "literal", message);
                }
                return self.invalid_operand(expr);
            }
        }
        self.operand(Mode::Value, ty, expr)
    }

    fn element_span(&self, element: &Element) -> Span {
        self.span(element.key.unwrap_or(element.value))
    }

    fn struct_elements(
        &mut self,
        base: TypeId,
        fields: &[StructField],
        elements: &[Element],
        close: u32,
    ) {
        let Some(first) = elements.first() else {
            return;
        };
        if first.key.is_some() {
            self.keyed_fields(base, elements);
            return;
        }
        let here = self.environment.package;
        let is_hidden = |checker: &Self, field: &StructField| {
            !is_exported(checker.text(field.name)) && field.package != here
        };
        for (position, element) in elements.iter().enumerate() {
            if element.key.is_some() {
                let message = "mixture of field:value and value elements in struct literal";
                self.error(self.element_span(element), "literal", message);
                continue;
            }
            let hint = None;
            let mut x = self.expr_with_hint(element.value, hint);
            let Some(field) = fields.get(position) else {
                let message = format!(
                    "too many values in struct literal of type {}",
                    self.type_text(base)
                );
                self.error(self.operand_span(&x), "literal", message);
                break;
            };
            if is_hidden(self, field) {
                let name = self.text(field.name).to_owned();
                let message = format!(
                    "implicit assignment to unexported field {name} in struct literal of type {}",
                    self.type_text(base)
                );
                self.error(self.operand_span(&x), "literal", message);
                continue;
            }
            self.assign(&mut x, Some(field.ty), "struct literal");
        }
        if elements.len() < fields.len() {
            let hint = if fields.iter().any(|field| is_hidden(self, field)) {
                " (type has unexported fields - use key:value pairs)"
            } else {
                ""
            };
            let message = format!(
                "too few values in struct literal of type {}{hint}",
                self.type_text(base)
            );
            self.error(Span::at(close), "literal", message);
        }
    }

    fn keyed_fields(&mut self, base: TypeId, elements: &[Element]) {
        let underlying = self.underlying_id(base);
        self.prepare_lookup(base);
        let mut visited: HashMap<Vec<u32>, String> = HashMap::new();
        for element in elements {
            let Some(key) = element.key else {
                let message = "mixture of field:value and value elements in struct literal";
                self.error(self.element_span(element), "literal", message);
                continue;
            };
            let span = self.span(key);
            let mut x = self.expr(element.value);
            let ExprKind::Name(ident) = self.ast.exprs[key].kind else {
                let message = format!(
                    "invalid field name {} in struct literal",
                    self.expression(key)
                );
                self.error(span, "literal", message);
                continue;
            };
            let name = self.ast.idents[ident].name;
            let text = self.text(name).to_owned();
            let lookup = Key::new(&self.names, name, self.environment.package);
            let found = self.types.lookup_field_or_method(underlying, false, lookup);
            let found = match found {
                Ok(found) if !self.is_blank(name) => found,
                _ => {
                    let alternative = self.alternative(underlying, false, &text);
                    let alternative = alternative.map(|(other, package, is_field)| {
                        let of_base = self
                            .types
                            .named_behind(base)
                            .and_then(|named| self.types.named(named).package);
                        (other, of_base.unwrap_or(package), is_field)
                    });
                    let ty = self.type_text(base);
                    let message = self.lookup_error(&ty, &text, alternative.as_ref(), true);
                    self.error(span, "literal", message);
                    continue;
                }
            };
            let Member::Field(ty) = found.member else {
                self.error(span, "literal", format!("{text} is not a field"));
                continue;
            };
            if found.is_indirect {
                let message = format!("invalid implicit pointer indirection to reach {text}");
                self.error(span, "literal", message);
                continue;
            }
            let selection = Selection {
                kind: SelectionKind::Field,
                path: found.path.clone(),
                method: None,
                interface_method: None,
                receiver: base,
                ty,
            };
            self.info.selections.insert(key, selection);
            self.assign(&mut x, Some(ty), "struct literal");
            // A field, one around it or one inside it may be given once only.
            let around =
                (1..found.path.len()).find_map(|length| visited.get(&found.path[..length]));
            let inside = visited
                .iter()
                .find(|(path, _)| path.len() > found.path.len() && path.starts_with(&found.path));
            let message = if visited.contains_key(&found.path) {
                Some(format!("duplicate field name {text} in struct literal"))
            } else if let Some(around) = around {
                Some(format!(
                    "cannot specify promoted field {text} and enclosing embedded field {around}"
                ))
            } else {
                inside.map(|(_, inside)| {
                    format!(
                        "cannot specify embedded field {text} and enclosed promoted field {inside}"
                    )
                })
            };
            match message {
                Some(message) => self.error(span, "literal", message),
                None => {
                    visited.insert(found.path, text);
                }
            }
        }
    }

    fn map_elements(&mut self, elements: &[Element], key_type: TypeId, value_type: TypeId) {
        let mut visited: HashSet<(KeyValue, Option<TypeId>)> = HashSet::new();
        let key_is_interface = matches!(self.underlying(key_type), Type::Interface(_));
        for element in elements {
            let Some(key) = element.key else {
                self.error(
                    self.element_span(element),
                    "literal",
                    "missing key in map literal",
                );
                continue;
            };
            let mut x = self.expr_with_hint(key, Some(key_type));
            self.assign(&mut x, Some(key_type), "map literal");
            if !x.is_valid() {
                continue;
            }
            if let (true, Some(value)) = (x.is_constant(), &x.value) {
                let ty = key_is_interface.then(|| self.types.canonical(x.ty));
                if !visited.insert((KeyValue::new(value), ty)) {
                    let message = format!("duplicate key {value} in map literal");
                    self.error(self.operand_span(&x), "duplicate-key", message);
                    continue;
                }
            }
            let mut x = self.expr_with_hint(element.value, Some(value_type));
            self.assign(&mut x, Some(value_type), "map literal");
        }
    }

    /// Checks the elements of an array or slice; gives its length.
    fn indexed_elements(&mut self, elements: &[Element], ty: TypeId, length: Option<i64>) -> i64 {
        let mut visited: HashSet<i64> = HashSet::new();
        let (mut index, mut longest) = (0i64, 0i64);
        for element in elements {
            let mut is_valid = false;
            if let Some(key) = element.key {
                match self.check_index(key, length) {
                    (true, Some(value)) => {
                        index = value;
                        is_valid = true;
                    }
                    (true, None) => {
                        let message =
                            format!("index {} must be integer constant", self.expression(key));
                        self.error(self.span(key), "literal", message);
                    }
                    (false, _) => {}
                }
            } else if let Some(length) = length
                && index >= length
            {
                let message = format!("index {index} is out of bounds (>= {length})");
                self.error(self.span(element.value), "literal", message);
            } else {
                is_valid = true;
            }
            if is_valid && !visited.insert(index) {
                let message = format!("duplicate index {index} in array or slice literal");
                self.error(self.element_span(element), "duplicate-key", message);
            }
            index = index.saturating_add(1);
            longest = longest.max(index);
            let mut x = self.expr_with_hint(element.value, Some(ty));
            self.assign(&mut x, Some(ty), "array or slice literal");
        }
        longest
    }
}

/// A constant as a key: numbers of equal value are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum KeyValue {
    Bool(bool),
    String(std::rc::Rc<[u8]>),
    Number(String),
}

impl KeyValue {
    pub(super) fn new(value: &Constant) -> KeyValue {
        match value {
            Constant::Bool(value) => KeyValue::Bool(*value),
            Constant::String(bytes) => KeyValue::String(bytes.clone()),
            Constant::Integer(value) => KeyValue::Number(value.to_string()),
            Constant::Float(value) if value.is_int() => {
                KeyValue::Number(value.numerator().to_string())
            }
            Constant::Float(value) => KeyValue::Number(value.to_string()),
            Constant::Wide(value) => KeyValue::Number(value.to_rational().to_string()),
        }
    }
}
