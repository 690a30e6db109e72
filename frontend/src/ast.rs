//! The syntax tree: what the source says, with spans and without meaning.
//!
//! One [`Ast`] holds the trees of a whole program, library included, so that an [`ExprId`] or an
//! [`IdentId`] is unique in the program and the type checker can keep its findings in dense tables
//! beside the tree. Types and expressions share one set of nodes: the grammar accepts a superset
//! and the checker says which is which. Statements are plain trees inside bodies.
//!
//! Literals keep their text (`SourceMap::text(span)`); their values belong to the checker.

pub mod visit;

use cranelift_entity::{PrimaryMap, entity_impl};
use serde::{Deserialize, Serialize};

use crate::hash::HashMap;
use crate::source::{FileId, Span};

/// An expression or type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(u32);
entity_impl!(ExprId, "expr");

/// One occurrence of an identifier, declaring or using.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdentId(u32);
entity_impl!(IdentId, "ident");

/// The body of a declared function or a function literal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BodyId(u32);
entity_impl!(BodyId, "body");

/// An interned name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Name(u32);
entity_impl!(Name, "name");

/// All names of a program, each stored once.
#[derive(Debug, Default)]
pub struct Names {
    by_text: HashMap<Box<str>, Name>,
    texts: PrimaryMap<Name, Box<str>>,
}

impl Names {
    /// The name with this text.
    pub fn intern(&mut self, text: &str) -> Name {
        if let Some(name) = self.by_text.get(text) {
            return *name;
        }
        let name = self.texts.push(text.into());
        self.by_text.insert(text.into(), name);
        name
    }

    /// The name with this text, if it occurs anywhere.
    pub fn find(&self, text: &str) -> Option<Name> {
        self.by_text.get(text).copied()
    }

    /// The text of a name.
    pub fn text(&self, name: Name) -> &str {
        &self.texts[name]
    }
}

/// The trees of a program.
#[derive(Debug, Default)]
pub struct Ast {
    /// Expressions and types.
    pub exprs: PrimaryMap<ExprId, Expr>,
    /// Identifiers.
    pub idents: PrimaryMap<IdentId, Ident>,
    /// Function bodies.
    pub bodies: PrimaryMap<BodyId, Body>,
    /// Names.
    pub names: Names,
}

impl Ast {
    /// The text of an identifier.
    pub fn ident_text(&self, ident: IdentId) -> &str {
        self.names.text(self.idents[ident].name)
    }

    /// The expression without the parentheses around it.
    pub fn unparen(&self, mut expr: ExprId) -> ExprId {
        while let ExprKind::Paren(inner) = self.exprs[expr].kind {
            expr = inner;
        }
        expr
    }
}

/// One occurrence of an identifier.
#[derive(Debug, Clone, Copy)]
pub struct Ident {
    /// Its name.
    pub name: Name,
    /// Where it stands.
    pub span: Span,
}

/// The statements of a function, or where they stand.
#[derive(Debug)]
pub enum Body {
    /// Parsed.
    Parsed(Block),
    /// Not parsed yet: from the opening to the closing brace. Only library functions are left so.
    Unparsed(Span),
}

/// An expression or type with its place.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// From its first to its last byte.
    pub span: Span,
    /// Where gc's IR has the node, and so where `-m` reports it: binary expressions at the
    /// operator, calls at `(`, indices and slices at `[`, selectors and type assertions at the dot,
    /// composite literals at `{`, all else at its start. The type checker's errors, in contrast,
    /// stand at the start of what they are about (`span.start`): `x + "a"` is reported at `x`.
    /// For `&x` parentheses around `x`, and around types all parentheses, are not in the tree.
    pub position: u32,
}

/// Kinds of literals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LiteralKind {
    /// `0x1F`
    Integer,
    /// `1.5e3`
    Float,
    /// `2i`
    Imaginary,
    /// `'x'`
    Rune,
    /// `"x"` or a raw string
    String,
}

/// The direction of a channel type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ChannelDirection {
    /// `chan T`
    Both,
    /// `chan<- T`
    Send,
    /// `<-chan T`
    Receive,
}

/// Unary operators. Dereference is [`ExprKind::Star`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `+x`
    Plus,
    /// `-x`
    Minus,
    /// `!x`
    Not,
    /// `^x`
    Complement,
    /// `&x`
    AddressOf,
    /// `<-x`
    Receive,
    /// `~x`, in constraints only
    Tilde,
}

/// Binary operators, also those of `x op= y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `&`
    And,
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `&^`
    AndNot,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// `&&`
    LogicalAnd,
    /// `||`
    LogicalOr,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

impl BinaryOp {
    /// The operator as it is written.
    pub fn text(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Remainder => "%",
            BinaryOp::And => "&",
            BinaryOp::Or => "|",
            BinaryOp::Xor => "^",
            BinaryOp::AndNot => "&^",
            BinaryOp::ShiftLeft => "<<",
            BinaryOp::ShiftRight => ">>",
            BinaryOp::LogicalAnd => "&&",
            BinaryOp::LogicalOr => "||",
            BinaryOp::Equal => "==",
            BinaryOp::NotEqual => "!=",
            BinaryOp::Less => "<",
            BinaryOp::LessEqual => "<=",
            BinaryOp::Greater => ">",
            BinaryOp::GreaterEqual => ">=",
        }
    }

    /// Whether the result is an untyped boolean.
    pub fn is_comparison(self) -> bool {
        use BinaryOp::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
        matches!(
            self,
            Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual
        )
    }

    /// Whether it is `/` or `%`.
    pub fn is_division(self) -> bool {
        matches!(self, BinaryOp::Divide | BinaryOp::Remainder)
    }

    /// Whether it is `<<` or `>>`.
    pub fn is_shift(self) -> bool {
        matches!(self, BinaryOp::ShiftLeft | BinaryOp::ShiftRight)
    }
}

impl UnaryOp {
    /// The operator as it is written.
    pub fn text(self) -> &'static str {
        match self {
            UnaryOp::Plus => "+",
            UnaryOp::Minus => "-",
            UnaryOp::Not => "!",
            UnaryOp::Complement => "^",
            UnaryOp::AddressOf => "&",
            UnaryOp::Receive => "<-",
            UnaryOp::Tilde => "~",
        }
    }
}

/// What an expression or type is.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// `x`
    Name(IdentId),
    /// `1`, `"s"`: the text is that of the span.
    Literal(LiteralKind),
    /// `T{...}`; the type is left out inside another composite literal.
    CompositeLiteral {
        /// The literal's type, if written.
        ty: Option<ExprId>,
        /// Its elements.
        elements: Vec<Element>,
        /// Offset of the closing brace.
        close: u32,
    },
    /// `func(...) ... {...}`
    FunctionLiteral {
        /// Parameters and results.
        signature: Box<FunctionType>,
        /// Its statements.
        body: BodyId,
    },
    /// `(x)`
    Paren(ExprId),
    /// `x.name`
    Selector {
        /// What stands before the dot.
        operand: ExprId,
        /// The name after it.
        name: IdentId,
    },
    /// `x[i]`, or an instantiation `x[T, U]`
    Index {
        /// What is indexed.
        operand: ExprId,
        /// At least one index or type argument.
        indices: Vec<ExprId>,
    },
    /// `x[low:high:max]`
    Slice {
        /// What is sliced.
        operand: ExprId,
        /// First bound.
        low: Option<ExprId>,
        /// Second bound.
        high: Option<ExprId>,
        /// Third bound.
        max: Option<ExprId>,
        /// Whether it is written with two colons.
        is_full: bool,
    },
    /// `x.(T)`; without a type it is `x.(type)`.
    TypeAssertion {
        /// The interface value.
        operand: ExprId,
        /// The asserted type; `None` for `type`.
        ty: Option<ExprId>,
    },
    /// `f(x, y...)`, also conversions
    Call {
        /// What is called.
        callee: ExprId,
        /// The arguments.
        arguments: Vec<ExprId>,
        /// Offset of the `...` after the last argument.
        spread: Option<u32>,
        /// Offset of the closing parenthesis.
        close: u32,
    },
    /// `*x`: a dereference or a pointer type
    Star(ExprId),
    /// `op x`
    Unary(UnaryOp, ExprId),
    /// `x op y`
    Binary {
        /// The operator; it stands at `Expr::position`.
        op: BinaryOp,
        /// Left operand.
        left: ExprId,
        /// Right operand.
        right: ExprId,
    },
    /// `[N]T`; `None` stands for `[...]T`.
    ArrayType {
        /// The length expression.
        length: Option<ExprId>,
        /// The element type.
        element: ExprId,
    },
    /// `[]T`
    SliceType(ExprId),
    /// `map[K]V`
    MapType {
        /// Key type.
        key: ExprId,
        /// Element type.
        value: ExprId,
    },
    /// `chan T`, `chan<- T`, `<-chan T`
    ChannelType {
        /// Direction.
        direction: ChannelDirection,
        /// Element type.
        element: ExprId,
    },
    /// `func(...) ...` as a type
    FunctionType(Box<FunctionType>),
    /// `struct{...}`
    StructType(Vec<Field>),
    /// `interface{...}`
    InterfaceType(Vec<InterfaceElement>),
}

/// `value` or `key: value` in a composite literal.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// What stands before the colon.
    pub key: Option<ExprId>,
    /// The value.
    pub value: ExprId,
}

/// Parameters and results of a function.
#[derive(Debug, Clone)]
pub struct FunctionType {
    /// Parameters in order.
    pub parameters: Vec<Parameter>,
    /// Results in order.
    pub results: Vec<Parameter>,
    /// From `func` (or the first parenthesis of a method) to the end.
    pub span: Span,
}

/// One parameter or result.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name, if it has one (it may be `_`).
    pub name: Option<IdentId>,
    /// Its type; for `...T` this is `T`.
    pub ty: ExprId,
    /// Whether it is `...T`.
    pub is_variadic: bool,
}

/// Fields of one type in a struct.
#[derive(Debug, Clone)]
pub struct Field {
    /// Their names; empty for an embedded field.
    pub names: Vec<IdentId>,
    /// Their type.
    pub ty: ExprId,
    /// Span of the tag's string literal.
    pub tag: Option<Span>,
}

/// A method or an embedded element of an interface type.
#[derive(Debug, Clone)]
pub enum InterfaceElement {
    /// `Name(...) ...`
    Method {
        /// Its name.
        name: IdentId,
        /// Its signature.
        signature: Box<FunctionType>,
    },
    /// `T` or `~T | U`
    Embedded(Vec<UnionTerm>),
}

/// `T` or `~T` in a constraint.
#[derive(Debug, Clone, Copy)]
pub struct UnionTerm {
    /// Whether a `~` stands before it.
    pub has_tilde: bool,
    /// The type.
    pub ty: ExprId,
}

/// `P, Q constraint` in a type parameter list.
#[derive(Debug, Clone)]
pub struct TypeParameter {
    /// Their names.
    pub names: Vec<IdentId>,
    /// Their common constraint.
    pub constraint: Vec<UnionTerm>,
}

/// Statements in braces.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// The statements.
    pub statements: Vec<Statement>,
    /// From the opening to the closing brace.
    pub span: Span,
}

/// A statement with its place.
#[derive(Debug, Clone)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// From its first to its last byte.
    pub span: Span,
}

/// What a statement is.
#[derive(Debug, Clone)]
pub enum StatementKind {
    /// Nothing between semicolons.
    Empty,
    /// An expression for its effect.
    Expression(ExprId),
    /// `channel <- value`
    Send {
        /// The channel.
        channel: ExprId,
        /// The value.
        value: ExprId,
        /// Offset of the arrow.
        arrow: u32,
    },
    /// `x++` or `x--`
    IncDec {
        /// The operand.
        operand: ExprId,
        /// Whether it is `++`.
        is_increment: bool,
        /// Offset of the operator.
        operator: u32,
    },
    /// `x, y = a, b` or `x op= a`
    Assign {
        /// Left sides.
        left: Vec<ExprId>,
        /// The operator of `op=`.
        op: Option<BinaryOp>,
        /// Right sides.
        right: Vec<ExprId>,
        /// Offset of the operator.
        operator: u32,
    },
    /// `x, y := a, b`; the left sides are checked to be names later.
    Define {
        /// Left sides.
        left: Vec<ExprId>,
        /// Right sides.
        right: Vec<ExprId>,
        /// Offset of `:=`.
        operator: u32,
    },
    /// `{...}`
    Block(Block),
    /// `if init; condition {...} else ...`
    If(Box<IfStatement>),
    /// `for ...`
    For(Box<ForStatement>),
    /// `switch init; tag {...}`
    Switch(Box<SwitchStatement>),
    /// `switch init; name := x.(type) {...}`
    TypeSwitch(Box<TypeSwitchStatement>),
    /// `select {...}`
    Select(Vec<SelectClause>),
    /// `label: statement`
    Labeled {
        /// The label.
        label: IdentId,
        /// What it names.
        statement: Box<Statement>,
    },
    /// `go call`
    Go(ExprId),
    /// `defer call`
    Defer(ExprId),
    /// `return x, y`
    Return(Vec<ExprId>),
    /// `break label`
    Break(Option<IdentId>),
    /// `continue label`
    Continue(Option<IdentId>),
    /// `goto label`
    Goto(IdentId),
    /// `fallthrough`
    Fallthrough,
    /// A declaration inside a function.
    Declaration(Box<Declaration>),
}

/// `if init; condition {...} else ...`
#[derive(Debug, Clone)]
pub struct IfStatement {
    /// The simple statement before the condition.
    pub init: Option<Statement>,
    /// The condition.
    pub condition: ExprId,
    /// What runs when it holds.
    pub then: Block,
    /// A block or another `if`.
    pub otherwise: Option<Statement>,
}

/// Any `for`.
#[derive(Debug, Clone)]
pub struct ForStatement {
    /// What stands before the body.
    pub header: ForHeader,
    /// The body.
    pub body: Block,
}

/// What stands between `for` and the body.
#[derive(Debug, Clone)]
pub enum ForHeader {
    /// `init; condition; post`, all optional; a lone condition is here too.
    Clause {
        /// Runs once.
        init: Option<Statement>,
        /// Tested before each round.
        condition: Option<ExprId>,
        /// Runs after each round.
        post: Option<Statement>,
    },
    /// `key, value := range operand`
    Range {
        /// First variable or place.
        key: Option<ExprId>,
        /// Second variable or place.
        value: Option<ExprId>,
        /// Whether `:=` declares them.
        is_define: bool,
        /// What is ranged over.
        operand: ExprId,
        /// Offset of `range`.
        range: u32,
    },
}

/// An expression switch.
#[derive(Debug, Clone)]
pub struct SwitchStatement {
    /// The simple statement before the tag.
    pub init: Option<Statement>,
    /// The tag; without one the cases are conditions.
    pub tag: Option<ExprId>,
    /// The clauses.
    pub clauses: Vec<CaseClause>,
    /// From the opening to the closing brace.
    pub body: Span,
}

/// A type switch.
#[derive(Debug, Clone)]
pub struct TypeSwitchStatement {
    /// The simple statement before the guard.
    pub init: Option<Statement>,
    /// The symbol declared by `name := x.(type)`.
    pub symbol: Option<IdentId>,
    /// The interface value `x`.
    pub operand: ExprId,
    /// The whole `x.(type)`.
    pub guard: Span,
    /// The clauses; their expressions are types or `nil`.
    pub clauses: Vec<CaseClause>,
    /// From the opening to the closing brace.
    pub body: Span,
}

/// `case x, y:` or `default:` with its statements.
#[derive(Debug, Clone)]
pub struct CaseClause {
    /// The cases; `None` for `default`.
    pub cases: Option<Vec<ExprId>>,
    /// The statements.
    pub body: Vec<Statement>,
    /// From `case` or `default` to the end of the statements.
    pub span: Span,
    /// Offset of the colon.
    pub colon: u32,
}

/// A clause of `select`.
#[derive(Debug, Clone)]
pub struct SelectClause {
    /// A send, a receive as expression statement, assignment or definition; `None` for `default`.
    pub communication: Option<Statement>,
    /// The statements.
    pub body: Vec<Statement>,
    /// From `case` or `default` to the end of the statements.
    pub span: Span,
    /// Offset of the colon.
    pub colon: u32,
}

/// A declaration at top level or, without imports and functions, in a function.
#[derive(Debug, Clone)]
pub enum Declaration {
    /// `import (...)`
    Import(Vec<ImportSpec>),
    /// `const (...)`
    Const(Vec<ValueSpec>),
    /// `var (...)`
    Var(Vec<ValueSpec>),
    /// `type (...)`
    Type(Vec<TypeSpec>),
    /// `func f(...) {...}`
    Function(Box<FunctionDeclaration>),
}

/// How an import names its package.
#[derive(Debug, Clone, Copy)]
pub enum ImportName {
    /// By the package's own name.
    Own,
    /// By a name of ours (it may be `_`).
    Ident(IdentId),
    /// `import . "path"`; the offset of the dot.
    Dot(u32),
}

/// One import.
#[derive(Debug, Clone, Copy)]
pub struct ImportSpec {
    /// Under which name.
    pub name: ImportName,
    /// Span of the path's string literal.
    pub path: Span,
}

/// One line of a `const` or `var` declaration.
#[derive(Debug, Clone)]
pub struct ValueSpec {
    /// The declared names.
    pub names: Vec<IdentId>,
    /// Their type, if written.
    pub ty: Option<ExprId>,
    /// Their values; for constants empty means "as the line before".
    pub values: Vec<ExprId>,
    /// Position in its group: what `iota` is.
    pub index_in_group: u32,
    /// The whole line.
    pub span: Span,
}

/// One type declaration.
#[derive(Debug, Clone)]
pub struct TypeSpec {
    /// The declared name.
    pub name: IdentId,
    /// Its type parameters.
    pub type_parameters: Vec<TypeParameter>,
    /// Whether it is `type A = B`.
    pub is_alias: bool,
    /// The type.
    pub ty: ExprId,
}

/// A declared function or method.
#[derive(Debug, Clone)]
pub struct FunctionDeclaration {
    /// The receiver list as written; a valid one has exactly one entry.
    pub receiver: Option<Vec<Parameter>>,
    /// Its name.
    pub name: IdentId,
    /// Its type parameters.
    pub type_parameters: Vec<TypeParameter>,
    /// Parameters and results.
    pub signature: FunctionType,
    /// Its body; without one it is a native of the runtime (library packages only).
    pub body: Option<BodyId>,
    /// From `func` to the end.
    pub span: Span,
}

/// A parsed file.
#[derive(Debug)]
pub struct File {
    /// Which file.
    pub id: FileId,
    /// The name after `package`.
    pub package: IdentId,
    /// The declarations in order.
    pub declarations: Vec<Declaration>,
}
