//! Conversions between numeric types, as Go's own compiler does them on amd64.
//!
//! A float that does not fit gives what the machine's conversion gives: the smallest integer of 64
//! bits (or of 32, for results of 32 bits and fewer), cut to the result's width. Cranelift has only
//! trapping and saturating conversions, so the saturating one is corrected.

use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::types::{F32, F64, I32, I64};
use cranelift_codegen::ir::{self, InstBuilder, Value as ClifValue};
use frontend::ssa::Value;
use frontend::types::Basic;

use crate::CodegenError;
use crate::function::Translator;

impl Translator<'_, '_> {
    pub(super) fn convert_number(&mut self, value: Value) -> Result<(), CodegenError> {
        let types = self.types();
        let (from, to) = (
            types.as_basic(self.type_of(value)),
            types.as_basic(self.type_of(self.result(0))),
        );
        let (Some(from), Some(to)) = (from, to) else {
            return Err(self.internal("a numeric conversion of no number"));
        };
        let operand = self.leaf(value, 0);
        let target = self.layout_of(self.result(0)).leaves()[0].ty;
        let result = match (from.is_float(), to.is_float()) {
            (false, false) => self.resize(operand, target, from.is_unsigned() || from.is_boolean()),
            (true, true) => match (self.builder.func.dfg.value_type(operand), target) {
                (F32, F64) => self.builder.ins().fpromote(F64, operand),
                (F64, F32) => self.builder.ins().fdemote(F32, operand),
                _ => operand,
            },
            (false, true) => self.integer_to_float(operand, target, from),
            (true, false) => self.float_to_integer(operand, target, to),
        };
        self.define(0, &[result]);
        Ok(())
    }

    fn resize(&mut self, value: ClifValue, target: ir::Type, is_unsigned: bool) -> ClifValue {
        let source = self.builder.func.dfg.value_type(value);
        if source.bits() == target.bits() {
            value
        } else if source.bits() > target.bits() {
            self.builder.ins().ireduce(target, value)
        } else if is_unsigned {
            self.builder.ins().uextend(target, value)
        } else {
            self.builder.ins().sextend(target, value)
        }
    }

    fn integer_to_float(&mut self, value: ClifValue, target: ir::Type, from: Basic) -> ClifValue {
        let is_wide = self.builder.func.dfg.value_type(value) == I64;
        if from.is_unsigned() && is_wide {
            return self.builder.ins().fcvt_from_uint(target, value);
        }
        // Everything else fits a signed integer of 64 bits, whose conversion does not branch.
        let value = self.extend(value, from.is_unsigned());
        self.builder.ins().fcvt_from_sint(target, value)
    }

    fn float_to_integer(&mut self, value: ClifValue, target: ir::Type, to: Basic) -> ClifValue {
        let value = match self.builder.func.dfg.value_type(value) {
            F32 => self.builder.ins().fpromote(F64, value),
            _ => value,
        };
        if matches!(to, Basic::Uint64 | Basic::Uint | Basic::Uintptr) {
            // Below 2^63 as a signed number; above, 2^63 less and the top bit turned.
            let limit = self.builder.ins().f64const(9_223_372_036_854_775_808.0);
            let is_small = self.builder.ins().fcmp(FloatCC::LessThan, value, limit);
            let small = self.truncate(value, I64);
            let reduced = self.builder.ins().fsub(value, limit);
            let large = self.truncate(reduced, I64);
            let top = self.iconst(i64::MIN);
            let large = self.builder.ins().bxor(large, top);
            return self.builder.ins().select(is_small, small, large);
        }
        let is_narrow = target.bits() < 64 && to != Basic::Uint32;
        let wide = self.truncate(value, if is_narrow { I32 } else { I64 });
        self.resize(wide, target, false)
    }

    /// What `cvttsd2si` gives.
    fn truncate(&mut self, value: ClifValue, ty: ir::Type) -> ClifValue {
        let (limit, smallest) = if ty == I32 {
            (2_147_483_648.0, i64::from(i32::MIN))
        } else {
            (9_223_372_036_854_775_808.0, i64::MIN)
        };
        let limit = self.builder.ins().f64const(limit);
        let saturated = self.builder.ins().fcvt_to_sint_sat(ty, value);
        // NaN and what is too large; what is too small saturates to the right value already.
        let fits = self.builder.ins().fcmp(FloatCC::LessThan, value, limit);
        let smallest = self.integer(ty, smallest);
        self.builder.ins().select(fits, saturated, smallest)
    }
}
