//! The SSA form: functions of basic blocks whose parameters stand for phi, as in Cranelift.
//!
//! # Promises
//! - Values are typed with Go types and defined once; an instruction may have several results.
//! - A block ends in exactly one terminator (`Op::is_terminator`), and nothing follows it.
//! - Every value of a block dominates its uses (`verify` checks all of this).
//!
//! # Two forms of one program
//! The builder emits the *naive* form: every variable, parameters and results included, is an
//! [`Op::Alloc`] with loads and stores, because `-m` speaks of variables. For a run `passes::lift` turns
//! what is not address-taken into values, and escape analysis reads what the passes leave. Ops keep
//! their meaning in both forms.
//!
//! # Conventions of the builder, relied on by escape analysis and code generation
//! - Large aggregates are not moved through values: where both sides are addressable the builder
//!   emits [`Op::Move`]. A value may have any type all the same (results, receives).
//! - `go` and `defer` take a closure without parameters; `go f(x)` is lowered to a synthesized
//!   thunk ([`FunctionKind::Thunk`]) that captures callee and arguments by value.
//! - Method values, method expressions and promoted methods are synthesized functions
//!   ([`FunctionKind::Wrapper`]).
//! - A dereference that Go checks is preceded by [`Op::NilCheck`] unless the pointer is an `Alloc`,
//!   a global or a capture by reference. [`Op::Load`], [`Op::Store`] and [`Op::Move`] on an unchecked
//!   nil pointer trap too, and the checks they make redundant are removed by `passes::nil_check`.
//! - Evaluation order is Go's; `&&` and `||` are control flow; constants are folded by the checker.
//! - The loop variable of a `for` clause is per iteration (Go 1.22): a fresh `Alloc` a round when a
//!   closure or address can tell, else one.
//! - In a function with `defer`, `RunDefers` stands before every `Return`, result variables are
//!   stored before it and loaded after it, and [`Function::recover_results`] names the result
//!   variables' `Alloc`s: they are never lifted, since recovery reads them.

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{PrimaryMap, SecondaryMap, entity_impl};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

pub mod archived;
pub mod builder;
pub mod dominators;
pub mod initialization;
pub mod inlined;
pub mod loops;
pub mod op;
mod operands;
pub mod passes;
pub mod print;
pub mod reachability;
pub mod read;
pub mod verify;

pub use op::{BinaryOp, Callee, ConstantValue, ConvertKind, Op, SelectCase, Target, UnaryOp};

use crate::ast::Name;
use crate::check::{ObjectId, PackageId, TypedProgram};
use crate::source::Span;
use crate::types::{Basic, Type, TypeId, TypeTable};

/// A function of the program, natives and synthesized ones included.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FunctionId(u32);
entity_impl!(FunctionId, "fn");

/// A variable at package level.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GlobalId(u32);
entity_impl!(GlobalId, "global");

/// A basic block of one function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Block(u32);
entity_impl!(Block, "b");

/// An instruction of one function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Inst(u32);
entity_impl!(Inst, "i");

/// A value of one function: a block parameter or a result of an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Value(u32);
entity_impl!(Value, "v");

/// A place of one function where memory may be allocated.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SiteId(u32);
entity_impl!(SiteId, "site");

/// A whole program.
#[derive(Debug)]
pub struct Program {
    /// What it was built from; its type table grows with types that only SSA needs.
    pub typed: TypedProgram,
    /// All functions reachable from `entry`.
    pub functions: PrimaryMap<FunctionId, Function>,
    /// The code of functions without a body that is still in the library's archive.
    archived: archived::Archived,
    /// All package variables that reachable code mentions.
    pub globals: PrimaryMap<GlobalId, Global>,
    /// Initialises all packages in order, then calls `main.main`. Its kind is `Entry`.
    pub entry: FunctionId,
    /// The functions that implement interface methods: for each type that is converted to an
    /// interface (or may be reached by reflection) its methods, sorted as in interfaces. A method's
    /// function takes the interface's data word as its first parameter: for pointer-shaped types
    /// the value itself, for others a pointer to it.
    pub method_tables: crate::hash::HashMap<TypeId, Vec<MethodEntry>>,
    /// The opaque state of a map iteration: a struct of pointers and words, allocated like any
    /// other variable. Its layout is agreed with the runtime ([`MAP_ITERATOR_POINTERS`],
    /// [`MAP_ITERATOR_WORDS`]).
    pub map_iterator: TypeId,
    /// Where code stands that `passes::inline` copied.
    pub inlined: inlined::InlinedPositions,
}

/// Pointer words at the start of a map iterator.
pub const MAP_ITERATOR_POINTERS: u64 = 6;
/// Plain words after them.
pub const MAP_ITERATOR_WORDS: u64 = 8;

/// A method of a concrete type as interfaces call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MethodEntry {
    /// Its name.
    pub name: Name,
    /// The package of an unexported name.
    pub package: PackageId,
    /// Signature without receiver.
    pub signature: TypeId,
    /// The function; its first parameter is the data word (an `unsafe.Pointer` or the
    /// pointer-shaped value).
    pub function: FunctionId,
}

/// A package variable.
#[derive(Debug, Clone)]
pub struct Global {
    /// `package.name`
    pub name: String,
    /// Its type.
    pub ty: TypeId,
    /// Where it is declared.
    pub span: Span,
    /// Its object.
    pub object: Option<ObjectId>,
}

/// Why a function exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FunctionKind {
    /// Declared in source.
    Declared,
    /// A function literal.
    Closure,
    /// Declared without body in a library package: provided by the runtime under `Function::name`.
    Native,
    /// A synthesized method wrapper, bound method or method expression: not shown in traces.
    Wrapper,
    /// The closure of a `go` or `defer` statement: not shown in traces; `recover` looks through it.
    Thunk,
    /// Runs a package's variable initialisers and `init` functions (`package.init`).
    Init,
    /// The program's entry.
    Entry,
}

/// A variable that a closure captures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// The captured variable's name.
    pub name: Name,
    /// Type of what is stored in the closure: the variable's type, or a pointer to it.
    pub ty: TypeId,
    /// Whether the closure holds the variable's address.
    pub is_by_reference: bool,
    /// The variable captured, for explanations.
    pub object: Option<ObjectId>,
}

/// A function.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Function {
    /// As Go's traces print it: `main.f`, `main.T.M`, `main.(*T).M`, `main.f.func1`.
    pub name: String,
    /// Why it exists.
    pub kind: FunctionKind,
    /// The object it was declared by.
    pub object: Option<ObjectId>,
    /// Where it is declared; empty for synthesized ones.
    pub span: Span,
    /// Parameter types, receiver first. They are the parameters of the entry block.
    pub parameters: Vec<TypeId>,
    /// Result types.
    pub results: Vec<TypeId>,
    /// For closures and thunks what the closure object holds, in order.
    pub captures: Vec<Capture>,
    /// The function this closure or thunk was written in.
    pub parent: Option<FunctionId>,
    /// The blocks; the order of code is `layout`.
    pub blocks: PrimaryMap<Block, BlockData>,
    /// Blocks in the order they are printed and emitted, entry first.
    pub layout: Vec<Block>,
    /// The instructions.
    pub insts: PrimaryMap<Inst, InstData>,
    /// The values.
    pub values: PrimaryMap<Value, ValueData>,
    /// The allocation sites.
    pub sites: PrimaryMap<SiteId, Site>,
    /// Whether it contains `defer`.
    pub has_defer: bool,
    /// Whether it calls `recover`.
    pub has_recover: bool,
    /// In a function with `defer`: the `Alloc`s of its result variables, in order.
    pub recover_results: Vec<Inst>,
    /// Assignments of parts of a variable's memory to others of it, which give nothing a longer
    /// life.
    pub self_assignments: Vec<SelfAssignment>,
    /// The calls of interface methods that are written in it.
    pub interface_calls: Vec<InterfaceCall>,
}

/// A call `x.M(...)` where x is an interface.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InterfaceCall {
    /// The `Call`.
    pub inst: Inst,
    /// Offset of the position gc prints.
    pub position: u32,
    /// `x.M` as gc prints it.
    pub text: String,
}

/// An assignment like `b.buf = b.buf[1:]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SelfAssignment {
    /// The `Store` or `Move`.
    pub inst: Inst,
    /// Offset of the position gc prints.
    pub position: u32,
    /// The statement as gc prints it.
    pub text: String,
}

/// A basic block.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct BlockData {
    /// Its parameters.
    pub parameters: Vec<Value>,
    /// Its instructions; the last is the terminator.
    pub insts: Vec<Inst>,
}

/// An instruction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InstData {
    /// What it does, with its operands.
    pub op: Op,
    /// What it defines.
    pub results: SmallVec<[Value; 2]>,
    /// The position that panics, traces and `-m` name.
    pub span: Span,
    /// For ops that may allocate: where.
    pub site: PackedOption<SiteId>,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Definition {
    /// Parameter `.1` of block `.0`.
    Parameter(Block, u32),
    /// Result `.1` of instruction `.0`.
    Result(Inst, u32),
}

/// A value.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct ValueData {
    /// Its Go type.
    pub ty: TypeId,
    /// Its definition.
    pub definition: Definition,
}

/// A place where memory may be allocated: what escape analysis decides about and `-m` prints.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Site {
    /// What is allocated.
    pub kind: SiteKind,
    /// The expression as gc prints it (`&T{...}`, `make([]int, n)`), or the variable's name.
    pub text: String,
    /// Offset of the position gc prints.
    pub position: u32,
    /// How many loops of this function are around it; 1 outside of any, as gc counts.
    pub loop_depth: u32,
}

/// What an allocation site allocates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SiteKind {
    /// A local variable.
    Variable,
    /// A parameter or receiver.
    Parameter,
    /// A result.
    Result,
    /// A temporary of the builder that has no name in Go; never reported.
    Temporary,
    /// `new(T)`
    New,
    /// `&T{...}`
    PointerLiteral,
    /// The backing array of `[]T{...}`.
    SliceLiteral,
    /// `map[K]V{...}`
    MapLiteral,
    /// `make([]T, ...)`
    MakeSlice,
    /// `make(map[K]V)`
    MakeMap,
    /// `make(chan T)`
    MakeChannel,
    /// A function literal.
    Closure,
    /// The closure of a `go` or `defer` statement.
    Thunk,
    /// A bound method `x.m`.
    MethodValue,
    /// The box of a value converted to an interface.
    Interface,
    /// The slice of a variadic call.
    VariadicSlice,
    /// The growth of `append`.
    Append,
    /// The growth of an `append` of some elements to a variable's value, the first of this variable in the text, or to a
    /// value that is no variable's: gc has room for a few elements in the frame for those, and `cap` shows it.
    FirstAppend,
    /// A string made by `+`.
    StringConcat,
    /// A conversion between strings, bytes and runes.
    Conversion,
}

impl Function {
    /// An empty function.
    pub fn new(name: String, kind: FunctionKind, span: Span) -> Self {
        Function {
            name,
            kind,
            object: None,
            span,
            parameters: Vec::new(),
            results: Vec::new(),
            captures: Vec::new(),
            parent: None,
            blocks: PrimaryMap::new(),
            layout: Vec::new(),
            insts: PrimaryMap::new(),
            values: PrimaryMap::new(),
            sites: PrimaryMap::new(),
            has_defer: false,
            has_recover: false,
            recover_results: Vec::new(),
            self_assignments: Vec::new(),
            interface_calls: Vec::new(),
        }
    }

    /// The block execution starts in.
    pub fn entry(&self) -> Block {
        self.layout[0]
    }

    /// Whether there is code to compile.
    pub fn has_body(&self) -> bool {
        !self.layout.is_empty()
    }

    /// Adds a block at the end of the layout.
    pub fn add_block(&mut self) -> Block {
        let block = self.blocks.push(BlockData::default());
        self.layout.push(block);
        block
    }

    /// Adds a parameter to a block.
    pub fn add_block_parameter(&mut self, block: Block, ty: TypeId) -> Value {
        let index = self.blocks[block].parameters.len() as u32;
        let value = self.values.push(ValueData {
            ty,
            definition: Definition::Parameter(block, index),
        });
        self.blocks[block].parameters.push(value);
        value
    }

    /// Makes an instruction with results of the given types, in no block yet.
    pub fn make_inst(&mut self, op: Op, result_types: &[TypeId], span: Span) -> Inst {
        let inst = self.insts.push(InstData {
            op,
            results: SmallVec::new(),
            span,
            site: PackedOption::default(),
        });
        for (index, ty) in result_types.iter().enumerate() {
            let definition = Definition::Result(inst, index as u32);
            let value = self.values.push(ValueData {
                ty: *ty,
                definition,
            });
            self.insts[inst].results.push(value);
        }
        inst
    }

    /// Appends a new instruction to a block.
    pub fn append_inst(
        &mut self,
        block: Block,
        op: Op,
        result_types: &[TypeId],
        span: Span,
    ) -> Inst {
        let inst = self.make_inst(op, result_types, span);
        self.blocks[block].insts.push(inst);
        inst
    }

    /// The only result of an instruction.
    pub fn result(&self, inst: Inst) -> Value {
        self.insts[inst].results[0]
    }

    /// The type of a value.
    pub fn type_of(&self, value: Value) -> TypeId {
        self.values[value].ty
    }

    /// The instruction that defines a value, unless it is a block parameter.
    pub fn defining_inst(&self, value: Value) -> Option<Inst> {
        match self.values[value].definition {
            Definition::Result(inst, _) => Some(inst),
            Definition::Parameter(..) => None,
        }
    }

    /// The terminator of a finished block.
    pub fn terminator(&self, block: Block) -> Inst {
        *self.blocks[block]
            .insts
            .last()
            .expect("a finished block has a terminator")
    }

    /// Where control may go from a finished block, repeats included.
    pub fn successors(&self, block: Block) -> impl Iterator<Item = Block> + '_ {
        self.insts[self.terminator(block)]
            .op
            .targets()
            .map(|target| target.block)
    }

    /// The predecessors of every block, one entry an edge.
    pub fn predecessors(&self) -> SecondaryMap<Block, Vec<Block>> {
        let mut predecessors: SecondaryMap<Block, Vec<Block>> = SecondaryMap::new();
        for &block in &self.layout {
            for successor in self.successors(block) {
                predecessors[successor].push(block);
            }
        }
        predecessors
    }
}

/// Whether an interface's data word holds a value of this type itself rather than its address:
/// pointers, maps, channels, functions and `unsafe.Pointer`. Code generation uses the same rule.
pub fn is_pointer_shaped(types: &TypeTable, ty: TypeId) -> bool {
    matches!(
        types.underlying(ty),
        Type::Pointer(_)
            | Type::Map(..)
            | Type::Channel(..)
            | Type::Function(_)
            | Type::Basic(Basic::UnsafePointer)
    )
}
