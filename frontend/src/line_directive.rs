//! `//line` directives: comments by which generated text says where it was generated from.
//!
//! Two forms, of gc's `cmd/compile` documentation:
//! - `//line path:line` or `//line path:line:column` at the beginning of a line is about what follows from the next line on;
//! - `/*line path:line*/`, with or without column, is about what follows the comment.
//!
//! A directive holds up to the next one. Without a column the columns after it are unknown, and positions are printed
//! without. With a column and no path the path stays as it was. Relative paths begin at the directory of the source file.

use std::path::{Component, Path, PathBuf};

/// gc's limit of lines and columns.
const MAX_NUMBER: u32 = 1 << 30;

/// What a directive says about the text from `offset` on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineDirective {
    /// Where it begins to hold, in bytes from the beginning of the file.
    pub(crate) offset: u32,
    /// The path of what follows.
    pub(crate) path: PathBuf,
    /// The line of `offset`.
    pub(crate) line: u32,
    /// The column of `offset`; `None` where columns are unknown.
    pub(crate) column: Option<u32>,
}

/// A directive that says nothing: where, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidDirective {
    pub(crate) offset: u32,
    pub(crate) message: String,
}

/// The directives of `text`, in order, which is the text of the file at `path`.
pub(crate) fn find(path: &Path, text: &str) -> (Vec<LineDirective>, Vec<InvalidDirective>) {
    let (mut directives, mut mistakes) = (Vec::new(), Vec::new());
    // Nearly all files have none, and need no second look.
    if !text.contains("//line ") && !text.contains("/*line ") {
        return (directives, mistakes);
    }
    for comment in comments(text) {
        let current = directives
            .last()
            .map_or(path, |directive: &LineDirective| &directive.path);
        match read(path, current, text, &comment) {
            Some(Ok(directive)) => directives.push(directive),
            Some(Err(mistake)) => mistakes.push(mistake),
            None => {}
        }
    }
    (directives, mistakes)
}

/// A comment that may be a directive.
struct Comment {
    /// Of what is between `line ` and the end.
    start: usize,
    end: usize,
    /// Where the text that it is about begins.
    next: usize,
}

/// Comments that begin with `line `, found without tokens: only literals can hide or fake a comment.
fn comments(text: &str) -> Vec<Comment> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    let end_of = |from: usize, wanted: &str| {
        text.get(from..)
            .and_then(|rest| rest.find(wanted))
            .map_or(bytes.len(), |length| from + length)
    };
    while at < bytes.len() {
        match bytes[at] {
            b'`' => at = end_of(at + 1, "`") + 1,
            quote @ (b'"' | b'\'') => {
                at += 1;
                while at < bytes.len() && bytes[at] != quote && bytes[at] != b'\n' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                let end = end_of(at, "\n");
                let is_at_line_start = at == 0 || bytes[at - 1] == b'\n';
                if is_at_line_start && bytes[at..].starts_with(b"//line ") {
                    let start = at + "//line ".len();
                    let text_end = if bytes[end - 1] == b'\r' {
                        end - 1
                    } else {
                        end
                    };
                    found.push(Comment {
                        start: start.min(text_end),
                        end: text_end,
                        next: end + 1,
                    });
                }
                at = end + 1;
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let end = end_of(at + 2, "*/");
                if bytes[at..].starts_with(b"/*line ") && end < bytes.len() {
                    found.push(Comment {
                        start: at + "/*line ".len(),
                        end,
                        next: end + 2,
                    });
                }
                at = end + 2;
            }
            _ => at += 1,
        }
    }
    found
}

/// The number after the last colon of `text`, with where it begins; no number if it is none. `None` without a colon.
fn trailing_number(text: &str) -> Option<(usize, Option<u32>)> {
    let start = text.rfind(':')? + 1;
    let digits = &text[start..];
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    Some((start, is_number.then(|| digits.parse().unwrap_or(u32::MAX))))
}

fn read(
    file: &Path,
    current: &Path,
    text: &str,
    comment: &Comment,
) -> Option<Result<LineDirective, InvalidDirective>> {
    let words = &text[comment.start..comment.end];
    // Without a colon it is some other comment.
    let (last_start, last) = trailing_number(words)?;
    let mistake = |start: usize, end: usize, what: &str| {
        Some(Err(InvalidDirective {
            offset: (comment.start + start) as u32,
            message: format!("invalid {what} number: {}", &words[start..end]),
        }))
    };
    let is_valid = |number: u32| number > 0 && number <= MAX_NUMBER;
    let Some(last) = last else {
        return mistake(last_start, words.len(), "line");
    };
    let before = &words[..last_start - 1];
    let (path, line, column) = match trailing_number(before) {
        Some((line_start, Some(line))) => {
            if !is_valid(last) {
                return mistake(last_start, words.len(), "column");
            }
            if !is_valid(line) {
                return mistake(line_start, before.len(), "line");
            }
            (&before[..line_start - 1], line, Some(last))
        }
        _ if !is_valid(last) => return mistake(last_start, words.len(), "line"),
        _ => (before, last, None),
    };
    let path = if path.is_empty() && column.is_some() {
        current.to_path_buf()
    } else if path.is_empty() {
        PathBuf::new()
    } else {
        clean(&file.parent().unwrap_or(Path::new("")).join(path))
    };
    Some(Ok(LineDirective {
        offset: comment.next as u32,
        path,
        line,
        column,
    }))
}

/// The shortest equal path, by its text alone.
fn clean(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(result.components().next_back(), Some(Component::Normal(_))) =>
            {
                result.pop();
            }
            other => result.push(other),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directives(text: &str) -> Vec<(u32, String, u32, Option<u32>)> {
        let found = find(Path::new("dir/x.go"), text).0.into_iter();
        found
            .map(|found| {
                let path = found.path.display().to_string();
                (found.offset, path, found.line, found.column)
            })
            .collect()
    }

    #[test]
    fn both_forms_are_found_outside_of_literals() {
        assert_eq!(
            directives("//line a.y:7\nx\n"),
            [(13, "dir/a.y".to_owned(), 7, None)]
        );
        assert_eq!(
            directives("x /*line /b.y:3:9*/ y"),
            [(19, "/b.y".to_owned(), 3, Some(9))]
        );
        assert_eq!(
            directives("`\n//line a:1\n` \"/*line a:1*/\" '\\'' /* //line a:1\n*/"),
            []
        );
        assert_eq!(directives(" //line a:1\n// line a:1\n//line a\n"), []);
        assert_eq!(
            directives("//line ./u/../v.y:5\n//line :8:2\n"),
            [
                (20, "dir/v.y".to_owned(), 5, None),
                (32, "dir/v.y".to_owned(), 8, Some(2))
            ]
        );
    }

    #[test]
    fn what_is_no_number_is_a_mistake() {
        let mistakes = |text| -> Vec<String> {
            let found = find(Path::new("x.go"), text).1.into_iter();
            found.map(|mistake| mistake.message).collect()
        };
        assert_eq!(mistakes("//line a:0\n"), ["invalid line number: 0"]);
        assert_eq!(mistakes("//line a:x\n"), ["invalid line number: x"]);
        assert_eq!(mistakes("//line a:1:0\n"), ["invalid column number: 0"]);
        assert_eq!(
            mistakes("//line a:99999999999\n"),
            ["invalid line number: 99999999999"]
        );
    }
}
