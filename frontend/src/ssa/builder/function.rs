//! One function under construction: its blocks, scopes and the primitives that append to it.
//!
//! Invariant: `current` is the block that instructions go to, or `None` after a terminator. Code
//! that is lowered without a current block lands in a block of its own that nothing jumps to, and
//! [`FunctionBuilder::finish`] drops it; callers need no case for it.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::super::{
    Block, BlockData, Capture, ConstantValue, Function, FunctionId, FunctionKind, Inst, Op, Site,
    SiteId, SiteKind, Target, Value,
};
use super::ProgramBuilder;
use super::variables::Variables;
use crate::ast::{ExprId, Name};
use crate::check::{ObjectId, TypedProgram};
use crate::source::Span;
use crate::types::{Basic, Type, TypeId, TypeList};

/// Where a variable (or any operand) is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// In memory at this address.
    Address(Value),
    /// Not in memory: the value itself.
    Value(Value),
}

/// A statement that `break` or `continue` can leave.
pub(super) struct Scope {
    /// Its label.
    pub(super) label: Option<Name>,
    /// Where `break` goes.
    pub(super) break_to: Block,
    /// Where `continue` goes, for loops.
    pub(super) continue_to: Option<Block>,
}

/// How functions written inside this one are named.
#[derive(Debug, Default)]
pub(super) struct NestedNames {
    pub(super) literals: u32,
    pub(super) go_thunks: u32,
    pub(super) defer_thunks: u32,
}

/// A function under construction.
pub(super) struct FunctionBuilder<'a, 'p> {
    pub(super) program: &'p mut ProgramBuilder<'a>,
    pub(super) typed: &'a TypedProgram,
    pub(super) id: FunctionId,
    pub(super) function: Function,
    pub(super) current: Option<Block>,
    /// Blocks that some terminator names.
    pub(super) jumped_to: HashSet<Block>,
    /// What is known of the variables of the outermost function.
    pub(super) facts: Rc<Variables>,
    pub(super) variables: HashMap<ObjectId, Place>,
    /// Result variables in memory, in order; empty when returns carry values directly.
    pub(super) result_addresses: Vec<Value>,
    pub(super) scopes: Vec<Scope>,
    pub(super) labels: HashMap<Name, Block>,
    /// The label of the statement that is about to be lowered.
    pub(super) pending_label: Option<Name>,
    /// Where `fallthrough` goes.
    pub(super) fallthrough_to: Option<Block>,
    pub(super) loop_depth: u32,
    /// Variables of a `for` clause that live in a temporary between rounds.
    pub(super) hidden: HashSet<ObjectId>,
    /// Results of calls and receives that ran before the rest of their statement.
    pub(super) hoisted: HashMap<ExprId, Vec<Value>>,
    pub(super) nested: NestedNames,
    /// Literals of a package variable's initialiser that gc lays out as data and never reports.
    pub(super) static_data: HashSet<ExprId>,
    /// Expressions of such an initialiser whose values become part of its data.
    pub(super) static_places: HashSet<ExprId>,
    /// Variables whose values were appended to.
    pub(super) appended: HashSet<ObjectId>,
}

impl<'a, 'p> FunctionBuilder<'a, 'p> {
    /// Starts the body of a function that is in the program's table already.
    pub(super) fn new(
        program: &'p mut ProgramBuilder<'a>,
        id: FunctionId,
        facts: Rc<Variables>,
    ) -> Self {
        let function = program.functions[id].clone();
        let mut builder = FunctionBuilder {
            typed: program.typed,
            program,
            id,
            function,
            current: None,
            jumped_to: HashSet::new(),
            facts,
            variables: HashMap::new(),
            result_addresses: Vec::new(),
            scopes: Vec::new(),
            labels: HashMap::new(),
            pending_label: None,
            fallthrough_to: None,
            loop_depth: 1,
            hidden: HashSet::new(),
            hoisted: HashMap::new(),
            nested: NestedNames::default(),
            static_data: HashSet::new(),
            static_places: HashSet::new(),
            appended: HashSet::new(),
        };
        let entry = builder.new_block();
        builder.switch_to(entry);
        for ty in builder.function.parameters.clone() {
            builder.function.add_block_parameter(entry, ty);
        }
        builder
    }

    /// The parameters of the entry block.
    pub(super) fn entry_parameters(&self) -> Vec<Value> {
        self.function.blocks[self.function.layout[0]]
            .parameters
            .clone()
    }

    /// Declares what the closure captured, so that its variables can be used.
    pub(super) fn declare_captures(&mut self) {
        for (index, capture) in self.function.captures.clone().into_iter().enumerate() {
            let value = self.emit1(Op::Capture(index as u32), capture.ty, self.function.span);
            let place = if capture.is_by_reference {
                Place::Address(value)
            } else {
                Place::Value(value)
            };
            if let Some(object) = capture.object {
                self.variables.insert(object, place);
            }
        }
    }

    /// Gives parameters and results their variables. `has_defer` says whether returns must go
    /// through memory.
    pub(super) fn declare_signature(
        &mut self,
        parameters: &[ObjectId],
        results: &[ObjectId],
        has_defer: bool,
    ) {
        self.function.has_defer = has_defer;
        let values = self.entry_parameters();
        for (object, value) in parameters.iter().zip(values) {
            let address = self.declare_kind(*object, SiteKind::Parameter);
            self.store(address, value, self.typed.objects[*object].span);
        }
        let is_named = results.iter().any(|object| !self.is_nameless(*object));
        if !(is_named || has_defer) {
            return;
        }
        for (index, object) in results.iter().enumerate() {
            let ty = self.typed.objects[*object].ty;
            let span = self.typed.objects[*object].span;
            let text = match self.program.text(self.typed.objects[*object].name) {
                "" => format!("~r{index}"),
                text => text.to_owned(),
            };
            let address = self.alloc(ty, SiteKind::Result, text, span.start, span);
            self.variables.insert(*object, Place::Address(address));
            self.result_addresses.push(address);
            if has_defer {
                let inst = self
                    .function
                    .defining_inst(address)
                    .expect("an alloc defines its address");
                self.function.recover_results.push(inst);
            }
        }
    }

    fn is_nameless(&self, object: ObjectId) -> bool {
        matches!(self.program.text(self.typed.objects[object].name), "")
    }

    /// Ends the body and hands the function to the program.
    pub(super) fn finish(mut self, end: Span) {
        if self.current.is_some() {
            if self.function.results.is_empty() {
                self.emit_return(Vec::new(), end);
            } else {
                self.emit0(Op::Unreachable, end);
            }
        }
        let function = self.function;
        self.program.note_function(&function);
        self.program.functions[self.id] = function;
    }

    // ---- types ----

    /// The type of an expression. One door, so that type arguments can be substituted here.
    pub(super) fn type_of(&self, expr: ExprId) -> TypeId {
        self.texts().type_of(expr)
    }

    /// The types of an expression's values: several or none for a call with a tuple.
    pub(super) fn result_types(&self, expr: ExprId) -> Vec<TypeId> {
        match self.typed.info.types[expr].expand() {
            None => Vec::new(),
            Some(ty) => match self.program.types.get(ty) {
                Type::Tuple(types) => types.to_vec(),
                _ => vec![self.type_of(expr)],
            },
        }
    }

    pub(super) fn basic(&self, basic: Basic) -> TypeId {
        self.program.types.basic(basic)
    }

    pub(super) fn int_type(&self) -> TypeId {
        self.basic(Basic::Int)
    }

    pub(super) fn bool_type(&self) -> TypeId {
        self.basic(Basic::Bool)
    }

    pub(super) fn pointer_to(&mut self, ty: TypeId) -> TypeId {
        self.program.types.pointer_to(ty)
    }

    pub(super) fn underlying(&self, ty: TypeId) -> Type {
        self.program.types.underlying(ty).clone()
    }

    pub(super) fn is_interface(&self, ty: TypeId) -> bool {
        self.program.types.is_interface(ty)
    }

    pub(super) fn is_string(&self, ty: TypeId) -> bool {
        self.program
            .types
            .as_basic(ty)
            .is_some_and(Basic::is_string)
    }

    /// Whether values of the type are better moved in memory.
    pub(super) fn is_aggregate(&self, ty: TypeId) -> bool {
        matches!(
            self.program.types.underlying(ty),
            Type::Struct(_) | Type::Array(..)
        )
    }

    /// What a pointer type points to.
    pub(super) fn pointee(&self, ty: TypeId) -> TypeId {
        self.program.types.pointee(ty).expect("a pointer")
    }

    /// Element type of an array, slice, pointer to array, channel or map.
    pub(super) fn element_type(&self, ty: TypeId) -> TypeId {
        match self.program.types.underlying(ty) {
            Type::Array(element, _)
            | Type::Slice(element)
            | Type::Channel(_, element)
            | Type::Map(_, element) => *element,
            Type::Pointer(array) => self.element_type(*array),
            _ if self.is_string(ty) => self.basic(Basic::Uint8),
            other => unreachable!("no element type: {other:?}"),
        }
    }

    /// The field types of a struct type.
    pub(super) fn field_type(&self, ty: TypeId, index: u32) -> TypeId {
        match self.program.types.underlying(ty) {
            Type::Struct(fields) => fields[index as usize].ty,
            other => unreachable!("not a struct: {other:?}"),
        }
    }

    /// Parameters, results and whether the function type is variadic.
    pub(super) fn signature(&self, ty: TypeId) -> (TypeList, TypeList, bool) {
        let signature = self
            .program
            .types
            .as_signature(ty)
            .expect("a function type");
        (
            signature.parameters.clone(),
            signature.results.clone(),
            signature.is_variadic,
        )
    }

    // ---- spans ----

    /// The span an expression's instructions carry: it starts where gc positions the expression.
    pub(super) fn span_of(&self, expr: ExprId) -> Span {
        let expr = &self.typed.ast.exprs[expr];
        Span::new(expr.position, expr.span.end.max(expr.position))
    }

    /// Where gc positions an expression.
    pub(super) fn position_of(&self, expr: ExprId) -> u32 {
        self.typed.ast.exprs[expr].position
    }

    // ---- blocks ----

    /// A block that is not in the layout yet.
    pub(super) fn new_block(&mut self) -> Block {
        self.function.blocks.push(BlockData::default())
    }

    /// Goes on in a block, which takes its place in the layout.
    pub(super) fn switch_to(&mut self, block: Block) {
        debug_assert!(self.current.is_none(), "the block before has no terminator");
        self.function.layout.push(block);
        self.current = Some(block);
    }

    /// Jumps to a block, unless control does not get here.
    pub(super) fn jump(&mut self, block: Block, arguments: Vec<Value>, span: Span) {
        if self.current.is_some() {
            self.emit0(Op::Jump(Target { block, arguments }), span);
        }
    }

    pub(super) fn branch(&mut self, condition: Value, then: Block, otherwise: Block, span: Span) {
        let (then, otherwise) = (Target::new(then), Target::new(otherwise));
        self.emit0(
            Op::Branch {
                condition,
                then,
                otherwise,
            },
            span,
        );
    }

    /// Ends the current block, if any, with a jump and goes on in the target.
    pub(super) fn continue_in(&mut self, block: Block, span: Span) {
        self.jump(block, Vec::new(), span);
        self.switch_to(block);
    }

    // ---- instructions ----

    /// Appends an instruction.
    pub(super) fn emit(&mut self, op: Op, results: &[TypeId], span: Span) -> Inst {
        let block = self.current.unwrap_or_else(|| {
            let block = self.new_block();
            self.switch_to(block);
            block
        });
        if op.is_terminator() {
            self.current = None;
            self.jumped_to
                .extend(op.targets().map(|target| target.block));
        }
        self.function.append_inst(block, op, results, span)
    }

    /// Appends an instruction without results.
    pub(super) fn emit0(&mut self, op: Op, span: Span) {
        self.emit(op, &[], span);
    }

    /// Appends an instruction with one result.
    pub(super) fn emit1(&mut self, op: Op, ty: TypeId, span: Span) -> Value {
        let inst = self.emit(op, &[ty], span);
        self.function.result(inst)
    }

    /// Appends an instruction with several results.
    pub(super) fn emit_many(&mut self, op: Op, types: &[TypeId], span: Span) -> Vec<Value> {
        let inst = self.emit(op, types, span);
        self.function.insts[inst].results.to_vec()
    }

    /// Appends an instruction with one result that may allocate.
    pub(super) fn emit_site(&mut self, op: Op, ty: TypeId, site: SiteId, span: Span) -> Value {
        let inst = self.emit(op, &[ty], span);
        self.function.insts[inst].site = site.into();
        self.function.result(inst)
    }

    /// A new allocation site at the current loop depth.
    pub(super) fn site(&mut self, kind: SiteKind, text: String, position: u32) -> SiteId {
        self.function.sites.push(Site {
            kind,
            text,
            position,
            loop_depth: self.loop_depth,
        })
    }

    /// The kind of a literal's site: not reported where gc makes data of the literal.
    pub(super) fn literal_kind(&self, literal: ExprId, kind: SiteKind) -> SiteKind {
        if self.static_data.contains(&literal) {
            SiteKind::Temporary
        } else {
            kind
        }
    }

    /// Fresh memory for a value of a type.
    pub(super) fn alloc(
        &mut self,
        ty: TypeId,
        kind: SiteKind,
        text: String,
        position: u32,
        span: Span,
    ) -> Value {
        let site = self.site(kind, text, position);
        let pointer = self.pointer_to(ty);
        self.emit_site(Op::Alloc(ty), pointer, site, span)
    }

    /// Memory without a name.
    pub(super) fn temporary(&mut self, ty: TypeId, span: Span) -> Value {
        self.alloc(ty, SiteKind::Temporary, String::new(), span.start, span)
    }

    /// A temporary that holds a value.
    pub(super) fn spill(&mut self, value: Value, span: Span) -> Value {
        let address = self.temporary(self.function.type_of(value), span);
        self.store(address, value, span);
        address
    }

    /// Gives a local variable its memory.
    pub(super) fn declare(&mut self, object: ObjectId) -> Value {
        let kind = if self.hidden.contains(&object) {
            SiteKind::Temporary
        } else {
            SiteKind::Variable
        };
        self.declare_kind(object, kind)
    }

    fn declare_kind(&mut self, object: ObjectId, kind: SiteKind) -> Value {
        self.declare_at(object, kind, self.typed.objects[object].span.start)
    }

    /// As `declare` for a variable that gc places elsewhere than its name.
    pub(super) fn declare_at(&mut self, object: ObjectId, kind: SiteKind, position: u32) -> Value {
        let declared = &self.typed.objects[object];
        let text = self.program.text(declared.name).to_owned();
        let address = self.alloc(declared.ty, kind, text, position, declared.span);
        self.variables.insert(object, Place::Address(address));
        address
    }

    pub(super) fn load(&mut self, address: Value, span: Span) -> Value {
        let ty = self.pointee(self.function.type_of(address));
        self.emit1(Op::Load(address), ty, span)
    }

    pub(super) fn store(&mut self, address: Value, value: Value, span: Span) {
        self.emit0(Op::Store { address, value }, span);
    }

    pub(super) fn nil_check(&mut self, pointer: Value, span: Span) {
        self.emit0(Op::NilCheck(pointer), span);
    }

    pub(super) fn zero(&mut self, ty: TypeId, span: Span) -> Value {
        self.emit1(Op::Constant(ConstantValue::Zero), ty, span)
    }

    pub(super) fn integer(&mut self, value: i64, ty: TypeId, span: Span) -> Value {
        self.emit1(Op::Constant(ConstantValue::Integer(value)), ty, span)
    }

    pub(super) fn boolean(&mut self, value: bool, ty: TypeId, span: Span) -> Value {
        self.emit1(Op::Constant(ConstantValue::Bool(value)), ty, span)
    }

    /// The address of a struct's field.
    pub(super) fn field_address(&mut self, base: Value, index: u32, span: Span) -> Value {
        let structure = self.pointee(self.function.type_of(base));
        let field = self.field_type(structure, index);
        let pointer = self.pointer_to(field);
        self.emit1(Op::FieldAddress(base, index), pointer, span)
    }

    /// The address of an element of a slice or of an array behind a pointer.
    pub(super) fn index_address(
        &mut self,
        base: Value,
        index: Value,
        in_bounds: bool,
        span: Span,
    ) -> Value {
        let element = self.element_type(self.function.type_of(base));
        let pointer = self.pointer_to(element);
        self.emit1(
            Op::IndexAddress {
                base,
                index,
                in_bounds,
            },
            pointer,
            span,
        )
    }

    /// Returns values: through the result variables where the function has them.
    pub(super) fn emit_return(&mut self, values: Vec<Value>, span: Span) {
        if self.result_addresses.is_empty() {
            if self.function.has_defer {
                self.emit0(Op::RunDefers, span);
            }
            self.emit0(Op::Return(values), span);
            return;
        }
        for (address, value) in self.result_addresses.clone().into_iter().zip(values) {
            self.store(address, value, span);
        }
        if self.function.has_defer {
            self.emit0(Op::RunDefers, span);
        }
        let values = self
            .result_addresses
            .clone()
            .into_iter()
            .map(|address| self.load(address, span))
            .collect();
        self.emit0(Op::Return(values), span);
    }

    /// A capture of a variable of this function by a nested one.
    pub(super) fn capture_of(&mut self, object: ObjectId, is_by_reference: bool) -> Capture {
        let declared = &self.typed.objects[object];
        let ty = if is_by_reference {
            self.pointer_to(declared.ty)
        } else {
            declared.ty
        };
        Capture {
            name: declared.name,
            ty,
            is_by_reference,
            object: Some(object),
        }
    }

    /// The name of the next function literal in this function.
    pub(super) fn next_literal_name(&mut self) -> String {
        self.nested.literals += 1;
        if self.function.kind == FunctionKind::Closure {
            format!("{}.{}", self.function.name, self.nested.literals)
        } else {
            format!("{}.func{}", self.function.name, self.nested.literals)
        }
    }
}
