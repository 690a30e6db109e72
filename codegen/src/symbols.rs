//! What compiled code refers to by name until it is linked: code, data, types, the runtime.
//!
//! Code and data lie in one mapping, so references among them are relative to the instruction.
//! Run-time types, frame descriptors and natives live elsewhere and are referred to by address.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use cranelift_codegen::ir::UserExternalName;
use frontend::ssa::{FunctionId, GlobalId};
use frontend::types::TypeId;
use gc::layout::TypeDescriptor;
use runtime::abi::RuntimeFunction;

/// How many integers, from 0, have boxes that exist: as many as gc's.
pub(crate) const SMALL_VALUES: u64 = 256;

/// One referent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Symbol {
    /// A compiled function, by its number in [`CodeTable`].
    Code(u32),
    /// A function of the runtime.
    Runtime(RuntimeFunction),
    /// A data object, by its number in [`DataTable`].
    Data(u32),
    /// The memory of package variables.
    Globals,
    /// A run-time type, by its number in the table of types.
    Type(u32),
    /// What a frame on the object stack holds, by its number in [`Descriptors`].
    Descriptor(u32),
    /// A native, by the function that declares it.
    Native(u32),
}

impl Symbol {
    /// The name by which Cranelift carries it.
    pub(crate) fn to_external(self) -> UserExternalName {
        let (namespace, index) = match self {
            Symbol::Code(index) => (0, index),
            Symbol::Runtime(function) => (1, function as u32),
            Symbol::Data(index) => (2, index),
            Symbol::Globals => (3, 0),
            Symbol::Type(index) => (4, index),
            Symbol::Descriptor(index) => (5, index),
            Symbol::Native(index) => (6, index),
        };
        UserExternalName { namespace, index }
    }

    /// Back from a relocation.
    pub(crate) fn from_external(name: &UserExternalName) -> Option<Symbol> {
        Some(match name.namespace {
            0 => Symbol::Code(name.index),
            1 => Symbol::Runtime(*RuntimeFunction::ALL.get(name.index as usize)?),
            2 => Symbol::Data(name.index),
            3 => Symbol::Globals,
            4 => Symbol::Type(name.index),
            5 => Symbol::Descriptor(name.index),
            6 => Symbol::Native(name.index),
            _ => return None,
        })
    }

    /// Whether it is in the same mapping as the code.
    pub(crate) fn is_near(self) -> bool {
        matches!(
            self,
            Symbol::Code(_) | Symbol::Runtime(_) | Symbol::Data(_) | Symbol::Globals
        )
    }
}

/// A piece of code that is compiled on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum CodeKey {
    /// A function as callers see it; of a function with `defer` this is the wrapper.
    Function(FunctionId),
    /// The body of a function with `defer`.
    Body(FunctionId),
    /// A plain function as the code of a closure: drops the closure object.
    Shim(FunctionId),
    /// Runs the deferred calls that are left after a recovery.
    RunDeferred,
}

/// The code that is needed, in the order it was first asked for.
#[derive(Default)]
pub(crate) struct CodeTable {
    keys: RefCell<Vec<CodeKey>>,
    numbers: RefCell<HashMap<CodeKey, u32>>,
}

impl CodeTable {
    /// The symbol of a piece of code; from now on it is needed.
    pub(crate) fn symbol(&self, key: CodeKey) -> Symbol {
        let mut keys = self.keys.borrow_mut();
        let number = *self.numbers.borrow_mut().entry(key).or_insert_with(|| {
            keys.push(key);
            keys.len() as u32 - 1
        });
        Symbol::Code(number)
    }

    /// The code with this number, if there is that much.
    pub(crate) fn get(&self, number: usize) -> Option<CodeKey> {
        self.keys.borrow().get(number).copied()
    }
}

/// Bytes with references in them.
#[derive(Debug, Clone, Default)]
pub(crate) struct DataObject {
    /// The bytes, zero where a reference goes.
    pub(crate) bytes: Vec<u8>,
    /// Alignment in bytes.
    pub(crate) align: u64,
    /// Offsets of 8-byte addresses to fill in.
    pub(crate) references: Vec<(u32, Symbol)>,
}

/// What a data object stands for, so that each is made once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum DataKey {
    /// The bytes of a string.
    Text(Rc<[u8]>),
    /// The closure object of a function without captures.
    StaticClosure(FunctionId),
    /// The method table of a concrete type for an interface type.
    Itab(TypeId, TypeId),
    /// An immutable box: its bytes, and which string its first word points at.
    Boxed(Vec<u8>, Option<Rc<[u8]>>),
    /// 256 words, the value of each its index: boxes of one byte, and of none.
    SmallValues,
}

/// All data objects.
#[derive(Default)]
pub(crate) struct DataTable {
    objects: RefCell<Vec<DataObject>>,
    numbers: RefCell<HashMap<DataKey, u32>>,
}

impl DataTable {
    /// The object of a key, made by `make` the first time.
    pub(crate) fn symbol(&self, key: DataKey, make: impl FnOnce() -> DataObject) -> Symbol {
        if let Some(number) = self.numbers.borrow().get(&key) {
            return Symbol::Data(*number);
        }
        let object = make();
        let mut objects = self.objects.borrow_mut();
        objects.push(object);
        let number = objects.len() as u32 - 1;
        self.numbers.borrow_mut().insert(key, number);
        Symbol::Data(number)
    }

    /// The bytes of a string.
    pub(crate) fn text(&self, text: &Rc<[u8]>) -> Symbol {
        self.symbol(DataKey::Text(Rc::clone(text)), || DataObject {
            bytes: text.to_vec(),
            align: 1,
            references: Vec::new(),
        })
    }

    /// The table of small boxes, a word each.
    pub(crate) fn small_values(&self) -> Symbol {
        self.symbol(DataKey::SmallValues, || DataObject {
            bytes: (0..SMALL_VALUES).flat_map(u64::to_le_bytes).collect(),
            align: 8,
            references: Vec::new(),
        })
    }

    /// All objects by number.
    pub(crate) fn take(&self) -> Vec<DataObject> {
        self.objects.take()
    }

    /// The numbers of all itabs.
    pub(crate) fn itabs(&self) -> Vec<u32> {
        let numbers = self.numbers.borrow();
        let mut itabs: Vec<u32> = numbers
            .iter()
            .filter(|(key, _)| matches!(key, DataKey::Itab(..)))
            .map(|(_, number)| *number)
            .collect();
        itabs.sort_unstable();
        itabs
    }
}

/// Descriptors of object frames, equal ones shared.
#[derive(Default)]
pub(crate) struct Descriptors {
    list: RefCell<Vec<TypeDescriptor>>,
    numbers: RefCell<HashMap<TypeDescriptor, u32>>,
}

impl Descriptors {
    pub(crate) fn symbol(&self, descriptor: TypeDescriptor) -> Symbol {
        let mut list = self.list.borrow_mut();
        let number = *self
            .numbers
            .borrow_mut()
            .entry(descriptor)
            .or_insert_with_key(|descriptor| {
                list.push(descriptor.clone());
                list.len() as u32 - 1
            });
        Symbol::Descriptor(number)
    }

    pub(crate) fn take(&self) -> Box<[TypeDescriptor]> {
        self.list.take().into_boxed_slice()
    }
}

/// Where package variables lie in their memory.
#[derive(Default)]
pub(crate) struct GlobalOffsets {
    offsets: RefCell<HashMap<GlobalId, u64>>,
    order: RefCell<Vec<(GlobalId, u64)>>,
    size: std::cell::Cell<u64>,
}

impl GlobalOffsets {
    /// The offset of a variable of this size and alignment.
    pub(crate) fn offset(&self, global: GlobalId, size: u64, align: u64) -> u64 {
        *self.offsets.borrow_mut().entry(global).or_insert_with(|| {
            let offset = crate::layout::round_up(self.size.get(), align.max(1));
            // A variable of size zero has an address of its own too.
            self.size.set(offset + size.max(1));
            self.order.borrow_mut().push((global, offset));
            offset
        })
    }

    /// Size of them all, in whole words.
    pub(crate) fn size(&self) -> u64 {
        crate::layout::round_up(self.size.get(), 8)
    }

    /// All variables in use and their offsets.
    pub(crate) fn all(&self) -> Vec<(GlobalId, u64)> {
        self.order.borrow().clone()
    }
}
