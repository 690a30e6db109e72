//! Trees: positions, bodies parsed later, what is too deep, and gc's way of printing expressions.

use minigo_frontend::ast::*;
use minigo_frontend::diagnostic::{Diagnostics, render};
use minigo_frontend::parser::{Bodies, parse_body, parse_file};
use minigo_frontend::source::{SourceMap, Span};
use minigo_frontend::syntax_print::expression;

struct Parsed {
    sources: SourceMap,
    ast: Ast,
    file: Option<File>,
    diagnostics: Diagnostics,
}

fn parse(text: &str, bodies: Bodies) -> Parsed {
    let mut sources = SourceMap::new();
    // Not the first file, so that offsets do not start at the beginning.
    sources
        .add("other.go", "package other\n")
        .expect("it is short");
    let id = sources.add("x.go", text.to_owned()).expect("it is short");
    let mut ast = Ast::default();
    let mut diagnostics = Diagnostics::new();
    let file = parse_file(&sources, id, &mut ast, bodies, &mut diagnostics);
    Parsed {
        sources,
        ast,
        file,
        diagnostics,
    }
}

impl Parsed {
    fn errors(self) -> String {
        render(
            &self.diagnostics.into_sorted(&self.sources),
            &self.sources,
            None,
            false,
        )
    }

    /// The value of the last variable.
    fn value(&self) -> ExprId {
        let file = self.file.as_ref().expect("it is valid");
        match file.declarations.last() {
            Some(Declaration::Var(lines)) => lines[0].values[0],
            other => panic!("{other:?} is no variable"),
        }
    }

    fn column(&self, offset: u32) -> u32 {
        self.sources
            .position(offset)
            .expect("it is in a file")
            .column
    }
}

/// Start, position and end of `text` as columns from 0.
fn columns(text: &str) -> (u32, u32, u32) {
    let parsed = parse(
        &format!("package p\nvar _ =\\\n{text}\n").replace("\\\n", "\n"),
        Bodies::Parse,
    );
    let Expr { span, position, .. } = parsed.ast.exprs[parsed.value()];
    let [start, position, end] =
        [span.start, position, span.end].map(|offset| parsed.column(offset) - 1);
    (start, position, end)
}

#[test]
fn positions_are_those_of_gc() {
    assert_eq!(columns("x + y"), (0, 2, 5));
    assert_eq!(columns("x + y * z"), (0, 2, 9));
    assert_eq!(columns("f(x)(y)"), (0, 4, 7));
    assert_eq!(columns("a.b.c"), (0, 3, 5));
    assert_eq!(columns("a[i]"), (0, 1, 4));
    assert_eq!(columns("a[i:j:k]"), (0, 1, 8));
    assert_eq!(columns("x.(T)"), (0, 1, 5));
    assert_eq!(columns("T{1}"), (0, 1, 4));
    assert_eq!(columns("&T{1}"), (0, 0, 5));
    assert_eq!(columns("-x"), (0, 0, 2));
    assert_eq!(columns("(x)"), (0, 0, 3));
    assert_eq!(columns("func() {}"), (0, 0, 9));
    assert_eq!(columns("[]int{}"), (0, 5, 7));
}

#[test]
fn bodies_can_be_parsed_later() {
    let text = "package p\n\nfunc a() struct{ x int } { return struct{ x int }{1} }\n\nvar v = func() { v2() }\n\n\
                func (t T[P]) b(f func(interface{ m() }) int) { if x { y() } }\n\nfunc native()\n\ntype F func()\n";
    let mut parsed = parse(text, Bodies::Skip);
    let unparsed = |ast: &Ast| {
        ast.bodies
            .values()
            .filter(|body| matches!(body, Body::Unparsed(_)))
            .count()
    };
    assert_eq!((parsed.ast.bodies.len(), unparsed(&parsed.ast)), (3, 2));
    let spans: Vec<Span> = parsed
        .ast
        .bodies
        .values()
        .filter_map(|body| match body {
            Body::Unparsed(span) => Some(*span),
            Body::Parsed(_) => None,
        })
        .collect();
    assert_eq!(
        parsed.sources.text(spans[0]),
        "{ return struct{ x int }{1} }"
    );
    assert_eq!(parsed.sources.text(spans[1]), "{ if x { y() } }");
    for body in parsed.ast.bodies.keys().collect::<Vec<_>>() {
        parse_body(
            &parsed.sources,
            body,
            &mut parsed.ast,
            &mut parsed.diagnostics,
        );
    }
    assert_eq!((unparsed(&parsed.ast), parsed.diagnostics.len()), (0, 0));
}

#[test]
fn errors_in_a_skipped_body_are_found_when_it_is_parsed() {
    let mut parsed = parse("package p\n\nfunc f() {\n\tx y\n\tz w\n}\n", Bodies::Skip);
    assert!(parsed.file.is_some() && parsed.diagnostics.is_empty());
    parse_body(
        &parsed.sources,
        BodyId::from_u32(0),
        &mut parsed.ast,
        &mut parsed.diagnostics,
    );
    let expected = "x.go:4:4: syntax error: unexpected name y at end of statement\n\
                    x.go:5:4: syntax error: unexpected name w at end of statement\n";
    assert_eq!(parsed.errors(), expected);
}

#[test]
fn the_shape_of_parameters_is_settled() {
    let parsed = parse(
        "package p\nvar _ = func(a, b int, c ...string) (int, error) { return }\n",
        Bodies::Parse,
    );
    let ExprKind::FunctionLiteral { signature, .. } = &parsed.ast.exprs[parsed.value()].kind else {
        panic!("it is a function literal")
    };
    let names: Vec<_> = signature
        .parameters
        .iter()
        .map(|parameter| parsed.ast.ident_text(parameter.name.unwrap()))
        .collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(signature.parameters[0].ty, signature.parameters[1].ty);
    assert!(signature.parameters[2].is_variadic);
    assert!(signature.results.iter().all(|result| result.name.is_none()));
}

#[test]
fn arrows_go_to_the_leftmost_channel() {
    for (text, printed) in [
        ("<-chan int(x)", "<-chan int(x)"),
        ("f(<-chan int)", "f(<-chan int)"),
        ("f(<-chan <-chan int)", "f(<-chan <-chan int)"),
        ("f(chan<- chan int)", "f(chan<- chan int)"),
        ("f(chan (<-chan int))", "f(chan (<-chan int))"),
        ("f(chan<- (<-chan int))", "f(chan<- <-chan int)"),
    ] {
        let parsed = parse(&format!("package p\nvar _ = {text}\n"), Bodies::Parse);
        assert_eq!(
            expression(
                &parsed.ast,
                &parsed.ast.names,
                &parsed.sources,
                parsed.value()
            ),
            printed
        );
    }
    let parsed = parse(
        "package p\nfunc _() { c <- chan<- int(nil) }\n",
        Bodies::Parse,
    );
    assert!(
        parsed.file.is_some(),
        "a channel type as the value that is sent"
    );
}

#[test]
fn newer_syntax_parses() {
    let text = "package p\ntype A[P any] = []P\ntype T[P *C,] struct{}\ntype U[P interface{ ~int | string }] [5]P\n\
                type N [C * 2]int\ntype V [C(2)]int\nfunc (t T[P]) M[Q any](q Q) {}\n\
                func g() { for range 10 {}; for i := range f { _ = i }; for range f {}; min[int](1) }\n";
    assert_eq!(parse(text, Bodies::Parse).errors(), "");
}

#[test]
fn deep_trees_are_refused_before_anything_can_recurse() {
    let deep = 200_000;
    let programs = [
        format!("var x = {}1{}", "(".repeat(deep), ")".repeat(deep)),
        format!("func f() {}{}", "{".repeat(deep), "}".repeat(deep)),
        format!("var x = 1{}", "+1".repeat(deep)),
        format!("var x {}int", "*".repeat(deep)),
        format!("func f() {{ if a {{}}{} }}", " else if a {}".repeat(deep)),
        format!("func f() {{ {} }}", "L: ".repeat(deep)),
        format!("func f() {{ {}", "if x {".repeat(deep)),
    ];
    for program in programs {
        let errors = parse(&format!("package p\n{program}\n"), Bodies::Parse).errors();
        assert!(errors.contains("nesting too deep"), "{errors}");
    }
    let fits = format!(
        "package p\nvar x = {}1{}\n",
        "(".repeat(5000),
        ")".repeat(5000)
    );
    assert_eq!(parse(&fits, Bodies::Parse).errors(), "");
}
