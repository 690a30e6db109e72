//! Source text and positions.
//!
//! All files of a program share one address space of bytes: file `k` occupies the offsets from its
//! base on, so a [`Span`] is two numbers and still names its file. A [`SourceMap`] turns an offset
//! back into file, line and column (both from 1, the column in bytes, as gc counts). Where that is for people, it is a
//! [`Location`]: `//line` directives may say that the text comes from elsewhere.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::line_directive::{self, InvalidDirective, LineDirective};

/// All offsets of sources are below; from here on offsets have other meanings (`ssa::inlined`).
pub const FIRST_UNUSED_OFFSET: u32 = 1 << 31;

/// Columns from this one on are not kept apart by gc's later stages.
const MAX_LATE_COLUMN: u32 = 255;

/// Half-open range of byte offsets in the address space of a [`SourceMap`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` up to and without `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Span { start, end }
    }

    /// The empty span at one offset.
    pub fn at(offset: u32) -> Self {
        Span::new(offset, offset)
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Span) -> Self {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// Whether this span belongs to no file: the position of synthesized code.
    pub fn is_none(self) -> bool {
        self.start == 0 && self.end == 0
    }
}

/// Names one file of a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// One file: its path as the user wrote it, its text, and where its lines begin.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as it is printed in diagnostics and traces.
    pub path: PathBuf,
    /// The whole text.
    pub text: Cow<'static, str>,
    /// Offset of the first byte in the shared address space; at least 1.
    pub base: u32,
    /// Offsets, relative to `base`, of the first byte of each line; made on first use.
    lines: std::sync::OnceLock<Vec<u32>>,
    directives: Vec<LineDirective>,
    invalid_directives: Vec<InvalidDirective>,
}

impl SourceFile {
    /// All paths that positions in this file may have, its own first.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let others = self.directives.iter().map(|directive| &directive.path);
        std::iter::once(&self.path)
            .chain(others)
            .map(PathBuf::as_path)
    }

    /// `//line` directives that say nothing: offset and message.
    pub(crate) fn invalid_directives(&self) -> impl Iterator<Item = (u32, &str)> {
        self.invalid_directives
            .iter()
            .map(|mistake| (self.base + mistake.offset, mistake.message.as_str()))
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let newlines = self
                .text
                .bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0)
                .chain(newlines.map(|(offset, _)| offset as u32 + 1))
                .collect()
        })
    }

    /// The text of line `line` (from 1), without its line end.
    pub fn line_text(&self, line: u32) -> &str {
        let lines = self.lines();
        let Some(&start) = lines.get(line as usize - 1) else {
            return "";
        };
        let end = lines
            .get(line as usize)
            .map_or(self.text.len(), |next| *next as usize);
        self.text[start as usize..end].trim_end_matches(['\n', '\r'])
    }
}

/// A resolved position: what `file:line:col` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The file.
    pub file: FileId,
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
}

/// Where text says it comes from: what diagnostics and traces print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location<'a> {
    /// The file.
    pub path: &'a Path,
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1, if it is known.
    pub column: Option<u32>,
}

/// All source text of one program.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

/// The text does not fit below [`FIRST_UNUSED_OFFSET`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceTooLarge;

impl SourceMap {
    /// A map without files.
    pub fn new() -> Self {
        SourceMap::default()
    }

    /// Adds a file and returns its id; fails when all sources together exceed 2 GiB.
    pub fn add(
        &mut self,
        path: impl AsRef<Path>,
        text: impl Into<Cow<'static, str>>,
    ) -> Result<FileId, SourceTooLarge> {
        let text = text.into();
        // One byte between files, so that the end of one is not the start of the next.
        let base = self
            .files
            .last()
            .map_or(1, |file| u64::from(file.base) + file.text.len() as u64 + 1);
        if base + text.len() as u64 >= u64::from(FIRST_UNUSED_OFFSET) {
            return Err(SourceTooLarge);
        }
        let id = FileId(self.files.len() as u32);
        let path = path.as_ref().to_path_buf();
        // Library files, which are part of the compiler, have none.
        let (directives, invalid_directives) = match &text {
            Cow::Borrowed(_) => (Vec::new(), Vec::new()),
            Cow::Owned(text) => line_directive::find(&path, text),
        };
        self.files.push(SourceFile {
            path,
            text,
            base: base as u32,
            lines: std::sync::OnceLock::new(),
            directives,
            invalid_directives,
        });
        Ok(id)
    }

    /// The file with this id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files with their ids, in the order they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files
            .iter()
            .enumerate()
            .map(|(index, file)| (FileId(index as u32), file))
    }

    /// The file an offset lies in, if any.
    pub fn file_of(&self, offset: u32) -> Option<FileId> {
        let after = self.files.partition_point(|file| file.base <= offset);
        (after > 0).then(|| FileId(after as u32 - 1))
    }

    /// File, line and column of an offset; `None` for synthesized positions.
    pub fn position(&self, offset: u32) -> Option<Position> {
        let id = self.file_of(offset)?;
        let file = self.file(id);
        let relative = offset - file.base;
        let lines = file.lines();
        let line = lines.partition_point(|start| *start <= relative);
        Some(Position {
            file: id,
            line: line as u32,
            column: relative - lines[line - 1] + 1,
        })
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        match self.file_of(span.start) {
            Some(id) if !span.is_none() => {
                let file = self.file(id);
                &file.text[(span.start - file.base) as usize..(span.end - file.base) as usize]
            }
            _ => "",
        }
    }

    /// Where the text at an offset says it comes from; `None` for synthesized positions.
    pub fn location(&self, offset: u32) -> Option<Location<'_>> {
        let at = self.position(offset)?;
        let file = self.file(at.file);
        let before = file
            .directives
            .partition_point(|directive| directive.offset <= offset - file.base);
        let Some(directive) = before.checked_sub(1).map(|last| &file.directives[last]) else {
            return Some(Location {
                path: &file.path,
                line: at.line,
                column: Some(at.column),
            });
        };
        let begin = self.position(file.base + directive.offset)?;
        let column = directive.column.map(|column| {
            if begin.line == at.line {
                column + (at.column - begin.column)
            } else {
                at.column
            }
        });
        Some(Location {
            path: &directive.path,
            line: directive.line + (at.line - begin.line),
            column,
        })
    }

    /// `file:line:col` of an offset as gc's later stages print it: they show no column from 255 on.
    pub fn display_late(&self, offset: u32) -> String {
        match self.location(offset) {
            Some(at) if at.column.is_some_and(|column| column >= MAX_LATE_COLUMN) => {
                format!("{}:{}", at.path.display(), at.line)
            }
            _ => self.display(offset),
        }
    }

    /// `file:line:col` of an offset, as diagnostics begin; `-` for synthesized positions.
    pub fn display(&self, offset: u32) -> String {
        match self.location(offset) {
            Some(at) => {
                let line = format!("{}:{}", at.path.display(), at.line);
                at.column
                    .map_or_else(|| line.clone(), |column| format!("{line}:{column}"))
            }
            None => "-".to_owned(),
        }
    }
}
