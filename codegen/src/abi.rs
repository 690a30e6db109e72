//! Signatures of compiled functions.
//!
//! Parameters, in order: what the caller of a closure or method passes first (the closure object, or
//! an interface's data word, as the header of `runtime::abi` says), the leaves of register-class
//! parameters, the addresses of memory-class ones. Results that fit eight integer and eight float
//! registers are returned in them; otherwise *all* results are written through one pointer, the last
//! parameter, to a temporary in the caller's object frame. So no result ever goes through memory on
//! the control stack, which moves.

use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{AbiParam, Signature};
use cranelift_codegen::isa::CallConv;
use frontend::types::TypeId;

use crate::layout::{Layouts, round_up};

/// Result registers of each class in the `Tail` convention; more would go through the control stack.
const RESULT_REGISTERS: usize = 8;

/// Where results are when they are not in registers.
#[derive(Debug, Clone)]
pub(crate) struct ResultArea {
    /// Size in bytes.
    pub(crate) size: u64,
    /// Offset of each result.
    pub(crate) offsets: Vec<u64>,
}

/// How a function is called.
#[derive(Debug, Clone)]
pub(crate) struct FunctionAbi {
    /// The CLIF signature.
    pub(crate) signature: Signature,
    /// The memory for results, if they are passed there.
    pub(crate) result_area: Option<ResultArea>,
}

/// The way to call a function with `leading` words before its parameters.
pub(crate) fn function_abi(
    layouts: &Layouts,
    leading: usize,
    parameters: &[TypeId],
    results: &[TypeId],
) -> FunctionAbi {
    let mut signature = Signature::new(CallConv::Tail);
    signature
        .params
        .extend(std::iter::repeat_n(AbiParam::new(I64), leading));
    for &parameter in parameters {
        let layout = layouts.get(parameter);
        if layout.is_memory() {
            signature.params.push(AbiParam::new(I64));
        }
        signature
            .params
            .extend(layout.leaves().iter().map(|leaf| AbiParam::new(leaf.ty)));
    }
    let result_area = result_area(layouts, results);
    if result_area.is_some() {
        signature.params.push(AbiParam::new(I64));
    } else {
        for &result in results {
            signature.returns.extend(
                layouts
                    .get(result)
                    .leaves()
                    .iter()
                    .map(|leaf| AbiParam::new(leaf.ty)),
            );
        }
    }
    FunctionAbi {
        signature,
        result_area,
    }
}

/// Argument registers of each class in the `Tail` convention, at least.
const ARGUMENT_REGISTERS: usize = 6;

/// Whether parameters of these types, and so many words that go with them, are in registers when a function is called. One
/// of memory class is not: it is where the register points.
pub(crate) fn are_in_registers(layouts: &Layouts, words: usize, parameters: &[TypeId]) -> bool {
    let (mut integers, mut floats) = (words, 0);
    for &parameter in parameters {
        let layout = layouts.get(parameter);
        if layout.is_memory() {
            return false;
        }
        for leaf in layout.leaves() {
            *(if leaf.ty.is_float() {
                &mut floats
            } else {
                &mut integers
            }) += 1;
        }
    }
    integers <= ARGUMENT_REGISTERS && floats <= ARGUMENT_REGISTERS
}

/// The memory for results that do not fit registers.
pub(crate) fn result_area(layouts: &Layouts, results: &[TypeId]) -> Option<ResultArea> {
    let (mut integers, mut floats, mut has_memory) = (0, 0, false);
    for &result in results {
        let layout = layouts.get(result);
        has_memory |= layout.is_memory();
        floats += layout
            .leaves()
            .iter()
            .filter(|leaf| leaf.ty.is_float())
            .count();
        integers += layout
            .leaves()
            .iter()
            .filter(|leaf| !leaf.ty.is_float())
            .count();
    }
    if !has_memory && integers <= RESULT_REGISTERS && floats <= RESULT_REGISTERS {
        return None;
    }
    let mut size = 0;
    let offsets = results
        .iter()
        .map(|&result| {
            let layout = layouts.get(result);
            let offset = round_up(size, layout.align);
            size = offset + layout.size;
            offset
        })
        .collect();
    Some(ResultArea {
        size: round_up(size, 8),
        offsets,
    })
}
