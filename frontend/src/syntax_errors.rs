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
    /// Whether the last top-level declaration is a function without body.
    pub(crate) after_bodyless: bool,
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
        Marker::EndOfArgument => "@end of argument",
        Marker::EndOfLiteralElement => "@end of literal element",
        Marker::Header => "@header",
        Marker::IfCondition => "@if condition",
        Marker::EndOfIf => "@end of if",
        Marker::ForCondition => "@for condition",
        Marker::EndOfFor => "@end of for",
        Marker::EndOfSwitch => "@end of switch",
        Marker::Clause => "@clause",
    }
}

/// How a sentence goes on behind `syntax error: `.
enum Phrase {
    /// `unexpected X` and this.
    Unexpected(&'static str),
    /// This alone.
    Plain(&'static str),
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
        (before @ (Token::If | Token::For | Token::Switch), Some(Token::Var)) => {
            let text = match before {
                Token::If => "var declaration not allowed in if initializer",
                Token::For => "var declaration not allowed in for initializer",
                _ => "var declaration not allowed in switch initializer",
            };
            Some((Phrase::Plain(text), stop.offset_of(stop.at + 1)))
        }
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

/// All else. Ends of constructs stand before beginnings: where both fit, something is complete.
fn marker_rules(stop: &Stop) -> Phrase {
    use Phrase::{Plain, Unexpected};
    let found = stop.found();
    let is_semicolon = matches!(found, Some(Token::Semicolon(_)));
    if found == Some(Token::Define) && stop.wants("=") && !stop.wants(":=") {
        return Unexpected(", expected =");
    }
    let ends: [(Marker, &str); 14] = [
        (
            Marker::EndOfArgument,
            " in argument list; possibly missing comma or )",
        ),
        (
            Marker::EndOfLiteralElement,
            " in composite literal; possibly missing comma or }",
        ),
        (
            Marker::EndOfParameter,
            " in parameter list; possibly missing comma or )",
        ),
        (
            Marker::EndOfTypeParameter,
            " in parameter list; possibly missing comma or ]",
        ),
        (
            Marker::EndOfField,
            " in struct type; possibly missing semicolon or newline or }",
        ),
        (
            Marker::EndOfElement,
            " in interface type; possibly missing semicolon or newline or }",
        ),
        (
            Marker::Group,
            " in grouped declaration; possibly missing semicolon or newline or )",
        ),
        (Marker::Assignment, ", expected := or = or comma"),
        (Marker::Header, ", expected {"),
        (Marker::EndOfIf, ", expected { after if clause"),
        (Marker::EndOfFor, ", expected { after for clause"),
        (Marker::Index, ", expected comma, : or ]"),
        (Marker::EmptyIndex, ", expected operand"),
        (Marker::AfterDeclaration, " after top level declaration"),
    ];
    let beginnings: [(Marker, Phrase); 12] = [
        (Marker::EndOfSwitch, Plain("missing { after switch clause")),
        (Marker::ImportPath, Plain("missing import path")),
        (Marker::DeclaredType, Unexpected(" in type declaration")),
        (
            Marker::Field,
            Unexpected(", expected field name or embedded type"),
        ),
        (Marker::VariadicType, Plain("... is missing type")),
        (Marker::Parameter, Unexpected(", expected )")),
        (Marker::TypeParameter, Unexpected(", expected ]")),
        (Marker::Term, Unexpected(", expected ~ term or type")),
        (
            Marker::ChannelElement,
            Plain("missing channel element type"),
        ),
        (Marker::Expression, Unexpected(", expected expression")),
        (Marker::Type, Unexpected(", expected type")),
        (
            Marker::Clause,
            Unexpected(", expected case or default or }"),
        ),
    ];

    // Places where gc looks at more than what is open.
    if stop.at(Marker::Declaration) {
        if found == Some(Token::LeftBrace) && stop.after_bodyless {
            return Plain("unexpected semicolon or newline before {");
        }
        return Plain("non-declaration statement outside function body");
    }
    if stop.at(Marker::Statement) {
        return match stop.wants("case") {
            true => Unexpected(", expected case or default or }"),
            false => Unexpected(", expected }"),
        };
    }
    if stop.at(Marker::ForCondition) && found == Some(Token::LeftBrace) {
        return Unexpected(", expected for loop condition");
    }
    if found == Some(Token::LeftParen) && (stop.at(Marker::Field) || stop.at(Marker::EmbeddedName))
    {
        return Plain("cannot parenthesize embedded type");
    }
    if let Some((_, rest)) = ends.into_iter().find(|(marker, _)| stop.at(*marker)) {
        return Unexpected(rest);
    }
    if stop.at(Marker::EndOfStatement) {
        return Unexpected(" at end of statement");
    }
    if stop.before() == Some(Token::Dot) && stop.wants("name") {
        return Unexpected(if stop.wants("(") {
            ", expected name or ("
        } else {
            ", expected name"
        });
    }
    if found == Some(Token::Comma) && stop.wants("]") && !stop.wants(",") {
        return Plain("unexpected comma; expected ]");
    }
    if stop.before() == Some(Token::Func) && stop.wants("name") {
        return Unexpected(", expected name or (");
    }
    // A `(` that opens the arguments of `func` or the index of `map` is asked for by name.
    if is_semicolon && stop.wants("{") && !stop.at(Marker::Expression) {
        return Unexpected(", expected {");
    }
    if let Some((_, phrase)) = beginnings.into_iter().find(|(marker, _)| stop.at(*marker)) {
        return phrase;
    }
    single_token_rules(stop)
}

/// Where one token is the only way on.
fn single_token_rules(stop: &Stop) -> Phrase {
    let tokens: [(&str, &str); 10] = [
        ("name", ", expected name"),
        ("]", ", expected ]"),
        (")", ", expected )"),
        ("}", ", expected }"),
        ("[", ", expected ["),
        ("(", ", expected ("),
        (":", ", expected :"),
        ("=", ", expected ="),
        ("{", ", expected {"),
        (";", ", expected semicolon or newline"),
    ];
    let wanted = tokens.iter().find(|(terminal, _)| stop.wants(terminal));
    Phrase::Unexpected(wanted.map_or(" at end of statement", |(_, rest)| rest))
}
