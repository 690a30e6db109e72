//! The library checked whole, for its archive.

use super::instantiate::Substitution;
use super::scope::ScopeId;
use super::{Checker, Library, ObjectId, ObjectKind, PackageId, TypedProgram};
use crate::ast::{Ast, Name};
use crate::diagnostic::Diagnostics;
use crate::hash::HashMap;
use crate::source::{SourceMap, Span};
use crate::types::{Basic, Type, TypeId};

/// What an archive needs beside the checked program, in which all types are canonical.
pub(crate) struct LibraryFacts {
    /// The types of objects as they are spelled, by object.
    pub(crate) object_types: Vec<TypeId>,
    /// The underlying types of defined types as they are spelled, by defined type.
    pub(crate) underlying: Vec<Option<TypeId>>,
    /// What each package declares.
    pub(crate) members: Vec<Vec<(Name, ObjectId)>>,
}

/// Checks the packages with these paths and everything in them.
pub(crate) fn check_library(
    library: &dyn Library,
    paths: &[&str],
    diagnostics: &mut Diagnostics,
) -> Result<(TypedProgram, LibraryFacts), SourceMap> {
    let mut checker = Checker::new(SourceMap::new(), Ast::default(), library, diagnostics);
    for path in paths {
        checker.load_library(path, Span::default(), true);
    }
    let packages: Vec<PackageId> = checker.package_list().collect();
    let members: Vec<Vec<(Name, ObjectId)>> = packages
        .iter()
        .map(|package| checker.members(checker.package_scopes[*package]))
        .collect();
    let main = checker.load_main(Vec::new());
    checker.parse_mentioned_generics();
    for (_, object) in members.iter().flatten() {
        checker.reach_whole(*object);
    }
    checker.check_reachable();
    let facts = LibraryFacts {
        object_types: checker.objects.values().map(|object| object.ty).collect(),
        underlying: checker
            .types
            .named_ids()
            .map(|named| checker.types.named(named).underlying)
            .collect(),
        members,
    };
    Ok((checker.finish(main)?, facts))
}

impl Checker<'_> {
    /// Reaches an instance of a generic declaration: a mistake in it is one of the library, not of who uses it first.
    fn reach_example(&mut self, object: ObjectId) {
        let head = self.head(object);
        let mut arguments: Substitution = HashMap::default();
        // A constraint mentions parameters that may come later.
        for parameter in head.parameters.iter().rev() {
            let terms = parameter.constraint.terms.as_deref().unwrap_or_default();
            let ty = terms
                .first()
                .map_or(self.types.basic(Basic::Int), |term| term.ty);
            let ty = self.substitute(ty, &arguments);
            arguments.insert(parameter.ty, ty);
        }
        let arguments: Vec<TypeId> = head
            .parameters
            .iter()
            .map(|parameter| arguments[&parameter.ty])
            .collect();
        if !self.is_generic_type_object(object) {
            let (function, _) = self.instantiate_function(object, &arguments);
            self.reach_function(function);
        } else if !arguments.is_empty() {
            let ty = self.instantiate_type(object, &arguments);
            self.reach_methods(ty);
        }
    }

    /// Reaches all methods of a defined type.
    fn reach_methods(&mut self, ty: TypeId) {
        self.underlying(ty);
        if let Type::Named(named) = *self.types.get(ty) {
            for method in self.types.named(named).methods.clone() {
                self.reach_function(method);
            }
        }
    }

    fn members(&self, scope: ScopeId) -> Vec<(Name, ObjectId)> {
        let mut members = self.scopes.names(scope).to_vec();
        members.sort_by_key(|(name, _)| self.text(*name));
        members
    }

    /// Reaches an object, and all methods if it is a type.
    fn reach_whole(&mut self, object: ObjectId) {
        self.resolve(object);
        self.process_delayed(0);
        match self.objects[object].kind {
            ObjectKind::Function(_) => self.reach_function(object),
            ObjectKind::Generic => self.reach_example(object),
            ObjectKind::TypeName => {
                self.reach_methods(self.objects[object].ty);
            }
            _ => {}
        }
    }
}
