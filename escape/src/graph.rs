//! Locations and the assignments between them.

use std::collections::{HashMap, HashSet};

use frontend::ssa::{FunctionId, Inst, SiteId, Value};
use petgraph::graph::{DiGraph, NodeIndex};

use crate::Reason;

/// What a location stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LocationKind {
    /// Everything that is not on a stack.
    Heap,
    /// What is written through: a pointer that gets here has its target changed.
    Mutator,
    /// What is called without anybody following the results.
    Callee,
    /// A variable or an allocating expression.
    Site(FunctionId, SiteId),
    /// A parameter's value on entry.
    Parameter(FunctionId, u32),
    /// A result on return.
    Result(FunctionId, u32),
    /// An SSA value that may be there when what it points at is gone: one that is carried round a loop,
    /// or that a closure returned.
    Kept(FunctionId, Value),
    /// Any other SSA value.
    Temporary(FunctionId, Value),
}

/// A location.
#[derive(Debug, Clone)]
pub(crate) struct Location {
    /// What it stands for.
    pub(crate) kind: LocationKind,
    /// Loops around it, from 1; meaningful for sites and kept values.
    pub(crate) loop_depth: u32,
    /// The function it belongs to.
    pub(crate) function: Option<FunctionId>,
    /// Whether how much is allocated is known at run time only: then it is in the heap even if no
    /// pointer to it escapes.
    pub(crate) has_unknown_size: bool,
    /// Set once a pointer to it is known to escape.
    pub(crate) escapes: Option<Reason>,
    /// Whether memory that is reached through its value may be written.
    pub(crate) mutates: bool,
    /// Whether closures that are reached through its value may be called with their results lost.
    pub(crate) calls: bool,
    /// For closures the function.
    pub(crate) closure: Option<FunctionId>,
    /// For parameters: least derefs with which the value reaches the heap.
    pub(crate) leak_heap: Option<i32>,
    /// For parameters: least derefs with which the value is written through.
    pub(crate) leak_mutator: Option<i32>,
    /// For parameters: least derefs with which the value is called.
    pub(crate) leak_callee: Option<i32>,
    /// For parameters: least derefs with which the value reaches each result.
    pub(crate) leak_results: Vec<Option<i32>>,
}

impl Location {
    fn new(kind: LocationKind, function: Option<FunctionId>, loop_depth: u32) -> Self {
        Location {
            kind,
            loop_depth,
            function,
            has_unknown_size: false,
            escapes: None,
            mutates: false,
            calls: false,
            closure: None,
            leak_heap: None,
            leak_mutator: None,
            leak_callee: None,
            leak_results: Vec::new(),
        }
    }

    /// Marks it as in the heap: from then on anything may be done with it. Returns whether that is new.
    pub(crate) fn escape(&mut self, reason: Reason) -> bool {
        if self.escapes.is_some() {
            return false;
        }
        self.escapes = Some(reason);
        self.mutates = true;
        self.calls = true;
        true
    }
}

/// An assignment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flow {
    /// Dereferences less address-ofs.
    pub(crate) derefs: i32,
    /// What assigns.
    pub(crate) at: Option<(FunctionId, Inst)>,
}

/// The points-to graph of one group of functions; an edge leads from source to destination and
/// weighs the dereferences.
pub(crate) struct LocationGraph {
    /// The graph.
    pub(crate) graph: DiGraph<Location, Flow>,
    /// The heap's location.
    pub(crate) heap: NodeIndex,
    /// Where pointers go that are written through.
    pub(crate) mutator: NodeIndex,
    /// Where function values go that are called with their results lost.
    pub(crate) callee: NodeIndex,
    /// For each function of the group the function it is nested in, if that is in the group too.
    pub(crate) parents: HashMap<FunctionId, FunctionId>,
    /// The results of each function of the group.
    pub(crate) results: HashMap<FunctionId, Vec<NodeIndex>>,
    /// Closures that are called where nobody follows their results.
    pub(crate) has_lost_results: HashSet<FunctionId>,
    /// The instruction that is read: what is added comes from it.
    pub(crate) at: Option<(FunctionId, Inst)>,
}

impl LocationGraph {
    /// A graph of the locations that belong to no function.
    pub(crate) fn new() -> Self {
        let mut graph = DiGraph::new();
        let mut special = |kind| graph.add_node(Location::new(kind, None, 0));
        let heap = special(LocationKind::Heap);
        let mutator = special(LocationKind::Mutator);
        let callee = special(LocationKind::Callee);
        graph[heap].escape(Reason::Escapes);
        graph[mutator].mutates = true;
        graph[callee].calls = true;
        LocationGraph {
            graph,
            heap,
            mutator,
            callee,
            parents: HashMap::new(),
            results: HashMap::new(),
            has_lost_results: HashSet::new(),
            at: None,
        }
    }

    /// Adds a location.
    pub(crate) fn add(
        &mut self,
        kind: LocationKind,
        function: FunctionId,
        loop_depth: u32,
    ) -> NodeIndex {
        self.graph
            .add_node(Location::new(kind, Some(function), loop_depth))
    }

    /// Adds the assignment `target <- source`.
    pub(crate) fn flow(&mut self, target: NodeIndex, source: NodeIndex, derefs: i32) {
        debug_assert!(derefs >= -1, "an address is taken once");
        // A location's own address in itself, and the heap's content, tell nothing.
        if (target == source && derefs >= 0) || source == self.heap {
            return;
        }
        if self.graph[target].escapes.is_some() && derefs < 0 {
            self.graph[source].escape(Reason::Escapes);
        }
        let at = self.at;
        self.graph.add_edge(source, target, Flow { derefs, at });
    }

    /// Whether `inner` is nested, at any depth, in `outer`.
    pub(crate) fn is_nested_in(&self, inner: FunctionId, outer: FunctionId) -> bool {
        let mut current = inner;
        while let Some(parent) = self.parents.get(&current) {
            if *parent == outer {
                return true;
            }
            current = *parent;
        }
        false
    }
}
