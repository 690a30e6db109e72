//! The records of an archive.

use serde::{Deserialize, Serialize};

use super::ArchivedBody;
use crate::ast::Name;
use crate::check::constant::Constant;
use crate::check::{ObjectId, PackageId, Receiver};
use crate::source::Span;
use crate::ssa::builder::Implementation;
use crate::types::{MethodKey, Spelling, Type, TypeId};

/// A package. The path comes first, so that it can be read alone.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PackageRecord<'text> {
    /// Its import path.
    pub(crate) path: &'text str,
    /// The name after `package`.
    pub(crate) name: Name,
    /// What it imports.
    pub(crate) imports: Vec<PackageId>,
    /// What it declares, sorted by name text.
    pub(crate) members: Vec<(Name, ObjectId)>,
    /// Which of these are generic.
    pub(crate) generics: Vec<Name>,
    /// Its `init` functions, in order.
    pub(crate) init_functions: Vec<ObjectId>,
    /// The initialisers of its variables in the order they run: what each sets.
    pub(crate) initializers: Vec<(Vec<ObjectId>, ArchivedBody)>,
}

/// A declared thing at package level, a method, or a type of a function.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ObjectRecord {
    /// Its name.
    pub(crate) name: Name,
    /// Its file.
    pub(crate) file: u32,
    /// Where it stands in the file.
    pub(crate) span: Span,
    /// Its package.
    pub(crate) package: PackageId,
    /// Its type, as it is spelled.
    pub(crate) ty: TypeId,
    /// What it is.
    pub(crate) kind: ObjectRecordKind,
}

/// What an object is.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum ObjectRecordKind {
    Constant(Constant),
    /// A package variable, and which of its package's initialisers sets it.
    Global(Option<u32>),
    TypeName,
    /// A generic declaration: its text says what it is.
    Generic,
    /// A function; natives have no body.
    Function(Option<Receiver>, Option<ArchivedBody>),
}

/// A type, canonical or spelled.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TypeRecord {
    /// What it is made of.
    pub(crate) form: Type,
    /// How it is spelled.
    pub(crate) spelling: Option<Spelling>,
}

/// A defined type.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NamedRecord {
    /// Its object.
    pub(crate) object: ObjectId,
    /// Its name.
    pub(crate) name: Name,
    /// Its package.
    pub(crate) package: PackageId,
    /// Its underlying type, as it is spelled.
    pub(crate) underlying: TypeId,
    /// Its methods.
    pub(crate) methods: Vec<ObjectId>,
    /// Their keys.
    pub(crate) method_keys: Vec<MethodKey>,
    /// Which of its function's local types it is.
    pub(crate) local_number: u32,
}

/// What a body mentions; the functions follow, the declared one or the initialiser first.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BodyHead {
    /// The file of all its positions.
    pub(crate) file: u32,
    /// The names of captured variables.
    pub(crate) names: Vec<Name>,
    /// Types.
    pub(crate) types: Vec<TypeId>,
    /// Package variables.
    pub(crate) globals: Vec<ObjectId>,
    /// What the function ids of the body stand for.
    pub(crate) functions: Vec<FunctionReference>,
    /// The types whose values are converted to interfaces.
    pub(crate) boxed: Vec<TypeId>,
    /// The interface types that values have or are asked to have.
    pub(crate) interfaces: Vec<TypeId>,
}

/// A function that a body mentions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum FunctionReference {
    /// One of the body's own.
    Own(u32),
    /// A declared function.
    Declared(ObjectId),
    /// A wrapper that finds a method behind embedded fields.
    Promoted(TypeId, Vec<u32>, Implementation),
    /// A method value of a declared method.
    Bound(ObjectId),
    /// A method value of an interface.
    BoundInterface(TypeId, u32),
}
