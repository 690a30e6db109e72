//! How Go types are represented in CLIF and in memory.
//!
//! A type is either of *register class*: its value is a list of at most [`MAX_LEAVES`] CLIF scalars,
//! its *leaves*, in the order of memory; or of *memory class*: its value is the address of an
//! immutable temporary in the object frame of the function that made it. Sizes and offsets are those
//! of `frontend::types::layout`, so that constants the checker folded agree with the code.

use std::cell::RefCell;
use std::rc::Rc;

use cranelift_codegen::ir;
use cranelift_codegen::ir::types::{F32, F64, I8, I16, I32, I64};
use cranelift_entity::EntityRef;
use frontend::types::layout::{field_offsets, size_and_align};
use frontend::types::{Basic, Type, TypeId, TypeTable};
use gc::layout::{PointerBitmap, TypeDescriptor, WORD_SIZE_BYTES};

/// More leaves than this and a type is of memory class. Eight fills the result registers of the
/// `Tail` convention; above it values would be spilled at every call anyway.
pub(crate) const MAX_LEAVES: usize = 8;

/// A scalar part of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// Offset in the value, in bytes.
    pub(crate) offset: u32,
    /// Its machine type.
    pub(crate) ty: ir::Type,
    /// Whether it may point into the heap.
    pub(crate) is_pointer: bool,
}

/// What codegen knows of one type.
#[derive(Debug)]
pub(crate) struct TypeLayout {
    /// Size in bytes.
    pub(crate) size: u64,
    /// Alignment in bytes.
    pub(crate) align: u64,
    /// The leaves of a register-class type; `None`: memory class.
    leaves: Option<Box<[Leaf]>>,
    /// Offsets of the fields of a struct.
    pub(crate) field_offsets: Box<[u64]>,
}

impl TypeLayout {
    /// Whether values are addresses of temporaries.
    pub(crate) fn is_memory(&self) -> bool {
        self.leaves.is_none()
    }

    /// The leaves of a register-class type; none for memory class.
    pub(crate) fn leaves(&self) -> &[Leaf] {
        self.leaves.as_deref().unwrap_or(&[])
    }
}

/// The layouts of all types that were asked for.
pub(crate) struct Layouts<'p> {
    types: &'p TypeTable,
    known: RefCell<Vec<Option<Rc<TypeLayout>>>>,
    descriptors: RefCell<std::collections::HashMap<TypeId, TypeDescriptor>>,
}

impl<'p> Layouts<'p> {
    pub(crate) fn new(types: &'p TypeTable) -> Self {
        Layouts {
            types,
            known: RefCell::new(vec![None; types.len()]),
            descriptors: RefCell::default(),
        }
    }

    /// The layout of a type.
    pub(crate) fn get(&self, ty: TypeId) -> Rc<TypeLayout> {
        if let Some(layout) = &self.known.borrow()[ty.index()] {
            return Rc::clone(layout);
        }
        let (size, align) = size_and_align(self.types, ty);
        let mut leaves = Vec::new();
        let fits = self.push_leaves(ty, 0, MAX_LEAVES, &mut leaves);
        let layout = Rc::new(TypeLayout {
            size,
            align,
            leaves: fits.then(|| leaves.into_boxed_slice()),
            field_offsets: field_offsets(self.types, ty).into_boxed_slice(),
        });
        self.known.borrow_mut()[ty.index()] = Some(Rc::clone(&layout));
        layout
    }

    /// Size of a type in bytes.
    pub(crate) fn size(&self, ty: TypeId) -> u64 {
        self.get(ty).size
    }

    /// All leaves of a type whatever its class, or `None` when there are more than `limit`.
    pub(crate) fn all_leaves(&self, ty: TypeId, limit: usize) -> Option<Vec<Leaf>> {
        let mut leaves = Vec::new();
        self.push_leaves(ty, 0, limit, &mut leaves)
            .then_some(leaves)
    }

    fn push_leaves(&self, ty: TypeId, base: u64, limit: usize, leaves: &mut Vec<Leaf>) -> bool {
        let mut push = |offset: u64, ty: ir::Type, is_pointer: bool| {
            leaves.push(Leaf {
                offset: (base + offset) as u32,
                ty,
                is_pointer,
            });
        };
        match self.types.underlying(ty) {
            Type::Basic(basic) => match basic {
                Basic::String => {
                    push(0, I64, true);
                    push(8, I64, false);
                }
                Basic::UnsafePointer => push(0, I64, true),
                Basic::Complex64 => {
                    push(0, F32, false);
                    push(4, F32, false);
                }
                Basic::Complex128 => {
                    push(0, F64, false);
                    push(8, F64, false);
                }
                _ => push(0, scalar_type(*basic), false),
            },
            Type::Slice(_) => {
                push(0, I64, true);
                push(8, I64, false);
                push(16, I64, false);
            }
            Type::Interface(_) => {
                push(0, I64, false);
                push(8, I64, true);
            }
            Type::Array(element, count) => {
                let size = size_and_align(self.types, *element).0;
                // An element without leaves adds nothing, however many there are.
                let mut one = Vec::new();
                if !self.push_leaves(*element, 0, limit, &mut one) {
                    return *count == 0;
                }
                if one.is_empty() {
                    return true;
                }
                if (one.len() as u64)
                    .saturating_mul(*count)
                    .saturating_add(leaves.len() as u64)
                    > limit as u64
                {
                    return false;
                }
                for index in 0..*count {
                    let start = base + index * size;
                    leaves.extend(one.iter().map(|leaf| Leaf {
                        offset: (start + u64::from(leaf.offset)) as u32,
                        ..*leaf
                    }));
                }
            }
            Type::Struct(fields) => {
                let offsets = field_offsets(self.types, ty);
                for (field, offset) in fields.iter().zip(offsets) {
                    if !self.push_leaves(field.ty, base + offset, limit, leaves) {
                        return false;
                    }
                }
            }
            Type::Tuple(_) => return false,
            _ => push(0, I64, true),
        }
        leaves.len() <= limit
    }

    /// What the collector must know of a type.
    pub(crate) fn descriptor(&self, ty: TypeId) -> TypeDescriptor {
        if let Some(descriptor) = self.descriptors.borrow().get(&ty) {
            return descriptor.clone();
        }
        let (size, align) = size_and_align(self.types, ty);
        let descriptor = match self.types.underlying(ty) {
            Type::Array(element, count) => {
                TypeDescriptor::array(&self.descriptor(*element), *count as usize)
                    .unwrap_or_else(|| TypeDescriptor::noscan(size as usize, align as usize))
            }
            Type::Struct(fields) => {
                let offsets = field_offsets(self.types, ty);
                let mut words = Vec::new();
                for (field, offset) in fields.iter().zip(offsets) {
                    let first = offset as usize / WORD_SIZE_BYTES;
                    words.extend(
                        self.descriptor(field.ty)
                            .pointer_words()
                            .map(|word| first + word),
                    );
                }
                TypeDescriptor::new(
                    size as usize,
                    align as usize,
                    PointerBitmap::from_pointer_words(words),
                )
            }
            _ => {
                let layout = self.get(ty);
                TypeDescriptor::new(
                    size as usize,
                    align as usize,
                    pointer_bitmap(layout.leaves()),
                )
            }
        };
        self.descriptors.borrow_mut().insert(ty, descriptor.clone());
        descriptor
    }
}

/// The words of leaves that hold pointers.
pub(crate) fn pointer_bitmap(leaves: &[Leaf]) -> PointerBitmap {
    let pointers = leaves.iter().filter(|leaf| leaf.is_pointer);
    PointerBitmap::from_pointer_words(pointers.map(|leaf| leaf.offset as usize / WORD_SIZE_BYTES))
}

/// The machine type of a basic scalar.
fn scalar_type(basic: Basic) -> ir::Type {
    match basic {
        Basic::Bool | Basic::Int8 | Basic::Uint8 | Basic::UntypedBool => I8,
        Basic::Int16 | Basic::Uint16 => I16,
        Basic::Int32 | Basic::Uint32 | Basic::UntypedRune => I32,
        Basic::Float32 => F32,
        Basic::Float64 | Basic::UntypedFloat => F64,
        _ => I64,
    }
}

/// Rounds up to a power of two.
pub(crate) fn round_up(value: u64, align: u64) -> u64 {
    (value + align - 1) & !(align - 1)
}
