//! Checks the rule that lets stacks move: the address of a stack slot is used for one thing only, as
//! the address of a store of a root. Run on every function in debug builds.

use cranelift_codegen::ir::{Function, InstructionData, Opcode, ValueDef};

/// Finds a use of a slot's address that could outlive a call.
pub(crate) fn check(function: &Function) -> Result<(), String> {
    for block in function.layout.blocks() {
        for inst in function.layout.block_insts(block) {
            let data = &function.dfg.insts[inst];
            let address = match data {
                InstructionData::Store { args, .. } => Some(args[1]),
                _ => None,
            };
            let is_slot = |value| match function.dfg.value_def(value) {
                ValueDef::Result(definition, _) => {
                    function.dfg.insts[definition].opcode() == Opcode::StackAddr
                }
                _ => false,
            };
            for (index, &argument) in function.dfg.inst_args(inst).iter().enumerate() {
                let is_store_address = index == 1 && address == Some(argument);
                if is_slot(argument) && !is_store_address {
                    return Err(format!("{inst} uses the address of a stack slot"));
                }
            }
        }
    }
    Ok(())
}
