//! Run-time types for unit tests, made by hand.

use std::sync::OnceLock;

use gc::layout::{PointerBitmap, TypeDescriptor};

use crate::abi::{Kind, RuntimeField, RuntimeType};

/// A type without pointers.
pub(crate) fn scalar(name: &str, kind: Kind, size_bytes: u64) -> RuntimeType {
    let is_float = matches!(
        kind,
        Kind::Float32 | Kind::Float64 | Kind::Complex64 | Kind::Complex128
    );
    RuntimeType {
        size_bytes,
        align_bytes: size_bytes.clamp(1, 8) as u32,
        kind,
        is_pointer_shaped: matches!(
            kind,
            Kind::Pointer | Kind::Map | Kind::Channel | Kind::Function
        ),
        is_comparable: !matches!(kind, Kind::Function | Kind::Map | Kind::Slice),
        is_plain_memory: !is_float && !matches!(kind, Kind::String | Kind::Interface),
        descriptor: TypeDescriptor::noscan(size_bytes as usize, size_bytes.clamp(1, 8) as usize),
        name: name.to_owned(),
        package_path: String::new(),
        is_named: true,
        element: std::ptr::null(),
        key: std::ptr::null(),
        pointer_to: std::ptr::null(),
        slice_of: std::ptr::null(),
        length: 0,
        channel_direction: 0,
        fields: Vec::new(),
        parameters: Vec::new(),
        results: Vec::new(),
        is_variadic: false,
        methods: Vec::new(),
        map_layout: OnceLock::new(),
    }
}

/// A type of these words, whose pointers are the words named.
pub(crate) fn words(name: &str, kind: Kind, count: usize, pointers: &[usize]) -> RuntimeType {
    let pointers = PointerBitmap::from_pointer_words(pointers.iter().copied());
    RuntimeType {
        descriptor: TypeDescriptor::new(8 * count, 8, pointers),
        align_bytes: 8,
        ..scalar(name, kind, 8 * count as u64)
    }
}

/// `int`
pub(crate) fn int() -> RuntimeType {
    scalar("int", Kind::Int, 8)
}

/// `string`
pub(crate) fn string() -> RuntimeType {
    words("string", Kind::String, 2, &[0])
}

/// `interface {}`
pub(crate) fn any() -> RuntimeType {
    words("interface {}", Kind::Interface, 2, &[1])
}

/// A struct with fields of these types, one after another, which need no padding.
pub(crate) fn structure(name: &str, types: &[&RuntimeType]) -> RuntimeType {
    let mut offset = 0;
    let mut pointers = Vec::new();
    let fields = types.iter().enumerate().map(|(index, &ty)| {
        let at = offset;
        pointers.extend(
            ty.descriptor
                .pointer_words()
                .map(|word| word + at as usize / 8),
        );
        offset += ty.size_bytes;
        RuntimeField {
            name: format!("f{index}"),
            package_path: "main".to_owned(),
            ty,
            offset: at,
            is_embedded: false,
            tag: String::new(),
        }
    });
    let fields: Vec<_> = fields.collect();
    RuntimeType {
        size_bytes: offset,
        descriptor: TypeDescriptor::new(
            offset as usize,
            8,
            PointerBitmap::from_pointer_words(pointers),
        ),
        is_comparable: types.iter().all(|ty| ty.is_comparable),
        is_plain_memory: types.iter().all(|ty| ty.is_plain_memory),
        fields,
        ..scalar(name, Kind::Struct, 0)
    }
}

/// A map type.
pub(crate) fn map_of(key: &RuntimeType, element: &RuntimeType) -> RuntimeType {
    RuntimeType {
        element,
        key,
        ..words("map", Kind::Map, 1, &[0])
    }
}
