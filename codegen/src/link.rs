//! From compiled functions and data to an [`Image`]: places everything, resolves references, makes
//! the tables.

use cranelift_codegen::binemit::Reloc;
use frontend::ssa::{FunctionId, FunctionKind};
use gc::layout::{PointerBitmap, TypeDescriptor};
use runtime::abi::{RuntimeFunction, RuntimeType};
use runtime::image::{CodeRange, FrameKind, GlobalRegion, Image};

use crate::jit::{CodeMemory, FinishedCode};
use crate::metadata::{FunctionMetadata, Tables};
use crate::positions::Positions;
use crate::prologue::CODE_ALIGN;
use crate::symbols::{CodeKey, DataObject, Symbol};
use crate::{CodegenError, Module};

/// Bytes of the jump that stands for a runtime function.
const ENTRY_BYTES: usize = 16;

/// A place in code to fill in.
#[derive(Debug)]
pub(crate) struct Relocation {
    /// Offset from the start of the function.
    pub(crate) offset: u32,
    /// How.
    pub(crate) kind: Reloc,
    /// What.
    pub(crate) symbol: Symbol,
    /// Plus this.
    pub(crate) addend: i64,
}

/// A function as bytes.
#[derive(Debug)]
pub(crate) struct CompiledFunction {
    pub(crate) key: CodeKey,
    pub(crate) code: Vec<u8>,
    pub(crate) relocations: Vec<Relocation>,
    pub(crate) metadata: FunctionMetadata,
}

/// What the image keeps alive.
struct Owner {
    _code: FinishedCode,
    _descriptors: Box<[TypeDescriptor]>,
}

struct Placement {
    base: u64,
    code_starts: Vec<usize>,
    entries_start: usize,
    data_starts: Vec<usize>,
    globals_start: usize,
    types: *const RuntimeType,
    descriptors: *const TypeDescriptor,
}

impl Placement {
    fn address(&self, module: &Module, symbol: Symbol) -> Result<u64, CodegenError> {
        Ok(match symbol {
            Symbol::Code(number) => self.base + self.code_starts[number as usize] as u64,
            Symbol::Runtime(function) => {
                self.base + (self.entries_start + ENTRY_BYTES * function as usize) as u64
            }
            Symbol::Data(number) => self.base + self.data_starts[number as usize] as u64,
            Symbol::Globals => self.base + self.globals_start as u64,
            Symbol::Type(number) => self.types.wrapping_add(number as usize) as u64,
            Symbol::Descriptor(number) => self.descriptors.wrapping_add(number as usize) as u64,
            Symbol::Native(id) => {
                let name = &module.program.functions[FunctionId::from_u32(id)].name;
                match (module.options.symbols.native)(name) {
                    Some(address) => address as u64,
                    None => return Err(CodegenError::MissingNative(name.clone())),
                }
            }
        })
    }
}

/// Links everything. `functions` are in the order of their numbers.
pub(crate) fn link(
    module: &Module,
    functions: &[CompiledFunction],
    entry: Symbol,
    known_types: &[(&'static str, u32)],
    known_functions: &[(&'static str, Symbol)],
) -> Result<Image, CodegenError> {
    let data = module.data.take();
    let descriptors = module.descriptors.take();
    let mut types: Vec<RuntimeType> = Vec::with_capacity(module.types.len());
    let mut size = 0;
    let mut place = |bytes: usize, align: usize| {
        let start = usize::next_multiple_of(size, align.max(1));
        size = start + bytes;
        start
    };
    let code_starts: Vec<usize> = functions
        .iter()
        .map(|function| place(function.code.len(), CODE_ALIGN))
        .collect();
    let entries_start = place(ENTRY_BYTES * RuntimeFunction::ALL.len(), ENTRY_BYTES);
    let code_end = place(0, 1);
    place(CodeMemory::page_end(code_end) - code_end, 1);
    let data_starts: Vec<usize> = data
        .iter()
        .map(|object| place(object.bytes.len(), object.align as usize))
        .collect();
    let globals_bytes = module.globals.size() as usize;
    let globals_start = place(globals_bytes, 64);
    // A data object of no bytes at the very end must have an address inside.
    let total = place(CODE_ALIGN, 1) + CODE_ALIGN;

    let code_bytes = CodeMemory::page_end(code_end);
    let mut memory = CodeMemory::new(code_bytes, total - code_bytes)?;
    let placement = Placement {
        base: memory.base(),
        code_starts,
        entries_start,
        data_starts,
        globals_start,
        types: types.as_ptr(),
        descriptors: descriptors.as_ptr(),
    };
    let bytes = memory.bytes();
    for (function, &start) in functions.iter().zip(&placement.code_starts) {
        bytes[start..start + function.code.len()].copy_from_slice(&function.code);
        for relocation in &function.relocations {
            relocate(module, &placement, bytes, start, relocation)?;
        }
    }
    for &function in RuntimeFunction::ALL {
        let start = entries_start + ENTRY_BYTES * function as usize;
        let target = (module.options.symbols.function)(function) as u64;
        bytes[start..start + 6].copy_from_slice(&[0xff, 0x25, 0, 0, 0, 0]);
        bytes[start + 6..start + 14].copy_from_slice(&target.to_le_bytes());
    }
    for (object, &start) in data.iter().zip(&placement.data_starts) {
        write_data(module, &placement, bytes, start, object)?;
    }
    let code = memory.protect()?;

    let code_address = |symbol: Symbol| placement.address(module, symbol).unwrap_or(0) as *const u8;
    types.extend(module.types.build(module, placement.types, &code_address));
    debug_assert_eq!(types.as_ptr(), placement.types);
    let types = types.into_boxed_slice();
    if types.as_ptr() != placement.types {
        return Err(internal("the table of types has moved".to_owned()));
    }
    let mut image = make_tables(module, functions, &placement);
    image.entry = code_address(entry);
    image.types = types;
    image.itabs = module
        .data
        .itabs()
        .into_iter()
        .map(|number| code_address(Symbol::Data(number)).cast())
        .collect();
    image.globals = global_regions(module, &placement);
    image.layouts = module.heap_layouts.borrow().clone();
    image.known_types = known_types
        .iter()
        .map(|(name, number)| (*name, placement.types.wrapping_add(*number as usize)))
        .collect();
    image.known_functions = known_functions
        .iter()
        .map(|(name, symbol)| (*name, code_address(*symbol)))
        .collect();
    image.owner = Box::new(Owner {
        _code: code,
        _descriptors: descriptors,
    });
    Ok(image)
}

fn relocate(
    module: &Module,
    placement: &Placement,
    bytes: &mut [u8],
    start: usize,
    relocation: &Relocation,
) -> Result<(), CodegenError> {
    let target = placement
        .address(module, relocation.symbol)?
        .wrapping_add_signed(relocation.addend);
    let offset = start + relocation.offset as usize;
    match relocation.kind {
        Reloc::Abs8 => bytes[offset..offset + 8].copy_from_slice(&target.to_le_bytes()),
        Reloc::X86PCRel4 | Reloc::X86CallPCRel4 => {
            let distance = target.wrapping_sub(placement.base + offset as u64) as i64;
            let distance = i32::try_from(distance).map_err(|_| {
                CodegenError::TooLarge("more than 2 GiB of code and data".to_owned())
            })?;
            bytes[offset..offset + 4].copy_from_slice(&distance.to_le_bytes());
        }
        other => {
            return Err(internal(format!("a relocation of kind {other:?}")));
        }
    }
    Ok(())
}

fn write_data(
    module: &Module,
    placement: &Placement,
    bytes: &mut [u8],
    start: usize,
    object: &DataObject,
) -> Result<(), CodegenError> {
    bytes[start..start + object.bytes.len()].copy_from_slice(&object.bytes);
    for &(offset, symbol) in &object.references {
        let address = placement.address(module, symbol)?;
        let at = start + offset as usize;
        bytes[at..at + 8].copy_from_slice(&address.to_le_bytes());
    }
    Ok(())
}

fn global_regions(module: &Module, placement: &Placement) -> Vec<GlobalRegion> {
    let mut words = Vec::new();
    for (global, offset) in module.globals.all() {
        let descriptor = module.layouts.descriptor(module.program.globals[global].ty);
        words.extend(
            descriptor
                .pointer_words()
                .map(|word| offset as usize / 8 + word),
        );
    }
    let start = (placement.base + placement.globals_start as u64) as *mut u8;
    let pointers = PointerBitmap::from_pointer_words(words);
    vec![GlobalRegion {
        start,
        descriptor: TypeDescriptor::new(module.globals.size() as usize, 8, pointers),
    }]
}

fn make_tables(module: &Module, functions: &[CompiledFunction], placement: &Placement) -> Image {
    let mut tables = Tables::default();
    let mut ranges = Vec::with_capacity(functions.len());
    let mut positions = Positions::new(module.program);
    for (function, &start) in functions.iter().zip(&placement.code_starts) {
        let address = placement.base + start as u64;
        let (name, kind, span) = describe(module, function.key);
        let position = if span.is_none() {
            None
        } else {
            positions.of_source(span.start)
        }
        .unwrap_or((0, 0));
        tables.add(&function.metadata, address, position, &mut |offset| {
            positions.of_code(offset)
        });
        ranges.push(CodeRange {
            start: address,
            end: address + function.code.len() as u64,
            name,
            kind,
            has_parameters: has_parameters(module, function.key),
            position,
        });
    }
    Image {
        entry: std::ptr::null(),
        call_sites: tables.call_sites,
        root_slots: tables.root_slots,
        handlers: tables.handlers,
        traps: tables.traps,
        functions: ranges,
        lines: tables.lines,
        inlined: positions.inlined,
        files: positions.names,
        user_file_count: positions.user_count,
        types: Box::default(),
        itabs: Vec::new(),
        globals: Vec::new(),
        layouts: gc::layout::LayoutTable::default(),
        known_types: Vec::new(),
        known_functions: Vec::new(),
        owner: Box::new(()),
    }
}

/// Whether a function has parameters, a receiver included.
fn has_parameters(module: &Module, key: CodeKey) -> bool {
    match key {
        CodeKey::RunDeferred => false,
        CodeKey::Shim(id) | CodeKey::Function(id) | CodeKey::Body(id) => {
            !module.program.functions[id].parameters.is_empty()
        }
    }
}

/// Name, kind and position of a piece of code.
fn describe(module: &Module, key: CodeKey) -> (String, FrameKind, frontend::source::Span) {
    let of = |id: FunctionId| &module.program.functions[id];
    match key {
        CodeKey::RunDeferred => (
            "runtime.runDeferred".to_owned(),
            FrameKind::Hidden,
            frontend::source::Span::default(),
        ),
        CodeKey::Shim(id) => (of(id).name.clone(), FrameKind::Hidden, of(id).span),
        CodeKey::Function(id) if of(id).has_defer => {
            (of(id).name.clone(), FrameKind::Hidden, of(id).span)
        }
        CodeKey::Function(id) | CodeKey::Body(id) => {
            // Of natives there is only a stub here: the runtime counts frames from its caller.
            let is_hidden = matches!(
                of(id).kind,
                FunctionKind::Wrapper
                    | FunctionKind::Thunk
                    | FunctionKind::Entry
                    | FunctionKind::Native
            );
            let kind = if is_hidden {
                FrameKind::Hidden
            } else {
                FrameKind::Shown
            };
            (of(id).name.clone(), kind, of(id).span)
        }
    }
}

fn internal(what: String) -> CodegenError {
    CodegenError::internal("the image", what)
}
