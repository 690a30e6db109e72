//! Runs a command: reads the file, walks the stages, prints what is to be printed and gives the exit
//! status.
//!
//! | status | meaning |
//! |---|---|
//! | 0 | done; the program's own status for `run` |
//! | 1 | the file cannot be read, or there are mistakes in it; nothing was run |
//! | 2 | wrong usage; or, for `run`, the program panicked |
//! | 70 | an error in the compiler itself |

use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use codegen::{CodegenError, DumpKind};
use frontend::diagnostic;
use frontend::ssa::reachability::Roots;
use frontend::ssa::{self, Program};

use crate::args::{BuildCommand, Command, Emit, RunCommand};
use crate::compile_trace::CompileTrace;
use crate::pipeline::{Lowered, Optimized, Parsed, Rejected};
use crate::settings::Settings;

/// Exit status of an error in the compiler itself (`EX_SOFTWARE`).
pub const INTERNAL_ERROR: u8 = 70;

/// A program of so many instructions takes long to compile, compared with mapping a part of the compiler again.
const INSTRUCTIONS_WORTH_RELEASING: usize = 1000;

/// The compiler's memory for a program of this size stays below some ten megabytes.
const BYTES_NOT_WORTH_FREEING: usize = 64 << 10;

/// Why a command ended early.
enum Failure {
    /// What is to be printed was printed.
    Reported,
    /// Mistakes in the program.
    Rejected(Rejected),
    /// The file cannot be used.
    Unusable(String),
    /// An invariant of the compiler is broken.
    Internal(String),
}

/// Carries out a command; returns the exit status.
pub fn execute(command: &Command) -> u8 {
    let (result, shows_all_errors) = match command {
        Command::Run(command) => (run(command), false),
        Command::Build(command) => (build(command).map(|()| 0), command.shows_all_errors),
    };
    match result {
        Ok(status) => status,
        Err(Failure::Reported) => 1,
        Err(Failure::Rejected(Rejected {
            sources,
            diagnostics,
        })) => {
            let (diagnostics, gave_up_at) = if shows_all_errors {
                (diagnostics.into_sorted(&sources), None)
            } else {
                diagnostics.into_first(&sources)
            };
            complain(&diagnostic::render(
                &diagnostics,
                &sources,
                gave_up_at,
                true,
            ));
            1
        }
        Err(Failure::Unusable(message)) => {
            complain(&format!("minigo: {message}\n"));
            1
        }
        Err(Failure::Internal(message)) => {
            complain(&format!("minigo: internal compiler error: {message}\n"));
            INTERNAL_ERROR
        }
    }
}

/// Reads a source file: UTF-8 text, not a directory.
fn read(path: &Path) -> Result<String, Failure> {
    let name = path.display();
    let is_source = path
        .extension()
        .is_some_and(|extension| extension == "mg" || extension == "go");
    let bytes = std::fs::read(path).map_err(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
            std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            std::io::ErrorKind::IsADirectory => "is a directory; give a .mg file".to_owned(),
            _ => error.to_string(),
        };
        Failure::Unusable(format!("{name}: {reason}"))
    })?;
    if !is_source {
        return Err(Failure::Unusable(format!("{name}: not a .mg or .go file")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.split(|byte| *byte == b'\n').count();
        let column = valid
            .iter()
            .rev()
            .take_while(|byte| **byte != b'\n')
            .count()
            + 1;
        complain(&format!("{name}:{line}:{column}: invalid UTF-8 encoding\n"));
        Failure::Reported
    })
}

impl From<Rejected> for Failure {
    fn from(rejected: Rejected) -> Self {
        Failure::Rejected(rejected)
    }
}

/// `only_explains` says that the program is not compiled further.
fn lower(path: &Path, only_explains: bool) -> Result<Lowered, Failure> {
    let parsed = Parsed::parse(path, read(path)?)?;
    let checked = if only_explains {
        parsed.check_without_bodies()?
    } else {
        parsed.check()?
    };
    checked.lower().map_err(Failure::Internal)
}

fn optimize(lowered: Lowered, settings: Settings) -> Result<Optimized, Failure> {
    if settings.skips_passes {
        return Ok(lowered.unoptimized());
    }
    lowered.optimize().map_err(Failure::Internal)
}

fn run(command: &RunCommand) -> Result<u8, Failure> {
    let settings = Settings::from_environment().map_err(Failure::Unusable)?;
    let mut trace = CompileTrace::start(settings.traces_stages);
    let text = read(&command.file)?;
    let source_bytes = text.len();
    trace.stage("read", || format!("{source_bytes} bytes"));
    let parsed = Parsed::parse(&command.file, text)?;
    trace.stage("parse", String::new);
    let checked = parsed.check()?;
    trace.stage("check", || checked.size());
    let lowered = checked.lower().map_err(Failure::Internal)?;
    trace.stage("lower", String::new);
    let reached = lowered.reach(Roots::Entry).map_err(Failure::Internal)?;
    let size = reached.instructions();
    trace.stage("reach", || reached.size());
    let optimized = optimize(reached, settings)?;
    trace.stage("passes", String::new);
    let placed = optimized.place(settings.selection);
    trace.stage("escape", String::new);
    if settings.lists_placements() {
        complain(&placed.placements.listing(&placed.program));
    }
    if !placed.program.typed.is_command() {
        return Err(Failure::Unusable(format!(
            "{}: package is not a main package",
            command.file.display()
        )));
    }
    if !placed.program.typed.has_main_function() {
        // In the words of Go's linker.
        complain("runtime.main_main·f: function main is undeclared in the main package\n");
        return Err(Failure::Reported);
    }
    let mut options = runtime::options::Options::from_environment();
    if let Some(seed) = command.seed {
        options.set_seed(seed);
    }
    options.reports_collections = command.reports_collections;
    // The front end is done; it need not be in memory together with the code generator.
    runtime::process::release_program_file();
    let image = placed.compile(options.is_seeded)?;
    if size > INSTRUCTIONS_WORTH_RELEASING {
        runtime::process::release_program_file();
    }
    trace.stage("codegen", || format!("{} functions", image.functions.len()));
    // What compiled the program is not needed while it runs; but taking thousands of small pieces
    // apart costs more than the memory of a small program is worth, unless its heap grows.
    if source_bytes <= BYTES_NOT_WORTH_FREEING {
        runtime::process::drop_later(Box::new(placed));
    } else {
        drop(placed);
    }
    options.ends_process = true;
    let name = command.file.clone().into_os_string();
    let arguments = std::iter::once(&name).chain(&command.arguments);
    options.arguments = arguments
        .map(|argument| argument.as_bytes().to_vec())
        .collect();
    trace.stage("drop", String::new);
    let status = runtime::run(image, options);
    trace.stage("run", String::new);
    // At once: taking the compiler's thread and its stack apart is the system's business.
    std::process::exit(status)
}

impl From<CodegenError> for Failure {
    fn from(error: CodegenError) -> Self {
        match error {
            CodegenError::Internal { .. } | CodegenError::MissingNative(_) => {
                Failure::Internal(error.to_string())
            }
            _ => Failure::Unusable(error.to_string()),
        }
    }
}

fn build(command: &BuildCommand) -> Result<(), Failure> {
    if command.emit == Some(Emit::Ast) {
        print(&Parsed::parse(&command.file, read(&command.file)?)?.tree()?);
        return Ok(());
    }
    let explains = command.why.is_some()
        || command.is_for_programs
        || command.explain_level > 0
        || command.emit == Some(Emit::Escape);
    let ends_there = matches!(command.emit, None | Some(Emit::Escape));
    let lowered = lower(&command.file, explains && ends_there)?;
    // What the text says is explained, executed or not.
    let complete = if explains || command.emit == Some(Emit::NaiveSsa) {
        lowered.complete()
    } else {
        lowered.reach(Roots::UserPackage)
    };
    let complete = complete.map_err(Failure::Internal)?;
    if command.emit == Some(Emit::NaiveSsa) {
        print(&functions(&complete.program, command.only.as_deref()));
        return Ok(());
    }
    if let Some((name, line)) = &command.why {
        return match escape::why(&complete.program, command.escape, name, *line) {
            Ok(lines) => {
                print(
                    &lines
                        .iter()
                        .map(|line| format!("{line}\n"))
                        .collect::<String>(),
                );
                Ok(())
            }
            Err(near) => Err(Failure::Unusable(nothing_called(name, *line, &near))),
        };
    }
    if explains {
        // Go prints these to standard error. What begins with a hash is none of the lines, to Go and its tests.
        let program = &complete.program;
        let by_gc = &escape::analyze(program, escape::Mode::Go);
        let by_run = escape::analyze(program, escape::Mode::Full);
        let messages = match command.escape {
            escape::Mode::Go if command.explain_level > 1 => {
                escape::explained_messages(program, by_gc)
            }
            escape::Mode::Go => escape::messages(program, by_gc),
            escape::Mode::Full => escape::messages_of_both(program, by_gc, &by_run),
        };
        if command.is_for_programs {
            let objects = escape::json(program, command.escape, &messages, by_gc, &by_run);
            let lines: String = objects.iter().map(|object| format!("{object}\n")).collect();
            print(&lines);
            return Ok(());
        }
        let mut lines: String = messages
            .iter()
            .map(|message| format!("{}\n", message.line(program)))
            .collect();
        let (improved, all) = escape::improvements(program, by_gc, &by_run);
        if all > 0 {
            lines.push_str(&format!(
                "# a run has {improved} of {all} heap placements on the stack\n"
            ));
        }
        complain(&lines);
        if ends_there {
            return Ok(());
        }
    }
    let settings = Settings::from_environment().map_err(Failure::Unusable)?;
    let optimized = optimize(complete, settings)?;
    match command.emit {
        Some(Emit::Ssa) => print(&functions(&optimized.program, command.only.as_deref())),
        Some(form @ (Emit::Clif | Emit::Asm)) => {
            let kind = if form == Emit::Clif {
                DumpKind::Clif
            } else {
                DumpKind::Assembly
            };
            let only = command.only.as_deref().unwrap_or("");
            print(&optimized.place(settings.selection).dump(kind, only)?);
        }
        // A package that is not a command is checked and analyzed; there is no code to keep.
        _ => {}
    }
    Ok(())
}

/// What is said of a name that `-why` does not find.
fn nothing_called(name: &str, line: Option<u32>, near: &[String]) -> String {
    let place = line.map_or_else(String::new, |line| format!(" on line {line}"));
    let near = if near.is_empty() {
        String::new()
    } else {
        format!("; there is {}", near.join(", "))
    };
    format!("nothing called {name}{place} is allocated{near}")
}

fn functions(program: &Program, only: Option<&str>) -> String {
    let bodies = program
        .functions
        .values()
        .filter(|function| function.has_body());
    let chosen = bodies.filter(|function| only.is_none_or(|only| function.name.contains(only)));
    chosen
        .map(|function| format!("{}\n", ssa::print::function(program, function)))
        .collect()
}

/// Writes to standard error; nobody may be listening.
fn complain(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Writes to standard output; a closed pipe is nobody's mistake.
fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}
