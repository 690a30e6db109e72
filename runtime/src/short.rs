//! What runtime functions do before they leave the goroutine's stack: moving, clearing, comparing and searching what is short,
//! as most texts are, takes less time than the way to Rust and back.
//!
//! Each macro is the beginning of the trampoline of its name, see [`crate::context`]. It returns to compiled code, or jumps to
//! label 9, the long way, with the argument registers as they were. It uses no stack and only registers that a call loses (but
//! for the write barrier): rax, rcx, rdx, rsi, rdi, r8 to r11, xmm0 to xmm15. The goroutine's block is in rdi, the arguments in rsi, rdx, rcx and r8.
//!
//! Two accesses of one width, from both ends, do for all sizes from that width to twice as much.

/// Target, source, bytes; they may overlap, so all is read before anything is written.
macro_rules! memory_move {
    () => {
        concat!(
            "cmp rcx, 16\n ja 4f\n",
            "cmp rcx, 8\n jae 3f\n",
            "cmp rcx, 4\n jae 2f\n",
            "test rcx, rcx\n je 5f\n",
            "movzx eax, byte ptr [rdx]\n",
            "movzx r8d, byte ptr [rdx + rcx - 1]\n",
            "mov r10, rcx\n shr r10\n",
            "movzx r9d, byte ptr [rdx + r10]\n",
            "mov [rsi], al\n mov [rsi + r10], r9b\n mov [rsi + rcx - 1], r8b\n",
            "5: ret\n",
            "2: mov eax, [rdx]\n mov r8d, [rdx + rcx - 4]\n",
            "mov [rsi], eax\n mov [rsi + rcx - 4], r8d\n ret\n",
            "3: mov rax, [rdx]\n mov r8, [rdx + rcx - 8]\n",
            "mov [rsi], rax\n mov [rsi + rcx - 8], r8\n ret\n",
            "4: cmp rcx, 32\n ja 6f\n",
            "movups xmm0, [rdx]\n movups xmm1, [rdx + rcx - 16]\n",
            "movups [rsi], xmm0\n movups [rsi + rcx - 16], xmm1\n ret\n",
            "6: cmp rcx, 64\n ja 9f\n",
            "movups xmm0, [rdx]\n movups xmm1, [rdx + 16]\n",
            "movups xmm2, [rdx + rcx - 32]\n movups xmm3, [rdx + rcx - 16]\n",
            "movups [rsi], xmm0\n movups [rsi + 16], xmm1\n",
            "movups [rsi + rcx - 32], xmm2\n movups [rsi + rcx - 16], xmm3\n ret\n",
        )
    };
}

/// Left, right, bytes: 1 if all are equal, else 0.
macro_rules! memory_equal {
    () => {
        concat!(
            "cmp rcx, 16\n ja 4f\n",
            "cmp rcx, 8\n jae 3f\n",
            "cmp rcx, 4\n jae 2f\n",
            "mov eax, 1\n",
            "test rcx, rcx\n je 5f\n",
            "movzx r8d, byte ptr [rsi]\n xor r8b, [rdx]\n",
            "movzx r9d, byte ptr [rsi + rcx - 1]\n xor r9b, [rdx + rcx - 1]\n",
            "shr rcx\n",
            "movzx r10d, byte ptr [rsi + rcx]\n xor r10b, [rdx + rcx]\n",
            "xor eax, eax\n or r8d, r9d\n or r8d, r10d\n sete al\n",
            "5: ret\n",
            "2: mov r8d, [rsi]\n xor r8d, [rdx]\n",
            "mov r9d, [rsi + rcx - 4]\n xor r9d, [rdx + rcx - 4]\n",
            "xor eax, eax\n or r8d, r9d\n sete al\n ret\n",
            "3: mov r8, [rsi]\n xor r8, [rdx]\n",
            "mov r9, [rsi + rcx - 8]\n xor r9, [rdx + rcx - 8]\n",
            "xor eax, eax\n or r8, r9\n sete al\n ret\n",
            "4: cmp rcx, 32\n ja 9f\n",
            "movups xmm0, [rsi]\n movups xmm1, [rdx]\n pcmpeqb xmm0, xmm1\n",
            "movups xmm2, [rsi + rcx - 16]\n movups xmm3, [rdx + rcx - 16]\n pcmpeqb xmm2, xmm3\n",
            "pand xmm0, xmm2\n pmovmskb r8d, xmm0\n",
            "xor eax, eax\n cmp r8d, 0xffff\n sete al\n ret\n",
        )
    };
}

/// Two strings: -1 if the left one comes first, 1 if the right one does. Here if their first bytes tell.
macro_rules! string_compare {
    () => {
        concat!(
            "mov r9, rdx\n cmp r9, r8\n cmova r9, r8\n",
            "cmp r9, 8\n jb 2f\n",
            "mov rax, [rsi]\n mov r10, [rcx]\n",
            "bswap rax\n bswap r10\n cmp rax, r10\n je 9f\n",
            "3: sbb rax, rax\n or rax, 1\n ret\n",
            "2: test r9, r9\n je 9f\n",
            "movzx eax, byte ptr [rsi]\n movzx r10d, byte ptr [rcx]\n cmp eax, r10d\n jne 3b\n",
            "cmp r9, 4\n jb 9f\n",
            "mov eax, [rsi]\n mov r10d, [rcx]\n",
            "bswap eax\n bswap r10d\n cmp eax, r10d\n jne 3b\n",
        )
    };
}

/// A string and a byte: where it is first, or -1. Sixteen bytes are read at once, if none of them is on another page.
macro_rules! index_byte {
    () => {
        concat!(
            "cmp rdx, 16\n ja 9f\n",
            "mov eax, esi\n and eax, 4095\n cmp eax, 4080\n ja 9f\n",
            "test rdx, rdx\n je 2f\n",
            "movd xmm0, ecx\n punpcklbw xmm0, xmm0\n pshuflw xmm0, xmm0, 0\n punpcklqdq xmm0, xmm0\n",
            "movups xmm1, [rsi]\n pcmpeqb xmm0, xmm1\n pmovmskb eax, xmm0\n",
            // Beyond the end there may be more of them.
            "bsf eax, eax\n je 2f\n cmp rax, rdx\n jae 2f\n ret\n",
            "2: mov rax, -1\n ret\n",
        )
    };
}

/// Address, bytes: logs what is in a single word, unless that is nil. It keeps all registers, so it does use the stack.
macro_rules! write_barrier {
    () => {
        concat!(
            "cmp rdx, 8\n jne 9f\n",
            "mov rdx, [rsi]\n test rdx, rdx\n je 2f\n",
            "push rax\n push rcx\n",
            "mov rcx, [r15 + {cache}]\n mov rax, [rcx + {log_count}]\n",
            "cmp rax, [rcx + {log_limit}]\n jae 3f\n",
            "mov [rcx + {log_words} + 8*rax], rdx\n",
            "inc rax\n mov [rcx + {log_count}], rax\n",
            "pop rcx\n pop rax\n",
            "2: mov edx, 8\n ret\n",
            "3: pop rcx\n pop rax\n mov edx, 8\n",
        )
    };
}

pub(crate) use {index_byte, memory_equal, memory_move, string_compare, write_barrier};

#[cfg(test)]
mod tests {
    use std::ptr::null_mut;

    use crate::abi::RuntimeFunction;
    use crate::entry::address;

    type Three = unsafe extern "sysv64" fn(*mut u8, *const u8, *const u8, usize) -> u64;
    type String = (*const u8, usize);
    type Four = unsafe extern "sysv64" fn(*mut u8, *const u8, usize, *const u8, usize) -> i64;
    type Search = unsafe extern "sysv64" fn(*mut u8, *const u8, usize, u64) -> i64;

    fn three(function: RuntimeFunction) -> Three {
        // SAFETY: a trampoline of three words; the tests keep to what is short, which needs no goroutine.
        unsafe { std::mem::transmute::<*const u8, Three>(address(function)) }
    }

    #[test]
    fn moves_of_every_short_size_and_overlap_are_exact() {
        let memory_move = three(RuntimeFunction::memory_move);
        for size in 0..=64 {
            for (from, to) in [(0, 70), (0, 1), (1, 0), (0, 9), (9, 0), (3, 40), (40, 3)] {
                let mut bytes: Vec<u8> = (0..=140).collect();
                let mut expected = bytes.clone();
                expected.copy_within(from..from + size, to);
                let start = bytes.as_mut_ptr();
                // SAFETY: both ranges are in the vector.
                unsafe { memory_move(null_mut(), start.add(to), start.add(from), size) };
                assert_eq!(bytes, expected, "{size} bytes from {from} to {to}");
            }
        }
    }

    #[test]
    fn every_byte_of_short_ranges_is_compared() {
        let memory_equal = three(RuntimeFunction::memory_equal);
        for size in 0..=32 {
            let left: Vec<u8> = (0..=size as u8).collect();
            for different in 0..=size {
                let mut right = left.clone();
                right[different] ^= 0x40;
                // SAFETY: both have so many bytes.
                let equal =
                    unsafe { memory_equal(null_mut(), left.as_ptr(), right.as_ptr(), size) };
                // The last one lies behind.
                assert_eq!(equal, u64::from(different == size), "{different} of {size}");
            }
        }
    }

    #[test]
    fn order_is_that_of_bytes_as_far_as_first_words_tell() {
        // SAFETY: a trampoline of four words.
        let compare = unsafe {
            std::mem::transmute::<*const u8, Four>(address(RuntimeFunction::string_compare))
        };
        let texts: [&[u8]; 8] = [
            b"\x01",
            b"a\x80bcdefgh",
            b"a\x81bc",
            b"b",
            b"baaa_xyz",
            b"cxyz",
            b"cxz\0",
            b"\xffbcdefghi",
        ];
        for (index, left) in texts.iter().enumerate() {
            for (other, right) in texts.iter().enumerate() {
                let shorter = left.len().min(right.len());
                if left[..shorter] == right[..shorter]
                    || (shorter < 4 && left[0] == right[0])
                    || left[..shorter.min(8)] == right[..shorter.min(8)]
                {
                    continue;
                }
                let (left, right): (String, String) =
                    ((left.as_ptr(), left.len()), (right.as_ptr(), right.len()));
                // SAFETY: two strings.
                let order = unsafe { compare(null_mut(), left.0, left.1, right.0, right.1) };
                assert_eq!(order, index.cmp(&other) as i64, "{index} and {other}");
            }
        }
    }

    #[test]
    fn the_first_of_several_bytes_is_found_and_none_beyond_the_end() {
        // SAFETY: a trampoline of three words.
        let search = unsafe {
            std::mem::transmute::<*const u8, Search>(address(RuntimeFunction::index_byte))
        };
        #[repr(align(64))]
        struct Aligned([u8; 64]);
        for length in 0..=16 {
            for place in 0..32 {
                let mut text = Aligned([b'.'; 64]);
                text.0[place] = b'x';
                text.0[place + 2] = b'x';
                // SAFETY: the string is in the array, which is on one page.
                let found = unsafe { search(null_mut(), text.0.as_ptr(), length, u64::from(b'x')) };
                let expected = if place < length { place as i64 } else { -1 };
                assert_eq!(found, expected, "{place} of {length}");
            }
        }
    }
}
