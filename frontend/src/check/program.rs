//! What the type checker found: the contract between `check` and `ssa::builder`.
//!
//! The tables mirror those of `go/types.Info`, made dense: a fact about an expression or an
//! identifier is found by its id. A [`TypedProgram`] exists only when there was no error, so its
//! readers need no case for broken code.

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{PrimaryMap, SecondaryMap, entity_impl};
use serde::{Deserialize, Serialize};

use super::constant::Constant;
use crate::archive::{ArchivedBody, Imported};
use crate::ast::{Ast, BodyId, ExprId, ExprKind, IdentId, Name};
use crate::source::{SourceMap, Span};
use crate::types::{TypeId, TypeTable};

/// A declared thing: package, constant, variable, type, function, builtin, label or nil.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectId(u32);
entity_impl!(ObjectId, "object");

/// A package of the program.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PackageId(u32);
entity_impl!(PackageId, "package");

impl PackageId {
    /// See [`crate::types::EXPORTED`].
    pub const EXPORTED: PackageId = PackageId(u32::MAX - 1);
}

/// A package.
#[derive(Debug)]
pub struct Package {
    /// Its import path; `main` for the user's program.
    pub path: Box<str>,
    /// The name after `package`.
    pub name: Name,
    /// Packages it imports directly, without repeats.
    pub imports: Vec<PackageId>,
    /// Its variable initialisations in the order they run.
    pub initializers: Vec<Initializer>,
    /// Its `init` functions in order.
    pub init_functions: Vec<ObjectId>,
    /// Whether it is embedded library code: bodies are checked only when reachable.
    pub is_library: bool,
}

/// `left = right` at package level; several names on the left of one call.
#[derive(Debug, Clone)]
pub struct Initializer {
    /// The variables set, in order; blank ones are objects too.
    pub variables: Vec<ObjectId>,
    /// The value.
    pub value: InitialValue,
}

/// What variables are set to at package level.
#[derive(Debug, Clone, Copy)]
pub enum InitialValue {
    /// The value of an expression.
    Expression(ExprId),
    /// What a body of the library's archive sets them to.
    Archived(ArchivedBody),
}

/// Builtin functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the builtin of that name")]
pub enum Builtin {
    Append,
    Cap,
    Clear,
    Close,
    Complex,
    Copy,
    Delete,
    Imag,
    Len,
    Make,
    Max,
    Min,
    New,
    Panic,
    Print,
    Println,
    Real,
    Recover,
}

/// What an object is.
#[derive(Debug, Clone)]
pub enum ObjectKind {
    /// An imported package name.
    PackageName(PackageId),
    /// A constant.
    Constant(Constant),
    /// A variable at package level.
    Global,
    /// A local variable, a parameter, a result or a receiver.
    Local(LocalKind),
    /// A struct field (only for completeness of `uses`; selections carry indices).
    Field,
    /// A type.
    TypeName,
    /// A function or method.
    Function(FunctionObject),
    /// A generic function or type, or an interface that only constrains. What a program has are its instances.
    Generic,
    /// A builtin function.
    Builtin(Builtin),
    /// A label.
    Label,
    /// `nil`
    Nil,
}

/// How a local variable came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LocalKind {
    /// A parameter or receiver.
    Parameter,
    /// A result, named or not.
    Result,
    /// Declared in a body.
    Variable,
}

/// What is special about a function.
#[derive(Debug, Clone)]
pub struct FunctionObject {
    /// The defined type it is a method of.
    pub receiver: Option<Receiver>,
    /// Its body; without one and without `archived` it is a native of the runtime.
    pub body: Option<BodyId>,
    /// Its body in the library's archive. Such a function has no variable objects.
    pub archived: Option<ArchivedBody>,
    /// Receiver, then parameters, as variable objects; blank and unnamed ones included.
    pub parameters: Vec<ObjectId>,
    /// Results as variable objects; unnamed ones included.
    pub results: Vec<ObjectId>,
}

/// The receiver of a method.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Receiver {
    /// The defined type.
    pub named: crate::types::NamedId,
    /// Whether it is `*T`.
    pub is_pointer: bool,
}

/// A declared thing.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its name; `_` and unnamed parameters have the name `_` or the empty name.
    pub name: Name,
    /// Where it was declared.
    pub span: Span,
    /// Its package; `None` for predeclared ones.
    pub package: Option<PackageId>,
    /// Its type. A method's type is its signature without receiver.
    pub ty: TypeId,
    /// What it is.
    pub kind: ObjectKind,
}

/// What an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// Not visited (or not an expression on its own, as the key of a struct literal).
    #[default]
    None,
    /// A call without result.
    NoValue,
    /// A builtin as callee.
    Builtin,
    /// A generic function or type that has not all of its type arguments; no expression of a checked program.
    Generic,
    /// A type.
    Type,
    /// A constant; its value is in `constants`.
    Constant,
    /// Addressable: a variable, a field of one, an element...
    Variable,
    /// A map element: assignable, not addressable, may be asked with comma-ok.
    MapElement,
    /// A value.
    Value,
    /// A value that may be asked with comma-ok: receive, type assertion.
    CommaOk,
    /// `nil`
    Nil,
}

/// What a selector `x.f` selects.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Which kind.
    pub kind: SelectionKind,
    /// Field indices to walk from the operand; the last is the field itself for `Field`, and for
    /// methods these lead to the embedded field that has the method (often none). Pointers on the
    /// way are dereferenced.
    pub path: Vec<u32>,
    /// For methods of defined types the function object.
    pub method: Option<ObjectId>,
    /// For interface methods the index in `Type::Interface`'s sorted list.
    pub interface_method: Option<u32>,
    /// Type of the operand (for `T.m` the type `T`).
    pub receiver: TypeId,
    /// Type of the selected field, or signature of the method (for method expressions the
    /// function type with the receiver as first parameter).
    pub ty: TypeId,
}

/// Kinds of selections. A qualified identifier `pkg.Name` is none: see `uses` of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SelectionKind {
    /// A struct field.
    Field,
    /// `x.m`, called or as a method value.
    MethodValue,
    /// `T.m`
    MethodExpression,
}

/// A checked program.
#[derive(Debug)]
pub struct TypedProgram {
    /// The text.
    pub sources: SourceMap,
    /// The trees.
    pub ast: Ast,
    /// The types.
    pub types: TypeTable,
    /// The objects.
    pub objects: PrimaryMap<ObjectId, Object>,
    /// The packages, imported ones before their importers: the order of initialisation.
    pub packages: PrimaryMap<PackageId, Package>,
    /// The user's package.
    pub main: PackageId,
    /// Functions whose bodies were checked: all of the user's and the reachable ones of the library.
    pub checked_functions: Vec<ObjectId>,
    /// Functions and types of the library that belong to every program (`Library::support`).
    pub support: Vec<ObjectId>,
    /// The facts about expressions and identifiers.
    pub info: Info,
    /// What was taken over from the library's archive, if there is one.
    pub imported: Option<Imported>,
}

/// Facts about expressions and identifiers.
#[derive(Debug, Default)]
pub struct Info {
    /// Type of each expression. Untyped operands have the type they were converted to at the end
    /// (a constant argument of an `int` parameter is `int`, of an interface parameter its default
    /// type); a bare untyped nil has the type it became.
    pub types: SecondaryMap<ExprId, PackedOption<TypeId>>,
    /// Expressions whose type is spelled `rune`: to those who read messages it is another than `int32`.
    pub runes: crate::hash::HashSet<ExprId>,
    /// What each expression is.
    pub modes: SecondaryMap<ExprId, Mode>,
    /// Values of constant expressions, already in range of their type.
    pub constants: crate::hash::HashMap<ExprId, Constant>,
    /// The object an identifier declares or uses.
    pub objects: SecondaryMap<IdentId, PackedOption<ObjectId>>,
    /// What selectors select, by the selector expression; also the field that a key of a struct
    /// literal names, by the key.
    pub selections: crate::hash::HashMap<ExprId, Selection>,
    /// The variable a type switch clause declares, by the span start of the clause.
    pub clause_symbols: crate::hash::HashMap<u32, ObjectId>,
    /// Parameters, then results, of function literals, by the literal expression.
    pub literal_variables: crate::hash::HashMap<ExprId, (Vec<ObjectId>, Vec<ObjectId>)>,
    /// Expressions used in a comma-ok form, with the type of the second value (`bool` or what the
    /// context made of it). `types` has the type of the first.
    pub comma_ok: crate::hash::HashMap<ExprId, TypeId>,
    /// The signature or map type `range` runs over is the operand's type; for `range` over an
    /// untyped constant the type of the variable stands in `types` of the operand.
    pub implicit_range: (),
}

impl TypedProgram {
    /// Whether this is a program to run: package `main`.
    pub fn is_command(&self) -> bool {
        &*self.packages[self.main].path == "main"
    }

    /// Whether the program declares the function `main`. As with gc a command without it compiles,
    /// but cannot be run.
    pub fn has_main_function(&self) -> bool {
        let main = self.ast.names.find("main");
        self.checked_functions.iter().any(|object| {
            let declared = &self.objects[*object];
            declared.package == Some(self.main)
                && Some(declared.name) == main
                && matches!(&declared.kind, ObjectKind::Function(function) if function.receiver.is_none())
        })
    }

    /// The type of an expression that has one.
    pub fn type_of(&self, expr: ExprId) -> TypeId {
        self.info.types[expr]
            .expand()
            .expect("every checked expression has a type")
    }

    /// The object an identifier declares or uses, if any (`_` on a left side has none).
    pub fn object_of(&self, ident: IdentId) -> Option<ObjectId> {
        self.info.objects[ident].expand()
    }

    /// The builtin function an expression names.
    pub fn builtin_of(&self, callee: ExprId) -> Option<Builtin> {
        let ident = match &self.ast.exprs[self.ast.unparen(callee)].kind {
            ExprKind::Name(ident) | ExprKind::Selector { name: ident, .. } => *ident,
            _ => return None,
        };
        match self.objects[self.object_of(ident)?].kind {
            ObjectKind::Builtin(builtin) => Some(builtin),
            _ => None,
        }
    }

    /// The value of a constant expression.
    pub fn constant_of(&self, expr: ExprId) -> Option<&Constant> {
        self.info.constants.get(&expr)
    }
}
