//! Which frame objects the values of a function may lead to.
//!
//! Inclusion constraints after Andersen ("Program Analysis and Specialization for the C Programming Language", 1994), over one
//! function, without regard to fields or to the order of instructions. A value *points to* the frame objects that a pointer in
//! it may be the address of, or the address of a part of; a frame object *contains* those that a pointer in it may be. Objects
//! elsewhere contain none: that is what escape analysis promises, and it counts what is stored through a pointer as in the
//! heap. So a frame object gets into another by a store to a variable, by what a callee does with what is in its arguments
//! already, or by a closure that assigns to what it captured.
//!
//! Where a store's target is not known, or the runtime keeps what it is given, what is stored counts as used to the end.

use std::cell::Cell;

use cranelift_entity::SecondaryMap;
use frontend::ssa::{
    Callee, ConvertKind, Function, FunctionId, Inst, Op, Value, is_pointer_shaped,
};
use frontend::types::{Basic, Type, TypeTable};

use super::{Facts, NONE};
use crate::bits::Bits;

/// Some milliseconds' work. Thousands of objects in one frame, each with a pointer to the next, would take the square of their
/// number: they are not worth it.
const MOST_STEPS: usize = 1 << 20;

/// What leads to which objects, by their numbers.
pub(super) struct PointsTo<'a> {
    facts: &'a Facts<'a>,
    /// The object an instruction makes, or `NONE`.
    object_of: SecondaryMap<Inst, u32>,
    pointers: SecondaryMap<Value, Bits>,
    contents: Vec<Bits>,
    /// The object that *is* a value of memory class, or `NONE`.
    storage: SecondaryMap<Value, u32>,
    /// What may be used after its last use in the code.
    lasting: Bits,
    /// Whether `lasting` is filled: once all else is known.
    is_complete: bool,
    has_changed: bool,
    /// How much was looked at to follow what objects contain.
    steps: Cell<usize>,
}

impl<'a> PointsTo<'a> {
    /// Solves the constraints of a function.
    pub(super) fn solve(facts: &'a Facts<'a>) -> Self {
        let mut solver = PointsTo {
            facts,
            object_of: SecondaryMap::with_default(NONE),
            pointers: SecondaryMap::new(),
            contents: vec![Bits::default(); facts.objects.len()],
            storage: SecondaryMap::with_default(NONE),
            lasting: Bits::default(),
            is_complete: false,
            has_changed: true,
            steps: Cell::new(0),
        };
        for (number, object) in facts.objects.iter().enumerate() {
            solver.object_of[object.inst] = number as u32;
        }
        while solver.has_changed && !solver.is_too_much() {
            solver.has_changed = false;
            solver.pass();
        }
        solver.is_complete = true;
        solver.pass();
        solver.lasting = solver.reach(&solver.lasting);
        solver
    }

    /// Whether objects lead to so many others that it would take too long to follow them; then nothing else found here holds.
    pub(super) fn is_too_much(&self) -> bool {
        self.steps.get() > MOST_STEPS
    }

    /// The objects that must be whole as long as a value is used.
    pub(super) fn needed_by(&self, value: Value) -> Bits {
        let mut objects = self.reach(&self.pointers[value]);
        if self.storage[value] != NONE {
            objects.insert(self.storage[value]);
        }
        objects
    }

    /// The objects that may be used to the end of the function.
    pub(super) fn lasting(&self) -> &Bits {
        &self.lasting
    }

    fn pass(&mut self) {
        let function = self.facts.function;
        for &block in self.facts.dominators.reverse_postorder() {
            for &inst in &function.blocks[block].insts {
                self.visit(function, inst);
            }
        }
    }

    fn types(&self) -> &'a TypeTable {
        self.facts.types
    }

    fn visit(&mut self, function: &Function, inst: Inst) {
        let data = &function.insts[inst];
        for &result in &data.results {
            if self.facts.is_memory(result) {
                self.storage[result] = match &data.op {
                    Op::Field(whole, _)
                    | Op::Element(whole, _)
                    | Op::Convert(ConvertKind::Retype, whole) => self.storage[*whole],
                    _ => self.object_of[inst],
                };
            }
        }
        match &data.op {
            Op::Load(address) => {
                let found = self.contents_of(&self.pointers[*address]);
                self.define(inst, &found);
            }
            Op::Store { address, value } => self.store(*address, &self.pointers[*value].clone()),
            Op::Move { target, source } | Op::Copy { target, source } => {
                self.store(*target, &self.contents_of(&self.pointers[*source]));
            }
            Op::MapIterateStart { map, iterator } => {
                self.store(*iterator, &self.pointers[*map].clone());
            }
            Op::MapIterateNext { iterator, .. } => {
                let found = self.reach(&self.pointers[*iterator]);
                self.define(inst, &found);
            }
            Op::MapAssign { map, key } => {
                self.keep(&self.pointers[*key].clone());
                self.define(inst, &self.pointers[*map].clone());
            }
            Op::Append { slice, elements } => {
                self.make(inst, &self.pointers[*slice].clone());
                for element in elements {
                    self.store(data.results[0], &self.pointers[*element].clone());
                }
            }
            Op::AppendSlice { slice, other } => {
                self.make(inst, &self.pointers[*slice].clone());
                self.store(data.results[0], &self.contents_of(&self.pointers[*other]));
            }
            Op::MakeClosure { .. } | Op::MakeInterface(_) if self.object_of[inst] != NONE => {
                self.make(inst, &Bits::default());
                let held = self.operands(&data.op);
                let object = self.object_of[inst];
                self.has_changed |= self.contents[object as usize].union(&held);
            }
            Op::TypeAssert { value, ty, .. } => {
                let held = &self.pointers[*value];
                let types = self.types();
                let found = if types.is_interface(*ty) || is_pointer_shaped(types, *ty) {
                    held.clone()
                } else {
                    self.contents_of(held)
                };
                self.define(inst, &found);
            }
            Op::Call { callee, arguments } => self.call(inst, callee, arguments),
            Op::Go(_) | Op::Defer(_) | Op::Panic(_) | Op::Send { .. } | Op::Select { .. } => {
                self.keep(&self.operands(&data.op));
            }
            Op::Receive { .. }
            | Op::Constant(_)
            | Op::GlobalAddress(_)
            | Op::FunctionValue(_)
            | Op::Capture(_)
            | Op::Recover => {}
            Op::Jump(_) | Op::Branch { .. } | Op::Switch { .. } => {
                for target in data.op.targets() {
                    let parameters = &function.blocks[target.block].parameters;
                    for (parameter, argument) in parameters.iter().zip(&target.arguments) {
                        let found = self.pointers[*argument].clone();
                        self.has_changed |= self.pointers[*parameter].union(&found);
                    }
                }
            }
            // What these make for themselves is copied into the result.
            Op::Aggregate(_) | Op::MapFind { .. } | Op::MapDelete { .. } | Op::Binary(..) => {
                self.define(inst, &self.operands(&data.op));
            }
            op => self.make(inst, &self.operands(op)),
        }
    }

    /// What the operands point to.
    fn operands(&self, op: &Op) -> Bits {
        let mut found = Bits::default();
        op.for_each_operand(|operand| {
            found.union(&self.pointers[operand]);
        });
        found
    }

    /// The results may be addresses of the instruction's own object, or of `others`.
    fn make(&mut self, inst: Inst, others: &Bits) {
        let mut found = others.clone();
        if self.object_of[inst] != NONE {
            found.insert(self.object_of[inst]);
        }
        self.define(inst, &found);
    }

    /// The results may be addresses of any of these.
    fn define(&mut self, inst: Inst, found: &Bits) {
        if found.is_empty() {
            return;
        }
        let function = self.facts.function;
        for &result in &function.insts[inst].results {
            self.define_one(result, found);
        }
    }

    fn define_one(&mut self, result: Value, found: &Bits) {
        let ty = self.facts.function.type_of(result);
        // The library calculates with addresses.
        let is_address = matches!(self.types().underlying(ty), Type::Basic(Basic::Uintptr));
        if is_address || self.facts.is_memory(result) || self.facts.has_pointers(ty) {
            self.has_changed |= self.pointers[result].union(found);
        }
    }

    fn store(&mut self, address: Value, found: &Bits) {
        if found.is_empty() {
            return;
        }
        if self.pointers[address].is_empty() {
            self.keep(found);
            return;
        }
        for target in self.pointers[address].clone().iter() {
            self.has_changed |= self.contents[target as usize].union(found);
        }
    }

    /// Nobody here sees what becomes of these.
    fn keep(&mut self, found: &Bits) {
        if self.is_complete {
            self.lasting.union(found);
        }
    }

    fn call(&mut self, inst: Inst, callee: &Callee, arguments: &[Value]) {
        let function = self.facts.function;
        let reached = self.reach(&self.operands(&function.insts[inst].op));
        if reached.is_empty() {
            return;
        }
        // A callee may put what it finds in an object into another; the addresses it is given only a closure can, in the
        // variables it captured.
        let is_closure = |object: u32| {
            let inst = self.facts.objects[object as usize].inst;
            matches!(function.insts[inst].op, Op::MakeClosure { .. })
        };
        let moved = if reached.iter().any(is_closure) {
            reached.clone()
        } else {
            self.contents_of(&reached)
        };
        for object in reached.iter() {
            self.has_changed |= self.contents[object as usize].union(&moved);
        }
        match callee {
            Callee::Function(callee) => self.known_results(inst, *callee, arguments),
            Callee::Closure(_) | Callee::Interface { .. } => self.define(inst, &reached),
        }
    }

    fn known_results(&mut self, inst: Inst, callee: FunctionId, arguments: &[Value]) {
        let function = self.facts.function;
        for (nth, &result) in function.insts[inst].results.iter().enumerate() {
            for (index, &argument) in arguments.iter().enumerate() {
                let given = &self.pointers[argument];
                if given.is_empty() {
                    continue;
                }
                let placements = self.facts.placements;
                let found = match placements.derefs_to_result(callee, index, nth) {
                    None => continue,
                    Some(..=0) => self.reach(given),
                    Some(_) => self.contents_of(&self.reach(given)),
                };
                self.define_one(result, &found);
            }
        }
    }

    /// What is in any of these objects.
    fn contents_of(&self, objects: &Bits) -> Bits {
        let mut found = Bits::default();
        for object in objects.iter() {
            found.union(&self.contents[object as usize]);
        }
        found
    }

    /// These objects, and all they lead to.
    fn reach(&self, objects: &Bits) -> Bits {
        let mut reached = objects.clone();
        let mut work: Vec<u32> = objects.iter().collect();
        while let Some(object) = work.pop() {
            let contents = &self.contents[object as usize];
            self.steps.set(self.steps.get() + 1 + contents.words());
            if self.is_too_much() {
                break;
            }
            for inner in contents.iter() {
                if reached.insert(inner) {
                    work.push(inner);
                }
            }
        }
        reached
    }
}
