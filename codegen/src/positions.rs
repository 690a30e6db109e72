//! Source positions as the image holds them: files by number, copied functions by number.

use std::collections::HashMap;
use std::path::Path;

use frontend::ssa::{FunctionId, Program};
use runtime::image::InlinedFunction;

/// Turns offsets into files, lines and copied functions, and collects the tables that number them.
pub(crate) struct Positions<'a> {
    program: &'a Program,
    /// The files that code comes from, each once. The user's are first.
    pub(crate) names: Vec<String>,
    /// How many are the user's.
    pub(crate) user_count: usize,
    /// The copies of functions that code is in.
    pub(crate) inlined: Vec<InlinedFunction>,
    files: HashMap<&'a Path, u32>,
    /// By function, position of the call and what the call is in.
    copies: HashMap<(FunctionId, (u32, u32), u32), u32>,
    /// Neighbours mostly come from one file.
    last: Option<(&'a Path, u32)>,
}

impl<'a> Positions<'a> {
    pub(crate) fn new(program: &'a Program) -> Self {
        let mut positions = Self {
            program,
            names: Vec::new(),
            user_count: 0,
            inlined: Vec::new(),
            files: HashMap::new(),
            copies: HashMap::new(),
            last: None,
        };
        let user = program.typed.sources.files().take(1);
        for path in user.flat_map(|(_, file)| file.paths()) {
            positions.number(path);
        }
        positions.user_count = positions.names.len();
        positions
    }

    fn number(&mut self, path: &'a Path) -> u32 {
        let names = &mut self.names;
        *self.files.entry(path).or_insert_with(|| {
            names.push(path.display().to_string());
            names.len() as u32 - 1
        })
    }

    /// File and line of an offset in the sources; `None` for synthesized positions.
    pub(crate) fn of_source(&mut self, offset: u32) -> Option<(u32, u32)> {
        let at = self.program.typed.sources.location(offset)?;
        if let Some((path, number)) = self.last
            && std::ptr::eq(path, at.path)
        {
            return Some((number, at.line));
        }
        let number = self.number(at.path);
        self.last = Some((at.path, number));
        Some((number, at.line))
    }

    /// File, line and copied function (as in `LineEntry::inlined`) of an instruction's position.
    pub(crate) fn of_code(&mut self, offset: u32) -> Option<(u32, u32, u32)> {
        self.within(offset, 0)
    }

    /// As `of_code`, of a position in the code of `outer`.
    fn within(&mut self, offset: u32, outer: u32) -> Option<(u32, u32, u32)> {
        let Some(inlined) = self.program.inlined.get(offset) else {
            let (file, line) = self.of_source(offset)?;
            return Some((file, line, outer));
        };
        let (file, line, outer) = self.within(inlined.call, outer)?;
        let key = (inlined.callee, (file, line), outer);
        let copy = if let Some(copy) = self.copies.get(&key) {
            *copy
        } else {
            let callee = &self.program.functions[inlined.callee];
            self.inlined.push(InlinedFunction {
                name: callee.name.clone(),
                has_parameters: !callee.parameters.is_empty(),
                call: (file, line),
                outer,
            });
            let copy = self.inlined.len() as u32;
            self.copies.insert(key, copy);
            copy
        };
        self.within(inlined.position, copy)
    }
}
