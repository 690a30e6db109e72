//! Diagnostics: what is wrong, where, in Go's words.
//!
//! Every stage of the front end reports through [`Diagnostics`]; nothing is printed here. The first
//! line of a rendered diagnostic is gc's `file:line:col: message`, then follow the source line and a
//! caret, then notes. A diagnostic is data, so that tools can show it their own way.

use crate::source::{SourceMap, Span};

/// What kind of mistake this is: a stable name for tests and tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The text does not follow the grammar.
    Syntax,
    /// Anything the type checker finds; the string is a stable short name such as `unused-variable`.
    Type(&'static str),
    /// Valid Go that is not taken; the string names the feature as `LANGUAGE.md` lists it.
    Unsupported(&'static str),
}

/// A second place that belongs to a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What about it.
    pub message: String,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of mistake.
    pub code: Code,
    /// The place gc would name; only its start is printed.
    pub span: Span,
    /// The message in gc's words, without position. Further lines begin with a tab, as gc prints them.
    pub message: String,
    /// Other places, printed as notes.
    pub labels: Vec<Label>,
    /// Advice, printed after all else.
    pub notes: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic without labels and notes.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            span,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The same with one more label.
    #[must_use]
    pub fn with_label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// The same with one more note.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

/// Collects diagnostics; sorts, limits and renders them.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

/// After this many errors gc gives up; so do we.
pub const ERROR_LIMIT: usize = 10;

impl Diagnostics {
    /// An empty collection.
    pub fn new() -> Self {
        Diagnostics::default()
    }

    /// Adds one.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Whether nothing was reported.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether the text of `span` is not what it should be: an error was reported in it before types were looked at.
    pub fn is_malformed(&self, span: Span) -> bool {
        let inside = span.start..=span.end;
        self.list.iter().any(|diagnostic| {
            diagnostic.code == Code::Syntax && inside.contains(&diagnostic.span.start)
        })
    }

    /// How many were reported so far.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// All diagnostics, sorted by position; of several syntax errors on one line only the first.
    pub fn into_sorted(mut self, sources: &SourceMap) -> Vec<Diagnostic> {
        self.sort();
        let mut last_syntax_line = None;
        self.list.retain(|diagnostic| {
            if !diagnostic.message.starts_with("syntax error") {
                return true;
            }
            let line = sources
                .position(diagnostic.span.start)
                .map(|at| (at.file, at.line));
            let is_first = line != last_syntax_line;
            last_syntax_line = line;
            is_first
        });
        self.list
    }

    /// What gc prints: the first [`ERROR_LIMIT`] in the order they were found, sorted, and where it gave up, if it did.
    pub fn into_first(mut self, sources: &SourceMap) -> (Vec<Diagnostic>, Option<Span>) {
        let mut gave_up_at = None;
        if let Some(last) = self.list.get(ERROR_LIMIT - 1) {
            gave_up_at = Some(last.span);
            self.list.truncate(ERROR_LIMIT);
        }
        (self.into_sorted(sources), gave_up_at)
    }

    fn sort(&mut self) {
        self.list.sort_by_key(|diagnostic| diagnostic.span.start);
        self.list.dedup_by(|later, earlier| {
            later.span.start == earlier.span.start && later.message == earlier.message
        });
    }
}

/// Renders sorted diagnostics as text. `gave_up_at` is where there were too many of them.
///
/// `excerpts` adds the source line and a caret below each message.
pub fn render(
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    gave_up_at: Option<Span>,
    excerpts: bool,
) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for diagnostic in diagnostics {
        let _ = writeln!(
            out,
            "{}: {}",
            sources.display(diagnostic.span.start),
            diagnostic.message
        );
        for label in &diagnostic.labels {
            let _ = writeln!(
                out,
                "\t{}: {}",
                sources.display(label.span.start),
                label.message
            );
        }
        if let (true, Some(at)) = (excerpts, sources.position(diagnostic.span.start)) {
            let line = sources.file(at.file).line_text(at.line);
            // Very long lines are data, not something to read: no excerpt for them.
            if line.len() <= 400 {
                let pad: String = line
                    .bytes()
                    .take(at.column as usize - 1)
                    .filter(|byte| byte & 0xC0 != 0x80)
                    .map(|byte| if byte == b'\t' { '\t' } else { ' ' })
                    .collect();
                let _ = writeln!(out, "\t{line}\n\t{pad}^");
            }
        }
        for note in &diagnostic.notes {
            let _ = writeln!(out, "\tnote: {note}");
        }
    }
    if let Some(span) = gave_up_at {
        let _ = writeln!(out, "{}: too many errors", sources.display(span.start));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_counts_errors_in_the_order_they_are_found() {
        let mut sources = SourceMap::new();
        sources
            .add("x.go", "\n".repeat(40))
            .expect("the text is short");
        let found = |lines: &[u32]| {
            let mut diagnostics = Diagnostics::new();
            for line in lines {
                let code = Code::Type("test");
                diagnostics.report(Diagnostic::new(code, Span::at(*line), format!("e{line}")));
            }
            let (list, gave_up_at) = diagnostics.into_first(&sources);
            let lines: Vec<u32> = list.iter().map(|one| one.span.start).collect();
            (lines, gave_up_at.map(|span| span.start))
        };
        assert_eq!(found(&[5, 3, 4]), (vec![3, 4, 5], None));
        // Line 1 is found too late; the tenth is where it ends, though others stand behind it.
        let order = [20, 21, 22, 23, 30, 31, 32, 33, 34, 8, 1];
        let first = vec![8, 20, 21, 22, 23, 30, 31, 32, 33, 34];
        assert_eq!(found(&order), (first, Some(8)));
    }
}
