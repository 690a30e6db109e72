//! Sizes, alignments and field offsets on a 64-bit machine, as gc lays types out.

use super::{Basic, Type, TypeId, TypeTable};

/// Size and alignment of a value in bytes. Sizes saturate: the checker refuses types too large for
/// the address space before anyone allocates one.
pub fn size_and_align(types: &TypeTable, ty: TypeId) -> (u64, u64) {
    match types.underlying(ty) {
        Type::Basic(Basic::String) | Type::Interface(_) => (16, 8),
        Type::Basic(Basic::Complex64) => (8, 4),
        Type::Basic(Basic::Complex128) => (16, 8),
        Type::Basic(basic) => {
            let size = u64::from(basic.size_bytes().unwrap_or(8));
            (size, size)
        }
        Type::Slice(_) => (24, 8),
        Type::Array(element, count) => {
            let (size, align) = size_and_align(types, *element);
            (size.saturating_mul(*count), align)
        }
        Type::Struct(fields) => {
            let (_, size, align) = struct_layout(types, fields.iter().map(|field| field.ty));
            (size, align)
        }
        _ => (8, 8),
    }
}

/// Offset of every field of a struct type, in bytes.
pub fn field_offsets(types: &TypeTable, ty: TypeId) -> Vec<u64> {
    match types.underlying(ty) {
        Type::Struct(fields) => struct_layout(types, fields.iter().map(|field| field.ty)).0,
        _ => Vec::new(),
    }
}

/// Offsets, size and alignment of fields laid out one after the other.
///
/// A field of size zero at the end of a struct that is not empty gets a byte of padding, so that its
/// address is inside the object.
pub fn struct_layout(
    types: &TypeTable,
    fields: impl Iterator<Item = TypeId>,
) -> (Vec<u64>, u64, u64) {
    let mut offsets = Vec::new();
    let (mut end, mut max_align, mut last_size) = (0u64, 1u64, 1u64);
    for field in fields {
        let (size, align) = size_and_align(types, field);
        end = round_up(end, align);
        offsets.push(end);
        end = end.saturating_add(size);
        max_align = max_align.max(align);
        last_size = size;
    }
    if last_size == 0 && end > 0 {
        end = end.saturating_add(1);
    }
    (offsets, round_up(end, max_align), max_align)
}

fn round_up(value: u64, align: u64) -> u64 {
    value
        .checked_add(align - 1)
        .map_or(u64::MAX - (u64::MAX % align), |sum| sum & !(align - 1))
}
