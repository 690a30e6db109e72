//! The call graph's strongly connected components, callees first, closures together with the
//! function they stand in.

use std::collections::HashMap;

use cranelift_entity::SecondaryMap;
use frontend::ssa::op::{Callee, Op};
use frontend::ssa::{FunctionId, FunctionKind, Inst, Program, SiteKind};
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::callees::Callees;
use crate::{Mode, mentions};

/// Groups of functions that must be analyzed together, in an order that has callees before callers:
/// the order in which gc gets to them. For [`Mode::Full`] the groups are the same, but those that
/// implement an interface method come before those that call it where nothing speaks against it.
pub(crate) fn groups(program: &Program, callees: &Callees<'_>, mode: Mode) -> Vec<Vec<FunctionId>> {
    let groups = groups_of_gc(program, callees);
    match mode {
        Mode::Go => groups,
        Mode::Full => implementers_first(program, callees, groups),
    }
}

/// Sorts groups by all calls, those of interface methods included. Where these close a circle the
/// given order stays: the callers in it come before some implementers and take the worst of them.
fn implementers_first(
    program: &Program,
    callees: &Callees<'_>,
    groups: Vec<Vec<FunctionId>>,
) -> Vec<Vec<FunctionId>> {
    let mut group_of: SecondaryMap<FunctionId, u32> = SecondaryMap::new();
    for (index, group) in groups.iter().enumerate() {
        for &id in group {
            group_of[id] = index as u32;
        }
    }
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(groups.len(), 0);
    for _ in &groups {
        graph.add_node(());
    }
    let node = |id: FunctionId| NodeIndex::new(group_of[id] as usize);
    for &id in groups.iter().flatten() {
        for (from, to) in mentioned(program, callees, id, &HashMap::new()) {
            graph.add_edge(node(from), node(to), ());
        }
        let function = &program.functions[id];
        for &block in &function.layout {
            for &inst in &function.blocks[block].insts {
                if let Op::Call {
                    callee: Callee::Interface { receiver, method },
                    ..
                } = &function.insts[inst].op
                {
                    for callee in callees.implementations(function.type_of(*receiver), *method) {
                        graph.add_edge(node(id), node(callee), ());
                    }
                }
            }
        }
    }
    let mut order = Vec::with_capacity(groups.len());
    for mut circle in tarjan_scc(&graph) {
        circle.sort_unstable();
        order.extend(circle);
    }
    let mut groups: Vec<Option<Vec<FunctionId>>> = groups.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|index| groups[index.index()].take())
        .collect()
}

fn groups_of_gc(program: &Program, callees: &Callees<'_>) -> Vec<Vec<FunctionId>> {
    let mut roots: Vec<FunctionId> = program.functions.keys().collect();
    roots.sort_by_key(|id| {
        let function = &program.functions[*id];
        (root_class(program, *id), function.span.start, *id)
    });
    let mut graph: DiGraph<FunctionId, ()> = DiGraph::new();
    let mut nodes: SecondaryMap<FunctionId, NodeIndex> = SecondaryMap::new();
    for &id in &roots {
        nodes[id] = graph.add_node(id);
    }
    let mut edges = Vec::new();
    let ranks = mentions::ranks(&program.typed);
    for &id in &roots {
        edges.extend(mentioned(program, callees, id, &ranks));
    }
    // Of a node's edges the last one added is followed first.
    for (from, to) in edges.into_iter().rev() {
        graph.add_edge(nodes[from], nodes[to], ());
    }
    let components = tarjan_scc(&graph).into_iter();
    components
        .map(|component| {
            let mut functions: Vec<FunctionId> =
                component.into_iter().map(|node| graph[node]).collect();
            functions.sort_unstable_by_key(|id| (program.functions[*id].span.start, *id));
            functions
        })
        .collect()
}

/// Whether an operation calls a function that is declared as `init`.
fn calls_init_function(program: &Program, op: &Op) -> bool {
    let Op::Call {
        callee: Callee::Function(callee),
        ..
    } = op
    else {
        return false;
    };
    let object = program.functions[*callee].object;
    let packages = &program.typed.packages;
    object.is_some_and(|object| {
        packages
            .values()
            .any(|package| package.init_functions.contains(&object))
    })
}

/// gc begins with the initialisation of package variables and the literals in it, then come declared
/// functions, then the rest.
fn root_class(program: &Program, id: FunctionId) -> u8 {
    let function = &program.functions[id];
    let is_init = |id: FunctionId| program.functions[id].kind == FunctionKind::Init;
    match function.kind {
        FunctionKind::Init => 0,
        FunctionKind::Closure if function.parent.is_some_and(is_init) => 1,
        FunctionKind::Declared => 2,
        FunctionKind::Native if crate::explain::is_without_body(program, id) => 2,
        _ => 3,
    }
}

/// The functions one mentions, in order; and back to it from those that share its variables.
fn mentioned(
    program: &Program,
    callees: &Callees<'_>,
    id: FunctionId,
    ranks: &HashMap<u32, u32>,
) -> Vec<(FunctionId, FunctionId)> {
    let function = &program.functions[id];
    let is_init = function.kind == FunctionKind::Init;
    let mut edges = Vec::new();
    let mut insts: Vec<Inst> = function
        .layout
        .iter()
        .flat_map(|block| function.blocks[*block].insts.iter().copied())
        .collect();
    // Blocks are laid out in another order than the source has.
    insts.sort_by_key(|inst| ranks.get(&function.insts[*inst].span.start).copied());
    for inst in insts {
        // What is data, and the functions `init`, are no part of what gc analyzes here.
        let data = &function.insts[inst];
        let is_data = data
            .site
            .expand()
            .is_some_and(|site| function.sites[site].kind == SiteKind::Temporary);
        let is_data = is_data || matches!(data.op, Op::FunctionValue(_));
        if is_init && (is_data || calls_init_function(program, &data.op)) {
            continue;
        }
        match &data.op {
            Op::Call {
                callee: Callee::Function(callee),
                ..
            }
            | Op::FunctionValue(callee) => edges.push((id, *callee)),
            Op::Call {
                callee: Callee::Interface { receiver, method },
                ..
            } => {
                let known = callees.method(id, *receiver, *method);
                edges.extend(known.map(|(_, callee)| (id, callee)));
            }
            Op::MakeClosure {
                function: closure,
                captures,
            } => {
                edges.push((id, *closure));
                let is_method_value = program.functions[*closure].kind == FunctionKind::Wrapper;
                if !captures.is_empty() && !is_method_value {
                    edges.push((*closure, id));
                }
            }
            _ => {}
        }
    }
    edges
}
