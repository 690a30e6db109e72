//! Every syntax error in gc's words: the entries of `syntax_errors.txt`, whose errors are gc's output.

use std::fmt::Write as _;

use minigo_frontend::ast::Ast;
use minigo_frontend::diagnostic::{Diagnostics, render};
use minigo_frontend::parser::{Bodies, parse_file};
use minigo_frontend::source::SourceMap;

fn errors_of(program: &str) -> String {
    rendered_errors_of(program, true)
}

fn rendered_errors_of(program: &str, all: bool) -> String {
    let mut sources = SourceMap::new();
    let file = sources
        .add("x.go", program.to_owned())
        .expect("it is short");
    let mut diagnostics = Diagnostics::new();
    let parsed = parse_file(
        &sources,
        file,
        &mut Ast::default(),
        Bodies::Parse,
        &mut diagnostics,
    );
    // Without a tree there is a reason; with one there may be mistakes.
    assert!(parsed.is_some() || !diagnostics.is_empty());
    let (list, gave_up_at) = if all {
        (diagnostics.into_sorted(&sources), None)
    } else {
        diagnostics.into_first(&sources)
    };
    render(&list, &sources, gave_up_at, false)
}

/// An entry: whether only the first error counts, the program, the expected errors.
fn entries(text: &str) -> Vec<(bool, String, String)> {
    let mut entries: Vec<(bool, String, String)> = Vec::new();
    let mut in_errors = false;
    for line in text.lines().skip_while(|line| line.starts_with('#')) {
        match (line, entries.last_mut()) {
            ("====" | "=1==", _) => {
                entries.push((line == "=1==", String::new(), String::new()));
                in_errors = false;
            }
            ("---", _) => in_errors = true,
            (_, Some((_, program, errors))) => {
                let part = if in_errors { errors } else { program };
                part.push_str(line);
                part.push('\n');
            }
            (_, None) => panic!("the file begins with an entry"),
        }
    }
    entries
}

#[test]
fn errors_are_those_of_gc() {
    let entries = entries(include_str!("syntax_errors.txt"));
    assert!(entries.len() > 400, "the file is read whole");
    let mut report = String::new();
    for (only_first, program, expected) in &entries {
        let found = errors_of(program);
        let agrees = match only_first {
            true => found.lines().next() == expected.lines().next(),
            false => found == *expected,
        };
        if !agrees {
            writeln!(report, "{program}expected:\n{expected}found:\n{found}")
                .expect("strings take all");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn characters_that_no_program_may_hold() {
    assert_eq!(
        errors_of("package p\n\nvar x = \"\0\"\n"),
        "x.go:3:10: invalid NUL character\n"
    );
    assert_eq!(errors_of("\u{feff}package p\n"), "");
    assert_eq!(
        errors_of("package p\n\u{feff}\nvar x = 1\n"),
        "x.go:2:1: invalid BOM in the middle of the file\n"
    );
}

#[test]
fn at_most_ten_errors_are_reported_and_one_more_to_say_so() {
    let lines = "var x int y\n".repeat(50);
    assert_eq!(
        rendered_errors_of(&format!("package p\n{lines}"), false)
            .lines()
            .count(),
        11
    );
}
