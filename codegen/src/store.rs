//! Stores of Go values, and the write barrier: see `gc::barrier`.
//!
//! Before a pointer in memory that existed when marking may have begun is overwritten, the collector is told what it was, if
//! it marks just now:
//! ```text
//!   test byte [block + PHASE]; jump to cold if not zero
//!   store
//!   cold: touch address (so that nil traps here); call write_barrier(address, bytes); back to the store
//! ```
//! And where a pointer to a young object may be stored in an old one, its card is marked (see `gc::cards`):
//! ```text
//!   byte [[block + CARDS] + (address as u32 >> 9)] = 1
//! ```
//! There is no safepoint between either and the store. Both are left out where they would tell nothing: see
//! [`Translator::needs_barrier`] and [`Translator::may_be_young`].

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I32, I64};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value as ClifValue};
use frontend::ssa::{Op, Value};
use frontend::types::TypeId;
use gc::layout::{CARD_BYTES, CARD_SHIFT};
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

    /// The barrier for a value of type `ty` at an address, which is about to be overwritten by another.
    pub(crate) fn barrier(&mut self, ty: TypeId, flags: MemFlagsData, address: ClifValue) {
        let bytes = self.layout(ty).size;
        if !self.module.layouts.descriptor(ty).has_pointers() {
            return;
        }
        self.clear_barrier(ty, flags, address);
        if bytes <= CARD_BYTES as u64 {
            self.mark_card(address);
        } else {
            let bytes = self.iconst(bytes as i64);
            self.call_runtime(RuntimeFunction::note_store, &[address, bytes]);
        }
    }

    /// As [`Self::barrier`], where what is stored points to no young object.
    pub(crate) fn clear_barrier(&mut self, ty: TypeId, flags: MemFlagsData, address: ClifValue) {
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

    /// Notes that a pointer is stored at `address`, or some in not more than a card's bytes from there.
    fn mark_card(&mut self, address: ClifValue) {
        let low = self.builder.ins().ireduce(I32, address);
        let card = self.builder.ins().ushr_imm_u(low, i64::from(CARD_SHIFT));
        let card = self.builder.ins().uextend(I64, card);
        let block = self.block();
        let cards = self.builder.ins().load(I64, trusted(), block, abi::CARDS);
        let place = self.builder.ins().iadd(cards, card);
        let one = self.builder.ins().iconst(I8, 1);
        self.builder.ins().store(trusted(), one, place, 0);
    }

    /// The barrier for `bytes` of elements of type `element` which are about to be overwritten by others.
    pub(crate) fn range_barrier(&mut self, element: TypeId, address: ClifValue, bytes: ClifValue) {
        if !self.module.layouts.descriptor(element).has_pointers() {
            return;
        }
        self.range_clear_barrier(element, address, bytes);
        self.mark_card(address);
        let (many, next) = (self.cold_block(), self.builder.create_block());
        let is_many =
            self.builder
                .ins()
                .icmp_imm_u(IntCC::UnsignedGreaterThan, bytes, CARD_BYTES as i64);
        self.builder.ins().brif(is_many, many, &[], next, &[]);
        self.builder.switch_to_block(many);
        self.call_runtime(RuntimeFunction::note_store, &[address, bytes]);
        self.builder.ins().jump(next, &[]);
        self.builder.switch_to_block(next);
    }

    /// As [`Self::range_barrier`], where zeroes are stored.
    pub(crate) fn range_clear_barrier(
        &mut self,
        element: TypeId,
        address: ClifValue,
        bytes: ClifValue,
    ) {
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
    /// - was allocated by this block, with no safepoint since: either nobody marks, and it is young, or it is black and not of the
    ///   snapshot, and what is stored will be old when it is.
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

    /// Whether `value` may hold a pointer to an object that was allocated since the last marking.
    pub(crate) fn may_be_young(&self, value: Value) -> bool {
        self.function.defining_inst(value).is_none_or(|inst| {
            !matches!(
                self.function.insts[inst].op,
                Op::Constant(_) | Op::GlobalAddress(_) | Op::FunctionValue(_)
            )
        })
    }
}
