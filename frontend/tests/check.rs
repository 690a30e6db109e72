//! The type checker against texts that gc prints for the same programs.
//!
//! Each case is a program and the diagnostics it must give, as `line:column: message`; they were taken
//! from gc 1.27. Accepted programs are walked: every expression must have a final type.

#![expect(
    clippy::format_collect,
    clippy::needless_for_each,
    reason = "short beats fast in a test"
)]

use minigo_frontend::ast::visit::Visitor;
use minigo_frontend::ast::{Ast, Body, Element, ExprId, ExprKind};
use minigo_frontend::check::{InitialValue, Library, Mode, TypedProgram, check_program};
use minigo_frontend::diagnostic::{Diagnostics, render};
use minigo_frontend::parser::{Bodies, parse_file};
use minigo_frontend::source::SourceMap;
use minigo_frontend::types::{Basic, Type};

/// A library of two packages.
struct TestLibrary;

impl Library for TestLibrary {
    fn package(&self, import_path: &str) -> Option<&'static [(&'static str, &'static str)]> {
        Some(match import_path {
            "shape" => &[(
                "shape.mg",
                "package shape\n\
                 import \"text\"\n\
                 type Shape interface { Area() int; hidden() }\n\
                 type Named interface { Name() string }\n\
                 type Square struct { Side int; secret string }\n\
                 func (s Square) Area() int { return s.Side * s.Side }\n\
                 func (s *Square) Name() string { return text.Upper(\"square\") }\n\
                 func (s *Square) Unreached() string { return undefinedInTheLibrary }\n\
                 func New(side int) *Square { return &Square{Side: side} }\n\
                 var table = makeTable()\n\
                 func makeTable() []int { return []int{1, 2} }\n\
                 var Unused = undefinedInTheLibrary2()\n\
                 func First() int { return table[0] }\n",
            )],
            "text" => &[(
                "text.mg",
                "package text\nfunc Upper(s string) string { return s }\nconst Pi = 3.14159\n",
            )],
            _ => return None,
        })
    }
}

fn check(text: &str) -> Result<TypedProgram, String> {
    let mut sources = SourceMap::new();
    let mut ast = Ast::default();
    let mut diagnostics = Diagnostics::new();
    let id = sources.add("x", text.to_owned()).expect("a small file");
    let file = parse_file(&sources, id, &mut ast, Bodies::Parse, &mut diagnostics);
    let Some(file) = file.filter(|_| diagnostics.is_empty()) else {
        let list = diagnostics.into_sorted(&sources);
        panic!(
            "the program does not parse:\n{}",
            render(&list, &sources, None, false)
        );
    };
    match check_program(sources, ast, vec![file], &TestLibrary, &mut diagnostics) {
        Ok(program) => Ok(program),
        Err(sources) => {
            let list = diagnostics.into_sorted(&sources);
            Err(render(&list, &sources, None, false))
        }
    }
}

/// A program made of declarations after `package p`, which stands on the first line with them.
#[track_caller]
fn expect(declarations: &str, expected: &str) {
    let text = format!("package p\n{declarations}");
    let actual = match check(&text) {
        Ok(program) => {
            Walker { program: &program }.program();
            String::new()
        }
        Err(errors) => errors
            .lines()
            .map(|line| format!("{}\n", line.replace("x:", "")))
            .collect(),
    };
    let expected: String = expected
        .trim_end()
        .lines()
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(actual, expected, "\n--- actual ---\n{actual}");
}

/// Checks that nothing was left without a final type.
struct Walker<'a> {
    program: &'a TypedProgram,
}

impl Walker<'_> {
    fn program(&mut self) {
        for function in &self.program.checked_functions {
            let object = &self.program.objects[*function];
            let minigo_frontend::check::ObjectKind::Function(function) = &object.kind else {
                panic!("no function")
            };
            let body = function.body.expect("a checked function has a body");
            self.body(body);
        }
        for package in self.program.packages.values() {
            for initializer in &package.initializers {
                if let InitialValue::Expression(value) = initializer.value {
                    self.expr(value);
                }
            }
        }
    }

    fn body(&mut self, body: minigo_frontend::ast::BodyId) {
        let Body::Parsed(block) = &self.program.ast.bodies[body] else {
            panic!("a checked body is parsed")
        };
        self.block(block);
    }
}

impl<'a> Visitor<'a> for Walker<'a> {
    fn target(&mut self, target: ExprId) {
        let is_blank = matches!(self.program.ast.exprs[target].kind, ExprKind::Name(ident)
            if self.program.ast.ident_text(ident) == "_");
        if !is_blank {
            self.expr(target);
        }
    }

    fn expr(&mut self, expr: ExprId) {
        let node = &self.program.ast.exprs[expr];
        let text = self.program.sources.text(node.span);
        let mode = self.program.info.modes[expr];
        assert_ne!(mode, Mode::None, "`{text}` has no mode");
        if mode != Mode::Builtin {
            let ty = self.program.info.types[expr]
                .expand()
                .unwrap_or_else(|| panic!("`{text}` has no type"));
            assert_eq!(
                ty,
                self.program.types.canonical(ty),
                "the type of `{text}` is spelled"
            );
            if let Type::Basic(basic) = self.program.types.get(ty) {
                assert_ne!(*basic, Basic::Invalid, "`{text}` has an invalid type");
                assert!(!basic.is_untyped(), "`{text}` is still {}", basic.name());
            }
        }
        if mode == Mode::Constant {
            assert!(
                self.program.constant_of(expr).is_some(),
                "`{text}` has no value"
            );
            return;
        }
        match &node.kind {
            ExprKind::CompositeLiteral { elements, .. } => {
                let ty = self.program.type_of(expr);
                let base = self.program.types.pointee(ty).unwrap_or(ty);
                let is_struct = matches!(self.program.types.underlying(base), Type::Struct(_));
                for Element { key, value } in elements {
                    match key {
                        Some(key) if is_struct => {
                            assert!(
                                self.program.info.selections.contains_key(key),
                                "no field for the key in `{text}`"
                            );
                        }
                        Some(key) => self.expr(*key),
                        None => {}
                    }
                    self.expr(*value);
                }
            }
            ExprKind::FunctionLiteral { body, .. } => {
                assert!(self.program.info.literal_variables.contains_key(&expr));
                self.body(*body);
            }
            ExprKind::Paren(inner) => self.expr(*inner),
            ExprKind::Selector { operand, name } => {
                let is_qualified = !self.program.info.selections.contains_key(&expr);
                if is_qualified {
                    assert!(
                        self.program.object_of(*name).is_some(),
                        "`{text}` selects nothing"
                    );
                } else {
                    self.expr(*operand);
                }
            }
            ExprKind::Index { operand, indices } => {
                self.expr(*operand);
                indices.iter().for_each(|index| self.expr(*index));
            }
            ExprKind::Slice {
                operand,
                low,
                high,
                max,
                ..
            } => {
                self.expr(*operand);
                [low, high, max]
                    .into_iter()
                    .flatten()
                    .for_each(|bound| self.expr(*bound));
            }
            ExprKind::TypeAssertion { operand, ty } => {
                self.expr(*operand);
                ty.iter().for_each(|ty| self.expr(*ty));
            }
            ExprKind::Call {
                callee, arguments, ..
            } => {
                self.expr(*callee);
                arguments.iter().for_each(|argument| self.expr(*argument));
            }
            ExprKind::Star(inner) | ExprKind::Unary(_, inner) => self.expr(*inner),
            ExprKind::Binary { left, right, .. } => {
                self.expr(*left);
                self.expr(*right);
            }
            _ => {}
        }
    }
}

#[path = "check/cases.rs"]
mod cases;
