//! Types, interned: equal types (Go's "identical") have equal ids.
//!
//! Every composite type is hash-consed by its parts, so identity is `==` on [`TypeId`]. A defined
//! type is its own: it is created once per declaration, or once per list of type arguments, and its
//! underlying type and methods are set when they are known.
//!
//! # Spellings
//! While a program is checked the table also holds *spelled* types: `byte`, `any`, a declared
//! alias, a function type with the names of its parameters, and every type made of one. They exist
//! so that diagnostics speak as the source does. Each knows its [canonical](TypeTable::canonical)
//! type, and identity among them is [`TypeTable::identical`]. Everything in a
//! [`TypedProgram`](crate::check::TypedProgram) is canonical, so its readers may go on comparing ids.
//!
//! Spec: sections "Types", "Type identity", "Method sets".

/// Sizes and offsets.
pub mod layout;
pub mod lookup;
pub mod print;
pub mod relations;

use cranelift_entity::{PrimaryMap, entity_impl};
use serde::{Deserialize, Serialize};

use crate::ast::{ChannelDirection, Name};
use crate::check::{ObjectId, PackageId};
use crate::hash::HashMap;

/// An interned type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TypeId(u32);
entity_impl!(TypeId, "type");

/// A defined type (`type T ...`), predeclared `error` and `comparable` included.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NamedId(u32);
entity_impl!(NamedId, "named");

/// Predeclared non-composite types. `byte` and `rune` are `Uint8` and `Int32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is the predeclared type of that name")]
pub enum Basic {
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    String,
    UnsafePointer,
    UntypedBool,
    UntypedInt,
    UntypedRune,
    UntypedFloat,
    UntypedComplex,
    UntypedString,
    UntypedNil,
    /// The type of an expression with an error; never seen after checking.
    Invalid,
}

/// One parameter or result, without its name: names do not matter for identity.
pub type TypeList = Box<[TypeId]>;

/// A function type without receiver.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Signature {
    /// Parameter types; the last of a variadic function is a slice.
    pub parameters: TypeList,
    /// Result types.
    pub results: TypeList,
    /// Whether the last parameter is `...T`.
    pub is_variadic: bool,
}

/// Stands for the package of exported names of fields and interface methods, which are the same
/// whichever package writes them. It is no index of a package.
pub const EXPORTED: PackageId = PackageId::EXPORTED;

/// A struct field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StructField {
    /// Its name (of an embedded field: the type's name).
    pub name: Name,
    /// The package it was written in, [`EXPORTED`] for exported names: unexported names of two
    /// packages differ.
    pub package: PackageId,
    /// Its type.
    pub ty: TypeId,
    /// Whether it is embedded.
    pub is_embedded: bool,
    /// The unquoted tag.
    pub tag: Option<Box<str>>,
}

/// A method of an interface.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InterfaceMethod {
    /// Its name.
    pub name: Name,
    /// The package it was written in; [`EXPORTED`] for exported names, so that identity works.
    pub package: PackageId,
    /// Its signature.
    pub signature: TypeId,
}

/// What a type is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Type {
    /// A predeclared type.
    Basic(Basic),
    /// A defined type.
    Named(NamedId),
    /// `*T`
    Pointer(TypeId),
    /// `[]T`
    Slice(TypeId),
    /// `[N]T`
    Array(TypeId, u64),
    /// `map[K]V`
    Map(TypeId, TypeId),
    /// `chan T` and its directed forms
    Channel(ChannelDirection, TypeId),
    /// `struct{...}`
    Struct(Box<[StructField]>),
    /// `func(...) ...`
    Function(Signature),
    /// `interface{...}`, flattened: all methods, sorted by name text (then package path).
    Interface(Box<[InterfaceMethod]>),
    /// The results of a call that yields none or several; only the type of call expressions.
    Tuple(TypeList),
    /// A type parameter. It is known to the checker only: what is in a checked program has type arguments in its place.
    Parameter(TypeParameter),
}

/// A type parameter of a generic declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TypeParameter {
    /// Its name.
    pub name: Name,
    /// Which of all type parameters it is.
    pub number: u32,
}

/// A defined type.
#[derive(Debug, Clone)]
pub struct Named {
    /// The object that declares it.
    pub object: ObjectId,
    /// Its name.
    pub name: Name,
    /// The package it was declared in; `None` for predeclared types.
    pub package: Option<PackageId>,
    /// Its underlying type, once known; never a [`Type::Named`].
    pub underlying: Option<TypeId>,
    /// Its declared methods (function objects) in source order. Of a library type those are left
    /// out that nothing can reach.
    pub methods: Vec<ObjectId>,
    /// What lookups need to know of each entry of `methods`.
    pub method_keys: Vec<MethodKey>,
    /// Numbers types that are declared inside functions, so that two of one name print apart where
    /// that matters; 0 at package level.
    pub local_number: u32,
    /// The type arguments of an instance of a generic type, canonical.
    pub arguments: TypeList,
}

/// Name and receiver of a declared method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodKey {
    /// Its name.
    pub name: Name,
    /// The package it was declared in, [`EXPORTED`] for exported names.
    pub package: PackageId,
    /// Whether its receiver is `*T`.
    pub is_pointer: bool,
}

/// How the source spells a type that is not written in its canonical form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Spelling {
    /// By a declared or predeclared alias.
    Alias {
        /// The alias.
        name: Name,
        /// Where it was declared; `None` for `byte`, `rune` and `any`.
        package: Option<PackageId>,
    },
    /// An instance of a generic type, by type arguments that are not written in their canonical form.
    Instance {
        /// The type arguments.
        arguments: TypeList,
    },
    /// A function type with names; unnamed ones have the empty name.
    Parameters {
        /// Names of parameters.
        parameters: Box<[Name]>,
        /// Names of results.
        results: Box<[Name]>,
    },
}

/// All types of a program.
#[derive(Debug)]
pub struct TypeTable {
    types: PrimaryMap<TypeId, Type>,
    ids: HashMap<Type, TypeId>,
    named: PrimaryMap<NamedId, Named>,
    /// The canonical type of each type: itself unless it is spelled.
    canonical: PrimaryMap<TypeId, TypeId>,
    spellings: HashMap<TypeId, Spelling>,
}

impl Default for TypeTable {
    fn default() -> Self {
        TypeTable::new()
    }
}

impl TypeTable {
    /// A table that holds the predeclared basic types.
    pub fn new() -> Self {
        let mut table = TypeTable {
            types: PrimaryMap::new(),
            ids: HashMap::default(),
            named: PrimaryMap::new(),
            canonical: PrimaryMap::new(),
            spellings: HashMap::default(),
        };
        for basic in ALL_BASICS {
            table.intern(Type::Basic(basic));
        }
        table
    }

    /// The id of a type.
    pub fn intern(&mut self, ty: Type) -> TypeId {
        if let Some(id) = self.ids.get(&ty) {
            return *id;
        }
        let canonical = self.canonical_form(&ty).map(|form| self.intern(form));
        let id = self.types.push(ty.clone());
        self.canonical.push(canonical.unwrap_or(id));
        self.ids.insert(ty, id);
        id
    }

    /// The same type made of canonical parts; `None` if its parts are canonical already.
    fn canonical_form(&self, ty: &Type) -> Option<Type> {
        let of = |id: &TypeId| self.canonical[*id];
        let is = |id: &TypeId| self.canonical[*id] == *id;
        let list = |ids: &TypeList| ids.iter().map(of).collect::<TypeList>();
        match ty {
            Type::Basic(_) | Type::Named(_) | Type::Parameter(_) => None,
            Type::Pointer(element) => (!is(element)).then(|| Type::Pointer(of(element))),
            Type::Slice(element) => (!is(element)).then(|| Type::Slice(of(element))),
            Type::Array(element, length) => {
                (!is(element)).then(|| Type::Array(of(element), *length))
            }
            Type::Map(key, value) => {
                (!is(key) || !is(value)).then(|| Type::Map(of(key), of(value)))
            }
            Type::Channel(direction, element) => {
                (!is(element)).then(|| Type::Channel(*direction, of(element)))
            }
            Type::Struct(fields) => (!fields.iter().all(|field| is(&field.ty))).then(|| {
                Type::Struct(
                    fields
                        .iter()
                        .map(|field| StructField {
                            ty: of(&field.ty),
                            ..field.clone()
                        })
                        .collect(),
                )
            }),
            Type::Function(signature) => {
                let all = signature
                    .parameters
                    .iter()
                    .chain(&signature.results)
                    .all(is);
                (!all).then(|| {
                    Type::Function(Signature {
                        parameters: list(&signature.parameters),
                        results: list(&signature.results),
                        is_variadic: signature.is_variadic,
                    })
                })
            }
            Type::Interface(methods) => {
                (!methods.iter().all(|method| is(&method.signature))).then(|| {
                    let canonical = |method: &InterfaceMethod| InterfaceMethod {
                        signature: of(&method.signature),
                        ..method.clone()
                    };
                    Type::Interface(methods.iter().map(canonical).collect())
                })
            }
            Type::Tuple(members) => (!members.iter().all(is)).then(|| Type::Tuple(list(members))),
        }
    }

    /// A new id for `target` that prints as `spelling` says.
    pub fn spell(&mut self, target: TypeId, spelling: Spelling) -> TypeId {
        let id = self.types.push(self.types[target].clone());
        self.canonical.push(self.canonical[target]);
        self.spellings.insert(id, spelling);
        id
    }

    /// How a type is spelled, if not in its canonical form.
    pub fn spelling(&self, id: TypeId) -> Option<&Spelling> {
        self.spellings.get(&id)
    }

    /// The type itself, whatever its spelling.
    pub fn canonical(&self, id: TypeId) -> TypeId {
        self.canonical[id]
    }

    /// Whether two types are identical (spec: "Type identity").
    pub fn identical(&self, left: TypeId, right: TypeId) -> bool {
        self.canonical[left] == self.canonical[right]
    }

    /// All ids of types, in the order they were made.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        self.types.keys()
    }

    /// All ids of defined types, in the order they were made.
    pub fn named_ids(&self) -> impl Iterator<Item = NamedId> + use<> {
        self.named.keys()
    }

    /// The id of a type that is known to be in the table.
    pub fn find(&self, ty: &Type) -> Option<TypeId> {
        self.ids.get(ty).copied()
    }

    /// The id of a basic type.
    pub fn basic(&self, basic: Basic) -> TypeId {
        TypeId::from_u32(basic as u32)
    }

    /// What a type is.
    pub fn get(&self, id: TypeId) -> &Type {
        &self.types[id]
    }

    /// How many types there are; ids are dense below it.
    pub fn len(&self) -> usize {
        self.types.len()
    }

    /// Whether the table is empty; it never is.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// Creates a defined type and its id.
    pub fn define(&mut self, named: Named) -> (NamedId, TypeId) {
        let id = self.named.push(named);
        (id, self.intern(Type::Named(id)))
    }

    /// A defined type.
    pub fn named(&self, id: NamedId) -> &Named {
        &self.named[id]
    }

    /// A defined type, to complete it.
    pub fn named_mut(&mut self, id: NamedId) -> &mut Named {
        &mut self.named[id]
    }

    /// The underlying type's id: of a defined type what it was declared as, else the type itself.
    pub fn underlying_id(&self, id: TypeId) -> TypeId {
        match self.types[id] {
            Type::Named(named) => self.named[named]
                .underlying
                .unwrap_or(self.basic(Basic::Invalid)),
            _ => id,
        }
    }

    /// The underlying type.
    pub fn underlying(&self, id: TypeId) -> &Type {
        &self.types[self.underlying_id(id)]
    }

    /// `*T`
    pub fn pointer_to(&mut self, element: TypeId) -> TypeId {
        self.intern(Type::Pointer(element))
    }

    /// `[]T`
    pub fn slice_of(&mut self, element: TypeId) -> TypeId {
        self.intern(Type::Slice(element))
    }

    /// The interface without methods.
    pub fn empty_interface(&mut self) -> TypeId {
        self.intern(Type::Interface(Box::default()))
    }

    /// Whether the underlying type is an interface.
    pub fn is_interface(&self, id: TypeId) -> bool {
        matches!(self.underlying(id), Type::Interface(_))
    }

    /// The element type of a pointer (after `underlying`), if it is one.
    pub fn pointee(&self, id: TypeId) -> Option<TypeId> {
        match self.underlying(id) {
            Type::Pointer(element) => Some(*element),
            _ => None,
        }
    }

    /// The basic type under a type, if it has one.
    pub fn as_basic(&self, id: TypeId) -> Option<Basic> {
        match self.underlying(id) {
            Type::Basic(basic) => Some(*basic),
            _ => None,
        }
    }

    /// The signature under a type, if it is a function.
    pub fn as_signature(&self, id: TypeId) -> Option<&Signature> {
        match self.underlying(id) {
            Type::Function(signature) => Some(signature),
            _ => None,
        }
    }
}

/// In the order of the enum, so that `basic as u32` is the id.
const ALL_BASICS: [Basic; 26] = [
    Basic::Bool,
    Basic::Int,
    Basic::Int8,
    Basic::Int16,
    Basic::Int32,
    Basic::Int64,
    Basic::Uint,
    Basic::Uint8,
    Basic::Uint16,
    Basic::Uint32,
    Basic::Uint64,
    Basic::Uintptr,
    Basic::Float32,
    Basic::Float64,
    Basic::Complex64,
    Basic::Complex128,
    Basic::String,
    Basic::UnsafePointer,
    Basic::UntypedBool,
    Basic::UntypedInt,
    Basic::UntypedRune,
    Basic::UntypedFloat,
    Basic::UntypedComplex,
    Basic::UntypedString,
    Basic::UntypedNil,
    Basic::Invalid,
];

impl Basic {
    /// Whether the type has no default representation yet.
    pub fn is_untyped(self) -> bool {
        (Basic::UntypedBool..=Basic::UntypedNil).contains(&self)
    }

    /// Whether it is an integer type, untyped ones included.
    pub fn is_integer(self) -> bool {
        (Basic::Int..=Basic::Uintptr).contains(&self)
            || matches!(self, Basic::UntypedInt | Basic::UntypedRune)
    }

    /// Whether it is an unsigned integer type.
    pub fn is_unsigned(self) -> bool {
        (Basic::Uint..=Basic::Uintptr).contains(&self)
    }

    /// Whether it is a floating-point type, untyped included.
    pub fn is_float(self) -> bool {
        matches!(self, Basic::Float32 | Basic::Float64 | Basic::UntypedFloat)
    }

    /// Whether it is a complex type, untyped included.
    pub fn is_complex(self) -> bool {
        matches!(
            self,
            Basic::Complex64 | Basic::Complex128 | Basic::UntypedComplex
        )
    }

    /// Whether it is a number of any kind.
    pub fn is_numeric(self) -> bool {
        self.is_integer() || self.is_float() || self.is_complex()
    }

    /// Whether it is a string type, untyped included.
    pub fn is_string(self) -> bool {
        matches!(self, Basic::String | Basic::UntypedString)
    }

    /// Whether it is a boolean type, untyped included.
    pub fn is_boolean(self) -> bool {
        matches!(self, Basic::Bool | Basic::UntypedBool)
    }

    /// Bytes of a sized type on a 64-bit machine; `None` for untyped ones.
    pub fn size_bytes(self) -> Option<u32> {
        Some(match self {
            Basic::Bool | Basic::Int8 | Basic::Uint8 => 1,
            Basic::Int16 | Basic::Uint16 => 2,
            Basic::Int32 | Basic::Uint32 | Basic::Float32 => 4,
            Basic::Int
            | Basic::Int64
            | Basic::Uint
            | Basic::Uint64
            | Basic::Uintptr
            | Basic::Float64 => 8,
            Basic::Complex64 | Basic::UnsafePointer => 8,
            Basic::Complex128 | Basic::String => 16,
            _ => return None,
        })
    }

    /// The predeclared name, as gc prints it.
    pub fn name(self) -> &'static str {
        match self {
            Basic::Bool => "bool",
            Basic::Int => "int",
            Basic::Int8 => "int8",
            Basic::Int16 => "int16",
            Basic::Int32 => "int32",
            Basic::Int64 => "int64",
            Basic::Uint => "uint",
            Basic::Uint8 => "uint8",
            Basic::Uint16 => "uint16",
            Basic::Uint32 => "uint32",
            Basic::Uint64 => "uint64",
            Basic::Uintptr => "uintptr",
            Basic::Float32 => "float32",
            Basic::Float64 => "float64",
            Basic::Complex64 => "complex64",
            Basic::Complex128 => "complex128",
            Basic::String => "string",
            Basic::UnsafePointer => "unsafe.Pointer",
            Basic::UntypedBool => "untyped bool",
            Basic::UntypedInt => "untyped int",
            Basic::UntypedRune => "untyped rune",
            Basic::UntypedFloat => "untyped float",
            Basic::UntypedComplex => "untyped complex",
            Basic::UntypedString => "untyped string",
            Basic::UntypedNil => "untyped nil",
            Basic::Invalid => "invalid type",
        }
    }
}
