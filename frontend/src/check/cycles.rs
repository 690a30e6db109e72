//! Declarations that go in circles, and types that contain themselves.

use super::{Checker, Colour, ObjectId, ObjectKind};
use crate::types::{Type, TypeId};
use std::fmt::Write as _;

/// What matters of an object in a cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DeclarationKindOf {
    Value,
    DefinedType,
    Alias,
    Function,
}

impl Checker<'_> {
    /// A declaration in progress was asked for: decides whether that is a mistake.
    pub(super) fn resolve_again(&mut self, object: ObjectId) {
        let Some(start) = self.path.iter().position(|other| *other == object) else {
            return;
        };
        let cycle = self.path[start..].to_vec();
        let (mut values, mut definitions) = (0, 0);
        for object in &cycle {
            match self.kind_of(*object) {
                DeclarationKindOf::Value => values += 1,
                DeclarationKindOf::DefinedType => definitions += 1,
                DeclarationKindOf::Alias | DeclarationKindOf::Function => {}
            }
        }
        // Cycles of values alone are found when their initialisation is ordered; cycles that go
        // through a defined type are how recursive types are written.
        let is_valid = values == cycle.len() || (values == 0 && definitions > 0);
        if !is_valid {
            self.report_cycle(&cycle, None);
        }
        let is_function = matches!(self.kind_of(object), DeclarationKindOf::Function);
        if !is_function && !is_valid {
            self.objects[object].ty = self.invalid();
            self.colours[object] = Colour::Black;
        }
    }

    fn kind_of(&self, object: ObjectId) -> DeclarationKindOf {
        match self.objects[object].kind {
            ObjectKind::Constant(_) | ObjectKind::Global | ObjectKind::Local(_) => {
                DeclarationKindOf::Value
            }
            ObjectKind::TypeName
                if matches!(self.types.get(self.objects[object].ty), Type::Named(_)) =>
            {
                DeclarationKindOf::DefinedType
            }
            ObjectKind::TypeName => DeclarationKindOf::Alias,
            _ => DeclarationKindOf::Function,
        }
    }

    /// Reports a cycle, from the object `first` or the one that stands first in the source.
    pub(super) fn report_cycle(&mut self, cycle: &[ObjectId], first: Option<usize>) {
        let earliest = (0..cycle.len()).min_by_key(|index| self.objects[cycle[*index]].span.start);
        let start = first.or(earliest).unwrap_or(0);
        let name = |object: ObjectId| {
            self.qualified(self.objects[object].package, self.objects[object].name)
        };
        let object = cycle[start];
        let is_type = matches!(self.objects[object].kind, ObjectKind::TypeName);
        let mut message = match (is_type, cycle.len()) {
            (true, 1) => format!("invalid recursive type: {} refers to itself", name(object)),
            (false, 1) => format!(
                "invalid cycle in declaration: {} refers to itself",
                name(object)
            ),
            (true, _) => format!("invalid recursive type {}", name(object)),
            (false, _) => format!("invalid cycle in declaration of {}", name(object)),
        };
        if cycle.len() > 1 {
            let mut object = object;
            for index in 0..cycle.len() {
                let next = cycle[(start + index + 1) % cycle.len()];
                let position = self.position(self.objects[object].span.start);
                let _ = write!(
                    message,
                    "\n\t{position}: {} refers to {}",
                    name(object),
                    name(next)
                );
                object = next;
            }
        }
        self.error(self.objects[object].span, "cycle", message);
    }

    /// Checks that a defined type does not contain itself.
    pub(super) fn check_valid_type(&mut self, object: ObjectId) {
        let ty = self.objects[object].ty;
        let mut nest = Vec::new();
        self.is_valid_type(ty, &mut nest);
    }

    fn is_valid_type(&mut self, ty: TypeId, nest: &mut Vec<TypeId>) -> bool {
        let ty = self.types.canonical(ty);
        match self.types.get(ty).clone() {
            Type::Array(element, _) => self.is_valid_type(element, nest),
            Type::Struct(fields) => fields
                .iter()
                .all(|field| self.is_valid_type(field.ty, nest)),
            Type::Named(named) => {
                if self.valid_types.contains(&ty) {
                    return true;
                }
                if let Some(start) = nest.iter().position(|other| *other == ty) {
                    let cycle: Vec<ObjectId> = nest[start..]
                        .iter()
                        .filter_map(|ty| match self.types.get(*ty) {
                            Type::Named(named) => Some(self.types.named(*named).object),
                            _ => None,
                        })
                        .collect();
                    self.types.named_mut(named).underlying = Some(self.invalid());
                    self.report_cycle(&cycle, Some(0));
                    return false;
                }
                nest.push(ty);
                let underlying = self.underlying_id(ty);
                let declared = self.declared_as.get(&named).copied();
                let is_broken = !self.is_valid(underlying);
                let inner = declared.filter(|_| !is_broken).unwrap_or(underlying);
                let is_valid = self.is_valid_type(inner, nest);
                nest.pop();
                if is_valid {
                    self.valid_types.insert(ty);
                }
                is_valid
            }
            _ => true,
        }
    }
}
