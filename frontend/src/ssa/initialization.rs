//! Joins what initialises the library into the program's entry.
//!
//! The builder makes a function of each initialiser of a library variable, because which of them a program needs is
//! found out late ([`super::reachability`]). What is left then are a dozen functions of a few instructions, each called
//! once: compiling them one by one costs more than running them. The user's `init` stays a function, since it shows in
//! traces.
//!
//! To be run before escape analysis: allocation sites move from one function to another.

use super::op::{Callee, Op};
use super::{Function, FunctionId, FunctionKind, Program, SiteId, Value};
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;

/// Copies straight initialisers of the library into the entry, until none is called.
pub fn join(program: &mut Program) {
    let entry = program.entry;
    let users = format!("{}.init", program.typed.packages[program.typed.main].path);
    while let Some((position, callee)) = next_call(program, &users) {
        let body = program.functions[callee].clone();
        splice(&mut program.functions[entry], position, &body);
        // Nobody else calls it.
        program.functions[callee].layout.clear();
    }
}

/// The next call in the entry's first block of an initialiser that is one block.
fn next_call(program: &Program, users: &str) -> Option<(usize, FunctionId)> {
    let entry = &program.functions[program.entry];
    let insts = entry.blocks[entry.entry()].insts.iter().enumerate();
    insts
        .filter_map(|(position, inst)| match entry.insts[*inst].op {
            Op::Call {
                callee: Callee::Function(callee),
                ..
            } => Some((position, callee)),
            _ => None,
        })
        .find(|(_, callee)| {
            let callee = &program.functions[*callee];
            callee.kind == FunctionKind::Init
                && callee.name != users
                && callee.layout.len() == 1
                && !callee.has_defer
        })
}

/// Replaces the call at a position of the first block by the instructions of what it calls.
fn splice(function: &mut Function, position: usize, body: &Function) {
    let block = function.entry();
    let mut values: SecondaryMap<Value, PackedOption<Value>> = SecondaryMap::new();
    let mut copies = Vec::new();
    let insts = &body.blocks[body.entry()].insts;
    // The last one is the return.
    for &inst in &insts[..insts.len() - 1] {
        let data = &body.insts[inst];
        let mut op = data.op.clone();
        op.for_each_operand_mut(|value| {
            *value = values[*value]
                .expand()
                .expect("a straight block defines before it uses");
        });
        let results = data.results.iter();
        let types: Vec<_> = results.map(|result| body.type_of(*result)).collect();
        let copy = function.make_inst(op, &types, data.span);
        for (old, new) in data.results.iter().zip(&function.insts[copy].results) {
            values[*old] = (*new).into();
        }
        let site: Option<SiteId> = data
            .site
            .expand()
            .map(|site| function.sites.push(body.sites[site].clone()));
        function.insts[copy].site = site.into();
        copies.push(copy);
    }
    function.blocks[block]
        .insts
        .splice(position..=position, copies);
}
