//! From text to the token vector the parser reads.
//!
//! logos finds the tokens; [`tokenize`] drops comments and inserts semicolons. A vector rather than
//! an iterator, because the passes in [`crate::token_passes`] and error recovery look around.
//!
//! All lexical errors are found here, in gc's words (without the prefix `syntax error`). A bad
//! literal still is one token, so the parser goes on behind it.
//!
//! Spec: section "Lexical elements"; "Semicolons" for the inserted ones.

use logos::{Lexer, Logos};

use crate::ast::LiteralKind;
use crate::token::{Origin, Spanned, Token};

/// A lexical error; the offset counts from the start of the text that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LexicalError {
    /// Where.
    pub(crate) offset: u32,
    /// What, in gc's words.
    pub(crate) message: String,
}

/// Collects lexical errors.
#[derive(Debug, Clone, Default)]
pub(crate) struct LexicalErrors {
    list: Vec<LexicalError>,
}

/// More errors than this are never printed, and random bytes would produce millions.
const KEPT_ERRORS: usize = 1000;

impl LexicalErrors {
    fn report(&mut self, offset: usize, message: impl Into<String>) {
        if self.list.len() < KEPT_ERRORS {
            self.list.push(LexicalError {
                offset: offset as u32,
                message: message.into(),
            });
        }
    }
}

/// The tokens of `text`, whose first byte has the offset `base`, and its lexical errors.
pub(crate) fn tokenize(text: &str, base: u32) -> (Vec<Spanned>, Vec<LexicalError>) {
    let mut errors = LexicalErrors::default();
    check_characters(text, &mut errors);
    // Go source has a token every four to five bytes.
    let mut tokens: Vec<Spanned> = Vec::with_capacity(text.len() / 4 + 4);
    let mut ends_statement = false;
    let mut lexer = Token::lexer_with_extras(text, errors);
    while let Some(result) = lexer.next() {
        let span = lexer.span();
        let (start, end) = (base + span.start as u32, base + span.end as u32);
        match result {
            Ok(Token::Newline) => {
                if ends_statement {
                    tokens.push(Spanned {
                        start,
                        end: start,
                        token: Token::Semicolon(Origin::Newline),
                    });
                    ends_statement = false;
                }
            }
            Ok(Token::LineComment) => {}
            Ok(Token::BlockComment) => {
                if ends_statement && lexer.slice().contains('\n') {
                    tokens.push(Spanned {
                        start,
                        end: start,
                        token: Token::Semicolon(Origin::Newline),
                    });
                    ends_statement = false;
                }
            }
            Ok(token) => {
                if token == Token::Name && !lexer.slice().is_ascii() {
                    check_name(span.start, lexer.slice(), &mut lexer.extras);
                }
                ends_statement = token.ends_statement();
                tokens.push(Spanned { start, end, token });
            }
            Err(()) => {
                for (offset, character) in lexer.slice().char_indices() {
                    lexer.extras.report(
                        span.start + offset,
                        format!("invalid character {}", unicode(character)),
                    );
                }
            }
        }
    }
    if ends_statement {
        let end = base + text.len() as u32;
        tokens.push(Spanned {
            start: end,
            end,
            token: Token::Semicolon(Origin::EndOfFile),
        });
    }
    (tokens, lexer.extras.list)
}

/// NUL is never allowed, a byte order mark only in front; both are skipped as if not there.
fn check_characters(text: &str, errors: &mut LexicalErrors) {
    if text.as_bytes().contains(&0) {
        for (offset, _) in text.match_indices('\0').take(KEPT_ERRORS) {
            errors.report(offset, "invalid NUL character");
        }
    }
    if text.as_bytes().contains(&0xEF) {
        for (offset, _) in text
            .match_indices('\u{feff}')
            .filter(|(offset, _)| *offset > 0)
            .take(KEPT_ERRORS)
        {
            errors.report(offset, "invalid BOM in the middle of the file");
        }
    }
}

/// The two classes of characters beyond ASCII that names are made of.
#[derive(Logos)]
enum CharacterClass {
    #[regex(r"\p{L}")]
    Letter,
    #[regex(r"\p{Nd}")]
    Digit,
}

fn check_name(start: usize, name: &str, errors: &mut LexicalErrors) {
    for (offset, character) in name
        .char_indices()
        .filter(|(_, character)| !character.is_ascii())
    {
        match CharacterClass::lexer(&name[offset..]).next() {
            Some(Ok(CharacterClass::Letter)) => {}
            Some(Ok(CharacterClass::Digit)) if offset > 0 => {}
            Some(Ok(CharacterClass::Digit)) => {
                errors.report(
                    start + offset,
                    format!("identifier cannot begin with digit {}", unicode(character)),
                );
            }
            _ => errors.report(
                start + offset,
                format!("invalid character {} in identifier", unicode(character)),
            ),
        }
    }
}

/// `U+0023 '#'`, or without the character if it cannot be shown.
fn unicode(character: char) -> String {
    let code = u32::from(character);
    if is_printable(character) {
        format!("U+{code:04X} '{character}'")
    } else {
        format!("U+{code:04X}")
    }
}

fn is_printable(character: char) -> bool {
    // Behind a letter `escape_debug` leaves combining marks alone, as Go does.
    let behind_letter = format!("a{character}");
    matches!(character, '\'' | '"' | '\\') || behind_letter.escape_debug().eq(behind_letter.chars())
}

/// A character in single quotes, as `%q` prints it.
fn quoted(character: char) -> String {
    match character {
        '\'' => "'\\''".to_owned(),
        '\\' => "'\\\\'".to_owned(),
        '\n' => "'\\n'".to_owned(),
        '\r' => "'\\r'".to_owned(),
        '\t' => "'\\t'".to_owned(),
        '\x07' => "'\\a'".to_owned(),
        '\x08' => "'\\b'".to_owned(),
        '\x0b' => "'\\v'".to_owned(),
        '\x0c' => "'\\f'".to_owned(),
        _ if is_printable(character) => format!("'{character}'"),
        _ => match u32::from(character) {
            code if code < 0x80 => format!("'\\x{code:02x}'"),
            code if code < 0x10000 => format!("'\\u{code:04x}'"),
            code => format!("'\\U{code:08x}'"),
        },
    }
}

/// The rest of a `/* comment */`.
pub(crate) fn block_comment(lexer: &mut Lexer<'_, Token>) {
    if let Some(end) = lexer.remainder().find("*/") {
        lexer.bump(end + 2);
    } else {
        let start = lexer.span().start;
        lexer.extras.report(start, "comment not terminated");
        lexer.bump(lexer.remainder().len());
    }
}

/// The rest of a raw string.
pub(crate) fn raw_string(lexer: &mut Lexer<'_, Token>) -> LiteralKind {
    if let Some(end) = lexer.remainder().find('`') {
        lexer.bump(end + 1);
    } else {
        let start = lexer.span().start;
        lexer.extras.report(start, "string not terminated");
        lexer.bump(lexer.remainder().len());
    }
    LiteralKind::String
}

/// The rest of a string in double quotes.
pub(crate) fn interpreted_string(lexer: &mut Lexer<'_, Token>) -> LiteralKind {
    let rest = lexer.remainder();
    let first = lexer.span().end;
    let mut at = 0;
    loop {
        match rest.as_bytes()[at..]
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\\' | b'\n'))
        {
            None => {
                let start = lexer.span().start;
                lexer.extras.report(start, "string not terminated");
                at = rest.len();
                break;
            }
            Some(length) => at += length,
        }
        match rest.as_bytes()[at] {
            b'"' => {
                at += 1;
                break;
            }
            b'\n' => {
                lexer.extras.report(first + at, "newline in string");
                break;
            }
            _ => at = escape(rest, at + 1, '"', first, &mut lexer.extras).0,
        }
    }
    lexer.bump(at);
    LiteralKind::String
}

/// The rest of a rune literal.
pub(crate) fn rune(lexer: &mut Lexer<'_, Token>) -> LiteralKind {
    let rest = lexer.remainder();
    let (start, first) = (lexer.span().start, lexer.span().end);
    let mut at = 0;
    let mut characters = 0;
    // Only the first mistake of a literal counts.
    let mut valid = true;
    loop {
        let Some(character) = rest[at..].chars().next() else {
            if valid {
                lexer.extras.report(start, "rune literal not terminated");
            }
            break;
        };
        match character {
            '\'' => {
                if valid && characters == 0 {
                    lexer
                        .extras
                        .report(first + at, "empty rune literal or unescaped '");
                } else if valid && characters > 1 {
                    lexer
                        .extras
                        .report(start, "more than one character in rune literal");
                }
                at += 1;
                break;
            }
            '\n' => {
                if valid {
                    lexer.extras.report(first + at, "newline in rune literal");
                }
                break;
            }
            '\\' => {
                let (after, is_valid) = escape(rest, at + 1, '\'', first, &mut lexer.extras);
                at = after;
                valid &= is_valid;
            }
            _ => at += character.len_utf8(),
        }
        characters += 1;
    }
    lexer.bump(at);
    LiteralKind::Rune
}

/// Reads the escape whose backslash stands before `text[at]`, where `text` begins at the offset
/// `first`. Returns where it ends and whether it is valid; the end of the text is left to the caller.
fn escape(
    text: &str,
    mut at: usize,
    quote: char,
    first: usize,
    errors: &mut LexicalErrors,
) -> (usize, bool) {
    let Some(kind) = text[at..].chars().next() else {
        return (at, true);
    };
    let (digits, base, maximum) = match kind {
        'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\' => return (at + 1, true),
        _ if kind == quote => return (at + 1, true),
        '0'..='7' => (3, 8, 255),
        'x' => (2, 16, 255),
        'u' => (4, 16, 0x0010_FFFF),
        'U' => (8, 16, 0x0010_FFFF),
        _ => {
            errors.report(first + at, "unknown escape");
            return (at, false);
        }
    };
    if base == 16 {
        at += 1;
    }
    let mut value = 0u32;
    for _ in 0..digits {
        let Some(character) = text[at..].chars().next() else {
            return (at, true);
        };
        let Some(digit) = character.to_digit(base) else {
            let message = format!(
                "invalid character {} in {} escape",
                quoted(character),
                base_name(base)
            );
            errors.report(first + at, message);
            return (at, false);
        };
        value = value.wrapping_mul(base).wrapping_add(digit);
        at += 1;
    }
    if base == 8 && value > maximum {
        errors.report(first + at, format!("octal escape value {value} > 255"));
        return (at, false);
    }
    if value > maximum || (0xD800..0xE000).contains(&value) {
        let shown = char::from_u32(value).map_or_else(|| format!("U+{value:04X}"), unicode);
        errors.report(
            first + at,
            format!("escape is invalid Unicode code point {shown}"),
        );
        return (at, false);
    }
    (at, true)
}

fn base_name(base: u32) -> &'static str {
    match base {
        2 => "binary",
        8 => "octal",
        10 => "decimal",
        _ => "hexadecimal",
    }
}

/// Classifies a number and reports its first mistake.
pub(crate) fn number(lexer: &mut Lexer<'_, Token>) -> LiteralKind {
    let text = lexer.slice();
    if text.bytes().all(|byte| byte.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'))
    {
        return LiteralKind::Integer;
    }
    let (kind, mistake) = check_number(text);
    if let Some((offset, message)) = mistake {
        let start = lexer.span().start;
        lexer.extras.report(start + offset, message);
    }
    kind
}

/// A mistake in a literal: its offset in the literal, and the message.
type Mistake = (usize, String);

fn check_number(text: &str) -> (LiteralKind, Option<Mistake>) {
    let bytes = text.as_bytes();
    let (base, prefix) = match (bytes[0], bytes.get(1).map(u8::to_ascii_lowercase)) {
        (b'0', Some(b'x')) => (16, 'x'),
        (b'0', Some(b'o')) => (8, 'o'),
        (b'0', Some(b'b')) => (2, 'b'),
        (b'0', _) => (8, '0'),
        _ => (10, ' '),
    };
    let mut mistake: Option<Mistake> = None;
    let mut note = |offset: usize, message: String| {
        if mistake.is_none() {
            mistake = Some((offset, message));
        }
    };
    let digits_end = |from: usize| {
        let is_digit = |byte: &u8| {
            *byte == b'_'
                || if base == 16 {
                    byte.is_ascii_hexdigit()
                } else {
                    byte.is_ascii_digit()
                }
        };
        from + bytes[from..]
            .iter()
            .take_while(|byte| is_digit(byte))
            .count()
    };
    let has_digit = |range: std::ops::Range<usize>| bytes[range].iter().any(|byte| *byte != b'_');

    let mut kind = LiteralKind::Integer;
    let mantissa = if matches!(prefix, 'x' | 'o' | 'b') {
        2
    } else {
        0
    };
    let mut at = digits_end(mantissa);
    let mut any_digit = has_digit(mantissa..at);
    if bytes.get(at) == Some(&b'.') {
        if matches!(prefix, 'o' | 'b') {
            note(
                at,
                format!("invalid radix point in {} literal", base_name(base)),
            );
        }
        kind = LiteralKind::Float;
        let end = digits_end(at + 1);
        any_digit |= has_digit(at + 1..end);
        at = end;
    }
    if !any_digit {
        note(at, format!("{} literal has no digits", base_name(base)));
    }
    if let Some(exponent @ (b'e' | b'E' | b'p' | b'P')) = bytes.get(at).copied() {
        let letter = char::from(exponent);
        match letter.to_ascii_lowercase() {
            'e' if matches!(prefix, 'o' | 'b' | 'x') => {
                note(at, format!("'{letter}' exponent requires decimal mantissa"));
            }
            'p' if prefix != 'x' => note(
                at,
                format!("'{letter}' exponent requires hexadecimal mantissa"),
            ),
            _ => {}
        }
        kind = LiteralKind::Float;
        at += 1;
        if matches!(bytes.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        let end = at
            + bytes[at..]
                .iter()
                .take_while(|byte| **byte == b'_' || byte.is_ascii_digit())
                .count();
        if !has_digit(at..end) {
            note(end, "exponent has no digits".to_owned());
        }
        at = end;
    } else if prefix == 'x' && kind == LiteralKind::Float {
        note(
            at,
            "hexadecimal mantissa requires a 'p' exponent".to_owned(),
        );
    }
    if bytes.get(at) == Some(&b'i') {
        kind = LiteralKind::Imaginary;
    }
    if kind == LiteralKind::Integer && base < 10 {
        let invalid = bytes[mantissa..]
            .iter()
            .position(|byte| byte.is_ascii_digit() && u32::from(byte - b'0') >= base);
        if let Some(index) = invalid {
            let digit = char::from(bytes[mantissa + index]);
            note(
                mantissa + index,
                format!("invalid digit '{digit}' in {} literal", base_name(base)),
            );
        }
    }
    if let Some(index) = misplaced_separator(bytes, mantissa, base) {
        note(index, "'_' must separate successive digits".to_owned());
    }
    (kind, mistake)
}

/// The index of the first `_` that does not stand between digits (the prefix counts as one).
fn misplaced_separator(bytes: &[u8], mantissa: usize, base: u32) -> Option<usize> {
    let is_digit = |byte: u8| {
        if base == 16 {
            byte.is_ascii_hexdigit()
        } else {
            byte.is_ascii_digit()
        }
    };
    (mantissa..bytes.len())
        .filter(|index| bytes[*index] == b'_')
        .find(|&index| {
            let before = if index == mantissa {
                mantissa > 0
            } else {
                is_digit(bytes[index - 1])
            };
            // Of several in a row the second is to blame.
            let after = bytes
                .get(index + 1)
                .is_some_and(|byte| *byte == b'_' || is_digit(*byte));
            !(before && after)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens as words: semicolons by their origin, all else by its text.
    fn words(text: &str) -> String {
        let (tokens, errors) = tokenize(text, 0);
        assert_eq!(errors, []);
        let word = |spanned: &Spanned| match spanned.token {
            Token::Semicolon(Origin::Newline) => "<newline>",
            Token::Semicolon(Origin::EndOfFile) => "<end>",
            _ => &text[spanned.start as usize..spanned.end as usize],
        };
        tokens.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn semicolons_end_lines_behind_operands() {
        assert_eq!(words("a\nb"), "a <newline> b <end>");
        assert_eq!(words("a +\nb\n"), "a + b <newline>");
        assert_eq!(words("f()\n\n\n}\n"), "f ( ) <newline> } <newline>");
        assert_eq!(words("x++ // why\ny--;\n"), "x ++ <newline> y -- ;");
        assert_eq!(
            words("return\nbreak\nif\nelse\n"),
            "return <newline> break <newline> if else"
        );
        assert_eq!(words("a /* one line */ b"), "a b <end>");
        assert_eq!(words("a /* two\nlines */ b"), "a <newline> b <end>");
        assert_eq!(words("a // no line end"), "a <end>");
        assert_eq!(
            words("'x'\n1.5\n\"s\"\n`r\nr`\n"),
            "'x' <newline> 1.5 <newline> \"s\" <newline> `r\nr` <newline>"
        );
    }

    #[test]
    fn the_longest_token_wins() {
        assert_eq!(words("a<-b"), "a <- b <end>");
        assert_eq!(words("a&^=b<<=c"), "a &^= b <<= c <end>");
        assert_eq!(words("x...y.z"), "x ... y . z <end>");
        assert_eq!(words("0x1p-2+0b1_0i"), "0x1p-2 + 0b1_0i <end>");
    }
}
