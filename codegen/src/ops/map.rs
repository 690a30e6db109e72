//! Maps: all work is the runtime's, but that small ones may have room in the object frame. Keys of one plain word and strings are passed in registers, all
//! others through memory.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I32, I64};
use cranelift_codegen::ir::{InstBuilder, Value as ClifValue};
use frontend::ssa::{Op, Value};
use frontend::types::{Type, TypeId};
use gc::layout::TypeDescriptor;
use runtime::abi::RuntimeFunction;
use runtime::map::layout::{MAX_ENTRIES_IN_ROOM, room_descriptor};

use crate::CodegenError;
use crate::function::Translator;
use crate::types_table::is_plain_memory;

/// Largest map that has room in the object frame.
const MAX_ROOM_BYTES: usize = 1024;

/// How a key is passed.
enum Key {
    Word(ClifValue),
    String(ClifValue, ClifValue),
    Address(ClifValue),
}

impl Translator<'_, '_> {
    pub(super) fn make_map(&mut self, hint: Option<Value>) {
        let ty = self.type_of(self.result(0));
        let symbol = self.type_address(ty);
        if let Some(room) = self.room_of_map(ty, hint) {
            let offset = self.frame_slot(room.size_bytes() as u64, 8, &room);
            let map = self.frame_slot_address(offset);
            self.call_runtime(RuntimeFunction::map_make_in, &[symbol, map]);
            self.define(0, &[map]);
            return;
        }
        let hint = match hint {
            Some(hint) => self.extended(hint),
            None => self.iconst(0),
        };
        let call = self.call_collecting(RuntimeFunction::map_make, &[symbol, hint], false);
        let map = self.result_of(call);
        self.define(0, &[map]);
    }

    /// The room that the map made by the current instruction needs in the frame, if it is placed there and begins small.
    fn room_of_map(&mut self, ty: TypeId, hint: Option<Value>) -> Option<TypeDescriptor> {
        let entries = hint.map_or(Some(0), |hint| self.integer_constant(hint))?;
        let site = self.function.insts[self.current].site.expand();
        if !self.is_on_stack(site) || !(0..=MAX_ENTRIES_IN_ROOM as i64).contains(&entries) {
            return None;
        }
        let Type::Map(key, element) = *self.types().underlying(ty) else {
            return None;
        };
        let (key, element) = (
            self.module.layouts.descriptor(key),
            self.module.layouts.descriptor(element),
        );
        // Huge types may not be multiplied.
        if key.size_bytes().max(element.size_bytes()) > MAX_ROOM_BYTES {
            return None;
        }
        let room = room_descriptor(&key, &element);
        (room.size_bytes() <= MAX_ROOM_BYTES).then_some(room)
    }

    fn key(&mut self, map: Value, key: Value) -> Result<Key, CodegenError> {
        let Type::Map(ty, _) = *self.types().underlying(self.type_of(map)) else {
            return Err(self.internal("a map operation on no map"));
        };
        let layout = self.layout(ty);
        if self
            .types()
            .as_basic(ty)
            .is_some_and(frontend::types::Basic::is_string)
        {
            return Ok(Key::String(self.leaf(key, 0), self.leaf(key, 1)));
        }
        if let [leaf] = layout.leaves()
            && (leaf.ty == I32 || leaf.ty == I64)
            && is_plain_memory(self.module, ty)
        {
            let word = self.leaf(key, 0);
            return Ok(Key::Word(self.extend(word, true)));
        }
        Ok(Key::Address(self.spill(key)))
    }

    pub(super) fn map_find(&mut self, map: Value, key: Value) -> Result<(), CodegenError> {
        let key = self.key(map, key)?;
        let ty = self.type_of(map);
        let symbol = self.type_address(ty);
        let map = self.leaf(map, 0);
        let call = match key {
            Key::Word(word) => {
                self.call_runtime(RuntimeFunction::map_find_word, &[symbol, map, word])
            }
            Key::String(pointer, length) => self.call_runtime(
                RuntimeFunction::map_find_string,
                &[symbol, map, pointer, length],
            ),
            Key::Address(address) => {
                self.call_runtime(RuntimeFunction::map_find, &[symbol, map, address])
            }
        };
        let entry = self.result_of(call);
        let is_found = self.boolean_result(call, 1);
        self.define(0, &[entry]);
        self.define(1, &[is_found]);
        Ok(())
    }

    pub(super) fn map_assign(&mut self, map: Value, key: Value) -> Result<(), CodegenError> {
        let key = self.key(map, key)?;
        let ty = self.type_of(map);
        let object = self.leaf(map, 0);
        // A literal of many entries must not become as many blocks.
        if !self.is_fresh_map(map) {
            let is_nil = self.builder.ins().icmp_imm_u(IntCC::Equal, object, 0);
            self.panic_if(is_nil, RuntimeFunction::panic_nil_map, &[]);
        }
        let symbol = self.type_address(ty);
        let call = match key {
            Key::Word(word) => self.call_collecting(
                RuntimeFunction::map_assign_word,
                &[symbol, object, word],
                false,
            ),
            Key::String(pointer, length) => self.call_collecting(
                RuntimeFunction::map_assign_string,
                &[symbol, object, pointer, length],
                false,
            ),
            Key::Address(address) => self.call_collecting(
                RuntimeFunction::map_assign,
                &[symbol, object, address],
                false,
            ),
        };
        let entry = self.result_of(call);
        self.define(0, &[entry]);
        Ok(())
    }

    /// Whether a map was made by this function, and so is not nil.
    fn is_fresh_map(&self, map: Value) -> bool {
        self.function
            .defining_inst(map)
            .is_some_and(|inst| matches!(self.function.insts[inst].op, Op::MakeMap { .. }))
    }

    pub(super) fn map_delete(&mut self, map: Value, key: Value) {
        let address = self.spill(key);
        let ty = self.type_of(map);
        let symbol = self.type_address(ty);
        let map = self.leaf(map, 0);
        self.call_runtime(RuntimeFunction::map_delete, &[symbol, map, address]);
    }

    pub(super) fn map_clear(&mut self, map: Value) {
        let ty = self.type_of(map);
        let symbol = self.type_address(ty);
        let map = self.leaf(map, 0);
        self.call_runtime(RuntimeFunction::map_clear, &[symbol, map]);
    }

    pub(super) fn map_iterate_start(&mut self, map: Value, iterator: Value) {
        let ty = self.type_of(map);
        let symbol = self.type_address(ty);
        let (map, iterator) = (self.leaf(map, 0), self.leaf(iterator, 0));
        self.call_runtime(RuntimeFunction::map_iterate_start, &[symbol, map, iterator]);
    }

    pub(super) fn map_iterate_next(&mut self, map_type: TypeId, iterator: Value) {
        let symbol = self.type_address(map_type);
        let iterator = self.leaf(iterator, 0);
        let call = self.call_runtime(RuntimeFunction::map_iterate_next, &[symbol, iterator]);
        let results = self.builder.inst_results(call).to_vec();
        let has_next = self
            .builder
            .ins()
            .icmp_imm_u(IntCC::NotEqual, results[0], 0);
        self.define(0, &[has_next]);
        self.define(1, &[results[0]]);
        self.define(2, &[results[1]]);
    }
}
