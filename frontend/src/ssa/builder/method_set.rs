//! Method sets: which methods a type has, and by which way (spec: "Method sets", "Selectors").
//!
//! Breadth first over embedded fields. At the shallowest depth where a name occurs it must occur
//! once and be a method, else the type has no such method.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::ProgramBuilder;
use crate::ast::Name;
use crate::check::{ObjectId, PackageId};
use crate::types::{EXPORTED, NamedId, Type, TypeId};

/// What implements a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Implementation {
    /// A declared method.
    Declared(ObjectId),
    /// A method of an embedded interface: the interface and the method's index.
    Interface(TypeId, u32),
}

/// A method in a method set.
#[derive(Debug, Clone)]
pub(super) struct Method {
    pub(super) name: Name,
    /// The package of an unexported name, else `EXPORTED`.
    pub(super) package: PackageId,
    pub(super) signature: TypeId,
    /// The fields that lead to what has the method.
    pub(super) path: Vec<u32>,
    pub(super) implementation: Implementation,
}

/// A type found at some depth.
struct Level {
    ty: TypeId,
    path: Vec<u32>,
    /// Whether a pointer was followed on the way, so that pointer methods are in the set.
    is_indirect: bool,
}

/// A name and, unless it is exported, its package.
type Key = (Name, PackageId);

impl ProgramBuilder<'_> {
    /// Whether a name is exported.
    fn is_exported(&self, name: Name) -> bool {
        self.text(name)
            .chars()
            .next()
            .is_some_and(char::is_uppercase)
    }

    /// The methods of a type, in no particular order of meaning but always the same.
    pub(super) fn method_set(&mut self, ty: TypeId) -> Rc<Vec<Method>> {
        if let Some(methods) = self.method_sets.get(&ty) {
            return Rc::clone(methods);
        }
        let methods = Rc::new(self.find_method_set(ty));
        self.method_sets.insert(ty, Rc::clone(&methods));
        methods
    }

    fn find_method_set(&self, ty: TypeId) -> Vec<Method> {
        let (start, is_indirect) = match self.types.get(ty) {
            Type::Pointer(element) => (*element, true),
            _ => (ty, false),
        };
        // A pointer to an interface or to a pointer has no methods.
        if is_indirect && (self.types.is_interface(start) || self.types.pointee(start).is_some()) {
            return Vec::new();
        }
        let mut result = Vec::new();
        let mut taken: HashSet<Key> = HashSet::new();
        let mut seen: HashSet<NamedId> = HashSet::new();
        let mut level = vec![Level {
            ty: start,
            path: Vec::new(),
            is_indirect,
        }];
        while !level.is_empty() {
            // What this depth has under each name: a method, or nothing if a field or several.
            let mut found: HashMap<Key, Option<Method>> = HashMap::new();
            let mut order: Vec<Key> = Vec::new();
            let mut next = Vec::new();
            let mut seen_here = Vec::new();
            for Level {
                ty,
                path,
                is_indirect,
            } in level
            {
                if let Type::Named(named) = *self.types.get(ty) {
                    if seen.contains(&named) {
                        continue;
                    }
                    seen_here.push(named);
                    for method in self.types.named(named).methods.clone() {
                        self.declared_method(method, &path, is_indirect, &mut found, &mut order);
                    }
                }
                match self.types.underlying(ty) {
                    Type::Struct(fields) => {
                        for (index, field) in fields.iter().enumerate() {
                            let key = self.key(field.name, field.package);
                            order.push(key);
                            found.insert(key, None);
                            if field.is_embedded {
                                let mut path = path.clone();
                                path.push(index as u32);
                                let pointee = match self.types.get(field.ty) {
                                    Type::Pointer(element) => Some(*element),
                                    _ => None,
                                };
                                let is_indirect = is_indirect || pointee.is_some();
                                next.push(Level {
                                    ty: pointee.unwrap_or(field.ty),
                                    path,
                                    is_indirect,
                                });
                            }
                        }
                    }
                    Type::Interface(methods) => {
                        for (index, method) in methods.iter().enumerate() {
                            let found_method = Method {
                                name: method.name,
                                package: self.key(method.name, method.package).1,
                                signature: method.signature,
                                path: path.clone(),
                                implementation: Implementation::Interface(ty, index as u32),
                            };
                            let key = self.key(method.name, method.package);
                            order.push(key);
                            found
                                .entry(key)
                                .and_modify(|entry| *entry = None)
                                .or_insert(Some(found_method));
                        }
                    }
                    _ => {}
                }
            }
            seen.extend(seen_here);
            for key in order {
                if let Some(entry) = found.remove(&key)
                    && taken.insert(key)
                {
                    result.extend(entry);
                }
            }
            level = next;
        }
        result
    }

    fn key(&self, name: Name, package: PackageId) -> Key {
        (
            name,
            if self.is_exported(name) {
                EXPORTED
            } else {
                package
            },
        )
    }

    fn declared_method(
        &self,
        method: ObjectId,
        path: &[u32],
        is_indirect: bool,
        found: &mut HashMap<Key, Option<Method>>,
        order: &mut Vec<Key>,
    ) {
        let object = &self.typed.objects[method];
        let package = object.package.unwrap_or(self.typed.main);
        let wants_pointer = self
            .function_object(method)
            .receiver
            .is_some_and(|receiver| receiver.is_pointer);
        let key = self.key(object.name, package);
        order.push(key);
        // A pointer method out of reach still hides deeper ones.
        let entry = (is_indirect || !wants_pointer).then(|| Method {
            name: object.name,
            package: key.1,
            signature: object.ty,
            path: path.to_vec(),
            implementation: Implementation::Declared(method),
        });
        found
            .entry(key)
            .and_modify(|existing| *existing = None)
            .or_insert(entry);
    }
}
