//! Variables, loads, stores, addresses and nil checks.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{InstBuilder, Value as ClifValue};
use frontend::ssa::{GlobalId, Op, Value};
use frontend::types::{Type, TypeId};
use runtime::abi::{self, RuntimeFunction};

use crate::CodegenError;
use crate::emit::{TRAPPING_BYTES, trusted};
use crate::function::Translator;
use crate::symbols::Symbol;

/// How many instructions after a nil check are searched for an access that traps by itself.
const NIL_CHECK_WINDOW: usize = 16;

impl Translator<'_, '_> {
    pub(super) fn global_address(&mut self, global: GlobalId) {
        let layout = self.layout(self.module.program.globals[global].ty);
        let offset = self
            .module
            .globals
            .offset(global, layout.size, layout.align);
        let address = self.symbol_address(Symbol::Globals, offset as i64);
        self.define(0, &[address]);
    }

    pub(super) fn alloc(&mut self, ty: TypeId) -> Result<(), CodegenError> {
        let inst = self.current;
        let site = self.function.insts[inst].site.expand();
        let is_initialized = self.is_initialized_at_once(self.result(0));
        let recovery_offset = self.module.recovery_offset(self.id, inst);
        let address = if self.is_on_stack(site) {
            let layout = self.layout(ty);
            let address = match (self.recovery_room, recovery_offset) {
                (Some(room), Some(offset)) => self.offset_address(room, offset as i64),
                _ => self.temporary(ty),
            };
            if !is_initialized {
                self.clear(address, trusted(), layout.size);
            }
            address
        } else {
            let address = self.allocate(ty, is_initialized)?;
            if let (Some(room), Some(offset)) = (self.recovery_room, recovery_offset) {
                self.builder
                    .ins()
                    .store(trusted(), address, room, offset as i32);
            }
            address
        };
        self.define(0, &[address]);
        Ok(())
    }

    /// Whether all of the object that is made now is stored right after that, before anything can look at it.
    fn is_initialized_at_once(&self, address: Value) -> bool {
        for &next in self.following_insts().iter().take(NIL_CHECK_WINDOW) {
            match &self.function.insts[next].op {
                Op::Store {
                    address: target, ..
                } if *target == address => return true,
                Op::Constant(_)
                | Op::GlobalAddress(_)
                | Op::Field(..)
                | Op::Element(..)
                | Op::Capture(_) => {}
                _ => return false,
            }
        }
        false
    }

    pub(super) fn load(&mut self, address: Value) -> Result<(), CodegenError> {
        let ty = self.pointee(address)?;
        let flags = self.access_flags(address);
        let pointer = self.leaf(address, 0);
        if self.layout(ty).size == 0 {
            self.require_non_nil(address);
        }
        let parts = self.load_value(ty, flags, pointer, 0);
        self.define(0, &parts);
        Ok(())
    }

    pub(super) fn store(&mut self, address: Value, value: Value) {
        let ty = self.type_of(value);
        let flags = self.access_flags(address);
        let pointer = self.leaf(address, 0);
        let parts = self.get(value);
        if self.layout(ty).size == 0 {
            self.require_non_nil(address);
        }
        if self.needs_barrier(address) {
            if self.may_be_young(value) {
                self.barrier(ty, flags, pointer);
            } else {
                self.clear_barrier(ty, flags, pointer);
            }
        }
        self.store_parts(ty, &parts, flags, pointer, 0);
    }

    pub(super) fn move_value(&mut self, target: Value, source: Value) -> Result<(), CodegenError> {
        let ty = self.pointee(target)?;
        let layout = self.layout(ty);
        let (to, from) = (self.leaf(target, 0), self.leaf(source, 0));
        let (to_flags, from_flags) = (self.access_flags(target), self.access_flags(source));
        if layout.size == 0 {
            self.require_non_nil(source);
            self.require_non_nil(target);
        }
        if self.needs_barrier(target) {
            // What faults first says which of the two is nil.
            self.touch(from, from_flags);
            self.barrier(ty, to_flags, to);
        }
        if layout.is_memory() {
            // The arrays of two slices may overlap.
            self.move_memory(to, to_flags, from, from_flags, layout.size);
        } else {
            let parts = self.load_leaves(layout.leaves(), from_flags, from, 0);
            self.store_parts(ty, &parts, to_flags, to, 0);
        }
        Ok(())
    }

    pub(super) fn clear_value(&mut self, address: Value) -> Result<(), CodegenError> {
        let ty = self.pointee(address)?;
        let flags = self.access_flags(address);
        let pointer = self.leaf(address, 0);
        let size = self.layout(ty).size;
        if size == 0 {
            self.require_non_nil(address);
        }
        if self.needs_barrier(address) {
            self.clear_barrier(ty, flags, pointer);
        }
        self.clear(pointer, flags, size);
        Ok(())
    }

    pub(super) fn nil_check(&mut self, pointer: Value) {
        if !self.traps_soon(pointer) {
            self.require_non_nil(pointer);
        }
    }

    /// Whether an access through the pointer follows in this block before anything can be observed.
    fn traps_soon(&self, pointer: Value) -> bool {
        let mut derived = vec![pointer];
        for &next in self.following_insts().iter().take(NIL_CHECK_WINDOW) {
            let data = &self.function.insts[next];
            match &data.op {
                Op::FieldAddress(base, _) if derived.contains(base) => {
                    derived.push(data.results[0]);
                }
                Op::Load(address) | Op::Store { address, .. } => {
                    return derived.contains(address) && self.is_trapping_access(*address);
                }
                Op::Constant(_)
                | Op::GlobalAddress(_)
                | Op::FieldAddress(..)
                | Op::Field(..)
                | Op::Element(..)
                | Op::Capture(_)
                | Op::FunctionValue(_)
                | Op::Unary(..)
                | Op::Aggregate(_) => {}
                Op::Binary(..) if data.op.is_removable() => {}
                _ => return false,
            }
        }
        false
    }

    /// Whether a load or store at an address faults if the pointer it comes from is nil.
    fn is_trapping_access(&self, address: Value) -> bool {
        let Ok(ty) = self.pointee(address) else {
            return false;
        };
        let size = self.layout(ty).size;
        self.reach_from_nil(address)
            .is_some_and(|reach| size > 0 && reach + size <= TRAPPING_BYTES)
    }

    pub(super) fn field_address(&mut self, base: Value, field: u32) -> Result<(), CodegenError> {
        let offset = self.layout(self.pointee(base)?).field_offsets[field as usize];
        if let Some(reach) = self.reach_from_nil(base)
            && reach + offset >= TRAPPING_BYTES
        {
            self.require_non_nil(base);
        }
        let address = self.leaf(base, 0);
        let address = self.offset_address(address, offset as i64);
        self.define(0, &[address]);
        Ok(())
    }

    pub(super) fn index_address(
        &mut self,
        base: Value,
        index: Value,
        is_in_bounds: bool,
    ) -> Result<(), CodegenError> {
        let element = self.element_type(base)?;
        let size = self.layout(element).size;
        let pointer = self.leaf(base, 0);
        let length = match self.types().underlying(self.type_of(base)) {
            Type::Pointer(array) => {
                // What lies far from nil does not trap by itself.
                if self.layout(*array).size >= TRAPPING_BYTES {
                    self.require_non_nil(base);
                }
                let Type::Array(_, length) = self.types().underlying(*array) else {
                    return Err(self.internal("indexing a pointer to no array"));
                };
                self.iconst(*length as i64)
            }
            _ => self.leaf(base, 1),
        };
        if let Some(constant) = self.integer_constant(index)
            && constant >= 0
            && is_in_bounds
        {
            let address = self.offset_address(pointer, constant.wrapping_mul(size as i64));
            self.define(0, &[address]);
            return Ok(());
        }
        let index = self.checked_index(index, length, is_in_bounds);
        let address = self.element_address(pointer, index, size);
        self.define(0, &[address]);
        Ok(())
    }

    /// An index as 64 bits, after its bounds check.
    pub(super) fn checked_index(
        &mut self,
        index: Value,
        length: ClifValue,
        is_in_bounds: bool,
    ) -> ClifValue {
        let is_unsigned = self.is_unsigned(self.type_of(index));
        let index = self.extended(index);
        if !is_in_bounds {
            let is_outside =
                self.builder
                    .ins()
                    .icmp(IntCC::UnsignedGreaterThanOrEqual, index, length);
            let panic = if is_unsigned {
                RuntimeFunction::panic_index_unsigned
            } else {
                RuntimeFunction::panic_index
            };
            let cold = self.cold_block();
            let next = self.builder.create_block();
            self.builder.ins().brif(is_outside, cold, &[], next, &[]);
            self.builder.switch_to_block(cold);
            let goroutine = self.builder.ins().get_pinned_reg(I64);
            for (word, value) in [index, length].into_iter().enumerate() {
                let offset = abi::RESULTS + 8 * word as i32;
                self.builder
                    .ins()
                    .store(trusted(), value, goroutine, offset);
            }
            self.call_panic(panic, &[]);
            self.builder.switch_to_block(next);
        }
        index
    }

    /// `pointer + index * size`
    pub(crate) fn element_address(
        &mut self,
        pointer: ClifValue,
        index: ClifValue,
        size: u64,
    ) -> ClifValue {
        let offset = self.scaled(index, size);
        self.builder.ins().iadd(pointer, offset)
    }

    /// `count * size`
    pub(crate) fn scaled(&mut self, count: ClifValue, size: u64) -> ClifValue {
        if size.is_power_of_two() {
            let shift = i64::from(size.trailing_zeros());
            if shift == 0 {
                count
            } else {
                self.builder.ins().ishl_imm_u(count, shift)
            }
        } else {
            self.builder.ins().imul_imm_u(count, size as i64)
        }
    }
}
