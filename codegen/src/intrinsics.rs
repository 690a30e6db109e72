//! Library functions that are a few instructions: emitted in line whatever their body says.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F32, F64, I8, I16, I32, I64};
use cranelift_codegen::ir::{self, AtomicRmwOp, InstBuilder, Value as ClifValue};
use frontend::ssa::{FunctionId, Value};
use runtime::abi::RuntimeFunction;

use crate::emit::nil_checked;
use crate::function::Translator;
use crate::{CodegenError, Module};

/// What is emitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intrinsic {
    Sqrt,
    Floor,
    Ceil,
    Trunc,
    RoundToEven,
    Abs,
    Copysign,
    FusedMultiplyAdd,
    /// Bits of a float, or a float of bits.
    Bits(ir::Type),
    LeadingZeros(ir::Type),
    /// Number of bits needed.
    Length(ir::Type),
    TrailingZeros(ir::Type),
    OnesCount(ir::Type),
    RotateLeft(ir::Type),
    ReverseBytes(ir::Type),
    Multiply,
    Add,
    Subtract,
    /// A pointer as a number.
    Address,
    /// A string that shares its bytes with a slice.
    View,
    /// Where a byte, or a text, is in a string: what the C library knows how to search, without the way through a native.
    IndexByte,
    Index,
    AtomicLoad,
    AtomicStore,
    AtomicSwap,
    /// Gives the new value.
    AtomicAdd,
    /// Gives the old value.
    AtomicAnd,
    AtomicOr,
    CompareAndSwap,
}

impl Module<'_> {
    /// What a function is replaced by, if anything.
    pub(crate) fn intrinsic(&self, id: FunctionId) -> Option<Intrinsic> {
        let name = self.program.functions[id].name.as_str();
        if let Some(name) = name.strip_prefix("math.") {
            math(name, self.has_fused_multiply_add, self.has_rounding)
        } else if let Some(name) = name.strip_prefix("math/bits.") {
            bits(name, self.has_population_count)
        } else if let Some(name) = name.strip_prefix("sync/atomic.") {
            atomic(name)
        } else {
            texts(name)
        }
    }
}

fn math(name: &str, has_fused_multiply_add: bool, has_rounding: bool) -> Option<Intrinsic> {
    Some(match name {
        "Sqrt" | "sqrt" => Intrinsic::Sqrt,
        "Floor" if has_rounding => Intrinsic::Floor,
        "Ceil" if has_rounding => Intrinsic::Ceil,
        "Trunc" if has_rounding => Intrinsic::Trunc,
        "RoundToEven" if has_rounding => Intrinsic::RoundToEven,
        "Abs" => Intrinsic::Abs,
        "Copysign" => Intrinsic::Copysign,
        "FMA" if has_fused_multiply_add => Intrinsic::FusedMultiplyAdd,
        "Float64bits" => Intrinsic::Bits(I64),
        "Float64frombits" => Intrinsic::Bits(F64),
        "Float32bits" => Intrinsic::Bits(I32),
        "Float32frombits" => Intrinsic::Bits(F32),
        _ => return None,
    })
}

fn bits(name: &str, has_population_count: bool) -> Option<Intrinsic> {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let ty = match &name[stem.len()..] {
        "" | "64" => I64,
        "32" => I32,
        "16" => I16,
        "8" => I8,
        _ => return None,
    };
    Some(match stem {
        "LeadingZeros" => Intrinsic::LeadingZeros(ty),
        "Len" => Intrinsic::Length(ty),
        "TrailingZeros" => Intrinsic::TrailingZeros(ty),
        "OnesCount" if has_population_count => Intrinsic::OnesCount(ty),
        "RotateLeft" => Intrinsic::RotateLeft(ty),
        "ReverseBytes" if ty != I8 => Intrinsic::ReverseBytes(ty),
        "Mul" if ty == I64 => Intrinsic::Multiply,
        "Add" if ty == I64 => Intrinsic::Add,
        "Sub" if ty == I64 => Intrinsic::Subtract,
        _ => return None,
    })
}

fn texts(name: &str) -> Option<Intrinsic> {
    Some(match name {
        "strings.addressOf" => Intrinsic::Address,
        "strings.bytesToStringNoCopy" | "bytes.view" => Intrinsic::View,
        "strings.indexByteNative" => Intrinsic::IndexByte,
        "strings.indexNative" => Intrinsic::Index,
        _ => return None,
    })
}

fn atomic(name: &str) -> Option<Intrinsic> {
    const TYPES: [&str; 6] = ["Int32", "Int64", "Uint32", "Uint64", "Uintptr", "Pointer"];
    let operation = TYPES.iter().find_map(|ty| name.strip_suffix(ty))?;
    Some(match operation {
        "Load" => Intrinsic::AtomicLoad,
        "Store" => Intrinsic::AtomicStore,
        "Swap" => Intrinsic::AtomicSwap,
        "Add" => Intrinsic::AtomicAdd,
        "And" => Intrinsic::AtomicAnd,
        "Or" => Intrinsic::AtomicOr,
        "CompareAndSwap" => Intrinsic::CompareAndSwap,
        _ => return None,
    })
}

impl Translator<'_, '_> {
    /// Emits an intrinsic in place of a call.
    pub(crate) fn intrinsic(
        &mut self,
        intrinsic: Intrinsic,
        arguments: &[Value],
    ) -> Result<(), CodegenError> {
        let values: Vec<ClifValue> = arguments
            .iter()
            .map(|argument| self.leaf(*argument, 0))
            .collect();
        let first = *values
            .first()
            .ok_or_else(|| self.internal("an intrinsic without arguments"))?;
        let value = match intrinsic {
            Intrinsic::Sqrt => self.builder.ins().sqrt(first),
            Intrinsic::Floor => self.builder.ins().floor(first),
            Intrinsic::Ceil => self.builder.ins().ceil(first),
            Intrinsic::Trunc => self.builder.ins().trunc(first),
            Intrinsic::RoundToEven => self.builder.ins().nearest(first),
            Intrinsic::Abs => self.builder.ins().fabs(first),
            Intrinsic::Copysign => self.builder.ins().fcopysign(first, values[1]),
            Intrinsic::FusedMultiplyAdd => self.builder.ins().fma(first, values[1], values[2]),
            Intrinsic::Bits(ty) => self
                .builder
                .ins()
                .bitcast(ty, ir::MemFlagsData::new(), first),
            Intrinsic::LeadingZeros(_) => self.leading_zeros(first),
            Intrinsic::Length(ty) => {
                let zeros = self.leading_zeros(first);
                let width = self.iconst(i64::from(ty.bits()));
                self.builder.ins().isub(width, zeros)
            }
            Intrinsic::TrailingZeros(_) => {
                let zeros = self.builder.ins().ctz(first);
                self.extend(zeros, true)
            }
            Intrinsic::OnesCount(_) => {
                let ones = self.builder.ins().popcnt(first);
                self.extend(ones, true)
            }
            Intrinsic::RotateLeft(_) => self.builder.ins().rotl(first, values[1]),
            Intrinsic::ReverseBytes(_) => self.builder.ins().bswap(first),
            Intrinsic::Multiply => {
                let high = self.builder.ins().umulhi(first, values[1]);
                let low = self.builder.ins().imul(first, values[1]);
                self.define(0, &[high]);
                self.define(1, &[low]);
                return Ok(());
            }
            Intrinsic::Address => first,
            Intrinsic::View => {
                let length = self.leaf(arguments[0], 1);
                // A string without bytes keeps nothing alive.
                let none = self.iconst(0);
                let start = self.builder.ins().select(length, first, none);
                self.define(0, &[start, length]);
                return Ok(());
            }
            Intrinsic::IndexByte => {
                let (length, byte) = (self.leaf(arguments[0], 1), self.extended(arguments[1]));
                let call = self.call_runtime(RuntimeFunction::index_byte, &[first, length, byte]);
                self.result_of(call)
            }
            Intrinsic::Index => {
                let mut words = self.get(arguments[0]);
                words.extend(self.get(arguments[1]));
                let call = self.call_runtime(RuntimeFunction::index, &words);
                self.result_of(call)
            }
            Intrinsic::Add | Intrinsic::Subtract => {
                self.add_with_carry(&values, intrinsic == Intrinsic::Add);
                return Ok(());
            }
            _ => return self.atomic(intrinsic, &values, arguments),
        };
        self.define(0, &[value]);
        Ok(())
    }

    fn leading_zeros(&mut self, value: ClifValue) -> ClifValue {
        let zeros = self.builder.ins().clz(value);
        self.extend(zeros, true)
    }

    /// `bits.Add64` and `bits.Sub64`: the carry in and out is 0 or 1.
    fn add_with_carry(&mut self, values: &[ClifValue], is_addition: bool) {
        let (a, b, carry) = (values[0], values[1], values[2]);
        let (sum, out) = if is_addition {
            let partial = self.builder.ins().iadd(a, b);
            let sum = self.builder.ins().iadd(partial, carry);
            let first = self.builder.ins().icmp(IntCC::UnsignedLessThan, partial, a);
            let second = self
                .builder
                .ins()
                .icmp(IntCC::UnsignedLessThan, sum, partial);
            (sum, self.builder.ins().bor(first, second))
        } else {
            let partial = self.builder.ins().isub(a, b);
            let difference = self.builder.ins().isub(partial, carry);
            let first = self.builder.ins().icmp(IntCC::UnsignedLessThan, a, b);
            let second = self
                .builder
                .ins()
                .icmp(IntCC::UnsignedLessThan, partial, carry);
            (difference, self.builder.ins().bor(first, second))
        };
        let out = self.widen_bool(out);
        self.define(0, &[sum]);
        self.define(1, &[out]);
    }

    fn atomic(
        &mut self,
        intrinsic: Intrinsic,
        values: &[ClifValue],
        arguments: &[Value],
    ) -> Result<(), CodegenError> {
        let element = self.pointee(arguments[0])?;
        let ty = self.layout(element).leaves()[0].ty;
        let (flags, address) = (nil_checked(), values[0]);
        if intrinsic != Intrinsic::AtomicLoad {
            // What an unsuccessful exchange would have erased is told in vain, which does no harm.
            self.barrier(element, flags, address);
        }
        let update = |operation: AtomicRmwOp| (operation, values[1]);
        let (operation, operand) = match intrinsic {
            Intrinsic::AtomicLoad => {
                let value = self.builder.ins().atomic_load(ty, flags, address);
                self.define(0, &[value]);
                return Ok(());
            }
            Intrinsic::AtomicStore => {
                self.builder.ins().atomic_store(flags, values[1], address);
                return Ok(());
            }
            Intrinsic::CompareAndSwap => {
                let old = self
                    .builder
                    .ins()
                    .atomic_cas(flags, address, values[1], values[2]);
                let is_swapped = self.builder.ins().icmp(IntCC::Equal, old, values[1]);
                self.define(0, &[is_swapped]);
                return Ok(());
            }
            Intrinsic::AtomicSwap => update(AtomicRmwOp::Xchg),
            Intrinsic::AtomicAdd => update(AtomicRmwOp::Add),
            Intrinsic::AtomicAnd => update(AtomicRmwOp::And),
            _ => update(AtomicRmwOp::Or),
        };
        let old = self
            .builder
            .ins()
            .atomic_rmw(ty, flags, operation, address, operand);
        let value = if intrinsic == Intrinsic::AtomicAdd {
            self.builder.ins().iadd(old, operand)
        } else {
            old
        };
        if !self.function.insts[self.current].results.is_empty() {
            self.define(0, &[value]);
        }
        Ok(())
    }
}
