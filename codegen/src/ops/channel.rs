//! Channels and `select`: the runtime's work, with elements of one word in registers.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F32, F64, I8, I32, I64};
use cranelift_codegen::ir::{self, InstBuilder, Value as ClifValue};
use frontend::ssa::{SelectCase, Value};
use frontend::types::{Type, TypeId};
use gc::layout::{PointerBitmap, TypeDescriptor};
use runtime::abi::{RuntimeFunction, SelectCaseRecord};

use crate::CodegenError;
use crate::emit::trusted;
use crate::function::Translator;

impl Translator<'_, '_> {
    pub(super) fn make_channel(&mut self, size: Option<Value>) {
        let ty = self.type_of(self.result(0));
        let symbol = self.type_address(ty);
        let size = match size {
            Some(size) => self.extended(size),
            None => self.iconst(0),
        };
        let call = self.call_collecting(RuntimeFunction::channel_make, &[symbol, size], false);
        let channel = self.result_of(call);
        self.define(0, &[channel]);
    }

    /// The machine type of elements that are passed as one word.
    fn word_element(&self, ty: TypeId) -> Option<ir::Type> {
        let layout = self.layout(ty);
        match layout.leaves() {
            [leaf] if layout.size == u64::from(leaf.ty.bytes()) => Some(leaf.ty),
            _ => None,
        }
    }

    /// A scalar as a word of its bits.
    pub(crate) fn word_of_bits(&mut self, value: ClifValue) -> ClifValue {
        let flags = ir::MemFlagsData::new();
        match self.builder.func.dfg.value_type(value) {
            F64 => self.builder.ins().bitcast(I64, flags, value),
            F32 => {
                let bits = self.builder.ins().bitcast(I32, flags, value);
                self.builder.ins().uextend(I64, bits)
            }
            _ => self.extend(value, true),
        }
    }

    /// A scalar from a word of its bits.
    pub(crate) fn word_to(&mut self, ty: ir::Type, word: ClifValue) -> ClifValue {
        let flags = ir::MemFlagsData::new();
        match ty {
            F64 => self.builder.ins().bitcast(F64, flags, word),
            F32 => {
                let bits = self.builder.ins().ireduce(I32, word);
                self.builder.ins().bitcast(F32, flags, bits)
            }
            I64 => word,
            _ => self.builder.ins().ireduce(ty, word),
        }
    }

    pub(super) fn send(&mut self, channel: Value, value: Value) {
        let channel_type = self.type_of(channel);
        let object = self.leaf(channel, 0);
        let element = self.type_of(value);
        if self.word_element(element).is_some() {
            let leaf = self.leaf(value, 0);
            let word = self.word_of_bits(leaf);
            let symbol = self.type_address(channel_type);
            self.call_collecting(
                RuntimeFunction::channel_send_word,
                &[symbol, object, word],
                false,
            );
        } else {
            let address = self.spill(value);
            let symbol = self.type_address(channel_type);
            self.call_collecting(
                RuntimeFunction::channel_send,
                &[symbol, object, address],
                false,
            );
        }
    }

    pub(super) fn receive(&mut self, channel: Value, comma_ok: bool) -> Result<(), CodegenError> {
        let channel_type = self.type_of(channel);
        let Type::Channel(_, element) = *self.types().underlying(channel_type) else {
            return Err(self.internal("receiving from no channel"));
        };
        let object = self.leaf(channel, 0);
        let symbol = self.type_address(channel_type);
        let is_open = if let Some(ty) = self.word_element(element) {
            let call = self.call_collecting(
                RuntimeFunction::channel_receive_word,
                &[symbol, object],
                false,
            );
            let word = self.result_of(call);
            let value = self.word_to(ty, word);
            self.define(0, &[value]);
            self.boolean_result(call, 1)
        } else {
            let layout = self.layout(element);
            let address = if layout.size == 0 {
                self.zero_size_address()
            } else {
                self.temporary(element)
            };
            if layout.size > 0 {
                self.clear(address, trusted(), layout.size);
            }
            let call = self.call_collecting(
                RuntimeFunction::channel_receive,
                &[symbol, object, address],
                false,
            );
            let is_open = self.boolean_result(call, 0);
            self.define_from_temporary(0, element, address);
            is_open
        };
        if comma_ok {
            self.define(1, &[is_open]);
        }
        Ok(())
    }

    /// Defines a result by the contents of a temporary of this operation's own.
    pub(crate) fn define_from_temporary(&mut self, index: usize, ty: TypeId, address: ClifValue) {
        let layout = self.layout(ty);
        let parts = if layout.is_memory() {
            vec![address]
        } else {
            self.load_leaves(layout.leaves(), trusted(), address, 0)
        };
        self.define(index, &parts);
    }

    pub(super) fn close(&mut self, channel: Value) {
        let object = self.leaf(channel, 0);
        self.call_collecting(RuntimeFunction::channel_close, &[object], false);
    }

    pub(super) fn select(
        &mut self,
        cases: &[SelectCase],
        has_default: bool,
    ) -> Result<(), CodegenError> {
        let record_bytes = size_of::<SelectCaseRecord>();
        let channel_words = (0..cases.len()).map(|index| index * record_bytes / 8);
        let descriptor = TypeDescriptor::new(
            cases.len() * record_bytes,
            8,
            PointerBitmap::from_pointer_words(channel_words),
        );
        let records = if cases.is_empty() {
            self.zero_size_address()
        } else {
            let offset = self.frame_slot((cases.len() * record_bytes) as u64, 8, &descriptor);
            self.frame_slot_address(offset)
        };
        let mut received = Vec::new();
        for (index, case) in cases.iter().enumerate() {
            let (channel, is_send) = match case {
                SelectCase::Send { channel, .. } => (*channel, true),
                SelectCase::Receive { channel } => (*channel, false),
            };
            let channel_type = self.type_of(channel);
            let Type::Channel(_, element) = *self.types().underlying(channel_type) else {
                return Err(self.internal("selecting on no channel"));
            };
            let address = match case {
                SelectCase::Send { value, .. } => self.spill(*value),
                SelectCase::Receive { .. } => {
                    let size = self.layout(element).size;
                    let address = if size == 0 {
                        self.zero_size_address()
                    } else {
                        self.temporary(element)
                    };
                    if size > 0 {
                        self.clear(address, trusted(), size);
                    }
                    received.push((element, address));
                    address
                }
            };
            let object = self.leaf(channel, 0);
            let symbol = self.type_address(channel_type);
            let direction = self.iconst(i64::from(is_send));
            let base = index * record_bytes;
            let fields = [
                (std::mem::offset_of!(SelectCaseRecord, channel), object),
                (std::mem::offset_of!(SelectCaseRecord, element), address),
                (std::mem::offset_of!(SelectCaseRecord, ty), symbol),
                (std::mem::offset_of!(SelectCaseRecord, is_send), direction),
            ];
            for (offset, word) in fields {
                self.builder
                    .ins()
                    .store(trusted(), word, records, (base + offset) as i32);
            }
        }
        let count = self.iconst(cases.len() as i64);
        let default = self.iconst(i64::from(has_default));
        let call = self.call_collecting(RuntimeFunction::select, &[records, count, default], false);
        let results = self.builder.inst_results(call).to_vec();
        let is_open = self
            .builder
            .ins()
            .icmp_imm_u(IntCC::NotEqual, results[1], 0);
        debug_assert_eq!(self.builder.func.dfg.value_type(is_open), I8);
        self.define(0, &[results[0]]);
        self.define(1, &[is_open]);
        for (index, (element, address)) in received.into_iter().enumerate() {
            self.define_from_temporary(index + 2, element, address);
        }
        Ok(())
    }
}
