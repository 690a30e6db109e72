//! Relations between types that need no expression: comparability, nil, sizes and the parts of
//! assignability and conversion that depend on the types alone.

use std::collections::HashSet;

use super::lookup::{Key, Member, NotFound};
use super::{Basic, InterfaceMethod, NamedId, Type, TypeId, TypeTable};
use crate::check::{Object, ObjectId};
use cranelift_entity::PrimaryMap;

/// Why a type does not implement an interface.
#[derive(Debug, Clone)]
pub struct Missing {
    /// The method in question, as the interface has it.
    pub method: InterfaceMethod,
    /// What is wrong with it.
    pub reason: MissingReason,
}

/// What is wrong with a method that an interface asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingReason {
    /// There is none.
    NotFound,
    /// There is one with another signature.
    WrongSignature(TypeId),
    /// Several on one level of embedding.
    Ambiguous,
    /// It has a pointer receiver and the type is no pointer.
    NeedsPointer,
    /// The name is a field.
    Field,
}

impl TypeTable {
    /// Whether `==` is defined for the type (spec: "Comparison operators"). Interfaces count.
    pub fn is_comparable(&self, ty: TypeId) -> bool {
        self.first_incomparable(ty, &mut HashSet::new()).is_none()
    }

    /// The type itself or the innermost field's or element's type that makes it incomparable.
    pub fn first_incomparable(&self, ty: TypeId, seen: &mut HashSet<TypeId>) -> Option<TypeId> {
        if !seen.insert(self.canonical(ty)) {
            return None;
        }
        match self.underlying(ty) {
            Type::Basic(Basic::UntypedNil) => Some(ty),
            Type::Basic(_) | Type::Pointer(_) | Type::Channel(..) | Type::Interface(_) => None,
            // Where it matters the constraint sees to it, for each instance.
            Type::Parameter(_) => None,
            Type::Struct(fields) => fields
                .iter()
                .find(|field| self.first_incomparable(field.ty, seen).is_some())
                .map(|field| field.ty),
            Type::Array(element, _) => self.first_incomparable(*element, seen).map(|_| ty),
            _ => Some(ty),
        }
    }

    /// Whether `nil` is a value of the type.
    pub fn has_nil(&self, ty: TypeId) -> bool {
        matches!(
            self.underlying(ty),
            Type::Basic(Basic::UnsafePointer)
                | Type::Slice(_)
                | Type::Pointer(_)
                | Type::Function(_)
                | Type::Map(..)
                | Type::Channel(..)
                | Type::Interface(_)
        )
    }

    /// Whether the type has a name of its own: predeclared and defined types.
    pub fn has_name(&self, ty: TypeId) -> bool {
        matches!(self.get(ty), Type::Basic(_) | Type::Named(_))
    }

    /// Whether the type is a pointer to an interface, a common mistake.
    pub fn is_interface_pointer(&self, ty: TypeId) -> bool {
        matches!(*self.underlying(ty), Type::Pointer(element) if self.is_interface(element))
    }

    /// The type behind a pointer to an array, else the type itself, underlying both.
    pub fn array_behind(&self, ty: TypeId) -> &Type {
        let underlying = self.underlying(ty);
        if let Type::Pointer(element) = underlying
            && let array @ Type::Array(..) = self.underlying(*element)
        {
            return array;
        }
        underlying
    }

    /// Whether two types are identical when struct tags are ignored, at any depth outside of
    /// defined types.
    pub fn identical_ignoring_tags(&self, left: TypeId, right: TypeId) -> bool {
        let (left, right) = (self.canonical(left), self.canonical(right));
        if left == right {
            return true;
        }
        let list = |left: &[TypeId], right: &[TypeId]| {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| self.identical_ignoring_tags(*left, *right))
        };
        match (self.get(left), self.get(right)) {
            (Type::Pointer(left), Type::Pointer(right))
            | (Type::Slice(left), Type::Slice(right)) => {
                self.identical_ignoring_tags(*left, *right)
            }
            (Type::Array(left, length), Type::Array(right, other)) => {
                length == other && self.identical_ignoring_tags(*left, *right)
            }
            (Type::Map(key, value), Type::Map(other_key, other_value)) => {
                self.identical_ignoring_tags(*key, *other_key)
                    && self.identical_ignoring_tags(*value, *other_value)
            }
            (Type::Channel(direction, left), Type::Channel(other, right)) => {
                direction == other && self.identical_ignoring_tags(*left, *right)
            }
            (Type::Struct(left), Type::Struct(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right.iter()).all(|(left, right)| {
                        left.name == right.name
                            && left.package == right.package
                            && left.is_embedded == right.is_embedded
                            && self.identical_ignoring_tags(left.ty, right.ty)
                    })
            }
            (Type::Function(left), Type::Function(right)) => {
                left.is_variadic == right.is_variadic
                    && list(&left.parameters, &right.parameters)
                    && list(&left.results, &right.results)
            }
            (Type::Interface(left), Type::Interface(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right.iter()).all(|(left, right)| {
                        left.name == right.name
                            && left.package == right.package
                            && self.identical_ignoring_tags(left.signature, right.signature)
                    })
            }
            _ => false,
        }
    }

    /// Whether a type has all methods of an interface (spec: "Implementing an interface"). With
    /// `is_static` unset an interface `ty` need only not contradict it, as type assertions ask.
    pub fn missing_method(
        &self,
        objects: &PrimaryMap<ObjectId, Object>,
        ty: TypeId,
        interface: TypeId,
        is_static: bool,
    ) -> Option<Missing> {
        let Type::Interface(wanted) = self.underlying(interface) else {
            return None;
        };
        for method in wanted {
            let missing = |reason| {
                Some(Missing {
                    method: method.clone(),
                    reason,
                })
            };
            let key = Key {
                name: method.name,
                package: method.package,
            };
            if let Type::Interface(present) = self.underlying(ty) {
                match present
                    .iter()
                    .find(|other| other.name == key.name && other.package == key.package)
                {
                    None if is_static => return missing(MissingReason::NotFound),
                    Some(other) if !self.identical(other.signature, method.signature) => {
                        return missing(MissingReason::WrongSignature(other.signature));
                    }
                    _ => continue,
                }
            }
            let found = match self.lookup_matching(ty, false, |candidate| candidate == key) {
                Ok(found) => found,
                Err(NotFound::Missing) => return missing(MissingReason::NotFound),
                Err(NotFound::Ambiguous) => return missing(MissingReason::Ambiguous),
                Err(NotFound::NeedsPointer) => return missing(MissingReason::NeedsPointer),
            };
            // A defined pointer type has no methods.
            let is_named_pointer = matches!(self.get(ty), Type::Named(_))
                && matches!(self.underlying(ty), Type::Pointer(_));
            let signature = match found.member {
                Member::Field(_) => return missing(MissingReason::Field),
                _ if is_named_pointer => return missing(MissingReason::NotFound),
                Member::Method { object, .. } => objects[object].ty,
                Member::Interface { signature, .. } => signature,
            };
            if !self.identical(signature, method.signature) {
                return missing(MissingReason::WrongSignature(signature));
            }
        }
        None
    }

    /// Whether `ty` implements `interface`, and if not, what is missing.
    pub fn implements(
        &self,
        objects: &PrimaryMap<ObjectId, Object>,
        ty: TypeId,
        interface: TypeId,
    ) -> Result<(), Missing> {
        match self.missing_method(objects, ty, interface, true) {
            Some(missing) => Err(missing),
            None => Ok(()),
        }
    }

    /// Bytes a value takes on a 64-bit machine, gc's layout; `None` when that exceeds 2^63.
    /// Every defined type on the way must be complete.
    pub fn size_bytes(&self, ty: TypeId) -> Option<u64> {
        self.size_and_alignment(ty, 0).map(|(size, _)| size)
    }

    fn size_and_alignment(&self, ty: TypeId, depth: u32) -> Option<(u64, u64)> {
        const LIMIT: u64 = 1 << 62;
        // Only an invalid recursive type nests this deep by value.
        if depth > 100_000 {
            return Some((0, 1));
        }
        Some(match self.underlying(ty) {
            Type::Basic(basic) => {
                let size = u64::from(basic.size_bytes().unwrap_or(0));
                let alignment = if basic.is_string() {
                    8
                } else {
                    size.clamp(1, 8)
                };
                (
                    size,
                    if basic.is_complex() {
                        (size / 2).max(1)
                    } else {
                        alignment
                    },
                )
            }
            Type::Pointer(_) | Type::Map(..) | Type::Channel(..) | Type::Function(_) => (8, 8),
            Type::Slice(_) => (24, 8),
            Type::Interface(_) => (16, 8),
            Type::Array(element, length) => {
                let (size, alignment) = self.size_and_alignment(*element, depth + 1)?;
                (
                    size.checked_mul(*length).filter(|size| *size < LIMIT)?,
                    alignment,
                )
            }
            Type::Struct(fields) => {
                let (mut offset, mut alignment) = (0u64, 1);
                for field in fields {
                    let (size, align) = self.size_and_alignment(field.ty, depth + 1)?;
                    offset = (offset.next_multiple_of(align) + size).min(LIMIT);
                    alignment = alignment.max(align);
                }
                if offset >= LIMIT {
                    return None;
                }
                (offset.next_multiple_of(alignment), alignment)
            }
            Type::Named(_) | Type::Tuple(_) | Type::Parameter(_) => (0, 1),
        })
    }

    /// The defined type of a type or of what it points to.
    pub fn named_behind(&self, ty: TypeId) -> Option<NamedId> {
        match *self.get(ty) {
            Type::Named(named) => Some(named),
            Type::Pointer(element) => match *self.get(element) {
                Type::Named(named) => Some(named),
                _ => None,
            },
            _ => None,
        }
    }
}
