//! The builder: from checked syntax trees to the naive SSA form.
//!
//! What is lowered: all of the user's package, and of library packages what the entry reaches
//! (calls, function values, methods of types that meet interfaces, initialisers of variables that
//! are mentioned). Reachability and lowering are one work list: lowering a body discovers the next
//! functions ([`reachable`]).
//!
//! What must hold of the result is stated in the header of [`super`]; in addition no value has an
//! untyped or tuple type. Blocks that control cannot reach are left where they are: `-m` speaks of
//! them, as gc does, and [`super::reachability`] cuts them off before anything runs.
//!
//! Files by idea: [`function`] the state of one function under construction and its primitives,
//! [`statement`], [`assign`], [`range`], [`switch`], [`select`] statements, [`expression`],
//! [`place`], [`call`], [`deferred`], [`literal`], [`convert`], [`closure`] expressions,
//! [`variables`] what is known of them before lowering, [`unreached`] the statements that are left
//! out, [`wrappers`] and [`method_set`] synthesized methods, [`init`] package initialisation,
//! [`texts`] how `-m` prints expressions and types.
//!
//! Evaluation order is gc's where the specification leaves it open: calls and receives of one
//! statement run first, in lexical order, then variables are read (see `hoist` in [`expression`]).

mod archived;
mod assign;
mod builtin;
mod call;
mod closure;
mod convert;
mod deferred;
mod expression;
mod function;
mod init;
pub(crate) mod library;
mod literal;
mod method_set;
pub mod operands;
mod place;
mod range;
mod reachable;
mod select;
mod self_assign;
mod statement;
mod switch;
mod texts;
mod unreached;
mod variables;
mod wrappers;

use std::collections::VecDeque;

use cranelift_entity::PrimaryMap;

use super::archived::Archived;
use super::{Function, FunctionId, FunctionKind, Global, GlobalId, Program};
use crate::ast::Name;
use crate::check::{FunctionObject, ObjectId, ObjectKind, PackageId, TypedProgram};
use crate::hash::HashMap;
use crate::source::Span;
use crate::types::{Basic, EXPORTED, NamedId, StructField, Type, TypeId, TypeTable};
pub use init::is_dropped;
pub(crate) use method_set::Implementation;
pub(crate) use reachable::mentioned_types;
pub use texts::{TEMPORARY, Texts};
pub use unreached::{constant_condition, is_never, reached};
pub use variables::{StaticSize, Variables};

/// Lowers a checked program.
pub fn build(mut typed: TypedProgram) -> Program {
    let mut builder = ProgramBuilder::new(&mut typed);
    let map_iterator = builder.map_iterator;
    let entry = builder.build_all();
    let method_tables = builder.method_tables();
    let ProgramBuilder {
        types,
        functions,
        globals,
        archived,
        ..
    } = builder;
    typed.types = types;
    Program {
        typed,
        functions,
        archived,
        globals,
        entry,
        method_tables,
        map_iterator,
        inlined: super::inlined::InlinedPositions::default(),
    }
}

/// The struct type of a map iteration's state.
fn map_iterator_type(typed: &mut TypedProgram, types: &mut TypeTable) -> TypeId {
    let pointer = types.basic(Basic::UnsafePointer);
    let word = types.basic(Basic::Uintptr);
    let pointers =
        (0..super::MAP_ITERATOR_POINTERS).map(|index| (format!("pointer{index}"), pointer));
    let words = (0..super::MAP_ITERATOR_WORDS).map(|index| (format!("word{index}"), word));
    let mut fields = Vec::new();
    for (text, ty) in pointers.chain(words) {
        let name = typed.ast.names.intern(&text);
        fields.push(StructField {
            name,
            package: EXPORTED,
            ty,
            is_embedded: false,
            tag: None,
        });
    }
    types.intern(Type::Struct(fields.into()))
}

/// The program under construction.
struct ProgramBuilder<'a> {
    /// What is lowered. Its type table is empty here: see `types`.
    typed: &'a TypedProgram,
    types: TypeTable,
    functions: PrimaryMap<FunctionId, Function>,
    globals: PrimaryMap<GlobalId, Global>,
    function_of: HashMap<ObjectId, FunctionId>,
    global_of: HashMap<ObjectId, GlobalId>,
    wrappers: HashMap<wrappers::WrapperKey, FunctionId>,
    method_sets: HashMap<TypeId, std::rc::Rc<Vec<method_set::Method>>>,
    /// Declared functions with a body that were mentioned and are not lowered yet.
    pending: VecDeque<ObjectId>,
    reached: reachable::Reached,
    /// The functions whose code stays in the library's archive for now.
    archived: Archived,
    map_iterator: TypeId,
}

impl<'a> ProgramBuilder<'a> {
    /// A builder without functions, which has taken the program's type table.
    fn new(typed: &'a mut TypedProgram) -> Self {
        let mut types = std::mem::take(&mut typed.types);
        let map_iterator = map_iterator_type(typed, &mut types);
        ProgramBuilder {
            typed,
            types,
            functions: PrimaryMap::new(),
            globals: PrimaryMap::new(),
            function_of: HashMap::default(),
            global_of: HashMap::default(),
            wrappers: HashMap::default(),
            method_sets: HashMap::default(),
            pending: VecDeque::new(),
            reached: reachable::Reached::default(),
            archived: Archived::default(),
            map_iterator,
        }
    }

    /// The description of a function object.
    fn function_object(&self, object: ObjectId) -> &'a FunctionObject {
        match &self.typed.objects[object].kind {
            ObjectKind::Function(function) => function,
            other => unreachable!("not a function: {other:?}"),
        }
    }

    /// The SSA function of a declared one; it is lowered later.
    fn function_for(&mut self, object: ObjectId) -> FunctionId {
        if let Some(id) = self.function_of.get(&object) {
            return *id;
        }
        let declared = self.function_object(object);
        let kind = if declared.body.is_some() || declared.archived.is_some() {
            FunctionKind::Declared
        } else {
            FunctionKind::Native
        };
        let mut function = Function::new(
            self.declared_name(object),
            kind,
            self.typed.objects[object].span,
        );
        function.object = Some(object);
        function.parameters = self.receiver_type(object).into_iter().collect();
        if let Some(signature) = self.types.as_signature(self.typed.objects[object].ty) {
            function.parameters.extend(&signature.parameters);
            function.results = signature.results.to_vec();
        }
        self.note_types(&function.parameters.clone());
        self.note_types(&function.results.clone());
        let id = self.functions.push(function);
        self.function_of.insert(object, id);
        if kind == FunctionKind::Declared {
            self.pending.push_back(object);
        }
        id
    }

    /// The type of a method's receiver parameter.
    fn receiver_type(&mut self, method: ObjectId) -> Option<TypeId> {
        let receiver = self.function_object(method).receiver?;
        let named = self.types.intern(Type::Named(receiver.named));
        Some(if receiver.is_pointer {
            self.types.pointer_to(named)
        } else {
            named
        })
    }

    /// The SSA global of a package variable.
    fn global_for(&mut self, object: ObjectId) -> GlobalId {
        if let Some(id) = self.global_of.get(&object) {
            return *id;
        }
        let declared = &self.typed.objects[object];
        let package = declared
            .package
            .map_or("", |package| &self.typed.packages[package].path);
        let name = format!("{package}.{}", self.typed.ast.names.text(declared.name));
        let id = self.globals.push(Global {
            name,
            ty: declared.ty,
            span: declared.span,
            object: Some(object),
        });
        self.note_types(&[declared.ty]);
        self.global_of.insert(object, id);
        id
    }

    /// A declared function's name as traces print it.
    fn declared_name(&self, object: ObjectId) -> String {
        let declared = &self.typed.objects[object];
        let package = declared
            .package
            .map_or("", |package| &self.typed.packages[package].path);
        let name = self.typed.ast.names.text(declared.name);
        match self.function_object(object).receiver {
            Some(receiver) => {
                let of = self.typed_name(receiver.named);
                if receiver.is_pointer {
                    format!("{package}.(*{of}).{name}")
                } else {
                    format!("{package}.{of}.{name}")
                }
            }
            None => format!("{package}.{name}"),
        }
    }

    /// The bare name of a defined type.
    fn typed_name(&self, named: NamedId) -> &'a str {
        self.typed.ast.names.text(self.types.named(named).name)
    }

    /// The path of the package an object belongs to.
    fn package_path(&self, package: PackageId) -> &'a str {
        &self.typed.packages[package].path
    }

    /// Adds a synthesized function without a body yet.
    fn add_function(&mut self, name: String, kind: FunctionKind, span: Span) -> FunctionId {
        self.functions.push(Function::new(name, kind, span))
    }

    /// The text of a name.
    fn text(&self, name: Name) -> &'a str {
        self.typed.ast.names.text(name)
    }
}
