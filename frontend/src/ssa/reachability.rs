//! Cuts out of a whole program what it can never execute, so that nobody compiles it.
//!
//! The builder lowers what is mentioned; here the finished SSA is walked block by block from the
//! entry, and library code is loaded as it is found ([`super::archived`]). A library is full of code that is guarded by what a value is (`fmt` can print anything),
//! and most programs put few types into interfaces. So three things grow together until nothing is
//! new: blocks that can execute, functions that can be called, and, for each interface type, the
//! concrete types its values can hold.
//!
//! | what | can happen only if |
//! |---|---|
//! | the success of `v.(T)` | the type of `v` can hold T, or a type that meets T |
//! | the failure of all tests of `v` in a row, for nil and for types | it can hold another type |
//! | `case k` of a `switch` over `reflectlite.Kind(v)` | the type of `v` can hold a type of that kind |
//! | a method behind an interface | a call of it by an interface type that can hold its receiver's |
//!
//! What an interface type can hold grows by conversions and assertions; two interface types with one
//! underlying type count as one. Values that come from elsewhere are the runtime's own (panics, seen
//! by `recover` and by the functions the runtime calls) and the insides of values, once a native of
//! reflection that yields them is live.
//!
//! Escape analysis of what is left finds at least as much for the stack as that of the whole text,
//! which is what `-m` explains: code that is never executed leaks nothing.
//!
//! Source: Bacon and Sweeney, "Fast Static Analysis of C++ Virtual Function Calls" (1996), for rapid
//! type analysis; Tip and Palsberg, "Scalable Propagation-Based Call Graph Construction Algorithms"
//! (2000), for a set per type of reference (their CTA and MTA).

use cranelift_entity::SecondaryMap;

use super::op::{BinaryOp, Callee, ConstantValue, Op};
use super::{Block, Definition, Function, FunctionId, FunctionKind, Inst, Program, Value};
use crate::ast::Name;
use crate::check::{ObjectKind, PackageId};
use crate::hash::{HashMap, HashSet};
use crate::source::Span;
use crate::types::{Basic, Type, TypeId};

/// The native that tells what kind of value an interface holds.
const KIND_NATIVE: &str = "internal/reflectlite.Kind";

/// So many tests of one value are remembered; a switch of thousands must not cost their square.
const MOST_TESTS: usize = 64;

/// Where execution may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roots {
    /// At the program's entry.
    Entry,
    /// At the entry and in every function of the user's package, to show them.
    UserPackage,
}

/// Removes blocks and bodies that cannot execute. Functions keep their ids; what is cut has no body.
pub fn prune(program: &mut Program, roots: Roots) {
    load_support(program);
    let mut findings = Findings {
        // What the runtime makes values of.
        holdings: vec![Holdings::default()],
        ..Findings::default()
    };
    let mut has_started = false;
    loop {
        let mut analysis = Analysis { program, findings };
        if !std::mem::replace(&mut has_started, true) {
            analysis.start(roots);
        }
        analysis.solve();
        findings = analysis.findings;
        if findings.wanted.is_empty() {
            break;
        }
        for id in std::mem::take(&mut findings.wanted) {
            program.load(id);
            let entry = program.functions[id].entry();
            findings.reach(id, entry);
        }
    }
    let Findings {
        is_live,
        live_blocks,
        ..
    } = findings;
    let mut stub = None;
    for (id, function) in &mut program.functions {
        if is_live[id] {
            cut(function, &live_blocks[id]);
        } else {
            function.layout.clear();
        }
    }
    // The runtime still looks methods up by name, to tell what meets an interface.
    for entry in program.method_tables.values_mut().flatten() {
        if !is_live[entry.function] {
            entry.function =
                *stub.get_or_insert_with(|| program.functions.push(unreachable_function()));
        }
    }
}

/// Loads the functions that the runtime calls: they are looked at before anything is reached.
fn load_support(program: &mut Program) {
    let is_support = |function: &Function| {
        function
            .object
            .is_some_and(|object| program.typed.support.contains(&object))
    };
    let functions = program.functions.iter();
    let functions: Vec<FunctionId> = functions
        .filter(|(_, function)| is_support(function))
        .map(|(id, _)| id)
        .collect();
    for id in functions {
        program.load(id);
    }
}

/// What stands in tables for methods that nobody calls.
fn unreachable_function() -> Function {
    let mut function = Function::new(
        "runtime.unreachableMethod".to_owned(),
        FunctionKind::Wrapper,
        Span::default(),
    );
    let entry = function.add_block();
    function.append_inst(entry, Op::Unreachable, &[], Span::default());
    function
}

/// Takes dead blocks out of a live function, and the ways into them.
fn cut(function: &mut Function, live: &SecondaryMap<Block, bool>) {
    if function.layout.iter().all(|block| live[*block]) {
        return;
    }
    function.layout.retain(|block| live[*block]);
    for block in function.layout.clone() {
        let terminator = function.terminator(block);
        let op = &mut function.insts[terminator].op;
        let replacement = match op {
            Op::Branch {
                then, otherwise, ..
            } if !live[then.block] => Some(Op::Jump(otherwise.clone())),
            Op::Branch {
                then, otherwise, ..
            } if !live[otherwise.block] => Some(Op::Jump(then.clone())),
            Op::Switch { cases, .. } => {
                cases.retain(|(_, target)| live[target.block]);
                None
            }
            _ => None,
        };
        if let Some(replacement) = replacement {
            *op = replacement;
        }
    }
}

/// Index of what one interface type can hold.
type Node = usize;

/// What an interface type can hold, or more precisely what was found so far.
#[derive(Default)]
struct Holdings {
    types: Vec<TypeId>,
    contains: HashSet<TypeId>,
}

/// What one interface type can hold, another can hold too.
struct Flow {
    from: Node,
    to: Node,
    /// The interface type values must meet on the way.
    filter: Option<TypeId>,
    /// How many types have gone along.
    done: usize,
}

/// A call of a method by an interface type.
struct Demand {
    receiver: Node,
    name: Name,
    package: PackageId,
    /// How many types were looked at.
    done: usize,
}

/// What must be so for a block to be entered in one way.
enum Condition {
    /// The interface type can hold this type, or if it is an interface a type that meets it.
    Holds(TypeId),
    /// It can hold a type of this kind.
    HoldsKind(i64),
    /// It can hold a type that is not among these.
    HoldsOther(Vec<TypeId>),
}

struct Guard {
    holder: Node,
    condition: Condition,
    function: FunctionId,
    block: Block,
    done: usize,
}

/// What was found so far, of a program that grows: code is loaded when it is found live.
#[derive(Default)]
struct Findings {
    is_live: SecondaryMap<FunctionId, bool>,
    /// Live functions whose code is still in the library's archive.
    wanted: Vec<FunctionId>,
    live_blocks: SecondaryMap<FunctionId, SecondaryMap<Block, bool>>,
    blocks: Vec<(FunctionId, Block)>,
    node_of: HashMap<TypeId, Node>,
    /// The sets of what functions find by assertion that the runtime calls.
    runtime_node_of: HashMap<TypeId, Node>,
    holdings: Vec<Holdings>,
    flows: Vec<Flow>,
    known_flows: HashSet<(Node, Node, Option<TypeId>)>,
    demands: Vec<Demand>,
    known_demands: HashSet<(Node, Name, PackageId)>,
    guards: Vec<Guard>,
    predecessors: HashMap<FunctionId, SecondaryMap<Block, Vec<Block>>>,
    /// What the runtime makes values of.
    runtime_values: Node,
    /// What the runtime calls, with such values.
    called_by_runtime: HashSet<FunctionId>,
    /// What the runtime asks how the program's own values print, once it can panic with any that have methods.
    asked_by_panics: Vec<FunctionId>,
    /// Whether natives may yield the insides of values; how many values of `any` were taken apart.
    reflects: bool,
    taken_apart: usize,
}

impl Findings {
    /// Makes a block live.
    fn reach(&mut self, function: FunctionId, block: Block) {
        if !std::mem::replace(&mut self.live_blocks[function][block], true) {
            self.blocks.push((function, block));
        }
    }
}

struct Analysis<'p> {
    program: &'p Program,
    findings: Findings,
}

impl Analysis<'_> {
    fn start(&mut self, roots: Roots) {
        let program = self.program;
        let typed = &program.typed;
        let mut functions = Vec::new();
        for object in &typed.support {
            match typed.objects[*object].kind {
                ObjectKind::TypeName => {
                    let ty = typed.objects[*object].ty;
                    self.hold(self.findings.runtime_values, ty);
                    if let Some(pointer) = typed.types.find(&Type::Pointer(ty)) {
                        self.hold(self.findings.runtime_values, pointer);
                    }
                }
                _ => {
                    functions.push(*object);
                }
            }
        }
        for (id, function) in &program.functions {
            let is_called = function
                .object
                .is_some_and(|object| functions.contains(&object));
            if is_called {
                self.findings.called_by_runtime.insert(id);
                if hands_values_on(program, function) {
                    // Then its values are everybody's.
                    self.findings.called_by_runtime.remove(&id);
                    let any = self.any();
                    any.map(|any| self.flow(self.findings.runtime_values, any, None));
                }
            }
        }
        self.enter(program.entry);
        for (id, function) in &program.functions {
            let is_called = function
                .object
                .is_some_and(|object| functions.contains(&object));
            if is_called {
                self.findings.asked_by_panics.push(id);
            }
            if roots == Roots::UserPackage && self.is_users(id) {
                self.enter(id);
            }
        }
    }

    /// Whether a function was written by the user, or made for one that was.
    fn is_users(&self, id: FunctionId) -> bool {
        let function = &self.program.functions[id];
        match (function.object, function.parent) {
            (Some(object), _) => {
                self.program.typed.objects[object].package == Some(self.program.typed.main)
            }
            (None, Some(parent)) => self.is_users(parent),
            (None, None) => false,
        }
    }

    fn solve(&mut self) {
        loop {
            while let Some((function, block)) = self.findings.blocks.pop() {
                self.visit(function, block);
            }
            let mut is_changed = self.follow_flows();
            is_changed |= self.meet_demands();
            is_changed |= self.take_apart();
            self.check_guards();
            if self.findings.blocks.is_empty() && !is_changed {
                return;
            }
        }
    }

    /// Makes a function live.
    fn enter(&mut self, id: FunctionId) {
        if std::mem::replace(&mut self.findings.is_live[id], true) {
            return;
        }
        let program = self.program;
        let function = &program.functions[id];
        if program.is_archived(id) {
            self.findings.wanted.push(id);
        } else if function.has_body() {
            self.findings.reach(id, function.entry());
        } else if function.kind == FunctionKind::Native {
            let types = &program.typed.types;
            let is_interface = |ty: &&TypeId| match types.underlying(**ty) {
                Type::Interface(_) => true,
                Type::Slice(element) => types.is_interface(*element),
                _ => false,
            };
            let taken = function.parameters.iter().filter(is_interface).count();
            let given = function.results.iter().filter(is_interface).count();
            self.findings.reflects |= taken > 1 || given > 0;
        }
    }

    /// The set of an interface type.
    fn node(&mut self, ty: TypeId) -> Node {
        let underlying = self.program.typed.types.underlying_id(ty);
        *self.findings.node_of.entry(underlying).or_insert_with(|| {
            self.findings.holdings.push(Holdings::default());
            self.findings.holdings.len() - 1
        })
    }

    /// The set of an interface type in the functions that the runtime calls.
    fn asserted_by_runtime(&mut self, ty: TypeId) -> Node {
        let underlying = self.program.typed.types.underlying_id(ty);
        *self
            .findings
            .runtime_node_of
            .entry(underlying)
            .or_insert_with(|| {
                self.findings.holdings.push(Holdings::default());
                self.findings.holdings.len() - 1
            })
    }

    /// The set of `any`.
    fn any(&mut self) -> Option<Node> {
        let any = self
            .program
            .typed
            .types
            .find(&Type::Interface(Box::default()))?;
        Some(self.node(any))
    }

    /// Notes that an interface type can hold a type; tells whether that is new.
    fn hold(&mut self, node: Node, ty: TypeId) -> bool {
        let holdings = &mut self.findings.holdings[node];
        let is_new = holdings.contains.insert(ty);
        if is_new {
            holdings.types.push(ty);
        }
        is_new
    }

    fn flow(&mut self, from: Node, to: Node, filter: Option<TypeId>) -> bool {
        let is_new = from != to && self.findings.known_flows.insert((from, to, filter));
        if is_new {
            self.findings.flows.push(Flow {
                from,
                to,
                filter,
                done: 0,
            });
        }
        is_new
    }

    fn visit(&mut self, id: FunctionId, block: Block) {
        let program = self.program;
        let function = &program.functions[id];
        let is_called_by_runtime = self.findings.called_by_runtime.contains(&id);
        for &inst in &function.blocks[block].insts {
            let data = &function.insts[inst];
            match &data.op {
                Op::Call {
                    callee: Callee::Function(callee),
                    ..
                } => self.enter(*callee),
                Op::Call {
                    callee: Callee::Interface { receiver, method },
                    ..
                } => {
                    let receiver = function.type_of(*receiver);
                    let Type::Interface(methods) = program.typed.types.underlying(receiver) else {
                        continue;
                    };
                    let method = &methods[*method as usize];
                    let node = if is_called_by_runtime {
                        self.asserted_by_runtime(receiver)
                    } else {
                        self.node(receiver)
                    };
                    if self
                        .findings
                        .known_demands
                        .insert((node, method.name, method.package))
                    {
                        self.findings.demands.push(Demand {
                            receiver: node,
                            name: method.name,
                            package: method.package,
                            done: 0,
                        });
                    }
                }
                Op::FunctionValue(callee) => self.enter(*callee),
                Op::MakeClosure {
                    function: callee, ..
                } => self.enter(*callee),
                Op::MakeInterface(value) => {
                    let node = if is_for_panic(function, block, inst) {
                        self.findings.runtime_values
                    } else {
                        self.node(function.type_of(function.result(inst)))
                    };
                    self.hold(node, function.type_of(*value));
                }
                Op::ChangeInterface(value) => {
                    let from = self.node(function.type_of(*value));
                    let to = self.node(function.type_of(function.result(inst)));
                    self.flow(from, to, None);
                }
                Op::TypeAssert { value, ty, .. } if program.typed.types.is_interface(*ty) => {
                    let from = self.node(function.type_of(*value));
                    if is_called_by_runtime {
                        // Such functions hand nothing on: what they assert is a set of its own.
                        let to = self.asserted_by_runtime(*ty);
                        self.flow(from, to, Some(*ty));
                        self.flow(self.findings.runtime_values, to, Some(*ty));
                    } else {
                        let to = self.node(*ty);
                        self.flow(from, to, Some(*ty));
                    }
                }
                Op::Recover => {
                    let to = self.node(function.type_of(function.result(inst)));
                    self.flow(self.findings.runtime_values, to, None);
                }
                Op::Panic(value) => {
                    if self.may_have_methods(function, *value) {
                        for asked in std::mem::take(&mut self.findings.asked_by_panics) {
                            self.enter(asked);
                        }
                    }
                }
                op if op.is_terminator() => {
                    self.leave(id, function, block, op, is_called_by_runtime);
                }
                _ => {}
            }
        }
    }

    /// Whether an interface value may hold something with methods.
    fn may_have_methods(&self, function: &Function, value: Value) -> bool {
        let made = function
            .defining_inst(value)
            .map(|inst| &function.insts[inst].op);
        let Some(Op::MakeInterface(inner)) = made else {
            return true;
        };
        self.program
            .method_tables
            .contains_key(&function.type_of(*inner))
    }

    /// Where control goes at the end of a block.
    fn leave(
        &mut self,
        id: FunctionId,
        function: &Function,
        block: Block,
        op: &Op,
        is_called_by_runtime: bool,
    ) {
        match op {
            Op::Branch {
                condition,
                then,
                otherwise,
            } if !is_called_by_runtime => match test(function, *condition) {
                Some(Test::Type { value, ty }) => {
                    let holder = self.node(function.type_of(value));
                    self.guard(holder, Condition::Holds(ty), id, then.block);
                    let (excluded, is_nil_excluded) = self.excluded(id, block, value);
                    if is_nil_excluded {
                        let excluded = excluded.into_iter().chain([ty]).collect();
                        self.guard(holder, Condition::HoldsOther(excluded), id, otherwise.block);
                    } else {
                        self.findings.reach(id, otherwise.block);
                    }
                }
                Some(Test::Nil { value })
                    if self
                        .program
                        .typed
                        .types
                        .is_interface(function.type_of(value)) =>
                {
                    self.findings.reach(id, then.block);
                    let holder = self.node(function.type_of(value));
                    let (excluded, _) = self.excluded(id, block, value);
                    self.guard(holder, Condition::HoldsOther(excluded), id, otherwise.block);
                }
                _ => op
                    .targets()
                    .for_each(|target| self.findings.reach(id, target.block)),
            },
            Op::Switch {
                value,
                cases,
                default,
            } => {
                self.findings.reach(id, default.block);
                let of_kind = self.value_of_kind(function, *value);
                for (kind, target) in cases {
                    match of_kind {
                        Some(value) => {
                            let holder = self.node(function.type_of(value));
                            self.guard(holder, Condition::HoldsKind(*kind), id, target.block);
                        }
                        None => self.findings.reach(id, target.block),
                    }
                }
            }
            op => op
                .targets()
                .for_each(|target| self.findings.reach(id, target.block)),
        }
    }

    /// The types an interface value does not hold in a block, and whether it is not nil, by the tests
    /// of it that lead there.
    fn excluded(&mut self, id: FunctionId, block: Block, value: Value) -> (Vec<TypeId>, bool) {
        let function = &self.program.functions[id];
        let predecessors = self
            .findings
            .predecessors
            .entry(id)
            .or_insert_with(|| function.predecessors());
        let (mut types, mut is_nil_excluded) = (Vec::new(), false);
        let mut block = block;
        while let [predecessor] = predecessors[block][..]
            && types.len() < MOST_TESTS
        {
            let terminator = function.terminator(predecessor);
            if let Op::Branch {
                condition,
                then,
                otherwise,
            } = &function.insts[terminator].op
                && otherwise.block == block
                && then.block != block
            {
                match test(function, *condition) {
                    Some(Test::Type { value: tested, ty }) if tested == value => types.push(ty),
                    Some(Test::Nil { value: tested }) if tested == value => is_nil_excluded = true,
                    _ => {}
                }
            }
            block = predecessor;
        }
        (types, is_nil_excluded)
    }

    fn guard(&mut self, holder: Node, condition: Condition, function: FunctionId, block: Block) {
        self.findings.guards.push(Guard {
            holder,
            condition,
            function,
            block,
            done: 0,
        });
    }

    /// The interface value whose kind a value is, if it is one.
    fn value_of_kind(&self, function: &Function, kind: Value) -> Option<Value> {
        let Op::Call {
            callee: Callee::Function(callee),
            arguments,
        } = &function.insts[function.defining_inst(kind)?].op
        else {
            return None;
        };
        let callee = &self.program.functions[*callee];
        let is_kind = callee.kind == FunctionKind::Native && callee.name == KIND_NATIVE;
        is_kind.then(|| arguments[0])
    }

    /// Moves types along the flows; tells whether any was new.
    fn follow_flows(&mut self) -> bool {
        let mut is_changed = false;
        for index in 0..self.findings.flows.len() {
            let Flow {
                from,
                to,
                filter,
                done,
            } = self.findings.flows[index];
            let types = self.findings.holdings[from].types[done..].to_vec();
            self.findings.flows[index].done += types.len();
            for ty in types {
                if filter.is_none_or(|interface| self.meets(ty, interface)) {
                    is_changed |= self.hold(to, ty);
                }
            }
        }
        is_changed
    }

    /// Makes the methods live that calls by interfaces can reach.
    fn meet_demands(&mut self) -> bool {
        let mut is_changed = false;
        for index in 0..self.findings.demands.len() {
            let Demand {
                receiver,
                name,
                package,
                done,
            } = self.findings.demands[index];
            let types = self.findings.holdings[receiver].types[done..].to_vec();
            self.findings.demands[index].done += types.len();
            for ty in types {
                let entries = self
                    .program
                    .method_tables
                    .get(&ty)
                    .map_or(&[][..], Vec::as_slice);
                for entry in entries
                    .iter()
                    .filter(|entry| entry.name == name && entry.package == package)
                {
                    is_changed |= !self.findings.is_live[entry.function];
                    self.enter(entry.function);
                }
            }
        }
        is_changed
    }

    /// Adds what reflection finds inside of values.
    fn take_apart(&mut self) -> bool {
        let Some(any) = self.any().filter(|_| self.findings.reflects) else {
            return false;
        };
        let mut is_changed = false;
        while self.findings.taken_apart < self.findings.holdings[any].types.len() {
            let ty = self.findings.holdings[any].types[self.findings.taken_apart];
            self.findings.taken_apart += 1;
            let types = &self.program.typed.types;
            let parts: Vec<TypeId> = match types.underlying(ty) {
                Type::Pointer(element)
                | Type::Slice(element)
                | Type::Array(element, _)
                | Type::Channel(_, element) => {
                    vec![*element]
                }
                Type::Map(key, element) => vec![*key, *element],
                Type::Struct(fields) => fields.iter().map(|field| field.ty).collect(),
                _ => Vec::new(),
            };
            for part in parts {
                if types.is_interface(part) {
                    // Reflection also stores through pointers.
                    let part_node = self.node(part);
                    is_changed |=
                        self.flow(part_node, any, None) | self.flow(any, part_node, Some(part));
                } else {
                    is_changed |= self.hold(any, part);
                    if let Some(pointer) = types.find(&Type::Pointer(part)) {
                        is_changed |= self.hold(any, pointer);
                    }
                }
            }
        }
        is_changed
    }

    /// Enters blocks whose conditions have come true.
    fn check_guards(&mut self) {
        let mut guards = std::mem::take(&mut self.findings.guards);
        guards.retain_mut(|guard| {
            if self.findings.live_blocks[guard.function][guard.block] {
                return false;
            }
            let types = &self.findings.holdings[guard.holder].types;
            let is_true = types[guard.done..].iter().any(|ty| match &guard.condition {
                Condition::Holds(wanted) => ty == wanted || self.meets(*ty, *wanted),
                Condition::HoldsKind(kind) => self.kind(*ty) == *kind,
                // Of an interface type among them nothing follows: its methods were compared by name only.
                Condition::HoldsOther(excluded) => !excluded.contains(ty),
            });
            guard.done = types.len();
            if is_true {
                self.findings.reach(guard.function, guard.block);
            }
            !is_true
        });
        self.findings.guards.append(&mut guards);
    }

    /// Whether a concrete type has the methods of an interface, by their names: signatures only make
    /// it fewer.
    fn meets(&self, ty: TypeId, interface: TypeId) -> bool {
        let Type::Interface(methods) = self.program.typed.types.underlying(interface) else {
            return false;
        };
        let entries = self
            .program
            .method_tables
            .get(&ty)
            .map_or(&[][..], Vec::as_slice);
        methods.iter().all(|method| {
            entries
                .iter()
                .any(|entry| entry.name == method.name && entry.package == method.package)
        })
    }

    /// The kind of a type, by the numbers of package reflect.
    fn kind(&self, ty: TypeId) -> i64 {
        match self.program.typed.types.underlying(ty) {
            Type::Basic(Basic::UnsafePointer) => 26,
            Type::Basic(Basic::String) => 24,
            // The declaration order is that of package reflect.
            Type::Basic(basic) => *basic as i64 + 1,
            Type::Array(..) => 17,
            Type::Channel(..) => 18,
            Type::Function(_) => 19,
            Type::Interface(_) => 20,
            Type::Map(..) => 21,
            Type::Pointer(_) => 22,
            Type::Slice(_) => 23,
            Type::Struct(_) => 25,
            Type::Named(_) | Type::Tuple(_) => 0,
        }
    }
}

/// Whether an interface value is made to panic with at once: only `recover` and the runtime see it.
fn is_for_panic(function: &Function, block: Block, inst: Inst) -> bool {
    let insts = &function.blocks[block].insts;
    // Between the two nobody else can use the value, and after the second nothing follows.
    let [.., before, last] = insts[..] else {
        return false;
    };
    before == inst && function.insts[last].op == Op::Panic(function.result(inst))
}

/// What a branch can find out about an interface value.
enum Test {
    /// Whether it is of a type, or meets it.
    Type { value: Value, ty: TypeId },
    /// Whether it is nil.
    Nil { value: Value },
}

/// The test whose outcome a boolean is.
fn test(function: &Function, condition: Value) -> Option<Test> {
    let Definition::Result(inst, index) = function.values[condition].definition else {
        return None;
    };
    match (&function.insts[inst].op, index) {
        (
            Op::TypeAssert {
                value,
                ty,
                comma_ok: true,
            },
            1,
        ) => Some(Test::Type {
            value: *value,
            ty: *ty,
        }),
        (Op::Binary(BinaryOp::Equal, value, zero), 0) => {
            let zero = function.defining_inst(*zero)?;
            let is_nil = function.insts[zero].op == Op::Constant(ConstantValue::Zero);
            is_nil.then_some(Test::Nil { value: *value })
        }
        _ => None,
    }
}

/// Whether a function does more with interface values than to assert types and call methods.
fn hands_values_on(program: &Program, function: &Function) -> bool {
    let is_interface = |value: &Value| program.typed.types.is_interface(function.type_of(*value));
    function.insts.values().any(|data| match &data.op {
        Op::Constant(_) | Op::Alloc(_) | Op::Load(_) | Op::Store { .. } | Op::TypeAssert { .. } => {
            false
        }
        Op::Jump(_) | Op::Branch { .. } | Op::Binary(..) => false,
        Op::Call {
            callee: Callee::Interface { .. },
            arguments,
        } => arguments.iter().chain(&data.results).any(is_interface),
        Op::Return(values) => values.iter().any(is_interface),
        _ => true,
    })
}
