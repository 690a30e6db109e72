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
    /// Say at the end what the collector did.
    pub reports_collections: bool,
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
    /// Whose verdicts `-m` prints: gc's, or those of a run.
    pub escape: escape::Mode,
    /// Print the placements as JSON objects.
    pub is_for_programs: bool,
    /// Explain the placement of what has this name, on this line if there is one.
    pub why: Option<(String, Option<u32>)>,
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

/// Likewise, without a value.
const LONG_SWITCHES: [&str; 1] = ["gcstats"];

/// Flags of several letters that Go's users write with one dash, and that have a value.
const LONG_FLAGS: [&str; 5] = ["seed", "emit", "only", "escape", "why"];
/// Those of them that stand alone.
const SWITCHES: [&str; 1] = ["json"];

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
            // For the usage: clap never sees them.
            Arg::new("arguments")
                .num_args(0..)
                .value_name("ARGUMENTS")
                .help("What the program is given: everything after the file"),
        )
        .arg(
            Arg::new("seed")
                .long("seed")
                .value_name("N")
                .help("Draw every random choice from N")
                .value_parser(parse_seed),
        )
        .arg(
            Arg::new("gcstats")
                .long("gcstats")
                .action(ArgAction::SetTrue)
                .help("At the end, print what the garbage collector did"),
        );
    let build = clap::Command::new("build")
        .about("Compile a file and report")
        .arg(file)
        .arg(
            Arg::new("explain")
                .short('m')
                .action(ArgAction::Count)
                .help("Print what escapes, as go build -gcflags=-m does; -m=2 tells why"),
        )
        .arg(
            Arg::new("escape")
                .long("escape")
                .value_name("ANALYSIS")
                .value_parser(["go", "full"])
                .default_value("go")
                .help("With -m: print gc's verdicts, or those a run goes by"),
        )
        .arg(
            Arg::new("why")
                .long("why")
                .value_name("NAME[:LINE]")
                .help("Print why a variable or expression is in the heap"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Print the lines of -m as JSON objects, with the reasons"),
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

/// The command line in the form clap reads, and apart from it what belongs to the program that is run: everything after
/// the file, dashes and `--` included.
///
/// `-seed 1` becomes `--seed=1`, so that a value may begin with a dash.
fn split(arguments: impl Iterator<Item = OsString>) -> (Vec<OsString>, Vec<OsString>) {
    let mut arguments = arguments.peekable();
    let mut ours: Vec<OsString> = arguments.by_ref().take(1).collect();
    let mut command = None;
    let mut are_flags_over = false;
    while let Some(argument) = arguments.next() {
        let text = argument.to_str().unwrap_or("");
        let is_flag = !are_flags_over && text.len() > 1 && text.starts_with('-');
        let name = text.trim_start_matches('-');
        if is_flag {
            are_flags_over = text == "--";
            let flag = name.split('=').next().unwrap_or(name);
            if LONG_SWITCHES.contains(&flag) {
                ours.push(OsString::from(format!("--{name}")));
                continue;
            }
            if !LONG_FLAGS.contains(&flag) {
                if SWITCHES.contains(&name) {
                    ours.push(OsString::from(format!("--{name}")));
                    continue;
                }
                match level(name) {
                    Some(level) => ours.extend((0..level).map(|_| OsString::from("-m"))),
                    None => ours.push(argument),
                }
                continue;
            }
            let mut joined = OsString::from(format!("--{name}"));
            if !name.contains('=')
                && let Some(value) = arguments.next()
            {
                joined.push("=");
                joined.push(value);
            }
            ours.push(joined);
        } else if command.is_none() {
            command = Some(argument.clone());
            ours.push(argument);
        } else {
            ours.push(argument);
            if command.as_deref() == Some("run".as_ref()) {
                break;
            }
        }
    }
    (ours, arguments.collect())
}

/// Which level `-m=N` asks for: as often could `-m` be written.
fn level(flag: &str) -> Option<u8> {
    flag.strip_prefix("m=")?.parse().ok()
}

/// Any 64 bits: a negative number is its two's complement.
fn parse_seed(text: &str) -> Result<u64, String> {
    let negative = || text.parse::<i64>().map(i64::cast_unsigned);
    text.parse::<u64>()
        .or_else(|_| negative())
        .map_err(|_| "not an integer of 64 bits".to_owned())
}

/// Reads the command line; on a mistake, help or version the text is printed and the status returned.
pub fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, ExitCode> {
    let (ours, rest) = split(arguments);
    let matches = definition().try_get_matches_from(ours).map_err(|error| {
        let _ = error.print();
        // Go's commands end with 2 on wrong usage.
        ExitCode::from(if error.use_stderr() { 2 } else { 0 })
    })?;
    Ok(match matches.subcommand() {
        Some(("run", matches)) => Command::Run(run(matches, rest)),
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

fn run(matches: &ArgMatches, arguments: Vec<OsString>) -> RunCommand {
    RunCommand {
        file: file(matches),
        arguments,
        seed: matches.get_one::<u64>("seed").copied(),
        reports_collections: matches.get_flag("gcstats"),
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
        is_for_programs: matches.get_flag("json"),
        why: matches.get_one::<String>("why").map(|text| {
            let with_line = text.rsplit_once(':');
            match with_line.and_then(|(name, line)| Some((name, line.parse().ok()?))) {
                Some((name, line)) => (name.to_owned(), Some(line)),
                None => (text.clone(), None),
            }
        }),
        escape: match matches.get_one::<String>("escape").map(String::as_str) {
            Some("full") => escape::Mode::Full,
            _ => escape::Mode::Go,
        },
        emit,
        only: matches.get_one::<String>("only").cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStringExt as _;

    fn run_of(line: &[&str]) -> RunCommand {
        let line = line.iter().map(OsString::from);
        match parse(line) {
            Ok(Command::Run(command)) => command,
            other => panic!("not a run: {other:?}"),
        }
    }

    #[test]
    fn everything_after_the_file_is_the_program_s() {
        let command = run_of(&["minigo", "run", "x.mg", "--", "-seed", "3", "--help", "-"]);
        assert_eq!(command.arguments, ["--", "-seed", "3", "--help", "-"]);
        assert_eq!(command.seed, None);
        let bytes = OsString::from_vec(vec![0xff, b'a', 0xfe]);
        let line = ["minigo", "run", "x.mg"].map(OsString::from);
        match parse(line.into_iter().chain([bytes.clone()])) {
            Ok(Command::Run(command)) => assert_eq!(command.arguments, [bytes]),
            other => panic!("not a run: {other:?}"),
        }
    }

    #[test]
    fn the_level_of_explanations_is_written_as_in_go() {
        for (line, level) in [
            (&["minigo", "build", "-m", "x.mg"][..], 1),
            (&["minigo", "build", "-m=2", "-l", "x.mg"], 2),
            (&["minigo", "build", "-m", "-m", "x.mg"], 2),
            (&["minigo", "build", "-m=0", "x.mg"], 0),
        ] {
            match parse(line.iter().map(OsString::from)) {
                Ok(Command::Build(command)) => assert_eq!(command.explain_level, level, "{line:?}"),
                other => panic!("not a build: {other:?}"),
            }
        }
    }

    #[test]
    fn flags_take_one_dash_or_two_and_values_of_any_form() {
        for line in [
            &["minigo", "run", "-seed", "7", "x.mg"][..],
            &["minigo", "run", "--seed=7", "x.mg"],
            &["minigo", "run", "-seed=7", "x.mg", "a"],
            &["minigo", "run", "-seed", "7", "--", "x.mg"],
        ] {
            let command = run_of(line);
            assert_eq!(command.seed, Some(7), "{line:?}");
            assert_eq!(command.file, PathBuf::from("x.mg"), "{line:?}");
        }
        let negative = run_of(&["minigo", "run", "-seed", "-1", "x.mg"]);
        assert_eq!(negative.seed, Some(u64::MAX));
    }
}
