//! Slices: headers are three leaves (pointer, length, capacity), checked as gc checks them.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{self, InstBuilder, Value as ClifValue};
use frontend::ssa::{Inst, Op, Value};
use frontend::types::{Type, TypeId};
use runtime::abi::{self, RuntimeFunction, SliceFault};

use crate::emit::trusted;
use crate::function::Translator;
use crate::layout::round_up;
use crate::symbols::Symbol;
use crate::{CodegenError, Place};

/// Largest backing store of `make` that is placed in the object frame.
const MAX_FRAME_BYTES: u64 = 64 << 10;

/// Largest backing store of a `make` of unknown size that is placed in the object frame: it is reserved for each.
const MAX_BUFFER_BYTES: u64 = 64;

impl Translator<'_, '_> {
    pub(super) fn slice(
        &mut self,
        base: Value,
        low: Option<Value>,
        high: Option<Value>,
        max: Option<Value>,
    ) -> Result<(), CodegenError> {
        let types = self.types();
        let (pointer, length, capacity, element_size, is_string, has_capacity) =
            match types.underlying(self.type_of(base)) {
                Type::Slice(element) => {
                    let size = self.layout(*element).size;
                    (
                        self.leaf(base, 0),
                        self.leaf(base, 1),
                        self.leaf(base, 2),
                        size,
                        false,
                        true,
                    )
                }
                Type::Pointer(array) => {
                    let Type::Array(element, length) = types.underlying(*array) else {
                        return Err(self.internal("slicing a pointer to no array"));
                    };
                    self.require_non_nil(base);
                    let length = self.iconst(*length as i64);
                    (
                        self.leaf(base, 0),
                        length,
                        length,
                        self.layout(*element).size,
                        false,
                        false,
                    )
                }
                _ => {
                    let length = self.leaf(base, 1);
                    (self.leaf(base, 0), length, length, 1, true, false)
                }
            };
        let low_value = low.map(|low| self.extended(low));
        let high_value = high.map(|high| self.extended(high));
        let max_value = max.map(|max| self.extended(max));
        let end = high_value.unwrap_or(length);
        if let Some(max) = max_value {
            let fault = if has_capacity {
                SliceFault::MaxCapacity
            } else {
                SliceFault::MaxLength
            };
            self.check_bound(max, capacity, fault);
            self.check_bound(end, max, SliceFault::HighMax);
        } else if high_value.is_some() {
            let fault = if has_capacity {
                SliceFault::HighCapacity
            } else {
                SliceFault::HighLength
            };
            self.check_bound(end, capacity, fault);
        }
        let low_is_zero = low.is_none_or(|low| self.integer_constant(low) == Some(0));
        if let Some(low) = low_value
            && !low_is_zero
        {
            let fault = if max.is_some() {
                SliceFault::LowHighMax
            } else {
                SliceFault::LowHigh
            };
            self.check_bound(low, end, fault);
        }
        let limit = max_value.unwrap_or(capacity);
        let (pointer, new_length, new_capacity) = match low_value {
            Some(low) if !low_is_zero => {
                let new_length = self.builder.ins().isub(end, low);
                let new_capacity = if is_string {
                    new_length
                } else {
                    self.builder.ins().isub(limit, low)
                };
                // An empty rest keeps the old address: none may point one past the end.
                let offset = self.scaled(low, element_size);
                let negated = self.builder.ins().ineg(new_capacity);
                let mask = self.builder.ins().sshr_imm_u(negated, 63);
                let offset = self.builder.ins().band(offset, mask);
                (
                    self.builder.ins().iadd(pointer, offset),
                    new_length,
                    new_capacity,
                )
            }
            _ => (pointer, end, limit),
        };
        if is_string {
            self.define(0, &[pointer, new_length]);
        } else {
            self.define(0, &[pointer, new_length, new_capacity]);
        }
        Ok(())
    }

    fn check_bound(&mut self, bound: ClifValue, limit: ClifValue, fault: SliceFault) {
        let is_outside = self
            .builder
            .ins()
            .icmp(IntCC::UnsignedGreaterThan, bound, limit);
        let cold = self.cold_block();
        let next = self.builder.create_block();
        self.builder.ins().brif(is_outside, cold, &[], next, &[]);
        self.builder.switch_to_block(cold);
        let code = self.iconst(fault as i64);
        self.call_panic(RuntimeFunction::panic_slice, &[code, bound, limit]);
        self.builder.switch_to_block(next);
    }

    pub(super) fn slice_to_array_pointer(&mut self, slice: Value) -> Result<(), CodegenError> {
        let array = self.pointee(self.result(0))?;
        let Type::Array(_, length) = self.types().underlying(array) else {
            return Err(self.internal("a conversion to a pointer to no array"));
        };
        let actual = self.leaf(slice, 1);
        let wanted = self.iconst(*length as i64);
        let is_short = self
            .builder
            .ins()
            .icmp(IntCC::SignedLessThan, actual, wanted);
        self.panic_if(
            is_short,
            RuntimeFunction::panic_slice_convert,
            &[actual, wanted],
        );
        let pointer = self.leaf(slice, 0);
        self.define(0, &[pointer]);
        Ok(())
    }

    pub(super) fn len(&mut self, value: Value) -> Result<(), CodegenError> {
        let length = match self.types().underlying(self.type_of(value)) {
            Type::Map(..) | Type::Channel(..) => self.load_count(value, abi::COUNT_OFFSET),
            Type::Pointer(array) => self.array_length(*array)?,
            _ => self.leaf(value, 1),
        };
        self.define(0, &[length]);
        Ok(())
    }

    pub(super) fn cap(&mut self, value: Value) -> Result<(), CodegenError> {
        let capacity = match self.types().underlying(self.type_of(value)) {
            Type::Channel(..) => self.load_count(value, abi::CHANNEL_CAPACITY_OFFSET),
            Type::Pointer(array) => self.array_length(*array)?,
            _ => self.leaf(value, 2),
        };
        self.define(0, &[capacity]);
        Ok(())
    }

    fn array_length(&mut self, array: TypeId) -> Result<ClifValue, CodegenError> {
        match self.types().underlying(array) {
            Type::Array(_, length) => Ok(self.iconst(*length as i64)),
            _ => Err(self.internal("the length of a pointer to no array")),
        }
    }

    /// A word of a map or channel, 0 of nil.
    fn load_count(&mut self, value: Value, offset: i32) -> ClifValue {
        let object = self.leaf(value, 0);
        let load = self.builder.create_block();
        let done = self.builder.create_block();
        let result = self.builder.append_block_param(done, I64);
        self.builder
            .ins()
            .brif(object, load, &[], done, &[object.into()]);
        self.builder.switch_to_block(load);
        let count = self.builder.ins().load(I64, trusted(), object, offset);
        self.builder.ins().jump(done, &[count.into()]);
        self.builder.switch_to_block(done);
        result
    }

    pub(super) fn make_slice(
        &mut self,
        len: Value,
        cap: Option<Value>,
    ) -> Result<(), CodegenError> {
        let element = self.element_type(self.result(0))?;
        let length = self.extended(len);
        let capacity = cap.map_or(length, |cap| self.extended(cap));
        let size = self.layout(element).size;
        let site = self.function.insts[self.current].site.expand();
        if let Some(count) = self.elements_in_frame(self.current) {
            let bytes = count * size;
            let pointer = if bytes == 0 {
                self.zero_size_address()
            } else {
                let layout = self.layout(element);
                let descriptor = gc::layout::TypeDescriptor::array(
                    &self.module.layouts.descriptor(element),
                    count as usize,
                )
                .ok_or_else(|| self.internal("a slice too large"))?;
                let offset = self.frame_slot(bytes, layout.align, &descriptor);
                self.frame_slot_address(offset)
            };
            if bytes > 0 {
                self.clear(pointer, trusted(), bytes);
            }
            self.define(0, &[pointer, length, capacity]);
            return Ok(());
        }
        let place = site.map(|site| self.module.placements.place(self.id, site));
        let pointer =
            if place == Some(Place::FrameIfSmall) && (1..=MAX_BUFFER_BYTES).contains(&size) {
                self.make_small_slice(element, length, capacity)?
            } else {
                self.make_heap_slice(element, length, capacity, false)
            };
        self.define(0, &[pointer, length, capacity]);
        Ok(())
    }

    /// How many elements a `make` has room for in the object frame, if that is certainly where they are.
    pub(crate) fn elements_in_frame(&self, make: Inst) -> Option<u64> {
        let data = &self.function.insts[make];
        let Op::MakeSlice { len, cap } = data.op else {
            return None;
        };
        let length = self.integer_constant(len)?;
        let capacity = self.integer_constant(cap.unwrap_or(len))?;
        let count = u64::try_from(capacity).ok()?;
        let size = self.layout(self.element_type(data.results[0]).ok()?).size;
        let is_right = (0..=capacity).contains(&length);
        let fits = is_right && count.saturating_mul(size) <= MAX_FRAME_BYTES;
        (fits && self.is_on_stack(data.site.expand())).then_some(count)
    }

    /// The elements of a slice that does not escape: in the object frame if there are few.
    fn make_small_slice(
        &mut self,
        element: TypeId,
        length: ClifValue,
        capacity: ClifValue,
    ) -> Result<ClifValue, CodegenError> {
        let layout = self.layout(element);
        let count = MAX_BUFFER_BYTES / layout.size;
        let descriptor = gc::layout::TypeDescriptor::array(
            &self.module.layouts.descriptor(element),
            count as usize,
        )
        .ok_or_else(|| self.internal("a slice too large"))?;
        let bytes = round_up(count * layout.size, 8);
        let offset = self.frame_slot(bytes, layout.align, &descriptor);
        let small = self.builder.create_block();
        let large = self.builder.create_block();
        let done = self.builder.create_block();
        let pointer = self.builder.append_block_param(done, I64);
        // Bad sizes are the runtime's to complain of.
        let fits =
            self.builder
                .ins()
                .icmp_imm_u(IntCC::UnsignedLessThanOrEqual, capacity, count as i64);
        let is_right = self
            .builder
            .ins()
            .icmp(IntCC::UnsignedLessThanOrEqual, length, capacity);
        let is_small = self.builder.ins().band(fits, is_right);
        self.builder.ins().brif(is_small, small, &[], large, &[]);

        self.builder.switch_to_block(large);
        let made = self.make_heap_slice(element, length, capacity, true);
        self.builder.ins().jump(done, &[made.into()]);

        self.builder.switch_to_block(small);
        let address = self.frame_slot_address(offset);
        self.clear(address, trusted(), bytes);
        self.builder.ins().jump(done, &[address.into()]);

        self.builder.switch_to_block(done);
        Ok(pointer)
    }

    fn make_heap_slice(
        &mut self,
        element: TypeId,
        length: ClifValue,
        capacity: ClifValue,
        is_conditional: bool,
    ) -> ClifValue {
        let symbol = self.type_address(element);
        let call = self.call_collecting(
            RuntimeFunction::make_slice,
            &[symbol, length, capacity],
            is_conditional,
        );
        self.result_of(call)
    }

    /// The address of a run-time type.
    pub(crate) fn type_address(&mut self, ty: TypeId) -> ClifValue {
        let symbol: Symbol = self.module.types.symbol(ty);
        self.symbol_address(symbol, 0)
    }

    /// Makes room for `extra` more elements: (pointer, old length, new length, capacity).
    fn grown(
        &mut self,
        slice: Value,
        extra: ClifValue,
        element: TypeId,
    ) -> Result<(ClifValue, ClifValue, ClifValue, ClifValue), CodegenError> {
        let (pointer, length, capacity) = (
            self.leaf(slice, 0),
            self.leaf(slice, 1),
            self.leaf(slice, 2),
        );
        let new_length = self.builder.ins().iadd(length, extra);
        let fits = self
            .builder
            .ins()
            .icmp(IntCC::UnsignedLessThanOrEqual, new_length, capacity);
        let cold = self.cold_block();
        let done = self.builder.create_block();
        let new_pointer = self.builder.append_block_param(done, I64);
        let new_capacity = self.builder.append_block_param(done, I64);
        self.builder
            .ins()
            .brif(fits, done, &[pointer.into(), capacity.into()], cold, &[]);
        self.builder.switch_to_block(cold);
        self.begin_in_frame(slice, new_length, element, done)?;
        let symbol = self.type_address(element);
        let arguments = [symbol, pointer, length, capacity, new_length];
        let call = self.call_collecting(RuntimeFunction::append_grow, &arguments, true);
        let results = self.builder.inst_results(call).to_vec();
        self.builder
            .ins()
            .jump(done, &[results[0].into(), results[1].into()]);
        self.builder.switch_to_block(done);
        Ok((new_pointer, length, new_length, new_capacity))
    }

    /// Gives a slice that has no elements, and will have few, its room in the object frame, if this `append` has some and was
    /// not here before, and goes to `done` with it; else goes on.
    ///
    /// The room is used once in an activation, so no two slices are in it, and it belongs to no loop. `cap` shows where gc does
    /// the same: for elements that are listed, not for slices that are appended, nor where a variable is changed in place.
    fn begin_in_frame(
        &mut self,
        slice: Value,
        new_length: ClifValue,
        element: TypeId,
        done: ir::Block,
    ) -> Result<(), CodegenError> {
        let data = &self.function.insts[self.current];
        let Op::Append { elements, .. } = &data.op else {
            return Ok(());
        };
        let is_in_place = self
            .function
            .defining_inst(slice)
            .is_some_and(|inst| matches!(self.function.insts[inst].op, Op::Load(_)));
        let place = data
            .site
            .map(|site| self.module.placements.place(self.id, site));
        let layout = self.layout(element);
        let count = abi::BUFFER_BYTES.checked_div(layout.size).unwrap_or(0);
        if is_in_place || place != Some(Place::FrameIfSmall) || elements.len() as u64 > count {
            return Ok(());
        }
        let room = gc::layout::TypeDescriptor::array(
            &self.module.layouts.descriptor(element),
            count as usize,
        )
        .ok_or_else(|| self.internal("a slice too large"))?;
        let bytes = round_up(count * layout.size, 8);
        let offset = self.frame_slot(bytes, layout.align, &room);
        let flag = self.frame_flag() as i32;
        let frame = self.frame_slot_address(0);
        let was_here = self.builder.ins().load(I64, trusted(), frame, flag);
        // It was here, or has had elements before.
        let others = self
            .builder
            .ins()
            .iadd_imm_s(new_length, -(elements.len() as i64));
        let is_not_first = self.builder.ins().bor(was_here, others);
        let (grow, begin) = (self.cold_block(), self.cold_block());
        self.builder.ins().brif(is_not_first, grow, &[], begin, &[]);

        self.builder.switch_to_block(begin);
        let one = self.iconst(1);
        self.builder.ins().store(trusted(), one, frame, flag);
        let address = self.frame_slot_address(offset);
        self.clear(address, trusted(), bytes);
        let capacity = self.iconst(count as i64);
        self.builder
            .ins()
            .jump(done, &[address.into(), capacity.into()]);

        self.builder.switch_to_block(grow);
        Ok(())
    }

    pub(super) fn append(&mut self, slice: Value, elements: &[Value]) -> Result<(), CodegenError> {
        let element = self.element_type(slice)?;
        let size = self.layout(element).size;
        let count = self.iconst(elements.len() as i64);
        let (pointer, length, new_length, capacity) = self.grown(slice, count, element)?;
        let target = self.element_address(pointer, length, size);
        if let [value] = elements {
            let ty = self.type_of(*value);
            self.barrier(ty, trusted(), target);
        } else if !elements.is_empty() {
            let bytes = self.iconst(elements.len() as i64 * size as i64);
            self.range_barrier(element, target, bytes);
        }
        for (index, &value) in elements.iter().enumerate() {
            let parts = self.get(value);
            self.store_parts(
                element,
                &parts,
                trusted(),
                target,
                (index as u64 * size) as i32,
            );
        }
        self.define(0, &[pointer, new_length, capacity]);
        Ok(())
    }

    pub(super) fn append_slice(&mut self, slice: Value, other: Value) -> Result<(), CodegenError> {
        let element = self.element_type(slice)?;
        let size = self.layout(element).size;
        let (source, count) = (self.leaf(other, 0), self.leaf(other, 1));
        let (pointer, length, new_length, capacity) = self.grown(slice, count, element)?;
        let target = self.element_address(pointer, length, size);
        self.move_elements(target, source, count, element);
        self.define(0, &[pointer, new_length, capacity]);
        Ok(())
    }

    /// Moves `count` elements, if there are any.
    fn move_elements(
        &mut self,
        target: ClifValue,
        source: ClifValue,
        count: ClifValue,
        element: TypeId,
    ) {
        let size = self.layout(element).size;
        if size == 0 {
            return;
        }
        let some = self.builder.create_block();
        let done = self.builder.create_block();
        self.builder.ins().brif(count, some, &[], done, &[]);
        self.builder.switch_to_block(some);
        let bytes = self.scaled(count, size);
        self.range_barrier(element, target, bytes);
        self.call_runtime(RuntimeFunction::memory_move, &[target, source, bytes]);
        self.builder.ins().jump(done, &[]);
        self.builder.switch_to_block(done);
    }

    pub(super) fn copy_elements(
        &mut self,
        target: Value,
        source: Value,
    ) -> Result<(), CodegenError> {
        let element = self.element_type(target)?;
        let (to, from) = (self.leaf(target, 0), self.leaf(source, 0));
        let (room, count) = (self.leaf(target, 1), self.leaf(source, 1));
        let count = self.builder.ins().smin(room, count);
        self.move_elements(to, from, count, element);
        self.define(0, &[count]);
        Ok(())
    }

    pub(super) fn clear_slice(&mut self, slice: Value) -> Result<(), CodegenError> {
        let element = self.element_type(slice)?;
        let size = self.layout(element).size;
        let (pointer, length) = (self.leaf(slice, 0), self.leaf(slice, 1));
        let bytes = self.scaled(length, size.max(1));
        if size > 0 {
            self.range_clear_barrier(element, pointer, bytes);
            self.call_runtime(RuntimeFunction::memory_clear, &[pointer, bytes]);
        }
        Ok(())
    }
}
