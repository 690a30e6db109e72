//! Heap allocation in line.
//!
//! The sequence is that of the header of `gc::layout`: take the lowest free bit of the layout's cell,
//! else call the runtime in a cold block, which is the only safepoint of it. The words of a fresh
//! slot are not zero; they are written before anything else happens.

use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{InstBuilder, Value as ClifValue};
use frontend::types::TypeId;
use gc::layout::{
    CACHE_CELLS_OFFSET, CELL_BASE_OFFSET, CELL_FREE_OFFSET, CELL_SIZE_BYTES, TypeDescriptor,
};
use runtime::abi::{self, RuntimeFunction};

use crate::CodegenError;
use crate::emit::trusted;
use crate::function::Translator;
use crate::layout::round_up;
use crate::symbols::Symbol;

/// Objects that need more bytes zeroed than this are made by the runtime: a call is then a small
/// part of the price.
const MAX_INLINE_OBJECT_BYTES: usize = 256;

impl Translator<'_, '_> {
    /// A zeroed heap object. `is_initialized`: the caller stores all of it at once, before any
    /// safepoint.
    pub(crate) fn allocate(
        &mut self,
        ty: TypeId,
        is_initialized: bool,
    ) -> Result<ClifValue, CodegenError> {
        let descriptor = self.module.layouts.descriptor(ty);
        let symbol = self.module.types.symbol(ty);
        self.allocate_layout(&descriptor, symbol, is_initialized)
    }

    /// A zeroed heap object with a layout that need not be that of a Go type.
    pub(crate) fn allocate_layout(
        &mut self,
        descriptor: &TypeDescriptor,
        symbol: Symbol,
        is_initialized: bool,
    ) -> Result<ClifValue, CodegenError> {
        let size = descriptor.size_bytes();
        if size == 0 {
            return Ok(self.zero_size_address());
        }
        let (id, slot_bytes, zeroed_bytes) = {
            let mut table = self.module.heap_layouts.borrow_mut();
            let id = table
                .register_object(descriptor)
                .map_err(|error| CodegenError::TooLarge(error.to_string()))?;
            let layout = table.get(id);
            (id, layout.slot_size_bytes(), layout.zeroed_size_bytes(size))
        };
        if !id.has_cell() || zeroed_bytes > MAX_INLINE_OBJECT_BYTES {
            let ty = self.symbol_address(symbol, 0);
            let call = self.call_collecting(RuntimeFunction::allocate, &[ty], true);
            return Ok(self.result_of(call));
        }
        let cell = (CACHE_CELLS_OFFSET + CELL_SIZE_BYTES * id.index()) as i32;
        let block = self.block();
        let cache = self.builder.ins().load(I64, trusted(), block, abi::CACHE);
        let free = self
            .builder
            .ins()
            .load(I64, trusted(), cache, cell + CELL_FREE_OFFSET as i32);
        let fast = self.builder.create_block();
        let slow = self.cold_block();
        let done = self.builder.create_block();
        let object = self.builder.append_block_param(done, I64);
        self.builder.ins().brif(free, fast, &[], slow, &[]);

        self.builder.switch_to_block(slow);
        let ty = self.symbol_address(symbol, 0);
        let call = self.call_collecting(RuntimeFunction::allocate, &[ty], true);
        let made = self.result_of(call);
        self.builder.ins().jump(done, &[made.into()]);

        self.builder.switch_to_block(fast);
        let less = self.builder.ins().iadd_imm_s(free, -1);
        let rest = self.builder.ins().band(free, less);
        self.builder
            .ins()
            .store(trusted(), rest, cache, cell + CELL_FREE_OFFSET as i32);
        let base = self
            .builder
            .ins()
            .load(I64, trusted(), cache, cell + CELL_BASE_OFFSET as i32);
        let index = self.builder.ins().ctz(free);
        let slot = self.element_address(base, index, slot_bytes as u64);
        let first_zeroed = if is_initialized {
            round_up(size as u64, 8)
        } else {
            0
        };
        let zero = self.iconst(0);
        let mut offset = first_zeroed;
        while offset < round_up(zeroed_bytes as u64, 8) {
            self.builder
                .ins()
                .store(trusted(), zero, slot, offset as i32);
            offset += 8;
        }
        // A value whose bytes do not fill its last word leaves that word's rest undefined, which no
        // one reads: pointers are whole words.
        self.builder.ins().jump(done, &[slot.into()]);

        self.builder.switch_to_block(done);
        Ok(object)
    }
}
