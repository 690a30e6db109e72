//! What the instructions of a live block make live, and under which conditions control goes on from it.

use super::{Analysis, Condition, Demand, Guard, Node};
use crate::ssa::op::{BinaryOp, Callee, ConstantValue, Op};
use crate::ssa::{Block, Definition, Function, FunctionId, FunctionKind, Inst, Value};
use crate::types::{Type, TypeId};

/// The native that tells what kind of value an interface holds.
const KIND_NATIVE: &str = "internal/reflectlite.Kind";

/// So many tests of one value are remembered; a switch of thousands must not cost their square.
const MOST_TESTS: usize = 64;

impl Analysis<'_> {
    pub(super) fn visit(&mut self, id: FunctionId, block: Block) {
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
    pub(super) fn excluded(
        &mut self,
        id: FunctionId,
        block: Block,
        value: Value,
    ) -> (Vec<TypeId>, bool) {
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

    pub(super) fn guard(
        &mut self,
        holder: Node,
        condition: Condition,
        function: FunctionId,
        block: Block,
    ) {
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
