//! The natural loops of a function.
//!
//! An edge that leads backwards in reverse postorder makes its target the *header* of a loop; the
//! loop's members are the blocks from which the edge is reached without passing the header. Edges to
//! one header make one loop. In code with `goto` such an edge may leave a block that the header does
//! not dominate: then control may enter the loop past its header, and the loop counts as
//! irreducible.

use cranelift_entity::SecondaryMap;

use super::dominators::Dominators;
use super::{Block, Function};

/// A loop.
#[derive(Debug, Clone)]
pub struct Loop {
    /// Where it is entered.
    pub header: Block,
    /// Members that lead back to the header.
    pub latches: Vec<Block>,
    /// The blocks in it, header first.
    pub members: Vec<Block>,
    /// Whether control enters it at the header only.
    pub is_reducible: bool,
}

/// All loops of a function.
#[derive(Debug, Clone, Default)]
pub struct Loops {
    /// The loops, outer before inner.
    pub loops: Vec<Loop>,
    /// How many loops each block is in.
    pub depth: SecondaryMap<Block, u32>,
}

impl Loops {
    /// The loops of a function. One whose blocks all lead to later ones has none, which is seen
    /// without dominators.
    pub fn of(function: &Function) -> Self {
        let mut place: SecondaryMap<Block, usize> = SecondaryMap::new();
        for (index, block) in function.layout.iter().enumerate() {
            place[*block] = index;
        }
        let leads_back = |(index, block): (usize, &Block)| {
            function
                .successors(*block)
                .any(|successor| place[successor] <= index)
        };
        if function.layout.iter().enumerate().any(leads_back) {
            Loops::find(function, &Dominators::compute(function))
        } else {
            Loops::default()
        }
    }

    /// Finds the loops of a function whose blocks all have terminators.
    pub fn find(function: &Function, dominators: &Dominators) -> Self {
        let mut latches: SecondaryMap<Block, Vec<Block>> = SecondaryMap::new();
        let mut headers = Vec::new();
        for &block in dominators.reverse_postorder() {
            for successor in function.successors(block) {
                if dominators.order_of(successor) <= dominators.order_of(block) {
                    if latches[successor].is_empty() {
                        headers.push(successor);
                    }
                    latches[successor].push(block);
                }
            }
        }
        let mut all = Loops::default();
        if headers.is_empty() {
            return all;
        }
        headers.sort_by_key(|header| dominators.order_of(*header));
        let predecessors = function.predecessors();
        for header in headers {
            let latches = std::mem::take(&mut latches[header]);
            let mut members: Vec<Block> = vec![header];
            let mut is_member: SecondaryMap<Block, bool> = SecondaryMap::new();
            is_member[header] = true;
            let mut next = latches.clone();
            while let Some(block) = next.pop() {
                // A jump into the middle of a loop could lead the walk out of it: stay below the header.
                if is_member[block] || !dominators.is_reachable(block) {
                    continue;
                }
                is_member[block] = true;
                members.push(block);
                if dominators.dominates(header, block) {
                    next.extend(predecessors[block].iter().copied());
                }
            }
            for &member in &members {
                all.depth[member] += 1;
            }
            all.loops.push(Loop {
                header,
                is_reducible: latches
                    .iter()
                    .all(|latch| dominators.dominates(header, *latch)),
                latches,
                members,
            });
        }
        all
    }
}
