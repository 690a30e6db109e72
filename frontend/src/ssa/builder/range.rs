//! `for ... range`.
//!
//! The position in a sequence is a temporary that nothing in the program can name. What is ranged over is evaluated once; an array is copied first if its
//! elements are asked for. Variables of `:=` are fresh each round.

use super::super::op::{BinaryOp, Op};
use super::super::{Block, Value};
use super::function::{FunctionBuilder, Scope};
use crate::ast::{self, ExprId, Name};
use crate::check::ObjectId;
use crate::source::Span;
use crate::types::{Basic, Type, TypeId};

/// Where a round's key and value go.
struct Variables {
    targets: [Option<ExprId>; 2],
    is_define: bool,
    /// Memory of variables that all rounds may share.
    shared: [Option<Value>; 2],
}

/// The blocks of a loop.
struct Loop {
    header: Block,
    body: Block,
    next: Block,
    end: Block,
}

impl FunctionBuilder<'_, '_> {
    /// A `range` loop.
    pub(super) fn range(
        &mut self,
        targets: [Option<ExprId>; 2],
        is_define: bool,
        operand: ExprId,
        body: &ast::Block,
        label: Option<Name>,
        span: Span,
    ) {
        let targets = targets.map(|target| target.filter(|target| !self.is_blank(*target)));
        let ty = self.type_of(operand);
        let wants_value = targets[1].is_some();
        let kind = self.underlying(ty);
        // What is ranged over.
        let array_length = match &kind {
            Type::Array(_, length) => Some(*length),
            Type::Pointer(array) => match self.program.types.underlying(*array) {
                Type::Array(_, length) => Some(*length),
                _ => None,
            },
            _ => None,
        };
        let operand_value =
            self.range_operand(operand, &kind, array_length.is_some(), wants_value, span);
        let shared = targets.map(|target| {
            if is_define {
                self.shared_variable(target)
            } else {
                None
            }
        });
        let variables = Variables {
            targets,
            is_define,
            shared,
        };
        let blocks = Loop {
            header: self.new_block(),
            body: self.new_block(),
            next: self.new_block(),
            end: self.new_block(),
        };
        let int = self.int_type();
        match kind {
            Type::Basic(basic) if basic.is_string() => {
                let string = operand_value.expect("a string is evaluated");
                self.range_string(string, &variables, &blocks, body, label, span);
            }
            Type::Basic(_) => {
                let limit = operand_value.expect("an integer is evaluated");
                let ty = self.function.type_of(limit);
                self.counted(limit, ty, &blocks, label, body, span, |builder, index| {
                    builder.assign_round(&variables, [Some(index), None], span);
                });
            }
            Type::Map(..) => {
                let map = operand_value.expect("a map is evaluated");
                self.range_map(map, &variables, &blocks, body, label, span);
            }
            Type::Channel(_, element) => {
                let channel = operand_value.expect("a channel is evaluated");
                let bool_type = self.bool_type();
                self.enter(&blocks, Vec::new(), span);
                let received = self.emit_many(
                    Op::Receive {
                        channel,
                        comma_ok: true,
                    },
                    &[element, bool_type],
                    span,
                );
                self.branch(received[1], blocks.body, blocks.end, span);
                self.switch_to(blocks.body);
                self.assign_round(&variables, [Some(received[0]), None], span);
                self.round(&blocks, label, body, span);
                if self.current.is_some() {
                    self.jump(blocks.header, Vec::new(), span);
                }
                self.leave(&blocks);
            }
            _ => {
                let limit = match (array_length, operand_value) {
                    (Some(length), _) => self.int_constant(length, span),
                    (None, Some(slice)) => self.emit1(Op::Len(slice), int, span),
                    (None, None) => unreachable!("a slice is evaluated"),
                };
                let is_array_pointer = matches!(kind, Type::Pointer(_));
                self.counted(limit, int, &blocks, label, body, span, |builder, index| {
                    let value = if wants_value {
                        let base = operand_value.expect("what elements are asked of is evaluated");
                        if is_array_pointer {
                            builder.nil_check(base, span);
                        }
                        let address = builder.index_address(base, index, true, span);
                        Some(builder.load(address, span))
                    } else {
                        None
                    };
                    builder.assign_round(&variables, [Some(index), value], span);
                });
            }
        }
    }

    /// Evaluates what is ranged over, if that is to be done: of an array without element variable
    /// only the length counts, unless a call hides in it.
    fn range_operand(
        &mut self,
        operand: ExprId,
        kind: &Type,
        is_array: bool,
        wants_value: bool,
        span: Span,
    ) -> Option<Value> {
        if !is_array {
            return Some(self.rooted(operand));
        }
        if !wants_value {
            if self.has_call(operand) {
                self.rooted(operand);
            }
            return None;
        }
        if matches!(kind, Type::Array(..)) {
            self.hoist_all(&[operand]);
            let ty = self.type_of(operand);
            let copy = self.temporary(ty, span);
            self.initialize(copy, operand, ty);
            return Some(copy);
        }
        Some(self.rooted(operand))
    }

    /// Memory for a variable that nothing can tell from one per round.
    fn shared_variable(&mut self, target: Option<ExprId>) -> Option<Value> {
        let object = target.and_then(|target| self.defined_object(target))?;
        (!self.facts.captured.contains(&object) && !self.facts.is_per_iteration(object))
            .then(|| self.declare(object))
    }

    /// Enters the header of a loop.
    fn enter(&mut self, blocks: &Loop, arguments: Vec<Value>, span: Span) {
        self.jump(blocks.header, arguments, span);
        self.loop_depth += 1;
        self.switch_to(blocks.header);
    }

    /// Lowers the body of a round and goes to the block before the next.
    fn round(&mut self, blocks: &Loop, label: Option<Name>, body: &ast::Block, span: Span) {
        self.scopes.push(Scope {
            label,
            break_to: blocks.end,
            continue_to: Some(blocks.next),
        });
        self.block(body);
        self.scopes.pop();
        self.jump(blocks.next, Vec::new(), span);
        self.join(blocks.next);
    }

    fn leave(&mut self, blocks: &Loop) {
        self.loop_depth -= 1;
        self.join(blocks.end);
    }

    /// A loop that counts from 0 to a limit.
    #[expect(clippy::too_many_arguments, reason = "the parts of one loop")]
    fn counted(
        &mut self,
        limit: Value,
        ty: TypeId,
        blocks: &Loop,
        label: Option<Name>,
        body: &ast::Block,
        span: Span,
        assign: impl FnOnce(&mut Self, Value),
    ) {
        let zero = self.integer(0, ty, span);
        let bool_type = self.bool_type();
        let counter = self.spill(zero, span);
        self.enter(blocks, Vec::new(), span);
        let index = self.load(counter, span);
        let is_less = self.emit1(Op::Binary(BinaryOp::Less, index, limit), bool_type, span);
        self.branch(is_less, blocks.body, blocks.end, span);
        self.switch_to(blocks.body);
        let index = self.load(counter, span);
        assign(self, index);
        self.round(blocks, label, body, span);
        if self.current.is_some() {
            let index = self.load(counter, span);
            let one = self.integer(1, ty, span);
            let next = self.emit1(Op::Binary(BinaryOp::Add, index, one), ty, span);
            self.store(counter, next, span);
            self.jump(blocks.header, Vec::new(), span);
        }
        self.leave(blocks);
    }

    fn range_string(
        &mut self,
        string: Value,
        variables: &Variables,
        blocks: &Loop,
        body: &ast::Block,
        label: Option<Name>,
        span: Span,
    ) {
        let (int, rune, bool_type) = (self.int_type(), self.basic(Basic::Int32), self.bool_type());
        let limit = self.emit1(Op::Len(string), int, span);
        let zero = self.integer(0, int, span);
        let index = self.function.add_block_parameter(blocks.header, int);
        self.enter(blocks, vec![zero], span);
        let is_less = self.emit1(Op::Binary(BinaryOp::Less, index, limit), bool_type, span);
        self.branch(is_less, blocks.body, blocks.end, span);
        self.switch_to(blocks.body);
        let decoded = self.emit_many(Op::DecodeRune(string, index), &[rune, int], span);
        self.assign_round(variables, [Some(index), Some(decoded[0])], span);
        self.round(blocks, label, body, span);
        if self.current.is_some() {
            let next = self.emit1(Op::Binary(BinaryOp::Add, index, decoded[1]), int, span);
            self.jump(blocks.header, vec![next], span);
        }
        self.leave(blocks);
    }

    fn range_map(
        &mut self,
        map: Value,
        variables: &Variables,
        blocks: &Loop,
        body: &ast::Block,
        label: Option<Name>,
        span: Span,
    ) {
        let map_type = self.function.type_of(map);
        let Type::Map(key, element) = self.underlying(map_type) else {
            unreachable!("a map")
        };
        let iterator = self.temporary(self.program.map_iterator, span);
        self.emit0(Op::MapIterateStart { map, iterator }, span);
        let (bool_type, key, element) = (
            self.bool_type(),
            self.pointer_to(key),
            self.pointer_to(element),
        );
        self.enter(blocks, Vec::new(), span);
        let next = self.emit_many(
            Op::MapIterateNext { map_type, iterator },
            &[bool_type, key, element],
            span,
        );
        self.branch(next[0], blocks.body, blocks.end, span);
        self.switch_to(blocks.body);
        let key = variables.targets[0].map(|_| self.load(next[1], span));
        let value = variables.targets[1].map(|_| self.load(next[2], span));
        self.assign_round(variables, [key, value], span);
        self.round(blocks, label, body, span);
        if self.current.is_some() {
            self.jump(blocks.header, Vec::new(), span);
        }
        self.leave(blocks);
    }

    /// Sets the loop's variables at the start of a round. gc reports no conversions here.
    fn assign_round(&mut self, variables: &Variables, values: [Option<Value>; 2], span: Span) {
        if variables.is_define {
            for ((target, shared), value) in
                variables.targets.iter().zip(variables.shared).zip(values)
            {
                let (Some(target), Some(value)) = (target, value) else {
                    continue;
                };
                let object: Option<ObjectId> = self.defined_object(*target);
                let Some(object) = object else { continue };
                let address = match shared {
                    Some(address) => address,
                    None => self.declare(object),
                };
                let value = self.assignable_value(value, self.typed.objects[object].ty, "", span);
                self.store(address, value, span);
            }
            return;
        }
        let mut places = Vec::new();
        let mut assigned = Vec::new();
        for (target, value) in variables.targets.iter().zip(values) {
            let (Some(target), Some(value)) = (target, value) else {
                continue;
            };
            self.hoist_all(&[*target]);
            let place = self.target(*target);
            let ty = Self::target_type(&place).expect("not blank");
            assigned.push(self.assignable_value(value, ty, "", span));
            places.push(place);
        }
        for (place, value) in places.into_iter().zip(assigned) {
            self.assign_target(place, value);
        }
    }
}
