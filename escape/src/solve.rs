//! The solver: from the roots, the least dereferences with which other locations reach them.
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
//! Roots that outlive the same are walked from together, so that long chains of assignments take time
//! in proportion to their length: all variables of a function in as many loops; all that escape, to
//! which those are added that turn out to; and each result alone, once more when its closure turns out to
//! be called by strangers. What is written or called through is found in the same way.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use frontend::ssa::FunctionId;
use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use crate::Reason;
use crate::graph::{Location, LocationGraph, LocationKind};

/// Marks the locations that escape, and how parameters leak.
pub(crate) fn solve(graph: &mut LocationGraph) {
    let count = graph.graph.node_count();
    let mut solver = Solver {
        escaped: Walk::new(count),
        mutators: Walk::new(count),
        callees: Walk::new(count),
        others: Walk::new(count),
        fresh: Vec::new(),
        results: Vec::new(),
        graph,
    };
    solver.begin();
    while !solver.fresh.is_empty() || !solver.results.is_empty() {
        for result in std::mem::take(&mut solver.results) {
            solver.holder(&[result]);
        }
        solver.escaped();
    }
}

struct Solver<'g> {
    graph: &'g mut LocationGraph,
    /// From all that escaped.
    escaped: Walk,
    /// From all that is written through.
    mutators: Walk,
    /// From all that is called with its results lost.
    callees: Walk,
    /// From other roots, group after group.
    others: Walk,
    /// Locations that escaped and were not walked from.
    fresh: Vec<NodeIndex>,
    /// Results to walk from.
    results: Vec<NodeIndex>,
}

impl Solver<'_> {
    /// Walks from what holds pointers, and finds the other roots there are from the beginning.
    fn begin(&mut self) {
        let mut holders: BTreeMap<(FunctionId, u32), Vec<NodeIndex>> = BTreeMap::new();
        let mut deepest: HashMap<FunctionId, u32> = HashMap::new();
        for node in self.graph.graph.node_indices() {
            let location = &self.graph.graph[node];
            if location.escapes.is_some() {
                self.fresh.push(node);
                continue;
            }
            match (location.kind, location.function) {
                (LocationKind::Result(..), _) => self.results.push(node),
                (LocationKind::Site(..) | LocationKind::Kept(..), Some(function)) => {
                    let depth = location.loop_depth;
                    holders.entry((function, depth)).or_default().push(node);
                    let deepest = deepest.entry(function).or_default();
                    *deepest = depth.max(*deepest);
                }
                _ => {}
            }
        }
        let outer: HashSet<FunctionId> = self.graph.parents.values().copied().collect();
        for ((function, depth), mut roots) in holders {
            // Others outlive nothing.
            if depth < deepest[&function] || outer.contains(&function) {
                roots.retain(|root| self.graph.graph[*root].escapes.is_none());
                self.holder(&roots);
            }
        }
        self.mutators(&[self.graph.mutator]);
        self.callees(&[self.graph.callee]);
    }

    /// Walks everything that reaches one of `roots`, which outlive the same and have not escaped.
    fn holder(&mut self, roots: &[NodeIndex]) {
        let Some(&one) = roots.first() else {
            return;
        };
        if self.graph.graph[one].escapes.is_some() {
            return;
        }
        let fresh = &mut self.fresh;
        self.others.forget();
        self.others
            .spread(self.graph, roots, |graph, node, distance| {
                if node == one || !outlives(graph, one, node) {
                    return true;
                }
                leak(graph, one, node, distance.max(0));
                let is_new = distance < 0 && graph.graph[node].escape(Reason::Escapes);
                if is_new {
                    fresh.push(node);
                }
                // What it holds is found when it is walked from.
                !is_new
            });
    }

    /// Walks everything that reaches what escaped since the last time.
    fn escaped(&mut self) {
        let mut roots = std::mem::take(&mut self.fresh);
        let spread_from = roots.clone();
        let heap = self.graph.heap;
        self.escaped
            .spread(self.graph, &spread_from, |graph, node, distance| {
                leak(graph, heap, node, distance.max(0));
                if distance < 0 && graph.graph[node].escape(Reason::Escapes) {
                    roots.push(node);
                }
                true
            });
        self.mutators(&roots);
        self.callees(&roots);
    }

    fn mutators(&mut self, roots: &[NodeIndex]) {
        self.mutators
            .spread(self.graph, roots, |graph, node, distance| {
                let location = &mut graph.graph[node];
                location.mutates |= distance <= 0;
                if matches!(location.kind, LocationKind::Parameter(..)) {
                    lower(&mut location.leak_mutator, distance.max(0));
                }
                true
            });
    }

    fn callees(&mut self, roots: &[NodeIndex]) {
        let results = &mut self.results;
        self.callees
            .spread(self.graph, roots, |graph, node, distance| {
                let location = &mut graph.graph[node];
                if matches!(location.kind, LocationKind::Parameter(..)) {
                    lower(&mut location.leak_callee, distance.max(0));
                }
                if distance <= 0 {
                    location.calls = true;
                    if let Some(closure) = location.closure
                        && graph.has_lost_results.insert(closure)
                    {
                        results.extend(graph.results.get(&closure).into_iter().flatten());
                    }
                }
                true
            });
    }
}

/// A walk against the assignments, and how near it came to each location.
struct Walk {
    distance: Vec<i32>,
    /// In which round `distance` was set.
    stamp: Vec<u32>,
    round: u32,
    work: VecDeque<NodeIndex>,
}

impl Walk {
    fn new(count: usize) -> Self {
        Walk {
            distance: vec![0; count],
            stamp: vec![0; count],
            round: 1,
            work: VecDeque::new(),
        }
    }

    /// Begins anew.
    fn forget(&mut self) {
        self.round += 1;
    }

    /// Calls `visit` with everything that reaches `roots` with fewer dereferences than the walk did so far, the roots
    /// included; it says whether to go on from there.
    fn spread(
        &mut self,
        graph: &mut LocationGraph,
        roots: &[NodeIndex],
        mut visit: impl FnMut(&mut LocationGraph, NodeIndex, i32) -> bool,
    ) {
        for &root in roots {
            self.reach(root, 0);
        }
        while let Some(node) = self.work.pop_front() {
            let distance = self.distance[node.index()];
            if !visit(graph, node, distance) {
                continue;
            }
            // An address taken once is not taken again.
            let base = distance.max(0);
            for edge in graph.graph.edges_directed(node, Direction::Incoming) {
                let source = &graph.graph[edge.source()];
                // What escaped is a root itself.
                if source.escapes.is_none() || matches!(source.kind, LocationKind::Parameter(..)) {
                    self.reach(edge.source(), base + edge.weight().derefs);
                }
            }
        }
    }

    fn reach(&mut self, node: NodeIndex, distance: i32) {
        let index = node.index();
        if self.stamp[index] != self.round || self.distance[index] > distance {
            self.stamp[index] = self.round;
            self.distance[index] = distance;
            self.work.push_back(node);
        }
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

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use cranelift_entity::EntityRef;
    use frontend::ssa::SiteId;

    use super::*;

    /// `n0 := &node{}; n1 := &node{next: n0}; ...` in a loop, with a variable outside.
    fn chain(length: usize) -> (LocationGraph, NodeIndex, Vec<NodeIndex>) {
        let mut graph = LocationGraph::new();
        let function = FunctionId::new(0);
        let mut add = |number: usize, loop_depth| {
            let kind = LocationKind::Site(function, SiteId::new(number));
            graph.add(kind, function, loop_depth)
        };
        let outside = add(0, 1);
        let nodes: Vec<NodeIndex> = (1..=length).map(|number| add(number, 2)).collect();
        for pair in nodes.windows(2) {
            graph.flow(pair[1], pair[0], -1);
        }
        (graph, outside, nodes)
    }

    #[test]
    fn a_long_chain_takes_time_in_proportion_to_its_length() {
        let (mut graph, outside, nodes) = chain(100_000);
        let last = *nodes.last().expect("a chain");
        let begin = Instant::now();
        solve(&mut graph);
        assert!(
            nodes
                .iter()
                .all(|node| graph.graph[*node].escapes.is_none())
        );
        graph.flow(outside, last, -1);
        solve(&mut graph);
        assert!(
            nodes
                .iter()
                .all(|node| graph.graph[*node].escapes.is_some())
        );
        assert!(graph.graph[outside].escapes.is_none());
        // A walk from each alone takes minutes.
        assert!(begin.elapsed() < Duration::from_secs(20));
    }
}
