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
use frontend::ssa::reachability::Roots;
use frontend::ssa::{self, Program};
use runtime::image::{Image, KNOWN_FUNCTIONS, KNOWN_TYPES};

/// Embedded library sources, as the checker asks for them.
struct Library;

impl check::Library for Library {
    fn package(&self, import_path: &str) -> Option<&'static [(&'static str, &'static str)]> {
        stdlib::source(import_path)
    }

    fn support(&self) -> Option<(&'static str, &'static [&'static str])> {
        Some((
            runtime::image::SUPPORT_PACKAGE,
            runtime::image::SUPPORT_NAMES,
        ))
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
    /// Mistakes that leave a tree: its types are checked all the same, but the program is rejected.
    mistakes: Diagnostics,
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
            Some(file) => Ok(Parsed {
                sources,
                ast,
                file,
                mistakes: diagnostics,
            }),
            None => Err(Rejected {
                diagnostics: diagnostics.into_sorted(&sources),
                sources,
            }),
        }
    }

    /// The syntax tree as text.
    ///
    /// # Errors
    /// Mistakes that left a tree.
    pub fn tree(self) -> Result<String, Rejected> {
        if self.mistakes.is_empty() {
            return Ok(format!("{:#?}\n", self.file));
        }
        Err(Rejected {
            diagnostics: self.mistakes.into_sorted(&self.sources),
            sources: self.sources,
        })
    }

    /// Checks types.
    ///
    /// # Errors
    /// Type errors.
    pub fn check(self) -> Result<Checked, Rejected> {
        let Parsed {
            sources,
            ast,
            file,
            mistakes: mut diagnostics,
        } = self;
        match check::check_program(sources, ast, vec![file], &Library, &mut diagnostics) {
            Ok(program) => Ok(Checked { program }),
            Err(sources) => Err(Rejected {
                diagnostics: diagnostics.into_sorted(&sources),
                sources,
            }),
        }
    }
}

/// A program without errors.
#[derive(Debug)]
pub struct Checked {
    program: TypedProgram,
}

impl Checked {
    /// How much was looked at, for a trace.
    pub fn size(&self) -> String {
        let files = self.program.sources.files().count();
        format!(
            "{files} files, {} packages, {} functions",
            self.program.packages.len(),
            self.program.checked_functions.len()
        )
    }

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
    /// How much was lowered, for a trace.
    pub fn size(&self) -> String {
        let bodies = self
            .program
            .functions
            .values()
            .filter(|function| function.has_body());
        let instructions: usize = bodies.clone().map(|function| function.insts.len()).sum();
        format!("{} functions, {instructions} instructions", bodies.count())
    }

    /// Decides what may live on a stack.
    pub fn analyze(self) -> Analyzed {
        let placements = escape::analyze(&self.program);
        Analyzed {
            program: self.program,
            placements,
        }
    }
}

fn codegen_options() -> codegen::Options {
    codegen::Options {
        symbols: codegen::RuntimeSymbols {
            function: runtime::entry::address,
            native: runtime::natives::address,
        },
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
    /// Cuts off what cannot be executed from `roots`, and runs the passes that follow escape analysis.
    ///
    /// # Errors
    /// A broken invariant of the compiler, in debug builds.
    pub fn optimize(mut self, roots: Roots) -> Result<Self, String> {
        ssa::reachability::prune(&mut self.program, roots);
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
        codegen::dump(
            &self.program,
            &is_on_stack,
            &codegen_options(),
            kind,
            filter,
        )
    }
}
