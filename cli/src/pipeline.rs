//! The stages of a compilation. Each takes what the one before yields; [`Stage`]s have no other way
//! round.
//!
//! ```text
//! text --parse--> Parsed --check--> Checked --lower--> Lowered --optimize--> Optimized --place--> Placed --compile--> Image
//! ```

use std::path::Path;

use codegen::{CodegenError, DumpKind, Place, Placements};
use escape::{Placement, Reason};
use frontend::archive::Archive;
use frontend::ast::{Ast, File};
use frontend::check::{self, TypedProgram};
use frontend::diagnostic::Diagnostics;
use frontend::parser::{self, Bodies};
use frontend::source::SourceMap;
use frontend::ssa::reachability::Roots;
use frontend::ssa::{self, FunctionId, Program, SiteId, SiteKind};
use runtime::image::{Image, KNOWN_FUNCTIONS, KNOWN_TYPES};

/// The embedded library, as the checker asks for it.
struct Library {
    /// Whether its archive is used, and not only its text.
    is_archived: bool,
    /// Whether functions of the user's without body are taken to be somewhere else.
    has_other_bodies: bool,
}

impl check::Library for Library {
    fn package(&self, import_path: &str) -> Option<&'static [(&'static str, &'static str)]> {
        stdlib::source(import_path)
    }

    fn archive(&self) -> Option<Archive> {
        self.is_archived.then(|| Archive::new(stdlib::ARCHIVE))
    }

    fn has_other_bodies(&self) -> bool {
        self.has_other_bodies
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
    /// The mistakes.
    pub diagnostics: Diagnostics,
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
                sources,
                diagnostics,
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
            diagnostics: self.mistakes,
            sources: self.sources,
        })
    }

    /// Checks types.
    ///
    /// # Errors
    /// Type errors.
    pub fn check(self) -> Result<Checked, Rejected> {
        self.check_with(&Library {
            is_archived: true,
            has_other_bodies: false,
        })
    }

    /// Checks types of a program that is not going to be compiled: functions may have no body.
    ///
    /// # Errors
    /// Type errors.
    pub fn check_without_bodies(self) -> Result<Checked, Rejected> {
        self.check_with(&Library {
            is_archived: true,
            has_other_bodies: true,
        })
    }

    /// Checks types with the library as text, as if it had no archive.
    ///
    /// # Errors
    /// Type errors.
    #[cfg(test)]
    fn check_with_text(self) -> Result<Checked, Rejected> {
        self.check_with(&Library {
            is_archived: false,
            has_other_bodies: false,
        })
    }

    fn check_with(self, library: &Library) -> Result<Checked, Rejected> {
        let Parsed {
            sources,
            ast,
            file,
            mistakes: mut diagnostics,
        } = self;
        match check::check_program(sources, ast, vec![file], library, &mut diagnostics) {
            Ok(program) => Ok(Checked { program }),
            Err(sources) => Err(Rejected {
                sources,
                diagnostics,
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

    /// Lowers to SSA in its naive form. Code of the library's archive is not loaded yet.
    ///
    /// # Errors
    /// A broken invariant of the compiler, in debug builds.
    pub fn lower(self) -> Result<Lowered, String> {
        let program = ssa::builder::build(self.program);
        Lowered { program }.verified()
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
        let functions = self.program.functions.values();
        let bodies = functions.filter(|function| function.has_body()).count();
        format!("{bodies} functions, {} instructions", self.instructions())
    }

    /// Instructions of all bodies.
    pub fn instructions(&self) -> usize {
        let functions = self.program.functions.values();
        let bodies = functions.filter(|function| function.has_body());
        bodies.map(|function| function.insts.len()).sum()
    }

    /// Loads all code that the program mentions.
    ///
    /// # Errors
    /// A broken invariant of the compiler, in debug builds.
    pub fn complete(mut self) -> Result<Self, String> {
        self.program.load_all();
        self.verified()
    }

    /// Loads what can be executed from `roots`, and cuts off what cannot.
    ///
    /// # Errors
    /// A broken invariant of the compiler, in debug builds.
    pub fn reach(mut self, roots: Roots) -> Result<Self, String> {
        ssa::reachability::prune(&mut self.program, roots);
        ssa::initialization::join(&mut self.program);
        self.verified()
    }

    fn verified(self) -> Result<Self, String> {
        if cfg!(debug_assertions) {
            ssa::verify::program(&self.program)?;
        }
        Ok(self)
    }

    /// Turns variables into values and simplifies.
    ///
    /// # Errors
    /// A broken invariant of the compiler, in debug builds.
    pub fn optimize(self) -> Result<Optimized, String> {
        let mut program = self.program;
        ssa::passes::run(&mut program, None)?;
        Ok(Optimized { program })
    }

    /// Leaves everything as it is: slower, and the same.
    pub fn unoptimized(self) -> Optimized {
        Optimized {
            program: self.program,
        }
    }
}

/// A program in the SSA that is compiled.
#[derive(Debug)]
pub struct Optimized {
    /// The program.
    pub program: Program,
}

impl Optimized {
    /// Decides what of the selected lives on a stack.
    pub fn place(self, selection: escape::Selection) -> Placed {
        let placements = escape::analyze_selected(&self.program, escape::Mode::Full, selection);
        Placed {
            program: self.program,
            placements,
        }
    }
}

fn codegen_options(all_loops_poll: bool) -> codegen::Options {
    codegen::Options {
        symbols: codegen::RuntimeSymbols {
            function: runtime::entry::address,
            native: runtime::natives::address,
        },
        known_types: KNOWN_TYPES,
        known_functions: KNOWN_FUNCTIONS,
        all_loops_poll,
    }
}

/// A program in optimized SSA with its placements.
#[derive(Debug)]
pub struct Placed {
    /// The program.
    pub program: Program,
    /// Where each allocation site lives.
    pub placements: escape::EscapeResults,
}

impl Placements for Placed {
    fn place(&self, function: FunctionId, site: SiteId) -> Place {
        match self.placements.placement(function, site) {
            Placement::Stack => Place::Frame,
            // gc has no room for later ones, which `cap` would show.
            Placement::Heap(Reason::NonConstantSize)
                if self.program.functions[function].sites[site].kind == SiteKind::Append =>
            {
                Place::Heap
            }
            Placement::Heap(Reason::NonConstantSize) => Place::FrameIfSmall,
            Placement::Heap(_) => Place::Heap,
        }
    }

    fn derefs_to_result(
        &self,
        function: FunctionId,
        argument: usize,
        result: usize,
    ) -> Option<i32> {
        let summary = self.placements.summaries(function).get(argument)?;
        summary.results.get(result).copied().flatten()
    }
}

impl Placed {
    /// Compiles to machine code, for a run with a seed or one without.
    ///
    /// # Errors
    /// A limit of the code generator or the machine, or a mistake of the compiler.
    pub fn compile(&self, is_seeded: bool) -> Result<Image, CodegenError> {
        codegen::compile(&self.program, self, &codegen_options(is_seeded))
    }

    /// The code generator's forms of the functions whose names contain `filter`.
    ///
    /// # Errors
    /// As `compile`.
    pub fn dump(&self, kind: DumpKind, filter: &str) -> Result<String, CodegenError> {
        codegen::dump(&self.program, self, &codegen_options(false), kind, filter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The SSA of a program and of what it mentions of the library, lines sorted: functions get their order from the
    /// way they are found.
    fn naive_ssa(checked: Result<Checked, Rejected>) -> Vec<String> {
        let lowered = checked.expect("a program without mistakes").lower();
        let complete = lowered.and_then(Lowered::complete);
        let program = complete.expect("well-formed SSA").program;
        let functions = program
            .functions
            .values()
            .filter(|function| function.has_body());
        let text: String = functions
            .map(|function| ssa::print::function(&program, function))
            .collect();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    }

    fn parse(path: &Path, text: &str) -> Parsed {
        Parsed::parse(path, text.to_owned()).expect("a program that parses")
    }

    #[test]
    fn the_archive_and_the_text_of_the_library_are_the_same_code() {
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
        let mut programs = 0;
        for entry in std::fs::read_dir(examples).expect("the examples") {
            let path = entry.expect("an example").path();
            if path.extension().is_none_or(|extension| extension != "mg") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a readable example");
            let archived = naive_ssa(parse(&path, &text).check());
            let read = naive_ssa(parse(&path, &text).check_with_text());
            assert!(archived == read, "{} differs", path.display());
            programs += 1;
        }
        assert_eq!(programs, 10);
    }

    #[test]
    fn mistakes_speak_of_archived_declarations_as_of_read_ones() {
        let text = "package main\n\nimport (\n\"bytes\"\n\"fmt\"\n\"os\"\n\"strings\"\n\"time\"\n)\n\n\
            func main() {\n\
            var b *bytes.Buffer = strings.NewReader\n\
            fmt.printf(1)\nfmt.Printl(2)\nfmt.println(3)\n\
            var d time.Duration = time.Now\nos.Exit(\"a\")\n\
            fmt.Sprintf(1, 2)\nb.Foo()\nb.buf = nil\n\
            var s fmt.Stringer = os.Stdout\n_, _ = d, s\n}\n";
        let messages = |checked: Result<Checked, Rejected>| -> Vec<String> {
            let rejected = checked.expect_err("mistakes");
            let sorted = rejected.diagnostics.into_sorted(&rejected.sources);
            let diagnostics = sorted.iter();
            diagnostics
                .map(|one| {
                    let position = rejected.sources.display(one.span.start);
                    format!("{position}: {}", one.message)
                })
                .collect()
        };
        let path = Path::new("mistakes.mg");
        let archived = messages(parse(path, text).check());
        assert_eq!(archived.len(), 10);
        assert_eq!(archived, messages(parse(path, text).check_with_text()));
    }
}
