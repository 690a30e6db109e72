//! Taking over what a program mentions of the library's archive ([`crate::archive`]).
//!
//! Everything is imported once and with all it needs to be complete: a defined type brings its underlying type and its
//! methods' signatures, but no body. Bodies are imported in two halves: here what a reachable body mentions, so that its
//! types can make more of the library reachable, and in the SSA builder its code.

use cranelift_entity::{EntityRef, SecondaryMap};

use super::scope::ScopeId;
use super::{
    Checker, FunctionObject, InitialValue, Initializer, Object, ObjectId, ObjectKind, Package,
    PackageId,
};
use crate::archive::{
    ArchivedBody, BodyHead, FunctionReference, Imported, Mapping, NamedRecord, ObjectRecord,
    ObjectRecordKind, PackageRecord, Section, TypeRecord, map_type,
};
use crate::ast::Name;
use crate::source::Span;
use crate::ssa::builder::Implementation;
use crate::ssa::{FunctionId, GlobalId};
use crate::types::{EXPORTED, MethodKey, Named, NamedId, Spelling, TypeId};

/// An archived package in a program.
#[derive(Debug, Clone)]
pub(super) struct ArchivedPackage {
    /// Its names, sorted, with their objects, both of the archive.
    members: Vec<(Name, ObjectId)>,
    /// Its initialisers in the order they run.
    initializers: Vec<(Vec<ObjectId>, ArchivedBody)>,
    /// Those of them that are reachable, by their places in that order.
    reached: Vec<u32>,
}

/// The archived packages of a program.
pub(super) type ArchivedPackages = SecondaryMap<PackageId, Option<ArchivedPackage>>;

impl Checker<'_> {
    fn imported(&mut self) -> &mut Imported {
        self.imported
            .as_mut()
            .expect("something archived belongs to an archive")
    }

    /// The package with this path, if the archive has it.
    pub(super) fn load_archived(&mut self, path: &str) -> Option<PackageId> {
        let package = self.imported.as_ref()?.archive.find_package(path)?;
        Some(self.import_package(package))
    }

    fn import_package(&mut self, archived: PackageId) -> PackageId {
        if let Some(package) = self.imported().packages[archived].expand() {
            return package;
        }
        let record: PackageRecord<'static> = self
            .imported()
            .archive
            .record(Section::Packages, archived.index());
        let imports = record
            .imports
            .iter()
            .map(|import| self.import_package(*import))
            .collect();
        let name = self.import_name(record.name);
        let package = self.packages.push(Package {
            path: record.path.into(),
            name,
            imports,
            initializers: Vec::new(),
            init_functions: Vec::new(),
            is_library: true,
        });
        self.imported().packages[archived] = package.into();
        self.package_ids.insert(record.path.into(), package);
        self.package_scopes[package] = self.scopes.open(ScopeId::UNIVERSE);
        for generic in &record.generics {
            let name = self.imported().archive.text(*generic);
            self.add_generic(package, name);
        }
        self.archived_packages[package] = Some(ArchivedPackage {
            members: record.members,
            initializers: record.initializers,
            reached: Vec::new(),
        });
        let init_functions = record
            .init_functions
            .iter()
            .map(|function| self.object(*function))
            .collect();
        self.packages[package].init_functions = init_functions;
        package
    }

    /// Whether a package comes from the archive.
    pub(super) fn is_archived(&self, package: PackageId) -> bool {
        self.archived_packages[package].is_some()
    }

    /// What a name means in a package.
    pub(super) fn package_member(&mut self, package: PackageId, name: &str) -> Option<ObjectId> {
        let Some(archived) = &self.archived_packages[package] else {
            let name = self.names.find(name)?;
            return self.scopes.get(self.package_scopes[package], name);
        };
        let archive = self.imported.as_ref()?.archive;
        let place = archived
            .members
            .binary_search_by(|(other, _)| archive.text(*other).cmp(name))
            .ok()?;
        let (_, object) = archived.members[place];
        Some(self.object(object))
    }

    /// The names a package declares.
    pub(super) fn package_names(&self, package: PackageId) -> Vec<String> {
        match (&self.archived_packages[package], &self.imported) {
            (Some(archived), Some(imported)) => archived
                .members
                .iter()
                .map(|(name, _)| imported.archive.text(*name).to_owned())
                .collect(),
            _ => self
                .scopes
                .names(self.package_scopes[package])
                .iter()
                .map(|(name, _)| self.text(*name).to_owned())
                .collect(),
        }
    }

    fn import_name(&mut self, archived: Name) -> Name {
        if let Some(name) = self.imported().names[archived].expand() {
            return name;
        }
        let text = self.imported().archive.text(archived);
        let name = self.names.intern(text);
        self.imported().names[archived] = name.into();
        name
    }

    /// The base of an archived file in the program's source map.
    fn import_file(&mut self, file: u32) -> u32 {
        let base = self.imported().file_bases[file as usize];
        if base != 0 {
            return base;
        }
        let path: &'static str = self
            .imported()
            .archive
            .record(Section::Files, file as usize);
        let text = path
            .rsplit_once('/')
            .and_then(|(package, _)| self.library.package(package))
            .and_then(|files| files.iter().find(|(name, _)| *name == path))
            .map_or("", |(_, text)| *text);
        let base = match self.sources.add(path, text) {
            Ok(id) => self.sources.file(id).base,
            // The text is too large for positions: those of the library are the ones to miss.
            Err(_) => 1,
        };
        self.imported().file_bases[file as usize] = base;
        base
    }

    fn import_object(&mut self, archived: ObjectId) -> ObjectId {
        if let Some(object) = self.imported().objects[archived].expand() {
            return object;
        }
        let record: ObjectRecord = self
            .imported()
            .archive
            .record(Section::Objects, archived.index());
        let base = self.import_file(record.file);
        let name = self.import_name(record.name);
        let package = self.import_package(record.package);
        let kind = match &record.kind {
            ObjectRecordKind::Constant(value) => ObjectKind::Constant(value.clone()),
            ObjectRecordKind::Global(_) => ObjectKind::Global,
            ObjectRecordKind::TypeName => ObjectKind::TypeName,
            ObjectRecordKind::Generic => ObjectKind::Generic,
            ObjectRecordKind::Function(_, body) => ObjectKind::Function(FunctionObject {
                receiver: None,
                body: None,
                archived: *body,
                parameters: Vec::new(),
                results: Vec::new(),
            }),
        };
        let invalid = self.invalid();
        let object = self.objects.push(Object {
            name,
            span: Span::new(record.span.start - 1 + base, record.span.end - 1 + base),
            package: Some(package),
            ty: invalid,
            kind,
        });
        self.imported().objects[archived] = object.into();
        let ty = self.ty(record.ty);
        self.objects[object].ty = ty;
        match record.kind {
            ObjectRecordKind::Function(Some(mut receiver), _) => {
                receiver.named = self.named(receiver.named);
                if let ObjectKind::Function(function) = &mut self.objects[object].kind {
                    function.receiver = Some(receiver);
                }
            }
            ObjectRecordKind::Global(Some(initializer)) => {
                self.reach_initializer(package, initializer);
            }
            _ => {}
        }
        object
    }

    /// Notes that a variable is mentioned, and so what sets it.
    fn reach_initializer(&mut self, package: PackageId, place: u32) {
        let Some(archived) = &mut self.archived_packages[package] else {
            return;
        };
        if archived.reached.contains(&place) {
            return;
        }
        archived.reached.push(place);
        let (_, body) = archived.initializers[place as usize];
        self.imported().waiting.push(body);
    }

    fn import_type(&mut self, archived: TypeId) -> TypeId {
        if archived.index() < self.imported().archive.universe_types() {
            return archived;
        }
        if let Some(ty) = self.imported().types[archived].expand() {
            return ty;
        }
        let record: TypeRecord = self
            .imported()
            .archive
            .record(Section::Types, archived.index());
        let form = map_type(&record.form, self);
        let mut ty = self.types.intern(form);
        match record.spelling {
            Some(Spelling::Alias { name, package }) => {
                let name = self.import_name(name);
                let package = package.map(|package| self.package(package));
                ty = self.types.spell(ty, Spelling::Alias { name, package });
            }
            Some(Spelling::Instance { arguments }) => {
                let arguments = self.types(&arguments);
                ty = self.types.spell(ty, Spelling::Instance { arguments });
            }
            Some(Spelling::Parameters {
                parameters,
                results,
            }) => {
                let parameters = parameters.iter().map(|name| self.name(*name)).collect();
                let results = results.iter().map(|name| self.name(*name)).collect();
                let spelling = Spelling::Parameters {
                    parameters,
                    results,
                };
                ty = self.types.spell(ty, spelling);
            }
            None => {}
        }
        self.imported().types[archived] = ty.into();
        ty
    }

    fn import_named(&mut self, archived: NamedId) -> NamedId {
        if archived.index() < self.imported().archive.universe_named() {
            return archived;
        }
        if let Some(named) = self.imported().named[archived].expand() {
            return named;
        }
        let record: NamedRecord = self
            .imported()
            .archive
            .record(Section::Named, archived.index());
        let object = self.import_object(record.object);
        // The object's type is this one.
        if let Some(named) = self.imported().named[archived].expand() {
            return named;
        }
        let name = self.import_name(record.name);
        let package = self.import_package(record.package);
        let (named, ty) = self.types.define(Named {
            object,
            name,
            package: Some(package),
            underlying: None,
            methods: Vec::new(),
            method_keys: Vec::new(),
            local_number: record.local_number,
            arguments: Box::default(),
        });
        self.imported().named[archived] = named.into();
        self.valid_types.insert(ty);
        let underlying = self.import_type(record.underlying);
        self.types.named_mut(named).underlying = Some(underlying);
        let methods = record.methods.iter().map(|method| self.object(*method));
        let methods = methods.collect();
        let keys = record.method_keys.iter().map(|key| MethodKey {
            name: self.name(key.name),
            package: self.package(key.package),
            is_pointer: key.is_pointer,
        });
        let method_keys = keys.collect();
        let named_mut = self.types.named_mut(named);
        named_mut.methods = methods;
        named_mut.method_keys = method_keys;
        named
    }

    /// Imports what a reachable body mentions, and reaches it in turn.
    pub(super) fn reach_body(&mut self, body: ArchivedBody) {
        if !self.imported().bodies.insert(body.0) {
            return;
        }
        let head: BodyHead = self
            .imported()
            .archive
            .record(Section::Bodies, body.0 as usize);
        self.import_file(head.file);
        for name in head.names {
            self.import_name(name);
        }
        for ty in head.types {
            self.import_type(ty);
        }
        for global in head.globals {
            self.import_object(global);
        }
        for function in head.functions {
            let declared = match function {
                FunctionReference::Own(_) => None,
                FunctionReference::Declared(object) | FunctionReference::Bound(object) => {
                    Some(object)
                }
                FunctionReference::Promoted(receiver, _, implementation) => {
                    self.import_type(receiver);
                    match implementation {
                        Implementation::Declared(method) => Some(method),
                        Implementation::Interface(interface, _) => {
                            self.import_type(interface);
                            None
                        }
                    }
                }
                FunctionReference::BoundInterface(interface, _) => {
                    self.import_type(interface);
                    None
                }
            };
            if let Some(object) = declared {
                let object = self.import_object(object);
                self.reach_function(object);
            }
        }
    }

    /// Reaches the initialisers that were found to be needed; says whether there were any.
    pub(super) fn reach_waiting_bodies(&mut self) {
        while let Some(body) = self
            .imported
            .as_mut()
            .and_then(|imported| imported.waiting.pop())
        {
            self.reach_body(body);
        }
    }

    /// Gives each archived package the initialisers that are reachable.
    pub(super) fn list_archived_initializers(&mut self) {
        for package in self.package_list().collect::<Vec<_>>() {
            let Some(mut archived) = self.archived_packages[package].take() else {
                continue;
            };
            archived.reached.sort_unstable();
            for place in archived.reached {
                let (variables, body) = &archived.initializers[place as usize];
                let variables = variables
                    .iter()
                    .map(|variable| self.object(*variable))
                    .collect();
                self.packages[package].initializers.push(Initializer {
                    variables,
                    value: InitialValue::Archived(*body),
                });
            }
        }
    }
}

/// From the archive to the program.
impl Mapping for Checker<'_> {
    fn name(&mut self, name: Name) -> Name {
        self.import_name(name)
    }

    fn package(&mut self, package: PackageId) -> PackageId {
        if package == EXPORTED {
            return package;
        }
        self.import_package(package)
    }

    fn ty(&mut self, ty: TypeId) -> TypeId {
        self.import_type(ty)
    }

    fn named(&mut self, named: NamedId) -> NamedId {
        self.import_named(named)
    }

    fn object(&mut self, object: ObjectId) -> ObjectId {
        self.import_object(object)
    }

    fn function(&mut self, _: FunctionId) -> FunctionId {
        unreachable!("the checker imports no code")
    }

    fn global(&mut self, _: GlobalId) -> GlobalId {
        unreachable!("the checker imports no code")
    }

    fn offset(&mut self, _: u32) -> u32 {
        unreachable!("the checker imports no code")
    }
}
