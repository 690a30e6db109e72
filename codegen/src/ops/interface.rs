//! Interfaces: two leaves (type or itab, data word), boxes, itabs and type assertions.

use std::rc::Rc;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I64};
use cranelift_codegen::ir::{InstBuilder, Value as ClifValue};
use frontend::ssa::{ConstantValue, Value};
use frontend::types::{Basic, Type, TypeId};
use runtime::abi::{self, RuntimeFunction};

use crate::emit::trusted;
use crate::function::Translator;
use crate::symbols::{CodeKey, DataKey, DataObject, SMALL_VALUES, Symbol};
use crate::types_table::is_exported;
use crate::{CodegenError, Module};

impl Module<'_> {
    /// Whether the data word of an interface that holds this type is the value itself.
    pub(crate) fn is_pointer_shaped(&self, ty: TypeId) -> bool {
        match self.program.typed.types.underlying(ty) {
            Type::Pointer(_) | Type::Map(..) | Type::Channel(..) | Type::Function(_) => true,
            Type::Basic(basic) => *basic == Basic::UnsafePointer,
            _ => false,
        }
    }

    /// The method table of a concrete type for an interface type with methods.
    ///
    /// There is one for all interface types with the same methods, so that values of one can become
    /// values of another, and equal itabs mean equal types.
    fn itab(&self, concrete: TypeId, interface: TypeId) -> Result<Symbol, CodegenError> {
        let internal = |what| CodegenError::internal("a method table", what);
        let types = &self.program.typed.types;
        let interface = types.underlying_id(interface);
        let names = &self.program.typed.ast.names;
        let Type::Interface(methods) = types.underlying(interface) else {
            return Err(internal("it is of no interface".to_owned()));
        };
        let mut references = vec![
            (0, self.types.symbol(interface)),
            (8, self.types.symbol(concrete)),
        ];
        let table = self.program.method_tables.get(&concrete);
        for (index, method) in methods.iter().enumerate() {
            let name = names.text(method.name);
            let entry = table.into_iter().flatten().find(|entry| {
                entry.name == method.name && (is_exported(name) || entry.package == method.package)
            });
            let Some(entry) = entry else {
                return Err(internal(format!("no method {name}")));
            };
            let code = self.code.symbol(CodeKey::Function(entry.function));
            references.push((abi::ITAB_METHODS as u32 + 8 * index as u32, code));
        }
        let size = abi::ITAB_METHODS as usize + 8 * methods.len();
        Ok(self
            .data
            .symbol(DataKey::Itab(concrete, interface), || DataObject {
                bytes: vec![0; size],
                align: 8,
                references,
            }))
    }
}

impl Translator<'_, '_> {
    pub(crate) fn is_empty_interface(&self, ty: TypeId) -> bool {
        matches!(self.types().underlying(ty), Type::Interface(methods) if methods.is_empty())
    }

    /// The first word of interface values of type `interface` that hold `concrete`.
    fn type_word(
        &mut self,
        concrete: TypeId,
        interface: TypeId,
    ) -> Result<ClifValue, CodegenError> {
        let symbol = if self.is_empty_interface(interface) {
            self.module.types.symbol(concrete)
        } else {
            self.module.itab(concrete, interface)?
        };
        Ok(self.symbol_address(symbol, 0))
    }

    pub(super) fn make_interface(&mut self, value: Value) -> Result<(), CodegenError> {
        let (concrete, interface) = (self.type_of(value), self.type_of(self.result(0)));
        if self.types().is_interface(concrete) {
            return Err(self.internal("an interface made of an interface"));
        }
        let data = self.data_word(value, concrete)?;
        let word = self.type_word(concrete, interface)?;
        self.define(0, &[word, data]);
        Ok(())
    }

    fn data_word(&mut self, value: Value, ty: TypeId) -> Result<ClifValue, CodegenError> {
        if self.module.is_pointer_shaped(ty) {
            return Ok(self.leaf(value, 0));
        }
        let layout = self.layout(ty);
        if layout.size == 0 {
            return Ok(self.zero_size_address());
        }
        if let Some(symbol) = self.constant_box(value, ty) {
            return Ok(self.symbol_address(symbol, 0));
        }
        if layout.size == 1 && matches!(layout.leaves(), [leaf] if leaf.ty == I8) {
            let leaf = self.leaf(value, 0);
            let index = self.builder.ins().uextend(I64, leaf);
            let offset = self.builder.ins().ishl_imm_u(index, 3);
            let table = self.zero_size_address();
            return Ok(self.builder.ins().iadd(table, offset));
        }
        let site = self.function.insts[self.current].site.expand();
        let is_on_stack = self.is_on_stack(site);
        if let [leaf] = layout.leaves()
            && leaf.ty.is_int()
            && !leaf.is_pointer
            && !is_on_stack
        {
            let leaf = self.leaf(value, 0);
            return self.number_box(leaf, ty);
        }
        let address = if is_on_stack {
            self.temporary(ty)
        } else {
            self.allocate(ty, !layout.is_memory())?
        };
        let parts = self.get(value);
        self.store_parts(ty, &parts, trusted(), address, 0);
        Ok(address)
    }

    /// The box of an integer: that of a small one exists.
    fn number_box(&mut self, number: ClifValue, ty: TypeId) -> Result<ClifValue, CodegenError> {
        let wide = self.extend(number, true);
        let small = self.builder.create_block();
        let large = self.builder.create_block();
        let done = self.builder.create_block();
        let address = self.builder.append_block_param(done, I64);
        let is_small =
            self.builder
                .ins()
                .icmp_imm_u(IntCC::UnsignedLessThan, wide, SMALL_VALUES as i64);
        self.builder.ins().brif(is_small, small, &[], large, &[]);

        self.builder.switch_to_block(small);
        let offset = self.builder.ins().ishl_imm_u(wide, 3);
        let table = self.zero_size_address();
        let existing = self.builder.ins().iadd(table, offset);
        self.builder.ins().jump(done, &[existing.into()]);

        self.builder.switch_to_block(large);
        let made = self.allocate(ty, true)?;
        self.store_parts(ty, &[number], trusted(), made, 0);
        self.builder.ins().jump(done, &[made.into()]);

        self.builder.switch_to_block(done);
        Ok(address)
    }

    /// The box of a constant: data, made once.
    fn constant_box(&mut self, value: Value, ty: TypeId) -> Option<Symbol> {
        let constant = self.constant_of(value)?;
        let size = self.layout(ty).size as usize;
        let basic = self.types().as_basic(ty)?;
        let word = match constant {
            ConstantValue::Bool(value) => u64::from(*value),
            ConstantValue::Integer(value) if !basic.is_float() => *value as u64,
            ConstantValue::Integer(value) => float_bits(basic, *value as f64),
            ConstantValue::Float(value) => float_bits(basic, *value),
            ConstantValue::Zero => 0,
            ConstantValue::String(text) => {
                let mut bytes = vec![0; 16];
                bytes[8..].copy_from_slice(&text.len().to_le_bytes());
                let text_symbol = self.module.data.text(text);
                let key = DataKey::Boxed(bytes.clone(), Some(Rc::clone(text)));
                return Some(self.module.data.symbol(key, || DataObject {
                    bytes,
                    align: 8,
                    references: vec![(0, text_symbol)],
                }));
            }
        };
        let mut bytes = word.to_le_bytes().to_vec();
        bytes.resize(size.max(8), 0);
        bytes.truncate(size);
        Some(
            self.module
                .data
                .symbol(DataKey::Boxed(bytes.clone(), None), || DataObject {
                    bytes,
                    align: 8,
                    references: Vec::new(),
                }),
        )
    }

    pub(super) fn change_interface(&mut self, value: Value) {
        let (from, to) = (self.type_of(value), self.type_of(self.result(0)));
        let (word, data) = (self.leaf(value, 0), self.leaf(value, 1));
        if self.types().underlying_id(from) == self.types().underlying_id(to) {
            self.define(0, &[word, data]);
            return;
        }
        let concrete = self.dynamic_type(from, word);
        let word = if self.is_empty_interface(to) {
            concrete
        } else {
            self.find_itab(to, concrete)
        };
        self.define(0, &[word, data]);
    }

    /// The itab of a dynamic type for an interface type; 0 for nil and if a method is missing.
    fn find_itab(&mut self, interface: TypeId, concrete: ClifValue) -> ClifValue {
        let find = self.builder.create_block();
        let done = self.builder.create_block();
        let result = self.builder.append_block_param(done, I64);
        self.builder
            .ins()
            .brif(concrete, find, &[], done, &[concrete.into()]);
        self.builder.switch_to_block(find);
        // As for the itabs made here: one for all interface types with the same methods.
        let symbol = self.type_address(self.types().underlying_id(interface));
        let call = self.call_runtime(RuntimeFunction::find_itab, &[symbol, concrete]);
        let itab = self.result_of(call);
        self.builder.ins().jump(done, &[itab.into()]);
        self.builder.switch_to_block(done);
        result
    }

    pub(super) fn type_assert(&mut self, value: Value, ty: TypeId, comma_ok: bool) {
        let from = self.type_of(value);
        let (word, data) = (self.leaf(value, 0), self.leaf(value, 1));
        let concrete = self.dynamic_type(from, word);
        if self.types().is_interface(ty) {
            let first = if self.is_empty_interface(ty) {
                concrete
            } else {
                self.find_itab(ty, concrete)
            };
            let is_match = self.builder.ins().icmp_imm_u(IntCC::NotEqual, first, 0);
            if comma_ok {
                let zero = self.iconst(0);
                let data = self.builder.ins().select(is_match, data, zero);
                self.define(0, &[first, data]);
                self.define(1, &[is_match]);
            } else {
                self.panic_unless_match(is_match, from, ty, concrete);
                self.define(0, &[first, data]);
            }
            return;
        }
        let wanted = self.type_address(ty);
        let is_match = self.builder.ins().icmp(IntCC::Equal, concrete, wanted);
        if !comma_ok {
            self.panic_unless_match(is_match, from, ty, concrete);
            let parts = self.unboxed(ty, data);
            self.define(0, &parts);
            return;
        }
        let layout = self.layout(ty);
        if layout.is_memory() {
            let address = self.temporary(ty);
            let (matches, fails, done) = (
                self.builder.create_block(),
                self.builder.create_block(),
                self.builder.create_block(),
            );
            self.builder.ins().brif(is_match, matches, &[], fails, &[]);
            self.builder.switch_to_block(matches);
            self.copy(address, trusted(), data, trusted(), layout.size);
            self.builder.ins().jump(done, &[]);
            self.builder.switch_to_block(fails);
            self.clear(address, trusted(), layout.size);
            self.builder.ins().jump(done, &[]);
            self.builder.switch_to_block(done);
            self.define(0, &[address]);
        } else if self.module.is_pointer_shaped(ty) {
            let zero = self.iconst(0);
            let pointer = self.builder.ins().select(is_match, data, zero);
            self.define(0, &[pointer]);
        } else if layout.leaves().is_empty() {
            self.define(0, &[]);
        } else {
            let (matches, done) = (self.builder.create_block(), self.builder.create_block());
            let parts: Vec<ClifValue> = layout
                .leaves()
                .iter()
                .map(|leaf| self.builder.append_block_param(done, leaf.ty))
                .collect();
            let zeros: Vec<_> = layout
                .leaves()
                .iter()
                .map(|leaf| self.zero(leaf.ty).into())
                .collect();
            self.builder
                .ins()
                .brif(is_match, matches, &[], done, &zeros);
            self.builder.switch_to_block(matches);
            let loaded = self.load_leaves(layout.leaves(), trusted(), data, 0);
            let loaded: Vec<_> = loaded.into_iter().map(Into::into).collect();
            self.builder.ins().jump(done, &loaded);
            self.builder.switch_to_block(done);
            self.define(0, &parts);
        }
        self.define(1, &[is_match]);
    }

    /// The value in an interface's data word, once its type is known.
    fn unboxed(&mut self, ty: TypeId, data: ClifValue) -> Vec<ClifValue> {
        if self.module.is_pointer_shaped(ty) {
            return vec![data];
        }
        let layout = self.layout(ty);
        if layout.is_memory() {
            // Nothing keeps the box alive for as long as the value: take a copy.
            return self.load_value(ty, trusted(), data, 0);
        }
        // Boxes never change, but the room of one in the frame is used again in the next round of a
        // loop: not `readonly`.
        self.load_leaves(layout.leaves(), trusted(), data, 0)
    }

    fn panic_unless_match(
        &mut self,
        is_match: ClifValue,
        from: TypeId,
        ty: TypeId,
        concrete: ClifValue,
    ) {
        let cold = self.cold_block();
        let next = self.builder.create_block();
        self.builder.ins().brif(is_match, next, &[], cold, &[]);
        self.builder.switch_to_block(cold);
        let (from, wanted) = (self.type_address(from), self.type_address(ty));
        let unused = self.iconst(0);
        self.call_panic(
            RuntimeFunction::panic_type_assertion,
            &[from, wanted, concrete, unused],
        );
        self.builder.switch_to_block(next);
    }
}

fn float_bits(basic: Basic, value: f64) -> u64 {
    if basic == Basic::Float32 {
        u64::from((value as f32).to_bits())
    } else {
        value.to_bits()
    }
}
