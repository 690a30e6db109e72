//! Where clearing an object pays.

use cranelift_entity::{EntityRef, SecondaryMap};
use frontend::ssa::loops::Loops;
use frontend::ssa::{Block, Op};

use super::{Facts, Place, Uses};
use crate::bits::Bits;
use crate::safepoint::Effect;

/// What is asked about every object.
pub(super) struct Worth<'a> {
    facts: &'a Facts<'a>,
    loops: Loops,
    /// The blocks of each loop, by their numbers.
    members: Vec<Bits>,
    /// The loop whose header a block is.
    loop_of_header: SecondaryMap<Block, Option<usize>>,
    predecessors: SecondaryMap<Block, Vec<Block>>,
    /// Places in each block, in order, of instructions that may take long, and let others collect.
    safepoints: SecondaryMap<Block, Vec<usize>>,
    /// Whether there are any in a block, or in one it leads to.
    leads_to_safepoint: SecondaryMap<Block, bool>,
    /// Where each object is made.
    made: Vec<(Block, usize)>,
}

impl<'a> Worth<'a> {
    pub(super) fn new(facts: &'a Facts<'a>) -> Self {
        let function = facts.function;
        let loops = Loops::find(function, facts.dominators);
        let mut loop_of_header: SecondaryMap<Block, Option<usize>> = SecondaryMap::new();
        let mut members = Vec::new();
        for (number, one) in loops.loops.iter().enumerate() {
            loop_of_header[one.header] = Some(number);
            let mut blocks = Bits::default();
            for member in &one.members {
                blocks.insert(member.index() as u32);
            }
            members.push(blocks);
        }
        let predecessors = function.predecessors();
        // Who does not return panics, or goes round for ever.
        let goes_on = leading_to(facts, &predecessors, &|block| {
            let last = &function.insts[function.terminator(block)].op;
            matches!(last, Op::Return(_)) || loop_of_header[block].is_some()
        });
        let mut made = vec![(function.entry(), 0); facts.objects.len()];
        let mut safepoints: SecondaryMap<Block, Vec<usize>> = SecondaryMap::new();
        for &block in facts.dominators.reverse_postorder() {
            for (index, &inst) in function.blocks[block].insts.iter().enumerate() {
                if let Some(object) = facts.object_of(inst) {
                    made[object] = (block, index);
                }
                let effect = (facts.effect)(inst);
                if goes_on[block] && !matches!(effect, Effect::None | Effect::ColdSafepoint) {
                    safepoints[block].push(index);
                }
            }
        }
        let leads_to_safepoint = leading_to(facts, &predecessors, &|block| {
            !safepoints[block].is_empty() || (facts.polls)(block)
        });
        Worth {
            facts,
            loops,
            members,
            loop_of_header,
            predecessors,
            safepoints,
            leads_to_safepoint,
            made,
        }
    }

    /// Where an object is cleared.
    pub(super) fn places(&self, uses: &Uses, object: usize) -> Vec<Place> {
        let mut quiet = Bits::default();
        let (home, _) = self.made[object];
        // Inner loops come after outer ones.
        for (number, members) in self.members.iter().enumerate().rev() {
            if !contains(members, home) {
                continue;
            }
            let may_clear =
                self.facts.objects[object].is_small && self.loops.loops[number].is_reducible;
            let mut deaths = self.deaths(uses, object, &quiet).into_iter();
            if may_clear
                && deaths.any(|place| {
                    contains(members, place.block) && self.pays(place, object, Some(members))
                })
            {
                break;
            }
            quiet.union(members);
        }
        let mut places = self.deaths(uses, object, &quiet);
        places.retain(|place| self.pays(*place, object, None));
        places
    }

    /// Where an object is not used any more, if it counts as used in `quiet` blocks.
    fn deaths(&self, uses: &Uses, object: usize, quiet: &Bits) -> Vec<Place> {
        let mut places: Vec<Place> = uses.deaths[object].clone();
        if quiet.is_empty() {
            return places;
        }
        places.retain(|place| !contains(quiet, place.block));
        for &block in self.facts.dominators.reverse_postorder() {
            let place = Place { block, next: 0 };
            let is_behind = |before: &Block| contains(quiet, *before);
            if self.predecessors[block].iter().any(is_behind)
                && !contains(quiet, block)
                && !uses.live_in[block].contains(object as u32)
                && !places.contains(&place)
            {
                places.push(place);
            }
        }
        places
    }

    /// Whether something that may take long follows before the object is made anew, in these blocks.
    fn pays(&self, place: Place, object: usize, within: Option<&Bits>) -> bool {
        let (home, made) = self.made[object];
        let mut seen = Bits::default();
        let mut work = vec![place];
        while let Some(Place { block, next }) = work.pop() {
            let is_made_in_round = self.loop_of_header[block]
                .is_some_and(|number| contains(&self.members[number], home));
            if next == 0 && (self.facts.polls)(block) && !is_made_in_round {
                return true;
            }
            let safepoint = self.safepoints[block].iter().find(|index| **index >= next);
            let is_made = home == block && made >= next;
            match safepoint {
                Some(index) if !is_made || *index <= made => return true,
                _ if is_made => continue,
                _ => {}
            }
            for successor in self.facts.function.successors(block) {
                if within.is_none_or(|blocks| contains(blocks, successor))
                    && self.leads_to_safepoint[successor]
                    && seen.insert(successor.index() as u32)
                {
                    work.push(Place {
                        block: successor,
                        next: 0,
                    });
                }
            }
        }
        false
    }
}

fn contains(blocks: &Bits, block: Block) -> bool {
    blocks.contains(block.index() as u32)
}

/// The blocks from which one of those wanted is reached.
fn leading_to(
    facts: &Facts,
    predecessors: &SecondaryMap<Block, Vec<Block>>,
    is_wanted: &dyn Fn(Block) -> bool,
) -> SecondaryMap<Block, bool> {
    let mut leads: SecondaryMap<Block, bool> = SecondaryMap::new();
    let blocks = facts.dominators.reverse_postorder().iter().copied();
    let mut work: Vec<Block> = blocks.filter(|block| is_wanted(*block)).collect();
    while let Some(block) = work.pop() {
        if !std::mem::replace(&mut leads[block], true) {
            work.extend(&predecessors[block]);
        }
    }
    leads
}
