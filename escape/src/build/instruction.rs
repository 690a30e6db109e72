//! What one instruction lets flow.

use frontend::ssa::loops::Loops;
use frontend::ssa::op::{ConvertKind, Op, SelectCase};
use frontend::ssa::{Function, FunctionId, FunctionKind, Inst, SiteKind, Value};
use frontend::types::{Type, TypeId};
use petgraph::graph::NodeIndex;

use super::{Builder, MAX_IMPLICIT_BYTES, MAX_VARIABLE_BYTES, has_pointers, size_of};
use crate::{Mode, Reason};

impl Builder<'_> {
    pub(super) fn inst(&mut self, id: FunctionId, function: &Function, inst: Inst) {
        let data = &function.insts[inst];
        let result = data.results.first().copied();
        match &data.op {
            Op::Alloc(ty) => {
                let site = self.allocate(id, inst, result.expect("has a result"));
                let kind = data.site.expand().map(|site| function.sites[site].kind);
                let limit = match kind {
                    Some(SiteKind::Variable | SiteKind::Parameter | SiteKind::Result) => {
                        MAX_VARIABLE_BYTES
                    }
                    // gc looks at the size of the slice, not of what it is made of.
                    Some(SiteKind::SliceLiteral | SiteKind::VariadicSlice)
                        if self.mode == Mode::Go =>
                    {
                        u64::MAX
                    }
                    _ => MAX_IMPLICIT_BYTES,
                };
                if size_of(self.types(), *ty) > limit {
                    self.force_heap(site, Reason::TooLarge);
                }
            }
            Op::Load(address) => self.flow(id, result.expect("has a result"), *address, 1),
            Op::Store {
                address: target, ..
            }
            | Op::Move { target, .. }
                if function
                    .self_assignments
                    .iter()
                    .any(|assignment| assignment.inst == inst) =>
            {
                if self.stored_variables(id, *target, 0).is_none() {
                    self.mutate(id, *target);
                }
            }
            Op::Store { address, value } => self.store(id, *address, *value, 0),
            Op::Move { target, source } => {
                if self
                    .types()
                    .pointee(function.type_of(*source))
                    .is_some_and(|ty| has_pointers(self.types(), ty))
                {
                    self.store(id, *target, *source, 1);
                } else if self.stored_variables(id, *target, 0).is_none() {
                    self.mutate(id, *target);
                }
            }
            Op::ClearSlice(slice) => self.mutate(id, *slice),
            Op::FieldAddress(base, _) | Op::IndexAddress { base, .. } | Op::Slice { base, .. } => {
                self.flow(id, result.expect("has a result"), *base, 0);
            }
            Op::Field(base, _) | Op::Element(base, _) | Op::ChangeInterface(base) => {
                self.flow(id, result.expect("has a result"), *base, 0);
            }
            Op::Aggregate(values) => {
                for value in values {
                    self.flow(id, result.expect("has a result"), *value, 0);
                }
            }
            Op::Min(values) | Op::Max(values) => {
                for value in values {
                    self.flow(id, result.expect("has a result"), *value, 0);
                }
            }
            Op::Convert(ConvertKind::Retype | ConvertKind::SliceToArrayPointer, value) => {
                self.flow(id, result.expect("has a result"), *value, 0);
            }
            Op::Convert(kind, _) if *kind != ConvertKind::Numeric && data.site.is_some() => {
                self.allocate(id, inst, result.expect("has a result"));
            }
            Op::MakeInterface(value) => self.make_interface(id, function, inst, *value),
            Op::MakeClosure {
                function: closure,
                captures,
            } => {
                let site = self.allocate(id, inst, result.expect("has a result"));
                self.graph.graph[site].closure = Some(*closure);
                let captured = &self.program.functions[*closure].captures;
                let bytes: u64 = captured
                    .iter()
                    .map(|capture| size_of(self.types(), capture.ty))
                    .sum();
                if bytes > MAX_IMPLICIT_BYTES {
                    self.force_heap(site, Reason::TooLarge);
                }
                for capture in captures {
                    self.flow_to(id, site, *capture, 0);
                }
                if self.program.functions[*closure].kind == FunctionKind::Wrapper {
                    for (index, capture) in captures.iter().enumerate() {
                        self.bind(id, *closure, index, *capture);
                    }
                }
            }
            Op::Capture(index) => {
                let value = result.expect("has a result");
                if !has_pointers(self.types(), function.type_of(value)) {
                    return;
                }
                if function.kind == FunctionKind::Wrapper {
                    let index = function.parameters.len() + *index as usize;
                    let (target, source) = (self.node(id, value), self.parameters[&id][index]);
                    self.graph.flow(target, source, 0);
                    return;
                }
                let target = self.node(id, value);
                let callees = self.callees;
                for &(maker, source) in callees.captured(id, *index) {
                    let source = self.node_of_capture(maker, source);
                    self.graph.flow(target, source, 0);
                }
            }
            Op::MakeSlice { len, cap } => {
                let site = self.allocate(id, inst, result.expect("has a result"));
                let count = constant(function, cap.unwrap_or(*len));
                let element = match self
                    .types()
                    .underlying(function.type_of(result.expect("has a result")))
                {
                    Type::Slice(element) => *element,
                    _ => return,
                };
                if self.mode == Mode::Go && size_of(self.types(), element) == 0 {
                    self.force_heap(site, Reason::Empty);
                    return;
                }
                match count {
                    // Its size is not a matter of the graph: what it holds may be on the stack.
                    None => self.graph.graph[site].has_unknown_size = true,
                    Some(count)
                        if count < 0
                            || (count as u64)
                                .saturating_mul(size_of(self.types(), element).max(1))
                                > MAX_IMPLICIT_BYTES =>
                    {
                        self.force_heap(site, Reason::TooLarge);
                    }
                    Some(_) => {}
                }
            }
            Op::MakeMap { .. } | Op::MakeChannel { .. } => {
                self.allocate(id, inst, result.expect("has a result"));
            }
            Op::StringConcat(parts) => {
                let site = data.site.expand();
                if site.is_some() {
                    self.allocate(id, inst, result.expect("has a result"));
                }
                // `s += t` is an assignment of t to s in gc's eyes.
                let is_assignment =
                    site.is_some_and(|site| function.sites[site].kind == SiteKind::Temporary);
                if is_assignment && self.mode == Mode::Go {
                    for part in parts {
                        self.flow(id, result.expect("has a result"), *part, 0);
                    }
                }
            }
            Op::Append { slice, elements } => {
                self.grown(id, inst, result.expect("has a result"));
                self.appendee(id, function, *slice, result.expect("has a result"));
                for element in elements {
                    self.leak(id, *element, 0);
                }
            }
            Op::AppendSlice { slice, other } => {
                self.grown(id, inst, result.expect("has a result"));
                self.appendee(id, function, *slice, result.expect("has a result"));
                if self.has_pointer_elements(function, *other) {
                    self.leak(id, *other, 1);
                }
            }
            Op::Copy { target, source } => {
                self.mutate(id, *target);
                if self.has_pointer_elements(function, *source) {
                    self.leak(id, *source, 1);
                }
            }
            // What is in a map is in the heap, its own entries included: nothing flows out of it.
            Op::MapAssign { key, .. } => self.leak(id, *key, 0),
            Op::MapIterateStart { map, iterator } => self.store(id, *iterator, *map, 0),
            Op::MapIterateNext { iterator, .. } => {
                // gc lets values flow, but no keys; both are in the heap since they were put in.
                let first = if self.mode == Mode::Go { 2 } else { 1 };
                for address in data.results.iter().skip(first) {
                    self.flow(id, *address, *iterator, 1);
                }
            }
            Op::TypeAssert { value, ty, .. } => {
                let is_shared = self.types().is_interface(*ty) || self.is_direct(*ty);
                self.flow(
                    id,
                    result.expect("has a result"),
                    *value,
                    i32::from(!is_shared),
                );
            }
            Op::Call { callee, arguments } => self.call(id, inst, callee, arguments),
            Op::Go(closure) => self.leak(id, *closure, 0),
            Op::Defer(closure) => {
                // A deferred call outside of loops runs once an activation; its record is part of it.
                if is_in_loop(function, inst, *closure) {
                    self.leak(id, *closure, 0);
                }
            }
            Op::Send { value, .. } | Op::Panic(value) => self.leak(id, *value, 0),
            Op::Select { cases, .. } => {
                for case in cases {
                    if let SelectCase::Send { value, .. } = case {
                        self.leak(id, *value, 0);
                    }
                }
            }
            Op::Return(values) => {
                for (index, value) in values.iter().enumerate() {
                    let target = self.graph.results[&id][index];
                    self.flow_to(id, target, *value, 0);
                }
            }
            _ => {}
        }
    }

    /// The location of a value captured by a closure, in its maker.
    fn node_of_capture(&mut self, maker: FunctionId, value: Value) -> NodeIndex {
        let function = &self.program.functions[maker];
        if let Some(inst) = function.defining_inst(value)
            && matches!(function.insts[inst].op, Op::Alloc(_))
        {
            self.allocate(maker, inst, value);
        }
        self.node(maker, value)
    }

    fn has_pointer_elements(&self, function: &Function, slice: Value) -> bool {
        match self.types().underlying(function.type_of(slice)) {
            Type::Slice(element) => has_pointers(self.types(), *element),
            _ => false,
        }
    }

    /// What `append` allocates when it grows: never of a known size.
    fn grown(&mut self, id: FunctionId, inst: Inst, result: Value) {
        if self.program.functions[id].insts[inst].site.is_some() {
            let site = self.allocate(id, inst, result);
            let location = &mut self.graph.graph[site];
            location.has_unknown_size = true;
            // Memory that is not reused belongs to no loop.
            location.loop_depth = 0;
        }
    }

    fn appendee(&mut self, id: FunctionId, function: &Function, slice: Value, result: Value) {
        self.mutate(id, slice);
        self.flow(id, result, slice, 0);
        if self.has_pointer_elements(function, slice) {
            self.leak(id, slice, 1);
        }
    }

    /// Whether an interface holds values of this type themselves.
    pub(super) fn is_direct(&self, ty: TypeId) -> bool {
        match self.mode {
            Mode::Go => crate::explain::is_direct(self.types(), ty),
            Mode::Full => frontend::ssa::is_pointer_shaped(self.types(), ty),
        }
    }

    fn make_interface(&mut self, id: FunctionId, function: &Function, inst: Inst, value: Value) {
        let result = function.result(inst);
        if function.insts[inst].site.is_none() || self.is_direct(function.type_of(value)) {
            self.flow(id, result, value, 0);
            if function.insts[inst].site.is_some() {
                // Where gc needs no memory there is nothing that could be in the heap.
                self.site(id, inst);
            }
            return;
        }
        let site = self.allocate(id, inst, result);
        self.flow_to(id, site, value, 0);
    }
}

/// Whether the closure that is deferred here is deferred again and again.
fn is_in_loop(function: &Function, inst: Inst, closure: Value) -> bool {
    let site = function
        .defining_inst(closure)
        .and_then(|inst| function.insts[inst].site.expand());
    if let Some(site) = site {
        return function.sites[site].loop_depth > 1;
    }
    let loops = Loops::of(function);
    let has_irreducible = loops.loops.iter().any(|one| !one.is_reducible);
    let block = function
        .layout
        .iter()
        .find(|block| function.blocks[**block].insts.contains(&inst));
    has_irreducible || block.is_none_or(|block| loops.depth[*block] > 0)
}

/// The value of an integer constant.
fn constant(function: &Function, value: Value) -> Option<i64> {
    use frontend::ssa::ConstantValue;
    match &function.insts[function.defining_inst(value)?].op {
        Op::Constant(ConstantValue::Integer(value)) => Some(*value),
        Op::Constant(ConstantValue::Zero) => Some(0),
        Op::Convert(ConvertKind::Numeric | ConvertKind::Retype, inner) => {
            constant(function, *inner)
        }
        _ => None,
    }
}
