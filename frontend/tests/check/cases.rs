//! Cases that need more than a text, and the golden files beside this one.

use super::expect;

/// Checks every program of a golden file.
fn golden(text: &str) {
    for case in text.split("\n==\n").skip(1) {
        let (program, expected) = case.split_once("\n--\n").expect("a case has a `--` line");
        expect(program, expected.trim_end());
    }
}

#[test]
fn constants() {
    golden(include_str!("constants.txt"));
}

#[test]
fn declarations() {
    golden(include_str!("declarations.txt"));
}

#[test]
fn statements() {
    golden(include_str!("statements.txt"));
}

#[test]
fn expressions() {
    golden(include_str!("expressions.txt"));
}

#[test]
fn what_is_not_taken_is_refused() {
    expect(
        "func f[T any](x T) {}",
        "2:8: generic functions are not supported yet by MiniGo",
    );
    expect(
        "type T[P any] struct{}",
        "2:8: generic types are not supported yet by MiniGo",
    );
    expect(
        "var c complex128",
        "2:7: complex numbers are not supported yet by MiniGo",
    );
    expect(
        "var c = 1i",
        "2:9: complex numbers are not supported yet by MiniGo",
    );
    expect(
        "func f(seq func(func(int) bool)) { for range seq {} }",
        "2:46: range loops over functions are not supported yet by MiniGo",
    );
    expect(
        "type I interface { int | string }",
        "2:20: type constraints are not supported yet by MiniGo",
    );
    expect(
        "import \"unsafe\"\nvar _ unsafe.Pointer",
        "2:8: package unsafe is not supported by MiniGo",
    );
}

#[test]
fn library_packages_are_checked_as_far_as_reached() {
    let program = super::check(
        "package main\nimport \"shape\"\nfunc main() { var n shape.Named = shape.New(3); println(n.Name(), shape.First()) }",
    )
    .unwrap_or_else(|errors| panic!("{errors}"));
    super::Walker { program: &program }.program();
    let mut names: Vec<&str> = program
        .checked_functions
        .iter()
        .map(|function| program.ast.names.text(program.objects[*function].name))
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["First", "Name", "New", "Upper", "main", "makeTable"]
    );
}

#[test]
fn initialisers_run_in_the_order_of_their_dependencies() {
    let program = super::check(
        "package main\nvar a = c + b\nvar b = f()\nvar c = 1\nvar d = 3\nfunc f() int { d++; return d }\nfunc main() {}",
    )
    .unwrap_or_else(|errors| panic!("{errors}"));
    let order: Vec<&str> = program.packages[program.main]
        .initializers
        .iter()
        .map(|initializer| {
            program
                .ast
                .names
                .text(program.objects[initializer.variables[0]].name)
        })
        .collect();
    assert_eq!(order, ["c", "d", "b", "a"]);
}

#[test]
fn deep_and_large_programs_end_with_a_verdict() {
    let deep = format!("var x = {}1{}", "(".repeat(9_000), ")".repeat(9_000));
    let long = format!("var y = 1{}", " + 1".repeat(5_000));
    let thread = std::thread::Builder::new().stack_size(1 << 30);
    thread
        .spawn(move || {
            expect(&deep, "");
            expect(&long, "");
        })
        .expect("a thread")
        .join()
        .expect("no panic");
    let bomb: String = (0..60)
        .map(|step| format!("const c{} = c{step} * c{step}\n", step + 1))
        .collect();
    assert!(super::check(&format!("package p\nconst c0 = 1e300\n{bomb}")).is_err());
    let text: String = (0..60)
        .map(|step| format!("const s{} = s{step} + s{step}\n", step + 1))
        .collect();
    assert!(super::check(&format!("package p\nconst s0 = \"0123456789\"\n{text}")).is_err());
    expect(
        "type T [1 << 51]byte",
        "2:8: type [2251799813685248]byte larger than address space",
    );
}
