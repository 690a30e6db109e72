//! A line of `-m` with what it is about.

use frontend::ssa::{FunctionId, Program, SiteId};

/// What a line speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A parameter: where it leaks to, the heap or a result, after how many dereferences.
    Parameter(Option<(LeakTarget, i32)>),
    /// A variable that is moved to the heap.
    Variable,
    /// An expression that allocates.
    Expression,
    /// A `[]byte(string)` that copies nothing.
    NoCopy,
    /// An assignment of a variable's memory to itself.
    SelfAssignment,
    /// An interface call that can only end in one method.
    KnownCall,
    /// An index that needs no check.
    BoundsCheck,
    /// A part of an explanation.
    Explanation,
}

/// Where a parameter leaks to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeakTarget {
    /// The heap.
    Heap,
    /// The result of this name.
    Result(String),
}

/// A line of `-m`.
#[derive(Debug, Clone)]
pub struct Message {
    /// Offset of the position it begins with.
    pub position: u32,
    /// What follows the position.
    pub text: String,
    /// What it is about.
    pub subject: Subject,
    /// The name of the variable, or the expression.
    pub name: String,
    /// The function it stands in.
    pub function: Option<FunctionId>,
    /// The place where memory is allocated, if it is about one.
    pub site: Option<SiteId>,
}

impl Message {
    /// The line: `file:line:column: text`.
    pub fn line(&self, program: &Program) -> String {
        let position = program.typed.sources.display_late(self.position);
        format!("{position}: {}", self.text)
    }
}
