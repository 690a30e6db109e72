//! Finding fields and methods by name, through embedding (spec: "Selectors", "Method sets").
//!
//! The search goes level by level: the shallowest hit wins, two hits on one level are ambiguous.

use std::collections::HashSet;

use super::{EXPORTED, NamedId, Type, TypeId, TypeTable};
use crate::ast::{Name, Names};
use crate::check::{ObjectId, PackageId};

/// A name together with what makes it different from equal names of other packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The name.
    pub name: Name,
    /// Its package, [`EXPORTED`] for exported names.
    pub package: PackageId,
}

/// Whether a name is exported: it begins with an upper-case letter.
pub fn is_exported(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_uppercase)
}

impl Key {
    /// The key of a name as it is written in a package.
    pub fn new(names: &Names, name: Name, package: PackageId) -> Key {
        Key {
            name,
            package: if is_exported(names.text(name)) {
                EXPORTED
            } else {
                package
            },
        }
    }
}

/// What a name selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Field indices that lead to it; for a field the last is the field itself.
    pub path: Vec<u32>,
    /// Whether a pointer was followed on the way, the operand's own included.
    pub is_indirect: bool,
    /// What it is.
    pub member: Member,
}

/// Kinds of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    /// A struct field of this type.
    Field(TypeId),
    /// A declared method.
    Method {
        /// Its function object.
        object: ObjectId,
        /// The type that declares it.
        named: NamedId,
        /// Whether its receiver is a pointer.
        is_pointer: bool,
    },
    /// A method of an interface.
    Interface {
        /// Index in the interface's list.
        index: u32,
        /// Its signature.
        signature: TypeId,
    },
}

impl Member {
    /// Whether it is a method of any kind.
    pub fn is_method(&self) -> bool {
        !matches!(self, Member::Field(_))
    }
}

/// Why nothing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotFound {
    /// No such field or method.
    Missing,
    /// Several on the same level.
    Ambiguous,
    /// There is one, but its receiver is a pointer and the operand is not addressable.
    NeedsPointer,
}

struct Embedded {
    ty: TypeId,
    path: Vec<u32>,
    is_indirect: bool,
    /// Whether the type stands several times on this level.
    is_multiple: bool,
}

impl TypeTable {
    /// What `operand.name` selects. `is_addressable` tells whether the operand's address can be
    /// taken, so that methods with pointer receivers count.
    pub fn lookup_field_or_method(
        &self,
        operand: TypeId,
        is_addressable: bool,
        key: Key,
    ) -> Result<Found, NotFound> {
        // A defined pointer type has no methods, only the fields behind it.
        if let Type::Named(named) = *self.get(operand)
            && let Some(underlying) = self.named(named).underlying
            && matches!(self.get(underlying), Type::Pointer(_))
        {
            let found = self.lookup_matching(underlying, false, |candidate| candidate == key)?;
            return if found.member.is_method() {
                Err(NotFound::Missing)
            } else {
                Ok(found)
            };
        }
        self.lookup_matching(operand, is_addressable, |candidate| candidate == key)
    }

    /// The method `key` of a type's method set.
    pub fn lookup_method(&self, ty: TypeId, key: Key) -> Result<Found, NotFound> {
        let found = self.lookup_field_or_method(ty, false, key)?;
        if found.member.is_method() {
            Ok(found)
        } else {
            Err(NotFound::Missing)
        }
    }

    /// As [`Self::lookup_field_or_method`] for the first name that `matches`, whatever its kind.
    pub fn lookup_matching(
        &self,
        operand: TypeId,
        is_addressable: bool,
        matches: impl Fn(Key) -> bool,
    ) -> Result<Found, NotFound> {
        let (ty, is_pointer) = match *self.get(operand) {
            Type::Pointer(element) => (element, true),
            _ => (operand, false),
        };
        if is_pointer && self.is_interface(ty) {
            return Err(NotFound::Missing);
        }
        let mut seen: HashSet<NamedId> = HashSet::new();
        let mut current = vec![Embedded {
            ty,
            path: Vec::new(),
            is_indirect: is_pointer,
            is_multiple: false,
        }];
        while !current.is_empty() {
            let mut next: Vec<Embedded> = Vec::new();
            let mut found: Option<Found> = None;
            for embedded in &current {
                let hit = |index: Option<u32>, member: Member| {
                    let mut path = embedded.path.clone();
                    path.extend(index);
                    Found {
                        path,
                        is_indirect: embedded.is_indirect,
                        member,
                    }
                };
                let mut take = |hit: Found| {
                    if found.is_some() || embedded.is_multiple {
                        return Err(NotFound::Ambiguous);
                    }
                    found = Some(hit);
                    Ok(())
                };
                if let Type::Named(named) = *self.get(embedded.ty) {
                    if !seen.insert(named) {
                        continue;
                    }
                    let declared = self.named(named);
                    let position = declared.method_keys.iter().position(|method| {
                        matches(Key {
                            name: method.name,
                            package: method.package,
                        })
                    });
                    if let Some(position) = position {
                        let is_pointer = declared.method_keys[position].is_pointer;
                        take(hit(
                            None,
                            Member::Method {
                                object: declared.methods[position],
                                named,
                                is_pointer,
                            },
                        ))?;
                        continue;
                    }
                }
                match self.underlying(embedded.ty) {
                    Type::Struct(fields) => {
                        for (index, field) in fields.iter().enumerate() {
                            if matches(Key {
                                name: field.name,
                                package: field.package,
                            }) {
                                take(hit(Some(index as u32), Member::Field(field.ty)))?;
                                continue;
                            }
                            if field.is_embedded {
                                let (ty, is_pointer) = match *self.get(field.ty) {
                                    Type::Pointer(element) => (element, true),
                                    _ => (field.ty, false),
                                };
                                let mut path = embedded.path.clone();
                                path.push(index as u32);
                                next.push(Embedded {
                                    ty,
                                    path,
                                    is_indirect: embedded.is_indirect || is_pointer,
                                    is_multiple: embedded.is_multiple,
                                });
                            }
                        }
                    }
                    Type::Interface(methods) => {
                        let position = methods.iter().position(|method| {
                            matches(Key {
                                name: method.name,
                                package: method.package,
                            })
                        });
                        if let Some(index) = position {
                            let signature = methods[index].signature;
                            take(hit(
                                None,
                                Member::Interface {
                                    index: index as u32,
                                    signature,
                                },
                            ))?;
                        }
                    }
                    _ => {}
                }
            }
            if let Some(found) = found {
                if let Member::Method {
                    is_pointer: true, ..
                } = found.member
                    && !found.is_indirect
                    && !is_addressable
                {
                    return Err(NotFound::NeedsPointer);
                }
                return Ok(found);
            }
            current = self.consolidate(next);
        }
        Err(NotFound::Missing)
    }

    /// Merges entries of one type into one that is marked as multiple.
    fn consolidate(&self, list: Vec<Embedded>) -> Vec<Embedded> {
        let mut unique: Vec<Embedded> = Vec::with_capacity(list.len());
        let mut positions: std::collections::HashMap<TypeId, usize> =
            std::collections::HashMap::new();
        for embedded in list {
            match positions.entry(self.canonical(embedded.ty)) {
                std::collections::hash_map::Entry::Occupied(entry) => {
                    unique[*entry.get()].is_multiple = true;
                }
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert(unique.len());
                    unique.push(embedded);
                }
            }
        }
        unique
    }

    /// The keys and members of a type's method set, promoted methods included, sorted by the text
    /// of their names.
    pub fn method_set(&self, names: &Names, ty: TypeId) -> Vec<(Key, Found)> {
        let mut keys = Vec::new();
        let mut seen = HashSet::new();
        self.collect_method_keys(ty, &mut keys, &mut seen);
        keys.sort_by(|left, right| {
            names
                .text(left.name)
                .cmp(names.text(right.name))
                .then(left.package.cmp(&right.package))
        });
        keys.dedup();
        keys.into_iter()
            .filter_map(|key| Some((key, self.lookup_method(ty, key).ok()?)))
            .collect()
    }

    fn collect_method_keys(&self, ty: TypeId, keys: &mut Vec<Key>, seen: &mut HashSet<TypeId>) {
        let ty = match *self.get(ty) {
            Type::Pointer(element) => element,
            _ => ty,
        };
        if !seen.insert(self.canonical(ty)) {
            return;
        }
        if let Type::Named(named) = *self.get(ty) {
            let methods = &self.named(named).method_keys;
            keys.extend(methods.iter().map(|method| Key {
                name: method.name,
                package: method.package,
            }));
        }
        match self.underlying(ty) {
            Type::Struct(fields) => {
                for field in fields.iter().filter(|field| field.is_embedded) {
                    self.collect_method_keys(field.ty, keys, seen);
                }
            }
            Type::Interface(methods) => {
                keys.extend(methods.iter().map(|method| Key {
                    name: method.name,
                    package: method.package,
                }));
            }
            _ => {}
        }
    }
}
