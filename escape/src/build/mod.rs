//! SSA to edges: one case a family of operations, in [`instruction`]; [`call`] has calls, [`put_back`] stores that tell
//! nothing new.

mod call;
mod instruction;
mod put_back;

use std::collections::{HashMap, HashSet};

use frontend::ssa::loops::Loops;
use frontend::ssa::op::{Callee, ConvertKind, Op};
use frontend::ssa::{Function, FunctionId, FunctionKind, Inst, Program, SiteId, Value};
use frontend::types::{Basic, Type, TypeId, TypeTable};
use petgraph::graph::NodeIndex;

use crate::callees::Callees;
use crate::graph::{LocationGraph, LocationKind};
use crate::native;
use crate::{Devirtualized, EscapeResults, Mode, ParamSummary, Placement, Reason, Selection};

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
