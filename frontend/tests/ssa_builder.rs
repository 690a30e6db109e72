//! Programs and the SSA they are lowered to, side by side: `ssa_builder/x.mg` and `x.ssa`.
//!
//! Every program must verify; where an `.ssa` file stands beside it the text must be the same.
//! `MINIGO_UPDATE=1 cargo test` rewrites those files.

use std::path::{Path, PathBuf};

use minigo_frontend::ast::Ast;
use minigo_frontend::check::{NoLibrary, check_program};
use minigo_frontend::diagnostic::Diagnostics;
use minigo_frontend::parser::{Bodies, parse_file};
use minigo_frontend::source::SourceMap;
use minigo_frontend::ssa::{Program, builder, print, verify};

/// Builds the SSA of a program; what the front end reports is an error.
fn lower(path: &Path) -> Result<Program, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let mut sources = SourceMap::new();
    let file = sources
        .add(path, text)
        .map_err(|_| "too large".to_owned())?;
    let mut ast = Ast::default();
    let mut diagnostics = Diagnostics::new();
    let parsed = parse_file(&sources, file, &mut ast, Bodies::Parse, &mut diagnostics);
    let messages = |sources: &SourceMap, diagnostics: Diagnostics| -> String {
        let sorted = diagnostics.into_sorted(sources);
        sorted
            .iter()
            .map(|one| format!("{}: {}\n", sources.display(one.span.start), one.message))
            .collect()
    };
    let Some(parsed) = parsed else {
        return Err(messages(&sources, diagnostics));
    };
    match check_program(sources, ast, vec![parsed], &NoLibrary, &mut diagnostics) {
        Ok(typed) => Ok(builder::build(typed)),
        Err(sources) => Err(messages(&sources, diagnostics)),
    }
}

fn on_large_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .stack_size(512 << 20)
        .spawn(work);
    thread.expect("a thread").join().expect("the test passes");
}

fn programs(directory: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("the directory of test programs")
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "mg"))
        .collect();
    found.sort();
    found
}

#[test]
fn programs_lower_to_their_text() {
    on_large_stack(|| {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ssa_builder");
        let mut failures = Vec::new();
        for path in programs(&directory) {
            let program =
                lower(&path).unwrap_or_else(|message| panic!("{}: {message}", path.display()));
            if let Err(error) = verify::program(&program) {
                failures.push(format!("{}: {error}", path.display()));
                continue;
            }
            let golden = path.with_extension("ssa");
            let text = print::program(&program);
            if std::env::var_os("MINIGO_UPDATE").is_some() {
                std::fs::write(&golden, text).expect("the golden file is writable");
            } else if std::fs::read_to_string(&golden).is_ok_and(|expected| expected != text) {
                failures.push(format!(
                    "{}: differs from its golden file:\n{text}",
                    path.display()
                ));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    });
}
