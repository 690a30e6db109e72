//! Assignability and conversions (spec: "Assignability", "Conversions").

use super::constant::Constant;
use super::operand::Operand;
use super::{Checker, Mode};
use crate::ast::ChannelDirection;
use crate::types::relations::{Missing, MissingReason};
use crate::types::{Basic, Type, TypeId};

impl Checker<'_> {
    /// Whether an operand may be assigned to a variable of type `target`; else why not, which may
    /// be empty.
    pub(super) fn assignable(&mut self, x: &Operand, target: TypeId) -> Result<(), String> {
        if !x.is_valid() || !self.is_valid(x.ty) || !self.is_valid(target) {
            return Ok(());
        }
        if self.types.identical(x.ty, target) {
            return Ok(());
        }
        if self.is_untyped(x.ty) {
            return self
                .implicit_type(x, target)
                .map(|_| ())
                .map_err(|_| String::new());
        }
        let from = self.underlying_id(x.ty);
        let to = self.underlying_id(target);
        if !self.is_valid(from) || !self.is_valid(to) {
            return Ok(());
        }
        let both_named = self.types.has_name(x.ty) && self.types.has_name(target);
        if self.types.identical(from, to) && !both_named {
            return Ok(());
        }
        if matches!(self.types.get(to), Type::Interface(_)) || self.types.is_interface_pointer(to) {
            return self.implements(x.ty, target);
        }
        if matches!(self.types.get(from), Type::Interface(_))
            && self.implements(target, x.ty).is_ok()
        {
            return Err("need type assertion".to_owned());
        }
        if let (Type::Channel(ChannelDirection::Both, from), Type::Channel(_, to)) =
            (self.types.get(from), self.types.get(to))
            && self.types.identical(*from, *to)
        {
            return if both_named {
                Err(String::new())
            } else {
                Ok(())
            };
        }
        Err(String::new())
    }

    /// Whether a type implements an interface; else why not, in gc's words.
    pub(super) fn implements(&mut self, ty: TypeId, interface: TypeId) -> Result<(), String> {
        let underlying = self.underlying_id(ty);
        if !self.is_valid(underlying) {
            return Ok(());
        }
        if let Type::Pointer(element) = *self.types.get(underlying) {
            let element = self.underlying_id(element);
            if !self.is_valid(element) {
                return Ok(());
            }
        }
        let (text, interface_text) = (self.type_text(ty), self.type_text(interface));
        if !matches!(self.underlying(interface), Type::Interface(_)) {
            let detail = if self.types.is_interface_pointer(interface) {
                format!("type {interface_text} is pointer to interface, not interface")
            } else {
                format!("{interface_text} is not an interface")
            };
            return Err(format!(
                "{text} does not implement {interface_text} ({detail})"
            ));
        }
        match self.missing_method(ty, interface, true) {
            None => Ok(()),
            Some(cause) => Err(format!(
                "{text} does not implement {interface_text} {cause}"
            )),
        }
    }

    /// What a type lacks to implement an interface, in gc's words and parentheses.
    pub(super) fn missing_method(
        &mut self,
        ty: TypeId,
        interface: TypeId,
        is_static: bool,
    ) -> Option<String> {
        self.prepare_lookup(ty);
        self.prepare_methods(ty, interface);
        let missing = self
            .types
            .missing_method(&self.objects, ty, interface, is_static)?;
        if self.has_invalid_embedded_field(ty) {
            return None;
        }
        Some(self.missing_cause(ty, interface, &missing))
    }

    fn has_invalid_embedded_field(&mut self, ty: TypeId) -> bool {
        let ty = match *self.underlying(ty) {
            Type::Pointer(element) => element,
            _ => ty,
        };
        let invalid = self.invalid();
        match self.underlying(ty) {
            Type::Struct(fields) => fields
                .iter()
                .any(|field| field.is_embedded && field.ty == invalid),
            _ => false,
        }
    }

    fn missing_cause(&mut self, ty: TypeId, interface: TypeId, missing: &Missing) -> String {
        let name = missing.method.name;
        let text = self.text(name).to_owned();
        let ty_text = self.type_text(ty);
        match missing.reason {
            MissingReason::NotFound => {
                for pointer in [ty, interface] {
                    if self.types.is_interface_pointer(pointer) {
                        return format!(
                            "(type {} is pointer to interface, not interface)",
                            self.type_text(pointer)
                        );
                    }
                }
                let folded = text.to_lowercase();
                let names = &self.names;
                let matches =
                    |key: crate::types::lookup::Key| names.text(key.name).to_lowercase() == folded;
                let alternative = if self.types.is_interface(ty) {
                    None
                } else {
                    self.types.lookup_matching(ty, false, matches).ok()
                };
                if let Some(found) = alternative
                    && let Some((other, signature)) = self.method_of(&found)
                {
                    if other == name {
                        return format!("(unexported method {text})");
                    }
                    let have = self.method_text(other, signature);
                    let want = self.method_text(name, missing.method.signature);
                    return format!("(missing method {text})\n\t\thave {have}\n\t\twant {want}");
                }
                format!("(missing method {text})")
            }
            MissingReason::WrongSignature(signature) => {
                let have = self.method_text(name, signature);
                let want = self.method_text(name, missing.method.signature);
                format!("(wrong type for method {text})\n\t\thave {have}\n\t\twant {want}")
            }
            MissingReason::Ambiguous => format!("(ambiguous selector {ty_text}.{text})"),
            MissingReason::NeedsPointer => format!("(method {text} has pointer receiver)"),
            MissingReason::Field => format!("({ty_text}.{text} is a field, not a method)"),
        }
    }

    /// Checks `T(x)`; `x` becomes the converted value.
    pub(super) fn conversion(&mut self, x: &mut Operand, target: TypeId) {
        let is_constant_type = |basic: Basic| basic <= Basic::String;
        let is_constant = x.is_constant();
        let to_constant = is_constant && self.is_basic(target, is_constant_type);
        let mut cause = String::new();
        let is_fine = if to_constant {
            let basic = self.basic(target).unwrap_or(Basic::Invalid);
            let from_integer = self.is_basic(x.ty, Basic::is_integer);
            let fitted = match &x.value {
                None => Some(None),
                Some(value) => match Self::fit(value, basic) {
                    Some(fitted) => Some(Some(fitted)),
                    None if from_integer && basic.is_string() => {
                        let character = value
                            .to_i64()
                            .and_then(|value| u32::try_from(value).ok())
                            .and_then(char::from_u32)
                            .unwrap_or('\u{FFFD}');
                        Some(Some(Constant::string(
                            character.encode_utf8(&mut [0; 4]).as_bytes(),
                        )))
                    }
                    None => None,
                },
            };
            if let Some(value) = fitted {
                // Representable also means of the same kind: only then no rounding of kinds.
                let same_kind = self.basic(x.ty).is_some_and(|from| {
                    (from.is_numeric() && (basic.is_numeric() || basic.is_string()))
                        || (from.is_string() && basic.is_string())
                        || (from.is_boolean() && basic.is_boolean())
                });
                if same_kind {
                    x.value = value;
                }
                same_kind
            } else {
                if from_integer && basic.is_integer() {
                    let value = x
                        .value
                        .as_ref()
                        .map_or_else(String::new, ToString::to_string);
                    let message = format!("constant {value} overflows {}", self.type_text(target));
                    self.error(self.operand_span(x), "constant-range", message);
                    x.invalidate();
                    return;
                }
                false
            }
        } else {
            match self.convertible(x, target) {
                Ok(()) => {
                    x.mode = Mode::Value;
                    true
                }
                Err(why) => {
                    cause = why;
                    false
                }
            }
        };
        if !is_fine {
            let mut message = format!(
                "cannot convert {} to type {}",
                self.describe(x),
                self.type_text(target)
            );
            if !cause.is_empty() {
                message.push_str(": ");
                message.push_str(&cause);
            }
            self.error(self.operand_span(x), "conversion", message);
            x.invalidate();
            return;
        }
        if self.is_untyped(x.ty) {
            let mut last = target;
            let from_integer = self.is_basic(x.ty, Basic::is_integer);
            if matches!(self.types.get(x.ty), Type::Basic(Basic::UntypedNil)) {
                // nil becomes the type it is converted to.
            } else if self.types.is_interface(target) || (is_constant && !to_constant) {
                last = self.default_type(x.ty);
            } else if x.is_constant() && from_integer && self.is_basic(target, Basic::is_string) {
                last = x.ty;
            }
            self.update_type(x.expr, last, true);
        }
        x.ty = target;
    }

    fn convertible(&mut self, x: &Operand, target: TypeId) -> Result<(), String> {
        let cause = match self.assignable(x, target) {
            Ok(()) => return Ok(()),
            Err(cause) => cause,
        };
        let from = self.underlying_id(x.ty);
        let to = self.underlying_id(target);
        if self.types.identical_ignoring_tags(from, to) {
            return Ok(());
        }
        if let (Type::Pointer(left), Type::Pointer(right)) =
            (self.types.get(x.ty), self.types.get(target))
        {
            let (left, right) = (*left, *right);
            let (left, right) = (self.underlying_id(left), self.underlying_id(right));
            if self.types.identical_ignoring_tags(left, right) {
                return Ok(());
            }
        }
        let is_bytes_or_runes = |checker: &mut Self, ty: TypeId| match *checker.types.get(ty) {
            Type::Slice(element) => checker.is_basic(element, |basic| {
                matches!(basic, Basic::Uint8 | Basic::Int32)
            }),
            _ => false,
        };
        let basic = |checker: &Self, ty: TypeId| match checker.types.get(ty) {
            Type::Basic(basic) => *basic,
            _ => Basic::Invalid,
        };
        let (left, right) = (basic(self, from), basic(self, to));
        let is_real = |basic: Basic| basic.is_integer() || basic.is_float();
        if (is_real(left) && is_real(right))
            || (left.is_complex() && right.is_complex())
            || ((left.is_integer() || is_bytes_or_runes(self, from)) && right.is_string())
            || (left.is_string() && is_bytes_or_runes(self, to))
        {
            return Ok(());
        }
        if let Type::Slice(element) = *self.types.get(from) {
            let array = match *self.types.get(to) {
                Type::Pointer(array) => self.underlying_id(array),
                _ => to,
            };
            if let Type::Array(other, _) = *self.types.get(array)
                && self.types.identical(element, other)
            {
                return Ok(());
            }
        }
        Err(cause)
    }
}
