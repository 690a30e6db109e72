//! SSA to text. `read` parses the same text back.
//!
//! ```text
//! fn main.add(v0: int, v1: int) -> int {
//! b0(v0: int, v1: int):
//!     v2: int = add v0, v1
//!     return v2
//! }
//! ```

use std::fmt::Write as _;

use super::op::{Callee, ConstantValue, ConvertKind, Op, SelectCase, Target};
use super::{BinaryOp, Block, Function, FunctionKind, Inst, Program, UnaryOp, Value};
use crate::types::TypeId;
use crate::types::print::{Printer as TypePrinter, Style};

/// The whole program, functions with bodies only.
pub fn program(program: &Program) -> String {
    let mut out = String::new();
    for function in program.functions.values() {
        if function.has_body() {
            out.push_str(&self::function(program, function));
            out.push('\n');
        }
    }
    out
}

/// One function.
pub fn function(program: &Program, function: &Function) -> String {
    let mut printer = Printer {
        program,
        function,
        out: String::new(),
    };
    printer.function();
    printer.out
}

/// One instruction, for messages of the verifier.
pub fn instruction(program: &Program, function: &Function, inst: Inst) -> String {
    let mut printer = Printer {
        program,
        function,
        out: String::new(),
    };
    printer.inst(inst);
    printer.out.trim().to_owned()
}

struct Printer<'p> {
    program: &'p Program,
    function: &'p Function,
    out: String,
}

/// A type as SSA text names it: as reflection does.
pub(crate) fn type_text(program: &Program, ty: TypeId) -> String {
    let typed = &program.typed;
    let printer = TypePrinter {
        types: &typed.types,
        names: &typed.ast.names,
        packages: &typed.packages,
        style: Style::RunTime,
        with_parameter_names: false,
    };
    printer.type_string(ty)
}

/// The mnemonic of a binary operation.
pub(crate) fn binary_name(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "add",
        BinaryOp::Subtract => "sub",
        BinaryOp::Multiply => "mul",
        BinaryOp::Divide => "div",
        BinaryOp::Remainder => "rem",
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
        BinaryOp::Xor => "xor",
        BinaryOp::AndNot => "andnot",
        BinaryOp::ShiftLeft => "shl",
        BinaryOp::ShiftRight => "shr",
        BinaryOp::Equal => "eq",
        BinaryOp::NotEqual => "ne",
        BinaryOp::Less => "lt",
        BinaryOp::LessEqual => "le",
        BinaryOp::Greater => "gt",
        BinaryOp::GreaterEqual => "ge",
    }
}

/// The mnemonic of a unary operation.
pub(crate) fn unary_name(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Negate => "neg",
        UnaryOp::Not => "not",
        UnaryOp::Complement => "complement",
    }
}

/// The mnemonic of a conversion.
pub(crate) fn convert_name(kind: ConvertKind) -> &'static str {
    match kind {
        ConvertKind::Retype => "retype",
        ConvertKind::Numeric => "numeric",
        ConvertKind::IntegerToString => "integer_to_string",
        ConvertKind::BytesToString => "bytes_to_string",
        ConvertKind::RunesToString => "runes_to_string",
        ConvertKind::StringToBytes => "string_to_bytes",
        ConvertKind::StringToRunes => "string_to_runes",
        ConvertKind::SliceToArrayPointer => "slice_to_array_pointer",
    }
}

impl Printer<'_> {
    fn ty(&self, ty: TypeId) -> String {
        type_text(self.program, ty)
    }

    fn function(&mut self) {
        let function = self.function;
        let kind = match function.kind {
            FunctionKind::Declared => "fn",
            FunctionKind::Closure => "closure",
            FunctionKind::Native => "native",
            FunctionKind::Wrapper => "wrapper",
            FunctionKind::Thunk => "thunk",
            FunctionKind::Init => "init",
            FunctionKind::Entry => "entry",
        };
        let _ = write!(self.out, "{kind} {}(", function.name);
        for (index, ty) in function.parameters.iter().enumerate() {
            let separator = if index > 0 { ", " } else { "" };
            let _ = write!(self.out, "{separator}{}", self.ty(*ty));
        }
        self.out.push(')');
        if !function.results.is_empty() {
            let results: Vec<String> = function.results.iter().map(|ty| self.ty(*ty)).collect();
            let _ = write!(self.out, " -> ({})", results.join(", "));
        }
        if !function.captures.is_empty() {
            let captures: Vec<String> = function
                .captures
                .iter()
                .map(|capture| {
                    let mark = if capture.is_by_reference { "&" } else { "" };
                    format!(
                        "{mark}{}: {}",
                        self.program.typed.ast.names.text(capture.name),
                        self.ty(capture.ty)
                    )
                })
                .collect();
            let _ = write!(self.out, " [{}]", captures.join(", "));
        }
        if function.has_defer {
            self.out.push_str(" defer");
        }
        self.out.push_str(" {\n");
        for &block in &function.layout {
            self.block(block);
        }
        self.out.push_str("}\n");
    }

    fn block(&mut self, block: Block) {
        let _ = write!(self.out, "{block}");
        let data = &self.function.blocks[block];
        if !data.parameters.is_empty() {
            let parameters: Vec<String> = data
                .parameters
                .iter()
                .map(|value| format!("{value}: {}", self.ty(self.function.type_of(*value))))
                .collect();
            let _ = write!(self.out, "({})", parameters.join(", "));
        }
        self.out.push_str(":\n");
        for &inst in &data.insts {
            self.inst(inst);
        }
    }

    fn inst(&mut self, inst: Inst) {
        let data = &self.function.insts[inst];
        self.out.push_str("    ");
        for (index, &result) in data.results.iter().enumerate() {
            let separator = if index > 0 { ", " } else { "" };
            let _ = write!(
                self.out,
                "{separator}{result}: {}",
                self.ty(self.function.type_of(result))
            );
        }
        if !data.results.is_empty() {
            self.out.push_str(" = ");
        }
        self.op(&data.op);
        if let Some(site) = data.site.expand() {
            let site = &self.function.sites[site];
            let _ = write!(
                self.out,
                " ; {:?} {} depth={}",
                site.kind, site.text, site.loop_depth
            );
        }
        self.out.push('\n');
    }

    fn plain(&mut self, name: &str, values: &[Value]) {
        self.out.push_str(name);
        for (index, value) in values.iter().enumerate() {
            let separator = if index > 0 { ", " } else { " " };
            let _ = write!(self.out, "{separator}{value}");
        }
    }

    fn target(&mut self, target: &Target) {
        let _ = write!(self.out, "{}", target.block);
        if !target.arguments.is_empty() {
            let arguments: Vec<String> = target.arguments.iter().map(ToString::to_string).collect();
            let _ = write!(self.out, "({})", arguments.join(", "));
        }
    }

    fn constant(&mut self, constant: &ConstantValue) {
        let _ = match constant {
            ConstantValue::Bool(value) => write!(self.out, "const {value}"),
            ConstantValue::Integer(value) => write!(self.out, "const {value}"),
            ConstantValue::Float(value) => write!(self.out, "const {value:?}"),
            ConstantValue::String(bytes) => write!(self.out, "const \"{}\"", bytes.escape_ascii()),
            ConstantValue::Zero => write!(self.out, "zero"),
        };
    }

    fn op(&mut self, op: &Op) {
        match op {
            Op::Constant(constant) => self.constant(constant),
            Op::GlobalAddress(global) => {
                let name = &self.program.globals[*global].name;
                let _ = write!(self.out, "global {name}");
            }
            Op::FunctionValue(function) => {
                let name = &self.program.functions[*function].name;
                let _ = write!(self.out, "function {name}");
            }
            Op::Capture(index) => {
                let _ = write!(self.out, "capture {index}");
            }
            Op::Unary(op, value) => self.plain(unary_name(*op), &[*value]),
            Op::Binary(op, left, right) => self.plain(binary_name(*op), &[*left, *right]),
            Op::Convert(kind, value) => self.plain(convert_name(*kind), &[*value]),
            Op::Aggregate(values) => self.plain("aggregate", values),
            Op::Field(value, index) => {
                let _ = write!(self.out, "field {value}, {index}");
            }
            Op::Element(value, index) => {
                let _ = write!(self.out, "element {value}, {index}");
            }
            Op::FieldAddress(value, index) => {
                let _ = write!(self.out, "field_address {value}, {index}");
            }
            Op::IndexAddress {
                base,
                index,
                in_bounds,
            } => {
                self.plain(
                    if *in_bounds {
                        "index_address_in_bounds"
                    } else {
                        "index_address"
                    },
                    &[*base, *index],
                );
            }
            Op::StringIndex {
                string,
                index,
                in_bounds,
            } => {
                self.plain(
                    if *in_bounds {
                        "string_index_in_bounds"
                    } else {
                        "string_index"
                    },
                    &[*string, *index],
                );
            }
            Op::Slice {
                base,
                low,
                high,
                max,
            } => {
                let bound =
                    |bound: &Option<Value>| bound.map_or(String::new(), |value| value.to_string());
                let _ = write!(self.out, "slice {base}[{}:{}", bound(low), bound(high));
                if max.is_some() {
                    let _ = write!(self.out, ":{}", bound(max));
                }
                self.out.push(']');
            }
            Op::Len(value) => self.plain("len", &[*value]),
            Op::Cap(value) => self.plain("cap", &[*value]),
            Op::Min(values) => self.plain("min", values),
            Op::Max(values) => self.plain("max", values),
            Op::DecodeRune(string, index) => self.plain("decode_rune", &[*string, *index]),
            Op::Alloc(ty) => {
                let ty = self.ty(*ty);
                let _ = write!(self.out, "alloc {ty}");
            }
            Op::Load(address) => self.plain("load", &[*address]),
            Op::Store { address, value } => self.plain("store", &[*address, *value]),
            Op::Move { target, source } => self.plain("move", &[*target, *source]),
            Op::Clear(address) => self.plain("clear", &[*address]),
            Op::NilCheck(value) => self.plain("nil_check", &[*value]),
            Op::MakeSlice { len, cap } => {
                let values: Vec<Value> = std::iter::once(*len).chain(*cap).collect();
                self.plain("make_slice", &values);
            }
            Op::MakeMap { hint } => self.plain("make_map", hint.as_slice()),
            Op::MakeChannel { size } => self.plain("make_channel", size.as_slice()),
            Op::MakeClosure { function, captures } => {
                let name = &self.program.functions[*function].name;
                let _ = write!(self.out, "make_closure {name}");
                self.plain("", captures);
            }
            Op::MakeInterface(value) => self.plain("make_interface", &[*value]),
            Op::Append { slice, elements } => {
                let mut values = vec![*slice];
                values.extend(elements);
                self.plain("append", &values);
            }
            Op::AppendSlice { slice, other } => self.plain("append_slice", &[*slice, *other]),
            Op::StringConcat(values) => self.plain("string_concat", values),
            Op::Copy { target, source } => self.plain("copy", &[*target, *source]),
            Op::ClearSlice(value) => self.plain("clear_slice", &[*value]),
            Op::MapFind { map, key } => self.plain("map_find", &[*map, *key]),
            Op::MapAssign { map, key } => self.plain("map_assign", &[*map, *key]),
            Op::MapDelete { map, key } => self.plain("map_delete", &[*map, *key]),
            Op::MapClear(map) => self.plain("map_clear", &[*map]),
            Op::MapIterateStart { map, iterator } => {
                self.plain("map_iterate_start", &[*map, *iterator]);
            }
            Op::MapIterateNext { map_type, iterator } => {
                let ty = self.ty(*map_type);
                let _ = write!(self.out, "map_iterate_next {iterator} of {ty}");
            }
            Op::Print { values, is_line } => {
                self.plain(if *is_line { "println" } else { "print" }, values);
            }
            Op::ChangeInterface(value) => self.plain("change_interface", &[*value]),
            Op::TypeAssert {
                value,
                ty,
                comma_ok,
            } => {
                let ty = self.ty(*ty);
                let name = if *comma_ok {
                    "type_assert_ok"
                } else {
                    "type_assert"
                };
                let _ = write!(self.out, "{name} {value} to {ty}");
            }
            Op::Call { callee, arguments } => {
                match callee {
                    Callee::Function(function) => {
                        let name = &self.program.functions[*function].name;
                        let _ = write!(self.out, "call {name}");
                    }
                    Callee::Closure(value) => {
                        let _ = write!(self.out, "call_closure {value}");
                    }
                    Callee::Interface { receiver, method } => {
                        let _ = write!(self.out, "call_interface {receiver} #{method}");
                    }
                }
                let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
                let _ = write!(self.out, "({})", arguments.join(", "));
            }
            Op::Go(value) => self.plain("go", &[*value]),
            Op::Defer(value) => self.plain("defer", &[*value]),
            Op::RunDefers => self.out.push_str("run_defers"),
            Op::Recover => self.out.push_str("recover"),
            Op::Send { channel, value } => self.plain("send", &[*channel, *value]),
            Op::Receive { channel, comma_ok } => self.plain(
                if *comma_ok { "receive_ok" } else { "receive" },
                &[*channel],
            ),
            Op::Close(value) => self.plain("close", &[*value]),
            Op::Select { cases, has_default } => {
                self.out.push_str(if *has_default {
                    "select_default"
                } else {
                    "select"
                });
                for case in cases {
                    let _ = match case {
                        SelectCase::Send { channel, value } => {
                            write!(self.out, " [{channel} <- {value}]")
                        }
                        SelectCase::Receive { channel } => write!(self.out, " [<-{channel}]"),
                    };
                }
            }
            Op::Jump(target) => {
                self.out.push_str("jump ");
                self.target(target);
            }
            Op::Branch {
                condition,
                then,
                otherwise,
            } => {
                let _ = write!(self.out, "branch {condition}, ");
                self.target(then);
                self.out.push_str(", ");
                self.target(otherwise);
            }
            Op::Switch {
                value,
                cases,
                default,
            } => {
                let _ = write!(self.out, "switch {value}");
                for (case, target) in cases {
                    let _ = write!(self.out, ", {case} => ");
                    self.target(target);
                }
                self.out.push_str(", else ");
                self.target(default);
            }
            Op::Return(values) => self.plain("return", values),
            Op::Panic(value) => self.plain("panic", &[*value]),
            Op::Unreachable => self.out.push_str("unreachable"),
        }
    }
}
