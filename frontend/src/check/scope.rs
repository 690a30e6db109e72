//! Scopes: which name means which object where (spec: "Declarations and scope").

use cranelift_entity::{PrimaryMap, entity_impl};

use super::{Checker, ObjectId};
use crate::ast::Name;
use crate::hash::HashMap;

/// A scope.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ScopeId(u32);
entity_impl!(ScopeId, "scope");

impl ScopeId {
    /// The scope of predeclared names.
    pub(super) const UNIVERSE: ScopeId = ScopeId(0);
}

/// From this many names on a scope is searched by hash.
const INDEX_FROM: usize = 12;

#[derive(Debug, Default)]
struct Scope {
    parent: Option<ScopeId>,
    names: Vec<(Name, ObjectId)>,
    index: Option<HashMap<Name, ObjectId>>,
}

/// All scopes of a program; they form a tree.
#[derive(Debug)]
pub(super) struct Scopes {
    scopes: PrimaryMap<ScopeId, Scope>,
}

impl Default for Scopes {
    fn default() -> Self {
        let mut scopes = PrimaryMap::new();
        scopes.push(Scope::default());
        Scopes { scopes }
    }
}

impl Scopes {
    /// A new scope inside another.
    pub(super) fn open(&mut self, parent: ScopeId) -> ScopeId {
        self.scopes.push(Scope {
            parent: Some(parent),
            ..Scope::default()
        })
    }

    /// The scope around one.
    pub(super) fn parent(&self, scope: ScopeId) -> Option<ScopeId> {
        self.scopes[scope].parent
    }

    /// What a name means in this very scope.
    pub(super) fn get(&self, scope: ScopeId, name: Name) -> Option<ObjectId> {
        let scope = &self.scopes[scope];
        match &scope.index {
            Some(index) => index.get(&name).copied(),
            None => scope
                .names
                .iter()
                .find(|(other, _)| *other == name)
                .map(|(_, object)| *object),
        }
    }

    /// Declares a name; gives back what it meant in this scope before, and leaves that.
    pub(super) fn insert(
        &mut self,
        scope: ScopeId,
        name: Name,
        object: ObjectId,
    ) -> Option<ObjectId> {
        if let Some(other) = self.get(scope, name) {
            return Some(other);
        }
        let scope = &mut self.scopes[scope];
        scope.names.push((name, object));
        match &mut scope.index {
            Some(index) => {
                index.insert(name, object);
            }
            None if scope.names.len() >= INDEX_FROM => {
                scope.index = Some(scope.names.iter().copied().collect());
            }
            None => {}
        }
        None
    }

    /// The names of a scope in the order of their declaration.
    pub(super) fn names(&self, scope: ScopeId) -> &[(Name, ObjectId)] {
        &self.scopes[scope].names
    }

    /// What a name means from a scope outwards, and the scope that says so.
    pub(super) fn lookup(&self, from: ScopeId, name: Name) -> Option<(ScopeId, ObjectId)> {
        let mut current = Some(from);
        while let Some(scope) = current {
            if let Some(object) = self.get(scope, name) {
                return Some((scope, object));
            }
            current = self.parent(scope);
        }
        None
    }
}

impl Checker<'_> {
    /// What a name means here.
    pub(super) fn lookup(&self, name: Name) -> Option<ObjectId> {
        self.scopes
            .lookup(self.environment.scope, name)
            .map(|(_, object)| object)
    }

    /// Opens a scope inside the current one.
    pub(super) fn open_scope(&mut self) {
        self.environment.scope = self.scopes.open(self.environment.scope);
    }

    /// Goes back to the scope around the current one.
    pub(super) fn close_scope(&mut self) {
        self.environment.scope = self
            .scopes
            .parent(self.environment.scope)
            .expect("every opened scope has a scope around it");
    }

    /// Declares an object in a scope, or reports that the name is taken.
    pub(super) fn declare(&mut self, scope: ScopeId, object: ObjectId) {
        let name = self.objects[object].name;
        if self.is_blank(name) {
            return;
        }
        if let Some(other) = self.scopes.insert(scope, name, object) {
            let mut message = format!("{} redeclared in this block", self.text(name));
            self.add_other_declaration(&mut message, other);
            let span = self.objects[object].span;
            self.error(span, "redeclared", message);
            return;
        }
        if matches!(
            self.objects[object].kind,
            super::ObjectKind::Local(super::LocalKind::Variable)
        ) {
            self.locals.push(object);
        }
    }
}
