//! What every kind of compiled code is made with: symbols, memory of the object frame, runtime calls.
//!
//! A function gets a frame on the object stack only if something asked for a slot in it, which is
//! known when the whole function has been emitted. So the entry block is filled last: it makes room
//! and passes the frame's address on to the first block.
//!
//! ```text
//!   frame + 0    header: previous frame
//!   frame + 8    header: descriptor of what follows
//!   frame + 16   object_limit of the segment the frame lies in
//!   frame + 24   slots
//! ```

use std::collections::HashMap;

use cranelift_codegen::cursor::{Cursor, CursorPosition, FuncCursor};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I16, I32, I64};
use cranelift_codegen::ir::{
    self, AbiParam, ExtFuncData, ExternalName, FuncRef, GlobalValue, GlobalValueData, InstBuilder,
    MemFlagsData, SigRef, Signature, TrapCode, Value,
};
use cranelift_codegen::isa::CallConv;
use cranelift_entity::packed_option::PackedOption;
use cranelift_frontend::FunctionBuilder;
use gc::layout::{PointerBitmap, TypeDescriptor};
use runtime::abi::{self, Convention, RuntimeFunction};

use crate::Module;
use crate::layout::{Leaf, round_up};
use crate::symbols::Symbol;

/// Bytes of an object frame's header.
const HEADER_BYTES: u64 = size_of::<abi::ObjectFrameHeader>() as u64;
/// Where in an object frame the segment's limit is kept.
const SAVED_LIMIT: i32 = HEADER_BYTES as i32;
/// Where slots begin.
const FIRST_SLOT: u64 = HEADER_BYTES + 8;
/// Moves and clears up to this many bytes are done in line.
pub(crate) const MAX_INLINE_BYTES: u64 = 128;
/// A slot with more pointers than this is cleared by a call.
pub(crate) const MAX_CLEARED_POINTERS: usize = 16;
/// The size of the first page, which is never mapped: an access this close to nil traps.
pub(crate) const TRAPPING_BYTES: u64 = 4096;

/// Flags of an access that cannot fault.
pub(crate) fn trusted() -> MemFlagsData {
    MemFlagsData::trusted()
}

/// Flags of an access to immutable memory that cannot fault.
pub(crate) fn immutable() -> MemFlagsData {
    MemFlagsData::trusted().with_readonly().with_can_move()
}

/// Flags of an access that panics on nil.
pub(crate) fn nil_checked() -> MemFlagsData {
    MemFlagsData::new()
        .with_aligned()
        .with_trap_code(Some(TrapCode::unwrap_user(abi::trap::NIL)))
}

/// The function's frame on the object stack.
#[derive(Debug, Default)]
struct ObjectFrame {
    /// Bytes in use, header included; 0: no frame.
    size: u64,
    /// Word indices, from the end of the header, that hold pointers.
    pointer_words: Vec<usize>,
    /// Other words that are zero when the function begins.
    flag_words: Vec<usize>,
    /// The slots that have pointers.
    slots: Vec<FrameSlot>,
}

/// Room in the object frame that has pointers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FrameSlot {
    /// Where it is, from the frame's address.
    offset: u64,
    size: u64,
    /// The range of its words in the frame's list of those with pointers.
    first_word: usize,
    end_word: usize,
}

impl FrameSlot {
    /// How many pointers it has.
    pub(crate) fn pointers(&self) -> usize {
        self.end_word - self.first_word
    }
}

/// A place between instructions: behind one, or where a block begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CodePlace {
    block: ir::Block,
    after: PackedOption<ir::Inst>,
}

impl CodePlace {
    /// Where a block begins.
    pub(crate) fn head(block: ir::Block) -> Self {
        CodePlace {
            block,
            after: None.into(),
        }
    }
}

/// Builds one CLIF function.
pub(crate) struct Emitter<'m, 'b> {
    pub(crate) module: &'m Module<'m>,
    pub(crate) builder: FunctionBuilder<'b>,
    entry: ir::Block,
    /// The parameters of the function.
    pub(crate) parameters: Vec<Value>,
    /// Address of the object frame; meaningful if it has slots.
    pub(crate) frame_address: Value,
    /// The goroutine's block, read at entry.
    block: Value,
    /// Whether code is emitted for the inside of a loop: there the block is kept in a value, and
    /// elsewhere it is cheaper to read the register again than to save a copy across calls.
    pub(crate) is_in_loop: bool,
    frame: ObjectFrame,
    returns: Vec<ir::Inst>,
    functions: HashMap<Symbol, FuncRef>,
    globals: HashMap<(Symbol, i64), GlobalValue>,
}

impl<'m, 'b> Emitter<'m, 'b> {
    /// Begins a function whose signature is set.
    pub(crate) fn new(module: &'m Module<'m>, mut builder: FunctionBuilder<'b>) -> Self {
        let entry = builder.create_block();
        builder.append_block_params_for_function_params(entry);
        builder.func.layout.append_block(entry);
        let parameters = builder.block_params(entry).to_vec();
        let start = builder.create_block();
        let frame_address = builder.append_block_param(start, I64);
        builder.switch_to_block(start);
        let block = builder.ins().get_pinned_reg(I64);
        Emitter {
            module,
            builder,
            entry,
            parameters,
            frame_address,
            block,
            is_in_loop: false,
            frame: ObjectFrame::default(),
            returns: Vec::new(),
            functions: HashMap::new(),
            globals: HashMap::new(),
        }
    }

    /// Ends the function: fills the entry block and pops the object frame at every return.
    pub(crate) fn finish(mut self) {
        let start = self.builder.func.dfg.value_def(self.frame_address);
        let ir::ValueDef::Param(start, _) = start else {
            unreachable!("the frame's address is a block parameter")
        };
        self.builder.switch_to_block(self.entry);
        self.is_in_loop = false;
        if self.frame.size == 0 {
            let none = self.builder.ins().iconst(I64, 0);
            self.builder.ins().jump(start, &[none.into()]);
        } else {
            self.push_frame(start);
            self.pop_frame_at_returns();
        }
        self.builder.seal_all_blocks();
        let config = self.module.isa.frontend_config();
        self.builder.finalize(config);
    }

    /// Makes room on the object stack and goes on to `start` with the frame's address.
    fn push_frame(&mut self, start: ir::Block) {
        let size = round_up(self.frame.size, 16);
        let slots = (size - HEADER_BYTES) as usize;
        let words = std::mem::take(&mut self.frame.pointer_words);
        let descriptor = TypeDescriptor::new(
            slots,
            8,
            PointerBitmap::from_pointer_words(words.iter().copied()),
        );
        let symbol = self.module.descriptors.symbol(descriptor);
        let grow = self.builder.create_block();
        self.builder.set_cold_block(grow);
        let ready = self.builder.create_block();
        let top = self.builder.append_block_param(ready, I64);
        let limit = self.builder.append_block_param(ready, I64);

        let block = self.builder.ins().get_pinned_reg(I64);
        let old_top = self
            .builder
            .ins()
            .load(I64, trusted(), block, abi::OBJECT_TOP);
        let old_limit = self
            .builder
            .ins()
            .load(I64, trusted(), block, abi::OBJECT_LIMIT);
        let new_top = self.builder.ins().iadd_imm_s(old_top, size as i64);
        let fits = self
            .builder
            .ins()
            .icmp(IntCC::UnsignedLessThanOrEqual, new_top, old_limit);
        self.builder
            .ins()
            .brif(fits, ready, &[old_top.into(), old_limit.into()], grow, &[]);

        self.builder.switch_to_block(grow);
        let bytes = self.builder.ins().iconst(I64, size as i64);
        self.call_runtime(RuntimeFunction::grow_object_stack, &[bytes]);
        let block = self.builder.ins().get_pinned_reg(I64);
        let grown_top = self
            .builder
            .ins()
            .load(I64, trusted(), block, abi::OBJECT_TOP);
        let grown_limit = self
            .builder
            .ins()
            .load(I64, trusted(), block, abi::OBJECT_LIMIT);
        self.builder
            .ins()
            .jump(ready, &[grown_top.into(), grown_limit.into()]);

        self.builder.switch_to_block(ready);
        let block = self.builder.ins().get_pinned_reg(I64);
        let zero = self.builder.ins().iconst(I64, 0);
        let flags = std::mem::take(&mut self.frame.flag_words);
        if words.len() + flags.len() <= (MAX_INLINE_BYTES / 8) as usize {
            for word in words.iter().chain(&flags) {
                self.builder.ins().store(
                    trusted(),
                    zero,
                    top,
                    (HEADER_BYTES + 8 * *word as u64) as i32,
                );
            }
        } else {
            let address = self.builder.ins().iadd_imm_s(top, HEADER_BYTES as i64);
            let bytes = self.builder.ins().iconst(I64, slots as i64);
            self.call_runtime(RuntimeFunction::memory_clear, &[address, bytes]);
        }
        let previous = self
            .builder
            .ins()
            .load(I64, trusted(), block, abi::OBJECT_FRAME);
        let descriptor = self.symbol_address(symbol, 0);
        self.builder.ins().store(trusted(), previous, top, 0);
        self.builder.ins().store(trusted(), descriptor, top, 8);
        self.builder.ins().store(trusted(), limit, top, SAVED_LIMIT);
        self.builder
            .ins()
            .store(trusted(), top, block, abi::OBJECT_FRAME);
        let new_top = self.builder.ins().iadd_imm_s(top, size as i64);
        self.builder
            .ins()
            .store(trusted(), new_top, block, abi::OBJECT_TOP);
        self.builder.ins().jump(start, &[top.into()]);
    }

    fn pop_frame_at_returns(&mut self) {
        let frame = self.frame_address;
        for inst in std::mem::take(&mut self.returns) {
            let mut cursor = FuncCursor::new(self.builder.func).at_inst(inst);
            let block = cursor.ins().get_pinned_reg(I64);
            let previous = cursor.ins().load(I64, trusted(), frame, 0);
            let limit = cursor.ins().load(I64, trusted(), frame, SAVED_LIMIT);
            cursor
                .ins()
                .store(trusted(), previous, block, abi::OBJECT_FRAME);
            cursor.ins().store(trusted(), frame, block, abi::OBJECT_TOP);
            cursor
                .ins()
                .store(trusted(), limit, block, abi::OBJECT_LIMIT);
        }
    }

    /// Drops whatever is above this function's object frame: where control arrives after a recovery.
    pub(crate) fn restore_frame(&mut self) {
        let (frame, size) = (self.frame_address, round_up(self.frame.size, 16));
        let block = self.builder.ins().get_pinned_reg(I64);
        let limit = self.builder.ins().load(I64, trusted(), frame, SAVED_LIMIT);
        let top = self.builder.ins().iadd_imm_s(frame, size as i64);
        self.builder
            .ins()
            .store(trusted(), frame, block, abi::OBJECT_FRAME);
        self.builder
            .ins()
            .store(trusted(), top, block, abi::OBJECT_TOP);
        self.builder
            .ins()
            .store(trusted(), limit, block, abi::OBJECT_LIMIT);
    }

    /// Room in the object frame; returns its offset from the frame's address.
    pub(crate) fn frame_slot(&mut self, size: u64, align: u64, descriptor: &TypeDescriptor) -> u64 {
        let end = self.frame.size.max(FIRST_SLOT);
        let offset = round_up(end, align.max(8));
        self.frame.size = offset + size.max(1);
        let first = ((offset - HEADER_BYTES) / 8) as usize;
        let words = &mut self.frame.pointer_words;
        let first_word = words.len();
        words.extend(descriptor.pointer_words().map(|word| first + word));
        let end_word = words.len();
        if first_word < end_word {
            self.frame.slots.push(FrameSlot {
                offset,
                size,
                first_word,
                end_word,
            });
        }
        offset
    }

    /// The slots made so far that have pointers.
    pub(crate) fn frame_slots(&self) -> &[FrameSlot] {
        &self.frame.slots
    }

    /// Where code is emitted now.
    pub(crate) fn code_place(&self) -> Option<CodePlace> {
        let block = self.builder.current_block()?;
        let after = self.builder.func.layout.last_inst(block).into();
        Some(CodePlace { block, after })
    }

    /// Clears the pointers of slots, at a place that has been emitted before.
    pub(crate) fn clear_slots_at(&mut self, place: CodePlace, slots: &[FrameSlot]) {
        let clear = slots
            .iter()
            .any(|slot| slot.pointers() > MAX_CLEARED_POINTERS)
            .then(|| self.runtime_function(RuntimeFunction::memory_clear));
        let frame = self.frame_address;
        let mut cursor = FuncCursor::new(self.builder.func);
        match place.after.expand() {
            Some(inst) => cursor.set_position(CursorPosition::At(inst)),
            None => cursor.goto_top(place.block),
        }
        cursor.next_inst();
        for slot in slots {
            match clear {
                Some(clear) if slot.pointers() > MAX_CLEARED_POINTERS => {
                    let block = cursor.ins().get_pinned_reg(I64);
                    let address = cursor.ins().iadd_imm_s(frame, slot.offset as i64);
                    let bytes = cursor.ins().iconst(I64, slot.size as i64);
                    cursor.ins().call(clear, &[block, address, bytes]);
                }
                _ => {
                    let zero = cursor.ins().iconst(I64, 0);
                    for word in &self.frame.pointer_words[slot.first_word..slot.end_word] {
                        let offset = (HEADER_BYTES + 8 * *word as u64) as i32;
                        cursor.ins().store(trusted(), zero, frame, offset);
                    }
                }
            }
        }
    }

    /// A word in the object frame that is zero when the function begins; returns its offset from the frame's address.
    pub(crate) fn frame_flag(&mut self) -> u64 {
        let offset = self.frame_slot(8, 8, &TypeDescriptor::noscan(8, 8));
        self.frame
            .flag_words
            .push(((offset - HEADER_BYTES) / 8) as usize);
        offset
    }

    /// The address of room in the object frame.
    pub(crate) fn frame_slot_address(&mut self, offset: u64) -> Value {
        self.builder
            .ins()
            .iadd_imm_s(self.frame_address, offset as i64)
    }

    /// The goroutine's block.
    pub(crate) fn block(&mut self) -> Value {
        if self.is_in_loop {
            self.block
        } else {
            self.builder.ins().get_pinned_reg(I64)
        }
    }

    pub(crate) fn iconst(&mut self, value: i64) -> Value {
        self.builder.ins().iconst(I64, value)
    }

    /// A constant of an integer type, from its 64-bit form.
    pub(crate) fn integer(&mut self, ty: ir::Type, value: i64) -> Value {
        let bits = match ty {
            I8 => value & 0xff,
            I16 => value & 0xffff,
            I32 => value & 0xffff_ffff,
            _ => value,
        };
        self.builder.ins().iconst(ty, bits)
    }

    /// The zero of a machine type.
    pub(crate) fn zero(&mut self, ty: ir::Type) -> Value {
        match ty {
            ir::types::F32 => self.builder.ins().f32const(0.0),
            ir::types::F64 => self.builder.ins().f64const(0.0),
            _ => self.builder.ins().iconst(ty, 0),
        }
    }

    fn external_name(&mut self, symbol: Symbol) -> ExternalName {
        ExternalName::user(
            self.builder
                .func
                .declare_imported_user_function(symbol.to_external()),
        )
    }

    /// The address of a symbol.
    pub(crate) fn symbol_address(&mut self, symbol: Symbol, offset: i64) -> Value {
        let global = if let Some(global) = self.globals.get(&(symbol, offset)) {
            *global
        } else {
            let name = self.external_name(symbol);
            let global = self.builder.create_global_value(GlobalValueData::Symbol {
                name,
                offset: offset.into(),
                colocated: symbol.is_near(),
                tls: false,
            });
            self.globals.insert((symbol, offset), global);
            global
        };
        self.builder.ins().symbol_value(I64, global)
    }

    /// A function to call.
    pub(crate) fn function(&mut self, symbol: Symbol, signature: &Signature) -> FuncRef {
        if let Some(function) = self.functions.get(&symbol) {
            return *function;
        }
        let name = self.external_name(symbol);
        let signature = self.builder.import_signature(signature.clone());
        let function = self.builder.import_function(ExtFuncData {
            name,
            signature,
            colocated: true,
            patchable: false,
        });
        self.functions.insert(symbol, function);
        function
    }

    /// The signature of code that takes a closure object only: deferred calls and goroutines.
    pub(crate) fn thunk_signature(&mut self) -> SigRef {
        let mut signature = Signature::new(CallConv::Tail);
        signature.params.push(AbiParam::new(I64));
        self.builder.import_signature(signature)
    }

    /// Calls the runtime. The caller has stored the roots if this is a safepoint, and lists them.
    pub(crate) fn call_runtime(
        &mut self,
        function: RuntimeFunction,
        arguments: &[Value],
    ) -> ir::Inst {
        let info = function.info();
        debug_assert_eq!(
            arguments.len(),
            usize::from(info.parameters),
            "{}",
            info.name
        );
        let callee = self.runtime_function(function);
        // Read anew: the copy that loops keep must not be tied to an argument register.
        let block = self.builder.ins().get_pinned_reg(I64);
        let mut words = vec![block];
        words.extend_from_slice(arguments);
        self.builder.ins().call(callee, &words)
    }

    /// A function of the runtime, to be called with the goroutine's block and its arguments.
    fn runtime_function(&mut self, function: RuntimeFunction) -> FuncRef {
        let info = function.info();
        let symbol = Symbol::Runtime(function);
        if let Some(callee) = self.functions.get(&symbol) {
            return *callee;
        }
        let convention = match info.convention {
            Convention::Ordinary => CallConv::SystemV,
            Convention::PreserveAll => CallConv::PreserveAll,
        };
        let mut signature = Signature::new(convention);
        let word = AbiParam::new(I64);
        signature.params.extend((0..=info.parameters).map(|_| word));
        signature.returns.extend((0..info.results).map(|_| word));
        self.function(symbol, &signature)
    }

    /// The words for wide arguments and results. They belong to the worker: to be asked for again after
    /// every safepoint.
    pub(crate) fn argument_words(&mut self) -> Value {
        let block = self.block();
        self.builder
            .ins()
            .load(I64, trusted(), block, abi::ARGUMENTS)
    }

    /// Stores words where wide runtime calls expect them; no safepoint may come before the call.
    pub(crate) fn pass_arguments(&mut self, words: &[Value]) {
        let target = self.argument_words();
        for (index, &word) in words.iter().enumerate() {
            self.builder
                .ins()
                .store(trusted(), word, target, 8 * index as i32);
        }
    }

    /// The only result of a call.
    pub(crate) fn result_of(&self, call: ir::Inst) -> Value {
        self.builder.inst_results(call)[0]
    }

    /// Calls a function of the runtime that never returns, and ends the block.
    pub(crate) fn call_panic(&mut self, function: RuntimeFunction, arguments: &[Value]) {
        self.call_runtime(function, arguments);
        self.builder
            .ins()
            .trap(TrapCode::unwrap_user(abi::trap::UNREACHABLE));
    }

    /// Goes on if `condition` is false, else panics in a cold block.
    pub(crate) fn panic_if(
        &mut self,
        condition: Value,
        function: RuntimeFunction,
        arguments: &[Value],
    ) {
        let cold = self.cold_block();
        let next = self.builder.create_block();
        self.builder.ins().brif(condition, cold, &[], next, &[]);
        self.builder.switch_to_block(cold);
        self.call_panic(function, arguments);
        self.builder.switch_to_block(next);
    }

    pub(crate) fn cold_block(&mut self) -> ir::Block {
        let block = self.builder.create_block();
        self.builder.set_cold_block(block);
        block
    }

    /// Returns from the function.
    pub(crate) fn return_values(&mut self, values: &[Value]) {
        let inst = self.builder.ins().return_(values);
        self.returns.push(inst);
    }

    /// Loads the leaves of a value.
    pub(crate) fn load_leaves(
        &mut self,
        leaves: &[Leaf],
        flags: MemFlagsData,
        address: Value,
        offset: i32,
    ) -> Vec<Value> {
        leaves
            .iter()
            .map(|leaf| {
                self.builder
                    .ins()
                    .load(leaf.ty, flags, address, offset + leaf.offset as i32)
            })
            .collect()
    }

    /// Copies memory; the ranges are equal or apart.
    pub(crate) fn copy(
        &mut self,
        target: Value,
        target_flags: MemFlagsData,
        source: Value,
        source_flags: MemFlagsData,
        size: u64,
    ) {
        if size > MAX_INLINE_BYTES {
            // The runtime must not fault: touch both ends first.
            self.touch(source, source_flags);
            self.touch(target, target_flags);
            let bytes = self.iconst(size as i64);
            self.call_runtime(RuntimeFunction::memory_move, &[target, source, bytes]);
            return;
        }
        for (offset, ty) in pieces(size) {
            let piece = self.builder.ins().load(ty, source_flags, source, offset);
            self.builder
                .ins()
                .store(target_flags, piece, target, offset);
        }
    }

    /// Copies memory whose ranges may overlap in any way.
    pub(crate) fn move_memory(
        &mut self,
        target: Value,
        target_flags: MemFlagsData,
        source: Value,
        source_flags: MemFlagsData,
        size: u64,
    ) {
        if size > MAX_INLINE_BYTES {
            self.copy(target, target_flags, source, source_flags, size);
            return;
        }
        // All is loaded before anything is stored; pairs of words as vectors, to spare registers.
        let parts: Vec<(i32, Value)> = wide_pieces(size)
            .map(|(offset, ty)| {
                (
                    offset,
                    self.builder
                        .ins()
                        .load(ty, unaligned(source_flags), source, offset),
                )
            })
            .collect();
        for (offset, part) in parts {
            self.builder
                .ins()
                .store(unaligned(target_flags), part, target, offset);
        }
    }

    /// Zeroes memory.
    pub(crate) fn clear(&mut self, address: Value, flags: MemFlagsData, size: u64) {
        if size > MAX_INLINE_BYTES {
            self.touch(address, flags);
            let bytes = self.iconst(size as i64);
            self.call_runtime(RuntimeFunction::memory_clear, &[address, bytes]);
            return;
        }
        for (offset, ty) in pieces(size) {
            let zero = self.builder.ins().iconst(ty, 0);
            self.builder.ins().store(flags, zero, address, offset);
        }
    }

    /// Faults on a bad address if the flags say that it may be one.
    pub(crate) fn touch(&mut self, address: Value, flags: MemFlagsData) {
        if !flags.notrap() {
            self.builder.ins().load(I8, flags, address, 0);
        }
    }
}

/// The same flags for an access that is aligned to words only.
fn unaligned(flags: MemFlagsData) -> MemFlagsData {
    MemFlagsData::new().with_trap_code(flags.trap_code())
}

/// Cuts a size into vectors of 16 bytes and what is left.
fn wide_pieces(size: u64) -> impl Iterator<Item = (i32, ir::Type)> {
    let vectors = size / 16;
    let rest = (vectors * 16) as i32;
    (0..vectors)
        .map(|index| (16 * index as i32, ir::types::I64X2))
        .chain(pieces(size % 16).map(move |(offset, ty)| (rest + offset, ty)))
}

/// Cuts a size into words and what is left.
fn pieces(size: u64) -> impl Iterator<Item = (i32, ir::Type)> {
    let mut offset = 0;
    std::iter::from_fn(move || {
        let (bytes, ty) = match size - offset {
            0 => return None,
            8.. => (8, I64),
            4.. => (4, I32),
            2.. => (2, I16),
            1 => (1, I8),
        };
        let piece = (offset as i32, ty);
        offset += bytes;
        Some(piece)
    })
}
