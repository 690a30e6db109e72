//! The dominator tree and dominance frontiers.
//!
//! Source: Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm" (2001).

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityRef, SecondaryMap};

use super::{Block, Function};

/// Immediate dominators and the order they were computed in. Unreachable blocks have neither.
#[derive(Debug)]
pub struct Dominators {
    /// Reachable blocks, each after its dominators: reverse postorder.
    order: Vec<Block>,
    /// Position in `order`, from 1; 0: unreachable.
    number: SecondaryMap<Block, u32>,
    immediate: SecondaryMap<Block, PackedOption<Block>>,
    /// For each block the range of preorder numbers of its dominator subtree.
    subtree: SecondaryMap<Block, (u32, u32)>,
}

impl Dominators {
    /// Computes the tree of a function whose blocks all have terminators.
    pub fn compute(function: &Function) -> Self {
        let order = reverse_postorder(function);
        let mut number: SecondaryMap<Block, u32> = SecondaryMap::new();
        for (index, block) in order.iter().enumerate() {
            number[*block] = index as u32 + 1;
        }
        let predecessors = function.predecessors();
        let mut immediate: SecondaryMap<Block, PackedOption<Block>> = SecondaryMap::new();
        let entry = function.entry();
        immediate[entry] = entry.into();
        let mut changed = true;
        while changed {
            changed = false;
            for &block in &order[1..] {
                let mut best: Option<Block> = None;
                for &predecessor in &predecessors[block] {
                    if immediate[predecessor].is_none() {
                        continue;
                    }
                    best = Some(match best {
                        None => predecessor,
                        Some(other) => intersect(&immediate, &number, predecessor, other),
                    });
                }
                if immediate[block].expand() != best {
                    immediate[block] = best.into();
                    changed = true;
                }
            }
        }
        immediate[entry] = None.into();
        let mut dominators = Dominators {
            order,
            number,
            immediate,
            subtree: SecondaryMap::new(),
        };
        dominators.number_subtrees(entry);
        dominators
    }

    /// Reachable blocks in reverse postorder, entry first.
    pub fn reverse_postorder(&self) -> &[Block] {
        &self.order
    }

    /// Whether control can reach a block.
    pub fn is_reachable(&self, block: Block) -> bool {
        self.number[block] != 0
    }

    /// Position in reverse postorder, from 0, of a reachable block.
    pub fn order_of(&self, block: Block) -> u32 {
        self.number[block] - 1
    }

    /// The closest other block that every path to `block` passes.
    pub fn immediate(&self, block: Block) -> Option<Block> {
        self.immediate[block].expand()
    }

    /// The blocks that each block is the closest to dominate.
    pub fn children(&self) -> SecondaryMap<Block, Vec<Block>> {
        let mut children: SecondaryMap<Block, Vec<Block>> = SecondaryMap::new();
        for &block in &self.order {
            if let Some(parent) = self.immediate(block) {
                children[parent].push(block);
            }
        }
        children
    }

    /// Whether every path to `inner` passes `outer`; a block dominates itself. Both reachable.
    pub fn dominates(&self, outer: Block, inner: Block) -> bool {
        let (first, last) = self.subtree[outer];
        (first..last).contains(&self.subtree[inner].0)
    }

    fn number_subtrees(&mut self, entry: Block) {
        let children = self.children();
        let mut next = 0;
        let mut stack = vec![(entry, false)];
        while let Some((block, is_done)) = stack.pop() {
            if is_done {
                self.subtree[block].1 = next;
                continue;
            }
            self.subtree[block].0 = next;
            next += 1;
            stack.push((block, true));
            stack.extend(children[block].iter().map(|child| (*child, false)));
        }
    }

    /// Blocks where a definition in `block` may meet another: where its dominance ends.
    pub fn frontiers(&self, function: &Function) -> SecondaryMap<Block, Vec<Block>> {
        let mut frontiers: SecondaryMap<Block, Vec<Block>> = SecondaryMap::new();
        let predecessors = function.predecessors();
        for &block in &self.order {
            // The entry has an invisible predecessor, the caller.
            if predecessors[block].len() < 2 && self.immediate(block).is_some() {
                continue;
            }
            for &predecessor in &predecessors[block] {
                if !self.is_reachable(predecessor) {
                    continue;
                }
                let mut runner = Some(predecessor);
                while runner != self.immediate(block) {
                    let Some(current) = runner else { break };
                    if frontiers[current].last() != Some(&block)
                        && !frontiers[current].contains(&block)
                    {
                        frontiers[current].push(block);
                    }
                    runner = self.immediate(current);
                }
            }
        }
        frontiers
    }
}

fn intersect(
    immediate: &SecondaryMap<Block, PackedOption<Block>>,
    number: &SecondaryMap<Block, u32>,
    mut left: Block,
    mut right: Block,
) -> Block {
    while left != right {
        while number[left] > number[right] {
            left = immediate[left].expect("processed");
        }
        while number[right] > number[left] {
            right = immediate[right].expect("processed");
        }
    }
    left
}

fn reverse_postorder(function: &Function) -> Vec<Block> {
    let mut order = Vec::with_capacity(function.layout.len());
    let mut visited = vec![false; function.blocks.len()];
    // (block, its successors still to visit); successors are pushed so that the first is walked last
    // and thus comes first in the reversed order.
    let mut stack = vec![(
        function.entry(),
        function.successors(function.entry()).collect::<Vec<_>>(),
    )];
    visited[function.entry().index()] = true;
    while let Some((block, successors)) = stack.last_mut() {
        match successors.pop() {
            Some(next) if !visited[next.index()] => {
                visited[next.index()] = true;
                let following = function.successors(next).collect();
                stack.push((next, following));
            }
            Some(_) => {}
            None => {
                order.push(*block);
                stack.pop();
            }
        }
    }
    order.reverse();
    order
}
