//! One SSA function to CLIF, block by block.
//!
//! Blocks are visited in reverse postorder, so definitions come before their uses. A value of register
//! class is the list of its leaves, one of memory class a single address (see `layout`).

mod frame_objects;
mod roots;

use std::ops::{Deref, DerefMut, Range};
use std::rc::Rc;

use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{self, InstBuilder, SourceLoc, StackSlot, Value as ClifValue};
use cranelift_entity::SecondaryMap;
use cranelift_frontend::{FunctionBuilder, Switch};
use frontend::source::Span;
use frontend::ssa::dominators::Dominators;
use frontend::ssa::{Block, ConvertKind, Function, FunctionId, Inst, Op, SiteId, Target, Value};
use frontend::types::{Type, TypeId, TypeTable};
use gc::layout::{PointerBitmap, TypeDescriptor};
use runtime::abi::{self, RuntimeFunction};

use crate::abi::ResultArea;
use crate::bits::Bits;
use crate::emit::{CodePlace, Emitter, TRAPPING_BYTES, nil_checked, trusted};
use crate::layout::TypeLayout;
use crate::safepoint::{Effect, RootPlan, is_static};
use crate::{CodegenError, Module, Place};

/// Translates one function.
pub(crate) struct Translator<'m, 'b> {
    emitter: Emitter<'m, 'b>,
    pub(crate) id: FunctionId,
    pub(crate) function: &'m Function,
    dominators: Dominators,
    plan: RootPlan,
    /// Where each value's CLIF values are in `pool`.
    values: SecondaryMap<Value, (u32, u32)>,
    pool: Vec<ClifValue>,
    /// How often each value is an operand, up to 2.
    uses: SecondaryMap<Value, u8>,
    blocks: SecondaryMap<Block, Option<ir::Block>>,
    /// The instruction being translated, its block, and its place there.
    pub(crate) current: Inst,
    current_block: Block,
    current_index: usize,
    /// The stretch of code being translated, and those of the instructions so far: the next one begins with every block and
    /// after every instruction that collections take part in.
    stretch: u32,
    stretches: SecondaryMap<Inst, u32>,
    /// Where the code of each instruction ends.
    ends: SecondaryMap<Inst, Option<CodePlace>>,
    /// The instructions that have pointers in the object frame, with their ranges of the frame's slots.
    frame_objects: Vec<(Inst, Range<usize>)>,
    /// Roots that are in their slots on every path to here.
    stored: Bits,
    stored_at_end: SecondaryMap<Block, Bits>,
    slots: Vec<StackSlot>,
    /// Slots for values that only one operation knows of.
    extra_slots: Vec<StackSlot>,
    /// The closure object, in functions that take one.
    pub(crate) context: Option<ClifValue>,
    /// Where results go that do not fit registers.
    pub(crate) result_pointer: Option<(ClifValue, ResultArea)>,
    /// The wrapper's room for result variables, in the body of a function with `defer`.
    pub(crate) recovery_room: Option<ClifValue>,
}

impl<'m, 'b> Deref for Translator<'m, 'b> {
    type Target = Emitter<'m, 'b>;

    fn deref(&self) -> &Self::Target {
        &self.emitter
    }
}

impl DerefMut for Translator<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.emitter
    }
}

fn count_uses(function: &Function) -> SecondaryMap<Value, u8> {
    let mut uses: SecondaryMap<Value, u8> = SecondaryMap::new();
    for block in &function.layout {
        for inst in &function.blocks[*block].insts {
            function.insts[*inst]
                .op
                .for_each_operand(|operand| uses[operand] = 2.min(uses[operand] + 1));
        }
    }
    uses
}

/// Translates a function into the CLIF function under construction. `is_body`: it has `defer`, and
/// this is the body its wrapper calls.
pub(crate) fn translate(
    module: &Module,
    builder: FunctionBuilder,
    id: FunctionId,
    is_body: bool,
) -> Result<(), CodegenError> {
    let function = &module.program.functions[id];
    let dominators = Dominators::compute(function);
    let effect = |inst: Inst| module.effect_of(id, inst);
    let pointer_leaves = |value: Value| {
        let is_static = match function.defining_inst(value) {
            Some(inst) => {
                let data = &function.insts[inst];
                is_static(&data.op)
                    || matches!(data.op, Op::Alloc(_))
                        && module.is_site_on_stack(id, data.site.expand())
            }
            None => false,
        };
        if is_static {
            return 0;
        }
        let layout = module.layouts.get(function.type_of(value));
        layout
            .leaves()
            .iter()
            .filter(|leaf| leaf.is_pointer)
            .count() as u32
    };
    let plan = RootPlan::new(
        function,
        &dominators,
        &effect,
        &pointer_leaves,
        module.options.all_loops_poll,
    );
    let mut translator = Translator {
        emitter: Emitter::new(module, builder),
        id,
        function,
        dominators,
        plan,
        values: SecondaryMap::new(),
        pool: Vec::new(),
        uses: count_uses(function),
        blocks: SecondaryMap::new(),
        current: Inst::from_u32(0),
        current_block: function.entry(),
        current_index: 0,
        stretch: 0,
        stretches: SecondaryMap::new(),
        ends: SecondaryMap::new(),
        frame_objects: Vec::new(),
        stored: Bits::default(),
        stored_at_end: SecondaryMap::new(),
        slots: Vec::new(),
        extra_slots: Vec::new(),
        context: None,
        result_pointer: None,
        recovery_room: None,
    };
    translator.run(is_body)?;
    translator.emitter.finish();
    Ok(())
}

impl<'m> Translator<'m, '_> {
    fn run(&mut self, is_body: bool) -> Result<(), CodegenError> {
        let order = self.dominators.reverse_postorder().to_vec();
        self.make_blocks(&order)?;
        self.bind_parameters(is_body);
        for &block in &order {
            self.translate_block(block)?;
        }
        self.clear_dead_objects();
        Ok(())
    }

    fn make_blocks(&mut self, order: &[Block]) -> Result<(), CodegenError> {
        for &block in order {
            let clif = self.builder.create_block();
            self.blocks[block] = Some(clif);
            if block == self.function.entry() {
                continue;
            }
            for &parameter in &self.function.blocks[block].parameters {
                let layout = self.layout_of(parameter);
                if layout.is_memory() {
                    return Err(self.internal("a block parameter of memory class"));
                }
                let leaves: Vec<ClifValue> = layout
                    .leaves()
                    .iter()
                    .map(|leaf| self.builder.append_block_param(clif, leaf.ty))
                    .collect();
                self.bind(parameter, &leaves);
            }
        }
        Ok(())
    }

    /// Names the parameters, from the start block, and goes to the entry block.
    fn bind_parameters(&mut self, is_body: bool) {
        let parameters = self.parameters.clone();
        let mut rest = parameters.as_slice();
        let mut take = |count: usize| {
            let (taken, left) = rest.split_at(count);
            rest = left;
            taken.to_vec()
        };
        if is_body {
            self.recovery_room = Some(take(1)[0]);
        }
        if self.module.takes_context(self.id) {
            self.context = Some(take(1)[0]);
        }
        let entry = self.function.entry();
        for &parameter in &self.function.blocks[entry].parameters {
            let layout = self.layout_of(parameter);
            let count = if layout.is_memory() {
                1
            } else {
                layout.leaves().len()
            };
            let values = take(count);
            self.bind(parameter, &values);
        }
        let area = crate::abi::result_area(&self.module.layouts, &self.function.results);
        if let Some(area) = area {
            self.result_pointer = Some((take(1)[0], area));
        }
        let entry = self.clif_block(entry);
        self.builder.ins().jump(entry, &[]);
    }

    fn translate_block(&mut self, block: Block) -> Result<(), CodegenError> {
        let clif = self.clif_block(block);
        self.current_block = block;
        self.builder.switch_to_block(clif);
        self.is_in_loop = self.plan.loop_depth(block) > 0;
        self.stored = match self.dominators.immediate(block) {
            Some(above) => self.stored_at_end[above].clone(),
            None => Bits::default(),
        };
        let function = self.function;
        for &parameter in &function.blocks[block].parameters {
            self.store_at_definition(parameter);
        }
        self.builder.set_srcloc(SourceLoc::default());
        self.poll(block);
        self.stretch += 1;
        for (index, &inst) in function.blocks[block].insts.iter().enumerate() {
            self.current = inst;
            self.current_index = index;
            let span = self.position_of(inst);
            if !span.is_none() {
                self.builder.set_srcloc(SourceLoc::new(span.start));
            }
            let slots = self.frame_slots().len();
            self.translate_inst(inst)?;
            self.note_slots(inst, slots);
            for &result in &function.insts[inst].results {
                self.store_at_definition(result);
            }
            if self.module.effect_of(self.id, inst) != Effect::None {
                self.stretch += 1;
            }
            self.stretches[inst] = self.stretch;
        }
        self.stored_at_end[block] = std::mem::take(&mut self.stored);
        Ok(())
    }

    /// The position of an instruction's code. Cranelift folds a load into the operation that alone
    /// uses it, and with it the trap on nil: such an operation stands at the load's position.
    fn position_of(&self, inst: Inst) -> Span {
        let data = &self.function.insts[inst];
        let operands: [Option<Value>; 2] = match &data.op {
            Op::Binary(_, left, right) => [Some(*left), Some(*right)],
            Op::Unary(_, value)
            | Op::Convert(ConvertKind::Numeric, value)
            | Op::Switch { value, .. } => [Some(*value), None],
            _ => return data.span,
        };
        let folded = operands.into_iter().flatten().find_map(|operand| {
            let load = &self.function.insts[self.function.defining_inst(operand)?];
            let is_folded = matches!(load.op, Op::Load(_)) && self.uses[operand] == 1;
            (is_folded && self.layout_of(operand).leaves().len() == 1).then_some(load.span)
        });
        folded.unwrap_or(data.span)
    }

    // ---- values and types ----

    pub(crate) fn types(&self) -> &'m TypeTable {
        &self.module.program.typed.types
    }

    pub(crate) fn type_of(&self, value: Value) -> TypeId {
        self.function.type_of(value)
    }

    pub(crate) fn layout(&self, ty: TypeId) -> Rc<TypeLayout> {
        self.module.layouts.get(ty)
    }

    pub(crate) fn layout_of(&self, value: Value) -> Rc<TypeLayout> {
        self.layout(self.type_of(value))
    }

    /// What a pointer value points at.
    pub(crate) fn pointee(&self, pointer: Value) -> Result<TypeId, CodegenError> {
        self.types()
            .pointee(self.type_of(pointer))
            .ok_or_else(|| self.internal("an address that is no pointer"))
    }

    /// The element type of a slice, or of the array a pointer points at.
    pub(crate) fn element_type(&self, base: Value) -> Result<TypeId, CodegenError> {
        match self.types().underlying(self.type_of(base)) {
            Type::Slice(element) => Ok(*element),
            Type::Pointer(array) => match self.types().underlying(*array) {
                Type::Array(element, _) => Ok(*element),
                _ => Err(self.internal("indexing a pointer to no array")),
            },
            _ => Err(self.internal("indexing no slice")),
        }
    }

    /// An internal error in this function.
    pub(crate) fn internal(&self, what: &str) -> CodegenError {
        CodegenError::internal(&self.function.name, what)
    }

    /// The CLIF values of a value.
    pub(crate) fn get(&self, value: Value) -> Vec<ClifValue> {
        let (start, end) = self.values[value];
        self.pool[start as usize..end as usize].to_vec()
    }

    /// One leaf of a value, or the address of a memory-class value.
    pub(crate) fn leaf(&self, value: Value, index: usize) -> ClifValue {
        let (start, _) = self.values[value];
        self.pool[start as usize + index]
    }

    fn bind(&mut self, value: Value, leaves: &[ClifValue]) {
        let start = self.pool.len() as u32;
        self.pool.extend_from_slice(leaves);
        self.values[value] = (start, self.pool.len() as u32);
    }

    /// Defines result `index` of the current instruction.
    pub(crate) fn define(&mut self, index: usize, leaves: &[ClifValue]) {
        let value = self.function.insts[self.current].results[index];
        debug_assert_eq!(
            leaves.len(),
            if self.layout_of(value).is_memory() {
                1
            } else {
                self.layout_of(value).leaves().len()
            },
            "leaves of {} in {}: {:?}",
            value,
            self.function.name,
            self.function.insts[self.current].op
        );
        self.bind(value, leaves);
    }

    /// Result `index` of the current instruction.
    pub(crate) fn result(&self, index: usize) -> Value {
        self.function.insts[self.current].results[index]
    }

    /// The instructions of the block being translated that come after the current one.
    pub(crate) fn following_insts(&self) -> &'m [Inst] {
        &self.function.blocks[self.current_block].insts[self.current_index + 1..]
    }

    /// Whether `inst` comes before the current instruction in the same block, and no safepoint between.
    pub(crate) fn is_fresh(&self, inst: Inst) -> bool {
        self.stretches[inst] == self.stretch
    }

    /// The constant a value is, if it is one.
    pub(crate) fn constant_of(&self, value: Value) -> Option<&'m frontend::ssa::ConstantValue> {
        match &self.function.insts[self.function.defining_inst(value)?].op {
            Op::Constant(constant) => Some(constant),
            _ => None,
        }
    }

    /// The integer constant a value is, if it is one.
    pub(crate) fn integer_constant(&self, value: Value) -> Option<i64> {
        match self.constant_of(value)? {
            frontend::ssa::ConstantValue::Integer(value) => Some(*value),
            frontend::ssa::ConstantValue::Zero => Some(0),
            _ => None,
        }
    }

    /// Whether a site is in the object frame.
    pub(crate) fn is_on_stack(&self, site: Option<SiteId>) -> bool {
        self.module.is_site_on_stack(self.id, site)
    }

    /// Room in the object frame for what the current instruction makes, if that may be there; 0 if
    /// not. Its size is found out at run time.
    pub(crate) fn buffer(&mut self, size: u64) -> ClifValue {
        let site = self.function.insts[self.current].site.expand();
        if !site.is_some_and(|site| self.module.placements.place(self.id, site) != Place::Heap) {
            return self.iconst(0);
        }
        let plain = TypeDescriptor::new(size as usize, 8, PointerBitmap::from_pointer_words([]));
        let offset = self.frame_slot(size, 8, &plain);
        self.frame_slot_address(offset)
    }

    /// An integer value as 64 bits, extended by the signedness of its type.
    pub(crate) fn extended(&mut self, value: Value) -> ClifValue {
        let is_unsigned = self.is_unsigned(self.type_of(value));
        let leaf = self.leaf(value, 0);
        self.extend(leaf, is_unsigned)
    }

    /// Extends to 64 bits.
    pub(crate) fn extend(&mut self, value: ClifValue, is_unsigned: bool) -> ClifValue {
        if self.builder.func.dfg.value_type(value) == I64 {
            value
        } else if is_unsigned {
            self.builder.ins().uextend(I64, value)
        } else {
            self.builder.ins().sextend(I64, value)
        }
    }

    pub(crate) fn is_unsigned(&self, ty: TypeId) -> bool {
        self.types()
            .as_basic(ty)
            .is_none_or(|basic| basic.is_unsigned() || basic.is_boolean())
    }

    // ---- addresses ----

    /// How far above a possibly nil pointer an address may be; `None` if it cannot come from nil.
    pub(crate) fn reach_from_nil(&self, address: Value) -> Option<u64> {
        let Some(inst) = self.function.defining_inst(address) else {
            return Some(0);
        };
        match &self.function.insts[inst].op {
            Op::Alloc(_)
            | Op::GlobalAddress(_)
            | Op::MapFind { .. }
            | Op::MapAssign { .. }
            | Op::MapIterateNext { .. } => None,
            Op::Capture(index) => {
                (!self.function.captures[*index as usize].is_by_reference).then_some(0)
            }
            Op::FieldAddress(base, field) => {
                let below = self.reach_from_nil(*base)?;
                let ty = self.types().pointee(self.type_of(*base))?;
                Some(below + self.layout(ty).field_offsets[*field as usize])
            }
            Op::IndexAddress { base, .. } => {
                let array = self.types().pointee(self.type_of(*base))?;
                let below = self.reach_from_nil(*base)?;
                // `translate_inst` has touched the pointer of a large array.
                let size = self.layout(array).size;
                (below + size < TRAPPING_BYTES).then_some(below + size)
            }
            Op::Convert(ConvertKind::Retype, value) => self.reach_from_nil(*value),
            _ => Some(0),
        }
    }

    /// The flags of accesses through an address.
    pub(crate) fn access_flags(&self, address: Value) -> ir::MemFlagsData {
        if self.reach_from_nil(address).is_some() {
            nil_checked()
        } else {
            trusted()
        }
    }

    /// An address that is used as a pointer from which something far away is reached: panics on nil.
    pub(crate) fn require_non_nil(&mut self, pointer: Value) {
        if self.reach_from_nil(pointer).is_some() {
            let address = self.leaf(pointer, 0);
            self.touch(address, nil_checked());
        }
    }

    // ---- roots ----

    // ---- control flow ----

    fn clif_block(&self, block: Block) -> ir::Block {
        self.blocks[block].expect("every reachable block was made")
    }

    fn block_arguments(&self, target: &Target) -> Vec<ir::BlockArg> {
        target
            .arguments
            .iter()
            .flat_map(|argument| self.get(*argument))
            .map(ir::BlockArg::from)
            .collect()
    }

    fn translate_inst(&mut self, inst: Inst) -> Result<(), CodegenError> {
        let function = self.function;
        match &function.insts[inst].op {
            Op::Jump(target) => {
                let arguments = self.block_arguments(target);
                let block = self.clif_block(target.block);
                self.builder.ins().jump(block, &arguments);
            }
            Op::Branch {
                condition,
                then,
                otherwise,
            } => {
                let condition = self.leaf(*condition, 0);
                let then_arguments = self.block_arguments(then);
                let else_arguments = self.block_arguments(otherwise);
                let (then, otherwise) = (
                    self.clif_block(then.block),
                    self.clif_block(otherwise.block),
                );
                self.builder.ins().brif(
                    condition,
                    then,
                    &then_arguments,
                    otherwise,
                    &else_arguments,
                );
            }
            Op::Switch {
                value,
                cases,
                default,
            } => self.switch(*value, cases, default),
            Op::Return(values) => self.translate_return(values),
            Op::Panic(value) => {
                let arguments = self.get(*value);
                self.call_collecting(RuntimeFunction::panic_value, &arguments, false);
                self.builder
                    .ins()
                    .trap(ir::TrapCode::unwrap_user(abi::trap::UNREACHABLE));
            }
            Op::Unreachable => self.call_panic(RuntimeFunction::unreachable, &[]),
            op => self.translate_op(op)?,
        }
        Ok(())
    }

    fn switch(&mut self, value: Value, cases: &[(i64, Target)], default: &Target) {
        let operand = self.leaf(value, 0);
        let bits = self.builder.func.dfg.value_type(operand).bits();
        let mut switch = Switch::new();
        let mut edges = Vec::new();
        for (constant, target) in cases {
            let block = self.builder.create_block();
            edges.push((block, target));
            switch.set_entry(u128::from(*constant as u64) & ((1 << bits) - 1), block);
        }
        let block = self.builder.create_block();
        edges.push((block, default));
        switch.emit(&mut self.builder, operand, block);
        for (block, target) in edges {
            self.builder.switch_to_block(block);
            let arguments = self.block_arguments(target);
            let target = self.clif_block(target.block);
            self.builder.ins().jump(target, &arguments);
        }
    }

    fn translate_return(&mut self, values: &[Value]) {
        if let Some((pointer, area)) = self.result_pointer.clone() {
            for (value, offset) in values.iter().zip(&area.offsets) {
                let ty = self.type_of(*value);
                let parts = self.get(*value);
                self.store_parts(ty, &parts, trusted(), pointer, *offset as i32);
            }
            self.return_values(&[]);
        } else {
            let leaves: Vec<ClifValue> = values.iter().flat_map(|value| self.get(*value)).collect();
            self.return_values(&leaves);
        }
    }

    // ---- memory of values ----

    /// A fresh temporary in the object frame.
    pub(crate) fn temporary(&mut self, ty: TypeId) -> ClifValue {
        let layout = self.layout(ty);
        let descriptor = self.module.layouts.descriptor(ty);
        let offset = self.frame_slot(layout.size, layout.align, &descriptor);
        self.frame_slot_address(offset)
    }

    /// The address of memory that holds a value and is not on the control stack.
    pub(crate) fn spill(&mut self, value: Value) -> ClifValue {
        let layout = self.layout_of(value);
        if layout.is_memory() {
            return self.leaf(value, 0);
        }
        let ty = self.type_of(value);
        if layout.size == 0 {
            return self.zero_size_address();
        }
        let address = self.temporary(ty);
        let parts = self.get(value);
        self.store_parts(ty, &parts, trusted(), address, 0);
        address
    }

    /// An address for values of size zero.
    pub(crate) fn zero_size_address(&mut self) -> ClifValue {
        let symbol = self.module.data.small_values();
        self.symbol_address(symbol, 0)
    }

    /// The value in memory at an address. The memory may change: memory-class values are copied.
    pub(crate) fn load_value(
        &mut self,
        ty: TypeId,
        flags: ir::MemFlagsData,
        address: ClifValue,
        offset: i32,
    ) -> Vec<ClifValue> {
        let layout = self.layout(ty);
        if layout.is_memory() {
            let temporary = self.temporary(ty);
            let source = self.offset_address(address, i64::from(offset));
            self.copy(temporary, trusted(), source, flags, layout.size);
            return vec![temporary];
        }
        self.load_leaves(layout.leaves(), flags, address, offset)
    }

    pub(crate) fn offset_address(&mut self, address: ClifValue, offset: i64) -> ClifValue {
        if offset == 0 {
            address
        } else {
            self.builder.ins().iadd_imm_s(address, offset)
        }
    }
}

impl Module<'_> {
    /// Whether a site is placed in the object frame.
    pub(crate) fn is_site_on_stack(&self, function: FunctionId, site: Option<SiteId>) -> bool {
        site.is_some_and(|site| self.placements.place(function, site) == Place::Frame)
    }
}
