//! The operations of SSA, a file for each family.

mod aggregate;
mod arith;
mod call;
mod channel;
mod compare;
mod interface;
mod map;
mod memory;
mod numeric;
mod print;
mod slice;
mod string;

use frontend::ssa::{ConvertKind, Op};

use crate::CodegenError;
use crate::function::Translator;

impl Translator<'_, '_> {
    /// Translates an operation that does not end its block.
    pub(crate) fn translate_op(&mut self, op: &Op) -> Result<(), CodegenError> {
        match op {
            Op::Constant(constant) => self.constant(constant),
            Op::Unary(op, value) => self.unary(*op, *value),
            Op::Binary(op, left, right) => self.binary(*op, *left, *right)?,
            Op::Min(values) => self.extremum(values, true),
            Op::Max(values) => self.extremum(values, false),
            Op::Convert(kind, value) => match kind {
                ConvertKind::Retype => {
                    let parts = self.get(*value);
                    self.define(0, &parts);
                }
                ConvertKind::Numeric => self.convert_number(*value)?,
                ConvertKind::SliceToArrayPointer => self.slice_to_array_pointer(*value)?,
                _ => self.convert_string(*kind, *value),
            },

            Op::Aggregate(values) => self.aggregate(values),
            Op::Field(value, field) => self.field(*value, *field)?,
            Op::Element(value, index) => self.element(*value, *index)?,

            Op::GlobalAddress(global) => self.global_address(*global),
            Op::Alloc(ty) => self.alloc(*ty)?,
            Op::Load(address) => self.load(*address)?,
            Op::Store { address, value } => self.store(*address, *value),
            Op::Move { target, source } => self.move_value(*target, *source)?,
            Op::Clear(address) => self.clear_value(*address)?,
            Op::NilCheck(pointer) => self.nil_check(*pointer),
            Op::FieldAddress(base, field) => self.field_address(*base, *field)?,
            Op::IndexAddress {
                base,
                index,
                in_bounds,
            } => self.index_address(*base, *index, *in_bounds)?,

            Op::StringIndex {
                string,
                index,
                in_bounds,
            } => self.string_index(*string, *index, *in_bounds),
            Op::StringConcat(values) => self.string_concat(values),
            Op::DecodeRune(string, index) => self.decode_rune(*string, *index),

            Op::Slice {
                base,
                low,
                high,
                max,
            } => self.slice(*base, *low, *high, *max)?,
            Op::Len(value) => self.len(*value)?,
            Op::Cap(value) => self.cap(*value)?,
            Op::MakeSlice { len, cap } => self.make_slice(*len, *cap)?,
            Op::Append { slice, elements } => self.append(*slice, elements)?,
            Op::AppendSlice { slice, other } => self.append_slice(*slice, *other)?,
            Op::Copy { target, source } => self.copy_elements(*target, *source)?,
            Op::ClearSlice(slice) => self.clear_slice(*slice)?,

            Op::MakeMap { hint } => self.make_map(*hint),
            Op::MapFind { map, key } => self.map_find(*map, *key)?,
            Op::MapAssign { map, key } => self.map_assign(*map, *key)?,
            Op::MapDelete { map, key } => self.map_delete(*map, *key),
            Op::MapClear(map) => self.map_clear(*map),
            Op::MapIterateStart { map, iterator } => self.map_iterate_start(*map, *iterator),
            Op::MapIterateNext { map_type, iterator } => {
                self.map_iterate_next(*map_type, *iterator);
            }

            Op::MakeChannel { size } => self.make_channel(*size),
            Op::Send { channel, value } => self.send(*channel, *value),
            Op::Receive { channel, comma_ok } => self.receive(*channel, *comma_ok)?,
            Op::Close(channel) => self.close(*channel),
            Op::Select { cases, has_default } => self.select(cases, *has_default)?,

            Op::MakeInterface(value) => self.make_interface(*value)?,
            Op::ChangeInterface(value) => self.change_interface(*value),
            Op::TypeAssert {
                value,
                ty,
                comma_ok,
            } => self.type_assert(*value, *ty, *comma_ok),

            Op::FunctionValue(function) => self.function_value(*function),
            Op::Capture(index) => self.capture(*index)?,
            Op::MakeClosure { function, captures } => self.make_closure(*function, captures)?,
            Op::Call { callee, arguments } => self.call(callee, arguments)?,
            Op::Go(closure) => self.go(*closure),
            Op::Defer(closure) => self.defer(*closure),
            Op::RunDefers => self.run_defers(),
            Op::Recover => self.recover(),
            Op::Print { values, is_line } => self.print(values, *is_line)?,

            Op::Jump(_)
            | Op::Branch { .. }
            | Op::Switch { .. }
            | Op::Return(_)
            | Op::Panic(_)
            | Op::Unreachable => {
                return Err(self.internal("a terminator among other operations"));
            }
        }
        Ok(())
    }
}
