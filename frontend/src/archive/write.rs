//! Making an archive of a library.
//!
//! Ids are given in the order of first mention, beginning with the packages' members; what no member leads to is not
//! written.

use std::collections::HashMap;
use std::hash::Hash;

use cranelift_entity::EntityRef;
use serde::Serialize;

use super::record::{
    BodyHead, FunctionReference, NamedRecord, ObjectRecord, ObjectRecordKind, PackageRecord,
    TypeRecord,
};
use super::{ArchivedBody, HEAD_WORDS, Mapping, SECTIONS, map_function, map_type};
use crate::ast::{Name, Names};
use crate::check::library::{LibraryFacts, check_library};
use crate::check::{Library, ObjectId, ObjectKind, PackageId, Receiver, TypedProgram};
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Span};
use crate::ssa::builder::Implementation;
use crate::ssa::builder::library::{LibraryCode, build_library};
use crate::ssa::builder::mentioned_types;
use crate::ssa::{FunctionId, GlobalId, Op};
use crate::types::{EXPORTED, MethodKey, NamedId, Spelling, TypeId, TypeTable};
use crate::universe::Universe;

/// The archive of the packages with these import paths, which import only each other.
///
/// # Errors
/// What is wrong with the library, as text.
pub fn library(library: &dyn Library, paths: &[&str]) -> Result<Vec<u8>, String> {
    let mut diagnostics = Diagnostics::new();
    let checked = check_library(library, paths, &mut diagnostics);
    let (mut typed, facts) = checked.map_err(|sources| {
        let sorted = diagnostics.into_sorted(&sources);
        sorted
            .iter()
            .map(|one| format!("{}: {}\n", sources.display(one.span.start), one.message))
            .collect::<String>()
    })?;
    let code = build_library(&mut typed);
    Ok(Writer::new(&typed, &facts, &code).write())
}

/// Ids given in the order of first mention.
struct Numbering<T> {
    ids: HashMap<T, u32>,
    order: Vec<T>,
}

impl<T: Copy + Eq + Hash> Numbering<T> {
    fn new() -> Self {
        Numbering {
            ids: HashMap::new(),
            order: Vec::new(),
        }
    }

    fn id(&mut self, of: T) -> u32 {
        *self.ids.entry(of).or_insert_with(|| {
            self.order.push(of);
            self.order.len() as u32 - 1
        })
    }
}

struct Writer<'a> {
    typed: &'a TypedProgram,
    facts: &'a LibraryFacts,
    code: &'a LibraryCode,
    /// For each function the declared one or initialiser it is nested in.
    roots: HashMap<FunctionId, Vec<FunctionId>>,
    initializer_of: HashMap<ObjectId, u32>,
    names: Numbering<Name>,
    files: Numbering<FileId>,
    types: Numbering<TypeId>,
    named: Numbering<NamedId>,
    objects: Numbering<ObjectId>,
    bodies: Numbering<FunctionId>,
    universe: (usize, usize),
}

/// The encoded records of a section.
type Records = Vec<Vec<u8>>;

fn encode(record: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(record).expect("records are plain data")
}

impl<'a> Writer<'a> {
    fn new(typed: &'a TypedProgram, facts: &'a LibraryFacts, code: &'a LibraryCode) -> Self {
        let mut roots: HashMap<FunctionId, Vec<FunctionId>> = HashMap::new();
        for id in code.functions.keys() {
            let mut root = id;
            while let Some(parent) = code.functions[root].parent {
                root = parent;
            }
            roots.entry(root).or_default().push(id);
        }
        let mut initializer_of = HashMap::new();
        for package in typed.packages.values() {
            for (index, initializer) in package.initializers.iter().enumerate() {
                for variable in &initializer.variables {
                    initializer_of.insert(*variable, index as u32);
                }
            }
        }
        let mut table = TypeTable::new();
        Universe::new(
            &mut Names::default(),
            &mut table,
            &mut cranelift_entity::PrimaryMap::new(),
        );
        let universe = (table.len(), table.named_ids().count());
        let mut writer = Writer {
            typed,
            facts,
            code,
            roots,
            initializer_of,
            names: Numbering::new(),
            files: Numbering::new(),
            types: Numbering::new(),
            named: Numbering::new(),
            objects: Numbering::new(),
            bodies: Numbering::new(),
            universe,
        };
        for index in 0..universe.0 {
            writer.types.id(TypeId::new(index));
        }
        for index in 0..universe.1 {
            writer.named.id(NamedId::new(index));
        }
        writer
    }

    fn write(mut self) -> Vec<u8> {
        let packages: Records = self
            .typed
            .packages
            .keys()
            .filter(|package| *package != self.typed.main)
            .map(|package| self.package_record(package))
            .collect();
        let mut types: Records = vec![Vec::new(); self.universe.0];
        let mut named: Records = vec![Vec::new(); self.universe.1];
        let mut objects: Records = Vec::new();
        let mut bodies: Records = Vec::new();
        loop {
            if let Some(object) = self.objects.order.get(objects.len()) {
                objects.push(self.object_record(*object));
            } else if let Some(ty) = self.types.order.get(types.len()) {
                types.push(self.type_record(*ty));
            } else if let Some(id) = self.named.order.get(named.len()) {
                named.push(self.named_record(*id));
            } else if let Some(body) = self.bodies.order.get(bodies.len()) {
                bodies.push(self.body_record(*body));
            } else {
                break;
            }
        }
        let names = self.names.order.iter();
        let names = names.map(|name| encode(&self.typed.ast.names.text(*name)));
        let files = self.files.order.iter();
        let files = files.map(|file| {
            let path = self.typed.sources.file(*file).path.to_str();
            encode(&path.expect("the paths of a library are text"))
        });
        assemble(
            self.universe,
            &[
                names.collect(),
                files.collect(),
                packages,
                types,
                named,
                objects,
                bodies,
            ],
        )
    }

    fn package_record(&mut self, id: PackageId) -> Vec<u8> {
        let package = &self.typed.packages[id];
        let members = self.facts.members[id.index()].iter();
        let members = members.map(|(name, object)| (self.name(*name), self.object(*object)));
        let members = members.collect();
        let generics = self.facts.members[id.index()].iter();
        let generics = generics
            .filter(|(_, object)| matches!(self.typed.objects[*object].kind, ObjectKind::Generic))
            .map(|(name, _)| *name);
        let generics: Vec<Name> = generics.collect();
        let generics = generics.into_iter().map(|name| self.name(name)).collect();
        let initializers = package.initializers.iter().enumerate();
        let initializers = initializers.map(|(index, initializer)| {
            let variables = initializer.variables.iter();
            let variables = variables.map(|variable| self.object(*variable)).collect();
            let body = self.bodies.id(self.code.initializers[&(id, index)]);
            (variables, ArchivedBody(body))
        });
        let initializers = initializers.collect();
        encode(&PackageRecord {
            path: &package.path,
            name: self.name(package.name),
            imports: package.imports.clone(),
            members,
            generics,
            init_functions: package
                .init_functions
                .iter()
                .map(|function| self.object(*function))
                .collect(),
            initializers,
        })
    }

    /// The file around an offset, and where it begins.
    fn file(&mut self, offset: u32) -> (u32, u32) {
        let file = self.typed.sources.file_of(offset);
        let file = file.expect("what is declared is in a file");
        (self.files.id(file), self.typed.sources.file(file).base)
    }

    fn object_record(&mut self, id: ObjectId) -> Vec<u8> {
        let object = &self.typed.objects[id];
        let (file, base) = self.file(object.span.start);
        let kind = match &object.kind {
            ObjectKind::Constant(value) => ObjectRecordKind::Constant(value.clone()),
            ObjectKind::Global => ObjectRecordKind::Global(self.initializer_of.get(&id).copied()),
            ObjectKind::TypeName => ObjectRecordKind::TypeName,
            ObjectKind::Generic => ObjectRecordKind::Generic,
            ObjectKind::Function(function) => {
                let receiver = function.receiver.map(|receiver| Receiver {
                    named: self.named(receiver.named),
                    ..receiver
                });
                let body = function
                    .body
                    .map(|_| ArchivedBody(self.bodies.id(self.code.declared[&id])));
                ObjectRecordKind::Function(receiver, body)
            }
            other => unreachable!("not declared at package level: {other:?}"),
        };
        encode(&ObjectRecord {
            name: self.name(object.name),
            file,
            span: Span::new(object.span.start - base + 1, object.span.end - base + 1),
            package: object.package.expect("a library object has a package"),
            ty: self.ty(self.facts.object_types[id.index()]),
            kind,
        })
    }

    fn type_record(&mut self, id: TypeId) -> Vec<u8> {
        let form = map_type(self.typed.types.get(id), self);
        let spelling = self.typed.types.spelling(id).cloned();
        let spelling = spelling.map(|spelling| match spelling {
            Spelling::Alias { name, package } => Spelling::Alias {
                name: self.name(name),
                package,
            },
            Spelling::Instance { arguments } => Spelling::Instance {
                arguments: self.types(&arguments),
            },
            Spelling::Parameters {
                parameters,
                results,
            } => Spelling::Parameters {
                parameters: parameters.iter().map(|name| self.name(*name)).collect(),
                results: results.iter().map(|name| self.name(*name)).collect(),
            },
        });
        encode(&TypeRecord { form, spelling })
    }

    fn named_record(&mut self, id: NamedId) -> Vec<u8> {
        let named = self.typed.types.named(id);
        let underlying = self.facts.underlying.get(id.index()).copied().flatten();
        let underlying = underlying.or(named.underlying);
        let methods = named.methods.iter().map(|method| self.object(*method));
        let methods = methods.collect();
        let keys = named.method_keys.iter().map(|key| MethodKey {
            name: self.name(key.name),
            ..*key
        });
        let method_keys = keys.collect();
        encode(&NamedRecord {
            object: self.object(named.object),
            name: self.name(named.name),
            package: named.package.expect("a library type has a package"),
            underlying: self.ty(underlying.expect("a checked type is complete")),
            methods,
            method_keys,
            local_number: named.local_number,
        })
    }

    fn body_record(&mut self, root: FunctionId) -> Vec<u8> {
        let own = self.roots[&root].clone();
        // An initialiser has no position of its own, but its instructions do.
        let functions = own.iter().map(|id| &self.code.functions[*id]);
        let offset = functions
            .flat_map(|function| {
                let spans = function.insts.values().map(|inst| inst.span);
                std::iter::once(function.span).chain(spans)
            })
            .find(|span| !span.is_none());
        let (file, base) = offset.map_or((0, 1), |span| self.file(span.start));
        let mut body = BodyWriter {
            writer: self,
            own: own.clone(),
            base,
            names: Numbering::new(),
            types: Numbering::new(),
            globals: Numbering::new(),
            functions: Numbering::new(),
        };
        let mut functions: Vec<_> = own
            .iter()
            .map(|id| body.writer.code.functions[*id].clone())
            .collect();
        for function in &mut functions {
            map_function(function, &mut body);
        }
        let (mut boxed, mut interfaces) = (Numbering::new(), Numbering::new());
        for id in &own {
            let function = &body.writer.code.functions[*id];
            for ty in mentioned_types(function) {
                if body.writer.typed.types.is_interface(ty) {
                    interfaces.id(body.ty(ty));
                }
            }
            for inst in function.insts.values() {
                if let Op::MakeInterface(value) = inst.op {
                    boxed.id(body.ty(function.type_of(value)));
                }
            }
        }
        let references = body.functions.order.clone();
        let references = references.iter().map(|id| body.reference(*id)).collect();
        let head = BodyHead {
            file,
            names: body.names.order,
            types: body.types.order,
            globals: body.globals.order,
            functions: references,
            boxed: boxed.order,
            interfaces: interfaces.order,
        };
        let mut bytes = encode(&head);
        bytes.extend(encode(&functions));
        bytes
    }
}

/// From the program to the archive.
impl Mapping for Writer<'_> {
    fn name(&mut self, name: Name) -> Name {
        Name::new(self.names.id(name) as usize)
    }

    fn package(&mut self, package: PackageId) -> PackageId {
        assert!(
            package == EXPORTED || package != self.typed.main,
            "the library does not know the program"
        );
        package
    }

    fn ty(&mut self, ty: TypeId) -> TypeId {
        TypeId::new(self.types.id(ty) as usize)
    }

    fn named(&mut self, named: NamedId) -> NamedId {
        NamedId::new(self.named.id(named) as usize)
    }

    fn object(&mut self, object: ObjectId) -> ObjectId {
        ObjectId::new(self.objects.id(object) as usize)
    }

    fn function(&mut self, _: FunctionId) -> FunctionId {
        unreachable!("only bodies mention functions by id")
    }

    fn global(&mut self, _: GlobalId) -> GlobalId {
        unreachable!("only bodies mention globals by id")
    }

    fn offset(&mut self, _: u32) -> u32 {
        unreachable!("only bodies have many positions")
    }
}

/// As the writer, for one body: it also lists what the body mentions, in ids of the archive.
struct BodyWriter<'w, 'a> {
    writer: &'w mut Writer<'a>,
    own: Vec<FunctionId>,
    base: u32,
    names: Numbering<Name>,
    types: Numbering<TypeId>,
    globals: Numbering<ObjectId>,
    /// In ids of the program.
    functions: Numbering<FunctionId>,
}

impl BodyWriter<'_, '_> {
    fn reference(&mut self, id: FunctionId) -> FunctionReference {
        if let Some(index) = self.own.iter().position(|own| *own == id) {
            return FunctionReference::Own(index as u32);
        }
        let writer = &mut *self.writer;
        match writer.code.wrappers.get(&id) {
            Some(FunctionReference::Promoted(receiver, path, implementation)) => {
                let implementation = match *implementation {
                    Implementation::Declared(method) => {
                        Implementation::Declared(writer.object(method))
                    }
                    Implementation::Interface(interface, index) => {
                        Implementation::Interface(writer.ty(interface), index)
                    }
                };
                FunctionReference::Promoted(writer.ty(*receiver), path.clone(), implementation)
            }
            Some(FunctionReference::Bound(method)) => {
                FunctionReference::Bound(writer.object(*method))
            }
            Some(FunctionReference::BoundInterface(interface, index)) => {
                FunctionReference::BoundInterface(writer.ty(*interface), *index)
            }
            Some(other) => unreachable!("no wrapper: {other:?}"),
            None => {
                let object = writer.code.functions[id].object;
                let object = object.expect("what is neither own nor a wrapper is declared");
                FunctionReference::Declared(writer.object(object))
            }
        }
    }
}

impl Mapping for BodyWriter<'_, '_> {
    fn name(&mut self, name: Name) -> Name {
        let name = self.writer.name(name);
        self.names.id(name);
        name
    }

    fn package(&mut self, package: PackageId) -> PackageId {
        self.writer.package(package)
    }

    fn ty(&mut self, ty: TypeId) -> TypeId {
        let ty = self.writer.ty(ty);
        self.types.id(ty);
        ty
    }

    fn named(&mut self, named: NamedId) -> NamedId {
        self.writer.named(named)
    }

    fn object(&mut self, object: ObjectId) -> ObjectId {
        self.writer.object(object)
    }

    fn function(&mut self, function: FunctionId) -> FunctionId {
        FunctionId::new(self.functions.id(function) as usize)
    }

    fn global(&mut self, global: GlobalId) -> GlobalId {
        let object = self.writer.code.globals[global].object;
        let object = self
            .writer
            .object(object.expect("a library variable is declared"));
        self.globals.id(object);
        GlobalId::new(object.index())
    }

    fn offset(&mut self, offset: u32) -> u32 {
        offset - self.base + 1
    }
}

/// Head, offsets, records.
fn assemble(universe: (usize, usize), sections: &[Records; SECTIONS]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let word = |bytes: &mut Vec<u8>, value: usize| {
        let value = u32::try_from(value).expect("an archive is below 4 GiB");
        bytes.extend(value.to_le_bytes());
    };
    word(&mut bytes, universe.0);
    word(&mut bytes, universe.1);
    for section in sections {
        word(&mut bytes, section.len());
    }
    let records: usize = sections.iter().map(Vec::len).sum();
    let mut offset = (HEAD_WORDS + records) * 4;
    for record in sections.iter().flatten() {
        word(&mut bytes, offset);
        offset += record.len();
    }
    for record in sections.iter().flatten() {
        bytes.extend(record);
    }
    bytes
}
