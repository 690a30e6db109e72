//! What of the library the user's program can reach (the essay in `check` says why).
//!
//! A mention of a function in checked code reaches it. Methods are also reached through interfaces:
//! a method of a mentioned type is reached when its name occurs in a mentioned interface, whatever
//! the type, since a value may get into an interface by way of any other, even inside a struct that
//! is printed. That is more than needed, and never less.

use std::rc::Rc;

use cranelift_entity::EntityRef;

use super::package::DeclaredMethods;
use super::scope::ScopeId;
use super::{Checker, Colour, Environment, FunctionObject, ObjectId, ObjectKind, PackageId};
use crate::ast::{BodyId, Name};
use crate::hash::{HashMap, HashSet};
use crate::types::lookup::Key;
use crate::types::{NamedId, Type, TypeId};

/// What was found reachable, and what is still to be looked at.
#[derive(Debug, Default)]
pub(super) struct Reachability {
    /// Functions that were seen.
    reached: HashSet<ObjectId>,
    /// Those whose bodies are to be checked.
    queue: Vec<ObjectId>,
    /// Those whose bodies were checked.
    pub(super) checked_functions: Vec<ObjectId>,
    /// Everything the user's package declares, in source order.
    pub(super) user_objects: Vec<ObjectId>,
    /// Methods by the declaration of their receiver's type.
    pub(super) declared_methods: DeclaredMethods,
    /// Scopes of functions, with their parameters.
    pub(super) function_scopes: HashMap<ObjectId, ScopeId>,
    /// Types whose underlying type is being found.
    pub(super) completing: HashSet<ObjectId>,
    /// How many types were declared in functions.
    pub(super) local_types: u32,
    /// Whether delayed checks outside of functions run.
    pub(super) is_processing: bool,
    /// How many types and defined types were scanned for interfaces and methods.
    scanned_types: usize,
    scanned_named: usize,
    /// Methods of interfaces seen so far.
    interface_methods: HashSet<Key>,
    /// Library types by method that no interface asked for yet.
    waiting: HashMap<Key, Vec<ObjectId>>,
}

impl Checker<'_> {
    /// Notes that a function is mentioned.
    pub(super) fn reach_function(&mut self, function: ObjectId) {
        if let Some(package) = self.objects[function].package
            && self.packages[package].is_library
            && self.reachability.reached.insert(function)
        {
            self.reachability.queue.push(function);
        }
    }

    /// Checks the user's package, whole.
    pub(super) fn check_user_package(&mut self, main: PackageId) {
        self.environment.package = main;
        self.environment.scope = self.package_scopes[main];
        let objects = std::mem::take(&mut self.reachability.user_objects);
        let is_type = |checker: &Self, object: ObjectId| {
            matches!(checker.objects[object].kind, ObjectKind::TypeName)
        };
        let is_alias = |checker: &Self, object: ObjectId| {
            let info = &checker.declarations[checker.declaration_of[&object]];
            info.type_spec().is_some_and(|spec| spec.is_alias)
        };
        // gc's order: defined types, aliases, the rest.
        self.reachability.is_processing = true;
        for object in &objects {
            if is_type(self, *object) && !is_alias(self, *object) {
                self.resolve(*object);
            }
        }
        for object in &objects {
            if is_type(self, *object) && is_alias(self, *object) {
                self.resolve(*object);
            }
        }
        for object in &objects {
            if !is_type(self, *object) {
                self.resolve(*object);
            }
        }
        self.process_delayed(0);
        self.reachability.is_processing = false;
        for object in &objects {
            if matches!(self.objects[*object].kind, ObjectKind::Function(_)) {
                self.check_function(*object);
            }
        }
        self.reachability.user_objects = objects;
    }

    fn check_function(&mut self, object: ObjectId) {
        if self.check_instance(object) {
            return;
        }
        if let ObjectKind::Function(FunctionObject {
            archived: Some(body),
            ..
        }) = self.objects[object].kind
        {
            self.reach_body(body);
            return;
        }
        let ObjectKind::Function(FunctionObject {
            body: Some(body),
            results,
            ..
        }) = &self.objects[object].kind
        else {
            return;
        };
        let (body, results): (_, Rc<[ObjectId]>) = (*body, results.clone().into());
        let Some(&scope) = self.reachability.function_scopes.get(&object) else {
            return;
        };
        self.parse_skipped_body(body);
        let declaration = self.declaration_of.get(&object).copied();
        let package = self.objects[object]
            .package
            .unwrap_or(self.environment.package);
        let environment = Environment {
            declaration,
            ..Environment::new(package, scope)
        };
        let outer = std::mem::replace(&mut self.environment, environment);
        self.check_function_body(object, body, results);
        self.environment = outer;
        self.settle();
    }

    /// Checks a body in the current environment, with what it delays.
    pub(super) fn check_function_body(
        &mut self,
        function: ObjectId,
        body: BodyId,
        results: Rc<[ObjectId]>,
    ) {
        let top = self.delayed.len();
        self.check_body(body, results);
        self.process_delayed(top);
        self.reachability.checked_functions.push(function);
    }

    /// Checks what of the library is reachable, until nothing new is.
    pub(super) fn check_reachable(&mut self) {
        for package in self.package_list().collect::<Vec<_>>() {
            if self.packages[package].is_library {
                for init in self.packages[package].init_functions.clone() {
                    self.reach_function(init);
                }
            }
        }
        loop {
            while let Some(function) = self.reachability.queue.pop() {
                self.resolve(function);
                self.process_delayed(0);
                self.check_function(function);
            }
            self.settle();
            self.process_delayed(0);
            self.reach_waiting_bodies();
            self.scan_types();
            if self.reachability.queue.is_empty() {
                break;
            }
        }
    }

    /// Looks at types that came up since the last time.
    fn scan_types(&mut self) {
        let mut asked: Vec<Key> = Vec::new();
        while self.reachability.scanned_types < self.types.len() {
            let ty = TypeId::new(self.reachability.scanned_types);
            self.reachability.scanned_types += 1;
            if let Type::Interface(methods) = self.types.get(ty) {
                asked.extend(methods.iter().map(|method| Key {
                    name: method.name,
                    package: method.package,
                }));
            }
        }
        let named: Vec<NamedId> = self
            .types
            .named_ids()
            .skip(self.reachability.scanned_named)
            .collect();
        self.reachability.scanned_named += named.len();
        for named in named {
            let named = self.types.named(named);
            let is_library = named
                .package
                .is_some_and(|package| self.packages[package].is_library);
            if !is_library || named.arguments.iter().any(|ty| self.has_parameters(*ty)) {
                continue;
            }
            for (method, key) in named.methods.iter().zip(&named.method_keys) {
                let key = Key {
                    name: key.name,
                    package: key.package,
                };
                self.reachability
                    .waiting
                    .entry(key)
                    .or_default()
                    .push(*method);
                if self.reachability.interface_methods.contains(&key) {
                    asked.push(key);
                }
            }
        }
        for key in asked {
            self.reachability.interface_methods.insert(key);
            for method in self.reachability.waiting.remove(&key).unwrap_or_default() {
                self.reach_function(method);
            }
        }
    }

    /// Takes methods that nothing reaches out of library types.
    pub(super) fn drop_unreached_methods(&mut self) {
        for id in self.types.named_ids() {
            let named = self.types.named(id);
            if !named
                .package
                .is_some_and(|package| self.packages[package].is_library)
            {
                continue;
            }
            let kept: Vec<_> = named
                .methods
                .iter()
                .zip(&named.method_keys)
                .filter(|(method, _)| self.reachability.reached.contains(method))
                .map(|(method, key)| (*method, *key))
                .collect();
            let named = self.types.named_mut(id);
            (named.methods, named.method_keys) = kept.into_iter().unzip();
        }
    }

    /// Whether a package-level object was looked at.
    pub(super) fn is_checked(&self, object: ObjectId) -> bool {
        self.colours[object] == Colour::Black
    }

    /// The name of an object.
    pub(super) fn name_of(&self, object: ObjectId) -> Name {
        self.objects[object].name
    }
}
