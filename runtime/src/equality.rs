//! Equality and hashing of values of any comparable type, by their run-time type.
//!
//! Spec: "Comparison operators". Floats compare by value: `+0 == -0`, NaN equals nothing, and so
//! hashes: equal values hash equal, NaNs hash by the address they are asked at, so that several can
//! be in a map. Interfaces compare by dynamic type and value; a dynamic type that is not comparable
//! is a [`Fault`], which becomes a Go panic.

#![expect(
    clippy::cast_ptr_alignment,
    reason = "values lie aligned where their types say"
)]

use crate::abi::{Kind, RuntimeType};

/// Why values could not be compared or hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// `comparing uncomparable type T`
    Uncomparable(*const RuntimeType),
    /// `hash of unhashable type T`
    Unhashable(*const RuntimeType),
}

impl Fault {
    /// Go's text, without `runtime error: `.
    pub fn message(self) -> String {
        let (text, ty) = match self {
            Fault::Uncomparable(ty) => ("comparing uncomparable type", ty),
            Fault::Unhashable(ty) => ("hash of unhashable type", ty),
        };
        // SAFETY: faults are made from the types of a live image.
        format!("{text} {}", unsafe { &*ty }.name)
    }
}

/// Whether two values of type `ty` are equal.
///
/// # Safety
/// Both addresses hold values of that type, and no one writes them meanwhile.
#[expect(clippy::float_cmp, reason = "floats compare exactly in Go")]
pub unsafe fn values_equal(
    ty: &RuntimeType,
    left: *const u8,
    right: *const u8,
) -> Result<bool, Fault> {
    let size = ty.size_bytes as usize;
    if ty.is_plain_memory {
        // SAFETY: both hold `size` bytes.
        return Ok(unsafe { bytes_equal(left, right, size) });
    }
    // SAFETY: every read below is inside the values, with the type's layout; the alignment of every
    // part is that of its type.
    unsafe {
        match ty.kind {
            Kind::Float32 => Ok(read::<f32>(left) == read::<f32>(right)),
            Kind::Float64 => Ok(read::<f64>(left) == read::<f64>(right)),
            Kind::Complex64 => Ok(read::<[f32; 2]>(left) == read::<[f32; 2]>(right)),
            Kind::Complex128 => Ok(read::<[f64; 2]>(left) == read::<[f64; 2]>(right)),
            Kind::String => {
                let (left_start, left_len): (*const u8, usize) = read_pair(left);
                let (right_start, right_len) = read_pair(right);
                Ok(left_len == right_len && bytes_equal(left_start, right_start, left_len))
            }
            Kind::Interface => {
                let (left_type, left_data) = dynamic_value(ty, left);
                let (right_type, right_data) = dynamic_value(ty, right);
                interfaces_equal(left_type, left_data, right_type, right_data)
            }
            Kind::Struct => {
                for field in ty.fields.iter().filter(|field| field.name != "_") {
                    let offset = field.offset as usize;
                    if !values_equal(&*field.ty, left.add(offset), right.add(offset))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Kind::Array => {
                let element = &*ty.element;
                for index in 0..ty.length as usize {
                    let offset = index * element.size_bytes as usize;
                    if !values_equal(element, left.add(offset), right.add(offset))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Kind::Function | Kind::Map | Kind::Slice => Err(Fault::Uncomparable(ty)),
            _ => Ok(bytes_equal(left, right, size)),
        }
    }
}

/// Whether two interface values, given by dynamic type and data word, are equal.
///
/// # Safety
/// The types are null or of a live image, the data words fit them.
pub unsafe fn interfaces_equal(
    left_type: *const RuntimeType,
    left_data: *const u8,
    right_type: *const RuntimeType,
    right_data: *const u8,
) -> Result<bool, Fault> {
    if left_type != right_type {
        return Ok(false);
    }
    if left_type.is_null() {
        return Ok(true);
    }
    // SAFETY: not null, and of a live image.
    let ty = unsafe { &*left_type };
    if !ty.is_comparable {
        return Err(Fault::Uncomparable(ty));
    }
    if ty.is_pointer_shaped {
        return Ok(left_data == right_data);
    }
    // A box that is compared with itself may still hold a NaN, so there is no short cut.
    // SAFETY: the data words of such types point at boxes that hold a value.
    unsafe { values_equal(ty, left_data, right_data) }
}

/// The dynamic type and the data word of the interface value of static type `ty` at an address.
///
/// # Safety
/// The address holds such a value.
pub unsafe fn dynamic_value(
    ty: &RuntimeType,
    address: *const u8,
) -> (*const RuntimeType, *const u8) {
    // SAFETY: an interface value is two words.
    let (word, data): (*const u8, *const u8) = unsafe { read_pair(address) };
    if ty.methods.is_empty() || word.is_null() {
        return (word.cast(), data);
    }
    // SAFETY: the first word of an interface with methods is null or an itab.
    (unsafe { &*word.cast::<crate::abi::Itab>() }.concrete, data)
}

/// The hash of a value of type `ty`.
///
/// # Safety
/// As [`values_equal`].
pub unsafe fn hash_value(ty: &RuntimeType, address: *const u8, seed: u64) -> Result<u64, Fault> {
    if ty.is_plain_memory {
        // SAFETY: the address holds that many bytes.
        return Ok(unsafe { hash_bytes(address, ty.size_bytes as usize, seed) });
    }
    // SAFETY: every read below is inside the value, with the type's layout.
    unsafe {
        match ty.kind {
            Kind::Float32 => Ok(hash_float(f64::from(read::<f32>(address)), address, seed)),
            Kind::Float64 => Ok(hash_float(read::<f64>(address), address, seed)),
            Kind::Complex64 => {
                let [re, im] = read::<[f32; 2]>(address);
                Ok(hash_float(
                    f64::from(im),
                    address,
                    hash_float(f64::from(re), address, seed),
                ))
            }
            Kind::Complex128 => {
                let [re, im] = read::<[f64; 2]>(address);
                Ok(hash_float(im, address, hash_float(re, address, seed)))
            }
            Kind::String => {
                let (start, len): (*const u8, usize) = read_pair(address);
                Ok(hash_bytes(start, len, seed))
            }
            Kind::Interface => {
                let (dynamic, data) = dynamic_value(ty, address);
                if dynamic.is_null() {
                    return Ok(seed);
                }
                let dynamic = &*dynamic;
                if !dynamic.is_comparable {
                    return Err(Fault::Unhashable(dynamic));
                }
                let seed = mix(seed ^ (&raw const *dynamic as u64), MULTIPLIER_0);
                if dynamic.is_pointer_shaped {
                    return Ok(hash_word(data as u64, seed));
                }
                hash_value(dynamic, data, seed)
            }
            Kind::Struct => {
                let mut hash = seed;
                for field in ty.fields.iter().filter(|field| field.name != "_") {
                    hash = hash_value(&*field.ty, address.add(field.offset as usize), hash)?;
                }
                Ok(hash)
            }
            Kind::Array => {
                let element = &*ty.element;
                let mut hash = seed;
                for index in 0..ty.length as usize {
                    hash = hash_value(
                        element,
                        address.add(index * element.size_bytes as usize),
                        hash,
                    )?;
                }
                Ok(hash)
            }
            Kind::Function | Kind::Map | Kind::Slice => Err(Fault::Unhashable(ty)),
            _ => Ok(hash_bytes(address, ty.size_bytes as usize, seed)),
        }
    }
}

// Odd constants with as many zeros as ones, from the digits of pi: any such do.
const MULTIPLIER_0: u64 = 0x2d35_8dcc_aa6c_78a5;
const MULTIPLIER_1: u64 = 0x8bb8_4b93_962e_acc9;

/// Multiplies to 128 bits and folds: every bit of either side reaches every bit of the result.
#[inline]
fn mix(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    product as u64 ^ (product >> 64) as u64
}

/// The hash of a word.
#[inline]
pub fn hash_word(word: u64, seed: u64) -> u64 {
    mix(word ^ MULTIPLIER_0, seed ^ MULTIPLIER_1)
}

/// The hash of bytes.
///
/// Source: the multiply-and-fold scheme of Wang Yi's wyhash, eight bytes a step.
///
/// # Safety
/// The bytes are readable.
pub unsafe fn hash_bytes(start: *const u8, len: usize, seed: u64) -> u64 {
    if len == 8 {
        // SAFETY: eight bytes are readable.
        return hash_word(unsafe { read::<u64>(start) }, seed);
    }
    let mut hash = seed ^ (len as u64).wrapping_mul(MULTIPLIER_1);
    let mut offset = 0;
    // SAFETY: all reads are below `len`.
    unsafe {
        while offset + 16 <= len {
            hash = mix(
                read::<u64>(start.add(offset)) ^ MULTIPLIER_0,
                read::<u64>(start.add(offset + 8)) ^ hash,
            );
            offset += 16;
        }
        let rest = len - offset;
        let tail = start.add(offset);
        let (low, high) = match rest {
            0 => (0, 0),
            1..=3 => (
                u64::from(*tail)
                    | u64::from(*tail.add(rest / 2)) << 8
                    | u64::from(*tail.add(rest - 1)) << 16,
                0,
            ),
            4..=7 => (
                u64::from(read::<u32>(tail)),
                u64::from(read::<u32>(tail.add(rest - 4))),
            ),
            _ => (read::<u64>(tail), read::<u64>(tail.add(rest - 8))),
        };
        mix(
            mix(low ^ MULTIPLIER_1, high ^ hash),
            MULTIPLIER_0 ^ len as u64,
        )
    }
}

/// Zeros of both signs hash alike; NaNs hash by where they are, since they equal nothing.
fn hash_float(value: f64, address: *const u8, seed: u64) -> u64 {
    if value == 0.0 {
        hash_word(0, seed)
    } else if value.is_nan() {
        hash_word(address as u64 ^ 0x7ff8_0000_0000_0001, seed)
    } else {
        hash_word(value.to_bits(), seed)
    }
}

/// Whether two ranges of bytes are the same. Short ones, as most keys are, are compared here, by words that may overlap.
///
/// # Safety
/// Both ranges are readable (any address does if `len` is 0).
#[inline]
pub(crate) unsafe fn bytes_equal(left: *const u8, right: *const u8, len: usize) -> bool {
    if left == right {
        return true;
    }
    // SAFETY: all reads are below `len`; neither address is null if there are bytes.
    unsafe {
        let differ = |offset: usize| read::<u64>(left.add(offset)) ^ read::<u64>(right.add(offset));
        match len {
            0 => true,
            1..=3 => {
                *left == *right
                    && *left.add(len / 2) == *right.add(len / 2)
                    && *left.add(len - 1) == *right.add(len - 1)
            }
            4..=7 => {
                read::<u32>(left) == read::<u32>(right)
                    && read::<u32>(left.add(len - 4)) == read::<u32>(right.add(len - 4))
            }
            8..=16 => differ(0) | differ(len - 8) == 0,
            17..=32 => differ(0) | differ(8) | differ(len - 16) | differ(len - 8) == 0,
            _ => std::slice::from_raw_parts(left, len) == std::slice::from_raw_parts(right, len),
        }
    }
}

/// # Safety
/// The address holds a `T`.
#[inline]
unsafe fn read<T: Copy>(address: *const u8) -> T {
    // SAFETY: the caller's. Unaligned, since bytes are hashed in words.
    unsafe { address.cast::<T>().read_unaligned() }
}

/// # Safety
/// The address holds an `A` and, a word further, a `B`.
#[inline]
unsafe fn read_pair<A: Copy, B: Copy>(address: *const u8) -> (A, B) {
    // SAFETY: the caller's.
    unsafe { (read(address), read(address.add(8))) }
}

/// What compiled code calls.
pub(crate) mod entries {
    use super::{Fault, RuntimeType};
    use crate::entry::Word;
    use crate::goroutine::Goroutine;
    use crate::{panic, runtime_error};

    /// Begins the panic a fault stands for.
    pub(crate) fn raise(g: &mut Goroutine, fault: Fault) {
        let value = runtime_error::error_string(g, &fault.message());
        panic::start(g, value);
    }

    fn verdict(g: *mut Goroutine, result: Result<bool, Fault>) -> Word {
        result.map_or_else(
            |fault| {
                // SAFETY: the trampoline passes the running goroutine, which this worker owns.
                raise(unsafe { &mut *g }, fault);
                0
            },
            Word::from,
        )
    }

    /// `==` on two values of one type.
    ///
    /// # Safety
    /// Called by its trampoline, with the addresses of such values.
    pub(crate) unsafe extern "sysv64" fn values_equal(
        g: *mut Goroutine,
        ty: *const RuntimeType,
        left: *const u8,
        right: *const u8,
    ) -> Word {
        // SAFETY: the caller's.
        verdict(g, unsafe { super::values_equal(&*ty, left, right) })
    }

    /// `==` on two interface values, given by their dynamic types and data words.
    ///
    /// # Safety
    /// Called by its trampoline, with types of the image and data words that fit.
    pub(crate) unsafe extern "sysv64" fn interface_equal(
        g: *mut Goroutine,
        left_type: *const RuntimeType,
        left_data: *const u8,
        right_type: *const RuntimeType,
        right_data: *const u8,
    ) -> Word {
        // SAFETY: the caller's.
        verdict(g, unsafe {
            super::interfaces_equal(left_type, left_data, right_type, right_data)
        })
    }

    /// The remainder of two floats, by their bits, with the sign of the first.
    ///
    /// # Safety
    /// None; called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn float_remainder(
        _g: *mut Goroutine,
        left: Word,
        right: Word,
    ) -> Word {
        (f64::from_bits(left) % f64::from_bits(right)).to_bits()
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, hash_value, interfaces_equal, values_equal};
    use crate::abi::{Kind, RuntimeType};
    use crate::random::Random;
    use crate::test_types::{any, int, scalar, string, structure, words};

    fn equal<T>(ty: &RuntimeType, left: &T, right: &T) -> Result<bool, Fault> {
        // SAFETY: the tests use values of the type.
        unsafe { values_equal(ty, (&raw const *left).cast(), (&raw const *right).cast()) }
    }

    fn hash<T>(ty: &RuntimeType, value: &T) -> Result<u64, Fault> {
        // SAFETY: as above.
        unsafe { hash_value(ty, (&raw const *value).cast(), 1) }
    }

    #[test]
    fn floats_compare_by_value_and_hash_alike() {
        let ty = scalar("float64", Kind::Float64, 8);
        assert_eq!(equal(&ty, &0.0_f64, &-0.0_f64), Ok(true));
        assert_eq!(hash(&ty, &0.0_f64), hash(&ty, &-0.0_f64));
        assert_eq!(equal(&ty, &f64::NAN, &f64::NAN), Ok(false));
        let nans = [f64::NAN; 2];
        assert_ne!(hash(&ty, &nans[0]), hash(&ty, &nans[1]));
        let complex = scalar("complex128", Kind::Complex128, 16);
        assert_eq!(equal(&complex, &[1.0, 0.0], &[1.0, -0.0]), Ok(true));
        assert_eq!(hash(&complex, &[1.0, 0.0]), hash(&complex, &[1.0, -0.0]));
        assert_eq!(
            equal(&complex, &[1.0, f64::NAN], &[1.0, f64::NAN]),
            Ok(false)
        );
        let single = scalar("float32", Kind::Float32, 4);
        assert_eq!(equal(&single, &0.0_f32, &-0.0_f32), Ok(true));
        assert_eq!(hash(&single, &0.0_f32), hash(&single, &-0.0_f32));
    }

    #[test]
    fn strings_of_every_length_compare_and_hash_by_their_bytes() {
        let ty = string();
        let mut random = Random::from_seed(1);
        let mut hashes = std::collections::HashSet::new();
        for length in 0..100 {
            let text: Vec<u8> = (0..length).map(|_| random.word() as u8).collect();
            let copy = text.clone();
            let words = |text: &[u8]| [text.as_ptr() as u64, text.len() as u64];
            assert_eq!(equal(&ty, &words(&text), &words(&copy)), Ok(true));
            assert_eq!(hash(&ty, &words(&text)), hash(&ty, &words(&copy)));
            assert!(hashes.insert(hash(&ty, &words(&text)).expect("hashable")));
            for index in 0..length {
                let mut other = copy.clone();
                other[index] ^= 1 << random.below(8);
                assert_eq!(equal(&ty, &words(&text), &words(&other)), Ok(false));
                assert_ne!(
                    hash(&ty, &words(&text)),
                    hash(&ty, &words(&other)),
                    "length {length}, byte {index}"
                );
            }
        }
    }

    #[test]
    fn structs_compare_field_by_field_without_blanks() {
        let (int_type, string_type) = (int(), string());
        let mut ty = structure("main.T", &[&int_type, &string_type]);
        let (left, right) = ("same".to_owned(), "same".to_owned());
        let left = [1, left.as_ptr() as u64, 4];
        let right = [2, right.as_ptr() as u64, 4];
        assert_eq!(equal(&ty, &left, &right), Ok(false));
        ty.fields[0].name = "_".to_owned();
        assert_eq!(equal(&ty, &left, &right), Ok(true));
        assert_eq!(hash(&ty, &left), hash(&ty, &right));
    }

    #[test]
    fn arrays_stop_at_the_first_difference() {
        let any_type = any();
        let slice = words("[]int", Kind::Slice, 3, &[0]);
        let ty = RuntimeType {
            element: &raw const any_type,
            length: 2,
            ..words("[2]interface {}", Kind::Array, 4, &[1, 3])
        };
        let ty = RuntimeType {
            is_plain_memory: false,
            ..ty
        };
        let (int_type, numbers, empty) = (int(), [1_u64, 2], [0_u64; 3]);
        let value = |number: &u64| {
            [
                &raw const int_type as u64,
                &raw const *number as u64,
                &raw const slice as u64,
                empty.as_ptr() as u64,
            ]
        };
        assert_eq!(
            equal(&ty, &value(&numbers[0]), &value(&numbers[1])),
            Ok(false)
        );
        assert_eq!(
            equal(&ty, &value(&numbers[0]), &value(&numbers[0])),
            Err(Fault::Uncomparable(&raw const slice))
        );
        assert_eq!(
            hash(&ty, &value(&numbers[0])),
            Err(Fault::Unhashable(&raw const slice))
        );
    }

    #[test]
    fn interfaces_compare_type_then_value() {
        let (int_type, other_type) = (int(), scalar("main.Number", Kind::Int, 8));
        let numbers = [5_u64, 5, 6];
        let address = |index: usize| (&raw const numbers[index]).cast::<u8>();
        // SAFETY: boxes of the types.
        unsafe {
            let null = std::ptr::null();
            assert_eq!(
                interfaces_equal(
                    &raw const int_type,
                    address(0),
                    &raw const int_type,
                    address(1)
                ),
                Ok(true)
            );
            assert_eq!(
                interfaces_equal(
                    &raw const int_type,
                    address(0),
                    &raw const int_type,
                    address(2)
                ),
                Ok(false)
            );
            assert_eq!(
                interfaces_equal(
                    &raw const int_type,
                    address(0),
                    &raw const other_type,
                    address(1)
                ),
                Ok(false)
            );
            assert_eq!(
                interfaces_equal(null, std::ptr::null(), null, std::ptr::null()),
                Ok(true)
            );
            assert_eq!(
                interfaces_equal(&raw const int_type, address(0), null, std::ptr::null()),
                Ok(false)
            );
        }
    }
}
