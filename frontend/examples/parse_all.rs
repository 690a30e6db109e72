//! Parses every `.go` and `.mg` file below the given folders and prints those that are rejected.
//!
//! `parse_all [--bench] [--skip] [--errors] PATH...`: `--errors` prints all errors of a rejected file
//! instead of the first, `--skip` leaves bodies unparsed (and then parses each on its own), `--bench`
//! measures the fastest of five rounds over all accepted files.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use minigo_frontend::ast::{Ast, Body, BodyId};
use minigo_frontend::diagnostic::{Diagnostics, render};
use minigo_frontend::parser::{Bodies, parse_body, parse_file};
use minigo_frontend::source::SourceMap;

fn main() {
    let (flags, paths): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|word| word.starts_with("--"));
    let has = |flag: &str| flags.iter().any(|given| given == flag);
    let bodies = if has("--skip") {
        Bodies::Skip
    } else {
        Bodies::Parse
    };
    let mut files = Vec::new();
    for path in &paths {
        collect(Path::new(path), &mut files);
    }
    files.sort();

    let mut accepted = Vec::new();
    let mut rejected = 0;
    for file in &files {
        let Ok(text) = String::from_utf8(std::fs::read(file).unwrap_or_default()) else {
            println!("{}: not UTF-8", file.display());
            continue;
        };
        let errors = errors_of(file, &text, bodies);
        if errors.is_empty() {
            accepted.push(text);
        } else {
            rejected += 1;
            let shown = if has("--errors") {
                &errors
            } else {
                errors.lines().next().unwrap_or("")
            };
            println!("{}", shown.trim_end());
        }
    }
    println!("accepted {} rejected {rejected}", accepted.len());
    if has("--bench") {
        bench(&accepted, bodies);
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if let Ok(entries) = std::fs::read_dir(path) {
        entries
            .flatten()
            .for_each(|entry| collect(&entry.path(), files));
    } else if path
        .extension()
        .is_some_and(|extension| extension == "go" || extension == "mg")
    {
        files.push(path.to_path_buf());
    }
}

fn errors_of(path: &Path, text: &str, bodies: Bodies) -> String {
    let mut sources = SourceMap::new();
    let mut diagnostics = Diagnostics::new();
    let mut ast = Ast::default();
    let Ok(id) = sources.add(path, text.to_owned()) else {
        return "too large".to_owned();
    };
    let parsed = parse_file(&sources, id, &mut ast, bodies, &mut diagnostics);
    assert_eq!(parsed.is_none(), !diagnostics.is_empty());
    for index in 0..ast.bodies.len() {
        let body = BodyId::from_u32(index as u32);
        parse_body(&sources, body, &mut ast, &mut diagnostics);
        assert!(
            !diagnostics.is_empty() || matches!(ast.bodies[body], Body::Parsed(_)),
            "a body stays unparsed"
        );
    }
    render(&diagnostics.into_sorted(&sources), &sources, None, false)
}

fn bench(texts: &[String], bodies: Bodies) {
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let mut total = Duration::ZERO;
        for text in texts {
            let mut sources = SourceMap::new();
            let id = sources
                .add("bench.go", text.clone())
                .expect("it was added before");
            let start = Instant::now();
            let mut ast = Ast::default();
            let file = parse_file(&sources, id, &mut ast, bodies, &mut Diagnostics::new());
            drop(std::hint::black_box((file, ast)));
            total += start.elapsed();
        }
        best = best.min(total);
    }
    let megabytes = bytes as f64 / 1e6;
    println!(
        "{megabytes:.1} MB in {:.1} ms: {:.1} MB/s",
        best.as_secs_f64() * 1e3,
        megabytes / best.as_secs_f64()
    );
}
