//! Natives of `internal/reflectlite`: what the library may know of a value of any type.
//!
//! Boxes are immutable, so a part of a boxed value is boxed by its address; what a pointer, slice or map leads to may
//! change, so that is copied. A call for a kind that has no answer is a bug of the library: it gets zero, or nothing is
//! stored.

#![expect(
    clippy::cast_ptr_alignment,
    reason = "values lie aligned where their types say"
)]

use gc::layout::{PointerBitmap, TypeDescriptor, zero_size_address};

use super::{Any, NativeCall, Table};
use crate::abi::{Kind, RuntimeType};
use crate::equality::dynamic_value;
use crate::map::{MapHeader, MapIterator};
use crate::{alloc, barrier, interface, panic, runtime_error};

pub(super) const NATIVES: Table = &[
    ("internal/reflectlite.Kind", kind),
    ("internal/reflectlite.TypeString", type_string),
    ("internal/reflectlite.SameType", same_type),
    ("internal/reflectlite.Comparable", comparable),
    ("internal/reflectlite.NumField", field_count),
    ("internal/reflectlite.FieldName", field_name),
    ("internal/reflectlite.FieldFlags", field_flags),
    ("internal/reflectlite.FieldTypeString", field_type_string),
    ("internal/reflectlite.Field", field),
    ("internal/reflectlite.Len", len),
    ("internal/reflectlite.Index", index),
    ("internal/reflectlite.ElemKind", element_kind),
    ("internal/reflectlite.ElemTypeString", element_type_string),
    ("internal/reflectlite.KeyTypeString", key_type_string),
    ("internal/reflectlite.MapEntries", map_entries),
    ("internal/reflectlite.Elem", pointed_to),
    ("internal/reflectlite.Zero", zero),
    ("internal/reflectlite.PointerWord", word),
    ("internal/reflectlite.IsNil", nil),
    ("internal/reflectlite.Bool", bool),
    ("internal/reflectlite.Int", int),
    ("internal/reflectlite.Uint", int),
    ("internal/reflectlite.Float", float),
    ("internal/reflectlite.ComplexParts", complex),
    ("internal/reflectlite.String", string),
    ("internal/reflectlite.Bytes", bytes),
    ("internal/reflectlite.SetBool", set_bool),
    ("internal/reflectlite.SetInt", set_integer),
    ("internal/reflectlite.SetUint", set_integer),
    ("internal/reflectlite.SetFloat", set_float),
    ("internal/reflectlite.SetString", set_string),
    ("internal/reflectlite.SetBytes", set_bytes),
    ("internal/reflectlite.Assign", assign),
    ("internal/reflectlite.Swap", swap),
];

/// Natives that take one value and leave one result, which is a function of it.
macro_rules! define_answers {
    ($($name:ident($value:ident): $put:ident($answer:expr);)*) => {
        $(fn $name(call: &mut NativeCall<'_>) {
            let $value = call.any();
            call.$put($answer);
        })*
    };
}

define_answers! {
    kind(value): put(kind_number(value.ty));
    type_string(value): put_static_string(name_of(value.ty));
    field_count(value): put(value.ty.map_or(0, |ty| ty.fields.len() as u64));
    len(value): put(length(value));
    element_kind(value): put(kind_number(value.ty.and_then(element)));
    element_type_string(value): put_static_string(name_of(value.ty.and_then(element)));
    key_type_string(value): put_static_string(name_of(value.ty.and_then(key)));
    word(value): put(pointer_word(value));
    nil(value): put_bool(is_nil(value));
    bool(value): put_bool(integer(value) != 0);
    int(value): put_int(integer(value));
    float(value): put_float(complex_parts(value)[0]);
}

fn kind_number(ty: Option<&RuntimeType>) -> u64 {
    ty.map_or(0, |ty| ty.kind as u64)
}

fn name_of(ty: Option<&RuntimeType>) -> &str {
    ty.map_or("", |ty| &ty.name)
}

fn element(ty: &RuntimeType) -> Option<&RuntimeType> {
    // SAFETY: null, or a type of the same image.
    unsafe { ty.element.as_ref() }
}

fn key(ty: &RuntimeType) -> Option<&RuntimeType> {
    // SAFETY: as above.
    unsafe { ty.key.as_ref() }
}

/// # Safety
/// The address holds a `T`.
unsafe fn read<T: Copy>(address: *const u8) -> T {
    // SAFETY: the caller's. Values are aligned in their boxes.
    unsafe { address.cast::<T>().read() }
}

/// An immutable value of type `ty` at `address` as an `any`: without a copy.
///
/// # Safety
/// The address holds such a value, which never changes and lives as long as its heap object.
unsafe fn view(ty: &RuntimeType, address: *mut u8) -> Any<'_> {
    if ty.kind == Kind::Interface {
        // SAFETY: the caller's; dynamic types are of the image.
        let (dynamic, data) = unsafe { dynamic_value(ty, address) };
        // SAFETY: as above.
        let ty = unsafe { dynamic.as_ref() };
        return Any {
            ty,
            data: data.cast_mut(),
        };
    }
    let data = if ty.is_pointer_shaped {
        // SAFETY: the caller's; the value is a pointer.
        unsafe { read(address) }
    } else if ty.size_bytes == 0 {
        zero_size_address()
    } else {
        address
    };
    Any { ty: Some(ty), data }
}

/// The value of type `ty` at `address`, boxed.
///
/// # Safety
/// The address holds such a value.
unsafe fn boxed<'call>(
    call: &NativeCall<'_>,
    ty: &'call RuntimeType,
    address: *mut u8,
) -> Any<'call> {
    if ty.kind == Kind::Interface || ty.is_pointer_shaped || ty.size_bytes == 0 {
        // SAFETY: the caller's; of such values nothing at the address is kept.
        return unsafe { view(ty, address) };
    }
    let data = alloc::new_object(call.g, &ty.descriptor);
    // SAFETY: the box is fresh and has the type's size.
    unsafe { data.copy_from_nonoverlapping(address, ty.size_bytes as usize) };
    Any { ty: Some(ty), data }
}

fn same_type(call: &mut NativeCall<'_>) {
    let (left, right) = (call.any(), call.any());
    let address = |value: Any<'_>| value.ty.map(|ty| &raw const *ty);
    call.put_bool(address(left) == address(right));
}

fn comparable(call: &mut NativeCall<'_>) {
    let value = call.any();
    let can_compare = |ty| {
        // SAFETY: the data word of a value that is not pointer-shaped is the address of its box.
        unsafe { is_comparable(ty, value.data) }
    };
    call.put_bool(value.ty.is_none_or(can_compare));
}

/// Whether comparing the value with itself cannot panic.
///
/// # Safety
/// Unless the type is pointer-shaped, the address holds a value of it.
unsafe fn is_comparable(ty: &RuntimeType, address: *const u8) -> bool {
    if !ty.is_comparable {
        return false;
    }
    // SAFETY: every part read is inside the value.
    unsafe {
        match ty.kind {
            Kind::Interface => {
                let (dynamic, data) = dynamic_value(ty, address);
                dynamic
                    .as_ref()
                    .is_none_or(|dynamic| is_comparable(dynamic, data))
            }
            Kind::Struct => ty
                .fields
                .iter()
                .all(|field| is_comparable(&*field.ty, address.add(field.offset as usize))),
            Kind::Array if !ty.is_plain_memory => {
                let element = &*ty.element;
                let stride = element.size_bytes as usize;
                (0..ty.length as usize)
                    .all(|index| is_comparable(element, address.add(index * stride)))
            }
            _ => true,
        }
    }
}

/// Takes a struct and the number of a field of it: the field, and where it is.
fn take_field<'call>(
    call: &mut NativeCall<'call>,
) -> Option<(&'call crate::abi::RuntimeField, *mut u8)> {
    let (value, index) = (call.any(), call.word() as usize);
    let field = value.ty?.fields.get(index)?;
    // SAFETY: a struct's data word is the address of its box, which has the field.
    Some((field, unsafe { value.data.add(field.offset as usize) }))
}

fn field_name(call: &mut NativeCall<'_>) {
    let name = take_field(call).map_or("", |(field, _)| &field.name);
    call.put_static_string(name);
}

fn field_flags(call: &mut NativeCall<'_>) {
    let flags = take_field(call).map_or(0, |(field, _)| {
        u64::from(field.package_path.is_empty()) | u64::from(field.is_embedded) << 1
    });
    call.put(flags);
}

fn field_type_string(call: &mut NativeCall<'_>) {
    // SAFETY: a field's type is of the image.
    let name = take_field(call).map_or("", |(field, _)| unsafe { &(*field.ty).name });
    call.put_static_string(name);
}

fn field(call: &mut NativeCall<'_>) {
    // SAFETY: the field is in an immutable box, and has that type.
    let value = take_field(call).map_or(Any::NIL, |(field, address)| unsafe {
        view(&*field.ty, address)
    });
    call.put_any(value);
}

/// Pointer, length and capacity of a slice, or of a string without the latter.
fn slice_words(value: Any<'_>) -> (*mut u8, u64, u64) {
    let has_capacity = value.ty.is_some_and(|ty| ty.kind == Kind::Slice);
    // SAFETY: the data word is the address of a box with two words, or three of a slice.
    unsafe {
        let capacity = if has_capacity {
            read(value.data.add(16))
        } else {
            0
        };
        (read(value.data), read(value.data.add(8)), capacity)
    }
}

fn length(value: Any<'_>) -> u64 {
    match value.ty.map(|ty| (ty.kind, ty.length)) {
        Some((Kind::Array, length)) => length,
        Some((Kind::Slice | Kind::String, _)) => slice_words(value).1,
        // SAFETY: not nil, so the address of a map or channel object, which begins with the count.
        Some((Kind::Map | Kind::Channel, _)) if !value.data.is_null() => unsafe {
            read(value.data)
        },
        _ => 0,
    }
}

fn index(call: &mut NativeCall<'_>) {
    let (value, index) = (call.any(), call.word() as usize);
    let Some(ty) = value.ty.filter(|_| (index as u64) < length(value)) else {
        call.put_any(Any::NIL);
        return;
    };
    let Some(element) = element(ty) else {
        // Of a string.
        // SAFETY: the index is below the length.
        let byte: u8 = unsafe { read(slice_words(value).0.add(index)) };
        put_byte(call, byte);
        return;
    };
    let offset = index * element.size_bytes as usize;
    // SAFETY: the index is below the length; an array is in its immutable box.
    let part = unsafe {
        if ty.kind == Kind::Array {
            view(element, value.data.add(offset))
        } else {
            boxed(call, element, slice_words(value).0.add(offset))
        }
    };
    call.put_any(part);
}

/// Leaves a `uint8` as an `any`, if the program has that type.
fn put_byte(call: &mut NativeCall<'_>, byte: u8) {
    let types = &call.instance().image.types;
    let Some(ty) = types
        .iter()
        .find(|ty| ty.kind == Kind::Uint8 && ty.name == "uint8")
    else {
        call.put_any(Any::NIL);
        return;
    };
    // SAFETY: a byte is a value of that type.
    let value = unsafe { boxed(call, ty, (&raw const byte).cast_mut()) };
    call.put_any(value);
}

fn map_entries(call: &mut NativeCall<'_>) {
    let value = call.any();
    let types = value.ty.and_then(|ty| Some((key(ty)?, element(ty)?)));
    let Some((key_type, element_type)) = types.filter(|_| !value.data.is_null()) else {
        call.put_slice(std::ptr::null(), 0, 0);
        return;
    };
    let count = 2 * length(value) as usize;
    let entries = call.allocate_array(&any_descriptor(), count);
    let mut iterator = MapIterator::default();
    // SAFETY: not nil, so a map.
    unsafe { iterator.start(value.data.cast::<MapHeader>(), 0) };
    let mut next = 0;
    while let Some((key, element)) = iterator.next_entry() {
        for (ty, address) in [(key_type, key), (element_type, element)] {
            // SAFETY: the addresses are those of an entry.
            let part = unsafe { boxed(call, ty, address) };
            let ty = part.ty.map_or(std::ptr::null(), |ty| &raw const *ty);
            assert!(next < count, "an iteration gives every entry once");
            // SAFETY: there is room for two values of two words for each entry.
            unsafe {
                entries
                    .cast::<(*const RuntimeType, *mut u8)>()
                    .add(next)
                    .write((ty, part.data));
            };
            next += 1;
        }
    }
    call.put_slice(entries, next, count);
}

/// What the collector must know of an `any`: types are not in the heap.
fn any_descriptor() -> TypeDescriptor {
    TypeDescriptor::new(16, 8, PointerBitmap::from_pointer_words([1]))
}

fn pointed_to(call: &mut NativeCall<'_>) {
    let value = call.any();
    let target = value.ty.and_then(element).filter(|_| !value.data.is_null());
    // SAFETY: a pointer that is not nil points at a value of its element type.
    let target = target.map_or(Any::NIL, |ty| unsafe { boxed(call, ty, value.data) });
    call.put_any(target);
}

fn zero(call: &mut NativeCall<'_>) {
    let value = call.any();
    let zero = value.ty.map_or(Any::NIL, |ty| {
        let made = match element(ty) {
            Some(element) if ty.kind == Kind::Pointer => element,
            _ if ty.is_pointer_shaped => {
                return Any {
                    ty: Some(ty),
                    data: std::ptr::null_mut(),
                };
            }
            _ => ty,
        };
        let data = if made.size_bytes == 0 {
            zero_size_address()
        } else {
            alloc::new_object(call.g, &made.descriptor)
        };
        Any { ty: Some(ty), data }
    });
    call.put_any(zero);
}

fn pointer_word(value: Any<'_>) -> u64 {
    let pointer = match value.ty.map(|ty| ty.kind) {
        Some(Kind::Slice) => slice_words(value).0,
        // SAFETY: not nil, so the address of a closure, which begins with its code.
        Some(Kind::Function) if !value.data.is_null() => unsafe { read(value.data) },
        Some(_) => value.data,
        None => std::ptr::null_mut(),
    };
    pointer.expose_provenance() as u64
}

fn is_nil(value: Any<'_>) -> bool {
    match value.ty {
        None => true,
        Some(ty) if ty.is_pointer_shaped => value.data.is_null(),
        Some(ty) if ty.kind == Kind::Slice => slice_words(value).0.is_null(),
        Some(_) => false,
    }
}

/// A number or bool, extended to 64 bits.
fn integer(value: Any<'_>) -> i64 {
    let Some(ty) = value.ty else { return 0 };
    // SAFETY: the box holds a value of that kind.
    unsafe {
        match ty.kind {
            Kind::Int8 => read::<i8>(value.data).into(),
            Kind::Int16 => read::<i16>(value.data).into(),
            Kind::Int32 => read::<i32>(value.data).into(),
            Kind::Int | Kind::Int64 => read(value.data),
            Kind::Bool | Kind::Uint8 => read::<u8>(value.data).into(),
            Kind::Uint16 => read::<u16>(value.data).into(),
            Kind::Uint32 => read::<u32>(value.data).into(),
            Kind::Uint | Kind::Uint64 | Kind::Uintptr => read::<u64>(value.data) as i64,
            _ => 0,
        }
    }
}

/// The parts of a complex number; a float is its own real part.
fn complex_parts(value: Any<'_>) -> [f64; 2] {
    let Some(ty) = value.ty else { return [0.0; 2] };
    // SAFETY: the box holds a value of that kind.
    unsafe {
        match ty.kind {
            Kind::Float32 => [read::<f32>(value.data).into(), 0.0],
            Kind::Float64 => [read(value.data), 0.0],
            Kind::Complex64 => read::<[f32; 2]>(value.data).map(f64::from),
            Kind::Complex128 => read(value.data),
            _ => [0.0; 2],
        }
    }
}

fn complex(call: &mut NativeCall<'_>) {
    let parts = complex_parts(call.any());
    call.put_float(parts[0]);
    call.put_float(parts[1]);
}

fn string(call: &mut NativeCall<'_>) {
    let value = call.any();
    let is_string = value.ty.is_some_and(|ty| ty.kind == Kind::String);
    let (start, length, _) = if is_string {
        slice_words(value)
    } else {
        (std::ptr::null_mut(), 0, 0)
    };
    call.put_pointer(start);
    call.put(length);
}

fn bytes(call: &mut NativeCall<'_>) {
    let value = call.any();
    match value.ty.map(|ty| ty.kind) {
        Some(Kind::Slice) => {
            let (start, length, capacity) = slice_words(value);
            call.put_slice(start, length as usize, capacity as usize);
        }
        Some(Kind::Array) => {
            let length = length(value) as usize;
            // SAFETY: the box holds that many bytes.
            let copy = call.copy_bytes(unsafe { std::slice::from_raw_parts(value.data, length) });
            call.put_slice(copy, length, length);
        }
        _ => call.put_slice(std::ptr::null(), 0, 0),
    }
}

/// The bytes of a value to be stored: up to three words.
struct Stored([u64; 3]);

impl Stored {
    /// A number or bool; the low bytes are those of narrower types.
    fn word(word: u64) -> Self {
        Stored([word, 0, 0])
    }
}

/// Takes a pointer, then a value, and stores what `take` makes of it where the pointer points.
fn set<'call>(
    call: &mut NativeCall<'call>,
    take: fn(&mut NativeCall<'call>, &RuntimeType) -> Stored,
) {
    let target = call.any();
    let Some(ty) = target
        .ty
        .and_then(element)
        .filter(|_| !target.data.is_null())
    else {
        return;
    };
    let Stored(words) = take(call, ty);
    if ty.size_bytes as usize <= size_of_val(&words) {
        // SAFETY: the pointer is not nil, so it points at a value of the size; the machine is little-endian.
        unsafe {
            barrier::before_store(call.g, target.data, ty.size_bytes as usize);
            target
                .data
                .copy_from_nonoverlapping(words.as_ptr().cast(), ty.size_bytes as usize);
        };
    }
}

fn set_bool(call: &mut NativeCall<'_>) {
    set(call, |call, _| Stored::word(u64::from(call.bool())));
}

fn set_integer(call: &mut NativeCall<'_>) {
    set(call, |call, _| Stored::word(call.word()));
}

fn set_float(call: &mut NativeCall<'_>) {
    set(call, |call, ty| {
        let value = call.float();
        let single = u64::from((value as f32).to_bits());
        Stored::word(if ty.kind == Kind::Float32 {
            single
        } else {
            value.to_bits()
        })
    });
}

fn set_string(call: &mut NativeCall<'_>) {
    set(call, |call, _| Stored([call.word(), call.word(), 0]));
}

fn set_bytes(call: &mut NativeCall<'_>) {
    set(call, |call, _| {
        Stored([call.word(), call.word(), call.word()])
    });
}

fn assign(call: &mut NativeCall<'_>) {
    let (target, value) = (call.any(), call.any());
    let types = target
        .ty
        .and_then(element)
        .zip(value.ty)
        .filter(|_| !target.data.is_null());
    let Some((wanted, dynamic)) = types else {
        call.put_bool(false);
        return;
    };
    if wanted.kind == Kind::Interface {
        let first: *const u8 = if wanted.methods.is_empty() {
            (&raw const *dynamic).cast()
        } else {
            interface::find_itab(call.instance(), wanted, dynamic).cast()
        };
        if !first.is_null() {
            // SAFETY: the pointer points at an interface value: two words.
            unsafe {
                barrier::before_store(call.g, target.data, 2 * size_of::<*const u8>());
                target
                    .data
                    .cast::<(*const u8, *mut u8)>()
                    .write((first, value.data));
            };
        }
        call.put_bool(!first.is_null());
        return;
    }
    let is_same = std::ptr::eq(wanted, dynamic);
    if is_same {
        // SAFETY: the pointer points at a value of the type of `value`.
        unsafe {
            barrier::before_store(call.g, target.data, wanted.size_bytes as usize);
            if wanted.is_pointer_shaped {
                target.data.cast::<*mut u8>().write(value.data);
            } else {
                target
                    .data
                    .copy_from(value.data, wanted.size_bytes as usize);
            }
        }
    }
    call.put_bool(is_same);
}

fn swap(call: &mut NativeCall<'_>) {
    let (value, left, right) = (call.any(), call.int(), call.int());
    let Some(element) = value
        .ty
        .filter(|ty| ty.kind == Kind::Slice)
        .and_then(element)
    else {
        return;
    };
    let (start, length, _) = slice_words(value);
    for index in [left, right] {
        if index < 0 || index as u64 >= length {
            let length = if index < 0 {
                String::new()
            } else {
                format!(" with length {length}")
            };
            let error = runtime_error::bounds_error(
                call.g,
                &format!("index out of range [{index}]{length}"),
            );
            panic::start(call.g, error);
            return;
        }
    }
    let size = element.size_bytes as usize;
    if left != right {
        let (left, right) = (left as usize * size, right as usize * size);
        // SAFETY: both elements are in the slice, and do not overlap.
        unsafe {
            // What is read by a marker between the two halves may be twice the one and never the other.
            barrier::before_store(call.g, start.add(left), size);
            barrier::before_store(call.g, start.add(right), size);
            std::ptr::swap_nonoverlapping(start.add(left), start.add(right), size);
        };
    }
}
