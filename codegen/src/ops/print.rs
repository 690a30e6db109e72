//! The builtins `print` and `println`.

use std::rc::Rc;

use cranelift_codegen::ir::Value as ClifValue;
use cranelift_codegen::ir::types::F64;
use frontend::ssa::Value;
use frontend::types::Type;
use runtime::abi::RuntimeFunction;

use crate::CodegenError;
use crate::function::Translator;

impl Translator<'_, '_> {
    pub(super) fn print(&mut self, values: &[Value], is_line: bool) -> Result<(), CodegenError> {
        for (index, &value) in values.iter().enumerate() {
            if is_line && index > 0 {
                self.print_text(b" ");
            }
            self.print_value(value)?;
        }
        if is_line {
            self.print_text(b"\n");
        }
        self.call_runtime(RuntimeFunction::print_flush, &[]);
        Ok(())
    }

    fn print_text(&mut self, text: &[u8]) {
        let symbol = self.module.data.text(&Rc::from(text));
        let arguments = [
            self.symbol_address(symbol, 0),
            self.iconst(text.len() as i64),
        ];
        self.call_runtime(RuntimeFunction::print_string, &arguments);
    }

    fn print_value(&mut self, value: Value) -> Result<(), CodegenError> {
        let parts = self.get(value);
        let (function, arguments): (RuntimeFunction, Vec<ClifValue>) =
            match self.types().underlying(self.type_of(value)) {
                Type::Basic(basic) if basic.is_string() => (RuntimeFunction::print_string, parts),
                Type::Basic(basic) if basic.is_boolean() => (
                    RuntimeFunction::print_bool,
                    vec![self.extend(parts[0], true)],
                ),
                // A float32 has a shorter shortest form than the float64 of its value.
                Type::Basic(basic) if basic.is_float() => {
                    let is_wide = self.builder.func.dfg.value_type(parts[0]) == F64;
                    let function = if is_wide {
                        RuntimeFunction::print_float
                    } else {
                        RuntimeFunction::print_float32
                    };
                    (function, vec![self.word_of_bits(parts[0])])
                }
                Type::Basic(basic) if basic.is_unsigned() => (
                    RuntimeFunction::print_uint,
                    vec![self.extend(parts[0], true)],
                ),
                Type::Basic(basic) if basic.is_integer() => (
                    RuntimeFunction::print_int,
                    vec![self.extend(parts[0], false)],
                ),
                Type::Slice(_) => (RuntimeFunction::print_slice, parts),
                Type::Interface(_) => (RuntimeFunction::print_interface, parts),
                Type::Basic(_)
                | Type::Pointer(_)
                | Type::Map(..)
                | Type::Channel(..)
                | Type::Function(_) => (RuntimeFunction::print_pointer, vec![parts[0]]),
                _ => return Err(self.internal("printing a value that cannot be printed")),
            };
        self.call_runtime(function, &arguments);
        Ok(())
    }
}
