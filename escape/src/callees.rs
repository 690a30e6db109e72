//! Which functions a function value may be.
//!
//! As in gc, a local variable of function type is followed if all that is ever assigned to it are
//! function literals, declared functions and nil, and nothing but those assignments and reads can
//! get at it. Literals share such variables: a capture stands for what was captured.

use std::collections::{HashMap, HashSet};

use frontend::ssa::op::{ConstantValue, ConvertKind, Op};
use frontend::ssa::{Function, FunctionId, FunctionKind, Program, SiteKind, Value};
use frontend::types::Type;

/// Longest chain of variables and captures that is followed.
const MAX_STEPS: u32 = 32;

/// A value of some function of the group: a variable by its address.
type Owned = (FunctionId, Value);

/// The captured variables of closures: for each the values its makers put there.
pub(crate) type Captured = HashMap<(FunctionId, u32), Vec<Owned>>;

/// Values and variables of function type in one group of functions.
pub(crate) struct Callees<'p> {
    program: &'p Program,
    /// What is assigned to each variable; absent if something else may happen to it.
    assigned: HashMap<Owned, Option<Vec<Owned>>>,
}

/// A search for the functions a value may be.
#[derive(Default)]
struct Found {
    functions: Vec<FunctionId>,
    /// Variables that are looked into already.
    variables: HashSet<Owned>,
}

impl<'p> Callees<'p> {
    /// Looks through a group of functions.
    pub(crate) fn of_group(
        program: &'p Program,
        group: &[FunctionId],
        captured: &Captured,
    ) -> Self {
        let mut callees = Callees {
            program,
            assigned: HashMap::new(),
        };
        for &id in group {
            let function = &program.functions[id];
            for &block in &function.layout {
                for &inst in &function.blocks[block].insts {
                    callees.note_uses(id, function, &function.insts[inst].op, captured);
                }
            }
        }
        callees
    }

    fn is_function_variable(&self, function: &Function, address: Value) -> bool {
        let types = &self.program.typed.types;
        types
            .pointee(function.type_of(address))
            .is_some_and(|ty| matches!(types.underlying(ty), Type::Function(_)))
    }

    fn note_uses(&mut self, id: FunctionId, function: &Function, op: &Op, captured: &Captured) {
        let mut addresses = Vec::new();
        op.for_each_operand(|value| {
            if self.is_function_variable(function, value) {
                addresses.push(value);
            }
        });
        for address in addresses {
            for variable in self.variables(id, address, captured, 0) {
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
    fn variables(
        &self,
        id: FunctionId,
        address: Value,
        captured: &Captured,
        steps: u32,
    ) -> Vec<Owned> {
        let function = &self.program.functions[id];
        let Some(inst) = function.defining_inst(address) else {
            return Vec::new();
        };
        match &function.insts[inst].op {
            Op::Alloc(_) => vec![(id, address)],
            Op::Capture(index)
                if function.captures[*index as usize].is_by_reference && steps < MAX_STEPS =>
            {
                let makers = captured.get(&(id, *index)).into_iter().flatten();
                makers
                    .flat_map(|(maker, value)| self.variables(*maker, *value, captured, steps + 1))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// All functions a value may be, nil left out; nothing if that is not known.
    pub(crate) fn resolve(
        &self,
        id: FunctionId,
        value: Value,
        captured: &Captured,
    ) -> Option<Vec<FunctionId>> {
        let mut found = Found::default();
        self.collect(id, value, captured, 0, &mut found)?;
        found.functions.sort_unstable();
        found.functions.dedup();
        (!found.functions.is_empty()).then_some(found.functions)
    }

    fn collect(
        &self,
        id: FunctionId,
        value: Value,
        captured: &Captured,
        steps: u32,
        found: &mut Found,
    ) -> Option<()> {
        if steps > MAX_STEPS {
            return None;
        }
        let function = &self.program.functions[id];
        let inst = function.defining_inst(value)?;
        match &function.insts[inst].op {
            Op::MakeClosure {
                function: closure, ..
            } if self.program.functions[*closure].kind == FunctionKind::Closure => {
                found.functions.push(*closure);
            }
            Op::FunctionValue(callee) => found.functions.push(*callee),
            Op::Constant(ConstantValue::Zero) => {}
            Op::Convert(ConvertKind::Retype, inner) => {
                self.collect(id, *inner, captured, steps + 1, found)?;
            }
            Op::Capture(index) if !function.captures[*index as usize].is_by_reference => {
                for (maker, value) in captured.get(&(id, *index))? {
                    self.collect(*maker, *value, captured, steps + 1, found)?;
                }
            }
            Op::Load(address) => {
                let variables = self.variables(id, *address, captured, 0);
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
                        self.collect(*owner, *value, captured, steps + 1, found)?;
                    }
                }
            }
            _ => return None,
        }
        Some(())
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
