//! Cuts out of a whole program what it can never execute, so that nobody compiles it.
//!
//! The builder lowers what is mentioned; here the finished SSA is walked block by block from the
//! entry ([`blocks`]), and library code is loaded as it is found ([`super::archived`]). A library is
//! full of code that is guarded by what a value is (`fmt` can print anything), and most programs put
//! few types into interfaces. So three things grow together until nothing is new: blocks that can
//! execute, functions that can be called, and, for each interface type, the concrete types its values
//! can hold ([`holdings`]).
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

mod blocks;
mod holdings;

use cranelift_entity::SecondaryMap;

use super::op::{Callee, Op};
use super::{Block, Function, FunctionId, FunctionKind, Program, Value};
use crate::ast::Name;
use crate::check::{ObjectKind, PackageId};
use crate::hash::{HashMap, HashSet};
use crate::source::Span;
use crate::types::{Type, TypeId};

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
