//! Entries whose files are still being written. They end the program with a clear message.

pub(crate) mod entries {
    use crate::entry::{Pair, Word};
    use crate::goroutine::Goroutine;

    pub(crate) unsafe extern "sysv64" fn string_concat(g: *mut Goroutine, _0: Word) -> Pair {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "string_concat is not supported yet");
        Pair(0, 0)
    }

    pub(crate) unsafe extern "sysv64" fn integer_to_string(g: *mut Goroutine, _0: Word) -> Pair {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "integer_to_string is not supported yet");
        Pair(0, 0)
    }

    pub(crate) unsafe extern "sysv64" fn bytes_to_string(g: *mut Goroutine, _0: Word, _1: Word) -> Pair {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "bytes_to_string is not supported yet");
        Pair(0, 0)
    }

    pub(crate) unsafe extern "sysv64" fn runes_to_string(g: *mut Goroutine, _0: Word, _1: Word) -> Pair {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "runes_to_string is not supported yet");
        Pair(0, 0)
    }

    pub(crate) unsafe extern "sysv64" fn string_to_bytes(g: *mut Goroutine, _0: Word, _1: Word) -> Pair {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "string_to_bytes is not supported yet");
        Pair(0, 0)
    }

    pub(crate) unsafe extern "sysv64" fn string_to_runes(g: *mut Goroutine, _0: Word, _1: Word) -> Pair {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "string_to_runes is not supported yet");
        Pair(0, 0)
    }

    pub(crate) unsafe extern "sysv64" fn decode_rune(g: *mut Goroutine, _0: Word, _1: Word, _2: Word) -> Pair {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "decode_rune is not supported yet");
        Pair(0, 0)
    }

    pub(crate) unsafe extern "sysv64" fn string_compare(g: *mut Goroutine, _0: Word, _1: Word, _2: Word, _3: Word) -> Word {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "string_compare is not supported yet");
        0
    }

    pub(crate) unsafe extern "sysv64" fn values_equal(g: *mut Goroutine, _0: Word, _1: Word, _2: Word) -> Word {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "values_equal is not supported yet");
        0
    }

    pub(crate) unsafe extern "sysv64" fn interface_equal(g: *mut Goroutine, _0: Word, _1: Word, _2: Word, _3: Word) -> Word {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "interface_equal is not supported yet");
        0
    }

    pub(crate) unsafe extern "sysv64" fn float_remainder(g: *mut Goroutine, _0: Word, _1: Word) -> Word {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "float_remainder is not supported yet");
        0
    }

    pub(crate) unsafe extern "sysv64" fn find_itab(g: *mut Goroutine, _0: Word, _1: Word) -> Word {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "find_itab is not supported yet");
        0
    }

    pub(crate) unsafe extern "sysv64" fn map_make(g: *mut Goroutine, _0: Word, _1: Word) -> Word {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "map_make is not supported yet");
        0
    }

    pub(crate) unsafe extern "sysv64" fn map_find(g: *mut Goroutine, _0: Word, _1: Word, _2: Word) -> Pair {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "map_find is not supported yet");
        Pair(0, 0)
    }

    pub(crate) unsafe extern "sysv64" fn map_find_word(g: *mut Goroutine, _0: Word, _1: Word, _2: Word) -> Pair {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "map_find_word is not supported yet");
        Pair(0, 0)
    }

    pub(crate) unsafe extern "sysv64" fn map_find_string(g: *mut Goroutine, _0: Word, _1: Word, _2: Word, _3: Word) -> Pair {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "map_find_string is not supported yet");
        Pair(0, 0)
    }

    pub(crate) unsafe extern "sysv64" fn map_assign(g: *mut Goroutine, _0: Word, _1: Word, _2: Word) -> Word {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "map_assign is not supported yet");
        0
    }

    pub(crate) unsafe extern "sysv64" fn map_assign_word(g: *mut Goroutine, _0: Word, _1: Word, _2: Word) -> Word {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "map_assign_word is not supported yet");
        0
    }

    pub(crate) unsafe extern "sysv64" fn map_assign_string(g: *mut Goroutine, _0: Word, _1: Word, _2: Word, _3: Word) -> Word {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "map_assign_string is not supported yet");
        0
    }

    pub(crate) unsafe extern "sysv64" fn map_delete(g: *mut Goroutine, _0: Word, _1: Word, _2: Word) {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "map_delete is not supported yet");
    }

    pub(crate) unsafe extern "sysv64" fn map_clear(g: *mut Goroutine, _0: Word, _1: Word) {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "map_clear is not supported yet");
    }

    pub(crate) unsafe extern "sysv64" fn map_iterate_start(g: *mut Goroutine, _0: Word, _1: Word, _2: Word) {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "map_iterate_start is not supported yet");
    }

    pub(crate) unsafe extern "sysv64" fn map_iterate_next(g: *mut Goroutine, _0: Word, _1: Word) -> Pair {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "map_iterate_next is not supported yet");
        Pair(0, 0)
    }

    pub(crate) unsafe extern "sysv64" fn print_bool(g: *mut Goroutine, _0: Word) {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "print_bool is not supported yet");
    }

    pub(crate) unsafe extern "sysv64" fn print_int(g: *mut Goroutine, _0: Word) {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "print_int is not supported yet");
    }

    pub(crate) unsafe extern "sysv64" fn print_uint(g: *mut Goroutine, _0: Word) {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "print_uint is not supported yet");
    }

    pub(crate) unsafe extern "sysv64" fn print_float(g: *mut Goroutine, _0: Word) {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "print_float is not supported yet");
    }

    pub(crate) unsafe extern "sysv64" fn print_string(g: *mut Goroutine, _0: Word, _1: Word) {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "print_string is not supported yet");
    }

    pub(crate) unsafe extern "sysv64" fn print_pointer(g: *mut Goroutine, _0: Word) {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "print_pointer is not supported yet");
    }

    pub(crate) unsafe extern "sysv64" fn print_slice(g: *mut Goroutine, _0: Word, _1: Word, _2: Word) {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "print_slice is not supported yet");
    }

    pub(crate) unsafe extern "sysv64" fn print_interface(g: *mut Goroutine, _0: Word, _1: Word) {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "print_interface is not supported yet");
    }

    pub(crate) unsafe extern "sysv64" fn print_flush(g: *mut Goroutine) {
        // SAFETY: the trampoline passes the running goroutine.
        crate::fatal::throw(unsafe { &mut *g }, "print_flush is not supported yet");
    }

}
