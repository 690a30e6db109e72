//! Strings: two leaves (pointer, length).

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I32, I64};
use cranelift_codegen::ir::{InstBuilder, Value as ClifValue};
use frontend::ssa::{ConvertKind, Value};
use runtime::abi::{ARGUMENT_WORDS, BUFFER_BYTES, BUFFER_RUNES, RuntimeFunction};

use crate::emit::trusted;
use crate::function::Translator;

impl Translator<'_, '_> {
    pub(super) fn string_index(&mut self, string: Value, index: Value, is_in_bounds: bool) {
        let length = self.leaf(string, 1);
        let pointer = self.leaf(string, 0);
        let index = self.checked_index(index, length, is_in_bounds);
        let address = self.builder.ins().iadd(pointer, index);
        let byte = self.builder.ins().load(I8, trusted(), address, 0);
        self.define(0, &[byte]);
    }

    pub(super) fn string_concat(&mut self, values: &[Value]) {
        if let [left, right] = values {
            let mut arguments = self.get(*left);
            arguments.extend(self.get(*right));
            arguments.push(self.buffer(BUFFER_BYTES));
            let call = self.call_collecting(RuntimeFunction::string_concat_two, &arguments, false);
            let parts = self.builder.inst_results(call).to_vec();
            self.define(0, &parts);
            return;
        }
        let most = ARGUMENT_WORDS / 2;
        let mut rest = values;
        let mut so_far: Option<Vec<ClifValue>> = None;
        while !rest.is_empty() {
            let count = rest.len().min(most - usize::from(so_far.is_some()));
            let (now, later) = rest.split_at(count);
            rest = later;
            let mut words = so_far.take().unwrap_or_default();
            words.extend(now.iter().flat_map(|value| self.get(*value)));
            let pairs = self.iconst((words.len() / 2) as i64);
            self.pass_arguments(&words);
            // What is not the last part of a long one is made in the heap, where the rest is put behind it.
            let buffer = if rest.is_empty() {
                self.buffer(BUFFER_BYTES)
            } else {
                self.iconst(0)
            };
            let arguments = [pairs, buffer];
            let call = self.call_collecting(RuntimeFunction::string_concat, &arguments, false);
            so_far = Some(self.builder.inst_results(call).to_vec());
        }
        let parts = so_far.unwrap_or_default();
        self.define(0, &parts);
    }

    pub(super) fn decode_rune(&mut self, string: Value, index: Value) {
        let (pointer, length) = (self.leaf(string, 0), self.leaf(string, 1));
        let index = self.extended(index);
        let address = self.builder.ins().iadd(pointer, index);
        let byte = self.builder.ins().load(I8, trusted(), address, 0);
        let ascii = self.builder.ins().uextend(I32, byte);
        let one = self.iconst(1);
        let is_ascii = self
            .builder
            .ins()
            .icmp_imm_s(IntCC::SignedGreaterThanOrEqual, byte, 0);
        let long = self.builder.create_block();
        let done = self.builder.create_block();
        let rune = self.builder.append_block_param(done, I32);
        let width = self.builder.append_block_param(done, I64);
        self.builder
            .ins()
            .brif(is_ascii, done, &[ascii.into(), one.into()], long, &[]);
        self.builder.switch_to_block(long);
        let call = self.call_runtime(RuntimeFunction::decode_rune, &[pointer, length, index]);
        let results = self.builder.inst_results(call).to_vec();
        let decoded = self.builder.ins().ireduce(I32, results[0]);
        self.builder
            .ins()
            .jump(done, &[decoded.into(), results[1].into()]);
        self.builder.switch_to_block(done);
        self.define(0, &[rune]);
        self.define(1, &[width]);
    }

    pub(super) fn convert_string(&mut self, kind: ConvertKind, value: Value) {
        let (function, mut arguments) = match kind {
            ConvertKind::IntegerToString => (
                RuntimeFunction::integer_to_string,
                vec![self.extended(value)],
            ),
            ConvertKind::BytesToString => (
                RuntimeFunction::bytes_to_string,
                self.get(value)[..2].to_vec(),
            ),
            ConvertKind::RunesToString => (
                RuntimeFunction::runes_to_string,
                self.get(value)[..2].to_vec(),
            ),
            ConvertKind::StringToBytes => (RuntimeFunction::string_to_bytes, self.get(value)),
            _ => (RuntimeFunction::string_to_runes, self.get(value)),
        };
        let size = match kind {
            ConvertKind::StringToRunes => 4 * BUFFER_RUNES,
            _ => BUFFER_BYTES,
        };
        arguments.push(self.buffer(size));
        let call = self.call_collecting(function, &arguments, false);
        let results = self.builder.inst_results(call).to_vec();
        let is_constant = self.constant_of(value).is_some();
        let parts = match kind {
            // gc makes what is converted from a constant as large as the text.
            ConvertKind::StringToBytes if is_constant => {
                vec![results[0], arguments[1], arguments[1]]
            }
            ConvertKind::StringToBytes => vec![results[0], arguments[1], results[1]],
            ConvertKind::StringToRunes => {
                let length = self.builder.ins().band_imm_u(results[1], (1 << 48) - 1);
                let more = self.builder.ins().ushr_imm_u(results[1], 48);
                let capacity = if is_constant {
                    length
                } else {
                    self.builder.ins().iadd(length, more)
                };
                vec![results[0], length, capacity]
            }
            _ => results,
        };
        self.define(0, &parts);
    }
}
