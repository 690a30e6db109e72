//! Locations and the assignments between them.

use frontend::ssa::{FunctionId, SiteId, Value};
use petgraph::graph::{DiGraph, NodeIndex};

use crate::Reason;

/// What a location stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LocationKind {
    /// Everything that is not on a stack.
    Heap,
    /// A variable or an allocating expression.
    Site(FunctionId, SiteId),
    /// A parameter's value on entry.
    Parameter(FunctionId, u32),
    /// A result on return.
    Result(FunctionId, u32),
    /// Any other SSA value.
    Temporary(FunctionId, Value),
}

/// A location.
#[derive(Debug, Clone)]
pub(crate) struct Location {
    /// What it stands for.
    pub(crate) kind: LocationKind,
    /// Loops around it, from 1; meaningful for sites.
    pub(crate) loop_depth: u32,
    /// The function it belongs to.
    pub(crate) function: Option<FunctionId>,
    /// Whether how much is allocated is known at run time only: then it is in the heap even if no
    /// pointer to it escapes.
    pub(crate) has_unknown_size: bool,
    /// Set once a pointer to it is known to escape.
    pub(crate) escapes: Option<Reason>,
    /// For parameters: least derefs with which the value reaches the heap.
    pub(crate) leak_heap: Option<i32>,
    /// For parameters: least derefs with which the value reaches each result.
    pub(crate) leak_results: Vec<Option<i32>>,
}

/// The points-to graph of one group of functions; an edge leads from source to destination and
/// weighs the dereferences.
pub(crate) struct LocationGraph {
    /// The graph.
    pub(crate) graph: DiGraph<Location, i32>,
    /// The heap's location.
    pub(crate) heap: NodeIndex,
    /// For each function of the group the function it is nested in, if that is in the group too.
    pub(crate) parents: Vec<(FunctionId, FunctionId)>,
}

impl LocationGraph {
    /// A graph that holds the heap location alone.
    pub(crate) fn new() -> Self {
        let mut graph = DiGraph::new();
        let heap = graph.add_node(Location {
            kind: LocationKind::Heap,
            loop_depth: 0,
            function: None,
            has_unknown_size: false,
            escapes: Some(Reason::Escapes),
            leak_heap: None,
            leak_results: Vec::new(),
        });
        LocationGraph {
            graph,
            heap,
            parents: Vec::new(),
        }
    }

    /// Adds a location.
    pub(crate) fn add(
        &mut self,
        kind: LocationKind,
        function: FunctionId,
        loop_depth: u32,
    ) -> NodeIndex {
        self.graph.add_node(Location {
            kind,
            loop_depth,
            function: Some(function),
            has_unknown_size: false,
            escapes: None,
            leak_heap: None,
            leak_results: Vec::new(),
        })
    }

    /// Adds the assignment `target <- source`.
    pub(crate) fn flow(&mut self, target: NodeIndex, source: NodeIndex, derefs: i32) {
        debug_assert!(derefs >= -1, "an address is taken once");
        // A location's own address in itself, and the heap's content, tell nothing.
        if (target == source && derefs >= 0) || source == self.heap {
            return;
        }
        if self.graph[target].escapes.is_some()
            && derefs < 0
            && self.graph[source].escapes.is_none()
        {
            self.graph[source].escapes = Some(Reason::Escapes);
        }
        self.graph.add_edge(source, target, derefs);
    }

    /// Whether `inner` is nested, at any depth, in `outer`.
    pub(crate) fn is_nested_in(&self, inner: FunctionId, outer: FunctionId) -> bool {
        let mut current = inner;
        while let Some((_, parent)) = self.parents.iter().find(|(child, _)| *child == current) {
            if *parent == outer {
                return true;
            }
            current = *parent;
        }
        false
    }
}
