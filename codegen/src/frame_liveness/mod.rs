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

/// The work grows with the square of the number of objects, and with its cube where they point to one another in a chain. Functions
/// with more of them are generated, or initialise tables; what they have in the frame stays there.
const MAX_OBJECTS: usize = 256;

/// Where which object, by its index, is to be cleared.
pub(crate) fn clears(facts: &Facts) -> Vec<(Place, usize)> {
    if facts.objects.len() > MAX_OBJECTS {
        return Vec::new();
    }
    let uses = Uses::find(facts);
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
    /// Those in use before its last instruction.
    live_at_end: SecondaryMap<Block, Bits>,
    /// For each object where in a block it is not used any more.
    deaths: Vec<Vec<Place>>,
    /// Objects that count as used throughout.
    lasting: Bits,
}

impl Uses {
    fn find(facts: &Facts) -> Self {
        let function = facts.function;
        let points_to = PointsTo::solve(facts);
        let mut values = Values {
            number: SecondaryMap::with_default(NONE),
            needed: Vec::new(),
        };
        for value in function.values.keys() {
            let needed = points_to.needed_by(value);
            if !needed.is_empty() {
                values.number[value] = values.needed.len() as u32;
                values.needed.push(needed);
            }
        }
        let mut uses = Uses {
            live_in: SecondaryMap::new(),
            live_at_end: SecondaryMap::new(),
            deaths: vec![Vec::new(); facts.objects.len()],
            lasting: points_to.lasting().clone(),
        };
        let live_in = values.live_in(facts);
        for &block in facts.dominators.reverse_postorder() {
            let mut live = values.live_out(function, block, &live_in);
            let mut objects = values.objects(&live);
            let insts = &function.blocks[block].insts;
            for (index, &inst) in insts.iter().enumerate().rev() {
                let next = index + 1;
                let has_changed = values.step(function, inst, &mut live);
                let before = has_changed.then(|| values.objects(&live));
                if next < insts.len() {
                    let own = facts.object_of(inst).map(|object| object as u32);
                    let used = before.iter().flat_map(Bits::iter);
                    let others = used.filter(|object| Some(*object) != own);
                    for object in others
                        .chain(own)
                        .filter(|object| !objects.contains(*object))
                    {
                        uses.deaths[object as usize].push(Place { block, next });
                    }
                }
                if let Some(before) = before {
                    objects = before;
                }
                if next == insts.len() {
                    uses.live_at_end[block] = objects.clone();
                }
            }
            uses.live_in[block] = values.objects(&live_in[block]);
        }
        uses
    }
}

/// The values that lead to objects.
struct Values {
    number: SecondaryMap<Value, u32>,
    /// The objects each leads to.
    needed: Vec<Bits>,
}

impl Values {
    fn objects(&self, live: &Bits) -> Bits {
        let mut objects = Bits::default();
        for value in live.iter() {
            objects.union(&self.needed[value as usize]);
        }
        objects
    }

    /// From the values live after an instruction to those before it; whether they are others. What is overwritten as a whole was
    /// of no use.
    fn step(&self, function: &Function, inst: Inst, live: &mut Bits) -> bool {
        let data = &function.insts[inst];
        let mut has_changed = false;
        let mut overwritten = match data.op {
            Op::Store { address, .. }
            | Op::Move {
                target: address, ..
            }
            | Op::Clear(address) => {
                let made_by = function.defining_inst(address);
                made_by
                    .is_some_and(|inst| matches!(function.insts[inst].op, Op::Alloc(_)))
                    .then_some(address)
            }
            _ => None,
        };
        for &value in data.results.iter().chain(&overwritten) {
            if self.number[value] != NONE {
                live.remove(self.number[value]);
                has_changed = true;
            }
        }
        data.op.for_each_operand(|operand| {
            // The target comes first.
            if overwritten.take() != Some(operand) && self.number[operand] != NONE {
                has_changed |= live.insert(self.number[operand]);
            }
        });
        has_changed
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
                    self.step(function, inst, &mut live);
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
