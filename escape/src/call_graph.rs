//! The call graph's strongly connected components, callees first, closures together with the
//! function they stand in.

use frontend::ssa::op::{Callee, Op};
use frontend::ssa::{FunctionId, Program};
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// Groups of functions that must be analyzed together, in an order that has callees before callers.
pub(crate) fn groups(program: &Program) -> Vec<Vec<FunctionId>> {
    let mut graph: DiGraph<FunctionId, ()> = DiGraph::new();
    let nodes: Vec<NodeIndex> = program
        .functions
        .keys()
        .map(|id| graph.add_node(id))
        .collect();
    let node = |id: FunctionId| nodes[id.as_u32() as usize];
    for (id, function) in &program.functions {
        for &block in &function.layout {
            for &inst in &function.blocks[block].insts {
                match &function.insts[inst].op {
                    Op::Call {
                        callee: Callee::Function(callee),
                        ..
                    } => {
                        graph.add_edge(node(id), node(*callee), ());
                    }
                    // A closure shares variables with its maker: both directions make one group.
                    Op::MakeClosure {
                        function: closure, ..
                    } => {
                        graph.add_edge(node(id), node(*closure), ());
                        graph.add_edge(node(*closure), node(id), ());
                    }
                    _ => {}
                }
            }
        }
    }
    let components = tarjan_scc(&graph).into_iter();
    components
        .map(|component| {
            let mut functions: Vec<FunctionId> =
                component.into_iter().map(|node| graph[node]).collect();
            functions.sort_unstable();
            functions
        })
        .collect()
}
