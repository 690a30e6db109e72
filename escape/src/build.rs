//! SSA to edges: one case a family of operations.

use std::collections::{HashMap, HashSet};

use frontend::ssa::loops::Loops;
use frontend::ssa::op::{Callee, ConvertKind, Op, SelectCase};
use frontend::ssa::{Function, FunctionId, FunctionKind, Inst, Program, SiteId, SiteKind, Value};
use frontend::types::{Basic, Type, TypeId, TypeTable};
use petgraph::graph::NodeIndex;

use crate::callees::{Callees, dereferenced_method, loses_receiver, wrapped_method};
use crate::graph::{LocationGraph, LocationKind};
use crate::{Devirtualized, EscapeResults, Mode, ParamSummary, Placement, Reason, Selection};
use crate::{go_library, native};

/// Largest variable that is kept in a frame, as in gc.
pub(crate) const MAX_VARIABLE_BYTES: u64 = 128 * 1024;
/// Largest implicit allocation (`new`, `&T{}`, `make`, slice literals) that is kept in a frame, as
/// in gc.
pub(crate) const MAX_IMPLICIT_BYTES: u64 = 64 * 1024;

/// A finished graph and where its locations are.
pub(crate) struct Built {
    pub(crate) graph: LocationGraph,
    parameters: HashMap<FunctionId, Vec<NodeIndex>>,
    functions: Vec<FunctionId>,
    devirtualized: Vec<Devirtualized>,
}

/// Builds the graph of one group of functions.
pub(crate) fn build(
    program: &Program,
    mode: Mode,
    selection: Selection,
    callees: &Callees<'_>,
    group: &[FunctionId],
    results: &EscapeResults,
) -> Built {
    let mut builder = Builder {
        program,
        mode,
        selection,
        results,
        graph: LocationGraph::new(),
        values: HashMap::new(),
        depths: HashMap::new(),
        parameters: HashMap::new(),
        callees,
        is_users: false,
        used: HashSet::new(),
        devirtualized: Vec::new(),
        group: group.iter().copied().collect(),
    };
    for &id in group {
        builder.declare(id);
    }
    for &id in group {
        builder.function(id);
    }
    Built {
        graph: builder.graph,
        parameters: builder.parameters,
        functions: group.to_vec(),
        devirtualized: builder.devirtualized,
    }
}

impl Built {
    /// Moves what the solver found into the results.
    pub(crate) fn record(&self, program: &Program, results: &mut EscapeResults) {
        results.devirtualized.extend_from_slice(&self.devirtualized);
        for location in self.graph.graph.node_weights() {
            if let LocationKind::Site(function, site) = location.kind {
                if !location.mutates {
                    results.unwritten.insert((function, site));
                }
                results.placements[function][site] = match location.escapes {
                    None if location.has_unknown_size => Placement::Heap(Reason::NonConstantSize),
                    None => Placement::Stack,
                    Some(reason) => Placement::Heap(reason),
                };
            }
        }
        for &id in &self.functions {
            let function = &program.functions[id];
            results.summaries[id] = if function.has_body() {
                let nodes = &self.parameters[&id];
                nodes
                    .iter()
                    .map(|node| {
                        let location = &self.graph.graph[*node];
                        if native::keeps_everything(function) {
                            return ParamSummary::unknown();
                        }
                        ParamSummary {
                            heap: location.leak_heap,
                            results: location.leak_results.clone(),
                            mutator: location.leak_mutator,
                            callee: location.leak_callee,
                        }
                        .normalized()
                    })
                    .collect()
            } else {
                native::summaries(program, function)
            };
        }
    }
}

pub(crate) struct Builder<'p> {
    pub(crate) program: &'p Program,
    pub(crate) mode: Mode,
    selection: Selection,
    pub(crate) results: &'p EscapeResults,
    graph: LocationGraph,
    values: HashMap<(FunctionId, Value), NodeIndex>,
    /// Loops around the sites that are in any, from 1, to run: what the code does, not what it says.
    depths: HashMap<(FunctionId, SiteId), u32>,
    parameters: HashMap<FunctionId, Vec<NodeIndex>>,
    callees: &'p Callees<'p>,
    /// Whether gc's verdicts about the current function are wanted and it is the user's.
    is_users: bool,
    /// Values of the current function that some instruction reads.
    used: HashSet<Value>,
    devirtualized: Vec<Devirtualized>,
    pub(crate) group: HashSet<FunctionId>,
}

impl<'p> Builder<'p> {
    fn types(&self) -> &'p TypeTable {
        &self.program.typed.types
    }

    fn declare(&mut self, id: FunctionId) {
        let function = &self.program.functions[id];
        if !function.has_body() {
            return;
        }
        let mut parameters = Vec::new();
        for (index, value) in function.blocks[function.entry()]
            .parameters
            .iter()
            .enumerate()
        {
            let node = self
                .graph
                .add(LocationKind::Parameter(id, index as u32), id, 1);
            self.values.insert((id, *value), node);
            parameters.push(node);
        }
        if function.kind == FunctionKind::Wrapper {
            for _ in &function.captures {
                let kind = LocationKind::Parameter(id, parameters.len() as u32);
                parameters.push(self.graph.add(kind, id, 1));
            }
        }
        self.parameters.insert(id, parameters);
        let results = (0..function.results.len() as u32)
            .map(|index| self.graph.add(LocationKind::Result(id, index), id, 1))
            .collect();
        self.graph.results.insert(id, results);
        for &block in &function.layout {
            for &inst in &function.blocks[block].insts {
                if let Op::MakeClosure {
                    function: closure, ..
                } = &function.insts[inst].op
                    && self.program.functions[*closure].kind != FunctionKind::Wrapper
                {
                    self.graph.parents.insert(*closure, id);
                }
            }
        }
        if self.mode == Mode::Full {
            self.declare_kept(id, function);
        }
    }

    /// Finds the loops around sites, and the values that may outlive what they point at. In naive
    /// form these are variables; here variables may be values already.
    fn declare_kept(&mut self, id: FunctionId, function: &Function) {
        let loops = Loops::of(function);
        for &block in &function.layout {
            let depth = loops.depth[block] + 1;
            for &inst in &function.blocks[block].insts {
                let data = &function.insts[inst];
                if let Some(site) = data.site.expand()
                    && depth > 1
                {
                    self.depths.insert((id, site), depth);
                }
                let calls_closure = match &data.op {
                    Op::Call { callee, .. } => match callee {
                        Callee::Closure(_) => true,
                        Callee::Function(callee) => {
                            self.program.functions[*callee].kind == FunctionKind::Closure
                        }
                        Callee::Interface { .. } => false,
                    },
                    _ => false,
                };
                if calls_closure {
                    self.keep(id, function, &data.results, depth);
                }
            }
        }
        for one in &loops.loops {
            // What goes round belongs outside.
            let depth = loops.depth[one.header];
            let parameters = &function.blocks[one.header].parameters;
            self.keep(id, function, parameters, depth);
        }
        if loops.loops.iter().any(|one| !one.is_reducible) {
            self.give_up(id, function);
        }
    }

    fn keep(&mut self, id: FunctionId, function: &Function, values: &[Value], depth: u32) {
        for &value in values {
            if has_pointers(self.types(), function.type_of(value)) {
                let node = self.graph.add(LocationKind::Kept(id, value), id, depth);
                self.values.insert((id, value), node);
            }
        }
    }

    /// Of code that jumps into loops nobody knows what is executed again: only what the first block
    /// makes, once, may be on the stack.
    fn give_up(&mut self, id: FunctionId, function: &Function) {
        for &block in &function.layout[1..] {
            for &inst in &function.blocks[block].insts {
                if function.insts[inst].site.is_some()
                    && let Some(&result) = function.insts[inst].results.first()
                {
                    let site = self.allocate(id, inst, result);
                    self.force_heap(site, Reason::Escapes);
                }
            }
        }
    }

    fn node(&mut self, id: FunctionId, value: Value) -> NodeIndex {
        if let Some(node) = self.values.get(&(id, value)) {
            return *node;
        }
        let node = self
            .graph
            .add(LocationKind::Temporary(id, value), id, u32::MAX);
        self.values.insert((id, value), node);
        node
    }

    /// The location of an instruction's allocation site.
    fn site(&mut self, id: FunctionId, inst: Inst) -> NodeIndex {
        let function = &self.program.functions[id];
        let site = function.insts[inst]
            .site
            .expand()
            .expect("allocating operations have sites");
        let depth = match self.mode {
            Mode::Go => function.sites[site].loop_depth,
            Mode::Full => self.depths.get(&(id, site)).copied().unwrap_or(1),
        };
        let location = self.graph.add(LocationKind::Site(id, site), id, depth);
        // The runtime writes to iterators as one writes to stacks.
        let is_iterator = function.insts[inst].op == Op::Alloc(self.program.map_iterator);
        if !is_iterator && !self.selection.admits(self.program, id, site) {
            self.force_heap(location, Reason::Escapes);
        }
        location
    }

    fn flow(&mut self, id: FunctionId, target: Value, source: Value, derefs: i32) {
        let function = &self.program.functions[id];
        if !has_pointers(self.types(), function.type_of(target))
            || !has_pointers(self.types(), function.type_of(source))
        {
            return;
        }
        let target = self.node(id, target);
        let source = self.node(id, source);
        self.graph.flow(target, source, derefs);
    }

    fn flow_to(&mut self, id: FunctionId, target: NodeIndex, source: Value, derefs: i32) {
        if has_pointers(self.types(), self.program.functions[id].type_of(source)) {
            let source = self.node(id, source);
            self.graph.flow(target, source, derefs);
        }
    }

    fn leak(&mut self, id: FunctionId, source: Value, derefs: i32) {
        self.flow_to(id, self.graph.heap, source, derefs);
    }

    /// The variables a store through `address` may write, if all are known: `Alloc`s, reached
    /// through fields, array elements and captures by reference.
    fn stored_variables(
        &self,
        id: FunctionId,
        address: Value,
        depth: u32,
    ) -> Option<Vec<(FunctionId, Value)>> {
        let function = &self.program.functions[id];
        let inst = function.defining_inst(address)?;
        match &function.insts[inst].op {
            Op::Alloc(_) => Some(vec![(id, address)]),
            Op::FieldAddress(base, _) => self.stored_variables(id, *base, depth),
            Op::IndexAddress { base, .. }
                if matches!(
                    self.types().underlying(function.type_of(*base)),
                    Type::Pointer(_)
                ) =>
            {
                self.stored_variables(id, *base, depth)
            }
            Op::Convert(ConvertKind::Retype, base) => self.stored_variables(id, *base, depth),
            Op::Capture(index)
                if function.captures[*index as usize].is_by_reference && depth < 64 =>
            {
                let makers = self.callees.captured(id, *index);
                if makers.is_empty() {
                    return None;
                }
                let mut variables = Vec::new();
                for (maker, value) in makers {
                    variables.extend(self.stored_variables(*maker, *value, depth + 1)?);
                }
                Some(variables)
            }
            _ => None,
        }
    }

    fn store(&mut self, id: FunctionId, address: Value, value: Value, derefs: i32) {
        let Some(variables) = self.stored_variables(id, address, 0) else {
            let is_itself_stored = derefs == 0;
            match self.kept_besides(id, address, value) {
                Some(kept) if is_itself_stored => {
                    for (value, derefs) in kept {
                        self.leak(id, value, derefs);
                    }
                }
                _ => self.leak(id, value, derefs),
            }
            self.mutate(id, address);
            return;
        };
        for (owner, variable) in variables {
            if let Some(target) = self.variable_site(owner, variable) {
                self.flow_to(id, target, value, derefs);
            }
        }
    }

    /// What a pointer, slice or map leads to is written.
    fn mutate(&mut self, id: FunctionId, pointer: Value) {
        self.flow_to(id, self.graph.mutator, pointer, 0);
    }

    /// The site location behind the address of an `Alloc`.
    fn variable_site(&mut self, id: FunctionId, address: Value) -> Option<NodeIndex> {
        let function = &self.program.functions[id];
        let inst = function.defining_inst(address)?;
        let key = (id, address);
        if !self.values.contains_key(&key) {
            self.allocate(id, inst, address);
        }
        let node = self.values[&key];
        self.graph
            .graph
            .neighbors_directed(node, petgraph::Direction::Incoming)
            .next()
    }

    /// `result <- &site`
    fn allocate(&mut self, id: FunctionId, inst: Inst, result: Value) -> NodeIndex {
        if let Some(node) = self.values.get(&(id, result))
            && let Some(site) = self
                .graph
                .graph
                .neighbors_directed(*node, petgraph::Direction::Incoming)
                .next()
            && matches!(self.graph.graph[site].kind, LocationKind::Site(..))
        {
            return site;
        }
        let site = self.site(id, inst);
        let value = self.node(id, result);
        self.graph.flow(value, site, -1);
        site
    }

    fn force_heap(&mut self, site: NodeIndex, reason: Reason) {
        self.graph.graph[site].escape(reason);
    }

    fn function(&mut self, id: FunctionId) {
        let program = self.program;
        let function = &program.functions[id];
        self.is_users = self.mode == Mode::Go && crate::explain::is_users(program, id);
        self.used.clear();
        for &block in &function.layout {
            for &inst in &function.blocks[block].insts {
                let used = &mut self.used;
                function.insts[inst].op.for_each_operand(|value| {
                    used.insert(value);
                });
            }
        }
        for &block in &function.layout {
            for &inst in &function.blocks[block].insts {
                self.graph.at = Some((id, inst));
                self.inst(id, function, inst);
                for target in function.insts[inst].op.targets() {
                    for (parameter, argument) in function.blocks[target.block]
                        .parameters
                        .iter()
                        .zip(&target.arguments)
                    {
                        self.flow(id, *parameter, *argument, 0);
                    }
                }
            }
        }
    }

    fn inst(&mut self, id: FunctionId, function: &Function, inst: Inst) {
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

    /// `x.m` as a value: nobody knows who calls it, so what the method returns of its receiver is
    /// lost. Wrappers have their captures as parameters after the others.
    fn bind(&mut self, id: FunctionId, wrapper: FunctionId, capture: usize, receiver: Value) {
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
    fn is_direct(&self, ty: TypeId) -> bool {
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

    fn call(&mut self, id: FunctionId, inst: Inst, callee: &Callee, arguments: &[Value]) {
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

/// Whether values of a type may hold pointers.
pub(crate) fn has_pointers(types: &TypeTable, ty: TypeId) -> bool {
    match types.underlying(ty) {
        Type::Basic(basic) => matches!(
            basic,
            Basic::String | Basic::UnsafePointer | Basic::UntypedNil
        ),
        Type::Array(element, count) => *count > 0 && has_pointers(types, *element),
        Type::Struct(fields) => fields.iter().any(|field| has_pointers(types, field.ty)),
        _ => true,
    }
}

/// The size of a value in bytes, with Go's layout on 64-bit machines.
fn size_of(types: &TypeTable, ty: TypeId) -> u64 {
    frontend::types::layout::size_and_align(types, ty).0
}
