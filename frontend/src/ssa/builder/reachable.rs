//! Which methods and library code the program can reach.
//!
//! A method can be called dynamically only if a value of its type meets an interface and some
//! interface that reachable code mentions has a method of that name. Both sets only grow; the work
//! list in [`super::init`] alternates between lowering functions and adding such methods until
//! neither finds anything new. Types that reflection can reach from a converted one (elements,
//! fields, what pointers point to) count as converted: `fmt` calls their `String` methods.

use super::super::{Function, FunctionId, MethodEntry, Op, is_pointer_shaped};
use super::ProgramBuilder;
use super::method_set::Method;
use crate::ast::Name;
use crate::check::PackageId;
use crate::hash::{HashMap, HashSet};
use crate::types::{EXPORTED, Type, TypeId};

/// What has been found so far.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// Types that meet interfaces, in order of discovery.
    converted: Vec<TypeId>,
    is_converted: HashSet<TypeId>,
    /// Interface types that reachable code mentions.
    mentioned: HashSet<TypeId>,
    /// Their methods.
    names: HashSet<(Name, PackageId)>,
    /// How much of `converted` has been combined with how many of the names.
    done: (usize, usize),
    functions: HashMap<(TypeId, Name, PackageId), FunctionId>,
}

/// The types of a function's values, and those it asserts, sorted.
pub(crate) fn mentioned_types(function: &Function) -> Vec<TypeId> {
    let types: HashSet<TypeId> = function.values.values().map(|value| value.ty).collect();
    let mut types: Vec<TypeId> = types.into_iter().collect();
    for inst in function.insts.values() {
        if let Op::TypeAssert { ty, .. } = inst.op {
            types.push(ty);
        }
    }
    types.sort_unstable();
    types
}

impl ProgramBuilder<'_> {
    /// Notes the interfaces among types that reachable code mentions.
    pub(super) fn note_types(&mut self, types: &[TypeId]) {
        for ty in types {
            if !self.types.is_interface(*ty) || !self.reached.mentioned.insert(*ty) {
                continue;
            }
            let Type::Interface(methods) = self.types.underlying(*ty) else {
                continue;
            };
            for method in methods {
                self.reached.names.insert((method.name, method.package));
            }
        }
    }

    /// Notes what a finished function mentions.
    pub(super) fn note_function(&mut self, function: &Function) {
        self.note_types(&mentioned_types(function));
    }

    /// Notes a type whose values are converted to interfaces.
    pub(super) fn note_converted(&mut self, ty: TypeId) {
        let mut work = vec![ty];
        while let Some(ty) = work.pop() {
            if !self.reached.is_converted.insert(ty) {
                continue;
            }
            self.reached.converted.push(ty);
            match self.types.underlying(ty) {
                Type::Pointer(element) | Type::Slice(element) | Type::Array(element, _) => {
                    work.push(*element);
                }
                Type::Channel(_, element) => work.push(*element),
                Type::Map(key, element) => work.extend([*key, *element]),
                Type::Struct(fields) => work.extend(fields.iter().map(|field| field.ty)),
                _ => {}
            }
        }
    }

    /// Whether there are combinations that `lower_methods` has not seen.
    pub(super) fn has_new_methods(&self) -> bool {
        self.reached.done != (self.reached.converted.len(), self.reached.names.len())
    }

    /// Makes the functions of all methods that interfaces can call by now.
    pub(super) fn lower_methods(&mut self) {
        self.note_runtime_interfaces();
        while self.has_new_methods() {
            let names = self.reached.names.len();
            let (types_before, names_before) = self.reached.done;
            let first = if names == names_before {
                types_before
            } else {
                0
            };
            let types: Vec<TypeId> = self.reached.converted[first..].to_vec();
            self.reached.done = (first + types.len(), names);
            for ty in types {
                if self.types.is_interface(ty) {
                    continue;
                }
                for method in self.method_set(ty).iter() {
                    if self.is_mentioned(method) {
                        self.table_function(ty, method);
                    }
                }
            }
        }
    }

    /// The runtime itself calls `Error` and `String` of panic values.
    fn note_runtime_interfaces(&mut self) {
        let names = &self.typed.ast.names;
        for name in ["Error", "String"]
            .into_iter()
            .filter_map(|text| names.find(text))
        {
            self.reached.names.insert((name, EXPORTED));
        }
    }

    /// Whether some interface mentions the method.
    fn is_mentioned(&self, method: &Method) -> bool {
        self.reached.names.contains(&(method.name, method.package))
    }

    fn table_function(&mut self, ty: TypeId, method: &Method) -> FunctionId {
        let key = (ty, method.name, method.package);
        if let Some(id) = self.reached.functions.get(&key) {
            return *id;
        }
        // The data word is the value itself or a pointer to it.
        let receiver = if is_pointer_shaped(&self.types, ty) {
            ty
        } else {
            self.types.pointer_to(ty)
        };
        let id = self.method_function(receiver, &method.path, method.implementation);
        self.reached.functions.insert(key, id);
        id
    }

    /// The methods of all converted types, sorted by name text, then package path.
    pub(super) fn method_tables(&mut self) -> HashMap<TypeId, Vec<MethodEntry>> {
        let mut tables = HashMap::default();
        for ty in self.reached.converted.clone() {
            if self.types.is_interface(ty) {
                continue;
            }
            let mut entries = Vec::new();
            for method in self.method_set(ty).iter() {
                if self.is_mentioned(method) {
                    let function = self.table_function(ty, method);
                    let Method {
                        name,
                        package,
                        signature,
                        ..
                    } = *method;
                    entries.push(MethodEntry {
                        name,
                        package,
                        signature,
                        function,
                    });
                }
            }
            entries.sort_by_key(|entry| {
                let path = if entry.package == EXPORTED {
                    ""
                } else {
                    self.package_path(entry.package)
                };
                (self.text(entry.name), path)
            });
            if !entries.is_empty() {
                tables.insert(ty, entries);
            }
        }
        tables
    }
}
