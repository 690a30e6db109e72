//! Constants, integer and float arithmetic, shifts, minimum and maximum.
//!
//! Where x86 differs from Go there are guards: division by zero panics, MIN / -1 wraps, shift counts
//! of the width and more give 0 or -1. Guards are dropped where a constant operand decides.

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::{F32, I64};
use cranelift_codegen::ir::{self, InstBuilder, Value as ClifValue};
use frontend::ssa::{BinaryOp, ConstantValue, UnaryOp, Value};
use frontend::types::{Basic, TypeId};
use runtime::abi::RuntimeFunction;

use crate::CodegenError;
use crate::emit::trusted;
use crate::function::Translator;
use crate::symbols::{DataKey, DataObject};

/// Zero values of memory class up to this size share a constant; larger ones are cleared temporaries.
const MAX_ZERO_BYTES: u64 = 1024;

impl Translator<'_, '_> {
    pub(super) fn constant(&mut self, constant: &ConstantValue) {
        let ty = self.type_of(self.result(0));
        let parts = match constant {
            ConstantValue::Zero => self.zero_value(ty),
            ConstantValue::Bool(value) => vec![self.integer(ir::types::I8, i64::from(*value))],
            ConstantValue::Integer(value) => {
                let leaf = self.layout(ty).leaves()[0].ty;
                if leaf.is_float() {
                    vec![self.float(leaf, *value as f64)]
                } else {
                    vec![self.integer(leaf, *value)]
                }
            }
            ConstantValue::Float(value) => {
                let leaf = self.layout(ty).leaves()[0].ty;
                vec![self.float(leaf, *value)]
            }
            ConstantValue::String(text) if text.is_empty() => self.zero_value(ty),
            ConstantValue::String(text) => {
                let symbol = self.module.data.text(text);
                vec![
                    self.symbol_address(symbol, 0),
                    self.iconst(text.len() as i64),
                ]
            }
        };
        self.define(0, &parts);
    }

    fn float(&mut self, ty: ir::Type, value: f64) -> ClifValue {
        if ty == F32 {
            self.builder.ins().f32const(value as f32)
        } else {
            self.builder.ins().f64const(value)
        }
    }

    /// The zero value of any type.
    pub(crate) fn zero_value(&mut self, ty: TypeId) -> Vec<ClifValue> {
        let layout = self.layout(ty);
        if !layout.is_memory() {
            return layout
                .leaves()
                .iter()
                .map(|leaf| self.zero(leaf.ty))
                .collect();
        }
        if layout.size <= MAX_ZERO_BYTES {
            let bytes = vec![0; layout.size as usize];
            let symbol = self
                .module
                .data
                .symbol(DataKey::Boxed(bytes.clone(), None), || DataObject {
                    bytes,
                    align: 8,
                    references: Vec::new(),
                });
            return vec![self.symbol_address(symbol, 0)];
        }
        let address = self.temporary(ty);
        self.clear(address, trusted(), layout.size);
        vec![address]
    }

    pub(super) fn unary(&mut self, op: UnaryOp, value: Value) {
        let operand = self.leaf(value, 0);
        let is_float = self.builder.func.dfg.value_type(operand).is_float();
        let result = match op {
            UnaryOp::Negate if is_float => self.builder.ins().fneg(operand),
            UnaryOp::Negate => self.builder.ins().ineg(operand),
            UnaryOp::Not => self.builder.ins().bxor_imm_s(operand, 1),
            UnaryOp::Complement => self.builder.ins().bnot(operand),
        };
        self.define(0, &[result]);
    }

    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        left: Value,
        right: Value,
    ) -> Result<(), CodegenError> {
        use BinaryOp as B;
        let result = match op {
            B::Equal | B::NotEqual | B::Less | B::LessEqual | B::Greater | B::GreaterEqual => {
                self.compare(op, left, right)?
            }
            B::ShiftLeft | B::ShiftRight => self.shift(op == B::ShiftLeft, left, right),
            _ => {
                let basic = self.types().as_basic(self.type_of(left));
                match basic {
                    Some(basic) if basic.is_float() => self.float_arithmetic(op, left, right)?,
                    Some(basic) if basic.is_integer() || basic.is_boolean() => {
                        self.integer_arithmetic(op, left, right, basic)
                    }
                    _ => return Err(self.internal("arithmetic on something that is no number")),
                }
            }
        };
        self.define(0, &[result]);
        Ok(())
    }

    fn float_arithmetic(
        &mut self,
        op: BinaryOp,
        left: Value,
        right: Value,
    ) -> Result<ClifValue, CodegenError> {
        let is_two = |value: Option<&ConstantValue>| matches!(value, Some(ConstantValue::Float(two)) if two.to_bits() == 2f64.to_bits());
        let (by_two_left, by_two_right) = (
            is_two(self.constant_of(left)),
            is_two(self.constant_of(right)),
        );
        let (a, b) = (self.leaf(left, 0), self.leaf(right, 0));
        Ok(match op {
            BinaryOp::Add => self.builder.ins().fadd(a, b),
            BinaryOp::Subtract => self.builder.ins().fsub(a, b),
            // Adding is a cycle faster than multiplying, and exact.
            BinaryOp::Multiply if by_two_left => self.builder.ins().fadd(b, b),
            BinaryOp::Multiply if by_two_right => self.builder.ins().fadd(a, a),
            BinaryOp::Multiply => self.builder.ins().fmul(a, b),
            BinaryOp::Divide => self.builder.ins().fdiv(a, b),
            _ => return Err(self.internal("an integer operation on floats")),
        })
    }

    fn integer_arithmetic(
        &mut self,
        op: BinaryOp,
        left: Value,
        right: Value,
        basic: Basic,
    ) -> ClifValue {
        let (a, b) = (self.leaf(left, 0), self.leaf(right, 0));
        match op {
            BinaryOp::Add => self.builder.ins().iadd(a, b),
            BinaryOp::Subtract => self.builder.ins().isub(a, b),
            BinaryOp::Multiply => {
                if let Some(product) = self.multiply_by_constant(left, right) {
                    return product;
                }
                self.builder.ins().imul(a, b)
            }
            BinaryOp::And => self.builder.ins().band(a, b),
            BinaryOp::Or => self.builder.ins().bor(a, b),
            BinaryOp::Xor => self.builder.ins().bxor(a, b),
            BinaryOp::AndNot => self.builder.ins().band_not(a, b),
            _ => self.divide(
                op == BinaryOp::Divide,
                a,
                b,
                self.integer_constant(right),
                basic.is_unsigned(),
            ),
        }
    }

    /// `x * 3`, `5` and `9` as one `lea`, which Cranelift makes of an addition and a shift only.
    fn multiply_by_constant(&mut self, left: Value, right: Value) -> Option<ClifValue> {
        let (value, factor) = match (self.integer_constant(left), self.integer_constant(right)) {
            (None, Some(factor)) => (left, factor),
            (Some(factor), None) => (right, factor),
            _ => return None,
        };
        let shift = match factor {
            3 => 1,
            5 => 2,
            9 => 3,
            _ => return None,
        };
        let value = self.leaf(value, 0);
        let shifted = self.builder.ins().ishl_imm_u(value, shift);
        Some(self.builder.ins().iadd(value, shifted))
    }

    fn divide(
        &mut self,
        is_quotient: bool,
        a: ClifValue,
        b: ClifValue,
        constant: Option<i64>,
        is_unsigned: bool,
    ) -> ClifValue {
        let ty = self.builder.func.dfg.value_type(a);
        match constant {
            Some(0) | None => {
                let is_zero = self.builder.ins().icmp_imm_u(IntCC::Equal, b, 0);
                self.panic_if(is_zero, RuntimeFunction::panic_divide, &[]);
            }
            Some(-1) if !is_unsigned => {
                return if is_quotient {
                    self.builder.ins().ineg(a)
                } else {
                    self.zero(ty)
                };
            }
            Some(_) => {}
        }
        if is_unsigned {
            return if is_quotient {
                self.builder.ins().udiv(a, b)
            } else {
                self.builder.ins().urem(a, b)
            };
        }
        if constant.is_some() {
            return if is_quotient {
                self.builder.ins().sdiv(a, b)
            } else {
                self.builder.ins().srem(a, b)
            };
        }
        // MIN / -1 faults on the machine and wraps in Go.
        let divide = self.builder.create_block();
        let negate = self.cold_block();
        let done = self.builder.create_block();
        let result = self.builder.append_block_param(done, ty);
        let is_minus_one = self.builder.ins().icmp_imm_s(IntCC::Equal, b, -1);
        self.builder
            .ins()
            .brif(is_minus_one, negate, &[], divide, &[]);
        self.builder.switch_to_block(negate);
        let negated = if is_quotient {
            self.builder.ins().ineg(a)
        } else {
            self.zero(ty)
        };
        self.builder.ins().jump(done, &[negated.into()]);
        self.builder.switch_to_block(divide);
        let value = if is_quotient {
            self.builder.ins().sdiv(a, b)
        } else {
            self.builder.ins().srem(a, b)
        };
        self.builder.ins().jump(done, &[value.into()]);
        self.builder.switch_to_block(done);
        result
    }

    fn shift(&mut self, is_left: bool, left: Value, right: Value) -> ClifValue {
        let value = self.leaf(left, 0);
        let ty = self.builder.func.dfg.value_type(value);
        let width = i64::from(ty.bits());
        let is_signed = !self.is_unsigned(self.type_of(left));
        let is_count_signed = !self.is_unsigned(self.type_of(right));
        // The checker refuses negative constants, but a variable may turn out to be one: that panics.
        let known_count = self
            .integer_constant(right)
            .filter(|count| !(is_count_signed && *count < 0));
        if let Some(count) = known_count {
            // A large unsigned one looks negative here.
            let is_large = count < 0 || count >= width;
            return match (is_left, is_signed) {
                (true, _) if is_large => self.zero(ty),
                (true, _) => self.builder.ins().ishl_imm_u(value, count),
                (false, true) => self
                    .builder
                    .ins()
                    .sshr_imm_u(value, if is_large { width - 1 } else { count }),
                (false, false) if is_large => self.zero(ty),
                (false, false) => self.builder.ins().ushr_imm_u(value, count),
            };
        }
        let count = self.extended(right);
        if is_count_signed {
            let is_negative = self
                .builder
                .ins()
                .icmp_imm_s(IntCC::SignedLessThan, count, 0);
            self.panic_if(is_negative, RuntimeFunction::panic_shift, &[]);
        }
        let fits = self
            .builder
            .ins()
            .icmp_imm_u(IntCC::UnsignedLessThan, count, width);
        if !is_left && is_signed {
            let most = self.iconst(width - 1);
            let count = self.builder.ins().select(fits, count, most);
            return self.builder.ins().sshr(value, count);
        }
        let shifted = if is_left {
            self.builder.ins().ishl(value, count)
        } else {
            self.builder.ins().ushr(value, count)
        };
        let zero = self.zero(ty);
        self.builder.ins().select(fits, shifted, zero)
    }

    pub(super) fn extremum(&mut self, values: &[Value], is_min: bool) {
        let ty = self.type_of(self.result(0));
        let basic = self.types().as_basic(ty).unwrap_or(Basic::Int);
        let mut best = self.get(values[0]);
        for &value in &values[1..] {
            let next = self.get(value);
            best = if basic.is_string() {
                let order = self.call_runtime(
                    RuntimeFunction::string_compare,
                    &[next[0], next[1], best[0], best[1]],
                );
                let order = self.result_of(order);
                let condition = if is_min {
                    IntCC::SignedLessThan
                } else {
                    IntCC::SignedGreaterThan
                };
                let is_better = self.builder.ins().icmp_imm_s(condition, order, 0);
                (0..2)
                    .map(|index| {
                        self.builder
                            .ins()
                            .select(is_better, next[index], best[index])
                    })
                    .collect()
            } else {
                let (a, b) = (best[0], next[0]);
                vec![match (basic.is_float(), basic.is_unsigned(), is_min) {
                    (true, _, true) => self.builder.ins().fmin(a, b),
                    (true, _, false) => self.builder.ins().fmax(a, b),
                    (false, true, true) => self.builder.ins().umin(a, b),
                    (false, true, false) => self.builder.ins().umax(a, b),
                    (false, false, true) => self.builder.ins().smin(a, b),
                    (false, false, false) => self.builder.ins().smax(a, b),
                }]
            };
        }
        self.define(0, &best);
    }

    /// A comparison of two numbers of one type.
    pub(crate) fn compare_numbers(
        &mut self,
        op: BinaryOp,
        a: ClifValue,
        b: ClifValue,
        is_unsigned: bool,
    ) -> ClifValue {
        if self.builder.func.dfg.value_type(a).is_float() {
            let condition = match op {
                BinaryOp::Equal => FloatCC::Equal,
                BinaryOp::NotEqual => FloatCC::NotEqual,
                BinaryOp::Less => FloatCC::LessThan,
                BinaryOp::LessEqual => FloatCC::LessThanOrEqual,
                BinaryOp::Greater => FloatCC::GreaterThan,
                _ => FloatCC::GreaterThanOrEqual,
            };
            return self.builder.ins().fcmp(condition, a, b);
        }
        self.builder
            .ins()
            .icmp(integer_condition(op, is_unsigned), a, b)
    }

    /// Booleans as integers of 64 bits.
    pub(crate) fn widen_bool(&mut self, value: ClifValue) -> ClifValue {
        self.builder.ins().uextend(I64, value)
    }
}

/// The condition code of a comparison of integers.
pub(crate) fn integer_condition(op: BinaryOp, is_unsigned: bool) -> IntCC {
    match (op, is_unsigned) {
        (BinaryOp::Equal, _) => IntCC::Equal,
        (BinaryOp::NotEqual, _) => IntCC::NotEqual,
        (BinaryOp::Less, false) => IntCC::SignedLessThan,
        (BinaryOp::Less, true) => IntCC::UnsignedLessThan,
        (BinaryOp::LessEqual, false) => IntCC::SignedLessThanOrEqual,
        (BinaryOp::LessEqual, true) => IntCC::UnsignedLessThanOrEqual,
        (BinaryOp::Greater, false) => IntCC::SignedGreaterThan,
        (BinaryOp::Greater, true) => IntCC::UnsignedGreaterThan,
        (_, false) => IntCC::SignedGreaterThanOrEqual,
        (_, true) => IntCC::UnsignedGreaterThanOrEqual,
    }
}
