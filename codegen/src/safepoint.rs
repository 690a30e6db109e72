//! Which values the collector must find at each safepoint, and where loops poll.
//!
//! A goroutine's stack moves and the heap does not, so roots are *copies*: before a call that is a
//! safepoint the live pointers are stored to explicit stack slots, and the slots are listed in the
//! call's map; the code goes on with the values in registers. Slots are never loaded, and no address
//! of one is ever a value (checked by `check_slots` in debug builds).
//!
//! The plan is made on SSA, before any CLIF exists: liveness of all values that may point into the
//! heap; for each safepoint the values live after it *and its operands*, which the runtime may still
//! need; and a slot for each value that is listed anywhere. A call of compiled code with its arguments in
//! registers lists no operands: the callee lists what it needs of them for as long as it needs it, and
//! when it yields in its prologue the registers are saved, where the collector looks at them. Values that are never live together share slots: on SSA in dominance order, taking the
//! lowest free slot at the definition is an optimal colouring (Hack, Grund, Goos, "Register
//! Allocation for Programs in SSA-Form", 2006).
//!
//! A value that is live at a safepoint in a loop it was defined outside of is stored where it is
//! defined; others just before the first safepoint that needs them. Cold safepoints (polls, slow
//! paths of allocations) store in their cold block and count for neither.

use cranelift_entity::SecondaryMap;
use frontend::ssa::dominators::Dominators;
use frontend::ssa::loops::{Loop, Loops};
use frontend::ssa::{Block, Definition, Function, Inst, Op, Value};

use crate::bits::Bits;

/// How an instruction takes part in collections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// No safepoint.
    None,
    /// A safepoint off the hot path only.
    ColdSafepoint,
    /// A safepoint.
    Safepoint,
    /// A call of compiled code: a safepoint whose callee yields when asked to.
    Call,
    /// Such a call, after which nobody relies on the caller for the arguments.
    CallInRegisters,
}

impl Effect {
    fn is_call(self) -> bool {
        matches!(self, Effect::Call | Effect::CallInRegisters)
    }

    fn keeps_operands(self) -> bool {
        !matches!(self, Effect::None | Effect::CallInRegisters)
    }
}

/// A value that has root slots.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Root {
    /// The value.
    pub(crate) value: Value,
    /// Its first slot; one for each pointer leaf follows.
    pub(crate) first_slot: u32,
    /// Whether it is stored where it is defined.
    pub(crate) is_stored_at_definition: bool,
}

/// Marks the absence of a list or root.
const NONE: u32 = u32::MAX;

/// The plan of one function.
#[derive(Default)]
pub(crate) struct RootPlan {
    roots: Vec<Root>,
    root_of: SecondaryMap<Value, u32>,
    lists: Vec<u32>,
    safepoints: SecondaryMap<Inst, (u32, u32)>,
    polls: SecondaryMap<Block, Option<(u32, u32)>>,
    loop_depth: SecondaryMap<Block, u32>,
}

impl RootPlan {
    /// Makes the plan. `pointer_leaves` says how many slots a value would need: 0 for values that
    /// never point into the heap. With `all_loops_poll` loops poll that call what yields, too.
    pub(crate) fn new(
        function: &Function,
        dominators: &Dominators,
        effect: &dyn Fn(Inst) -> Effect,
        pointer_leaves: &dyn Fn(Value) -> u32,
        all_loops_poll: bool,
    ) -> Self {
        let loops = Loops::find(function, dominators);
        let polls = polled_headers(function, dominators, &loops, effect, all_loops_poll);
        let mut effects: SecondaryMap<Inst, Option<Effect>> = SecondaryMap::new();
        let mut depth_of_inst: SecondaryMap<Inst, u32> = SecondaryMap::new();
        for &block in dominators.reverse_postorder() {
            for &inst in &function.blocks[block].insts {
                effects[inst] = Some(effect(inst));
                depth_of_inst[inst] = loops.depth[block];
            }
        }
        let has_safepoint = effects
            .values()
            .any(|effect| !matches!(effect, None | Some(Effect::None)))
            || polls.values().any(|needs| *needs);
        let mut plan = RootPlan {
            loop_depth: loops.depth,
            root_of: SecondaryMap::with_default(NONE),
            ..RootPlan::default()
        };
        if !has_safepoint {
            return plan;
        }
        let mut leaves = Vec::new();
        for value in function.values.keys() {
            let count = pointer_leaves(value);
            if count > 0 {
                plan.root_of[value] = plan.roots.len() as u32;
                plan.roots.push(Root {
                    value,
                    first_slot: NONE,
                    is_stored_at_definition: false,
                });
                leaves.push(count);
            }
        }
        let live_in = plan.live_in(function, dominators);
        let mut deaths: Vec<(Inst, u32)> = Vec::new();
        let mut is_listed = vec![false; plan.roots.len()];
        for &block in dominators.reverse_postorder() {
            let mut live = live_out(function, block, &live_in, plan.roots.len());
            for &inst in function.blocks[block].insts.iter().rev() {
                for &result in &function.insts[inst].results {
                    if plan.root_of[result] != NONE {
                        live.remove(plan.root_of[result]);
                    }
                }
                let start = plan.lists.len();
                let effect = effects[inst].unwrap_or(Effect::None);
                if effect != Effect::None {
                    plan.lists.extend(live.iter());
                }
                function.insts[inst].op.for_each_operand(|operand| {
                    let root = plan.root_of[operand];
                    if root != NONE && live.insert(root) {
                        deaths.push((inst, root));
                        if effect.keeps_operands() {
                            plan.lists.push(root);
                        }
                    }
                });
                if effect != Effect::None {
                    plan.safepoints[inst] = (start as u32, plan.lists.len() as u32);
                    for &root in &plan.lists[start..] {
                        is_listed[root as usize] = true;
                        let definition_depth =
                            match function.values[plan.roots[root as usize].value].definition {
                                Definition::Parameter(at, _) => plan.loop_depth[at],
                                Definition::Result(at, _) => depth_of_inst[at],
                            };
                        let is_deeper = plan.loop_depth[block] > definition_depth;
                        plan.roots[root as usize].is_stored_at_definition |=
                            is_deeper && effect != Effect::ColdSafepoint;
                    }
                }
            }
            if polls[block] {
                let start = plan.lists.len();
                plan.lists.extend(live.iter());
                plan.lists[start..]
                    .iter()
                    .for_each(|root| is_listed[*root as usize] = true);
                plan.polls[block] = Some((start as u32, plan.lists.len() as u32));
            }
        }
        plan.colour(function, dominators, &live_in, &deaths, &is_listed, &leaves);
        plan
    }

    /// The roots at an instruction that is a safepoint.
    pub(crate) fn roots_at(&self, inst: Inst) -> &[u32] {
        let (start, end) = self.safepoints[inst];
        &self.lists[start as usize..end as usize]
    }

    /// The roots at the poll at the start of a block, if there is one.
    pub(crate) fn poll_at(&self, block: Block) -> Option<&[u32]> {
        self.polls[block].map(|(start, end)| &self.lists[start as usize..end as usize])
    }

    /// A root by its number.
    pub(crate) fn root(&self, number: u32) -> Root {
        self.roots[number as usize]
    }

    /// The root of a value that is listed anywhere.
    pub(crate) fn root_of(&self, value: Value) -> Option<(u32, Root)> {
        let number = self.root_of[value];
        (number != NONE)
            .then(|| (number, self.roots[number as usize]))
            .filter(|(_, root)| root.first_slot != NONE)
    }

    /// How many loops are around a block.
    pub(crate) fn loop_depth(&self, block: Block) -> u32 {
        self.loop_depth[block]
    }

    fn live_in(&self, function: &Function, dominators: &Dominators) -> SecondaryMap<Block, Bits> {
        let mut live_in: SecondaryMap<Block, Bits> = SecondaryMap::new();
        let mut changed = true;
        while changed {
            changed = false;
            for &block in dominators.reverse_postorder().iter().rev() {
                let mut live = live_out(function, block, &live_in, self.roots.len());
                for &inst in function.blocks[block].insts.iter().rev() {
                    for &result in &function.insts[inst].results {
                        if self.root_of[result] != NONE {
                            live.remove(self.root_of[result]);
                        }
                    }
                    function.insts[inst].op.for_each_operand(|operand| {
                        if self.root_of[operand] != NONE {
                            live.insert(self.root_of[operand]);
                        }
                    });
                }
                for &parameter in &function.blocks[block].parameters {
                    if self.root_of[parameter] != NONE {
                        live.remove(self.root_of[parameter]);
                    }
                }
                if live_in[block] != live {
                    live_in[block] = live;
                    changed = true;
                }
            }
        }
        live_in
    }

    fn colour(
        &mut self,
        function: &Function,
        dominators: &Dominators,
        live_in: &SecondaryMap<Block, Bits>,
        deaths: &[(Inst, u32)],
        is_listed: &[bool],
        leaves: &[u32],
    ) {
        let mut dying: SecondaryMap<Inst, Vec<u32>> = SecondaryMap::new();
        for &(inst, root) in deaths {
            if is_listed[root as usize] {
                dying[inst].push(root);
            }
        }
        for &block in dominators.reverse_postorder() {
            let mut occupied = Bits::default();
            for root in live_in[block]
                .iter()
                .filter(|root| is_listed[*root as usize])
            {
                self.occupy(&mut occupied, root, leaves, true);
            }
            for &parameter in &function.blocks[block].parameters {
                self.give_slots(parameter, &mut occupied, is_listed, leaves);
            }
            for &inst in &function.blocks[block].insts {
                for &root in &dying[inst] {
                    self.occupy(&mut occupied, root, leaves, false);
                }
                for &result in &function.insts[inst].results {
                    self.give_slots(result, &mut occupied, is_listed, leaves);
                }
            }
        }
    }

    fn occupy(&self, occupied: &mut Bits, root: u32, leaves: &[u32], is_occupied: bool) {
        let first = self.roots[root as usize].first_slot;
        for slot in first..first + leaves[root as usize] {
            if is_occupied {
                occupied.insert(slot);
            } else {
                occupied.remove(slot);
            }
        }
    }

    fn give_slots(
        &mut self,
        value: Value,
        occupied: &mut Bits,
        is_listed: &[bool],
        leaves: &[u32],
    ) {
        let root = self.root_of[value];
        if root == NONE || !is_listed[root as usize] {
            return;
        }
        let count = leaves[root as usize];
        let mut first = 0;
        while let Some(taken) = (first..first + count)
            .rev()
            .find(|slot| occupied.contains(*slot))
        {
            first = taken + 1;
        }
        self.roots[root as usize].first_slot = first;
        self.occupy(occupied, root, leaves, true);
    }
}

fn live_out(
    function: &Function,
    block: Block,
    live_in: &SecondaryMap<Block, Bits>,
    count: usize,
) -> Bits {
    let mut live = Bits::with_capacity(count);
    for successor in function.successors(block) {
        live.union(&live_in[successor]);
    }
    live
}

/// The headers of loops that may go round without a call that yields; all, if asked for.
fn polled_headers(
    function: &Function,
    dominators: &Dominators,
    loops: &Loops,
    effect: &dyn Fn(Inst) -> Effect,
    all_poll: bool,
) -> SecondaryMap<Block, bool> {
    let mut polls = SecondaryMap::new();
    for Loop {
        header,
        latches,
        members,
        ..
    } in &loops.loops
    {
        let has_call = |block: &Block| {
            let insts = &function.blocks[*block].insts;
            insts.iter().any(|inst| effect(*inst).is_call())
        };
        let calls: Vec<Block> = members.iter().copied().filter(has_call).collect();
        polls[*header] = all_poll
            || latches.iter().any(|latch| {
                !dominators.dominates(*header, *latch)
                    || !calls.iter().any(|call| {
                        dominators.dominates(*call, *latch) && dominators.dominates(*header, *call)
                    })
            });
    }
    polls
}

/// Whether an operation's results never need to be listed: they do not point into the heap.
pub(crate) fn is_static(op: &Op) -> bool {
    matches!(
        op,
        Op::Constant(_) | Op::GlobalAddress(_) | Op::FunctionValue(_)
    )
}
