//! The library, checked and lowered ahead: what a program needs of a package without its text.
//!
//! An [`Archive`] is made when `minigo` is built ([`write`]), from a check of every package and the naive SSA of every
//! body. A program that imports a package then takes over the objects, types and functions it mentions, one by one and
//! each once ([`Imported`], `check::import`, `ssa::archived`); nothing else of the archive is even read. Go's
//! compiler does the same with its export data.
//!
//! # Format
//! ```text
//!   head      universe types, universe named types, entries of each section    little-endian u32
//!   offsets   for each section, where each of its records begins              little-endian u32
//!   records   one after the other, in postcard's encoding
//! ```
//! Ids inside of records are those of the archive: indices of its sections. Two kinds are shared with every program and
//! stand for themselves: the types that the universe declares, which come first in each type table, and
//! [`PackageId::EXPORTED`]. In a body a [`FunctionId`](crate::ssa::FunctionId) is an index of its
//! [`BodyHead::functions`], and source offsets count from the beginning of its file, from 1.
//!
//! # What must hold
//! A program gets the same functions from the archive as from the text. The tests of `cli` compare them.

mod mapping;
mod record;
pub mod write;

use std::collections::BTreeSet;

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityRef, SecondaryMap};
use serde::Deserialize;

pub(crate) use mapping::{Mapping, map_function, map_type};
pub(crate) use record::{
    BodyHead, FunctionReference, NamedRecord, ObjectRecord, ObjectRecordKind, PackageRecord,
    TypeRecord,
};

use crate::ast::Name;
use crate::check::{ObjectId, PackageId};
use crate::types::{NamedId, TypeId};

/// A body in an archive: a declared function with what is nested in it, or the initialiser of variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ArchivedBody(pub(crate) u32);

/// What an archive has tables of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Names,
    Files,
    Packages,
    Types,
    Named,
    Objects,
    Bodies,
}

/// How many sections there are.
const SECTIONS: usize = 7;
/// Words before the offsets.
const HEAD_WORDS: usize = 2 + SECTIONS;

/// A library archive in memory.
#[derive(Debug, Clone, Copy)]
pub struct Archive {
    bytes: &'static [u8],
}

impl Archive {
    /// The archive that [`write::library`] made of `bytes`; nothing is read yet.
    pub fn new(bytes: &'static [u8]) -> Self {
        Archive { bytes }
    }

    fn word(self, index: usize) -> u32 {
        let bytes = self.bytes[index * 4..].first_chunk();
        u32::from_le_bytes(*bytes.expect("an archive is as long as its head says"))
    }

    /// How many types of a type table are the universe's.
    pub(crate) fn universe_types(self) -> usize {
        self.word(0) as usize
    }

    /// How many defined types are the universe's.
    pub(crate) fn universe_named(self) -> usize {
        self.word(1) as usize
    }

    /// How many records a section has.
    pub(crate) fn len(self, section: Section) -> usize {
        self.word(2 + section as usize) as usize
    }

    /// What of the archive begins with a record.
    fn bytes(self, section: Section, index: usize) -> &'static [u8] {
        assert!(index < self.len(section), "{section:?} {index}");
        let before: usize = (0..section as usize)
            .map(|section| self.word(2 + section) as usize)
            .sum();
        &self.bytes[self.word(HEAD_WORDS + before + index) as usize..]
    }

    /// A record.
    pub(crate) fn record<T: Deserialize<'static>>(self, section: Section, index: usize) -> T {
        self.record_and_rest(section, index).0
    }

    /// A record and what follows it.
    pub(crate) fn record_and_rest<T: Deserialize<'static>>(
        self,
        section: Section,
        index: usize,
    ) -> (T, &'static [u8]) {
        postcard::take_from_bytes(self.bytes(section, index))
            .unwrap_or_else(|error| unreachable!("{section:?} {index} of the library: {error}"))
    }

    /// A name's text.
    pub(crate) fn text(self, name: Name) -> &'static str {
        self.record(Section::Names, name.index())
    }

    /// The package with an import path.
    pub(crate) fn find_package(self, path: &str) -> Option<PackageId> {
        (0..self.len(Section::Packages))
            .find(|index| self.record::<&str>(Section::Packages, *index) == path)
            .map(PackageId::new)
    }
}

/// What of an archive a program has taken over: for each id of the archive, the program's.
#[derive(Debug)]
pub struct Imported {
    /// Where it comes from.
    pub(crate) archive: Archive,
    pub(crate) names: SecondaryMap<Name, PackedOption<Name>>,
    pub(crate) types: SecondaryMap<TypeId, PackedOption<TypeId>>,
    pub(crate) named: SecondaryMap<NamedId, PackedOption<NamedId>>,
    pub(crate) objects: SecondaryMap<ObjectId, PackedOption<ObjectId>>,
    pub(crate) packages: SecondaryMap<PackageId, PackedOption<PackageId>>,
    /// The base of each file of the archive in the program's source map; 0: not there yet.
    pub(crate) file_bases: Vec<u32>,
    /// Bodies whose mentions were imported.
    pub(crate) bodies: BTreeSet<u32>,
    /// Bodies that were found reachable and wait for that.
    pub(crate) waiting: Vec<ArchivedBody>,
}

impl Imported {
    /// Nothing imported yet.
    pub(crate) fn new(archive: Archive) -> Self {
        Imported {
            archive,
            names: SecondaryMap::new(),
            types: SecondaryMap::new(),
            named: SecondaryMap::new(),
            objects: SecondaryMap::new(),
            packages: SecondaryMap::new(),
            file_bases: vec![0; archive.len(Section::Files)],
            bodies: BTreeSet::new(),
            waiting: Vec::new(),
        }
    }

    /// What a body mentions.
    pub(crate) fn body_head(&self, body: ArchivedBody) -> BodyHead {
        self.archive.record(Section::Bodies, body.0 as usize)
    }

    /// A body: the head, and the functions as they were written.
    pub(crate) fn body(&self, body: ArchivedBody) -> (BodyHead, Vec<crate::ssa::Function>) {
        let (head, rest) = self
            .archive
            .record_and_rest::<BodyHead>(Section::Bodies, body.0 as usize);
        match postcard::take_from_bytes(rest) {
            Ok((functions, _)) => (head, functions),
            Err(error) => unreachable!("a body of the library: {error}"),
        }
    }

    /// A type that was imported.
    pub(crate) fn ty(&self, ty: TypeId) -> TypeId {
        if ty.index() < self.archive.universe_types() {
            return ty;
        }
        self.types[ty]
            .expand()
            .expect("a reachable body's types were imported")
    }

    /// An object that was imported.
    pub(crate) fn object(&self, object: ObjectId) -> ObjectId {
        self.objects[object]
            .expand()
            .expect("a reachable body's objects were imported")
    }
}
