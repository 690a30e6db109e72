//! Code that is not an SSA function: wrappers of functions with `defer`, shims, stubs of natives.
//!
//! A function with `defer` is two. Its *body* takes one more parameter, first: the address of a room
//! in the wrapper's object frame where its result variables live (or, if they escape, the pointers to
//! them). The *wrapper* has the function's own signature and calls the body with `try_call`. When
//! the body ends by itself the wrapper passes its results on. When a recovered panic unwinds to the
//! wrapper, its landing pad drops what the dead frames had on the object stack, runs the deferred
//! calls that are left, and returns what the result variables hold:
//!
//! ```text
//!   wrapper:  room = zeroed; results = try body(room, parameters...)  -> return results
//!   pad:      restore the object stack; try run_deferred()            -> return *room
//!             (a deferred call may panic and a later one recover: the same pad again)
//! ```
//!
//! `run_deferred` is one function for the whole program. It stands where a body would: the saved
//! frame pointer of its frame is the wrapper's, by which `defer_pop` knows the activation.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{
    self, BlockArg, ExceptionTableData, ExceptionTableItem, InstBuilder, Signature, StackSlotData,
    StackSlotKind, UserStackMapEntry, Value as ClifValue,
};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::FunctionBuilder;
use frontend::ssa::{FunctionId, Inst, Op};
use frontend::types::TypeId;
use gc::layout::{PointerBitmap, TypeDescriptor};
use runtime::abi::{ARGUMENT_WORDS, RuntimeFunction};

use crate::abi::{FunctionAbi, are_in_registers, function_abi};
use crate::emit::{Emitter, nil_checked, trusted};
use crate::layout::round_up;
use crate::symbols::{CodeKey, Symbol};
use crate::{CodegenError, Module};

/// A result variable as the wrapper sees it.
struct RecoveredResult {
    inst: Inst,
    ty: TypeId,
    offset: u64,
    /// The room holds a pointer to it.
    is_on_heap: bool,
}

impl Module<'_> {
    /// How a piece of code is called.
    pub(crate) fn abi_of(&self, key: CodeKey) -> FunctionAbi {
        let (id, extra) = match key {
            CodeKey::RunDeferred => {
                return FunctionAbi {
                    signature: Signature::new(CallConv::Tail),
                    result_area: None,
                };
            }
            CodeKey::Function(id) => (id, usize::from(self.takes_context(id))),
            CodeKey::Body(id) => (id, 1 + usize::from(self.takes_context(id))),
            CodeKey::Shim(id) => (id, 1),
        };
        let function = &self.program.functions[id];
        function_abi(
            &self.layouts,
            extra,
            &function.parameters,
            &function.results,
        )
    }

    fn recovered_results(&self, id: FunctionId) -> Vec<RecoveredResult> {
        let function = &self.program.functions[id];
        let mut size = 0;
        let mut results = Vec::new();
        for &inst in &function.recover_results {
            let Op::Alloc(ty) = function.insts[inst].op else {
                continue;
            };
            let is_on_heap = !self.is_site_on_stack(id, function.insts[inst].site.expand());
            let layout = self.layouts.get(ty);
            let (bytes, align) = if is_on_heap {
                (8, 8)
            } else {
                (layout.size, layout.align)
            };
            let offset = round_up(size, align);
            size = offset + bytes;
            results.push(RecoveredResult {
                inst,
                ty,
                offset,
                is_on_heap,
            });
        }
        results
    }

    /// Where in the wrapper's room a result variable is, if the instruction makes one.
    pub(crate) fn recovery_offset(&self, id: FunctionId, inst: Inst) -> Option<u64> {
        if !self.program.functions[id].recover_results.contains(&inst) {
            return None;
        }
        self.recovered_results(id)
            .into_iter()
            .find(|result| result.inst == inst)
            .map(|result| result.offset)
    }
}

/// The wrapper of a function with `defer`.
pub(crate) fn emit_wrapper(
    module: &Module,
    builder: FunctionBuilder,
    id: FunctionId,
) -> Result<(), CodegenError> {
    let mut emitter = Emitter::new(module, builder);
    let function = &module.program.functions[id];
    let results = module.recovered_results(id);
    if results.len() != function.results.len() {
        let what = "defer without result variables";
        return Err(CodegenError::internal(&function.name, what));
    }
    let mut pointers = Vec::new();
    let mut size = 8;
    for result in &results {
        let first = result.offset as usize / 8;
        if result.is_on_heap {
            pointers.push(first);
            size = size.max(result.offset + 8);
        } else {
            pointers.extend(
                module
                    .layouts
                    .descriptor(result.ty)
                    .pointer_words()
                    .map(|word| first + word),
            );
            size = size.max(result.offset + module.layouts.size(result.ty));
        }
    }
    let size = round_up(size, 8);
    let descriptor = TypeDescriptor::new(
        size as usize,
        8,
        PointerBitmap::from_pointer_words(pointers),
    );
    let slot = emitter.frame_slot(size, 8, &descriptor);
    let room = emitter.frame_slot_address(slot);
    emitter.clear(room, trusted(), size);

    let abi = module.abi_of(CodeKey::Function(id));
    let body_abi = module.abi_of(CodeKey::Body(id));
    let symbol = module.code.symbol(CodeKey::Body(id));
    let body = emitter.function(symbol, &body_abi.signature);
    let parameters = emitter.parameters.clone();
    let mut arguments = vec![room];
    arguments.extend_from_slice(&parameters);
    let pad = emitter.builder.create_block();
    let returned: Vec<ir::Type> = body_abi
        .signature
        .returns
        .iter()
        .map(|result| result.value_type)
        .collect();
    let pointer_parameters = pointer_parameters(module, id, &parameters);

    let normal = emit_try_call(
        &mut emitter,
        body,
        &arguments,
        &returned,
        pad,
        &pointer_parameters,
    );
    emitter.builder.switch_to_block(normal);
    let values = emitter.builder.block_params(normal).to_vec();
    emitter.return_values(&values);

    emitter.builder.switch_to_block(pad);
    emitter.restore_frame();
    let symbol = module.code.symbol(CodeKey::RunDeferred);
    let rest = emitter.function(symbol, &Signature::new(CallConv::Tail));
    let recovered = emit_try_call(&mut emitter, rest, &[], &[], pad, &[]);
    emitter.builder.switch_to_block(recovered);
    let room = emitter.frame_slot_address(slot);
    return_recovered(&mut emitter, &results, room, &abi, &parameters);
    emitter.finish();
    Ok(())
}

/// What may point into the heap of what the body is given and does not list itself: the closure, and parameters that are not in
/// registers, since the body may yield before it has them anywhere else.
fn pointer_parameters(module: &Module, id: FunctionId, parameters: &[ClifValue]) -> Vec<ClifValue> {
    let mut pointers = Vec::new();
    let mut index = 0;
    if module.takes_context(id) {
        pointers.push(parameters[0]);
        index = 1;
    }
    // With them go the room for result variables, the closure and the place of the results.
    let types = &module.program.functions[id].parameters;
    if are_in_registers(&module.layouts, 3, types) {
        return pointers;
    }
    for &ty in types {
        let layout = module.layouts.get(ty);
        if layout.is_memory() {
            index += 1;
        }
        for leaf in layout.leaves() {
            if leaf.is_pointer {
                pointers.push(parameters[index]);
            }
            index += 1;
        }
    }
    pointers
}

/// Calls with a landing pad. Returns the block of the normal return, whose parameters are the results.
fn emit_try_call(
    emitter: &mut Emitter,
    callee: ir::FuncRef,
    arguments: &[ClifValue],
    returned: &[ir::Type],
    pad: ir::Block,
    roots: &[ClifValue],
) -> ir::Block {
    let mut slots = Vec::new();
    for &root in roots {
        let slot = emitter.builder.create_sized_stack_slot(StackSlotData::new(
            StackSlotKind::ExplicitSlot,
            8,
            3,
        ));
        let address = emitter.builder.ins().stack_addr(I64, slot, 0);
        emitter.builder.ins().store(trusted(), root, address, 0);
        slots.push(slot);
    }
    let normal = emitter.builder.create_block();
    for ty in returned {
        emitter.builder.append_block_param(normal, *ty);
    }
    let signature = emitter.builder.func.dfg.ext_funcs[callee].signature;
    let results: Vec<BlockArg> = (0..returned.len() as u32)
        .map(BlockArg::TryCallRet)
        .collect();
    let normal_call = emitter.builder.func.dfg.block_call(normal, &results);
    let pad_call = emitter.builder.func.dfg.block_call(pad, &[]);
    let table = ExceptionTableData::new(
        signature,
        normal_call,
        [ExceptionTableItem::Default(pad_call)],
    );
    let table = emitter.builder.func.dfg.exception_tables.push(table);
    let call = emitter.builder.ins().try_call(callee, arguments, table);
    for slot in slots {
        let entry = UserStackMapEntry {
            ty: I64,
            slot,
            offset: 0,
        };
        emitter
            .builder
            .func
            .dfg
            .append_user_stack_map_entry(call, entry);
    }
    normal
}

/// Returns what the result variables hold.
fn return_recovered(
    emitter: &mut Emitter,
    results: &[RecoveredResult],
    room: ClifValue,
    abi: &FunctionAbi,
    parameters: &[ClifValue],
) {
    let mut values = Vec::new();
    for (index, result) in results.iter().enumerate() {
        let layout = emitter.module.layouts.get(result.ty);
        let (address, offset, flags) = if result.is_on_heap {
            (
                emitter
                    .builder
                    .ins()
                    .load(I64, trusted(), room, result.offset as i32),
                0,
                nil_checked(),
            )
        } else {
            (room, result.offset as i32, trusted())
        };
        match &abi.result_area {
            Some(area) => {
                let pointer = parameters[parameters.len() - 1];
                let target = emitter
                    .builder
                    .ins()
                    .iadd_imm_s(pointer, area.offsets[index] as i64);
                let source = emitter.builder.ins().iadd_imm_s(address, i64::from(offset));
                emitter.copy(target, trusted(), source, flags, layout.size);
            }
            None => values.extend(emitter.load_leaves(layout.leaves(), flags, address, offset)),
        }
    }
    emitter.return_values(&values);
}

/// Pops and calls the deferred calls of the caller's activation until none is left.
pub(crate) fn emit_run_deferred(module: &Module, builder: FunctionBuilder) {
    let mut emitter = Emitter::new(module, builder);
    let header = emitter.builder.create_block();
    let body = emitter.builder.create_block();
    let done = emitter.builder.create_block();
    emitter.builder.ins().jump(header, &[]);
    emitter.builder.switch_to_block(header);
    let by_body = emitter.iconst(0);
    let call = emitter.call_runtime(RuntimeFunction::defer_pop, &[by_body]);
    let closure = emitter.result_of(call);
    let is_none = emitter.builder.ins().icmp_imm_u(IntCC::Equal, closure, 0);
    emitter.builder.ins().brif(is_none, done, &[], body, &[]);
    emitter.builder.switch_to_block(body);
    let code = emitter.builder.ins().load(I64, trusted(), closure, 0);
    let signature = emitter.thunk_signature();
    let slot = emitter.builder.create_sized_stack_slot(StackSlotData::new(
        StackSlotKind::ExplicitSlot,
        8,
        3,
    ));
    let address = emitter.builder.ins().stack_addr(I64, slot, 0);
    emitter.builder.ins().store(trusted(), closure, address, 0);
    let call = emitter
        .builder
        .ins()
        .call_indirect(signature, code, &[closure]);
    let entry = UserStackMapEntry {
        ty: I64,
        slot,
        offset: 0,
    };
    emitter
        .builder
        .func
        .dfg
        .append_user_stack_map_entry(call, entry);
    emitter.builder.ins().jump(header, &[]);
    emitter.builder.switch_to_block(done);
    emitter.return_values(&[]);
    emitter.finish();
}

/// A plain function as the code of a closure.
pub(crate) fn emit_shim(module: &Module, builder: FunctionBuilder, id: FunctionId) {
    let mut emitter = Emitter::new(module, builder);
    let abi = module.abi_of(CodeKey::Function(id));
    let symbol = module.code.symbol(CodeKey::Function(id));
    let function = emitter.function(symbol, &abi.signature);
    let parameters = emitter.parameters[1..].to_vec();
    emitter.builder.ins().return_call(function, &parameters);
    emitter.finish();
}

/// The code of a native: passes everything through the goroutine's argument block.
pub(crate) fn emit_native(
    module: &Module,
    builder: FunctionBuilder,
    id: FunctionId,
) -> Result<(), CodegenError> {
    let mut emitter = Emitter::new(module, builder);
    let function = &module.program.functions[id];
    let parameters = emitter.parameters.clone();
    let mut words = Vec::new();
    let mut index = 0;
    let mut pointers = Vec::new();
    for &ty in &function.parameters {
        let layout = module.layouts.get(ty);
        let leaves = leaves_of(module, id, ty)?;
        for leaf in &leaves {
            let value = if layout.is_memory() {
                emitter.builder.ins().load(
                    leaf.ty,
                    trusted(),
                    parameters[index],
                    leaf.offset as i32,
                )
            } else {
                index += 1;
                parameters[index - 1]
            };
            if leaf.is_pointer {
                pointers.push(value);
            }
            let is_unsigned = is_unsigned_leaf(module, ty);
            words.push(word_of(&mut emitter, value, is_unsigned));
        }
        if layout.is_memory() {
            index += 1;
        }
    }
    if words.len() > ARGUMENT_WORDS {
        return Err(too_wide(module, id));
    }
    emitter.pass_arguments(&words);
    let count = emitter.iconst(words.len() as i64);
    let entry = emitter.symbol_address(Symbol::Native(id.as_u32()), 0);
    let mut slots = Vec::new();
    for pointer in pointers {
        let slot = emitter.builder.create_sized_stack_slot(StackSlotData::new(
            StackSlotKind::ExplicitSlot,
            8,
            3,
        ));
        let address = emitter.builder.ins().stack_addr(I64, slot, 0);
        emitter.builder.ins().store(trusted(), pointer, address, 0);
        slots.push(slot);
    }
    let call = emitter.call_runtime(RuntimeFunction::call_native, &[entry, count]);
    for slot in slots {
        let entry = UserStackMapEntry {
            ty: I64,
            slot,
            offset: 0,
        };
        emitter
            .builder
            .func
            .dfg
            .append_user_stack_map_entry(call, entry);
    }
    let source = emitter.argument_words();
    let abi = module.abi_of(CodeKey::Function(id));
    let mut values = Vec::new();
    let mut word = 0;
    for (nth, &ty) in function.results.iter().enumerate() {
        for leaf in leaves_of(module, id, ty)? {
            let bits = emitter
                .builder
                .ins()
                .load(leaf.ty, trusted(), source, 8 * word);
            word += 1;
            match &abi.result_area {
                Some(area) => {
                    let pointer = parameters[parameters.len() - 1];
                    let offset = area.offsets[nth] as i32 + leaf.offset as i32;
                    emitter
                        .builder
                        .ins()
                        .store(trusted(), bits, pointer, offset);
                }
                None => values.push(bits),
            }
        }
    }
    emitter.return_values(&values);
    emitter.finish();
    Ok(())
}

fn leaves_of(
    module: &Module,
    id: FunctionId,
    ty: TypeId,
) -> Result<Vec<crate::layout::Leaf>, CodegenError> {
    module
        .layouts
        .all_leaves(ty, ARGUMENT_WORDS)
        .ok_or_else(|| too_wide(module, id))
}

fn too_wide(module: &Module, id: FunctionId) -> CodegenError {
    let what = "a native with more arguments or results than there are words for";
    CodegenError::internal(&module.program.functions[id].name, what)
}

fn is_unsigned_leaf(module: &Module, ty: TypeId) -> bool {
    module
        .program
        .typed
        .types
        .as_basic(ty)
        .is_none_or(|basic| basic.is_unsigned() || basic.is_boolean())
}

/// A scalar as a word: integers extended, floats as their bits.
fn word_of(emitter: &mut Emitter, value: ClifValue, is_unsigned: bool) -> ClifValue {
    use ir::types::{F32, F64, I32};
    match emitter.builder.func.dfg.value_type(value) {
        F64 => emitter
            .builder
            .ins()
            .bitcast(I64, ir::MemFlagsData::new(), value),
        F32 => {
            let bits = emitter
                .builder
                .ins()
                .bitcast(I32, ir::MemFlagsData::new(), value);
            emitter.builder.ins().uextend(I64, bits)
        }
        I64 => value,
        _ if is_unsigned => emitter.builder.ins().uextend(I64, value),
        _ => emitter.builder.ins().sextend(I64, value),
    }
}
