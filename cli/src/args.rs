//! The command line. Flags follow Go's habit: one dash or two, `-name=value` or `-name value`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches};

/// What to do.
#[derive(Debug, Clone)]
pub enum Command {
    /// Compile a file and run it.
    Run(RunCommand),
    /// Compile a file and report.
    Build(BuildCommand),
}

/// `minigo run`
#[derive(Debug, Clone)]
pub struct RunCommand {
    /// The program.
    pub file: PathBuf,
    /// What the program sees after its own name.
    pub arguments: Vec<OsString>,
    /// Where every random choice of the run comes from; drawn if absent.
    pub seed: Option<u64>,
}

/// `minigo build`
#[derive(Debug, Clone)]
pub struct BuildCommand {
    /// The program.
    pub file: PathBuf,
    /// Report all errors, not only the first ten.
    pub shows_all_errors: bool,
    /// Print the placements: how often `-m` was given.
    pub explain_level: u8,
    /// Print an intermediate form instead.
    pub emit: Option<Emit>,
    /// Only functions whose name contains this are emitted.
    pub only: Option<String>,
}

/// An intermediate form to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emit {
    /// The syntax tree.
    Ast,
    /// SSA in the naive form, as escape analysis sees it.
    NaiveSsa,
    /// SSA after all passes.
    Ssa,
    /// The placement of every allocation site.
    Escape,
    /// Cranelift's form.
    Clif,
    /// Machine code.
    Asm,
}

/// Flags of several letters that Go's users write with one dash.
const LONG_FLAGS: [&str; 3] = ["seed", "emit", "only"];

fn definition() -> clap::Command {
    let file = Arg::new("file")
        .required(true)
        .value_name("FILE")
        .help("A .mg or .go file")
        .value_parser(clap::value_parser!(PathBuf));
    let run = clap::Command::new("run")
        .about("Compile a file and run it")
        .arg(file.clone())
        .arg(
            Arg::new("arguments")
                .num_args(0..)
                .trailing_var_arg(true)
                .allow_hyphen_values(true)
                .value_name("ARGUMENTS")
                .value_parser(clap::value_parser!(OsString)),
        )
        .arg(
            Arg::new("seed")
                .long("seed")
                .value_name("N")
                .help("Draw every random choice from N")
                .value_parser(clap::value_parser!(u64)),
        );
    let build = clap::Command::new("build")
        .about("Compile a file and report")
        .arg(file)
        .arg(
            Arg::new("explain")
                .short('m')
                .action(ArgAction::Count)
                .help("Print what escapes, as go build -gcflags=-m does"),
        )
        .arg(
            Arg::new("all-errors")
                .short('e')
                .action(ArgAction::SetTrue)
                .help("Report all errors, not only the first ten"),
        )
        .arg(
            Arg::new("no-inlining")
                .short('l')
                .action(ArgAction::SetTrue)
                .help("Accepted for Go's sake: nothing is inlined before escape analysis"),
        )
        .arg(
            Arg::new("emit")
                .long("emit")
                .value_name("FORM")
                .value_parser(["ast", "naive-ssa", "ssa", "escape", "clif", "asm"])
                .help("Print an intermediate form"),
        )
        .arg(
            Arg::new("only")
                .long("only")
                .value_name("NAME")
                .help("Emit only functions whose name contains NAME"),
        );
    clap::Command::new("minigo")
        .about("A Go-like language: SSA, escape analysis, a JIT, a concurrent garbage collector")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(run)
        .subcommand(build)
}

/// `-seed` becomes `--seed` up to the file name; what follows belongs to the program.
fn normalize(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut result = Vec::new();
    let mut is_ours = true;
    for (index, argument) in arguments.enumerate() {
        let text = argument.to_str().unwrap_or("");
        let name = text
            .strip_prefix('-')
            .map(|rest| rest.split('=').next().unwrap_or(rest));
        if is_ours && name.is_some_and(|name| LONG_FLAGS.contains(&name)) {
            result.push(OsString::from(format!("-{text}")));
            continue;
        }
        if index > 1 && !text.starts_with('-') && is_ours {
            // A flag's value also ends here; the program's own arguments come after the file.
            let previous = result
                .last()
                .and_then(|last: &OsString| last.to_str())
                .unwrap_or("");
            is_ours = previous.starts_with("--") && !previous.contains('=');
        }
        result.push(argument);
    }
    result
}

/// Reads the command line; on a mistake, help or version the text is printed and the status returned.
pub fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, ExitCode> {
    let matches = definition()
        .try_get_matches_from(normalize(arguments))
        .map_err(|error| {
            let _ = error.print();
            // Go's commands end with 2 on wrong usage.
            ExitCode::from(if error.use_stderr() { 2 } else { 0 })
        })?;
    Ok(match matches.subcommand() {
        Some(("run", matches)) => Command::Run(run(matches)),
        Some((_, matches)) => Command::Build(build(matches)),
        None => unreachable!("clap asks for a subcommand"),
    })
}

fn file(matches: &ArgMatches) -> PathBuf {
    matches
        .get_one::<PathBuf>("file")
        .expect("clap asks for it")
        .clone()
}

fn run(matches: &ArgMatches) -> RunCommand {
    let arguments = matches
        .get_many::<OsString>("arguments")
        .unwrap_or_default()
        .cloned()
        .collect();
    RunCommand {
        file: file(matches),
        arguments,
        seed: matches.get_one::<u64>("seed").copied(),
    }
}

fn build(matches: &ArgMatches) -> BuildCommand {
    let emit = matches
        .get_one::<String>("emit")
        .map(|form| match form.as_str() {
            "ast" => Emit::Ast,
            "naive-ssa" => Emit::NaiveSsa,
            "ssa" => Emit::Ssa,
            "escape" => Emit::Escape,
            "clif" => Emit::Clif,
            _ => Emit::Asm,
        });
    BuildCommand {
        file: file(matches),
        shows_all_errors: matches.get_flag("all-errors"),
        explain_level: matches.get_count("explain"),
        emit,
        only: matches.get_one::<String>("only").cloned(),
    }
}
