//! The rules of SSA form, checked.
//!
//! 1. Every block of the layout ends in one terminator and has none before its end.
//! 2. A branch passes as many arguments as its target has parameters, of the same types.
//! 3. The entry block's parameters have the function's parameter types; nothing branches to it.
//! 4. Every operand is defined, and its definition dominates the use.
//! 5. An instruction stands in one block, once, and its results name it as their definition.
//! 6. Addresses point to the type that is stored or loaded; returned values have the result types;
//!    a closure has as many captures as its function.
//!
//! Unreachable blocks are held to rules 1, 2 and 5 only.

use cranelift_entity::{EntityRef, SecondaryMap};

use super::dominators::Dominators;
use super::op::{Callee, Op};
use super::{Block, Definition, Function, Inst, Program, Value, print};
use crate::types::{Type, TypeId};

/// Checks all functions; the error names the function, the instruction and the rule broken.
pub fn program(program: &Program) -> Result<(), String> {
    program
        .functions
        .values()
        .filter(|function| function.has_body())
        .try_for_each(|function| self::function(program, function))
}

/// Checks one function.
pub fn function(program: &Program, function: &Function) -> Result<(), String> {
    let mut verifier = Verifier {
        program,
        function,
        place: SecondaryMap::new(),
        errors: Vec::new(),
    };
    verifier.run();
    if verifier.errors.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}:\n  {}\n{}",
        function.name,
        verifier.errors.join("\n  "),
        print::function(program, function)
    ))
}

struct Verifier<'p> {
    program: &'p Program,
    function: &'p Function,
    /// Block and index, from 1, of each instruction; 0: in no block.
    place: SecondaryMap<Inst, (u32, u32)>,
    errors: Vec<String>,
}

impl Verifier<'_> {
    fn fail(&mut self, inst: Inst, message: &str) {
        let text = print::instruction(self.program, self.function, inst);
        self.errors.push(format!("{inst} `{text}`: {message}"));
    }

    fn run(&mut self) {
        let function = self.function;
        for &block in &function.layout {
            self.block_shape(block);
        }
        if !self.errors.is_empty() {
            return;
        }
        let entry = function.entry();
        let entry_types: Vec<TypeId> = function.blocks[entry]
            .parameters
            .iter()
            .map(|value| function.type_of(*value))
            .collect();
        if entry_types != function.parameters {
            self.errors
                .push("rule 3: entry parameters differ from the function's".to_owned());
        }
        let dominators = Dominators::compute(function);
        for &block in &function.layout {
            for &inst in &function.blocks[block].insts {
                self.targets(inst);
                if dominators.is_reachable(block) {
                    self.operands(inst, block, &dominators);
                    self.types(inst);
                }
            }
        }
    }

    fn block_shape(&mut self, block: Block) {
        let function = self.function;
        let insts = &function.blocks[block].insts;
        if insts.is_empty() {
            self.errors.push(format!("rule 1: {block} is empty"));
        }
        for (index, &inst) in insts.iter().enumerate() {
            if function.insts[inst].op.is_terminator() != (index + 1 == insts.len()) {
                self.fail(
                    inst,
                    "rule 1: a terminator in the middle, or none at the end",
                );
            }
            if self.place[inst].1 != 0 {
                self.fail(inst, "rule 5: stands in two places");
            }
            self.place[inst] = (block.index() as u32, index as u32 + 1);
            for (index, &result) in function.insts[inst].results.iter().enumerate() {
                if function.values[result].definition != Definition::Result(inst, index as u32) {
                    self.fail(inst, "rule 5: a result names another definition");
                }
            }
        }
    }

    fn targets(&mut self, inst: Inst) {
        let function = self.function;
        for target in function.insts[inst].op.targets() {
            if target.block == function.entry() {
                self.fail(inst, "rule 3: branches to the entry");
            }
            let expected: Vec<TypeId> = function.blocks[target.block]
                .parameters
                .iter()
                .map(|value| function.type_of(*value))
                .collect();
            let given: Vec<TypeId> = target
                .arguments
                .iter()
                .map(|value| function.type_of(*value))
                .collect();
            if expected != given {
                self.fail(inst, &format!("rule 2: arguments for {}", target.block));
            }
        }
    }

    fn operands(&mut self, inst: Inst, block: Block, dominators: &Dominators) {
        let function = self.function;
        let mut bad: Vec<Value> = Vec::new();
        let (_, use_index) = self.place[inst];
        function.insts[inst].op.for_each_operand(|value| {
            let is_dominated = match function.values[value].definition {
                Definition::Parameter(home, _) => {
                    dominators.is_reachable(home) && dominators.dominates(home, block)
                }
                Definition::Result(source, _) => {
                    let (home, index) = self.place[source];
                    let home = Block::new(home as usize);
                    index != 0
                        && dominators.is_reachable(home)
                        && if home == block {
                            index < use_index
                        } else {
                            dominators.dominates(home, block)
                        }
                }
            };
            if !is_dominated {
                bad.push(value);
            }
        });
        for value in bad {
            self.fail(inst, &format!("rule 4: {value} does not dominate its use"));
        }
    }

    fn types(&mut self, inst: Inst) {
        let function = self.function;
        let types = &self.program.typed.types;
        let data = &function.insts[inst];
        let pointee = |value: Value| types.pointee(function.type_of(value));
        let is_right = match &data.op {
            Op::Load(address) => pointee(*address) == Some(function.type_of(data.results[0])),
            Op::Store { address, value } => pointee(*address) == Some(function.type_of(*value)),
            Op::Move { target, source } => pointee(*target).is_some() && pointee(*target) == pointee(*source),
            Op::Alloc(ty) => pointee(data.results[0]) == Some(*ty),
            Op::Return(values) => values.iter().map(|value| function.type_of(*value)).eq(function.results.iter().copied()),
            Op::MakeClosure { function, captures } => self.program.functions[*function].captures.len() == captures.len(),
            Op::Call { callee: Callee::Function(callee), arguments } => {
                let callee = &self.program.functions[*callee];
                arguments.iter().map(|value| function.type_of(*value)).eq(callee.parameters.iter().copied())
                    && data.results.iter().map(|value| function.type_of(*value)).eq(callee.results.iter().copied())
            }
            Op::FieldAddress(base, index) => pointee(*base).is_some_and(
                |ty| matches!(types.underlying(ty), Type::Struct(fields) if (*index as usize) < fields.len()),
            ),
            _ => true,
        };
        if !is_right {
            self.fail(inst, "rule 6: types do not fit");
        }
    }
}
