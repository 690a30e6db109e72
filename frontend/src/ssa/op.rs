//! Operations: operands, results and effects, each described where it is declared.
//!
//! Result types are written `-> T`. "Panics" means a Go run-time panic. The type of an operand is
//! that of the value; no operand or result is ever untyped.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::{Block, FunctionId, GlobalId, Value};
use crate::types::TypeId;

/// A branch target with the values of its block parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Where to.
    pub block: Block,
    /// One value a parameter.
    pub arguments: Vec<Value>,
}

impl Target {
    /// A target without arguments.
    pub fn new(block: Block) -> Self {
        Target {
            block,
            arguments: Vec::new(),
        }
    }
}

/// A constant as an instruction holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ConstantValue {
    /// A boolean.
    Bool(bool),
    /// An integer of any width: its value, sign-extended or zero-extended by its type.
    Integer(i64),
    /// A float; for `float32` already rounded to it.
    Float(f64),
    /// A string.
    String(Rc<[u8]>),
    /// The zero value of any type: nil, 0, an empty struct.
    Zero,
}

/// Arithmetic, comparison and bit operations on two operands of one type (shifts: any integer
/// count). Comparisons give `bool`-kinded results of the instruction's result type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BinaryOp {
    /// Numbers; strings are `StringConcat`.
    Add,
    /// Numbers.
    Subtract,
    /// Numbers.
    Multiply,
    /// Numbers. Integers panic on zero and wrap on overflow.
    Divide,
    /// Integers, as `Divide`.
    Remainder,
    /// Integers.
    And,
    /// Integers.
    Or,
    /// Integers.
    Xor,
    /// Integers.
    AndNot,
    /// Integers; any count is right, a negative one panics.
    ShiftLeft,
    /// Integers; arithmetic if the left type is signed.
    ShiftRight,
    /// Any comparable type; comparing interfaces may panic. Slices, maps and functions only
    /// against `Zero`.
    Equal,
    /// As `Equal`.
    NotEqual,
    /// Ordered types.
    Less,
    /// Ordered types.
    LessEqual,
    /// Ordered types.
    Greater,
    /// Ordered types.
    GreaterEqual,
}

/// Operations on one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UnaryOp {
    /// Numbers.
    Negate,
    /// Booleans.
    Not,
    /// Integers.
    Complement,
}

/// Conversions that change representation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ConvertKind {
    /// Same representation, other type.
    Retype,
    /// Between numeric types, as Go on amd64 does.
    Numeric,
    /// `string(rune)`
    IntegerToString,
    /// `string([]byte)`; allocates.
    BytesToString,
    /// `string([]rune)`; allocates.
    RunesToString,
    /// `[]byte(string)`; allocates.
    StringToBytes,
    /// `[]rune(string)`; allocates.
    StringToRunes,
    /// `(*[N]T)(slice)`; panics if too short.
    SliceToArrayPointer,
}

/// One communication of a `select`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SelectCase {
    /// `channel <- value`
    Send {
        /// The channel.
        channel: Value,
        /// The value.
        value: Value,
    },
    /// `<-channel`
    Receive {
        /// The channel.
        channel: Value,
    },
}

/// Who is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Callee {
    /// A known function (not one with captures).
    Function(FunctionId),
    /// A function value; nil panics.
    Closure(Value),
    /// Method `method` (index in the sorted list) of an interface value; nil panics.
    Interface {
        /// The interface value.
        receiver: Value,
        /// Index of the method.
        method: u32,
    },
}

/// What an instruction does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Op {
    // ---- values without effect ----
    /// `-> T`: a constant.
    Constant(ConstantValue),
    /// `-> *T`: the address of a package variable.
    GlobalAddress(GlobalId),
    /// `-> func`: a function value without captures.
    FunctionValue(FunctionId),
    /// `-> T`: what this closure captured at an index.
    Capture(u32),
    /// `-> T`
    Unary(UnaryOp, Value),
    /// `-> T` or a boolean
    Binary(BinaryOp, Value, Value),
    /// `-> T`
    Convert(ConvertKind, Value),
    /// `-> T`: a struct from its fields, or an array from its elements.
    Aggregate(Vec<Value>),
    /// `-> field`: a field of a struct value.
    Field(Value, u32),
    /// `-> element`: an element of an array value at a constant index in range.
    Element(Value, u64),
    /// `-> *field`: base is a pointer to a struct. No check.
    FieldAddress(Value, u32),
    /// `-> *element`: base is a slice or a pointer to an array. Panics out of range unless
    /// `in_bounds`.
    IndexAddress {
        /// Slice or pointer to array.
        base: Value,
        /// Any integer type.
        index: Value,
        /// Proven in range.
        in_bounds: bool,
    },
    /// `-> uint8`: a byte of a string. Panics out of range unless `in_bounds`.
    StringIndex {
        /// The string.
        string: Value,
        /// Any integer type.
        index: Value,
        /// Proven in range.
        in_bounds: bool,
    },
    /// `-> slice or string`: base is a string, a slice or a pointer to an array. Panics as Go.
    Slice {
        /// What is sliced.
        base: Value,
        /// First bound.
        low: Option<Value>,
        /// Second bound.
        high: Option<Value>,
        /// Third bound.
        max: Option<Value>,
    },
    /// `-> int`: of a string, slice, array pointer, map or channel.
    Len(Value),
    /// `-> int`: of a slice, array pointer or channel.
    Cap(Value),
    /// `-> T`: smallest; numbers or strings, at least two.
    Min(Vec<Value>),
    /// `-> T`: largest.
    Max(Vec<Value>),
    /// `-> (rune, int)`: the character of a string at a byte index in range, and its width.
    DecodeRune(Value, Value),

    // ---- memory ----
    /// `-> *T`: fresh zeroed memory for a variable or literal; stack or heap by its site.
    Alloc(TypeId),
    /// `-> T`: traps on nil.
    Load(Value),
    /// Traps on nil.
    Store {
        /// Where.
        address: Value,
        /// What.
        value: Value,
    },
    /// `*target = *source` without a value in between; they may overlap exactly. Traps on nil.
    Move {
        /// To.
        target: Value,
        /// From.
        source: Value,
    },
    /// Sets `*address` to its type's zero value.
    Clear(Value),
    /// Panics if the pointer (map, function...) is nil.
    NilCheck(Value),

    // ---- allocation ----
    /// `-> slice`: `make([]T, len, cap)`. Panics on bad sizes.
    MakeSlice {
        /// Length, any integer type.
        len: Value,
        /// Capacity, any integer type; absent: the length.
        cap: Option<Value>,
    },
    /// `-> map`
    MakeMap {
        /// Expected number of entries.
        hint: Option<Value>,
    },
    /// `-> chan`. Panics on bad sizes.
    MakeChannel {
        /// Buffer size.
        size: Option<Value>,
    },
    /// `-> func`: a closure with its captures.
    MakeClosure {
        /// The function, with as many captures.
        function: FunctionId,
        /// The captured values.
        captures: Vec<Value>,
    },
    /// `-> interface`: from a value of concrete type.
    MakeInterface(Value),
    /// `-> slice`: elements appended.
    Append {
        /// The slice.
        slice: Value,
        /// The elements.
        elements: Vec<Value>,
    },
    /// `-> slice`: all of another slice, or of a string, appended.
    AppendSlice {
        /// The slice.
        slice: Value,
        /// Slice of the same element type, or string.
        other: Value,
    },
    /// `-> string`
    StringConcat(Vec<Value>),

    // ---- builtins with effects ----
    /// `-> int`: `copy(target, source)`; the source may be a string.
    Copy {
        /// To.
        target: Value,
        /// From.
        source: Value,
    },
    /// Zeroes the elements of a slice.
    ClearSlice(Value),
    /// `-> (*V, bool)`: address of the entry, or of a zero value that must not be written. The key
    /// may be unhashable: panics.
    MapFind {
        /// The map; nil is empty.
        map: Value,
        /// The key.
        key: Value,
    },
    /// `-> *V`: address of the entry for a key, made if absent; valid until the next operation on
    /// the map. Panics on a nil map.
    MapAssign {
        /// The map.
        map: Value,
        /// The key.
        key: Value,
    },
    /// `delete(map, key)`
    MapDelete {
        /// The map.
        map: Value,
        /// The key.
        key: Value,
    },
    /// `clear(map)`
    MapClear(Value),
    /// Starts an iteration.
    MapIterateStart {
        /// The map.
        map: Value,
        /// Address of a `Program::map_iterator`.
        iterator: Value,
    },
    /// `-> (bool, *K, *V)`: whether there is another entry, and where.
    MapIterateNext {
        /// The map's type decides the results.
        map_type: TypeId,
        /// Address of the iterator.
        iterator: Value,
    },
    /// `print` and `println`.
    Print {
        /// The operands.
        values: Vec<Value>,
        /// Spaces between and a newline after.
        is_line: bool,
    },

    // ---- interfaces ----
    /// `-> interface`: to an interface whose methods are a subset.
    ChangeInterface(Value),
    /// `-> T` or `-> (T, bool)`: `value.(T)`, T concrete or interface. Without `comma_ok` panics.
    TypeAssert {
        /// The interface value.
        value: Value,
        /// The asserted type.
        ty: TypeId,
        /// Whether failure is a result.
        comma_ok: bool,
    },

    // ---- calls ----
    /// `-> results`
    Call {
        /// Who.
        callee: Callee,
        /// Arguments, without an interface receiver; with a static method's receiver.
        arguments: Vec<Value>,
    },
    /// Starts a goroutine that calls a closure without parameters and results.
    Go(Value),
    /// Defers a call of a closure without parameters and results.
    Defer(Value),
    /// Runs the deferred calls of this activation, last first.
    RunDefers,
    /// `-> any`: the current panic's value if this function was called by a deferred call.
    Recover,

    // ---- channels ----
    /// May park. Panics on a closed channel.
    Send {
        /// The channel.
        channel: Value,
        /// The value.
        value: Value,
    },
    /// `-> T` or `-> (T, bool)`. May park.
    Receive {
        /// The channel.
        channel: Value,
        /// Whether "not closed" is a result.
        comma_ok: bool,
    },
    /// Panics on nil and on closed channels.
    Close(Value),
    /// `-> (int, bool, T...)`: the chosen case (-1: default), whether a receive got a sent value,
    /// then for each receive case in order its value (zero if not chosen). May park.
    Select {
        /// The cases in source order, default left out.
        cases: Vec<SelectCase>,
        /// Whether it never blocks.
        has_default: bool,
    },

    // ---- terminators ----
    /// Goes on elsewhere.
    Jump(Target),
    /// Goes on by a boolean.
    Branch {
        /// The condition.
        condition: Value,
        /// If true.
        then: Target,
        /// If false.
        otherwise: Target,
    },
    /// Goes on by an integer's value.
    Switch {
        /// The integer.
        value: Value,
        /// Distinct values and where they lead.
        cases: Vec<(i64, Target)>,
        /// All others.
        default: Target,
    },
    /// Leaves the function.
    Return(Vec<Value>),
    /// `panic(value)`; the operand is an `any`.
    Panic(Value),
    /// Never reached.
    Unreachable,
}

impl Op {
    /// Whether it ends a block.
    pub fn is_terminator(&self) -> bool {
        matches!(
            self,
            Op::Jump(_)
                | Op::Branch { .. }
                | Op::Switch { .. }
                | Op::Return(_)
                | Op::Panic(_)
                | Op::Unreachable
        )
    }

    /// The targets of a terminator.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        let (first, second, cases): (Option<&Target>, Option<&Target>, &[(i64, Target)]) =
            match self {
                Op::Jump(target) => (Some(target), None, &[]),
                Op::Branch {
                    then, otherwise, ..
                } => (Some(then), Some(otherwise), &[]),
                Op::Switch { cases, default, .. } => (Some(default), None, cases),
                _ => (None, None, &[]),
            };
        first
            .into_iter()
            .chain(second)
            .chain(cases.iter().map(|(_, target)| target))
    }
}
