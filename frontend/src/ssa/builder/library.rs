//! The library lowered whole, for its archive.

use super::super::{Function, FunctionId, Global, GlobalId};
use super::ProgramBuilder;
use super::wrappers::WrapperKey;
use crate::archive::FunctionReference;
use crate::check::{ObjectId, PackageId, TypedProgram};
use crate::hash::HashMap;
use cranelift_entity::PrimaryMap;

/// The functions of a library, by what they were made from.
pub(crate) struct LibraryCode {
    pub(crate) functions: PrimaryMap<FunctionId, Function>,
    pub(crate) globals: PrimaryMap<GlobalId, Global>,
    /// Declared functions.
    pub(crate) declared: HashMap<ObjectId, FunctionId>,
    /// A function for each initialiser of a package.
    pub(crate) initializers: HashMap<(PackageId, usize), FunctionId>,
    /// Wrappers, which programs make for themselves.
    pub(crate) wrappers: HashMap<FunctionId, FunctionReference>,
}

/// Lowers everything that was checked; the type table grows.
pub(crate) fn build_library(typed: &mut TypedProgram) -> LibraryCode {
    let mut builder = ProgramBuilder::new(typed);
    let typed_now = builder.typed;
    for object in &typed_now.checked_functions {
        builder.function_for(*object);
    }
    let mut initializers = HashMap::default();
    for (id, package) in &typed_now.packages {
        for (index, initializer) in package.initializers.iter().enumerate() {
            let function = builder.lower_initializer(&package.path, initializer);
            initializers.insert((id, index), function);
        }
    }
    builder.lower_pending();
    let ProgramBuilder {
        types,
        functions,
        globals,
        function_of,
        wrappers,
        ..
    } = builder;
    typed.types = types;
    let wrappers = wrappers.into_iter().map(|(key, id)| {
        let reference = match key {
            WrapperKey::Promoted(receiver, path, implementation) => {
                FunctionReference::Promoted(receiver, path, implementation)
            }
            WrapperKey::Bound(method) => FunctionReference::Bound(method),
            WrapperKey::BoundInterface(interface, index) => {
                FunctionReference::BoundInterface(interface, index)
            }
        };
        (id, reference)
    });
    LibraryCode {
        wrappers: wrappers.collect(),
        functions,
        globals,
        declared: function_of,
        initializers,
    }
}
