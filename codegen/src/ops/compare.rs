//! Comparison of all comparable types.
//!
//! Structs and arrays are compared part by part in source order and stop at the first difference, so
//! that a panic of comparing interfaces happens exactly when Go's does. Runs of plain parts are
//! combined without branches.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I16, I32, I64};
use cranelift_codegen::ir::{self, InstBuilder, Value as ClifValue};
use frontend::ssa::{BinaryOp, ConstantValue, Value};
use frontend::types::{Type, TypeId};
use runtime::abi::{self, RuntimeFunction};

use crate::CodegenError;
use crate::emit::{immutable, trusted};
use crate::function::Translator;
use crate::types_table::is_plain_memory;

/// Constant strings up to this length are compared in line.
const MAX_INLINE_TEXT_BYTES: usize = 16;

impl Translator<'_, '_> {
    pub(super) fn compare(
        &mut self,
        op: BinaryOp,
        left: Value,
        right: Value,
    ) -> Result<ClifValue, CodegenError> {
        let ty = self.type_of(left);
        let is_negated = op == BinaryOp::NotEqual;
        match self.types().underlying(ty) {
            Type::Basic(basic) if basic.is_string() => Ok(self.compare_strings(op, left, right)),
            Type::Basic(_) | Type::Pointer(_) | Type::Channel(..) => {
                let is_unsigned = self.is_unsigned(ty);
                let (a, b) = (self.leaf(left, 0), self.leaf(right, 0));
                Ok(self.compare_numbers(op, a, b, is_unsigned))
            }
            Type::Slice(_) | Type::Map(..) | Type::Function(_) => {
                // Only against nil; either side may be it.
                let value = if self.is_zero(left) { right } else { left };
                Ok(self.compare_with_zero(value, is_negated))
            }
            Type::Interface(_) if self.is_zero(left) || self.is_zero(right) => {
                let value = if self.is_zero(left) { right } else { left };
                Ok(self.compare_with_zero(value, is_negated))
            }
            _ => {
                let (a, b) = (self.get(left), self.get(right));
                let equal = self.values_equal(ty, &a, &b)?;
                Ok(self.negate_if(equal, is_negated))
            }
        }
    }

    fn negate_if(&mut self, value: ClifValue, is_negated: bool) -> ClifValue {
        if is_negated {
            self.builder.ins().bxor_imm_s(value, 1)
        } else {
            value
        }
    }

    fn is_zero(&self, value: Value) -> bool {
        matches!(self.constant_of(value), Some(ConstantValue::Zero))
    }

    fn compare_with_zero(&mut self, value: Value, is_negated: bool) -> ClifValue {
        let first = self.leaf(value, 0);
        let condition = if is_negated {
            IntCC::NotEqual
        } else {
            IntCC::Equal
        };
        self.builder.ins().icmp_imm_u(condition, first, 0)
    }

    fn compare_strings(&mut self, op: BinaryOp, left: Value, right: Value) -> ClifValue {
        if !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
            let (a, b) = (self.get(left), self.get(right));
            let order =
                self.call_runtime(RuntimeFunction::string_compare, &[a[0], a[1], b[0], b[1]]);
            let order = self.result_of(order);
            return self.builder.ins().icmp_imm_s(
                super::arith::integer_condition(op, false),
                order,
                0,
            );
        }
        let equal = match (self.text_of(left), self.text_of(right)) {
            (None, Some(text)) => self.equals_text(left, &text),
            (Some(text), None) => self.equals_text(right, &text),
            _ => {
                let (a, b) = (self.get(left), self.get(right));
                self.strings_equal(&a, &b)
            }
        };
        self.negate_if(equal, op == BinaryOp::NotEqual)
    }

    fn text_of(&self, value: Value) -> Option<Vec<u8>> {
        match self.constant_of(value)? {
            ConstantValue::String(text) if text.len() <= MAX_INLINE_TEXT_BYTES => {
                Some(text.to_vec())
            }
            ConstantValue::Zero => Some(Vec::new()),
            _ => None,
        }
    }

    /// Compares a string with a short constant, word by word.
    fn equals_text(&mut self, value: Value, text: &[u8]) -> ClifValue {
        let (pointer, length) = (self.leaf(value, 0), self.leaf(value, 1));
        let is_same_length = self
            .builder
            .ins()
            .icmp_imm_u(IntCC::Equal, length, text.len() as i64);
        if text.is_empty() {
            return is_same_length;
        }
        let compare = self.builder.create_block();
        let done = self.builder.create_block();
        let result = self.builder.append_block_param(done, I8);
        let no = self.builder.ins().iconst(I8, 0);
        self.builder
            .ins()
            .brif(is_same_length, compare, &[], done, &[no.into()]);
        self.builder.switch_to_block(compare);
        let mut difference: Option<ClifValue> = None;
        let mut offset = 0;
        while offset < text.len() {
            let rest = &text[offset..];
            let (bytes, ty): (usize, ir::Type) = match rest.len() {
                8.. => (8, I64),
                4.. => (4, I32),
                2.. => (2, I16),
                _ => (1, I8),
            };
            let mut word = [0; 8];
            word[..bytes].copy_from_slice(&rest[..bytes]);
            // Bytes of strings need no alignment; x86 does not mind.
            let flags = trusted();
            let loaded = self.builder.ins().load(ty, flags, pointer, offset as i32);
            let expected = self.integer(ty, i64::from_le_bytes(word));
            let mut part = self.builder.ins().bxor(loaded, expected);
            if ty != I64 {
                part = self.builder.ins().uextend(I64, part);
            }
            difference = Some(match difference {
                Some(other) => self.builder.ins().bor(other, part),
                None => part,
            });
            offset += bytes;
        }
        let is_equal = match difference {
            Some(difference) => self.builder.ins().icmp_imm_u(IntCC::Equal, difference, 0),
            None => no,
        };
        self.builder.ins().jump(done, &[is_equal.into()]);
        self.builder.switch_to_block(done);
        result
    }

    fn strings_equal(&mut self, a: &[ClifValue], b: &[ClifValue]) -> ClifValue {
        let is_same_length = self.builder.ins().icmp(IntCC::Equal, a[1], b[1]);
        let same_length = self.builder.create_block();
        let compare = self.builder.create_block();
        let done = self.builder.create_block();
        let result = self.builder.append_block_param(done, I8);
        let no = self.builder.ins().iconst(I8, 0);
        self.builder
            .ins()
            .brif(is_same_length, same_length, &[], done, &[no.into()]);
        self.builder.switch_to_block(same_length);
        let is_same = self.builder.ins().icmp(IntCC::Equal, a[0], b[0]);
        let yes = self.builder.ins().iconst(I8, 1);
        self.builder
            .ins()
            .brif(is_same, done, &[yes.into()], compare, &[]);
        self.builder.switch_to_block(compare);
        let equal = self.call_runtime(RuntimeFunction::memory_equal, &[a[0], b[0], a[1]]);
        let equal = self.boolean_result(equal, 0);
        self.builder.ins().jump(done, &[equal.into()]);
        self.builder.switch_to_block(done);
        result
    }

    /// A result word of the runtime as a boolean.
    pub(crate) fn boolean_result(&mut self, call: ir::Inst, index: usize) -> ClifValue {
        let word = self.builder.inst_results(call)[index];
        self.builder.ins().ireduce(I8, word)
    }

    /// The type word of an interface value: of an itab its concrete type.
    pub(crate) fn dynamic_type(&mut self, interface: TypeId, word: ClifValue) -> ClifValue {
        if self.is_empty_interface(interface) {
            return word;
        }
        let load = self.builder.create_block();
        let done = self.builder.create_block();
        let result = self.builder.append_block_param(done, I64);
        self.builder
            .ins()
            .brif(word, load, &[], done, &[word.into()]);
        self.builder.switch_to_block(load);
        let concrete =
            self.builder
                .ins()
                .load(I64, trusted().with_readonly(), word, abi::ITAB_CONCRETE);
        self.builder.ins().jump(done, &[concrete.into()]);
        self.builder.switch_to_block(done);
        result
    }

    fn interfaces_equal(&mut self, ty: TypeId, a: &[ClifValue], b: &[ClifValue]) -> ClifValue {
        // A type, and an itab, exists once: other first words are other types.
        let is_same_type = self.builder.ins().icmp(IntCC::Equal, a[0], b[0]);
        let same_type = self.builder.create_block();
        let compare = self.builder.create_block();
        let done = self.builder.create_block();
        let result = self.builder.append_block_param(done, I8);
        let no = self.builder.ins().iconst(I8, 0);
        self.builder
            .ins()
            .brif(is_same_type, same_type, &[], done, &[no.into()]);
        self.builder.switch_to_block(same_type);
        let yes = self.builder.ins().iconst(I8, 1);
        self.builder
            .ins()
            .brif(a[0], compare, &[], done, &[yes.into()]);
        self.builder.switch_to_block(compare);
        let concrete = if self.is_empty_interface(ty) {
            a[0]
        } else {
            self.builder
                .ins()
                .load(I64, immutable(), a[0], abi::ITAB_CONCRETE)
        };
        let equal = self.call_runtime(
            RuntimeFunction::interface_equal,
            &[concrete, a[1], concrete, b[1]],
        );
        let equal = self.boolean_result(equal, 0);
        self.builder.ins().jump(done, &[equal.into()]);
        self.builder.switch_to_block(done);
        result
    }

    /// Whether two values of one type are equal.
    pub(crate) fn values_equal(
        &mut self,
        ty: TypeId,
        a: &[ClifValue],
        b: &[ClifValue],
    ) -> Result<ClifValue, CodegenError> {
        let layout = self.layout(ty);
        if layout.is_memory() {
            let equal = if is_plain_memory(self.module, ty) {
                let bytes = self.iconst(layout.size as i64);
                self.call_runtime(RuntimeFunction::memory_equal, &[a[0], b[0], bytes])
            } else {
                let symbol = self.module.types.symbol(ty);
                let symbol = self.symbol_address(symbol, 0);
                self.call_runtime(RuntimeFunction::values_equal, &[symbol, a[0], b[0]])
            };
            return Ok(self.boolean_result(equal, 0));
        }
        match self.types().underlying(ty) {
            Type::Basic(basic) if basic.is_string() => Ok(self.strings_equal(a, b)),
            Type::Interface(_) => Ok(self.interfaces_equal(ty, a, b)),
            Type::Struct(fields) => {
                let names = &self.module.program.typed.ast.names;
                let mut parts = Vec::new();
                let mut first = 0;
                for field in fields {
                    let count = self.layout(field.ty).leaves().len();
                    if names.text(field.name) != "_" {
                        parts.push((field.ty, first, count));
                    }
                    first += count;
                }
                self.parts_equal(&parts, a, b)
            }
            Type::Array(element, length) => {
                let count = self.layout(*element).leaves().len();
                let length = if count == 0 { 0 } else { *length as usize };
                let parts: Vec<_> = (0..length)
                    .map(|index| (*element, index * count, count))
                    .collect();
                self.parts_equal(&parts, a, b)
            }
            Type::Slice(_) | Type::Map(..) | Type::Function(_) => {
                Err(self.internal("comparing what is not comparable"))
            }
            _ => {
                let mut all: Option<ClifValue> = None;
                for (a, b) in a.iter().zip(b) {
                    let equal = self.compare_numbers(BinaryOp::Equal, *a, *b, true);
                    all = Some(self.both(all, equal));
                }
                Ok(all.unwrap_or_else(|| self.integer(I8, 1)))
            }
        }
    }

    fn both(&mut self, all: Option<ClifValue>, next: ClifValue) -> ClifValue {
        match all {
            Some(all) => self.builder.ins().band(all, next),
            None => next,
        }
    }

    fn parts_equal(
        &mut self,
        parts: &[(TypeId, usize, usize)],
        a: &[ClifValue],
        b: &[ClifValue],
    ) -> Result<ClifValue, CodegenError> {
        let mut all: Option<ClifValue> = None;
        let done = self.builder.create_block();
        let result = self.builder.append_block_param(done, I8);
        for &(ty, first, count) in parts {
            if !self.is_cheap_to_compare(ty)
                && let Some(so_far) = all.take()
            {
                let next = self.builder.create_block();
                let no = self.builder.ins().iconst(I8, 0);
                self.builder
                    .ins()
                    .brif(so_far, next, &[], done, &[no.into()]);
                self.builder.switch_to_block(next);
            }
            let equal =
                self.values_equal(ty, &a[first..first + count], &b[first..first + count])?;
            all = Some(self.both(all, equal));
        }
        let last = all.unwrap_or_else(|| self.integer(I8, 1));
        self.builder.ins().jump(done, &[last.into()]);
        self.builder.switch_to_block(done);
        Ok(result)
    }

    fn is_cheap_to_compare(&self, ty: TypeId) -> bool {
        match self.types().underlying(ty) {
            Type::Basic(basic) => !basic.is_string(),
            Type::Pointer(_) | Type::Channel(..) => true,
            _ => false,
        }
    }
}
