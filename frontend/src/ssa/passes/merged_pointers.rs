//! Passes small objects by value where pointers to them meet: a block parameter that only ever points
//! at fresh objects, which nobody writes to any more and nobody else can see, becomes the object itself.
//!
//! ```text
//! before                          after
//!     v1: *T = alloc T                v1: *T = alloc T
//!     ...                             ...
//!     jump b1(v1)                     v9: T = load v1
//! b1(v2: *T):                         jump b1(v9)
//!     v3: *F = field_address v2, 0  b1(v2: T):
//!     v4: F = load v3                 v8: *T = alloc T
//!                                     store v8, v2
//!                                     v3: *F = field_address v8, 0
//!                                     v4: F = load v3
//! ```
//!
//! What is left are variables that `scalar_replacement` and `lift` turn into values: `acc = acc.add(v)`
//! in a loop, with an `add` that returns `&T{...}`, makes no objects at all. An object that is carried
//! round a loop would be in the heap otherwise, since one of each round is alive in the next.
//!
//! Nobody can tell the difference: no address is compared or leaves the function, none is nil, and
//! the contents do not change between the jump and the reads.
//!
//! Source: the merging of virtual objects in Stadler, Würthinger and Mössenböck, "Partial Escape
//! Analysis and Scalar Replacement for Java" (2014), restricted to objects that never materialize.

use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;

use super::scalar_replacement::constant_index;
use super::{Context, REGISTER_WORDS, flattened_words};
use crate::ssa::op::Op;
use crate::ssa::{Block, Definition, Function, Inst, Site, SiteKind, Value};
use crate::types::{Type, TypeId, TypeTable};

/// Passes by value what can be.
pub(super) fn run(function: &mut Function, context: &mut Context) {
    let members = Members::of(function, context.types);
    if !members.parameters.is_empty() {
        pass_by_value(function, &members);
    }
}

/// Whether it is worth a look: some block takes a pointer to something small.
pub(super) fn may_apply(function: &Function, types: &TypeTable) -> bool {
    let mut parameters = function
        .layout
        .iter()
        .skip(1)
        .flat_map(|block| &function.blocks[*block].parameters);
    parameters.any(|parameter| small_object(types, function.type_of(*parameter)).is_some())
}

/// What a pointer to something that fits registers points at.
fn small_object(types: &TypeTable, pointer: TypeId) -> Option<TypeId> {
    let Type::Pointer(object) = types.underlying(pointer) else {
        return None;
    };
    flattened_words(types, *object, REGISTER_WORDS).map(|_| *object)
}

/// Pointers that may be replaced by what they point at: `Alloc`s and block parameters that get nothing
/// but such.
struct Members {
    /// Whether a value is one.
    is_member: SecondaryMap<Value, bool>,
    /// Those that are parameters, each with the object's type.
    parameters: Vec<(Value, TypeId)>,
}

impl Members {
    fn of(function: &Function, types: &TypeTable) -> Self {
        let mut search = Search {
            function,
            types,
            is_member: SecondaryMap::new(),
            edges: SecondaryMap::new(),
            made_in: SecondaryMap::new(),
            stores: Vec::new(),
            passed: SecondaryMap::new(),
        };
        let parameters = search.candidates();
        search.uses();
        search.stores_behind_a_jump();
        let is_member = search.is_member;
        Members {
            parameters: parameters
                .into_iter()
                .filter(|(parameter, _)| is_member[*parameter])
                .collect(),
            is_member,
        }
    }
}

struct Search<'f> {
    function: &'f Function,
    types: &'f TypeTable,
    is_member: SecondaryMap<Value, bool>,
    /// For each candidate those it is passed to or gets: if one is none, no other is.
    edges: SecondaryMap<Value, Vec<Value>>,
    /// The blocks of candidates that are `Alloc`s.
    made_in: SecondaryMap<Value, PackedOption<Block>>,
    /// Where candidates that are `Alloc`s are written.
    stores: Vec<(Value, Block)>,
    /// The blocks at whose ends an `Alloc` is passed on.
    passed: SecondaryMap<Value, Vec<Block>>,
}

impl Search<'_> {
    fn candidates(&mut self) -> Vec<(Value, TypeId)> {
        let function = self.function;
        let mut parameters = Vec::new();
        for &block in function.layout.iter().skip(1) {
            for &parameter in &function.blocks[block].parameters {
                if let Some(object) = small_object(self.types, function.type_of(parameter)) {
                    self.is_member[parameter] = true;
                    parameters.push((parameter, object));
                }
            }
        }
        for &block in &function.layout {
            for &inst in &function.blocks[block].insts {
                if let Op::Alloc(ty) = function.insts[inst].op
                    && !function.recover_results.contains(&inst)
                    && flattened_words(self.types, ty, REGISTER_WORDS).is_some()
                {
                    let alloc = function.result(inst);
                    self.is_member[alloc] = true;
                    self.made_in[alloc] = block.into();
                }
            }
        }
        parameters
    }

    /// The candidate that an address points at or into.
    fn candidate(&self, mut address: Value) -> Option<Value> {
        loop {
            if self.is_member[address] {
                return Some(address);
            }
            let inst = self.function.defining_inst(address)?;
            match self.function.insts[inst].op {
                Op::FieldAddress(base, _) | Op::IndexAddress { base, .. } => address = base,
                _ => return None,
            }
        }
    }

    fn reject(&mut self, address: Value) {
        let mut work: Vec<Value> = self.candidate(address).into_iter().collect();
        while let Some(value) = work.pop() {
            if std::mem::replace(&mut self.is_member[value], false) {
                work.append(&mut self.edges[value]);
            }
        }
    }

    fn uses(&mut self) {
        let function = self.function;
        for &block in &function.layout {
            for &inst in &function.blocks[block].insts {
                match &function.insts[inst].op {
                    Op::Load(_) | Op::NilCheck(_) | Op::FieldAddress(..) => {}
                    Op::IndexAddress { base, index, .. } => {
                        let is_constant = match self
                            .types
                            .pointee(function.type_of(*base))
                            .map(|array| self.types.underlying(array))
                        {
                            Some(Type::Array(_, count)) => {
                                constant_index(function, *index, *count as usize).is_some()
                            }
                            _ => false,
                        };
                        if !is_constant {
                            self.reject(*base);
                        }
                    }
                    Op::Store { address, value } => {
                        self.reject(*value);
                        self.store(*address, block);
                    }
                    Op::Move { target, .. } => self.store(*target, block),
                    Op::Clear(address) => self.store(*address, block),
                    Op::Jump(_) | Op::Branch { .. } | Op::Switch { .. } => {
                        self.jumps(block, inst);
                    }
                    op => op.for_each_operand(|value| self.reject(value)),
                }
            }
        }
    }

    fn store(&mut self, address: Value, block: Block) {
        if let Some(candidate) = self.candidate(address) {
            if self.function.defining_inst(candidate).is_some() {
                self.stores.push((candidate, block));
            } else {
                self.reject(candidate);
            }
        }
    }

    fn jumps(&mut self, block: Block, inst: Inst) {
        let function = self.function;
        for target in function.insts[inst].op.targets() {
            let parameters = &function.blocks[target.block].parameters;
            for (&argument, &parameter) in target.arguments.iter().zip(parameters) {
                if self.is_member[argument] && self.is_member[parameter] {
                    self.edges[argument].push(parameter);
                    self.edges[parameter].push(argument);
                    self.passed[argument].push(block);
                } else {
                    self.reject(argument);
                    self.reject(parameter);
                }
            }
        }
    }

    /// What is written after it was passed on is not the same object as the copy.
    fn stores_behind_a_jump(&mut self) {
        let mut stores = std::mem::take(&mut self.stores);
        stores.sort_unstable();
        for group in stores.chunk_by(|(one, _), (other, _)| one == other) {
            let written = group[0].0;
            if self.passed[written].is_empty() || !self.is_member[written] {
                continue;
            }
            let is_behind = self.behind_jumps(written);
            if group.iter().any(|(_, block)| is_behind[*block]) {
                self.reject(written);
            }
        }
    }

    /// The blocks that control may get to from where an `Alloc` is passed on, without making it anew.
    fn behind_jumps(&self, alloc: Value) -> SecondaryMap<Block, bool> {
        let made_in = self.made_in[alloc].expand();
        let mut is_met: SecondaryMap<Block, bool> = SecondaryMap::new();
        let mut work = self.passed[alloc].clone();
        while let Some(block) = work.pop() {
            for successor in self.function.successors(block) {
                if !is_met[successor] && Some(successor) != made_in {
                    is_met[successor] = true;
                    work.push(successor);
                }
            }
        }
        is_met
    }
}

fn pass_by_value(function: &mut Function, members: &Members) {
    let mut boxes: SecondaryMap<Value, PackedOption<Value>> = SecondaryMap::new();
    for &(parameter, object) in &members.parameters {
        let Definition::Parameter(block, _) = function.values[parameter].definition else {
            unreachable!("members without instruction are parameters");
        };
        let pointer = function.type_of(parameter);
        let first = function.blocks[block].insts[0];
        let span = function.insts[first].span;
        let alloc = function.make_inst(Op::Alloc(object), &[pointer], span);
        let site = Site {
            kind: SiteKind::Temporary,
            text: String::new(),
            position: span.start,
            loop_depth: 1,
        };
        function.insts[alloc].site = function.sites.push(site).into();
        let address = function.result(alloc);
        let value = parameter;
        let store = function.make_inst(Op::Store { address, value }, &[], span);
        function.values[parameter].ty = object;
        boxes[parameter] = address.into();
        function.blocks[block].insts.splice(0..0, [alloc, store]);
    }
    for index in 0..function.layout.len() {
        let block = function.layout[index];
        for inst in function.blocks[block].insts.clone() {
            match &mut function.insts[inst].op {
                // Members are passed to members only: a parameter as the value it is now.
                Op::Jump(_) | Op::Branch { .. } | Op::Switch { .. } => {
                    load_arguments(function, block, inst, members, &boxes);
                }
                Op::Store { address, .. } => rename(address, &boxes),
                op => op.for_each_operand_mut(|value| rename(value, &boxes)),
            }
        }
    }
}

fn rename(value: &mut Value, boxes: &SecondaryMap<Value, PackedOption<Value>>) {
    *value = boxes[*value].expand().unwrap_or(*value);
}

/// Passes the contents of the `Alloc`s among the arguments of a terminator.
fn load_arguments(
    function: &mut Function,
    block: Block,
    inst: Inst,
    members: &Members,
    boxes: &SecondaryMap<Value, PackedOption<Value>>,
) {
    let span = function.insts[inst].span;
    let mut op = std::mem::replace(&mut function.insts[inst].op, Op::Unreachable);
    op.for_each_target_mut(|target| {
        for (position, argument) in target.arguments.iter_mut().enumerate() {
            let parameter = function.blocks[target.block].parameters[position];
            if boxes[parameter].is_some() && boxes[*argument].is_none() {
                debug_assert!(members.is_member[*argument]);
                let object = function.type_of(parameter);
                let load = function.make_inst(Op::Load(*argument), &[object], span);
                let end = function.blocks[block].insts.len() - 1;
                function.blocks[block].insts.insert(end, load);
                *argument = function.result(load);
            }
        }
    });
    function.insts[inst].op = op;
}
