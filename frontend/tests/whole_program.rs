//! What is done to whole programs: what cannot execute is cut off, the library's initialisers are joined.

use minigo_frontend::ast::Ast;
use minigo_frontend::check::{Library, check_program};
use minigo_frontend::diagnostic::Diagnostics;
use minigo_frontend::parser::{Bodies, parse_file};
use minigo_frontend::source::SourceMap;
use minigo_frontend::ssa::reachability::{Roots, prune};
use minigo_frontend::ssa::{Program, builder, initialization, print, verify};

struct TestLibrary;

impl Library for TestLibrary {
    fn package(&self, import_path: &str) -> Option<&'static [(&'static str, &'static str)]> {
        (import_path == "lib").then_some(&[(
            "lib/lib.mg",
            "package lib\n\
             type Err struct{ s string }\n\
             func fresh(s string) *Err { return &Err{s} }\n\
             var First = fresh(\"first\")\n\
             var Second = First\n\
             var Unused = fresh(\"unused\")\n\
             func Show(v any) int {\n\
             \tswitch x := v.(type) {\n\
             \tcase int:\n\t\treturn showInt(x)\n\
             \tcase string:\n\t\treturn showString(x)\n\
             \tcase interface{ String() string }:\n\t\treturn showString(x.String())\n\
             \t}\n\treturn showOther()\n}\n\
             func showInt(x int) int { return x }\n\
             func showString(x string) int { return len(x) }\n\
             func showOther() int { return 0 }\n",
        )])
    }
}

fn lower(text: &str) -> Program {
    let mut sources = SourceMap::new();
    let file = sources.add("x.mg", text.to_owned()).expect("a small file");
    let (mut ast, mut diagnostics) = (Ast::default(), Diagnostics::new());
    let parsed = parse_file(&sources, file, &mut ast, Bodies::Parse, &mut diagnostics);
    let parsed = parsed.expect("a program that parses");
    let typed = check_program(sources, ast, vec![parsed], &TestLibrary, &mut diagnostics);
    builder::build(typed.unwrap_or_else(|_| panic!("{diagnostics:?}")))
}

/// The names of the functions that are left of a program, sorted.
fn left(text: &str, roots: Roots) -> Vec<String> {
    let mut program = lower(text);
    prune(&mut program, roots);
    verify::program(&program).expect("well-formed SSA");
    let functions = program
        .functions
        .values()
        .filter(|function| function.has_body());
    let mut names: Vec<String> = functions.map(|function| function.name.clone()).collect();
    names.sort_unstable();
    names
}

#[test]
fn cases_of_types_that_nothing_holds_are_cut() {
    let text = "package main\nimport \"lib\"\nfunc main() { println(lib.Show(7)) }\n";
    // The value may also be nil, which no case takes.
    assert_eq!(
        left(text, Roots::Entry),
        [
            "lib.Show",
            "lib.showInt",
            "lib.showOther",
            "main",
            "main.main"
        ]
    );
}

#[test]
fn what_may_be_anything_keeps_all_cases_that_something_meets() {
    let text = "package main\nimport \"lib\"\ntype T int\nfunc (t T) String() string { return \"T\" }\n\
                func main() { println(lib.Show(T(1)), lib.Show(2.5)) }\n";
    assert_eq!(
        left(text, Roots::Entry),
        [
            "lib.Show",
            "lib.showOther",
            "lib.showString",
            "main",
            "main.(*T).String",
            "main.T.String",
            "main.main"
        ]
    );
}

#[test]
fn methods_need_a_call_by_an_interface_that_can_hold_them() {
    let text = "package main\ntype I interface{ M() }\ntype A int\ntype B int\n\
                func (A) M() {}\nfunc (B) M() {}\n\
                func main() { var i I = A(1); i.M(); println(B(2)) }\n";
    assert_eq!(
        left(text, Roots::Entry),
        ["main", "main.(*A).M", "main.A.M", "main.main"]
    );
}

#[test]
fn functions_of_the_user_can_be_kept_to_be_shown() {
    let text = "package main\nfunc unused() {}\nfunc main() {}\n";
    assert_eq!(left(text, Roots::Entry), ["main", "main.main"]);
    assert_eq!(
        left(text, Roots::UserPackage),
        ["main", "main.main", "main.unused"]
    );
}

#[test]
fn initialisers_of_the_library_are_joined_in_their_order() {
    let text = "package main\nimport \"lib\"\nvar mine = 3\n\
                func main() { println(mine, lib.Second) }\n";
    let mut program = lower(text);
    prune(&mut program, Roots::Entry);
    initialization::join(&mut program);
    verify::program(&program).expect("well-formed SSA");
    let entry = print::function(&program, &program.functions[program.entry]);
    let calls: Vec<&str> = entry
        .lines()
        .filter(|line| line.contains("call "))
        .map(str::trim)
        .collect();
    assert_eq!(
        calls,
        [
            "v2: *lib.Err = call lib.fresh(v1)",
            "call main.init()",
            "call main.main()"
        ],
        "{entry}"
    );
    assert!(entry.find("global lib.First") < entry.find("global lib.Second"));
    assert!(!entry.contains("lib.Unused"));
    let inits = program
        .functions
        .values()
        .filter(|function| function.name == "lib.init" && function.has_body());
    assert_eq!(inits.count(), 0);
}
