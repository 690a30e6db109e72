//! Code that is still in the library's archive, and how it becomes part of a program.
//!
//! Of a library function the builder knows what it mentions; most of what a library mentions is never executed. The
//! analysis in [`super::reachability`] therefore loads bodies one by one, and who wants to see everything calls
//! [`Program::load_all`].

use cranelift_entity::EntityRef;

use super::{Function, FunctionId, FunctionKind, GlobalId, Program};
use crate::archive::{ArchivedBody, Imported, Mapping, map_function};
use crate::ast::Name;
use crate::check::{ObjectId, PackageId};
use crate::hash::HashMap;
use crate::source::Span;
use crate::types::{NamedId, TypeId};

/// A body in the archive, with what it mentions in ids of the program.
#[derive(Debug)]
pub struct ArchivedCode {
    pub(super) body: ArchivedBody,
    pub(super) functions: Vec<Reference>,
    /// By their objects in the archive.
    pub(super) globals: Vec<(ObjectId, GlobalId)>,
}

/// A function that archived code mentions.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reference {
    /// One of the body's own.
    Own(u32),
    /// One of the program.
    Program(FunctionId),
}

impl Program {
    /// Whether a function's code is still in the archive.
    pub fn is_archived(&self, id: FunctionId) -> bool {
        self.archived.contains_key(&id)
    }

    /// Loads a function's code, with the functions nested in it, unless it is there already.
    pub fn load(&mut self, id: FunctionId) {
        let Some(code) = self.archived.remove(&id) else {
            return;
        };
        let imported = self
            .typed
            .imported
            .as_ref()
            .expect("archived code belongs to an archive");
        let (head, functions) = imported.body(code.body);
        let mut own = vec![id];
        for _ in 1..functions.len() {
            // Replaced below.
            let blank = Function::new(String::new(), FunctionKind::Closure, Span::default());
            own.push(self.functions.push(blank));
        }
        let references = code.functions.iter().map(|reference| match reference {
            Reference::Own(index) => own[*index as usize],
            Reference::Program(id) => *id,
        });
        let mut loading = Loading {
            imported,
            functions: references.collect(),
            globals: &code.globals,
            base: imported.file_bases[head.file as usize],
        };
        for (mut function, id) in functions.into_iter().zip(own) {
            map_function(&mut function, &mut loading);
            self.functions[id] = function;
        }
    }

    /// Loads all code that is still in the archive.
    pub fn load_all(&mut self) {
        let mut waiting: Vec<FunctionId> = self.archived.keys().copied().collect();
        waiting.sort_unstable();
        for id in waiting {
            self.load(id);
        }
    }
}

/// What stays in the archive, by function.
pub(super) type Archived = HashMap<FunctionId, ArchivedCode>;

/// From the archive to the program, for one body.
struct Loading<'a> {
    imported: &'a Imported,
    functions: Vec<FunctionId>,
    globals: &'a [(ObjectId, GlobalId)],
    /// The base of its file.
    base: u32,
}

impl Mapping for Loading<'_> {
    fn name(&mut self, name: Name) -> Name {
        self.imported.names[name]
            .expand()
            .expect("a reachable body's names were imported")
    }

    fn package(&mut self, _: PackageId) -> PackageId {
        unreachable!("code names no package")
    }

    fn ty(&mut self, ty: TypeId) -> TypeId {
        self.imported.ty(ty)
    }

    fn named(&mut self, _: NamedId) -> NamedId {
        unreachable!("code names types by their ids")
    }

    fn object(&mut self, object: ObjectId) -> ObjectId {
        self.imported.object(object)
    }

    fn function(&mut self, function: FunctionId) -> FunctionId {
        self.functions[function.index()]
    }

    fn global(&mut self, global: GlobalId) -> GlobalId {
        let object = ObjectId::new(global.index());
        let found = self.globals.iter().find(|(other, _)| *other == object);
        found.expect("a body's head lists its globals").1
    }

    fn offset(&mut self, offset: u32) -> u32 {
        offset - 1 + self.base
    }
}
