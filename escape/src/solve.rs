//! The solver: from every root, the least dereferences with which other locations reach it.
//!
//! A location escapes when its address (derefs below 0) reaches a root that outlives it. A root
//! *outlives* a location when
//! - the root is in the heap: `global = &x`;
//! - the root is a result of a function and the location is not: `return &x`; but what a closure
//!   returns of the functions around it need not outlive them while all its calls are known;
//! - both are in one function, and the location is in a deeper loop: `for { x := 0; p = &x }`; a
//!   root that is a value carried round a loop is outside of that loop;
//! - the location belongs to a closure nested in the root's function: `func() { x := 0; p = &x }`.
//!
//! A location that turns out to escape becomes a root again: what it points at must follow it. So do
//! those whose memory turns out to be written or called through, and the results of a closure that
//! turns out to be called by strangers.

use std::collections::VecDeque;

use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use crate::Reason;
use crate::graph::{Location, LocationGraph, LocationKind};

/// Marks the locations that escape, and how parameters leak.
pub(crate) fn solve(graph: &mut LocationGraph) {
    let count = graph.graph.node_count();
    let mut queue: VecDeque<NodeIndex> = VecDeque::with_capacity(count);
    let mut is_queued = vec![false; count];
    for node in graph.graph.node_indices() {
        if !matches!(graph.graph[node].kind, LocationKind::Temporary(..)) {
            queue.push_back(node);
            is_queued[node.index()] = true;
        }
    }
    let mut walk = Walk {
        distance: vec![0; count],
        stamp: vec![0; count],
        round: 0,
    };
    while let Some(root) = queue.pop_front() {
        is_queued[root.index()] = false;
        for node in walk.from(graph, root) {
            if !is_queued[node.index()] {
                is_queued[node.index()] = true;
                queue.push_back(node);
            }
        }
    }
}

struct Walk {
    distance: Vec<i32>,
    /// In which round `distance` was set.
    stamp: Vec<u32>,
    round: u32,
}

impl Walk {
    /// Walks everything that reaches `root`; returns the locations to walk again.
    fn from(&mut self, graph: &mut LocationGraph, root: NodeIndex) -> Vec<NodeIndex> {
        self.round += 1;
        let mut changed = Vec::new();
        if graph.graph[root].calls
            && let Some(closure) = graph.graph[root].closure
            && graph.has_lost_results.insert(closure)
        {
            changed.extend(graph.results.get(&closure).into_iter().flatten().copied());
        }
        let (mutates, calls) = (graph.graph[root].mutates, graph.graph[root].calls);
        let mut work = vec![root];
        self.distance[root.index()] = 0;
        self.stamp[root.index()] = self.round;
        while let Some(node) = work.pop() {
            let distance = self.distance[node.index()];
            if node != root {
                let is_outlived = outlives(graph, root, node);
                if is_outlived {
                    leak(graph, root, node, distance.max(0));
                }
                let location = &mut graph.graph[node];
                if matches!(location.kind, LocationKind::Parameter(..)) {
                    if mutates {
                        lower(&mut location.leak_mutator, distance.max(0));
                    }
                    if calls {
                        lower(&mut location.leak_callee, distance.max(0));
                    }
                }
                if is_outlived && distance < 0 && location.escape(Reason::Escapes) {
                    changed.push(node);
                    // What it holds is found when it is walked as a root.
                    continue;
                }
                let is_new = (mutates && !location.mutates) || (calls && !location.calls);
                if distance <= 0 && is_new {
                    location.mutates |= mutates;
                    location.calls |= calls;
                    changed.push(node);
                }
            }
            // An address taken once is not taken again.
            let base = distance.max(0);
            for edge in graph.graph.edges_directed(node, Direction::Incoming) {
                let source = edge.source();
                if graph.graph[source].escapes.is_some()
                    && !matches!(graph.graph[source].kind, LocationKind::Parameter(..))
                {
                    continue;
                }
                let next = base + edge.weight().derefs;
                let index = source.index();
                if self.stamp[index] != self.round || self.distance[index] > next {
                    self.stamp[index] = self.round;
                    self.distance[index] = next;
                    work.push(source);
                }
            }
        }
        changed
    }
}

/// Whether a root may be there when a location is gone.
pub(crate) fn outlives(graph: &LocationGraph, root: NodeIndex, node: NodeIndex) -> bool {
    let root = &graph.graph[root];
    let location = &graph.graph[node];
    if root.escapes.is_some() {
        return true;
    }
    match root.kind {
        LocationKind::Heap => return true,
        LocationKind::Result(closure, _) => {
            let is_followed = !graph.has_lost_results.contains(&closure)
                && location
                    .function
                    .is_some_and(|outer| graph.is_nested_in(closure, outer));
            return !is_followed;
        }
        LocationKind::Mutator
        | LocationKind::Callee
        | LocationKind::Parameter(..)
        | LocationKind::Temporary(..) => return false,
        LocationKind::Site(..) | LocationKind::Kept(..) => {}
    }
    let is_in_deeper_loop = |location: &Location| {
        root.function == location.function && root.loop_depth < location.loop_depth
    };
    if matches!(location.kind, LocationKind::Site(..)) && is_in_deeper_loop(location) {
        return true;
    }
    match (location.function, root.function) {
        (Some(inner), Some(outer)) => inner != outer && graph.is_nested_in(inner, outer),
        _ => false,
    }
}

/// Notes that a parameter's value reaches a root.
fn leak(graph: &mut LocationGraph, root: NodeIndex, node: NodeIndex, derefs: i32) {
    let LocationKind::Parameter(function, _) = graph.graph[node].kind else {
        return;
    };
    let target = match (graph.graph[root].kind, graph.graph[root].escapes) {
        (LocationKind::Result(of, index), None) if of == function => Some(index as usize),
        _ => None,
    };
    let location = &mut graph.graph[node];
    let slot = match target {
        Some(index) => {
            if location.leak_results.len() <= index {
                location.leak_results.resize(index + 1, None);
            }
            &mut location.leak_results[index]
        }
        None => &mut location.leak_heap,
    };
    lower(slot, derefs);
}

/// Notes a way of so many dereferences.
fn lower(shortest: &mut Option<i32>, derefs: i32) {
    *shortest = Some(shortest.map_or(derefs, |old| old.min(derefs)));
}
