//! One walk over everything a function or a type mentions by id: writing to an archive and importing from one are the
//! same walk with other answers.

use crate::ast::Name;
use crate::check::{ObjectId, PackageId};
use crate::source::Span;
use crate::ssa::{Callee, Function, FunctionId, GlobalId, Op};
use crate::types::{InterfaceMethod, NamedId, Signature, StructField, Type, TypeId, TypeList};

/// What the ids of one side are on the other.
pub(crate) trait Mapping {
    fn name(&mut self, name: Name) -> Name;
    fn package(&mut self, package: PackageId) -> PackageId;
    fn ty(&mut self, ty: TypeId) -> TypeId;
    fn named(&mut self, named: NamedId) -> NamedId;
    fn object(&mut self, object: ObjectId) -> ObjectId;
    fn function(&mut self, function: FunctionId) -> FunctionId;
    fn global(&mut self, global: GlobalId) -> GlobalId;
    /// A source offset; 0 stands for none.
    fn offset(&mut self, offset: u32) -> u32;

    fn span(&mut self, span: Span) -> Span {
        if span.is_none() {
            return span;
        }
        Span::new(self.offset(span.start), self.offset(span.end))
    }

    fn types(&mut self, types: &TypeList) -> TypeList {
        types.iter().map(|ty| self.ty(*ty)).collect()
    }
}

/// A type with its parts mapped.
pub(crate) fn map_type(ty: &Type, map: &mut impl Mapping) -> Type {
    match ty {
        Type::Basic(basic) => Type::Basic(*basic),
        Type::Named(named) => Type::Named(map.named(*named)),
        Type::Pointer(element) => Type::Pointer(map.ty(*element)),
        Type::Slice(element) => Type::Slice(map.ty(*element)),
        Type::Array(element, length) => Type::Array(map.ty(*element), *length),
        Type::Map(key, element) => Type::Map(map.ty(*key), map.ty(*element)),
        Type::Channel(direction, element) => Type::Channel(*direction, map.ty(*element)),
        Type::Struct(fields) => Type::Struct(
            fields
                .iter()
                .map(|field| StructField {
                    name: map.name(field.name),
                    package: map.package(field.package),
                    ty: map.ty(field.ty),
                    is_embedded: field.is_embedded,
                    tag: field.tag.clone(),
                })
                .collect(),
        ),
        Type::Function(signature) => Type::Function(Signature {
            parameters: map.types(&signature.parameters),
            results: map.types(&signature.results),
            is_variadic: signature.is_variadic,
        }),
        Type::Interface(methods) => Type::Interface(
            methods
                .iter()
                .map(|method| InterfaceMethod {
                    name: map.name(method.name),
                    package: map.package(method.package),
                    signature: map.ty(method.signature),
                })
                .collect(),
        ),
        Type::Tuple(members) => Type::Tuple(map.types(members)),
        Type::Parameter(_) => unreachable!("generic declarations are archived as text"),
    }
}

/// Maps a function in place. What only explanations need is left behind: captured variables' objects.
pub(crate) fn map_function(function: &mut Function, map: &mut impl Mapping) {
    function.object = function.object.map(|object| map.object(object));
    function.span = map.span(function.span);
    function.parent = function.parent.map(|parent| map.function(parent));
    for ty in function.parameters.iter_mut().chain(&mut function.results) {
        *ty = map.ty(*ty);
    }
    for capture in &mut function.captures {
        capture.name = map.name(capture.name);
        capture.ty = map.ty(capture.ty);
        capture.object = None;
    }
    for value in function.values.values_mut() {
        value.ty = map.ty(value.ty);
    }
    for site in function.sites.values_mut() {
        if site.position != 0 {
            site.position = map.offset(site.position);
        }
    }
    for inst in function.insts.values_mut() {
        inst.span = map.span(inst.span);
        match &mut inst.op {
            Op::GlobalAddress(global) => *global = map.global(*global),
            Op::FunctionValue(function)
            | Op::MakeClosure { function, .. }
            | Op::Call {
                callee: Callee::Function(function),
                ..
            } => *function = map.function(*function),
            Op::Alloc(ty) | Op::TypeAssert { ty, .. } | Op::MapIterateNext { map_type: ty, .. } => {
                *ty = map.ty(*ty);
            }
            Op::Constant(_)
            | Op::Capture(_)
            | Op::Unary(..)
            | Op::Binary(..)
            | Op::Convert(..)
            | Op::Aggregate(_)
            | Op::Field(..)
            | Op::Element(..)
            | Op::FieldAddress(..)
            | Op::IndexAddress { .. }
            | Op::StringIndex { .. }
            | Op::Slice { .. }
            | Op::Len(_)
            | Op::Cap(_)
            | Op::Min(_)
            | Op::Max(_)
            | Op::DecodeRune(..)
            | Op::Load(_)
            | Op::Store { .. }
            | Op::Move { .. }
            | Op::Clear(_)
            | Op::NilCheck(_)
            | Op::MakeSlice { .. }
            | Op::MakeMap { .. }
            | Op::MakeChannel { .. }
            | Op::MakeInterface(_)
            | Op::Append { .. }
            | Op::AppendSlice { .. }
            | Op::StringConcat(_)
            | Op::Copy { .. }
            | Op::ClearSlice(_)
            | Op::MapFind { .. }
            | Op::MapAssign { .. }
            | Op::MapDelete { .. }
            | Op::MapClear(_)
            | Op::MapIterateStart { .. }
            | Op::Print { .. }
            | Op::ChangeInterface(_)
            | Op::Call { .. }
            | Op::Go(_)
            | Op::Defer(_)
            | Op::RunDefers
            | Op::Recover
            | Op::Send { .. }
            | Op::Receive { .. }
            | Op::Close(_)
            | Op::Select { .. }
            | Op::Jump(_)
            | Op::Branch { .. }
            | Op::Switch { .. }
            | Op::Return(_)
            | Op::Panic(_)
            | Op::Unreachable => {}
        }
    }
}
