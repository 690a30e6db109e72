//! The predeclared names (spec: "Predeclared identifiers").

use cranelift_entity::PrimaryMap;

use crate::ast::{Name, Names};
use crate::check::constant::Constant;
use crate::check::{Builtin, Object, ObjectId, ObjectKind};
use crate::source::Span;
use crate::types::{
    Basic, EXPORTED, InterfaceMethod, Named, Signature, Spelling, Type, TypeId, TypeTable,
};

/// Builtin functions with their names.
pub const BUILTINS: [(&str, Builtin); 18] = [
    ("append", Builtin::Append),
    ("cap", Builtin::Cap),
    ("clear", Builtin::Clear),
    ("close", Builtin::Close),
    ("complex", Builtin::Complex),
    ("copy", Builtin::Copy),
    ("delete", Builtin::Delete),
    ("imag", Builtin::Imag),
    ("len", Builtin::Len),
    ("make", Builtin::Make),
    ("max", Builtin::Max),
    ("min", Builtin::Min),
    ("new", Builtin::New),
    ("panic", Builtin::Panic),
    ("print", Builtin::Print),
    ("println", Builtin::Println),
    ("real", Builtin::Real),
    ("recover", Builtin::Recover),
];

/// Everything predeclared, and the names and types the checker needs by themselves.
#[derive(Debug)]
pub struct Universe {
    /// All predeclared names.
    pub names: Vec<(Name, ObjectId)>,
    /// `byte`, spelled so.
    pub byte: TypeId,
    /// `rune`, spelled so.
    pub rune: TypeId,
    /// `any`, spelled so.
    pub any: TypeId,
    /// `interface{}`
    pub empty_interface: TypeId,
    /// `error`
    pub error: TypeId,
    /// The constant `iota`.
    pub iota: ObjectId,
    /// The type `comparable`, which only constraints may name.
    pub comparable: ObjectId,
    /// `nil`
    pub nil: ObjectId,
    /// The name `_`.
    pub blank: Name,
    /// The name of what has none.
    pub unnamed: Name,
    /// The name `init`.
    pub init: Name,
    /// The name `main`.
    pub main: Name,
}

impl Universe {
    /// Declares everything predeclared.
    pub fn new(
        names: &mut Names,
        types: &mut TypeTable,
        objects: &mut PrimaryMap<ObjectId, Object>,
    ) -> Self {
        let mut declared = Vec::new();
        let mut declare = |names: &mut Names, text: &str, ty: TypeId, kind: ObjectKind| {
            let name = names.intern(text);
            let object = objects.push(Object {
                name,
                span: Span::default(),
                package: None,
                ty,
                kind,
            });
            declared.push((name, object));
            object
        };
        for basic in [
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
        ] {
            declare(
                names,
                basic.name(),
                types.basic(basic),
                ObjectKind::TypeName,
            );
        }
        let mut alias = |names: &mut Names, text: &str, target: TypeId| {
            let spelling = Spelling::Alias {
                name: names.intern(text),
                package: None,
            };
            let ty = types.spell(target, spelling);
            declare(names, text, ty, ObjectKind::TypeName);
            ty
        };
        let byte = alias(names, "byte", TypeId::from_u32(Basic::Uint8 as u32));
        let rune = alias(names, "rune", TypeId::from_u32(Basic::Int32 as u32));
        let empty_interface = types.empty_interface();
        let any = {
            let spelling = Spelling::Alias {
                name: names.intern("any"),
                package: None,
            };
            let ty = types.spell(empty_interface, spelling);
            declare(names, "any", ty, ObjectKind::TypeName);
            ty
        };
        let invalid = types.basic(Basic::Invalid);
        let mut define =
            |names: &mut Names, types: &mut TypeTable, text: &str, underlying: TypeId| {
                let object = declare(names, text, invalid, ObjectKind::TypeName);
                let named = Named {
                    object,
                    name: names.intern(text),
                    package: None,
                    underlying: Some(underlying),
                    methods: Vec::new(),
                    method_keys: Vec::new(),
                    local_number: 0,
                    arguments: Box::default(),
                };
                (object, types.define(named).1)
            };
        let string = types.basic(Basic::String);
        let signature = types.intern(Type::Function(Signature {
            parameters: Box::default(),
            results: Box::new([string]),
            is_variadic: false,
        }));
        let method = InterfaceMethod {
            name: names.intern("Error"),
            package: EXPORTED,
            signature,
        };
        let error_interface = types.intern(Type::Interface(Box::new([method])));
        let (error_object, error) = define(names, types, "error", error_interface);
        let (comparable, comparable_type) = define(names, types, "comparable", empty_interface);
        let untyped_bool = types.basic(Basic::UntypedBool);
        declare(
            names,
            "true",
            untyped_bool,
            ObjectKind::Constant(Constant::Bool(true)),
        );
        declare(
            names,
            "false",
            untyped_bool,
            ObjectKind::Constant(Constant::Bool(false)),
        );
        let untyped_int = types.basic(Basic::UntypedInt);
        let iota = declare(
            names,
            "iota",
            untyped_int,
            ObjectKind::Constant(Constant::integer(0)),
        );
        let nil = declare(
            names,
            "nil",
            types.basic(Basic::UntypedNil),
            ObjectKind::Nil,
        );
        for (text, builtin) in BUILTINS {
            declare(names, text, invalid, ObjectKind::Builtin(builtin));
        }
        objects[error_object].ty = error;
        objects[comparable].ty = comparable_type;
        Universe {
            names: declared,
            byte,
            rune,
            any,
            empty_interface,
            error,
            iota,
            comparable,
            nil,
            blank: names.intern("_"),
            unnamed: names.intern(""),
            init: names.intern("init"),
            main: names.intern("main"),
        }
    }
}
