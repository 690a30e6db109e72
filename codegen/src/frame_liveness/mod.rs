//! Where objects in the frame are used for the last time, and are to be cleared.
//!
//! The collector reads all pointers of a goroutine's object frames. What a variable that has an address, a box or a copy of
//! a large struct leads to would therefore be there as long as its function runs. So once nothing can use an object any
//! more, its pointers are cleared.
//!
//! # Promises
//! - An object is cleared only where no value that may lead to it is live: `points_to` says which values do.
//! - That is done where it pays: a call, an operation that may take long, or a loop that polls follows before the object is
//!   made anew; not on the way to a panic. In a loop whose rounds make the object it pays if such a thing follows in the same
//!   round; else the object is cleared behind the loop.
//!
//! The analysis is made when the function's code is emitted, since only then it is known what is in the frame. An *object* is
//! all that one instruction has there.
//!
//! Go's collector does the same without a store: it reads an object on the stack only if it finds a pointer to it
//! (`runtime.stackObject`). For that, a frame's pointers to objects would have to be roots; here most are in no slot at all.

mod points_to;
mod worth;

use cranelift_entity::SecondaryMap;
use frontend::ssa::dominators::Dominators;
use frontend::ssa::{Block, Function, Inst, Op, Value};
use frontend::types::{TypeId, TypeTable};

use crate::Placements;
use crate::bits::Bits;
use crate::safepoint::Effect;
use points_to::PointsTo;
use worth::Worth;

/// Marks the absence of an object or value number.
const NONE: u32 = u32::MAX;

/// What one instruction has in the frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Object {
    /// The instruction.
    pub(crate) inst: Inst,
    /// Whether clearing it is a few stores: what is not is never cleared in loops.
    pub(crate) is_small: bool,
}

/// A place in the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The block.
    pub(crate) block: Block,
    /// Index of the instruction it is before; 0: where the block begins.
    pub(crate) next: usize,
}

/// What the analysis reads.
pub(crate) struct Facts<'a> {
    /// The function.
    pub(crate) function: &'a Function,
    pub(crate) dominators: &'a Dominators,
    pub(crate) types: &'a TypeTable,
    pub(crate) placements: &'a dyn Placements,
    /// The objects, one an instruction, in their order.
    pub(crate) objects: &'a [Object],
    /// How an instruction takes part in collections.
    pub(crate) effect: &'a dyn Fn(Inst) -> Effect,
    /// Whether a block begins with a poll.
    pub(crate) polls: &'a dyn Fn(Block) -> bool,
    /// Whether values of a type are memory that their instruction has in the frame.
    pub(crate) is_memory: &'a dyn Fn(TypeId) -> bool,
    /// Whether values of a type hold pointers.
    pub(crate) has_pointers: &'a dyn Fn(TypeId) -> bool,
}

impl Facts<'_> {
    fn is_memory(&self, value: Value) -> bool {
        (self.is_memory)(self.function.type_of(value))
    }

    fn has_pointers(&self, ty: TypeId) -> bool {
        (self.has_pointers)(ty)
    }

    /// The index of the object an instruction has.
    fn object_of(&self, inst: Inst) -> Option<usize> {
        let found = self
            .objects
            .binary_search_by_key(&inst, |object| object.inst);
        found.ok()
    }
}

/// Sets of objects grow with their number, so the work grows with its square. Functions with more of them are generated, or
/// initialise tables; what they have in the frame stays there.
const MAX_OBJECTS: usize = 1024;

/// Where which object, by its index, is to be cleared.
pub(crate) fn clears(facts: &Facts) -> Vec<(Place, usize)> {
    if facts.objects.len() > MAX_OBJECTS {
        return Vec::new();
    }
    let Some(uses) = Uses::find(facts) else {
        return Vec::new();
    };
    let worth = Worth::new(facts);
    let mut clears = Vec::new();
    for object in 0..facts.objects.len() {
        if !uses.lasting.contains(object as u32) {
            let places = worth.places(&uses, object);
            clears.extend(places.into_iter().map(|place| (place, object)));
        }
    }
    clears
}

/// Where objects are used.
struct Uses {
    /// The objects in use when a block begins.
    live_in: SecondaryMap<Block, Bits>,
    /// For each object where it is not used any more, and was just before.
    deaths: Vec<Vec<Place>>,
    /// Objects that count as used throughout.
    lasting: Bits,
}

impl Uses {
    /// `None` if it would take too long.
    fn find(facts: &Facts) -> Option<Self> {
        let function = facts.function;
        let points_to = PointsTo::solve(facts);
        let mut values = Values {
            number: SecondaryMap::with_default(NONE),
            lead_to: Vec::new(),
        };
        for value in function.values.keys() {
            let needed = points_to.needed_by(value);
            if !needed.is_empty() {
                values.number[value] = values.lead_to.len() as u32;
                values.lead_to.push(needed.iter().collect());
            }
        }
        if points_to.is_too_much() {
            return None;
        }
        let mut uses = Uses {
            live_in: SecondaryMap::new(),
            deaths: vec![Vec::new(); facts.objects.len()],
            lasting: points_to.lasting().clone(),
        };
        let live_in = values.live_in(facts);
        // Before the last instruction of each block.
        let mut live_at_end: SecondaryMap<Block, Bits> = SecondaryMap::new();
        let mut live = Live::new(&values, facts.objects.len());
        for &block in facts.dominators.reverse_postorder() {
            for value in values.live_out(function, block, &live_in).iter() {
                live.insert(value);
            }
            let insts = &function.blocks[block].insts;
            for (index, &inst) in insts.iter().enumerate().rev() {
                let own = facts.object_of(inst).map(|object| object as u32);
                let unused = own.filter(|own| !live.objects.contains(*own));
                // What is needed behind the instruction only because of what it defines.
                let mut defined = Bits::default();
                values.for_each_defined(function, inst, |value| {
                    for object in live.remove(value) {
                        defined.insert(object);
                    }
                });
                let mut used = Vec::new();
                values.for_each_used(function, inst, |value| used.extend(live.insert(value)));
                let next = index + 1;
                if next == insts.len() {
                    live_at_end[block] = live.objects.clone();
                    continue;
                }
                used.retain(|object| !defined.contains(*object) && Some(*object) != own);
                for object in used.into_iter().chain(unused) {
                    uses.deaths[object as usize].push(Place { block, next });
                }
            }
            uses.live_in[block] = live.objects.clone();
            live.clear();
        }
        let predecessors = function.predecessors();
        for &block in facts.dominators.reverse_postorder() {
            let mut were_live = Bits::default();
            for before in &predecessors[block] {
                were_live.union(&live_at_end[*before]);
            }
            let live = &uses.live_in[block];
            for object in were_live.iter().filter(|object| !live.contains(*object)) {
                uses.deaths[object as usize].push(Place { block, next: 0 });
            }
        }
        Some(uses)
    }
}

/// The live values at a place in the code, and the objects they lead to.
struct Live<'a> {
    lead_to: &'a [Vec<u32>],
    values: Bits,
    /// How many of the values lead to each object.
    counts: Vec<u32>,
    objects: Bits,
}

impl<'a> Live<'a> {
    fn new(values: &'a Values, objects: usize) -> Self {
        Live {
            lead_to: &values.lead_to,
            values: Bits::default(),
            counts: vec![0; objects],
            objects: Bits::default(),
        }
    }

    /// Adds a value; the objects that no other led to.
    fn insert(&mut self, value: u32) -> Vec<u32> {
        let mut new = Vec::new();
        if self.values.insert(value) {
            for &object in &self.lead_to[value as usize] {
                self.counts[object as usize] += 1;
                if self.objects.insert(object) {
                    new.push(object);
                }
            }
        }
        new
    }

    /// Takes a value away; the objects that no other leads to.
    fn remove(&mut self, value: u32) -> Vec<u32> {
        let mut old = Vec::new();
        if self.values.contains(value) {
            self.values.remove(value);
            for &object in &self.lead_to[value as usize] {
                self.counts[object as usize] -= 1;
                if self.counts[object as usize] == 0 {
                    self.objects.remove(object);
                    old.push(object);
                }
            }
        }
        old
    }

    fn clear(&mut self) {
        for value in std::mem::take(&mut self.values).iter() {
            for &object in &self.lead_to[value as usize] {
                self.counts[object as usize] = 0;
            }
        }
        self.objects = Bits::default();
    }
}

/// The values that lead to objects, by numbers of their own.
struct Values {
    number: SecondaryMap<Value, u32>,
    /// The objects each leads to.
    lead_to: Vec<Vec<u32>>,
}

impl Values {
    /// The values an instruction defines, or makes useless: those that lead to what it overwrites as a whole.
    fn for_each_defined(&self, function: &Function, inst: Inst, mut visit: impl FnMut(u32)) {
        let results = &function.insts[inst].results;
        for &value in results.iter().chain(&overwritten(function, inst)) {
            if self.number[value] != NONE {
                visit(self.number[value]);
            }
        }
    }

    /// The values an instruction uses.
    fn for_each_used(&self, function: &Function, inst: Inst, mut visit: impl FnMut(u32)) {
        let mut overwritten = overwritten(function, inst);
        function.insts[inst].op.for_each_operand(|operand| {
            // The target comes first.
            if overwritten.take() != Some(operand) && self.number[operand] != NONE {
                visit(self.number[operand]);
            }
        });
    }

    /// The values live when a block begins, its parameters included.
    fn live_in(&self, facts: &Facts) -> SecondaryMap<Block, Bits> {
        let function = facts.function;
        let mut live_in: SecondaryMap<Block, Bits> = SecondaryMap::new();
        let mut has_changed = true;
        while has_changed {
            has_changed = false;
            for &block in facts.dominators.reverse_postorder().iter().rev() {
                let mut live = self.live_out(function, block, &live_in);
                for &inst in function.blocks[block].insts.iter().rev() {
                    self.for_each_defined(function, inst, |value| live.remove(value));
                    self.for_each_used(function, inst, |value| {
                        live.insert(value);
                    });
                }
                has_changed |= live_in[block].union(&live);
            }
        }
        live_in
    }

    /// The values live when a block ends.
    fn live_out(
        &self,
        function: &Function,
        block: Block,
        live_in: &SecondaryMap<Block, Bits>,
    ) -> Bits {
        let mut live = Bits::default();
        for successor in function.successors(block) {
            let mut live_there = live_in[successor].clone();
            for &parameter in &function.blocks[successor].parameters {
                if self.number[parameter] != NONE {
                    live_there.remove(self.number[parameter]);
                }
            }
            live.union(&live_there);
        }
        live
    }
}

/// The address of the variable that an instruction gives a new value, whatever it held.
fn overwritten(function: &Function, inst: Inst) -> Option<Value> {
    let (Op::Store { address, .. }
    | Op::Move {
        target: address, ..
    }
    | Op::Clear(address)) = function.insts[inst].op
    else {
        return None;
    };
    let made_by = function.defining_inst(address)?;
    matches!(function.insts[made_by].op, Op::Alloc(_)).then_some(address)
}
