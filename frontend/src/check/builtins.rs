//! Calls of builtin functions (spec: "Built-in functions").

use super::constant::Constant;
use super::expression::ExpressionKind;
use super::operand::Operand;
use super::{Builtin, Checker, Mode};
use crate::ast::{BinaryOp, ChannelDirection, ExprId};
use crate::types::{Basic, Signature, Type, TypeId};

/// Whether a call of a builtin may stand as a statement.
pub(super) fn statement_kind(builtin: Builtin) -> ExpressionKind {
    match builtin {
        Builtin::Clear
        | Builtin::Close
        | Builtin::Copy
        | Builtin::Delete
        | Builtin::Panic
        | Builtin::Print
        | Builtin::Println
        | Builtin::Recover => ExpressionKind::Statement,
        _ => ExpressionKind::Expression,
    }
}

/// The number of arguments a builtin takes at least, whether it takes more, and its name.
pub(super) fn builtin_arity(builtin: Builtin) -> (usize, bool, &'static str) {
    match builtin {
        Builtin::Append => (1, true, "append"),
        Builtin::Cap => (1, false, "cap"),
        Builtin::Clear => (1, false, "clear"),
        Builtin::Close => (1, false, "close"),
        Builtin::Complex => (2, false, "complex"),
        Builtin::Copy => (2, false, "copy"),
        Builtin::Delete => (2, false, "delete"),
        Builtin::Imag => (1, false, "imag"),
        Builtin::Len => (1, false, "len"),
        Builtin::Make => (1, true, "make"),
        Builtin::Max => (1, true, "max"),
        Builtin::Min => (1, true, "min"),
        Builtin::New => (1, false, "new"),
        Builtin::Panic => (1, false, "panic"),
        Builtin::Print => (0, true, "print"),
        Builtin::Println => (0, true, "println"),
        Builtin::Real => (1, false, "real"),
        Builtin::Recover => (0, false, "recover"),
    }
}

impl Checker<'_> {
    pub(super) fn builtin_call(
        &mut self,
        call: ExprId,
        callee: ExprId,
        builtin: Builtin,
        arguments: &[ExprId],
        has_spread: bool,
    ) -> Operand {
        let (least, is_variadic, name) = builtin_arity(builtin);
        let invalid = self.invalid_operand(call);
        if has_spread && builtin != Builtin::Append {
            let message = format!("invalid operation: invalid use of ... with built-in {name}");
            self.error(self.span(call), "spread", message);
            self.use_all(arguments);
            return invalid;
        }
        if matches!(builtin, Builtin::Complex | Builtin::Real | Builtin::Imag) {
            self.unsupported(self.span(call), "complex", "complex numbers");
            self.use_all(arguments);
            return invalid;
        }
        let outer = self.environment.has_call_or_receive;
        let is_length = matches!(builtin, Builtin::Len | Builtin::Cap);
        if is_length {
            self.environment.has_call_or_receive = false;
        }
        let mut values = Vec::new();
        let mut count = arguments.len();
        if !matches!(builtin, Builtin::Make | Builtin::New) {
            values = self.expression_list(arguments);
            count = values.len();
            if !values.iter().all(Operand::is_valid) {
                if is_length {
                    self.environment.has_call_or_receive = outer;
                }
                return invalid;
            }
        }
        let problem = if count < least {
            Some("not enough")
        } else if !is_variadic && count > least {
            Some("too many")
        } else {
            None
        };
        if let Some(problem) = problem {
            let text = self.expression(call);
            let message = format!(
                "invalid operation: {problem} arguments for {text} (expected {least}, found {count})"
            );
            self.error(self.span(call), "argument-count", message);
            if is_length {
                self.environment.has_call_or_receive = outer;
            }
            return invalid;
        }
        let result = match builtin {
            Builtin::Append => self.append(call, callee, values, arguments, has_spread),
            Builtin::Len | Builtin::Cap => {
                let result = self.length(&mut values[0], builtin, name);
                self.environment.has_call_or_receive = outer;
                result
            }
            Builtin::Clear => self.clear(&values[0]),
            Builtin::Close => self.close(&values[0]),
            Builtin::Copy => self.copy(&values[0], &values[1]),
            Builtin::Delete => self.delete(&mut values),
            Builtin::Make => self.make(call, arguments),
            Builtin::Max | Builtin::Min => self.extreme(&mut values, builtin, name),
            Builtin::New => self.new_value(arguments[0]),
            Builtin::Panic => {
                self.panic_calls.insert(call);
                let any = self.universe.empty_interface;
                self.assign(&mut values[0], Some(any), "argument to panic");
                values[0]
                    .is_valid()
                    .then_some((Mode::NoValue, self.invalid(), None))
            }
            Builtin::Print | Builtin::Println => {
                let context = format!("argument to built-in {name}");
                let mut is_valid = true;
                for value in &mut values {
                    self.assign(value, None, &context);
                    is_valid &= value.is_valid();
                }
                is_valid.then_some((Mode::NoValue, self.invalid(), None))
            }
            Builtin::Recover => Some((Mode::Value, self.universe.empty_interface, None)),
            Builtin::Complex | Builtin::Real | Builtin::Imag => None,
        };
        let Some((mode, ty, value)) = result else {
            return invalid;
        };
        let mut x = self.operand(mode, ty, call);
        x.value = value;
        x
    }

    /// The element type of a slice argument; reports `what` otherwise.
    fn slice_element(&mut self, x: &Operand, what: &str) -> Option<TypeId> {
        if let Type::Slice(element) = *self.underlying(x.ty) {
            return Some(element);
        }
        let have = if x.is_nil() {
            "untyped nil".to_owned()
        } else {
            self.describe(x)
        };
        let message = format!("invalid {what}: argument must be a slice; have {have}");
        self.error(self.operand_span(x), what_code(what), message);
        None
    }

    fn is_byte_slice(&mut self, ty: TypeId) -> bool {
        match *self.underlying(ty) {
            Type::Slice(element) => self
                .types
                .identical(element, self.types.basic(Basic::Uint8)),
            _ => false,
        }
    }

    fn append(
        &mut self,
        call: ExprId,
        callee: ExprId,
        mut values: Vec<Operand>,
        arguments: &[ExprId],
        has_spread: bool,
    ) -> BuiltinResult {
        let element = self.slice_element(&values[0], "append")?;
        let ty = values[0].ty;
        // append([]byte, string...) is a case of its own.
        if let (2, true) = (values.len(), has_spread) {
            let byte = self.types.basic(Basic::Uint8);
            let bytes = self.types.slice_of(byte);
            if self.assignable(&values[0], bytes).is_ok()
                && self.is_basic(values[1].ty, Basic::is_string)
            {
                let string = self.types.basic(Basic::String);
                if self.is_untyped(values[1].ty) {
                    self.convert_untyped(&mut values[1], string);
                }
                return Some((Mode::Value, ty, None));
            }
        }
        let slice = self.types.slice_of(element);
        let signature = Signature {
            parameters: Box::new([ty, slice]),
            results: Box::new([ty]),
            is_variadic: true,
        };
        self.pass_arguments(call, callee, &signature, &mut values, arguments, has_spread);
        Some((Mode::Value, ty, None))
    }

    fn length(&mut self, x: &mut Operand, builtin: Builtin, name: &str) -> BuiltinResult {
        self.underlying(x.ty);
        let int = self.types.basic(Basic::Int);
        let is_len = builtin == Builtin::Len;
        if let Type::Pointer(element) = *self.underlying(x.ty) {
            self.underlying(element);
        }
        match self.types.array_behind(x.ty).clone() {
            Type::Basic(basic) if basic.is_string() && is_len => {
                if let (true, Some(Constant::String(bytes))) = (x.is_constant(), &x.value) {
                    let length = Constant::integer(bytes.len());
                    return Some((Mode::Constant, int, Some(length)));
                }
                let string = self.types.basic(Basic::String);
                self.convert_untyped(x, string);
                return Some((Mode::Value, int, None));
            }
            Type::Array(_, length) => {
                return Some(if self.environment.has_call_or_receive {
                    (Mode::Value, int, None)
                } else {
                    (Mode::Constant, int, Some(Constant::integer(length)))
                });
            }
            Type::Slice(_) | Type::Channel(..) => return Some((Mode::Value, int, None)),
            Type::Map(..) if is_len => return Some((Mode::Value, int, None)),
            Type::Basic(Basic::Invalid) => return None,
            _ => {}
        }
        let message = format!("invalid argument: {} for built-in {name}", self.describe(x));
        self.error(self.operand_span(x), "length", message);
        None
    }

    fn clear(&mut self, x: &Operand) -> BuiltinResult {
        if matches!(self.underlying(x.ty), Type::Map(..) | Type::Slice(_)) {
            return Some((Mode::NoValue, self.invalid(), None));
        }
        let message = format!(
            "invalid argument: cannot clear {}: argument must be (or constrained by) map or slice",
            self.describe(x)
        );
        self.error(self.operand_span(x), "clear", message);
        None
    }

    fn close(&mut self, x: &Operand) -> BuiltinResult {
        let what = match self.underlying(x.ty) {
            Type::Channel(ChannelDirection::Receive, _) => "receive-only channel",
            Type::Channel(..) => return Some((Mode::NoValue, self.invalid(), None)),
            _ => "non-channel",
        };
        let message = format!(
            "invalid operation: cannot close {what} {}",
            self.describe(x)
        );
        self.error(self.operand_span(x), "close", message);
        None
    }

    fn copy(&mut self, x: &Operand, y: &Operand) -> BuiltinResult {
        let to = self.slice_element(x, "copy")?;
        let int = self.types.basic(Basic::Int);
        let from_string = self.is_basic(y.ty, Basic::is_string);
        if from_string {
            let string = self.types.basic(Basic::String);
            self.convert_untyped(&mut y.clone(), string);
        }
        let byte = self.universe.byte;
        if (from_string || self.is_byte_slice(y.ty)) && self.is_byte_slice(x.ty) {
            return Some((Mode::Value, int, None));
        }
        let from = if from_string {
            byte
        } else {
            self.slice_element(y, "copy")?
        };
        if !self.types.identical(to, from) {
            let (left, right) = (self.describe(x), self.describe(y));
            let (to, from) = (self.type_text(to), self.type_text(from));
            let message = format!(
                "invalid copy: arguments {left} and {right} have different element types {to} and {from}"
            );
            self.error(self.operand_span(x), "copy", message);
            return None;
        }
        Some((Mode::Value, int, None))
    }

    fn delete(&mut self, values: &mut [Operand]) -> BuiltinResult {
        let Type::Map(key, _) = *self.underlying(values[0].ty) else {
            let message = format!(
                "invalid argument: {} is not a map",
                self.describe(&values[0])
            );
            self.error(self.operand_span(&values[0]), "delete", message);
            return None;
        };
        self.assign(&mut values[1], Some(key), "argument to delete");
        values[1]
            .is_valid()
            .then_some((Mode::NoValue, self.invalid(), None))
    }

    fn make(&mut self, call: ExprId, arguments: &[ExprId]) -> BuiltinResult {
        let ty = self.type_expression(arguments[0]);
        if !self.is_valid(ty) {
            self.use_all(&arguments[1..]);
            return None;
        }
        let least = match self.underlying(ty) {
            Type::Slice(_) => 2,
            Type::Map(..) | Type::Channel(..) => 1,
            Type::Basic(Basic::Invalid) => return None,
            _ => {
                let message = format!(
                    "invalid argument: cannot make {}: type must be slice, map, or channel",
                    self.expression(arguments[0])
                );
                self.error(self.span(arguments[0]), "make", message);
                return None;
            }
        };
        let count = arguments.len();
        if count < least || least + 1 < count {
            let text = self.expression(call);
            let most = least + 1;
            let message = format!(
                "invalid operation: {text} expects {least} or {most} arguments; found {count}"
            );
            self.error(self.span(call), "argument-count", message);
            return None;
        }
        let mut sizes = Vec::new();
        for argument in &arguments[1..] {
            sizes.extend(self.check_index(*argument, None).1);
        }
        if let [length, capacity] = sizes[..]
            && length > capacity
        {
            let message = "invalid argument: length and capacity swapped";
            self.error(self.span(arguments[1]), "make", message);
        }
        Some((Mode::Value, ty, None))
    }

    fn extreme(&mut self, values: &mut [Operand], builtin: Builtin, name: &str) -> BuiltinResult {
        let op = if builtin == Builtin::Max {
            BinaryOp::Greater
        } else {
            BinaryOp::Less
        };
        let mut x = values[0].clone();
        #[expect(
            clippy::needless_range_loop,
            reason = "the checker is called with single values"
        )]
        for index in 0..values.len() {
            let is_ordered =
                |basic: Basic| basic.is_integer() || basic.is_float() || basic.is_string();
            if !self.is_basic(values[index].ty, is_ordered) {
                let message = format!(
                    "invalid argument: {} cannot be ordered",
                    self.describe(&values[index])
                );
                self.error(self.operand_span(&values[index]), "min-max", message);
                return None;
            }
            if index == 0 {
                continue;
            }
            let value = &mut values[index];
            self.match_types(&mut x, value);
            if !x.is_valid() {
                return None;
            }
            if !self.types.identical(x.ty, value.ty) {
                let (previous, this) = (self.type_text(x.ty), self.type_text(value.ty));
                let text = self.operand_text(value);
                let message = format!(
                    "invalid argument: mismatched types {previous} (previous argument) and {this} (type of {text})"
                );
                self.error(self.operand_span(value), "mismatched-types", message);
                return None;
            }
            if let (true, true, Some(best), Some(other)) =
                (x.is_constant(), value.is_constant(), &x.value, &value.value)
            {
                if Constant::holds(op, other, best) == Some(true) {
                    x = value.clone();
                }
            } else {
                x.mode = Mode::Value;
            }
        }
        if !x.is_constant() {
            x.mode = Mode::Value;
            x.value = None;
            // Without constant the arguments take their default type, as any does.
            let any = self.universe.empty_interface;
            self.assign(&mut x, Some(any), &format!("argument to built-in {name}"));
            if !x.is_valid() {
                return None;
            }
        }
        for value in values.iter() {
            self.update_type(value.expr, x.ty, true);
        }
        Some((x.mode, x.ty, x.value))
    }

    fn new_value(&mut self, argument: ExprId) -> BuiltinResult {
        let mut x = self.expr_or_type(argument);
        self.exclude(&mut x, true);
        if !x.is_valid() {
            return None;
        }
        if x.mode != Mode::Type && self.is_untyped(x.ty) {
            self.assign(&mut x, None, "argument to new");
            if !x.is_valid() {
                return None;
            }
        }
        let ty = self.types.pointer_to(x.ty);
        Some((Mode::Value, ty, None))
    }
}

/// Mode, type and constant value of a call; `None` after an error.
type BuiltinResult = Option<(Mode, TypeId, Option<Constant>)>;

fn what_code(what: &str) -> &'static str {
    if what == "append" { "append" } else { "copy" }
}
