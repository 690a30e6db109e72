//! Struct and array values.

use cranelift_codegen::ir::Value as ClifValue;
use frontend::ssa::Value;
use frontend::types::{Type, TypeId};

use crate::CodegenError;
use crate::emit::trusted;
use crate::function::Translator;

impl Translator<'_, '_> {
    pub(super) fn aggregate(&mut self, values: &[Value]) {
        let ty = self.type_of(self.result(0));
        let layout = self.layout(ty);
        if !layout.is_memory() {
            let leaves: Vec<ClifValue> = values.iter().flat_map(|value| self.get(*value)).collect();
            self.define(0, &leaves);
            return;
        }
        let address = self.temporary(ty);
        // Bytes between the parts count in comparisons of memory.
        self.clear(address, trusted(), layout.size);
        for (index, &value) in values.iter().enumerate() {
            let part = self.type_of(value);
            let offset = match layout.field_offsets.get(index) {
                Some(offset) => *offset,
                None => index as u64 * self.layout(part).size,
            };
            let parts = self.get(value);
            self.store_parts(part, &parts, trusted(), address, offset as i32);
        }
        self.define(0, &[address]);
    }

    pub(super) fn field(&mut self, value: Value, field: u32) -> Result<(), CodegenError> {
        let ty = self.type_of(value);
        let Type::Struct(fields) = self.types().underlying(ty) else {
            return Err(self.internal("a field of no struct"));
        };
        let before = fields[..field as usize]
            .iter()
            .map(|field| self.layout(field.ty).leaves().len())
            .sum();
        let offset = self.layout(ty).field_offsets[field as usize];
        self.part(value, fields[field as usize].ty, before, offset);
        Ok(())
    }

    pub(super) fn element(&mut self, value: Value, index: u64) -> Result<(), CodegenError> {
        let Type::Array(element, _) = self.types().underlying(self.type_of(value)) else {
            return Err(self.internal("an element of no array"));
        };
        let layout = self.layout(*element);
        self.part(
            value,
            *element,
            index as usize * layout.leaves().len(),
            index * layout.size,
        );
        Ok(())
    }

    /// Defines a part of a value by the leaves before it or by its offset.
    fn part(&mut self, whole: Value, ty: TypeId, leaves_before: usize, offset: u64) {
        let layout = self.layout(ty);
        let parts = if !self.layout_of(whole).is_memory() {
            self.get(whole)[leaves_before..leaves_before + layout.leaves().len()].to_vec()
        } else if layout.is_memory() {
            // Temporaries do not change: a part of one is one.
            let address = self.leaf(whole, 0);
            vec![self.offset_address(address, offset as i64)]
        } else {
            let address = self.leaf(whole, 0);
            // Its slot is reused in the next round of a loop: the loads must stay where they are.
            self.load_leaves(layout.leaves(), trusted(), address, offset as i32)
        };
        self.define(0, &parts);
    }
}
