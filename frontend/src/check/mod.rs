//! The type checker: from trees to a [`TypedProgram`], or to diagnostics in gc's words.
//!
//! # Promises
//! - A [`TypedProgram`] exists only if nothing was reported. Every expression in a checked body has
//!   a mode and, if it is a value or type, a canonical type; every constant is in range of its type.
//! - A program gc accepts is accepted, unless it uses what `MiniGo` does not take (`Unsupported`
//!   diagnostics); one that gc refuses is refused at the same place with the same first line.
//! - Checking ends: recursion follows the nesting of the source, cycles among declarations are cut by
//!   the colour of objects, and constants are bounded (`constant`).
//!
//! # Model
//! As in `go/types`, an expression is evaluated to an [`Operand`](operand::Operand): mode, type and
//! constant value, or invalid after an error was reported, which silences what would follow.
//! Untyped operands are remembered (`untyped`) until their context decides their type.
//!
//! Declarations are checked on demand (`declaration`): white, grey while in progress, black. A name
//! of a defined type is usable at once, and its underlying type is *completed* when something asks
//! for it or when the outermost declaration ends, so that recursive types need no special case.
//! What must wait, such as bodies of function literals, goes through a queue (`delayed`).
//!
//! # Laziness
//! The user's package is checked whole. Of library packages only what the user's code can reach is
//! parsed and checked (`reachable`): bodies, variables and types are looked at when first used.
//!
//! # Generics
//! Each list of type arguments makes a generic declaration anew (`instantiate`), so everything behind the checker knows
//! only ordinary declarations. The library alone may declare generic functions and types (`generic`); who uses them
//! may leave out type arguments (`infer`), which must satisfy constraints (`constraint`).
//!
//! # Left out
//! Generic declarations of the user's, complex numbers, range over functions, `unsafe` and cgo are refused. Branches and labels
//! are checked by `labels` alone, since gc checks them before types and apart from them.
//!
//! Sources: the Go specification; `cmd/compile/internal/types2` for the order in which mistakes are
//! found and for the wording.

pub mod constant;
pub mod program;

mod assignment;
mod builtins;
mod call;
mod constraint;
mod conversion;
mod cycles;
mod declaration;
mod delayed;
mod expression;
mod generic;
mod import;
mod index;
mod infer;
mod init_order;
mod instantiate;
mod labels;
pub(crate) mod library;
mod literal;
mod local;
mod message;
mod operand;
mod operators;
mod package;
mod range;
mod reachable;
mod returns;
mod scope;
mod selector;
mod statement;
mod switch;
mod type_expression;
mod untyped;
mod unused;
pub(crate) mod wide_float;

use std::rc::Rc;

use cranelift_entity::{EntityRef, PrimaryMap, SecondaryMap};

pub use program::*;

use crate::archive::{Archive, Imported};
use crate::ast::{self, Ast, ExprId, ExprKind, Name, Names};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::hash::{HashMap, HashSet};
use crate::source::{FileId, SourceMap, Span};
use crate::types::{NamedId, Type, TypeId, TypeTable};
use crate::universe::Universe;

use declaration::{DeclarationId, DeclarationInfo};
use delayed::Delayed;
use generic::Generics;
use reachable::Reachability;
use scope::{ScopeId, Scopes};
use untyped::Untyped;

/// Where library packages come from.
pub trait Library {
    /// File names and texts of the package with this import path, if the library has it.
    fn package(&self, import_path: &str) -> Option<&'static [(&'static str, &'static str)]>;

    /// A package, and names of it, that belong to every program: types the runtime makes values of
    /// and functions it calls.
    fn support(&self) -> Option<(&'static str, &'static [&'static str])> {
        None
    }

    /// Whether functions of the user's may have no body: the program is looked at, not run.
    fn has_other_bodies(&self) -> bool {
        false
    }

    /// Packages checked and lowered ahead, which then are not read as text. `package` has their texts all the same, for
    /// diagnostics to quote.
    fn archive(&self) -> Option<Archive> {
        None
    }
}

/// A library without packages.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLibrary;

impl Library for NoLibrary {
    fn package(&self, _import_path: &str) -> Option<&'static [(&'static str, &'static str)]> {
        None
    }
}

/// Checks the user's package in `main_files`, with what it imports of `library`.
///
/// # Errors
/// Gives the sources back, library files included, when something was reported to `diagnostics`.
pub fn check_program(
    sources: SourceMap,
    ast: Ast,
    main_files: Vec<ast::File>,
    library: &dyn Library,
    diagnostics: &mut Diagnostics,
) -> Result<TypedProgram, SourceMap> {
    let mut checker = Checker::new(sources, ast, library, diagnostics);
    let support = checker.load_support();
    let main = checker.load_main(main_files);
    checker.parse_mentioned_generics();
    checker.check_user_package(main);
    checker.reach_support(support);
    checker.check_reachable();
    checker.finish(main)
}

/// How far a declaration has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Colour {
    /// Nothing to do: predeclared and local objects, and what is checked already.
    #[default]
    Black,
    /// Declared, not looked at.
    White,
    /// In progress.
    Grey,
}

/// What an expression or statement is checked in.
#[derive(Debug, Clone)]
struct Environment {
    /// The package.
    package: PackageId,
    /// The declaration at package level whose initialiser or body this is, to record dependencies.
    declaration: Option<DeclarationId>,
    /// The innermost scope.
    scope: ScopeId,
    /// The value of `iota` in a constant declaration.
    iota: Option<u32>,
    /// Where errors in an inherited constant initialiser are reported.
    error_span: Option<Span>,
    /// The results of the function, if inside one.
    results: Option<Rc<[ObjectId]>>,
    /// Set by calls and receives; tells whether `len(x)` is constant.
    has_call_or_receive: bool,
}

impl Environment {
    /// At the beginning of something in `scope`.
    fn new(package: PackageId, scope: ScopeId) -> Self {
        Self {
            package,
            declaration: None,
            scope,
            iota: None,
            error_span: None,
            results: None,
            has_call_or_receive: false,
        }
    }
}

/// The state of the type checker.
struct Checker<'a> {
    sources: SourceMap,
    /// Shared, so that a tree can be walked while the checker changes; parsed into only between
    /// bodies, when nobody walks.
    ast: Rc<Ast>,
    /// The names of the trees: taken out of them, since names are also imported while somebody walks.
    names: Names,
    types: TypeTable,
    objects: PrimaryMap<ObjectId, Object>,
    packages: PrimaryMap<PackageId, Package>,
    package_scopes: SecondaryMap<PackageId, ScopeId>,
    package_ids: HashMap<Box<str>, PackageId>,
    /// What was taken over from the library's archive, if there is one.
    imported: Option<Imported>,
    archived_packages: import::ArchivedPackages,
    loading: Vec<Box<str>>,
    info: Info,
    library: &'a dyn Library,
    diagnostics: &'a mut Diagnostics,
    /// How many diagnostics this checker has reported.
    reported: usize,
    /// File and line of the last one, and its message.
    last_report: Option<(Option<(FileId, u32)>, String)>,
    /// Whether something was refused: uses in there are not known then.
    has_refused: bool,

    universe: Universe,
    scopes: Scopes,
    colours: SecondaryMap<ObjectId, Colour>,
    declarations: PrimaryMap<DeclarationId, DeclarationInfo>,
    declaration_of: HashMap<ObjectId, DeclarationId>,
    /// Objects in progress, outermost first.
    path: Vec<ObjectId>,
    /// Defined types whose underlying type nobody has asked for yet.
    incomplete: Vec<ObjectId>,
    /// Defined types that were found to contain themselves only finitely often.
    valid_types: HashSet<TypeId>,
    /// Types that stand for one with a reported error; what uses them stays silent.
    used: HashSet<ObjectId>,
    /// Local variables in the order of their declaration.
    locals: Vec<ObjectId>,
    /// Imports of the user's files: package name object, path and where.
    imports: Vec<package::Import>,
    /// Dot-imported objects, by file scope and name, with their import.
    dot_imports: HashMap<(ScopeId, Name), ObjectId>,
    /// Packages that could not be loaded: what is asked of them stays silent.
    broken_packages: HashSet<PackageId>,
    untyped: HashMap<ExprId, Untyped>,
    /// Calls of the predeclared `panic`.
    panic_calls: HashSet<ExprId>,
    delayed: Vec<Delayed>,
    /// Array and channel types as written, to check their sizes when all types are known.
    sized_types: Vec<(Span, TypeId, PackageId)>,
    /// User functions without body, which gc reports only if nothing else is wrong.
    missing_bodies: Vec<Span>,
    /// What defined types were declared as, which may be other defined types.
    declared_as: HashMap<NamedId, TypeId>,
    /// Interface types whose elements are looked at, with the length of `path` then.
    open_interfaces: Vec<(Span, usize)>,
    /// What the library says belongs to every program.
    support: Vec<ObjectId>,
    /// Types of calls with several results, by the type of the function.
    result_tuples: HashMap<TypeId, TypeId>,
    environment: Environment,
    reachability: Reachability,
    generics: Generics,
}

impl<'a> Checker<'a> {
    fn new(
        sources: SourceMap,
        mut ast: Ast,
        library: &'a dyn Library,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        let mut types = TypeTable::new();
        let mut objects = PrimaryMap::new();
        let mut scopes = Scopes::default();
        let mut names = std::mem::take(&mut ast.names);
        let universe = Universe::new(&mut names, &mut types, &mut objects);
        for (name, object) in &universe.names {
            scopes.insert(ScopeId::UNIVERSE, *name, *object);
        }
        Checker {
            sources,
            ast: Rc::new(ast),
            names,
            imported: library.archive().map(Imported::new),
            archived_packages: SecondaryMap::new(),
            types,
            objects,
            packages: PrimaryMap::new(),
            package_scopes: SecondaryMap::with_default(ScopeId::UNIVERSE),
            package_ids: HashMap::default(),
            loading: Vec::new(),
            info: Info::default(),
            library,
            diagnostics,
            reported: 0,
            last_report: None,
            has_refused: false,
            universe,
            scopes,
            colours: SecondaryMap::new(),
            declarations: PrimaryMap::new(),
            declaration_of: HashMap::default(),
            path: Vec::new(),
            incomplete: Vec::new(),
            valid_types: HashSet::default(),
            used: HashSet::default(),
            locals: Vec::new(),
            imports: Vec::new(),
            dot_imports: HashMap::default(),
            broken_packages: HashSet::default(),
            untyped: HashMap::default(),
            panic_calls: HashSet::default(),
            delayed: Vec::new(),
            sized_types: Vec::new(),
            missing_bodies: Vec::new(),
            declared_as: HashMap::default(),
            open_interfaces: Vec::new(),
            support: Vec::new(),
            result_tuples: HashMap::default(),
            environment: Environment::new(PackageId::new(0), ScopeId::UNIVERSE),
            reachability: Reachability::default(),
            generics: Generics::default(),
        }
    }

    /// Reports a mistake, unless it seems to follow from another one.
    fn report(&mut self, diagnostic: Diagnostic) {
        let mut diagnostic = diagnostic;
        if self.reported > 0 {
            let follows = |text: &str| diagnostic.message.find(text).is_some_and(|at| at > 0);
            if follows("invalid operand") || follows("invalid type") {
                return;
            }
        }
        if let Some(span) = self.environment.error_span {
            diagnostic.span = span;
        }
        // Of equal messages about one line gc prints the first.
        let line = self
            .sources
            .position(diagnostic.span.start)
            .map(|at| (at.file, at.line));
        if let Some((last_line, message)) = &self.last_report
            && *last_line == line
            && *message == diagnostic.message
        {
            return;
        }
        self.last_report = Some((line, diagnostic.message.clone()));
        self.reported += 1;
        self.diagnostics.report(diagnostic);
    }

    /// Reports a mistake of the program.
    fn error(&mut self, span: Span, code: &'static str, message: impl Into<String>) {
        self.report(Diagnostic::new(Code::Type(code), span, message));
    }

    /// Reports what `MiniGo` does not take; `what` in the plural.
    fn unsupported(&mut self, span: Span, feature: &'static str, what: &str) {
        self.has_refused = true;
        let message = format!("{what} are not supported yet by MiniGo");
        self.report(Diagnostic::new(Code::Unsupported(feature), span, message));
    }

    /// Where messages about an expression stand: its first byte, but for some kinds of first
    /// operands another token, as in gc.
    fn span(&self, expr: ExprId) -> Span {
        let mut leftmost = expr;
        loop {
            let node = &self.ast.exprs[leftmost];
            leftmost = match &node.kind {
                ExprKind::CompositeLiteral { ty: Some(ty), .. } => *ty,
                ExprKind::Selector { operand, .. }
                | ExprKind::Index { operand, .. }
                | ExprKind::TypeAssertion { operand, .. } => *operand,
                ExprKind::Binary { left, .. } => *left,
                ExprKind::Call { callee, .. } => *callee,
                ExprKind::Slice { .. } => return Span::at(node.position),
                ExprKind::FunctionType(_) => {
                    let text = self.sources.text(node.span);
                    let skipped = text.find('(').unwrap_or(0) as u32;
                    return Span::new(node.span.start + skipped, node.span.end);
                }
                _ => return Span::new(node.span.start, self.ast.exprs[expr].span.end),
            };
        }
    }

    fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    fn invalid(&self) -> TypeId {
        self.types.basic(crate::types::Basic::Invalid)
    }

    fn is_valid(&self, ty: TypeId) -> bool {
        ty != self.invalid()
    }

    fn is_blank(&self, name: Name) -> bool {
        name == self.universe.blank
    }

    /// Turns what was found into the program, all types canonical.
    fn finish(mut self, main: PackageId) -> Result<TypedProgram, SourceMap> {
        self.order_initialization();
        self.list_archived_initializers();
        self.report_unused();
        if !self.diagnostics.is_empty() {
            return Err(self.sources);
        }
        let missing_bodies = std::mem::take(&mut self.missing_bodies);
        let are_elsewhere = self.library.has_other_bodies();
        for span in missing_bodies.into_iter().filter(|_| !are_elsewhere) {
            self.error(span, "missing-body", "missing function body");
        }
        self.check_type_sizes();
        if !self.diagnostics.is_empty() {
            return Err(self.sources);
        }
        self.record_remaining_untyped();
        self.drop_function_arguments();
        let checked_functions = self.reachability.checked_functions.clone();
        self.drop_unreached_methods();
        let types = &mut self.types;
        for object in self.objects.values_mut() {
            object.ty = types.canonical(object.ty);
        }
        for (expr, ty) in self.info.types.iter_mut() {
            if ty.expand() == Some(self.universe.rune) {
                self.info.runes.insert(expr);
            }
            *ty = ty.expand().map(|ty| types.canonical(ty)).into();
        }
        for selection in self.info.selections.values_mut() {
            selection.ty = types.canonical(selection.ty);
            selection.receiver = types.canonical(selection.receiver);
        }
        for named in types.named_ids() {
            let underlying = types.named(named).underlying.map(|ty| types.canonical(ty));
            types.named_mut(named).underlying = underlying;
        }
        let mut ast = Rc::try_unwrap(self.ast)
            .unwrap_or_else(|_| unreachable!("nobody walks the trees any more"));
        ast.names = self.names;
        Ok(TypedProgram {
            sources: self.sources,
            ast,
            types: self.types,
            objects: self.objects,
            packages: self.packages,
            main,
            checked_functions,
            support: self.support,
            info: self.info,
            imported: self.imported,
        })
    }

    /// The underlying type, completed if it was not yet.
    fn underlying(&mut self, ty: TypeId) -> &Type {
        let id = self.underlying_id(ty);
        self.types.get(id)
    }

    /// As [`Self::underlying`], its id.
    fn underlying_id(&mut self, ty: TypeId) -> TypeId {
        if let Type::Named(named) = *self.types.get(ty)
            && self.types.named(named).underlying.is_none()
        {
            self.complete(named);
        }
        self.types.underlying_id(ty)
    }
}
