//! What gc says when the parser stops: from the markers and tokens that were expected to words.
//!
//! The expected terminals are exact (LALRPOP simulates the reductions), so the markers among them say
//! which constructs end or begin at the place. [`explain`] is one ordered table over them: the first
//! row that fits gives the text. No parser state numbers, no second parser.
//!
//! The texts are those of `cmd/compile/internal/syntax` of Go 1.27.

use crate::token::{Marker, Origin, Spanned, Token};

/// What is known where the parser stopped.
pub(crate) struct Stop<'a> {
    /// All tokens.
    pub(crate) tokens: &'a [Spanned],
    /// The index of the token that was not expected; the number of tokens at the end of the file.
    pub(crate) at: usize,
    /// What could have stood there: terminals as the grammar spells them.
    pub(crate) expected: &'a [String],
    /// The text of the token, empty for inserted ones.
    pub(crate) found_text: &'a str,
    /// Offset of the end of the file.
    pub(crate) end: u32,
}

/// An error as it is reported.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Explanation {
    /// Where.
    pub(crate) offset: u32,
    /// What, with the prefix `syntax error: `.
    pub(crate) message: String,
    /// Whether gc reads on after this error.
    pub(crate) is_final: bool,
}

impl Stop<'_> {
    fn wants(&self, terminal: &str) -> bool {
        self.expected
            .iter()
            .any(|expected| expected.trim_matches('"') == terminal)
    }

    fn at(&self, marker: Marker) -> bool {
        self.wants(spelling(marker))
    }

    fn found(&self) -> Option<Token> {
        self.tokens.get(self.at).map(|spanned| spanned.token)
    }

    fn before(&self) -> Option<Token> {
        self.at
            .checked_sub(1)
            .and_then(|index| self.tokens.get(index))
            .map(|spanned| spanned.token)
    }

    /// Whether the declaration that ends just before is a function without body.
    fn is_behind_bodyless_function(&self) -> bool {
        let Some(
            [
                last,
                Spanned {
                    token: Token::Semicolon(_),
                    ..
                },
            ],
        ) = self.tokens.get(..self.at).and_then(<[_]>::last_chunk)
        else {
            return false;
        };
        let mut depth = 0usize;
        let mut start = self.at - 1;
        while let Some(index) = start.checked_sub(1) {
            match self.tokens[index].token {
                Token::Semicolon(_) if depth == 0 => break,
                token if token.closes() => depth += 1,
                token if token.opens() => depth = depth.saturating_sub(1),
                _ => {}
            }
            start = index;
        }
        self.tokens[start].token == Token::Func && last.token != Token::RightBrace
    }

    /// The index of the innermost bracket that is open.
    fn open_bracket(&self) -> usize {
        let mut depth = 0usize;
        let is_open = |index: &usize| {
            let token = self.tokens[*index].token;
            if token.closes() {
                depth += 1;
            } else if token.opens() {
                if depth == 0 {
                    return true;
                }
                depth -= 1;
            }
            false
        };
        (0..self.at).rev().find(is_open).unwrap_or(self.at)
    }

    fn offset_of(&self, index: usize) -> u32 {
        self.tokens
            .get(index)
            .map_or(self.end, |spanned| spanned.start)
    }
}

/// How the grammar spells a marker.
fn spelling(marker: Marker) -> &'static str {
    match marker {
        Marker::AfterDeclaration => "@after declaration",
        Marker::Declaration => "@declaration",
        Marker::Statement => "@statement",
        Marker::EndOfStatement => "@end of statement",
        Marker::Assignment => "@assignment",
        Marker::Group => "@group",
        Marker::ImportPath => "@import path",
        Marker::DeclaredType => "@declared type",
        Marker::Field => "@field",
        Marker::EmbeddedName => "@embedded name",
        Marker::EndOfField => "@end of field",
        Marker::Term => "@term",
        Marker::EndOfElement => "@end of element",
        Marker::Parameter => "@parameter",
        Marker::VariadicType => "@variadic type",
        Marker::EndOfParameter => "@end of parameter",
        Marker::TypeParameter => "@type parameter",
        Marker::EndOfTypeParameter => "@end of type parameter",
        Marker::Expression => "@expression",
        Marker::Type => "@type",
        Marker::ChannelElement => "@channel element",
        Marker::Index => "@index",
        Marker::EmptyIndex => "@empty index",
        Marker::MethodTypeParameters => "@method type parameters",
        Marker::TypeArguments => "@type arguments",
        Marker::LabeledStatement => "@labeled statement",
        Marker::EndOfArgument => "@end of argument",
        Marker::EndOfLiteralElement => "@end of literal element",
        Marker::Header => "@header",
        Marker::IfCondition => "@if condition",
        Marker::EndOfIf => "@end of if",
        Marker::ForCondition => "@for condition",
        Marker::EndOfForCondition => "@end of for condition",
        Marker::EndOfFor => "@end of for",
        Marker::EndOfSwitch => "@end of switch",
        Marker::Clause => "@clause",
    }
}

/// How a sentence goes on behind `syntax error: `.
#[derive(Clone, Copy)]
enum Phrase {
    /// `unexpected X` and this.
    Unexpected(&'static str),
    /// This alone.
    Plain(&'static str),
    /// This without the prefix.
    Bare(&'static str),
}

/// What gc would report.
pub(crate) fn explain(stop: &Stop) -> Explanation {
    let mut offset = stop.offset_of(stop.at);
    let mut is_final = false;
    let phrase = if let Some((phrase, place)) = keyword_rules(stop) {
        offset = place;
        phrase
    } else if let Some(phrase) = package_rules(stop) {
        is_final = true;
        phrase
    } else {
        marker_rules(stop)
    };
    let message = match phrase {
        Phrase::Plain(text) => format!("syntax error: {text}"),
        Phrase::Bare(text) => text.to_owned(),
        Phrase::Unexpected(rest) => {
            let found = stop
                .found()
                .map_or_else(|| "EOF".to_owned(), |token| token.spelling(stop.found_text));
            format!("syntax error: unexpected {found}{rest}")
        }
    };
    Explanation {
        offset,
        message,
        is_final,
    }
}

/// Up to the package clause.
fn package_rules(stop: &Stop) -> Option<Phrase> {
    match stop.at {
        0 => Some(Phrase::Plain("package statement must be first")),
        1 if stop.wants("name") => Some(Phrase::Unexpected(", expected name")),
        2 if stop.wants(";") => Some(Phrase::Unexpected(", expected semicolon or newline")),
        _ => None,
    }
}

/// Errors that gc knows by a keyword just before, with the place it names.
fn keyword_rules(stop: &Stop) -> Option<(Phrase, u32)> {
    let here = stop.offset_of(stop.at);
    match (stop.before()?, stop.found()) {
        (_, Some(Token::Name)) if stop.at(Marker::MethodTypeParameters) => {
            let text = "interface method must have no type parameters";
            Some((Phrase::Bare(text), stop.offset_of(stop.open_bracket())))
        }
        (before @ (Token::If | Token::For | Token::Switch), Some(Token::Var)) => {
            let text = match before {
                Token::If => "var declaration not allowed in if initializer",
                Token::For => "var declaration not allowed in for initializer",
                _ => "var declaration not allowed in switch initializer",
            };
            Some((Phrase::Plain(text), stop.offset_of(stop.at + 1)))
        }
        (Token::Colon, _) if stop.at(Marker::LabeledStatement) => Some((
            Phrase::Plain("missing statement after label"),
            stop.offset_of(stop.at - 1),
        )),
        (Token::Else, _) => Some((
            Phrase::Plain("else must be followed by if or statement block"),
            here,
        )),
        (Token::Select, _) => Some((Phrase::Plain("missing { after select clause"), here)),
        // The condition is missing: gc names the semicolon, or the brace if there is none.
        (Token::If, Some(Token::LeftBrace)) => {
            Some((Phrase::Plain("missing condition in if statement"), here))
        }
        (Token::Semicolon(origin), Some(Token::LeftBrace)) if stop.at(Marker::IfCondition) => {
            let text = match origin {
                Origin::Written => "missing condition in if statement",
                Origin::Newline => "unexpected newline, expected { after if clause",
                Origin::EndOfFile => "unexpected EOF, expected { after if clause",
            };
            Some((Phrase::Plain(text), stop.offset_of(stop.at - 1)))
        }
        _ => None,
    }
}

/// Where a construct is complete but what follows does not fit.
const ENDS: [(Marker, Phrase); 15] = [
    (
        Marker::EndOfArgument,
        Phrase::Unexpected(" in argument list; possibly missing comma or )"),
    ),
    (
        Marker::EndOfLiteralElement,
        Phrase::Unexpected(" in composite literal; possibly missing comma or }"),
    ),
    (
        Marker::EndOfParameter,
        Phrase::Unexpected(" in parameter list; possibly missing comma or )"),
    ),
    (
        Marker::EndOfTypeParameter,
        Phrase::Unexpected(" in parameter list; possibly missing comma or ]"),
    ),
    (
        Marker::EndOfField,
        Phrase::Unexpected(" in struct type; possibly missing semicolon or newline or }"),
    ),
    (
        Marker::EndOfElement,
        Phrase::Unexpected(" in interface type; possibly missing semicolon or newline or }"),
    ),
    (
        Marker::Group,
        Phrase::Unexpected(" in grouped declaration; possibly missing semicolon or newline or )"),
    ),
    (
        Marker::Assignment,
        Phrase::Unexpected(", expected := or = or comma"),
    ),
    (Marker::Header, Phrase::Unexpected(", expected {")),
    (
        Marker::EndOfIf,
        Phrase::Unexpected(", expected { after if clause"),
    ),
    (
        Marker::EndOfForCondition,
        Phrase::Unexpected(", expected semicolon or newline"),
    ),
    (
        Marker::EndOfFor,
        Phrase::Unexpected(", expected { after for clause"),
    ),
    (
        Marker::EndOfSwitch,
        Phrase::Plain("missing { after switch clause"),
    ),
    (
        Marker::Index,
        Phrase::Unexpected(", expected comma, : or ]"),
    ),
    (
        Marker::AfterDeclaration,
        Phrase::Unexpected(" after top level declaration"),
    ),
];

/// Where a construct must begin.
const BEGINNINGS: [(Marker, Phrase); 11] = [
    (Marker::ImportPath, Phrase::Plain("missing import path")),
    (
        Marker::DeclaredType,
        Phrase::Unexpected(" in type declaration"),
    ),
    (
        Marker::Field,
        Phrase::Unexpected(", expected field name or embedded type"),
    ),
    (Marker::VariadicType, Phrase::Plain("... is missing type")),
    (Marker::Parameter, Phrase::Unexpected(", expected )")),
    (Marker::TypeParameter, Phrase::Unexpected(", expected ]")),
    (
        Marker::Term,
        Phrase::Unexpected(", expected ~ term or type"),
    ),
    (
        Marker::ChannelElement,
        Phrase::Plain("missing channel element type"),
    ),
    (
        Marker::Expression,
        Phrase::Unexpected(", expected expression"),
    ),
    (Marker::Type, Phrase::Unexpected(", expected type")),
    (
        Marker::Clause,
        Phrase::Unexpected(", expected case or default or }"),
    ),
];

/// Where one token is the only way on: the first that fits.
const SINGLE_TOKENS: [(&str, &str); 11] = [
    ("]", ", expected ]"),
    (")", ", expected )"),
    ("}", ", expected }"),
    (":", ", expected :"),
    ("=", ", expected ="),
    ("name", ", expected name"),
    ("(", ", expected ("),
    ("[", ", expected ["),
    ("{", ", expected {"),
    (";", ", expected semicolon or newline"),
    ("chan", ", expected keyword chan"),
];

/// All else. Ends of constructs stand before beginnings: where both fit, something is complete.
fn marker_rules(stop: &Stop) -> Phrase {
    if let Some(phrase) = statement_rules(stop).or_else(|| token_rules(stop)) {
        return phrase;
    }
    if let Some((_, phrase)) = ENDS.into_iter().find(|(marker, _)| stop.at(*marker)) {
        return phrase;
    }
    if stop.at(Marker::EndOfStatement) {
        return Phrase::Unexpected(match (stop.before(), stop.found()) {
            (Some(Token::Return), _) => ", expected expression",
            // An empty statement ends before them, though no clause is open.
            (Some(Token::Semicolon(_) | Token::LeftBrace), Some(Token::Case | Token::Default)) => {
                ", expected }"
            }
            _ => " at end of statement",
        });
    }
    if let Some(phrase) = list_rules(stop) {
        return phrase;
    }
    if let Some((_, phrase)) = BEGINNINGS.into_iter().find(|(marker, _)| stop.at(*marker)) {
        return phrase;
    }
    let wanted = SINGLE_TOKENS
        .into_iter()
        .find(|(terminal, _)| stop.wants(terminal));
    Phrase::Unexpected(wanted.map_or(" at end of statement", |(_, rest)| rest))
}

/// Before declarations and statements, and in headers.
fn statement_rules(stop: &Stop) -> Option<Phrase> {
    let found = stop.found();
    if stop.at(Marker::Declaration) {
        let is_body = found == Some(Token::LeftBrace) && stop.is_behind_bodyless_function();
        return Some(Phrase::Plain(if is_body {
            "unexpected semicolon or newline before {"
        } else {
            "non-declaration statement outside function body"
        }));
    }
    if stop.at(Marker::Statement) {
        return Some(Phrase::Unexpected(if stop.wants("case") {
            ", expected case or default or }"
        } else {
            ", expected }"
        }));
    }
    (stop.at(Marker::ForCondition) && found == Some(Token::LeftBrace))
        .then_some(Phrase::Unexpected(", expected for loop condition"))
}

/// Where gc looks at the tokens around rather than at what is open.
fn token_rules(stop: &Stop) -> Option<Phrase> {
    use Phrase::{Plain, Unexpected};
    match (stop.before(), stop.found()) {
        (_, Some(Token::Define)) if stop.wants("=") && !stop.wants(":=") => {
            Some(Unexpected(", expected ="))
        }
        (_, Some(Token::LeftParen)) if stop.at(Marker::Field) || stop.at(Marker::EmbeddedName) => {
            Some(Plain("cannot parenthesize embedded type"))
        }
        (Some(Token::Dot), _) if stop.wants("name") => Some(Unexpected(if stop.wants("(") {
            ", expected name or ("
        } else {
            ", expected name"
        })),
        (_, Some(Token::Comma))
            if stop.wants("]") && !stop.wants(",") && !stop.at(Marker::TypeParameter) =>
        {
            Some(Plain("unexpected comma; expected ]"))
        }
        // Behind the only name of a field.
        _ if stop.at(Marker::EndOfField) && stop.at(Marker::Type) => {
            Some(Unexpected(", expected type"))
        }
        (Some(Token::Func), _) if stop.wants("name") => Some(Unexpected(", expected name or (")),
        _ => None,
    }
}

/// At the beginning of lists and brackets.
fn list_rules(stop: &Stop) -> Option<Phrase> {
    use Phrase::Unexpected;
    match stop.found() {
        // At the end of the file gc looks for no further element of a list.
        None if stop.wants("}") => Some(Unexpected(", expected }")),
        None if stop.wants(")") => Some(Unexpected(", expected )")),
        Some(Token::RightBracket) if stop.at(Marker::EmptyIndex) => {
            Some(Unexpected(", expected operand"))
        }
        Some(Token::RightBracket) if stop.at(Marker::TypeArguments) => {
            Some(Unexpected(", expected type argument list"))
        }
        // A line of a declaration in parentheses.
        Some(_)
            if stop.wants("name")
                && stop.wants(")")
                && !stop.at(Marker::Parameter)
                && !stop.at(Marker::ImportPath)
                && !stop.at(Marker::Expression) =>
        {
            Some(Unexpected(", expected name"))
        }
        // In `x[i, j]` only types may follow the first comma.
        Some(Token::Literal(_)) if stop.before() == Some(Token::Comma) && stop.wants("]") => {
            Some(Unexpected(", expected ]"))
        }
        Some(Token::Semicolon(_)) if stop.wants("{") && !stop.at(Marker::Expression) => {
            Some(Unexpected(", expected {"))
        }
        _ => None,
    }
}
