//! Turns variables into values: an `Alloc` whose address is used for nothing but loads and stores
//! of the whole becomes block parameters and plain uses.
//!
//! Source: Cytron et al., "Efficiently Computing Static Single Assignment Form" (1991), pruned by
//! liveness so that no parameter is added where the variable is dead.
//!
//! What is never lifted: results that recovery reads (`recover_results`), and variables too large
//! for registers.

use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;

use super::{Context, REGISTER_WORDS, flattened_words};
use crate::ssa::dominators::Dominators;
use crate::ssa::op::{ConstantValue, Op};
use crate::ssa::{Block, Function, Inst, Value};
use crate::types::TypeId;

/// Lifts what can be lifted.
pub(super) fn run(function: &mut Function, context: &mut Context) {
    let candidates = candidates(function, context);
    if candidates.list.is_empty() {
        return;
    }
    let dominators = Dominators::compute(function);
    remove_unreachable(function, &dominators);
    let placed = place_parameters(function, &dominators, &candidates);
    rename(function, &dominators, &candidates, &placed);
}

/// The variables to lift.
struct Candidates {
    /// `Alloc` instruction and type of each variable.
    list: Vec<(Inst, TypeId)>,
    /// The index in `list`, plus one, of the variable whose address a value is.
    index_of: SecondaryMap<Value, u32>,
}

impl Candidates {
    fn variable(&self, address: Value) -> Option<usize> {
        (self.index_of[address] as usize).checked_sub(1)
    }
}

fn candidates(function: &Function, context: &Context) -> Candidates {
    let mut index_of: SecondaryMap<Value, u32> = SecondaryMap::new();
    let mut found = Vec::new();
    for &block in &function.layout {
        for &inst in &function.blocks[block].insts {
            if let Op::Alloc(ty) = function.insts[inst].op
                && !function.recover_results.contains(&inst)
                && flattened_words(context.types, ty, REGISTER_WORDS).is_some()
            {
                found.push((inst, ty));
                index_of[function.result(inst)] = found.len() as u32;
            }
        }
    }
    for &block in &function.layout {
        for &inst in &function.blocks[block].insts {
            let mut reject = |value: Value| index_of[value] = 0;
            match &function.insts[inst].op {
                Op::Load(_) | Op::Clear(_) | Op::NilCheck(_) => {}
                Op::Store { value, .. } => reject(*value),
                Op::Move { target, source } => {
                    // A copy between two variables stays possible; onto itself it means nothing.
                    if target == source {
                        reject(*target);
                    }
                }
                op => op.for_each_operand(reject),
            }
        }
    }
    let mut list = Vec::new();
    for (inst, ty) in found {
        let address = function.result(inst);
        if index_of[address] != 0 {
            list.push((inst, ty));
            index_of[address] = list.len() as u32;
        }
    }
    Candidates { list, index_of }
}

/// Drops blocks that control cannot reach, so that renaming meets every use.
fn remove_unreachable(function: &mut Function, dominators: &Dominators) {
    function
        .layout
        .retain(|block| dominators.is_reachable(*block));
}

/// For each block the variables that get a parameter there, with the parameter.
type Placed = SecondaryMap<Block, Vec<(usize, Value)>>;

fn place_parameters(
    function: &mut Function,
    dominators: &Dominators,
    candidates: &Candidates,
) -> Placed {
    let count = candidates.list.len();
    let mut defined_in: Vec<Vec<Block>> = vec![Vec::new(); count];
    // Blocks that read a variable before they set it.
    let mut read_in: Vec<Vec<Block>> = vec![Vec::new(); count];
    for &block in &function.layout {
        for &inst in &function.blocks[block].insts {
            let mut read = |address: Value| {
                if let Some(variable) = candidates.variable(address)
                    && defined_in[variable].last() != Some(&block)
                    && read_in[variable].last() != Some(&block)
                {
                    read_in[variable].push(block);
                }
            };
            let written = match &function.insts[inst].op {
                Op::Load(address) => {
                    read(*address);
                    None
                }
                Op::Store { address, .. } | Op::Clear(address) => Some(*address),
                Op::Move { target, source } => {
                    read(*source);
                    Some(*target)
                }
                Op::Alloc(_) => Some(function.result(inst)),
                _ => None,
            };
            if let Some(variable) = written.and_then(|address| candidates.variable(address))
                && defined_in[variable].last() != Some(&block)
            {
                defined_in[variable].push(block);
            }
        }
    }
    let predecessors = function.predecessors();
    let frontiers = dominators.frontiers(function);
    let mut placed: Placed = SecondaryMap::new();
    let mut live_mark: SecondaryMap<Block, u32> = SecondaryMap::new();
    let mut defined_mark: SecondaryMap<Block, u32> = SecondaryMap::new();
    let mut placed_mark: SecondaryMap<Block, u32> = SecondaryMap::new();
    for variable in 0..count {
        let stamp = variable as u32 + 1;
        for &block in &defined_in[variable] {
            defined_mark[block] = stamp;
        }
        // Where the variable is live on entry: backwards from the reads, stopping at definitions.
        let mut work = read_in[variable].clone();
        for &block in &work {
            live_mark[block] = stamp;
        }
        while let Some(block) = work.pop() {
            for &predecessor in &predecessors[block] {
                if defined_mark[predecessor] != stamp && live_mark[predecessor] != stamp {
                    live_mark[predecessor] = stamp;
                    work.push(predecessor);
                }
            }
        }
        let mut work = defined_in[variable].clone();
        while let Some(block) = work.pop() {
            for &join in &frontiers[block] {
                if placed_mark[join] != stamp && live_mark[join] == stamp {
                    placed_mark[join] = stamp;
                    let parameter = function.add_block_parameter(join, candidates.list[variable].1);
                    placed[join].push((variable, parameter));
                    work.push(join);
                }
            }
        }
    }
    placed
}

/// Walks the dominator tree with the current value of each variable.
fn rename(
    function: &mut Function,
    dominators: &Dominators,
    candidates: &Candidates,
    placed: &Placed,
) {
    let children = dominators.children();
    let mut current: Vec<PackedOption<Value>> = vec![None.into(); candidates.list.len()];
    // What a load's result stands for now.
    let mut replacement: SecondaryMap<Value, PackedOption<Value>> = SecondaryMap::new();
    enum Step {
        Enter(Block),
        Restore(Vec<(usize, PackedOption<Value>)>),
    }
    let mut steps = vec![Step::Enter(function.entry())];
    while let Some(step) = steps.pop() {
        match step {
            Step::Restore(saved) => {
                for (variable, value) in saved.into_iter().rev() {
                    current[variable] = value;
                }
            }
            Step::Enter(block) => {
                let saved = rename_block(
                    function,
                    block,
                    candidates,
                    placed,
                    &mut current,
                    &mut replacement,
                );
                steps.push(Step::Restore(saved));
                steps.extend(children[block].iter().map(|child| Step::Enter(*child)));
            }
        }
    }
}

fn rename_block(
    function: &mut Function,
    block: Block,
    candidates: &Candidates,
    placed: &Placed,
    current: &mut [PackedOption<Value>],
    replacement: &mut SecondaryMap<Value, PackedOption<Value>>,
) -> Vec<(usize, PackedOption<Value>)> {
    let mut saved = Vec::new();
    let mut set = |current: &mut [PackedOption<Value>], variable: usize, value: Value| {
        saved.push((variable, current[variable]));
        current[variable] = value.into();
    };
    for &(variable, parameter) in &placed[block] {
        set(current, variable, parameter);
    }
    let old = std::mem::take(&mut function.blocks[block].insts);
    let mut kept = Vec::with_capacity(old.len());
    for inst in old {
        // Dominating blocks were renamed before, so one look replaces an operand for good.
        function.insts[inst].op.for_each_operand_mut(|value| {
            if let Some(new) = replacement[*value].expand() {
                *value = new;
            }
        });
        let variable = |address: Value| candidates.variable(address);
        match function.insts[inst].op.clone() {
            Op::Load(address) if variable(address).is_some() => {
                let value = current[variable(address).expect("just tested")];
                replacement[function.result(inst)] = value;
                debug_assert!(value.is_some(), "a variable is read only after its Alloc");
            }
            Op::Store { address, value } if variable(address).is_some() => {
                set(current, variable(address).expect("just tested"), value);
            }
            // The zero value is a value of its own: the address keeps meaning the variable.
            Op::Alloc(_) if variable(function.result(inst)).is_some() => {
                let index = variable(function.result(inst)).expect("just tested");
                set(
                    current,
                    index,
                    zero_value(function, inst, candidates.list[index].1, &mut kept),
                );
            }
            Op::Clear(address) if variable(address).is_some() => {
                let index = variable(address).expect("just tested");
                set(
                    current,
                    index,
                    zero_value(function, inst, candidates.list[index].1, &mut kept),
                );
            }
            Op::NilCheck(address) if variable(address).is_some() => {}
            Op::Move { target, source }
                if variable(target).is_some() || variable(source).is_some() =>
            {
                let span = function.insts[inst].span;
                let value = if let Some(index) = variable(source) {
                    current[index].expect("a variable is read only after its Alloc")
                } else {
                    let ty = candidates.list[variable(target).expect("one of the two is")].1;
                    let load = function.make_inst(Op::Load(source), &[ty], span);
                    kept.push(load);
                    function.result(load)
                };
                match variable(target) {
                    Some(index) => set(current, index, value),
                    None => kept.push(function.make_inst(
                        Op::Store {
                            address: target,
                            value,
                        },
                        &[],
                        span,
                    )),
                }
            }
            _ => kept.push(inst),
        }
    }
    pass_arguments(
        function,
        *kept.last().expect("a block has a terminator"),
        placed,
        current,
    );
    function.blocks[block].insts = kept;
    saved
}

/// A new zero value of a type, in the place of `inst`.
fn zero_value(function: &mut Function, inst: Inst, ty: TypeId, kept: &mut Vec<Inst>) -> Value {
    let span = function.insts[inst].span;
    let zero = function.make_inst(Op::Constant(ConstantValue::Zero), &[ty], span);
    kept.push(zero);
    function.result(zero)
}

/// Extends the branch arguments of a terminator by the variables its targets take.
fn pass_arguments(
    function: &mut Function,
    terminator: Inst,
    placed: &Placed,
    current: &[PackedOption<Value>],
) {
    function.insts[terminator].op.for_each_target_mut(|target| {
        for &(variable, _) in &placed[target.block] {
            target
                .arguments
                .push(current[variable].expect("live where a parameter stands"));
        }
    });
}
