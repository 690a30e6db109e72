//! Passes over the token vector between lexer and parser.
//!
//! - [`mark_type_parameters`] renames the `[` that opens the type parameters of a type declaration.
//!   `type T[P any] ...` and `type T [N]int` differ only behind the bracket, too far away for one
//!   token of lookahead. gc parses an expression and then looks what it is; the rule here is the
//!   same, told from the tokens.
//! - [`keep_declarations`] leaves out what of a file is not wanted.
//! - [`skip_bodies`] folds the bodies of declared functions into one token each.
//! - [`deepest_nesting`] bounds the depth of brackets, so that nothing later can recurse too far.

use crate::token::{Spanned, Token};

/// Renames each `[` that opens the type parameters of a type declaration.
pub(crate) fn mark_type_parameters(tokens: &mut [Spanned]) {
    // For each open bracket: whether it is the parenthesis of `type (`.
    let mut open: Vec<bool> = Vec::new();
    for at in 0..tokens.len() {
        let starts_spec = match tokens[at].token {
            Token::Type => !next_is(tokens, at, Token::LeftParen),
            Token::LeftParen => {
                let is_group = at > 0 && tokens[at - 1].token == Token::Type;
                open.push(is_group);
                is_group
            }
            Token::LeftBracket | Token::LeftBrace | Token::TypeParameterBracket => {
                open.push(false);
                false
            }
            Token::RightParen | Token::RightBracket | Token::RightBrace => {
                open.pop();
                false
            }
            Token::Semicolon(_) => open.last() == Some(&true),
            _ => false,
        };
        if starts_spec
            && next_is(tokens, at, Token::Name)
            && next_is(tokens, at + 1, Token::LeftBracket)
            && opens_type_parameters(&tokens[at + 3..])
        {
            tokens[at + 2].token = Token::TypeParameterBracket;
        }
    }
}

fn next_is(tokens: &[Spanned], at: usize, token: Token) -> bool {
    tokens.get(at + 1).is_some_and(|next| next.token == token)
}

/// Whether the bracket before `tokens`, behind the name in a type declaration, opens type parameters
/// rather than an array length.
fn opens_type_parameters(tokens: &[Spanned]) -> bool {
    use Token::{
        Arrow, Chan, Comma, Func, Interface, LeftBracket, LeftParen, Map, Name, Star, Struct, Tilde,
    };
    let [first, second, ..] = tokens else {
        return false;
    };
    if first.token != Name {
        return false;
    }
    match second.token {
        // A name and the start of a type, or several names.
        Name | LeftBracket | Interface | Func | Map | Chan | Struct | Tilde | Comma | Arrow => true,
        // `[P *C]` and `[P (C)]` are lengths, unless what follows can only be a constraint.
        Star | LeftParen => can_only_be_constraint(&tokens[1..]),
        _ => false,
    }
}

/// How far to look for what decides: no constraint comes near it, and no input makes this quadratic.
const LOOKAHEAD: usize = 1000;

fn can_only_be_constraint(tokens: &[Spanned]) -> bool {
    use Token::{
        Chan, Comma, Func, Interface, LeftBracket, LeftParen, Map, Name, Pipe, RightBracket,
        Semicolon, Star, Struct, Tilde,
    };
    let mut depth = 0usize;
    let mut before = Name;
    for spanned in tokens.iter().take(LOOKAHEAD) {
        match spanned.token {
            Comma | Tilde | Interface | Struct | Map | Chan | Func if depth == 0 => return true,
            Tilde | Interface | Struct | Map | Chan | Func if before == LeftParen => return true,
            // A `[` where an operand should begin is a slice or array type.
            LeftBracket
                if depth == 0 && matches!(before, Star | Pipe)
                    || before == LeftParen && depth == 1 =>
            {
                return true;
            }
            RightBracket if depth == 0 => return false,
            Semicolon(_) if depth == 0 => return false,
            token if token.opens() => depth += 1,
            token if token.closes() => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = spanned.token;
    }
    false
}

/// Replaces the body of each declared function by one [`Token::SkippedBody`].
///
/// A body with unbalanced braces is left as it is; the parser tells what is wrong.
pub(crate) fn skip_bodies(tokens: &[Spanned]) -> Vec<Spanned> {
    let mut kept = Vec::with_capacity(tokens.len() / 4);
    let mut at = 0;
    let mut depth = 0usize;
    let mut in_function = false;
    while let Some(&spanned) = tokens.get(at) {
        let before = at.checked_sub(1).map(|index| tokens[index].token);
        match spanned.token {
            // Not the `func` of a literal or type in a `var`, `const` or `type` line.
            Token::Func if depth == 0 && matches!(before, Some(Token::Semicolon(_))) => {
                in_function = true;
            }
            Token::Semicolon(_) if depth == 0 => in_function = false,
            Token::LeftBrace
                if depth == 0
                    && in_function
                    && !matches!(before, Some(Token::Struct | Token::Interface)) =>
            {
                if let Some(end) = closing_bracket(tokens, at) {
                    let token = Token::SkippedBody;
                    kept.push(Spanned {
                        start: spanned.start,
                        end: tokens[end].end,
                        token,
                    });
                    at = end + 1;
                    continue;
                }
            }
            token if token.opens() => depth += 1,
            token if token.closes() => depth = depth.saturating_sub(1),
            _ => {}
        }
        kept.push(spanned);
        at += 1;
    }
    kept
}

/// What the tokens of a top-level declaration tell of it.
pub(crate) struct Outline<'a> {
    /// The keyword it begins with.
    pub(crate) keyword: Token,
    /// Where the declared name stands; of a group of declarations, where the parenthesis does.
    pub(crate) name: u32,
    /// Of a method the name of its receiver's type.
    pub(crate) receiver: Option<&'a str>,
}

/// The package clause of a file and those of its declarations for which `is_wanted`.
pub(crate) fn keep_declarations(
    tokens: &[Spanned],
    text: &str,
    base: u32,
    is_wanted: impl Fn(&Outline<'_>) -> bool,
) -> Vec<Spanned> {
    let mut kept = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    for (at, spanned) in tokens.iter().enumerate() {
        match spanned.token {
            Token::Semicolon(_) if depth == 0 => {
                let declaration = &tokens[start..=at];
                if start == 0 || is_wanted(&outline(declaration, text, base)) {
                    kept.extend_from_slice(declaration);
                }
                start = at + 1;
            }
            token if token.opens() => depth += 1,
            token if token.closes() => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    kept
}

fn outline<'a>(declaration: &[Spanned], text: &'a str, base: u32) -> Outline<'a> {
    let keyword = declaration[0].token;
    let mut name = 1;
    let mut receiver = None;
    if keyword == Token::Func
        && next_is(declaration, 0, Token::LeftParen)
        && let Some(close) = closing_bracket(declaration, 1)
    {
        name = close + 1;
        // `(T)`, `(name *T)`, `(name T[P])`: the last name outside of brackets.
        let parameter = declaration[2..close].split(|spanned| spanned.token == Token::LeftBracket);
        let base_name = parameter.take(1).flatten();
        let base_name = base_name
            .filter(|spanned| spanned.token == Token::Name)
            .last();
        receiver = base_name
            .map(|spanned| &text[(spanned.start - base) as usize..(spanned.end - base) as usize]);
    }
    Outline {
        keyword,
        name: declaration.get(name).map_or(0, |spanned| spanned.start),
        receiver,
    }
}

/// The index of the bracket that closes the one at `open`.
fn closing_bracket(tokens: &[Spanned], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, spanned) in tokens.iter().enumerate().skip(open) {
        if spanned.token.opens() {
            depth += 1;
        } else if spanned.token.closes() {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// The first bracket that is nested deeper than `limit`.
pub(crate) fn deepest_nesting(tokens: &[Spanned], limit: usize) -> Option<Spanned> {
    let mut depth = 0usize;
    for spanned in tokens {
        if spanned.token.opens() {
            depth += 1;
            if depth > limit {
                return Some(*spanned);
            }
        } else if spanned.token.closes() {
            depth = depth.saturating_sub(1);
        }
    }
    None
}
