//! Parses files and function bodies.
//!
//! The way: text, tokens ([`crate::lexer`]), passes over them ([`crate::token_passes`]), LALRPOP's
//! parser with the actions of [`crate::builder`] and [`crate::settle`].
//!
//! Several errors are found by *cutting and parsing again*: when the parser stops, the statement or
//! declaration around the place is removed from the token vector. A file with errors yields no tree,
//! so no later stage ever sees a broken one, and the repeats cost nothing that matters: there are at
//! most [`ERROR_LIMIT`] of them.

use lalrpop_util::{ParseError, lalrpop_mod};

use crate::ast::{Ast, Body, BodyId, Declaration, File};
use crate::builder::{Builder, MAX_NESTING, Parsed, TooDeep};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ERROR_LIMIT};
use crate::lexer::{LexicalError, tokenize};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax_errors::{Explanation, Stop, explain};
use crate::token::{Origin, Spanned, Token};
use crate::token_passes::{
    Outline, deepest_nesting, keep_declarations, mark_type_parameters, skip_bodies,
};

lalrpop_mod!(
    #[allow(
        clippy::all,
        clippy::pedantic,
        clippy::allow_attributes_without_reason,
        unused,
        missing_docs,
        unreachable_pub,
        reason = "generated code"
    )]
    grammar
);

/// Why LALRPOP's parser stops.
pub(crate) type ParseFailure = ParseError<u32, Token, TooDeep>;

/// Whether the bodies of declared functions are parsed with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bodies {
    /// They are.
    Parse,
    /// They are left as [`Body::Unparsed`], for [`parse_body`] when one is needed.
    Skip,
}

/// Parses a file. Without a result there are syntax errors in `diagnostics`; with one there may be
/// mistakes that leave a tree, which the checker can go on with as gc's does.
pub fn parse_file(
    sources: &SourceMap,
    file: FileId,
    ast: &mut Ast,
    bodies: Bodies,
    diagnostics: &mut Diagnostics,
) -> Option<File> {
    let source = sources.file(file);
    let (mut tokens, lexical_errors) = tokenize(&source.text, source.base);
    mark_type_parameters(&mut tokens);
    if bodies == Bodies::Skip {
        tokens = skip_bodies(&tokens);
    }
    let mut attempt = Attempt {
        text: &source.text,
        base: source.base,
        tokens,
        ast,
        errors: Errors::default(),
    };
    attempt.errors.add_lexical(source.base, lexical_errors);
    for (offset, message) in source.invalid_directives() {
        attempt.errors.add_fatal(offset, message.to_owned());
    }
    let parsed = attempt.run();
    if attempt.errors.flush(sources, diagnostics) == Severity::Fatal {
        return None;
    }
    match parsed? {
        Parsed::File {
            package,
            declarations,
        } => Some(File {
            id: file,
            package,
            declarations,
        }),
        Parsed::Body(_) => unreachable!("a file does not start with the token for bodies"),
    }
}

/// Parses a body that was skipped; one that is parsed already stays as it is. After a syntax error
/// (in `diagnostics`) the body stays unparsed.
pub fn parse_body(sources: &SourceMap, body: BodyId, ast: &mut Ast, diagnostics: &mut Diagnostics) {
    let Body::Unparsed(span) = ast.bodies[body] else {
        return;
    };
    let text = sources.text(span);
    let (mut tokens, lexical_errors) = tokenize(text, span.start);
    mark_type_parameters(&mut tokens);
    tokens.insert(
        0,
        Spanned {
            start: span.start,
            end: span.start,
            token: Token::BodyStart,
        },
    );
    let mut attempt = Attempt {
        text,
        base: span.start,
        tokens,
        ast,
        errors: Errors::default(),
    };
    attempt.errors.add_lexical(span.start, lexical_errors);
    let parsed = attempt.run();
    if attempt.errors.flush(sources, diagnostics) == Severity::Fatal {
        return;
    }
    if let Some(Parsed::Body(block)) = parsed {
        ast.bodies[body] = Body::Parsed(block);
    }
}

/// Parses again, into trees of their own, those declarations of a file for which `is_wanted`. The file was parsed before, and
/// had no errors.
pub(crate) fn parse_declarations(
    sources: &SourceMap,
    file: FileId,
    is_wanted: impl Fn(&Outline<'_>) -> bool,
    bodies: Bodies,
    ast: &mut Ast,
) -> Vec<Declaration> {
    let source = sources.file(file);
    let (mut tokens, _) = tokenize(&source.text, source.base);
    mark_type_parameters(&mut tokens);
    tokens = keep_declarations(&tokens, &source.text, source.base, is_wanted);
    if bodies == Bodies::Skip {
        tokens = skip_bodies(&tokens);
    }
    let mut attempt = Attempt {
        text: &source.text,
        base: source.base,
        tokens,
        ast,
        errors: Errors::default(),
    };
    match attempt.run() {
        Some(Parsed::File { declarations, .. }) => declarations,
        Some(Parsed::Body(_)) | None => unreachable!("what was parsed can be parsed again"),
    }
}

/// Text on its way to a tree.
struct Attempt<'a> {
    text: &'a str,
    base: u32,
    tokens: Vec<Spanned>,
    ast: &'a mut Ast,
    errors: Errors,
}

/// What one pass of the parser ends with.
enum Outcome {
    Parsed(Parsed),
    /// It stopped at the token with this index, which could not stand there.
    Stopped {
        at: usize,
        explanation: Explanation,
    },
    TooDeep(u32),
}

impl Attempt<'_> {
    /// Parses, again and again behind errors. The result counts only if there are no errors.
    fn run(&mut self) -> Option<Parsed> {
        if let Some(bracket) = deepest_nesting(&self.tokens, MAX_NESTING) {
            self.errors.add_nesting(bracket.start);
            return None;
        }
        let mut last_offset = None;
        // Every second round may only widen a cut that did not help.
        for _ in 0..2 * ERROR_LIMIT {
            match self.pass() {
                Outcome::Parsed(parsed) => return Some(parsed),
                Outcome::TooDeep(offset) => {
                    self.errors.add_nesting(offset);
                    return None;
                }
                Outcome::Stopped { at, explanation } => {
                    let stopped_at = self.tokens.get(at).map(|spanned| spanned.start);
                    let is_new = last_offset.is_none() || stopped_at > last_offset;
                    // gc keeps quiet about the end of a file in which something was wrong before.
                    let is_follow_up = stopped_at.is_none() && !self.errors.list.is_empty();
                    if is_new && !is_follow_up {
                        self.errors.add(explanation.offset, explanation.message);
                    }
                    last_offset = stopped_at;
                    if explanation.is_final || stopped_at.is_none() || !self.cut(at, is_new) {
                        return None;
                    }
                }
            }
        }
        None
    }

    /// Parses once; mistakes that do not stop the parser are noted.
    fn pass(&mut self) -> Outcome {
        let end = self.base + self.text.len() as u32;
        let mut builder = Builder::new(self.ast, self.text, self.base, &self.tokens);
        let input = self
            .tokens
            .iter()
            .map(|spanned| Ok((spanned.start, spanned.token, spanned.end)));
        let result = grammar::SourceParser::new().parse(&mut builder, input);
        if result.is_ok() {
            builder.finish();
        }
        let too_deep = builder.too_deep;
        for (offset, message) in std::mem::take(&mut builder.errors) {
            self.errors.add(offset, message);
        }
        if let Some(TooDeep(offset)) = too_deep {
            return Outcome::TooDeep(offset);
        }
        let (offset, expected) = match result {
            Ok(parsed) => return Outcome::Parsed(parsed),
            Err(ParseError::User {
                error: TooDeep(offset),
            }) => return Outcome::TooDeep(offset),
            Err(ParseError::UnrecognizedToken {
                token: (offset, ..),
                expected,
            }) => (Some(offset), expected),
            Err(ParseError::ExtraToken {
                token: (offset, ..),
            }) => (Some(offset), Vec::new()),
            Err(ParseError::UnrecognizedEof { expected, .. }) => (None, expected),
            Err(ParseError::InvalidToken { .. }) => unreachable!("LALRPOP's own lexer is not used"),
        };
        let at = offset.map_or(self.tokens.len(), |offset| {
            self.stopped_at(offset, &expected)
        });
        let found_text = self
            .tokens
            .get(at)
            .map_or("", |spanned| self.text_of(*spanned));
        let stop = Stop {
            tokens: &self.tokens,
            at,
            expected: &expected,
            found_text,
            end,
        };
        Outcome::Stopped {
            at,
            explanation: explain(&stop),
        }
    }

    /// The index of the token at this offset. Inserted semicolons are empty, so two tokens may share
    /// an offset only if the first is one; the parser stops at it unless it expects one.
    fn stopped_at(&self, offset: u32, expected: &[String]) -> usize {
        let first = self
            .tokens
            .partition_point(|spanned| spanned.start < offset);
        let takes_first = expected.iter().any(|terminal| terminal == "\";\"");
        match self.tokens.get(first).map(|spanned| spanned.token) {
            Some(Token::BodyStart) => first + 1,
            Some(Token::Semicolon(_))
                if takes_first
                    && self
                        .tokens
                        .get(first + 1)
                        .is_some_and(|next| next.start == offset) =>
            {
                first + 1
            }
            _ => first,
        }
    }

    fn text_of(&self, spanned: Spanned) -> &str {
        &self.text[(spanned.start - self.base) as usize..(spanned.end - self.base) as usize]
    }

    /// Removes the statement around token `at`; outside functions, or when `is_statement` is not set
    /// because that did not help, the declaration. False when there is nothing to remove.
    fn cut(&mut self, at: usize, is_statement: bool) -> bool {
        // Behind the package clause or the token that starts a body.
        let first = if self.tokens[0].token == Token::BodyStart {
            1
        } else {
            3
        }
        .min(at);
        let declaration = (first..=at)
            .rev()
            .find(|index| self.starts_declaration(*index))
            .unwrap_or(first);
        let next = (at + 1..self.tokens.len())
            .find(|index| self.starts_declaration(*index))
            .unwrap_or(self.tokens.len());
        let mut range = declaration..next;
        if is_statement && self.open_braces(declaration..at) > 0 {
            range = self.statement_around(at, range);
        } else if declaration == at || self.tokens[at].token == Token::RightBrace {
            range.start = at;
        }
        if range.is_empty() {
            range = declaration..next;
        }
        let is_cut = !range.is_empty();
        self.tokens.drain(range);
        is_cut
    }

    /// A declaration keyword in the first column is inside nothing in formatted code.
    fn starts_declaration(&self, index: usize) -> bool {
        let Spanned { start, token, .. } = self.tokens[index];
        let is_keyword = matches!(
            token,
            Token::Func | Token::Type | Token::Var | Token::Const | Token::Import
        );
        let offset = (start - self.base) as usize;
        is_keyword && (offset == 0 || self.text.as_bytes()[offset - 1] == b'\n')
    }

    fn open_braces(&self, range: std::ops::Range<usize>) -> i64 {
        let level = |spanned: &Spanned| match spanned.token {
            Token::LeftBrace => 1,
            Token::RightBrace => -1,
            _ => 0,
        };
        self.tokens[range].iter().map(level).sum()
    }

    /// From behind the last line end or open brace to the next semicolon or unmatched brace, with
    /// brackets balanced, within `limits`.
    fn statement_around(
        &self,
        at: usize,
        limits: std::ops::Range<usize>,
    ) -> std::ops::Range<usize> {
        let mut depth = 0usize;
        let mut start = at;
        // A line that ends before `{` ended too early: the header before it belongs to the block.
        if self.tokens[at].token == Token::LeftBrace && at > limits.start {
            start -= 1;
        }
        while start > limits.start {
            match self.tokens[start - 1].token {
                Token::LeftBrace if depth == 0 => break,
                Token::Semicolon(Origin::Newline) if depth == 0 => break,
                token if token.closes() => depth += 1,
                token if token.opens() => depth = depth.saturating_sub(1),
                _ => {}
            }
            start -= 1;
        }
        depth = 0;
        let mut end = at;
        while end < limits.end {
            match self.tokens[end].token {
                Token::RightBrace if depth == 0 => break,
                Token::Semicolon(_) if depth == 0 && end > at => break,
                token if token.opens() => depth += 1,
                token if token.closes() => depth = depth.saturating_sub(1),
                _ => {}
            }
            end += 1;
        }
        // The semicolon goes with its statement.
        let has_semicolon = matches!(
            self.tokens.get(end),
            Some(Spanned {
                token: Token::Semicolon(_),
                ..
            })
        );
        start..if has_semicolon && end < limits.end {
            end + 1
        } else {
            end
        }
    }
}

/// What the errors of a file mean for its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Severity {
    /// There is one to be checked.
    Recoverable,
    /// It lacks something.
    Fatal,
}

/// No file is so wrong that more messages than this are of use.
const REPORT_LIMIT: usize = 1000;

/// The errors of one file, before gc's rules thin them out.
#[derive(Default)]
struct Errors {
    list: Vec<(u32, String)>,
    /// Whether a token is malformed or the nesting too deep.
    has_fatal: bool,
}

impl Errors {
    fn add(&mut self, offset: u32, message: String) {
        self.list.push((offset, message));
    }

    /// As in gc these leave tokens, and types are checked all the same.
    fn add_lexical(&mut self, base: u32, errors: Vec<LexicalError>) {
        self.list.extend(
            errors
                .into_iter()
                .map(|error| (base + error.offset, error.message)),
        );
    }

    fn add_fatal(&mut self, offset: u32, message: String) {
        self.has_fatal = true;
        self.add(offset, message);
    }

    fn add_nesting(&mut self, offset: u32) {
        self.add_fatal(
            offset,
            format!("nesting too deep: more than {MAX_NESTING} levels"),
        );
    }

    /// Reports the errors in order and says what they mean for the tree. As in gc there is one
    /// syntax error per line, and each other message once per line.
    fn flush(&mut self, sources: &SourceMap, diagnostics: &mut Diagnostics) -> Severity {
        self.list.sort_by_key(|(offset, _)| *offset);
        if self
            .list
            .iter()
            .any(|(_, message)| message.starts_with("syntax error"))
        {
            // These are the checker's in gc, and it does not run.
            self.list
                .retain(|(_, message)| !message.starts_with("invalid syntax tree"));
        }
        let mut syntax_line = None;
        let mut last_other = None;
        let mut reported = 0;
        for (offset, message) in self.list.drain(..) {
            let line = sources.position(offset).map(|at| at.line);
            if message.starts_with("syntax error") {
                self.has_fatal = true;
                if syntax_line == Some(line) {
                    continue;
                }
                syntax_line = Some(line);
            } else {
                let this = Some((line, message.clone()));
                if last_other == this {
                    continue;
                }
                last_other = this;
            }
            diagnostics.report(Diagnostic::new(Code::Syntax, Span::at(offset), message));
            reported += 1;
            if reported == REPORT_LIMIT {
                self.has_fatal = true;
                break;
            }
        }
        if self.has_fatal {
            Severity::Fatal
        } else {
            Severity::Recoverable
        }
    }
}
