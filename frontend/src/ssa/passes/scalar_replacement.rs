//! Takes variables of struct and small array type apart: an `Alloc` that is only used whole or
//! through constant fields and indices becomes one `Alloc` a part, which `lift` can then turn into
//! values. Nested structs come apart in further rounds.
//!
//! Whole loads become loads of the parts and an `Aggregate`; whole stores become `Field`s and
//! stores. Only variables that fit registers are taken apart: larger ones are better copied by
//! `Move`.

use cranelift_entity::SecondaryMap;

use super::{Context, REGISTER_WORDS, flattened_words};
use crate::ssa::op::{ConstantValue, Op};
use crate::ssa::{Function, Inst, Value};
use crate::types::{Type, TypeId};

/// Nesting deeper than this does not fit registers anyway.
const MAX_ROUNDS: usize = 8;

/// Takes apart what can be.
pub(super) fn run(function: &mut Function, context: &mut Context) {
    for _ in 0..MAX_ROUNDS {
        let candidates = candidates(function, context);
        if candidates.list.is_empty() {
            return;
        }
        take_apart(function, context, &candidates);
    }
}

struct Candidate {
    ty: TypeId,
    parts: Vec<TypeId>,
}

struct Candidates {
    list: Vec<Candidate>,
    /// The index in `list`, plus one, of the variable whose address a value is.
    index_of: SecondaryMap<Value, u32>,
}

impl Candidates {
    fn get(&self, address: Value) -> Option<usize> {
        (self.index_of[address] as usize).checked_sub(1)
    }
}

/// The types of the fields or elements of a type that can be taken apart.
fn parts_of(context: &Context, ty: TypeId) -> Option<Vec<TypeId>> {
    flattened_words(context.types, ty, REGISTER_WORDS)?;
    match context.types.underlying(ty) {
        Type::Struct(fields) => Some(fields.iter().map(|field| field.ty).collect()),
        Type::Array(element, count) if *count <= REGISTER_WORDS => {
            Some(vec![*element; *count as usize])
        }
        _ => None,
    }
}

/// The value of an index that is a constant in range of an array.
pub(super) fn constant_index(function: &Function, index: Value, count: usize) -> Option<usize> {
    let inst = function.defining_inst(index)?;
    match function.insts[inst].op {
        Op::Constant(ConstantValue::Integer(value)) => {
            usize::try_from(value).ok().filter(|value| *value < count)
        }
        Op::Constant(ConstantValue::Zero) if count > 0 => Some(0),
        _ => None,
    }
}

fn candidates(function: &Function, context: &Context) -> Candidates {
    let mut result = Candidates {
        list: Vec::new(),
        index_of: SecondaryMap::new(),
    };
    for &block in &function.layout {
        for &inst in &function.blocks[block].insts {
            if let Op::Alloc(ty) = function.insts[inst].op
                && !function.recover_results.contains(&inst)
                && let Some(parts) = parts_of(context, ty)
            {
                result.list.push(Candidate { ty, parts });
                result.index_of[function.result(inst)] = result.list.len() as u32;
            }
        }
    }
    if result.list.is_empty() {
        return result;
    }
    for &block in &function.layout {
        for &inst in &function.blocks[block].insts {
            match &function.insts[inst].op {
                Op::Load(_) | Op::Clear(_) | Op::NilCheck(_) | Op::FieldAddress(..) => {}
                Op::Store { value, .. } => result.index_of[*value] = 0,
                Op::Move { target, source } if target == source => result.index_of[*target] = 0,
                Op::Move { .. } => {}
                Op::IndexAddress { base, index, .. } => {
                    if let Some(candidate) = result.get(*base)
                        && constant_index(function, *index, result.list[candidate].parts.len())
                            .is_none()
                    {
                        result.index_of[*base] = 0;
                    }
                    result.index_of[*index] = 0;
                }
                op => op.for_each_operand(|value| result.index_of[value] = 0),
            }
        }
    }
    let is_any_left = function.layout.iter().any(|block| {
        function.blocks[*block].insts.iter().any(|inst| {
            matches!(function.insts[*inst].op, Op::Alloc(_))
                && result.get(function.result(*inst)).is_some()
        })
    });
    if !is_any_left {
        result.list.clear();
    }
    result
}

fn take_apart(function: &mut Function, context: &mut Context, candidates: &Candidates) {
    // The addresses of the parts of each candidate, once its Alloc was met; code is walked in layout
    // order, so the new Allocs are made up front and placed when the old one is met.
    let mut parts: Vec<Vec<Inst>> = Vec::with_capacity(candidates.list.len());
    for candidate in &candidates.list {
        let insts = candidate
            .parts
            .iter()
            .map(|ty| {
                let pointer = context.types.pointer_to(*ty);
                function.make_inst(Op::Alloc(*ty), &[pointer], crate::source::Span::default())
            })
            .collect();
        parts.push(insts);
    }
    // What the address of a part was called before: every use is renamed at the end.
    let mut renamed: SecondaryMap<Value, cranelift_entity::packed_option::PackedOption<Value>> =
        SecondaryMap::new();
    for index in 0..function.layout.len() {
        let block = function.layout[index];
        let old = std::mem::take(&mut function.blocks[block].insts);
        let mut kept = Vec::with_capacity(old.len());
        for inst in old {
            let mut rewrite = Rewrite {
                function,
                context,
                kept: &mut kept,
                inst,
            };
            match rewrite.function.insts[inst].op.clone() {
                Op::Alloc(_) if candidates.get(rewrite.function.result(inst)).is_some() => {
                    let which = candidates
                        .get(rewrite.function.result(inst))
                        .expect("just tested");
                    for &part in &parts[which] {
                        rewrite.function.insts[part].span = rewrite.function.insts[inst].span;
                        rewrite.function.insts[part].site = rewrite.function.insts[inst].site;
                        rewrite.kept.push(part);
                    }
                }
                Op::FieldAddress(base, field) if candidates.get(base).is_some() => {
                    let which = candidates.get(base).expect("just tested");
                    let part = rewrite.function.result(parts[which][field as usize]);
                    renamed[rewrite.function.result(inst)] = part.into();
                }
                Op::IndexAddress { base, index, .. } if candidates.get(base).is_some() => {
                    let which = candidates.get(base).expect("just tested");
                    let element = constant_index(rewrite.function, index, parts[which].len())
                        .expect("candidates have only such");
                    let part = rewrite.function.result(parts[which][element]);
                    renamed[rewrite.function.result(inst)] = part.into();
                }
                Op::NilCheck(base) if candidates.get(base).is_some() => {}
                Op::Clear(base) if candidates.get(base).is_some() => {
                    for &part in &parts[candidates.get(base).expect("just tested")] {
                        let address = rewrite.function.result(part);
                        rewrite.add(Op::Clear(address), None);
                    }
                }
                Op::Load(base) if candidates.get(base).is_some() => {
                    let which = candidates.get(base).expect("just tested");
                    let values = rewrite.load_parts(&parts[which], &candidates.list[which]);
                    rewrite.function.insts[inst].op = Op::Aggregate(values);
                    rewrite.kept.push(inst);
                }
                Op::Store { address, value } if candidates.get(address).is_some() => {
                    let which = candidates.get(address).expect("just tested");
                    rewrite.store_parts(&parts[which], &candidates.list[which], value);
                }
                Op::Move { target, source }
                    if candidates.get(target).is_some() || candidates.get(source).is_some() =>
                {
                    let value = if let Some(which) = candidates.get(source) {
                        let values = rewrite.load_parts(&parts[which], &candidates.list[which]);
                        rewrite.add(Op::Aggregate(values), Some(candidates.list[which].ty))
                    } else {
                        let which = candidates.get(target).expect("one of the two is");
                        rewrite.add(Op::Load(source), Some(candidates.list[which].ty))
                    };
                    if let Some(which) = candidates.get(target) {
                        rewrite.store_parts(
                            &parts[which],
                            &candidates.list[which],
                            value.expect("has a result"),
                        );
                    } else {
                        let value = value.expect("has a result");
                        rewrite.add(
                            Op::Store {
                                address: target,
                                value,
                            },
                            None,
                        );
                    }
                }
                _ => rewrite.kept.push(inst),
            }
        }
        function.blocks[block].insts = kept;
    }
    for index in 0..function.layout.len() {
        let block = function.layout[index];
        for position in 0..function.blocks[block].insts.len() {
            let inst = function.blocks[block].insts[position];
            function.insts[inst].op.for_each_operand_mut(|value| {
                if let Some(new) = renamed[*value].expand() {
                    *value = new;
                }
            });
        }
    }
}

/// Emits what replaces one instruction.
struct Rewrite<'r, 'c> {
    function: &'r mut Function,
    context: &'r mut Context<'c>,
    kept: &'r mut Vec<Inst>,
    inst: Inst,
}

impl Rewrite<'_, '_> {
    fn add(&mut self, op: Op, ty: Option<TypeId>) -> Option<Value> {
        let span = self.function.insts[self.inst].span;
        let inst = self.function.make_inst(op, ty.as_slice(), span);
        self.kept.push(inst);
        self.function.insts[inst].results.first().copied()
    }

    fn load_parts(&mut self, parts: &[Inst], candidate: &Candidate) -> Vec<Value> {
        let addresses: Vec<Value> = parts
            .iter()
            .map(|part| self.function.result(*part))
            .collect();
        let loads = addresses.into_iter().zip(&candidate.parts);
        loads
            .map(|(address, ty)| {
                self.add(Op::Load(address), Some(*ty))
                    .expect("a load has a result")
            })
            .collect()
    }

    fn store_parts(&mut self, parts: &[Inst], candidate: &Candidate, value: Value) {
        let is_struct = matches!(self.context.types.underlying(candidate.ty), Type::Struct(_));
        for (index, part) in parts.iter().enumerate() {
            let op = if is_struct {
                Op::Field(value, index as u32)
            } else {
                Op::Element(value, index as u64)
            };
            let part_value = self
                .add(op, Some(candidate.parts[index]))
                .expect("a field has a value");
            let address = self.function.result(*part);
            self.add(
                Op::Store {
                    address,
                    value: part_value,
                },
                None,
            );
        }
    }
}
