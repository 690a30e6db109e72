//! The stages of a compilation. Each takes what the one before yields; [`Stage`]s have no other way
//! round.
//!
//! ```text
//! text --parse--> Parsed --check--> Checked --lower--> Lowered --analyze--> Analyzed --optimize/compile--> Image
//! ```

use std::path::Path;

use codegen::{CodegenError, DumpKind};
use frontend::ast::{Ast, File};
use frontend::check::{self, TypedProgram};
use frontend::diagnostic::{Diagnostic, Diagnostics};
use frontend::parser::{self, Bodies};
use frontend::source::SourceMap;
use frontend::ssa::{self, Program};
use runtime::image::{Image, KNOWN_FUNCTIONS, KNOWN_TYPES};

/// Embedded library sources, as the checker asks for them.
struct Library;

impl check::Library for Library {
    fn package(&self, import_path: &str) -> Option<&'static [(&'static str, &'static str)]> {
        stdlib::source(import_path)
    }

    fn support(&self) -> Option<(&'static str, &'static [&'static str])> {
        Some((runtime::image::SUPPORT_PACKAGE, runtime::image::SUPPORT_NAMES))
    }
}

/// Mistakes in the user's program, with the text they are about.
#[derive(Debug)]
pub struct Rejected {
    /// The text.
    pub sources: SourceMap,
    /// The mistakes, sorted.
    pub diagnostics: Vec<Diagnostic>,
}

/// A file that is syntactically right.
#[derive(Debug)]
pub struct Parsed {
    sources: SourceMap,
    ast: Ast,
    file: File,
}

impl Parsed {
    /// Parses `text`, which diagnostics call `path`.
    ///
    /// # Errors
    /// Syntax errors.
    pub fn parse(path: &Path, text: String) -> Result<Self, Rejected> {
        let mut sources = SourceMap::new();
        let mut ast = Ast::default();
        let mut diagnostics = Diagnostics::new();
        let file = match sources.add(path, text) {
            Ok(id) => parser::parse_file(&sources, id, &mut ast, Bodies::Parse, &mut diagnostics),
            Err(_) => None,
        };
        match file {
            Some(file) if diagnostics.is_empty() => Ok(Parsed { sources, ast, file }),
            _ => Err(Rejected { diagnostics: diagnostics.into_sorted(&sources), sources }),
        }
    }

    /// The syntax tree as text.
    pub fn tree(&self) -> String {
        format!("{:#?}\n", self.file)
    }

    /// Checks types.
    ///
    /// # Errors
    /// Type errors.
    pub fn check(self) -> Result<Checked, Rejected> {
        let Parsed { sources, ast, file } = self;
        let mut diagnostics = Diagnostics::new();
        match check::check_program(sources, ast, vec![file], &Library, &mut diagnostics) {
            Ok(program) => Ok(Checked { program }),
            Err(sources) => Err(Rejected { diagnostics: diagnostics.into_sorted(&sources), sources }),
        }
    }
}

/// A program without errors.
#[derive(Debug)]
pub struct Checked {
    program: TypedProgram,
}

impl Checked {
    /// Lowers to SSA in its naive form.
    ///
    /// # Errors
    /// A broken invariant of the compiler, in debug builds.
    pub fn lower(self) -> Result<Lowered, String> {
        let program = ssa::builder::build(self.program);
        if cfg!(debug_assertions) {
            ssa::verify::program(&program)?;
        }
        Ok(Lowered { program })
    }
}

/// A program in naive SSA.
#[derive(Debug)]
pub struct Lowered {
    /// The program.
    pub program: Program,
}

impl Lowered {
    /// Decides what may live on a stack.
    pub fn analyze(self) -> Analyzed {
        let placements = escape::analyze(&self.program);
        Analyzed { program: self.program, placements }
    }
}

fn codegen_options() -> codegen::Options {
    codegen::Options {
        symbols: codegen::RuntimeSymbols { function: runtime::entry::address, native: runtime::natives::address },
        known_types: KNOWN_TYPES,
        known_functions: KNOWN_FUNCTIONS,
    }
}

/// A program in SSA with its placements.
#[derive(Debug)]
pub struct Analyzed {
    /// The program.
    pub program: Program,
    /// Where each allocation site lives.
    pub placements: escape::EscapeResults,
}

impl Analyzed {
    /// Runs the passes that follow escape analysis.
    ///
    /// # Errors
    /// A broken invariant of the compiler, in debug builds.
    pub fn optimize(mut self) -> Result<Self, String> {
        ssa::passes::run(&mut self.program, None)?;
        Ok(self)
    }

    /// Compiles to machine code.
    ///
    /// # Errors
    /// A limit of the code generator or the machine, or a mistake of the compiler.
    pub fn compile(&self) -> Result<Image, CodegenError> {
        let is_on_stack = |function, site| self.placements.is_on_stack(function, site);
        codegen::compile(&self.program, &is_on_stack, &codegen_options())
    }

    /// The code generator's forms of the functions whose names contain `filter`.
    ///
    /// # Errors
    /// As `compile`.
    pub fn dump(&self, kind: DumpKind, filter: &str) -> Result<String, CodegenError> {
        let is_on_stack = |function, site| self.placements.is_on_stack(function, site);
        codegen::dump(&self.program, &is_on_stack, &codegen_options(), kind, filter)
    }
}
