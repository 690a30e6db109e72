//! The code generator: SSA and placements to machine code, by way of Cranelift.
//!
//! # Promises
//! - Compiled code keeps the contract of `runtime::abi` and `gc::layout`; everything the collector
//!   and panics need to know of it is in the tables of the [`Image`].
//! - The control stack holds no address of itself but saved frame pointers, so that it can be moved:
//!   stack slots are root slots and are only ever stored to (`safepoint`), results never go through
//!   the control stack (`abi`), and what needs an address but does not escape lives in the object
//!   frame (`emit`).
//! - A program compiles to the same code every time: symbols are numbered in order of first use.
//! - No input makes the code generator panic; what it cannot do is a [`CodegenError`].
//!
//! # Flow
//! [`compile`] starts from the program's entry and compiles what is reached: a call, a function
//! value, a method table of a type that is converted to an interface. Each piece of code is
//! translated (`function`, `ops`; wrappers and stubs in `defer`) so that it clears what dies in its frame (`frame_liveness`),
//! compiled by Cranelift on whatever thread is free (`machine`), given its stack check (`prologue`) and its tables
//! (`metadata`). At the end `link` puts all of it into one mapping and makes the run-time types (`types_table`).
//!
//! Loops are emitted in the shape SSA has them; rotating them is a pass over SSA.
//!
//! Only x86-64 is supported: the stack check and the entries of runtime functions are assembled by
//! hand.

use std::cell::RefCell;

use cranelift_codegen::ir::{Function, UserFuncName};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use frontend::ssa::{FunctionId, FunctionKind, Program, SiteId};
use gc::layout::LayoutTable;
use runtime::abi::RuntimeFunction;
use runtime::image::Image;

use layout::Layouts;
use link::CompiledFunction;
use machine::{Job, Machine, Workshop};
use symbols::{CodeKey, CodeTable, DataTable, Descriptors, GlobalOffsets, Symbol};
use types_table::TypesTable;

mod abi;
mod alloc;
mod bits;
mod check_slots;
mod defer;
mod emit;
mod frame_liveness;
mod function;
mod intrinsics;
mod jit;
mod layout;
mod link;
mod machine;
mod metadata;
mod ops;
mod positions;
mod prologue;
mod safepoint;
mod store;
mod symbols;
mod types_table;

/// Where the parts of the runtime are that compiled code calls.
#[derive(Debug, Clone, Copy)]
pub struct RuntimeSymbols {
    /// The entry of a runtime function: its trampoline.
    pub function: fn(RuntimeFunction) -> *const u8,
    /// The entry of a native by the name of the function it implements, if there is one.
    pub native: fn(&str) -> Option<*const u8>,
}

/// How to compile.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The runtime's entries.
    pub symbols: RuntimeSymbols,
    /// Names of types the runtime makes values of, for [`Image::known_types`].
    pub known_types: &'static [&'static str],
    /// Names of functions the runtime calls, for [`Image::known_functions`].
    pub known_functions: &'static [&'static str],
    /// Whether every loop polls, those too whose calls would yield if the monitor asked: in a seeded run nobody asks.
    pub all_loops_poll: bool,
}

/// What [`dump`] writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DumpKind {
    /// Cranelift's intermediate form, before it optimises.
    Clif,
    /// Machine instructions.
    Assembly,
}

/// Why a program could not be compiled.
#[derive(Debug)]
pub enum CodegenError {
    /// The processor or the system is none that code can be made for: what, and why.
    Machine(String),
    /// A program that is beyond a limit of the code generator: which.
    TooLarge(String),
    /// The runtime does not provide a native the program reaches.
    MissingNative(String),
    /// No memory for code.
    Memory(std::io::Error),
    /// A mistake of the compiler.
    Internal {
        /// The function that was compiled.
        function: String,
        /// What was wrong.
        what: String,
    },
}

impl CodegenError {
    /// A mistake of the compiler's in `function`.
    pub(crate) fn internal(function: &str, what: impl Into<String>) -> Self {
        Self::Internal {
            function: function.to_owned(),
            what: what.into(),
        }
    }
}

impl std::fmt::Display for CodegenError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CodegenError::Machine(what) => {
                write!(formatter, "this machine cannot run MiniGo programs: {what}")
            }
            CodegenError::TooLarge(what) => write!(formatter, "program too large: {what}"),
            CodegenError::MissingNative(name) => {
                write!(
                    formatter,
                    "internal compiler error: the runtime has no native {name}"
                )
            }
            CodegenError::Memory(error) => write!(formatter, "no memory for code: {error}"),
            CodegenError::Internal { function, what } => {
                write!(formatter, "internal compiler error in {function}: {what}")
            }
        }
    }
}

impl std::error::Error for CodegenError {}

/// Where a site's memory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the heap.
    Heap,
    /// In the frame of the function.
    Frame,
    /// In the frame if it turns out to be small, else in the heap.
    FrameIfSmall,
}

/// What is known of where memory is, and of who leads to it.
pub trait Placements {
    /// Where a site is placed.
    fn place(&self, function: FunctionId, site: SiteId) -> Place;

    /// How many dereferences lead, at least, from an argument of a call of a function to what is found in a result; `None` if
    /// nothing there comes from it, as far as it may be in a frame.
    fn derefs_to_result(&self, function: FunctionId, argument: usize, result: usize)
    -> Option<i32>;
}

/// Everything that is shared while a program is compiled.
pub(crate) struct Module<'p> {
    pub(crate) program: &'p Program,
    pub(crate) placements: &'p dyn Placements,
    pub(crate) options: &'p Options,
    pub(crate) isa: OwnedTargetIsa,
    pub(crate) layouts: Layouts<'p>,
    pub(crate) types: TypesTable,
    pub(crate) data: DataTable,
    pub(crate) code: CodeTable,
    pub(crate) descriptors: Descriptors,
    pub(crate) globals: GlobalOffsets,
    pub(crate) heap_layouts: RefCell<LayoutTable>,
    pub(crate) has_fused_multiply_add: bool,
    pub(crate) has_rounding: bool,
    pub(crate) has_population_count: bool,
}

/// Compiles everything that is reachable from a program's entry.
pub fn compile(
    program: &Program,
    placements: &dyn Placements,
    options: &Options,
) -> Result<Image, CodegenError> {
    let module = Module::new(program, placements, options)?;
    let entry = module.code.symbol(CodeKey::Function(program.entry));
    let known_types: Vec<(&'static str, u32)> = options
        .known_types
        .iter()
        .filter_map(|name| Some((*name, module.types.request_named(&module, name)?)))
        .collect();
    let known_functions: Vec<(&'static str, Symbol)> = options
        .known_functions
        .iter()
        .filter_map(|name| {
            let (id, _) = program
                .functions
                .iter()
                .find(|(_, function)| function.name == **name && function.has_body())?;
            Some((*name, module.code.symbol(CodeKey::Function(id))))
        })
        .collect();
    let functions = compile_reachable(&module)?;
    link::link(&module, &functions, entry, &known_types, &known_functions)
}

/// Compiles what the symbols that are asked for lead to, in the order of their numbers.
fn compile_reachable(module: &Module) -> Result<Vec<CompiledFunction>, CodegenError> {
    let workshop = Workshop::new(&*module.isa);
    std::thread::scope(|scope| {
        let mut translator = FunctionBuilderContext::new();
        let mut machine = Machine::new();
        let result = for_each_reachable(module, &mut |number, key| {
            let mut function = workshop.blank();
            translate(module, &mut translator, key, &mut function)?;
            workshop.submit(
                scope,
                &mut machine,
                Job {
                    number,
                    key,
                    function,
                },
            );
            Ok(())
        });
        match result {
            Ok(()) => workshop.finish(&mut machine),
            Err(_) => workshop.close(),
        }
        result
    })?;
    let outcomes = workshop.into_outcomes().into_iter();
    outcomes
        .map(|outcome| {
            outcome
                .result
                .map_err(|what| module.internal_error(outcome.key, what))
        })
        .collect()
}

/// Calls `visit` for each piece of code that is needed; what it translates may ask for more.
fn for_each_reachable(
    module: &Module,
    visit: &mut dyn FnMut(usize, CodeKey) -> Result<(), CodegenError>,
) -> Result<(), CodegenError> {
    let mut number = 0;
    // Types ask for the code of their methods, code asks for types.
    loop {
        while let Some(key) = module.code.get(number) {
            visit(number, key)?;
            number += 1;
        }
        if !module.types.reach(module) && module.code.get(number).is_none() {
            return Ok(());
        }
    }
}

/// The text of all reachable functions whose name contains `filter`.
pub fn dump(
    program: &Program,
    placements: &dyn Placements,
    options: &Options,
    kind: DumpKind,
    filter: &str,
) -> Result<String, CodegenError> {
    let module = Module::new(program, placements, options)?;
    module.code.symbol(CodeKey::Function(program.entry));
    let mut translator = FunctionBuilderContext::new();
    let mut machine = Machine::new();
    let mut function = Function::new();
    let mut text = String::new();
    for_each_reachable(&module, &mut |_, key| {
        translate(&module, &mut translator, key, &mut function)?;
        let name = module.name_of(key);
        let is_dumped = name.contains(filter);
        if is_dumped && kind == DumpKind::Clif {
            text.push_str(&format!("; {key:?} {name}\n{}\n", function.display()));
        }
        let is_wanted = is_dumped && kind == DumpKind::Assembly;
        let (_, assembly) = machine
            .disassemble(&*module.isa, key, &mut function, is_wanted)
            .map_err(|what| module.internal_error(key, what))?;
        if let Some(assembly) = assembly {
            text.push_str(&format!("; {key:?} {name}\n{assembly}\n"));
        }
        Ok(())
    })?;
    Ok(text)
}

impl<'p> Module<'p> {
    fn new(
        program: &'p Program,
        placements: &'p dyn Placements,
        options: &'p Options,
    ) -> Result<Self, CodegenError> {
        let isa = target()?;
        let has_flag = |name: &str| {
            isa.isa_flags()
                .iter()
                .any(|flag| flag.name == name && flag.as_bool().unwrap_or(false))
        };
        let (has_fused_multiply_add, has_rounding, has_population_count) = (
            has_flag("has_fma"),
            has_flag("has_sse41"),
            has_flag("has_popcnt"),
        );
        Ok(Module {
            program,
            placements,
            options,
            layouts: Layouts::new(&program.typed.types),
            types: TypesTable::default(),
            data: DataTable::default(),
            code: CodeTable::default(),
            descriptors: Descriptors::default(),
            globals: GlobalOffsets::default(),
            heap_layouts: RefCell::new(LayoutTable::new()),
            has_fused_multiply_add,
            has_rounding,
            has_population_count,
            isa,
        })
    }

    fn internal_error(&self, key: CodeKey, what: String) -> CodegenError {
        CodegenError::internal(self.name_of(key), what)
    }

    fn name_of(&self, key: CodeKey) -> &str {
        match key {
            CodeKey::RunDeferred => "runtime.runDeferred",
            CodeKey::Function(id) | CodeKey::Body(id) | CodeKey::Shim(id) => {
                &self.program.functions[id].name
            }
        }
    }
}

/// The machine we run on, with the settings of the design.
fn target() -> Result<OwnedTargetIsa, CodegenError> {
    if !cfg!(all(target_arch = "x86_64", unix)) {
        return Err(CodegenError::Machine(
            "only x86-64 on Unix is supported".to_owned(),
        ));
    }
    let mut flags = settings::builder();
    let values = [
        ("opt_level", "speed"),
        ("regalloc_algorithm", "backtracking"),
        ("enable_pinned_reg", "true"),
        ("preserve_frame_pointers", "true"),
        ("unwind_info", "false"),
        ("is_pic", "false"),
        ("enable_probestack", "false"),
        (
            "enable_verifier",
            if cfg!(debug_assertions) {
                "true"
            } else {
                "false"
            },
        ),
        ("enable_alias_analysis", "true"),
    ];
    for (name, value) in values {
        flags
            .set(name, value)
            .map_err(|error| CodegenError::Machine(error.to_string()))?;
    }
    cranelift_native::builder()
        .map_err(|error| CodegenError::Machine(error.to_owned()))?
        .finish(settings::Flags::new(flags))
        .map_err(|error| CodegenError::Machine(error.to_string()))
}

/// Translates a piece of code into an empty function.
fn translate(
    module: &Module,
    translator: &mut FunctionBuilderContext,
    key: CodeKey,
    function: &mut Function,
) -> Result<(), CodegenError> {
    function.signature = module.abi_of(key).signature;
    function.name = UserFuncName::user(0, 0);
    // Cranelift keeps positions as distances from the first it is told, and takes -1 for none: an operand's position may be
    // told before that of its call, one byte further left.
    function
        .params
        .ensure_base_srcloc(cranelift_codegen::ir::SourceLoc::new(0));
    let builder = FunctionBuilder::new(function, translator);
    match key {
        CodeKey::RunDeferred => defer::emit_run_deferred(module, builder),
        CodeKey::Shim(id) => defer::emit_shim(module, builder, id),
        CodeKey::Body(id) => function::translate(module, builder, id, true)?,
        CodeKey::Function(id) => {
            let source = &module.program.functions[id];
            if source.kind == FunctionKind::Native {
                if (module.options.symbols.native)(&source.name).is_none() {
                    return Err(CodegenError::MissingNative(source.name.clone()));
                }
                defer::emit_native(module, builder, id)?;
            } else if !source.has_body() {
                return Err(module.internal_error(key, "no body".to_owned()));
            } else if source.has_defer {
                defer::emit_wrapper(module, builder, id)?;
            } else {
                function::translate(module, builder, id, false)?;
            }
        }
    }
    if cfg!(debug_assertions) {
        check_slots::check(function).map_err(|what| module.internal_error(key, what))?;
    }
    Ok(())
}
