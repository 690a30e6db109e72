//! What compiled code calls for maps: nil maps, memory from the heap, and errors as panics.

use gc::layout::TypeDescriptor;

use super::layout::header_descriptor;
use super::{MapError, MapHeader, MapLayout, MapMemory, Text};
use crate::abi::RuntimeType;
use crate::equality::Fault;
use crate::goroutine::Goroutine;
use crate::scheduler::processor_of;
use crate::{alloc, barrier, equality, fatal, panic, runtime_error};

/// The heap, for the running goroutine.
struct GoroutineMemory<'a>(&'a Goroutine);

impl MapMemory for GoroutineMemory<'_> {
    fn allocate_array(&mut self, element: &TypeDescriptor, count: usize) -> Option<*mut u8> {
        Some(alloc::new_array(self.0, element, count))
    }

    fn random(&mut self) -> u64 {
        processor_of(self.0).random.word()
    }

    fn before_store(&mut self, address: *const u8, size_bytes: usize) {
        // SAFETY: the map passes memory of its own, which it overwrites next.
        unsafe { barrier::before_store(self.0, address, size_bytes) };
    }

    fn before_clear(&mut self, address: *const u8, size_bytes: usize) {
        // SAFETY: as above.
        unsafe { barrier::before_clear(self.0, address, size_bytes) };
    }
}

/// Begins the panic that an error stands for.
fn raise(g: &mut Goroutine, error: MapError) {
    match error {
        MapError::Fault(fault) => equality::entries::raise(g, fault),
        MapError::OutOfMemory => fatal::throw(g, "runtime: out of memory"),
    }
}

/// Begins the panic for a key without a hash that was looked up. Go words it differently where it need not hash.
fn raise_lookup(g: &mut Goroutine, fault: Fault, is_empty: bool) {
    match fault {
        Fault::Unhashable(ty) if is_empty => {
            // SAFETY: faults are made from the types of a live image.
            let text = format!("hash of unhashable type: {}", unsafe { &*ty }.name);
            let value = runtime_error::plain_error(g, &text);
            panic::start(g, value);
        }
        _ => equality::entries::raise(g, fault),
    }
}

const CONCURRENT_WRITES: &str = "concurrent map writes";

pub(crate) mod entries {
    use super::*;
    use crate::entry::{Pair, Word};
    use crate::map::MapIterator;
    use crate::safepoint;

    /// `make(map[K]V, hint)`.
    ///
    /// # Safety
    /// Called by its trampoline, with a map type of the image.
    pub(crate) unsafe extern "sysv64" fn map_make(
        g: *mut Goroutine,
        ty: *const RuntimeType,
        hint: i64,
    ) -> *mut MapHeader {
        // SAFETY: the trampoline passes the running goroutine, which this worker owns.
        let g = unsafe { &mut *g };
        safepoint::poll(g);
        // SAFETY: the caller's.
        let layout = unsafe { MapLayout::of(&*ty) };
        let map: *mut MapHeader = alloc::new_object(g, header_descriptor()).cast();
        let hint = u64::try_from(hint).unwrap_or(0);
        // SAFETY: a fresh header; layouts live as long as the program.
        let result = unsafe { MapHeader::initialize(map, layout, hint, &mut GoroutineMemory(g)) };
        if let Err(error) = result {
            raise(g, error);
        }
        map
    }

    /// `make(map[K]V)` of a map that stays small and does not outlive the caller's frame, where it has room.
    ///
    /// # Safety
    /// Called by its trampoline, with a map type of the image and room for a map of that type.
    pub(crate) unsafe extern "sysv64" fn map_make_in(
        g: *mut Goroutine,
        ty: *const RuntimeType,
        room: *mut u8,
    ) {
        // SAFETY: the trampoline passes the running goroutine, which this worker owns.
        let g = unsafe { &mut *g };
        // SAFETY: the caller's; layouts live as long as the program.
        unsafe { MapHeader::make_in(room, MapLayout::of(&*ty), &mut GoroutineMemory(g)) };
    }

    /// The element under the key at an address: where it is and 1, or a zero value and 0.
    ///
    /// # Safety
    /// Called by its trampoline, with a map of type `ty` or nil, and a key.
    pub(crate) unsafe extern "sysv64" fn map_find(
        g: *mut Goroutine,
        ty: *const RuntimeType,
        map: *mut MapHeader,
        key: *const u8,
    ) -> Pair {
        // SAFETY: as above; a map value is null or a header.
        let (g, map) = unsafe { (&mut *g, map.as_ref()) };
        let (layout, found) = if let Some(map) = map {
            if map.is_being_written() {
                return refuse_read(g);
            }
            // SAFETY: the caller's.
            (map.map_layout(), unsafe { map.find(key) })
        } else {
            // SAFETY: the caller's; layouts live as long as the program.
            let layout = unsafe { MapLayout::of(&*ty) };
            // Even in a nil map, a key that has no hash panics.
            // SAFETY: the caller's.
            (layout, unsafe { layout.check_key(key) }.map(|()| None))
        };
        match found {
            Ok(found) => found_or_zero(found, layout),
            Err(fault) => {
                raise_lookup(g, fault, map.is_none_or(MapHeader::is_empty));
                Pair(0, 0)
            }
        }
    }

    /// An element that was found and 1, or a zero value and 0.
    #[inline]
    fn found_or_zero(found: Option<*mut u8>, layout: &MapLayout) -> Pair {
        match found {
            Some(element) => Pair(element.expose_provenance() as u64, 1),
            None => Pair(layout.zero_element().expose_provenance() as u64, 0),
        }
    }

    #[cold]
    fn refuse_read(g: &mut Goroutine) -> Pair {
        fatal::throw_user(g, "concurrent map read and map write");
        Pair(0, 0)
    }

    /// As [`map_find`], for a key of four or eight plain bytes.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn map_find_word(
        g: *mut Goroutine,
        ty: *const RuntimeType,
        map: *mut MapHeader,
        key: Word,
    ) -> Pair {
        // SAFETY: as above.
        match unsafe { map.as_ref() } {
            Some(map) if !map.is_being_written() => {
                found_or_zero(map.find_word(key), map.map_layout())
            }
            // SAFETY: the caller's; the low bytes of the word come first.
            _ => unsafe { map_find(g, ty, map, (&raw const key).cast()) },
        }
    }

    /// As [`map_find`], for a string.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn map_find_string(
        g: *mut Goroutine,
        ty: *const RuntimeType,
        map: *mut MapHeader,
        start: Word,
        length: Word,
    ) -> Pair {
        let key = text(start, length);
        // SAFETY: as above.
        match unsafe { map.as_ref() } {
            Some(map) if !map.is_being_written() => {
                found_or_zero(map.find_plain(key), map.map_layout())
            }
            // SAFETY: the caller's.
            _ => unsafe { map_find(g, ty, map, (&raw const key).cast()) },
        }
    }

    fn text(start: Word, length: Word) -> Text {
        Text {
            start: std::ptr::with_exposed_provenance(start as usize),
            length: length as usize,
        }
    }

    /// Changes a map, which may have to grow for it: a safepoint if so.
    #[inline]
    fn change(
        g: &mut Goroutine,
        map: &mut MapHeader,
        change: impl FnOnce(&mut MapHeader, &mut GoroutineMemory) -> Result<*mut u8, MapError>,
    ) -> *mut u8 {
        if map.is_full() {
            safepoint::poll(g);
        }
        let id = g.id;
        let is_first = map.begin_write(id);
        let changed = change(map, &mut GoroutineMemory(g));
        if !(map.end_write(id) && is_first) {
            fatal::throw_user(g, CONCURRENT_WRITES);
            return std::ptr::null_mut();
        }
        changed.unwrap_or_else(|error| {
            raise(g, error);
            std::ptr::null_mut()
        })
    }

    /// The address of the element under the key at an address, which is added if absent. The map is not nil.
    ///
    /// # Safety
    /// Called by its trampoline, with a map and a key.
    pub(crate) unsafe extern "sysv64" fn map_assign(
        g: *mut Goroutine,
        _ty: *const RuntimeType,
        map: *mut MapHeader,
        key: *const u8,
    ) -> *mut u8 {
        // SAFETY: as above; compiled code has checked the map.
        let (g, map) = unsafe { (&mut *g, &mut *map) };
        // SAFETY: the caller's.
        change(g, map, |map, memory| unsafe { map.assign(key, memory) })
    }

    /// As [`map_assign`], for a key of four or eight plain bytes.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn map_assign_word(
        g: *mut Goroutine,
        _ty: *const RuntimeType,
        map: *mut MapHeader,
        key: Word,
    ) -> *mut u8 {
        // SAFETY: as above.
        let (g, map) = unsafe { (&mut *g, &mut *map) };
        change(g, map, |map, memory| map.assign_word(key, memory))
    }

    /// As [`map_assign`], for a string.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn map_assign_string(
        g: *mut Goroutine,
        _ty: *const RuntimeType,
        map: *mut MapHeader,
        start: Word,
        length: Word,
    ) -> *mut u8 {
        // SAFETY: as above.
        let (g, map) = unsafe { (&mut *g, &mut *map) };
        let key = text(start, length);
        change(g, map, |map, memory| map.assign_plain(key, memory))
    }

    /// `delete(m, key)`.
    ///
    /// # Safety
    /// Called by its trampoline, with a map of type `ty` or nil, and a key.
    pub(crate) unsafe extern "sysv64" fn map_delete(
        g: *mut Goroutine,
        ty: *const RuntimeType,
        map: *mut MapHeader,
        key: *const u8,
    ) {
        // SAFETY: as above.
        let (g, map) = unsafe { (&mut *g, map.as_mut()) };
        let is_empty = map.as_ref().is_none_or(|map| map.is_empty());
        let result = match map {
            Some(map) => {
                let is_first = map.begin_write(g.id);
                // SAFETY: the caller's.
                let result = unsafe { map.delete(key, &mut GoroutineMemory(g)) };
                if !(map.end_write(g.id) && is_first) {
                    fatal::throw_user(g, CONCURRENT_WRITES);
                    return;
                }
                result
            }
            // SAFETY: the caller's; layouts live as long as the program.
            None => unsafe { MapLayout::of(&*ty).check_key(key) },
        };
        if let Err(fault) = result {
            raise_lookup(g, fault, is_empty);
        }
    }

    /// `clear(m)`.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn map_clear(
        g: *mut Goroutine,
        _ty: *const RuntimeType,
        map: *mut MapHeader,
    ) {
        // SAFETY: as above; a map value is null or a header.
        let (g, map) = unsafe { (&mut *g, map.as_mut()) };
        if let Some(map) = map {
            let is_first = map.begin_write(g.id);
            map.clear(&mut GoroutineMemory(g));
            if !(map.end_write(g.id) && is_first) {
                fatal::throw_user(g, CONCURRENT_WRITES);
            }
        }
    }

    /// Starts an iteration.
    ///
    /// # Safety
    /// Called by its trampoline, with room for an iterator.
    pub(crate) unsafe extern "sysv64" fn map_iterate_start(
        g: *mut Goroutine,
        _ty: *const RuntimeType,
        map: *mut MapHeader,
        iterator: *mut MapIterator,
    ) {
        // SAFETY: the trampoline passes the running goroutine, compiled code an iterator of its own.
        let (g, iterator) = unsafe { (&*g, &mut *iterator) };
        let random = processor_of(g).random.word();
        // SAFETY: a map value is null or a map; the iterator keeps it alive.
        unsafe { iterator.start(map, random) };
    }

    /// The next entry: addresses of key and element, 0 at the end.
    ///
    /// # Safety
    /// Called by its trampoline, with an iterator that was started.
    pub(crate) unsafe extern "sysv64" fn map_iterate_next(
        g: *mut Goroutine,
        _ty: *const RuntimeType,
        iterator: *mut MapIterator,
    ) -> Pair {
        // SAFETY: as above.
        let (g, iterator) = unsafe { (&mut *g, &mut *iterator) };
        if iterator.is_map_being_written() {
            fatal::throw_user(g, "concurrent map iteration and map write");
            return Pair(0, 0);
        }
        match iterator.next_entry() {
            Some((key, element)) => Pair(
                key.expose_provenance() as u64,
                element.expose_provenance() as u64,
            ),
            None => Pair(0, 0),
        }
    }
}
