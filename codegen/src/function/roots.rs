//! The pointers that the collector finds in a frame: which instructions may collect, and the slots that roots are stored in
//! before them.

use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{
    self, InstBuilder, StackSlot, StackSlotData, StackSlotKind, UserStackMapEntry,
    Value as ClifValue,
};
use frontend::ssa::{Block, ConvertKind, FunctionId, FunctionKind, Inst, Op, Value};
use runtime::abi::{self, RuntimeFunction};

use super::Translator;
use crate::Module;
use crate::abi::are_in_registers;
use crate::emit::trusted;
use crate::safepoint::Effect;

impl Translator<'_, '_> {
    fn slot(&mut self, index: usize) -> StackSlot {
        while self.slots.len() <= index {
            let slot = self.new_slot();
            self.slots.push(slot);
        }
        self.slots[index]
    }

    fn new_slot(&mut self) -> StackSlot {
        self.builder
            .create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, 8, 3))
    }

    fn store_slot(&mut self, slot: StackSlot, value: ClifValue) {
        let address = self.builder.ins().stack_addr(I64, slot, 0);
        self.builder.ins().store(trusted(), value, address, 0);
    }

    /// The pointer leaves of a value with the slots they have.
    fn root_leaves(&mut self, number: u32) -> Vec<(ClifValue, StackSlot)> {
        let root = self.plan.root(number);
        let layout = self.layout_of(root.value);
        let pointers = layout
            .leaves()
            .iter()
            .enumerate()
            .filter(|(_, leaf)| leaf.is_pointer);
        let indices: Vec<usize> = pointers.map(|(index, _)| index).collect();
        indices
            .into_iter()
            .enumerate()
            .map(|(nth, index)| {
                (
                    self.leaf(root.value, index),
                    self.slot(root.first_slot as usize + nth),
                )
            })
            .collect()
    }

    fn store_root(&mut self, number: u32) {
        for (value, slot) in self.root_leaves(number) {
            self.store_slot(slot, value);
        }
    }

    pub(super) fn store_at_definition(&mut self, value: Value) {
        if let Some((number, root)) = self.plan.root_of(value)
            && root.is_stored_at_definition
        {
            self.store_root(number);
            self.stored.insert(number);
        }
    }

    /// Stores the roots of the current instruction and makes `call`, which is a safepoint.
    /// `is_conditional`: not every path through the instruction comes here. `extra`: pointers that
    /// only this operation knows of.
    pub(crate) fn safepoint(
        &mut self,
        is_conditional: bool,
        extra: &[ClifValue],
        call: impl FnOnce(&mut Self) -> ir::Inst,
    ) -> ir::Inst {
        let roots = self.plan.roots_at(self.current).to_vec();
        self.safepoint_with(&roots, is_conditional, extra, call)
    }

    fn safepoint_with(
        &mut self,
        roots: &[u32],
        is_conditional: bool,
        extra: &[ClifValue],
        call: impl FnOnce(&mut Self) -> ir::Inst,
    ) -> ir::Inst {
        let mut slots = Vec::new();
        for &number in roots {
            let is_stored = self.stored.contains(number);
            for (value, slot) in self.root_leaves(number) {
                if !is_stored {
                    self.store_slot(slot, value);
                }
                slots.push(slot);
            }
            if !is_conditional {
                self.stored.insert(number);
            }
        }
        for (index, &value) in extra.iter().enumerate() {
            if self.extra_slots.len() <= index {
                let slot = self.new_slot();
                self.extra_slots.push(slot);
            }
            let slot = self.extra_slots[index];
            self.store_slot(slot, value);
            slots.push(slot);
        }
        let call = call(self);
        for slot in slots {
            let entry = UserStackMapEntry {
                ty: I64,
                slot,
                offset: 0,
            };
            self.builder
                .func
                .dfg
                .append_user_stack_map_entry(call, entry);
        }
        call
    }

    /// Calls a runtime function that is a safepoint.
    pub(crate) fn call_collecting(
        &mut self,
        function: RuntimeFunction,
        arguments: &[ClifValue],
        is_conditional: bool,
    ) -> ir::Inst {
        self.safepoint(is_conditional, &[], |this| {
            this.call_runtime(function, arguments)
        })
    }

    pub(super) fn poll(&mut self, block: Block) {
        let Some(roots) = self.plan.poll_at(block).map(<[u32]>::to_vec) else {
            return;
        };
        let goroutine = self.block();
        let asked = self
            .builder
            .ins()
            .load(ir::types::I8, trusted(), goroutine, abi::PREEMPT);
        let cold = self.cold_block();
        let next = self.builder.create_block();
        self.builder.ins().brif(asked, cold, &[], next, &[]);
        self.builder.switch_to_block(cold);
        self.safepoint_with(&roots, true, &[], |this| {
            this.call_runtime(RuntimeFunction::poll, &[])
        });
        self.builder.ins().jump(next, &[]);
        self.builder.switch_to_block(next);
    }
}

impl Module<'_> {
    /// Whether a function has all its arguments in registers when it is called, and lists them itself as long as it needs them.
    /// Up to two words go with them: the closure and the place of the results.
    /// The stub of a native does not: what is behind it relies on its caller.
    fn lists_its_arguments(&self, id: FunctionId) -> bool {
        let function = &self.program.functions[id];
        function.kind != FunctionKind::Native
            && are_in_registers(&self.layouts, 2, &function.parameters)
    }

    /// How an instruction takes part in collections.
    pub(crate) fn effect_of(&self, id: FunctionId, inst: Inst) -> Effect {
        use frontend::ssa::Callee;
        let data = &self.program.functions[id].insts[inst];
        match &data.op {
            Op::Call {
                callee: Callee::Function(callee),
                ..
            } if self.intrinsic(*callee).is_some() => Effect::None,
            Op::Call {
                callee: Callee::Function(callee),
                ..
            } if self.lists_its_arguments(*callee) => Effect::CallInRegisters,
            Op::Call { .. } => Effect::Call,
            Op::Alloc(_) | Op::MakeClosure { .. } | Op::MakeInterface(_) => {
                if self.is_site_on_stack(id, data.site.expand()) {
                    Effect::None
                } else {
                    Effect::ColdSafepoint
                }
            }
            Op::Append { .. } | Op::AppendSlice { .. } => Effect::ColdSafepoint,
            Op::MakeSlice { .. }
            | Op::MakeMap { .. }
            | Op::MakeChannel { .. }
            | Op::StringConcat(_)
            | Op::Go(_)
            | Op::RunDefers
            | Op::MapAssign { .. }
            | Op::Send { .. }
            | Op::Receive { .. }
            | Op::Select { .. }
            | Op::Close(_)
            | Op::Panic(_) => Effect::Safepoint,
            Op::Convert(kind, _) => match kind {
                ConvertKind::Retype | ConvertKind::Numeric | ConvertKind::SliceToArrayPointer => {
                    Effect::None
                }
                _ => Effect::Safepoint,
            },
            _ => Effect::None,
        }
    }
}
