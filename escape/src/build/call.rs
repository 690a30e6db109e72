//! Calls: what the functions that are known to be called do with their arguments, and what is lost to those that are not.

use frontend::ssa::op::{Callee, Op};
use frontend::ssa::{FunctionId, Inst, Value};

use super::{Builder, has_pointers};
use crate::callees::{dereferenced_method, loses_receiver, wrapped_method};
use crate::{Devirtualized, Mode, ParamSummary, go_library};

impl Builder<'_> {
    /// `x.m` as a value: nobody knows who calls it, so what the method returns of its receiver is
    /// lost. Wrappers have their captures as parameters after the others.
    pub(super) fn bind(
        &mut self,
        id: FunctionId,
        wrapper: FunctionId,
        capture: usize,
        receiver: Value,
    ) {
        let index = self.program.functions[wrapper].parameters.len() + capture;
        if self.group.contains(&wrapper) {
            let parameter = self.parameters[&wrapper][index];
            self.flow_to(id, parameter, receiver, 0);
            for result in self.graph.results[&wrapper].clone() {
                self.graph.flow(self.graph.heap, result, 0);
            }
            return;
        }
        let summary = self.results.summaries(wrapper).get(index).cloned();
        let summary = summary.unwrap_or_else(ParamSummary::unknown);
        for derefs in summary.results.iter().chain([&summary.heap]).flatten() {
            self.leak(id, receiver, *derefs);
        }
        let special = [
            (self.graph.mutator, summary.mutator),
            (self.graph.callee, summary.callee),
        ];
        for (target, derefs) in special {
            if let Some(derefs) = derefs {
                self.flow_to(id, target, receiver, derefs);
            }
        }
    }

    pub(super) fn call(
        &mut self,
        id: FunctionId,
        inst: Inst,
        callee: &Callee,
        arguments: &[Value],
    ) {
        match callee {
            Callee::Function(callee) => self.named_call(id, inst, *callee, arguments),
            Callee::Closure(closure) => {
                if let Some(known) = self.callees.resolve(id, *closure) {
                    for callee in known {
                        self.named_call(id, inst, callee, arguments);
                    }
                    return;
                }
                let function = &self.program.functions[id];
                let are_results_used = function.insts[inst].results.iter().any(|result| {
                    self.used.contains(result)
                        && has_pointers(self.types(), function.type_of(*result))
                });
                if are_results_used {
                    self.flow_to(id, self.graph.callee, *closure, 0);
                }
                for argument in arguments {
                    self.leak(id, *argument, 0);
                }
            }
            Callee::Interface { receiver, method } => {
                if let Some((concrete, callee)) = self.callees.method(id, *receiver, *method) {
                    self.devirtualized.push(Devirtualized {
                        function: id,
                        inst,
                        concrete,
                        callee,
                    });
                    let mut all = vec![*receiver];
                    all.extend(arguments);
                    self.known_call(id, inst, callee, &all);
                    // Our wrapper looks for the value behind a pointer where gc has it at hand.
                    if self.is_direct(concrete)
                        && !frontend::ssa::is_pointer_shaped(self.types(), concrete)
                        && let Some(method) = wrapped_method(self.program, callee, concrete)
                    {
                        self.known_call(id, inst, method, &all);
                    }
                    return;
                }
                if self.mode == Mode::Full {
                    let interface = self.program.functions[id].type_of(*receiver);
                    let callees = self.callees.implementations(interface, *method);
                    if !callees.is_empty() {
                        let mut all = vec![*receiver];
                        all.extend(arguments);
                        for callee in callees {
                            self.known_call(id, inst, callee, &all);
                        }
                        return;
                    }
                }
                self.leak(id, *receiver, 0);
                for argument in arguments {
                    self.leak(id, *argument, 0);
                }
            }
        }
    }

    /// A call of a function that is no method of an interface.
    fn named_call(&mut self, id: FunctionId, inst: Inst, callee: FunctionId, arguments: &[Value]) {
        let method = if self.is_users {
            dereferenced_method(self.program, callee)
        } else {
            None
        };
        if let Some(method) = method
            && !self.group.contains(&method)
            && loses_receiver(self.program, method)
        {
            self.leak(id, arguments[0], 0);
        }
        self.known_call(id, inst, method.unwrap_or(callee), arguments);
    }

    fn known_call(&mut self, id: FunctionId, inst: Inst, callee: FunctionId, arguments: &[Value]) {
        let function = &self.program.functions[id];
        // Methods that nobody calls stand in tables without their bodies: they take nothing.
        let body = &self.program.functions[callee];
        let first = body
            .layout
            .first()
            .map(|entry| body.blocks[*entry].insts[0]);
        if first.is_some_and(|inst| body.insts[inst].op == Op::Unreachable) {
            return;
        }
        if self.group.contains(&callee) && body.has_body() {
            for (index, argument) in arguments.iter().enumerate() {
                let target = self.parameters[&callee][index];
                self.flow_to(id, target, *argument, 0);
            }
            for (index, result) in function.insts[inst].results.iter().enumerate() {
                if has_pointers(self.types(), function.type_of(*result)) {
                    let source = self.graph.results[&callee][index];
                    let target = self.node(id, *result);
                    self.graph.flow(target, source, 0);
                }
            }
            return;
        }
        let mut summaries = self.results.summaries(callee).to_vec();
        if self.is_users {
            go_library::adapt(&self.program.functions[callee].name, &mut summaries);
        }
        for (index, argument) in arguments.iter().enumerate() {
            let summary = summaries
                .get(index)
                .cloned()
                .unwrap_or_else(ParamSummary::unknown);
            let special = [
                (self.graph.heap, summary.heap),
                (self.graph.mutator, summary.mutator),
                (self.graph.callee, summary.callee),
            ];
            for (target, derefs) in special {
                if let Some(derefs) = derefs {
                    self.flow_to(id, target, *argument, derefs);
                }
            }
            for (index, derefs) in summary.results.iter().enumerate() {
                if let Some(derefs) = derefs {
                    self.flow(id, function.insts[inst].results[index], *argument, *derefs);
                }
            }
        }
    }
}
