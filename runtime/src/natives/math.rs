//! Natives of `math`, `math/rand` and `math/rand/v2`. The code generator emits most of the former inline.

use super::{NativeCall, Table};
use crate::scheduler::processor_of;

pub(super) const NATIVES: Table = &[
    ("math.Float64bits", bits),
    ("math.Float64frombits", bits),
    ("math.Float32bits", bits32),
    ("math.Float32frombits", bits32),
    ("math.Abs", |call| unary(call, f64::abs)),
    ("math.Copysign", copy_sign),
    ("math.Sqrt", |call| unary(call, f64::sqrt)),
    ("math.Floor", |call| unary(call, f64::floor)),
    ("math.Ceil", |call| unary(call, f64::ceil)),
    ("math.Trunc", |call| unary(call, f64::trunc)),
    ("math.RoundToEven", |call| unary(call, f64::round_ties_even)),
    ("math.FMA", fused_multiply_add),
    ("math/rand.randomWord", random_word),
    ("math/rand/v2.randomWord", random_word),
];

/// A float64 is passed as its bits, so that there is nothing to do.
pub(super) fn bits(call: &mut NativeCall<'_>) {
    let word = call.word();
    call.put(word);
}

fn bits32(call: &mut NativeCall<'_>) {
    let word = call.word();
    call.put(u64::from(word as u32));
}

fn unary(call: &mut NativeCall<'_>, function: fn(f64) -> f64) {
    let x = call.float();
    call.put_float(function(x));
}

fn copy_sign(call: &mut NativeCall<'_>) {
    let (value, sign) = (call.float(), call.float());
    call.put_float(value.copysign(sign));
}

fn fused_multiply_add(call: &mut NativeCall<'_>) {
    let (x, y, z) = (call.float(), call.float(), call.float());
    call.put_float(x.mul_add(y, z));
}

fn random_word(call: &mut NativeCall<'_>) {
    let word = processor_of(call.g).random.word();
    call.put(word);
}
