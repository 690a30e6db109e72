//! Single passes, text to text: `passes/x.txt` holds a program that gives names their meaning, the function `f` as the
//! pass finds it, and as it leaves it.
//!
//! `MINIGO_UPDATE=1 cargo test` rewrites what passes leave; an empty part before is filled with what the passes before this one
//! make of the program's own `f`.

use std::path::Path;

use minigo_frontend::ast::Ast;
use minigo_frontend::check::{NoLibrary, check_program};
use minigo_frontend::diagnostic::Diagnostics;
use minigo_frontend::parser::{Bodies, parse_file};
use minigo_frontend::source::SourceMap;
use minigo_frontend::ssa::{Program, builder, passes, print, read, verify};

const BEFORE: &str = "-- before --\n";
const AFTER: &str = "-- after --\n";

fn lower(text: &str) -> Program {
    let mut sources = SourceMap::new();
    let file = sources.add("x.mg", text.to_owned()).expect("a small file");
    let (mut ast, mut diagnostics) = (Ast::default(), Diagnostics::new());
    let parsed = parse_file(&sources, file, &mut ast, Bodies::Parse, &mut diagnostics);
    let parsed = parsed.expect("a program that parses");
    let typed = check_program(sources, ast, vec![parsed], &NoLibrary, &mut diagnostics);
    builder::build(typed.unwrap_or_else(|_| panic!("{diagnostics:?}")))
}

/// What the passes before `pass` make of the program's `f`; before late ones all others run.
fn prepared(setting: &str, pass: &str) -> String {
    let mut program = lower(setting);
    let count = passes::PASSES.len();
    let position = passes::PASSES.iter().position(|other| other.name == pass);
    if let Some(last) = position.unwrap_or(count).checked_sub(1) {
        passes::run(&mut program, Some(passes::PASSES[last].name)).expect("well-formed SSA");
    }
    let function = program
        .functions
        .values()
        .find(|function| function.name == "main.f");
    print::function(&program, function.expect("the program has a function f"))
}

#[test]
fn passes_do_what_their_texts_say() {
    let is_update = std::env::var_os("MINIGO_UPDATE").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/passes");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of texts") {
        let path = entry.expect("a text").path();
        let text = std::fs::read_to_string(&path).expect("a readable text");
        let (setting, rest) = text.split_once(BEFORE).expect("a part before");
        let (before, after) = rest.split_once(AFTER).expect("a part after");
        let first_line = setting.lines().next().unwrap_or_default();
        let pass = first_line.trim_start_matches("// pass ");
        let before = if is_update && before.trim().is_empty() {
            prepared(setting, pass)
        } else {
            before.to_owned()
        };
        let mut program = lower(setting);
        let mut function = read::function(&program, before.trim_end())
            .unwrap_or_else(|error| panic!("{}: {error:?}", path.display()));
        verify::function(&program, &function)
            .unwrap_or_else(|error| panic!("{}: before: {error}", path.display()));
        assert!(
            passes::run_one(pass, &mut function, &mut program.typed.types),
            "no pass is called {pass}"
        );
        verify::function(&program, &function)
            .unwrap_or_else(|error| panic!("{}: after: {error}", path.display()));
        let result = print::function(&program, &function);
        if is_update {
            let whole = format!(
                "{setting}{BEFORE}{}\n{AFTER}{}\n",
                before.trim_end(),
                result.trim_end()
            );
            std::fs::write(&path, whole).expect("a writable text");
        } else {
            assert_eq!(result.trim_end(), after.trim_end(), "{}", path.display());
        }
        count += 1;
    }
    let passes = passes::PASSES.len() + passes::LATE.len();
    assert!(count >= passes, "every pass has a text");
}
