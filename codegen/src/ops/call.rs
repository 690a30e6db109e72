//! Calls, closures, goroutines, defer and recover.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{InstBuilder, Value as ClifValue};
use frontend::ssa::{Callee, FunctionId, FunctionKind, Value};
use frontend::types::TypeId;
use gc::layout::{PointerBitmap, TypeDescriptor};
use runtime::abi::{self, RuntimeFunction};

use crate::abi::function_abi;
use crate::emit::{immutable, nil_checked, trusted};
use crate::function::Translator;
use crate::layout::round_up;
use crate::symbols::{CodeKey, DataKey, DataObject};
use crate::{CodegenError, Module};

impl Module<'_> {
    /// Whether a function takes the closure object as its first parameter.
    pub(crate) fn takes_context(&self, id: FunctionId) -> bool {
        let function = &self.program.functions[id];
        !function.captures.is_empty()
            || matches!(function.kind, FunctionKind::Closure | FunctionKind::Thunk)
    }

    /// Offsets of the captures in a closure object, and its layout.
    pub(crate) fn closure_layout(&self, id: FunctionId) -> (Vec<u64>, TypeDescriptor) {
        let (mut size, mut pointers, mut offsets) = (8, Vec::new(), Vec::new());
        for capture in &self.program.functions[id].captures {
            let layout = self.layouts.get(capture.ty);
            let offset = round_up(size, layout.align);
            size = offset + layout.size;
            offsets.push(offset);
            let words = self.layouts.descriptor(capture.ty);
            pointers.extend(words.pointer_words().map(|word| offset as usize / 8 + word));
        }
        let size = round_up(size, 8) as usize;
        (
            offsets,
            TypeDescriptor::new(size, 8, PointerBitmap::from_pointer_words(pointers)),
        )
    }
}

impl Translator<'_, '_> {
    pub(super) fn call(
        &mut self,
        callee: &Callee,
        arguments: &[Value],
    ) -> Result<(), CodegenError> {
        let results: Vec<TypeId> = self.function.insts[self.current]
            .results
            .iter()
            .map(|value| self.type_of(*value))
            .collect();
        if let Callee::Function(id) = callee
            && let Some(intrinsic) = self.module.intrinsic(*id)
        {
            return self.intrinsic(intrinsic, arguments);
        }
        let mut words: Vec<ClifValue> = match callee {
            Callee::Function(id) if self.module.takes_context(*id) => vec![self.iconst(0)],
            Callee::Function(_) => Vec::new(),
            Callee::Closure(closure) => vec![self.leaf(*closure, 0)],
            Callee::Interface { receiver, .. } => vec![self.leaf(*receiver, 1)],
        };
        let leading = words.len();
        let parameters: Vec<TypeId> = arguments
            .iter()
            .map(|argument| self.type_of(*argument))
            .collect();
        words.extend(arguments.iter().flat_map(|argument| self.get(*argument)));
        let abi = function_abi(&self.module.layouts, leading, &parameters, &results);
        let area = abi.result_area.clone().map(|area| {
            let mut pointers = Vec::new();
            for (ty, offset) in results.iter().zip(&area.offsets) {
                let words = self.module.layouts.descriptor(*ty);
                pointers.extend(
                    words
                        .pointer_words()
                        .map(|word| *offset as usize / 8 + word),
                );
            }
            let descriptor = TypeDescriptor::new(
                area.size as usize,
                8,
                PointerBitmap::from_pointer_words(pointers),
            );
            let slot = self.frame_slot(area.size, 8, &descriptor);
            let address = self.frame_slot_address(slot);
            words.push(address);
            (address, area)
        });
        let call = match callee {
            Callee::Function(id) => {
                let symbol = self.module.code.symbol(CodeKey::Function(*id));
                let function = self.function(symbol, &abi.signature);
                self.safepoint(false, &[], |this| this.builder.ins().call(function, &words))
            }
            Callee::Closure(_) => {
                let code = self.builder.ins().load(I64, nil_checked(), words[0], 0);
                let signature = self.builder.import_signature(abi.signature);
                self.safepoint(false, &[], |this| {
                    this.builder.ins().call_indirect(signature, code, &words)
                })
            }
            Callee::Interface { receiver, method } => {
                let itab = self.leaf(*receiver, 0);
                let offset = abi::ITAB_METHODS + 8 * *method as i32;
                let code = self.builder.ins().load(I64, nil_checked(), itab, offset);
                let signature = self.builder.import_signature(abi.signature);
                self.safepoint(false, &[], |this| {
                    this.builder.ins().call_indirect(signature, code, &words)
                })
            }
        };
        if let Some((address, area)) = area {
            for (index, (ty, offset)) in results.iter().zip(&area.offsets).enumerate() {
                let address = self.offset_address(address, *offset as i64);
                self.define_from_temporary(index, *ty, address);
            }
        } else {
            let values = self.builder.inst_results(call).to_vec();
            let mut rest = values.as_slice();
            for (index, ty) in results.iter().enumerate() {
                let (mine, others) = rest.split_at(self.layout(*ty).leaves().len());
                rest = others;
                self.define(index, mine);
            }
        }
        Ok(())
    }

    pub(super) fn function_value(&mut self, function: FunctionId) {
        let address = self.static_closure(function);
        self.define(0, &[address]);
    }

    /// The closure object of a function without captures: data, made once.
    fn static_closure(&mut self, function: FunctionId) -> ClifValue {
        let key = if self.module.takes_context(function) {
            CodeKey::Function(function)
        } else {
            CodeKey::Shim(function)
        };
        let code = self.module.code.symbol(key);
        let symbol = self
            .module
            .data
            .symbol(DataKey::StaticClosure(function), || DataObject {
                bytes: vec![0; 8],
                align: 8,
                references: vec![(0, code)],
            });
        self.symbol_address(symbol, 0)
    }

    pub(super) fn make_closure(
        &mut self,
        function: FunctionId,
        captures: &[Value],
    ) -> Result<(), CodegenError> {
        if captures.is_empty() {
            self.function_value(function);
            return Ok(());
        }
        let (offsets, descriptor) = self.module.closure_layout(function);
        let site = self.function.insts[self.current].site.expand();
        let address = if self.is_on_stack(site) {
            let slot = self.frame_slot(descriptor.size_bytes() as u64, 8, &descriptor);
            self.frame_slot_address(slot)
        } else {
            let symbol = self.module.types.layout_symbol(&descriptor);
            self.allocate_layout(&descriptor, symbol, true)?
        };
        let symbol = self.module.code.symbol(CodeKey::Function(function));
        let code = self.symbol_address(symbol, 0);
        self.builder.ins().store(trusted(), code, address, 0);
        for (&capture, offset) in captures.iter().zip(offsets) {
            let parts = self.get(capture);
            let ty = self.type_of(capture);
            self.store_parts(ty, &parts, trusted(), address, offset as i32);
        }
        self.define(0, &[address]);
        Ok(())
    }

    pub(super) fn capture(&mut self, index: u32) -> Result<(), CodegenError> {
        let Some(context) = self.context else {
            return Err(self.internal("a capture without closure"));
        };
        let ty = self.function.captures[index as usize].ty;
        let offset = self.module.closure_layout(self.id).0[index as usize];
        let layout = self.layout(ty);
        let parts = if layout.is_memory() {
            self.load_value(ty, trusted(), context, offset as i32)
        } else {
            self.load_leaves(layout.leaves(), immutable(), context, offset as i32)
        };
        self.define(0, &parts);
        Ok(())
    }

    pub(super) fn go(&mut self, closure: Value) {
        let closure = self.leaf(closure, 0);
        let unused = self.iconst(0);
        self.call_collecting(RuntimeFunction::go_start, &[closure, unused], false);
    }

    pub(super) fn defer(&mut self, closure: Value) {
        let closure = self.leaf(closure, 0);
        self.call_runtime(RuntimeFunction::defer_push, &[closure]);
    }

    /// Pops and calls until none is left.
    pub(super) fn run_defers(&mut self) {
        let (header, body, done) = (
            self.builder.create_block(),
            self.builder.create_block(),
            self.builder.create_block(),
        );
        self.builder.ins().jump(header, &[]);
        self.builder.switch_to_block(header);
        let by_body = self.iconst(0);
        let call = self.call_runtime(RuntimeFunction::defer_pop, &[by_body]);
        let closure = self.result_of(call);
        let is_none = self.builder.ins().icmp_imm_u(IntCC::Equal, closure, 0);
        self.builder.ins().brif(is_none, done, &[], body, &[]);
        self.builder.switch_to_block(body);
        let code = self.builder.ins().load(I64, trusted(), closure, 0);
        let signature = self.thunk_signature();
        self.safepoint(true, &[closure], |this| {
            this.builder
                .ins()
                .call_indirect(signature, code, &[closure])
        });
        self.builder.ins().jump(header, &[]);
        self.builder.switch_to_block(done);
    }

    pub(super) fn recover(&mut self) {
        let call = self.call_runtime(RuntimeFunction::recover, &[]);
        let parts = self.builder.inst_results(call).to_vec();
        self.define(0, &parts);
    }
}
