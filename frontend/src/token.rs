//! The tokens of Go, and how diagnostics spell them.
//!
//! Tokens carry no text: a token's span names it. Four kinds of terminals are told apart here:
//! those logos finds, semicolons (also inserted by [`crate::lexer`]), those that the lexer's later
//! passes put in place of others, and *markers*, which no pass ever produces. The grammar accepts a
//! marker at a named place, so when the parser stops, the markers among the expected terminals say
//! which construct was open; [`crate::syntax_errors`] turns that into words.
//!
//! Spec: section "Lexical elements".

use logos::Logos;

use crate::ast::{BinaryOp, LiteralKind};
use crate::lexer::{self, LexicalErrors};

/// Why there is a semicolon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It is written.
    Written,
    /// A line ended.
    Newline,
    /// The file ended.
    EndOfFile,
}

/// A terminal of the grammar.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq)]
#[logos(extras = LexicalErrors)]
// NUL and byte order marks are diagnosed for the file as a whole and count as space here.
#[logos(skip r"[ \t\r\x00\u{feff}]+")]
pub(crate) enum Token {
    #[token("\n")]
    Newline,
    #[regex(r"//[^\n]*", allow_greedy = true)]
    LineComment,
    #[token("/*", lexer::block_comment)]
    BlockComment,

    // Any character beyond ASCII counts as a letter here and is checked when one occurs.
    #[regex(r"[A-Za-z_\u{80}-\u{fefe}\u{ff00}-\u{10ffff}][A-Za-z0-9_\u{80}-\u{fefe}\u{ff00}-\u{10ffff}]*")]
    Name,
    // Malformed numbers, strings and runes are taken whole and diagnosed by the callbacks.
    #[regex(r"[0-9][0-9_]*(\.[0-9_]*)?([eEpP][+-]?[0-9_]*)?i?", lexer::number)]
    #[regex(r"0[oObB][0-9_]*(\.[0-9_]*)?([eEpP][+-]?[0-9_]*)?i?", lexer::number)]
    #[regex(
        r"0[xX][0-9a-fA-F_]*(\.[0-9a-fA-F_]*)?([pP][+-]?[0-9_]*)?i?",
        lexer::number
    )]
    #[regex(r"\.[0-9][0-9_]*([eEpP][+-]?[0-9_]*)?i?", lexer::number)]
    #[token("'", lexer::rune)]
    #[token("\"", lexer::interpreted_string)]
    #[token("`", lexer::raw_string)]
    Literal(LiteralKind),

    #[token("break")]
    Break,
    #[token("case")]
    Case,
    #[token("chan")]
    Chan,
    #[token("const")]
    Const,
    #[token("continue")]
    Continue,
    #[token("default")]
    Default,
    #[token("defer")]
    Defer,
    #[token("else")]
    Else,
    #[token("fallthrough")]
    Fallthrough,
    #[token("for")]
    For,
    #[token("func")]
    Func,
    #[token("go")]
    Go,
    #[token("goto")]
    Goto,
    #[token("if")]
    If,
    #[token("import")]
    Import,
    #[token("interface")]
    Interface,
    #[token("map")]
    Map,
    #[token("package")]
    Package,
    #[token("range")]
    Range,
    #[token("return")]
    Return,
    #[token("select")]
    Select,
    #[token("struct")]
    Struct,
    #[token("switch")]
    Switch,
    #[token("type")]
    Type,
    #[token("var")]
    Var,

    #[token("(")]
    LeftParen,
    #[token(")")]
    RightParen,
    #[token("[")]
    LeftBracket,
    #[token("]")]
    RightBracket,
    #[token("{")]
    LeftBrace,
    #[token("}")]
    RightBrace,
    #[token(",")]
    Comma,
    #[token(";", |_| Origin::Written)]
    Semicolon(Origin),
    #[token(":")]
    Colon,
    #[token(".")]
    Dot,
    #[token("...")]
    Ellipsis,
    #[token("=")]
    Assign,
    #[token(":=")]
    Define,
    #[token("+=", |_| BinaryOp::Add)]
    #[token("-=", |_| BinaryOp::Subtract)]
    #[token("*=", |_| BinaryOp::Multiply)]
    #[token("/=", |_| BinaryOp::Divide)]
    #[token("%=", |_| BinaryOp::Remainder)]
    #[token("&=", |_| BinaryOp::And)]
    #[token("|=", |_| BinaryOp::Or)]
    #[token("^=", |_| BinaryOp::Xor)]
    #[token("<<=", |_| BinaryOp::ShiftLeft)]
    #[token(">>=", |_| BinaryOp::ShiftRight)]
    #[token("&^=", |_| BinaryOp::AndNot)]
    OperatorAssign(BinaryOp),
    #[token("++")]
    Increment,
    #[token("--")]
    Decrement,
    #[token("<-")]
    Arrow,
    #[token("!")]
    Not,
    #[token("~")]
    Tilde,
    #[token("*")]
    Star,
    #[token("&")]
    Ampersand,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("^")]
    Caret,
    #[token("|")]
    Pipe,
    #[token("||")]
    OrOr,
    #[token("&&")]
    AndAnd,
    #[token("==", |_| BinaryOp::Equal)]
    #[token("!=", |_| BinaryOp::NotEqual)]
    #[token("<", |_| BinaryOp::Less)]
    #[token("<=", |_| BinaryOp::LessEqual)]
    #[token(">", |_| BinaryOp::Greater)]
    #[token(">=", |_| BinaryOp::GreaterEqual)]
    Comparison(BinaryOp),
    /// The multiplicative operators that are not unary operators too.
    #[token("/", |_| BinaryOp::Divide)]
    #[token("%", |_| BinaryOp::Remainder)]
    #[token("<<", |_| BinaryOp::ShiftLeft)]
    #[token(">>", |_| BinaryOp::ShiftRight)]
    #[token("&^", |_| BinaryOp::AndNot)]
    Multiplicative(BinaryOp),

    /// A `[` that opens the type parameters of a type declaration.
    TypeParameterBracket,
    /// The body of a declared function that is not parsed yet, braces included.
    SkippedBody,
    /// Stands before a body that is parsed on its own.
    BodyStart,

    /// Never produced; see the module's header.
    #[expect(dead_code, reason = "only the grammar's patterns name it")]
    Marker(Marker),
}

/// Named places of the grammar. Each comment says where the parser stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    /// Behind a top-level declaration.
    AfterDeclaration,
    /// Before a top-level declaration.
    Declaration,
    /// Before a statement.
    Statement,
    /// Behind a label.
    LabeledStatement,
    /// Behind a statement.
    EndOfStatement,
    /// Behind a list of two or more expressions that is no statement yet.
    Assignment,
    /// Behind a line of a declaration in parentheses.
    Group,
    /// Before the path of an import.
    ImportPath,
    /// Before the type of a type declaration.
    DeclaredType,
    /// Before a struct field.
    Field,
    /// Before the name of an embedded `*T`.
    EmbeddedName,
    /// Behind a struct field.
    EndOfField,
    /// Before a term of an interface or constraint.
    Term,
    /// Behind an element of an interface.
    EndOfElement,
    /// Before a parameter.
    Parameter,
    /// Behind `...` in a parameter list.
    VariadicType,
    /// Behind a parameter.
    EndOfParameter,
    /// Before a type parameter.
    TypeParameter,
    /// Behind a type parameter.
    EndOfTypeParameter,
    /// Before an expression or, if nothing else is expected there, its operand.
    Expression,
    /// Before a type.
    Type,
    /// Before the element type of a channel.
    ChannelElement,
    /// Behind the first expression in an index.
    Index,
    /// Before the first expression in an index.
    EmptyIndex,
    /// Behind a name in brackets behind the name of an interface's method.
    MethodTypeParameters,
    /// Before the first type argument of a type name.
    TypeArguments,
    /// Behind an argument.
    EndOfArgument,
    /// Behind an element of a composite literal.
    EndOfLiteralElement,
    /// Behind the first part of a statement's header.
    Header,
    /// Before the condition of an `if`.
    IfCondition,
    /// Behind the condition of an `if` with an init statement.
    EndOfIf,
    /// Before the condition of a `for` with clauses.
    ForCondition,
    /// Behind the condition of a `for` with clauses.
    EndOfForCondition,
    /// Behind all clauses of a `for`.
    EndOfFor,
    /// Behind the header of a `switch` with an init statement.
    EndOfSwitch,
    /// Before a clause.
    Clause,
}

/// A token and where it stands, as offsets of the shared address space.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spanned {
    /// Its first byte.
    pub(crate) start: u32,
    /// One past its last byte; equal to `start` for inserted semicolons.
    pub(crate) end: u32,
    /// What it is.
    pub(crate) token: Token,
}

impl Token {
    /// Whether a line that ends behind this token ends the statement.
    pub(crate) fn ends_statement(self) -> bool {
        use Token::{
            Break, Continue, Decrement, Fallthrough, Increment, Literal, Name, Return, RightBrace,
            RightBracket, RightParen,
        };
        let is_keyword = matches!(self, Break | Continue | Fallthrough | Return);
        let is_operand = matches!(self, Name | Literal(_));
        is_keyword
            || is_operand
            || matches!(
                self,
                Increment | Decrement | RightParen | RightBracket | RightBrace
            )
    }

    /// Whether it is `(`, `[` or `{`.
    pub(crate) fn opens(self) -> bool {
        matches!(
            self,
            Token::LeftParen | Token::LeftBracket | Token::LeftBrace | Token::TypeParameterBracket
        )
    }

    /// Whether it is `)`, `]` or `}`.
    pub(crate) fn closes(self) -> bool {
        matches!(
            self,
            Token::RightParen | Token::RightBracket | Token::RightBrace
        )
    }

    /// How gc names a token that it did not expect; `text` is its source text.
    pub(crate) fn spelling(self, text: &str) -> String {
        match self {
            Token::Name => format!("name {text}"),
            Token::Literal(_) => format!("literal {text}"),
            Token::Semicolon(Origin::Newline) => "newline".to_owned(),
            Token::Semicolon(Origin::Written) => "semicolon".to_owned(),
            Token::Semicolon(Origin::EndOfFile) => "EOF".to_owned(),
            Token::Comma => "comma".to_owned(),
            _ if text.starts_with(|c: char| c.is_ascii_lowercase()) => format!("keyword {text}"),
            _ => text.to_owned(),
        }
    }
}
