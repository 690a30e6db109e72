//! `NativeCall`: typed access to the words of a native's arguments and results, and what natives may ask of the runtime.

#![expect(
    clippy::cast_ptr_alignment,
    reason = "values lie aligned where their types say"
)]

use gc::layout::TypeDescriptor;

use crate::abi::{ARGUMENT_WORDS, RuntimeType};
use crate::goroutine::Goroutine;
use crate::instance::Instance;
use crate::scheduler::instance_of;
use crate::{alloc, string};

/// A native in progress. Arguments are taken in order, then results left in order.
#[derive(Debug)]
pub struct NativeCall<'call> {
    /// The calling goroutine.
    pub g: &'call mut Goroutine,
    next_argument: usize,
    next_result: usize,
}

/// A value of type `any`.
#[derive(Debug, Clone, Copy)]
pub struct Any<'call> {
    /// Its dynamic type; `None` for the nil interface.
    pub ty: Option<&'call RuntimeType>,
    /// Its data word.
    pub data: *mut u8,
}

impl Any<'_> {
    /// The nil interface.
    pub const NIL: Self = Any {
        ty: None,
        data: std::ptr::null_mut(),
    };
}

/// A slice argument.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    /// Address of element 0.
    pub start: *mut u8,
    /// Elements.
    pub len: usize,
    /// Capacity in elements.
    pub capacity: usize,
}

impl<'call> NativeCall<'call> {
    /// The call whose argument words are those of `g`'s block.
    pub fn new(g: &'call mut Goroutine) -> Self {
        Self {
            g,
            next_argument: 0,
            next_result: 0,
        }
    }

    /// The program.
    pub fn instance<'a>(&self) -> &'a Instance {
        instance_of(self.g)
    }

    /// The next argument word.
    pub fn word(&mut self) -> u64 {
        debug_assert_eq!(
            self.next_result, 0,
            "arguments are read before results are written"
        );
        assert!(self.next_argument < ARGUMENT_WORDS);
        // SAFETY: the block points at `ARGUMENT_WORDS` words of the worker whose thread this is.
        let word = unsafe { *self.g.block.arguments.add(self.next_argument) };
        self.next_argument += 1;
        word
    }

    /// The next argument, a signed integer.
    pub fn int(&mut self) -> i64 {
        self.word() as i64
    }

    /// The next argument, a bool.
    pub fn bool(&mut self) -> bool {
        self.word() & 0xFF != 0
    }

    /// The next argument, a `float64`.
    pub fn float(&mut self) -> f64 {
        f64::from_bits(self.word())
    }

    /// The next argument, an address.
    pub fn pointer(&mut self) -> *mut u8 {
        std::ptr::with_exposed_provenance_mut(self.word() as usize)
    }

    /// The next argument, a slice.
    pub fn slice(&mut self) -> Slice {
        let start = self.pointer();
        let len = self.word() as usize;
        let capacity = self.word() as usize;
        Slice {
            start,
            len,
            capacity,
        }
    }

    /// The next argument, a string. It lives through the call: nothing is collected after it began.
    pub fn string(&mut self) -> &'call [u8] {
        let start = self.pointer();
        let len = self.word() as usize;
        // SAFETY: a string's pointer and length name readable bytes, which never change.
        unsafe { string::bytes(start, len as u64) }
    }

    /// The next argument, a `[]byte` to read.
    pub fn bytes(&mut self) -> &'call [u8] {
        let slice = self.slice();
        // SAFETY: a slice's pointer and length name readable bytes. A program that writes them meanwhile has a data race:
        // natives only move bytes, so it can spoil contents but nothing else.
        unsafe { string::bytes(slice.start, slice.len as u64) }
    }

    /// The next argument, a `[]byte` to write.
    pub fn bytes_mut(&mut self) -> &'call mut [u8] {
        let slice = self.slice();
        // SAFETY: as for `words_mut`, with bytes for elements.
        unsafe { elements_mut(slice) }
    }

    /// The next argument, a `[]uint64` to write.
    pub fn words_mut(&mut self) -> &'call mut [u64] {
        let slice = self.slice();
        // SAFETY: a slice's pointer and length name writable words, which the library made for this call; and natives do not
        // read another argument while they write this one.
        unsafe { elements_mut(slice) }
    }

    /// The next argument, an `any`.
    pub fn any(&mut self) -> Any<'call> {
        let ty: *const RuntimeType = std::ptr::with_exposed_provenance(self.word() as usize);
        let data = self.pointer();
        // SAFETY: an `any` is nil or begins with a type of the image, which outlives the call.
        let ty = unsafe { ty.as_ref() };
        Any { ty, data }
    }

    /// Leaves a result word.
    pub fn put(&mut self, word: u64) {
        assert!(self.next_result < ARGUMENT_WORDS);
        // SAFETY: the block points at `ARGUMENT_WORDS` words of the worker whose thread this is.
        unsafe { *self.g.block.arguments.add(self.next_result) = word };
        self.next_result += 1;
    }

    /// Leaves a signed integer.
    pub fn put_int(&mut self, value: i64) {
        self.put(value as u64);
    }

    /// Leaves a bool.
    pub fn put_bool(&mut self, value: bool) {
        self.put(u64::from(value));
    }

    /// Leaves a `float64`.
    pub fn put_float(&mut self, value: f64) {
        self.put(value.to_bits());
    }

    /// Leaves an address.
    pub fn put_pointer(&mut self, pointer: *const u8) {
        self.put(pointer.expose_provenance() as u64);
    }

    /// Leaves a fresh string with these bytes.
    pub fn put_string(&mut self, bytes: &[u8]) {
        let start = self.copy_bytes(bytes);
        self.put_pointer(start);
        self.put(bytes.len() as u64);
    }

    /// Leaves a string whose bytes need not be copied: they live as long as the program.
    pub fn put_static_string(&mut self, text: &str) {
        self.put_pointer(text.as_ptr());
        self.put(text.len() as u64);
    }

    /// Leaves a slice.
    pub fn put_slice(&mut self, start: *const u8, len: usize, capacity: usize) {
        self.put_pointer(start);
        self.put(len as u64);
        self.put(capacity as u64);
    }

    /// Leaves a `[]string`.
    pub fn put_strings(&mut self, strings: &[Vec<u8>]) {
        let start = self.allocate_array(&alloc::string_descriptor(), strings.len());
        for (index, bytes) in strings.iter().enumerate() {
            let text = self.copy_bytes(bytes);
            // SAFETY: the array has room for that many strings of two words.
            let place = unsafe { start.cast::<(*mut u8, usize)>().add(index) };
            // SAFETY: as above.
            unsafe { place.write((text, bytes.len())) };
        }
        self.put_slice(start, strings.len(), strings.len());
    }

    /// Leaves an `any`.
    pub fn put_any(&mut self, value: Any<'_>) {
        self.put_pointer(
            value
                .ty
                .map_or(std::ptr::null(), |ty| (&raw const *ty).cast()),
        );
        self.put_pointer(value.data);
    }

    /// A fresh copy of bytes; null if there are none.
    pub fn copy_bytes(&mut self, bytes: &[u8]) -> *mut u8 {
        std::ptr::with_exposed_provenance_mut(alloc::new_string(self.g, bytes).0 as usize)
    }

    /// Zeroed room for `count` values.
    pub fn allocate_array(&mut self, element: &TypeDescriptor, count: usize) -> *mut u8 {
        alloc::new_array(self.g, element, count)
    }
}

/// # Safety
/// The slice's elements are `T`s, writable, and nothing else uses them while the result is used.
unsafe fn elements_mut<'a, T>(slice: Slice) -> &'a mut [T] {
    if slice.len == 0 {
        return &mut [];
    }
    // SAFETY: the caller's.
    unsafe { std::slice::from_raw_parts_mut(slice.start.cast(), slice.len) }
}
