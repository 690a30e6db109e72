//! Which functions a function value may be, and which type is in an interface.
//!
//! As in gc, a local variable of function type is followed if all that is ever assigned to it are
//! function literals, declared functions and nil, and nothing but those assignments and reads can
//! get at it. Literals share such variables: a capture stands for what was captured. A local
//! variable of interface type is followed in the same way, if all that is assigned to it is of one
//! concrete type: gc then calls that type's methods directly (its `devirtualize`).

use std::collections::{HashMap, HashSet};

use frontend::ast::Name;
use frontend::ssa::op::{Callee, ConstantValue, ConvertKind, Op};
use frontend::ssa::{Function, FunctionId, FunctionKind, Program, SiteKind, Value};
use frontend::types::{EXPORTED, Type, TypeId};

/// Of how many types a method is looked at before it is taken for unknown.
const MAX_IMPLEMENTERS: usize = 64;
/// Longest chain of variables and captures that is followed.
const MAX_STEPS: u32 = 32;

/// A value of some function of the group: a variable by its address.
type Owned = (FunctionId, Value);

/// The captured variables of closures: for each the values its makers put there.
type Captured = HashMap<(FunctionId, u32), Vec<Owned>>;

/// Values and variables of function and interface types.
pub(crate) struct Callees<'p> {
    program: &'p Program,
    captured: Captured,
    /// What flows into parameters of blocks.
    incoming: HashMap<Owned, Vec<Value>>,
    /// The types in interfaces that have a method of some name.
    by_method: HashMap<Name, Vec<TypeId>>,
    /// What is assigned to each variable; absent if something else may happen to it.
    assigned: HashMap<Owned, Option<Vec<Owned>>>,
}

/// A search for the functions a value may be.
#[derive(Default)]
struct Found {
    functions: Vec<FunctionId>,
    /// Variables and block parameters that are looked into already.
    variables: HashSet<Owned>,
}

/// What is in an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contents {
    /// Nothing but nil was found.
    Nothing,
    /// Values of one type, or nil.
    One(TypeId),
    /// Anything.
    Unknown,
}

impl Contents {
    fn join(self, other: Contents) -> Contents {
        match (self, other) {
            (Contents::Nothing, contents) | (contents, Contents::Nothing) => contents,
            (one, other) if one == other => one,
            _ => Contents::Unknown,
        }
    }
}

/// The function behind a method of an interface in the method table of a type.
pub(crate) fn implementation(
    program: &Program,
    interface: TypeId,
    method: u32,
    concrete: TypeId,
) -> Option<FunctionId> {
    let Type::Interface(methods) = program.typed.types.underlying(interface) else {
        return None;
    };
    let table = program.method_tables.get(&concrete)?;
    let entry_of = |index: usize| {
        table.iter().find(|entry| {
            entry.name == methods[index].name
                && entry.signature == methods[index].signature
                && (entry.package == methods[index].package || entry.package == EXPORTED)
        })
    };
    // A type that lacks another method is not what the interface holds: the conversion panics.
    (0..methods.len()).try_for_each(|index| entry_of(index).map(|_| ()))?;
    entry_of(method as usize).map(|entry| entry.function)
}

impl<'p> Callees<'p> {
    /// Looks through all functions.
    pub(crate) fn of_program(program: &'p Program) -> Self {
        let mut callees = Callees {
            program,
            captured: captured(program),
            incoming: HashMap::new(),
            by_method: HashMap::new(),
            assigned: HashMap::new(),
        };
        for (ty, table) in &program.method_tables {
            for entry in table {
                callees.by_method.entry(entry.name).or_default().push(*ty);
            }
        }
        for types in callees.by_method.values_mut() {
            types.sort_unstable();
            types.dedup();
        }
        for (id, function) in &program.functions {
            for &block in &function.layout {
                for &inst in &function.blocks[block].insts {
                    callees.note_uses(id, function, &function.insts[inst].op);
                    callees.note_arguments(id, function, &function.insts[inst].op);
                }
            }
        }
        callees
    }

    /// What the makers of a closure put into one of its captured variables.
    pub(crate) fn captured(&self, closure: FunctionId, index: u32) -> &[Owned] {
        self.captured
            .get(&(closure, index))
            .map_or(&[], Vec::as_slice)
    }

    /// Whether it is the address of what may be a followed variable.
    fn is_followed(&self, function: &Function, address: Value) -> bool {
        let types = &self.program.typed.types;
        types.pointee(function.type_of(address)).is_some_and(|ty| {
            matches!(types.underlying(ty), Type::Function(_) | Type::Interface(_))
        })
    }

    fn note_arguments(&mut self, id: FunctionId, function: &Function, op: &Op) {
        let types = &self.program.typed.types;
        for target in op.targets() {
            let parameters = &function.blocks[target.block].parameters;
            for (parameter, argument) in parameters.iter().zip(&target.arguments) {
                if matches!(
                    types.underlying(function.type_of(*parameter)),
                    Type::Function(_) | Type::Interface(_)
                ) {
                    let incoming = self.incoming.entry((id, *parameter)).or_default();
                    incoming.push(*argument);
                }
            }
        }
    }

    fn note_uses(&mut self, id: FunctionId, function: &Function, op: &Op) {
        let mut addresses = Vec::new();
        op.for_each_operand(|value| {
            if self.is_followed(function, value) {
                addresses.push(value);
            }
        });
        for address in addresses {
            for variable in self.variables(id, address, 0) {
                let assigned = self
                    .assigned
                    .entry(variable)
                    .or_insert_with(|| Some(Vec::new()));
                match op {
                    Op::Load(_) | Op::Clear(_) | Op::MakeClosure { .. } => {}
                    Op::Store {
                        address: target,
                        value,
                    } if *target == address && *value != address => {
                        if let Some(assigned) = assigned {
                            assigned.push((id, *value));
                        }
                    }
                    _ => *assigned = None,
                }
            }
        }
    }

    /// The variables an address is of.
    fn variables(&self, id: FunctionId, address: Value, steps: u32) -> Vec<Owned> {
        let function = &self.program.functions[id];
        let Some(inst) = function.defining_inst(address) else {
            return Vec::new();
        };
        match &function.insts[inst].op {
            Op::Alloc(_) => vec![(id, address)],
            Op::Capture(index)
                if function.captures[*index as usize].is_by_reference && steps < MAX_STEPS =>
            {
                self.captured(id, *index)
                    .iter()
                    .flat_map(|(maker, value)| self.variables(*maker, *value, steps + 1))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The functions that a call of an interface method may end in: those of every type that is
    /// converted to an interface and has all methods. Nothing if there are too many to look at.
    pub(crate) fn implementations(&self, interface: TypeId, method: u32) -> Vec<FunctionId> {
        let Type::Interface(methods) = self.program.typed.types.underlying(interface) else {
            return Vec::new();
        };
        let name = methods[method as usize].name;
        let with_method = self.by_method.get(&name).map_or(&[][..], Vec::as_slice);
        if with_method.len() > MAX_IMPLEMENTERS {
            return Vec::new();
        }
        with_method
            .iter()
            .filter_map(|concrete| implementation(self.program, interface, method, *concrete))
            .collect()
    }

    /// All functions a value may be, nil left out; nothing if that is not known.
    pub(crate) fn resolve(&self, id: FunctionId, value: Value) -> Option<Vec<FunctionId>> {
        let mut found = Found::default();
        self.collect(id, value, 0, &mut found)?;
        found.functions.sort_unstable();
        found.functions.dedup();
        (!found.functions.is_empty()).then_some(found.functions)
    }

    fn collect(&self, id: FunctionId, value: Value, steps: u32, found: &mut Found) -> Option<()> {
        if steps > MAX_STEPS {
            return None;
        }
        let function = &self.program.functions[id];
        let Some(inst) = function.defining_inst(value) else {
            // Nothing flows into the parameters of a function's first block.
            let incoming = self.incoming.get(&(id, value))?;
            if found.variables.insert((id, value)) {
                for value in incoming {
                    self.collect(id, *value, steps + 1, found)?;
                }
            }
            return Some(());
        };
        match &function.insts[inst].op {
            Op::MakeClosure {
                function: closure, ..
            } if self.program.functions[*closure].kind == FunctionKind::Closure => {
                found.functions.push(*closure);
            }
            Op::FunctionValue(callee) => found.functions.push(*callee),
            Op::Constant(ConstantValue::Zero) => {}
            Op::Convert(ConvertKind::Retype, inner) => {
                self.collect(id, *inner, steps + 1, found)?;
            }
            Op::Capture(index) if !function.captures[*index as usize].is_by_reference => {
                let makers = self.captured(id, *index);
                if makers.is_empty() {
                    return None;
                }
                for (maker, value) in makers {
                    self.collect(*maker, *value, steps + 1, found)?;
                }
            }
            Op::Load(address) => {
                let variables = self.variables(id, *address, 0);
                if variables.is_empty() {
                    return None;
                }
                for variable in variables {
                    if !self.is_local(variable) {
                        return None;
                    }
                    if !found.variables.insert(variable) {
                        continue;
                    }
                    for (owner, value) in self.assigned.get(&variable)?.as_ref()? {
                        self.collect(*owner, *value, steps + 1, found)?;
                    }
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// The method that an interface call is sure to end in: the concrete type of the receiver and
    /// the function in its method table.
    pub(crate) fn method(
        &self,
        id: FunctionId,
        receiver: Value,
        method: u32,
    ) -> Option<(TypeId, FunctionId)> {
        let function = &self.program.functions[id];
        let is_written = matches!(
            function.kind,
            FunctionKind::Declared
                | FunctionKind::Closure
                | FunctionKind::Thunk
                | FunctionKind::Init
        );
        if !is_written {
            return None;
        }
        let mut seen = HashSet::new();
        let Contents::One(concrete) = self.contents(id, receiver, &mut seen) else {
            return None;
        };
        implementation(self.program, function.type_of(receiver), method, concrete)
            .map(|function| (concrete, function))
    }

    fn contents(&self, id: FunctionId, value: Value, seen: &mut HashSet<Owned>) -> Contents {
        let function = &self.program.functions[id];
        let Some(inst) = function.defining_inst(value) else {
            let Some(incoming) = self.incoming.get(&(id, value)) else {
                return Contents::Unknown;
            };
            let mut all = Contents::Nothing;
            if seen.insert((id, value)) {
                for value in incoming {
                    all = all.join(self.contents(id, *value, seen));
                }
            }
            return all;
        };
        match &function.insts[inst].op {
            Op::MakeInterface(inner) => Contents::One(function.type_of(*inner)),
            Op::ChangeInterface(inner)
            | Op::Convert(ConvertKind::Retype, inner)
            | Op::TypeAssert { value: inner, .. } => self.contents(id, *inner, seen),
            Op::Constant(ConstantValue::Zero) => Contents::Nothing,
            Op::Capture(index) if !function.captures[*index as usize].is_by_reference => {
                let makers = self.captured(id, *index);
                let mut all = if makers.is_empty() {
                    Contents::Unknown
                } else {
                    Contents::Nothing
                };
                for (maker, value) in makers {
                    all = all.join(self.contents(*maker, *value, seen));
                }
                all
            }
            Op::Load(address) => {
                let variables = self.variables(id, *address, 0);
                if variables.is_empty() {
                    return Contents::Unknown;
                }
                let mut all = Contents::Nothing;
                for variable in variables {
                    if !self.is_local(variable) {
                        return Contents::Unknown;
                    }
                    if !seen.insert(variable) {
                        continue;
                    }
                    let Some(Some(assigned)) = self.assigned.get(&variable) else {
                        return Contents::Unknown;
                    };
                    for (owner, value) in assigned {
                        all = all.join(self.contents(*owner, *value, seen));
                    }
                }
                all
            }
            _ => Contents::Unknown,
        }
    }

    /// Whether it is neither a parameter nor a result.
    fn is_local(&self, (id, address): Owned) -> bool {
        let function = &self.program.functions[id];
        let site = function
            .defining_inst(address)
            .and_then(|inst| function.insts[inst].site.expand());
        site.is_some_and(|site| {
            matches!(
                function.sites[site].kind,
                SiteKind::Variable | SiteKind::Temporary
            )
        })
    }
}

/// What each closure captures, by its makers.
fn captured(program: &Program) -> Captured {
    let mut captured = Captured::new();
    for (id, function) in &program.functions {
        for &block in &function.layout {
            for &inst in &function.blocks[block].insts {
                if let Op::MakeClosure {
                    function: closure,
                    captures,
                } = &function.insts[inst].op
                {
                    for (index, value) in captures.iter().enumerate() {
                        captured
                            .entry((*closure, index as u32))
                            .or_default()
                            .push((id, *value));
                    }
                }
            }
        }
    }
    captured
}

/// The method with a value receiver that a method expression `(*T).m` calls; gc takes a call of such an
/// expression for a call of the method.
pub(crate) fn dereferenced_method(program: &Program, id: FunctionId) -> Option<FunctionId> {
    let function = &program.functions[id];
    if function.kind != FunctionKind::Wrapper || !function.captures.is_empty() {
        return None;
    }
    let types = &program.typed.types;
    let receiver = types.pointee(*function.parameters.first()?)?;
    wrapped_method(program, id, receiver)
}

/// The method of a type that a wrapper calls.
pub(crate) fn wrapped_method(
    program: &Program,
    wrapper: FunctionId,
    receiver: TypeId,
) -> Option<FunctionId> {
    let mut insts = program.functions[wrapper].insts.values();
    insts.find_map(|data| match data.op {
        Op::Call {
            callee: Callee::Function(callee),
            ..
        } => (program.functions[callee].parameters.first() == Some(&receiver)).then_some(callee),
        _ => None,
    })
}

/// Whether gc takes the receiver of a called method expression `(*T).m` for lost: it notes nothing of
/// receivers that hold no pointers.
pub(crate) fn loses_receiver(program: &Program, method: FunctionId) -> bool {
    let receiver = program.functions[method].parameters.first();
    receiver.is_some_and(|ty| !crate::build::has_pointers(&program.typed.types, *ty))
}
