//! Stores of Go values: every store of a pointer to memory that may be in the heap goes through
//! [`Translator::store_pointer`], so that there is one place for a write barrier. None is needed while
//! the world stands still during marking.

use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value};
use frontend::types::TypeId;

use crate::function::Translator;

impl Translator<'_, '_> {
    /// Stores a pointer.
    pub(crate) fn store_pointer(
        &mut self,
        flags: MemFlagsData,
        value: Value,
        address: Value,
        offset: i32,
    ) {
        self.builder.ins().store(flags, value, address, offset);
    }

    /// Stores a value of any class.
    pub(crate) fn store_parts(
        &mut self,
        ty: TypeId,
        parts: &[Value],
        flags: MemFlagsData,
        address: Value,
        offset: i32,
    ) {
        let layout = self.layout(ty);
        if layout.is_memory() {
            let target = self.offset_address(address, i64::from(offset));
            self.copy(target, flags, parts[0], crate::emit::trusted(), layout.size);
            return;
        }
        for (leaf, &part) in layout.leaves().iter().zip(parts) {
            let offset = offset + leaf.offset as i32;
            if leaf.is_pointer {
                self.store_pointer(flags, part, address, offset);
            } else {
                self.builder.ins().store(flags, part, address, offset);
            }
        }
    }
}
