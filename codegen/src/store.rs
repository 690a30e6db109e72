//! Stores of Go values, and the write barrier: see `gc::barrier`.
//!
//! Before a pointer in memory that existed when marking may have begun is overwritten, the collector is told what it was, if
//! it marks just now:
//! ```text
//!   test byte [block + PHASE]; jump to cold if not zero
//!   store
//!   cold: touch address (so that nil traps here); call write_barrier(address, bytes); back to the store
//! ```
//! There is no safepoint between the test and the store. The barrier is left out where it would tell nothing: see
//! [`Translator::needs_barrier`].

use cranelift_codegen::ir::types::I8;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value as ClifValue};
use frontend::ssa::{Op, Value};
use frontend::types::TypeId;
use runtime::abi::{self, RuntimeFunction};

use crate::emit::trusted;
use crate::function::Translator;

impl Translator<'_, '_> {
    /// Stores a value of any class to memory that holds nothing of worth: fresh, or of the goroutine's own stacks.
    pub(crate) fn store_parts(
        &mut self,
        ty: TypeId,
        parts: &[ClifValue],
        flags: MemFlagsData,
        address: ClifValue,
        offset: i32,
    ) {
        let layout = self.layout(ty);
        if layout.is_memory() {
            let target = self.offset_address(address, i64::from(offset));
            self.copy(target, flags, parts[0], trusted(), layout.size);
            return;
        }
        for (leaf, &part) in layout.leaves().iter().zip(parts) {
            let offset = offset + leaf.offset as i32;
            self.builder.ins().store(flags, part, address, offset);
        }
    }

    /// The barrier for a value of type `ty` at an address, which is about to be overwritten.
    pub(crate) fn barrier(&mut self, ty: TypeId, flags: MemFlagsData, address: ClifValue) {
        let descriptor = self.module.layouts.descriptor(ty);
        if !descriptor.has_pointers() {
            return;
        }
        // All words between the first and the last pointer: what else is among them does no harm.
        let first = descriptor.pointer_words().next().unwrap_or(0) * 8;
        let size = descriptor.pointer_prefix_bytes() - first;
        let (cold, next) = self.barrier_test();
        self.builder.switch_to_block(cold);
        self.touch(address, flags);
        let first = self.offset_address(address, first as i64);
        let size = self.iconst(size as i64);
        self.call_runtime(RuntimeFunction::write_barrier, &[first, size]);
        self.builder.ins().jump(next, &[]);
        self.builder.switch_to_block(next);
    }

    /// The barrier for `bytes` of elements of type `element`.
    pub(crate) fn range_barrier(&mut self, element: TypeId, address: ClifValue, bytes: ClifValue) {
        if !self.module.layouts.descriptor(element).has_pointers() {
            return;
        }
        let (cold, next) = self.barrier_test();
        self.builder.switch_to_block(cold);
        self.call_runtime(RuntimeFunction::write_barrier, &[address, bytes]);
        self.builder.ins().jump(next, &[]);
        self.builder.switch_to_block(next);
    }

    /// Goes on in the first block, a cold one, if the collector marks, else in the second.
    fn barrier_test(&mut self) -> (cranelift_codegen::ir::Block, cranelift_codegen::ir::Block) {
        let block = self.block();
        let phase = self.builder.ins().load(I8, trusted(), block, abi::PHASE);
        let cold = self.cold_block();
        let next = self.builder.create_block();
        self.builder.ins().brif(phase, cold, &[], next, &[]);
        (cold, next)
    }

    /// Whether a store through `address` needs the barrier. It does not when the target is part of an object that
    /// - lives on the object stack: that is of the goroutine's own roots, taken when marking begins;
    /// - was allocated by this block, with no safepoint since: either nobody marks, or it is black and not of the snapshot.
    pub(crate) fn needs_barrier(&self, address: Value) -> bool {
        let mut base = address;
        loop {
            let Some(inst) = self.function.defining_inst(base) else {
                return true;
            };
            match &self.function.insts[inst].op {
                Op::FieldAddress(outer, _)
                | Op::IndexAddress { base: outer, .. }
                | Op::Slice { base: outer, .. } => base = *outer,
                Op::Alloc(_) => {
                    let site = self.function.insts[inst].site.expand();
                    return !self.is_on_stack(site) && !self.is_fresh(inst);
                }
                Op::MakeSlice { .. } => {
                    return self.elements_in_frame(inst).is_none() && !self.is_fresh(inst);
                }
                _ => return true,
            }
        }
    }
}
