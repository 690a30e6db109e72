//! Source text and positions.
//!
//! All files of a program share one address space of bytes: file `k` occupies the offsets from its
//! base on, so a [`Span`] is two numbers and still names its file. A [`SourceMap`] turns an offset
//! back into file, line and column (both from 1, the column in bytes, as gc counts).

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

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
}

impl SourceFile {
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

/// All source text of one program.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

/// The text does not fit: offsets are 32 bits wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceTooLarge;

impl SourceMap {
    /// A map without files.
    pub fn new() -> Self {
        SourceMap::default()
    }

    /// Adds a file and returns its id; fails when all sources together exceed 4 GiB.
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
        if base + text.len() as u64 >= u64::from(u32::MAX) {
            return Err(SourceTooLarge);
        }
        let id = FileId(self.files.len() as u32);
        let path = path.as_ref().to_path_buf();
        self.files.push(SourceFile {
            path,
            text,
            base: base as u32,
            lines: std::sync::OnceLock::new(),
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

    /// `file:line:col` of an offset, as diagnostics begin; `-` for synthesized positions.
    pub fn display(&self, offset: u32) -> String {
        match self.position(offset) {
            Some(at) => format!(
                "{}:{}:{}",
                self.file(at.file).path.display(),
                at.line,
                at.column
            ),
            None => "-".to_owned(),
        }
    }
}
