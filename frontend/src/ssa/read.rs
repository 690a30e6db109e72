//! Text to SSA: reads what `print` writes, so that passes are tested text to text.
//!
//! The text is read in the setting of a program that has the types, globals and functions it names.
//! Positions are not part of the text and come out empty.

use std::collections::HashMap;

use cranelift_entity::EntityRef;

use super::op::{BinaryOp, Callee, ConstantValue, ConvertKind, Op, SelectCase, Target, UnaryOp};
use super::{
    Block, Capture, Definition, Function, FunctionId, FunctionKind, Program, Site, SiteKind, Value,
    ValueData, print,
};
use crate::source::Span;
use crate::types::TypeId;

/// Where and why text could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

type Result<T> = std::result::Result<T, String>;

/// Reads one function.
///
/// # Errors
/// The first line that is not understood.
pub fn function(program: &Program, text: &str) -> std::result::Result<Function, ReadError> {
    let types = program
        .typed
        .types
        .ids()
        .map(|ty| (print::type_text(program, ty), ty))
        .collect();
    let mut reader = Reader {
        program,
        types,
        function: Function::new(String::new(), FunctionKind::Declared, Span::default()),
        values: HashMap::new(),
        current: None,
    };
    for (index, line) in text.lines().enumerate() {
        reader.line(line).map_err(|message| ReadError {
            line: index + 1,
            message,
        })?;
    }
    Ok(reader.function)
}

struct Reader<'p> {
    program: &'p Program,
    types: HashMap<String, TypeId>,
    function: Function,
    /// Values by the number they have in the text; made on first mention.
    values: HashMap<u32, Value>,
    current: Option<Block>,
}

/// Splits at commas outside of brackets.
fn list(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0i32, 0);
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 0 => {
                parts.push(text[start..index].trim());
                start = index + 1;
            }
            _ => {}
        }
    }
    if !text[start..].trim().is_empty() {
        parts.push(text[start..].trim());
    }
    parts
}

/// Splits `(inside) rest` at the parenthesis that closes the first.
fn parenthesized(text: &str) -> Result<(&str, &str)> {
    let mut depth = 0i32;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return Ok((&text[1..index], &text[index + 1..]));
                }
            }
            _ => {}
        }
    }
    Err(format!("unbalanced parentheses in `{text}`"))
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.trim()
        .parse()
        .map_err(|_| format!("`{text}` is no number"))
}

impl Reader<'_> {
    fn ty(&self, text: &str) -> Result<TypeId> {
        self.types
            .get(text.trim())
            .copied()
            .ok_or_else(|| format!("the program has no type `{text}`"))
    }

    fn block(&mut self, text: &str) -> Result<Block> {
        let index: usize = number(
            text.trim()
                .strip_prefix('b')
                .ok_or_else(|| format!("`{text}` is no block"))?,
        )?;
        while self.function.blocks.len() <= index {
            self.function.blocks.push(super::BlockData::default());
        }
        Ok(Block::new(index))
    }

    fn value(&mut self, text: &str) -> Result<Value> {
        let index: u32 = number(
            text.trim()
                .strip_prefix('v')
                .ok_or_else(|| format!("`{text}` is no value"))?,
        )?;
        if let Some(value) = self.values.get(&index) {
            return Ok(*value);
        }
        // Type and definition follow when the definition is read.
        let ty = self.program.typed.types.basic(crate::types::Basic::Invalid);
        let value = self.function.values.push(ValueData {
            ty,
            definition: Definition::Parameter(Block::new(0), u32::MAX),
        });
        self.values.insert(index, value);
        Ok(value)
    }

    fn values(&mut self, text: &str) -> Result<Vec<Value>> {
        list(text)
            .into_iter()
            .map(|part| self.value(part))
            .collect()
    }

    /// `v1: type`
    fn typed_value(&mut self, text: &str) -> Result<(Value, TypeId)> {
        let (value, ty) = text
            .split_once(": ")
            .ok_or_else(|| format!("`{text}` has no type"))?;
        Ok((self.value(value)?, self.ty(ty)?))
    }

    fn line(&mut self, line: &str) -> Result<()> {
        if line.trim().is_empty() || line == "}" {
            Ok(())
        } else if let Some(inst) = line.strip_prefix("    ") {
            self.inst(inst)
        } else if let Some(head) = line.strip_suffix(" {") {
            self.head(head)
        } else {
            self.block_head(line.strip_suffix(':').ok_or("expected a block")?)
        }
    }

    fn head(&mut self, line: &str) -> Result<()> {
        let (kind, rest) = line.split_once(' ').ok_or("expected a function")?;
        self.function.kind = match kind {
            "fn" => FunctionKind::Declared,
            "closure" => FunctionKind::Closure,
            "native" => FunctionKind::Native,
            "wrapper" => FunctionKind::Wrapper,
            "thunk" => FunctionKind::Thunk,
            "init" => FunctionKind::Init,
            "entry" => FunctionKind::Entry,
            _ => return Err(format!("`{kind}` is no kind of function")),
        };
        // A method's name has parentheses of its own: `main.(*T).M(int)`.
        let open = if let Some(receiver) = rest.find(".(") {
            let close = rest[receiver..].find(')').ok_or("unbalanced receiver")? + receiver;
            rest[close..].find('(').map(|open| open + close)
        } else {
            rest.find('(')
        };
        let open = open.ok_or("expected parameters")?;
        rest[..open].clone_into(&mut self.function.name);
        let (parameters, mut rest) = parenthesized(&rest[open..])?;
        self.function.parameters = list(parameters)
            .into_iter()
            .map(|ty| self.ty(ty))
            .collect::<Result<_>>()?;
        if let Some(results) = rest.strip_prefix(" -> ") {
            let (results, after) = parenthesized(results)?;
            self.function.results = list(results)
                .into_iter()
                .map(|ty| self.ty(ty))
                .collect::<Result<_>>()?;
            rest = after;
        }
        if let Some(without) = rest.strip_suffix(" defer") {
            self.function.has_defer = true;
            rest = without;
        }
        if let Some(captures) = rest
            .strip_prefix(" [")
            .and_then(|rest| rest.strip_suffix(']'))
        {
            for capture in list(captures) {
                let is_by_reference = capture.starts_with('&');
                let (name, ty) = capture
                    .trim_start_matches('&')
                    .split_once(": ")
                    .ok_or("expected a capture")?;
                let name = self
                    .program
                    .typed
                    .ast
                    .names
                    .find(name)
                    .ok_or("a capture's name is not in the program")?;
                let ty = self.ty(ty)?;
                self.function.captures.push(Capture {
                    name,
                    ty,
                    is_by_reference,
                    object: None,
                });
            }
        }
        Ok(())
    }

    fn block_head(&mut self, line: &str) -> Result<()> {
        let (name, parameters) = match line.find('(') {
            Some(open) => (&line[..open], parenthesized(&line[open..])?.0),
            None => (line, ""),
        };
        let block = self.block(name)?;
        self.function.layout.push(block);
        self.current = Some(block);
        for (index, parameter) in list(parameters).into_iter().enumerate() {
            let (value, ty) = self.typed_value(parameter)?;
            self.function.values[value] = ValueData {
                ty,
                definition: Definition::Parameter(block, index as u32),
            };
            self.function.blocks[block].parameters.push(value);
        }
        Ok(())
    }

    fn inst(&mut self, line: &str) -> Result<()> {
        let block = self.current.ok_or("an instruction outside of any block")?;
        // Strings escape their semicolons' neighbours, but not `" ; "`: look behind the last quote.
        let quote = line.rfind('"').unwrap_or(0);
        let (line, site) = match line[quote..].find(" ; ") {
            Some(at) => (&line[..quote + at], Some(&line[quote + at + 3..])),
            None => match line.find(" ; ") {
                Some(at) if !line[..at].contains('"') => (&line[..at], Some(&line[at + 3..])),
                _ => (line, None),
            },
        };
        let (results, text) = match line.split_once(" = ") {
            Some((results, text)) if results.starts_with('v') => (results, text),
            _ => ("", line),
        };
        let results: Vec<(Value, TypeId)> = list(results)
            .into_iter()
            .map(|result| self.typed_value(result))
            .collect::<Result<_>>()?;
        let op = self.op(text, results.first().map(|(_, ty)| *ty))?;
        let inst = self.function.append_inst(block, op, &[], Span::default());
        for (index, (value, ty)) in results.into_iter().enumerate() {
            self.function.values[value] = ValueData {
                ty,
                definition: Definition::Result(inst, index as u32),
            };
            self.function.insts[inst].results.push(value);
        }
        if let Some(site) = site {
            let site = read_site(site)?;
            self.function.insts[inst].site = self.function.sites.push(site).into();
        }
        Ok(())
    }

    fn function_named(&self, name: &str) -> Result<FunctionId> {
        let mut functions = self.program.functions.iter();
        functions
            .find(|(_, function)| function.name == name)
            .map(|(id, _)| id)
            .ok_or_else(|| format!("no function `{name}`"))
    }

    fn target(&mut self, text: &str) -> Result<Target> {
        let (block, arguments) = match text.find('(') {
            Some(open) => (&text[..open], parenthesized(&text[open..])?.0),
            None => (text, ""),
        };
        Ok(Target {
            block: self.block(block)?,
            arguments: self.values(arguments)?,
        })
    }

    fn one(&mut self, text: &str) -> Result<Value> {
        match self.values(text)?[..] {
            [value] => Ok(value),
            _ => Err(format!("expected one operand in `{text}`")),
        }
    }

    fn two(&mut self, text: &str) -> Result<(Value, Value)> {
        match self.values(text)?[..] {
            [first, second] => Ok((first, second)),
            _ => Err(format!("expected two operands in `{text}`")),
        }
    }

    fn op(&mut self, text: &str, ty: Option<TypeId>) -> Result<Op> {
        let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
        if let Some(op) = read_binary(name) {
            let (left, right) = self.two(rest)?;
            return Ok(Op::Binary(op, left, right));
        }
        if let Some(kind) = read_convert(name) {
            return Ok(Op::Convert(kind, self.one(rest)?));
        }
        Ok(match name {
            "const" => Op::Constant(self.constant(rest, ty)?),
            "zero" => Op::Constant(ConstantValue::Zero),
            "global" => {
                let mut globals = self.program.globals.iter();
                let found = globals
                    .find(|(_, global)| global.name == rest)
                    .ok_or_else(|| format!("no global `{rest}`"))?;
                Op::GlobalAddress(found.0)
            }
            "function" => Op::FunctionValue(self.function_named(rest)?),
            "capture" => Op::Capture(number(rest)?),
            "neg" => Op::Unary(UnaryOp::Negate, self.one(rest)?),
            "not" => Op::Unary(UnaryOp::Not, self.one(rest)?),
            "complement" => Op::Unary(UnaryOp::Complement, self.one(rest)?),
            "aggregate" => Op::Aggregate(self.values(rest)?),
            "field" | "element" | "field_address" => {
                let (value, index) = rest.split_once(", ").ok_or("expected an index")?;
                let value = self.value(value)?;
                match name {
                    "field" => Op::Field(value, number(index)?),
                    "element" => Op::Element(value, number(index)?),
                    _ => Op::FieldAddress(value, number(index)?),
                }
            }
            "index_address" | "index_address_in_bounds" => {
                let (base, index) = self.two(rest)?;
                Op::IndexAddress {
                    base,
                    index,
                    in_bounds: name.ends_with("in_bounds"),
                }
            }
            "string_index" | "string_index_in_bounds" => {
                let (string, index) = self.two(rest)?;
                Op::StringIndex {
                    string,
                    index,
                    in_bounds: name.ends_with("in_bounds"),
                }
            }
            "slice" => self.slice(rest)?,
            "len" => Op::Len(self.one(rest)?),
            "cap" => Op::Cap(self.one(rest)?),
            "min" => Op::Min(self.values(rest)?),
            "max" => Op::Max(self.values(rest)?),
            "decode_rune" => {
                let (string, index) = self.two(rest)?;
                Op::DecodeRune(string, index)
            }
            "alloc" => Op::Alloc(self.ty(rest)?),
            "load" => Op::Load(self.one(rest)?),
            "store" => {
                let (address, value) = self.two(rest)?;
                Op::Store { address, value }
            }
            "move" => {
                let (target, source) = self.two(rest)?;
                Op::Move { target, source }
            }
            "clear" => Op::Clear(self.one(rest)?),
            "nil_check" => Op::NilCheck(self.one(rest)?),
            "make_slice" => {
                let values = self.values(rest)?;
                Op::MakeSlice {
                    len: *values.first().ok_or("expected a length")?,
                    cap: values.get(1).copied(),
                }
            }
            "make_map" => Op::MakeMap {
                hint: self.values(rest)?.first().copied(),
            },
            "make_channel" => Op::MakeChannel {
                size: self.values(rest)?.first().copied(),
            },
            "make_closure" => {
                let (function, captures) = rest.split_once(' ').unwrap_or((rest, ""));
                Op::MakeClosure {
                    function: self.function_named(function)?,
                    captures: self.values(captures)?,
                }
            }
            "make_interface" => Op::MakeInterface(self.one(rest)?),
            "append" => {
                let mut values = self.values(rest)?;
                Op::Append {
                    slice: values.remove(0),
                    elements: values,
                }
            }
            "append_slice" => {
                let (slice, other) = self.two(rest)?;
                Op::AppendSlice { slice, other }
            }
            "string_concat" => Op::StringConcat(self.values(rest)?),
            "copy" => {
                let (target, source) = self.two(rest)?;
                Op::Copy { target, source }
            }
            "clear_slice" => Op::ClearSlice(self.one(rest)?),
            "map_find" | "map_assign" | "map_delete" => {
                let (map, key) = self.two(rest)?;
                match name {
                    "map_find" => Op::MapFind { map, key },
                    "map_assign" => Op::MapAssign { map, key },
                    _ => Op::MapDelete { map, key },
                }
            }
            "map_clear" => Op::MapClear(self.one(rest)?),
            "map_iterate_start" => {
                let (map, iterator) = self.two(rest)?;
                Op::MapIterateStart { map, iterator }
            }
            "map_iterate_next" => {
                let (iterator, ty) = rest.split_once(" of ").ok_or("expected `of` a map type")?;
                Op::MapIterateNext {
                    map_type: self.ty(ty)?,
                    iterator: self.value(iterator)?,
                }
            }
            "print" | "println" => Op::Print {
                values: self.values(rest)?,
                is_line: name == "println",
            },
            "change_interface" => Op::ChangeInterface(self.one(rest)?),
            "type_assert" | "type_assert_ok" => {
                let (value, ty) = rest.split_once(" to ").ok_or("expected `to` a type")?;
                Op::TypeAssert {
                    value: self.value(value)?,
                    ty: self.ty(ty)?,
                    comma_ok: name.ends_with("_ok"),
                }
            }
            "call" | "call_closure" | "call_interface" => self.call(name, rest)?,
            "go" => Op::Go(self.one(rest)?),
            "defer" => Op::Defer(self.one(rest)?),
            "run_defers" => Op::RunDefers,
            "recover" => Op::Recover,
            "send" => {
                let (channel, value) = self.two(rest)?;
                Op::Send { channel, value }
            }
            "receive" | "receive_ok" => Op::Receive {
                channel: self.one(rest)?,
                comma_ok: name.ends_with("_ok"),
            },
            "close" => Op::Close(self.one(rest)?),
            "select" | "select_default" => self.select(rest, name.ends_with("_default"))?,
            "jump" => Op::Jump(self.target(rest)?),
            "branch" => match list(rest)[..] {
                [condition, then, otherwise] => Op::Branch {
                    condition: self.value(condition)?,
                    then: self.target(then)?,
                    otherwise: self.target(otherwise)?,
                },
                _ => return Err(format!("`{rest}` is no branch")),
            },
            "switch" => self.switch(rest)?,
            "return" => Op::Return(self.values(rest)?),
            "panic" => Op::Panic(self.one(rest)?),
            "unreachable" => Op::Unreachable,
            _ => return Err(format!("`{name}` is no operation")),
        })
    }

    fn constant(&self, text: &str, ty: Option<TypeId>) -> Result<ConstantValue> {
        if let Some(bytes) = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
        {
            return Ok(ConstantValue::String(unescape(bytes)?.into()));
        }
        if text == "true" || text == "false" {
            return Ok(ConstantValue::Bool(text == "true"));
        }
        let is_float = ty
            .and_then(|ty| self.program.typed.types.as_basic(ty))
            .is_some_and(crate::types::Basic::is_float);
        Ok(if is_float {
            ConstantValue::Float(number(text)?)
        } else {
            ConstantValue::Integer(number(text)?)
        })
    }

    fn slice(&mut self, text: &str) -> Result<Op> {
        let (base, bounds) = text.split_once('[').ok_or("expected bounds")?;
        let bounds: Vec<&str> = bounds.trim_end_matches(']').split(':').collect();
        let mut read = |index: usize| match bounds.get(index) {
            Some(text) if !text.is_empty() => self.value(text).map(Some),
            _ => Ok(None),
        };
        let (low, high, max) = (read(0)?, read(1)?, read(2)?);
        Ok(Op::Slice {
            base: self.value(base)?,
            low,
            high,
            max,
        })
    }

    fn call(&mut self, name: &str, text: &str) -> Result<Op> {
        let open = text.rfind('(').ok_or("expected arguments")?;
        let (target, arguments) = (&text[..open], parenthesized(&text[open..])?.0);
        let callee = match name {
            "call" => Callee::Function(self.function_named(target)?),
            "call_closure" => Callee::Closure(self.value(target)?),
            _ => {
                let (receiver, method) =
                    target.split_once(" #").ok_or("expected a method's index")?;
                Callee::Interface {
                    receiver: self.value(receiver)?,
                    method: number(method)?,
                }
            }
        };
        Ok(Op::Call {
            callee,
            arguments: self.values(arguments)?,
        })
    }

    fn select(&mut self, text: &str, has_default: bool) -> Result<Op> {
        let mut cases = Vec::new();
        for case in text.split('[').skip(1) {
            let case = case.trim().trim_end_matches(']');
            cases.push(match case.split_once(" <- ") {
                Some((channel, value)) => SelectCase::Send {
                    channel: self.value(channel)?,
                    value: self.value(value)?,
                },
                None => SelectCase::Receive {
                    channel: self.value(case.trim_start_matches("<-"))?,
                },
            });
        }
        Ok(Op::Select { cases, has_default })
    }

    fn switch(&mut self, text: &str) -> Result<Op> {
        let mut parts = list(text).into_iter();
        let value = self.value(parts.next().ok_or("expected a value")?)?;
        let (mut cases, mut default) = (Vec::new(), None);
        for part in parts {
            match part.split_once(" => ") {
                Some((case, target)) => cases.push((number(case)?, self.target(target)?)),
                None => {
                    default =
                        Some(self.target(part.strip_prefix("else ").ok_or("expected `else`")?)?);
                }
            }
        }
        Ok(Op::Switch {
            value,
            cases,
            default: default.ok_or("expected `else`")?,
        })
    }
}

fn read_binary(name: &str) -> Option<BinaryOp> {
    use BinaryOp as B;
    const ALL: [BinaryOp; 17] = [
        B::Add,
        B::Subtract,
        B::Multiply,
        B::Divide,
        B::Remainder,
        B::And,
        B::Or,
        B::Xor,
        B::AndNot,
        B::ShiftLeft,
        B::ShiftRight,
        B::Equal,
        B::NotEqual,
        B::Less,
        B::LessEqual,
        B::Greater,
        B::GreaterEqual,
    ];
    ALL.into_iter().find(|op| print::binary_name(*op) == name)
}

fn read_convert(name: &str) -> Option<ConvertKind> {
    use ConvertKind as C;
    const ALL: [ConvertKind; 8] = [
        C::Retype,
        C::Numeric,
        C::IntegerToString,
        C::BytesToString,
        C::RunesToString,
        C::StringToBytes,
        C::StringToRunes,
        C::SliceToArrayPointer,
    ];
    ALL.into_iter()
        .find(|kind| print::convert_name(*kind) == name)
}

fn read_site(text: &str) -> Result<Site> {
    use SiteKind as S;
    const ALL: [SiteKind; 20] = [
        S::Variable,
        S::Parameter,
        S::Result,
        S::Temporary,
        S::New,
        S::PointerLiteral,
        S::SliceLiteral,
        S::MapLiteral,
        S::MakeSlice,
        S::MakeMap,
        S::MakeChannel,
        S::Closure,
        S::Thunk,
        S::MethodValue,
        S::Interface,
        S::VariadicSlice,
        S::Append,
        S::FirstAppend,
        S::StringConcat,
        S::Conversion,
    ];
    let (kind, rest) = text.split_once(' ').ok_or("expected a site")?;
    let (text, depth) = rest
        .rsplit_once(" depth=")
        .or_else(|| rest.strip_prefix("depth=").map(|depth| ("", depth)))
        .ok_or("expected a depth")?;
    let kind = ALL
        .into_iter()
        .find(|candidate| format!("{candidate:?}") == kind)
        .ok_or_else(|| format!("`{kind}` is no kind of site"))?;
    Ok(Site {
        kind,
        text: text.to_owned(),
        position: 0,
        loop_depth: number(depth)?,
    })
}

/// Undoes `escape_ascii`.
fn unescape(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next().ok_or("a string ends in a backslash")? {
            b't' => b'\t',
            b'r' => b'\r',
            b'n' => b'\n',
            b'x' => {
                let digits = [rest.next().unwrap_or(b' '), rest.next().unwrap_or(b' ')];
                u8::from_str_radix(&String::from_utf8_lossy(&digits), 16)
                    .map_err(|_| "bad escape")?
            }
            other => other,
        });
    }
    Ok(bytes)
}
